/* No feature sees what comes after: every row of every feature is computed again on the panel cut
 * where its knowledge ends, and must come out equal to the bit. The registry is walked, and leaks
 * are planted to see that the checker finds them.
 *
 * What foretells its columns is for models, and its knowledge of a row ends with the row's own
 * period; rows after a history are computed for a history that ends in the midst of the panel, and
 * on the panel that ends there. */
#include "recipes.h"

#include "engine/drive.h"

/* Room for a finding. */
static char finding[512];

/* The column of that name; -1: the cut panel has none, for a label that only appears later. */
static int find(const wsf__recipe *r, const char *name) {
  for (int c = 0; c < r->width; ++c) {
    if (strcmp(r->column[c].name, name) == 0) return c;
  }
  return -1;
}

/* Codes are equal if they stand for one text. */
static bool same(const wsf__feature *a, float x, const wsf__feature *b, float y) {
  if (isnan(x) || isnan(y)) return isnan(x) && isnan(y);
  if (a->n_categories == 0) return memcmp(&x, &y, sizeof x) == 0;
  return strcmp(a->category[(int)x], b->category[(int)y]) == 0;
}

static const char *differs(const wsf__recipe *whole, const wsf__recipe *part, int64_t series,
                           int64_t last, int64_t t, const float *x, const float *y,
                           const char *on) {
  for (int c = 0; c < whole->width; ++c) {
    const int k = find(part, whole->column[c].name);
    const float cut = k < 0 ? 0 : y[k];
    if (k < 0 ? x[c] == 0 : same(&whole->column[c], x[c], &part->column[k], cut)) continue;
    (void)snprintf(
        finding, sizeof finding, "%s of series %d at %d is %g, and %g on the %s that ends at %d",
        whole->column[c].name, (int)series, (int)t, (double)x[c], (double)cut, on, (int)last);
    return finding;
  }
  return NULL;
}

/* The same row from what a forecaster keeps: the frame, and the end of the target. */
static const char *check_frame(const wsf__value *calls, const wsf__recipe *whole,
                               const wsf__panel *cut, int64_t i, int64_t j, int64_t t,
                               const float *x, wsf__arena *arena) {
  wsf__panel *frame;
  wsf__recipe r;
  wsf_error err;
  assert_ok(wsf__panel_frame(&frame, NULL, cut, wsf__recipe_reach(calls), &err), &err);
  assert_ok(wsf__recipe_make(&r, arena, calls, frame, &err), &err);
  float *again = wsf__arena_new(arena, (size_t)r.width, sizeof *again);
  const int64_t n = r.furthest < cut->length[j] ? r.furthest : cut->length[j];
  const int64_t end = cut->first[j] + cut->length[j];
  const wsf__feature_view v = wsf__recipe_view(&r, j, cut->y + cut->offset[j] + cut->length[j] - n,
                                               end - n, n, arena, &err);
  assert_ok(wsf__recipe_fill(&r, &v, t, 1, again, 1), &err);
  const char *found = differs(whole, &r, i, cut->T - 1, t, x, again, "frame");
  wsf__panel_release(frame);
  return found;
}

/* Whether a call reads other series: a frame refuses it. */
static bool others(const wsf__value *calls) {
  bool any = false;
  for (int i = 0; i < calls->n; ++i) any = any || wsf__feature_class_of(calls->inner[i])->others;
  return any;
}

static bool foretells(const wsf__value *calls) {
  bool any = false;
  for (int i = 0; i < calls->n; ++i) any = any || wsf__feature_class_of(calls->inner[i])->foretells;
  return any;
}

/* Row t of a series, known up to period `last`: on the panel cut there. */
static const char *check_row(const wsf__value *calls, const wsf__panel *p, const wsf__panel *cut,
                             int64_t i, int64_t j, int64_t t, wsf__arena *arena) {
  wsf__recipe whole, part;
  wsf_error err;
  assert_ok(wsf__recipe_make(&whole, arena, calls, p, &err), &err);
  assert_ok(wsf__recipe_make(&part, arena, calls, cut, &err), &err);
  float *x = wsf__arena_new(arena, (size_t)whole.width, sizeof *x);
  float *again = wsf__arena_new(arena, (size_t)part.width, sizeof *again);
  const wsf__feature_view known = view_of(&part, cut, j, arena);
  wsf__feature_view v = view_of(&whole, p, i, arena);
  if (foretells(calls)) {
    v.n = cut->length[j];
    v.end = v.t0 + v.n;
  }
  assert_ok(wsf__recipe_fill(&whole, &v, t, 1, x, 1), &err);
  assert_ok(wsf__recipe_fill(&part, &known, t, 1, again, 1), &err);
  if (others(calls)) return differs(&whole, &part, i, cut->T - 1, t, x, again, "panel");
  const char *found = differs(&whole, &part, i, cut->T - 1, t, x, again, "panel");
  return found ? found : check_frame(calls, &whole, cut, i, j, t, x, arena);
}

