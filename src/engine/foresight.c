/* What the engine lends to features: a model that forecasts a column of a series, fitted to it for
 * the moment. Nothing of the fit stays, so a state of the model that regresses on the column is
 * what it was, and an update, a back-test or a load makes the forecast anew from what the frame
 * keeps of the column. */
#include "engine/drive.h"

static wsf_status fit_and_forecast(wsf__job *job, const wsf__node *model,
                                   const wsf__foresight_history *of, int64_t h, double *mean) {
  const wsf__series s = {.y = of->y, .n = of->n, .t0 = of->t0, .id = of->series};
  const wsf__batch one = {1, &s};
  wsf__forecast out = {.h = h, .mean = mean, .scratch = job->fit.scratch};
  wsf__fitted *tree = job->fit.trial(&job->fit, model, 1);
  if (!tree) return wsf__fail_memory(job->fit.err);
  WSF__TRY(job->fit.fit_inner(&job->fit, &one, tree));
  WSF__TRY(job->fit.predict_inner(&job->fit, tree, &one, &out));
  job->fit.trial_end(&job->fit, tree);
  return WSF_OK;
}

static wsf_status forecast(wsf__env *env, const wsf__node *model, const wsf__foresight_history *of,
                           int64_t h, double *mean, wsf__arena *scratch, wsf_error *err) {
  wsf__job job;
  wsf__job_init(&job, of->panel, env, scratch, scratch, err);
  job.piece = true; /* many series are forecast side by side already */
  const wsf_status status = fit_and_forecast(&job, model, of, h, mean);
  wsf__job_free(&job);
  return status;
}

const wsf__foresight wsf__engine_foresight = {forecast};
