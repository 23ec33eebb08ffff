/* A line that names the columns again in the midst of a file, as of files set one below the other.
 * It is no row; where it names them in another order, what follows is read by the first, which only
 * the reader can mend. */
#include "ingest/propose.h"

#include <string.h>

int wsf__propose_column_of(const wsf__csv *csv, const wsf__dict_entry *e) {
  for (int k = 0; k < csv->n_columns; ++k) {
    const char *name = csv->column[k].name;
    if (*name == *e->text && *name && strlen(name) == (size_t)e->length &&
        memcmp(name, e->text, (size_t)e->length) == 0)
      return k;
  }
  return -1;
}

/* The first row whose words name columns, two of them or more; *order: they name their own. */
static int64_t row_again(const wsf__csv *csv, int k, int32_t code, bool *order) {
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    int named = 0;
    if (csv->column[k].code[i] != code) continue;
    *order = true;
    for (int j = 0; j < csv->n_columns; ++j) {
      const wsf__csv_column *c = &csv->column[j];
      if (!c->code || c->code[i] < 0) continue;
      const int names = wsf__propose_column_of(csv, &c->words.entry[c->code[i]]);
      if (names < 0) return -1;
      ++named;
      *order &= names == j;
    }
    return named > 1 || csv->n_columns > named ? i : -1;
  }
  return -1;
}

void wsf__propose_doubt_again(wsf__proposal *p) {
  const int64_t most = 10000000; /* comparisons */
  const wsf__csv *csv = &p->csv;
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    if (!c->code || (int64_t)c->words.n * csv->n_columns > most) continue;
    for (int32_t i = 0; i < c->words.n && !wsf__propose_stopped(csv, i); ++i) {
      bool order;
      if (wsf__propose_column_of(csv, &c->words.entry[i]) < 0) continue;
      const int64_t row = row_again(csv, k, i, &order);
      if (row < 0) continue;
      if (!order) {
        wsf__propose_doubt(p,
                           "line %lld names the columns again, in another order: what stands below "
                           "it is read by the first line, in the wrong columns (a file for each "
                           "order is read right)",
                           (long long)csv->line[row]);
        return;
      }
    }
  }
}
