/* What every model needs around its own algorithm: its state, its season, normal quantiles. */
#include "models/components.h"

#include "math/normal.h"

#include <math.h>
#include <string.h>

const char *wsf__reason_word(int32_t reason) {
  switch (reason) {
#define CASE(name, value, word, text)                                                              \
  case value:                                                                                      \
    return word;
    WSF__REASONS(CASE)
#undef CASE
  default:
    return "unknown";
  }
}

const char *wsf__reason_text(int32_t reason) {
  switch (reason) {
#define CASE(name, value, word, text)                                                              \
  case value:                                                                                      \
    return text;
    WSF__REASONS(CASE)
#undef CASE
  default:
    return "unknown";
  }
}

double *wsf__state_set(wsf__fit *f, wsf__fitted *out, const wsf__series *s, int64_t n,
                       int32_t reason) {
  if (n > wsf__limit_state(&f->env->limits, out->n, s->t0 + s->n)) {
    f->refused = n; /* the engine says so, who knows the call */
    return NULL;
  }
  double *v = wsf__arena_zero(f->keep, (size_t)n, sizeof *v);
  if (v) out->state[s->slot] = (wsf__state){.v = v, .n = n, .reason = reason};
  return v;
}

double *wsf__history_of(const wsf__fitted *out, const wsf__series *s) {
  if (!out->history) return out->residuals ? out->residuals[s->slot].fitted : NULL;
  const wsf__history *whole = &out->history[s->slot];
  return whole->v + (whole->n - s->n);
}

double *wsf__errors_set(wsf__fit *f, wsf__fitted *out, const wsf__series *s, int64_t n) {
  double *v = wsf__arena_zero(f->keep, (size_t)n, sizeof *v);
  if (v) out->errors[s->slot] = (wsf__state){.v = v, .n = n};
  return v;
}

double *wsf__state_copy(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                        wsf__fitted *out) {
  const wsf__state before = old->state[s->slot];
  double *v = wsf__state_set(f, out, s, before.n, before.reason);
  if (!v) return NULL;
  memcpy(v, before.v, (size_t)before.n * sizeof *v);
  out->state[s->slot].pool = before.pool;
  return v;
}

void wsf__state_fail(wsf__fitted *out, const wsf__series *s, int32_t reason) {
  out->state[s->slot] = (wsf__state){.reason = reason};
}

int64_t wsf__season_of(const wsf__node *node, const wsf__panel *panel) {
  const wsf__spec *spec = node->spec;
  for (int i = 0; i < spec->n_options; ++i) {
    if (strcmp(spec->options[i].name, "season") != 0) continue;
    /* 0 and absent both stand for the data's own season */
    if (node->arg[i].form == WSF__NUMBER && node->arg[i].number >= 1) {
      return (int64_t)node->arg[i].number;
    }
  }
  /* Combinators keep the panel's: to them it is a length, of windows and horizons. */
  for (const wsf__node *o = node->outer; o && node->n_inner == 0; o = o->outer) {
    if (strcmp(o->spec->family, spec->family) != 0) break; /* a feature: it forecasts a column */
    if (wsf__class_of(o)->takes_season) return 1;
  }
  return panel->season > 1 ? panel->season : 1;
}

void wsf__forecast_unknown(wsf__forecast *out, int64_t step) {
  for (int64_t r = 0; r < wsf__forecast_rows(out); ++r) wsf__forecast_row(out, r)[step] = NAN;
}

void wsf__forecast_normal(wsf__forecast *out, const double *sd) {
  for (int k = 0; k < out->n_q && !wsf__forecast_stopped(out); ++k) {
    const double z = wsf__normal_quantile(out->q[k]);
    double *quantile = out->quantile + k * out->h;
    for (int64_t i = 0; i < out->h; ++i) {
      quantile[i] = out->mean[i] + (sd[i] > 0 ? sd[i] * z : 0.0);
    }
  }
}

bool wsf__forecast_like(wsf__forecast *out, wsf__arena *scratch, const wsf__forecast *like) {
  size_t values, paths;
  *out = *like;
  out->scratch = scratch;
  if (like->components) {
    out->components = wsf__components_new(like->components->arena, like->h);
    if (!out->components) return false;
  }
  if (!wsf__mul((size_t)like->h, (size_t)like->n_q, &values) ||
      !wsf__mul((size_t)like->h, (size_t)like->n_paths, &paths)) {
    return false;
  }
  out->mean = wsf__arena_new(scratch, (size_t)like->h, sizeof *out->mean);
  out->quantile = wsf__arena_new(scratch, values, sizeof *out->quantile);
  out->path = wsf__arena_new(scratch, paths, sizeof *out->path);
  return out->mean && out->quantile && out->path;
}

wsf__series *wsf__batch_copy(wsf__fit *f, const wsf__batch *b) {
  wsf__watch seen = {.scratch = f->scratch};
  wsf__series *copy = wsf__arena_new(f->scratch, (size_t)b->n, sizeof *copy);
  if (!copy) return NULL;
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    double *y = wsf__arena_new(f->scratch, (size_t)s->n, sizeof *y);
    if (!y || wsf__watch_ends(&seen, s->n)) return NULL;
    memcpy(y, s->y, (size_t)s->n * sizeof *y);
    copy[i] = *s;
    copy[i].y = y;
  }
  return copy;
}

bool wsf__state_finite(const wsf__state *state) {
  for (int64_t i = 0; i < state->n; ++i) {
    if (!isfinite(state->v[i])) return false;
  }
  return true;
}

bool wsf__forecast_finite(const wsf__forecast *f) {
  for (int64_t r = 0; r < wsf__forecast_rows(f); ++r) {
    for (int64_t i = 0; i < f->h; ++i) {
      if (!isfinite(wsf__forecast_row(f, r)[i])) return false;
    }
  }
  return true;
}

wsf_status wsf__predict_pieces(wsf__predict *p, int64_t pieces, wsf__predict_fn *fn, void *user) {
  if (p->parallel) return p->parallel(p, pieces, fn, user);
  for (int64_t i = 0; i < pieces; ++i) {
    const wsf__mark mark = wsf__arena_mark(p->scratch);
    WSF__TRY(fn(p, i, user));
    wsf__arena_reset(p->scratch, mark);
  }
  return WSF_OK;
}
