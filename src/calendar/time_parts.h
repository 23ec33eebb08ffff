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
  WSF__UNIT_HOUR,
  /* of all words of a column, for wsf__time_join alone */
  WSF__UNIT_CLOCK,        /* 0, 15, .., 2345 */
  WSF__UNIT_HALF_HOUR,    /* 1, .., 48 */
  WSF__UNIT_QUARTER_HOUR, /* 1, .., 96 */
  WSF__UNIT_NUMBERED      /* 01-January: a month, not a day of it */
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

/* What the words of a column that is a part show together (time_units.c). */
typedef struct wsf__unit_seen {
  int64_t n, least, most; /* words; numbers among them */
  bool no_number, no_clock, no_month;
  bool padded; /* 0030 */
  int ahead;   /* months minus their numbers */
} wsf__unit_seen;
void wsf__unit_see(wsf__unit_seen *s, const char *text, size_t length);
void wsf__unit_see_number(wsf__unit_seen *s, int64_t value);
/* The unit of such a column, which is called by one, perhaps; dated: another column has days. */
int32_t wsf__unit_settle(const wsf__unit_seen *s, int32_t called, bool dated);
/* Where the month begins in 01-January, 1 - Jan; 0: it is none such. */
size_t wsf__time_month_at(const char *text, size_t length, int *number);
/* Bytes of the first hour of 00 - 01 and 00:00-01:00; 0: it is none such. */
size_t wsf__time_range(const char *text, size_t length, bool *minutes);

#endif
