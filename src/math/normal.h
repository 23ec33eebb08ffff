/* The normal distribution. */
#ifndef WSF_MATH_NORMAL_H
#define WSF_MATH_NORMAL_H

double wsf__normal_cdf(double x);
/* Inverse of the above: Wichura (1988), algorithm AS 241 (PPND16), relative error 1e-16. */
double wsf__normal_quantile(double p);
/* Two-sided p-value of Student's t with df degrees of freedom. */
double wsf__student_p(double t, double df);

#endif
