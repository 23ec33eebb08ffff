#include "models/combine/closed.h"

#include <math.h>

enum {
  LEAST_CLOSED = 3,    /* periods that a column must have told of */
  MOST_EMPTY = 100,    /* one open period of so many may sell nothing */
  WEEK = 7,            /* days */
  WEEKS = 52,          /* that a pattern of weekdays is looked for in */
  LEAST_DAYS = 4,      /* of a weekday */
  MOST_EXCEPTIONS = 20 /* it may be open in one period of so many */
};

/* What was seen where a column has one of its two values. */
typedef struct seen {
  int64_t observed, empty;
} seen;

static void look(seen at[2], const wsf__panel *panel, int column, const wsf__batch *b,
                 wsf__watch *watch) {
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    if (wsf__watch_ends(watch, 4 * (1 + s->n))) return;
    for (int64_t t = 0; t < s->n; ++t) {
      const double v = wsf__panel_value_at(panel, column, s->id, s->t0 + t, s->t0 + s->n - 1);
      if (isnan(s->y[t]) || isnan(v)) continue;
      ++at[v != 0].observed;
      at[v != 0].empty += s->y[t] == 0;
    }
  }
}

static bool tells(const seen *closed, const seen *open) {
  return closed->observed >= LEAST_CLOSED && closed->empty == closed->observed &&
         open->observed > 0 && open->empty <= open->observed / MOST_EMPTY;
}

wsf__closed wsf__closed_find(const wsf__panel *panel, const wsf__batch *b,
                             const wsf__arena *scratch) {
  wsf__watch watch = {.scratch = scratch};
  wsf__closed out = {.column = -1};
  int64_t most = 0;
  for (int c = 0; c < panel->n_columns; ++c) {
    const wsf__column *column = &panel->column[c];
    if (column->kind != WSF__KNOWN || !column->flag || column->n_categories > 0) continue;
    seen at[2] = {{0}};
    look(at, panel, c, b, &watch);
    for (int when = 0; when < 2; ++when) {
      if (!tells(&at[when], &at[!when]) || at[when].observed <= most) continue;
      most = at[when].observed;
      out = (wsf__closed){.column = c, .when = when};
    }
  }
  return out;
}

/* What a column tells of a period. */
typedef enum said { NOTHING, OPEN, CLOSED } said;

static said say(const wsf__closed *c, const wsf__panel *panel, const wsf__series *s,
                int64_t period) {
  const double v = wsf__panel_value_at(panel, c->column, s->id, period, s->t0 + s->n - 1);
  if (isnan(v)) return NOTHING;
  return (v != 0) == (c->when != 0) ? CLOSED : OPEN;
}

bool wsf__closed_at(const wsf__closed *c, const wsf__panel *panel, const wsf__series *s,
                    int64_t period) {
  return c->column >= 0 && say(c, panel, s, period) == CLOSED;
}

/* ---- weekdays ------------------------------------------------------------------------------ */

/* The day of a period and its bit among the weekdays; 0: it is no day, and no part of one. */
static unsigned weekday_bit(const wsf__panel *panel, int64_t period, int64_t *day) {
  int64_t days;
  if (!wsf__calendar_days(&panel->calendar, period, day, &days) || days != 1) return 0;
  return 1U << wsf__weekday(*day);
}

unsigned wsf__closed_weekdays(const wsf__closed *c, const wsf__panel *panel, const wsf__series *s) {
  struct {
    int64_t told, open, days, day;
  } on[WEEK] = {{0}};
  int64_t last, day;
  if (c->column < 0 || !weekday_bit(panel, s->t0 + s->n - 1, &last)) return 0;
  for (int64_t t = s->t0 + s->n - 1; t >= s->t0; --t) {
    if (!weekday_bit(panel, t, &day) || last - day >= WEEK * WEEKS) break;
    const said what = say(c, panel, s, t);
    const int d = wsf__weekday(day);
    if (what == NOTHING) continue;
    ++on[d].told;
    on[d].open += what == OPEN;
    on[d].days += on[d].days == 0 || on[d].day != day;
    on[d].day = day;
  }
  unsigned out = 0;
  for (int d = 0; d < WEEK; ++d) {
    const bool plain = on[d].days >= LEAST_DAYS && on[d].open <= on[d].told / MOST_EXCEPTIONS;
    if (plain) out |= 1U << d;
  }
  return out == (1U << WEEK) - 1 ? 0 : out; /* closed for good is no pattern */
}

unsigned wsf__closed_weekdays_kept(const wsf__closed *c, const wsf__panel *panel,
                                   const wsf__series *s) {
  unsigned out = c->weekdays;
  for (int64_t t = 0; out != 0 && t < s->n; ++t) {
    int64_t day;
    const unsigned bit = weekday_bit(panel, s->t0 + t, &day);
    if ((out & bit) && say(c, panel, s, s->t0 + t) == OPEN) out &= ~bit;
  }
  return out;
}

/* ---- what is done about it ----------------------------------------------------------------- */

void wsf__closed_mask(const wsf__closed *c, const wsf__panel *panel, wsf__series *s) {
  double *y = wsf__series_values(s);
  for (int64_t t = 0; t < s->n; ++t) {
    if (wsf__closed_at(c, panel, s, s->t0 + t)) y[t] = NAN;
  }
}

int64_t wsf__closed_untold(const wsf__closed *c, const wsf__panel *frame, const wsf__series *s,
                           int64_t h) {
  int64_t n = 0;
  for (int64_t k = 0; c->column >= 0 && k < h; ++k) {
    n += say(c, frame, s, s->t0 + s->n + k) == NOTHING;
  }
  return n;
}

static bool shut(const wsf__closed *c, const wsf__panel *frame, const wsf__series *s,
                 int64_t period) {
  const said what = say(c, frame, s, period);
  int64_t day;
  return what == CLOSED || (what == NOTHING && (c->weekdays & weekday_bit(frame, period, &day)));
}

void wsf__closed_forecast(const wsf__closed *c, const wsf__panel *frame, const wsf__series *s,
                          wsf__forecast *out) {
  for (int64_t k = 0; c->column >= 0 && k < out->h; ++k) {
    if (!shut(c, frame, s, s->t0 + s->n + k)) continue;
    for (int64_t r = 0; r < wsf__forecast_rows(out); ++r) wsf__forecast_row(out, r)[k] = 0;
  }
}
