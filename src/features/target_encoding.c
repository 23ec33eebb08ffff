/* A text as the mean of the target that came with it, of all series, up to `lag` periods before the
 * one that is forecast: in the order of time, so no row sees its own target or a later one. Few
 * observations are drawn towards the mean of all by `weight` of them (Micci-Barreca 2001, equation
 * 3, with n / (n + weight)). After the end of a history it stays as it was known there. It reads
 * other series' histories, so it is for tables and for models that learn on a panel. */
#include "features/feature_options.h"

static const wsf__option options[] = {
    {"names", WSF__NAMES, NULL, 0, 0, NULL, "text columns known ahead or static, and keys"},
    WSF__LAG_ROW,
    {"weight", WSF__REAL, "10", 0, 1e9, NULL, "observations that the mean of all counts for"}};

/* Up to the end of each period, of each category and, in the last row, of all. */
typedef struct sums {
  wsf__named from;
  const double *sum, *count; /* [(n_categories + 1) * T] */
} sums;

static wsf_status check(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  return wsf__feature_check_texts(node, "names", panel, err);
}

static int width(const wsf__node *node, const wsf__panel *panel) {
  (void)panel;
  return wsf__arg(node, "names")->n * wsf__arg(node, "lag")->n;
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  (void)panel;
  const wsf__value *lag = wsf__arg(node, "lag");
  const char *text =
      wsf__feature_text(arena, "target_encoding_", wsf__arg(node, "names")->strings[c / lag->n]);
  if (!text) return WSF_E_MEMORY;
  *out =
      (wsf__feature){.name = wsf__feature_lag_name(arena, text, (int64_t)lag->numbers[c % lag->n])};
  return out->name ? WSF_OK : WSF_E_MEMORY;
}

/* The category of a series at a period, as it was known then; -1: none. */
static int64_t category_at(const wsf__panel *p, const wsf__named *from, int64_t i, int64_t t) {
  if (from->key >= 0) return p->key[from->key].code[i];
  const double code = wsf__panel_value_at(p, from->column, i, t, t);
  return isnan(code) ? -1 : (int64_t)code;
}

static wsf_status add_up(sums *s, const wsf__panel *p, wsf__arena *arena, wsf_error *err) {
  const int64_t all = s->from.n_categories, T = p->T;
  size_t cells;
  if (!wsf__mul((size_t)all + 1, (size_t)T, &cells)) return wsf__fail_memory(err);
  double *sum = wsf__arena_zero(arena, cells, sizeof *sum);
  double *count = wsf__arena_zero(arena, cells, sizeof *count);
  if (!sum || !count) return wsf__fail_memory(err);
  for (int64_t i = 0; i < p->n; ++i) {
    if (wsf__panel_is_sum(p, i)) continue;
    for (int64_t k = 0; k < p->length[i]; ++k) {
      const double y = p->y[p->offset[i] + k];
      const int64_t t = p->first[i] + k, category = category_at(p, &s->from, i, t);
      if (isnan(y)) continue;
      sum[all * T + t] += y;
      count[all * T + t] += 1;
      if (category < 0) continue;
      sum[category * T + t] += y;
      count[category * T + t] += 1;
    }
  }
  for (int64_t c = 0; c <= all; ++c) {
    for (int64_t t = 1; t < T; ++t) {
      sum[c * T + t] += sum[c * T + t - 1];
      count[c * T + t] += count[c * T + t - 1];
    }
  }
  s->sum = sum;
  s->count = count;
  return WSF_OK;
}

static wsf_status share(const void **out, const wsf__node *node, const wsf__panel *panel,
                        wsf__arena *arena, wsf_error *err) {
  const wsf__value *names = wsf__arg(node, "names");
  sums *s = wsf__arena_new(arena, (size_t)names->n, sizeof *s);
  if (!s) return wsf__fail_memory(err);
  for (int i = 0; i < names->n; ++i) {
    s[i] = (sums){.from = wsf__feature_named(panel, names->strings[i])};
    WSF__TRY(add_up(&s[i], panel, arena, err));
  }
  *out = s;
  return WSF_OK;
}

/* Known at the end of period t. */
static double encode(const sums *s, int64_t T, double category, int64_t t, double weight) {
  const int64_t all = s->from.n_categories;
  if (isnan(category) || t < 0 || s->count[all * T + t] == 0) return NAN;
  const int64_t at = (int64_t)category * T + t;
  const double mean = s->sum[all * T + t] / s->count[all * T + t];
  const double n = s->count[at] + weight;
  return n == 0 ? mean : (s->sum[at] + weight * mean) / n;
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  const wsf__value *lags = wsf__arg(node, "lag");
  const double weight = wsf__arg_number(node, "weight");
  for (int i = 0; i < wsf__arg(node, "names")->n; ++i) {
    const sums *s = (const sums *)v->shared + i;
    for (int l = 0; l < lags->n; ++l, x += stride) {
      for (int64_t r = 0; r < rows; ++r) {
        const int64_t last = t + r - (int64_t)lags->numbers[l];
        const double category = wsf__feature_named_value(v, &s->from, t + r, t + r);
        x[r] = wsf__feature_float(
            encode(s, v->panel->T, category, last < v->end ? last : v->end - 1, weight));
      }
    }
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_target_encoding = {
    .spec = {.family = "feature",
             .group = "columns",
             .name = "target_encoding",
             .summary = "texts and labels as the mean of the target that came with them so far",
             .source = "Micci-Barreca 2001",
             .since = "0.2.0",
             .example = "target_encoding([event,shop])",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .check = check,
    .width = width,
    .column = column,
    .lag = wsf__feature_whole_lag,
    .share = share,
    .fill = fill,
    .others = true,
};
