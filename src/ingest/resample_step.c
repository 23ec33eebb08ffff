/* resample: the data on a calendar of longer periods. */
#include "ingest/fiscal_option.h"
#include "ingest/hint.h"
#include "ingest/report.h"
#include "ingest/sources.h"
#include "panel/resample.h"

#include <stdio.h>
#include <string.h>

#define WEEKDAYS "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
#define MONTHS                                                                                     \
  "january|february|march|april|may|june|july|august|september|october|november|december"

static const wsf__option options[] = {
    {"data", WSF__CALL, NULL, 0, 0, "data", "the data with the shorter periods"},
    {"freq", WSF__WORD, NULL, 0, 0, "hour|day|week|month|quarter|year|fiscal_month",
     "the longer periods"},
    {"how", WSF__WORD, "sum", 0, 0, "sum|mean|last",
     "what the target of a longer period is made of its shorter ones"},
    {"anchor", WSF__WORD, "auto", 0, 0, "auto|" WEEKDAYS "|" MONTHS,
     "the last weekday of a week (auto: sunday), or the last month of a year and of one of its "
     "quarters (auto: december)"},
    WSF__FISCAL_OPTION,
    {"partial", WSF__WORD, "drop", 0, 0, "drop|keep",
     "a first or last period that the data covers in part"},
    {"missing", WSF__WORD, "missing", 0, 0, "missing|skip",
     "a period in which a shorter one is missing: missing too, or of what is there"},
    {"sum", WSF__NAMES, "", 0, 0, NULL, "columns to add up; others are averaged"},
    {"last", WSF__NAMES, "", 0, 0, NULL, "columns whose last value stands for the period"},
    {"season", WSF__INT, "0", 0, 1000000, NULL, "periods in a season; 0: by the frequency"},
};

const wsf__spec wsf__spec_resample = {
    .family = "data",
    .group = "step",
    .name = "resample",
    .summary = "Longer periods: weeks of days, months of weeks, fiscal months, quarters, years.",
    .source = "",
    .since = "0.2.0",
    .example = "m5(\"data/m5\") | resample(freq=week, anchor=friday)",
    .options = options,
    .n_options = sizeof options / sizeof *options,
};

static wsf_status fail_option(const wsf__node *node, const char *option, wsf_status status,
                              wsf_error *err) {
  wsf__error_at_field(err, option);
  wsf__error_at_byte(err, node->byte);
  return status;
}

/* Place of a word in "a|b|c", or -1. */
static int place_of(const char *words, const char *word) {
  const size_t length = strlen(word);
  for (int i = 0;; ++i) {
    const size_t n = strcspn(words, "|");
    if (n == length && memcmp(words, word, n) == 0) return i;
    if (!words[n]) return -1;
    words += n + 1;
  }
}

static wsf_status read_anchor(wsf__resample_rules *rules, const wsf__node *node, wsf_error *err) {
  const char *anchor = wsf__arg_text(node, "anchor");
  const int weekday = place_of(WEEKDAYS, anchor), month = place_of(MONTHS, anchor);
  const bool week = rules->freq == WSF__WEEK;
  const bool year = rules->freq == WSF__QUARTER || rules->freq == WSF__YEAR;
  rules->last = weekday >= 0 ? weekday : month >= 0 ? month + 1 : week ? 6 : 12;
  if ((weekday < 0 || week) && (month < 0 || year)) return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE, "anchor is %s; %s was expected for freq=%s", anchor,
                  week   ? "a weekday"
                  : year ? "a month"
                         : "none",
                  wsf__freq_name(rules->freq));
  return fail_option(node, "anchor", WSF_E_VALUE, err);
}

