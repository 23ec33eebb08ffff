/* Outside data -> panel. */
#ifndef WSF_INGEST_INGEST_H
#define WSF_INGEST_INGEST_H

#include "expr/expr.h"
#include "panel/panel.h"
#include <wsf/arrow.h>

/* Every data word: csv, join, walmart, m5, simulate, until, ... (registry of this folder). */
extern const wsf__spec *const wsf__data_specs[];
extern const int wsf__n_data_specs;

/* Run a data expression. */
wsf_status wsf__ingest_open(wsf__panel **out, wsf__env *env, const wsf__node *node, wsf_error *err);

/* What was loaded, a line for the log of the host, and one for what was left out or mended
 * (report.c). */
void wsf__ingest_log(const wsf__env *env, const wsf__panel *p);

/* What an unknown CSV file, or several of one pattern, may be: what = file, columns or expression
 * (propose_tables.c). */
wsf_status wsf__propose(wsf_table **out, wsf__env *env, const char *path, const char *what,
                        wsf_error *err);
/* The three from one reading. Where it fails those made before are there, to be released. */
wsf_status wsf__propose_all(wsf_table **file, wsf_table **columns, wsf_table **expression,
                            wsf__env *env, const char *path, wsf_error *err);

/* Options shared by wsf_dataset_from_arrow and wsf_builder_create: one spec, family "options". */
extern const wsf__spec wsf__spec_rows;
wsf_status wsf__ingest_arrow(wsf__panel **out, wsf__env *env, struct ArrowArrayStream *stream,
                             const wsf__node *options, wsf_error *err);

/* A struct array of Arrow as a table, copied. */
wsf_status wsf__ingest_table(wsf_table **out, const wsf__alloc *a, const struct ArrowSchema *schema,
                             const struct ArrowArray *array, wsf_error *err);

typedef struct wsf__collector wsf__collector;
wsf_status wsf__collector_create(wsf__collector **out, wsf__env *env, const wsf__node *options,
                                 wsf_error *err);
wsf_status wsf__collector_add(wsf__collector *c, const char *const *keys, const char *time,
                              double target, const double *columns, wsf_error *err);
wsf_status wsf__collector_finish(wsf__panel **out, wsf__collector *c, wsf_error *err);
void wsf__collector_free(wsf__collector *c);

#endif
