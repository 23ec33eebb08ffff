/* One regular calendar: period index <-> time. Period 0 is the panel's first period. All arithmetic
 * is in whole numbers: minutes, hours or days since 1970-01-01, months or years since year 0. */
#ifndef WSF_CALENDAR_CALENDAR_H
#define WSF_CALENDAR_CALENDAR_H

#include "base/error.h"
#include "calendar/fiscal.h"

#include <stdbool.h>

/* Values are part of the model file; never renumber. */
typedef enum wsf__freq {
  WSF__HOUR = 1,
  WSF__DAY = 2,
  WSF__WEEK = 3,
  WSF__MONTH = 4,
  WSF__QUARTER = 5,
  WSF__YEAR = 6,
  WSF__INTEGER = 7,
  WSF__MINUTE = 8,
  WSF__BUSINESS = 9, /* Monday to Friday */
  WSF__FISCAL = 10   /* months of 4 and 5 weeks (fiscal.h) */
} wsf__freq;

/* Days of the month that a month's length or its weekdays move. From NTH_WEEKDAY on: the nth of a
 * weekday (0 = Monday) has 7 (n - 1) + weekday more, the last one of it n = 5. */
enum {
  WSF__LAST_DAY = 31,
  WSF__LAST_BUSINESS_DAY = 32,
  WSF__FIRST_BUSINESS_DAY = 33,
  WSF__NTH_WEEKDAY = 34,
  WSF__LAST_ANCHOR = WSF__NTH_WEEKDAY + 34
};

/* How the time column is written. */
typedef enum wsf__time_form {
  WSF__FORM_DATE = 1,   /* date: table type DATE */
  WSF__FORM_TIME = 2,   /* date and time: table type TIME */
  WSF__FORM_INTEGER = 3 /* whole numbers (any frequency may have them): table type I64 */
} wsf__time_form;

typedef struct wsf__calendar {
  int32_t freq;   /* wsf__freq: also fixes the default season */
  int32_t step;   /* units of freq in a period, from 1: 15 (MINUTE), 2 (WEEK: a fortnight) */
  int32_t form;   /* wsf__time_form. INTEGER: period t is origin + t * step, whatever freq */
  int64_t origin; /* of period 0: minutes (MINUTE), hours (HOUR), days (DAY, WEEK), weekdays since
                   * Monday 1969-12-29 (BUSINESS), months since year 0 (MONTH, QUARTER, FISCAL),
                   * years (YEAR), or the integer itself */
  int32_t anchor; /* MONTH, QUARTER, YEAR: day of month or one of the above; FISCAL: code of the
                   * year (fiscal.h); else 0 */
  int32_t month;  /* YEAR, FISCAL: 1..12, else 0 */
  int32_t second; /* seconds past the unit that every time of the column has (HOUR: minutes and
                   * seconds; coarser with FORM_TIME: time of day) */
} wsf__calendar;

#define WSF__FREQ_WORDS "minute|hour|day|business|week|month|quarter|year|integer|fiscal_month"

enum { WSF__MOST_STEP = 4000000, WSF__MOST_DATED_STEP = 10000 };

const char *wsf__freq_name(int32_t freq);
bool wsf__freq_parse(const char *word, int32_t *out);
/* Typical length in seconds, by which frequencies are ordered; 1 for INTEGER. */
int64_t wsf__freq_seconds(int32_t freq);
int64_t wsf__calendar_seconds(const wsf__calendar *cal);
/* Periods in the season that most data of a frequency have: of a day (minute, hour: 24), a week
 * (day: 7, business: 5) or a year (week 52, month and fiscal month 12, quarter 4), as its step
 * divides it; else 1.
 */
int wsf__calendar_season(const wsf__calendar *cal);
/* Whether periods are named by days of months: of a month, quarter or year, with dates. */
bool wsf__calendar_has_months(const wsf__calendar *cal);
/* "week", "2 weeks", "fiscal_month 4-5-4"; at most 31 bytes and NUL. */
void wsf__calendar_name(const wsf__calendar *cal, char out[32]);

