/* What the methods for intermittent demand share: the sizes of the sales seen last, and a forecast
 * made of how likely a sale is and how large sales are. */
#ifndef WSF_MODELS_DEMAND_SIZES_H
#define WSF_MODELS_DEMAND_SIZES_H

#include "models/history.h"

/* A state is a head of the method's own numbers and at most this many sizes, oldest first. */
enum { WSF__SIZES = 128 };

int64_t wsf__count_sales(const double *y, int64_t n); /* observed and not 0 */
/* A state with the last sizes up to the end of s, its head that of the state before; without one,
 * of zeros. NULL: no memory. */
double *wsf__demand_state(wsf__fit *f, wsf__fitted *out, const wsf__series *s, int64_t head,
                          const wsf__state *before);
/* Chance of a sale in a period, for a method that forecasts only the mean; share is the chance in
 * the history. */
double wsf__sale_probability(double mean, double share, const double *sizes, int64_t n);
/* Every step alike: this mean, and quantiles of 0 with 1 - probability, else one of the sizes. */
wsf_status wsf__forecast_demand(wsf__predict *p, wsf__forecast *out, double mean,
                                double probability, const double *sizes, int64_t n);

#endif
