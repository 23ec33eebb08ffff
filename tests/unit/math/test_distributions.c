/* The gamma function, its distribution, and those of counts and amounts. */
#include "support.h"

#include "math/counts.h"
#include "math/elementary.h"
#include "math/gamma.h"

#include <math.h>

/* scipy.special.gammaln, digamma and scipy.stats.gamma.ppf */
static void gamma_is_as_elsewhere(void **state) {
  (void)state;
  static const double x[] = {0.1, 0.5, 1, 2.5, 10, 1000.5};
  static const double ln[] = {2.252712651734,  0.5723649429247, 0,
                              0.2846828704729, 12.80182748008,  5908.674175849};
  static const double slope[] = {-10.42375494041, -1.963510026021, -0.5772156649015,
                                 0.7031566406452, 2.251752589067,  6.907755320649};
  for (int i = 0; i < 6; ++i) {
    assert_true(fabs(wsf__ln_gamma(x[i]) - ln[i]) < 1e-10 * (1 + fabs(ln[i])));
    assert_true(fabs(wsf__digamma(x[i]) - slope[i]) < 1e-10 * (1 + fabs(slope[i])));
  }
  static const double quantile[][5] = {
      /* shape 0.1, 0.8, 1, 7.5, 900; p 0.01 0.1 0.5 0.9 0.999 */
      {6.073048362408e-21, 6.073048362743e-11, 0.0005933911044602, 0.2661545537388, 3.363677011719},
      {0.002898076627475, 0.05298182180018, 0.5013512263631, 1.945258415778, 6.358442041161},
      {0.0100503358535, 0.1053605156578, 0.6931471805599, 2.302585092994, 6.907755278982},
      {2.614674442049, 4.273378120852, 7.169429755478, 11.15356479079, 18.84864910918},
      {831.6834627803, 861.7739303727, 899.6666886234, 938.6543093837, 995.563672665}};
  static const double shape[] = {0.1, 0.8, 1, 7.5, 900}, p[] = {0.01, 0.1, 0.5, 0.9, 0.999};
  for (int i = 0; i < 5; ++i) {
    for (int k = 0; k < 5; ++k) {
      const double said = wsf__gamma_quantile(shape[i], p[k]);
      if (!(fabs(said - quantile[i][k]) <= 1e-8 * quantile[i][k])) {
        fail_msg("shape %g, p %g: %.12g, expected %.12g", shape[i], p[k], said, quantile[i][k]);
      }
    }
  }
}

/* scipy.stats.nbinom.ppf(q, size, size / (size + mean)) */
static void counts_have_quantiles(void **state) {
  (void)state;
  static const double q[] = {0.025, 0.1, 0.5, 0.9, 0.975};
  static const double mean[] = {0.3, 4, 120, 90000}, size[] = {0.5, 2, 30, 400};
  static const double quantile[][5] = {{0, 0, 0, 1, 2},
                                       {0, 0, 3, 9, 13},
                                       {76, 90, 119, 152, 172},
                                       {81376, 84271, 89925, 95826, 99051}};
  for (int i = 0; i < 4; ++i) {
    double said[5];
    wsf__negbinomial_quantiles(mean[i], size[i], 5, q, said, 1);
    for (int k = 0; k < 5; ++k) {
      const double off = i < 3 ? 0 : 1e-3 * quantile[i][k]; /* by the gamma distribution */
      if (!(fabs(said[k] - quantile[i][k]) <= off)) {
        fail_msg("mean %g, q %g: %g, expected %g", mean[i], q[k], said[k], quantile[i][k]);
      }
    }
  }
}

/* Of a compound Poisson distribution, by a sum of its terms (numpy and scipy.stats.gamma). */
static void amounts_have_quantiles(void **state) {
  (void)state;
  static const double q[] = {0.1, 0.5, 0.9, 0.975};
  static const double quantile[][4] = {
      {0, 0.7347029337644, 2.364205496407, 3.565488765114},
      {0, 0.06002470529981, 0.6008048857495, 1.035842424205},
      {6.22921531727, 9.761866350067, 14.07669232552, 16.67717555831},
      {0.7191602190486, 2.745288325552, 5.611522506113, 7.435106429512}};
  static const double shape[][3] = {{1, 1, 1.5}, {0.2, 1, 1.5}, {10, 0.3, 1.5}, {3, 1, 1.2}};
  for (int i = 0; i < 4; ++i) {
    for (int k = 0; k < 4; ++k) {
      const double said = wsf__tweedie_quantile(shape[i][0], shape[i][1], shape[i][2], q[k]);
      const double off = 0.06 * quantile[i][k] + 0.05 * shape[i][0];
      if (!(fabs(said - quantile[i][k]) <= off)) {
        fail_msg("mean %g, q %g: %g, expected %g", shape[i][0], q[k], said, quantile[i][k]);
      }
    }
  }
}

int test_distributions(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gamma_is_as_elsewhere),
      cmocka_unit_test(counts_have_quantiles),
      cmocka_unit_test(amounts_have_quantiles),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
