#include "models/regressors.h"
#include "math/elementary.h"
#include "models/scope.h"

#include "ingest/hint.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

/* ROWS: of features that are computed at a time; WATCHED: a value read costs as much as so many
 * numbers of a plain loop. */
enum { ROWS = 64, MOST = 4096, WATCHED = 16 };

/* One column: of the panel, or of the recipe, of which `level` 1 or more asks for 0 and 1. */
typedef struct wsf__regressor {
  int panel, recipe, level;
} regressor;

static wsf_status refuse(const wsf__node *node, wsf_error *err, wsf_status status) {
  wsf__error_at_field(err, "x");
  wsf__error_at_byte(err, node->byte);
  return status;
}

static wsf_status check_column(const wsf__node *node, const wsf__panel *panel, const char *name,
                               wsf_error *err) {
  const int at = wsf__panel_find_column(panel, name);
  const char *trouble = NULL, *hint = ": x= takes numbers known ahead";
  char near[WSF__HINT_BYTES];
  if (at < 0)
    trouble = "does not exist";
  else if (panel->column[at].kind == WSF__PAST) {
    trouble = "is not known ahead";
    (void)snprintf(
        near, sizeof near,
        ": x= takes numbers known ahead, which known= tells; forecast(%.100s) forecasts it", name);
    hint = near;
  } else if (panel->column[at].n_categories > 0)
    trouble = "holds texts, not numbers", hint = ": x= takes onehot(..) of it";
  else if (panel->column[at].kind == WSF__STATIC)
    trouble = "does not change with time";
  if (!trouble) return WSF_OK;
  if (at < 0) {
    wsf__column_hint(near, panel, name);
    hint = near;
  }
  return refuse(node, err,
                wsf__fail(err, WSF_E_VALUE, "column '%.100s' %s%s", name, trouble, hint));
}

/* What forecasts a column for a feature is fitted to each series alone; what it regresses on itself
 * has to be there. */
static wsf_status check_model(const wsf__node *model, const wsf__panel *panel, wsf__arena *scratch,
                              wsf_error *err) {
  wsf__scope scope;
  wsf__regressors own;
  WSF__TRY(wsf__scope_of(&scope, model, panel, err));
  if (scope.of != WSF__ALONE) {
    (void)wsf__fail(err, WSF_E_VALUE,
                    "%s looks at several series together, expected a model of one column of one "
                    "series",
                    model->spec->name);
    return refuse(model, err, WSF_E_VALUE);
  }
  if (wsf__class_of(model)->regresses)
    WSF__TRY(wsf__regressors_find(&own, model, panel, scratch, err));
  for (int i = 0; i < model->n_inner; ++i)
    WSF__TRY(check_model(model->inner[i], panel, scratch, err));
  return WSF_OK;
}

/* A feature that reads what only the past knows needs its own forecasts. */
static wsf_status check_feature(const wsf__node *call, const wsf__panel *panel, wsf__arena *scratch,
                                wsf_error *err) {
  const wsf__feature_class *class = wsf__feature_class_of(call);
  int64_t furthest;
  if (class->foretells) return check_model(wsf__arg(call, "model")->inner[0], panel, scratch, err);
  const bool target = class->lag(call, &furthest) > 0;
  if (!target && (!class->reach || class->reach(call) == 0)) return WSF_OK;
  return refuse(call, err,
                wsf__fail(err, WSF_E_VALUE,
                          "%s reads %s, which a forecast does not know ahead: x= takes what is "
                          "known at every period",
                          call->spec->name,
                          target ? "earlier values of the target" : "earlier values of columns"));
}

/* The call that entry i of x= stands for on this panel; NULL: a column. */
static const wsf__node *call_of(const wsf__value *x, int i, const wsf__panel *panel) {
  const bool named = x->strings[i] && wsf__panel_find_column(panel, x->strings[i]) >= 0;
  return named ? NULL : x->inner[i];
}

