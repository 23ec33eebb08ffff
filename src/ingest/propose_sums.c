/* Sums among the series of an unknown file by what nobody knows for a word of sums: Both sexes,
 * Company, code 99. At each time at which two others or more are not 0, the value is exactly the
 * sum of all others of its key, and this at three times or more. They stay, and are a doubt. Of
 * many rows a part of the times is looked at. */
#include "ingest/propose.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_ROWS = 2000000, SAMPLE = 16384, TIMES = 6, MOST_COLUMNS = 24, LEAST = 3, SHOWN = 3 };

typedef struct group {
  uint64_t key; /* 0: free */
  double sum, size;
  int filled, rows; /* filled: that are not 0 */
} group;

typedef struct label {
  uint64_t value; /* 0: free */
  int64_t row;    /* the first that has it */
  int64_t equal, alone;
  bool other; /* at some time it is no sum */
} label;

typedef struct sums {
  wsf__proposal *p;
  int key;
  int64_t n; /* rows of the sample with a time and all keys */
  const int64_t *row;
  uint64_t *of;  /* [n] their groups, but for the key */
  group *slot;   /* [mask + 1] */
  label *labels; /* [mask + 1] */
  size_t mask;
} sums;

static bool adds_up(double value, double sum, double size) {
  const double rounding = 1e-9; /* of doubles */
  return fabs(2 * value - sum) <= rounding * size;
}

/* One of the sums that are left out by their names. */
static bool is_left_out(const wsf__proposal *p, int64_t row) {
  for (int i = 0; i < p->n_totals; ++i) {
    const int k = p->total[i].column;
    const wsf__csv_column *c = k < p->csv.n_columns ? &p->csv.column[k] : NULL;
    if (c && c->code && c->code[row] >= 0 && c->words.entry[c->code[row]].text == p->total[i].label)
      return true;
  }
  return false;
}

/* Whether a row has a time and all keys, and is no sum that is left out. */
static bool is_placed(const wsf__proposal *p, int64_t row) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (p->column[k].part != WSF__PART_TIME && p->column[k].part != WSF__PART_KEY) continue;
    if (c->code ? c->code[row] < 0 : !c->number || isnan(c->number[row])) return false;
  }
  return !is_left_out(p, row);
}

static group *group_of(const sums *s, uint64_t key) {
  size_t at = (size_t)(key >> 20) & s->mask;
  while (s->slot[at].key && s->slot[at].key != key) at = (at + 1) & s->mask;
  s->slot[at].key = key;
  return &s->slot[at];
}

static label *label_of(const sums *s, int64_t row) {
  const uint64_t value =
      wsf__propose_mix(1, wsf__propose_value(&s->p->csv.column[s->key], row)) | 1;
  size_t at = (size_t)(value >> 20) & s->mask;
  while (s->labels[at].value && s->labels[at].value != value) at = (at + 1) & s->mask;
  label *l = &s->labels[at];
  if (!l->value) *l = (label){.value = value, .row = row};
  return l;
}

static void see_column(const sums *s, const double *x) {
  memset(s->slot, 0, (s->mask + 1) * sizeof *s->slot);
  for (int64_t i = 0; i < s->n; ++i) {
    const double value = x[s->row[i]];
    if (isnan(value)) continue;
    group *g = group_of(s, s->of[i]);
    g->sum += value;
    g->size += fabs(value);
    g->filled += value != 0;
    ++g->rows;
  }
  for (int64_t i = 0; i < s->n; ++i) {
    const double value = x[s->row[i]];
    if (isnan(value)) continue;
    const group *g = group_of(s, s->of[i]);
    label *l = label_of(s, s->row[i]);
    if (g->rows == 1)
      ++l->alone;
    else if (!adds_up(value, g->sum, g->size))
      l->other = true;
    else
      l->equal += g->filled > 2;
  }
}

static bool is_sum(const label *l) {
  return !l->other && l->equal >= LEAST && l->alone <= l->equal;
}

static void doubt_sum(wsf__proposal *p, int key, const char *text, const char *of, int64_t times) {
  char path[64] = "";
  size_t at = 0;
  for (int k = 0; k < key && k < p->csv.n_columns && at + 3 < sizeof path; ++k) {
    if (p->column[k].part != WSF__PART_KEY) continue;
    path[at++] = '*';
    path[at++] = '/';
    path[at] = 0;
  }
  wsf__propose_doubt(p,
                     "%.40s%s%.40s is the sum of all others at each of %lld times, and stays a "
                     "series; if it is none of its own, | select(without=[\"%s%.40s\"]) leaves it "
                     "out",
                     text, of ? " of " : "", of ? of : "", (long long)times, path, text);
}

static void tell_labels(const sums *s) {
  const wsf__csv_column *c = &s->p->csv.column[s->key];
  int shown = 0;
  for (size_t i = 0; i <= s->mask && shown < SHOWN; ++i) {
    const label *l = &s->labels[i];
    char number[32] = "";
    if (!l->value || !is_sum(l)) continue;
    if (c->number) number[wsf__number_format(c->number[l->row], number)] = '\0';
    doubt_sum(s->p, s->key, c->number ? number : c->words.entry[c->code[l->row]].text, c->name,
              l->equal);
    ++shown;
  }
}

