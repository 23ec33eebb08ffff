/* Least squares for the theta models.
 *
 * Given alpha, the one-step forecast is linear in the first level and in the weight w = 1 - 1 /
 * theta: both follow from normal equations that one pass over the history gathers, and what is left
 * is a search over alpha alone. It tries eight values side by side in vector lanes and narrows the
 * bracket around the best by two ninths, on points that depend on nothing but which one won: no
 * rounding error reaches alpha. A fit costs a dozen passes and finds the global minimum of any sum
 * of squares with valleys wider than the first grid's steps.
 *
 * Bounds and what counts as an error: for stm those of R's ses() (alpha in 1e-4 .. 0.9999, every
 * error, the line left out until the forecast); for the others those of Fiorucci et al. (2016,
 * package forecTheta): alpha in 0.1 .. 0.99, theta >= 1, without the first three errors. */
#include "models/local/theta/theta.h"
#include "math/elementary.h"
#include "optim/optim.h"

#include <math.h>
#include <string.h>

enum { WIDE = 4, PARTS = 2, LANES = WIDE * PARTS, ROUNDS = 8, FIRST = 3 };
typedef double lane __attribute__((vector_size(8 * WIDE)));

/* Sums of products of d = x - (level without the unknowns), u = its derivative by the first level,
 * v = by the weight. */
typedef struct sums {
  lane dd, du, dv, uu, uv, vv;
} sums;

typedef struct trial {
  const double *x;
  int64_t n;
  const double *line; /* A and B, pair after pair */
  int64_t next;       /* 2 if each period has its own pair, 0 if there is one */
  bool weighted;      /* whether the line counts */
  int skip;           /* first errors that do not count */
  double alpha[LANES];
  double start[LANES], weight[LANES], sse[LANES]; /* out */
  const wsf__arena *scratch;                      /* asked whether to leave */
} trial;

/* weighted is a constant at every call. */
static inline __attribute__((always_inline)) void gather(const trial *t, sums *out,
                                                         const bool weighted) {
  const lane zero = {0};
  lane alpha[PARTS], inverse[PARTS], keep[PARTS], p[PARTS], q[PARTS], r[PARTS], fade[PARTS];
  memcpy(alpha, t->alpha, sizeof alpha);
  memset(out, 0, PARTS * sizeof *out);
  for (int i = 0; i < PARTS; ++i) {
    keep[i] = 1 - alpha[i];
    inverse[i] = 1 / alpha[i];
    p[i] = r[i] = zero;
    q[i] = fade[i] = zero + 1;
  }
  const double *line = t->line;
  for (int64_t step = 0; step < t->n; ++step, line += t->next) {
    if (step % 1024 == 0 && wsf__cut_short(t->scratch)) return;
    const double now = t->x[step];
    const bool seen = now == now, counted = seen && step >= t->skip;
    for (int i = 0; i < PARTS; ++i) {
      lane drift = zero;
      if (weighted) {
        const lane later = keep[i] * fade[i];
        drift = fade[i] * line[0] + (1 - later) * inverse[i] * line[1];
        fade[i] = later;
      }
      if (counted) {
        const lane d = now - p[i];
        sums *s = &out[i];
        s->dd += d * d;
        s->du += d * q[i];
        s->uu += q[i] * q[i];
        if (weighted) {
          const lane v = r[i] + drift;
          s->dv += d * v;
          s->uv += q[i] * v;
          s->vv += v * v;
        }
      }
      if (seen) {
        p[i] += alpha[i] * (now - p[i]);
        q[i] *= keep[i];
        r[i] *= keep[i];
      } else if (weighted) {
        r[i] += alpha[i] * drift;
      }
    }
  }
}

static inline __attribute__((always_inline)) void both(const trial *t, sums *out) {
  if (t->weighted)
    gather(t, out, true);
  else
    gather(t, out, false);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void gather_wide(const trial *t, sums *out) {
  both(t, out);
}
#endif

static void gather_plain(const trial *t, sums *out) {
  both(t, out);
}

/* weight: the one that is given, or NaN = free in 0 .. 1 */
static void try(trial *t, double weight) {
  sums s[PARTS];
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2"))
    gather_wide(t, s);
  else
#endif
    gather_plain(t, s);
  for (int i = 0; i < LANES; ++i) {
    const sums *a = &s[i / WIDE];
    const int j = i % WIDE;
    const double dd = a->dd[j], du = a->du[j], uu = a->uu[j];
    const double dv = a->dv[j], uv = a->uv[j], vv = a->vv[j];
    double w = weight;
    if (isnan(w)) {
      const double det = uu * vv - uv * uv;
      w = det > 1e-12 * uu * vv ? (uu * dv - uv * du) / det : 0.5;
      w = w > 0 ? fmin(w, 1) : 0;
    }
    const double start = uu > 0 ? (du - w * uv) / uu : 0;
    t->weight[i] = w;
    t->start[i] = start;
    t->sse[i] =
        dd - 2 * (start * du + w * dv) + start * start * uu + 2 * start * w * uv + w * w * vv;
  }
}

/* The line A + B t through the observations, t = 1 .. n. */
static void whole_line(const double *x, int64_t n, double *line) {
  double count = 0, t_sum = 0, x_sum = 0, tt = 0, tx = 0;
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(x[t])) continue;
    count += 1;
    t_sum += (double)(t + 1);
    x_sum += x[t];
  }
  const double t_mean = t_sum / count, x_mean = x_sum / count;
  for (int64_t t = 0; t < n; ++t) {
    if (isnan(x[t])) continue;
    const double d = (double)(t + 1) - t_mean;
    tt += d * d;
    tx += d * (x[t] - x_mean);
  }
  line[1] = tt > 0 ? tx / tt : 0;
  line[0] = x_mean - line[1] * t_mean;
}

