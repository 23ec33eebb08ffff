/* auto where much is known ahead: made-up days of shops that close on Sundays and sell nothing
 * then, with promotions, school holidays and fairs, whose effects multiply. */
#include "api_support.h"

enum { DAYS = 391, AHEAD = 28, SHOPS = 3, ROOM = 1 << 18 };

static const double by_weekday[] = {1.2, 1.0, 0.95, 0.95, 1.1, 1.3, 0}; /* Monday first */

static bool promoted(int t) {
  return t / 7 % 2 == 1 && t % 7 < 5;
}
static bool at_school(int t) {
  return t % 91 >= 14;
}
static bool fair(int t) {
  return t % 37 == 9;
}
static bool open_at(int t) {
  return t % 7 != 6;
}

/* What a shop sells on a day that is not disturbed; day 0 is a Sunday, on which it is closed. */
static double expected(int shop, int t) {
  const int day = t + 6;
  return (80 + 20 * shop) * by_weekday[day % 7] * (promoted(day) ? 1.4 : 1) *
         (at_school(day) ? 1 : 1.1) * (fair(day) ? 1.5 : 1);
}

/* "2018-01-01" for t = 1. */
static void date_of(int t, char out[48]) {
  static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int year = 2017, month = 11, day = 30 + t; /* 2017-12-31 was a Sunday */
  for (; day >= length[month]; month = (month + 1) % 12) {
    day -= length[month];
    year += month == 11;
  }
  (void)snprintf(out, 48, "%d-%02d-%02d", year, month + 1, day + 1);
}

static char *rows_of(int from, int days, bool told) {
  char *text = malloc(ROOM);
  size_t used =
      (size_t)snprintf(text, ROOM, "Store,Date,Sales%s\n", told ? ",Open,Promo,School,Event" : "");
  for (int i = 0; i < SHOPS; ++i) {
    uint32_t seed = 7 + (uint32_t)i;
    for (int t = 0; t < days + AHEAD; ++t) {
      seed = seed * 1664525u + 1013904223u;
      if (t < from) continue;
      char date[48];
      date_of(t, date);
      const double noise = 0.98 + 0.04 * (double)(seed >> 8) / 16777216.0;
      char sales[32] = "";
      if (t < days) (void)snprintf(sales, sizeof sales, "%.6f", expected(i, t) * noise);
      used += (size_t)snprintf(text + used, ROOM - used, "%d,%s,%s", i + 1, date, sales);
      if (told) {
        used += (size_t)snprintf(text + used, ROOM - used, ",%d,%d,%d,%s", open_at(t + 6),
                                 promoted(t + 6), at_school(t + 6), fair(t + 6) ? "Fair" : "");
      }
      text[used++] = '\n';
    }
  }
  assert_true(used < ROOM);
  text[used] = '\0';
  return text;
}

static wsf_dataset *open_rows(wsf_context *ctx, int from, int days, bool told) {
  wsf_dataset *ds;
  char *text = rows_of(from, days, told);
  CALL(wsf_context_add_bytes(ctx, "sales", text, strlen(text), NULL, NULL, &err));
  CALL(wsf_dataset_open(&ds, ctx,
                        told ? "csv(\"sales\", keys=Store, time=Date, target=Sales, text=Event, "
                               "known=[Open,Promo,School,Event])"
                             : "csv(\"sales\", keys=Store, time=Date, target=Sales)",
                        &err));
  CALL(wsf_context_remove_source(ctx, "sales", &err));
  free(text);
  return ds;
}

/* Mean absolute error over what is expected; nothing is sold by who is closed. */
static double error_of(const wsf_table *t, int days, bool told) {
  const double *mean = numbers(t, "forecast");
  double error = 0, size = 0;
  for (int i = 0; i < SHOPS; ++i) {
    for (int h = 0; h < AHEAD; ++h) {
      if (told && !open_at(days + h + 6)) assert_true(mean[i * AHEAD + h] == 0);
      error += fabs(mean[i * AHEAD + h] - expected(i, days + h));
      size += expected(i, days + h);
    }
  }
  return error / size;
}

