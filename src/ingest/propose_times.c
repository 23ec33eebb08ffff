/* The time of an unknown file: the column of dates, or the whole numbers that are called so; where
 * neither stands there, several columns that make one; beside dates, their hours; and what is said
 * where there is none. */
#include "ingest/propose.h"

#include "calendar/time_parts.h"

#include <math.h>
#include <string.h>

/* How sure a column is the time; 0: it is none. */
static int score_column(wsf__proposal *p, int k, bool *settled) {
  const wsf__csv_column *c = &p->csv.column[k];
  const bool called = wsf__propose_called(c->name, WSF__CALLED_TIME);
  *settled = true;
  if (c->code) {
    const wsf__propose_words *w = wsf__propose_words_of(p, k);
    *settled = w->settled;
    if (!w->form || wsf__propose_days_of_month(c)) return 0;
    p->column[k].type = w->form == WSF__FORM_TIME ? "time" : "date";
    return called ? 6 : 5;
  }
  return wsf__propose_score_number(p, k);
}

/* Words called like a time may be missing in more rows: totals have no day. */
static bool may_be_time(const wsf__proposal *p, int k) {
  const wsf__csv_column *c = &p->csv.column[k];
  if (wsf__propose_may_be_part(p, k)) return true;
  return c->code && wsf__propose_called(c->name, WSF__CALLED_TIME) &&
         p->column[k].part == WSF__PART_PAST &&
         p->column[k].missing - p->blank_rows <= (p->csv.rows - p->blank_rows) / 3;
}

void wsf__propose_untimed(wsf__proposal *p) {
  bool words = false;
  if (p->season) return;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part == WSF__PART_TIME) return;
    words |= p->csv.column[k].code != NULL || !p->csv.column[k].name[0];
  }
  if (p->yearless) {
    wsf__propose_doubt(p,
                       "no column reads as times: '%.20s' of %.40s names no year (time=[YEAR,..] "
                       "with a column that does); rows count periods as they stand",
                       p->yearless->words.entry[0].text, p->yearless->name);
    return;
  }
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (!c->code || !wsf__propose_called(c->name, WSF__CALLED_TIME)) continue;
    const wsf__dict_entry *e = wsf__propose_no_time(p, k);
    if (!e) continue;
    wsf__propose_doubt(
        p,
        "no column reads as times: of %.40s not '%.*s' (dateformat= says how that is "
        "written); rows count periods as they stand",
        c->name, e->length < 40 ? (int)e->length : 40, e->text);
    return;
  }
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (!c->number || c->flag || !wsf__propose_called(c->name, WSF__CALLED_TIME)) continue;
    wsf__propose_doubt(p,
                       "no column reads as times: the numbers of %.40s are none that are known "
                       "(dateformat= says how they are written); rows count periods as they stand",
                       c->name);
    return;
  }
  if (words) {
    wsf__propose_doubt(p, "no column reads as times: rows count periods as they stand (time= names "
                          "one, dateformat= says how it is written)");
  }
}

/* The frequency of R's ts, whose times are start, start + 1/frequency, ..: rows of one series in
 * their order. 0: these are no such times. */
static int ts_frequency(const wsf__csv *csv, const wsf__csv_column *c) {
  enum { LEAST_ROWS = 8, MOST = 1000000 };
  const int64_t n = csv->rows;
  if (!c->number || n < LEAST_ROWS || isnan(c->number[0]) || isnan(c->number[n - 1])) return 0;
  const double first = c->number[0], length = c->number[n - 1] - first;
  const double frequency = rint((double)(n - 1) / length);
  if (!(length > 0) || !(frequency >= 2 && frequency <= MOST)) return 0;
  for (int64_t i = 0; i < n && !wsf__propose_stopped(csv, i); ++i) {
    if (!(fabs((c->number[i] - first) * frequency - (double)i) < 0.1)) return 0;
  }
  return (int)frequency;
}

static void find_ts(wsf__proposal *p) {
  for (int k = 0; k < p->csv.n_columns && !p->season; ++k) {
    p->season = ts_frequency(&p->csv, &p->csv.column[k]);
    if (!p->season) continue;
    p->column[k].part = WSF__PART_NONE;
    wsf__propose_doubt(p,
                       "%.40s counts units of %d rows, as R's ts(frequency=%d): rows are numbered, "
                       "season=%d is a unit",
                       p->csv.column[k].name, p->season, p->season, p->season);
  }
}

