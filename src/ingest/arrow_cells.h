/* The cells of a batch of an Arrow stream as numbers, times and labels: what the import of rows and
 * the sources of columns share. */
#ifndef WSF_INGEST_ARROW_CELLS_H
#define WSF_INGEST_ARROW_CELLS_H

#include "calendar/time_read.h"
#include "ingest/arrow_column.h"
#include "ingest/dict.h"
#include "sync/env.h"

/* A column of a batch. */
typedef struct wsf__arrow_cells {
  const wsf__env *env;
  const wsf__arrow_column *column;
  wsf__arrow_slice slice;
  int64_t before; /* rows of the stream before the first cell: for messages */
  wsf_error *err;
} wsf__arrow_cells;

/* WSF_E_DATA: the column's name and the sentence; cell -1: the column as a whole. */
wsf_status wsf__arrow_fail(const wsf__arrow_cells *c, int64_t cell, const char *sentence);

/* The children of a struct, one for each column; the caller's array is schema->n_children long. */
wsf_status wsf__arrow_columns(const struct ArrowSchema *schema, wsf__arena *arena,
                              wsf__arrow_column **out, wsf_error *err);
/* Fails unless the batch has the children of its schema and no row that is null as a whole. */
wsf_status wsf__arrow_check_batch(const struct ArrowArray *batch, int n_columns, int64_t before,
                                  wsf_error *err);
/* Fails if the stream did: what it says, with this status. */
wsf_status wsf__arrow_check_stream(struct ArrowArrayStream *stream, int code, wsf_status status,
                                   wsf_error *err);
/* The cells of a column; fails if its buffers are not there. Reading them fails once the call was
 * stopped. */
wsf_status wsf__arrow_cells_of(wsf__arrow_cells *out, const wsf__env *env,
                               const wsf__arrow_column *column, const struct ArrowArray *array,
                               const struct ArrowArray *batch, int64_t before, wsf_error *err);

/* BOOL, INTEGER, REAL: missing as NaN; an infinite one fails. */
wsf_status wsf__arrow_read_numbers(const wsf__arrow_cells *c, double *out);
/* TEXT, TEXT_CODE, INTEGER (written out), BOOL (0, 1) as codes of the dictionary; -1: missing. */
wsf_status wsf__arrow_read_labels(const wsf__arrow_cells *c, wsf__dict *d, int32_t *code);
/* DATE, TIME, INTEGER, TEXT, TEXT_CODE as wsf__time.value; a missing one fails. *form is what the
 * cells before agreed on, 0 before the first: dates may join times of day, whole numbers only each
 * other. *zoned as wsf__zoned_agree has it: texts with a distance from UTC are packed. *grain is
 * the wsf__grain of the longest so far that is written as a day, a month, .. Texts and whole
 * numbers follow the words of given->format, if there are any. */
wsf_status wsf__arrow_read_times(const wsf__arrow_cells *c, int64_t *time, int32_t *form,
                                 int *zoned, int32_t *grain, const wsf__time_style *given);

#endif
