/* Parts of columns, guessed as a person would. The time is the column of dates, or the whole
 * numbers that are called so; the keys are the fewest columns of names that, with the time, tell
 * all rows apart, found greedily; what stays the same within a series is static; the target is the
 * number that is called like one, else the first. Where periods are most of the header the file is
 * wide; where dates stand beside three or more numbers that are called like nothing of the kind, or
 * beside numbered columns, each of these is a series. */
#include "ingest/propose_rows.h"

#include "base/text.h"
#include "calendar/time_parts.h"
#include "ingest/csv_quote.h"
#include "ingest/csv_text.h"
#include "ingest/wide.h"

#include <math.h>
#include <stdio.h>

/* ---- columns ------------------------------------------------------------------------------- */

static bool is_blank(const wsf__csv *csv, int64_t row) {
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    if (c->code ? c->code[row] >= 0 : c->number && !isnan(c->number[row])) return false;
  }
  return true;
}

static void see_columns(wsf__proposal *p, wsf__propose_rows *n) {
  const wsf__csv *csv = &p->csv;
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    const bool blank = is_blank(csv, i);
    p->blank_rows += blank;
    if (i < n->rows) n->untimed[i] = blank;
  }
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    wsf__proposed *to = &p->column[k];
    to->part = WSF__PART_PAST;
    for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
      to->missing += c->code ? c->code[i] < 0 : !c->number || isnan(c->number[i]);
    }
    to->type = c->flag ? "flag" : c->number ? "number" : "words";
    if (to->missing == csv->rows) to->type = "empty";
    if (!c->name[0] || to->missing == csv->rows) to->part = WSF__PART_NONE;
    to->distinct = c->code ? c->words.n : 0;
  }
}

/* A column that is made of the others of its line. */
static bool sums_line(const wsf__proposal *p, int k) {
  const wsf__csv_column *c = &p->csv.column[k];
  return c->number && !wsf__propose_names(c->name) &&
         (wsf__propose_total_name(c->name) || wsf__propose_called(c->name, WSF__CALLED_SHARE));
}

/* FY23, CY2023, YTD23: of all periods of a year. */
static bool sums_year(const char *name) {
  static const char *const word[] = {"fy", "cy", "ytd", "mat", "ltm", "total", "sum"};
  const size_t digits = strlen(name) - wsf__propose_stem(name);
  return (digits == 2 || digits == 4) && !wsf__propose_names(name) &&
         wsf__propose_holds_word(name, word, sizeof word / sizeof *word);
}

/* A column that adds up periods holds the future of its line, and is nothing of the series. */
static void leave_out_other(wsf__proposal *p, int k) {
  p->column[k].part = WSF__PART_NONE;
  p->total_column = true;
}

/* A column of years beside columns called Jan, Q1 or Week 1, or 1, 2, .. one by one. */
static void find_years(wsf__proposal *p) {
  const wsf__csv *csv = &p->csv;
  const int year = wsf__propose_years(p);
  int n[WSF__UNIT_HOUR + 1] = {0}, value, best = WSF__UNIT_NONE;
  int32_t unit;
  bool running = true;
  if (year < 0) return;
  for (int k = 0; k < csv->n_columns; ++k) {
    const char *name = csv->column[k].name;
    if (k == year || !csv->column[k].number) continue;
    if (!wsf__time_unit_read(name, strlen(name), &unit, &value)) continue;
    ++n[unit];
    running &= unit != WSF__UNIT_NONE || value == n[unit];
  }
  for (int u = WSF__UNIT_QUARTER; u <= WSF__UNIT_WEEK; ++u) best = n[u] > n[best] ? u : best;
  if (n[best] < (best ? 3 : 4) || (!best && !running)) return;
  p->layout = WSF__LAYOUT_WIDE;
  p->years = true;
  p->column[year].part = WSF__PART_TIME;
  p->column[year].type = "integer";
  for (int k = 0; k < csv->n_columns; ++k) {
    const char *name = csv->column[k].name;
    if (k == year || !csv->column[k].number) continue;
    const bool names = wsf__time_unit_read(name, strlen(name), &unit, &value);
    if (names && (int)unit == best)
      p->column[k].part = WSF__PART_PERIOD;
    else if ((names && unit) || sums_line(p, k) || sums_year(name))
      leave_out_other(p, k);
  }
  if (wsf__propose_day_parts(p, best, n[best])) return;
  if (best == WSF__UNIT_WEEK || (!best && n[best] > 12)) wsf__propose_week_columns(p, year);
  if (best || n[best] >= 12) return;
  wsf__propose_doubt(
      p,
      "columns 1 to %d are read as the %s of %.40s, whose number they say; series of "
      "their own stand in lines of such a file, with a column for their keys",
      n[best], n[best] == 4 ? "quarters" : "first months", csv->column[year].name);
}

