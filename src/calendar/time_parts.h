/* A time that stands in several texts: 2019 and 3, Mar, Q1 or Week 5; a day and its hour. */
#ifndef WSF_CALENDAR_TIME_PARTS_H
#define WSF_CALENDAR_TIME_PARTS_H

#include "calendar/time_read.h"

typedef enum wsf__time_unit {
  WSF__UNIT_NONE, /* a number that may be any of them, or a text */
  WSF__UNIT_YEAR,
  WSF__UNIT_QUARTER,
  WSF__UNIT_MONTH,
  WSF__UNIT_WEEK,
  WSF__UNIT_DAY,
  WSF__UNIT_HOUR
} wsf__time_unit;

enum { WSF__TIME_PARTS = 8, WSF__TIME_PART_BYTES = 64 }; /* of one time, of one text at most */

/* What a column is called: "Year", "fiscal_week", "MonthOfYear"; the first such word of a name. */
int32_t wsf__time_unit_called(const char *name);
/* A number with or without a word that says what it counts: 3, 3.0, Mar, M03, Q1, Week 5. */
bool wsf__time_unit_read(const char *text, size_t length, int32_t *unit, int *value);
/* Whether it is a time of day, such as 16:30. */
bool wsf__time_is_clock(const char *text);
/* One time of n parts, unit[i] of text[i] where the text does not say another. What is no number of
 * a unit is a date or a time of day. With a format the texts follow it, a blank between them. */
bool wsf__time_join(const int32_t *unit, const char *const *text, int n,
                    const wsf__time_style *style, wsf__time *out, wsf__time_seen *seen);

#endif
