/* Problem: one mistyped value (100 times the others) takes a line, a smoothing and a level with it:
 * the forecast of sales about 100 is 700, or falls below nothing.
 *
 * Method: an observation is a stray if its distance from the median is ten times that of any other,
 * and twice the median itself, so that a price that never moved before may rise. One more such
 * value and neither is: sales that jump are believed as soon as the jump is repeated. Where half of
 * all are zero what stands out is demand. */
#include "models/stray.h"

#include "math/stats.h"

#include <math.h>

enum { FEWEST = 10 /* observations */ };
static const double FAR = 10, RISE = 2;

bool wsf__stray(int64_t *out, const double *y, int64_t n, wsf__arena *scratch) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *work = wsf__arena_new(scratch, (size_t)n, sizeof *work);
  int64_t count = 0, zeros = 0, farthest = -1;
  *out = -1;
  if (!work) return false;
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(y[t])) continue;
    work[count++] = y[t];
    zeros += y[t] == 0;
  }
  if (count >= FEWEST && 2 * zeros < count) {
    const double middle = wsf__median_inplace(work, count);
    double most = -1, next = -1;
    for (int64_t t = 0; t < n; ++t) {
      const double off = fabs(y[t] - middle);
      if (off > most) {
        next = most;
        most = off;
        farthest = t;
      } else if (off > next) {
        next = off;
      }
    }
    if (most > 0 && most >= FAR * next && most >= RISE * fabs(middle)) *out = farthest;
  }
  wsf__arena_reset(scratch, mark);
  return true;
}
