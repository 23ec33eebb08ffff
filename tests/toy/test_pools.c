/* A pool: what a batch of series has learnt in common. Once in memory, once in the file, shared by
 * a forecaster and what updates make of it; the same for any number of threads; and no bytes that
 * are not a pool ever become one. */
#include "forecasters.h"

#include "fuzz/mend.h"

static bool holds(const wsf__writer *w, const char *four) {
  for (size_t i = 0; i + 4 <= w->length; ++i) {
    if (memcmp(w->data + i, four, 4) == 0) return true;
  }
  return false;
}

/* ---- who shares what ---------------------------------------------------------------------- */

static void one_pool_for_all_or_one_a_label(void **state) {
  (void)state;
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  wsf__fitted_panel *f = fit(&env, "toy(lags([1:3,12]), by=all)", p);
  assert_int_equal(f->root->n_pools, 1);
  for (int64_t i = 0; i < p->n; ++i) assert_int_equal(f->root->state[i].pool, 1);
  wsf__fitted_panel_release(f);
  f = fit(&env, "toy(lags([1:3,12]), by=item)", p);
  assert_int_equal(f->root->n_pools, ITEMS);
  for (int64_t i = 0; i < p->n; ++i) {
    assert_int_equal(f->root->state[i].pool, 1 + p->key[1].code[i]); /* by first use */
  }
  wsf__fitted_panel_release(f);
  /* what stands around them needs no pool of its own */
  f = fit(&env, "mean(naive, rebase(toy(lags([1:3,12]), by=item), by=all))", p);
  assert_int_equal(f->root->n_pools, 0);
  assert_int_equal(f->root->inner[1]->inner[0]->n_pools, ITEMS);
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
}

static const char *const models[] = {
    "toy(lags([1:4,12]), by=all)",
    "toy(lags([1:4,12]), calendar(month), cells=50, by=item)",
    "mean(ets(ANN), rebase(toy(lags([1,2,12]), by=all), by=item))",
    "best(toy(lags([1:4]), by=store), naive, toy(lags([1:4]), by=item), pool=all)",
    "conformal(mean(toy(lags([1:4]), by=all), naive), windows=2)",
    "empirical(mean(toy(lags([1:4]), by=all), naive), windows=2)",
    "lowrank(toy(lags([1:4]), by=item), rank=2, by=item)",
};
enum { N_MODELS = sizeof models / sizeof *models };

static void same_for_any_threads(void **state) {
  (void)state;
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  for (int m = 0; m < N_MODELS; ++m) {
    wsf__fitted_panel *one = fit(&env, models[m], p);
    wsf_table *t = predict(one);
    for (int threads = 2; threads <= 8; threads = threads == 2 ? 3 : threads + 5) {
      wsf__env many;
      assert_true(wsf__env_init(&many, &wsf__alloc_libc));
      many.threads = threads;
      wsf__fitted_panel *f = fit(&many, models[m], p);
      wsf_table *u = predict(f);
      assert_same_table(t, u);
      assert_same_file(one, f);
      wsf_table_release(u);
      wsf__fitted_panel_release(f);
      wsf__env_free(&many);
    }
    wsf_table_release(t);
    wsf__fitted_panel_release(one);
  }
  wsf__panel_release(p);
}

static int32_t last_total(const char *stage, int64_t done, int64_t total, void *user) {
  (void)done;
  if (strcmp(stage, "fit") == 0) *(int64_t *)user = total;
  return 0;
}

/* One pool for all series, and yet the sums of its fit are as many tasks as there are blocks. */
static void a_pooled_fit_is_many_tasks(void **state) {
  (void)state;
  int64_t tasks = 0;
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  env.threads = 2;
  env.progress = last_total;
  env.progress_user = &tasks;
  wsf__fitted_panel_release(fit(&env, "toy(lags([1:4]), by=all)", p));
  assert_int_equal(tasks, (STORES * ITEMS + 63) / 64);
  wsf__fitted_panel_release(fit(&env, "toy(lags([1:4]), by=item)", p));
  assert_int_equal(tasks, ITEMS);
  env.progress = NULL;
  wsf__panel_release(p);
}

/* ---- files -------------------------------------------------------------------------------- */

