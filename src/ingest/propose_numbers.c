/* Numbers of an unknown file that may be times: years and their twelfths, yyyymm, yyyymmdd,
 * seconds, days of a spreadsheet, weeks. What needs a word to be read as that is proposed where the
 * column is called like a time, with both readings as a doubt. */
#include "ingest/propose.h"

#include "base/text.h"
#include "calendar/time_parts.h"

#include <math.h>
#include <string.h>

static bool whole(double x) {
  return fabs(x) < 1e15 && x == floor(x);
}

/* All of a column of numbers are whole and within the bounds; missing ones are passed over. */
bool wsf__propose_within(const wsf__csv *csv, const wsf__csv_column *c, int64_t least,
                         int64_t most) {
  int64_t n = 0;
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    const double x = c->number[i];
    if (isnan(x)) continue;
    if (!whole(x) || x < (double)least || x > (double)most) return false;
    ++n;
  }
  return n > 0;
}

bool wsf__propose_whole(const wsf__csv *csv, const wsf__csv_column *c) {
  return wsf__propose_within(csv, c, INT64_MIN / 2, INT64_MAX / 2);
}

/* What whole numbers and twelfths of a column show. */
static void see_numbers(const wsf__csv *csv, const wsf__csv_column *c, wsf__time_seen *seen) {
  const wsf__time_style none = {0};
  wsf__time t;
  const uint32_t nothing = WSF__SEEN_NO_YEAR | WSF__SEEN_NO_MONTH | WSF__SEEN_NO_DAY |
                           WSF__SEEN_NO_WEEK | WSF__SEEN_NO_SECOND | WSF__SEEN_NO_MILLI |
                           WSF__SEEN_NO_SHORT_WEEK;
  *seen = (wsf__time_seen){0};
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    if ((seen->bits & nothing) == nothing) return; /* no value says more */
    if (whole(c->number[i])) {
      wsf__time_see_whole((int64_t)c->number[i], seen);
      continue;
    }
    char text[32];
    const size_t n = wsf__number_format(c->number[i], text);
    const bool year = wsf__time_read(text, n, &none, &t, seen) || (seen->bits & WSF__SEEN_YEAR);
    if (!year) seen->bits |= WSF__SEEN_NO_YEAR | WSF__SEEN_NO_MONTH | WSF__SEEN_NO_DAY;
    if (!year) seen->bits |= WSF__SEEN_NO_WEEK | WSF__SEEN_NO_SECOND | WSF__SEEN_NO_MILLI;
    if (!isnan(c->number[i])) seen->bits |= WSF__SEEN_NO_SHORT_WEEK;
  }
}

static bool dates(const wsf__time_seen *seen) {
  const wsf__time_style none = {0};
  wsf__time_style style;
  (void)wsf__time_settle(&style, &none, seen);
  return style.whole != WSF__WHOLE_NUMBERS || style.years;
}

static bool serials(const wsf__csv *csv, const wsf__csv_column *c) {
  wsf__time_seen seen = {0};
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    if (isnan(c->number[i])) continue;
    if (!(fabs(c->number[i]) < 1e15)) return false;
    wsf__time_see_whole((int64_t)floor(c->number[i]), &seen);
  }
  return seen.bits && !(seen.bits & WSF__SEEN_NO_SERIAL);
}

static void propose_serials(wsf__proposal *p, int64_t first) {
  wsf__time t;
  char text[32] = "";
  if (wsf__time_of_serial((double)first, &t)) wsf__propose_day_text(text, t.value / 86400);
  p->dateformat = "excel";
  wsf__propose_doubt(p,
                     "numbers, read as the days of a spreadsheet: %lld is %s (without dateformat= "
                     "they count periods)",
                     (long long)first, text);
}

void wsf__propose_period_numbers(wsf__proposal *p, const int64_t *value, int n) {
  wsf__time_seen seen = {0};
  if (n == 0) return;
  for (int i = 0; i < n; ++i) wsf__time_see_whole(value[i], &seen);
  if (!(seen.bits & WSF__SEEN_NO_SERIAL))
    propose_serials(p, value[0]);
  else if (!(seen.bits & WSF__SEEN_NO_WEEK) && (seen.bits & WSF__SEEN_NO_MONTH))
    wsf__propose_week_numbers(p, NULL, value, n);
}

