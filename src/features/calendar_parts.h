/* What can be told of a period of a dated calendar, each part a number or a category. */
#ifndef WSF_FEATURES_CALENDAR_PARTS_H
#define WSF_FEATURES_CALENDAR_PARTS_H

#include "features/feature.h"

#define WSF__CALENDAR_WORDS                                                                        \
  "hour|weekday|day|yearday|week|month|quarter|year|monthstart|monthend|payday|days|workdays"
enum { WSF__CALENDAR_YEAR = 7, WSF__CALENDAR_PARTS = 13 };

/* The part of a word of that list; -1: none. */
int wsf__calendar_part(const char *word);
/* Whether it still changes between the periods of a panel with dates. */
bool wsf__calendar_part_tells(int part, const wsf__panel *panel);
/* "calendar_week" and its categories. */
wsf__feature wsf__calendar_part_column(int part);

/* A period, with the date that it is stamped with. */
typedef struct wsf__calendar_date {
  int64_t second, day, year; /* seconds past the day's beginning; days since 1970-01-01 */
  int month, of_month;
  const wsf__calendar *calendar;
  int64_t period;
} wsf__calendar_date;
wsf__calendar_date wsf__calendar_date_of(const wsf__calendar *cal, int64_t period);
/* Wages are paid on these days of a month. */
int64_t wsf__calendar_part_value(int part, const wsf__calendar_date *date, const double *paydays,
                                 int n_paydays);

#endif
