/* resample: longer periods, by hand and against a recomputation from the days. */
#include "data_support.h"

#include "calendar/coarser.h"

static wsf__env *env;

static wsf_status opened(wsf__panel **out, const char *rows, const char *roles, const char *step,
                         wsf_error *err) {
  char text[1024];
  char *path = file_of(rows, strlen(rows));
  (void)snprintf(text, sizeof text, "csv(\"%s\", %s) | %s", path, roles, step);
  const wsf_status status = open_data(out, env, text, err);
  (void)unlink(path);
  free(path);
  return status;
}

static wsf__panel *resampled(const char *rows, const char *roles, const char *step) {
  wsf__panel *p;
  wsf_error err;
  if (opened(&p, rows, roles, step, &err) != WSF_OK) fail_msg("%s: %s", step, err.message);
  return p;
}

static void assert_first(const wsf__panel *p, const char *text) {
  char first[32];
  wsf__calendar_text(&p->calendar, 0, first);
  assert_string_equal(first, text);
}

/* 2024-01-01 was a Monday. Series B begins on the second Wednesday, C misses a day. */
static char *days(void) {
  static char text[8192];
  size_t used = (size_t)snprintf(text, sizeof text, "shop,date,y,price,promo,event,w\n");
  for (int d = 3; d <= 31; ++d) {
    const char *event = d == 10 ? "Fair" : d == 12 ? "Cup" : "";
    used += (size_t)snprintf(text + used, sizeof text - used, "A,2024-01-%02d,%d,%d,%d,%s,2\n", d,
                             d, d < 15 ? 4 : 8, d == 9, event);
    if (d >= 10)
      used += (size_t)snprintf(text + used, sizeof text - used, "B,2024-01-%02d,100,1,0,,1\n", d);
    if (d != 16)
      used += (size_t)snprintf(text + used, sizeof text - used, "C,2024-01-%02d,1,1,0,,1\n", d);
  }
  return text;
}
static const char *const DAILY =
    "keys=shop, time=date, target=y, freq=day, known=[promo,price,event], weight=w, past=[w]";

static double y_of(const wsf__panel *p, int64_t i, int64_t period) {
  const int64_t at = period - p->first[i];
  return at < 0 || at >= p->length[i] ? NAN : p->y[p->offset[i] + at];
}

static double x_of(const wsf__panel *p, const char *column, int64_t i, int64_t period) {
  return wsf__panel_value(p, wsf__panel_find_column(p, column), i, period);
}

static void test_weeks_of_days(void **state) {
  (void)state;
  wsf__panel *p = resampled(days(), DAILY, "resample(freq=week)");
  /* Jan 3 to 7 and Jan 29 to 31 are parts of weeks. */
  assert_int_equal(p->T, 3);
  assert_first(p, "2024-01-14");
  assert_int_equal(p->season, 52);
  assert_int_equal(reported(p, "partial periods left out"), 2);
  assert_true(y_of(p, 0, 0) == 8 + 9 + 10 + 11 + 12 + 13 + 14);
  assert_true(y_of(p, 0, 1) == 7 * 18 && y_of(p, 0, 2) == 7 * 25);
  assert_true(y_of(p, 1, 0) == 500 && y_of(p, 1, 1) == 700); /* before its beginning: nothing */
  assert_true(y_of(p, 2, 0) == 7 && isnan(y_of(p, 2, 1)) && y_of(p, 2, 2) == 7);
  assert_int_equal(reported(p, "periods missing, as a shorter one is"), 1);
  assert_true(x_of(p, "price", 0, 0) == 4 && x_of(p, "price", 0, 1) == 8);
  assert_true(x_of(p, "promo", 0, 0) == 1 && x_of(p, "promo", 0, 1) == 0);
  assert_true(p->column[wsf__panel_find_column(p, "promo")].flag);
  const wsf__column *event = &p->column[wsf__panel_find_column(p, "event")];
  assert_string_equal(event->category[(int)x_of(p, "event", 0, 0)], "Cup");
  assert_true(isnan(x_of(p, "event", 0, 1)));
  assert_true(x_of(p, "w", 0, 0) == 14 && x_of(p, "w", 2, 1) == 6);
  wsf__panel_release(p);
}

