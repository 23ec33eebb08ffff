/* Spellings of missing values beside the usual ones. A column whose words are all numbers but for
 * signs that people set where there is no value is one of numbers; the signs are the spellings.
 * As na= replaces the usual spellings, these then count like any other. */
#include "ingest/csv_scan.h"
#include "ingest/propose.h"

#include <string.h>

static const char *const sign[] = {
    "-",    "--",   "---",   "?",       ".",       "..",           "*",           "NA",
    "N/A",  "n/a",  "na",    "#N/A",    "NaN",     "nan",          "null",        "NULL",
    "None", "none", "#REF!", "#VALUE!", "#DIV/0!", "\xe2\x80\x93", "\xe2\x80\x94"};
enum { SIGNS = sizeof sign / sizeof *sign };
_Static_assert((int)SIGNS <= (int)WSF__PROPOSE_NA, "each sign may be found once");

static int find_sign(const wsf__dict_entry *e) {
  for (int i = 0; i < SIGNS; ++i) {
    if (strlen(sign[i]) == (size_t)e->length && memcmp(sign[i], e->text, strlen(sign[i])) == 0) {
      return i;
    }
  }
  return -1;
}

/* Whether the words are numbers but for signs, which are marked; a column of nothing but signs is
 * one of values if it is named like a time. */
static bool spells_missing(const wsf__csv *csv, const wsf__csv_column *c, bool *marked) {
  const wsf__time_style none = {0};
  wsf__time t;
  wsf__time_seen seen = {0};
  bool numbers = wsf__time_read(c->name, strlen(c->name), &none, &t, &seen);
  for (int32_t i = 0; i < c->words.n; ++i) {
    const wsf__dict_entry *e = &c->words.entry[i];
    const int at = find_sign(e);
    if (at >= 0)
      marked[at] = true;
    else if (wsf__scan_kind(csv, e->text, (size_t)e->length) == WSF__CSV_NUMBER)
      numbers = true;
    else
      return false;
  }
  return numbers;
}

bool wsf__propose_missing(wsf__proposal *p) {
  bool found[SIGNS] = {false};
  const int before = p->n_na;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    bool marked[SIGNS] = {false};
    if (!p->csv.column[k].code || !spells_missing(&p->csv, &p->csv.column[k], marked)) continue;
    for (int i = 0; i < SIGNS; ++i) found[i] |= marked[i];
  }
  for (int i = 0; i < SIGNS; ++i) {
    if (found[i] && p->n_na < WSF__PROPOSE_NA) p->na[p->n_na++] = sign[i];
  }
  return p->n_na > before;
}
