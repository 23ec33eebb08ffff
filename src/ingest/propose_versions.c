/* Rows of forecasts below those that were observed, as exports of planning systems have: a column
 * says which is which, and the one kind begins where the other ends. */
#include "ingest/propose.h"

#include <stdio.h>
#include <string.h>

static bool says_forecast(const wsf__dict_entry *e) {
  static const char *const word[] = {"forecast", "fcst",     "plan",     "budget",  "projection",
                                     "predict",  "estimate", "prognose", "outlook", "projected"};
  char lower[32];
  size_t n = 0;
  for (; n < (size_t)e->length && n + 1 < sizeof lower; ++n) {
    const char c = e->text[n];
    lower[n] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
  }
  lower[n] = '\0';
  for (size_t i = 0; i < sizeof word / sizeof *word; ++i) {
    if (strncmp(lower, word[i], strlen(word[i])) == 0) return true;
  }
  return false;
}

/* The rows of one side: their last or first time, and a word of theirs. */
typedef struct side {
  int64_t time;
  const char *word;
} side;

/* Whether rows of column c that say forecasts begin behind all others. */
static bool parts_times(const wsf__csv *csv, const wsf__csv_column *c, const wsf__csv_column *when,
                        const wsf__propose_words *w, side *seen, side *ahead) {
  *seen = (side){INT64_MIN, NULL};
  *ahead = (side){INT64_MAX, NULL};
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    const int32_t code = when->code[i];
    if (code < 0 || code >= w->n || !(w->is[code] & WSF__WORD_TIME) || c->code[i] < 0) continue;
    const wsf__dict_entry *e = &c->words.entry[c->code[i]];
    const int64_t time = w->time[code];
    if (says_forecast(e)) {
      if (time < ahead->time) *ahead = (side){time, e->text};
    } else if (time > seen->time) {
      *seen = (side){time, e->text};
    }
  }
  return seen->word && ahead->word && seen->time < ahead->time;
}

void wsf__propose_doubt_versions(wsf__proposal *p) {
  enum { MOST_WORDS = 6 };
  int when = -1, times = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part != WSF__PART_TIME) continue;
    when = k;
    ++times;
  }
  if (times != 1 || !p->csv.column[when].code || p->unsettled) return;
  const wsf__propose_words *w = wsf__propose_words_of(p, when);
  if (!w->is || !w->time) return;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    side seen, ahead;
    char last[32];
    if (k == when || !c->code || c->words.n < 2 || c->words.n > MOST_WORDS) continue;
    if (!parts_times(&p->csv, c, &p->csv.column[when], w, &seen, &ahead)) continue;
    wsf__propose_day_text(last, wsf__floor_div(seen.time, 86400));
    wsf__propose_doubt(p,
                       "the rows of %.24s in %.40s begin where those of %.24s end, and are read as "
                       "observed all the same (until(\"%s\") keeps those of %.24s alone)",
                       ahead.word, c->name, seen.word, last, seen.word);
    return;
  }
}