static void test_rules(void **state) {
  (void)state;
  wsf__panel *p = resampled(days(), DAILY, "resample(freq=week, missing=skip)");
  assert_true(y_of(p, 2, 1) == 6);
  wsf__panel_release(p);
  p = resampled(days(), DAILY,
                "resample(freq=week, how=mean, missing=skip, sum=promo, last=price)");
  assert_true(y_of(p, 0, 0) == 11 && y_of(p, 1, 0) == 100 && y_of(p, 2, 1) == 1);
  assert_true(x_of(p, "promo", 0, 0) == 1 && x_of(p, "price", 0, 0) == 4);
  assert_false(p->column[wsf__panel_find_column(p, "promo")].flag);
  wsf__panel_release(p);
  p = resampled(days(), DAILY, "resample(freq=week, how=last)");
  assert_true(y_of(p, 0, 0) == 14 && y_of(p, 2, 1) == 1);
  wsf__panel_release(p);
  p = resampled(days(), DAILY, "resample(freq=week, partial=keep)");
  assert_int_equal(p->T, 5);
  assert_first(p, "2024-01-07");
  assert_true(y_of(p, 0, 0) == 3 + 4 + 5 + 6 + 7 && y_of(p, 0, 4) == 29 + 30 + 31);
  assert_true(x_of(p, "price", 0, 4) == 8);
  wsf__panel_release(p);
  p = resampled(days(), DAILY, "resample(freq=week, anchor=wednesday)");
  assert_first(p, "2024-01-10"); /* Thursday 4 to Wednesday 10: whole */
  assert_true(y_of(p, 0, 0) == 7 * 7 && p->T == 4);
  wsf__panel_release(p);
  p = resampled(days(), DAILY, "resample(freq=month, partial=keep, season=6)");
  assert_first(p, "2024-01-31");
  assert_true(p->T == 1 && p->season == 6 && y_of(p, 0, 0) == 29 * 17);
  assert_int_equal(reported(p, "partial periods kept"), 1);
  wsf__panel_release(p);
}

/* Weeks that end on Fridays: that of February 3 holds 4 days of January. */
static void test_months_of_weeks(void **state) {
  (void)state;
  static const char *const rows = "week,y,flag\n2012-01-06,70,0\n2012-01-13,70,0\n2012-01-20,70,0\n"
                                  "2012-01-27,70,0\n2012-02-03,7,1\n2012-02-10,14,0\n"
                                  "2012-02-17,14,0\n2012-02-24,14,0\n2012-03-02,70,0\n";
  static const char *const roles = "time=week, target=y, freq=week, known=flag";
  wsf__panel *p = resampled(rows, roles, "resample(freq=month)");
  assert_int_equal(p->T, 2); /* of December the data has one day, of March two */
  assert_first(p, "2012-01-31");
  assert_int_equal(p->season, 12);
  assert_int_equal(reported(p, "periods split by days"), 3);
  /* 3 of 7 days of the first week, 5 of the last: Feb 25 to 29 of Feb 25 to Mar 2 */
  assert_true(fabs(y_of(p, 0, 1) - (3 + 42 + 50)) < 1e-12);
  assert_true(x_of(p, "flag", 0, 0) == 1 && x_of(p, "flag", 0, 1) == 1);
  wsf__panel_release(p);
  p = resampled(rows, roles, "resample(freq=month, partial=keep)");
  assert_int_equal(p->T, 4); /* Dec 31 belongs to the first week */
  assert_true(fabs(y_of(p, 0, 0) - 10) < 1e-12);
  assert_true(fabs(y_of(p, 0, 1) - (60 + 210 + 4)) < 1e-12);
  assert_true(x_of(p, "flag", 0, 1) == 1 && x_of(p, "flag", 0, 2) == 1);
  double sum = 0;
  for (int64_t t = 0; t < p->T; ++t) sum += y_of(p, 0, t);
  assert_true(fabs(sum - 399) < 1e-12); /* splitting loses nothing */
  wsf__panel_release(p);
}

