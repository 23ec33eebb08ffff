/* Vintages by recomputation: at every origin the dataset is built by hand from the rows that were
 * known then, and back-tests, cuts and the trials inside a fit must give the same bits. */
#include "api_support.h"

enum { SHOPS = 3, WEEKS = 60, REACH = 4, ROOM = 1 << 19, DAY = 48 };

/* A number in (0, 1) that is no function of time. */
static double noise(int a, int b, int c) {
  const unsigned x = (unsigned)(a * 7919 + b * 104729 + c * 1299709 + 17) * 2654435761u;
  return ((x ^ x >> 15) * 2246822519u >> 12) / 1048576.0;
}

static double temperature(int shop, int t) {
  return 15 + 8 * noise(shop, t, 0);
}

/* What was said of week t at the end of week `known`: forecasts that get better, and a week later
 * the truth. */
static double said(int shop, int t, int known) {
  const int ahead = t - known;
  return temperature(shop, t) + (ahead < 0 ? 0 : (1 + ahead) * (noise(shop, t, known + 1) - 0.5));
}

static void day_of(int t, char day[DAY]) {
  static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int d = 5 + 7 * t, month = 0, year = 2018; /* weeks from Friday 2018-01-05, before a leap year */
  while (d > length[month]) {
    d -= length[month];
    month = (month + 1) % 12;
    year += month == 0;
  }
  (void)snprintf(day, DAY, "%d-%02d-%02d", year, month + 1, d);
}

static int first_of(int shop) {
  return shop == 1 ? 7 : 0;
}

static int last_of(int shop, bool own_ends) {
  return own_ends ? WEEKS - 1 - 4 * shop : WEEKS - 1;
}

/* Sales up to week `last`, of one shop or of all (-1). */
static char *sales_of(int only, int last, bool own_ends) {
  char *text = malloc(ROOM), day[DAY];
  size_t used = (size_t)snprintf(text, ROOM, "shop,week,units\n");
  for (int i = 0; i < SHOPS; ++i) {
    for (int t = first_of(i); t <= last_of(i, own_ends) && t <= last; ++t) {
      if (only >= 0 && i != only) continue;
      day_of(t, day);
      const double y = 100 + 20 * i + 3 * temperature(i, t) + noise(i, t, 99);
      used += (size_t)snprintf(text + used, ROOM - used, "s%d,%s,%.9g\n", i, day, y);
    }
  }
  return text;
}

/* All that was ever said of the weather, in no order of time; from week `wild` on, nonsense. */
static char *vintages(int wild) {
  char *text = malloc(ROOM), day[DAY], known_day[DAY];
  size_t used = (size_t)snprintf(text, ROOM, "week,known,shop,temp\n");
  for (int back = -1; back <= REACH; ++back) {
    for (int i = SHOPS - 1; i >= 0; --i) {
      for (int t = 0; t < WEEKS + REACH; ++t) {
        const int known = t - back;
        if (known < 0) continue;
        day_of(t, day);
        day_of(known, known_day);
        const double x = known >= wild ? 1e6 * noise(i, t, known) : said(i, t, known);
        used +=
            (size_t)snprintf(text + used, ROOM - used, "%s,%s,s%d,%.9g\n", day, known_day, i, x);
      }
    }
  }
  assert_true(used < ROOM);
  return text;
}

/* The same by hand: one row for a shop and week, the last that was known at the end of `origin`. */
static char *known_at(int origin) {
  char *text = malloc(ROOM), day[DAY];
  size_t used = (size_t)snprintf(text, ROOM, "week,shop,temp\n");
  for (int i = 0; i < SHOPS; ++i) {
    for (int t = 0; t < WEEKS + REACH; ++t) {
      int known = t + 1 < origin ? t + 1 : origin;
      if (known < t - REACH || known < 0) continue;
      day_of(t, day);
      used +=
          (size_t)snprintf(text + used, ROOM - used, "%s,s%d,%.9g\n", day, i, said(i, t, known));
    }
  }
  return text;
}

#define SALES   "csv(\"sales\", keys=shop, time=week, target=units, freq=week"
#define VINTAGE " | join(\"weather\", on=[shop,week], known_at=known)"
#define PLAIN   " | join(\"weather\", on=[shop,week])"

