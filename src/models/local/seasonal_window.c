/* Problem: forecast a season. `swindow(k)` is the mean of the last k observations of the same
 * season; `snaive` is k = 1, the seasonal random walk (Hyndman and Athanasopoulos 2021,
 * "Forecasting: principles and practice", 5.2).
 *
 * Intervals: window.c's growth, with years as the steps: for snaive sigma sqrt(floor((h-1)/m) + 1),
 * the same book's 5.5. sigma^2 is the mean squared error against the season's own past; where there
 * is no such pair yet, that of the random walk.
 *
 * Limits: a season that was never observed takes the line between its nearest neighbours on the
 * circle. A history shorter than one season is forecast by the random walk (short_season).
 *
 * State: the struct below and, per season, the period of the last observation (-1: none), the
 * number observed and a ring of k; moved one period at a time, so an update equals a refit. */
#include "models/components.h"
#include "models/history.h"

#include <math.h>

typedef struct season_state {
  wsf__extent extent;
  double n;                        /* periods */
  double squares, count;           /* standardised errors against the same season */
  double last, last_at;            /* last observation and its period */
  double walk_squares, walk_count; /* standardised errors of the random walk */
  double table[];                  /* [m] rows of 2 + k */
} season_state;
enum { HEAD = sizeof(season_state) / sizeof(double) };
enum { STRIDE = 1024 }; /* steps between two looks at a cancel */

typedef struct row {
  double at, observed;
  double ring[];
} row;

typedef struct shape {
  int64_t m, k, stride, size;
} shape;

static const wsf__option snaive_options[] = {
    {"season", WSF__INT, "0", 0, 100000, NULL, "periods in a season; 0 = the data's"},
};
static const wsf__option swindow_options[] = {
    {"k", WSF__INT, "2", 1, 1000, NULL, "how many of the last seasons are averaged"},
    {"season", WSF__INT, "0", 0, 100000, NULL, "periods in a season; 0 = the data's"},
};

static shape shape_of(const wsf__node *node, const wsf__panel *panel) {
  shape z = {.m = wsf__season_of(node, panel)};
  z.k = node->spec->n_options > 1 ? wsf__arg_int(node, "k") : 1;
  z.stride = 2 + z.k;
  z.size = HEAD + z.m * z.stride;
  return z;
}

static double ring_mean(const row *r, int64_t k) {
  const int64_t n = r->observed < (double)k ? (int64_t)r->observed : k;
  double sum = 0;
  for (int64_t i = 1; i < n; ++i) sum += r->ring[i] - r->ring[0];
  return r->ring[0] + sum / (double)n;
}

static double growth(double years, int64_t k) {
  const double alpha = 2.0 / (double)(k + 1);
  return 1 + (years - 1) * alpha * alpha;
}

static void observe(season_state *w, const shape *z, double y) {
  row *r = (row *)(w->table + (int64_t)w->n % z->m * z->stride);
  if (r->observed > 0) {
    const double e = y - ring_mean(r, z->k);
    w->squares += e * e / growth((w->n - r->at) / (double)z->m, z->k);
    w->count += 1;
  }
  r->ring[(int64_t)r->observed % z->k] = y;
  r->observed += 1;
  r->at = w->n;
  if (w->last_at >= 0) {
    const double e = y - w->last;
    w->walk_squares += e * e / (w->n - w->last_at);
    w->walk_count += 1;
    wsf__extent_add(&w->extent, y);
  } else {
    w->extent = (wsf__extent){y, y};
  }
  w->last = y;
  w->last_at = w->n;
}

/* fitted: NULL, or [n] what was forecast of each period, from the second season on. */
static void advance(season_state *w, const shape *z, const double *y, int64_t n, double *fitted,
                    const wsf__arena *scratch) {
  for (int64_t t = 0; t < n && !(t % STRIDE == 0 && wsf__cut_short(scratch)); ++t) {
    const row *r = (const row *)(w->table + (int64_t)w->n % z->m * z->stride);
    if (fitted && r->observed > 0) fitted[t] = ring_mean(r, z->k);
    if (!isnan(y[t])) observe(w, z, y[t]);
    w->n += 1;
  }
}

/* Whether observations span a season. */
static bool spans_season(const season_state *w, const shape *z) {
  return w->last_at + 1 >= (double)z->m;
}

static int32_t reason_of(const season_state *w, const shape *z) {
  if (w->last_at < 0) return WSF__EMPTY;
  return wsf__reason_or(wsf__extent_reason(w->extent), z->m == 1            ? WSF__NO_SEASON
                                                       : spans_season(w, z) ? WSF__OK
                                                                            : WSF__SHORT_SEASON);
}

static wsf_status fit_series(wsf__fit *f, const wsf__series *s, wsf__fitted *out) {
  const shape z = shape_of(out->node, f->panel);
  double *v = wsf__state_set(f, out, s, z.size, WSF__OK);
  if (!v) return wsf__fail_memory(f->err);
  season_state *w = (season_state *)v;
  w->last_at = -1;
  for (int64_t j = 0; j < z.m; ++j) w->table[j * z.stride] = -1;
  advance(w, &z, s->y, s->n, wsf__history_of(out, s), f->scratch);
  out->state[s->slot].reason = reason_of(w, &z);
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  const shape z = shape_of(out->node, f->panel);
  const double *before = old->state[s->slot].v;
  double *v = wsf__state_set(f, out, s, z.size, WSF__OK);
  if (!v) return wsf__fail_memory(f->err);
  for (int64_t i = 0; i < z.size; ++i) v[i] = before[i];
  season_state *w = (season_state *)v;
  advance(w, &z, s->y, s->n, NULL, f->scratch);
  out->state[s->slot].reason = reason_of(w, &z);
  return WSF_OK;
}

