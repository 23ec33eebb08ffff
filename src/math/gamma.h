/* The gamma function and its distribution. */
#ifndef WSF_MATH_GAMMA_H
#define WSF_MATH_GAMMA_H

double wsf__ln_gamma(double x); /* x > 0 */
double wsf__digamma(double x);  /* its derivative */
/* Quantile of the gamma distribution of a shape and scale 1, 0 < p < 1; to 1e-9, and to 1e-5 where
 * the shape is above 1000. */
double wsf__gamma_quantile(double shape, double p);

#endif
