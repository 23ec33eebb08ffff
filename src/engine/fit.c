/* Fit a model on every series of a panel: parse, fit the tree of calls on the whole panel (tree.c
 * cuts it), and let the fallback model take over where a series could not be fitted. The reason
 * stays in the root's state. Where a forecast depends on columns the fallback stands by: one of
 * them may have no value ahead. */
#include "engine/call_options.h"
#include "engine/drive.h"
#include "engine/evidence.h"
#include "engine/warm.h"

#include <math.h>
#include <string.h>

static const wsf__option fit_options[] = {
    WSF__SECONDS_ROW,
    {"horizon", WSF__INT, "", WSF__HORIZON_BOUNDS, NULL, WSF__HORIZON_DOC},
    {"fitted", WSF__FLAG, "false", 0, 0, NULL,
     "Keep the history, what was forecast of it one step ahead, and standard errors that need it."},
    {"evidence", WSF__NAMES, "", 0, 0, NULL,
     "What auto goes by, files or sources of wsf_evidence's rows; absent: it gathers its own."},
    {"warm", WSF__TEXT, "", 0, 0, NULL,
     "A saved forecaster, file or source, whose networks this fit goes on from; absent: from "
     "none."},
};
const wsf__spec wsf__spec_fit = {.family = "options",
                                 .group = "call",
                                 .name = "fit",
                                 .summary = "Fit a model on every series.",
                                 .source = "",
                                 .since = "0.2.0",
                                 .example = "fit(horizon=13, seconds=60, fitted=true)",
                                 .options = fit_options,
                                 .n_options = sizeof fit_options / sizeof *fit_options};

void wsf__bounds_of(const double *y, int64_t n, double *least, double *largest) {
  bool any = false;
  *least = *largest = 0;
  for (int64_t i = 0; i < n; ++i) {
    if (!isfinite(y[i])) continue;
    if (!any || y[i] < *least) *least = y[i];
    if (!any || y[i] > *largest) *largest = y[i];
    any = true;
  }
}

static wsf_status set_bounds(wsf__fitted_panel *f, const wsf__panel *p, wsf_error *err) {
  double *least = wsf__arena_new(&f->arena, (size_t)p->n, sizeof *least);
  double *largest = wsf__arena_new(&f->arena, (size_t)p->n, sizeof *largest);
  int64_t *silent = wsf__arena_zero(&f->arena, (size_t)p->n, sizeof *silent);
  uint16_t *seen = wsf__seen_room(&f->arena, p->n);
  if (!least || !largest || !silent || !seen) return wsf__fail_memory(err);
  for (int64_t i = 0; i < p->n; ++i) {
    const double *y = p->y + p->offset[i];
    wsf__bounds_of(y, p->length[i], &least[i], &largest[i]);
    while (silent[i] < p->length[i] && isnan(y[p->length[i] - 1 - silent[i]])) ++silent[i];
    wsf__seen_move(seen + i * WSF__SEEN, NULL, y, p->length[i]);
  }
  f->silent = silent;
  f->seen = seen;
  f->least = least;
  f->largest = largest;
  return WSF_OK;
}

wsf_status wsf__fit_fallback(wsf__job *job, const wsf__batch *b, const wsf__fitted *root,
                             wsf__fitted *fallback) {
  wsf__series *some = wsf__arena_new(job->fit.scratch, (size_t)b->n, sizeof *some);
  if (!some) return wsf__fail_memory(job->fit.err);
  int64_t n = 0;
  for (int64_t i = 0; i < b->n; ++i) {
    if (wsf__tree_depends(root, b->series[i].slot)) some[n++] = b->series[i];
  }
  return wsf__tree_fit(job, &(wsf__batch){.n = n, .series = some}, fallback);
}

