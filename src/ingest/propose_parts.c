/* Times of an unknown file that stand in several columns: a column of years and one of months,
 * quarters or weeks, days beside them; and beside days, their hours. */
#include "ingest/propose.h"

#include "calendar/time_parts.h"

#include <math.h>
#include <string.h>

enum { LEAST_YEAR = 1900, MOST_YEAR = 2100, MONTHS = 12, WEEKS = 53, MONTH_WEEKS = 5 };

static double largest(const wsf__csv *csv, const wsf__csv_column *c) {
  double most = -INFINITY;
  for (int64_t i = 0; c->number && i < csv->rows; ++i) most = fmax(most, c->number[i]);
  return most;
}

/* One row may lack it, such as that of a total. */
bool wsf__propose_may_be_part(const wsf__proposal *p, int k) {
  const int64_t missing = p->column[k].missing - p->blank_rows;
  return p->column[k].part == WSF__PART_PAST && missing <= (p->csv.rows - p->blank_rows) / 20 + 1;
}

/* What the words or numbers of a column show together. */
static wsf__unit_seen see_all(const wsf__csv *csv, const wsf__csv_column *c) {
  wsf__unit_seen seen = {0};
  for (int32_t i = 0; c->code && i < c->words.n && !wsf__propose_stopped(csv, i); ++i) {
    wsf__unit_see(&seen, c->words.entry[i].text, (size_t)c->words.entry[i].length);
    if (seen.no_number && seen.no_month) return seen;
  }
  for (int64_t i = 0; c->number && i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    const double x = c->number[i];
    if (isnan(x)) continue;
    if (!(x >= 0 && x <= 9999 && x == floor(x))) return (wsf__unit_seen){0};
    wsf__unit_see_number(&seen, (int64_t)x);
  }
  return seen;
}

/* Whether a column counts such a unit, by its name or its words, within what there is of it. */
bool wsf__propose_counts(const wsf__proposal *p, int k, int32_t unit) {
  static const int most[] = {0, MOST_YEAR, 4, MONTHS, WEEKS, 31, 24};
  const wsf__csv_column *c = &p->csv.column[k];
  const bool called =
      wsf__time_unit_called(c->name) == unit || (unit == WSF__UNIT_YEAR && p->nameless[k]);
  const bool zero = unit == WSF__UNIT_HOUR || unit == WSF__UNIT_WEEK; /* of strftime's weeks */
  const int least = unit == WSF__UNIT_YEAR ? LEAST_YEAR : !zero;
  if (!wsf__propose_may_be_part(p, k) || (unit == WSF__UNIT_DAY && strstr(c->name, "week")))
    return false;
  if (c->number) return called && wsf__propose_within(&p->csv, c, least, most[unit]);
  const wsf__unit_seen seen = see_all(&p->csv, c);
  if (unit == WSF__UNIT_MONTH && wsf__unit_settle(&seen, unit, false) == WSF__UNIT_NUMBERED) {
    return true;
  }
  int32_t good = 0;
  for (int32_t i = 0; c->code && i < c->words.n && !wsf__propose_stopped(&p->csv, i); ++i) {
    const wsf__dict_entry *e = &c->words.entry[i];
    int32_t told;
    int value;
    bool minutes;
    if (unit == WSF__UNIT_HOUR && called) {
      good += wsf__time_range(e->text, (size_t)e->length, &minutes) > 0;
    }
    if (!wsf__time_unit_read(e->text, (size_t)e->length, &told, &value)) continue;
    good += (told == unit || (!told && called)) && value >= least && value <= most[unit];
  }
  return wsf__propose_nearly_all(&p->csv, c, good, 0);
}

static int find_unit(const wsf__proposal *p, int32_t unit) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (wsf__propose_counts(p, k, unit)) return k;
  }
  return -1;
}

int wsf__propose_years(const wsf__proposal *p) {
  return find_unit(p, WSF__UNIT_YEAR);
}

static bool clock_words(const wsf__csv *csv, const wsf__csv_column *c) {
  int32_t good = 0;
  for (int32_t i = 0; c->code && i < c->words.n && !wsf__propose_stopped(csv, i); ++i) {
    if (!wsf__time_is_clock(c->words.entry[i].text)) return false;
    ++good;
  }
  return good > 1;
}

