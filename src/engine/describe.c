/* A forecaster as tables: what it is, what became of each series, and how often. */
#include "engine/drive.h"
#include "models/choice.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What predict uses for a series. */
typedef enum source { FROM_ROOT, FROM_FALLBACK, FROM_NOTHING } source;

static source source_of(const wsf__fitted_panel *f, int64_t i) {
  if (f->root->state[i].reason < WSF__NOT_FITTED) return FROM_ROOT;
  return f->fallback->state[i].reason < WSF__NOT_FITTED ? FROM_FALLBACK : FROM_NOTHING;
}

static const wsf__node *used_by(wsf__arena *arena, const wsf__fitted *t, int64_t slot);

/* The mix of a call that has one, as the expression that gives the same: a call, or a weighted
 * mean.
 */
static const wsf__node *mixed_by(wsf__arena *arena, const wsf__fitted *t, const wsf__choice *c,
                                 int64_t slot) {
  wsf__text calls, weights;
  wsf__text_init(&calls, &arena->alloc, WSF__EXPR_BYTES);
  wsf__text_init(&weights, &arena->alloc, WSF__EXPR_BYTES);
  const wsf__node *last = NULL;
  int n = 0;
  for (int call = 0; call < c->calls && !calls.failed; ++call) {
    if (t->inner[call]->state[slot].reason >= WSF__NOT_FITTED) continue;
    last = used_by(arena, t->inner[call], slot);
    if (!last) break;
    wsf__expr_print(&calls, last);
    wsf__text_addz(&calls, ",");
    wsf__text_printf(&weights, "%s%.4g", n++ ? "," : "", c->weight[call]);
  }
  if (n > 1 && last) {
    wsf__text whole;
    wsf__text_init(&whole, &arena->alloc, WSF__EXPR_BYTES);
    wsf__text_printf(&whole, "weighted(%sweights=[%s])", calls.data, weights.data);
    if (whole.failed || calls.failed || weights.failed ||
        wsf__expr_parse(&last, arena, wsf__engine_catalog(), "model", whole.data, whole.length,
                        NULL) != WSF_OK) {
      last = NULL;
    }
    wsf__text_free(&whole);
  }
  wsf__text_free(&calls);
  wsf__text_free(&weights);
  return last;
}

/* The calls that forecast this series: the expression with each best and fallback replaced by what
 * it chose, and auto by its mix. NULL = out of memory. */
static const wsf__node *used_by(wsf__arena *arena, const wsf__fitted *t, int64_t slot) {
  t = wsf__tree_chosen(t, slot);
  const wsf__node *node = t->node;
  const wsf__model_class *class = wsf__class_of(node);
  if (class->choice) return mixed_by(arena, t, class->choice(t, slot), slot);
  if (node->n_inner == 0) return node;
  const int options = node->spec->n_options;
  wsf__node *copy = wsf__arena_new(arena, 1, sizeof *copy);
  wsf__value *arg = wsf__arena_new(arena, (size_t)options, sizeof *arg);
  if (!copy || !arg) return NULL;
  int next = 0;
  for (int o = 0; o < options; ++o) {
    arg[o] = node->arg[o];
    if (arg[o].form != WSF__INNER) continue;
    const wsf__node **inner = wsf__arena_new(arena, (size_t)arg[o].n, sizeof *inner);
    if (!inner) return NULL;
    for (int k = 0; k < arg[o].n; ++k) {
      inner[k] = arg[o].inner[k];
      if (next == node->n_inner || inner[k] != node->inner[next]) continue; /* no model */
      inner[k] = used_by(arena, t->inner[next++], slot);
      if (!inner[k]) return NULL;
    }
    arg[o].inner = inner;
  }
  *copy = *node;
  copy->arg = arg;
  return copy;
}

/* The call that says what form a series took: below calls around one other. */
static const wsf__fitted *form_of(const wsf__fitted *t, int64_t slot) {
  t = wsf__tree_chosen(t, slot);
  while (t->node->n_inner == 1) t = wsf__tree_chosen(t->inner[0], slot);
  return t;
}

static wsf_status put_row(wsf_table *t, int64_t name, int64_t value, const char *word,
                          const char *text, wsf_error *err) {
  WSF__TRY(wsf__table_put(t, name, word, err));
  return wsf__table_put(t, value, text, err);
}

static wsf_status put_count(wsf_table *t, int64_t name, int64_t value, const char *word,
                            int64_t count, wsf_error *err) {
  char text[32];
  (void)snprintf(text, sizeof text, "%lld", (long long)count);
  return put_row(t, name, value, word, text, err);
}

