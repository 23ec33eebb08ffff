/* Fitting: the series of a group are tracked, the network learns from what the tracking leaves, and
 * each series keeps where it stands at its end. */
#include "models/global/resume.h"

#include "models/history.h"
#include "models/scope.h"

#include <string.h>

enum { MOST_DIMS = 8, JUDGED = 256 /* series that choose the gains */ };

/* ---- shapes -------------------------------------------------------------------------------- */

static int64_t horizon_of(const wsf__node *node, const wsf__fit *f, int64_t m) {
  int64_t h = wsf__arg_int(node, "horizon");
  if (h == 0) h = f->horizon > 0 ? f->horizon : m > 1 ? m : 12;
  return h < 2048 ? h : 2048;
}

static int64_t steps_of(const wsf__node *node, int64_t m) {
  const int64_t context = wsf__arg_int(node, "context"), auto_context = m + m / 2;
  if (context > 0) return context + WSF__ORIGINS - 1;
  return (auto_context < 16 ? 16 : auto_context > 64 ? 64 : auto_context) + WSF__ORIGINS - 1;
}

/* ---- one group ----------------------------------------------------------------------------- */

typedef struct group {
  wsf__fit *f;
  wsf__fitted *out;
  const wsf__batch *b;
  const int64_t *at; /* [n] positions in the batch */
  int64_t n, m;
  wsf__inputs *inputs;
  bool gains; /* each series learns its own */
  wsf__sequence *q;
  const wsf__sequence *old; /* that it goes on from; NULL: from nothing */
  wsf__lesson lesson;
  wsf__pupil *pupil;
  wsf__tracked *tracked;
} group;

static const wsf__series *member(const group *g, int64_t j) {
  return &g->b->series[g->at[j]];
}

static int64_t phase_of(int64_t period, int64_t m) {
  return (period % m + m) % m;
}

/* The gains with which the tracking alone is least off, of a few, for the first series; one pair
 * for all. */
static wsf_status choose_gains(group *g) {
  static const double levels[] = {0.1, 0.25, 0.5, 0.8}, seasons[] = {0.1, 0.3, 0.6};
  wsf__fit *f = g->f;
  double least = INFINITY;
  g->q->gains = (wsf__gains){0.25, 0.3};
  for (size_t k = 0; k < sizeof levels / sizeof *levels; ++k) {
    for (size_t l = 0; l < (g->m > 1 ? sizeof seasons / sizeof *seasons : 1); ++l) {
      const wsf__gains gains = {levels[k], seasons[l]};
      double sum = 0, count = 0;
      for (int64_t j = 0; j < g->n && j < JUDGED; ++j) {
        const wsf__series *s = member(g, j);
        const wsf__mark mark = wsf__arena_mark(f->scratch);
        wsf__track track;
        wsf__tracked place = {.season =
                                  wsf__arena_new(f->scratch, (size_t)g->m, sizeof *place.season)};
        if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
        if (!place.season ||
            !wsf__track_make(&track, &place, s->y, s->n, g->m, gains, f->scratch, f->scratch)) {
          return wsf__fail_memory(f->err);
        }
        /* over the scale of the first pair, which stands there until the series are followed */
        const double loss = wsf__track_loss(&track, g->q->horizon) * place.scale;
        if (isfinite(loss) && g->tracked[j].scale > 0) {
          sum += loss / g->tracked[j].scale;
          count += 1;
        }
        if (k == 0 && l == 0) g->tracked[j].scale = place.scale;
        wsf__arena_reset(f->scratch, mark);
      }
      if (count > 0 && sum / count < least) {
        least = sum / count;
        g->q->gains = gains;
      }
    }
  }
  return WSF_OK;
}

