/* Pools: what a batch of series has learnt in common, once in memory and once in the file.
 *
 * A class builds a pool as a record of its own in a region, which every forecaster that came from
 * the fit by updates shares. Side by side, batches begin pools without a lock, and in the same
 * places for any number of threads: each at the slot of one of its series. Once the fit has ended,
 * pools are numbered by the first series that uses them, and those without any are given back. */
#include "engine/drive.h"

#include <string.h>

static bool has_pools(const wsf__node *node) {
  return wsf__class_of(node)->load_pool != NULL;
}

bool wsf__pools_room(wsf__fitted *t, wsf__arena *arena) {
  if (!has_pools(t->node)) return true;
  if (t->n > INT32_MAX) return false;
  t->pool = wsf__arena_zero(arena, (size_t)t->n, sizeof *t->pool);
  t->region = wsf__arena_zero(arena, (size_t)t->n, sizeof *t->region);
  t->n_pools = t->pool && t->region ? (int32_t)t->n : 0;
  return t->pool && t->region;
}

wsf__arena *wsf__pool_new(wsf__fit *f, wsf__fitted *out, const wsf__series *s, int32_t *number) {
  wsf__region *region = wsf__region_new(&f->env->alloc);
  if (!region) return NULL;
  wsf__region_release(out->region[s->slot]);
  out->region[s->slot] = region;
  out->pool[s->slot] = NULL;
  *number = (int32_t)s->slot + 1;
  return wsf__region_arena(region);
}

bool wsf__pools_share(wsf__fitted *to, const wsf__fitted *from, wsf__arena *arena) {
  const size_t n = (size_t)from->n_pools;
  if (from->n_pools > to->n_pools) { /* more than series, where some are dropped */
    to->n_pools = 0;
    to->pool = wsf__arena_new(arena, n, sizeof *to->pool);
    to->region = wsf__arena_new(arena, n, sizeof *to->region);
    if (!to->pool || !to->region) return false;
  }
  for (size_t k = 0; k < n; ++k) {
    to->pool[k] = from->pool[k];
    to->region[k] = wsf__region_retain(from->region[k]);
  }
  to->n_pools = from->n_pools;
  for (int i = 0; i < to->node->n_inner; ++i) {
    if (!wsf__pools_share(to->inner[i], from->inner[i], arena)) return false;
  }
  return true;
}

void wsf__pools_release(const wsf__fitted *t) {
  if (!t) return;
  for (int32_t k = 0; k < t->n_pools; ++k) wsf__region_release(t->region[k]);
  for (int i = 0; i < t->node->n_inner; ++i) wsf__pools_release(t->inner[i]);
}

static wsf_status renumber(wsf__fitted *t, wsf__arena *scratch, wsf_error *err) {
  const size_t n = (size_t)t->n_pools;
  int32_t *number = wsf__arena_zero(scratch, n, sizeof *number);
  const void **pool = wsf__arena_new(scratch, n, sizeof *pool);
  wsf__region **region = wsf__arena_new(scratch, n, sizeof *region);
  if (!number || !pool || !region) return wsf__fail_memory(err);
  int32_t used = 0;
  for (int64_t i = 0; i < t->n; ++i) {
    wsf__state *state = &t->state[i];
    if (state->pool == 0) continue;
    const int32_t before = state->pool - 1;
    if (number[before] == 0) {
      pool[used] = t->pool[before];
      region[used] = t->region[before];
      number[before] = ++used;
    }
    state->pool = number[before];
  }
  for (size_t k = 0; k < n; ++k) {
    if (number[k] == 0) wsf__region_release(t->region[k]);
  }
  memcpy(t->pool, pool, (size_t)used * sizeof *pool);
  memcpy(t->region, region, (size_t)used * sizeof *region);
  t->n_pools = used;
  return WSF_OK;
}

wsf_status wsf__pools_settle(wsf__fitted *t, wsf__arena *scratch, wsf_error *err) {
  if (t->n_pools > 0) WSF__TRY(renumber(t, scratch, err));
  for (int i = 0; i < t->node->n_inner; ++i) {
    WSF__TRY(wsf__pools_settle(t->inner[i], scratch, err));
  }
  return WSF_OK;
}

bool wsf__pools_any(const wsf__fitted *t) {
  if (t->n_pools > 0) return true;
  for (int i = 0; i < t->node->n_inner; ++i) {
    if (wsf__pools_any(t->inner[i])) return true;
  }
  return false;
}

typedef struct pool_of {
  const wsf__fitted *t;
  int32_t k;
} pool_of;

static void save_pool(wsf__writer *w, const void *user) {
  const pool_of *p = user;
  wsf__class_of(p->t->node)->save_pool(w, p->t->node, p->t->pool[p->k]);
}

void wsf__pools_save(wsf__writer *w, const wsf__fitted *t) {
  wsf__write_i64(w, t->n_pools);
  for (int64_t i = 0; t->n_pools > 0 && i < t->n; ++i) {
    wsf__write_i32(w, t->state[i].pool);
  }
  for (int32_t k = 0; k < t->n_pools; ++k) {
    wsf__write_part(w, save_pool, &(pool_of){t, k});
  }
  for (int i = 0; i < t->node->n_inner; ++i) wsf__pools_save(w, t->inner[i]);
}

/* ---- load --------------------------------------------------------------------------------- */

/* The number of each series' pool; first uses rise by one, as a save writes them. */
static void load_numbers(wsf__reader *r, const wsf__fitted *t, int64_t n_pools) {
  int64_t seen = 0;
  for (int64_t i = 0; !r->failed && i < t->n; ++i) {
    const int32_t number = wsf__read_i32(r);
    if (number < 0 || number > seen + 1 || number > n_pools) {
      wsf__read_fail(r, "a series has a pool that is not there");
      return;
    }
    if (number > seen) seen = number;
    t->state[i].pool = number;
  }
  if (seen < n_pools) wsf__read_fail(r, "there are more pools than series have");
}

static void load_pool(wsf__reader *r, const wsf__alloc *a, const wsf__panel *frame, wsf__fitted *t,
                      int32_t k) {
  wsf__region *region = wsf__region_new(a);
  if (!region) {
    r->failed = true;
    (void)wsf__fail_memory(r->err);
    return;
  }
  t->region[k] = region; /* the tree's from here on, whatever comes */
  t->n_pools = k + 1;
  wsf__reader own = wsf__read_part(r, wsf__read_i64(r));
  if (own.failed) return;
  t->pool[k] = wsf__class_of(t->node)->load_pool(&own, wsf__region_arena(region), t->node, frame);
  if (!own.failed && (!t->pool[k] || own.at < own.length)) {
    wsf__read_fail(&own, "a pool is not one that its model can have");
  }
  r->failed = r->failed || own.failed;
}

void wsf__pools_load(wsf__reader *r, const wsf__alloc *a, const wsf__panel *frame, wsf__fitted *t) {
  const int64_t n = wsf__read_count(r, 8);
  if (n > (has_pools(t->node) ? t->n : 0)) {
    wsf__read_fail(r, "a model has more pools than it can have");
  }
  t->n_pools = 0;
  if (n > 0) load_numbers(r, t, n);
  for (int32_t k = 0; !r->failed && k < n; ++k) load_pool(r, a, frame, t, k);
  for (int i = 0; !r->failed && i < t->node->n_inner; ++i) {
    wsf__pools_load(r, a, frame, t->inner[i]);
  }
}
