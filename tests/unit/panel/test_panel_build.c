#include "sample.h"

#include <time.h>

typedef struct fixture {
  wsf__env env;
  sample s;
} fixture;

static int setup(void **state) {
  fixture *f = malloc(sizeof *f);
  if (!f || !wsf__env_init(&f->env, &wsf__alloc_libc)) return -1;
  sample_init(&f->s, 2);
  *state = f;
  return 0;
}

static int teardown(void **state) {
  fixture *f = *state;
  wsf__env_free(&f->env);
  free(f);
  return 0;
}

static wsf__panel *build(fixture *f, const wsf__panel_rules *rules, wsf__panel_counts *counts) {
  wsf__panel *p = NULL;
  wsf_error err;
  wsf__error_clear(&err);
  if (wsf__panel_build(&p, &f->env, &f->s.rows, rules, counts, &err) != WSF_OK) {
    fail_msg("%s", err.message);
  }
  return p;
}

static void rows_become_series(void **state) {
  fixture *f = *state;
  sample_add(&f->s, "10", "x", "2012-02-17", 3);
  sample_add(&f->s, "9", "x", "2012-02-03", NAN); /* leading missing: trimmed */
  sample_add(&f->s, "9", "x", "2012-02-10", -5);
  sample_add(&f->s, "10", "x", "2012-02-03", 1);
  sample_add(&f->s, "9", "x", "2012-02-24", 7);
  sample_add(&f->s, "9", "w", "2012-02-10", NAN); /* never observed: dropped */
  sample_add(&f->s, "9", "x", "2012-03-02", NAN); /* after all: extends ahead */
  wsf__panel_counts counts;
  wsf__panel *p = build(f, &sample_rules, &counts);
  assert_int_equal(p->calendar.freq, WSF__WEEK);
  assert_int_equal(p->season, 52);
  assert_int_equal(p->n, 2);
  assert_int_equal(p->T, 4);
  assert_int_equal(p->ahead, 1);
  assert_false(p->own_end);
  assert_true(p->key[0].integer);
  assert_false(p->key[1].integer);
  assert_int_equal(p->key[1].n_labels, 1);
  char label[32], cut[5];
  wsf__panel_label(p, 0, label, sizeof label);
  assert_string_equal(label, "9/x");
  wsf__panel_label(p, 1, cut, sizeof cut);
  assert_string_equal(cut, "10/x");
  wsf__panel_label(p, 1, cut, 4);
  assert_string_equal(cut, "10/");
  assert_int_equal(p->first[0], 1);
  assert_int_equal(p->first[1], 0);
  assert_values(p, 0, 3, (double[]){-5, NAN, 7});
  assert_values(p, 1, 4, (double[]){1, NAN, 3, NAN});
  assert_int_equal(counts.rows, 7);
  assert_int_equal(counts.gaps, 2);
  assert_int_equal(counts.missing, 1);
  assert_int_equal(counts.negatives, 1);
  assert_int_equal(counts.first_negative, 3);
  assert_int_equal(counts.short_series, 1);
  assert_int_equal(counts.duplicates + counts.off_calendar, 0);
  wsf__panel_release(p);
}

static void rules_change_values(void **state) {
  fixture *f = *state;
  sample_add(&f->s, "1", "1", "5", 2);
  sample_add(&f->s, "1", "1", "8", -1);
  sample_add(&f->s, "1", "1", "5", 4);
  sample_add(&f->s, "1", "1", "5", NAN);
  sample_add(&f->s, "2", "1", "7", 1);
  wsf__panel_counts counts;
  wsf__panel_rules rules = {.duplicates = WSF__DUP_SUM,
                            .gaps_zero = true,
                            .negatives_zero = true,
                            .own_end = -1,
                            .min_obs = 2,
                            .freq = WSF__MONTH};
  wsf__panel *p = build(f, &rules, &counts);
  assert_int_equal(p->season, 12);
  assert_int_equal(p->calendar.form, WSF__FORM_INTEGER);
  assert_true(p->own_end);
  assert_values(p, 0, 4, (double[]){6, 0, 0, 0});
  assert_values(p, 1, 1, (double[]){1});
  assert_int_equal(counts.duplicates, 2);
  assert_int_equal(counts.first_duplicate, 3);
  assert_int_equal(counts.gaps, 2);
  assert_int_equal(counts.short_series, 1);
  wsf__panel_release(p);
  rules.duplicates = WSF__DUP_LAST;
  rules.own_end = 0;
  rules.gaps_zero = rules.negatives_zero = false;
  rules.season = 4;
  p = build(f, &rules, NULL);
  assert_int_equal(p->season, 4);
  assert_values(p, 0, 1, (double[]){-1}); /* the last row of 5 is missing */
  assert_int_equal(p->T, 2);
  assert_values(p, 1, 2, (double[]){1, NAN});
  wsf__panel_release(p);
}

static void duplicates_are_named(void **state) {
  fixture *f = *state;
  const int64_t lines[] = {2, 3, 4, 5, 6};
  sample_add(&f->s, "3", "7", "2012-02-03", 1);
  sample_add(&f->s, "3", "8", "2012-02-03", 2);
  sample_add(&f->s, "3", "8", "2012-02-10", 2);
  sample_add(&f->s, "3", "8", "2012-02-10", 2);
  sample_add(&f->s, "3", "7", "2012-02-03", 1);
  f->s.rows.line = lines;
  f->s.rows.file = "sales.csv";
  wsf__panel *p;
  wsf_error err;
  assert_int_equal(wsf__panel_build(&p, &f->env, &f->s.rows, &sample_rules, NULL, &err),
                   WSF_E_DATA);
  assert_null(p);
  assert_int_equal(err.row, 5);
  assert_string_equal(err.file, "sales.csv");
  assert_string_equal(err.field, "date");
  assert_non_null(strstr(err.message, "a 3, b 8, date 2012-02-10 stands here again after line 4"));
}

