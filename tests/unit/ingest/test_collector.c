#include "rows_options.h"

#include <math.h>

static wsf__env env;
static wsf__arena arena;

static int setup(void **state) {
  (void)state;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  return wsf__env_init(&env, &wsf__alloc_libc) ? 0 : -1;
}

static int teardown(void **state) {
  (void)state;
  wsf__arena_free(&arena);
  wsf__env_free(&env);
  return 0;
}

static wsf__collector *collector(const char *options) {
  wsf__collector *c = NULL;
  wsf_error err;
  if (wsf__collector_create(&c, &env, rows_options(&arena, options), &err) != WSF_OK) {
    fail_msg("%s", err.message);
  }
  return c;
}

static void add(wsf__collector *c, const char *key, const char *time, double y, double x) {
  wsf_error err;
  if (wsf__collector_add(c, &key, time, y, &x, &err) != WSF_OK) fail_msg("%s", err.message);
}

static wsf__panel *finish(wsf__collector *c) {
  wsf__panel *p = NULL;
  wsf_error err;
  if (wsf__collector_finish(&p, c, &err) != WSF_OK) fail_msg("%s", err.message);
  return p;
}

static void test_rows_become_a_panel(void **state) {
  (void)state;
  wsf__collector *c =
      collector("keys=store, time=day, target=sales, known=promo, freq=week, holiday=promo, "
                "holiday_weight=5");
  add(c, "b", "2012-02-10", 4, 1);
  add(c, "a", "2012-02-03", 1, 0);
  add(c, "a", "2012-02-17", NAN, 1); /* known ahead: no target behind the last one */
  add(c, "a", "2012-02-10", 2, 1);
  add(c, "b", "2012-02-17", NAN, 1);
  add(c, "b", "2012-02-03", -3, 0);
  wsf__panel *p = finish(c);
  wsf__collector_free(c); /* the panel stands on its own */
  assert_int_equal(p->n, 2);
  assert_int_equal(p->T, 2);
  assert_int_equal(p->ahead, 1);
  assert_int_equal(p->season, 52);
  assert_string_equal(p->time_name, "day");
  assert_string_equal(p->target_name, "sales");
  assert_string_equal(p->key[0].name, "store");
  assert_string_equal(p->key[0].label[p->key[0].code[0]], "a");
  assert_true(p->y[p->offset[0]] == 1 && p->y[p->offset[0] + 1] == 2);
  assert_true(p->y[p->offset[1]] == -3 && p->y[p->offset[1] + 1] == 4);
  assert_int_equal(p->n_columns, 1);
  assert_int_equal(p->column[0].kind, WSF__KNOWN);
  assert_true(p->column[0].flag);
  assert_true(wsf__panel_value(p, 0, 0, 2) == 1);
  assert_int_equal(p->holiday, 0);
  assert_true(wsf__panel_weight(p, 0, 0) == 1 && wsf__panel_weight(p, 0, 1) == 5);
  assert_non_null(p->report);
  assert_int_equal(wsf_table_i64(p->report, wsf_table_find(p->report, "count"))[0], 6);
  wsf__panel_release(p);
}

static void test_used_again(void **state) {
  (void)state;
  wsf__collector *c = collector("keys=k, time=t, target=y, known=x");
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 300; ++i) {
      char time[16];
      (void)snprintf(time, sizeof time, "%d", i);
      add(c, round == 1 ? "other" : "one", time, i, i * 0.5);
    }
    wsf__panel *p = finish(c);
    assert_int_equal(p->n, 1);
    assert_int_equal(p->length[0], 300);
    assert_string_equal(p->key[0].label[0], round == 1 ? "other" : "one");
    assert_true(p->y[p->offset[0] + 299] == 299);
    wsf__panel_release(p);
  }
  wsf__collector_free(c);
}

