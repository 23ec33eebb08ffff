/* Top-down and middle-out (Gross and Sohl 1990, "Disaggregation methods to expedite product line
 * forecasting"; Athanasopoulos, Ahmed and Hyndman 2009, "Hierarchical forecasts for Australian
 * domestic tourism"): the forecasts of one level are shared among the series below.
 *
 * By fixed shares a series gets its share of the root. By forecast proportions each sum is shared
 * among its children as their own forecasts are to each other, level by level; where those add up
 * to nothing, by how many series they hold. */
#include "reconcile/hand_down.h"

#include <math.h>

void wsf__add_up(const wsf__structure *s, double *y) {
  for (int64_t r = 0; r < s->n_sums; ++r) {
    double sum = 0;
    for (int64_t e = s->row[r]; e < s->row[r + 1]; ++e) sum += y[s->bottom[s->below[e]]];
    y[s->sum[r]] = sum;
  }
}

static void by_shares(const wsf__structure *s, int32_t root, const double *share, const bool *given,
                      double *y) {
  const int32_t *below = s->below + s->row[root];
  const int64_t n = s->row[root + 1] - s->row[root];
  double total = 0, count = 0, left = y[s->sum[root]];
  for (int64_t e = 0; e < n; ++e) {
    const int64_t i = s->bottom[below[e]];
    left -= given[i] ? y[i] : 0;
    total += given[i] ? 0 : share[i];
    count += !given[i];
  }
  for (int64_t e = 0; e < n; ++e) {
    const int64_t i = s->bottom[below[e]];
    if (!given[i]) y[i] = total > 0 ? left * (share[i] / total) : left / count;
  }
}

static double size_of(const wsf__structure *s, int32_t sum) {
  return (double)(s->row[sum + 1] - s->row[sum]);
}

static double part(double whole, double children, double own, double share) {
  const double proportion = own / children;
  return whole * (children != 0 && isfinite(proportion) ? proportion : share);
}

static void by_forecasts(const wsf__structure *s, const wsf__tree_down *t, double *y,
                         double *work) {
  double *children = work, *value = work + s->n_sums;
  for (int64_t r = 0; r < s->n_sums; ++r) children[r] = 0;
  for (int64_t r = 0; r < s->n_sums; ++r) {
    if (t->parent[r] >= 0) children[t->parent[r]] += y[s->sum[r]];
  }
  for (int64_t j = 0; j < s->n_bottom; ++j) {
    if (t->holder[j] >= 0) children[t->holder[j]] += y[s->bottom[j]];
  }
  for (int64_t k = 0; k < s->n_sums; ++k) {
    const int32_t r = t->order[k], up = t->parent[r];
    if (up == -1) value[r] = y[s->sum[r]];
    if (up < 0) continue;
    value[r] = part(value[up], children[up], y[s->sum[r]], size_of(s, r) / size_of(s, up));
  }
  for (int64_t j = 0; j < s->n_bottom; ++j) {
    const int32_t up = t->holder[j];
    if (up < 0) continue;
    y[s->bottom[j]] = part(value[up], children[up], y[s->bottom[j]], 1 / size_of(s, up));
  }
}

void wsf__hand_down(const wsf__structure *s, const wsf__tree_down *t, const double *share,
                    const bool *given, double *y, double *work) {
  for (int64_t k = 0; share && k < t->n_roots; ++k) by_shares(s, t->root[k], share, given, y);
  if (!share) by_forecasts(s, t, y, work);
  wsf__add_up(s, y);
}
