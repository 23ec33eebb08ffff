/* Spellings of missing values beside the usual ones, and cells that hold none. A column whose words
 * are all numbers but for signs that people set where there is no value is one of numbers; the
 * signs are the spellings, unless another column holds them as words of its own. As na= replaces
 * the usual spellings, these then count like any other. A column that is numbers but for a few
 * words is read as one, cell by cell; what stands below the table does not count. */
#include "ingest/csv_scan.h"
#include "ingest/propose.h"

#include <stdio.h>
#include <string.h>

static const char *const sign[] = {"-",
                                   "--",
                                   "---",
                                   "?",
                                   ".",
                                   "..",
                                   "*",
                                   "na",
                                   "n/a",
                                   "n.a.",
                                   "#n/a",
                                   "#na",
                                   "#nv", /* German */
                                   "<1",  /* Google Trends */
                                   "nan",
                                   "null",
                                   "nil",
                                   "none",
                                   "tbd",
                                   "tba",
                                   "closed",
                                   "missing",
                                   "#ref!",
                                   "#value!",
                                   "#div/0!",
                                   "#num!",
                                   "#name?",
                                   "#null!",
                                   "unknown",
                                   "(null)",
                                   "(blank)",
                                   "k.a.",
                                   "\xe2\x80\x93",
                                   "\xe2\x80\x94",
                                   "\\n", /* \N of MySQL and PostgreSQL */
                                   ":"};
enum { SIGNS = sizeof sign / sizeof *sign, RARE = 10, RARER = 50, MANY = 64 };

static bool is_sign(const wsf__dict_entry *entry) {
  wsf__dict_entry cut = *entry, *const e = &cut; /* without blanks around it */
  while (e->length > 0 && e->text[0] == ' ') ++e->text, --e->length;
  while (e->length > 0 && e->text[e->length - 1] == ' ') --e->length;
  /* Eurostat's ": c", none that is told. */
  if (e->text[0] == ':' && e->length < 5 &&
      strspn(e->text + 1, " abcdefghijklmnopqrstuvwxyz") == (size_t)e->length - 1) {
    return true;
  }
  for (int i = 0; i < SIGNS; ++i) {
    const size_t n = strlen(sign[i]);
    size_t same = 0;
    if (n != (size_t)e->length) continue;
    while (same < n) {
      const char c = e->text[same];
      if ((c >= 'A' && c <= 'Z' ? (char)(c + 32) : c) != sign[i][same]) break;
      ++same;
    }
    if (same == n) return true;
  }
  return false;
}

static bool is_number(const wsf__csv *csv, const wsf__dict_entry *e) {
  return wsf__scan_kind(csv, e->text, (size_t)e->length) == WSF__CSV_NUMBER;
}

static bool has_digit(const wsf__dict_entry *e) {
  for (int32_t i = 0; i < e->length; ++i) {
    if (e->text[i] >= '0' && e->text[i] <= '9') return true;
  }
  return false;
}

typedef struct words {
  int32_t numbers, signs, other; /* different ones */
  bool digits;                   /* in another */
} words;

/* Of the words in the first `rows` rows; words stand in the order of their first. */
static words look_at(const wsf__csv *csv, const wsf__csv_column *c, int64_t rows) {
  words w = {0};
  int32_t n = rows < csv->rows ? 0 : c->words.n;
  for (int64_t i = 0; rows < csv->rows && i < rows; ++i) n = c->code[i] >= n ? c->code[i] + 1 : n;
  for (int32_t i = 0; i < n; ++i) {
    const wsf__dict_entry *e = &c->words.entry[i];
    if (is_sign(e)) {
      ++w.signs;
    } else if (is_number(csv, e)) {
      ++w.numbers;
    } else {
      ++w.other;
      w.digits |= has_digit(e);
      if (w.other > w.numbers + MANY) return w; /* words of their own */
    }
  }
  return w;
}

/* Whether a column is numbers: at most one row in ten is a word; one in fifty where words have
 * digits, as codes have, unless it can hardly be anything else. */
