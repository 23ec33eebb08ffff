#include "features/feature_options.h"

#include "ingest/hint.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

wsf_status wsf__feature_refuse(const wsf__node *node, const char *option, wsf_error *err) {
  wsf__error_at_field(err, option);
  wsf__error_at_byte(err, node->byte);
  return WSF_E_VALUE;
}

wsf_status wsf__feature_find(int *out, const wsf__node *node, const char *option, const char *name,
                             const wsf__panel *panel, wsf_error *err) {
  *out = wsf__panel_find_column(panel, name);
  if (*out >= 0) return WSF_OK;
  char hint[WSF__HINT_BYTES];
  wsf__column_hint(hint, panel, name);
  (void)wsf__fail(err, WSF_E_VALUE, "column '%.64s' does not exist%s", name, hint);
  return wsf__feature_refuse(node, option, err);
}

wsf_status wsf__feature_check_moving(const wsf__node *node, const char *option,
                                     const wsf__panel *panel, wsf_error *err) {
  const wsf__value *of = wsf__arg(node, option);
  for (int i = 0; i < of->n; ++i) {
    int at;
    WSF__TRY(wsf__feature_find(&at, node, option, of->strings[i], panel, err));
    if (panel->column[at].kind != WSF__STATIC) continue;
    (void)wsf__fail(err, WSF_E_VALUE, "column '%.64s' does not change with time", of->strings[i]);
    return wsf__feature_refuse(node, option, err);
  }
  return WSF_OK;
}

wsf__named wsf__feature_named(const wsf__panel *panel, const char *name) {
  wsf__named out = {.name = name, .column = wsf__panel_find_column(panel, name), .key = -1};
  if (out.column >= 0) {
    out.n_categories = panel->column[out.column].n_categories;
    out.category = panel->column[out.column].category;
    out.moves = panel->column[out.column].kind != WSF__STATIC;
    return out;
  }
  out.key = wsf__panel_find_key(panel, name);
  out.n_categories = panel->key[out.key].n_labels;
  out.category = panel->key[out.key].label;
  return out;
}

wsf_status wsf__feature_check_ahead(const wsf__node *node, const char *option, const char *name,
                                    const wsf__panel *panel, wsf_error *err) {
  const int key = wsf__panel_find_key(panel, name);
  int column = wsf__panel_find_column(panel, name);
  if (column < 0 && key >= 0) return WSF_OK;
  WSF__TRY(wsf__feature_find(&column, node, option, name, panel, err));
  if (panel->column[column].kind != WSF__PAST) return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE,
                  "column '%.64s' is not known ahead, %s expects one that is; lags(1, of=[..]) "
                  "reads the others",
                  name, node->spec->name);
  return wsf__feature_refuse(node, option, err);
}

wsf_status wsf__feature_check_names(const wsf__node *node, const char *option,
                                    const wsf__panel *panel, wsf_error *err) {
  const wsf__value *names = wsf__arg(node, option);
  for (int i = 0; i < names->n; ++i) {
    WSF__TRY(wsf__feature_check_ahead(node, option, names->strings[i], panel, err));
  }
  return WSF_OK;
}

wsf_status wsf__feature_check_texts(const wsf__node *node, const char *option,
                                    const wsf__panel *panel, wsf_error *err) {
  const wsf__value *names = wsf__arg(node, option);
  WSF__TRY(wsf__feature_check_names(node, option, panel, err));
  for (int i = 0; i < names->n; ++i) {
    if (wsf__feature_named(panel, names->strings[i]).n_categories > 0) continue;
    (void)wsf__fail(err, WSF_E_VALUE, "column '%.64s' holds numbers, %s expects texts",
                    names->strings[i], node->spec->name);
    return wsf__feature_refuse(node, option, err);
  }
  return WSF_OK;
}

double wsf__feature_named_value(const wsf__feature_view *v, const wsf__named *from, int64_t period,
                                int64_t t) {
  if (from->column >= 0) return wsf__feature_column(v, from->column, period, t);
  const int32_t code = v->panel->key[from->key].code[v->series];
  return code < 0 ? NAN : code;
}

double wsf__feature_code(const wsf__feature_view *v, const wsf__named *from, int64_t period,
                         int64_t t) {
  const double code = wsf__feature_named_value(v, from, period, t);
  if (!isnan(code) || from->column < 0 || from->n_categories == 0) return code;
  const wsf__column *c = &v->panel->column[from->column];
  const int64_t at = from->moves ? period - c->start : 0;
  const bool row = c->group[v->series] >= 0 && !c->vintages && at >= 0 && at < c->periods;
  return row ? -1 : NAN;
}

wsf_status wsf__feature_offsets_check(const wsf__node *node, wsf_error *err) {
  const wsf__value *window = wsf__arg(node, "window");
  if (window->n == 2 && window->numbers[0] <= window->numbers[1]) return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE,
                  "window is no pair of offsets, expected the first and the last, such as [-1,1]");
  return wsf__feature_refuse(node, "window", err);
}

