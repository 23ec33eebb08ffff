/* A panel on another's calendar. A few new rows do not tell how far apart their times are: one time
 * alone looks like a day's, two that skip a year look like a step of two, two Thursdays like weeks,
 * Monday to Friday like days. What the forecaster knows settles it, as long as every observation
 * falls on its calendar; of days that go on one of business days a Saturday is left out and
 * counted. */
#include "panel/make.h"
#include "panel/match.h"

#include <math.h>
#include <string.h>

typedef struct recasting {
  const wsf__panel *from;
  wsf__panel *to;
  int64_t *place; /* [T + ahead] new period of an old one; -1: none */
  int64_t known;  /* new periods, with those ahead */
  bool strays;    /* observations without a place are left out and counted */
} recasting;

static bool of_days(const wsf__calendar *c) {
  return c->freq == WSF__DAY || c->freq == WSF__BUSINESS;
}

/* Days that freq= says, of rows at a time of day: what else they could be is not in question. */
static bool clocked(const wsf__calendar *days, const wsf__panel *other) {
  return of_days(days) && days->form == WSF__FORM_DATE && of_days(&other->calendar) &&
         other->calendar.form == WSF__FORM_TIME && !other->inferred;
}

/* Periods that tell nothing of how far apart times are. More of them, a week apart each, are weeks,
 * and a week's total is no day's. */
enum { FEW = 3 };

/* Whether the frequency or step of `other` may be an accident of its few rows. Days and business
 * days look like each other for as long as a feed has no weekend, or nothing else. */
static bool may_recast(const wsf__panel *base, const wsf__panel *other) {
  const wsf__calendar *a = &base->calendar, *b = &other->calendar;
  if (a->form != b->form) return clocked(a, other);
  if (a->freq == WSF__FISCAL) return true; /* 4 and 5 weeks look like many things */
  if (a->freq == b->freq) return a->step != b->step;
  const int64_t periods = other->T + other->ahead;
  if (periods == 1) return true;
  return other->inferred && (periods <= FEW || (of_days(a) && of_days(b)));
}

/* More new periods than this for each old one: the calendars have nothing to do with each other. */
enum { FINER = 4096 };

/* Where each period goes; false if none has a place, or two have the same. */
static bool find_places(recasting *r, const wsf__panel *base) {
  const wsf__panel *p = r->from;
  const wsf__calendar *cal = &p->calendar;
  const int64_t scale = cal->form == WSF__FORM_DATE ? 86400 : 1;
  int64_t origin = 0;
  for (int64_t t = 0; t < p->T + p->ahead; ++t) {
    wsf__time time = {.form = cal->form, .value = wsf__calendar_value(cal, t) * scale};
    if (clocked(&base->calendar, p)) {
      time.form = WSF__FORM_DATE;
      time.value = wsf__floor_div(time.value, 86400) * 86400;
    }
    const bool business = base->calendar.anchor > WSF__LAST_DAY;
    if (business ? !wsf__match_period(base, time, &r->place[t])
                 : !wsf__panel_period(base, time, &r->place[t])) {
      r->place[t] = -1;
      if (t == 0 && !r->strays) return false;
      continue;
    }
    if (r->known == 0) {
      origin = r->place[t];
      r->to->calendar = base->calendar;
      wsf__calendar_move(&r->to->calendar, origin);
    }
    r->place[t] -= origin;
    if (r->place[t] < r->known) return false;
    r->known = r->place[t] + 1;
    if (t < p->T) r->to->T = r->known;
  }
  r->to->ahead = r->known - r->to->T;
  return r->known > 0 && r->known / FINER <= p->T + p->ahead;
}

/* The values of a series, from its first with a place on; *off have none. */
static int64_t place_series(const recasting *r, int64_t i, int64_t *first, double *y,
                            int64_t *off) {
  const wsf__panel *from = r->from;
  const double *x = from->y + from->offset[i];
  int64_t n = 0;
  for (int64_t t = 0; t < from->length[i]; ++t) {
    const int64_t at = r->place[from->first[i] + t];
    if (at < 0) {
      *off += !isnan(x[t]);
      continue;
    }
    if (n == 0) *first = at;
    for (; n < at - *first; ++n) y[n] = NAN;
    y[n++] = x[t];
  }
  return n;
}

/* Series keep their observations, at least the most of them where some may be strays; false if they
 * do not. */
static wsf_status place_targets(bool *all, recasting *r, wsf_error *err) {
  const wsf__panel *from = r->from;
  wsf__panel *p = r->to;
  const size_t n = (size_t)p->n;
  size_t cells;
  *all = true;
  if (!wsf__mul(n, (size_t)p->T, &cells)) return wsf__fail_memory(err);
  int64_t *first = wsf__arena_zero(&p->arena, n, sizeof *first);
  int64_t *length = wsf__arena_zero(&p->arena, n, sizeof *length);
  int64_t *offset = wsf__arena_zero(&p->arena, n, sizeof *offset);
  int64_t *off = wsf__arena_zero(&p->arena, n, sizeof *off);
  double *y = from->y ? wsf__arena_new(&p->arena, cells, sizeof *y) : NULL;
  if (!first || !length || !offset || !off || (from->y && !y)) return wsf__fail_memory(err);
  int64_t used = 0, strays = 0;
  for (int64_t i = 0; from->y && i < p->n; ++i) {
    offset[i] = used;
    length[i] = place_series(r, i, &first[i], y + used, &off[i]);
    used += length[i];
    strays += off[i];
    *all = *all && (length[i] > 0 || from->length[i] == 0);
    if (from->off_calendar) off[i] += from->off_calendar[i];
  }
  *all = *all && (r->strays ? 2 * strays < used : strays == 0);
  p->first = first;
  p->length = length;
  p->offset = offset;
  p->y = y;
  if (strays > 0 || from->off_calendar) p->off_calendar = off;
  return WSF_OK;
}

