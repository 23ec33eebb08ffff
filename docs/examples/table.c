/* table.h: hand a forecast to any Arrow consumer without copying. */
#include <stdio.h>
#include <wsf/wsf.h>

int main(void) {
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_table *t = NULL;
  struct ArrowSchema schema;
  struct ArrowArray array;
  wsf_status s = wsf_context_create(&ctx, NULL, NULL, NULL, &err);
  if (!s) s = wsf_dataset_open(&ds, ctx, "simulate(stores=1, depts=2)", &err);
  if (!s) s = wsf_dataset_describe(&t, ds, "series", &err);
  if (!s) s = wsf_table_export(t, &schema, &array, &err);
  wsf_table_release(t); /* the exported array keeps the memory alive */
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  if (s) return fprintf(stderr, "%s\n", err.message), 1;
  for (int64_t i = 0; i < schema.n_children; ++i) {
    printf("%s: %s\n", schema.children[i]->name, schema.children[i]->format);
  }
  printf("%lld rows\n", (long long)array.length);
  array.release(&array);
  schema.release(&schema);
  return 0;
}
