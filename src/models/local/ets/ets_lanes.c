/* The deviance of candidates for one series side by side, one in each vector lane.
 *
 * The recursion of ets_filter.c is a chain of dependent operations: one candidate leaves the
 * processor waiting, four or eight take the same time. A lane has its own parameters, states and
 * kind of error; a lane without a trend has slope 0, one without damping phi 1, so all forms of one
 * kind of trend and season go together. Lanes meet only in reading y, so a candidate's value
 * depends on nothing but itself; operations are the same for every instruction set (no fused
 * multiply-add), so it does not depend on the machine either. A candidate that leaves the domain of
 * its form (a forecast, level or season that is not positive where it must be) is infinite. */
#include "models/local/ets/ets.h"

#include "math/elementary.h"

#include <math.h>
#include <string.h>

enum { WIDE = 4, PARTS = WSF__ETS_LANES / WIDE };
typedef double lane __attribute__((vector_size(8 * WIDE)));
typedef int64_t mask __attribute__((vector_size(8 * WIDE)));

static const double LOG_2 = 0.69314718055994530942;
enum { GATHER = 16 }; /* factors y / f multiplied before their exponent is set aside */

/* Move the exponent of a product of factors into a sum: it neither overflows nor needs a logarithm
 * before the end. */
static inline __attribute__((always_inline)) void set_aside(lane *factors, mask *exponent) {
  const mask bits = (mask)*factors;
  *exponent += ((bits >> 52) & 0x7ff) - 1023;
  *factors = (lane)((bits & 0xfffffffffffff) | 0x3ff0000000000000);
}

/* trend, season and parts are constants at every call: branches and loops on them vanish. */
static inline __attribute__((always_inline)) void
body(wsf__ets_trial *t, int lanes, const int trend, const int season, const int parts) {
  lane alpha[PARTS], beta[PARTS], gamma[PARTS], phi[PARTS], l[PARTS], b[PARTS];
  lane sse[PARTS], factors[PARTS];
  mask relative[PARTS], good[PARTS], exponent[PARTS];
  const lane zero = {0}, one = zero + 1;
  const size_t bytes = sizeof(lane) * (size_t)parts;
  memcpy(alpha, t->smoothing[0], bytes);
  memcpy(beta, t->smoothing[1], bytes);
  memcpy(gamma, t->smoothing[2], bytes);
  memcpy(phi, t->smoothing[3], bytes);
  memcpy(l, t->level, bytes);
  memcpy(b, t->slope, bytes);
  memcpy(relative, t->relative, bytes);
  bool any_relative = false;
  for (int i = 0; i < lanes; ++i) any_relative = any_relative || t->relative[i];
  for (int p = 0; p < parts; ++p) {
    sse[p] = zero;
    exponent[p] = (mask){0};
    factors[p] = one;
    good[p] = ~(mask){0};
  }
  lane *ring = (lane *)(void *)t->season;
  int at = 0, gathered = 0;

  for (int64_t step = 0; step < t->n; ++step) {
    if (step % 1024 == 0 && wsf__cut_short(t->scratch)) break;
    const double now = t->y[step];
    const bool seen = now == now;
    const lane y = zero + now;
    for (int p = 0; p < parts; ++p) {
      lane slope = b[p], q;
      if (trend == WSF__ETS_MUL) {
        for (int i = 0; i < WIDE; ++i) {
          if (phi[p][i] < 1) slope[i] = wsf__pow(slope[i], phi[p][i]);
        }
        q = l[p] * slope;
      } else {
        slope = phi[p] * b[p];
        q = l[p] + slope;
      }
      if (!seen) {
        l[p] = q;
        b[p] = slope;
        continue;
      }
      lane *s = &ring[at * PARTS + p];
      lane f = q;
      if (season == WSF__ETS_ADD) f = q + *s;
      if (season == WSF__ETS_MUL) f = q * *s;
      lane e = y - f, d = e;
      if (season == WSF__ETS_MUL) {
        d = y / *s - q;
        *s += gamma[p] * (y / q - *s);
        good[p] &= q > zero;
      }
      if (season == WSF__ETS_ADD) *s += gamma[p] * d;
      if (trend == WSF__ETS_MUL) {
        b[p] = slope + beta[p] * d / l[p];
        good[p] &= (l[p] > zero) & (b[p] > zero);
      } else {
        b[p] = slope + beta[p] * d;
      }
      l[p] = q + alpha[p] * d;
      if (any_relative) {
        const lane ratio = y / f;
        factors[p] *= ratio;
        /* An additive season may start below zero and recover, as in R. A level that falls below
         * zero under positive data is refused, though R lets it: it forecasts worse. */
        if (season != WSF__ETS_ADD) good[p] &= (f > zero) | ~relative[p];
        e = (lane)(((mask)(ratio - one) & relative[p]) | ((mask)e & ~relative[p]));
      }
      sse[p] += e * e;
    }
    if (any_relative && seen && ++gathered == GATHER) {
      for (int p = 0; p < parts; ++p) set_aside(&factors[p], &exponent[p]);
      gathered = 0;
    }
    if (++at == t->m) at = 0;
  }
  for (int i = 0; i < lanes; ++i) {
    const int p = i / WIDE, k = i % WIDE;
    const bool log_f = t->relative[i] != 0;
    double d = t->count * wsf__ln(fmax(sse[p][k], t->least_sse[i]));
    if (log_f) {
      const double log_ratio = wsf__ln(fabs(factors[p][k])) + LOG_2 * (double)exponent[p][k];
      d += 2 * (t->log_y - log_ratio);
    }
    t->deviance[i] = good[p][k] && isfinite(d) && sse[p][k] == sse[p][k] ? d : INFINITY;
  }
}

static inline __attribute__((always_inline)) void by_shape(wsf__ets_trial *t, int lanes) {
  switch (6 * (lanes > WIDE) + 3 * (t->trend == WSF__ETS_MUL) + t->season_kind) {
  case 0:
    body(t, lanes, 1, 0, 1);
    break;
  case 1:
    body(t, lanes, 1, 1, 1);
    break;
  case 2:
    body(t, lanes, 1, 2, 1);
    break;
  case 3:
    body(t, lanes, 2, 0, 1);
    break;
  case 4:
    body(t, lanes, 2, 1, 1);
    break;
  case 5:
    body(t, lanes, 2, 2, 1);
    break;
  case 6:
    body(t, lanes, 1, 0, 2);
    break;
  case 7:
    body(t, lanes, 1, 1, 2);
    break;
  case 8:
    body(t, lanes, 1, 2, 2);
    break;
  case 9:
    body(t, lanes, 2, 0, 2);
    break;
  case 10:
    body(t, lanes, 2, 1, 2);
    break;
  default:
    body(t, lanes, 2, 2, 2);
    break;
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void wide(wsf__ets_trial *t, int lanes) {
  by_shape(t, lanes);
}
#endif

static void plain(wsf__ets_trial *t, int lanes) {
  by_shape(t, lanes);
}

void wsf__ets_try(wsf__ets_trial *t, int lanes) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    wide(t, lanes);
    return;
  }
#endif
  plain(t, lanes);
}