/* Point a trial at the line of e's method, which e receives as it stands before the first period.
 * false: no memory. */
static bool open_trial(trial *out, wsf__theta *e, const double *x, int64_t n, wsf__arena *scratch) {
  const int method = (int)e->method;
  const bool plain = method == WSF__THETA_STM;
  const bool moving = method == WSF__THETA_DSTM || method == WSF__THETA_DOTM;
  double *line = wsf__arena_new(scratch, moving ? (size_t)n : 1, 2 * sizeof *line);
  if (!line) return false;
  if (wsf__cut_short(scratch)) return false;
  whole_line(x, n, line);
  e->line = line[0], e->slope = line[1];
  if (moving) {
    wsf__theta_line now = {x[0], x[0], 0};
    for (int64_t t = 0; t < n; ++t) {
      if (t % 1024 == 0 && wsf__cut_short(scratch)) return false;
      line[2 * t] = now.line;
      line[2 * t + 1] = now.slope;
      wsf__theta_line_move(&now, x[t], (double)t);
    }
    e->middle = e->line = x[0], e->slope = 0;
  }
  *out = (trial){.x = x,
                 .n = n,
                 .line = line,
                 .next = moving ? 2 : 0,
                 .weighted = !plain,
                 .skip = plain ? 0 : FIRST,
                 .scratch = scratch};
  return true;
}

static bool has_free_weight(const wsf__theta *e) {
  return e->method == WSF__THETA_OTM || e->method == WSF__THETA_DOTM;
}

static double least_alpha(const wsf__theta *e) {
  return e->method == WSF__THETA_STM ? 1e-4 : 0.1;
}

static double most_alpha(const wsf__theta *e) {
  return e->method == WSF__THETA_STM ? 0.9999 : 0.99;
}

bool wsf__theta_fit(wsf__theta *e, const double *x, int64_t n, double *sse, wsf__arena *scratch) {
  const double least = least_alpha(e), most = most_alpha(e);
  const double weight = e->method == WSF__THETA_STM ? 0 : has_free_weight(e) ? NAN : 0.5;
  const wsf__mark mark = wsf__arena_mark(scratch);
  trial t;
  if (!open_trial(&t, e, x, n, scratch)) return false;
  double low = least, high = most, best = INFINITY;
  for (int round = -1; round < ROUNDS; ++round) {
    /* The first two rounds are one grid that has both ends. */
    const int points = round < 1 ? 2 * LANES : LANES + 2, from = round < 0 ? 0 : round ? 1 : LANES;
    const double step = (high - low) / (points - 1);
    for (int i = 0; i < LANES; ++i) t.alpha[i] = low + (from + i) * step;
    try(&t, weight);
    for (int i = 0; i < LANES; ++i) {
      if (!(t.sse[i] < best)) continue;
      best = t.sse[i];
      e->alpha = t.alpha[i];
      e->weight = t.weight[i];
      e->level = t.start[i];
    }
    if (round < 0) continue;
    low = fmax(least, e->alpha - step);
    high = fmin(most, e->alpha + step);
  }
  e->k = has_free_weight(e) ? 3 : 2;
  *sse = best;
  wsf__arena_reset(scratch, mark);
  return true;
}

/* Half of -2 log likelihood by those of alpha and weight that are not held. */
typedef struct slice {
  trial t;
  bool held[2];
  double value[2]; /* where they are */
  double count;
} slice;

static double look(const double *x, double *along, void *user) {
  slice *s = user;
  double now[2];
  (void)along;
  for (int i = 0; i < 2; ++i) now[i] = s->held[i] ? s->value[i] : *x++;
  for (int i = 0; i < LANES; ++i) s->t.alpha[i] = now[0];
  try(&s->t, now[1]);
  return 0.5 * s->count * wsf__ln(s->t.sse[0] / s->count);
}

bool wsf__theta_errors(double out[2], const wsf__theta *fit, const double *x, int64_t n,
                       wsf__arena *scratch) {
  static const double NEAR = 1e-4, step[2] = {1e-3, 1e-3};
  wsf__theta e = *fit;
  slice s = {.value = {e.alpha, e.method == WSF__THETA_STM ? 0 : e.weight}};
  if (!open_trial(&s.t, &e, x, n, scratch)) return false;
  for (int64_t t = s.t.skip; t < n; ++t) s.count += !isnan(x[t]);
  s.held[0] = e.alpha < least_alpha(&e) + NEAR || e.alpha > most_alpha(&e) - NEAR;
  s.held[1] = !has_free_weight(&e) || e.weight < NEAR || e.weight > 1 - NEAR;
  double point[2], h[4], work[6];
  int count = 0;
  for (int i = 0; i < 2; ++i) {
    out[i] = NAN;
    if (!s.held[i]) point[count++] = s.value[i];
  }
  if (!wsf__hessian(look, &s, count, point, step, 0, NULL, h)) return true;
  for (int i = 0, at = 0; i < 2; ++i) {
    if (s.held[i]) continue;
    const double a[2] = {at == 0, at == 1};
    out[i] = wsf__error_along(h, count, a, work);
    ++at;
  }
  out[1] /= (1 - e.weight) * (1 - e.weight); /* theta = 1 / (1 - weight) */
  return true;
}
