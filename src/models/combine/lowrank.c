/* Smooth the series of a group together before any model sees them.
 *
 * The sales of one department in many stores are one pattern with small differences: the matrix of
 * series x periods is close to low rank. Its best rank-r approximation (Eckart and Young 1936, by
 * SVD) keeps the shared pattern and drops noise of single stores; the inner model is fitted on the
 * approximation. This is the core of the winning entry of the 2014 Walmart competition.
 * A series counts in units of its own mean step, of which noise is the most part: rows that are as
 * noisy as each other are what the approximation is best for (Wentzell et al. 1997, "Maximum
 * likelihood principal component analysis"), and no unit weighs more than another.
 * Missing cells are first filled by the group's mean profile at the series' own level (least
 * squares). What the smoothing removed is noise to the forecast: its variance is added to the
 * intervals. A series with a value that is not finite stays out and as it is. Limits: the whole
 * group stands in memory as a dense matrix. An update takes new observations as they are: smoothing
 * them would move all that the group was fitted on. */
#include "linalg/linalg.h"
#include "models/combine/smoothed.h"
#include "models/scope.h"

#include <float.h>
#include <math.h>

static const wsf__option options[] = {
    {"inner", WSF__CALL, NULL, 0, 0, "model", "model of the smoothed series"},
    {"rank", WSF__INT, "12", 1, 1000, NULL, "number of shared patterns kept"},
    WSF__OPTION_BY};

static const double LEAST_STEP = 16;

/* Fill the missing cells of the periods x series matrix a (column-major). */
static void fill(double *a, int64_t periods, int64_t series, double *profile, const wsf__env *env) {
  for (int64_t t = 0; t < periods && !wsf__stopped(env); ++t) {
    double sum = 0;
    int64_t count = 0;
    for (int64_t i = 0; i < series; ++i) {
      const double v = a[i * periods + t];
      if (isnan(v)) continue;
      sum += v;
      ++count;
    }
    profile[t] = count ? sum / (double)count : 0;
  }
  for (int64_t i = 0; i < series && !wsf__stopped(env); ++i) {
    double *y = a + i * periods, product = 0, square = 0;
    for (int64_t t = 0; t < periods; ++t) {
      if (isnan(y[t])) continue;
      product += y[t] * profile[t];
      square += profile[t] * profile[t];
    }
    const double level = square > 0 ? product / square : 0;
    for (int64_t t = 0; t < periods; ++t) {
      if (isnan(y[t])) y[t] = level * profile[t];
    }
  }
}

/* Series position[members[0 .. n-1]] of a group, as a matrix of periods x n. */
typedef struct block {
  wsf__series *series;
  const int64_t *position;
  int64_t *members, n, first, periods;
  double *size; /* [n] of what counts as 1 in each; 0: it is zero throughout, and stays so */
} block;

static wsf__series *member(const block *b, int64_t j) {
  return &b->series[b->position[b->members[j]]];
}

/* The mean step from one observation to the next, but no less than a LEAST_STEP of the mean size: a
 * series that hardly moves would leave nothing to the others. On an interval scale, where sizes
 * mean nothing, and of what does not move: the largest. 0 of zeros. */
static double unit_of(const wsf__series *s, double most) {
  double size = 0, count = 0, step = 0, steps = 0, last = NAN;
  if (!(most > 0)) return 0;
  if (s->interval) return most;
  for (int64_t t = 0; t < s->n; ++t) {
    const double y = s->y[t] / most;
    if (isnan(y)) continue;
    count += 1;
    size += fabs(y);
    steps += !isnan(last);
    if (!isnan(last)) step += fabs(y - last);
    last = y;
  }
  if (steps > 0) step /= steps;
  return most * fmax(step, size / count / LEAST_STEP);
}

/* A value of member j in the units of the matrix, and the reverse. */
static double scaled(const block *b, int64_t j, double y, int exponent) {
  return b->size[j] > 0 ? ldexp(y / b->size[j], -exponent) : y;
}

static double unscaled(const block *b, int64_t j, double x, int exponent) {
  return b->size[j] > 0 ? fmin(fmax(ldexp(x, exponent) * b->size[j], -DBL_MAX), DBL_MAX) : 0;
}

