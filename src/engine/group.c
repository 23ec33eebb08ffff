/* A batch cut into smaller ones, which workers fit side by side.
 *
 * A local model sees batches of up to WSF__BATCH series of similar length, which keeps vector lanes
 * full, and of fewer where there are few, so that every worker gets its share; a model that pools
 * series by a key sees one batch per label. Batches are handed out heaviest first, so that the last
 * worker is not left alone with the largest. */
#include "engine/drive.h"

#include <stdlib.h>
#include <string.h>

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

wsf_status wsf__batch_whole(wsf__batch *out, wsf__arena *arena, const wsf__panel *p,
                            wsf_error *err) {
  wsf__series *series = wsf__arena_new(arena, (size_t)p->n, sizeof *series);
  if (!series) return wsf__fail_memory(err);
  *out = (wsf__batch){.series = series};
  for (int64_t i = 0; i < p->n; ++i) {
    if (p->length[i] == 0) continue;
    series[out->n++] = (wsf__series){
        .y = p->y + p->offset[i], .n = p->length[i], .t0 = p->first[i], .id = i, .slot = i};
  }
  return WSF_OK;
}

/* Series of one label side by side (counting sort, stable); sums over the key are one more group.
 */
static wsf_status cut_by_key(wsf__batches *out, wsf__arena *arena, const wsf__key *key,
                             const wsf__batch *b, wsf_error *err) {
  const size_t labels = (size_t)key->n_labels + 1;
  int64_t *start = wsf__arena_zero(arena, labels + 1, sizeof *start);
  wsf__series *series = wsf__arena_new(arena, (size_t)b->n, sizeof *series);
  out->batch = wsf__arena_new(arena, labels, sizeof *out->batch);
  if (!start || !series || !out->batch) return wsf__fail_memory(err);
  for (int64_t i = 0; i < b->n; ++i) ++start[key->code[b->series[i].id] + 2];
  for (size_t k = 0; k < labels; ++k) start[k + 1] += start[k];
  for (size_t k = 0; k < labels; ++k) {
    if (start[k + 1] == start[k]) continue;
    out->batch[out->n++] = (wsf__batch){start[k + 1] - start[k], series + start[k]};
  }
  for (int64_t i = 0; i < b->n; ++i) {
    series[start[key->code[b->series[i].id] + 1]++] = b->series[i];
  }
  return WSF_OK;
}

static wsf_status cut_alone(wsf__batches *out, wsf__arena *arena, const wsf__batch *b,
                            wsf_error *err) {
  const int64_t size = batch_size(b->n), n = (b->n + size - 1) / size;
  wsf__series *series = wsf__arena_new(arena, (size_t)b->n, sizeof *series);
  out->batch = wsf__arena_new(arena, (size_t)n, sizeof *out->batch);
  if (!series || !out->batch) return wsf__fail_memory(err);
  memcpy(series, b->series, (size_t)b->n * sizeof *series);
  qsort(series, (size_t)b->n, sizeof *series, by_length);
  for (int64_t i = 0; i < b->n; i += size) {
    out->batch[out->n++] = (wsf__batch){b->n - i < size ? b->n - i : size, series + i};
  }
  return WSF_OK;
}

wsf_status wsf__batches_cut(wsf__batches *out, wsf__arena *arena, wsf__scope scope,
                            const wsf__panel *panel, const wsf__batch *b, wsf_error *err) {
  *out = (wsf__batches){0};
  if (scope.of == WSF__ALONE)
    WSF__TRY(cut_alone(out, arena, b, err));
  else
    WSF__TRY(cut_by_key(out, arena, &panel->key[scope.key], b, err));
  qsort(out->batch, (size_t)out->n, sizeof *out->batch, by_weight);
  return WSF_OK;
}
