/* Quotes that are none of RFC 4180. */
#ifndef WSF_INGEST_CSV_QUOTE_H
#define WSF_INGEST_CSV_QUOTE_H

#include "base/alloc.h"
#include "base/error.h"

typedef enum wsf__quote {
  WSF__QUOTE_DOUBLE,    /* "a ""b""" */
  WSF__QUOTE_SINGLE,    /* 'a b' */
  WSF__QUOTE_BACKSLASH, /* "a \"b\"" */
  WSF__QUOTE_LINE       /* "a,b,""c""": of each line */
} wsf__quote;

/* The bytes as RFC 4180 has them, with room for one more behind them. delimiter 0: any of the usual
 * ones. */
wsf_status wsf__quotes_usual(const char *bytes, size_t length, wsf__quote quote, char delimiter,
                             const wsf__alloc *a, char **out, size_t *out_length, wsf_error *err);
/* How fields at the beginning are quoted, of a file that is cut into so many columns as it is. */
wsf__quote wsf__quotes_of(const char *bytes, size_t length, char delimiter, int columns);

#endif
