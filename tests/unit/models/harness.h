/* Fits and forecasts a model expression without the engine: one thread, one batch.
 *
 *   harness h;
 *   harness_open(&h, "mean(naive, drift)", 12, 1, (int64_t[]){n}, y);  panel, parse, fit; asserts
 *   harness_forecast(&h, 0, 12, q, 2, mean, quantile);
 *   harness_close(&h);
 *
 * Series stand one after another in y. Covariates: fill h.panel.column between harness_begin and
 * harness_fit. A trial's states live in the scratch of the fit that asked for it, so what is fitted
 * below it works on the scratch of the next level. */
#ifndef WSF_TESTS_MODELS_HARNESS_H
#define WSF_TESTS_MODELS_HARNESS_H

#include "support.h"
#include "models/model.h"
#include "models/paths.h"

#include <math.h>

enum { HARNESS_LEVELS = 8 };

static inline const wsf__spec *harness_spec(int i) {
  return i < wsf__n_model_classes ? &wsf__model_classes[i]->spec : NULL;
}

typedef struct harness {
  wsf__env env;
  wsf__arena arena, keep, scratch[HARNESS_LEVELS];
  wsf__panel panel;
  wsf__catalog catalog;
  const wsf__node *root;
  wsf__fitted *fitted;
  wsf__series *series;
  wsf_error err;
} harness;

typedef struct harness_fitted {
  wsf__fitted fitted; /* first */
  int level;          /* trials around it */
} harness_fitted;

typedef struct harness_lent {
  wsf__fit fit; /* first */
  harness *h;
  int level;
} harness_lent;

static inline wsf__fitted *harness_tree(wsf__arena *arena, const wsf__node *node, int64_t n,
                                        int level) {
  harness_fitted *t = wsf__arena_zero(arena, 1, sizeof *t);
  if (!t) return NULL;
  wsf__fitted **inner = wsf__arena_zero(arena, (size_t)node->n_inner, sizeof *inner);
  t->level = level;
  t->fitted.node = node;
  t->fitted.n = n;
  t->fitted.state = wsf__arena_zero(arena, (size_t)n, sizeof *t->fitted.state);
  t->fitted.inner = inner;
  if (!inner || !t->fitted.state) return NULL;
  for (int64_t i = 0; i < n; ++i) t->fitted.state[i].reason = WSF__SKIPPED;
  for (int i = 0; i < node->n_inner; ++i) {
    inner[i] = harness_tree(arena, node->inner[i], n, level);
    if (!inner[i]) return NULL;
  }
  return &t->fitted;
}

static inline wsf_status harness_fit_inner(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  harness_lent lent = *(harness_lent *)f;
  const int level = ((harness_fitted *)out)->level;
  assert_in_range(level, lent.level, lent.level + 1);
  if (level > lent.level) {
    assert_in_range(level, 1, HARNESS_LEVELS - 1);
    lent.level = level;
    lent.fit.keep = lent.fit.scratch;
    lent.fit.scratch = &lent.h->scratch[level];
  }
  const wsf__model_class *class = wsf__class_of(out->node);
  const wsf__mark mark = wsf__arena_mark(lent.fit.scratch);
  wsf_status status = WSF_OK;
  if (class->fit) {
    if (b->n > 0) status = class->fit(&lent.fit, b, out);
  } else {
    for (int64_t i = 0; i < b->n && status == WSF_OK; ++i) {
      status = class->fit_series(&lent.fit, &b->series[i], out);
      wsf__arena_reset(lent.fit.scratch, mark);
    }
  }
  wsf__arena_reset(lent.fit.scratch, mark);
  for (int64_t i = 0; i < b->n && status == WSF_OK; ++i) {
    const wsf__series *s = &b->series[i];
    const wsf__state *state = &out->state[s->slot];
    if (state->reason < WSF__NOT_FITTED && !wsf__state_finite(state)) {
      wsf__state_fail(out, s, WSF__NOT_FINITE);
    }
  }
  return status;
}

