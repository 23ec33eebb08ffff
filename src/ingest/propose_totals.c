/* Totals among the series of an unknown file. A label that says so is left out where its numbers
 * are the sums of the others at nearly all times, as far as rounding goes; where they are not, or
 * where it has values that the others have not, it stays and is a doubt. Rows are grouped by
 * everything that names them but the key of that label.
 */
#include "ingest/propose.h"

#include <math.h>
#include <string.h>

enum { MOST_ROWS = 2000000, MOST_COLUMNS = 24 };

/* A word as it is compared: small letters of ASCII, one blank for several, no colon at its end. */
static void plain_word(char out[48], const char *text) {
  size_t n = 0;
  for (; *text && n + 1 < 48; ++text) {
    const bool blank = *text == ' ' || *text == '\t';
    if (blank && (n == 0 || out[n - 1] == ' ')) continue;
    out[n++] = blank ? ' ' : *text >= 'A' && *text <= 'Z' ? (char)(*text + 32) : *text;
  }
  while (n > 0 && (out[n - 1] == ' ' || out[n - 1] == ':')) --n;
  out[*text ? 0 : n] = '\0';
}

/* Those of spreadsheets' own tables in their languages, and what people write. */
bool wsf__propose_total_word(const char *text) {
  static const char *const total[] = {
      "total",
      "grand total",
      "totals",
      "grand totals",
      "all",
      "sum",
      "overall",
      "subtotal",
      "gesamt",
      "summe",
      "gesamtsumme",
      "insgesamt",
      "gesamtergebnis",
      "totale",
      "totale complessivo",
      "totaal",
      "eindtotaal",
      "totaux",
      "total g\303\251n\303\251ral",
      "total general",
      "total geral",
      "suma ko\305\204cowa",
      "suma",
      "razem",
      "totalsumma",
      "hovedtotal",
      "totalsum",
      "celkov\303\275 sou\304\215et",
      "genel toplam",
      "toplam",
      "yhteens\303\244",
      "v\303\251g\303\266sszeg",
      "\320\230\321\202\320\276\320\263\320\276", /* Itogo, of Russian; itogo */
      "\320\270\321\202\320\276\320\263\320\276",
      "\320\236\320\261\321\211\320\270\320\271 \320\270\321\202\320\276\320\263",
      "\345\220\210\350\250\210", /* Japanese and Chinese, of the whole and of all */
      "\347\267\217\350\250\210",
      "\345\220\210\350\256\241",
      "\346\200\273\350\256\241",
      "\347\270\275\350\250\210",
      "\354\264\235\355\225\251\352\263\204"};
  char word[48];
  plain_word(word, text);
  for (size_t i = 0; i < sizeof total / sizeof *total; ++i) {
    if (strcmp(word, total[i]) == 0) return true;
  }
  return false;
}

typedef struct group {
  uint64_t key; /* 0: free */
  double others, total;
  bool adds, has; /* others, a total */
  bool alone;     /* of this key only */
} group;

typedef struct sums {
  wsf__proposal *p;
  int key;                /* the column of the label */
  int32_t label;          /* its code */
  int64_t rows, labelled; /* labelled: with a value and a time */
  group *slot;            /* [mask + 1] */
  size_t mask;
  int64_t groups, equal; /* that have both, and are not 0; and where they are equal */
  int64_t alone;         /* that only the label has a value of */
} sums;

enum { ENOUGH = 90 }; /* of a hundred, for rounding and slips of the pen */

static bool is_near(double total, double others) {
  const double rounding = 1e-3;
  return fabs(total - others) <= rounding * fabs(others);
}

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

/* Totals of another key: what adds up both is alone. */
static bool is_total_of_other(const sums *s, int64_t row) {
  const wsf__proposal *p = s->p;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (k == s->key || p->column[k].part != WSF__PART_KEY || !c->code || c->code[row] < 0) continue;
    if (wsf__propose_total_word(c->words.entry[c->code[row]].text)) return true;
  }
  return false;
}

static void add_column(sums *s, const wsf__csv_column *value) {
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
      g->alone |= !is_total_of_other(s, i);
    } else {
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

static void settle_label(wsf__proposal *p, int key, int32_t label) {
  const char *text = p->csv.column[key].words.entry[label].text, *name = p->csv.column[key].name;
  sums s = {.p = p, .key = key, .label = label};
  add_up(&s);
  if (s.labelled == 0) return;
  const bool sums_up = s.groups > 1 && 100 * s.equal >= ENOUGH * s.groups;
  if (sums_up && s.alone > 0) {
    wsf__propose_doubt(
        p,
        "%.40s of %.40s is the sum of the others where they have values, and has %lld "
        "of its own where they have none; it stays a series (select(without=[..]) "
        "leaves it out)",
        text, name, (long long)s.alone);
  } else if (sums_up && p->n_totals < WSF__PROPOSE_TOTALS) {
    p->total[p->n_totals++] = (wsf__propose_sum){key, text};
    wsf__propose_doubt(
        p, "%.40s of %.40s is the sum of the others and is left out (select without=)", text, name);
  } else {
    wsf__propose_doubt(p,
                       "%.40s of %.40s is called like a sum of others, but is none by its "
                       "numbers; it stays a series (select(without=[..]) leaves it out)",
                       text, name);
  }
}

void wsf__propose_totals(wsf__proposal *p) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (p->column[k].part != WSF__PART_KEY || !c->code) continue;
    for (int32_t i = 0; i < c->words.n; ++i) {
      if (wsf__propose_total_word(c->words.entry[i].text)) settle_label(p, k, i);
    }
  }
}

bool wsf__propose_sums_columns(const wsf__proposal *p, int k, const bool *others) {
  const wsf__csv *csv = &p->csv;
  int64_t rows = 0, equal = 0;
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    const double total = csv->column[k].number[i];
    double sum = 0;
    for (int j = 0; j < csv->n_columns; ++j) {
      if (j != k && others[j] && !isnan(csv->column[j].number[i])) sum += csv->column[j].number[i];
    }
    if (isnan(total) || (total == 0 && sum == 0)) continue;
    ++rows;
    equal += is_near(total, sum);
  }
  return rows > 1 && 100 * equal >= ENOUGH * rows;
}
