/* Change points.
 *
 * Killick, Fearnhead and Eckley (2012), "Optimal detection of changepoints with a linear
 * computational cost", JASA 107: the segmentation with the least sum of costs and penalties, by
 * optimal partitioning (equation 5) with candidates pruned that cannot be the last change any more
 * (theorem 3.1). Exact, and linear in n as long as changes come as n grows.
 * Costs are twice the negative log-likelihood of a Gaussian segment. Change in mean: the variance
 * is that of half the differences between neighbours, by their median, so that neither changes nor
 * outliers count; series whose noise lingers get too many changes, unless the penalty is raised.
 * Change in mean and variance: the variance is the segment's, but at least a hundredth of that, or
 * two equal values would be a segment of their own.
 * Penalties: Schwarz, (p + 1) log n for p parameters and the place of a change; or Zhang and
 * Siegmund (2007), "A modified Bayes information criterion", p + 2 instead and the logarithms of
 * the segments' shares of n, which keeps changes from the ends. */
#include "analysis/changes.h"

#include "analysis/unit_root.h"
#include "math/stats.h"

#include <math.h>

enum { LEAST = 5 };
static const double TWO_PI = 6.283185307179586, FLOOR = 0.01;

typedef struct search {
  int64_t n, least;
  const double *sum, *square; /* [n + 1] of the first values, in units of the noise */
  bool variance, mbic;
  double penalty;
} search;

/* Sum of squares of from .. to - 1 about their mean. */
static double spread(const search *s, int64_t from, int64_t to) {
  const double sum = s->sum[to] - s->sum[from];
  return fmax(0, s->square[to] - s->square[from] - sum * sum / (double)(to - from));
}

static double likelihood(const search *s, int64_t from, int64_t to) {
  const double squares = spread(s, from, to), count = (double)(to - from);
  if (!s->variance) return squares;
  const double v = fmax(squares / count, FLOOR);
  return count * log(TWO_PI * v) + squares / v;
}

static double cost(const search *s, int64_t from, int64_t to) {
  const double share = s->mbic ? log((double)(to - from) / (double)s->n) : 0;
  return likelihood(s, from, to) + share;
}

/* last[t]: where the last segment of the best segmentation of the first t values begins. total,
 * candidate and until: n + 1 each. */
static void partition(const search *s, int64_t *last, double *total, int64_t *candidate,
                      int64_t *until) {
  int64_t alive = 0;
  total[0] = -s->penalty;
  for (int64_t t = 1; t <= s->n; ++t) {
    total[t] = INFINITY;
    last[t] = 0;
    if (t < s->least) continue;
    if (t == s->least || t >= 2 * s->least) {
      candidate[alive] = t - s->least;
      until[alive++] = INT64_MAX;
    }
    int64_t kept = 0;
    for (int64_t i = 0; i < alive; ++i) {
      const double value = total[candidate[i]] + cost(s, candidate[i], t) + s->penalty;
      if (value < total[t]) {
        total[t] = value;
        last[t] = candidate[i];
      }
    }
    /* A candidate that t beats is not needed once t can begin a segment of its own. */
    for (int64_t i = 0; i < alive; ++i) {
      if (until[i] == INT64_MAX && total[candidate[i]] + cost(s, candidate[i], t) > total[t]) {
        until[i] = t + s->least;
      }
      if (until[i] <= t) continue;
      candidate[kept] = candidate[i];
      until[kept++] = until[i];
    }
    alive = kept;
  }
}

/* Standard deviation of the noise of x[n], from the differences; spare: n. */
static double noise(const double *x, int64_t n, double *spare) {
  for (int64_t t = 0; t + 1 < n; ++t) spare[t] = fabs(x[t + 1] - x[t]);
  double sigma = 1.4826 * wsf__median_inplace(spare, n - 1) / sqrt(2);
  if (sigma > wsf__rounding(x, n)) return sigma;
  /* More than half of the steps are none: all of them then. */
  double sum = 0;
  for (int64_t t = 0; t + 1 < n; ++t) sum += (x[t + 1] - x[t]) * (x[t + 1] - x[t]);
  return sqrt(sum / (double)(n - 1) / 2);
}

static void describe(double out[2], const double *x, int64_t from, int64_t to) {
  double sum = 0;
  out[0] = wsf__mean(x + from, to - from);
  for (int64_t t = from; t < to; ++t) sum += (x[t] - out[0]) * (x[t] - out[0]);
  out[1] = to - from > 1 ? sqrt(sum / (double)(to - from - 1)) : NAN;
}

static bool trace(wsf__change **out, int64_t *count, const search *s, const double *x,
                  const int64_t *at, const int64_t *last, wsf__arena *arena) {
  for (int64_t t = last[s->n]; t > 0; t = last[t]) ++*count;
  *out = wsf__arena_new(arena, (size_t)*count, sizeof **out);
  if (!*out) return false;
  int64_t end = s->n, i = *count;
  for (int64_t t = last[end]; t > 0; end = t, t = last[t]) {
    wsf__change *c = &(*out)[--i];
    const int64_t from = last[t];
    c->at = at[t];
    describe(c->before, x, from, t);
    describe(c->after, x, t, end);
    c->gain = likelihood(s, from, end) - likelihood(s, from, t) - likelihood(s, t, end);
  }
  return true;
}

bool wsf__find_changes(wsf__change **out, int64_t *count, const double *y, int64_t n,
                       const wsf__change_rule *rule, wsf__arena *arena) {
  *out = NULL;
  *count = 0;
  if (wsf__is_flat(y, n)) return true;
  const size_t room = (size_t)n + 1;
  double *x = wsf__arena_new(arena, room, 4 * sizeof *x);
  int64_t *at = wsf__arena_new(arena, room, 4 * sizeof *at);
  if (!x || !at) return false;
  double *sum = x + room, *square = x + 2 * room, *total = x + 3 * room;
  int64_t *last = at + room, *candidate = at + 2 * room, *until = at + 3 * room;
  int64_t observed = 0;
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(y[t])) continue;
    at[observed] = t;
    x[observed++] = y[t];
  }
  search s = {.n = observed,
              .least = rule->least > 0 ? rule->least : LEAST,
              .sum = sum,
              .square = square,
              .variance = rule->variance,
              .mbic = rule->mbic && !(rule->penalty > 0)};
  if (s.variance && s.least < 2) s.least = 2;
  if (observed < 2 * s.least) return true;
  const int terms = (s.variance ? 2 : 1) + (s.mbic ? 2 : 1);
  s.penalty = rule->penalty > 0 ? rule->penalty : terms * log((double)observed);

  const double sigma = noise(x, observed, total), mean = wsf__mean(x, observed);
  sum[0] = square[0] = 0;
  for (int64_t t = 0; t < observed; ++t) {
    const double z = (x[t] - mean) / sigma;
    sum[t + 1] = sum[t] + z;
    square[t + 1] = square[t] + z * z;
  }
  partition(&s, last, total, candidate, until);
  return trace(out, count, &s, x, at, last, arena);
}
