#include "rows_options.h"

#include <math.h>

static wsf__env env;
static wsf__arena arena;

static int setup(void **state) {
  (void)state;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  return wsf__env_init(&env, &wsf__alloc_libc) ? 0 : -1;
}

static int teardown(void **state) {
  (void)state;
  wsf__arena_free(&arena);
  wsf__env_free(&env);
  return 0;
}

/* ---- a stream of arrays that lie on the test's stack --------------------------------------- */

enum { COLUMNS = 8, BATCHES = 8 };

typedef struct source {
  int n_columns, n_batches, next, live, fail_at;
  struct ArrowSchema child[COLUMNS], dictionary_type[COLUMNS], *children[COLUMNS];
  struct batch {
    struct ArrowArray child[COLUMNS], dictionary[COLUMNS], *children[COLUMNS], whole;
    const void *buffers[COLUMNS][4], *words[COLUMNS][4], *own[1];
  } batch[BATCHES];
} source;

static int *live_counter;

static void drop_schema(struct ArrowSchema *s) {
  --*live_counter;
  s->release = NULL;
}

static void drop_array(struct ArrowArray *a) {
  --*live_counter;
  a->release = NULL;
}

static int give_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  source *s = stream->private_data;
  if (s->fail_at == 0) return 5;
  *out = (struct ArrowSchema){
      .format = "+s", .n_children = s->n_columns, .children = s->children, .release = drop_schema};
  ++s->live;
  return 0;
}

static int give_batch(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  source *s = stream->private_data;
  memset(out, 0, sizeof *out);
  if (s->fail_at == s->next + 1) return 5;
  if (s->next == s->n_batches) return 0;
  *out = s->batch[s->next++].whole;
  out->release = drop_array;
  ++s->live;
  return 0;
}

static const char *last_error(struct ArrowArrayStream *stream) {
  (void)stream;
  return "the wire was cut";
}

static void drop_stream(struct ArrowArrayStream *stream) {
  --*live_counter;
  stream->release = NULL;
}

static struct ArrowArrayStream stream_of(source *s) {
  live_counter = &s->live;
  ++s->live;
  return (struct ArrowArrayStream){give_schema, give_batch, last_error, drop_stream, s};
}

static int column(source *s, const char *name, const char *format, const char *dictionary) {
  const int c = s->n_columns++;
  s->child[c] = (struct ArrowSchema){.format = format, .name = name};
  if (dictionary) {
    s->dictionary_type[c] = (struct ArrowSchema){.format = dictionary};
    s->child[c].dictionary = &s->dictionary_type[c];
  }
  s->children[c] = &s->child[c];
  return c;
}

static void begin_batch(source *s, int64_t length, int64_t offset) {
  struct batch *b = &s->batch[s->n_batches++];
  s->fail_at = -1;
  b->whole = (struct ArrowArray){.length = length,
                                 .offset = offset,
                                 .n_buffers = 1,
                                 .buffers = b->own,
                                 .n_children = s->n_columns,
                                 .children = b->children};
}

static struct ArrowArray *cells(source *s, int c, int64_t length, int64_t offset, const void *valid,
                                const void *data, const void *more) {
  struct batch *b = &s->batch[s->n_batches - 1];
  b->buffers[c][0] = valid;
  b->buffers[c][1] = data;
  b->buffers[c][2] = more;
  b->child[c] = (struct ArrowArray){.length = length,
                                    .offset = offset,
                                    .null_count = valid ? -1 : 0,
                                    .n_buffers = more ? 3 : 2,
                                    .buffers = b->buffers[c]};
  b->children[c] = &b->child[c];
  return &b->child[c];
}

static void words(source *s, int c, int64_t length, const void *valid, const void *offsets,
                  const void *bytes) {
  struct batch *b = &s->batch[s->n_batches - 1];
  b->words[c][0] = valid;
  b->words[c][1] = offsets;
  b->words[c][2] = bytes;
  b->dictionary[c] = (struct ArrowArray){
      .length = length, .null_count = valid ? -1 : 0, .n_buffers = 3, .buffers = b->words[c]};
  b->child[c].dictionary = &b->dictionary[c];
}

static wsf_status import(wsf__panel **out, source *s, const char *options, wsf_error *err) {
  struct ArrowArrayStream stream = stream_of(s);
  wsf__error_clear(err);
  const wsf_status status =
      wsf__ingest_arrow(out, &env, &stream, rows_options(&arena, options), err);
  assert_null(stream.release);
  assert_int_equal(s->live, 0); /* schema, batches and stream were all given back */
  return status;
}

static wsf__panel *imported(source *s, const char *options) {
  wsf__panel *p = NULL;
  wsf_error err;
  if (import(&p, s, options, &err) != WSF_OK) fail_msg("%s: %s", options, err.message);
  return p;
}

static void refused(source *s, const char *options, wsf_status expected, const char *field) {
  wsf__panel *p = NULL;
  wsf_error err;
  assert_int_equal(import(&p, s, options, &err), expected);
  assert_null(p);
  assert_string_equal(err.field, field);
  assert_true(err.message[0]);
}

static void series_is(const wsf__panel *p, int64_t i, const char *label, int64_t n,
                      const double *y) {
  char text[64];
  wsf__panel_label(p, i, text, sizeof text);
  assert_string_equal(text, label);
  assert_int_equal(p->length[i], n);
  for (int64_t t = 0; t < n; ++t) {
    const double found = p->y[p->offset[i] + t];
    assert_true(found == y[t] || (isnan(found) && isnan(y[t])));
  }
}

