/* A panel as tables: what wsf_dataset_describe promises. */
#include "base/text.h"
#include "panel/panel.h"
#include "panel/rows_out.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- series ------------------------------------------------------------------------------- */

typedef struct moments {
  int64_t observed, zeros, negatives, last; /* last: offset of the last observation */
  double sum, mean, sd, least, most;
} moments;

/* Neumaier (1974): the sum of cents over years comes out to the cent. */
typedef struct exact_sum {
  double sum, lost;
} exact_sum;

static void add_exact(exact_sum *s, double x) {
  const double t = s->sum + x;
  s->lost += fabs(s->sum) >= fabs(x) ? s->sum - t + x : x - t + s->sum;
  s->sum = t;
}

static moments measure(const double *y, int64_t n) {
  moments m = {.mean = NAN, .sd = NAN, .least = NAN, .most = NAN};
  exact_sum sum = {0, 0};
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(y[t])) continue;
    ++m.observed;
    m.last = t;
    m.zeros += y[t] == 0;
    m.negatives += y[t] < 0;
    m.least = y[t] >= m.least ? m.least : y[t]; /* NaN at first: y wins */
    m.most = y[t] <= m.most ? m.most : y[t];
    add_exact(&sum, y[t]);
  }
  m.sum = sum.sum + sum.lost;
  if (m.observed == 0) return m;
  m.mean = m.sum / (double)m.observed;
  double square = 0;
  for (int64_t t = 0; t < n; ++t) {
    if (!isnan(y[t])) square += (y[t] - m.mean) * (y[t] - m.mean);
  }
  if (m.observed > 1) m.sd = sqrt(square / (double)(m.observed - 1));
  return m;
}

/* Periods of a series that a table lists: its history; of a panel without a target all from the
 * first row on. */
static int64_t periods_of(const wsf__panel *p, int64_t i) {
  return p->T > 0 ? p->length[i] : p->ahead - p->first[i];
}

static const double *target_of(const wsf__panel *p, int64_t i, int64_t *n) {
  *n = p->y ? p->length[i] : 0; /* a frame has no values */
  return p->y ? p->y + p->offset[i] : NULL;
}

static wsf_status describe_series(wsf_table *t, const wsf__panel *p, wsf_error *err) {
  int64_t *first, *last, *count[3];
  double *value[4];
  static const char *const count_name[] = {"observations", "missing", "zeros"};
  static const char *const value_name[] = {"mean", "sd", "min", "max"};
  WSF__TRY(wsf__panel_put_keys(t, p, NULL, err));
  WSF__TRY(wsf__table_add_i64(t, "first", wsf__panel_time_type(p), &first, err));
  WSF__TRY(wsf__table_add_i64(t, "last", wsf__panel_time_type(p), &last, err));
  for (int c = 0; c < 3; ++c) {
    WSF__TRY(wsf__table_add_i64(t, count_name[c], WSF_TYPE_I64, &count[c], err));
  }
  for (int c = 0; c < 4; ++c) WSF__TRY(wsf__table_add_f64(t, value_name[c], &value[c], err));
  for (int64_t i = 0; i < p->n; ++i) {
    int64_t n;
    WSF__TRY(wsf__table_goes_on(t, err));
    const double *y = target_of(p, i, &n);
    const moments m = measure(y, n);
    first[i] = wsf__calendar_value(&p->calendar, p->first[i]);
    last[i] =
        wsf__calendar_value(&p->calendar, p->first[i] + (n > 0 ? m.last : periods_of(p, i) - 1));
    count[0][i] = m.observed;
    count[1][i] = n - m.observed;
    count[2][i] = m.zeros;
    value[0][i] = m.mean;
    value[1][i] = m.sd;
    value[2][i] = m.least;
    value[3][i] = m.most;
  }
  return WSF_OK;
}

/* ---- summary ------------------------------------------------------------------------------ */