wsf__offsets wsf__feature_offsets(const wsf__node *node, const wsf__named *from) {
  if (!from->moves) return (wsf__offsets){0, 1};
  const double *window = wsf__arg(node, "window")->numbers;
  return (wsf__offsets){(int64_t)window[0], (int64_t)(window[1] - window[0]) + 1};
}

static int64_t names_each(const wsf__node *node, const wsf__named *from, bool texts) {
  return wsf__feature_offsets(node, from).n * (texts ? from->n_categories : 1);
}

int wsf__feature_names_width(const wsf__node *node, const wsf__panel *panel, bool texts) {
  const wsf__value *names = wsf__arg(node, "names");
  int64_t n = 0;
  for (int i = 0; i < names->n; ++i) {
    const wsf__named from = wsf__feature_named(panel, names->strings[i]);
    n += names_each(node, &from, texts);
  }
  return n < INT_MAX ? (int)n : INT_MAX;
}

wsf__named wsf__feature_names_at(const wsf__node *node, const wsf__panel *panel, bool texts,
                                 int *c) {
  const wsf__value *names = wsf__arg(node, "names");
  wsf__named from = wsf__feature_named(panel, names->strings[0]);
  for (int i = 1; *c >= names_each(node, &from, texts); ++i) {
    *c -= (int)names_each(node, &from, texts);
    from = wsf__feature_named(panel, names->strings[i]);
  }
  return from;
}

int64_t wsf__feature_whole_lag(const wsf__node *node, int64_t *furthest) {
  *furthest = WSF__FEATURE_WHOLE;
  return wsf__feature_least(node, "lag");
}

const char *wsf__feature_offset_name(wsf__arena *arena, const char *name, int64_t offset) {
  const size_t room = strlen(name) + 32;
  char *text = wsf__arena_new(arena, room, 1);
  if (!text) return NULL;
  if (offset == 0)
    (void)snprintf(text, room, "%s", name);
  else
    (void)snprintf(text, room, "%s_%s_%" PRId64, name, offset < 0 ? "before" : "after",
                   offset < 0 ? -offset : offset);
  return text;
}

int wsf__feature_statistics(const wsf__node *node) {
  const wsf__value *words = wsf__arg(node, "stats");
  int n = 0;
  for (int i = 0; i < words->n; ++i) {
    const bool quantile = wsf__statistic_of(words->strings[i]) == WSF__STAT_QUANTILE;
    n += quantile ? wsf__arg(node, "q")->n : 1;
  }
  return n;
}

wsf__statistic wsf__feature_statistic(const wsf__node *node, int i, double *q) {
  const wsf__value *words = wsf__arg(node, "stats"), *quantiles = wsf__arg(node, "q");
  *q = 0;
  for (int k = 0;; ++k) {
    const wsf__statistic s = wsf__statistic_of(words->strings[k]);
    const int n = s == WSF__STAT_QUANTILE ? quantiles->n : 1;
    if (i >= n) {
      i -= n;
      continue;
    }
    if (s == WSF__STAT_QUANTILE) *q = quantiles->numbers[i];
    return s;
  }
}

void wsf__feature_statistic_name(const wsf__node *node, int i, char out[40]) {
  double q;
  const wsf__statistic s = wsf__feature_statistic(node, i, &q);
  if (s == WSF__STAT_QUANTILE)
    (void)snprintf(out, 40, "q%.15g", q);
  else
    (void)snprintf(out, 40, "%s", wsf__statistic_word(s));
}

int64_t wsf__feature_least(const wsf__node *node, const char *option) {
  const wsf__value *v = wsf__arg(node, option);
  double least = v->numbers[0];
  for (int i = 1; i < v->n; ++i) least = fmin(least, v->numbers[i]);
  return (int64_t)least;
}

int64_t wsf__feature_most(const wsf__node *node, const char *option) {
  const wsf__value *v = wsf__arg(node, option);
  double most = v->numbers[0];
  for (int i = 1; i < v->n; ++i) most = fmax(most, v->numbers[i]);
  return (int64_t)most;
}

const char *wsf__feature_text(wsf__arena *arena, const char *a, const char *b) {
  const size_t room = strlen(a) + strlen(b) + 1;
  char *out = wsf__arena_new(arena, room, 1);
  if (out) (void)snprintf(out, room, "%s%s", a, b);
  return out;
}

const char *wsf__feature_lag_name(wsf__arena *arena, const char *text, int64_t lag) {
  const size_t room = strlen(text) + 32;
  char *out = wsf__arena_new(arena, room, 1);
  if (!out) return NULL;
  if (lag == 1)
    (void)snprintf(out, room, "%s", text);
  else
    (void)snprintf(out, room, "%s_lag_%" PRId64, text, lag);
  return out;
}
