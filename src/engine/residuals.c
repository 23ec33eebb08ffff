/* The newest residuals of calls whose paths follow them in blocks (models/blocks.c): gathered by a
 * fit, carried on by an update, in files the section `resi` of docs/format.md. They are what the
 * call itself saw less what it forecast of it one step ahead, the missing left out. */
#include "engine/drive.h"
#include "models/blocks.h"

#include <math.h>

static bool follows_blocks(const wsf__node *node) {
  return wsf__class_of(node)->blocks;
}

bool wsf__residuals_room(wsf__fitted *t, wsf__arena *arena) {
  if (!follows_blocks(t->node)) return true;
  t->residuals = wsf__arena_zero(arena, (size_t)t->n, sizeof *t->residuals);
  return t->residuals != NULL;
}

bool wsf__residuals_begin(wsf__fit *f, const wsf__series *s, wsf__fitted *t) {
  if (!t->residuals || t->history) return true;
  double *fitted = wsf__arena_new(f->scratch, (size_t)s->n, sizeof *fitted);
  if (!fitted) return false;
  for (int64_t k = 0; k < s->n; ++k) fitted[k] = NAN;
  t->residuals[s->slot].fitted = fitted;
  return true;
}

bool wsf__residuals_end(wsf__fit *f, const wsf__residuals *before, const wsf__series *s,
                        wsf__fitted *t) {
  if (!t->residuals) return true;
  const double *fitted = wsf__history_of(t, s);
  const int64_t seen = fitted ? s->n : 0;
  int64_t old = before ? before->n : 0, n = old;
  t->residuals[s->slot] = (wsf__residuals){0};
  if (t->state[s->slot].reason >= WSF__NOT_FITTED) return true;
  for (int64_t k = 0; k < seen; ++k) n += isfinite(s->y[k] - fitted[k]);
  if (n > WSF__RESIDUALS) n = WSF__RESIDUALS;
  double *v = wsf__arena_new(f->keep, (size_t)n, sizeof *v);
  if (!v) return false;
  t->residuals[s->slot] = (wsf__residuals){.v = v, .n = n};
  for (int64_t k = seen - 1; k >= 0 && n > 0; --k) {
    if (isfinite(s->y[k] - fitted[k])) v[--n] = s->y[k] - fitted[k];
  }
  while (before && n > 0) v[--n] = before->v[--old];
  return true;
}

bool wsf__residuals_any(const wsf__fitted *t) {
  for (int64_t i = 0; t->residuals && i < t->n; ++i) {
    if (t->residuals[i].n > 0) return true;
  }
  for (int i = 0; i < t->node->n_inner; ++i) {
    if (wsf__residuals_any(t->inner[i])) return true;
  }
  return false;
}

bool wsf__residuals_lack(const wsf__fitted *t, int64_t slot) {
  if (t->residuals && t->state[slot].reason == WSF__OK && t->residuals[slot].n == 0) return true;
  for (int i = 0; i < t->node->n_inner; ++i) {
    if (wsf__residuals_lack(t->inner[i], slot)) return true;
  }
  return false;
}

void wsf__residuals_save(wsf__writer *w, const wsf__fitted *t) {
  for (int64_t i = 0; t->residuals && i < t->n; ++i) wsf__write_i64(w, t->residuals[i].n);
  for (int64_t i = 0; t->residuals && i < t->n; ++i) {
    wsf__write_f64s(w, t->residuals[i].v, t->residuals[i].n);
  }
  for (int i = 0; i < t->node->n_inner; ++i) wsf__residuals_save(w, t->inner[i]);
}

static void load(wsf__reader *r, wsf__arena *arena, const wsf__fitted *t) {
  int64_t total = 0;
  for (int64_t i = 0; !r->failed && i < t->n; ++i) {
    const int64_t n = wsf__read_count(r, 8);
    if (n > WSF__RESIDUALS || (n > 0 && t->state[i].reason >= WSF__NOT_FITTED)) {
      wsf__read_fail(r, "a series has more residuals than it can have");
    }
    t->residuals[i].n = n;
    total += n;
  }
  if (!r->failed && (uint64_t)total > (r->length - r->at) / 8) {
    wsf__read_fail(r, "the residuals outgrow their section");
  }
  const double *v = r->failed ? NULL : wsf__read_f64s(r, arena, total);
  for (int64_t k = 0; !r->failed && k < total; ++k) {
    if (!isfinite(v[k])) wsf__read_fail(r, "a residual is not finite");
  }
  for (int64_t i = 0, at = 0; !r->failed && i < t->n; at += t->residuals[i].n, ++i) {
    t->residuals[i].v = v + at;
  }
}

void wsf__residuals_load(wsf__reader *r, wsf__arena *arena, const wsf__fitted *t) {
  if (t->residuals) load(r, arena, t);
  for (int i = 0; !r->failed && i < t->node->n_inner; ++i) {
    wsf__residuals_load(r, arena, t->inner[i]);
  }
}
