/* Problem: forecast a level that moves by the same amount every period: the random walk with drift,
 * the line through the first and the last observation (Hyndman and Athanasopoulos 2021,
 * "Forecasting: principles and practice", 5.2).
 *
 * Intervals: sigma sqrt(h (1 + h / (T - 1))), the same book's 5.5, with sigma the residual standard
 * deviation at T - 2 degrees of freedom. Missing values: a difference over d periods has d times
 * the drift and d times the variance, so slope and sigma stay the maximum likelihood estimates; a
 * gap at the end counts as steps already ahead.
 *
 * A first observation that lies far beyond all others (models/stray.c), as a mistyped one does,
 * would turn the whole line: the next one stands in its place, and it is an error of the intervals
 * alone.
 *
 * Limits: with one observation the drift is 0. With two, the one difference says either drift or
 * sigma: the forecast takes it for drift, the interval for noise, as the naive method's does.
 * State: the struct below, moved one period at a time, so an update equals a refit to the bit. */
#include "models/coefficients.h"
#include "models/components.h"
#include "models/history.h"
#include "models/stray.h"

#include <math.h>

typedef struct drift_state {
  wsf__extent extent;
  double n;             /* periods */
  double first;         /* y[0], which is observed, or of a stray what was observed next */
  double last, last_at; /* last observation and its period */
  double squares;       /* sum of (difference)^2 / (periods it spans) */
  double count;         /* differences */
} drift_state;
enum { SIZE = sizeof(drift_state) / sizeof(double) };

static void advance(drift_state *d, const double *y, int64_t n) {
  for (int64_t t = 0; t < n; ++t, d->n += 1) {
    if (isnan(y[t])) continue;
    const double e = y[t] - d->last;
    d->squares += e * e / (d->n - d->last_at);
    d->count += 1;
    d->last = y[t];
    d->last_at = d->n;
    wsf__extent_add(&d->extent, y[t]);
  }
}

typedef struct line {
  double span, slope, sigma; /* T - 1; of the differences */
} line;

static line line_of(const drift_state *d) {
  line l = {.span = d->last_at};
  l.slope = l.span > 0 ? (d->last - d->first) / l.span : 0;
  const double rest = fmax(d->squares - l.slope * l.slope * l.span, 0);
  l.sigma = sqrt(d->count > 1 ? rest / (d->count - 1) : d->squares);
  return l;
}

/* The last observation, moved on by the slope of the whole history. */
static void fill_history(double slope, const double *y, int64_t n, double *fitted) {
  int64_t last = -1;
  for (int64_t t = 0; fitted && t < n; ++t) {
    if (last >= 0) fitted[t] = y[last] + slope * (double)(t - last);
    if (!isnan(y[t])) last = t;
  }
}

/* Whether y[0] lies far beyond the others: then it is the least or the largest of them. */
static bool begins_astray(bool *astray, const drift_state *d, const wsf__series *s, const double *y,
                          int64_t n, wsf__arena *scratch) {
  int64_t at = -1;
  *astray = false;
  if (s->interval || (d->first > d->extent.least && d->first < d->extent.largest)) return true;
  if (!wsf__stray(&at, y, n, scratch)) return false;
  *astray = at == 0;
  return true;
}

static wsf_status fit_series(wsf__fit *f, const wsf__series *s, wsf__fitted *out) {
  int64_t start = 0;
  while (start < s->n && isnan(s->y[start])) ++start;
  if (start == s->n) {
    wsf__state_fail(out, s, WSF__EMPTY);
    return WSF_OK;
  }
  double *v = wsf__state_set(f, out, s, SIZE, WSF__OK);
  if (!v) return wsf__fail_memory(f->err);
  drift_state *d = (drift_state *)v;
  const double first = s->y[start];
  *d = (drift_state){.extent = {first, first}, .n = 1, .first = first, .last = first};
  const double *y = s->y + start;
  const int64_t n = s->n - start;
  bool astray;
  advance(d, y + 1, n - 1);
  out->state[s->slot].reason = wsf__extent_reason(d->extent);
  if (!begins_astray(&astray, d, s, y, n, f->scratch)) return wsf__fail_memory(f->err);
  if (astray) {
    int64_t next = 1;
    while (isnan(y[next])) ++next;
    d->first = y[next];
    out->state[s->slot].reason = WSF__STRAY;
  }
  fill_history(line_of(d).slope, s->y, s->n, wsf__history_of(out, s));
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  const drift_state before = *(const drift_state *)old->state[s->slot].v;
  double *v = wsf__state_set(f, out, s, SIZE, WSF__OK);
  if (!v) return wsf__fail_memory(f->err);
  drift_state *d = (drift_state *)v;
  *d = before;
  advance(d, s->y, s->n);
  out->state[s->slot].reason =
      old->state[s->slot].reason == WSF__STRAY ? WSF__STRAY : wsf__extent_reason(d->extent);
  return WSF_OK;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  const drift_state *d = (const drift_state *)m->state[s->slot].v;
  double *sd = wsf__arena_new(p->scratch, (size_t)out->h, sizeof *sd);
  if (!sd) return wsf__fail_memory(p->err);
  const line l = line_of(d);
  for (int64_t i = 0; i < out->h; ++i) {
    const double h = d->n + (double)i - d->last_at;
    out->mean[i] = d->last + l.slope * h;
    wsf__explain(out, i, WSF__TREND, l.slope * h);
    sd[i] = l.span > 0 ? l.sigma * sqrt(h * (1 + h / l.span)) : 0;
  }
  wsf__forecast_normal(out, sd);
  return WSF_OK;
}

/* A random walk, and a slope that is as uncertain as its end. */
static wsf_status response(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                           wsf__response *out) {
  (void)p;
  const drift_state *d = (const drift_state *)m->state[s->slot].v;
  const double gap = d->n - 1 - d->last_at, span = fmax(d->last_at, 1);
  for (int64_t i = 0; i < out->h; ++i) {
    const double h = d->n + (double)i - d->last_at;
    out->error[i] = 1;
    out->shared[i] = sqrt(gap + h * h / span);
  }
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  if (state->n != SIZE || !wsf__state_finite(state)) return false;
  const drift_state *d = (const drift_state *)state->v;
  return wsf__whole(d->n, 1, WSF__LONGEST) && wsf__whole(d->last_at, 0, d->n - 1) &&
         wsf__whole(d->count, 0, d->last_at) && d->squares >= 0;
}

static void coefficients(const wsf__fitted *m, const wsf__series *s, wsf__coefficients *out) {
  const line l = line_of((const drift_state *)m->state[s->slot].v);
  wsf__coefficient_add(out, "drift", 0, l.slope, l.sigma / sqrt(l.span));
  wsf__coefficient_add(out, "sigma2", 0, l.sigma * l.sigma, NAN);
}

const wsf__model_class wsf__model_drift = {
    .spec = {.family = "model",
             .group = "local",
             .name = "drift",
             .summary = "the line through the first and the last observation",
             .source = "Hyndman and Athanasopoulos (2021), 5.2",
             .since = "0.1.0",
             .example = "drift"},
    .fit_series = fit_series,
    .predict_series = predict,
    .response = response,
    .update = update,
    .check = check,
    .promise = {.units = WSF__EPSILON, .level = WSF__EPSILON, .why = "differences are rounded"},
    .coefficients = coefficients,
};
