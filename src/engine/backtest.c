/* Rolling-origin back-test of several models at once (Tashman 2000): at each origin the panel is
 * cut, every model is fitted on what is left and forecasts the next `horizon` periods, and both are
 * set beside the actuals. Every model sees the same folds, series and observations; the sums are
 * added in a fixed order, so the tables are the same for any number of threads (but for the
 * seconds). Forecasts are kept only if their table is asked for. A model that fits no series at an
 * origin, or lacks a column ahead for all, is out of the comparison, which goes on with the others.
 */
#include "engine/backtest.h"
#include "engine/call_options.h"

#include "math/stats.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define ALL_DECILES "[0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9]"

static const wsf__option backtest_options[] = {
    {"horizon", WSF__INT, NULL, WSF__HORIZON_BOUNDS, NULL,
     "Number of periods to forecast at each origin."},
    {"windows", WSF__INT, "1", 1, 1000, NULL, "Number of forecast origins."},
    {"step", WSF__INT, "", WSF__HORIZON_BOUNDS, NULL,
     "Periods between origins; the horizon if absent."},
    {"metrics", WSF__NAMES, "[wmae,mae,rmse,smape,mase,wape,bias]", 0, 0, WSF__METRIC_WORDS,
     "What to measure; the first one ranks the models."},
    {"levels", WSF__REALS, "[80,95]", WSF__LEVEL_BOUNDS, NULL,
     "Prediction intervals in percent; coverage and winkler use the highest."},
    {"quantiles", WSF__REALS, ALL_DECILES, WSF__QUANTILE_BOUNDS, NULL,
     "Quantiles for pinball and sql."},
    {"min_obs", WSF__INT, "0", 0, 1e9, NULL,
     "Leave out series with fewer observations in the whole history."},
    {"by", WSF__NAMES, "", 0, 0, NULL,
     "Measure groups of series, too: level for the levels of a hierarchy, keys for each of their "
     "labels."},
    {"forecasts", WSF__FLAG, "false", 0, 0, NULL, "Fill the table of forecasts."},
    {"nonnegative", WSF__FLAG, "false", 0, 0, NULL,
     "Raise everything below zero to zero, of series with negative values too."},
    {"negative", WSF__FLAG, "false", 0, 0, NULL,
     "Let forecasts fall below zero where no value of the history does."},
    {"sql_scale", WSF__WORD, "step", 0, 0, "step|season",
     "Scale of sql: the in-sample change from one period or from one season to the next."},
    WSF__SECONDS_ROW,
};
const wsf__spec wsf__spec_backtest = {"options",
                                      "call",
                                      "backtest",
                                      "Measure models on forecast origins in the past.",
                                      "Tashman (2000), International Journal of Forecasting 16",
                                      "0.1.0",
                                      "backtest(horizon=13, windows=4, metrics=[wmae,wape])",
                                      backtest_options,
                                      sizeof backtest_options / sizeof *backtest_options};

static bool asked_for(const wsf__backtest *b, int metric) {
  for (int i = 0; i < b->n_metrics; ++i) {
    if (b->metric[i] == metric) return true;
  }
  return false;
}

/* Intervals cost time: none without a metric or an option that wants them. */
static wsf_status choose_quantiles(wsf__backtest *b, const wsf__node *o, wsf_error *err) {
  const wsf__value *levels = wsf__arg(o, "levels"), *quantiles = wsf__arg(o, "quantiles");
  const bool interval = asked_for(b, WSF__METRIC_coverage) || asked_for(b, WSF__METRIC_winkler);
  const bool loss = asked_for(b, WSF__METRIC_pinball) || asked_for(b, WSF__METRIC_sql);
  WSF__TRY(wsf__quantiles_make(&b->q, b->arena, interval || levels->given ? levels : NULL,
                               loss || quantiles->given ? quantiles : NULL, err));
  b->lo = b->q.n_levels ? b->q.lower[b->q.n_levels - 1] : -1;
  b->hi = b->q.n_levels ? b->q.upper[b->q.n_levels - 1] : -1;
  bool *counts = wsf__arena_zero(b->arena, (size_t)b->q.n, sizeof *counts);
  if (!counts) return wsf__fail_memory(err);
  for (int i = 0; i < b->q.n_asked; ++i) counts[b->q.at[i]] = true;
  b->loss = counts;
  return WSF_OK;
}

