/* What is to be told of a proposal. */
#include "ingest/propose.h"
#include "ingest/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void wsf__propose_doubt(wsf__proposal *p, const char *format, ...) {
  va_list args;
  if (p->n_doubts == WSF__PROPOSE_DOUBTS) return;
  va_start(args, format);
  (void)vsnprintf(p->doubt[p->n_doubts++], WSF__PROPOSE_DOUBT_BYTES, format, args);
  va_end(args);
}

void wsf__propose_left_out(wsf__proposal *p) {
  const wsf__csv *csv = &p->csv;
  const wsf__csv_reject *bad = &csv->reject[WSF__CSV_BAD_CELL];
  const wsf__csv_example *e = bad->example;
  if (p->n_suffixes > 0) {
    wsf__propose_doubt(p,
                       "numbers such as \"%s\" are read without what stands behind them "
                       "(suffixes=)",
                       p->suffix_shown);
  }
  if (bad->count > 0) {
    wsf__propose_doubt(p,
                       "%lld cells are no numbers and are left out, the first of them \"%.40s\" in "
                       "line %lld of %.40s (na= says what stands for a missing one)",
                       (long long)bad->count, e->text, (long long)e->line,
                       csv->column[e->column].name);
  }
  for (int k = 0; k < csv->n_columns; ++k) {
    const char *currency[2];
    if (wsf__number_currencies(csv->column[k].forms, currency) < 2) continue;
    wsf__propose_doubt(p,
                       "%.40s holds numbers of %s and of %s, read as if they were of one currency "
                       "(a column that says which, among the keys, keeps them apart)",
                       csv->column[k].name, currency[0], currency[1]);
  }
  for (int reason = 0; reason <= WSF__CSV_QUOTE; ++reason) {
    const wsf__csv_reject *row = &csv->reject[reason];
    if (row->count == 0) continue;
    wsf__propose_doubt(p, "%lld lines are left out, the first of them line %lld, \"%.48s\": %s",
                       (long long)row->count, (long long)row->example[0].line, row->example[0].text,
                       wsf__csv_reason_text(reason));
  }
}

/* What is told above, by the words of the load report, and what loses no row. */
static bool told(const char *item) {
  return strstr(item, wsf__csv_reason_text(WSF__CSV_FIELDS)) ||
         strstr(item, wsf__csv_reason_text(WSF__CSV_QUOTE)) ||
         strstr(item, wsf__csv_reason_text(WSF__CSV_BAD_CELL));
}

void wsf__propose_lost(wsf__proposal *p, const wsf_table *report) {
  const int64_t *count = wsf_table_i64(report, wsf_table_find(report, "count"));
  const int64_t *line = wsf_table_i64(report, wsf_table_find(report, "line"));
  const int64_t item = wsf_table_find(report, "item"), shown = wsf_table_find(report, "example");
  for (int64_t i = 0; i < wsf_table_rows(report); ++i) {
    const char *what = wsf_table_text(report, item, i, NULL);
    const char *rejected = what && !told(what) ? strstr(what, "rejected: ") : NULL;
    const bool off = what && strcmp(what, "dates off the calendar") == 0;
    if ((!rejected && !off) || count[i] <= 0) continue; /* further examples count -1 */
    const char *reason = rejected ? strchr(rejected, ' ') + 1 : "off the calendar";
    const char *text = wsf_table_text(report, shown, i, NULL);
    const bool time = strcmp(reason, wsf__csv_reason_text(WSF__CSV_BAD_TIME)) == 0;
    wsf__propose_doubt(p, "%lld %s %s%s%s, the first of them line %lld, \"%.48s\"",
                       (long long)count[i], strncmp(what, "cells", 5) == 0 ? "cells" : "rows",
                       time ? "have no time and are left out" : "are left out (",
                       time ? "" : reason, time ? "" : ")", (long long)line[i], text ? text : "");
  }
}

/* A note of how a file is read, by its words; -1: it is none. */
static int note_of(const char *item) {
  for (int kind = 0; kind < WSF__CSV_NOTES; ++kind) {
    if (strcmp(item, wsf__csv_note_text(kind)) == 0) return kind;
  }
  return -1;
}

/* Told with the first of its rows, by the words of the file (propose_far.c). */
static bool told_far(const wsf__proposal *p, const char *item) {
  static const char *const far = "observations far ahead", *const early = "long before all others";
  if (!strstr(item, far) && !strstr(item, early)) return false;
  for (int i = 0; i < p->n_doubts; ++i) {
    if (strstr(p->doubt[i], "rows stand far ")) return true;
  }
  return false;
}

void wsf__propose_carry(wsf__proposal *p, const wsf_table *report) {
  static const char *const doubt = "doubt: ";
  const int64_t item = wsf_table_find(report, "item"), column = wsf_table_find(report, "column");
  const int64_t example = wsf_table_find(report, "example");
  for (int64_t i = 0; i < wsf_table_rows(report); ++i) {
    const char *what = wsf_table_text(report, item, i, NULL);
    const int kind = what ? note_of(what) : -1;
    if (kind >= 0 && p->csv.note[kind].count == 0) p->csv.note[kind].count = 1;
    if (!what || kind >= 0 || strncmp(what, doubt, strlen(doubt)) != 0 || told_far(p, what))
      continue;
    const char *shown = wsf_table_text(report, example, i, NULL);
    if (!shown) shown = wsf_table_text(report, column, i, NULL);
    wsf__propose_doubt(p, "%s%s%.48s", what + strlen(doubt), shown ? ": " : "", shown ? shown : "");
  }
}
