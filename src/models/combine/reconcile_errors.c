/* What the one-step errors of the newest periods say: how large those of a series are, how much
 * larger or smaller they become when they are reconciled as forecasts are, how far their
 * covariance is to be shrunk, and which happened together. */
#include "models/combine/reconcile.h"
#include "reconcile/shrink.h"

#include <stdlib.h>

enum { L = WSF__COLUMNS };

typedef struct learning {
  wsf__reconciling *h;
  const wsf__batch *b;
  const wsf__series **at; /* by series of the panel */
  int64_t from;           /* first period of the window */
  double **x;             /* in which errors stand */
  double *after;          /* [blocks * n] sums of squares of reconciled errors, over their size */
} learning;

/* In a fit, for which they are made. */
static wsf__reconcile_state *own_state(const wsf__reconciling *h, int64_t i) {
  return (wsf__reconcile_state *)(uintptr_t)h->state[i];
}

/* ---- sizes --------------------------------------------------------------------------------- */

/* The size of the errors of a series, which are divided by it. */
static void measure(wsf__reconcile_state *own, double *e, int64_t window) {
  double most = 0, sum = 0;
  *own = (wsf__reconcile_state){0};
  for (int64_t k = 0; k < window; ++k) {
    if (!isfinite(e[k])) continue;
    most = fmax(most, fabs(e[k]));
    own->observed += 1;
  }
  for (int64_t k = 0; k < window && most > 0; ++k) {
    if (isfinite(e[k])) sum += e[k] / most * (e[k] / most);
  }
  if (most > 0) own->size = most * sqrt(sum / own->observed);
  if (!isfinite(own->size)) own->size = 0;
  for (int64_t k = 0; k < window; ++k) {
    e[k] = !isfinite(e[k]) ? -0.0 : own->size > 0 ? e[k] / own->size + 0.0 : 0.0;
  }
}

static bool measure_all(learning *t, const wsf__fitted *inner, double *error, wsf__arena *scratch) {
  wsf__reconciling *h = t->h;
  wsf__reconcile_state *own = wsf__arena_new(scratch, (size_t)t->b->n, sizeof *own);
  t->at = wsf__arena_zero(scratch, (size_t)h->s.n, sizeof *t->at);
  t->x = wsf__arena_zero(scratch, (size_t)h->s.n, sizeof *t->x);
  if (!own || !t->at || !t->x) return false;
  int64_t end = INT64_MIN;
  for (int64_t i = 0; i < t->b->n; ++i) {
    const wsf__series *s = &t->b->series[i];
    t->at[s->id] = s;
    if (s->t0 + s->n > end) end = s->t0 + s->n;
    if (inner->state[s->slot].reason >= WSF__NOT_FITTED) continue;
    t->x[s->id] = error + s->slot * h->window;
    measure(&own[i], t->x[s->id], h->window);
    h->state[s->id] = &own[i];
    h->x[s->id] = t->x[s->id];
  }
  t->from = end - h->window;
  return true;
}

/* ---- shares and shrinkage ------------------------------------------------------------------ */

static double value_at(const wsf__series *s, int64_t period) {
  const int64_t t = s ? period - s->t0 : -1;
  return t >= 0 && t < s->n ? s->y[t] : NAN;
}

/* The part that a series had of a root, over the periods in which that was observed; what is
 * missing then counts as nothing, as it does in a sum that is there. */
static double share_of(const wsf__series *s, const wsf__series *root, bool averages) {
  double sum = 0, whole = 0;
  for (int64_t n = 0; n < root->n; ++n) {
    const double y = value_at(s, root->t0 + n), own = isnan(y) ? 0 : y;
    if (isnan(root->y[n]) || (!averages && root->y[n] == 0)) continue;
    sum += averages ? own : own / root->y[n];
    whole += averages ? root->y[n] : 1;
  }
  const double share = sum / whole;
  return share > 0 && isfinite(share) ? share : 0;
}

static void take_shares(const learning *t) {
  const wsf__reconciling *h = t->h;
  for (int64_t k = 0; k < h->tree.n_roots; ++k) {
    const int64_t r = h->tree.root[k];
    const wsf__series *root = t->at[h->s.sum[r]];
    for (int64_t e = h->s.row[r]; root && e < h->s.row[r + 1]; ++e) {
      const int64_t i = h->s.bottom[h->s.below[e]];
      if (h->state[i]) own_state(h, i)->share = share_of(t->at[i], root, h->averages);
    }
  }
}

