/* wsf/model.h. */
#include "api_support.h"

static void test_parse(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  static const char *const pairs[][2] = {
      {"ets", "ets"},
      {" mean( ets , snaive ) ", "mean(ets,snaive)"},
      {"ets | stl(52)", "stl(ets,season=52)"},
      {"stl(52, ets)", "stl(ets,season=52)"},
  };
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; ++i) {
    wsf_model *m = new_model(ctx, pairs[i][0]);
    assert_string_equal(wsf_model_text(m), pairs[i][1]);
    wsf_model *again = new_model(ctx, wsf_model_text(m));
    assert_string_equal(wsf_model_text(again), pairs[i][1]);
    wsf_model_release(again);
    assert_ptr_equal(wsf_model_retain(m), m);
    wsf_model_release(m);
    wsf_model_release(m);
  }
  wsf_model *m = (wsf_model *)&m;
  FAILS(WSF_E_ARGUMENT, wsf_model_parse(NULL, ctx, "ets", err));
  FAILS(WSF_E_ARGUMENT, wsf_model_parse(&m, NULL, "ets", err));
  assert_null(m);
  FAILS(WSF_E_ARGUMENT, wsf_model_parse(&m, ctx, NULL, err));
  FAILS(WSF_E_SYNTAX, wsf_model_parse(&m, ctx, "", err));
  FAILS(WSF_E_SYNTAX, wsf_model_parse(&m, ctx, "mean(ets", err));
  FAILS(WSF_E_NAME, wsf_model_parse(&m, ctx, "etz", err));
  FAILS(WSF_E_NAME, wsf_model_parse(&m, ctx, "simulate", err));
  FAILS(WSF_E_VALUE, wsf_model_parse(&m, ctx, "mean()", err));
  assert_null(m);
  wsf_error err;
  assert_int_equal(wsf_model_parse(&m, ctx, "mean(ets, snave)", &err), WSF_E_NAME);
  assert_int_equal(err.byte, 10);
  assert_string_equal(err.message, "no model is named 'snave'; did you mean 'snaive'?");
  assert_null(wsf_model_text(NULL));
  assert_null(wsf_model_retain(NULL));
  wsf_model_release(NULL);
  wsf_context_release(ctx);
}

