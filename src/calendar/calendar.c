/* Regular calendars: frequencies, periods and the times that stand for them.
 *
 * Minutes, hours, days and weeks are equally long, so a period is one division away. Business days
 * are counted without weekends. Months, quarters and years go through the civil date: their anchor
 * is a day of the month, cut to the month's length, or its last day, or its first or last weekday.
 * A first date that ends its month is read as "last day"; whoever sees all dates may know better
 * and set the anchor (panel/timeline.c does). */
#include "calendar/calendar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
  const char *name, *several;
  int64_t seconds;
  int64_t season; /* units of freq */
} frequency[] = {{"unknown", "unknown", 1, 1},
                 {"hour", "hours", 3600, 24},
                 {"day", "days", 86400, 7},
                 {"week", "weeks", 7 * 86400, 52},
                 {"month", "months", 2629746, 12},
                 {"quarter", "quarters", 3 * 2629746, 4},
                 {"year", "years", 12 * 2629746, 1},
                 {"integer", "integers", 1, 1},
                 {"minute", "minutes", 60, 1440},
                 {"business", "business days", 86400, 5},
                 {"fiscal_month", "fiscal months", 2629746, 12}};

static bool known(int32_t freq) {
  return freq >= WSF__HOUR && freq <= WSF__FISCAL;
}

const char *wsf__freq_name(int32_t freq) {
  return frequency[known(freq) ? freq : 0].name;
}

int64_t wsf__freq_seconds(int32_t freq) {
  return frequency[known(freq) ? freq : 0].seconds;
}

int64_t wsf__calendar_seconds(const wsf__calendar *cal) {
  return wsf__freq_seconds(cal->freq) * cal->step;
}

int wsf__calendar_season(const wsf__calendar *cal) {
  const int64_t season = frequency[known(cal->freq) ? cal->freq : 0].season;
  return season % cal->step == 0 ? (int)(season / cal->step) : 1;
}

void wsf__calendar_name(const wsf__calendar *cal, char out[32]) {
  if (cal->step == 1)
    (void)snprintf(out, 32, "%s", wsf__freq_name(cal->freq));
  else
    (void)snprintf(out, 32, "%d %s", (int)cal->step,
                   frequency[known(cal->freq) ? cal->freq : 0].several);
  if (cal->freq != WSF__FISCAL || cal->form == WSF__FORM_INTEGER) return;
  const size_t used = strlen(out);
  const int32_t weeks = wsf__fiscal_of(cal->anchor, cal->month).pattern;
  (void)snprintf(out + used, 32 - used, " %d-%d-%d", weeks / 100, weeks / 10 % 10, weeks % 10);
}

