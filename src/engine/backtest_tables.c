/* The four tables of a back-test, and who is best. Models are ranked by the first metric; the
 * p-value is that of a paired test of each model's losses per series against the best model's:
 * a series' share of the sum for a pooled metric, its own value for an averaged one, so that the
 * mean difference tested is the difference reported. */
#include "engine/backtest.h"

#include <wsf/evaluate.h>

#include <math.h>

const char *wsf_backtest_name(int32_t table) {
  static const char *const name[WSF_BACKTEST_TABLES] = {
      [WSF_BACKTEST_SUMMARY] = "summary",
      [WSF_BACKTEST_FOLDS] = "folds",
      [WSF_BACKTEST_SERIES] = "series",
      [WSF_BACKTEST_FORECASTS] = "forecasts",
  };
  return table >= 0 && table < WSF_BACKTEST_TABLES ? name[table] : NULL;
}

static wsf_status add_i64(wsf_table *t, const char *name, int64_t **cells, wsf_error *err) {
  return wsf__table_add_i64(t, name, WSF_TYPE_I64, cells, err);
}

static wsf_status add_metrics(wsf_table *t, const wsf__backtest *b, double ***cells,
                              wsf_error *err) {
  *cells = wsf__arena_new(b->arena, (size_t)b->n_metrics, sizeof **cells);
  if (!*cells) return wsf__fail_memory(err);
  for (int i = 0; i < b->n_metrics; ++i) {
    WSF__TRY(wsf__table_add_f64(t, wsf__metric_name(b->metric[i]), &(*cells)[i], err));
  }
  return WSF_OK;
}

static void put_metrics(const wsf__backtest *b, double **cells, int64_t row,
                        const wsf__tally *tally) {
  for (int i = 0; i < b->n_metrics; ++i) cells[i][row] = wsf__tally_value(tally, b->metric[i]);
}

static double nominal(const wsf__backtest *b) {
  return b->q.n_levels ? b->q.level[b->q.n_levels - 1] / 100 : NAN;
}

/* What is to be small: bias counts by its size, coverage by its distance from the level. */
static double loss_of(const wsf__backtest *b, int metric, double value) {
  if (metric == WSF__METRIC_bias) return fabs(value);
  if (metric == WSF__METRIC_coverage) return fabs(value - nominal(b));
  return value;
}

static double series_loss(const wsf__backtest *b, int metric, const wsf__tally *t) {
  if (!(t->bottom[metric] > 0)) return NAN;
  const bool share = wsf__metric_pooled(metric) && metric != WSF__METRIC_coverage;
  const double loss =
      loss_of(b, metric, share ? t->top[metric] : t->top[metric] / t->bottom[metric]);
  return isfinite(loss) && t->large == 0 ? loss : NAN;
}

/* The series that a row of the summary measures. */
typedef struct chosen {
  int64_t n;
  const int64_t *series; /* NULL: all */
} chosen;

static const wsf__backtest_series *measured(const wsf__backtest *b, int64_t m, const chosen *c,
                                            int64_t j) {
  return &b->series[m * b->panel->n + (c->series ? c->series[j] : j)];
}

/* The p-values of the models, and the mark of the best, in the rows from value[0] on. */
static wsf_status compare(const wsf__backtest *b, const chosen *c, const double *value,
                          double *p_value, int64_t *best, wsf_error *err) {
  const int metric = b->metric[0];
  int64_t first = -1;
  for (int64_t m = 0; m < b->n_models; ++m) {
    p_value[m] = NAN;
    if (isnan(value[m])) continue;
    if (first < 0 || loss_of(b, metric, value[m]) < loss_of(b, metric, value[first])) first = m;
  }
  if (first < 0) return WSF_OK;
  best[first] = 1;
  const wsf__mark mark = wsf__arena_mark(b->arena);
  double *mine = wsf__arena_new(b->arena, (size_t)c->n, sizeof *mine);
  double *theirs = wsf__arena_new(b->arena, (size_t)c->n, sizeof *theirs);
  if (!mine || !theirs) return wsf__fail_memory(err);
  for (int64_t j = 0; j < c->n; ++j) {
    theirs[j] = series_loss(b, metric, &measured(b, first, c, j)->tally);
  }
  for (int64_t m = 0; m < b->n_models; ++m) {
    if (m == first) continue;
    for (int64_t j = 0; j < c->n; ++j) {
      mine[j] = series_loss(b, metric, &measured(b, m, c, j)->tally);
    }
    double difference;
    wsf__paired_test(mine, theirs, c->n, &difference, &p_value[m]);
  }
  wsf__arena_reset(b->arena, mark);
  return WSF_OK;
}

