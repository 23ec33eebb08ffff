/* The pieces of arima: polynomials, the filter against dense covariance matrices, missing values,
 * the state over updates, options, and the choice of differences. */
#include "harness.h"

#include "math/normal.h"
#include "math/rng.h"
#include "models/history.h"
#include "models/local/arima/arima_state.h"

enum { LONGEST = 64, WEIGHTS = 6000, HEAD = 23 /* numbers before the coefficients in a state */ };

static const wsf__arena nobody = {0}; /* wants the work to end */

static void partial_correlations_go_both_ways(void **state) {
  (void)state;
  const double r[5] = {0.5, -0.9, 0.3, 0.99, -0.2};
  double c[5], back[5];
  wsf__arima_from_partial(5, r, c);
  assert_true(wsf__arima_to_partial(5, c, back));
  for (int i = 0; i < 5; ++i) assert_true(fabs(back[i] - r[i]) < 1e-12);
  const double beyond[2] = {1.2, -0.2}; /* a root at 1 */
  assert_false(wsf__arima_to_partial(2, beyond, back));
  const double half[1] = {0.5}; /* a root at 2 */
  assert_true(wsf__arima_roots_beyond(1, half, 1.9));
  assert_false(wsf__arima_roots_beyond(1, half, 2.1));
}

static void differences_multiply_out(void **state) {
  (void)state;
  const wsf__arima_order o = {.d = 1, .D = 1, .m = 4};
  const double expected[5] = {1, 0, 0, 1, -1};
  double d[5];
  wsf__arima_differences(&o, d);
  for (int i = 0; i < 5; ++i) assert_true(d[i] == expected[i]);
}

/* Autocovariances by the sum over many weights of the errors. */
static void covariances(const wsf__arma *a, int n, double *g) {
  static double psi[WEIGHTS];
  wsf__arima_psi(a, NULL, 0, WEIGHTS, psi, &nobody);
  for (int k = 0; k < n; ++k) {
    g[k] = 0;
    for (int t = 0; t + k < WEIGHTS; ++t) g[k] += psi[t] * psi[t + k];
  }
}

/* Dense: e'e = y' V^-1 y and log |V| by Cholesky. */
static void dense(const double *g, const double *y, int n, double *square, double *log_det) {
  static double l[LONGEST][LONGEST], e[LONGEST];
  *square = *log_det = 0;
  for (int i = 0; i < n; ++i) {
    double left = y[i];
    for (int j = 0; j <= i; ++j) {
      double x = g[i - j];
      for (int k = 0; k < j; ++k) x -= l[i][k] * l[j][k];
      l[i][j] = j < i ? x / l[j][j] : sqrt(x);
      if (j < i) left -= l[i][j] * e[j];
    }
    e[i] = left / l[i][i];
    *square += e[i] * e[i];
    *log_det += 2 * log(l[i][i]);
  }
}

static const wsf__arima_order orders[] = {
    {.m = 1},
    {.p = 1, .m = 1},
    {.q = 2, .m = 1},
    {.p = 2, .q = 1, .m = 1},
    {.p = 1, .q = 3, .P = 1, .m = 4},
    {.p = 2, .q = 1, .P = 1, .Q = 1, .m = 4},
    {.p = 3, .q = 5, .Q = 2, .m = 3}, /* a season shorter than the first polynomial */
    {.P = 2, .Q = 1, .m = 12},
};

static const double phi[3] = {0.5, -0.3, 0.2}, theta[5] = {0.4, 0.3, -0.2, 0.1, 0.15};
static const double cycle_ar[2] = {0.6, 0.2}, cycle_ma[2] = {-0.5, 0.3};
static void coefficients(const wsf__arima_order *o, double *c) {
  memcpy(c, phi, (size_t)o->p * sizeof *c);
  memcpy(c + o->p, theta, (size_t)o->q * sizeof *c);
  memcpy(c + o->p + o->q, cycle_ar, (size_t)o->P * sizeof *c);
  memcpy(c + o->p + o->q + o->P, cycle_ma, (size_t)o->Q * sizeof *c);
}

static void random_walk(double *y, int n, uint64_t seed) {
  wsf__rng r;
  wsf__rng_init(&r, 11, seed);
  for (int t = 0; t < n; ++t) y[t] = 0.5 * (t > 0 ? y[t - 1] : 0) + wsf__rng_normal(&r);
}

