/* A convolution by transforms is the direct sum. */
#include "support.h"

#include "linalg/spectrum.h"
#include "math/rng.h"

#include <math.h>

enum { MOST = 1500 };

static void a_convolution_is_the_direct_sum(void **state) {
  (void)state;
  for (int64_t n = 1; n <= MOST; n = n < 9 ? n + 1 : 3 * n + 1) {
    wsf__arena a;
    wsf__arena_init(&a, &wsf__alloc_libc);
    wsf__rng r;
    wsf__rng_init(&r, 11, (uint64_t)n);
    double weight[MOST], x[2][MOST], *z[2];
    for (int64_t i = 0; i < n; ++i) {
      weight[i] = wsf__rng_normal(&r);
      for (int k = 0; k < 2; ++k) x[k][i] = wsf__rng_normal(&r);
    }
    wsf__convolver c;
    assert_true(wsf__convolver_init(&c, weight, n, &a));
    for (int k = 0; k < 2; ++k) {
      z[k] = wsf__arena_new(&a, (size_t)c.s.size, sizeof(double));
      assert_non_null(z[k]);
      for (int64_t i = 0; i < c.s.size; ++i) z[k][i] = i < n ? x[k][i] : NAN;
    }
    wsf__convolve(&c, z[0], z[1], n);
    for (int k = 0; k < 2; ++k) {
      for (int64_t i = 0; i < n; ++i) {
        double sum = 0;
        for (int64_t j = 0; j <= i; ++j) sum += weight[j] * x[k][i - j];
        if (!(fabs(z[k][i] - sum) <= 1e-12)) {
          fail_msg("%d of %d: %.17g is not %.17g", (int)i, (int)n, z[k][i], sum);
        }
      }
    }
    wsf__arena_free(&a);
  }
}

int test_spectrum(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_convolution_is_the_direct_sum),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
