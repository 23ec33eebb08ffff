/* Deseasonalise, forecast the rest with any model, put the last cycle of each season back on.
 *
 * Method: Hyndman and Athanasopoulos (2021), "Forecasting: principles and practice", 3rd ed., 5.7:
 * each season repeats its last cycle; intervals are those of the inner model, moved by the season
 * or stretched by its factor. A factor is a known number, so the inner mean times the factor is a
 * mean again and needs no adjustment for bias.
 * The book's intervals take the season as known. By default (intervals=adjusted) the variance of
 * the rest's noise is divided by the share of it that was kept and the season's own error is added,
 * both from the weights of its smoother (analysis/season_noise.c) and the remainder.
 * An update takes the last cycle off the new observations as predict puts it on, and moves the
 * inner model; the season itself is not estimated again.
 * A season seen less than twice is taken off last, if it is plain (analysis/plain_season.c), and
 * told as short_season. Limits: a series with none of its seasons is not fitted, so that
 * combinations leave the model out instead of believing a forecast without a season. A series
 * without spread has no season to take off.
 * State: the struct below. */
#include "models/combine/unseason.h"
#include "math/elementary.h"
#include "models/combine/inner.h"
#include "models/components.h"
#include "models/paths.h"

#include "analysis/classical.h"
#include "analysis/plain_season.h"
#include "analysis/season_noise.h"

#include <math.h>
#include <string.h>

static const double LEAST_KEPT = 0.1; /* of the variance: what rounding and few cycles may leave */

typedef struct unseason_state {
  wsf__extent extent; /* of y */
  double rest[];      /* of each season that was long enough, shortest first, maybe none, one cycle;
                       * adjusted: before it the share of variance kept, and room for the standard
                       * errors of the cycles of all seasons that were asked for */
} unseason_state;
enum { HEAD = sizeof(unseason_state) / sizeof(double) };

wsf__seasons wsf__unseason_one(const wsf__node *node, const wsf__panel *panel) {
  const int64_t m = wsf__season_of(node, panel);
  return (wsf__seasons){m >= 2, {m}};
}

/* Where things stand in a state, by its length. */
typedef struct layout {
  wsf__seasons seasons;    /* that it has */
  int64_t kept, sd, cycle; /* kept 0: a state without errors */
  int64_t size;
} layout;

static int64_t periods_of(const wsf__seasons *seasons) {
  int64_t sum = 0;
  for (int k = 0; k < seasons->n; ++k) sum += seasons->m[k];
  return sum;
}

/* With the first n of all seasons. The errors' room is that of all, so that no length has two
 * meanings. */
static layout layout_with(const wsf__seasons *all, int n, bool errors) {
  layout l = {.seasons = *all, .cycle = HEAD};
  l.seasons.n = n;
  if (errors) {
    l.kept = HEAD;
    l.sd = HEAD + 1;
    l.cycle = l.sd + periods_of(all);
  }
  l.size = l.cycle + periods_of(&l.seasons);
  return l;
}

static layout layout_of(const wsf__node *node, const wsf__panel *panel, int64_t size,
                        const wsf__unseason *how) {
  const wsf__seasons all = how->seasons(node, panel);
  const bool errors = size > HEAD + periods_of(&all);
  int n = all.n;
  while (n > 0 && layout_with(&all, n, errors).size > size) --n;
  return layout_with(&all, n, errors);
}

static bool multiplies(const wsf__node *node, const wsf__unseason *how) {
  return how->multiplies && how->multiplies(node);
}

wsf_status wsf__unseason_error(wsf__fit *f, const double *remainder, int64_t n,
                               const wsf__seasons *seasons, const wsf__season_fit *how,
                               wsf__season_error *error) {
  const int64_t longest = seasons->m[seasons->n - 1];
  int64_t *used = wsf__arena_new(f->scratch, (size_t)longest, sizeof *used);
  int64_t *seen = wsf__arena_new(f->scratch, (size_t)longest, sizeof *seen);
  double *variance = wsf__arena_new(f->scratch, (size_t)longest, sizeof *variance);
  if (!used || !seen || !variance) return wsf__fail_memory(f->err);
  double lost = 0, squares = 0, observed = 0;
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(remainder[t])) continue;
    squares += remainder[t] * remainder[t];
    observed += 1;
  }
  double *sd = error->sd;
  for (int k = 0; k < seasons->n; sd += seasons->m[k++]) {
    const int64_t m = seasons->m[k];
    memset(used, 0, (size_t)m * sizeof *used);
    memset(seen, 0, (size_t)m * sizeof *seen);
    for (int64_t t = 0; t < n; ++t) {
      if (isnan(remainder[t])) continue;
      seen[t % m] += 1;
      used[t % m] += t >= how->first && t < how->end;
    }
    const wsf__season_smooth smooth = {m, how->window[k], used, seen};
    lost += wsf__season_noise(variance, &smooth);
    for (int64_t i = 0; i < m; ++i) sd[i] = sqrt(variance[(n + i) % m]);
  }
  error->kept = fmin(fmax(1 - lost / observed, LEAST_KEPT), 1);
  /* what a loess line of this window takes of the noise beside: (2 * 70 / 81 - 175 / 247) / half */
  const double left = fmax(error->kept - 2.04 / (double)how->trend, LEAST_KEPT);
  const double sigma = sqrt(squares / observed / left);
  for (int64_t i = 0; i < periods_of(seasons); ++i) error->sd[i] *= sigma;
  return WSF_OK;
}

