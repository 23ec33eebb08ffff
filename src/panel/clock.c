/* Events: rows at any time of day, as tills and orders write them, for which freq= says periods
 * that most of them do not begin. Each is of the hour, the day or the minutes that it lies in; of a
 * longer period it is by its day. */
#include "panel/build.h"

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

/* Seconds of a period, or of the longest part of it that a day is a multiple of. */
static int64_t period_of(const wsf__panel_rules *rules) {
  const int64_t unit = rules->freq == WSF__MINUTE ? MINUTE : rules->freq == WSF__HOUR ? HOUR : DAY;
  const int64_t all = unit * (rules->step > 0 ? rules->step : 1);
  return DAY % all == 0 ? all : unit;
}

wsf_status wsf__build_clock(wsf__build *b, const wsf__panel_rules *rules, wsf__panel_counts *counts,
                            wsf__arena *arena, bool *moved, wsf_error *err) {
  const wsf__rows *rows = b->rows;
  *moved = false;
  if (!rules->freq || rules->freq == WSF__INTEGER || rows->time_form != WSF__FORM_TIME) {
    return WSF_OK;
  }
  const int64_t period = period_of(rules);
  wsf__rows *made = wsf__arena_new(arena, 1, sizeof *made);
  int64_t *time = wsf__arena_new(arena, (size_t)rows->n, sizeof *time);
  if (!made || !time) return wsf__fail_memory(err);
  for (int64_t i = 0; i < rows->n; ++i) {
    time[i] = wsf__floor_div(rows->time[i], period) * period;
    counts->within += time[i] != rows->time[i];
  }
  *made = *rows;
  made->time = time;
  if (period == DAY) made->time_form = WSF__FORM_DATE;
  *moved = counts->within > 0;
  if (*moved) b->rows = made;
  return WSF_OK;
}