/* Numbers that periods are called by: days of a spreadsheet, weeks of years, months of no year. */
static void settle_periods(wsf__proposal *p) {
  const wsf__csv *csv = &p->csv;
  int64_t *number = wsf__arena_new(&p->csv.arena, (size_t)csv->n_columns, sizeof *number);
  int n = 0, periods = 0, months = 0, value;
  for (int k = 0; number && k < csv->n_columns; ++k) {
    const char *name = csv->column[k].name;
    int32_t unit;
    if (p->column[k].part != WSF__PART_PERIOD) continue;
    ++periods;
    const bool word = !(*name >= '0' && *name <= '9');
    months +=
        word && wsf__time_unit_read(name, strlen(name), &unit, &value) && unit == WSF__UNIT_MONTH;
    n += wsf__integer_parse(name, strlen(name), &number[n]);
  }
  if (n > 0 && n == periods) wsf__propose_period_numbers(p, number, n);
  if (months > 0 && months == periods && !wsf__propose_day_lines(p)) {
    wsf__propose_doubt(p,
                       "months of no year are counted from 1 (start=\"2019-01\", freq=month says "
                       "of which year)");
  }
}

/* Periods of another kind than most of the columns have, such as a year among months, and no part
 * of the series, which hold them already. skip: [n_columns] those that are no periods. */
static void leave_out_kinds(wsf__proposal *p, const bool *skip, const wsf__time_style *style) {
  const char *first = NULL;
  wsf__wide_kind most, one;
  int n = 0;
  if (!wsf__wide_most(&most, &p->csv, skip, style)) return;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const char *name = p->csv.column[k].name;
    if (skip[k] || !wsf__wide_kind_of(&one, name, style)) continue;
    if (wsf__wide_same_kind(&one, &most)) continue;
    leave_out_other(p, k);
    if (!n++) first = name;
  }
  if (n == 0) return;
  char others[40] = " is";
  if (n > 1) (void)snprintf(others, sizeof others, " and %d more are", n - 1);
  wsf__propose_doubt(p, "%.40s%s of another kind of period than most columns (%.40s), and left out",
                     first, others, most.name);
}

