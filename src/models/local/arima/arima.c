/* Seasonal ARIMA with automatic choice of the order: the word `arima`.
 *
 * Box, Jenkins, Reinsel and Ljung (2016); the search of Hyndman and Khandakar (2008), "Automatic
 * time series forecasting: the forecast package for R", with the conventions of R's Arima and
 * auto.arima for differences, mean, drift and the counting of parameters. The likelihood is exact,
 * missing values included. Forecasts are the filter's; intervals come from the psi weights and the
 * variance at n - d - m D - k degrees of freedom; they count the uncertainty of mean, drift and
 * regressors, not that of the polynomials, and what trend_uncertainty.c adds.
 *
 * Update: the filter runs over what is appended with the parameters of the fit; a value missing
 * there counts as its forecast. State: what the filter needs for its next step, 3 r + d + m D
 * numbers with r = max(p + m P, q + m Q), and r + d + m D for each regressor. A series too short
 * for its order is forecast as a random walk. Limits: seasons to 366. */
#include "models/local/arima/arima_state.h"
#include "analysis/plain_season.h"
#include "math/elementary.h"
#include "models/coefficients.h"
#include "models/collinear.h"
#include "models/components.h"
#include "models/history.h"
#include "models/regressors.h"
#include "models/trend_uncertainty.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const wsf__option options[] = {
    {"order", WSF__INTS, "", 0, WSF__ARIMA_ORDER_MAX, NULL, "p, d and q; absent: chosen."},
    {"seasonal", WSF__INTS, "", 0, WSF__ARIMA_CYCLE_MAX, NULL,
     "P, D and Q; absent: chosen, or none if the order is given."},
    {"season", WSF__INT, "0", 0, WSF__ARIMA_SEASON_MAX, NULL,
     "Steps in a season; 0 is the data's."},
    WSF__REGRESSORS_OPTION("Columns and features known ahead that the target depends on."),
    {"fourier", WSF__INT, "0", 0, 1000, NULL,
     "Pairs of sine and cosine of the season among the regressors; the errors then have no season "
     "unless it is given."},
    {"mean", WSF__WORD, "auto", 0, 0, "auto|true|false",
     "Mean of a series that is not differenced; auto: yes for a given order, else by the "
     "criterion."},
    {"drift", WSF__WORD, "auto", 0, 0, "auto|true|false",
     "Drift of a series differenced once; auto: no for a given order, else by the criterion."},
    {"max_p", WSF__INT, "5", 0, WSF__ARIMA_ORDER_MAX, NULL, "Most autoregressive lags."},
    {"max_q", WSF__INT, "5", 0, WSF__ARIMA_ORDER_MAX, NULL, "Most moving-average lags."},
    {"max_P", WSF__INT, "2", 0, WSF__ARIMA_CYCLE_MAX, NULL, "Most seasonal autoregressive lags."},
    {"max_Q", WSF__INT, "2", 0, WSF__ARIMA_CYCLE_MAX, NULL, "Most seasonal moving-average lags."},
    {"max_d", WSF__INT, "2", 0, 2, NULL, "Most differences."},
    {"max_D", WSF__INT, "1", 0, 1, NULL, "Most seasonal differences."},
    {"max_order", WSF__INT, "5", 0, 32, NULL, "Most lags of all kinds, without stepwise search."},
    {"start_p", WSF__INT, "2", 0, WSF__ARIMA_ORDER_MAX, NULL, "p that the search begins with."},
    {"start_q", WSF__INT, "2", 0, WSF__ARIMA_ORDER_MAX, NULL, "q that the search begins with."},
    {"start_P", WSF__INT, "1", 0, WSF__ARIMA_CYCLE_MAX, NULL, "P that the search begins with."},
    {"start_Q", WSF__INT, "1", 0, WSF__ARIMA_CYCLE_MAX, NULL, "Q that the search begins with."},
    {"stepwise", WSF__FLAG, "true", 0, 0, NULL,
     "Search the neighbours only, instead of all orders."},
    {"approximation", WSF__WORD, "auto", 0, 0, "auto|true|false",
     "Compare orders by the conditional sum of squares and take the likelihood for the best; auto: "
     "with more than 1,000 observations."},
    {"ic", WSF__WORD, "aicc", 0, 0, "aicc|aic|bic", "Criterion that chooses the order."},
    {"test", WSF__WORD, "kpss", 0, 0, "kpss|adf|pp", "Unit root test that chooses d."},
    {"seasonal_test", WSF__WORD, "strength", 0, 0, "strength|ocsb",
     "What chooses D: the strength of the season, or the test of Osborn, Chui, Smith and "
     "Birchenhall."},
    {"intervals", WSF__WORD, "adjusted", 0, 0, "adjusted|model",
     "adjusted: they count that the trend may change, and heavy tails; model: the formula alone, "
     "too "
     "narrow."},
    {"method", WSF__WORD, "css_ml", 0, 0, "css_ml|ml|css",
     "Exact likelihood from a conditional start or from zero; or the conditional sum of squares."},
    {"d", WSF__INT, "auto", 0, 2, "auto", "Differences of an order that is chosen; auto: by test."},
    {"D", WSF__INT, "auto", 0, 1, "auto",
     "Seasonal differences of an order that is chosen; auto: by seasonal_test."},
};

