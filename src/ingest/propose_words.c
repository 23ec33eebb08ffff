/* The words of an unknown file's columns as times. Each different word of a column is read once,
 * and whoever asks whether the column is one of times, which rows have none, or what stands below
 * the table looks at what was found then. A column of which too many words are no times is left as
 * soon as that is sure: names of products soon show that they are none. */
#include "ingest/propose.h"

#include "calendar/time_parts.h"

#include <math.h>
#include <string.h>

enum { FOOTERS = 3 };

/* Means and sums of a year among its parts; M13 of the Bureau of Labor Statistics is the mean. */
static bool sums_up_year(const char *text, size_t length) {
  static const char *const words[] = {
      "average",    "avg",    "avg.",         "ave",     "mean",     "annual",         "annual avg",
      "year",       "jahr",   "full year",    "fy",      "ytd",      "annual average", "m13",
      "mittelwert", "mittel", "durchschnitt", "moyenne", "promedio", "media"};
  for (size_t i = 0; i < sizeof words / sizeof *words; ++i) {
    size_t at = 0;
    if (strlen(words[i]) != length) continue;
    while (at < length && (text[at] | 32) == (words[i][at] | 32)) ++at;
    if (at == length) return true;
  }
  return false;
}

bool wsf__propose_no_part(const char *text, size_t length) {
  return wsf__propose_total(text, length, NULL) || sums_up_year(text, length);
}

/* A total or the like, or a name of the header, which stands in the midst again. */
static bool is_no_time(const wsf__csv *csv, const wsf__dict_entry *e) {
  return wsf__propose_no_part(e->text, (size_t)e->length) || wsf__propose_column_of(csv, e) >= 0;
}

/* Nearly all words, totals left out, and so many of the last that were found below the table. */
bool wsf__propose_nearly_all(const wsf__csv *csv, const wsf__csv_column *c, int32_t good,
                             int32_t below) {
  int32_t n = 0;
  if (good <= below) return false;
  for (int32_t i = 0; i < c->words.n - below && !wsf__propose_stopped(csv, i); ++i) {
    n += !is_no_time(csv, &c->words.entry[i]);
  }
  return good >= n - n / 20;
}

/* Each word under no style; what all of them show is added up. False: they are no times. */
static bool read_plain(wsf__propose_words *w, const wsf__csv *csv, const wsf__csv_column *c,
                       wsf__time_seen *seen) {
  const wsf__time_style none = {0};
  const int32_t most = c->words.n / 20 + FOOTERS;
  int32_t other = 0;
  for (w->n = 0; w->n < c->words.n && other <= most && !wsf__propose_stopped(csv, w->n); ++w->n) {
    const wsf__dict_entry *e = &c->words.entry[w->n];
    wsf__time_seen one = {0};
    wsf__time t;
    const bool time = wsf__time_read(e->text, (size_t)e->length, &none, &t, &one);
    const bool total = is_no_time(csv, e);
    wsf__time_seen_add(seen, &one);
    w->is[w->n] = (uint8_t)((time ? WSF__WORD_TIME : 0) | (total ? WSF__WORD_TOTAL : 0) |
                            (time || one.bits ? WSF__WORD_LIKE : 0));
    w->time[w->n] = time ? t.value : INT64_MIN;
    if (time && w->form != WSF__FORM_TIME) w->form = t.form;
    other += !time && !one.bits && !total;
  }
  return other <= most;
}

/* The same under the style that they settled, where that reads them otherwise. */
static void read_settled(wsf__propose_words *w, const wsf__csv *csv, const wsf__csv_column *c) {
  const wsf__time_style *style = &w->style;
  if (style->order != WSF__DAY_FIRST && style->whole <= WSF__WHOLE_NUMBERS && !style->years) return;
  w->form = 0;
  for (int32_t i = 0; i < w->n && !wsf__propose_stopped(csv, i); ++i) {
    const wsf__dict_entry *e = &c->words.entry[i];
    wsf__time_seen one = {0};
    wsf__time t;
    const bool time = wsf__time_read(e->text, (size_t)e->length, style, &t, &one);
    w->is[i] = (uint8_t)((w->is[i] & ~WSF__WORD_TIME) | (time ? WSF__WORD_TIME : 0));
    w->time[i] = time ? t.value : INT64_MIN;
    if (time && w->form != WSF__FORM_TIME) w->form = t.form;
  }
}

