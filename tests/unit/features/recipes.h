/* For tests of features: a panel of any frequency with gaps and columns of every kind, a recipe
 * from its text, and a feature of one series as an array. */
#ifndef WSF_TESTS_RECIPES_H
#define WSF_TESTS_RECIPES_H

#include "support.h"

#include "engine/engine.h"
#include "features/recipe.h"

#include <math.h>

enum { SHOPS = 3, PERIODS = 90, AHEAD = 20, COLUMNS = 5, ROWS = SHOPS * (PERIODS + AHEAD) };

static inline void assert_ok(wsf_status status, const wsf_error *err) {
  if (status != WSF_OK) fail_msg("%s", err->message);
}

static inline void open_env(wsf__env *env, wsf__arena *arena) {
  assert_true(wsf__env_init(env, &wsf__alloc_libc));
  wsf__arena_init(arena, &env->alloc);
}

static inline void close_env(wsf__env *env, wsf__arena *arena, wsf__panel *p) {
  wsf__panel_release(p);
  wsf__arena_free(arena);
  wsf__env_free(env);
}

/* Seconds of period t of a calendar that begins on 2019-12-25. */
static inline int64_t time_at(int32_t freq, int64_t t) {
  const int64_t start = wsf__days_from_civil(2019, 12, 25);
  switch (freq) {
  case WSF__HOUR:
    return start * 86400 + t * 3600;
  case WSF__DAY:
    return (start + t) * 86400;
  case WSF__WEEK:
    return (start + 7 * t) * 86400;
  case WSF__INTEGER:
    return 100 + t;
  default: {
    const int64_t months = 11 + t * (freq == WSF__MONTH ? 1 : freq == WSF__QUARTER ? 3 : 12);
    return wsf__days_from_civil(2019 + months / 12, (int)(months % 12) + 1, 5) * 86400;
  }
  }
}

/* Bits that look random and depend on what they are for alone. */
static inline double noise(int64_t a, int64_t b, int64_t c) {
  uint64_t x = (uint64_t)(a * 7919 + b * 104729 + c * 1299709 + 17) * UINT64_C(0x9e3779b97f4a7c15);
  x ^= x >> 29;
  x *= UINT64_C(0xbf58476d1ce4e5b9);
  x ^= x >> 32;
  return (double)(x % 200001) / 1000 - 100;
}

/* Sales of a shop; missing before it opens and in gaps. */
static inline double sales(int shop, int64_t t) {
  if (t < 4 * shop || (t > 4 * shop && (t * 7 + shop) % 13 == 5)) return NAN;
  return noise(0, shop, t);
}

static inline double event_at(int shop, int64_t t) {
  const int64_t day = (t + 2 * shop) % 9;
  return day == 3 ? 0 : day == 7 ? 1 : NAN;
}

/* Columns: price (known ahead), visitors (past), weather (past, words), size (static), event (known
 * ahead, words, mostly none). */
static inline wsf__panel *shops(wsf__env *env, int32_t freq, int own_end) {
  static const char *const names[] = {"shop"}, *const labels[] = {"east", "north", "west"};
  static const char *const weather[] = {"sun", "rain", "snow"}, *const event[] = {"fair", "sale"};
  static int32_t code[ROWS];
  static int64_t time[ROWS];
  static double y[ROWS], value[COLUMNS][ROWS];
  const int32_t *codes[] = {code};
  const char *const *label[] = {labels};
  const int32_t n_labels[] = {SHOPS};
  const wsf__row_column column[COLUMNS] = {
      {.name = "price", .kind = WSF__KNOWN, .value = value[0]},
      {.name = "visitors", .kind = WSF__PAST, .value = value[1]},
      {.name = "weather",
       .kind = WSF__PAST,
       .n_categories = 3,
       .category = weather,
       .value = value[2]},
      {.name = "size", .kind = WSF__STATIC, .value = value[3]},
      {.name = "event",
       .kind = WSF__KNOWN,
       .n_categories = 2,
       .category = event,
       .value = value[4]}};
  wsf__rows rows = {.n_keys = 1,
                    .key_name = names,
                    .key_code = codes,
                    .key_label = label,
                    .n_labels = n_labels,
                    .time_name = "date",
                    .target_name = "sales",
                    .time = time,
                    .time_form = freq == WSF__INTEGER ? WSF__FORM_INTEGER
                                 : freq == WSF__HOUR  ? WSF__FORM_TIME
                                                      : WSF__FORM_DATE,
                    .target = y,
                    .n_columns = COLUMNS,
                    .column = column};
  for (int shop = 0; shop < SHOPS; ++shop) {
    const int64_t end = own_end ? PERIODS - 3 * shop : PERIODS;
    for (int64_t t = 0; t < end + AHEAD; ++t) {
      const int64_t r = rows.n++;
      code[r] = shop;
      time[r] = time_at(freq, t);
      y[r] = t < end ? sales(shop, t) : NAN;
      value[0][r] = noise(1, shop, t);
      value[1][r] = t < end ? noise(2, shop, t) : NAN;
      value[2][r] = t < end ? floor(fabs(noise(3, shop, t))) : NAN;
      value[2][r] -= 3 * floor(value[2][r] / 3);
      value[3][r] = 10 * shop;
      value[4][r] = event_at(shop, t);
    }
  }
  const wsf__panel_rules rules = {.freq = freq, .own_end = own_end};
  wsf__panel_counts counts;
  wsf_error err;
  wsf__panel *p = NULL;
  assert_ok(wsf__panel_build(&p, env, &rows, &rules, &counts, &err), &err);
  return p;
}

static inline wsf_status try_recipe(wsf__recipe *out, wsf__arena *arena, const wsf__panel *p,
                                    const char *text, wsf_error *err) {
  const wsf__value *calls;
  WSF__TRY(wsf__recipe_parse(&calls, arena, wsf__engine_catalog(), text, err));
  return wsf__recipe_make(out, arena, calls, p, err);
}

static inline wsf__recipe recipe_of(wsf__arena *arena, const wsf__panel *p, const char *text) {
  wsf__recipe r;
  wsf_error err;
  assert_ok(try_recipe(&r, arena, p, text, &err), &err);
  return r;
}

/* The view of a whole history. */
static inline wsf__feature_view view_of(const wsf__recipe *r, const wsf__panel *p, int64_t series,
                                        wsf__arena *scratch) {
  return wsf__recipe_view(r, series, p->y + p->offset[series], p->first[series], p->length[series],
                          scratch, NULL);
}

static inline void assert_bits(const float *a, const float *b, int64_t n, const char *what) {
  for (int64_t i = 0; i < n; ++i) {
    if (memcmp(&a[i], &b[i], sizeof *a) != 0 && !(isnan(a[i]) && isnan(b[i]))) {
      fail_msg("%s: value %d is %g, expected %g", what, (int)i, (double)b[i], (double)a[i]);
    }
  }
}

/* What a recipe of this text is refused with. */
static inline void refused(const wsf__panel *p, const char *text, wsf_status status, int64_t byte,
                           const char *part) {
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  wsf__recipe r;
  wsf_error err;
  const wsf_status got = try_recipe(&r, &arena, p, text, &err);
  if (got != status || err.byte != byte || !strstr(err.message, part)) {
    fail_msg("%s: status %d, byte %d, \"%s\"", text, (int)got, (int)err.byte, err.message);
  }
  wsf__arena_free(&arena);
}

#endif
