#include "support.h"

#include <math.h>

#include "ingest/ingest.h"
#include "ingest/sources.h"

static const wsf__spec *only_simulate(int i) {
  return i == 0 ? &wsf__spec_simulate : NULL;
}

static wsf__panel *make(wsf__env *env, const char *arguments) {
  const wsf__catalog catalog = {only_simulate};
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  const wsf__node *node;
  wsf_error err;
  wsf__panel *p = NULL;
  assert_int_equal(
      wsf__expr_arguments(&node, &arena, &catalog, &wsf__spec_simulate, arguments, &err), WSF_OK);
  if (wsf__open_simulate(&p, env, node, &err) != WSF_OK) fail_msg("%s", err.message);
  wsf__arena_free(&arena);
  return p;
}

static int64_t cells(const wsf__panel *p) {
  return p->offset[p->n - 1] + p->length[p->n - 1];
}

static void has_the_shape_of_the_kaggle_set(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = make(&env, NULL);
  assert_int_equal(p->T, 143);
  assert_int_equal(p->ahead, 52);
  assert_int_equal(p->season, 52);
  assert_int_equal(p->key[0].n_labels, 45);
  assert_int_equal(p->key[1].n_labels, 81);
  assert_in_range(p->n, 3000, 3640);
  char text[32];
  wsf__calendar_text(&p->calendar, 0, text);
  assert_string_equal(text, "2010-02-05");
  int64_t negative = 0, zero = 0, missing = 0, late = 0, observed = 0;
  double total = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    late += p->first[i] > 0;
    for (int64_t t = 0; t < p->length[i]; ++t) {
      const double y = p->y[p->offset[i] + t];
      assert_false(isinf(y));
      missing += isnan(y);
      if (isnan(y)) continue;
      ++observed;
      total += y;
      negative += y < 0;
      zero += y == 0;
    }
  }
  print_message("series %d, observed %d, missing %d, late %d, negative %d, zero %d, total %.0f\n",
                (int)p->n, (int)observed, (int)missing, (int)late, (int)negative, (int)zero, total);
  assert_in_range(observed, 380000, 460000);
  assert_in_range(negative, 200, 4000);
  assert_true(missing > 10000 && late > 60 && zero > 100);
  assert_true(total > 3e9 && total < 1.2e10);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

