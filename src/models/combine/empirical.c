/* Problem: intervals that hold what they say, for models whose own know too little: few windows of
 * one series say little of its errors, those of a panel say much.
 *
 * Method: the errors of back-tests are divided by the spread that the model inside gives them, and
 * by how much more or less than others the series of its group move at that place of the season
 * (places.c); the series share these scores and the intervals that they make (lines.c). The means
 * of the forecast stay as they are.
 *
 * Limits: between two windows all may change. Costs `windows` fits.
 *
 * State: place in the season of the first step, then what each place of the season multiplies; or
 * nothing. */
#include "models/combine/inner.h"
#include "models/combine/lines.h"
#include "models/combine/places.h"
#include "models/combine/rolling.h"

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model", "the model whose forecasts get intervals"},
    {"windows", WSF__INT, "3", 1, 100, NULL, "back-test windows, one after the other"},
    {"horizon", WSF__INT, "0", 0, 100000, NULL,
     "periods in a window; 0: those that will be forecast, else a season (6 without one), at most "
     "a quarter of the history"},
    {"by", WSF__TEXT, "auto", 0, 0, NULL,
     "key column whose series share how much each place of the season moves; auto: the last key "
     "(all series with fewer than two keys), all: the whole panel"},
    {"season", WSF__INT, "0", 0, 100000, NULL, "periods in a season; 0 = the data's"},
};

/* ---- fit ----------------------------------------------------------------------------------- */

typedef struct scores {
  const wsf__batch *b;
  const wsf__fitted *inner; /* fitted to the whole histories */
  const wsf__places *places;
  wsf__scored all;
} scores;

static size_t hidden(const wsf__batch *b, const wsf__rolling *r) {
  size_t values = 0;
  for (int64_t i = 0; i < b->n; ++i) {
    wsf__fold fold;
    for (int64_t w = 0; wsf__rolling_fold(&fold, r, b->series[i].n, w); ++w) {
      values += (size_t)fold.h;
    }
  }
  return values;
}

/* Whether a series was forecast by the same call in a window as it will be: short histories make
 * fallback choose another, and a model leave out its season. Of what is blended one or another may
 * be. */
static bool same_call(const wsf__fitted *a, int64_t i, const wsf__fitted *b, int64_t j) {
  while (a->node->n_inner == 1 || wsf__class_of(a->node)->chooses) {
    int call = 0;
    if (wsf__class_of(a->node)->chooses) {
      call = (int)a->state[i].v[0];
      if (call != (int)b->state[j].v[0]) return false;
    }
    a = a->inner[call];
    b = b->inner[call];
    if (a->state[i].reason >= WSF__NOT_FITTED || b->state[j].reason >= WSF__NOT_FITTED)
      return false;
  }
  return a->node->n_inner > 1 || a->state[i].reason == b->state[j].reason;
}

static void collect(void *user, int64_t i, int64_t w, wsf__fold fold, const wsf__forecast *own,
                    const wsf__fitted *fitted, int64_t slot) {
  (void)w;
  scores *to = user;
  const wsf__series *s = &to->b->series[i];
  if (!own || to->inner->state[s->slot].reason >= WSF__NOT_FITTED) return;
  wsf__scored_window(&to->all, same_call(fitted, slot, to->inner, s->slot));
  for (int64_t k = 0; k < fold.h; ++k) {
    const double part = wsf__places_factor(to->places, i, s->t0 + fold.origin + k);
    wsf__scored_add(&to->all, k + 1, s->y[fold.origin + k] - own->mean[k],
                    wsf__spread_at(own, k) * part);
  }
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  const wsf__node *node = out->node;
  const wsf__rolling r = wsf__rolling_of(node, f);
  wsf__groups groups;
  wsf__places places;
  WSF__TRY(wsf__groups_find(&groups, f, b, node));
  WSF__TRY(wsf__places_find(&places, f, b, &groups, wsf__season_of(node, f->panel)));
  WSF__TRY(wsf__inner_fit(f, b, out));
  scores to = {.b = b, .inner = out->inner[0], .places = &places};
  if (!wsf__scored_room(&to.all, hidden(b, &r), f->scratch)) return wsf__fail_memory(f->err);
  WSF__TRY(wsf__rolling_quantiles(f, b, node->inner[0], &r, WSF__SPREAD_LEVELS, wsf__spread_levels,
                                  collect, &to));
  int32_t number;
  wsf__arena *keep = f->pool_new(f, out, &b->series[0], &number);
  wsf__lines *l = keep ? wsf__arena_zero(keep, 1, sizeof *l) : NULL;
  if (!l) return wsf__fail_memory(f->err);
  out->pool[number - 1] = l;
  WSF__TRY(wsf__lines_draw(l, f, keep, &to.all, NULL));
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    int32_t reason;
    if (!wsf__inner_fitted(out, s, &reason)) continue;
    reason = wsf__reason_or(reason, l->n > 0 ? WSF__OK : WSF__NO_BACKTEST);
    double *v = wsf__state_set(f, out, s, wsf__places_numbers(&places, i), reason);
    if (!v) return wsf__fail_memory(f->err);
    out->state[s->slot].pool = number;
    wsf__places_keep(v, &places, i, s);
  }
  return WSF_OK;
}