static bool shrink(wsf__reconciling *h, wsf__arena *scratch) {
  const double **row = wsf__arena_new(scratch, (size_t)h->s.n, sizeof(const double *));
  int64_t n = 0;
  if (!row) return false;
  for (int64_t r = 0; r < h->s.n_sums; ++r) {
    if (h->x[h->s.sum[r]]) row[n++] = h->x[h->s.sum[r]];
  }
  for (int64_t j = 0; j < h->s.n_bottom; ++j) {
    if (h->x[h->s.bottom[j]]) row[n++] = h->x[h->s.bottom[j]];
  }
  const double lambda = wsf__shrinkage(row, n, h->window, scratch);
  for (int64_t i = 0; i < h->s.n; ++i) {
    if (h->state[i]) own_state(h, i)->lambda = lambda;
  }
  return lambda >= 0;
}

/* ---- reconciled errors --------------------------------------------------------------------- */

static double error_at(const wsf__reconciling *h, int64_t i, int64_t period) {
  return h->state[i] && h->x[i] && period < h->window ? h->x[i][period] : -0.0;
}

/* The errors of the periods of a block, reconciled. */
static wsf_status reconcile_block(wsf__fit *f, int64_t block, void *user) {
  const learning *t = user;
  const wsf__reconciling *h = t->h;
  const bool whole = wsf__hands_down(h); /* forecasts, whose shares are not those of their errors */
  double *y = wsf__arena_zero(f->scratch, (size_t)h->s.n * L, sizeof *y);
  if (!y) return wsf__fail_memory(f->err);
  for (int64_t i = 0; i < h->s.n; ++i) {
    for (int c = 0; h->state[i] && c < L; ++c) {
      const double error = error_at(h, i, block * L + c) * h->state[i]->size;
      const double value = whole ? value_at(t->at[i], t->from + block * L + c) : 0;
      y[i * L + c] = whole ? (isnan(value) ? 0 : value) - error : error;
    }
  }
  if (!wsf__reconcile_columns(h, y, NULL, f->scratch)) return wsf__fail_memory(f->err);
  for (int64_t i = 0; i < h->s.n; ++i) {
    double sum = 0;
    for (int c = 0; h->state[i] && h->state[i]->size > 0 && c < L; ++c) {
      const int64_t k = block * L + c;
      if (wsf__no_error(error_at(h, i, k))) continue;
      const double value = whole ? value_at(t->at[i], t->from + k) : 0;
      double left = (whole ? value - y[i * L + c] : y[i * L + c]) / h->state[i]->size;
      if (!isfinite(left)) left = 0;
      sum += left * left;
      if (h->method != WSF__MINT) t->x[i][k] = left + 0.0; /* nobody asks for it again */
    }
    t->after[block * h->s.n + i] = sum;
  }
  return WSF_OK;
}

static wsf_status factor_block(wsf__fit *f, int64_t block, void *user) {
  wsf__reconciling *h = user;
  const bool done = wsf__projection_factor(&h->projection, block, f->scratch);
  return done ? WSF_OK : wsf__fail_memory(f->err);
}

static void keep_sizes(const learning *t, int64_t blocks) {
  const wsf__reconciling *h = t->h;
  for (int64_t i = 0; i < h->s.n; ++i) {
    wsf__reconcile_state *own = own_state(h, i);
    double sum = 0;
    for (int64_t k = 0; own && k < blocks; ++k) sum += t->after[k * h->s.n + i];
    if (!own || own->observed == 0) continue;
    const double ratio = sqrt(sum / own->observed);
    own->after = own->size * ratio;
    for (int64_t k = 0; h->method != WSF__MINT && ratio > 0 && k < h->window; ++k) {
      if (!wsf__no_error(t->x[i][k])) t->x[i][k] /= ratio;
    }
  }
}

wsf_status wsf__reconcile_learn(wsf__reconciling *h, wsf__fit *f, const wsf__batch *b,
                                const wsf__fitted *inner, double *error) {
  const int64_t blocks = (h->window + L - 1) / L;
  learning t = {.h = h, .b = b};
  size_t squares;
  if (!wsf__mul((size_t)h->s.n, (size_t)blocks, &squares)) return wsf__fail_memory(f->err);
  t.after = wsf__arena_zero(f->scratch, squares, sizeof *t.after);
  if (!t.after || !measure_all(&t, inner, error, f->scratch)) return wsf__fail_memory(f->err);
  if (wsf__hands_down(h)) take_shares(&t);
  if (h->method == WSF__MINT && !shrink(h, f->scratch)) return wsf__fail_memory(f->err);
  wsf__reconcile_weigh(h);
  if (!wsf__projection_begin(&h->projection, f->scratch)) return wsf__fail_memory(f->err);
  WSF__TRY(f->parallel(f, h->projection.blocks, factor_block, h));
  if (!wsf__projection_end(&h->projection, f->scratch)) return wsf__fail_memory(f->err);
  WSF__TRY(f->parallel(f, blocks, reconcile_block, &t));
  keep_sizes(&t, blocks);
  return WSF_OK;
}