/* ---- tests -------------------------------------------------------------------------------- */

static void test_batches_and_offsets(void **state) {
  (void)state;
  /* rows before the offsets are poison: reading one would show */
  static const int32_t store[] = {-9, -9, 1, 1, 2, 2}, more_store[] = {1, 2};
  static const int32_t day[] = {-9, 15373, 15380, 15373, 15380}, more_day[] = {15387, 15387};
  static const float sales[] = {-9, -9, -9, 1.5f, 2, 3, -9}, more_sales[] = {5, 6};
  static const uint8_t valid[] = {0x3f}; /* bit 6, the last row, is null */
  source s = {0};
  const int k = column(&s, "Store", "i", NULL), t = column(&s, "Date", "tdD", NULL),
            y = column(&s, "Sales", "f", NULL);
  begin_batch(&s, 4, 1);
  cells(&s, k, 5, 1, NULL, store, NULL);
  cells(&s, t, 5, 0, NULL, day, NULL);
  cells(&s, y, 5, 2, valid, sales, NULL);
  begin_batch(&s, 0, 0);
  cells(&s, k, 0, 0, NULL, NULL, NULL);
  cells(&s, t, 0, 0, NULL, NULL, NULL);
  cells(&s, y, 0, 0, NULL, NULL, NULL);
  begin_batch(&s, 2, 0);
  cells(&s, k, 2, 0, NULL, more_store, NULL);
  cells(&s, t, 2, 0, NULL, more_day, NULL);
  cells(&s, y, 2, 0, NULL, more_sales, NULL);
  wsf__panel *p = imported(&s, "keys=Store, time=Date, target=Sales, freq=week");
  assert_int_equal(p->n, 2);
  assert_true(p->key[0].integer);
  assert_int_equal(p->calendar.form, WSF__FORM_DATE);
  series_is(p, 0, "1", 3, (double[]){1.5, 2, 5});
  series_is(p, 1, "2", 3, (double[]){3, NAN, 6});
  wsf__panel_release(p);
}

static void test_number_types(void **state) {
  (void)state;
  static const int8_t c[] = {-1, 2, 3};
  static const uint8_t C[] = {255, 2, 3};
  static const int16_t sh[] = {-300, 2, 3};
  static const uint16_t Sh[] = {65535, 2, 3};
  static const int32_t i[] = {-70000, 2, 3};
  static const uint32_t I[] = {UINT32_MAX, 2, 3};
  static const int64_t l[] = {-5000000000, 2, 3};
  static const uint64_t L[] = {UINT64_MAX, 2, 3};
  static const float f[] = {0.5f, 2, 3};
  static const double g[] = {0.1, 2, 3};
  static const uint8_t b[] = {0x06}; /* 0, 1, 1 */
  const struct {
    const char *format;
    const void *data;
    double first, second;
  } type[] = {{"c", c, -1, 2},
              {"C", C, 255, 2},
              {"s", sh, -300, 2},
              {"S", Sh, 65535, 2},
              {"i", i, -70000, 2},
              {"I", I, 4294967295.0, 2},
              {"l", l, -5000000000.0, 2},
              {"L", L, 18446744073709551615.0, 2},
              {"f", f, 0.5, 2},
              {"g", g, 0.1, 2},
              {"b", b, 0, 1}};
  static const int64_t time[] = {1, 2, 3};
  static const uint8_t valid[] = {0x03};
  for (size_t n = 0; n < sizeof type / sizeof *type; ++n) {
    source s = {0};
    const int t = column(&s, "t", "l", NULL), y = column(&s, "y", type[n].format, NULL);
    begin_batch(&s, 3, 0);
    cells(&s, t, 3, 0, NULL, time, NULL);
    cells(&s, y, 3, 0, valid, type[n].data, NULL);
    wsf__panel *p = imported(&s, "time=t, target=y, freq=integer");
    assert_int_equal(p->ahead, 1); /* the third row has no target */
    assert_int_equal(p->T, 2);
    assert_true(p->y[p->offset[0]] == type[n].first);
    assert_true(p->y[p->offset[0] + 1] == type[n].second);
    wsf__panel_release(p);
  }
}

