/* Fresh known-ahead covariates for predict: found by key, time and name in another dataset. */
#include "panels.h"

enum { PAST = 24, KNOWN = 4 };

/* Two series whose sales are 3 price + their number; price is known `ahead` months further. The
 * dataset begins `skip` months later and has its series in any order of first appearance. */
static wsf__panel *priced(wsf__env *env, int skip, int ahead, double future, bool swap) {
  static const char *const names[] = {"shop"}, *const labels[] = {"10", "9"};
  int32_t code[2 * (PAST + KNOWN)];
  int64_t time[2 * (PAST + KNOWN)];
  double y[2 * (PAST + KNOWN)], price[2 * (PAST + KNOWN)];
  const int32_t *codes[] = {code};
  const char *const *label[] = {labels};
  const int32_t n_labels[] = {2};
  const wsf__row_column column = {.name = "price", .kind = WSF__KNOWN, .value = price};
  wsf__rows rows = {.n_keys = 1,
                    .key_name = names,
                    .key_code = codes,
                    .key_label = label,
                    .n_labels = n_labels,
                    .time_name = "t",
                    .target_name = "y",
                    .time = time,
                    .time_form = WSF__FORM_INTEGER,
                    .target = y,
                    .n_columns = 1,
                    .column = &column};
  for (int s = 0; s < 2; ++s) {
    for (int t = skip; t < PAST + ahead; ++t) {
      const int64_t r = rows.n++;
      code[r] = swap ? 1 - s : s;
      time[r] = 100 + t;
      price[r] = t < PAST ? 1 + t * 7 % 5 : future + t - PAST;
      y[r] = t < PAST ? 3 * price[r] + code[r] : NAN;
    }
  }
  const wsf__panel_rules rules = {.freq = WSF__INTEGER, .own_end = 0};
  wsf__panel_counts counts;
  wsf_error err;
  wsf__panel *p = NULL;
  assert_ok(wsf__panel_build(&p, env, &rows, &rules, &counts, &err), &err);
  return p;
}

static void fresh_prices(void **state) {
  (void)state;
  wsf__env env;
  wsf_error err;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = priced(&env, 0, KNOWN, 2, false);
  wsf__panel *other = priced(&env, 6, KNOWN, 4, true), *ends = priced(&env, 0, 2, 4, false);
  assert_int_equal(p->T, PAST);
  assert_int_equal(p->ahead, KNOWN);
  wsf__fitted_panel *f;
  assert_ok(wsf__engine_fit(&f, &env, "tslm(trend=false, season=1, x=[price])", p, NULL, &err),
            &err);
  for (int fresh = 0; fresh < 2; ++fresh) {
    wsf_table *t;
    assert_ok(wsf__engine_predict(&t, &env, f, fresh ? other : NULL, "horizon=4", &err), &err);
    const int64_t *shop = i64_column(t, "shop");
    for (int r = 0; r < 8; ++r) {
      const double wanted = 3 * ((fresh ? 4 : 2) + r % 4) + (shop[r] == 9);
      assert_int_equal(i64_column(t, "t")[r], 100 + PAST + r % 4);
      if (fabs(f64_column(t, "forecast")[r] - wanted) > 1e-9) {
        fail_msg("row %d: %.17g, expected %g", r, f64_column(t, "forecast")[r], wanted);
      }
    }
    wsf_table_release(t);
  }
  wsf_table *none;
  assert_int_equal(wsf__engine_predict(&none, &env, f, ends, "horizon=4", &err), WSF_E_DATA);
  assert_string_equal(err.field, "price");
  assert_string_equal(err.message,
                      "column 'price' has no value for series 9 at 126, expected one for every "
                      "period of the forecast; a dataset for the forecast brings it, "
                      "fallback(.., snaive) needs none");
  assert_int_equal(err.series, 0);
  assert_int_equal(wsf__engine_predict(&none, &env, f, ends, "horizon=4, series=\"10\"", &err),
                   WSF_E_DATA);
  assert_int_equal(err.series, 1); /* as the forecaster counts */
  wsf_table *near;
  assert_ok(wsf__engine_predict(&near, &env, f, ends, "horizon=2", &err), &err);
  wsf_table_release(near);
  wsf__fitted_panel_release(f);
  wsf__panel_release(ends);
  wsf__panel_release(other);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

/* Of the fresh dataset only one series is left: the other keeps what the fit saw. */
static void fresh_for_some(void **state) {
  (void)state;
  wsf__env env;
  wsf_error err;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = priced(&env, 0, KNOWN, 2, false), *other = priced(&env, 6, KNOWN, 4, true), *one;
  wsf__fitted_panel *f;
  wsf_table *t;
  const uint8_t keep[] = {0, 1};
  assert_ok(wsf__panel_select(&one, NULL, other, keep, &err), &err);
  assert_ok(wsf__engine_fit(&f, &env, "tslm(trend=false, season=1, x=[price])", p, NULL, &err),
            &err);
  assert_ok(wsf__engine_predict(&t, &env, f, one, "horizon=4", &err), &err);
  for (int r = 0; r < 8; ++r) {
    const bool nine = i64_column(t, "shop")[r] == 9;
    const double wanted = 3 * ((nine ? 2 : 4) + r % 4) + nine;
    assert_true(fabs(f64_column(t, "forecast")[r] - wanted) < 1e-9);
  }
  wsf_table_release(t);
  wsf__fitted_panel_release(f);
  wsf__panel_release(one);
  wsf__panel_release(other);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

int test_covariates(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(fresh_prices),
                                     cmocka_unit_test(fresh_for_some)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