/* Everything that the panel knows up to `last`: the row after it, and as many more as the recipe
 * says can be forecast directly. */
static const char *check_cut(const wsf__value *calls, const wsf__panel *p, int64_t last,
                             wsf__arena *arena) {
  wsf__panel *cut;
  wsf_error err;
  assert_ok(wsf__panel_cut(&cut, NULL, p, last, &err), &err);
  wsf__recipe r;
  assert_ok(wsf__recipe_make(&r, arena, calls, p, &err), &err);
  const bool ahead = foretells(calls);
  const int64_t steps = ahead ? 3 : r.nearest > 1 && wsf__recipe_reach(calls) == 0 ? r.nearest : 1;
  const char *found = NULL;
  int64_t j = 0;
  for (int64_t i = 0; i < p->n && !found; ++i) {
    if (p->first[i] > last) continue;
    const int64_t end = cut->first[j] + cut->length[j];
    for (int64_t t = ahead ? end - 1 : end;
         t < end + steps && t < p->first[i] + p->length[i] && !found; ++t) {
      found = check_row(calls, p, cut, i, j, t, arena);
    }
    ++j;
  }
  wsf__panel_release(cut);
  return found;
}

static const char *find_leak(wsf__env *env, const wsf__value *calls, const wsf__panel *p) {
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  arena.work_of = env;
  wsf__memo memo; /* lends what a fit lends */
  wsf_error err;
  assert_ok(wsf__memo_open(&memo, env, NULL, &wsf__engine_foresight, &err), &err);
  const wsf__mark mark = wsf__arena_mark(&arena);
  const char *found = NULL;
  for (int64_t last = 0; last < p->T - 1 && !found; last += 1 + last / 20) {
    found = check_cut(calls, p, last, &arena);
    wsf__arena_reset(&arena, mark);
  }
  wsf__memo_close(&memo, env);
  wsf__arena_free(&arena);
  return found;
}

/* Every price is known three periods ahead, and revised two periods after. */
static void revise(wsf__panel *p) {
  wsf__column *c = (wsf__column *)(uintptr_t)&p->column[0];
  const int64_t cells = c->n_groups * c->periods;
  wsf__vintages *v = wsf__arena_zero(&p->arena, 1, sizeof *v);
  int64_t *start = wsf__arena_zero(&p->arena, (size_t)c->n_groups + 1, sizeof *start);
  int64_t *period = wsf__arena_new(&p->arena, (size_t)(2 * cells), sizeof *period);
  int64_t *known = wsf__arena_new(&p->arena, (size_t)(2 * cells), sizeof *known);
  double *value = wsf__arena_new(&p->arena, (size_t)(2 * cells), sizeof *value);
  for (int64_t i = 0; i < cells; ++i) {
    const int64_t t = i % c->periods;
    start[i / c->periods + 1] = 2 * (i + 1);
    for (int k = 0; k < 2; ++k) {
      period[2 * i + k] = t;
      known[2 * i + k] = k == 0 ? t - 3 : t + 2;
      value[2 * i + k] = c->value[i] + 7 * k;
    }
  }
  *v = (wsf__vintages){.start = start, .period = period, .known = known, .value = value};
  c->vintages = v;
}

static const int32_t frequencies[] = {WSF__HOUR,  WSF__DAY,     WSF__WEEK,
                                      WSF__MONTH, WSF__QUARTER, WSF__YEAR};
enum { N_FREQUENCIES = sizeof frequencies / sizeof *frequencies };

/* How many frequencies take the recipe; each is checked with common and with own ends. */
static int check_text(wsf__env *env, const char *text) {
  int taken = 0;
  for (int k = 0; k < 2 * N_FREQUENCIES; ++k) {
    wsf__panel *p = shops(env, frequencies[k / 2], k % 2);
    if (k % 4 < 2) revise(p);
    wsf__arena arena;
    wsf__arena_init(&arena, &env->alloc);
    const wsf__value *calls;
    wsf__recipe r;
    wsf_error err;
    assert_ok(wsf__recipe_parse(&calls, &arena, wsf__engine_catalog(), text, &err), &err);
    if (wsf__recipe_make(&r, &arena, calls, p, &err) == WSF_OK) {
      ++taken;
      const char *found = find_leak(env, calls, p);
      if (found) fail_msg("%s by the %s: %s", text, wsf__freq_name(frequencies[k / 2]), found);
    } else {
      assert_int_equal(err.status, WSF_E_VALUE); /* not for this frequency */
    }
    wsf__arena_free(&arena);
    wsf__panel_release(p);
  }
  return taken;
}

