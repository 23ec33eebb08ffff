/* A time of an unknown file far ahead of all others, by the measure that the load of a panel has
 * (panel/far.h), from the words of its column of dates. */
#include "ingest/propose.h"
#include "panel/far.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct stamp {
  int64_t time;  /* seconds */
  int64_t rows;  /* that have it */
  int64_t first; /* of them */
} stamp;

static int compare(const void *a, const void *b) {
  const stamp *x = a, *y = b;
  return (x->time > y->time) - (x->time < y->time);
}

/* The times of a column, in order; how many there are. */
static int64_t read_stamps(stamp *out, wsf__proposal *p, int k) {
  const wsf__csv *csv = &p->csv;
  const wsf__csv_column *c = &csv->column[k];
  const wsf__propose_words *w = wsf__propose_words_of(p, k);
  for (int32_t i = 0; i < w->n; ++i) {
    const bool time = w->is[i] & WSF__WORD_TIME;
    out[i] = (stamp){.time = time ? w->time[i] : INT64_MIN, .first = -1};
  }
  for (int64_t i = 0; i < csv->rows; ++i) {
    if (c->code[i] < 0 || c->code[i] >= w->n) continue;
    stamp *s = &out[c->code[i]];
    if (s->rows++ == 0) s->first = i;
  }
  int64_t n = 0;
  for (int32_t i = 0; i < w->n; ++i) {
    if (out[i].time != INT64_MIN && out[i].rows > 0) out[n++] = out[i];
  }
  qsort(out, (size_t)n, sizeof *out, compare);
  return n;
}

static int64_t most_series(const wsf__proposal *p) {
  int64_t series = 1;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__proposed *c = &p->column[k];
    if (c->part == WSF__PART_KEY && c->distinct > series) series = c->distinct;
  }
  return series;
}

/* The first stamp behind too long a stretch; n if there is none, or no memory to say. */
static int64_t find_far(wsf__proposal *p, const stamp *s, int64_t n) {
  const int64_t days = INT64_C(86400) * WSF__FAR_DAYS, year = INT64_C(86400) * 366;
  int64_t *time = wsf__arena_new(&p->csv.arena, (size_t)n, 2 * sizeof *time);
  if (!time || n == 0) return n;
  int64_t *count = time + n, rows = 0, step = year;
  for (int64_t i = 0; i < n; ++i) {
    time[i] = s[i].time;
    count[i] = s[i].rows;
    rows += count[i];
    const int64_t apart = i > 0 ? time[i] - time[i - 1] : 0;
    if (apart > 0 && apart < step) step = apart;
  }
  const int64_t periods = WSF__FAR_PERIODS * step;
  wsf__far_rule rule;
  if (!wsf__far_rule_of(&rule, periods > days ? periods : days, rows, most_series(p))) return n;
  return 1 + wsf__far_begin(time + 1, count + 1, n - 1, time[0], &rule);
}

void wsf__propose_far(wsf__proposal *p) {
  const wsf__csv_column *c = NULL;
  int times = 0, time = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part != WSF__PART_TIME) continue;
    c = &p->csv.column[time = k];
    ++times;
  }
  if (times != 1 || !c->code || p->unsettled || c->words.n == 0) return;
  stamp *s = wsf__arena_new(&p->csv.arena, (size_t)c->words.n, sizeof *s);
  if (!s) return;
  const int64_t n = read_stamps(s, p, time), at = find_far(p, s, n);
  if (at == n) return;
  int64_t rows = 0, first = s[at].first;
  for (int64_t i = at; i < n; ++i) {
    rows += s[i].rows;
    if (s[i].first < first) first = s[i].first;
  }
  wsf__propose_doubt(p,
                     "%lld rows stand far ahead of all others, which forecasts follow, the first "
                     "of them line %lld, \"%.40s\" (until(\"DATE\") leaves them out)",
                     (long long)rows, (long long)p->csv.line[first],
                     c->words.entry[c->code[first]].text);
}
