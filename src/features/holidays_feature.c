/* Holidays and selling days by rule, known for all times.
 *
 * An event has a span of days; what a period is told is the share of the span that falls into it.
 * By the day the span is the event's own day and the share 0 or 1. By the week and longer it is the
 * event's day and the six before, when people buy for it, so that a week that ends two days before
 * Christmas holds 5/7 of it and the next one 2/7: what moves from year to year against a calendar
 * of weeks. The window asks for the same of periods around the event, each a column of its own; of
 * data by the hour or minute it counts days. */
#include "features/feature_options.h"

#include "calendar/holiday_rows.h"
#include "calendar/holidays.h"

#include <stdio.h>
#include <string.h>

static const wsf__option options[] = {
    {"country", WSF__WORD, NULL, 0, 0, WSF__HOLIDAY_COUNTRIES "|none",
     "whose holidays, those of the whole country: the United States, Great Britain (England and "
     "Wales), Germany, France, Spain, Italy, the Netherlands, Canada, Mexico, Brazil, Australia; "
     "none: no "
     "country's"},
    {"events", WSF__WORDS, "", 0, 0, "public|federal|retail|" WSF__HOLIDAY_WORDS,
     "which of them, in the order of the rules: public (federal is the same), retail (those that "
     "only shops keep) or single ones; absent: all"},
    WSF__OFFSETS_ROW,
    {"days", WSF__INTS, "auto", -366, 366, "auto",
     "days of the event's span, from the first to the last: [-6,0]; auto: that by the week and "
     "longer, [0,0] else"},
    {"as", WSF__WORD, "each", 0, 0, "each|one",
     "a column for each event, or one that tells the largest share of any"},
    {"observed", WSF__FLAG, "false", 0, 0, NULL,
     "where a holiday falls on a weekend, the day that is taken off in its place (us, gb, ca, "
     "au)"}};

/* Whether a call asks for the event of a rule. */
static bool asked(const wsf__node *node, const wsf__holiday *h) {
  const wsf__value *words = wsf__arg(node, "events");
  if (!wsf__arg_is(node, "country", h->country)) return false;
  for (int i = 0; i < words->n; ++i) {
    const char *word = words->strings[i];
    if (h->official ? strcmp(word, "public") == 0 || strcmp(word, "federal") == 0
                    : strcmp(word, "retail") == 0) {
      return true;
    }
    if (strcmp(word, h->name) == 0) return true;
  }
  return words->n == 0;
}

/* Whether rule i is the first of its event. */
static bool begins(int i) {
  const wsf__holiday *h = &wsf__holidays[i];
  return i == 0 || strcmp(h[-1].name, h->name) != 0 || strcmp(h[-1].country, h->country) != 0;
}

static int events_of(const wsf__node *node) {
  int n = 0;
  for (int i = 0; i < wsf__n_holidays; ++i) n += begins(i) && asked(node, &wsf__holidays[i]);
  return n;
}

static bool keeps(const wsf__node *node, const char *word) {
  if (strcmp(word, "public") == 0 || strcmp(word, "federal") == 0 || strcmp(word, "retail") == 0) {
    return true;
  }
  for (int i = 0; i < wsf__n_holidays; ++i) {
    const wsf__holiday *h = &wsf__holidays[i];
    if (wsf__arg_is(node, "country", h->country) && strcmp(word, h->name) == 0) return true;
  }
  return false;
}

static wsf__offsets window_of(const wsf__node *node) {
  return wsf__feature_offsets(node, &(wsf__named){.moves = true});
}

static wsf_status check(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  const wsf__value *days = wsf__arg(node, "days");
  WSF__TRY(wsf__feature_offsets_check(node, err));
  if (wsf__arg_is(node, "country", "none")) return WSF_OK;
  if (days->form == WSF__NUMBERS && (days->n != 2 || days->numbers[0] > days->numbers[1])) {
    (void)wsf__fail(err, WSF_E_VALUE,
                    "days is no pair, expected the first and the last, such as [-6,0]");
    return wsf__feature_refuse(node, "days", err);
  }
  const wsf__value *words = wsf__arg(node, "events");
  for (int i = 0; i < words->n; ++i) {
    if (keeps(node, words->strings[i])) continue;
    (void)wsf__fail(err, WSF_E_VALUE, "%s has no %s, expected one of its holidays",
                    wsf__arg(node, "country")->text, words->strings[i]);
    return wsf__feature_refuse(node, "events", err);
  }
  if (panel->calendar.form == WSF__FORM_INTEGER) {
    (void)wsf__fail(err, WSF_E_VALUE, "column '%.64s' holds whole numbers, holidays expects dates",
                    panel->time_name);
  } else if (wsf__calendar_seconds(&panel->calendar) >= wsf__freq_seconds(WSF__YEAR)) {
    (void)wsf__fail(err, WSF_E_VALUE,
                    "every year has the same holidays, holidays expects shorter periods");
  } else {
    return WSF_OK;
  }
  return wsf__feature_refuse(node, "country", err);
}

static int width(const wsf__node *node, const wsf__panel *panel) {
  (void)panel;
  const int events = events_of(node);
  return (int)window_of(node).n * (events > 1 && wsf__arg_is(node, "as", "one") ? 1 : events);
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  (void)panel;
  char name[64] = "holiday";
  const wsf__offsets window = window_of(node);
  if (!wsf__arg_is(node, "as", "one")) {
    int i = -1;
    for (int k = c / (int)window.n; k >= 0; --k) {
      do ++i;
      while (!begins(i) || !asked(node, &wsf__holidays[i]));
    }
    const wsf__holiday *h = &wsf__holidays[i];
    const bool us = strcmp(h->country, "us") == 0;
    (void)snprintf(name, sizeof name, "holiday_%s%s%s", us ? "" : h->country, us ? "" : "_",
                   h->name);
  }
  *out = (wsf__feature){.name = wsf__feature_offset_name(arena, name, window.first + c % window.n)};
  return out->name ? WSF_OK : WSF_E_MEMORY;
}

