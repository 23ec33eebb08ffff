/* croston, tsb, adida and imapa: by hand, against R's forecast 8.20 and against statsforecast 2.0.
 */
#include "harness.h"

#include "math/rng.h"
#include "models/local/smoothing.h"

static void near(double a, double b, double tolerance) {
  if (!(fabs(a - b) <= tolerance)) fail_msg("%.12g is not within %g of %.12g", a, tolerance, b);
}

static double mean_of(const char *model, const double *y, int64_t n) {
  double mean[3];
  harness h;
  harness_open(&h, model, 7, 1, &n, y);
  assert_true(harness_reason(&h, 0) < WSF__NOT_FITTED);
  harness_forecast(&h, 0, 3, NULL, 0, mean, NULL);
  assert_true(harness_check(&h));
  harness_close(&h);
  assert_true(mean[0] == mean[1] && mean[1] == mean[2]);
  return mean[0];
}

static const double sample[] = {0, 0, 1, 0, 0, 7, 1, 0, 0, 3, 0, 0, 0, 2, 0, 0, 1, 0, 4, 0};
enum { N = sizeof sample / sizeof *sample };

static void croston_is_r_s(void **state) {
  (void)state;
  /* fitted values of croston(y, alpha = 0.1) of R's forecast 8.20: the forecast of the next period
   */
  const double r[] = {0.33333333, 0.33333333, 0.33333333, 0.53333333, 0.55,       0.55,
                      0.55,       0.59787234, 0.59787234, 0.59787234, 0.59787234, 0.58454731,
                      0.58454731, 0.58454731, 0.5589498,  0.5589498,  0.66008394, 0.66008394};
  for (int64_t n = 3; n <= N; ++n) near(mean_of("croston", sample, n), r[n - 3], 1e-8);
  near(mean_of("croston(sba)", sample, N), 0.95 * r[N - 3], 1e-8);
}

static void by_hand(void **state) {
  (void)state;
  const double y[] = {2, 0, 4, 0, 0, 6};
  near(mean_of("croston(alpha=0.5)", y, 6), (0.5 * 6 + 0.5 * 3) / (0.5 * 3 + 0.5 * 1.5), 1e-15);
  double p = 1;
  for (int t = 1; t < 6; ++t) p += 0.5 * ((y[t] != 0) - p);
  near(mean_of("tsb(alpha=0.5, beta=0.5)", y, 6), 4.5 * p, 1e-15);
  /* blocks of 2: 2, 4, 6; the errors fall with alpha all the way to 0.3 */
  near(mean_of("adida", y, 6), 0.5 * (2.6 + 0.3 * 3.4), 1e-12);
  const double alone = mean_of("adida(level=1)", y, 6);
  near(mean_of("imapa", y, 6), 0.5 * (alone + mean_of("adida", y, 6)), 1e-12);
}

/* Mean of a period by blocks of this length back from the end of x, with the alpha of all of y. */
static double by_blocks(const double *x, int64_t n, const double *y, int64_t all, int64_t block) {
  double sums[N], whole[N];
  for (int64_t b = 0; b < all / block; ++b) {
    whole[b] = 0;
    for (int64_t i = 0; i < block; ++i) whole[b] += y[all % block + b * block + i];
  }
  if (block > n) block = n;
  for (int64_t b = 0; b < n / block; ++b) {
    sums[b] = 0;
    for (int64_t i = 0; i < block; ++i) sums[b] += x[n % block + b * block + i];
  }
  const double alpha = wsf__smooth_alpha(whole, all / block, 0.1, 0.3);
  return wsf__smooth(sums, n / block, alpha) / (double)block;
}

/* What the same blocks forecast of each period, cut back from right before it. */
static void blocks_are_fitted_one_step_ahead(void **state) {
  (void)state;
  const char *const models[] = {"adida(level=4)", "imapa(levels=4)", "adida", "imapa"};
  for (int m = 0; m < 4; ++m) {
    double y[N + 2], x[N];
    int64_t n = 0, k = 0;
    memcpy(y, sample, sizeof sample);
    y[N] = y[N + 1] = 5;
    y[2] = y[7] = y[N] = NAN;
    for (int t = 0; t < N + 2; ++t) {
      if (!isnan(y[t])) x[n++] = y[t];
    }
    assert_int_equal(n, N - 1);
    const int64_t longest = m < 2 ? 4 : 3; /* 19 observations, 7 sales */
    harness h;
    assert_int_equal(harness_begin(&h, models[m], 7, 1, (int64_t[]){N + 2}, y), WSF_OK);
    h.fitted_values = true;
    assert_int_equal(harness_fit(&h), WSF_OK);
    const double *fitted = h.fitted->history[0].v;
    assert_true(isnan(fitted[0]));
    for (int t = 0; t < N + 2; k += !isnan(y[t]), ++t) {
      double want = 0;
      const int64_t lengths = m % 2 == 0 ? 1 : k < longest ? k : longest;
      for (int64_t b = 1; b <= lengths && k > 0; ++b) {
        want += by_blocks(x, k, x, n, m % 2 == 0 ? longest : b) / (double)lengths;
      }
      if (k > 0) near(fitted[t], want, 1e-14);
    }
    harness_close(&h);
  }
}

