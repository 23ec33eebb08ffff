/* Numbers as text: shortest, exact, and as fast as the table writer needs. */
#include "support.h"

#include "base/text.h"
#include "math/rng.h"

#include <math.h>

static void expect(double x, const char *text) {
  char buffer[32];
  const size_t n = wsf__number_format(x, buffer);
  assert_string_equal(buffer, text);
  assert_int_equal(n, strlen(text));
}

static void known_numbers(void **state) {
  (void)state;
  expect(0, "0");
  expect(-0.0, "0");
  expect(1, "1");
  expect(-17, "-17");
  expect(0.1, "0.1");
  expect(-0.25, "-0.25");
  expect(100.5, "100.5");
  expect(24924.5, "24924.5");
  expect(0.001, "0.001");
  expect(0.0001, "0.0001");
  expect(1.0 / 3, "0.3333333333333333");
  expect(2.0 / 3, "0.6666666666666666");
  expect(6737218987.11, "6737218987.11");
  expect(0.30000000000000004, "0.30000000000000004");
  expect(1e22, "1e+22");
  expect(1e-7, "1e-07");
  expect(9.999999999999998, "9.999999999999998");
  expect(999999999999999.9, "999999999999999.9");
  expect(5e-324, "4.94065645841247e-324");
  expect(NAN, "nan");
}

/* The reference: the fewest of 15, 16, 17 digits that read back. */
static void every_number_reads_back_and_none_is_longer_than_needed(void **state) {
  (void)state;
  wsf__rng r;
  wsf__rng_init(&r, 7, 1);
  for (int i = 0; i < 200000; ++i) {
    double x;
    if (i % 2) {
      const uint64_t bits = (uint64_t)wsf__rng_u32(&r) << 32 | wsf__rng_u32(&r);
      memcpy(&x, &bits, sizeof x);
      if (!isfinite(x)) continue;
    } else {
      x = (wsf__rng_uniform(&r) - 0.5) * pow(10, (double)wsf__rng_below(&r, 20) - 4);
      if (i % 3 == 0) x = rint(x * 100) / 100;
    }
    char text[32], longer[40];
    const size_t n = wsf__number_format(x, text);
    assert_true(strtod(text, NULL) == x);
    for (int digits = 15; digits <= 17; ++digits) {
      (void)snprintf(longer, sizeof longer, "%.*g", digits, x);
      if (strtod(longer, NULL) == x) break;
    }
    if (strchr(longer, 'e') == NULL && n > strlen(longer)) {
      fail_msg("%s is longer than %s", text, longer);
    }
    double back;
    assert_true(wsf__number_parse(text, n, &back) && back == x);
  }
}

/* Floats: the shortest decimal that is nearest to them, not to the double of the same value. */
static void floats_read_back(void **state) {
  (void)state;
  static const struct {
    float x;
    const char *text;
  } known[] = {{0.1F, "0.1"},
               {-24924.5F, "-24924.5"},
               {16777216, "16777216"},
               {1e-7F, "1e-07"},
               {NAN, "nan"},
               {-0.0F, "0"},
               {0.3333333F, "0.3333333"},
               {INFINITY, "inf"}};
  char buffer[32];
  for (size_t i = 0; i < sizeof known / sizeof *known; ++i) {
    assert_int_equal(wsf__float_format(known[i].x, buffer), strlen(known[i].text));
    assert_string_equal(buffer, known[i].text);
  }
  for (uint32_t bits = 0; bits < UINT32_C(0x7f000000); bits += 9973 * 41) {
    float x, back;
    memcpy(&x, &bits, sizeof x);
    const size_t n = wsf__float_format(x, buffer);
    double value;
    assert_true(wsf__number_parse(buffer, n, &value));
    back = (float)value;
    assert_memory_equal(&x, &back, sizeof x);
  }
}

int test_number(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_numbers), cmocka_unit_test(floats_read_back),
      cmocka_unit_test(every_number_reads_back_and_none_is_longer_than_needed)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
