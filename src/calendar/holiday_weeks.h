/* Weeks against holidays that move: where Easter and Christmas stand in a calendar of weeks, and
 * what a week sells if Christmas stands elsewhere in it. Weeks are counted from the one that begins
 * with `first_day`, days since 1970-01-01. */
#ifndef WSF_CALENDAR_HOLIDAY_WEEKS_H
#define WSF_CALENDAR_HOLIDAY_WEEKS_H

#include <stdint.h>

int64_t wsf__week_of(int64_t first_day, int64_t day);
/* The year that the middle of a week lies in. */
int64_t wsf__year_of_week(int64_t first_day, int64_t week);

/* The first of the weeks that sell for Easter, the one that holds Good Friday, and how many they
 * are: where the week ends with Good Friday, the Saturday's shopping is in the next. */
int64_t wsf__easter_weeks(int64_t first_day, int64_t year, int64_t *count);

/* Week i of the five that end with the week of Christmas, which sold `old`, if `share` of each
 * moves on by one, circularly, back if it is below 0; as it was where the three middle ones do not
 * sell 10 % more than the outer two, or one of them is missing. */
enum { WSF__CHRISTMAS_WEEKS = 5 };
double wsf__christmas_week(const double old[WSF__CHRISTMAS_WEEKS], int64_t i, double share);

#endif
