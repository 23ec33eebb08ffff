/* Problem: a column that never varies, or follows from others, has no coefficient of its own; which
 * one of several that hang together is left out must not depend on units or on rounding.
 *
 * Method: QR by Gram and Schmidt, each column twice (Giraud, Langou and Rozloznik 2005, "The loss
 * of orthogonality in the Gram-Schmidt orthogonalization process": twice is enough), with the
 * pivoting of R's lm (LINPACK's dqrdc2): columns keep their order, and one of which those before it
 * leave less than 1e-7 of its length is put aside. Columns are brought to unit length first. So the
 * first of several that say the same stays, as a reader of x= expects. */
#include "models/collinear.h"

#include "linalg/kernels.h"

#include <math.h>
#include <string.h>

static const double LEAST = 1e-7;

/* Counted from the first value, so that rounding leaves nothing of a constant. */
double wsf__centre(double *x, int64_t n) {
  const double first = n > 0 ? x[0] : 0;
  double sum = 0;
  for (int64_t t = 0; t < n; ++t) sum += (x[t] - first) / (double)n;
  const double mean = first + sum;
  for (int64_t t = 0; t < n; ++t) x[t] -= mean;
  return mean;
}

static double length_of(const double *x, int64_t n) {
  double sum = 0;
  for (int64_t t = 0; t < n; ++t) sum += x[t] * x[t];
  return sqrt(sum);
}

/* To length 1, whatever the unit; false: there is none. */
static bool to_unit(double *x, int64_t n) {
  double largest = 0;
  for (int64_t t = 0; t < n; ++t) largest = fmax(largest, fabs(x[t]));
  if (!(largest > 0)) return false;
  for (int64_t t = 0; t < n; ++t) x[t] /= largest;
  const double length = length_of(x, n);
  for (int64_t t = 0; t < n; ++t) x[t] /= length;
  return true;
}

int wsf__collinear(double *x, int64_t n, int k, bool *keep, const wsf__arena *scratch) {
  wsf__watch seen = {.scratch = scratch};
  int kept = 0;
  memset(keep, 0, (size_t)k * sizeof *keep);
  for (int j = 0; j < k; ++j) {
    double *column = x + j * n;
    keep[j] = kept < n && to_unit(column, n);
    for (int pass = 0; keep[j] && pass < 2; ++pass) {
      for (int i = 0; i < j; ++i) {
        const double *unit = x + i * n;
        if (keep[i]) wsf__axpy(-wsf__dot(unit, column, (int)n), unit, column, (int)n);
        if (wsf__watch_ends(&seen, n)) return kept;
      }
    }
    keep[j] = keep[j] && length_of(column, n) > LEAST && to_unit(column, n);
    kept += keep[j];
  }
  return kept;
}
