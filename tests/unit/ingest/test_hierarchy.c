/* aggregate: sums of series as series of the panel. */
#include "data_support.h"

#include "panel/hierarchy.h"

static wsf__env *env;

/* Two states of two and one stores, three items; one series begins late, one has a gap. */
static const char *const SALES =
    "state,store,item,week,units,price,promo,kind\n"
    "CA,1,a,2024-01-05,1,2,0,x\nCA,1,a,2024-01-12,2,2,1,x\nCA,1,a,2024-01-19,3,2,0,x\n"
    "CA,1,b,2024-01-05,10,4,0,x\nCA,1,b,2024-01-12,20,4,0,x\nCA,1,b,2024-01-19,30,6,0,x\n"
    "CA,2,a,2024-01-12,100,3,0,x\nCA,2,a,2024-01-19,200,3,0,x\n"
    "TX,3,a,2024-01-05,1000,5,1,y\nTX,3,a,2024-01-12,,5,0,y\nTX,3,a,2024-01-19,3000,5,0,y\n";
static const char *const ROLES =
    "keys=[state,store,item], time=week, target=units, freq=week, known=[price,promo], past=none, "
    "static=[kind]";

static wsf_status opened(wsf__panel **out, const char *step, wsf_error *err) {
  char text[1024];
  char *path = file_of(SALES, strlen(SALES));
  (void)snprintf(text, sizeof text, "csv(\"%s\", %s) | %s", path, ROLES, step);
  const wsf_status status = open_data(out, env, text, err);
  (void)unlink(path);
  free(path);
  return status;
}

static wsf__panel *sums(const char *step) {
  wsf__panel *p;
  wsf_error err;
  if (opened(&p, step, &err) != WSF_OK) fail_msg("%s: %s", step, err.message);
  return p;
}

static int64_t row_of(const wsf__panel *p, const char *label) {
  char text[128];
  for (int64_t i = 0; i < p->n; ++i) {
    wsf__panel_label(p, i, text, sizeof text);
    if (strcmp(text, label) == 0) return i;
  }
  fail_msg("no series %s", label);
  return -1;
}

static double y_at(const wsf__panel *p, const char *label, int64_t period) {
  const int64_t i = row_of(p, label), at = period - p->first[i];
  return at < 0 || at >= p->length[i] ? NAN : p->y[p->offset[i] + at];
}

static double x_at(const wsf__panel *p, const char *column, const char *label, int64_t period) {
  return wsf__panel_value(p, wsf__panel_find_column(p, column), row_of(p, label), period);
}

static void test_levels(void **state) {
  (void)state;
  wsf__panel *p = sums("aggregate(levels=[[],[state],[state,store],[item]], missing=skip)");
  static const char *const order[] = {"//",     "//a",   "//b",    "CA//", "CA/1/", "CA/1/a",
                                      "CA/1/b", "CA/2/", "CA/2/a", "TX//", "TX/3/", "TX/3/a"};
  assert_int_equal(p->n, 12);
  for (int64_t i = 0; i < p->n; ++i) {
    char text[64];
    wsf__panel_label(p, i, text, sizeof text);
    assert_string_equal(text, order[i]);
    assert_int_equal(wsf__panel_is_sum(p, i), text[strlen(text) - 1] == '/' || text[0] == '/');
  }
  assert_true(y_at(p, "//", 0) == 1011 && y_at(p, "//", 1) == 122 && y_at(p, "//", 2) == 3233);
  assert_true(y_at(p, "CA//", 0) == 11 && y_at(p, "CA//", 1) == 122);
  assert_true(y_at(p, "//b", 2) == 30 && y_at(p, "//a", 2) == 3203);
  assert_true(y_at(p, "CA/2/", 1) == 100 && isnan(y_at(p, "CA/2/", 0)));
  assert_int_equal(p->first[row_of(p, "CA/2/")], 1);
  assert_int_equal(reported(p, "sums"), 8);
  assert_int_equal(reported(p, "sums: periods missing, as a series is"), 2); /* TX in 2024-01-12 */
  wsf__panel_release(p);
}

/* A sum is missing where one of its series is; before its beginning a series sold nothing. */
static void test_missing(void **state) {
  (void)state;
  wsf__panel *p = sums("aggregate(levels=[[],[state]])");
  assert_true(y_at(p, "//", 0) == 1011 && isnan(y_at(p, "//", 1)) && y_at(p, "//", 2) == 3233);
  assert_true(y_at(p, "CA//", 0) == 11 && y_at(p, "CA//", 1) == 122);
  assert_int_equal(reported(p, "sums: periods missing, as a series is"), 2);
  wsf__panel_release(p);
}