/* Whether the names of most columns are periods: such ones, or more certain. */
static void find_periods(wsf__proposal *p, wsf__propose_period least) {
  int periods = 0, certain = 0, numbers = 0, columns = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    /* Total, Average, Change % of the periods */
    const bool of_line = sums_line(p, k) || wsf__wide_sums_year(&p->csv, k);
    numbers += p->csv.column[k].number != NULL && !of_line;
    columns += !of_line;
    const wsf__propose_period is = p->csv.column[k].number && !of_line
                                       ? wsf__propose_names(p->csv.column[k].name)
                                       : WSF__NAMES_NOTHING;
    const char *name = p->csv.column[k].name;
    size_t length = strlen(name);
    periods += is >= least;
    certain += is >= WSF__NAMES_YEAR || (is && wsf__month_name(name, &length) && !name[length]);
  }
  const bool all = certain == periods && periods == numbers;
  if (periods < (certain == periods ? 3 : 4)) return;
  if (2 * periods <= columns && !all) return;
  wsf__time_style style, none = {0};
  wsf__time_seen seen = {0};
  wsf__time t;
  p->layout = WSF__LAYOUT_WIDE;
  p->dateformat = NULL;
  p->fiscal = NULL;
  p->season = 0;
  p->n_doubts = 0;
  bool *skip = wsf__arena_zero(&p->csv.arena, (size_t)p->csv.n_columns, sizeof *skip);
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const char *name = p->csv.column[k].name;
    wsf__proposed *to = &p->column[k];
    if (to->part == WSF__PART_TIME) to->part = WSF__PART_PAST;
    const bool of_year = wsf__wide_sums_year(&p->csv, k);
    const wsf__propose_period is =
        p->csv.column[k].number && !of_year ? wsf__propose_names(name) : WSF__NAMES_NOTHING;
    const bool period = is >= least;
    if (skip) skip[k] = !period && is < WSF__NAMES_YEAR;
    if (!p->csv.column[k].number) continue;
    if (!period) {
      if (sums_line(p, k) || sums_year(name) || of_year) leave_out_other(p, k);
      continue;
    }
    to->part = WSF__PART_PERIOD;
    (void)wsf__time_read(name, strlen(name), &none, &t, &seen);
  }
  p->unsettled = !wsf__time_settle(&style, &none, &seen);
  if (p->unsettled) {
    wsf__propose_doubt(p, "the dates that name columns may be read month first or day first "
                          "(dayfirst=true)");
  }
  if (seen.bits & WSF__SEEN_MONTH_YEAR) {
    wsf__csv_tell(&p->csv, WSF__NOTE_MONTH_YEAR, 0, 1, NULL);
  }
  style.grain = none.grain; /* all columns count */
  if (skip) leave_out_kinds(p, skip, &style);
  if (least == WSF__NAMES_NUMBER) settle_periods(p);
}

/* Whether a column may be a series of a pivot file. */
static bool may_be_series(const wsf__proposal *p, int k) {
  return p->column[k].part == WSF__PART_PAST && p->csv.column[k].number;
}

/* Numbers beside dates, most of them of one word and a number: store_1, store_2; or 1001, 1002. */
static bool numbered_alike(const wsf__proposal *p) {
  int numbers = 0, alike = 0;
  const char *like = NULL;
  for (int k = p->csv.n_columns; k-- > 0;) {
    const char *name = p->csv.column[k].name;
    if (!may_be_series(p, k)) continue;
    ++numbers;
    if (!name[wsf__propose_stem(name)]) continue;
    if (!like) like = name;
    alike += wsf__propose_stem(name) == wsf__propose_stem(like) &&
             memcmp(name, like, wsf__propose_stem(like)) == 0;
  }
  return alike >= 2 && 2 * alike > numbers;
}

/* Columns of numbers that are called like nothing else, or are numbered or labelled, and so may
 * each be a series; one that is called a total is one if it is none by its numbers. How many there
 * are; sum: those that add up others. */
static int see_series(const wsf__proposal *p, bool numbered, const bool *labelled, bool *own,
                      bool *sum) {
  const wsf__csv *csv = &p->csv;
  int series = 0;
  for (int k = 0; k < csv->n_columns; ++k) {
    const char *name = csv->column[k].name;
    const bool other =
        wsf__propose_called(name, WSF__CALLED_COVARIATE) || wsf__propose_key_like(name);
    own[k] = may_be_series(p, k) && !wsf__propose_total_name(name) &&
             (numbered ? name[wsf__propose_stem(name)] != 0 : labelled[k] || !other);
    series += own[k];
  }
  const int parts = series;
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__total total = wsf__propose_total_name(csv->column[k].name);
    if (!may_be_series(p, k) || !total) continue;
    sum[k] = parts > 1 && wsf__propose_sums_columns(p, k, own);
  }
  for (int k = 0; k < csv->n_columns; ++k) {
    const char *name = csv->column[k].name;
    const wsf__total total = wsf__propose_total_name(name);
    if (!may_be_series(p, k) || !total || sum[k] || parts < 2) continue;
    const bool other = wsf__propose_called(name, WSF__CALLED_COVARIATE) || numbered;
    own[k] = total == WSF__TOTAL_WHOLE || !other;
    series += own[k];
  }
  return series;
}