static wsf_dataset *open(wsf_context *ctx, char *sales, char *weather, const char *expr) {
  wsf_dataset *ds = NULL;
  CALL(wsf_context_add_bytes(ctx, "sales", sales, strlen(sales), free, sales, &err));
  CALL(wsf_context_add_bytes(ctx, "weather", weather, strlen(weather), free, weather, &err));
  CALL(wsf_dataset_open(&ds, ctx, expr, &err));
  return ds;
}

static wsf_dataset *whole(wsf_context *ctx, int wild) {
  return open(ctx, sales_of(-1, WEEKS, false), vintages(wild), SALES ")" VINTAGE);
}

/* By hand: what was known at the end of week `origin`. */
static wsf_dataset *by_hand(wsf_context *ctx, int origin) {
  return open(ctx, sales_of(-1, origin, false), known_at(origin), SALES ")" PLAIN);
}

static wsf_table *forecasts_of(wsf_context *ctx, const char *model, const wsf_dataset *ds, int h) {
  char options[64];
  (void)snprintf(options, sizeof options, "horizon=%d, levels=[80]", h);
  wsf_forecaster *f = fitted(ctx, model, ds);
  wsf_table *t = forecast(f, options);
  wsf_forecaster_release(f);
  return t;
}

static const char *const models[] = {
    "tslm(x=[temp], season=1)",
    "arima(order=[1,0,0], season=1, x=[temp])",
    "ets(x=[temp], season=1)",
    "rebase(tslm(x=[temp], season=1), window=3)",
    "best(tslm(x=[temp], season=1), naive, horizon=3, windows=3)",
    "conformal(tslm(x=[temp], season=1), horizon=3, windows=4)",
    "weighted(tslm(x=[temp], season=1), naive, horizon=3)",
    "mean(tslm(x=[temp], season=1), naive)",
    "log(tslm(x=[temp], season=1))",
    /* trials that go further than values were known */
    "rebase(tslm(x=[temp], season=1), window=9)",
    "best(naive, tslm(x=[temp], season=1))",
    "conformal(log(ets(x=[temp], season=1)), windows=2)",
    "weighted(difference(tslm(x=[temp], season=1)), naive)",
};
enum { MODELS = sizeof models / sizeof *models };

static void test_until(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  static const int origins[] = {20, 33, 58, WEEKS - 1};
  for (size_t k = 0; k < sizeof origins / sizeof *origins; ++k) {
    char expr[256], day[DAY];
    day_of(origins[k], day);
    (void)snprintf(expr, sizeof expr, SALES ")" VINTAGE " | until(\"%s\")", day);
    wsf_dataset *cut = open(ctx, sales_of(-1, WEEKS, false), vintages(WEEKS * 9), expr);
    wsf_dataset *hand = by_hand(ctx, origins[k]);
    wsf_table *x = NULL, *y = NULL;
    CALL(wsf_dataset_describe(&x, cut, "values", &err));
    CALL(wsf_dataset_describe(&y, hand, "values", &err));
    assert_same_table(x, y);
    wsf_table_release(x);
    wsf_table_release(y);
    for (int m = 0; m < 3; ++m) {
      x = forecasts_of(ctx, models[m], cut, 3);
      y = forecasts_of(ctx, models[m], hand, 3);
      assert_same_table(x, y);
      wsf_table_release(x);
      wsf_table_release(y);
    }
    wsf_dataset_release(cut);
    wsf_dataset_release(hand);
  }
  wsf_context_release(ctx);
}

/* Rows of `forecast` of a back-test with this cutoff, in order, against those of a table. */
static void assert_fold(const wsf_table *all, int64_t fold, const wsf_table *hand, int h) {
  const double *x = numbers(all, "forecast"), *y = numbers(hand, "forecast");
  const int64_t rows = wsf_table_rows(hand);
  assert_true(rows == SHOPS * h && (fold + 1) * rows <= wsf_table_rows(all));
  for (int64_t r = 0; r < rows; ++r) {
    if (memcmp(&x[fold * rows + r], &y[r], sizeof *x) != 0) {
      fail_msg("fold %d, row %d: %.17g, by hand %.17g", (int)fold, (int)r, x[fold * rows + r],
               y[r]);
    }
  }
}

