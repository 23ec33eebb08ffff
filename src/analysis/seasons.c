/* Season detection.
 *
 * Vlachos, Yu and Castelli (2005), "On periodicity detection and structural periodic similarity":
 * a season must show both as a hill of the autocorrelation and in the periodogram. Here the hills
 * propose, since they tell a season from its harmonics and see one whose power is spread over many
 * of them, as Christmas is; the sum of a hill and its multiples up to ten is held against what
 * noise gives. The periodogram decides: the power at the season and all its harmonics, which is
 * that of the means per phase (Enright 1965; Sokolove and Bushell 1978, "The chi square
 * periodogram"), by an F test.
 * The trend goes first: a difference if KPSS asks for one, else a line. Each season found is taken
 * off (mean of eleven cycles) before the next is looked for. A hill gives way to twice, three or
 * four times its period if that is higher: half a season is a harmonic, a seventh is a season.
 * Work is at most n times ten times the longest season. Limits: at least two cycles; cycles that
 * drift more than half a period within ten are not seasons. */
#include "analysis/seasons.h"

#include "analysis/acf.h"
#include "analysis/stl.h"
#include "analysis/unit_root.h"
#include "math/elementary.h"
#include "math/normal.h"
#include "sync/env.h"

#include <math.h>
#include <string.h>

enum { MULTIPLES = 10, STEPS = 5, WINDOW = 11, MOST_HARMONIC = 4, LEAST_LENGTH = 6 };
static const double SIGNIFICANT = 0.01, LEAST_ACF = 0.2, SAME = 0.05, LEAST_GAIN = 0.05;

/* ---- phases ------------------------------------------------------------------------------- */

/* Which of `bins` phases of the period t falls into. */
static int64_t phase_of(int64_t t, double period, int64_t bins) {
  const double turn = (double)t / period;
  const int64_t phase = (int64_t)((turn - floor(turn)) * (double)bins + 1e-9);
  return phase < bins ? phase : 0;
}

/* Times in order of their phase; those of phase b stand at begin[b] .. begin[b + 1] in order[]. */
static void sort_by_phase(int64_t *order, int64_t *begin, int64_t n, double period, int64_t bins) {
  memset(begin, 0, (size_t)(bins + 2) * sizeof *begin);
  for (int64_t t = 0; t < n; ++t) ++begin[phase_of(t, period, bins) + 2];
  for (int64_t b = 2; b < bins + 2; ++b) begin[b] += begin[b - 1];
  for (int64_t t = 0; t < n; ++t) order[begin[phase_of(t, period, bins) + 1]++] = t;
}

/* Take the season off x: at each phase the mean of the nearest cycles. Returns the share of the
 * variance that the phases' means explain, and its p value. */
static double take_off(double *x, int64_t n, double period, double *p, double *spare,
                       int64_t *order, int64_t *begin) {
  const int64_t bins = llround(period);
  double mean = 0, total = 0, within = 0;
  for (int64_t t = 0; t < n; ++t) mean += x[t] / (double)n;
  for (int64_t t = 0; t < n; ++t) total += (x[t] - mean) * (x[t] - mean);
  sort_by_phase(order, begin, n, period, bins);
  for (int64_t b = 0; b < bins; ++b) {
    const int64_t *at = order + begin[b], count = begin[b + 1] - begin[b];
    double sum = 0;
    for (int64_t i = 0; i < count; ++i) sum += x[at[i]];
    for (int64_t i = 0; i < count; ++i) {
      const double d = x[at[i]] - sum / (double)count;
      within += d * d;
    }
    const int64_t window = count < WINDOW ? count : WINDOW;
    for (int64_t i = 0; i < count; ++i) {
      int64_t lo = i - window / 2;
      if (lo > count - window) lo = count - window;
      if (lo < 0) lo = 0;
      double local = 0;
      for (int64_t j = lo; j < lo + window; ++j) local += x[at[j]];
      spare[at[i]] = x[at[i]] - local / (double)window;
    }
  }
  memcpy(x, spare, (size_t)n * sizeof *x);
  const double above = (double)(bins - 1), below = (double)(n - bins);
  if (!(within > 1e-20 * total)) {
    *p = 0;
    return 1;
  }
  /* F as a normal deviate: Paulson (1942) */
  const double root = wsf__cbrt((total - within) / above / (within / below));
  const double a = 2 / (9 * above), b = 2 / (9 * below);
  *p = wsf__normal_cdf(((1 - a) - (1 - b) * root) / sqrt(b * root * root + a));
  return 1 - within / below / (total / (double)(n - 1));
}

/* ---- hills of the autocorrelation --------------------------------------------------------- */

typedef struct hill {
  int64_t lag;
  double period, height, z; /* z: of the sum over the multiples */
} hill;

/* Sum of the autocorrelations at multiples of a period near this lag, in its standard deviations
 * under noise, where those at lag k have the variance (n - k) / n^2. */
static double comb(const double *acf, int64_t n, int64_t near, double period) {
  double sum = 0, variance = 0;
  for (int j = 1; j <= MULTIPLES && (j == 1 || 4 * j * near <= 3 * n); ++j) {
    const int64_t lag = llround(fmin(j * period, (double)(n - 1)));
    sum += acf[lag - 1];
    variance += (double)(n - lag);
  }
  return sum / sqrt(variance) * (double)n;
}

