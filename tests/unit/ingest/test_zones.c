#include "support.h"
#include "tzif.h"

#include "calendar/calendar.h"
#include "ingest/zones.h"
#include "wire/access.h"

/* A zone named Test/Berlin, with Berlin's rule, as a source of the host. */
typedef struct fixture {
  wsf__env env;
  file zone;
} fixture;

static int setup(void **state) {
  static const int64_t change = 0;
  static const int32_t offset[] = {3208, 3600};
  fixture *f = malloc(sizeof *f);
  if (!f || !wsf__env_init(&f->env, &wsf__alloc_libc)) return -1;
  f->zone = zone_file(1, &change, "\1", 2, offset, "CET-1CEST,M3.5.0,M10.5.0/3");
  f->env.access = wsf__access_create(&wsf__alloc_libc, NULL);
  const wsf__source source = {.bytes = f->zone.bytes, .size = f->zone.n};
  if (!f->env.access || wsf__access_add(f->env.access, "Test/Berlin", &source, NULL) != WSF_OK) {
    return -1;
  }
  *state = f;
  return 0;
}

static int teardown(void **state) {
  fixture *f = *state;
  wsf__access_release(f->env.access);
  f->env.access = NULL;
  wsf__env_free(&f->env);
  free(f);
  return 0;
}

static int64_t at(const char *text) {
  wsf__time t;
  if (!wsf__time_parse(text, strlen(text), &t)) fail_msg("%s", text);
  return t.value;
}

static const wsf__zoned instants = {.name = "Test/Berlin", .instants = true, .column = "t"};

/* The same midnights written in UTC, without a zone: refused, unless they are said to be hours;
 * rows of hours and of one winter are none. */
static void midnights_in_utc_name_no_zone(void **state) {
  fixture *f = *state;
  enum { N = 200, HOUR = 3600, DAY = 24 * HOUR };
  int64_t day[N], hour[N], winter[N];
  const wsf__zoned plain = {.packed = true, .column = "t"};
  const wsf__zoned hours = {.packed = true, .column = "t", .freq = WSF__HOUR};
  const int64_t begin = at("2024-03-01T23:00");
  int outcome;
  wsf_error err;
  for (int i = 0; i < N; ++i) {
    day[i] = wsf__zoned_pack((wsf__time){.value = begin + (int64_t)i * DAY - (i > 30 ? HOUR : 0)});
    hour[i] = wsf__zoned_pack((wsf__time){.value = begin + (int64_t)(i % 2) * HOUR + i / 2 * DAY});
    winter[i] = wsf__zoned_pack((wsf__time){.value = begin + (int64_t)i * DAY});
  }
  assert_int_equal(wsf__zones_settle(&outcome, day, N, &plain, &f->env, &err), WSF_E_DATA);
  assert_non_null(strstr(err.message, "expected timezone= to name it"));
  assert_int_equal(wsf__zones_settle(&outcome, day, N, &hours, &f->env, NULL), WSF_OK);
  assert_int_equal(wsf__zones_settle(&outcome, hour, N, &plain, &f->env, NULL), WSF_OK);
  assert_int_equal(wsf__zones_settle(&outcome, winter, N, &plain, &f->env, NULL), WSF_OK);
  assert_int_equal(wsf__zone_check(&f->env, "Test/Berlin", NULL), WSF_OK);
  assert_int_equal(wsf__zone_check(&f->env, "Test/Berlim", &err), WSF_E_VALUE);
}

/* Midnights of a year in Berlin are no midnights in UTC, and 23 or 25 hours apart twice. */
static void local_midnights_are_days(void **state) {
  fixture *f = *state;
  int outcome;
  int64_t time[200];
  for (int i = 0; i < 200; ++i) {
    const int64_t wall = at("2024-03-01T00:00") + i * INT64_C(86400);
    const bool summer = wall >= at("2024-04-01T00:00") && wall < at("2024-10-28T00:00");
    time[i] = wall - (summer ? 7200 : 3600);
  }
  assert_int_equal(wsf__zones_settle(&outcome, time, 200, &instants, &f->env, NULL), WSF_OK);
  for (int i = 0; i < 200; ++i) {
    assert_int_equal(time[i], at("2024-03-01T00:00") + i * INT64_C(86400));
  }
  assert_int_equal(outcome, WSF__ZONE_LOCAL);
}