/* Mean and spread of each column over all series. */
static wsf_status measure_columns(group *g) {
  wsf__sequence *q = g->q;
  wsf__fit *f = g->f;
  const int64_t w = q->inputs;
  double *x = wsf__arena_new(f->scratch, (size_t)w, sizeof *x);
  double *count = wsf__arena_zero(f->scratch, (size_t)w, sizeof *count);
  double *square = wsf__arena_zero(f->scratch, (size_t)w, sizeof *square);
  if (!x || !count || !square) return wsf__fail_memory(f->err);
  for (int64_t j = 0; j < g->n; ++j) {
    const wsf__series *s = member(g, j);
    for (int64_t t = 0; w > 0 && t < s->n; ++t) {
      WSF__TRY(wsf__inputs_read(g->inputs, s, t, x));
      for (int64_t c = 0; c < w; ++c) {
        if (!isfinite(x[c])) continue;
        const double from = x[c] - q->centre[c];
        count[c] += 1;
        q->centre[c] += from / count[c];
        square[c] += from * (x[c] - q->centre[c]);
      }
    }
  }
  for (int64_t c = 0; c < w; ++c) {
    const double spread = count[c] > 0 ? sqrt(square[c] / count[c]) : 0;
    q->spread[c] = isfinite(spread) && spread > 0 ? spread : 1;
    if (!isfinite(q->centre[c])) q->centre[c] = 0;
  }
  return WSF_OK;
}

/* The columns of all series as the network sees them. */
static wsf_status show_columns(group *g) {
  wsf__fit *f = g->f;
  const int64_t w = g->q->inputs;
  double *x = wsf__arena_new(f->scratch, (size_t)w, sizeof *x);
  if (!x) return wsf__fail_memory(f->err);
  for (int64_t j = 0; j < g->n; ++j) {
    const wsf__series *s = member(g, j);
    size_t cells;
    if (!wsf__mul((size_t)s->n, (size_t)w, &cells)) return wsf__fail_memory(f->err);
    float *to = wsf__arena_new(f->scratch, cells, sizeof *to);
    if (!to) return wsf__fail_memory(f->err);
    for (int64_t t = 0; w > 0 && t < s->n; ++t) {
      WSF__TRY(wsf__inputs_read(g->inputs, s, t, x));
      for (int64_t c = 0; c < w; ++c) to[t * w + c] = wsf__sequence_column(g->q, c, x[c]);
    }
    g->pupil[j].x = to;
  }
  return WSF_OK;
}

/* A key that tells groups of series apart gets an embedding: one with a label for nearly every
 * series tells nothing that others share. */
static void embed(group *g) {
  const wsf__panel *panel = g->f->panel;
  wsf__network *net = &g->q->net;
  net->n_tables = (int)wsf__sequence_keys(panel);
  for (int k = 0; k < net->n_tables; ++k) {
    const int32_t labels = panel->key[k].n_labels;
    const bool tells = labels > 1 && 2 * (int64_t)labels <= g->n;
    const int dims = (int)ceil(sqrt((double)labels));
    net->table[k] = (wsf__embedding){labels, tells ? dims < MOST_DIMS ? dims : MOST_DIMS : 0, 0};
    if (g->old && k < g->old->net.n_tables) net->table[k].dims = g->old->net.table[k].dims;
  }
}

static wsf_status follow(group *g) {
  wsf__fit *f = g->f;
  const wsf__panel *panel = f->panel;
  const int tables = g->q->net.n_tables;
  for (int64_t j = 0; j < g->n; ++j) {
    const wsf__series *s = member(g, j);
    int32_t *code = wsf__arena_new(f->scratch, (size_t)tables, sizeof *code);
    g->tracked[j].season = wsf__arena_new(f->scratch, (size_t)g->m, sizeof *g->tracked[j].season);
    if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
    g->tracked[j].scale = 0;
    if (!code || !g->tracked[j].season ||
        !wsf__track_make(&g->pupil[j].track, &g->tracked[j], s->y, s->n, g->m, g->q->gains,
                         f->scratch, f->scratch)) {
      return wsf__fail_memory(f->err);
    }
    for (int k = 0; k < tables; ++k) code[k] = panel->key[k].code[s->id];
    g->pupil[j].gains = g->q->gains;
    g->pupil[j].y = s->y;
    g->pupil[j].scale = g->tracked[j].scale;
    g->pupil[j].code = code;
    g->pupil[j].phase = phase_of(s->t0, g->m);
  }
  return WSF_OK;
}

/* With the gains that were learnt, over the same scale. */
static wsf_status follow_again(group *g) {
  wsf__fit *f = g->f;
  for (int64_t j = 0; j < g->n; ++j) {
    const wsf__series *s = member(g, j);
    if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
    if (!wsf__track_make(&g->pupil[j].track, &g->tracked[j], s->y, s->n, g->m, g->pupil[j].gains,
                         f->scratch, f->scratch)) {
      return wsf__fail_memory(f->err);
    }
  }
  return WSF_OK;
}