static void predict_walk(const season_state *w, double *mean, double *sd, int64_t h) {
  const double sigma = w->walk_count > 0 ? sqrt(w->walk_squares / w->walk_count) : 0;
  for (int64_t i = 0; i < h; ++i) {
    mean[i] = w->last;
    sd[i] = sigma * sqrt(w->n + (double)i - w->last_at);
  }
}

/* The season is what a period differs from the mean over all that were seen. */
static void explain_season(const season_state *w, const shape *z, const wsf__forecast *out) {
  double level = 0, count = 0;
  for (int64_t j = 0; j < z->m; ++j) {
    const row *r = (const row *)(w->table + j * z->stride);
    if (r->at < 0) continue;
    count += 1;
    level += (ring_mean(r, z->k) - level) / count;
  }
  for (int64_t i = 0; i < out->h; ++i) wsf__explain(out, i, WSF__SEASON, out->mean[i] - level);
}

static bool predict_season(const season_state *w, const shape *z, double *mean, double *sd,
                           int64_t h, wsf__arena *scratch) {
  bool *seen = wsf__arena_new(scratch, (size_t)z->m, sizeof *seen);
  if (!seen) return false;
  for (int64_t j = 0; j < z->m; ++j) seen[j] = ((const row *)(w->table + j * z->stride))->at >= 0;
  double sigma = w->walk_count > 0 ? sqrt(w->walk_squares / w->walk_count) : 0;
  if (w->count > 0) sigma = sqrt(w->squares / w->count);
  const int64_t n = (int64_t)w->n;
  for (int64_t i = 0; i < h; ++i) {
    wsf__between b;
    if (!wsf__season_between(&b, seen, z->m, (n + i) % z->m)) return false;
    const row *l = (const row *)(w->table + b.left * z->stride);
    const row *r = (const row *)(w->table + b.right * z->stride);
    const double left = ring_mean(l, z->k), right = ring_mean(r, z->k);
    mean[i] = right + b.weight * (left - right);
    /* whole years from the older of the two to the season forecast */
    const int64_t at = (int64_t)(l->at < r->at ? l->at : r->at);
    const int64_t years = (n + i - at + z->m - 1) / z->m;
    sd[i] = sigma * sqrt(growth((double)(years > 1 ? years : 1), z->k));
  }
  return true;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  const shape z = shape_of(m->node, p->frame);
  const season_state *w = (const season_state *)m->state[s->slot].v;
  double *sd = wsf__arena_new(p->scratch, (size_t)out->h, sizeof *sd);
  if (!sd) return wsf__fail_memory(p->err);
  const bool seasonal = spans_season(w, &z);
  if (!seasonal) {
    predict_walk(w, out->mean, sd, out->h);
  } else if (!predict_season(w, &z, out->mean, sd, out->h, p->scratch)) {
    return wsf__fail_memory(p->err);
  }
  if (seasonal) explain_season(w, &z, out);
  wsf__forecast_normal(out, sd);
  return WSF_OK;
}

/* A share of an error stays in its season; of the walk of a series without one all of it. */
static wsf_status response(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                           wsf__response *out) {
  const shape z = shape_of(m->node, p->frame);
  const season_state *w = (const season_state *)m->state[s->slot].v;
  const bool seasonal = spans_season(w, &z);
  const double stays = seasonal ? 2.0 / (double)(z.k + 1) : 1;
  for (int64_t i = seasonal ? z.m : 1; i < out->h; i += seasonal ? z.m : 1) out->error[i] = stays;
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  const shape z = shape_of(node, frame);
  if (state->n != z.size || !wsf__state_finite(state)) return false;
  const season_state *w = (const season_state *)state->v;
  if (!wsf__whole(w->n, 1, WSF__LONGEST) || !wsf__whole(w->last_at, 0, w->n - 1)) return false;
  if (!(w->squares >= 0 && w->count >= 0 && w->walk_squares >= 0 && w->walk_count >= 0)) {
    return false;
  }
  bool any = false;
  for (int64_t j = 0; j < z.m; ++j) {
    const row *r = (const row *)(w->table + j * z.stride);
    if (r->at == -1 && r->observed == 0) continue;
    if (!wsf__whole(r->at, 0, w->n - 1) || (int64_t)r->at % z.m != j) return false;
    if (!wsf__whole(r->observed, 1, WSF__LONGEST)) return false;
    any = true;
  }
  return any;
}

const wsf__model_class wsf__model_snaive = {
    .spec = {.family = "model",
             .group = "local",
             .name = "snaive",
             .summary = "the last observation of the same season again",
             .source = "Hyndman and Athanasopoulos (2021), 5.2",
             .since = "0.1.0",
             .example = "snaive(season=52)",
             .options = snaive_options,
             .n_options = sizeof snaive_options / sizeof *snaive_options},
    .fit_series = fit_series,
    .predict_series = predict,
    .response = response,
    .update = update,
    .check = check,
    .promise = {.units = WSF__EPSILON, .level = WSF__EPSILON, .why = "differences are rounded"},
};

const wsf__model_class wsf__model_swindow = {
    .spec = {.family = "model",
             .group = "local",
             .name = "swindow",
             .summary = "the mean of the last observations of the same season",
             .source = "Hyndman and Athanasopoulos (2021), 5.2",
             .since = "0.1.0",
             .example = "swindow(2, season=52)",
             .options = swindow_options,
             .n_options = sizeof swindow_options / sizeof *swindow_options},
    .fit_series = fit_series,
    .predict_series = predict,
    .response = response,
    .update = update,
    .check = check,
    .promise = {.units = WSF__EPSILON, .level = WSF__EPSILON, .why = "sums are rounded"},
};