static wsf_status summary(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                          const wsf__node *node, wsf__arena *arena, wsf_error *err) {
  (void)env;
  (void)node;
  (void)arena;
  const wsf__panel *p = f->frame;
  int64_t name, value, count[3] = {0};
  char first[32], last[32], frequency[32];
  for (int64_t i = 0; i < p->n; ++i) ++count[source_of(f, i)];
  wsf__calendar_text(&p->calendar, 0, first);
  wsf__calendar_text(&p->calendar, p->T - 1, last);
  wsf__calendar_name(&p->calendar, frequency);
  WSF__TRY(wsf__table_begin(t, env, 10, err));
  WSF__TRY(wsf__table_add_text(*t, "name", &name, err));
  WSF__TRY(wsf__table_add_text(*t, "value", &value, err));
  WSF__TRY(put_row(*t, name, value, "model", f->text, err));
  WSF__TRY(put_row(*t, name, value, "target", p->target_name, err));
  WSF__TRY(put_count(*t, name, value, "series", p->n, err));
  WSF__TRY(put_count(*t, name, value, "fitted", count[FROM_ROOT], err));
  WSF__TRY(put_count(*t, name, value, "replaced", count[FROM_FALLBACK], err));
  WSF__TRY(put_count(*t, name, value, "empty", count[FROM_NOTHING], err));
  WSF__TRY(put_row(*t, name, value, "frequency", frequency, err));
  WSF__TRY(put_count(*t, name, value, "season", p->season, err));
  WSF__TRY(put_row(*t, name, value, "first", first, err));
  return put_row(*t, name, value, "last", last, err);
}

/* Reasons are few and small: one counter each. */
enum { MOST_REASONS = 128 };

static int bucket(int32_t reason) {
  return reason >= 0 && reason < MOST_REASONS ? (int)reason : MOST_REASONS - 1;
}

static wsf_status report(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                         const wsf__node *node, wsf__arena *arena, wsf_error *err) {
  (void)env;
  (void)node;
  int64_t count[MOST_REASONS][3] = {{0}}, rows = 0;
  for (int64_t i = 0; i < f->frame->n; ++i) {
    ++count[bucket(f->root->state[i].reason)][source_of(f, i)];
  }
  for (int k = 0; k < MOST_REASONS * 3; ++k) rows += count[k / 3][k % 3] > 0;
  int64_t reason, text, used, *series;
  WSF__TRY(wsf__table_begin(t, env, rows, err));
  WSF__TRY(wsf__table_add_text(*t, "reason", &reason, err));
  WSF__TRY(wsf__table_add_i64(*t, "series", WSF_TYPE_I64, &series, err));
  WSF__TRY(wsf__table_add_text(*t, "meaning", &text, err));
  WSF__TRY(wsf__table_add_text(*t, "used", &used, err));
  const char *const with[] = {f->text, wsf__node_text(arena, f->fallback->node), "midrange"};
  if (!with[FROM_FALLBACK]) return wsf__fail_memory(err);
  int64_t row = 0;
  for (int k = 0; k < MOST_REASONS * 3; ++k) {
    if (count[k / 3][k % 3] == 0) continue;
    series[row++] = count[k / 3][k % 3];
    WSF__TRY(wsf__table_put(*t, reason, wsf__reason_word(k / 3), err));
    WSF__TRY(wsf__table_put(*t, text, wsf__reason_text(k / 3), err));
    WSF__TRY(wsf__table_put(*t, used, with[k % 3], err));
  }
  return WSF_OK;
}

static wsf_status series(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                         const wsf__node *node, wsf__arena *arena, wsf_error *err) {
  (void)env;
  (void)node;
  const wsf__panel *p = f->frame;
  int64_t *periods, *first, reason, model, form;
  double *criterion;
  WSF__TRY(wsf__table_begin(t, env, p->n, err));
  WSF__TRY(wsf__table_add_keys(*t, p, NULL, p->n, 1, err));
  WSF__TRY(wsf__table_add_time(*t, p, "first", &first, err));
  WSF__TRY(wsf__table_add_i64(*t, "periods", WSF_TYPE_I64, &periods, err));
  WSF__TRY(wsf__table_add_text(*t, "reason", &reason, err));
  WSF__TRY(wsf__table_add_text(*t, "model", &model, err));
  WSF__TRY(wsf__table_add_text(*t, "form", &form, err));
  WSF__TRY(wsf__table_add_f64(*t, "criterion", &criterion, err));
  for (int64_t i = 0; i < p->n; ++i) {
    const source from = source_of(f, i);
    first[i] = wsf__calendar_value(&p->calendar, p->first[i]);
    periods[i] = p->length[i];
    WSF__TRY(wsf__table_put(*t, reason, wsf__reason_word(f->root->state[i].reason), err));
    const wsf__mark mark = wsf__arena_mark(arena);
    const wsf__fitted *tree = from == FROM_ROOT ? f->root : f->fallback;
    const wsf__node *used = from == FROM_NOTHING ? NULL : used_by(arena, tree, i);
    if (from != FROM_NOTHING && !used) return wsf__fail_memory(err);
    const char *text = used ? wsf__node_text(arena, used) : "midrange";
    if (!text) return wsf__fail_memory(err);
    WSF__TRY(wsf__table_put(*t, model, text, err));
    wsf__summary model_summary = {.criterion = NAN};
    const wsf__fitted *last = form_of(tree, i);
    if (wsf__class_of(last->node)->summarise && last->state[i].reason < WSF__NOT_FITTED) {
      wsf__class_of(last->node)->summarise(&last->state[i], &model_summary);
    }
    WSF__TRY(wsf__table_put(*t, form, model_summary.form, err));
    criterion[i] = model_summary.criterion;
    wsf__arena_reset(arena, mark);
  }
  return WSF_OK;
}