static wsf_status read_options(wsf__backtest *b, const char *options, wsf_error *err) {
  const wsf__node *o;
  WSF__TRY(
      wsf__expr_arguments(&o, b->arena, wsf__engine_catalog(), &wsf__spec_backtest, options, err));
  b->h = wsf__arg_int(o, "horizon");
  b->folds = wsf__arg_int(o, "windows");
  const wsf__value *step = wsf__arg(o, "step");
  b->step = step->form == WSF__NUMBER ? (int64_t)step->number : b->h;
  b->min_obs = wsf__arg_int(o, "min_obs");
  b->by = wsf__arg(o, "by");
  b->keep_forecasts = wsf__arg_flag(o, "forecasts");
  wsf__env_hurry(b->env, wsf__arg_number(o, "seconds"));
  wsf__ask floor = {0};
  WSF__TRY(wsf__ask_floor(&floor, o, err));
  b->nonnegative = floor.nonnegative;
  b->negative = floor.negative;
  b->sql_season = wsf__arg_is(o, "sql_scale", "season");
  WSF__TRY(wsf__metric_list(&b->metric, &b->n_metrics, b->arena, wsf__arg(o, "metrics"), err));
  return choose_quantiles(b, o, err);
}

/* Parse every model before the first is fitted. */
static wsf_status read_models(wsf__backtest *b, const char *const *model_text, wsf_error *err) {
  const char **text = wsf__arena_new(b->arena, (size_t)b->n_models, sizeof *text);
  if (!text) return wsf__fail_memory(err);
  for (int64_t m = 0; m < b->n_models; ++m) {
    const wsf__node *node;
    WSF__TRY(wsf__expr_parse(&node, b->arena, wsf__engine_catalog(), "model", model_text[m],
                             strlen(model_text[m]), err));
    text[m] = wsf__node_text(b->arena, node);
    if (!text[m]) return wsf__fail_memory(err);
  }
  b->text = text;
  return WSF_OK;
}

static wsf_status make_room(wsf__backtest *b, wsf_error *err) {
  WSF__TRY(wsf__engine_allows(b->env, b->panel->n, b->h, b->q.n, err));
  size_t per_fold, per_series;
  if (b->keep_forecasts) {
    int64_t rows;
    if (__builtin_mul_overflow(b->n_models * b->folds, b->panel->n * b->h, &rows)) rows = INT64_MAX;
    WSF__TRY(wsf__limit_product(&b->env->limits, WSF__MOST_results, rows, 1 + b->q.n, err));
  }
  if (!wsf__mul((size_t)b->n_models, (size_t)b->folds, &per_fold) ||
      !wsf__mul((size_t)b->n_models, (size_t)b->panel->n, &per_series)) {
    return wsf__fail_memory(err);
  }
  b->fold = wsf__arena_zero(b->arena, per_fold, sizeof *b->fold);
  b->series = wsf__arena_zero(b->arena, per_series, sizeof *b->series);
  b->failed = wsf__arena_zero(b->arena, (size_t)b->n_models, sizeof *b->failed);
  b->reasons = wsf__arena_zero(b->arena, (size_t)b->n_models, sizeof *b->reasons);
  if (!b->fold || !b->series || !b->failed || !b->reasons) return wsf__fail_memory(err);
  return wsf__backtest_by(b, b->by, err);
}

typedef struct scales {
  double season, sql, rmsse;
} scales;

static scales *make_scales(const wsf__backtest *b, const wsf__panel *cut, wsf__arena *arena) {
  scales *s = wsf__arena_new(arena, (size_t)cut->n, sizeof *s);
  if (!s) return NULL;
  for (int64_t j = 0; j < cut->n && !wsf__stopped(b->env); ++j) {
    const double *y = cut->y + cut->offset[j];
    const int64_t n = cut->length[j];
    s[j].season = wsf__mean_abs_diff(y, n, cut->season);
    s[j].sql = b->sql_season ? s[j].season : wsf__mean_abs_diff(y, n, 1);
    s[j].rmsse = wsf__mean_sq_diff(y, n, 1);
  }
  return s;
}

/* Actuals after the origin: values and weights of series i of the whole panel. */
static int64_t look_ahead(const wsf__backtest *b, int64_t i, int64_t seen, double *actual,
                          double *weight) {
  const wsf__panel *p = b->panel;
  int64_t there = 0;
  for (int64_t step = 0; step < b->h; ++step) {
    const int64_t at = seen + step;
    actual[step] = at < p->length[i] ? p->y[p->offset[i] + at] : NAN;
    weight[step] = wsf__panel_weight(p, i, p->first[i] + at);
    there += isfinite(actual[step]);
  }
  return there;
}