static double distance(double a, double b) {
  return fabs(a - b) / (fabs(a) + 1e-300);
}

/* Eight processes of one order side by side, each against its own dense matrix; a lane alone gives
 * the same; a run from a step-by-step filter too. */
static void filter_agrees_with_dense_matrices(void **state) {
  (void)state;
  double y[LONGEST], g[LONGEST], c[WSF__ARIMA_PARAMETERS];
  random_walk(y, LONGEST, 1);
  const double *in = y;
  for (size_t i = 0; i < sizeof orders / sizeof *orders; ++i) {
    wsf__arena arena;
    wsf__arena_init(&arena, &wsf__alloc_libc);
    wsf__arma a;
    wsf__arma_trial all, one;
    assert_true(wsf__arma_new(&a, &orders[i], &arena));
    assert_true(wsf__arma_trial_new(&all, &a, 1, &arena));
    assert_true(wsf__arma_trial_new(&one, &a, 1, &arena));
    all.exact = one.exact = true;
    all.n = one.n = LONGEST;
    all.in = one.in = &in;
    for (int count = 3; count <= WSF__ARMA_LANES; count += 5) {
      wsf__arma_trial_clear(&all);
      for (int k = 0; k < count; ++k) {
        coefficients(&orders[i], c);
        for (int j = 0; j < wsf__arima_count(&orders[i]); ++j) c[j] *= 1 - 0.1 * k;
        wsf__arma_set(&a, &orders[i], c);
        wsf__arma_trial_put(&all, &a, k, count);
      }
      wsf__arma_try(&all, count);
      for (int k = 0; k < count; ++k) {
        coefficients(&orders[i], c);
        for (int j = 0; j < wsf__arima_count(&orders[i]); ++j) c[j] *= 1 - 0.1 * k;
        wsf__arma_set(&a, &orders[i], c);
        wsf__arma_trial_clear(&one);
        wsf__arma_trial_put(&one, &a, 0, 1);
        wsf__arma_try(&one, 1);
        covariances(&a, LONGEST, g);
        double square, log_det;
        dense(g, y, LONGEST, &square, &log_det);
        assert_true(all.good[k] && one.good[0]);
        if (distance(square, all.gram[k]) > 1e-9 || fabs(all.log_f[k] - log_det) > 1e-9) {
          fail_msg("order %d, lane %d: %.15g, %.15g; dense %.15g, %.15g", (int)i, k, all.gram[k],
                   all.log_f[k], square, log_det);
        }
        assert_true(distance(square, one.gram[0]) < 1e-9 && fabs(one.log_f[0] - log_det) < 1e-9);

        double *work = wsf__arena_zero(&arena, (size_t)a.r, 3 * sizeof *work), sum = 0;
        double *x = work + 2 * a.r;
        wsf__arma_filter f = {.gain = work, .change = work + a.r};
        bool sound;
        assert_true(work && wsf__arma_start(&a, &f, &arena, &sound) && sound);
        for (int t = 0; t < LONGEST; ++t) {
          sum += (y[t] - x[0]) * (y[t] - x[0]) / f.f;
          wsf__arma_step(&a, &f, &x, 1, &y[t]);
        }
        assert_true(distance(square, sum) < 1e-9);
      }
    }
    wsf__arena_free(&arena);
  }
}

