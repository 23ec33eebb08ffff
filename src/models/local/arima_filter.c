/* Innovations and exact likelihood of a stationary ARMA process in O(n r) operations.
 *
 * State form of Gardner, Harvey and Phillips (1980). The Kalman filter's covariance, r x r, is
 * never formed: started from the stationary distribution its change from step to step has rank
 * one, and the recursions of Morf, Sidhu and Kailath (1974) in the form of Pearlman (1980),
 * "An algorithm for the exact likelihood of a high-order autoregressive-moving average process",
 * Biometrika 67, move the gain and that change as two vectors of length r. A season of 52 costs
 * four times a season of 13. Once r steps in a row changed the variance by less than the last
 * bit the gain is held: the plain recursion of the residuals. */
#include "models/local/arima.h"

#include <math.h>
#include <string.h>

static const double CALM = 1e-16;

static size_t lags_of(const wsf__arma *a) {
  return (size_t)a->p + (size_t)a->q + 1;
}

size_t wsf__arma_work(const wsf__arma *a) {
  const size_t p = (size_t)a->p, q = (size_t)a->q;
  return p * (p + 1) / 2 + lags_of(a) + (p + 1) + 2 * (q + 1);
}

/* Autocovariances g[0 .. p + q] of the autoregression alone, unit errors: Durbin and Levinson
 * backwards for the predictors of every order, then forwards. */
static bool autoregression(const wsf__arma *a, double *g, double *predictors) {
  const int p = a->p;
  double *row = predictors; /* of order p, then p - 1, .. */
  double variance = 1;
  memcpy(row, a->ar, (size_t)p * sizeof *row);
  for (int k = p; k > 0; --k) {
    const double last = row[k - 1], rest = 1 - last * last;
    if (!(rest > 1e-12)) return false;
    variance /= rest;
    const double inverse = 1 / rest;
    double *next = row + k;
    for (int i = 0; i < k - 1; ++i) next[i] = (row[i] + last * row[k - 2 - i]) * inverse;
    row = next;
  }
  if (!isfinite(variance)) return false;
  g[0] = variance;
  for (int k = 1; k <= p; ++k) {
    row -= k;
    double sum = 0;
    for (int j = 0; j < k; ++j) sum += row[j] * g[k - 1 - j];
    g[k] = sum;
  }
  for (int k = p + 1; k <= p + a->q; ++k) {
    double sum = 0;
    for (int j = 0; j < a->n_ar; ++j) sum += a->ar[a->ar_at[j] - 1] * g[k - a->ar_at[j]];
    g[k] = sum;
  }
  return true;
}

bool wsf__arma_start(const wsf__arma *a, wsf__arma_filter *f, double *work) {
  const int p = a->p, q = a->q, r = a->r;
  double *predictors = work, *g = predictors + (size_t)p * (size_t)(p + 1) / 2;
  double *cov = g + lags_of(a), *square = cov + p + 1, *psi = square + q + 1;
  if (!autoregression(a, g, predictors)) return false;
  /* theta(B) theta(1/B), then the covariances of w that the gain needs: lags 0 .. p - 1. */
  for (int l = 0; l <= q; ++l) square[l] = l == 0 ? 1 : a->ma[l - 1];
  for (int k = 0; k < a->n_ma; ++k) {
    const int lag = a->ma_at[k];
    const double x = a->ma[lag - 1];
    square[0] += x * x;
    for (int j = k + 1; j < a->n_ma; ++j) square[a->ma_at[j] - lag] += x * a->ma[a->ma_at[j] - 1];
  }
  const int most = p > 0 ? p - 1 : 0;
  if (p == 0) {
    cov[0] = square[0];
  } else {
    for (int k = 0; k <= most; ++k) cov[k] = square[0] * g[k];
    for (int l = 1; l <= q; ++l) {
      if (square[l] == 0) continue;
      for (int k = 0; k <= most; ++k) cov[k] += square[l] * (g[k + l] + g[k > l ? k - l : l - k]);
    }
  }
  for (int t = 0; t < q; ++t) {
    double x = t == 0 ? 1 : a->ma[t - 1];
    for (int k = 0; k < a->n_ar && a->ar_at[k] <= t; ++k) {
      x += a->ar[a->ar_at[k] - 1] * psi[t - a->ar_at[k]];
    }
    psi[t] = x;
  }
  memset(f->gain, 0, (size_t)r * sizeof *f->gain);
  for (int k = 0; k < a->n_ar; ++k) {
    const int lag = a->ar_at[k];
    const double x = a->ar[lag - 1];
    for (int i = 0; i < lag; ++i) f->gain[i] += x * cov[lag - 1 - i];
  }
  for (int k = 0; k < a->n_ma; ++k) {
    const int lag = a->ma_at[k];
    const double x = a->ma[lag - 1];
    for (int i = 0; i < lag; ++i) f->gain[i] += x * psi[lag - 1 - i];
  }
  f->r = r;
  f->f = cov[0];
  f->m = -1 / cov[0];
  f->calm = 0;
  memcpy(f->change, f->gain, (size_t)r * sizeof *f->change);
  return cov[0] >= 0.5 && isfinite(cov[0]);
}

