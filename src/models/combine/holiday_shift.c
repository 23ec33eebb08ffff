/* Line up holidays that move against a calendar of weeks, around any model.
 *
 * Weekly models look 52 weeks back, but Christmas falls on another day of its week each year and
 * Easter in another week. The history is moved to where the holidays of its last year stand, the
 * inner model is fitted on that, and its forecasts are moved to where the holidays will stand.
 *   Christmas: a share of the sales of the five weeks that end with the week of 25 December moves
 * on by one week, share = difference of the days before Christmas in that week / 7; only where the
 *   three middle weeks sell 10 % more than the outer two. This is the step that decided the 2014
 *   Walmart competition (there: always 2.5 days).
 *   Easter: the week that holds Good Friday is taken out and put in where it stands in the
 * reference year; the weeks between close up. Limits: weekly data with dates; everything else
 * passes through.
 * An update keeps the reference of the fit. Weeks that move by others that are yet to come wait for
 * them: until then the inner model stands before them, and forecasts from there.
 *
 * State: nothing after a fit; after an update the period that the fit ended with, then the weeks
 * that wait. */
#include "calendar/holiday_weeks.h"
#include "calendar/holidays.h"
#include "models/combine/inner.h"
#include "models/components.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model", "model of the aligned series"},
    {"days", WSF__REAL, "auto", -7, 7, "auto",
     "days of sales that move into the week of Christmas; auto: by the calendar, year by year"},
    {"easter", WSF__FLAG, "true", 0, 0, NULL, "line up the weeks of Easter too"}};

/* A stretch of weeks: values v[0 .. n), the first at period t0. */
typedef struct stretch {
  double *v;
  int64_t n, t0;
} stretch;

typedef struct weeks {
  int64_t first_day; /* of period 0 */
  int64_t season;
} weeks;

static bool weekly(const wsf__panel *p, weeks *w) {
  int64_t days;
  if (p->calendar.freq != WSF__WEEK || p->calendar.step != 1) return false;
  w->season = 52;
  return wsf__calendar_days(&p->calendar, 0, &w->first_day, &days);
}

static int64_t christmas_week(const weeks *w, int64_t year) {
  return wsf__week_of(w->first_day, wsf__christmas(year));
}

/* Nearest period with the same place in the season as `like`. */
static int64_t same_place(const weeks *w, int64_t like, int64_t near) {
  return like + w->season * wsf__floor_div(near - like + w->season / 2, w->season);
}

/* Where the holidays stand in the last year of the history: all other years are moved there. */
typedef struct reference {
  int64_t christmas, easter; /* periods */
  int64_t christmas_day;     /* days from the start of that period to 25 December */
} reference;

static reference find_reference(const weeks *w, int64_t end) {
  reference r;
  int64_t year = wsf__year_of_week(w->first_day, end - 1);
  while (christmas_week(w, year) >= end) --year;
  r.christmas = christmas_week(w, year);
  r.christmas_day = wsf__christmas(year) - (w->first_day + 7 * r.christmas);
  year = wsf__year_of_week(w->first_day, end - 1);
  int64_t count;
  while ((r.easter = wsf__easter_weeks(w->first_day, year, &count)) >= end) --year;
  return r;
}

/* Days before Christmas in the week at the reference's place, more than in the reference year. */
static double christmas_lead(const weeks *w, const reference *r, int64_t year) {
  const int64_t place = same_place(w, r->christmas, christmas_week(w, year));
  return (double)(wsf__christmas(year) - (w->first_day + 7 * place) - r->christmas_day);
}

/* Move `share` of each of the five weeks ending at period `last` on by one, circularly. */
static void shift_five(const stretch *s, int64_t last, double share) {
  enum { WEEKS = WSF__CHRISTMAS_WEEKS };
  const int64_t from = last - (WEEKS - 1) - s->t0;
  if (share == 0 || from < 0 || from + WEEKS > s->n) return;
  double *v = s->v + from, old[WEEKS];
  for (int i = 0; i < WEEKS; ++i) {
    if (!isfinite(v[i])) return;
    old[i] = v[i];
  }
  for (int i = 0; i < WEEKS; ++i) v[i] = wsf__christmas_week(old, i, share);
}

/* Take out the value of period `from` and put it in at `to`; what lies between closes up. */
static void move_week(const stretch *s, int64_t from, int64_t to) {
  const int64_t a = from - s->t0, b = to - s->t0;
  const double value = s->v[a];
  const int64_t step = b > a ? 1 : -1;
  for (int64_t i = a; i != b; i += step) s->v[i] = s->v[i + step];
  s->v[b] = value;
}

/* Move `count` weeks that begin with period `from` so that they begin with `to`. */
static void move_weeks(const stretch *s, int64_t from, int64_t to, int64_t count) {
  const int64_t low = from < to ? from : to, high = (from < to ? to : from) + count - 1;
  if (from == to || low < s->t0 || high >= s->t0 + s->n) return;
  for (int64_t i = 0; i < count; ++i) {
    if (to > from)
      move_week(s, from, to + count - 1);
    else
      move_week(s, from + count - 1, to);
  }
}

