/* Forecast every series of a fitted panel, as a dense block for the engine and as a table for the
 * caller. Blocks of series run side by side; where forecasts of the whole panel belong together
 * they are one block, whose parts do.
 *
 * Where the model lacks a column ahead the fallback forecasts the series, as where it could not be
 * fitted: what one series lacks is nothing to the others. Only if all of them lack one is that an
 * error, which names the first. */
#include "engine/call_options.h"
#include "engine/drive.h"
#include "models/bounded.h"
#include "models/components.h"

#include <math.h>
#include <string.h>

#define WSF__PATHS_MOST 10000
/* Numbers in all the paths of a table: 2 GiB. */
static const double MOST_PATH_NUMBERS = 1 << 28;
/* Paths that intervals of sums are read from if nobody says how many: over the longest horizon 0.8
 * GB at a time, and as much of work. */
enum { PATHS_FOR_SUMS = 1000 };

static const wsf__option predict_options[] = {
    {"horizon", WSF__INT, NULL, WSF__HORIZON_BOUNDS, NULL, WSF__HORIZON_DOC},
    {"levels", WSF__REALS, "", WSF__LEVEL_BOUNDS, NULL,
     "Coverage of prediction intervals, in percent."},
    {"quantiles", WSF__REALS, "", WSF__QUANTILE_BOUNDS, NULL, "Quantiles to forecast."},
    {"nonnegative", WSF__FLAG, "false", 0, 0, NULL,
     "Raise everything below zero to zero, of series with negative values too."},
    {"negative", WSF__FLAG, "false", 0, 0, NULL,
     "Let forecasts fall below zero where no value of the history does."},
    {"series", WSF__NAMES, "", 0, 0, NULL,
     "Only these series, each once, by its key labels in order, such as \"1,1\"; absent: all."},
    {"paths", WSF__INT, "0", 0, WSF__PATHS_MOST, NULL,
     "Sample paths of each series, as columns path-1 and on: possible futures as a whole."},
    {"cumulative", WSF__FLAG, "false", 0, 0, NULL,
     "Sums of the steps up to each row, as over a lead time, with intervals from sample paths."},
    {"reasons", WSF__FLAG, "false", 0, 0, NULL,
     "Column reason: how the model forecast a series, or why the fallback did."},
};
const wsf__spec wsf__spec_predict = {"options",
                                     "call",
                                     "predict",
                                     "Forecast every series.",
                                     "",
                                     "0.1.0",
                                     "predict(horizon=39, levels=[80,95])",
                                     predict_options,
                                     sizeof predict_options / sizeof *predict_options};

typedef struct run {
  wsf__env *env;
  const wsf__fitted_panel *f;
  const wsf__ask *ask;
  const wsf__panel *frame; /* its series are those asked for */
  wsf__forecasts *out;
  bool together;    /* forecasts belong together: one task */
  int64_t block;    /* series in a task */
  wsf__arena *keep; /* of components, one for each task, or each series of a single one */
} run;

/* Numbers that the forecasts of a task hold at most, if it has more than one series: a worker's
 * memory does not grow with the horizon times the quantiles. */
enum { TASK_NUMBERS = 1 << 18 };

static int64_t block_of(const wsf__ask *ask) {
  const int64_t n = TASK_NUMBERS / (ask->h * (1 + ask->n_q + 4 * ask->n_paths));
  return n < 1 ? 1 : n < WSF__BATCH ? n : WSF__BATCH;
}

/* Place i of those asked for. */
static wsf__series series_of(const run *r, int64_t i) {
  return (wsf__series){
      .n = r->frame->length[i], .t0 = r->frame->first[i], .id = i, .slot = wsf__asked(r->ask, i)};
}

/* Series of the panel that one piece of work forecasts: those asked for from `first` to end - 1. */
typedef struct part {
  int64_t first, end;
  double *path;     /* of the first */
  wsf__arena *keep; /* of components (run) */
  wsf__series *series;
  wsf__forecast *out; /* both [end - first] */
} part;

