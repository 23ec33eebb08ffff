/* What auto chooses by, gathered in three parts and merged: the choice of one process. */
#include <stdio.h>
#include <string.h>
#include <wsf/wsf.h>

#define HORIZON "horizon=8"

/* wsf_source_stream_fn: a table, as often as somebody reads it. */
static wsf_status rows_of(struct ArrowArrayStream *stream, void *user, wsf_error *err) {
  return wsf_table_export_stream(user, stream, err);
}

static void drop(void *user) {
  wsf_table_release(user);
}

/* On a cluster each part is gathered elsewhere, and its rows come back by whatever is there. */
static wsf_status gather(wsf_context *ctx, const wsf_model *m, const wsf_dataset *ds, int part,
                         wsf_error *err) {
  char name[16], options[64];
  wsf_table *rows = NULL;
  (void)snprintf(name, sizeof name, "part%d", part);
  (void)snprintf(options, sizeof options, HORIZON ", part=%d, parts=3", part);
  wsf_status s = wsf_evidence(&rows, m, ds, options, err);
  if (s) return s;
  printf("%s: %lld rows\n", name, (long long)wsf_table_rows(rows));
  s = wsf_context_add_arrow(ctx, name, rows_of, drop, rows, err);
  if (s) wsf_table_release(rows);
  return s;
}

int main(void) {
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_model *m = NULL;
  wsf_forecaster *merged = NULL, *one = NULL;
  size_t size = 0, other = 0;
  static unsigned char image[2][1 << 20];
  wsf_status s = wsf_context_create(&ctx, NULL, NULL, NULL, &err);
  if (!s) s = wsf_dataset_open(&ds, ctx, "simulate(stores=2, depts=6, weeks=80)", &err);
  if (!s) s = wsf_model_parse(&m, ctx, "auto(snaive, drift, tslm)", &err);
  for (int part = 1; !s && part <= 3; ++part) s = gather(ctx, m, ds, part, &err);
  if (!s) s = wsf_fit(&merged, m, ds, HORIZON ", evidence=[part1, part2, part3]", &err);
  if (!s) s = wsf_fit(&one, m, ds, HORIZON, &err);
  if (!s) s = wsf_forecaster_write(merged, image[0], sizeof image[0], &size, &err);
  if (!s) s = wsf_forecaster_write(one, image[1], sizeof image[1], &other, &err);
  const int same = !s && size == other && memcmp(image[0], image[1], size) == 0;
  if (s)
    printf("%s: %s\n", wsf_status_text(s), err.message);
  else
    printf("%s\n", same ? "the choice of one process" : "another choice");
  /* A table keeps its context, so a context with a table as a source would keep itself. */
  if (!s) s = wsf_context_remove_source(ctx, "part1", &err);
  if (!s) s = wsf_context_remove_source(ctx, "part2", &err);
  if (!s) s = wsf_context_remove_source(ctx, "part3", &err);
  wsf_forecaster_release(merged);
  wsf_forecaster_release(one);
  wsf_model_release(m);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return !same;
}
