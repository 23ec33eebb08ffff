/* A panel on a calendar of longer periods: weeks of days, months of weeks, years of quarters.
 *
 * The overlaps of the two calendars are listed once, in the order of time; the target and every
 * column are then folded over that list. A period that straddles two longer ones is shared between
 * them by hours, which is by days except for hourly data. Only the first and the last longer period
 * can be covered in part; they are left out unless asked for. */
#include "panel/resample.h"
#include "calendar/coarser.h"
#include "panel/make.h"
#include "panel/vintages.h"

#include <math.h>
#include <string.h>

/* One overlap of an old period with a new one. */
typedef struct piece {
  int64_t t;
  double hours, share; /* share: of the old period's hours */
  bool ends;           /* the old period ends inside the new one */
} piece;

typedef struct resampling {
  wsf__env *env;
  const wsf__panel *from;
  wsf__panel *to;
  const wsf__resample_rules *rules;
  wsf__arena arena;
  int64_t known;  /* new periods that columns known ahead reach */
  int64_t *start; /* [known + 1] into piece */
  const piece *piece;
} resampling;

/* ---- overlaps ------------------------------------------------------------------------------ */

static int64_t begin_of(const wsf__calendar *cal, int64_t period) {
  int64_t begin, end;
  wsf__calendar_minutes(cal, period, &begin, &end);
  return begin;
}

/* New periods that end by the end of the first `periods` old ones; `part` of one counts, if kept.
 */
static int64_t whole_periods(const wsf__calendar *coarse, const wsf__calendar *fine,
                             int64_t periods, bool keep) {
  const int64_t end = begin_of(fine, periods);
  int64_t low = 0, high = periods; /* no more new ones than old ones */
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (begin_of(coarse, middle + 1) <= end)
      low = middle + 1;
    else
      high = middle;
  }
  return low + (keep && begin_of(coarse, low) < end);
}

static wsf_status list_pieces(resampling *r, wsf__resample_counts *counts, wsf_error *err) {
  const wsf__calendar *fine = &r->from->calendar, *coarse = &r->to->calendar;
  const int64_t periods = r->from->T + r->from->ahead;
  piece *list = wsf__arena_new(&r->arena, (size_t)(periods + r->known), sizeof *list);
  r->start = wsf__arena_new(&r->arena, (size_t)r->known + 1, sizeof *r->start);
  if (!list || !r->start) return wsf__fail_memory(err);
  int64_t n = 0, t = 0;
  for (int64_t k = 0; k < r->known; ++k) {
    int64_t begin, end, from, to;
    wsf__calendar_minutes(coarse, k, &begin, &end);
    r->start[k] = n;
    for (; t < periods; ++t) {
      wsf__calendar_minutes(fine, t, &from, &to);
      if (to <= begin) continue; /* before a first period that is left out */
      if (from >= end) break;
      counts->split += k == 0 && from < begin;
      const int64_t minutes = (to < end ? to : end) - (from > begin ? from : begin);
      list[n++] =
          (piece){t, (double)minutes / 60, (double)minutes / (double)(to - from), to <= end};
      if (to > end) { /* the rest lies in the next */
        ++counts->split;
        break;
      }
    }
  }
  r->start[r->known] = n;
  r->piece = list;
  return WSF_OK;
}

static wsf_status lay_calendar(resampling *r, wsf__resample_counts *counts, wsf_error *err) {
  const wsf__panel *from = r->from;
  wsf__panel *p = r->to;
  const bool keep = r->rules->keep_partial;
  wsf__calendar *cal = &p->calendar;
  WSF__TRY(wsf__calendar_over(cal, &from->calendar, r->rules->freq, r->rules->last, &r->rules->year,
                              err));
  const int64_t T = whole_periods(cal, &from->calendar, from->T, keep);
  const int64_t known = whole_periods(cal, &from->calendar, from->T + from->ahead, keep);
  const bool late = begin_of(cal, 0) < begin_of(&from->calendar, 0); /* begins in its middle */
  const bool early = begin_of(cal, T) != begin_of(&from->calendar, from->T);
  const int64_t dropped = late && !keep;
  counts->partial = late + early;
  if (late || early) wsf__calendar_text(cal, late ? 0 : keep ? T - 1 : T, counts->example);
  if (T <= dropped) {
    return wsf__fail(err, WSF_E_DATA,
                     "the history holds no whole %s, expected at least one (or partial=keep)",
                     wsf__freq_name(r->rules->freq));
  }
  wsf__calendar_move(cal, dropped);
  p->T = counts->periods = T - dropped;
  p->ahead = known - T;
  r->known = known - dropped;
  return list_pieces(r, counts, err);
}

