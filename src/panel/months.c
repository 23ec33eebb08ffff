/* Months that are named by another day than most rows name them by: the last trading day of a month
 * that ends with Good Friday, the first one after New Year's Day. Whatever the holidays of a
 * country are, a row is of the month that its day lies in, as long as no two days of a series name
 * one month; where two do, they may be days or weeks, and rows off the calendar stay off it. */
#include "panel/build.h"

/* Whether each row of a series has a month of its own, and some are named by another day. */
static bool one_each(const wsf__build *b, int64_t series, int64_t *named) {
  const wsf__calendar *cal = &b->calendar;
  const uint32_t start = b->order.start[series], n = b->order.count[series];
  int64_t period, before = 0, time_before = 0;
  *named = 0;
  for (uint32_t i = 0; i < n; ++i) {
    const wsf__time time = {.form = b->rows->time_form,
                            .value = b->rows->time[wsf__order_row(&b->order, start + i)]};
    if (!wsf__calendar_near(cal, time, &period)) return false;
    if (i > 0 && period == before && time.value != time_before) return false;
    *named += !wsf__calendar_period(cal, time, &before);
    before = period;
    time_before = time.value;
  }
  return *named > 0;
}

wsf_status wsf__build_months(wsf__build *b, const wsf__env *env, wsf__panel_counts *counts,
                             wsf__arena *arena, wsf_error *err) {
  int8_t *shift = wsf__arena_zero(arena, (size_t)b->order.n, sizeof *shift);
  if (!shift) return wsf__fail_memory(err);
  for (int64_t i = 0, named; i < b->order.n; ++i) {
    if (wsf__stopped(env)) return wsf__fail_stopped(env, err);
    if (!one_each(b, i, &named)) continue;
    shift[i] = WSF__SHIFT_NEAR;
    counts->named += named;
  }
  b->shift = shift;
  return WSF_OK;
}
