/* How much of a forecast's error is that of prophet's parameters. The mode's sigma is that of
 * errors to which d numbers were fitted, and a forecast errs by what they err too: Akaike's final
 * prediction error, s^2 (n + d) / (n - d) (1969, "Fitting autoregressive models for prediction").
 * d is the trace of (J'J + s^2 P)^-1 J'J over the parameters that are not held at 0 by their
 * Laplace prior: what the priors leave of them (Hastie, Tibshirani and Friedman 2009, 7.6). */
#include "models/local/prophet/prophet.h"

#include "linalg/linalg.h"

#include <string.h>

/* (M^-1)_ii of a factor of M, with b[n] to work in. */
static double inverse_at(const double *factor, double *b, int n, int i) {
  memset(b, 0, (size_t)n * sizeof *b);
  b[i] = 1;
  wsf__potrs(n, factor, b);
  return b[i];
}

double wsf__prophet_freedom(int p, const double *h, const double *precision, const double *weight,
                            const double *theta, double variance, wsf__arena *scratch) {
  double *a = wsf__arena_new(scratch, (size_t)p, ((size_t)p + 1) * sizeof *a);
  int *active = wsf__arena_new(scratch, (size_t)p, sizeof *active);
  if (!a || !active) return -1;
  int n = 0;
  for (int c = 0; c < p; ++c) {
    if (weight[c] == 0 || theta[c] != 0) active[n++] = c;
  }
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) a[i * n + j] = h[(int64_t)active[i] * p + active[j]];
    a[i * n + i] += variance * precision[active[i]];
  }
  if (!wsf__potrf(n, a)) return n;
  double freedom = n, *b = a + (int64_t)p * p;
  for (int i = 0; i < n; ++i) {
    freedom -= variance * precision[active[i]] * inverse_at(a, b, n, i);
  }
  return freedom;
}
