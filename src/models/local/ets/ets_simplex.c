/* Maximum likelihood, or maximum of a posterior density, by Nelder-Mead simplices, several forms
 * side by side.
 *
 * The search that R's forecast::ets makes, so that the same forms are chosen: the simplex of Nash
 * (1990), "Compact Numerical Methods for Computers", algorithms 19 to 21, from the heuristic start,
 * first edge a tenth of the largest parameter or as the view has it, at most 2000 evaluations. It
 * often stops before the likelihood's maximum, near the heuristic states, and forecasts better for
 * it. Each form runs its own simplex; every round evaluates what all of them ask for in the lanes
 * of one pass (ets_lanes.c), and spare lanes evaluate what a simplex may ask for next. A form that
 * has fallen so far behind that it cannot catch up is dropped. */
#include "models/local/ets/ets.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { ALPHA, BETA, GAMMA, PHI, SMOOTHING };
enum { MAX_EVALUATIONS = 2000 };
/* Points that one step may ask for: the reflection, then one of the others. */
enum { REFLECT, INSIDE, OUTSIDE, EXPAND, POINTS };
static const double TOLERANCE = 1.490116119384766e-8; /* 2^-26 */
static const double OUT_OF_DOMAIN = 1e35;

/* Two doubles are a vector on every machine; the coordinates of a vertex fill some of them. */
enum { WIDE = 2, ABREAST = 4 };
typedef double block __attribute__((vector_size(8 * WIDE)));

typedef enum phase { START, VERTEX, STEP_1, STEP_2, DONE } phase;

typedef struct simplex {
  wsf__ets_form form;
  int m, n, stride;    /* parameters; doubles from one vertex to the next */
  int slot[SMOOTHING]; /* -1: fixed, or not in the form */
  double value[SMOOTHING];
  int states;             /* slot of the level; the slope and the seasons follow */
  double *vertex, *at;    /* [n + 1][stride], [n + 1] values */
  double *centre, *point; /* [stride]; point: [POINTS][stride] */
  double reflected;       /* value of the reflection */
  double edge;            /* first; 0: by the largest parameter */
  double tolerance, size;
  int best, worst, next;  /* next: vertex to evaluate, or which of the points */
  int evaluations, check; /* so far; when to look back */
  double mark;            /* best value then */
  phase phase;
  double least_sse;
  double cost; /* information criterion = value + cost */
} simplex;

static double *vertex(const simplex *s, int i) {
  return s->vertex + (size_t)i * (size_t)s->stride;
}
static double *point(const simplex *s, int i) {
  return s->point + (size_t)i * (size_t)s->stride;
}

static void mix(const simplex *s, double *out, double a, const double *x, double b,
                const double *y) {
  for (int k = 0; k < s->stride / WIDE; ++k) {
    ((block *)(void *)out)[k] =
        a * ((const block *)(const void *)x)[k] + b * ((const block *)(const void *)y)[k];
  }
}

static const double *form_point(const simplex *s, int which) {
  const double *h = vertex(s, s->worst), *r = point(s, REFLECT), *c = s->centre;
  double *out = point(s, which);
  switch (which) {
  case REFLECT:
    mix(s, out, 2, c, -1, h);
    break;
  case EXPAND:
    mix(s, out, 2, r, -1, c);
    break;
  case INSIDE:
    mix(s, out, 0.5, h, 0.5, c);
    break;
  default:
    mix(s, out, 0.5, r, 0.5, c);
    break;
  }
  return out;
}

