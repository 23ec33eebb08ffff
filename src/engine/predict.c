/* Forecasts as a table for the caller, written into its columns as they are made: the table is the
 * only place that holds them all. */
#include "engine/call_options.h"
#include "engine/drive.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WSF__PATHS_MOST 10000
/* Paths that intervals of sums are read from if nobody says how many: over the longest horizon 0.8
 * GB at a time, and as much of work. */
enum { PATHS_FOR_SUMS = 1000 };

static const wsf__option predict_options[] = {
    {"horizon", WSF__INT, NULL, WSF__HORIZON_BOUNDS, NULL, WSF__HORIZON_DOC},
    {"levels", WSF__REALS, "", WSF__LEVEL_BOUNDS, NULL,
     "Coverage of prediction intervals, in percent."},
    {"quantiles", WSF__REALS, "", WSF__QUANTILE_BOUNDS, NULL, "Quantiles to forecast."},
    {"nonnegative", WSF__FLAG, "false", 0, 0, NULL,
     "Raise everything below zero to zero, of series with negative values too."},
    {"negative", WSF__FLAG, "false", 0, 0, NULL,
     "Let forecasts fall below zero where no value of the history does."},
    {"series", WSF__NAMES, "", 0, 0, NULL,
     "Only these series, each once, by its key labels in order, such as \"1,1\"; absent: all."},
    {"paths", WSF__INT, "0", 0, WSF__PATHS_MOST, NULL,
     "Sample paths of each series, as columns path-1 and on: possible futures as a whole."},
    {"cumulative", WSF__FLAG, "false", 0, 0, NULL,
     "Sums of the steps up to each row, as over a lead time, with intervals from sample paths."},
    {"reasons", WSF__FLAG, "false", 0, 0, NULL,
     "Column reason: how the model forecast a series, or why the fallback did."},
};
const wsf__spec wsf__spec_predict = {"options",
                                     "call",
                                     "predict",
                                     "Forecast every series.",
                                     "",
                                     "0.1.0",
                                     "predict(horizon=39, levels=[80,95])",
                                     predict_options,
                                     sizeof predict_options / sizeof *predict_options};

/* The table that forecasts are put into as they are made. */
typedef struct filling {
  const wsf__panel *frame; /* of the forecaster */
  const wsf__ask *ask;
  const wsf__quantiles *q;
  int64_t *time;
  double *mean, **extra, **path;
} filling;

static void put_series(void *user, int64_t i, const wsf__forecast *made) {
  const filling *t = user;
  const int64_t slot = wsf__asked(t->ask, i), first = i * made->h;
  const int64_t start = t->frame->first[slot] + t->frame->length[slot];
  for (int64_t step = 0; step < made->h && !wsf__forecast_stopped(made); ++step) {
    t->time[first + step] = wsf__calendar_value(&t->frame->calendar, start + step);
    t->mean[first + step] = made->mean[step];
    wsf__quantiles_put(t->q, t->extra, first + step, made->mean[step], made->quantile + step,
                       made->h);
  }
  if (!t->ask->keep_paths) return;
  for (int64_t k = 0; k < made->n_paths && !wsf__forecast_stopped(made); ++k) {
    memcpy(t->path[k] + first, made->path + k * made->h, (size_t)made->h * sizeof **t->path);
  }
}

static int64_t paths_kept(const wsf__ask *ask) {
  return ask->keep_paths ? ask->n_paths : 0;
}

/* Room for all rows, with keys and without forecasts. */
static wsf_status begin_table(wsf_table **out, filling *t, const wsf__env *env, wsf__arena *arena,
                              wsf_error *err) {
  const wsf__panel *frame = t->frame;
  const wsf__ask *ask = t->ask;
  const int64_t paths = paths_kept(ask);
  const size_t n_extra = 2 * (size_t)t->q->n_levels + (size_t)t->q->n_asked;
  t->extra = wsf__arena_new(arena, n_extra, sizeof *t->extra);
  t->path = wsf__arena_new(arena, (size_t)paths, sizeof *t->path);
  if (!t->extra || !t->path) return wsf__fail_memory(err);
  WSF__TRY(wsf__table_begin(out, env, ask->n * ask->h, err));
  WSF__TRY(wsf__table_add_keys(*out, frame, ask->series, ask->n, ask->h, err));
  WSF__TRY(wsf__table_add_time(*out, frame, frame->time_name, &t->time, err));
  WSF__TRY(wsf__table_add_f64(*out, "forecast", &t->mean, err));
  WSF__TRY(wsf__table_add_quantiles(*out, t->q, t->extra, err));
  return wsf__table_add_paths(*out, paths, t->path, err);
}

static wsf_status add_reasons(wsf_table *t, const wsf__forecasts *all, wsf_error *err) {
  int64_t column;
  WSF__TRY(wsf__table_add_text(t, "reason", &column, err));
  for (int64_t row = 0; row < all->n * all->h; ++row) {
    WSF__TRY(wsf__table_put(t, column, wsf__reason_word(all->reason[row / all->h]), err));
  }
  return WSF_OK;
}

static wsf_status asked_twice(wsf_error *err, const char *name, const char *label) {
  (void)wsf__fail(err, WSF_E_VALUE, "'%.100s' asks for series %s again, expected each once", name,
                  label);
  wsf__error_at_field(err, "series");
  return WSF_E_VALUE;
}

wsf_status wsf__ask_floor(wsf__ask *ask, const wsf__node *o, wsf_error *err) {
  ask->nonnegative = wsf__arg_flag(o, "nonnegative");
  ask->negative = wsf__arg_flag(o, "negative");
  if (!ask->nonnegative || !ask->negative) return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE,
                  "nonnegative and negative are both asked for, expected one of them");
  wsf__error_at_field(err, "negative");
  return WSF_E_VALUE;
}

