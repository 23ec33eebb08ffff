/* The calendar that rows fall on: its frequency if nobody said it, its anchor if the first row
 * misleads. */
#ifndef WSF_PANEL_TIMELINE_H
#define WSF_PANEL_TIMELINE_H

#include "panel/order.h"

/* A frequency, and how many of its units lie between times; step 0: as many as the times say. */
typedef struct wsf__pace {
  int32_t freq, step;
  wsf__fiscal year; /* of FISCAL */
  int years;        /* that it was chosen from, 0: it was not */
} wsf__pace;

/* Frequency of the most common step between neighbouring distinct times of a series; where that is
 * none of them, the longest that all steps are multiples of. Whole numbers have the greatest common
 * divisor of their steps once there are LIKELY_STEPS of them. */
wsf_status wsf__timeline_infer(wsf__pace *pace, wsf__env *env, const wsf__rows *rows,
                               const wsf__order *order, wsf_error *err);
/* The first fiscal year whose months all rows begin or end, and how many such years there are. */
wsf_status wsf__timeline_fiscal(wsf__fiscal *out, int *found, wsf__env *env, const wsf__rows *rows,
                                wsf_error *err);
/* Whether more rows stand on the first day of a month of the year than on the last. */
void wsf__timeline_stamps(wsf__fiscal *year, const wsf__rows *rows);
/* Calendar of the earliest row. */
wsf_status wsf__timeline_first(wsf__calendar *cal, const wsf__rows *rows, wsf__pace pace,
                               wsf_error *err);
/* Calendar on which more than half of the rows fall, if there is one. */
wsf_status wsf__timeline_majority(wsf__calendar *cal, const wsf__rows *rows, wsf__pace pace,
                                  wsf_error *err);
/* A row's time as text. */
void wsf__timeline_text(const wsf__rows *rows, int64_t row, char out[32]);
/* More periods than the rows can have: a stray time, or too fine a frequency. */
wsf_status wsf__timeline_fail_stray(const wsf__rows *rows, const wsf__calendar *cal,
                                    int64_t periods, wsf_error *err);

/* Period of a time, made cheap for times that mostly come one step after the other. */
typedef struct wsf__stepper {
  const wsf__calendar *cal;
  int64_t step;          /* in the unit of wsf__time.value; 0: they differ, as months do */
  int64_t value, period; /* the last one asked for */
} wsf__stepper;
wsf__stepper wsf__stepper_at_origin(const wsf__calendar *cal);

static inline bool wsf__stepper_period(wsf__stepper *s, int64_t value, int64_t *out) {
  const int64_t ahead = value - s->value;
  if (s->step == 0)
    return wsf__calendar_period(s->cal, (wsf__time){.form = s->cal->form, .value = value}, out);
  if (ahead != s->step) {
    if (ahead % s->step != 0) return false;
    *out = s->period + ahead / s->step;
  } else {
    *out = s->period + 1;
  }
  s->period = *out;
  s->value = value;
  return true;
}

#endif
