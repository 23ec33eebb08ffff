/* A small retail panel for the engine's tests: stores x items, monthly, ragged, with gaps, and the
 * odd ones among it: constant, all zero, one observation, two, huge. Built from rows in any order.
 */
#ifndef WSF_TESTS_ENGINE_PANELS_H
#define WSF_TESTS_ENGINE_PANELS_H

#include "support.h"

#include "engine/engine.h"
#include "math/rng.h"

#include <math.h>

enum { STORES = 9, ITEMS = 16, PANEL_MONTHS = 48, PANEL_ROWS = STORES * ITEMS * PANEL_MONTHS };

typedef struct retail {
  wsf__rows rows;
  int32_t store[PANEL_ROWS], item[PANEL_ROWS];
  int64_t time[PANEL_ROWS];
  double y[PANEL_ROWS];
} retail;

static const char *const store_label[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
static const char *const item_label[] = {"ale",  "bread", "corn", "dill", "eggs", "fish",
                                         "gin",  "honey", "ice",  "jam",  "kale", "lime",
                                         "milk", "nuts",  "oats", "plum"};

/* Whole numbers of bits that only depend on the series and the period. */
static inline double noise(int store, int item, int t) {
  uint32_t x = (uint32_t)(store * 7919 + item * 104729 + t * 1299709 + 17);
  x ^= x >> 15;
  x *= 0x2c1b3c6dU;
  x ^= x >> 12;
  x *= 0x297a2d39U;
  x ^= x >> 15;
  return (double)(x % 2001) / 1000 - 1;
}

static inline double retail_value(int store, int item, int t) {
  const int odd = store == 0 ? item : -1;
  switch (odd) {
  case 0:
    return 7; /* constant */
  case 1:
    return 0; /* zero */
  case 2:
    return t == 40 ? 3 : NAN; /* one observation */
  case 3:
    return t == 40 ? 3 : t == 44 ? 5 : NAN; /* two */
  case 4:
    return 1e300 * (1.5 + noise(store, item, t)); /* huge */
  case 5:
    return t < 44 ? NAN : 10 + noise(store, item, t); /* late */
  default:
    break;
  }
  if (t < (store * 5 + item) % 20) return NAN;
  if ((store + item + t) % 17 == 3) return NAN;
  const double season = 20 * sin(0.5235987755982988 * t + item);
  return 100 + 10 * store + 0.5 * t + season + 5 * noise(store, item, t);
}

static inline void retail_add(retail *r, int store, int item, int t) {
  const double y = retail_value(store, item, t);
  if (isnan(y)) return;
  char text[32];
  wsf__time time;
  (void)snprintf(text, sizeof text, "%04d-%02d-01", 2008 + t / 12, 1 + t % 12);
  assert_true(wsf__time_parse(text, strlen(text), &time));
  const int64_t i = r->rows.n++;
  r->store[i] = store;
  r->item[i] = item;
  r->time[i] = time.value;
  r->rows.time_form = time.form;
  r->y[i] = y;
}

/* Months first .. end-1; backwards: the rows in the opposite order. */
static inline wsf__panel *retail_panel(wsf__env *env, int first, int end, bool backwards,
                                       int own_end) {
  retail *r = calloc(1, sizeof *r);
  assert_non_null(r);
  static const char *const names[] = {"store", "item"};
  const int32_t *codes[] = {r->store, r->item};
  const char *const *labels[] = {store_label, item_label};
  const int32_t n_labels[] = {STORES, ITEMS};
  r->rows = (wsf__rows){.n_keys = 2,
                        .key_name = names,
                        .key_code = codes,
                        .key_label = labels,
                        .n_labels = n_labels,
                        .time_name = "month",
                        .target_name = "sales",
                        .time = r->time,
                        .target = r->y};
  for (int k = 0; k < PANEL_ROWS; ++k) {
    const int at = backwards ? PANEL_ROWS - 1 - k : k;
    const int t = at % PANEL_MONTHS, series = at / PANEL_MONTHS;
    if (t >= first && t < end) retail_add(r, series / ITEMS, series % ITEMS, t);
  }
  const wsf__panel_rules rules = {.freq = WSF__MONTH, .own_end = own_end};
  wsf__panel_counts counts;
  wsf_error err;
  wsf__panel *p = NULL;
  if (wsf__panel_build(&p, env, &r->rows, &rules, &counts, &err) != WSF_OK)
    fail_msg("%s", err.message);
  free(r);
  return p;
}

static inline void assert_ok(wsf_status status, const wsf_error *err) {
  if (status != WSF_OK) fail_msg("%s", err->message);
}

static inline void assert_same_table(const wsf_table *a, const wsf_table *b) {
  assert_int_equal(wsf_table_rows(a), wsf_table_rows(b));
  assert_int_equal(wsf_table_columns(a), wsf_table_columns(b));
  for (int64_t c = 0; c < wsf_table_columns(a); ++c) {
    assert_string_equal(wsf_table_name(a, c), wsf_table_name(b, c));
    if (strcmp(wsf_table_name(a, c), "seconds") == 0) continue;
    for (int64_t row = 0; row < wsf_table_rows(a); ++row) {
      if (wsf_table_f64(a, c)) {
        assert_memory_equal(&wsf_table_f64(a, c)[row], &wsf_table_f64(b, c)[row], sizeof(double));
        continue;
      }
      char x[256], y[256];
      wsf_table_format(a, c, row, x, sizeof x);
      wsf_table_format(b, c, row, y, sizeof y);
      assert_string_equal(x, y);
    }
  }
}

static inline int64_t find_column(const wsf_table *t, const char *name) {
  const int64_t c = wsf_table_find(t, name);
  if (c < 0) fail_msg("no column %s", name);
  return c;
}

static inline const double *f64_column(const wsf_table *t, const char *name) {
  const double *cells = wsf_table_f64(t, find_column(t, name));
  assert_non_null(cells);
  return cells;
}

static inline const int64_t *i64_column(const wsf_table *t, const char *name) {
  const int64_t *cells = wsf_table_i64(t, find_column(t, name));
  assert_non_null(cells);
  return cells;
}

static inline const char *text_cell(const wsf_table *t, const char *name, int64_t row) {
  return wsf_table_text(t, find_column(t, name), row, NULL);
}

/* Fit, forecast with intervals, and the whole table back. */
static inline wsf_table *forecast(wsf__env *env, const char *model, wsf__panel *p,
                                  const char *options) {
  wsf_error err = {0};
  wsf__fitted_panel *f;
  wsf_table *t;
  assert_ok(wsf__engine_fit(&f, env, model, p, NULL, &err), &err);
  assert_ok(wsf__engine_predict(&t, env, f, NULL, options, &err), &err);
  wsf__fitted_panel_release(f);
  return t;
}

#endif
