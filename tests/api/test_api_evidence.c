/* Evidence out of parts of a panel and into a fit: the choice of one process, to the bit. */
#include "api_support.h"

static wsf_dataset *opened(wsf_context *ctx, const char *expr) {
  wsf_dataset *ds = NULL;
  CALL(wsf_dataset_open(&ds, ctx, expr, &err));
  return ds;
}

static wsf_table *gathered(const wsf_model *m, const wsf_dataset *ds, const char *options) {
  wsf_table *t = NULL;
  CALL(wsf_evidence(&t, m, ds, options, &err));
  return t;
}

/* wsf_source_stream_fn */
static wsf_status stream_of(struct ArrowArrayStream *stream, void *user, wsf_error *err) {
  return wsf_table_export_stream(user, stream, err);
}

static void drop_table(void *user) {
  wsf_table_release(user);
}

static void add_table(wsf_context *ctx, const char *name, wsf_table *t) {
  CALL(wsf_context_add_arrow(ctx, name, stream_of, drop_table, t, &err));
}

/* A table keeps its context alive, so a context that reads one would keep itself. */
static void close_context(wsf_context *ctx, const char *const *table, int n) {
  for (int i = 0; i < n; ++i) CALL(wsf_context_remove_source(ctx, table[i], &err));
  wsf_context_release(ctx);
}

/* The table as a file, its rows in the opposite order. */
static char *text_of(const wsf_table *t) {
  const size_t room = (size_t)(wsf_table_rows(t) + 1) * (size_t)wsf_table_columns(t) * 40;
  char *text = malloc(room), *at = text;
  assert_non_null(text);
  for (int64_t c = 0; c < wsf_table_columns(t); ++c) {
    at += sprintf(at, "%s\"%s\"", c ? "," : "", wsf_table_name(t, c));
  }
  for (int64_t r = wsf_table_rows(t) - 1; r >= 0; --r) {
    for (int64_t c = 0; c < wsf_table_columns(t); ++c) {
      char cell[64];
      (void)wsf_table_format(t, c, r, cell, sizeof cell);
      at += sprintf(at, "%s\"%s\"", c ? "," : "\n", cell);
    }
  }
  at += sprintf(at, "\n");
  return text;
}

static void add_text(wsf_context *ctx, const char *name, const char *text) {
  CALL(wsf_context_add_bytes(ctx, name, text, strlen(text), NULL, NULL, &err));
}

static void assert_same_fit(const wsf_model *m, const wsf_dataset *ds, const char *options,
                            const char *with) {
  wsf_forecaster *one = NULL, *other = NULL;
  CALL(wsf_fit(&one, m, ds, options, &err));
  CALL(wsf_fit(&other, m, ds, with, &err));
  size_t size = 0, again = 0;
  CALL(wsf_forecaster_write(one, NULL, 0, &size, &err));
  CALL(wsf_forecaster_write(other, NULL, 0, &again, &err));
  assert_int_equal(size, again);
  unsigned char *a = malloc(size), *b = malloc(size);
  CALL(wsf_forecaster_write(one, a, size, &size, &err));
  CALL(wsf_forecaster_write(other, b, size, &size, &err));
  assert_memory_equal(a, b, size);
  free(a);
  free(b);
  wsf_table *x = forecast(one, "horizon=9, levels=[80]");
  wsf_table *y = forecast(other, "horizon=9, levels=[80]");
  assert_same_table(x, y);
  wsf_table_release(x);
  wsf_table_release(y);
  wsf_forecaster_release(one);
  wsf_forecaster_release(other);
}

/* Each process sees the whole panel and looks at a third of it: candidates that learn from all
 * series take part. */
