/* The time and the trend of prophet: Taylor and Letham (2018), equations 1 to 4. */
#include "models/local/prophet/prophet.h"

#include "ingest/hint.h"
#include "math/elementary.h"
#include "math/stats.h"

#include <stdlib.h>
#include <string.h>

wsf__growth wsf__prophet_growth(const wsf__node *node) {
  if (wsf__arg_is(node, "growth", "flat")) return WSF__FLAT;
  return wsf__arg_is(node, "growth", "logistic") ? WSF__LOGISTIC : WSF__LINEAR;
}

int64_t wsf__prophet_size(int changes, int waves, int covariates) {
  return WSF__PROPHET_HEAD + 2 * (int64_t)changes + waves + 3 * (int64_t)covariates;
}

/* Of states from before there was one. */
static const wsf__prophet_tail none;

wsf__prophet_parts wsf__prophet_parts_of(const wsf__node *node, const wsf__prophet *state) {
  wsf__prophet_parts z = {.changes = (int)state->changes,
                          .covariates = (int)state->covariates,
                          .growth = wsf__prophet_growth(node),
                          .multiplies = wsf__arg_is(node, "seasonality_mode", "multiplicative")};
  for (int i = 0; i < WSF__PROPHET_SEASONS; ++i) z.waves += 2 * (int)state->order[i];
  z.change = (double *)(uintptr_t)state->rest;
  z.delta = z.change + z.changes;
  z.beta = z.delta + z.changes;
  z.centre = z.beta + z.waves + z.covariates;
  z.width = z.centre + z.covariates;
  z.tail = &none;
  return z;
}

wsf__prophet_parts wsf__prophet_parts_in(const wsf__node *node, const double *v, int64_t n) {
  const wsf__prophet *state = (const wsf__prophet *)v;
  wsf__prophet_parts z = wsf__prophet_parts_of(node, state);
  n = wsf__prophet_bare(v, n);
  const int64_t before = wsf__prophet_size(z.changes, z.waves, z.covariates);
  if (n < before + WSF__PROPHET_TAIL) return z;
  z.tail = (wsf__prophet_tail *)(uintptr_t)(v + before);
  z.arcs = (n - before - WSF__PROPHET_TAIL) / WSF__PROPHET_ARC;
  z.arc = z.tail->arc;
  return z;
}

double wsf__prophet_day_of(const wsf__calendar *cal, double value) {
  if (cal->form == WSF__FORM_DATE) return value;
  if (cal->form == WSF__FORM_TIME) return value / 86400;
  const double unit = (double)wsf__freq_seconds(cal->freq);
  return cal->freq == WSF__INTEGER ? value / cal->step : value * unit / 86400;
}

double wsf__prophet_day(const wsf__calendar *cal, int64_t period) {
  return wsf__prophet_day_of(cal, (double)wsf__calendar_value(cal, period));
}

static wsf_status read_day(double *out, const wsf__node *node, const char *text,
                           const wsf__calendar *cal, wsf_error *err) {
  wsf__time time;
  const bool dated = cal->form != WSF__FORM_INTEGER;
  if (wsf__time_parse(text, strlen(text), &time) && dated == (time.form != WSF__FORM_INTEGER)) {
    const double value = (double)time.value;
    *out = dated ? value / 86400 : wsf__prophet_day_of(cal, value);
    return WSF_OK;
  }
  (void)wsf__fail(err, WSF_E_VALUE, "'%.100s' is no time of this calendar, expected %s", text,
                  dated ? "a date such as 2012-02-03" : "a whole number");
  wsf__error_at_field(err, "changepoints");
  wsf__error_at_byte(err, node->byte);
  return WSF_E_VALUE;
}

