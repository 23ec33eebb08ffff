/* Compressed bytes from outside: gzip and zstd, known by their first bytes. */
#ifndef WSF_WIRE_UNPACK_H
#define WSF_WIRE_UNPACK_H

#include "sync/env.h"

typedef enum wsf__packing { WSF__PLAIN, WSF__GZIP, WSF__ZSTD } wsf__packing;
wsf__packing wsf__packing_of(const char *bytes, size_t length);

/* All members or frames, one behind the other, with room for one byte more behind them. What comes
 * out is bounded by the context's max_bytes, whatever a header promises. */
wsf_status wsf__unpack(wsf__packing packing, const char *bytes, size_t length, wsf__env *env,
                       char **out, size_t *out_length, wsf_error *err);

#endif