typedef struct lines {
  wsf_table *table;
  int64_t name, value; /* NULL table: only count */
  int64_t n;
} lines;

static wsf_status line_text(lines *l, const char *name, const char *value, wsf_error *err) {
  ++l->n;
  if (!l->table) return WSF_OK;
  WSF__TRY(wsf__table_put(l->table, l->name, name, err));
  return wsf__table_put(l->table, l->value, value, err);
}

static wsf_status line_number(lines *l, const char *name, double value, wsf_error *err) {
  char text[32];
  (void)wsf__number_format(value, text);
  return line_text(l, name, text, err);
}

static wsf_status summarise(lines *l, const wsf__env *env, const wsf__panel *p, wsf_error *err) {
  int64_t observed = 0, zeros = 0, negatives = 0, cells = 0;
  exact_sum total = {0, 0};
  int64_t sums = 0;
  for (int64_t i = 0; i < p->n; ++i) sums += wsf__panel_is_sum(p, i);
  for (int64_t i = 0; i < p->n; ++i) {
    if (sums < p->n && wsf__panel_is_sum(p, i)) continue; /* nothing counts twice */
    if (wsf__stopped(env)) return wsf__fail_stopped(env, err);
    int64_t n;
    const double *y = target_of(p, i, &n);
    cells += n;
    for (int64_t t = 0; t < n; ++t) {
      if (isnan(y[t])) continue;
      ++observed;
      zeros += y[t] == 0;
      negatives += y[t] < 0;
      add_exact(&total, y[t]);
    }
  }
  char first[32], last[32], frequency[32];
  wsf__calendar_name(&p->calendar, frequency);
  wsf__calendar_text(&p->calendar, 0, first);
  wsf__calendar_text(&p->calendar, (p->T > 0 ? p->T : p->ahead) - 1, last);
  WSF__TRY(line_text(l, "time", p->time_name, err));
  WSF__TRY(line_text(l, "target", p->target_name, err));
  WSF__TRY(line_number(l, "series", (double)p->n, err));
  if (sums > 0) WSF__TRY(line_number(l, "sums", (double)sums, err));
  for (int k = 0; k < p->n_keys; ++k) {
    char name[160];
    (void)snprintf(name, sizeof name, "key %.150s", p->key[k].name);
    WSF__TRY(line_number(l, name, p->key[k].n_labels, err));
  }
  WSF__TRY(line_number(l, "periods", (double)p->T, err));
  WSF__TRY(line_text(l, "first", first, err));
  WSF__TRY(line_text(l, "last", last, err));
  WSF__TRY(line_text(l, "frequency", frequency, err));
  WSF__TRY(line_number(l, "season", p->season, err));
  WSF__TRY(line_text(l, "end", p->own_end ? "own" : "common", err));
  WSF__TRY(line_number(l, "known ahead", (double)p->ahead, err));
  WSF__TRY(line_number(l, "observations", (double)observed, err));
  WSF__TRY(line_number(l, "missing", (double)(cells - observed), err));
  WSF__TRY(line_number(l, "zeros", (double)zeros, err));
  WSF__TRY(line_number(l, "negatives", (double)negatives, err));
  WSF__TRY(line_number(l, "total", total.sum + total.lost, err));
  WSF__TRY(line_number(l, "columns", p->n_columns, err));
  if (p->holiday >= 0) {
    WSF__TRY(line_text(l, "holiday", p->column[p->holiday].name, err));
    WSF__TRY(line_number(l, "holiday weight", p->holiday_weight, err));
  }
  if (p->weight >= 0) WSF__TRY(line_text(l, "weight", p->column[p->weight].name, err));
  return line_text(l, "source", p->source, err);
}

static wsf_status describe_summary(wsf_table **out, const wsf__env *env, const wsf__panel *p,
                                   wsf_error *err) {
  lines l = {0};
  WSF__TRY(summarise(&l, env, p, err)); /* counts the rows, which a table fixes at first */
  WSF__TRY(wsf__table_begin(out, env, l.n, err));
  l.table = *out;
  WSF__TRY(wsf__table_add_text(*out, "name", &l.name, err));
  WSF__TRY(wsf__table_add_text(*out, "value", &l.value, err));
  return summarise(&l, env, p, err);
}

