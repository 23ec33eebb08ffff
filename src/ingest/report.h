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
/* The panel's report gets the rows of r behind its own. */
wsf_status wsf__report_attach(const wsf__report *r, wsf__panel *p, wsf_error *err);

#endif
