/* What calls that mix others chose and why, in words: one paragraph a call, made of nothing but the
 * numbers of the view `choice`. */
#include "engine/drive.h"

#include "base/text.h"
#include "expr/expr.h"
#include "models/choice.h"
#include "models/regressors.h"

#include <inttypes.h>
#include <math.h>

enum { PARAGRAPH = 1 << 20, NAMED = 5 /* candidates that are named of those left out */ };

/* One call and what it chose for each kind, in the order of kinds. */
typedef struct story {
  const wsf__fitted *call;
  const wsf__panel *frame;
  int n;
  const wsf__choice **kind; /* [n] */
  const char **candidate;   /* [calls] as written */
  wsf__arena *arena;
  wsf__text text;
} story;

static const char *plural(int64_t n) {
  return n == 1 ? "" : "s";
}

static void tell_kinds(story *s) {
  int64_t series = 0;
  for (int k = 0; k < s->n; ++k) series += s->kind[k]->series;
  wsf__text_printf(&s->text, "%" PRId64 " series", series);
  for (int k = 0; k < s->n && s->n > 1; ++k) {
    wsf__text_printf(&s->text, "%s%" PRId64 " %s", k ? "; " : ": ", s->kind[k]->series,
                     s->kind[k]->name);
  }
  if (s->n == 1) wsf__text_printf(&s->text, ", %s", s->kind[0]->name);
  const int64_t horizon = s->kind[0]->horizon;
  wsf__text_addz(&s->text, ". The candidates forecast the ends of histories from what lies before "
                           "them, in windows of ");
  if (horizon > 0)
    wsf__text_printf(&s->text, "%" PRId64 " period%s", horizon, plural(horizon));
  else
    wsf__text_addz(&s->text, "a season");
  wsf__text_addz(&s->text, " or half of a short history. In parentheses: the error of a candidate "
                           "alone, over that of the best alone.");
}

/* The call whose number is the least among those of a rank not yet told; -1: none. */
static int next_call(const wsf__choice *c, const double *by, double from, bool *told, double sign) {
  int best = -1;
  for (int call = 0; call < c->calls; ++call) {
    if (told[call] || !(by[call] > from)) continue;
    if (best < 0 || sign * by[call] < sign * by[best]) best = call;
  }
  if (best >= 0) told[best] = true;
  return best;
}

static void tell_mix(story *s, const wsf__choice *c, bool *told) {
  const char *between = "";
  for (int call; (call = next_call(c, c->weight, 0, told, -1)) >= 0; between = ", ") {
    wsf__text_printf(&s->text, "%s%.0f %% %s", between, 100 * c->weight[call], s->candidate[call]);
    if (!isnan(c->error[call])) wsf__text_printf(&s->text, " (%.2f)", c->error[call]);
  }
}

/* The best of those not told yet whose error is at most `most`. */
static void tell_errors(story *s, const wsf__choice *c, bool *told, double most, const char *why) {
  int all = 0, named = 0;
  for (int call = 0; call < c->calls; ++call) all += !told[call] && c->error[call] <= most;
  if (all > 0) wsf__text_addz(&s->text, why);
  for (int i = 0; i < all; ++i) {
    const int call = next_call(c, c->error, 0, told, 1);
    if (named == NAMED) continue;
    wsf__text_printf(&s->text, "%s%s (%.2f)", named ? ", " : "", s->candidate[call],
                     c->error[call]);
    ++named;
  }
  if (all > named) wsf__text_printf(&s->text, " and %d more", all - named);
}

/* Those without a weight: what adds nothing, what was worse, what says nothing. */
static void tell_left_out(story *s, const wsf__choice *c, bool *told) {
  int unknown = 0, named = 0;
  for (int call = 0; call < c->calls; ++call) unknown += !told[call] && isnan(c->error[call]);
  tell_errors(s, c, told, WSF__NEARLY, "; left out as the mix is no better with it: ");
  tell_errors(s, c, told, INFINITY, "; left out as more than a fifth worse than the best: ");
  if (unknown > 0) {
    wsf__text_printf(&s->text, "; %d not tried, or not fitted in enough windows: ", unknown);
    named = 0;
    for (int call = 0; call < c->calls && named < NAMED; ++call) {
      if (c->weight[call] > 0 || !isnan(c->error[call])) continue;
      wsf__text_printf(&s->text, "%s%s", named ? ", " : "", s->candidate[call]);
      ++named;
    }
    if (unknown > named) wsf__text_printf(&s->text, " and %d more", unknown - named);
  }
}

static void tell_intervals(story *s, const wsf__choice *c) {
  if (c->scored == 0) {
    wsf__text_addz(&s->text, " Its intervals are those that the models give.");
    return;
  }
  wsf__text_printf(&s->text,
                   " Its intervals come from the errors in %" PRId64
                   " window%s of all series: at 80 %% "
                   "%.2f times as wide as those that the models give at the first step, %.2f times "
                   "at the last.",
                   c->scored, plural(c->scored), c->stretch[0], c->stretch[1]);
}