/* ---- columns ------------------------------------------------------------------------------ */

static wsf_status describe_columns(wsf_table *t, const wsf__panel *p, wsf_error *err) {
  static const char *const kind[] = {"", "static", "past", "known"};
  int64_t name, kinds, types, *groups, *periods, *missing;
  double *least, *most, *mean;
  WSF__TRY(wsf__table_add_text(t, "column", &name, err));
  WSF__TRY(wsf__table_add_text(t, "kind", &kinds, err));
  WSF__TRY(wsf__table_add_text(t, "type", &types, err));
  WSF__TRY(wsf__table_add_i64(t, "groups", WSF_TYPE_I64, &groups, err));
  WSF__TRY(wsf__table_add_i64(t, "periods", WSF_TYPE_I64, &periods, err));
  WSF__TRY(wsf__table_add_i64(t, "missing", WSF_TYPE_I64, &missing, err));
  WSF__TRY(wsf__table_add_f64(t, "min", &least, err));
  WSF__TRY(wsf__table_add_f64(t, "max", &most, err));
  WSF__TRY(wsf__table_add_f64(t, "mean", &mean, err));
  for (int c = 0; c < p->n_columns; ++c) {
    const wsf__column *column = &p->column[c];
    WSF__TRY(wsf__table_goes_on(t, err));
    const moments m = measure(column->value, column->n_groups * column->periods);
    const bool categories = column->n_categories > 0;
    WSF__TRY(wsf__table_put(t, name, column->name, err));
    WSF__TRY(wsf__table_put(t, kinds, kind[column->kind & 3], err));
    WSF__TRY(wsf__table_put(t, types, categories ? "text" : column->flag ? "flag" : "number", err));
    groups[c] = column->n_groups;
    periods[c] = column->periods;
    missing[c] = column->n_groups * column->periods - m.observed;
    least[c] = categories ? NAN : m.least;
    most[c] = categories ? NAN : m.most;
    mean[c] = categories ? NAN : m.mean;
  }
  return WSF_OK;
}

/* ---- levels ------------------------------------------------------------------------------- */

/* Whether a series has a label in each key from..to-1, and in no other: then it is one of the level
 * that keeps these keys. */
static bool at_level(const wsf__panel *p, int64_t series, int from, int to) {
  for (int k = 0; k < p->n_keys; ++k) {
    if ((p->key[k].code[series] >= 0) != (k >= from && k < to)) return false;
  }
  return true;
}

static int64_t count_level(const wsf__panel *p, int from, int to) {
  int64_t n = 0;
  for (int64_t i = 0; i < p->n; ++i) n += at_level(p, i, from, to);
  return n;
}

/* Groups of the first `keys` keys: series are ordered by them, so groups are neighbours. */
static int64_t count_prefix(const wsf__panel *p, int keys) {
  int64_t groups = 0, before = -1;
  for (int64_t i = 0; i < p->n; ++i) {
    bool same = before >= 0, whole = true;
    for (int k = 0; k < keys; ++k) {
      whole = whole && p->key[k].code[i] >= 0;
      same = same && p->key[k].code[i] == p->key[k].code[before];
    }
    if (!whole) continue;
    groups += !same;
    before = i;
  }
  return groups;
}