/* A cycle as it stands n periods later. */
static void turn(double *to, const double *from, int64_t m, int64_t n) {
  for (int64_t i = 0; i < m; ++i) to[i] = from[(i + n) % m];
}

/* Whether a season of more than half of the series is plain; then it is taken off the values of s
 * in place, and cycle and error are filled as by `take`. */
static wsf_status take_plain(wsf__fit *f, int64_t m, bool factors, wsf__series *s, double *cycle,
                             wsf__season_error *error, bool *plain) {
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  const int64_t n = s->n;
  double *season = wsf__arena_new(f->scratch, (size_t)m, 2 * sizeof *season);
  if (!season) return wsf__fail_memory(f->err);
  double *sd = season + m, *y = wsf__series_values(s);
  wsf__plain found;
  const wsf__plain_kinds kind = factors ? WSF__PLAIN_FACTORS : WSF__PLAIN_SUMS;
  if (!wsf__plain_season(season, &found, kind, y, n, m, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  *plain = found.found;
  if (found.found) {
    wsf__plain_errors(sd, &found, season, y, n, m);
    double observed = 0;
    for (int64_t t = 0; t < n; ++t) {
      observed += !isnan(y[t]);
      y[t] = factors ? y[t] / season[t % m] : y[t] - season[t % m];
    }
    turn(cycle, season, m, n);
    turn(error->sd, sd, m, n);
    error->kept = fmin(error->kept, fmax(1 - (found.parameters + 1) / observed, LEAST_KEPT));
  }
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

/* The same of several of them; room: as many as the longest has. */
static void turn_all(double *cycle, const wsf__seasons *seasons, int64_t n, double *room) {
  for (int k = 0; k < seasons->n; cycle += seasons->m[k++]) {
    turn(room, cycle, seasons->m[k], n);
    memcpy(cycle, room, (size_t)seasons->m[k] * sizeof *cycle);
  }
}

/* done: s is what the inner model is to see; else its state says why not. */
static wsf_status take_off(wsf__fit *f, wsf__series *s, wsf__fitted *out, const wsf__unseason *how,
                           bool *done) {
  const wsf__extent extent = wsf__extent_of(s->y, s->n);
  const bool flat = !(extent.least < extent.largest), factors = multiplies(out->node, how);
  const wsf__seasons all = how->seasons(out->node, f->panel);
  wsf__seasons seasons = all;
  const bool seasonal = seasons.n > 0;
  wsf__series known = *s;
  known.n = wsf__known(s->y, s->n);
  const int64_t observed = wsf__count_observed(known.y, known.n);
  while (seasons.n > 0 && observed < 2 * seasons.m[seasons.n - 1]) --seasons.n;
  const bool brief = seasons.n < all.n && known.n > all.m[seasons.n] && !flat;
  int32_t refusal = WSF__OK;
  if (observed == 0)
    refusal = WSF__EMPTY;
  else if (seasonal && seasons.n == 0 && !brief)
    refusal = WSF__SHORT;
  else if (seasonal && factors && extent.least <= 0 && !flat)
    refusal = WSF__NOT_POSITIVE;
  *done = refusal == WSF__OK;
  if (refusal != WSF__OK) {
    wsf__state_fail(out, s, refusal);
    return WSF_OK;
  }
  const bool adjusted = wsf__arg_is(out->node, "intervals", "adjusted");
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  const int64_t periods = periods_of(&seasons), room = periods_of(&all);
  wsf__season_error error = {1, wsf__arena_zero(f->scratch, (size_t)room, sizeof(double))};
  double *cycle = wsf__arena_new(f->scratch, (size_t)room, 2 * sizeof *cycle);
  if (!error.sd || !cycle) return wsf__fail_memory(f->err);
  for (int64_t i = 0; i < room; ++i) cycle[i] = factors ? 1 : 0;
  if (!flat && seasons.n > 0) WSF__TRY(how->take(f, out->node, &seasons, &known, cycle, &error));
  int32_t reason = WSF__OK;
  if (brief) {
    bool plain;
    wsf__season_error last = {error.kept, error.sd + periods};
    WSF__TRY(take_plain(f, all.m[seasons.n], factors, &known, cycle + periods, &last, &plain));
    if (plain) ++seasons.n, error.kept = last.kept, reason = WSF__SHORT_SEASON;
  }
  turn_all(cycle, &seasons, s->n - known.n, cycle + room);
  turn_all(error.sd, &seasons, s->n - known.n, cycle + room);
  *done = !seasonal || seasons.n > 0;
  if (!*done) {
    wsf__state_fail(out, s, WSF__SHORT);
    wsf__arena_reset(f->scratch, mark);
    return WSF_OK;
  }
  const layout l = layout_with(&all, seasons.n, adjusted);
  double *v = wsf__state_set(f, out, s, l.size, reason);
  if (!v) return wsf__fail_memory(f->err);
  ((unseason_state *)v)->extent = extent;
  const size_t taken = (size_t)periods_of(&seasons);
  memcpy(v + l.cycle, cycle, taken * sizeof *v);
  if (adjusted) {
    v[l.kept] = error.kept;
    memcpy(v + l.sd, error.sd, taken * sizeof *v);
  }
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

/* Whether y is constant is not what the inner model saw. */
static void set_reason(const wsf__fit *f, wsf__fitted *out, const wsf__series *s,
                       const wsf__unseason *how) {
  const wsf__state *state = &out->state[s->slot];
  const wsf__seasons all = how->seasons(out->node, f->panel);
  const layout l = layout_of(out->node, f->panel, state->n, how);
  const unseason_state *u = (const unseason_state *)state->v;
  const int32_t reason = wsf__merged_reason(out->inner[0]->state[s->slot].reason, u->extent);
  const bool brief = l.seasons.n < all.n || state->reason == WSF__SHORT_SEASON;
  const int32_t less = all.n == 0 ? WSF__NO_SEASON : brief ? WSF__SHORT_SEASON : WSF__OK;
  wsf__state_reason(out, s, wsf__reason_or(reason, less));
}

wsf_status wsf__unseason_fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out,
                             const wsf__unseason *how) {
  wsf__series *copy = wsf__batch_copy(f, b);
  if (!copy) return wsf__fail_memory(f->err);
  int64_t n = 0;
  for (int64_t i = 0; i < b->n; ++i) {
    bool done;
    copy[n] = copy[i];
    WSF__TRY(take_off(f, &copy[n], out, how, &done));
    n += done;
  }
  const wsf__batch adjusted = {n, copy};
  WSF__TRY(f->fit_inner(f, &adjusted, out->inner[0]));
  for (int64_t i = 0; i < n; ++i) set_reason(f, out, &copy[i], how);
  return WSF_OK;
}

wsf_status wsf__unseason_update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                                wsf__fitted *out, const wsf__unseason *how) {
  const wsf__state *before = &old->state[s->slot];
  const layout l = layout_of(out->node, f->panel, before->n, how);
  const bool factors = multiplies(out->node, how);
  double *y = wsf__arena_new(f->scratch, (size_t)s->n, sizeof *y);
  double *v = wsf__state_copy(f, old, s, out);
  if (!y || !v) return wsf__fail_memory(f->err);
  unseason_state *state = (unseason_state *)v;
  for (int64_t t = 0; t < s->n; ++t) {
    y[t] = s->y[t];
    wsf__extent_add(&state->extent, y[t]);
  }
  for (int64_t k = 0, at = 0; k < l.seasons.n; at += l.seasons.m[k++]) {
    const int64_t m = l.seasons.m[k];
    const double *cycle = before->v + l.cycle + at;
    for (int64_t t = 0; t < s->n; ++t) y[t] = factors ? y[t] / cycle[t % m] : y[t] - cycle[t % m];
    turn(v + l.cycle + at, cycle, m, s->n);
    if (l.kept) turn(v + l.sd + at, before->v + l.sd + at, m, s->n);
  }
  wsf__series adjusted = *s;
  adjusted.y = y;
  WSF__TRY(f->update_inner(f, old->inner[0], &adjusted, out->inner[0]));
  set_reason(f, out, s, how);
  return WSF_OK;
}

/* How much longer distances of the rest are with the noise that it has lost. What all steps are
 * uncertain about alike, a trend or a mean, was not learnt from the noise and has lost nothing. */
static wsf_status stretch_of(double *stretch, double kept, wsf__predict *p,
                             const wsf__fitted *inner, const wsf__series *s, int64_t h) {
  wsf__response r;
  WSF__TRY(wsf__response_of(&r, p, inner, s, h));
  double noise = 0;
  for (int64_t i = 0; i < h; ++i) {
    double shared = r.level ? r.level[i] : 0;
    for (int64_t row = 0; row < r.n_shared; ++row) {
      shared = wsf__hypot(shared, r.shared[row * h + i]);
    }
    noise = wsf__hypot(noise, r.error[i]);
    const double all = wsf__hypot(noise, shared), share = all > 0 ? noise / all : 1;
    stretch[i] = sqrt(1 + share * share * (1 / kept - 1));
  }
  return WSF_OK;
}

/* Count that the seasons are estimates; out is still without them. */
static wsf_status widen(const layout *l, const double *v, bool factors, wsf__forecast *out,
                        wsf__predict *p, const wsf__fitted *inner, const wsf__series *s) {
  const int64_t n = l->seasons.n;
  if (!l->kept || n == 0 || (out->n_q == 0 && out->n_paths == 0)) return WSF_OK;
  const wsf__mark mark = wsf__arena_mark(p->scratch);
  double *sd = wsf__arena_zero(p->scratch, (size_t)out->h, sizeof *sd);
  double *stretch = wsf__arena_new(p->scratch, (size_t)out->h, sizeof *stretch);
  if (!sd || !stretch) return wsf__fail_memory(p->err);
  WSF__TRY(stretch_of(stretch, v[l->kept], p, inner, s, out->h));
  for (int64_t k = 0, at = l->sd; k < n; at += l->seasons.m[k++]) {
    for (int64_t i = 0; i < out->h; ++i) sd[i] = wsf__hypot(sd[i], v[at + i % l->seasons.m[k]]);
  }
  for (int64_t i = 0; factors && i < out->h; ++i) sd[i] *= fabs(out->mean[i]);
  wsf__forecast_widen(out, stretch, sd);
  wsf__paths_widen(out, stretch, sd, l->seasons.m[n - 1], p, s);
  wsf__arena_reset(p->scratch, mark);
  return WSF_OK;
}

static void put_on(const wsf__seasons *seasons, const double *cycle, bool factors,
                   wsf__forecast *out) {
  for (int j = 0; j < seasons->n; cycle += seasons->m[j++]) {
    for (int64_t r = 0; r < wsf__forecast_rows(out) && !wsf__forecast_stopped(out); ++r) {
      double *x = wsf__forecast_row(out, r);
      for (int64_t i = 0; i < out->h; ++i) {
        const double season = cycle[i % seasons->m[j]];
        if (r == 0) wsf__explain(out, i, WSF__SEASON, factors ? x[i] * (season - 1) : season);
        x[i] = factors ? x[i] * season : x[i] + season;
      }
    }
  }
}

wsf_status wsf__unseason_predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                                 wsf__forecast out[], const wsf__unseason *how) {
  WSF__TRY(wsf__inner_delegate(p, m, 0, b, out));
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__state *state = &m->state[b->series[i].slot];
    const layout l = layout_of(m->node, p->frame, state->n, how);
    const bool factors = multiplies(m->node, how);
    WSF__TRY(widen(&l, state->v, factors, &out[i], p, m->inner[0], &b->series[i]));
    put_on(&l.seasons, state->v + l.cycle, factors, &out[i]);
  }
  return WSF_OK;
}

bool wsf__unseason_check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state,
                         const wsf__unseason *how) {
  if (state->n < HEAD || !wsf__state_finite(state)) return false;
  const layout l = layout_of(node, frame, state->n, how);
  if (l.size != state->n) return false;
  for (int64_t i = l.cycle; multiplies(node, how) && i < l.size; ++i) {
    if (state->v[i] <= 0) return false;
  }
  for (int64_t i = l.sd; l.kept && i < l.cycle; ++i) {
    if (state->v[i] < 0) return false;
  }
  if (l.kept && !(state->v[l.kept] >= LEAST_KEPT && state->v[l.kept] <= 1)) return false;
  return true;
}

/* An error of the rest is one of the value; where the season multiplies, times its factor. */
void wsf__unseason_history(const wsf__fitted *out, const wsf__series *s, bool factors) {
  const wsf__history *inner = wsf__inner_history(out, 0, s);
  double *to = wsf__history_of(out, s);
  for (int64_t t = 0; t < s->n; ++t) {
    to[t] = factors ? inner->v[t] * (s->y[t] / inner->y[t]) : s->y[t] - (inner->y[t] - inner->v[t]);
  }
}