static void frequencies_are_inferred(void **state) {
  fixture *f = *state;
  const struct {
    const char *time[4];
    int32_t freq, step;
    int64_t T;
  } cases[] = {
      {{"2012-02-03T00:30", "2012-02-03T01:30", "2012-02-03T02:30", "2012-02-03T05:30"}, 1, 1, 6},
      {{"2012-02-03", "2012-02-04", "2012-02-05", "2012-02-09"}, 2, 1, 7},
      {{"2012-02-03", "2012-02-10", "2012-02-17", "2012-03-02"}, 3, 1, 5},
      {{"2012-01-31", "2012-02-29", "2012-03-31", "2012-04-30"}, 4, 1, 4},
      {{"2012-04-30", "2012-05-30", "2012-06-30", "2013-02-28"}, 4, 1, 11}, /* not the end */
      {{"2011Q4", "2012Q1", "2012Q2", "2012Q3"}, 5, 1, 4},
      {{"2011-12-31", "2012-12-31", "2013-12-31", "2014-12-31"}, 6, 1, 4},
      {{"3", "6", "9", "12"}, 7, 3, 4},
      {{"3", "6", "9", "10"}, 7, 1, 8},
      {{"1950", "1970", "1980", "1990"}, 7, 10, 5},
      {{"2012-02-03T00:45", "2012-02-03T01:00", "2012-02-03T01:15", "2012-02-03T02:15"}, 8, 15, 7},
      {{"2012-02-03T00:30", "2012-02-03T06:30", "2012-02-03T12:30", "2012-02-04T00:30"}, 1, 6, 5},
      {{"2012-02-01", "2012-02-04", "2012-02-07", "2012-02-13"}, 2, 3, 5},
      {{"2012-02-03", "2012-02-17", "2012-03-02", "2012-03-30"}, 3, 2, 5},
      {{"2012-02-03", "2012-02-17", "2012-02-24", "2012-03-09"}, 3, 1, 6}, /* gaps of a week */
      {{"2012-06-30", "2012-12-31", "2013-06-30", "2014-06-30"}, 4, 6, 5},
      {{"2001-07-01", "2006-07-01", "2011-07-01", "2021-07-01"}, 6, 5, 5},
      {{"2012-02-03", "2012-02-06", "2012-02-07", "2012-02-08"}, 9, 1, 4}, /* over a weekend */
      {{"2012-02-02", "2012-02-03", "2012-02-05", "2012-02-06"}, 2, 1, 5}, /* on one */
      {{"2012-08-31", "2012-09-28", "2012-10-31", "2012-11-30"}, 4, 1, 4}, /* business days */
      {{"2012-08-01", "2012-09-03", "2012-10-01", "2012-12-03"}, 4, 1, 5},
      {{"2024-01-31", "2024-02-29", "2024-03-28", "2024-04-30"}, 4, 1, 4}, /* before Good Friday */
      {{"2024-11-01", "2024-12-02", "2025-01-02", "2025-02-03"},
       4,
       1,
       4}, /* after New Year's Day */
      {{"2024-08-16", "2024-09-20", "2024-10-18", "2024-11-15"}, 4, 1, 4}, /* third Fridays */
  };
  for (size_t c = 0; c < sizeof cases / sizeof *cases; ++c) {
    sample_init(&f->s, 1);
    for (int i = 0; i < 4; ++i) sample_add(&f->s, "1", "", cases[c].time[i], i + 1);
    wsf__panel_counts counts;
    wsf__panel *p = build(f, &sample_rules, &counts);
    assert_int_equal(p->calendar.freq, cases[c].freq);
    assert_int_equal(p->calendar.step, cases[c].step);
    assert_int_equal(p->T, cases[c].T);
    assert_int_equal(counts.off_calendar, 0);
    assert_true(p->y[cases[c].T - 1] == 4);
    wsf__panel_release(p);
  }
  sample_init(&f->s, 1);
  for (int i = 0; i < 9; ++i) {
    char time[32];
    (void)snprintf(time, sizeof time, "2012-02-03T00:0%d:%02d", i, 7 * i);
    sample_add(&f->s, "1", "", time, 1);
  }
  wsf__panel *p;
  wsf_error err;
  assert_int_equal(wsf__panel_build(&p, &f->env, &f->s.rows, &sample_rules, NULL, &err),
                   WSF_E_DATA);
  assert_non_null(strstr(err.message, "67 seconds"));
}

/* A day is of its month as long as no other day of the series is; the panel keeps the day that most
 * rows have. */
