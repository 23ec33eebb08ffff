/* The fiscal year that dates fall on. Months of 4 and 5 weeks are stamped on one weekday, with
 * their first day or their last, so few years fit: each of them is tried on the days that there
 * are, the retailers' own first. Without a year of 53 weeks several fit, which differ by where that
 * week will be; how many is told. */
#include "panel/timeline.h"

enum { DAY_SECONDS = 86400, MOST_SPAN = 1 << 20 };

/* Days on which rows fall, in order; n is -1 where they reach too far. */
typedef struct days {
  int64_t n, *day;
} days;

static int64_t day_of(const wsf__rows *rows, int64_t row) {
  return wsf__floor_div(rows->time[row], DAY_SECONDS);
}

static wsf_status list_days(days *out, const wsf__rows *rows, const wsf__alloc *alloc,
                            wsf_error *err) {
  int64_t first = day_of(rows, 0), last = first;
  for (int64_t r = 1; r < rows->n; ++r) {
    const int64_t day = day_of(rows, r);
    if (day < first) first = day;
    if (day > last) last = day;
  }
  *out = (days){.n = -1};
  if (last - first >= MOST_SPAN) return WSF_OK;
  const size_t span = (size_t)(last - first + 1);
  uint8_t *there = wsf__new_zero(alloc, span, 1);
  out->day = wsf__new(alloc, span, sizeof *out->day);
  if (!there || !out->day) {
    wsf__delete(alloc, there);
    return wsf__fail_memory(err);
  }
  for (int64_t r = 0; r < rows->n; ++r) there[day_of(rows, r) - first] = 1;
  out->n = 0;
  for (size_t i = 0; i < span; ++i) {
    if (there[i]) out->day[out->n++] = first + (int64_t)i;
  }
  wsf__delete(alloc, there);
  return WSF_OK;
}

static bool fits(const wsf__fiscal *year, const days *d) {
  for (int64_t i = 0; i < d->n; ++i) {
    int64_t first, length;
    wsf__fiscal_days(year, wsf__fiscal_month(year, d->day[i]), 1, &first, &length);
    if (d->day[i] != (year->begins ? first : first + length - 1)) return false;
  }
  return d->n > 0;
}

/* Those that fit, the likelier first; *out is the first of them. Weeks begin on a Sunday or a
 * Monday more often than they end there. */
static int try_years(wsf__fiscal *out, const days *d) {
  static const int32_t pattern[] = {454, 445, 544};
  static const int32_t month[] = {1, 12, 6, 9, 3, 8, 2, 7, 10, 11, 4, 5};
  int found = 0;
  const int weekday = wsf__weekday(d->day[0]);
  const int likely = weekday == 6 || weekday == 0;
  for (int other = 0; other < 2; ++other) {
    const int begins = other ? !likely : likely;
    for (int k = 0; k < 2 * 3 * 12; ++k) {
      const wsf__fiscal year = {.pattern = pattern[k / 2 % 3],
                                .weekday = (weekday + 7 - begins) % 7,
                                .month = month[k / 6],
                                .last = k % 2 != 0,
                                .begins = begins != 0};
      if (!fits(&year, d)) continue;
      if (found++ == 0) *out = year;
    }
  }
  return found;
}

wsf_status wsf__timeline_fiscal(wsf__fiscal *out, int *found, wsf__env *env, const wsf__rows *rows,
                                wsf_error *err) {
  days d;
  const wsf_status status = list_days(&d, rows, &env->alloc, err);
  *found = status == WSF_OK && d.n > 0 ? try_years(out, &d) : 0;
  wsf__delete(&env->alloc, d.day);
  return status;
}

void wsf__timeline_stamps(wsf__fiscal *year, const wsf__rows *rows) {
  int64_t begin = 0, end = 0;
  for (int64_t r = 0; r < rows->n; ++r) {
    const int64_t day = day_of(rows, r);
    int64_t first, length;
    wsf__fiscal_days(year, wsf__fiscal_month(year, day), 1, &first, &length);
    begin += day == first;
    end += day == first + length - 1;
  }
  year->begins = begin > end;
}