static wsf_status score(wsf__backtest *b, wsf__backtest_fold *fold, wsf__backtest_series *series,
                        const wsf__panel *cut, const int64_t *kept, const scales *scale,
                        const wsf__forecasts *f, wsf__arena *arena, wsf_error *err) {
  const int64_t h = b->h;
  double *actual = wsf__arena_new(arena, (size_t)h, sizeof *actual);
  double *weight = wsf__arena_new(arena, (size_t)h, sizeof *weight);
  if (!actual || !weight) return wsf__fail_memory(err);
  for (int64_t j = 0; j < f->n; ++j) {
    const int64_t i = kept[j];
    const int64_t there = look_ahead(b, i, cut->length[j], actual, weight);
    if (there == 0) continue;
    const wsf__scored s = {.h = h,
                           .actual = actual,
                           .forecast = f->mean + j * h,
                           .weight = weight,
                           .n_q = f->n_q,
                           .q = f->q,
                           .loss = b->loss,
                           .quantile = f->quantile + j * f->n_q * h,
                           .scale_season = scale[j].season,
                           .scale_sql = scale[j].sql,
                           .scale_rmsse = scale[j].rmsse};
    wsf__tally own;
    wsf__tally_series(&own, &s, b->lo, b->hi);
    wsf__tally_add(&fold->tally, &own);
    wsf__tally_add(&series[i].tally, &own);
    fold->observations += there;
    fold->scored += 1;
    series[i].observations += there;
  }
  return WSF_OK;
}

static double seconds_now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static wsf_status run_model(wsf__backtest *b, int64_t m, int64_t k, wsf__panel *cut,
                            const int64_t *kept, const scales *scale, wsf__arena *arena,
                            wsf_error *err) {
  wsf__backtest_fold *fold = &b->fold[m * b->folds + k];
  wsf__env quiet = *b->env; /* one line a model and fold */
  quiet.log = NULL;
  wsf__fitted_panel *f = NULL;
  wsf__forecasts forecasts;
  const double start = seconds_now();
  char options[32];
  (void)snprintf(options, sizeof options, "horizon=%lld", (long long)b->h);
  WSF__TRY(wsf__engine_fit(&f, &quiet, b->text[m], cut, options, err));
  const wsf__ask ask = {.h = b->h,
                        .n_q = b->q.n,
                        .q = b->q.q,
                        .nonnegative = b->nonnegative,
                        .negative = b->negative};
  wsf_status status =
      wsf__engine_forecast(&forecasts, b->env, b->keep_forecasts ? b->arena : arena, f, &ask, err);
  fold->seconds = seconds_now() - start;
  const int64_t ms = (int64_t)(1000 * fold->seconds);
  wsf__log(b->env, WSF__LOG_INFORMATION,
           "backtest: fold %lld of %lld, %.200s on %lld series in %lld.%03d seconds",
           (long long)k + 1, (long long)b->folds, b->text[m], (long long)cut->n,
           (long long)(ms / 1000), (int)(ms % 1000));
  fold->kept = kept;
  fold->left_out = b->panel->n - cut->n;
  if (status == WSF_OK) {
    for (int64_t j = 0; j < forecasts.n; ++j) {
      wsf__reason_counts_one(&b->reasons[m], forecasts.reason[j]);
      fold->replaced += forecasts.reason[j] >= WSF__NOT_FITTED;
    }
    wsf__log_outside(b->env, "backtest", &forecasts);
    wsf__log_untold(b->env, "backtest", &forecasts);
    wsf__log_forecast(b->env, "backtest", &forecasts);
  }
  wsf__fitted_panel_release(f); /* whose frame and names the lines of the log tell */
  if (status == WSF_OK) {
    fold->forecasts = forecasts;
    status = score(b, fold, &b->series[m * b->panel->n], cut, kept, scale, &forecasts, arena, err);
  }
  return status;
}

/* What a model that fitted or forecast nothing has measured is not comparable: take it back, keep
 * the reason. */
