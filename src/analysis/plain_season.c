/* A season that a short history shows plainly, and its shrunken values.
 *
 * Observations one cycle apart are compared: the earlier and the later ones agree by r = 1 - |later
 * - earlier|^2 / (|later|^2 + |earlier|^2), Lin's (1989) concordance at mean zero, first less a
 * line of their own each, then less the history's line and their means. Noise has r around 0 with a
 * standard error of 1 / sqrt(pairs). The season is plain if the first is beyond 1.645 of them and
 * 0.4; or the second, which sees the slope of a wave that has not turned yet, beyond 0.7, unless
 * the first disagrees or the cycles, less their means alone, do not agree: then each is level, the
 * second higher by a step, and what bends is the line through both. Of 100 series of noise 0 to 10
 * are plain, of random walks 6 to 20; growth that is slow, fast and slow again looks like a season
 * up to one and a half cycles. Values: the mean change over a cycle is the slope (regression on
 * trend and season, each season seen at most twice); what the line leaves is averaged by season,
 * and each harmonic shrunk by its ratio of noise to signal (Wiener's filter), as half of the pairs'
 * mean squared difference says; those beyond MOST together. From three cycles on STL's trend takes
 * the line's place. Factors are what that is of the logarithms; between both decides the likelihood
 * of the pairs, which is that of Box and Cox (1964) for a power of 1 or 0: the smaller noise, on
 * the scale of the geometric mean. */
#include "analysis/plain_season.h"

#include "analysis/classical.h"
#include "analysis/stl.h"
#include "analysis/unit_root.h"
#include "math/elementary.h"

#include <math.h>
#include <string.h>

enum { LEAST_PAIRS = 4, MOST = 200 /* harmonics: their sums take m times as many steps */ };
static const double ENOUGH = 0.4, CLEAR = 0.7,
                    BEYOND = 1.6448536269514722; /* normal quantile of 0.95 */

/* What the pairs say. */
typedef struct pairs {
  double n;
  double change;      /* mean of later - earlier */
  double noise;       /* variance of what neither season nor line explains */
  double own, common; /* r with lines of their own, and with that of the whole history */
  double flat;        /* and without any: less their means alone */
} pairs;

typedef struct line {
  double middle, level, slope;
} line;

static line line_of(const double *y, int64_t n) {
  line l = {0};
  double count = 0, squares = 0;
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(y[t])) continue;
    count += 1;
    l.middle += ((double)t - l.middle) / count;
    l.level += (y[t] - l.level) / count;
  }
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(y[t])) continue;
    const double x = (double)t - l.middle;
    squares += x * x;
    l.slope += x * (y[t] - l.level);
  }
  if (squares > 0) l.slope /= squares;
  return l;
}

static double off(const line *l, const double *y, int64_t t) {
  return y[t] - l->level - l->slope * ((double)t - l->middle);
}

/* r from the sums of squares of both and of their distance; -1: there is nothing to agree on. */
static double concordance(double both, double distance, double least) {
  return both > least ? 1 - distance / both : -1;
}

static pairs compare(const double *y, int64_t n, int64_t m) {
  const line whole = line_of(y, n);
  pairs p = {0};
  double at = 0, early = 0, late = 0;
  for (int64_t t = 0; t + m < n; ++t) {
    if (isnan(y[t]) || isnan(y[t + m])) continue;
    p.n += 1;
    at += ((double)t - at) / p.n;
    early += (off(&whole, y, t) - early) / p.n;
    late += (off(&whole, y, t + m) - late) / p.n;
  }
  double xx = 0, xa = 0, xb = 0, both = 0, distance = 0, as_they_are = 0;
  for (int64_t t = 0; t + m < n; ++t) {
    if (isnan(y[t]) || isnan(y[t + m])) continue;
    const double x = (double)t - at;
    const double a = off(&whole, y, t) - early, b = off(&whole, y, t + m) - late;
    xx += x * x;
    xa += x * a;
    xb += x * b;
    both += a * a + b * b;
    as_they_are += (a + whole.slope * x) * (a + whole.slope * x);
    as_they_are += (b + whole.slope * x) * (b + whole.slope * x);
    distance += (b - a) * (b - a);
  }
  const double rounding = wsf__rounding(y, n), least = p.n * rounding * rounding;
  p.change = late - early + whole.slope * (double)m;
  p.common = concordance(both, distance, least);
  p.flat = concordance(as_they_are, distance, least);
  if (!(xx > 0)) return p;
  both -= (xa * xa + xb * xb) / xx;
  distance -= (xb - xa) * (xb - xa) / xx;
  p.own = concordance(both, distance, least);
  p.noise = p.n > 2 ? 0.5 * fmax(distance, 0) / (p.n - 2) : 0;
  return p;
}

