/* empirical: its bounds by the definition, step by step; what it does where little is known; and
 * that its intervals hold what they say where the model's own do not. */
#include "harness.h"

#include "math/normal.h"
#include "math/rng.h"
#include "math/stats.h"

static void near(double a, double b) {
  if (!(fabs(a - b) <= 1e-9 * fmax(1, fabs(b)))) fail_msg("%.12g is not %.12g", a, b);
}

/* ---- by hand ------------------------------------------------------------------------------- */

enum { SERIES = 6, T = 24, WINDOWS = 2, H = 2 };

static void make(double *y) {
  wsf__rng r;
  wsf__rng_init(&r, 5, 2);
  for (int i = 0; i < SERIES; ++i) {
    double level = 100 * (i + 1);
    for (int t = 0; t < T; ++t) {
      level += 3 * wsf__rng_normal(&r);
      y[i * T + t] = level + (i + 1) * fabs(wsf__rng_normal(&r));
    }
  }
  y[2 * T + T - 1] = NAN; /* one score fewer in either block */
}

/* naive as the definition has it: the last value, and the spread of the changes so far. */
static void naive(const double *y, int n, double *mean, double *sd) {
  double square = 0, count = 0;
  for (int t = 1; t < n; ++t) {
    square += (y[t] - y[t - 1]) * (y[t] - y[t - 1]);
    count += 1;
  }
  *mean = y[n - 1];
  *sd = sqrt(square / count);
}

/* The line through n scores at a normal score, learnt from so many windows. */
static double line(const double *scores, int n, double windows, double z) {
  double u[SERIES * WINDOWS];
  memcpy(u, scores, (size_t)n * sizeof *u);
  wsf__sort(u, n);
  double median = n % 2 ? u[n / 2] : 0.5 * (u[n / 2 - 1] + u[n / 2]), mean = 0;
  for (int j = 0; j < n; ++j) mean += u[j] / n;
  if (mean * median <= 0)
    median = 0; /* both tell where all went, or none */
  else if (fabs(mean) < fabs(median))
    median = mean;
  const double rank = wsf__normal_cdf(z) * (n + 1);
  const int below = (int)rank;
  double at;
  if (rank < 1)
    at = (u[0] - median) * z / wsf__normal_quantile(1.0 / (n + 1));
  else if (rank > n)
    at = (u[n - 1] - median) * z / wsf__normal_quantile((double)n / (n + 1));
  else
    at = u[below - 1] + (rank - below) * (u[below] - u[below - 1]) - median;
  return (windows * at + 8 * z) / (windows + 8);
}

static void bounds_are_pooled_scores(void **state) {
  (void)state;
  double y[SERIES * T], one[SERIES * WINDOWS], two[SERIES * WINDOWS];
  int64_t length[SERIES];
  int n_one = 0, n_two = 0;
  make(y);
  for (int i = 0; i < SERIES; ++i) {
    length[i] = i == 2 ? T - 1 : T; /* histories end with an observation */
    for (int w = 0; w < WINDOWS; ++w) {
      const int origin = (int)length[i] - (w + 1) * H;
      double mean, sd;
      naive(y + i * T, origin, &mean, &sd);
      one[n_one++] = (y[i * T + origin] - mean) / sd;
      two[n_two++] = (y[i * T + origin + 1] - mean) / (sd * sqrt(2));
    }
  }
  double packed[SERIES * T];
  int64_t total = 0;
  for (int i = 0; i < SERIES; ++i) {
    memcpy(packed + total, y + i * T, (size_t)length[i] * sizeof *y);
    total += length[i];
  }
  harness h;
  harness_open(&h, "empirical(naive, windows=2, horizon=2)", 1, SERIES, length, packed);
  assert_true(harness_check(&h));
  for (int i = 0; i < SERIES; ++i) {
    assert_int_equal(harness_reason(&h, i), WSF__OK);
    /* normal scores that stand in the table, in its middle and beyond its ends */
    const double z[] = {-4, -1.5, -0.75, 0, 1, 3, 3.5};
    double q[7], mean[5], quantile[7 * 5], own, sd;
    for (int k = 0; k < 7; ++k) q[k] = wsf__normal_cdf(z[k]);
    harness_forecast(&h, i, 5, q, 7, mean, quantile);
    naive(y + i * T, (int)length[i], &own, &sd);
    for (int k = 0; k < 7; ++k) {
      const double at = fmax(-3, fmin(3, z[k])), beyond = at != 0 ? z[k] / at : 1;
      const double near_line = line(one, n_one, n_one, at) * beyond;
      const double far_line = line(two, n_two, n_two, at) * beyond;
      near(mean[0], own);
      near(quantile[k * 5], own + sd * near_line);
      /* step 2 lies at two thirds between the middles of 1 and of 2 to 3 */
      near(quantile[k * 5 + 1], own + sd * sqrt(2) * (near_line + (far_line - near_line) * 2 / 3));
      near(quantile[k * 5 + 4], own + sd * sqrt(5) * far_line); /* the last block goes on */
    }
  }
  harness_close(&h);
}