static wsf_table *ahead(const wsf_forecaster *f) {
  return forecast(f, "horizon=28, levels=[80]");
}

static void columns_are_used_and_closed_days_masked(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=1"), *more = new_context("threads=3");
  wsf_dataset *told = open_rows(ctx, 0, DAYS, true), *untold = open_rows(ctx, 0, DAYS, false);
  wsf_dataset *same = open_rows(more, 0, DAYS, true);
  static const char *const model = "auto(horizon=28, effort=quick)";
  wsf_forecaster *with = fitted(ctx, model, told), *without = fitted(ctx, model, untold);
  wsf_forecaster *threads = fitted(more, model, same);
  wsf_table *a = ahead(with), *b = ahead(without), *c = ahead(threads);
  const double with_columns = error_of(a, DAYS, true), alone = error_of(b, DAYS, false);
  if (!(with_columns < 0.03) || !(alone > 3 * with_columns)) {
    fail_msg("%g with columns, %g without", with_columns, alone);
  }
  assert_memory_equal(numbers(a, "forecast"), numbers(c, "forecast"),
                      SHOPS * AHEAD * sizeof(double));
  assert_memory_equal(numbers(a, "lo-80"), numbers(c, "lo-80"), SHOPS * AHEAD * sizeof(double));
  wsf_table *series;
  CALL(wsf_forecaster_describe(&series, with, "series", &err));
  for (int i = 0; i < SHOPS; ++i) {
    assert_string_equal(wsf_table_text(series, wsf_table_find(series, "reason"), i, NULL),
                        "closed");
  }
  wsf_table_release(series);
  wsf_table_release(a);
  wsf_table_release(b);
  wsf_table_release(c);
  wsf_forecaster_release(with);
  wsf_forecaster_release(without);
  wsf_forecaster_release(threads);
  wsf_dataset_release(told);
  wsf_dataset_release(untold);
  wsf_dataset_release(same);
  wsf_context_release(ctx);
  wsf_context_release(more);
}

/* One shop from day `from` on, whose column `Open` ends `told` days after the history; closed on
 * Sundays of a history that begins with day 0, or on every ninth day. */
static wsf_dataset *open_until(wsf_context *ctx, int from, int days, int told, bool on_sundays) {
  char *text = malloc(ROOM);
  size_t used = (size_t)snprintf(text, ROOM, "Date,Sales,Open\n");
  for (int t = from; t < days + told; ++t) {
    char date[48], sales[32] = "";
    const bool open = on_sundays ? open_at(t + 6) || from > 0 : t % 9 != 4;
    date_of(t, date);
    if (t < days) (void)snprintf(sales, sizeof sales, "%d", open ? 90 + t * 7 % 11 : 0);
    used += (size_t)snprintf(text + used, ROOM - used, "%s,%s,%d\n", date, sales, open);
  }
  wsf_dataset *ds;
  CALL(wsf_context_add_bytes(ctx, "shop", text, used, NULL, NULL, &err));
  CALL(wsf_dataset_open(&ds, ctx, "csv(\"shop\", time=Date, target=Sales, known=[Open])", &err));
  CALL(wsf_context_remove_source(ctx, "shop", &err));
  free(text);
  return ds;
}

static void hear_warning(int32_t level, const char *line, void *user) {
  if (level == 1) (void)snprintf(user, 512, "%s", line);
}

/* Beyond the end of the column a weekday that was always closed stays closed; days that no weekday
 * tells are forecast as open; either is said, with how many they are. */
