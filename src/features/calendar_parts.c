#include "features/calendar_parts.h"

#include <string.h>

static const char *const weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};
static const char *const quarters[] = {"Q1", "Q2", "Q3", "Q4"};

typedef enum kind {
  HOUR,
  WEEKDAY,
  DAY,
  YEARDAY,
  WEEK,
  MONTH,
  QUARTER,
  YEAR,
  MONTHSTART,
  MONTHEND,
  PAYDAY,
  DAYS,
  WORKDAYS,
} kind;

/* In the order of `kind`; the frequencies at which it changes from period to period. */
static const struct part {
  const char *word, *name;
  int32_t finest, coarsest, n_categories;
  const char *const *category;
} parts[WSF__CALENDAR_PARTS] = {
    {"hour", "calendar_hour", WSF__MINUTE, WSF__HOUR, 0, NULL},
    {"weekday", "calendar_weekday", WSF__MINUTE, WSF__DAY, 7, weekdays},
    {"day", "calendar_day", WSF__MINUTE, WSF__WEEK, 0, NULL},
    {"yearday", "calendar_yearday", WSF__MINUTE, WSF__WEEK, 0, NULL},
    {"week", "calendar_week", WSF__MINUTE, WSF__WEEK, 0, NULL},
    {"month", "calendar_month", WSF__MINUTE, WSF__MONTH, 12, months},
    {"quarter", "calendar_quarter", WSF__MINUTE, WSF__QUARTER, 4, quarters},
    {"year", "calendar_year", WSF__MINUTE, WSF__YEAR, 0, NULL},
    {"monthstart", "calendar_monthstart", WSF__MINUTE, WSF__WEEK, 0, NULL},
    {"monthend", "calendar_monthend", WSF__MINUTE, WSF__WEEK, 0, NULL},
    {"payday", "calendar_payday", WSF__MINUTE, WSF__WEEK, 0, NULL},
    {"days", "calendar_days", WSF__MONTH, WSF__YEAR, 0, NULL},
    {"workdays", "calendar_workdays", WSF__MINUTE, WSF__YEAR, 0, NULL},
};

int wsf__calendar_part(const char *word) {
  for (int k = 0; k < WSF__CALENDAR_PARTS; ++k) {
    if (strcmp(parts[k].word, word) == 0) return k;
  }
  return -1;
}

bool wsf__calendar_part_tells(int part, const wsf__panel *panel) {
  const int64_t seconds = wsf__freq_seconds(panel->calendar.freq);
  if (part == WORKDAYS && panel->calendar.freq == WSF__WEEK) return false; /* five in each */
  return seconds >= wsf__freq_seconds(parts[part].finest) &&
         seconds <= wsf__freq_seconds(parts[part].coarsest);
}

wsf__feature wsf__calendar_part_column(int part) {
  const struct part *p = &parts[part];
  return (wsf__feature){.name = p->name, .n_categories = p->n_categories, .category = p->category};
}

/* Fiscal months begin and end on either side of a month's ends. */
static int64_t middle_of(const wsf__calendar *cal, int64_t period) {
  int64_t first, days;
  (void)wsf__calendar_days(cal, period, &first, &days);
  return first + days / 2;
}

wsf__calendar_date wsf__calendar_date_of(const wsf__calendar *cal, int64_t period) {
  const int64_t at = wsf__calendar_value(cal, period);
  const int64_t day = cal->form == WSF__FORM_TIME ? wsf__floor_div(at, 86400) : at;
  wsf__calendar_date out = {.day = day, .calendar = cal, .period = period};
  out.second = cal->form == WSF__FORM_TIME ? at - day * 86400 : 0;
  if (cal->freq == WSF__FISCAL) out.day = middle_of(cal, period);
  wsf__civil_from_days(out.day, &out.year, &out.month, &out.of_month);
  return out;
}

static int iso_week(int64_t day) {
  const int64_t thursday = day - wsf__weekday(day) + 3;
  int64_t year;
  int month, of_month;
  wsf__civil_from_days(thursday, &year, &month, &of_month);
  return (int)(thursday - wsf__days_from_civil(year, 1, 1)) / 7 + 1;
}

/* The day that wages of day k of a month are paid on. */
static int64_t paid(int64_t month, int k) {
  const int64_t day = wsf__anchor_day(month, k);
  const int weekday = wsf__weekday(day);
  return weekday > 4 ? day - (weekday - 4) : day;
}

/* How many of the days first .. first + n - 1 are first days, last days or pay-days of months. */
static int64_t count_days(int part, int64_t first, int64_t n, const double *paydays,
                          int n_paydays) {
  int64_t year, count = 0;
  int month, day;
  wsf__civil_from_days(first, &year, &month, &day);
  /* a pay-day may be paid in the month before its own */
  for (int64_t m = year * 12 + month - 1; wsf__anchor_day(m, 1) < first + n + 2; ++m) {
    const int times = part == PAYDAY ? n_paydays : 1;
    for (int k = 0; k < times; ++k) {
      const int64_t at = part == MONTHSTART ? wsf__anchor_day(m, 1)
                         : part == MONTHEND ? wsf__anchor_day(m, 31)
                                            : paid(m, (int)paydays[k]);
      count += at >= first && at < first + n;
    }
  }
  return count;
}

static int64_t workdays(int64_t first, int64_t n) {
  int64_t count = n / 7 * 5;
  for (int64_t d = first + n / 7 * 7; d < first + n; ++d) count += wsf__weekday(d) < 5;
  return count;
}

int64_t wsf__calendar_part_value(int part, const wsf__calendar_date *date, const double *paydays,
                                 int n_paydays) {
  int64_t first = 0, n = 0;
  switch ((kind)part) {
  case HOUR:
    return date->second / 3600;
  case WEEKDAY:
    return wsf__weekday(date->day);
  case DAY:
    return date->of_month;
  case YEARDAY:
    return date->day - wsf__days_from_civil(date->year, 1, 1) + 1;
  case WEEK:
    return iso_week(date->day);
  case MONTH:
    return date->month - 1;
  case QUARTER:
    return (date->month - 1) / 3;
  case YEAR:
    return date->year;
  default:
    (void)wsf__calendar_days(date->calendar, date->period, &first, &n);
  }
  if (part == DAYS) return n;
  return part == WORKDAYS ? workdays(first, n) : count_days(part, first, n, paydays, n_paydays);
}
