/* Period columns of a wide file (wide.c, wide_years.c). */
#ifndef WSF_INGEST_WIDE_H
#define WSF_INGEST_WIDE_H

#include "ingest/load.h"

typedef struct wsf__wide_periods {
  int n;
  int *column;   /* [n] of the file */
  int64_t *time; /* [n], or where lines have years of their own [n] for each word of their column */
  int32_t form;
  int year;     /* column of the years; -1: there is none */
  int32_t unit; /* wsf__time_unit of the periods of a year */
  bool *exists; /* as time: whether the year has that period; NULL: all do */
} wsf__wide_periods;

/* Whether an option gives the column a role, so that it is no period. */
bool wsf__wide_named(const wsf__load *load, const char *name);
/* Months, quarters or weeks of the years of the column that `time` names; *found is false where the
 * names of columns hold their years themselves. */
wsf_status wsf__wide_find_units(wsf__wide_periods *p, const wsf__csv *csv, const wsf__load *load,
                                bool *found, wsf_error *err);
/* The times of the periods in every year that the file has; lines without a year are rejected. */
wsf_status wsf__wide_read_years(wsf__wide_periods *p, wsf__arena *arena, wsf__csv *csv,
                                wsf_error *err);

#endif
