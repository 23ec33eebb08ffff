/* A forecaster as tables: what it is, what became of each series, and how often. */
#include "engine/drive.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What predict uses for a series. */
typedef enum source { FROM_ROOT, FROM_FALLBACK, FROM_NOTHING } source;

static source source_of(const wsf__fitted_panel *f, int64_t i) {
  if (f->root->state[i].reason < WSF__NOT_FITTED) return FROM_ROOT;
  return f->fallback->state[i].reason < WSF__NOT_FITTED ? FROM_FALLBACK : FROM_NOTHING;
}

/* Where a call chose one of its inner calls for this series (best, fallback), that one. */
static const wsf__fitted *chosen(const wsf__fitted *t, int64_t slot) {
  const int n = t->node->n_inner;
  const wsf__fitted *only = NULL;
  int fitted = 0;
  for (int k = 0; k < n; ++k) {
    if (t->inner[k]->state[slot].reason >= WSF__NOT_FITTED) continue;
    only = t->inner[k];
    ++fitted;
  }
  return n > 1 && fitted == 1 ? chosen(only, slot) : t;
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

static wsf_status summary(wsf_table **t, const wsf__fitted_panel *f, wsf_error *err) {
  const wsf__panel *p = f->frame;
  int64_t name, value, count[3] = {0};
  char first[32], last[32];
  for (int64_t i = 0; i < p->n; ++i) ++count[source_of(f, i)];
  wsf__calendar_text(&p->calendar, 0, first);
  wsf__calendar_text(&p->calendar, p->T - 1, last);
  WSF__TRY(wsf__table_create(t, &f->arena.alloc, 10, err));
  WSF__TRY(wsf__table_add_text(*t, "name", &name, err));
  WSF__TRY(wsf__table_add_text(*t, "value", &value, err));
  WSF__TRY(put_row(*t, name, value, "model", f->text, err));
  WSF__TRY(put_row(*t, name, value, "target", p->target_name, err));
  WSF__TRY(put_count(*t, name, value, "series", p->n, err));
  WSF__TRY(put_count(*t, name, value, "fitted", count[FROM_ROOT], err));
  WSF__TRY(put_count(*t, name, value, "replaced", count[FROM_FALLBACK], err));
  WSF__TRY(put_count(*t, name, value, "empty", count[FROM_NOTHING], err));
  WSF__TRY(put_row(*t, name, value, "frequency", wsf__freq_name(p->calendar.freq), err));
  WSF__TRY(put_count(*t, name, value, "season", p->season, err));
  WSF__TRY(put_row(*t, name, value, "first", first, err));
  return put_row(*t, name, value, "last", last, err);
}

/* Reasons are few and small: one counter each. */
enum { MOST_REASONS = 128 };

static int bucket(int32_t reason) {
  return reason >= 0 && reason < MOST_REASONS ? (int)reason : MOST_REASONS - 1;
}

static wsf_status report(wsf_table **t, const wsf__fitted_panel *f, wsf__arena *arena,
                         wsf_error *err) {
  int64_t count[MOST_REASONS][3] = {{0}}, rows = 0;
  for (int64_t i = 0; i < f->frame->n; ++i) {
    ++count[bucket(f->root->state[i].reason)][source_of(f, i)];
  }
  for (int k = 0; k < MOST_REASONS * 3; ++k) rows += count[k / 3][k % 3] > 0;
  int64_t reason, text, used, *series;
  WSF__TRY(wsf__table_create(t, &f->arena.alloc, rows, err));
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

static wsf_status series(wsf_table **t, const wsf__fitted_panel *f, wsf__arena *arena,
                         wsf_error *err) {
  const wsf__panel *p = f->frame;
  int64_t *periods, *first, reason, model, form;
  double *criterion;
  WSF__TRY(wsf__table_create(t, &f->arena.alloc, p->n, err));
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
    const wsf__fitted *tree = NULL;
    if (from == FROM_ROOT) tree = chosen(f->root, i);
    if (from == FROM_FALLBACK) tree = chosen(f->fallback, i);
    const char *used = tree ? wsf__node_text(arena, tree->node) : "midrange";
    if (!used) return wsf__fail_memory(err);
    WSF__TRY(wsf__table_put(*t, model, used, err));
    wsf__summary model_summary = {.criterion = NAN};
    if (tree && wsf__class_of(tree->node)->summarise) {
      wsf__class_of(tree->node)->summarise(&tree->state[i], &model_summary);
    }
    WSF__TRY(wsf__table_put(*t, form, model_summary.form, err));
    criterion[i] = model_summary.criterion;
    wsf__arena_reset(arena, mark);
  }
  return WSF_OK;
}

wsf_status wsf__engine_describe(wsf_table **out, const wsf__fitted_panel *f, const char *what,
                                wsf_error *err) {
  static const char *const views[] = {"report", "series", "summary"};
  wsf_table *t = NULL;
  wsf__arena arena;
  wsf_status status;
  *out = NULL;
  wsf__arena_init(&arena, &f->arena.alloc);
  if (strcmp(what, "summary") == 0) {
    status = summary(&t, f, err);
  } else if (strcmp(what, "report") == 0) {
    status = report(&t, f, &arena, err);
  } else if (strcmp(what, "series") == 0) {
    status = series(&t, f, &arena, err);
  } else {
    const char *near = wsf__nearest(what, views, 3);
    return wsf__fail(err, WSF_E_NAME,
                     "a forecaster has no view '%.64s', expected report, series or summary%s%s%s",
                     what, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
  }
  wsf__arena_free(&arena);
  if (status == WSF_OK)
    *out = t;
  else
    wsf_table_release(t);
  return status;
}