/* Columns of the summary. */
typedef struct summary_cells {
  int64_t model, failed, reasons; /* columns of text */
  int64_t *folds, *series, *observations, *best;
  double *seconds, *p_value, **metric;
} summary_cells;

/* Level and label of the groups, which stand behind the rows of all series. */
static wsf_status add_groups(wsf_table *t, const wsf__backtest *b, wsf_error *err) {
  const wsf__backtest_groups *g = &b->groups;
  int64_t level;
  WSF__TRY(wsf__table_add_text(t, "level", &level, err));
  for (int64_t m = 0; m < b->n_models; ++m) WSF__TRY(wsf__table_put(t, level, NULL, err));
  for (int64_t row = 0; row < g->n * b->n_models; ++row) {
    WSF__TRY(wsf__table_put(t, level, g->group[row / b->n_models].level, err));
  }
  int64_t *series = wsf__arena_new(b->arena, (size_t)g->n + 1, sizeof *series);
  if (!series) return wsf__fail_memory(err);
  series[0] = -1;
  for (int k = 0; k < g->n_by; ++k) {
    if (g->by[k] == WSF__BY_LEVEL) continue;
    for (int64_t i = 0; i < g->n; ++i) {
      series[i + 1] = g->group[i].key == g->by[k] ? g->group[i].series[0] : -1;
    }
    WSF__TRY(wsf__table_add_key(t, &b->panel->key[g->by[k]], series, g->n + 1, b->n_models, err));
  }
  return WSF_OK;
}

static wsf_status add_summary(summary_cells *c, wsf_table *t, const wsf__backtest *b,
                              wsf_error *err) {
  WSF__TRY(wsf__table_add_text(t, "model", &c->model, err));
  if (b->groups.n_by > 0) WSF__TRY(add_groups(t, b, err));
  WSF__TRY(add_i64(t, "folds", &c->folds, err));
  WSF__TRY(add_i64(t, "series", &c->series, err));
  WSF__TRY(add_i64(t, "observations", &c->observations, err));
  WSF__TRY(wsf__table_add_f64(t, "seconds", &c->seconds, err));
  WSF__TRY(add_metrics(t, b, &c->metric, err));
  WSF__TRY(wsf__table_add_f64(t, "p_value", &c->p_value, err));
  WSF__TRY(add_i64(t, "best", &c->best, err));
  WSF__TRY(wsf__table_add_text(t, "failed", &c->failed, err));
  return wsf__table_add_text(t, "reasons", &c->reasons, err);
}

/* Of all series and folds. */
static wsf_status put_model(wsf_table *t, const summary_cells *c, const wsf__backtest *b, int64_t m,
                            wsf_error *err) {
  wsf__tally all = {0};
  for (int64_t k = 0; k < b->folds; ++k) {
    const wsf__backtest_fold *fold = &b->fold[m * b->folds + k];
    wsf__tally_add(&all, &fold->tally);
    c->observations[m] += fold->observations;
    c->seconds[m] += fold->seconds;
  }
  for (int64_t i = 0; i < b->panel->n; ++i) {
    c->series[m] += b->series[m * b->panel->n + i].observations > 0;
  }
  c->folds[m] = b->failed[m] ? 0 : b->folds;
  WSF__TRY(wsf__table_put(t, c->model, b->text[m], err));
  WSF__TRY(wsf__table_put(t, c->failed, b->failed[m], err));
  char told[WSF__REASONS_TEXT];
  wsf__reason_counts_text(told, sizeof told, &b->reasons[m], WSF__ZERO + 1, INT32_MAX);
  WSF__TRY(wsf__table_put(t, c->reasons, told[0] ? told : NULL, err));
  put_metrics(b, c->metric, m, &all);
  return WSF_OK;
}

/* Seconds and reasons are those of all series, and told with them. */
static wsf_status put_group(wsf_table *t, const summary_cells *c, const wsf__backtest *b, int64_t m,
                            const chosen *group, int64_t row, wsf_error *err) {
  wsf__tally all = {0};
  for (int64_t j = 0; j < group->n; ++j) {
    const wsf__backtest_series *one = measured(b, m, group, j);
    wsf__tally_add(&all, &one->tally);
    c->observations[row] += one->observations;
    c->series[row] += one->observations > 0;
  }
  c->folds[row] = b->failed[m] ? 0 : b->folds;
  c->seconds[row] = NAN;
  WSF__TRY(wsf__table_put(t, c->model, b->text[m], err));
  WSF__TRY(wsf__table_put(t, c->failed, b->failed[m], err));
  WSF__TRY(wsf__table_put(t, c->reasons, NULL, err));
  put_metrics(b, c->metric, row, &all);
  return WSF_OK;
}