static void missing_periods_are_skipped(void **state) {
  (void)state;
  const char *const models[] = {"croston", "croston(optimised)", "croston(sba)", "tsb", "adida",
                                "imapa"};
  double gaps[2 * N];
  for (int t = 0; t < N; ++t) {
    gaps[2 * t] = sample[t];
    gaps[2 * t + 1] = NAN;
  }
  for (int m = 0; m < 6; ++m) {
    assert_true(mean_of(models[m], gaps, 2 * N) == mean_of(models[m], sample, N));
  }
}

static void nothing_sold_is_zero(void **state) {
  (void)state;
  const char *const models[] = {"croston(optimised)", "tsb", "adida", "imapa"};
  const double y[30] = {0}, q[] = {0.025, 0.5, 0.975};
  for (int m = 0; m < 4; ++m) {
    double mean[2], quantile[6];
    harness h;
    harness_open(&h, models[m], 7, 1, (int64_t[]){30}, y);
    assert_int_equal(harness_reason(&h, 0), WSF__ZERO);
    harness_forecast(&h, 0, 2, q, 3, mean, quantile);
    for (int i = 0; i < 2; ++i) assert_true(mean[i] == 0);
    for (int i = 0; i < 6; ++i) assert_true(quantile[i] == 0);
    assert_true(harness_check(&h));
    harness_close(&h);
  }
}

static void quantiles_are_zero_or_a_size(void **state) {
  (void)state;
  const char *const models[] = {"croston", "croston(sba)", "tsb", "adida", "imapa"};
  const double q[] = {0.01, 0.3, 0.5, 0.8, 0.99};
  for (int m = 0; m < 5; ++m) {
    double mean[1], quantile[5];
    harness h;
    harness_open(&h, models[m], 7, 1, (int64_t[]){N}, sample);
    harness_forecast(&h, 0, 1, q, 5, mean, quantile);
    harness_close(&h);
    assert_true(quantile[0] == 0 && quantile[1] == 0 && quantile[4] == 7);
    assert_true(quantile[3] == 1 || quantile[3] == 2); /* a third of the periods sell */
  }
}

/* Sales in a third of the periods, geometric sizes: as many zeros and as many sales below the upper
 * quantile as they say. */
static void intervals_cover_as_they_say(void **state) {
  (void)state;
  const char *const models[] = {"croston", "tsb(beta=0.05)", "adida", "imapa"};
  const double q[] = {0.5, 0.9, 0.95};
  enum { SERIES = 400, LENGTH = 300 };
  for (int m = 0; m < 4; ++m) {
    double below[3] = {0}, at_most[3] = {0};
    for (int i = 0; i < SERIES; ++i) {
      double y[LENGTH + 1], mean[1], quantile[3];
      wsf__rng r;
      wsf__rng_init(&r, 11, (uint64_t)i);
      for (int t = 0; t <= LENGTH; ++t) {
        y[t] = 0;
        if (wsf__rng_uniform(&r) < 1.0 / 3) {
          for (y[t] = 1; wsf__rng_uniform(&r) < 0.75;) y[t] += 1;
        }
      }
      harness h;
      harness_open(&h, models[m], 1, 1, (int64_t[]){LENGTH}, y);
      harness_forecast(&h, 0, 1, q, 3, mean, quantile);
      harness_close(&h);
      for (int k = 0; k < 3; ++k) {
        below[k] += (y[LENGTH] < quantile[k]) / (double)SERIES;
        at_most[k] += (y[LENGTH] <= quantile[k]) / (double)SERIES;
      }
    }
    for (int k = 0; k < 3; ++k) {
      if (!(below[k] < q[k] + 0.03 && at_most[k] > q[k] - 0.03)) {
        fail_msg("%s at %g: %g to %g", models[m], q[k], below[k], at_most[k]);
      }
    }
  }
}

static void best_alpha_is_the_least_on_a_fine_grid(void **state) {
  (void)state;
  for (uint64_t i = 0; i < 200; ++i) {
    double x[40], least = INFINITY, at = 0, found = 0;
    wsf__rng r;
    wsf__rng_init(&r, 5, i);
    for (int t = 0; t < 40; ++t) x[t] = wsf__rng_normal(&r) + (i % 2 ? 0.1 * t : 0);
    const double alpha = wsf__smooth_alpha(x, 40, 0.1, 0.3);
    for (int k = 0; k <= 1001; ++k) {
      const double a = k <= 1000 ? 0.1 + 0.2 * k / 1000 : alpha;
      double level = x[0], squares = 0;
      for (int t = 1; t < 40; ++t) {
        squares += (x[t] - level) * (x[t] - level);
        level += a * (x[t] - level);
      }
      if (k > 1000)
        found = squares;
      else if (squares < least) {
        least = squares;
        at = a;
      }
    }
    if (!(found <= least * (1 + 1e-12)))
      fail_msg("%d: %g at %g, %g at %g", (int)i, found, alpha, least, at);
  }
}

