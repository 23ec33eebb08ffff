/* The hour that clocks show twice when they are put back: where all rows of an unknown file that
 * have the keys and the time of another lie in it, they are no duplicates, but lack timezone=. The
 * zone is the one that a column of EDT and EST, CEST and CET, .. names, else one whose clocks are
 * put back on that Sunday at that hour. */
#include "ingest/propose.h"

#include <math.h>
#include <string.h>

enum { HOUR = 3600, DAY = 24 * HOUR };

/* The first Sunday of a month, or the last (0): the hour that is shown twice. */
static const struct {
  int month, first, hour;
  const char *zone;
} changes[] = {
    {11, 1, 1, "America/New_York"}, {10, 0, 1, "Europe/London"},   {10, 0, 2, "Europe/Berlin"},
    {10, 0, 3, "Europe/Helsinki"},  {4, 1, 2, "Australia/Sydney"},
};
static const struct {
  const char *summer, *winter, *zone;
} names[] = {
    {"EDT", "EST", "America/New_York"},   {"CDT", "CST", "America/Chicago"},
    {"MDT", "MST", "America/Denver"},     {"PDT", "PST", "America/Los_Angeles"},
    {"CEST", "CET", "Europe/Berlin"},     {"MESZ", "MEZ", "Europe/Berlin"},
    {"BST", "GMT", "Europe/London"},      {"EEST", "EET", "Europe/Helsinki"},
    {"WEST", "WET", "Europe/Lisbon"},     {"AEDT", "AEST", "Australia/Sydney"},
    {"NZDT", "NZST", "Pacific/Auckland"},
};

/* What the clock showed in a row: the day of a column and the hour of it or of another. */
static bool clock_of(wsf__proposal *p, int64_t row, int64_t *seconds) {
  int64_t day = -1, hour = -1;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (p->column[k].part != WSF__PART_TIME) continue;
    const wsf__propose_words *w = c->code ? wsf__propose_words_of(p, k) : NULL;
    if (w && c->code[row] >= 0 && c->code[row] < w->n && w->form && w->is[c->code[row]]) {
      const int64_t time = w->time[c->code[row]];
      if (time == INT64_MIN || day >= 0) return false;
      day = wsf__floor_div(time, DAY);
      if (w->form == WSF__FORM_TIME) hour = (time - day * DAY) / HOUR;
      continue;
    }
    if (c->number && !isnan(c->number[row]) && c->number[row] >= 0 && c->number[row] < 2400) {
      hour = (int64_t)c->number[row];
    } else if (c->code && c->code[row] >= 0) {
      const char *text = c->words.entry[c->code[row]].text;
      for (hour = 0; *text >= '0' && *text <= '9' && hour < 2400; ++text) {
        hour = hour * 10 + (*text - '0');
      }
    }
    if (hour >= 100) hour /= 100;
  }
  *seconds = day * DAY + hour * HOUR;
  return day >= 0 && hour >= 0;
}

/* Whose clocks show that hour twice: an entry of changes, or -1. */
static int change_of(int64_t seconds) {
  const int64_t days = wsf__floor_div(seconds, DAY);
  int64_t year;
  int month, day;
  wsf__civil_from_days(days, &year, &month, &day);
  if (wsf__weekday(days) != 6) return -1;
  for (size_t i = 0; i < sizeof changes / sizeof *changes; ++i) {
    const bool there = changes[i].first ? day <= 7 : day > 24;
    if (month == changes[i].month && there && (seconds - days * DAY) / HOUR == changes[i].hour) {
      return (int)i;
    }
  }
  return -1;
}

/* The zone of a column's words; NULL: they are none. */
static const char *named_zone(const wsf__csv_column *c) {
  if (!c->code || c->words.n < 1 || c->words.n > 2) return NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
    bool all = true;
    for (int32_t w = 0; w < c->words.n; ++w) {
      const char *text = c->words.entry[w].text;
      all = all && (strcmp(text, names[i].summer) == 0 || strcmp(text, names[i].winter) == 0);
    }
    if (all) return names[i].zone;
  }
  return NULL;
}

/* The change that all rows lie in that have the keys and time of another, or -1; one of them. */
static int common_change(wsf__proposal *p, int64_t *row) {
  const wsf__csv *csv = &p->csv;
  size_t slots = 16;
  while (slots < 2 * (size_t)csv->rows) slots *= 2;
  uint64_t *slot = wsf__new_zero(&csv->env->alloc, slots, sizeof *slot);
  int change = -1;
  bool all = slot != NULL;
  for (int64_t i = 0; all && i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    uint64_t hash = 1;
    int64_t seconds;
    for (int k = 0; k < csv->n_columns; ++k) {
      const wsf__part part = p->column[k].part;
      if (part != WSF__PART_KEY && part != WSF__PART_TIME) continue;
      hash = wsf__propose_mix(hash, wsf__propose_value(&csv->column[k], i) + (uint64_t)k);
    }
    hash |= 1;
    size_t s = (size_t)(hash >> 20) & (slots - 1);
    while (slot[s] && slot[s] != hash) s = (s + 1) & (slots - 1);
    const bool twice = slot[s] != 0;
    slot[s] = hash;
    if (!twice) continue;
    const int found = clock_of(p, i, &seconds) ? change_of(seconds) : -1;
    all = found >= 0 && (change < 0 || found == change);
    change = found;
    *row = i;
  }
  wsf__delete(&csv->env->alloc, slot);
  return all ? change : -1;
}

bool wsf__propose_zone(wsf__proposal *p, int64_t *line, const char **column) {
  int64_t row = 0;
  *column = NULL;
  if (p->twice == 0 || p->layout != WSF__LAYOUT_LONG) return false;
  const int change = common_change(p, &row);
  if (change < 0) return false;
  p->timezone = changes[change].zone;
  *line = p->csv.line[row];
  for (int k = 0; k < p->csv.n_columns && !*column; ++k) {
    const char *zone = named_zone(&p->csv.column[k]);
    if (!zone) continue;
    p->timezone = zone;
    *column = p->csv.column[k].name;
  }
  return true;
}
