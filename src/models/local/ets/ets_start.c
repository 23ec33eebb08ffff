/* Heuristic states before the first observation: where the maximisation begins.
 *
 * Hyndman, Koehler, Snyder and Grose (2002), section 2.6 (book, section 2.6.1): the season from a
 * decomposition by centred moving averages, or, with fewer than three seasons, from the deviations
 * of a straight line; the level and slope from a line through the first max(10, 2 m) observations
 * with the season taken out. */
#include "models/local/ets/ets.h"

#include <math.h>

static void line(const double *y, int64_t n, double *level, double *slope) {
  const double middle = 0.5 * (double)(n + 1); /* times 1 .. n */
  double mean = 0, top = 0, bottom = 0;
  for (int64_t t = 0; t < n; ++t) mean += y[t];
  mean /= (double)n;
  for (int64_t t = 0; t < n; ++t) {
    const double x = (double)(t + 1) - middle;
    top += x * (y[t] - mean);
    bottom += x * x;
  }
  *slope = bottom > 0 ? top / bottom : 0;
  *level = mean - *slope * middle;
}

/* trend[t] over t in [*from, *to): centred moving average of one whole season, or a line. */
static void smooth(const double *y, int64_t n, int m, double *trend, int64_t *from, int64_t *to,
                   const wsf__arena *scratch) {
  *from = 0, *to = n;
  if (n < 3 * (int64_t)m) {
    double level, slope;
    line(y, n, &level, &slope);
    for (int64_t t = 0; t < n; ++t) trend[t] = level + slope * (double)(t + 1);
    return;
  }
  const int half = m / 2;
  *from = half, *to = n - half;
  for (int64_t t = *from; t < *to; ++t) {
    if (t % 1024 == 0 && wsf__cut_short(scratch)) return;
    double sum = 0;
    for (int i = -half; i <= half; ++i) sum += y[t + i];
    if (m % 2 == 0) sum -= 0.5 * (y[t - half] + y[t + half]);
    trend[t] = sum / m;
  }
}

static void seasons(double *season, const double *y, int64_t n, int m, bool multiply, double *trend,
                    const wsf__arena *scratch) {
  int64_t from, to;
  smooth(y, n, m, trend, &from, &to, scratch);
  double mean = 0;
  for (int i = 0; i < m; ++i) {
    double sum = 0;
    int count = 0;
    for (int64_t t = i; t < to; t += m) {
      if (t < from || (multiply && !(trend[t] > 0))) continue;
      sum += multiply ? y[t] / trend[t] : y[t] - trend[t];
      ++count;
    }
    season[i] = count ? sum / count : multiply ? 1 : 0;
    if (multiply) season[i] = fmax(season[i], 0.01);
    mean += season[i] / m;
  }
  for (int i = 0; i < m; ++i) season[i] = multiply ? season[i] / mean : season[i] - mean;
}

void wsf__ets_start_states(wsf__ets_start *out, const double *full, int64_t n, int m, int season,
                           double *work, const wsf__arena *scratch) {
  const double *y = full;
  if (season != WSF__ETS_NONE) {
    double *adjusted = work + n;
    seasons(out->season, full, n, m, season == WSF__ETS_MUL, work, scratch);
    for (int64_t t = 0; t < n; ++t) {
      const double s = out->season[t % m];
      adjusted[t] = season == WSF__ETS_MUL ? full[t] / s : full[t] - s;
    }
    y = adjusted;
  } else {
    m = 1;
  }
  const int64_t first = n < 10 || n < 2 * (int64_t)m ? n : 2 * m > 10 ? 2 * m : 10;
  double mean = 0;
  for (int64_t t = 0; t < first; ++t) mean += y[t];
  out->level[WSF__ETS_NONE] = mean / (double)first;
  out->slope[WSF__ETS_NONE] = 0;

  double level, slope;
  line(y, first, &level, &slope);
  out->level[WSF__ETS_ADD] = level;
  out->slope[WSF__ETS_ADD] = slope;
  /* The factor that carries the line's first value to its second. */
  double growth = (level + 2 * slope) / (level + slope);
  double base = (level + slope) / growth;
  if (!(base > 0 && growth > 0.1 && growth < 10)) {
    base = out->level[WSF__ETS_NONE];
    growth = 1;
  }
  out->level[WSF__ETS_MUL] = base;
  out->slope[WSF__ETS_MUL] = growth;
}
