/* Autocorrelation as R's acf() computes it (Venables and Ripley 2002, "Modern applied statistics
 * with S", 14.1): covariances at every lag over the whole mean, divided by n, so that they form a
 * positive semi-definite sequence. With missing values (na.action = na.pass) a lag has the pairs
 * that are both there, and their number plus the lag takes the place of n; such values may lie
 * outside of -1 .. 1, as they may in R. Many lags of a long series are found together by Fourier
 * transforms (Wiener and Khinchin), in time linear but for a logarithm.
 *
 * Partial autocorrelation by Durbin (1960) and Levinson (1947): the last coefficient of the
 * autoregressions of order 1, 2, .. The one for each lag needs all those of the order before, so
 * this costs the square of the lags, of which there are at most 100000; faster ways through the
 * same system lose digits where it is nearly singular, as it is for a series with a trend. */
#include "analysis/acf.h"

#include "analysis/unit_root.h"
#include "linalg/spectrum.h"
#include "math/stats.h"

#include <math.h>
#include <string.h>

static double covariance(const double *y, int64_t n, int64_t lag, double mean) {
  double sum = 0;
  int64_t pairs = 0;
  for (int64_t t = 0; t + lag < n; ++t) {
    if (isnan(y[t]) || isnan(y[t + lag])) continue;
    sum += (y[t] - mean) * (y[t + lag] - mean);
    ++pairs;
  }
  return pairs > 0 ? sum / (double)(pairs + lag) : NAN;
}

static void directly(const double *y, int64_t n, int64_t lags, double mean, double *acf,
                     const wsf__arena *scratch) {
  const double variance = covariance(y, n, 0, mean);
  for (int64_t k = 1; k <= lags && !wsf__cut_short(scratch); ++k) {
    acf[k - 1] = variance > 0 ? covariance(y, n, k, mean) / variance : NAN;
  }
}

/* ---- by Fourier transforms ---------------------------------------------------------------- */

/* Sums of products at every lag of two series at once, x in re and its companion in im, each of
 * them real and followed by as many zeros: the spectra of both are apart in the sums and
 * differences of opposite frequencies. Afterwards re[k] / size and im[k] / size are the sums. */
static void correlate(const wsf__spectrum *s, double *re, double *im) {
  const int64_t size = s->size;
  wsf__spectrum_take(s, re, im);
  for (int64_t i = 0; i <= size / 2; ++i) {
    const int64_t j = (size - i) & (size - 1);
    const double a = re[i], b = im[i], c = re[j], d = im[j];
    const double x = ((a + c) * (a + c) + (b - d) * (b - d)) / 4;
    const double y = ((b + d) * (b + d) + (a - c) * (a - c)) / 4;
    re[i] = re[j] = x;
    im[i] = im[j] = y;
  }
  /* The spectra are real and even: a transform forwards is one back. */
  wsf__spectrum_take(s, re, im);
}

/* The values in units of their largest, and 1 for each that is there: the second transform counts
 * the pairs. false: no memory, or the call was stopped. */
static bool by_transform(const double *y, int64_t n, int64_t lags, double mean, double *acf,
                         wsf__arena *scratch) {
  wsf__spectrum s;
  if (!wsf__spectrum_init(&s, n + lags, scratch)) return false;
  const int64_t size = s.size;
  double *re = wsf__arena_zero(scratch, (size_t)size, 2 * sizeof *re);
  if (!re) return false;
  double *im = re + size, largest = 0;
  for (int64_t t = 0; t < n; ++t) {
    if (!isnan(y[t])) largest = fmax(largest, fabs(y[t] - mean));
  }
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(y[t])) continue;
    re[t] = largest > 0 ? (y[t] - mean) / largest : 0;
    im[t] = 1;
  }
  correlate(&s, re, im);
  if (wsf__cut_short(scratch)) return false;
  const double observed = round(im[0] / (double)size), variance = re[0] / (double)size / observed;
  for (int64_t k = 1; k <= lags; ++k) {
    const double pairs = round(im[k] / (double)size);
    acf[k - 1] =
        variance > 0 && pairs > 0 ? re[k] / (double)size / (pairs + (double)k) / variance : NAN;
  }
  return true;
}

/* From so many products on transforms take less time; their rounding is of the size of 1e-15. */
static const double MANY = 2e7;

bool wsf__acf(const double *y, int64_t n, int64_t lags, double *acf, wsf__arena *scratch) {
  const double mean = wsf__mean(y, n);
  if (wsf__is_flat(y, n)) {
    for (int64_t k = 0; k < lags; ++k) acf[k] = NAN;
    return true;
  }
  if ((double)n * (double)lags > MANY) return by_transform(y, n, lags, mean, acf, scratch);
  directly(y, n, lags, mean, acf, scratch);
  return true;
}

void wsf__pacf(const double *acf, int64_t lags, double *pacf, double *work,
               const wsf__arena *scratch) {
  double *phi = work, *before = work + lags;
  for (int64_t k = 0; k < lags && !wsf__cut_short(scratch); ++k) {
    double above = acf[k], below = 1;
    for (int64_t j = 0; j < k; ++j) {
      above -= phi[j] * acf[k - 1 - j];
      below -= phi[j] * acf[j];
    }
    pacf[k] = above / below;
    memcpy(before, phi, (size_t)k * sizeof *phi);
    for (int64_t j = 0; j < k; ++j) phi[j] = before[j] - pacf[k] * before[k - 1 - j];
    phi[k] = pacf[k];
  }
}
