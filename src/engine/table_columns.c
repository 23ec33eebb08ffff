/* Pieces that several result tables share: key columns, the time column, intervals and quantiles.
 */
#include "engine/drive.h"

#include <math.h>
#include <string.h>

wsf_status wsf__table_add_key(wsf_table *t, const wsf__key *key, const int64_t *series, int64_t n,
                              int64_t repeat, wsf_error *err) {
  int64_t *cells = NULL, column = -1, row = 0;
  if (key->integer)
    WSF__TRY(wsf__table_add_i64(t, key->name, WSF_TYPE_I64, &cells, err));
  else
    WSF__TRY(wsf__table_add_text(t, key->name, &column, err));
  for (int64_t i = 0; i < n; ++i) {
    const int64_t of = series ? series[i] : i;
    const int32_t code = of < 0 ? -1 : key->code[of]; /* below 0: null, a sum over it */
    const char *label = code < 0 ? NULL : key->label[code];
    const size_t length = label ? strlen(label) : 0;
    int64_t whole = 0;
    if (i % 1024 == 0 || repeat > 1024) WSF__TRY(wsf__table_goes_on(t, err));
    if (key->integer && label && !wsf__integer_parse(label, length, &whole)) {
      return wsf__fail(err, WSF_E_INTERNAL, "key %s has a label that is not a whole number",
                       key->name);
    }
    for (int64_t r = 0; r < repeat; ++r, ++row) {
      if (key->integer && !label)
        wsf__table_set_null(t, wsf_table_columns(t) - 1, row);
      else if (key->integer)
        cells[row] = whole;
      else
        WSF__TRY(wsf__table_put_n(t, column, label, length, err));
    }
  }
  return WSF_OK;
}

wsf_status wsf__table_add_keys(wsf_table *t, const wsf__panel *p, const int64_t *series, int64_t n,
                               int64_t repeat, wsf_error *err) {
  for (int k = 0; k < p->n_keys; ++k) {
    WSF__TRY(wsf__table_add_key(t, &p->key[k], series, n, repeat, err));
  }
  return WSF_OK;
}

wsf_status wsf__table_distinct(const wsf_table *t, const wsf__panel *p, wsf_error *err) {
  const int64_t columns = wsf_table_columns(t), lead = p->n_keys + 3;
  for (int64_t c = 0; c < columns && c < lead; ++c) {
    for (int64_t other = c + 1; other < columns; ++other) {
      if (strcmp(wsf_table_name(t, c), wsf_table_name(t, other)) != 0) continue;
      (void)wsf__fail(
          err, WSF_E_DATA,
          "column '%.100s' of the data has the name of a column of the result, expected "
          "another one",
          wsf_table_name(t, c));
      wsf__error_at_field(err, wsf_table_name(t, c));
      return WSF_E_DATA;
    }
  }
  return WSF_OK;
}

wsf_status wsf__table_add_time(wsf_table *t, const wsf__panel *p, const char *name, int64_t **cells,
                               wsf_error *err) {
  const int32_t form = p->calendar.form;
  const int32_t type = form == WSF__FORM_DATE   ? WSF_TYPE_DATE
                       : form == WSF__FORM_TIME ? WSF_TYPE_TIME
                                                : WSF_TYPE_I64;
  return wsf__table_add_i64(t, name, type, cells, err);
}

/* Ascending and distinct. */
static int sort_distinct(double *x, int n) {
  int kept = 0;
  for (int i = 1; i < n; ++i) {
    const double v = x[i];
    int j = i;
    for (; j > 0 && x[j - 1] > v; --j) x[j] = x[j - 1];
    x[j] = v;
  }
  for (int i = 0; i < n; ++i) {
    if (kept == 0 || x[i] != x[kept - 1]) x[kept++] = x[i];
  }
  return kept;
}

static int position(const double *x, int n, double v) {
  int i = 0;
  while (i < n && x[i] != v) ++i;
  return i;
}

