/* wsf_update through the public headers: pieces, files in between, series without news, data that
 * begins late, and what a step costs. */
#include "api_support.h"

enum { SERIES = 4, FITTED = 60, WHOLE = 84 };

static const char *const models[] = {
    "snaive",
    "ets",
    "ets(AAA) | log",
    "theta",
    "ces(none)",
    "arima(order=[0,1,1], seasonal=[0,1,1])",
    "tslm(x=[promo])",
    "ets(AAN, x=[promo])",
    "prophet(x=[promo])",
    "croston(optimised)",
    "stl(ets(AAN))",
    "boxcox(drift)",
    "difference(average, lag=12)",
    "rebase(snaive)",
    "mean(ets(MAM), tslm, snaive)",
    "best(naive, tslm)",
    "clamp(weighted(drift, theta), lo=0) | conformal",
};
enum { MODELS = sizeof models / sizeof *models };

static double value(int series, int t) {
  if ((t + series) % 19 == 7) return NAN;
  const double season = 20 * sin(0.5235987755982988 * t + series);
  return 150 + 10 * series + 0.4 * t + season + (t * 31 + series * 17) % 11 +
         (t % 12 == 11 ? 30 : 0);
}

/* Months first .. end-1 of every series, ends[i] if it is given; promo is known `ahead` months
 * further, and there is no such column if that is less than 0. */
static wsf_dataset *some_months(wsf_context *ctx, int first, int end, const int *ends, int ahead) {
  wsf_builder *b = NULL;
  wsf_dataset *ds = NULL;
  CALL(wsf_builder_create(&b, ctx,
                          ahead < 0
                              ? "keys=[shop], time=month, target=units, freq=month"
                              : "keys=[shop], time=month, target=units, known=[promo], freq=month",
                          &err));
  for (int i = 0; i < SERIES; ++i) {
    const int last = ends ? ends[i] : end;
    for (int t = first; t < end + (ahead > 0 ? ahead : 0); ++t) {
      char shop[16], month[16];
      (void)snprintf(shop, sizeof shop, "shop %d", i);
      (void)snprintf(month, sizeof month, "%04d-%02d", 1900 + t / 12, 1 + t % 12);
      const char *keys[] = {shop};
      const double promo = t % 12 == 11, y = t < last ? value(i, t) : NAN;
      CALL(wsf_builder_add(b, keys, month, y, &promo, &err));
    }
  }
  CALL(wsf_builder_finish(&ds, b, &err));
  wsf_builder_release(b);
  return ds;
}

static wsf_dataset *months(wsf_context *ctx, int first, int end, const int *ends) {
  return some_months(ctx, first, end, ends, 12);
}

static wsf_forecaster *move(const wsf_forecaster *f, const wsf_dataset *ds) {
  wsf_forecaster *moved = NULL;
  CALL(wsf_update(&moved, f, ds, NULL, &err));
  return moved;
}

static void *image(const wsf_forecaster *f, size_t *size) {
  CALL(wsf_forecaster_write(f, NULL, 0, size, &err));
  void *bytes = malloc(*size);
  assert_non_null(bytes);
  CALL(wsf_forecaster_write(f, bytes, *size, size, &err));
  return bytes;
}

static void assert_same_forecaster(const wsf_forecaster *a, const wsf_forecaster *b) {
  size_t n, m;
  void *x = image(a, &n), *y = image(b, &m);
  assert_int_equal(n, m);
  assert_memory_equal(x, y, n);
  free(x);
  free(y);
}

/* A forecaster that has been written and read. */
static wsf_forecaster *again(wsf_context *ctx, wsf_forecaster *f) {
  size_t size;
  wsf_forecaster *loaded = NULL;
  void *bytes = image(f, &size);
  CALL(wsf_forecaster_read(&loaded, ctx, bytes, size, &err));
  free(bytes);
  wsf_forecaster_release(f);
  return loaded;
}

