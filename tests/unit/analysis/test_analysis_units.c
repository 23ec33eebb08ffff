/* No analysis depends on the units of the data, nor on where their zero lies unless it must: data
 * multiplied by a power of two give the same bits, multiplied by anything else the same within
 * EPSILON, shifted the same. All words of wsf_analyze and its options are walked, and every column
 * has its row below: one that is new, or of a new analysis, is refused until it says how it moves.
 */
#include "support.h"

#include "analysis/analysis.h"
#include "analysis/boxcox_lambda.h"
#include "analysis/classical.h"
#include "math/rng.h"

#include <math.h>

static const double EPSILON = 1e-9;

typedef struct column {
  const char *name; /* or how it begins, with an asterisk */
  int power;        /* of the unit */
  int level;        /* how often a shift of the data is added; NO: where zero lies matters */
} column;
enum { NO = -1 };

static const column columns[] = {
    {"id", 0, 0},
    {"date", 0, 0},
    {"sales", 1, 1},
    {"observations", 0, 0},
    {"missing", 0, 0},
    {"zeros", 0, NO},
    {"mean", 1, 1},
    {"cv", 0, NO},
    {"interval", 0, NO},
    {"cv2", 0, NO},
    {"pattern", 0, NO},
    {"trend_strength", 0, 0},
    {"season_strength", 0, 0},
    {"acf1", 0, 0},
    {"lag", 0, 0},
    {"acf", 0, 0},
    {"pacf", 0, 0},
    {"trend", 1, 1},
    {"seasonal*", 1, 0},
    {"remainder", 1, 0},
    {"adjusted", 1, 1},
    {"rank", 0, 0},
    {"period", 0, 0},
    {"strength", 0, 0},
    {"p", 0, 0},
    {"test", 0, 0},
    {"around", 0, 0},
    {"statistic", 0, 0},
    {"critical", 0, 0},
    {"lags", 0, 0},
    {"says", 0, 0},
    {"differences", 0, 0},
    {"mean_before", 1, 1},
    {"sd_before", 1, 0},
    {"mean_after", 1, 1},
    {"sd_after", 1, 0},
    {"gain", 0, 0},
    {"expected", 1, 1},
};

static const column *column_of(const wsf_table *t, int64_t c, const char *options) {
  /* acf and pacf, whose limit has no unit; outliers, where it is a distance */
  static const column limit[] = {{"limit", 0, 0}, {"limit", 1, 0}};
  const char *name = wsf_table_name(t, c);
  if (strcmp(name, "limit") == 0) return &limit[strstr(options, "outliers") != NULL];
  for (size_t i = 0; i < sizeof columns / sizeof *columns; ++i) {
    const size_t n = strcspn(columns[i].name, "*");
    if (strncmp(columns[i].name, name, n) == 0 && (columns[i].name[n] || !name[n]))
      return &columns[i];
  }
  fail_msg("%s: how does column %s move with the data? It has no row in this test", options, name);
  return NULL;
}

/* ---- series ------------------------------------------------------------------------------- */

enum { MONTHS = 90 };
enum { REGULAR, GAPS, SOLD, CHANGED, NEGATIVE, ODD, WALK, FLAT, SHORT, KINDS };

static double value_of(int kind, int t, wsf__rng *r, double *walk) {
  const double season = sin(t * 0.5235987755982988), noise = wsf__rng_normal(r);
  *walk += noise;
  switch (kind) {
  case GAPS:
    return t % 7 == 4 ? NAN : 50 + 10 * season + noise;
  case SOLD:
    return t % 3 == 0 ? floor(4 + 2 * fabs(noise)) : 0;
  case CHANGED:
    return 30 + 2 * noise + (t > 40 ? 25 : 0);
  case NEGATIVE:
    return 20 * season + 3 * noise - 5;
  case ODD:
    return 100 + 15 * season + noise + (t == 37 ? 90 : 0) - (t == 61 ? 70 : 0);
  case WALK:
    return 200 + *walk;
  case FLAT:
    return 7.1;
  case SHORT:
    return t < 9 ? 10 + noise : NAN;
  default:
    return 100 + 0.5 * t + 20 * season + 5 * noise;
  }
}

