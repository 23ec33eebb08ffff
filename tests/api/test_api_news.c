/* What a nightly feed may hold that it should not, through the public headers: dates far ahead,
 * restated values, values for gaps. */
#include "api_support.h"

static wsf_dataset *opened(wsf_context *ctx, const char *name, const char *bytes,
                           const char *options) {
  char text[160];
  wsf_dataset *ds = NULL;
  CALL(wsf_context_add_bytes(ctx, name, bytes, strlen(bytes), NULL, NULL, &err));
  (void)snprintf(text, sizeof text, "csv(%s, keys=[shop], time=day, target=y%s)", name, options);
  CALL(wsf_dataset_open(&ds, ctx, text, &err));
  return ds;
}

/* Days 2020-01-01 to 2020-01-30 of three shops. */
static wsf_forecaster *january(wsf_context *ctx, const char *options) {
  char csv[4096] = "shop,day,y\n";
  size_t n = strlen(csv);
  for (int shop = 0; shop < 3; ++shop) {
    for (int day = 1; day <= 30; ++day) {
      n += (size_t)snprintf(csv + n, sizeof csv - n, "%c,2020-01-%02d,%d\n", 'A' + shop, day,
                            day % 7 + shop);
    }
  }
  wsf_dataset *ds = opened(ctx, "history", csv, options);
  wsf_forecaster *f = fitted(ctx, "naive", ds);
  wsf_dataset_release(ds);
  return f;
}

static int64_t cell(const wsf_table *t, const char *name, int64_t row) {
  const int64_t column = wsf_table_find(t, name);
  assert_true(column >= 0);
  return wsf_table_i64(t, column)[row];
}

static void assert_cell(const wsf_table *t, const char *name, int64_t row, const char *text) {
  char buffer[64];
  assert_true(wsf_table_format(t, wsf_table_find(t, name), row, buffer, sizeof buffer) >= 0);
  assert_string_equal(buffer, text);
}

typedef struct feed {
  const char *rows, *options;
  const char *last[3], *first_far[3]; /* of A, B, C */
  int added[3], far[3];
  const char *strict; /* in the message of a strict update; NULL: none */
} feed;

#define FIRST "shop,day,y\n"
static const feed feeds[] = {
    /* two months ahead of the rest */
    {FIRST "A,2020-03-31,5\nB,2020-01-31,6\nC,2020-01-31,7\n",
     "",
     {"2020-01-31", "2020-01-31", "2020-01-31"},
     {"2020-03-31", "", ""},
     {0, 1, 1},
     {1, 0, 0},
     "series A for 2020-03-31 lies 60 periods past 2020-01-31"},
    {FIRST "A,2020-01-31,5\nB,2020-01-31,6\nC,2020-01-31,7\nC,2020-03-01,8\nC,2020-03-04,9\n",
     "",
     {"2020-01-31", "2020-01-31", "2020-01-31"},
     {"", "", "2020-03-01"},
     {1, 1, 1},
     {0, 0, 2},
     "series C for 2020-03-01"},
    /* nobody else has news: there is nothing that it is ahead of, unless strict */
    {FIRST "A,2020-03-31,5\n",
     "",
     {"2020-03-31", "2020-03-31", "2020-03-31"},
     {"", "", ""},
     {1, 0, 0},
     {0, 0, 0},
     "series A for 2020-03-31 lies 61 periods past 2020-01-30"},
    /* closed for two months: most come back */
    {FIRST "A,2020-01-31,5\nA,2020-04-01,6\nB,2020-04-01,7\n",
     "",
     {"2020-04-01", "2020-04-01", "2020-04-01"},
     {"", "", ""},
     {2, 1, 0},
     {0, 0, 0},
     "series A for 2020-04-01"},
    /* within fourteen days, and one more */
    {FIRST "A,2020-02-14,5\nB,2020-01-31,6\nC,2020-01-31,7\n",
     "",
     {"2020-02-14", "2020-02-14", "2020-02-14"},
     {"", "", ""},
     {1, 1, 1},
     {0, 0, 0},
     NULL},
    {FIRST "A,2020-02-15,5\nB,2020-01-31,6\nC,2020-01-31,7\n",
     "",
     {"2020-01-31", "2020-01-31", "2020-01-31"},
     {"2020-02-15", "", ""},
     {0, 1, 1},
     {1, 0, 0},
     "series A for 2020-02-15"},
    /* each with an end of its own: the others are not moved on, and A waits */
    {FIRST "A,2020-03-31,5\nB,2020-01-31,6\nC,2020-01-31,7\n",
     ", end=own",
     {"2020-01-30", "2020-01-31", "2020-01-31"},
     {"2020-03-31", "", ""},
     {0, 1, 1},
     {1, 0, 0},
     "series A for 2020-03-31"},
    /* days in between that somebody has */
    {FIRST "A,2020-03-01,5\nB,2020-02-13,6\nC,2020-01-31,7\nC,2020-02-20,7\n",
     "",
     {"2020-03-01", "2020-03-01", "2020-03-01"},
     {"", "", ""},
     {1, 1, 2},
     {0, 0, 0},
     NULL},
};
enum { FEEDS = sizeof feeds / sizeof *feeds };

