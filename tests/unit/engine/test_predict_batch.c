/* Calls that stand inside others see whole batches: a model that learns across series is asked for
 * many of them at once, whatever stands around it. */
#include "engine/drive.h"
#include "panels.h"

static int64_t largest; /* batch that the toy was asked for */

static wsf_status toy_fit(wsf__fit *f, const wsf__series *s, wsf__fitted *out) {
  double *v = wsf__state_set(f, out, s, 1, WSF__OK);
  if (!v) return wsf__fail_memory(f->err);
  v[0] = s->y[0];
  return WSF_OK;
}

static wsf_status toy_predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                              wsf__forecast out[]) {
  (void)p;
  largest = b->n > largest ? b->n : largest;
  for (int64_t j = 0; j < b->n; ++j) {
    for (int64_t r = 0; r < wsf__forecast_rows(&out[j]); ++r) {
      for (int64_t i = 0; i < out[j].h; ++i) {
        wsf__forecast_row(&out[j], r)[i] = m->state[b->series[j].slot].v[0];
      }
    }
  }
  return WSF_OK;
}

static bool toy_check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  return state->n == 1 && wsf__state_finite(state);
}

static const wsf__model_class toy = {
    .spec = {.family = "model", .group = "local", .name = "toy", .summary = "", .since = "0.2.0"},
    .fit_series = toy_fit,
    .predict = toy_predict,
    .check = toy_check,
};

static const wsf__spec *spec_at(int i) {
  if (i == 0) return &toy.spec;
  return wsf__engine_catalog()->at(i - 1);
}

/* Fits the model on the first series of the panel that are not odd, and forecasts them. */
static void fit_and_predict(wsf__env *env, const wsf__panel *p, const char *text) {
  const wsf__catalog catalog = {spec_at};
  const wsf__node *node;
  wsf_error err;
  wsf__arena arena, scratch;
  wsf__arena_init(&arena, &env->alloc);
  wsf__arena_init(&scratch, &env->alloc);
  assert_ok(wsf__expr_parse(&node, &arena, &catalog, "model", text, strlen(text), &err), &err);
  wsf__series series[WSF__BATCH];
  wsf__forecast out[WSF__BATCH];
  double mean[WSF__BATCH][3], quantile[WSF__BATCH][3];
  const double q = 0.9;
  for (int64_t j = 0; j < WSF__BATCH; ++j) {
    const int64_t i = p->n - WSF__BATCH + j;
    series[j] = (wsf__series){
        .y = p->y + p->offset[i], .n = p->length[i], .t0 = p->first[i], .id = i, .slot = j};
    out[j] = (wsf__forecast){.h = 3, .mean = mean[j], .n_q = 1, .q = &q, .quantile = quantile[j]};
  }
  const wsf__batch b = {WSF__BATCH, series};
  wsf__fitted *tree = wsf__tree_new(&arena, node, WSF__BATCH);
  wsf__job job;
  wsf__job_init(&job, p, env, &scratch, &arena, &err);
  assert_ok(wsf__tree_fit(&job, &b, tree), &err);
  wsf__job_free(&job);
  wsf__predict predict = {.frame = p,
                          .env = env,
                          .scratch = &scratch,
                          .err = &err,
                          .predict_inner = wsf__tree_predict,
                          .reason = wsf__tree_reason};
  largest = 0;
  assert_ok(wsf__tree_predict(&predict, tree, &b, out), &err);
  if (largest != WSF__BATCH) fail_msg("%s: asked for %d series at once", text, (int)largest);
  for (int64_t j = 0; j < WSF__BATCH; ++j) {
    for (int i = 0; i < 3; ++i) assert_true(isfinite(mean[j][i]) && isfinite(quantile[j][i]));
  }
  wsf__pools_release(tree);
  wsf__arena_free(&scratch);
  wsf__arena_free(&arena);
}

static void wrappers_pass_batches_down(void **state) {
  (void)state;
  static const char *const models[] = {"toy",
                                       "mean(toy, naive)",
                                       "median(naive, toy, drift)",
                                       "weighted(toy, naive, weights=[1,2])",
                                       "fallback(toy, naive)",
                                       "best(toy, by=mae)",
                                       "product(toy, snaive)",
                                       "product(naive, toy)",
                                       "lowrank(toy, rank=2, by=all)",
                                       "pool(toy, by=all)",
                                       "rebase(toy, by=all)",
                                       "stl(toy)",
                                       "mstl(toy)",
                                       "deseason(toy)",
                                       "outlier_clean(toy)",
                                       "log(toy)",
                                       "boxcox(toy, 0.5, bias=false)",
                                       "difference(toy)",
                                       "clamp(toy, lo=0)",
                                       "conformal(toy)",
                                       "empirical(toy)",
                                       "holiday_shift(toy)",
                                       "mean(naive, rebase(log(toy)))"};
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  for (size_t i = 0; i < sizeof models / sizeof *models; ++i) fit_and_predict(&env, p, models[i]);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

int test_predict_batch(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(wrappers_pass_batches_down)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