/* Best and worst vertex, convergence, and the reflection of the worst. */
static void prepare_step(simplex *s) {
  double low = s->at[s->best], high = low;
  int worst = s->best, best = s->best;
  for (int j = 0; j <= s->n; ++j) {
    /* No branches: the order of the values cannot be foretold. */
    const double value = s->at[j];
    best = value < low ? j : best;
    low = value < low ? value : low;
    worst = value > high ? j : worst;
    high = value > high ? value : high;
  }
  s->best = best;
  s->worst = worst;
  if (high <= low + s->tolerance) {
    s->phase = DONE;
    return;
  }
  const block *h = (const block *)(const void *)vertex(s, worst);
  const block *v = (const block *)(const void *)s->vertex;
  block *centre = (block *)(void *)s->centre;
  const int blocks = s->stride / WIDE;
  /* Several sums at a time: each addition waits for the one before it. */
  for (int k = 0; k < blocks; k += ABREAST) {
    block sum[ABREAST];
    for (int i = 0; i < ABREAST; ++i) sum[i] = -h[k + i];
    for (int j = 0; j <= s->n; ++j) {
      for (int i = 0; i < ABREAST; ++i) sum[i] += v[j * blocks + k + i];
    }
    for (int i = 0; i < ABREAST; ++i) centre[k + i] = sum[i] / (double)s->n;
  }
  form_point(s, REFLECT);
  s->phase = STEP_1;
  s->next = REFLECT;
}

static void replace_worst(simplex *s, int which, double value) {
  memcpy(vertex(s, s->worst), point(s, which), (size_t)s->n * sizeof(double));
  s->at[s->worst] = value;
}

/* The next vertex after `from` that is to be evaluated: all but the best. */
static void next_vertex(simplex *s, int from) {
  s->next = from + (from == s->best);
  if (s->next <= s->n)
    s->phase = VERTEX;
  else
    prepare_step(s);
}

static void shrink(simplex *s) {
  const double *low = vertex(s, s->best);
  double size = 0;
  for (int j = 0; j <= s->n; ++j) {
    double *v = vertex(s, j);
    for (int i = 0; j != s->best && i < s->n; ++i) {
      v[i] = 0.5 * (v[i] - low[i]) + low[i];
      size += fabs(v[i] - low[i]);
    }
  }
  if (size < s->size) {
    s->size = size;
    next_vertex(s, 0);
  } else {
    s->phase = DONE;
  }
}

static void first_vertices(simplex *s) {
  const double *x = vertex(s, 0);
  double edge = s->edge;
  for (int i = 0; s->edge == 0 && i < s->n; ++i) edge = fmax(edge, 0.1 * fabs(x[i]));
  if (edge == 0) edge = 0.1;
  for (int j = 1; j <= s->n; ++j) {
    double *v = vertex(s, j), step = edge;
    memcpy(v, x, (size_t)s->n * sizeof *v);
    while (v[j - 1] == x[j - 1] && step < DBL_MAX) {
      v[j - 1] = x[j - 1] + step;
      step *= 10;
    }
    s->size += step;
  }
  s->tolerance = TOLERANCE * (fabs(s->at[0]) + TOLERANCE);
  s->best = 0;
  next_vertex(s, 0);
}

/* Take the value of the point that was asked for. */
static void advance(simplex *s, double value) {
  const bool finite = isfinite(value);
  if (!finite) value = OUT_OF_DOMAIN;
  ++s->evaluations;
  const bool low = value < s->at[s->best];
  switch (s->phase) {
  case START:
    s->at[0] = value;
    s->phase = DONE;
    if (finite) first_vertices(s);
    return;
  case VERTEX:
    s->at[s->next] = value;
    next_vertex(s, s->next + 1);
    return;
  case STEP_1:
    s->reflected = value;
    s->phase = STEP_2;
    s->next = low ? EXPAND : value < s->at[s->worst] ? OUTSIDE : INSIDE;
    form_point(s, s->next);
    if (s->next == OUTSIDE) replace_worst(s, REFLECT, value);
    return;
  case STEP_2:
    if (s->next == EXPAND) {
      const bool further = value < s->reflected;
      replace_worst(s, further ? EXPAND : REFLECT, further ? value : s->reflected);
    } else if (value < s->at[s->worst]) {
      replace_worst(s, s->next, value);
    } else if (s->next == INSIDE) {
      shrink(s);
      return;
    }
    if (s->evaluations > MAX_EVALUATIONS)
      s->phase = DONE;
    else
      prepare_step(s);
    return;
  default:
    return;
  }
}