/* Once the gain is at rest the recursion over the lags goes on with the same numbers. */
static void long_series_keep_their_likelihood(void **state) {
  (void)state;
  enum { LONG = 3000 };
  static double y[LONG], out[LONG];
  random_walk(y, LONG, 4);
  const double *in[2] = {y, y};
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  const wsf__arima_order o = {.p = 1, .q = 1, .P = 1, .Q = 1, .m = 12};
  const double c[4] = {0.5, 0.4, 0.3, -0.5};
  wsf__arma a;
  wsf__arma_trial t;
  assert_true(wsf__arma_new(&a, &o, &arena) && wsf__arma_trial_new(&t, &a, 2, &arena));
  wsf__arma_set(&a, &o, c);
  wsf__arma_trial_clear(&t);
  wsf__arma_trial_put(&t, &a, 0, 1);
  t.exact = true;
  t.n = LONG;
  t.in = in;
  wsf__arma_try(&t, 1);
  double *work = wsf__arena_zero(&arena, (size_t)a.r, 3 * sizeof *work), sum = 0, log_f = 0;
  double *x = work + 2 * a.r;
  wsf__arma_filter f = {.gain = work, .change = work + a.r};
  bool sound;
  assert_true(wsf__arma_start(&a, &f, &arena, &sound) && sound);
  for (int i = 0; i < LONG; ++i) {
    out[i] = y[i] - x[0];
    sum += out[i] * out[i] / f.f;
    log_f += log(f.f);
    wsf__arma_step(&a, &f, &x, 1, &y[i]);
  }
  assert_true(distance(sum, t.gram[0]) < 1e-11);
  assert_true(distance(sum, t.gram[wsf__arma_stride(1)]) < 1e-11); /* the two columns are one */
  assert_true(fabs(log_f - t.log_f[0]) < 1e-9);
  wsf__arena_free(&arena);
}

/* Solves a symmetric system in place: h becomes Cholesky's factor, b the solution. */
enum { GAPS = 12 };
static double solve_dense(double h[GAPS][GAPS], double *b, int n) {
  double log_det = 0;
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j <= i; ++j) {
      for (int k = 0; k < j; ++k) h[i][j] -= h[i][k] * h[j][k];
      h[i][j] = j < i ? h[i][j] / h[j][j] : sqrt(h[i][i]);
      if (j < i) b[i] -= h[i][j] * b[j];
    }
    b[i] /= h[i][i];
    log_det += 2 * log(h[i][i]);
  }
  for (int i = n - 1; i >= 0; --i) {
    for (int k = i + 1; k < n; ++k) b[i] -= h[k][i] * b[k];
    b[i] /= h[i][i];
  }
  return log_det;
}

/* The filter that passes over missing values against a flat prior on each of them: generalised
 * least squares with dense matrices. For the first differences too, and for eight candidates. */
