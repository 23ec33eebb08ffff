#include "support.h"
#include "tzif.h"

#include "calendar/calendar.h"
#include "calendar/zone.h"

static int64_t at(const char *text) {
  wsf__time t;
  if (!wsf__time_parse(text, strlen(text), &t)) fail_msg("%s", text);
  return t.value;
}

static wsf__zone parsed(wsf__arena *arena, const char *rule) {
  static const int64_t change = 0; /* local mean time until 1970 */
  static const int32_t offset[] = {3208, 3600};
  const file f = zone_file(1, &change, "\1", 2, offset, rule);
  wsf__zone z;
  wsf_error err;
  wsf__error_clear(&err);
  if (wsf__zone_parse(&z, arena, f.bytes, f.n, &err) != WSF_OK) fail_msg("%s", err.message);
  return z;
}

/* Berlin's rule of today; the values are those of the zone database (zdump). */
static void clocks_change_by_the_rule(void **state) {
  (void)state;
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  const wsf__zone z = parsed(&arena, "CET-1CEST,M3.5.0,M10.5.0/3");
  assert_int_equal(wsf__zone_offset(&z, -1), 3208);
  assert_int_equal(wsf__zone_offset(&z, at("2024-01-15T12:00")), 3600);
  assert_int_equal(wsf__zone_offset(&z, at("2024-03-31T00:59:59")), 3600);
  assert_int_equal(wsf__zone_offset(&z, at("2024-03-31T01:00:00")), 7200);
  assert_int_equal(wsf__zone_offset(&z, at("2024-10-27T00:59:59")), 7200);
  assert_int_equal(wsf__zone_offset(&z, at("2024-10-27T01:00:00")), 3600);
  assert_int_equal(wsf__zone_offset(&z, at("2024-12-31T23:30:00")), 3600);
  bool twice;
  assert_int_equal(wsf__zone_instant(&z, at("2024-07-01T00:00"), false, &twice),
                   at("2024-06-30T22:00"));
  assert_false(twice);
  assert_int_equal(wsf__zone_instant(&z, at("2024-10-27T02:30"), false, &twice),
                   at("2024-10-27T00:30"));
  assert_true(twice);
  assert_int_equal(wsf__zone_instant(&z, at("2024-10-27T02:30"), true, &twice),
                   at("2024-10-27T01:30"));
  assert_int_equal(wsf__zone_instant(&z, at("2024-03-31T02:30"), false, &twice),
                   at("2024-03-31T01:30")); /* skipped: 3:30 on the new clock */
  assert_false(twice);
  wsf__arena_free(&arena);
}

