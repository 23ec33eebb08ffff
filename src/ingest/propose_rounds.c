/* Numbers of weeks or months that begin anew with each year that no column names: 1 to 52, 1 to 52.
 * As times they would add the years up. Where each series goes on without a gap its rows are
 * numbered as they stand, with a year as the season; else that they are added up is a doubt. */
#include "ingest/propose.h"

#include "calendar/time_parts.h"

#include <math.h>

typedef struct series {
  uint64_t key; /* 0: free */
  double last;
} series;

typedef struct rounds {
  int64_t falls, line; /* line: of the first */
  double least, most;
  bool gaps;
} rounds;

/* The only time, if it holds whole numbers; -1: there is none such. */
static int counted_time(const wsf__proposal *p) {
  int time = -1, times = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part != WSF__PART_TIME) continue;
    ++times;
    if (p->csv.column[k].number && strcmp(p->column[k].type, "integer") == 0) time = k;
  }
  return times == 1 ? time : -1;
}

/* How the numbers of each series go on from row to row; false: no memory. */
static bool follow(rounds *r, const wsf__proposal *p, const double *x) {
  const wsf__csv *csv = &p->csv;
  size_t mask = 15;
  while (mask + 1 < 2 * (size_t)csv->rows) mask = 2 * mask + 1;
  series *slot = wsf__new_zero(&csv->env->alloc, mask + 1, sizeof *slot);
  *r = (rounds){.least = INFINITY, .most = -INFINITY};
  for (int64_t i = 0; slot && i < csv->rows; ++i) {
    r->least = fmin(r->least, x[i]);
    r->most = fmax(r->most, x[i]);
  }
  for (int64_t i = 0; slot && i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    if (isnan(x[i])) continue;
    const uint64_t key = wsf__propose_hash(p, i, WSF__PART_KEY, -1);
    size_t at = (size_t)(key >> 20) & mask;
    while (slot[at].key && slot[at].key != key) at = (at + 1) & mask;
    series *s = &slot[at];
    if (s->key && x[i] < s->last) {
      if (r->falls++ == 0) r->line = csv->line[i];
      r->gaps |= x[i] != r->least || s->last < r->most - 1; /* a year of 52 weeks beside 53 */
    } else if (s->key) {
      r->gaps |= x[i] != s->last + 1;
    }
    *s = (series){key, x[i]};
  }
  wsf__delete(&csv->env->alloc, slot);
  return slot != NULL;
}

void wsf__propose_rounds(wsf__proposal *p) {
  const int k = p->twice > 0 && p->layout == WSF__LAYOUT_LONG ? counted_time(p) : -1;
  rounds r;
  if (k < 0 || p->season || !wsf__propose_called(p->csv.column[k].name, WSF__CALLED_TIME)) return;
  if (!follow(&r, p, p->csv.column[k].number) || r.falls == 0 || r.falls > p->twice) return;
  enum { MOST = 366, WEEKS = 52 };
  const char *name = p->csv.column[k].name;
  const int season = r.most == WEEKS + 1 ? WEEKS : (int)fmin(r.most - r.least + 1, MOST + 1);
  if (r.gaps || season < 2 || season > MOST) {
    wsf__propose_doubt(p,
                       "%.40s falls back in line %lld, as numbers of a new year do, and the rows "
                       "of a number are added up, whatever their year (a column of years before "
                       "it, time=[year,%.40s], keeps them apart)",
                       name, (long long)r.line, name);
    return;
  }
  p->column[k].part = WSF__PART_PAST;
  p->season = season;
  p->twice = 0;
  wsf__propose_doubt(p,
                     "%.40s begins anew in line %lld, and no column says of which year or the "
                     "like: rows are numbered as they stand, season=%d is one round (time=%.40s, "
                     "duplicates=sum adds the rounds up)",
                     name, (long long)r.line, season, name);
}
