/* status.h: a bad expression, and what the error record says of it. */
#include <stdio.h>
#include <string.h>
#include <wsf/wsf.h>

int main(void) {
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_model *model = NULL;
  if (wsf_context_create(&ctx, NULL, NULL, NULL, &err) != WSF_OK) return 1;
  const wsf_status status = wsf_model_parse(&model, ctx, "ets(dampd=true)", &err);
  printf("%s (%s) at byte %lld: %s\n", wsf_status_name(status), wsf_status_text(status),
         (long long)err.byte, err.message);
  wsf_context_release(ctx);
  return !(status == WSF_E_NAME && model == NULL && strstr(err.message, "damped"));
}
