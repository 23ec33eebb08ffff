/* Seasonal differences of every series of a group, each over its own mean, by place of the season.
 * A place that few were seen at is drawn towards 1. */
#include "models/combine/places.h"

#include "math/stats.h"
#include "models/history.h"

#include <string.h>

enum { PRIOR_CHANGES = 20 /* as much as a factor of 1 is worth */ };

int64_t wsf__place_of(int64_t period, int64_t m) {
  return (period % m + m) % m;
}

static bool add_changes(double *sum, double *count, const wsf__series *s, int64_t m) {
  const double size = wsf__mean_abs_diff(s->y, s->n, m);
  if (!(size > 0) || isinf(size)) return false;
  int64_t place = wsf__place_of(s->t0, m); /* of t = m, too */
  for (int64_t t = m; t < s->n; ++t, place = place + 1 < m ? place + 1 : 0) {
    const double change = fabs(s->y[t] - s->y[t - m]) / size;
    if (!isfinite(change)) continue;
    sum[place] += change;
    count[place] += 1;
  }
  return true;
}

wsf_status wsf__places_find(wsf__places *out, wsf__fit *f, const wsf__batch *b,
                            const wsf__groups *groups, int64_t season) {
  *out = (wsf__places){season, wsf__arena_zero(f->scratch, (size_t)b->n, sizeof *out->factor)};
  if (!out->factor) return wsf__fail_memory(f->err);
  if (out->m < 2) return WSF_OK;
  for (int64_t g = 0; g < groups->n; ++g) {
    double *sum = wsf__arena_zero(f->scratch, (size_t)out->m, sizeof *sum);
    double *count = wsf__arena_zero(f->scratch, (size_t)out->m, sizeof *count);
    if (!sum || !count) return wsf__fail_memory(f->err);
    bool any = false;
    for (int64_t k = groups->start[g]; k < groups->start[g + 1]; ++k) {
      if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
      any = add_changes(sum, count, &b->series[groups->order[k]], out->m) || any;
    }
    if (!any) continue;
    for (int64_t i = 0; i < out->m; ++i) {
      sum[i] = (sum[i] + PRIOR_CHANGES) / (count[i] + PRIOR_CHANGES);
    }
    for (int64_t k = groups->start[g]; k < groups->start[g + 1]; ++k) {
      out->factor[groups->order[k]] = sum;
    }
  }
  return WSF_OK;
}

double wsf__places_factor(const wsf__places *p, int64_t i, int64_t period) {
  return p->factor[i] ? p->factor[i][wsf__place_of(period, p->m)] : 1;
}

int64_t wsf__places_numbers(const wsf__places *p, int64_t i) {
  return p->factor[i] ? 1 + p->m : 0;
}

void wsf__places_keep(double *v, const wsf__places *p, int64_t i, const wsf__series *s) {
  if (!p->factor[i]) return;
  v[0] = (double)wsf__place_of(s->t0 + s->n, p->m);
  memcpy(v + 1, p->factor[i], (size_t)p->m * sizeof *v);
}

double wsf__places_at(const double *v, int64_t n, int64_t step) {
  return n > 0 ? v[1 + ((int64_t)v[0] + step) % (n - 1)] : 1;
}

void wsf__places_move(double *v, int64_t n, int64_t periods) {
  if (n > 0) v[0] = (double)wsf__place_of((int64_t)v[0] + periods % (n - 1), n - 1);
}

bool wsf__places_check(const double *v, int64_t n, int64_t season) {
  if (n == 0) return true;
  if (n - 1 != season) return false;
  for (int64_t i = 1; i < n; ++i) {
    if (!(v[i] > 0) || isinf(v[i])) return false;
  }
  return wsf__whole(v[0], 0, (double)(n - 2));
}
