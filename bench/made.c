/* Invented series for the benches; see made.h. */
#include "made.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEASON = 7 };

/* ---- the series ---------------------------------------------------------------------------- */

/* Sebastiano Vigna's splitmix64. */
static uint64_t next(uint64_t *s) {
  uint64_t z = *s += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static double uniform(uint64_t *s) {
  return (double)((next(s) >> 11) + 1) * 0x1p-53; /* (0, 1] */
}

static double normal(uint64_t *s) {
  return sqrt(-2 * log(uniform(s))) * cos(6.28318530717958647692 * uniform(s));
}

/* Writes the series and returns its length. */
static int64_t make_series(const made *kind, int64_t number, double *y) {
  uint64_t s = (uint64_t)number * 0x9e3779b97f4a7c15u;
  const uint64_t lengths = (uint64_t)(kind->longest - kind->shortest + 1);
  const int64_t n = kind->shortest + (int64_t)(next(&s) % lengths);
  const double level = exp(2 + 1.2 * normal(&s)), growth = 1 + 0.2 / (double)n * normal(&s);
  const bool rare = uniform(&s) <= kind->rare;
  const double chance = rare ? 0.1 + 0.3 * uniform(&s) : 1;
  double week[SEASON], trend = 1;
  for (int d = 0; d < SEASON; ++d) week[d] = exp(0.25 * normal(&s));
  for (int64_t t = 0; t < n; ++t, trend *= growth) {
    const double promotion = uniform(&s) < 0.04 ? 2 : 1;
    const double mean = level * week[t % SEASON] * trend * promotion;
    const double sold = floor(mean * exp(0.3 * normal(&s)) + 0.5);
    y[t] = uniform(&s) <= chance ? sold : 0;
  }
  return n;
}

/* ---- as an Arrow stream, a piece at a time --------------------------------------------- */

enum { PIECE = 400000, COLUMNS = 3 }; /* rows of a piece, or one series */

typedef struct source {
  const made *kind;
  int64_t at;
} source;

typedef struct block {
  struct ArrowArray child[COLUMNS];
  struct ArrowArray *children[COLUMNS];
  const void *buffers[COLUMNS][2];
  const void *none[1];
  int64_t *id, *day;
  double *sold;
} block;

static void keep_schema(struct ArrowSchema *s) {
  s->release = NULL;
}
static void keep_array(struct ArrowArray *a) {
  a->release = NULL;
}
static void free_block(block *b) {
  if (!b) return;
  free(b->sold);
  free(b->day);
  free(b->id);
  free(b);
}
static void free_array(struct ArrowArray *a) {
  free_block(a->private_data);
  a->release = NULL;
}

static block *new_block(int64_t rows) {
  block *b = calloc(1, sizeof *b);
  if (!b) return NULL;
  b->id = malloc((size_t)rows * sizeof *b->id);
  b->day = malloc((size_t)rows * sizeof *b->day);
  b->sold = malloc((size_t)rows * sizeof *b->sold);
  if (b->id && b->day && b->sold) return b;
  free_block(b);
  return NULL;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  static struct ArrowSchema child[COLUMNS];
  static struct ArrowSchema *children[COLUMNS] = {&child[0], &child[1], &child[2]};
  (void)stream;
  child[0] = (struct ArrowSchema){.format = "l", .name = "unique_id", .release = keep_schema};
  child[1] = (struct ArrowSchema){.format = "l", .name = "ds", .release = keep_schema};
  child[2] = (struct ArrowSchema){.format = "g", .name = "y", .release = keep_schema};
  *out = (struct ArrowSchema){.format = "+s",
                              .name = "",
                              .n_children = COLUMNS,
                              .children = children,
                              .release = keep_schema};
  return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  source *from = stream->private_data;
  *out = (struct ArrowArray){0};
  const made *kind = from->kind;
  if (from->at == kind->series) return 0;
  const int64_t most = kind->longest > PIECE ? kind->longest : PIECE;
  block *b = new_block(most);
  if (!b) return 12; /* ENOMEM */
  int64_t rows = 0;
  for (; from->at < kind->series && rows + kind->longest <= most; ++from->at) {
    const int64_t n = make_series(kind, from->at, b->sold + rows);
    for (int64_t t = 0; t < n; ++t) {
      b->id[rows + t] = from->at;
      b->day[rows + t] = t;
    }
    rows += n;
  }
  const void *const values[COLUMNS] = {b->id, b->day, b->sold};
  for (int c = 0; c < COLUMNS; ++c) {
    b->buffers[c][0] = NULL;
    b->buffers[c][1] = values[c];
    b->child[c] = (struct ArrowArray){
        .length = rows, .n_buffers = 2, .buffers = b->buffers[c], .release = keep_array};
    b->children[c] = &b->child[c];
  }
  b->none[0] = NULL;
  *out = (struct ArrowArray){.length = rows,
                             .n_buffers = 1,
                             .n_children = COLUMNS,
                             .buffers = b->none,
                             .children = b->children,
                             .release = free_array,
                             .private_data = b};
  return 0;
}

static const char *last_error(struct ArrowArrayStream *stream) {
  (void)stream;
  return NULL;
}
static void end_stream(struct ArrowArrayStream *stream) {
  stream->release = NULL;
}

wsf_status made_dataset(wsf_dataset **out, wsf_context *ctx, const made *kind, wsf_error *err) {
  source from = {.kind = kind};
  struct ArrowArrayStream stream = {.get_schema = get_schema,
                                    .get_next = get_next,
                                    .get_last_error = last_error,
                                    .release = end_stream,
                                    .private_data = &from};
  char options[96];
  (void)snprintf(options, sizeof options,
                 "keys=[unique_id], time=ds, target=y, freq=integer, season=%d", SEASON);
  return wsf_dataset_from_arrow(out, ctx, &stream, options, err);
}

/* ---- clocks and memory ---------------------------------------------------------------------- */

double made_clock(clockid_t id) {
  struct timespec t;
  (void)clock_gettime(id, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double made_memory(const char *what) {
  double found = 0;
  char line[256];
  FILE *file = fopen("/proc/self/status", "r");
  while (file && fgets(line, sizeof line, file)) {
    if (strncmp(line, what, strlen(what)) == 0)
      found = strtod(line + strlen(what) + 1, NULL) / 1024;
  }
  if (file) (void)fclose(file);
  return found;
}
