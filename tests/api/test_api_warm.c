/* wsf_fit with warm=: a fit that goes on from the networks of a saved forecaster. */
#include "api_support.h"

enum { H = 13 };
static const char data[] = "simulate(stores=3, depts=4) | until(\"2012-03-02\")",
                  more[] = "simulate(stores=3, depts=4) | until(\"2012-05-04\")",
                  whole[] = "simulate(stores=3, depts=4)";

static wsf_dataset *open_data(wsf_context *ctx, const char *text) {
  wsf_dataset *ds;
  CALL(wsf_dataset_open(&ds, ctx, text, &err));
  return ds;
}

/* The image of a forecaster, as a source of the context. */
static void keep_as(wsf_context *ctx, const wsf_forecaster *f, const char *name) {
  static unsigned char image[1 << 20];
  size_t size;
  CALL(wsf_forecaster_write(f, image, sizeof image, &size, &err));
  assert_in_range(size, 1, sizeof image);
  CALL(wsf_context_add_bytes(ctx, name, image, size, NULL, NULL, &err));
}

/* WAPE of the periods after `more`. */
static double error_of(wsf_context *ctx, const char *model_text, const char *options) {
  wsf_model *model = new_model(ctx, model_text);
  wsf_dataset *ds = open_data(ctx, more), *actual = open_data(ctx, whole);
  wsf_forecaster *f;
  wsf_table *said, *scores;
  CALL(wsf_fit(&f, model, ds, options, &err));
  CALL(wsf_predict(&said, f, NULL, "horizon=13", &err));
  CALL(wsf_evaluate(&scores, said, ds, actual, "metrics=wape", &err));
  const double wape = numbers(scores, "value")[0];
  wsf_table_release(scores);
  wsf_table_release(said);
  wsf_forecaster_release(f);
  wsf_dataset_release(actual);
  wsf_dataset_release(ds);
  wsf_model_release(model);
  return wape;
}

static void a_warm_fit_is_as_good_in_a_tenth_of_the_epochs(void **state) {
  (void)state;
  static const char *const models[][2] = {
      {"lstm(hidden=16)", "lstm(hidden=16, epochs=4)"},
      {"mean(snaive, esrnn(hidden=8))", "mean(snaive, esrnn(hidden=8, epochs=4))"}};
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = open_data(ctx, data);
  for (int k = 0; k < 2; ++k) {
    wsf_model *model = new_model(ctx, models[k][0]);
    wsf_forecaster *f;
    CALL(wsf_fit(&f, model, ds, "horizon=13", &err));
    keep_as(ctx, f, "old.wsf");
    const double full = error_of(ctx, models[k][0], "horizon=13");
    const double cold = error_of(ctx, models[k][1], "horizon=13");
    const double warm = error_of(ctx, models[k][1], "horizon=13, warm=\"old.wsf\"");
    if (!(warm < cold && warm < 1.03 * full)) {
      fail_msg("%s: 40 epochs %g, 4 cold %g, 4 warm %g", models[k][0], full, cold, warm);
    }
    wsf_forecaster_release(f);
    wsf_model_release(model);
  }
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

static void what_cannot_go_on_is_told(void **state) {
  (void)state;
  static const struct {
    const char *model, *said;
  } all[] = {
      {"lstm(hidden=5, epochs=1)", "another hidden"},
      {"lstm(hidden=4, epochs=1, cell=gru)", "another cell"},
      {"lstm(hidden=4, epochs=1, loss=mae)", "another loss"},
      {"lstm(hidden=4, epochs=1, layers=2)", "another layers"},
      {"lstm(hidden=4, epochs=1, x=calendar(month))", "another x"},
      {"mean(lstm(hidden=4, epochs=1), lstm(hidden=4, epochs=1, seed=2))", "no call of lstm"},
      {"esrnn(hidden=4, epochs=1)", "no call of esrnn"},
      {"snaive", "expected lstm or esrnn"},
  };
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = open_data(ctx, data);
  wsf_model *model = new_model(ctx, "lstm(hidden=4, epochs=1)");
  wsf_forecaster *f, *again;
  CALL(wsf_fit(&f, model, ds, "horizon=13", &err));
  keep_as(ctx, f, "old.wsf");
  for (size_t k = 0; k < sizeof all / sizeof *all; ++k) {
    wsf_model *other = new_model(ctx, all[k].model);
    wsf_error err;
    assert_int_equal(wsf_fit(&again, other, ds, "warm=\"old.wsf\"", &err), WSF_E_VALUE);
    if (!strstr(err.message, all[k].said)) fail_msg("%s: %s", all[k].model, err.message);
    wsf_model_release(other);
  }
  CALL(wsf_context_add_bytes(ctx, "none.wsf", "nothing", 7, NULL, NULL, &err));
  FAILS(WSF_E_FORMAT, wsf_fit(&again, model, ds, "warm=\"none.wsf\"", err));
  wsf_model_release(model);
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* Every number of every network, the same from a file. */
static void weights_are_a_table(void **state) {
  (void)state;
  enum { HIDDEN = 4, IN = 3, AHEAD = 9, LEVELS = 7, LABELS = 2 * 2 + 3 * 2 };
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = open_data(ctx, "simulate(stores=2, depts=3, weeks=120)");
  wsf_model *model = new_model(ctx, "mean(snaive, lstm(hidden=4, epochs=1))");
  wsf_forecaster *f, *again;
  wsf_table *t[2];
  CALL(wsf_fit(&f, model, ds, "horizon=4", &err));
  keep_as(ctx, f, "net.wsf");
  CALL(wsf_forecaster_load(&again, ctx, "net.wsf", &err));
  CALL(wsf_forecaster_describe(&t[0], f, "weights", &err));
  CALL(wsf_forecaster_describe(&t[1], again, "weights", &err));
  assert_int_equal(wsf_table_rows(t[0]), (IN + HIDDEN + 1) * 4 * HIDDEN + LABELS +
                                             (HIDDEN + 4 + 1) * HIDDEN + AHEAD * HIDDEN +
                                             (HIDDEN + 1) * LEVELS);
  assert_int_equal(wsf_table_rows(t[1]), wsf_table_rows(t[0]));
  assert_memory_equal(numbers(t[0], "value"), numbers(t[1], "value"),
                      (size_t)wsf_table_rows(t[0]) * sizeof(double));
  const char *layer = wsf_table_text(t[0], wsf_table_find(t[0], "layer"), 0, NULL);
  assert_string_equal(layer, "cells1");
  for (int k = 0; k < 2; ++k) wsf_table_release(t[k]);
  wsf_forecaster_release(again);
  wsf_forecaster_release(f);
  wsf_model_release(model);
  wsf_model *plain = new_model(ctx, "snaive");
  CALL(wsf_fit(&f, plain, ds, NULL, &err));
  CALL(wsf_forecaster_describe(&t[0], f, "weights", &err));
  assert_int_equal(wsf_table_rows(t[0]), 0);
  wsf_table_release(t[0]);
  wsf_forecaster_release(f);
  wsf_model_release(plain);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

int test_api_warm(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_warm_fit_is_as_good_in_a_tenth_of_the_epochs),
      cmocka_unit_test(what_cannot_go_on_is_told),
      cmocka_unit_test(weights_are_a_table),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