static void saved_and_loaded(void **state) {
  (void)state;
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  for (int m = 0; m < N_MODELS; ++m) {
    wsf__fitted_panel *f = fit(&env, models[m], p);
    wsf__writer w = save(&env, f);
    assert_true(holds(&w, "POOL"));
    wsf__fitted_panel *g = load(&env, &w);
    wsf_table *t = predict(f), *u = predict(g);
    assert_same_table(t, u);
    assert_same_file(f, g);
    wsf_table_release(t);
    wsf_table_release(u);
    wsf__fitted_panel_release(f);
    wsf__fitted_panel_release(g);
    wsf__writer_free(&w);
  }
  wsf__fitted_panel *f = fit(&env, "mean(ets(ANN), snaive)", p);
  wsf__writer w = save(&env, f);
  assert_false(holds(&w, "POOL"));
  wsf__writer_free(&w);
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
}

/* A history that ends in a gap is a state with a gap: not today's models', but the toy's to keep.
 */
static void a_gap_at_the_end_is_kept(void **state) {
  (void)state;
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  wsf__fitted_panel *f = fit(&env, "toy(lags([1:6]), by=all)", p);
  int gaps = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    for (int64_t k = 1; k < f->root->state[i].n; ++k) gaps += isnan(f->root->state[i].v[k]);
  }
  assert_true(gaps > 0);
  wsf__writer w = save(&env, f);
  wsf__fitted_panel *g = load(&env, &w);
  wsf_table *t = predict(f), *u = predict(g);
  assert_same_table(t, u);
  wsf_table_release(t);
  wsf_table_release(u);
  wsf__writer_free(&w);
  wsf__fitted_panel_release(f);
  wsf__fitted_panel_release(g);
  wsf__panel_release(p);
}

/* Every byte of a file changed in some ways, the checksums mended: an error, or forecasts that are
 * finite and a file that loads and is saved again. */
static void damage(const char *model) {
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0), *few;
  uint8_t keep[STORES * ITEMS] = {0};
  wsf_error err;
  for (int i = 0; i < 4; ++i) keep[20 + 17 * i] = 1;
  assert_ok(wsf__panel_select(&few, NULL, p, keep, &err), &err);
  wsf__fitted_panel *f = fit(&env, model, few);
  wsf__writer w = save(&env, f);
  uint8_t *whole = malloc(w.length);
  assert_non_null(whole);
  memcpy(whole, w.data, w.length);
  int64_t refused = 0, taken = 0;
  for (size_t i = 0; i < w.length; ++i) {
    static const uint8_t changes[] = {1, 0x80, 0xff};
    for (int k = 0; k < 3; ++k) {
      w.data[i] ^= changes[k];
      mend(w.data, w.length);
      wsf__fitted_panel *g = NULL;
      if (wsf__engine_load(&g, &env, w.data, w.length, &err) != WSF_OK) {
        assert_null(g);
        ++refused;
      } else {
        wsf_table *t = predict(g);
        const double *mean = f64_column(t, "forecast");
        for (int64_t r = 0; r < wsf_table_rows(t); ++r) assert_true(isfinite(mean[r]));
        wsf__writer again = save(&env, g);
        wsf__fitted_panel *same = load(&env, &again);
        assert_same_file(g, same);
        wsf__fitted_panel_release(same);
        wsf__writer_free(&again);
        wsf_table_release(t);
        wsf__fitted_panel_release(g);
        ++taken;
      }
      memcpy(w.data, whole, w.length);
    }
  }
  free(whole);
  assert_true(refused > 0 && taken > 0);
  wsf__writer_free(&w);
  wsf__fitted_panel_release(f);
  wsf__panel_release(few);
  wsf__panel_release(p);
}

static void damaged_pools(void **state) {
  (void)state;
  damage("mean(toy(lags([1,2]), cells=3, by=item), naive)");
  damage("toy(lags([1]), by=all)");
}

typedef struct changed {
  const wsf__section *section;
  int n;
} changed;

static void write_changed(wsf__writer *w, uint32_t type, const void *user) {
  const changed *c = user;
  for (int i = 0; i < c->n; ++i) {
    const wsf__section *s = &c->section[i];
    if (s->type == type) wsf__write_bytes(w, s->data, s->length);
  }
}

