/* The recursion of exponential smoothing over a history, one series, one set of parameters.
 *
 * Error-correction form of Hyndman, Koehler, Ord and Snyder (2008), tables 2.2 and 2.3, written
 * with d = (y with its season taken out) - q, so that one rule moves the states for both kinds of
 * error. A missing observation moves the states by their expectation, without an error. Sums are
 * accumulated in the order of time: filtering in two pieces gives the bits of filtering in one. */
#include "models/local/ets/ets.h"

#include "math/elementary.h"

#include <math.h>
#include <string.h>

void wsf__ets_filter(wsf__ets *e, const double *y, int64_t n, wsf__ets_sums *sums,
                     const wsf__arena *scratch) {
  const wsf__ets_form form = e->form;
  int at = 0;
  double l = e->level, b = e->slope;
  for (int64_t t = 0; t < n; ++t) {
    if (t % 1024 == 0 && wsf__cut_short(scratch)) return;
    double slope = b, q = l;
    if (form.trend == WSF__ETS_ADD) {
      if (form.damped) slope = e->phi * b;
      q = l + slope;
    } else if (form.trend == WSF__ETS_MUL) {
      if (form.damped) slope = wsf__pow(b, e->phi);
      q = l * slope;
    }
    const double s = e->season[at];
    const double f = form.season == WSF__ETS_ADD ? q + s : form.season == WSF__ETS_MUL ? q * s : q;
    if (sums->f) sums->f[t] = f;
    if (isnan(y[t])) {
      l = q;
      b = slope;
    } else {
      const double d = form.season == WSF__ETS_MUL ? y[t] / s - q : y[t] - f;
      const double level = q + e->alpha * d;
      if (form.trend == WSF__ETS_ADD) b = slope + e->beta * d;
      if (form.trend == WSF__ETS_MUL) b = slope + e->beta * d / l;
      if (form.season == WSF__ETS_ADD) e->season[at] = s + e->gamma * d;
      if (form.season == WSF__ETS_MUL) e->season[at] = s + e->gamma * (y[t] / q - s);
      l = level;
      double error = y[t] - f;
      if (form.error == WSF__ETS_MUL) {
        error /= f;
        sums->log_f += wsf__ln(fabs(f)); /* below zero: as R has it */
      }
      sums->sse += error * error;
      sums->n += 1;
    }
    if (++at == e->m) at = 0;
  }
  e->level = l;
  e->slope = b;
  /* Turn the seasons so that the next one comes first: three reversals. */
  for (int part = 0; part < 3 && at > 0; ++part) {
    int low = part == 1 ? at : 0, high = (part == 0 ? at : e->m) - 1;
    for (; low < high; ++low, --high) {
      const double swap = e->season[low];
      e->season[low] = e->season[high];
      e->season[high] = swap;
    }
  }
}

bool wsf__ets_valid(const wsf__ets *e) {
  const wsf__ets_form form = e->form;
  bool valid = isfinite(e->alpha) && isfinite(e->beta) && isfinite(e->gamma) && isfinite(e->phi) &&
               isfinite(e->level) && isfinite(e->slope);
  if (form.trend == WSF__ETS_MUL) valid = valid && e->level > 0 && e->slope > 0;
  if (form.season == WSF__ETS_MUL) valid = valid && e->level > 0;
  for (int i = 0; i < e->m; ++i) {
    valid = valid && isfinite(e->season[i]) && (form.season != WSF__ETS_MUL || e->season[i] > 0);
  }
  return valid;
}
