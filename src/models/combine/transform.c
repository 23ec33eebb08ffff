/* Problem: a model that assumes a steady spread, on a series whose spread grows with its level.
 *
 * Method: the inner model sees w = ((y + offset)^lambda - 1) / lambda, the logarithm for lambda = 0
 * (Box and Cox 1964). Quantiles come back by the inverse. So would the mean, but what comes back is
 * then the median x; with `bias` it is x (1 + (1 - lambda) sigma^2 / (2 x^(2 lambda))), the mean to
 * second order (Guerrero 1993; Hyndman and Athanasopoulos 2021, 5.6), where sigma comes from the
 * inner quantiles of one step. Those of later steps were widened for the sake of intervals, by
 * doubts about the level that are no spread of values around it: with them the mean was worse than
 * the median wherever a level grows. The adjustment is shrunk by its squared standard error
 * (bias=r: it is not): that of a level of as many values, and that of sigma^2, which is large where
 * few steps of the history hold most of its spread, as outliers and holidays do. So an outlier is
 * no reason to forecast a multiple of the median. And the factor is held to what the history itself
 * shows, twice: the ratio of its mean to the inverse of the mean of its transforms, which counts
 * trend and season as spread; and Duan's smearing (1983) as a ratio of sums, of the observations to
 * the inverses of the middle of their neighbours in w. Around a level that middle leaves half of
 * sigma^2 / 2 to be seen, and so it does on a walk: twice the excess is what the factor may have.
 *
 * The zero of w is an accident of the unit: y times c moves w, and stretches it unless lambda is 0.
 * So the inner model gets w counted from a zero of its own, 30 standard deviations below the
 * history's mean, where the logarithms of sales tend to have theirs, and is told that it means
 * nothing (an interval scale, Stevens 1946): what it chooses itself is not to multiply.
 *
 * Limits: with lambda <= 0 values must be positive, else not negative. Nothing comes back larger
 * than a thousand times the largest observation. For lambda < 0 what is past -1 / lambda has no
 * inverse: the forecast is the largest observation then, upper quantiles end at that thousandfold,
 * and where the history once more would lead there the reason says so (near_pole).
 * An update keeps lambda; observations without a transform end the fit (not_positive).
 * State: the struct below. */
#include "models/combine/transform.h"
#include "math/elementary.h"
#include "models/combine/inner.h"
#include "models/coefficients.h"
#include "models/components.h"
#include "math/normal.h"
#include "math/stats.h"

#include <float.h>
#include <math.h>
#include <string.h>

typedef struct transform_state {
  double lambda, offset;
  wsf__extent extent;              /* of y: forecasts are negative only if some y was */
  double count, mean, transformed; /* values so far, their mean, the mean of their transforms */
  double zero;                     /* what the inner model sees as 0: its logarithm, or its power */
  /* Steps of w from one observation to the next: their number, the largest, the sums of their
   * squares and fourth powers in units of it; and the w that the next one counts from. */
  double steps, longest, squares, fourths, last;
  /* Observations that stand between two others: their number, their mean, the mean of the inverses
   * of the middle of those two, and the w before `last`. */
  double between, inner, middles, before;
  double unit; /* a power of two that logarithms are taken in: times 2^k they are the same bits */
} transform_state;
enum {
  SIZE = sizeof(transform_state) / sizeof(double),
  UNITLESS_SIZE = SIZE - 1,           /* logarithms as they are */
  UNSMEARED_SIZE = UNITLESS_SIZE - 4, /* without neighbours */
  STEPLESS_SIZE = UNSMEARED_SIZE - 5, /* without the steps */
  PLAIN_SIZE = STEPLESS_SIZE - 1,     /* without its own zero either */
  OLD_SIZE = PLAIN_SIZE - 3           /* of files of 0.1, without the means either */
};

static const double most_times = 1000;
static const double SPREADS = 30; /* from zero to the history's mean */

static transform_state read_state(const wsf__state *state) {
  transform_state t = {.unit = 1};
  memcpy(&t, state->v, (size_t)state->n * sizeof *state->v);
  if (state->n < STEPLESS_SIZE) t.zero = t.lambda == 0 ? 0 : 1;
  return t;
}

static double power_of(const transform_state *t, double x) {
  if (t->lambda != 0) return wsf__pow(x, t->lambda);
  const double units = x / t->unit;
  return units >= DBL_MIN ? wsf__ln(units) : wsf__ln(x) - wsf__ln(t->unit);
}