/* What the simplex asks for (ahead 0), and what it may ask for after that; NULL: nothing. */
static const double *wanted(const simplex *s, int ahead) {
  if (s->phase == START) return ahead == 0 ? vertex(s, 0) : NULL;
  if (s->phase == VERTEX) {
    int j = s->next;
    for (; ahead > 0; --ahead) {
      ++j;
      j += j == s->best;
    }
    return j <= s->n ? vertex(s, j) : NULL;
  }
  if (s->phase == STEP_1) {
    return ahead == 0 ? point(s, REFLECT) : ahead < POINTS ? form_point(s, ahead) : NULL;
  }
  return s->phase == STEP_2 && ahead == 0 ? point(s, s->next) : NULL;
}

static void smoothing_of(const simplex *s, const double *x, double p[SMOOTHING]) {
  for (int i = 0; i < SMOOTHING; ++i) p[i] = s->slot[i] < 0 ? s->value[i] : x[s->slot[i]];
}

static bool inside(const simplex *s, const wsf__ets_limits *limits, const double p[SMOOTHING]) {
  if (!limits->usual) return true;
  for (int i = 0; i < SMOOTHING; ++i) {
    if (s->slot[i] >= 0 && (p[i] < limits->least[i] || p[i] > limits->most[i])) return false;
  }
  return p[BETA] <= p[ALPHA] && (!s->form.season || p[GAMMA] <= 1 - p[ALPHA]);
}

/* Put a point into a lane; false: it is out of bounds. */
static bool load(const simplex *s, const double *x, wsf__ets_trial *t, int lane,
                 const wsf__ets_limits *limits) {
  double p[SMOOTHING];
  smoothing_of(s, x, p);
  bool good = inside(s, limits, p);
  good = good && (!limits->admissible || wsf__ets_admissible(&s->form, s->m, p));
  for (int i = 0; i < SMOOTHING; ++i) t->smoothing[i][lane] = p[i];
  const double *state = x + s->states;
  t->level[lane] = state[0];
  t->slope[lane] = s->form.trend ? state[1] : 0;
  t->season[lane] = 0;
  if (s->form.season) {
    /* Latest season first, as R has them; the first season of all is what is left of the sum. */
    const double *season = state + 1 + (s->form.trend != 0);
    double sum = 0;
    for (int i = 0; i < s->m - 1; ++i) {
      t->season[(s->m - 1 - i) * WSF__ETS_LANES + lane] = season[i];
      sum += season[i];
      if (s->form.season == WSF__ETS_MUL && season[i] < 0) good = false;
    }
    t->season[lane] = (s->form.season == WSF__ETS_MUL ? s->m : 0) - sum;
    if (s->form.season == WSF__ETS_MUL && t->season[lane] < 0) good = false;
  }
  return good;
}

static void begin(simplex *s, const wsf__ets_start *start, const wsf__ets_limits *limits) {
  double p[SMOOTHING], least[SMOOTHING], most[SMOOTHING];
  for (int i = 0; i < SMOOTHING; ++i) {
    p[i] = s->value[i];
    least[i] = limits->usual || i == PHI ? limits->least[i] : 0;
    most[i] = limits->usual || i == PHI ? limits->most[i] : 0.001;
  }
  if (!isnan(limits->fixed[ALPHA]) && most[BETA] > p[ALPHA]) most[BETA] = p[ALPHA];
  if (s->slot[BETA] < 0 && s->form.trend) least[ALPHA] = fmax(least[ALPHA], p[BETA]);
  if (s->slot[GAMMA] < 0 && s->form.season) most[ALPHA] = fmin(most[ALPHA], 1 - p[GAMMA]);
  if (s->slot[ALPHA] >= 0) p[ALPHA] = least[ALPHA] + 0.2 * (most[ALPHA] - least[ALPHA]) / s->m;
  if (s->slot[BETA] >= 0) {
    p[BETA] = least[BETA] + 0.1 * (fmin(most[BETA], p[ALPHA]) - least[BETA]);
  }
  if (s->slot[GAMMA] >= 0) {
    p[GAMMA] = least[GAMMA] + 0.05 * (fmin(most[GAMMA], 1 - p[ALPHA]) - least[GAMMA]);
  }
  if (s->slot[PHI] >= 0) p[PHI] = least[PHI] + 0.99 * (most[PHI] - least[PHI]);
  double *x = vertex(s, 0);
  for (int i = 0; i < SMOOTHING; ++i) {
    if (s->slot[i] >= 0) x[s->slot[i]] = p[i];
  }
  double *state = x + s->states;
  *state++ = start->level[s->form.trend];
  if (s->form.trend) *state++ = start->slope[s->form.trend];
  for (int i = 0; s->form.season && i < s->m - 1; ++i) state[i] = start->season[s->m - 1 - i];
  s->phase = START;
}

