/* Memory that runs out: every public call is repeated with its first, second, third .. allocation
 * failing, once alone and once with all that follow, until it succeeds. Each failure must be
 * WSF_E_MEMORY with a filled record, leave `out` NULL and give back every block it took.
 *
 * Calls of more than LARGE allocations are sampled evenly, so that the whole stays short. */
#include "api/api_support.h"

#include <errno.h>
#include <unistd.h>

enum { LARGE = 3000, MONTHS = 30 };

typedef struct failing {
  counter count;
  long long at;      /* this allocation of the call fails; 0 = none */
  bool onward;       /* and every later one */
  atomic_llong seen; /* allocations of the call so far */
  atomic_bool hit;
} failing;

static void *failing_resize(void *user, void *ptr, size_t old_size, size_t new_size) {
  failing *f = user;
  if (new_size > 0) {
    const long long now = atomic_fetch_add(&f->seen, 1) + 1;
    if (f->at > 0 && (now == f->at || (f->onward && now > f->at))) {
      f->hit = true;
      return NULL;
    }
  }
  return counting_resize(&f->count, ptr, old_size, new_size);
}

/* What the calls work on, made while memory is plenty. */
typedef struct world {
  failing memory;
  wsf_context *ctx, *host; /* the host's memory never fails */
  wsf_dataset *ds, *longer, *part, *far;
  wsf_model *model;
  wsf_forecaster *f;
  wsf_table *forecast, *values, *host_values;
  wsf_builder *builder;
  unsigned char *image;
  size_t image_size;
  const char *text; /* argument of the call, if it has one */
  char csv[64], join[64], saved[64];
} world;

typedef wsf_status (*call_fn)(world *w, wsf_error *err);

static wsf_status attempt(world *w, call_fn call, long long at, bool onward) {
  wsf_error err = marked();
  const long long blocks = atomic_load(&w->memory.count.blocks);
  w->memory.seen = 0;
  w->memory.hit = false;
  w->memory.at = at;
  w->memory.onward = onward;
  const wsf_status status = call(w, &err);
  w->memory.at = 0;
  if (status == WSF_OK) {
    assert_untouched(&err);
    if (w->memory.hit) fail_msg("%s: allocation %lld failed unnoticed", w->text, at);
  } else {
    if (status != WSF_E_MEMORY || err.status != WSF_E_MEMORY || !w->memory.hit) {
      fail_msg("%s: allocation %lld: status %s, record %d: %s", w->text, at,
               wsf_status_name(status), (int)err.status, err.message);
    }
    assert_true(err.message[0] != '\0');
  }
  const long long left = atomic_load(&w->memory.count.blocks) - blocks;
  if (left != 0) fail_msg("%s: allocation %lld: %lld blocks left behind", w->text, at, left);
  assert_int_equal(atomic_load(&w->memory.count.wrong), 0);
  return status;
}

/* first: 0, one allocation alone, then it and all after it; 1, the latter only. */
static void torture_from(world *w, call_fn call, const char *text, int first) {
  w->text = text;
  /* Not counted: what is made once and kept. */
  assert_int_equal(attempt(w, call, 0, false), WSF_OK);
  const long long total = w->memory.seen;
  assert_true(total > 0);
  const long long step = 1 + total / LARGE;
  for (int onward = first; onward < 2; ++onward) {
    for (long long at = 1; at <= total; at += step) {
      assert_int_equal(attempt(w, call, at, onward != 0), WSF_E_MEMORY);
    }
  }
  assert_int_equal(attempt(w, call, total + 1, true), WSF_OK);
}

static void torture(world *w, call_fn call, const char *text) {
  torture_from(w, call, text, 0);
}

static void write_file(const char *path, const char *text) {
  FILE *f = fopen(path, "wb");
  assert_non_null(f);
  assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
  assert_int_equal(fclose(f), 0);
}

static wsf_dataset *dataset_of(world *w, int months) {
  wsf_dataset *ds = NULL;
  CALL(add_sample(w->builder, months, &err));
  CALL(wsf_builder_finish(&ds, w->builder, &err));
  return ds;
}