/* A row for each time, or for each time and what words say beside it: sales, bookings, whose rows
 * nothing tells apart, are long, however many numbers stand in them. labelled: no names of series,
 * but series. own: scratch. */
static bool rows_are_told(const wsf__proposal *p, wsf__propose_rows *n, const bool *labelled,
                          bool *own) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    own[k] = p->column[k].part == WSF__PART_TIME || c->code ||
             (c->number && !labelled[k] && wsf__propose_key_word(c->name));
  }
  return 100 * wsf__propose_distinct(n, own, -1) >= 99 * (n->rows - p->blank_rows);
}

/* Whole numbers name all columns beside a time that is whole numbers too: shops of weeks 1, 2, ..;
 * years are no such names. */
static bool numbers_across(const wsf__proposal *p) {
  enum { LEAST = 2 };
  int series = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const char *name = p->csv.column[k].name;
    if (p->column[k].part == WSF__PART_TIME || p->column[k].part == WSF__PART_NONE) continue;
    if (!may_be_series(p, k)) return false;
    if (wsf__propose_total_name(name)) continue;
    if (wsf__propose_stem(name) > 0 || wsf__propose_names(name) != WSF__NAMES_NUMBER) return false;
    ++series;
  }
  return series >= LEAST;
}

/* A column that adds up others is read with them, and left out by its name. */
static void leave_out_sum(wsf__proposal *p, int k) {
  const char *name = p->csv.column[k].name;
  const bool room = p->n_totals < WSF__PROPOSE_TOTALS;
  p->column[k].part = room ? WSF__PART_SERIES : WSF__PART_NONE;
  if (room) p->total[p->n_totals++] = (wsf__propose_sum){p->csv.n_columns, name};
  wsf__propose_doubt(p, "%.40s is the sum of the other columns, and so no series", name);
}

/* y, x1, x2: numbered columns that explain another. */
static bool explains_target(const wsf__proposal *p) {
  static const char *const word[] = {"x", "xreg", "var", "feature", "feat", "lag", "regressor"};
  int explain = 0, target = 0, others = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const char *name = p->csv.column[k].name;
    if (!may_be_series(p, k)) continue;
    const bool named = strcmp(name, "y") == 0 || wsf__propose_called(name, WSF__CALLED_TARGET);
    const bool x = wsf__propose_holds_word(name, word, sizeof word / sizeof *word);
    explain += x;
    target += named && !x;
    others += !named && !x;
  }
  return target == 1 && explain > others;
}

/* own: scratch. */
static void find_series(wsf__proposal *p, wsf__propose_rows *n, bool *own) {
  const bool two = p->format.header == WSF__HEADER_TWO, numbered = !two && numbered_alike(p);
  bool *sum = wsf__arena_zero(&p->csv.arena, (size_t)p->csv.n_columns, 2 * sizeof *sum);
  bool dated = false, named = false, sums_up = false;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__proposed *c = &p->column[k];
    dated |= c->part == WSF__PART_TIME && strcmp(c->type, "integer") != 0;
  }
  if (!sum || wsf__propose_headless(p)) return; /* no name tells shops from measures */
  bool *labelled = sum + p->csv.n_columns;
  const bool of_keys = !two && wsf__propose_labelled(p, labelled) > 0;
  const bool alike = of_keys && !numbered;
  for (int k = 0; k < p->csv.n_columns; ++k)
    dated |= p->column[k].part == WSF__PART_TIME && (of_keys || numbers_across(p));
  if (explains_target(p)) return;
  if (!dated || !rows_are_told(p, n, labelled, own)) return;
  const int series = see_series(p, numbered, labelled, own, sum);
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const char *name = p->csv.column[k].name;
    sums_up |= sum[k];
    if (!may_be_series(p, k) || sum[k]) continue;
    named |= wsf__propose_called(name, WSF__CALLED_TARGET) || strcmp(name, "y") == 0;
  }
  const int least = two || sums_up || alike ? 2 : 3;
  p->measures = !numbered && !two && !sums_up && !alike && wsf__propose_are_measures(&p->csv, own);
  if (!numbered && ((named && !two) || series < least || p->measures)) return;
  p->layout = WSF__LAYOUT_PIVOT;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const char *name = p->csv.column[k].name;
    if (!may_be_series(p, k)) continue;
    if (sum[k])
      leave_out_sum(p, k);
    else if (own[k])
      p->column[k].part = WSF__PART_SERIES;
    else if (two)
      p->column[k].part = WSF__PART_NONE; /* a price of each product is none of all */
    if (sum[k] || wsf__propose_total_name(name) != WSF__TOTAL_WHOLE) continue;
    wsf__propose_doubt(p,
                       "%.40s is called like a sum of the other columns, but is none by its "
                       "numbers; it stays a series (columns= names those that are)",
                       name);
  }
}