static void days_beyond_the_column_are_told(void **state) {
  (void)state;
  static const char *const models[] = {"auto(snaive, average)", "clamp(auto(snaive, average))"};
  enum { TOLD = 10 };
  for (int k = 0; k < 6; ++k) {
    char line[512] = "";
    const bool on_sundays = k % 2 == 0, whole = k >= 4;
    wsf_context *ctx = new_context("threads=1");
    wsf_dataset *ds = open_until(ctx, 0, DAYS, whole ? AHEAD : TOLD, on_sundays);
    wsf_forecaster *f = fitted(ctx, models[k / 2 % 2], ds);
    wsf_context_set_log(ctx, hear_warning, line);
    wsf_table *t = forecast(f, "horizon=28, reasons=true, levels=[80]");
    const double *mean = numbers(t, "forecast"), *hi = numbers(t, "hi-80");
    for (int h = 0; h < AHEAD; ++h) {
      const bool open = on_sundays ? open_at(DAYS + h + 6) : (DAYS + h) % 9 != 4;
      const bool shut = !open && (whole || on_sundays || h < TOLD);
      assert_true(shut ? mean[h] == 0 && hi[h] == 0 : mean[h] > 40);
      assert_string_equal(wsf_table_text(t, wsf_table_find(t, "reason"), h, NULL),
                          whole ? "closed" : "untold");
    }
    if (whole)
      assert_string_equal(line, "");
    else
      assert_non_null(strstr(line, "no value for 18 of 28 periods ahead of 1 of 1 series"));
    wsf_table_release(t);
    wsf_forecaster_release(f);
    wsf_dataset_release(ds);
    wsf_context_release(ctx);
  }
}

/* A shop that begins to open on Sundays is not closed on those to come. */
static void an_open_sunday_ends_the_pattern(void **state) {
  (void)state;
  enum { LATER = DAYS + 14 };
  wsf_context *ctx = new_context("threads=1");
  wsf_dataset *before = open_until(ctx, 0, DAYS, 0, true);
  wsf_dataset *news = open_until(ctx, DAYS, LATER, 0, true);
  wsf_forecaster *f = fitted(ctx, "auto(snaive, average)", before), *moved;
  CALL(wsf_update(&moved, f, news, NULL, &err));
  wsf_table *a = ahead(f), *b = ahead(moved);
  for (int h = 0; h < AHEAD; ++h) {
    assert_true((numbers(a, "forecast")[h] == 0) == !open_at(DAYS + h + 6));
    assert_true(numbers(b, "forecast")[h] > 40);
  }
  wsf_table_release(a);
  wsf_table_release(b);
  wsf_forecaster_release(f);
  wsf_forecaster_release(moved);
  wsf_dataset_release(before);
  wsf_dataset_release(news);
  wsf_context_release(ctx);
}

/* A saved forecaster says the same; moved on it still knows on which days nobody sells. */
static void files_and_updates_keep_closed_days(void **state) {
  (void)state;
  enum { EARLIER = DAYS - 20 };
  wsf_context *ctx = new_context("threads=1");
  wsf_dataset *before = open_rows(ctx, 0, EARLIER, true);
  wsf_dataset *news = open_rows(ctx, EARLIER, DAYS, true);
  wsf_forecaster *f = fitted(ctx, "auto(ets(season=7, x=[known]), snaive, horizon=14)", before), *g,
                 *moved;
  size_t size;
  CALL(wsf_forecaster_write(f, NULL, 0, &size, &err));
  void *bytes = malloc(size);
  CALL(wsf_forecaster_write(f, bytes, size, &size, &err));
  CALL(wsf_forecaster_read(&g, ctx, bytes, size, &err));
  wsf_table *a = ahead(f), *b = ahead(g), *c, *fits;
  assert_same_table(a, b);
  assert_true(error_of(a, EARLIER, true) < 0.15);
  CALL(wsf_update(&moved, g, news, NULL, &err));
  c = ahead(moved);
  assert_true(error_of(c, DAYS, true) < 0.15);
  wsf_model *model = new_model(ctx, "auto(ets(season=7, x=[known]), snaive, horizon=14)");
  wsf_forecaster *kept;
  CALL(wsf_fit(&kept, model, before, "fitted=true", &err));
  CALL(wsf_forecaster_describe(&fits, kept, "fitted", &err));
  const double *y = numbers(fits, "target"), *told = numbers(fits, "fitted");
  assert_int_equal(wsf_table_rows(fits), SHOPS * EARLIER);
  for (int t = 0; t < EARLIER; ++t) {
    if (!open_at(t + 6)) assert_true(y[t] == 0 && told[t] == 0);
    if (open_at(t + 6) && t > 60) assert_true(fabs(told[t] - y[t]) < 0.3 * y[t]);
  }
  wsf_table_release(a);
  wsf_table_release(b);
  wsf_table_release(c);
  wsf_table_release(fits);
  wsf_forecaster_release(f);
  wsf_forecaster_release(g);
  wsf_forecaster_release(moved);
  wsf_forecaster_release(kept);
  wsf_model_release(model);
  wsf_dataset_release(before);
  wsf_dataset_release(news);
  wsf_context_release(ctx);
  free(bytes);
}