static void test_time_types(void **state) {
  (void)state;
  static const int32_t days[] = {15373, 15374};
  static const int64_t dm[] = {INT64_C(15373) * 86400000, INT64_C(15374) * 86400000};
  static const int64_t ts[] = {1328227200, 1328230800};
  static const int64_t tm[] = {1328227200123, 1328230800123};
  static const int64_t tu[] = {1328227200000000, 1328230800000000};
  static const int64_t tn[] = {1328227200000000000, 1328230800000000000};
  static const int64_t before[] = {-1, 3599999}; /* half-milliseconds round down */
  static const uint16_t whole[] = {7, 8};
  static const int32_t at[] = {0, 10, 20};
  static const int64_t wide_at[] = {0, 7, 14};
  const struct {
    const char *format;
    const void *data, *bytes;
    const char *freq, *first;
    int form;
  } type[] = {{"tdD", days, NULL, "day", "2012-02-03", WSF__FORM_DATE},
              {"tdm", dm, NULL, "day", "2012-02-03", WSF__FORM_DATE},
              {"tss:", ts, NULL, "hour", "2012-02-03T00:00:00", WSF__FORM_TIME},
              {"tsm:UTC", tm, NULL, "hour", "2012-02-03T00:00:00", WSF__FORM_TIME},
              {"tsu:", tu, NULL, "hour", "2012-02-03T00:00:00", WSF__FORM_TIME},
              {"tsn:", tn, NULL, "hour", "2012-02-03T00:00:00", WSF__FORM_TIME},
              {"tsm:", before, NULL, "hour", "1969-12-31T23:59:59", WSF__FORM_TIME},
              {"S", whole, NULL, "integer", "7", WSF__FORM_INTEGER},
              {"u", at, "2012-02-032012-02-04", "day", "2012-02-03", WSF__FORM_DATE},
              {"U", wide_at, "2012-022012-03", "month", "2012-02-01", WSF__FORM_DATE}};
  static const double sales[] = {1, 2};
  for (size_t n = 0; n < sizeof type / sizeof *type; ++n) {
    char options[64], text[32];
    source s = {0};
    const int t = column(&s, "t", type[n].format, NULL), y = column(&s, "y", "g", NULL);
    begin_batch(&s, 2, 0);
    cells(&s, t, 2, 0, NULL, type[n].data, type[n].bytes);
    cells(&s, y, 2, 0, NULL, sales, NULL);
    (void)snprintf(options, sizeof options, "time=t, target=y, freq=%s", type[n].freq);
    wsf__panel *p = imported(&s, options);
    assert_int_equal(p->calendar.form, type[n].form);
    assert_int_equal(p->T, 2);
    wsf__calendar_text(&p->calendar, 0, text);
    assert_string_equal(text, type[n].first);
    wsf__panel_release(p);
  }
}

/* yyyymm and yyyymmdd as numbers or as texts, in batches that only together tell. */
static void test_whole_times(void **state) {
  (void)state;
  static const int64_t month[] = {202011, 202012, 202101}, week[] = {202052, 202053, 202101};
  static const int32_t month4[] = {202011, 202012, 202101}, day[] = {20201130, 20201201, 20201202};
  static const int32_t at[] = {0, 6, 12, 18}, at7[] = {0, 7, 14, 21};
  static const double sales[] = {1, 2, 3};
  const struct {
    const char *format, *options;
    const void *data, *bytes;
    int32_t freq;
    const char *first;
    int64_t T;
    int32_t grain; /* so that an update of days refuses months */
  } type[] = {
      {"l", "", month, NULL, WSF__MONTH, "2020-11-01", 3, WSF__GRAIN_MONTH},
      {"i", "", month4, NULL, WSF__MONTH, "2020-11-01", 3, WSF__GRAIN_MONTH},
      {"u", "", at, "202011202012202101", WSF__MONTH, "2020-11-01", 3, WSF__GRAIN_MONTH},
      {"i", "", day, NULL, WSF__DAY, "2020-11-30", 3, WSF__GRAIN_DAY},
      {"l", ", freq=integer", month, NULL, WSF__INTEGER, "202011", 91, WSF__GRAIN_NONE},
      {"l", ", dateformat=\"%G%V\"", week, NULL, WSF__WEEK, "2020-12-21", 3, WSF__GRAIN_WEEK},
      {"u", "", at7, "2020-112020-122021-01", WSF__MONTH, "2020-11-01", 3, WSF__GRAIN_MONTH},
      {"u", ", dateformat=\"%G%V\"", at, "202052202053202101", WSF__WEEK, "2020-12-21", 3,
       WSF__GRAIN_WEEK},
  };
  for (size_t n = 0; n < sizeof type / sizeof *type; ++n) {
    char options[96], text[32];
    source s = {0};
    const int t = column(&s, "t", type[n].format, NULL), y = column(&s, "y", "g", NULL);
    for (int batch = 0; batch < 2; ++batch) {
      begin_batch(&s, batch ? 1 : 2, batch ? 2 : 0);
      cells(&s, t, 3, 0, NULL, type[n].data, type[n].bytes);
      cells(&s, y, 3, 0, NULL, sales, NULL);
    }
    (void)snprintf(options, sizeof options, "time=t, target=y%s", type[n].options);
    wsf__panel *p = imported(&s, options);
    assert_int_equal(p->calendar.freq, type[n].freq);
    assert_int_equal(p->T, type[n].T);
    assert_int_equal(p->grain, type[n].grain);
    wsf__calendar_text(&p->calendar, 0, text);
    assert_string_equal(text, type[n].first);
    const char *item = wsf_table_text(p->report, wsf_table_find(p->report, "item"), 0, NULL);
    assert_int_equal(strncmp(item, "doubt: whole numbers", 20) == 0,
                     !type[n].options[0] && type[n].data != at7);
    wsf__panel_release(p);
  }
}