/* Numbers from 1 to 12 that no name says are a key: months, perhaps, in a language not known. */
static bool may_be_months(const wsf__proposal *p, int k) {
  enum { LEAST = 3, MONTHS = 12 };
  const wsf__csv_column *c = &p->csv.column[k];
  return c->number && !wsf__propose_key_like(c->name) && p->column[k].distinct >= LEAST &&
         wsf__propose_within(&p->csv, c, 1, MONTHS);
}

/* A part of the time among the keys: numbers or words that nobody knows how to read beside it. */
static void doubt_parts(wsf__proposal *p) {
  const wsf__csv_column *time = NULL, *part = NULL, *months = NULL;
  int times = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    const int32_t unit = wsf__time_unit_called(c->name);
    const bool of_time =
        unit ? unit != WSF__UNIT_YEAR : wsf__propose_called(c->name, WSF__CALLED_TIME);
    if (p->column[k].part == WSF__PART_TIME && ++times) time = c;
    if (p->column[k].part == WSF__PART_KEY && of_time) part = c;
    if (p->column[k].part == WSF__PART_KEY && may_be_months(p, k)) months = c;
  }
  if (times != 1 || !time) return;
  const bool year = wsf__time_unit_called(time->name) == WSF__UNIT_YEAR;
  if (!part && months && year) {
    wsf__propose_doubt(
        p,
        "%.40s counts from 1 to 12 at most beside the years of %.40s; each number is "
        "a series of years (if it counts months, time=[%.40s,%.40s] reads them with "
        "dateformat=\"%%Y %%m\")",
        months->name, time->name, time->name, months->name);
  }
  if (!part) return;
  wsf__propose_doubt(
      p,
      "%.40s looks like a part of %.40s, but its values are none that is known; each is a series "
      "of %s (time=[%.40s,%.40s] with dateformat= says how to read them)",
      part->name, time->name, year ? "years" : "its own", time->name, part->name);
}

/* Days of the week as series, of the weeks down. */
static void doubt_weekdays(wsf__proposal *p) {
  enum { LEAST = 5 };
  int days = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const char *name = p->csv.column[k].name;
    size_t length = strlen(name);
    if (p->column[k].part != WSF__PART_SERIES) continue;
    days += wsf__weekday_name(name, &length) && !name[length];
  }
  if (days < LEAST) return;
  wsf__propose_doubt(p,
                     "columns are called by days of the week; each is read as a series of its own, "
                     "which repeats every week (a column of dates and one of values is read as one "
                     "series of days)");
}

/* Whether a name is that of a period but for its first or its last word. */
static bool names_measure(const char *name) {
  const char *first = strchr(name, ' '), *last = strrchr(name, ' ');
  char head[64];
  if (!first || (size_t)(last - name) >= sizeof head) return false;
  memcpy(head, name, (size_t)(last - name));
  head[last - name] = '\0';
  return wsf__propose_names(first + 1) || wsf__propose_names(head);
}

/* Columns of several measures of each period, Qty Jan 2023, Sales Jan 2023, which no layout reads.
 */
static void doubt_measures(wsf__proposal *p) {
  enum { LEAST = 4 };
  const char *shown[2] = {NULL, NULL};
  int n = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const char *name = p->csv.column[k].name;
    if (p->column[k].part == WSF__PART_TIME) return;
    if (!p->csv.column[k].number || !names_measure(name)) continue;
    if (n < 2) shown[n] = name;
    ++n;
  }
  if (n < LEAST || 2 * n <= p->csv.n_columns) return;
  wsf__propose_doubt(
      p,
      "columns such as \"%.30s\" and \"%.30s\" are called by a time and a word, which "
      "no layout reads: a file for each word, with columns called by times alone, "
      "is a wide one",
      shown[0], shown[1]);
}

