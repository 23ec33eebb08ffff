/* One column of an Arrow batch, read as numbers, times or texts. */
#ifndef WSF_INGEST_ARROW_COLUMN_H
#define WSF_INGEST_ARROW_COLUMN_H

#include "base/error.h"
#include <wsf/arrow.h>

#include <stdbool.h>

typedef enum wsf__arrow_class {
  WSF__ARROW_OTHER, /* nothing we read */
  WSF__ARROW_BOOL,
  WSF__ARROW_INTEGER,   /* also decimals without decimals */
  WSF__ARROW_REAL,      /* also decimals */
  WSF__ARROW_TEXT,      /* utf8, large utf8, utf8 view */
  WSF__ARROW_TEXT_CODE, /* integers into a dictionary of texts */
  WSF__ARROW_DATE,
  WSF__ARROW_TIME
} wsf__arrow_class;

typedef struct wsf__arrow_column {
  const char *name, *format; /* of the codes, if there is a dictionary */
  const char *text_format;   /* of the dictionary */
  wsf__arrow_class is;
  int32_t width, scale; /* of decimals: bits, and digits behind the point; else 0 */
} wsf__arrow_column;

/* What a schema's child is. Texts are borrowed from the schema. */
wsf__arrow_column wsf__arrow_column_of(const struct ArrowSchema *schema);

/* Cells first .. first + n - 1 of an array, counted from the array's own offset. */
typedef struct wsf__arrow_slice {
  const struct ArrowArray *array;
  int64_t first, n;
} wsf__arrow_slice;

/* Whether the array has the buffers and the length that its type and the slice need. */
bool wsf__arrow_fits(const wsf__arrow_column *c, wsf__arrow_slice s);
bool wsf__arrow_valid(wsf__arrow_slice s, int64_t i);
/* BOOL, INTEGER, REAL, missing as NaN. */
void wsf__arrow_numbers(const wsf__arrow_column *c, wsf__arrow_slice s, double *out);
/* REAL of format f, missing as NaN. */
void wsf__arrow_floats(wsf__arrow_slice s, float *out);
/* BOOL, INTEGER or TEXT_CODE; false if it does not fit into 64 bits with a sign (a decimal:
 * 54). Only for valid cells. */
bool wsf__arrow_integer(const wsf__arrow_column *c, wsf__arrow_slice s, int64_t i, int64_t *out);
/* DATE, TIME: seconds since 1970, rounded down; false outside the years 1 to 99999. */
bool wsf__arrow_seconds(const wsf__arrow_column *c, wsf__arrow_slice s, int64_t i, int64_t *out);
/* TIME: the zone that its type names, whose instants the cells are; NULL: none. */
const char *wsf__arrow_zone(const wsf__arrow_column *c);
/* A text of the given format; NULL if the offsets are not in order. Only for valid cells. */
const char *wsf__arrow_text(const char *format, wsf__arrow_slice s, int64_t i, size_t *length);

#endif
