/* Longer periods over shorter ones. A longer period is known by its last day, which is also its
 * stamp: the Sunday of a week, the last day of a month, of a quarter, of a year. */
#include "calendar/coarser.h"

void wsf__calendar_minutes(const wsf__calendar *cal, int64_t period, int64_t *begin, int64_t *end) {
  if (cal->freq == WSF__HOUR || cal->freq == WSF__MINUTE) {
    const int64_t unit = wsf__freq_seconds(cal->freq) / 60;
    *begin = (cal->origin + period * cal->step) * unit;
    *end = *begin + cal->step * unit;
    return;
  }
  int64_t day = 0, n = 0;
  (void)wsf__calendar_days(cal, period, &day, &n);
  *begin = day * 1440;
  *end = (day + n) * 1440;
}

/* Last day of the period that a day stands in. */
static int64_t last_day(int64_t day, int32_t freq, int last) {
  if (freq == WSF__DAY) return day;
  if (freq == WSF__WEEK) return day + (last - wsf__weekday(day) + 7) % 7;
  const int step = freq == WSF__MONTH ? 1 : freq == WSF__QUARTER ? 3 : 12;
  int64_t year;
  int month, unused;
  wsf__civil_from_days(day, &year, &month, &unused);
  const int wait = (last - month + 12) % step; /* months until the one that ends the period */
  const int64_t next = year * 12 + month + wait;
  return wsf__days_from_civil(wsf__floor_div(next, 12), (int)(next % 12) + 1, 1) - 1;
}

wsf_status wsf__calendar_over(wsf__calendar *out, const wsf__calendar *fine, int32_t freq, int last,
                              const wsf__fiscal *year, wsf_error *err) {
  if (fine->form == WSF__FORM_INTEGER) {
    return wsf__fail(err, WSF_E_DATA,
                     "the times are whole numbers, which have no weeks or months; expected dates");
  }
  if (wsf__freq_seconds(freq) <= wsf__calendar_seconds(fine)) {
    char name[32];
    wsf__calendar_name(fine, name);
    return wsf__fail(err, WSF_E_DATA,
                     "there is one time every %s, expected shorter periods than a %s", name,
                     wsf__freq_name(freq));
  }
  int64_t begin, end;
  wsf__calendar_minutes(fine, 0, &begin, &end);
  if (freq == WSF__HOUR) {
    const int64_t hour = wsf__floor_div(begin, 60);
    return wsf__calendar_init(out, freq, 1,
                              (wsf__time){.form = WSF__FORM_TIME, .value = hour * 3600}, err);
  }
  if (freq == WSF__FISCAL) {
    const wsf__time first = {.form = WSF__FORM_DATE, .value = wsf__floor_div(begin, 1440) * 86400};
    return wsf__calendar_fiscal(out, year, 1, first, err);
  }
  const int64_t stamp = last_day(wsf__floor_div(begin, 1440), freq, last);
  return wsf__calendar_init(out, freq, 1,
                            (wsf__time){.form = WSF__FORM_DATE, .value = stamp * 86400}, err);
}
