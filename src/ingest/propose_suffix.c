/* What stands behind the numbers of an unknown file and is none of their value: flags of
 * statistical offices, as in 134.6 p, 134.6(e), 134.6*, and units, as in 12 kg. Flags are small
 * letters, one or two, or signs, and differ from number to number; a unit is one for the whole
 * column. Words that multiply or turn the sign, 1.5K, 12 Mio, 12 CR, are neither: a number without
 * them is another one. */
#include "ingest/csv_scan.h"
#include "ingest/propose.h"

#include "calendar/time_parts.h"

#include <stdio.h>
#include <string.h>

const char *wsf__propose_suffix(const wsf__csv *csv, const char *text, size_t length) {
  size_t n = length;
  while (n > 0 && (text[n - 1] < '0' || text[n - 1] > '9')) --n;
  if (n == 0 || n == length) return NULL;
  if (wsf__scan_kind(csv, text, n) != WSF__CSV_NUMBER) return NULL;
  if (wsf__scan_kind(csv, text, length) == WSF__CSV_NUMBER) return NULL;
  while (text[n] == ' ') ++n;
  return text + n;
}

static bool multiplies(const char *text, size_t n) {
  static const char *const word[] = {"k",   "m",   "g",    "t",       "mm",      "bn",    "mn",
                                     "tn",  "mio", "mrd",  "tsd",     "cr",      "dr",    "th",
                                     "mil", "mln", "mlrd", "million", "billion", "lakh",  "crore",
                                     "tys", "lac", "ths",  "mill",    "mille",   "millio"};
  for (size_t i = 0; i < sizeof word / sizeof *word; ++i) {
    if (strlen(word[i]) < n) continue;
    size_t same = 0;
    while (same < n && (text[same] | 32) == word[i][same]) ++same;
    if (same == n && !word[i][n]) return true;
  }
  return false;
}

static bool small(char c) {
  return c >= 'a' && c <= 'z';
}

/* p, bp, (p), p), *, **, a dagger. */
static bool is_flag(const char *text, size_t n) {
  static const char *const sign[] = {"*", "**", "***", "#", "!", "\xe2\x80\xa0", "\xe2\x80\xa1"};
  for (size_t i = 0; i < sizeof sign / sizeof *sign; ++i) {
    if (strlen(sign[i]) == n && memcmp(sign[i], text, n) == 0) return true;
  }
  if (n > 1 && text[n - 1] == ')') {
    text += *text == '(';
    n -= 1 + (text[-1] == '(');
  }
  return (n == 1 || n == 2) && small(text[0]) && small(text[n - 1]) && !multiplies(text, n);
}

/* kg, pcs, Stk., units. */
static bool is_unit(const char *text, size_t n) {
  const size_t letters = n > 1 && text[n - 1] == '.' ? n - 1 : n;
  for (size_t i = 0; i < letters; ++i) {
    if (!small((char)(text[i] | 32))) return false;
  }
  return letters > 0 && letters + 1 < WSF__PROPOSE_SUFFIX_BYTES && !multiplies(text, letters);
}

typedef struct seen {
  int32_t numbers, fractions, flags, units, other; /* different words; other: with a digit */
  const char *unit;                                /* of all units; NULL: they differ */
} seen;

/* The words of a column, as far as it may be one of numbers. */
static seen look_at(const wsf__csv *csv, const wsf__csv_column *c) {
  enum { WORDS = 64 };
  seen s = {0};
  int32_t names = 0;
  for (int32_t i = 0; i < c->words.n && s.other + names <= s.numbers + s.flags + s.units + WORDS;
       ++i) {
    const wsf__dict_entry *e = &c->words.entry[i];
    const char *behind = wsf__propose_suffix(csv, e->text, (size_t)e->length);
    const size_t n = behind ? strlen(behind) : 0;
    if (!behind && wsf__scan_kind(csv, e->text, (size_t)e->length) == WSF__CSV_NUMBER) {
      ++s.numbers;
      s.fractions += strpbrk(e->text, ".,") != NULL;
    } else if (behind && is_flag(behind, n)) {
      ++s.flags;
    } else if (behind && is_unit(behind, n)) {
      if (s.units++ == 0) s.unit = behind;
      if (s.unit && strcmp(s.unit, behind) != 0) s.unit = NULL;
    } else {
      const bool digit = strpbrk(e->text, "0123456789") != NULL;
      s.other += digit;
      names += !digit;
    }
  }
  return s;
}

static void add_suffix(wsf__proposal *p, const wsf__dict_entry *e, const char *behind) {
  const size_t n = strlen(behind);
  for (int i = 0; i < p->n_suffixes; ++i) {
    if (strcmp(p->suffix[i], behind) == 0) return;
  }
  if (p->n_suffixes == WSF__PROPOSE_SUFFIXES || n >= WSF__PROPOSE_SUFFIX_BYTES) return;
  if (p->n_suffixes == 0) (void)snprintf(p->suffix_shown, sizeof p->suffix_shown, "%.20s", e->text);
  char *text = p->suffix_text[p->n_suffixes];
  memcpy(text, behind, n + 1);
  p->suffix[p->n_suffixes++] = text;
}

/* Whether a column is one of values, by its name or as no other can be. */
static bool may_be_value(wsf__proposal *p, int k, bool numbers) {
  const char *name = p->csv.column[k].name;
  const wsf__time_style none = {0};
  wsf__time t;
  wsf__time_seen bits = {0};
  if (wsf__time_read(name, strlen(name), &none, &t, &bits)) return true;
  if (wsf__propose_called(name, WSF__CALLED_KEY)) return false;
  return !numbers || wsf__propose_called(name, WSF__CALLED_TARGET);
}

bool wsf__propose_suffixes(wsf__proposal *p) {
  const wsf__csv *csv = &p->csv;
  const int before = p->n_suffixes;
  bool numbers = false;
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    numbers |= c->number && !c->flag && !wsf__propose_called(c->name, WSF__CALLED_TIME) &&
               !wsf__propose_key_word(c->name);
  }
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    if (!c->code || p->codes[k] || !c->name[0]) continue;
    const seen s = look_at(csv, c);
    const bool value = may_be_value(p, k, numbers) || (s.numbers >= s.flags && s.fractions > 0);
    const bool flags = s.flags > 0 && s.units == 0;
    const bool unit = s.unit && s.flags == 0 && s.numbers <= s.units / 10;
    if (!value || s.other > 0 || !(flags || unit) || wsf__propose_words_of(p, k)->form) continue;
    for (int32_t i = 0; i < c->words.n && !wsf__propose_stopped(&p->csv, i); ++i) {
      const wsf__dict_entry *e = &c->words.entry[i];
      const char *behind = wsf__propose_suffix(csv, e->text, (size_t)e->length);
      if (behind) add_suffix(p, e, behind);
    }
  }
  return p->n_suffixes > before;
}