/* Every example of the catalogue parses, and every name has its own page. */
static void test_catalog(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_table *names = NULL;
  CALL(wsf_catalog(&names, ctx, NULL, &err));
  static const char *const columns[] = {"family", "group", "name",   "summary", "example",
                                        "source", "since", "update", "pools"};
  assert_int_equal(wsf_table_columns(names), 9);
  for (int i = 0; i < 9; ++i) assert_string_equal(wsf_table_name(names, i), columns[i]);
  const int64_t rows = wsf_table_rows(names);
  assert_true(rows >= 10);
  for (int64_t r = 0; r < rows; ++r) {
    const char *family = wsf_table_text(names, 0, r, NULL);
    const char *name = wsf_table_text(names, 2, r, NULL);
    const char *example = wsf_table_text(names, 4, r, NULL);
    for (int i = 0; i < 7; ++i) assert_false(wsf_table_is_null(names, i, r));
    assert_true(wsf_table_text(names, 3, r, NULL)[0] != '\0');
    for (int64_t other = 0; other < r; ++other) { /* a page belongs to one name */
      assert_string_not_equal(wsf_table_text(names, 2, other, NULL), name);
    }
    const bool is_model = strcmp(family, "model") == 0;
    for (int i = 7; i < 9; ++i) assert_int_equal(wsf_table_is_null(names, i, r), !is_model);
    if (is_model) {
      const char *update = wsf_table_text(names, 7, r, NULL);
      const char *pools = wsf_table_text(names, 8, r, NULL);
      if (strcmp(name, "tslm") == 0) assert_string_equal(update, "yes");
      if (strcmp(name, "adida") == 0) assert_string_equal(update, "no");
      if (strcmp(name, "lowrank") == 0) assert_string_equal(pools, "yes");
      if (strcmp(name, "naive") == 0) assert_string_equal(pools, "no");
      wsf_model *m = new_model(ctx, example);
      wsf_model_release(m);
    }
    wsf_table *page = NULL;
    CALL(wsf_catalog(&page, ctx, name, &err));
    assert_int_equal(wsf_table_columns(page), 7);
    assert_string_equal(wsf_table_name(page, 0), "option");
    assert_string_equal(wsf_table_name(page, 6), "meaning");
    assert_int_equal(wsf_table_type(page, 3), WSF_TYPE_F64);
    for (int64_t k = 0; k < wsf_table_rows(page); ++k) {
      assert_true(wsf_table_text(page, 6, k, NULL)[0] != '\0');
    }
    wsf_table_release(page);
  }
  wsf_table_release(names);
  wsf_table *t = NULL;
  FAILS(WSF_E_ARGUMENT, wsf_catalog(NULL, ctx, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_catalog(&t, NULL, NULL, err));
  FAILS(WSF_E_NAME, wsf_catalog(&t, ctx, "etz", err));
  assert_null(t);
  wsf_context_release(ctx);
}

/* The calls that take options as text have a page too, with the bounds that they hold to. */
static void test_calls(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_table *page = NULL;
  static const char *const calls[] = {"context", "rows",     "fit",      "predict",
                                      "update",  "backtest", "evaluate", "analyze"};
  for (size_t i = 0; i < sizeof calls / sizeof *calls; ++i) {
    CALL(wsf_catalog(&page, ctx, calls[i], &err));
    wsf_table_release(page);
  }
  CALL(wsf_catalog(&page, ctx, "backtest", &err));
  int64_t row = 0;
  while (strcmp(wsf_table_text(page, 0, row, NULL), "windows") != 0) ++row;
  const double most = wsf_table_f64(page, wsf_table_find(page, "most"))[row];
  wsf_table_release(page);
  wsf_dataset *ds = sample(ctx);
  wsf_model *model = new_model(ctx, "naive");
  const wsf_model *models[] = {model};
  wsf_table *out[WSF_BACKTEST_TABLES];
  char options[64];
  (void)snprintf(options, sizeof options, "horizon=1, windows=%.0f", most + 1);
  FAILS(WSF_E_VALUE, wsf_backtest(out, models, 1, ds, options, err));
  (void)snprintf(options, sizeof options, "horizon=1, windows=%.0f", most);
  FAILS(WSF_E_DATA, wsf_backtest(out, models, 1, ds, options, err)); /* the history is too short */
  wsf_model_release(model);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* docs/update.md has a row for every model, with the word the catalogue has. */
static void test_update_page(void **state) {
  (void)state;
  static char page[1 << 16];
  FILE *file = fopen(WSF_SOURCE_DIR "/docs/update.md", "rb");
  assert_non_null(file);
  page[fread(page, 1, sizeof page - 1, file)] = '\0';
  (void)fclose(file);
  wsf_context *ctx = new_context(NULL);
  wsf_table *names = NULL;
  CALL(wsf_catalog(&names, ctx, NULL, &err));
  for (int64_t r = 0; r < wsf_table_rows(names); ++r) {
    const char *update = wsf_table_text(names, wsf_table_find(names, "update"), r, NULL);
    if (!update) continue;
    char row[128];
    (void)snprintf(row, sizeof row, "\n| `%s` | %s | ", wsf_table_text(names, 2, r, NULL), update);
    if (!strstr(page, row)) fail_msg("docs/update.md has no row that begins with%s", row);
  }
  wsf_table_release(names);
  wsf_context_release(ctx);
}

int test_api_model(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_parse),
      cmocka_unit_test(test_catalog),
      cmocka_unit_test(test_calls),
      cmocka_unit_test(test_update_page),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
