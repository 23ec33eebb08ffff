/* join(known_at=): what a column knows at each origin, and what panels made from a panel keep. */
#include "data_support.h"

#include "panel/vintages.h"

static wsf__env *env;

static const char *const SALES = "shop,day,sales\n"
                                 "a,2024-01-01,1\na,2024-01-02,2\na,2024-01-03,3\na,2024-01-04,4\n"
                                 "b,2024-01-02,5\nb,2024-01-03,6\nb,2024-01-04,7\n";

static wsf_status opened(wsf__panel **out, const char *sales, const char *other,
                         const char *options, wsf_error *err) {
  char text[512];
  char *a = file_of(sales, strlen(sales)), *b = file_of(other, strlen(other));
  (void)snprintf(text, sizeof text,
                 "csv(\"%s\", keys=shop, time=day, target=sales) | join(\"%s\", %s)", a, b,
                 options);
  const wsf_status status = open_data(out, env, text, err);
  (void)unlink(a);
  (void)unlink(b);
  free(a);
  free(b);
  return status;
}

static wsf__panel *join(const char *other, const char *options) {
  wsf__panel *p;
  wsf_error err;
  if (opened(&p, SALES, other, options, &err) != WSF_OK) fail_msg("%s: %s", options, err.message);
  return p;
}

static double at(const wsf__panel *p, const char *name, int64_t series, int64_t period,
                 int64_t origin) {
  const int k = wsf__panel_find_column(p, name);
  assert_true(k >= 0);
  return wsf__panel_value_at(p, k, series, period, origin);
}

/* The third day's weather: told on the first, better on the second (twice), missing on the third.
 */
static const char *const WEATHER =
    "day,told,temp,sky\n"
    "2024-01-03,2024-01-02T18:00,12,rain\n"
    "2024-01-03,2024-01-01,10,sun\n2024-01-03,2024-01-02T06:00,11,sun\n"
    "2024-01-03,2024-01-03,,\n"
    "2024-01-05,2024-01-04,20,sun\n2024-01-06,2024-01-05,30,rain\n"
    "2024-01-01,2023-12-30,1,sun\n2024-01-02,soon,2,sun\n";

static void test_each_origin(void **state) {
  (void)state;
  wsf__panel *p = join(WEATHER, "on=day, known_at=told");
  assert_int_equal(p->T, 4);
  assert_int_equal(p->ahead, 1); /* what was told on the fifth lies behind the history */
  assert_int_equal(reported(p, "rows known only after the history"), 1);
  assert_true(isnan(at(p, "temp", 0, 2, -1)));
  assert_true(at(p, "temp", 0, 2, 0) == 10 && at(p, "temp", 0, 2, 1) == 12);
  assert_true(isnan(at(p, "temp", 0, 2, 2)) && isnan(at(p, "temp", 0, 2, 3)));
  assert_true(isnan(at(p, "temp", 0, 4, 2)) && at(p, "temp", 0, 4, 3) == 20);
  assert_true(at(p, "temp", 0, 0, 0) == 1); /* known before the calendar began */
  assert_true(isnan(at(p, "temp", 0, 1, 3)));
  const wsf__column *sky = &p->column[wsf__panel_find_column(p, "sky")];
  assert_string_equal(sky->category[(int)at(p, "sky", 1, 2, 0)], "sun");
  assert_string_equal(sky->category[(int)at(p, "sky", 1, 2, 1)], "rain");
  /* value[] and the plain question are what the end of the history knows */
  const wsf__column *temp = &p->column[wsf__panel_find_column(p, "temp")];
  assert_int_equal(temp->n_groups, 1);
  assert_true(isnan(temp->value[2]) && temp->value[4] == 20);
  assert_true(wsf__panel_value(p, wsf__panel_find_column(p, "temp"), 0, 4) == 20);
  wsf__panel_release(p);
}