/* A pool with more bytes than its model reads is no pool of that model, though all of them fit. */
static void bytes_behind_a_pool(void **state) {
  (void)state;
  static const uint32_t known[] = {
      WSF__SECTION('M', 'O', 'D', 'L'), WSF__SECTION('F', 'R', 'A', 'M'),
      WSF__SECTION('A', 'H', 'E', 'D'), WSF__SECTION('B', 'N', 'D', 'S'),
      WSF__SECTION('S', 'T', 'A', 'T'), WSF__SECTION('S', 'P', 'A', 'R'),
      WSF__SECTION('P', 'O', 'O', 'L')};
  wsf__panel *p = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  wsf__fitted_panel *f = fit(&env, "toy(lags([1]), by=all)", p), *g = NULL;
  wsf__writer w = save(&env, f);
  wsf__section section[8];
  wsf_error err;
  int n;
  assert_ok(wsf__container_read(section, 8, &n, w.data, w.length, known, 7, NULL, &err), &err);
  assert_int_equal(section[n - 1].type, known[6]);
  for (size_t extra = 0; extra <= 8; extra += 8) {
    /* a count, a number a series, the length of the pool, the pool, counts of the fallback's calls
     */
    const wsf__section *pools = &section[n - 1];
    const size_t length_at = 8 + 4 * (size_t)p->n, fallback = 3 * 8;
    wsf__writer body, file;
    wsf__writer_init(&body, &env.alloc);
    wsf__writer_init(&file, &env.alloc);
    wsf__write_bytes(&body, pools->data, length_at);
    wsf__write_i64(&body, (int64_t)(pools->length - length_at - 8 - fallback + extra));
    wsf__write_bytes(&body, pools->data + length_at + 8, pools->length - length_at - 8 - fallback);
    wsf__write_bytes(&body, "12345678", extra);
    wsf__write_bytes(&body, pools->data + pools->length - fallback, fallback);
    wsf__section again[8];
    uint32_t type[8];
    memcpy(again, section, sizeof again);
    again[n - 1].data = body.data;
    again[n - 1].length = body.length;
    for (int i = 0; i < n; ++i) type[i] = section[i].type;
    const changed all = {again, n};
    const wsf__contents contents = {type, n, write_changed, &all};
    assert_ok(wsf__container_write(&file, &contents, &err), &err);
    const wsf_status status = wsf__engine_load(&g, &env, file.data, file.length, &err);
    assert_int_equal(status, extra ? WSF_E_FORMAT : WSF_OK);
    if (extra) assert_non_null(strstr(err.message, "a pool is not one that its model can have"));
    wsf__fitted_panel_release(g);
    wsf__writer_free(&body);
    wsf__writer_free(&file);
  }
  wsf__writer_free(&w);
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
}

/* ---- updates ------------------------------------------------------------------------------ */

static void an_update_shares_its_pools(void **state) {
  (void)state;
  wsf__panel *p = retail_panel(&env, 0, 44, false, 0);
  wsf__panel *all = retail_panel(&env, 0, PANEL_MONTHS, false, 0);
  wsf__fitted_panel *f = fit(&env, "toy(lags([1:4]), cells=20, by=item)", p);
  wsf__fitted_panel *g = update(&env, f, all);
  assert_int_equal(g->root->n_pools, ITEMS);
  for (int64_t i = 0, j = 0; j < all->n; ++j) {
    if (i == p->n || all->key[0].code[j] != p->key[0].code[i] ||
        all->key[1].code[j] != p->key[1].code[i]) {
      continue; /* not there yet */
    }
    const wsf__state *before = &f->root->state[i++], *now = &g->root->state[j];
    assert_ptr_equal(f->root->pool[before->pool - 1], g->root->pool[now->pool - 1]);
  }
  /* the first owner goes, the last keeps them */
  wsf_table *t = predict(g);
  wsf__fitted_panel_release(f);
  wsf_table *u = predict(g);
  assert_same_table(t, u);
  wsf__writer w = save(&env, g);
  wsf__fitted_panel *loaded = load(&env, &w), *again = update(&env, loaded, all);
  assert_same_file(g, again);
  wsf__fitted_panel_release(loaded);
  wsf__fitted_panel_release(again);
  wsf__writer_free(&w);
  wsf_table_release(t);
  wsf_table_release(u);
  wsf__fitted_panel_release(g);
  wsf__panel_release(p);
  wsf__panel_release(all);
}

/* More pools than series are left: those that nobody shares any more go. */
static void series_dropped(void **state) {
  (void)state;
  wsf__panel *all = retail_panel(&env, 0, PANEL_MONTHS, false, 0), *few;
  wsf__fitted_panel *g = NULL;
  wsf_error err = {0};
  uint8_t keep[STORES * ITEMS] = {0};
  keep[100] = keep[101] = 1;
  assert_ok(wsf__panel_select(&few, NULL, all, keep, &err), &err);
  wsf__fitted_panel *f = fit(&env, "toy(lags([1:4]), by=item)", all);
  assert_ok(wsf__engine_update(&g, &env, f, few, "absent=drop", &err), &err);
  assert_int_equal(g->root->n_pools, 2);
  for (int64_t j = 0; j < 2; ++j) {
    const wsf__state *before = &f->root->state[100 + j], *now = &g->root->state[j];
    assert_ptr_equal(f->root->pool[before->pool - 1], g->root->pool[now->pool - 1]);
  }
  wsf__fitted_panel_release(f);
  wsf_table_release(predict(g));
  wsf__fitted_panel_release(g);
  wsf__panel_release(few);
  wsf__panel_release(all);
}