static void test_no_keys(void **state) {
  (void)state;
  wsf__collector *c = collector("time=t, target=y, gaps=zero, negatives=zero, end=own");
  assert_int_equal(wsf__collector_add(c, NULL, "2012-01", 1, NULL, NULL), WSF_OK);
  assert_int_equal(wsf__collector_add(c, NULL, "2012-02", -1, NULL, NULL), WSF_OK);
  assert_int_equal(wsf__collector_add(c, NULL, "2012-03", 2, NULL, NULL), WSF_OK);
  assert_int_equal(wsf__collector_add(c, NULL, "2012-05", 3, NULL, NULL), WSF_OK);
  wsf__panel *p = finish(c);
  assert_int_equal(p->n, 1);
  assert_int_equal(p->n_keys, 0);
  assert_int_equal(p->calendar.freq, WSF__MONTH);
  assert_true(p->own_end);
  const double expected[] = {1, 0, 2, 0, 3};
  assert_int_equal(p->length[0], 5);
  assert_memory_equal(p->y + p->offset[0], expected, sizeof expected);
  wsf__panel_release(p);
  wsf__collector_free(c);
}

/* Whole numbers are what a file's are: months, days or seconds where all can be, which is told. */
static void test_whole_times(void **state) {
  (void)state;
  const struct {
    const char *options, *time[3];
    int32_t freq;
    const char *first;
    int64_t T;
    const char *told;
  } of[] = {
      {"", {"202011", "202012", "202101"}, WSF__MONTH, "2020-11-01", 3, "read as months yyyymm"},
      {"", {"20201130", "20201201", "20201202"}, WSF__DAY, "2020-11-30", 3, "days yyyymmdd"},
      {"",
       {"1606694400", "1606698000", "1606701600"},
       WSF__HOUR,
       "2020-11-30T00:00:00",
       3,
       "since"},
      {"freq=integer", {"202011", "202012", "202101"}, WSF__INTEGER, "202011", 91, NULL},
      {"", {"202012", "202013", "202014"}, WSF__INTEGER, "202012", 3, "one is no month"},
      {"dateformat=\"%G%V\"", {"202052", "202053", "202101"}, WSF__WEEK, "2020-12-21", 3, NULL},
      {"dateformat=\"%d/%m/%Y\"",
       {"01/02/2020", "02/02/2020", "03/02/2020"},
       WSF__DAY,
       "2020-02-01",
       3,
       NULL},
      {"", {"1", "2", "3"}, WSF__INTEGER, "1", 3, NULL},
  };
  for (size_t n = 0; n < sizeof of / sizeof *of; ++n) {
    char options[96], text[32];
    (void)snprintf(options, sizeof options, "time=t, target=y%s%s", *of[n].options ? ", " : "",
                   of[n].options);
    wsf__collector *c = collector(options);
    for (int i = 0; i < 3; ++i) {
      wsf_error err;
      if (wsf__collector_add(c, NULL, of[n].time[i], i, NULL, &err) != WSF_OK)
        fail_msg("%s: %s", of[n].time[i], err.message);
    }
    wsf__panel *p = finish(c);
    assert_int_equal(p->calendar.freq, of[n].freq);
    assert_int_equal(p->T, of[n].T);
    wsf__calendar_text(&p->calendar, 0, text);
    assert_string_equal(text, of[n].first);
    const char *doubt = wsf_table_text(p->report, wsf_table_find(p->report, "item"), 0, NULL);
    if (of[n].told) {
      assert_non_null(strstr(doubt, "doubt: whole numbers"));
      assert_non_null(strstr(doubt, of[n].told));
    } else {
      assert_string_equal(doubt, "rows read");
    }
    wsf__panel_release(p);
    wsf__collector_free(c);
  }
  wsf__collector *c = collector("time=t, target=y, dateformat=\"%Y-%m\"");
  wsf_error err;
  assert_int_equal(wsf__collector_add(c, NULL, "202001", 1, NULL, &err), WSF_E_DATA);
  assert_string_equal(err.field, "t");
  assert_non_null(strstr(err.message, "does not follow dateformat"));
  wsf__collector_free(c);
}

