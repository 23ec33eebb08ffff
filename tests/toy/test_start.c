/* Series that a forecaster has never seen: they start from the pool of their like, wherever in the
 * expression the model with the pool stands, and what a start cannot know is said by the reason. */
#include "forecasters.h"

#include "engine/drive.h"

#define TOY "toy(lags([1:4]), by=all)"

/* Stores 7 to 9 and the item "honey" appear with the update. */
static bool is_new(const wsf__panel *p, int64_t i) {
  return p->key[0].code[i] >= 6 || p->key[1].code[i] == 7;
}

static wsf__panel *known_part(wsf__panel *all) {
  wsf__panel *known = NULL;
  wsf_error err;
  uint8_t keep[STORES * ITEMS];
  for (int64_t i = 0; i < all->n; ++i) keep[i] = !is_new(all, i);
  assert_ok(wsf__panel_select(&known, NULL, all, keep, &err), &err);
  return known;
}

/* The states of a started series are those that a fit gives it: what is its own comes from its own
 * history alone. Models without a start have none. */
static void assert_as_fitted(const wsf__fitted *started, const wsf__fitted *fitted, int64_t i) {
  const wsf__state *a = &started->state[i], *b = &fitted->state[i];
  if (a->reason == WSF__SKIPPED) {
    assert_null(wsf__class_of(started->node)->start);
    return;
  }
  assert_true(a->reason == b->reason || a->reason == WSF__REPLACED);
  assert_int_equal(a->n, b->n);
  if (a->n > 0) assert_memory_equal(a->v, b->v, (size_t)a->n * sizeof *a->v);
  for (int c = 0; c < started->node->n_inner; ++c) {
    assert_as_fitted(started->inner[c], fitted->inner[c], i);
  }
}

static void states_are_those_of_a_fit(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int32_t reason;
  } models[] = {
      {TOY, WSF__OK},
      {"log(" TOY ")", WSF__OK},
      {"boxcox(" TOY ")", WSF__OK},
      {"clamp(" TOY ", range=0.5)", WSF__OK},
      {"difference(" TOY ")", WSF__OK},
      {"deseason(" TOY ", type=mul)", WSF__OK},
      {"stl(" TOY ")", WSF__OK},
      {"mstl(" TOY ")", WSF__OK},
      {"product(" TOY ", toy(lags([12]), by=all))", WSF__OK},
      {"product(" TOY ", snaive)", WSF__REPLACED},
      {"mean(" TOY ", toy(lags([1,12]), by=item))", WSF__OK},
      {"mean(naive, " TOY ")", WSF__REPLACED},
      {"median(" TOY ", log(" TOY "), drift)", WSF__REPLACED},
      {"weighted(" TOY ", naive, weights=[3,1])", WSF__REPLACED},
      {"fallback(" TOY ", naive)", WSF__OK},
      {"clamp(log(mean(" TOY ", difference(" TOY "))), lo=0)", WSF__OK},
  };
  wsf__panel *all = retail_panel(&env, 0, PANEL_MONTHS, false, 0), *known = known_part(all);
  for (size_t m = 0; m < sizeof models / sizeof *models; ++m) {
    wsf__fitted_panel *f = fit(&env, models[m].text, known), *g = update(&env, f, all);
    wsf__fitted_panel *whole = fit(&env, models[m].text, all);
    wsf_table *t = predict(g);
    const double *mean = f64_column(t, "forecast");
    for (int64_t i = 0; i < all->n; ++i) {
      if (!is_new(all, i) || all->key[0].code[i] == 0) continue; /* store 1 has the odd ones */
      const bool orphan = all->key[1].code[i] == 7 && strstr(models[m].text, "by=item");
      const int32_t reason = g->root->state[i].reason;
      if (reason != (orphan ? WSF__REPLACED : models[m].reason))
        fail_msg("%s: %s", models[m].text, wsf__reason_word(reason));
      if (!orphan) assert_as_fitted(g->root, whole->root, i);
      for (int k = 0; k < 6; ++k) assert_true(mean[i * 6 + k] > 0 && mean[i * 6 + k] < 1000);
    }
    wsf__writer w = save(&env, g);
    wsf__fitted_panel *loaded = load(&env, &w);
    assert_same_file(g, loaded);
    wsf__writer_free(&w);
    wsf__fitted_panel_release(loaded);
    wsf_table_release(t);
    wsf__fitted_panel_release(whole);
    wsf__fitted_panel_release(g);
    wsf__fitted_panel_release(f);
  }
  wsf__panel_release(known);
  wsf__panel_release(all);
}

/* What a back-test would have told is replaced by what is right without one, and that is said. */
static void without_back_tests(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int64_t n;    /* of the root's state */
    double wants; /* its first number; NaN: positive */
  } models[] = {
      {"weighted(" TOY ", toy(lags([12]), by=all))", 2, 0.5},
      {"best(" TOY ", toy(lags([12]), by=all))", 1, 0},
      {"best(naive, " TOY ", pool=all)", 1, 1},
      {"rebase(" TOY ", by=item)", 1, 1},
      {"conformal(" TOY ")", 3, NAN},
  };
  wsf__panel *all = retail_panel(&env, 0, PANEL_MONTHS, false, 0), *known = known_part(all);
  for (size_t m = 0; m < sizeof models / sizeof *models; ++m) {
    wsf__fitted_panel *f = fit(&env, models[m].text, known), *g = update(&env, f, all);
    wsf_table *t = predict(g);
    const double *lo = f64_column(t, "lo-80"), *hi = f64_column(t, "hi-80");
    for (int64_t i = 0; i < all->n; ++i) {
      if (!is_new(all, i) || all->key[0].code[i] == 0) continue;
      const wsf__state *s = &g->root->state[i];
      assert_int_equal(s->reason, WSF__REPLACED);
      assert_int_equal(s->n, models[m].n);
      assert_true(isnan(models[m].wants) ? s->v[0] > 0 : s->v[0] == models[m].wants);
      assert_true(hi[i * 6] > lo[i * 6]);
    }
    wsf__fitted_panel *again = update(&env, g, all);
    assert_same_file(g, again);
    wsf__fitted_panel_release(again);
    wsf_table_release(t);
    wsf__fitted_panel_release(g);
    wsf__fitted_panel_release(f);
  }
  wsf__panel_release(known);
  wsf__panel_release(all);
}

