/* Problem: minimise 1/2 x' H x - q' x + sum_j w_j |x_j|, H symmetric positive definite on the
 * coefficients in use: least squares with absolute penalties on some of its coefficients
 * (Tibshirani 1996, "Regression shrinkage and selection via the lasso").
 *
 * Method: the feature-sign search (Lee, Battle, Raina and Ng 2007, "Efficient sparse coding
 * algorithms"). With the signs of the penalised coefficients known the minimum is that of a
 * quadratic, one Cholesky solve; coefficients at zero join by their gradient, the steepest first,
 * and those that would change their sign on the way stop at zero. The objective falls with every
 * step, so no choice of signs comes twice and the end is exact, where descents by single
 * coordinates creep along columns that are much alike. */
#include "linalg/lasso.h"
#include "linalg/kernels.h"
#include "linalg/linalg.h"
#include "sync/env.h"

#include <math.h>
#include <string.h>

typedef struct search {
  int n, used; /* coefficients; those in use: not penalised, or with a sign */
  const double *h, *q, *w;
  double *x, *gradient, *to, *along, *factor;
  double *sign; /* of those penalised; 0: at zero */
  int *index;   /* [used] */
} search;

/* H x - q. */
static void find_gradient(search *s) {
  for (int i = 0; i < s->n; ++i) s->gradient[i] = -s->q[i];
  for (int j = 0; j < s->n; ++j) {
    if (s->x[j] != 0) wsf__axpy(s->x[j], s->h + (size_t)j * (size_t)s->n, s->gradient, s->n);
  }
}

/* The coefficient at zero whose gradient is furthest beyond its penalty; -1: none is. */
static int steepest(const search *s) {
  int best = -1;
  double most = 0;
  for (int j = 0; j < s->n; ++j) {
    if (s->w[j] == 0 || s->sign[j] != 0) continue;
    const double scale = s->w[j] + fabs(s->q[j]);
    const double beyond = fabs(s->gradient[j]) - s->w[j] - 1e-12 * scale;
    if (beyond > most) {
      most = beyond;
      best = j;
    }
  }
  return best;
}

/* The minimum for these signs goes to `to`. */
static bool solve(search *s) {
  s->used = 0;
  for (int j = 0; j < s->n; ++j) {
    if (s->w[j] == 0 || s->sign[j] != 0) s->index[s->used++] = j;
  }
  for (int a = 0; a < s->used; ++a) {
    const int j = s->index[a];
    s->to[a] = s->q[j] - s->w[j] * s->sign[j];
    double *column = s->factor + (size_t)a * (size_t)s->used;
    for (int b = a; b < s->used; ++b) column[b] = s->h[(size_t)j * (size_t)s->n + s->index[b]];
  }
  return wsf__posv(s->used, s->factor, s->to);
}

/* Whether the way to that minimum keeps every sign. */
static bool keeps_signs(const search *s) {
  for (int a = 0; a < s->used; ++a) {
    const int j = s->index[a];
    if (s->w[j] > 0 && !(s->to[a] * s->sign[j] > 0)) return false;
  }
  return true;
}

/* The absolute penalties at a share of the way. */
static double penalties(const search *s, double share) {
  double sum = 0;
  for (int a = 0; a < s->used; ++a) {
    const int j = s->index[a];
    sum += s->w[j] * fabs(s->x[j] + share * (s->to[a] - s->x[j]));
  }
  return sum;
}

/* Go the best of the shares of the way at which a coefficient comes to zero, or all of it. */
static void walk(search *s) {
  double slope = 0, curve = 0;
  memset(s->along, 0, (size_t)s->n * sizeof *s->along);
  for (int a = 0; a < s->used; ++a) {
    const int j = s->index[a];
    wsf__axpy(s->to[a] - s->x[j], s->h + (size_t)j * (size_t)s->n, s->along, s->n);
  }
  for (int a = 0; a < s->used; ++a) {
    const int j = s->index[a];
    slope += (s->to[a] - s->x[j]) * s->gradient[j];
    curve += (s->to[a] - s->x[j]) * s->along[j];
  }
  double best = 1, least = slope + curve / 2 + penalties(s, 1);
  int stops = -1; /* the one that comes to zero there */
  for (int a = 0; a < s->used; ++a) {
    const int j = s->index[a];
    if (s->w[j] == 0 || !(s->x[j] * s->to[a] < 0)) continue;
    const double share = s->x[j] / (s->x[j] - s->to[a]);
    const double value = share * slope + share * share * curve / 2 + penalties(s, share);
    if (value < least) {
      least = value;
      best = share;
      stops = j;
    }
  }
  for (int a = 0; a < s->used; ++a) {
    const int j = s->index[a];
    s->x[j] = j == stops ? 0 : s->x[j] + best * (s->to[a] - s->x[j]);
    if (s->w[j] > 0) s->sign[j] = (double)((s->x[j] > 0) - (s->x[j] < 0));
  }
}

/* Take the minimum of these signs, and one more coefficient if that lowers it: whether one does. */
static bool join(search *s) {
  for (int a = 0; a < s->used; ++a) s->x[s->index[a]] = s->to[a];
  find_gradient(s);
  const int joins = steepest(s);
  if (joins >= 0) s->sign[joins] = s->gradient[joins] > 0 ? -1 : 1;
  return joins >= 0;
}

wsf__lasso_end wsf__lasso(int n, const double *h, const double *q, const double *w, double *x,
                          wsf__arena *scratch) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  const size_t room = (size_t)n;
  search s = {.n = n, .h = h, .q = q, .w = w, .x = x};
  s.gradient = wsf__arena_new(scratch, room, 4 * sizeof(double));
  s.factor = wsf__arena_new(scratch, room, room * sizeof(double));
  s.index = wsf__arena_new(scratch, room, sizeof *s.index);
  wsf__lasso_end end = s.gradient && s.factor && s.index ? WSF__LASSO_GOOD : WSF__LASSO_MEMORY;
  if (end == WSF__LASSO_GOOD) {
    s.to = s.gradient + n;
    s.along = s.to + n;
    s.sign = s.along + n;
    for (int j = 0; j < n; ++j) s.sign[j] = w[j] > 0 ? (double)((x[j] > 0) - (x[j] < 0)) : 0;
  }
  /* each pass settles a choice of signs; the bound is for numbers that rounding makes cycle */
  for (int pass = 0, most = 20 * (n + 10); end == WSF__LASSO_GOOD && pass < most; ++pass) {
    find_gradient(&s);
    if (wsf__cut_short(scratch))
      end = WSF__LASSO_MEMORY;
    else if (!solve(&s))
      end = WSF__LASSO_INDEFINITE;
    else if (!keeps_signs(&s))
      walk(&s);
    else if (!join(&s))
      break;
  }
  wsf__arena_reset(scratch, mark);
  return end;
}
