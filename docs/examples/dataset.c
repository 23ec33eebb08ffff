/* dataset.h: rows from a program, not from a file. */
#include <math.h>
#include <stdio.h>
#include <wsf/wsf.h>

int main(void) {
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_builder *builder = NULL;
  wsf_dataset *ds = NULL;
  wsf_table *t = NULL;
  wsf_status s = wsf_context_create(&ctx, NULL, NULL, NULL, &err);
  if (!s)
    s = wsf_builder_create(&builder, ctx, "keys=[shop], time=day, target=units, freq=day", &err);
  for (int shop = 0; !s && shop < 2; ++shop) {
    for (int day = 1; !s && day <= 28; ++day) {
      char date[16];
      const char *keys[1] = {shop ? "north" : "south"};
      (void)snprintf(date, sizeof date, "2024-02-%02d", day);
      /* a missing value is NaN, never 0 */
      s = wsf_builder_add(builder, keys, date, day == 9 ? NAN : 10.0 * (shop + 1) + day % 7, NULL,
                          &err);
    }
  }
  if (!s) s = wsf_builder_finish(&ds, builder, &err);
  if (!s) s = wsf_dataset_describe(&t, ds, "series", &err);
  if (s) fprintf(stderr, "%s\n", err.message);
  for (int64_t row = 0; row < wsf_table_rows(t); ++row) {
    for (int64_t col = 0; col < wsf_table_columns(t); ++col) {
      char cell[64];
      (void)wsf_table_format(t, col, row, cell, sizeof cell);
      printf("%s=%s ", wsf_table_name(t, col), cell);
    }
    printf("\n");
  }
  const int ok = !s && wsf_table_rows(t) == 2;
  wsf_table_release(t);
  wsf_dataset_release(ds);
  wsf_builder_release(builder);
  wsf_context_release(ctx);
  return !ok;
}