static wsf_status summary(wsf_table *t, const wsf__backtest *b, wsf_error *err) {
  summary_cells c;
  WSF__TRY(add_summary(&c, t, b, err));
  for (int64_t m = 0; m < b->n_models; ++m) WSF__TRY(put_model(t, &c, b, m, err));
  const chosen all = {b->panel->n, NULL};
  WSF__TRY(compare(b, &all, c.metric[0], c.p_value, c.best, err));
  for (int64_t g = 0; g < b->groups.n; ++g) {
    const chosen group = {b->groups.group[g].n, b->groups.group[g].series};
    const int64_t row = (g + 1) * b->n_models;
    for (int64_t m = 0; m < b->n_models; ++m) {
      WSF__TRY(put_group(t, &c, b, m, &group, row + m, err));
    }
    WSF__TRY(compare(b, &group, c.metric[0] + row, c.p_value + row, c.best + row, err));
  }
  return WSF_OK;
}

/* Last known period of a fold, where all series share it. */
static void put_origin(wsf_table *t, int64_t column, int64_t *cells, int64_t row,
                       const wsf__backtest *b, int64_t k) {
  if (b->panel->own_end) {
    wsf__table_set_null(t, column, row);
    return;
  }
  const int64_t last = b->panel->T - 1 - b->h - (b->folds - 1 - k) * b->step;
  cells[row] = wsf__calendar_value(&b->panel->calendar, last);
}

static wsf_status fold_rows(wsf_table *t, const wsf__backtest *b, wsf_error *err) {
  int64_t model, *fold, *origin, *series, *left_out, *replaced, *observations;
  double *seconds, **metric;
  WSF__TRY(wsf__table_add_text(t, "model", &model, err));
  WSF__TRY(add_i64(t, "fold", &fold, err));
  WSF__TRY(wsf__table_add_time(t, b->panel, "origin", &origin, err));
  const int64_t origin_column = wsf_table_columns(t) - 1;
  WSF__TRY(add_i64(t, "series", &series, err));
  WSF__TRY(add_i64(t, "left_out", &left_out, err));
  WSF__TRY(add_i64(t, "replaced", &replaced, err));
  WSF__TRY(add_i64(t, "observations", &observations, err));
  WSF__TRY(wsf__table_add_f64(t, "seconds", &seconds, err));
  WSF__TRY(add_metrics(t, b, &metric, err));
  for (int64_t row = 0; row < b->n_models * b->folds; ++row) {
    const wsf__backtest_fold *from = &b->fold[row];
    WSF__TRY(wsf__table_put(t, model, b->text[row / b->folds], err));
    fold[row] = row % b->folds + 1;
    put_origin(t, origin_column, origin, row, b, row % b->folds);
    series[row] = from->scored;
    left_out[row] = from->left_out;
    replaced[row] = from->replaced;
    observations[row] = from->observations;
    seconds[row] = from->seconds;
    put_metrics(b, metric, row, &from->tally);
  }
  return WSF_OK;
}

static wsf_status series_rows(wsf_table *t, const wsf__backtest *b, wsf_error *err) {
  const int64_t n = b->panel->n, rows = b->n_models * n;
  int64_t model, *observations;
  double **metric;
  int64_t *series = wsf__arena_new(b->arena, (size_t)rows, sizeof *series);
  if (!series) return wsf__fail_memory(err);
  for (int64_t row = 0; row < rows; ++row) series[row] = row % n;
  WSF__TRY(wsf__table_add_text(t, "model", &model, err));
  WSF__TRY(wsf__table_add_keys(t, b->panel, series, rows, 1, err));
  WSF__TRY(add_i64(t, "observations", &observations, err));
  WSF__TRY(add_metrics(t, b, &metric, err));
  for (int64_t row = 0; row < rows; ++row) {
    WSF__TRY(wsf__table_put(t, model, b->text[row / n], err));
    observations[row] = b->series[row].observations;
    put_metrics(b, metric, row, &b->series[row].tally);
  }
  return WSF_OK;
}

/* One model, one fold, one series: h rows from `row`. */
typedef struct forecast_cells {
  int64_t *fold, *time, *step;
  double *actual, *forecast, **extra;
} forecast_cells;

