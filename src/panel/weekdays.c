/* Weeks that begin on another day in each store. Every series keeps the weekday that more than half
 * of its rows have; the panel takes the one that most rows have, and a series' week becomes the
 * panel's with which it shares most days: the stamp moves by three days at most. Where a series
 * changes its weekday now and then, each of its weeks becomes the nearest of the panel's, if no two
 * become one; else rows off its usual weekday are off the calendar. */
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

/* Whether a series changes its weekday, one row in four at most, and each row is nearest to a week
 * of its own; the days that rows then move. */
static bool changes(const wsf__build *b, int64_t series, int most, int *least_ahead,
                    int *most_ahead) {
  const uint32_t start = b->order.start[series], n = b->order.count[series];
  uint32_t switches = 0;
  int64_t before = 0, day_before = 0;
  for (uint32_t i = 0; i < n; ++i) {
    const int64_t row = wsf__order_row(&b->order, start + i);
    const int64_t day = wsf__floor_div(b->rows->time[row], DAY_SECONDS);
    const int ahead = (wsf__weekday(day) - most + WEEK + 3) % WEEK - 3;
    const int64_t week = day - ahead;
    if (i > 0 && day != day_before && week == before) return false;
    switches += i > 0 && wsf__weekday(day) != wsf__weekday(day_before);
    if (i == 0 || ahead < *least_ahead) *least_ahead = ahead;
    if (i == 0 || ahead > *most_ahead) *most_ahead = ahead;
    before = week;
    day_before = day;
  }
  return switches > 0 && 4 * switches <= n;
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
    int least_ahead = 0, most_ahead = 0;
    if (changes(b, i, most, &least_ahead, &most_ahead)) {
      shift[i] = WSF__SHIFT_NEAR;
    } else {
      const int own = own_weekday(b, i);
      least_ahead = most_ahead = own < 0 ? 0 : (own - most + WEEK + 3) % WEEK - 3;
      shift[i] = (int8_t)most_ahead;
      if (most_ahead == 0) continue;
    }
    if (counts->moved++ == 0) {
      counts->moved_least = least_ahead;
      counts->moved_most = most_ahead;
    }
    if (least_ahead < counts->moved_least) counts->moved_least = least_ahead;
    if (most_ahead > counts->moved_most) counts->moved_most = most_ahead;
  }
  b->shift = shift;
  return WSF_OK;
}