/* to_reference: history to the reference year's places; else forecasts to their own. */
static void align(const wsf__node *node, const weeks *w, const reference *r, const stretch *s,
                  bool to_reference) {
  const bool by_calendar = wsf__arg_is(node, "days", "auto");
  if (s->n == 0) return;
  const int64_t from = wsf__year_of_week(w->first_day, s->t0),
                until = wsf__year_of_week(w->first_day, s->t0 + s->n - 1) + 1;
  for (int64_t year = from; year <= until; ++year) {
    if (by_calendar || !to_reference) {
      const double lead = by_calendar ? christmas_lead(w, r, year) : wsf__arg_number(node, "days");
      const int64_t place = same_place(w, r->christmas, christmas_week(w, year));
      if (fabs(lead) <= 7) shift_five(s, place, (to_reference ? -lead : lead) / 7);
    }
    if (wsf__arg_flag(node, "easter")) {
      int64_t count;
      const int64_t own = wsf__easter_weeks(w->first_day, year, &count);
      const int64_t place = same_place(w, r->easter, own);
      move_weeks(s, to_reference ? own : place, to_reference ? place : own, count);
    }
  }
}

/* ---- update -------------------------------------------------------------------------------- */

/* A year's weeks around a holiday move by each other: from one Easter to the other, which are less
 * than half a season apart. */
enum { WAITING_MOST = 32 };

static int64_t waiting(const wsf__state *state) {
  return state->n > 1 ? state->n - 1 : 0;
}

/* The end of the history that all years are moved by; `end` is where the series stands. */
static int64_t fit_end(const wsf__state *state, int64_t end) {
  return state->n > 0 ? (int64_t)state->v[0] : end;
}

/* The first period of a stretch of the weeks low .. high that lies in the history and is not
 * complete yet; else `before`. */
static int64_t wait_for(int64_t low, int64_t high, const stretch *s, int64_t before) {
  const bool incomplete = low >= s->t0 && low < before && high >= s->t0 + s->n;
  return incomplete ? low : before;
}

/* How many of these weeks move by nothing that is yet to come. */
static int64_t count_settled(const wsf__node *node, const weeks *w, const reference *r,
                             const stretch *s) {
  int64_t before = s->t0 + s->n;
  if (s->n == 0) return 0;
  const int64_t from = wsf__year_of_week(w->first_day, s->t0),
                until = wsf__year_of_week(w->first_day, before - 1) + 1;
  for (int64_t year = from; year <= until; ++year) {
    const int64_t christmas = same_place(w, r->christmas, christmas_week(w, year));
    if (wsf__arg_is(node, "days", "auto") && christmas_lead(w, r, year) != 0) {
      before = wait_for(christmas - (WSF__CHRISTMAS_WEEKS - 1), christmas, s, before);
    }
    if (wsf__arg_flag(node, "easter")) {
      int64_t count;
      const int64_t own = wsf__easter_weeks(w->first_day, year, &count);
      const int64_t place = same_place(w, r->easter, own);
      const int64_t low = own < place ? own : place, high = own < place ? place : own;
      if (own != place) before = wait_for(low, high + count - 1, s, before);
    }
  }
  return before - s->t0;
}

/* The weeks that waited and those that are new. */
static bool join_weeks(stretch *out, wsf__fit *f, const wsf__state *old, const wsf__series *s) {
  const int64_t before = waiting(old);
  *out = (stretch){wsf__arena_new(f->scratch, (size_t)(before + s->n), sizeof *out->v),
                   before + s->n, s->t0 - before};
  if (!out->v) return false;
  if (before > 0) memcpy(out->v, old->v + 1, (size_t)before * sizeof *out->v);
  if (s->n > 0) memcpy(out->v + before, s->y, (size_t)s->n * sizeof *out->v);
  return true;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  weeks w;
  stretch all;
  const wsf__state *state = &old->state[s->slot];
  if (!weekly(f->panel, &w)) return wsf__state_keep(f, old, s, out);
  if (!join_weeks(&all, f, state, s)) return wsf__fail_memory(f->err);
  const int64_t end = fit_end(state, s->t0);
  const reference r = find_reference(&w, end);
  const int64_t settled = count_settled(old->node, &w, &r, &all);
  assert(all.n - settled <= WAITING_MOST);
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  double *aligned = wsf__arena_new(f->scratch, (size_t)settled, sizeof *aligned);
  if (!aligned) return wsf__fail_memory(f->err);
  if (settled > 0) memcpy(aligned, all.v, (size_t)settled * sizeof *aligned);
  align(old->node, &w, &r, &(stretch){aligned, settled, all.t0}, true);
  wsf__series moved = *s;
  moved.y = aligned;
  moved.t0 = all.t0;
  moved.n = settled;
  WSF__TRY(f->update_inner(f, old->inner[0], &moved, out->inner[0]));
  wsf__arena_reset(f->scratch, mark);
  int32_t reason;
  if (!wsf__inner_fitted(out, s, &reason)) return WSF_OK;
  double *v = wsf__state_set(f, out, s, 1 + all.n - settled, reason);
  if (!v) return wsf__fail_memory(f->err);
  v[0] = (double)end;
  for (int64_t k = settled; k < all.n; ++k) v[1 + k - settled] = all.v[k];
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  if (state->n == 0) return true;
  const double end = state->v[0];
  return state->n <= 1 + WAITING_MOST && end >= 0 && end <= (double)frame->T && end == floor(end);
}