static void test_years_and_hours(void **state) {
  (void)state;
  static char months[2048];
  size_t used = (size_t)snprintf(months, sizeof months, "m,y\n");
  for (int m = 0; m < 30; ++m) {
    used += (size_t)snprintf(months + used, sizeof months - used, "%d-%02d-01,%d\n", 2020 + m / 12,
                             m % 12 + 1, m);
  }
  wsf__panel *p = resampled(months, "time=m, target=y, freq=month", "resample(freq=quarter)");
  assert_first(p, "2020-03-31");
  assert_true(p->T == 10 && y_of(p, 0, 0) == 3 && y_of(p, 0, 9) == 27 + 28 + 29);
  wsf__panel_release(p);
  p = resampled(months, "time=m, target=y, freq=month", "resample(freq=year, anchor=january)");
  assert_first(p, "2021-01-31");
  assert_true(p->T == 2 && y_of(p, 0, 0) == 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12);
  wsf__panel_release(p);
  static char hours[4096];
  used = (size_t)snprintf(hours, sizeof hours, "t,y\n");
  for (int h = 5; h < 80; ++h) {
    used += (size_t)snprintf(hours + used, sizeof hours - used, "2024-02-%02dT%02d:00,%d\n",
                             1 + h / 24, h % 24, h);
  }
  p = resampled(hours, "time=t, target=y, freq=hour", "resample(freq=day, how=mean)");
  assert_first(p, "2024-02-02");
  assert_int_equal(p->calendar.form, WSF__FORM_DATE);
  assert_true(p->T == 2 && y_of(p, 0, 0) == 35.5 && y_of(p, 0, 1) == 59.5);
  wsf__panel_release(p);
}

