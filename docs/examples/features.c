/* features.h: a recipe over a dataset, read batch by batch as any Arrow consumer would. */
#include <stdio.h>
#include <wsf/wsf.h>

int main(void) {
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  struct ArrowArrayStream stream = {.release = NULL};
  struct ArrowSchema schema = {.release = NULL};
  int64_t rows = 0, batches = 0;
  wsf_status s = wsf_context_create(&ctx, NULL, NULL, NULL, &err);
  if (!s) s = wsf_dataset_open(&ds, ctx, "simulate(stores=2, depts=2, weeks=110)", &err);
  if (!s) {
    s = wsf_features(&stream, ds, "lags([1:4,52]), calendar(week, month)",
                     "horizon=13, rows=observed, batch=100", &err);
  }
  if (!s && stream.get_schema(&stream, &schema) == 0) {
    for (int64_t c = 0; c < schema.n_children; ++c) printf("%s ", schema.children[c]->name);
    printf("\n");
  }
  for (struct ArrowArray array; !s;) {
    if (stream.get_next(&stream, &array) != 0) {
      fprintf(stderr, "%s\n", stream.get_last_error(&stream));
      break;
    }
    if (!array.release) break; /* the end */
    ++batches;
    rows += array.length;
    array.release(&array); /* here another program would work with its memory */
  }
  if (s) fprintf(stderr, "%s\n", err.message);
  printf("%lld rows in %lld batches\n", (long long)rows, (long long)batches);
  if (schema.release) schema.release(&schema);
  if (stream.release) stream.release(&stream);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return s || rows == 0 || batches < 2;
}
