/* The elementary functions against the C library's in long double, and their special values. And
 * the promise that matters most: the same bits with every compiler and processor. */
#include "support.h"

#include "math/bits.h"
#include "math/elementary.h"
#include "math/rng.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { TRIALS = 30000 };

/* |x - expected| in units of the last place of expected. */
static double ulps(double x, long double expected) {
  int exponent;
  (void)frexpl(expected, &exponent);
  return (double)(fabsl(x - expected) / ldexpl(1, exponent < -1021 ? -1074 : exponent - 53));
}

typedef struct promise {
  const char *name;
  double (*f)(double);
  long double (*reference)(long double);
  double low, high, ulps;
} promise;

static void errors_are_as_stated(void **state) {
  (void)state;
  const promise rows[] = {
      {"exp", wsf__exp, expl, -1, 1, 0.52},
      {"exp", wsf__exp, expl, -700, 709, 0.52},
      {"exp", wsf__exp, expl, -745, -709, 1},
      {"expm1", wsf__expm1, expm1l, -0.07, 0.07, 0.6},
      {"expm1", wsf__expm1, expm1l, -1, 1, 0.6},
      {"expm1", wsf__expm1, expm1l, -40, 700, 0.6},
      {"log", wsf__ln, logl, 0.5, 2, 0.52},
      {"log", wsf__ln, logl, 0.98, 1.02, 0.52},
      {"log", wsf__ln, logl, 0, 1e6, 0.52},
      {"log", wsf__ln, logl, 0, 1e-307, 0.52},
      {"log1p", wsf__log1p, log1pl, -0.9, 2, 0.52},
      {"log1p", wsf__log1p, log1pl, -1e-3, 1e-3, 0.52},
      {"log1p", wsf__log1p, log1pl, -1e-8, 1e-8, 0.52},
      {"log10", wsf__log10, log10l, 0.5, 2, 0.52},
      {"log10", wsf__log10, log10l, 0, 1e300, 0.52},
      {"tanh", wsf__tanh, tanhl, -1.2, 1.2, 2.5},
      {"tanh", wsf__tanh, tanhl, -25, 25, 2.5},
      {"atanh", wsf__atanh, atanhl, -0.97, 0.97, 2.5},
      {"cbrt", wsf__cbrt, cbrtl, -9, 9, 0.52},
      {"cbrt", wsf__cbrt, cbrtl, 0, 1e300, 0.52},
      {"sin", wsf__sin, sinl, -7, 7, 0.8},
      {"sin", wsf__sin, sinl, -1e6, 1e6, 0.8},
      {"cos", wsf__cos, cosl, -7, 7, 0.8},
      {"cos", wsf__cos, cosl, -1e6, 1e6, 0.8},
      {"asin", wsf__asin, asinl, -1, 1, 0.7},
      {"asin", wsf__asin, asinl, -0.01, 0.01, 0.7},
      {"erfc", wsf__erfc, erfcl, -6, 6, 5},
      {"erfc", wsf__erfc, erfcl, 5, 26, 5},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; ++i) {
    wsf__rng r;
    wsf__rng_init(&r, 1, i);
    for (int k = 0; k < TRIALS; ++k) {
      const double x = rows[i].low + (rows[i].high - rows[i].low) * wsf__rng_uniform(&r);
      const double error = ulps(rows[i].f(x), rows[i].reference(x));
      if (!(error <= rows[i].ulps)) fail_msg("%s(%.17g) is %.3f ulp off", rows[i].name, x, error);
    }
  }
}

static void errors_of_two_arguments_are_as_stated(void **state) {
  (void)state;
  wsf__rng r;
  wsf__rng_init(&r, 2, 1);
  for (int i = 0; i < TRIALS; ++i) {
    const double x = exp(20 * wsf__rng_uniform(&r) - 10), y = 60 * wsf__rng_uniform(&r) - 30;
    const double near = 1 + (wsf__rng_uniform(&r) - 0.5) / 50;
    const double large = 60000 * wsf__rng_uniform(&r) - 30000;
    assert_true(ulps(wsf__pow(x, y), powl(x, y)) <= 0.52);
    assert_true(ulps(wsf__pow(near, large), powl(near, large)) <= 0.52);
    assert_true(ulps(wsf__hypot(x, y), hypotl(x, y)) <= 1.3);
    assert_true(ulps(wsf__hypot(x * 1e300, y * 1e300), hypotl(x * 1e300, y * 1e300)) <= 1.3);
    assert_true(ulps(wsf__hypot(x * 1e-300, y * 1e-300), hypotl(x * 1e-300, y * 1e-300)) <= 1.3);
  }
}

static void same(double x, double expected) {
  if (!(x == expected && signbit(x) == signbit(expected)) && !(isnan(x) && isnan(expected))) {
    fail_msg("%.17g is not %.17g", x, expected);
  }
}