/* The recipe of the calls among the entries of x=. */
static wsf_status make_recipe(wsf__regressors *r, const wsf__node *node, const wsf__value *x,
                              wsf_error *err) {
  wsf__value calls = {.form = WSF__INNER};
  const wsf__node **inner = wsf__arena_new(r->scratch, (size_t)x->n, sizeof *inner);
  if (!inner) return wsf__fail_memory(err);
  for (int i = 0; i < x->n; ++i) {
    const wsf__node *call = call_of(x, i, r->panel);
    if (!call) {
      WSF__TRY(check_column(node, r->panel, x->strings[i], err));
      continue;
    }
    inner[calls.n++] = call;
  }
  calls.inner = inner;
  if (calls.n == 0) return WSF_OK;
  WSF__TRY(wsf__recipe_make(&r->recipe, r->scratch, &calls, r->panel, err));
  for (int i = 0; i < calls.n; ++i) WSF__TRY(check_feature(inner[i], r->panel, r->scratch, err));
  r->block = wsf__arena_new(r->scratch, (size_t)r->recipe.width, ROWS * sizeof *r->block);
  return r->block ? WSF_OK : wsf__fail_memory(err);
}

/* Columns of the regression that a feature makes. */
static int count_levels(const wsf__feature *feature) {
  return feature->n_categories > 0 ? feature->n_categories - 1 : 1;
}

static const char *level_name(const wsf__feature *feature, int level, wsf__arena *arena) {
  const char *text = feature->category[level];
  const size_t room = strlen(feature->name) + strlen(text) + 2;
  char *name = wsf__arena_new(arena, room, 1);
  if (name) (void)snprintf(name, room, "%s_%s", feature->name, text);
  return name;
}

static wsf_status list_columns(wsf__regressors *r, const wsf__node *node, const wsf__value *x,
                               wsf_error *err) {
  int64_t n = x->n - r->recipe.n_nodes;
  for (int c = 0; c < r->recipe.width; ++c) n += count_levels(&r->recipe.column[c]);
  if (n > MOST) {
    return refuse(node, err,
                  wsf__fail(err, WSF_E_VALUE, "x= makes %lld columns, expected at most %d",
                            (long long)n, MOST));
  }
  regressor *column = wsf__arena_new(r->scratch, (size_t)n, sizeof *column);
  const char **name = wsf__arena_new(r->scratch, (size_t)n, sizeof *name);
  int *entry = wsf__arena_new(r->scratch, (size_t)n, sizeof *entry);
  if (!column || !name || !entry) return wsf__fail_memory(err);
  r->column = column;
  r->name = name;
  r->entry = entry;
  int node_at = 0;
  for (int i = 0; i < x->n; ++i) {
    if (!r->recipe.first || !call_of(x, i, r->panel)) {
      column[r->n] = (regressor){wsf__panel_find_column(r->panel, x->strings[i]), -1, 0};
      entry[r->n] = i;
      name[r->n++] = x->strings[i];
      continue;
    }
    const bool last = ++node_at == r->recipe.n_nodes;
    const int end = last ? r->recipe.width : r->recipe.first[node_at];
    for (int c = r->recipe.first[node_at - 1]; c < end; ++c) {
      const wsf__feature *feature = &r->recipe.column[c];
      const bool category = feature->n_categories > 0;
      for (int k = 1; k <= count_levels(feature); ++k) {
        column[r->n] = (regressor){-1, c, category ? k : 0};
        entry[r->n] = i;
        name[r->n] = category ? level_name(feature, k, r->scratch) : feature->name;
        if (!name[r->n++]) return wsf__fail_memory(err);
      }
    }
  }
  return WSF_OK;
}

wsf_status wsf__regressors_find(wsf__regressors *out, const wsf__node *node,
                                const wsf__panel *panel, wsf__arena *scratch, wsf_error *err) {
  const wsf__value *x = wsf__arg(node, "x");
  *out = (wsf__regressors){
      .panel = panel, .scratch = scratch, .err = err, .watch = {.scratch = scratch}};
  WSF__TRY(make_recipe(out, node, x, err));
  return list_columns(out, node, x, err);
}