static int32_t reason_of(const wsf__series *s, int64_t m, const wsf__track *k) {
  const int32_t reason = wsf__extent_reason(wsf__extent_of(s->y, s->n));
  if (reason != WSF__OK) return reason;
  return m > 1 && !k->seasonal ? WSF__SHORT_SEASON : WSF__OK;
}

void wsf__cells_keep(double *cells, const wsf__network *net, const wsf__samples *s) {
  for (int l = 0; l < net->layers; ++l) {
    const int64_t n = (int64_t)net->layer[l].dilation * net->layer[l].hidden,
                  at = s->steps * net->layer[l].hidden;
    for (int64_t j = 0; j < n; ++j) *cells++ = (double)s->out[l][at + j];
    for (int64_t j = 0; j < n; ++j) *cells++ = (double)s->cell[l][at + j];
  }
}

/* What the cells hold after the end of a history, read from `steps` periods before. */
static bool read_end(const wsf__lesson *l, const wsf__sequence *q, const wsf__pupil *pupil,
                     double *cells, wsf__arena *scratch) {
  wsf__samples s = {.n = 1, .steps = l->steps, .origins = 0};
  if (!wsf__samples_room(&s, &q->net, false, scratch)) return false;
  wsf__show_history(l, pupil, pupil->track.n - 1, &s, 0);
  wsf__network_read(&q->net, q->weight, &s);
  wsf__cells_keep(cells, &q->net, &s);
  return true;
}