static int open_world(void **state) {
  world *w = calloc(1, sizeof *w);
  CALL(wsf_context_create(&w->ctx, NULL, failing_resize, &w->memory, &err));
  CALL(wsf_builder_create(&w->builder, w->ctx, SAMPLE_OPTIONS, &err));
  w->ds = dataset_of(w, MONTHS);
  w->longer = dataset_of(w, MONTHS + 4);
  for (int k = 0; k < 8; ++k) {
    static const char *const keys[] = {"south"};
    const int t = MONTHS + (k < 7 ? k % 4 : 20);
    const double promo = 0;
    char month[16];
    (void)snprintf(month, sizeof month, "%d-%02d-01", 2015 + t / 12, 1 + t % 12);
    CALL(wsf_builder_add(w->builder, keys, month, 100, &promo, &err));
    if (k % 4 == 3) CALL(wsf_builder_finish(k < 4 ? &w->part : &w->far, w->builder, &err));
  }
  w->model = new_model(w->ctx, "snaive");
  w->f = fitted(w->ctx, "snaive", w->ds);
  w->forecast = forecast(w->f, "horizon=3, levels=[80]");
  CALL(wsf_dataset_describe(&w->values, w->ds, "values", &err));
  w->host = new_context(NULL);
  wsf_dataset *ds = sample_months(w->host, MONTHS);
  CALL(wsf_dataset_describe(&w->host_values, ds, "values", &err));
  wsf_dataset_release(ds);
  CALL(wsf_forecaster_write(w->f, NULL, 0, &w->image_size, &err));
  w->image = malloc(w->image_size);
  CALL(wsf_forecaster_write(w->f, w->image, w->image_size, &w->image_size, &err));
  (void)snprintf(w->csv, sizeof w->csv, "test_oom.%ld.csv", (long)getpid());
  (void)snprintf(w->join, sizeof w->join, "test_oom.%ld.join.csv", (long)getpid());
  (void)snprintf(w->saved, sizeof w->saved, "test_oom.%ld.wsf", (long)getpid());
  write_file(w->csv, "shop,day,units\n\"a, b\",2020-01-01,3\nc,2020-01-01,\n\"a, b\",2020-01-02,4\n"
                     "\"a, b\",2020-01-03,5\nc,2020-01-02,7\nc,2020-01-04,1\nc,soon,1\n");
  write_file(w->join, "day,sun,kind\n2020-01-01,1,x\n2020-01-02,0.5,y\n2020-01-03,0,x\n");
  CALL(wsf_forecaster_save(w->f, w->saved, &err));
  *state = w;
  return 0;
}

static int close_world(void **state) {
  world *w = *state;
  (void)remove(w->csv);
  (void)remove(w->join);
  (void)remove(w->saved);
  free(w->image);
  wsf_builder_release(w->builder);
  wsf_table_release(w->host_values);
  wsf_context_release(w->host);
  wsf_table_release(w->values);
  wsf_table_release(w->forecast);
  wsf_forecaster_release(w->f);
  wsf_model_release(w->model);
  wsf_dataset_release(w->part);
  wsf_dataset_release(w->far);
  wsf_dataset_release(w->longer);
  wsf_dataset_release(w->ds);
  wsf_context_release(w->ctx);
  const long long blocks = atomic_load(&w->memory.count.blocks);
  free(w);
  return blocks == 0 ? 0 : -1;
}

/* ---- the calls ---- */

static wsf_status call_context(world *w, wsf_error *err) {
  wsf_context *ctx = (wsf_context *)w;
  const wsf_status status = wsf_context_create(&ctx, w->text, failing_resize, &w->memory, err);
  if (status != WSF_OK) assert_null(ctx);
  wsf_context_release(ctx);
  return status;
}

static wsf_status call_fork(world *w, wsf_error *err) {
  wsf_context *fork = (wsf_context *)w;
  wsf_forecaster *f = NULL;
  wsf_dataset *ds = NULL;
  wsf_status status = wsf_context_fork(&fork, w->ctx, w->text, err);
  if (status != WSF_OK) assert_null(fork);
  if (status == WSF_OK) status = wsf_forecaster_with(&f, w->f, fork, err);
  if (status == WSF_OK) status = wsf_dataset_with(&ds, w->ds, fork, err);
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(fork);
  return status;
}

static wsf_status call_open(world *w, wsf_error *err) {
  wsf_dataset *ds = w->ds;
  const wsf_status status = wsf_dataset_open(&ds, w->ctx, w->text, err);
  if (status != WSF_OK) assert_null(ds);
  wsf_dataset_release(ds);
  return status;
}

