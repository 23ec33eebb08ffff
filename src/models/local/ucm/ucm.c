/* Structural time series: the word `ucm` (unobserved components).
 *
 * Harvey (1989), Forecasting, structural time series models and the Kalman filter, 2.3; Durbin and
 * Koopman (2012), 3.2: a level that walks, with or without a slope that walks, with or without a
 * season that walks (an effect for each period, or harmonics of one variance), and an irregular.
 * Variances by exact maximum likelihood with a diffuse start (ucm_filter.c, ucm_fit.c). auto: the
 * least AIC with the diffuse states counted as parameters (Durbin and Koopman, 7.4).
 *
 * Likelihoods with different numbers of diffuse states depend differently on the unit of y; they
 * are compared in units of the smallest error that any of the forms leaves. Missing values are
 * passed over. Regressors: ucm_regress.c. Intervals: variance of the state, of the regression and
 * of all that will move the state, not of the variances' estimates. Update: the filter goes on with
 * the variances of the fit. State: (s + 2)^2 / 2 numbers for a season of s, which ends at 400. */
#include "models/local/ucm/ucm.h"
#include "math/elementary.h"
#include "models/coefficients.h"
#include "models/components.h"
#include "models/history.h"
#include "models/regressors.h"

#include <math.h>
#include <string.h>

static const wsf__option options[] = {
    {"model", WSF__WORD, "auto", 0, 0, "level|trend|seasonal|bsm|auto",
     "A level; a level with a slope; a level with a season; all three, the basic structural model; "
     "auto: by AIC."},
    {"season", WSF__INT, "0", 0, WSF__UCM_SEASON_MAX, NULL, "Steps in a season; 0 is the data's."},
    {"form", WSF__WORD, "dummy", 0, 0, "dummy|trigonometric",
     "Whether the season has an effect for each step, or harmonics."},
    {"harmonics", WSF__INT, "0", 0, 0.5 * WSF__UCM_SEASON_MAX, NULL,
     "Pairs of sine and cosine of a trigonometric season; 0 is all."},
    WSF__REGRESSORS_OPTION("Columns and features known ahead that the target depends on."),
};

enum { LEVEL, TREND, SEASONAL, BSM, FORMS };
enum { LEAST = 2 }; /* observations of a level that can be followed */

static int form_of(const wsf__node *node) {
  static const char *const word[] = {"level", "trend", "seasonal", "bsm"};
  for (int i = 0; i < FORMS; ++i) {
    if (wsf__arg_is(node, "model", word[i])) return i;
  }
  return FORMS;
}

/* A head of a form, without variances. */
static wsf__ucm head_of(const wsf__node *node, int form, int64_t m) {
  wsf__ucm u = {.slope = form == TREND || form == BSM, .m = 1, .scale = 1};
  if (form < SEASONAL) return u;
  u.m = (double)m;
  if (wsf__arg_is(node, "form", "trigonometric")) {
    const int64_t all = m / 2, asked = wsf__arg_int(node, "harmonics");
    u.harmonics = (double)(asked > 0 && asked < all ? asked : all);
  }
  return u;
}

