/* Rolling-origin trials inside a fit (Tashman 2000): each window hides the end of a history, fits
 * an inner call to the rest and forecasts what was hidden. For files of models/combine/ only. */
#ifndef WSF_MODELS_ROLLING_H
#define WSF_MODELS_ROLLING_H

#include "models/history.h"

typedef struct wsf__rolling {
  int64_t windows; /* at most */
  int64_t horizon; /* 0: a season, but at most a quarter of the history */
  int64_t season;
} wsf__rolling;

/* What the options windows, horizon and season of a call say; where no horizon is given, it is the
 * one that will be forecast, if the fit was told. */
wsf__rolling wsf__rolling_of(const wsf__node *node, const wsf__fit *f);

/* Window w of a history of n periods: it is fitted to the first `origin` and forecasts the next
 * `h`. Windows follow each other without a gap, w = 0 at the end. The horizon is at most half of
 * the history, and a window that leaves less than a third of it to fit is left out: false. */
typedef struct wsf__fold {
  int64_t origin, h;
} wsf__fold;
bool wsf__rolling_fold(wsf__fold *out, const wsf__rolling *r, int64_t n, int64_t w);

/* Told once for every window of every series: i is its place in the batch; mean[h] is the forecast
 * of y[origin ..), NaN where a column that the call regresses on has no value, or NULL if the call
 * could not be fitted. */
typedef void (*wsf__rolling_fn)(void *user, int64_t i, int64_t w, wsf__fold fold,
                                const double *mean);
/* Window w of every series that is long enough for it. */
wsf_status wsf__rolling_window(wsf__fit *f, const wsf__batch *b, const wsf__node *node,
                               const wsf__rolling *r, int64_t w, wsf__rolling_fn each, void *user);
/* All of them. */
wsf_status wsf__rolling_run(wsf__fit *f, const wsf__batch *b, const wsf__node *node,
                            const wsf__rolling *r, wsf__rolling_fn each, void *user);

/* The same, with quantiles: the whole forecast of y[origin ..), or NULL, and who made it: the call
 * as it was fitted to the window, where the series stands at a slot. */
typedef void wsf__rolling_quantiles_fn(void *user, int64_t i, int64_t w, wsf__fold fold,
                                       const wsf__forecast *forecast, const wsf__fitted *fitted,
                                       int64_t slot);
/* All windows, asked for the levels q beside the mean. */
wsf_status wsf__rolling_quantiles(wsf__fit *f, const wsf__batch *b, const wsf__node *node,
                                  const wsf__rolling *r, int n_q, const double *q,
                                  wsf__rolling_quantiles_fn *each, void *user);

#endif