/* The hill at this lag with the best period within half a lag. */
static hill climb(const double *acf, int64_t n, int64_t lag) {
  hill best = {lag, (double)lag, acf[lag - 1], comb(acf, n, lag, (double)lag)};
  for (int step = 1; step <= STEPS; ++step) {
    for (int side = -1; side <= 1; side += 2) {
      const double period = (double)lag + side * step * 0.49 / STEPS;
      const double z = comb(acf, n, lag, period);
      if (z > best.z + 1e-9) {
        best.z = z;
        best.period = period;
      }
    }
  }
  return best;
}

/* The highest hill that noise would not throw up, or one at a few times its period that is higher
 * itself. false: there is none. */
static bool find_hill(hill *out, const double *acf, int64_t n, int64_t longest) {
  bool found = false;
  const double tests = (double)longest;
  for (int pass = 0; pass < 2; ++pass) {
    const hill first = found ? *out : (hill){0};
    for (int64_t lag = 2; lag <= longest; ++lag) {
      const double r = acf[lag - 1];
      if (!(r >= LEAST_ACF && r >= acf[lag - 2] && r >= acf[lag])) continue;
      const hill h = climb(acf, n, lag);
      if (!(tests * wsf__normal_cdf(-h.z) < SIGNIFICANT)) continue;
      if (pass == 0) {
        if (!found || h.z > out->z) *out = h;
        found = true;
        continue;
      }
      const double times = round(h.period / first.period);
      const bool multiple = times >= 2 && times <= MOST_HARMONIC &&
                            fabs(h.period - times * first.period) <= fmax(0.5 * times, 1);
      if (multiple && h.height > first.height + fmax(1 / sqrt((double)n), LEAST_GAIN)) {
        *out = h;
        return true;
      }
    }
    if (!found) return false;
  }
  return true;
}

/* ---- all of it ---------------------------------------------------------------------------- */

/* x[n] in place without gaps and trend; returns how many values are left. */
static bool detrend(double *x, int64_t *n, wsf__arena *scratch) {
  wsf__root_test test;
  if (!wsf__kpss(&test, x, *n, false, wsf__lags_for_differences(*n), scratch)) return false;
  if (test.p < 0.05) {
    *n = wsf__difference(x, *n, 1);
    return true;
  }
  double mean = 0, cross = 0, square = 0;
  const double centre = (double)(*n - 1) / 2;
  for (int64_t t = 0; t < *n; ++t) mean += x[t] / (double)*n;
  for (int64_t t = 0; t < *n; ++t) {
    cross += ((double)t - centre) * (x[t] - mean);
    square += ((double)t - centre) * ((double)t - centre);
  }
  for (int64_t t = 0; t < *n; ++t) x[t] -= mean + cross / square * ((double)t - centre);
  return true;
}

static bool known(const wsf__season *found, int count, double period) {
  for (int i = 0; i < count; ++i) {
    const double times = found[i].period / period;
    if (fabs(found[i].period - period) <= fmax(1, SAME * found[i].period)) return true;
    if (times > 1 && fabs(times - round(times)) < SAME) return true;
  }
  return false;
}

bool wsf__find_seasons(wsf__season *out, int *count, const double *y, int64_t n, int64_t longest,
                       wsf__arena *scratch) {
  *count = 0;
  if (n < LEAST_LENGTH || wsf__is_flat(y, n)) return true;
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *x = wsf__arena_new(scratch, (size_t)n, 3 * sizeof *x);
  int64_t *order = wsf__arena_new(scratch, (size_t)n, 2 * sizeof *order);
  bool ok = x && order;
  if (ok) {
    wsf__fill_missing(y, n, 1, x);
    const double rounding = 100 * wsf__rounding(x, n);
    ok = !wsf__cut_short(scratch) && detrend(x, &n, scratch);
    double least = INFINITY, most = -INFINITY;
    for (int64_t t = 0; t < n; ++t) {
      least = fmin(least, x[t]);
      most = fmax(most, x[t]);
    }
    if (!(most - least > rounding)) n = 0; /* a line */
  }
  if (longest > n / 2) longest = n / 2;
  while (ok && !wsf__cut_short(scratch) && longest >= 2 && *count < WSF__MOST_SEASONS) {
    double *acf = x + n, *spare = x + 2 * n;
    int64_t *begin = order + n;
    hill h;
    const int64_t reach = MULTIPLES * (longest + 1);
    ok = wsf__acf(x, n, n - 1 < reach ? n - 1 : reach, acf, scratch);
    if (!ok || wsf__cut_short(scratch) || !find_hill(&h, acf, n, longest) ||
        known(out, *count, h.period))
      break;
    double p;
    const double strength = take_off(x, n, h.period, &p, spare, order, begin);
    if (wsf__cut_short(scratch)) break;
    if (!(p < SIGNIFICANT)) break;
    p = fmax(p, fmin(1, (double)longest * wsf__normal_cdf(-h.z)));
    out[(*count)++] = (wsf__season){h.period, strength, h.height, p};
    if (wsf__is_flat(x, n)) break;
  }
  wsf__arena_reset(scratch, mark);
  return ok;
}
