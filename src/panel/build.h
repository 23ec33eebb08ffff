/* The walk over one series' rows that the passes of the panel builder share. */
#ifndef WSF_PANEL_BUILD_H
#define WSF_PANEL_BUILD_H

#include "panel/order.h"
#include "panel/timeline.h"

enum { WSF__SHIFT_NEAR = 127 };

typedef struct wsf__build {
  const wsf__rows *rows;
  wsf__order order;
  wsf__calendar calendar;
  uint32_t *kept; /* series of the order that became series of the panel, in order */
  uint8_t *plain; /* series of the order with one observed row a period and nothing to mend: their
                   * rows can be copied as they stand in the input */
  const int8_t *shift; /* NULL, or [order.n] days that a series' weeks lie ahead of the calendar's,
                        * or WSF__SHIFT_NEAR: each row is of the week that is nearest, or of the
                        * month that it lies in */
  const wsf__arena *scratch; /* of the panel's build: loops ask it whether to leave */
  int64_t room;              /* values that the panel may yet have, by its rows */
  int duplicates;            /* wsf__duplicates */
  bool negatives_zero;
} wsf__build;

/* Counts of a block of series, with the lowest line of each kind. */
typedef struct wsf__tally_rows {
  int64_t off_calendar, off_line, off_row;
  int64_t duplicates, duplicate_line, duplicate_row, duplicate_of;
  int64_t negatives, negative_line;
  int64_t gaps, missing;
} wsf__tally_rows;

typedef struct wsf__walk {
  const wsf__build *b;
  wsf__tally_rows *tally; /* NULL: count nothing */
  wsf__stepper stepper;
  bool near; /* the series' days change: weeks are the nearest, months those that days lie in */
  uint32_t at, end;
} wsf__walk;

/* One period of a series: its target by the rules, its (last) row, and where its rows stand in the
 * order, from begin to before end. */
typedef struct wsf__cell {
  int64_t period;
  double y;
  uint32_t row;
  uint32_t begin, end;
} wsf__cell;

static inline bool wsf__build_near(const wsf__build *b, int64_t series) {
  return b->shift && b->shift[series] == WSF__SHIFT_NEAR;
}

/* Periods of a series' times. */
static inline wsf__stepper wsf__build_stepper(const wsf__build *b, int64_t series) {
  wsf__stepper s = wsf__stepper_at_origin(&b->calendar);
  if (b->shift && !wsf__build_near(b, series)) s.value += b->shift[series] * INT64_C(86400);
  return s;
}

static inline wsf__walk wsf__walk_series(const wsf__build *b, int64_t series,
                                         wsf__tally_rows *tally) {
  const uint32_t start = b->order.start[series];
  return (wsf__walk){.b = b,
                     .tally = tally,
                     .stepper = wsf__build_stepper(b, series),
                     .near = wsf__build_near(b, series),
                     .at = start,
                     .end = start + b->order.count[series]};
}
/* Next period that has a row; false at the end. */
bool wsf__walk_next(wsf__walk *w, wsf__cell *out);

static inline int64_t wsf__row_line(const wsf__rows *rows, uint32_t row) {
  return rows->line ? rows->line[row] : (int64_t)row + 1;
}

/* Weeks that each series stamps on a weekday of its own, or on one that changes (weekdays.c): the
 * calendar gets the weekday that most rows have, b->shift what the others are off, -3 to 3 days. */
wsf_status wsf__build_weekdays(wsf__build *b, wsf__panel_counts *counts, wsf__arena *arena,
                               wsf_error *err);

/* Months that rows name by any of their days: where no two rows of a series are of one, b->shift
 * says so. */
wsf_status wsf__build_months(wsf__build *b, const wsf__env *env, wsf__panel_counts *counts,
                             wsf__arena *arena, wsf_error *err);

/* Columns of rows -> columns of the panel. */
wsf_status wsf__build_columns(wsf__panel *p, wsf__build *b, wsf__env *env,
                              wsf__panel_counts *counts, wsf_error *err);
/* Rows at times within periods that freq= says begin with them (clock.c); *moved: there are any,
 * and b->rows has them so. */
wsf_status wsf__build_clock(wsf__build *b, const wsf__panel_rules *rules, wsf__panel_counts *counts,
                            wsf__arena *arena, bool *moved, wsf_error *err);

#endif
