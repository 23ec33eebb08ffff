/* How many rows of an unknown file some of its columns tell apart, by a table of hashes. */
#include "ingest/propose_rows.h"

#include <math.h>

enum { MOST_ROWS = 2000000 };

wsf_status wsf__propose_rows_init(wsf__propose_rows *n, wsf__proposal *p, wsf_error *err) {
  const wsf__alloc *alloc = &p->csv.env->alloc;
  size_t slots = 16;
  *n = (wsf__propose_rows){.csv = &p->csv, .column = p->column};
  n->rows = p->csv.rows < MOST_ROWS ? p->csv.rows : MOST_ROWS;
  while (slots < 2 * (size_t)n->rows) slots *= 2;
  n->mask = slots - 1;
  n->slot = wsf__new(alloc, slots, sizeof *n->slot);
  n->untimed = wsf__new_zero(alloc, (size_t)n->rows + 1, sizeof *n->untimed);
  n->part = wsf__arena_new(&p->csv.arena, (size_t)p->csv.n_columns, sizeof *n->part);
  return n->slot && n->untimed && n->part ? WSF_OK : wsf__fail_memory(err);
}

void wsf__propose_rows_free(wsf__propose_rows *n) {
  wsf__delete(&n->csv->env->alloc, n->slot);
  wsf__delete(&n->csv->env->alloc, n->untimed);
}

/* A table for no more rows than the values of the parts can make, as far as these are counted. */
static size_t mask_for(const wsf__propose_rows *n, int parts) {
  size_t most = 1, slots = 16;
  for (int i = 0; i < parts && most < (size_t)n->rows; ++i) {
    const int64_t values = n->column[n->part[i]].distinct + 1; /* and none */
    if (values == 1 || !wsf__mul(most, (size_t)values, &most)) return n->mask;
  }
  while (slots < 2 * most && slots <= n->mask) slots *= 2;
  return slots - 1;
}

int64_t wsf__propose_distinct(wsf__propose_rows *n, const bool *set, int more) {
  int64_t count = 0;
  int parts = 0;
  for (int k = 0; k < n->csv->n_columns; ++k) {
    if (set[k] || k == more) n->part[parts++] = k;
  }
  const size_t mask = mask_for(n, parts);
  memset(n->slot, 0, (mask + 1) * sizeof *n->slot);
  for (int64_t row = 0; row < n->rows && !wsf__propose_stopped(n->csv, row); ++row) {
    uint64_t hash = 1;
    if (n->untimed[row]) continue;
    for (int i = 0; i < parts; ++i) {
      const int k = n->part[i];
      hash = wsf__propose_mix(hash, wsf__propose_value(&n->csv->column[k], row) + (uint64_t)k);
    }
    hash |= 1;
    size_t at = (size_t)(hash >> 20) & mask;
    while (n->slot[at] && n->slot[at] != hash) at = (at + 1) & mask;
    if (n->slot[at]) continue;
    n->slot[at] = hash;
    ++count;
  }
  return count;
}

/* Whether words of a row say that it adds up others. */
static bool is_total_row(wsf__proposal *p, int64_t row) {
  enum { LABELS = 20000 }; /* more are remarks, and names of no sums */
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (!c->code || c->code[row] < 0 || c->words.n > LABELS) continue;
    const uint8_t *total = wsf__propose_totals_of(p, k);
    if (total && total[c->code[row]]) return true;
  }
  return false;
}

/* Rows without a time are left out of the series, and so tell nothing of the keys; those of totals
 * lack the keys that they add up. */
void wsf__propose_timed(wsf__proposal *p, wsf__propose_rows *n) {
  const wsf__csv *csv = &p->csv;
  wsf__propose_timeless(p, n->untimed, n->rows);
  n->timed = 0;
  for (int64_t i = 0; i < n->rows; ++i) n->timed += !n->untimed[i];
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    wsf__proposed *to = &p->column[k];
    to->blank = 0;
    for (int64_t i = 0; i < n->rows && !wsf__propose_stopped(csv, i); ++i) {
      if (n->untimed[i]) continue;
      const bool blank = c->code ? c->code[i] < 0 : !c->number || isnan(c->number[i]);
      to->blank += blank && (!c->code || !is_total_row(p, i));
    }
  }
}

bool wsf__propose_leave_blank(wsf__propose_rows *n, const wsf__csv_column *c) {
  const int64_t timed = n->timed;
  for (int64_t i = 0; i < n->rows && !wsf__propose_stopped(n->csv, i); ++i) {
    if (n->untimed[i] || (c->code ? c->code[i] >= 0 : !isnan(c->number[i]))) continue;
    n->untimed[i] = true;
    --n->timed;
  }
  return n->timed < timed;
}