/* Whether a form has no chance left: even at the pace of its last stretch, doubled, it would end
 * above the best. */
static bool hopeless(simplex *s, double best) {
  enum { STRETCH = 250 };
  if (s->phase == START || s->phase == VERTEX || s->evaluations < s->check) return false;
  const double now = s->at[s->best], gain = s->mark - now;
  const double left = (double)(MAX_EVALUATIONS - s->evaluations) / STRETCH;
  const bool first = s->check == 0;
  s->check = s->evaluations + STRETCH;
  s->mark = now;
  return !first && now + s->cost - (10 + 2 * gain * left) > best;
}

static void answer(const simplex *s, double prior, wsf__ets_fit *out) {
  const double *x = vertex(s, s->best);
  double p[SMOOTHING];
  smoothing_of(s, x, p);
  const double *state = x + s->states;
  wsf__ets *e = &out->start;
  double *season = e->season;
  *e = (wsf__ets){.form = s->form,
                  .m = s->m,
                  .alpha = p[ALPHA],
                  .beta = p[BETA],
                  .gamma = p[GAMMA],
                  .phi = p[PHI],
                  .level = state[0],
                  .slope = s->form.trend ? state[1] : 0,
                  .season = season};
  season[0] = 0;
  if (s->form.season) {
    state += 1 + (s->form.trend != 0);
    season[0] = s->form.season == WSF__ETS_MUL ? s->m : 0;
    double sum = 0;
    for (int i = 0; i < s->m - 1; ++i) {
      season[s->m - 1 - i] = state[i];
      sum += state[i];
    }
    season[0] -= sum;
  }
  out->k = s->n;
  out->prior = isfinite(prior) ? prior : 0;
  out->deviance = s->at[s->best] < OUT_OF_DOMAIN ? s->at[s->best] - out->prior : INFINITY;
}

static bool make(simplex *s, const wsf__ets_form *form, int m, const wsf__ets_limits *limits,
                 wsf__arena *scratch) {
  *s = (simplex){.form = *form, .m = form->season ? m : 1};
  for (int i = 0; i < SMOOTHING; ++i) {
    const bool used = i == ALPHA || (i == BETA && form->trend) || (i == GAMMA && form->season) ||
                      (i == PHI && form->damped);
    s->slot[i] = used && isnan(limits->fixed[i]) ? s->states++ : -1;
    s->value[i] = used ? limits->fixed[i] : i == PHI ? 1 : 0;
  }
  s->n = s->states + 1 + (form->trend != 0) + s->m - 1;
  s->stride = (s->n + WIDE * ABREAST - 1) / (WIDE * ABREAST) * (WIDE * ABREAST);
  s->vertex = wsf__arena_zero(scratch, (size_t)(s->n + 1) * (size_t)s->stride, sizeof(double));
  s->at = wsf__arena_zero(scratch, (size_t)s->n + 1, sizeof(double));
  s->centre = wsf__arena_zero(scratch, (size_t)(1 + POINTS) * (size_t)s->stride, sizeof(double));
  s->point = s->centre ? s->centre + s->stride : NULL;
  return s->vertex && s->at && s->centre;
}