static void gaps_agree_with_dense_matrices(void **state) {
  (void)state;
  static const int differences[][2] = {{0, 0}, {1, 0}, {0, 1}, {1, 1}, {2, 1}};
  static double path[LONGEST], w[LONGEST], dummy[GAPS][LONGEST], g[LONGEST], l[LONGEST][LONGEST];
  for (size_t i = 0; i < 5 * sizeof orders / sizeof *orders; ++i) {
    wsf__arima_order o = orders[i / 5];
    o.d = differences[i % 5][0], o.D = o.m > 1 ? differences[i % 5][1] : 0;
    const int lost = wsf__arima_lost(&o), n = LONGEST - lost;
    double delta[LONGEST], c[WSF__ARIMA_PARAMETERS], expected[LONGEST];
    bool gap[LONGEST] = {false};
    int at[GAPS], gaps = 0;
    random_walk(path, LONGEST, i);
    for (int t = lost + 2; t < LONGEST - 1 && gaps < GAPS; t += t % 3 ? 1 : 5) at[gaps++] = t;
    for (int j = 0; j < gaps; ++j) gap[at[j] - lost] = true;
    wsf__arima_differences(&o, delta);
    memset(dummy, 0, sizeof dummy);
    for (int t = lost; t < LONGEST; ++t) {
      w[t - lost] = path[t];
      for (int j = 0; j < lost; ++j) w[t - lost] -= delta[j] * path[t - j - 1];
      for (int k = 0; k < gaps; ++k) {
        if (t < at[k] || t - at[k] > lost) continue;
        dummy[k][t - lost] = t == at[k] ? 1 : -delta[t - at[k] - 1];
      }
    }
    wsf__arena arena;
    wsf__arena_init(&arena, &wsf__alloc_libc);
    wsf__arma a;
    wsf__arma_trial t;
    wsf__arma_gaps passed;
    const double *in = w;
    assert_true(wsf__arma_new(&a, &o, &arena) && wsf__arma_trial_new(&t, &a, 1, &arena));
    assert_true(wsf__arma_gaps_new(&passed, &t, &o, gap, &arena));
    passed.record =
        wsf__arena_new(&arena, LONGEST, ((size_t)passed.size + 2) * sizeof *passed.record);
    t.exact = true;
    t.n = n;
    t.in = &in;
    for (int count = 1; count <= WSF__ARMA_LANES; count += 7) {
      wsf__arma_trial_clear(&t);
      for (int k = count - 1; k >= 0; --k) { /* a stays that of the first */
        coefficients(&o, c);
        for (int j = 0; j < wsf__arima_count(&o); ++j) c[j] *= 1 - 0.1 * k;
        wsf__arma_set(&a, &o, c);
        wsf__arma_trial_put(&t, &a, k, count);
      }
      wsf__arma_try_gaps(&t, &passed, count);
      assert_true(wsf__arma_expect_gaps(&passed, &a, n, expected, &arena));
      for (int k = count - 1; k >= 0; --k) {
        double h[GAPS][GAPS] = {{0}}, b[GAPS] = {0}, solution[GAPS], square = 0, log_det = 0;
        coefficients(&o, c);
        for (int j = 0; j < wsf__arima_count(&o); ++j) c[j] *= 1 - 0.1 * k;
        wsf__arma_set(&a, &o, c);
        covariances(&a, n, g);
        static double e[GAPS + 1][LONGEST];
        for (int r = 0; r < n; ++r) {
          for (int q = 0; q <= gaps; ++q) e[q][r] = q < gaps ? dummy[q][r] : w[r];
          for (int s = 0; s <= r; ++s) {
            l[r][s] = g[r - s];
            for (int q = 0; q < s; ++q) l[r][s] -= l[r][q] * l[s][q];
            l[r][s] = s < r ? l[r][s] / l[s][s] : sqrt(l[r][r]);
            for (int q = 0; q <= gaps; ++q)
              e[q][r] = s < r ? e[q][r] - l[r][s] * e[q][s] : e[q][r] / l[r][r];
          }
          log_det += 2 * log(l[r][r]);
          square += e[gaps][r] * e[gaps][r];
          for (int q = 0; q < gaps; ++q) {
            b[q] += e[q][r] * e[gaps][r];
            for (int s = 0; s <= q; ++s) h[q][s] += e[q][r] * e[s][r];
          }
        }
        memcpy(solution, b, sizeof b);
        log_det += solve_dense(h, solution, gaps);
        for (int q = 0; q < gaps; ++q) square -= b[q] * solution[q];
        if (!t.good[k] || distance(square, t.gram[k]) > 1e-8 || fabs(t.log_f[k] - log_det) > 1e-8) {
          fail_msg("order %d, lane %d: %.12g, %.12g; dense %.12g, %.12g", (int)i, k, t.gram[k],
                   t.log_f[k], square, log_det);
        }
        for (int q = 0; k == 0 && q < gaps; ++q)
          assert_true(fabs(expected[at[q] - lost] + solution[q]) < 1e-8);
      }
    }
    wsf__arena_free(&arena);
  }
}

/* AR(1) with gaps: the likelihood of the observed values, each given the one before. */
static void missing_values_are_exact(void **state) {
  (void)state;
  double y[LONGEST];
  random_walk(y, LONGEST, 2);
  for (int t = 3; t < LONGEST - 1; t += 3 + t % 4) y[t] = NAN;
  y[20] = y[21] = y[22] = NAN;
  harness h;
  harness_open(&h, "arima(order=[1,0,0], mean=false)", 1, 1, (int64_t[]){LONGEST}, y);
  const double *v = h.fitted->state[0].v, coefficient = v[HEAD], count_free = v[9] * v[9];
  double best = -INFINITY, at = 0, sse_at = 0;
  for (double x = coefficient - 0.01; x < coefficient + 0.01; x += 1e-5) {
    double square = y[0] * y[0] * (1 - x * x), log_det = -log(1 - x * x), count = 1;
    for (int t = 1, last = 0; t < LONGEST; ++t) {
      if (isnan(y[t])) continue;
      const double power = pow(x, t - last), f = (1 - power * power) / (1 - x * x);
      square += (y[t] - power * y[last]) * (y[t] - power * y[last]) / f;
      log_det += log(f);
      count += 1;
      last = t;
    }
    const double l =
        -0.5 * (count * (log(2 * 3.14159265358979323846 * square / count) + 1) + log_det);
    if (l > best) best = l, at = x, sse_at = square / (count - 1);
  }
  assert_true(fabs(v[10] - best) < 1e-6);
  assert_true(fabs(coefficient - at) < 3e-5);
  assert_true(fabs(count_free - sse_at) < 1e-3 * sse_at);
  harness_close(&h);
}

