/* Many clients on one forecaster: forks, handles on other contexts, one of sixteen that hangs up.
 */
#include "api_support.h"

#include <pthread.h>

enum { CLIENTS = 16, ROUNDS = 3 };

/* ---- handles ------------------------------------------------------------------------------ */

static void test_fork(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=2, seed=7"), *fork = NULL;
  CALL(wsf_context_fork(&fork, ctx, NULL, &err));
  wsf_context_release(ctx); /* neither needs the other */
  wsf_dataset *ds = sample(fork);
  wsf_forecaster *f = fitted(fork, "ets", ds);
  wsf_table *t = forecast(f, "horizon=2");
  wsf_table_release(t);
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context *again = NULL;
  CALL(wsf_context_fork(&again, fork, "seed=3", &err));
  wsf_context_release(again);
  FAILS(WSF_E_ARGUMENT, wsf_context_fork(NULL, fork, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_context_fork(&again, NULL, NULL, err));
  FAILS(WSF_E_NAME, wsf_context_fork(&again, fork, "thread=2", err));
  assert_null(again);
  wsf_context_release(fork);
}

/* The seed is the parent's unless another is given: bootstrap intervals show it. */
static void test_fork_seed(void **state) {
  (void)state;
  wsf_context *ctx = new_context("seed=7"), *same = NULL, *other = NULL, *seven = NULL;
  CALL(wsf_context_fork(&same, ctx, NULL, &err));
  CALL(wsf_context_fork(&other, ctx, "seed=8", &err));
  CALL(wsf_context_fork(&seven, other, "seed=7", &err));
  wsf_context *const on[] = {ctx, same, other, seven};
  wsf_dataset *ds = sample(ctx);
  wsf_forecaster *f = fitted(ctx, "ets(model=AAM, restrict=false)", ds);
  wsf_table *t[4];
  for (int i = 0; i < 4; ++i) {
    wsf_forecaster *mine = NULL;
    CALL(wsf_forecaster_with(&mine, f, on[i], &err));
    t[i] = forecast(mine, "horizon=3, levels=[80]");
    wsf_forecaster_release(mine);
  }
  assert_same_table(t[1], t[0]);
  assert_same_table(t[3], t[0]);
  const int64_t lo = wsf_table_find(t[0], "lo-80");
  assert_true(wsf_table_f64(t[0], lo)[0] != wsf_table_f64(t[2], lo)[0]);
  for (int i = 0; i < 4; ++i) wsf_table_release(t[i]);
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  for (int i = 0; i < 4; ++i) wsf_context_release(on[i]);
}

static void test_with(void **state) {
  (void)state;
  counter c = {0}, d = {0};
  wsf_context *ctx = NULL, *fork = NULL, *stranger = NULL;
  CALL(wsf_context_create(&ctx, NULL, counting_resize, &c, &err));
  CALL(wsf_context_create(&stranger, NULL, counting_resize, &d, &err));
  CALL(wsf_context_fork(&fork, ctx, NULL, &err));
  wsf_dataset *ds = sample(ctx), *theirs = NULL;
  wsf_forecaster *f = fitted(ctx, "mean(ets, snaive)", ds), *mine = NULL, *fresh = NULL;
  const long long before = atomic_load(&c.bytes);
  CALL(wsf_forecaster_with(&mine, f, fork, &err));
  CALL(wsf_dataset_with(&theirs, ds, fork, &err));
  assert_true(atomic_load(&c.bytes) - before < 1000); /* nothing is copied */
  assert_string_equal(wsf_forecaster_text(mine), wsf_forecaster_text(f));
  FAILS(WSF_E_ARGUMENT, wsf_forecaster_with(&fresh, f, stranger, err));
  FAILS(WSF_E_ARGUMENT, wsf_forecaster_with(&fresh, f, NULL, err));
  wsf_dataset *refused = NULL;
  FAILS(WSF_E_ARGUMENT, wsf_dataset_with(&refused, NULL, fork, err));
  FAILS(WSF_E_ARGUMENT, wsf_dataset_with(&refused, ds, stranger, err));
  assert_null(refused);

  wsf_table *a = forecast(f, "horizon=4, levels=[80]");
  wsf_context_cancel(ctx); /* the maker hangs up: what the fork holds goes on */
  wsf_table *t = NULL;
  FAILS(WSF_E_CANCELLED, wsf_predict(&t, f, NULL, "horizon=4", err));
  wsf_table *b = forecast(mine, "horizon=4, levels=[80]");
  assert_same_table(a, b);
  wsf_forecaster_release(f);
  wsf_context_release(ctx);
  CALL(wsf_update(&fresh, mine, theirs, NULL, &err));
  wsf_table_release(a);
  wsf_table_release(b);
  wsf_forecaster_release(fresh);
  wsf_forecaster_release(mine);
  wsf_dataset_release(ds);
  wsf_dataset_release(theirs);
  wsf_context_release(fork);
  wsf_context_release(stranger);
  assert_int_equal(atomic_load(&c.wrong), 0);
  assert_balanced(&d);
}

/* ---- sinks -------------------------------------------------------------------------------- */

typedef struct pile {
  unsigned char *bytes;
  size_t n, most, largest;
} pile;

static int32_t take(const void *bytes, size_t size, void *user) {
  pile *p = user;
  if (size > p->most - p->n) return 1;
  memcpy(p->bytes + p->n, bytes, size);
  p->n += size;
  if (size > p->largest) p->largest = size;
  return 0;
}

/* The pieces are the image; a big one costs no more memory than a small one. */
static void test_write_to(void **state) {
  (void)state;
  counter c = {0};
  wsf_context *ctx = NULL;
  CALL(wsf_context_create(&ctx, NULL, counting_resize, &c, &err));
  wsf_dataset *ds = NULL;
  CALL(wsf_dataset_open(&ds, ctx, "simulate(stores=10, depts=50, weeks=60)", &err));
  wsf_forecaster *f = fitted(ctx, "mean(snaive, average, drift)", ds), *again = NULL;
  size_t needed = 0;
  CALL(wsf_forecaster_write(f, NULL, 0, &needed, &err));
  assert_true(needed > 300000);
  pile whole = {.bytes = malloc(needed), .most = needed}, part = {.bytes = malloc(needed)};
  unsigned char *image = malloc(needed);
  assert_true(whole.bytes && part.bytes && image);
  CALL(wsf_forecaster_write(f, image, needed, &needed, &err));
  const long long before = atomic_load(&c.bytes);
  atomic_store(&c.peak, before);
  CALL(wsf_forecaster_write_to(f, take, &whole, &err));
  assert_true(atomic_load(&c.peak) - before < 200000);
  assert_int_equal(whole.n, needed);
  assert_memory_equal(whole.bytes, image, needed);
  assert_in_range(whole.largest, 1, 65536);
  CALL(wsf_forecaster_read(&again, ctx, whole.bytes, whole.n, &err));
  wsf_forecaster_release(again);
  for (size_t most = 0; most < needed; most += needed / 7) {
    part.n = 0;
    part.most = most;
    wsf_error err = marked();
    char sentence[80];
    assert_int_equal(wsf_forecaster_write_to(f, take, &part, &err), WSF_E_IO);
    (void)snprintf(sentence, sizeof sentence, "the sink took %zu bytes and refused the next",
                   part.n);
    assert_string_equal(err.message, sentence);
    assert_memory_equal(part.bytes, image, part.n);
  }
  FAILS(WSF_E_ARGUMENT, wsf_forecaster_write_to(f, NULL, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_forecaster_write_to(NULL, take, &part, err));
  free(image);
  free(whole.bytes);
  free(part.bytes);
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  assert_balanced(&c);
}

/* ---- sixteen at once ---------------------------------------------------------------------- */

typedef struct client {
  const wsf_forecaster *f;
  const wsf_dataset *ds;
  const wsf_model *model;
  wsf_context *fork;
  const wsf_table *forecast, *refitted; /* what each must get */
  bool hangs_up;
  int cancelled, done;
} client;

static int32_t hang_up(const char *stage, int64_t done, int64_t total, void *user) {
  (void)stage, (void)done, (void)total, (void)user;
  return 1;
}

/* Predict, fit and predict again on the client's own context. */
static void count_call(client *c, wsf_status status) {
  if (c->hangs_up && status == WSF_E_CANCELLED)
    ++c->cancelled;
  else if (status == WSF_OK)
    ++c->done;
  else
    fail_msg("a client got %s", wsf_status_name(status));
}

static void *run_client(void *user) {
  client *c = user;
  for (int round = 0; round < ROUNDS; ++round) {
    wsf_forecaster *mine = NULL, *fresh = NULL;
    wsf_dataset *ds = NULL;
    wsf_table *t = NULL;
    CALL(wsf_forecaster_with(&mine, c->f, c->fork, &err));
    CALL(wsf_dataset_with(&ds, c->ds, c->fork, &err));
    count_call(c, wsf_predict(&t, mine, NULL, "horizon=13, levels=[80,95]", NULL));
    if (t) assert_same_table(t, c->forecast);
    wsf_table_release(t);
    t = NULL;
    count_call(c, wsf_fit(&fresh, c->model, ds, NULL, NULL));
    if (fresh) {
      CALL(wsf_predict(&t, fresh, NULL, "horizon=3", &err));
      assert_same_table(t, c->refitted);
      wsf_table_release(t);
    }
    wsf_forecaster_release(fresh);
    wsf_forecaster_release(mine);
    wsf_dataset_release(ds);
  }
  return NULL;
}

static void test_one_of_sixteen_hangs_up(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=4");
  wsf_dataset *ds = NULL;
  CALL(wsf_dataset_open(&ds, ctx, "simulate(stores=4, depts=20, weeks=60)", &err));
  wsf_model *model = new_model(ctx, "mean(snaive, theta)");
  wsf_forecaster *f = fitted(ctx, "mean(drift, theta)", ds), *again = NULL;
  wsf_table *expected = forecast(f, "horizon=13, levels=[80,95]");
  CALL(wsf_fit(&again, model, ds, NULL, &err));
  wsf_table *refitted = forecast(again, "horizon=3");
  client c[CLIENTS];
  pthread_t thread[CLIENTS];
  for (int i = 0; i < CLIENTS; ++i) {
    c[i] = (client){.f = f,
                    .ds = ds,
                    .model = model,
                    .forecast = expected,
                    .refitted = refitted,
                    .hangs_up = i == 5};
    CALL(wsf_context_fork(&c[i].fork, ctx, NULL, &err));
    if (c[i].hangs_up) wsf_context_set_progress(c[i].fork, hang_up, NULL);
  }
  for (int i = 0; i < CLIENTS; ++i) {
    assert_int_equal(pthread_create(&thread[i], NULL, run_client, &c[i]), 0);
  }
  for (int i = 0; i < CLIENTS; ++i) pthread_join(thread[i], NULL);
  for (int i = 0; i < CLIENTS; ++i) {
    assert_int_equal(c[i].done, c[i].hangs_up ? 0 : 2 * ROUNDS);
    assert_int_equal(c[i].cancelled, c[i].hangs_up ? 2 * ROUNDS : 0);
    wsf_context_release(c[i].fork);
  }
  wsf_table_release(expected);
  wsf_table_release(refitted);
  wsf_forecaster_release(again);
  wsf_forecaster_release(f);
  wsf_model_release(model);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* ---- callbacks ---------------------------------------------------------------------------- */

typedef struct nested {
  wsf_context *ctx;
  const wsf_forecaster *f;
  int calls;
} nested;

/* The same context is refused; a fork of it, made here, works. */
static int32_t call_inside(const char *stage, int64_t done, int64_t total, void *user) {
  nested *n = user;
  (void)stage, (void)done, (void)total;
  ++n->calls;
  wsf_table *t = NULL;
  FAILS(WSF_E_ARGUMENT, wsf_predict(&t, n->f, NULL, "horizon=2", err));
  assert_null(t);
  wsf_context *fork = NULL;
  wsf_forecaster *mine = NULL;
  CALL(wsf_context_fork(&fork, n->ctx, NULL, &err));
  CALL(wsf_forecaster_with(&mine, n->f, fork, &err));
  CALL(wsf_predict(&t, mine, NULL, "horizon=2", &err));
  wsf_table_release(t);
  CALL(wsf_forecaster_describe(&t, n->f, "summary", &err)); /* reports to nobody */
  wsf_table_release(t);
  wsf_forecaster_release(mine);
  wsf_context_release(fork);
  return 0;
}

static void test_calls_inside_a_callback(void **state) {
  (void)state;
  for (int threads = 1; threads <= 3; threads += 2) {
    wsf_context *ctx = new_context(threads == 1 ? NULL : "threads=3");
    wsf_dataset *ds = sample(ctx);
    nested n = {.ctx = ctx, .f = fitted(ctx, "snaive", ds)};
    wsf_context_set_progress(ctx, call_inside, &n);
    wsf_table *t = forecast(n.f, "horizon=3");
    assert_true(n.calls > 0);
    wsf_table_release(t);
    wsf_forecaster_release((wsf_forecaster *)n.f);
    wsf_dataset_release(ds);
    wsf_context_release(ctx);
  }
}

int test_api_clients(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fork),
      cmocka_unit_test(test_fork_seed),
      cmocka_unit_test(test_with),
      cmocka_unit_test(test_write_to),
      cmocka_unit_test(test_one_of_sixteen_hangs_up),
      cmocka_unit_test(test_calls_inside_a_callback),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