static void days_name_their_months(void **state) {
  fixture *f = *state;
  static const char *const days[] = {"2024-01-17", "2024-02-29", "2024-03-05", "2024-04-22"};
  const wsf__panel_rules rules = {.freq = WSF__MONTH, .own_end = -1};
  wsf__panel_counts counts;
  sample_init(&f->s, 1);
  for (int i = 0; i < 4; ++i) sample_add(&f->s, "1", "", days[i], i + 1);
  wsf__panel *p = build(f, &rules, &counts);
  assert_int_equal(p->T, 4);
  for (int i = 0; i < 4; ++i) assert_true(p->y[i] == i + 1);
  assert_int_equal(counts.named, 3);
  assert_int_equal(counts.off_calendar, 0);
  wsf__panel_release(p);
  /* two days of March in one series: they keep to the calendar, and the other does not */
  static const char *const ends[] = {"2024-01-31", "2024-02-29", "2024-03-31", "2024-03-28",
                                     "2024-04-30"};
  sample_init(&f->s, 1);
  for (int i = 0; i < 5; ++i) sample_add(&f->s, "1", "", ends[i], i + 1);
  for (int i = 0; i < 5; ++i) {
    if (i != 2) sample_add(&f->s, "2", "", ends[i], i + 1);
  }
  p = build(f, &rules, &counts);
  assert_int_equal(counts.off_calendar, 1);
  assert_int_equal(counts.named, 1);
  assert_true(p->y[p->offset[0] + 2] == 3);
  assert_true(p->y[p->offset[1] + 2] == 4);
  wsf__panel_release(p);
}

/* What was asked for stands, though the times could be read otherwise. */
static void frequencies_may_be_given(void **state) {
  fixture *f = *state;
  sample_init(&f->s, 1);
  for (int i = 0; i < 4; ++i) {
    char time[32];
    (void)snprintf(time, sizeof time, "%d", 10 * i);
    sample_add(&f->s, "1", "", time, i);
  }
  const wsf__panel_rules rules[] = {{.freq = WSF__INTEGER, .own_end = -1},
                                    {.freq = WSF__INTEGER, .step = 5, .own_end = -1},
                                    {.step = 2, .own_end = -1}};
  const int64_t T[] = {31, 7, 16};
  for (int k = 0; k < 3; ++k) {
    wsf__panel *p = build(f, &rules[k], NULL);
    assert_int_equal(p->T, T[k]);
    wsf__panel_release(p);
  }
  wsf__panel *p;
  wsf__panel_counts counts;
  const wsf__panel_rules twenty = {.step = 20, .own_end = -1};
  wsf_error err; /* half of the rows fall on it, which is no majority */
  assert_int_equal(wsf__panel_build(&p, &f->env, &f->s.rows, &twenty, &counts, &err), WSF_E_DATA);
  assert_non_null(strstr(err.message, "20 integers"));
}

static void stray_dates_are_counted(void **state) {
  fixture *f = *state;
  sample_init(&f->s, 0);
  sample_add(&f->s, "", "", "2012-02-02", 100); /* the first, and off the calendar */
  sample_add(&f->s, "", "", "2012-02-10", 2);
  sample_add(&f->s, "", "", "2012-02-03", 1);
  sample_add(&f->s, "", "", "2012-02-17", 3);
  wsf__panel_counts counts;
  wsf__panel_rules rules = {.own_end = -1, .freq = WSF__WEEK};
  wsf__panel *p = build(f, &rules, &counts);
  assert_int_equal(counts.off_calendar, 1);
  assert_int_equal(counts.first_off_calendar, 1);
  assert_string_equal(counts.off_calendar_time, "2012-02-02");
  assert_values(p, 0, 3, (double[]){1, 2, 3});
  wsf__panel_release(p);

  sample_init(&f->s, 0);
  for (int i = 0; i < 8; ++i) {
    char time[32];
    (void)snprintf(time, sizeof time, "2012-02-%02d", 1 + i);
    sample_add(&f->s, "", "", time, 1);
  }
  wsf_error err;
  assert_int_equal(wsf__panel_build(&p, &f->env, &f->s.rows, &rules, NULL, &err), WSF_E_DATA);
  assert_true(err.row > 0);
  assert_non_null(strstr(err.message, "week"));

  sample_init(&f->s, 0); /* month ends with one stray day */
  sample_add(&f->s, "", "", "2012-01-15", 9);
  sample_add(&f->s, "", "", "2012-01-31", 1);
  sample_add(&f->s, "", "", "2012-02-29", 2);
  sample_add(&f->s, "", "", "2012-03-31", 3);
  rules.freq = WSF__MONTH;
  p = build(f, &rules, &counts);
  assert_int_equal(counts.off_calendar, 1);
  assert_values(p, 0, 3, (double[]){1, 2, 3});
  wsf__panel_release(p);
}

