/* Reconciled forecasts against the closed forms, computed here with matrices as the papers write
 * them: G = (S' W^-1 S)^-1 S' W^-1 (Wickramasuriya, Athanasopoulos and Hyndman 2019, eq. 6), W by
 * the formulas of the package hts. */
#include "harness.h"

#include "math/rng.h"
#include "reconcile/project.h"

/* Two stores with two departments each, in total, by store and, if crossed, by department. */
enum { N = 9, NESTED = 7, BELOW = 4, T = 40, H = 3 };
static const int32_t store_code[N] = {-1, 0, 1, 0, 0, 1, 1, -1, -1};
static const int32_t dept_code[N] = {-1, -1, -1, 0, 1, 0, 1, 0, 1};
static const char *const store_label[] = {"1", "2"};
static const char *const dept_label[] = {"a", "b"};
static const int32_t members[] = {3, 4, 5, 6, 3, 4, 5, 6, 3, 5, 4, 6};
static const int64_t nested_start[] = {0, 4, 6, 8, 8, 8, 8, 8};
static const int64_t crossed_start[] = {0, 4, 6, 8, 8, 8, 8, 8, 10, 12};
static const double S[N][BELOW] = {{1, 1, 1, 1}, {1, 1, 0, 0}, {0, 0, 1, 1},
                                   {1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0},
                                   {0, 0, 0, 1}, {1, 0, 1, 0}, {0, 1, 0, 1}};

static double history[N * T];

static int make_history(void **state) {
  (void)state;
  wsf__rng r;
  wsf__rng_init(&r, 5, 1);
  double level[BELOW] = {40, 9, 70, 20};
  for (int t = 0; t < T; ++t) {
    const double shared = wsf__rng_normal(&r);
    for (int i = 0; i < N; ++i) history[i * T + t] = 0;
    for (int j = 0; j < BELOW; ++j) {
      level[j] += 0.4 * wsf__rng_normal(&r) + (j == 2 ? 2 : 0.5) * shared;
      const double y = level[j] + (1 + j) * wsf__rng_normal(&r);
      for (int i = 0; i < N; ++i) history[i * T + t] += S[i][j] * y;
    }
  }
  return 0;
}

typedef struct answers {
  double mean[N * H], quantile[N * H * 2];
  double error[N * T]; /* of the call inside */
} answers;

static const double bounds[] = {0.1, 0.9};

static wsf_status begin(harness *h, const char *model, int n) {
  static const int64_t length[N] = {T, T, T, T, T, T, T, T, T};
  static wsf__key key[2];
  const wsf_status status = harness_begin(h, model, 4, n, length, history);
  key[0] = (wsf__key){.name = "Store", .n_labels = 2, .label = store_label, .code = store_code};
  key[1] = (wsf__key){.name = "Dept", .n_labels = 2, .label = dept_label, .code = dept_code};
  h->panel.key = key;
  h->panel.n_keys = 2;
  h->panel.members = (wsf__members){n == N ? crossed_start : nested_start, members};
  return status;
}

static void predict_all(harness *h, wsf__forecast *out) {
  wsf__predict p = {.frame = &h->panel,
                    .env = &h->env,
                    .scratch = &h->scratch,
                    .err = &h->err,
                    .predict_inner = wsf__tree_predict,
                    .reason = wsf__tree_reason};
  const wsf__batch all = {h->panel.n, h->series};
  const wsf_status status = wsf__tree_predict(&p, h->fitted, &all, out);
  if (status != WSF_OK) fail_msg("predict: %s", h->err.message);
}

static void ask(answers *a, const char *model, int n) {
  harness h;
  wsf__forecast out[N];
  if (begin(&h, model, n) != WSF_OK) fail_msg("%s: %s", model, h.err.message);
  h.fitted_values = true;
  if (harness_fit(&h) != WSF_OK) fail_msg("%s: %s", model, h.err.message);
  assert_true(harness_check(&h));
  for (int i = 0; i < n; ++i) {
    out[i] = (wsf__forecast){.h = H,
                             .mean = a->mean + i * H,
                             .n_q = 2,
                             .q = bounds,
                             .quantile = a->quantile + 2 * i * H};
    for (int t = 0; t < T; ++t)
      a->error[i * T + t] = history[i * T + t] - h.fitted->history[i].v[t];
  }
  predict_all(&h, out);
  harness_close(&h);
}

