/* What a host is told: loads, fits, updates, files, back-tests, failures; one line each. */
#include "api_support.h"

#include <unistd.h>

enum { LINES = 64 };

typedef struct heard {
  int n;
  int32_t level[LINES];
  char line[LINES][1024];
} heard;

static void hear(int32_t level, const char *line, void *user) {
  heard *h = user;
  assert_true(h->n < LINES);
  assert_null(strchr(line, '\n'));
  h->level[h->n] = level;
  (void)snprintf(h->line[h->n++], sizeof h->line[0], "%s", line);
}

/* The next line says this; `what` may leave out the end. */
static void expect(const heard *h, int *at, int32_t level, const char *what) {
  if (*at >= h->n) fail_msg("no line where \"%s\" was expected", what);
  if (h->level[*at] != level || strncmp(h->line[*at], what, strlen(what)) != 0) {
    fail_msg("level %d: %s", (int)h->level[*at], h->line[*at]);
  }
  ++*at;
}

static void write_text(const char *path, const char *text) {
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
  assert_int_equal(fclose(file), 0);
}

static void test_a_day_of_work(void **state) {
  (void)state;
  heard h = {0};
  int at = 0;
  wsf_context *ctx = new_context("threads=2");
  wsf_context_set_log(ctx, hear, &h);
  wsf_dataset *ds = sample_months(ctx, 30), *longer = sample_months(ctx, 32);
  expect(&h, &at, 2,
         "data: 3 series of 30 periods (month) from 2015-01-01 to 2017-06-01, 1 columns, 126 rows");
  expect(&h, &at, 2, "data: 3 series of 32 periods (month)");
  wsf_forecaster *f = fitted(ctx, "snaive", ds), *g = NULL;
  expect(&h, &at, 2, "fit: snaive on 3 series in 0.");
  assert_non_null(strstr(h.line[at - 1], " seconds: 3 ok"));
  CALL(wsf_update(&g, f, longer, NULL, &err));
  expect(&h, &at, 2, "update: 3 series moved on to 2017-08-01, 0 are new");
  wsf_forecaster_release(g);
  CALL(wsf_forecaster_save(f, "test_api_log.wsf", &err));
  expect(&h, &at, 2, "save: snaive on 3 series, test_api_log.wsf");
  CALL(wsf_forecaster_load(&g, ctx, "test_api_log.wsf", &err));
  expect(&h, &at, 2, "load: snaive on 3 series, test_api_log.wsf");
  (void)unlink("test_api_log.wsf");
  wsf_table *t = forecast(f, "horizon=3"); /* a server's daily bread is no line */
  wsf_table_release(t);
  wsf_model *naive = new_model(ctx, "naive"), *ets = new_model(ctx, "ets");
  const wsf_model *models[] = {naive, ets};
  wsf_table *tables[WSF_BACKTEST_TABLES];
  CALL(wsf_backtest(tables, models, 2, ds, "horizon=3, windows=2", &err));
  expect(&h, &at, 2, "backtest: fold 1 of 2, naive on 3 series in 0.");
  expect(&h, &at, 2, "backtest: fold 1 of 2, ets on 3 series in ");
  expect(&h, &at, 2, "backtest: fold 2 of 2, naive on 3 series in 0.");
  expect(&h, &at, 2, "backtest: fold 2 of 2, ets on 3 series in ");
  assert_int_equal(at, h.n);
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) wsf_table_release(tables[i]);
  wsf_model_release(naive);
  wsf_model_release(ets);
  wsf_forecaster_release(f);
  wsf_forecaster_release(g);
  wsf_dataset_release(ds);
  wsf_dataset_release(longer);
  wsf_context_release(ctx);
}

static void test_what_went_wrong(void **state) {
  (void)state;
  heard h = {0};
  int at = 0;
  const char *path = "test_api_log.csv";
  write_text(path, "shop,day,sales\na,2020-01-01,1\na,2020-01-02,2\na,2020-01-03,x\n"
                   "a,2020-01-04,3\na,2020-01-05,4\nb,2020-01-01,-5\nb,2020-01-02,\n");
  wsf_context *ctx = new_context("max_horizon=9"), *fork = NULL;
  wsf_context_set_log(ctx, hear, &h);
  wsf_dataset *ds = NULL, *none = NULL;
  CALL(wsf_dataset_open(&ds, ctx, "csv(\"test_api_log.csv\", keys=shop, time=day, target=sales)",
                        &err));
  expect(&h, &at, 2,
         "data: 2 series of 5 periods (day) from 2020-01-01 to 2020-01-05, 0 columns, "
         "7 rows read");
  expect(&h, &at, 1, "data: 1 cells rejected: not a number, 1 negative values");
  /* A negative value has no logarithm. */
  wsf_forecaster *f = fitted(ctx, "log(naive)", ds);
  expect(&h, &at, 2, "fit: log(naive) on 2 series in 0.");
  expect(&h, &at, 1,
         "fit: 1 of 2 series have no fit by log(naive) and are forecast by fallback(snaive, "
         "average): 1 not_positive");
  wsf_table *t = NULL;
  assert_int_equal(wsf_predict(&t, f, NULL, "horizon=10", NULL), WSF_E_LIMIT);
  expect(&h, &at, 0,
         "E_LIMIT: 10 periods to forecast; the context allows 9 (max_horizon); field max_horizon");
  assert_int_equal(
      wsf_dataset_open(&none, ctx, "csv(\"missing.csv\", keys=k, time=t, target=y)", NULL),
      WSF_E_IO);
  expect(&h, &at, 0, "E_IO: the file could not be opened: no such file; file missing.csv");
  wsf_context_cancel(ctx);
  assert_int_equal(wsf_predict(&t, f, NULL, "horizon=1", NULL), WSF_E_CANCELLED);
  expect(&h, &at, 2, "E_CANCELLED: ");            /* the caller's own wish is no error */
  CALL(wsf_context_fork(&fork, ctx, NULL, &err)); /* is told nothing: its log is its own */
  assert_int_equal(wsf_dataset_open(&none, fork, "csv(\"missing.csv\")", NULL), WSF_E_IO);
  assert_int_equal(at, h.n);
  (void)unlink(path);
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(fork);
  wsf_context_release(ctx);
}

int test_api_log(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_day_of_work),
      cmocka_unit_test(test_what_went_wrong),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
