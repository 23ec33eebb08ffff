/* Distributions of what is sold: counts, and amounts that may be nothing. */
#ifndef WSF_MATH_COUNTS_H
#define WSF_MATH_COUNTS_H

#include <stdint.h>

/* Quantiles of the negative binomial distribution with a mean and a variance of mean + mean^2 /
 * size, both above 0: the least whole number that at least a share q of all is not above. q[n]
 * rises; out[k * apart]. */
void wsf__negbinomial_quantiles(double mean, double size, int n, const double *q, double *out,
                                int64_t apart);
/* Quantile of the sum of a Poisson number of gamma amounts (Tweedie 1984; Jorgensen 1987): of this
 * mean above 0 and a variance of dispersion mean^power, 1 < power < 2. The share of nothing is
 * exact; what is above is taken for one gamma distribution of the same mean and variance. */
double wsf__tweedie_quantile(double mean, double dispersion, double power, double q);

#endif
