#include "support.h"

#include "engine/engine.h"
#include "fuzz/mend.h"
#include "ingest/ingest.h"
#include "panel/hierarchy.h"

#include <math.h>

static wsf__env env;
static wsf__arena arena;
static wsf__panel *panel;

enum { H = 7, N_Q = 3 };
static const double levels[N_Q] = {0.1, 0.5, 0.9};

static const wsf__node *options(const char *text) {
  const wsf__node *node = NULL;
  wsf_error err;
  if (wsf__expr_arguments(&node, &arena, wsf__engine_catalog(), &wsf__spec_rows, text, &err) !=
      WSF_OK) {
    fail_msg("%s: %s", text, err.message);
  }
  return node;
}

/* Months of some series, some ragged, some too short for most models, with a promotion known six
 * months ahead. */
static wsf__panel *make_panel(int series, int months) {
  wsf__collector *c = NULL;
  wsf_error err;
  assert_int_equal(
      wsf__collector_create(&c, &env,
                            options("keys=[store,dept], time=month, target=sales, "
                                    "known=[IsHoliday,price], holiday=IsHoliday, freq=month"),
                            &err),
      WSF_OK);
  for (int i = 0; i < series; ++i) {
    char store[16], dept[16];
    (void)snprintf(store, sizeof store, "%d", 1 + i / 2);
    (void)snprintf(dept, sizeof dept, "%s",
                   i % 2 ? "toys"
                         : "fo\xc3\xb6"
                           "d");
    const char *keys[] = {store, dept};
    const int start = i == series - 1 ? months - 2 : i;
    for (int t = start; t < months + 6; ++t) {
      char time[16];
      (void)snprintf(time, sizeof time, "%04d-%02d", 2010 + t / 12, 1 + t % 12);
      const double x[] = {t % 12 == 11, 10 + 0.1 * ((t * 7 + i) % 5)};
      double y = 100 + 10 * i + t + 20 * sin(t * 6.283185307 / 12) + (t * 31 + i * 17) % 11;
      if (t >= months || (t + i) % 13 == 5) y = NAN;
      if (wsf__collector_add(c, keys, time, y, x, &err) != WSF_OK) fail_msg("%s", err.message);
    }
  }
  wsf__panel *p = NULL;
  if (wsf__collector_finish(&p, c, &err) != WSF_OK) fail_msg("%s", err.message);
  wsf__collector_free(c);
  return p;
}

static int setup(void **state) {
  (void)state;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  if (!wsf__env_init(&env, &wsf__alloc_libc)) return -1;
  panel = make_panel(6, 120);
  return 0;
}

static int teardown(void **state) {
  (void)state;
  wsf__panel_release(panel);
  wsf__arena_free(&arena);
  wsf__env_free(&env);
  return 0;
}

static wsf__fitted_panel *fit(const char *model, wsf__panel *p) {
  wsf__fitted_panel *f = NULL;
  wsf_error err;
  if (wsf__engine_fit(&f, &env, model, p, NULL, &err) != WSF_OK)
    fail_msg("%s: %s", model, err.message);
  return f;
}

static wsf__writer save(const wsf__fitted_panel *f) {
  wsf__writer w;
  wsf_error err;
  wsf__writer_init(&w, &wsf__alloc_libc);
  if (wsf__engine_save(&w, f, &err) != WSF_OK) fail_msg("%s", err.message);
  return w;
}

static wsf__fitted_panel *load(const wsf__writer *w) {
  wsf__fitted_panel *f = NULL;
  wsf_error err;
  wsf__error_clear(&err);
  if (wsf__engine_load(&f, &env, w->data, w->length, &err) != WSF_OK) {
    fail_msg("byte %lld: %s", (long long)err.byte, err.message);
  }
  return f;
}

static wsf_status forecast(wsf__forecasts *out, wsf__arena *a, const wsf__fitted_panel *f,
                           wsf_error *err) {
  const int64_t known = f->frame->ahead;
  const wsf__ask ask = {.h = H > known && known > 0 ? known : H, .n_q = N_Q, .q = levels};
  return wsf__engine_forecast(out, &env, a, f, &ask, err);
}

