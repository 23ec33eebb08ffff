#include "sample.h"

#include "panel/match.h"

typedef struct fixture {
  wsf__env env;
  sample old, fresh;
} fixture;

static int setup(void **state) {
  fixture *f = malloc(sizeof *f);
  if (!f || !wsf__env_init(&f->env, &wsf__alloc_libc)) return -1;
  *state = f;
  return 0;
}

static int teardown(void **state) {
  fixture *f = *state;
  wsf__env_free(&f->env);
  free(f);
  return 0;
}

static wsf__panel *build(fixture *f, sample *s) {
  wsf__panel *p = NULL;
  wsf_error err;
  wsf__error_clear(&err);
  if (wsf__panel_build(&p, &f->env, &s->rows, &sample_rules, NULL, &err) != WSF_OK) {
    fail_msg("%s", err.message);
  }
  return p;
}

static wsf__panel *decades(fixture *f) {
  sample_init(&f->old, 1);
  sample_add(&f->old, "a", "", "1950", 1);
  sample_add(&f->old, "a", "", "1960", 2);
  sample_add(&f->old, "a", "", "1970", 3);
  sample_add(&f->old, "b", "", "1960", 4);
  sample_add(&f->old, "b", "", "1970", 5);
  return build(f, &f->old);
}

static void rows_take_the_step_that_is_known(void **state) {
  fixture *f = *state;
  wsf__panel *old = decades(f), *own;
  assert_int_equal(old->calendar.step, 10);
  sample_init(&f->fresh, 1);
  double *x = sample_column(&f->fresh, "x", WSF__KNOWN);
  x[sample_add(&f->fresh, "a", "", "1980", 6)] = 60;
  x[sample_add(&f->fresh, "a", "", "2000", 7)] = 70;
  x[sample_add(&f->fresh, "b", "", "1990", 8)] = 80;
  wsf__panel *fresh = build(f, &f->fresh);
  assert_int_equal(fresh->calendar.step, 1);
  int64_t shift;
  assert_int_equal(wsf__match_calendar(&shift, old, fresh, NULL), WSF_E_DATA);
  assert_int_equal(wsf__match_pace(&own, old, fresh, NULL), WSF_OK);
  assert_non_null(own);
  assert_int_equal(wsf__match_calendar(&shift, old, own, NULL), WSF_OK);
  assert_int_equal(shift, 3);
  assert_int_equal(own->T, 3);
  assert_values(own, 0, 3, (double[]){6, NAN, 7});
  assert_values(own, 1, 1, (double[]){8});
  assert_int_equal(own->first[1], 1);
  assert_true(wsf__panel_value(own, 0, 0, 2) == 70);
  assert_true(wsf__panel_value(own, 0, 1, 1) == 80);
  assert_true(wsf__panel_value(own, 0, 0, 1) == 80); /* shared, as nothing contradicts it */
  wsf__panel_release(own);
  wsf__panel_release(fresh);
  wsf__panel_release(old);
}

/* One time alone could be anything. */
static void one_week_is_a_week(void **state) {
  fixture *f = *state;
  sample_init(&f->old, 0);
  sample_add(&f->old, "", "", "2024-01-05", 1);
  sample_add(&f->old, "", "", "2024-01-12", 2);
  sample_init(&f->fresh, 0);
  sample_add(&f->fresh, "", "", "2024-01-19", 3);
  wsf__panel *old = build(f, &f->old), *fresh = build(f, &f->fresh), *own;
  assert_int_equal(fresh->calendar.freq, WSF__DAY);
  assert_int_equal(wsf__match_pace(&own, old, fresh, NULL), WSF_OK);
  assert_non_null(own);
  assert_int_equal(own->calendar.freq, WSF__WEEK);
  assert_values(own, 0, 1, (double[]){3});
  wsf__panel_release(own);
  wsf__panel_release(fresh);
  wsf__panel_release(old);
}