static wsf_status fit_trees(wsf__env *env, wsf__fitted_panel *f, const wsf__panel *panel,
                            int64_t horizon, wsf__evidence *evidence, wsf__fitted *root,
                            wsf__fitted *fallback, wsf_error *err) {
  wsf__arena scratch;
  wsf__memo memo;
  WSF__TRY(wsf__memo_open(&memo, env, panel, &wsf__engine_foresight, err));
  wsf__arena_init(&scratch, &env->alloc);
  wsf__batch whole;
  wsf__job job;
  wsf__job_init(&job, panel, env, &scratch, &f->arena, err);
  job.fit.horizon = horizon;
  job.fit.evidence = evidence;
  job.stage.name = "fit";
  wsf_status status = wsf__batch_whole(&whole, &scratch, panel, err);
  if (status == WSF_OK) status = wsf__tree_fit(&job, &whole, root);
  if (status == WSF_OK) status = wsf__fit_fallback(&job, &whole, root, fallback);
  if (status == WSF_OK) status = wsf__pools_settle(root, &scratch, err);
  if (status == WSF_OK) status = wsf__pools_settle(fallback, &scratch, err);
  wsf__job_free(&job);
  wsf__arena_free(&scratch);
  wsf__memo_close(&memo, env);
  if (status != WSF_OK && !wsf__says_cut(err)) {
    wsf__say_cut(err, env, job.stage.name, job.stage.done, 0, "steps");
  }
  if (status != WSF_OK) return status;
  return wsf__checkpoint(env, job.stage.name, job.stage.done, job.stage.done, err);
}

/* The call fails only if the model fitted nothing at all. */
static wsf_status some_fitted(const wsf__fitted_panel *f, const wsf__panel *p, wsf_error *err) {
  for (int64_t i = 0; i < p->n; ++i) {
    if (f->root->state[i].reason < WSF__NOT_FITTED) return WSF_OK;
  }
  if (p->n == 0) return wsf__fail(err, WSF_E_FIT, "the dataset holds no series to fit");
  char label[128];
  const char *why = wsf__reason_text(f->root->state[0].reason);
  wsf__panel_label(p, 0, label, sizeof label);
  if (*label)
    (void)wsf__fail(err, WSF_E_FIT, "none of %lld series could be fitted; the first, %s: %s",
                    (long long)p->n, label, why);
  else
    (void)wsf__fail(err, WSF_E_FIT, "the series could not be fitted: %s", why);
  wsf__error_at_series(err, 0);
  return WSF_E_FIT;
}

/* Before a fit that is to keep them: room for the history and for what is forecast of it. */
static wsf_status keep_history(wsf__fitted_panel *f, const wsf__panel *p, wsf__fitted *root,
                               wsf__fitted *fallback, wsf_error *err) {
  double **y = wsf__arena_new(&f->arena, (size_t)p->n, sizeof *y);
  if (!y || !wsf__tree_keep_errors(root, &f->arena) || !wsf__tree_keep_history(root, &f->arena) ||
      !wsf__tree_keep_history(fallback, &f->arena)) {
    return wsf__fail_memory(err);
  }
  for (int64_t i = 0; i < p->n; ++i) {
    const size_t n = (size_t)p->length[i];
    y[i] = wsf__arena_new(&f->arena, n, sizeof **y);
    if (!y[i]) return wsf__fail_memory(err);
    memcpy(y[i], p->y + p->offset[i], n * sizeof **y);
  }
  f->y = (const double *const *)y;
  return WSF_OK;
}

/* After it: of each series what the model that forecasts it said, or nothing but missing values. */
static wsf_status choose_history(wsf__fitted_panel *f, const wsf__panel *p, wsf_error *err) {
  const int64_t n = p->n;
  const double **one_step = wsf__arena_new(&f->arena, (size_t)n, sizeof *one_step);
  if (!one_step) return wsf__fail_memory(err);
  for (int64_t i = 0; i < n; ++i) {
    const bool fitted = f->root->state[i].reason < WSF__NOT_FITTED;
    const wsf__history *kept = &(fitted ? f->root : f->fallback)->history[i];
    one_step[i] = kept->v;
    if (kept->n == p->length[i]) continue;
    double *missing = wsf__arena_new(&f->arena, (size_t)p->length[i], sizeof *missing);
    if (!missing) return wsf__fail_memory(err);
    for (int64_t k = 0; k < p->length[i]; ++k) missing[k] = NAN;
    one_step[i] = missing;
  }
  f->one_step = one_step;
  return WSF_OK;
}