static void pieces_and_files_give_the_same_bytes(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *past = months(ctx, 0, FITTED, NULL), *whole = months(ctx, 0, WHOLE, NULL);
  wsf_dataset *tail = months(ctx, FITTED + 5, WHOLE, NULL);
  const int cuts[] = {FITTED + 1, FITTED + 5, FITTED + 6, FITTED + 17};
  for (int m = 0; m < MODELS; ++m) {
    wsf_forecaster *f = fitted(ctx, models[m], past), *at_once = move(f, whole);
    wsf_forecaster *steps = wsf_forecaster_retain(f);
    for (int k = 0; k <= 4; ++k) {
      wsf_dataset *more = k < 4 ? months(ctx, 0, cuts[k], NULL) : wsf_dataset_retain(whole);
      wsf_forecaster *next = again(ctx, move(steps, more));
      wsf_forecaster_release(steps);
      steps = next;
      wsf_dataset_release(more);
    }
    assert_same_forecaster(at_once, steps);
    wsf_forecaster_release(steps);

    /* the same from data that holds only what is new */
    wsf_dataset *some = months(ctx, 0, FITTED + 5, NULL);
    wsf_forecaster *first = move(f, some), *second = move(first, tail);
    wsf_table *a = forecast(at_once, "horizon=12, levels=[80]");
    wsf_table *b = forecast(second, "horizon=12, levels=[80]");
    assert_same_table(a, b);
    wsf_table_release(a);
    wsf_table_release(b);
    wsf_forecaster_release(first);
    wsf_forecaster_release(second);
    wsf_dataset_release(some);
    wsf_forecaster_release(at_once);
    wsf_forecaster_release(f);
  }
  wsf_dataset_release(tail);
  wsf_dataset_release(past);
  wsf_dataset_release(whole);
  wsf_context_release(ctx);
}

/* Where each series ends where it ends, those without news forecast what they did. */
static void series_without_news_stay(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  const int before[SERIES] = {FITTED, FITTED - 7, FITTED, FITTED - 2};
  const int after[SERIES] = {FITTED, FITTED - 7, WHOLE, WHOLE - 9};
  wsf_dataset *past = months(ctx, 0, FITTED, before), *some = months(ctx, 0, WHOLE, after);
  wsf_dataset *all = months(ctx, 0, WHOLE, NULL);
  for (int m = 0; m < MODELS; ++m) {
    wsf_forecaster *f = fitted(ctx, models[m], past), *moved = move(f, some);
    wsf_forecaster *later = move(moved, some); /* nothing new at all */
    assert_same_forecaster(moved, later);
    wsf_table *t = forecast(moved, "horizon=5");
    for (int64_t r = 0; r < wsf_table_rows(t); ++r)
      assert_true(isfinite(numbers(t, "forecast")[r]));
    wsf_forecaster *full = move(f, all);
    wsf_table *u = forecast(full, "horizon=5");
    /* series 2 has seen the same in both */
    for (int i = 0; i < 5; ++i) {
      assert_true(numbers(t, "forecast")[2 * 5 + i] == numbers(u, "forecast")[2 * 5 + i]);
    }
    wsf_table_release(t);
    wsf_table_release(u);
    wsf_forecaster_release(full);
    wsf_forecaster_release(later);
    wsf_forecaster_release(moved);
    wsf_forecaster_release(f);
  }
  wsf_dataset_release(past);
  wsf_dataset_release(some);
  wsf_dataset_release(all);
  wsf_context_release(ctx);
}

/* Months first .. end-1 of the shops in a set of bits, one of which may be new (shop SERIES). */
static wsf_dataset *feed(wsf_context *ctx, unsigned shops, int first, int end) {
  wsf_builder *b = NULL;
  wsf_dataset *ds = NULL;
  CALL(wsf_builder_create(
      &b, ctx, "keys=[shop], time=month, target=units, known=[promo], freq=month", &err));
  for (int i = 0; i <= SERIES; ++i) {
    for (int t = first; t < end + 12 && (shops >> i & 1); ++t) {
      char shop[16], month[16];
      (void)snprintf(shop, sizeof shop, "shop %d", i);
      (void)snprintf(month, sizeof month, "%04d-%02d", 1900 + t / 12, 1 + t % 12);
      const char *keys[] = {shop};
      const double promo = t % 12 == 11, y = t < end ? value(i, t) : NAN;
      CALL(wsf_builder_add(b, keys, month, y, &promo, &err));
    }
  }
  CALL(wsf_builder_finish(&ds, b, &err));
  wsf_builder_release(b);
  return ds;
}

