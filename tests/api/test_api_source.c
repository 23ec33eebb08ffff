/* Sources: what the host holds, read under a name wherever a path could stand. */
#include "api_support.h"

#include <pthread.h>

#define SALES                                                                                      \
  "shop,week,units,promo\n"                                                                        \
  "a,2024-01-05,1,0\na,2024-01-12,2,1\na,2024-01-19,3,0\na,2024-01-26,4,1\n"                       \
  "b,2024-01-05,5,1\nb,2024-01-12,,0\nb,2024-01-19,7,0\nb,2024-01-26,8,1\n"
#define WEATHER                                                                                    \
  "week,shop,temp,sky\n"                                                                           \
  "2024-01-05,a,1.5,sun\n2024-01-12,a,2.5,rain\n2024-02-02,a,3.5,sun\n2024-01-05,b,4.5,rain\n"
#define OPTIONS "keys=[shop], time=week, target=units, freq=week"

/* A host's data: how often it was opened and closed, whether it was given back, how it fails. */
typedef struct host {
  const char *text;
  int64_t most; /* bytes at a time */
  const char *open_fails, *read_fails;
  wsf_table *table; /* the rows of an Arrow source */
  wsf_context *ctx; /* cancelled, or its source removed, while it is read */
  bool cancels, removes;
  atomic_int opened, closed, destroyed;
} host;

typedef struct reading {
  host *h;
  size_t at;
} reading;

static wsf_status say(wsf_error *err, const char *what) {
  (void)snprintf(err->message, sizeof err->message, "%s", what);
  return WSF_E_DATA;
}

static wsf_status host_open(void **stream, void *user, wsf_error *err) {
  host *h = user;
  if (h->open_fails) return say(err, h->open_fails);
  reading *r = malloc(sizeof *r);
  *r = (reading){h, 0};
  *stream = r;
  atomic_fetch_add(&h->opened, 1);
  return WSF_OK;
}

static int64_t host_read(void *stream, void *buffer, int64_t capacity, wsf_error *err) {
  reading *r = stream;
  host *h = r->h;
  assert_int_equal(atomic_load(&h->destroyed), 0);
  if (h->read_fails && r->at > 10) {
    (void)say(err, h->read_fails);
    return -1;
  }
  if (h->cancels) wsf_context_cancel(h->ctx);
  if (h->removes && r->at > 10) {
    CALL(wsf_context_remove_source(h->ctx, "sales", &err));
    h->removes = false;
  }
  int64_t n = (int64_t)(strlen(h->text) - r->at);
  if (n > capacity) n = capacity;
  if (n > h->most) n = h->most;
  memcpy(buffer, h->text + r->at, (size_t)n);
  r->at += (size_t)n;
  return n;
}

static void host_close(void *stream) {
  atomic_fetch_add(&((reading *)stream)->h->closed, 1);
  free(stream);
}

static wsf_status host_stream(struct ArrowArrayStream *stream, void *user, wsf_error *err) {
  host *h = user;
  if (h->open_fails) return say(err, h->open_fails);
  atomic_fetch_add(&h->opened, 1);
  return wsf_table_export_stream(h->table, stream, err);
}

static void host_destroy(void *user) {
  atomic_fetch_add(&((host *)user)->destroyed, 1);
}

static void add_reader(wsf_context *ctx, const char *name, host *h) {
  CALL(wsf_context_add_reader(ctx, name, host_open, host_read, host_close, host_destroy, h, &err));
}

static void add_bytes(wsf_context *ctx, const char *name, const char *text) {
  CALL(wsf_context_add_bytes(ctx, name, text, strlen(text), NULL, NULL, &err));
}

static wsf_dataset *open(wsf_context *ctx, const char *expr) {
  wsf_dataset *ds = NULL;
  CALL(wsf_dataset_open(&ds, ctx, expr, &err));
  return ds;
}

