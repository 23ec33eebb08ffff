/* Forecast every series of a fitted panel, as a dense block for the engine and as a table for the
 * caller. Series are independent here, so blocks of them run side by side. */
#include "engine/call_options.h"
#include "engine/drive.h"

#include <string.h>

static const wsf__option predict_options[] = {
    {"horizon", WSF__INT, NULL, WSF__HORIZON_BOUNDS, NULL, "Number of periods to forecast."},
    {"levels", WSF__REALS, "", WSF__LEVEL_BOUNDS, NULL,
     "Coverage of prediction intervals, in percent."},
    {"quantiles", WSF__REALS, "", WSF__QUANTILE_BOUNDS, NULL, "Quantiles to forecast."},
    {"nonnegative", WSF__FLAG, "false", 0, 0, NULL, "Raise everything below zero to zero."},
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

typedef struct run {
  wsf__env *env;
  const wsf__fitted_panel *f;
  const wsf__panel *frame;
  wsf__forecasts *out;
  int64_t block; /* series in a task */
  bool nonnegative;
} run;

/* Numbers that the forecasts of a task hold at most, if it has more than one series: a worker's
 * memory does not grow with the horizon times the quantiles. */
enum { TASK_NUMBERS = 1 << 18 };

static int64_t block_of(int64_t h, int n_q) {
  const int64_t n = TASK_NUMBERS / (h * (1 + (int64_t)n_q));
  return n < 1 ? 1 : n < WSF__BATCH ? n : WSF__BATCH;
}

/* Forecast those series of a block that the root fitted, or those that it did not, for which the
 * fallback stands in. Where not even that was fitted the forecast is NaN, and the contract puts the
 * middle of the history in its place: 0 if nothing was ever observed. */
static wsf_status predict_some(const run *r, wsf__predict *p, int64_t first, int64_t end,
                               bool fitted) {
  const wsf__fitted_panel *f = r->f;
  const wsf__forecasts *all = r->out;
  wsf__series series[WSF__BATCH];
  wsf__forecast out[WSF__BATCH];
  int64_t n = 0;
  for (int64_t i = first; i < end; ++i) {
    if ((f->root->state[i].reason < WSF__NOT_FITTED) != fitted) continue;
    series[n] =
        (wsf__series){.n = f->frame->length[i], .t0 = f->frame->first[i], .id = i, .slot = i};
    out[n++] = (wsf__forecast){.h = all->h,
                               .mean = all->mean + i * all->h,
                               .n_q = all->n_q,
                               .q = all->q,
                               .quantile = all->quantile + i * all->n_q * all->h};
  }
  if (n == 0) return WSF_OK;
  const wsf__batch b = {n, series};
  WSF__TRY(wsf__tree_predict(p, fitted ? f->root : f->fallback, &b, out));
  for (int64_t j = 0; j < n; ++j) {
    const int64_t i = series[j].slot;
    wsf__bound(&out[j], f->least[i], f->largest[i], r->nonnegative);
  }
  return WSF_OK;
}

static wsf_status predict_block(void *user, int64_t task, wsf__arena *scratch, wsf_error *err) {
  const run *r = user;
  const int64_t first = task * r->block, n = r->out->n;
  const int64_t end = first + r->block < n ? first + r->block : n;
  wsf__predict p = {.frame = r->frame,
                    .env = r->env,
                    .scratch = scratch,
                    .err = err,
                    .predict_inner = wsf__tree_predict};
  WSF__TRY(predict_some(r, &p, first, end, true));
  return predict_some(r, &p, first, end, false);
}

/* The frame with the known-ahead columns of a fresh dataset in place of its own. */
static wsf_status refresh(wsf__panel *out, wsf__arena *arena, const wsf__panel *frame,
                          const wsf__panel *fresh, int64_t h, wsf_error *err) {
  int64_t shift, *row;
  WSF__TRY(wsf__match_calendar(&shift, frame, fresh, err));
  WSF__TRY(wsf__match_series(&row, arena, frame, fresh, err));
  wsf__column *column = wsf__arena_new(arena, (size_t)frame->n_columns, sizeof *column);
  if (!column) return wsf__fail_memory(err);
  int64_t last = 0;
  for (int64_t i = 0; i < frame->n; ++i) {
    const int64_t end = frame->first[i] + frame->length[i] + h - 1;
    if (end > last) last = end;
  }
  for (int c = 0; c < frame->n_columns; ++c) {
    column[c] = frame->column[c];
    const int k = wsf__panel_find_column(fresh, column[c].name);
    if (column[c].kind != WSF__KNOWN || k < 0 || fresh->column[k].kind != WSF__KNOWN) continue;
    WSF__TRY(wsf__match_column(&column[c], arena, &frame->column[c], &fresh->column[k], row,
                               frame->n, shift, err));
    if (column[c].periods <= last) {
      char ends[32], needed[32];
      wsf__calendar_text(&frame->calendar, column[c].periods - 1, ends);
      wsf__calendar_text(&frame->calendar, last, needed);
      (void)wsf__fail(err, WSF_E_DATA, "column %s ends at %s, expected values up to %s",
                      column[c].name, ends, needed);
      wsf__error_at_field(err, column[c].name);
      return WSF_E_DATA;
    }
  }
  *out = *frame;
  out->column = column;
  if (fresh->T + fresh->ahead + shift > out->T) {
    out->ahead = fresh->T + fresh->ahead + shift - out->T;
  }
  return WSF_OK;
}

wsf_status wsf__engine_allows(const wsf__env *env, int64_t n, int64_t h, int n_q, wsf_error *err) {
  int64_t rows;
  WSF__TRY(wsf__limit_check(&env->limits, WSF__MOST_horizon, h, err));
  if (__builtin_mul_overflow(n, h, &rows)) rows = INT64_MAX;
  return wsf__limit_product(&env->limits, WSF__MOST_values, rows, 1 + (int64_t)n_q, err);
}

wsf_status wsf__engine_forecast(wsf__forecasts *out, wsf__env *env, wsf__arena *arena,
                                const wsf__fitted_panel *f, const wsf__panel *covariates, int64_t h,
                                const double *q, int n_q, bool nonnegative, wsf_error *err) {
  const int64_t n = f->frame->n;
  size_t cells, all;
  WSF__TRY(wsf__engine_allows(env, n, h, n_q, err));
  if (!wsf__mul((size_t)n, (size_t)h, &cells) || !wsf__mul(cells, (size_t)n_q, &all)) {
    return wsf__fail_memory(err);
  }
  *out = (wsf__forecasts){.n = n, .h = h, .n_q = n_q, .q = q};
  out->mean = wsf__arena_new(arena, cells, sizeof *out->mean);
  out->quantile = wsf__arena_new(arena, all, sizeof *out->quantile);
  if (!out->mean || !out->quantile) return wsf__fail_memory(err);
  wsf__panel fresh;
  if (covariates) WSF__TRY(refresh(&fresh, arena, f->frame, covariates, h, err));
  run r = {.env = env,
           .f = f,
           .frame = covariates ? &fresh : f->frame,
           .out = out,
           .block = block_of(h, n_q),
           .nonnegative = nonnegative};
  return wsf__parallel(env, "predict", (n + r.block - 1) / r.block, predict_block, &r, err);
}

static wsf_status fill_table(wsf_table *t, const wsf__fitted_panel *f, const wsf__forecasts *all,
                             const wsf__quantiles *q, wsf__arena *arena, wsf_error *err) {
  const wsf__panel *frame = f->frame;
  const size_t n_extra = 2 * (size_t)q->n_levels + (size_t)q->n_asked;
  double **extra = wsf__arena_new(arena, n_extra, sizeof *extra);
  double *mean;
  int64_t *time;
  if (!extra) return wsf__fail_memory(err);
  WSF__TRY(wsf__table_add_keys(t, frame, NULL, all->n, all->h, err));
  WSF__TRY(wsf__table_add_time(t, frame, frame->time_name, &time, err));
  WSF__TRY(wsf__table_add_f64(t, "forecast", &mean, err));
  WSF__TRY(wsf__table_add_quantiles(t, q, extra, err));
  int64_t row = 0;
  for (int64_t i = 0; i < all->n; ++i) {
    const int64_t start = frame->first[i] + frame->length[i];
    for (int64_t step = 0; step < all->h; ++step, ++row) {
      time[row] = wsf__calendar_value(&frame->calendar, start + step);
      mean[row] = all->mean[row];
      wsf__quantiles_put(q, extra, row, mean[row], all->quantile + i * all->n_q * all->h + step,
                         all->h);
    }
  }
  return WSF_OK;
}

wsf_status wsf__engine_predict(wsf_table **out, wsf__env *env, const wsf__fitted_panel *f,
                               const wsf__panel *covariates, const char *options, wsf_error *err) {
  *out = NULL;
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  wsf_table *t = NULL;
  const wsf__node *o;
  wsf__quantiles q;
  wsf__forecasts all;
  wsf_status status =
      wsf__expr_arguments(&o, &arena, wsf__engine_catalog(), &wsf__spec_predict, options, err);
  if (status != WSF_OK) goto out;
  const int64_t h = wsf__arg_int(o, "horizon");
  status = wsf__quantiles_make(&q, &arena, wsf__arg(o, "levels"), wsf__arg(o, "quantiles"), err);
  if (status != WSF_OK) goto out;
  status = wsf__engine_forecast(&all, env, &arena, f, covariates, h, q.q, q.n,
                                wsf__arg_flag(o, "nonnegative"), err);
  if (status != WSF_OK) goto out;
  status = wsf__table_create(&t, &env->alloc, all.n * h, err);
  if (status == WSF_OK) status = fill_table(t, f, &all, &q, &arena, err);
out:
  wsf__arena_free(&arena);
  if (status == WSF_OK)
    *out = t;
  else
    wsf_table_release(t);
  return status;
}
