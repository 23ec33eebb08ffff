/* Autocorrelation and partial autocorrelation. */
#ifndef WSF_ANALYSIS_ACF_H
#define WSF_ANALYSIS_ACF_H

#include "base/alloc.h"

/* acf[k - 1] is the autocorrelation of y[n] at lag k = 1 .. lags, lags < n. NaN in y is missing: a
 * pair counts if both are there. All NaN if y is constant. false: no memory. */
bool wsf__acf(const double *y, int64_t n, int64_t lags, double *acf, wsf__arena *scratch);
/* Partial autocorrelations of lags 1 .. lags from the autocorrelations; work holds 2 * lags. */
void wsf__pacf(const double *acf, int64_t lags, double *pacf, double *work,
               const wsf__arena *scratch);

#endif