/* The series that the root can forecast, or those that it cannot. */
static wsf_status gather(const run *r, wsf__predict *p, const part *t, bool by_root, int64_t *n) {
  const wsf__forecasts *all = r->out;
  *n = 0;
  for (int64_t i = t->first; i < t->end; ++i) {
    if ((all->reason[i] < WSF__NOT_FITTED) != by_root) continue;
    if (all->components)
      all->components[i] = wsf__components_new(&t->keep[r->together ? i : 0], all->h);
    if (all->components && !all->components[i]) return wsf__fail_memory(p->err);
    t->series[*n] = series_of(r, i);
    t->out[(*n)++] = (wsf__forecast){.h = all->h,
                                     .mean = all->mean + i * all->h,
                                     .n_q = all->n_q,
                                     .q = all->q,
                                     .quantile = all->quantile + i * all->n_q * all->h,
                                     .n_paths = r->ask->n_paths,
                                     .path = t->path + (i - t->first) * r->ask->n_paths * all->h,
                                     .components = all->components ? all->components[i] : NULL,
                                     .scratch = p->scratch};
  }
  return WSF_OK;
}

/* Forecasts as the contract has them, with paths that agree. What belongs together leaves as it is,
 * if it is finite: its parts were bounded before. */
static wsf_status make(const run *r, wsf__predict *p, const wsf__fitted *tree, const part *t,
                       int64_t n) {
  if (n == 0) return WSF_OK;
  const wsf__batch b = {n, t->series};
  const bool as_it_is = wsf__class_of(tree->node)->together && r->together;
  WSF__TRY(p->predict_inner(p, tree, &b, t->out));
  if (r->ask->n_paths > 0 && !as_it_is) {
    WSF__TRY(wsf__sample_couple(p, r->f, tree, &b, t->out, r->ask));
  }
  for (int64_t j = 0; j < n; ++j) {
    const int64_t slot = t->series[j].slot;
    if (as_it_is && wsf__forecast_finite(&t->out[j])) continue;
    const double least = r->f->least[slot];
    int32_t *reason = &r->out->reason[t->series[j].id];
    if (wsf__bound(&t->out[j], least, r->f->largest[slot], wsf__floored(r->ask, least)))
      *reason = wsf__reason_or(*reason, WSF__BOUNDED);
  }
  return WSF_OK;
}

/* What leaves the engine for a series: added up, told apart. */
static wsf_status finish(const run *r, wsf__predict *p, const part *t, int64_t n) {
  for (int64_t j = 0; j < n; ++j) {
    wsf__forecast *out = &t->out[j];
    if (r->ask->cumulative && !wsf__sample_add_up(out, p->scratch)) return wsf__fail_memory(p->err);
    if (!out->components) continue;
    wsf__components_close(out, false);
    if (out->components->failed) return wsf__fail_memory(p->err);
  }
  return WSF_OK;
}

/* By the root, and by the fallback where the root cannot. Where not even that was fitted the
 * forecast is NaN, and the contract puts the middle of the history in its place: 0 if nothing was
 * ever observed. */
static wsf_status predict_part(const run *r, wsf__predict *p, const part *t) {
  int64_t n;
  for (int64_t i = t->first; i < t->end; ++i) {
    const wsf__series s = series_of(r, i);
    r->out->reason[i] = wsf__tree_reason(p, r->f->root, &s, r->out->h);
  }
  for (int by_root = 1; by_root >= 0; --by_root) {
    WSF__TRY(gather(r, p, t, by_root, &n));
    WSF__TRY(make(r, p, by_root ? r->f->root : r->f->fallback, t, n));
    WSF__TRY(finish(r, p, t, n));
  }
  return WSF_OK;
}

static bool path_room(part *t, const run *r, wsf__arena *scratch) {
  const int64_t stride = r->ask->n_paths * r->out->h;
  if (r->out->path) {
    t->path = r->out->path + t->first * stride;
    return true;
  }
  t->path = wsf__arena_new(scratch, (size_t)(t->end - t->first), (size_t)stride * sizeof(double));
  return t->path != NULL;
}