static bool mostly_numbers(const wsf__csv *csv, const wsf__csv_column *c, const words *w,
                           int64_t rows, bool values) {
  int64_t other = 0, n = 0;
  if (w->numbers == 0) return false;
  if (w->other == 0) return true;
  if (w->other > w->numbers) return false;
  for (int64_t i = 0; i < rows; ++i) {
    if (c->code[i] < 0) continue;
    const wsf__dict_entry *e = &c->words.entry[c->code[i]];
    ++n;
    other += !is_sign(e) && !is_number(csv, e);
  }
  if (values && other == 1 && n > 2) return true;
  return other * (w->digits && !values ? RARER : RARE) <= n;
}

/* A column of nothing but signs is one of values if it is named like a time. */
static bool named_like_time(const wsf__csv_column *c) {
  const wsf__time_style none = {0};
  wsf__time t;
  wsf__time_seen seen = {0};
  return wsf__time_read(c->name, strlen(c->name), &none, &t, &seen);
}

/* Whether a column of other words has this one as well. */
static bool is_word(const wsf__csv *csv, const bool *values, const wsf__dict_entry *e) {
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    if (!c->code || values[k]) continue;
    if (wsf__dict_find(&c->words, e->text, (size_t)e->length, e->head) >= 0) return true;
  }
  return false;
}

static bool add_word(wsf__proposal *p, const char *word) {
  for (int i = 0; i < p->n_na; ++i) {
    if (strcmp(p->na[i], word) == 0) return true;
  }
  if (p->n_na == WSF__PROPOSE_NA || strlen(word) >= WSF__PROPOSE_NA_BYTES) return false;
  char *text = p->na_text[p->n_na];
  (void)snprintf(text, WSF__PROPOSE_NA_BYTES, "%s", word);
  p->na[p->n_na++] = text;
  return true;
}

bool wsf__propose_add_missing(wsf__proposal *p, const char *word) {
  const int before = p->n_na;
  bool added = true; /* beside the usual ones, which na= replaces */
  for (int i = 0; i < p->csv.n_na && before == 0; ++i) added &= add_word(p, p->csv.na[i]);
  if (added && add_word(p, word)) return true;
  p->n_na = before;
  return false;
}

/* The columns of words that are numbers, but for signs and a few words; how many. */
static int find_values(const wsf__proposal *p, bool *values, int64_t rows, bool none) {
  const wsf__csv *csv = &p->csv;
  int found = 0;
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    if (!c->code || p->cells[k] || (p->codes[k] && !none)) continue;
    const words w = look_at(csv, c, rows);
    const bool period = named_like_time(c);
    const bool signs = w.signs > 0 && w.numbers + w.other == 0 && period;
    const bool code = w.other > 0 && wsf__propose_called(c->name, WSF__CALLED_KEY);
    const bool value = none || period || wsf__propose_called(c->name, WSF__CALLED_TARGET);
    const bool flagged = period && w.numbers > 0 && w.numbers >= w.other; /* 4.5 p of Eurostat */
    values[k] = signs || flagged || (!code && mostly_numbers(csv, c, &w, rows, value));
    found += values[k];
  }
  return found;
}

/* Whether some column holds nothing but numbers. */
static bool any_numbers(const wsf__csv *csv) {
  bool any = false;
  for (int k = 0; k < csv->n_columns; ++k) any |= csv->column[k].number && !csv->column[k].flag;
  return any;
}

bool wsf__propose_missing(wsf__proposal *p) {
  const wsf__csv *csv = &p->csv;
  const int before = p->n_na;
  bool cells = false;
  bool *values = wsf__arena_zero(&p->csv.arena, (size_t)csv->n_columns, sizeof *values);
  if (!values) return false;
  const int64_t rows = csv->rows - wsf__propose_footers(p);
  if (find_values(p, values, rows, false) == 0 && !any_numbers(csv)) {
    (void)find_values(p, values, rows, true);
  }
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    for (int32_t i = 0; values[k] && i < c->words.n && !wsf__propose_stopped(&p->csv, i); ++i) {
      const wsf__dict_entry *e = &c->words.entry[i];
      if (is_sign(e) && !is_word(csv, values, e)) (void)add_word(p, e->text);
    }
  }
  if (p->n_na > before) return true;
  /* Every sign is known now, and what is left are words: not sooner, as na= lets usual ones go. */
  for (int k = 0; k < csv->n_columns; ++k) {
    if (!values[k]) continue;
    p->cells[k] = true;
    cells = true;
  }
  return cells;
}