/* Weeks that end on a Friday in one store, on a Saturday, a Wednesday, a Tuesday in others. */
static void events_are_of_their_periods(void **state) {
  fixture *f = *state;
  sample_add(&f->s, "1", "x", "2023-01-01T10:41", 1);
  sample_add(&f->s, "1", "x", "2023-01-01T10:43", 2);
  sample_add(&f->s, "1", "x", "2023-01-01T11:02", 3);
  sample_add(&f->s, "1", "x", "2023-01-03T09:00", 4);
  wsf__panel_counts counts;
  const wsf__panel_rules day = {.freq = WSF__DAY, .duplicates = WSF__DUP_SUM, .own_end = -1};
  wsf__panel *p = build(f, &day, &counts);
  assert_int_equal(p->calendar.form, WSF__FORM_DATE);
  assert_int_equal(p->T, 3);
  assert_true(p->y[0] == 6 && isnan(p->y[1]) && p->y[2] == 4);
  assert_int_equal(counts.within, 4);
  wsf__panel_release(p);
  const wsf__panel_rules hour = {.freq = WSF__HOUR, .duplicates = WSF__DUP_SUM, .own_end = -1};
  p = build(f, &hour, &counts);
  assert_int_equal(p->T, 48);
  assert_true(p->y[0] == 3 && p->y[1] == 3 && p->y[47] == 4);
  assert_int_equal(counts.within, 3);
  wsf__panel_release(p);
  /* One time of day is no event. */
  const wsf__panel_rules as_is = {.freq = WSF__DAY, .own_end = -1};
  f->s.rows.n = 0;
  sample_add(&f->s, "1", "x", "2023-01-01T06:00", 1);
  sample_add(&f->s, "1", "x", "2023-01-02T06:00", 2);
  p = build(f, &as_is, &counts);
  assert_int_equal(p->calendar.form, WSF__FORM_TIME);
  assert_int_equal(counts.within, 0);
  wsf__panel_release(p);
}

static void weeks_of_stores_have_weekdays(void **state) {
  fixture *f = *state;
  static const char *const date[][3] = {{"2012-02-03", "2012-02-10", "2012-02-17"},
                                        {"2012-02-04", "2012-02-11", "2012-02-18"},
                                        {"2012-02-01", "2012-02-08", "2012-02-15"},
                                        {"2012-01-31", "2012-02-07", "2012-02-14"},
                                        {"2012-02-03", "2012-02-10", "2012-02-17"}};
  static const char *const store[] = {"a", "b", "c", "d", "e"};
  for (int s = 0; s < 5; ++s) {
    for (int t = 0; t < 3; ++t) sample_add(&f->s, store[s], "x", date[s][t], 10 * s + t);
  }
  sample_add(&f->s, "b", "x", "2012-02-13", 99); /* no week of b's */
  const wsf__panel_rules given = {.freq = WSF__WEEK, .own_end = -1};
  for (int known = 0; known < 2; ++known) {
    wsf__panel_counts counts;
    wsf__panel *p = build(f, known ? &given : &sample_rules, &counts);
    char text[32];
    wsf__calendar_text(&p->calendar, 0, text);
    assert_string_equal(text, "2012-02-03");
    assert_int_equal(p->n, 5);
    assert_int_equal(p->T, 3);
    for (int s = 0; s < 5; ++s) {
      assert_int_equal(p->first[s], 0);
      assert_values(p, s, 3, (double[]){10 * s, 10 * s + 1, 10 * s + 2});
    }
    assert_true(p->moved);
    assert_int_equal(counts.off_calendar, 1);
    assert_int_equal(counts.moved, 3);
    assert_int_equal(counts.moved_least, -3);
    assert_int_equal(counts.moved_most, 1);
    wsf__panel_release(p);
  }
  /* Two rows of one week are two rows of one time. */
  sample_add(&f->s, "d", "x", "2012-02-14", 1);
  wsf__panel *p = NULL;
  wsf_error err;
  assert_int_equal(wsf__panel_build(&p, &f->env, &f->s.rows, &given, NULL, &err), WSF_E_DATA);
  assert_non_null(strstr(err.message, "2012-02-14 stands here again"));
}

/* Four Fridays, then Mondays; a Thursday where Friday was a holiday. */
static void a_weekday_that_changes_keeps_its_rows(void **state) {
  fixture *f = *state;
  static const char *const date[][9] = {
      {"2019-01-04", "2019-01-11", "2019-01-18", "2019-01-25", "2019-02-01", "2019-02-08",
       "2019-02-15", "2019-02-22", "2019-03-01"},
      {"2019-01-04", "2019-01-11", "2019-01-18", "2019-01-25", "2019-02-04", "2019-02-11",
       "2019-02-18", "2019-02-25", "2019-03-04"},
      {"2019-01-04", "2019-01-11", "2019-01-18", "2019-01-24", "2019-02-01", "2019-02-08",
       "2019-02-15", "2019-02-22", "2019-03-01"}};
  static const char *const store[] = {"a", "b", "c"};
  for (int s = 0; s < 3; ++s) {
    for (int t = 0; t < 9; ++t) sample_add(&f->s, store[s], "x", date[s][t], 10 * s + t);
  }
  const wsf__panel_rules given = {.freq = WSF__WEEK, .own_end = -1};
  wsf__panel_counts counts;
  wsf__panel *p = build(f, &given, &counts);
  assert_int_equal(p->T, 9);
  for (int s = 0; s < 3; ++s) {
    double expected[9];
    for (int t = 0; t < 9; ++t) expected[t] = 10 * s + t;
    assert_values(p, s, 9, expected);
  }
  assert_int_equal(counts.off_calendar, 0);
  assert_int_equal(counts.moved, 2);
  assert_int_equal(counts.moved_least, -1);
  assert_int_equal(counts.moved_most, 3);
  wsf__panel_release(p);
  /* A second row of one week: its series keeps the usual weekday, and loses the rows off it. */
  sample_add(&f->s, "c", "x", "2019-01-26", 99);
  p = build(f, &given, &counts);
  assert_int_equal(counts.off_calendar, 2);
  assert_int_equal(counts.moved, 1);
  wsf__panel_release(p);
}

