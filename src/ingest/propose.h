/* What an unknown CSV file may be: the kind and the part of each column, and the expression that
 * loads it so. */
#ifndef WSF_INGEST_PROPOSE_H
#define WSF_INGEST_PROPOSE_H

#include "ingest/load.h"

typedef enum wsf__part {
  WSF__PART_PAST,
  WSF__PART_KEY,
  WSF__PART_TIME,
  WSF__PART_TARGET,
  WSF__PART_STATIC,
  WSF__PART_PERIOD, /* of a wide file */
  WSF__PART_SERIES, /* of a pivot file */
  WSF__PART_NONE    /* no name or no value */
} wsf__part;

typedef struct wsf__proposed {
  wsf__part part;
  const char *type; /* number, flag, words, date, time, integer, empty */
  int64_t distinct, missing;
} wsf__proposed;

enum { WSF__PROPOSE_NA = 24 };
typedef struct wsf__proposal {
  wsf__csv csv;          /* all columns read by guess */
  wsf__proposed *column; /* [csv.n_columns], in the file's arena */
  int32_t layout;        /* wsf__layout */
  bool unsettled;        /* no date tells day from month */
  int n_na;              /* spellings of missing values beside the usual ones; 0: the usual */
  const char *na[WSF__PROPOSE_NA];
  wsf__csv_format format;
  int64_t twice; /* rows with the keys and time of another are left */
} wsf__proposal;

/* What stands in the way of the table's first line, into the format (propose_head.c). */
void wsf__propose_head(wsf__csv_format *format, const wsf__csv *csv);
/* Columns, among the first, that hold months as 01.2020 are words and no numbers. */
enum { WSF__PROPOSE_MONTHS = 64 };
void wsf__propose_months(wsf__csv *csv);
/* Spellings of missing values that keep columns from being numbers, into the proposal; true: there
 * are new ones, and the file is to be read again (propose_missing.c). */
bool wsf__propose_missing(wsf__proposal *p);
/* Always followed by wsf__csv_close(&p->csv). */
wsf_status wsf__propose_read(wsf__proposal *p, wsf__env *env, const char *path, wsf_error *err);

#endif