static void test_text_keys(void **state) {
  (void)state;
  static const int32_t at[] = {0, 1, 2, 5};
  static const int64_t wide_at[] = {0, 1, 2, 5};
  static const char bytes[] = "bbabc";
  /* views: short texts in place, a long one in buffer 0 at offset 3 */
  static const char store[] = "...a long name of a store";
  char view[3][16] = {{1, 0, 0, 0, 'b'}, {1, 0, 0, 0, 'b'}, {22, 0, 0, 0, 'a', ' ', 'l', 'o'}};
  view[2][12] = 3;
  static const int64_t time[] = {1, 2, 1};
  static const double sales[] = {1, 2, 3};
  const struct {
    const char *format;
    const void *data, *bytes;
    const char *first;
  } type[] = {{"u", at, bytes, "abc"},
              {"U", wide_at, bytes, "abc"},
              {"vu", view, store, "a long name of a store"}};
  for (int n = 0; n < 3; ++n) {
    source s = {0};
    const int k = column(&s, "k", type[n].format, NULL), t = column(&s, "t", "l", NULL),
              y = column(&s, "y", "g", NULL);
    begin_batch(&s, 3, 0);
    struct ArrowArray *a = cells(&s, k, 3, 0, NULL, type[n].data, type[n].bytes);
    if (n == 2) a->n_buffers = 4; /* validity, views, one data buffer, its length */
    cells(&s, t, 3, 0, NULL, time, NULL);
    cells(&s, y, 3, 0, NULL, sales, NULL);
    wsf__panel *p = imported(&s, "keys=k, time=t, target=y");
    assert_int_equal(p->n, 2);
    series_is(p, 0, type[n].first, 1, (double[]){3});
    series_is(p, 1, "b", 2, (double[]){1, 2});
    wsf__panel_release(p);
  }
}

/* Dictionaries of a key, of the time and of a covariate, different in every batch. */
static void test_dictionaries(void **state) {
  (void)state;
  static const int32_t one_two[] = {0, 3, 6}, two_one[] = {0, 3, 6}, days_at[] = {0, 10, 20};
  static const int8_t code[] = {0, 0, 1, 1}, code2[] = {1, 0};
  static const uint16_t day[] = {0, 1, 0, 1}, day2[] = {1, 1};
  static const int64_t promo[] = {0, 1, 1, 0}, promo2[] = {0, 0};
  static const uint8_t promo_valid[] = {0x0e};
  static const double sales[] = {1, 2, 3, 4}, sales2[] = {5, 6};
  source s = {0};
  const int k = column(&s, "k", "c", "u"), t = column(&s, "t", "S", "u"),
            x = column(&s, "promo", "l", "u"), y = column(&s, "y", "g", NULL);
  begin_batch(&s, 4, 0);
  cells(&s, k, 4, 0, NULL, code, NULL);
  words(&s, k, 2, NULL, one_two, "onetwo");
  cells(&s, t, 4, 0, NULL, day, NULL);
  words(&s, t, 2, NULL, days_at, "2012-02-032012-02-04");
  cells(&s, x, 4, 0, promo_valid, promo, NULL);
  words(&s, x, 2, NULL, one_two, "offall");
  cells(&s, y, 4, 0, NULL, sales, NULL);
  begin_batch(&s, 2, 0);
  cells(&s, k, 2, 0, NULL, code2, NULL);
  words(&s, k, 2, NULL, two_one, "twoone");
  cells(&s, t, 2, 0, NULL, day2, NULL);
  words(&s, t, 2, NULL, days_at, "2012-02-062012-02-05");
  cells(&s, x, 2, 0, NULL, promo2, NULL);
  words(&s, x, 2, NULL, one_two, "alloff");
  cells(&s, y, 2, 0, NULL, sales2, NULL);
  wsf__panel *p = imported(&s, "keys=k, time=t, target=y, known=promo");
  assert_int_equal(p->n, 2);
  series_is(p, 0, "one", 3, (double[]){1, 2, 5});
  series_is(p, 1, "two", 3, (double[]){3, 4, 6});
  const wsf__column *c = &p->column[0];
  assert_int_equal(c->kind, WSF__KNOWN);
  assert_int_equal(c->n_categories, 2);
  assert_string_equal(c->category[0], "all"); /* in byte order, whatever came first */
  assert_true(isnan(wsf__panel_value(p, 0, 0, 0)));
  assert_true(wsf__panel_value(p, 0, 0, 1) == 0); /* all */
  assert_true(wsf__panel_value(p, 0, 1, 1) == 1); /* off */
  assert_true(wsf__panel_value(p, 0, 1, 2) == 0);
  wsf__panel_release(p);
}

/* Columns have the roles that csv has words for; without a target the others are known ahead. */
static void test_roles(void **state) {
  (void)state;
  static const int64_t time[] = {1, 2};
  static const double price[] = {9, 8}, size[] = {3, 3}, more[] = {1, 2};
  for (int target = 0; target < 2; ++target) {
    source s = {0};
    const int t = column(&s, "t", "l", NULL), x = column(&s, "price", "g", NULL),
              z = column(&s, "size", "g", NULL), w = column(&s, "more", "g", NULL);
    begin_batch(&s, 2, 0);
    cells(&s, t, 2, 0, NULL, time, NULL);
    cells(&s, x, 2, 0, NULL, price, NULL);
    cells(&s, z, 2, 0, NULL, size, NULL);
    cells(&s, w, 2, 0, NULL, more, NULL);
    wsf__panel *p = imported(&s, target ? "time=t, target=more, static=size, past=none"
                                        : "time=t, static=size");
    assert_int_equal(p->n_columns, target ? 1 : 3);
    assert_int_equal(p->T, target ? 2 : 0);
    assert_int_equal(p->column[wsf__panel_find_column(p, "size")].kind, WSF__STATIC);
    if (!target) {
      const int at = wsf__panel_find_column(p, "price");
      assert_int_equal(p->column[at].kind, WSF__KNOWN);
      assert_true(wsf__panel_value(p, at, 0, 1) == 8);
    }
    wsf__panel_release(p);
  }
}