static bool stands_alone(const wsf__spec *s) {
  for (int i = 0; i < s->n_options; ++i) {
    if (!s->options[i].preset) return false;
  }
  return true;
}

/* What the examples leave out. */
static const char *const more[] = {
    "group(stats=sum, windows=[2,7], lag=[2,3]), group(shop, lag=4), group([size,shop])",
    "target_encoding([event,shop], lag=[2,5], weight=0)",
    "relative(price, window=[1,3,20])",
    "relative(price, by=[shop,size]), relative(price, by=size, window=2)",
    "cross(weekday, price), cross(event, weekday, shop)",
    "cross(month, event, size), cross(quarter, shop), ordinal([event,shop])",
    "calendar(monthstart, monthend, payday), calendar(workdays)",
    "seasonal([1,2], season=3), seasonal_rolling([mean,max], [2,3], season=4)",
    "seasonal(season=52), seasonal_rolling(season=52, windows=1)",
    "seasonal(season=52, align=false)",
    "lags([1,5], of=[visitors,weather,price]), lags([3,9])",
    "lags([4,7])",
    "forecast(visitors, mean(snaive(season=3), tslm(x=[price])))",
    "columns([price,event], window=[-2,3]), onehot(event)",
    "known, fourier(calendar, 3), calendar([day,payday], strict=false)",
    "rolling([mean,sum,std,min,max,zeros,median,quantile], [1,3,10], lag=[3,5], q=[0.1,0.7])",
    "rolling([mean,std,median], [1,6], lag=[1,4], least=2, of=[visitors,price])",
    "expanding([mean,sum,std,min,max,zeros,median,quantile], lag=[2,5])",
    "ewm([0,0.3,1], lag=[1,3]), since_sale([2,4]), differences([1,3], ratio, lag=[2,3])",
};

static void test_registry(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  for (int i = 0; i < wsf__n_feature_classes; ++i) {
    const wsf__spec *s = &wsf__feature_classes[i]->spec;
    assert_string_equal(s->family, "feature");
    assert_true(check_text(&env, s->example) > 0);
    if (stands_alone(s)) assert_true(check_text(&env, s->name) > 0);
  }
  for (size_t i = 0; i < sizeof more / sizeof *more; ++i)
    assert_true(check_text(&env, more[i]) > 0);
  wsf__env_free(&env);
}

/* A row has the same bits alone, in any stretch of rows, and from a table of periods. */
static void check_stretches(wsf__env *env, const char *text) {
  enum { N = PERIODS + AHEAD };
  for (int k = 0; k < N_FREQUENCIES; ++k) {
    wsf__panel *p = shops(env, frequencies[k], k % 2);
    wsf__arena arena;
    wsf__arena_init(&arena, &env->alloc);
    wsf__recipe r;
    wsf_error err;
    const bool taken = try_recipe(&r, &arena, p, text, &err) == WSF_OK;
    float *x = wsf__arena_new(&arena, taken ? (size_t)r.width * N : 0, sizeof *x);
    float *alone = wsf__arena_new(&arena, taken ? (size_t)r.width : 0, sizeof *alone);
    for (int64_t i = 0; taken && i < p->n; ++i) {
      const wsf__feature_view v = view_of(&r, p, i, &arena);
      assert_ok(wsf__recipe_fill(&r, &v, 0, N, x, N), &err);
      for (int64_t t = 0; t < N; t += 1 + t / 10) {
        assert_ok(wsf__recipe_fill(&r, &v, t, 1, alone, 1), &err);
        for (int c = 0; c < r.width; ++c) {
          assert_bits(&x[c * N + t], &alone[c], 1, r.column[c].name);
        }
      }
    }
    float *tabled = wsf__arena_new(&arena, taken ? (size_t)r.width * N : 0, sizeof *tabled);
    if (taken) assert_ok(wsf__recipe_tabulate(&r, &arena, 20, N - 20, &err), &err);
    for (int64_t i = 0; taken && i < p->n; ++i) {
      const wsf__feature_view v = view_of(&r, p, i, &arena);
      assert_ok(wsf__recipe_fill(&r, &v, 30, N - 30, tabled, N), &err);
      assert_ok(wsf__recipe_fill(&r, &v, 0, N, x, N), &err); /* begins before the table */
      for (int c = 0; c < r.width; ++c) {
        assert_bits(&x[c * N + 30], &tabled[c * N], N - 30, r.column[c].name);
      }
    }
    wsf__arena_free(&arena);
    wsf__panel_release(p);
  }
}

static void test_stretches(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  for (int i = 0; i < wsf__n_feature_classes; ++i) {
    check_stretches(&env, wsf__feature_classes[i]->spec.example);
  }
  for (size_t i = 0; i < sizeof more / sizeof *more; ++i) check_stretches(&env, more[i]);
  wsf__env_free(&env);
}