/* Series never seen start from the pool of their item; of an item never seen there is none. */
static void series_never_seen(void **state) {
  (void)state;
  wsf__panel *all = retail_panel(&env, 0, PANEL_MONTHS, false, 0), *known;
  wsf_error err;
  uint8_t keep[STORES * ITEMS];
  for (int64_t i = 0; i < all->n; ++i) {
    keep[i] = all->key[0].code[i] < 6 && all->key[1].code[i] != 7;
  }
  assert_ok(wsf__panel_select(&known, NULL, all, keep, &err), &err);
  static const char *const by[] = {"toy(lags([1:4]), by=item)", "toy(lags([1:4]), by=all)"};
  for (int m = 0; m < 2; ++m) {
    wsf__fitted_panel *f = fit(&env, by[m], known), *g = update(&env, f, all);
    wsf_table *t = predict(g);
    const double *mean = f64_column(t, "forecast");
    for (int64_t i = 0; i < all->n; ++i) {
      const bool orphan = m == 0 && all->key[1].code[i] == 7;
      const wsf__state *s = &g->root->state[i];
      assert_int_equal(s->reason, orphan ? WSF__NEW : WSF__OK);
      assert_int_equal(g->fallback->state[i].reason < WSF__NOT_FITTED, orphan);
      assert_true((s->pool == 0) == orphan);
      assert_true(isfinite(mean[i * 6]));
    }
    /* as if it had been there: the pool is the same, and the state is its own end */
    wsf__writer w = save(&env, g);
    wsf__fitted_panel *loaded = load(&env, &w);
    assert_same_file(g, loaded);
    wsf__writer_free(&w);
    wsf__fitted_panel_release(loaded);
    wsf_table_release(t);
    wsf__fitted_panel_release(f);
    wsf__fitted_panel_release(g);
  }
  wsf__panel_release(known);
  wsf__panel_release(all);
}

/* ---- bytes -------------------------------------------------------------------------------- */

/* Counts what lives, and fails the fail_at-th call. */
typedef struct counter {
  size_t live, most;
  int64_t calls, fail_at;
} counter;

static void *counted(void *user, void *ptr, size_t old_size, size_t new_size) {
  counter *c = user;
  if (new_size > 0 && ++c->calls == c->fail_at) return NULL;
  c->live += new_size - old_size;
  if (c->live > c->most) c->most = c->live;
  if (new_size == 0) {
    free(ptr);
    return NULL;
  }
  return realloc(ptr, new_size);
}

enum { MANY = 3000, WEEKS = 30, CELLS = 1310720 /* 10 MB of doubles */ };

static wsf__panel *many_series(wsf__env *e, int weeks) {
  static int32_t code[MANY * WEEKS];
  static int64_t time[MANY * WEEKS];
  static double y[MANY * WEEKS];
  static char text[MANY][8];
  static const char *label[MANY];
  static const char *const names[] = {"sku"};
  const int32_t *codes[] = {code};
  const char *const *labels[] = {label};
  const int32_t n_labels[] = {MANY};
  int64_t n = 0;
  for (int i = 0; i < MANY; ++i) {
    (void)snprintf(text[i], sizeof text[i], "%d", i);
    label[i] = text[i];
    for (int t = 0; t < weeks; ++t, ++n) {
      code[n] = i;
      time[n] = t;
      y[n] = 50 + i % 7 + 10 * sin(t * 0.7 + i) + noise(i, 1, t);
    }
  }
  const wsf__rows rows = {.n = n,
                          .n_keys = 1,
                          .key_name = names,
                          .key_code = codes,
                          .key_label = labels,
                          .n_labels = n_labels,
                          .time_name = "week",
                          .target_name = "sales",
                          .time = time,
                          .time_form = WSF__FORM_INTEGER,
                          .target = y};
  const wsf__panel_rules rules = {.freq = WSF__INTEGER};
  wsf__panel_counts counts;
  wsf_error err;
  wsf__panel *p = NULL;
  assert_ok(wsf__panel_build(&p, e, &rows, &rules, &counts, &err), &err);
  return p;
}