wsf_status wsf__regressors_find_for(wsf__regressors *out, const wsf__node *node,
                                    const wsf__panel *panel, int64_t n, wsf__arena *scratch,
                                    wsf_error *err) {
  WSF__TRY(wsf__regressors_find(out, node, panel, scratch, err));
  if (out->n == n) return WSF_OK;
  return refuse(node, err,
                wsf__fail(err, WSF_E_FORMAT,
                          "a state has coefficients for %lld columns, x= makes %d", (long long)n,
                          out->n));
}

bool wsf__regressors_may_be(const wsf__node *node, int64_t n) {
  const wsf__value *x = wsf__arg(node, "x");
  bool calls = false;
  for (int i = 0; i < x->n; ++i) calls = calls || x->inner[i];
  return calls ? n >= 0 && n <= MOST : n == x->n;
}

/* The features of a stretch of periods that begins with this one, and ends with the history if it
 * begins there: what comes after may take a forecast, which a fit has no need of. */
static wsf_status fill_block(wsf__regressors *r, const wsf__series *s, int64_t period) {
  const int64_t end = s->t0 + s->n;
  if (r->rows > 0 && r->series == s->id && r->end == end && period >= r->first &&
      period - r->first < r->rows)
    return WSF_OK;
  const wsf__feature_view v = {.panel = r->panel,
                               .series = s->id,
                               .t0 = s->t0,
                               .end = end,
                               .scratch = r->scratch,
                               .err = r->err};
  r->series = s->id;
  r->end = end;
  r->first = period;
  r->rows = 0;
  const wsf__mark mark = wsf__arena_mark(r->scratch);
  const int64_t left = end - period, rows = left > 0 && left < ROWS ? left : ROWS;
  WSF__TRY(wsf__recipe_fill(&r->recipe, &v, period, rows, r->block, ROWS));
  wsf__arena_reset(r->scratch, mark);
  r->rows = rows;
  return WSF_OK;
}

wsf_status wsf__regressors_read(wsf__regressors *r, const wsf__series *s, int64_t t, double *x,
                                bool *whole) {
  const int64_t period = s->t0 + t;
  *whole = true;
  if (wsf__watch_ends(&r->watch, WATCHED * ((int64_t)r->n + 1))) {
    return wsf__fail_stopped(r->scratch->work_of, r->err);
  }
  if (r->recipe.width > 0) WSF__TRY(fill_block(r, s, period));
  for (int i = 0; i < r->n; ++i) {
    const regressor *from = &r->column[i];
    if (from->recipe < 0) {
      x[i] = wsf__panel_value_at(r->panel, from->panel, s->id, period, s->t0 + s->n - 1);
    } else {
      x[i] = (double)r->block[(int64_t)from->recipe * ROWS + period - r->first];
      if (from->level > 0 && isfinite(x[i])) x[i] = x[i] == from->level;
      if (r->seen > 0 && r->recipe.column[from->recipe].cycle > (double)r->seen) x[i] = 0;
    }
    *whole = *whole && isfinite(x[i]);
  }
  return WSF_OK;
}

wsf_status wsf__regressors_ahead(wsf__regressors *r, const wsf__series *s, int64_t step, double *x,
                                 bool *whole) {
  return wsf__regressors_read(r, s, s->n + step - 1, x, whole);
}

/* What a call around it put into a period without an observation is none. */
static bool is_observed(const wsf__panel *panel, const wsf__series *s, int64_t t) {
  const int64_t at = s->t0 + t - panel->first[s->id];
  if (isnan(s->y[t])) return false;
  return !panel->y || at < 0 || at >= panel->length[s->id] ||
         !isnan(panel->y[panel->offset[s->id] + at]);
}