/* One time in so many: of all rows no more than the sample, but some times. */
static uint64_t part_of(const wsf__proposal *p, int64_t rows) {
  int64_t times = 1;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part == WSF__PART_TIME && p->column[k].distinct > times)
      times = p->column[k].distinct;
  }
  const int64_t part = rows / SAMPLE < times / TIMES ? rows / SAMPLE : times / TIMES;
  return part > 1 ? (uint64_t)part : 1;
}

/* The rows of the sample, into row[], or counted alone. */
static int64_t take_sample(const wsf__proposal *p, int64_t *row) {
  const int64_t rows = p->csv.rows < MOST_ROWS ? p->csv.rows : MOST_ROWS;
  const uint64_t part = part_of(p, rows);
  int64_t n = 0;
  for (int64_t i = 0; i < rows && !wsf__propose_stopped(&p->csv, i); ++i) {
    if ((wsf__propose_hash(p, i, WSF__PART_TIME, -1) >> 20) % part != 0) continue;
    if (!row)
      ++n;
    else if (is_placed(p, i))
      row[n++] = i;
  }
  return n;
}

static void see_key(sums *s) {
  const wsf__proposal *p = s->p;
  int columns = 0;
  for (int64_t i = 0; i < s->n; ++i) {
    const uint64_t time = wsf__propose_hash(p, s->row[i], WSF__PART_TIME, -1);
    s->of[i] = wsf__propose_mix(time, wsf__propose_hash(p, s->row[i], WSF__PART_KEY, s->key)) | 1;
  }
  memset(s->labels, 0, (s->mask + 1) * sizeof *s->labels);
  for (int k = 0; k < p->csv.n_columns && columns < MOST_COLUMNS; ++k) {
    const wsf__part part = p->column[k].part;
    if (part != WSF__PART_TARGET && part != WSF__PART_PERIOD) continue;
    if (!p->csv.column[k].number || wsf__stopped(p->csv.env)) continue;
    see_column(s, p->csv.column[k].number);
    ++columns;
  }
  tell_labels(s);
}

static void see_keys(wsf__proposal *p) {
  const wsf__alloc *alloc = &p->csv.env->alloc;
  const size_t most = (size_t)take_sample(p, NULL) + 1;
  int64_t *row = wsf__new(alloc, most, sizeof *row);
  sums s = {.p = p, .row = row, .mask = 15};
  while (s.mask + 1 < 2 * most) s.mask = 2 * s.mask + 1;
  s.of = wsf__new(alloc, most, sizeof *s.of);
  s.slot = wsf__new(alloc, s.mask + 1, sizeof *s.slot);
  s.labels = wsf__new(alloc, s.mask + 1, sizeof *s.labels);
  const bool room = row && s.of && s.slot && s.labels;
  if (room) s.n = take_sample(p, row);
  for (s.key = 0; room && s.key < p->csv.n_columns; ++s.key) {
    if (p->column[s.key].part == WSF__PART_KEY) see_key(&s);
  }
  wsf__delete(alloc, row);
  wsf__delete(alloc, s.of);
  wsf__delete(alloc, s.slot);
  wsf__delete(alloc, s.labels);
}

/* ---- columns ------------------------------------------------------------------------------ */

static bool is_series(const wsf__proposal *p, int k) {
  if (p->column[k].part != WSF__PART_SERIES || !p->csv.column[k].number) return false;
  for (int i = 0; i < p->n_totals; ++i) {
    if (p->total[i].label == p->csv.column[k].name) return false;
  }
  return true;
}

/* How often column k is the sum of all other series; 0: in some row it is not. */
static int64_t sum_of_others(const wsf__proposal *p, int k, const group *row) {
  const double *x = p->csv.column[k].number;
  int64_t equal = 0;
  for (int64_t i = 0; i < p->csv.rows && !wsf__propose_stopped(&p->csv, i); ++i) {
    if (isnan(x[i]) || row[i].rows == 1) continue;
    if (!adds_up(x[i], row[i].sum, row[i].size)) return 0;
    equal += row[i].filled > 2;
  }
  return equal;
}

static void see_columns(wsf__proposal *p) {
  group *row = wsf__new_zero(&p->csv.env->alloc, (size_t)p->csv.rows + 1, sizeof *row);
  int shown = 0;
  for (int k = 0; row && k < p->csv.n_columns; ++k) {
    if (!is_series(p, k)) continue;
    const double *x = p->csv.column[k].number;
    for (int64_t i = 0; i < p->csv.rows && !wsf__propose_stopped(&p->csv, i); ++i) {
      if (isnan(x[i])) continue;
      row[i].sum += x[i];
      row[i].size += fabs(x[i]);
      row[i].filled += x[i] != 0;
      ++row[i].rows;
    }
  }
  for (int k = 0; row && k < p->csv.n_columns && shown < SHOWN; ++k) {
    const int64_t times = is_series(p, k) ? sum_of_others(p, k, row) : 0;
    if (times < LEAST) continue;
    doubt_sum(p, p->csv.n_columns, p->csv.column[k].name, NULL, times);
    ++shown;
  }
  wsf__delete(&p->csv.env->alloc, row);
}

void wsf__propose_sums(wsf__proposal *p) {
  if (p->twice > 0) return; /* rows are parts of what is added up */
  if (p->layout == WSF__LAYOUT_PIVOT)
    see_columns(p);
  else
    see_keys(p);
}