static wsf_status call_arrow(world *w, wsf_error *err) {
  struct ArrowArrayStream stream;
  CALL(wsf_table_export_stream(w->host_values, &stream, &err));
  wsf_dataset *ds = w->ds;
  const wsf_status status = wsf_dataset_from_arrow(&ds, w->ctx, &stream, w->text, err);
  assert_null(stream.release);
  if (status != WSF_OK) assert_null(ds);
  wsf_dataset_release(ds);
  return status;
}

/* Sources are added and removed by the call, so that nothing stays. */
static wsf_status host_open(void **stream, void *user, wsf_error *err) {
  (void)err;
  *stream = fopen(user, "rb");
  return *stream ? WSF_OK : WSF_E_IO;
}

static int64_t host_read(void *stream, void *buffer, int64_t capacity, wsf_error *err) {
  (void)err;
  return (int64_t)fread(buffer, 1, capacity < 50 ? (size_t)capacity : 50, stream);
}

static void host_close(void *stream) {
  (void)fclose(stream);
}

static wsf_status host_stream(struct ArrowArrayStream *stream, void *user, wsf_error *err) {
  return wsf_table_export_stream(((world *)user)->host_values, stream, err);
}

static wsf_status call_sources(world *w, wsf_error *err) {
  static const char extra[] = "month,day,sun\n2015-01-01,2020-01-09,1\n2015-02-01,2020-01-02,2\n";
  static const char told[] = "day,told,rain\n2020-01-02,2020-01-01,1\n2020-01-02,2020-01-02,\n"
                             "2020-01-03,2020-01-01,2\n2020-01-04,2020-01-02,3\n";
  wsf_status status =
      wsf_context_add_bytes(w->ctx, "sun", extra, sizeof extra - 1, NULL, NULL, err);
  if (status != WSF_OK) return status;
  status = wsf_context_add_bytes(w->ctx, "told", told, sizeof told - 1, NULL, NULL, err);
  if (status == WSF_OK) {
    status = wsf_context_add_arrow(w->ctx, "rows", host_stream, NULL, w, err);
    if (status != WSF_OK) CALL(wsf_context_remove_source(w->ctx, "told", &err));
  }
  if (status == WSF_OK) {
    status =
        wsf_context_add_reader(w->ctx, "read", host_open, host_read, host_close, NULL, w->csv, err);
    if (status == WSF_OK) {
      status = call_open(w, err);
      CALL(wsf_context_remove_source(w->ctx, "read", &err));
    }
    CALL(wsf_context_remove_source(w->ctx, "rows", &err));
    CALL(wsf_context_remove_source(w->ctx, "told", &err));
  }
  CALL(wsf_context_remove_source(w->ctx, "sun", &err));
  return status;
}

static wsf_status call_dataset_describe(world *w, wsf_error *err) {
  wsf_table *t = w->values;
  const wsf_status status = wsf_dataset_describe(&t, w->ds, w->text, err);
  if (status != WSF_OK) assert_null(t);
  wsf_table_release(t);
  return status;
}

static wsf_status call_analyze(world *w, wsf_error *err) {
  wsf_table *t = w->values;
  const wsf_status status = wsf_analyze(&t, w->ds, w->text, err);
  if (status != WSF_OK) assert_null(t);
  wsf_table_release(t);
  return status;
}

/* Create, add, finish: an add that failed may be said again, so the whole is one call. */
static wsf_status call_builder(world *w, wsf_error *err) {
  wsf_builder *b = w->builder;
  wsf_dataset *ds = w->ds;
  wsf_status status = wsf_builder_create(&b, w->ctx, w->text, err);
  if (status != WSF_OK)
    assert_null(b);
  else
    status = add_sample(b, 13, err);
  if (status == WSF_OK) {
    status = wsf_builder_finish(&ds, b, err);
    if (status != WSF_OK)
      assert_null(ds);
    else
      wsf_dataset_release(ds);
  }
  wsf_builder_release(b);
  return status;
}

static wsf_status call_parse(world *w, wsf_error *err) {
  wsf_model *m = w->model;
  const wsf_status status = wsf_model_parse(&m, w->ctx, w->text, err);
  if (status != WSF_OK) assert_null(m);
  wsf_model_release(m);
  return status;
}

static wsf_status call_catalog(world *w, wsf_error *err) {
  wsf_table *t = w->values;
  const wsf_status status = wsf_catalog(&t, w->ctx, w->text, err);
  if (status != WSF_OK) assert_null(t);
  wsf_table_release(t);
  return status;
}

