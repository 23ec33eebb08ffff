/* What a fit left: forecasts, series that move on, bytes. */
#include "models/global/sequence.h"
#include "models/history.h"

#include "models/components.h"

#include <string.h>

/* ---- forecast ------------------------------------------------------------------------------ */

/* Series from .. from + n - 1 of a batch, which share a pool. */
typedef struct flock {
  const wsf__fitted *m;
  const wsf__batch *b;
  wsf__forecast *out;
  int64_t from, n;
  const wsf__sequence *q;
  const float *waves;
  wsf__regressors *regressors;
  double *x; /* [columns] */
} flock;

enum { STRETCH = 64 }; /* steps that are forecast at a time */

static wsf__standing standing_of(const flock *g, const wsf__predict *p, int64_t i) {
  const wsf__state *state = &g->m->state[g->b->series[g->from + i].slot];
  return wsf__standing_of((double *)(uintptr_t)state->v, g->m->node, p->frame);
}

/* Steps done + 1 .. done + s->horizon of all; known[] says which have their columns. */
static wsf_status tell_steps(const flock *g, const wsf__predict *p, wsf__samples *s, int64_t done,
                             bool *known) {
  const wsf__sequence *q = g->q;
  const wsf__lesson l = {.waves = g->waves, .columns = q->columns, .horizon = q->horizon};
  const int64_t m = wsf__season_of(g->m->node, p->frame);
  float *columns = wsf__arena_new(p->scratch, (size_t)q->columns, sizeof *columns);
  if (!columns) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < g->n; ++i) {
    const wsf__standing at = standing_of(g, p, i);
    const double unit = *at.scale > 0 ? 1 / *at.scale : 0;
    for (int64_t j = 0; j < s->horizon; ++j) {
      const int64_t h = done + j + 1;
      known[i * STRETCH + j] = h <= g->out[g->from + i].h;
      if (!known[i * STRETCH + j]) continue;
      WSF__TRY(wsf__regressors_ahead(g->regressors, &g->b->series[g->from + i], h, g->x,
                                     &known[i * STRETCH + j]));
      for (int64_t c = 0; c < q->columns; ++c) columns[c] = wsf__sequence_column(q, c, g->x[c]);
      const double before = at.season[(h - 2 + at.m) % at.m], now = at.season[(h - 1) % at.m];
      wsf__tell_ahead(s->ahead + (i * s->horizon + j) * q->net.ahead, &l, (float)(before * unit),
                      (float)(now * unit), (float)(at.season[h % at.m] * unit), h,
                      ((int64_t)*at.phase + h - 1) % m, columns);
    }
  }
  return WSF_OK;
}

static void take_steps(const flock *g, const wsf__predict *p, const wsf__samples *s, int64_t done,
                       const bool *known) {
  const wsf__sequence *q = g->q;
  for (int64_t i = 0; i < g->n; ++i) {
    const wsf__standing at = standing_of(g, p, i);
    wsf__forecast *out = &g->out[g->from + i];
    for (int64_t j = 0; j < s->horizon && done + j < out->h; ++j) {
      const int64_t step = done + j;
      if (!known[i * STRETCH + j]) {
        wsf__forecast_unknown(out, step);
        continue;
      }
      const float *said = s->raw + (i * s->horizon + j) * q->net.says;
      const double season = at.season[step % at.m], base = *at.level + season;
      const double width = q->width[step < q->horizon ? step : q->horizon - 1];
      out->mean[step] = wsf__head_point(&q->head, said, base, *at.scale);
      wsf__explain(out, step, WSF__SEASON, season);
      wsf__head_quantiles(&q->head, said, base, *at.scale, width, out, step);
    }
  }
}

