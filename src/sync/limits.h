/* What a client may ask for: limits for input that nobody vouches for. They are checked where a
 * number from outside is first known and before anything of that size is allocated. */
#ifndef WSF_SYNC_LIMITS_H
#define WSF_SYNC_LIMITS_H

#include <stdint.h>
#include <wsf/status.h>

/* X(name, what it counts, the most where the context says nothing; 0: any number). Presets are what
 * no history needs and an ordinary machine has: they refuse mistakes, a context may raise them. */
#define WSF__LIMITS(X)                                                                             \
  X(bytes, "bytes", 0)                                                                             \
  X(rows, "rows", 0)                                                                               \
  X(series, "series", 0)                                                                           \
  X(columns, "columns", 65536)                                                                     \
  X(values, "values", 0)                                                                           \
  X(state, "values of states", INT64_C(1) << 28)                                                   \
  X(results, "values of results", INT64_C(1) << 26)                                                \
  X(horizon, "periods to forecast", 0)

#define WSF__LIMIT_ENUM(name, text, preset) WSF__MOST_##name,
typedef enum wsf__limit { WSF__LIMITS(WSF__LIMIT_ENUM) WSF__N_LIMITS } wsf__limit;
#undef WSF__LIMIT_ENUM

typedef struct wsf__limits {
  int64_t most[WSF__N_LIMITS]; /* 0: the preset */
  int64_t milliseconds;        /* that a call may take; 0: any time */
} wsf__limits;

/* "max_rows" */
const char *wsf__limit_option(wsf__limit limit);
/* WSF_E_LIMIT if `found` is more than is allowed. */
wsf_status wsf__limit_check(const wsf__limits *limits, wsf__limit limit, int64_t found,
                            wsf_error *err);
/* The same for a product, which may overflow. */
wsf_status wsf__limit_product(const wsf__limits *limits, wsf__limit limit, int64_t a, int64_t b,
                              wsf_error *err);
/* Values that `rows` rows (or values) may be spread over: many times more than there are means a
 * stray time, not a history. */
int64_t wsf__limit_spread(const wsf__limits *limits, int64_t rows);
/* Values that the state of each of n series with a history of this length may have. Where the
 * context says nothing, not many times those of the history either. */
int64_t wsf__limit_state(const wsf__limits *limits, int64_t n, int64_t history);

#endif