static void fiscal_months_are_known(void **state) {
  fixture *f = *state;
  /* NRF: the year 2023 has 53 weeks, so no other year fits. */
  static const char *const date[] = {"2023-01-28", "2023-02-25", "2023-04-01", "2023-04-29",
                                     "2023-05-27", "2023-07-01", "2023-07-29", "2023-08-26",
                                     "2023-09-30", "2023-10-28", "2023-11-25", "2023-12-30",
                                     "2024-02-03", "2024-03-02", "2024-04-06"};
  static const wsf__panel_rules given = {.freq = WSF__FISCAL, .own_end = -1};
  for (int i = 0; i < 15; ++i) {
    sample_add(&f->s, "1", "x", date[i], i);
    if (i % 5 != 2) sample_add(&f->s, "2", "x", date[i], 10 * i); /* with gaps */
  }
  wsf__panel_counts counts;
  for (int known = 0; known < 2; ++known) {
    char text[32];
    wsf__panel *p = build(f, known ? &given : &sample_rules, &counts);
    wsf__calendar_name(&p->calendar, text);
    assert_string_equal(text, "fiscal_month 4-5-4");
    assert_int_equal(wsf__fiscal_of(p->calendar.anchor, p->calendar.month).weekday, 5);
    assert_int_equal(p->season, 12);
    assert_int_equal(p->T, 15);
    assert_int_equal(counts.off_calendar, 0);
    assert_int_equal(counts.gaps, 3);
    assert_true(counts.fiscal_years > 0);
    wsf__calendar_text(&p->calendar, 15, text);
    assert_string_equal(text, "2024-05-04");
    wsf__panel_release(p);
  }
  /* A date inside a month is off the calendar. */
  sample_add(&f->s, "1", "x", "2024-04-30", 1);
  wsf__panel *p = build(f, &given, &counts);
  assert_int_equal(counts.off_calendar, 1);
  wsf__panel_release(p);
}

/* Two steps alike are a census as well, two that only share a divisor are luck, and so is one. */
static void few_whole_times(void **state) {
  fixture *f = *state;
  static const struct {
    const char *time[3];
    int32_t step;
  } cases[] = {
      {{"1950", "1960", "1970"}, 10}, {{"1950", "1960", "1980"}, 1}, {{"1950", "1960", NULL}, 1}};
  for (size_t c = 0; c < sizeof cases / sizeof *cases; ++c) {
    sample_init(&f->s, 1);
    for (int i = 0; i < 3 && cases[c].time[i]; ++i) {
      sample_add(&f->s, "1", "", cases[c].time[i], i + 1);
    }
    wsf__panel_counts counts;
    wsf__panel *p = build(f, &sample_rules, &counts);
    assert_int_equal(p->calendar.step, cases[c].step);
    wsf__panel_release(p);
  }
}

static void four_weeks_are_no_months(void **state) {
  fixture *f = *state;
  static const char *const date[] = {"2023-01-01", "2023-01-29", "2023-02-26", "2023-03-26",
                                     "2023-05-21"};
  for (int i = 0; i < 5; ++i) sample_add(&f->s, "1", "x", date[i], i);
  wsf__panel_counts counts;
  wsf__panel *p = build(f, &sample_rules, &counts);
  assert_int_equal(p->calendar.freq, WSF__WEEK);
  assert_int_equal(p->calendar.step, 4);
  assert_int_equal(p->season, 13);
  assert_int_equal(p->T, 6);
  wsf__panel_release(p);
}

static void stray_centuries_are_refused(void **state) {
  fixture *f = *state;
  sample_add(&f->s, "1", "1", "1", 1);
  sample_add(&f->s, "1", "1", "999999999999", 1);
  wsf__panel *p;
  wsf_error err;
  assert_int_equal(wsf__panel_build(&p, &f->env, &f->s.rows, &sample_rules, NULL, &err),
                   WSF_E_DATA);
  sample_init(&f->s, 1);
  assert_int_equal(wsf__panel_build(&p, &f->env, &f->s.rows, &sample_rules, NULL, &err),
                   WSF_E_DATA);
  sample_add(&f->s, "1", "1", "1", NAN);
  assert_int_equal(wsf__panel_build(&p, &f->env, &f->s.rows, &sample_rules, NULL, &err),
                   WSF_E_DATA);
  assert_string_equal(err.field, "sales");
}