enum { FOLDS = 4, STEP = 5, H = 3 };

static wsf_table *backtest(wsf_context *ctx, const char *model, const wsf_dataset *ds) {
  wsf_table *t[WSF_BACKTEST_TABLES] = {NULL};
  const wsf_model *m = new_model(ctx, model);
  CALL(wsf_backtest(t, &m, 1, ds, "horizon=3, windows=4, step=5, forecasts=true", &err));
  wsf_model_release((wsf_model *)(uintptr_t)m);
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) {
    if (i != WSF_BACKTEST_FORECASTS) wsf_table_release(t[i]);
  }
  return t[WSF_BACKTEST_FORECASTS];
}

static int origin_of(int fold) {
  return WEEKS - 1 - H - (FOLDS - 1 - fold) * STEP;
}

static void test_backtest(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=2");
  wsf_dataset *ds = whole(ctx, WEEKS * 9);
  for (int m = 0; m < 3; ++m) {
    wsf_table *all = backtest(ctx, models[m], ds);
    for (int k = 0; k < FOLDS; ++k) {
      wsf_dataset *hand = by_hand(ctx, origin_of(k));
      wsf_table *one = forecasts_of(ctx, models[m], hand, H);
      assert_fold(all, k, one, H);
      wsf_table_release(one);
      wsf_dataset_release(hand);
    }
    wsf_table_release(all);
  }
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* Whatever became known after an origin is nonsense: nothing that is measured there moves. */
static void test_nothing_comes_early(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = whole(ctx, WEEKS * 9);
  for (int k = 0; k < FOLDS; k += FOLDS - 1) {
    char expr[256], day[DAY];
    day_of(origin_of(k), day);
    (void)snprintf(expr, sizeof expr, SALES ")" VINTAGE " | until(\"%s\")", day);
    wsf_dataset *wild = whole(ctx, origin_of(k) + 1);
    wsf_dataset *cut = open(ctx, sales_of(-1, WEEKS, false), vintages(origin_of(k) + 1), expr);
    wsf_dataset *same = open(ctx, sales_of(-1, WEEKS, false), vintages(WEEKS * 9), expr);
    for (int m = 0; m < MODELS; ++m) {
      wsf_table *a = backtest(ctx, models[m], ds), *b = backtest(ctx, models[m], wild);
      const int64_t rows = SHOPS * H;
      assert_memory_equal(numbers(a, "forecast") + k * rows, numbers(b, "forecast") + k * rows,
                          (size_t)rows * sizeof(double));
      wsf_table_release(a);
      wsf_table_release(b);
      a = forecasts_of(ctx, models[m], cut, H);
      b = forecasts_of(ctx, models[m], same, H);
      assert_same_table(a, b);
      wsf_table_release(a);
      wsf_table_release(b);
    }
    wsf_dataset_release(wild);
    wsf_dataset_release(cut);
    wsf_dataset_release(same);
  }
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* rebase by hand: its trial is fitted and asked on what was known at the trial's own end. */
static void test_trial_of_rebase(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  const char *inner = "tslm(x=[temp], season=1)";
  wsf_dataset *ds = whole(ctx, WEEKS * 9);
  wsf_dataset *then = by_hand(ctx, WEEKS - 1 - H), *now = by_hand(ctx, WEEKS - 1);
  wsf_table *values = NULL, *back = forecasts_of(ctx, inner, then, H);
  wsf_table *ahead = forecasts_of(ctx, inner, now, H);
  wsf_table *got = forecasts_of(
      ctx, "rebase(tslm(x=[temp], season=1), window=3, own=1, group=0, limit=100)", ds, H);
  CALL(wsf_dataset_describe(&values, ds, "values", &err));
  const double *units = numbers(values, "units"), *f = numbers(back, "forecast");
  int64_t end = 0;
  for (int i = 0; i < SHOPS; ++i) {
    end += WEEKS - first_of(i);
    double actual = 0, said_then = 0;
    for (int t = 0; t < H; ++t) {
      actual += units[end - H + t];
      said_then += f[i * H + t];
    }
    const double factor = exp(log(actual / said_then));
    for (int t = 0; t < H; ++t) {
      const double hand = numbers(ahead, "forecast")[i * H + t] * factor;
      if (hand != numbers(got, "forecast")[i * H + t]) {
        fail_msg("shop %d, step %d: %.17g, by hand %.17g", i, t + 1,
                 numbers(got, "forecast")[i * H + t], hand);
      }
    }
  }
  wsf_table_release(values);
  wsf_table_release(back);
  wsf_table_release(ahead);
  wsf_table_release(got);
  wsf_dataset_release(ds);
  wsf_dataset_release(then);
  wsf_dataset_release(now);
  wsf_context_release(ctx);
}

/* A regression on what a week will have been is perfect, if it is told; honestly told only noise it
 * loses to the plain naive. `best` chooses by its trials, so a leak would show in its choice. */
static void test_trial_of_best(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  char *sales = malloc(ROOM), *weather = malloc(ROOM), day[DAY], known[DAY];
  size_t s = (size_t)snprintf(sales, ROOM, "shop,week,units\n");
  size_t w = (size_t)snprintf(weather, ROOM, "shop,week,known,temp\n");
  for (int t = 0; t < WEEKS + REACH; ++t) {
    const double y = 100 + noise(1, t, 0);
    day_of(t, day);
    if (t < WEEKS) s += (size_t)snprintf(sales + s, ROOM - s, "a,%s,%.9g\n", day, y);
    for (int at = t - REACH < 0 ? 0 : t - REACH; at <= t + 1; ++at) {
      day_of(at, known);
      const double x = at <= t ? 100 + noise(2, t, at) : y; /* only afterwards the truth */
      w += (size_t)snprintf(weather + w, ROOM - w, "a,%s,%s,%.9g\n", day, known, x);
    }
  }
  wsf_dataset *ds = open(ctx, sales, weather, SALES ")" VINTAGE);
  wsf_forecaster *f =
      fitted(ctx, "best(tslm(x=[temp], season=1, trend=false), average, horizon=3)", ds);
  wsf_table *chosen = NULL;
  CALL(wsf_forecaster_describe(&chosen, f, "series", &err));
  assert_string_equal(wsf_table_text(chosen, wsf_table_find(chosen, "model"), 0, NULL), "average");
  wsf_table_release(chosen);
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* Where every series has its own end, each sees what was known at its own. */
static void test_own_ends(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds =
      open(ctx, sales_of(-1, WEEKS, true), vintages(WEEKS * 9), SALES ", end=own)" VINTAGE);
  wsf_table *direct = forecasts_of(ctx, models[0], ds, H), *all = backtest(ctx, models[0], ds);
  for (int i = 0; i < SHOPS; ++i) {
    const int end = last_of(i, true);
    wsf_dataset *hand = open(ctx, sales_of(i, end, true), known_at(end), SALES ", end=own)" PLAIN);
    wsf_table *one = forecasts_of(ctx, models[0], hand, H);
    assert_memory_equal(numbers(direct, "forecast") + i * H, numbers(one, "forecast"),
                        H * sizeof(double));
    wsf_table_release(one);
    wsf_dataset_release(hand);
    for (int k = 0; k < FOLDS; ++k) {
      const int origin = end - H - (FOLDS - 1 - k) * STEP;
      hand = open(ctx, sales_of(i, origin, true), known_at(origin), SALES ", end=own)" PLAIN);
      one = forecasts_of(ctx, models[0], hand, H);
      assert_memory_equal(numbers(all, "forecast") + (k * SHOPS + i) * H, numbers(one, "forecast"),
                          H * sizeof(double));
      wsf_table_release(one);
      wsf_dataset_release(hand);
    }
  }
  wsf_table_release(direct);
  wsf_table_release(all);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* A forecaster keeps the values that its fit knew, and no vintages: saved, it is the size of one
 * fitted by hand, and forecasts the same. */
static void test_file(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = whole(ctx, WEEKS * 9), *hand = by_hand(ctx, WEEKS - 1);
  wsf_forecaster *a = fitted(ctx, models[0], ds), *b = fitted(ctx, models[0], hand), *again = NULL;
  size_t size[2];
  CALL(wsf_forecaster_write(a, NULL, 0, &size[0], &err));
  CALL(wsf_forecaster_write(b, NULL, 0, &size[1], &err));
  assert_true(size[0] < size[1] + 64); /* the text of the source is longer */
  unsigned char *image = malloc(size[0]);
  CALL(wsf_forecaster_write(a, image, size[0], &size[0], &err));
  CALL(wsf_forecaster_read(&again, ctx, image, size[0], &err));
  wsf_table *x = forecast(a, "horizon=3"), *y = forecast(again, "horizon=3"),
            *z = forecast(b, "horizon=3");
  assert_same_table(x, y);
  assert_same_table(x, z);
  free(image);
  wsf_table_release(x);
  wsf_table_release(y);
  wsf_table_release(z);
  wsf_forecaster_release(a);
  wsf_forecaster_release(b);
  wsf_forecaster_release(again);
  wsf_dataset_release(ds);
  wsf_dataset_release(hand);
  wsf_context_release(ctx);
}

/* What a later dataset knows comes with it: to an update, and to a forecast that is given it. */
static void test_later_dataset(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  char expr[256], day[DAY];
  const int origin = WEEKS - 1 - H;
  day_of(origin, day);
  (void)snprintf(expr, sizeof expr, SALES ")" VINTAGE " | until(\"%s\")", day);
  wsf_dataset *cut = open(ctx, sales_of(-1, WEEKS, false), vintages(WEEKS * 9), expr);
  wsf_dataset *then = by_hand(ctx, origin), *now = by_hand(ctx, WEEKS - 1);
  wsf_dataset *ds = whole(ctx, WEEKS * 9);
  for (int m = 0; m < 3; ++m) {
    wsf_forecaster *a = fitted(ctx, models[m], cut), *b = fitted(ctx, models[m], then), *f[2];
    wsf_table *x = NULL, *y = NULL;
    CALL(wsf_predict(&x, a, ds, "horizon=5", &err));
    CALL(wsf_predict(&y, b, now, "horizon=5", &err));
    assert_same_table(x, y);
    wsf_table_release(x);
    wsf_table_release(y);
    const bool moves = wsf_update(&f[0], a, ds, NULL, NULL) == WSF_OK;
    assert_true((wsf_update(&f[1], b, now, NULL, NULL) == WSF_OK) == moves);
    assert_true(moves || m == 0);
    if (moves) {
      x = forecast(f[0], "horizon=3");
      y = forecast(f[1], "horizon=3");
      assert_same_table(x, y);
      wsf_table_release(x);
      wsf_table_release(y);
    }
    wsf_forecaster_release(f[0]);
    wsf_forecaster_release(f[1]);
    wsf_forecaster_release(a);
    wsf_forecaster_release(b);
  }
  wsf_dataset_release(cut);
  wsf_dataset_release(then);
  wsf_dataset_release(now);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* Of windows of 15 weeks the first ones count, in which the weather was known. */
static void test_trials_as_far_as_is_known(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=1");
  wsf_dataset *ds = whole(ctx, 1 << 20);
  wsf_forecaster *f = fitted(ctx, "best(naive, tslm(x=[temp], season=1, trend=false))", ds);
  wsf_table *t;
  CALL(wsf_forecaster_describe(&t, f, "series", &err));
  for (int64_t i = 0; i < SHOPS; ++i) {
    const char *model = wsf_table_text(t, wsf_table_find(t, "model"), i, NULL);
    assert_non_null(strstr(model, "tslm("));
    assert_string_equal(wsf_table_text(t, wsf_table_find(t, "reason"), i, NULL), "ok");
  }
  wsf_table_release(t);
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

int test_api_vintages(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_until),
      cmocka_unit_test(test_backtest),
      cmocka_unit_test(test_nothing_comes_early),
      cmocka_unit_test(test_trial_of_rebase),
      cmocka_unit_test(test_trial_of_best),
      cmocka_unit_test(test_trials_as_far_as_is_known),
      cmocka_unit_test(test_own_ends),
      cmocka_unit_test(test_file),
      cmocka_unit_test(test_later_dataset),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
