/* Statistics of the last values, of the target or of columns: the level, the spread and the demand
 * of late. A window of w periods with a lag of l ends l periods before the one that is forecast,
 * and is known for steps 1 .. l. Missing values are passed over; a window that ends after what is
 * known is missing, one that begins before the first observation has what there is (`least` asks
 * for more). Time is linear in the data, whatever the windows' widths. */
#include "features/feature_options.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static const wsf__option options[] = {
    WSF__STATISTICS_ROW,
    {"windows", WSF__INTS, NULL, 1, 100000, NULL, "periods in a window, such as [4,13]"},
    WSF__LAG_ROW,
    {"of", WSF__NAMES, "", 0, 0, NULL, "columns to read in place of the target"},
    {"least", WSF__INT, "1", 1, 100000, NULL,
     "fewest observations that a window must hold to be told"},
    WSF__QUANTILES_ROW};

static wsf_status check(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  WSF__TRY(wsf__feature_check_moving(node, "of", panel, err));
  const wsf__value *of = wsf__arg(node, "of");
  for (int i = 0; i < of->n; ++i) {
    if (panel->column[wsf__panel_find_column(panel, of->strings[i])].n_categories == 0) continue;
    (void)wsf__fail(err, WSF_E_VALUE, "column '%.64s' holds texts, rolling expects numbers",
                    of->strings[i]);
    return wsf__feature_refuse(node, "of", err);
  }
  return WSF_OK;
}

static int width(const wsf__node *node, const wsf__panel *panel) {
  (void)panel;
  const int of = wsf__arg(node, "of")->n;
  const int64_t n = (int64_t)(of > 0 ? of : 1) * wsf__feature_statistics(node);
  const int64_t each = (int64_t)wsf__arg(node, "windows")->n * wsf__arg(node, "lag")->n;
  return n * each < INT_MAX ? (int)(n * each) : INT_MAX;
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  (void)panel;
  const wsf__value *lag = wsf__arg(node, "lag"), *windows = wsf__arg(node, "windows");
  const wsf__value *of = wsf__arg(node, "of");
  const int64_t back = (int64_t)lag->numbers[c % lag->n];
  c /= lag->n;
  const int64_t periods = (int64_t)windows->numbers[c % windows->n];
  c /= windows->n;
  char statistic[40];
  wsf__feature_statistic_name(node, c % wsf__feature_statistics(node), statistic);
  const char *name = of->n > 0 ? of->strings[c / wsf__feature_statistics(node)] : "";
  const size_t room = strlen(name) + 80;
  char *text = wsf__arena_new(arena, room, 1);
  if (!text) return WSF_E_MEMORY;
  (void)snprintf(text, room, "%s%srolling_%s_%" PRId64, name, *name ? "_" : "", statistic, periods);
  *out = (wsf__feature){.name = wsf__feature_lag_name(arena, text, back)};
  return out->name ? WSF_OK : WSF_E_MEMORY;
}

/* Periods from the furthest that is read to the one that is forecast. */
static int64_t span(const wsf__node *node) {
  return wsf__feature_most(node, "lag") + wsf__feature_most(node, "windows") - 1;
}

static int64_t lag(const wsf__node *node, int64_t *furthest) {
  const bool target = wsf__arg(node, "of")->n == 0;
  *furthest = target ? span(node) : 0;
  return target ? wsf__feature_least(node, "lag") : 0;
}

static int64_t reach(const wsf__node *node) {
  return wsf__arg(node, "of")->n > 0 ? span(node) : 0;
}

/* All windows of one source. z holds the values from `span` periods before t to the one before the
 * last row; what ends at `known` or later is missing. */
static wsf_status tell(const wsf__feature_view *v, const wsf__node *node, const double *z,
                       int64_t known, int64_t t, int64_t rows, float *x, int64_t stride) {
  const wsf__value *lags = wsf__arg(node, "lag"), *windows = wsf__arg(node, "windows");
  for (int s = 0; s < wsf__feature_statistics(node); ++s) {
    wsf__windows w = {.n = rows, .least = wsf__arg_int(node, "least")};
    const wsf__statistic statistic = wsf__feature_statistic(node, s, &w.q);
    for (int k = 0; k < windows->n; ++k) {
      w.width = (int64_t)windows->numbers[k];
      for (int l = 0; l < lags->n; ++l, x += stride) {
        const int64_t back = (int64_t)lags->numbers[l];
        const int64_t first = t - back - w.width + 1;
        w.z = z + (span(node) - back - w.width + 1);
        w.anchor = first - v->panel->first[v->series];
        const wsf__mark mark = wsf__arena_mark(v->scratch);
        if (!wsf__windows_slide(&w, statistic, v->scratch, x)) return wsf__fail_memory(v->err);
        wsf__arena_reset(v->scratch, mark);
        const int64_t unknown = known + back - t;
        for (int64_t r = unknown > 0 ? unknown : 0; r < rows; ++r) x[r] = NAN;
      }
    }
  }
  return WSF_OK;
}

/* All windows of a column: at once, but where what was known of it depends on the row. */
static wsf_status tell_column(const wsf__feature_view *v, const wsf__node *node, int column,
                              double *z, int64_t t, int64_t rows, float *x, int64_t stride) {
  const wsf__column *c = &v->panel->column[column];
  const int64_t known = c->kind == WSF__PAST ? v->end : INT64_MAX / 2;
  const int64_t step = c->vintages ? 1 : rows;
  for (int64_t r = 0; r < rows; r += step) {
    const int64_t first = t + r - span(node), n = span(node) + step - 1;
    for (int64_t i = 0; i < n; ++i) {
      z[i] = wsf__feature_column(v, column, first + i, t + r + step - 1);
    }
    WSF__TRY(tell(v, node, z, known, t + r, step, x + r, stride));
  }
  return WSF_OK;
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const wsf__value *of = wsf__arg(node, "of");
  const int64_t n = span(node) + rows - 1, each = width(node, v->panel) / (of->n > 0 ? of->n : 1);
  double *z = wsf__arena_new(v->scratch, (size_t)n, sizeof *z);
  if (!z) return wsf__fail_memory(v->err);
  if (of->n == 0) {
    wsf__feature_targets(v, t - span(node), n, z);
    return tell(v, node, z, v->t0 + v->n, t, rows, x, stride);
  }
  for (int i = 0; i < of->n; ++i, x += each * stride) {
    const int column = wsf__panel_find_column(v->panel, of->strings[i]);
    WSF__TRY(tell_column(v, node, column, z, t, rows, x, stride));
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_rolling = {
    .spec = {.family = "feature",
             .group = "history",
             .name = "rolling",
             .summary = "statistics of the last values of the target, or of columns",
             .source = "van Herk 1992; Chan, Golub and LeVeque 1983 (std)",
             .since = "0.2.0",
             .example = "rolling(mean, [4,13])",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .check = check,
    .width = width,
    .column = column,
    .lag = lag,
    .reach = reach,
    .fill = fill,
};
