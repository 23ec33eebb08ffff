/* Rows in any order -> rows grouped by series, in order of time, in linear time.
 *
 * Sources mostly deliver series one after the other, so the unit is the run: neighbouring rows with
 * the same keys. A run's keys make one number (mixed radix of the label ranks); distinct numbers
 * are ranked through a bitmap, or through a radix sort where they lie too far apart. If every
 * series is one run with rising times, that is all: no row is moved. Else a counting sort by series
 * gives a permutation of the rows, and series whose times fall are sorted by time. */
#include "panel/order.h"
#include "panel/radix.h"

#include <string.h>

typedef struct ordering {
  const wsf__rows *rows;
  uint32_t n;
  uint32_t *chunk_runs; /* runs that begin in each chunk */
  uint8_t *chunk_rising;
  uint32_t runs;
  uint32_t *run; /* [runs + 1] first row of each run */
  /* the permutation */
  int64_t series, blocks;
  const uint32_t *start, *count;
  uint32_t *row;
} ordering;

/* Runs that begin in a chunk, and whether times never fall inside them. Loops over one array each
 * compile to vector code; that is why there are several. */
static wsf_status find_runs(void *user, int64_t task, wsf__arena *scratch, wsf_error *err) {
  ordering *o = user;
  const int64_t begin = task * WSF__BLOCK_ROWS;
  const int64_t rest = (int64_t)o->n - begin;
  const size_t n = rest < WSF__BLOCK_ROWS ? (size_t)rest : WSF__BLOCK_ROWS;
  uint8_t *changed = wsf__arena_zero(scratch, n, 1);
  if (!changed) return wsf__fail_memory(err);
  /* The very first row has no row before it: it begins a run. */
  const size_t from = begin == 0;
  changed[0] = begin == 0;
  for (int k = 0; k < o->rows->n_keys; ++k) {
    const int32_t *code = o->rows->key_code[k] + begin;
    for (size_t i = from; i < n; ++i) changed[i] |= code[i] != code[(ptrdiff_t)i - 1];
  }
  const int64_t *time = o->rows->time + begin;
  uint8_t falling = 0;
  for (size_t i = from; i < n; ++i) {
    falling |= (uint8_t)((time[i] < time[(ptrdiff_t)i - 1]) & !changed[i]);
  }
  uint32_t *run = o->run + begin;
  uint32_t runs = 0;
  for (const uint8_t *at = changed; (at = memchr(at, 1, n - (size_t)(at - changed))) != NULL;) {
    run[runs++] = (uint32_t)(begin + (at - changed));
    if (++at == changed + n) break;
  }
  o->chunk_runs[task] = runs;
  o->chunk_rising[task] = !falling;
  return WSF_OK;
}

/* Replace the numbers code[n] < range by their rank among the distinct ones; returns how many
 * those are, or -1 when out of memory, or the call was stopped. */
static int64_t rank_codes(uint64_t *code, uint32_t n, uint64_t range, wsf__arena *arena) {
  const wsf__mark mark = wsf__arena_mark(arena);
  wsf__watch seen = {.scratch = arena};
  uint64_t distinct = 0;
  if (range / 64 <= n || range <= 65536) {
    const size_t words = (size_t)(range / 64 + 1);
    uint64_t *bit = wsf__arena_zero(arena, words, sizeof *bit);
    uint32_t *before = wsf__arena_new(arena, words, sizeof *before);
    if (!bit || !before) return -1;
    for (uint32_t i = 0; i < n; ++i) {
      if (wsf__watch_ends(&seen, 1)) return -1;
      bit[code[i] / 64] |= UINT64_C(1) << code[i] % 64;
    }
    for (size_t w = 0; w < words; ++w) {
      before[w] = (uint32_t)distinct;
      distinct += (uint64_t)__builtin_popcountll(bit[w]);
    }
    for (uint32_t i = 0; i < n; ++i) {
      if (wsf__watch_ends(&seen, 1)) return -1;
      const uint64_t below = bit[code[i] / 64] & ((UINT64_C(1) << code[i] % 64) - 1);
      code[i] = before[code[i] / 64] + (uint64_t)__builtin_popcountll(below);
    }
  } else {
    wsf__pair *pair = wsf__arena_new(arena, n, sizeof *pair);
    wsf__pair *spare = wsf__arena_new(arena, n, sizeof *spare);
    if (!pair || !spare) return -1;
    for (uint32_t i = 0; i < n; ++i) pair[i] = (wsf__pair){code[i], i};
    if (!wsf__radix_sort(pair, spare, n, arena)) return -1;
    for (uint32_t i = 0; i < n; ++i) {
      if (wsf__watch_ends(&seen, 1)) return -1;
      distinct += i == 0 || pair[i].key != pair[i - 1].key;
      code[pair[i].at] = distinct - 1;
    }
  }
  wsf__arena_reset(arena, mark);
  return (int64_t)distinct;
}

