/* The distribution of Dickey and Fuller's statistics under a unit root, by interpolation in the
 * tables of Fuller (1976), "Introduction to statistical time series", 8.5.1 and 8.5.2, as printed
 * in Banerjee, Dolado, Galbraith and Hendry (1993), tables 4.1 and 4.2: first in the number of
 * differences, then in the statistic. The tables end at 0.01 and 0.99. */
#include "analysis/unit_root.h"

#include <math.h>

enum { SIZES = 6, LEVELS = 8 };
static const double size_of[SIZES] = {25, 50, 100, 250, 500, 1e5};
static const double level_of[LEVELS] = {0.01, 0.025, 0.05, 0.1, 0.9, 0.95, 0.975, 0.99};

/* [level][size] */
static const double t_level[LEVELS][SIZES] = {
    {-3.75, -3.58, -3.51, -3.46, -3.44, -3.43}, {-3.33, -3.22, -3.17, -3.14, -3.13, -3.12},
    {-3.00, -2.93, -2.89, -2.88, -2.87, -2.86}, {-2.63, -2.60, -2.58, -2.57, -2.57, -2.57},
    {-0.37, -0.40, -0.42, -0.42, -0.43, -0.44}, {0.00, -0.03, -0.05, -0.06, -0.07, -0.07},
    {0.34, 0.29, 0.26, 0.24, 0.24, 0.23},       {0.72, 0.66, 0.63, 0.62, 0.61, 0.60}};
static const double t_line[LEVELS][SIZES] = {
    {-4.38, -4.15, -4.04, -3.99, -3.98, -3.96}, {-3.95, -3.80, -3.73, -3.69, -3.68, -3.66},
    {-3.60, -3.50, -3.45, -3.43, -3.42, -3.41}, {-3.24, -3.18, -3.15, -3.13, -3.13, -3.12},
    {-1.14, -1.19, -1.22, -1.23, -1.24, -1.25}, {-0.80, -0.87, -0.90, -0.92, -0.93, -0.94},
    {-0.50, -0.58, -0.62, -0.64, -0.65, -0.66}, {-0.15, -0.24, -0.28, -0.31, -0.32, -0.33}};
static const double alpha_line[LEVELS][SIZES] = {
    {-22.5, -25.7, -27.4, -28.4, -28.9, -29.5}, {-19.9, -22.4, -23.6, -24.4, -24.8, -25.1},
    {-17.9, -19.8, -20.7, -21.3, -21.5, -21.8}, {-15.6, -16.8, -17.5, -18.0, -18.1, -18.3},
    {-3.66, -3.71, -3.74, -3.75, -3.76, -3.77}, {-2.51, -2.60, -2.62, -2.64, -2.65, -2.66},
    {-1.53, -1.66, -1.73, -1.78, -1.78, -1.79}, {-0.43, -0.65, -0.75, -0.82, -0.84, -0.87}};

double wsf__interpolate(const double *x, const double *y, int n, double at) {
  if (isnan(at)) return NAN;
  if (at <= x[0]) return y[0];
  for (int i = 1; i < n; ++i) {
    if (at <= x[i]) return y[i - 1] + (y[i] - y[i - 1]) * (at - x[i - 1]) / (x[i] - x[i - 1]);
  }
  return y[n - 1];
}

static double p_value(const double table[LEVELS][SIZES], double statistic, int64_t n) {
  double quantile[LEVELS];
  for (int i = 0; i < LEVELS; ++i) {
    quantile[i] = wsf__interpolate(size_of, table[i], SIZES, (double)n);
  }
  return wsf__interpolate(quantile, level_of, LEVELS, statistic);
}

double wsf__dickey_fuller_p(double t, int64_t n, bool trend) {
  return p_value(trend ? t_line : t_level, t, n);
}

double wsf__dickey_fuller_critical(int64_t n, bool trend) {
  enum { FIVE_PERCENT = 2 };
  return wsf__interpolate(size_of, (trend ? t_line : t_level)[FIVE_PERCENT], SIZES, (double)n);
}

double wsf__dickey_fuller_alpha_p(double z, int64_t n) {
  return p_value(alpha_line, z, n);
}