static void hours_stay_instants(void **state) {
  fixture *f = *state;
  int outcome;
  int64_t time[48];
  for (int i = 0; i < 48; ++i) time[i] = at("2024-10-26T12:00") + i * 3600;
  assert_int_equal(wsf__zones_settle(&outcome, time, 48, &instants, &f->env, NULL), WSF_OK);
  for (int i = 0; i < 48; ++i) assert_int_equal(time[i], at("2024-10-26T12:00") + i * 3600);
  assert_int_equal(outcome, WSF__ZONE_UTC);
}

static void reverse(int64_t *x, int64_t n) {
  for (int64_t i = 0, j = n - 1; i < j; ++i, --j) {
    const int64_t last = x[j];
    x[j] = x[i];
    x[i] = last;
  }
}

/* What the clock shows, for two series: 25 hours of a day in October, 23 of one in March. The first
 * row may be the first time, or the last. */
static void no_hour_is_lost_or_doubled(void **state) {
  fixture *f = *state;
  int outcome;
  for (int way = 0; way < 4; ++way) {
    const int autumn = way % 2;
    const int64_t begin = at(autumn ? "2024-10-26T22:00" : "2024-03-30T23:00");
    const int hours = autumn ? 25 : 23;
    int64_t time[50], expected[50];
    int32_t code[50];
    const int change = autumn ? 3 : 2; /* hours before it */
    for (int i = 0; i < 2 * hours; ++i) {
      const int hour = i % hours;
      const int64_t offset = (hour < change) == (autumn == 1) ? 7200 : 3600;
      code[i] = (way < 2) == (i < hours);
      expected[i] = begin + hour * INT64_C(3600);
      time[i] = expected[i] + offset;
    }
    if (way > 1) {
      reverse(time, 2L * hours);
      reverse(expected, 2L * hours);
    }
    int32_t *const codes[] = {code};
    const wsf__zoned how = {
        .name = "Test/Berlin", .asked = true, .column = "t", .n_keys = 1, .code = codes};
    assert_int_equal(wsf__zones_settle(&outcome, time, 2L * hours, &how, &f->env, NULL), WSF_OK);
    for (int i = 0; i < 2 * hours; ++i) assert_int_equal(time[i], expected[i]);
  }
}

/* All series of an hour before those of the next, as system operators write them. */
static void series_stand_together_at_each_hour(void **state) {
  fixture *f = *state;
  enum { HOURS = 5, SERIES = 3 };
  const int64_t begin = at("2024-10-26T23:00");
  int64_t time[HOURS * SERIES], expected[HOURS * SERIES];
  int32_t code[HOURS * SERIES];
  int outcome;
  for (int i = 0; i < HOURS * SERIES; ++i) {
    const int hour = i / SERIES; /* 01:00, 02:00, 02:00, 03:00, 04:00 */
    expected[i] = begin + hour * INT64_C(3600);
    time[i] = expected[i] + (hour < 2 ? 7200 : 3600);
    code[i] = i % SERIES;
  }
  int32_t *const codes[] = {code};
  const wsf__zoned how = {
      .name = "Test/Berlin", .asked = true, .column = "t", .n_keys = 1, .code = codes};
  assert_int_equal(wsf__zones_settle(&outcome, time, HOURS * SERIES, &how, &f->env, NULL), WSF_OK);
  for (int i = 0; i < HOURS * SERIES; ++i) assert_int_equal(time[i], expected[i]);
}

/* One time alone may be of a day or of an hour: freq says it. */
static void one_time_needs_a_frequency(void **state) {
  fixture *f = *state;
  int outcome;
  wsf_error err;
  int64_t time[] = {at("2024-06-30T22:00"), at("2024-06-30T22:00")};
  assert_int_equal(wsf__zones_settle(&outcome, time, 2, &instants, &f->env, &err), WSF_E_DATA);
  assert_non_null(strstr(err.message, "freq="));
  assert_string_equal(err.field, "t");
  wsf__zoned how = instants;
  how.freq = WSF__HOUR;
  assert_int_equal(wsf__zones_settle(&outcome, time, 2, &how, &f->env, NULL), WSF_OK);
  assert_int_equal(time[0], at("2024-06-30T22:00"));
  how.freq = WSF__DAY;
  assert_int_equal(wsf__zones_settle(&outcome, time, 2, &how, &f->env, NULL), WSF_OK);
  assert_int_equal(time[0], at("2024-07-01T00:00"));
  how.freq = 0;
  how.name = "UTC";
  assert_int_equal(wsf__zones_settle(&outcome, time, 2, &how, &f->env, NULL), WSF_OK);
}