/* Where the future has no columns, those without forecast alone. */
static void futures_without_columns_are_forecast(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=1");
  wsf_dataset *ds = open_rows(ctx, 0, DAYS, true);
  wsf_forecaster *f = fitted(ctx, "auto(ets(season=7, x=[known]), average, horizon=14)", ds);
  wsf_table *t = forecast(f, "horizon=56, reasons=true");
  const double *mean = numbers(t, "forecast");
  for (int i = 0; i < SHOPS; ++i) {
    assert_string_equal(wsf_table_text(t, wsf_table_find(t, "reason"), i * 56, NULL), "replaced");
    for (int h = 0; h < 56; ++h) { /* one mean where it is open, also beyond all that is known */
      const double shown = !open_at(DAYS + h + 6) ? 0 : mean[i * 56 + 55];
      assert_true(mean[i * 56 + h] == shown);
    }
    assert_true(mean[i * 56 + 55] > 50);
  }
  wsf_table_release(t);
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* ---- a column with gaps -------------------------------------------------------------------- */

/* One shop with promotions, and a deal of which nothing is known before day `since`. */
static wsf_dataset *open_deals(wsf_context *ctx, int from, int days, int since) {
  char *text = malloc(ROOM);
  size_t used = (size_t)snprintf(text, ROOM, "day,sales,promo,deal\n");
  uint32_t seed = 3;
  for (int t = 0; t < days + AHEAD; ++t) {
    char date[48], sales[32] = "", deal[32] = "";
    seed = seed * 1664525u + 1013904223u;
    const double noise = (double)(seed >> 8) / 16777216.0;
    if (t < from) continue;
    date_of(t, date);
    if (t < days) (void)snprintf(sales, sizeof sales, "%.6f", 100 + 40 * promoted(t) + 4 * noise);
    if (t >= since) (void)snprintf(deal, sizeof deal, "%.3f", 0.5 + (double)(t * 7 % 11));
    used +=
        (size_t)snprintf(text + used, ROOM - used, "%s,%s,%d,%s\n", date, sales, promoted(t), deal);
  }
  wsf_dataset *ds;
  CALL(wsf_context_add_bytes(ctx, "deals", text, used, NULL, NULL, &err));
  CALL(wsf_dataset_open(&ds, ctx, "csv(\"deals\", time=day, target=sales, known=[promo,deal])",
                        &err));
  CALL(wsf_context_remove_source(ctx, "deals", &err));
  free(text);
  return ds;
}

/* It is left out and named, in the fit, in its file and in an update; those beside it serve. With
 * few gaps it stays. */
static void a_column_with_gaps_costs_no_other(void **state) {
  (void)state;
  static const char *const model[] = {"tslm(x=[known])", "tslm(x=[promo])", "tslm(x=[promo,deal])"};
  enum { LATER = DAYS + 7 };
  for (int gaps = 0; gaps < 2; ++gaps) {
    char line[512] = "";
    wsf_context *ctx = new_context("threads=1");
    wsf_dataset *ds = open_deals(ctx, 0, DAYS, gaps ? 250 : 10);
    wsf_dataset *news = open_deals(ctx, DAYS, LATER, 0);
    wsf_context_set_log(ctx, hear_warning, line);
    wsf_forecaster *f = fitted(ctx, model[0], ds), *g, *moved, *same, *like;
    assert_true(gaps == (strstr(line, "known leaves out deal, ") != NULL));
    wsf_context_set_log(ctx, NULL, NULL);
    like = fitted(ctx, model[gaps ? 1 : 2], ds);
    size_t size;
    CALL(wsf_forecaster_write(f, NULL, 0, &size, &err));
    void *bytes = malloc(size);
    CALL(wsf_forecaster_write(f, bytes, size, &size, &err));
    CALL(wsf_forecaster_read(&g, ctx, bytes, size, &err));
    CALL(wsf_update(&moved, g, news, NULL, &err));
    CALL(wsf_update(&same, like, news, NULL, &err));
    wsf_table *a = ahead(g), *b = ahead(like), *c = ahead(moved), *d = ahead(same);
    assert_same_table(a, b);
    assert_same_table(c, d);
    wsf_table_release(a);
    wsf_table_release(b);
    wsf_table_release(c);
    wsf_table_release(d);
    wsf_forecaster_release(f);
    wsf_forecaster_release(g);
    wsf_forecaster_release(moved);
    wsf_forecaster_release(like);
    wsf_forecaster_release(same);
    wsf_dataset_release(ds);
    wsf_dataset_release(news);
    wsf_context_release(ctx);
    free(bytes);
  }
}

/* And auto regresses on what is left, which it says. */
static void gaps_leave_auto_its_regressions(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=1");
  wsf_dataset *ds = open_deals(ctx, 0, DAYS, 250);
  wsf_forecaster *f = fitted(ctx, "auto(horizon=28, effort=quick)", ds);
  wsf_table *t = ahead(f), *told;
  double error = 0;
  for (int h = 0; h < AHEAD; ++h) {
    error += fabs(numbers(t, "forecast")[h] - (102 + 40 * promoted(DAYS + h))) / AHEAD;
  }
  if (!(error < 3)) fail_msg("%g", error);
  CALL(wsf_forecaster_describe(&told, f, "explain", &err));
  const char *why = wsf_table_text(told, wsf_table_find(told, "explanation"), 0, NULL);
  assert_non_null(strstr(why, "No candidate regresses on deal, "));
  wsf_table_release(t);
  wsf_table_release(told);
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* Holidays of a country, which no column tells: the day sells twice as much. */
static void a_country_has_holidays(void **state) {
  (void)state;
  static const char *const holidays[] = {"2018-01-01", "2018-01-15", "2018-02-19", "2018-05-28",
                                         "2018-07-04", "2018-09-03", "2018-10-08", "2018-11-11",
                                         "2018-11-22", "2018-12-25", "2019-01-01", "2019-01-21",
                                         "2019-02-18", "2019-05-27", "2019-07-04"};
  enum { UNTIL = 520, JULY_4 = 550 };
  char text[1 << 14], date[48];
  size_t used = (size_t)snprintf(text, sizeof text, "day,sales\n");
  uint32_t seed = 3;
  for (int t = 0; t < UNTIL; ++t) {
    seed = seed * 1664525u + 1013904223u;
    date_of(t, date);
    double y = 100 * (0.7 + 0.1 * (t % 7)) * (0.98 + 0.04 * (double)(seed >> 8) / 16777216.0);
    for (size_t k = 0; k < sizeof holidays / sizeof *holidays; ++k) {
      if (strcmp(holidays[k], date) == 0) y += 100;
    }
    used += (size_t)snprintf(text + used, sizeof text - used, "%s,%.6f\n", date, y);
  }
  assert_true(used < sizeof text);
  date_of(JULY_4, date);
  assert_string_equal(date, "2019-07-04");
  wsf_context *ctx = new_context("threads=1");
  wsf_dataset *ds;
  CALL(wsf_context_add_bytes(ctx, "sales", text, used, NULL, NULL, &err));
  CALL(wsf_dataset_open(&ds, ctx, "csv(\"sales\", time=day, target=sales)", &err));
  double error[2];
  for (int with = 0; with < 2; ++with) {
    wsf_forecaster *f = fitted(
        ctx, with ? "auto(us, effort=quick, horizon=35)" : "auto(effort=quick, horizon=35)", ds);
    wsf_table *t = forecast(f, "horizon=35");
    const double expects = 100 * (0.7 + 0.1 * (JULY_4 % 7)) + 100;
    error[with] = fabs(numbers(t, "forecast")[JULY_4 - UNTIL] - expects) / expects;
    wsf_table_release(t);
    wsf_forecaster_release(f);
  }
  if (!(error[1] < 0.1) || !(error[0] > 0.3)) fail_msg("%g with, %g without", error[1], error[0]);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* ---- times that tell no season --------------------------------------------------------------- */

enum { COUNTS = 4, LONG = 70, WEEK = 7 };

/* Series of whole-number times; all but `plain` of them sell more on two of seven. */
static wsf_dataset *open_counted(wsf_context *ctx, int plain, const char *options) {
  char text[1 << 13], source[128];
  size_t used = (size_t)snprintf(text, sizeof text, "id,t,y\n");
  uint32_t seed = 11;
  for (int i = 0; i < COUNTS; ++i) {
    for (int t = 0; t < LONG; ++t) {
      seed = seed * 1664525u + 1013904223u;
      const double noise = 6 * (double)(seed >> 8) / 16777216.0;
      const double y = 100 + noise + (i >= plain && t % WEEK > 4 ? 30 : 0);
      used += (size_t)snprintf(text + used, sizeof text - used, "%d,%d,%.6f\n", i, t + 1, y);
    }
  }
  assert_true(used < sizeof text);
  wsf_dataset *ds;
  (void)snprintf(source, sizeof source, "csv(\"counted\", keys=id, time=t, target=y%s)", options);
  CALL(wsf_context_add_bytes(ctx, "counted", text, used, NULL, NULL, &err));
  CALL(wsf_dataset_open(&ds, ctx, source, &err));
  CALL(wsf_context_remove_source(ctx, "counted", &err));
  return ds;
}

/* What the last series will sell is what it sold, to a few units. */
static bool has_week(const wsf_forecaster *f) {
  wsf_table *t = forecast(f, "horizon=7");
  const double *mean = numbers(t, "forecast") + (COUNTS - 1) * WEEK;
  bool all = true;
  for (int h = 0; h < WEEK; ++h)
    all = all && fabs(mean[h] - 103 - ((LONG + h) % WEEK > 4) * 30) < 8;
  wsf_table_release(t);
  return all;
}

/* The season that most series show is found and told; season= says another, here none. */
static void a_season_is_found_in_whole_numbers(void **state) {
  (void)state;
  static const char *const model = "auto(horizon=7, effort=quick)";
  static const struct {
    int plain;
    const char *options, *model;
    bool found;
  } at[] = {{0, "", model, true},
            {1, "", model, true},
            {3, "", model, false},
            {0, ", season=1", model, false},
            {0, "", "auto(horizon=7, effort=quick, season=1)", false},
            {0, "", "ets", false}};
  for (size_t k = 0; k < sizeof at / sizeof *at; ++k) {
    char line[512] = "";
    wsf_context *ctx = new_context("threads=1");
    wsf_dataset *ds = open_counted(ctx, at[k].plain, at[k].options);
    wsf_context_set_log(ctx, hear_warning, line);
    wsf_forecaster *f = fitted(ctx, at[k].model, ds), *g;
    assert_true(at[k].found == (strstr(line, "fit: a season of 7 is taken") != NULL));
    wsf_context_set_log(ctx, NULL, NULL);
    assert_true(has_week(f) == at[k].found);
    size_t size;
    CALL(wsf_forecaster_write(f, NULL, 0, &size, &err));
    void *bytes = malloc(size);
    CALL(wsf_forecaster_write(f, bytes, size, &size, &err));
    CALL(wsf_forecaster_read(&g, ctx, bytes, size, &err));
    assert_true(has_week(g) == at[k].found);
    wsf_forecaster_release(f);
    wsf_forecaster_release(g);
    wsf_dataset_release(ds);
    wsf_context_release(ctx);
    free(bytes);
  }
}

/* ---- units --------------------------------------------------------------------------------- */

enum { COUNTED = 6, COUNTED_DAYS = 50, COUNTED_AHEAD = 7 };

/* Daily counts with a promotion, in units of `unit`: some are zero nearly throughout, one is never
 * zero. */
static wsf_dataset *open_counts(wsf_context *ctx, double unit) {
  wsf_builder *b = NULL;
  wsf_dataset *ds = NULL;
  CALL(wsf_builder_create(&b, ctx, "keys=[shop], time=day, target=y, known=[promo], freq=day",
                          &err));
  for (int i = 0; i < COUNTED; ++i) {
    uint32_t seed = 91 + 7 * (uint32_t)i;
    for (int t = 0; t < COUNTED_DAYS + COUNTED_AHEAD; ++t) {
      char date[48], name[8];
      const char *const keys[] = {name};
      seed = seed * 1664525u + 1013904223u;
      const double u = (double)(seed >> 8) / 16777216.0, promo = t % 11 == i % 3;
      const double level = i == 0 ? 1 + 6 * u * u : i < 3 ? 5 * u : 1.3 * u;
      const double count = floor(level * (1 + promo) * by_weekday[t % 7]) + (i == 0);
      date_of(t, date);
      (void)snprintf(name, sizeof name, "%d", i);
      CALL(wsf_builder_add(b, keys, date, t < COUNTED_DAYS ? unit * count : NAN, &promo, &err));
    }
  }
  CALL(wsf_builder_finish(&ds, b, &err));
  wsf_builder_release(b);
  return ds;
}

/* Pieces, and pieces of 2^30 or 2^-30: the same bits, intervals too. */
static void counts_in_other_units_are_the_same_bits(void **state) {
  (void)state;
  static const char mixed[] = "auto(log(ets(x=[known])), ets(search=newton, x=[known]), "
                              "lowrank(snaive, rank=2))";
  static const char *const models[] = {"auto(effort=quick)", "auto", mixed};
  static const char *const column[] = {"forecast", "lo-80", "hi-80"};
  static const int powers[] = {-30, 30, 5};
  for (int k = 0; k < 3; ++k) {
    wsf_context *ctx = new_context("threads=2");
    wsf_dataset *ds = open_counts(ctx, 1);
    wsf_forecaster *f = fitted(ctx, models[k], ds);
    wsf_table *a = forecast(f, "horizon=7, levels=[80]");
    for (int p = 0; p < (k == 1 ? 1 : 3); ++p) {
      wsf_dataset *other = open_counts(ctx, ldexp(1, powers[p]));
      wsf_forecaster *g = fitted(ctx, models[k], other);
      wsf_table *b = forecast(g, "horizon=7, levels=[80]");
      for (int c = 0; c < 3; ++c) {
        const double *x = numbers(a, column[c]), *y = numbers(b, column[c]);
        for (int r = 0; r < COUNTED * COUNTED_AHEAD; ++r) {
          if (y[r] != ldexp(x[r], powers[p])) {
            fail_msg("%s, times 2^%d, %s of row %d: %a is not %a", models[k], powers[p], column[c],
                     r, ldexp(y[r], -powers[p]), x[r]);
          }
        }
      }
      wsf_table_release(b);
      wsf_forecaster_release(g);
      wsf_dataset_release(other);
    }
    wsf_table_release(a);
    wsf_forecaster_release(f);
    wsf_dataset_release(ds);
    wsf_context_release(ctx);
  }
}

int test_api_auto(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(columns_are_used_and_closed_days_masked),
      cmocka_unit_test(days_beyond_the_column_are_told),
      cmocka_unit_test(an_open_sunday_ends_the_pattern),
      cmocka_unit_test(files_and_updates_keep_closed_days),
      cmocka_unit_test(futures_without_columns_are_forecast),
      cmocka_unit_test(a_column_with_gaps_costs_no_other),
      cmocka_unit_test(gaps_leave_auto_its_regressions),
      cmocka_unit_test(a_country_has_holidays),
      cmocka_unit_test(a_season_is_found_in_whole_numbers),
      cmocka_unit_test(counts_in_other_units_are_the_same_bits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
