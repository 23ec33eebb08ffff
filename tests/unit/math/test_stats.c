/* Order statistics of an unsorted array are those of the sorted one, to the bit. */
#include "support.h"

#include "math/rng.h"
#include "math/stats.h"

#include <string.h>

enum { MOST = 3000 };

/* kind 0: all different, 1: many ties, 2: ascending, 3: descending, 4: all the same */
static void fill(double *x, int64_t n, int kind, uint64_t stream) {
  wsf__rng r;
  wsf__rng_init(&r, 5, stream);
  for (int64_t i = 0; i < n; ++i) {
    const double any = wsf__rng_normal(&r);
    x[i] = kind == 0   ? any
           : kind == 1 ? (double)wsf__rng_below(&r, 7)
           : kind == 2 ? (double)i
           : kind == 3 ? (double)-i
                       : 3;
  }
}

static void in_place_is_as_sorted(void **state) {
  (void)state;
  static const double level[] = {0, 0.1, 0.25, 0.5, 0.75, 0.999, 1};
  static double x[MOST], sorted[MOST], work[MOST];
  for (int kind = 0; kind < 5; ++kind) {
    for (int64_t n = 1; n <= MOST; n += n < 70 ? 1 : 293) {
      fill(x, n, kind, (uint64_t)n);
      memcpy(sorted, x, sizeof x);
      wsf__sort(sorted, n);
      memcpy(work, x, sizeof x);
      const double middle = n % 2 ? sorted[n / 2] : 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]);
      assert_true(wsf__median_inplace(work, n) == middle);
      for (size_t i = 0; i < sizeof level / sizeof *level; ++i) {
        memcpy(work, x, sizeof x);
        assert_true(wsf__quantile_inplace(work, n, level[i]) ==
                    wsf__quantile_sorted(sorted, n, level[i]));
        wsf__sort(work, n); /* nothing was lost */
        assert_memory_equal(work, sorted, (size_t)n * sizeof *work);
      }
    }
  }
}

int test_stats(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(in_place_is_as_sorted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
