#include "calendar/holiday_weeks.h"

#include "calendar/calendar.h"
#include "calendar/holidays.h"

#include <math.h>

int64_t wsf__week_of(int64_t first_day, int64_t day) {
  return wsf__floor_div(day - first_day, 7);
}

int64_t wsf__year_of_week(int64_t first_day, int64_t week) {
  int64_t year;
  int month, day;
  wsf__civil_from_days(first_day + 7 * week + 3, &year, &month, &day);
  return year;
}

int64_t wsf__easter_weeks(int64_t first_day, int64_t year, int64_t *count) {
  const int64_t friday = wsf__easter(year) - 2, own = wsf__week_of(first_day, friday);
  *count = wsf__week_of(first_day, friday + 1) - own + 1;
  return own;
}

double wsf__christmas_week(const double old[WSF__CHRISTMAS_WEEKS], int64_t i, double share) {
  enum { WEEKS = WSF__CHRISTMAS_WEEKS };
  if (!((old[1] + old[2] + old[3]) / 3 > 1.1 * (old[0] + old[4]) / 2)) return old[i];
  const double give = share > 0 ? old[(i + WEEKS - 1) % WEEKS] : old[(i + 1) % WEEKS];
  return (1 - fabs(share)) * old[i] + fabs(share) * give;
}
