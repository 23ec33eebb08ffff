/* Totals among the series of an unknown file. A label that says so is left out where its numbers
 * are the sums of the others at nearly all times, as far as rounding goes; where they are not, or
 * where it has values that the others have not, it stays and is a doubt. Rows are grouped by
 * everything that names them but the key of that label.
 */
#include "ingest/propose.h"

#include <math.h>
#include <string.h>

enum { MOST_ROWS = 2000000, MOST_COLUMNS = 24 };

typedef struct group {
  uint64_t key; /* 0: free */
  double others, total;
  bool adds, has; /* others, a total */
  bool alone;     /* of this key only */
} group;

typedef struct sums {
  wsf__proposal *p;
  int key;                /* the column of the label */
  int of;                 /* which others */
  const bool *adds;       /* by label: those that it may be the sum of */
  int32_t label;          /* its code */
  int64_t rows, labelled; /* labelled: with a value and a time */
  group *slot;            /* [mask + 1] */
  size_t mask;
  int64_t groups, equal; /* that have both, and are not 0; and where they are equal */
  int64_t alone;         /* that only the label has a value of */
  bool elsewhere;        /* OF_ROWS: the label stands in rows that are total by this key alone */
} sums;

enum { ENOUGH = 90 }; /* of a hundred, for rounding and slips of the pen */

static bool is_near(double total, double others) {
  const double rounding = 1e-3;
  return fabs(total - others) <= rounding * fabs(others);
}

/* Rows without a time or a key are of no series. */
static bool is_placed(const wsf__proposal *p, int64_t row) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (p->column[k].part != WSF__PART_TIME && p->column[k].part != WSF__PART_KEY) continue;
    if (c->code ? c->code[row] < 0 : isnan(c->number[row])) return false;
  }
  return true;
}

/* What a label may be the sum of: of all that are no totals, of those between it and the total
 * before it, as a table with subtotals has them, of East Total, of all whose labels begin with
 * East, and of a row that is total by every key, of all rows that are so by none. */
enum { OF_ALL, OF_RUN, OF_NAME, OF_ROWS, KINDS };

static group *group_of(const sums *s, int64_t row) {
  const wsf__proposal *p = s->p;
  uint64_t hash = 1;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const bool key = p->column[k].part == WSF__PART_KEY && s->of != OF_ROWS;
    if (k == s->key || (!key && p->column[k].part != WSF__PART_TIME)) continue;
    hash = wsf__propose_mix(hash, wsf__propose_value(&p->csv.column[k], row) + (uint64_t)k);
  }
  hash |= 1;
  size_t at = (size_t)(hash >> 20) & s->mask;
  while (s->slot[at].key && s->slot[at].key != hash) at = (at + 1) & s->mask;
  s->slot[at].key = hash;
  return &s->slot[at];
}

/* Other keys of whose labels this row's is a total: what adds up both is alone. keys: all of them.
 */
static int totals_of_others(const sums *s, int64_t row, int *keys) {
  const wsf__proposal *p = s->p;
  int totals = 0;
  *keys = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (k == s->key || p->column[k].part != WSF__PART_KEY) continue;
    ++*keys;
    if (c->code && c->code[row] >= 0) totals += wsf__propose_totals_of(s->p, k)[c->code[row]] != 0;
  }
  return totals;
}

static void add_column(sums *s, const wsf__csv_column *value) {
  const wsf__csv *csv = &s->p->csv;
  const int32_t *code = csv->column[s->key].code;
  memset(s->slot, 0, (s->mask + 1) * sizeof *s->slot);
  for (int64_t i = 0; i < s->rows && !wsf__propose_stopped(csv, i); ++i) {
    if (isnan(value->number[i]) || !is_placed(s->p, i)) continue;
    int keys;
    const int totals = totals_of_others(s, i, &keys);
    const bool rows = s->of == OF_ROWS;
    group *g = group_of(s, i);
    if (code[i] == s->label) {
      ++s->labelled;
      s->elsewhere |= rows && totals < keys;
      g->total += value->number[i];
      g->has = true;
      g->alone |= totals == 0;
    } else if (s->adds[code[i]] && (!rows || totals == 0)) {
      g->others += value->number[i];
      g->adds = true;
    }
  }
  for (size_t i = 0; i <= s->mask; ++i) {
    const group *g = &s->slot[i];
    if (!g->has || (g->total == 0 && g->others == 0)) continue;
    s->alone += g->alone && !g->adds;
    if (!g->adds) continue;
    ++s->groups;
    s->equal += is_near(g->total, g->others);
  }
}

/* What the numbers of the label are to the others. */
static void add_up(sums *s) {
  const wsf__proposal *p = s->p;
  const wsf__alloc *alloc = &p->csv.env->alloc;
  size_t slots = 16;
  int columns = 0;
  s->rows = p->csv.rows < MOST_ROWS ? p->csv.rows : MOST_ROWS;
  while (slots < 2 * (size_t)s->rows) slots *= 2;
  s->mask = slots - 1;
  s->slot = wsf__new(alloc, slots, sizeof *s->slot);
  for (int k = 0; s->slot && k < p->csv.n_columns && columns < MOST_COLUMNS; ++k) {
    const wsf__part part = p->column[k].part;
    if (part != WSF__PART_TARGET && part != WSF__PART_PERIOD && part != WSF__PART_SERIES) continue;
    add_column(s, &p->csv.column[k]);
    ++columns;
  }
  wsf__delete(alloc, s->slot);
}