static void test_columns(void **state) {
  (void)state;
  wsf__panel *p = sums("aggregate(levels=[[],[state],[store]], missing=skip)");
  assert_true(x_at(p, "price", "CA//", 0) == 3); /* of 2 and 4: store 2 has none yet */
  assert_true(x_at(p, "price", "CA//", 1) == 3); /* 2, 4, 3 */
  assert_true(x_at(p, "price", "TX//", 1) == 5); /* what all share stays as it is */
  assert_true(x_at(p, "promo", "CA//", 1) == 1 && x_at(p, "promo", "CA//", 2) == 0);
  const wsf__column *promo = &p->column[wsf__panel_find_column(p, "promo")];
  assert_true(promo->flag);
  const wsf__column *kind = &p->column[wsf__panel_find_column(p, "kind")];
  assert_string_equal(kind->category[(int)x_at(p, "kind", "CA//", 0)], "x");
  assert_true(isnan(x_at(p, "kind", "//", 0))); /* x and y: no text of its own */
  wsf__panel_release(p);
}

static void test_members(void **state) {
  (void)state;
  wsf__panel *p = sums("aggregate(levels=[[state]], missing=skip)");
  const int64_t ca = row_of(p, "CA//");
  assert_int_equal(p->members.start[ca + 1] - p->members.start[ca], 3);
  assert_int_equal(p->members.member[p->members.start[ca]], row_of(p, "CA/1/a"));
  assert_int_equal(p->members.member[p->members.start[ca] + 2], row_of(p, "CA/2/a"));
  for (int64_t i = 0; i < p->n; ++i) {
    if (wsf__panel_is_sum(p, i)) continue;
    assert_int_equal(p->members.start[i + 1], p->members.start[i]);
  }
  wsf__panel_release(p);
  /* With one of its series gone, a sum adds up nothing that is there. */
  p = sums("aggregate(levels=[[state]], missing=skip) | select([\"CA//\",\"CA/1\",\"TX\"])");
  assert_int_equal(p->n, 5);
  const int64_t rest = row_of(p, "CA//"), tx = row_of(p, "TX//");
  assert_int_equal(p->members.start[rest + 1], p->members.start[rest]);
  assert_int_equal(p->members.start[tx + 1] - p->members.start[tx], 1);
  wsf__panel_release(p);
  /* Cut before a series begins, its sum is that of the others. */
  p = sums("aggregate(levels=[[state]], missing=skip) | until(\"2024-01-05\")");
  const int64_t cut = row_of(p, "CA//");
  assert_int_equal(p->members.start[cut + 1] - p->members.start[cut], 2);
  wsf__panel_release(p);
  p = sums("aggregate(levels=[[state]], base=false, missing=skip)");
  assert_int_equal(p->n, 2);
  assert_null(p->members.start);
  assert_int_equal(p->key[1].n_labels, 0);
  wsf__panel_release(p);
}

/* Steps behind it: a sum joins by the keys that it has. */
static void test_steps_behind(void **state) {
  (void)state;
  char text[256];
  const char *const stores = "state,size\nCA,7\nTX,8\n";
  char *path = file_of(stores, strlen(stores));
  (void)snprintf(text, sizeof text,
                 "aggregate(levels=[[],[state]], missing=skip) | join(\"%s\", on=state)", path);
  wsf__panel *p = sums(text);
  assert_true(x_at(p, "size", "CA//", 0) == 7 && x_at(p, "size", "TX/3/a", 0) == 8);
  assert_true(isnan(x_at(p, "size", "//", 0)));
  wsf__panel_release(p);
  (void)unlink(path);
  free(path);
}