static void put_forecast(const forecast_cells *c, const wsf__backtest *b, int64_t k,
                         const wsf__forecasts *f, int64_t j, int64_t i, int64_t row) {
  const wsf__panel *p = b->panel;
  const int64_t back = b->h + (b->folds - 1 - k) * b->step;
  int64_t seen = p->own_end ? p->length[i] - back : p->T - back - p->first[i];
  if (seen > p->length[i]) seen = p->length[i];
  for (int64_t s = 0; s < b->h; ++s, ++row) {
    const int64_t at = seen + s;
    c->fold[row] = k + 1;
    c->time[row] = wsf__calendar_value(&p->calendar, p->first[i] + at);
    c->step[row] = s + 1;
    c->actual[row] = at < p->length[i] ? p->y[p->offset[i] + at] : NAN;
    c->forecast[row] = f->mean[j * b->h + s];
    wsf__quantiles_put(&b->q, c->extra, row, c->forecast[row], f->quantile + j * f->n_q * b->h + s,
                       b->h);
  }
}

static int64_t forecast_count(const wsf__backtest *b) {
  int64_t count = 0;
  for (int64_t row = 0; b->keep_forecasts && row < b->n_models * b->folds; ++row) {
    count += b->fold[row].forecasts.n;
  }
  return count;
}

static wsf_status forecast_rows(wsf_table *t, const wsf__backtest *b, wsf_error *err) {
  const int64_t count = forecast_count(b);
  const size_t n_extra = 2 * (size_t)b->q.n_levels + (size_t)b->q.n_asked;
  int64_t model, at = 0;
  forecast_cells c;
  int64_t *series = wsf__arena_new(b->arena, (size_t)count, sizeof *series);
  c.extra = wsf__arena_new(b->arena, n_extra, sizeof *c.extra);
  if (!series || !c.extra) return wsf__fail_memory(err);
  for (int64_t row = 0; count > 0 && row < b->n_models * b->folds; ++row) {
    const wsf__backtest_fold *fold = &b->fold[row];
    for (int64_t j = 0; j < fold->forecasts.n; ++j) series[at++] = fold->kept[j];
  }
  WSF__TRY(wsf__table_add_text(t, "model", &model, err));
  WSF__TRY(add_i64(t, "fold", &c.fold, err));
  WSF__TRY(wsf__table_add_keys(t, b->panel, series, count, b->h, err));
  WSF__TRY(wsf__table_add_time(t, b->panel, b->panel->time_name, &c.time, err));
  WSF__TRY(add_i64(t, "step", &c.step, err));
  WSF__TRY(wsf__table_add_f64(t, "actual", &c.actual, err));
  WSF__TRY(wsf__table_add_f64(t, "forecast", &c.forecast, err));
  WSF__TRY(wsf__table_add_quantiles(t, &b->q, c.extra, err));
  at = 0;
  for (int64_t row = 0; count > 0 && row < b->n_models * b->folds; ++row) {
    const wsf__forecasts *f = &b->fold[row].forecasts;
    for (int64_t j = 0; j < f->n; ++j, ++at) {
      WSF__TRY(wsf__table_goes_on(t, err));
      put_forecast(&c, b, row % b->folds, f, j, series[at], at * b->h);
    }
    for (int64_t r = 0; r < f->n * b->h; ++r) {
      WSF__TRY(wsf__table_put(t, model, b->text[row / b->folds], err));
    }
  }
  return WSF_OK;
}

wsf_status wsf__backtest_tables(wsf_table *out[4], const wsf__backtest *b, wsf_error *err) {
  const struct {
    int64_t rows;
    wsf_status (*fill)(wsf_table *t, const wsf__backtest *b, wsf_error *err);
  } table[4] = {{b->n_models * (1 + b->groups.n), summary},
                {b->n_models * b->folds, fold_rows},
                {b->n_models * b->panel->n, series_rows},
                {forecast_count(b) * b->h, forecast_rows}};
  wsf_status status = WSF_OK;
  for (int t = 0; status == WSF_OK && t < 4; ++t) {
    status = wsf__table_begin(&out[t], b->env, table[t].rows, err);
    if (status == WSF_OK) status = table[t].fill(out[t], b, err);
    if (status == WSF_OK) status = wsf__table_distinct(out[t], b->panel, err);
  }
  for (int t = 0; status != WSF_OK && t < 4; ++t) {
    wsf_table_release(out[t]);
    out[t] = NULL;
  }
  return status;
}