static void refused(wsf__collector *c, const char *key, const char *time, double y, double x,
                    const char *field) {
  wsf_error err;
  assert_int_equal(wsf__collector_add(c, &key, time, y, &x, &err), WSF_E_DATA);
  assert_string_equal(err.field, field);
  assert_int_equal(err.row, 2);
  assert_true(err.message[0]);
}

/* A refused row leaves nothing behind, not even its key's label. */
static void test_refused_rows(void **state) {
  (void)state;
  wsf_error err;
  wsf__collector *c = collector("keys=k, time=t, target=y, known=x");
  add(c, "one", "2012-02-03", 1, 1);
  refused(c, "", "2012-02-04", 1, 1, "k");
  refused(c, NULL, "2012-02-04", 1, 1, "k");
  refused(c, "\xff", "2012-02-04", 1, 1, "k");
  refused(c, "two", "2012-13-04", 1, 1, "t");
  refused(c, "two", "tomorrow", 1, 1, "t");
  refused(c, "two", NULL, 1, 1, "t");
  refused(c, "two", "7", 1, 1, "t");
  refused(c, "two", "2012-02-04", INFINITY, 1, "y");
  refused(c, "two", "2012-02-04", 1, -INFINITY, "x");
  const char *key = "one";
  const double x = 1;
  assert_int_equal(wsf__collector_add(c, NULL, "2012-02-04", 1, &x, &err), WSF_E_ARGUMENT);
  assert_int_equal(wsf__collector_add(c, &key, "2012-02-04", 1, NULL, &err), WSF_E_ARGUMENT);
  add(c, "one", "2012-02-04T00:00:00", 2, NAN); /* a date and a time of day go together */
  wsf__panel *p = finish(c);
  assert_int_equal(p->n, 1);
  assert_int_equal(p->key[0].n_labels, 1);
  assert_int_equal(p->calendar.form, WSF__FORM_TIME);
  wsf__panel_release(p);
  wsf__collector_free(c);
}

static void test_refused_sets(void **state) {
  (void)state;
  wsf_error err;
  wsf__panel *p = NULL;
  wsf__collector *c = collector("keys=k, time=t, target=y, known=x, weight=w");
  assert_int_equal(wsf__collector_finish(&p, c, &err), WSF_E_DATA); /* no rows */
  add(c, "one", "1", 1, 1);
  add(c, "one", "1", 1, 1);
  assert_int_equal(wsf__collector_finish(&p, c, &err), WSF_E_DATA); /* duplicates */
  add(c, "one", "1", 1, 1);
  assert_int_equal(wsf__collector_finish(&p, c, &err), WSF_E_VALUE); /* no column w */
  assert_string_equal(err.field, "w");
  assert_null(p);
  wsf__collector_free(c);
  static const char *const twice[] = {"keys=[a,a], time=t, target=y", "keys=t, time=t, target=y",
                                      "time=t, target=t", "time=t, target=y, known=[x,y]"};
  for (size_t i = 0; i < sizeof twice / sizeof *twice; ++i) {
    assert_int_equal(wsf__collector_create(&c, &env, rows_options(&arena, twice[i]), &err),
                     WSF_E_VALUE);
    assert_null(c);
  }
}