/* A feed of some shops moves the others as data of all shops would that say nothing new of them. */
static void absent_series_stay(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  const int ends[SERIES] = {FITTED, FITTED + 2, FITTED, FITTED + 2};
  wsf_dataset *past = months(ctx, 0, FITTED, NULL), *some = feed(ctx, 10, FITTED, FITTED + 2);
  wsf_dataset *all = months(ctx, 0, FITTED + 2, ends);
  wsf_dataset *tail = feed(ctx, 15, FITTED + 2, FITTED + 6), *whole = months(ctx, 0, WHOLE, NULL);
  for (int m = 0; m < MODELS; ++m) {
    wsf_forecaster *f = fitted(ctx, models[m], past), *a = again(ctx, move(f, some));
    wsf_forecaster *b = move(f, all);
    wsf_table *x = forecast(a, "horizon=5, levels=[80]"),
              *y = forecast(b, "horizon=5, levels=[80]");
    assert_same_table(x, y);
    wsf_table_release(x);
    wsf_table_release(y);
    /* and goes on */
    wsf_forecaster *c = move(a, tail), *d = move(b, tail);
    x = forecast(c, "horizon=5");
    y = forecast(d, "horizon=5");
    assert_same_table(x, y);
    wsf_table_release(x);
    wsf_table_release(y);
    wsf_forecaster *e = move(d, whole), *g = move(c, whole);
    assert_same_forecaster(e, g);
    wsf_forecaster *every[] = {a, b, c, d, e, f, g};
    for (size_t k = 0; k < sizeof every / sizeof *every; ++k) wsf_forecaster_release(every[k]);
  }
  wsf_dataset *every[] = {past, some, all, tail, whole};
  for (size_t k = 0; k < sizeof every / sizeof *every; ++k) wsf_dataset_release(every[k]);
  wsf_context_release(ctx);
}

/* The labels of keys that were numbers and are texts now stand in another order. */
static void absent_series_keep_their_names(void **state) {
  (void)state;
  static const char *const old[] = {"2", "10", "9"}, *const new[] = {"10", "north", "1"};
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds[2];
  for (int k = 0; k < 2; ++k) {
    wsf_builder *b = NULL;
    CALL(wsf_builder_create(&b, ctx, "keys=[shop, item], time=t, target=y", &err));
    for (int i = 0; i < 3; ++i) {
      for (int t = 6 * k; t < 6 + 3 * k; ++t) {
        char time[16];
        const char *keys[] = {k ? new[i] : old[i], "7"};
        (void)snprintf(time, sizeof time, "%d", t);
        CALL(wsf_builder_add(b, keys, time, strtod(keys[0], NULL) + 100 * k, NULL, &err));
      }
    }
    CALL(wsf_builder_finish(&ds[k], b, &err));
    wsf_builder_release(b);
  }
  wsf_forecaster *f = fitted(ctx, "naive", ds[0]), *moved = again(ctx, move(f, ds[1]));
  static const struct {
    const char *shop;
    double y;
    const char *time;
  } want[] = {{"1", 101, "9"}, {"10", 110, "9"}, {"2", 2, "6"}, {"9", 9, "6"}, {"north", 100, "9"}};
  wsf_table *t = forecast(moved, "horizon=1");
  assert_int_equal(wsf_table_rows(t), 5);
  for (int r = 0; r < 5; ++r) {
    char time[16];
    assert_string_equal(wsf_table_text(t, 0, r, NULL), want[r].shop);
    assert_true(numbers(t, "forecast")[r] == want[r].y);
    (void)wsf_table_format(t, wsf_table_find(t, "t"), r, time, sizeof time);
    assert_string_equal(time, want[r].time); /* a time of its own to whom the news said nothing */
  }
  wsf_table_release(t);
  wsf_forecaster_release(moved);
  wsf_forecaster_release(f);
  wsf_dataset_release(ds[0]);
  wsf_dataset_release(ds[1]);
  wsf_context_release(ctx);
}

static void assert_news(const wsf_table *t, int64_t row, const char *status, int added, int missing,
                        int seen, const char *reason) {
  assert_string_equal(wsf_table_text(t, wsf_table_find(t, "status"), row, NULL), status);
  assert_int_equal(wsf_table_i64(t, wsf_table_find(t, "added"))[row], added);
  assert_int_equal(wsf_table_i64(t, wsf_table_find(t, "missing"))[row], missing);
  assert_int_equal(wsf_table_i64(t, wsf_table_find(t, "seen"))[row], seen);
  assert_string_equal(wsf_table_text(t, wsf_table_find(t, "reason"), row, NULL), reason);
}