static wsf_status describe_levels(wsf_table *t, const wsf__panel *p, wsf_error *err) {
  int64_t level, *keys, *groups, *series, row = 0;
  WSF__TRY(wsf__table_add_text(t, "level", &level, err));
  WSF__TRY(wsf__table_add_i64(t, "keys", WSF_TYPE_I64, &keys, err));
  WSF__TRY(wsf__table_add_i64(t, "groups", WSF_TYPE_I64, &groups, err));
  WSF__TRY(wsf__table_add_i64(t, "series", WSF_TYPE_I64, &series, err));
  WSF__TRY(wsf__table_put(t, level, "total", err));
  series[row] = count_level(p, 0, 0);
  groups[row++] = 1;
  for (int k = 0; k < p->n_keys; ++k) {
    WSF__TRY(wsf__table_put(t, level, p->key[k].name, err));
    keys[row] = 1;
    series[row] = count_level(p, k, k + 1);
    groups[row++] = p->key[k].n_labels;
  }
  char name[512] = "";
  size_t used = 0;
  for (int k = 0; k < p->n_keys; ++k) {
    if (used < sizeof name) {
      used +=
          (size_t)snprintf(name + used, sizeof name - used, "%s%s", k ? "/" : "", p->key[k].name);
    }
    if (k == 0) continue;
    WSF__TRY(wsf__table_put(t, level, name, err));
    keys[row] = k + 1;
    series[row] = count_level(p, 0, k + 1);
    groups[row++] = count_prefix(p, k + 1);
  }
  return WSF_OK;
}

/* A row for each series of each sum. */
static wsf_status describe_sums(wsf_table *t, const wsf__panel *p, wsf_error *err) {
  int64_t sum, series, *sum_row, *series_row, row = 0;
  WSF__TRY(wsf__table_add_text(t, "sum", &sum, err));
  WSF__TRY(wsf__table_add_text(t, "series", &series, err));
  WSF__TRY(wsf__table_add_i64(t, "sum row", WSF_TYPE_I64, &sum_row, err));
  WSF__TRY(wsf__table_add_i64(t, "series row", WSF_TYPE_I64, &series_row, err));
  for (int64_t i = 0; p->members.start && i < p->n; ++i) {
    WSF__TRY(wsf__table_goes_on(t, err));
    for (int64_t m = p->members.start[i]; m < p->members.start[i + 1]; ++m, ++row) {
      char label[256];
      sum_row[row] = i;
      series_row[row] = p->members.member[m];
      wsf__panel_label(p, i, label, sizeof label);
      WSF__TRY(wsf__table_put(t, sum, label, err));
      wsf__panel_label(p, series_row[row], label, sizeof label);
      WSF__TRY(wsf__table_put(t, series, label, err));
    }
  }
  return WSF_OK;
}

/* ---- values ------------------------------------------------------------------------------- */

/* The n[i] periods of each series i from period begin[i] on. */
static wsf_status values_column(wsf_table *t, const wsf__panel *p, int c, const int64_t *begin,
                                const int64_t *n, wsf_error *err) {
  const wsf__column *column = &p->column[c];
  const bool categories = column->n_categories > 0, flag = column->flag && !categories;
  double *number = NULL;
  int64_t *whole = NULL, text = 0, row = 0;
  if (categories)
    WSF__TRY(wsf__table_add_text(t, column->name, &text, err));
  else if (flag)
    WSF__TRY(wsf__table_add_i64(t, column->name, WSF_TYPE_I64, &whole, err));
  else
    WSF__TRY(wsf__table_add_f64(t, column->name, &number, err));
  for (int64_t i = 0; i < p->n; ++i) {
    WSF__TRY(wsf__table_goes_on(t, err));
    for (int64_t k = 0; k < n[i]; ++k, ++row) {
      const double v = wsf__panel_value(p, c, i, begin[i] + k);
      if (number)
        number[row] = v;
      else if (whole && isnan(v))
        wsf__table_set_null(t, wsf_table_columns(t) - 1, row);
      else if (whole)
        whole[row] = v != 0;
      else
        WSF__TRY(wsf__table_put(t, text, isnan(v) ? NULL : column->category[(int32_t)v], err));
    }
  }
  return WSF_OK;
}