/* With its history kept, saved and told. */
static wsf_status call_fit(world *w, wsf_error *err) {
  wsf_forecaster *f = NULL, *again = NULL;
  wsf_table *t = NULL;
  unsigned char bytes[1 << 16];
  size_t size = 0;
  wsf_status status = wsf_fit(&f, w->model, w->ds, "fitted=true", err);
  if (status == WSF_OK) status = wsf_forecaster_write(f, bytes, sizeof bytes, &size, err);
  if (status == WSF_OK) assert_true(size <= sizeof bytes);
  if (status == WSF_OK) status = wsf_forecaster_read(&again, w->ctx, bytes, size, err);
  if (status == WSF_OK) status = wsf_forecaster_describe(&t, again, "fitted", err);
  wsf_table_release(t);
  wsf_forecaster_release(again);
  wsf_forecaster_release(f);
  return status;
}

static wsf_status call_evidence(world *w, wsf_error *err) {
  wsf_table *t = w->values;
  const wsf_status status = wsf_evidence(&t, w->model, w->ds, "horizon=2", err);
  if (status != WSF_OK) assert_null(t);
  wsf_table_release(t);
  return status;
}

static wsf_status call_fit_evidence(world *w, wsf_error *err) {
  wsf_forecaster *f = NULL;
  const wsf_status status = wsf_fit(&f, w->model, w->ds, "evidence=[rows, more]", err);
  if (status != WSF_OK) assert_null(f);
  wsf_forecaster_release(f);
  return status;
}

static wsf_status call_fit_warm(world *w, wsf_error *err) {
  wsf_forecaster *f = NULL;
  const wsf_status status = wsf_fit(&f, w->model, w->ds, "warm=\"old.wsf\"", err);
  if (status != WSF_OK) assert_null(f);
  wsf_forecaster_release(f);
  return status;
}

static wsf_status call_predict(world *w, wsf_error *err) {
  wsf_table *t = w->values;
  const wsf_status status = wsf_predict(&t, w->f, NULL, w->text, err);
  if (status != WSF_OK) assert_null(t);
  wsf_table_release(t);
  return status;
}

static wsf_status call_predict_fresh(world *w, wsf_error *err) {
  wsf_table *t = w->values;
  const wsf_status status = wsf_predict(&t, w->f, w->longer, w->text, err);
  if (status != WSF_OK) assert_null(t);
  wsf_table_release(t);
  return status;
}

static wsf_status call_update(world *w, wsf_error *err) {
  wsf_forecaster *f = w->f;
  const wsf_status status = wsf_update(&f, w->f, w->longer, NULL, err);
  if (status != WSF_OK) assert_null(f);
  wsf_forecaster_release(f);
  return status;
}

/* Of one of the series: the others come from the old frame. */
static wsf_status call_update_part(world *w, wsf_error *err) {
  wsf_forecaster *f = w->f;
  const wsf_status status = wsf_update(&f, w->f, w->part, NULL, err);
  if (status != WSF_OK) assert_null(f);
  wsf_forecaster_release(f);
  return status;
}

/* With an observation that lies too far ahead. */
static wsf_status call_update_far(world *w, wsf_error *err) {
  wsf_forecaster *f = w->f;
  wsf_table *t = NULL;
  wsf_status status = wsf_update(&f, w->f, w->far, NULL, err);
  if (status != WSF_OK) assert_null(f);
  if (status == WSF_OK) status = wsf_forecaster_describe(&t, f, "news", err);
  wsf_table_release(t);
  wsf_forecaster_release(f);
  return status;
}

static wsf_status call_describe(world *w, wsf_error *err) {
  wsf_table *t = w->values;
  const wsf_status status = wsf_forecaster_describe(&t, w->f, w->text, err);
  if (status != WSF_OK) assert_null(t);
  wsf_table_release(t);
  return status;
}

static wsf_status call_save(world *w, wsf_error *err) {
  return wsf_forecaster_save(w->f, w->saved, err);
}

static wsf_status call_load(world *w, wsf_error *err) {
  wsf_forecaster *f = w->f;
  const wsf_status status = wsf_forecaster_load(&f, w->ctx, w->saved, err);
  if (status != WSF_OK) assert_null(f);
  wsf_forecaster_release(f);
  return status;
}