static bool is_plain(const pairs *p) {
  const double error = BEYOND / sqrt(p->n);
  if (p->n < LEAST_PAIRS) return false;
  return p->own > fmax(ENOUGH, error) ||
         (p->common > fmax(CLEAR, error) && p->own > -error && p->flat > fmax(CLEAR, error));
}

bool wsf__is_plain_season(const double *y, int64_t n, int64_t m) {
  const pairs p = compare(y, n, m);
  return is_plain(&p);
}

/* Means by season of what the line leaves; a season never seen lies between its neighbours. */
static void average(double *season, double *count, const double *y, int64_t n, int64_t m,
                    double slope) {
  memset(season, 0, (size_t)m * sizeof *season);
  memset(count, 0, (size_t)m * sizeof *count);
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(y[t])) continue;
    const int64_t j = t % m;
    count[j] += 1;
    season[j] += (y[t] - slope * (double)t - season[j]) / count[j];
  }
  int64_t first = 0;
  while (first < m - 1 && count[first] == 0) ++first;
  for (int64_t i = 1, last = 0; i <= m; ++i) {
    if (count[(first + i) % m] == 0) continue;
    const double from = season[(first + last) % m], to = season[(first + i) % m];
    for (int64_t j = last + 1; j < i; ++j) {
      season[(first + j) % m] = from + (to - from) * (double)(j - last) / (double)(i - last);
    }
    last = i;
  }
  double mean = 0;
  for (int64_t j = 0; j < m; ++j) mean += (season[j] - mean) / (double)(j + 1);
  for (int64_t j = 0; j < m; ++j) season[j] -= mean;
}

/* The share of some squares that is not noise. */
static double signal(double squares, double noise) {
  return squares > noise ? 1 - noise / squares : 0;
}

/* Count `free` parameters of which a share is kept, as their squares are `ratio` times the noise.
 * Their error is Stein's (1981) unbiased estimate for a positive-part shrinkage of two, as the
 * share is chosen by the same data. */
static void tally(wsf__plain *plain, double free, double kept, double ratio) {
  plain->parameters += free * (ratio > 1 ? kept : 1 - ratio);
  plain->wrong += free * (ratio > 1 ? 2 - kept : ratio - 1);
}

/* noise: variance of a value of the season; out[m]: the season, shrunk; wave: 2 m. */
static void shrink(double *out, wsf__plain *plain, double *season, int64_t m, double noise,
                   double *wave) {
  static const double TURN = 6.283185307179586;
  for (int64_t j = 0; j < m; ++j) {
    wave[j] = wsf__cos(TURN * (double)j / (double)m);
    wave[m + j] = wsf__sin(TURN * (double)j / (double)m);
  }
  double least = 0;
  memset(out, 0, (size_t)m * sizeof *out);
  for (int64_t k = 1; 2 * k <= m && k <= MOST; ++k) {
    const double size = 2 * k == m ? (double)m : 0.5 * (double)m; /* squares of a wave */
    double a = 0, b = 0;
    for (int64_t j = 0, at = 0; j < m; ++j, at = (at + k) % m) {
      a += season[j] * wave[at];
      b += season[j] * wave[m + at];
    }
    if (2 * k == m) b = 0;
    const double kept = signal((a * a + b * b) / size, (2 * k == m ? 1 : 2) * noise);
    const double free = 2 * k == m ? 1 : 2;
    least += free * kept;
    tally(plain, free, kept, noise > 0 ? (a * a + b * b) / (size * free * noise) : INFINITY);
    a /= size, b /= size;
    for (int64_t j = 0, at = 0; j < m; ++j, at = (at + k) % m) {
      const double value = a * wave[at] + b * wave[m + at];
      out[j] += kept * value;
      season[j] -= value;
    }
  }
  plain->parameters = fmax(plain->parameters, least);
  plain->wrong = fmax(plain->wrong, least);
  if (m <= 2 * MOST + 1) return;
  double squares = 0;
  for (int64_t j = 0; j < m; ++j) squares += season[j] * season[j];
  const double kept = signal(squares, noise * (double)(m - 1 - 2 * MOST));
  for (int64_t j = 0; j < m; ++j) out[j] += kept * season[j];
  plain->parameters += (double)(m - 1 - 2 * MOST) * kept;
  plain->wrong += (double)(m - 1 - 2 * MOST) * kept;
}