/* ---- what a fit left ----------------------------------------------------------------------- */

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                          wsf__forecast out[]) {
  bool learnt = false;
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__lines *l = wsf__pool_of(m, &b->series[i]);
    learnt = learnt || l->n > 0;
  }
  if (!learnt) return wsf__inner_delegate(p, m, 0, b, out);
  wsf__forecast *own = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *own);
  if (!own) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < b->n; ++i) {
    if (!wsf__lines_ask(&own[i], &out[i], p->scratch)) return wsf__fail_memory(p->err);
  }
  WSF__TRY(wsf__inner_delegate(p, m, 0, b, own));
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    const wsf__state *state = &m->state[s->slot];
    WSF__TRY(wsf__lines_forecast(p, wsf__pool_of(m, s), state->v, state->n, s, &own[i], &out[i]));
  }
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  WSF__TRY(wsf__state_keep(f, old, s, out));
  const wsf__state *state = &out->state[s->slot];
  wsf__places_move((double *)(uintptr_t)state->v, state->n, s->n);
  return WSF_OK;
}

/* Its like have shown how the model inside errs; nothing is known of its seasons. */
static wsf_status start(wsf__fit *f, const void *pool, const wsf__series *s, wsf__fitted *out) {
  (void)pool;
  WSF__TRY(wsf__inner_fit(f, &(wsf__batch){.n = 1, .series = s}, out));
  const int32_t reason = out->inner[0]->state[s->slot].reason;
  if (reason >= WSF__NOT_FITTED) {
    wsf__state_fail(out, s, reason == WSF__SKIPPED ? WSF__NEW : reason);
    return WSF_OK;
  }
  if (!wsf__state_set(f, out, s, 0, reason)) return wsf__fail_memory(f->err);
  return WSF_OK;
}

static void save_pool(wsf__writer *w, const wsf__node *node, const void *pool) {
  (void)node;
  wsf__lines_write(w, pool);
}

static const void *load_pool(wsf__reader *r, wsf__arena *keep, const wsf__node *node,
                             const wsf__panel *frame) {
  (void)node;
  (void)frame;
  wsf__lines *l = wsf__read_room(r, keep, 1, sizeof *l);
  return l && wsf__lines_read(l, r, keep) ? l : NULL;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  return wsf__places_check(state->v, state->n, wsf__season_of(node, frame));
}

static wsf_status scope(wsf__scope *out, const wsf__node *node, const wsf__panel *panel,
                        wsf_error *err) {
  WSF__TRY(wsf__scope_by(out, node, panel, err)); /* whether there is such a key */
  *out = (wsf__scope){.of = WSF__PANEL};
  return WSF_OK;
}

const wsf__model_class wsf__model_empirical = {
    .spec = {.family = "model",
             .group = "combine",
             .name = "empirical",
             .summary = "intervals from back-test errors that all series share, for any model",
             .source =
                 "Williams and Goodman (1971); Lei et al. (2018), Distribution-free predictive "
                 "inference for regression",
             .since = "0.2.0",
             .example = "stl(ets) | empirical(windows=2)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .fit = fit,
    .predict = predict,
    .update = update,
    .start = start,
    .save_pool = save_pool,
    .load_pool = load_pool,
    .check = check,
    .scope = scope,
    .promise = {.update = WSF__NOT, .why = "an update keeps the errors of the fit"},
};