bool wsf__freq_parse(const char *word, int32_t *out) {
  for (int32_t f = WSF__HOUR; f <= WSF__FISCAL; ++f) {
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

/* Months that one unit lasts, 0 for calendars that count something else. */
static int months_per_unit(int32_t freq) {
  return freq == WSF__MONTH ? 1 : freq == WSF__QUARTER ? 3 : freq == WSF__YEAR ? 12 : 0;
}

bool wsf__calendar_has_months(const wsf__calendar *cal) {
  return cal->form != WSF__FORM_INTEGER && months_per_unit(cal->freq) > 0;
}

static int64_t seconds_per_unit(int32_t freq) {
  return freq == WSF__MINUTE ? 60 : freq == WSF__HOUR ? 3600 : 86400;
}

/* Month (since year 0) that a period of a monthly, quarterly or yearly calendar is stamped in. */
static int64_t stamp_month(const wsf__calendar *cal, int64_t period) {
  const int64_t ahead = period * cal->step;
  if (cal->freq == WSF__YEAR) return (cal->origin + ahead) * 12 + cal->month - 1;
  return cal->origin + ahead * months_per_unit(cal->freq);
}

static int64_t month_day(int64_t months, int day) {
  const int64_t year = wsf__floor_div(months, 12);
  return wsf__days_from_civil(year, (int)(months - year * 12) + 1, day);
}

int64_t wsf__anchor_day(int64_t months, int anchor) {
  const int length = month_length(months);
  if (anchor >= WSF__NTH_WEEKDAY) {
    const int n = (anchor - WSF__NTH_WEEKDAY) / 7, weekday = (anchor - WSF__NTH_WEEKDAY) % 7;
    const int64_t least = month_day(months, n < 4 ? 1 + 7 * n : length - 6);
    return least + (weekday - wsf__weekday(least) + 7) % 7;
  }
  if (anchor == WSF__FIRST_BUSINESS_DAY) {
    const int64_t first = month_day(months, 1);
    const int weekday = wsf__weekday(first);
    return weekday > 4 ? first + 7 - weekday : first;
  }
  const int64_t day = month_day(months, anchor < length ? anchor : length);
  const int weekday = wsf__weekday(day);
  return anchor == WSF__LAST_BUSINESS_DAY && weekday > 4 ? day - (weekday - 4) : day;
}

int64_t wsf__business_of_day(int64_t day) {
  const int weekday = wsf__weekday(day);
  return wsf__floor_div(day + 3, 7) * 5 + (weekday < 5 ? weekday : 5);
}

int64_t wsf__day_of_business(int64_t business) {
  const int64_t week = wsf__floor_div(business, 5);
  return week * 7 + (business - week * 5) - 3;
}

/* The days of a period of fiscal months: those up to the month that it is stamped in, or from there
 * on. */
static void fiscal_days(const wsf__calendar *cal, int64_t period, int64_t *first, int64_t *days) {
  const wsf__fiscal year = wsf__fiscal_of(cal->anchor, cal->month);
  const int64_t month = cal->origin + period * cal->step;
  wsf__fiscal_days(&year, year.begins ? month : month - cal->step + 1, cal->step, first, days);
}

/* Day that a period is stamped with; hours or minutes since 1970 for HOUR and MINUTE. */
static int64_t stamp(const wsf__calendar *cal, int64_t period) {
  if (cal->freq == WSF__WEEK) return cal->origin + period * 7 * cal->step;
  if (cal->freq == WSF__BUSINESS) return wsf__day_of_business(cal->origin + period * cal->step);
  if (cal->freq == WSF__FISCAL) {
    int64_t first, days;
    fiscal_days(cal, period, &first, &days);
    return wsf__fiscal_of(cal->anchor, cal->month).begins ? first : first + days - 1;
  }
  if (months_per_unit(cal->freq) == 0) return cal->origin + period * cal->step;
  return wsf__anchor_day(stamp_month(cal, period), cal->anchor);
}

wsf_status wsf__calendar_init(wsf__calendar *cal, int32_t freq, int32_t step, wsf__time first,
                              wsf_error *err) {
  if (!known(freq)) return wsf__fail(err, WSF_E_ARGUMENT, "frequency %d does not exist", (int)freq);
  const bool integer = first.form == WSF__FORM_INTEGER;
  const int most = integer ? WSF__MOST_STEP : WSF__MOST_DATED_STEP;
  if (step < 1 || step > most) {
    return wsf__fail(err, WSF_E_VALUE, "step is %d; 1 to %d was expected for freq=%s", (int)step,
                     most, wsf__freq_name(freq));
  }
  *cal = (wsf__calendar){.freq = freq, .step = step, .form = first.form, .origin = first.value};
  if (integer) return WSF_OK;
  if (freq == WSF__INTEGER) {
    return wsf__fail(err, WSF_E_DATA,
                     "the time column holds dates, freq=integer expects whole numbers");
  }
  const int64_t unit = seconds_per_unit(freq);
  if (unit < 86400 && first.form == WSF__FORM_DATE) {
    return wsf__fail(err, WSF_E_DATA,
                     "the time column holds dates, freq=%s expects dates with a time of day",
                     wsf__freq_name(freq));
  }
  cal->origin = wsf__floor_div(first.value, unit);
  cal->second = (int32_t)(first.value - cal->origin * unit);
  if (freq == WSF__BUSINESS) cal->origin = wsf__business_of_day(cal->origin);
  if (freq == WSF__FISCAL) return wsf__calendar_fiscal(cal, &wsf__fiscal_nrf, step, first, err);
  if (months_per_unit(freq) > 0) {
    int64_t year;
    int month, day;
    wsf__civil_from_days(cal->origin, &year, &month, &day);
    const int64_t months = year * 12 + month - 1;
    cal->anchor = day == month_length(months) ? WSF__LAST_DAY : day;
    cal->origin = freq == WSF__YEAR ? year : months;
    cal->month = freq == WSF__YEAR ? month : 0;
  }
  return WSF_OK;
}

wsf_status wsf__calendar_fiscal(wsf__calendar *cal, const wsf__fiscal *year, int32_t step,
                                wsf__time first, wsf_error *err) {
  WSF__TRY(wsf__calendar_init(cal, WSF__DAY, step, first, err));
  cal->freq = WSF__FISCAL;
  if (first.form == WSF__FORM_INTEGER) return WSF_OK;
  cal->origin = wsf__fiscal_month(year, cal->origin);
  cal->anchor = wsf__fiscal_code(year);
  cal->month = year->month;
  return WSF_OK;
}

void wsf__calendar_move(wsf__calendar *cal, int64_t period) {
  const bool dates = cal->form != WSF__FORM_INTEGER;
  const int64_t units = dates && cal->freq == WSF__WEEK      ? 7
                        : dates && cal->freq == WSF__QUARTER ? 3
                                                             : 1;
  cal->origin += period * cal->step * units;
}

/* Whole periods in a distance of whole units. */
static bool whole(int64_t distance, int64_t length, int64_t *out) {
  *out = wsf__floor_div(distance, length);
  return *out * length == distance;
}

bool wsf__calendar_period(const wsf__calendar *cal, wsf__time time, int64_t *out) {
  if (time.form != cal->form) return false;
  if (cal->form == WSF__FORM_INTEGER) {
    int64_t distance;
    return !__builtin_sub_overflow(time.value, cal->origin, &distance) &&
           whole(distance, cal->step, out);
  }
  const int64_t unit = seconds_per_unit(cal->freq);
  const int64_t units = wsf__floor_div(time.value, unit);
  if (time.value - units * unit != cal->second) return false;
  if (cal->freq == WSF__BUSINESS) {
    return wsf__weekday(units) < 5 &&
           whole(wsf__business_of_day(units) - cal->origin, cal->step, out);
  }
  if (cal->freq == WSF__FISCAL) {
    const wsf__fiscal year = wsf__fiscal_of(cal->anchor, cal->month);
    return whole(wsf__fiscal_month(&year, units) - cal->origin, cal->step, out) &&
           stamp(cal, *out) == units;
  }
  const int months_of_unit = months_per_unit(cal->freq);
  if (months_of_unit == 0) {
    const int64_t length = cal->freq == WSF__WEEK ? 7 : 1;
    return whole(units - cal->origin, length * cal->step, out);
  }
  int64_t year;
  int month, day;
  wsf__civil_from_days(units, &year, &month, &day);
  const int64_t ahead = year * 12 + month - 1 - stamp_month(cal, 0);
  return whole(ahead, (int64_t)months_of_unit * cal->step, out) && stamp(cal, *out) == units;
}

bool wsf__calendar_near(const wsf__calendar *cal, wsf__time time, int64_t *out) {
  if (cal->form == WSF__FORM_INTEGER) return false;
  const int64_t day = wsf__floor_div(time.value, 86400);
  if (wsf__calendar_has_months(cal)) {
    int64_t year;
    int month, of_month;
    wsf__civil_from_days(day, &year, &month, &of_month);
    time.value += (wsf__anchor_day(year * 12 + month - 1, cal->anchor) - day) * 86400;
    return wsf__calendar_period(cal, time, out);
  }
  if (cal->freq != WSF__WEEK) return false;
  const int64_t behind = wsf__floor_div(day - cal->origin + 3, 7) * 7 + cal->origin;
  time.value += (behind - day) * 86400;
  return wsf__calendar_period(cal, time, out);
}

int64_t wsf__calendar_value(const wsf__calendar *cal, int64_t period) {
  if (cal->form == WSF__FORM_INTEGER) return cal->origin + period * cal->step;
  const int64_t at = stamp(cal, period);
  if (cal->form == WSF__FORM_DATE) return at;
  return at * seconds_per_unit(cal->freq) + cal->second;
}

bool wsf__calendar_days(const wsf__calendar *cal, int64_t period, int64_t *first_day,
                        int64_t *n_days) {
  if (cal->form == WSF__FORM_INTEGER) return false;
  const int months = months_per_unit(cal->freq) * cal->step;
  if (months > 0) {
    /* Stamped with its last day, a period ends with the stamp's month; else it begins there. */
    const bool ends = cal->anchor == WSF__LAST_DAY || cal->anchor == WSF__LAST_BUSINESS_DAY;
    const int64_t begin = stamp_month(cal, period) - (ends ? months - 1 : 0);
    *first_day = month_day(begin, 1);
    *n_days = month_day(begin + months, 1) - *first_day;
    return true;
  }
  if (cal->freq == WSF__FISCAL) {
    fiscal_days(cal, period, first_day, n_days);
    return true;
  }
  const int64_t at = stamp(cal, period);
  *first_day = at;
  *n_days = 1;
  if (cal->freq == WSF__WEEK) {
    *n_days = 7 * cal->step;
    *first_day = at - (*n_days - 1);
  } else if (cal->freq == WSF__DAY) {
    *n_days = cal->step;
  } else if (cal->freq == WSF__BUSINESS) {
    *n_days = wsf__day_of_business(wsf__business_of_day(at) + cal->step - 1) - at + 1;
  } else {
    *first_day = wsf__floor_div(at, 86400 / seconds_per_unit(cal->freq));
  }
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