/* The nearest doubles to the decimals meant: level 80 and quantile 0.1 are one and the same. */
static double lower_of(double level) {
  return (100 - level) / 200;
}

static double upper_of(double level) {
  return (100 + level) / 200;
}

wsf_status wsf__quantiles_make(wsf__quantiles *out, wsf__arena *arena, const wsf__value *levels,
                               const wsf__value *quantiles, wsf_error *err) {
  const int n_levels = levels && levels->form == WSF__NUMBERS ? levels->n : 0;
  const int n_asked = quantiles && quantiles->form == WSF__NUMBERS ? quantiles->n : 0;
  const size_t most = 2 * (size_t)n_levels + (size_t)n_asked;
  double *q = wsf__arena_new(arena, most, sizeof *q);
  double *level = wsf__arena_new(arena, (size_t)n_levels, sizeof *level);
  double *asked = wsf__arena_new(arena, (size_t)n_asked, sizeof *asked);
  int *index = wsf__arena_new(arena, most, sizeof *index);
  if (!q || !level || !asked || !index) return wsf__fail_memory(err);
  for (int i = 0; i < n_levels; ++i) level[i] = levels->numbers[i];
  for (int i = 0; i < n_asked; ++i) asked[i] = quantiles->numbers[i];
  out->n_levels = sort_distinct(level, n_levels);
  out->n_asked = sort_distinct(asked, n_asked);
  int n = 0;
  for (int i = 0; i < out->n_levels; ++i) {
    q[n++] = lower_of(level[i]);
    q[n++] = upper_of(level[i]);
  }
  for (int i = 0; i < out->n_asked; ++i) q[n++] = asked[i];
  out->n = n = sort_distinct(q, n);
  int *lower = index, *upper = lower + out->n_levels, *at = upper + out->n_levels;
  for (int i = 0; i < out->n_levels; ++i) {
    lower[i] = position(q, n, lower_of(level[i]));
    upper[i] = position(q, n, upper_of(level[i]));
  }
  for (int i = 0; i < out->n_asked; ++i) at[i] = position(q, n, asked[i]);
  out->q = q;
  out->level = level;
  out->asked = asked;
  out->lower = lower;
  out->upper = upper;
  out->at = at;
  return WSF_OK;
}

static wsf_status add_named(wsf_table *t, const char *prefix, double number, double **cells,
                            wsf_error *err) {
  char name[40];
  const size_t length = strlen(prefix);
  memcpy(name, prefix, length);
  name[length + wsf__number_format(number, name + length)] = '\0';
  return wsf__table_add_f64(t, name, cells, err);
}

wsf_status wsf__table_add_quantiles(wsf_table *t, const wsf__quantiles *q, double **cells,
                                    wsf_error *err) {
  for (int i = 0; i < q->n_levels; ++i) {
    WSF__TRY(add_named(t, "lo-", q->level[i], cells++, err));
    WSF__TRY(add_named(t, "hi-", q->level[i], cells++, err));
  }
  for (int i = 0; i < q->n_asked; ++i) WSF__TRY(add_named(t, "q-", q->asked[i], cells++, err));
  return WSF_OK;
}

wsf_status wsf__table_add_paths(wsf_table *t, int64_t n, double **cells, wsf_error *err) {
  for (int64_t k = 0; k < n; ++k) WSF__TRY(add_named(t, "path-", (double)(k + 1), cells++, err));
  return WSF_OK;
}

void wsf__quantiles_put(const wsf__quantiles *q, double *const *cells, int64_t row, double mean,
                        const double *quantile, int64_t stride) {
  for (int i = 0; i < q->n_levels; ++i) {
    (*cells++)[row] = fmin(quantile[q->lower[i] * stride], mean);
    (*cells++)[row] = fmax(quantile[q->upper[i] * stride], mean);
  }
  for (int i = 0; i < q->n_asked; ++i) (*cells++)[row] = quantile[q->at[i] * stride];
}