static wsf_status forecast(wsf__predict *p, const flock *g) {
  const wsf__network *net = &g->q->net;
  int64_t longest = 0;
  for (int64_t i = 0; i < g->n; ++i) {
    if (g->out[g->from + i].h > longest) longest = g->out[g->from + i].h;
  }
  for (int64_t done = 0; done < longest; done += STRETCH) {
    const wsf__mark mark = wsf__arena_mark(p->scratch);
    wsf__samples s = {
        .n = g->n, .origins = 1, .horizon = longest - done < STRETCH ? longest - done : STRETCH};
    bool *known = wsf__arena_new(p->scratch, (size_t)(g->n * STRETCH), sizeof *known);
    if (wsf__stopped(p->env)) return wsf__fail_stopped(p->env, p->err);
    if (!known || !wsf__samples_room(&s, net, false, p->scratch)) return wsf__fail_memory(p->err);
    const int top = net->layers - 1, hidden = net->layer[top].hidden;
    const int64_t last = (int64_t)(net->layer[top].dilation - 1);
    int64_t below = 0; /* numbers that the layers below keep */
    for (int l = 0; l < top; ++l) below += 2 * (int64_t)net->layer[l].dilation * hidden;
    for (int64_t i = 0; i < g->n; ++i) {
      const wsf__standing at = standing_of(g, p, i);
      const double *cells = at.cells + below + last * hidden;
      float *to = s.out[top] + (last * g->n + i) * hidden;
      for (int j = 0; j < hidden; ++j) to[j] = (float)cells[j];
      for (int k = 0; k < net->n_tables; ++k) {
        s.code[i * net->n_tables + k] = k < at.keys ? (int32_t)at.code[k] : -1;
      }
    }
    WSF__TRY(tell_steps(g, p, &s, done, known));
    wsf__network_say(net, g->q->weight, &s);
    take_steps(g, p, &s, done, known);
    wsf__arena_reset(p->scratch, mark);
  }
  return WSF_OK;
}

wsf_status wsf__sequence_predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                                 wsf__forecast out[]) {
  wsf__regressors regressors;
  flock g = {.m = m, .b = b, .out = out, .regressors = &regressors};
  g.waves = wsf__waves(wsf__season_of(m->node, p->frame), p->scratch);
  if (!g.waves) return wsf__fail_memory(p->err);
  for (; g.from < b->n; g.from += g.n) {
    g.q = wsf__pool_of(m, &b->series[g.from]);
    g.n = 1;
    while (g.n < WSF__PIECE && g.from + g.n < b->n &&
           wsf__pool_of(m, &b->series[g.from + g.n]) == g.q) {
      ++g.n;
    }
    const wsf__mark mark = wsf__arena_mark(p->scratch);
    WSF__TRY(
        wsf__regressors_find_for(&regressors, m->node, p->frame, g.q->columns, p->scratch, p->err));
    g.x = wsf__arena_new(p->scratch, (size_t)g.q->columns, sizeof *g.x);
    if (!g.x) return wsf__fail_memory(p->err);
    WSF__TRY(forecast(p, &g));
    wsf__arena_reset(p->scratch, mark);
  }
  return WSF_OK;
}

/* As far as the tracking lets an error move what follows. */
wsf_status wsf__sequence_response(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                                  wsf__response *out) {
  const wsf__state *state = &m->state[s->slot];
  const wsf__standing at = wsf__standing_of((double *)(uintptr_t)state->v, m->node, p->frame);
  out->error[0] = 1;
  for (int64_t i = 1; i < out->h; ++i) {
    const bool same = at.m > 1 && i % at.m == 0;
    out->error[i] = at.gains[0] + (same ? at.gains[1] * (1 - at.gains[0]) : 0);
  }
  return WSF_OK;
}

/* ---- series that move on ------------------------------------------------------------------- */