static void test_covariates(void **state) {
  (void)state;
  static const int64_t time[] = {1, 2, 3, 4};
  static const double sales[] = {1, 2, NAN, NAN}, price[] = {9, 8, 7, NAN}, w[] = {1, 5, 1, 1};
  static const uint8_t holiday[] = {0x0a};
  source s = {0};
  const int w_at = column(&s, "w", "g", NULL), t = column(&s, "t", "l", NULL),
            x = column(&s, "price", "g", NULL), y = column(&s, "y", "g", NULL),
            b = column(&s, "holiday", "b", NULL);
  begin_batch(&s, 4, 0);
  cells(&s, w_at, 4, 0, NULL, w, NULL);
  cells(&s, t, 4, 0, NULL, time, NULL);
  cells(&s, x, 4, 0, NULL, price, NULL);
  cells(&s, y, 4, 0, NULL, sales, NULL);
  cells(&s, b, 4, 0, NULL, holiday, NULL);
  wsf__panel *p = imported(&s, "time=t, target=y, known=[price], weight=w, holiday=holiday");
  assert_int_equal(p->T, 2);
  assert_int_equal(p->ahead, 2);
  assert_int_equal(p->n_columns, 3);
  const int price_at = wsf__panel_find_column(p, "price"),
            hol = wsf__panel_find_column(p, "holiday");
  assert_int_equal(p->column[price_at].kind, WSF__KNOWN);
  assert_int_equal(p->column[hol].kind, WSF__KNOWN);
  assert_true(p->column[hol].flag);
  assert_int_equal(p->column[p->weight].kind, WSF__PAST);
  assert_int_equal(p->holiday, hol);
  assert_true(wsf__panel_value(p, price_at, 0, 2) == 7);
  assert_true(isnan(wsf__panel_value(p, price_at, 0, 3)));
  assert_true(wsf__panel_value(p, hol, 0, 3) == 1);
  assert_true(wsf__panel_weight(p, 0, 1) == 5);
  wsf__panel_release(p);
}

/* What the library exports, it imports. */
static void test_own_export(void **state) {
  (void)state;
  wsf_table *t = NULL;
  int64_t *store, name, *day;
  double *sales;
  assert_int_equal(wsf__table_create(&t, &wsf__alloc_libc, 4, NULL), WSF_OK);
  assert_int_equal(wsf__table_add_i64(t, "store", WSF_TYPE_I64, &store, NULL), WSF_OK);
  assert_int_equal(wsf__table_add_text(t, "dept", &name, NULL), WSF_OK);
  assert_int_equal(wsf__table_add_i64(t, "day", WSF_TYPE_DATE, &day, NULL), WSF_OK);
  assert_int_equal(wsf__table_add_f64(t, "sales", &sales, NULL), WSF_OK);
  for (int i = 0; i < 4; ++i) {
    store[i] = 10 - i / 2;
    day[i] = 15373 + 7 * (i % 2);
    sales[i] = i == 3 ? NAN : i;
    assert_int_equal(wsf__table_put(t, name, i / 2 ? "toys" : "food", NULL), WSF_OK);
  }
  struct ArrowArrayStream stream;
  assert_int_equal(wsf_table_export_stream(t, &stream, NULL), WSF_OK);
  wsf_table_release(t);
  wsf__panel *p = NULL;
  const wsf__node *options =
      rows_options(&arena, "keys=[store,dept], time=day, target=sales, freq=week");
  assert_int_equal(wsf__ingest_arrow(&p, &env, &stream, options, NULL), WSF_OK);
  series_is(p, 0, "9/toys", 2, (double[]){2, NAN});
  series_is(p, 1, "10/food", 2, (double[]){0, 1});
  wsf__panel_release(p);
}

static source good(void) {
  static const int64_t time[] = {1, 2};
  static const double sales[] = {1, 2};
  source s = {0};
  const int t = column(&s, "t", "l", NULL), y = column(&s, "y", "g", NULL);
  begin_batch(&s, 2, 0);
  cells(&s, t, 2, 0, NULL, time, NULL);
  cells(&s, y, 2, 0, NULL, sales, NULL);
  return s;
}

/* A struct with pointers into itself cannot be copied as it is. */
static void mend(source *s) {
  for (int c = 0; c < s->n_columns; ++c) {
    s->children[c] = &s->child[c];
    s->batch[0].child[c].buffers = s->batch[0].buffers[c];
    s->batch[0].children[c] = &s->batch[0].child[c];
  }
  s->batch[0].whole.children = s->batch[0].children;
  s->batch[0].whole.buffers = s->batch[0].own;
}

#define GOOD(s)                                                                                    \
  source s = good();                                                                               \
  mend(&s)