static wsf_table *view(const wsf_dataset *ds, const char *what) {
  wsf_table *t = NULL;
  CALL(wsf_dataset_describe(&t, ds, what, &err));
  return t;
}

static void assert_same_data(wsf_dataset *a, wsf_dataset *b) {
  static const char *const what[] = {"values", "columns", "series"};
  for (int i = 0; i < 3; ++i) {
    wsf_table *x = view(a, what[i]), *y = view(b, what[i]);
    assert_same_table(x, y);
    wsf_table_release(x);
    wsf_table_release(y);
  }
}

static char *file_of(const char *text) {
  char *path = strdup("/tmp/wsf-source-XXXXXX");
  const int fd = mkstemp(path);
  assert_true(fd >= 0);
  FILE *f = fdopen(fd, "wb");
  assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
  assert_int_equal(fclose(f), 0);
  return path;
}

/* The sales with the weather, from two files. */
static wsf_dataset *from_files(wsf_context *ctx) {
  char expr[512];
  char *sales = file_of(SALES), *weather = file_of(WEATHER);
  (void)snprintf(expr, sizeof expr, "csv(\"%s\", " OPTIONS ") | join(\"%s\", on=[shop,week])",
                 sales, weather);
  wsf_dataset *ds = open(ctx, expr);
  (void)remove(sales);
  (void)remove(weather);
  free(sales);
  free(weather);
  return ds;
}

static const char *const JOINED = "csv(\"sales\", " OPTIONS ") | join(\"weather\", on=[shop,week])";

static void test_bytes_are_files(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  host given = {.text = NULL};
  CALL(wsf_context_add_bytes(ctx, "sales", SALES, strlen(SALES), host_destroy, &given, &err));
  add_bytes(ctx, "weather", WEATHER);
  wsf_dataset *a = from_files(ctx), *b = open(ctx, JOINED), *c = open(ctx, JOINED);
  assert_same_data(a, b);
  assert_same_data(a, c);
  /* without a byte there is still a name to complain about */
  CALL(wsf_context_add_bytes(ctx, "empty", NULL, 0, NULL, NULL, &err));
  wsf_error err;
  wsf_dataset *none = NULL;
  assert_int_equal(wsf_dataset_open(&none, ctx, "csv(\"empty\", target=y)", &err), WSF_E_DATA);
  assert_string_equal(err.file, "source empty");
  wsf_dataset_release(a);
  wsf_dataset_release(b);
  wsf_context_release(ctx);
  assert_int_equal(given.destroyed, 0); /* a dataset keeps its context */
  wsf_dataset_release(c);
  assert_int_equal(given.destroyed, 1);
}

static void test_reader_opens_afresh(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=2");
  host sales = {.text = SALES, .most = 7}, weather = {.text = WEATHER, .most = 1 << 20};
  add_reader(ctx, "sales", &sales);
  add_reader(ctx, "weather", &weather);
  wsf_dataset *a = from_files(ctx);
  for (int i = 1; i <= 3; ++i) {
    wsf_dataset *b = open(ctx, JOINED);
    assert_same_data(a, b);
    wsf_dataset_release(b);
    assert_int_equal(sales.opened, i);
    assert_int_equal(sales.closed, i);
    assert_int_equal(weather.closed, i);
  }
  wsf_dataset_release(a);
  wsf_context_release(ctx);
  assert_int_equal(sales.destroyed + weather.destroyed, 2);
}