/* ---- target -------------------------------------------------------------------------------- */

/* The value of series i in a new period; NaN: missing. *gap: because an old period is. */
static double fold_target(const resampling *r, int64_t i, int64_t period, bool *gap) {
  const wsf__panel *p = r->from;
  const wsf__resample_rules *rules = r->rules;
  const double *y = p->y + p->offset[i];
  double sum = 0, hours = 0, last = NAN;
  for (int64_t k = r->start[period]; k < r->start[period + 1]; ++k) {
    const piece *o = &r->piece[k];
    const int64_t at = o->t - p->first[i];
    if (at < 0 || (rules->how == WSF__LAST && !o->ends)) continue;
    if (at >= p->length[i] && rules->keep_partial) continue;
    if (at >= p->length[i] || isnan(y[at])) {
      *gap = true;
      if (!rules->skip_missing) last = NAN;
    } else {
      sum += y[at] * (rules->how == WSF__SUM ? o->share : o->hours);
      hours += o->hours;
      last = y[at];
    }
  }
  if (hours == 0) return NAN;
  if (rules->how == WSF__LAST) return last;
  if (*gap && !rules->skip_missing) return NAN;
  return rules->how == WSF__SUM ? sum : sum / hours;
}

static wsf_status fold_targets(resampling *r, uint8_t *kept, wsf__resample_counts *counts,
                               wsf_error *err) {
  const wsf__panel *from = r->from;
  wsf__panel *p = r->to;
  size_t cells;
  const size_t n = (size_t)p->n;
  if (!wsf__mul(n, (size_t)p->T, &cells)) return wsf__fail_memory(err);
  int64_t *first = wsf__arena_new(&p->arena, n, sizeof *first);
  int64_t *length = wsf__arena_new(&p->arena, n, sizeof *length);
  int64_t *offset = wsf__arena_new(&p->arena, n, sizeof *offset);
  double *y = wsf__arena_new(&p->arena, cells, sizeof *y);
  if (!first || !length || !offset || !y) return wsf__fail_memory(err);
  int64_t used = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    WSF__TRY(wsf__checkpoint(r->env, "resample", i, p->n, err));
    int64_t observed = 0, last = 0;
    first[i] = 0;
    offset[i] = used;
    for (int64_t k = 0; k < p->T; ++k) {
      bool gap = false;
      const double x = fold_target(r, i, k, &gap);
      counts->missing += gap && isnan(x) && observed > 0;
      if (!isnan(x)) {
        if (observed++ == 0) first[i] = k;
        last = k;
      }
      if (observed > 0) y[used++] = x;
    }
    length[i] = used - offset[i];
    if (from->own_end && observed > 0) {
      length[i] = last - first[i] + 1;
      used = offset[i] + length[i];
    }
    kept[i] = observed > 0;
    counts->empty += observed == 0;
  }
  p->first = first;
  p->length = length;
  p->offset = offset;
  p->y = y;
  return WSF_OK;
}

/* ---- columns ------------------------------------------------------------------------------- */

static double fold_column(const resampling *r, const double *x, int64_t periods, int64_t period,
                          wsf__how how) {
  double sum = 0, hours = 0, last = NAN;
  bool same = true; /* a mean of equal values is that value to the bit */
  for (int64_t k = r->start[period]; k < r->start[period + 1]; ++k) {
    const piece *o = &r->piece[k];
    if (o->t >= periods || isnan(x[o->t])) continue;
    same = same && (hours == 0 || x[o->t] == last);
    last = how == WSF__ANY && hours > 0 ? fmax(last, x[o->t]) : x[o->t];
    sum += x[o->t] * (how == WSF__SUM ? o->share : o->hours);
    hours += o->hours;
  }
  if (hours == 0 || how == WSF__LAST || how == WSF__ANY) return last;
  return how == WSF__SUM ? sum : same ? last : sum / hours;
}