static wsf__predict begin(const run *r, wsf__arena *scratch, wsf_error *err) {
  return (wsf__predict){.frame = r->frame,
                        .env = r->env,
                        .scratch = scratch,
                        .err = err,
                        .predict_inner = wsf__tree_predict,
                        .reason = wsf__tree_reason,
                        .nonnegative = r->ask->nonnegative,
                        .negative = r->ask->negative};
}

static wsf_status predict_block(void *user, int64_t task, wsf__arena *scratch, wsf_error *err) {
  const run *r = user;
  wsf__series series[WSF__BATCH];
  wsf__forecast out[WSF__BATCH];
  const int64_t end = (task + 1) * r->block;
  part t = {.first = task * r->block,
            .end = end < r->out->n ? end : r->out->n,
            .keep = r->keep ? &r->keep[task] : NULL,
            .series = series,
            .out = out};
  wsf__predict p = begin(r, scratch, err);
  if (!path_room(&t, r, scratch)) return wsf__fail_memory(err);
  return predict_part(r, &p, &t);
}

/* ---- forecasts that belong together -------------------------------------------------------- */

typedef struct pieces {
  const wsf__predict *p;
  wsf__predict_fn *fn;
  void *user;
} pieces;

static wsf_status run_piece(void *user, int64_t piece, wsf__arena *scratch, wsf_error *err) {
  const pieces *all = user;
  wsf__predict p = *all->p;
  p.scratch = scratch;
  p.err = err;
  p.parallel = NULL;
  p.predict_inner = wsf__tree_predict;
  return all->fn(&p, piece, all->user);
}

static wsf_status side_by_side(wsf__predict *p, int64_t n, wsf__predict_fn *fn, void *user) {
  pieces all = {p, fn, user};
  return wsf__parallel(p->env, NULL, n, run_piece, &all, p->err);
}

typedef struct blocks {
  const wsf__fitted *tree;
  const wsf__batch *batch;
  wsf__forecast *out;
  int64_t size;
} blocks;

static wsf_status predict_one_block(wsf__predict *p, int64_t block, void *user) {
  const blocks *a = user;
  const int64_t i = block * a->size, left = a->batch->n - i;
  const wsf__batch some = {left < a->size ? left : a->size, a->batch->series + i};
  return wsf__tree_predict(p, a->tree, &some, a->out + i);
}

/* `predict_inner` of a forecast of the whole panel: in blocks, as far down as that may be. */
static wsf_status predict_blocks(wsf__predict *p, const wsf__fitted *tree, const wsf__batch *b,
                                 wsf__forecast out[]) {
  if (wsf__tree_together(tree->node, p->frame)) return wsf__tree_predict(p, tree, b, out);
  blocks a = {tree, b, out, WSF__BATCH};
  return wsf__predict_pieces(p, (b->n + a.size - 1) / a.size, predict_one_block, &a);
}

/* The fallback's forecasts first, for what belongs together may have to agree with them. */
static wsf_status predict_together(const run *r, wsf__arena *scratch, wsf_error *err) {
  const int64_t n = r->out->n;
  wsf__predict p = begin(r, scratch, err);
  p.predict_inner = predict_blocks;
  p.parallel = side_by_side;
  p.least = r->f->least;
  p.largest = r->f->largest;
  part t = {.end = n, .keep = r->keep};
  t.series = wsf__arena_new(scratch, (size_t)n, sizeof *t.series);
  t.out = wsf__arena_new(scratch, (size_t)n, sizeof *t.out);
  wsf__forecast *others = wsf__arena_zero(scratch, (size_t)n, sizeof *others);
  if (!t.series || !t.out || !others || !path_room(&t, r, scratch)) return wsf__fail_memory(err);
  for (int64_t i = 0; i < n; ++i) {
    const wsf__series s = series_of(r, i);
    r->out->reason[i] = wsf__tree_reason(&p, r->f->root, &s, r->out->h);
  }
  int64_t by_fallback, by_root;
  WSF__TRY(gather(r, &p, &t, false, &by_fallback));
  WSF__TRY(make(r, &p, r->f->fallback, &t, by_fallback));
  for (int64_t j = 0; j < by_fallback; ++j) others[t.series[j].id] = t.out[j];
  part rest = t;
  rest.series += by_fallback;
  rest.out += by_fallback;
  if (wsf__class_of(r->f->root->node)->together) p.others = others;
  WSF__TRY(gather(r, &p, &rest, true, &by_root));
  WSF__TRY(make(r, &p, r->f->root, &rest, by_root));
  return finish(r, &p, &t, n);
}

