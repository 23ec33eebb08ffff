/* One series of the rows, period by period: what both passes of build.c and the covariates of
 * columns.c read. Rows off the calendar are passed over, rows of one period are merged by the rule
 * for duplicates. */
#include "panel/build.h"

#include <math.h>

static bool period_of(wsf__walk *w, int64_t time, int64_t *out) {
  const wsf__calendar *cal = &w->b->calendar;
  if (!w->near) return wsf__stepper_period(&w->stepper, time, out);
  return wsf__calendar_near(cal, (wsf__time){.form = cal->form, .value = time}, out);
}

bool wsf__walk_next(wsf__walk *w, wsf__cell *out) {
  const wsf__build *b = w->b;
  const wsf__rows *rows = b->rows;
  int64_t period;
  uint32_t row;
  for (;; ++w->at) {
    if (w->at == w->end) return false;
    row = wsf__order_row(&b->order, w->at);
    if (period_of(w, rows->time[row], &period)) break;
    if (w->tally) {
      ++w->tally->off_calendar;
      const int64_t line = wsf__row_line(rows, row);
      if (line < w->tally->off_line) {
        w->tally->off_line = line;
        w->tally->off_row = row;
      }
    }
  }
  double y = rows->target ? rows->target[row] : NAN;
  const int64_t time = rows->time[row];
  const uint32_t begin = w->at;
  for (++w->at; w->at < w->end; ++w->at) {
    const uint32_t next = wsf__order_row(&b->order, w->at);
    if (rows->time[next] != time) break;
    const double more = rows->target ? rows->target[next] : NAN;
    if (b->duplicates != WSF__DUP_SUM)
      y = more;
    else if (!isnan(more))
      y = isnan(y) ? more : y + more;
    if (w->tally) {
      ++w->tally->duplicates;
      const int64_t line = wsf__row_line(rows, next);
      if (line < w->tally->duplicate_line) {
        w->tally->duplicate_line = line;
        w->tally->duplicate_row = next;
        w->tally->duplicate_of = row;
      }
    }
    row = next;
  }
  if (y < 0) {
    if (w->tally) {
      ++w->tally->negatives;
      const int64_t line = wsf__row_line(rows, row);
      if (line < w->tally->negative_line) w->tally->negative_line = line;
    }
    if (b->negatives_zero) y = 0;
  }
  *out = (wsf__cell){period, y, row, begin, w->at};
  return true;
}
