/* Where a period stands in its day, week, month and year: known for all times, so a model learns
 * seasons of any length from it. A period is dated as its row is: a week by the day that stands in
 * the data, whichever days it covers, but a fiscal month by its middle. Weeks are those of ISO 8601
 * (the week of a year's first Thursday is its first). */
#include "features/feature.h"

#include <stdio.h>
#include <string.h>

#define PARTS "hour|weekday|day|yearday|week|month|quarter|year"

static const wsf__option options[] = {
    {"parts", WSF__WORDS, "", 0, 0, PARTS,
     "what to tell: hour (0 to 23), weekday (Monday .. Sunday), day (of the month), yearday (1 to "
     "366), week (ISO, 1 to 53), month (January .. December), quarter (Q1 .. Q4), year; absent: "
     "all that change from period to period, but year"}};

static const char *const weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};
static const char *const quarters[] = {"Q1", "Q2", "Q3", "Q4"};

typedef enum kind { HOUR, WEEKDAY, DAY, YEARDAY, WEEK, MONTH, QUARTER, YEAR, N_PARTS } kind;

/* In the order of `kind`; coarsest: the frequency at which it still changes between periods. */
static const struct part {
  const char *word, *name;
  int32_t coarsest, n_categories;
  const char *const *category;
} parts[N_PARTS] = {
    {"hour", "calendar_hour", WSF__HOUR, 0, NULL},
    {"weekday", "calendar_weekday", WSF__DAY, 7, weekdays},
    {"day", "calendar_day", WSF__WEEK, 0, NULL},
    {"yearday", "calendar_yearday", WSF__WEEK, 0, NULL},
    {"week", "calendar_week", WSF__WEEK, 0, NULL},
    {"month", "calendar_month", WSF__MONTH, 12, months},
    {"quarter", "calendar_quarter", WSF__QUARTER, 4, quarters},
    {"year", "calendar_year", WSF__YEAR, 0, NULL},
};

static kind kind_of(const char *word) {
  int k = 0;
  while (k < N_PARTS - 1 && strcmp(parts[k].word, word) != 0) ++k;
  return (kind)k;
}

/* Whether a part still changes between the periods of a panel. */
static bool tells(const struct part *part, const wsf__panel *panel) {
  return wsf__freq_seconds(panel->calendar.freq) <= wsf__freq_seconds(part->coarsest);
}

/* The parts of a call, in its order; returns how many. */
static int asked(const wsf__node *node, const wsf__panel *panel, kind out[N_PARTS]) {
  const wsf__value *words = wsf__arg(node, "parts");
  int n = 0;
  if (words->n > 0) {
    for (; n < words->n && n < N_PARTS; ++n) out[n] = kind_of(words->strings[n]);
    return n;
  }
  for (int k = 0; k < N_PARTS; ++k) {
    const bool year = panel->calendar.freq == WSF__YEAR;
    if (tells(&parts[k], panel) && (k != YEAR || year)) out[n++] = (kind)k;
  }
  return n;
}

static wsf_status refuse(const wsf__node *node, wsf_error *err) {
  wsf__error_at_field(err, "parts");
  wsf__error_at_byte(err, node->byte);
  return WSF_E_VALUE;
}

static wsf_status check(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  if (panel->calendar.form == WSF__FORM_INTEGER) {
    (void)wsf__fail(err, WSF_E_VALUE, "column '%.64s' holds whole numbers, calendar expects dates",
                    panel->time_name);
    return refuse(node, err);
  }
  const wsf__value *words = wsf__arg(node, "parts");
  for (int i = 0; i < words->n; ++i) {
    if (tells(&parts[kind_of(words->strings[i])], panel)) continue;
    (void)wsf__fail(err, WSF_E_VALUE,
                    "%s tells nothing of data by the %s, calendar expects parts of longer spans",
                    words->strings[i], wsf__freq_name(panel->calendar.freq));
    return refuse(node, err);
  }
  return WSF_OK;
}

static int width(const wsf__node *node, const wsf__panel *panel) {
  kind part[N_PARTS];
  return asked(node, panel, part);
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  (void)arena;
  kind part[N_PARTS];
  (void)asked(node, panel, part);
  const struct part *p = &parts[part[c]];
  *out = (wsf__feature){p->name, p->n_categories, p->category};
  return WSF_OK;
}

static int iso_week(int64_t day) {
  const int64_t thursday = day - wsf__weekday(day) + 3;
  int64_t year;
  int month, of_month;
  wsf__civil_from_days(thursday, &year, &month, &of_month);
  return (int)(thursday - wsf__days_from_civil(year, 1, 1)) / 7 + 1;
}

/* Fiscal months begin and end on either side of a month's ends. */
static int64_t middle_of(const wsf__calendar *cal, int64_t period) {
  int64_t first, days;
  (void)wsf__calendar_days(cal, period, &first, &days);
  return first + days / 2;
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const wsf__calendar *cal = &v->panel->calendar;
  const bool timed = cal->form == WSF__FORM_TIME;
  kind part[N_PARTS];
  const int n = asked(node, v->panel, part);
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t at = wsf__calendar_value(cal, t + r);
    int64_t date = timed ? wsf__floor_div(at, 86400) : at;
    if (cal->freq == WSF__FISCAL) date = middle_of(cal, t + r);
    int64_t year;
    int month, day;
    wsf__civil_from_days(date, &year, &month, &day);
    for (int c = 0; c < n; ++c) {
      int64_t value = 0;
      switch (part[c]) {
      case HOUR:
        value = (at - date * 86400) / 3600;
        break;
      case WEEKDAY:
        value = wsf__weekday(date);
        break;
      case DAY:
        value = day;
        break;
      case YEARDAY:
        value = date - wsf__days_from_civil(year, 1, 1) + 1;
        break;
      case WEEK:
        value = iso_week(date);
        break;
      case MONTH:
        value = month - 1;
        break;
      case QUARTER:
        value = (month - 1) / 3;
        break;
      default:
        value = year;
      }
      x[c * stride + r] = (float)value;
    }
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_calendar = {
    .spec = {.family = "feature",
             .group = "calendar",
             .name = "calendar",
             .summary = "where a period stands in its day, week, month and year",
             .source = "",
             .since = "0.2.0",
             .example = "calendar(week, month)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .check = check,
    .width = width,
    .column = column,
    .lag = wsf__feature_no_lag,
    .fill = fill,
};
