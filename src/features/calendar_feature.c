/* Where a period stands in its day, week, month and year, and what its days are: known for all
 * times, so a model learns seasons of any length from it. A period is dated as its row is: a week
 * by the day that stands in the data, whichever days it covers, but a fiscal month by its middle.
 * Weeks are those of ISO 8601 (the week of a year's first Thursday is its first). Edges of months,
 * pay-days, days and working days are counted over the days that a period covers. */
#include "features/calendar_parts.h"
#include "features/feature_options.h"

static const wsf__option options[] = {
    {"parts", WSF__WORDS, "", 0, 0, WSF__CALENDAR_WORDS,
     "what to tell: hour (0 to 23), weekday (Monday .. Sunday), day (of the month), yearday (1 to "
     "366), week (ISO, 1 to 53), month (January .. December), quarter (Q1 .. Q4), year; of the "
     "days that the period covers monthstart and monthend (first and last days of months), payday, "
     "days and workdays (Monday to Friday), as numbers; absent: the first eight that change from "
     "period to period, but year"},
    {"paydays", WSF__INTS, "[15,31]", 1, 31, NULL,
     "days of the month that wages are paid on, 31: its last; on a weekend, the Friday before"},
    {"strict", WSF__FLAG, "true", 0, 0, NULL,
     "refuse a part that is the same in every period; false: leave it out"}};

/* The parts of a call, in its order; returns how many. */
static int asked(const wsf__node *node, const wsf__panel *panel, int out[WSF__CALENDAR_PARTS]) {
  const wsf__value *words = wsf__arg(node, "parts");
  int n = 0;
  if (panel->calendar.form == WSF__FORM_INTEGER) return 0;
  for (int i = 0; i < words->n && n < WSF__CALENDAR_PARTS; ++i) {
    const int part = wsf__calendar_part(words->strings[i]);
    if (wsf__calendar_part_tells(part, panel)) out[n++] = part;
  }
  if (words->n > 0) return n;
  for (int k = 0; k <= WSF__CALENDAR_YEAR; ++k) {
    const bool year = panel->calendar.freq == WSF__YEAR;
    if (wsf__calendar_part_tells(k, panel) && (k != WSF__CALENDAR_YEAR || year)) out[n++] = k;
  }
  return n;
}

static wsf_status check(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  if (!wsf__arg_flag(node, "strict")) return WSF_OK;
  if (panel->calendar.form == WSF__FORM_INTEGER) {
    (void)wsf__fail(err, WSF_E_VALUE, "column '%.64s' holds whole numbers, calendar expects dates",
                    panel->time_name);
    return wsf__feature_refuse(node, "parts", err);
  }
  const wsf__value *words = wsf__arg(node, "parts");
  for (int i = 0; i < words->n; ++i) {
    if (wsf__calendar_part_tells(wsf__calendar_part(words->strings[i]), panel)) continue;
    (void)wsf__fail(err, WSF_E_VALUE,
                    "%s tells nothing of data by the %s, calendar expects parts that change",
                    words->strings[i], wsf__freq_name(panel->calendar.freq));
    return wsf__feature_refuse(node, "parts", err);
  }
  return WSF_OK;
}

static int width(const wsf__node *node, const wsf__panel *panel) {
  int part[WSF__CALENDAR_PARTS];
  return asked(node, panel, part);
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  (void)arena;
  int part[WSF__CALENDAR_PARTS];
  (void)asked(node, panel, part);
  *out = wsf__calendar_part_column(part[c]);
  return WSF_OK;
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const wsf__calendar *cal = &v->panel->calendar;
  const wsf__value *paydays = wsf__arg(node, "paydays");
  int part[WSF__CALENDAR_PARTS];
  const int n = asked(node, v->panel, part);
  for (int64_t r = 0; r < rows; ++r) {
    const wsf__calendar_date date = wsf__calendar_date_of(cal, t + r);
    for (int c = 0; c < n; ++c) {
      x[c * stride + r] =
          (float)wsf__calendar_part_value(part[c], &date, paydays->numbers, paydays->n);
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
    .of_period = wsf__feature_always,
};
