/* Whole numbers of an unknown file whose digits are several things: 2022300 is the 300th day of a
 * year, 31122022 a day, 2022123123 an hour. A column that is called like a time is such a form if
 * all its numbers are; of several, the one whose numbers lie closest together, as times do. Forms
 * that a count of periods may meet are taken where the column is called by their unit, or the
 * numbers go from one year to the next as that form does. */
#include "ingest/propose.h"

#include "calendar/time_parts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef enum condition {
  ALWAYS,
  NAMED, /* by its unit */
  TURNS  /* or over the turn of a year */
} condition;

static const struct {
  const char *format;
  int32_t unit; /* of a period; of days: none */
  int64_t least, most;
  condition when;
  bool over; /* also where the numbers could be yyyymm or seconds */
  const char *what;
} forms[] = {
    {"%Y0%q", WSF__UNIT_QUARTER, 190001, 210004, NAMED, true, "quarters yyyy0q"},
    {"%Y%q", WSF__UNIT_QUARTER, 19001, 21004, NAMED, false, "quarters yyyyq"},
    {"%q%Y", WSF__UNIT_QUARTER, 11900, 42100, NAMED, false, "quarters qyyyy"},
    {"%y%q", WSF__UNIT_QUARTER, 101, 994, NAMED, false, "quarters yyq"},
    {"%y%m", WSF__UNIT_MONTH, 1001, 9912, TURNS, false, "months yymm"},
    {"%m%Y", WSF__UNIT_MONTH, 11900, 122100, TURNS, false, "months mmyyyy"},
    {"%Y0%m", WSF__UNIT_MONTH, 1900001, 2100012, TURNS, false, "months yyyy0mm"},
    {"%g%V", WSF__UNIT_WEEK, 1001, 9953, TURNS, false, "weeks yyww"},
    {"%V%G", WSF__UNIT_WEEK, 11980, 532079, NAMED, false, "weeks wwyyyy"},
    {"%Y%j", WSF__UNIT_NONE, 1900001, 2100366, ALWAYS, false, "days yyyyddd of the year"},
    {"1%y%j", WSF__UNIT_NONE, 100001, 199366, ALWAYS, false, "days 1yyddd of the year"},
    {"%y%j", WSF__UNIT_NONE, 10001, 99366, TURNS, false, "days yyddd of the year"},
    {"%y%m%d", WSF__UNIT_NONE, 10101, 991231, ALWAYS, false, "days yymmdd"},
    {"%d%m%y", WSF__UNIT_NONE, 10101, 311299, ALWAYS, false, "days ddmmyy"},
    {"%m%d%y", WSF__UNIT_NONE, 10101, 123199, ALWAYS, false, "days mmddyy"},
    {"%d%m%Y", WSF__UNIT_NONE, 1011900, 31122100, ALWAYS, false, "days ddmmyyyy"},
    {"%m%d%Y", WSF__UNIT_NONE, 1011900, 12312100, ALWAYS, false, "days mmddyyyy"},
    {"%Y%m%d%H", WSF__UNIT_NONE, 1900010100, 2100123123, ALWAYS, true, "hours yyyymmddhh"},
    {"%Y%m%d%H%M", WSF__UNIT_NONE, 190001010000, 210012312359, ALWAYS, false, "times yyyymmddhhmm"},
    {"%Y%m%d%H%M%S", WSF__UNIT_NONE, 19000101000000, 21001231235959, ALWAYS, false,
     "times yyyymmddhhmmss"},
};
enum { FORMS = sizeof forms / sizeof *forms, DAY = 86400, LEAST_YEAR = 1940, MOST_YEAR = 2080 };

static bool read_number(int64_t value, int form, wsf__time *t) {
  const wsf__time_style style = {.format = forms[form].format};
  char text[24];
  const int n = snprintf(text, sizeof text, "%" PRId64, value);
  return value >= forms[form].least && value <= forms[form].most &&
         wsf__time_format_read(&style, text, (size_t)n, t);
}

static int64_t year_of(int64_t second) {
  int64_t year;
  int month, day;
  wsf__civil_from_days(wsf__floor_div(second, DAY), &year, &month, &day);
  return year;
}

/* All numbers by a form. */
typedef struct reading {
  int64_t n;
  int64_t first, last; /* seconds */
  int64_t value;       /* of the file's first row */
  int weeks;           /* the last week of a year */
} reading;

static bool read_all(reading *r, const wsf__csv *csv, const wsf__csv_column *c, int form) {
  wsf__time t;
  *r = (reading){.first = INT64_MAX, .last = INT64_MIN};
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    const double x = c->number[i];
    if (isnan(x)) continue;
    if (!(fabs(x) < 1e15) || x != floor(x) || !read_number((int64_t)x, form, &t)) return false;
    if (r->n++ == 0) r->value = (int64_t)x;
    if (t.value < r->first) r->first = t.value;
    if (t.value > r->last) r->last = t.value;
    const int week = (int)((int64_t)x % 100);
    if (week > r->weeks) r->weeks = week;
  }
  return r->n > 1 && year_of(r->first) >= LEAST_YEAR && year_of(r->last) <= MOST_YEAR;
}