/* Move the gain over one step whose gain was read already. */
static void move_gain(const wsf__arma *a, wsf__arma_filter *f) {
  const int r = a->r;
  const double z = f->change[0], push = f->m * z, before = f->f, back = z / before;
  double *restrict gain = f->gain, *restrict change = f->change;
  const double *restrict ar = a->ar;
  for (int i = 0; i < r - 1; ++i) {
    const double moved = change[i + 1] + ar[i] * z;
    change[i] = moved - gain[i] * back;
    gain[i] += moved * push;
  }
  const double moved = ar[r - 1] * z;
  change[r - 1] = moved - gain[r - 1] * back;
  gain[r - 1] += moved * push;
  const double after = fmax(before + push * z, 1); /* the error itself has variance 1 */
  f->m *= before / after;
  f->f = after;
  f->calm = before - after <= CALM * before ? f->calm + 1 : 0;
}

void wsf__arma_filter_run(const wsf__arma *a, wsf__arma_filter *f, double *const *state, int k,
                          int64_t n, const double *const *w, const int64_t *from, double *const *e,
                          double *log_f) {
  const int r = a->r;
  double product = 1; /* logarithms are taken of products that cannot overflow */
  for (int64_t t = 0; t < n; ++t) {
    const double inverse = 1 / f->f, root = sqrt(inverse);
    const double *restrict ar = a->ar, *restrict gain = f->gain;
    for (int c = 0; c < k; ++c) {
      if (from && t < from[c]) continue;
      double *restrict x = state[c];
      const double expected = x[0];
      const double v = isnan(w[c][t]) ? 0 : w[c][t] - expected, push = v * inverse;
      for (int i = 0; i < r - 1; ++i) x[i] = x[i + 1] + ar[i] * expected + gain[i] * push;
      x[r - 1] = ar[r - 1] * expected + gain[r - 1] * push;
      if (e) e[c][t] = v * root;
    }
    product *= f->f;
    if (product > 1e100) {
      *log_f += log(product);
      product = 1;
    }
    if (f->calm < r) move_gain(a, f);
  }
  *log_f += log(product);
}

void wsf__arma_conditional(const wsf__arma *a, int64_t n, int64_t from, const double *w,
                           double *e) {
  for (int64_t t = 0; t < n; ++t) {
    double x = 0;
    if (t >= from) {
      x = w[t];
      for (int k = 0; k < a->n_ar && a->ar_at[k] <= t; ++k) {
        x -= a->ar[a->ar_at[k] - 1] * w[t - a->ar_at[k]];
      }
      for (int k = 0; k < a->n_ma && a->ma_at[k] <= t; ++k) {
        x -= a->ma[a->ma_at[k] - 1] * e[t - a->ma_at[k]];
      }
    }
    e[t] = x;
  }
}
