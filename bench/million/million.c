/* Back-tests nine simple models over very many short series through the public interface: the
 * series come in as an Arrow stream, as from any data frame. Lengths 20 to 100, season 7: seven in
 * ten sell every day, with a weekly shape, a slow trend and promotions; the rest sell now and then.
 * Every series is made from its own number, so the data is the same on every machine.
 *   million [SERIES [THREADS [WINDOWS]]] */
#include <wsf/wsf.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const models[] = {"naive",      "snaive",  "drift", "average", "window(7)",
                                     "swindow(2)", "croston", "tsb",   "adida"};
enum { MODELS = sizeof models / sizeof *models, SEASON = 7, HORIZON = 7, SHORT = 20, LONG = 100 };

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

static int64_t make_series(uint64_t number, double *y) {
  uint64_t s = number * 0x9e3779b97f4a7c15u;
  const int64_t n = SHORT + (int64_t)(next(&s) % (LONG - SHORT + 1));
  const double level = exp(2 + 1.2 * normal(&s)), growth = 1 + 0.003 * normal(&s);
  const int rare = uniform(&s) < 0.3;
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

/* ---- as an Arrow stream, PIECE series at a time --------------------------------------------- */

enum { PIECE = 4096, COLUMNS = 3 };

typedef struct source {
  int64_t at, series, rows;
} source;

typedef struct block {
  struct ArrowArray child[COLUMNS];
  struct ArrowArray *children[COLUMNS];
  const void *buffers[COLUMNS][2];
  const void *none[1];
  int64_t id[PIECE * LONG], day[PIECE * LONG];
  double sold[PIECE * LONG];
} block;

static void keep_schema(struct ArrowSchema *s) {
  s->release = NULL;
}
static void keep_array(struct ArrowArray *a) {
  a->release = NULL;
}
static void free_array(struct ArrowArray *a) {
  free(a->private_data);
  a->release = NULL;
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
  if (from->at == from->series) return 0;
  block *b = malloc(sizeof *b);
  if (!b) return 12; /* ENOMEM */
  int64_t rows = 0;
  for (int i = 0; i < PIECE && from->at < from->series; ++i, ++from->at) {
    const int64_t n = make_series((uint64_t)from->at, b->sold + rows);
    for (int64_t t = 0; t < n; ++t) {
      b->id[rows + t] = from->at;
      b->day[rows + t] = t;
    }
    rows += n;
  }
  from->rows += rows;
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

/* ---- the run -------------------------------------------------------------------------------- */

static double clock_of(clockid_t id) {
  struct timespec t;
  (void)clock_gettime(id, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double memory(const char *what) {
  double found = 0;
  char line[256];
  FILE *file = fopen("/proc/self/status", "r");
  while (file && fgets(line, sizeof line, file)) {
    if (strncmp(line, what, strlen(what)) == 0) found = strtod(line + strlen(what), NULL) / 1024;
  }
  if (file) (void)fclose(file);
  return found;
}

static void print_summary(const wsf_table *t) {
  for (int64_t row = 0; row < wsf_table_rows(t); ++row) {
    for (int64_t c = 0; c < wsf_table_columns(t); ++c) {
      char cell[64];
      const char *name = wsf_table_name(t, c);
      if (strcmp(name, "folds") == 0 || strcmp(name, "p_value") == 0) continue;
      if (wsf_table_is_null(t, c, row)) continue;
      (void)wsf_table_format(t, c, row, cell, sizeof cell);
      (void)printf("%s %s%s", c ? name : "", cell, c + 1 < wsf_table_columns(t) ? "  " : "\n");
    }
  }
}

int main(int argc, char **argv) {
  const int64_t series = argc > 1 ? atoll(argv[1]) : 1000000;
  const int threads = argc > 2 ? atoi(argv[2]) : 2;
  const int windows = argc > 3 ? atoi(argv[3]) : 7;
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_model *model[MODELS] = {0};
  wsf_table *out[WSF_BACKTEST_TABLES] = {0};
  wsf_error err = {0};
  source from = {.series = series};
  struct ArrowArrayStream stream = {.get_schema = get_schema,
                                    .get_next = get_next,
                                    .get_last_error = last_error,
                                    .release = end_stream,
                                    .private_data = &from};
  char text[128];
  (void)snprintf(text, sizeof text, "threads=%d", threads);
  wsf_status status = wsf_context_create(&ctx, text, NULL, NULL, &err);
  const double begin = clock_of(CLOCK_MONOTONIC);
  if (status == WSF_OK) {
    status = wsf_dataset_from_arrow(
        &ds, ctx, &stream, "keys=[unique_id], time=ds, target=y, freq=integer, season=7", &err);
  }
  for (int i = 0; status == WSF_OK && i < MODELS; ++i) {
    status = wsf_model_parse(&model[i], ctx, models[i], &err);
  }
  const double loaded = clock_of(CLOCK_MONOTONIC), after = memory("VmRSS:");
  const double cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID);
  (void)snprintf(text, sizeof text, "horizon=%d, windows=%d, step=1, metrics=[mae,mase]", HORIZON,
                 windows);
  if (status == WSF_OK) {
    status = wsf_backtest(out, (const wsf_model *const *)model, MODELS, ds, text, &err);
  }
  const double end = clock_of(CLOCK_MONOTONIC), used = clock_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  if (status == WSF_OK) {
    const double done = (double)series * MODELS * windows;
    print_summary(out[WSF_BACKTEST_SUMMARY]);
    (void)printf("%lld series, %lld rows: made and loaded in %.1f s (%.0f MiB in memory)\n",
                 (long long)series, (long long)from.rows, loaded - begin, after);
    (void)printf("%d models x %d windows, horizon %d: %.1f s on %d threads, %.1f CPU s, peak %.0f "
                 "MiB\n",
                 (int)MODELS, windows, HORIZON, end - loaded, threads, used, memory("VmHWM:"));
    (void)printf("%.0f model-windows per core-second (published for statsforecast on Ray: 1705)\n",
                 done / used);
  } else {
    (void)fprintf(stderr, "million: %s\n", err.message);
  }
  for (int i = 0; i < WSF_BACKTEST_TABLES; ++i) wsf_table_release(out[i]);
  for (int i = 0; i < MODELS; ++i) wsf_model_release(model[i]);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return status == WSF_OK ? 0 : 1;
}
