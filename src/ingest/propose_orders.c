/* Numbers of orders, receipts and invoices among the columns of an unknown file. They tell rows
 * apart as keys do, but each stands at one time, so that its series would hold one observation. A
 * value that stands at two or three times is one of a short series where these follow each other,
 * as weeks of a new product do, and none where they lie apart, as orders of a customer do. */
#include "ingest/propose_rows.h"

#include <math.h>
#include <stdlib.h>

enum { SAMPLE = 1 << 16, FEW = 3 };

/* A value and the first and the last of the times, by their rank, that it stands at. */
typedef struct span {
  uint64_t key; /* 0: free */
  int32_t first, last, rows;
} span;

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The times of rows as numbers that are in order as they are; false: they stand in several columns,
 * or there is none. */
static bool read_times(double *out, wsf__proposal *p, const bool *time, int64_t rows) {
  int at = -1, times = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (time[k]) at = k;
    times += time[k];
  }
  if (times != 1) return false;
  const wsf__csv_column *c = &p->csv.column[at];
  const wsf__propose_words *w = wsf__propose_words_of(p, at);
  for (int64_t i = 0; i < rows; ++i) {
    const int32_t code = c->code ? c->code[i] : -1;
    const bool is = code >= 0 && w->is && code < w->n && (w->is[code] & WSF__WORD_TIME);
    out[i] = !c->code ? c->number[i] : is ? (double)w->time[code] : NAN;
  }
  return true;
}

/* Of the first `rows` rows: each one's time by its rank among `sorted`, -1 for none. */
static void rank(int32_t *out, double *sorted, const double *time, int64_t rows) {
  int64_t n = 0, different = 0;
  for (int64_t i = 0; i < rows; ++i) {
    if (!isnan(time[i])) sorted[n++] = time[i];
  }
  qsort(sorted, (size_t)n, sizeof *sorted, compare);
  for (int64_t i = 0; i < n; ++i) {
    if (different == 0 || sorted[i] > sorted[different - 1]) sorted[different++] = sorted[i];
  }
  for (int64_t i = 0; i < rows; ++i) {
    const double *at = isnan(time[i])
                           ? NULL
                           : bsearch(&time[i], sorted, (size_t)different, sizeof *sorted, compare);
    out[i] = at ? (int32_t)(at - sorted) : -1;
  }
}

/* Whether values that stand at several times fill half or more of those between. */
static bool fill_spans(span *slot, size_t mask, const wsf__csv_column *c, const int32_t *at,
                       int64_t rows) {
  int64_t filled = 0, all = 0;
  for (int64_t i = 0; i < rows; ++i) {
    const uint64_t hash = wsf__propose_mix(1, wsf__propose_value(c, i)) | 1;
    size_t s = (size_t)(hash >> 20) & mask;
    if (at[i] < 0) continue;
    while (slot[s].key && slot[s].key != hash) s = (s + 1) & mask;
    if (!slot[s].key) slot[s] = (span){hash, at[i], at[i], 0};
    if (at[i] < slot[s].first) slot[s].first = at[i];
    if (at[i] > slot[s].last) slot[s].last = at[i];
    ++slot[s].rows;
  }
  for (size_t s = 0; s <= mask; ++s) {
    const int32_t times = slot[s].last - slot[s].first + 1;
    if (!slot[s].key || times == 1) continue;
    filled += slot[s].rows < times ? slot[s].rows : times;
    all += times;
  }
  return 2 * filled >= all;
}

/* By the first rows; true also where nobody can tell. */
static bool follow_each_other(wsf__proposal *p, const bool *time, int k) {
  const wsf__alloc *alloc = &p->csv.env->alloc;
  const int64_t rows = p->csv.rows < SAMPLE ? p->csv.rows : SAMPLE;
  size_t slots = 16;
  bool follow = true;
  while (slots < 2 * (size_t)rows) slots *= 2;
  double *times = wsf__new(alloc, (size_t)rows, 2 * sizeof *times);
  int32_t *at = wsf__new(alloc, (size_t)rows, sizeof *at);
  span *slot = wsf__new_zero(alloc, slots, sizeof *slot);
  if (times && at && slot && read_times(times, p, time, rows)) {
    rank(at, times + rows, times, rows);
    follow = fill_spans(slot, slots - 1, &p->csv.column[k], at, rows);
  }
  wsf__delete(alloc, slot);
  wsf__delete(alloc, at);
  wsf__delete(alloc, times);
  return follow;
}

/* Pairs of a time and a value of the column; 0: it takes no pass over the rows to say that the
 * column is none, as each time has one value or more. */
static int64_t count_pairs(wsf__propose_rows *n, const bool *time, int k) {
  enum { VALUES = 8, TIMES = 3 };
  const int64_t values = n->column[k].distinct;
  if (n->times < TIMES || values < VALUES || n->times >= FEW * values) return 0;
  return wsf__propose_distinct(n, time, k);
}

bool wsf__propose_stands_once(wsf__propose_rows *n, const bool *time, int k) {
  const int64_t pairs = count_pairs(n, time, k);
  return pairs > 0 && 2 * pairs < 3 * n->column[k].distinct;
}

bool wsf__propose_is_order(wsf__proposal *p, wsf__propose_rows *n, const bool *time, int k) {
  enum { MANY = 12 };
  const int64_t values = p->column[k].distinct, pairs = count_pairs(n, time, k);
  if (pairs == 0 || pairs >= FEW * values) return false;
  return 2 * pairs < 3 * values || (n->times >= MANY && !follow_each_other(p, time, k));
}