/* ---- planted leaks ------------------------------------------------------------------------ */

static int one(const wsf__node *node, const wsf__panel *panel) {
  (void)node, (void)panel;
  return 1;
}

static wsf_status leak_column(const wsf__node *node, const wsf__panel *panel, int c,
                              wsf__arena *arena, wsf__feature *out) {
  (void)panel, (void)c, (void)arena;
  *out = (wsf__feature){.name = node->spec->name};
  return WSF_OK;
}

static int64_t one_back(const wsf__node *node, int64_t *furthest) {
  (void)node;
  *furthest = 1;
  return 1;
}

static int64_t three_back(const wsf__node *node, int64_t *furthest) {
  (void)node;
  *furthest = 3;
  return 3;
}

static int64_t all(const wsf__node *node) {
  (void)node;
  return PERIODS + AHEAD;
}

#define LEAK(name, value)                                                                          \
  static wsf_status name(const wsf__feature_view *v, const wsf__node *node, int64_t t,             \
                         int64_t rows, float *x, int64_t stride) {                                 \
    (void)node, (void)stride;                                                                      \
    for (int64_t r = 0; r < rows; ++r) x[r] = (float)(value);                                      \
    return WSF_OK;                                                                                 \
  }
LEAK(fine, wsf__feature_target(v, t + r - 1))
LEAK(far, wsf__feature_target(v, t + r - 2))
LEAK(visitors_before, wsf__feature_column(v, 1, t + r - 1, t + r))
LEAK(tomorrow, wsf__feature_target(v, t + r + 1))
LEAK(today, wsf__feature_target(v, t + r))
LEAK(visitors_today, wsf__panel_value(v->panel, 1, v->series, t + r))
LEAK(visitors_so_far, wsf__panel_value_at(v->panel, 1, v->series, t + r, v->end - 1))
LEAK(visitors_tomorrow, t + r < v->end ? wsf__panel_value(v->panel, 1, v->series, t + r + 1) : 0)
LEAK(price_revised, wsf__panel_value(v->panel, 0, v->series, t + r - 1))
LEAK(of_the_end, (double)(v->end - t))

static const char *planted(wsf__env *env, const wsf__panel *p, const char *name,
                           int64_t (*lag)(const wsf__node *, int64_t *),
                           wsf_status (*fill)(const wsf__feature_view *, const wsf__node *, int64_t,
                                              int64_t, float *, int64_t)) {
  const wsf__feature_class class = {.spec = {.family = "feature", .name = name},
                                    .width = one,
                                    .column = leak_column,
                                    .lag = lag,
                                    .fill = fill,
                                    .reach = strncmp(name, "foretold", 8) == 0 ? all : NULL,
                                    .foretells = strncmp(name, "foretold", 8) == 0};
  const wsf__node node = {.spec = &class.spec}, *const nodes[] = {&node};
  const wsf__value calls = {.form = WSF__INNER, .n = 1, .inner = nodes};
  return find_leak(env, &calls, p);
}

static void test_planted(void **state) {
  (void)state;
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = shops(&env, WSF__DAY, 0);
  assert_string_equal(p->column[1].name, "visitors");
  assert_null(planted(&env, p, "fine", one_back, fine));
  assert_non_null(planted(&env, p, "tomorrow", one_back, tomorrow));
  assert_non_null(planted(&env, p, "today", one_back, today));
  assert_non_null(planted(&env, p, "visitors_today", one_back, visitors_today));
  assert_non_null(planted(&env, p, "of_the_end", one_back, of_the_end));
  /* it reads further back than it says, of the target and of a column */
  assert_non_null(planted(&env, p, "far", one_back, far));
  assert_non_null(planted(&env, p, "visitors_before", one_back, visitors_before));
  /* it takes a value from a revision that came later */
  assert_null(planted(&env, p, "price_revised", one_back, price_revised));
  revise(p);
  assert_non_null(planted(&env, p, "price_revised", one_back, price_revised));
  /* it says that three steps are known directly, and reads the period before */
  assert_non_null(planted(&env, p, "near", three_back, fine));
  /* it foretells a column, and reads it after the row, or after the history */
  assert_null(planted(&env, p, "foretold", wsf__feature_no_lag, visitors_so_far));
  assert_non_null(planted(&env, p, "foretold_late", wsf__feature_no_lag, visitors_tomorrow));
  assert_non_null(planted(&env, p, "foretold_wrong", wsf__feature_no_lag, visitors_today));
  wsf__panel_release(p);
  wsf__env_free(&env);
}

int test_no_leak(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_registry),
      cmocka_unit_test(test_stretches),
      cmocka_unit_test(test_planted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