static inline wsf_status harness_predict_inner(wsf__predict *p, const wsf__fitted *inner,
                                               const wsf__batch *b, wsf__forecast out[]) {
  const wsf__model_class *class = wsf__class_of(inner->node);
  const wsf__mark mark = wsf__arena_mark(p->scratch);
  wsf__series *history = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *history);
  wsf__forecast *some = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *some);
  if (!history || !some) return wsf__fail_memory(p->err);
  int64_t n = 0;
  for (int64_t i = 0; i < b->n; ++i) {
    assert_in_range(b->series[i].slot, 0, inner->n - 1);
    if (inner->state[b->series[i].slot].reason >= WSF__NOT_FITTED) {
      for (int64_t r = 0; r < wsf__forecast_rows(&out[i]); ++r) {
        for (int64_t j = 0; j < out[i].h; ++j) wsf__forecast_row(&out[i], r)[j] = NAN;
      }
      continue;
    }
    history[n] = b->series[i];
    history[n].y = NULL;
    some[n++] = out[i];
  }
  wsf_status status = WSF_OK;
  if (n > 0 && class->predict) status = class->predict(p, inner, &(wsf__batch){n, history}, some);
  for (int64_t i = 0; !class->predict && i < n && status == WSF_OK; ++i) {
    status = class->predict_series(p, inner, &history[i], &some[i]);
  }
  for (int64_t i = 0; inner->node->n_inner == 0 && i < n && status == WSF_OK; ++i) {
    if (some[i].n_paths > 0) status = wsf__paths_make(p, inner, &history[i], &some[i]);
  }
  wsf__arena_reset(p->scratch, mark);
  return status;
}

static inline wsf_status harness_trial_predict(wsf__fit *f, const wsf__fitted *inner,
                                               const wsf__batch *b, wsf__forecast out[]) {
  wsf__predict p = {f->panel, f->env, f->scratch, f->err, harness_predict_inner};
  return harness_predict_inner(&p, inner, b, out);
}

static inline wsf__fitted *harness_trial(wsf__fit *f, const wsf__node *node, int64_t n) {
  return harness_tree(f->scratch, node, n, ((harness_lent *)f)->level + 1);
}

/* Its states go with the scratch. */
static inline void harness_trial_end(wsf__fit *f, wsf__fitted *trial) {
  (void)f;
  (void)trial;
}

static inline wsf_status harness_parallel(wsf__fit *f, int64_t pieces, wsf__piece_fn *fn,
                                          void *user) {
  for (int64_t i = 0; i < pieces; ++i) WSF__TRY(fn(f, i, user));
  return WSF_OK;
}

static inline wsf_status harness_update_inner(wsf__fit *f, const wsf__fitted *old,
                                              const wsf__series *s, wsf__fitted *inner) {
  const wsf__model_class *class = wsf__class_of(inner->node);
  if (old->state[s->slot].reason >= WSF__NOT_FITTED) return WSF_OK;
  if (!class->update) return WSF_E_UNSUPPORTED;
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  const wsf_status status = class->update(f, old, s, inner);
  wsf__arena_reset(f->scratch, mark);
  return status;
}

static inline harness_lent harness_lend(harness *h) {
  return (harness_lent){{&h->panel, &h->env, &h->scratch[0], &h->keep, &h->err, harness_fit_inner,
                         harness_trial_predict, harness_trial, harness_trial_end, NULL,
                         harness_update_inner, harness_parallel},
                        h,
                        0};
}

/* Panel of n integer-timed series that all end at the same period; parses the model. */
static inline wsf_status harness_begin(harness *h, const char *model, int season, int64_t n,
                                       const int64_t *length, const double *y) {
  memset(h, 0, sizeof *h);
  assert_true(wsf__env_init(&h->env, &wsf__alloc_libc));
  wsf__error_clear(&h->err);
  wsf__arena_init(&h->arena, &h->env.alloc);
  wsf__arena_init(&h->keep, &h->env.alloc);
  for (int i = 0; i < HARNESS_LEVELS; ++i) wsf__arena_init(&h->scratch[i], &h->env.alloc);
  h->catalog = (wsf__catalog){harness_spec};

  int64_t *first = wsf__arena_new(&h->arena, (size_t)n, sizeof *first);
  int64_t *offset = wsf__arena_new(&h->arena, (size_t)n, sizeof *offset);
  h->series = wsf__arena_new(&h->arena, (size_t)n, sizeof *h->series);
  assert_true(first && offset && h->series);
  int64_t longest = 0, total = 0;
  for (int64_t i = 0; i < n; ++i) longest = length[i] > longest ? length[i] : longest;
  for (int64_t i = 0; i < n; ++i) {
    first[i] = longest - length[i];
    offset[i] = total;
    h->series[i] = (wsf__series){y + total, length[i], first[i], i, i};
    total += length[i];
  }
  wsf__arena_init(&h->panel.arena, &h->env.alloc);
  h->panel.calendar.freq = WSF__INTEGER;
  h->panel.calendar.form = WSF__FORM_INTEGER;
  h->panel.season = season;
  h->panel.T = longest;
  h->panel.n = n;
  h->panel.first = first;
  h->panel.length = length;
  h->panel.offset = offset;
  h->panel.y = y;
  h->panel.holiday = h->panel.weight = -1;
  h->panel.holiday_weight = 1;
  h->panel.source = "";
  return wsf__expr_parse(&h->root, &h->arena, &h->catalog, "model", model, strlen(model), &h->err);
}