/* Dates that may be read two ways, by the first that shows it. */
static void doubt_order(wsf__proposal *p, const wsf__csv_column *c) {
  static const wsf__time_style month_first = {.order = WSF__MONTH_FIRST};
  static const wsf__time_style day_first = {.order = WSF__DAY_FIRST};
  wsf__time_seen seen = {0};
  for (int64_t i = 0; i < p->csv.rows; ++i) {
    wsf__time one, two;
    char text[2][32];
    const wsf__dict_entry *e = c->code[i] < 0 ? NULL : &c->words.entry[c->code[i]];
    if (!e || !wsf__time_read(e->text, (size_t)e->length, &month_first, &one, &seen)) continue;
    if (!wsf__time_read(e->text, (size_t)e->length, &day_first, &two, &seen)) continue;
    if (one.value == two.value) continue;
    wsf__propose_day_text(text[0], wsf__floor_div(one.value, 86400));
    wsf__propose_day_text(text[1], wsf__floor_div(two.value, 86400));
    wsf__propose_doubt(p,
                       "dates may be read month first or day first: %.24s in line %lld is %s or %s "
                       "(dayfirst=true)",
                       e->text, (long long)p->csv.line[i], text[0], text[1]);
    return;
  }
}

/* Whole numbers that are called dates and are none that are known, such as days since 1960. */
static void doubt_count(wsf__proposal *p, const wsf__csv_column *c) {
  enum { LEAST = 1000 };
  static const char *const words[] = {"date", "Date", "DATE", "datum", "Datum", "fecha", "Fecha"};
  bool called = false;
  for (size_t i = 0; i < sizeof words / sizeof *words; ++i)
    called |= strstr(c->name, words[i]) != 0;
  int64_t i = 0;
  while (i < p->csv.rows && isnan(c->number[i])) ++i;
  if (!called || i == p->csv.rows || !(c->number[i] >= LEAST)) return;
  wsf__propose_doubt(p,
                     "the numbers of %.40s are no dates that are known, and count periods: %.0f is "
                     "one of them (dateformat= says how dates are written; where they count days, "
                     "season=7 is a week)",
                     c->name, c->number[i]);
}

/* A column that is called like a time and has a format of its own: its number, or -1. */
static int find_formatted(wsf__proposal *p) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const char *name = p->csv.column[k].name;
    const bool called = wsf__propose_called(name, WSF__CALLED_TIME) ||
                        wsf__propose_called(name, WSF__CALLED_SEASON) || wsf__propose_unit(name);
    if (called && p->csv.column[k].code && may_be_time(p, k) && wsf__propose_formatted(p, k)) {
      return k;
    }
  }
  return -1;
}

/* The same time in all rows, or one that is called by what was done to them: when a file was
 * updated, not what it tells of. */
static bool is_stamp(const wsf__csv *csv, const wsf__csv_column *c) {
  static const char *const word[] = {"update",    "updated",  "modified", "loaded",    "extracted",
                                     "published", "released", "inserted", "refreshed", "revision"};
  return c->code && ((csv->rows > 1 && c->words.n == 1) ||
                     wsf__propose_holds_word(c->name, word, sizeof word / sizeof *word));
}

/* The best column by its score, and that; what stamps rows comes behind all that is called like a
 * time, or is one. */
static int best_column(wsf__proposal *p, int *most, bool *stamp) {
  enum { STAMP = 5 }; /* of twice the score */
  int best = -1, highest = 0;
  *most = 0;
  *stamp = false;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    bool settled;
    if (!may_be_time(p, k)) continue;
    const int score = score_column(p, k, &settled);
    const bool stamps = is_stamp(&p->csv, &p->csv.column[k]);
    const int rank = stamps && 2 * score > STAMP ? STAMP : 2 * score;
    if (rank <= highest) continue;
    best = k;
    highest = rank;
    *most = score;
    *stamp = stamps;
    p->unsettled = !settled;
  }
  return best;
}

void wsf__propose_time(wsf__proposal *p) {
  int most;
  bool stamp;
  const int best = best_column(p, &most, &stamp);
  if ((most < 3 || stamp) && wsf__propose_parts(p)) {
    p->unsettled = false;
    return;
  }
  if ((most < 3 || !strcmp(p->column[best].type, "date")) &&
      wsf__propose_periods(p, most < 3 ? -1 : best)) {
    p->unsettled = false;
    return;
  }
  if (most < 3) {
    const int formatted = find_formatted(p);
    if (formatted >= 0) {
      p->column[formatted].part = WSF__PART_TIME;
      p->column[formatted].type = "date";
      return;
    }
  } else if (most >= 5) {
    if (!wsf__propose_year_first(p, best) && !wsf__propose_shortest(p, best))
      (void)wsf__propose_formatted(p, best); /* seasons that could be months */
  }
  if (best < 0) {
    const int yearless = wsf__propose_yearless(p);
    if (yearless >= 0)
      p->yearless = &p->csv.column[yearless];
    else
      find_ts(p);
    return;
  }
  p->column[best].part = WSF__PART_TIME;
  if (p->unsettled) doubt_order(p, &p->csv.column[best]);
  if (most < 5) {
    wsf__propose_settle_number(p, best);
    if (most == 1 && !p->dateformat) doubt_count(p, &p->csv.column[best]);
    p->column[best].type = most > 1 || p->dateformat ? "date" : "integer";
    return;
  }
  const int clock = strcmp(p->column[best].type, "date") == 0 ? wsf__propose_clock(p) : -1;
  if (clock < 0) return;
  p->column[clock].part = WSF__PART_TIME;
  p->column[clock].type = "time";
}
