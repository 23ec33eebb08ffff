/* Seasonal-trend decomposition with several seasons.
 *
 * Bandara, Hyndman and Bergmeir (2021), "MSTL: a seasonal-trend decomposition algorithm for time
 * series with multiple seasonal patterns", algorithm 1: STL takes off one season after the other,
 * the shortest first, so that a long season is not mistaken for the short ones inside it; a second
 * round estimates each again with the others gone. The trend is that of the last STL. Season's
 * windows grow with the season's place, since long seasons have few cycles to change in. Equal to
 * mstl() of R's forecast where nothing is missing.
 *
 * Missing values: first filled from a cycle ago, then after each STL by what the parts say (the
 * remainder there is 0), with a few more rounds, so that no season learns from a bad guess. */
#include "analysis/mstl.h"

#include "analysis/stl.h"
#include "sync/env.h"

#include <math.h>
#include <string.h>

enum { ROUNDS = 2, MORE_WITH_GAPS = 4, LEAST_WINDOW = 7, WIDER = 4 };

int64_t wsf__mstl_window(const wsf__mstl_options *options, int i) {
  if (options->season_window == WSF__PERIODIC) return 0;
  return options->season_window > 0 ? options->season_window : LEAST_WINDOW + WIDER * (i + 1);
}

int wsf__mstl_seasons(int64_t *kept, const int64_t *season, int count, int64_t n) {
  int out = 0;
  for (int64_t least = 2;; ++out) {
    int64_t next = INT64_MAX;
    for (int i = 0; i < count; ++i) {
      if (season[i] >= least && season[i] < next) next = season[i];
    }
    if (next > (n - 1) / 2) return out;
    kept[out] = next;
    least = next + 1;
  }
}

bool wsf__mstl(double *trend, double *seasonal, const double *y, int64_t n, const int64_t *season,
               int count, const wsf__mstl_options *options, wsf__arena *scratch) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *rest = wsf__arena_new(scratch, (size_t)n, sizeof *rest);
  if (!rest) return false;
  wsf__fill_missing(y, n, season[count - 1], rest);
  memset(seasonal, 0, (size_t)n * (size_t)count * sizeof *seasonal);
  bool gaps = false;
  for (int64_t t = 0; t < n; ++t) gaps = gaps || isnan(y[t]);
  const int rounds = (count > 1 ? ROUNDS : 1) + (gaps ? MORE_WITH_GAPS : 0);
  const wsf__mark work = wsf__arena_mark(scratch);
  bool ok = true;
  for (int round = 0; ok && round < rounds; ++round) {
    for (int i = 0; ok && i < count; ++i) {
      double *s = seasonal + (int64_t)i * n;
      const wsf__stl_options stl = {wsf__mstl_window(options, i), 0, options->robust};
      if (wsf__cut_short(scratch)) ok = false;
      for (int64_t t = 0; ok && t < n; ++t) rest[t] += s[t];
      ok = ok && wsf__stl(rest, n, season[i], &stl, s, trend, scratch);
      for (int64_t t = 0; ok && t < n; ++t) rest[t] = isnan(y[t]) ? trend[t] : rest[t] - s[t];
      wsf__arena_reset(scratch, work);
    }
  }
  wsf__arena_reset(scratch, mark);
  return ok;
}