bool wsf__ets_simplex(wsf__ets_fit *out, const wsf__ets_form *form, const double *cost, int count,
                      wsf__ets_work *w, int m, const wsf__ets_limits *limits, double *best,
                      wsf__arena *scratch) {
  simplex all[WSF__ETS_LANES];
  double prior[WSF__ETS_LANES] = {0};
  wsf__ets_trial *t = wsf__ets_work_trial(w, form[0].trend, form[0].season, form[0].season ? m : 1);
  const wsf__ets_start *start = wsf__ets_work_start(w, m, form[0].season);
  for (int i = 0; i < count; ++i) {
    if (!make(&all[i], &form[i], m, limits, scratch)) return false;
    all[i].cost = cost[i];
    all[i].least_sse = wsf__ets_work_floor(w, form[i].error);
    all[i].edge = wsf__ets_work_edge(w);
    begin(&all[i], start, limits);
  }
  for (;;) {
    if (wsf__cut_short(scratch)) return false;
    int running[WSF__ETS_LANES], n_running = 0;
    for (int i = 0; i < count; ++i) {
      if (all[i].phase != DONE && all[i].phase != START) {
        *best = fmin(*best, all[i].at[all[i].best] + all[i].cost);
      }
    }
    for (int i = 0; i < count; ++i) {
      if (hopeless(&all[i], *best)) all[i].phase = DONE;
      if (all[i].phase != DONE) running[n_running++] = i;
    }
    if (n_running == 0) break;
    /* Deal out the lanes: what is asked for first, then what may be asked for next. A point out of
     * bounds is answered at once. */
    const int room = WSF__ETS_LANES / n_running;
    int lanes = 0, first[WSF__ETS_LANES], offered[WSF__ETS_LANES];
    bool inside_bounds[WSF__ETS_LANES];
    const wsf__ets_form *of[WSF__ETS_LANES];
    for (int r = 0; r < n_running; ++r) {
      simplex *s = &all[running[r]];
      first[r] = lanes;
      while (s->phase != DONE && !load(s, wanted(s, 0), t, lanes, limits)) advance(s, INFINITY);
      for (int ahead = 0; s->phase != DONE && ahead < room; ++ahead) {
        const double *x = wanted(s, ahead);
        if (!x) break;
        t->relative[lanes] = s->form.error == WSF__ETS_MUL ? -1 : 0;
        t->least_sse[lanes] = s->least_sse;
        inside_bounds[lanes] = ahead == 0 || load(s, x, t, lanes, limits);
        of[lanes] = &s->form;
        ++lanes;
      }
      offered[r] = lanes - first[r];
    }
    if (lanes == 0) continue;
    wsf__ets_try(t, lanes);
    if (limits->prior) wsf__ets_prior(prior, t, of, lanes, limits);
    for (int i = 0; i < lanes; ++i) {
      t->deviance[i] = inside_bounds[i] ? t->deviance[i] + prior[i] : INFINITY;
    }
    for (int r = 0; r < n_running; ++r) {
      simplex *s = &all[running[r]];
      if (offered[r] == 0) continue;
      const double *value = t->deviance + first[r];
      const phase asked = s->phase;
      advance(s, value[0]);
      if (asked == VERTEX) {
        for (int i = 1; i < offered[r] && s->phase == VERTEX; ++i) advance(s, value[i]);
      } else if (asked == STEP_1 && s->next < offered[r]) {
        advance(s, value[s->next]);
      }
    }
  }
  const wsf__ets_form *of[WSF__ETS_LANES];
  for (int i = 0; limits->prior && i < count; ++i) {
    (void)load(&all[i], vertex(&all[i], all[i].best), t, i, limits);
    of[i] = &form[i];
  }
  if (limits->prior) wsf__ets_prior(prior, t, of, count, limits);
  for (int i = 0; i < count; ++i) answer(&all[i], prior[i], &out[i]);
  return true;
}