static int32_t drop(const void *bytes, size_t size, void *user) {
  (void)bytes, (void)size, (void)user;
  return 0;
}

static wsf_status call_write_to(world *w, wsf_error *err) {
  return wsf_forecaster_write_to(w->f, drop, NULL, err);
}

static wsf_status call_write(world *w, wsf_error *err) {
  size_t needed = 0;
  return wsf_forecaster_write(w->f, NULL, 0, &needed, err);
}

static wsf_status call_read(world *w, wsf_error *err) {
  wsf_forecaster *f = w->f;
  const wsf_status status = wsf_forecaster_read(&f, w->ctx, w->image, w->image_size, err);
  if (status != WSF_OK) assert_null(f);
  wsf_forecaster_release(f);
  return status;
}

static wsf_status call_backtest(world *w, wsf_error *err) {
  wsf_table *t[WSF_BACKTEST_TABLES] = {w->values, w->values, w->values, w->values};
  const wsf_model *models[] = {w->model, w->model};
  const wsf_status status = wsf_backtest(t, models, 2, w->ds, w->text, err);
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) {
    if (status != WSF_OK) assert_null(t[i]);
    wsf_table_release(t[i]);
  }
  return status;
}

static wsf_status call_evaluate(world *w, wsf_error *err) {
  wsf_table *t = w->values;
  const wsf_status status = wsf_evaluate(&t, w->forecast, w->ds, w->longer, w->text, err);
  if (status != WSF_OK) assert_null(t);
  wsf_table_release(t);
  return status;
}

/* A stream to its end. */
static wsf_status call_features(world *w, wsf_error *err) {
  struct ArrowArrayStream stream;
  wsf_status status = wsf_features(&stream, w->ds, w->text, "horizon=2, batch=40", err);
  if (status != WSF_OK) {
    assert_null(stream.release);
    return status;
  }
  struct ArrowSchema schema;
  struct ArrowArray array;
  int64_t rows = 0;
  int code = stream.get_schema(&stream, &schema);
  if (code == 0) schema.release(&schema);
  while (code == 0) {
    code = stream.get_next(&stream, &array);
    if (!array.release) break;
    rows += array.length;
    array.release(&array);
  }
  if (code == 0) assert_int_equal(rows, SAMPLE_SERIES * (MONTHS + 2));
  if (code != 0) {
    assert_int_equal(code, ENOMEM);
    status = WSF_E_MEMORY;
    (void)snprintf(err->message, sizeof err->message, "%s", stream.get_last_error(&stream));
    err->status = status;
  }
  stream.release(&stream);
  return status;
}

static wsf_status call_import(world *w, wsf_error *err) {
  struct ArrowSchema schema;
  struct ArrowArray array;
  wsf_table *t = w->forecast;
  CALL(wsf_table_export(w->host_values, &schema, &array, &err));
  const wsf_status status = wsf_table_import(&t, w->ctx, &schema, &array, err);
  assert_null(array.release);
  if (status != WSF_OK) assert_null(t);
  wsf_table_release(t);
  schema.release(&schema);
  return status;
}

static wsf_status call_export(world *w, wsf_error *err) {
  struct ArrowSchema schema;
  struct ArrowArray array;
  const wsf_status status = wsf_table_export(w->values, &schema, &array, err);
  if (status == WSF_OK) {
    schema.release(&schema);
    array.release(&array);
  }
  return status;
}

static wsf_status call_export_stream(world *w, wsf_error *err) {
  struct ArrowArrayStream stream;
  const wsf_status status = wsf_table_export_stream(w->values, &stream, err);
  if (status == WSF_OK) stream.release(&stream);
  return status;
}

/* ---- the tests ---- */

static void test_oom_context(void **state) {
  torture(*state, call_context, "threads=1, seed=5");
  torture(*state, call_fork, "seed=5, max_rows=1000");
}