/* Numbers with a fraction are years, as R prints its times, where they lie in our centuries and
 * most steps from row to row are the least: halves of sales are neither. */
static bool decimal_years(const wsf__csv *csv, const wsf__csv_column *c) {
  enum { LEAST = 1800, MOST = 2200 };
  const double same = 0.01;
  double last = NAN, least = INFINITY;
  int64_t steps = 0, even = 0;
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    const double x = c->number[i], step = fabs(x - last);
    if (isnan(x)) continue;
    if (!(x >= LEAST && x <= MOST)) return false;
    if (step > same) least = fmin(least, step);
    last = x;
  }
  last = NAN;
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    const double step = fabs(c->number[i] - last);
    if (isnan(c->number[i])) continue;
    steps += step > same;
    even += step > same && step < least + same;
    last = c->number[i];
  }
  return 2 * even > steps;
}

static bool any_fraction(const wsf__csv *csv, const wsf__csv_column *c) {
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    if (!isnan(c->number[i]) && !whole(c->number[i])) return true;
  }
  return false;
}

/* Whether whole numbers beside it are called like a time. */
static bool counted_beside(const wsf__proposal *p, int except) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (k == except || !c->number || c->flag || wsf__propose_names(c->name)) continue;
    if (!wsf__propose_called(c->name, WSF__CALLED_TIME)) continue;
    if (wsf__propose_whole(&p->csv, c)) return true;
  }
  return false;
}

static int64_t first_whole(const wsf__csv *csv, const wsf__csv_column *c) {
  int64_t i = 0;
  while (i < csv->rows && isnan(c->number[i])) ++i;
  return i < csv->rows ? (int64_t)floor(c->number[i]) : 0;
}

int wsf__propose_score_number(const wsf__proposal *p, int k) {
  const wsf__csv_column *c = &p->csv.column[k];
  const bool called = wsf__propose_called(c->name, WSF__CALLED_TIME);
  wsf__time_seen seen;
  if (!c->number || c->flag || wsf__propose_names(c->name)) return 0; /* a column of values */
  see_numbers(&p->csv, c, &seen);
  if (any_fraction(&p->csv, c) && dates(&seen)) {
    if (!decimal_years(&p->csv, c) || (!called && counted_beside(p, k))) return 0;
  }
  if (dates(&seen)) return called ? 4 : 2;
  if (called && wsf__propose_packed(p, k, false) >= 0) return 4;
  if (wsf__propose_packed_clock(p, k)) return 3;
  if (called && !(seen.bits & WSF__SEEN_NO_WEEK)) return 4;
  if (called && !(seen.bits & WSF__SEEN_NO_SHORT_WEEK)) return 3;
  if (called && serials(&p->csv, c)) return 3;
  const bool one = strcmp(c->name, "t") == 0 || strcmp(c->name, "T") == 0;
  return (one || called) && wsf__propose_whole(&p->csv, c);
}

/* Numbers that need a word to be read as what they are. */
void wsf__propose_settle_number(wsf__proposal *p, int k) {
  const wsf__csv_column *c = &p->csv.column[k];
  wsf__time_seen seen;
  if (!c->number) return;
  if (!wsf__propose_called(c->name, WSF__CALLED_TIME) && !wsf__propose_packed_clock(p, k)) return;
  see_numbers(&p->csv, c, &seen);
  const bool weeks = !(seen.bits & WSF__SEEN_NO_WEEK) && p->csv.rows > 0;
  const bool months = !(seen.bits & WSF__SEEN_NO_MONTH);
  const int packed = wsf__propose_packed(p, k, dates(&seen));
  if (packed >= 0) {
    wsf__propose_settle_packed(p, k, packed);
  } else if (weeks && (!months || wsf__time_unit_called(c->name) == WSF__UNIT_WEEK)) {
    wsf__propose_week_numbers(p, c->number, NULL, p->csv.rows);
  } else if ((seen.bits & WSF__SEEN_WHOLE) && !(seen.bits & WSF__SEEN_NO_SHORT_WEEK) &&
             wsf__propose_short_weeks(p, c)) {
    return;
  } else if (!dates(&seen) && serials(&p->csv, c)) {
    propose_serials(p, first_whole(&p->csv, c));
  }
}