/* Series of each run. Ranks keep the order of the keys, so a number in mixed radix does too. */
static int64_t name_runs(uint64_t *code, const ordering *o, const int32_t *const *rank,
                         wsf__arena *arena) {
  const wsf__rows *rows = o->rows;
  wsf__watch seen = {.scratch = arena};
  uint64_t range = 1;
  memset(code, 0, o->runs * sizeof *code);
  for (int k = 0; k < rows->n_keys; ++k) {
    const uint64_t labels = (uint64_t)rows->n_labels[k];
    uint64_t wider;
    if (__builtin_mul_overflow(range, labels, &wider)) {
      const int64_t distinct = rank_codes(code, o->runs, range, arena);
      if (distinct < 0) return -1;
      wider = (uint64_t)distinct * labels; /* < 2^32 * 2^31 */
    }
    range = wider;
    for (uint32_t i = 0; i < o->runs; ++i) {
      if (wsf__watch_ends(&seen, 1)) return -1;
      code[i] = code[i] * labels + (uint64_t)rank[k][rows->key_code[k][o->run[i]]];
    }
  }
  return rank_codes(code, o->runs, range, arena);
}

/* Put the rows of series whose times fall in order of time; equal times keep their order. */
static wsf_status sort_times(void *user, int64_t task, wsf__arena *scratch, wsf_error *err) {
  ordering *o = user;
  const int64_t *time = o->rows->time;
  const int64_t end = wsf__block_begin(task + 1, o->blocks, o->series);
  for (int64_t i = wsf__block_begin(task, o->blocks, o->series); i < end; ++i) {
    uint32_t *row = o->row + o->start[i];
    const uint32_t n = o->count[i];
    bool rising = true;
    for (uint32_t j = 1; j < n; ++j) rising = rising && time[row[j]] >= time[row[j - 1]];
    if (rising) continue;
    const wsf__mark mark = wsf__arena_mark(scratch);
    wsf__pair *pair = wsf__arena_new(scratch, n, sizeof *pair);
    wsf__pair *spare = wsf__arena_new(scratch, n, sizeof *spare);
    if (!pair || !spare) return wsf__fail_memory(err);
    for (uint32_t j = 0; j < n; ++j) pair[j] = (wsf__pair){wsf__radix_key(time[row[j]]), row[j]};
    if (!wsf__radix_sort(pair, spare, n, scratch)) return wsf__fail_stopped(scratch->work_of, err);
    for (uint32_t j = 0; j < n; ++j) row[j] = pair[j].at;
    wsf__arena_reset(scratch, mark);
  }
  return WSF_OK;
}

/* Counting sort of the rows by series. false: no memory, or the call was stopped. */
static bool scatter(ordering *o, const uint64_t *series_of_run, wsf__arena *arena) {
  o->row = wsf__arena_new(arena, o->n, sizeof *o->row);
  uint32_t *next = wsf__arena_new(arena, (size_t)o->series, sizeof *next);
  if (!o->row || !next) return false;
  memcpy(next, o->start, (size_t)o->series * sizeof *next);
  wsf__watch seen = {.scratch = arena};
  for (uint32_t i = 0; i < o->runs; ++i) {
    if (wsf__watch_ends(&seen, o->run[i + 1] - o->run[i])) return false;
    uint32_t *place = &next[series_of_run[i]];
    for (uint32_t r = o->run[i]; r < o->run[i + 1]; ++r) o->row[(*place)++] = r;
  }
  return true;
}