/* x of a x = b, both destroyed. */
static void solve(int n, double *a, double *b) {
  for (int k = 0; k < n; ++k) {
    int pivot = k;
    for (int i = k + 1; i < n; ++i) {
      if (fabs(a[i * n + k]) > fabs(a[pivot * n + k])) pivot = i;
    }
    for (int j = 0; j < n; ++j) {
      const double x = a[k * n + j];
      a[k * n + j] = a[pivot * n + j];
      a[pivot * n + j] = x;
    }
    const double y = b[k];
    b[k] = b[pivot];
    b[pivot] = y;
    for (int i = k + 1; i < n; ++i) {
      const double ratio = a[i * n + k] / a[k * n + k];
      for (int j = k; j < n; ++j) a[i * n + j] -= ratio * a[k * n + j];
      b[i] -= ratio * b[k];
    }
  }
  for (int k = n - 1; k >= 0; --k) {
    for (int j = k + 1; j < n; ++j) b[k] -= a[k * n + j] * b[j];
    b[k] /= a[k * n + k];
  }
}

/* The series below nearest to y in the metric of W; those with held[j] are zero. */
static void nearest(double *below, int n, const double *W, const double *y, const bool *held) {
  double left[BELOW * N], a[BELOW * BELOW], b[BELOW]; /* rows of S' W^-1 */
  int free[BELOW], n_free = 0;
  for (int j = 0; j < BELOW; ++j) {
    double copy[N * N], column[N];
    memcpy(copy, W, (size_t)(n * n) * sizeof *copy);
    for (int i = 0; i < n; ++i) column[i] = S[i][j];
    solve(n, copy, column);
    for (int i = 0; i < n; ++i) left[j * n + i] = column[i];
    if (!held || !held[j]) free[n_free++] = j;
  }
  for (int j = 0; j < n_free; ++j) {
    b[j] = 0;
    for (int i = 0; i < n; ++i) b[j] += left[free[j] * n + i] * y[i];
    for (int k = 0; k < n_free; ++k) {
      a[j * n_free + k] = 0;
      for (int i = 0; i < n; ++i) a[j * n_free + k] += left[free[j] * n + i] * S[i][free[k]];
    }
  }
  solve(n_free, a, b);
  for (int j = 0; j < BELOW; ++j) below[j] = 0;
  for (int j = 0; j < n_free; ++j) below[free[j]] = b[j];
}

/* The covariance of the errors in the newest `window` periods, shrunk if asked for. */
static void covariance(double *W, int n, const answers *base, int window, bool whole) {
  double C[N * N], x[N * T], v = 0, d = 0;
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      C[i * n + j] = 0;
      for (int t = T - window; t < T; ++t) {
        C[i * n + j] += base->error[i * T + t] * base->error[j * T + t] / window;
      }
    }
  }
  for (int i = 0; i < n; ++i) {
    for (int t = 0; t < T; ++t) x[i * T + t] = base->error[i * T + t] / sqrt(C[i * n + i]);
  }
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      if (i == j) continue;
      double first = 0, second = 0;
      for (int t = T - window; t < T; ++t) {
        const double product = x[i * T + t] * x[j * T + t];
        first += product;
        second += product * product;
      }
      v += (second - first * first / window) / (window * (window - 1.0));
      d += first / window * (first / window);
    }
  }
  const double lambda = whole ? fmin(v / d, 1) : 1;
  for (int i = 0; i < n * n; ++i) W[i] = i % (n + 1) == 0 ? C[i] : (1 - lambda) * C[i];
}

static void weights(double *W, int n, const char *method, const answers *base, int window) {
  if (strcmp(method, "wls_var") == 0 || strcmp(method, "mint") == 0) {
    covariance(W, n, base, window, strcmp(method, "mint") == 0);
    return;
  }
  for (int i = 0; i < n * n; ++i) W[i] = 0;
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < BELOW; ++j) W[i * n + i] += S[i][j];
    if (strcmp(method, "ols") == 0) W[i * n + i] = 1;
  }
}

static double sum_of(const double *below, int i) {
  double sum = 0;
  for (int j = 0; j < BELOW; ++j) sum += S[i][j] * below[j];
  return sum;
}

static void near(double found, double expected, const char *what) {
  if (!(fabs(found - expected) <= 1e-9 * (1 + fabs(expected)))) {
    fail_msg("%s: %.12g, expected %.12g", what, found, expected);
  }
}

