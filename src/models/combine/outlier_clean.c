/* Outliers replaced by what their surroundings lead to expect, then any model.
 *
 * Method: analysis/outliers.c (after R's tsoutliers() and tsclean()) finds the outliers and says
 * what they should have been; a replacement stays within the range of the other values, so that a
 * positive series stays positive. With `fill`, missing values are filled too, along the line
 * between their neighbours plus what the season deviated from its own line a cycle before. Limits:
 * what is far away is an outlier even if it will come again; a season must be known for its peaks
 * to be kept. Intervals are the inner model's: no outliers are expected in the future. No update:
 * whether a value is an outlier is for the values after it to say. */
#include "analysis/outliers.h"
#include "analysis/stl.h"
#include "models/combine/inner.h"

#include <math.h>
#include <string.h>

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model", "model of the cleaned series"},
    {"fill", WSF__FLAG, "false", 0, 0, NULL, "fill missing values too"},
    {"season", WSF__INT, "0", 0, 100000, NULL, "periods in a season; 0: the data's"}};

/* work: n values. false: out of memory. */
static bool replace_outliers(double *y, int64_t n, int64_t m, double *work, wsf__arena *scratch) {
  double *expected = work, spread;
  if (!wsf__outliers(y, n, m, expected, &spread, scratch)) return false;
  for (int64_t t = 0; t < n; ++t) {
    if (!isnan(expected[t])) y[t] = NAN;
  }
  const wsf__extent usual = wsf__extent_of(y, n);
  for (int64_t t = 0; t < n; ++t) {
    if (!isnan(expected[t])) y[t] = fmax(usual.least, fmin(usual.largest, expected[t]));
  }
  return true;
}

static wsf_status clean(wsf__fit *f, const wsf__node *node, wsf__series *s) {
  const int64_t m = wsf__season_of(node, f->panel), n = s->n;
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  double *work = wsf__arena_new(f->scratch, (size_t)n, sizeof *work);
  double *y = wsf__series_values(s);
  if (!work) return wsf__fail_memory(f->err);
  const bool telling = m == 1 || n >= 2 * m;
  if (telling && !replace_outliers(y, n, m, work, f->scratch)) return wsf__fail_memory(f->err);
  if (wsf__arg_flag(node, "fill")) {
    memcpy(work, y, (size_t)n * sizeof *y);
    wsf__fill_missing(work, n, m, y);
  }
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  wsf__series *copy = wsf__batch_copy(f, b);
  if (!copy) return wsf__fail_memory(f->err);
  for (int64_t i = 0; i < b->n; ++i) {
    wsf__series *s = &copy[i];
    WSF__TRY(clean(f, out->node, s));
    if (!wsf__state_set(f, out, s, 0, WSF__OK)) return wsf__fail_memory(f->err);
  }
  const wsf__batch cleaned = {b->n, copy};
  WSF__TRY(f->fit_inner(f, &cleaned, out->inner[0]));
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    const int32_t inner = out->inner[0]->state[s->slot].reason;
    wsf__state_reason(out, s, wsf__merged_reason(inner, wsf__extent_of(s->y, s->n)));
  }
  return WSF_OK;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                          wsf__forecast out[]) {
  return wsf__inner_delegate(p, m, 0, b, out);
}

const wsf__model_class wsf__model_outlier_clean = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "outlier_clean",
             .summary = "any model, outliers of the history replaced first",
             .source = "Hyndman (2021), Detecting time series outliers; R's forecast::tsclean",
             .since = "0.1.0",
             .example = "ets | outlier_clean",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = fit,
    .predict = predict,
    .check = wsf__check_nothing,
};