static void test_refusals(void **state) {
  (void)state;
  static const char *const week = "t,y\n2012-01-06,7\n2012-01-13,7\n2012-01-20,8\n";
  static const struct {
    const char *roles, *step, *message;
  } bad[] = {
      {"time=t, target=y, freq=week", "resample(freq=day)",
       "there is one time every week, expected shorter periods than a day"},
      {"time=t, target=y, freq=week", "resample(freq=month)",
       "the history holds no whole month, expected at least one (or partial=keep)"},
      {"time=t, target=y, freq=week", "resample(freq=month, anchor=june)",
       "anchor is june; none was expected for freq=month"},
      {"time=t, target=y, freq=week", "resample(freq=year, anchor=sunday)",
       "anchor is sunday; a month was expected for freq=year"},
      {"time=t, target=y, freq=week", "resample(freq=month, sum=z)",
       "sum names \"z\", which is no column of numbers that runs in time; the data has no column"},
      {"target=y", "resample(freq=year)",
       "the times are whole numbers, which have no weeks or months; expected dates"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    wsf__panel *p;
    wsf_error err;
    assert_int_not_equal(opened(&p, week, bad[i].roles, bad[i].step, &err), WSF_OK);
    assert_null(p);
    assert_string_equal(err.message, bad[i].message);
  }
}

/* ---- properties ---------------------------------------------------------------------------- */

static wsf__panel *m5(const char *steps) {
  char text[4608];
  wsf_error err;
  wsf__panel *p;
  (void)snprintf(text, sizeof text, "m5(\"%s/m5\")%s", data_folder(), steps);
  if (open_data(&p, env, text, &err) != WSF_OK) fail_msg("%s (%s)", err.message, err.file);
  return p;
}

/* Month after month from the days, by the civil date of each day. */
static void test_months_of_m5(void **state) {
  (void)state;
  (void)skip_without_data();
  wsf__panel *daily = m5(""), *monthly = m5(" | resample(freq=month)");
  assert_int_equal(monthly->n, daily->n);
  int64_t compared = 0;
  for (int64_t i = 0; i < daily->n; ++i) {
    double sum[600] = {0};
    int64_t seen[600] = {0};
    for (int64_t t = daily->first[i]; t < daily->T; ++t) {
      int64_t year;
      int month, day;
      wsf__civil_from_days(wsf__calendar_value(&daily->calendar, t), &year, &month, &day);
      sum[(year - 2011) * 12 + month - 1] += y_of(daily, i, t);
      ++seen[(year - 2011) * 12 + month - 1];
    }
    for (int64_t t = 0; t < monthly->T; ++t) {
      int64_t year;
      int month, day;
      wsf__civil_from_days(wsf__calendar_value(&monthly->calendar, t), &year, &month, &day);
      const int64_t m = (year - 2011) * 12 + month - 1;
      if (seen[m] < 28) continue;
      assert_true(y_of(monthly, i, t) == sum[m]); /* whole numbers: exact */
      ++compared;
    }
  }
  assert_first(monthly, "2011-02-28"); /* the days begin on January 29 */
  assert_int_equal(compared, 70 * 63); /* to April 2016 */
  assert_int_equal(monthly->T, 63);
  wsf__panel_release(daily);
  wsf__panel_release(monthly);
}

static void assert_same_target(const wsf__panel *a, const wsf__panel *b) {
  assert_int_equal(a->n, b->n);
  assert_int_equal(a->T, b->T);
  assert_int_equal(a->calendar.origin, b->calendar.origin);
  assert_int_equal(a->ahead, b->ahead);
  for (int64_t i = 0; i < a->n; ++i) {
    assert_int_equal(a->length[i], b->length[i]);
    for (int64_t t = 0; t < a->T; ++t) {
      const double x = y_of(a, i, t), y = y_of(b, i, t);
      assert_true(x == y || (isnan(x) && isnan(y)));
    }
  }
}

/* A step over months that are whole in quarters and years goes the same way in one or two. */
static void test_resample_of_a_resample(void **state) {
  (void)state;
  (void)skip_without_data();
  wsf__panel *a = m5(" | resample(freq=quarter)");
  wsf__panel *b = m5(" | resample(freq=month) | resample(freq=quarter)");
  assert_same_target(a, b);
  wsf__panel_release(a);
  wsf__panel_release(b);
  a = m5(" | resample(freq=year, how=last)");
  b = m5(" | resample(freq=month, how=last) | resample(freq=year, how=last)");
  assert_same_target(a, b);
  wsf__panel_release(a);
  wsf__panel_release(b);
}

static double total_of(const wsf__panel *p, int64_t i) {
  double sum = 0;
  for (int64_t t = 0; t < p->length[i]; ++t) sum += p->y[p->offset[i] + t];
  return sum;
}

/* With its parts kept, every calendar holds the same units: a partition of the days. */
static void test_partition(void **state) {
  (void)state;
  (void)skip_without_data();
  static const char *const freq[] = {"week, anchor=tuesday", "month", "quarter, anchor=january",
                                     "year"};
  wsf__panel *daily = m5("");
  for (size_t k = 0; k < sizeof freq / sizeof *freq; ++k) {
    char step[96];
    (void)snprintf(step, sizeof step, " | resample(freq=%s, partial=keep)", freq[k]);
    wsf__panel *p = m5(step);
    assert_int_equal(p->n, daily->n);
    for (int64_t i = 0; i < p->n; ++i) assert_true(total_of(p, i) == total_of(daily, i));
    wsf__panel_release(p);
  }
  wsf__panel_release(daily);
}

/* Sums of weeks are weeks of sums. */
static void test_with_sums(void **state) {
  (void)state;
  (void)skip_without_data();
  wsf__panel *a = m5(" | aggregate(levels=[[],[store_id]]) | resample(freq=week)");
  wsf__panel *b = m5(" | resample(freq=week) | aggregate(levels=[[],[store_id]])");
  assert_int_equal(a->n, 70 + 10 + 1);
  assert_same_target(a, b);
  assert_non_null(a->members.start);
  assert_memory_equal(a->members.start, b->members.start, (size_t)(a->n + 1) * sizeof(int64_t));
  assert_memory_equal(a->members.member, b->members.member,
                      (size_t)a->members.start[a->n] * sizeof(int32_t));
  wsf__panel_release(a);
  wsf__panel_release(b);
}

static int setup(void **state) {
  const int failed = env_setup(state);
  env = *state;
  return failed;
}

int test_resample(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_weeks_of_days),
      cmocka_unit_test(test_rules),
      cmocka_unit_test(test_months_of_weeks),
      cmocka_unit_test(test_years_and_hours),
      cmocka_unit_test(test_refusals),
      cmocka_unit_test(test_months_of_m5),
      cmocka_unit_test(test_partition),
      cmocka_unit_test(test_with_sums),
      cmocka_unit_test(test_resample_of_a_resample),
  };
  return cmocka_run_group_tests(tests, setup, env_teardown);
}
