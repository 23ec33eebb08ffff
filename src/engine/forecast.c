/* Forecast every series of a fitted panel: as a dense block, or each to whoever takes it as soon as
 * it is made. Blocks of series run side by side; where forecasts of the whole panel belong together
 * they are one block, whose parts do.
 *
 * Where the model lacks a column ahead the fallback forecasts the series, as where it could not be
 * fitted: what one series lacks is nothing to the others. Only if all of them lack one is that an
 * error, which names the first. */
#include "engine/drive.h"
#include "models/bounded.h"
#include "models/components.h"

#include <string.h>

/* Numbers in all the paths of a table: 2 GiB. */
static const double MOST_PATH_NUMBERS = 1 << 28;

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
  double *mean, *quantile, *path; /* of the first */
  wsf__arena *keep;               /* of components (run) */
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
    const int64_t at = (i - t->first) * all->h;
    t->out[(*n)++] = (wsf__forecast){.h = all->h,
                                     .mean = t->mean + at,
                                     .n_q = all->n_q,
                                     .q = all->q,
                                     .quantile = t->quantile + at * all->n_q,
                                     .n_paths = r->ask->n_paths,
                                     .path = t->path + at * r->ask->n_paths,
                                     .components = all->components ? all->components[i] : NULL,
                                     .scratch = p->scratch};
  }
  return WSF_OK;
}

/* Whether an interval has no width, or next to none beside the history's. */
static bool is_exact(const wsf__forecast *out, double width) {
  static const double NOTHING = 1e-6;
  if (out->n_q == 0 || !(width > 0)) return false;
  for (int64_t i = 0; i < out->h; ++i) {
    const double least = fmin(out->mean[i], out->quantile[i]);
    const double largest = fmax(out->mean[i], out->quantile[(out->n_q - 1) * out->h + i]);
    if (largest - least <= NOTHING * width) return true;
  }
  return false;
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
    const int64_t slot = t->series[j].slot, i = t->series[j].id;
    const double least = r->f->least[slot], largest = r->f->largest[slot];
    int32_t *reason = &r->out->reason[i];
    if (!as_it_is || !wsf__forecast_finite(&t->out[j])) {
      r->out->held[i] = wsf__bound(&t->out[j], least, largest, wsf__floored(r->ask, least));
      if (r->out->held[i]) *reason = wsf__reason_or(*reason, WSF__BOUNDED);
    }
    if (is_exact(&t->out[j], largest - least)) *reason = wsf__reason_or(*reason, WSF__NO_ERROR);
  }
  return WSF_OK;
}

/* What leaves the engine for a series: added up, told apart, handed over. */
static wsf_status finish(const run *r, wsf__predict *p, const part *t, int64_t n) {
  for (int64_t j = 0; j < n; ++j) {
    wsf__forecast *out = &t->out[j];
    if (r->ask->cumulative && !wsf__sample_add_up(out, p->scratch)) return wsf__fail_memory(p->err);
    if (r->ask->put) r->ask->put(r->ask->user, t->series[j].id, out);
    if (!out->components) continue;
    wsf__components_close(out, false);
    if (out->components->failed) return wsf__fail_memory(p->err);
  }
  return WSF_OK;
}

/* How the root forecasts a series. That it goes by the times at which the series is closed is not
 * said where those are not known. A column far out of its history is told before what the fit has
 * to tell: nothing else has so much to do with the forecast. */
static wsf_status judge(const run *r, const wsf__predict *p, int64_t i) {
  const wsf__series s = series_of(r, i);
  int32_t *reason = &r->out->reason[i];
  wsf__untold *untold = &r->out->untold[i];
  *reason = wsf__tree_reason(p, r->f->root, &s, r->out->h);
  *untold = (wsf__untold){0};
  if (*reason < WSF__NOT_FITTED) *untold = wsf__tree_untold(p, r->f->root, &s, r->out->h);
  if (*reason == WSF__CLOSED && untold->periods > 0) *reason = WSF__UNTOLD;
  r->out->outside[i] = false;
  if (*reason >= WSF__NOT_FITTED || *reason == WSF__REPLACED) return WSF_OK;
  wsf__outside far;
  WSF__TRY(wsf__tree_outside(&far, r->f->root, p->frame, &s, r->out->h, p->scratch, p->err));
  r->out->outside[i] = far.step > 0;
  if (far.step > 0) *reason = WSF__EXTRAPOLATED;
  return WSF_OK;
}