static void same_forecasts(const wsf__fitted_panel *a, const wsf__fitted_panel *b) {
  wsf__arena memory;
  wsf__arena_init(&memory, &wsf__alloc_libc);
  wsf__forecasts x, y;
  wsf_error err;
  if (forecast(&x, &memory, a, &err) != WSF_OK) fail_msg("%s: %s", a->text, err.message);
  if (forecast(&y, &memory, b, &err) != WSF_OK) fail_msg("%s: %s", b->text, err.message);
  const size_t cells = (size_t)(x.n * x.h);
  assert_int_equal(x.n, y.n);
  assert_int_equal(x.h, y.h);
  assert_memory_equal(x.mean, y.mean, cells * sizeof *x.mean);
  assert_memory_equal(x.quantile, y.quantile, cells * N_Q * sizeof *x.quantile);
  wsf__arena_free(&memory);
}

static void round_trip(const char *model, wsf__panel *p) {
  wsf__fitted_panel *f = fit(model, p);
  wsf__writer first = save(f);
  wsf__fitted_panel *g = load(&first);
  assert_string_equal(f->text, g->text);
  same_forecasts(f, g);
  wsf__writer second = save(g);
  assert_int_equal(first.length, second.length);
  assert_memory_equal(first.data, second.data, first.length);
  wsf__fitted_panel_release(f);
  wsf__fitted_panel_release(g);
  wsf__writer_free(&first);
  wsf__writer_free(&second);
}

/* The example of every model there is: a new one is tested by being listed. */
static void test_every_model(void **state) {
  (void)state;
  for (int i = 0; i < wsf__n_model_classes; ++i) {
    const wsf__spec *spec = &wsf__model_classes[i]->spec;
    wsf__fitted_panel *f = NULL;
    wsf_error err;
    wsf__error_clear(&err);
    /* an example may speak of columns that this panel does not have */
    if (wsf__engine_fit(&f, &env, spec->example, panel, NULL, &err) != WSF_OK) {
      print_message("%s: %s\n", spec->example, err.message);
      assert_true(err.status == WSF_E_NAME || err.status == WSF_E_VALUE ||
                  err.status == WSF_E_DATA);
      continue;
    }
    wsf__fitted_panel_release(f);
    round_trip(spec->example, panel);
  }
}

static void test_expressions(void **state) {
  (void)state;
  static const char *const model[] = {
      "mean(ets, snaive, drift)",
      "stl(12, naive) | clamp",
      "fallback(snaive, average)",
      "conformal(snaive)",
      "empirical(snaive)",
      "best(naive, snaive)",
      "median(naive, mean(drift, average))",
  };
  for (size_t i = 0; i < sizeof model / sizeof *model; ++i) round_trip(model[i], panel);
}

/* Fits that end where rounding decides: roots on the unit circle, weights beyond the usual. They
 * are kept as they are, saved and read again. */
static void test_fits_on_the_edge(void **state) {
  (void)state;
  static const char *const model[] = {
      "arima(order=[2,0,2],method=css)",     "arima(order=[3,1,3])",
      "arima(order=[1,1,3],method=ml)",      "arima(order=[5,7,12],method=css)",
      "ets(AAdN,bounds=admissible,phi=0.3)", "ets(AAdA,bounds=admissible,phi=0.01,season=4)"};
  for (size_t k = 0; k < sizeof model / sizeof *model; ++k) {
    for (int form = 0; form < 3; ++form) {
      for (int n = 24; n < 64; n += 13) {
        wsf__collector *c = NULL;
        wsf__panel *p = NULL;
        wsf_error err;
        assert_int_equal(wsf__collector_create(&c, &env, options("time=t, target=y"), &err),
                         WSF_OK);
        for (int t = 1; t <= n; ++t) {
          char text[16];
          (void)snprintf(text, sizeof text, "%d", t);
          const double wave = 100 + t + 30 * (t % 4 == 1) + 3 * sin((double)t * t);
          const double y = form == 0 ? 100 * pow(1.05, t) : form == 1 ? 100 + 3.0 * t : wave;
          assert_int_equal(wsf__collector_add(c, NULL, text, y, NULL, &err), WSF_OK);
        }
        assert_int_equal(wsf__collector_finish(&p, c, &err), WSF_OK);
        wsf__collector_free(c);
        wsf__fitted_panel *f = fit(model[k], p);
        assert_in_range(f->root->state[0].reason, WSF__OK, WSF__REPLACED);
        wsf__fitted_panel_release(f);
        round_trip(model[k], p);
        wsf__panel_release(p);
      }
    }
  }
}

