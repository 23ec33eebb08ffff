/* Accuracy measures as sums (metrics.h): one pass over the steps of a series fills a numerator and
 * a denominator per metric. Measures that are averaged over series hold (value, 1), so that adding
 * tallies up averages them and pools the others. */
#include "evaluate/metrics.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define METRIC_NAME(name, pooled, text)   #name,
#define METRIC_POOLED(name, pooled, text) pooled,
#define METRIC_TEXT(name, pooled, text)   text,
static const char *const names[] = {WSF__METRICS(METRIC_NAME)};
static const bool is_pooled[] = {WSF__METRICS(METRIC_POOLED)};
static const char *const texts[] = {WSF__METRICS(METRIC_TEXT)};

const char *wsf__metric_name(int metric) {
  return names[metric];
}

const char *wsf__metric_text(int metric) {
  return texts[metric];
}

bool wsf__metric_pooled(int metric) {
  return is_pooled[metric];
}

int wsf__metric_find(const char *name) {
  for (int m = 0; m < WSF__N_METRICS; ++m) {
    if (strcmp(names[m], name) == 0) return m;
  }
  return -1;
}

static void add(wsf__tally *t, int metric, double top, double bottom) {
  t->top[metric] += top;
  t->bottom[metric] += bottom;
}

/* Squares of errors beyond 2^500 would overflow: they are added up in other units. */
static void add_square(wsf__tally *t, double e) {
  const bool large = fabs(e) > 0x1p500;
  if (large) t->large += e * 0x1p-600 * (e * 0x1p-600);
  add(t, WSF__METRIC_rmse, large ? 0 : e * e, 1);
}

/* Twice the pinball loss, mean over the quantiles that count; NaN if there is none. Koenker and
 * Bassett (1978). */
static double quantile_loss(const wsf__scored *s, int64_t i) {
  double sum = 0;
  int count = 0;
  for (int k = 0; k < s->n_q; ++k) {
    if (s->loss && !s->loss[k]) continue;
    const double miss = s->actual[i] - s->quantile[k * s->h + i];
    sum += 2 * (miss >= 0 ? s->q[k] * miss : (s->q[k] - 1) * miss);
    ++count;
  }
  return count ? sum / count : NAN;
}

/* Winkler (1972): width, plus 2 / alpha times what lies outside. */
static void add_interval(wsf__tally *t, const wsf__scored *s, int64_t i, int lo, int hi) {
  const double y = s->actual[i];
  /* as a forecast's table has it: around the mean, too */
  const double low = fmin(s->quantile[lo * s->h + i], s->forecast[i]);
  const double high = fmax(s->quantile[hi * s->h + i], s->forecast[i]);
  const double alpha = 1 - (s->q[hi] - s->q[lo]);
  double score = high - low;
  if (y < low) score += 2 / alpha * (low - y);
  if (y > high) score += 2 / alpha * (y - high);
  add(t, WSF__METRIC_coverage, y >= low && y <= high, 1);
  add(t, WSF__METRIC_winkler, score, 1);
}

/* What no double holds is the largest there is: nobody takes it for a value that is not there. */
static double held(double value) {
  return isinf(value) ? copysign(DBL_MAX, value) : value;
}

/* From sums over the steps to the series' own value. */
static void settle(wsf__tally *t, int metric, double value) {
  const bool there = !isnan(value);
  t->top[metric] = there ? held(value) : 0;
  t->bottom[metric] = there;
}

static double over_scale(double sum, double count, double scale) {
  if (!(scale > 0 && count > 0)) return NAN;
  return isinf(scale) ? INFINITY : sum / count / scale;
}

void wsf__tally_series(wsf__tally *out, const wsf__scored *s, int lo, int hi) {
  memset(out, 0, sizeof *out);
  double count = 0, absolute = 0, squares = 0, symmetric = 0, loss = 0;
  for (int64_t i = 0; i < s->h; ++i) {
    const double y = s->actual[i], f = s->forecast[i], e = f - y, size = fabs(e);
    if (!isfinite(y)) continue;
    const double w = s->weight ? s->weight[i] : 1;
    ++count;
    absolute += size;
    squares += e * e;
    if (size > 0) symmetric += 200 * size / (fabs(y) + fabs(f));
    add(out, WSF__METRIC_wmae, w * size, w);
    add(out, WSF__METRIC_mae, size, 1);
    add_square(out, e);
    if (y != 0) add(out, WSF__METRIC_mape, 100 * size / fabs(y), 1);
    add(out, WSF__METRIC_wape, size, fabs(y));
    add(out, WSF__METRIC_bias, e, fabs(y));
    const double q = quantile_loss(s, i);
    if (!isnan(q)) add(out, WSF__METRIC_pinball, q, 1);
    loss += q;
    if (lo >= 0 && hi >= 0) add_interval(out, s, i, lo, hi);
  }
  settle(out, WSF__METRIC_smape, count > 0 ? symmetric / count : NAN);
  settle(out, WSF__METRIC_mase, over_scale(absolute, count, s->scale_season));
  settle(out, WSF__METRIC_rmsse, sqrt(over_scale(squares, count, s->scale_rmsse)));
  if (s->scale_sql > 0 && !isnan(loss)) {
    add(out, WSF__METRIC_sql, isinf(s->scale_sql) ? INFINITY : loss / s->scale_sql, count);
  }
}

void wsf__tally_add(wsf__tally *group, const wsf__tally *series) {
  for (int m = 0; m < WSF__N_METRICS; ++m) add(group, m, series->top[m], series->bottom[m]);
  group->large += series->large;
}

double wsf__tally_value(const wsf__tally *t, int metric) {
  if (!(t->bottom[metric] > 0)) return NAN;
  if (isinf(t->bottom[metric])) return DBL_MAX;
  double value = t->top[metric] / t->bottom[metric];
  if (metric == WSF__METRIC_rmse) {
    value =
        t->large > 0
            ? sqrt((t->large + t->top[metric] * 0x1p-1000 * 0x1p-200) / t->bottom[metric]) * 0x1p600
            : sqrt(value);
  }
  return held(value);
}