/* The competition's own list of holiday weeks. */
static void holidays_are_kaggles(void **state) {
  (void)state;
  static const char *const listed[] = {"2010-02-12", "2011-02-11", "2012-02-10", "2013-02-08",
                                       "2010-09-10", "2011-09-09", "2012-09-07", "2013-09-06",
                                       "2010-11-26", "2011-11-25", "2012-11-23", "2010-12-31",
                                       "2011-12-30", "2012-12-28"};
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = make(&env, "stores=2, depts=3");
  assert_true(p->column[p->holiday].flag);
  int found = 0;
  for (int64_t t = 0; t < p->T + p->ahead; ++t) {
    char text[32];
    wsf__calendar_text(&p->calendar, t, text);
    bool wanted = false;
    for (size_t k = 0; k < sizeof listed / sizeof *listed; ++k) {
      wanted = wanted || strcmp(listed[k], text) == 0;
    }
    assert_int_equal(wsf__panel_value(p, p->holiday, 0, t), wanted);
    assert_true(wsf__panel_weight(p, 0, t) == (wanted ? 5 : 1));
    found += wanted;
  }
  assert_int_equal(found, 14);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

static void covariates_reach_ahead(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = make(&env, "stores=3, depts=4");
  const int markdown = wsf__panel_find_column(p, "MarkDown1");
  const int cpi = wsf__panel_find_column(p, "CPI");
  const int type = wsf__panel_find_column(p, "Type"), size = wsf__panel_find_column(p, "Size");
  assert_int_equal(p->column[type].n_categories, 3);
  int there = 0;
  for (int64_t t = 0; t < p->T + p->ahead; ++t) {
    const double m = wsf__panel_value(p, markdown, 0, t);
    if (t < p->T - 51)
      assert_true(isnan(m));
    else
      there += !isnan(m);
    assert_int_equal(isnan(wsf__panel_value(p, cpi, 0, t)), t >= p->T + p->ahead - 13);
    assert_false(isnan(wsf__panel_value(p, wsf__panel_find_column(p, "Temperature"), 0, t)));
  }
  assert_true(there > 70);
  assert_true(wsf__panel_value(p, size, 0, 5) > 30000);
  assert_non_null(p->report);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

/* The same bits for any number of threads, and a store's first departments whatever comes after;
 * and the same on every machine: one value is written down. */
static void is_the_same_everywhere(void **state) {
  (void)state;
  wsf__panel *p[3];
  wsf__env env[3];
  for (int i = 0; i < 3; ++i) {
    assert_true(wsf__env_init(&env[i], &wsf__alloc_libc));
    env[i].threads = 1 + 2 * i;
    p[i] = make(&env[i], "stores=7, depts=9, weeks=110, seed=3");
    assert_memory_equal(p[i]->y, p[0]->y, (size_t)cells(p[0]) * sizeof(double));
  }
  wsf__panel *small = make(&env[0], "stores=1, depts=2, weeks=110, seed=3");
  assert_memory_equal(small->y, p[0]->y, (size_t)small->length[0] * sizeof(double));
  assert_true(small->y[0] == 3420.85 && small->y[46] == 18653.55);
  wsf__panel *other = make(&env[0], "stores=1, depts=2, weeks=110, seed=4");
  assert_true(other->y[0] != small->y[0]);
  wsf__panel_release(other);
  wsf__panel_release(small);
  for (int i = 0; i < 3; ++i) wsf__panel_release(p[i]);
  for (int i = 0; i < 3; ++i) wsf__env_free(&env[i]);
}

/* Weeks before Christmas stand above the year where gifts are sold, and the day it falls on moves
 * the share of the last week. */
static void christmas_moves_with_its_weekday(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = make(&env, "stores=20, depts=40");
  double share[2] = {0, 0}, mean = 0, peak = 0;
  int64_t n = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    if (p->first[i] > 0) continue;
    const double *y = p->y + p->offset[i];
    for (int64_t t = 0; t < p->T; ++t) {
      if (isnan(y[t])) continue;
      mean += y[t];
      ++n;
    }
    for (int k = 0; k < 2; ++k) {
      const double last = y[k == 0 ? 46 : 98]; /* 2010-12-24 and 2011-12-23 */
      if (!isnan(last)) share[k] += last;
    }
    peak += isnan(y[46]) ? 0 : 1;
  }
  mean /= (double)n;
  /* In 2010 the week ends on the eve, in 2011 two days before. */
  assert_true(share[0] / peak > 1.2 * mean);
  assert_true(share[0] > share[1]);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

static void too_much_is_refused(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  const wsf__catalog catalog = {only_simulate};
  wsf__arena arena;
  wsf__arena_init(&arena, &env.alloc);
  const wsf__node *node;
  wsf_error err;
  wsf__panel *p;
  assert_int_equal(wsf__expr_arguments(&node, &arena, &catalog, &wsf__spec_simulate,
                                       "stores=100000, depts=100000", &err),
                   WSF_OK);
  assert_int_equal(wsf__open_simulate(&p, &env, node, &err), WSF_E_VALUE);
  assert_null(p);
  wsf__arena_free(&arena);
  wsf__env_free(&env);
}

int test_simulate(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(has_the_shape_of_the_kaggle_set),  cmocka_unit_test(holidays_are_kaggles),
      cmocka_unit_test(covariates_reach_ahead),           cmocka_unit_test(is_the_same_everywhere),
      cmocka_unit_test(christmas_moves_with_its_weekday), cmocka_unit_test(too_much_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