/* `columns` takes some of many, whatever types the others have. */
static void test_columns_taken(void **state) {
  (void)state;
  static const int64_t time[] = {1, 2};
  static const double price[] = {9, 8}, size[] = {3, 3}, sales[] = {1, 2};
  static const struct {
    const char *options, *names;
    const int kind[3];
  } take[] = {
      {"time=t, target=y, columns=[t, y, price, more]", "price more", {WSF__PAST, WSF__PAST}},
      {"time=t, target=y, columns=price, static=size", "price size", {WSF__PAST, WSF__STATIC}},
      {"time=t, target=y, columns=none, known=more", "more", {WSF__KNOWN}},
      {"time=t, target=y, columns=none", "", {0}},
      {"time=t, columns=price", "price", {WSF__KNOWN}},
  };
  for (size_t n = 0; n < sizeof take / sizeof *take; ++n) {
    char found[64] = "";
    source s = {0};
    const int t = column(&s, "t", "l", NULL), x = column(&s, "price", "g", NULL),
              z = column(&s, "size", "g", NULL), w = column(&s, "more", "g", NULL),
              y = column(&s, "y", "g", NULL), odd = column(&s, "odd", "ttu", NULL);
    begin_batch(&s, 2, 0);
    cells(&s, t, 2, 0, NULL, time, NULL);
    cells(&s, x, 2, 0, NULL, price, NULL);
    cells(&s, z, 2, 0, NULL, size, NULL);
    cells(&s, w, 2, 0, NULL, price, NULL);
    cells(&s, y, 2, 0, NULL, sales, NULL);
    cells(&s, odd, 2, 0, NULL, time, NULL);
    wsf__panel *p = imported(&s, take[n].options);
    for (int k = 0; k < p->n_columns; ++k) {
      (void)snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s", k ? " " : "",
                     p->column[k].name);
      assert_int_equal(p->column[k].kind, take[n].kind[k]);
    }
    assert_string_equal(found, take[n].names);
    wsf__panel_release(p);
  }
  GOOD(a);
  refused(&a, "time=t, target=y, columns=x", WSF_E_DATA, "x");
  GOOD(b);
  column(&b, "odd", "ttu", NULL);
  refused(&b, "time=t, target=y, columns=odd", WSF_E_DATA, "odd");
}

static void test_refused_schemas(void **state) {
  (void)state;
  static const char *const strange[] = {"d:10", "d:9,77", "d:9,2,48", "z",   "+l", "tts",   "n",
                                        "e",    "tdx",    "",         "tiM", "ts", "d:9,2,"};
  for (size_t i = 0; i < sizeof strange / sizeof *strange; ++i) {
    GOOD(s);
    column(&s, "odd", strange[i], NULL);
    refused(&s, "time=t, target=y, past=odd", WSF_E_DATA, "odd");
  }
  GOOD(a);
  refused(&a, "time=T, target=y", WSF_E_DATA, "T");
  GOOD(b);
  refused(&b, "time=t, target=y, known=x", WSF_E_DATA, "x");
  GOOD(c);
  column(&c, "y", "g", NULL);
  refused(&c, "time=t, target=y", WSF_E_DATA, "y");
  GOOD(d);
  column(&d, "x", "i", "g"); /* a dictionary of numbers */
  refused(&d, "time=t, target=y, known=x", WSF_E_DATA, "x");
  GOOD(e);
  refused(&e, "keys=k, time=t, target=y", WSF_E_DATA, "k");
  GOOD(f);
  f.child[1].format = "u";
  refused(&f, "time=t, target=y", WSF_E_DATA, "y");
  GOOD(g);
  g.child[0].format = "g";
  refused(&g, "time=t, target=y", WSF_E_DATA, "t");
  GOOD(h);
  refused(&h, "keys=y, time=t, target=t", WSF_E_VALUE, "t");
}

/* A column that nobody named does not sink the import, and the report tells of it. */
static void test_columns_left_out(void **state) {
  (void)state;
  static const char *const strange[] = {"tsu:UTC", "tdD", "tdm", "tts", "ttm", "ttu", "ttn", "tDs",
                                        "tiM",     "z",   "Z",   "w:4", "vz",  "+l",  "+s",  "n"};
  static const int64_t cell[] = {1, 2};
  for (size_t i = 0; i < sizeof strange / sizeof *strange; ++i) {
    char type[32];
    (void)snprintf(type, sizeof type, "Arrow type %s", strange[i]);
    GOOD(s);
    cells(&s, column(&s, "odd", strange[i], NULL), 2, 0, NULL, cell, NULL);
    cells(&s, column(&s, "code", "i", "l"), 2, 0, NULL, cell, NULL); /* a dictionary of numbers */
    s.batch[0].whole.n_children = s.n_columns;
    wsf__panel *p = imported(&s, "time=t, target=y");
    assert_int_equal(p->n_columns, 0);
    const int64_t item = wsf_table_find(p->report, "item"),
                  name = wsf_table_find(p->report, "column"),
                  why = wsf_table_find(p->report, "example");
    assert_string_equal(wsf_table_text(p->report, item, 0, NULL), "columns left out");
    assert_string_equal(wsf_table_text(p->report, name, 0, NULL), "odd");
    assert_string_equal(wsf_table_text(p->report, why, 0, NULL), type);
    assert_string_equal(wsf_table_text(p->report, name, 1, NULL), "code");
    wsf__panel_release(p);
  }
}