/* ---- seasons ------------------------------------------------------------------------------- */

/* Two series of which the second place of the season alone moves. */
static void places_of_the_season_differ(void **state) {
  (void)state;
  enum { M = 4, LONG = 40 };
  double y[2 * LONG], lo_hi[2 * M], mean[M];
  wsf__rng r;
  wsf__rng_init(&r, 5, 3);
  for (int t = 0; t < 2 * LONG; ++t) {
    y[t] = 50 + 10 * (t % M) + (t % M == 1 ? 8 : 1) * wsf__rng_normal(&r);
  }
  double sum[M] = {0}, count[M] = {0};
  for (int i = 0; i < 2; ++i) {
    const double *x = y + i * LONG, size = wsf__mean_abs_diff(x, LONG, M);
    for (int t = M; t < LONG; ++t) {
      sum[t % M] += fabs(x[t] - x[t - M]) / size;
      count[t % M] += 1;
    }
  }
  harness h;
  harness_open(&h, "empirical(average, windows=4, horizon=1, by=all)", M, 2,
               (int64_t[]){LONG, LONG}, y);
  assert_true(harness_check(&h));
  harness_forecast(&h, 1, M, (const double[]){0.1, 0.9}, 2, mean, lo_hi);
  for (int k = 1; k < M; ++k) { /* one block: the widths of `average` are all alike */
    near((lo_hi[M + k] - lo_hi[k]) / (lo_hi[M] - lo_hi[0]),
         ((sum[k] + 20) / (count[k] + 20)) / ((sum[0] + 20) / (count[0] + 20)));
  }
  harness_close(&h);
}

/* ---- where little is known ----------------------------------------------------------------- */

static void same_forecast(const char *model, const char *other, int64_t n, const int64_t *length,
                          const double *y, int64_t series, int32_t reason, bool same) {
  const double q[] = {0.05, 0.5, 0.8};
  double a[4 * H], b[4 * H];
  harness h;
  harness_open(&h, model, 4, n, length, y);
  assert_int_equal(harness_reason(&h, series), reason);
  harness_forecast(&h, series, H, q, 3, a, a + H);
  harness_close(&h);
  harness_open(&h, other, 4, n, length, y);
  harness_forecast(&h, series, H, q, 3, b, b + H);
  harness_close(&h);
  assert_memory_equal(a, b, H * sizeof *a); /* the means are never touched */
  assert_int_equal(memcmp(a, b, sizeof a) == 0, same);
}

