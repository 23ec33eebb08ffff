/* Building tables. A wsf_table is written once, by the call that returns it, then shared. */
#ifndef WSF_TABLE_TABLE_H
#define WSF_TABLE_TABLE_H

#include "base/alloc.h"
#include "base/error.h"
#include <wsf/table.h>

/* A table of `rows` rows (fixed) and no columns. drop_owner(owner) is called when the last
 * reference goes (it keeps the allocator alive); may be NULL. */
wsf_status wsf__table_create(wsf_table **out, const wsf__alloc *a, int64_t rows, wsf_error *err);
/* Hand the table the reference that keeps its allocator's context alive. */
void wsf__table_own(wsf_table *t, void (*drop_owner)(void *owner), void *owner);
/* Add a column and return its cells to fill: zeroed and valid. F64: fill with NaN for null. */
wsf_status wsf__table_add_f64(wsf_table *t, const char *name, double **cells, wsf_error *err);
/* type: WSF_TYPE_I64, _DATE or _TIME */
wsf_status wsf__table_add_i64(wsf_table *t, const char *name, int32_t type, int64_t **cells,
                              wsf_error *err);
/* TEXT columns are filled in row order, one cell per row: NULL text = null cell. */
wsf_status wsf__table_add_text(wsf_table *t, const char *name, int64_t *column, wsf_error *err);
wsf_status wsf__table_put(wsf_table *t, int64_t column, const char *text, wsf_error *err);
wsf_status wsf__table_put_n(wsf_table *t, int64_t column, const char *text, size_t length,
                            wsf_error *err);
/* Mark a cell of an I64, DATE or TIME column null. */
void wsf__table_set_null(wsf_table *t, int64_t column, int64_t row);

#endif
