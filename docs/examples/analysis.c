/* docs/analysis.md: which seasons there are, the series taken apart by them, and where it changes.
 */
#include <stdio.h>
#include <wsf/wsf.h>

static void print(const wsf_table *t, int64_t most) {
  char cell[64];
  for (int64_t col = 0; col < wsf_table_columns(t); ++col) printf("%14s", wsf_table_name(t, col));
  printf("\n");
  for (int64_t row = 0; row < wsf_table_rows(t) && row < most; ++row) {
    for (int64_t col = 0; col < wsf_table_columns(t); ++col) {
      (void)wsf_table_format(t, col, row, cell, sizeof cell);
      printf("%14.12s", cell);
    }
    printf("\n");
  }
  printf("\n");
}

/* Twenty weeks of a shop that sells most on Saturdays, and more once the road works are over. */
static wsf_status build(wsf_dataset **ds, wsf_context *ctx, wsf_error *err) {
  static const double weekday[7] = {20, 18, 19, 22, 31, 54, 0}; /* closed on Sundays */
  const char *keys[1] = {"north"};
  uint32_t seed = 1;
  wsf_builder *b = NULL;
  wsf_status s = wsf_builder_create(&b, ctx, "keys=[shop], time=day, target=units, freq=day", err);
  for (int day = 0; !s && day < 140; ++day) {
    const int month = day < 31 ? 1 : day < 60 ? 2 : day < 91 ? 3 : day < 121 ? 4 : 5;
    const int first[] = {0, 0, 31, 60, 91, 121};
    seed = seed * 1664525u + 1013904223u;
    const double noise = (double)(seed >> 24) / 26 - 5;
    char date[40];
    (void)snprintf(date, sizeof date, "2024-%02d-%02d", month, day - first[month] + 1);
    s = wsf_builder_add(b, keys, date, weekday[day % 7] + noise + (day >= 84 ? 15 : 0), NULL, err);
  }
  if (!s) s = wsf_builder_finish(ds, b, err);
  wsf_builder_release(b);
  return s;
}

int main(void) {
  static const char *const options[] = {"what=seasons", "what=mstl, seasons=[7]", "what=tests",
                                        "what=changes"};
  int64_t rows[4] = {0};
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_status s = wsf_context_create(&ctx, NULL, NULL, NULL, &err);
  if (!s) s = build(&ds, ctx, &err);
  for (int i = 0; !s && i < 4; ++i) {
    wsf_table *t = NULL;
    s = wsf_analyze(&t, ds, options[i], &err);
    if (s) break;
    printf("%s\n", options[i]);
    print(t, 8);
    rows[i] = wsf_table_rows(t);
    wsf_table_release(t);
  }
  if (s) fprintf(stderr, "%s\n", err.message);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return s || rows[0] != 1 || rows[1] != 140 || rows[2] != 8 || rows[3] != 1;
}
