/* A structural time series around a regression: y = x' b + z (Harvey 1989, 7.3; Durbin and Koopman
 * 2012, 6.2.3: the augmented filter).
 *
 * Gains of the filter do not depend on the data, so each centred column goes through it beside y,
 * from zero, and b is that of least squares of the innovations over their variances (design.h). The
 * search for the variances (ucm_fit.c) runs over what b leaves of y, and the two take turns. b is
 * counted among the parameters by the caller; it is no diffuse state, so the likelihood is that of
 * R's arima with regressors and not the marginal one. */
#include "models/local/ucm/ucm.h"

#include "math/elementary.h"

#include <math.h>
#include <string.h>

/* The filter from the first period on, with the variances of u. false: no memory. */
static bool run(wsf__ucm_filter *f, wsf__design *d, double *v, double *columns, const double *y,
                int64_t n, wsf__arena *scratch) {
  wsf__ucm *u = (wsf__ucm *)v;
  wsf__ucm_start start;
  u->n = 0;
  if (!wsf__ucm_open(f, v, scratch) || !wsf__ucm_begin(&start, f, y, n, scratch) ||
      !wsf__ucm_columns(f, d->n, columns, scratch)) {
    return false;
  }
  memset(f->a, 0, (wsf__ucm_size(u) - WSF__UCM_HEAD) * sizeof *v);
  memset(columns, 0, (size_t)d->n * (size_t)f->dim * sizeof *columns);
  f->x = d->x;
  f->stride = d->stride;
  f->design = d;
  wsf__design_clear(d);
  const wsf__ucm_sums sums = wsf__ucm_run(f, y, n, &start);
  if (sums.count > 0) d->weight /= (double)sums.count;
  return true;
}

double wsf__ucm_regress(wsf__design *d, const double *v, double *y, int64_t n,
                        wsf__arena *scratch) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  const wsf__ucm *u = (const wsf__ucm *)v;
  const size_t size = wsf__ucm_size(u), dim = (size_t)wsf__ucm_dim(u);
  double *copy = wsf__arena_new(scratch, size, sizeof *copy);
  double *columns = wsf__arena_new(scratch, (size_t)d->n, dim * sizeof *columns);
  wsf__ucm_filter f;
  if (!copy || !columns) return INFINITY;
  memcpy(copy, v, size * sizeof *copy);
  if (!run(&f, d, copy, columns, y, n, scratch)) return INFINITY;
  const double before = d->squares, left = wsf__design_solve(d);
  wsf__arena_reset(scratch, mark);
  if (!(left > 0) || !(before > left)) return 0; /* nothing to gain, or nothing left */
  wsf__design_move(d, y, n);
  double errors = -(double)wsf__ucm_diffuse(u);
  for (int64_t t = 0; t < n; ++t) errors += !isnan(y[t]);
  return errors * wsf__ln(before / left);
}

bool wsf__ucm_regress_end(wsf__design *d, double *v, const double *y, int64_t n,
                          wsf__arena *scratch) {
  const size_t k = (size_t)d->n_all, used = (size_t)d->n;
  wsf__ucm *u = (wsf__ucm *)v;
  const size_t dim = (size_t)wsf__ucm_dim(u);
  double *columns = wsf__arena_new(scratch, used, dim * sizeof *columns);
  wsf__ucm_filter f;
  if (!columns) return false;
  if (used > 0) {
    if (!run(&f, d, v, columns, y, n, scratch)) return false;
    (void)wsf__design_solve(d);
    wsf__design_end(d);
  }
  double *to = v + wsf__ucm_size(u);
  memcpy(to, d->centre, k * sizeof *to);
  memcpy(to + k, d->b, k * sizeof *to);
  memcpy(to + 2 * k, d->cover, k * k * sizeof *to);
  to += 2 * k + k * k;
  memset(to, 0, k * dim * sizeof *to);
  for (size_t j = 0; j < used; ++j) {
    memcpy(to + (size_t)d->from[j] * dim, columns + j * dim, dim * sizeof *to);
  }
  return true;
}