/* By what rule each column is folded. */
static wsf_status read_columns(wsf__resample_rules *rules, const wsf__panel *p,
                               const wsf__node *node, wsf__arena *arena, wsf_error *err) {
  static const struct {
    const char *option;
    wsf__how how;
  } named[] = {{"sum", WSF__SUM}, {"last", WSF__LAST}};
  wsf__how *how = wsf__arena_new(arena, (size_t)p->n_columns, sizeof *how);
  if (!how) return wsf__fail_memory(err);
  for (int c = 0; c < p->n_columns; ++c) {
    const wsf__column *column = &p->column[c];
    how[c] = column->n_categories ? WSF__LAST
             : c == p->weight     ? WSF__SUM
             : column->flag       ? WSF__ANY
                                  : WSF__MEAN;
  }
  for (size_t k = 0; k < sizeof named / sizeof *named; ++k) {
    const wsf__value *v = wsf__arg(node, named[k].option);
    for (int i = 0; v->form == WSF__STRINGS && i < v->n; ++i) {
      const int c = wsf__panel_find_column(p, v->strings[i]);
      if (c < 0 || p->column[c].kind == WSF__STATIC || p->column[c].n_categories) {
        char hint[WSF__HINT_BYTES] = "";
        if (c < 0) wsf__column_hint(hint, p, v->strings[i]);
        (void)wsf__fail(err, WSF_E_NAME,
                        "%s names \"%.64s\", which is no column of numbers that runs in time%s",
                        named[k].option, v->strings[i], hint);
        return fail_option(node, named[k].option, WSF_E_NAME, err);
      }
      how[c] = named[k].how;
    }
  }
  rules->column = how;
  return WSF_OK;
}

static const char *rule_text(wsf__how how) {
  switch (how) {
  case WSF__SUM:
    return "column added up";
  case WSF__MEAN:
    return "column averaged";
  case WSF__LAST:
    return "column: last value of a period";
  case WSF__ANY:
    return "column: set if once set in a period";
  }
  return "";
}

static wsf_status report_periods(wsf__panel *made, const wsf__panel *from,
                                 const wsf__resample_rules *rules,
                                 const wsf__resample_counts *counts, wsf_error *err) {
  wsf__report report;
  wsf__report_init(&report, &made->arena.alloc);
  const wsf__report_row row[] = {
      {.item = "periods resampled", .count = from->T},
      {.item = "periods", .count = counts->periods},
      {.item = rules->keep_partial ? "partial periods kept" : "partial periods left out",
       .count = counts->partial,
       .example = counts->example},
      {.item = "periods split by days", .count = counts->split},
      {.item = "periods missing, as a shorter one is", .count = counts->missing},
      {.item = "series without a period", .count = counts->empty},
      {.item = "rows asked for that are left out", .count = wsf_table_rows(from->request)},
  };
  for (size_t i = 0; i < sizeof row / sizeof *row; ++i) wsf__report_add(&report, row[i]);
  for (int c = 0; c < from->n_columns; ++c) {
    const wsf__column *column = &from->column[c];
    if (column->kind == WSF__STATIC) continue;
    wsf__report_add(&report, (wsf__report_row){.item = rule_text(rules->column[c]),
                                               .count = -1,
                                               .column = column->name});
  }
  const wsf_status status = wsf__report_attach(&report, made, err);
  wsf__report_free(&report);
  return status;
}

static wsf_status resample(wsf__panel **made, wsf__env *env, const wsf__panel *p,
                           const wsf__node *node, wsf__arena *arena, wsf_error *err) {
  wsf__resample_rules rules = {.how = wsf__arg_is(node, "how", "mean")   ? WSF__MEAN
                                      : wsf__arg_is(node, "how", "last") ? WSF__LAST
                                                                         : WSF__SUM,
                               .season = (int)wsf__arg_int(node, "season"),
                               .keep_partial = wsf__arg_is(node, "partial", "keep"),
                               .skip_missing = wsf__arg_is(node, "missing", "skip")};
  wsf__resample_counts counts;
  (void)wsf__freq_parse(wsf__arg_text(node, "freq"), &rules.freq);
  wsf__panel_rules year = {.freq = rules.freq};
  WSF__TRY(read_anchor(&rules, node, err));
  WSF__TRY(wsf__fiscal_option(&year, node, false, err));
  rules.year = year.fiscal_given ? year.fiscal : wsf__fiscal_nrf;
  WSF__TRY(read_columns(&rules, p, node, arena, err));
  WSF__TRY(wsf__panel_resample(made, env, p, &rules, &counts, err));
  return report_periods(*made, p, &rules, &counts, err);
}

wsf_status wsf__open_resample(wsf__panel **out, wsf__env *env, const wsf__node *node,
                              wsf_error *err) {
  WSF__TRY(wsf__ingest_open(out, env, wsf__arg(node, "data")->inner[0], err));
  wsf__panel *p = *out, *made = NULL;
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  wsf_status status = wsf__panel_need_target(p, err);
  if (status == WSF_OK) status = resample(&made, env, p, node, &arena, err);
  wsf__arena_free(&arena);
  wsf__panel_release(p);
  if (status != WSF_OK) {
    wsf__panel_release(made);
    made = NULL;
  }
  *out = made;
  return status;
}
