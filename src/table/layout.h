/* How a table lies in memory; for the files of this folder only.
 *
 * Every column is laid out as Arrow wants it. TEXT keeps its bytes twice: `bytes` for Arrow,
 * without separators, and `terminated`, with a NUL after each cell, for wsf_table_text. One array
 * of offsets serves both, for cell i lies at offset[i] in the first and at offset[i] + i in the
 * second. A dictionary-encoded TEXT column has codes and a dictionary in the place of both. */
#ifndef WSF_TABLE_LAYOUT_H
#define WSF_TABLE_LAYOUT_H

#include "table/table.h"

#include <stdatomic.h>

struct wsf__dictionary {
  atomic_int references;
  wsf__alloc alloc;
  int32_t n;
  int32_t *offset; /* [n + 1]; the rest as in a TEXT column */
  char *bytes, *terminated;
};

typedef struct wsf__table_column {
  char *name;
  int32_t type;
  double *f64;
  float *f32;
  int64_t *i64;     /* I64, DATE, TIME */
  int32_t *offset;  /* TEXT: [rows + 1] */
  char *bytes;      /* TEXT */
  char *terminated; /* TEXT */
  size_t capacity;  /* TEXT: of bytes; terminated has room for one more byte per row */
  int64_t filled;   /* TEXT: rows put so far */
  int32_t *code;    /* dictionary-encoded TEXT */
  wsf__dictionary *dictionary;
  uint8_t *valid;     /* Arrow bitmap, bit set = valid. F64, F32: NULL, a null is a NaN */
  int64_t null_count; /* F64, F32: not kept */
} wsf__table_column;

struct wsf_table {
  atomic_int references;
  wsf__alloc alloc;
  void (*drop_owner)(void *owner);
  void *owner;
  int64_t rows, n_columns, capacity;
  wsf__table_column *column;
  const wsf__env *work_of; /* until it is handed out; NULL: nobody's */
  bool unfilled;           /* cells of new columns are not zeroed */
};

/* arrow_export.c: the parts of wsf_table_export; on failure nothing is left to release. */
bool wsf__table_schema(wsf_table *t, struct ArrowSchema *out);
wsf_status wsf__table_array(wsf_table *t, struct ArrowArray *out, wsf_error *err);

static inline size_t wsf__bitmap_bytes(int64_t rows) {
  return (size_t)rows / 8 + 1;
}

#endif