/* ---- which happened together --------------------------------------------------------------- */

typedef struct ranking {
  const wsf__reconciling *h;
  double **x; /* [n][window] reconciled errors */
  int32_t **rank, *n_ranks;
} ranking;

/* Of mint the state has the errors before they are reconciled. */
static wsf_status reconcile_again(wsf__predict *p, int64_t block, void *user) {
  const ranking *r = user;
  const wsf__reconciling *h = r->h;
  double *y = wsf__arena_zero(p->scratch, (size_t)h->s.n * L, sizeof *y);
  if (!y) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < h->s.n; ++i) {
    for (int c = 0; h->state[i] && c < L; ++c) {
      y[i * L + c] = error_at(h, i, block * L + c) * h->state[i]->size;
    }
  }
  if (!wsf__reconcile_columns(h, y, NULL, p->scratch)) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < h->s.n; ++i) {
    for (int c = 0; r->x[i] && c < L && block * L + c < h->window; ++c) {
      if (!wsf__no_error(r->x[i][block * L + c])) r->x[i][block * L + c] = y[i * L + c] + 0.0;
    }
  }
  return WSF_OK;
}

typedef struct ranked {
  double value;
  int32_t at;
} ranked;

static int by_value(const void *a, const void *b) {
  const ranked *x = a, *y = b;
  if (x->value != y->value) return x->value < y->value ? -1 : 1;
  return (x->at > y->at) - (x->at < y->at);
}

static wsf_status rank_block(wsf__predict *p, int64_t block, void *user) {
  const ranking *r = user;
  const wsf__reconciling *h = r->h;
  ranked *order = wsf__arena_new(p->scratch, (size_t)h->window, sizeof *order);
  if (!order) return wsf__fail_memory(p->err);
  const int64_t end = (block + 1) * 64 < h->s.n ? (block + 1) * 64 : h->s.n;
  for (int64_t i = block * 64; i < end; ++i) {
    int32_t seen = 0;
    for (int64_t k = 0; r->rank[i] && k < h->window; ++k) {
      r->rank[i][k] = -1;
      if (!wsf__no_error(r->x[i][k])) order[seen++] = (ranked){r->x[i][k], (int32_t)k};
    }
    if (seen > 0) qsort(order, (size_t)seen, sizeof *order, by_value);
    for (int32_t k = 0; k < seen; ++k) r->rank[i][order[k].at] = k;
    if (seen == 0) r->rank[i] = NULL;
    r->n_ranks[i] = seen;
  }
  return WSF_OK;
}

wsf_status wsf__reconcile_shocks(wsf__shocks *out, const wsf__reconciling *h, wsf__predict *p) {
  const size_t n = (size_t)h->s.n, window = (size_t)h->window;
  ranking r = {.h = h,
               .x = wsf__arena_zero(p->scratch, n, sizeof *r.x),
               .rank = wsf__arena_zero(p->scratch, n, sizeof *r.rank),
               .n_ranks = wsf__arena_zero(p->scratch, n, sizeof *r.n_ranks)};
  if (!r.x || !r.rank || !r.n_ranks) return wsf__fail_memory(p->err);
  for (int64_t j = 0; j < h->s.n_bottom; ++j) {
    const int64_t i = h->s.bottom[j];
    if (!h->x[i]) continue;
    r.x[i] = wsf__arena_new(p->scratch, window, sizeof **r.x);
    r.rank[i] = wsf__arena_new(p->scratch, window, sizeof **r.rank);
    if (!r.x[i] || !r.rank[i]) return wsf__fail_memory(p->err);
    for (size_t k = 0; k < window; ++k) r.x[i][k] = h->x[i][k];
  }
  if (h->method == WSF__MINT) {
    WSF__TRY(wsf__predict_pieces(p, (h->window + L - 1) / L, reconcile_again, &r));
  }
  WSF__TRY(wsf__predict_pieces(p, (h->s.n + 63) / 64, rank_block, &r));
  *out = (wsf__shocks){h->window, (const int32_t *const *)r.rank, r.n_ranks};
  return WSF_OK;
}
