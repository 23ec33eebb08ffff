/* What the methods for intermittent demand share: the sizes of the sales seen last, and a forecast
 * made of how likely a sale is and how large sales are. */
#ifndef WSF_MODELS_DEMAND_SIZES_H
#define WSF_MODELS_DEMAND_SIZES_H

#include "models/history.h"

/* A state keeps at most this many sizes, oldest first. */
enum { WSF__SIZES = 128 };
static inline int64_t wsf__sizes_kept(int64_t sales) {
  return sales < WSF__SIZES ? sales : WSF__SIZES;
}

int64_t wsf__count_sales(const double *y, int64_t n); /* observed and not 0 */
/* sizes[kept] = the last ones of those in before[n_before] and then y[n]; kept is at most their
 * number. */
void wsf__sizes_last(double *sizes, int64_t kept, const double *before, int64_t n_before,
                     const double *y, int64_t n);
/* Chance of a sale in a period, for a method that forecasts only the mean; share is the chance in
 * the history. */
double wsf__sale_probability(double mean, double share, const double *sizes, int64_t n);
/* Every step alike: this mean, and quantiles of 0 with 1 - probability, else one of the sizes. */
wsf_status wsf__forecast_demand(wsf__predict *p, wsf__forecast *out, double mean,
                                double probability, const double *sizes, int64_t n);

#endif