static wsf__panel *panel_of(wsf__env *env, double unit, double shift) {
  enum { ROWS = KINDS * MONTHS };
  static int32_t code[ROWS];
  static int64_t time[ROWS];
  static double y[ROWS];
  static const char *const name[] = {"id"};
  static const char *const label[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
  const int32_t *const codes[] = {code};
  const char *const *const labels[] = {label};
  for (int kind = 0; kind < KINDS; ++kind) {
    wsf__rng r;
    wsf__rng_init(&r, 11, (uint64_t)kind);
    double walk = 0;
    for (int t = 0; t < MONTHS; ++t) {
      const int row = kind * MONTHS + t;
      code[row] = kind;
      time[row] = wsf__days_from_civil(2010 + t / 12, t % 12 + 1, 1) * 86400;
      /* so many digits that a shift is exact */
      y[row] = unit * (round(value_of(kind, t, &r, &walk) * 1024) / 1024 + shift);
    }
  }
  const wsf__rows rows = {.n = ROWS,
                          .n_keys = 1,
                          .key_name = name,
                          .key_code = codes,
                          .key_label = labels,
                          .n_labels = (const int32_t[]){KINDS},
                          .time_name = "date",
                          .target_name = "sales",
                          .time = time,
                          .time_form = WSF__FORM_DATE,
                          .target = y};
  const wsf__panel_rules rules = {.freq = WSF__MONTH};
  wsf__panel *p;
  wsf_error err;
  if (wsf__panel_build(&p, env, &rows, &rules, NULL, &err) != WSF_OK) fail_msg("%s", err.message);
  return p;
}

/* ---- requests: every word of `what`, with every option that has a choice -------------------- */

static const wsf__option *option_of(const char *name) {
  for (int i = 0; i < wsf__spec_analyze.n_options; ++i) {
    if (strcmp(wsf__spec_analyze.options[i].name, name) == 0) return &wsf__spec_analyze.options[i];
  }
  return NULL;
}

/* The i-th word of a choice; false: there are no more. */
static bool word_of(const char *words, int i, char out[32]) {
  for (; i > 0 && words; --i) {
    words = strchr(words, '|');
    if (words) ++words;
  }
  if (!words) return false;
  (void)snprintf(out, 32, "%.*s", (int)strcspn(words, "|"), words);
  return true;
}

/* The i-th way to set one option, or the season: what is added to the request. */
static bool way_of(int i, char out[64]) {
  static const char *const others[] = {"", ", season=1", ", season=4", ", lags=30",
                                       ", seasons=[4,12]"};
  const int n = sizeof others / sizeof *others;
  if (i < n) {
    (void)snprintf(out, 64, "%s", others[i]);
    return true;
  }
  i -= n;
  for (int k = 0; k < wsf__spec_analyze.n_options; ++k) {
    const wsf__option *o = &wsf__spec_analyze.options[k];
    char word[32];
    if (o->kind != WSF__FLAG && (!o->words || strcmp(o->name, "what") == 0)) continue;
    for (int w = 0; word_of(o->kind == WSF__FLAG ? "true" : o->words, w, word); ++w) {
      if (i-- == 0) {
        (void)snprintf(out, 64, ", %s=%s", o->name, word);
        return true;
      }
    }
  }
  return false;
}

static const wsf__spec *no_spec(int i) {
  (void)i;
  return NULL;
}

static wsf_table *table_of(wsf__env *env, const wsf__panel *p, const char *options) {
  const wsf__catalog catalog = {no_spec};
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  const wsf__node *node;
  wsf_table *t = NULL;
  wsf_error err;
  wsf_status status =
      wsf__expr_arguments(&node, &arena, &catalog, &wsf__spec_analyze, options, &err);
  if (status == WSF_OK) status = wsf__analyze(&t, env, p, node, &err);
  if (status != WSF_OK) fail_msg("%s: %s", options, err.message);
  wsf__arena_free(&arena);
  return t;
}

/* ---- comparison ----------------------------------------------------------------------------- */

static void same_cells(const wsf_table *was, const wsf_table *is, int64_t c, const char *what) {
  for (int64_t row = 0; row < wsf_table_rows(was); ++row) {
    const bool null = wsf_table_is_null(was, c, row);
    bool same = null == wsf_table_is_null(is, c, row);
    if (same && !null && wsf_table_type(was, c) == WSF_TYPE_TEXT) {
      same = strcmp(wsf_table_text(was, c, row, NULL), wsf_table_text(is, c, row, NULL)) == 0;
    } else if (same && !null) {
      same = wsf_table_i64(was, c)[row] == wsf_table_i64(is, c)[row];
    }
    if (!same) fail_msg("%s, row %d: %s is another", what, (int)row, wsf_table_name(was, c));
  }
}

/* What the values of a column are measured by, for each series: its largest and, where it has a
 * unit, that of the data, of which it is a part. */
static void sizes_of(const wsf_table *t, const wsf__panel *p, int64_t c, int power,
                     double size[KINDS]) {
  const double *x = wsf_table_f64(t, c);
  for (int64_t i = 0; i < KINDS; ++i) {
    size[i] = 0;
    for (int64_t k = 0; power && k < p->length[i]; ++k) {
      size[i] = fmax(size[i], fabs(p->y[p->offset[i] + k])); /* NaN: passed over */
    }
  }
  for (int64_t row = 0; row < wsf_table_rows(t); ++row) {
    double *of = &size[wsf_table_text(t, 0, row, NULL)[0] - 'a'];
    *of = fmax(*of, fabs(x[row]));
  }
}

static void compare(const wsf_table *was, const wsf_table *is, const wsf__panel *p, double unit,
                    double shift, double epsilon, const char *options) {
  char what[256];
  (void)snprintf(what, sizeof what, "%s, times %g plus %g", options, unit, shift);
  if (wsf_table_rows(was) != wsf_table_rows(is)) {
    fail_msg("%s: %d rows, expected %d", what, (int)wsf_table_rows(is), (int)wsf_table_rows(was));
  }
  for (int64_t c = 0; c < wsf_table_columns(was); ++c) {
    const column *rule = column_of(was, c, options);
    if (shift != 0 && rule->level == NO) continue;
    const double *x = wsf_table_f64(was, c), *y = wsf_table_f64(is, c);
    if (!x) {
      same_cells(was, is, c, what);
      continue;
    }
    const double factor = rule->power ? unit : 1, add = rule->level == 1 ? shift : 0;
    double size[KINDS];
    sizes_of(was, p, c, rule->power, size);
    for (int64_t row = 0; row < wsf_table_rows(was); ++row) {
      if (isnan(x[row]) && isnan(y[row])) continue;
      const double want = factor * (x[row] + add);
      if (y[row] == want) continue;
      const double most = size[wsf_table_text(was, 0, row, NULL)[0] - 'a'] + fabs(shift);
      const double off = fabs(y[row] - want) / (factor * most);
      if (!(off <= epsilon)) {
        fail_msg("%s, row %d: %s is %.17g, expected %.17g (%g off)", what, (int)row,
                 wsf_table_name(was, c), y[row], want, off);
      }
    }
  }
}

static void walk(const double (*change)[2], int n, double epsilon) {
  wsf__env env;
  assert_true(wsf__env_init(&env, &wsf__alloc_libc));
  wsf__panel *p = panel_of(&env, 1, 0), *q[16];
  for (int k = 0; k < n; ++k) q[k] = panel_of(&env, change[k][0], change[k][1]);
  char word[32], way[64], options[128];
  int words = 0;
  for (; word_of(option_of("what")->words, words, word); ++words) {
    for (int i = 0; way_of(i, way); ++i) {
      (void)snprintf(options, sizeof options, "what=%s%s", word, way);
      wsf_table *was = table_of(&env, p, options);
      for (int k = 0; k < n; ++k) {
        wsf_table *is = table_of(&env, q[k], options);
        compare(was, is, p, change[k][0], change[k][1], epsilon, options);
        wsf_table_release(is);
      }
      wsf_table_release(was);
    }
  }
  assert_true(words >= 9);
  for (int k = 0; k < n; ++k) wsf__panel_release(q[k]);
  wsf__panel_release(p);
  wsf__env_free(&env);
}

static void powers_of_two_change_no_bit(void **state) {
  (void)state;
  static const double change[][2] = {{2, 0}, {0x1p-40, 0}, {0x1p120, 0}};
  walk(change, sizeof change / sizeof *change, 0);
}

static void units_do_not_matter(void **state) {
  (void)state;
  static const double change[][2] = {{1e-12, 0}, {0.01, 0}, {3, 0}, {1e12, 0}};
  walk(change, sizeof change / sizeof *change, EPSILON);
}

static void levels_shift_what_has_one(void **state) {
  (void)state;
  static const double change[][2] = {{1, -300}, {1, 65536}};
  walk(change, sizeof change / sizeof *change, EPSILON);
}

/* ---- what models ask beside ----------------------------------------------------------------- */

static const wsf__arena nobody = {0}; /* wants the work to end */

static void powers_and_indices_have_no_unit(void **state) {
  (void)state;
  static const double unit[] = {2, 0x1p-40, 0x1p120, 1e-12, 0.01, 3, 1e12};
  for (int kind = 0; kind < KINDS; ++kind) {
    double y[MONTHS], x[MONTHS], was[2][12], is[12], work[12], trend[2][MONTHS], walk = 0;
    wsf__rng r;
    wsf__rng_init(&r, 12, (uint64_t)kind);
    for (int t = 0; t < MONTHS; ++t) y[t] = fabs(value_of(kind, t, &r, &walk));
    const bool whole = kind != GAPS && kind != SHORT;
    bool good[2] = {false, false};
    for (int ratios = 0; whole && ratios < 2; ++ratios)
      good[ratios] = wsf__classical_season(was[ratios], y, MONTHS, 12, ratios, work, &nobody);
    if (whole) wsf__classical_trend(trend[0], y, MONTHS, 12, &nobody);
    for (size_t u = 0; u < sizeof unit / sizeof *unit; ++u) {
      int exponent;
      const double epsilon = frexp(unit[u], &exponent) == 0.5 ? 0 : EPSILON;
      for (int t = 0; t < MONTHS; ++t) x[t] = unit[u] * y[t];
      const double lambda[2] = {wsf__boxcox_lambda(y, MONTHS, 12, -1, &nobody),
                                wsf__boxcox_lambda(x, MONTHS, 12, -1, &nobody)};
      /* where a search ends */
      if (!(fabs(lambda[1] - lambda[0]) <= (epsilon > 0 ? 1e-6 : 0)))
        fail_msg("lambda of %d times %g: %.17g, expected %.17g", kind, unit[u], lambda[1],
                 lambda[0]);
      for (int ratios = 0; whole && ratios < 2; ++ratios) {
        assert_int_equal(wsf__classical_season(is, x, MONTHS, 12, ratios, work, &nobody),
                         good[ratios]);
        for (int j = 0; good[ratios] && j < 12; ++j) {
          const double want = was[ratios][j] * (ratios ? 1 : unit[u]);
          assert_true(fabs(is[j] - want) <= epsilon * (ratios ? 1 : 100 * unit[u]));
        }
      }
      if (!whole) continue;
      wsf__classical_trend(trend[1], x, MONTHS, 12, &nobody);
      for (int t = 0; t < MONTHS; ++t)
        assert_true(fabs(trend[1][t] - unit[u] * trend[0][t]) <= epsilon * 300 * unit[u]);
    }
  }
}

int test_analysis_units(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(powers_of_two_change_no_bit),
      cmocka_unit_test(units_do_not_matter),
      cmocka_unit_test(levels_shift_what_has_one),
      cmocka_unit_test(powers_and_indices_have_no_unit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
