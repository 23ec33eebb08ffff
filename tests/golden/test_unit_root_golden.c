/* Unit root tests against R on the classic series: tests/golden/unit_root_golden.R prints the
 * tables. Statistics within 1e-8 of R's: ten printed digits. */
#include "unit/analysis/classic.h"

#include "analysis/ocsb.h"
#include "analysis/unit_root.h"

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

enum { KPSS, KPSS_LINE, ADF_LINE, PP_LINE, PP_ALPHA, ADF, PP, TESTS };

typedef struct root_row {
  const char *series;
  double statistic[TESTS];
  double p[5]; /* urca, the source of the last two, has none */
  int lags[2]; /* of KPSS and PP; of ADF with a line */
  int differences[3];
} root_row;

static const root_row root_table[] = {
    {"AirPassengers",
     {2.739473621, 0.09614984854, -7.318571347, -5.048852608, -46.40558427, -2.345027309,
      -1.844340714},
     {0.01, 0.1, 0.01, 0.01, 0.01},
     {4, 5},
     {1, 1, 1}},
    {"co2",
     {7.817278385, 1.039831251, -2.829927502, -6.929202323, -92.68045683, -1.779908442,
      -0.9102402856},
     {0.01, 0.01, 0.2269261669, 0.01, 0.01},
     {5, 7},
     {1, 1, 1}},
    {"gas",
     {7.701765727, 1.04185777, -2.713127574, -6.157658152, -73.15329181, -1.974748138,
      -1.597566286},
     {0.01, 0.01, 0.2763606246, 0.01, 0.01},
     {5, 7},
     {1, 1, 1}},
    {"JohnsonJohnson",
     {1.980436448, 0.5009919022, 1.932144927, -4.090240802, -24.63615192, 0.273014899,
      -0.2835328216},
     {0.01, 0.01, 0.99, 0.01, 0.01903243007},
     {3, 4},
     {1, 1, 1}},
    {"ldeaths",
     {0.1920893271, 0.02169408655, -6.841060667, -3.830345427, -26.80941686, -4.517804132,
      -3.832272078},
     {0.1, 0.1, 0.01, 0.02231037992, 0.01},
     {3, 4},
     {0, 0, 0}},
    {"nottem",
     {0.03205339401, 0.008070665546, -12.99844787, -6.633044708, -84.87110703, -9.342952135,
      -6.641856294},
     {0.1, 0.1, 0.01, 0.01, 0.01},
     {4, 6},
     {0, 0, 0}},
    {"UKgas",
     {2.117113532, 0.3164770905, -1.60791455, -10.12621054, -72.12560016, -5.872571493,
      -5.110318027},
     {0.01, 0.01, 0.739283259, 0.01, 0.01},
     {4, 4},
     {1, 0, 0}},
    {"USAccDeaths",
     {0.1979942913, 0.09692642356, -3.822126252, -3.766617645, -26.20407934, -3.800311676,
      -3.74528431},
     {0.1, 0.1, 0.02268039082, 0.02534142275, 0.01089709685},
     {3, 4},
     {0, 0, 0}},
    {"wineind",
     {0.7705823106, 0.307973671, -6.944917279, -11.22250406, -135.1078376, -10.27113533,
      -10.91773108},
     {0.01, 0.01, 0.01, 0.01, 0.01},
     {4, 5},
     {1, 0, 0}},
    {"woolyrnq",
     {1.357690586, 0.2894431319, -2.102317524, -4.58571288, -38.21120505, -3.599427077,
      -3.313918217},
     {0.01, 0.01, 0.534087407, 0.01, 0.01},
     {4, 4},
     {1, 0, 0}},
    {"taylor",
     {0.3019587262, 0.05820100999, -14.10355402, -12.03595395, -288.8413704, -21.50948055,
      -11.99474233},
     {0.1, 0.1, 0.01, 0.01, 0.01},
     {10, 15},
     {0, 0, 0}},
    {"LakeHuron",
     {0.9952901144, 0.2000644788, -2.779591824, -3.350768578, -22.91434921, -3.897668384,
      -3.033332176},
     {0.01, 0.01597582046, 0.2539959353, 0.06697068752, 0.03032313315},
     {3, 4},
     {1, 0, 0}},
    {"lynx",
     {0.07014670672, 0.03739813995, -6.306775384, -4.585226735, -38.36400668, -7.862912099,
      -4.586307263},
     {0.1, 0.1, 0.01, 0.01, 0.01},
     {4, 4},
     {0, 0, 0}},
    {"Nile",
     {0.9654349078, 0.237586976, -3.365713914, -6.690050906, -64.50069336, -4.048705097,
      -5.654352746},
     {0.01, 0.01, 0.06419542037, 0.01, 0.01},
     {4, 4},
     {1, 0, 0}},
    {"sunspots",
     {1.167161612, 0.4859190024, -6.493955492, -8.8609013, -147.7917184, -7.933830603,
      -8.703914087},
     {0.01, 0.01, 0.01, 0.01, 0.01},
     {9, 14},
     {1, 0, 0}},
    {"WWWusage",
     {0.4542447691, 0.1979444088, -2.64208042, -0.9729676073, -2.621399507, -2.222166676,
      -0.610184567},
     {0.05377380644, 0.01677084669, 0.3106543414, 0.9385050614, 0.9499196505},
     {4, 4},
     {1, 1, 1}},
};

static void unit_root_tests_are_rs(void **state) {
  (void)state;
  static double y[MOST];
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  for (size_t i = 0; i < sizeof root_table / sizeof *root_table; ++i) {
    const root_row *g = &root_table[i];
    const int64_t n = read_classic(g->series, y, MOST);
    wsf__root_test test[TESTS];
    assert_true(wsf__kpss(&test[KPSS], y, n, false, wsf__lags_short(n), &arena));
    assert_true(wsf__kpss(&test[KPSS_LINE], y, n, true, wsf__lags_short(n), &arena));
    assert_true(wsf__adf(&test[ADF_LINE], y, n, true, wsf__lags_adf(n), &arena));
    assert_true(wsf__adf(&test[ADF], y, n, false, 1, &arena));
    assert_true(wsf__pp(&test[PP_LINE], &test[PP_ALPHA], y, n, true, &arena));
    assert_true(wsf__pp(&test[PP], NULL, y, n, false, &arena));
    for (int k = 0; k < TESTS; ++k) {
      if (!near_to(test[k].statistic, g->statistic[k], 1e-8) ||
          (k < 5 && !near_to(test[k].p, g->p[k], 1e-8))) {
        fail_msg("%s, test %d: %.10g, p %.10g", g->series, k, test[k].statistic, test[k].p);
      }
    }
    assert_int_equal(test[KPSS].lags, g->lags[0]);
    assert_int_equal(test[ADF_LINE].lags, g->lags[1]);
    for (int rule = 0; rule < 3; ++rule) {
      int differences;
      assert_true(wsf__differences_by((wsf__root_rule)rule, &differences, y, n, 2, &arena));
      if (differences != g->differences[rule]) {
        fail_msg("%s, rule %d: %d differences", g->series, rule, differences);
      }
    }
  }
  wsf__arena_free(&arena);
}

int test_unit_root_golden(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ocsb_is_rs),
      cmocka_unit_test(unit_root_tests_are_rs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
