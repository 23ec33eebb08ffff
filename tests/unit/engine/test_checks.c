/* A class's `check` is the only gate for a vector, so every class of the registry must refuse what
 * is not finite wherever it cannot use it; none of today's can. */
#include "panels.h"

#include "engine/drive.h"

static int64_t refused; /* vectors */

static void spoil(const wsf__fitted *t, const wsf__panel *frame, const wsf__state *state) {
  static const double bad[] = {NAN, INFINITY, -INFINITY};
  double *v = malloc((size_t)(state->n ? state->n : 1) * sizeof *v);
  assert_non_null(v);
  for (int64_t i = 0; i < state->n; ++i) {
    for (int k = 0; k < 3; ++k) {
      memcpy(v, state->v, (size_t)state->n * sizeof *v);
      v[i] = bad[k];
      wsf__state spoilt = *state;
      spoilt.v = v;
      if (wsf__state_valid(t, frame, &spoilt)) {
        fail_msg("%s takes %g as value %d of %d", t->node->spec->name, bad[k], (int)i,
                 (int)state->n);
      }
      ++refused;
    }
  }
  free(v);
}

static void spoil_tree(const wsf__fitted *t, const wsf__panel *frame) {
  for (int64_t i = 0, seen = 0; i < t->n && seen < 3; ++i) {
    if (t->state[i].reason >= WSF__NOT_FITTED) continue;
    if (!wsf__state_valid(t, frame, &t->state[i])) {
      fail_msg("%s refuses a state of its own", t->node->spec->name);
    }
    spoil(t, frame, &t->state[i]);
    ++seen;
  }
  for (int i = 0; i < t->node->n_inner; ++i) spoil_tree(t->inner[i], frame);
}

static void every_class_refuses_what_is_not_finite(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  uint8_t keep[STORES * ITEMS];
  for (int i = 0; i < STORES * ITEMS; ++i) keep[i] = i % ITEMS > 5 && i % ITEMS < 8;
  wsf__panel *few;
  wsf_error err = {0};
  assert_ok(wsf__panel_select(&few, NULL, p, keep, &err), &err);
  for (int m = 0; m < wsf__n_model_classes; ++m) {
    const wsf__spec *spec = &wsf__model_classes[m]->spec;
    wsf__fitted_panel *f;
    assert_non_null(wsf__model_classes[m]->check);
    /* an example may name a column or a season that this panel does not have */
    static const char *const insides[] = {"", "(naive)", "(naive, drift)"};
    wsf_status status = wsf__engine_fit(&f, &env, spec->example, few, NULL, &err);
    for (int k = 0; status != WSF_OK && k < 3; ++k) {
      char text[64];
      (void)snprintf(text, sizeof text, "%s%s", spec->name, insides[k]);
      status = wsf__engine_fit(&f, &env, text, few, NULL, &err);
    }
    if (status != WSF_OK) fail_msg("%s: %s", spec->name, err.message);
    spoil_tree(f->root, f->frame);
    wsf__fitted_panel_release(f);
  }
  assert_true(refused > 10000);
  wsf__panel_release(few);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

int test_checks(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_class_refuses_what_is_not_finite)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