/* The regressors of a series in its history: those of x=, then Fourier terms. */
typedef struct source {
  wsf__regressors columns;
  int64_t season;
  bool seasonal; /* lags of a season are tried */
  bool fast; /* waves were asked for that are faster than half a season: they follow from others */
  int32_t lost; /* wsf__reason for a season that is not */
} source;

static wsf_status read_row(const wsf__arima_machine *x, source *from, const wsf__series *s,
                           int64_t t, double *row, bool *whole) {
  *whole = true;
  if (x->shape.regressors == 0) return WSF_OK;
  WSF__TRY(wsf__regressors_read(&from->columns, s, t, row, whole));
  wsf__fourier(x->shape.pairs, from->season, (int64_t)x->head->periods, row + x->shape.names);
  return WSF_OK;
}

static wsf_status advance(wsf__arima_machine *x, source *from, const wsf__series *s,
                          const wsf__arena *scratch) {
  for (int64_t t = 0; t < s->n && !wsf__cut_short(scratch); ++t, x->head->periods += 1) {
    bool whole = false;
    if (!isnan(s->y[t])) WSF__TRY(read_row(x, from, s, t, x->row, &whole));
    if (!whole) {
      x->head->ahead += 1;
      continue;
    }
    for (; x->head->ahead > 0; x->head->ahead -= 1) wsf__arima_step(x, NAN, NULL);
    wsf__arima_step(x, s->y[t], x->row);
  }
  wsf__arima_settle(x);
  return WSF_OK;
}

/* A history ready to be fitted: from its first to its last whole row; x without gaps. */
typedef struct history {
  double *y;
  double **x; /* [names + 2 pairs] */
  int64_t n, ahead;
  int names, pairs;
} history;

/* A fit and what goes into the state with it. */
typedef struct result {
  wsf__arima_fit fit;
  const wsf__arima_detail *detail; /* NULL: no coefficients */
  double sigma, freedom, criterion;
  const double *full; /* values without gaps */
  int32_t reason;
} result;

/* One-step forecasts of the periods of h; NULL: nobody asked. */
static double *history_from(const wsf__fitted *out, const wsf__series *s, const history *h) {
  double *whole = wsf__history_of(out, s);
  return whole ? whole + (s->n - h->ahead - h->n) : NULL;
}

/* Of a series without its season, which wsf__slopes finds by itself in two cycles. */
static bool slopes(double out[WSF__SLOPES], double *rest, int64_t n, const wsf__arima_order *o,
                   wsf__arena *scratch) {
  if (o->D > 0 && n > o->m && n < 2 * (int64_t)o->m) {
    wsf__plain plain;
    double *season = wsf__arena_new(scratch, (size_t)o->m, sizeof *season);
    if (!season || !wsf__plain_season(season, &plain, WSF__PLAIN_SUMS, rest, n, o->m, scratch)) {
      return false;
    }
    for (int64_t t = 0; t < n; ++t) rest[t] -= season[t % o->m];
  }
  return wsf__slopes(out, rest, n, o->m, scratch);
}

