/* Years of 52 or 53 weeks, cut into months of 4 and 5 weeks: how retailers count. */
#ifndef WSF_CALENDAR_FISCAL_H
#define WSF_CALENDAR_FISCAL_H

#include <stdbool.h>
#include <stdint.h>

typedef struct wsf__fiscal {
  int32_t pattern; /* weeks of the months of a quarter: 445, 454 or 544 */
  int32_t weekday; /* that ends the year, 0 = Monday .. 6 = Sunday */
  int32_t month;   /* 1 .. 12, near whose end the year ends */
  bool last;       /* with the month's last such weekday, else with the one nearest to its end */
  bool begins;     /* periods are stamped with their first day, else with their last */
} wsf__fiscal;

/* The retailers' year of the NRF: 4-5-4, to the Saturday nearest to 31 January. */
extern const wsf__fiscal wsf__fiscal_nrf;

/* "nrf", or what differs from it: "445 last sunday december", "4-4-5 august". */
bool wsf__fiscal_parse(const char *text, wsf__fiscal *out);
/* "454 nearest saturday january"; at most 47 bytes and NUL. */
void wsf__fiscal_text(const wsf__fiscal *f, char out[48]);

/* Both in one number, from 1 to WSF__FISCAL_CODES, but the month; and back. */
enum { WSF__FISCAL_CODES = 84 };
int32_t wsf__fiscal_code(const wsf__fiscal *f);
wsf__fiscal wsf__fiscal_of(int32_t code, int32_t month);

/* Months are counted from the first of the year that ends in calendar year 0; `n` of them from
 * `month` on begin on *first and last *days. A 53rd week belongs to the last month of its year. */
void wsf__fiscal_days(const wsf__fiscal *f, int64_t month, int64_t n, int64_t *first,
                      int64_t *days);
/* The number that retailers give the year that ends in `end`: that of the calendar year in which
 * most of it lies. */
int64_t wsf__fiscal_year(const wsf__fiscal *f, int64_t end);
/* First day of a week, from 1 on, of a year as retailers number them: 2023 is the year that begins
 * in 2023, but where it ends after May, the one that ends in it. False if the year has no such
 * week. */
bool wsf__fiscal_week(const wsf__fiscal *f, int year, int week, int64_t *day);
/* The month that holds a day. */
int64_t wsf__fiscal_month(const wsf__fiscal *f, int64_t day);

#endif
