/* Smooth the series of a group together before any model sees them.
 *
 * The sales of one department in many stores are one pattern with small differences: the matrix of
 * series x periods is close to low rank. Its best rank-r approximation (Eckart and Young 1936, by
 * SVD) keeps the shared pattern and drops noise of single stores; the inner model is fitted on the
 * approximation. This is the core of the winning entry of the 2014 Walmart competition.
 * Missing cells are first filled by the group's mean profile at the series' own level (least
 * squares). What the smoothing removed is noise to the forecast: its variance is added to the
 * intervals. Limits: the whole group stands in memory as a dense matrix. No update: new
 * observations are smoothed by those of the whole group, not series by series. */
#include "linalg/linalg.h"
#include "models/combine/smoothed.h"
#include "models/scope.h"

#include <math.h>

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model", "model of the smoothed series"},
    {"rank", WSF__INT, "12", 1, 1000, NULL, "number of shared patterns kept"},
    WSF__OPTION_BY};

/* Fill the missing cells of the periods x series matrix a (column-major). */
static void fill(double *a, int64_t periods, int64_t series, double *profile) {
  for (int64_t t = 0; t < periods; ++t) {
    double sum = 0;
    int64_t count = 0;
    for (int64_t i = 0; i < series; ++i) {
      const double v = a[i * periods + t];
      if (isnan(v)) continue;
      sum += v;
      ++count;
    }
    profile[t] = count ? sum / (double)count : 0;
  }
  for (int64_t i = 0; i < series; ++i) {
    double *y = a + i * periods, product = 0, square = 0;
    for (int64_t t = 0; t < periods; ++t) {
      if (isnan(y[t])) continue;
      product += y[t] * profile[t];
      square += profile[t] * profile[t];
    }
    const double level = square > 0 ? product / square : 0;
    for (int64_t t = 0; t < periods; ++t) {
      if (isnan(y[t])) y[t] = level * profile[t];
    }
  }
}

/* Replace the values of one group's series by their rank-r approximation; noise[j] gets the root
 * mean square of what that took away from series position[j]. */
static wsf_status smooth(wsf__fit *f, const wsf__node *node, wsf__series *series,
                         const int64_t *position, int64_t n, double *noise) {
  const int64_t rank = wsf__arg_int(node, "rank");
  int64_t first = INT64_MAX, end = INT64_MIN;
  for (int64_t j = 0; j < n; ++j) {
    const wsf__series *s = &series[position[j]];
    if (s->t0 < first) first = s->t0;
    if (s->t0 + s->n > end) end = s->t0 + s->n;
  }
  const int64_t periods = end - first, k = n < periods ? n : periods;
  if (rank >= k) return WSF_OK;
  if (periods > INT32_MAX || n > INT32_MAX) return wsf__fail_memory(f->err);
  size_t cells;
  if (!wsf__mul((size_t)periods, (size_t)n, &cells)) return wsf__fail_memory(f->err);
  double *a = wsf__arena_new(f->scratch, cells, sizeof *a);
  double *u = wsf__arena_new(f->scratch, (size_t)(periods * k), sizeof *u);
  double *vt = wsf__arena_new(f->scratch, (size_t)(k * n), sizeof *vt);
  double *sigma = wsf__arena_new(f->scratch, (size_t)k, sizeof *sigma);
  double *profile = wsf__arena_new(f->scratch, (size_t)periods, sizeof *profile);
  if (!a || !u || !vt || !sigma || !profile) return wsf__fail_memory(f->err);
  for (size_t c = 0; c < cells; ++c) a[c] = NAN;
  for (int64_t j = 0; j < n; ++j) {
    const wsf__series *s = &series[position[j]];
    for (int64_t t = 0; t < s->n; ++t) a[j * periods + s->t0 - first + t] = s->y[t];
  }
  fill(a, periods, n, profile);
  if (!wsf__gesdd((int)periods, (int)n, a, sigma, u, vt, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  for (int64_t j = 0; j < n; ++j) {
    wsf__series *s = &series[position[j]];
    double *y = wsf__series_values(s), square = 0;
    int64_t count = 0;
    for (int64_t t = 0; t < s->n; ++t) {
      double sum = 0;
      for (int64_t r = 0; r < rank; ++r) {
        sum += u[r * periods + s->t0 - first + t] * sigma[r] * vt[j * k + r];
      }
      if (!isnan(y[t])) {
        square += (y[t] - sum) * (y[t] - sum);
        ++count;
      }
      y[t] = sum;
    }
    noise[position[j]] = count ? sqrt(square / (double)count) : 0;
  }
  return WSF_OK;
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  return wsf__smoothed_fit(f, b, out, smooth);
}

const wsf__model_class wsf__model_lowrank = {
    .spec = {"model", "combine", "lowrank", "any model on series smoothed by their group's SVD",
             "Eckart and Young 1936; winning entry, Walmart store sales 2014", "0.1.0",
             "lowrank(snaive, rank=8)", options, sizeof options / sizeof *options},
    .fit = fit,
    .predict = wsf__smoothed_predict,
    .check = wsf__smoothed_check,
    .scope = wsf__scope_by};
