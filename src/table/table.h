/* Building tables. A wsf_table is written once, by the call that returns it, then shared. */
#ifndef WSF_TABLE_TABLE_H
#define WSF_TABLE_TABLE_H

#include "sync/env.h"
#include <wsf/table.h>

/* A table of `rows` rows (fixed) and no columns. drop_owner(owner) is called when the last
 * reference goes (it keeps the allocator alive); may be NULL. */
wsf_status wsf__table_create(wsf_table **out, const wsf__alloc *a, int64_t rows, wsf_error *err);
/* One that is filled for a call: texts cannot be put into it any more once that was stopped. */
wsf_status wsf__table_begin(wsf_table **out, const wsf__env *env, int64_t rows, wsf_error *err);
/* For loops that fill it with numbers: fails when the call was stopped. */
wsf_status wsf__table_goes_on(const wsf_table *t, wsf_error *err);
/* The table is full: hand it the reference that keeps its allocator's context alive. */
void wsf__table_own(wsf_table *t, void (*drop_owner)(void *owner), void *owner);
/* Add a column and return its cells to fill: zeroed and valid. F64: fill with NaN for null. */
wsf_status wsf__table_add_f64(wsf_table *t, const char *name, double **cells, wsf_error *err);
/* type: WSF_TYPE_I64, _DATE or _TIME */
wsf_status wsf__table_add_i64(wsf_table *t, const char *name, int32_t type, int64_t **cells,
                              wsf_error *err);
/* Cells of the columns of numbers and codes that are added from here on are not zeroed, which takes
 * as long as filling them: each is to be filled, those that are null too. */
void wsf__table_unfilled(wsf_table *t);
/* TEXT columns are filled in row order, one cell per row: NULL text = null cell. */
wsf_status wsf__table_add_text(wsf_table *t, const char *name, int64_t *column, wsf_error *err);
wsf_status wsf__table_put(wsf_table *t, int64_t column, const char *text, wsf_error *err);
wsf_status wsf__table_put_n(wsf_table *t, int64_t column, const char *text, size_t length,
                            wsf_error *err);
/* Float cells; NaN for null. */
wsf_status wsf__table_add_f32(wsf_table *t, const char *name, float **cells, wsf_error *err);
/* Texts that columns of many tables share, each stored once. The tables hold references. */
typedef struct wsf__dictionary wsf__dictionary;
wsf_status wsf__dictionary_create(wsf__dictionary **out, const wsf__alloc *a,
                                  const char *const *text, int32_t n, wsf_error *err);
wsf__dictionary *wsf__dictionary_retain(wsf__dictionary *d);
void wsf__dictionary_release(wsf__dictionary *d); /* NULL is a no-op */
/* A TEXT column of codes into a dictionary: fill each with 0 .. n - 1. */
wsf_status wsf__table_add_codes(wsf_table *t, const char *name, wsf__dictionary *d, int32_t **cells,
                                wsf_error *err);
/* Fewer rows than the table was made with; it has no TEXT column that is filled in order. */
void wsf__table_truncate(wsf_table *t, int64_t rows);
/* Mark a cell of an I64, DATE, TIME or dictionary-encoded column null. */
void wsf__table_set_null(wsf_table *t, int64_t column, int64_t row);

/* Tables that are made when a consumer asks for them. */
typedef struct wsf__table_source {
  wsf_status (*columns)(void *self, wsf_table **out, wsf_error *err); /* of every batch; no rows */
  wsf_status (*next)(void *self, wsf_table **out, wsf_error *err);    /* NULL at the end */
  void (*drop)(void *self);
  void *self;
} wsf__table_source;
/* Both hand over a reference, and NULL on failure. The stream drops the source when it is released;
 * on failure here the caller does. */
wsf_status wsf__table_stream(struct ArrowArrayStream *out, const wsf__alloc *a,
                             const wsf__table_source *source, wsf_error *err);

#endif