static void few_rows_far_ahead_are_left_out(void **state) {
  (void)state;
  for (int k = 0; k < FEEDS; ++k) {
    const feed *x = &feeds[k];
    char options[48];
    (void)snprintf(options, sizeof options, ", freq=day%s", x->options);
    wsf_context *ctx = new_context(NULL);
    wsf_forecaster *f = january(ctx, options), *moved = NULL, *refused = NULL;
    wsf_dataset *ds = opened(ctx, "feed", x->rows, options);
    wsf_table *t = NULL;
    CALL(wsf_update(&moved, f, ds, NULL, &err));
    CALL(wsf_forecaster_describe(&t, moved, "news", &err));
    for (int i = 0; i < 3; ++i) {
      assert_int_equal(cell(t, "added", i), x->added[i]);
      assert_int_equal(cell(t, "far", i), x->far[i]);
      assert_cell(t, "last", i, x->last[i]);
      assert_cell(t, "first_far", i, x->first_far[i]);
    }
    wsf_table_release(t);
    wsf_error err;
    const wsf_status status = wsf_update(&refused, f, ds, "absent=keep, strict=true", &err);
    if (x->strict) {
      assert_int_equal(status, WSF_E_DATA);
      assert_non_null(strstr(err.message, x->strict));
    } else if (status != WSF_OK) {
      assert_null(strstr(err.message, "ahead="));
    }
    wsf_forecaster_release(refused);
    /* asked for, all are taken */
    wsf_forecaster *all = NULL;
    CALL(wsf_update(&all, f, ds, "ahead=100", &err));
    CALL(wsf_forecaster_describe(&t, all, "news", &err));
    for (int i = 0; i < 3; ++i) {
      assert_int_equal(cell(t, "added", i), x->added[i] + x->far[i]);
      assert_int_equal(cell(t, "far", i), 0);
    }
    wsf_table_release(t);
    wsf_forecaster_release(all);
    wsf_forecaster_release(moved);
    wsf_forecaster_release(f);
    wsf_dataset_release(ds);
    wsf_context_release(ctx);
  }
}

/* The night after a mistyped date brings news to everybody, and a shop of which only that row came
 * begins when it comes again. */
