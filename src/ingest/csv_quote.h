/* Fields between single quotes. */
#ifndef WSF_INGEST_CSV_QUOTE_H
#define WSF_INGEST_CSV_QUOTE_H

#include "base/alloc.h"
#include "base/error.h"

/* The bytes with double quotes in the place of single ones, with room for one more behind them.
 * delimiter 0: any of the usual ones. */
wsf_status wsf__single_quotes(const char *bytes, size_t length, char delimiter, const wsf__alloc *a,
                              char **out, size_t *out_length, wsf_error *err);
/* Whether fields at the beginning stand between single quotes, and none between double ones. */
bool wsf__single_quoted(const char *bytes, size_t length, char delimiter);

#endif
