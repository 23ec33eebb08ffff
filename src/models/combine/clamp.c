/* Problem: keep forecasts inside bounds that are known: sales below zero, more than a shelf holds,
 * or far from anything the history has seen.
 *
 * Method: forecast and quantiles are cut at lo and hi, and with `range` at that many widths of the
 * history beyond its least and largest observation. State: those two. */
#include "models/combine/inner.h"

#include <math.h>

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model", "the model whose forecasts are kept inside"},
    {"lo", WSF__REAL, "", 0, 0, NULL, "no forecast lies below"},
    {"hi", WSF__REAL, "", 0, 0, NULL, "no forecast lies above"},
    {"range", WSF__REAL, "", 0, 1000, NULL,
     "no forecast leaves the range of the history by more than this many times its width"},
};

static bool given(const wsf__node *node, const char *option) {
  return wsf__arg(node, option)->form == WSF__NUMBER;
}

static wsf_status check_bounds(const wsf__node *node, wsf_error *err) {
  if (!given(node, "lo") || !given(node, "hi")) return WSF_OK;
  const double lo = wsf__arg_number(node, "lo"), hi = wsf__arg_number(node, "hi");
  if (lo <= hi) return WSF_OK;
  char low[32], high[32];
  (void)wsf__number_format(lo, low);
  (void)wsf__number_format(hi, high);
  (void)wsf__fail(err, WSF_E_VALUE, "lo is %s, above hi, which is %s", low, high);
  wsf__error_at_field(err, "lo");
  wsf__error_at_byte(err, node->byte);
  return WSF_E_VALUE;
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  WSF__TRY(check_bounds(out->node, f->err));
  WSF__TRY(wsf__inner_fit(f, b, out));
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    int32_t reason;
    if (!wsf__inner_fitted(out, s, &reason)) continue;
    double *v = wsf__state_set(f, out, s, 2, reason);
    if (!v) return wsf__fail_memory(f->err);
    const wsf__extent e = wsf__extent_of(s->y, s->n);
    v[0] = e.least;
    v[1] = e.largest;
  }
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  WSF__TRY(wsf__state_keep(f, old, s, out));
  const wsf__state *state = &out->state[s->slot];
  if (state->reason >= WSF__NOT_FITTED) return WSF_OK;
  wsf__extent *seen = (wsf__extent *)(uintptr_t)state->v; /* this fit's own copy */
  for (int64_t t = 0; t < s->n; ++t) wsf__extent_add(seen, s->y[t]);
  return WSF_OK;
}

static void bounds_of(const wsf__node *node, const double *v, const wsf__series *s, double *lo,
                      double *hi) {
  *lo = -INFINITY;
  *hi = INFINITY;
  if (given(node, "range")) {
    const double room = wsf__arg_number(node, "range") * (v[1] - v[0]);
    *lo = v[0] - room;
    *hi = v[1] + room;
  }
  /* a bound that was written wins over the history's */
  if (given(node, "lo")) {
    *lo = fmax(*lo, wsf__arg_number(node, "lo") - s->shift);
    *hi = fmax(*hi, *lo);
  }
  if (given(node, "hi")) {
    *hi = fmin(*hi, wsf__arg_number(node, "hi") - s->shift);
    *lo = fmin(*lo, *hi);
  }
}

/* NaN stays. */
static double inside(double x, double lo, double hi) {
  return isnan(x) ? x : fmin(fmax(x, lo), hi);
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                          wsf__forecast out[]) {
  WSF__TRY(wsf__inner_delegate(p, m, 0, b, out));
  for (int64_t j = 0; j < b->n; ++j) {
    double lo, hi;
    const wsf__series *s = &b->series[j];
    bounds_of(m->node, m->state[s->slot].v, s, &lo, &hi);
    for (int64_t r = 0; r < wsf__forecast_rows(&out[j]) && !wsf__forecast_stopped(&out[j]); ++r) {
      double *row = wsf__forecast_row(&out[j], r);
      for (int64_t i = 0; i < out[j].h; ++i) row[i] = inside(row[i], lo, hi);
    }
  }
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  return state->n == 2 && wsf__state_finite(state) && state->v[0] <= state->v[1];
}

static wsf_status history(wsf__fit *f, const wsf__fitted *out, const wsf__series *s) {
  (void)f;
  const wsf__history *inner = wsf__inner_history(out, 0, s);
  double *to = wsf__history_of(out, s), lo, hi;
  bounds_of(out->node, out->state[s->slot].v, s, &lo, &hi);
  for (int64_t t = 0; t < s->n; ++t) {
    to[t] = inside(inner->v[t], lo, hi);
  }
  return WSF_OK;
}

const wsf__model_class wsf__model_clamp = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "clamp",
             .summary = "keeps the forecasts of a model inside bounds",
             .source = "",
             .since = "0.1.0",
             .example = "tslm | clamp(lo=0, range=1)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = fit,
    .predict = predict,
    .update = update,
    .check = check,
    .history = history,
};