static wsf_status fold_columns(resampling *r, wsf_error *err) {
  const wsf__panel *from = r->from;
  wsf__panel *p = r->to;
  wsf__column *column = wsf__arena_new(&p->arena, (size_t)from->n_columns, sizeof *column);
  if (!column) return wsf__fail_memory(err);
  for (int c = 0; c < from->n_columns; ++c) {
    const wsf__column *old = &from->column[c];
    column[c] = *old;
    WSF__TRY(wsf__column_texts(&column[c], &p->arena, err));
    int32_t *group = wsf__arena_new(&p->arena, (size_t)p->n, sizeof *group);
    if (!group) return wsf__fail_memory(err);
    memcpy(group, old->group, (size_t)p->n * sizeof *group);
    const bool fixed = old->kind == WSF__STATIC;
    const int64_t periods = fixed ? 1 : old->kind == WSF__PAST ? p->T : r->known;
    size_t cells;
    double *value = NULL;
    if (wsf__mul((size_t)old->n_groups, (size_t)periods, &cells)) {
      value = wsf__arena_new(&p->arena, cells, sizeof *value);
    }
    if (!value) return wsf__fail_memory(err);
    const wsf__how how = r->rules->column[c];
    for (int64_t g = 0; g < old->n_groups; ++g) {
      const double *x = old->value + g * old->periods;
      for (int64_t k = 0; k < periods; ++k) {
        value[g * periods + k] = fixed ? *x : fold_column(r, x, old->periods, k, how);
      }
    }
    column[c].group = group;
    column[c].value = value;
    column[c].periods = periods;
    column[c].flag = old->flag && (fixed || how == WSF__ANY || how == WSF__LAST);
  }
  p->column = column;
  p->n_columns = from->n_columns;
  return WSF_OK;
}

/* ---- the panel ----------------------------------------------------------------------------- */

static wsf_status fold(resampling *r, uint8_t *kept, wsf__resample_counts *counts, wsf_error *err) {
  const wsf__panel *from = r->from;
  wsf__panel *p = r->to;
  p->n = from->n;
  WSF__TRY(wsf__panel_head(p, from, err));
  WSF__TRY(wsf__panel_keys(p, from, NULL, err));
  WSF__TRY(wsf__panel_members(p, from, NULL, err));
  WSF__TRY(lay_calendar(r, counts, err));
  p->inferred = false;
  p->season = r->rules->season > 0 ? r->rules->season : wsf__calendar_season(&p->calendar);
  p->holiday = from->holiday;
  p->weight = from->weight;
  p->report = wsf_table_retain(from->report);
  WSF__TRY(fold_targets(r, kept, counts, err));
  WSF__TRY(fold_columns(r, err));
  if (counts->empty < p->n) return WSF_OK;
  return wsf__fail(err, WSF_E_DATA,
                   "no series has a whole %s of observations, expected some (or missing=skip)",
                   wsf__freq_name(p->calendar.freq));
}

wsf_status wsf__panel_resample(wsf__panel **out, wsf__env *env, const wsf__panel *p,
                               const wsf__resample_rules *rules, wsf__resample_counts *counts,
                               wsf_error *err) {
  resampling r = {.env = env, .from = p, .rules = rules};
  *out = NULL;
  *counts = (wsf__resample_counts){0};
  WSF__TRY(wsf__vintages_refuse(p, "resample", err));
  wsf__arena_init(&r.arena, &env->alloc);
  uint8_t *kept = wsf__arena_new(&r.arena, (size_t)p->n, 1);
  wsf_status status = kept ? wsf__panel_create(&r.to, &env->alloc, err) : wsf__fail_memory(err);
  if (status == WSF_OK) status = fold(&r, kept, counts, err);
  if (status == WSF_OK && counts->empty > 0) {
    wsf__panel *whole = r.to;
    status = wsf__panel_select(&r.to, env, whole, kept, err);
    wsf__panel_release(whole);
  }
  wsf__arena_free(&r.arena);
  if (status != WSF_OK) {
    wsf__panel_release(r.to);
    return status;
  }
  *out = r.to;
  return WSF_OK;
}
