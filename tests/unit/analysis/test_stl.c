/* STL against R 4.2's stl() on AirPassengers (tests' reference figures). */
#include "support.h"

#include "analysis/stl.h"

#include <math.h>

static const double air[144] = {
    112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149,
    170, 170, 158, 133, 114, 140, 145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166,
    171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194, 196, 196, 236, 235, 229, 243,
    264, 272, 237, 211, 180, 201, 204, 188, 235, 227, 234, 264, 302, 293, 259, 229, 203, 229,
    242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278, 284, 277, 317, 313, 318, 374,
    413, 405, 355, 306, 271, 306, 315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336,
    340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337, 360, 342, 406, 396, 420, 472,
    548, 559, 463, 407, 362, 405, 417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432};

static void near(double a, double b, double tolerance) {
  if (!(fabs(a - b) <= tolerance)) fail_msg("%.10g is not within %g of %.10g", a, tolerance, b);
}

static void periodic_season_is_r_s(void **state) {
  (void)state;
  double y[144], s[144], t[144];
  for (int i = 0; i < 144; ++i) y[i] = log(air[i]);
  wsf__arena a;
  wsf__arena_init(&a, &wsf__alloc_libc);
  const wsf__stl_options options = {0, 0, false};
  assert_true(wsf__stl(y, 144, 12, &options, s, t, &a));
  /* R: stl(log(AirPassengers), "periodic") */
  static const double season[12] = {-0.091640424, -0.11402828,  0.015865851, -0.01402759,
                                    -0.015024785, 0.10978976,   0.21640041,  0.20960587,
                                    0.067471562,  -0.070248359, -0.21352774, -0.10063625};
  static const double trend[6] = {4.8293887, 4.8303681, 4.8313476, 4.8333767, 4.8354059, 4.8381664};
  for (int i = 0; i < 12; ++i) near(s[i], season[i], 1e-8);
  for (int i = 0; i < 6; ++i) near(t[i], trend[i], 1e-7);
  wsf__arena_free(&a);
}

static void a_window_of_seven_and_robust_are_r_s(void **state) {
  (void)state;
  double s[144], t[144];
  wsf__arena a;
  wsf__arena_init(&a, &wsf__alloc_libc);
  /* R: stl(AirPassengers, s.window = 7), and of 143 values with robust = TRUE: of an even number
   * R's stl does not always take the median. */
  static const double season[2][4] = {
      {-13.71865352673, -8.78008354202, -22.35927273060, -51.52714133141},
      {-13.29044351830, -7.85353295371, -15.50864549996, -74.50365933150}};
  static const double trend[2][4] = {{122.536917649, 123.238323591, 217.107880244, 495.992096826},
                                     {122.878468703, 123.586683182, 214.229064719, 495.920909816}};
  for (int robust = 0; robust < 2; ++robust) {
    const wsf__stl_options options = {7, 0, robust};
    const int n = robust ? 143 : 144, at[4] = {0, 1, 49, n - 1};
    assert_true(wsf__stl(air, n, 12, &options, s, t, &a));
    for (int i = 0; i < 4; ++i) {
      near(s[at[i]], season[robust][i], 1e-9);
      near(t[at[i]], trend[robust][i], 1e-8);
    }
  }
  wsf__arena_free(&a);
}

static void gaps_are_bridged(void **state) {
  (void)state;
  double y[144], s[144], t[144];
  memcpy(y, air, sizeof y);
  for (int i = 60; i < 70; ++i) y[i] = NAN;
  y[143] = NAN;
  wsf__arena a;
  wsf__arena_init(&a, &wsf__alloc_libc);
  const wsf__stl_options options = {0, 0, false};
  assert_true(wsf__stl(y, 144, 12, &options, s, t, &a));
  for (int i = 0; i < 144; ++i) assert_true(isfinite(s[i]) && isfinite(t[i]));
  for (int i = 60; i < 70; ++i) near(s[i] + t[i], air[i], 60);
  wsf__arena_free(&a);
}

int test_stl(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(periodic_season_is_r_s),
                                     cmocka_unit_test(a_window_of_seven_and_robust_are_r_s),
                                     cmocka_unit_test(gaps_are_bridged)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
