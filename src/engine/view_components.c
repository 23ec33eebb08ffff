/* What each forecast is the sum of, as a table: predict again, and this time ask for components. */
#include "engine/drive.h"
#include "models/components.h"

#include <stdio.h>
#include <string.h>

typedef struct run {
  wsf__env *env;
  const wsf__fitted_panel *f;
  int64_t h, n;
  const int64_t *series; /* [n] */
  bool nonnegative;
  wsf__forecast *out; /* [n] means and components, in keep */
  wsf__arena *keep;   /* one for each block */
} run;

/* Those series of a block that the root fitted, or those for which the fallback stands in. */
static wsf_status explain_some(const run *r, wsf__predict *p, int64_t task, bool fitted) {
  const wsf__fitted_panel *f = r->f;
  const int64_t end = (task + 1) * WSF__BATCH < r->n ? (task + 1) * WSF__BATCH : r->n;
  wsf__series series[WSF__BATCH];
  wsf__forecast out[WSF__BATCH];
  int64_t at[WSF__BATCH], n = 0;
  for (int64_t j = task * WSF__BATCH; j < end; ++j) {
    const int64_t i = r->series[j];
    if ((f->root->state[i].reason < WSF__NOT_FITTED) != fitted) continue;
    series[n] =
        (wsf__series){.n = f->frame->length[i], .t0 = f->frame->first[i], .id = i, .slot = i};
    out[n] = (wsf__forecast){.h = r->h,
                             .mean = wsf__arena_new(&r->keep[task], (size_t)r->h, sizeof(double)),
                             .components = wsf__components_new(&r->keep[task], r->h)};
    if (!out[n].mean || !out[n].components) return wsf__fail_memory(p->err);
    at[n++] = j;
  }
  if (n == 0) return WSF_OK;
  WSF__TRY(wsf__tree_predict(p, fitted ? f->root : f->fallback, &(wsf__batch){n, series}, out));
  for (int64_t k = 0; k < n; ++k) {
    const int64_t i = series[k].slot;
    wsf__bound(&out[k], f->least[i], f->largest[i], r->nonnegative);
    wsf__components_close(&out[k], false);
    if (out[k].components->failed) return wsf__fail_memory(p->err);
    r->out[at[k]] = out[k];
  }
  return WSF_OK;
}

static wsf_status explain_block(void *user, int64_t task, wsf__arena *scratch, wsf_error *err) {
  const run *r = user;
  wsf__predict p = {.frame = r->f->frame,
                    .env = r->env,
                    .scratch = scratch,
                    .err = err,
                    .predict_inner = wsf__tree_predict};
  WSF__TRY(explain_some(r, &p, task, true));
  return explain_some(r, &p, task, false);
}

/* Every component that some series has, in their order; a regressor is called x:COLUMN, so that no
 * column of the data can take another one's name. */
static wsf_status add_columns(wsf_table *t, const run *r, const wsf__components **names,
                              double ***cells, wsf__arena *arena, wsf_error *err) {
  wsf__components *all = wsf__components_new(arena, 1);
  if (!all) return wsf__fail_memory(err);
  const wsf__forecast collect = {.h = 1, .components = all};
  for (int64_t j = 0; j < r->n; ++j) {
    const wsf__components *c = r->out[j].components;
    for (int k = 0; k < c->n; ++k) {
      if (c->row[k].regressor)
        wsf__explain_regressor(&collect, 0, c->row[k].name, 1);
      else
        wsf__explain(&collect, 0, c->row[k].name, 1);
    }
  }
  *names = all;
  *cells = wsf__arena_new(arena, (size_t)all->n, sizeof **cells);
  if (all->failed || !*cells) return wsf__fail_memory(err);
  for (int k = 0; k < all->n; ++k) {
    const wsf__component *row = &all->row[k];
    const size_t size = strlen(row->name) + sizeof "x:";
    char *name = wsf__arena_new(arena, size, 1);
    if (!name) return wsf__fail_memory(err);
    (void)snprintf(name, size, "%s%s", row->regressor ? "x:" : "", row->name);
    WSF__TRY(wsf__table_add_f64(t, name, &(*cells)[k], err));
  }
  return WSF_OK;
}

/* The row of a component; NULL: this series has none. */
static const double *find(const wsf__components *c, const wsf__component *like) {
  for (int k = 0; k < c->n; ++k) {
    const wsf__component *row = &c->row[k];
    if (row->regressor == like->regressor && strcmp(row->name, like->name) == 0) return row->value;
  }
  return NULL;
}

static wsf_status fill_table(wsf_table *t, const run *r, wsf__arena *arena, wsf_error *err) {
  const wsf__panel *p = r->f->frame;
  const wsf__components *names;
  double *mean, **cells;
  int64_t *time;
  WSF__TRY(wsf__table_add_keys(t, p, r->series, r->n, r->h, err));
  WSF__TRY(wsf__table_add_time(t, p, p->time_name, &time, err));
  WSF__TRY(wsf__table_add_f64(t, "forecast", &mean, err));
  WSF__TRY(add_columns(t, r, &names, &cells, arena, err));
  const size_t bytes = (size_t)r->h * sizeof *mean;
  for (int64_t j = 0; j < r->n; ++j) {
    const int64_t i = r->series[j], start = p->first[i] + p->length[i], row = j * r->h;
    for (int64_t step = 0; step < r->h; ++step) {
      time[row + step] = wsf__calendar_value(&p->calendar, start + step);
    }
    memcpy(mean + row, r->out[j].mean, bytes);
    for (int k = 0; k < names->n; ++k) {
      const double *value = find(r->out[j].components, &names->row[k]);
      if (value) memcpy(cells[k] + row, value, bytes);
    }
  }
  return WSF_OK;
}

wsf_status wsf__view_components(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                                const wsf__node *node, wsf__arena *arena, wsf_error *err) {
  const char *one = wsf__arg_text(node, "series");
  WSF__TRY(wsf__env_ready(env, err));
  run r = {.env = env,
           .f = f,
           .h = wsf__arg_int(node, "horizon"),
           .n = one ? 1 : f->frame->n,
           .nonnegative = wsf__arg_flag(node, "nonnegative")};
  WSF__TRY(wsf__engine_allows(env, r.n, r.h, 0, err));
  const int64_t blocks = (r.n + WSF__BATCH - 1) / WSF__BATCH;
  int64_t *series = wsf__arena_new(arena, (size_t)r.n, sizeof *series);
  size_t rows;
  r.out = wsf__arena_new(arena, (size_t)r.n, sizeof *r.out);
  r.keep = wsf__arena_new(arena, (size_t)blocks, sizeof *r.keep);
  if (!series || !r.out || !r.keep || !wsf__mul((size_t)r.n, (size_t)r.h, &rows)) {
    return wsf__fail_memory(err);
  }
  for (int64_t j = 0; j < r.n; ++j) series[j] = j;
  if (one) WSF__TRY(wsf__panel_find_series(series, f->frame, one, err));
  r.series = series;
  for (int64_t b = 0; b < blocks; ++b) wsf__arena_init(&r.keep[b], &f->arena.alloc);
  wsf_status status = wsf__parallel(env, "explain", blocks, explain_block, &r, err);
  if (status == WSF_OK) status = wsf__table_create(t, &f->arena.alloc, (int64_t)rows, err);
  if (status == WSF_OK) status = fill_table(*t, &r, arena, err);
  for (int64_t b = 0; b < blocks; ++b) wsf__arena_free(&r.keep[b]);
  return status;
}