/* Dates of weeks fall on days, but a week's total is no day's. */
static void weeks_are_no_days(void **state) {
  fixture *f = *state;
  sample_init(&f->old, 0);
  for (int i = 1; i < 4; ++i) {
    char time[32];
    (void)snprintf(time, sizeof time, "2024-01-0%d", i);
    sample_add(&f->old, "", "", time, i);
  }
  sample_init(&f->fresh, 0);
  static const char *const fridays[] = {"2024-01-05", "2024-01-12", "2024-01-19", "2024-01-26"};
  for (int i = 0; i < 4; ++i) sample_add(&f->fresh, "", "", fridays[i], 30 + i);
  wsf__panel *old = build(f, &f->old), *fresh = build(f, &f->fresh), *own;
  assert_int_equal(fresh->calendar.freq, WSF__WEEK);
  assert_int_equal(wsf__match_pace(&own, old, fresh, NULL), WSF_OK);
  assert_null(own);
  wsf__panel_release(fresh);
  wsf__panel_release(old);
}

/* News of one store alone whose weeks end on another day than most. */
static void weeks_of_a_store_go_where_they_went(void **state) {
  fixture *f = *state;
  static const char *const day[2][3] = {{"2024-01-05", "2024-01-12", "2024-01-19"},
                                        {"2024-01-03", "2024-01-10", "2024-01-17"}};
  sample_init(&f->old, 1);
  for (int i = 0; i < 3; ++i) {
    sample_add(&f->old, "a", "", day[0][i], i);
    sample_add(&f->old, "b", "", day[1][i], i);
  }
  sample_add(&f->old, "a", "", "2024-01-26", 3);
  wsf__panel *old = build(f, &f->old), *own;
  assert_true(old->moved);
  sample_init(&f->fresh, 1);
  sample_add(&f->fresh, "b", "", "2024-01-24", 3);
  wsf__panel *fresh = build(f, &f->fresh);
  assert_int_equal(wsf__match_pace(&own, old, fresh, NULL), WSF_OK);
  assert_non_null(own);
  int64_t shift;
  assert_int_equal(wsf__match_calendar(&shift, old, own, NULL), WSF_OK);
  assert_int_equal(shift, 3);
  wsf__panel_release(own);
  wsf__panel_release(fresh);
  sample_add(&f->fresh, "b", "", "2024-01-31", 4);
  fresh = build(f, &f->fresh);
  assert_int_equal(wsf__match_calendar(&shift, old, fresh, NULL), WSF_OK);
  assert_int_equal(shift, 3);
  old->moved = false;
  assert_int_equal(wsf__match_calendar(&shift, old, fresh, NULL), WSF_E_DATA);
  wsf__panel_release(fresh);
  wsf__panel_release(old);
}

static void what_falls_between_is_refused(void **state) {
  fixture *f = *state;
  wsf__panel *old = decades(f), *own;
  static const char *const times[][2] = {{"1985", "1990"}, {"1980", "1985"}, {"1981", "1982"}};
  for (int k = 0; k < 3; ++k) {
    sample_init(&f->fresh, 1);
    for (int i = 0; i < 2; ++i) sample_add(&f->fresh, "a", "", times[k][i], i);
    wsf__panel *fresh = build(f, &f->fresh);
    assert_int_equal(wsf__match_pace(&own, old, fresh, NULL), WSF_OK);
    assert_null(own);
    wsf__panel_release(fresh);
  }
  assert_int_equal(wsf__match_pace(&own, old, old, NULL), WSF_OK);
  assert_null(own); /* nothing to do */
  wsf__panel_release(old);
}

/* A history of some periods and a feed: on the history's calendar, with so many rows off it; or
 * none. */
static void feed(fixture *f, const char *const history[], const char *const fresh[], int32_t freq,
                 int64_t periods, int64_t off) {
  wsf_error err;
  wsf__panel *p = NULL, *own;
  wsf__panel_rules rules = sample_rules;
  sample_init(&f->old, 1);
  sample_init(&f->fresh, 1);
  for (int i = 0; history[i]; ++i) sample_add(&f->old, "a", "", history[i], i);
  for (int i = 0; fresh[i]; ++i) sample_add(&f->fresh, "a", "", fresh[i], 10 + i);
  wsf__panel *old = build(f, &f->old);
  rules.freq = freq;
  assert_int_equal(wsf__panel_build(&p, &f->env, &f->fresh.rows, &rules, NULL, &err), WSF_OK);
  assert_true(old->calendar.freq != p->calendar.freq);
  assert_int_equal(wsf__match_pace(&own, old, p, NULL), WSF_OK);
  assert_true((own != NULL) == (periods > 0));
  if (own) {
    int64_t shift;
    assert_int_equal(wsf__match_calendar(&shift, old, own, NULL), WSF_OK);
    assert_int_equal(own->T, periods);
    assert_int_equal(own->off_calendar ? own->off_calendar[0] : 0, off);
  }
  wsf__panel_release(own);
  wsf__panel_release(p);
  wsf__panel_release(old);
}

