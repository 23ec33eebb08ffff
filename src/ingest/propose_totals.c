/* Totals among the series of an unknown file. A label that says so is left out where its numbers
 * are the sums of the others at nearly all times, as far as rounding goes; where they are not, it
 * stays and is a doubt. Rows are grouped by everything that names them but the key of that label.
 */
#include "ingest/propose.h"

#include <math.h>
#include <string.h>

enum { MOST_ROWS = 2000000, MOST_COLUMNS = 24 };

bool wsf__propose_total_word(const char *text) {
  static const char *const total[] = {
      "total", "grand total", "totals",    "all",    "sum",    "overall", "gesamt",
      "summe", "gesamtsumme", "insgesamt", "totale", "totaal", "totaux",  "total general"};
  for (size_t i = 0; i < sizeof total / sizeof *total; ++i) {
    size_t n = 0;
    while (total[i][n] && (text[n] | 32) == total[i][n]) ++n;
    if (!total[i][n] && !text[n]) return true;
  }
  return false;
}

typedef struct group {
  uint64_t key; /* 0: free */
  double others, total;
  bool adds, has; /* others, a total */
} group;

typedef struct sums {
  wsf__proposal *p;
  int key;                /* the column of the label */
  int32_t label;          /* its code */
  int64_t rows, labelled; /* labelled: with a value and a time */
  group *slot;            /* [mask + 1] */
  size_t mask;
  int64_t groups, equal; /* that have both; and where they are equal */
} sums;

/* Rows without a time are of no series. */
static bool is_timed(const wsf__proposal *p, int64_t row) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (p->column[k].part != WSF__PART_TIME) continue;
    if (c->code ? c->code[row] < 0 : isnan(c->number[row])) return false;
  }
  return true;
}

static group *group_of(const sums *s, int64_t row) {
  const wsf__proposal *p = s->p;
  uint64_t hash = 1;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__part part = p->column[k].part;
    if (k == s->key || (part != WSF__PART_KEY && part != WSF__PART_TIME)) continue;
    hash = wsf__propose_mix(hash, wsf__propose_value(&p->csv.column[k], row) + (uint64_t)k);
  }
  hash |= 1;
  size_t at = (size_t)(hash >> 20) & s->mask;
  while (s->slot[at].key && s->slot[at].key != hash) at = (at + 1) & s->mask;
  s->slot[at].key = hash;
  return &s->slot[at];
}

static void add_column(sums *s, const wsf__csv_column *value) {
  const double rounding = 1e-3;
  const wsf__csv *csv = &s->p->csv;
  const int32_t *code = csv->column[s->key].code;
  memset(s->slot, 0, (s->mask + 1) * sizeof *s->slot);
  for (int64_t i = 0; i < s->rows && !wsf__propose_stopped(csv, i); ++i) {
    if (code[i] < 0 || isnan(value->number[i]) || !is_timed(s->p, i)) continue;
    group *g = group_of(s, i);
    if (code[i] == s->label) {
      ++s->labelled;
      g->total += value->number[i];
      g->has = true;
    } else {
      g->others += value->number[i];
      g->adds = true;
    }
  }
  for (size_t i = 0; i <= s->mask; ++i) {
    const group *g = &s->slot[i];
    if (!g->has || !g->adds) continue;
    ++s->groups;
    s->equal += fabs(g->total - g->others) <= rounding * fabs(g->others);
  }
}

/* Whether the label has numbers, and whether they are sums. */
static bool has_numbers(wsf__proposal *p, int key, int32_t label, bool *sums_up) {
  const wsf__alloc *alloc = &p->csv.env->alloc;
  sums s = {.p = p, .key = key, .label = label, .rows = p->csv.rows};
  size_t slots = 16;
  int columns = 0;
  if (s.rows > MOST_ROWS) s.rows = MOST_ROWS;
  while (slots < 2 * (size_t)s.rows) slots *= 2;
  s.mask = slots - 1;
  s.slot = wsf__new(alloc, slots, sizeof *s.slot);
  for (int k = 0; s.slot && k < p->csv.n_columns && columns < MOST_COLUMNS; ++k) {
    const wsf__part part = p->column[k].part;
    if (part != WSF__PART_TARGET && part != WSF__PART_PERIOD && part != WSF__PART_SERIES) continue;
    add_column(&s, &p->csv.column[k]);
    ++columns;
  }
  wsf__delete(alloc, s.slot);
  *sums_up = s.groups > 1 && 10 * s.equal >= 9 * s.groups;
  return s.labelled > 0;
}

void wsf__propose_totals(wsf__proposal *p) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (p->column[k].part != WSF__PART_KEY || !c->code) continue;
    for (int32_t i = 0; i < c->words.n; ++i) {
      const char *label = c->words.entry[i].text;
      bool sums_up;
      if (!wsf__propose_total_word(label) || !has_numbers(p, k, i, &sums_up)) continue;
      if (p->n_totals < WSF__PROPOSE_TOTALS && sums_up) {
        p->total[p->n_totals++] = (wsf__propose_sum){k, label};
        wsf__propose_doubt(p,
                           "%.40s of %.40s is the sum of the others and is left out (select "
                           "without=)",
                           label, c->name);
      } else {
        wsf__propose_doubt(p,
                           "%.40s of %.40s is called like a sum of others, but is none by its "
                           "numbers; it stays a series (select(without=[..]) leaves it out)",
                           label, c->name);
      }
    }
  }
}