/* A state moved over appended values forecasts what a filter over all of them does: for AR(2) after
 * one difference, by hand. */
static void update_runs_the_filter(void **state) {
  (void)state;
  double y[LONGEST + 8], mean[3];
  random_walk(y, LONGEST + 8, 3);
  for (int t = 1; t < LONGEST + 8; ++t) y[t] += y[t - 1];
  harness h;
  harness_open(&h, "arima(order=[2,1,0])", 1, 1, (int64_t[]){LONGEST}, y);
  const double a = h.fitted->state[0].v[HEAD], b = h.fitted->state[0].v[HEAD + 1];
  assert_int_equal(harness_update(&h, 0, y + LONGEST, 3), WSF_OK);
  assert_int_equal(harness_update(&h, 0, y + LONGEST + 3, 5), WSF_OK);
  assert_true(harness_check(&h));
  harness_forecast(&h, 0, 3, NULL, 0, mean, NULL);
  double level = y[LONGEST + 7], last = level - y[LONGEST + 6];
  double before = y[LONGEST + 6] - y[LONGEST + 5];
  for (int i = 0; i < 3; ++i) {
    const double next = a * last + b * before;
    level += next;
    assert_true(fabs(mean[i] - level) < 1e-10);
    before = last;
    last = next;
  }
  harness_close(&h);
}

/* The bits of a series do not depend on how its update is cut. */
static void update_in_pieces_gives_the_same_bits(void **state) {
  (void)state;
  double y[LONGEST], whole[6], pieces[6];
  random_walk(y, LONGEST, 4);
  y[50] = y[51] = y[60] = NAN;
  for (int cut = 0; cut < 2; ++cut) {
    harness h;
    harness_open(&h, "arima(order=[1,1,1], seasonal=[0,1,1])", 4, 1, (int64_t[]){40}, y);
    for (int t = 40; t < LONGEST;) {
      const int count = cut ? 1 : LONGEST - 40;
      assert_int_equal(harness_update(&h, 0, y + t, count), WSF_OK);
      t += count;
    }
    harness_forecast(&h, 0, 6, NULL, 0, cut ? pieces : whole, NULL);
    harness_close(&h);
  }
  assert_memory_equal(whole, pieces, sizeof whole);
}

static void drift_and_mean_follow_r(void **state) {
  (void)state;
  double y[LONGEST], mean[2];
  random_walk(y, LONGEST, 5);
  harness h;
  harness_open(&h, "arima(order=[0,0,0])", 1, 1, (int64_t[]){LONGEST}, y);
  double sum = 0;
  for (int t = 0; t < LONGEST; ++t) sum += y[t] / LONGEST;
  harness_forecast(&h, 0, 2, NULL, 0, mean, NULL);
  assert_true(fabs(mean[1] - sum) < 1e-12);
  harness_close(&h);
  harness_open(&h, "arima(order=[0,1,0])", 1, 1, (int64_t[]){LONGEST}, y);
  harness_forecast(&h, 0, 2, NULL, 0, mean, NULL);
  assert_true(mean[1] == y[LONGEST - 1]);
  harness_close(&h);
  harness_open(&h, "arima(order=[0,1,0], drift=true)", 1, 1, (int64_t[]){LONGEST}, y);
  harness_forecast(&h, 0, 2, NULL, 0, mean, NULL);
  const double drift = (y[LONGEST - 1] - y[0]) / (LONGEST - 1);
  assert_true(fabs(mean[1] - y[LONGEST - 1] - 2 * drift) < 1e-12);
  harness_close(&h);
}

static void series_too_short_for_the_order_walk(void **state) {
  (void)state;
  const double y[6] = {1, 4, 2, 6, 3, 5};
  double mean[2];
  harness h;
  harness_open(&h, "arima(order=[0,1,1], seasonal=[0,1,1])", 12, 1, (int64_t[]){6}, y);
  assert_int_equal(harness_reason(&h, 0), WSF__REPLACED);
  harness_forecast(&h, 0, 2, NULL, 0, mean, NULL);
  assert_true(mean[0] == 5 && mean[1] == 5);
  harness_close(&h);
}

