/* The parts of the package's shared object: calls, rows in, tables out.
 *
 * R's functions are called on R's own thread alone, and R leaves a function of C by a jump when it
 * pleases: what a call holds hangs on an external pointer from the beginning, whose finalizer gives
 * it back (calls.c). */
#ifndef WSF_R_NATIVE_H
#define WSF_R_NATIVE_H

#define R_NO_REMAP
#include <R.h>
#include <Rinternals.h>
#include <wsf/wsf.h>

#include <stdbool.h>

typedef struct native_rows native_rows;

/* What a call takes, which is R's, and what it makes, which is the call's own until it is given. */
typedef struct native_arguments {
  wsf_context *base;
  const char *text, *options;
  wsf_dataset *data, *other;
  const char **models;
  int64_t n_models;
  wsf_forecaster *forecaster;
  native_rows *rows;
  const void *bytes;
  size_t size;

  wsf_dataset *made_data;
  wsf_forecaster *made;
  wsf_table **tables; /* [n_tables] */
  int64_t n_tables;
  void *image; /* of `size` bytes */
} native_arguments;

/* A long call: what it takes, a letter for each (calls.c), what it does on a thread of its own, and
 * what it gives to R. */
typedef struct native_operation {
  const char *name, *takes;
  wsf_status (*work)(native_arguments *a, wsf_context *client, wsf_error *err);
  SEXP (*give)(native_arguments *a);
} native_operation;
extern const native_operation native_operations[]; /* ends with a name NULL */

/* ---- calls.c */

/* .Call(C_call, verb, context, list(..)): what the operation gives, or an object of class
 * "wsf_failed" (status, message, field, file, series, row, byte) or "wsf_stopped" (interrupt). */
SEXP native_call(SEXP verb, SEXP context, SEXP given);
SEXP native_failed(const wsf_error *err);

/* An external pointer of a kind, empty so far; its finalizer releases what it is given. */
SEXP native_context_pointer(void);
SEXP native_dataset_pointer(void);
SEXP native_forecaster_pointer(void);
/* The handle behind one: an error of R for anything else, or one of an earlier session. */
wsf_context *native_context_of(SEXP pointer);
wsf_dataset *native_dataset_of(SEXP pointer);
wsf_forecaster *native_forecaster_of(SEXP pointer);

/* ---- rows.c */

/* A list of columns of equal length as an Arrow stream, which borrows what R holds in a form of
 * Arrow's; `rows` is to be freed after the stream was consumed. An error of R for a column that is
 * none; *rows is then freed all the same, as it is set first. */
void native_rows_take(native_rows **rows, SEXP columns);
void native_rows_stream(native_rows *rows, struct ArrowArrayStream *out);
void native_rows_free(native_rows *rows);

/* ---- tables.c */

/* A table as a data.frame. */
SEXP native_frame(const wsf_table *t);

#endif