static void short_series_borrow(void **state) {
  (void)state;
  double y[SERIES * T + 3];
  make(y);
  y[2 * T + T - 1] = 7;
  const double brief[] = {5, 9, 6};
  /* alone: the intervals of the model inside, to the bit */
  same_forecast("empirical(log(naive), windows=1, horizon=2)", "log(naive)", 1, (int64_t[]){3},
                brief, 0, WSF__NO_BACKTEST, true);
  memcpy(y + SERIES * T, brief, sizeof brief);
  const int64_t length[] = {T, T, T, T, T, T, 3};
  same_forecast("empirical(naive, windows=1, horizon=2)", "naive", SERIES + 1, length, y, SERIES,
                WSF__OK, false);
}

/* In the window stl has too little of its season: what drift does there says nothing of stl. */
static void windows_of_another_call_do_not_count(void **state) {
  (void)state;
  enum { M = 8, LONG = 2 * M + 2 };
  double y[LONG];
  wsf__rng r;
  wsf__rng_init(&r, 5, 4);
  for (int t = 0; t < LONG; ++t) y[t] = 50 + 10 * (t % M) + wsf__rng_normal(&r);
  const char *model = "fallback(stl(naive), drift)";
  harness h;
  double lo_hi[2], mean[1], own[2];
  const double q[] = {0.1, 0.9};
  harness_open(&h, model, M, 1, (int64_t[]){LONG}, y);
  assert_true(h.fitted->state[0].v[0] == 0);
  harness_forecast(&h, 0, 1, q, 2, mean, own);
  harness_close(&h);
  harness_open(&h, "empirical(fallback(stl(naive), drift), windows=1, horizon=6, season=1)", M, 1,
               (int64_t[]){LONG}, y);
  harness_forecast(&h, 0, 1, q, 2, mean, lo_hi);
  near(lo_hi[0], own[0]);
  near(lo_hi[1], own[1]);
  harness_close(&h);
}

/* ---- coverage ------------------------------------------------------------------------------ */

/* naive says of white noise what a random walk does: 97 for 80, growing with each step. */
static void intervals_cover(void **state) {
  (void)state;
  enum { N = 300, LONG = 60, AHEAD = 12 };
  static double y[N * LONG], ahead[N * AHEAD];
  int64_t length[N];
  wsf__rng r;
  wsf__rng_init(&r, 5, 5);
  for (int i = 0; i < N; ++i) {
    length[i] = LONG;
    for (int t = 0; t < LONG; ++t) y[i * LONG + t] = 100 + (1 + i % 7) * wsf__rng_normal(&r);
    for (int t = 0; t < AHEAD; ++t) ahead[i * AHEAD + t] = 100 + (1 + i % 7) * wsf__rng_normal(&r);
  }
  static const double q[] = {0.025, 0.1, 0.9, 0.975};
  for (int own = 0; own < 2; ++own) {
    harness h;
    harness_open(&h, own ? "naive" : "empirical(naive, horizon=12)", 1, N, length, y);
    double inside[2] = {0}, mean[AHEAD], quantile[4 * AHEAD];
    for (int i = 0; i < N; ++i) {
      harness_forecast(&h, i, AHEAD, q, 4, mean, quantile);
      for (int k = 0; k < AHEAD; ++k) {
        const double v = ahead[i * AHEAD + k];
        inside[0] +=
            (v >= quantile[AHEAD + k] && v <= quantile[2 * AHEAD + k]) / (double)(N * AHEAD);
        inside[1] += (v >= quantile[k] && v <= quantile[3 * AHEAD + k]) / (double)(N * AHEAD);
      }
    }
    harness_close(&h);
    if (own) {
      assert_true(inside[0] > 0.93);
    } else if (fabs(inside[0] - 0.8) > 0.03 || fabs(inside[1] - 0.95) > 0.02) {
      fail_msg("%.3f and %.3f", inside[0], inside[1]);
    }
  }
}

int test_empirical(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bounds_are_pooled_scores),
      cmocka_unit_test(places_of_the_season_differ),
      cmocka_unit_test(short_series_borrow),
      cmocka_unit_test(windows_of_another_call_do_not_count),
      cmocka_unit_test(intervals_cover),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