/* By the root, and by the fallback where the root cannot. Where not even that was fitted the
 * forecast is NaN, and the contract puts the middle of the history in its place: 0 if nothing was
 * ever observed. */
static wsf_status predict_part(const run *r, wsf__predict *p, const part *t) {
  int64_t n;
  for (int64_t i = t->first; i < t->end; ++i) WSF__TRY(judge(r, p, i));
  for (int by_root = 1; by_root >= 0; --by_root) {
    WSF__TRY(gather(r, p, t, by_root, &n));
    WSF__TRY(make(r, p, by_root ? r->f->root : r->f->fallback, t, n));
    WSF__TRY(finish(r, p, t, n));
  }
  return WSF_OK;
}

/* Where a part's rows of so many numbers a series go: to those of all series, else to its own. */
static double *rows_of(const part *t, double *all, int64_t numbers, wsf__arena *scratch) {
  if (all) return all + t->first * numbers;
  return wsf__arena_new(scratch, (size_t)(t->end - t->first), (size_t)numbers * sizeof(double));
}

static bool part_room(part *t, const run *r, wsf__arena *scratch) {
  const wsf__forecasts *all = r->out;
  t->mean = rows_of(t, all->mean, all->h, scratch);
  t->quantile = rows_of(t, all->quantile, all->h * all->n_q, scratch);
  t->path = rows_of(t, all->path, all->h * r->ask->n_paths, scratch);
  return t->mean && t->quantile && t->path;
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
  if (!part_room(&t, r, scratch)) return wsf__fail_memory(err);
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
  if (!t.series || !t.out || !others || !part_room(&t, r, scratch)) return wsf__fail_memory(err);
  for (int64_t i = 0; i < n; ++i) WSF__TRY(judge(r, &p, i));
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
    const int32_t reason = out->reason[i];
    if (reason == r->f->root->state[s.slot].reason ||
        (reason < WSF__NOT_FITTED && reason != WSF__REPLACED)) {
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

/* What lies far out, of the first series of which a column does. */
static wsf_status find_outside(const run *r, wsf_error *err) {
  wsf__forecasts *out = r->out;
  int64_t i = 0;
  while (i < out->n && !out->outside[i]) ++i;
  out->first_outside = i < out->n ? i : -1;
  if (i == out->n) return WSF_OK;
  const wsf__series s = series_of(r, i);
  wsf__arena scratch;
  wsf__arena_init(&scratch, &r->env->alloc);
  scratch.work_of = r->env;
  const wsf_status status =
      wsf__tree_outside(&out->far, r->f->root, r->frame, &s, out->h, &scratch, err);
  wsf__arena_free(&scratch);
  return status;
}

wsf_status wsf__engine_allows(const wsf__env *env, int64_t n, int64_t h, int n_q, wsf_error *err) {
  int64_t rows;
  WSF__TRY(wsf__limit_check(&env->limits, WSF__MOST_horizon, h, err));
  if (__builtin_mul_overflow(n, h, &rows)) rows = INT64_MAX;
  return wsf__limit_product(&env->limits, WSF__MOST_values, rows, 1 + (int64_t)n_q, err);
}

wsf_status wsf__paths_allowed(int64_t n, const wsf__ask *ask, wsf_error *err) {
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
    WSF__TRY(wsf__paths_allowed(n, ask, err));
  }
  const int64_t tasks = (n + r.block - 1) / r.block;
  out->reason = wsf__arena_new(arena, (size_t)n, sizeof *out->reason);
  out->held = wsf__arena_zero(arena, (size_t)n, sizeof *out->held);
  out->outside = wsf__arena_new(arena, (size_t)n, sizeof *out->outside);
  out->untold = wsf__arena_new(arena, (size_t)n, sizeof *out->untold);
  wsf__panel *frame = wsf__arena_new(arena, 1, sizeof *frame);
  bool room = out->reason && out->held && out->outside && out->untold && frame;
  if (room && !ask->put) {
    out->mean = wsf__arena_new(arena, cells, sizeof *out->mean);
    out->quantile = wsf__arena_new(arena, all, sizeof *out->quantile);
    if (kept > 0) out->path = wsf__arena_new(arena, paths, sizeof *out->path);
    room = out->mean && out->quantile && (kept == 0 || out->path);
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
  WSF__TRY(wsf__memo_open(&memo, &own, frame, &wsf__engine_foresight, err));
  r.env = &own;
  wsf_status status = r.together ? predict_whole(&r, err)
                                 : wsf__parallel(&own, "predict", tasks, predict_block, &r, err);
  /* a message counts series as the forecaster does */
  if (status != WSF_OK && err && ask->series && err->series >= 0 && err->series < n) {
    err->series = ask->series[err->series];
  }
  if (status == WSF_OK) status = count_lacking(&r, err);
  if (status == WSF_OK) status = find_outside(&r, err);
  wsf__memo_close(&memo, &own);
  return status;
}

/* Of forecasts of the whole panel those that are asked for. */
static wsf_status select(wsf__forecasts *out, wsf__env *env, wsf__arena *arena,
                         const wsf__fitted_panel *f, const wsf__ask *ask, wsf_error *err) {
  wsf__ask whole = *ask;
  wsf__forecasts all;
  whole.series = NULL;
  whole.put = NULL;
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
  out->held = wsf__arena_new(arena, n, sizeof *out->held);
  out->outside = wsf__arena_new(arena, n, sizeof *out->outside);
  out->untold = wsf__arena_new(arena, n, sizeof *out->untold);
  if (all.components) out->components = wsf__arena_new(arena, n, sizeof(wsf__components *));
  if (!out->mean || !out->quantile || (paths && !out->path) || !out->reason || !out->held ||
      !out->outside || !out->untold || (all.components && !out->components)) {
    return wsf__fail_memory(err);
  }
  for (size_t j = 0; j < n; ++j) {
    const size_t i = (size_t)ask->series[j];
    memcpy(out->mean + j * h, all.mean + i * h, h * sizeof *out->mean);
    if (q) memcpy(out->quantile + j * q, all.quantile + i * q, q * sizeof *out->quantile);
    if (paths) memcpy(out->path + j * paths, all.path + i * paths, paths * sizeof *out->path);
    out->reason[j] = all.reason[i];
    out->held[j] = all.held[i];
    out->outside[j] = all.outside[i];
    out->untold[j] = all.untold[i];
    if (all.components) out->components[j] = all.components[i];
    const wsf__forecast one = {.h = all.h,
                               .mean = out->mean + j * h,
                               .n_q = all.n_q,
                               .q = all.q,
                               .quantile = out->quantile + j * q,
                               .n_paths = all.n_paths,
                               .path = paths ? out->path + j * paths : NULL};
    if (ask->put) ask->put(ask->user, (int64_t)j, &one);
  }
  const run r = {.env = env, .f = f, .ask = ask, .frame = frame, .out = out};
  WSF__TRY(count_lacking(&r, err));
  return find_outside(&r, err);
}

wsf_status wsf__engine_forecast(wsf__forecasts *out, wsf__env *env, wsf__arena *arena,
                                const wsf__fitted_panel *f, const wsf__ask *ask, wsf_error *err) {
  const bool some = ask->series && wsf__tree_together(f->node, f->frame);
  return (some ? select : forecast_all)(out, env, arena, f, ask, err);
}