static void test_oom_dataset(void **state) {
  world *w = *state;
  char text[256];
  torture(w, call_open, "simulate(stores=1, depts=2, weeks=60)");
  torture(w, call_open, "simulate(stores=1, depts=2, weeks=60) | until(\"2010-12-03\")");
  torture(w, call_open,
          "simulate(stores=2, depts=2, weeks=60) | aggregate(levels=[[],[Store]], missing=skip) | "
          "select([\"1\",\"/\"]) | resample(freq=month, missing=skip, last=Temperature)");
  (void)snprintf(text, sizeof text, "csv(\"%s\", keys=shop, time=day, target=units, freq=day)",
                 w->csv);
  torture(w, call_open, text);
  const size_t n = strlen(text);
  (void)snprintf(text + n, sizeof text - n, " | join(\"%s\", on=day)", w->join);
  torture(w, call_open, text);
  torture(w, call_sources,
          "csv(\"read\", keys=shop, time=day, target=units, freq=day) | join(\"told\", on=day, "
          "known_at=told, fill=forward) | join(\"sun\", on=day) | until(\"2020-01-03\")");
  torture(w, call_sources, "csv(\"read\", keys=shop, time=day, target=units, freq=day)");
  torture(w, call_sources,
          "csv(\"rows\", keys=[shop], time=month, target=units) | join(\"sun\", on=month)");
  torture(w, call_arrow, "keys=[shop], time=month, target=units, freq=month");
  torture(w, call_features, "lags([1,12]), calendar, lags(1, of=[promo])");
  torture(
      w, call_features,
      "rolling([mean,median], 3), rolling(std, 4, of=promo), expanding([max,median]), ewm(0.5), "
      "differences(1), since_sale, age");
  torture(w, call_features,
          "seasonal([1,2]), seasonal_rolling(median), group(shop, windows=3), cross(month, promo), "
          "relative(promo, window=3), target_encoding(shop), ordinal(shop), cross(month, shop)");
  torture(w, call_features,
          "fourier(12, 2), holidays(us, [easter], window=[-1,1]), columns(promo), onehot(shop)");
  torture(w, call_import, "import");
  torture(w, call_builder, SAMPLE_OPTIONS);
  static const char *const views[] = {"summary", "columns", "series", "report",
                                      "levels",  "sums",    "values", "request"};
  for (int i = 0; i < 8; ++i) torture(w, call_dataset_describe, views[i]);
}

static void test_oom_analyze(void **state) {
  torture(*state, call_analyze, "what=summary");
  torture(*state, call_analyze, "what=acf");
  torture(*state, call_analyze, "what=pacf");
  torture(*state, call_analyze, "what=decompose");
  torture(*state, call_analyze, "what=outliers");
  torture(*state, call_analyze, "what=mstl, seasons=[4,6]");
  torture(*state, call_analyze, "what=seasons");
  torture(*state, call_analyze, "what=tests");
  torture(*state, call_analyze, "what=changes, least=2");
}

static void test_oom_model(void **state) {
  torture(*state, call_parse, "ets | stl(52) | holiday_shift(2.5)");
  torture(*state, call_parse, "mean(ets, snaive, clamp(ets, 0))");
  torture(*state, call_catalog, NULL);
  torture(*state, call_catalog, "stl");
}

/* Fit, forecast, update, store and fetch every model of the catalogue, by its example. */
static void test_oom_models(void **state) {
  world *w = *state;
  wsf_table *names = NULL;
  CALL(wsf_catalog(&names, w->ctx, NULL, &err));
  wsf_model *model = w->model;
  wsf_forecaster *f = w->f;
  for (int64_t r = 0; r < wsf_table_rows(names); ++r) {
    if (strcmp(wsf_table_text(names, 0, r, NULL), "model") != 0) continue;
    const char *example = wsf_table_text(names, 4, r, NULL);
    w->model = new_model(w->ctx, example);
    w->f = NULL;
    /* An example may want data of another kind. */
    if (wsf_fit(&w->f, w->model, w->ds, NULL, NULL) == WSF_OK) {
      torture(w, call_fit, example);
      torture(w, call_predict, "horizon=3, levels=[80]");
      torture(w, call_predict, "horizon=2, paths=2");
      torture(w, call_write, example);
      wsf_forecaster *moved = NULL;
      if (wsf_update(&moved, w->f, w->longer, NULL, NULL) == WSF_OK) {
        wsf_forecaster_release(moved);
        torture(w, call_update, example);
      }
      wsf_forecaster_release(w->f);
    }
    wsf_model_release(w->model);
  }
  w->model = model;
  w->f = f;
  wsf_table_release(names);
}

