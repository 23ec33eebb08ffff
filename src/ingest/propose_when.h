/* When a row of an unknown file is, once the columns of its time are known: in one of them, or in
 * numbers of a year and the months beside it. */
#ifndef WSF_INGEST_PROPOSE_WHEN_H
#define WSF_INGEST_PROPOSE_WHEN_H

#include "ingest/propose.h"

typedef struct wsf__when {
  const wsf__csv_column *column, *month; /* month: or NULL */
  const wsf__propose_words *words;       /* of the column; NULL: it holds numbers */
  bool counts;                           /* which are no dates */
} wsf__when;

/* False: it stands in other columns, or what is day and what month is not known. */
bool wsf__when_find(wsf__when *to, wsf__proposal *p);
/* In seconds, or as the file's number, a year and month as yyyymm; what is missing is NAN. */
double wsf__when_time(const wsf__when *w, int64_t row);
/* As until() takes it: 2023-04-01 of seconds, of 202304 and 20230401, a number that counts as it
 * is; false: of another. */
bool wsf__when_text(char out[32], const wsf__when *w, double time);

#endif