enum { COLUMN = 80, AHEAD_OF_IT = 8 };
static const int32_t one_group = 0;
static wsf__column column_of(const double *value, int64_t periods) {
  return (wsf__column){.name = "a",
                       .kind = WSF__KNOWN,
                       .n_groups = 1,
                       .periods = periods,
                       .group = &one_group,
                       .value = value};
}

static void open_with(harness *h, const char *model, int64_t n, const double *y,
                      const wsf__column *column) {
  assert_int_equal(harness_begin(h, model, 1, 1, &n, y), WSF_OK);
  h->panel.column = column;
  h->panel.n_columns = 1;
  assert_int_equal(harness_fit(h), WSF_OK);
  assert_true(harness_check(h));
}

/* Without errors that remember each other the model is a regression: tslm's mean and, but for
 * Student's quantile, its bounds. */
static void white_errors_make_it_a_regression(void **state) {
  (void)state;
  double y[COLUMN], x[COLUMN + AHEAD_OF_IT], mean[2][4], high[2][4];
  random_walk(y, COLUMN, 5);
  random_walk(x, COLUMN + AHEAD_OF_IT, 6);
  for (int t = 0; t < COLUMN; ++t) y[t] += 1000 + 3 * x[t];
  const wsf__column column = column_of(x, COLUMN + AHEAD_OF_IT);
  const char *const models[2] = {"arima(order=[0,0,0], x=[a], intervals=model)",
                                 "tslm(trend=false, x=[a])"};
  const double q = 0.9;
  for (int i = 0; i < 2; ++i) {
    harness h;
    open_with(&h, models[i], COLUMN, y, &column);
    harness_forecast(&h, 0, 4, &q, 1, mean[i], high[i]);
    harness_close(&h);
  }
  const double student = wsf__student_quantile(q, COLUMN - 2) / wsf__normal_quantile(q);
  for (int i = 0; i < 4; ++i) {
    assert_true(fabs(mean[0][i] - mean[1][i]) < 1e-9 * mean[1][i]);
    assert_true(distance(high[1][i] - mean[1][i], student * (high[0][i] - mean[0][i])) < 1e-6);
  }
}

static void regressors_are_found_and_followed(void **state) {
  (void)state;
  double y[COLUMN + 6], x[COLUMN + AHEAD_OF_IT], mean[2], again[2];
  random_walk(y, COLUMN + 6, 7);
  random_walk(x, COLUMN + AHEAD_OF_IT, 8);
  for (int t = 0; t < COLUMN + 6; ++t) y[t] += 10 + 2 * x[t];
  y[5] = NAN;
  x[9] = NAN; /* the row counts as missing */
  const wsf__column column = column_of(x, COLUMN + AHEAD_OF_IT);
  harness h;
  open_with(&h, "arima(order=[1,0,0], x=[a])", COLUMN, y, &column);
  const double *v = h.fitted->state[0].v, beta = v[HEAD + 1 + 3];
  assert_true(fabs(beta - 2) < 0.3);
  /* In pieces, the last of which has a gap, as at once. */
  y[COLUMN + 3] = NAN;
  assert_int_equal(harness_update(&h, 0, y + COLUMN, 1), WSF_OK);
  assert_int_equal(harness_update(&h, 0, y + COLUMN + 1, 3), WSF_OK);
  assert_int_equal(harness_update(&h, 0, y + COLUMN + 4, 2), WSF_OK);
  harness_forecast(&h, 0, 2, NULL, 0, mean, NULL);
  harness_close(&h);
  open_with(&h, "arima(order=[1,0,0], x=[a])", COLUMN, y, &column);
  assert_int_equal(harness_update(&h, 0, y + COLUMN, 6), WSF_OK);
  harness_forecast(&h, 0, 2, NULL, 0, again, NULL);
  assert_memory_equal(mean, again, sizeof mean);
  double far[40]; /* a step without a value of the column is no number, the others are */
  harness_forecast(&h, 0, 40, NULL, 0, far, NULL);
  for (int t = 0; t < 40; ++t) assert_int_equal(isnan(far[t]), t >= AHEAD_OF_IT - 6);
  harness_close(&h);
}