static wsf_status tell_kind(story *s, const wsf__choice *c, wsf_error *err) {
  bool *told = wsf__arena_zero(s->arena, (size_t)c->calls, sizeof *told);
  bool measured = false;
  if (!told) return wsf__fail_memory(err);
  for (int call = 0; call < c->calls; ++call) measured = measured || !isnan(c->error[call]);
  wsf__text_printf(&s->text, " Series that are %s", c->name);
  if (!measured) {
    wsf__text_addz(&s->text, ": nothing could be measured, so all that were to be tried are mixed "
                             "alike: ");
    tell_mix(s, c, told);
    wsf__text_addz(&s->text, ".");
    tell_intervals(s, c);
    return WSF_OK;
  }
  wsf__text_printf(
      &s->text, " (%" PRId64 " window%s of their own%s) get the mix that erred least: ", c->cells,
      plural(c->cells), c->cells == 0 ? ", so by those of the other kinds" : "");
  tell_mix(s, c, told);
  if (c->lean > 0) {
    wsf__text_printf(
        &s->text,
        "; %.0f %% of it is last season's values, for a history of less than two seasons leaves "
        "few windows that see one",
        100 * c->lean);
  }
  tell_left_out(s, c, told);
  wsf__text_addz(&s->text, ".");
  tell_intervals(s, c);
  return WSF_OK;
}

/* The choices of a call, as its series met them: pools are numbered by first use. */
static bool find_kinds(story *s) {
  const wsf__fitted *t = s->call;
  int32_t seen = 0;
  s->kind = wsf__arena_new(s->arena, (size_t)t->n_pools, sizeof *s->kind);
  for (int64_t i = 0; s->kind && i < t->n; ++i) {
    if (t->state[i].reason >= WSF__NOT_FITTED || t->state[i].pool <= seen) continue;
    seen = t->state[i].pool;
    s->kind[s->n++] = wsf__class_of(t->node)->choice(t, i);
  }
  return s->kind != NULL;
}

static void tell_sparse(story *s) {
  char names[400];
  if (!wsf__regressors_know(s->call->node)) return;
  if (!*wsf__panel_sparse_text(names, sizeof names, s->frame)) return;
  wsf__text_printf(&s->text,
                   " No candidate regresses on %s, without a value in more than one of 20 observed "
                   "periods.",
                   names);
}

static wsf_status tell(story *s, wsf_error *err) {
  const wsf__node *node = s->call->node;
  s->candidate = wsf__arena_new(s->arena, (size_t)node->n_inner, sizeof *s->candidate);
  if (!s->candidate) return wsf__fail_memory(err);
  for (int call = 0; call < node->n_inner; ++call) {
    s->candidate[call] = wsf__node_text(s->arena, node->inner[call]);
    if (!s->candidate[call]) return wsf__fail_memory(err);
  }
  tell_kinds(s);
  for (int k = 0; k < s->n; ++k) WSF__TRY(tell_kind(s, s->kind[k], err));
  tell_sparse(s);
  return s->text.failed ? wsf__fail_memory(err) : WSF_OK;
}

typedef struct view {
  const wsf__panel *frame;
  int64_t rows;
  wsf_table *table; /* NULL: rows are only counted */
  int64_t model, text;
  wsf__arena *arena;
} view;

static wsf_status add_call(view *v, const wsf__fitted *t, wsf_error *err) {
  story s = {.call = t, .frame = v->frame, .arena = v->arena};
  if (!find_kinds(&s)) return wsf__fail_memory(err);
  if (s.n == 0) return WSF_OK;
  ++v->rows;
  if (!v->table) return WSF_OK;
  wsf__text_init(&s.text, &v->arena->alloc, PARAGRAPH);
  const char *model = wsf__node_text(v->arena, t->node);
  wsf_status status = model ? tell(&s, err) : wsf__fail_memory(err);
  if (status == WSF_OK) status = wsf__table_put(v->table, v->model, model, err);
  if (status == WSF_OK) status = wsf__table_put(v->table, v->text, s.text.data, err);
  wsf__text_free(&s.text);
  return status;
}

static wsf_status collect(view *v, const wsf__fitted *t, wsf_error *err) {
  if (wsf__class_of(t->node)->choice) WSF__TRY(add_call(v, t, err));
  for (int k = 0; k < t->node->n_inner; ++k) WSF__TRY(collect(v, t->inner[k], err));
  return WSF_OK;
}

wsf_status wsf__view_explain(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                             const wsf__node *node, wsf__arena *arena, wsf_error *err) {
  (void)env;
  (void)node;
  view v = {.frame = f->frame, .arena = arena};
  WSF__TRY(collect(&v, f->root, err));
  WSF__TRY(wsf__table_create(t, &f->arena.alloc, v.rows, err));
  WSF__TRY(wsf__table_add_text(*t, "model", &v.model, err));
  WSF__TRY(wsf__table_add_text(*t, "explanation", &v.text, err));
  v.table = *t;
  v.rows = 0;
  return collect(&v, f->root, err);
}
