/* Times of an unknown file that a format alone tells: weeks and quarters of fiscal years, FY23 W01
 * and FY2023Q1; seasons, 2001-02, 2002-03, which look like months until 2012-13; weeks and quarters
 * by the name of their column, 01.2023, which may look like months or numbers; posting periods,
 * 001.2023. What each is read as, and could be otherwise, is a doubt. */
#include "ingest/propose.h"

#include "calendar/time_parts.h"

#include <string.h>

typedef enum form { WEEK, QUARTER, SEASON, YEAR, NAMED_WEEK, NAMED_QUARTER, MONTH, PERIOD } form;

/* Two digits first: four would take them, as the year 23. */
static const struct {
  const char *format;
  form what;
} formats[] = {
    {"FY%g W%V", WEEK},        {"FY%gW%V", WEEK},
    {"FY%g-W%V", WEEK},        {"FY%y Q%q", QUARTER},
    {"FY%yQ%q", QUARTER},      {"FY%y-Q%q", QUARTER},
    {"Q%q FY%y", QUARTER},     {"FY%y", YEAR},
    {"FY%G W%V", WEEK},        {"FY%GW%V", WEEK},
    {"FY%G-W%V", WEEK},        {"FY%Y Q%q", QUARTER},
    {"FY%YQ%q", QUARTER},      {"FY%Y-Q%q", QUARTER},
    {"Q%q FY%Y", QUARTER},     {"%Y-%y", SEASON},
    {"%Y/%y", SEASON},         {"FY%Y", YEAR},
    {"%G-%V", NAMED_WEEK},     {"%G/%V", NAMED_WEEK},
    {"%G.%V", NAMED_WEEK},     {"%G %V", NAMED_WEEK},
    {"%V-%G", NAMED_WEEK},     {"%V/%G", NAMED_WEEK},
    {"%V.%G", NAMED_WEEK},     {"%V %G", NAMED_WEEK},
    {"%Y-%q", NAMED_QUARTER},  {"%Y/%q", NAMED_QUARTER},
    {"%Y.%q", NAMED_QUARTER},  {"%Y %q", NAMED_QUARTER},
    {"%q-%Y", NAMED_QUARTER},  {"%q/%Y", NAMED_QUARTER},
    {"%q.%Y", NAMED_QUARTER},  {"%q %Y", NAMED_QUARTER},
    {"%Y-0%q", NAMED_QUARTER}, {"%Y/0%q", NAMED_QUARTER},
    {"%Y.0%q", NAMED_QUARTER}, {"0%q-%Y", NAMED_QUARTER},
    {"0%q/%Y", NAMED_QUARTER}, {"0%q.%Y", NAMED_QUARTER},
    {"%Y.%m", MONTH},          {"%m.%y", MONTH},
    {"0%m.%Y", PERIOD},        {"0%m/%Y", PERIOD},
};

/* 2001-02: the year behind is the next one. */
static bool follows(const wsf__dict_entry *e) {
  const char *t = e->text;
  if (e->length != 7) return false;
  const int first = (t[2] - '0') * 10 + (t[3] - '0'), second = (t[5] - '0') * 10 + (t[6] - '0');
  return second == (first + 1) % 100;
}

/* 2023-01 is a month, but where the column is called by weeks or quarters; 52.2023 is a week also
 * of a column that is called like a time, where the file has more of them than 13 periods. */
static bool suits(const wsf__proposal *p, int k, form what) {
  enum { PERIODS = 16 };
  const wsf__csv_column *c = &p->csv.column[k];
  const int32_t unit = wsf__propose_unit(c->name);
  const bool called = wsf__propose_called(c->name, WSF__CALLED_TIME);
  if (what == NAMED_QUARTER) return unit == WSF__UNIT_QUARTER;
  if (what == MONTH || what == PERIOD) return unit == WSF__UNIT_MONTH || (!unit && called);
  if (what != NAMED_WEEK || unit == WSF__UNIT_WEEK) return true;
  return !unit && called && !p->words[k].form && wsf__propose_last_week(c) > PERIODS;
}

