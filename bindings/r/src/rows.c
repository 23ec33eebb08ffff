/* Rows in: columns of R as one batch of an Arrow stream. Numbers and integers are R's own
 * memory, borrowed for the time of the call; texts, codes, days and moments are made anew. A
 * missing number is NaN to the library; any other missing cell is told by Arrow's bits.
 *
 * The stream, its schema and its array give nothing back: what they point to goes with the rows,
 * after the call that consumed them. */
#include "native.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct field {
  const char *name, *format;
  void *own[3]; /* validity, offsets or values, texts; NULL: borrowed, or none */
  const void *buffers[3];
  int n_buffers;
  int64_t length;
  struct field *words; /* of codes; NULL: none */
  struct ArrowSchema schema;
  struct ArrowArray array;
} field;

struct native_rows {
  int64_t n, rows;
  field *fields, *words; /* [n] each */
  struct ArrowSchema **schemas;
  struct ArrowArray **arrays;
  const void *no_buffer[1];
  bool given;
};

void native_rows_free(native_rows *r) {
  if (!r) return;
  for (int64_t i = 0; i < 2 * r->n; ++i) {
    field *f = i < r->n ? &r->fields[i] : &r->words[i - r->n];
    for (int k = 0; k < 3; ++k) free(f->own[k]);
  }
  free(r->fields);
  free(r->words);
  free(r->schemas);
  free(r->arrays);
  free(r);
}

/* ---- columns */

static void *room(field *f, int buffer, int64_t n, size_t size) {
  f->own[buffer] = calloc((size_t)n + 1, size);
  if (!f->own[buffer]) Rf_error("no memory for the rows");
  f->buffers[buffer] = f->own[buffer];
  return f->own[buffer];
}

/* A cell without a value: its bit stays 0, all before it are set when the first is met. */
static void mark(field *f, int64_t i, bool there) {
  unsigned char *bits = f->own[0];
  if (!bits && !there) {
    bits = room(f, 0, (f->length + 7) / 8, 1);
    for (int64_t k = 0; k < i; ++k) bits[k / 8] = (unsigned char)(bits[k / 8] | 1u << k % 8);
  }
  if (bits && there) bits[i / 8] = (unsigned char)(bits[i / 8] | 1u << i % 8);
}

static void take_texts(field *f, SEXP x) {
  size_t size = 0;
  for (int64_t i = 0; i < f->length; ++i) size += (size_t)LENGTH(STRING_ELT(x, i));
  f->format = "U";
  f->n_buffers = 3;
  int64_t *offset = room(f, 1, f->length, sizeof *offset);
  char *text = room(f, 2, (int64_t)size, 1);
  for (int64_t i = 0; i < f->length; ++i) {
    SEXP cell = STRING_ELT(x, i);
    const bool there = cell != NA_STRING;
    const size_t length = there ? (size_t)LENGTH(cell) : 0;
    if (length > 0) memcpy(text + offset[i], CHAR(cell), length);
    offset[i + 1] = offset[i] + (int64_t)length;
    mark(f, i, there);
  }
}

static void take_integers(field *f, const int *x) {
  f->format = "i";
  f->n_buffers = 2;
  f->buffers[1] = x;
  for (int64_t i = 0; i < f->length; ++i) mark(f, i, x[i] != NA_INTEGER);
}

/* Codes from 0, and the levels. */
static void take_factor(field *f, field *words, SEXP x) {
  SEXP levels = Rf_getAttrib(x, R_LevelsSymbol);
  f->format = "i";
  f->n_buffers = 2;
  int32_t *code = room(f, 1, f->length, sizeof *code);
  for (int64_t i = 0; i < f->length; ++i) {
    const bool there = INTEGER(x)[i] != NA_INTEGER;
    if (there) code[i] = INTEGER(x)[i] - 1;
    mark(f, i, there);
  }
  *words = (field){.name = "", .length = XLENGTH(levels)};
  f->words = words;
  take_texts(words, levels);
}

/* Numbers of R as whole ones of a format: days, seconds, or keys of many digits. */
static void take_wholes(field *f, SEXP x, const char *format) {
  const bool days = strcmp(format, "tdD") == 0;
  f->format = format;
  f->n_buffers = 2;
  int32_t *narrow = days ? room(f, 1, f->length, sizeof *narrow) : NULL;
  int64_t *wide = days ? NULL : room(f, 1, f->length, sizeof *wide);
  for (int64_t i = 0; i < f->length; ++i) {
    const double value = TYPEOF(x) == REALSXP          ? floor(REAL(x)[i])
                         : INTEGER(x)[i] == NA_INTEGER ? NAN
                                                       : (double)INTEGER(x)[i];
    const bool there = fabs(value) < (days ? 2147483647.0 : 9e15);
    if (there && days) narrow[i] = (int32_t)value;
    if (there && !days) wide[i] = (int64_t)value;
    mark(f, i, there);
  }
}

