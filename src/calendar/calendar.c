/* Regular calendars: frequencies, periods and the times that stand for them.
 *
 * Hours, days and weeks are equally long, so a period is one division away. Months, quarters and
 * years go through the civil date: their anchor is a day of the month, cut to the month's length,
 * and 31 means the last day, whatever the month. A first date that ends its month is read as "last
 * day"; whoever sees all dates may know better and set the anchor (panel/timeline.c does). */
#include "calendar/calendar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
  const char *name;
  int season;
} frequency[] = {{"unknown", 1}, {"hour", 24},   {"day", 7},  {"week", 52},
                 {"month", 12},  {"quarter", 4}, {"year", 1}, {"integer", 1}};

static bool known(int32_t freq) {
  return freq >= WSF__HOUR && freq <= WSF__INTEGER;
}

int wsf__freq_season(int32_t freq) {
  return frequency[known(freq) ? freq : 0].season;
}

const char *wsf__freq_name(int32_t freq) {
  return frequency[known(freq) ? freq : 0].name;
}

bool wsf__freq_parse(const char *word, int32_t *out) {
  for (int32_t f = WSF__HOUR; f <= WSF__INTEGER; ++f) {
    if (strcmp(word, frequency[f].name) == 0) {
      *out = f;
      return true;
    }
  }
  return false;
}

static int month_length(int64_t months) {
  const int64_t year = wsf__floor_div(months, 12), next = wsf__floor_div(months + 1, 12);
  return (int)(wsf__days_from_civil(next, (int)(months + 1 - next * 12) + 1, 1) -
               wsf__days_from_civil(year, (int)(months - year * 12) + 1, 1));
}

/* Months that one period lasts, 0 for calendars of equal steps. */
static int months_per_period(int32_t freq) {
  return freq == WSF__MONTH ? 1 : freq == WSF__QUARTER ? 3 : freq == WSF__YEAR ? 12 : 0;
}

/* Month (since year 0) that a period of a monthly, quarterly or yearly calendar is stamped in. */
static int64_t stamp_month(const wsf__calendar *cal, int64_t period) {
  if (cal->freq == WSF__YEAR) return (cal->origin + period) * 12 + cal->month - 1;
  return cal->origin + period * months_per_period(cal->freq);
}

static int64_t month_day(int64_t months, int day) {
  const int64_t year = wsf__floor_div(months, 12);
  return wsf__days_from_civil(year, (int)(months - year * 12) + 1, day);
}

/* Day that a period is stamped with; hours since 1970 for HOUR. */
static int64_t stamp(const wsf__calendar *cal, int64_t period) {
  if (cal->freq == WSF__HOUR || cal->freq == WSF__DAY) return cal->origin + period;
  if (cal->freq == WSF__WEEK) return cal->origin + period * 7;
  const int64_t months = stamp_month(cal, period);
  const int length = month_length(months);
  return month_day(months, cal->anchor < length ? cal->anchor : length);
}

wsf_status wsf__calendar_init(wsf__calendar *cal, int32_t freq, wsf__time first, wsf_error *err) {
  if (!known(freq)) return wsf__fail(err, WSF_E_ARGUMENT, "frequency %d does not exist", (int)freq);
  *cal = (wsf__calendar){.freq = freq, .form = first.form, .origin = first.value};
  if (first.form == WSF__FORM_INTEGER) return WSF_OK;
  if (freq == WSF__INTEGER) {
    return wsf__fail(err, WSF_E_DATA,
                     "the time column holds dates, freq=integer expects whole numbers");
  }
  if (freq == WSF__HOUR && first.form == WSF__FORM_DATE) {
    return wsf__fail(err, WSF_E_DATA,
                     "the time column holds dates, freq=hour expects dates with a time of day");
  }
  const int64_t unit = freq == WSF__HOUR ? 3600 : 86400;
  cal->origin = wsf__floor_div(first.value, unit);
  cal->second = (int32_t)(first.value - cal->origin * unit);
  if (months_per_period(freq) > 0) {
    int64_t year;
    int month, day;
    wsf__civil_from_days(cal->origin, &year, &month, &day);
    const int64_t months = year * 12 + month - 1;
    cal->anchor = day == month_length(months) ? 31 : day;
    cal->origin = freq == WSF__YEAR ? year : months;
    cal->month = freq == WSF__YEAR ? month : 0;
  }
  return WSF_OK;
}

bool wsf__calendar_period(const wsf__calendar *cal, wsf__time time, int64_t *out) {
  if (time.form != cal->form) return false;
  if (cal->form == WSF__FORM_INTEGER) {
    return !__builtin_sub_overflow(time.value, cal->origin, out);
  }
  const int64_t unit = cal->freq == WSF__HOUR ? 3600 : 86400;
  const int64_t units = wsf__floor_div(time.value, unit);
  if (time.value - units * unit != cal->second) return false;
  if (cal->freq == WSF__HOUR || cal->freq == WSF__DAY) {
    *out = units - cal->origin;
    return true;
  }
  if (cal->freq == WSF__WEEK) {
    *out = wsf__floor_div(units - cal->origin, 7);
    return *out * 7 == units - cal->origin;
  }
  int64_t year;
  int month, day;
  wsf__civil_from_days(units, &year, &month, &day);
  const int64_t first = stamp_month(cal, 0), months = year * 12 + month - 1;
  const int step = months_per_period(cal->freq);
  if (step == 0) return false;
  *out = wsf__floor_div(months - first, step);
  return *out * step == months - first && stamp(cal, *out) == units;
}

int64_t wsf__calendar_value(const wsf__calendar *cal, int64_t period) {
  if (cal->form == WSF__FORM_INTEGER) return cal->origin + period;
  const int64_t at = stamp(cal, period);
  if (cal->form == WSF__FORM_DATE) return at;
  return at * (cal->freq == WSF__HOUR ? 3600 : 86400) + cal->second;
}

bool wsf__calendar_days(const wsf__calendar *cal, int64_t period, int64_t *first_day,
                        int64_t *n_days) {
  if (cal->form == WSF__FORM_INTEGER) return false;
  const int months = months_per_period(cal->freq);
  if (months > 0) {
    /* Stamped with its last day, a period ends with the stamp's month; else it begins there. */
    const int64_t begin = stamp_month(cal, period) - (cal->anchor == 31 ? months - 1 : 0);
    *first_day = month_day(begin, 1);
    *n_days = month_day(begin + months, 1) - *first_day;
    return true;
  }
  const int64_t at = stamp(cal, period);
  const bool week = cal->freq == WSF__WEEK;
  *first_day = week ? at - 6 : cal->freq == WSF__HOUR ? wsf__floor_div(at, 24) : at;
  *n_days = week ? 7 : 1;
  return true;
}

void wsf__calendar_text(const wsf__calendar *cal, int64_t period, char out[32]) {
  const int64_t value = wsf__calendar_value(cal, period);
  if (cal->form == WSF__FORM_INTEGER) {
    (void)snprintf(out, 32, "%" PRId64, value);
    return;
  }
  const bool date = cal->form == WSF__FORM_DATE;
  const int64_t days = date ? value : wsf__floor_div(value, 86400);
  const int left = date ? 0 : (int)(value - days * 86400);
  int64_t year;
  int month, day;
  wsf__civil_from_days(days, &year, &month, &day);
  const int used = snprintf(out, 32, "%04" PRId64 "-%02d-%02d", year, month, day);
  if (!date && used > 0 && used < 32) {
    (void)snprintf(out + used, (size_t)(32 - used), "T%02d:%02d:%02d", left / 3600, left / 60 % 60,
                   left % 60);
  }
}