/* Every way in which Arrow writes texts, as a covariate: two that are short, one that is long. */
static void test_text_covariates(void **state) {
  (void)state;
  static const int64_t time[] = {1, 2, 3, 4}, wide_at[] = {0, 1, 2, 24};
  static const double sales[] = {1, 2, 3, 4};
  static const int32_t at[] = {0, 1, 2, 24};
  static const int8_t code[] = {2, 0, 1, 0};
  static const uint8_t valid[] = {0x0b}; /* the third is missing */
  static const char bytes[] = "bca long name of a store";
  char view[3][16] = {{1, 0, 0, 0, 'b'}, {1, 0, 0, 0, 'c'}, {22, 0, 0, 0, 'a', ' ', 'l', 'o'}};
  view[2][12] = 2;
  const struct {
    const char *format;
    const void *offsets;
  } type[] = {{"u", at}, {"U", wide_at}, {"vu", view}};
  for (size_t n = 0; n < sizeof type / sizeof *type; ++n) {
    source s = {0};
    const int t = column(&s, "t", "l", NULL), y = column(&s, "y", "g", NULL),
              x = column(&s, "x", "c", type[n].format), w = column(&s, "w", type[n].format, NULL);
    begin_batch(&s, 3, 0);
    cells(&s, t, 3, 0, NULL, time, NULL);
    cells(&s, y, 3, 0, NULL, sales, NULL);
    cells(&s, x, 3, 0, valid, code, NULL);
    words(&s, x, 3, NULL, type[n].offsets, bytes);
    struct ArrowArray *plain = cells(&s, w, 3, 0, NULL, type[n].offsets, bytes);
    if (n == 2) plain->n_buffers = s.batch[0].dictionary[x].n_buffers = 4;
    wsf__panel *p = imported(&s, "time=t, target=y");
    const wsf__column *of_codes = &p->column[wsf__panel_find_column(p, "x")];
    const wsf__column *of_texts = &p->column[wsf__panel_find_column(p, "w")];
    assert_int_equal(of_codes->n_categories, 2); /* those that are in use */
    assert_string_equal(of_codes->category[0], "a long name of a store");
    assert_string_equal(of_codes->category[1], "b");
    assert_int_equal(of_texts->n_categories, 3);
    assert_string_equal(of_texts->category[2], "c");
    static const double codes[] = {0, 1, NAN}, texts[] = {1, 2, 0};
    for (int i = 0; i < 3; ++i) {
      const double found = wsf__panel_value(p, wsf__panel_find_column(p, "x"), 0, i);
      assert_true(found == codes[i] || (isnan(found) && isnan(codes[i])));
      assert_true(wsf__panel_value(p, wsf__panel_find_column(p, "w"), 0, i) == texts[i]);
    }
    wsf__panel_release(p);
  }
}

/* Midnights two hours east of Greenwich are days of their own. */
static void test_zoned_times(void **state) {
  (void)state;
  static const int64_t time[] = {1328220000, 1328306400}; /* 2012-02-02T22:00Z and a day later */
  static const double sales[] = {1, 2};
  const struct {
    const char *format, *options, *first;
  } type[] = {{"tss:+02:00", "time=t, target=y", "2012-02-03T00:00:00"},
              {"tss:+02:00", "time=t, target=y, timezone=UTC", "2012-02-02T22:00:00"},
              {"tss:", "time=t, target=y, timezone=\"+02:00\"", "2012-02-02T22:00:00"},
              {"tss:+02:00", "time=t, target=y, freq=hour", "2012-02-02T22:00:00"}};
  for (size_t n = 0; n < sizeof type / sizeof *type; ++n) {
    char text[32];
    source s = {0};
    const int t = column(&s, "t", type[n].format, NULL), y = column(&s, "y", "g", NULL);
    begin_batch(&s, 2, 0);
    cells(&s, t, 2, 0, NULL, time, NULL);
    cells(&s, y, 2, 0, NULL, sales, NULL);
    wsf__panel *p = imported(&s, type[n].options);
    wsf__calendar_text(&p->calendar, 0, text);
    assert_string_equal(text, type[n].first);
    wsf__panel_release(p);
  }
}

static void test_decimals(void **state) {
  (void)state;
  static const uint64_t two[] = {12345, 0, (uint64_t)-12345, UINT64_MAX};
  static const uint64_t large[] = {0, 1, 0, UINT64_MAX}; /* 2^64, -2^64 */
  static const uint64_t four[] = {12345,      0,          0,         0, (uint64_t)-12345,
                                  UINT64_MAX, UINT64_MAX, UINT64_MAX};
  static const int32_t narrow[] = {12345, -12345};
  static const int64_t wide[] = {12345, -12345}, time[] = {1, 2};
  const struct {
    const char *format;
    const void *data;
    double first, second;
  } type[] = {{"d:10,2", two, 123.45, -123.45},      {"d:10,0", two, 12345, -12345},
              {"d:10,-2", two, 1234500, -1234500},   {"d:38,30", two, 12345e-30, -12345e-30},
              {"d:38,0", large, 0x1p64, -0x1p64},    {"d:50,2,256", four, 123.45, -123.45},
              {"d:9,2,32", narrow, 123.45, -123.45}, {"d:18,2,64", wide, 123.45, -123.45}};
  for (size_t n = 0; n < sizeof type / sizeof *type; ++n) {
    source s = {0};
    const int t = column(&s, "t", "l", NULL), y = column(&s, "y", type[n].format, NULL);
    begin_batch(&s, 2, 0);
    cells(&s, t, 2, 0, NULL, time, NULL);
    cells(&s, y, 2, 0, NULL, type[n].data, NULL);
    wsf__panel *p = imported(&s, "time=t, target=y");
    assert_true(fabs(p->y[0] - type[n].first) <= 4e-16 * fabs(type[n].first));
    assert_true(p->y[1] == -p->y[0]);
    if (fabs(type[n].first) == 123.45) assert_true(p->y[0] == 123.45); /* rounded once */
    wsf__panel_release(p);
  }
  /* A key of a database's NUMERIC, and one that is too long to be one. */
  static const double sales[] = {1, 2};
  for (int k = 0; k < 2; ++k) {
    source s = {0};
    const int key = column(&s, "k", "d:38,0", NULL), t = column(&s, "t", "l", NULL),
              y = column(&s, "y", "g", NULL);
    begin_batch(&s, 2, 0);
    cells(&s, key, 2, 0, NULL, k ? large : two, NULL);
    cells(&s, t, 2, 0, NULL, time, NULL);
    cells(&s, y, 2, 0, NULL, sales, NULL);
    if (k) {
      refused(&s, "keys=k, time=t, target=y", WSF_E_DATA, "k");
      continue;
    }
    wsf__panel *p = imported(&s, "keys=k, time=t, target=y, end=own");
    series_is(p, 0, "-12345", 1, (double[]){2});
    series_is(p, 1, "12345", 1, (double[]){1});
    wsf__panel_release(p);
  }
}

