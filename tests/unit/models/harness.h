/* Fits and forecasts a model expression over a panel of plain arrays, by the engine's own trees.
 *
 *   harness h;
 *   harness_open(&h, "mean(naive, drift)", 12, 1, (int64_t[]){n}, y);  panel, parse, fit; asserts
 *   harness_forecast(&h, 0, 12, q, 2, mean, quantile);
 *   harness_close(&h);
 *
 * Series stand one after another in y. Covariates: fill h.panel.column between harness_begin and
 * harness_fit; set h.fitted_values there to have h.fitted->history. */
#ifndef WSF_TESTS_MODELS_HARNESS_H
#define WSF_TESTS_MODELS_HARNESS_H

#include "support.h"
#include "engine/drive.h"
#include "features/feature.h"

#include <math.h>

static inline const wsf__spec *harness_spec(int i) {
  const int feature = i - wsf__n_model_classes;
  if (feature < 0) return &wsf__model_classes[i]->spec;
  return feature < wsf__n_feature_classes ? &wsf__feature_classes[feature]->spec : NULL;
}

typedef struct harness {
  wsf__env env;
  wsf__arena arena, keep, scratch;
  wsf__panel panel;
  wsf__catalog catalog;
  const wsf__node *root;
  wsf__fitted *fitted;
  wsf__series *series;
  bool fitted_values;
  wsf_error err;
} harness;

/* Panel of n integer-timed series that all end at the same period; parses the model. */
static inline wsf_status harness_begin(harness *h, const char *model, int season, int64_t n,
                                       const int64_t *length, const double *y) {
  memset(h, 0, sizeof *h);
  assert_true(wsf__env_init(&h->env, &wsf__alloc_libc));
  wsf__error_clear(&h->err);
  wsf__arena_init(&h->arena, &h->env.alloc);
  wsf__arena_init(&h->keep, &h->env.alloc);
  wsf__arena_init(&h->scratch, &h->env.alloc);
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
    h->series[i] =
        (wsf__series){.y = y + total, .n = length[i], .t0 = first[i], .id = i, .slot = i};
    total += length[i];
  }
  wsf__arena_init(&h->panel.arena, &h->env.alloc);
  h->panel.calendar.freq = WSF__INTEGER;
  h->panel.calendar.form = WSF__FORM_INTEGER;
  h->panel.calendar.step = 1;
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
  wsf__pools_release(h->fitted);
  h->fitted = wsf__tree_new(&h->arena, h->root, h->panel.n);
  assert_non_null(h->fitted);
  if (h->fitted_values) assert_true(wsf__tree_keep_history(h->fitted, &h->arena));
  wsf__job job;
  wsf__job_init(&job, &h->panel, &h->env, &h->scratch, &h->keep, &h->err);
  const wsf__batch b = {h->panel.n, h->series};
  wsf_status status = wsf__tree_fit(&job, &b, h->fitted);
  wsf__job_free(&job);
  if (status == WSF_OK) status = wsf__pools_settle(h->fitted, &h->scratch, &h->err);
  return status;
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
  wsf__predict p = {.frame = &h->panel,
                    .env = &h->env,
                    .scratch = &h->scratch,
                    .err = &h->err,
                    .predict_inner = wsf__tree_predict,
                    .reason = wsf__tree_reason};
  wsf__forecast out = {.h = steps, .mean = mean, .n_q = n_q, .q = q, .quantile = quantile};
  return wsf__tree_predict(&p, h->fitted, &(wsf__batch){1, &h->series[i]}, &out);
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

static inline bool harness_updates(const wsf__node *node) {
  for (int i = 0; i < node->n_inner; ++i) {
    if (!harness_updates(node->inner[i])) return false;
  }
  return wsf__class_of(node)->update != NULL;
}

/* Move series i over its next `count` observations; WSF_E_UNSUPPORTED if a call has no update. */
static inline wsf_status harness_update(harness *h, int64_t i, const double *y, int64_t count) {
  if (!harness_updates(h->root)) return WSF_E_UNSUPPORTED;
  wsf__series more = h->series[i];
  more.y = y;
  more.t0 += more.n;
  more.n = count;
  wsf__fitted *moved = wsf__tree_new(&h->arena, h->root, h->panel.n);
  if (!moved || !wsf__pools_share(moved, h->fitted, &h->arena)) return WSF_E_MEMORY;
  harness_share(moved, h->fitted);
  wsf__job job;
  wsf__job_init(&job, &h->panel, &h->env, &h->scratch, &h->keep, &h->err);
  const wsf_status status = wsf__tree_update(&job, h->fitted, &more, moved);
  wsf__job_free(&job);
  wsf__pools_release(status == WSF_OK ? h->fitted : moved);
  if (status != WSF_OK) return status;
  h->fitted = moved;
  h->series[i].n += count;
  return WSF_OK;
}

static inline void harness_close(harness *h) {
  wsf__pools_release(h->fitted);
  wsf__arena_free(&h->arena);
  wsf__arena_free(&h->keep);
  wsf__arena_free(&h->scratch);
  wsf__env_free(&h->env);
}

#endif
