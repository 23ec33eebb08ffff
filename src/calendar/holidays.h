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

/* The days of the United States that move sales: the federal holidays (5 U.S.C. 6103, on their own
 * day and not on the one that offices close for), then those that only shops keep.
 * X(word, federal, rule, a, b, c, since), since: the first year that had it. Rules: FIXED month a,
 * day b; NTH weekday b (0 = Monday) of month a for the c-th time, 0: the last; EASTER, GIVING
 * (Thanksgiving) and SUPER (the Super Bowl) with a days after; BEFORE: the last weekday c before
 * day b of month a. */
#define WSF__US_HOLIDAYS(X)                                                                        \
  X(new_year, true, FIXED, 1, 1, 0, 0)                                                             \
  X(martin_luther_king, true, NTH, 1, 0, 3, 1986)                                                  \
  X(presidents_day, true, NTH, 2, 0, 3, 1971)                                                      \
  X(memorial_day, true, NTH, 5, 0, 0, 1971)                                                        \
  X(juneteenth, true, FIXED, 6, 19, 0, 2021)                                                       \
  X(independence_day, true, FIXED, 7, 4, 0, 0)                                                     \
  X(labor_day, true, NTH, 9, 0, 1, 1894)                                                           \
  X(columbus_day, true, NTH, 10, 0, 2, 1971)                                                       \
  X(veterans_day, true, FIXED, 11, 11, 0, 1938)                                                    \
  X(thanksgiving, true, GIVING, 0, 0, 0, 0)                                                        \
  X(christmas, true, FIXED, 12, 25, 0, 0)                                                          \
  X(super_bowl, false, SUPER, 0, 0, 0, 1967)                                                       \
  X(valentines_day, false, FIXED, 2, 14, 0, 0)                                                     \
  X(st_patricks_day, false, FIXED, 3, 17, 0, 0)                                                    \
  X(good_friday, false, EASTER, -2, 0, 0, 0)                                                       \
  X(easter, false, EASTER, 0, 0, 0, 0)                                                             \
  X(cinco_de_mayo, false, FIXED, 5, 5, 0, 0)                                                       \
  X(mothers_day, false, NTH, 5, 6, 2, 1914)                                                        \
  X(fathers_day, false, NTH, 6, 6, 3, 1910)                                                        \
  X(halloween, false, FIXED, 10, 31, 0, 0)                                                         \
  X(black_friday, false, GIVING, 1, 0, 0, 0)                                                       \
  X(cyber_monday, false, GIVING, 4, 0, 0, 2005)                                                    \
  X(super_saturday, false, BEFORE, 12, 25, 5, 0)                                                   \
  X(christmas_eve, false, FIXED, 12, 24, 0, 0)                                                     \
  X(new_years_eve, false, FIXED, 12, 31, 0, 0)

typedef struct wsf__holiday {
  const char *name;
  bool federal;
  int rule, a, b, c;
  int64_t since;
} wsf__holiday;
extern const wsf__holiday wsf__us_holidays[];
extern const int wsf__n_us_holidays;

/* The day of a year; false: the year had none. */
bool wsf__holiday_day(const wsf__holiday *holiday, int64_t year, int64_t *day);

#endif