wsf_status wsf__prophet_given(double **out, int *n, const wsf__node *node, const wsf__panel *panel,
                              const wsf__prophet *head, wsf__arena *scratch, wsf_error *err) {
  const wsf__value *list = wsf__arg(node, "changepoints");
  *n = -1;
  if (list->n == 0 || wsf__prophet_growth(node) == WSF__FLAT) return WSF_OK;
  double *change = wsf__arena_new(scratch, (size_t)list->n, sizeof *change);
  if (!change) return wsf__fail_memory(err);
  int within = 0, kept = 0;
  for (int i = 0; i < list->n; ++i) {
    double day;
    WSF__TRY(read_day(&day, node, list->strings[i], &panel->calendar, err));
    const double t = (day - head->start) / head->span;
    if (t > 0 && t < 1) change[within++] = t;
  }
  wsf__sort(change, within);
  for (int i = 0; i < within; ++i) {
    if (kept == 0 || change[i] > change[kept - 1]) change[kept++] = change[i];
  }
  *out = change;
  *n = kept;
  return WSF_OK;
}

static wsf_status find_bound(wsf__prophet_bound *out, const wsf__node *node, const char *option,
                             const wsf__panel *panel, wsf_error *err) {
  const char *text = wsf__arg_text(node, option), *trouble = NULL;
  char *end = NULL, near[WSF__HINT_BYTES] = "";
  *out = (wsf__prophet_bound){.column = -1};
  if (!text) return WSF_OK;
  out->value = strtod(text, &end);
  if (end != text && !*end && isfinite(out->value)) return WSF_OK;
  out->column = wsf__panel_find_column(panel, text);
  if (out->column < 0)
    trouble = "does not exist";
  else if (panel->column[out->column].kind == WSF__PAST)
    trouble = "is not known ahead";
  else if (panel->column[out->column].n_categories > 0)
    trouble = "holds texts, not numbers";
  if (!trouble) return WSF_OK;
  if (out->column < 0) wsf__column_hint(near, panel, text);
  (void)wsf__fail(err, WSF_E_VALUE, "column '%.100s' %s%s", text, trouble, near);
  wsf__error_at_field(err, option);
  wsf__error_at_byte(err, node->byte);
  return WSF_E_VALUE;
}

wsf_status wsf__prophet_bounds_find(wsf__prophet_bounds *out, const wsf__node *node,
                                    const wsf__panel *panel, wsf_error *err) {
  WSF__TRY(find_bound(&out->cap, node, "cap", panel, err));
  WSF__TRY(find_bound(&out->floor, node, "floor", panel, err));
  if (wsf__prophet_growth(node) != WSF__LOGISTIC || wsf__arg_text(node, "cap")) return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE,
                  "growth=logistic needs cap=: a number, or a column known ahead");
  wsf__error_at_field(err, "cap");
  wsf__error_at_byte(err, node->byte);
  return WSF_E_VALUE;
}

double wsf__prophet_bound_at(const wsf__prophet_bound *b, const wsf__panel *panel,
                             const wsf__series *s, int64_t t) {
  if (b->column < 0) return b->value;
  return wsf__panel_value_at(panel, b->column, s->id, s->t0 + t, s->t0 + s->n - 1);
}

void wsf__prophet_offsets(const wsf__prophet_parts *z, double k, double m, double *offset) {
  offset[0] = m;
  for (int j = 0; z->growth == WSF__LOGISTIC && j < z->changes; ++j) {
    const double after = k + z->delta[j];
    offset[j + 1] = offset[j] + (z->change[j] - offset[j]) * (1 - k / after);
    k = after;
  }
}

double wsf__prophet_trend(const wsf__prophet_parts *z, double k, double m, const double *offset,
                          double t, double cap) {
  if (z->growth == WSF__FLAT) return m;
  if (z->growth == WSF__LINEAR) {
    double g = m + k * t;
    for (int j = 0; j < z->changes && z->change[j] < t; ++j) g += z->delta[j] * (t - z->change[j]);
    return g;
  }
  int j = 0;
  for (; j < z->changes && z->change[j] <= t; ++j) k += z->delta[j];
  return cap / (1 + wsf__exp(-k * (t - offset[j])));
}