static wsf_status give_up(wsf__backtest *b, int64_t m, const wsf_error *why, wsf_error *err) {
  b->failed[m] = wsf__arena_text(b->arena, why->message, strlen(why->message));
  if (!b->failed[m]) return wsf__fail_memory(err);
  wsf__log(b->env, WSF__LOG_WARNING, "backtest: %.200s is out of the comparison: %s", b->text[m],
           why->message);
  memset(&b->fold[m * b->folds], 0, (size_t)b->folds * sizeof *b->fold);
  b->reasons[m] = (wsf__reason_counts){{0}};
  memset(&b->series[m * b->panel->n], 0, (size_t)b->panel->n * sizeof *b->series);
  for (int64_t other = 0; other < b->n_models; ++other) {
    if (!b->failed[other]) return WSF_OK;
  }
  if (err) *err = *why;
  return why->status;
}

static wsf_status run_fold(wsf__backtest *b, int64_t k, wsf__arena *arena, wsf_error *err) {
  const int64_t back = b->h + (b->folds - 1 - k) * b->step;
  wsf__panel *cut;
  int64_t *kept;
  WSF__TRY(wsf__panel_origin(&cut, &kept, b->env, b->keep_forecasts ? b->arena : arena, b->panel,
                             back, err));
  wsf_status status = wsf__go_on(b->env, 0, err);
  const scales *scale = status == WSF_OK ? make_scales(b, cut, arena) : NULL;
  if (status == WSF_OK && !scale) status = wsf__fail_memory(err);
  for (int64_t m = 0; status == WSF_OK && m < b->n_models; ++m) {
    const wsf__mark mark = wsf__arena_mark(arena);
    wsf_error why;
    wsf__error_clear(&why);
    if (!b->failed[m]) status = run_model(b, m, k, cut, kept, scale, arena, &why);
    wsf__arena_reset(arena, mark);
    if (status == WSF_E_FIT || status == WSF_E_DATA)
      status = give_up(b, m, &why, err);
    else if (status != WSF_OK && err)
      *err = why;
    if (status == WSF_OK) {
      status =
          wsf__checkpoint(b->env, "backtest", k * b->n_models + m + 1, b->folds * b->n_models, err);
    }
  }
  wsf__panel_release(cut);
  return status;
}

/* The series with enough observations, or all: a reference either way. */
static wsf_status enough(wsf__panel **out, const wsf__env *env, wsf__panel *p, int64_t min_obs,
                         wsf__arena *arena, wsf_error *err) {
  if (min_obs == 0) {
    *out = wsf__panel_retain(p);
    return WSF_OK;
  }
  uint8_t *keep = wsf__arena_zero(arena, (size_t)p->n, sizeof *keep);
  if (!keep) return wsf__fail_memory(err);
  int64_t kept = 0, most = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    int64_t count = 0;
    for (int64_t t = 0; t < p->length[i]; ++t) count += isfinite(p->y[p->offset[i] + t]);
    keep[i] = count >= min_obs;
    kept += keep[i];
    if (count > most) most = count;
  }
  if (kept == 0) {
    return wsf__fail(err, WSF_E_DATA,
                     "no series has the %lld observations of min_obs; the longest has %lld",
                     (long long)min_obs, (long long)most);
  }
  return wsf__panel_select(out, env, p, keep, err);
}

wsf_status wsf__engine_backtest(wsf_table *out[4], wsf__env *env, const char *const *model_text,
                                int64_t n_models, wsf__panel *panel, const char *options,
                                wsf_error *err) {
  wsf__arena keep, scratch;
  wsf__arena_init(&keep, &env->alloc);
  wsf__arena_init(&scratch, &env->alloc);
  wsf__env own = *env;
  wsf__backtest b = {.env = &own, .arena = &keep, .n_models = n_models};
  for (int t = 0; t < 4; ++t) out[t] = NULL;
  wsf_status status = read_options(&b, options, err);
  if (status == WSF_OK) status = read_models(&b, model_text, err);
  if (status == WSF_OK) status = wsf__panel_need_target(panel, err);
  if (status == WSF_OK) status = enough(&b.panel, b.env, panel, b.min_obs, &keep, err);
  if (status == WSF_OK) status = make_room(&b, err);
  const wsf__mark empty = wsf__arena_mark(&scratch);
  for (int64_t k = 0; status == WSF_OK && k < b.folds; ++k) {
    status = run_fold(&b, k, &scratch, err);
    wsf__arena_reset(&scratch, empty);
  }
  if (status == WSF_OK) status = wsf__backtest_tables(out, &b, err);
  if (b.panel) wsf__panel_release(b.panel);
  wsf__arena_free(&scratch);
  wsf__arena_free(&keep);
  return status;
}