static wsf_status describe_values(wsf_table *t, const wsf__panel *p, const int64_t *periods,
                                  wsf_error *err) {
  int64_t *time, row = 0;
  double *target = NULL, *weight;
  WSF__TRY(wsf__panel_put_keys(t, p, periods, err));
  WSF__TRY(wsf__table_add_i64(t, p->time_name, wsf__panel_time_type(p), &time, err));
  if (p->T > 0) WSF__TRY(wsf__table_add_f64(t, p->target_name, &target, err));
  WSF__TRY(wsf__table_add_f64(t, "weight", &weight, err));
  for (int64_t i = 0; i < p->n; ++i) {
    WSF__TRY(wsf__table_goes_on(t, err));
    for (int64_t k = 0; k < periods[i]; ++k, ++row) {
      time[row] = wsf__calendar_value(&p->calendar, p->first[i] + k);
      if (target) target[row] = p->y ? p->y[p->offset[i] + k] : NAN;
      weight[row] = wsf__panel_weight(p, i, p->first[i] + k);
    }
  }
  for (int c = 0; c < p->n_columns; ++c) WSF__TRY(values_column(t, p, c, p->first, periods, err));
  return WSF_OK;
}

/* What is known of the periods after the history of each series. */
static wsf_status describe_ahead(wsf_table *t, const wsf__panel *p, const int64_t *begin,
                                 const int64_t *n, wsf_error *err) {
  int64_t *time, row = 0;
  WSF__TRY(wsf__panel_put_keys(t, p, n, err));
  WSF__TRY(wsf__table_add_i64(t, p->time_name, wsf__panel_time_type(p), &time, err));
  for (int64_t i = 0; i < p->n; ++i) {
    WSF__TRY(wsf__table_goes_on(t, err));
    for (int64_t k = 0; k < n[i]; ++k) {
      time[row++] = wsf__calendar_value(&p->calendar, begin[i] + k);
    }
  }
  for (int c = 0; c < p->n_columns; ++c) {
    if (p->column[c].kind == WSF__KNOWN) WSF__TRY(values_column(t, p, c, begin, n, err));
  }
  return WSF_OK;
}

static wsf_status make_ahead(wsf_table **t, const wsf__env *env, const wsf__panel *p,
                             wsf_error *err) {
  const wsf__alloc *a = &p->arena.alloc;
  int64_t *begin = wsf__new(a, (size_t)p->n, sizeof *begin),
          *n = wsf__new(a, (size_t)p->n, sizeof *n);
  int64_t rows = 0;
  bool known = false;
  for (int c = 0; c < p->n_columns; ++c) known = known || p->column[c].kind == WSF__KNOWN;
  for (int64_t i = 0; begin && n && i < p->n; ++i) {
    begin[i] = p->first[i] + p->length[i];
    n[i] = known && p->T + p->ahead > begin[i] ? p->T + p->ahead - begin[i] : 0;
    rows += n[i];
  }
  wsf_status status = begin && n ? wsf__table_begin(t, env, rows, err) : wsf__fail_memory(err);
  if (status == WSF_OK) status = describe_ahead(*t, p, begin, n, err);
  wsf__delete(a, begin);
  wsf__delete(a, n);
  return status;
}

/* ---- tables that came with the panel ------------------------------------------------------ */

/* A copy, because the caller makes each returned table the owner of a reference of its own. */
static wsf_status copy_table(wsf_table *t, const wsf_table *from, wsf_error *err) {
  const int64_t rows = wsf_table_rows(from);
  for (int64_t c = 0; c < wsf_table_columns(from); ++c) {
    const int32_t type = wsf_table_type(from, c);
    const char *name = wsf_table_name(from, c);
    if (type == WSF_TYPE_TEXT) {
      int64_t column;
      WSF__TRY(wsf__table_add_text(t, name, &column, err));
      for (int64_t r = 0; r < rows; ++r) {
        size_t length = 0;
        const char *text = wsf_table_text(from, c, r, &length);
        WSF__TRY(wsf__table_put_n(t, column, text, length, err));
      }
    } else if (type == WSF_TYPE_F64) {
      double *cell;
      WSF__TRY(wsf__table_add_f64(t, name, &cell, err));
      if (rows > 0) memcpy(cell, wsf_table_f64(from, c), (size_t)rows * sizeof *cell);
    } else {
      int64_t *cell;
      WSF__TRY(wsf__table_add_i64(t, name, type, &cell, err));
      if (rows > 0) memcpy(cell, wsf_table_i64(from, c), (size_t)rows * sizeof *cell);
      for (int64_t r = 0; r < rows; ++r) {
        if (wsf_table_is_null(from, c, r)) wsf__table_set_null(t, c, r);
      }
    }
  }
  return WSF_OK;
}