static void columns_that_say_nothing_new_are_left_out(void **state) {
  (void)state;
  double y[COLUMN], x[COLUMN + AHEAD_OF_IT], mean[2][3];
  random_walk(y, COLUMN, 9);
  for (int t = 0; t < COLUMN + AHEAD_OF_IT; ++t) x[t] = 7;
  const wsf__column column = column_of(x, COLUMN + AHEAD_OF_IT);
  const char *const models[2] = {"arima(order=[1,0,0], x=[a])", "arima(order=[1,0,0])"};
  for (int i = 0; i < 2; ++i) {
    harness h;
    open_with(&h, models[i], COLUMN, y, &column);
    harness_forecast(&h, 0, 3, NULL, 0, mean[i], NULL);
    harness_close(&h);
  }
  for (int i = 0; i < 3; ++i) assert_true(fabs(mean[0][i] - mean[1][i]) < 1e-6);
  for (int t = 0; t < COLUMN + AHEAD_OF_IT; ++t) x[t] = NAN;
  harness h;
  const int64_t n = COLUMN;
  assert_int_equal(harness_begin(&h, models[0], 1, 1, &n, y), WSF_OK);
  h.panel.column = &column;
  h.panel.n_columns = 1;
  assert_int_equal(harness_fit(&h), WSF_OK);
  assert_int_equal(harness_reason(&h, 0), WSF__MISSING_REGRESSOR);
  harness_close(&h);
}

static void orders_have_three_numbers(void **state) {
  (void)state;
  const double y[4] = {1, 4, 2, 6};
  harness h;
  assert_int_equal(harness_begin(&h, "arima(order=[1,1])", 1, 1, (int64_t[]){4}, y), WSF_OK);
  assert_int_equal(harness_fit(&h), WSF_E_VALUE);
  assert_non_null(strstr(h.err.message, "order has 2 numbers"));
  harness_close(&h);
}

/* Of an order that is chosen otherwise: a random walk keeps its level, white noise is differenced.
 */
static void differences_may_be_given(void **state) {
  (void)state;
  double y[LONGEST];
  static const struct {
    const char *model;
    int d, D;
  } cases[] = {{"arima(season=4, d=0)", 0, 0},
               {"arima(season=4, d=1)", 1, 0},
               {"arima(season=4, d=2, D=0)", 2, 0},
               {"arima(season=4, D=1)", 0, 1},
               {"arima(season=4, d=1, D=1, stepwise=false, max_order=2)", 1, 1},
               {"arima(season=1, d=1, D=1)", 1, 0}};
  random_walk(y, LONGEST, 5);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    harness h;
    harness_open(&h, cases[i].model, 1, 1, (int64_t[]){LONGEST}, y);
    const wsf__arima_head *head = (const wsf__arima_head *)h.fitted->state[0].v;
    if (head->D != cases[i].D || (cases[i].D == 0 && head->d != cases[i].d))
      fail_msg("%s: d %g, D %g", cases[i].model, head->d, head->D);
    harness_close(&h);
  }
  static const char *const wrong[] = {"arima(order=[1,0,0], d=1)", "arima(order=[1,0,0], D=1)",
                                      "arima(seasonal=[0,1,1], D=1)"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
    harness h;
    assert_int_equal(harness_begin(&h, wrong[i], 4, 1, (int64_t[]){LONGEST}, y), WSF_OK);
    assert_int_equal(harness_fit(&h), WSF_E_VALUE);
    assert_non_null(strstr(h.err.message, "is of an order that is chosen"));
    harness_close(&h);
  }
}

int test_arima(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(partial_correlations_go_both_ways),
      cmocka_unit_test(differences_multiply_out),
      cmocka_unit_test(filter_agrees_with_dense_matrices),
      cmocka_unit_test(long_series_keep_their_likelihood),
      cmocka_unit_test(gaps_agree_with_dense_matrices),
      cmocka_unit_test(missing_values_are_exact),
      cmocka_unit_test(update_runs_the_filter),
      cmocka_unit_test(update_in_pieces_gives_the_same_bits),
      cmocka_unit_test(drift_and_mean_follow_r),
      cmocka_unit_test(series_too_short_for_the_order_walk),
      cmocka_unit_test(white_errors_make_it_a_regression),
      cmocka_unit_test(regressors_are_found_and_followed),
      cmocka_unit_test(columns_that_say_nothing_new_are_left_out),
      cmocka_unit_test(orders_have_three_numbers),
      cmocka_unit_test(differences_may_be_given),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
