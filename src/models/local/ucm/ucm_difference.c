/* The likelihood of a structural time series without gaps, from its differences.
 *
 * The differences D(L) y that remove every diffuse state, D = (1 - L)^(1 or 2) S(L), S = 1 + L + ..
 * + L^(m-1), are a moving average; its density is the diffuse likelihood of y but for a constant
 * (Harvey 1989, 2.4 and 4.5; Francke, Koopman and de Vos 2010), error by error. Its autocovariances
 * are a sum of one sequence for each variance, found once. The recursions of Morf, Sidhu and
 * Kailath (1974) then cost a pass over a season a step, where the filter needs passes over a
 * triangle: a search for variances with a season of 52 is some 50 times cheaper. They
 * lose digits near unit roots in long series, so the filter has the last word on the result. */
#include "models/local/ucm/ucm.h"

#include "math/elementary.h"

#include <math.h>
#include <string.h>

/* out[n + lag] = x (1 - L^lag); returns its length. */
static int difference(double *out, const double *x, int n, int lag) {
  memset(out, 0, (size_t)(n + lag) * sizeof *out);
  for (int i = 0; i < n; ++i) {
    out[i] += x[i];
    out[i + lag] -= x[i];
  }
  return n + lag;
}

static void add_covariances(double *cov, const double *x, int n) {
  for (int lag = 0; lag < n; ++lag) {
    for (int i = 0; i + lag < n; ++i) cov[lag] += x[i] * x[i + lag];
  }
}

/* cov += that of (1 - L)^times x */
static void add_differenced(double *cov, const double *x, int n, int times, double *work) {
  double *next = work + n + 2;
  memcpy(work, x, (size_t)n * sizeof *x);
  for (; times > 0; --times) {
    n = difference(next, work, n, 1);
    memcpy(work, next, (size_t)n * sizeof *work);
  }
  add_covariances(cov, work, n);
}

bool wsf__ucm_difference(wsf__ucm_differences *d, const wsf__ucm *u, const double *y, int64_t n,
                         wsf__arena *scratch) {
  const int m = (int)u->m, slope = u->slope > 0, order = 1 + slope;
  const int r = order + (m - 1);
  const size_t size = (size_t)r + 4;
  *d = (wsf__ucm_differences){.n = n - r, .r = r};
  double *block = wsf__arena_zero(scratch, (WSF__UCM_VARIANCES + 7) * size, sizeof *block);
  double *w = wsf__arena_new(scratch, (size_t)n, sizeof *w);
  if (!block || !w) return false;
  for (int i = 0; i < WSF__UCM_VARIANCES; ++i) d->cov[i] = block + (size_t)i * size;
  double *sum = block + WSF__UCM_VARIANCES * size, *work = sum + size;
  d->gain = work + 3 * size;
  d->change = d->gain + size;
  d->state = d->change + size;
  d->w = w;

  for (int i = 0; i < m; ++i) sum[i] = 1;
  add_differenced(d->cov[WSF__UCM_IRREGULAR], sum, m, order, work);
  add_differenced(d->cov[WSF__UCM_LEVEL], sum, m, order - 1, work);
  if (slope) add_differenced(d->cov[WSF__UCM_SLOPE], sum, m, 0, work);
  if (m > 1 && u->harmonics == 0) {
    add_differenced(d->cov[WSF__UCM_SEASONAL], sum, 1, order, work);
  } else if (m > 1) { /* S(L) ends the response of each harmonic after m - 1 steps */
    for (int j = 1; j <= (int)u->harmonics; ++j) {
      for (int part = 0; part < 2 - (2 * j == m); ++part) {
        double total = 0;
        for (int i = 0; i < m - 1; ++i) {
          const double angle = 6.283185307179586476925 * (double)((int64_t)i * j % m) / m;
          sum[i] = total += part == 0 ? wsf__cos(angle) : wsf__sin(angle);
        }
        add_differenced(d->cov[WSF__UCM_SEASONAL], sum, m - 1, order, work);
      }
    }
  }

  memcpy(w, y, (size_t)n * sizeof *w);
  int64_t left = n;
  for (int k = 0; k < order; ++k) { /* the first of them by the season: (1 - L) S = 1 - L^m */
    const int lag = k == 0 ? m : 1;
    for (int64_t t = 0; t + lag < left; ++t) w[t] = w[t + lag] - w[t];
    left -= lag;
  }
  return true;
}

wsf__ucm_sums wsf__ucm_difference_run(wsf__ucm_differences *d, const double *q) {
  const int r = d->r;
  double *restrict gain = d->gain, *restrict change = d->change, *restrict x = d->state;
  double f = 0, product = 1;
  for (int i = 0; i < WSF__UCM_VARIANCES; ++i) f += q[i] * d->cov[i][0];
  double weight = -1 / f;
  for (int k = 0; k < r; ++k) {
    double sum = 0;
    for (int i = 0; i < WSF__UCM_VARIANCES; ++i) sum += q[i] * d->cov[i][k + 1];
    gain[k] = change[k] = sum;
  }
  gain[r] = change[r] = 0;
  memset(x, 0, ((size_t)r + 1) * sizeof *x);
  wsf__ucm_sums s = {.count = d->n};
  for (int64_t t = 0; t < d->n; ++t) {
    const double v = d->w[t] - x[0], push = v / f;
    const double z = change[0], move = weight * z, back = z / f;
    for (int i = 0; i < r; ++i) {
      const double next = change[i + 1];
      x[i] = x[i + 1] + gain[i] * push;
      change[i] = next - gain[i] * back;
      gain[i] += next * move;
    }
    s.rss += v * push;
    s.last_f = f;
    product *= f;
    if (product > 1e100) {
      s.log_f += wsf__ln(product);
      product = 1;
    }
    const double after = fmax(f + move * z, 1); /* no less than the largest variance */
    weight *= f / after;
    f = after;
  }
  s.log_f += wsf__ln(product);
  return s;
}
