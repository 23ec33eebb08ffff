/* How much of the machine's peak the inner recursions reach: double-precision operations per second
 * of a loop of independent multiplications and additions (no fused ones: the library is built with
 * -ffp-contract=off, so that its results are the same on every machine), then those of the ets
 * lanes and of the arima filter, counted from their source. One core. Divisions count as one.
 *
 * Looks inside the library on purpose: built with its objects, by bench/build.sh. */
#include "models/local/arima.h"
#include "models/local/ets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 7, N = 4000 };

static double now(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void line(const char *what, double operations, double seconds, double peak) {
  const double rate = operations / seconds * 1e-9;
  (void)printf("| %-46s | %7.2f |", what, rate);
  (void)(peak > 0 ? printf(" %5.1f %% |\n", 100 * rate / peak) : printf("         |\n"));
}

/* ---- peak ----------------------------------------------------------------------------------- */

enum { CHAINS = 12, LOOPS = 2000000 };
typedef double two __attribute__((vector_size(16)));
typedef double four __attribute__((vector_size(32)));

/* Half the chains multiply, half add: two units of each kind can be busy at once. */
#define PEAK_LOOP(type)                                                                            \
  type a[CHAINS], b[CHAINS];                                                                       \
  for (int i = 0; i < CHAINS; ++i) {                                                               \
    a[i] = (type){0} + 1 + i;                                                                      \
    b[i] = (type){0} + i;                                                                          \
  }                                                                                                \
  const type grow = (type){0} + *factor, more = (type){0} + *term;                                 \
  for (int64_t t = 0; t < LOOPS; ++t) {                                                            \
    _Pragma("GCC unroll 12") for (int i = 0; i < CHAINS / 2; ++i) {                                \
      a[i] *= grow;                                                                                \
      b[i] += more;                                                                                \
    }                                                                                              \
  }                                                                                                \
  type sum = {0};                                                                                  \
  for (int i = 0; i < CHAINS; ++i) sum += a[i] + b[i];                                             \
  return sum[0] + sum[1]

static double peak_plain(const double *factor, const double *term) {
  PEAK_LOOP(two);
}
#if defined(__x86_64__)
__attribute__((target("avx2"))) static double peak_wide(const double *factor, const double *term) {
  PEAK_LOOP(four);
}
#endif

static volatile double factor_in = 1.0000000001, term_in = 1e-9, sink;

static double measure_peak(double (*run)(const double *, const double *), int width) {
  double best = 0;
  const double factor = factor_in, term = term_in;
  for (int i = 0; i < ROUNDS; ++i) {
    const double start = now();
    sink = run(&factor, &term);
    const double rate = (double)LOOPS * CHAINS * width / (now() - start);
    if (rate > best) best = rate;
  }
  return best * 1e-9;
}

/* ---- exponential smoothing ------------------------------------------------------------------- */

static void *room(size_t bytes) {
  void *p = aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (!p) exit(1);
  return p;
}

/* Operations of one lane and step of ets_lanes.c: slope, level, error, their sum of squares; then
 * what the season and a multiplicative error add. */
static int ets_operations(int season, bool relative) {
  const int base = 9, seasonal = season == WSF__ETS_ADD ? 3 : season == WSF__ETS_MUL ? 7 : 0;
  return base + seasonal + (relative ? 3 : 0);
}

static void ets(const double *y, int season, bool relative, int m, double peak) {
  double *ring = room(sizeof(double) * (size_t)m * WSF__ETS_LANES);
  double best = INFINITY, log_y = 0;
  for (int64_t t = 0; t < N; ++t) log_y += log(y[t]);
  for (int round = 0; round < ROUNDS; ++round) {
    double used = 0;
    for (int again = 0; again < 100; ++again) {
      wsf__ets_trial x = {.trend = WSF__ETS_ADD,
                          .season_kind = season,
                          .y = y,
                          .n = N,
                          .m = m,
                          .count = N,
                          .log_y = log_y,
                          .season = ring};
      for (int i = 0; i < WSF__ETS_LANES; ++i) {
        x.relative[i] = relative ? -1 : 0;
        x.least_sse[i] = 1e-10;
        x.smoothing[0][i] = 0.1 + 0.02 * i;
        x.smoothing[1][i] = 0.01;
        x.smoothing[2][i] = 0.05;
        x.smoothing[3][i] = 0.95;
        x.level[i] = 100;
        x.slope[i] = 0;
        for (int s = 0; s < m; ++s) ring[s * WSF__ETS_LANES + i] = season == WSF__ETS_MUL;
      }
      const double start = now();
      wsf__ets_try(&x, WSF__ETS_LANES);
      used += now() - start;
      sink = x.deviance[0];
    }
    if (used < best) best = used;
  }
  char what[64];
  (void)snprintf(what, sizeof what, "ets, %s error, %s season, 8 candidates",
                 relative ? "relative" : "absolute",
                 season == WSF__ETS_ADD   ? "additive"
                 : season == WSF__ETS_MUL ? "relative"
                                          : "no");
  line(what, 100.0 * N * WSF__ETS_LANES * ets_operations(season, relative), best, peak);
  free(ring);
}

/* ---- ARIMA ----------------------------------------------------------------------------------- */

static void arima(const double *y, wsf__arima_order order, double peak) {
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  wsf__arma a;
  double c[WSF__ARIMA_PARAMETERS] = {0};
  for (int i = 0; i < wsf__arima_count(&order); ++i) c[i] = i % 2 ? 0.2 : 0.3;
  if (!wsf__arma_new(&a, &order, &arena)) exit(1);
  wsf__arma_set(&a, &order, c);
  double *work = room(sizeof(double) * wsf__arma_work(&a));
  double *vectors = room(sizeof(double) * 3 * (size_t)a.r), *e = room(sizeof(double) * N);
  double *state = vectors + 2 * a.r, best = INFINITY, operations = 0;
  for (int round = 0; round < ROUNDS; ++round) {
    double used = 0;
    operations = 0;
    for (int again = 0; again < 20; ++again) {
      wsf__arma_filter f = {.gain = vectors, .change = vectors + a.r};
      if (!wsf__arma_start(&a, &f, work)) exit(1);
      memset(state, 0, sizeof(double) * (size_t)a.r);
      double log_f = 0;
      const double start = now();
      wsf__arma_filter_run(&a, &f, &state, 1, N, &y, NULL, &e, &log_f);
      used += now() - start;
      sink = log_f;
    }
    if (used < best) best = used;
  }
  /* Steps that moved the gain, counted on a run of single steps: the same bits. */
  wsf__arma_filter f = {.gain = vectors, .change = vectors + a.r};
  (void)wsf__arma_start(&a, &f, work);
  memset(state, 0, sizeof(double) * (size_t)a.r);
  int64_t moved = 0;
  double unused = 0;
  for (int64_t t = 0; t < N; ++t) {
    const double *at = y + t;
    moved += f.calm < a.r;
    wsf__arma_filter_run(&a, &f, &state, 1, 1, &at, NULL, &e, &unused);
  }
  operations = 20.0 * ((double)N * (4 * a.r + 5) + (double)moved * (6 * a.r + 5));
  char what[64];
  (void)snprintf(what, sizeof what, "arima (%d,.,%d)(%d,.,%d)[%d], %d states, gain %d %%", order.p,
                 order.q, order.P, order.Q, order.m, a.r, (int)(100 * moved / N));
  line(what, operations, best, peak);
  free(e);
  free(vectors);
  free(work);
  wsf__arena_free(&arena);
}

int main(void) {
  double *y = room(sizeof(double) * N), *noise = room(sizeof(double) * N);
  uint64_t s = 1;
  for (int64_t t = 0; t < N; ++t) {
    s = s * 6364136223846793005u + 1442695040888963407u;
    noise[t] = (double)(s >> 33) * 0x1p-31 - 0.5;
    y[t] = 100 + 10 * noise[t];
  }
  double peak = measure_peak(peak_plain, 2);
  (void)printf("| loop | GFLOP/s | of the peak |\n|---|--:|--:|\n");
  line("peak, SSE2, multiply and add", peak, 1e-9, 0);
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    peak = measure_peak(peak_wide, 4);
    line("peak, AVX2, multiply and add", peak, 1e-9, 0);
  }
#endif
  ets(y, WSF__ETS_NONE, false, 1, peak);
  ets(y, WSF__ETS_NONE, true, 1, peak);
  ets(y, WSF__ETS_ADD, false, 12, peak);
  ets(y, WSF__ETS_ADD, true, 12, peak);
  ets(y, WSF__ETS_MUL, true, 12, peak);
  arima(noise, (wsf__arima_order){.p = 2, .q = 2, .m = 1}, peak);
  arima(noise, (wsf__arima_order){.p = 1, .q = 1, .P = 1, .Q = 1, .m = 12}, peak);
  arima(noise, (wsf__arima_order){.p = 1, .q = 1, .P = 1, .Q = 1, .m = 52}, peak);
  free(noise);
  free(y);
  return 0;
}
