/* Average each series with those of its group that move like it, before any model sees it.
 *
 * What several stores' sales of a department share is signal; what one does alone is mostly noise
 * (pooling of the winning entry of the 2014 Walmart competition: standard scaling and an average of
 * closely correlated series). Over the periods that two series both observe, the other is brought
 * to the mean and the spread of this one; the k - 1 with the largest correlation there and the
 * series itself are averaged, period by period, and the inner model is fitted on that, on the
 * series' own scale. Gaps are filled by those that observe them. Equal correlations: the first in
 * the panel's order. What the averaging removed is noise to the forecast: its variance is added to
 * the intervals. Limits: quadratic in the number of series of a group. A series that shares fewer
 * than 8 observations, or fewer than half of its own, with another, or does not vary there, has no
 * use for it; one without any such other stays as it is. An update takes new observations as
 * they are. */
#include "models/combine/smoothed.h"
#include "models/history.h"
#include "models/scope.h"

#include <math.h>

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model", "model of the averaged series"},
    {"k", WSF__INT, "5", 1, 1000, NULL, "series in an average, the series itself among them"},
    {"correlation", WSF__REAL, "0", -1, 1, NULL, "the least correlation of those that take part"},
    WSF__OPTION_BY};

enum {
  LEAST = 8, /* common observations */
  BLOCK = 16 /* series whose partners one piece of work finds */
};

/* A series of the group, its values x = (y - centre) / scale within -1 .. 1. */
typedef struct member {
  double *x;
  int64_t n, t0, observed;
  double centre, scale;
} member;

/* How another series becomes this one: x = mean + ratio (x_other - other_mean). */
typedef struct partner {
  const member *other;
  double correlation, mean, other_mean, ratio;
} partner;

static bool member_of(member *out, const wsf__series *s, wsf__arena *scratch) {
  *out = (member){wsf__arena_new(scratch, (size_t)s->n, sizeof(double)), s->n, s->t0, 0, 0, 0};
  if (!out->x) return false;
  for (int64_t t = 0; t < s->n; ++t) {
    if (isnan(s->y[t])) continue;
    ++out->observed;
    out->centre += (s->y[t] - out->centre) / (double)out->observed;
  }
  for (int64_t t = 0; t < s->n; ++t) out->scale = fmax(out->scale, fabs(s->y[t] - out->centre));
  const wsf__extent e = wsf__extent_of(s->y, s->n);
  if (!(e.least < e.largest)) out->observed = 0; /* nothing moves: nobody's partner */
  for (int64_t t = 0; t < s->n; ++t) out->x[t] = (s->y[t] - out->centre) / out->scale;
  return true;
}

/* Compare two series over what both observe; false: they have too little in common. */
static bool compare(partner *out, const member *a, const member *b) {
  const int64_t from = a->t0 > b->t0 ? a->t0 : b->t0;
  const int64_t end = a->t0 + a->n < b->t0 + b->n ? a->t0 + a->n : b->t0 + b->n;
  if (b->observed < LEAST || end - from < LEAST) return false;
  const double *x = a->x + (from - a->t0), *z = b->x + (from - b->t0);
  double sx = 0, sz = 0, xx = 0, zz = 0, xz = 0;
  int64_t count = 0;
  for (int64_t t = 0; t < end - from; ++t) {
    if (isnan(x[t]) || isnan(z[t])) continue;
    sx += x[t];
    sz += z[t];
    ++count;
  }
  if (count < LEAST || 2 * count < a->observed) return false;
  const double mx = sx / (double)count, mz = sz / (double)count;
  for (int64_t t = 0; t < end - from; ++t) {
    if (isnan(x[t]) || isnan(z[t])) continue;
    xx += (x[t] - mx) * (x[t] - mx);
    zz += (z[t] - mz) * (z[t] - mz);
    xz += (x[t] - mx) * (z[t] - mz);
  }
  /* A spread of less than a millionth of the whole is rounding, or nothing to stretch. */
  const double least = 1e-12 * (double)count;
  if (!(xx > least && zz > least)) return false;
  *out = (partner){b, fmax(-1, fmin(1, xz / (sqrt(xx) * sqrt(zz)))), mx, mz, sqrt(xx / zz)};
  return true;
}