static void test_forward(void **state) {
  (void)state;
  wsf__panel *p = join(WEATHER, "on=day, known_at=told, fill=forward");
  assert_true(at(p, "temp", 0, 3, 0) == 10 && at(p, "temp", 0, 3, 1) == 12);
  assert_true(at(p, "temp", 0, 3, 2) == 1); /* missing in the meantime: the day before, and so on */
  assert_true(at(p, "temp", 0, 4, 2) == 1 && at(p, "temp", 0, 4, 3) == 20);
  const wsf__column *temp = &p->column[wsf__panel_find_column(p, "temp")];
  double filled[5];
  for (int64_t origin = -1; origin < 4; ++origin) {
    wsf__vintages_fill(filled, temp->vintages, 0, 0, 5, origin);
    for (int64_t t = 0; t < 5; ++t) {
      const double one = at(p, "temp", 0, t, origin);
      assert_true(isnan(one) ? isnan(filled[t]) : one == filled[t]);
    }
  }
  wsf__panel_release(p);
}

static void test_static_and_past(void **state) {
  (void)state;
  const char *rating = "shop,told,rating\na,2024-01-02,1\na,2024-01-04,3\nb,2024-01-01,2\n";
  wsf__panel *p = join(rating, "on=shop, known_at=told");
  assert_true(isnan(at(p, "rating", 0, 0, 0)) && at(p, "rating", 0, 0, 1) == 1);
  assert_true(at(p, "rating", 0, 3, 3) == 3 && at(p, "rating", 1, 0, 0) == 2);
  wsf__panel_release(p);
  p = join(WEATHER, "on=day, known_at=told, kind=past");
  assert_true(isnan(at(p, "temp", 0, 2, 1))); /* it was told, but as a forecast of the past only */
  assert_true(at(p, "temp", 0, 0, 0) == 1);
  wsf__panel_release(p);
}

static void test_panels_of_it(void **state) {
  (void)state;
  wsf__panel *p = join(WEATHER, "on=day, known_at=told"), *cut, *frame, *some;
  assert_int_equal(wsf__panel_cut(&cut, NULL, p, 1, NULL), WSF_OK);
  const wsf__column *temp = &cut->column[wsf__panel_find_column(cut, "temp")];
  assert_true(temp->value[2] == 12 && at(cut, "temp", 1, 2, 0) == 10);
  assert_int_equal(temp->vintages->start[1], 4); /* the later ones are gone */
  assert_int_equal(wsf__panel_frame(&frame, NULL, cut, 0, NULL), WSF_OK);
  temp = &frame->column[wsf__panel_find_column(frame, "temp")];
  assert_null(temp->vintages);
  assert_true(temp->value[2] == 12 && isnan(temp->value[4]));
  assert_int_equal(wsf__panel_select(&some, NULL, p, (const uint8_t[]){0, 1}, NULL), WSF_OK);
  assert_true(at(some, "temp", 0, 2, 1) == 12);
  wsf__panel_release(some);
  wsf__panel_release(frame);
  wsf__panel_release(cut);
  wsf__panel_release(p);
}

/* A join that reaches further makes room in the columns before it. */
static void test_wider(void **state) {
  (void)state;
  char expr[512];
  const char *promo = "day,promo\n2024-01-08,7\n";
  char *a = file_of(SALES, strlen(SALES)), *b = file_of(WEATHER, strlen(WEATHER)),
       *c = file_of(promo, strlen(promo));
  (void)snprintf(
      expr, sizeof expr,
      "csv(\"%s\", keys=shop, time=day, target=sales) | join(\"%s\", on=day, known_at=told) "
      "| join(\"%s\", on=day)",
      a, b, c);
  wsf__panel *p;
  assert_int_equal(open_data(&p, env, expr, NULL), WSF_OK);
  assert_int_equal(p->ahead, 4);
  assert_true(at(p, "temp", 0, 4, 3) == 20 && isnan(at(p, "temp", 0, 7, 3)));
  assert_true(at(p, "promo", 0, 7, 0) == 7);
  wsf__panel_release(p);
  char *const file[] = {a, b, c};
  for (int i = 0; i < 3; ++i) {
    (void)unlink(file[i]);
    free(file[i]);
  }
}