static void rules_of_all_kinds(void **state) {
  (void)state;
  static const struct {
    const char *rule, *winter, *summer;
    int32_t winter_offset, summer_offset;
  } cases[] = {
      {"EST5EDT,M3.2.0,M11.1.0", "2024-01-15", "2024-07-15", -18000, -14400},
      {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-07-15", "2024-01-15", 36000, 39600},
      {"<+0330>-3:30", "2024-01-15", "2024-07-15", 12600, 12600},
      {"<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "2024-01-15", "2024-07-15", -10800, -7200},
      {"LHST-10:30LHDT-11,M10.1.0,M4.1.0", "2024-07-15", "2024-01-15", 37800, 39600},
      {"A0B,J60/0,J300/0", "2024-02-29", "2024-03-01", 0, 3600},
      {"A0B,60/0,300/0", "2024-02-29", "2024-03-01", 0, 3600},
      {"IST-1GMT0,M10.5.0,M3.5.0/1", "2024-07-15", "2024-01-15", 3600, 0},
  };
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
    const wsf__zone z = parsed(&arena, cases[i].rule);
    assert_int_equal(wsf__zone_offset(&z, at(cases[i].winter) + 43200), cases[i].winter_offset);
    assert_int_equal(wsf__zone_offset(&z, at(cases[i].summer) + 43200), cases[i].summer_offset);
  }
  wsf__arena_free(&arena);
}

/* Every hour of two years goes to the wall and back. */
static void instants_round_trip(void **state) {
  (void)state;
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  const char *const rules[] = {"CET-1CEST,M3.5.0,M10.5.0/3", "AEST-10AEDT,M10.1.0,M4.1.0/3",
                               "UTC0"};
  for (int k = 0; k < 3; ++k) {
    const wsf__zone z = parsed(&arena, rules[k]);
    int doubled = 0;
    for (int64_t t = at("2023-01-01T00:00"); t < at("2025-01-01T00:00"); t += 1800) {
      const int64_t wall = t + wsf__zone_offset(&z, t);
      bool twice;
      const int64_t first = wsf__zone_instant(&z, wall, false, &twice);
      const int64_t second = wsf__zone_instant(&z, wall, true, &twice);
      assert_true(t == first || t == second);
      assert_int_equal(twice, first != second);
      doubled += twice;
    }
    assert_int_equal(doubled, k < 2 ? 2 * 4 : 0);
  }
  wsf__arena_free(&arena);
}

static void names_with_an_offset(void **state) {
  (void)state;
  wsf__zone z;
  static const struct {
    const char *name;
    int32_t offset;
  } good[] = {{"UTC", 0}, {"Z", 0}, {"+02:00", 7200}, {"-0530", -19800}, {"+14", 50400}};
  for (size_t i = 0; i < sizeof good / sizeof *good; ++i) {
    assert_true(wsf__zone_fixed(&z, good[i].name));
    assert_int_equal(wsf__zone_offset(&z, 1700000000), good[i].offset);
  }
  static const char *const bad[] = {"Europe/Berlin", "+2",      "+02:0", "+02:60",
                                    "+25",           "+02:00x", "",      "2"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) assert_false(wsf__zone_fixed(&z, bad[i]));
}

/* Any file cut short or with a byte changed is read or refused, never believed beyond its end. */
static void broken_files_are_refused(void **state) {
  (void)state;
  static const int64_t change[] = {0, 1000};
  static const int32_t offset[] = {3208, 3600};
  const file good = zone_file(2, change, "\1\0", 2, offset, "CET-1CEST,M3.5.0,M10.5.0/3");
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  wsf__zone z;
  for (size_t n = 0; n < good.n - 1; ++n) {
    char *cut = malloc(n + 1);
    assert_non_null(cut);
    memcpy(cut, good.bytes, n);
    const wsf_status status = wsf__zone_parse(&z, &arena, cut, n, NULL);
    assert_true(status == WSF_OK || status == WSF_E_DATA);
    if (status == WSF_OK) (void)wsf__zone_offset(&z, 1700000000);
    free(cut);
  }
  for (size_t i = 0; i < good.n; ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      file f = good;
      f.bytes[i] = (char)(f.bytes[i] ^ (1 << bit));
      const wsf_status status = wsf__zone_parse(&z, &arena, f.bytes, f.n, NULL);
      assert_true(status == WSF_OK || status == WSF_E_DATA);
      bool twice;
      if (status == WSF_OK) (void)wsf__zone_instant(&z, 1700000000, true, &twice);
    }
  }
  static const char *const rules[] = {
      "CET", "CET-1CEST", "CET-1CEST,M13.1.0,M3.1.0", "1", "CET-1CEST,M3.5.0,M10.5.0/3x", "<CET-1"};
  for (size_t i = 0; i < sizeof rules / sizeof *rules; ++i) {
    const file f = zone_file(1, change, "\1", 2, offset, rules[i]);
    assert_int_equal(wsf__zone_parse(&z, &arena, f.bytes, f.n, NULL), WSF_E_DATA);
  }
  wsf__arena_free(&arena);
}

int test_zone(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(clocks_change_by_the_rule), cmocka_unit_test(rules_of_all_kinds),
      cmocka_unit_test(instants_round_trip),       cmocka_unit_test(names_with_an_offset),
      cmocka_unit_test(broken_files_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