/* A season of less than two cycles, that is plain. */
static void test_oom_few_seasons(void **state) {
  world *w = *state;
  wsf_model *model = w->model;
  static const char *const models[] = {"ets(season=24)", "theta(season=24)", "ces",
                                       "deseason(naive, type=mul, season=24)",
                                       "arima(season=24, max_p=0, max_q=0, max_P=0, max_Q=0)"};
  for (size_t m = 0; m < sizeof models / sizeof *models; ++m) {
    w->model = new_model(w->ctx, models[m]);
    torture(w, call_fit, models[m]);
    wsf_model_release(w->model);
  }
  w->model = model;
}

/* A fit that goes on from the networks of another. */
static void test_oom_warm(void **state) {
  world *w = *state;
  static unsigned char image[1 << 16];
  size_t size;
  wsf_model *model = w->model;
  wsf_forecaster *f;
  w->model = new_model(w->ctx, "lstm(hidden=2, epochs=1, patience=0)");
  CALL(wsf_fit(&f, w->model, w->ds, "horizon=2", &err));
  CALL(wsf_forecaster_write(f, image, sizeof image, &size, &err));
  CALL(wsf_context_add_bytes(w->ctx, "old.wsf", image, size, NULL, NULL, &err));
  torture(w, call_fit_warm, "warm fit");
  CALL(wsf_context_remove_source(w->ctx, "old.wsf", &err));
  wsf_forecaster_release(f);
  wsf_model_release(w->model);
  w->model = model;
}

/* Gathered, and fitted with what was. */
static void test_oom_evidence(void **state) {
  world *w = *state;
  static const char head[] = "shop,kind,window,step,horizon,panel,actual,naive,drift\n";
  char rows[2][200];
  (void)snprintf(rows[0], sizeof rows[0], "%snorth,steady,1,1,1,0123456789abcdef,3,4,5\n", head);
  (void)snprintf(rows[1], sizeof rows[1], "%s\"we\"\"st\",steady,1,1,1,0123456789abcdef,3,,5\n",
                 head);
  CALL(wsf_context_add_bytes(w->ctx, "rows", rows[0], strlen(rows[0]), NULL, NULL, &err));
  CALL(wsf_context_add_bytes(w->ctx, "more", rows[1], strlen(rows[1]), NULL, NULL, &err));
  wsf_model *model = w->model;
  w->model = new_model(w->ctx, "auto(naive, drift)");
  torture(w, call_evidence, "evidence");
  torture(w, call_fit_evidence, "fit with evidence");
  wsf_forecaster *f = w->f;
  CALL(wsf_fit(&w->f, w->model, w->ds, "evidence=rows", &err));
  torture(w, call_describe, "explain");
  wsf_forecaster_release(w->f);
  w->f = f;
  wsf_model_release(w->model);
  w->model = model;
  CALL(wsf_context_remove_source(w->ctx, "rows", &err));
  CALL(wsf_context_remove_source(w->ctx, "more", &err));
}

/* Forecasts that belong together, of data with sums. */
static void test_oom_together(void **state) {
  world *w = *state;
  wsf_dataset *ds = w->ds, *sums = NULL;
  wsf_model *model = w->model;
  wsf_forecaster *f = w->f;
  CALL(wsf_dataset_open(
      &sums, w->ctx,
      "simulate(stores=2, depts=2, weeks=30) | aggregate(levels=[[],[Store]], missing=skip)",
      &err));
  static const char *const models[] = {"reconcile(drift, window=9, nonnegative=true)",
                                       "mean(reconcile(naive, top_down), drift)"};
  w->ds = sums;
  for (int m = 0; m < 2; ++m) {
    w->model = new_model(w->ctx, models[m]);
    w->f = NULL;
    CALL(wsf_fit(&w->f, w->model, sums, NULL, &err));
    torture(w, call_fit, models[m]);
    torture(w, call_predict, "horizon=2, levels=[80], paths=2");
    torture(w, call_predict, "horizon=2, levels=[80], cumulative=true, paths=3, series=\"1,1\"");
    wsf_forecaster_release(w->f);
    wsf_model_release(w->model);
  }
  w->ds = ds;
  w->model = model;
  w->f = f;
  wsf_dataset_release(sums);
}