/* Some values on the way to their season. */
typedef struct view {
  bool factors;
  double *x; /* [n] the values or their logarithms, less a trend where there are cycles enough */
  pairs p;
  double size; /* logarithm of the noise, as it is in the values at their geometric mean */
} view;

/* false: no memory. */
static bool look(view *v, const double *y, int64_t n, int64_t m, wsf__arena *scratch) {
  const bool follow = n / 3 >= m;
  double *x = wsf__arena_new(scratch, (size_t)n, (follow ? 3 : 1) * sizeof *x);
  if (!x) return false;
  double logs = 0, count = 0;
  for (int64_t t = 0; t < n; ++t) {
    x[t] = v->factors ? wsf__ln(y[t]) : y[t];
    if (!v->factors || isnan(y[t])) continue;
    count += 1;
    logs += (x[t] - logs) / count;
  }
  if (follow) {
    const wsf__stl_options periodic = {0};
    double *work = x + n, *trend = work + n;
    if (!wsf__stl(x, n, m, &periodic, work, trend, scratch)) return false;
    for (int64_t t = 0; t < n; ++t) x[t] -= trend[t];
  }
  v->x = x;
  v->p = compare(x, n, m);
  v->size = (v->p.noise > 0 ? 0.5 * wsf__ln(v->p.noise) : -INFINITY) + logs;
  return true;
}

bool wsf__plain_season(double *season, wsf__plain *plain, wsf__plain_kinds kinds, const double *y,
                       int64_t n, int64_t m, wsf__arena *scratch) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  bool positive = true;
  for (int64_t t = 0; t < n; ++t) positive = positive && !(y[t] <= 0);
  *plain = (wsf__plain){0};
  memset(season, 0, (size_t)m * sizeof *season);
  if (!positive && kinds == WSF__PLAIN_FACTORS) return true;
  view v = {.factors = kinds == WSF__PLAIN_FACTORS};
  if (!look(&v, y, n, m, scratch)) return false;
  if (positive && kinds == WSF__PLAIN_EITHER) {
    view logs = {.factors = true};
    if (!look(&logs, y, n, m, scratch)) return false;
    if (logs.size < v.size) v = logs;
  }
  *plain = (wsf__plain){is_plain(&v.p), v.factors, sqrt(v.p.noise), 0, 0};
  if (plain->found) {
    double *raw = wsf__arena_new(scratch, (size_t)m, 3 * sizeof *raw);
    if (!raw) return false;
    double *work = raw + m;
    average(raw, work, v.x, n, m, n / 3 >= m ? 0 : v.p.change / (double)m);
    double seen = 0;
    for (int64_t t = 0; t < n; ++t) seen += !isnan(v.x[t]);
    shrink(season, plain, raw, m, v.p.noise * fmin((double)m / seen, 1), work);
    for (int64_t j = 0; v.factors && j < m; ++j) {
      season[j] = fmax(wsf__exp(season[j]), WSF__LEAST_RATIO);
    }
  }
  wsf__arena_reset(scratch, mark);
  return true;
}

void wsf__plain_errors(double *error, const wsf__plain *plain, const double *season,
                       const double *y, int64_t n, int64_t m) {
  const double noise = plain->noise * sqrt(fmin(plain->wrong / (double)(m - 1), 1));
  memset(error, 0, (size_t)m * sizeof *error);
  for (int64_t t = 0; t < n; ++t) error[t % m] += !isnan(y[t]);
  for (int64_t j = 0; j < m; ++j) {
    error[j] = noise / sqrt(fmax(error[j], 1)) * (plain->factors ? season[j] : 1);
  }
}