/* The up to `most` best partners of member i, best first; returns how many, fewer when the call was
 * stopped. */
static int64_t find_partners(partner *best, int64_t most, double least, const member *members,
                             int64_t n, int64_t i, const wsf__env *env) {
  int64_t found = 0;
  for (int64_t j = 0; j < n && !wsf__stopped(env); ++j) {
    partner p;
    if (j == i || !compare(&p, &members[i], &members[j]) || p.correlation < least) continue;
    int64_t at = found;
    while (at > 0 && best[at - 1].correlation < p.correlation) --at;
    if (at == most) continue;
    if (found < most) ++found;
    for (int64_t k = found - 1; k > at; --k) best[k] = best[k - 1];
    best[at] = p;
  }
  return found;
}

/* Writes the average of a series and its partners to y; returns the root mean square of what that
 * took away. */
static double average(double *y, const member *own, const partner *partners, int64_t n,
                      const wsf__env *env) {
  double square = 0;
  for (int64_t t = 0; t < own->n && !wsf__stopped(env); ++t) {
    const bool seen = !isnan(own->x[t]);
    double sum = seen ? own->x[t] : 0, count = seen;
    for (int64_t k = 0; k < n; ++k) {
      const partner *p = &partners[k];
      const int64_t at = own->t0 + t - p->other->t0;
      if (at < 0 || at >= p->other->n || isnan(p->other->x[at])) continue;
      sum += p->mean + p->ratio * (p->other->x[at] - p->other_mean);
      count += 1;
    }
    if (count == 0) continue;
    const double x = sum / count;
    if (seen) square += (own->x[t] - x) * (own->x[t] - x);
    y[t] = own->centre + own->scale * x;
  }
  return own->scale * sqrt(square / (double)own->observed);
}

typedef struct work {
  const member *members;
  int64_t n, most;
  double least;
  wsf__series *series;
  const int64_t *position;
  double *noise;
} work;

static wsf_status average_block(wsf__fit *f, int64_t block, void *user) {
  const work *w = user;
  const int64_t end = (block + 1) * BLOCK < w->n ? (block + 1) * BLOCK : w->n;
  partner *best = wsf__arena_new(f->scratch, (size_t)w->most, sizeof *best);
  if (!best) return wsf__fail_memory(f->err);
  for (int64_t i = block * BLOCK; i < end; ++i) {
    if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
    if (w->members[i].observed == 0) continue;
    const int64_t found = find_partners(best, w->most, w->least, w->members, w->n, i, f->env);
    if (found == 0) continue;
    const int64_t at = w->position[i];
    double *y = wsf__series_values(&w->series[at]);
    w->noise[at] = average(y, &w->members[i], best, found, f->env);
  }
  return WSF_OK;
}

/* Average the series of one group; noise[i] belongs to series i of the batch. */
static wsf_status pool(wsf__fit *f, const wsf__node *node, wsf__series *series,
                       const int64_t *position, int64_t n, double *noise) {
  const int64_t k = wsf__arg_int(node, "k") - 1, most = k < n - 1 ? k : n - 1;
  if (most == 0) return WSF_OK;
  member *members = wsf__arena_new(f->scratch, (size_t)n, sizeof *members);
  if (!members) return wsf__fail_memory(f->err);
  for (int64_t i = 0; i < n; ++i) {
    if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
    if (!member_of(&members[i], &series[position[i]], f->scratch)) return wsf__fail_memory(f->err);
  }
  const double least = wsf__arg_number(node, "correlation");
  work w = {members, n, most, least, series, position, noise};
  return f->parallel(f, (n + BLOCK - 1) / BLOCK, average_block, &w);
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  return wsf__smoothed_fit(f, b, out, pool);
}

const wsf__model_class wsf__model_pool = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "pool",
             .summary = "any model on averages of series that move alike",
             .source = "winning entry, Walmart store sales 2014",
             .since = "0.1.0",
             .example = "stl(ets) | pool(5)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = fit,
    .predict = wsf__smoothed_predict,
    .update = wsf__smoothed_update,
    .check = wsf__smoothed_check,
    .promise = {.update = WSF__NOT, .why = "an update smooths nothing"},
    .scope = wsf__scope_by,
};