static void columns_find_their_groups(void **state) {
  fixture *f = *state;
  double *holiday = sample_column(&f->s, "holiday", WSF__KNOWN);
  double *fuel = sample_column(&f->s, "fuel", WSF__PAST);
  double *price = sample_column(&f->s, "price", WSF__KNOWN);
  double *size = sample_column(&f->s, "size", WSF__STATIC);
  f->s.column[0].flag = true;
  static const char *const word[] = {"A", "B"};
  f->s.column[3].n_categories = 2;
  f->s.column[3].category = word;
  for (int a = 0; a < 3; ++a) {
    for (int b = 0; b < 4; ++b) {
      for (int t = 0; t < 6; ++t) {
        if ((a + b + t) % 5 == 2 && t > 0) continue; /* gaps */
        char time[32];
        const char *names[] = {"1", "2", "3", "4"};
        (void)snprintf(time, sizeof time, "%d", t);
        const int64_t r = sample_add(&f->s, names[a], names[b], time, t == 5 ? NAN : 10 * a + b);
        holiday[r] = t % 3 == 1;
        fuel[r] = a + 0.25 * t;
        price[r] = a + 10 * b + 100 * t;
        size[r] = a % 2;
      }
    }
  }
  wsf__panel_rules rules = {.own_end = 0};
  wsf__panel *p = build(f, &rules, NULL);
  assert_int_equal(p->n_columns, 4);
  assert_int_equal(p->T, 5);
  assert_int_equal(p->ahead, 1);
  assert_int_equal(p->column[0].n_groups, 1);
  assert_int_equal(p->column[0].periods, 6);
  assert_int_equal(p->column[1].n_groups, 3);
  assert_int_equal(p->column[1].periods, 5);
  assert_int_equal(p->column[2].n_groups, 12);
  assert_int_equal(p->column[3].n_groups, 3);
  assert_int_equal(p->column[3].periods, 1);
  assert_string_equal(p->column[3].category[1], "B");
  for (int64_t i = 0; i < p->n; ++i) {
    assert_true(wsf__panel_value(p, 0, i, 1) == 1); /* filled where the series has a gap */
    assert_true(wsf__panel_value(p, 1, i, 4) == (double)(i / 4) + 1);
    assert_true(wsf__panel_value(p, 3, i, 4) == (double)(i / 4 % 2));
    assert_true(isnan(wsf__panel_value(p, 1, i, 5)));
    assert_true(isnan(wsf__panel_value(p, 0, i, 6)));
    assert_true(isnan(wsf__panel_value(p, 0, i, -1)));
  }
  p->holiday = wsf__panel_find_column(p, "holiday");
  p->holiday_weight = 5;
  assert_true(wsf__panel_weight(p, 0, 1) == 5 && wsf__panel_weight(p, 0, 2) == 1);
  p->weight = wsf__panel_find_column(p, "fuel");
  assert_true(wsf__panel_weight(p, 0, 1) == 0.25 && wsf__panel_weight(p, 0, 5) == 1);
  assert_int_equal(wsf__panel_find_column(p, "rain"), -1);
  assert_int_equal(wsf__panel_find_key(p, "b"), 1);
  assert_true(wsf__panel_seed(p, 0) != wsf__panel_seed(p, 1));
  wsf__panel_release(p);
}

/* Rows in a scrambled order, with keys of many labels and holes. */
static void scramble(sample *s, uint32_t seed) {
  for (int64_t i = s->rows.n - 1; i > 0; --i) {
    seed = seed * 1664525u + 1013904223u;
    const int64_t j = seed % (uint32_t)(i + 1);
#define SWAP(type, x)                                                                              \
  do {                                                                                             \
    const type swap = x[i];                                                                        \
    x[i] = x[j];                                                                                   \
    x[j] = swap;                                                                                   \
  } while (0)
    SWAP(int32_t, s->code[0]);
    SWAP(int32_t, s->code[1]);
    SWAP(int64_t, s->time);
    SWAP(double, s->target);
    SWAP(double, s->value[0]);
#undef SWAP
  }
}

static void order_of_rows_is_nothing(void **state) {
  fixture *f = *state;
  static const char *const names[] = {"7", "-3", "12", "0", "100000000000", "5"};
  double *v = sample_column(&f->s, "v", WSF__KNOWN);
  for (int a = 0; a < 6; ++a) {
    for (int b = 0; b < 6; ++b) {
      for (int t = (a * b) % 7; t < 80; t += 1 + (a + b + t) % 3) {
        char time[32];
        (void)snprintf(time, sizeof time, "%d", t);
        const int64_t r = sample_add(&f->s, names[a], names[b], time, a * 100 + b * 10 + t);
        v[r] = a + b * t;
      }
    }
  }
  wsf__panel *p = build(f, &sample_rules, NULL);
  assert_string_equal(p->key[0].label[0], "-3");
  assert_string_equal(p->key[0].label[5], "100000000000");
  for (uint32_t seed = 1; seed < 6; ++seed) {
    scramble(&f->s, seed);
    wsf__panel *q = build(f, &sample_rules, NULL);
    assert_same_panel(p, q);
    wsf__panel_release(q);
  }
  wsf__panel_release(p);
}

static void texts_sort_by_bytes(void **state) {
  fixture *f = *state;
  sample_init(&f->s, 1);
  static const char *const names[] = {"FOODS_3_090_CA_3",  "FOODS_3_090_CA_1", "b", "",
                                      "FOODS_3_090_CA_10", "\xc3\xa9",         "A", "007",
                                      "FOODS_3_090",       "FOODS_3"};
  for (size_t i = 0; i < 10; ++i) sample_add(&f->s, names[i], "", "1", 1);
  wsf__panel *p = build(f, &sample_rules, NULL);
  assert_false(p->key[0].integer);
  assert_int_equal(p->n, 10);
  for (int64_t i = 1; i < 10; ++i) {
    assert_true(strcmp(p->key[0].label[i - 1], p->key[0].label[i]) < 0);
  }
  wsf__panel_release(p);
}

/* ---- allocation failures ------------------------------------------------------------------ */

