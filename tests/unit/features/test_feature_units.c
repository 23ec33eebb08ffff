/* A column of features has the unit of the target, or none: over the whole registry, with the data
 * in other units or at another level, each column is multiplied and shifted with them or stays as
 * it is, to the precision of a float, and to the bit with a power of two. */
#include "recipes.h"

enum { ROWS_ASKED = PERIODS };

static float *fill(const wsf__recipe *r, const wsf__panel *p, int64_t series, wsf__arena *arena) {
  const wsf__feature_view v = view_of(r, p, series, arena);
  float *x = wsf__arena_new(arena, (size_t)r->width * ROWS_ASKED, sizeof *x);
  wsf_error err;
  assert_non_null(x);
  assert_ok(wsf__recipe_fill(r, &v, p->first[series], p->length[series], x, ROWS_ASKED), &err);
  return x;
}

/* Whether a column of n values is another times `unit` plus `shift`. */
static bool moved(const float *is, const float *was, int64_t n, double unit, double shift,
                  double epsilon) {
  double most = 0, off = 0;
  for (int64_t i = 0; i < n; ++i) {
    const double want = unit * was[i] + shift;
    if (isnan(want) != isnan(is[i])) return false;
    if (isnan(want)) continue;
    most = fmax(most, fabs(want));
    off = fmax(off, fabs(is[i] - want));
  }
  return off <= epsilon * most;
}

/* Columns for which it matters where zero lies. */
static bool knows_zero(const char *name) {
  static const char *const part[] = {"ratio_", "since_sale", "_sum", "_zeros"};
  for (size_t i = 0; i < sizeof part / sizeof *part; ++i) {
    if (strstr(name, part[i])) return true;
  }
  return false;
}

/* false: not for this frequency. */
static bool check_text(wsf__env *env, const char *text, int32_t freq) {
  static const struct {
    double unit, shift, epsilon;
  } change[] = {{2, 0, 0},          {0x1p-40, 0, 0},    {0x1p40, 0, 0},     {1e-12, 0, 0x1p-22},
                {0.01, 0, 0x1p-22}, {1000, 0, 0x1p-22}, {1e12, 0, 0x1p-22}, {1, 1024, 0x1p-22}};
  wsf__panel *p = shops(env, freq, 0);
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  wsf__recipe r;
  wsf_error err;
  const bool taken = try_recipe(&r, &arena, p, text, &err) == WSF_OK;
  for (size_t k = 0; taken && k < sizeof change / sizeof *change; ++k) {
    wsf__panel *q = shops(env, freq, 0);
    for (int64_t i = 0; i < q->n; ++i) { /* all of them: some features read other series */
      double *y = (double *)(uintptr_t)q->y + q->offset[i]; /* the panel is this test's own */
      for (int64_t t = 0; t < q->length[i]; ++t) y[t] = change[k].unit * y[t] + change[k].shift;
    }
    const wsf__recipe again = recipe_of(&arena, q, text);
    assert_int_equal(again.width, r.width);
    for (int64_t i = 0; i < q->n; ++i) {
      const float *was = fill(&r, p, i, &arena), *is = fill(&again, q, i, &arena);
      for (int c = 0; c < r.width; ++c, was += ROWS_ASKED, is += ROWS_ASKED) {
        const int64_t n = p->length[i];
        if (moved(is, was, n, change[k].unit, change[k].shift, change[k].epsilon)) continue;
        if (moved(is, was, n, 1, 0, 0)) continue;
        if (change[k].shift != 0 && knows_zero(r.column[c].name)) continue;
        fail_msg("%s: %s neither moves with the data nor stays, times %g plus %g", text,
                 r.column[c].name, change[k].unit, change[k].shift);
      }
    }
    wsf__panel_release(q);
  }
  wsf__arena_free(&arena);
  wsf__panel_release(p);
  return taken;
}

/* A class that begins with a choice of words, with all of them. */
static void check_words(wsf__env *env, const wsf__spec *spec) {
  if (spec->n_options == 0 || spec->options[0].kind != WSF__WORDS) return;
  char words[400], text[500];
  (void)snprintf(words, sizeof words, "%s", spec->options[0].words);
  for (char *bar = strchr(words, '|'); bar; bar = strchr(bar, '|')) *bar = ',';
  (void)snprintf(text, sizeof text, "%s([%s], [4,13])", spec->name, words);
  if (check_text(env, text, WSF__DAY)) return;
  (void)snprintf(text, sizeof text, "%s([%s])", spec->name, words);
  (void)check_text(env, text, WSF__DAY);
}

static void columns_have_the_unit_of_the_target_or_none(void **state) {
  (void)state;
  static const int32_t frequencies[] = {WSF__HOUR, WSF__DAY, WSF__WEEK, WSF__MONTH};
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  for (int i = 0; i < wsf__n_feature_classes; ++i) {
    bool taken = false;
    for (size_t k = 0; k < sizeof frequencies / sizeof *frequencies; ++k) {
      taken = check_text(&env, wsf__feature_classes[i]->spec.example, frequencies[k]) || taken;
    }
    assert_true(taken);
    check_words(&env, &wsf__feature_classes[i]->spec);
  }
  assert_true(check_text(&env, "lags([1,5], of=[visitors,weather,price]), lags([3,9])", WSF__DAY));
  wsf__env_free(&env);
}

int test_feature_units(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(columns_have_the_unit_of_the_target_or_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
