/* A level that walks with regressors known ahead, for models with x=: the same numbers as in
 * tests/golden/ets_regress_golden.R. */
#ifndef WSF_TESTS_REGRESS_DATA_H
#define WSF_TESTS_REGRESS_DATA_H

#include "harness.h"

enum { N = 200, H = 3, ALL = N + H };
static const char *const names[] = {"x1", "x2", "none", "twice"};

typedef struct data {
  double y[ALL], value[4 * ALL];
  wsf__column column[4];
} data;

static inline double unit(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return (double)(*seed >> 8) / 16777216.0;
}

/* As tests/golden/ets_regress_golden.R; with a season and a slope if asked. */
static inline void make(data *d, double slope, double season) {
  static const int32_t group = 0;
  static const double ahead[2][H] = {{1, 0, 0}, {3, 10, 20}};
  uint32_t seed = 11;
  double level = 50;
  for (int t = 0; t < N; ++t) {
    double e = -2, *x = d->value;
    for (int i = 0; i < 4; ++i) e += unit(&seed);
    x[t] = unit(&seed) < 0.1;
    x[ALL + t] = 20 * unit(&seed);
    d->y[t] = level + 7 * x[t] - 0.5 * x[ALL + t] + e + season * (t % 4);
    level += 0.3 * e + slope;
  }
  for (int t = 0; t < ALL; ++t) {
    for (int j = 0; t >= N && j < 2; ++j) d->value[j * ALL + t] = ahead[j][t - N];
    d->value[2 * ALL + t] = 4;
    d->value[3 * ALL + t] = 2 * d->value[t] - 1;
  }
  for (int i = 0; i < 4; ++i) {
    d->column[i] = (wsf__column){.name = names[i],
                                 .kind = WSF__KNOWN,
                                 .n_groups = 1,
                                 .periods = ALL,
                                 .group = &group,
                                 .value = d->value + i * ALL};
  }
}

static inline wsf_status open_with(harness *h, data *d, const char *model, int season, int64_t n) {
  const wsf_status status = harness_begin(h, model, season, 1, &n, d->y);
  if (status != WSF_OK) return status;
  h->panel.column = d->column;
  h->panel.n_columns = 4;
  return harness_fit(h);
}

static inline void near(double a, double b, double tolerance) {
  if (!(fabs(a - b) <= tolerance)) fail_msg("%.12g is not %.12g", a, b);
}

#endif