static void shares_come_to_the_choice_of_one_process(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=2");
  wsf_dataset *ds = opened(ctx, "simulate(stores=3, depts=5, weeks=140)");
  wsf_model *m = new_model(ctx, "auto(snaive, tslm, tsb, lowrank(snaive, rank=2))");
  int64_t rows = 0;
  for (int part = 1; part <= 3; ++part) {
    char options[64], name[8];
    (void)snprintf(options, sizeof options, "horizon=9, part=%d, parts=3", part);
    (void)snprintf(name, sizeof name, "e%d", part);
    wsf_table *t = gathered(m, ds, options);
    assert_true(wsf_table_rows(t) > 0);
    rows += wsf_table_rows(t);
    add_table(ctx, name, t);
  }
  wsf_table *whole = gathered(m, ds, "horizon=9");
  assert_int_equal(wsf_table_rows(whole), rows);
  assert_same_fit(m, ds, "horizon=9", "horizon=9, evidence=[e3, e1, e2]");
  assert_same_fit(m, ds, "horizon=9", "evidence=[e1, e2, e3]"); /* it says the horizon */
  char *text = text_of(whole);
  add_text(ctx, "rows.csv", text);
  assert_same_fit(m, ds, "horizon=9", "evidence=\"rows.csv\"");
  close_context(ctx, (const char *const[]){"e1", "e2", "e3"}, 3);
  free(text);
  wsf_table_release(whole);
  wsf_model_release(m);
  wsf_dataset_release(ds);
}

/* Each process has a part of the panel, with more series of a kind than are looked at, and sums. */
static void parts_come_to_the_choice_of_the_whole(void **state) {
  (void)state;
  static const char *const part[] = {"[\"1/*\", \"2/*\"]", "[\"3/*\", \"4/*\"]", "[\"5/*\"]"};
  wsf_context *ctx = new_context("threads=2");
  wsf_model *m = new_model(ctx, "auto(naive, drift, snaive(4), effort=quick)");
#define PANEL "simulate(stores=5, depts=60, weeks=40, seed=2)"
  for (int k = 0; k < 3; ++k) {
    char expr[128], name[8];
    (void)snprintf(expr, sizeof expr, PANEL " | select(%s)", part[k]);
    (void)snprintf(name, sizeof name, "p%d", k);
    wsf_dataset *ds = opened(ctx, expr);
    add_table(ctx, name, gathered(m, ds, "horizon=6"));
    wsf_dataset_release(ds);
  }
  wsf_dataset *whole = opened(ctx, PANEL);
  wsf_table *all = gathered(m, whole, "horizon=6");
  assert_true(wsf_table_rows(all) < 300 * 6); /* some are left out */
  assert_same_fit(m, whole, "horizon=6", "horizon=6, evidence=[p0, p1, p2]");
  wsf_table_release(all);
  wsf_dataset_release(whole);

  whole = opened(ctx, PANEL " | select([\"1/*\"]) | aggregate(levels=[[Store]])");
  add_table(ctx, "sums", gathered(m, whole, "horizon=6"));
  assert_same_fit(m, whole, "horizon=6", "horizon=6, evidence=sums");
  wsf_dataset_release(whole);
  wsf_model_release(m);
  close_context(ctx, (const char *const[]){"p0", "p1", "p2", "sums"}, 4);
}

/* What calls that learn from all series saw of another panel says nothing of them on this one. */
static void a_part_says_nothing_of_pooling_candidates(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_model *m = new_model(ctx, "auto(lowrank(snaive, rank=1), drift)");
  wsf_dataset *part = opened(ctx, "simulate(stores=2, depts=4, weeks=120) | select([\"1/*\"])");
  wsf_dataset *whole = opened(ctx, "simulate(stores=2, depts=4, weeks=120)");
  add_table(ctx, "part", gathered(m, part, "horizon=6"));
  wsf_forecaster *f = NULL;
  wsf_table *choice = NULL;
  CALL(wsf_fit(&f, m, whole, "evidence=part", &err));
  CALL(wsf_forecaster_describe(&choice, f, "choice", &err));
  assert_true(isnan(numbers(choice, "error")[0]));
  assert_true(numbers(choice, "weight")[0] == 0 && numbers(choice, "weight")[1] == 1);
  wsf_table *words = NULL;
  CALL(wsf_forecaster_describe(&words, f, "explain", &err));
  assert_int_equal(wsf_table_rows(words), 1);
  const char *text = wsf_table_text(words, wsf_table_find(words, "explanation"), 0, NULL);
  assert_non_null(strstr(text, "8 series"));
  assert_non_null(strstr(text, "least: 100 % drift (1.00)"));
  assert_non_null(strstr(text, "Its intervals come from the errors in "));
  assert_non_null(strstr(text, "1 not tried, or not fitted in enough windows: lowrank"));
  wsf_table_release(words);
  wsf_table_release(choice);
  wsf_forecaster_release(f);
  wsf_dataset_release(part);
  wsf_dataset_release(whole);
  wsf_model_release(m);
  close_context(ctx, (const char *const[]){"part"}, 1);
}