static wsf_status predict_whole(const run *r, wsf_error *err) {
  wsf__arena scratch;
  wsf__arena_init(&scratch, &r->env->alloc);
  scratch.work_of = r->env;
  const wsf_status status = predict_together(r, &scratch, err);
  wsf__arena_free(&scratch);
  if (status != WSF_OK) {
    return wsf__stopped(r->env) ? wsf__fail_stopped(r->env, err) : status;
  }
  return wsf__checkpoint(r->env, "predict", r->out->n, r->out->n, err);
}

/* Count the series that lack a column, keep what the first of them lacks. */
static wsf_status count_lacking(const run *r, wsf_error *err) {
  wsf__forecasts *out = r->out;
  for (int64_t i = 0; i < out->n; ++i) {
    const wsf__series s = series_of(r, i);
    if (out->reason[i] == r->f->root->state[s.slot].reason || out->reason[i] == WSF__BOUNDED) {
      continue;
    }
    if (out->lacking + out->partly == 0) {
      wsf__arena scratch;
      wsf__arena_init(&scratch, &r->env->alloc);
      scratch.work_of = r->env;
      (void)wsf__tree_lacking(&out->first, r->f->root, r->frame, &s, out->h, &scratch);
      wsf__arena_free(&scratch);
      out->first.series = s.slot; /* as the forecaster counts */
    }
    if (out->reason[i] >= WSF__NOT_FITTED)
      ++out->lacking;
    else
      ++out->partly;
  }
  if (out->n == 0 || out->lacking < out->n) return WSF_OK;
  if (err) *err = out->first;
  return out->first.status;
}

wsf_status wsf__engine_allows(const wsf__env *env, int64_t n, int64_t h, int n_q, wsf_error *err) {
  int64_t rows;
  WSF__TRY(wsf__limit_check(&env->limits, WSF__MOST_horizon, h, err));
  if (__builtin_mul_overflow(n, h, &rows)) rows = INT64_MAX;
  return wsf__limit_product(&env->limits, WSF__MOST_values, rows, 1 + (int64_t)n_q, err);
}

static wsf_status too_many_paths(int64_t n, const wsf__ask *ask, wsf_error *err) {
  const double numbers = (double)n * (double)ask->h * (double)ask->n_paths;
  if (numbers <= MOST_PATH_NUMBERS) return WSF_OK;
  (void)wsf__fail(
      err, WSF_E_VALUE,
      "%lld paths of %lld steps for %lld series are %.0f numbers, expected at most %.0f",
      (long long)ask->n_paths, (long long)ask->h, (long long)n, numbers, MOST_PATH_NUMBERS);
  wsf__error_at_field(err, "paths");
  return WSF_E_VALUE;
}