/* The members are the series whose values are all finite or missing; returns the largest. */
static double gather(block *b, int64_t n, const wsf__env *env) {
  int64_t end = INT64_MIN;
  double largest = 0;
  b->first = INT64_MAX;
  for (int64_t j = 0; j < n; ++j) {
    const wsf__series *s = &b->series[b->position[j]];
    double most = 0;
    if (wsf__stopped(env)) break;
    for (int64_t t = 0; t < s->n; ++t) most = fmax(most, fabs(s->y[t]));
    if (!(most <= DBL_MAX)) continue;
    b->size[b->n] = unit_of(s, most);
    if (most > 0) largest = fmax(largest, most / b->size[b->n]);
    b->members[b->n++] = j;
    if (s->t0 < b->first) b->first = s->t0;
    if (s->t0 + s->n > end) end = s->t0 + s->n;
  }
  b->periods = b->n > 0 ? end - b->first : 0;
  return largest;
}

/* Replace the values of one group's series by their rank-r approximation; noise[j] gets the root
 * mean square of what that took away from series position[j]. */
static wsf_status smooth(wsf__fit *f, const wsf__node *node, wsf__series *series,
                         const int64_t *position, int64_t n, double *noise) {
  block b = {.series = series, .position = position};
  b.members = wsf__arena_new(f->scratch, (size_t)n, sizeof *b.members);
  b.size = wsf__arena_new(f->scratch, (size_t)n, sizeof *b.size);
  if (!b.members || !b.size) return wsf__fail_memory(f->err);
  int exponent; /* scaled to below 1, exactly: sums of the largest doubles would overflow */
  (void)frexp(gather(&b, n, f->env), &exponent);
  const int64_t rank = wsf__arg_int(node, "rank"), periods = b.periods;
  if (rank >= (b.n < periods ? b.n : periods)) return WSF_OK;
  if (periods > INT32_MAX || b.n > INT32_MAX) return wsf__fail_memory(f->err);
  size_t cells;
  if (!wsf__mul((size_t)periods, (size_t)b.n, &cells)) return wsf__fail_memory(f->err);
  double *a = wsf__arena_new(f->scratch, cells, sizeof *a);
  double *u = wsf__arena_new(f->scratch, (size_t)(periods * rank), sizeof *u);
  double *v = wsf__arena_new(f->scratch, (size_t)(b.n * rank), sizeof *v);
  double *sigma = wsf__arena_new(f->scratch, (size_t)rank, sizeof *sigma);
  double *profile = wsf__arena_new(f->scratch, (size_t)periods, sizeof *profile);
  if (!a || !u || !v || !sigma || !profile) return wsf__fail_memory(f->err);
  for (int64_t j = 0; j < b.n; ++j) {
    if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
    const wsf__series *s = member(&b, j);
    for (int64_t t = 0; t < periods; ++t) a[j * periods + t] = NAN;
    for (int64_t t = 0; t < s->n; ++t) {
      a[j * periods + s->t0 - b.first + t] = scaled(&b, j, s->y[t], exponent);
    }
  }
  fill(a, periods, b.n, profile, f->env);
  if (!wsf__svd((int)periods, (int)b.n, (int)rank, a, sigma, u, v, f->env, f->scratch)) {
    return wsf__stopped(f->env) ? wsf__fail_stopped(f->env, f->err) : wsf__fail_memory(f->err);
  }
  for (int64_t j = 0; j < b.n; ++j) {
    if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
    wsf__series *s = member(&b, j);
    double *y = wsf__series_values(s), square = 0;
    int64_t count = 0;
    for (int64_t t = 0; t < s->n; ++t) {
      const double *left = u + (s->t0 - b.first + t) * rank, *right = v + j * rank;
      double sum = 0;
      for (int64_t r = 0; r < rank; ++r) sum += left[r] * sigma[r] * right[r];
      if (!isnan(y[t])) {
        const double removed = scaled(&b, j, y[t], exponent) - sum;
        square += removed * removed;
        ++count;
      }
      y[t] = unscaled(&b, j, sum, exponent);
    }
    noise[position[b.members[j]]] =
        count ? unscaled(&b, j, sqrt(square / (double)count), exponent) : 0;
  }
  return WSF_OK;
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  return wsf__smoothed_fit(f, b, out, smooth);
}

const wsf__model_class wsf__model_lowrank = {
    .spec = {"model", "combine", "lowrank", "any model on series smoothed by their group's SVD",
             "Eckart and Young 1936; winning entry, Walmart store sales 2014", "0.1.0",
             "lowrank(snaive, rank=8)", options, sizeof options / sizeof *options},
    .fit = fit,
    .predict = wsf__smoothed_predict,
    .update = wsf__smoothed_update,
    .check = wsf__smoothed_check,
    .promise = {.update = WSF__NOT, .why = "an update smooths nothing"},
    .scope = wsf__scope_by};