static void what_is_wrong_is_told_by_row_and_column(void **state) {
  (void)state;
#define HEAD "shop,kind,window,step,horizon,panel,actual,naive,drift\n"
#define ROW  "north,steady,1,1,1,0123456789abcdef,3,4,5\n"
  static const struct {
    const char *text, *field, *says;
    int64_t row;
  } bad[] = {
      {"shop,kind\n", "window", "no column \"window\"", -1},
      {HEAD, "", "no rows", -1},
      {HEAD ROW ROW, "step", "stands twice", 3},
      {HEAD ROW "north,new,2,1,1,0123456789abcdef,3,4,5\n", "kind", "no kind", 3},
      {HEAD ROW "north,intermittent,2,1,1,0123456789abcdef,3,4,5\n", "kind", "two kinds", 3},
      {HEAD ROW "south,steady,1,2,1,0123456789abcdef,3,4,5\n", "step", "absent", 3},
      {HEAD ROW "south,steady,1,1,2,0123456789abcdef,3,4,5\n", "horizon", "another horizon", 3},
      {HEAD "south,steady,0,1,1,0123456789abcdef,3,4,5\n", "window", "window", 2},
      {HEAD "south,steady,1,1.5,1,0123456789abcdef,3,4,5\n", "step", "step", 2},
      {HEAD "south,steady,1,1,1,0123456789ABCDEF,3,4,5\n", "panel", "hexadecimal", 2},
      {HEAD "south,steady,1,1,1,0123456789abcdef,3,many,5\n", "naive", "not a number", 2},
  };
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = sample(ctx);
  wsf_model *m = new_model(ctx, "auto(naive, drift)"), *ets = new_model(ctx, "mean(auto, ets)");
  for (size_t k = 0; k < sizeof bad / sizeof *bad; ++k) {
    wsf_forecaster *f = NULL;
    wsf_error err = marked();
    add_text(ctx, "rows", bad[k].text);
    assert_int_equal(wsf_fit(&f, m, ds, "evidence=rows", &err), WSF_E_DATA);
    if (!strstr(err.message, bad[k].says)) fail_msg("%s for %s", err.message, bad[k].text);
    assert_string_equal(err.field, bad[k].field);
    assert_int_equal(err.row, bad[k].row);
    assert_string_equal(err.file, "source rows");
    assert_null(f);
  }
  wsf_forecaster *f = NULL;
  wsf_table *t = NULL;
  add_text(ctx, "rows", HEAD ROW);
  CALL(wsf_fit(&f, m, ds, "evidence=rows", &err));
  CALL(wsf_forecaster_describe(&t, f, "explain", &err)); /* no spread was gathered */
  const char *told = wsf_table_text(t, wsf_table_find(t, "explanation"), 0, NULL);
  assert_non_null(strstr(told, "Its intervals are those that the models give."));
  wsf_table_release(t);
  wsf_forecaster_release(f);
  FAILS(WSF_E_VALUE, wsf_fit(&f, m, ds, "evidence=rows, horizon=2", err));
  FAILS(WSF_E_UNSUPPORTED, wsf_fit(&f, ets, ds, "evidence=rows", err));
  FAILS(WSF_E_IO, wsf_fit(&f, m, ds, "evidence=nowhere", err));
  FAILS(WSF_E_UNSUPPORTED, wsf_evidence(&t, ets, ds, NULL, err));
  FAILS(WSF_E_VALUE, wsf_evidence(&t, m, ds, "part=3, parts=2", err));
  FAILS(WSF_E_NAME, wsf_evidence(&t, m, ds, "share=3", err));
  FAILS(WSF_E_ARGUMENT, wsf_evidence(NULL, m, ds, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_evidence(&t, NULL, ds, NULL, err));
  wsf_model_release(m);
  wsf_model_release(ets);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

int test_api_evidence(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shares_come_to_the_choice_of_one_process),
      cmocka_unit_test(parts_come_to_the_choice_of_the_whole),
      cmocka_unit_test(a_part_says_nothing_of_pooling_candidates),
      cmocka_unit_test(what_is_wrong_is_told_by_row_and_column),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