static wsf_status place_columns(recasting *r, wsf_error *err) {
  const wsf__panel *from = r->from;
  wsf__panel *p = r->to;
  wsf__column *column = wsf__arena_new(&p->arena, (size_t)from->n_columns, sizeof *column);
  if (!column) return wsf__fail_memory(err);
  for (int c = 0; c < from->n_columns; ++c) {
    const wsf__column *old = &from->column[c];
    column[c] = *old;
    WSF__TRY(wsf__column_texts(&column[c], &p->arena, err));
    const bool fixed = old->kind == WSF__STATIC;
    const int64_t periods = fixed ? 1 : old->kind == WSF__PAST ? p->T : r->known;
    size_t cells;
    int32_t *group = wsf__arena_new(&p->arena, (size_t)p->n, sizeof *group);
    double *value = NULL;
    if (wsf__mul((size_t)old->n_groups, (size_t)periods, &cells)) {
      value = wsf__arena_new(&p->arena, cells, sizeof *value);
    }
    if (!group || !value) return wsf__fail_memory(err);
    memcpy(group, old->group, (size_t)p->n * sizeof *group);
    for (size_t k = 0; k < cells; ++k) value[k] = NAN;
    for (int64_t g = 0; g < old->n_groups; ++g) {
      for (int64_t t = 0; t < old->periods; ++t) {
        const int64_t at = fixed ? 0 : r->place[t];
        if (at >= 0 && at < periods) value[g * periods + at] = old->value[g * old->periods + t];
      }
    }
    column[c].group = group;
    column[c].value = value;
    column[c].periods = periods;
  }
  p->column = column;
  p->n_columns = from->n_columns;
  return WSF_OK;
}

/* *all: every observation found its place. */
static wsf_status recast(bool *all, recasting *r, const wsf__panel *base, wsf__arena *arena,
                         wsf_error *err) {
  const wsf__panel *from = r->from;
  wsf__panel *p = r->to;
  r->place = wsf__arena_new(arena, (size_t)(from->T + from->ahead), sizeof *r->place);
  if (!r->place) return wsf__fail_memory(err);
  p->n = from->n;
  WSF__TRY(wsf__panel_head(p, from, err));
  *all = find_places(r, base);
  if (!*all) return WSF_OK;
  WSF__TRY(wsf__panel_keys(p, from, NULL, err));
  WSF__TRY(wsf__panel_members(p, from, NULL, err));
  p->inferred = false;
  p->holiday = from->holiday;
  p->weight = from->weight;
  p->report = wsf_table_retain(from->report);
  WSF__TRY(place_targets(all, r, err));
  return *all ? place_columns(r, err) : WSF_OK;
}

/* 2024-03 is no day: its value is a month's. */
static wsf_status check_grain(const wsf__panel *base, const wsf__panel *other, wsf_error *err) {
  static const char *const word[WSF__GRAINS] = {"",        "day",       "week", "month",
                                                "quarter", "half year", "year"};
  static const int days[WSF__GRAINS] = {0, 1, 7, 30, 90, 180, 360};
  const wsf__calendar *a = &base->calendar;
  if (a->form == WSF__FORM_INTEGER || other->grain <= WSF__GRAIN_DAY ||
      wsf__calendar_seconds(a) >= (int64_t)days[other->grain] * 86400)
    return WSF_OK;
  char name[32], first[32];
  wsf__calendar_name(a, name);
  wsf__calendar_text(&other->calendar, 0, first);
  return wsf__fail(err, WSF_E_DATA,
                   "the times are written as those of a %s (the first begins %s), longer than the "
                   "periods of the forecaster (%s); no longer ones were expected",
                   word[other->grain], first, name);
}

wsf_status wsf__match_pace(wsf__panel **out, const wsf__panel *base, const wsf__panel *other,
                           wsf_error *err) {
  *out = NULL;
  bool vintages = false; /* know periods by number */
  for (int c = 0; c < other->n_columns; ++c) vintages = vintages || other->column[c].vintages;
  WSF__TRY(check_grain(base, other, err));
  if (vintages || !may_recast(base, other)) return WSF_OK;
  const bool business = base->calendar.freq == WSF__BUSINESS;
  recasting r = {.from = other, .strays = business && other->calendar.freq == WSF__DAY};
  wsf__arena arena;
  wsf__arena_init(&arena, &other->arena.alloc);
  bool all = false;
  wsf_status status = wsf__panel_create(&r.to, &other->arena.alloc, err);
  if (status == WSF_OK) status = recast(&all, &r, base, &arena, err);
  wsf__arena_free(&arena);
  if (status == WSF_OK && all)
    *out = r.to;
  else
    wsf__panel_release(r.to);
  return status;
}