static wsf_status settle(wsf__fit *f, wsf__fitted *out, const wsf__series *s,
                         const wsf__sequence *q, const wsf__lesson *l, const wsf__pupil *pupil,
                         const wsf__tracked *place) {
  const wsf__node *node = out->node;
  const wsf__track *k = &pupil->track;
  double *v = wsf__state_set(f, out, s, wsf__standing_size(node, f->panel, k->seasonal),
                             reason_of(s, l->m, k));
  if (!v) return wsf__fail_memory(f->err);
  v[2] = k->seasonal;
  wsf__standing to = wsf__standing_of(v, node, f->panel);
  *to.scale = place->scale;
  *to.level = place->level;
  *to.phase = (double)((pupil->phase + s->n) % l->m);
  to.gains[0] = pupil->gains.level;
  to.gains[1] = pupil->gains.season;
  for (int64_t i = 0; i < to.keys; ++i) to.code[i] = pupil->code[i];
  for (int64_t i = 0; i < to.m; ++i) to.season[i] = place->season[i];
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  if (!read_end(l, q, pupil, to.cells, f->scratch)) return wsf__fail_memory(f->err);
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

/* One-step forecasts of a series, by windows like those that were learnt from. */
static wsf_status tell_history(group *g, int64_t j, double *fitted) {
  wsf__fit *f = g->f;
  wsf__lesson l = g->lesson;
  const wsf__track *k = &g->pupil[j].track;
  const double scale = g->tracked[j].scale;
  for (int64_t end = k->known - 2; end >= k->start - 1; end -= WSF__ORIGINS * WSF__PIECE) {
    const int64_t left = (end - k->start + 1) / WSF__ORIGINS + 1;
    const wsf__mark mark = wsf__arena_mark(f->scratch);
    wsf__samples s = {.n = left < WSF__PIECE ? left : WSF__PIECE,
                      .steps = l.steps,
                      .origins = WSF__ORIGINS,
                      .horizon = 1};
    if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
    if (!wsf__samples_room(&s, l.net, false, f->scratch)) return wsf__fail_memory(f->err);
    for (int64_t i = 0; i < s.n; ++i) wsf__show(&l, j, end - i * WSF__ORIGINS, &s, i);
    wsf__network_read(l.net, g->q->weight, &s);
    wsf__network_say(l.net, g->q->weight, &s);
    for (int64_t r = 0; r < s.n * WSF__ORIGINS; ++r) {
      const int64_t t = end - r % s.n * WSF__ORIGINS - WSF__ORIGINS + 1 + r / s.n;
      if (t < k->start - 1) continue;
      const double tracked = (double)k->level[t] + (double)wsf__track_season(k, t, t + 1);
      fitted[t + 1] =
          wsf__head_point(&g->q->head, s.raw + r * l.net->says, k->centre + scale * tracked, scale);
    }
    wsf__arena_reset(f->scratch, mark);
  }
  return WSF_OK;
}

static bool sequence_room(wsf__sequence *q, wsf__arena *keep) {
  q->centre = wsf__arena_zero(keep, (size_t)q->inputs, sizeof *q->centre);
  q->spread = wsf__arena_zero(keep, (size_t)q->inputs, sizeof *q->spread);
  q->width = wsf__arena_zero(keep, (size_t)q->horizon, sizeof *q->width);
  return q->centre && q->spread && q->width;
}

static uint64_t seed_of(const group *g) {
  return g->f->env->seed + (uint64_t)wsf__arg_int(g->out->node, "seed");
}

static wsf__fellows fellows_of(const group *g) {
  return (wsf__fellows){.b = g->b, .at = g->at, .n = g->n};
}

/* Weights, gains and how columns are seen, from nothing or from where an earlier fit ended. */
static wsf_status begin(group *g) {
  wsf__sequence *q = g->q;
  wsf__rng r;
  wsf__rng_init(&r, seed_of(g), 0);
  wsf__network_begin(&q->net, &r, q->weight);
  if (!g->old) {
    WSF__TRY(choose_gains(g));
    return measure_columns(g);
  }
  WSF__TRY(wsf__resume_check(q, g->old, g->out->node, g->f->err));
  const wsf__fellows fellows = fellows_of(g);
  wsf__resume_weights(q, g->old, g->out, g->f->panel, &fellows);
  q->gains = g->old->gains;
  return WSF_OK;
}

static wsf_status learn_group(group *g) {
  wsf__fit *f = g->f;
  const wsf__node *node = g->out->node;
  int32_t number;
  wsf__arena *keep = f->pool_new(f, g->out, member(g, 0), &number);
  wsf__sequence *q = keep ? wsf__arena_zero(keep, 1, sizeof *q) : NULL;
  g->pupil = wsf__arena_zero(f->scratch, (size_t)g->n, sizeof *g->pupil);
  g->tracked = wsf__arena_zero(f->scratch, (size_t)g->n, sizeof *g->tracked);
  const float *waves = wsf__waves(g->m, f->scratch);
  if (!q || !g->pupil || !g->tracked || !waves) return wsf__fail_memory(f->err);
  g->q = q;
  q->head = wsf__head_of(node);
  q->columns = g->inputs->regressors.n;
  q->inputs = g->inputs->n;
  q->horizon = horizon_of(node, f, g->m);
  const wsf__fellows fellows = fellows_of(g);
  g->old = wsf__resume_from(g->out, &fellows);
  if (g->old && wsf__arg_int(node, "horizon") == 0) q->horizon = g->old->horizon;
  if (!sequence_room(q, keep)) return wsf__fail_memory(f->err);
  embed(g);
  if (!wsf__sequence_shape(&q->net, node, q->columns)) {
    return wsf__fail(f->err, WSF_E_LIMIT, "a network of more than 2^28 weights");
  }
  q->weight = wsf__arena_zero(keep, (size_t)q->net.n, sizeof *q->weight);
  if (!q->weight) return wsf__fail_memory(f->err);
  WSF__TRY(begin(g));
  WSF__TRY(follow(g));
  WSF__TRY(show_columns(g));
  g->lesson = (wsf__lesson){.net = &q->net,
                            .head = &q->head,
                            .waves = waves,
                            .m = g->m,
                            .columns = q->columns,
                            .inputs = q->inputs,
                            .horizon = q->horizon,
                            .steps = steps_of(node, g->m),
                            .gains = g->gains,
                            .n = g->n,
                            .pupil = g->pupil};
  const wsf__course course = {.name = node->spec->name,
                              .epochs = wsf__arg_int(node, "epochs"),
                              .batch = wsf__arg_int(node, "batch"),
                              .patience = wsf__arg_int(node, "patience"),
                              .rate = wsf__arg_number(node, "rate"),
                              .decay = wsf__arg_number(node, "decay"),
                              .dropout = wsf__arg_number(node, "dropout"),
                              .seed = seed_of(g)};
  for (int64_t j = 0; g->gains && j < g->n; ++j) {
    g->pupil[j].gains = wsf__resume_gains(g->out, member(g, j), g->pupil[j].gains);
  }
  WSF__TRY(wsf__learn(f, &g->lesson, &course, q->weight, q->width));
  g->out->pool[number - 1] = q;
  if (!wsf__sequence_sound(q)) {
    for (int64_t j = 0; j < g->n; ++j) wsf__state_fail(g->out, member(g, j), WSF__NOT_FINITE);
    return WSF_OK;
  }
  if (g->gains) WSF__TRY(follow_again(g));
  for (int64_t j = 0; j < g->n; ++j) {
    const wsf__series *s = member(g, j);
    if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
    WSF__TRY(settle(f, g->out, s, q, &g->lesson, &g->pupil[j], &g->tracked[j]));
    double *history = wsf__history_of(g->out, s);
    if (history) WSF__TRY(tell_history(g, j, history));
    g->out->state[s->slot].pool = number;
  }
  return WSF_OK;
}

wsf_status wsf__sequence_fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out, bool gains) {
  const wsf__head head = wsf__head_of(out->node);
  wsf__inputs inputs;
  wsf__groups groups;
  WSF__TRY(wsf__inputs_find(&inputs, out->node, f->panel, f->scratch, f->err));
  WSF__TRY(wsf__groups_find(&groups, f, b, out->node));
  for (int64_t k = 0; k < groups.n; ++k) {
    const wsf__mark mark = wsf__arena_mark(f->scratch);
    int64_t *at = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *at), n = 0;
    if (!at) return wsf__fail_memory(f->err);
    for (int64_t i = groups.start[k]; i < groups.start[k + 1]; ++i) {
      const wsf__series *s = &b->series[groups.order[i]];
      const int32_t reason =
          wsf__known(s->y, s->n) > 0 ? wsf__head_reason(&head, s->y, s->n) : WSF__EMPTY;
      if (reason == WSF__OK)
        at[n++] = groups.order[i];
      else
        wsf__state_fail(out, s, reason);
    }
    group g = {.f = f,
               .out = out,
               .b = b,
               .at = at,
               .n = n,
               .m = wsf__season_of(out->node, f->panel),
               .inputs = &inputs,
               .gains = gains};
    if (n > 0) WSF__TRY(learn_group(&g));
    wsf__arena_reset(f->scratch, mark);
  }
  return WSF_OK;
}

