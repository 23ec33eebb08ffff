/* A value against what is usual: a price over the mean of its own last periods (a discount is below
 * 1), or over the mean of its group in the same period (dear or cheap in its department). Of a
 * group count the series that had begun before the period. Over 0, or over nothing, it is missing.
 */
#include "features/feature_options.h"
#include "features/groups.h"

#include <inttypes.h>
#include <stdio.h>

static const wsf__option options[] = {
    {"names", WSF__NAMES, NULL, 0, 0, NULL, "columns of numbers known ahead, such as a price"},
    {"window", WSF__INTS, "", 1, 100000, NULL, "last periods whose mean it is divided by"},
    {"by", WSF__NAMES, "", 0, 0, NULL,
     "keys and static columns that a group shares, whose mean it is divided by"}};

/* The mean of each group and period, one table for each name. */
typedef struct shared {
  wsf__groups groups;
  int64_t periods;
  const double *mean; /* [names * groups * periods] */
} shared;

static wsf_status check_column(const wsf__node *node, const char *name, const wsf__panel *panel,
                               wsf_error *err) {
  int column;
  WSF__TRY(wsf__feature_find(&column, node, "names", name, panel, err));
  WSF__TRY(wsf__feature_check_ahead(node, "names", name, panel, err));
  const wsf__column *c = &panel->column[column];
  const char *trouble = NULL;
  if (c->kind == WSF__STATIC)
    trouble = "does not change with time";
  else if (c->n_categories > 0)
    trouble = "holds texts, relative expects numbers";
  else if (c->vintages && wsf__arg(node, "by")->n > 0)
    trouble = "is revised, by= expects values that stay";
  if (!trouble) return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE, "column '%.64s' %s", name, trouble);
  return wsf__feature_refuse(node, "names", err);
}

static wsf_status check(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  const wsf__value *names = wsf__arg(node, "names");
  if (wsf__arg(node, "window")->n == 0 && wsf__arg(node, "by")->n == 0) {
    (void)wsf__fail(err, WSF_E_VALUE, "relative has neither window nor by, expected one of them");
    return wsf__feature_refuse(node, "window", err);
  }
  for (int i = 0; i < names->n; ++i) {
    WSF__TRY(check_column(node, names->strings[i], panel, err));
  }
  return wsf__groups_check(node, "by", panel, err);
}

static int each(const wsf__node *node) {
  return wsf__arg(node, "window")->n + (wsf__arg(node, "by")->n > 0);
}

static int width(const wsf__node *node, const wsf__panel *panel) {
  (void)panel;
  return wsf__arg(node, "names")->n * each(node);
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  (void)panel;
  const wsf__value *window = wsf__arg(node, "window");
  const char *name = wsf__arg(node, "names")->strings[c / each(node)];
  const char *text = wsf__feature_text(arena, name, "_relative");
  if (!text) return WSF_E_MEMORY;
  const int k = c % each(node);
  if (k < window->n) {
    char tail[32];
    (void)snprintf(tail, sizeof tail, "_%" PRId64, (int64_t)window->numbers[k]);
    text = wsf__feature_text(arena, text, tail);
  } else {
    text = wsf__groups_name(arena, text, wsf__arg(node, "by"));
  }
  *out = (wsf__feature){.name = text};
  return text ? WSF_OK : WSF_E_MEMORY;
}

/* The means of one column: each period counts the series that began before it. */
static wsf_status average(double *mean, double *count, const wsf__groups *groups,
                          const wsf__panel *p, int column, int64_t periods, wsf__arena *arena,
                          wsf_error *err) {
  wsf__watch watch = {.scratch = arena};
  for (int64_t i = 0; i < p->n; ++i) {
    if (wsf__watch_ends(&watch, periods)) return wsf__fail_stopped(arena->work_of, err);
    if (groups->of[i] < 0) continue;
    for (int64_t t = p->first[i] + 1; t < periods; ++t) {
      const double x = wsf__panel_value(p, column, i, t);
      if (isnan(x)) continue;
      mean[groups->of[i] * periods + t] += x;
      count[groups->of[i] * periods + t] += 1;
    }
  }
  for (int64_t k = 0; k < groups->n * periods; ++k)
    mean[k] = count[k] > 0 ? mean[k] / count[k] : NAN;
  return WSF_OK;
}