static void find_parts(wsf__proposal *p, wsf__propose_rows *n, bool *set) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->csv.column[k].number) p->column[k].distinct = wsf__propose_distinct(n, set, k);
  }
  find_periods(p, WSF__NAMES_DATE);
  if (p->layout == WSF__LAYOUT_LONG) wsf__propose_affix(p);
  if (p->layout == WSF__LAYOUT_LONG) find_years(p);
  if (p->layout == WSF__LAYOUT_LONG) wsf__propose_hours(p);
  if (p->layout == WSF__LAYOUT_LONG) {
    wsf__propose_time(p);
    wsf__propose_spare(p, n, set);
    if (!wsf__propose_days_across(p)) find_series(p, n, set);
    memset(set, 0, (size_t)p->csv.n_columns * sizeof *set);
  }
  if (p->layout == WSF__LAYOUT_LONG) find_periods(p, WSF__NAMES_NUMBER);
  if (p->layout == WSF__LAYOUT_WIDE && !p->years) wsf__propose_across(p);
  wsf__propose_leave_nameless(p, true);
  wsf__propose_timed(p, n);
  wsf__propose_keys(p, n, set);
  wsf__propose_static(p, n, set);
  wsf__propose_leave_nameless(p, false);
  wsf__propose_doubt_nameless(p);
  wsf__propose_count_rows(p);
  wsf__propose_rounds(p);
  if (p->layout == WSF__LAYOUT_LONG) wsf__propose_doubt_fiscal(p);
  wsf__propose_totals(p);
  wsf__propose_sums(p);
  wsf__propose_doubt_labels(p);
  wsf__propose_doubt_again(p);
  if (p->layout == WSF__LAYOUT_LONG) doubt_parts(p);
  if (p->layout == WSF__LAYOUT_PIVOT) doubt_weekdays(p);
  wsf__propose_doubt_columns(p);
  wsf__propose_doubt_target(p);
  wsf__propose_doubt_cumulative(p);
  wsf__propose_doubt_shape(p);
  if (p->layout == WSF__LAYOUT_LONG) doubt_measures(p);
  if (p->layout == WSF__LAYOUT_LONG) wsf__propose_doubt_versions(p);
  if (p->layout == WSF__LAYOUT_LONG) wsf__propose_untimed(p);
  wsf__propose_doubt_merged(p);
  wsf__propose_left_out(p);
  wsf__propose_nines(p);
}

/* With what stands above the table in the format. A header that names a column twice may have a
 * second line, so the file is looked at without one. */
static wsf_status open_file(wsf__proposal *p, wsf__env *env, const char *path, wsf_error *err) {
  wsf_error first;
  wsf_status status = wsf__csv_open_many(&p->csv, env, &path, 1, p->format, &first);
  const bool plain = status == WSF_OK && !p->csv.arrow && p->csv.n_parts == 0;
  if (plain) {
    const wsf__csv *csv = &p->csv;
    p->format.quote = wsf__quotes_of(csv->bytes, csv->length, csv->delimiter, p->csv.n_columns);
    if (!p->format.quote && csv->n_columns == 1) p->format.delimiter = wsf__propose_delimiter(csv);
  }
  if (p->format.quote || p->format.delimiter) {
    wsf__csv_close(&p->csv);
    status = wsf__csv_open_many(&p->csv, env, &path, 1, p->format, &first);
  }
  if (status == WSF_E_DATA) {
    wsf__csv_format bare = p->format;
    wsf_error other;
    bare.header = WSF__HEADER_NONE;
    if (wsf__csv_open_many(&p->csv, env, &path, 1, bare, &other) == WSF_OK) {
      if (!p->csv.arrow && p->csv.n_parts == 0) wsf__propose_head(&p->format, &p->csv);
      if (p->format.skip || p->format.header == WSF__HEADER_TWO) return WSF_OK;
      wsf__csv_close(&p->csv);
    }
  }
  if (status != WSF_OK) {
    if (err) *err = first;
    return status;
  }
  if (!p->csv.arrow && p->csv.n_parts == 0) wsf__propose_head(&p->format, &p->csv);
  return WSF_OK;
}