static double forward(const transform_state *t, double x) {
  return (power_of(t, x) - t->zero) / (t->lambda == 0 ? 1 : t->lambda);
}

/* From the values inside to those of Box and Cox. */
static double shift_of(const transform_state *t) {
  return t->lambda == 0 ? t->zero + wsf__ln(t->unit) : (t->zero - 1) / t->lambda;
}

/* Whether a loop over values, each of which takes a power, is to end at value i. */
static bool ends_at(int64_t i, const wsf__arena *scratch) {
  return i % 4096 == 0 && wsf__cut_short(scratch);
}

/* Put zero below y[n], the offset added already. */
static void choose_zero(transform_state *t, const double *y, int64_t n, const wsf__arena *scratch) {
  double count = 0, mean = 0, spread = 0;
  for (int64_t i = 0; i < n && !ends_at(i, scratch); ++i) {
    if (isnan(y[i])) continue;
    count += 1;
    mean += (power_of(t, y[i]) - mean) / count;
  }
  for (int64_t i = 0; i < n && !ends_at(i, scratch); ++i) {
    if (!isnan(y[i])) spread = wsf__hypot(spread, power_of(t, y[i]) - mean);
  }
  double below = SPREADS * spread / sqrt(count);
  if (below == 0) below = t->lambda == 0 ? 1 : mean; /* a constant is not zero */
  t->zero = mean - (t->lambda < 0 ? -below : below);
}

/* Whether all values so far have a transform. */
static bool takes(const transform_state *t) {
  const double least = t->extent.least + t->offset;
  return t->lambda > 0 ? least >= 0 : least > 0;
}

/* Whether w lies past the end of a power. */
static bool is_past_end(const transform_state *t, double w) {
  return t->lambda < 0 && t->lambda * w + t->zero <= 0;
}

bool wsf__transform_has_room(double lambda, double least, double largest) {
  static const double ROUNDED = 1e-9;
  return lambda >= 0 || !(least > 0) || -lambda * wsf__ln(largest / least) <= wsf__ln(2) + ROUNDED;
}

/* NaN stays. */
static double backward(const transform_state *t, double w) {
  if (isnan(w)) return w;
  const double most = fmin(most_times * (t->extent.largest + t->offset), 1e300);
  const double base = t->lambda * w + t->zero;
  double x = 0;
  if (t->lambda == 0)
    x = wsf__exp(w + t->zero) * t->unit;
  else if (base > 0)
    x = wsf__pow(base, 1 / t->lambda);
  else if (t->lambda < 0)
    x = most;
  x = fmin(x, most) - t->offset;
  return t->extent.least < 0 ? x : fmax(x, 0);
}

/* What is forecast, as the median. */
static double middle(const transform_state *t, double w) {
  return is_past_end(t, w) ? t->extent.largest : backward(t, w);
}

static double back_from(const void *how, double w) {
  return middle(how, w);
}

/* One more observation y, of which w came: the one before now stands between two. */
static void add_between(transform_state *t, double w) {
  if (t->count > 2) {
    t->between += 1;
    t->inner += (backward(t, t->last) + t->offset - t->inner) / t->between;
    t->middles += (backward(t, 0.5 * t->before + 0.5 * w) + t->offset - t->middles) / t->between;
  }
  t->before = t->last;
}

/* One more step, of so many spreads that no power of it overflows. */
static void add_step(transform_state *t, double w) {
  const double step = t->count > 1 ? fabs(w - t->last) : 0;
  t->last = w;
  t->steps += t->count > 1;
  if (step > t->longest) {
    const double shorter = t->longest / step, square = shorter * shorter;
    t->squares *= square;
    t->fourths *= square * square;
    t->longest = step;
  }
  if (!(t->longest > 0)) return;
  const double part = step / t->longest * (step / t->longest);
  t->squares += part;
  t->fourths += part * part;
}

/* Transform y[n] in place, the offset added already. */
static void transform(transform_state *t, double *y, int64_t n, const wsf__arena *scratch) {
  for (int64_t i = 0; i < n && !ends_at(i, scratch); ++i) {
    const double w = forward(t, y[i]);
    if (!isnan(y[i])) {
      t->count += 1;
      t->mean += (y[i] - t->mean) / t->count;
      t->transformed += (w - t->transformed) / t->count;
      add_between(t, w);
      add_step(t, w);
    }
    y[i] = w;
  }
}

/* Of the history's mean to the inverse of the mean of its transforms; 1 where they say nothing. */
static double ratio_of(const transform_state *t) {
  if (t->count == 0) return INFINITY;
  const double ratio = t->mean / (backward(t, t->transformed) + t->offset);
  return isfinite(ratio) && ratio > 0 ? ratio : 1;
}