static void every_allocation_may_fail(void **state) {
  fixture *f = *state;
  double *v = sample_column(&f->s, "v", WSF__KNOWN);
  static const char *const word[] = {"A", "B", "C"};
  f->s.column[0].n_categories = 3;
  f->s.column[0].category = word;
  for (int i = 0; i < 60; ++i) {
    char time[32];
    (void)snprintf(time, sizeof time, "%d", i * 7 % 20);
    v[sample_add(&f->s, i < 30 ? "1" : "x", i % 3 ? "2" : "y", time, i)] = i % 3;
  }
  const wsf__panel_rules rules = {.duplicates = WSF__DUP_LAST, .own_end = -1};
  int64_t k = 0;
  for (; k < 1000; ++k) {
    failing a = {k, 0};
    wsf__env env;
    if (!wsf__env_init(&env, &(wsf__alloc){failing_resize, &a})) continue;
    wsf__panel *p, *cut = NULL, *frame = NULL;
    wsf_table *table[4] = {0};
    wsf_status status = wsf__panel_build(&p, &env, &f->s.rows, &rules, NULL, NULL);
    if (status == WSF_OK) status = wsf__panel_cut(&cut, NULL, p, 12, NULL);
    if (status == WSF_OK) status = wsf__panel_frame(&frame, NULL, p, 0, NULL);
    const char *what[] = {"summary", "series", "values", "columns"};
    for (int i = 0; i < 4 && status == WSF_OK; ++i) {
      status = wsf__panel_describe(&table[i], &env, p, what[i], NULL);
    }
    for (int i = 0; i < 4; ++i) wsf_table_release(table[i]);
    wsf__panel_release(frame);
    wsf__panel_release(cut);
    wsf__panel_release(p);
    wsf__env_free(&env);
    assert_int_equal(a.blocks, 0);
    if (status == WSF_OK) break;
    assert_int_equal(status, WSF_E_MEMORY);
  }
  assert_in_range(k, 20, 999);
}

/* ---- the Kaggle set ----------------------------------------------------------------------- */

enum { TRAIN_ROWS = 421570 };

typedef struct train {
  int32_t store[TRAIN_ROWS], dept[TRAIN_ROWS];
  int64_t time[TRAIN_ROWS];
  double sales[TRAIN_ROWS], holiday[TRAIN_ROWS];
  char text[100][12];
  const char *label[100];
} train;

static void read_train(train *x, const char *folder) {
  char path[4300], line[256];
  (void)snprintf(path, sizeof path, "%s/walmart/train.csv", folder);
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  assert_non_null(fgets(line, sizeof line, file));
  for (int r = 0; r < TRAIN_ROWS; ++r) {
    int store, dept, y, m, d;
    char flag[8];
    assert_non_null(fgets(line, sizeof line, file));
    assert_int_equal(
        sscanf(line, "%d,%d,%d-%d-%d,%lf,%7s", &store, &dept, &y, &m, &d, &x->sales[r], flag), 7);
    x->store[r] = store;
    x->dept[r] = dept;
    x->time[r] = wsf__days_from_civil(y, m, d) * 86400;
    x->holiday[r] = flag[0] == 'T';
  }
  (void)fclose(file);
  for (int i = 0; i < 100; ++i) {
    (void)snprintf(x->text[i], sizeof x->text[i], "%d", i);
    x->label[i] = x->text[i];
  }
}