static wsf_status forecast_all(wsf__forecasts *out, wsf__env *env, wsf__arena *arena,
                               const wsf__fitted_panel *f, const wsf__ask *ask, wsf_error *err) {
  const int64_t n = ask->series ? ask->n : f->frame->n, h = ask->h;
  size_t cells, all;
  WSF__TRY(wsf__engine_allows(env, n, h, ask->n_q + (int)ask->n_paths, err));
  if (!wsf__mul((size_t)n, (size_t)h, &cells) || !wsf__mul(cells, (size_t)ask->n_q, &all)) {
    return wsf__fail_memory(err);
  }
  const int64_t kept = ask->keep_paths ? ask->n_paths : 0;
  size_t paths;
  WSF__TRY(wsf__limit_product(&env->limits, WSF__MOST_results, (int64_t)cells, 1 + ask->n_q + kept,
                              err));
  if (!wsf__mul(cells, (size_t)kept, &paths)) return wsf__fail_memory(err);
  *out = (wsf__forecasts){.n = n, .h = h, .n_q = ask->n_q, .q = ask->q, .n_paths = kept};
  wsf__error_clear(&out->first);
  run r = {.env = env, .f = f, .ask = ask, .out = out, .block = block_of(ask)};
  r.together = wsf__tree_together(f->node, f->frame);
  if (r.together) {
    r.block = n;
    WSF__TRY(too_many_paths(n, ask, err));
  }
  const int64_t tasks = (n + r.block - 1) / r.block;
  out->mean = wsf__arena_new(arena, cells, sizeof *out->mean);
  out->quantile = wsf__arena_new(arena, all, sizeof *out->quantile);
  out->reason = wsf__arena_new(arena, (size_t)n, sizeof *out->reason);
  wsf__panel *frame = wsf__arena_new(arena, 1, sizeof *frame);
  bool room = out->mean && out->quantile && out->reason && frame;
  if (room && kept > 0) {
    out->path = wsf__arena_new(arena, paths, sizeof *out->path);
    room = out->path != NULL;
  }
  if (room && ask->components) {
    out->components = wsf__arena_new(arena, (size_t)n, sizeof(wsf__components *));
    r.keep = wsf__arena_split(arena, (size_t)(r.together ? n : tasks));
    room = out->components && r.keep;
  }
  if (!room) return wsf__fail_memory(err);
  WSF__TRY(wsf__frame_make(frame, env, arena, f->frame, ask->known, ask->series, ask->n, err));
  r.frame = out->frame = frame;
  wsf__env own = *env;
  wsf__memo memo;
  WSF__TRY(wsf__memo_open(&memo, &own, frame, err));
  r.env = &own;
  wsf_status status = r.together ? predict_whole(&r, err)
                                 : wsf__parallel(&own, "predict", tasks, predict_block, &r, err);
  /* a message counts series as the forecaster does */
  if (status != WSF_OK && err && ask->series && err->series >= 0 && err->series < n) {
    err->series = ask->series[err->series];
  }
  if (status == WSF_OK) status = count_lacking(&r, err);
  wsf__memo_close(&memo, &own);
  return status;
}

/* Of forecasts of the whole panel those that are asked for. */
static wsf_status select(wsf__forecasts *out, wsf__env *env, wsf__arena *arena,
                         const wsf__fitted_panel *f, const wsf__ask *ask, wsf_error *err) {
  wsf__ask whole = *ask;
  wsf__forecasts all;
  whole.series = NULL;
  WSF__TRY(forecast_all(&all, env, arena, f, &whole, err));
  wsf__panel *frame = wsf__arena_new(arena, 1, sizeof *frame);
  if (!frame) return wsf__fail_memory(err);
  WSF__TRY(wsf__panel_view(frame, arena, all.frame, ask->series, ask->n, err));
  *out = all;
  out->n = ask->n;
  out->frame = frame;
  out->lacking = out->partly = 0;
  const size_t n = (size_t)ask->n;
  const size_t h = (size_t)all.h, q = h * (size_t)all.n_q, paths = h * (size_t)all.n_paths;
  out->mean = wsf__arena_new(arena, n, h * sizeof *out->mean);
  out->quantile = wsf__arena_new(arena, n, q * sizeof *out->quantile);
  out->path = paths ? wsf__arena_new(arena, n, paths * sizeof *out->path) : NULL;
  out->reason = wsf__arena_new(arena, n, sizeof *out->reason);
  if (all.components) out->components = wsf__arena_new(arena, n, sizeof(wsf__components *));
  if (!out->mean || !out->quantile || (paths && !out->path) || !out->reason ||
      (all.components && !out->components)) {
    return wsf__fail_memory(err);
  }
  for (size_t j = 0; j < n; ++j) {
    const size_t i = (size_t)ask->series[j];
    memcpy(out->mean + j * h, all.mean + i * h, h * sizeof *out->mean);
    if (q) memcpy(out->quantile + j * q, all.quantile + i * q, q * sizeof *out->quantile);
    if (paths) memcpy(out->path + j * paths, all.path + i * paths, paths * sizeof *out->path);
    out->reason[j] = all.reason[i];
    if (all.components) out->components[j] = all.components[i];
  }
  const run r = {.env = env, .f = f, .ask = ask, .frame = frame, .out = out};
  return count_lacking(&r, err);
}