static void an_update_keeps_the_alphas(void **state) {
  (void)state;
  double mean[1];
  harness h;
  harness_open(&h, "croston(optimised)", 7, 1, (int64_t[]){14}, sample);
  assert_int_equal(harness_update(&h, 0, sample + 14, N - 14), WSF_OK);
  harness_forecast(&h, 0, 1, NULL, 0, mean, NULL);
  assert_true(harness_check(&h));
  harness_close(&h);
  const double size[] = {1, 7, 1, 3, 2, 1, 4}, interval[] = {3, 3, 1, 3, 4, 3, 2};
  const double a = wsf__smooth_alpha(size, 5, 0.1, 0.3),
               b = wsf__smooth_alpha(interval, 5, 0.1, 0.3);
  near(mean[0], wsf__smooth(size, 7, a) / wsf__smooth(interval, 7, b), 1e-15);
}

/* The last 400 days of slow items of the M5 data. */
enum { DAYS = 400 };
static void m5_item(int row, double *y) {
  char path[4400];
  static char line[65536];
  static double all[4096];
  (void)snprintf(path, sizeof path, "%s/m5/items_sales_wide.csv", data_folder());
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  for (int i = 0; i < row + 2; ++i) assert_non_null(fgets(line, sizeof line, f));
  (void)fclose(f);
  int n = 0, column = 0;
  for (char *cell = strtok(line, ","); cell; cell = strtok(NULL, ",")) {
    if (column++ >= 5) all[n++] = strtod(cell, NULL);
  }
  assert_in_range(n, DAYS, 4096);
  memcpy(y, all + n - DAYS, DAYS * sizeof *y);
}

static void statsforecast_agrees(void **state) {
  (void)state;
  (void)skip_without_data();
  /* CrostonClassic, CrostonOptimized, CrostonSBA, TSB(0.1, 0.1), ADIDA, IMAPA */
  const char *const models[] = {"croston", "croston(optimised)", "croston(sba)", "tsb", "adida",
                                "imapa"};
  const struct {
    int row;
    double mean[6];
  } theirs[] = {
      {0,
       {0.862356011528, 0.862356011528, 0.819238210952, 0.0660189558554, 0.234965625433,
        0.135775225628}},
      {22,
       {0.295429051707, 0.295429051707, 0.280657599121, 0.419807458305, 0.451777641501,
        0.372232410769}},
      {44,
       {0.266581404972, 0.266581404972, 0.253252334723, 0.151640959508, 0.232637780731,
        0.224915924712}},
      {63,
       {2.00079150378, 2.21670562708, 1.90075192859, 2.02576382207, 2.01459497893, 2.01420141622}},
      {125,
       {1.74867612078, 1.74867612078, 1.66124231474, 1.8308280431, 1.78015709992, 1.95482687691}},
      {137,
       {0.471523983074, 0.471523983074, 0.447947783921, 0.331874293184, 0.393853885625,
        0.361319927224}},
      {165,
       {0.219483462815, 0.218122780909, 0.208509289675, 0.224978805984, 0.183025558044,
        0.187944242386}},
      {177,
       {0.186217997016, 0.186217997016, 0.176907097165, 0.244239135629, 0.191131910861,
        0.203739830321}},
      {189,
       {0.107242990458, 0.119168695766, 0.101880840935, 0.000861083697554, 0.0768569419202,
        0.058711097164}},
      {201,
       {0.321111371377, 0.466883711161, 0.305055802808, 0.519733063541, 0.43055617781,
        0.449350237986}},
      {253,
       {0.3943721822, 0.3943721822, 0.37465357309, 0.517666053868, 0.411786874548, 0.442926310697}},
      {271,
       {0.11628467572, 0.11628467572, 0.110470441934, 0.0522108036036, 0.105711384824,
        0.0962976332112}},
  };
  for (size_t i = 0; i < sizeof theirs / sizeof *theirs; ++i) {
    double y[DAYS];
    m5_item(theirs[i].row, y);
    for (int m = 0; m < 6; ++m) {
      const double mean = mean_of(models[m], y, DAYS), their = theirs[i].mean[m];
      if (!(fabs(mean - their) <= 1e-6 * their)) {
        fail_msg("%s on %d: %.12g, not %.12g", models[m], theirs[i].row, mean, their);
      }
    }
  }
}

int test_intermittent(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(croston_is_r_s),
      cmocka_unit_test(by_hand),
      cmocka_unit_test(blocks_are_fitted_one_step_ahead),
      cmocka_unit_test(missing_periods_are_skipped),
      cmocka_unit_test(nothing_sold_is_zero),
      cmocka_unit_test(quantiles_are_zero_or_a_size),
      cmocka_unit_test(intervals_cover_as_they_say),
      cmocka_unit_test(best_alpha_is_the_least_on_a_fine_grid),
      cmocka_unit_test(an_update_keeps_the_alphas),
      cmocka_unit_test(statsforecast_agrees),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
