/* Unit root tests against R on the classic series: tests/golden/unit_root_golden.R prints the
 * tables. Statistics within 1e-8 of R's: ten printed digits. */
#include "unit/analysis/classic.h"

#include "analysis/ocsb.h"

enum { MOST = 8192 };

typedef struct ocsb_row {
  const char *series;
  int m, most_lags, lags;
  double statistic, critical;
  int differences; /* of nsdiffs, at most 2 */
} ocsb_row;

static const ocsb_row ocsb_table[] = {
    {"AirPassengers", 12, 0, 0, 1.51876238, -1.802962791, 1},
    {"AirPassengers", 12, 3, 0, 1.51876238, -1.802962791, 1},
    {"co2", 12, 0, 0, -2.671923105, -1.802962791, 1},
    {"co2", 12, 3, 2, -1.718011462, -1.802962791, 1},
    {"gas", 12, 0, 0, -5.923404604, -1.802962791, 0},
    {"gas", 12, 3, 0, -5.923404604, -1.802962791, 0},
    {"JohnsonJohnson", 4, 0, 0, 2.986029095, -1.892699925, 1},
    {"JohnsonJohnson", 4, 3, 0, 2.986029095, -1.892699925, 1},
    {"ldeaths", 12, 0, 0, -3.950427156, -1.802962791, 0},
    {"ldeaths", 12, 3, 0, -3.950427156, -1.802962791, 0},
    {"nottem", 12, 0, 0, -5.520569354, -1.802962791, 0},
    {"nottem", 12, 3, 0, -5.520569354, -1.802962791, 0},
    {"UKgas", 4, 0, 0, 1.683981443, -1.892699925, 1},
    {"UKgas", 4, 3, 1, 2.786410634, -1.892699925, 1},
    {"USAccDeaths", 12, 0, 0, -2.068360944, -1.802962791, 0},
    {"USAccDeaths", 12, 3, 1, -2.227109303, -1.802962791, 0},
    {"wineind", 12, 0, 0, -1.731326067, -1.802962791, 0},
    {"wineind", 12, 3, 2, -2.024419935, -1.802962791, 0},
    {"woolyrnq", 4, 0, 0, -3.428340405, -1.892699925, 0},
    {"woolyrnq", 4, 3, 1, -3.210115571, -1.892699925, 0},
    {"taylor", 48, 0, 0, -13.35414925, -1.720253123, 0},
    {"taylor", 48, 3, 2, -17.75751077, -1.720253123, 0},
};

static void ocsb_is_rs(void **state) {
  (void)state;
  static double y[MOST];
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  for (size_t i = 0; i < sizeof ocsb_table / sizeof *ocsb_table; ++i) {
    const ocsb_row *g = &ocsb_table[i];
    const int64_t n = read_classic(g->series, y, MOST);
    wsf__ocsb_test test;
    int differences;
    assert_true(wsf__ocsb(&test, y, n, g->m, g->most_lags, &arena));
    assert_true(wsf__ocsb_differences(&differences, y, n, g->m, 2, &arena));
    if (test.lags != g->lags || !near_to(test.statistic, g->statistic, 1e-8) ||
        !near_to(test.critical, g->critical, 1e-8) || differences != g->differences) {
      fail_msg("%s: %d lags, %.10g, %.10g, %d", g->series, test.lags, test.statistic, test.critical,
               differences);
    }
  }
  wsf__arena_free(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ocsb_is_rs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
