/* The negative binomial distribution, term by term from 0 up; where the first terms are no doubles,
 * or they are many, by the gamma distribution of the same mean and variance. */
#include "math/counts.h"
#include "math/elementary.h"
#include "math/gamma.h"

#include <math.h>

enum { MOST_TERMS = 100000 };

void wsf__negbinomial_quantiles(double mean, double size, int n, const double *q, double *out,
                                int64_t apart) {
  const double first = -size * wsf__log1p(mean / size); /* logarithm of the share of 0 */
  const double ratio = mean / (size + mean);
  double share = wsf__exp(first), below = share, k = 0;
  int i = 0;
  for (; first > -700 && i < n; ++i) {
    while (below < q[i] && k < MOST_TERMS) {
      share *= ratio * (size + k) / (k + 1);
      below += share;
      k += 1;
    }
    if (below < q[i]) break;
    out[i * apart] = k;
  }
  const double shape = mean * size / (mean + size);
  for (; i < n; ++i) out[i * apart] = ceil(mean / shape * wsf__gamma_quantile(shape, q[i]) - 0.5);
}