/* A column that a model of its own forecasts. */
static void test_oom_foresight(void **state) {
  world *w = *state;
  wsf_dataset *ds = w->ds;
  wsf_model *model = w->model;
  wsf_forecaster *f = w->f;
  wsf_builder *b = NULL;
  CALL(wsf_builder_create(&b, w->ctx, "keys=shop, time=month, target=units, past=promo, freq=month",
                          &err));
  CALL(add_sample(b, MONTHS, &err));
  CALL(wsf_builder_finish(&w->ds, b, &err));
  wsf_builder_release(b);
  w->model = new_model(w->ctx, "tslm(season=1, x=[forecast(promo, drift)])");
  w->f = NULL;
  CALL(wsf_fit(&w->f, w->model, w->ds, NULL, &err));
  torture(w, call_fit, "fit with a column forecast");
  /* Whether a column reaches so far is looked at before, and again while forecasting: what the
   * look alone has no memory for is no failure (find_feature_gap of regressors.c). */
  torture_from(w, call_predict, "horizon=2", 1);
  torture(w, call_describe, "calls");
  wsf_forecaster_release(w->f);
  wsf_model_release(w->model);
  wsf_dataset_release(w->ds);
  w->ds = ds;
  w->model = model;
  w->f = f;
}

static void test_oom_forecaster(void **state) {
  world *w = *state;
  torture(w, call_predict, "horizon=3, levels=[80,95], quantiles=[0.1,0.5]");
  torture(w, call_predict, "horizon=3, levels=[80], cumulative=true, paths=7, series=south");
  torture(w, call_predict_fresh, "horizon=3");
  torture(w, call_update, "update");
  torture(w, call_update_part, "update of one series");
  torture(w, call_update_far, "update with a date far ahead");
  torture(w, call_describe, "report");
  torture(w, call_describe, "series");
  torture(w, call_describe, "summary");
  torture(w, call_describe, "components(horizon=4)");
  torture(w, call_describe, "coefficients");
  torture(w, call_save, "save");
  torture(w, call_load, "load");
  torture(w, call_write, "write");
  torture(w, call_write_to, "write_to");
  torture(w, call_read, "read");
}

static void test_oom_evaluate(void **state) {
  torture(*state, call_backtest, "horizon=4, windows=2, forecasts=true, by=level");
  torture(*state, call_evaluate, "metrics=[mae,mase,coverage]");
}

static void test_oom_table(void **state) {
  torture(*state, call_export, "export");
  torture(*state, call_export_stream, "export_stream");
}

/* With several threads it is chance which allocation is the n-th, and a pool that cannot be made is
 * done without: the call may succeed. Nothing may leak or hang. */
static void test_oom_threads(void **state) {
  (void)state;
  bool done = false;
  for (long long at = 1; !done; at += 1 + at / 16) {
    failing memory = {.count = {0}};
    wsf_context *ctx = NULL;
    wsf_dataset *ds = NULL;
    wsf_model *m = NULL;
    wsf_forecaster *f = NULL;
    wsf_table *t = NULL;
    memory.at = at;
    wsf_status status = wsf_context_create(&ctx, "threads=3", failing_resize, &memory, NULL);
    if (!status) {
      status = wsf_dataset_open(&ds, ctx, "simulate(stores=2, depts=40, weeks=30)", NULL);
    }
    if (!status) status = wsf_model_parse(&m, ctx, "mean(drift, naive)", NULL);
    if (!status) status = wsf_fit(&f, m, ds, NULL, NULL);
    if (!status) status = wsf_predict(&t, f, NULL, "horizon=2", NULL);
    assert_true(status == WSF_OK || (status == WSF_E_MEMORY && memory.hit));
    done = !memory.hit;
    wsf_table_release(t);
    wsf_forecaster_release(f);
    wsf_model_release(m);
    wsf_dataset_release(ds);
    wsf_context_release(ctx);
    assert_int_equal(atomic_load(&memory.count.blocks), 0);
  }
}

int test_oom(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_oom_context),    cmocka_unit_test(test_oom_dataset),
      cmocka_unit_test(test_oom_analyze),    cmocka_unit_test(test_oom_model),
      cmocka_unit_test(test_oom_models),     cmocka_unit_test(test_oom_few_seasons),
      cmocka_unit_test(test_oom_evidence),   cmocka_unit_test(test_oom_warm),
      cmocka_unit_test(test_oom_together),   cmocka_unit_test(test_oom_foresight),
      cmocka_unit_test(test_oom_forecaster), cmocka_unit_test(test_oom_evaluate),
      cmocka_unit_test(test_oom_table),      cmocka_unit_test(test_oom_threads),
  };
  return cmocka_run_group_tests(tests, open_world, close_world);
}
