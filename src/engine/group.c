/* Which series are fitted together.
 *
 * A local model sees batches of up to WSF__BATCH series of similar length, which keeps vector lanes
 * full, and of fewer in a small panel, so that every worker gets its share; a model that pools
 * series by a key sees one batch per label; anything wider sees the whole panel. The widest need in
 * a tree decides for the tree. Batches are handed out heaviest first, so that the last worker is
 * not left alone with the largest. */
#include "engine/drive.h"

#include <stdlib.h>

static wsf_status widest(int *out, const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  const wsf__model_class *class = wsf__class_of(node);
  if (class->together) {
    const int need = class->together(node, panel, err);
    if (need == WSF__BY_FAILED) {
      if (err && err->status != WSF_OK) return err->status;
      return wsf__fail(err, WSF_E_NAME, "%s names a key that the data does not have",
                       node->spec->name);
    }
    if (*out == WSF__ALONE)
      *out = need;
    else if (need != WSF__ALONE && need != *out)
      *out = WSF__TOGETHER;
  }
  for (int i = 0; i < node->n_inner; ++i) WSF__TRY(widest(out, node->inner[i], panel, err));
  return WSF_OK;
}

/* Batches that a small panel is cut into: some for each of the workers that it can keep busy. */
enum { FEWEST = 64 };

static int64_t batch_size(int64_t n) {
  const int64_t size = (n + FEWEST - 1) / FEWEST;
  return size < 1 ? 1 : size < WSF__BATCH ? size : WSF__BATCH;
}

/* Longest first; equal lengths in the panel's order. */
static int by_length(const void *a, const void *b) {
  const wsf__series *x = a, *y = b;
  if (x->n != y->n) return x->n < y->n ? 1 : -1;
  return (x->id > y->id) - (x->id < y->id);
}

static int64_t weight(const wsf__batch *b) {
  int64_t sum = 0;
  for (int64_t i = 0; i < b->n; ++i) sum += b->series[i].n;
  return sum;
}

static int by_weight(const void *a, const void *b) {
  const wsf__batch *x = a, *y = b;
  const int64_t wx = weight(x), wy = weight(y);
  if (wx != wy) return wx < wy ? 1 : -1;
  return (x->series > y->series) - (x->series < y->series); /* one array: its order */
}

static wsf__series series_of(const wsf__panel *p, int64_t i) {
  return (wsf__series){
      .y = p->y + p->offset[i], .n = p->length[i], .t0 = p->first[i], .id = i, .slot = i};
}

/* Series of one label side by side (counting sort, stable). */
static wsf_status by_key(wsf__batches *out, wsf__arena *arena, const wsf__key *key,
                         const wsf__panel *p, wsf__series *series, wsf_error *err) {
  const size_t labels = (size_t)key->n_labels;
  int64_t *start = wsf__arena_zero(arena, labels + 1, sizeof *start);
  wsf__batch *batch = wsf__arena_new(arena, labels, sizeof *batch);
  if (!start || !batch) return wsf__fail_memory(err);
  for (int64_t i = 0; i < p->n; ++i) {
    if (p->length[i] > 0) ++start[key->code[i] + 1];
  }
  for (size_t k = 0; k < labels; ++k) start[k + 1] += start[k];
  for (size_t k = 0; k < labels; ++k) {
    if (start[k + 1] > start[k]) {
      batch[out->n++] = (wsf__batch){.n = start[k + 1] - start[k], .series = series + start[k]};
    }
  }
  for (int64_t i = 0; i < p->n; ++i) {
    if (p->length[i] > 0) series[start[key->code[i]]++] = series_of(p, i);
  }
  out->batch = batch;
  return WSF_OK;
}

wsf_status wsf__batches_make(wsf__batches *out, wsf__arena *arena, const wsf__node *node,
                             const wsf__panel *p, wsf_error *err) {
  *out = (wsf__batches){0};
  int need = WSF__ALONE;
  WSF__TRY(widest(&need, node, p, err));
  wsf__series *series = wsf__arena_new(arena, (size_t)p->n, sizeof *series);
  if (!series) return wsf__fail_memory(err);
  if (need >= 0) {
    WSF__TRY(by_key(out, arena, &p->key[need], p, series, err));
  } else {
    int64_t n = 0;
    for (int64_t i = 0; i < p->n; ++i) {
      if (p->length[i] > 0) series[n++] = series_of(p, i);
    }
    const int64_t size = need == WSF__ALONE ? batch_size(n) : n;
    if (need == WSF__ALONE) qsort(series, (size_t)n, sizeof *series, by_length);
    out->batch =
        wsf__arena_new(arena, (size_t)(size ? (n + size - 1) / size : 0), sizeof *out->batch);
    if (!out->batch) return wsf__fail_memory(err);
    for (int64_t i = 0; i < n; i += size) {
      out->batch[out->n++] = (wsf__batch){.n = n - i < size ? n - i : size, .series = series + i};
    }
  }
  qsort(out->batch, (size_t)out->n, sizeof *out->batch, by_weight);
  return WSF_OK;
}