static void feeds_take_the_frequency_that_is_known(void **state) {
  fixture *f = *state;
  static const char *const days[] = {"2023-02-25", "2023-02-26", "2023-02-27", "2023-02-28", NULL};
  static const char *const business[] = {"2023-02-23", "2023-02-24", "2023-02-27", "2023-02-28",
                                         NULL};
  static const char *const months[] = {"2022-10-01", "2022-11-01", "2022-12-01", NULL};
  static const char *const friday[] = {"2023-03-03", "2023-03-06", NULL};
  static const char *const thursdays[] = {"2023-03-02", "2023-03-09", "2023-03-16", NULL};
  static const char *const week[] = {"2023-03-06", "2023-03-07", "2023-03-08", "2023-03-09",
                                     "2023-03-10", "2023-03-11", NULL};
  static const char *const saturdays[] = {"2023-03-04", "2023-03-05", NULL};
  static const char *const quarter[] = {"2023-01-01", "2023-04-01", NULL};
  static const char *const year[] = {"2023-01-01", "2024-01-01", NULL};
  static const char *const weeks[] = {"2023-03-02", "2023-03-09", "2023-03-16", "2023-03-23", NULL};
  feed(f, days, friday, 0, 4, 0);
  feed(f, days, thursdays, 0, 15, 0); /* so few tell nothing */
  feed(f, days, thursdays, WSF__WEEK, 0, 0);
  feed(f, days, weeks, 0, 0, 0); /* totals of weeks */
  feed(f, business, thursdays, 0, 11, 0);
  feed(f, days, friday, WSF__BUSINESS, 0, 0);
  feed(f, business, week, 0, 5, 1); /* the Saturday is left out */
  feed(f, business, saturdays, 0, 0, 0);
  feed(f, months, quarter, 0, 4, 0);
  feed(f, months, year, 0, 13, 0);
  feed(f, months, week, 0, 0, 0);
}

static void every_allocation_may_fail(void **state) {
  fixture *f = *state;
  wsf__panel *old = decades(f);
  sample_init(&f->fresh, 1);
  sample_column(&f->fresh, "x", WSF__KNOWN)[sample_add(&f->fresh, "a", "", "1980", 6)] = 60;
  int64_t k = 0;
  for (bool done = false; !done && k < 1000; ++k) {
    failing a = {k, 0};
    wsf__env env;
    if (!wsf__env_init(&env, &(wsf__alloc){failing_resize, &a})) continue;
    wsf__panel *fresh = NULL, *own = NULL;
    wsf_status status = wsf__panel_build(&fresh, &env, &f->fresh.rows, &sample_rules, NULL, NULL);
    if (status == WSF_OK) status = wsf__match_pace(&own, old, fresh, NULL);
    done = status == WSF_OK;
    assert_true(done ? own != NULL : status == WSF_E_MEMORY && !own);
    wsf__panel_release(own);
    wsf__panel_release(fresh);
    wsf__env_free(&env);
    assert_int_equal(a.blocks, 0);
  }
  assert_true(k > 10 && k < 1000);
  wsf__panel_release(old);
}

int test_recast(void) {
#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
  const struct CMUnitTest tests[] = {
      WITH(rows_take_the_step_that_is_known),
      WITH(one_week_is_a_week),
      WITH(weeks_are_no_days),
      WITH(weeks_of_a_store_go_where_they_went),
      WITH(what_falls_between_is_refused),
      WITH(feeds_take_the_frequency_that_is_known),
      WITH(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