static wsf_status share(const void **out, const wsf__node *node, const wsf__panel *panel,
                        wsf__arena *arena, wsf_error *err) {
  const wsf__value *names = wsf__arg(node, "names"), *by = wsf__arg(node, "by");
  if (by->n == 0) return WSF_OK;
  shared *s = wsf__arena_new(arena, 1, sizeof *s);
  if (!s) return wsf__fail_memory(err);
  WSF__TRY(wsf__groups_make(&s->groups, arena, panel, by, err));
  s->periods = panel->T + panel->ahead;
  size_t cells, all;
  if (!wsf__mul((size_t)s->groups.n, (size_t)s->periods, &cells) ||
      !wsf__mul(cells, (size_t)names->n, &all)) {
    return wsf__fail_memory(err);
  }
  double *mean = wsf__arena_zero(arena, all, sizeof *mean);
  double *count = wsf__arena_zero(arena, all, sizeof *count);
  if (!mean || !count) return wsf__fail_memory(err);
  for (int i = 0; i < names->n; ++i) {
    WSF__TRY(average(mean + (size_t)i * cells, count + (size_t)i * cells, &s->groups, panel,
                     wsf__panel_find_column(panel, names->strings[i]), s->periods, arena, err));
  }
  s->mean = mean;
  *out = s;
  return WSF_OK;
}

static double over(double value, double usual) {
  return usual == 0 ? NAN : value / usual;
}

/* Rows t .. against the last `periods`: at once, but where what was known depends on the row. */
static wsf_status against_past(const wsf__feature_view *v, int column, int64_t periods, int64_t t,
                               int64_t rows, float *x) {
  const int64_t step = v->panel->column[column].vintages ? 1 : rows;
  double *z = wsf__arena_new(v->scratch, (size_t)(periods + step - 1), sizeof *z);
  if (!z) return wsf__fail_memory(v->err);
  for (int64_t r = 0; r < rows; r += step) {
    const wsf__mark mark = wsf__arena_mark(v->scratch);
    const int64_t first = t + r - periods;
    const wsf__windows w = {.z = z,
                            .n = step,
                            .width = periods,
                            .anchor = first - v->panel->first[v->series],
                            .least = 1};
    for (int64_t i = 0; i < periods + step - 1; ++i) {
      z[i] = wsf__feature_column(v, column, first + i, t + r + step - 1);
    }
    if (!wsf__windows_slide(&w, WSF__STAT_MEAN, v->scratch, x + r)) return wsf__fail_memory(v->err);
    wsf__arena_reset(v->scratch, mark);
  }
  for (int64_t r = 0; r < rows; ++r) {
    /* rounded as the mean is: a price that never moved is 1 times its own */
    const float value = wsf__feature_float(wsf__feature_column(v, column, t + r, t + r));
    x[r] = wsf__feature_float(over((double)value, (double)x[r]));
  }
  return WSF_OK;
}

/* Table i of what is shared. */
static void against_group(const wsf__feature_view *v, int column, int i, int64_t t, int64_t rows,
                          float *x) {
  const shared *s = v->shared;
  const int64_t group = s->groups.of[v->series];
  for (int64_t r = 0; r < rows; ++r) {
    const int64_t at = t + r;
    const bool there = group >= 0 && at >= 0 && at < s->periods;
    const double value = wsf__feature_column(v, column, at, at);
    const int64_t cell = (i * s->groups.n + group) * s->periods + at;
    x[r] = there ? wsf__feature_float(over(value, s->mean[cell])) : NAN;
  }
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const wsf__value *names = wsf__arg(node, "names"), *window = wsf__arg(node, "window");
  for (int i = 0; i < names->n; ++i) {
    const int column = wsf__panel_find_column(v->panel, names->strings[i]);
    for (int k = 0; k < window->n; ++k, x += stride) {
      WSF__TRY(against_past(v, column, (int64_t)window->numbers[k], t, rows, x));
    }
    if (!v->shared) continue;
    against_group(v, column, i, t, rows, x);
    x += stride;
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_relative = {
    .spec = {.family = "feature",
             .group = "columns",
             .name = "relative",
             .summary = "a price over the mean of its last periods, or of its group",
             .source = "",
             .since = "0.2.0",
             .example = "relative(price, window=[4,13])",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .check = check,
    .width = width,
    .column = column,
    .lag = wsf__feature_no_lag,
    .share = share,
    .fill = fill,
};
