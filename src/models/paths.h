/* Joint sample paths of a forecast: see paths.c. */
#ifndef WSF_MODELS_PATHS_H
#define WSF_MODELS_PATHS_H

#include "math/rng.h"
#include "models/model.h"

/* Levels (k + 1/2) / n of the quantiles whose values n paths take at each step; NULL on failure. */
const double *wsf__path_levels(wsf__arena *arena, int64_t n);
/* Give the paths of `out` these values, step by step, each path the one of its rank: quantile[k * h
 * + step], as many as there are paths. false = out of memory. */
bool wsf__paths_couple(wsf__forecast *out, const double *quantile, wsf__predict *p,
                       const wsf__series *s);
/* Give the paths of `out`, which are those of the model inside, the values that its bounds have:
 * `bounds` fills the quantiles of a forecast around its mean. */
typedef void wsf__bounds_fn(wsf__forecast *out, const void *user);
wsf_status wsf__paths_place(wsf__forecast *out, wsf__bounds_fn *bounds, const void *user,
                            wsf__predict *p, const wsf__series *s);
/* The paths of a call without calls inside, whose mean is filled: by its class' response. */
wsf_status wsf__paths_make(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                           wsf__forecast *out);
/* How the errors of a fitted call hang together: of a class that does not say, by the presets. */
wsf_status wsf__response_of(wsf__response *out, wsf__predict *p, const wsf__fitted *m,
                            const wsf__series *s, int64_t h);
/* What wsf__forecast_widen is for quantiles, for paths; the errors added are independent for
 * `period` steps and then again the same. */
void wsf__paths_widen(wsf__forecast *out, const double *stretch, const double *sd, int64_t period,
                      const wsf__predict *p, const wsf__series *s);

#endif