const wsf__propose_words *wsf__propose_words_of(wsf__proposal *p, int k) {
  const wsf__csv_column *c = &p->csv.column[k];
  wsf__propose_words *w = &p->words[k];
  wsf__time_seen seen = {0};
  if (w->is || !c->code) return w;
  w->is = wsf__arena_new(&p->csv.arena, (size_t)c->words.n + 1, sizeof *w->is);
  w->time = wsf__arena_new(&p->csv.arena, (size_t)c->words.n + 1, sizeof *w->time);
  if (!w->is || !w->time) return w;
  const bool times = read_plain(w, &p->csv, c, &seen);
  w->settled = wsf__time_settle(&w->style, &p->csv.given_time, &seen);
  if (times) read_settled(w, &p->csv, c);
  int32_t good = 0, below = 0;
  for (int32_t i = 0; i < w->n; ++i) {
    const bool time = w->is[i] & WSF__WORD_TIME;
    good += time;
    below = time ? 0 : below + 1;
  }
  if (below > FOOTERS) below = 0;
  const bool called =
      wsf__propose_called(c->name, WSF__CALLED_TIME) || wsf__time_unit_called(c->name);
  const bool month_year = seen.bits & WSF__SEEN_MONTH_YEAR;
  if (!times || !wsf__propose_nearly_all(&p->csv, c, good, below) || w->form == WSF__FORM_INTEGER ||
      (month_year && !called)) { /* sizes 10/12, 12/14 */
    w->form = 0;
  } else if (month_year) {
    wsf__csv_tell(&p->csv, WSF__NOTE_MONTH_YEAR, 0, 0, NULL);
  }
  return w;
}

const wsf__dict_entry *wsf__propose_no_time(wsf__proposal *p, int k) {
  const wsf__propose_words *w = wsf__propose_words_of(p, k);
  for (int32_t i = 0; i < w->n; ++i) {
    if (!(w->is[i] & (WSF__WORD_TIME | WSF__WORD_TOTAL))) return &p->csv.column[k].words.entry[i];
  }
  return NULL;
}

/* Rows that hold no word that any style reads; those of several columns make a time together. */
void wsf__propose_timeless(wsf__proposal *p, bool *untimed, int64_t rows) {
  const wsf__csv *csv = &p->csv;
  int times = 0;
  for (int k = 0; k < csv->n_columns; ++k) times += p->column[k].part == WSF__PART_TIME;
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    if (p->column[k].part != WSF__PART_TIME) continue;
    const bool alone = c->code && times == 1 && !p->years;
    const wsf__propose_words *w = alone ? wsf__propose_words_of(p, k) : NULL;
    for (int64_t i = 0; i < rows && !wsf__propose_stopped(csv, i); ++i) {
      const int32_t code = c->code ? c->code[i] : 0;
      const bool none = c->code ? code < 0 : c->number && isnan(c->number[i]);
      untimed[i] |= none || (w && code < w->n && !(w->is[code] & WSF__WORD_LIKE));
    }
  }
}

/* Rows at the end that stand below the table, as their time is none: remarks, sources. */
int64_t wsf__propose_footers(wsf__proposal *p) {
  const wsf__csv *csv = &p->csv;
  int64_t most = 0;
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    const wsf__propose_words *w = wsf__propose_words_of(p, k);
    int64_t n = 0;
    if (!c->code || !w->form) continue;
    for (; n < csv->rows; ++n) {
      const int32_t code = c->code[csv->rows - 1 - n];
      if (code >= 0 && (w->is[code] & (WSF__WORD_TIME | WSF__WORD_TOTAL))) break;
    }
    most = n > most ? n : most;
  }
  return most <= FOOTERS ? most : 0;
}
