/* The level and the season of a series, tracked by exponential smoothing (Holt 1957, Winters 1960,
 * both added): what a network is spared. It sees the errors of the tracking, and forecasts what
 * becomes of the series beside them. All that is known at a period comes from periods up to it. */
#ifndef WSF_MODELS_GLOBAL_TRACK_H
#define WSF_MODELS_GLOBAL_TRACK_H

#include "models/model.h"

/* How far an error moves the level, and what is left of it the season. */
typedef struct wsf__gains {
  double level, season;
} wsf__gains;

/* Where the tracking stands at the end of a history, in the units of y. */
typedef struct wsf__tracked {
  double scale; /* mean size of its errors; 0: none was ever off */
  double level;
  double *season; /* [m] of the next m periods; m at least 1, all 0 without a season */
} wsf__tracked;

/* A whole history over its scale, around where it began. */
typedef struct wsf__track {
  int64_t n, m;
  int64_t start; /* the first period that was forecast: seasons and level begin before it */
  int64_t known; /* periods up to the last observation */
  bool seasonal;
  double centre;                     /* what y, level are counted from */
  float *y, *error, *level, *season; /* [n] y NaN where missing, error 0 there; season as of t */
} wsf__track;

/* false: no memory. place->season has room for m; place->scale is measured if it is 0. */
bool wsf__track_make(wsf__track *out, wsf__tracked *place, const double *y, int64_t n, int64_t m,
                     wsf__gains gains, wsf__arena *arena, wsf__arena *scratch);
/* The same with other gains, over the same scale. */
void wsf__track_again(wsf__track *k, wsf__gains gains);
/* What became of numbers of the track, [n] each, to what became of the gains: periods up to `end`.
 * The arrays are used up. */
wsf__gains wsf__track_slope(const wsf__track *k, wsf__gains gains, int64_t end, double *error,
                            double *level, double *season);
/* One period further: returns its error over the scale, 0 where y is missing or nothing was ever
 * off; *season is that of this period as it is now known, over the scale. m is 1 without a season.
 */
double wsf__tracked_move(wsf__tracked *p, int64_t m, wsf__gains gains, double y, double *season);
/* Where the season of a period that is to come stands, as of period t; below 0: nowhere. */
static inline int64_t wsf__track_place(const wsf__track *k, int64_t t, int64_t period) {
  return period <= t ? period : period - (period - t + k->m - 1) / k->m * k->m;
}
/* That season. */
static inline float wsf__track_season(const wsf__track *k, int64_t t, int64_t period) {
  const int64_t at = wsf__track_place(k, t, period);
  return at < 0 ? 0 : k->season[at];
}
/* Mean size of errors of the tracking alone, `horizon` steps ahead of every period, over the
 * series' scale; NaN: nothing to look at. */
double wsf__track_loss(const wsf__track *k, int64_t horizon);

#endif