wsf_status wsf__regressors_gaps(wsf__column_gaps *out, const wsf__node *node,
                                const wsf__panel *panel, const wsf__series *s, wsf__arena *scratch,
                                wsf_error *err) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  wsf__regressors r;
  *out = (wsf__column_gaps){0};
  WSF__TRY(wsf__regressors_find(&r, node, panel, scratch, err));
  double *x = wsf__arena_new(scratch, (size_t)r.n, sizeof *x);
  if (!x) return wsf__fail_memory(err);
  for (int64_t t = 0; t < s->n; ++t) {
    bool whole;
    if (!is_observed(panel, s, t)) continue;
    WSF__TRY(wsf__regressors_read(&r, s, t, x, &whole));
    ++out->observed;
    out->lacking += !whole;
    for (int i = 0; i < r.n && !whole; ++i) {
      if (!isfinite(x[i])) out->entries |= UINT64_C(1) << (r.entry[i] < 63 ? r.entry[i] : 63);
    }
  }
  wsf__arena_reset(scratch, mark);
  return WSF_OK;
}

/* Of the features behind x=, the first step of h that has no value, and whose; 0: there is none, or
 * no memory to look: then there is none to forecast either. */
static int64_t find_feature_gap(const wsf__node *node, const wsf__panel *panel,
                                const wsf__series *s, int64_t h, char name[WSF__HINT_BYTES],
                                wsf__arena *scratch) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  wsf__regressors r;
  int64_t gap = 0;
  wsf_status status = wsf__regressors_find(&r, node, panel, scratch, NULL);
  double *x = status == WSF_OK ? wsf__arena_new(scratch, (size_t)r.n, sizeof *x) : NULL;
  for (int64_t step = 1; x && status == WSF_OK && !gap && step <= h; ++step) {
    bool whole;
    status = wsf__regressors_ahead(&r, s, step, x, &whole);
    for (int i = 0; status == WSF_OK && !whole && !gap && i < r.n; ++i) {
      if (r.column[i].recipe < 0 || isfinite(x[i])) continue;
      (void)snprintf(name, WSF__HINT_BYTES, "%s", r.name[i]);
      gap = step;
    }
  }
  wsf__arena_reset(scratch, mark);
  return gap;
}

/* The first step of h without a value, and its column; 0: there is none. */
static int64_t find_gap(const wsf__node *node, const wsf__panel *panel, const wsf__series *s,
                        int64_t h, char name[WSF__HINT_BYTES], wsf__arena *scratch) {
  const wsf__value *x = wsf__arg(node, "x");
  const int64_t end = s->t0 + s->n;
  wsf__watch seen = {.scratch = scratch};
  int64_t first = 0;
  bool calls = false;
  for (int i = 0; i < x->n; ++i) {
    calls = calls || call_of(x, i, panel);
    const int column = x->strings[i] ? wsf__panel_find_column(panel, x->strings[i]) : -1;
    if (column < 0) continue; /* wsf__regressors_find says so */
    for (int64_t step = 1; step <= (first ? first - 1 : h); ++step) {
      if (wsf__watch_ends(&seen, WATCHED)) return 0;
      if (isfinite(wsf__panel_value_at(panel, column, s->id, end + step - 1, end - 1))) continue;
      first = step;
      (void)snprintf(name, WSF__HINT_BYTES, "%s", x->strings[i]);
    }
  }
  const int64_t left = first ? first - 1 : h;
  const int64_t gap = calls ? find_feature_gap(node, panel, s, left, name, scratch) : 0;
  return gap ? gap : first;
}

const char *wsf__regressors_entry(const wsf__node *node, const wsf__panel *panel, int i) {
  const wsf__value *x = wsf__arg(node, "x");
  const wsf__node *call = call_of(x, i, panel);
  return call ? call->spec->name : x->strings[i];
}

bool wsf__regressors_reach(const wsf__node *node, const wsf__panel *panel, const wsf__series *s,
                           int64_t h, wsf__arena *scratch) {
  char name[WSF__HINT_BYTES];
  return find_gap(node, panel, s, h, name, scratch) == 0;
}