/* The same, but no farther from 1 than what each observation has beside its neighbours. */
static double smeared_ratio(const transform_state *t) {
  const double ratio = ratio_of(t);
  if (t->between == 0) return ratio;
  const double local = 1 + 2 * (t->inner / t->middles - 1);
  if (!(isfinite(local) && local > 0)) return 1;
  return ratio > 1 ? fmax(1, fmin(ratio, local)) : fmin(1, fmax(ratio, local));
}

static wsf_status transform_one(wsf__fit *f, wsf__fitted *out, wsf__series *s,
                                wsf__lambda_fn *lambda, double offset, bool *done) {
  transform_state t = {.offset = offset, .extent = wsf__extent_of(s->y, s->n), .unit = 1};
  *done = false;
  if (wsf__count_observed(s->y, s->n) == 0) {
    wsf__state_fail(out, s, WSF__EMPTY);
    return WSF_OK;
  }
  double *y = wsf__series_values(s);
  for (int64_t i = 0; i < s->n; ++i) y[i] += offset;
  if (t.extent.least + offset >= 0) t.lambda = lambda(f, out->node, s);
  if (!takes(&t)) {
    wsf__state_fail(out, s, WSF__NOT_POSITIVE);
    return WSF_OK;
  }
  double *v = wsf__state_set(f, out, s, SIZE, WSF__OK);
  if (!v) return wsf__fail_memory(f->err);
  if (t.lambda == 0) t.unit = wsf__power_of_two_below(t.extent.largest + offset);
  choose_zero(&t, y, s->n, f->scratch);
  transform(&t, y, s->n, f->scratch);
  *(transform_state *)v = t;
  s->interval = true;
  s->shift = shift_of(&t);
  *done = true;
  return WSF_OK;
}

/* The model inside sees log(1) as zero; whether y is constant is for this one to say. */
static void set_reason(wsf__fitted *out, const wsf__series *s) {
  const transform_state t = read_state(&out->state[s->slot]);
  const bool room =
      wsf__transform_has_room(t.lambda, t.extent.least + t.offset, t.extent.largest + t.offset);
  const int32_t merged = wsf__merged_reason(out->inner[0]->state[s->slot].reason, t.extent);
  wsf__state_reason(out, s, wsf__reason_or(merged, room ? WSF__OK : WSF__NEAR_POLE));
}

wsf_status wsf__transform_fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out,
                              wsf__lambda_fn *lambda, double offset) {
  wsf__series *copy = wsf__batch_copy(f, b);
  if (!copy) return wsf__fail_memory(f->err);
  int64_t n = 0;
  for (int64_t i = 0; i < b->n; ++i) {
    bool done;
    copy[n] = copy[i];
    WSF__TRY(transform_one(f, out, &copy[n], lambda, offset, &done));
    n += done;
  }
  const wsf__batch transformed = {n, copy};
  WSF__TRY(f->fit_inner(f, &transformed, out->inner[0]));
  for (int64_t i = 0; i < n; ++i) set_reason(out, &copy[i]);
  return WSF_OK;
}

wsf_status wsf__transform_update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                                 wsf__fitted *out) {
  double *y = wsf__arena_new(f->scratch, (size_t)s->n, sizeof *y);
  double *v = wsf__state_copy(f, old, s, out);
  if (!y || !v) return wsf__fail_memory(f->err);
  transform_state t = read_state(&old->state[s->slot]);
  for (int64_t i = 0; i < s->n; ++i) wsf__extent_add(&t.extent, s->y[i]);
  if (!takes(&t)) {
    wsf__state_fail(out, s, WSF__NOT_POSITIVE);
    return WSF_OK;
  }
  for (int64_t i = 0; i < s->n; ++i) y[i] = s->y[i] + t.offset;
  transform(&t, y, s->n, f->scratch);
  memcpy(v, &t, (size_t)old->state[s->slot].n * sizeof *v);
  wsf__series transformed = *s;
  transformed.y = y;
  transformed.interval = true;
  transformed.shift = shift_of(&t);
  WSF__TRY(f->update_inner(f, old->inner[0], &transformed, out->inner[0]));
  set_reason(out, s);
  return WSF_OK;
}

/* The levels asked for and the two that sigma is read from, ascending; at[k] is where level k went,
 * then those two. */
