/* A mix of forecasts from a library of models, by forward selection with replacement (Caruana,
 * Niculescu-Mizil, Crew and Ksikes 2004, "Ensemble selection from libraries of models"): the call
 * that makes the mean of those so far better than any other joins it, and may join again; the best
 * mean on the way is taken. Only calls that are nearly as good as the best take part: a weak one
 * that mends the others in a window does so by chance (Timmermann 2006, "Forecast combinations", on
 * trimming).
 *
 * What counts is half the mean over the cells of an error that is relative to its cell, so that
 * each counts the same, and half the error of the whole, so that large ones count for what they
 * sell, unless each series has a unit of its own. Few cells say little: the mix is shrunk towards
 * equal weights of all that take part, with the strength of a few cells. */
#include "models/choice.h"
#include "models/combine/mix.h"

#include <math.h>

enum {
  SEATS = 8,      /* calls that join at most */
  PRIOR_CELLS = 8 /* as much as the equal weights are worth */
};
/* A call may be lost on one cell of ten: there the others forecast. */
#define MOST_LOST 0.1

typedef struct search {
  const wsf__evidence *e;
  bool square;
  double *share;  /* [cells] weight of a cell's error */
  double **sum;   /* [cells][h] of the forecasts in the mix */
  double *single; /* [cells][calls] errors of each alone */
  bool *able;     /* [calls] */
} search;

static bool search_room(search *s, wsf__arena *scratch, const double *share) {
  const size_t cells = (size_t)s->e->cells, calls = (size_t)s->e->calls;
  s->share = wsf__arena_new(scratch, cells, sizeof *s->share);
  s->sum = wsf__arena_new(scratch, cells, sizeof *s->sum);
  s->single = wsf__arena_new(scratch, cells, calls * sizeof *s->single);
  s->able = wsf__arena_zero(scratch, calls, sizeof *s->able);
  if (!s->share || !s->sum || !s->single || !s->able) return false;
  for (size_t j = 0; j < cells; ++j) {
    s->share[j] = share[j];
    s->sum[j] = wsf__arena_zero(scratch, (size_t)s->e->cell[j].h, sizeof *s->sum[j]);
    if (!s->sum[j]) return false;
  }
  return true;
}

/* Of the mean of those in the mix and one call more. */
static double cell_error(const search *s, int64_t j, int call, int seats) {
  const wsf__cell *cell = &s->e->cell[j];
  const double *mean = cell->mean + call * cell->h, n = seats + 1;
  double total = 0, count = 0;
  for (int64_t k = 0; k < cell->h; ++k) {
    if (isnan(cell->y[k])) continue;
    const double e = (s->sum[j][k] + mean[k]) / n - cell->y[k];
    total += s->square ? e * e : fabs(e);
    count += 1;
  }
  return s->square ? sqrt(total / count) : total / count;
}

/* Calls that were fitted nearly everywhere, and what each says alone. */
static bool look_at_each(const search *s) {
  const int calls = s->e->calls;
  bool any = false;
  for (int call = 0; call < calls; ++call) {
    double lost = 0, all = 0;
    for (int64_t j = 0; j < s->e->cells; ++j) {
      all += s->share[j];
      if (s->e->cell[j].lost[call]) lost += s->share[j];
    }
    s->able[call] = all > 0 && lost <= MOST_LOST * all;
    any = any || s->able[call];
    for (int64_t j = 0; s->able[call] && j < s->e->cells; ++j) {
      s->single[j * calls + call] = cell_error(s, j, call, 0);
    }
  }
  return any;
}

static double mean_error(const search *s, int64_t j) {
  double sum = 0, n = 0;
  for (int call = 0; call < s->e->calls; ++call) {
    if (!s->able[call]) continue;
    sum += s->single[j * s->e->calls + call];
    n += 1;
  }
  return sum / n;
}

/* Half of a cell's weight is that of one cell among others, over its own mean error; half is that
 * of its part in the whole, which cells that are only lent are no part of. */
static void weigh(const search *s) {
  double cells = 0, total = 0;
  for (int64_t j = 0; j < s->e->cells; ++j) {
    const double mean = mean_error(s, j);
    cells += mean > 0 ? s->share[j] : 0;
    total += s->share[j] < 1 ? 0 : mean;
  }
  for (int64_t j = 0; j < s->e->cells; ++j) {
    const double mean = mean_error(s, j);
    /* where all were right, nothing is to be learnt */
    const bool lent = s->share[j] < 1 || total == 0;
    const double part = lent || s->e->own_units ? 0 : 0.5 / total;
    s->share[j] = mean > 0 ? s->share[j] * 0.5 / (cells * mean) + part : 0;
  }
}

static double loss(const search *s, int call, int seats) {
  double sum = 0;
  for (int64_t j = 0; j < s->e->cells; ++j) {
    if (s->share[j] > 0) sum += s->share[j] * cell_error(s, j, call, seats);
  }
  return sum;
}

static void join(const search *s, int call) {
  for (int64_t j = 0; j < s->e->cells; ++j) {
    const wsf__cell *cell = &s->e->cell[j];
    for (int64_t k = 0; k < cell->h; ++k) s->sum[j][k] += cell->mean[call * cell->h + k];
  }
}

/* Each call's loss alone, NaN for those that have no part; returns the least. Those that are not
 * nearly as good have no part from here on. */
static double trim(const search *s, double *alone) {
  double least = INFINITY;
  for (int call = 0; call < s->e->calls; ++call) {
    alone[call] = s->able[call] ? loss(s, call, 0) : NAN;
    if (alone[call] < least) least = alone[call];
  }
  for (int call = 0; call < s->e->calls; ++call) {
    s->able[call] = s->able[call] && alone[call] <= WSF__NEARLY * least;
  }
  return least;
}

/* The weights of the best mean. */
static void select_calls(const search *s, double *weight) {
  const int calls = s->e->calls;
  int joined[SEATS] = {0}, seats = 0;
  double best = INFINITY;
  for (int seat = 0; seat < SEATS; ++seat) {
    double least = INFINITY;
    for (int call = 0; call < calls; ++call) {
      const double this = s->able[call] ? loss(s, call, seat) : INFINITY;
      if (!(this < least)) continue;
      least = this;
      joined[seat] = call;
    }
    join(s, joined[seat]);
    if (!(least < best)) continue;
    best = least;
    seats = seat + 1;
  }
  for (int seat = 0; seat < seats; ++seat) weight[joined[seat]] += 1.0 / seats;
}

wsf_status wsf__mix_find(wsf__mix *out, bool *measured, wsf__fit *f, const wsf__evidence *e,
                         const double *share, bool square) {
  const int calls = e->calls;
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  search s = {.e = e, .square = square};
  if (!search_room(&s, f->scratch, share)) return wsf__fail_memory(f->err);
  for (int call = 0; call < calls; ++call) {
    out->weight[call] = 0;
    out->error[call] = NAN;
  }
  *measured = look_at_each(&s);
  if (*measured) {
    double cells = 0, part = 0;
    for (int64_t j = 0; j < e->cells; ++j) cells += share[j];
    weigh(&s);
    const double least = trim(&s, out->error);
    select_calls(&s, out->weight);
    for (int call = 0; call < calls; ++call) part += s.able[call];
    for (int call = 0; call < calls; ++call) {
      const double equal = s.able[call] ? PRIOR_CELLS / part : 0;
      out->weight[call] = (cells * out->weight[call] + equal) / (cells + PRIOR_CELLS);
      out->error[call] = least > 0 ? out->error[call] / least : out->error[call] + 1;
    }
  }
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}