/* The C library knows Annex F; these values are exact in both. */
static void special_values_are_those_of_annex_f(void **state) {
  (void)state;
  const double value[] = {0.0,      -0.0,   1,          -1,       0.5,       -0.5,   2,
                          -2,       3,      -3,         1e300,    -1e300,    1e-300, DBL_MAX,
                          -DBL_MAX, 0x1p53, 0x1p53 + 2, INFINITY, -INFINITY, NAN};
  enum { N = sizeof value / sizeof *value };
  for (int i = 0; i < N; ++i) {
    const double x = value[i];
    if (!isfinite(x) || x == 0) {
      same(wsf__exp(x), exp(x));
      same(wsf__expm1(x), expm1(x));
      same(wsf__ln(x), log(x));
      same(wsf__log1p(x), log1p(x));
      same(wsf__log10(x), log10(x));
      same(wsf__tanh(x), tanh(x));
      same(wsf__sin(x), sin(x));
      same(wsf__cos(x), cos(x));
      same(wsf__asin(x), asin(x));
      same(wsf__erfc(x), erfc(x));
    }
    for (int k = 0; k < N; ++k) {
      const double y = value[k], expected = pow(x, y);
      if (expected == 0 || !isnormal(expected) || fabs(expected) == 1)
        same(wsf__pow(x, y), expected);
      same(wsf__hypot(x, y), hypot(x, y));
    }
  }
  same(wsf__ln(-1), NAN);
  same(wsf__ln(1), 0);
  same(wsf__log1p(-1), -INFINITY);
  same(wsf__log1p(-2), NAN);
  same(wsf__asin(1.5), NAN);
  same(wsf__exp(710), INFINITY);
  same(wsf__exp(-746), 0);
  same(wsf__expm1(-800), -1);
  same(wsf__pow(-2, 3), -8);
  same(wsf__pow(-2, 0.5), NAN);
  for (int k = -300; k <= 300; ++k) {
    char text[16];
    (void)snprintf(text, sizeof text, "1e%d", k);
    same(wsf__log10(strtod(text, NULL)), k);
  }
}

/* FNV-1a over the bits of 2,000 values of each function: with every compiler, optimisation,
 * processor and C library the same. Who changes a function on purpose changes its number here. */
static uint64_t hash_of(double (*f)(double), double low, double high) {
  uint64_t h = UINT64_C(14695981039346656037);
  for (int i = 0; i < 2000; ++i) {
    const uint64_t bits = wsf__bits_of(f(low + (high - low) * i / 2000));
    for (int byte = 0; byte < 8; ++byte)
      h = (h ^ (bits >> 8 * byte & 255)) * UINT64_C(1099511628211);
  }
  return h;
}
static double power(double x) {
  return wsf__pow(x, 2.7 - x / 3);
}
static double length(double x) {
  return wsf__hypot(x, 2.7 - x / 3);
}

static void bits_are_those_of_every_machine(void **state) {
  (void)state;
  const struct {
    const char *name;
    double (*f)(double);
    double low, high;
    uint64_t hash;
  } rows[] = {
      {"exp", wsf__exp, -750, 710, UINT64_C(0xdd175a10ada1d484)},
      {"expm1", wsf__expm1, -3, 5, UINT64_C(0xebe9cf97ebdb3363)},
      {"tanh", wsf__tanh, -4, 4, UINT64_C(0xc820c689e04a68c1)},
      {"log", wsf__ln, 0.001, 9, UINT64_C(0xe57f212b1fea795d)},
      {"log1p", wsf__log1p, -0.9, 9, UINT64_C(0x57e4d8d76b394427)},
      {"log10", wsf__log10, 0.001, 9, UINT64_C(0xa6b1308ba3025c63)},
      {"pow", power, 0.001, 40, UINT64_C(0x8ef5725c70e1eafc)},
      {"atanh", wsf__atanh, -0.97, 0.97, UINT64_C(0x08b15d50499ac849)},
      {"cbrt", wsf__cbrt, -9, 1e9, UINT64_C(0xba0fc42c4c17afa6)},
      {"erfc", wsf__erfc, -5, 20, UINT64_C(0x97bf80f65cc3a007)},
      {"sin", wsf__sin, -9, 1e4, UINT64_C(0x9fcbe23b3e46ede8)},
      {"cos", wsf__cos, -9, 1e7, UINT64_C(0xbf06ae7c45e3c8d9)},
      {"asin", wsf__asin, -1, 1, UINT64_C(0x3acb156489f1c6bb)},
      {"hypot", length, -4, 9, UINT64_C(0x7650c20725779a6f)},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; ++i) {
    const uint64_t hash = hash_of(rows[i].f, rows[i].low, rows[i].high);
    if (hash != rows[i].hash) fail_msg("%s: 0x%016llx", rows[i].name, (unsigned long long)hash);
  }
}

int test_elementary(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(errors_are_as_stated),
      cmocka_unit_test(errors_of_two_arguments_are_as_stated),
      cmocka_unit_test(special_values_are_those_of_annex_f),
      cmocka_unit_test(bits_are_those_of_every_machine),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
