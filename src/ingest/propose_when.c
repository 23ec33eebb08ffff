/* Times of rows in one number each, whatever they are written in. */
#include "ingest/propose_when.h"

#include "calendar/time_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool wsf__when_find(wsf__when *to, wsf__proposal *p) {
  int times = 0, column = -1, month = -1;
  *to = (wsf__when){0};
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part != WSF__PART_TIME) continue;
    const bool months = wsf__time_unit_called(p->csv.column[k].name) == WSF__UNIT_MONTH;
    *(months && month < 0 ? &month : &column) = k;
    ++times;
  }
  if (times == 1 && column < 0) {
    column = month;
    month = -1;
  }
  if (p->unsettled || column < 0 || times > 2) return false;
  const wsf__csv_column *c = to->column = &p->csv.column[column];
  to->counts = strcmp(p->column[column].type, "integer") == 0;
  if (c->code) to->words = wsf__propose_words_of(p, column);
  if (times == 2) {
    if (month < 0) return false;
    to->month = &p->csv.column[month];
    return c->number && wsf__time_unit_called(c->name) == WSF__UNIT_YEAR;
  }
  return to->words ? to->words->is && to->words->time : c->number != NULL;
}

/* The month of a row by its number or its name; NAN: it has none. */
static double month_of(const wsf__csv_column *c, int64_t row) {
  if (c->number) return c->number[row];
  int32_t unit;
  int value;
  const wsf__dict_entry *e = c->code[row] < 0 ? NULL : &c->words.entry[c->code[row]];
  const bool month = e && wsf__time_unit_read(e->text, (size_t)e->length, &unit, &value);
  return month && (unit == WSF__UNIT_MONTH || !unit) ? value : NAN;
}

double wsf__when_time(const wsf__when *w, int64_t row) {
  const wsf__csv_column *c = w->column;
  if (w->month) return c->number[row] * 100 + month_of(w->month, row);
  if (!w->words) return c->number[row];
  const int32_t code = c->code[row];
  const bool time = code >= 0 && code < w->words->n && (w->words->is[code] & WSF__WORD_TIME);
  return time ? (double)w->words->time[code] : NAN;
}

bool wsf__when_text(char out[32], const wsf__when *w, double time) {
  enum { DAY = 86400, MONTHS = 190000, DAYS = 19000000, LAST = 21000000 };
  if (w->words) {
    wsf__propose_day_text(out, wsf__floor_div((int64_t)time, DAY));
    return true;
  }
  if (!(fabs(time) < 1e15)) return false;
  const int64_t number = (int64_t)time;
  if (w->counts) {
    (void)snprintf(out, 32, "%lld", (long long)number);
    return true;
  }
  if (number < MONTHS || number >= LAST + 10000) return false;
  const bool day = number >= DAYS;
  const int year = (int)(number / (day ? 10000 : 100)),
            month = (int)(number / (day ? 100 : 1) % 100);
  if (year > LAST / 10000 || month < 1 || month > 12) return false;
  (void)snprintf(out, 32, "%04d-%02d-%02d", year, month, day ? (int)(number % 100) : 1);
  return true;
}
