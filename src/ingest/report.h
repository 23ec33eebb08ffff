/* The load report: what was read, kept, rejected, joined. One table per panel; every step of a data
 * expression adds its rows. Columns: item, count, line, column, example, file. */
#ifndef WSF_INGEST_REPORT_H
#define WSF_INGEST_REPORT_H

#include "ingest/csv_file.h"
#include "panel/panel.h"

typedef struct wsf__report_row {
  const char *item;   /* static text */
  int64_t count;      /* -1: none */
  int64_t line;       /* 0: none */
  const char *column; /* NULL: none; texts live in the report's arena */
  const char *example;
  const char *file;
} wsf__report_row;

typedef struct wsf__report {
  wsf__arena arena;
  int n, capacity;
  wsf__report_row *row;
  bool failed; /* memory ran out; told by attach */
  int n_parts; /* of the file that lines are counted in */
  const wsf__file_part *part;
} wsf__report;

void wsf__report_init(wsf__report *r, const wsf__alloc *a);
void wsf__report_free(wsf__report *r);
void wsf__report_add(wsf__report *r, wsf__report_row row);
/* Rows read, kept and rejected, with the first examples of each reason. */
void wsf__report_csv(wsf__report *r, const wsf__csv *csv);
void wsf__report_counts(wsf__report *r, const wsf__panel_counts *counts, const wsf__panel *p,
                        const char *file);
/* What a load says of times far ahead; a step that cuts them off takes it back. */
#define WSF__DOUBT_FAR                                                                             \
  "doubt: few observations far ahead of all others, which forecasts follow and an update leaves "  \
  "out (until(\"DATE\") does so, too)"
/* The same of the zeros that all series end with. */
#define WSF__DOUBT_ZEROS                                                                           \
  "doubt: the last values of all series are 0, as of periods that are still to come "              \
  "(| until(\"DATE\") leaves them out)"
bool wsf__report_says(const wsf_table *report, const char *item);
/* Sum of the counts of an item over all files and steps. */
int64_t wsf__report_total(const wsf_table *report, const char *item);
/* What the values of a panel show of its periods: zeros that all series end with, and days of the
 * week that none has (quiet.c). */
void wsf__report_quiet(wsf__report *r, const wsf__panel *p, const char *file);
/* The last period before zeros that all series end with; -1: they do not. false: out of memory. */
bool wsf__quiet_end(int64_t *out, const wsf__panel *p, wsf__arena *scratch);
/* The panel's report without the rows of an item. */
wsf_status wsf__report_take_back(wsf__panel *p, const char *item, wsf_error *err);
/* The panel's report gets the rows of r behind its own. */
wsf_status wsf__report_attach(const wsf__report *r, wsf__panel *p, wsf_error *err);

#endif
