/* Problem: an effect is known where the column was seen. A price of 299, typed for 2.99, where
 * prices of 2.5 to 3.5 were, takes a straight line to any number, and the interval with it.
 *
 * Method: a value ahead is far out if it lies beyond the least or the largest value of the column's
 * history by more than their distance. What never varied there has no part in a fit, so nothing is
 * far from it. The history is read from its end: as soon as it spans enough for what lies ahead,
 * the rest of it cannot make that far again. */
#include "models/outside.h"

#include "models/regressors.h"

#include <stdio.h>

enum { ROWS = 64 }; /* of the history at a time, forwards, as features are made */

typedef struct range {
  double least, largest;
} range;

static void widen(range *r, double x) {
  if (!isfinite(x)) return;
  r->least = fmin(r->least, x);
  r->largest = fmax(r->largest, x);
}

static bool is_far(const range *seen, double x) {
  const double width = seen->largest - seen->least;
  return width > 0 && (x > seen->largest + width || x < seen->least - width);
}

/* Whether more of a history could change what is said of values of this range. */
static bool is_open(const range *seen, const range *ahead) {
  if (ahead->least > ahead->largest) return false;
  if (!(seen->largest > seen->least))
    return seen->least != ahead->least || ahead->largest != ahead->least;
  return is_far(seen, ahead->least) || is_far(seen, ahead->largest);
}

static range *ranges_of(int n, wsf__arena *scratch) {
  range *r = wsf__arena_new(scratch, (size_t)n, sizeof *r);
  for (int i = 0; r && i < n; ++i) r[i] = (range){INFINITY, -INFINITY};
  return r;
}

/* The first step at which a column is far from what was seen of it. */
static wsf_status first_far(wsf__outside *out, wsf__regressors *r, const wsf__series *s, int64_t h,
                            const range *seen, double *x) {
  bool whole;
  for (int64_t step = 1; step <= h; ++step) {
    WSF__TRY(wsf__regressors_ahead(r, s, step, x, &whole));
    for (int i = 0; i < r->n; ++i) {
      if (!isfinite(x[i]) || !is_far(&seen[i], x[i])) continue;
      *out = (wsf__outside){step, x[i], seen[i].least, seen[i].largest, ""};
      (void)snprintf(out->name, sizeof out->name, "%s", r->name[i]);
      return WSF_OK;
    }
  }
  return WSF_OK;
}

static wsf_status look(wsf__outside *out, wsf__regressors *r, const wsf__series *s, int64_t h,
                       wsf__arena *scratch, wsf_error *err) {
  double *x = wsf__arena_new(scratch, (size_t)r->n, sizeof *x);
  range *ahead = ranges_of(r->n, scratch), *seen = ranges_of(r->n, scratch);
  bool whole, open = true;
  if (!x || !ahead || !seen) return wsf__fail_memory(err);
  r->seen = s->n;
  for (int64_t step = 1; step <= h; ++step) {
    WSF__TRY(wsf__regressors_ahead(r, s, step, x, &whole));
    for (int i = 0; i < r->n; ++i) widen(&ahead[i], x[i]);
  }
  for (int64_t end = s->n, from; open && end > 0; end = from) {
    from = end > ROWS ? end - ROWS : 0;
    for (int64_t t = from; t < end; ++t) {
      WSF__TRY(wsf__regressors_read(r, s, t, x, &whole));
      for (int i = 0; i < r->n; ++i) widen(&seen[i], x[i]);
    }
    open = false;
    for (int i = 0; i < r->n; ++i) open = open || is_open(&seen[i], &ahead[i]);
  }
  return open ? first_far(out, r, s, h, seen, x) : WSF_OK;
}

wsf_status wsf__outside_find(wsf__outside *out, const wsf__node *node, const wsf__panel *panel,
                             const wsf__series *s, int64_t h, wsf__arena *scratch, wsf_error *err) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  wsf__regressors r;
  *out = (wsf__outside){0};
  WSF__TRY(wsf__regressors_find(&r, node, panel, scratch, err));
  const wsf_status status = r.n > 0 ? look(out, &r, s, h, scratch, err) : WSF_OK;
  wsf__arena_reset(scratch, mark);
  return status;
}