static void ten_megabytes_once(void **state) {
  (void)state;
  const size_t pool = CELLS * sizeof(double), rest = 4u << 20;
  counter c = {0};
  const wsf__alloc alloc = {counted, &c};
  wsf__env own;
  assert_true(wsf__env_init(&own, &alloc));
  wsf__panel *p = many_series(&own, WEEKS - 4), *more = many_series(&own, WEEKS);
  const size_t before = c.live;
  wsf__fitted_panel *f = fit(&own, "toy(lags([1:3]), cells=1310720, by=all)", p);
  const size_t fitted = c.live - before;
  assert_in_range(fitted, pool, pool + rest);
  wsf__fitted_panel *g = update(&own, f, more);
  const size_t updated = c.live - before - fitted;
  assert_in_range(updated, 0, rest);
  wsf__writer w = save(&own, g);
  const size_t file = w.length;
  assert_in_range(file, pool, pool + rest);
  const size_t so_far = c.live;
  wsf__fitted_panel *loaded = load(&own, &w);
  const size_t read = c.live - so_far;
  assert_in_range(read, pool, pool + rest);
  print_message("pool %zu bytes: fit %zu, update %zu more, file %zu, load %zu\n", pool, fitted,
                updated, file, read);
  wsf__writer_free(&w);
  wsf__fitted_panel_release(f);
  wsf__fitted_panel_release(loaded);
  wsf__fitted_panel_release(g);
  assert_int_equal(c.live, before);
  wsf__panel_release(p);
  wsf__panel_release(more);
  wsf__env_free(&own);
  assert_int_equal(c.live, 0);
}

/* Fit, save, load, update with a series never seen: every allocation fails once. */
static wsf_status whole_life(wsf__env *e, wsf__panel *known, wsf__panel *all, wsf_error *err) {
  wsf__fitted_panel *f = NULL, *g = NULL, *h = NULL;
  wsf__writer w;
  wsf__writer_init(&w, &e->alloc);
  wsf_status status = wsf__engine_fit(
      &f, e, "mean(log(toy(lags([1,2]), by=item)), weighted(toy(lags([1]), by=all), naive))", known,
      NULL, err);
  if (status == WSF_OK) status = wsf__engine_save(&w, f, err);
  if (status == WSF_OK) status = wsf__engine_load(&g, e, w.data, w.length, err);
  if (status == WSF_OK) status = wsf__engine_update(&h, e, g, all, NULL, err);
  wsf__fitted_panel_release(h);
  wsf__fitted_panel_release(f);
  wsf__fitted_panel_release(g);
  wsf__writer_free(&w);
  return status;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  counter c = {0};
  const wsf__alloc alloc = {counted, &c};
  wsf__env own;
  wsf_error err;
  assert_true(wsf__env_init(&own, &alloc));
  wsf__panel *p = retail_panel(&own, 30, PANEL_MONTHS, false, 0), *known, *all;
  uint8_t keep[STORES * ITEMS] = {0};
  for (int i = 0; i < 6; ++i) keep[40 + 16 * i] = keep[41 + 16 * i] = 1;
  assert_ok(wsf__panel_select(&all, NULL, p, keep, &err), &err);
  keep[40] = 0;
  assert_ok(wsf__panel_select(&known, NULL, p, keep, &err), &err);
  const size_t before = c.live;
  int64_t k = 1;
  for (wsf_status status = WSF_E_MEMORY; status != WSF_OK; ++k) {
    c.calls = 0;
    c.fail_at = k;
    status = whole_life(&own, known, all, &err);
    if (status != WSF_OK && status != WSF_E_MEMORY) fail_msg("%d: %s", (int)k, err.message);
    assert_int_equal(c.live, before);
  }
  assert_true(k > 40);
  c.fail_at = 0;
  wsf__panel_release(known);
  wsf__panel_release(all);
  wsf__panel_release(p);
  wsf__env_free(&own);
}

int test_pools(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(one_pool_for_all_or_one_a_label, start_env, end_env),
      cmocka_unit_test_setup_teardown(same_for_any_threads, start_env, end_env),
      cmocka_unit_test_setup_teardown(a_pooled_fit_is_many_tasks, start_env, end_env),
      cmocka_unit_test_setup_teardown(saved_and_loaded, start_env, end_env),
      cmocka_unit_test_setup_teardown(a_gap_at_the_end_is_kept, start_env, end_env),
      cmocka_unit_test_setup_teardown(damaged_pools, start_env, end_env),
      cmocka_unit_test_setup_teardown(bytes_behind_a_pool, start_env, end_env),
      cmocka_unit_test_setup_teardown(an_update_shares_its_pools, start_env, end_env),
      cmocka_unit_test_setup_teardown(series_dropped, start_env, end_env),
      cmocka_unit_test_setup_teardown(series_never_seen, start_env, end_env),
      cmocka_unit_test(ten_megabytes_once),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
