/* What is no part of the time, although it could be: hours that a shop is open, days worked in a
 * month. Where the rest of the time and what names the series tell all rows apart, it is a value
 * like others. */
#include "ingest/propose_rows.h"

#include "calendar/time_parts.h"

/* Hours, and days that are counted; the day of a month may stand for its month. */
static bool may_be_spare(const wsf__proposal *p, int k) {
  static const char *const day[] = {"day", "dd", "dom", "mday", "tag", "dia", "jour"};
  const char *name = p->csv.column[k].name;
  if (p->column[k].part != WSF__PART_TIME) return false;
  if (strcmp(p->column[k].type, "time") == 0) return true;
  return wsf__time_unit_called(name) == WSF__UNIT_DAY &&
         !wsf__propose_holds_word(name, day, sizeof day / sizeof *day);
}

/* Words or numbers that could name a series: each stands in several rows, and is no time. */
static bool names_series(wsf__proposal *p, int k) {
  enum { REPEATS = 3 };
  const wsf__csv_column *c = &p->csv.column[k];
  if (p->column[k].part != WSF__PART_PAST || wsf__propose_called(c->name, WSF__CALLED_TIME))
    return false;
  if (REPEATS * p->column[k].distinct > p->csv.rows) return false;
  if (!c->code) return c->number && wsf__propose_key_number(c->name);
  return !wsf__propose_words_of(p, k)->form;
}

void wsf__propose_spare(wsf__proposal *p, wsf__propose_rows *n, bool *set) {
  int spare = -1, times = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    times += p->column[k].part == WSF__PART_TIME;
    if (may_be_spare(p, k)) spare = k;
  }
  if (spare < 0 || times < 2) return;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    set[k] = k != spare && (p->column[k].part == WSF__PART_TIME || names_series(p, k));
  }
  const int64_t apart = wsf__propose_distinct(n, set, -1);
  if (100 * apart < 99 * (n->rows - p->blank_rows)) return;
  if (wsf__propose_distinct(n, set, spare) != apart) return;
  const wsf__csv_column *c = &p->csv.column[spare];
  const bool clock = strcmp(p->column[spare].type, "time") == 0;
  if (clock) p->n_doubts = p->clock_doubts; /* of how its hours are read */
  p->column[spare].part = WSF__PART_PAST;
  p->column[spare].type = c->flag ? "flag" : c->number ? "number" : "words";
  wsf__propose_doubt(p,
                     "%.40s is taken for a value, and no part of the time, as the others tell all "
                     "rows apart without it (time= names it with them all the same)",
                     c->name);
}
