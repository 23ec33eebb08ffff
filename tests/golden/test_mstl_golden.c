/* MSTL against mstl() of R's forecast 8.20: tests/golden/mstl_golden.R prints the table. Within
 * 1e-9 of the size of the series; robust fits with an odd number of values, since R's median of an
 * even number is not always the median. */
#include "unit/analysis/classic.h"

#include "analysis/mstl.h"

enum { MOST = 4096 };

typedef struct golden {
  const char *series;
  int robust, at;
  double part[3]; /* trend, seasons */
} golden;

static const golden table[] = {
    {"taylor", 0, 0, {30213.46374014, -5816.189213264, -1767.813353702}},
    {"taylor", 0, 99, {30153.93466775, -5909.737410104, 874.7389295134}},
    {"taylor", 0, 335, {30058.81526499, -4133.739196879, -1853.96774304}},
    {"taylor", 0, 999, {29751.52350991, 1121.766469188, -3445.737815118}},
    {"taylor", 0, 3332, {29594.54752934, 4890.785633359, -6440.120678525}},
    {"taylor", 0, 4031, {29905.46187106, -3983.406729413, -1905.209215754}},
    {"taylor", 1, 0, {30219.69931432, -6674.021588317, -793.2797731887}},
    {"taylor", 1, 99, {30133.96153969, -6734.460822451, 1760.87755242}},
    {"taylor", 1, 335, {29993.06997472, -4992.043038267, -923.9697642465}},
    {"taylor", 1, 999, {29769.14964953, 893.1136224745, -3187.234297326}},
    {"taylor", 1, 3332, {29512.75031296, 5294.172477593, -6757.840486596}},
    {"taylor", 1, 4030, {30347.23647333, -3219.76984442, -986.9157241406}},
    {"AirPassengers", 0, 0, {117.5814654784, -16.20693290364, -3.20876121853}},
    {"AirPassengers", 0, 6, {127.4908214911, 40.42126635662, -9.028508713}},
    {"AirPassengers", 0, 49, {211.4775316473, -22.42000388162, -2.234322941156}},
    {"AirPassengers", 0, 143, {485.3307631616, -43.94930281297, 4.442458714097}},
    {"nottem", 0, 0, {49.04015421216, -8.280964915399}},
    {"nottem", 0, 76, {48.98240972067, 3.342100681498}},
    {"nottem", 0, 239, {48.97527032534, -10.33172764547}},
    {"AirPassengers", 1, 0, {123.0807303776, -21.5670822752, -0.6087257227595}},
    {"AirPassengers", 1, 49, {219.2647416868, -28.25120376919, 0.7207640541095}},
    {"AirPassengers", 1, 142, {476.9874318072, -60.8652877606, -9.140613250948}},
};

static void mstl_is_rs(void **state) {
  (void)state;
  static double y[MOST], trend[MOST], seasonal[2 * MOST];
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  for (size_t i = 0; i < sizeof table / sizeof *table; ++i) {
    const golden *g = &table[i];
    int64_t n = read_classic(g->series, y, MOST);
    if (g->robust && n % 2 == 0) --n;
    const bool taylor = strcmp(g->series, "taylor") == 0, air = g->series[0] == 'A';
    const int64_t seasons[2] = {taylor ? 48 : 12, taylor ? 336 : 36};
    const int count = taylor || air ? 2 : 1;
    const wsf__mstl_options options = {0, g->robust != 0};
    assert_true(wsf__mstl(trend, seasonal, y, n, seasons, count, &options, &arena));
    const double close = 1e-9 * fabs(y[g->at]);
    bool same = fabs(trend[g->at] - g->part[0]) < close;
    for (int k = 0; k < count; ++k) {
      same = same && fabs(seasonal[k * n + g->at] - g->part[k + 1]) < close;
    }
    if (!same) {
      fail_msg("%s at %d: %.13g %.13g %.13g", g->series, g->at, trend[g->at], seasonal[g->at],
               seasonal[n + g->at]);
    }
  }
  wsf__arena_free(&arena);
}

int test_mstl_golden(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(mstl_is_rs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
