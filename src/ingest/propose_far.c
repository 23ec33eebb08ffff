/* A time of an unknown file far ahead of all others, or far before them, by the measure that the
 * load of a panel has (panel/far.h), from the words of its column of dates. */
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

/* What the load of a panel goes by, of stamps in order. */
static bool far_rule(wsf__far_rule *rule, const wsf__proposal *p, const stamp *s, int64_t n) {
  const int64_t days = INT64_C(86400) * WSF__FAR_DAYS;
  int64_t rows = n > 0 ? s[0].rows : 0, step = INT64_C(86400) * 366;
  for (int64_t i = 1; i < n; ++i) {
    const int64_t apart = s[i].time - s[i - 1].time;
    rows += s[i].rows;
    if (apart > 0 && apart < step) step = apart;
  }
  const int64_t periods = WSF__FAR_PERIODS * step;
  return wsf__far_rule_of(rule, periods > days ? periods : days, rows, most_series(p));
}

/* Of stamps the first behind too long a stretch, in their order or, `sign` -1, from the last to the
 * first; n if there is none, or no memory to say. */
static int64_t find_far(wsf__proposal *p, const stamp *s, int64_t n, int sign) {
  int64_t *time = wsf__arena_new(&p->csv.arena, (size_t)n, 2 * sizeof *time);
  wsf__far_rule rule;
  if (n == 0 || !time || !far_rule(&rule, p, s, n)) return n;
  int64_t *count = time + n;
  for (int64_t i = 0; i < n; ++i) {
    const stamp *at = &s[sign > 0 ? i : n - 1 - i];
    time[i] = sign * at->time;
    count[i] = at->rows;
  }
  return 1 + wsf__far_begin(time + 1, count + 1, n - 1, time[0], &rule);
}

/* That n stamps stand apart from all others, and what to do about it. */
static void tell(wsf__proposal *p, const wsf__csv_column *c, const stamp *s, int64_t n,
                 const char *where, const char *remedy) {
  int64_t rows = 0, first = s[0].first;
  for (int64_t i = 0; i < n; ++i) {
    rows += s[i].rows;
    if (s[i].first < first) first = s[i].first;
  }
  wsf__propose_doubt(p, "%lld rows stand far %s, the first of them line %lld, \"%.40s\" (%s)",
                     (long long)rows, where, (long long)p->csv.line[first],
                     c->words.entry[c->code[first]].text, remedy);
}

/* The stamps of the one column of words that is the time; NULL: there is none, or no memory. */
static stamp *stamps_of(wsf__proposal *p, const wsf__csv_column **column, int64_t *n) {
  int times = 0, time = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part != WSF__PART_TIME) continue;
    *column = &p->csv.column[time = k];
    ++times;
  }
  if (times != 1 || !(*column)->code || p->unsettled || (*column)->words.n == 0) return NULL;
  stamp *s = wsf__arena_new(&p->csv.arena, (size_t)(*column)->words.n, sizeof *s);
  if (s) *n = read_stamps(s, p, time);
  return s;
}

/* As until() takes it, whatever the file's own form. */
static void until_text(char out[64], int64_t seconds) {
  const int64_t days = wsf__floor_div(seconds, 86400);
  const int minute = (int)((seconds - days * 86400) / 60);
  char day[32];
  wsf__propose_day_text(day, days);
  if (minute)
    (void)snprintf(out, 64, "%sT%02d:%02d", day, minute / 60, minute % 60);
  else
    (void)snprintf(out, 64, "%s", day);
}

static const char *text_of(const wsf__csv_column *c, const stamp *s) {
  return c->words.entry[c->code[s->first]].text;
}

const char *wsf__propose_far_word(wsf__proposal *p) {
  const wsf__csv_column *c = NULL;
  int64_t n = 0;
  const stamp *s = stamps_of(p, &c, &n);
  return s && n > 1 && find_far(p, s, n, 1) == n - 1 ? text_of(c, &s[n - 1]) : NULL;
}

void wsf__propose_far(wsf__proposal *p) {
  const wsf__csv_column *c = NULL;
  char remedy[96], last[64];
  int64_t n = 0;
  const stamp *s = stamps_of(p, &c, &n);
  if (!s) return;
  const int64_t ahead = find_far(p, s, n, 1), before = n - find_far(p, s, n, -1);
  if (ahead < n) {
    const char *word = text_of(c, &s[n - 1]);
    bool missing = false;
    for (int i = 0; i < p->n_na; ++i) missing |= strcmp(p->na[i], word) == 0;
    until_text(last, s[ahead > 0 ? ahead - 1 : 0].time);
    (void)snprintf(remedy, sizeof remedy,
                   missing ? "na= takes it for a missing one" : "until(\"%s\") leaves them out",
                   last);
    tell(p, c, s + ahead, n - ahead, "ahead of all others, which forecasts follow", remedy);
  }
  if (before > 0) {
    tell(p, c, s, before, "before all others, and the periods between are empty",
         "without such lines the series begin later");
  }
}
