/* Times that came as whole numbers, from a stream or a builder: read as a file's are. */
#ifndef WSF_INGEST_WHOLE_TIMES_H
#define WSF_INGEST_WHOLE_TIMES_H

#include "calendar/time_read.h"
#include "sync/env.h"

/* Whole numbers, once all are there, as what they count: months yyyymm, days yyyymmdd or seconds,
 * if all can be that and `style`, which is what was given, leaves it open. It becomes what was
 * found; seen: what they showed. */
wsf_status wsf__settle_whole(int64_t *time, int64_t n, int32_t *form, wsf__time_style *style,
                             wsf__time_seen *seen, const wsf__env *env, wsf_error *err);

#endif