wsf_status wsf__engine_forecast(wsf__forecasts *out, wsf__env *env, wsf__arena *arena,
                                const wsf__fitted_panel *f, const wsf__ask *ask, wsf_error *err) {
  const bool some = ask->series && wsf__tree_together(f->node, f->frame);
  return (some ? select : forecast_all)(out, env, arena, f, ask, err);
}

static wsf_status add_reasons(wsf_table *t, const wsf__forecasts *all, wsf_error *err) {
  int64_t column;
  WSF__TRY(wsf__table_add_text(t, "reason", &column, err));
  for (int64_t row = 0; row < all->n * all->h; ++row) {
    WSF__TRY(wsf__table_put(t, column, wsf__reason_word(all->reason[row / all->h]), err));
  }
  return WSF_OK;
}

static wsf_status fill_table(wsf_table *t, const wsf__env *env, const wsf__forecasts *all,
                             const wsf__quantiles *q, bool reasons, wsf__arena *arena,
                             wsf_error *err) {
  const wsf__panel *frame = all->frame;
  const size_t n_extra = 2 * (size_t)q->n_levels + (size_t)q->n_asked;
  double **extra = wsf__arena_new(arena, n_extra, sizeof *extra);
  double **path = wsf__arena_new(arena, (size_t)all->n_paths, sizeof *path);
  double *mean;
  int64_t *time;
  if (!extra || !path) return wsf__fail_memory(err);
  WSF__TRY(wsf__table_add_keys(t, frame, NULL, all->n, all->h, err));
  WSF__TRY(wsf__table_add_time(t, frame, frame->time_name, &time, err));
  WSF__TRY(wsf__table_add_f64(t, "forecast", &mean, err));
  WSF__TRY(wsf__table_add_quantiles(t, q, extra, err));
  WSF__TRY(wsf__table_add_paths(t, all->n_paths, path, err));
  int64_t row = 0;
  for (int64_t i = 0; i < all->n; ++i) {
    const int64_t start = frame->first[i] + frame->length[i];
    WSF__TRY(wsf__table_goes_on(t, err));
    for (int64_t step = 0; step < all->h; ++step, ++row) {
      time[row] = wsf__calendar_value(&frame->calendar, start + step);
      mean[row] = all->mean[row];
      wsf__quantiles_put(q, extra, row, mean[row], all->quantile + i * all->n_q * all->h + step,
                         all->h);
    }
    for (int64_t k = 0; k < all->n_paths && !wsf__stopped(env); ++k) {
      memcpy(path[k] + i * all->h, all->path + (i * all->n_paths + k) * all->h,
             (size_t)all->h * sizeof **path);
    }
  }
  if (wsf__stopped(env)) return wsf__fail_stopped(env, err);
  return reasons ? add_reasons(t, all, err) : WSF_OK;
}

static wsf_status check_paths(const wsf__ask *ask, int64_t series, wsf_error *err) {
  return ask->keep_paths ? too_many_paths(series, ask, err) : WSF_OK;
}

static wsf_status asked_twice(wsf_error *err, const char *name, const char *label) {
  (void)wsf__fail(err, WSF_E_VALUE, "'%.100s' asks for series %s again, expected each once", name,
                  label);
  wsf__error_at_field(err, "series");
  return WSF_E_VALUE;
}

/* In the order of the names, each once, so that a row of the table is found by its keys. */
wsf_status wsf__ask_series(wsf__ask *ask, wsf__arena *arena, const wsf__panel *frame,
                           const wsf__value *names, wsf_error *err) {
  ask->n = frame->n;
  if (names->form != WSF__STRINGS) return WSF_OK;
  int64_t *series = wsf__arena_new(arena, (size_t)names->n, sizeof *series);
  bool *asked = wsf__arena_zero(arena, (size_t)frame->n, sizeof *asked);
  if (!series || !asked) return wsf__fail_memory(err);
  for (int i = 0; i < names->n; ++i) {
    char label[128];
    WSF__TRY(wsf__panel_find_series(&series[i], frame, names->strings[i], err));
    wsf__panel_label(frame, series[i], label, sizeof label);
    if (asked[series[i]]) return asked_twice(err, names->strings[i], label);
    asked[series[i]] = true;
  }
  ask->n = names->n;
  ask->series = series;
  return WSF_OK;
}