static void zones_that_nobody_knows(void **state) {
  fixture *f = *state;
  int outcome;
  wsf_error err;
  int64_t time[] = {0, 86400};
  static const char *const bad[] = {"Mars/Olympus", "../../etc/passwd", "/etc/passwd", "+2", "a b"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    wsf__zoned how = {.name = bad[i], .asked = true, .column = "t"};
    assert_int_equal(wsf__zones_settle(&outcome, time, 2, &how, &f->env, &err), WSF_E_VALUE);
    assert_string_equal(err.field, "timezone");
    assert_non_null(strstr(err.message, bad[i]));
    how = (wsf__zoned){.name = bad[i], .instants = true, .column = "t"};
    assert_int_equal(wsf__zones_settle(&outcome, time, 2, &how, &f->env, NULL), WSF_OK);
    assert_int_equal(outcome, WSF__ZONE_UNKNOWN);
    assert_int_equal(time[1], 86400);
  }
  const wsf__source garbage = {.bytes = "TZif", .size = 4};
  assert_int_equal(wsf__access_add(f->env.access, "Test/Bad", &garbage, NULL), WSF_OK);
  const wsf__zoned how = {.name = "Test/Bad", .asked = true, .column = "t"};
  assert_int_equal(wsf__zones_settle(&outcome, time, 2, &how, &f->env, &err), WSF_E_VALUE);
  assert_non_null(strstr(err.message, "TZif"));
}

/* Texts that say how far their clock was from UTC. */
static void clocks_of_their_own(void **state) {
  fixture *f = *state;
  int outcome;
  static const char *const days[] = {"2024-03-30T00:00:00+01:00", "2024-03-31T00:00:00+0100",
                                     "2024-04-01 00:00 +02"};
  static const char *const hours[] = {"2024-10-27T02:30+02:00", "2024-10-27T02:30+01:00",
                                      "2024-10-27T02:30Z"};
  int64_t time[3];
  for (int kind = 0; kind < 2; ++kind) {
    for (int i = 0; i < 3; ++i) {
      wsf__time t;
      const char *text = kind ? hours[i] : days[i];
      assert_true(wsf__time_parse(text, strlen(text), &t) && t.zoned);
      time[i] = wsf__zoned_pack(t);
    }
    const wsf__zoned how = {.packed = true, .column = "t", .freq = kind ? WSF__HOUR : 0};
    assert_int_equal(wsf__zones_settle(&outcome, time, 3, &how, &f->env, NULL), WSF_OK);
    assert_int_equal(outcome, kind ? WSF__ZONE_UTC : WSF__ZONE_LOCAL);
    for (int i = 0; i < 3; ++i) {
      assert_int_equal(time[i], kind ? at("2024-10-27T00:30") + i * 3600
                                     : at("2024-03-30T00:00") + i * 86400);
    }
  }
  static const char *const bad[] = {"2024-01-01T00:00+1",     "2024-01-01T00:00+01:1",
                                    "2024-01-01T00:00+01:20", "2024-01-01T00:00+16:00",
                                    "2024-01-01+01:00",       "2024-01-01T00:00+01:00x"};
  wsf__time t;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    assert_false(wsf__time_parse(bad[i], strlen(bad[i]), &t));
  }
}

int test_zones(void) {
#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
  const struct CMUnitTest tests[] = {
      WITH(midnights_in_utc_name_no_zone), WITH(local_midnights_are_days),
      WITH(hours_stay_instants),           WITH(no_hour_is_lost_or_doubled),
      WITH(one_time_needs_a_frequency),    WITH(zones_that_nobody_knows),
      WITH(clocks_of_their_own),           WITH(series_stand_together_at_each_hour),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
