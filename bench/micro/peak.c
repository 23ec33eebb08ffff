/* How much of the machine's peak the inner recursions reach: double-precision operations per second
 * of a loop of independent multiplications and additions (no fused ones: the library is built with
 * -ffp-contract=off, so that its results are the same on every machine), then those of the ets
 * and arima lanes, counted from their source. One core. Divisions count as one.
 *
 * Looks inside the library on purpose: built with its objects, by bench/build.sh. */
#include "models/local/arima/arima.h"
#include "models/local/ets/ets.h"

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

/* Operations of one lane and step of arima_lanes.c, one column: while the gain moves, and after. */
static int arima_operations(const wsf__arma *a, bool moving) {
  return moving ? 15 + 4 * a->n_ar + 6 * a->r : 4 + 2 * (a->n_ar + a->n_ma);
}

/* Steps until the gain is at rest. */
static int64_t moving_steps(const wsf__arma *a, wsf__arena *arena) {
  wsf__arma_filter f = {.gain = room(sizeof(double) * (size_t)a->r),
                        .change = room(sizeof(double) * (size_t)a->r)};
  double *state = room(sizeof(double) * (size_t)a->r);
  memset(state, 0, sizeof(double) * (size_t)a->r);
  bool sound;
  int64_t steps = 0;
  if (!wsf__arma_start(a, &f, arena, &sound)) exit(1);
  for (; f.calm < a->r && steps < N; ++steps) {
    const double w = 0;
    wsf__arma_step(a, &f, &state, 1, &w);
  }
  free(state);
  free(f.change);
  free(f.gain);
  return steps;
}

static void arima(const double *y, wsf__arima_order order, bool moving, double peak) {
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  wsf__arma a;
  wsf__arma_trial t;
  double c[WSF__ARIMA_PARAMETERS], best = INFINITY;
  for (int i = 0; i < wsf__arima_count(&order); ++i) c[i] = i % 2 ? 0.2 : 0.3;
  if (!wsf__arma_new(&a, &order, &arena)) exit(1);
  wsf__arma_set(&a, &order, c);
  if (!wsf__arma_trial_new(&t, &a, 1, &arena)) exit(1);
  wsf__arma_trial_clear(&t);
  for (int i = 0; i < WSF__ARMA_LANES; ++i) wsf__arma_trial_put(&t, &a, i, WSF__ARMA_LANES);
  t.exact = moving;
  t.n = moving ? moving_steps(&a, &arena) : N;
  t.in = &y;
  const int again = (int)(400000 / t.n);
  for (int round = 0; round < ROUNDS; ++round) {
    const double start = now();
    for (int k = 0; k < again; ++k) {
      wsf__arma_try(&t, WSF__ARMA_LANES);
      sink = t.gram[0];
    }
    const double used = now() - start;
    if (used < best) best = used;
  }
  const int64_t steps = moving ? t.n : t.n - a.p;
  char what[64];
  (void)snprintf(what, sizeof what, "arima (%d,.,%d)(%d,.,%d)[%d], %s", order.p, order.q, order.P,
                 order.Q, order.m, moving ? "gain moving" : "gain at rest");
  line(what, (double)again * (double)steps * WSF__ARMA_LANES * arima_operations(&a, moving), best,
       peak);
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
  for (int moving = 1; moving >= 0; --moving) {
    arima(noise, (wsf__arima_order){.p = 2, .q = 2, .m = 1}, moving, peak);
    arima(noise, (wsf__arima_order){.p = 1, .q = 1, .P = 1, .Q = 1, .m = 12}, moving, peak);
    arima(noise, (wsf__arima_order){.p = 1, .q = 1, .P = 1, .Q = 1, .m = 52}, moving, peak);
  }
  free(noise);
  free(y);
  return 0;
}