static void an_update_tells_its_news(void **state) {
  (void)state;
  static const char csv[] = "shop,day,y\na,2024-01-01,1\nb,2024-01-01,2\nc,2024-01-01,3\n"
                            "a,2024-01-08,2\nb,2024-01-08,3\nc,2024-01-08,5\n";
  /* a: two more; b: a value missing and a day off; c: nothing; d: new */
  static const char more[] = "shop,day,y\na,2024-01-08,2\na,2024-01-15,4\na,2024-01-22,5\n"
                             "b,2024-01-15,\nb,2024-01-18,9\nb,2024-01-22,6\nd,2024-01-22,1\n";
  wsf_context *ctx = new_context(NULL);
  CALL(wsf_context_add_bytes(ctx, "old", csv, strlen(csv), NULL, NULL, &err));
  CALL(wsf_context_add_bytes(ctx, "more", more, strlen(more), NULL, NULL, &err));
  wsf_dataset *old = NULL, *ds = NULL;
  CALL(wsf_dataset_open(&old, ctx, "csv(old, keys=[shop], time=day, target=y, freq=week)", &err));
  CALL(wsf_dataset_open(&ds, ctx, "csv(more, keys=[shop], time=day, target=y, freq=week)", &err));
  wsf_forecaster *f = fitted(ctx, "naive", old), *moved = move(f, ds), *strict = NULL;
  wsf_table *t = NULL;
  FAILS(WSF_E_UNSUPPORTED, wsf_forecaster_describe(&t, f, "news", err));
  CALL(wsf_forecaster_describe(&t, moved, "news", &err));
  assert_int_equal(wsf_table_rows(t), 4);
  assert_news(t, 0, "added", 2, 0, 1, "ok");
  assert_news(t, 1, "added", 1, 1, 0, "ok");
  assert_news(t, 2, "absent", 0, 2, 0, "ok");
  assert_news(t, 3, "new", 1, 0, 0, "new");
  const int64_t *off = wsf_table_i64(t, wsf_table_find(t, "off_calendar"));
  for (int i = 0; i < 4; ++i) assert_int_equal(off[i], i == 1);
  wsf_table_release(t);
  FAILS(WSF_E_DATA, wsf_update(&strict, f, ds, "strict=true", err)); /* c is absent */
  CALL(wsf_update(&strict, moved, old, NULL, &err));                 /* nothing new */
  CALL(wsf_forecaster_describe(&t, strict, "news", &err));
  assert_news(t, 0, "none", 0, 0, 2, "ok");
  assert_news(t, 3, "absent", 0, 0, 0, "new"); /* until the next fit */
  wsf_table_release(t);
  moved = again(ctx, moved);
  FAILS(WSF_E_UNSUPPORTED, wsf_forecaster_describe(&t, moved, "news", err));
  wsf_forecaster_release(strict);
  wsf_forecaster_release(moved);
  wsf_forecaster_release(f);
  wsf_dataset_release(old);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* b reports three days later in the week, so that each of its weeks is passed before it comes: what
 * is late is counted, in files too, and with strict an error; with end=own it is taken. */
static void late_observations_are_told(void **state) {
  (void)state;
  static const char first[] = "s,t,y\na,2024-01-02,1\na,2024-01-09,2\na,2024-01-16,3\n"
                              "c,2024-01-02,1\nc,2024-01-09,2\nc,2024-01-16,3\n"
                              "b,2024-01-05,1\nb,2024-01-12,2\n";
  static const char *const weeks[] = {"s,t,y\na,2024-01-23,4\nc,2024-01-23,4\nb,2024-01-19,30\n",
                                      "s,t,y\na,2024-01-30,5\nc,2024-01-30,5\nb,2024-01-26,40\n"};
  static const char *const end[] = {"panel", "own"};
  for (int e = 0; e < 2; ++e) {
    wsf_context *ctx = new_context(NULL);
    char text[128];
    wsf_dataset *ds = NULL;
    wsf_error err;
    CALL(wsf_context_add_bytes(ctx, "w", first, strlen(first), NULL, NULL, &err));
    (void)snprintf(text, sizeof text, "csv(w, keys=s, time=t, target=y, freq=week, end=%s)",
                   end[e]);
    CALL(wsf_dataset_open(&ds, ctx, text, &err));
    wsf_forecaster *f = fitted(ctx, "naive", ds), *no = NULL;
    wsf_dataset_release(ds);
    for (int w = 0; w < 2; ++w) {
      char name[8];
      wsf_table *t = NULL;
      (void)snprintf(name, sizeof name, "w%d", w);
      CALL(wsf_context_add_bytes(ctx, name, weeks[w], strlen(weeks[w]), NULL, NULL, &err));
      (void)snprintf(text, sizeof text, "csv(%s, keys=s, time=t, target=y, freq=week, end=%s)",
                     name, end[e]);
      CALL(wsf_dataset_open(&ds, ctx, text, &err));
      f = again(ctx, f);
      if (e == 0) {
        assert_int_equal(wsf_update(&no, f, ds, "strict=true", &err), WSF_E_DATA);
        assert_non_null(strstr(err.message, w == 0 ? "series b for 2024-01-16 came late"
                                                   : "series b for 2024-01-23 came late"));
        assert_int_equal(err.series, 1);
      }
      wsf_forecaster *moved = move(f, ds);
      CALL(wsf_forecaster_describe(&t, moved, "news", &err));
      assert_news(t, 0, "added", 1, 0, 0, "ok");
      assert_news(t, 1, e == 0 ? "none" : "added", e, 1 - e, 0, "ok");
      const int64_t *late = wsf_table_i64(t, wsf_table_find(t, "late"));
      for (int i = 0; i < 3; ++i) assert_int_equal(late[i], e == 0 && i == 1);
      wsf_table_release(t);
      wsf_forecaster_release(f);
      wsf_dataset_release(ds);
      f = moved;
    }
    wsf_forecaster_release(f);
    wsf_context_release(ctx);
  }
}

/* Rows off the calendar alone are enough for a strict update to fail. */
static void strict_counts_rows_off_the_calendar(void **state) {
  (void)state;
  static const char csv[] = "day,y\n2024-01-01,1\n2024-01-08,2\n2024-01-15,4\n2024-01-18,9\n";
  wsf_context *ctx = new_context(NULL);
  CALL(wsf_context_add_bytes(ctx, "days", csv, strlen(csv), NULL, NULL, &err));
  wsf_dataset *ds = NULL;
  CALL(wsf_dataset_open(&ds, ctx, "csv(days, time=day, target=y, freq=week)", &err));
  wsf_forecaster *f = fitted(ctx, "naive", ds), *moved = NULL;
  wsf_error err;
  assert_int_equal(wsf_update(&moved, f, ds, "strict=true", &err), WSF_E_DATA);
  assert_non_null(strstr(err.message, "1 row of the dataset is not on its calendar"));
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

static wsf_dataset *open_named(wsf_context *ctx, const char *header, int first,
                               const char *options) {
  char csv[256], text[256];
  int used = snprintf(csv, sizeof csv, "%s", header);
  for (int t = first; t < first + 8; ++t) {
    used += snprintf(csv + used, sizeof csv - (size_t)used, "%d,%d,%d\n", t, 10 + t % 4, 90 * t);
  }
  wsf_dataset *ds = NULL;
  (void)snprintf(text, sizeof text, "csv(rows, %s)", options);
  CALL(wsf_context_add_bytes(ctx, "rows", csv, strlen(csv), NULL, NULL, &err));
  CALL(wsf_dataset_open(&ds, ctx, text, &err));
  CALL(wsf_context_remove_source(ctx, "rows", &err));
  return ds;
}

static void hear_warning(int32_t level, const char *line, void *user) {
  if (level == 1) (void)snprintf(user, 256, "%s", line);
}

/* Revenue is not taken for units: neither by an update nor by a measure. What no header names, or
 * whoever says that it is the same, goes on, and is told. */
static void another_target_is_refused(void **state) {
  (void)state;
  static const struct {
    const char *header, *options, *update;
    bool taken, told;
  } at[] = {{"day,units,revenue\n", "time=day, target=units", NULL, true, false},
            {"day,units,revenue\n", "time=day, target=revenue", NULL, false, false},
            {"date,Units,revenue\n", "time=date, target=Units", NULL, false, false},
            {"date,Units,revenue\n", "time=date, target=Units", "target=any", true, true},
            {"", "time=column1, target=column2, header=false", NULL, true, true}};
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *past = open_named(ctx, "day,units,revenue\n", 1, "time=day, target=units");
  wsf_forecaster *f = fitted(ctx, "naive", past);
  wsf_table *ahead = forecast(f, "horizon=8");
  for (size_t k = 0; k < sizeof at / sizeof *at; ++k) {
    char line[256] = "";
    wsf_dataset *more = open_named(ctx, at[k].header, 9, at[k].options);
    wsf_forecaster *moved = NULL;
    wsf_table *measured = NULL, *next;
    if (!at[k].taken) {
      FAILS(WSF_E_DATA, wsf_update(&moved, f, more, at[k].update, err));
      FAILS(WSF_E_DATA, wsf_evaluate(&measured, ahead, past, more, NULL, err));
      CALL(wsf_evaluate(&measured, ahead, past, more, "target=any", &err));
      wsf_table_release(measured);
      wsf_error err;
      assert_int_equal(wsf_update(&moved, f, more, NULL, &err), WSF_E_DATA);
      assert_non_null(strstr(err.message, "expected 'units' as the forecaster has it"));
      wsf_dataset_release(more);
      continue;
    }
    wsf_context_set_log(ctx, hear_warning, line);
    CALL(wsf_update(&moved, f, more, at[k].update, &err));
    wsf_context_set_log(ctx, NULL, NULL);
    assert_true(at[k].told == (strstr(line, "taken for the forecaster's 'units'") != NULL));
    next = forecast(moved, "horizon=1");
    assert_string_equal(wsf_table_name(next, 0), "day");
    assert_true(numbers(next, "forecast")[0] == 10);
    CALL(wsf_evaluate(&measured, ahead, past, more, at[k].update, &err));
    wsf_table_release(measured);
    wsf_table_release(next);
    wsf_forecaster_release(moved);
    wsf_dataset_release(more);
  }
  wsf_table_release(ahead);
  wsf_forecaster_release(f);
  wsf_dataset_release(past);
  wsf_context_release(ctx);
}

/* What an update by two months asks of the allocator, after a history of n months. */
static long long cost_after(const char *model, int n, long long *bytes) {
  counter count = {0};
  wsf_context *ctx = NULL;
  CALL(wsf_context_create(&ctx, NULL, counting_resize, &count, &err));
  wsf_dataset *past = some_months(ctx, 0, n, NULL, -1);
  wsf_dataset *more = some_months(ctx, n, n + 2, NULL, -1);
  wsf_forecaster *f = fitted(ctx, model, past);
  const long long calls = atomic_load(&count.calls), held = atomic_load(&count.bytes);
  wsf_forecaster *moved = move(f, more);
  const long long cost = atomic_load(&count.calls) - calls;
  *bytes = atomic_load(&count.bytes) - held;
  wsf_forecaster_release(moved);
  wsf_forecaster_release(f);
  wsf_dataset_release(past);
  wsf_dataset_release(more);
  wsf_context_release(ctx);
  return cost;
}

static void a_step_costs_the_same_after_any_history(void **state) {
  (void)state;
  for (int m = 0; m < MODELS; ++m) {
    long long few, many;
    if (strcmp(models[m], "ets") == 0) continue;  /* chooses another form */
    if (strstr(models[m], "x=[promo]")) continue; /* here there is none */
    const long long short_cost = cost_after(models[m], 12 * 12, &few);
    const long long long_cost = cost_after(models[m], 12 * 20, &many);
    if (short_cost != long_cost || few != many) {
      fail_msg("%s: %lld calls and %lld bytes, then %lld and %lld", models[m], short_cost, few,
               long_cost, many);
    }
  }
}

/* A series whose new observations the model cannot take gets the fallback and a reason. */
static void what_cannot_be_taken_is_said(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds[2];
  for (int k = 0; k < 2; ++k) {
    wsf_builder *b = NULL;
    CALL(wsf_builder_create(&b, ctx, "keys=[shop], time=month, target=units, freq=month", &err));
    for (int i = 0; i < 2; ++i) {
      for (int t = 0; t < 30 + 4 * k; ++t) {
        char month[16];
        (void)snprintf(month, sizeof month, "%04d-%02d", 1900 + t / 12, 1 + t % 12);
        const char *keys[] = {i ? "b" : "a"};
        CALL(wsf_builder_add(b, keys, month, i == 1 && t == 32 ? 0 : 5 + t % 12, NULL, &err));
      }
    }
    CALL(wsf_builder_finish(&ds[k], b, &err));
    wsf_builder_release(b);
  }
  wsf_forecaster *f = fitted(ctx, "log(naive)", ds[0]), *moved = move(f, ds[1]);
  wsf_table *report = NULL, *t = forecast(moved, "horizon=3");
  CALL(wsf_forecaster_describe(&report, moved, "series", &err));
  assert_string_equal(wsf_table_text(report, wsf_table_find(report, "reason"), 0, NULL), "ok");
  assert_string_equal(wsf_table_text(report, wsf_table_find(report, "reason"), 1, NULL),
                      "not_positive");
  /* fallback(snaive, average) on what the dataset holds */
  assert_true(numbers(t, "forecast")[3] == 5 + 34 % 12);
  wsf_table_release(t);
  wsf_table_release(report);
  wsf_forecaster_release(again(ctx, moved));
  wsf_forecaster_release(f);
  wsf_dataset_release(ds[0]);
  wsf_dataset_release(ds[1]);
  wsf_context_release(ctx);
}

/* What auto chooses of its own candidates can be moved on, over Easter and Christmas. */
static void the_preset_choice_moves_on(void **state) {
  (void)state;
  static const char *const until[] = {"2011-12-02", "2012-04-06", "2012-12-14", "2013-02-22"};
  wsf_context *ctx = new_context("threads=2");
  wsf_dataset *ds[4] = {NULL};
  for (int k = 0; k < 4; ++k) {
    char expr[96];
    (void)snprintf(expr, sizeof expr, "simulate(stores=2, depts=3, weeks=160) | until(\"%s\")",
                   until[k]);
    CALL(wsf_dataset_open(&ds[k], ctx, expr, &err));
  }
  wsf_forecaster *f = fitted(ctx, "auto(horizon=8)", ds[0]), *whole = move(f, ds[3]);
  for (int k = 1; k < 4; ++k) {
    wsf_forecaster *read = again(ctx, move(f, ds[k]));
    wsf_table *t = forecast(read, "horizon=8, levels=[80]");
    for (int64_t i = 0; i < wsf_table_rows(t); ++i) assert_true(isfinite(numbers(t, "hi-80")[i]));
    wsf_table_release(t);
    wsf_forecaster_release(f);
    f = read;
  }
  size_t size = 0, other = 0;
  void *a = image(f, &size), *b = image(whole, &other);
  assert_int_equal(size, other);
  assert_memory_equal(a, b, size);
  free(a);
  free(b);
  wsf_forecaster_release(f);
  wsf_forecaster_release(whole);
  for (int k = 0; k < 4; ++k) wsf_dataset_release(ds[k]);
  wsf_context_release(ctx);
}

static void a_word_without_update_is_named(void **state) {
  (void)state;
  static const char *const no[][2] = {{"mean(naive, outlier_clean(snaive))", "'outlier_clean'"},
                                      {"adida", "'adida'"},
                                      {"log(imapa)", "'imapa'"}};
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = months(ctx, 0, FITTED, NULL);
  for (int m = 0; m < 3; ++m) {
    wsf_forecaster *f = fitted(ctx, no[m][0], ds), *moved = NULL;
    wsf_error err;
    assert_int_equal(wsf_update(&moved, f, ds, NULL, &err), WSF_E_UNSUPPORTED);
    assert_null(moved);
    assert_non_null(strstr(err.message, no[m][1]));
    wsf_forecaster_release(f);
  }
  wsf_forecaster *f = fitted(ctx, "mean(naive, prophet(updates=false))", ds), *moved = NULL;
  wsf_dataset *more = months(ctx, FITTED, FITTED + 2, NULL);
  wsf_error err;
  assert_int_equal(wsf_update(&moved, f, more, NULL, &err), WSF_E_UNSUPPORTED);
  assert_non_null(strstr(err.message, "updates=false"));
  wsf_forecaster_release(f);
  wsf_dataset_release(more);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

int test_api_update(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pieces_and_files_give_the_same_bytes),
      cmocka_unit_test(series_without_news_stay),
      cmocka_unit_test(absent_series_stay),
      cmocka_unit_test(absent_series_keep_their_names),
      cmocka_unit_test(an_update_tells_its_news),
      cmocka_unit_test(late_observations_are_told),
      cmocka_unit_test(strict_counts_rows_off_the_calendar),
      cmocka_unit_test(another_target_is_refused),
      cmocka_unit_test(a_step_costs_the_same_after_any_history),
      cmocka_unit_test(what_cannot_be_taken_is_said),
      cmocka_unit_test(the_preset_choice_moves_on),
      cmocka_unit_test(a_word_without_update_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
