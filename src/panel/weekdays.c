/* Weeks that begin on another day in each store. Every series keeps the weekday that more than half
 * of its rows have; the panel takes the one that most rows have, and a series' week becomes the
 * panel's with which it shares most days: the stamp moves by three days at most. */
#include "panel/build.h"

enum { WEEK = 7, DAY_SECONDS = 86400 };

static int weekday_of(const wsf__rows *rows, int64_t row) {
  return wsf__weekday(wsf__floor_div(rows->time[row], DAY_SECONDS));
}

/* The weekday of more than half of a series' rows, or -1. */
static int own_weekday(const wsf__build *b, int64_t series) {
  int64_t count[WEEK] = {0};
  const uint32_t start = b->order.start[series], n = b->order.count[series];
  for (uint32_t i = 0; i < n; ++i)
    ++count[weekday_of(b->rows, wsf__order_row(&b->order, start + i))];
  for (int d = 0; d < WEEK; ++d) {
    if (2 * count[d] > n) return d;
  }
  return -1;
}

wsf_status wsf__build_weekdays(wsf__build *b, wsf__panel_counts *counts, wsf__arena *arena,
                               wsf_error *err) {
  const wsf__rows *rows = b->rows;
  int64_t count[WEEK] = {0};
  int most = 0;
  int8_t *shift = wsf__arena_new(arena, (size_t)b->order.n, sizeof *shift);
  if (!shift) return wsf__fail_memory(err);
  for (int64_t r = 0; r < rows->n; ++r) ++count[weekday_of(rows, r)];
  for (int d = 1; d < WEEK; ++d) most = count[d] > count[most] ? d : most;
  b->calendar.origin += most - wsf__weekday(b->calendar.origin);
  for (int64_t i = 0; i < b->order.n; ++i) {
    const int own = own_weekday(b, i);
    const int ahead = own < 0 ? 0 : (own - most + WEEK + 3) % WEEK - 3;
    shift[i] = (int8_t)ahead;
    if (ahead == 0) continue;
    if (counts->moved++ == 0) counts->moved_least = counts->moved_most = ahead;
    if (ahead < counts->moved_least) counts->moved_least = ahead;
    if (ahead > counts->moved_most) counts->moved_most = ahead;
  }
  b->shift = shift;
  return WSF_OK;
}
