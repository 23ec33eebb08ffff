/* How many rows of an unknown file some of its columns tell apart. */
#ifndef WSF_INGEST_PROPOSE_ROWS_H
#define WSF_INGEST_PROPOSE_ROWS_H

#include "ingest/propose.h"

typedef struct wsf__propose_rows {
  const wsf__csv *csv;
  const wsf__proposed *column;
  int64_t rows, timed; /* looked at; of them with a time and, as keys are found, a key */
  int64_t times;       /* different ones; 0: there are none */
  bool *untimed;       /* [rows] totals, remarks: their keys are none */
  uint64_t *slot;      /* [mask + 1] hashes; 0 is free */
  size_t mask;
  int *part; /* [n_columns] those that take part */
} wsf__propose_rows;

/* Always followed by free. */
wsf_status wsf__propose_rows_init(wsf__propose_rows *n, wsf__proposal *p, wsf_error *err);
void wsf__propose_rows_free(wsf__propose_rows *n);

/* Different rows over the columns that take part in `set`, and one more; -1: none. */
int64_t wsf__propose_distinct(wsf__propose_rows *n, const bool *set, int more);
/* Which rows have a time, once its columns are known. */
void wsf__propose_timed(wsf__proposal *p, wsf__propose_rows *n);
/* A part of the time that is none, as the others tell all rows apart, becomes a value, which is
 * told (propose_spare.c). Scratch: set[n_columns]. */
void wsf__propose_spare(wsf__proposal *p, wsf__propose_rows *n, bool *set);
/* Rows without a key are left out of the series, as those without a time. Whether there are any. */
bool wsf__propose_leave_blank(wsf__propose_rows *n, const wsf__csv_column *c);

/* Whether rows without a value of column k add up those that have one (propose_blank_sums.c). */
bool wsf__propose_blank_sums(wsf__proposal *p, const wsf__propose_rows *n, int k);

/* Nearly each value stands at one time only; and the number of an order, a receipt or an invoice,
 * for which it may also be so few times, far apart, that none is a series (propose_orders.c). time:
 * the columns that make it. */
bool wsf__propose_stands_once(wsf__propose_rows *n, const bool *time, int k);
bool wsf__propose_is_order(wsf__proposal *p, wsf__propose_rows *n, const bool *time, int k);
/* The number to forecast, none of those in `set`; where there is none, whether what stands there
 * looks like the future of columns known ahead (propose_target.c). */
void wsf__propose_target(wsf__proposal *p, wsf__propose_rows *n, const bool *set);
/* Keys, what is static, and the target of a long file between them (propose_keys.c). Scratch:
 * set[n_columns]. */
void wsf__propose_keys(wsf__proposal *p, wsf__propose_rows *n, bool *set);
void wsf__propose_static(wsf__proposal *p, wsf__propose_rows *n, bool *set);

#endif
