/* Wide files whose columns are called by a time and the same word each: Period 2020-01, Wk Ending
 * 07-Jan-22, X2022.01.07 as R writes names, Jan-20_sales. The word and how the time is written make
 * the dateformat= that reads the names of most columns. */
#include "ingest/propose.h"

#include "calendar/time_read.h"

#include <stdio.h>
#include <string.h>

static const char *const written[] = {
    "%Y-%m-%d", "%Y.%m.%d",  "%Y_%m_%d", "%Y/%m/%d", "%Y%m%d",   "%d-%b-%y", "%d-%b-%Y", "%d %b %Y",
    "%b %d %Y", "%b %d, %Y", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%m-%d-%Y", "%d-%m-%Y",
    "%m-%d-%y", "%d-%m-%y",  "%d.%m.%Y", "%d.%m.%y", "%Y-%m",    "%Y.%m",    "%Y_%m",    "%Y/%m",
    "%m/%Y",    "%Y%m",      "%b %Y",    "%b %y",    "%b-%Y",    "%b-%y",    "%b_%Y",    "%b.%Y",
    "Q%q %Y",   "%YQ%q",     "%Y Q%q",   "Q%q_%Y",   "%Y-Q%q"};
enum { WRITTEN = sizeof written / sizeof *written, FORMAT = 96, NAME = 64 };

/* Columns of numbers whose names follow a format. */
static int count_read(const wsf__csv *csv, const char *format) {
  const wsf__time_style style = {.format = format};
  wsf__time t;
  int n = 0;
  for (int k = 0; k < csv->n_columns; ++k) {
    const char *name = csv->column[k].name;
    n += csv->column[k].number && wsf__time_format_read(&style, name, strlen(name), &t);
  }
  return n;
}

/* Whether a text may be cut here: no number and no word is. */
static bool parts(char before, char behind) {
  return !(wsf__is_digit(before) && wsf__is_digit(behind)) &&
         !(wsf__is_letter(before) && wsf__is_letter(behind));
}

/* Whether a text has as many digits as the words of a format take, which is how it tells %Y from %y
 * and a month from its day. */
static bool fills(const char *format, const char *text, size_t length) {
  int least = 0, most = 0, n = 0;
  for (size_t i = 0; i < length; ++i) n += wsf__is_digit(text[i]);
  for (const char *p = strchr(format, '%'); p; p = strchr(p + 2, '%')) {
    const int digits = p[1] == 'Y' ? 4 : p[1] == 'b' ? 0 : p[1] == 'q' ? 1 : 2;
    most += digits;
    least += (p[1] == 'm' || p[1] == 'd') ? 1 : digits;
  }
  return n >= least && n <= most;
}

/* The format that reads most columns, made of the name of one: how many it reads. */
static int best_format(const wsf__csv *csv, const char *name, char best[FORMAT]) {
  const size_t length = strlen(name);
  char format[FORMAT];
  wsf__time t;
  int most = 0;
  if (length >= NAME || strchr(name, '%')) return 0;
  for (int i = 0; i < WRITTEN; ++i) {
    const wsf__time_style style = {.format = written[i]};
    for (size_t from = 0; from < length; ++from) {
      if (from > 0 && !parts(name[from - 1], name[from])) continue;
      if (!wsf__is_digit(name[from]) && !wsf__is_letter(name[from])) continue;
      for (size_t to = from + 1; to <= length; ++to) {
        if (to < length && !parts(name[to - 1], name[to])) continue;
        if (from == 0 && to == length) continue;
        if (!fills(written[i], name + from, to - from)) continue;
        if (!wsf__time_format_read(&style, name + from, to - from, &t)) continue;
        (void)snprintf(format, sizeof format, "%.*s%s%s", (int)from, name, written[i], name + to);
        const int n = count_read(csv, format);
        if (n <= most) continue;
        most = n;
        memcpy(best, format, sizeof format);
      }
    }
  }
  return most;
}

/* Years of a company: FY19, FY 2020, CY21. */
static int fiscal_format(const wsf__csv *csv, char best[FORMAT]) {
  static const char *const word[] = {"FY", "FY ", "FY-", "FY_", "CY", "CY ", "fy", "fy_", "Fy"};
  char format[FORMAT];
  int most = 0;
  for (size_t i = 0; i < 2 * (sizeof word / sizeof *word); ++i) {
    const bool two = i % 2 == 0; /* four digits begin with two */
    (void)snprintf(format, sizeof format, "%s%s", word[i / 2], two ? "%y" : "%Y");
    const int n = count_read(csv, format);
    if (n <= most) continue;
    most = n;
    memcpy(best, format, sizeof format);
  }
  return most;
}

static void doubt_fiscal(wsf__proposal *p, const char *name, const wsf__time *t) {
  char text[32];
  wsf__propose_day_text(text, t->value / 86400);
  wsf__propose_doubt(p, "fiscal years, read as those of the calendar: %.24s is %s", name, text);
}

/* The same with its day and its month in each other's place; false: it has none such. */
static bool turned(char out[FORMAT], const char *format) {
  memcpy(out, format, FORMAT);
  char *month = strstr(out, "%m"), *day = strstr(out, "%d"), *year = strstr(out, "%Y");
  if (!year) year = strstr(out, "%y");
  if (!month || !day || !year || year < month) return false;
  month[1] = 'd';
  day[1] = 'm';
  return true;
}

void wsf__propose_affix(wsf__proposal *p) {
  enum { LEAST = 3 };
  const wsf__csv *csv = &p->csv;
  const wsf__time_style none = {0};
  char format[FORMAT], other[FORMAT];
  int numbers = 0, last = -1;
  for (int k = 0; k < csv->n_columns; ++k) {
    wsf__time t;
    wsf__time_seen seen = {0};
    if (csv->column[k].code && wsf__propose_words_of(p, k)->form) return; /* times stand in lines */
    if (!csv->column[k].number) continue;
    const char *name = csv->column[k].name;
    ++numbers;
    if (wsf__time_read(name, strlen(name), &none, &t, &seen) && t.form != WSF__FORM_INTEGER) return;
    if (wsf__is_digit(name[0]) || strpbrk(name, "0123456789")) last = k;
  }
  if (numbers < LEAST || last < 0) return;
  int n = best_format(csv, csv->column[last].name, format);
  const bool fiscal = n < LEAST;
  if (fiscal) n = fiscal_format(csv, format);
  if (n < LEAST || 2 * n <= numbers) return;
  const char *kept = wsf__arena_text(&p->csv.arena, format, strlen(format));
  if (!kept) return;
  const wsf__time_style style = {.format = kept};
  p->layout = WSF__LAYOUT_WIDE;
  p->dateformat = kept;
  for (int k = 0; k < csv->n_columns; ++k) {
    const char *name = csv->column[k].name;
    wsf__time t;
    if (!csv->column[k].number) continue;
    const bool total = wsf__propose_total_name(name);
    if (wsf__time_format_read(&style, name, strlen(name), &t)) {
      p->column[k].part = WSF__PART_PERIOD;
    } else if (total) {
      p->total_column = true;
      p->column[k].part = WSF__PART_NONE;
    }
  }
  wsf__time t;
  const char *name = csv->column[last].name;
  if (fiscal && wsf__time_format_read(&style, name, strlen(name), &t)) doubt_fiscal(p, name, &t);
  if (turned(other, format) && count_read(csv, other) == n) {
    wsf__propose_doubt(p,
                       "the dates that name columns may be read month first or day first "
                       "(dateformat=\"%.60s\")",
                       other);
  }
}
