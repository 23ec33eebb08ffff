/* What a prophet remembers for its updates. Where growth may change, the scale of y and of time,
 * and which seasons are fitted follow from the whole history: parameters cannot stay, and are found
 * anew from the history and the new observations.
 *
 * The search begins at the parameters of the last fit (prophet_carry.c), and not at those of the
 * last update, so that one piece or many give the same bits: a moved state remembers that fit, too.
 *
 * A memory lies at the end of a state: the fit of n_fitted numbers, the observations, the periods
 * without one, how many those are, n_fitted, and less than zero how many numbers all of that is. No
 * state without a memory ends below zero.
 *
 * Limits: time and memory grow with the history. What a regressor was in it is the panel's. */
#include "models/local/prophet/prophet.h"

#include <string.h>

enum { MARKS = 3 };

int64_t wsf__prophet_memory_size(int64_t n, int64_t n_fitted) {
  return n_fitted + n + MARKS;
}

/* Numbers of the memory at the end of a state; 0: none. */
static int64_t size_of(const double *v, int64_t n) {
  const int64_t most = n - WSF__PROPHET_HEAD;
  if (most < MARKS || !wsf__whole(-v[n - 1], MARKS, (double)most)) return 0;
  const int64_t size = (int64_t)-v[n - 1];
  if (!wsf__whole(v[n - 2], 0, (double)(size - MARKS))) return 0;
  return wsf__whole(v[n - 3], 0, (double)(size - MARKS) - v[n - 2]) ? size : 0;
}

int64_t wsf__prophet_bare(const double *v, int64_t n) {
  return n - size_of(v, n);
}

wsf__prophet_memory wsf__prophet_memory_of(const wsf__state *state) {
  const int64_t size = size_of(state->v, state->n), bare = state->n - size;
  if (size == 0) return (wsf__prophet_memory){0};
  const int64_t n_fitted = (int64_t)state->v[state->n - 2];
  const double *fitted = state->v + bare;
  wsf__prophet_memory m = {.fitted = {.v = state->v, .n = bare}};
  if (n_fitted > 0) m.fitted = (wsf__state){.v = fitted, .n = n_fitted};
  m.n = size - MARKS - n_fitted;
  m.n_missing = (int64_t)state->v[state->n - 3];
  m.observed = fitted + n_fitted;
  m.missing = m.observed + m.n - m.n_missing;
  return m;
}

bool wsf__prophet_memory_check(const wsf__prophet_memory *m) {
  double next = 0;
  for (int64_t i = 0; i < m->n_missing; ++i) {
    if (!wsf__whole(m->missing[i], next, (double)(m->n - 1))) return false;
    next = m->missing[i] + 1;
  }
  return wsf__state_finite(&(wsf__state){.v = m->observed, .n = m->n - m->n_missing});
}

void wsf__prophet_memory_write(double *out, const wsf__series *s, const wsf__state *fitted) {
  const int64_t n_fitted = fitted ? fitted->n : 0;
  if (fitted) memcpy(out, fitted->v, (size_t)n_fitted * sizeof *out);
  double *observed = out + n_fitted, *missing = out + n_fitted + s->n;
  for (int64_t t = 0; t < s->n; ++t) {
    if (!isnan(s->y[t])) *observed++ = s->y[t];
  }
  const int64_t n_missing = missing - observed;
  for (int64_t t = 0; t < s->n; ++t) {
    if (isnan(s->y[t])) *observed++ = (double)t;
  }
  out += n_fitted + s->n;
  out[0] = (double)n_missing;
  out[1] = (double)n_fitted;
  out[2] = -(double)wsf__prophet_memory_size(s->n, n_fitted);
}

void wsf__prophet_memory_read(double *y, const wsf__prophet_memory *m) {
  const double *observed = m->observed, *missing = m->missing;
  const double *const end = m->missing + m->n_missing;
  for (int64_t t = 0; t < m->n; ++t) {
    const bool is_missing = missing < end && *missing == (double)t;
    y[t] = is_missing ? NAN : *observed++;
    missing += is_missing;
  }
}
