/* Columns that add up what others hold: a sum of the year to date, a meter's reading beside what it
 * counted. What they add up is forecast, not they. */
#include "ingest/propose.h"

#include <math.h>

static bool called_so(const char *name) {
  static const char *const word[] = {
      "ytd", "mtd",       "qtd",       "cum",    "cumul",  "cumulated", "cumulative", "cumulatief",
      "kum", "kumuliert", "kumulativ", "cumule", "cumsum", "acumulado", "odometer"};
  return wsf__propose_holds_word(name, word, sizeof word / sizeof *word);
}

bool wsf__propose_rises(const wsf__csv *csv, const double *x) {
  bool any = false;
  for (int64_t i = 1; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    if (x[i] < x[i - 1]) return false;
    any |= x[i] > x[i - 1];
  }
  return any;
}

/* Whether one column's steps from row to row are the values of the other, but for rounding, in the
 * row that they lead to or in the one before. */
static bool steps_are(const wsf__csv *csv, const double *sum, const double *value, bool behind) {
  enum { LEAST = 8 };
  const double slack = 0.02;
  double apart = 0, all = 0;
  int64_t n = 0;
  for (int64_t i = 1; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    const double step = sum[i] - sum[i - 1], x = value[behind ? i - 1 : i];
    if (isnan(step) || isnan(x)) continue;
    apart += fabs(step - x);
    all += fabs(x);
    ++n;
  }
  return n >= LEAST && all > 0 && apart <= slack * all;
}

bool wsf__propose_cumulative(const wsf__csv *csv, const wsf__csv_column *c) {
  if (called_so(c->name)) return true;
  if (!wsf__propose_rises(csv, c->number)) return false;
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *other = &csv->column[k];
    if (other == c || !other->number || other->flag) continue;
    if (steps_are(csv, c->number, other->number, false)) return true;
    if (steps_are(csv, c->number, other->number, true)) return true;
  }
  return false;
}