/* Dates, whole numbers, hours; no keys, no columns, own ends. */
static void test_panels(void **state) {
  (void)state;
  for (int k = 0; k < 3; ++k) {
    wsf__collector *c = NULL;
    wsf__panel *p = NULL;
    wsf_error err;
    assert_int_equal(wsf__collector_create(&c, &env, options("time=t, target=y, end=own"), &err),
                     WSF_OK);
    for (int t = 1; t < 20; ++t) {
      char text[32];
      if (k == 0)
        (void)snprintf(text, sizeof text, "%d", t - 10);
      else if (k == 1)
        (void)snprintf(text, sizeof text, "2020-01-01T%02d:30:00", t);
      else
        (void)snprintf(text, sizeof text, "2020-01-%02d", t);
      assert_int_equal(wsf__collector_add(c, NULL, text, t % 5, NULL, &err), WSF_OK);
    }
    assert_int_equal(wsf__collector_finish(&p, c, &err), WSF_OK);
    wsf__collector_free(c);
    round_trip("drift", p);
    wsf__panel_release(p);
  }
}

/* A panel and its sums by store and in total, which takes p over. */
static wsf__panel *with_sums(wsf__panel *p, bool base) {
  static const int store[] = {0};
  const wsf__level level[] = {{0, NULL}, {1, store}};
  const wsf__aggregate_rules rules = {2, level, base, true};
  wsf__aggregate_counts counts;
  wsf__panel *made = NULL;
  wsf_error err;
  assert_int_equal(wsf__panel_aggregate(&made, &env, p, &rules, &counts, &err), WSF_OK);
  wsf__panel_release(p);
  return made;
}

/* What a sum adds up is in the file; of what has no sums nothing is. */
static void test_sums(void **state) {
  (void)state;
  for (int base = 0; base < 2; ++base) {
    wsf__panel *p = with_sums(make_panel(6, 60), base);
    round_trip("mean(snaive, lowrank(snaive, 2, by=dept))", p);
    round_trip("best(naive, drift, pool=dept)", p);
    wsf__fitted_panel *f = fit("naive", p);
    wsf__writer w = save(f);
    wsf__fitted_panel *g = load(&w);
    const wsf__members *a = &f->frame->members, *b = &g->frame->members;
    assert_int_equal(a->start != NULL, base);
    assert_int_equal(b->start != NULL, base);
    for (int64_t i = 0; i < p->n; ++i) {
      assert_int_equal(wsf__panel_is_sum(p, i), wsf__panel_is_sum(g->frame, i));
      if (base) assert_int_equal(a->start[i + 1], b->start[i + 1]);
    }
    if (base) {
      assert_memory_equal(a->member, b->member, (size_t)a->start[p->n] * sizeof *a->member);
    }
    wsf__fitted_panel_release(f);
    wsf__fitted_panel_release(g);
    wsf__writer_free(&w);
    wsf__panel_release(p);
  }
}