/* Keep a fit: run the filter over the series, whose gaps hold their expectations. */
static wsf_status keep_fit(wsf__fit *f, const wsf__series *s, wsf__fitted *out, const history *h,
                           const result *found) {
  const wsf__arima_fit *fit = &found->fit;
  const wsf__arima_order *o = &fit->order;
  wsf__arima_shape z = {.order = *o};
  if (found->detail) z.names = h->names, z.pairs = h->pairs;
  wsf__arima_measure(&z);
  double *v = wsf__state_set(f, out, s, z.size, found->reason);
  if (!v) return wsf__fail_memory(f->err);
  memset(v, 0, (size_t)z.size * sizeof *v);
  *(wsf__arima_head *)v =
      (wsf__arima_head){o->p,
                        o->d,
                        o->q,
                        o->P,
                        o->D,
                        o->Q,
                        o->m,
                        o->constant,
                        .names = z.names,
                        .pairs = z.pairs,
                        .mean = fit->constant,
                        .sigma = found->sigma,
                        .freedom = found->freedom,
                        .log_likelihood = isfinite(fit->log_likelihood) ? fit->log_likelihood : 0,
                        .criterion = isfinite(found->criterion) ? found->criterion : 0};
  memcpy(v + WSF__ARIMA_HEAD, fit->c, (size_t)wsf__arima_count(o) * sizeof *v);
  wsf__arima_machine x;
  bool sound;
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  if (!wsf__arima_take_apart(&x, v, f->scratch) ||
      !wsf__arma_start(&x.arma, &x.filter, f->scratch, &sound)) {
    return wsf__fail_memory(f->err);
  }
  if (found->detail) {
    memcpy(x.beta, found->detail->beta, (size_t)z.regressors * sizeof *v);
    memcpy(x.root, found->detail->root,
           (size_t)z.coefficients * (size_t)z.coefficients * sizeof *v);
  }
  double *rest = wsf__arena_new(f->scratch, (size_t)h->n, sizeof *rest);
  if (!rest) return wsf__fail_memory(f->err);
  double *kept = history_from(out, s, h);
  for (int64_t t = 0; sound && t < h->n && !wsf__cut_short(f->scratch); ++t) {
    for (int i = 0; i < z.regressors; ++i) x.row[i] = h->x[i][t];
    rest[t] = found->full[t] - wsf__arima_explained(&x, x.row);
    if (t >= x.lost) {
      if (kept) kept[t] = wsf__arima_expected(&x, x.row);
      wsf__arima_step(&x, found->full[t], x.row);
      continue;
    }
    x.last[t] = rest[t];
    for (int i = 0; i < z.regressors; ++i) x.past[i * x.lost + t] = x.row[i];
  }
  if (sound && !slopes(x.head->slope, rest, h->n, o, f->scratch)) return wsf__fail_memory(f->err);
  wsf__arima_settle(&x);
  x.head->ahead = (double)h->ahead;
  x.head->periods = (double)s->n;
  if (!sound || !wsf__state_finite(&out->state[s->slot])) {
    wsf__state_fail(out, s, WSF__NOT_FINITE);
  }
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

/* The mean of a constant, or a random walk: what needs no estimate but a variance. */
static wsf_status keep_simple(wsf__fit *f, const wsf__series *s, wsf__fitted *out, const history *h,
                              int32_t reason) {
  const double *y = h->y;
  double squares = 0, count = 0, *known = history_from(out, s, h);
  int64_t at = 0;
  for (int64_t t = 1; t < h->n; ++t) {
    if (known) known[t] = y[at];
    if (isnan(y[t])) continue;
    const double x = (y[t] - y[at]) / sqrt((double)(t - at));
    squares = wsf__hypot(squares, x);
    count += 1;
    at = t;
  }
  history last = *h; /* the last value alone */
  last.n = 1;
  const result found = {.fit = {.order = {.m = 1, .d = 1}, .log_likelihood = -INFINITY},
                        .sigma = count > 0 ? squares / sqrt(count) : 0,
                        .freedom = count,
                        .full = &y[at],
                        .reason = reason};
  return keep_fit(f, s, out, &last, &found);
}

static wsf_status bad_option(const wsf__node *node, const char *option, int found, wsf_error *err) {
  wsf_status status =
      wsf__fail(err, WSF_E_VALUE, "%s has %d numbers where 3 were expected", option, found);
  wsf__error_at_byte(err, node->byte);
  return status;
}

static int read_choice(const wsf__node *node, const char *option) {
  return wsf__arg_is(node, option, "true") ? 1 : wsf__arg_is(node, option, "false") ? 0 : -1;
}

/* Differences that are given; -1: they are chosen. */
static int read_differences(const wsf__node *node, const char *option) {
  return wsf__arg_is(node, option, "auto") ? -1 : (int)wsf__arg_int(node, option);
}

/* What would be ignored is refused. */
static wsf_status check_given(const wsf__node *node, const wsf__arima_request *r, wsf_error *err) {
  const bool d = r->fixed_order && r->given_d >= 0;
  const bool D = (r->fixed_order || r->fixed_cycle) && r->given_D >= 0;
  if (!d && !D) return WSF_OK;
  const wsf_status status =
      wsf__fail(err, WSF_E_VALUE, "%s= is of an order that is chosen: %s= gives it", d ? "d" : "D",
                d || r->fixed_order ? "order" : "seasonal");
  wsf__error_at_byte(err, node->byte);
  return status;
}

static wsf_status read_request(const wsf__node *node, const wsf__panel *panel,
                               wsf__arima_request *r, wsf_error *err) {
  const wsf__value *order = wsf__arg(node, "order"), *cycle = wsf__arg(node, "seasonal");
  *r = (wsf__arima_request){.fixed_order = order->form == WSF__NUMBERS,
                            .fixed_cycle = cycle->form == WSF__NUMBERS,
                            .stepwise = wsf__arg_flag(node, "stepwise"),
                            .max_p = (int)wsf__arg_int(node, "max_p"),
                            .max_q = (int)wsf__arg_int(node, "max_q"),
                            .max_P = (int)wsf__arg_int(node, "max_P"),
                            .max_Q = (int)wsf__arg_int(node, "max_Q"),
                            .max_d = (int)wsf__arg_int(node, "max_d"),
                            .max_D = (int)wsf__arg_int(node, "max_D"),
                            .given_d = read_differences(node, "d"),
                            .given_D = read_differences(node, "D"),
                            .max_order = (int)wsf__arg_int(node, "max_order"),
                            .start_p = (int)wsf__arg_int(node, "start_p"),
                            .start_q = (int)wsf__arg_int(node, "start_q"),
                            .start_P = (int)wsf__arg_int(node, "start_P"),
                            .start_Q = (int)wsf__arg_int(node, "start_Q")};
  WSF__TRY(check_given(node, r, err));
  if (r->fixed_order && order->n != 3) return bad_option(node, "order", order->n, err);
  if (r->fixed_cycle && cycle->n != 3) return bad_option(node, "seasonal", cycle->n, err);
  const int64_t m = wsf__season_of(node, panel);
  const bool fourier = wsf__arg_int(node, "fourier") > 0 && !r->fixed_cycle;
  r->order.m = m > WSF__ARIMA_SEASON_MAX || fourier ? 1 : (int)m;
  if (r->fixed_order) {
    r->order.p = (int)order->numbers[0];
    r->order.d = (int)order->numbers[1];
    r->order.q = (int)order->numbers[2];
    if (!r->fixed_cycle) r->fixed_cycle = true;
  }
  if (cycle->form == WSF__NUMBERS && r->order.m > 1) {
    r->order.P = (int)cycle->numbers[0];
    r->order.D = (int)cycle->numbers[1];
    r->order.Q = (int)cycle->numbers[2];
  }
  r->test = wsf__arg_is(node, "test", "adf")  ? WSF__BY_ADF
            : wsf__arg_is(node, "test", "pp") ? WSF__BY_PP
                                              : WSF__BY_KPSS;
  r->ocsb = wsf__arg_is(node, "seasonal_test", "ocsb");
  r->approximate = read_choice(node, "approximation");
  r->mean = read_choice(node, "mean");
  r->drift = read_choice(node, "drift");
  r->ic = wsf__arg_is(node, "ic", "bic") ? 'b' : wsf__arg_is(node, "ic", "aic") ? 'a' : 'c';
  r->method = wsf__arg_is(node, "method", "css")  ? WSF__CSS
              : wsf__arg_is(node, "method", "ml") ? WSF__ML
                                                  : WSF__CSS_ML;
  return WSF_OK;
}

/* Missing values of a regressor: the target is missing there too, so they matter to nothing. */
static void fill_column(double *x, const bool *seen, int64_t n) {
  for (int64_t t = 1; t < n; ++t) {
    if (!seen[t]) x[t] = x[t - 1];
  }
}

/* Columns that say nothing of their own (collinear.h) become zeros, which get no coefficient. */
static wsf_status clear_dependent(history *h, wsf__fit *f, const int64_t *at, int64_t count) {
  const int k = h->names;
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  double *a = wsf__arena_new(f->scratch, (size_t)count, (size_t)k * sizeof *a);
  bool *keep = wsf__arena_new(f->scratch, (size_t)k, sizeof *keep);
  if (!a || !keep) return wsf__fail_memory(f->err);
  for (int j = 0; j < k && !wsf__cut_short(f->scratch); ++j) {
    for (int64_t i = 0; i < count; ++i) a[j * count + i] = h->x[j][at[i]];
    (void)wsf__centre(a + j * count, count);
  }
  (void)wsf__collinear(a, count, k, keep, f->scratch);
  for (int j = 0; j < k && count > 0 && !wsf__cut_short(f->scratch); ++j) {
    if (keep[j]) continue;
    for (int64_t t = at[0]; t <= at[count - 1]; ++t) h->x[j][t] = 0;
  }
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

/* A row without a regressor counts as a missing value. */
static wsf_status take_history(history *h, wsf__fit *f, const wsf__series *s, source *from,
                               int pairs) {
  const size_t n = (size_t)s->n, names = (size_t)from->columns.n;
  h->names = (int)names;
  from->columns.seen = s->n;
  double *row = wsf__arena_new(f->scratch, names, sizeof *row);
  int64_t *at = wsf__arena_new(f->scratch, n, sizeof *at);
  bool *seen = wsf__arena_new(f->scratch, n, sizeof *seen);
  h->y = wsf__arena_new(f->scratch, n, sizeof *h->y);
  h->x = wsf__arena_new(f->scratch, names + 2 * (size_t)pairs, sizeof *h->x);
  if (!row || !at || !seen || !h->y || !h->x) return wsf__fail_memory(f->err);
  int64_t count = 0, first = 0, end = 0;
  for (int64_t t = 0; t < s->n; ++t) {
    seen[t] = false;
    if (!isnan(s->y[t])) WSF__TRY(wsf__regressors_read(&from->columns, s, t, row, &seen[t]));
    h->y[t] = seen[t] ? s->y[t] : NAN;
    if (!seen[t]) continue;
    if (count == 0) first = t;
    at[count++] = t;
    end = t + 1;
  }
  const int64_t free = count / 3 - h->names; /* coefficients that leave two thirds of the rows */
  h->pairs = wsf__fourier_seen(pairs, from->season, at, count, f->scratch);
  if (h->pairs < 0) return wsf__fail_memory(f->err);
  if (2 * h->pairs > free) h->pairs = free > 1 ? (int)(free / 2) : 0;
  const int regressors = h->names + 2 * h->pairs;
  for (int i = 0; i < regressors; ++i) {
    h->x[i] = wsf__arena_new(f->scratch, n, sizeof **h->x);
    if (!h->x[i]) return wsf__fail_memory(f->err);
  }
  double *fourier = wsf__arena_new(f->scratch, 2 * (size_t)h->pairs, sizeof *fourier);
  if (!fourier) return wsf__fail_memory(f->err);
  for (int64_t t = first; t < end && !wsf__cut_short(f->scratch); ++t) {
    wsf__fourier(h->pairs, from->season, t, fourier);
    bool whole;
    WSF__TRY(wsf__regressors_read(&from->columns, s, t, row, &whole));
    for (int i = 0; i < regressors; ++i) {
      h->x[i][t] = i < h->names ? row[i] : fourier[i - h->names];
    }
  }
  WSF__TRY(clear_dependent(h, f, at, count));
  for (int i = 0; i < regressors; ++i) {
    h->x[i] += first;
    if (i < h->names) fill_column(h->x[i], seen + first, end - first);
  }
  h->y += first;
  h->n = end - first;
  h->ahead = s->n - end;
  return WSF_OK;
}

/* Fits come close to the unit circle, and where several roots do, rounding decides on which side
 * they are found: a double root at 1 - 1e-6 is. What lies this far inside is no rounding. */
static const double ROOT = 0.99;

static bool stationary(const double *c, int n, double sign) {
  double x[WSF__ARIMA_PARAMETERS];
  for (int i = 0; i < n; ++i) x[i] = sign * c[i];
  return wsf__arima_roots_beyond(n, x, ROOT);
}

/* Whether no polynomial has a root well inside the unit circle. */
static bool usable(const wsf__arima_order *o, const double *c) {
  return stationary(c, o->p, 1) && stationary(c + o->p, o->q, -1) &&
         stationary(c + o->p + o->q, o->P, 1) && stationary(c + o->p + o->q + o->P, o->Q, -1);
}

/* Whether the search may not try all orders, each of which takes three observations: of the lags
 * some, or of the seasons any (arima_search.c). */
static bool orders_cut(const wsf__arima_request *r, const history *h) {
  if (r->fixed_order) return false;
  const int64_t most = wsf__count_observed(h->y, h->n) / 3;
  const bool seasons = r->order.m > 1 && !r->fixed_cycle && (r->max_P > 0 || r->max_Q > 0);
  return most < r->max_p || most < r->max_q || (seasons && most < r->order.m);
}

/* What the expression asks for and the fit does without. */
static int32_t simplified(const source *from, const wsf__arima_request *r, const history *h,
                          int pairs, int rank) {
  if (from->lost != WSF__OK) return from->lost;
  if (h->pairs < pairs || (from->seasonal && h->n < 2 * from->season)) return WSF__SHORT_SEASON;
  if (rank < h->names + 2 * h->pairs || from->fast) return WSF__FEWER_COLUMNS;
  return orders_cut(r, h) ? WSF__FEW : WSF__OK;
}

static wsf_status fit_one(wsf__fit *f, const wsf__series *s, const wsf__arima_request *r,
                          source *from, int pairs, wsf__fitted *out) {
  history h = {0};
  WSF__TRY(take_history(&h, f, s, from, pairs));
  if (h.n == 0) {
    const bool empty = wsf__count_observed(s->y, s->n) == 0;
    wsf__state_fail(out, s, empty ? WSF__EMPTY : WSF__MISSING_REGRESSOR);
    return WSF_OK;
  }
  const int32_t kind = wsf__extent_reason(wsf__extent_of(h.y, h.n));
  if (kind != WSF__OK) return keep_simple(f, s, out, &h, kind);

  result found;
  wsf__arima_data data;
  wsf__arima_detail detail;
  WSF__TRY(wsf__arima_search(&found.fit, &found.criterion, &data, &detail, h.y, h.n,
                             (const double *const *)h.x, h.names + 2 * h.pairs, r, f->env,
                             f->scratch, f->err));
  const wsf__arima_fit *fit = &found.fit;
  if (!isfinite(fit->log_likelihood) || !usable(&fit->order, fit->c)) {
    return keep_simple(f, s, out, &h, WSF__REPLACED);
  }
  const int used = wsf__arima_count(&fit->order) + fit->order.constant + fit->rank;
  found.freedom = fmax((double)(data.observed - used), 1);
  found.sigma = sqrt(fit->sse / found.freedom) / data.scale;
  found.detail = &detail;
  found.full = data.filled;
  found.reason = wsf__reason_or(simplified(from, r, &h, pairs, fit->rank),
                                fit->converged ? WSF__OK : WSF__NO_CONVERGENCE);
  WSF__TRY(keep_fit(f, s, out, &h, &found));
  /* A filter that rounding drives apart: the coefficients cannot be used. */
  if (out->state[s->slot].reason == WSF__NOT_FINITE) {
    return keep_simple(f, s, out, &h, WSF__REPLACED);
  }
  if (out->errors) {
    const int n = wsf__arima_count(&fit->order) + fit->order.constant + data.regressors;
    double *errors = wsf__errors_set(f, out, s, n);
    if (!errors || !wsf__arima_errors(errors, fit, &data, r->method, f->scratch)) {
      return wsf__fail_memory(f->err);
    }
  }
  return WSF_OK;
}

static int pairs_of(const wsf__node *node, int64_t season) {
  const int64_t pairs = wsf__arg_int(node, "fourier");
  return (int)(2 * pairs < season ? pairs : season / 2);
}

/* names: columns that a state has coefficients for; -1: there is none yet. */
static wsf_status find_source(source *out, const wsf__node *node, const wsf__panel *panel,
                              int names, wsf__arena *scratch, wsf_error *err) {
  const wsf__value *cycle = wsf__arg(node, "seasonal");
  const bool fourier = wsf__arg_int(node, "fourier") > 0, fixed = cycle->form == WSF__NUMBERS;
  const bool chosen = !fixed && !fourier && wsf__arg(node, "order")->form != WSF__NUMBERS;
  bool lags = chosen;
  for (int i = 0; fixed && i < cycle->n; ++i) lags = lags || cycle->numbers[i] > 0;
  out->season = wsf__season_of(node, panel);
  out->seasonal = chosen && out->season > 1;
  out->lost = out->season > WSF__ARIMA_SEASON_MAX && lags        ? WSF__LONG_SEASON
              : out->season == 1 && !chosen && (lags || fourier) ? WSF__NO_SEASON
                                                                 : WSF__OK;
  out->fast = out->season > 1 && 2 * wsf__arg_int(node, "fourier") > out->season;
  return names < 0 ? wsf__regressors_find(&out->columns, node, panel, scratch, err)
                   : wsf__regressors_find_for(&out->columns, node, panel, names, scratch, err);
}

/* A simple state has none, whatever x= asks for. */
static int names_of(const wsf__arima_machine *x) {
  return x->shape.names > 0 ? x->shape.names : -1;
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  wsf__arima_request r;
  source from;
  const wsf__mark all = wsf__arena_mark(f->scratch);
  WSF__TRY(read_request(out->node, f->panel, &r, f->err));
  WSF__TRY(find_source(&from, out->node, f->panel, -1, f->scratch, f->err));
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__mark mark = wsf__arena_mark(f->scratch);
    WSF__TRY(fit_one(f, &b->series[i], &r, &from, pairs_of(out->node, from.season), out));
    wsf__arena_reset(f->scratch, mark);
  }
  wsf__arena_reset(f->scratch, all);
  return WSF_OK;
}

/* Steps after which a forecast can be compared with itself: the season, if the model has one. */
static int64_t cycle_of(const wsf__arima_order *o) {
  return o->P + o->D + o->Q > 0 ? o->m : 1;
}

/* A state taken apart, moved past the missing values at its end and over the steps asked for. */
typedef struct outlook {
  wsf__arima_machine x;
  int64_t ahead, steps; /* ahead: missing values, then the steps asked for */
  double *level;        /* [steps + cycle] the forecast less its regressors' part */
  double *rows;         /* [regressors][steps] */
  const char *const *names;
} outlook;

static wsf_status look_ahead(outlook *o, wsf__predict *p, const wsf__fitted *m,
                             const wsf__series *s, int64_t h) {
  const wsf__state *state = &m->state[s->slot];
  double *v = wsf__arena_new(p->scratch, (size_t)state->n, sizeof *v);
  wsf__arima_machine *x = &o->x;
  source from;
  if (!v) return wsf__fail_memory(p->err);
  memcpy(v, state->v, (size_t)state->n * sizeof *v);
  if (!wsf__arima_take_apart(x, v, p->scratch)) return wsf__fail_memory(p->err);
  WSF__TRY(find_source(&from, m->node, p->frame, names_of(x), p->scratch, p->err));
  const int regressors = x->shape.regressors;
  o->names = from.columns.name;
  const int64_t ahead = o->ahead = (int64_t)x->head->ahead, steps = o->steps = ahead + h;
  const int64_t beyond = steps + cycle_of(&x->shape.order);
  o->level = wsf__arena_new(p->scratch, (size_t)(x->lost + beyond), sizeof *o->level);
  o->rows = wsf__arena_new(p->scratch, (size_t)steps * (size_t)regressors, sizeof *o->rows);
  if (!o->level || !o->rows) return wsf__fail_memory(p->err);
  for (int64_t t = 0; t < steps && regressors > 0; ++t) {
    bool whole = false;
    if (t >= ahead) {
      WSF__TRY(wsf__regressors_ahead(&from.columns, s, t - ahead + 1, x->row, &whole));
    }
    if (whole) {
      wsf__fourier(x->shape.pairs, from.season, (int64_t)x->head->periods + t - ahead,
                   x->row + x->shape.names);
    }
    for (int i = 0; i < regressors; ++i) o->rows[i * steps + t] = whole ? x->row[i] : NAN;
  }
  memcpy(o->level, x->last, (size_t)x->lost * sizeof *o->level);
  o->level += x->lost;
  for (int64_t t = 0; t < beyond; ++t) {
    if (t % 256 == 0 && wsf__cut_short(p->scratch)) return wsf__fail_stopped(p->env, p->err);
    o->level[t] =
        wsf__arima_carried(x, o->level + t) + x->head->mean + wsf__arima_expect(x, x->state);
  }
  return WSF_OK;
}

/* out[steps]: how uncertain the trend makes each step. */
static void trend_uncertainty(const outlook *o, double *out) {
  const int64_t cycle = cycle_of(&o->x.shape.order);
  double path = 0;
  for (int64_t t = 0; t < o->steps; ++t) {
    path += (o->level[t + cycle] - o->level[t]) / (double)cycle;
    out[t] = wsf__trend_uncertainty(o->x.head->slope, (double)(t + 1), path);
  }
}

/* Quantiles around the mean. */
static wsf_status bounds(wsf__predict *p, outlook *o, bool adjusted, wsf__forecast *out) {
  const int64_t steps = o->steps;
  wsf__arima_machine *x = &o->x;
  double *psi = wsf__arena_new(p->scratch, (size_t)steps, 3 * sizeof *psi);
  if (!psi) return wsf__fail_memory(p->err);
  double *sd = psi + steps, *uncertain = sd + steps, sum = 0;
  wsf__arima_psi(&x->arma, x->difference, x->lost, steps, psi, p->scratch);
  for (int64_t t = 0; t < steps; ++t) sd[t] = sum += psi[t] * psi[t];
  WSF__TRY(wsf__arima_uncertainty(x, o->rows, steps, p->scratch, p->err, sd));
  if (adjusted) trend_uncertainty(o, uncertain);
  for (int64_t t = 0; t < steps; ++t) {
    sd[t] = x->head->sigma * sqrt(sd[t]);
    if (adjusted) sd[t] = wsf__hypot(sd[t], uncertain[t]);
  }
  if (adjusted) {
    wsf__forecast_student(out, sd + o->ahead, x->head->freedom);
  } else {
    wsf__forecast_normal(out, sd + o->ahead);
  }
  return WSF_OK;
}

/* One step: x[i * stride] are its regressors. What the process itself expects is the base. */
static void explain(const wsf__forecast *out, int64_t step, const wsf__arima_machine *m,
                    const double *x, int64_t stride, const char *const *names) {
  const wsf__arima_order *o = &m->shape.order;
  double season = 0;
  for (int i = 0; i < m->shape.regressors; ++i) {
    const double effect = m->beta[i] * x[i * stride];
    if (i < m->shape.names)
      wsf__explain_regressor(out, step, names[i], effect);
    else
      season += effect;
  }
  wsf__explain(out, step, WSF__SEASON, season);
  if (o->d + o->D > 0) { /* differences with a mean: so much a period */
    wsf__explain(out, step, WSF__TREND, m->head->mean / (o->D ? o->m : 1) * (double)(step + 1));
  }
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  const wsf__mark mark = wsf__arena_mark(p->scratch);
  outlook o;
  WSF__TRY(look_ahead(&o, p, m, s, out->h));
  for (int64_t t = o.ahead; t < o.steps; ++t) {
    double mean = o.level[t];
    for (int i = 0; i < o.x.shape.regressors; ++i) mean += o.x.beta[i] * o.rows[i * o.steps + t];
    out->mean[t - o.ahead] = mean;
    explain(out, t - o.ahead, &o.x, o.rows + t, o.steps, o.names);
  }
  if (out->n_q > 0) {
    WSF__TRY(bounds(p, &o, wsf__arg_is(m->node, "intervals", "adjusted"), out));
  }
  wsf__arena_reset(p->scratch, mark);
  return WSF_OK;
}

/* Of the ARMA process summed up, and a trend that may change; coefficients are taken as known. */
static wsf_status response(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                           wsf__response *out) {
  outlook o;
  WSF__TRY(look_ahead(&o, p, m, s, out->h));
  double *uncertain = wsf__arena_new(p->scratch, (size_t)o.steps, sizeof *uncertain);
  if (!uncertain) return wsf__fail_memory(p->err);
  wsf__arima_psi(&o.x.arma, o.x.difference, o.x.lost, out->h, out->error, p->scratch);
  for (int64_t t = 0; t < out->h; ++t) out->error[t] *= o.x.head->sigma;
  if (!wsf__arg_is(m->node, "intervals", "adjusted")) return WSF_OK;
  trend_uncertainty(&o, uncertain);
  memcpy(out->shared, uncertain + o.ahead, (size_t)out->h * sizeof *uncertain);
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  double *v = wsf__state_copy(f, old, s, out);
  if (!v) return wsf__fail_memory(f->err);
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  wsf__arima_machine x;
  source from;
  if (!wsf__arima_take_apart(&x, v, f->scratch)) return wsf__fail_memory(f->err);
  WSF__TRY(find_source(&from, out->node, f->panel, names_of(&x), f->scratch, f->err));
  WSF__TRY(advance(&x, &from, s, f->scratch));
  if (!wsf__state_finite(&out->state[s->slot])) wsf__state_fail(out, s, WSF__NOT_FINITE);
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  if (state->n < WSF__ARIMA_HEAD || !wsf__state_finite(state)) return false;
  const wsf__arima_head *h = (const wsf__arima_head *)state->v;
  wsf__arima_shape z;
  if (!wsf__arima_read_shape(h, &z) || state->n != z.size) return false;
  /* A series too short or constant keeps a simple state without regressors. */
  if (z.names != 0 && !wsf__regressors_may_be(node, z.names)) return false;
  if (z.pairs > pairs_of(node, wsf__season_of(node, frame))) return false;
  if (!(h->sigma >= 0) || !(h->freedom >= 0) || !wsf__whole(h->ahead, 0, WSF__ARIMA_GAP_MAX) ||
      !(h->f >= 1) || !wsf__whole(h->periods, 1, WSF__LONGEST) ||
      !wsf__whole(h->calm, 0, INT32_MAX / 2)) {
    return false;
  }
  return usable(&z.order, state->v + WSF__ARIMA_HEAD);
}

static void summarise(const wsf__state *state, wsf__summary *out) {
  const wsf__arima_head *h = (const wsf__arima_head *)state->v;
  char cycle[24] = "";
  if (h->P + h->D + h->Q > 0) {
    (void)snprintf(cycle, sizeof cycle, "(%u,%u,%u)[%u]", (uint8_t)h->P, (uint8_t)h->D,
                   (uint8_t)h->Q, (uint16_t)h->m);
  }
  (void)snprintf(out->form, sizeof out->form, "ARIMA(%u,%u,%u)%s%s", (uint8_t)h->p, (uint8_t)h->d,
                 (uint8_t)h->q, cycle,
                 h->constant == 0   ? ""
                 : h->d + h->D == 0 ? " with mean"
                                    : " with drift");
  if (h->criterion != 0) out->criterion = h->criterion;
}

static void add_block(wsf__coefficients *out, const char *name, const double *c, int n) {
  for (int i = 0; i < n; ++i) wsf__coefficient_add(out, name, i + 1, c[i], NAN);
}

/* As R's arima. Unless the fit kept those of the likelihood, standard errors of the mean, the drift
 * and the regressors are those of generalised least squares, given the polynomials. */
static void coefficients(const wsf__fitted *m, const wsf__series *s, wsf__coefficients *out) {
  static const char *const wave[] = {"sin", "cos"};
  const wsf__state *state = &m->state[s->slot];
  double *v = wsf__arena_new(out->arena, (size_t)state->n, sizeof *v);
  wsf__arima_machine x;
  if (v) memcpy(v, state->v, (size_t)state->n * sizeof *v);
  if (!v || !wsf__arima_take_apart(&x, v, out->arena)) {
    out->failed = true;
    return;
  }
  const char *const *names = wsf__coefficient_names(out, m->node, x.shape.names);
  if (!names) {
    out->failed = true;
    return;
  }
  const wsf__arima_order *o = &x.shape.order;
  const double *c = x.coefficient;
  add_block(out, "ar", c, o->p);
  add_block(out, "ma", c + o->p, o->q);
  add_block(out, "sar", c + o->p + o->q, o->P);
  add_block(out, "sma", c + o->p + o->q + o->P, o->Q);
  const double each = o->D ? o->m : 1; /* periods in a difference */
  for (int j = 0; j < x.shape.coefficients; ++j) {
    const int i = j - o->constant, term = i - x.shape.names;
    double sum = 0;
    for (int row = 0; row < x.shape.coefficients; ++row) {
      const double root = x.root[row * x.shape.coefficients + j];
      sum += root * root;
    }
    const double error = sum > 0 ? x.head->sigma * sqrt(sum) : NAN;
    if (i < 0)
      wsf__coefficient_add(out, o->d + o->D ? "drift" : "intercept", 0, x.head->mean / each,
                           error / each);
    else if (term < 0)
      wsf__coefficient_regressor(out, names[i], x.beta[i], error);
    else
      wsf__coefficient_add(out, wave[term % 2], term / 2 + 1, x.beta[i], error);
  }
  wsf__coefficient_add(out, "sigma2", 0, x.head->sigma * x.head->sigma, NAN);
}

/* A simple state has no regressors. */
static bool regresses(const wsf__node *node, const wsf__state *state) {
  (void)node;
  return ((const wsf__arima_head *)state->v)->names > 0;
}

const wsf__model_class wsf__model_arima = {
    .spec =
        {"model", "local", "arima",
         "Seasonal ARIMA by exact maximum likelihood, its order chosen by an information "
         "criterion.",
         "Hyndman and Khandakar (2008), Automatic time series forecasting: the forecast package "
         "for R; conventions of R's forecast::auto.arima",
         "0.1.0", "arima(order=[0,1,1], seasonal=[0,1,1])", options,
         sizeof options / sizeof *options},
    .fit = fit,
    .predict_series = predict,
    .response = response,
    .update = update,
    .check = check,
    .promise = {.units = WSF__CONVERGING,
                .level = WSF__CONVERGING,
                .update = WSF__NOT,
                .why = "where the search ends; an update keeps the coefficients"},
    .coefficients = coefficients,
    .summarise = summarise,
    .regresses = regresses,
};
