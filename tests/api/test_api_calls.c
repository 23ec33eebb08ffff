/* The view `calls`: the model as calls and their options, for programs that ask what a forecaster
 * was told. */
#include "api_support.h"

typedef struct calls {
  wsf_context *ctx;
  wsf_dataset *ds;
  wsf_forecaster *f;
  wsf_table *t;
} calls;

static calls open_calls(const char *model) {
  calls c = {.ctx = new_context(NULL)};
  c.ds = sample(c.ctx);
  c.f = fitted(c.ctx, model, c.ds);
  CALL(wsf_forecaster_describe(&c.t, c.f, "calls", &err));
  return c;
}

static void close_calls(calls *c) {
  wsf_table_release(c->t);
  wsf_forecaster_release(c->f);
  wsf_dataset_release(c->ds);
  wsf_context_release(c->ctx);
}

static int64_t whole(const wsf_table *t, const char *column, int64_t row) {
  return wsf_table_i64(t, wsf_table_find(t, column))[row];
}

static const char *text(const wsf_table *t, const char *column, int64_t row) {
  return wsf_table_text(t, wsf_table_find(t, column), row, NULL);
}

/* The row of an item of an option; option NULL: of the call itself. */
static int64_t row_of(const wsf_table *t, int64_t call, const char *option, int64_t item) {
  for (int64_t r = 0; r < wsf_table_rows(t); ++r) {
    const char *at = text(t, "option", r);
    if (whole(t, "call", r) != call || whole(t, "item", r) != item) continue;
    if (option ? at && strcmp(at, option) == 0 : !at) return r;
  }
  fail_msg("call %d has no item %d of %s", (int)call, (int)item, option ? option : "nothing");
  return -1;
}

static void calls_stand_inside_each_other(void **state) {
  (void)state;
  calls c = open_calls("mean(naive, tslm(x=[promo, fourier(6, [2])]))");
  const int64_t mean = row_of(c.t, 1, NULL, 0), second = row_of(c.t, 1, "models", 2);
  assert_string_equal(text(c.t, "name", mean), "mean");
  assert_true(wsf_table_is_null(c.t, wsf_table_find(c.t, "inside"), mean));
  assert_int_equal(whole(c.t, "inner", second), 3);
  assert_null(text(c.t, "text", second));
  const int64_t tslm = row_of(c.t, 3, NULL, 0);
  assert_string_equal(text(c.t, "name", tslm), "tslm");
  assert_int_equal(whole(c.t, "inside", tslm), 1);
  assert_string_equal(text(c.t, "text", row_of(c.t, 3, "x", 1)), "promo");
  assert_true(wsf_table_is_null(c.t, wsf_table_find(c.t, "inner"), row_of(c.t, 3, "x", 1)));
  assert_int_equal(whole(c.t, "inner", row_of(c.t, 3, "x", 2)), 4);
  assert_true(numbers(c.t, "number")[row_of(c.t, 4, "K", 1)] == 2);
  close_calls(&c);
}

/* What was left out has the value that holds, and is not given. */
static void presets_are_told(void **state) {
  (void)state;
  calls c = open_calls("ets(model=\"AAN\", damped=true)");
  const int64_t model = row_of(c.t, 1, "model", 1), season = row_of(c.t, 1, "season", 1);
  assert_string_equal(text(c.t, "text", model), "AAN");
  assert_int_equal(whole(c.t, "given", model), 1);
  assert_string_equal(text(c.t, "text", row_of(c.t, 1, "damped", 1)), "true");
  assert_true(numbers(c.t, "number")[season] == 0);
  assert_int_equal(whole(c.t, "given", season), 0);
  close_calls(&c);
}

/* A word that names a column and a feature is what the data says. */
static void a_word_is_what_the_data_says(void **state) {
  (void)state;
  calls c = open_calls("tslm(x=[calendar])");
  assert_null(text(c.t, "text", row_of(c.t, 1, "x", 1)));
  assert_string_equal(text(c.t, "name", row_of(c.t, 2, NULL, 0)), "calendar");
  close_calls(&c);
}

int test_api_calls(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(calls_stand_inside_each_other),
      cmocka_unit_test(presets_are_told),
      cmocka_unit_test(a_word_is_what_the_data_says),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