/* The loaded forecaster must be whole without the panel, and describe the same frame. */
static void test_frame(void **state) {
  (void)state;
  wsf__fitted_panel *f = fit("naive", panel);
  wsf__writer w = save(f);
  wsf__fitted_panel *g = load(&w);
  const wsf__panel *a = f->frame, *b = g->frame;
  assert_memory_equal(&a->calendar, &b->calendar, sizeof a->calendar);
  assert_int_equal(a->season, b->season);
  assert_int_equal(a->T, b->T);
  assert_int_equal(a->ahead, b->ahead);
  assert_int_equal(a->own_end, b->own_end);
  assert_int_equal(a->n, b->n);
  assert_int_equal(a->n_keys, b->n_keys);
  assert_int_equal(a->n_columns, b->n_columns);
  assert_int_equal(a->holiday, b->holiday);
  assert_string_equal(a->time_name, b->time_name);
  assert_string_equal(a->target_name, b->target_name);
  assert_true(b->key[0].integer && !b->key[1].integer);
  for (int64_t i = 0; i < a->n; ++i) {
    assert_true(wsf__panel_seed(a, i) == wsf__panel_seed(b, i));
    for (int64_t t = 0; t < a->T + a->ahead; ++t) {
      for (int c = 0; c < a->n_columns; ++c) {
        const double x = wsf__panel_value(a, c, i, t), y = wsf__panel_value(b, c, i, t);
        assert_true(x == y || (isnan(x) && isnan(y)));
      }
    }
  }
  wsf__fitted_panel_release(f);
  wsf__fitted_panel_release(g);
  wsf__writer_free(&w);
}

/* ---- damage -------------------------------------------------------------------------------- */

static wsf_status load_bytes(const void *bytes, size_t n, wsf_error *err) {
  wsf__fitted_panel *f = NULL;
  wsf__error_clear(err);
  const wsf_status status = wsf__engine_load(&f, &env, bytes, n, err);
  if (status != WSF_OK) assert_null(f);
  wsf__fitted_panel_release(f);
  return status;
}

static wsf__writer file_of(wsf__panel *p) {
  wsf__fitted_panel *f = fit("mean(naive, drift)", p);
  wsf__writer w = save(f);
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
  return w;
}

static wsf__writer small_file(void) {
  return file_of(make_panel(2, 13));
}

static void test_every_bit(void **state) {
  (void)state;
  wsf__writer w = small_file();
  for (size_t bit = 0; bit < 8 * w.length; ++bit) {
    wsf_error err;
    w.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    assert_int_equal(load_bytes(w.data, w.length, &err), WSF_E_FORMAT);
    assert_true(err.message[0] && err.byte >= 0 && err.byte <= (int64_t)w.length);
    w.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
  }
  wsf__writer_free(&w);
}

static void test_every_length(void **state) {
  (void)state;
  wsf__writer w = small_file();
  wsf_error err;
  for (size_t n = 0; n < w.length; ++n) {
    uint8_t *cut = malloc(n ? n : 1);
    memcpy(cut, w.data, n);
    assert_int_equal(load_bytes(cut, n, &err), WSF_E_FORMAT);
    assert_true(err.message[0]);
    free(cut);
  }
  wsf__writer_free(&w);
}

static void test_newer_version(void **state) {
  (void)state;
  wsf__writer w = small_file();
  wsf_error err;
  w.data[12] = WSF__FORMAT_MINOR + 1;
  mend(w.data, w.length);
  assert_int_equal(load_bytes(w.data, w.length, &err), WSF_E_VERSION);
  assert_non_null(strstr(err.message, "1.1"));
  assert_non_null(strstr(err.message, "1.0"));
  wsf__writer_free(&w);
}

/* Whatever a file with fitting checksums holds: an error with its place, or forecasts that are
 * finite. Every byte in turn takes some values that break things. */