/* The order of the values in a row is that of known, past and static. */
static void test_roles(void **state) {
  (void)state;
  wsf_error err;
  wsf__collector *c = collector("time=t, target=y, static=s, past=p, known=[k, l]");
  const double row[] = {1, 2, 3, 4};
  assert_int_equal(wsf__collector_add(c, NULL, "1", 5, row, &err), WSF_OK);
  wsf__panel *p = finish(c);
  static const char *const name[] = {"k", "l", "p", "s"};
  static const int kind[] = {WSF__KNOWN, WSF__KNOWN, WSF__PAST, WSF__STATIC};
  for (int i = 0; i < 4; ++i) {
    assert_string_equal(p->column[i].name, name[i]);
    assert_int_equal(p->column[i].kind, kind[i]);
    assert_true(wsf__panel_value(p, i, 0, 0) == row[i]);
  }
  wsf__panel_release(p);
  wsf__collector_free(c);
  c = collector(
      "keys=k, time=t, target=y, static=s, columns=[k, t, x, y, s, z]"); /* as a file has */
  const char *key = "a";
  assert_int_equal(wsf__collector_add(c, &key, "1", 5, row, &err), WSF_OK);
  p = finish(c);
  static const char *const taken[] = {"s", "x", "z"};
  assert_int_equal(p->n_columns, 3);
  for (int i = 0; i < 3; ++i) {
    assert_string_equal(p->column[i].name, taken[i]);
    assert_int_equal(p->column[i].kind, i == 0 ? WSF__STATIC : WSF__PAST);
    assert_true(wsf__panel_value(p, i, 0, 0) == row[i]);
  }
  wsf__panel_release(p);
  wsf__collector_free(c);
  c = collector("time=t, known=k");
  assert_int_equal(wsf__collector_add(c, NULL, "7", NAN, row, &err), WSF_OK);
  p = finish(c);
  assert_int_equal(p->T, 0);
  assert_int_equal(p->ahead, 1);
  wsf__panel_release(p);
  wsf__collector_free(c);
}

static void test_duplicates(void **state) {
  (void)state;
  static const char *const rule[] = {"sum", "last"};
  for (int k = 0; k < 2; ++k) {
    char options[64];
    (void)snprintf(options, sizeof options, "time=t, target=y, duplicates=%s", rule[k]);
    wsf__collector *c = collector(options);
    assert_int_equal(wsf__collector_add(c, NULL, "1", 2, NULL, NULL), WSF_OK);
    assert_int_equal(wsf__collector_add(c, NULL, "1", 5, NULL, NULL), WSF_OK);
    wsf__panel *p = finish(c);
    assert_true(p->y[p->offset[0]] == (k == 0 ? 7 : 5));
    wsf__panel_release(p);
    wsf__collector_free(c);
  }
}

typedef struct budget {
  int left;
} budget;

static void *limited(void *user, void *ptr, size_t old_size, size_t new_size) {
  budget *b = user;
  if (new_size > 0 && b->left-- <= 0) return NULL;
  return wsf__alloc_libc.resize(NULL, ptr, old_size, new_size);
}

static void test_allocation_failures(void **state) {
  (void)state;
  const wsf__node *options = rows_options(&arena, "keys=k, time=t, target=y, known=x");
  wsf_status status = WSF_E_MEMORY;
  for (int k = 0; status != WSF_OK; ++k) {
    budget b = {k};
    const wsf__alloc a = {limited, &b};
    wsf__env small;
    if (!wsf__env_init(&small, &a)) continue;
    wsf__collector *c = NULL;
    wsf__panel *p = NULL;
    wsf_error err;
    status = wsf__collector_create(&c, &small, options, &err);
    for (int i = 0; i < 200 && status == WSF_OK; ++i) {
      char text[16];
      (void)snprintf(text, sizeof text, "%d", i);
      const char *key = text;
      const double x = i;
      status = wsf__collector_add(c, &key, text, i, &x, &err);
    }
    if (status == WSF_OK) status = wsf__collector_finish(&p, c, &err);
    assert_true(status == WSF_OK || status == WSF_E_MEMORY);
    wsf__panel_release(p);
    wsf__collector_free(c);
    wsf__env_free(&small);
    assert_true(k < 2000);
  }
}

int test_collector(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rows_become_a_panel),
      cmocka_unit_test(test_used_again),
      cmocka_unit_test(test_no_keys),
      cmocka_unit_test(test_whole_times),
      cmocka_unit_test(test_refused_rows),
      cmocka_unit_test(test_refused_sets),
      cmocka_unit_test(test_roles),
      cmocka_unit_test(test_duplicates),
      cmocka_unit_test(test_allocation_failures),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
