/* Dates of the holidays that move against a calendar of whole weeks. */
#ifndef WSF_CALENDAR_HOLIDAYS_H
#define WSF_CALENDAR_HOLIDAYS_H

#include <stdbool.h>
#include <stdint.h>

/* Easter Sunday of a Gregorian year, days since 1970-01-01 (Meeus 1991, "Astronomical algorithms",
 * chapter 8; valid for every year after 1582). */
int64_t wsf__easter(int64_t year);

/* The nth (1, 2, ..) day of a month that is a weekday (0 = Monday): days since 1970-01-01. */
int64_t wsf__nth_weekday(int64_t year, int month, int weekday, int n);

/* The same from the end: the last day of a month that is a weekday. */
int64_t wsf__last_weekday(int64_t year, int month, int weekday);

/* The four events that the Kaggle set counts as holidays. Super Bowl Sunday is the first Sunday of
 * February, the second since the season of 2021 has a week more, and of the games before 2004 each
 * had a date of its own; Labor Day the first Monday of September; Thanksgiving the fourth Thursday
 * of November. */
int64_t wsf__super_bowl(int64_t year);
int64_t wsf__labor_day(int64_t year);
int64_t wsf__thanksgiving(int64_t year);
int64_t wsf__christmas(int64_t year);

/* One rule of holiday_rows.h, where its fields are told. */
typedef struct wsf__holiday {
  const char *country, *name;
  bool official; /* a public holiday, else a day that only shops keep */
  int rule, a, b, c;
  int64_t since, until;
  int weekend;
} wsf__holiday;
/* By country; rules of one event follow each other. */
extern const wsf__holiday wsf__holidays[];
extern const int wsf__n_holidays;

/* The day of a year, or the one that is taken off in its place, which may lie in the year before;
 * false: the year had none. */
bool wsf__holiday_day(const wsf__holiday *holiday, int64_t year, bool observed, int64_t *day);

#endif
