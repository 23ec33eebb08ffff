/* Polynomials of ARIMA processes.
 *
 * Stationary coefficients from partial autocorrelations and back: Monahan (1984), "A note on
 * enforcing stationarity in autoregressive-moving average models", Biometrika 71; the reverse is
 * Durbin and Levinson's recursion run backwards, which at the same time tests stationarity (Schur
 * and Cohn). Seasonal polynomials are multiplied out; the lags that can differ from zero are kept
 * in a list, at most (p + 1)(P + 1) - 1 of them however long the season. */
#include "models/local/arima/arima.h"

#include <math.h>
#include <string.h>

void wsf__arima_from_partial(int n, const double *r, double *c) {
  for (int k = 0; k < n; ++k) {
    for (int i = 0, j = k - 1; i <= j; ++i, --j) {
      const double low = c[i], high = c[j];
      c[i] = low - r[k] * high;
      c[j] = high - r[k] * low;
    }
    c[k] = r[k];
  }
}

bool wsf__arima_to_partial(int n, const double *c, double *r) {
  memcpy(r, c, (size_t)n * sizeof *r);
  for (int k = n - 1; k >= 0; --k) {
    const double last = r[k], rest = 1 - last * last;
    if (!(rest > 0)) return false;
    for (int i = 0, j = k - 1; i <= j; ++i, --j) {
      const double low = r[i], high = r[j];
      r[i] = (low + last * high) / rest;
      r[j] = (high + last * low) / rest;
    }
  }
  return true;
}

bool wsf__arima_roots_beyond(int n, const double *c, double radius) {
  double scaled[WSF__ARIMA_PARAMETERS], partial[WSF__ARIMA_PARAMETERS], power = 1;
  for (int i = 0; i < n; ++i) scaled[i] = c[i] * (power *= radius);
  return wsf__arima_to_partial(n, scaled, partial);
}

void wsf__arima_differences(const wsf__arima_order *o, double *out) {
  const int lost = wsf__arima_lost(o);
  double at_zero = 1; /* out[lag - 1] holds minus the coefficient of the product so far */
  memset(out, 0, (size_t)lost * sizeof *out);
  for (int k = 0; k < o->d + o->D; ++k) {
    const int lag = k < o->d ? 1 : o->m;
    for (int i = lost; i > lag; --i) out[i - 1] -= out[i - 1 - lag];
    out[lag - 1] += at_zero;
  }
}

bool wsf__arma_new(wsf__arma *a, const wsf__arima_order *o, wsf__arena *arena) {
  const int p = o->p + o->P * o->m, q = o->q + o->Q * o->m;
  const int r = p > q ? p : q > 0 ? q : 1;
  *a = (wsf__arma){.p = p, .q = q, .r = r};
  a->ar = wsf__arena_zero(arena, (size_t)r + 1, 2 * sizeof *a->ar);
  a->ar_at = wsf__arena_new(arena, (size_t)(o->p + 1) * (size_t)(o->P + 1), sizeof *a->ar_at);
  a->ma_at = wsf__arena_new(arena, (size_t)(o->q + 1) * (size_t)(o->Q + 1), sizeof *a->ma_at);
  if (!a->ar || !a->ar_at || !a->ma_at) return false;
  a->ma = a->ar + r + 1;
  return true;
}

/* Coefficients of (1 + s sum x_i B^i)(1 + s sum z_j B^(jm)) less 1, times s, into out; their lags
 * into at, ascending. A season shorter than the first polynomial makes terms fall on one lag. */
static int multiply(double *out, int *at, int n, const double *x, int cycles, const double *z,
                    int m, double s) {
  int count = 0;
  for (int j = 0; j <= cycles; ++j) {
    const double outer = j > 0 ? s * z[j - 1] : 1;
    for (int i = j > 0 ? 0 : 1; i <= n; ++i) {
      const int lag = j * m + i;
      const double term = s * outer * (i > 0 ? s * x[i - 1] : 1);
      int place = count;
      while (place > 0 && at[place - 1] > lag) --place;
      if (place > 0 && at[place - 1] == lag) {
        out[lag - 1] += term;
        continue;
      }
      memmove(at + place + 1, at + place, (size_t)(count - place) * sizeof *at);
      out[lag - 1] = term;
      at[place] = lag;
      ++count;
    }
  }
  return count;
}

void wsf__arma_set(wsf__arma *a, const wsf__arima_order *o, const double *c) {
  const double *theta = c + o->p, *cycle_ar = theta + o->q, *cycle_ma = cycle_ar + o->P;
  a->n_ar = multiply(a->ar, a->ar_at, o->p, c, o->P, cycle_ar, o->m, -1);
  a->n_ma = multiply(a->ma, a->ma_at, o->q, theta, o->Q, cycle_ma, o->m, 1);
}

void wsf__arima_psi(const wsf__arma *a, const double *difference, int lost, int64_t n, double *psi,
                    const wsf__arena *scratch) {
  for (int64_t t = 0; t < n; ++t) {
    double x = t == 0 ? 1 : t <= a->q ? a->ma[t - 1] : 0;
    for (int k = 0; k < a->n_ar && a->ar_at[k] <= t; ++k) {
      x += a->ar[a->ar_at[k] - 1] * psi[t - a->ar_at[k]];
    }
    psi[t] = x;
  }
  for (int64_t t = 0; t < n && !(t % 256 == 0 && wsf__cut_short(scratch)); ++t) {
    for (int j = 1; j <= lost && j <= t; ++j) psi[t] += difference[j - 1] * psi[t - j];
  }
}