static void test_arrow_columns(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *files = from_files(ctx);
  /* one dataset's values are the rows of the next, keys, time and covariates by their names */
  host h = {.table = view(files, "values")};
  CALL(wsf_context_add_arrow(ctx, "rows", host_stream, host_destroy, &h, &err));
  const char *expr = "csv(\"rows\", " OPTIONS ", past=[promo], known=[temp,sky])";
  wsf_dataset *a = open(ctx, expr), *b = open(ctx, expr);
  assert_same_data(a, b);
  wsf_table *x = view(files, "values"), *y = view(a, "values");
  const int64_t rows = wsf_table_rows(x);
  assert_int_equal(wsf_table_rows(y), rows);
  assert_memory_equal(numbers(x, "units"), numbers(y, "units"), (size_t)rows * sizeof(double));
  assert_memory_equal(numbers(x, "temp"), numbers(y, "temp"), (size_t)rows * sizeof(double));
  for (int64_t i = 0; i < rows; ++i) {
    const char *sky = wsf_table_text(x, wsf_table_find(x, "sky"), i, NULL);
    const char *same = wsf_table_text(y, wsf_table_find(y, "sky"), i, NULL);
    assert_true(sky ? same && strcmp(sky, same) == 0 : !same);
  }
  wsf_table_release(y);
  /* and a join takes its columns from there */
  add_bytes(ctx, "sales", SALES);
  wsf_dataset *joined =
      open(ctx, "csv(\"sales\", " OPTIONS ") | join(\"rows\", on=[shop,week], columns=[temp,sky], "
                "kind=past)");
  y = view(joined, "values");
  assert_memory_equal(numbers(x, "temp"), numbers(y, "temp"), (size_t)rows * sizeof(double));
  assert_int_equal(h.opened, 3);
  /* a column of dates that nobody named is left out and told; one that is named is an error */
  static const char *const without[] = {"csv(\"rows\", keys=shop, target=units, static=temp)",
                                        "csv(\"sales\", " OPTIONS
                                        ") | join(\"rows\", on=shop, prefix=r_)"};
  for (int i = 0; i < 2; ++i) {
    wsf_dataset *d = open(ctx, without[i]);
    wsf_table *report = view(d, "report");
    bool told = false;
    for (int64_t r = 0; r < wsf_table_rows(report); ++r) {
      const char *item = wsf_table_text(report, wsf_table_find(report, "item"), r, NULL);
      if (strcmp(item, "columns left out") != 0) continue;
      told = true;
      assert_string_equal(wsf_table_text(report, wsf_table_find(report, "column"), r, NULL),
                          "week");
      assert_string_equal(wsf_table_text(report, wsf_table_find(report, "example"), r, NULL),
                          "Arrow type tdD");
    }
    assert_true(told);
    wsf_table_release(report);
    wsf_dataset_release(d);
  }
  wsf_dataset *none = NULL;
  FAILS(WSF_E_DATA,
        wsf_dataset_open(&none, ctx, "csv(\"rows\", keys=shop, target=units, past=week)", err));
  wsf_table_release(x);
  wsf_table_release(y);
  wsf_dataset_release(joined);
  wsf_dataset_release(a);
  wsf_dataset_release(b);
  wsf_dataset_release(files);
  wsf_table_release(h.table);
  assert_int_equal(h.destroyed, 0);
  wsf_context_release(ctx);
  assert_int_equal(h.destroyed, 1);
}

/* Whole numbers of a stream are the months that they are in a file. */
static void test_arrow_months(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  add_bytes(ctx, "months", "month,units\n202009,1\n202010,2\n202011,3\n");
  wsf_dataset *file = open(ctx, "csv(\"months\", time=month, target=units, past=none)");
  wsf_dataset *numbers =
      open(ctx, "csv(\"months\", time=month, target=units, past=none, freq=integer)");
  host h = {.table = view(numbers, "values")};
  CALL(wsf_context_add_arrow(ctx, "rows", host_stream, host_destroy, &h, &err));
  wsf_dataset *stream = open(ctx, "csv(\"rows\", time=month, target=units, past=none)");
  assert_same_data(file, stream);
  wsf_table *report = view(stream, "report");
  int doubts = 0;
  for (int64_t r = 0; r < wsf_table_rows(report); ++r) {
    const char *item = wsf_table_text(report, wsf_table_find(report, "item"), r, NULL);
    doubts += strncmp(item, "doubt: whole numbers, read as months yyyymm", 43) == 0;
  }
  assert_int_equal(doubts, 1);
  wsf_table_release(report);
  wsf_dataset *given =
      open(ctx, "csv(\"rows\", time=month, target=units, past=none, freq=integer)");
  assert_same_data(numbers, given);
  wsf_table_release(h.table);
  wsf_dataset_release(given);
  wsf_dataset_release(stream);
  wsf_dataset_release(numbers);
  wsf_dataset_release(file);
  wsf_context_release(ctx);
}