/* That hours to 24 are times of day, so that the last is the next day's midnight. */
static void doubt_hours(wsf__proposal *p, const char *name) {
  wsf__propose_doubt(p, "hours are read as times of day: 24 of %.40s is 24:00, which ends the day",
                     name);
}

/* Whether a column is called like a part of the day. */
static bool called_clock(const char *name) {
  static const char *const words[] = {"time", "hour",     "hh",     "zeit", "uhr",  "stunde",
                                      "hora", "interval", "period", "slot", "half", "settlement"};
  char lower[64];
  size_t n = 0;
  for (; name[n] && n + 1 < sizeof lower; ++n) lower[n] = (char)(name[n] | 32);
  lower[n] = '\0';
  for (size_t i = 0; i < sizeof words / sizeof *words; ++i) {
    if (strstr(lower, words[i])) return true;
  }
  return false;
}

/* Numbers of one day's parts: 0, 100, .., 2300 or 1, .., 48; what they are is told. */
static bool counts_clock(wsf__proposal *p, int k) {
  const wsf__csv_column *c = &p->csv.column[k];
  if (!called_clock(c->name)) return false;
  const wsf__unit_seen seen = see_all(&p->csv, c);
  const int32_t called = wsf__time_unit_called(c->name);
  const int32_t unit = wsf__unit_settle(&seen, called, true);
  if (unit == WSF__UNIT_CLOCK) return true;
  if (unit != WSF__UNIT_HALF_HOUR && unit != WSF__UNIT_QUARTER_HOUR) return false;
  wsf__propose_doubt(p, "%.40s from 1 to %lld counts the %s of a day, the first from 0:00", c->name,
                     (long long)seen.most,
                     unit == WSF__UNIT_HALF_HOUR ? "half hours" : "quarters of an hour");
  return true;
}

/* The last hour of words such as HE24; 0: they are none. */
static int last_hour(const wsf__csv_column *c) {
  int last = 0;
  for (int32_t i = 0; c->code && i < c->words.n; ++i) {
    const wsf__dict_entry *e = &c->words.entry[i];
    int32_t unit;
    int value;
    if (!wsf__time_unit_read(e->text, (size_t)e->length, &unit, &value)) continue;
    if (value > last) last = value;
  }
  return last;
}

/* Hours or times of day beside a column of days. */
int wsf__propose_clock(wsf__proposal *p) {
  enum { LAST = 24 };
  p->clock_doubts = p->n_doubts;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (!wsf__propose_may_be_part(p, k)) continue;
    const int last = c->number ? (int)fmin(largest(&p->csv, c), 99) : last_hour(c);
    if (wsf__propose_counts(p, k, WSF__UNIT_HOUR) && (c->code || last > 1)) {
      if (last >= LAST) doubt_hours(p, c->name);
      return k;
    }
    if (clock_words(&p->csv, c) || counts_clock(p, k)) return k;
  }
  return -1;
}

/* Whether a word is a day of no year: 1-Jan. */
static bool is_yearless(const wsf__dict_entry *e) {
  static const int32_t unit[] = {WSF__UNIT_YEAR, WSF__UNIT_NONE};
  const wsf__time_style none = {0};
  const char *text[] = {"2000", e->text};
  wsf__time_seen seen = {0};
  int32_t told;
  int value;
  wsf__time t;
  return !wsf__time_unit_read(e->text, (size_t)e->length, &told, &value) &&
         wsf__time_join(unit, text, 2, &none, &t, &seen);
}

int wsf__propose_yearless(const wsf__proposal *p) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    int32_t good = 0;
    for (int32_t i = 0; c->code && wsf__propose_may_be_part(p, k) && i < c->words.n &&
                        !wsf__propose_stopped(&p->csv, i);
         ++i) {
      good += is_yearless(&c->words.entry[i]);
    }
    if (c->code && wsf__propose_nearly_all(&p->csv, c, good, 0)) return k;
  }
  return -1;
}

