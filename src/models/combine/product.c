/* Problem: one model knows the level of a series, another its shape over the year.
 *
 * Method: level x shape / mean(history), for one or more shapes: each shape's forecast, divided by
 * the mean of the last season of observations, says how far above or below usual a period is. The
 * level's quantiles are stretched by the same ratios.
 *
 * Guards: a ratio stays in [0, limit]; it is 1 where the divisor carries no proportions (a mean
 * below a tenth of the mean size of the same observations: near zero or of both signs), and where
 * the shape could not be fitted. Short series cannot explode.
 *
 * State: how many values were observed, and the last season of them as a ring. */
#include "models/combine/inner.h"
#include "models/components.h"

#include <math.h>
#include <string.h>

static const wsf__option options[] = {
    {"models", WSF__CALLS, NULL, 0, 0, "model", "the level, then one or more shapes"},
    {"limit", WSF__REAL, "10", 1, 1000, NULL, "the largest ratio that a shape may ask for"},
    {"season", WSF__INT, "0", 0, 100000, NULL,
     "observations that the mean is taken over; 0 = the data's season"},
};

typedef struct product_state {
  double observed;
  double ring[];
} product_state;

static void advance(product_state *w, int64_t m, const double *y, int64_t n) {
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(y[t])) continue;
    w->ring[(int64_t)w->observed % m] = y[t];
    w->observed += 1;
  }
}

/* Without a level there is nothing to stretch; a shape may be missing. */
static void set_reason(wsf__fitted *out, const wsf__series *s) {
  const int32_t level = out->inner[0]->state[s->slot].reason;
  wsf__state_reason(out, s, level < WSF__NOT_FITTED ? wsf__inner_reason(out, s->slot) : level);
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  const int64_t m = wsf__season_of(out->node, f->panel);
  WSF__TRY(wsf__inner_fit(f, b, out));
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    double *v = wsf__state_set(f, out, s, 1 + m, WSF__OK);
    if (!v) return wsf__fail_memory(f->err);
    advance((product_state *)v, m, s->y, s->n);
    set_reason(out, s);
  }
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  WSF__TRY(wsf__inner_update(f, old, s, out));
  double *v = wsf__state_copy(f, old, s, out);
  if (!v) return wsf__fail_memory(f->err);
  advance((product_state *)v, wsf__season_of(out->node, f->panel), s->y, s->n);
  set_reason(out, s);
  return WSF_OK;
}

/* 1 / mean of the ring, or 0 if it carries no proportions. */
static double inverse_base(const product_state *w, int64_t m) {
  const int64_t n = w->observed < (double)m ? (int64_t)w->observed : m;
  double sum = 0, size = 0;
  for (int64_t i = 0; i < n; ++i) {
    sum += w->ring[i] / (double)n;
    size += fabs(w->ring[i]) / (double)n;
  }
  return sum > 0.1 * size && isfinite(1 / sum) ? 1 / sum : 0;
}

/* Of one value of a shape; NaN stays. */
static double ratio_of(double shape, double inverse, double limit) {
  const double ratio = shape * inverse;
  return isnan(ratio) ? NAN : fmin(fmax(ratio, 0), limit);
}

static void stretch(wsf__forecast *out, const double *shape, double inverse, double limit) {
  for (int64_t t = 0; t < out->h; ++t) {
    wsf__explain(out, t, WSF__SEASON, out->mean[t] * (ratio_of(shape[t], inverse, limit) - 1));
  }
  for (int64_t r = 0; r < wsf__forecast_rows(out); ++r) {
    double *row = wsf__forecast_row(out, r);
    for (int64_t t = 0; t < out->h; ++t) row[t] *= ratio_of(shape[t], inverse, limit);
  }
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                          wsf__forecast out[]) {
  const double limit = wsf__arg_number(m->node, "limit");
  wsf__forecast *shape = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *shape);
  if (!shape) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__forecast like = {.h = out[i].h};
    if (!wsf__forecast_like(&shape[i], p->scratch, &like)) return wsf__fail_memory(p->err);
  }
  WSF__TRY(wsf__inner_delegate(p, m, 0, b, out));
  for (int call = 1; call < m->node->n_inner; ++call) {
    const wsf__fitted *inner = m->inner[call];
    WSF__TRY(p->predict_inner(p, inner, b, shape));
    for (int64_t i = 0; i < b->n; ++i) {
      const int64_t slot = b->series[i].slot;
      const product_state *w = (const product_state *)m->state[slot].v;
      const double inverse = inverse_base(w, wsf__season_of(m->node, p->frame));
      if (inverse == 0) continue;
      if (p->reason(p, inner, &b->series[i], out[i].h) >= WSF__NOT_FITTED) continue;
      stretch(&out[i], shape[i].mean, inverse, limit);
    }
  }
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  return state->n == 1 + wsf__season_of(node, frame) && wsf__state_finite(state) &&
         wsf__whole(state->v[0], 1, WSF__LONGEST);
}

/* The level's, stretched by each shape's over the mean of what was seen before. */
static wsf_status history(wsf__fit *f, const wsf__fitted *out, const wsf__series *s) {
  const int64_t m = wsf__season_of(out->node, f->panel);
  const double limit = wsf__arg_number(out->node, "limit");
  const wsf__history *level = wsf__inner_history(out, 0, s);
  double *to = wsf__history_of(out, s);
  product_state *w = wsf__arena_zero(f->scratch, (size_t)(1 + m), sizeof(double));
  if (!w) return wsf__fail_memory(f->err);
  for (int64_t t = 0; t < s->n; ++t) {
    const double inverse = w->observed > 0 ? inverse_base(w, m) : 0;
    to[t] = level->v[t];
    for (int i = 1; inverse != 0 && i < out->node->n_inner; ++i) {
      const wsf__history *shape = wsf__inner_history(out, i, s);
      if (!shape) continue;
      to[t] *= ratio_of(shape->v[t], inverse, limit);
    }
    advance(w, m, s->y + t, 1);
  }
  return WSF_OK;
}

const wsf__model_class wsf__model_product = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "product",
             .summary = "a level stretched by the shape that other models see in the year",
             .source = "",
             .since = "0.1.0",
             .example = "product(window(8), snaive)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = fit,
    .predict = predict,
    .update = update,
    .check = check,
    .promise = {.level = WSF__NOT, .why = "ratios have a zero"},
    .history = history,
};