/* ---- fit and forecast ---------------------------------------------------------------------- */

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  weeks w;
  const bool moves = weekly(f->panel, &w);
  wsf__series *copy = wsf__batch_copy(f, b);
  if (!copy) return wsf__fail_memory(f->err);
  for (int64_t i = 0; moves && i < b->n; ++i) {
    if (copy[i].n == 0) continue;
    const reference r = find_reference(&w, copy[i].t0 + copy[i].n);
    const stretch history = {wsf__series_values(&copy[i]), copy[i].n, copy[i].t0};
    align(out->node, &w, &r, &history, true);
  }
  const wsf__batch aligned = {b->n, copy};
  WSF__TRY(f->fit_inner(f, &aligned, out->inner[0]));
  for (int64_t i = 0; i < b->n; ++i) {
    int32_t reason;
    if (!wsf__inner_fitted(out, &copy[i], &reason)) continue;
    reason = wsf__reason_or(reason, moves ? WSF__OK : WSF__NO_EFFECT);
    if (!wsf__state_set(f, out, &copy[i], 0, reason)) return wsf__fail_memory(f->err);
  }
  return WSF_OK;
}

/* Taken from the mean before, added to what it is after: what lining up changes. */
static void explain(const wsf__forecast *out, double sign) {
  for (int64_t i = 0; i < out->h; ++i) wsf__explain(out, i, WSF__HOLIDAY, sign * out->mean[i]);
}

/* A forecast from before the weeks that wait becomes one of the weeks after them. */
static void take_rest(wsf__forecast *out, const wsf__forecast *longer) {
  const int64_t before = longer->h - out->h;
  for (int64_t r = 0; r < wsf__forecast_rows(out) && !wsf__forecast_stopped(out); ++r) {
    memcpy(wsf__forecast_row(out, r), wsf__forecast_row(longer, r) + before,
           (size_t)out->h * sizeof *out->mean);
  }
  for (int k = 0; out->components && k < longer->components->n; ++k) {
    longer->components->row[k].value += before;
  }
  for (int64_t t = 0; out->components && t < out->h; ++t) {
    wsf__components_add(out, t, longer->components, 1);
  }
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                          wsf__forecast out[]) {
  weeks w;
  if (!weekly(p->frame, &w)) return wsf__inner_delegate(p, m, 0, b, out);
  wsf__series *series = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *series);
  wsf__forecast *longer = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *longer);
  if (!series || !longer) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < b->n; ++i) {
    const int64_t before = waiting(&m->state[b->series[i].slot]);
    series[i] = b->series[i];
    longer[i] = out[i];
    if (before == 0 || before >= series[i].n) continue;
    series[i].n -= before;
    wsf__forecast like = out[i];
    like.h += before;
    if (!wsf__forecast_like(&longer[i], p->scratch, &like)) return wsf__fail_memory(p->err);
  }
  WSF__TRY(wsf__inner_delegate(p, m, 0, &(wsf__batch){b->n, series}, longer));
  for (int64_t i = 0; i < b->n; ++i) {
    const int64_t end = series[i].t0 + series[i].n;
    const reference from = find_reference(&w, fit_end(&m->state[series[i].slot], end));
    explain(&longer[i], -1);
    for (int64_t r = 0; r < wsf__forecast_rows(&longer[i]) && !wsf__forecast_stopped(&out[i]);
         ++r) {
      const stretch ahead = {wsf__forecast_row(&longer[i], r), longer[i].h, end};
      align(m->node, &w, &from, &ahead, false);
    }
    explain(&longer[i], 1);
    if (longer[i].h > out[i].h) take_rest(&out[i], &longer[i]);
  }
  return WSF_OK;
}

static wsf_status history(wsf__fit *f, const wsf__fitted *out, const wsf__series *s) {
  const wsf__history *inner = wsf__inner_history(out, 0, s);
  double *to = wsf__history_of(out, s);
  memcpy(to, inner->v, (size_t)s->n * sizeof *to);
  weeks w;
  if (!weekly(f->panel, &w)) return WSF_OK;
  const reference r = find_reference(&w, s->t0 + s->n);
  align(out->node, &w, &r, &(stretch){to, s->n, s->t0}, false);
  return WSF_OK;
}

const wsf__model_class wsf__model_holiday_shift = {
    .spec = {"model", "combine", "holiday_shift",
             "any model, with Christmas and Easter lined up between years",
             "Meeus 1991 (Easter); winning entry, Walmart store sales 2014", "0.1.0",
             "holiday_shift(snaive)", options, sizeof options / sizeof *options},
    .fit = fit,
    .predict = predict,
    .update = update,
    .check = check,
    .promise = {.update = WSF__NOT, .why = "an update keeps the year that the others are moved by"},
    .history = history};
