/* Exponential smoothing around a regression: y = x' b + z, z an additive form (Hyndman et al. 2008,
 * section 9.1, with constant coefficients).
 *
 * With the smoothing parameters and the first states given, b is that of least squares of the
 * innovations (design.h). One pass filters y and the columns, four to a vector, and gathers their
 * products, n k^2 / 2 multiplications: the search is not made to wait for that, but held at a b
 * (ets.c takes turns). */
#include "models/local/ets/ets.h"

#include "math/elementary.h"

#include <math.h>
#include <string.h>

enum { WIDE = 4 };
typedef double lane __attribute__((vector_size(8 * WIDE)));

/* What the filter keeps of the columns, in vectors along a row of x, and of y. */
typedef struct signals {
  int parts;                    /* vectors in a row */
  lane *level, *slope, *season; /* [parts], [parts], [m][parts] */
  lane *error, *product;        /* [parts], [n + 1][parts]: lower triangle, y last */
  double y_level, y_slope, *y_season;
  double squares, count; /* of the errors of y */
} signals;

static signals signals_of(wsf__design *d, double *work, const wsf__ets *e) {
  signals s = {.parts = d->stride / WIDE, .y_level = e->level, .y_slope = e->slope};
  const int parts = s.parts;
  wsf__design_clear(d);
  s.product = (lane *)(void *)d->product;
  s.level = (lane *)(void *)work;
  s.slope = s.level + parts;
  s.error = s.slope + parts;
  s.season = s.error + parts;
  s.y_season = (double *)(s.season + e->m * parts);
  memset(work, 0, (size_t)((3 + e->m) * parts) * sizeof(lane));
  memcpy(s.y_season, e->season, (size_t)e->m * sizeof *s.y_season);
  return s;
}

/* with_season is a constant at every call. */
static inline __attribute__((always_inline)) void filter(const wsf__design *d, signals *s,
                                                         const double *y, int64_t n,
                                                         const wsf__ets *e,
                                                         const bool with_season) {
  const int parts = s->parts;
  const double *error = (const double *)s->error;
  int at = 0;
  for (int64_t step = 0; step < n; ++step) {
    if (step % 64 == 0 && wsf__cut_short(d->scratch)) return;
    const bool seen = y[step] == y[step];
    const lane *x = (const lane *)(const void *)(d->x + step * d->stride);
    lane *season = s->season + at * parts;
    s->y_slope *= e->phi;
    s->y_level += s->y_slope;
    for (int p = 0; p < parts; ++p) {
      s->slope[p] *= e->phi;
      s->level[p] += s->slope[p];
    }
    if (seen) {
      const double now = y[step] - (with_season ? s->y_level + s->y_season[at] : s->y_level);
      s->y_level += e->alpha * now;
      s->y_slope += e->beta * now;
      if (with_season) s->y_season[at] += e->gamma * now;
      s->squares += now * now;
      s->count += 1;
      for (int p = 0; p < parts; ++p) {
        const lane error_x = x[p] - (with_season ? s->level[p] + season[p] : s->level[p]);
        s->level[p] += e->alpha * error_x;
        s->slope[p] += e->beta * error_x;
        if (with_season) season[p] += e->gamma * error_x;
        s->error[p] = error_x;
      }
      for (int i = 0; i < d->n; ++i) {
        lane *row = s->product + i * parts;
        for (int p = 0; p <= i / WIDE; ++p) row[p] += error[i] * s->error[p];
      }
      lane *row = s->product + d->n * parts;
      for (int p = 0; p < parts; ++p) row[p] += now * s->error[p];
    }
    if (++at == e->m) at = 0;
  }
}

static inline __attribute__((always_inline)) void
by_season(const wsf__design *d, signals *s, const double *y, int64_t n, const wsf__ets *e) {
  if (e->form.season)
    filter(d, s, y, n, e, true);
  else
    filter(d, s, y, n, e, false);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void wide(const wsf__design *d, signals *s, const double *y,
                                                 int64_t n, const wsf__ets *e) {
  by_season(d, s, y, n, e);
}
#endif

static void plain(const wsf__design *d, signals *s, const double *y, int64_t n, const wsf__ets *e) {
  by_season(d, s, y, n, e);
}

double wsf__ets_regress(wsf__design *d, double *work, const double *y, int64_t n,
                        const wsf__ets *e) {
  signals s = signals_of(d, work, e);
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2"))
    wide(d, &s, y, n, e);
  else
#endif
    plain(d, &s, y, n, e);
  d->squares = s.squares;
  d->weight = 1;
  return s.count * wsf__ln(wsf__design_solve(d));
}

double *wsf__ets_regress_room(const wsf__design *d, int m, wsf__arena *scratch) {
  size_t cells;
  const bool fits =
      wsf__mul((size_t)m + 3, (size_t)d->stride, &cells) && wsf__add(cells, (size_t)m, &cells);
  return fits ? wsf__arena_new(scratch, cells, sizeof(double)) : NULL;
}