static wsf_status read_options(wsf__ask *ask, wsf__quantiles *q, bool *reasons, wsf__arena *arena,
                               const wsf__panel *frame, const char *options, wsf_error *err) {
  const wsf__node *o;
  WSF__TRY(wsf__expr_arguments(&o, arena, wsf__engine_catalog(), &wsf__spec_predict, options, err));
  WSF__TRY(wsf__quantiles_make(q, arena, wsf__arg(o, "levels"), wsf__arg(o, "quantiles"), err));
  *ask = (wsf__ask){.h = wsf__arg_int(o, "horizon"),
                    .n_q = q->n,
                    .q = q->q,
                    .nonnegative = wsf__arg_flag(o, "nonnegative"),
                    .negative = wsf__arg_flag(o, "negative"),
                    .cumulative = wsf__arg_flag(o, "cumulative"),
                    .n_paths = wsf__arg_int(o, "paths"),
                    .keep_paths = wsf__arg_int(o, "paths") > 0};
  *reasons = wsf__arg_flag(o, "reasons");
  if (ask->cumulative && ask->n_q > 0 && ask->n_paths == 0) ask->n_paths = PATHS_FOR_SUMS;
  WSF__TRY(wsf__ask_series(ask, arena, frame, wsf__arg(o, "series"), err));
  return check_paths(ask, ask->n, err);
}

/* Fresh data that speak of other columns than the fit did: the forecast uses what the fit saw. */
static void warn_columns(const wsf__env *env, const wsf__panel *frame, const wsf__panel *fresh) {
  for (int c = 0; c < frame->n_columns; ++c) {
    const wsf__column *own = &frame->column[c];
    const int k = wsf__panel_find_column(fresh, own->name);
    if (own->kind != WSF__KNOWN || (k >= 0 && fresh->column[k].kind == WSF__KNOWN)) continue;
    const char *near = NULL;
    for (int i = 0; i < fresh->n_columns && !near; ++i) {
      const bool used = wsf__panel_find_column(frame, fresh->column[i].name) >= 0;
      if (!used) near = wsf__nearest(own->name, &fresh->column[i].name, 1);
    }
    wsf__log(env, WSF__LOG_WARNING,
             "predict: the dataset has no column '%.100s' known ahead, the fit's values are "
             "used%s%.100s%s",
             own->name, near ? "; is '" : "", near ? near : "", near ? "' meant?" : "");
  }
}

wsf_status wsf__engine_predict(wsf_table **out, wsf__env *env, const wsf__fitted_panel *f,
                               const wsf__panel *covariates, const char *options, wsf_error *err) {
  *out = NULL;
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  wsf_table *t = NULL;
  wsf__ask ask;
  wsf__quantiles q;
  wsf__forecasts all;
  bool reasons;
  wsf_status status = read_options(&ask, &q, &reasons, &arena, f->frame, options, err);
  ask.known = covariates;
  if (status == WSF_OK && covariates) warn_columns(env, f->frame, covariates);
  if (status == WSF_OK && ask.n_paths > 0) wsf__log_paths(env, f);
  if (status == WSF_OK) status = wsf__engine_forecast(&all, env, &arena, f, &ask, err);
  if (status == WSF_OK) status = wsf__table_begin(&t, env, all.n * all.h, err);
  if (status == WSF_OK) status = fill_table(t, env, &all, &q, reasons, &arena, err);
  if (status == WSF_OK) status = wsf__table_distinct(t, f->frame, err);
  if (status == WSF_OK) wsf__log_forecast(env, "predict", &all);
  wsf__arena_free(&arena);
  if (status == WSF_OK)
    *out = t;
  else
    wsf_table_release(t);
  return status;
}