/* Scores that a panel shares are known without a back-test of one's own. */
static void scores_are_taken_over(void **state) {
  (void)state;
  wsf__panel *all = retail_panel(&env, 0, PANEL_MONTHS, false, 0), *known = known_part(all);
  wsf__fitted_panel *f = fit(&env, "empirical(" TOY ")", known), *g = update(&env, f, all);
  wsf_table *t = predict(g);
  const double *lo = f64_column(t, "lo-80"), *hi = f64_column(t, "hi-80");
  for (int64_t i = 0; i < all->n; ++i) {
    if (!is_new(all, i) || all->key[0].code[i] == 0) continue;
    const wsf__state *s = &g->root->state[i];
    assert_int_equal(s->reason, WSF__OK);
    assert_int_equal(s->n, 0);
    assert_int_equal(s->pool, 1);
    assert_true(hi[i * 6] > lo[i * 6]);
  }
  wsf__writer w = save(&env, g);
  wsf__fitted_panel *loaded = load(&env, &w);
  assert_same_file(g, loaded);
  wsf__writer_free(&w);
  wsf__fitted_panel_release(loaded);
  wsf_table_release(t);
  wsf__fitted_panel_release(g);
  wsf__fitted_panel_release(f);
  wsf__panel_release(known);
  wsf__panel_release(all);
}

/* The preferred model cannot start, the next one can; and where none can, the reason says that. */
static void the_first_that_starts(void **state) {
  (void)state;
  wsf__panel *all = retail_panel(&env, 0, PANEL_MONTHS, false, 0), *known = known_part(all);
  wsf__fitted_panel *f = fit(&env, "fallback(log(naive), " TOY ")", known);
  wsf__fitted_panel *g = update(&env, f, all);
  const int64_t last = all->n - 1;
  assert_int_equal(g->root->state[last].reason, WSF__REPLACED);
  assert_true(g->root->state[last].v[0] == 1);
  assert_ptr_equal(wsf__tree_chosen(g->root, last), g->root->inner[1]);
  wsf__fitted_panel_release(g);
  wsf__fitted_panel_release(f);
  static const char *const none[] = {"log(naive)", "empirical(naive)",
                                     "log(toy(lags([1]), by=item))"};
  for (int m = 0; m < 3; ++m) {
    f = fit(&env, none[m], known);
    g = update(&env, f, all);
    const int64_t honey = 2 * ITEMS + 7;
    assert_int_equal(g->root->state[honey].reason, WSF__NEW);
    assert_true(g->fallback->state[honey].reason < WSF__NOT_FITTED);
    wsf__fitted_panel_release(g);
    wsf__fitted_panel_release(f);
  }
  wsf__panel_release(known);
  wsf__panel_release(all);
}

/* A wrapper that takes no such series says why, as after a fit. */
static void a_wrapper_may_refuse(void **state) {
  (void)state;
  wsf__panel *all = retail_panel(&env, 30, PANEL_MONTHS, false, 0), *known = known_part(all);
  const wsf__panel *p = all;
  wsf__fitted_panel *f = fit(&env, "mean(" TOY ", deseason(" TOY ", season=40))", known);
  wsf__fitted_panel *g = update(&env, f, all);
  assert_int_equal(g->root->state[p->n - 1].reason, WSF__REPLACED);
  assert_int_equal(g->root->inner[1]->state[p->n - 1].reason, WSF__SHORT); /* not one season */
  wsf__fitted_panel_release(g);
  wsf__fitted_panel_release(f);
  wsf__panel_release(known);
  wsf__panel_release(all);
}

static void same_for_any_threads(void **state) {
  (void)state;
  wsf__panel *all = retail_panel(&env, 0, PANEL_MONTHS, false, 0), *known = known_part(all);
  wsf__fitted_panel *f =
      fit(&env, "conformal(mean(log(toy(lags([1:3]), by=item)), " TOY "))", known);
  wsf__fitted_panel *one = update(&env, f, all);
  for (int threads = 2; threads <= 8; threads = threads == 2 ? 3 : threads + 5) {
    wsf__env many;
    assert_true(wsf__env_init(&many, &wsf__alloc_libc));
    many.threads = threads;
    wsf__fitted_panel *g = update(&many, f, all);
    assert_same_file(one, g);
    wsf__fitted_panel_release(g);
    wsf__env_free(&many);
  }
  wsf__fitted_panel_release(one);
  wsf__fitted_panel_release(f);
  wsf__panel_release(known);
  wsf__panel_release(all);
}

int test_start(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(states_are_those_of_a_fit, start_env, end_env),
      cmocka_unit_test_setup_teardown(without_back_tests, start_env, end_env),
      cmocka_unit_test_setup_teardown(scores_are_taken_over, start_env, end_env),
      cmocka_unit_test_setup_teardown(the_first_that_starts, start_env, end_env),
      cmocka_unit_test_setup_teardown(a_wrapper_may_refuse, start_env, end_env),
      cmocka_unit_test_setup_teardown(same_for_any_threads, start_env, end_env),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
