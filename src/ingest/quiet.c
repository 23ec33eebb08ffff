/* Periods in which nothing happens, as the values of a panel show them: zeros that all series end
 * with, as a plan of the year has them for months that are still to come, and days of the week on
 * which no series has a value, as shops are closed. */
#include "ingest/report.h"

#include <inttypes.h>
#include <stdio.h>

/* The last period in which a series has a value that is not 0; -1: in none. *last: in which it has
 * any. */
static int64_t last_busy(const wsf__panel *p, int64_t series, int64_t *last) {
  const double *y = p->y + p->offset[series];
  int64_t t = p->length[series];
  *last = -1;
  while (t-- > 0) {
    if (y[t] == y[t] && *last < 0) *last = p->first[series] + t;
    if (y[t] == y[t] && y[t] != 0) return p->first[series] + t;
  }
  return -1;
}

/* The longest stretch up to `end` in which the series that have begun have nothing but zeros;
 * -1: out of memory. */
static int64_t longest_quiet(const wsf__panel *p, int64_t end, wsf__arena *scratch) {
  int64_t longest = 0, run = 0, begin = end;
  for (int64_t i = 0; i < p->n; ++i) begin = p->first[i] < begin ? p->first[i] : begin;
  bool *busy = wsf__arena_zero(scratch, (size_t)(end - begin + 1), sizeof *busy);
  if (!busy) return -1;
  for (int64_t i = 0; i < p->n; ++i) {
    const double *y = p->y + p->offset[i];
    const int64_t from = p->first[i] - begin, left = end - begin + 1 - from;
    for (int64_t t = 0; t < p->length[i] && t < left; ++t) {
      if (y[t] == y[t] && y[t] != 0) busy[from + t] = true;
    }
  }
  for (int64_t t = 0; t <= end - begin; ++t) {
    run = busy[t] ? 0 : run + 1;
    longest = run > longest ? run : longest;
  }
  return longest;
}

bool wsf__quiet_end(int64_t *out, const wsf__panel *p, wsf__arena *scratch) {
  enum { LEAST_BEFORE = 3, TIMES = 2 };
  int64_t busy = -1, end = -1;
  *out = -1;
  if (!p->y) return true;
  for (int64_t i = 0; i < p->n; ++i) {
    int64_t last;
    const int64_t of_series = last_busy(p, i, &last);
    busy = of_series > busy ? of_series : busy;
    end = last > end ? last : end;
  }
  const int64_t zeros = end - busy, least = p->n > 1 ? 1 : 2;
  if (busy < LEAST_BEFORE || zeros < least) return true;
  const int64_t quiet = longest_quiet(p, busy, scratch);
  if (quiet >= 0 && zeros > TIMES * quiet) *out = busy;
  return quiet >= 0;
}

static void add_zeros(wsf__report *r, const wsf__panel *p, const char *file) {
  int64_t end;
  char last[32], example[48];
  if (!wsf__quiet_end(&end, p, &r->arena)) r->failed = true;
  if (end < 0) return;
  wsf__calendar_text(&p->calendar, end, last);
  const char *mark = p->calendar.freq == WSF__INTEGER ? "" : "\"";
  (void)snprintf(example, sizeof example, "until(%s%s%s)", mark, last, mark);
  wsf__report_add(r, (wsf__report_row){.item = WSF__DOUBT_ZEROS,
                                       .count = p->T - 1 - end,
                                       .column = p->target_name,
                                       .example = example,
                                       .file = file});
}

/* Days of the week from Monday on that have a value, as bits. */
static unsigned busy_days(const wsf__panel *p) {
  enum { WEEK = 7, ALL = 127 };
  unsigned busy = 0;
  const int64_t monday = wsf__weekday(wsf__calendar_value(&p->calendar, 0));
  for (int64_t i = 0; i < p->n && busy != ALL; ++i) {
    const double *y = p->y + p->offset[i];
    for (int64_t t = 0; t < p->length[i] && busy != ALL; ++t) {
      if (y[t] == y[t]) busy |= 1U << (monday + p->first[i] + t) % WEEK;
    }
  }
  return busy;
}

static void add_weekdays(wsf__report *r, const wsf__panel *p, const char *file) {
  static const char *const name[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                     "Friday", "Saturday", "Sunday"};
  enum { WEEK = 7, LEAST_WEEKS = 3, MOST = 3 };
  const wsf__calendar *c = &p->calendar;
  char example[64] = "";
  int quiet = 0;
  size_t used = 0;
  if (c->freq != WSF__DAY || c->step != 1 || c->form != WSF__FORM_DATE || !p->y) return;
  if (p->T < WEEK * LEAST_WEEKS) return;
  const unsigned busy = busy_days(p);
  for (int d = 0; d < WEEK; ++d) {
    if (busy >> d & 1U) continue;
    ++quiet;
    used +=
        (size_t)snprintf(example + used, sizeof example - used, "%s%s", used ? ", " : "", name[d]);
    if (quiet == MOST) break;
  }
  if (quiet == 0 || quiet >= MOST) return;
  wsf__report_add(
      r, (wsf__report_row){.item = "doubt: no value stands on these days of the week, which are "
                                   "missing periods (gaps=zero: nothing is sold then; | "
                                   "resample(freq=week, missing=skip): weeks)",
                           .count = quiet,
                           .column = p->time_name,
                           .example = example,
                           .file = file});
}

void wsf__report_quiet(wsf__report *r, const wsf__panel *p, const char *file) {
  add_zeros(r, p, file);
  add_weekdays(r, p, file);
}
