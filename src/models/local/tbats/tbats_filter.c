/* The recursion of a model with trigonometric seasons.
 *
 * De Livera, Hyndman and Snyder (2011), equations (2), (3) and (5): every harmonic turns by its
 * angle each period, so a step costs as many operations as there are states; nothing is a matrix.
 * Harmonics go four to a vector lane, without fused multiply-add: the same bits everywhere. A
 * missing value moves the states by the error that ARMA expects, which is zero without it. */
#include "models/local/tbats/tbats.h"

#include "math/elementary.h"

#include <math.h>
#include <string.h>

enum { WIDE = 4 };
typedef double lane __attribute__((vector_size(8 * WIDE)));

bool wsf__tbats_open(wsf__tbats_machine *m, wsf__tbats *u, wsf__arena *scratch) {
  m->u = u;
  m->k = wsf__tbats_harmonics(u);
  m->dim = wsf__tbats_dim(u);
  m->padded = (m->k + WIDE - 1) / WIDE * WIDE;
  const size_t padded = (size_t)m->padded;
  double *block = wsf__arena_zero(scratch, 6 * padded, sizeof *block);
  if (!block) return false;
  m->cosine = block;
  m->sine = block + padded;
  m->g1 = block + 2 * padded;
  m->g2 = block + 3 * padded;
  m->value = block + 4 * padded;
  m->companion = block + 5 * padded;
  int at = 0;
  for (int i = 0; i < (int)u->seasons; ++i) {
    for (int j = 1; j <= (int)u->harmonics[i]; ++j, ++at) {
      const double angle = 6.283185307179586476925 * j / u->period[i];
      const bool half = 2 * j == u->period[i]; /* a rounded sine would show the companion */
      m->cosine[at] = half ? -1 : wsf__cos(angle);
      m->sine[at] = half ? 0 : wsf__sin(angle);
    }
  }
  wsf__tbats_set(m);
  return true;
}

void wsf__tbats_set(wsf__tbats_machine *m) {
  const wsf__tbats *u = m->u;
  int at = 0;
  for (int i = 0; i < (int)u->seasons; ++i) {
    for (int j = 0; j < (int)u->harmonics[i]; ++j, ++at) {
      m->g1[at] = u->gamma1[i];
      m->g2[at] = u->gamma2[i];
    }
  }
}

void wsf__tbats_load(wsf__tbats_machine *m, const double *x) {
  const size_t bytes = (size_t)m->k * sizeof *x;
  m->level = *x++;
  m->slope = m->u->trend > 0 ? *x++ : 0;
  memcpy(m->value, x, bytes);
  memcpy(m->companion, x + m->k, bytes);
}

void wsf__tbats_store(const wsf__tbats_machine *m, double *x) {
  const size_t bytes = (size_t)m->k * sizeof *x;
  *x++ = m->level;
  if (m->u->trend > 0) *x++ = m->slope;
  memcpy(x, m->value, bytes);
  memcpy(x + m->k, m->companion, bytes);
}

double wsf__tbats_step(wsf__tbats_machine *m, double w, double *error) {
  wsf__tbats *u = m->u;
  const int p = (int)u->p, q = (int)u->q, lanes = m->padded / WIDE;
  lane *s = (lane *)(void *)m->value, *z = (lane *)(void *)m->companion;
  const lane *c = (const lane *)(const void *)m->cosine, *n = (const lane *)(const void *)m->sine;
  const lane *g1 = (const lane *)(const void *)m->g1, *g2 = (const lane *)(const void *)m->g2;
  const double moved = m->level + u->phi * m->slope;
  lane sum = {0};
  for (int i = 0; i < lanes; ++i) sum += s[i];
  double expected = 0;
  for (int i = 0; i < p; ++i) expected += u->ar[i] * u->d[i];
  for (int i = 0; i < q; ++i) expected += u->ma[i] * u->e[i];
  const double mean = moved + ((sum[0] + sum[1]) + (sum[2] + sum[3])) + expected;
  const double e = isnan(w) ? 0 : w - mean, d = expected + e;
  for (int i = p - 1; i > 0; --i) u->d[i] = u->d[i - 1];
  for (int i = q - 1; i > 0; --i) u->e[i] = u->e[i - 1];
  if (p > 0) u->d[0] = d;
  if (q > 0) u->e[0] = e;
  m->level = moved + u->alpha * d;
  m->slope = u->phi * m->slope + u->beta * d;
  for (int i = 0; i < lanes; ++i) {
    const lane before = s[i];
    s[i] = before * c[i] + z[i] * n[i] + g1[i] * d;
    z[i] = z[i] * c[i] - before * n[i] + g2[i] * d;
  }
  *error = e;
  return mean;
}

double wsf__tbats_forward(const wsf__tbats *u, double x) {
  if (!(u->box > 0)) return x;
  return fabs(u->lambda) < 1e-6 ? wsf__ln(x) : wsf__expm1(u->lambda * wsf__ln(x)) / u->lambda;
}

double wsf__tbats_backward(const wsf__tbats *u, double w) {
  if (!(u->box > 0)) return w;
  if (fabs(u->lambda) < 1e-6) return wsf__exp(w);
  const double base = u->lambda * w;
  return base > -1 ? wsf__exp(wsf__log1p(base) / u->lambda) : 0;
}