static void test_refused_batches(void **state) {
  (void)state;
  static const uint8_t second_null[] = {0x01};
  static const double infinite[] = {1, INFINITY};
  static const int32_t bad_at[] = {0, 5, 3};
  static const int32_t at[] = {0, 1, 2};
  static const int8_t bad_code[] = {0, 7};
  const char *plain = "time=t, target=y";
  GOOD(a);
  a.batch[0].buffers[0][0] = second_null;
  a.batch[0].child[0].null_count = 1;
  wsf__panel *p = NULL;
  wsf_error err;
  assert_int_equal(import(&p, &a, plain, &err), WSF_E_DATA);
  assert_int_equal(err.row, 2);
  assert_string_equal(err.field, "t");
  GOOD(b);
  b.batch[0].buffers[1][1] = infinite;
  refused(&b, plain, WSF_E_DATA, "y");
  GOOD(c);
  c.batch[0].child[1].length = 1;
  refused(&c, plain, WSF_E_DATA, "y");
  GOOD(d);
  d.batch[0].buffers[1][1] = NULL;
  refused(&d, plain, WSF_E_DATA, "y");
  GOOD(e);
  e.batch[0].whole.n_children = 1;
  refused(&e, plain, WSF_E_DATA, "");
  GOOD(f);
  f.batch[0].own[0] = second_null;
  f.batch[0].whole.null_count = 1;
  refused(&f, plain, WSF_E_DATA, "");
  GOOD(g);
  g.fail_at = 2;
  assert_int_equal(import(&p, &g, plain, &err), WSF_E_DATA);
  assert_non_null(strstr(err.message, "the wire was cut"));
  GOOD(h);
  h.fail_at = 0;
  refused(&h, plain, WSF_E_DATA, "");
  GOOD(i);
  int k = column(&i, "k", "u", NULL);
  cells(&i, k, 2, 0, NULL, bad_at, "abcde");
  i.batch[0].whole.n_children = 3;
  refused(&i, "keys=k, time=t, target=y", WSF_E_DATA, "k");
  GOOD(j);
  k = column(&j, "k", "u", NULL);
  cells(&j, k, 2, 0, NULL, at, "a\xff");
  j.batch[0].whole.n_children = 3;
  refused(&j, "keys=k, time=t, target=y", WSF_E_DATA, "k");
  GOOD(l);
  k = column(&l, "k", "c", "u");
  cells(&l, k, 2, 0, NULL, bad_code, NULL);
  words(&l, k, 2, NULL, at, "ab");
  l.batch[0].whole.n_children = 3;
  refused(&l, "keys=k, time=t, target=y", WSF_E_DATA, "k");
  GOOD(m);
  m.n_batches = 0;
  refused(&m, plain, WSF_E_DATA, "");
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
  static const int32_t at[] = {0, 1, 2};
  static const int8_t code[] = {0, 1};
  const wsf__node *options = rows_options(&arena, "keys=k, time=t, target=y, known=x");
  wsf_status status = WSF_E_MEMORY;
  for (int n = 0; status != WSF_OK; ++n) {
    GOOD(s);
    const int k = column(&s, "k", "c", "u"), x = column(&s, "x", "u", NULL);
    cells(&s, k, 2, 0, NULL, code, NULL);
    words(&s, k, 2, NULL, at, "ab");
    cells(&s, x, 2, 0, NULL, at, "ab");
    s.batch[0].whole.n_children = 4;
    budget b = {n};
    const wsf__alloc a = {limited, &b};
    wsf__env small;
    if (!wsf__env_init(&small, &a)) continue;
    wsf__panel *p = NULL;
    wsf_error err;
    struct ArrowArrayStream stream = stream_of(&s);
    status = wsf__ingest_arrow(&p, &small, &stream, options, &err);
    assert_true(status == WSF_OK || status == WSF_E_MEMORY);
    assert_int_equal(s.live, 0);
    wsf__panel_release(p);
    wsf__env_free(&small);
    assert_true(n < 2000);
  }
}

int test_arrow_import(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_batches_and_offsets), cmocka_unit_test(test_number_types),
      cmocka_unit_test(test_time_types),          cmocka_unit_test(test_whole_times),
      cmocka_unit_test(test_text_keys),           cmocka_unit_test(test_dictionaries),
      cmocka_unit_test(test_covariates),          cmocka_unit_test(test_roles),
      cmocka_unit_test(test_columns_taken),       cmocka_unit_test(test_own_export),
      cmocka_unit_test(test_refused_schemas),     cmocka_unit_test(test_columns_left_out),
      cmocka_unit_test(test_text_covariates),     cmocka_unit_test(test_decimals),
      cmocka_unit_test(test_zoned_times),         cmocka_unit_test(test_refused_batches),
      cmocka_unit_test(test_allocation_failures),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