static inline wsf_status harness_fit(harness *h) {
  h->fitted = harness_tree(&h->arena, h->root, h->panel.n, 0);
  assert_non_null(h->fitted);
  harness_lent lent = harness_lend(h);
  const wsf__batch b = {h->panel.n, h->series};
  return harness_fit_inner(&lent.fit, &b, h->fitted);
}

static inline void harness_open(harness *h, const char *model, int season, int64_t n,
                                const int64_t *length, const double *y) {
  wsf_status status = harness_begin(h, model, season, n, length, y);
  if (status == WSF_OK) status = harness_fit(h);
  if (status != WSF_OK) fail_msg("%s: %s (byte %d)", model, h->err.message, (int)h->err.byte);
}

static inline int32_t harness_reason(const harness *h, int64_t i) {
  return h->fitted->state[i].reason;
}

static inline wsf_status harness_try_forecast(harness *h, int64_t i, int64_t steps, const double *q,
                                              int n_q, double *mean, double *quantile) {
  wsf__predict p = {&h->panel, &h->env, &h->scratch[0], &h->err, harness_predict_inner};
  wsf__forecast out = {.h = steps, .mean = mean, .n_q = n_q, .q = q, .quantile = quantile};
  return harness_predict_inner(&p, h->fitted, &(wsf__batch){1, &h->series[i]}, &out);
}

static inline void harness_forecast(harness *h, int64_t i, int64_t steps, const double *q, int n_q,
                                    double *mean, double *quantile) {
  const wsf_status status = harness_try_forecast(h, i, steps, q, n_q, mean, quantile);
  if (status != WSF_OK) fail_msg("predict: %s", h->err.message);
}

/* Whether every state of the tree passes its class' check, as loading a model file asks. */
static inline bool harness_check_tree(const harness *h, const wsf__fitted *t) {
  const wsf__model_class *class = wsf__class_of(t->node);
  for (int64_t i = 0; i < t->n; ++i) {
    if (t->state[i].reason >= WSF__NOT_FITTED) continue;
    if (class->check && !class->check(t->node, &h->panel, &t->state[i])) return false;
  }
  for (int i = 0; i < t->node->n_inner; ++i) {
    if (!harness_check_tree(h, t->inner[i])) return false;
  }
  return true;
}
static inline bool harness_check(const harness *h) {
  return harness_check_tree(h, h->fitted);
}

/* The same states, at the same places in memory. */
static inline void harness_share(wsf__fitted *to, const wsf__fitted *from) {
  memcpy(to->state, from->state, (size_t)to->n * sizeof *to->state);
  for (int i = 0; i < to->node->n_inner; ++i) harness_share(to->inner[i], from->inner[i]);
}

/* Move series i over its next `count` observations; WSF_E_UNSUPPORTED if a call has no update. */
static inline wsf_status harness_update(harness *h, int64_t i, const double *y, int64_t count) {
  wsf__series more = h->series[i];
  more.y = y;
  more.t0 += more.n;
  more.n = count;
  harness_lent lent = harness_lend(h);
  wsf__fitted *moved = harness_tree(&h->arena, h->root, h->panel.n, 0);
  if (!moved) return WSF_E_MEMORY;
  harness_share(moved, h->fitted);
  WSF__TRY(harness_update_inner(&lent.fit, h->fitted, &more, moved));
  h->fitted = moved;
  h->series[i].n += count;
  return WSF_OK;
}

static inline void harness_close(harness *h) {
  wsf__arena_free(&h->arena);
  wsf__arena_free(&h->keep);
  for (int i = 0; i < HARNESS_LEVELS; ++i) wsf__arena_free(&h->scratch[i]);
  wsf__env_free(&h->env);
}

#endif