static bool may_be(const wsf__proposal *p, int k, int form) {
  const wsf__csv_column *c = &p->csv.column[k];
  const int32_t unit = wsf__propose_unit(c->name);
  const bool named = unit >= WSF__UNIT_QUARTER && unit <= WSF__UNIT_WEEK;
  const bool short_day = !forms[form].unit && forms[form].most <= 999999;
  if (unit == WSF__UNIT_WEEK && short_day) return false; /* weeks 1yyww */
  if (named && forms[form].unit && forms[form].unit != unit) return false;
  return (named && forms[form].unit) || forms[form].when != NAMED;
}

/* Numbers that follow each other are days apart, or months, by the digits that change from one to
 * the next: 22646, 22647 are no 26 February of 2046 and 2047. */
static bool is_sparse(const reading *r, int form) {
  enum { STEP = 62 };
  const bool short_day = !forms[form].unit && forms[form].most <= 999999;
  return short_day && (r->last - r->first) / DAY > STEP * r->n;
}

int wsf__propose_packed(const wsf__proposal *p, int k, bool dates) {
  enum { PERIODS = 16 };
  const wsf__csv_column *c = &p->csv.column[k];
  int best = -1;
  int64_t least = INT64_MAX;
  reading r;
  for (int i = 0; i < FORMS; ++i) {
    if ((dates && !forms[i].over) || !may_be(p, k, i) || !read_all(&r, &p->csv, c, i)) continue;
    if (is_sparse(&r, i)) continue;
    const bool named = forms[i].unit && forms[i].unit == wsf__propose_unit(c->name);
    if (named) return i;
    if (forms[i].when == TURNS && year_of(r.last) == year_of(r.first)) continue;
    if (forms[i].unit == WSF__UNIT_WEEK && r.weeks <= PERIODS) continue;
    if (r.last - r.first >= least) continue;
    best = i;
    least = r.last - r.first;
  }
  return best;
}

bool wsf__propose_packed_clock(const wsf__proposal *p, int k) {
  const int form = wsf__propose_packed(p, k, false);
  return form >= 0 && forms[form].least >= 190001010000;
}

/* The other order of day and month, if the numbers have both: -1. */
static int other_order(const wsf__proposal *p, int k, int form) {
  reading r;
  for (int i = 0; i < FORMS; ++i) {
    const char *a = forms[i].format, *b = forms[form].format;
    const bool turned = strlen(a) == 6 && strlen(b) == 6 && a[1] == b[3] && a[3] == b[1];
    if (turned && a[1] != a[3] && read_all(&r, &p->csv, &p->csv.column[k], i)) return i;
  }
  return -1;
}

/* Of two orders the one whose day stays the same, as of a calendar of months. */
static bool stays(const wsf__csv *csv, const wsf__csv_column *c, int64_t unit) {
  int64_t first = -1;
  for (int64_t i = 0; i < csv->rows; ++i) {
    if (isnan(c->number[i])) continue;
    const int64_t part = (int64_t)c->number[i] / unit % 100;
    if (first >= 0 && part != first) return false;
    first = part;
  }
  return true;
}

void wsf__propose_settle_packed(wsf__proposal *p, int k, int form) {
  const wsf__csv_column *c = &p->csv.column[k];
  char text[2][32];
  wsf__time t;
  reading r;
  int other = other_order(p, k, form);
  if (other >= 0) {
    const int64_t year = forms[form].most > 999999 ? 10000 : 100;
    const bool leading = stays(&p->csv, c, year * 100), behind = stays(&p->csv, c, year);
    const char day = forms[form].format[1];
    if (leading != behind && (day == 'd') != leading) {
      const int chosen = other;
      other = form;
      form = chosen;
    }
  }
  if (!read_all(&r, &p->csv, c, form) || !read_number(r.value, form, &t)) return;
  p->dateformat = forms[form].format;
  wsf__propose_day_text(text[0], wsf__floor_div(t.value, DAY));
  if (other < 0 || !read_number(r.value, other, &t)) {
    wsf__propose_doubt(p, "numbers, read as %s: %" PRId64 " is %s (without dateformat= they %s)",
                       forms[form].what, r.value, text[0],
                       forms[form].over ? "are months or seconds" : "count periods");
    return;
  }
  wsf__propose_day_text(text[1], wsf__floor_div(t.value, DAY));
  wsf__propose_doubt(p,
                     "numbers, read as %s: %" PRId64 " is %s (dateformat=\"%s\": %s; without "
                     "dateformat= they count periods)",
                     forms[form].what, r.value, text[0], forms[other].format, text[1]);
}
