/* Period columns of a wide file (wide.c, wide_parts.c). */
#ifndef WSF_INGEST_WIDE_H
#define WSF_INGEST_WIDE_H

#include "ingest/load.h"

enum { WSF__WIDE_LINES = 2 };
typedef struct wsf__wide_periods {
  int n;
  int *column;   /* [n] of the file */
  bool *other;   /* [n_columns of the file] called by times of another kind, and no period */
  int64_t *time; /* [n], or where lines hold parts of it [n] for each combination of these */
  int32_t form;
  int32_t grain;                      /* wsf__grain */
  int n_lines;                        /* parts that lines hold, such as a year */
  int line[WSF__WIDE_LINES];          /* their columns */
  int32_t line_unit[WSF__WIDE_LINES]; /* wsf__time_unit of them; NONE: a date */
  int32_t unit;                       /* of the part that columns are called by */
  char year[16];                      /* of all lines, of which none holds it; "": they do */
  int32_t *tuple;                     /* [rows] the combination of each line */
  bool *exists;                       /* as time: whether there is such a time; NULL: all are */
} wsf__wide_periods;

/* Whether an option gives the column a role, so that it is no period. */
bool wsf__wide_named(const wsf__load *load, const char *name);
/* The parts of a time, of the columns that `time` names and of the names of columns; *found is
 * false where these hold all of it. */
wsf_status wsf__wide_find_units(wsf__wide_periods *p, const wsf__csv *csv, const wsf__load *load,
                                bool *found, wsf_error *err);
/* The times of the periods in every line; lines whose word is no part of a time are rejected. */
wsf_status wsf__wide_read_parts(wsf__wide_periods *p, wsf__arena *arena, wsf__csv *csv,
                                wsf_error *err);

/* What the name of a column is as a period (wide_kind.c). */
typedef struct wsf__wide_kind {
  const char *name;
  int32_t form, grain; /* of a time */
  bool counts, month;  /* a number behind a word, or a month of no year */
  size_t prefix;       /* bytes of that word */
  int64_t value;       /* the time, or the number */
} wsf__wide_kind;
/* False: it is none. */
bool wsf__wide_kind_of(wsf__wide_kind *to, const char *name, const wsf__time_style *style);
/* Whether a column adds up the months of its line: FY23 among Jan-23 .., 2023 among 202301 .. */
bool wsf__wide_sums_year(const wsf__csv *csv, int k);
bool wsf__wide_same_kind(const wsf__wide_kind *a, const wsf__wide_kind *b);
/* The kind of most columns but those to skip, [n_columns], dates before all others; of two that are
 * as many the one that the file ends with. False: there is none. */
bool wsf__wide_most(wsf__wide_kind *out, const wsf__csv *csv, const bool *skip,
                    const wsf__time_style *style);

#endif