static void try_hostile_bytes(wsf__writer w) {
  static const uint8_t value[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
  uint8_t *copy = malloc(w.length);
  int loaded = 0, refused = 0;
  for (size_t at = 32; at + 8 < w.length; ++at) {
    for (size_t k = 0; k < sizeof value; ++k) {
      if (w.data[at] == value[k]) continue;
      memcpy(copy, w.data, w.length);
      copy[at] = value[k];
      mend(copy, w.length);
      wsf__fitted_panel *f = NULL;
      wsf_error err;
      wsf__error_clear(&err);
      const wsf_status status = wsf__engine_load(&f, &env, copy, w.length, &err);
      if (status != WSF_OK) {
        ++refused;
        assert_true(status == WSF_E_FORMAT || status == WSF_E_VERSION);
        assert_true(err.message[0] && err.byte >= 0);
        continue;
      }
      ++loaded;
      wsf__arena memory;
      wsf__arena_init(&memory, &wsf__alloc_libc);
      wsf__forecasts x;
      if (forecast(&x, &memory, f, &err) == WSF_OK) {
        for (int64_t i = 0; i < x.n * x.h; ++i) assert_true(isfinite(x.mean[i]));
        for (int64_t i = 0; i < x.n * x.h * N_Q; ++i) assert_true(isfinite(x.quantile[i]));
      }
      wsf__arena_free(&memory);
      wsf__fitted_panel_release(f);
    }
  }
  assert_true(refused > 1000 && loaded > 100);
  free(copy);
  wsf__writer_free(&w);
}

static void test_hostile_bytes(void **state) {
  (void)state;
  try_hostile_bytes(small_file());
  try_hostile_bytes(file_of(with_sums(make_panel(2, 13), true)));
}

/* A file may say that its calendar began an age ago: data laid on it would have a period for each
 * step between. */
static void test_moved_origin(void **state) {
  (void)state;
  static const int64_t origins[] = {-(INT64_C(1) << 32), -100000000, 0};
  wsf__panel *p = make_panel(3, 30);
  wsf__fitted_panel *f = fit("arima(order=[0,1,1], x=price)", p), *g = NULL, *moved = NULL;
  wsf__writer w = save(f);
  size_t at = 0; /* of the section FRAM; its origin is the third number */
  for (size_t i = 32; i < 32 + 24 * 7; i += 24) {
    if (memcmp(w.data + i, "FRAM", 4) == 0) at = (size_t)mend_get(w.data + i + 8, 8);
  }
  assert_true(at > 0);
  for (size_t k = 0; k < 3; ++k) {
    wsf_error err;
    wsf__arena memory;
    wsf__forecasts x;
    wsf__arena_init(&memory, &wsf__alloc_libc);
    mend_put(w.data + at + 8, 8, (uint64_t)origins[k]);
    mend(w.data, w.length);
    g = load(&w);
    const wsf__ask ask = {.h = 3, .n_q = N_Q, .q = levels, .known = p};
    const wsf_status status = wsf__engine_forecast(&x, &env, &memory, g, &ask, &err);
    assert_int_equal(status, origins[k] ? WSF_E_DATA : WSF_OK);
    assert_int_equal(wsf__engine_update(&moved, &env, g, p, NULL, &err) != WSF_OK, origins[k] != 0);
    wsf__arena_free(&memory);
    wsf__fitted_panel_release(moved);
    wsf__fitted_panel_release(g);
    moved = NULL;
  }
  wsf__fitted_panel_release(f);
  wsf__panel_release(p);
  wsf__writer_free(&w);
}

static void test_random_bytes(void **state) {
  (void)state;
  uint8_t bytes[300];
  uint32_t x = 7;
  for (int round = 0; round < 3000; ++round) {
    for (size_t i = 0; i < sizeof bytes; ++i) {
      x = x * 1664525 + 1013904223;
      bytes[i] = (uint8_t)(x >> 24);
    }
    if (round % 2) memcpy(bytes, "\x89WSF\r\n\x1a\n", 8);
    wsf_error err;
    assert_int_equal(load_bytes(bytes, sizeof bytes, &err), WSF_E_FORMAT);
  }
}

/* Sections as they were read. */
static void copy_section(wsf__writer *w, uint32_t type, const void *user) {
  const wsf__section *s = user;
  while (s->type != type) ++s;
  wsf__write_bytes(w, s->data, s->length);
}

static void write_sections(wsf__writer *w, const wsf__section *section, int n) {
  uint32_t type[8];
  assert_in_range(n, 0, 8);
  for (int i = 0; i < n; ++i) type[i] = section[i].type;
  const wsf__contents c = {.type = type, .n = n, .write = copy_section, .user = section};
  wsf__writer_init(w, &wsf__alloc_libc);
  assert_int_equal(wsf__container_write(w, &c, NULL), WSF_OK);
}

/* Take one section away, or put one in that nobody knows. */
static void test_sections(void **state) {
  (void)state;
  static const char *const name[] = {"MODL", "FRAM", "AHED", "BNDS", "STAT", "SPAR", "meta"};
  enum { N = 7 };
  wsf__writer w = small_file();
  uint32_t known[N];
  for (int i = 0; i < N; ++i) {
    known[i] = WSF__SECTION(name[i][0], name[i][1], name[i][2], name[i][3]);
  }
  wsf__section section[N + 1];
  int n;
  assert_int_equal(wsf__container_read(section, N, &n, w.data, w.length, known, N, NULL, NULL),
                   WSF_OK);
  assert_int_equal(n, N);
  for (int gone = 0; gone < N; ++gone) {
    wsf__section left[N];
    int kept = 0;
    for (int i = 0; i < N; ++i) {
      if (i != gone) left[kept++] = section[i];
    }
    wsf__writer less;
    wsf_error err;
    write_sections(&less, left, kept);
    const wsf_status status = load_bytes(less.data, less.length, &err);
    assert_int_equal(status, strcmp(name[gone], "meta") == 0 ? WSF_OK : WSF_E_FORMAT);
    if (status != WSF_OK) assert_non_null(strstr(err.message, name[gone]));
    wsf__writer_free(&less);
  }
  const char *const more[] = {"note", "NEWS"};
  for (int k = 0; k < 2; ++k) {
    section[N] = section[0];
    section[N].type = WSF__SECTION(more[k][0], more[k][1], more[k][2], more[k][3]);
    wsf__writer longer;
    wsf_error err;
    write_sections(&longer, section, N + 1);
    assert_int_equal(load_bytes(longer.data, longer.length, &err), k ? WSF_E_VERSION : WSF_OK);
    wsf__writer_free(&longer);
  }
  wsf__writer_free(&w);
}

typedef struct budget {
  int left;
} budget;

static void *limited(void *user, void *ptr, size_t old_size, size_t new_size) {
  budget *b = user;
  if (new_size > 0 && b->left-- <= 0) return NULL;
  return wsf__alloc_libc.resize(NULL, ptr, old_size, new_size);
}

static void test_allocation_failures(void **state) {
  (void)state;
  wsf__writer w = small_file();
  wsf_status status = WSF_E_MEMORY;
  for (int k = 0; status != WSF_OK; ++k) {
    budget b = {k};
    const wsf__alloc a = {limited, &b};
    wsf__env small;
    wsf__fitted_panel *f = NULL;
    wsf__writer again;
    wsf_error err;
    wsf__writer_init(&again, &a);
    if (!wsf__env_init(&small, &a)) continue;
    status = wsf__engine_load(&f, &small, w.data, w.length, &err);
    if (status == WSF_OK) status = wsf__engine_save(&again, f, &err);
    assert_true(status == WSF_OK || status == WSF_E_MEMORY);
    wsf__fitted_panel_release(f);
    wsf__writer_free(&again);
    wsf__env_free(&small);
    assert_true(k < 2000);
  }
  wsf__writer_free(&w);
}

static void test_no_error_record(void **state) {
  (void)state;
  wsf__writer w = small_file();
  wsf__fitted_panel *f = NULL;
  w.data[w.length / 2] ^= 1;
  mend(w.data, w.length);
  const wsf_status with = wsf__engine_load(&f, &env, w.data, w.length, NULL);
  if (with == WSF_OK) wsf__fitted_panel_release(f);
  assert_int_equal(wsf__engine_load(&f, &env, w.data, w.length - 1, NULL), WSF_E_FORMAT);
  wsf__writer_free(&w);
}

int test_persist(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_model),
      cmocka_unit_test(test_expressions),
      cmocka_unit_test(test_fits_on_the_edge),
      cmocka_unit_test(test_panels),
      cmocka_unit_test(test_sums),
      cmocka_unit_test(test_frame),
      cmocka_unit_test(test_every_bit),
      cmocka_unit_test(test_every_length),
      cmocka_unit_test(test_newer_version),
      cmocka_unit_test(test_hostile_bytes),
      cmocka_unit_test(test_random_bytes),
      cmocka_unit_test(test_moved_origin),
      cmocka_unit_test(test_sections),
      cmocka_unit_test(test_allocation_failures),
      cmocka_unit_test(test_no_error_record),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
