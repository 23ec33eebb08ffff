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

/* What is called by a whole may be one up to its date: total_cases. */
static bool may_add_up(const char *name) {
  static const char *const word[] = {"total", "tot", "gesamt", "overall", "all", "running"};
  return called_so(name) || wsf__propose_holds_word(name, word, sizeof word / sizeof *word);
}

typedef struct steps {
  int64_t series, rises;
  bool falls;
} steps;

/* One more value of a series, NAN if it is the first. */
static void step(steps *s, double last, double value) {
  s->series += isnan(last);
  s->falls |= value < last;
  s->rises += value > last;
}

/* Those of each series of a long file from row to row; falls: no memory, or too many series. */
static steps steps_of_rows(const wsf__proposal *p, const double *x) {
  enum { SLOTS = 1 << 16 };
  typedef struct last {
    uint64_t key; /* 0: free */
    double value;
  } last;
  const wsf__csv *csv = &p->csv;
  steps s = {0};
  size_t mask = 15;
  while (mask + 1 < 2 * (size_t)csv->rows && mask + 1 < SLOTS) mask = 2 * mask + 1;
  last *slot = wsf__new_zero(&csv->env->alloc, mask + 1, sizeof *slot);
  s.falls = !slot;
  for (int64_t i = 0; i < csv->rows && !s.falls && !wsf__propose_stopped(csv, i); ++i) {
    if (isnan(x[i])) continue;
    const uint64_t hash = wsf__propose_hash(p, i, WSF__PART_KEY, -1);
    size_t at = (size_t)(hash >> 20) & mask;
    while (slot[at].key && slot[at].key != hash) at = (at + 1) & mask;
    step(&s, slot[at].key ? slot[at].value : NAN, x[i]);
    s.falls |= 2 * s.series > (int64_t)mask;
    slot[at] = (last){hash, x[i]};
  }
  wsf__delete(&csv->env->alloc, slot);
  return s;
}

/* Those of the lines of a wide file, or of the columns of a pivot one. */
static steps steps_across(const wsf__proposal *p) {
  const wsf__csv *csv = &p->csv;
  const bool wide = p->layout == WSF__LAYOUT_WIDE;
  const wsf__part part = wide ? WSF__PART_PERIOD : WSF__PART_SERIES;
  steps s = {0};
  for (int64_t i = 0; i < csv->rows && wide && !s.falls && !wsf__propose_stopped(csv, i); ++i) {
    double last = NAN;
    for (int k = 0; k < csv->n_columns && !s.falls; ++k) {
      const double *x = p->column[k].part == part ? csv->column[k].number : NULL;
      if (!x || isnan(x[i])) continue;
      step(&s, last, x[i]);
      last = x[i];
    }
  }
  for (int k = 0; k < csv->n_columns && !wide && !s.falls; ++k) {
    const double *x = p->column[k].part == part ? csv->column[k].number : NULL;
    double last = NAN;
    for (int64_t i = 0; x && i < csv->rows && !s.falls && !wsf__propose_stopped(csv, i); ++i) {
      if (isnan(x[i])) continue;
      step(&s, last, x[i]);
      last = x[i];
    }
  }
  return s;
}

void wsf__propose_doubt_cumulative(wsf__proposal *p) {
  enum { CALLED = 5, OTHER = 20 }; /* steps up of a series */
  const bool table = p->layout == WSF__LAYOUT_LONG;
  const wsf__csv_column *target = NULL;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part == WSF__PART_TARGET) target = &p->csv.column[k];
  }
  if (p->twice > 0 || p->years || (table && (!target || !target->number))) return;
  const steps s = table ? steps_of_rows(p, target->number) : steps_across(p);
  const int64_t least = table && may_add_up(target->name) ? CALLED : OTHER;
  if (s.falls || s.rises == 0 || s.rises < least * s.series) return;
  wsf__propose_doubt(p,
                     "%.40s never falls from one time to the next, as sums up to a date do; if it "
                     "is one, what it adds up is the target, in a column of its own",
                     table                           ? target->name
                     : p->layout == WSF__LAYOUT_WIDE ? "the number of a line"
                                                     : "the number of a column");
}
