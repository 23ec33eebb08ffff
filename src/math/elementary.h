/* Elementary functions that give the same bits on every machine: with any compiler, with and
 * without AVX and FMA, with any C library. A C library's own differ by processor even within one
 * version.
 *
 * They take additions, multiplications, divisions and square roots of doubles alone, which IEEE 754
 * defines to the bit, in round-to-nearest and without contraction. Special values are those of C17,
 * Annex F. Beside each stands its error in units in the last place, at most; where a result of exp
 * or pow lies below 2^-1022 it is 1. Beyond |x| = 2^20 sine and cosine fold x by a rounded multiple
 * of 2 pi, whose error grows with x.
 *
 * Ours and not SLEEF's: scalar calls are what the models make, libwsf is spared a dependency, and
 * the bits stay those of one file that nobody changes. */
#ifndef WSF_MATH_ELEMENTARY_H
#define WSF_MATH_ELEMENTARY_H

double wsf__exp(double x);             /* 0.52 */
double wsf__expm1(double x);           /* exp(x) - 1: 0.6 */
double wsf__tanh(double x);            /* 2.5 */
double wsf__atanh(double x);           /* 2.5 */
double wsf__ln(double x);              /* the natural logarithm: 0.52 */
double wsf__log1p(double x);           /* log(1 + x): 0.52 */
double wsf__log10(double x);           /* 0.52 */
double wsf__cbrt(double x);            /* 0.52 */
double wsf__pow(double x, double y);   /* 0.52 */
double wsf__erfc(double x);            /* 5 */
double wsf__sin(double x);             /* 0.8 */
double wsf__cos(double x);             /* 0.8 */
double wsf__asin(double x);            /* 0.7 */
double wsf__hypot(double x, double y); /* 1.3 */

#endif