/* What follows the last observation, for histories too short or too even for anything else. */
static wsf_status keep_walk(wsf__fit *f, const wsf__series *s, wsf__fitted *out, const double *x,
                            int regressors, wsf__ucm head, int32_t reason) {
  head.slope = head.harmonics = 0;
  head.m = 1;
  const size_t size = wsf__ucm_size_with(&head, (size_t)regressors); /* without effect */
  double *v = wsf__state_set(f, out, s, (int64_t)size, reason);
  if (!v) return wsf__fail_memory(f->err);
  memset(v, 0, size * sizeof *v);
  *(wsf__ucm *)v = head;
  wsf__ucm_filter filter;
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  if (!wsf__ucm_open(&filter, v, f->scratch)) return wsf__fail_memory(f->err);
  filter.u->q[WSF__UCM_LEVEL] = 1;
  filter.a[0] = x[0];
  filter.u->n = 1;
  filter.p[0] = 1;
  double *history = wsf__history_of(out, s);
  filter.expected = history ? history + 1 : NULL;
  const wsf__ucm_sums sums = wsf__ucm_run(&filter, x + 1, s->n - 1, NULL);
  for (int64_t t = 1; history && t < s->n; ++t) {
    history[t] = (history[t] + filter.u->offset) * filter.u->scale;
  }
  if (sums.count > 0) filter.u->sigma2 = sums.rss / (double)sums.count;
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

typedef struct choice {
  double *v; /* NULL: none could be fitted */
  double innovation2;
  wsf__ucm_found found;
} choice;

static double criterion(const choice *c, double unit2) {
  const int diffuse = wsf__ucm_diffuse((const wsf__ucm *)c->v);
  return c->found.deviance + 2 * c->found.parameters + diffuse * wsf__ln(unit2);
}

/* Fit the forms asked for; best->v stays in scratch. false: no memory. */
static bool choose(wsf__fit *f, const wsf__node *node, int form, int64_t m, const double *x,
                   int64_t n, int64_t observed, choice *best) {
  choice all[FORMS] = {{0}};
  double unit2 = INFINITY;
  for (int i = 0; i < FORMS; ++i) {
    if ((form != FORMS && i != form) || (i >= SEASONAL && (m == 1 || observed < 2 * m))) continue;
    const wsf__ucm head = head_of(node, i, m);
    double *v = wsf__arena_zero(f->scratch, wsf__ucm_size(&head), sizeof *v);
    if (!v) return false;
    *(wsf__ucm *)v = head;
    const wsf__mark mark = wsf__arena_mark(f->scratch);
    if (!wsf__ucm_fit(&all[i].found, v, x, n, f->scratch)) return false;
    wsf__arena_reset(f->scratch, mark);
    if (!all[i].found.fitted) continue;
    all[i].v = v;
    unit2 = fmin(unit2, fmax(all[i].found.innovation2, 1e-28));
  }
  *best = (choice){0};
  for (int i = 0; i < FORMS; ++i) {
    if (all[i].v && (!best->v || criterion(&all[i], unit2) < criterion(best, unit2)))
      *best = all[i];
  }
  return true;
}

/* Once more over the history, which enters as x, with the variances that were found. */
static bool fill_history(const wsf__ucm *u, const double *x, int64_t n, double *out,
                         wsf__arena *scratch) {
  double *v = wsf__arena_zero(scratch, wsf__ucm_size(u), sizeof *v);
  wsf__ucm_filter filter;
  wsf__ucm_start start;
  if (!v) return false;
  *(wsf__ucm *)v = *u;
  ((wsf__ucm *)v)->n = 0;
  if (!wsf__ucm_open(&filter, v, scratch) || !wsf__ucm_begin(&start, &filter, x, n, scratch)) {
    return false;
  }
  memset(filter.a, 0, (wsf__ucm_size(u) - WSF__UCM_HEAD) * sizeof *v);
  filter.expected = out;
  (void)wsf__ucm_run(&filter, x, n, &start);
  for (int64_t t = 0; t < n; ++t) out[t] = (out[t] + u->offset) * u->scale;
  return true;
}

/* Which variances a form has, in the order of `coefficients`. */
static void has_variance(const wsf__ucm *u, bool out[WSF__UCM_VARIANCES]) {
  out[WSF__UCM_IRREGULAR] = out[WSF__UCM_LEVEL] = true;
  out[WSF__UCM_SLOPE] = u->slope > 0;
  out[WSF__UCM_SEASONAL] = u->m > 1;
}

/* By the delta method: those of the logarithms times the variances. */
static bool keep_errors(wsf__fit *f, const wsf__series *s, wsf__fitted *out, const wsf__ucm *u,
                        const double *x, int64_t n) {
  bool there[WSF__UCM_VARIANCES];
  double of_log[WSF__UCM_VARIANCES];
  has_variance(u, there);
  double *errors = wsf__errors_set(f, out, s, 2 + there[WSF__UCM_SLOPE] + there[WSF__UCM_SEASONAL]);
  if (!errors || !wsf__ucm_errors(of_log, u, x, n, f->scratch)) return false;
  for (int i = 0; i < WSF__UCM_VARIANCES; ++i) {
    if (there[i]) *errors++ = of_log[i] * u->q[i] * u->sigma2 * u->scale * u->scale;
  }
  return true;
}

/* A history on its way: what the model sees of the series, from its first whole row on. */
typedef struct task {
  wsf__series s;       /* y is NaN where a regressor has no value */
  int k;               /* regressors */
  const double *x;     /* [n][k] */
  wsf__ucm head;       /* unit and offset of y */
  double *y;           /* [n] in that unit, less what the regression explains */
  wsf__design columns; /* if k > 0 */
  int64_t observed, m, given;
  int asked; /* the form */
} task;

static wsf_status read_rows(task *t, wsf__fit *f, const wsf__series *s, const wsf__node *node,
                            int32_t *reason) {
  wsf__regressors r;
  WSF__TRY(wsf__regressors_find(&r, node, f->panel, f->scratch, f->err));
  const size_t n = (size_t)s->n, k = (size_t)r.n;
  r.seen = s->n;
  double *x = wsf__arena_new(f->scratch, n, k * sizeof *x);
  double *y = wsf__arena_new(f->scratch, n, sizeof *y);
  if (!x || !y) return wsf__fail_memory(f->err);
  int64_t start = s->n;
  for (int64_t i = s->n - 1; i >= 0; --i) {
    bool whole;
    WSF__TRY(wsf__regressors_read(&r, s, i, x + (size_t)i * k, &whole));
    y[i] = whole ? s->y[i] : NAN;
    if (!isnan(y[i])) start = i;
  }
  if (start == s->n) {
    const bool empty = wsf__count_observed(s->y, s->n) == 0;
    *reason = empty ? WSF__EMPTY : WSF__MISSING_REGRESSOR;
    return WSF_OK;
  }
  t->s = *s;
  t->s.y = y + start;
  t->s.n -= start;
  t->s.t0 += start;
  t->k = r.n;
  t->x = x + (size_t)start * k;
  t->observed = wsf__count_observed(t->s.y, t->s.n);
  return WSF_OK;
}

static void take_unit(const task *t) {
  for (int64_t i = 0; i < t->s.n; ++i) t->y[i] = t->s.y[i] / t->head.scale - t->head.offset;
}

/* y in its unit, and a first regression taken off. */
static wsf_status prepare(task *t, wsf__fit *f, int32_t *reason) {
  const wsf__extent e = wsf__extent_of(t->s.y, t->s.n);
  t->head = (wsf__ucm){.slope = 0, .m = 1};
  t->head.scale = fmax(fabs(e.least), fabs(e.largest));
  if (!(t->head.scale > 0)) t->head.scale = 1;
  t->head.offset = t->s.y[0] / t->head.scale;
  t->y = wsf__arena_new(f->scratch, (size_t)t->s.n, sizeof *t->y);
  if (!t->y) return wsf__fail_memory(f->err);
  take_unit(t);
  *reason = wsf__extent_reason(e);
  if (t->k == 0 || *reason != WSF__OK || t->observed < LEAST) return WSF_OK;
  const wsf__design_state made =
      wsf__design_new(&t->columns, t->y, t->s.n, t->m, t->k, t->x, f->scratch);
  if (made == WSF__DESIGN_MEMORY) return wsf__fail_memory(f->err);
  if (made == WSF__DESIGN_SHORT) *reason = WSF__SHORT;
  return WSF_OK;
}

/* The best of the forms asked for, or of simpler ones where the history is too short for it. */
static bool settle(wsf__fit *f, const wsf__node *node, const task *t, int form, choice *best,
                   int32_t *reason) {
  if (!choose(f, node, form, t->m, t->y, t->s.n, t->observed, best)) return false;
  while (!best->v && form > LEVEL) {
    if (form >= SEASONAL && form < FORMS) *reason = WSF__SHORT_SEASON;
    form = form == BSM ? TREND : LEVEL;
    if (*reason == WSF__OK) *reason = WSF__REPLACED;
    if (!choose(f, node, form, t->m, t->y, t->s.n, t->observed, best)) return false;
  }
  return true;
}

/* Forms and variances with b held and b by them, by turns; the first b is rough, so all forms are
 * tried with the second one too. A turn that gains less than ENOUGH of the deviance is the last. */
enum { TURNS = 5 };
static const double ENOUGH = 1e-3;
static bool take_turns(wsf__fit *f, const wsf__node *node, task *t, int form, choice *best,
                       int32_t *reason) {
  const int32_t before = *reason;
  for (int turn = 0; turn < TURNS; ++turn) {
    if (turn < 2) *reason = before;
    if (!settle(f, node, t, form, best, reason)) return false;
    if (t->columns.n == 0 || !best->v) return true;
    const double gain = wsf__ucm_regress(&t->columns, best->v, t->y, t->s.n, f->scratch);
    if (isinf(gain)) return false;
    if (!(gain > ENOUGH)) return true;
    const wsf__ucm *u = (const wsf__ucm *)best->v;
    if (turn > 0) form = (u->slope > 0 ? TREND : LEVEL) + (u->m > 1 ? SEASONAL : LEVEL);
  }
  return true;
}

/* Back what the regression explains, in the unit of y. */
static void add_effects(const task *t, const double *v, double *history) {
  const double *centre = v, *b = v + t->k;
  for (int64_t i = 0; i < t->s.n; ++i) {
    double sum = 0;
    for (int j = 0; j < t->k; ++j) sum += b[j] * (t->x[i * t->k + j] - centre[j]);
    history[i] += sum * t->head.scale;
  }
}

static wsf_status fit_series(wsf__fit *f, const wsf__series *s, wsf__fitted *out) {
  task t = {.given = wsf__season_of(out->node, f->panel), .asked = form_of(out->node)};
  t.m = t.given > WSF__UCM_SEASON_MAX ? 1 : t.given;
  int32_t reason = WSF__OK;
  WSF__TRY(read_rows(&t, f, s, out->node, &reason));
  if (reason == WSF__OK) WSF__TRY(prepare(&t, f, &reason));
  if (reason >= WSF__NOT_FITTED) {
    wsf__state_fail(out, s, reason);
    return WSF_OK;
  }
  const wsf__series *own = &t.s;
  if (reason != WSF__OK || t.observed < LEAST) {
    return keep_walk(f, own, out, t.y, t.k, t.head, reason);
  }
  const int form = t.m > 1 || t.asked == FORMS ? t.asked : t.asked & TREND;
  choice best;
  reason = t.asked < SEASONAL     ? WSF__OK
           : t.given > t.m        ? WSF__LONG_SEASON
           : t.m == 1             ? t.asked < FORMS ? WSF__NO_SEASON : WSF__OK
           : t.observed < 2 * t.m ? WSF__SHORT_SEASON
                                  : WSF__OK;
  if (!take_turns(f, out->node, &t, form, &best, &reason)) return wsf__fail_memory(f->err);
  if (!best.v) {
    take_unit(&t);
    return keep_walk(f, own, out, t.y, t.k, t.head, WSF__REPLACED);
  }
  if (reason == WSF__OK && !best.found.converged) reason = WSF__NO_CONVERGENCE;
  wsf__ucm *u = (wsf__ucm *)best.v;
  u->offset = t.head.offset;
  u->scale = t.head.scale;
  const double errors = (double)(t.observed - wsf__ucm_diffuse(u));
  u->log_likelihood = -best.found.deviance / 2 - errors * wsf__ln(u->scale);
  u->aic = -2 * u->log_likelihood + 2 * (best.found.parameters + t.columns.n);
  const size_t size = wsf__ucm_size(u);
  double *v = wsf__state_set(f, out, s, (int64_t)wsf__ucm_size_with(u, (size_t)t.k), reason);
  if (!v) return wsf__fail_memory(f->err);
  memcpy(v, u, size * sizeof *v);
  if (t.k > 0 && !wsf__ucm_regress_end(&t.columns, v, t.y, own->n, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  if (wsf__design_rank(&t.columns) < t.k) {
    out->state[s->slot].reason = wsf__reason_or(reason, WSF__FEWER_COLUMNS);
  }
  double *history = wsf__history_of(out, own);
  if (history && !fill_history(u, t.y, own->n, history, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  if (history) add_effects(&t, v + size, history);
  if (out->errors && !keep_errors(f, s, out, u, t.y, own->n)) return wsf__fail_memory(f->err);
  if (!wsf__state_finite(&out->state[s->slot])) wsf__state_fail(out, s, WSF__NOT_FINITE);
  return WSF_OK;
}

/* The regression behind a state. */
typedef struct effects {
  wsf__regressors r;
  double *centre, *b, *cover, *columns;
  double *row; /* [k] less the centre */
} effects;

static int count_regressors(const wsf__ucm *u, int64_t n) {
  int k = 0;
  while ((int64_t)wsf__ucm_size_with(u, (size_t)k) < n) ++k;
  return (int64_t)wsf__ucm_size_with(u, (size_t)k) == n ? k : -1;
}

static wsf_status open_effects(effects *e, wsf__ucm_filter *f, double *v, int64_t n,
                               const wsf__node *node, const wsf__panel *panel, wsf__arena *scratch,
                               wsf_error *err) {
  const int k = count_regressors(f->u, n);
  WSF__TRY(wsf__regressors_find_for(&e->r, node, panel, k, scratch, err));
  e->centre = v + wsf__ucm_size(f->u);
  e->b = e->centre + k;
  e->cover = e->b + k;
  e->columns = e->cover + (int64_t)k * k;
  e->row = wsf__arena_new(scratch, (size_t)k, sizeof *e->row);
  if (!e->row || !wsf__ucm_columns(f, k, e->columns, scratch)) return wsf__fail_memory(err);
  return WSF_OK;
}

/* What the row explains, in the unit of the filter. */
static double centre_row(effects *e) {
  double sum = 0;
  for (int j = 0; j < e->r.n; ++j) {
    e->row[j] -= e->centre[j];
    sum += e->b[j] * e->row[j];
  }
  return sum;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  double *v = wsf__state_copy(f, old, s, out);
  double *y = wsf__arena_new(f->scratch, (size_t)s->n, sizeof *y);
  wsf__ucm_filter filter;
  effects e;
  if (!v || !y || !wsf__ucm_open(&filter, v, f->scratch)) return wsf__fail_memory(f->err);
  WSF__TRY(
      open_effects(&e, &filter, v, old->state[s->slot].n, old->node, f->panel, f->scratch, f->err));
  const int k = e.r.n;
  double *x = wsf__arena_zero(f->scratch, (size_t)s->n, (size_t)k * sizeof *x);
  if (!x) return wsf__fail_memory(f->err);
  for (int64_t t = 0; t < s->n; ++t) {
    bool whole;
    WSF__TRY(wsf__regressors_read(&e.r, s, t, e.row, &whole));
    const double effect = centre_row(&e);
    y[t] = whole ? s->y[t] / filter.u->scale - filter.u->offset - effect : NAN;
    if (whole && k > 0) memcpy(x + t * k, e.row, (size_t)k * sizeof *x);
  }
  filter.x = x;
  filter.stride = k;
  (void)wsf__ucm_run(&filter, y, s->n, NULL);
  if (!wsf__state_finite(&out->state[s->slot])) wsf__state_fail(out, s, WSF__NOT_FINITE);
  return WSF_OK;
}

/* The row's part of a step that the filter has just forecast: its mean, and over sigma^2 the
 * variance that b leaves it. */
static void add_row(effects *e, const wsf__ucm_filter *f, const wsf__forecast *out, int64_t step,
                    double *mean, double *variance) {
  const int k = e->r.n;
  for (int j = 0; j < k; ++j) {
    wsf__explain_regressor(out, step, e->r.name[j], e->b[j] * e->row[j] * f->u->scale);
  }
  *mean += centre_row(e);
  for (int i = 0; i < k; ++i) {
    double along = 0;
    for (int j = 0; j < k; ++j) along += e->cover[i * k + j] * (e->row[j] - f->seen[j]);
    *variance += along * along;
  }
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  const wsf__state *state = &m->state[s->slot];
  const wsf__mark mark = wsf__arena_mark(p->scratch);
  double *copy = wsf__arena_new(p->scratch, (size_t)state->n, sizeof *copy);
  double *sd = wsf__arena_new(p->scratch, (size_t)out->h, sizeof *sd);
  wsf__ucm_filter f;
  effects e;
  if (!copy || !sd) return wsf__fail_memory(p->err);
  memcpy(copy, state->v, (size_t)state->n * sizeof *copy);
  if (!wsf__ucm_open(&f, copy, p->scratch)) return wsf__fail_memory(p->err);
  WSF__TRY(open_effects(&e, &f, copy, state->n, m->node, p->frame, p->scratch, p->err));
  const double level = f.a[0] - (f.u->slope > 0 ? f.a[1] : 0); /* before the first step */
  for (int64_t i = 0; i < out->h && !wsf__cut_short(p->scratch); ++i) {
    double mean, variance;
    const double now = f.a[0];
    bool whole;
    wsf__ucm_ahead(&f, &mean, &variance);
    wsf__explain(out, i, WSF__TREND, (now - level) * f.u->scale);
    wsf__explain(out, i, WSF__SEASON, (mean - now) * f.u->scale);
    WSF__TRY(wsf__regressors_ahead(&e.r, s, i + 1, e.row, &whole));
    add_row(&e, &f, out, i, &mean, &variance);
    out->mean[i] = whole ? (mean + f.u->offset) * f.u->scale : NAN; /* and so its quantiles */
    sd[i] = sqrt(fmax(variance * f.u->sigma2, 0)) * f.u->scale;
  }
  wsf__forecast_normal(out, sd);
  wsf__arena_reset(p->scratch, mark);
  return WSF_OK;
}

/* What the filter learns from the next error, carried on: the innovations form. */
static wsf_status response(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                           wsf__response *out) {
  const wsf__state *state = &m->state[s->slot];
  double *copy = wsf__arena_new(p->scratch, (size_t)state->n, sizeof *copy);
  wsf__ucm_filter f;
  if (!copy) return wsf__fail_memory(p->err);
  memcpy(copy, state->v, (size_t)state->n * sizeof *copy);
  if (!wsf__ucm_open(&f, copy, p->scratch)) return wsf__fail_memory(p->err);
  double mean, variance;
  wsf__ucm_ahead(&f, &mean, &variance);
  double *gain = wsf__arena_new(p->scratch, (size_t)f.dim, sizeof *gain);
  if (!gain) return wsf__fail_memory(p->err);
  for (int i = 0; i < f.dim; ++i) gain[i] = variance > 0 ? f.c[i] / variance : 0;
  memcpy(copy, state->v, (size_t)state->n * sizeof *copy);
  memcpy(f.a, gain, (size_t)f.dim * sizeof *gain);
  for (int64_t i = 0; i < out->h && !wsf__cut_short(p->scratch); ++i) {
    wsf__ucm_ahead(&f, &mean, &variance);
    out->error[i] = i == 0 ? 1 : mean;
  }
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)frame;
  if (state->n <= WSF__UCM_HEAD || !wsf__state_finite(state)) return false;
  const wsf__ucm *u = (const wsf__ucm *)state->v;
  if (!wsf__whole(u->slope, 0, 1) || !wsf__whole(u->m, 1, WSF__UCM_SEASON_MAX) ||
      !wsf__whole(u->harmonics, 0, floor(u->m / 2)) || !wsf__whole(u->n, 1, WSF__LONGEST)) {
    return false;
  }
  for (int i = 0; i < WSF__UCM_VARIANCES; ++i) {
    if (!(u->q[i] >= 0)) return false;
  }
  return u->scale > 0 && u->sigma2 >= 0 &&
         wsf__regressors_may_be(node, count_regressors(u, state->n));
}

/* Variances and the regression, in the units of y. */
static void coefficients(const wsf__fitted *m, const wsf__series *s, wsf__coefficients *out) {
  static const char *const name[] = {"sigma2.irregular", "sigma2.level", "sigma2.slope",
                                     "sigma2.season"};
  const wsf__ucm *u = (const wsf__ucm *)m->state[s->slot].v;
  bool is_there[WSF__UCM_VARIANCES];
  has_variance(u, is_there);
  const double unit = u->sigma2 * u->scale * u->scale;
  for (int i = 0; i < WSF__UCM_VARIANCES; ++i) {
    if (is_there[i]) wsf__coefficient_add(out, name[i], 0, u->q[i] * unit, NAN);
  }
  const int k = count_regressors(u, m->state[s->slot].n);
  const double *b = (const double *)u + wsf__ucm_size(u) + k;
  wsf__coefficient_design(out, m->node, k, b, b + k, u->scale, unit);
}

const wsf__model_class wsf__model_ucm = {
    .spec = {"model", "local", "ucm",
             "Structural time series by Kalman filter: a level, a slope and a season that walk.",
             "Harvey (1989); Durbin and Koopman (2012), Time series analysis by state space "
             "methods",
             "0.1.0", "ucm(model=bsm, season=12)", options, sizeof options / sizeof *options},
    .fit_series = fit_series,
    .predict_series = predict,
    .response = response,
    .update = update,
    .check = check,
    .promise = {.units = WSF__CONVERGING,
                .level = WSF__CONVERGING,
                .update = WSF__NOT,
                .why = "where the search ends; an update keeps the variances"},
    .coefficients = coefficients,
    .regresses = wsf__regressors_any,
};
