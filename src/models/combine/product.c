/* Problem: one model knows the level of a series, another its shape over the year.
 *
 * Method: level x shape / mean(history), for one or more shapes: each shape's forecast, divided by
 * the mean of the last season of observations, says how far above or below usual a period is.
 *
 * Intervals: of a level L and a ratio R that are independent, L R has the variance r^2 V(L) + l^2
 * V(R) + V(L) V(R) around means l and r (Goodman 1960, "On the exact variance of products", eq. 2);
 * distances of a quantile stand for standard deviations. The intervals of both calls are for values
 * to come, whose distance from the level is the shape's to tell: so the variance of the last season
 * of observations is taken off the level's first. intervals=model stretches the level's alone.
 *
 * Guards: a ratio stays in [0, limit]; it is 1 where the divisor carries no proportions (a mean
 * below half of the mean size of the same observations: near zero or of both signs), and where the
 * shape could not be fitted. Short series cannot explode.
 *
 * State: how many values were observed, the last season of them as a ring, and its spread. States
 * of version 0.1.0 have no spread: they forecast as they did, with a tenth in place of the half. */
#include "models/combine/inner.h"
#include "models/components.h"

#include "math/elementary.h"
#include "math/normal.h"

#include <math.h>
#include <string.h>

static const wsf__option options[] = {
    {"models", WSF__CALLS, NULL, 0, 0, "model", "the level, then one or more shapes"},
    {"limit", WSF__REAL, "10", 1, 1000, NULL, "the largest ratio that a shape may ask for"},
    {"season", WSF__INT, "0", 0, 100000, NULL,
     "observations that the mean is taken over; 0 = the data's season"},
    {"intervals", WSF__WORD, "adjusted", 0, 0, "adjusted|model",
     "adjusted: count that the shape is a forecast too; model: as the level's, stretched"},
};

typedef struct product_state {
  double observed;
  double ring[];
} product_state;

/* Mean over mean size of observations that carry proportions; as version 0.1.0 had it. */
static const double LEAST = 0.5, LEAST_THEN = 0.1;

static bool has_spread(const wsf__state *state, int64_t m) {
  return state->n == 2 + m;
}

static void advance(product_state *w, int64_t m, const double *y, int64_t n) {
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(y[t])) continue;
    w->ring[(int64_t)w->observed % m] = y[t];
    w->observed += 1;
  }
}

/* The last season of observations. */
typedef struct usual {
  double inverse; /* 1 / mean, or 0 if it carries no proportions */
  double spread;  /* standard deviation */
} usual;

static usual usual_of(const product_state *w, int64_t m, double least) {
  const int64_t n = w->observed < (double)m ? (int64_t)w->observed : m;
  double mean = 0, size = 0;
  usual u = {0};
  for (int64_t i = 0; i < n; ++i) {
    mean += w->ring[i] / (double)n;
    size += fabs(w->ring[i]) / (double)n;
  }
  for (int64_t i = 0; i < n && n > 1; ++i) {
    u.spread = wsf__hypot(u.spread, (w->ring[i] - mean) / sqrt((double)(n - 1)));
  }
  if (mean > least * size && isfinite(1 / mean)) u.inverse = 1 / mean;
  return u;
}

/* Without a level there is nothing to stretch; a shape may be missing. */
static void set_reason(wsf__fitted *out, const wsf__series *s) {
  const int32_t level = out->inner[0]->state[s->slot].reason;
  wsf__state_reason(out, s, level < WSF__NOT_FITTED ? wsf__inner_reason(out, s->slot) : level);
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  const int64_t m = wsf__season_of(out->node, f->panel);
  const bool adjusted = wsf__arg_is(out->node, "intervals", "adjusted");
  WSF__TRY(wsf__inner_fit(f, b, out));
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    double *v = wsf__state_set(f, out, s, 1 + m + adjusted, WSF__OK);
    if (!v) return wsf__fail_memory(f->err);
    advance((product_state *)v, m, s->y, s->n);
    if (adjusted) v[1 + m] = usual_of((product_state *)v, m, LEAST).spread;
    set_reason(out, s);
  }
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  WSF__TRY(wsf__inner_update(f, old, s, out));
  double *v = wsf__state_copy(f, old, s, out);
  if (!v) return wsf__fail_memory(f->err);
  const int64_t m = wsf__season_of(out->node, f->panel);
  advance((product_state *)v, m, s->y, s->n);
  if (has_spread(&old->state[s->slot], m)) v[1 + m] = usual_of((product_state *)v, m, LEAST).spread;
  set_reason(out, s);
  return WSF_OK;
}

/* Of one value of a shape; NaN stays. */
static double ratio_of(double shape, double inverse, double limit) {
  const double ratio = shape * inverse;
  return isnan(ratio) ? NAN : fmin(fmax(ratio, 0), limit);
}

/* The quantiles asked for, and those that stand for a standard deviation below and above. */
typedef struct levels {
  int n, below, above; /* places in q */
  double *q;
} levels;

static bool add_references(levels *to, const wsf__forecast *asked, wsf__arena *scratch) {
  const double below = wsf__normal_cdf(-1), above = wsf__normal_cdf(1);
  *to = (levels){.q = wsf__arena_new(scratch, (size_t)asked->n_q + 2, sizeof *to->q)};
  if (!to->q) return false;
  to->below = to->above = -1;
  for (int k = 0; k <= asked->n_q; ++k) {
    const double next = k < asked->n_q ? asked->q[k] : 1;
    if (to->below < 0 && next >= below) {
      to->below = to->n;
      to->q[to->n++] = below;
    }
    if (to->above < 0 && next >= above) {
      to->above = to->n;
      to->q[to->n++] = above;
    }
    if (k < asked->n_q) to->q[to->n++] = next;
  }
  return true;
}

