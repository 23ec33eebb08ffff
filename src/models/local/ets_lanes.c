/* The deviance of eight candidates for one series side by side, one in each vector lane.
 *
 * The recursion of ets_filter.c is a chain of dependent operations: one candidate leaves the
 * processor waiting, eight take the same time. Lanes meet only in reading y, so a candidate's value
 * depends on nothing but itself; operations are the same for every instruction set (no fused
 * multiply-add), so it does not depend on the machine either. A candidate that leaves the domain of
 * its form (a forecast, level or season that is not positive where it must be) is infinite. */
#include "models/local/ets.h"

#include <math.h>
#include <string.h>

typedef double lane __attribute__((vector_size(8 * WSF__ETS_LANES)));
typedef int64_t mask __attribute__((vector_size(8 * WSF__ETS_LANES)));

enum { LOG_EVERY = 16 }; /* factors y / f gathered before a logarithm is taken */

static void take_log(lane *factors, lane *sum) {
  for (int i = 0; i < WSF__ETS_LANES; ++i) {
    (*sum)[i] += log((*factors)[i]);
    (*factors)[i] = 1;
  }
}

/* trend and season are constants at every call: the branches on them vanish. */
static inline __attribute__((always_inline)) void body(wsf__ets_trial *t, const int trend,
                                                       const int season) {
  lane alpha, beta, gamma, phi, l, b;
  memcpy(&alpha, t->smoothing[0], sizeof alpha);
  memcpy(&beta, t->smoothing[1], sizeof beta);
  memcpy(&gamma, t->smoothing[2], sizeof gamma);
  memcpy(&phi, t->smoothing[3], sizeof phi);
  memcpy(&l, t->level, sizeof l);
  memcpy(&b, t->slope, sizeof b);
  lane *ring = (lane *)(void *)t->season;
  const bool relative = t->form.error == WSF__ETS_MUL;
  const lane zero = {0};
  lane sse = zero, factors = zero + 1, log_ratio = zero;
  mask good = ~(mask){0};
  int at = 0, gathered = 0;

  for (int64_t step = 0; step < t->n; ++step) {
    const double now = t->y[step];
    lane slope = b, q = l;
    if (trend == WSF__ETS_ADD) {
      slope = phi * b;
      q = l + slope;
    } else if (trend == WSF__ETS_MUL) {
      if (t->form.damped) {
        for (int i = 0; i < WSF__ETS_LANES; ++i) slope[i] = pow(b[i], phi[i]);
      }
      q = l * slope;
    }
    if (now == now) {
      const lane y = zero + now;
      lane f = q;
      if (season == WSF__ETS_ADD) f = q + ring[at];
      if (season == WSF__ETS_MUL) f = q * ring[at];
      lane e = y - f, d = e;
      if (season == WSF__ETS_MUL) {
        d = y / ring[at] - q;
        ring[at] += gamma * (y / q - ring[at]);
        good &= q > zero;
      }
      if (season == WSF__ETS_ADD) ring[at] += gamma * d;
      if (trend == WSF__ETS_ADD) b = slope + beta * d;
      if (trend == WSF__ETS_MUL) {
        b = slope + beta * d / l;
        good &= (l > zero) & (b > zero);
      }
      l = q + alpha * d;
      if (relative) {
        const lane ratio = y / f;
        e = ratio - 1.0;
        good &= f > zero;
        factors *= ratio;
        if (++gathered == LOG_EVERY) {
          take_log(&factors, &log_ratio);
          gathered = 0;
        }
      }
      sse += e * e;
    } else {
      l = q;
      b = slope;
    }
    if (++at == t->m) at = 0;
  }
  take_log(&factors, &log_ratio);
  for (int i = 0; i < WSF__ETS_LANES; ++i) {
    double d = t->count * log(fmax(sse[i], t->least_sse));
    if (relative) d += 2 * (t->log_y - log_ratio[i]);
    t->deviance[i] = good[i] && sse[i] == sse[i] && isfinite(d) ? d : INFINITY;
  }
}

static inline __attribute__((always_inline)) void by_shape(wsf__ets_trial *t) {
  switch (3 * t->form.trend + t->form.season) {
  case 0:
    body(t, 0, 0);
    break;
  case 1:
    body(t, 0, 1);
    break;
  case 2:
    body(t, 0, 2);
    break;
  case 3:
    body(t, 1, 0);
    break;
  case 4:
    body(t, 1, 1);
    break;
  case 5:
    body(t, 1, 2);
    break;
  case 6:
    body(t, 2, 0);
    break;
  case 7:
    body(t, 2, 1);
    break;
  default:
    body(t, 2, 2);
    break;
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void wide(wsf__ets_trial *t) {
  by_shape(t);
}
#endif

static void plain(wsf__ets_trial *t) {
  by_shape(t);
}

void wsf__ets_try(wsf__ets_trial *t) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    wide(t);
    return;
  }
#endif
  plain(t);
}
