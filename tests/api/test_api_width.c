/* An interval without a width says that the future is certain. Every model of the catalogue, on
 * histories that vary but are odd: it has a width, or a reason tells why not; and of the models for
 * one series only those of a history that repeats exactly may do without. */
#include "api_support.h"

enum { MONTHS = 36, AHEAD = 12, ROOM = 1 << 14 };

static double noise(int t) {
  return ((unsigned)(t * 104729 + 17) * 2654435761u >> 20) / 512.0;
}
static double first_alone(int t) {
  return t == 0 ? 5 : 0;
}
static double one_alone(int t) {
  return t == 20 ? 5 : 0;
}
static double last_alone(int t) {
  return t == MONTHS - 1 ? 5 : 0;
}
static double one_more(int t) {
  return t == 20 ? 9 : 7;
}
static double ended(int t) {
  return t < 22 ? 20 + floor(noise(t)) : 0;
}
static double grew_and_ended(int t) {
  return t < 22 ? 30 + 4 * t + floor(noise(t)) : 0;
}
static double season_ended(int t) {
  return t < 24 ? floor(30 + 20 * sin(6.283185307179586 * t / 12) + noise(t)) : 0;
}
static double sold_and_stopped(int t) {
  return t < 18 ? 80 : 0;
}
static double step_up(int t) {
  return t < 18 ? 20 : 80;
}
static double two_values(int t) {
  return t % 2 ? 3 : 7;
}
static double season(int t) {
  return t * t % 12 + 1;
}
static double line(int t) {
  return 10 + 2 * t;
}
static double to_zero(int t) {
  return t < 30 ? 60 - 2 * t : 0;
}

static const struct {
  const char *name;
  double (*at)(int t);
  bool repeats;
} history[] = {{"first_alone", first_alone, false},
               {"one_alone", one_alone, false},
               {"last_alone", last_alone, false},
               {"one_more", one_more, false},
               {"ended", ended, false},
               {"grew_and_ended", grew_and_ended, false},
               {"season_ended", season_ended, false},
               {"sold_and_stopped", sold_and_stopped, false},
               {"step_up", step_up, false},
               {"to_zero", to_zero, false},
               {"two_values", two_values, true},
               {"season", season, true},
               {"line", line, true}};
enum { SERIES = sizeof history / sizeof *history };

static wsf_dataset *open_odd(wsf_context *ctx) {
  static char text[ROOM];
  size_t used = (size_t)snprintf(text, ROOM, "id,month,sales\n");
  for (int i = 0; i < SERIES; ++i) {
    for (int t = 0; t < MONTHS; ++t) {
      used += (size_t)snprintf(text + used, ROOM - used, "%s,%d-%02d-01,%g\n", history[i].name,
                               2021 + t / 12, t % 12 + 1, history[i].at(t));
    }
  }
  assert_true(used < ROOM);
  wsf_dataset *ds = NULL;
  CALL(wsf_context_add_bytes(ctx, "odd", text, used, NULL, NULL, &err));
  CALL(wsf_dataset_open(&ds, ctx, "csv(\"odd\", keys=id, time=month, target=sales, freq=month)",
                        &err));
  return ds;
}

static int history_of(const wsf_table *t, int64_t row) {
  const char *name = wsf_table_text(t, wsf_table_find(t, "id"), row, NULL);
  int i = 0;
  while (i < SERIES && strcmp(history[i].name, name) != 0) ++i;
  assert_true(i < SERIES);
  return i;
}

/* leaf: a model for one series, whose interval has a width where the history does not repeat. */
static void check(wsf_context *ctx, const wsf_dataset *ds, const char *model, bool leaf) {
  wsf_forecaster *f = fitted(ctx, model, ds);
  wsf_table *t = forecast(f, "horizon=12, levels=[80], reasons=true");
  const double *lo = numbers(t, "lo-80"), *hi = numbers(t, "hi-80"), *mean = numbers(t, "forecast");
  assert_int_equal(wsf_table_rows(t), SERIES * AHEAD);
  for (int64_t row = 0; row < wsf_table_rows(t); ++row) {
    const int i = history_of(t, row);
    const char *reason = wsf_table_text(t, wsf_table_find(t, "reason"), row, NULL);
    const bool wide = hi[row] - lo[row] > 1e-5;
    if (wide || (strcmp(reason, "ok") != 0 && (!leaf || history[i].repeats))) continue;
    fail_msg("%s of %s: %g in [%g, %g], %s", model, history[i].name, mean[row], lo[row], hi[row],
             reason);
  }
  wsf_table_release(t);
  wsf_forecaster_release(f);
}

/* NULL: none that all series can have. */
static const char *call_of(const char *group, const char *name, char room[64]) {
  static const char *const own[][2] = {{"lstm", "lstm(epochs=2)"},
                                       {"esrnn", "esrnn(epochs=2)"},
                                       {"auto", NULL}, /* of those below */
                                       {"reconcile", NULL},
                                       {"lowrank", "lowrank(ets, by=all)"},
                                       {"pool", "pool(ets, by=all)"},
                                       {"rebase", "rebase(ets, by=all)"},
                                       {"product", "product(window(8), snaive)"}};
  for (size_t i = 0; i < sizeof own / sizeof *own; ++i) {
    if (strcmp(own[i][0], name) == 0) return own[i][1];
  }
  (void)snprintf(room, 64, strcmp(group, "combine") == 0 ? "%s(ets)" : "%s", name);
  return room;
}

static void every_model_has_a_width_or_a_reason(void **state) {
  (void)state;
  static const char *const more[] = {"prophet(seasonality_mode=multiplicative)", "croston(sba)",
                                     "croston(optimised)", "window(6)", "ets(season=1)"};
  wsf_context *ctx = new_context("threads=1");
  wsf_dataset *ds = open_odd(ctx);
  wsf_table *all = NULL;
  CALL(wsf_catalog(&all, ctx, NULL, &err));
  int checked = 0;
  for (int64_t row = 0; row < wsf_table_rows(all); ++row) {
    char room[64];
    const char *family = wsf_table_text(all, wsf_table_find(all, "family"), row, NULL);
    const char *group = wsf_table_text(all, wsf_table_find(all, "group"), row, NULL);
    const char *name = wsf_table_text(all, wsf_table_find(all, "name"), row, NULL);
    const char *model = strcmp(family, "model") == 0 ? call_of(group, name, room) : NULL;
    if (!model) continue;
    check(ctx, ds, model, strcmp(group, "local") == 0);
    ++checked;
  }
  assert_true(checked > 30);
  for (size_t i = 0; i < sizeof more / sizeof *more; ++i) check(ctx, ds, more[i], true);
  wsf_table_release(all);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* A product that sold in every month, and in none of the last 18, need not sell: croston's forecast
 * stays, its interval begins at 0. */
static void croston_is_not_sure_of_a_sale(void **state) {
  (void)state;
  wsf_context *ctx = new_context("threads=1");
  wsf_dataset *ds = open_odd(ctx);
  wsf_forecaster *f = fitted(ctx, "croston", ds);
  wsf_table *t = forecast(f, "horizon=1, levels=[80], series=[\"sold_and_stopped\",\"step_up\"]");
  assert_float_equal(numbers(t, "forecast")[0], 80, 1e-9);
  assert_true(numbers(t, "lo-80")[0] == 0 && numbers(t, "hi-80")[0] == 80);
  assert_true(numbers(t, "lo-80")[1] > 0); /* it sold last month */
  wsf_table_release(t);
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

int test_api_width(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_model_has_a_width_or_a_reason),
      cmocka_unit_test(croston_is_not_sure_of_a_sale),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