/* In the order of the names, each once, so that a row of the table is found by its keys. */
wsf_status wsf__ask_series(wsf__ask *ask, wsf__arena *arena, const wsf__panel *frame,
                           const wsf__value *names, wsf_error *err) {
  ask->n = frame->n;
  if (names->form != WSF__STRINGS) return WSF_OK;
  int64_t *series = wsf__arena_new(arena, (size_t)names->n, sizeof *series);
  bool *asked = wsf__arena_zero(arena, (size_t)frame->n, sizeof *asked);
  if (!series || !asked) return wsf__fail_memory(err);
  for (int i = 0; i < names->n; ++i) {
    char label[128];
    WSF__TRY(wsf__panel_find_series(&series[i], frame, names->strings[i], err));
    wsf__panel_label(frame, series[i], label, sizeof label);
    if (asked[series[i]]) return asked_twice(err, names->strings[i], label);
    asked[series[i]] = true;
  }
  ask->n = names->n;
  ask->series = series;
  return WSF_OK;
}

static wsf_status read_options(wsf__ask *ask, wsf__quantiles *q, bool *reasons, wsf__arena *arena,
                               const wsf__panel *frame, const char *options, wsf_error *err) {
  const wsf__node *o;
  WSF__TRY(wsf__expr_arguments(&o, arena, wsf__engine_catalog(), &wsf__spec_predict, options, err));
  WSF__TRY(wsf__quantiles_make(q, arena, wsf__arg(o, "levels"), wsf__arg(o, "quantiles"), err));
  *ask = (wsf__ask){.h = wsf__arg_int(o, "horizon"),
                    .n_q = q->n,
                    .q = q->q,
                    .cumulative = wsf__arg_flag(o, "cumulative"),
                    .n_paths = wsf__arg_int(o, "paths"),
                    .keep_paths = wsf__arg_int(o, "paths") > 0};
  WSF__TRY(wsf__ask_floor(ask, o, err));
  *reasons = wsf__arg_flag(o, "reasons");
  if (ask->cumulative && ask->n_q > 0 && ask->n_paths == 0) ask->n_paths = PATHS_FOR_SUMS;
  WSF__TRY(wsf__ask_series(ask, arena, frame, wsf__arg(o, "series"), err));
  return ask->keep_paths ? wsf__paths_allowed(ask->n, ask, err) : WSF_OK;
}

/* Every cell of the table counts, before there is one. */
static wsf_status check_size(const wsf__env *env, const wsf__panel *frame, const wsf__ask *ask,
                             const wsf__quantiles *q, bool reasons, wsf_error *err) {
  const int64_t columns =
      frame->n_keys + 2 + 2 * q->n_levels + q->n_asked + paths_kept(ask) + (int64_t)reasons;
  int64_t rows;
  WSF__TRY(wsf__engine_allows(env, ask->n, ask->h, ask->n_q + (int)ask->n_paths, err));
  if (__builtin_mul_overflow(ask->n, ask->h, &rows)) rows = INT64_MAX;
  return wsf__limit_product(&env->limits, WSF__MOST_results, rows, columns, err);
}

/* Of a forecast that failed as every series lacks a column: how to get one. */
static void tell_ways_out(wsf_error *err) {
  const size_t used = err ? strlen(err->message) : 0;
  if (!err) return;
  (void)snprintf(err->message + used, sizeof err->message - used,
                 "; a dataset for the forecast brings it, fallback(.., snaive) needs none");
}

static wsf_status predict_into(wsf_table **out, wsf__env *env, wsf__arena *arena,
                               const wsf__fitted_panel *f, const wsf__panel *covariates,
                               const char *options, wsf_error *err) {
  wsf__ask ask;
  wsf__quantiles q;
  wsf__forecasts all = {0};
  bool reasons;
  WSF__TRY(read_options(&ask, &q, &reasons, arena, f->frame, options, err));
  WSF__TRY(check_size(env, f->frame, &ask, &q, reasons, err));
  filling t = {.frame = f->frame, .ask = &ask, .q = &q};
  ask.known = covariates;
  ask.put = put_series;
  ask.user = &t;
  if (covariates) wsf__log_columns(env, "predict", f->frame, covariates);
  if (ask.n_paths > 0) wsf__log_paths(env, f);
  WSF__TRY(begin_table(out, &t, env, arena, err));
  const wsf_status status = wsf__engine_forecast(&all, env, arena, f, &ask, err);
  if (status == WSF_E_DATA && all.n > 0 && all.lacking == all.n) tell_ways_out(err);
  WSF__TRY(status);
  if (wsf__stopped(env)) return wsf__fail_stopped(env, err);
  if (reasons) WSF__TRY(add_reasons(*out, &all, err));
  WSF__TRY(wsf__table_distinct(*out, f->frame, err));
  wsf__log_outside(env, "predict", &all);
  wsf__log_untold(env, "predict", &all);
  wsf__log_forecast(env, "predict", &all);
  wsf__log_held(env, &all);
  return WSF_OK;
}

wsf_status wsf__engine_predict(wsf_table **out, wsf__env *env, const wsf__fitted_panel *f,
                               const wsf__panel *covariates, const char *options, wsf_error *err) {
  *out = NULL;
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  arena.work_of = env;
  const wsf_status status = predict_into(out, env, &arena, f, covariates, options, err);
  wsf__arena_free(&arena);
  if (status == WSF_OK) return WSF_OK;
  wsf_table_release(*out);
  *out = NULL;
  return status;
}
