/* Problem: the interval formulas of exponential smoothing and its kin take the form, its parameters
 * and above all the trend as known. On the yearly series of M3 their 95 % intervals hold 74 to 84 %
 * of what comes (Hyndman, Koehler, Snyder and Grose 2002, report the same of ets).
 *
 * Method: the future's slope is taken to be, with equal chance, that of one of the thirds of the
 * history or zero. A slope is the median over pairs of observations half the stretch apart (Theil
 * 1950, the incomplete method): linear in time, and one mistyped value does not move it. The mean
 * squared distance of those four lines from the forecast's own is added to the formula's variance:
 * nothing is estimated beside three slopes. The sum is the variance of a Student distribution with
 * 8 degrees of freedom (fewer if the errors have fewer), enlarged by v / (v - 2) because the
 * variance is estimated from v degrees. Eight, and these four lines, are what came closest to
 * nominal coverage on windows inside the training part of M3, for five models together;
 * bench/accuracy/m3.py --inside measures it again.
 *
 * Limits: the lines are as noisy as the thirds are short. */
#include "models/trend_uncertainty.h"

#include "math/stats.h"
#include "models/history.h"

#include <math.h>
#include <string.h>

enum { FEWEST = 9 /* observations with thirds worth a line */ };
static const double TAIL = 8, LEAST_FREEDOM = 4.5;

/* Slope of the observations, the k-th paired with the (k + count / 2)-th; NaN: fewer than two.
 * work: 2 n. */
static double slope_of(const double *y, int64_t n, double *work) {
  double *at = work, *slope = work + n;
  int64_t count = 0;
  for (int64_t t = 0; t < n; ++t) {
    if (!isnan(y[t])) at[count++] = (double)t;
  }
  const int64_t half = count / 2, pairs = count - half;
  if (count < 2) return NAN;
  for (int64_t k = 0; k < pairs; ++k) {
    const double from = at[k], to = at[k + half];
    slope[k] = (y[(int64_t)to] - y[(int64_t)from]) / (to - from);
  }
  return wsf__median_inplace(slope, pairs);
}

bool wsf__slopes(double out[WSF__SLOPES], const double *y, int64_t n, int64_t m,
                 wsf__arena *scratch) {
  n = wsf__known(y, n);
  if (wsf__count_observed(y, n) < 2 * m) m = 1;
  const int64_t whole = n / m * m;
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *rest = wsf__arena_new(scratch, (size_t)whole, sizeof *rest);
  double *sum = wsf__arena_zero(scratch, (size_t)m, 2 * sizeof *sum);
  double *work = wsf__arena_new(scratch, (size_t)whole, 2 * sizeof *work);
  if (!rest || !sum || !work) return false;
  memcpy(rest, y + n - whole, (size_t)whole * sizeof *rest);
  if (wsf__cut_short(scratch)) return false;
  const double all = slope_of(rest, whole, work);
  if (m > 1 && !isnan(all)) {
    double *count = sum + m;
    for (int64_t t = 0; t < whole; ++t) {
      if (isnan(rest[t])) continue;
      sum[t % m] += rest[t] - all * (double)t;
      count[t % m] += 1;
    }
    for (int64_t t = 0; t < whole; ++t) {
      if (!isnan(rest[t])) rest[t] -= sum[t % m] / count[t % m];
    }
  }
  const bool thirds = wsf__count_observed(rest, whole) >= FEWEST;
  const int64_t parts = thirds ? WSF__SLOPES : WSF__SLOPES - 1; /* else halves, and the whole */
  for (int64_t i = 0; i < WSF__SLOPES; ++i) {
    const int64_t from = i * whole / parts, to = (i + 1) * whole / parts;
    out[i] = i < parts ? slope_of(rest + from, to - from, work) : all;
    if (isnan(out[i])) out[i] = isnan(all) ? 0 : all;
    if (wsf__cut_short(scratch)) return false;
  }
  wsf__arena_reset(scratch, mark);
  return true;
}

double wsf__trend_uncertainty(const double slope[WSF__SLOPES], double h, double path) {
  double off[1 + WSF__SLOPES] = {path}, largest = fabs(path), sum = 0;
  for (int i = 0; i < WSF__SLOPES; ++i) {
    off[i + 1] = path - h * slope[i];
    largest = fmax(largest, fabs(off[i + 1]));
  }
  if (!(largest > 0 && isfinite(largest))) return 0;
  for (int i = 0; i <= WSF__SLOPES; ++i) sum += off[i] / largest * (off[i] / largest);
  return largest * sqrt(sum / (1 + WSF__SLOPES));
}

double wsf__student_unit_quantile(double p, double freedom) {
  const double v = fmax(freedom, LEAST_FREEDOM), tail = fmin(v, TAIL);
  return wsf__student_quantile(p, tail) * sqrt((tail - 2) / tail * (v / (v - 2)));
}

void wsf__forecast_student(wsf__forecast *out, const double *sd, double freedom) {
  for (int k = 0; k < out->n_q && !wsf__forecast_stopped(out); ++k) {
    const double reach = wsf__student_unit_quantile(out->q[k], freedom);
    for (int64_t i = 0; i < out->h; ++i) {
      out->quantile[k * out->h + i] = out->mean[i] + reach * (sd[i] > 0 ? sd[i] : 0);
    }
  }
}