/* Room for the same forecasts at more levels; the rest is where `like` has it. */
static wsf__forecast *with_levels(const wsf__forecast *like, int64_t n, const levels *l,
                                  wsf__arena *scratch) {
  wsf__forecast *own = wsf__arena_new(scratch, (size_t)n, sizeof *own);
  for (int64_t i = 0; own && i < n; ++i) {
    own[i] = like[i];
    own[i].n_q = l->n;
    own[i].q = l->q;
    own[i].quantile = wsf__arena_new(scratch, (size_t)l->n * (size_t)like[i].h, sizeof(double));
    if (!own[i].quantile) return NULL;
  }
  return own;
}

static void without_references(const wsf__forecast *own, const levels *l, wsf__forecast *out) {
  const size_t row = (size_t)out->h * sizeof *out->quantile;
  for (int k = 0, to = 0; k < l->n; ++k) {
    if (k == l->below || k == l->above) continue;
    memcpy(out->quantile + to++ * out->h, own->quantile + k * own->h, row);
  }
}

/* Step t of the level's forecast times that of the shape. */
static void stretch(wsf__forecast *out, const wsf__forecast *shape, int64_t t, const usual *u,
                    double limit, const levels *l) {
  const double inverse = u->inverse, level = out->mean[t];
  const double ratio = ratio_of(shape->mean[t], inverse, limit);
  double share[2], ratio_sd[2]; /* below and above */
  for (int side = 0; side < 2; ++side) {
    const int64_t at = (side ? l->above : l->below) * out->h + t;
    const double own = u->spread / fabs(out->quantile[at] - level);
    share[side] = own < 1 ? sqrt(1 - own * own) : 0;
    ratio_sd[side] = ratio_of(shape->quantile[at], inverse, limit) - ratio;
  }
  wsf__explain(out, t, WSF__SEASON, level * (ratio - 1));
  out->mean[t] = level * ratio;
  for (int k = 0; k < out->n_q; ++k) {
    double *q = &out->quantile[k * out->h + t];
    const bool side = *q > level; /* not of the median: quantiles would cross there */
    const double error = share[side] * (*q - level);
    const double off = ratio_of(shape->quantile[k * out->h + t], inverse, limit) - ratio;
    const double both = fabs(error * ratio_sd[side]);
    const double one = wsf__distances_add(ratio * error, fabs(level) * off);
    *q = out->mean[t] + wsf__distances_add(one, side ? both : -both);
  }
  for (int64_t k = 0; k < out->n_paths; ++k) {
    out->path[k * out->h + t] *= ratio_of(shape->path[k * out->h + t], inverse, limit);
  }
}

/* The same with the shape taken as known. */
static void stretch_level(wsf__forecast *out, int64_t t, double ratio) {
  wsf__explain(out, t, WSF__SEASON, out->mean[t] * (ratio - 1));
  for (int64_t r = 0; r < wsf__forecast_rows(out); ++r) wsf__forecast_row(out, r)[t] *= ratio;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                          wsf__forecast out[]) {
  const double limit = wsf__arg_number(m->node, "limit");
  const int64_t season = wsf__season_of(m->node, p->frame);
  const bool old = wsf__arg_is(m->node, "intervals", "adjusted"); /* if a state has no spread */
  levels l;
  wsf__forecast *shape = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *shape);
  if (!shape || !add_references(&l, &out[0], p->scratch)) return wsf__fail_memory(p->err);
  wsf__forecast *own = with_levels(out, b->n, &l, p->scratch);
  if (!own) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < b->n; ++i) {
    wsf__forecast like = own[i];
    like.components = NULL;
    if (!wsf__forecast_like(&shape[i], p->scratch, &like)) return wsf__fail_memory(p->err);
  }
  WSF__TRY(wsf__inner_delegate(p, m, 0, b, own));
  for (int call = 1; call < m->node->n_inner; ++call) {
    const wsf__fitted *inner = m->inner[call];
    WSF__TRY(p->predict_inner(p, inner, b, shape));
    for (int64_t i = 0; i < b->n; ++i) {
      const int64_t slot = b->series[i].slot;
      const product_state *w = (const product_state *)m->state[slot].v;
      const bool counts = has_spread(&m->state[slot], season);
      usual u = usual_of(w, season, counts || !old ? LEAST : LEAST_THEN);
      if (counts) u.spread = m->state[slot].v[1 + season];
      if (u.inverse == 0) continue;
      if (p->reason(p, inner, &b->series[i], out[i].h) >= WSF__NOT_FITTED) continue;
      for (int64_t t = 0; t < own[i].h && !wsf__forecast_stopped(&own[i]); ++t) {
        if (counts)
          stretch(&own[i], &shape[i], t, &u, limit, &l);
        else
          stretch_level(&own[i], t, ratio_of(shape[i].mean[t], u.inverse, limit));
      }
    }
  }
  for (int64_t i = 0; i < b->n; ++i) without_references(&own[i], &l, &out[i]);
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  const int64_t m = wsf__season_of(node, frame);
  if (state->n != 1 + m && !(has_spread(state, m) && state->v[1 + m] >= 0)) return false;
  return wsf__state_finite(state) && wsf__whole(state->v[0], 1, WSF__LONGEST);
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
    const double inverse = w->observed > 0 ? usual_of(w, m, LEAST).inverse : 0;
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
