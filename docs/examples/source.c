/* source.h: sales from memory, weather read through functions, and no path opened at all. */
#include <stdio.h>
#include <string.h>
#include <wsf/wsf.h>

static const char sales[] = "shop,day,units\n"
                            "north,2024-03-01,12\nnorth,2024-03-02,15\nnorth,2024-03-03,11\n";
static const char weather[] = "day,temperature\n"
                              "2024-03-01,8.5\n2024-03-02,9\n2024-03-03,7\n2024-03-04,6.5\n";

/* One reading of the weather: what is left of it. A service would hold a connection here. */
static wsf_status begin(void **stream, void *user, wsf_error *err) {
  static const char *left;
  (void)err;
  left = user;
  *stream = &left;
  return WSF_OK;
}

static int64_t go_on(void *stream, void *buffer, int64_t capacity, wsf_error *err) {
  const char **left = stream;
  int64_t n = (int64_t)strlen(*left);
  (void)err;
  if (n > capacity) n = capacity;
  memcpy(buffer, *left, (size_t)n);
  *left += n;
  return n;
}

int main(void) {
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_table *columns = NULL;
  wsf_status s = wsf_context_create(&ctx, "paths=none", NULL, NULL, &err);
  if (!s) s = wsf_context_add_bytes(ctx, "sales", sales, sizeof sales - 1, NULL, NULL, &err);
  if (!s) {
    s = wsf_context_add_reader(ctx, "weather", begin, go_on, NULL, NULL, (void *)weather, &err);
  }
  if (!s) {
    s = wsf_dataset_open(&ds, ctx,
                         "csv(\"sales\", keys=shop, time=day, target=units)"
                         " | join(\"weather\", on=day)",
                         &err);
  }
  if (!s) s = wsf_dataset_describe(&columns, ds, "columns", &err);
  if (s) {
    printf("%s: %s\n", wsf_status_text(s), err.message);
  } else {
    printf("%lld columns\n", (long long)wsf_table_rows(columns));
    wsf_dataset *none = NULL; /* a file is refused, whether it is there or not */
    if (wsf_dataset_open(&none, ctx, "csv(\"/etc/passwd\", target=x)", &err) == WSF_E_IO) {
      printf("%s: %s\n", err.file, err.message);
    }
  }
  wsf_table_release(columns);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return s != WSF_OK;
}