wsf_status wsf__regressors_fail(wsf_error *err, const wsf__node *node, const wsf__panel *panel,
                                const wsf__series *s, int64_t h, wsf__arena *scratch) {
  char name[WSF__HINT_BYTES] = "", series[128], time[32];
  const int64_t step = find_gap(node, panel, s, h, name, scratch);
  wsf__panel_label(panel, s->id, series, sizeof series);
  wsf__calendar_text(&panel->calendar, s->t0 + s->n + step - 1, time);
  (void)wsf__fail(err, WSF_E_DATA,
                  "column '%s' has no value%s%s at %s, expected one for every period of the "
                  "forecast",
                  name, *series ? " for series " : "", series, time);
  wsf__error_at_series(err, s->id);
  wsf__error_at_field(err, name);
  return WSF_E_DATA;
}

bool wsf__regressors_any(const wsf__node *node, const wsf__state *state) {
  (void)state;
  return wsf__arg(node, "x")->n > 0;
}

int64_t wsf__regressors_past(const wsf__node *node) {
  const wsf__value *x = wsf__class_of(node)->regresses ? wsf__arg(node, "x") : NULL;
  int64_t most = 0;
  for (int i = 0; x && i < x->n; ++i) {
    const wsf__value call = {.form = WSF__INNER, .n = x->inner[i] != NULL, .inner = &x->inner[i]};
    const int64_t reach = wsf__recipe_reach(&call);
    if (reach > most) most = reach;
  }
  return most;
}

bool wsf__regressors_used(const wsf__node *node) {
  if (wsf__class_of(node)->regresses && wsf__arg(node, "x")->n > 0) return true;
  for (int i = 0; i < node->n_inner; ++i) {
    if (wsf__regressors_used(node->inner[i])) return true;
  }
  return false;
}

static bool is_known(const wsf__node *feature) {
  bool any = strcmp(feature->spec->name, "known") == 0;
  for (int i = 0; !any && i < feature->n_inner; ++i) any = is_known(feature->inner[i]);
  return any;
}

bool wsf__regressors_know(const wsf__node *node) {
  bool any = false;
  const wsf__value *x = wsf__class_of(node)->regresses ? wsf__arg(node, "x") : NULL;
  for (int i = 0; x && !any && i < x->n; ++i) any = x->inner[i] && is_known(x->inner[i]);
  for (int i = 0; !any && i < node->n_inner; ++i) any = wsf__regressors_know(node->inner[i]);
  return any;
}

bool wsf__regressors_lack(const wsf__node *node, const wsf__panel *panel, const wsf__series *s,
                          int64_t h, wsf__arena *scratch) {
  if (wsf__class_of(node)->regresses && !wsf__regressors_reach(node, panel, s, h, scratch))
    return true;
  for (int i = 0; i < node->n_inner; ++i) {
    if (wsf__regressors_lack(node->inner[i], panel, s, h, scratch)) return true;
  }
  return false;
}

void wsf__fourier(int pairs, int64_t season, int64_t t, double *out) {
  for (int j = 1; j <= pairs; ++j) {
    const double angle = 2 * pi * (double)(j * t % season) / (double)season;
    *out++ = wsf__sin(angle);
    *out++ = wsf__cos(angle);
  }
}

int wsf__fourier_seen(int pairs, int64_t season, const int64_t *t, int64_t n, wsf__arena *scratch) {
  if (pairs == 0) return 0;
  bool *seen = wsf__arena_zero(scratch, (size_t)season, sizeof *seen);
  if (!seen) return -1;
  for (int64_t i = 0; i < n; ++i) seen[t[i] % season] = true;
  int64_t run = 0, widest = 0; /* twice round, for the stretch across the end */
  for (int64_t j = 0; j < 2 * season; ++j) {
    run = seen[j % season] ? 0 : run + 1;
    if (run > widest) widest = run;
  }
  const int64_t most = season / (2 * (widest + 1));
  return most < pairs ? (int)most : pairs;
}
