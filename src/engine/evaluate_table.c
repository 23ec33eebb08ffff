/* Metrics of a forecast table against the actuals. Rows may stand in any order and may cover any
 * series of the history; a step without an observation is left out. */
#include "engine/drive.h"

#include "evaluate/metrics.h"
#include "math/stats.h"

#include <math.h>
#include <string.h>

static const wsf__option evaluate_options[] = {
    {"metrics", WSF__NAMES, "[wmae,mae,rmse,smape,mase,wape,bias]", 0, 0, WSF__METRIC_WORDS,
     "What to measure."},
    {"sql_scale", WSF__WORD, "step", 0, 0, "step|season",
     "Scale of sql: the in-sample change from one period or from one season to the next."},
    {"target", WSF__WORD, "same", 0, 0, "same|any",
     "Whether the target must have one name in both datasets, unless a file gives it none; any: "
     "they hold the same under two names."},
};
const wsf__spec wsf__spec_evaluate = {"options",
                                      "call",
                                      "evaluate",
                                      "Measure a table of forecasts against the actuals.",
                                      "",
                                      "0.1.0",
                                      "evaluate(metrics=[wape,mase])",
                                      evaluate_options,
                                      sizeof evaluate_options / sizeof *evaluate_options};

/* A quantile that a column of the table holds. */
typedef struct evaluation {
  const wsf__env *env;
  const wsf_table *table;
  const wsf__panel *history, *actual;
  wsf__arena *arena;
  int64_t rows, time, forecast; /* columns */
  int n_q;
  double *q;
  bool *loss;
  const double **quantile; /* [n_q] cells */
  int lo, hi;
  int64_t *series; /* [rows] in history */
  int64_t *order;  /* rows by series */
  int64_t *start;  /* [history->n + 1] into order */
  int64_t *row;    /* [history->n] row in actual, or -1 */
  bool sql_season;
} evaluation;

static wsf_status no_column(const char *name, wsf_error *err) {
  (void)wsf__fail(err, WSF_E_DATA, "the forecasts have no column %s of the right type", name);
  wsf__error_at_field(err, name);
  return WSF_E_DATA;
}

static bool number_after(const char *name, const char *prefix, double *out) {
  const size_t length = strlen(prefix);
  if (strncmp(name, prefix, length) != 0) return false;
  return wsf__number_parse(name + length, strlen(name + length), out);
}

/* Columns lo-80, hi-80 and q-0.1; without any q- column the interval bounds are the quantiles. */
static wsf_status find_quantiles(evaluation *e, wsf_error *err) {
  const int64_t columns = wsf_table_columns(e->table);
  e->q = wsf__arena_new(e->arena, (size_t)columns, sizeof *e->q);
  e->loss = wsf__arena_zero(e->arena, (size_t)columns, sizeof *e->loss);
  e->quantile = wsf__arena_new(e->arena, (size_t)columns, sizeof *e->quantile);
  if (!e->q || !e->loss || !e->quantile) return wsf__fail_memory(err);
  double widest_lo = -1, widest_hi = -1;
  bool any = false;
  e->lo = e->hi = -1;
  for (int64_t c = 0; c < columns; ++c) {
    const char *name = wsf_table_name(e->table, c);
    const double *cells = wsf_table_f64(e->table, c);
    double number;
    if (!cells) continue;
    const int k = e->n_q;
    if (number_after(name, "q-", &number)) {
      e->q[k] = number;
      any = e->loss[k] = true;
    } else if (number_after(name, "lo-", &number)) {
      e->q[k] = (100 - number) / 200;
      if (number > widest_lo) widest_lo = number, e->lo = k;
    } else if (number_after(name, "hi-", &number)) {
      e->q[k] = (100 + number) / 200;
      if (number > widest_hi) widest_hi = number, e->hi = k;
    } else {
      continue;
    }
    if (!(e->q[k] > 0 && e->q[k] < 1)) continue;
    e->quantile[e->n_q++] = cells;
  }
  if (widest_lo != widest_hi) e->lo = e->hi = -1;
  if (!any) e->loss = NULL;
  return WSF_OK;
}

static const char *cell_text(const wsf_table *t, int64_t column, int64_t row, char *buffer,
                             size_t capacity) {
  const char *text = wsf_table_text(t, column, row, NULL);
  if (text) return text;
  const int64_t length = wsf_table_format(t, column, row, buffer, capacity);
  return length >= 0 && length < (int64_t)capacity ? buffer : "";
}

