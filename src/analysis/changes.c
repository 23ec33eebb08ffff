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
#include "math/elementary.h"
#include "math/stats.h"
#include "sync/env.h"

#include <math.h>

enum { LEAST = 5 };
static const double TWO_PI = 6.283185307179586, FLOOR = 0.01;

typedef struct search {
  int64_t n, least;
  const double *sum, *square; /* [n + 1] of the first values, in units of the noise */
  const double *share;        /* [n + 1] what the length of a segment costs */
  bool variance;
  double penalty;
} search;

/* Twice the negative log-likelihood of `count` values with this sum of squares about their mean. */
static inline double likelihood(double squares, double count, bool variance) {
  if (!variance) return squares;
  const double mean = squares / count, v = mean > FLOOR ? mean : FLOOR;
  return count * wsf__ln(TWO_PI * v) + squares / v;
}

static double spread(double sum, double square, double count) {
  const double squares = square - sum * sum / count;
  return squares > 0 ? squares : 0; /* rounding */
}

static double segment(const search *s, int64_t from, int64_t to) {
  const double count = (double)(to - from), sum = s->sum[to] - s->sum[from];
  return likelihood(spread(sum, s->square[to] - s->square[from], count), count, s->variance);
}

/* Places where the last segment may begin, with what is needed of them side by side. */
typedef struct candidates {
  int64_t n, *at, *until;
  double *total, *sum, *square, *value;
} candidates;

/* value: total cost if the last segment of the first t values begins there. The loop that takes
 * the time. */
static void extend(const candidates *c, const search *s, int64_t t) {
  const double sum = s->sum[t], square = s->square[t];
  for (int64_t i = 0; i < c->n; ++i) {
    const double count = (double)(t - c->at[i]);
    const double squares = spread(sum - c->sum[i], square - c->square[i], count);
    c->value[i] = c->total[i] + likelihood(squares, count, s->variance) + s->share[t - c->at[i]];
  }
}

/* last[t]: where the last segment of the best segmentation of the first t values begins; total[t]:
 * its cost. */
static void partition(const search *s, int64_t *last, double *total, candidates *c,
                      const wsf__arena *scratch) {
  total[0] = -s->penalty;
  for (int64_t t = 1; t <= s->n && !wsf__cut_short(scratch); ++t) {
    total[t] = INFINITY;
    last[t] = 0;
    if (t < s->least) continue;
    if (t == s->least || t >= 2 * s->least) {
      const int64_t i = c->n++, begin = t - s->least;
      c->at[i] = begin;
      c->until[i] = INT64_MAX;
      c->total[i] = total[begin] + s->penalty;
      c->sum[i] = s->sum[begin];
      c->square[i] = s->square[begin];
    }
    extend(c, s, t);
    for (int64_t i = 0; i < c->n; ++i) {
      if (!(c->value[i] < total[t])) continue;
      total[t] = c->value[i];
      last[t] = c->at[i];
    }
    /* A candidate that t beats is not needed once t can begin a segment of its own. */
    int64_t kept = 0;
    for (int64_t i = 0; i < c->n; ++i) {
      if (c->until[i] == INT64_MAX && c->value[i] - s->penalty > total[t])
        c->until[i] = t + s->least;
      if (c->until[i] <= t) continue;
      if (kept < i) {
        c->at[kept] = c->at[i];
        c->until[kept] = c->until[i];
        c->total[kept] = c->total[i];
        c->sum[kept] = c->sum[i];
        c->square[kept] = c->square[i];
      }
      ++kept;
    }
    c->n = kept;
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
    c->gain = segment(s, from, end) - segment(s, from, t) - segment(s, t, end);
  }
  return true;
}

bool wsf__find_changes(wsf__change **out, int64_t *count, const double *y, int64_t n,
                       const wsf__change_rule *rule, wsf__arena *arena) {
  *out = NULL;
  *count = 0;
  if (wsf__is_flat(y, n)) return true;
  const size_t room = (size_t)n + 1;
  double *x = wsf__arena_new(arena, room, 9 * sizeof *x);
  int64_t *at = wsf__arena_new(arena, room, 4 * sizeof *at);
  if (!x || !at) return false;
  double *sum = x + room, *square = x + 2 * room, *total = x + 3 * room, *share = x + 4 * room;
  int64_t *last = at + room;
  candidates c = {.at = at + 2 * room,
                  .until = at + 3 * room,
                  .total = x + 5 * room,
                  .sum = x + 6 * room,
                  .square = x + 7 * room,
                  .value = x + 8 * room};
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
              .share = share,
              .variance = rule->variance};
  const bool mbic = rule->mbic && !(rule->penalty > 0);
  if (s.variance && s.least < 2) s.least = 2;
  if (observed < 2 * s.least) return true;
  const int terms = (s.variance ? 2 : 1) + (mbic ? 2 : 1);
  s.penalty = rule->penalty > 0 ? rule->penalty : terms * wsf__ln((double)observed);

  if (wsf__cut_short(arena)) return false;
  const double sigma = noise(x, observed, total), mean = wsf__mean(x, observed);
  if (wsf__cut_short(arena)) return false;
  sum[0] = square[0] = share[0] = 0;
  for (int64_t t = 0; t < observed; ++t) {
    if (t % 1024 == 0 && wsf__cut_short(arena)) return false;
    const double z = (x[t] - mean) / sigma;
    sum[t + 1] = sum[t] + z;
    square[t + 1] = square[t] + z * z;
    share[t + 1] = mbic ? wsf__ln((double)(t + 1) / (double)observed) : 0;
  }
  partition(&s, last, total, &c, arena);
  if (wsf__cut_short(arena)) return false;
  return trace(out, count, &s, x, at, last, arena);
}
