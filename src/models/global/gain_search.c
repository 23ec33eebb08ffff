/* The way back from a sample to the gains: its inputs are errors and seasons of the tracking, its
 * targets are counted from level and season; each of these goes back over the recursion. */
#include "models/global/gain_search.h"

#include "math/elementary.h"

static const double RATE = 0.03, LEAST = 0.005, MOST = 0.995;

/* Whether an input was not cut. */
static bool free_of(float x) {
  return x > -8 && x < 8;
}

bool wsf__gain_slope(wsf__gains *out, const wsf__lesson *l, int64_t series, int64_t end,
                     const wsf__samples *s, int64_t i, wsf__arena *scratch) {
  const wsf__pupil *pupil = &l->pupil[series];
  const wsf__track *k = &pupil->track;
  const int64_t in = l->net->layer[0].in, ahead = l->net->ahead;
  double *error = wsf__arena_zero(scratch, (size_t)end + 1, sizeof *error);
  double *level = wsf__arena_zero(scratch, (size_t)end + 1, sizeof *level);
  double *season = wsf__arena_zero(scratch, (size_t)end + 1, sizeof *season);
  if (!error || !level || !season) return false;
  for (int64_t step = 0; step < s->steps; ++step) {
    const int64_t t = end - s->steps + 1 + step, at = (step * s->n + i) * in;
    if (t < k->start) continue;
    if (free_of(s->x[at])) error[t] += (double)s->d_x[at];
    if (free_of(s->x[at + 2])) season[t] += (double)s->d_x[at + 2];
  }
  for (int64_t o = 0; o < s->origins; ++o) {
    const int64_t t = end - s->origins + 1 + o;
    for (int64_t h = 1; h <= s->horizon && t >= k->start - 1 && t + h < k->known; ++h) {
      const int64_t row = (o * s->n + i) * s->horizon + h - 1;
      const float *x = s->ahead + row * ahead, *d = s->d_ahead + row * ahead;
      const double target = (double)s->raw[row * l->net->says + l->head->middle];
      const double now = free_of(x[0]) ? (double)d[0] : 0, less = free_of(x[1]) ? (double)d[1] : 0,
                   more = free_of(x[2]) ? (double)d[2] : 0;
      level[t] += target;
      if (!k->seasonal) continue;
      season[wsf__track_place(k, t, t + h - 1)] += less;
      season[wsf__track_place(k, t, t + h)] += target + now - less - more;
      season[wsf__track_place(k, t, t + h + 1)] += more;
    }
  }
  *out = wsf__track_slope(k, pupil->gains, end, error, level, season);
  return true;
}

static double share(double logit) {
  return LEAST + (MOST - LEAST) / (1 + wsf__exp(-logit));
}

static double logit_of(double gain) {
  const double x = (gain - LEAST) / (MOST - LEAST);
  return wsf__ln(x / (1 - x));
}

static void follow(wsf__gain_search *g, wsf__pupil *pupil) {
  pupil->gains = (wsf__gains){share(g->logit[0]), share(g->logit[1])};
  wsf__track_again(&pupil->track, pupil->gains);
}

void wsf__gain_begin(wsf__gain_search *g, wsf__pupil *pupil) {
  *g = (wsf__gain_search){.first = g->first,
                          .logit = {logit_of(g->first.level), logit_of(g->first.season)},
                          .power1 = 1,
                          .power2 = 1};
  follow(g, pupil);
}

void wsf__gain_add(wsf__gain_search *g, const wsf__gains *slope) {
  g->slope.level += slope->level;
  g->slope.season += slope->season;
  g->moved = true;
}

void wsf__gain_step(wsf__gain_search *g, wsf__pupil *pupil) {
  if (!g->moved) return;
  const double gain[] = {pupil->gains.level, pupil->gains.season},
               slope[] = {g->slope.level, g->slope.season};
  g->power1 *= 0.9;
  g->power2 *= 0.99;
  for (int k = 0; k < 2; ++k) {
    const double d = slope[k] * (gain[k] - LEAST) * (MOST - gain[k]);
    if (!isfinite(d)) continue;
    g->mean[k] = 0.9 * g->mean[k] + 0.1 * d;
    g->square[k] = 0.99 * g->square[k] + 0.01 * d * d;
    const double size = sqrt(g->square[k] / (1 - g->power2));
    g->logit[k] -= RATE * g->mean[k] / (1 - g->power1) / (size + 1e-12);
    g->logit[k] = fmax(-6, fmin(6, g->logit[k]));
  }
  g->slope = (wsf__gains){0, 0};
  g->moved = false;
  follow(g, pupil);
}