static void nearest_forecasts_have_the_closed_form(void **state) {
  (void)state;
  static const char *const methods[] = {"ols", "wls_struct", "wls_var", "mint"};
  static const int windows[] = {30, 16, 4, 2}; /* more and fewer periods than the 5 or 3 sums */
  for (int m = 0; m < 4 * 4 * 2; ++m) {
    const int n = m % 2 ? N : NESTED, window = windows[m / 2 % 4];
    const char *method = methods[m / 8];
    char text[96];
    answers base, got;
    double W[N * N];
    ask(&base, "drift", n);
    (void)snprintf(text, sizeof text, "reconcile(drift, %s, window=%d)", method, window);
    ask(&got, text, n);
    weights(W, n, method, &base, window);
    for (int h = 0; h < H; ++h) {
      double y[N], below[BELOW];
      for (int i = 0; i < n; ++i) y[i] = base.mean[i * H + h];
      nearest(below, n, W, y, NULL);
      for (int i = 0; i < n; ++i) near(got.mean[i * H + h], sum_of(below, i), text);
    }
  }
}

/* With errors of one size at every step the quantiles are those of S G W G' S'. */
static void intervals_are_those_of_the_reconciled_covariance(void **state) {
  (void)state;
  answers base, got;
  double W[N * N], G[BELOW][N], C[N * N];
  ask(&base, "window(3)", N);
  ask(&got, "reconcile(window(3), wls_var, window=30)", N);
  covariance(W, N, &base, 30, false);
  for (int i = 0; i < N; ++i) {
    double unit[N] = {0}, below[BELOW];
    unit[i] = 1;
    nearest(below, N, W, unit, NULL);
    for (int j = 0; j < BELOW; ++j) G[j][i] = below[j];
  }
  for (int i = 0; i < N; ++i) {
    for (int j = 0; j < N; ++j) {
      C[i * N + j] = 0;
      for (int t = T - 30; t < T; ++t) {
        C[i * N + j] += base.error[i * T + t] * base.error[j * T + t] / 30;
      }
    }
  }
  for (int i = 0; i < N; ++i) {
    double row[N] = {0}, variance = 0;
    for (int k = 0; k < N; ++k) {
      for (int j = 0; j < BELOW; ++j) row[k] += S[i][j] * G[j][k];
    }
    for (int k = 0; k < N; ++k) {
      for (int l = 0; l < N; ++l) variance += row[k] * C[k * N + l] * row[l];
    }
    const double stretch = sqrt(variance / C[i * N + i]);
    for (int h = 0; h < H; ++h) {
      for (int q = 0; q < 2; ++q) {
        const int at = (2 * i + q) * H + h;
        near(got.quantile[at] - got.mean[i * H + h],
             stretch * (base.quantile[at] - base.mean[i * H + h]), "a quantile");
      }
    }
  }
}

static void from_the_bottom_up(void **state) {
  (void)state;
  answers base, got;
  ask(&base, "drift", N);
  ask(&got, "reconcile(drift, bottom_up)", N);
  for (int i = 0; i < N; ++i) {
    for (int h = 0; h < H; ++h) {
      double below[BELOW];
      for (int j = 0; j < BELOW; ++j) below[j] = base.mean[(3 + j) * H + h];
      near(got.mean[i * H + h], sum_of(below, i), "bottom up");
    }
  }
  /* what is not moved keeps its quantiles */
  for (int k = 0; k < 2 * H; ++k) near(got.quantile[6 * H + k], base.quantile[6 * H + k], "same");
}

static void from_a_level_down(void **state) {
  (void)state;
  static const char *const text[] = {
      "reconcile(drift, top_down)",
      "reconcile(drift, top_down, proportions=average_proportions)",
      "reconcile(drift, top_down, proportions=proportion_averages)",
      "reconcile(drift, middle_out, level=[Store])",
      "reconcile(drift, middle_out, level=Store, proportions=average_proportions)",
  };
  for (int m = 0; m < 5; ++m) {
    answers base, got;
    ask(&base, "drift", NESTED);
    ask(&got, text[m], NESTED);
    for (int h = 0; h < H; ++h) {
      const double *f = base.mean + h;
      double below[BELOW];
      for (int j = 0; j < BELOW; ++j) {
        const int root = m < 3 ? 0 : 1 + j / 2, store = 1 + j / 2;
        double ratio = 0, own = 0, whole = 0;
        for (int t = 0; t < T; ++t) {
          own += history[(3 + j) * T + t];
          whole += history[root * T + t];
          ratio += history[(3 + j) * T + t] / history[root * T + t] / T;
        }
        const double within = f[(3 + j) * H] / (f[(3 + j / 2 * 2) * H] + f[(4 + j / 2 * 2) * H]);
        below[j] = m == 0   ? f[0] * f[store * H] / (f[H] + f[2 * H]) * within
                   : m == 2 ? f[0] * own / whole
                   : m == 3 ? f[store * H] * within
                            : f[root * H] * ratio;
      }
      for (int i = 0; i < NESTED; ++i) near(got.mean[i * H + h], sum_of(below, i), text[m]);
    }
  }
}