/* Which series each row belongs to, and the rows of each series together. */
static wsf_status sort_rows(evaluation *e, wsf_error *err) {
  const wsf__panel *p = e->history;
  wsf__matcher m;
  WSF__TRY(wsf__matcher_init(&m, e->arena, p, err));
  int64_t *key = wsf__arena_new(e->arena, (size_t)p->n_keys, sizeof *key);
  e->series = wsf__arena_new(e->arena, (size_t)e->rows, sizeof *e->series);
  e->order = wsf__arena_new(e->arena, (size_t)e->rows, sizeof *e->order);
  e->start = wsf__arena_zero(e->arena, (size_t)p->n + 2, sizeof *e->start);
  if (!key || !e->series || !e->order || !e->start) return wsf__fail_memory(err);
  for (int k = 0; k < p->n_keys; ++k) {
    key[k] = wsf_table_find(e->table, p->key[k].name);
    if (key[k] < 0) return no_column(p->key[k].name, err);
  }
  for (int64_t r = 0; r < e->rows; ++r) {
    if (r % 1024 == 0 && wsf__stopped(e->env)) return wsf__fail_stopped(e->env, err);
    char buffer[64];
    bool found = true;
    for (int k = 0; found && k < p->n_keys; ++k) {
      found = wsf__matcher_set(&m, k, cell_text(e->table, key[k], r, buffer, sizeof buffer));
    }
    e->series[r] = found ? wsf__matcher_find(&m) : -1;
    if (e->series[r] < 0) {
      (void)wsf__fail(err, WSF_E_DATA, "a row of the forecasts is of a series not in the history");
      wsf__error_at_row(err, r + 1);
      return WSF_E_DATA;
    }
    ++e->start[e->series[r] + 2];
  }
  int64_t *next = e->start + 1;
  for (int64_t i = 0; i < p->n; ++i) next[i + 1] += next[i];
  for (int64_t r = 0; r < e->rows; ++r) e->order[next[e->series[r]]++] = r;
  return WSF_OK;
}

static wsf_status period_of(const evaluation *e, int64_t row, int64_t *period, wsf_error *err) {
  const int32_t type = wsf_table_type(e->table, e->time);
  const int64_t value = wsf_table_i64(e->table, e->time)[row];
  const wsf__time time = {.form = type == WSF_TYPE_DATE   ? WSF__FORM_DATE
                                  : type == WSF_TYPE_TIME ? WSF__FORM_TIME
                                                          : WSF__FORM_INTEGER,
                          .value = type == WSF_TYPE_DATE ? value * 86400 : value};
  if (time.form == e->actual->calendar.form &&
      wsf__calendar_period(&e->actual->calendar, time, period)) {
    return WSF_OK;
  }
  (void)wsf__fail(err, WSF_E_DATA,
                  "a time of the forecasts does not fall on the calendar of the actual values");
  wsf__error_at_row(err, row + 1);
  return WSF_E_DATA;
}

static double value_at(const wsf__panel *p, int64_t i, int64_t period) {
  if (i < 0 || period < p->first[i] || period - p->first[i] >= p->length[i]) return NAN;
  return p->y[p->offset[i] + period - p->first[i]];
}

