/* How far the trend may turn out other than forecast, and quantiles that count it. */
#ifndef WSF_MODELS_TREND_UNCERTAINTY_H
#define WSF_MODELS_TREND_UNCERTAINTY_H

#include "models/model.h"

enum { WSF__SLOPES = 3 };
/* Slopes a period of the thirds of a history (NaN = missing), its season of m periods taken off.
 * false: no memory. */
bool wsf__slopes(double out[WSF__SLOPES], const double *y, int64_t n, int64_t m,
                 wsf__arena *scratch);
/* Standard deviation of the level h periods ahead, if its slope until then is one of these or zero,
 * around a forecast that moves it by `path`. */
double wsf__trend_uncertainty(const double slope[WSF__SLOPES], double h, double path);
/* What a standard deviation with so many degrees of freedom is multiplied by at quantile level p:
 * from heavy tails, and because the variance is an estimate. */
double wsf__student_unit_quantile(double p, double freedom);
/* quantile[k,i] = mean[i] + sd[i] * quantile of Student's t with variance 1. */
void wsf__forecast_student(wsf__forecast *out, const double *sd, double freedom);

#endif