/* Years and what parts them; false if they are not there. */
bool wsf__propose_parts(wsf__proposal *p) {
  const int year = find_unit(p, WSF__UNIT_YEAR), month = find_unit(p, WSF__UNIT_MONTH);
  int week = find_unit(p, WSF__UNIT_WEEK), quarter = find_unit(p, WSF__UNIT_QUARTER);
  int day = find_unit(p, WSF__UNIT_DAY);
  if (week >= 0 && p->csv.column[week].number && month >= 0 &&
      largest(&p->csv, &p->csv.column[week]) <= MONTH_WEEKS) {
    week = -1; /* of the month */
  }
  if (day >= 0 && largest(&p->csv, &p->csv.column[day]) <= 7) day = -1; /* of the week */
  const bool days = month >= 0 && day >= 0;
  int part = days ? month : week >= 0 ? week : month >= 0 ? month : quarter;
  if (year >= 0 && part < 0) part = wsf__propose_yearless(p);
  if (year < 0 || part < 0) return false;
  p->column[year].part = p->column[part].part = WSF__PART_TIME;
  p->column[year].type = p->column[part].type = "date";
  if (days) {
    p->column[day].part = WSF__PART_TIME;
    p->column[day].type = "date";
  }
  if (part == week) wsf__propose_year_weeks(p, year, week);
  const int clock = days ? wsf__propose_clock(p) : -1;
  if (clock < 0) return true;
  p->column[clock].part = WSF__PART_TIME;
  p->column[clock].type = "time";
  return true;
}

/* Whether each line has a word of its own in some other column: then lines are series, and a month
 * is something of theirs. */
static bool labels_lines(const wsf__proposal *p, int except) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (k == except || p->column[k].part != WSF__PART_PAST || !c->code) continue;
    if (c->words.n + p->column[k].missing >= p->csv.rows) return true;
  }
  return false;
}

void wsf__propose_across(wsf__proposal *p) {
  static const int32_t unit[] = {WSF__UNIT_MONTH, WSF__UNIT_WEEK, WSF__UNIT_QUARTER};
  int years = 0, periods = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part != WSF__PART_PERIOD) continue;
    ++periods;
    years += wsf__propose_names(p->csv.column[k].name) == WSF__NAMES_YEAR;
  }
  for (size_t i = 0; i < sizeof unit / sizeof *unit && years > 0 && years == periods; ++i) {
    const int k = find_unit(p, unit[i]);
    if (k < 0 || labels_lines(p, k)) continue;
    p->years = true;
    p->column[k].part = WSF__PART_TIME;
    p->column[k].type = "date";
    if (unit[i] == WSF__UNIT_WEEK) wsf__propose_week_lines(p, k);
    return;
  }
}

void wsf__propose_hours(wsf__proposal *p) {
  enum { LEAST = 12 };
  int hours = 0, days = -1, value;
  int32_t unit;
  const char *last = NULL;
  for (int pass = 0; pass < 2; ++pass) {
    for (int k = 0; k < p->csv.n_columns; ++k) {
      const char *name = p->csv.column[k].name;
      if (!p->csv.column[k].number) {
        if (days < 0 && wsf__propose_words_of(p, k)->form == WSF__FORM_DATE) days = k;
        continue;
      }
      const bool clock = wsf__time_is_clock(name);
      const bool hour = wsf__time_unit_read(name, strlen(name), &unit, &value) &&
                        unit == WSF__UNIT_HOUR && value <= 24;
      if (!clock && !hour) continue;
      if (hour && value == 24) last = name;
      ++hours;
      if (pass == 1) p->column[k].part = WSF__PART_PERIOD;
    }
    if (days < 0 || hours < LEAST) return;
  }
  p->layout = WSF__LAYOUT_WIDE;
  p->years = true;
  p->column[days].part = WSF__PART_TIME;
  p->column[days].type = "date";
  p->unsettled = !wsf__propose_words_of(p, days)->settled;
  if (p->unsettled) {
    wsf__propose_doubt(p, "the dates of %.40s may be read month first or day first (dayfirst=true)",
                       p->csv.column[days].name);
  }
  if (last) doubt_hours(p, last);
}
