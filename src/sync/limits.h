/* What a client may ask for: limits for input that nobody vouches for. They are checked where a
 * number from outside is first known and before anything of that size is allocated. */
#ifndef WSF_SYNC_LIMITS_H
#define WSF_SYNC_LIMITS_H

#include <stdint.h>
#include <wsf/status.h>

/* X(name, what it counts) */
#define WSF__LIMITS(X)                                                                             \
  X(bytes, "bytes")                                                                                \
  X(rows, "rows")                                                                                  \
  X(series, "series")                                                                              \
  X(values, "values")                                                                              \
  X(horizon, "periods to forecast")

#define WSF__LIMIT_ENUM(name, text) WSF__MOST_##name,
typedef enum wsf__limit { WSF__LIMITS(WSF__LIMIT_ENUM) WSF__N_LIMITS } wsf__limit;
#undef WSF__LIMIT_ENUM

typedef struct wsf__limits {
  int64_t most[WSF__N_LIMITS]; /* 0: any number */
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

#endif
