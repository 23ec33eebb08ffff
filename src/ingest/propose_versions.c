/* Rows of forecasts below those that were observed, as exports of planning systems have: a column
 * says which is which, and the one kind begins where the other ends. */
#include "ingest/propose_when.h"

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
static bool parts_times(const wsf__csv *csv, const wsf__csv_column *c, const wsf__when *w,
                        side *seen, side *ahead) {
  *seen = (side){-INFINITY, NULL};
  *ahead = (side){INFINITY, NULL};
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    bool later;
    const double time = wsf__when_time(w, i);
    const char *word = isnan(time) ? NULL : word_of(c, i, &later);
    if (!word) continue;
    if (later && time < ahead->time) *ahead = (side){time, word};
    if (!later && time > seen->time) *seen = (side){time, word};
  }
  return seen->word && ahead->word && seen->time < ahead->time;
}

void wsf__propose_doubt_versions(wsf__proposal *p) {
  enum { MOST_WORDS = 6 };
  wsf__when w;
  if (!wsf__when_find(&w, p)) return;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    const bool words = c->code && c->words.n > 1 && c->words.n <= MOST_WORDS;
    side seen, ahead;
    char last[32];
    if (p->column[k].part == WSF__PART_TIME) continue;
    if (!words && !(c->number && c->flag && says_forecast(c->name))) continue;
    if (!parts_times(&p->csv, c, &w, &seen, &ahead)) continue;
    if (!wsf__when_text(last, &w, seen.time)) continue;
    wsf__propose_doubt(p,
                       "the rows of %.24s in %.40s begin where those of %.24s end, and are read as "
                       "observed all the same (until(\"%s\") keeps those of %.24s alone)",
                       ahead.word, c->name, seen.word, last, seen.word);
    return;
  }
}