static void test_refusals(void **state) {
  (void)state;
  static const struct {
    const char *step, *message;
  } bad[] = {
      {"aggregate(levels=[[shop]])",
       "levels names \"shop\", which is no key of the data; the keys are state, store, item"},
      {"aggregate(levels=[[state,state]])", "a level names \"state\" twice"},
      {"aggregate(levels=[[item,state,store]])",
       "a level names every key, which leaves nothing to sum; base=true keeps the series "
       "themselves"},
      {"aggregate(levels=[[item,state],[],[state,item]])", "levels 1 and 3 keep the same keys"},
      {"aggregate(levels=[[]]) | aggregate(levels=[[state]])",
       "the data holds sums already; expected one aggregate with all levels"},
      {"aggregate(levels=[[]]) | until(\"2024-01-12\") | keep(min_obs=9)",
       "no series has 9 observations; the longest has 2"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    wsf__panel *p;
    wsf_error err;
    assert_int_not_equal(opened(&p, bad[i].step, &err), WSF_OK);
    assert_null(p);
    assert_string_equal(err.message, bad[i].message);
  }
}

static void test_nothing_observed(void **state) {
  (void)state;
  wsf__panel *p;
  wsf_error err;
  const char *const text = "shop,week,y\nA,2024-01-05,1\nA,2024-01-12,\nA,2024-01-19,3\n"
                           "B,2024-01-12,1\nB,2024-01-19,\n";
  char expression[512];
  char *path = file_of(text, strlen(text));
  for (int skip = 0; skip < 2; ++skip) {
    (void)snprintf(expression, sizeof expression,
                   "csv(\"%s\", keys=shop, time=week, target=y) | until(\"2024-01-12\") | "
                   "select([B]) | aggregate(levels=[[]]%s)",
                   path, skip ? ", missing=skip" : "");
    assert_int_equal(open_data(&p, env, expression, &err), WSF_OK);
    wsf__panel_release(p);
  }
  (void)snprintf(expression, sizeof expression,
                 "csv(\"%s\", keys=shop, time=week, target=y, gaps=missing) | "
                 "aggregate(levels=[[]])",
                 path);
  assert_int_equal(open_data(&p, env, expression, &err), WSF_OK); /* week 1: only A is there */
  assert_int_equal(p->length[0], 3);
  assert_true(isnan(p->y[p->offset[0] + 1]) && isnan(p->y[p->offset[0] + 2]));
  wsf__panel_release(p);
  (void)unlink(path);
  free(path);
}

/* At every period a sum is the sum of its members, whatever the threads. */
static void check_sums(const wsf__panel *p) {
  int64_t sum_rows = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    const int64_t from = p->members.start[i], to = p->members.start[i + 1];
    assert_int_equal(to > from, wsf__panel_is_sum(p, i));
    if (to == from) continue;
    ++sum_rows;
    for (int64_t t = 0; t < p->length[i]; ++t) {
      double sum = 0;
      bool gap = false;
      for (int64_t m = from; m < to; ++m) {
        const int64_t j = p->members.member[m], at = p->first[i] + t - p->first[j];
        if (at < 0) continue;
        const double y = at < p->length[j] ? p->y[p->offset[j] + at] : NAN;
        gap = gap || isnan(y);
        if (!isnan(y)) sum += y;
      }
      const double found = p->y[p->offset[i] + t];
      if (gap)
        assert_true(isnan(found));
      else
        assert_true(found == sum);
    }
  }
  assert_true(sum_rows > 0);
}

static void test_sums_of_a_retailer(void **state) {
  (void)state;
  static const char *const text =
      "simulate(stores=5, depts=7, weeks=120) | aggregate(levels=[[],[Store],[Dept]])";
  wsf__panel *p, *q;
  wsf_error err;
  assert_int_equal(open_data(&p, env, text, &err), WSF_OK);
  check_sums(p);
  env->threads = 3;
  assert_int_equal(open_data(&q, env, text, &err), WSF_OK);
  env->threads = 1;
  assert_int_equal(p->n, q->n);
  for (int64_t i = 0; i < p->n; ++i) {
    assert_int_equal(p->length[i], q->length[i]);
    assert_memory_equal(p->y + p->offset[i], q->y + q->offset[i],
                        (size_t)p->length[i] * sizeof *p->y);
  }
  wsf__panel_release(p);
  wsf__panel_release(q);
}

static int setup(void **state) {
  const int failed = env_setup(state);
  env = *state;
  return failed;
}

int test_hierarchy(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_levels),           cmocka_unit_test(test_missing),
      cmocka_unit_test(test_columns),          cmocka_unit_test(test_members),
      cmocka_unit_test(test_steps_behind),     cmocka_unit_test(test_refusals),
      cmocka_unit_test(test_nothing_observed), cmocka_unit_test(test_sums_of_a_retailer),
  };
  return cmocka_run_group_tests(tests, setup, env_teardown);
}
