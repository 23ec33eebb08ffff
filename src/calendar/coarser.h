/* Longer periods over shorter ones: hours over minutes, weeks over days, months over weeks. */
#ifndef WSF_CALENDAR_COARSER_H
#define WSF_CALENDAR_COARSER_H

#include "calendar/calendar.h"

/* The calendar of `freq` (longer than fine's) whose period 0 holds the first day of fine's period
 * 0; every period is stamped with its last day (HOUR: its first minute). last: WEEK: the weekday
 * that ends a week, 0 = Monday; QUARTER, YEAR: the month, 1 to 12, that ends a year. year: of
 * FISCAL. Fails for whole-number times. */
wsf_status wsf__calendar_over(wsf__calendar *out, const wsf__calendar *fine, int32_t freq, int last,
                              const wsf__fiscal *year, wsf_error *err);
/* The minutes since 1970-01-01 that a period covers: begin .. end - 1. For dated calendars. */
void wsf__calendar_minutes(const wsf__calendar *cal, int64_t period, int64_t *begin, int64_t *end);

#endif