static void merge_levels(double *q, int *at, const wsf__forecast *out) {
  const double own[2] = {wsf__normal_cdf(-1), wsf__normal_cdf(1)};
  int n = 0, k = 0;
  for (int o = 0; o <= 2; ++o) {
    for (; k < out->n_q && (o == 2 || out->q[k] < own[o]); ++k) {
      at[k] = n;
      q[n++] = out->q[k];
    }
    if (o == 2) break;
    at[out->n_q + o] = n;
    q[n++] = own[o];
  }
}

/* Squared standard error of the mean square of so many steps, over its square: 1 where a single one
 * is all there is. 0: a file kept none. */
static double doubt(const transform_state *t) {
  if (!(t->steps > 1 && t->squares > 0)) return t->steps > 0;
  const double kurtosis = t->steps * t->fourths / (t->squares * t->squares);
  return (kurtosis - 1) / (t->steps - 1);
}

/* The mean of what has this median, in units of it; `shrunk`: the estimate shrunk by its squared
 * standard error, that of a level of so many values and that of the spread, over its square (James
 * and Stein 1961, their positive part). */
static double adjustment(const transform_state *t, double ratio, double median, double sigma,
                         bool shrunk) {
  const double spread = sigma * wsf__pow(median, -t->lambda);
  const double gain = (1 - t->lambda) * spread * spread / 2;
  const double error = shrunk && t->count > 0 ? spread / sqrt(t->count) : 0;
  if (!(fabs(gain) > error)) return 1; /* NaN too */
  const double sure = 1 - error * error / (gain * gain) - (shrunk ? doubt(t) : 0);
  /* the second term of a series that says nothing where it exceeds the first */
  const double factor = 1 + (shrunk ? fmin(gain, 1) : gain) * fmax(sure, 0);
  return fmax(fmin(1, ratio), fmin(factor, fmax(1, ratio)));
}

/* Half the distance of two levels at the first step that has them. */
static double one_step(int64_t h, const double *lo, const double *hi) {
  for (int64_t i = 0; i < h; ++i) {
    if (!isnan(hi[i] - lo[i])) return (hi[i] - lo[i]) / 2;
  }
  return NAN;
}

/* Past the end of the power the middle stands at the largest observation, and what lies above the
 * median has no bound of its own; below: the quantile of the level before. */
static double quantile_of(const transform_state *t, double q, double w, double below) {
  if (q <= 0.5 && is_past_end(t, w)) return fmax(t->extent.largest, below);
  return backward(t, w);
}

/* How far the middle lies below the end of a power, where zero is forecast: the levels around it
 * rise by as much, or an interval from zero to zero would say that the model is certain. */
static double rise_of(const transform_state *t, double middle) {
  return t->lambda > 0 ? fmax(-(t->lambda * middle + t->zero), 0) / t->lambda : 0;
}

/* w is the forecast inside, with the levels that merge_levels made; by_step: each by its own
 * spread, as R's. */
static void bring_back(const transform_state *t, double ratio, bool by_step, const int *at,
                       const wsf__forecast *w, wsf__forecast *out) {
  wsf__components_through(out, back_from, t);
  const double *lo = w->quantile + at[out->n_q] * w->h, *hi = w->quantile + at[out->n_q + 1] * w->h;
  const double sigma = one_step(w->h, lo, hi);
  for (int64_t i = 0; i < out->h; ++i) {
    const double median = middle(t, w->mean[i]) + t->offset;
    const double spread = by_step ? (hi[i] - lo[i]) / 2 : sigma;
    const bool known = !is_past_end(t, w->mean[i]);
    const double factor = known ? adjustment(t, ratio, median, spread, !by_step) : 1;
    out->mean[i] = median * factor - t->offset;
  }
  for (int k = 0; k < out->n_q && !wsf__forecast_stopped(out); ++k) {
    for (int64_t i = 0; i < out->h; ++i) {
      const double inside = w->quantile[at[k] * w->h + i] + rise_of(t, w->mean[i]);
      const double below = k > 0 ? out->quantile[(k - 1) * out->h + i] : -INFINITY;
      out->quantile[k * out->h + i] = quantile_of(t, out->q[k], inside, below);
    }
  }
  for (int64_t k = 0; k < out->n_paths && !wsf__forecast_stopped(out); ++k) {
    double *path = out->path + k * out->h;
    for (int64_t i = 0; i < out->h; ++i) path[i] = backward(t, path[i]);
  }
}

