/* Dates of the holidays that move against a calendar of whole weeks. */
#ifndef WSF_CALENDAR_HOLIDAYS_H
#define WSF_CALENDAR_HOLIDAYS_H

#include <stdint.h>

/* Easter Sunday of a Gregorian year, days since 1970-01-01 (Meeus 1991, "Astronomical algorithms",
 * chapter 8; valid for every year after 1582). */
int64_t wsf__easter(int64_t year);

/* The nth (1, 2, ..) day of a month that is a weekday (0 = Monday): days since 1970-01-01. */
int64_t wsf__nth_weekday(int64_t year, int month, int weekday, int n);

/* The four events that the Kaggle set counts as holidays. Super Bowl Sunday is the first Sunday of
 * February, the second since the season of 2021 has a week more; Labor Day the first Monday of
 * September; Thanksgiving the fourth Thursday of November. */
int64_t wsf__super_bowl(int64_t year);
int64_t wsf__labor_day(int64_t year);
int64_t wsf__thanksgiving(int64_t year);
int64_t wsf__christmas(int64_t year);

#endif