static void the_next_night_goes_on(void **state) {
  (void)state;
  static const char first[] =
      FIRST "A,2021-01-31,5\nB,2020-01-31,6\nC,2020-01-31,7\nD,2020-10-31,1\n";
  static const char next[] =
      FIRST "A,2020-02-01,5\nB,2020-02-01,6\nC,2020-02-01,7\nD,2020-02-01,1\n";
  wsf_context *ctx = new_context(NULL);
  wsf_forecaster *f = january(ctx, ", freq=day"), *moved = NULL, *then = NULL;
  wsf_dataset *a = opened(ctx, "first", first, ", freq=day");
  wsf_dataset *b = opened(ctx, "next", next, ", freq=day");
  wsf_table *t = NULL;
  CALL(wsf_update(&moved, f, a, "absent=drop", &err));
  CALL(wsf_forecaster_describe(&t, moved, "news", &err));
  assert_int_equal(wsf_table_rows(t), 4);
  assert_cell(t, "status", 3, "new");
  assert_cell(t, "reason", 3, "empty");
  assert_cell(t, "first_far", 3, "2020-10-31");
  wsf_table_release(t);
  CALL(wsf_update(&then, moved, b, "strict=true", &err));
  CALL(wsf_forecaster_describe(&t, then, "news", &err));
  for (int i = 0; i < 4; ++i) {
    assert_int_equal(cell(t, "added", i), 1);
    assert_cell(t, "last", i, "2020-02-01");
  }
  wsf_table_release(t);
  t = forecast(then, "horizon=2");
  for (int i = 0; i < 8; ++i) assert_true(isfinite(numbers(t, "forecast")[i]));
  wsf_table_release(t);
  wsf_forecaster_release(then);
  wsf_forecaster_release(moved);
  wsf_forecaster_release(f);
  wsf_dataset_release(a);
  wsf_dataset_release(b);
  wsf_context_release(ctx);
}

static wsf_forecaster *again(wsf_context *ctx, wsf_forecaster *f) {
  static unsigned char bytes[1 << 16];
  size_t size;
  wsf_forecaster *read = NULL;
  CALL(wsf_forecaster_write(f, bytes, sizeof bytes, &size, &err));
  assert_true(size <= sizeof bytes);
  CALL(wsf_forecaster_read(&read, ctx, bytes, size, &err));
  wsf_forecaster_release(f);
  return read;
}

/* Forty days of A without the 35th; B is silent from the 38th on. Then the same days once more with
 * some restated and one late, and again: what was told is seen. */
static void restated_values_are_told_once(void **state) {
  (void)state;
  enum { DAYS = 40 };
  wsf_context *ctx = new_context(NULL);
  wsf_forecaster *f = NULL;
  /* per night: seen, changed, late of A and B */
  static const int expected[3][6] = {{0}, {36, 3, 1, 38, 0, 2}, {41, 0, 0, 41, 0, 0}};
  for (int night = 0; night < 3; ++night) {
    char csv[4096] = FIRST, name[16];
    size_t n = strlen(csv);
    for (int day = 0; day < DAYS + night; ++day) {
      const bool gap = day == 35, restated = day == 7 || day == 8 || day == 30 || day == 39;
      const double zero = day == 20 ? (night > 0 ? -0.0 : 0.0) : 1 + day % 5;
      if (night > 0 || !gap) {
        n += (size_t)snprintf(csv + n, sizeof csv - n, "A,2020-%02d-%02d,%g\n", 1 + day / 31,
                              1 + day % 31, zero + (night > 0 && restated));
      }
      if (night > 0 || day < 38) {
        n += (size_t)snprintf(csv + n, sizeof csv - n, "B,2020-%02d-%02d,7\n", 1 + day / 31,
                              1 + day % 31);
      }
    }
    (void)snprintf(name, sizeof name, "night%d", night);
    wsf_dataset *ds = opened(ctx, name, csv, ", freq=day");
    if (night == 0) {
      f = again(ctx, fitted(ctx, "naive", ds));
    } else {
      wsf_forecaster *moved = NULL;
      wsf_table *t = NULL;
      CALL(wsf_update(&moved, f, ds, NULL, &err));
      CALL(wsf_forecaster_describe(&t, moved, "news", &err));
      for (int i = 0; i < 2; ++i) {
        assert_int_equal(cell(t, "added", i), 1);
        assert_int_equal(cell(t, "seen", i), expected[night][3 * i]);
        assert_int_equal(cell(t, "changed", i), expected[night][3 * i + 1]);
        assert_int_equal(cell(t, "late", i), expected[night][3 * i + 2]);
      }
      wsf_table_release(t);
      wsf_forecaster_release(f);
      f = again(ctx, moved);
    }
    wsf_dataset_release(ds);
  }
  wsf_forecaster_release(f);
  wsf_context_release(ctx);
}