/* ---- views --------------------------------------------------------------------------------- */

typedef struct view {
  wsf__spec spec; /* first member */
  wsf_status (*make)(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                     const wsf__node *node, wsf__arena *arena, wsf_error *err);
} view;

#define VIEW(name_, text_, since_)                                                                 \
  .family = "view", .group = "forecaster", .name = (name_), .summary = (text_), .source = "",      \
  .since = (since_), .example = (name_)

static const wsf__option components_options[] = {
    {"horizon", WSF__INT, "12", 1, WSF__HORIZON_MOST, NULL, "Number of periods."},
    {"series", WSF__NAMES, "", 0, 0, NULL,
     "Only these series, each once, by its key labels in order, such as \"1,1\"; absent: all."},
    {"nonnegative", WSF__FLAG, "false", 0, 0, NULL,
     "Raise everything below zero to zero, of series with negative values too."},
    {"negative", WSF__FLAG, "false", 0, 0, NULL,
     "Let forecasts fall below zero where no value of the history does."},
};

static const wsf__option series_options[] = {
    {"series", WSF__NAMES, "", 0, 0, NULL,
     "Only these series, each once, by its key labels in order, such as \"1,1\"; absent: all."},
};

static const view views[] = {
    {{VIEW("report", "Reasons counted, with what was used instead.", "0.1.0")}, report},
    {{VIEW("series", "A row per series: what was fitted and the form it took.", "0.1.0")}, series},
    {{VIEW("summary", "The model and the panel it was fitted on.", "0.1.0")}, summary},
    {{VIEW("components", "What each forecast is the sum of.", "0.2.0"),
      .options = components_options,
      .n_options = sizeof components_options / sizeof *components_options},
     wsf__view_components},
    {{VIEW("coefficients", "What was estimated for each series, with standard errors.", "0.2.0"),
      .options = series_options, .n_options = sizeof series_options / sizeof *series_options},
     wsf__view_coefficients},
    {{VIEW("weights", "The numbers of networks, one a row: layer, part, row, column.", "0.2.0")},
     wsf__view_weights},
    {{VIEW("fitted", "The history, what was forecast of it one step ahead, and the difference.",
           "0.2.0"),
      .options = series_options, .n_options = sizeof series_options / sizeof *series_options},
     wsf__view_fitted},
    {{VIEW("choice", "A row per kind of series and candidate of auto: its error and its weight.",
           "0.2.0")},
     wsf__view_choice},
    {{VIEW("calls", "The model as calls: a row for each item of each option, written or preset.",
           "0.2.0")},
     wsf__view_calls},
    {{VIEW("explain", "What auto chose and why, in a paragraph.", "0.2.0")}, wsf__view_explain},
    {{VIEW("news", "A row per series: what the update that made it brought.", "0.2.0")},
     wsf__view_news},
};
const int wsf__n_view_specs = sizeof views / sizeof *views;

const wsf__spec *wsf__view_spec(int i) {
  return i < wsf__n_view_specs ? &views[i].spec : NULL;
}

wsf_status wsf__engine_describe(wsf_table **out, wsf__env *env, const wsf__fitted_panel *f,
                                const char *what, wsf_error *err) {
  static const wsf__catalog catalog = {wsf__view_spec};
  wsf_table *t = NULL;
  wsf__arena arena;
  const wsf__node *node;
  *out = NULL;
  wsf__arena_init(&arena, &f->arena.alloc);
  wsf_status status = wsf__expr_parse(&node, &arena, &catalog, "view", what, strlen(what), err);
  if (status == WSF_OK) status = ((const view *)node->spec)->make(&t, env, f, node, &arena, err);
  if (status == WSF_OK) status = wsf__table_distinct(t, f->frame, err);
  wsf__arena_free(&arena);
  if (status == WSF_OK)
    *out = t;
  else
    wsf_table_release(t);
  return status;
}