wsf_status wsf__propose_read(wsf__proposal *p, wsf__env *env, const char *path, wsf_error *err) {
  *p = (wsf__proposal){.format = {.header = WSF__HEADER_AUTO, .encoding = WSF__ENCODING_AUTO}};
  wsf__text_init(&p->expression, &env->alloc, WSF__EXPR_BYTES);
  WSF__TRY(open_file(p, env, path, err));
  const bool plain = !p->csv.arrow && p->csv.n_parts == 0;
  bool merged = false;
  int64_t filled;
  bool again = p->format.skip || p->format.comment || p->format.header != p->csv.header;
  do {
    p->format.na = p->n_na ? p->na : NULL;
    p->format.n_na = p->n_na;
    p->format.number.suffix = p->suffix;
    p->format.number.n_suffixes = p->n_suffixes;
    if (again) {
      wsf__csv_close(&p->csv);
      WSF__TRY(wsf__csv_open_many(&p->csv, env, &path, 1, p->format, err));
    }
    const size_t columns = (size_t)p->csv.n_columns;
    if (!p->cells) p->cells = wsf__new_zero(&env->alloc, columns, sizeof *p->cells);
    if (!p->codes) p->codes = wsf__new_zero(&env->alloc, columns, sizeof *p->codes);
    if (!p->nameless) p->nameless = wsf__new_zero(&env->alloc, columns, sizeof *p->nameless);
    if (!p->merged) p->merged = wsf__new_zero(&env->alloc, columns, sizeof *p->merged);
    if (!p->cells || !p->codes || !p->nameless || !p->merged) return wsf__fail_memory(err);
    WSF__TRY(wsf__propose_name_columns(p, err));
    if (merged) WSF__TRY(wsf__csv_fill_down(&p->csv, p->merged, &filled, err));
    for (int k = 0; k < p->csv.n_columns; ++k) {
      wsf__csv_column *c = &p->csv.column[k];
      if (c->name[0]) c->want = p->cells[k] ? WSF__CSV_NUMBER : WSF__CSV_GUESS;
      c->cells = p->cells[k];
    }
    if (plain) wsf__propose_codes(p);
    WSF__TRY(wsf__csv_read(&p->csv, err));
    p->words = wsf__arena_zero(&p->csv.arena, columns, sizeof *p->words);
    if (!p->words) return wsf__fail_memory(err);
    again = !p->csv.arrow && (wsf__propose_suffixes(p) || wsf__propose_missing(p));
    if (again || merged || p->csv.arrow) continue;
    WSF__TRY(wsf__propose_merged(p, &merged, err));
    again = merged;
  } while (again);
  const size_t columns = (size_t)p->csv.n_columns;
  p->column = wsf__arena_zero(&p->csv.arena, columns, sizeof *p->column);
  bool *set = wsf__new_zero(&env->alloc, columns, sizeof *set);
  wsf__propose_rows n;
  wsf_status status = wsf__propose_rows_init(&n, p, err);
  if (status == WSF_OK && (!p->column || !set)) status = wsf__fail_memory(err);
  if (status == WSF_OK) {
    see_columns(p, &n);
    find_parts(p, &n, set);
    status = wsf__checkpoint(env, NULL, 1, 1, err);
  }
  wsf__delete(&env->alloc, set);
  wsf__propose_rows_free(&n);
  return status;
}

void wsf__propose_free(wsf__proposal *p, const wsf__env *env) {
  wsf__csv_close(&p->csv);
  wsf__delete(&env->alloc, p->cells);
  wsf__delete(&env->alloc, p->codes);
  wsf__delete(&env->alloc, p->nameless);
  wsf__delete(&env->alloc, p->merged);
  wsf__text_free(&p->expression);
}