/* Find the runs. There may be one a row, so there is room for that; what is not written costs no
 * memory on systems that map pages on first use. */
static wsf_status collect_runs(ordering *o, wsf__env *env, bool *rising, wsf__arena *arena,
                               wsf_error *err) {
  const int64_t chunks = (o->n + (int64_t)WSF__BLOCK_ROWS - 1) / WSF__BLOCK_ROWS;
  o->chunk_runs = wsf__arena_new(arena, (size_t)chunks, sizeof *o->chunk_runs);
  o->chunk_rising = wsf__arena_new(arena, (size_t)chunks, 1);
  o->run = wsf__arena_new(arena, (size_t)o->n + 1, sizeof *o->run);
  if (!o->chunk_runs || !o->chunk_rising || !o->run) return wsf__fail_memory(err);
  WSF__TRY(wsf__parallel(env, NULL, chunks, find_runs, o, err));
  *rising = true;
  for (int64_t c = 0; c < chunks; ++c) {
    WSF__TRY(wsf__go_on(env, c, err));
    memmove(o->run + o->runs, o->run + c * WSF__BLOCK_ROWS, o->chunk_runs[c] * sizeof *o->run);
    o->runs += o->chunk_runs[c];
    *rising = *rising && o->chunk_rising[c];
  }
  o->run[o->runs] = o->n;
  return WSF_OK;
}

static wsf_status order_rows(wsf__order *out, wsf__env *env, const wsf__rows *rows,
                             const int32_t *const *rank, wsf__arena *arena, wsf__arena *temporary,
                             wsf_error *err) {
  ordering o = {.rows = rows, .n = (uint32_t)rows->n};
  bool rising = true;
  WSF__TRY(collect_runs(&o, env, &rising, temporary, err));
  uint64_t *series_of_run = wsf__arena_new(temporary, o.runs, sizeof *series_of_run);
  if (!series_of_run) return wsf__fail_memory(err);
  o.series = name_runs(series_of_run, &o, rank, temporary);
  if (o.series < 0) return wsf__fail_memory(err);

  const size_t n = (size_t)o.series;
  uint32_t *start = wsf__arena_new(arena, n, sizeof *start);
  uint32_t *count = wsf__arena_zero(arena, n, sizeof *count);
  int32_t **code = wsf__arena_new(arena, (size_t)rows->n_keys, sizeof *code);
  if (!start || !count || !code) return wsf__fail_memory(err);
  for (int k = 0; k < rows->n_keys; ++k) {
    code[k] = wsf__arena_new(arena, n, sizeof *code[k]);
    if (!code[k]) return wsf__fail_memory(err);
  }
  for (uint32_t i = 0; i < o.runs; ++i) {
    WSF__TRY(wsf__go_on(env, i, err));
    const uint64_t s = series_of_run[i];
    if (count[s] == 0) {
      start[s] = o.run[i];
      for (int k = 0; k < rows->n_keys; ++k) code[k][s] = rank[k][rows->key_code[k][o.run[i]]];
    }
    count[s] += o.run[i + 1] - o.run[i];
  }
  o.start = start;
  o.count = count;
  if (o.runs != o.series || !rising) {
    uint32_t sum = 0;
    for (size_t s = 0; s < n; ++s) {
      start[s] = sum;
      sum += count[s];
    }
    if (!scatter(&o, series_of_run, arena)) return wsf__fail_memory(err);
    o.blocks = wsf__order_blocks(rows->n, o.series);
    WSF__TRY(wsf__parallel(env, NULL, o.blocks, sort_times, &o, err));
  }
  *out = (wsf__order){o.series, start, count, o.row, code};
  return WSF_OK;
}

wsf_status wsf__order_rows(wsf__order *out, wsf__env *env, const wsf__rows *rows,
                           const int32_t *const *rank, wsf__arena *arena, wsf_error *err) {
  wsf__arena temporary;
  wsf__arena_init(&temporary, &env->alloc);
  temporary.work_of = env;
  const wsf_status status = order_rows(out, env, rows, rank, arena, &temporary, err);
  wsf__arena_free(&temporary);
  return status;
}