static void walmart_is_the_same_for_any_threads(void **state) {
  (void)state;
  const char *folder = skip_without_data();
  train *x = malloc(sizeof *x);
  assert_non_null(x);
  read_train(x, folder);
  const char *names[] = {"Store", "Dept"};
  const int32_t *codes[] = {x->store, x->dept};
  const char *const *labels[] = {x->label, x->label};
  const int32_t n_labels[] = {100, 100};
  const wsf__row_column holiday = {
      .name = "IsHoliday", .kind = WSF__KNOWN, .flag = true, .value = x->holiday};
  const wsf__rows rows = {.n = TRAIN_ROWS,
                          .n_keys = 2,
                          .key_name = names,
                          .key_code = codes,
                          .key_label = labels,
                          .n_labels = n_labels,
                          .time_name = "Date",
                          .target_name = "Weekly_Sales",
                          .time = x->time,
                          .time_form = WSF__FORM_DATE,
                          .target = x->sales,
                          .n_columns = 1,
                          .column = &holiday};
  wsf__panel *first = NULL;
  const int threads[] = {1, 2, 5};
  wsf__env env[3];
  for (int i = 0; i < 3; ++i) {
    assert_true(wsf__env_init(&env[i], &wsf__alloc_libc));
    env[i].threads = threads[i];
    wsf__panel *p;
    wsf__panel_counts counts;
    struct timespec a, b;
    (void)clock_gettime(CLOCK_MONOTONIC, &a);
    assert_int_equal(wsf__panel_build(&p, &env[i], &rows, &sample_rules, &counts, NULL), WSF_OK);
    (void)clock_gettime(CLOCK_MONOTONIC, &b);
    print_message("%d threads: %.1f ms\n", threads[i],
                  (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6);
    assert_int_equal(p->n, 3331);
    assert_int_equal(p->T, 143);
    assert_int_equal(p->calendar.freq, WSF__WEEK);
    assert_int_equal(p->key[0].n_labels, 45);
    assert_int_equal(p->key[1].n_labels, 81);
    assert_int_equal(p->column[0].n_groups, 1);
    assert_int_equal(counts.negatives, 1285);
    wsf_table *summary;
    assert_int_equal(wsf__panel_describe(&summary, &env[i], p, "summary", NULL), WSF_OK);
    bool found = false;
    for (int64_t r = 0; r < wsf_table_rows(summary); ++r) {
      if (strcmp(wsf_table_text(summary, 0, r, NULL), "total") != 0) continue;
      assert_string_equal(wsf_table_text(summary, 1, r, NULL), "6737218987.11");
      found = true;
    }
    assert_true(found);
    wsf_table_release(summary);
    if (first) {
      assert_memory_equal(first->y, p->y, (size_t)(p->offset[3330] + p->length[3330]) * 8);
      wsf__panel_release(p);
    } else {
      first = p;
    }
  }
  wsf__panel_release(first);
  for (int i = 0; i < 3; ++i) wsf__env_free(&env[i]);
  free(x);
}

/* Days 0 .. 99 of each of `series`, and one of the first series `ahead` days past the last. */
static void add_days(sample *s, int series, int leave_out, int ahead) {
  static const char *const label[] = {"a", "b", "c"};
  const int64_t start = 19000;
  for (int k = 0; k < series; ++k) {
    for (int day = 0; day < 100; ++day) {
      if (leave_out && day % leave_out != 0) continue;
      const int64_t row = sample_add(s, label[k], "x", "2022-01-08", day);
      s->time[row] = (start + day) * 86400;
    }
  }
  if (ahead == 0) return;
  const int64_t row = sample_add(s, "a", "x", "2022-01-08", 5);
  s->time[row] = (start + 99 + ahead) * 86400;
}

/* One mistyped date is told, and where it stands; what rows do anyway is not. */
static void times_far_ahead_are_told(void **state) {
  fixture *f = *state;
  const struct {
    int series, leave_out, ahead, far;
    int more; /* far rows of another series */
  } of[] = {
      {3, 0, 0, 0, 0}, /* nothing is wrong */
      {3, 0, 14, 0, 0},  {3, 0, 15, 1, 0},
      {3, 0, 400, 1, 0}, {1, 0, 400, 1, 0}, /* one series by itself */
      {3, 0, 400, 3, 2},                    /* as many as series */
      {3, 0, 400, 0, 3},                    /* more: they have come back */
      {1, 20, 60, 0, 0},                    /* five observations say nothing */
      {1, 8, 13, 0, 0},                     /* no more than twice the usual stretch */
      {1, 8, 60, 1, 0},
  };
  for (size_t n = 0; n < sizeof of / sizeof *of; ++n) {
    for (int zero = 0; zero < 2; ++zero) {
      wsf__panel_rules rules = sample_rules;
      wsf__panel_counts counts;
      sample_init(&f->s, 2);
      rules.gaps_zero = zero;
      rules.freq = WSF__DAY;
      add_days(&f->s, of[n].series, of[n].leave_out, of[n].ahead);
      const int64_t first = f->s.rows.n;
      for (int i = 0; i < of[n].more; ++i) {
        const int64_t row = sample_add(&f->s, "b", "x", "2022-01-08", 5);
        f->s.time[row] = f->s.time[first - 1] + i * 86400;
      }
      wsf__panel_release(build(f, &rules, &counts));
      if (counts.far != of[n].far) fail_msg("case %zu: %d far", n, (int)counts.far);
      assert_int_equal(counts.first_far, of[n].far ? first : 0);
      if (of[n].ahead == 400 && of[n].far) assert_string_equal(counts.far_time, "2023-05-22");
    }
  }
}

/* And long before: days from 2022 on, and so many rows of a year earlier, or less. */
static void times_long_before_are_told(void **state) {
  fixture *f = *state;
  static const struct {
    int series, back, rows, early;
  } of[] = {{3, 7300, 1, 1}, {3, 7300, 3, 3}, {3, 7300, 4, 0}, {1, 400, 1, 1}, {3, 300, 1, 0}};
  for (size_t n = 0; n < sizeof of / sizeof *of; ++n) {
    wsf__panel_rules rules = sample_rules;
    wsf__panel_counts counts;
    sample_init(&f->s, 2);
    rules.freq = WSF__DAY;
    add_days(&f->s, of[n].series, 0, 0);
    const int64_t first = f->s.rows.n;
    for (int i = 0; i < of[n].rows; ++i) {
      const int64_t row = sample_add(&f->s, "a", "x", "2022-01-08", 5);
      f->s.time[row] = f->s.time[0] - (of[n].back + i) * INT64_C(86400);
    }
    wsf__panel_release(build(f, &rules, &counts));
    if (counts.early != of[n].early) fail_msg("case %zu: %d early", n, (int)counts.early);
    assert_int_equal(counts.first_early, of[n].early ? first + 1 : 0);
    assert_int_equal(counts.far, 0);
  }
}

int test_panel_build(void) {
#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
  const struct CMUnitTest tests[] = {
      WITH(rows_become_series),
      WITH(times_far_ahead_are_told),
      WITH(times_long_before_are_told),
      WITH(rules_change_values),
      WITH(duplicates_are_named),
      WITH(frequencies_are_inferred),
      WITH(days_name_their_months),
      WITH(frequencies_may_be_given),
      WITH(stray_dates_are_counted),
      WITH(events_are_of_their_periods),
      WITH(weeks_of_stores_have_weekdays),
      WITH(a_weekday_that_changes_keeps_its_rows),
      WITH(fiscal_months_are_known),
      WITH(few_whole_times),
      WITH(four_weeks_are_no_months),
      WITH(stray_centuries_are_refused),
      WITH(columns_find_their_groups),
      WITH(order_of_rows_is_nothing),
      WITH(texts_sort_by_bytes),
      WITH(every_allocation_may_fail),
      cmocka_unit_test(walmart_is_the_same_for_any_threads),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
