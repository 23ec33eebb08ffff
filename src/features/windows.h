/* Statistics of windows that slide over a stretch of values, in time linear in the stretch (median
 * and quantiles: times its logarithm). NaN is missing and passed over. */
#ifndef WSF_FEATURES_WINDOWS_H
#define WSF_FEATURES_WINDOWS_H

#include "base/alloc.h"
#include "expr/spec.h"

typedef enum wsf__statistic {
  WSF__STAT_MEAN,
  WSF__STAT_SUM,
  WSF__STAT_STD,
  WSF__STAT_MIN,
  WSF__STAT_MAX,
  WSF__STAT_ZEROS, /* the share of zeros */
  WSF__STAT_MEDIAN,
  WSF__STAT_QUANTILE /* Hyndman and Fan (1996), type 7 */
} wsf__statistic;
#define WSF__STATISTIC_WORDS "mean|sum|std|min|max|zeros|median|quantile"
wsf__statistic wsf__statistic_of(const char *word);
const char *wsf__statistic_word(wsf__statistic s);

typedef struct wsf__windows {
  const double *z; /* the first window is z[0 .. width), the last begins at z[n - 1] */
  int64_t n, width;
  int64_t anchor; /* place of z[0], counted from anywhere that stands still: a window has the same
                   * bits in whatever stretch it is computed */
  int64_t least;  /* with fewer observations a window says nothing: NaN */
  double q;       /* QUANTILE */
} wsf__windows;

/* x[n]: one for each window. false: no memory. */
bool wsf__windows_slide(const wsf__windows *w, wsf__statistic statistic, wsf__arena *scratch,
                        float *x);
/* The same of windows that all begin at z[0]: x[i] is that of z[0 .. before + i], for i < w->n;
 * width and anchor are not looked at. */
bool wsf__windows_grow(const wsf__windows *w, int64_t before, wsf__statistic statistic,
                       wsf__arena *scratch, float *x);

#endif