/* The last trading day before Good Friday, and a day in the middle, alone in their feeds. */
static void a_day_of_a_month_is_its_news(void **state) {
  (void)state;
  static const char history[] = FIRST "A,2024-08-30,1\nA,2024-09-30,2\nA,2024-10-31,3\n"
                                      "A,2024-11-29,4\nA,2024-12-31,5\nA,2025-01-31,6\n"
                                      "A,2025-02-28,7\nA,2025-03-31,8\n";
  static const char *const news[] = {FIRST "A,2025-04-17,9\n", FIRST "A,2025-05-12,10\n"};
  static const char *const last[] = {"2025-04-30", "2025-05-30"};
  for (int given = 0; given < 2; ++given) {
    const char *options = given ? ", freq=month" : "";
    wsf_context *ctx = new_context(NULL);
    wsf_dataset *ds = opened(ctx, "history", history, options);
    wsf_forecaster *f = fitted(ctx, "naive", ds);
    wsf_dataset_release(ds);
    for (int k = 0; k < 2; ++k) {
      char name[8];
      wsf_forecaster *moved = NULL;
      wsf_table *t = NULL;
      (void)snprintf(name, sizeof name, "n%d", k);
      ds = opened(ctx, name, news[k], options);
      CALL(wsf_update(&moved, f, ds, "strict=true", &err));
      CALL(wsf_forecaster_describe(&t, moved, "news", &err));
      assert_int_equal(cell(t, "added", 0), 1);
      assert_int_equal(cell(t, "missing", 0), 0);
      assert_cell(t, "last", 0, last[k]);
      wsf_table_release(t);
      wsf_forecaster_release(f);
      wsf_dataset_release(ds);
      f = moved;
    }
    wsf_forecaster_release(f);
    wsf_context_release(ctx);
  }
}

/* A sale of 1e9 is taken and told, of its own series and against its own history. */
static void what_is_far_too_large_is_told(void **state) {
  (void)state;
  static const int large[3] = {0, 2, 0};
  wsf_context *ctx = new_context("threads=1");
  wsf_forecaster *f = january(ctx, ""), *moved = NULL;
  wsf_dataset *ds = opened(ctx, "large",
                           FIRST "A,2020-01-31,500\nA,2020-02-01,5\nB,2020-01-31,1e9\n"
                                 "B,2020-02-01,-1e9\nC,2020-01-31,7\nC,2020-02-01,7\n",
                           "");
  wsf_table *t = NULL;
  CALL(wsf_update(&moved, f, ds, "strict=true", &err));
  CALL(wsf_forecaster_describe(&t, moved, "news", &err));
  for (int i = 0; i < 3; ++i) assert_int_equal(cell(t, "large", i), large[i]);
  assert_cell(t, "first_large", 1, "2020-01-31");
  assert_cell(t, "first_large", 0, "");
  for (int i = 0; i < 3; ++i) assert_int_equal(cell(t, "added", i), 2);
  wsf_table_release(t);
  wsf_forecaster_release(moved);
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

int test_api_news(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(few_rows_far_ahead_are_left_out),
      cmocka_unit_test(the_next_night_goes_on),
      cmocka_unit_test(restated_values_are_told_once),
      cmocka_unit_test(a_day_of_a_month_is_its_news),
      cmocka_unit_test(what_is_far_too_large_is_told),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
