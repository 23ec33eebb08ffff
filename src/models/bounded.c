/* The bounded-output contract (docs/errors.md), applied to every forecast that leaves the engine,
 * or before it becomes part of forecasts that belong together. */
#include "models/bounded.h"
#include "models/history.h"

#include <float.h>
#include <math.h>

/* Forecasts may leave the range of the history by this many times its width. */
static const double multiple = 10;

/* A zero comes without a sign, by the sum: whether fmax(-0, 0) has one is left to the compiler. */
static double inside(double x, double lo, double hi) {
  if (x < lo) return lo + 0.0;
  return (x > hi ? hi : x) + 0.0;
}

static void sort_column(double *x, int n, int64_t stride) {
  for (int i = 1; i < n; ++i) {
    const double v = x[i * stride];
    int j = i;
    for (; j > 0 && x[(j - 1) * stride] > v; --j) x[j * stride] = x[(j - 1) * stride];
    x[j * stride] = v;
  }
}

/* A mean beyond a bound says that the model has lost the scale of the history. Its quantiles may
 * not all fall on that bound, which would read as certainty: those of the other side of the median
 * lie no farther than on the way there from the history's end, by their level. */
static double spread_out(double x, double q, double mean, const wsf__extent *e, double lo,
                         double hi) {
  if (mean > hi && q < 0.5) return fmin(x, e->largest + 2 * q * (hi - e->largest));
  if (mean < lo && q > 0.5) return fmax(x, e->least - 2 * (1 - q) * (e->least - lo));
  return x;
}

/* A model knows no floor: where its mean lies below zero all its quantiles may, and an interval
 * from zero to zero would read as certainty. Its errors are as wide around the zero that is
 * forecast as it said around its own mean. */
static double above_floor(double x, double mean) {
  return mean < 0 ? x - mean : x;
}

bool wsf__bound(wsf__forecast *out, double least, double largest, bool floored) {
  /* A constant history has no width; its size stands in, or one observation could never grow. */
  const double width = largest > least ? largest - least : fabs(largest);
  double lo = fmax(least - multiple * width, -DBL_MAX);
  double hi = fmin(largest + multiple * width, DBL_MAX);
  const bool at_zero = floored && lo <= 0;
  if (floored) {
    lo = fmax(lo, 0);
    hi = fmax(hi, 0);
  }
  const wsf__extent extent = {least, largest};
  const double end = at_zero ? -INFINITY : lo; /* what is not reached by falling to zero */
  bool held = false;
  double before = inside(0.5 * least + 0.5 * largest, lo, hi);
  for (int64_t i = 0; i < out->h && !wsf__forecast_stopped(out); ++i) {
    const double given = out->mean[i], mean = isnan(given) ? before : inside(given, lo, hi);
    held = held || given > hi || given < end;
    out->mean[i] = before = mean;
    if (out->n_q == 0) continue;
    double *quantile = out->quantile + i;
    for (int k = 0; k < out->n_q; ++k) {
      double *x = &quantile[k * out->h];
      held = held || *x > hi || *x < end;
      const double told = at_zero ? above_floor(*x, given) : *x;
      *x =
          isnan(told) ? mean : inside(spread_out(told, out->q[k], given, &extent, end, hi), lo, hi);
    }
    sort_column(quantile, out->n_q, out->h);
  }
  return held;
}
