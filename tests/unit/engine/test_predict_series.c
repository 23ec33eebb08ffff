/* `series=` among predict's options: the same bits as in the forecast of all, at the price of those
 * asked for. */
#include "panels.h"

typedef struct counter {
  size_t now, most;
} counter;

static void *counted(void *user, void *ptr, size_t old_size, size_t new_size) {
  counter *c = user;
  void *p = wsf__alloc_libc.resize(NULL, ptr, old_size, new_size);
  if (p || new_size == 0) c->now += new_size - old_size;
  if (c->now > c->most) c->most = c->now;
  return p;
}

static void same_bits(void **state) {
  (void)state;
  wsf__env env;
  wsf_error err;
  wsf__fitted_panel *f;
  wsf_table *all, *some;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  const char *model = "mean(snaive, rebase(theta, by=item), lowrank(naive, rank=2))";
  assert_ok(wsf__engine_fit(&f, &env, model, p, NULL, &err), &err);
  assert_ok(wsf__engine_predict(&all, &env, f, NULL, "horizon=5, levels=[80]", &err), &err);
  assert_ok(wsf__engine_predict(&some, &env, f, NULL,
                                "horizon=5, levels=[80], series=[\"9,plum\", \"1/corn\", "
                                "\"4, dill\"]",
                                &err),
            &err);
  const int64_t row[] = {(8 * ITEMS + 15) * 5, 2 * 5, (3 * ITEMS + 3) * 5};
  static const char *const columns[] = {"forecast", "lo-80", "hi-80"};
  assert_int_equal(wsf_table_rows(some), 15);
  for (int64_t r = 0; r < 15; ++r) {
    const int64_t at = row[r / 5] + r % 5;
    assert_int_equal(i64_column(some, "store")[r], i64_column(all, "store")[at]);
    assert_string_equal(text_cell(some, "item", r), text_cell(all, "item", at));
    assert_int_equal(i64_column(some, "month")[r], i64_column(all, "month")[at]);
    for (int c = 0; c < 3; ++c) {
      assert_memory_equal(&f64_column(some, columns[c])[r], &f64_column(all, columns[c])[at],
                          sizeof(double));
    }
  }
  wsf_table_release(some);
  wsf_table_release(all);
  static const char *const wrong[] = {"10,plum", "1", "1,ale,2", "1;ale", "1,al", ""};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
    char options[64];
    (void)snprintf(options, sizeof options, "horizon=1, series=[\"%s\"]", wrong[i]);
    assert_int_equal(wsf__engine_predict(&some, &env, f, NULL, options, &err), WSF_E_VALUE);
    assert_string_equal(err.field, "series");
  }
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

static void costs_one_series(void **state) {
  (void)state;
  counter c = {0, 0};
  const wsf__alloc alloc = {counted, &c};
  wsf__env env;
  wsf_error err;
  wsf__fitted_panel *f;
  wsf_table *t;
  assert_true(wsf__env_init(&env, &alloc));
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  assert_ok(wsf__engine_fit(&f, &env, "naive", p, NULL, &err), &err);
  size_t most[2];
  for (int one = 0; one < 2; ++one) {
    const size_t before = c.most = c.now;
    assert_ok(wsf__engine_predict(&t, &env, f, NULL,
                                  one ? "horizon=5000, levels=[80], series=\"3,jam\""
                                      : "horizon=5000, levels=[80]",
                                  &err),
              &err);
    most[one] = c.most - before;
    wsf_table_release(t);
  }
  assert_true(most[1] * STORES * ITEMS < 2 * most[0]);
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

int test_predict_series(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(same_bits),
                                     cmocka_unit_test(costs_one_series)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