static wsf_status score_series(const evaluation *e, int64_t i, wsf__tally *all, wsf_error *err) {
  const wsf__panel *past = e->history;
  const int64_t h = e->start[i + 1] - e->start[i];
  const int64_t *rows = e->order + e->start[i];
  if (wsf__stopped(e->env)) return wsf__fail_stopped(e->env, err);
  const wsf__mark mark = wsf__arena_mark(e->arena);
  double *actual = wsf__arena_new(e->arena, (size_t)h, sizeof *actual);
  double *weight = wsf__arena_new(e->arena, (size_t)h, sizeof *weight);
  double *forecast = wsf__arena_new(e->arena, (size_t)h, sizeof *forecast);
  double *quantile = wsf__arena_new(e->arena, (size_t)h, (size_t)e->n_q * sizeof *quantile);
  if (!actual || !weight || !forecast || !quantile) return wsf__fail_memory(err);
  const double *cells = wsf_table_f64(e->table, e->forecast);
  for (int64_t s = 0; s < h; ++s) {
    int64_t period;
    WSF__TRY(period_of(e, rows[s], &period, err));
    actual[s] = value_at(e->actual, e->row[i], period);
    weight[s] = e->row[i] < 0 ? 1 : wsf__panel_weight(e->actual, e->row[i], period);
    forecast[s] = cells[rows[s]];
    if (isnan(forecast[s])) actual[s] = NAN;
    for (int k = 0; k < e->n_q; ++k) quantile[k * h + s] = e->quantile[k][rows[s]];
  }
  const double *y = past->y + past->offset[i];
  const double season = wsf__mean_abs_diff(y, past->length[i], past->season);
  const wsf__scored scored = {
      .h = h,
      .actual = actual,
      .forecast = forecast,
      .weight = weight,
      .n_q = e->n_q,
      .q = e->q,
      .loss = e->loss,
      .quantile = quantile,
      .scale_season = season,
      .scale_sql = e->sql_season ? season : wsf__mean_abs_diff(y, past->length[i], 1),
      .scale_rmsse = wsf__mean_sq_diff(y, past->length[i], 1)};
  wsf__tally own;
  wsf__tally_series(&own, &scored, e->lo, e->hi);
  wsf__tally_add(all, &own);
  wsf__arena_reset(e->arena, mark);
  return WSF_OK;
}

static wsf_status fill_table(wsf_table *t, const wsf__tally *all, const int *metric, int n,
                             wsf_error *err) {
  int64_t name, meaning;
  double *value;
  WSF__TRY(wsf__table_add_text(t, "metric", &name, err));
  WSF__TRY(wsf__table_add_f64(t, "value", &value, err));
  WSF__TRY(wsf__table_add_text(t, "meaning", &meaning, err));
  for (int i = 0; i < n; ++i) {
    WSF__TRY(wsf__table_put(t, name, wsf__metric_name(metric[i]), err));
    WSF__TRY(wsf__table_put(t, meaning, wsf__metric_text(metric[i]), err));
    value[i] = wsf__tally_value(all, metric[i]);
  }
  return WSF_OK;
}

static wsf_status evaluate(wsf_table **out, evaluation *e, const char *options, wsf_error *err) {
  const wsf__node *o;
  int *metric, n;
  WSF__TRY(
      wsf__expr_arguments(&o, e->arena, wsf__engine_catalog(), &wsf__spec_evaluate, options, err));
  WSF__TRY(wsf__metric_list(&metric, &n, e->arena, wsf__arg(o, "metrics"), err));
  e->sql_season = wsf__arg_is(o, "sql_scale", "season");
  e->rows = wsf_table_rows(e->table);
  e->time = wsf_table_find(e->table, e->history->time_name);
  e->forecast = wsf_table_find(e->table, "forecast");
  if (!wsf_table_i64(e->table, e->time)) return no_column(e->history->time_name, err);
  if (!wsf_table_f64(e->table, e->forecast)) return no_column("forecast", err);
  if (wsf__arg_is(o, "target", "same")) {
    WSF__TRY(wsf__match_target(e->history, e->actual, "the history", err));
  }
  WSF__TRY(find_quantiles(e, err));
  WSF__TRY(sort_rows(e, err));
  WSF__TRY(wsf__match_series(&e->row, e->env, e->arena, e->history, e->actual, err));
  wsf__tally all = {0};
  for (int64_t i = 0; i < e->history->n; ++i) {
    if (e->start[i + 1] > e->start[i]) WSF__TRY(score_series(e, i, &all, err));
  }
  WSF__TRY(wsf__table_begin(out, e->env, n, err));
  return fill_table(*out, &all, metric, n, err);
}

wsf_status wsf__engine_evaluate(wsf_table **out, wsf__env *env, const wsf_table *forecasts,
                                const wsf__panel *history, const wsf__panel *actual,
                                const char *options, wsf_error *err) {
  *out = NULL;
  WSF__TRY(wsf__panel_need_target(history, err));
  WSF__TRY(wsf__panel_need_target(actual, err));
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  evaluation e = {
      .env = env, .table = forecasts, .history = history, .actual = actual, .arena = &arena};
  const wsf_status status = evaluate(out, &e, options, err);
  if (status != WSF_OK) {
    wsf_table_release(*out);
    *out = NULL;
  }
  wsf__arena_free(&arena);
  return status;
}
