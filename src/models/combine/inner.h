/* What combinators share: fitting what stands inside them, asking it, and blending their forecasts.
 * For files of models/combine/ only. */
#ifndef WSF_MODELS_INNER_H
#define WSF_MODELS_INNER_H

#include "models/history.h"

/* What an inner call forecast of the history of s, NULL if it was not fitted; and the values that
 * it saw. What stands at k there is of period k + s->n - n here. */
const wsf__history *wsf__inner_history(const wsf__fitted *m, int call, const wsf__series *s);
/* Fill a history with the weighted mean of those inside; weight NULL: equal. */
void wsf__history_mean(const wsf__fitted *out, const wsf__series *s, const double *weight);

/* Fit every inner call on the whole batch. */
wsf_status wsf__inner_fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out);
/* How the inner calls of a series came out: REPLACED if some could not be fitted, else the first
 * reason that says more than ok; if none could, the first call's reason. */
int32_t wsf__inner_reason(const wsf__fitted *m, int64_t slot);
/* Whether a series came out fitted: how, goes to reason (NULL: nobody asks); if not, its state says
 * so and why. */
bool wsf__inner_fitted(wsf__fitted *out, const wsf__series *s, int32_t *reason);
/* Say how a series whose state is set came out; a reason for not being fitted takes its values. */
void wsf__state_reason(wsf__fitted *out, const wsf__series *s, int32_t reason);
/* Whether series of a batch depend on each other under this call, so that it must see them all. */
bool wsf__inner_pools(const wsf__node *node, const wsf__panel *panel);

/* Forecasts of the inner calls that fitted a series; which[i] is the call of each[i]. At least one,
 * or an error: predict is only asked for fitted series. */
typedef struct wsf__inner_forecasts {
  int n;
  wsf__forecast *each;
  int *which;
} wsf__inner_forecasts;
/* Ask every call for the series of a batch that it fitted: out[i] is of series i, as like[i]. */
wsf_status wsf__inner_ask(wsf__inner_forecasts **out, wsf__predict *p, const wsf__fitted *m,
                          const wsf__batch *b, const wsf__forecast like[]);
/* Weighted mean of the inner forecasts, step by step and quantile by quantile (Vincent 1912:
 * quantiles are averaged, not densities, so the blend is no wider than its parts). weight NULL:
 * equal. */
void wsf__inner_forecasts_mean(const wsf__inner_forecasts *a, const double *weight,
                               wsf__forecast *out);
/* The forecasts of one inner call; an error if it did not fit one of the series. */
wsf_status wsf__inner_delegate(wsf__predict *p, const wsf__fitted *m, int call, const wsf__batch *b,
                               wsf__forecast out[]);

/* What two distances of quantiles from their means make together if errors are independent: the
 * root of the summed squares, with the sign of that sum if each square has the sign of its
 * distance. It rises with both, so that quantiles keep their order, each whatever the others are.
 */
double wsf__distances_add(double a, double b);
/* Stretch distances from the mean (stretch[h]; NULL: as they are), and add independent normal
 * errors of standard deviation sd[h]. */
void wsf__forecast_widen(wsf__forecast *out, const double *stretch, const double *sd);

/* Move every inner call over the observations as they are. */
wsf_status wsf__inner_update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                             wsf__fitted *out);
/* `update` where appended observations change nothing of this call's own: the inner calls move, the
 * state stays, the reason is what wsf__inner_reason says then. */
wsf_status wsf__state_keep(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                           wsf__fitted *out);
/* `fit` and `check` of calls that keep nothing of their own. */
wsf_status wsf__fit_nothing(wsf__fit *f, const wsf__batch *b, wsf__fitted *out);
bool wsf__check_nothing(const wsf__node *node, const wsf__panel *frame, const wsf__state *state);
/* What a call around one other says of a series, given as the user knows it: whether y is constant
 * is read from y, for the model inside saw other values. */
int32_t wsf__merged_reason(int32_t inner, wsf__extent own);
/* `predict`, `update` and `check` of calls that keep the number of the inner call they chose, and
 * nothing else. */
wsf_status wsf__predict_choice(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                               wsf__forecast out[]);
wsf_status wsf__update_choice(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                              wsf__fitted *out);
bool wsf__check_choice(const wsf__node *node, const wsf__panel *frame, const wsf__state *state);

/* Fit calls for the series that want them: want[i] is the call for series i of the batch, -1 for
 * none. A call that pools is fitted on the whole batch. */
wsf_status wsf__inner_fit_wanted(wsf__fit *f, const wsf__batch *b, const int *want,
                                 wsf__fitted *out);

#endif