/* Sums and longer periods make new columns of old ones. */
static void test_steps_that_lose_it(void **state) {
  (void)state;
  static const char *const steps[] = {"aggregate(levels=[[]])", "resample(freq=week)"};
  for (int i = 0; i < 2; ++i) {
    char options[128];
    wsf_error err;
    wsf__panel *p;
    (void)snprintf(options, sizeof options, "on=day, known_at=told) | %.*s",
                   (int)strlen(steps[i]) - 1, steps[i]);
    assert_int_equal(opened(&p, SALES, WEATHER, options, &err), WSF_E_UNSUPPORTED);
    assert_string_equal(err.field, "temp");
  }
}

static void test_refusals(void **state) {
  (void)state;
  static const struct {
    const char *other, *options, *message;
  } bad[] = {
      {"day,told,x\n2024-01-01,7,1\n", "on=day, known_at=told", "dates were expected"},
      {"day,told,x\n2024-01-01,2024-01-01,1\n", "on=day, known_at=day", "as on does"},
      {"day,told,x\n2024-01-01,2024-01-01,1\n", "on=day, known_at=tol", "told"},
      {"day,told,x\n2024-01-01,soon,1\n", "on=day, known_at=told", "rejected"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    wsf__panel *p;
    wsf_error err;
    if (opened(&p, SALES, bad[i].other, bad[i].options, &err) == WSF_OK)
      fail_msg("%s", bad[i].other);
    assert_null(p);
    if (!strstr(err.message, bad[i].message)) fail_msg("%s: %s", bad[i].options, err.message);
    assert_true(err.file[0] != '\0');
  }
}

/* Many pairs in any order, against a search through the rows. */
static void test_against_a_search(void **state) {
  (void)state;
  enum { ROWS = 400, GROUPS = 3, PERIODS = 9 };
  int32_t group[ROWS];
  int64_t period[ROWS], known[ROWS], time[ROWS];
  double value[ROWS];
  unsigned x = 7;
  for (int i = 0; i < ROWS; ++i) {
    x = x * 1664525u + 1013904223u;
    group[i] = (int32_t)(x >> 8) % GROUPS;
    period[i] = (int64_t)(x >> 12 & 15) % (PERIODS + 1) - 1; /* some stand nowhere */
    time[i] = x >> 17 & 31;
    known[i] = time[i] / 4;
    value[i] = x & 64 ? NAN : (double)i;
  }
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  wsf__vintage_rows rows;
  assert_int_equal(wsf__vintages_order(&rows, &arena, &arena, ROWS, group, period, known, time,
                                       GROUPS, PERIODS, NULL),
                   WSF_OK);
  double each[ROWS];
  for (int64_t i = 0; i < rows.n; ++i) each[i] = value[rows.row[i]];
  const wsf__vintages v = {rows.start, rows.period, rows.known, each, false};
  for (int g = 0; g < GROUPS; ++g) {
    for (int64_t t = 0; t < PERIODS; ++t) {
      for (int64_t origin = -1; origin < 9; ++origin) {
        int best = -1;
        for (int i = 0; i < ROWS; ++i) {
          if (group[i] != g || period[i] != t || known[i] > origin) continue;
          if (best < 0 || time[i] >= time[best]) best = i;
        }
        const double found = wsf__vintages_value(&v, g, t, origin);
        assert_true(best < 0 || isnan(value[best]) ? isnan(found) : found == value[best]);
      }
    }
  }
  wsf__arena_free(&arena);
}

static int setup(void **state) {
  const int failed = env_setup(state);
  env = *state;
  return failed;
}

int test_vintages(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_each_origin),
      cmocka_unit_test(test_forward),
      cmocka_unit_test(test_static_and_past),
      cmocka_unit_test(test_panels_of_it),
      cmocka_unit_test(test_wider),
      cmocka_unit_test(test_refusals),
      cmocka_unit_test(test_steps_that_lose_it),
      cmocka_unit_test(test_against_a_search),
  };
  return cmocka_run_group_tests(tests, setup, env_teardown);
}
