/* Rows of forecasts below those that were observed, as exports of planning systems have: a column
 * says which is which, and the one kind begins where the other ends. */
#include "ingest/propose.h"

#include "calendar/time_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool says_forecast(const char *text) {
  static const char *const word[] = {"forecast", "fcst",     "plan",     "budget",  "projection",
                                     "predict",  "estimate", "prognose", "outlook", "projected"};
  char lower[32] = "";
  size_t n = 0;
  for (; text[n] && n + 1 < sizeof lower; ++n) {
    lower[n] = text[n] >= 'A' && text[n] <= 'Z' ? (char)(text[n] + 32) : text[n];
  }
  lower[n] = '\0';
  const char *first = strncmp(lower, "is", 2) == 0 ? lower + 2 + (lower[2] == '_') : lower;
  for (size_t i = 0; i < sizeof word / sizeof *word; ++i) {
    if (strncmp(first, word[i], strlen(word[i])) == 0) return true;
  }
  return false;
}

/* The time of rows, in one column or as numbers of a year and of its month. */
typedef struct when {
  const wsf__csv_column *column, *month;
  const wsf__propose_words *words; /* of the column; NULL: it holds numbers */
  bool counts;                     /* which are no dates */
} when;

static bool find_when(when *to, wsf__proposal *p) {
  int times = 0;
  *to = (when){0};
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (p->column[k].part != WSF__PART_TIME) continue;
    const bool month = wsf__time_unit_called(c->name) == WSF__UNIT_MONTH;
    if (++times > 1 && month) {
      to->month = c;
      continue;
    }
    to->column = c;
    to->counts = strcmp(p->column[k].type, "integer") == 0;
    if (c->code) to->words = wsf__propose_words_of(p, k);
  }
  if (p->unsettled || !to->column) return false;
  if (times == 2) {
    return to->month && to->column->number &&
           wsf__time_unit_called(to->column->name) == WSF__UNIT_YEAR;
  }
  return times == 1 && (to->words ? to->words->is && to->words->time : to->column->number != NULL);
}

/* The month of a row by its number or its name; NAN: it has none. */
static double month_of(const wsf__csv_column *c, int64_t row) {
  if (c->number) return c->number[row];
  int32_t unit;
  int value;
  const wsf__dict_entry *e = c->code[row] < 0 ? NULL : &c->words.entry[c->code[row]];
  const bool month = e && wsf__time_unit_read(e->text, (size_t)e->length, &unit, &value);
  return month && (unit == WSF__UNIT_MONTH || !unit) ? value : NAN;
}

/* In seconds, or as the file's number; what is missing is no number. */
static double time_of(const when *w, int64_t row) {
  const wsf__csv_column *c = w->column;
  if (w->month) return c->number[row] * 100 + month_of(w->month, row);
  if (!w->words) return c->number[row];
  const int32_t code = c->code[row];
  const bool time = code >= 0 && code < w->words->n && (w->words->is[code] & WSF__WORD_TIME);
  return time ? (double)w->words->time[code] : NAN;
}

/* As until() takes it: 2023-04-01 of seconds, of 202304 and 20230401, a number that counts as it
 * is; false: of another. */
static bool until_text(char out[32], const when *w, double time) {
  enum { DAY = 86400, MONTHS = 190000, DAYS = 19000000, LAST = 21000000 };
  if (w->words) {
    wsf__propose_day_text(out, wsf__floor_div((int64_t)time, DAY));
    return true;
  }
  if (!(fabs(time) < 1e15)) return false;
  const int64_t number = (int64_t)time;
  if (w->counts) {
    (void)snprintf(out, 32, "%lld", (long long)number);
    return true;
  }
  if (number < MONTHS || number >= LAST + 10000) return false;
  const bool day = number >= DAYS;
  const int year = (int)(number / (day ? 10000 : 100)),
            month = (int)(number / (day ? 100 : 1) % 100);
  if (year > LAST / 10000 || month < 1 || month > 12) return false;
  (void)snprintf(out, 32, "%04d-%02d-%02d", year, month, day ? (int)(number % 100) : 1);
  return true;
}

/* The rows of one side: their last or first time, and a word of theirs. */
typedef struct side {
  double time;
  const char *word;
} side;

/* What column c says of a row; NULL: nothing. *ahead: that it is a forecast. */
static const char *word_of(const wsf__csv_column *c, int64_t row, bool *ahead) {
  if (c->number) {
    *ahead = c->number[row] == 1;
    return isnan(c->number[row]) ? NULL : *ahead ? "1" : "0";
  }
  if (c->code[row] < 0) return NULL;
  const char *text = c->words.entry[c->code[row]].text;
  *ahead = says_forecast(text);
  return text;
}

/* Whether rows of column c that say forecasts begin behind all others. */
static bool parts_times(const wsf__csv *csv, const wsf__csv_column *c, const when *w, side *seen,
                        side *ahead) {
  *seen = (side){-INFINITY, NULL};
  *ahead = (side){INFINITY, NULL};
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    bool later;
    const double time = time_of(w, i);
    const char *word = isnan(time) ? NULL : word_of(c, i, &later);
    if (!word) continue;
    if (later && time < ahead->time) *ahead = (side){time, word};
    if (!later && time > seen->time) *seen = (side){time, word};
  }
  return seen->word && ahead->word && seen->time < ahead->time;
}

void wsf__propose_doubt_versions(wsf__proposal *p) {
  enum { MOST_WORDS = 6 };
  when w;
  if (!find_when(&w, p)) return;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    const bool words = c->code && c->words.n > 1 && c->words.n <= MOST_WORDS;
    side seen, ahead;
    char last[32];
    if (p->column[k].part == WSF__PART_TIME) continue;
    if (!words && !(c->number && c->flag && says_forecast(c->name))) continue;
    if (!parts_times(&p->csv, c, &w, &seen, &ahead)) continue;
    if (!until_text(last, &w, seen.time)) continue;
    wsf__propose_doubt(p,
                       "the rows of %.24s in %.40s begin where those of %.24s end, and are read as "
                       "observed all the same (until(\"%s\") keeps those of %.24s alone)",
                       ahead.word, c->name, seen.word, last, seen.word);
    return;
  }
}
