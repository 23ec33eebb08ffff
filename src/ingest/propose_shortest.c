/* Years, quarters and months of the same values in one column, 1988, 1988 Q1, 1988 JAN, as
 * statistical offices write them one below the other: the shortest of them are read, by their
 * format, and the others are left out. */
#include "ingest/propose.h"

#include <string.h>

typedef enum length { YEARS, QUARTERS, MONTHS, LENGTHS } length;
enum { WRITTEN = 4 };
static const char *const format[WRITTEN][LENGTHS] = {{"%Y", "%Y Q%q", "%Y %b"},
                                                     {"%Y", "%Y-Q%q", "%Y-%m"},
                                                     {"%Y", "%YQ%q", "%YM%m"},
                                                     {"%Y", "Q%q-%Y", "%b-%Y"}}; /* OECD's */

/* LENGTHS: it is none of them. */
static length length_of(const wsf__dict_entry *e, int written, wsf__time *t) {
  length is = YEARS;
  for (; is < LENGTHS; ++is) {
    const wsf__time_style style = {.format = format[written][is]};
    if (wsf__time_format_read(&style, e->text, (size_t)e->length, t)) break;
  }
  return is;
}

/* The shortest length that stands beside years; LENGTHS: there is none, or it is not most of them.
 */
static length shortest_of(const wsf__csv_column *c, int written, int32_t count[LENGTHS]) {
  wsf__time t;
  memset(count, 0, LENGTHS * sizeof *count);
  for (int32_t i = 0; i < c->words.n; ++i) {
    const length is = length_of(&c->words.entry[i], written, &t);
    if (is == LENGTHS) return LENGTHS;
    ++count[is];
  }
  const length is = count[MONTHS] > 0 ? MONTHS : QUARTERS;
  return count[YEARS] > 0 && 2 * count[is] >= c->words.n ? is : LENGTHS;
}

bool wsf__propose_shortest(wsf__proposal *p, int k) {
  const wsf__csv_column *c = &p->csv.column[k];
  wsf__propose_words *w = &p->words[k];
  int32_t count[LENGTHS] = {0};
  if (!c->code || !wsf__propose_words_of(p, k)->is) return false;
  length shortest = LENGTHS;
  int written = -1;
  while (shortest == LENGTHS && ++written < WRITTEN) shortest = shortest_of(c, written, count);
  if (shortest == LENGTHS) return false;
  for (int32_t i = 0; i < c->words.n && !wsf__propose_stopped(&p->csv, i); ++i) {
    wsf__time t;
    const bool is = length_of(&c->words.entry[i], written, &t) == shortest;
    w->is[i] = is ? WSF__WORD_TIME | WSF__WORD_LIKE : WSF__WORD_TOTAL;
    w->time[i] = is ? t.value : INT64_MIN;
  }
  w->n = c->words.n;
  w->form = WSF__FORM_DATE;
  w->settled = true;
  p->dateformat = format[written][shortest];
  wsf__propose_doubt(p,
                     "%.40s holds years%s beside %s, which are read; the others are left out "
                     "(dateformat= says which)",
                     c->name, shortest == MONTHS && count[QUARTERS] > 0 ? " and quarters" : "",
                     shortest == MONTHS ? "months" : "quarters");
  return true;
}