static void test_arrow_errors(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  add_bytes(ctx, "sales", SALES);
  wsf_dataset *ds = open(ctx, "csv(\"sales\", " OPTIONS ")");
  host h = {.table = view(ds, "values")};
  CALL(wsf_context_add_arrow(ctx, "rows", host_stream, NULL, &h, &err));
  static const struct {
    const char *expr, *field, *message;
    wsf_status status;
  } bad[] = {
      {"csv(\"rows\", keys=[shop], time=week, target=shop)", "shop", "two roles", WSF_E_VALUE},
      {"csv(\"rows\", time=week, target=shop)", "shop", "numbers expected", WSF_E_DATA},
      {"csv(\"rows\", keys=[shop], time=units, target=promo, past=none)", "units", "dates",
       WSF_E_DATA},
      {"csv(\"rows\", keys=[units], time=week, target=promo, past=none)", "units", "texts",
       WSF_E_DATA},
      {"csv(\"rows\", keys=[shop], time=wek, target=units)", "wek", "week", WSF_E_DATA},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    wsf_error err;
    wsf_dataset *none = NULL;
    assert_int_equal(wsf_dataset_open(&none, ctx, bad[i].expr, &err), bad[i].status);
    assert_null(none);
    assert_string_equal(err.field, bad[i].field);
    if (!strstr(err.message, bad[i].message)) fail_msg("%s: %s", bad[i].expr, err.message);
    assert_string_equal(err.file, "source rows");
  }
  /* a model is not made of columns */
  wsf_forecaster *f = NULL;
  FAILS(WSF_E_IO, wsf_forecaster_load(&f, ctx, "rows", err));
  h.open_fails = "the cursor is closed";
  wsf_error err;
  wsf_dataset *none = NULL;
  assert_int_equal(wsf_dataset_open(&none, ctx, "csv(\"rows\", target=y)", &err), WSF_E_IO);
  assert_non_null(strstr(err.message, "the cursor is closed"));
  assert_string_equal(err.file, "source rows");
  wsf_table_release(h.table);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

static void test_reader_errors(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  host h = {.text = SALES, .most = 16};
  add_reader(ctx, "sales", &h);
  wsf_error err;
  wsf_dataset *none = NULL;
  h.open_fails = "no key for this file";
  assert_int_equal(wsf_dataset_open(&none, ctx, JOINED, &err), WSF_E_IO);
  assert_string_equal(err.message, "the source could not be read: no key for this file");
  assert_string_equal(err.file, "source sales");
  h.open_fails = "\xff\xfe";
  assert_int_equal(wsf_dataset_open(&none, ctx, JOINED, &err), WSF_E_IO);
  assert_null(strchr(err.message, '\xff'));
  h.open_fails = "";
  assert_int_equal(wsf_dataset_open(&none, ctx, JOINED, &err), WSF_E_IO);
  assert_string_equal(err.message, "the source could not be read");
  h.open_fails = NULL;
  assert_int_equal(h.opened, 0);
  h.read_fails = "the line went dead";
  assert_int_equal(wsf_dataset_open(&none, ctx, JOINED, &err), WSF_E_IO);
  assert_string_equal(err.message, "the source could not be read: the line went dead");
  assert_string_equal(err.file, "source sales");
  assert_int_equal(h.closed, 1); /* a reading that failed is ended too */
  h.read_fails = NULL;
  /* what is wrong with the rows stands where the file's name would */
  assert_int_equal(
      wsf_dataset_open(&none, ctx, "csv(\"sales\", keys=[shop], time=wek, target=units)", &err),
      WSF_E_DATA);
  assert_string_equal(err.file, "source sales");
  /* the weather is no source, so it is a path */
  assert_int_equal(wsf_dataset_open(&none, ctx, JOINED, &err), WSF_E_IO);
  assert_string_equal(err.file, "weather");
  h.cancels = true;
  h.ctx = ctx;
  assert_int_equal(wsf_dataset_open(&none, ctx, JOINED, &err), WSF_E_CANCELLED);
  wsf_context_resume(ctx);
  assert_null(none);
  assert_int_equal(h.opened, h.closed);
  wsf_context_release(ctx);
}

static void test_replace_and_remove(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  host first = {.text = SALES, .most = 16, .ctx = ctx, .removes = true};
  host second = {.text = SALES, .most = 16};
  add_reader(ctx, "sales", &first);
  add_reader(ctx, "sales", &second);
  assert_int_equal(first.destroyed, 1);
  CALL(wsf_context_remove_source(ctx, "sales", &err));
  assert_int_equal(second.destroyed, 1);
  FAILS(WSF_E_NAME, wsf_context_remove_source(ctx, "sales", err));
  /* removed by its own reading: the reading goes on, nobody begins another */
  first.destroyed = 0;
  add_reader(ctx, "sales", &first);
  wsf_dataset *ds = open(ctx, "csv(\"sales\", " OPTIONS ")"), *none = NULL;
  assert_int_equal(first.destroyed, 1);
  assert_int_equal(first.closed, 1);
  FAILS(WSF_E_IO, wsf_dataset_open(&none, ctx, "csv(\"sales\", " OPTIONS ")", err));
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* One context for each client: what is lent to all, and what one alone may read. */
static void test_forks(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL), *fork = NULL, *other = NULL;
  host h = {.text = WEATHER, .most = 64};
  add_reader(ctx, "weather", &h);
  CALL(wsf_context_fork(&fork, ctx, NULL, &err));
  CALL(wsf_context_fork(&other, ctx, "paths=none", &err));
  add_bytes(fork, "sales", SALES);
  wsf_dataset *ds = open(fork, JOINED), *none = NULL;
  FAILS(WSF_E_IO, wsf_dataset_open(&none, other, JOINED, err));
  FAILS(WSF_E_IO, wsf_dataset_open(&none, ctx, JOINED, err));
  add_bytes(fork, "weather",
            "shop,week,temp\na,2024-01-05,77\n"); /* in the place of the parent's */
  wsf_dataset *own = open(fork, JOINED);
  wsf_table *x = view(ds, "values"), *y = view(own, "values");
  assert_true(numbers(x, "temp")[0] == 1.5 && numbers(y, "temp")[0] == 77);
  wsf_table_release(x);
  wsf_table_release(y);
  wsf_dataset_release(own);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  assert_int_equal(h.destroyed, 0); /* its forks may still read it */
  wsf_context_release(fork);
  add_bytes(other, "sales", SALES);
  ds = open(other, JOINED);
  wsf_dataset_release(ds);
  wsf_context_release(other);
  assert_int_equal(h.destroyed, 1);
  assert_int_equal(h.opened, h.closed);
}

static void test_arguments(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  FAILS(WSF_E_ARGUMENT, wsf_context_add_bytes(NULL, "a", "b", 1, NULL, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_context_add_bytes(ctx, NULL, "b", 1, NULL, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_context_add_bytes(ctx, "", "b", 1, NULL, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_context_add_bytes(ctx, "\xff", "b", 1, NULL, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_context_add_bytes(ctx, "a", NULL, 1, NULL, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_context_add_reader(ctx, "a", NULL, host_read, NULL, NULL, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_context_add_reader(ctx, "a", host_open, NULL, NULL, NULL, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_context_add_arrow(ctx, "a", NULL, NULL, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_context_remove_source(ctx, NULL, err));
  FAILS(WSF_E_ARGUMENT, wsf_context_remove_source(NULL, "a", err));
  wsf_context_release(ctx);
}

static void test_what_a_source_may_be(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_table *t = NULL;
  wsf_dataset *ds = NULL;
  wsf_error err;
  add_bytes(ctx, "sales", SALES);
  CALL(wsf_dataset_propose(&t, ctx, "sales", "columns", &err));
  assert_int_equal(wsf_table_rows(t), 4);
  assert_string_equal(wsf_table_text(t, wsf_table_find(t, "part"), 1, NULL), "time");
  wsf_table_release(t);
  CALL(wsf_dataset_propose(&t, ctx, "sales", "expression", &err));
  const char *expression = wsf_table_text(t, 0, 0, NULL);
  assert_string_equal(expression, "csv(\"sales\", keys=shop, time=week, target=units)");
  CALL(wsf_dataset_open(&ds, ctx, expression, &err));
  wsf_dataset_release(ds);
  wsf_table_release(t);
  wsf_table *file, *columns;
  CALL(wsf_dataset_propose_all(&file, &columns, &t, ctx, "sales", &err));
  assert_true(wsf_table_rows(file) > 3 && wsf_table_rows(columns) > 1 && wsf_table_rows(t) == 1);
  wsf_table_release(file);
  wsf_table_release(columns);
  wsf_table_release(t);
  CALL(wsf_context_add_bytes(ctx, "words", "a,b\nx,y\nz,y\n", 12, NULL, NULL, &err));
  assert_int_equal(wsf_dataset_propose_all(&file, &columns, &t, ctx, "words", &err), WSF_E_DATA);
  assert_true(file && columns && !t);
  wsf_table_release(file);
  wsf_table_release(columns);
  assert_int_equal(wsf_dataset_propose_all(&file, &columns, &t, ctx, "/no/such.csv", &err),
                   WSF_E_IO);
  assert_true(!file && !columns && !t);
  assert_int_equal(wsf_dataset_propose_all(NULL, &columns, &t, ctx, "sales", &err), WSF_E_ARGUMENT);
  assert_int_equal(wsf_dataset_propose(&t, ctx, "sales", "colums", &err), WSF_E_NAME);
  assert_null(t);
  assert_int_equal(wsf_dataset_propose(&t, ctx, "/no/such.csv", "file", &err), WSF_E_IO);
  assert_int_equal(wsf_dataset_propose(NULL, ctx, "sales", "file", &err), WSF_E_ARGUMENT);
  assert_int_equal(wsf_dataset_propose(&t, NULL, "sales", "file", &err), WSF_E_ARGUMENT);
  assert_int_equal(wsf_dataset_propose(&t, ctx, NULL, "file", &err), WSF_E_ARGUMENT);
  assert_int_equal(wsf_dataset_propose(&t, ctx, "sales", NULL, &err), WSF_E_ARGUMENT);
  wsf_context_cancel(ctx);
  assert_int_equal(wsf_dataset_propose(&t, ctx, "sales", "file", &err), WSF_E_CANCELLED);
  wsf_context_release(ctx);
}

static void test_folder_words(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  add_bytes(ctx, "kaggle/train.csv",
            "Store,Dept,Date,Weekly_Sales,IsHoliday\n"
            "1,1,2010-02-05,10,FALSE\n1,1,2010-02-12,20,TRUE\n1,1,2010-02-19,30,FALSE\n");
  add_bytes(ctx, "kaggle/features.csv",
            "Store,Date,Temperature,CPI,Unemployment,IsHoliday\n1,2010-02-05,42,211,8,FALSE\n"
            "1,2010-02-12,38,211,8,TRUE\n1,2010-02-19,39,211,8,FALSE\n1,2010-02-26,46,,,FALSE\n");
  add_bytes(ctx, "kaggle/stores.csv", "Store,Type,Size\n1,A,151315\n");
  wsf_dataset *ds = open(ctx, "walmart(\"kaggle\")");
  FAILS(WSF_E_NAME, wsf_dataset_describe(&(wsf_table *){NULL}, ds, "none", err));
  wsf_dataset_release(ds);
  add_bytes(ctx, "kaggle/test.csv", "Store,Dept,Date,IsHoliday\n1,1,2010-02-26,FALSE\n");
  ds = open(ctx, "walmart(\"kaggle\")");
  wsf_table *request = view(ds, "request"), *values = view(ds, "values");
  assert_int_equal(wsf_table_rows(request), 1);
  assert_true(numbers(values, "Temperature")[2] == 39);
  wsf_table_release(request);
  wsf_table_release(values);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

static void test_model_from_a_source(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  wsf_dataset *ds = sample(ctx);
  wsf_forecaster *f = fitted(ctx, "snaive", ds), *again = NULL;
  size_t size = 0;
  CALL(wsf_forecaster_write(f, NULL, 0, &size, &err));
  unsigned char *image = malloc(size);
  CALL(wsf_forecaster_write(f, image, size, &size, &err));
  CALL(wsf_context_add_bytes(ctx, "vault/model", image, size, free, image, &err));
  CALL(wsf_forecaster_load(&again, ctx, "vault/model", &err));
  wsf_table *a = forecast(f, "horizon=3"), *b = forecast(again, "horizon=3");
  assert_same_table(a, b);
  wsf_table_release(a);
  wsf_table_release(b);
  wsf_forecaster_release(f);
  wsf_forecaster_release(again);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* Readers in some threads while others replace and remove what they read. */
static void *open_often(void *user) {
  wsf_context *ctx = user;
  for (int i = 0; i < 40; ++i) {
    wsf_dataset *ds = NULL;
    const wsf_status status =
        wsf_dataset_open(&ds, ctx, "csv(\"sales\", " OPTIONS ")", &(wsf_error){0});
    if (status != WSF_OK && status != WSF_E_IO) return user;
    wsf_dataset_release(ds);
  }
  return NULL;
}

static void test_threads(void **state) {
  (void)state;
  wsf_context *ctx = new_context(NULL);
  host h = {.text = SALES, .most = 64};
  pthread_t thread[3];
  for (int i = 0; i < 3; ++i) {
    assert_int_equal(pthread_create(&thread[i], NULL, open_often, ctx), 0);
  }
  for (int i = 0; i < 200; ++i) {
    CALL(wsf_context_add_reader(ctx, "sales", host_open, host_read, host_close, NULL, &h, &err));
    if (i % 5 == 0) CALL(wsf_context_remove_source(ctx, "sales", &err));
  }
  for (int i = 0; i < 3; ++i) {
    void *bad = NULL;
    assert_int_equal(pthread_join(thread[i], &bad), 0);
    assert_null(bad);
  }
  assert_int_equal(h.opened, h.closed);
  wsf_context_release(ctx);
}

int test_api_source(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_bytes_are_files),
      cmocka_unit_test(test_reader_opens_afresh),
      cmocka_unit_test(test_arrow_columns),
      cmocka_unit_test(test_arrow_months),
      cmocka_unit_test(test_arrow_errors),
      cmocka_unit_test(test_reader_errors),
      cmocka_unit_test(test_replace_and_remove),
      cmocka_unit_test(test_forks),
      cmocka_unit_test(test_arguments),
      cmocka_unit_test(test_folder_words),
      cmocka_unit_test(test_model_from_a_source),
      cmocka_unit_test(test_threads),
      cmocka_unit_test(test_what_a_source_may_be),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