static wsf_status ask_inner(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                            wsf__forecast out[]) {
  wsf__series *inside = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *inside);
  if (!inside) return wsf__fail_memory(p->err);
  for (int64_t i = 0; i < b->n; ++i) {
    const transform_state t = read_state(&m->state[b->series[i].slot]);
    inside[i] = b->series[i];
    inside[i].interval = true;
    inside[i].shift = shift_of(&t);
  }
  return wsf__inner_delegate(p, m, 0, &(wsf__batch){b->n, inside}, out);
}

static wsf_status predict_unbiased(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                                   wsf__forecast out[]) {
  const size_t levels = (size_t)out[0].n_q + 2;
  double *q = wsf__arena_new(p->scratch, levels, sizeof *q);
  int *at = wsf__arena_new(p->scratch, levels, sizeof *at);
  wsf__forecast *w = wsf__arena_new(p->scratch, (size_t)b->n, sizeof *w);
  if (!q || !at || !w) return wsf__fail_memory(p->err);
  merge_levels(q, at, &out[0]);
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__forecast like = {.h = out[i].h, .n_q = (int)levels, .q = q};
    if (!wsf__forecast_like(&w[i], p->scratch, &like)) return wsf__fail_memory(p->err);
    w[i].components = out[i].components;
    w[i].n_paths = out[i].n_paths;
    w[i].path = out[i].path; /* brought back in place */
  }
  WSF__TRY(ask_inner(p, m, b, w));
  for (int64_t i = 0; i < b->n; ++i) {
    const transform_state t = read_state(&m->state[b->series[i].slot]);
    const bool by_step = wsf__arg_is(m->node, "bias", "r");
    bring_back(&t, by_step ? ratio_of(&t) : smeared_ratio(&t), by_step, at, &w[i], &out[i]);
  }
  return WSF_OK;
}

wsf_status wsf__transform_predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                                  wsf__forecast out[]) {
  if (!wsf__arg_is(m->node, "bias", "false")) return predict_unbiased(p, m, b, out);
  WSF__TRY(ask_inner(p, m, b, out));
  for (int64_t j = 0; j < b->n; ++j) {
    const transform_state t = read_state(&m->state[b->series[j].slot]);
    wsf__components_through(&out[j], back_from, &t);
    for (int k = 0; k < out[j].n_q; ++k) {
      for (int64_t i = 0; i < out[j].h; ++i) {
        out[j].quantile[k * out[j].h + i] += rise_of(&t, out[j].mean[i]);
      }
    }
    for (int64_t r = 0; r < wsf__forecast_rows(&out[j]) && !wsf__forecast_stopped(&out[j]); ++r) {
      double *row = wsf__forecast_row(&out[j], r);
      const bool level = r > 0 && r <= out[j].n_q;
      for (int64_t i = 0; i < out[j].h; ++i) {
        row[i] = r == 0  ? middle(&t, row[i])
                 : level ? quantile_of(&t, out[j].q[r - 1], row[i],
                                       r > 1 ? row[i - out[j].h] : -INFINITY)
                         : backward(&t, row[i]);
      }
    }
  }
  return WSF_OK;
}

bool wsf__transform_check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)node;
  (void)frame;
  const bool known = state->n == SIZE || state->n == UNITLESS_SIZE || state->n == UNSMEARED_SIZE ||
                     state->n == STEPLESS_SIZE || state->n == PLAIN_SIZE || state->n == OLD_SIZE;
  if (!known || !wsf__state_finite(state)) return false;
  const transform_state t = read_state(state);
  if (state->n != OLD_SIZE && !wsf__whole(t.count, 1, WSF__LONGEST)) return false;
  if (!(t.unit > 0)) return false;
  return fabs(t.lambda) <= 5 && t.extent.least <= t.extent.largest && takes(&t);
}

void wsf__transform_coefficients(const wsf__fitted *m, const wsf__series *s,
                                 wsf__coefficients *out) {
  const transform_state t = read_state(&m->state[s->slot]);
  wsf__coefficient_add(out, "lambda", 0, t.lambda, NAN);
  wsf__coefficient_add(out, "zero", 0, shift_of(&t), NAN);
}

/* Medians: the fit keeps no spread for each period that a mean could be told from. */
wsf_status wsf__transform_history(wsf__fit *f, const wsf__fitted *out, const wsf__series *s) {
  (void)f;
  const transform_state t = read_state(&out->state[s->slot]);
  const wsf__history *inner = wsf__inner_history(out, 0, s);
  double *to = wsf__history_of(out, s);
  for (int64_t k = 0; k < s->n; ++k) to[k] = backward(&t, inner->v[k]);
  return WSF_OK;
}