/* a / b rounded down; b > 0. */
static inline int64_t wsf__floor_div(int64_t a, int64_t b) {
  return a / b - (a % b < 0);
}
/* Greatest common divisor of a, b >= 0; that of 0 and b is b. */
static inline int64_t wsf__common_divisor(int64_t a, int64_t b) {
  while (b != 0) {
    const int64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}
/* Proleptic Gregorian; Hinnant's algorithms. */
int64_t wsf__days_from_civil(int64_t year, int month, int day);
void wsf__civil_from_days(int64_t days, int64_t *year, int *month, int *day);
bool wsf__date_exists(int year, int month, int day); /* from year 1 on */
int wsf__weekday(int64_t days);                      /* 0 = Monday .. 6 = Sunday */
/* Weekdays since Monday 1969-12-29, and the day of one; a weekend counts as the Monday after. */
int64_t wsf__business_of_day(int64_t day);
int64_t wsf__day_of_business(int64_t business);
/* Day of a month (counted since year 0) that an anchor names, cut to the month's length. */
int64_t wsf__anchor_day(int64_t months, int anchor);

/* How long a period is that a time stands for, as it is written: 2024-03 is a month and no day. */
typedef enum wsf__grain {
  WSF__GRAIN_NONE, /* a number, or it was not looked at */
  WSF__GRAIN_DAY,  /* also with a time of day */
  WSF__GRAIN_WEEK,
  WSF__GRAIN_MONTH,
  WSF__GRAIN_QUARTER,
  WSF__GRAIN_HALF,
  WSF__GRAIN_YEAR,
  WSF__GRAINS
} wsf__grain;

typedef struct wsf__time {
  int32_t form;  /* wsf__time_form found */
  int64_t value; /* seconds since 1970-01-01 (DATE: a multiple of 86400), or the integer */
  bool zoned;    /* written with its distance from UTC; value is what the clock showed */
  int8_t ahead;  /* of UTC, in quarters of an hour */
  int8_t grain;  /* wsf__grain, of time_read.h */
} wsf__time;
/* ISO 2012-02-03, 20120203 is an integer, 2012/02/03, with optional T or blank
 * HH:MM[:SS[.fff]] and Z, +02, +0200 or +02:00; "2012-02" and "2012Q1" too. false if it is none of
 * them. */
bool wsf__time_parse(const char *text, size_t length, wsf__time *out);

/* Build the calendar so that `first` is period 0 (BUSINESS: a weekend's is the Monday after).
 * Fails if the form cannot carry the frequency. */
wsf_status wsf__calendar_init(wsf__calendar *cal, int32_t freq, int32_t step, wsf__time first,
                              wsf_error *err);
/* The same of months of a fiscal year, stamped as it says with their first or last day; a first day
 * that is neither misses its own calendar. */
wsf_status wsf__calendar_fiscal(wsf__calendar *cal, const wsf__fiscal *year, int32_t step,
                                wsf__time first, wsf_error *err);
/* Make `period` period 0. */
void wsf__calendar_move(wsf__calendar *cal, int64_t period);
/* Period of a time; false if it does not fall on the calendar. May be negative. */
bool wsf__calendar_period(const wsf__calendar *cal, wsf__time time, int64_t *out);
/* Week whose stamp is nearest to a time of a calendar of weeks: most of its days are those of the
 * week that another weekday stamps. Of a calendar of months the one that the day lies in. false if
 * there is none, or it has another form or time of day. */
bool wsf__calendar_near(const wsf__calendar *cal, wsf__time time, int64_t *out);
/* Table value of a period: days (FORM_DATE), seconds (FORM_TIME) or the integer. */
int64_t wsf__calendar_value(const wsf__calendar *cal, int64_t period);
/* First day that a period covers, and how many: a WEEK stamped Friday covers the 7 days that end
 * that Friday. false for integer times. */
bool wsf__calendar_days(const wsf__calendar *cal, int64_t period, int64_t *first_day,
                        int64_t *n_days);
/* Time of a period as text (at most 31 bytes and NUL). */
void wsf__calendar_text(const wsf__calendar *cal, int64_t period, char out[32]);

#endif
