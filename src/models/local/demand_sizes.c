/* Problem: intervals of demand that is mostly zero: a normal interval around 0.2 says nothing.
 *
 * Method: one period's demand is 0, or, with the probability the model gives, one of the sizes seen
 * so far (Willemain, Smart and Schwarz 2004 draw from them too); the quantile is read from that
 * mixture's distribution without drawing. Younger sizes count more: the weight falls by 5 % from
 * one to the next, about forty count. Where every period sells, the sizes are moved so that their
 * mean is the forecast.
 *
 * Limits: no demand larger than the sizes kept (moved) is foreseen; steps are alike, as the models'
 * means are. Histories without a negative value get no negative quantile. */
#include "models/local/demand_sizes.h"

#include <math.h>
#include <string.h>

static const double keep_weight = 0.95;

int64_t wsf__count_sales(const double *y, int64_t n) {
  int64_t sales = 0;
  for (int64_t t = 0; t < n; ++t) sales += !isnan(y[t]) && y[t] != 0;
  return sales;
}

double *wsf__demand_state(wsf__fit *f, wsf__fitted *out, const wsf__series *s, int64_t head,
                          const wsf__state *before) {
  int64_t old = before ? before->n - head : 0;
  const int64_t sales = old + wsf__count_sales(s->y, s->n);
  int64_t kept = sales < WSF__SIZES ? sales : WSF__SIZES;
  double *v = wsf__state_set(f, out, s, head + kept, WSF__OK);
  if (!v) return NULL;
  if (before) memcpy(v, before->v, (size_t)head * sizeof *v);
  double *sizes = v + head;
  for (int64_t t = s->n - 1; t >= 0 && kept > 0; --t) {
    if (!isnan(s->y[t]) && s->y[t] != 0) sizes[--kept] = s->y[t];
  }
  while (before && kept > 0) sizes[--kept] = before->v[head + --old];
  return v;
}

static double mean_size(const double *sizes, int64_t n) {
  double sum = 0, total = 0, weight = 1;
  for (int64_t i = n - 1; i >= 0; --i, weight *= keep_weight) {
    sum += weight * sizes[i];
    total += weight;
  }
  return sum / total;
}

double wsf__sale_probability(double mean, double share, const double *sizes, int64_t n) {
  if (n == 0 || share >= 1) return share;
  for (int64_t i = 0; i < n; ++i) {
    if (sizes[i] < 0) return share; /* sizes that cancel say nothing about how often */
  }
  return fmin(fmax(mean, 0) / mean_size(sizes, n), 1);
}

typedef struct part {
  double size, weight; /* ascending sizes; the weight of this and all smaller ones, last = 1 */
} part;

static void make_parts(part *parts, const double *sizes, int64_t n, double move) {
  double weight = 1, total = 0;
  for (int64_t i = 1; i < n; ++i) weight *= keep_weight;
  for (int64_t i = 0; i < n; ++i, weight /= keep_weight) {
    const part new = {sizes[i] + move, weight};
    int64_t at = i;
    for (; at > 0 && parts[at - 1].size > new.size; --at) parts[at] = parts[at - 1];
    parts[at] = new;
  }
  for (int64_t i = 0; i < n; ++i) total = parts[i].weight += total;
  for (int64_t i = 0; i < n; ++i) parts[i].weight /= total;
}

static double size_at(const part *parts, int64_t n, double level) {
  int64_t i = 0;
  while (i < n - 1 && parts[i].weight < level * (1 - 1e-12)) ++i;
  return parts[i].size;
}

wsf_status wsf__forecast_demand(wsf__predict *p, wsf__forecast *out, double mean,
                                double probability, const double *sizes, int64_t n) {
  for (int64_t i = 0; i < out->h; ++i) out->mean[i] = mean;
  if (out->n_q == 0) return WSF_OK;
  part *parts = wsf__arena_new(p->scratch, (size_t)n, sizeof *parts);
  if (!parts) return wsf__fail_memory(p->err);
  double least = 0, below = 0;
  for (int64_t i = 0; i < n; ++i) least = fmin(least, sizes[i]);
  make_parts(parts, sizes, n, n > 0 && probability >= 1 ? mean - mean_size(sizes, n) : 0);
  for (int64_t i = 0; i < n && parts[i].size < 0; ++i) below = probability * parts[i].weight;
  for (int k = 0; k < out->n_q && !wsf__forecast_stopped(out); ++k) {
    const double q = out->q[k];
    double x = 0;
    if (n > 0 && q <= below)
      x = size_at(parts, n, q / probability);
    else if (n > 0 && q > below + 1 - probability)
      x = size_at(parts, n, (q - (1 - probability)) / probability);
    x = fmax(x, least < 0 ? -INFINITY : 0);
    for (int64_t i = 0; i < out->h; ++i) out->quantile[k * out->h + i] = x;
  }
  return WSF_OK;
}