/* The rows and what stands around them, in units: periods or, where those are shorter, days. */
typedef struct stretch {
  int64_t n;
  int64_t *day, *days; /* [n] the first day of each and how many it covers */
  float *share;        /* [n] of an event */
  int64_t *unit;       /* [rows] of each row */
} stretch;

static bool lay_out(stretch *s, const wsf__feature_view *v, wsf__offsets window, int64_t t,
                    int64_t rows) {
  const wsf__calendar *cal = &v->panel->calendar;
  const bool hours = wsf__calendar_seconds(cal) < wsf__freq_seconds(WSF__DAY);
  int64_t first = t, last = t + rows - 1, n_days;
  if (hours) (void)wsf__calendar_days(cal, t, &first, &n_days);
  if (hours) (void)wsf__calendar_days(cal, t + rows - 1, &last, &n_days);
  first -= window.first + window.n - 1;
  s->n = last - window.first - first + 1;
  s->day = wsf__arena_new(v->scratch, (size_t)s->n, sizeof *s->day);
  s->days = wsf__arena_new(v->scratch, (size_t)s->n, sizeof *s->days);
  s->share = wsf__arena_new(v->scratch, (size_t)s->n, sizeof *s->share);
  s->unit = wsf__arena_new(v->scratch, (size_t)rows, sizeof *s->unit);
  if (!s->day || !s->days || !s->share || !s->unit) return false;
  for (int64_t i = 0; i < s->n; ++i) {
    s->day[i] = first + i;
    s->days[i] = 1;
    if (!hours) (void)wsf__calendar_days(cal, first + i, &s->day[i], &s->days[i]);
  }
  for (int64_t r = 0; r < rows; ++r) {
    s->unit[r] = t + r;
    if (hours) (void)wsf__calendar_days(cal, t + r, &s->unit[r], &n_days);
    s->unit[r] -= first;
  }
  return true;
}

/* Days first .. last of the span of an event, which may reach beyond the stretch. */
static void add_span(const stretch *s, int64_t first, int64_t last) {
  int64_t low = 0, high = s->n; /* the first unit that ends after `first` */
  while (low < high) {
    const int64_t middle = (low + high) / 2;
    if (s->day[middle] + s->days[middle] > first)
      high = middle;
    else
      low = middle + 1;
  }
  for (; low < s->n && s->day[low] <= last; ++low) {
    const int64_t from = s->day[low] > first ? s->day[low] : first;
    const int64_t end =
        s->day[low] + s->days[low] - 1 < last ? s->day[low] + s->days[low] - 1 : last;
    s->share[low] += (float)(end - from + 1) / (float)(last - first + 1);
  }
}

static void share_out(const stretch *s, const wsf__holiday *h, bool observed,
                      const int64_t span[2]) {
  int64_t year, last;
  int month, day;
  wsf__civil_from_days(s->day[0] - span[1], &year, &month, &day);
  wsf__civil_from_days(s->day[s->n - 1] + s->days[s->n - 1] - span[0], &last, &month, &day);
  for (; year <= last + observed; ++year) { /* New Year's Day may be taken off the year before */
    int64_t at;
    if (wsf__holiday_day(h, year, observed, &at)) add_span(s, at + span[0], at + span[1]);
  }
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const bool one = wsf__arg_is(node, "as", "one");
  const bool weeks = wsf__calendar_seconds(&v->panel->calendar) > wsf__freq_seconds(WSF__DAY);
  const bool observed = wsf__arg_flag(node, "observed");
  const wsf__value *days = wsf__arg(node, "days");
  const wsf__offsets window = window_of(node);
  if (width(node, v->panel) == 0) return WSF_OK;
  int64_t span[2] = {weeks ? -6 : 0, 0};
  for (int k = 0; k < 2 && days->form == WSF__NUMBERS; ++k) span[k] = (int64_t)days->numbers[k];
  stretch s;
  if (!lay_out(&s, v, window, t, rows)) return wsf__fail_memory(v->err);
  for (int64_t k = 0; one && k < window.n; ++k) {
    for (int64_t r = 0; r < rows; ++r) x[k * stride + r] = 0;
  }
  for (int e = 0; e < wsf__n_holidays; ++e) {
    if (!asked(node, &wsf__holidays[e])) continue;
    if (begins(e)) memset(s.share, 0, (size_t)s.n * sizeof *s.share);
    share_out(&s, &wsf__holidays[e], observed, span);
    if (e + 1 < wsf__n_holidays && !begins(e + 1)) continue;
    for (int64_t k = 0; k < window.n; ++k) {
      for (int64_t r = 0; r < rows; ++r) {
        const float share = s.share[s.unit[r] - window.first - k];
        if (!one || share > x[k * stride + r]) x[k * stride + r] = share;
      }
    }
    if (!one) x += window.n * stride;
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_holidays = {
    .spec = {.family = "feature",
             .group = "calendar",
             .name = "holidays",
             .summary = "holidays and selling days by rule, with periods around them",
             .source = "national laws, cited in src/calendar/holiday_rows.h; Meeus 1991 (Easter)",
             .since = "0.2.0",
             .example = "holidays(us, window=[-1,1])",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .check = check,
    .width = width,
    .column = column,
    .lag = wsf__feature_no_lag,
    .fill = fill,
    .of_period = wsf__feature_always,
};