/* Periods from .. from + n - 1 of s. */
static wsf_status read_on(wsf__fit *f, const wsf__sequence *q, wsf__inputs *inputs,
                          const wsf__series *s, int64_t from, int64_t n, wsf__standing *to) {
  const wsf__network *net = &q->net;
  wsf__samples run = {.n = 1, .steps = n};
  double *x = wsf__arena_new(f->scratch, (size_t)q->inputs, sizeof *x);
  float *columns = wsf__arena_new(f->scratch, (size_t)q->inputs, sizeof *columns);
  if (!x || !columns || !wsf__samples_room(&run, net, false, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  wsf__tracked place = {*to->scale, *to->level, to->season};
  const wsf__gains gains = {to->gains[0], to->gains[1]};
  for (int64_t t = 0; t < n; ++t) {
    const double y = s->y[from + t];
    double season;
    WSF__TRY(wsf__inputs_read(inputs, s, from + t, x));
    for (int64_t c = 0; c < q->inputs; ++c) columns[c] = wsf__sequence_column(q, c, x[c]);
    const double error = wsf__tracked_move(&place, to->m, gains, y, &season);
    wsf__tell_read(run.x + t * net->layer[0].in, error, !isnan(y), season, columns, q->inputs);
  }
  *to->level = place.level;
  *to->scale = place.scale;
  const double *cells = to->cells;
  for (int l = 0; l < net->layers; ++l) {
    const int64_t held = (int64_t)net->layer[l].dilation * net->layer[l].hidden;
    for (int64_t j = 0; j < held; ++j) run.out[l][j] = (float)*cells++;
    for (int64_t j = 0; j < held; ++j) run.cell[l][j] = (float)*cells++;
  }
  wsf__network_read(net, q->weight, &run);
  wsf__cells_keep(to->cells, net, &run);
  return WSF_OK;
}

wsf_status wsf__sequence_update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                                wsf__fitted *out) {
  const wsf__sequence *q = wsf__pool_of(old, s);
  const int64_t m = wsf__season_of(out->node, f->panel);
  wsf__inputs inputs;
  WSF__TRY(wsf__inputs_find_for(&inputs, out->node, f->panel, q->columns, f->scratch, f->err));
  const int32_t refused = wsf__head_reason(&q->head, s->y, s->n);
  if (refused != WSF__OK) {
    wsf__state_fail(out, s, refused);
    return WSF_OK;
  }
  double *v = wsf__state_copy(f, old, s, out);
  if (!v) return wsf__fail_memory(f->err);
  wsf__standing to = wsf__standing_of(v, out->node, f->panel);
  for (int64_t from = 0; from < s->n; from += STRETCH) {
    const int64_t n = s->n - from < STRETCH ? s->n - from : STRETCH;
    const wsf__mark mark = wsf__arena_mark(f->scratch);
    if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
    WSF__TRY(read_on(f, q, &inputs, s, from, n, &to));
    wsf__arena_reset(f->scratch, mark);
  }
  *to.phase = (double)(((int64_t)*to.phase + s->n) % m);
  int32_t *reason = &out->state[s->slot].reason;
  if (*to.scale > 0 && (*reason == WSF__CONSTANT || *reason == WSF__ZERO)) *reason = WSF__OK;
  return WSF_OK;
}

/* ---- bytes --------------------------------------------------------------------------------- */

void wsf__sequence_save(wsf__writer *w, const wsf__node *node, const void *pool) {
  (void)node;
  const wsf__sequence *q = pool;
  wsf__write_i64(w, q->horizon);
  wsf__write_i64(w, q->columns);
  wsf__write_f64(w, q->gains.level);
  wsf__write_f64(w, q->gains.season);
  wsf__write_f64s(w, q->centre, q->inputs);
  wsf__write_f64s(w, q->spread, q->inputs);
  wsf__write_i64(w, q->net.n_tables);
  for (int k = 0; k < q->net.n_tables; ++k) {
    wsf__write_i32(w, q->net.table[k].labels);
    wsf__write_i32(w, q->net.table[k].dims);
  }
  wsf__write_i64(w, q->net.n);
  for (int64_t i = 0; i < q->net.n; ++i) {
    uint32_t bits;
    memcpy(&bits, &q->weight[i], sizeof bits);
    wsf__write_u32(w, bits);
  }
  if (q->head.widens) wsf__write_f64s(w, q->width, q->horizon);
}

static bool share(double x) {
  return x >= 0 && x <= 1;
}

static bool read_tables(wsf__reader *r, wsf__network *net) {
  const int64_t n = wsf__read_count(r, 8);
  if (r->failed || n > WSF__MOST_TABLES) return false;
  net->n_tables = (int)n;
  for (int k = 0; k < net->n_tables; ++k) {
    net->table[k].labels = wsf__read_i32(r);
    net->table[k].dims = wsf__read_i32(r);
    if (net->table[k].labels < 0 || net->table[k].dims < 0 || net->table[k].dims > 64) return false;
  }
  return !r->failed;
}

static bool read_widths(wsf__reader *r, wsf__sequence *q, wsf__arena *keep) {
  if (!q->head.widens) {
    q->width = wsf__read_room(r, keep, q->horizon, sizeof *q->width);
    return q->width;
  }
  q->width = wsf__read_f64s(r, keep, q->horizon);
  return q->width;
}

const void *wsf__sequence_load(wsf__reader *r, wsf__arena *keep, const wsf__node *node,
                               const wsf__panel *frame) {
  (void)frame;
  wsf__sequence *q = wsf__read_room(r, keep, 1, sizeof *q);
  if (!q) return NULL;
  q->head = wsf__head_of(node);
  q->horizon = wsf__read_i64(r);
  q->columns = wsf__read_count(r, 16);
  q->inputs = q->columns + wsf__inputs_past(node);
  q->gains.level = wsf__read_f64(r);
  q->gains.season = wsf__read_f64(r);
  if (r->failed || q->horizon < 1 || q->horizon > 2048 || q->columns > 1 << 20 ||
      !wsf__regressors_may_be(node, q->columns) || !share(q->gains.level) ||
      !share(q->gains.season)) {
    return NULL;
  }
  q->centre = wsf__read_f64s(r, keep, q->inputs);
  q->spread = wsf__read_f64s(r, keep, q->inputs);
  if (!q->centre || !q->spread) return NULL;
  for (int64_t c = 0; c < q->inputs; ++c) {
    if (!isfinite(q->centre[c]) || !isfinite(q->spread[c]) || q->spread[c] <= 0) return NULL;
  }
  if (!read_tables(r, &q->net) || !wsf__sequence_shape(&q->net, node, q->columns)) return NULL;
  if (wsf__read_count(r, 4) != q->net.n) return NULL;
  int32_t *bits = wsf__read_i32s(r, keep, q->net.n);
  if (!bits) return NULL;
  q->weight = (float *)(void *)bits;
  for (int64_t i = 0; i < q->net.n; ++i) {
    float weight;
    memcpy(&weight, &bits[i], sizeof weight);
    memcpy(&bits[i], &weight, sizeof weight);
  }
  return read_widths(r, q, keep) && wsf__sequence_sound(q) ? q : NULL;
}

bool wsf__sequence_check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  if (state->n < 6 || !wsf__state_finite(state)) return false;
  const double flag = state->v[2];
  if (flag != 0 && flag != 1) return false;
  if (state->n != wsf__standing_size(node, frame, flag != 0)) return false;
  const wsf__standing at = wsf__standing_of((double *)(uintptr_t)state->v, node, frame);
  const int64_t m = wsf__season_of(node, frame);
  if (!share(at.gains[0]) || !share(at.gains[1])) return false;
  if (*at.scale < 0 || !wsf__whole(*at.phase, 0, (double)(m - 1))) return false;
  for (int64_t k = 0; k < at.keys; ++k) {
    if (!wsf__whole(at.code[k], -1, INT32_MAX)) return false;
  }
  for (const double *c = at.cells; c < state->v + state->n; ++c) {
    if (!(fabs(*c) <= 1e6)) return false; /* floats hold it, and what it is multiplied by */
  }
  return true;
}