/* ---- a series never seen ------------------------------------------------------------------- */

/* The network has learnt from its like; its keys are told apart by no label that it has learnt. */
wsf_status wsf__sequence_start(wsf__fit *f, const void *pool, const wsf__series *s,
                               wsf__fitted *out) {
  const wsf__sequence *q = pool;
  wsf__inputs inputs;
  WSF__TRY(wsf__inputs_find_for(&inputs, out->node, f->panel, q->columns, f->scratch, f->err));
  const int32_t reason =
      wsf__known(s->y, s->n) > 0 ? wsf__head_reason(&q->head, s->y, s->n) : WSF__EMPTY;
  if (reason != WSF__OK) {
    wsf__state_fail(out, s, reason);
    return WSF_OK;
  }
  const int64_t first = 0, m = wsf__season_of(out->node, f->panel);
  wsf__sequence own = *q; /* its columns and gains are read, nothing is written */
  wsf__tracked place = {0};
  wsf__pupil *pupil = wsf__arena_zero(f->scratch, 1, sizeof *pupil);
  int32_t *code = wsf__arena_new(f->scratch, (size_t)q->net.n_tables, sizeof *code);
  if (!pupil || !code) return wsf__fail_memory(f->err);
  group g = {.f = f,
             .out = out,
             .b = &(wsf__batch){1, s},
             .at = &first,
             .n = 1,
             .m = m,
             .inputs = &inputs,
             .q = &own,
             .pupil = pupil,
             .tracked = &place};
  WSF__TRY(follow(&g));
  WSF__TRY(show_columns(&g));
  for (int k = 0; k < q->net.n_tables; ++k) code[k] = -1;
  pupil->code = code;
  const wsf__lesson l = {.net = &q->net,
                         .m = m,
                         .columns = q->columns,
                         .inputs = q->inputs,
                         .steps = steps_of(out->node, m)};
  return settle(f, out, s, q, &l, pupil, &place);
}