static void sums_agree_to_the_bit(void **state) {
  (void)state;
  static const char *const methods[] = {"mint", "wls_var", "ols", "bottom_up",
                                        "mint, nonnegative=true"};
  for (int m = 0; m < 5; ++m) {
    char text[96];
    answers got;
    (void)snprintf(text, sizeof text, "reconcile(drift, %s)", methods[m]);
    ask(&got, text, N);
    for (int i = 0; i < N; ++i) {
      for (int h = 0; h < H; ++h) {
        double below[BELOW];
        for (int j = 0; j < BELOW; ++j) below[j] = got.mean[(3 + j) * H + h];
        assert_true(got.mean[i * H + h] == sum_of(below, i));
      }
    }
  }
}

/* By trying every set of series that may be held at zero. */
static void nonnegative_forecasts_are_the_nearest(void **state) {
  (void)state;
  enum { COLUMNS = WSF__COLUMNS };
  wsf__rng r;
  wsf__rng_init(&r, 6, 1);
  int held_any = 0;
  static const bool all[N] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
  for (int trial = 0; trial < 40; ++trial) {
    double W[N * N] = {0}, noise[N], y[N * COLUMNS], before[N * COLUMNS];
    harness h;
    wsf__structure s;
    int64_t when[N] = {0};
    assert_int_equal(begin(&h, "drift", N), WSF_OK);
    assert_true(wsf__structure_make(&s, &h.arena, &h.panel, when));
    assert_int_equal(s.n_sums, N - BELOW);
    for (int i = 0; i < N; ++i) W[i * N + i] = noise[i] = 0.1 + 5 * wsf__rng_uniform(&r);
    for (int c = 0; c < COLUMNS; ++c) {
      double below[BELOW];
      for (int j = 0; j < BELOW; ++j) below[j] = 2 + 4 * wsf__rng_normal(&r);
      for (int i = 0; i < N; ++i) y[i * COLUMNS + c] = sum_of(below, i);
    }
    memcpy(before, y, sizeof y);
    wsf__projection p = {.s = &s, .noise = noise};
    assert_true(wsf__projection_begin(&p, &h.arena) && wsf__projection_end(&p, &h.arena));
    assert_true(wsf__project_nonnegative(&p, all, y, &h.scratch));
    for (int c = 0; c < COLUMNS; ++c) {
      double least = INFINITY, best[BELOW] = {0}, column[N];
      for (int i = 0; i < N; ++i) column[i] = before[i * COLUMNS + c];
      for (int set = 0; set < 16; ++set) {
        double below[BELOW], distance = 0;
        bool held[BELOW], valid = true;
        for (int j = 0; j < BELOW; ++j) held[j] = set >> j & 1;
        nearest(below, N, W, column, held);
        for (int j = 0; j < BELOW; ++j) valid = valid && below[j] >= 0;
        for (int i = 0; i < N; ++i) {
          const double d = column[i] - sum_of(below, i);
          distance += d * d / noise[i];
        }
        if (valid && distance < least) {
          least = distance;
          memcpy(best, below, sizeof best);
        }
      }
      for (int i = 0; i < N; ++i) near(y[i * COLUMNS + c], sum_of(best, i), "nonnegative");
      for (int j = 0; j < BELOW; ++j) held_any += best[j] == 0;
    }
    harness_close(&h);
  }
  assert_true(held_any > 100);
}