/* The format of what R keeps as numbers of a class; NULL: it is none of them. */
static const char *format_of(SEXP x) {
  if (Rf_inherits(x, "Date")) return "tdD";
  if (Rf_inherits(x, "POSIXct")) return "tss:";
  return Rf_inherits(x, "wsf_whole") ? "l" : NULL; /* R/rows.R says so of keys and times */
}

static void take_column(field *f, field *words, SEXP x) {
  f->length = XLENGTH(x);
  const int type = TYPEOF(x);
  const bool number = type == REALSXP || type == INTSXP;
  if (number && Rf_inherits(x, "factor")) {
    take_factor(f, words, x);
  } else if (number && format_of(x)) {
    take_wholes(f, x, format_of(x));
  } else if (type == REALSXP) {
    f->format = "g";
    f->n_buffers = 2;
    f->buffers[1] = REAL(x);
  } else if (type == INTSXP || type == LGLSXP) {
    take_integers(f, type == INTSXP ? INTEGER(x) : LOGICAL(x));
  } else if (type == STRSXP) {
    take_texts(f, x);
  } else {
    Rf_error("column '%s' is of type %s, expected numbers, texts, factors, dates or times", f->name,
             Rf_type2char((SEXPTYPE)type));
  }
}

void native_rows_take(native_rows **rows, SEXP columns) {
  native_rows *r = *rows = calloc(1, sizeof *r);
  const int64_t n = XLENGTH(columns);
  SEXP names = Rf_getAttrib(columns, R_NamesSymbol);
  if (!r) Rf_error("no memory for the rows");
  r->fields = calloc((size_t)n + 1, sizeof *r->fields);
  r->words = calloc((size_t)n + 1, sizeof *r->words);
  r->schemas = calloc((size_t)n + 1, sizeof *r->schemas);
  r->arrays = calloc((size_t)n + 1, sizeof *r->arrays);
  if (!r->fields || !r->words || !r->schemas || !r->arrays) Rf_error("no memory for the rows");
  r->n = n;
  for (int64_t i = 0; i < n; ++i) {
    r->fields[i].name = CHAR(STRING_ELT(names, i));
    take_column(&r->fields[i], &r->words[i], VECTOR_ELT(columns, i));
    if (i > 0 && r->fields[i].length != r->rows)
      Rf_error("column '%s' has %.0f values, those before have %.0f", r->fields[i].name,
               (double)r->fields[i].length, (double)r->rows);
    r->rows = r->fields[i].length;
  }
}

/* ---- the stream */

static void forget_schema(struct ArrowSchema *schema) {
  schema->release = NULL;
}
static void forget_array(struct ArrowArray *array) {
  array->release = NULL;
}
static void forget_stream(struct ArrowArrayStream *stream) {
  stream->release = NULL;
}

static struct ArrowSchema *schema_of(field *f) {
  f->schema = (struct ArrowSchema){.format = f->format,
                                   .name = f->name,
                                   .flags = ARROW_FLAG_NULLABLE,
                                   .dictionary = f->words ? schema_of(f->words) : NULL,
                                   .release = forget_schema};
  return &f->schema;
}

static struct ArrowArray *array_of(field *f) {
  f->array = (struct ArrowArray){.length = f->length,
                                 .null_count = f->buffers[0] ? -1 : 0,
                                 .n_buffers = f->n_buffers,
                                 .buffers = f->buffers,
                                 .dictionary = f->words ? array_of(f->words) : NULL,
                                 .release = forget_array};
  return &f->array;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  native_rows *r = stream->private_data;
  for (int64_t i = 0; i < r->n; ++i) r->schemas[i] = schema_of(&r->fields[i]);
  *out = (struct ArrowSchema){.format = "+s",
                              .name = "",
                              .n_children = r->n,
                              .children = r->schemas,
                              .release = forget_schema};
  return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  native_rows *r = stream->private_data;
  memset(out, 0, sizeof *out);
  if (r->given) return 0;
  r->given = true;
  for (int64_t i = 0; i < r->n; ++i) r->arrays[i] = array_of(&r->fields[i]);
  *out = (struct ArrowArray){.length = r->rows,
                             .n_buffers = 1,
                             .n_children = r->n,
                             .buffers = r->no_buffer,
                             .children = r->arrays,
                             .release = forget_array};
  return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream) {
  (void)stream;
  return NULL;
}

void native_rows_stream(native_rows *rows, struct ArrowArrayStream *out) {
  *out = (struct ArrowArrayStream){get_schema, get_next, get_last_error, forget_stream, rows};
}
