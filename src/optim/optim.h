/* Minimisers, and the curvature where they end. f(x, user) may return NaN or infinity for points
 * outside its domain: they lose. */
#ifndef WSF_OPTIM_OPTIM_H
#define WSF_OPTIM_OPTIM_H

#include <stdbool.h>

/* Brent (1973), chapter 5: minimum of f on [a, b]; returns x. */
double wsf__brent(double (*f)(double x, const void *user), const void *user, double a, double b,
                  double tolerance, int max_evaluations, double *f_min);

/* Nelder and Mead (1965), n <= WSF__NM_MAX, no allocation. x: start and result. step[i]: first
 * simplex edge. Converged when the simplex' f-values lie within tolerance * (|f| + tolerance). */
#define WSF__NM_MAX 32
typedef struct wsf__minimum {
  double f;
  int evaluations;
  bool converged;
} wsf__minimum;
wsf__minimum wsf__nelder_mead(double (*f)(const double *x, int n, const void *user),
                              const void *user, int n, double *x, const double *step,
                              double tolerance, int max_evaluations);

/* BFGS for a smooth f of n <= WSF__BFGS_MAX variables of the size of 1, no allocation. Converged
 * when a step promises less than tolerance. */
#define WSF__BFGS_MAX   32
#define WSF__BFGS_LANES 8
wsf__minimum wsf__bfgs(double (*f)(const double *x, int n, const void *user), const void *user,
                       int n, double *x, double tolerance, int max_evaluations);
/* The same for a function that values `count` points x[count][n] at once, at most `lanes` of them
 * (at most WSF__BFGS_LANES), for little more than one costs. */
typedef void wsf__objective(const double *x, int count, int n, double *value, const void *user);
wsf__minimum wsf__bfgs_lanes(wsf__objective *f, const void *user, int lanes, int n, double *x,
                             double tolerance, int max_evaluations);

/* First n rows and columns of the Hessian h[n + k][n + k] of a function of x[n] and k more, at x by
 * steps of step[n]; n <= WSF__HESSIAN_MAX. The function returns its value, NaN or infinite outside
 * its domain, and along[k], its gradient along the k. false: a step leaves the domain. */
#define WSF__HESSIAN_MAX 32
typedef double wsf__curve(const double *x, double *along, void *user);
bool wsf__hessian(wsf__curve *f, void *user, int n, const double *x, const double *step, int k,
                  double *along, double *h);
/* The standard error of a' x where h[m][m] is the Hessian of half of -2 log likelihood; NaN if h is
 * not positive definite. work: m (m + 1) doubles. */
double wsf__error_along(const double *h, int m, const double *a, double *work);

#endif