static void paths_add_up_and_agree_with_the_quantiles(void **state) {
  (void)state;
  enum { PATHS = 400 };
  static const char *const methods[] = {"mint", "ols", "bottom_up"};
  static double path[N * PATHS * H];
  for (int m = 0; m < 3; ++m) {
    char text[64];
    harness h;
    wsf__forecast out[N];
    answers got;
    (void)snprintf(text, sizeof text, "reconcile(naive, %s)", methods[m]);
    assert_int_equal(begin(&h, text, N), WSF_OK);
    assert_int_equal(harness_fit(&h), WSF_OK);
    for (int i = 0; i < N; ++i) {
      out[i] = (wsf__forecast){.h = H,
                               .mean = got.mean + i * H,
                               .n_q = 2,
                               .q = bounds,
                               .quantile = got.quantile + 2 * i * H,
                               .n_paths = PATHS,
                               .path = path + i * PATHS * H};
    }
    predict_all(&h, out);
    for (int i = 0; i < N; ++i) {
      for (int k = 0; k < PATHS * H; ++k) {
        double below[BELOW];
        for (int j = 0; j < BELOW; ++j) below[j] = path[(3 + j) * PATHS * H + k];
        assert_true(path[i * PATHS * H + k] == sum_of(below, i));
      }
      for (int t = 0; t < H; ++t) {
        int under = 0;
        for (int k = 0; k < PATHS; ++k) {
          under += path[(i * PATHS + k) * H + t] < got.quantile[2 * i * H + t];
        }
        /* exact for the series below; sums of errors that happened together, for sums */
        const double share = under / (double)PATHS;
        if (fabs(share - 0.1) > (i >= 3 && i < 7 ? 0.003 : 0.05)) {
          fail_msg("%s, series %d: %g of paths below the quantile 0.1", text, i, share);
        }
      }
    }
    harness_close(&h);
  }
}

/* A forecast that was missing, a sum whose members are not all there: nothing to agree with. */
static void what_is_not_whole_stays_as_it_is(void **state) {
  (void)state;
  answers base, got;
  harness h;
  wsf__forecast out[N];
  static const int64_t no_total[] = {0, 0, 2, 4, 4, 4, 4, 4};
  ask(&base, "drift", NESTED);
  assert_int_equal(begin(&h, "reconcile(drift)", NESTED), WSF_OK);
  h.panel.members = (wsf__members){no_total, members + 4};
  assert_int_equal(harness_fit(&h), WSF_OK);
  assert_int_equal(harness_reason(&h, 0), WSF__NO_EFFECT);
  assert_int_equal(harness_reason(&h, 1), WSF__OK);
  for (int i = 0; i < NESTED; ++i) out[i] = (wsf__forecast){.h = H, .mean = got.mean + i * H};
  predict_all(&h, out);
  for (int t = 0; t < H; ++t) {
    assert_true(got.mean[t] == base.mean[t]);
    assert_true(got.mean[H + t] == got.mean[3 * H + t] + got.mean[4 * H + t]);
  }
  harness_close(&h);
}

static void wrong_levels_are_told(void **state) {
  (void)state;
  static const struct {
    const char *model;
    wsf_status status;
    const char *field;
  } wrong[] = {
      {"reconcile(drift, middle_out)", WSF_E_VALUE, "level"},
      {"reconcile(drift, middle_out, level=[Shop])", WSF_E_NAME, "level"},
      {"reconcile(drift, ols, level=[Store])", WSF_E_VALUE, "level"},
      {"reconcile(drift, middle_out, level=[Store,Dept])", WSF_E_DATA, "level"},
      {"reconcile(drift, top_down)", WSF_E_VALUE, "proportions"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
    harness h;
    assert_int_equal(begin(&h, wrong[i].model, N), WSF_OK);
    assert_int_equal(harness_fit(&h), wrong[i].status);
    assert_string_equal(h.err.field, wrong[i].field);
    harness_close(&h);
  }
}

int test_reconcile(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nearest_forecasts_have_the_closed_form),
      cmocka_unit_test(intervals_are_those_of_the_reconciled_covariance),
      cmocka_unit_test(from_the_bottom_up),
      cmocka_unit_test(from_a_level_down),
      cmocka_unit_test(sums_agree_to_the_bit),
      cmocka_unit_test(nonnegative_forecasts_are_the_nearest),
      cmocka_unit_test(paths_add_up_and_agree_with_the_quantiles),
      cmocka_unit_test(what_is_not_whole_stays_as_it_is),
      cmocka_unit_test(wrong_levels_are_told),
  };
  return cmocka_run_group_tests(tests, make_history, NULL);
}