/* Nobody asks for anything: the columns of a request without a row. */
static wsf_status empty_request(wsf_table *t, const wsf__panel *p, wsf_error *err) {
  int64_t *cell, column;
  for (int k = 0; k < p->n_keys; ++k) {
    WSF__TRY(p->key[k].integer ? wsf__table_add_i64(t, p->key[k].name, WSF_TYPE_I64, &cell, err)
                               : wsf__table_add_text(t, p->key[k].name, &column, err));
  }
  return wsf__table_add_i64(t, p->time_name, wsf__panel_time_type(p), &cell, err);
}

wsf_status wsf__panel_describe(wsf_table **out, const wsf__env *env, const wsf__panel *p,
                               const char *what, wsf_error *err) {
  const wsf__alloc *a = &p->arena.alloc;
  wsf_table *t = NULL;
  wsf_status status;
  *out = NULL;
  if (strcmp(what, "summary") == 0) {
    status = describe_summary(&t, env, p, err);
  } else if (strcmp(what, "columns") == 0) {
    status = wsf__table_begin(&t, env, p->n_columns, err);
    if (status == WSF_OK) status = describe_columns(t, p, err);
  } else if (strcmp(what, "series") == 0) {
    status = wsf__table_begin(&t, env, p->n, err);
    if (status == WSF_OK) status = describe_series(t, p, err);
  } else if (strcmp(what, "levels") == 0) {
    status = wsf__table_begin(&t, env, p->n_keys > 0 ? 2 * p->n_keys : 1, err);
    if (status == WSF_OK) status = describe_levels(t, p, err);
  } else if (strcmp(what, "sums") == 0) {
    status = wsf__table_begin(&t, env, p->members.start ? p->members.start[p->n] : 0, err);
    if (status == WSF_OK) status = describe_sums(t, p, err);
  } else if (strcmp(what, "values") == 0) {
    int64_t rows = 0, *periods = wsf__new(a, (size_t)p->n, sizeof *periods);
    for (int64_t i = 0; periods && i < p->n; ++i) rows += periods[i] = periods_of(p, i);
    status = periods ? wsf__table_begin(&t, env, rows, err) : wsf__fail_memory(err);
    if (status == WSF_OK) status = describe_values(t, p, periods, err);
    wsf__delete(a, periods);
  } else if (strcmp(what, "ahead") == 0) {
    status = make_ahead(&t, env, p, err);
  } else if (strcmp(what, "report") == 0) {
    status = wsf__table_begin(&t, env, wsf_table_rows(p->report), err);
    if (status == WSF_OK) status = copy_table(t, p->report, err);
  } else if (strcmp(what, "request") == 0) {
    status = wsf__table_begin(&t, env, wsf_table_rows(p->request), err);
    if (status == WSF_OK) {
      status = p->request ? copy_table(t, p->request, err) : empty_request(t, p, err);
    }
  } else {
    status = wsf__fail(err, WSF_E_NAME,
                       "no description is called '%.64s', expected summary, columns, series, "
                       "levels, sums, values, ahead, report or request",
                       what);
  }
  if (status != WSF_OK) {
    wsf_table_release(t);
    return status;
  }
  *out = t;
  return WSF_OK;
}
