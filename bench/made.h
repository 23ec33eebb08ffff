/* Invented series of shops for the benches, season 7: a weekly shape, a slow trend, promotions, and
 * a share of series that sell only now and then. Every series is made from its own number, so they
 * are the same on every machine. They reach the library as an Arrow stream, as from any data frame.
 */
#ifndef BENCH_MADE_H
#define BENCH_MADE_H

#include <wsf/wsf.h>

#include <stdbool.h>
#include <time.h>

typedef struct made {
  int64_t series, shortest, longest;
  double rare; /* share of series that sell now and then, 0 .. 1 */
} made;

wsf_status made_dataset(wsf_dataset **out, wsf_context *ctx, const made *kind, wsf_error *err);

/* Seconds of a clock. */
double made_clock(clockid_t id);
/* "VmHWM" (most so far) or "VmRSS" (now) of this process in MiB. Not ru_maxrss: that remembers the
 * process that started this one. */
double made_memory(const char *what);

#endif