static void choose(bool *adds, const wsf__proposal *p, const sums *s, const uint8_t *total,
                   int of) {
  const wsf__dict *words = &p->csv.column[s->key].words;
  const wsf__dict_entry *e = &words->entry[s->label];
  char rest[WSF__TOTAL_BYTES];
  int32_t from = s->label;
  (void)wsf__propose_total(e->text, (size_t)e->length, rest);
  while (from > 0 && !total[from - 1]) --from;
  for (int32_t i = 0; i < words->n; ++i) {
    const wsf__dict_entry *other = &words->entry[i];
    adds[i] = i != s->label && !total[i] &&
              (of == OF_ALL || of == OF_ROWS || (of == OF_RUN && i >= from && i < s->label) ||
               (of == OF_NAME && wsf__propose_begins(other->text, (size_t)other->length, rest)));
  }
}

static bool sums_up(const sums *s) {
  return s->groups > 1 && !s->elsewhere && 100 * s->equal >= ENOUGH * s->groups;
}

/* Where a label stands beside no other, nothing tells that it is a total. */
static void settle_label(wsf__proposal *p, int key, int32_t label, const uint8_t *total,
                         bool *adds) {
  const char *text = p->csv.column[key].words.entry[label].text, *name = p->csv.column[key].name;
  sums s;
  for (int of = OF_ALL; of < KINDS; ++of) {
    s = (sums){.p = p, .key = key, .label = label, .of = of, .adds = adds};
    choose(adds, p, &s, total, of);
    add_up(&s);
    if (s.labelled == 0) return;
    if (sums_up(&s)) break;
  }
  if (sums_up(&s) && s.alone > 0) {
    wsf__propose_doubt(
        p,
        "%.40s of %.40s is the sum of the others where they have values, and has %lld "
        "of its own where they have none; it stays a series (select(without=[..]) "
        "leaves it out)",
        text, name, (long long)s.alone);
  } else if (sums_up(&s) && p->n_totals < WSF__PROPOSE_TOTALS) {
    p->total[p->n_totals++] = (wsf__propose_sum){key, text};
    wsf__propose_doubt(p, "%.40s of %.40s is the sum of %s and is left out (select without=)", text,
                       name, s.of == OF_ALL || s.of == OF_ROWS ? "the others" : "others");
  } else if (total[label] == WSF__TOTAL_WHOLE) {
    wsf__propose_doubt(p,
                       "%.40s of %.40s is called like a sum of others, but is none by its "
                       "numbers; it stays a series (select(without=[..]) leaves it out)",
                       text, name);
  }
}

const uint8_t *wsf__propose_totals_of(wsf__proposal *p, int k) {
  static const uint8_t nothing[1] = {0};
  const wsf__dict *words = &p->csv.column[k].words;
  uint8_t *total = p->column[k].total;
  if (total || words->n == 0) return total ? total : nothing;
  total = wsf__arena_new(&p->csv.arena, (size_t)words->n, sizeof *total);
  if (!total) return NULL;
  for (int32_t i = 0; i < words->n; ++i) {
    const wsf__dict_entry *e = &words->entry[i];
    total[i] = (uint8_t)wsf__propose_total(e->text, (size_t)e->length, NULL);
  }
  return p->column[k].total = total;
}

void wsf__propose_totals(wsf__proposal *p) {
  const int64_t most = 20000000; /* rows to look at for names that only hold such a word */
  int64_t looked = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (p->column[k].part != WSF__PART_KEY || !c->code) continue;
    const uint8_t *total = wsf__propose_totals_of(p, k);
    bool *adds = wsf__arena_new(&p->csv.arena, (size_t)c->words.n + 1, sizeof *adds);
    for (int32_t i = 0; total && adds && i < c->words.n && !wsf__propose_stopped(&p->csv, i); ++i) {
      if (!total[i] || (total[i] != WSF__TOTAL_WHOLE && looked > most)) continue;
      settle_label(p, k, i, total, adds);
      looked += KINDS * p->csv.rows;
    }
  }
}

/* Whether column k is the sum of others from one on, row by row. */
static bool sums_from(const wsf__proposal *p, int k, const bool *others, int from, int below) {
  const wsf__csv *csv = &p->csv;
  int64_t rows = 0, equal = 0;
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    const double total = csv->column[k].number[i];
    double sum = 0;
    for (int j = from; j < below; ++j) {
      if (j != k && others[j] && !isnan(csv->column[j].number[i])) sum += csv->column[j].number[i];
    }
    if (isnan(total) || (total == 0 && sum == 0)) continue;
    ++rows;
    equal += is_near(total, sum);
  }
  return rows > 1 && 100 * equal >= ENOUGH * rows;
}

bool wsf__propose_sums_columns(const wsf__proposal *p, int k, const bool *others) {
  int from = k;
  while (from > 0 && !wsf__propose_total_name(p->csv.column[from - 1].name)) --from;
  return sums_from(p, k, others, 0, p->csv.n_columns) || sums_from(p, k, others, from, k);
}
