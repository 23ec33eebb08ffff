/* One form in place of several that differ in their trend: parameters and first states are averaged
 * by the forms' posterior weights.
 *
 * No trend is a trend with slope and beta of zero, and a straight one is damped by phi = 1: all
 * kinds are points of the damped one's parameters, so the mean over them is such a point too.
 * Weights exp(-IC / 2) as in Kolassa (2011), "Combining exponential smoothing forecasts using
 * Akaike weights", and in Bayesian model averaging (Hoeting, Madigan, Raftery and Volinsky 1999);
 * those average forecasts, this the parameters, so that there is one state to move, explain and
 * keep. */
#include "models/local/ets/ets.h"

#include "math/elementary.h"

static const double NEGLIGIBLE = 1e-6;

void wsf__ets_average(wsf__ets_fit *best, const wsf__ets_fit *fit, const double *ic, int n,
                      double least, const wsf__ets_limits *limits) {
  const wsf__ets *chosen = &best->start;
  if (chosen->form.trend == WSF__ETS_MUL) return;
  double weight[WSF__ETS_LANES], total = 0, trend = 0;
  for (int i = 0; i < n; ++i) {
    const wsf__ets_form *form = &fit[i].start.form;
    const bool like = form->error == chosen->form.error && form->trend != WSF__ETS_MUL;
    weight[i] = like ? wsf__exp(-0.5 * (ic[i] - least)) : 0;
    if (!(weight[i] > NEGLIGIBLE)) weight[i] = 0;
    total += weight[i];
    if (form->trend) trend += weight[i];
  }
  if (!(trend > 0)) return;
  wsf__ets mean = {.form = chosen->form, .m = chosen->m, .season = chosen->season};
  double k = 0;
  mean.form.trend = WSF__ETS_ADD;
  for (int i = 0; i < n; ++i) {
    if (weight[i] == 0) continue;
    const wsf__ets *e = &fit[i].start;
    const double part = weight[i] / total;
    k += part * fit[i].k;
    mean.alpha += part * e->alpha;
    mean.beta += part * e->beta;
    mean.gamma += part * e->gamma;
    mean.level += part * e->level;
    mean.slope += part * e->slope;
    if (e->form.trend) mean.phi += weight[i] / trend * e->phi;
  }
  mean.form.damped = mean.phi < 1;
  const double p[4] = {mean.alpha, mean.beta, mean.gamma, mean.phi};
  if (limits->admissible && !wsf__ets_admissible(&mean.form, mean.m, p)) return;
  for (int j = 0; j < mean.m; ++j) {
    mean.season[j] = 0;
    for (int i = 0; i < n; ++i) {
      if (weight[i] > 0) mean.season[j] += weight[i] / total * fit[i].start.season[j];
    }
  }
  best->start = mean;
  best->k = (int)(k + 0.5);
}