/* Evidence that was gathered elsewhere, if the options name any, and the horizon that it is of. */
static wsf_status read_evidence(wsf__evidence **out, int64_t *horizon, wsf__env *env,
                                wsf__arena *arena, const wsf__panel *panel, const wsf__node *node,
                                const wsf__node *o, wsf_error *err) {
  const wsf__value *paths = wsf__arg(o, "evidence");
  if (paths->form != WSF__STRINGS || paths->n == 0) return WSF_OK;
  WSF__TRY(wsf__evidence_read(out, env, arena, panel, node, paths, err));
  if (*horizon > 0 && *horizon != (*out)->horizon) {
    (void)wsf__fail(err, WSF_E_VALUE, "horizon is %lld, expected %lld, that of the evidence",
                    (long long)*horizon, (long long)(*out)->horizon);
    wsf__error_at_field(err, "horizon");
    return WSF_E_VALUE;
  }
  *horizon = (*out)->horizon;
  return WSF_OK;
}

wsf_status wsf__engine_fit(wsf__fitted_panel **out, wsf__env *env, const char *model_text,
                           const wsf__panel *dataset, const char *options, wsf_error *err) {
  *out = NULL;
  WSF__TRY(wsf__panel_need_target(dataset, err));
  wsf__fitted_panel *f = wsf__fitted_panel_new(&env->alloc);
  if (!f) return wsf__fail_memory(err);
  wsf__arena asked;
  wsf__arena_init(&asked, &env->alloc);
  const wsf__node *o, *fallback_node = NULL;
  wsf__fitted *root, *fallback;
  wsf__fitted_panel *warm = NULL;
  const int64_t started = wsf__nanoseconds();
  wsf__env own = *env;
  wsf__panel view, *const panel = &view;
  asked.work_of = &own;
  wsf_status status =
      wsf__expr_arguments(&o, &asked, wsf__engine_catalog(), &wsf__spec_fit, options, err);
  if (status == WSF_OK) wsf__env_hurry(&own, wsf__arg_number(o, "seconds"));
  if (status == WSF_OK) status = wsf__fitted_panel_parse(f, &fallback_node, model_text, err);
  if (status == WSF_OK) status = wsf__panel_note_sparse(&view, dataset, &own, &asked, err);
  if (status == WSF_OK) status = wsf__fit_season(&view, f->node, &own, &asked, err);
  if (status == WSF_OK) {
    status = wsf__fitted_panel_room(f, fallback_node, panel->n, &root, &fallback, err);
  }
  if (status == WSF_OK && wsf__arg_flag(o, "fitted"))
    status = keep_history(f, panel, root, fallback, err);
  if (status != WSF_OK) goto out;
  for (int64_t i = 0; i < panel->n; ++i) {
    if (panel->length[i] == 0) root->state[i].reason = fallback->state[i].reason = WSF__EMPTY;
  }
  const wsf__value *asked_horizon = wsf__arg(o, "horizon");
  int64_t horizon = asked_horizon->form == WSF__NUMBER ? (int64_t)asked_horizon->number : 0;
  wsf__evidence *evidence = NULL;
  status = read_evidence(&evidence, &horizon, &own, &asked, panel, f->node, o, err);
  if (status == WSF_OK) status = wsf__warm_read(&warm, &own, o, err);
  if (warm) status = wsf__warm_lend(root, warm, panel, &own, &asked, err);
  if (status == WSF_OK) {
    status = fit_trees(&own, f, panel, horizon, evidence, root, fallback, err);
  }
  wsf__warm_end(root);
  if (status == WSF_OK) status = some_fitted(f, panel, err);
  if (status == WSF_OK && f->y) status = choose_history(f, panel, err);
  if (status == WSF_OK) status = set_bounds(f, panel, err);
  if (status == WSF_OK) {
    status = wsf__panel_frame(&f->frame, &own, panel, wsf__tree_reach(f->node), err);
  }
out:
  wsf__fitted_panel_release(warm);
  wsf__arena_free(&asked);
  if (status != WSF_OK) {
    wsf__fitted_panel_release(f);
    return status;
  }
  wsf__log_fit(env, f, started);
  *out = f;
  return WSF_OK;
}