static bool read_word(const wsf__dict_entry *e, size_t i, const wsf__fiscal *fiscal, wsf__time *t) {
  const wsf__time_style style = {.format = formats[i].format, .fiscal = fiscal};
  enum { PERIOD_BYTES = 8 }; /* 001.2023; 01.2023 is a month that needs no format */
  return wsf__time_format_read(&style, e->text, (size_t)e->length, t) &&
         (formats[i].what != SEASON || follows(e)) &&
         (formats[i].what != PERIOD || e->length == PERIOD_BYTES);
}

/* Whether all words of the column but totals have the format; they are written down as times. */
static bool has_format(wsf__proposal *p, int k, size_t format, const wsf__fiscal *fiscal) {
  const wsf__csv_column *c = &p->csv.column[k];
  wsf__propose_words *w = &p->words[k];
  wsf__time t;
  int32_t good = 0;
  for (int32_t i = 0; i < c->words.n && !wsf__propose_stopped(&p->csv, i); ++i) {
    const wsf__dict_entry *e = &c->words.entry[i];
    if (read_word(e, format, fiscal, &t)) continue;
    if (!wsf__propose_no_part(e->text, (size_t)e->length)) return false;
  }
  for (int32_t i = 0; i < c->words.n && !wsf__propose_stopped(&p->csv, i); ++i) {
    const bool time = read_word(&c->words.entry[i], format, fiscal, &t);
    w->is[i] = time ? WSF__WORD_TIME | WSF__WORD_LIKE : WSF__WORD_TOTAL;
    w->time[i] = time ? t.value : INT64_MIN;
    good += time;
  }
  w->n = c->words.n;
  w->form = WSF__FORM_DATE;
  w->settled = true;
  return good > 1;
}

static void doubt_format(wsf__proposal *p, int k, form what, const char *word, const char *day) {
  switch (what) {
  case WEEK:
    wsf__propose_fiscal_weeks(p, k, true);
    break;
  case QUARTER:
  case YEAR:
    wsf__propose_doubt(p, "fiscal %s, read as those of the calendar: %.24s is %s",
                       what == YEAR ? "years" : "quarters", word, day);
    break;
  case NAMED_WEEK:
  case NAMED_QUARTER:
    wsf__propose_doubt(p,
                       "times are read as the %s that %.40s is called by: %.24s is %s (without "
                       "dateformat= they are months, or none)",
                       what == NAMED_WEEK ? "weeks" : "quarters", p->csv.column[k].name, word, day);
    if (what == NAMED_WEEK) wsf__propose_fiscal_weeks(p, k, false);
    break;
  case MONTH:
  case PERIOD:
    wsf__propose_doubt(p, "%s such as %.24s are read as months of the calendar's year: %s",
                       what == MONTH ? "times" : "periods", word, day);
    break;
  case SEASON:
    wsf__propose_doubt(p,
                       "years such as %.24s are read by the one that they end in: %s (without "
                       "dateformat= they are months, or none)",
                       word, day);
    break;
  }
}

bool wsf__propose_formatted(wsf__proposal *p, int k) {
  const wsf__csv_column *c = &p->csv.column[k];
  wsf__time t = {0};
  char text[32];
  if (!wsf__propose_words_of(p, k)->is || c->words.n < 2) return false;
  const wsf__dict_entry *e = &c->words.entry[0];
  for (size_t i = 0; i < sizeof formats / sizeof *formats; ++i) {
    const form what = formats[i].what;
    const wsf__fiscal *fiscal = NULL;
    if (!suits(p, k, what)) continue;
    bool has = read_word(e, i, fiscal, &t) && has_format(p, k, i, fiscal);
    if (!has && (what == WEEK || what == NAMED_WEEK)) { /* a week 53 that ISO 8601 has not */
      fiscal = &wsf__fiscal_nrf;
      has = read_word(e, i, fiscal, &t) && has_format(p, k, i, fiscal);
    }
    if (!has) continue;
    p->dateformat = formats[i].format;
    wsf__propose_day_text(text, t.value / 86400);
    doubt_format(p, k, what, e->text, text);
    return true;
  }
  return false;
}
