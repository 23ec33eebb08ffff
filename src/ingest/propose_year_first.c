/* Days of two digits each with the year first, 23/01/05, which look like days of a month with the
 * year behind, 23 January 2005. Of the readings that all words have, the one whose days lie closest
 * together is the calendar's; where both lie as close, that of the first of a month. What was not
 * chosen but may be is a doubt. */
#include "ingest/propose.h"

#include "calendar/time_parts.h"

#include <string.h>

typedef enum order { YEAR_FIRST, DAY_FIRST, MONTH_FIRST, ORDERS } order;

typedef struct reading {
  bool all; /* words have it */
  int64_t first, last;
} reading;

/* 23/1/5: its three numbers and the mark between them; false: it is none such. */
static bool three_numbers(const wsf__dict_entry *e, int number[3], char *mark) {
  const char *p = e->text, *end = p + e->length;
  *mark = 0;
  for (int i = 0; i < 3; ++i) {
    int digits = 0;
    number[i] = 0;
    for (; p < end && wsf__is_digit(*p) && digits < 3; ++digits)
      number[i] = number[i] * 10 + (*p++ - '0');
    if (digits < 1 || digits > 2) return false;
    if (i == 2) return p == end;
    if (p == end || !strchr("/-.", *p) || (i == 1 && *p != *mark)) return false;
    *mark = *p++;
  }
  return false;
}

static bool day_of(const int number[3], order by, int64_t *day) {
  static const int place[ORDERS][3] = {{0, 1, 2}, {2, 1, 0}, {2, 0, 1}}; /* of year, month, day */
  const int year = wsf__short_year(number[place[by][0]]), month = number[place[by][1]];
  int64_t same_year;
  int same_month, same_day;
  if (month < 1 || month > 12 || number[place[by][2]] < 1) return false;
  *day = wsf__days_from_civil(year, month, number[place[by][2]]);
  wsf__civil_from_days(*day, &same_year, &same_month, &same_day);
  return same_month == month;
}

/* What the words are by each order; false: there are few, or some are none of these. *firsts: which
 * of the numbers are 1 in each word. */
static bool read_words(const wsf__proposal *p, int k, reading r[ORDERS], char *mark,
                       bool firsts[3]) {
  enum { LEAST = 3 };
  const wsf__dict *words = &p->csv.column[k].words;
  int32_t n = 0;
  for (order by = 0; by < ORDERS; ++by) r[by] = (reading){true, INT64_MAX, INT64_MIN};
  for (int i = 0; i < 3; ++i) firsts[i] = true;
  for (int32_t i = 0; i < words->n && !wsf__propose_stopped(&p->csv, i); ++i) {
    const wsf__dict_entry *e = &words->entry[i];
    int number[3];
    char between;
    if (!three_numbers(e, number, &between) || (n > 0 && between != *mark)) {
      if (wsf__propose_no_part(e->text, (size_t)e->length)) continue;
      return false;
    }
    *mark = between;
    ++n;
    for (int j = 0; j < 3; ++j) firsts[j] &= number[j] == 1;
    for (order by = 0; by < ORDERS; ++by) {
      int64_t day;
      r[by].all &= day_of(number, by, &day);
      if (!r[by].all) continue;
      if (day < r[by].first) r[by].first = day;
      if (day > r[by].last) r[by].last = day;
    }
  }
  return n >= LEAST && r[YEAR_FIRST].all;
}

static const char *format_of(char mark) {
  return mark == '/' ? "%y/%m/%d" : mark == '-' ? "%y-%m-%d" : "%y.%m.%d";
}

/* The words of the column as days with the year first. */
static void set_words(wsf__proposal *p, int k) {
  wsf__propose_words *w = &p->words[k];
  const wsf__dict *words = &p->csv.column[k].words;
  for (int32_t i = 0; i < words->n; ++i) {
    int number[3];
    char mark;
    int64_t day;
    const bool time =
        three_numbers(&words->entry[i], number, &mark) && day_of(number, YEAR_FIRST, &day);
    w->is[i] = time ? WSF__WORD_TIME | WSF__WORD_LIKE : WSF__WORD_TOTAL;
    w->time[i] = time ? day * 86400 : INT64_MIN;
  }
  w->n = words->n;
  w->form = WSF__FORM_DATE;
  w->settled = true;
}

bool wsf__propose_year_first(wsf__proposal *p, int k) {
  enum { CLOSER = 2 };
  reading r[ORDERS];
  bool first[3];
  char mark = 0, text[2][32];
  int number[3];
  int64_t day[2];
  if (!wsf__propose_words_of(p, k)->is || !read_words(p, k, r, &mark, first)) return false;
  const order other =
      !r[MONTH_FIRST].all || (r[DAY_FIRST].all && r[DAY_FIRST].last - r[DAY_FIRST].first <=
                                                      r[MONTH_FIRST].last - r[MONTH_FIRST].first)
          ? DAY_FIRST
          : MONTH_FIRST;
  const int64_t span = r[YEAR_FIRST].last - r[YEAR_FIRST].first + 1;
  const int64_t others = r[other].all ? r[other].last - r[other].first + 1 : INT64_MAX / CLOSER;
  const bool begins = first[other == DAY_FIRST ? 0 : 1]; /* months by their first day */
  if (others * CLOSER <= span || (others < span * CLOSER && begins)) return false;
  const bool chosen = span * CLOSER <= others || first[2];
  const wsf__dict_entry *e = &p->csv.column[k].words.entry[0];
  const bool shown = three_numbers(e, number, &mark) && day_of(number, YEAR_FIRST, &day[0]);
  if (chosen) {
    p->dateformat = format_of(mark);
    p->unsettled = false;
    set_words(p, k);
  }
  if (!shown || !r[other].all || !day_of(number, other, &day[1])) return chosen;
  for (int i = 0; i < 2; ++i) wsf__propose_day_text(text[i], day[i]);
  if (chosen) {
    wsf__propose_doubt(p,
                       "dates have the year first: %.16s is %s (without dateformat=, with the year "
                       "last, it is %s)",
                       e->text, text[0], text[1]);
  } else {
    wsf__propose_doubt(p,
                       "dates may have the year first or last: %.16s is read as %s "
                       "(dateformat=\"%s\": %s)",
                       e->text, text[1], format_of(mark), text[0]);
  }
  return chosen;
}
