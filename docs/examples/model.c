/* model.h: the canonical text of an expression, and the options of one of its words. */
#include <stdio.h>
#include <wsf/wsf.h>

int main(void) {
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_model *model = NULL;
  wsf_table *options = NULL;
  wsf_status s = wsf_context_create(&ctx, NULL, NULL, NULL, &err);
  if (!s) s = wsf_model_parse(&model, ctx, "stl(52, ets) | clamp(lo=0)", &err);
  if (!s) printf("%s\n", wsf_model_text(model));
  if (!s) s = wsf_catalog(&options, ctx, "ets", &err);
  for (int64_t row = 0; row < wsf_table_rows(options); ++row) {
    char meaning[256];
    (void)wsf_table_format(options, wsf_table_find(options, "meaning"), row, meaning,
                           sizeof meaning);
    printf("  %s: %s\n", wsf_table_text(options, 0, row, NULL), meaning);
  }
  wsf_table_release(options);
  wsf_model_release(model);
  wsf_context_release(ctx);
  return s != WSF_OK;
}
