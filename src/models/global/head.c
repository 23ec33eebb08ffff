/* Six ways to say what comes. Quantiles lie on lines between the seven that are said; a point is
 * given Laplace's distribution, for whose width mean sizes of errors are sufficient; the others are
 * distributions themselves. */
#include "models/global/head.h"

#include "math/counts.h"
#include "math/elementary.h"
#include "math/normal.h"
#include "models/history.h"
#include "nn/nn.h"

static const float levels[WSF__LEVELS] = {0.025f, 0.1f, 0.25f, 0.5f, 0.75f, 0.9f, 0.975f};

wsf__head wsf__head_of(const wsf__node *node) {
  static const struct {
    const char *word;
    wsf__head head;
  } known[] = {
      {"quantile", {WSF__HEAD_QUANTILE, WSF__LEVELS, WSF__LEVELS / 2, false, 0, 0}},
      {"mae", {WSF__HEAD_MAE, 1, 0, true, 0, 0}},
      {"huber", {WSF__HEAD_HUBER, 1, 0, true, 0, 0}},
      {"gaussian", {WSF__HEAD_GAUSSIAN, 2, 0, false, 0, 0}},
      {"negbinomial", {WSF__HEAD_NEGBINOMIAL, 2, 0, false, 0, 0}},
      {"tweedie", {WSF__HEAD_TWEEDIE, 1, 0, true, 0, 0}},
  };
  size_t k = 0;
  while (k + 1 < sizeof known / sizeof *known && !wsf__arg_is(node, "loss", known[k].word)) ++k;
  wsf__head head = known[k].head;
  if (head.kind == WSF__HEAD_HUBER) head.delta = wsf__arg_number(node, "delta");
  head.power = wsf__arg_number(node, "power");
  return head;
}

int32_t wsf__head_reason(const wsf__head *head, const double *y, int64_t n) {
  const bool counts = head->kind == WSF__HEAD_NEGBINOMIAL;
  if (!counts && head->kind != WSF__HEAD_TWEEDIE) return WSF__OK;
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(y[t])) continue;
    if (counts && !wsf__whole(y[t], 0, 9007199254740992.0)) return WSF__NOT_COUNTS;
    if (y[t] < 0) return WSF__BELOW_ZERO;
  }
  return WSF__OK;
}

double wsf__head_loss(const wsf__head *head, const float *said, const wsf__aim *aim, float *d) {
  switch (head->kind) {
  case WSF__HEAD_MAE:
  case WSF__HEAD_HUBER:
    return wsf__huber_loss(head->delta, said, (double)aim->beside, d);
  case WSF__HEAD_GAUSSIAN:
    return wsf__normal_loss(said, (double)aim->beside, d);
  case WSF__HEAD_NEGBINOMIAL:
    return wsf__negbinomial_loss(said, aim->tracked, aim->scale, aim->y, d);
  case WSF__HEAD_TWEEDIE:
    return wsf__tweedie_loss(head->power, said, aim->tracked, aim->y / aim->scale, d);
  case WSF__HEAD_QUANTILE:
  default:
    return (double)wsf__quantile_loss(WSF__LEVELS, levels, said, aim->beside, 1, d);
  }
}

double wsf__head_off(const wsf__head *head, const float *said, const wsf__aim *aim) {
  if (head->kind != WSF__HEAD_TWEEDIE) return fabs((double)aim->beside - (double)said[0]);
  const double mean = wsf__tweedie_mean(said, aim->tracked), off = aim->y / aim->scale - mean;
  return off * off / wsf__pow(mean, head->power);
}

double wsf__head_point(const wsf__head *head, const float *said, double base, double scale) {
  double mean, other;
  float quantile[WSF__LEVELS];
  if (!(scale > 0)) return base;
  switch (head->kind) {
  case WSF__HEAD_NEGBINOMIAL:
    wsf__negbinomial_head(said, base / scale, scale, &mean, &other);
    return mean;
  case WSF__HEAD_TWEEDIE:
    return scale * wsf__tweedie_mean(said, base / scale);
  case WSF__HEAD_QUANTILE:
    wsf__quantile_heads(WSF__LEVELS, said, quantile);
    return base + scale * (double)quantile[WSF__LEVELS / 2];
  case WSF__HEAD_MAE:
  case WSF__HEAD_HUBER:
  case WSF__HEAD_GAUSSIAN:
  default:
    return base + scale * (double)said[0];
  }
}

/* Quantile at a level, from those that the network says: on a line between them over normal
 * quantiles, and on from the outer ones (the middle one's own exactly). */
static double between(const float *quantile, double level) {
  double z[WSF__LEVELS];
  const double at = wsf__normal_quantile(level);
  int k = 0;
  for (int i = 0; i < WSF__LEVELS; ++i) {
    z[i] = wsf__normal_quantile((double)levels[i]);
    if (i > 0 && i < WSF__LEVELS - 1 && at > z[i]) k = i;
  }
  const double part = (at - z[k]) / (z[k + 1] - z[k]);
  return (double)quantile[k] + part * ((double)quantile[k + 1] - (double)quantile[k]);
}

/* Of Laplace's distribution around 0 whose errors have a mean size of 1. */
static double laplace(double level) {
  return level < 0.5 ? wsf__ln(2 * level) : -wsf__ln(2 * (1 - level));
}

/* Beside what the tracking says, over the scale. */
static double quantile_of(const wsf__head *head, const float *said, double tracked, double width,
                          double q) {
  double mean, deviation;
  float quantile[WSF__LEVELS];
  switch (head->kind) {
  case WSF__HEAD_GAUSSIAN:
    wsf__normal_head(said, &mean, &deviation);
    return mean + deviation * wsf__normal_quantile(q);
  case WSF__HEAD_TWEEDIE:
    mean = wsf__tweedie_mean(said, tracked);
    return (width > 0 ? wsf__tweedie_quantile(mean, width, head->power, q) : mean) - tracked;
  case WSF__HEAD_QUANTILE:
    wsf__quantile_heads(WSF__LEVELS, said, quantile);
    return between(quantile, q);
  case WSF__HEAD_MAE:
  case WSF__HEAD_HUBER:
  case WSF__HEAD_NEGBINOMIAL:
  default:
    return (double)said[0] + width * laplace(q);
  }
}

void wsf__head_quantiles(const wsf__head *head, const float *said, double base, double scale,
                         double width, wsf__forecast *out, int64_t step) {
  if (head->kind == WSF__HEAD_NEGBINOMIAL && scale > 0) {
    double mean, size;
    wsf__negbinomial_head(said, base / scale, scale, &mean, &size);
    wsf__negbinomial_quantiles(mean, size, out->n_q, out->q, out->quantile + step, out->h);
    return;
  }
  for (int k = 0; k < out->n_q; ++k) {
    double *to = &out->quantile[k * out->h + step];
    *to = base;
    if (scale > 0) *to += scale * quantile_of(head, said, base / scale, width, out->q[k]);
  }
}
