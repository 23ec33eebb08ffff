/* Tracking: where it begins, how it moves, and how far off it is. */
#include "models/global/track.h"

#include "models/history.h"

#include <float.h>

double wsf__tracked_move(wsf__tracked *p, int64_t m, wsf__gains gains, double y, double *season) {
  const double now = p->season[0], error = isnan(y) ? 0 : y - p->level - now;
  p->level += gains.level * error;
  if (p->scale == 0) p->scale = fabs(error); /* it was constant so far */
  const double next = now + gains.season * (1 - gains.level) * error;
  for (int64_t j = 1; j < m; ++j) p->season[j - 1] = p->season[j];
  p->season[m - 1] = m > 1 ? next : 0;
  *season = p->scale > 0 ? p->season[m - 1] / p->scale : 0;
  const double size = p->scale > 0 ? error / p->scale : 0;
  return isfinite(size) ? size : 0;
}

/* Level and season of the first m periods; of the first observation alone without a season. */
static int64_t begin(wsf__tracked *p, const double *y, int64_t m, bool seasonal) {
  int64_t first = 0;
  for (int64_t j = 0; j < m; ++j) p->season[j] = 0;
  if (!seasonal) {
    while (isnan(y[first])) ++first;
    p->level = y[first];
    return first + 1;
  }
  double count = 0;
  p->level = 0;
  for (int64_t j = 0; j < m; ++j) {
    if (isnan(y[j])) continue;
    count += 1;
    p->level += (y[j] - p->level) / count; /* exact where all are equal */
  }
  for (int64_t j = 0; j < m; ++j) p->season[j] = isnan(y[j]) ? 0 : y[j] - p->level;
  return m;
}

/* The season of a period stands where the ring's next one is. */
typedef struct ring {
  double *v;
  int64_t m, at;
} ring;

static double step(wsf__tracked *p, ring *r, wsf__gains gains, double y, double *error) {
  double *now = &r->v[r->at];
  *error = isnan(y) ? 0 : y - p->level - *now;
  p->level += gains.level * *error;
  if (r->m > 1) *now += gains.season * (1 - gains.level) * *error;
  r->at = r->at + 1 < r->m ? r->at + 1 : 0;
  return *now;
}

static double scale_of(const double *y, int64_t n, int64_t m, bool seasonal, wsf__gains gains,
                       wsf__tracked *p) {
  double sum = 0, count = 0, error;
  const int64_t start = begin(p, y, m, seasonal);
  ring r = {p->season, seasonal ? m : 1, 0};
  for (int64_t t = start; t < n; ++t) {
    (void)step(p, &r, gains, y[t], &error);
    if (isnan(y[t])) continue;
    count += 1;
    sum += (fabs(error) - sum) / count;
  }
  return isfinite(sum) && sum >= DBL_MIN ? sum : 0;
}

bool wsf__track_make(wsf__track *out, wsf__tracked *place, const double *y, int64_t n, int64_t m,
                     wsf__gains gains, wsf__arena *arena, wsf__arena *scratch) {
  const size_t length = (size_t)n;
  *out = (wsf__track){.n = n,
                      .m = m,
                      .known = wsf__known(y, n),
                      .y = wsf__arena_new(arena, length, sizeof *out->y),
                      .error = wsf__arena_zero(arena, length, sizeof *out->error),
                      .level = wsf__arena_new(arena, length, sizeof *out->level),
                      .season = wsf__arena_zero(arena, length, sizeof *out->season)};
  const wsf__mark mark = wsf__arena_mark(scratch);
  double *turned = wsf__arena_new(scratch, (size_t)m, sizeof *turned);
  if (!out->y || !out->error || !out->level || !out->season || !turned) return false;
  out->seasonal = m > 1 && out->known > m;
  if (place->scale == 0) place->scale = scale_of(y, n, m, out->seasonal, gains, place);
  out->start = begin(place, y, m, out->seasonal);
  out->centre = place->level;
  const double origin = out->centre, unit = place->scale > 0 ? 1 / place->scale : 0;
  ring r = {place->season, out->seasonal ? m : 1, 0};
  for (int64_t t = 0; t < n; ++t) {
    double error = 0, season = 0;
    if (t >= out->start) {
      season = step(place, &r, gains, y[t], &error);
    } else if (out->seasonal) {
      season = place->season[t];
    }
    out->y[t] = NAN;
    out->error[t] = out->level[t] = out->season[t] = 0;
    if (unit == 0) continue;
    if (!isnan(y[t])) out->y[t] = (float)((y[t] - origin) * unit);
    out->error[t] = (float)(error * unit);
    out->level[t] = (float)((place->level - origin) * unit);
    out->season[t] = (float)(season * unit);
  }
  for (int64_t j = 0; j < m; ++j) turned[j] = place->season[(r.at + j) % m];
  for (int64_t j = 0; j < m; ++j) place->season[j] = turned[j];
  wsf__arena_reset(scratch, mark);
  return true;
}

void wsf__track_again(wsf__track *k, wsf__gains gains) {
  double level = 0;
  for (int64_t t = k->start; t < k->n; ++t) {
    const double before = k->seasonal ? (double)k->season[t - k->m] : 0;
    const double error = isnan(k->y[t]) ? 0 : (double)k->y[t] - level - before;
    level += gains.level * error;
    k->error[t] = (float)error;
    k->level[t] = (float)level;
    if (k->seasonal) k->season[t] = (float)(before + gains.season * (1 - gains.level) * error);
  }
}

wsf__gains wsf__track_slope(const wsf__track *k, wsf__gains gains, int64_t end, double *error,
                            double *level, double *season) {
  const double rest = gains.season * (1 - gains.level);
  wsf__gains d = {0, 0};
  for (int64_t t = end; t >= k->start; --t) {
    const double e = (double)k->error[t], dl = level[t], ds = k->seasonal ? season[t] : 0;
    const double de = isnan(k->y[t]) ? 0 : error[t] + gains.level * dl + rest * ds;
    d.level += dl * e - gains.season * ds * e;
    d.season += (1 - gains.level) * ds * e;
    level[t - 1] += dl - de;
    if (k->seasonal) season[t - k->m] += ds - de;
  }
  return d;
}

double wsf__track_loss(const wsf__track *k, int64_t horizon) {
  double sum = 0, count = 0;
  for (int64_t t = k->start; t < k->known; ++t) {
    for (int64_t h = 1; h <= horizon && t + h < k->known; ++h) {
      const float y = k->y[t + h];
      if (isnan(y)) continue;
      count += 1;
      sum += fabs((double)(y - k->level[t] - wsf__track_season(k, t, t + h)));
    }
  }
  return count > 0 ? sum / count : NAN;
}
