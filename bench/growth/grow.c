/* CPU seconds to fit one model to invented series (made.h), on one thread, and to forecast a week.
 *   grow SERIES LENGTH RARE MODEL */
#include "made.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  const made kind = {.series = atoll(argv[1]),
                     .shortest = atoll(argv[2]),
                     .longest = atoll(argv[2]),
                     .rare = strtod(argv[3], NULL)};
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_model *model = NULL;
  wsf_forecaster *fitted = NULL;
  wsf_table *t = NULL;
  wsf_error err = {0};
  wsf_status status = wsf_context_create(&ctx, "threads=1", NULL, NULL, &err);
  if (status == WSF_OK) status = made_dataset(&ds, ctx, &kind, &err);
  if (status == WSF_OK) status = wsf_model_parse(&model, ctx, argv[4], &err);
  const double start = made_clock(CLOCK_PROCESS_CPUTIME_ID);
  if (status == WSF_OK) status = wsf_fit(&fitted, model, ds, NULL, &err);
  if (status == WSF_OK) status = wsf_predict(&t, fitted, NULL, "horizon=7", &err);
  const double end = made_clock(CLOCK_PROCESS_CPUTIME_ID);
  if (status == WSF_OK) {
    (void)printf("%.9f %.1f\n", end - start, made_memory("VmHWM"));
  } else {
    (void)fprintf(stderr, "grow: %s\n", err.message);
  }
  wsf_table_release(t);
  wsf_forecaster_release(fitted);
  wsf_model_release(model);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return status == WSF_OK ? 0 : 1;
}
