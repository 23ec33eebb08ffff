/* Merged cells in an unknown file: a column of names or times that has a value in the first line of
 * each block alone, as Store in the first of its months. Within a block the other words differ, and
 * from block to block they come again, which those of a column of remarks, or of holidays beside
 * days, do not; or the blocks end where those of a column to its right do, as regions over stores.
 */
#include "ingest/propose.h"

#include <math.h>
#include <stdio.h>

enum { LEAST_ROWS = 4 };

static bool has_value(const wsf__csv_column *c, int64_t row) {
  return c->code ? c->code[row] >= 0 : c->number && !isnan(c->number[row]);
}

static bool is_total_row(const wsf__csv_column *c, int64_t row) {
  return c->code && c->code[row] >= 0 && wsf__propose_total_name(c->words.entry[c->code[row]].text);
}

/* A row that holds something. */
static bool is_row(const wsf__csv *csv, int64_t row) {
  for (int k = 0; k < csv->n_columns; ++k) {
    if (has_value(&csv->column[k], row)) return true;
  }
  return false;
}

/* Whether a column has values in no more than half of the rows, the first of them too, and not the
 * same one twice in turn; totals left aside. */
static bool stands_in_blocks(const wsf__csv *csv, const wsf__csv_column *c) {
  uint64_t last = 0;
  int64_t rows = 0, values = 0;
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    if (!is_row(csv, i) || is_total_row(c, i)) continue;
    if (rows++ == 0 && !has_value(c, i)) return false;
    if (!has_value(c, i)) continue;
    const uint64_t value = wsf__propose_value(c, i);
    if (values++ > 0 && value == last) return false;
    last = value;
  }
  return rows >= LEAST_ROWS && 2 * values <= rows;
}

/* A value and the block that it stood in last; block 0: the slot is free. */
typedef struct seen {
  uint64_t value;
  int64_t block;
} seen;

/* Whether the values of another column differ within each block of the first and come again in
 * others. slot: [mask + 1] scratch. */
static bool comes_again(const wsf__csv *csv, const wsf__csv_column *first,
                        const wsf__csv_column *other, seen *slot, size_t mask) {
  int64_t block = 0, again = 0;
  memset(slot, 0, (mask + 1) * sizeof *slot);
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    if (!is_row(csv, i)) continue;
    block += has_value(first, i);
    if (!has_value(other, i)) {
      if (is_total_row(first, i)) continue;
      return false;
    }
    const uint64_t value = wsf__propose_mix(1, wsf__propose_value(other, i));
    size_t s = (size_t)(value >> 20) & mask;
    while (slot[s].block && slot[s].value != value) s = (s + 1) & mask;
    if (slot[s].block == block) return false;
    again += slot[s].block > 0;
    slot[s] = (seen){value, block};
  }
  return block > 1 && again > 0;
}

/* Whether the blocks of a column begin where those of another do. */
static bool reaches_over(const wsf__csv *csv, const wsf__csv_column *c,
                         const wsf__csv_column *inner) {
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    if (has_value(c, i) && !has_value(inner, i) && !is_total_row(c, i)) return false;
  }
  return true;
}

/* Names, times and parts of them, which a value of the target is none of. */
static bool is_name(const wsf__csv_column *c) {
  return c->code ||
         (c->number && !c->flag &&
          (wsf__propose_called(c->name, WSF__CALLED_TIME) || wsf__propose_key_number(c->name)));
}

static bool is_merged(const wsf__csv *csv, int k, const bool *merged, seen *slot, size_t mask) {
  const wsf__csv_column *c = &csv->column[k];
  if (!c->name[0] || !is_name(c) || !stands_in_blocks(csv, c)) return false;
  for (int j = k + 1; j < csv->n_columns; ++j) {
    const wsf__csv_column *other = &csv->column[j];
    if (merged[j] && reaches_over(csv, c, other)) return true;
    if (!merged[j] && is_name(other) && comes_again(csv, c, other, slot, mask)) return true;
  }
  return false;
}

wsf_status wsf__propose_merged(wsf__proposal *p, bool *any, wsf_error *err) {
  const wsf__csv *csv = &p->csv;
  size_t slots = 16;
  *any = false;
  while (slots < 2 * (size_t)csv->rows) slots *= 2;
  seen *slot = wsf__new(&csv->env->alloc, slots, sizeof *slot);
  if (!slot) return wsf__fail_memory(err);
  for (int k = csv->n_columns; k-- > 0;) {
    p->merged[k] = is_merged(csv, k, p->merged, slot, slots - 1);
    *any |= p->merged[k];
  }
  wsf__delete(&csv->env->alloc, slot);
  return WSF_OK;
}

void wsf__propose_doubt_merged(wsf__proposal *p) {
  enum { SHOWN = 3 };
  char text[96] = "";
  size_t used = 0;
  int n = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (!p->merged[k] || n++ >= SHOWN) continue;
    used += (size_t)snprintf(text + used, sizeof text - used, "%s%.24s", n > 1 ? ", " : "",
                             p->csv.column[k].name);
  }
  if (n == 0) return;
  wsf__propose_doubt(p,
                     "empty cells of %s%s have the value above them, as merged cells of a "
                     "spreadsheet do (filldown=; without it they name nothing)",
                     text, n > SHOWN ? ", .." : "");
}
