/* Where a period stands in a retailer's year: weeks counted from its first, months of 4 and 5
 * weeks, and whether the year has 53 of them, so that a model compares week 40 with week 40 though
 * one year was longer. The year is that of the NRF or any other of calendar/fiscal.h; its number is
 * that of the calendar year in which most of it lies. A period is dated as in calendar. */
#include "features/calendar_parts.h"
#include "features/feature_options.h"

#include <stdio.h>
#include <string.h>

static const wsf__option options[] = {
    {"parts", WSF__WORDS, "[week,month]", 0, 0, "week|month|quarter|year|weeks",
     "what to tell, as numbers: week (1 to 53), month (1 to 12), quarter (1 to 4), year, weeks (of "
     "the year, 52 or 53)"},
    {"fiscal", WSF__TEXT, "nrf", 0, 0, NULL,
     "the year: nrf, or a pattern such as \"445 last saturday september\""}};

enum { WEEK_DAYS = 7, MONTHS = 12 };

static wsf__fiscal year_of(const wsf__node *node) {
  wsf__fiscal f = wsf__fiscal_nrf;
  (void)wsf__fiscal_parse(wsf__arg(node, "fiscal")->text, &f);
  return f;
}

static wsf_status check(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  const char *text = wsf__arg(node, "fiscal")->text;
  wsf__fiscal f;
  if (!wsf__fiscal_parse(text, &f)) {
    (void)wsf__fail(err, WSF_E_VALUE,
                    "'%.64s' is no fiscal year, expected nrf or one such as 445 last saturday "
                    "september",
                    text);
    return wsf__feature_refuse(node, "fiscal", err);
  }
  if (panel->calendar.form != WSF__FORM_INTEGER) return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE, "column '%.64s' holds whole numbers, fiscal expects dates",
                  panel->time_name);
  return wsf__feature_refuse(node, "parts", err);
}

static int width(const wsf__node *node, const wsf__panel *panel) {
  (void)panel;
  return wsf__arg(node, "parts")->n;
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  (void)panel;
  const char *name = wsf__feature_text(arena, "fiscal_", wsf__arg(node, "parts")->strings[c]);
  *out = (wsf__feature){.name = name};
  return name ? WSF_OK : WSF_E_MEMORY;
}

static int64_t part_of(const char *part, const wsf__fiscal *f, int64_t day) {
  const int64_t month = wsf__fiscal_month(f, day), year = wsf__floor_div(month, MONTHS);
  int64_t first, days;
  wsf__fiscal_days(f, year * MONTHS, MONTHS, &first, &days);
  if (strcmp(part, "week") == 0) return (day - first) / WEEK_DAYS + 1;
  if (strcmp(part, "month") == 0) return month - year * MONTHS + 1;
  if (strcmp(part, "quarter") == 0) return (month - year * MONTHS) / 3 + 1;
  return strcmp(part, "year") == 0 ? wsf__fiscal_year(f, year) : days / WEEK_DAYS;
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const wsf__value *parts = wsf__arg(node, "parts");
  const wsf__fiscal f = year_of(node);
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t day = wsf__calendar_date_of(&v->panel->calendar, t + r).day;
    for (int c = 0; c < parts->n; ++c) {
      x[c * stride + r] = (float)part_of(parts->strings[c], &f, day);
    }
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_fiscal = {
    .spec = {.family = "feature",
             .group = "calendar",
             .name = "fiscal",
             .summary = "where a period stands in a retailer's year of 52 or 53 weeks",
             .source = "National Retail Federation, 4-5-4 calendar",
             .since = "0.2.0",
             .example = "fiscal(week, month)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .check = check,
    .width = width,
    .column = column,
    .lag = wsf__feature_no_lag,
    .fill = fill,
    .of_period = wsf__feature_always,
};
