/* context.h: two threads, progress on stderr, and a caller that stops the work half-way. */
#include <stdio.h>
#include <wsf/wsf.h>

static int32_t stop_half_way(const char *stage, int64_t done, int64_t total, void *user) {
  int *calls = user;
  ++*calls;
  fprintf(stderr, "%s: %lld of %lld\n", stage, (long long)done, (long long)total);
  return *calls > 3;
}

int main(void) {
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_model *model = NULL;
  wsf_forecaster *f = NULL;
  int calls = 0;
  wsf_status s = wsf_context_create(&ctx, "threads=2, seed=7", NULL, NULL, &err);
  if (!s) s = wsf_dataset_open(&ds, ctx, "simulate(stores=3, depts=5)", &err);
  if (!s) s = wsf_model_parse(&model, ctx, "best(ets, snaive)", &err);
  if (!s) {
    wsf_context_set_progress(ctx, stop_half_way, &calls);
    s = wsf_fit(&f, model, ds, NULL, &err);
    printf("fit: %s\n", wsf_status_text(s));
    s = s == WSF_OK || s == WSF_E_CANCELLED ? WSF_OK : s; /* a fast machine may be done first */
  }
  wsf_forecaster_release(f);
  wsf_model_release(model);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return s != WSF_OK;
}
