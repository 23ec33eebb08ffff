/* Exponential smoothing in state-space form with automatic selection: the word `ets`.
 *
 * Hyndman, Koehler, Snyder and Grose (2002), "A state space framework for automatic forecasting
 * using exponential smoothing methods"; Hyndman, Koehler, Ord and Snyder (2008). Thirty forms of
 * error, trend and season; the one with the least AICc (AIC, BIC) wins, with the conventions of R's
 * forecast::ets: bounds, counting of parameters, forms left out by `restrict`, no season longer
 * than 24 unless the season's letter is given. A season that is longer, or that the criterion
 * refuses, since in few cycles first states cost more than they can earn, is taken off, or divided
 * by, if it is plain (analysis/plain_season.c) and stays as it is: gamma = 0; search=r leaves it
 * out as R does. Missing values move the states without an error.
 * Forms with a multiplicative part need positive data. A series too short for any form follows its
 * level with a fixed weight. */
#include "analysis/plain_season.h"
#include "math/elementary.h"
#include "models/coefficients.h"
#include "models/components.h"
#include "models/history.h"
#include "models/local/ets/ets.h"
#include "models/regressors.h"
#include "models/trend_uncertainty.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const wsf__option options[] = {
    {"model", WSF__TEXT, "ZZZ", 0, 0, NULL,
     "Letters of error, trend and season: N none, A additive, M multiplicative, Z chosen; Ad or Md "
     "for a damped trend. Inside log and boxcox what is chosen is additive."},
    {"damped", WSF__WORD, "auto", 0, 0, "auto|true|false", "Whether the trend is damped."},
    {"season", WSF__INT, "0", 0, WSF__ETS_SEASON_MAX, NULL,
     "Steps in a season; 0 is the data's. Above 24 only with the letter A or M for the season."},
    {"ic", WSF__WORD, "aicc", 0, 0, "aicc|aic|bic", "Information criterion that chooses the form."},
    {"bounds", WSF__WORD, "both", 0, 0, "both|usual|admissible",
     "Region of the smoothing parameters."},
    {"alpha", WSF__REAL, "", 0, 2, NULL, "Weight of the level, if not estimated."},
    {"beta", WSF__REAL, "", 0, 4, NULL, "Weight of the slope, if not estimated."},
    {"gamma", WSF__REAL, "", 0, 2, NULL, "Weight of the season, if not estimated."},
    {"phi", WSF__REAL, "", 0, 1, NULL, "Damping of the slope, if not estimated."},
    {"search", WSF__WORD, "simplex", 0, 0, "simplex|r|newton",
     "simplex stops as R's does, near the first states of a decomposition, in any unit at the same "
     "place; r is R's to the last step and depends on the units; newton goes on to the "
     "likelihood's "
     "maximum, is faster, and may fit the first states too closely."},
    {"restrict", WSF__FLAG, "true", 0, 0, NULL, "Leave out forms with an infinite variance."},
    {"allow_multiplicative_trend", WSF__FLAG, "false", 0, 0, NULL,
     "Try multiplicative trends where the trend is chosen."},
    WSF__REGRESSORS_OPTION("Columns and features known ahead that the target depends on, around "
                           "which it is smoothed; forms then are additive."),
    {"intervals", WSF__WORD, "adjusted", 0, 0, "adjusted|model",
     "adjusted: they count that the trend may change, and heavy tails; model: the formula alone as "
     "R "
     "has "
     "it, too narrow for short histories."},
    {"paths", WSF__INT, "2000", 64, 100000, NULL,
     "Simulated paths for the quantiles of forms without a variance formula."},
};

enum { FORMS = 30, SHORTEST = 5 /* observations that a form with two parameters needs */ };
static const double SHORT_ALPHA = 0.5; /* weight of the level of a shorter series */

/* What the options say, once for a batch. */
typedef struct request {
  wsf__ets_form form[FORMS];
  int n_forms;
  bool season_chosen; /* letter Z */
  bool ratios;        /* written: a letter M, or trends that multiply */
  bool long_season;   /* the data's is not tried */
  bool simplex;
  bool as_given; /* in the data's own units */
  wsf__ets_limits limits;
  int m;
  int64_t period; /* the data's, or as asked for, however long */
  char ic;        /* c: AICc, a: AIC, b: BIC */
  wsf__regressors x;
} request;

static int letter(char c) {
  return c == 'N'   ? WSF__ETS_NONE
         : c == 'A' ? WSF__ETS_ADD
         : c == 'M' ? WSF__ETS_MUL
         : c == 'Z' ? -1
                    : -2;
}

static bool allowed(int wanted, int kind, bool by_choice) {
  return wanted == kind || (wanted < 0 && by_choice);
}

static wsf_status refuse(const wsf__node *node, wsf_error *err, wsf_status status) {
  wsf__error_at_byte(err, node->byte);
  return status;
}

static wsf_status read_forms(const wsf__node *node, request *r, wsf_error *err) {
  const char *text = wsf__arg_text(node, "model");
  const size_t length = strlen(text);
  int damped = wsf__arg_is(node, "damped", "true")    ? 1
               : wsf__arg_is(node, "damped", "false") ? 0
                                                      : -1;
  int kind[3] = {-2, -2, -2};
  if (length == 3 || (length == 4 && text[2] == 'd' && damped != 0)) {
    if (length == 4) damped = 1;
    kind[0] = letter(text[0]), kind[1] = letter(text[1]), kind[2] = letter(text[length - 1]);
  }
  if (kind[0] < -1 || kind[0] == WSF__ETS_NONE || kind[1] < -1 || kind[2] < -1) {
    return refuse(
        node, err,
        wsf__fail(
            err, WSF_E_VALUE,
            "the form \"%.16s\" was found where letters such as ZZZ, ANN or MAdM were expected",
            text));
  }
  const bool additive = wsf__arg(node, "x")->n > 0;
  if (additive && strchr(text, 'M')) {
    return refuse(
        node, err,
        wsf__fail(err, WSF_E_VALUE,
                  "the form \"%.16s\" was found where x= needs a form without the letter M", text));
  }
  const bool restricted = wsf__arg_flag(node, "restrict");
  const bool powers = wsf__arg_flag(node, "allow_multiplicative_trend");
  r->season_chosen = kind[2] < 0;
  r->ratios = powers || strchr(text, 'M');
  r->n_forms = 0;
  for (int s = 0; s <= 2; ++s) {
    for (int t = 0; t <= 2; ++t) {
      for (int d = 0; d <= (t > 0); ++d) {
        for (int e = 1; e <= 2; ++e) {
          if (!allowed(kind[0], e, true) || !allowed(kind[1], t, t < 2 || powers) ||
              !allowed(kind[2], s, true) || (damped >= 0 && t > 0 && damped != d) ||
              (damped > 0 && t == 0 && kind[1] == 0)) {
            continue;
          }
          if (additive && (e == 2 || t == 2 || s == 2)) continue;
          /* Infinite forecast variance, or worse (book, section 15.2). */
          if (restricted && ((e == 1 && (s == 2 || t == 2)) || (e == 2 && t == 2 && s == 1))) {
            continue;
          }
          r->form[r->n_forms++] = (wsf__ets_form){e, t, s, d > 0};
        }
      }
    }
  }
  if (r->n_forms > 0) return WSF_OK;
  return refuse(node, err,
                wsf__fail(err, WSF_E_VALUE,
                          "the form \"%.16s\" with these options leaves no form to fit", text));
}

/* Parameters that were given must leave room for each other. */
static wsf_status check_fixed(const wsf__node *node, const wsf__ets_limits *limits,
                              wsf_error *err) {
  const double a = limits->fixed[0], b = limits->fixed[1], g = limits->fixed[2];
  const double phi = isnan(limits->fixed[3]) ? 1 : limits->fixed[3];
  const double most_b = limits->usual ? a : (1 + phi) * (2 - a);
  const double most_g = limits->usual ? 1 - a : 1 + 1 / phi - a;
  const bool beta = b > most_b, gamma = g > most_g; /* false for NaN */
  if (!beta && !gamma) return WSF_OK;
  return refuse(node, err,
                wsf__fail(err, WSF_E_VALUE,
                          "%s=%g was found where at most %g was expected beside alpha=%g",
                          beta ? "beta" : "gamma", beta ? b : g, beta ? most_b : most_g, a));
}

static wsf_status read_request(const wsf__node *node, wsf__fit *f, request *r) {
  static const char *const name[4] = {"alpha", "beta", "gamma", "phi"};
  memset(r, 0, sizeof *r);
  WSF__TRY(read_forms(node, r, f->err));
  WSF__TRY(wsf__regressors_find(&r->x, node, f->panel, f->scratch, f->err));
  for (int i = 0; i < 4; ++i) {
    r->limits.fixed[i] =
        wsf__arg(node, name[i])->form == WSF__NUMBER ? wsf__arg_number(node, name[i]) : NAN;
  }
  r->limits.usual = !wsf__arg_is(node, "bounds", "admissible");
  r->limits.admissible = !wsf__arg_is(node, "bounds", "usual");
  WSF__TRY(check_fixed(node, &r->limits, f->err));
  static const double most[4] = {2, 4, 2, 0.98};
  for (int i = 0; i < 4; ++i) {
    r->limits.least[i] = i == 3 ? 0.8 : r->limits.usual ? 1e-4 : i == 1 ? -1 : 0;
    r->limits.most[i] = r->limits.usual && i < 3 ? 0.9999 : most[i];
  }
  r->simplex = !wsf__arg_is(node, "search", "newton");
  r->as_given = wsf__arg_is(node, "search", "r");
  const int64_t m = wsf__season_of(node, f->panel);
  r->m = m > WSF__ETS_SEASON_MAX ? 1 : (int)m;
  r->period = m;
  r->long_season = m > (r->season_chosen ? WSF__ETS_SEASON_AUTO : WSF__ETS_SEASON_MAX);
  r->ic = wsf__arg_is(node, "ic", "bic") ? 'b' : wsf__arg_is(node, "ic", "aic") ? 'a' : 'c';
  return WSF_OK;
}

static double penalty(char ic, double n, int k) {
  const double p = k + 1; /* and the variance of the errors */
  if (ic == 'b') return wsf__ln(n) * p;
  return 2 * p + (ic == 'a' ? 0 : 2 * p * (p + 1) / (n - p - 1));
}

/* One history on the way to a fit. */
typedef struct task {
  const request *r;
  const wsf__series *s;
  wsf__ets_view view[2]; /* of forms that only add, and of the others */
  wsf__regressors *source;
  const double *x; /* [n][n_x], as the panel has it */
  wsf__design columns;
  double past[WSF__SLOPES];
  double *around; /* [r->period] a season of a view that does not move; NULL: none */
  bool factors;   /* it divides */
} task;

/* Filter the history from its first states and keep what is left. */
static wsf_status keep_fit(wsf__fit *f, const task *job, wsf__fitted *out, wsf__ets *e, int count,
                           double ic, int32_t reason) {
  const wsf__series *s = job->s;
  const int k = job->r->x.n;
  double *v = wsf__state_set(f, out, s, wsf__ets_state_size(e->m, k), reason);
  if (!v) return wsf__fail_memory(f->err);
  memset(v, 0, (size_t)out->state[s->slot].n * sizeof *v);
  wsf__ets_sums sums = {.f = wsf__history_of(out, s)};
  wsf__ets_state_write(v, e, count, &sums, 0);
  memcpy(v + WSF__ETS_AT_PAST, job->past, sizeof job->past);
  if (k > 0) {
    memcpy(wsf__ets_state_centre(v), job->columns.centre, (size_t)k * sizeof *v);
    memcpy(wsf__ets_state_b(v, k), job->columns.b, (size_t)k * sizeof *v);
    memcpy(wsf__ets_state_cover(v, k), job->columns.cover, (size_t)(k * k) * sizeof *v);
  }
  if (!wsf__ets_state_move(v, e, &sums, s->y, job->x, s->n, k, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  if (wsf__ets_valid(e) && isfinite(sums.sse)) {
    wsf__ets_state_write(v, e, count, &sums, isfinite(ic) ? ic : 0);
  } else {
    wsf__state_fail(out, s, WSF__NOT_FINITE);
  }
  return WSF_OK;
}

/* A level alone, with a fixed weight: series that nothing can be estimated from. */
static wsf_status keep_level(wsf__fit *f, task *job, wsf__fitted *out, double alpha,
                             int32_t reason) {
  double season = 0;
  wsf__ets e = {.form = {.error = WSF__ETS_ADD},
                .m = 1,
                .alpha = alpha,
                .phi = 1,
                .level = job->s->y[0],
                .season = &season};
  for (int j = 0; j < job->r->x.n; ++j) job->columns.b[j] = 0;
  return keep_fit(f, job, out, &e, 1, 0, reason);
}

static bool same_form(const wsf__ets_form *a, const wsf__ets_form *b) {
  return a->error == b->error && a->trend == b->trend && a->season == b->season &&
         a->damped == b->damped;
}

static bool multiplies(const wsf__ets_form *form) {
  return form->error == WSF__ETS_MUL || form->trend == WSF__ETS_MUL || form->season == WSF__ETS_MUL;
}

/* All the forms of one view and one shape: kind of season, and multiplicative or other trend. unit:
 * of the view, so that a criterion is one of the values themselves. */
enum { SHAPES = 6 };
static wsf_status fit_shape(wsf__fit *f, const request *r, wsf__ets_work *w, double unit,
                            bool powers, const wsf__ets_form *form, int n_forms, int n_columns,
                            int shape, int m, double count, wsf__ets_fit *best, double *best_ic) {
  wsf__ets_form mine[WSF__ETS_LANES];
  wsf__ets_fit fitted[WSF__ETS_LANES];
  double cost[WSF__ETS_LANES], bound = *best_ic;
  int n = 0;
  for (int i = 0; i < n_forms; ++i) {
    if (multiplies(&form[i]) != powers) continue;
    if (form[i].season + 3 * (form[i].trend == WSF__ETS_MUL) != shape) continue;
    mine[n] = form[i];
    fitted[n].start.season = best->start.season + (n + 1) * m;
    cost[n] = penalty(r->ic, count, wsf__ets_count(&form[i], m, &r->limits) + n_columns) +
              2 * count * wsf__ln(unit);
    ++n;
  }
  if (n == 0) return WSF_OK;
  if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, f->err);
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  if (r->simplex) {
    if (!wsf__ets_simplex(fitted, mine, cost, n, w, m, &r->limits, &bound, f->scratch)) {
      return wsf__fail_memory(f->err);
    }
  }
  for (int i = 0; i < n; ++i) {
    if (!r->simplex) {
      wsf__ets_maximise(&fitted[i], w, &mine[i], m, &r->limits, *best_ic - cost[i]);
    }
    if (!(fitted[i].deviance + cost[i] < *best_ic)) continue;
    *best_ic = fitted[i].deviance + cost[i];
    double *season = best->start.season;
    memcpy(season, fitted[i].start.season, (size_t)fitted[i].start.m * sizeof *season);
    *best = fitted[i];
    best->start.season = season;
  }
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

/* The series from its first whole row on, with gaps where a column has one. */
static wsf_status read_columns(wsf__fit *f, const wsf__series *s, task *job, wsf__series *rest,
                               int32_t *reason) {
  const int k = job->r->x.n;
  double *x = wsf__arena_new(f->scratch, (size_t)s->n, (size_t)k * sizeof *x);
  double *y = wsf__arena_new(f->scratch, (size_t)s->n, sizeof *y);
  if (!x || !y) return wsf__fail_memory(f->err);
  int64_t first = -1, observed = 0;
  for (int64_t t = 0; t < s->n; ++t) {
    bool whole;
    WSF__TRY(wsf__regressors_read(job->source, s, t, x + t * k, &whole));
    observed += !isnan(s->y[t]);
    y[t] = whole ? s->y[t] : NAN;
    if (first < 0 && !isnan(y[t])) first = t;
  }
  if (first < 0) {
    *reason = observed ? WSF__MISSING_REGRESSOR : WSF__EMPTY;
    return WSF_OK;
  }
  *rest = *s;
  rest->y = y + first;
  rest->n = s->n - first;
  rest->t0 = s->t0 + first;
  job->s = rest;
  job->x = x + first * k;
  return WSF_OK;
}

/* The regression's part of the work; y: the values, then what a first regression leaves. */
static wsf_status take_off(wsf__fit *f, task *job, int m, double *y, int32_t *reason) {
  const wsf__design_state made =
      wsf__design_new(&job->columns, y, job->s->n, m, job->r->x.n, job->x, f->scratch);
  if (made == WSF__DESIGN_MEMORY) return wsf__fail_memory(f->err);
  if (made == WSF__DESIGN_SHORT) *reason = WSF__SHORT;
  return WSF_OK;
}

/* The forms the data can carry; n_columns regressors are to be estimated beside them. */
typedef struct choice {
  wsf__ets_form form[FORMS];
  int n, widest;
  int32_t reason;
} choice;
static bool can_carry(const request *r, const wsf__ets_form *form, int64_t count, int m,
                      int n_columns) {
  return count >= wsf__ets_count(form, m, &r->limits) + n_columns + 3;
}
static choice choose_forms(const request *r, const wsf__series *s, int64_t count, double least,
                           int n_columns) {
  /* of values without a zero nothing is chosen that multiplies */
  const bool additive = s->interval && !r->ratios;
  choice c = {.widest = 1};
  bool any_positive = false, season_lost = false, season_long = false;
  for (int i = 0; i < r->n_forms; ++i) {
    const wsf__ets_form *form = &r->form[i];
    if (multiplies(form) && (additive || !(least > 0))) continue;
    any_positive = true;
    if (form->season) {
      season_long = r->long_season;
      if (r->m == 1 || season_long) continue;
      if (count < 2 * (int64_t)r->m || !can_carry(r, form, count, r->m, n_columns)) {
        season_lost = true;
        continue;
      }
    }
    if (!can_carry(r, form, count, r->m, n_columns)) continue;
    if (form->season) c.widest = r->m;
    c.form[c.n++] = *form;
  }
  c.reason = !any_positive                  ? WSF__NOT_POSITIVE
             : season_long                  ? WSF__LONG_SEASON
             : season_lost && c.widest == 1 ? WSF__SHORT_SEASON
                                            : WSF__OK;
  if (!any_positive || c.n > 0) return c;
  /* The letters ask for more than there is: leave out the season, then the trend. */
  for (int without = 1; without <= 2 && c.n == 0; ++without) {
    for (int i = 0; i < r->n_forms; ++i) {
      wsf__ets_form form = r->form[i];
      if ((additive || !(least > 0)) && (form.error == 2 || form.trend == 2)) continue;
      form.season = WSF__ETS_NONE;
      if (without == 2) form.trend = WSF__ETS_NONE, form.damped = false;
      bool known = !can_carry(r, &form, count, 1, n_columns);
      for (int j = 0; j < c.n && !known; ++j) known = same_form(&c.form[j], &form);
      if (!known) c.form[c.n++] = form;
    }
  }
  if (c.reason == WSF__OK) c.reason = WSF__REPLACED;
  return c;
}

/* Whether a form can stand around a season that does not move: what is smoothed then is the same
 * form without one, of the differences to that season or of the ratios. */
static bool stands_around(const wsf__ets_form *form, bool factors) {
  const bool relative = form->error == WSF__ETS_MUL;
  return form->trend != WSF__ETS_MUL && factors == relative &&
         form->season == (factors ? WSF__ETS_MUL : WSF__ETS_ADD);
}

/* The season that forms without one may stand around: the data's, if it is plain. */
static wsf_status find_around(wsf__fit *f, task *job) {
  const request *r = job->r;
  const int64_t n = job->s->n, m = r->period;
  bool sums = false, factors = false;
  for (int i = 0; i < r->n_forms; ++i) {
    sums = sums || stands_around(&r->form[i], false);
    factors = factors || stands_around(&r->form[i], true);
  }
  factors = factors && (r->ratios || !job->s->interval);
  if (!(sums || factors) || r->as_given || m < 2 || m > WSF__ETS_SEASON_MAX || n <= m) {
    return WSF_OK;
  }
  const wsf__plain_kinds kinds = sums ? WSF__PLAIN_EITHER : WSF__PLAIN_FACTORS;
  wsf__plain plain = {0};
  double *season = wsf__arena_new(f->scratch, (size_t)m, sizeof *season);
  const double *adding = job->view[0].y, *multiplying = job->view[1].y;
  if (!season ||
      (factors && !wsf__plain_season(season, &plain, kinds, multiplying, n, m, f->scratch)) ||
      (sums && !plain.factors &&
       !wsf__plain_season(season, &plain, WSF__PLAIN_SUMS, adding, n, m, f->scratch))) {
    return wsf__fail_memory(f->err);
  }
  if (plain.found) job->around = season, job->factors = plain.factors;
  return WSF_OK;
}

/* The forms without a season that stand around it. */
static choice forms_around(const task *job, int64_t count) {
  const request *r = job->r;
  choice c = {.widest = 1};
  for (int i = 0; job->around && i < r->n_forms; ++i) {
    wsf__ets_form form = r->form[i];
    if (!stands_around(&form, job->factors)) continue;
    form.season = WSF__ETS_NONE;
    if (can_carry(r, &form, count, 1, job->columns.n)) c.form[c.n++] = form;
  }
  return c;
}

/* Take the season off what its forms see, and tell the sum of the logarithms of the divisors. */
static double strip(task *job) {
  const int64_t m = job->r->period;
  double logs = 0, *y = job->view[job->factors].y;
  for (int64_t t = 0; t < job->s->n; ++t) {
    if (!job->factors) {
      y[t] -= job->around[t % m];
    } else if (!isnan(y[t])) {
      y[t] /= job->around[t % m];
      logs += wsf__ln(job->around[t % m]);
    }
  }
  return logs;
}

/* The best of some forms. */
static wsf_status search(wsf__fit *f, const task *job, const wsf__ets_form *form, int n_forms,
                         int m, double count, wsf__ets_fit *best, double *best_ic) {
  *best_ic = INFINITY;
  for (int powers = 0; powers <= 1; ++powers) {
    bool any = false;
    for (int i = 0; i < n_forms; ++i) any = any || multiplies(&form[i]) == powers;
    if (!any) continue;
    const wsf__mark mark = wsf__arena_mark(f->scratch);
    const wsf__ets_view *view = &job->view[powers];
    wsf__ets_work *w = wsf__ets_work_new(f->scratch, view, job->s->n, m);
    if (!w) return wsf__fail_memory(f->err);
    for (int shape = 0; shape < SHAPES; ++shape) {
      WSF__TRY(fit_shape(f, job->r, w, view->unit, powers, form, n_forms, job->columns.n, shape, m,
                         count, best, best_ic));
    }
    wsf__arena_reset(f->scratch, mark);
  }
  return WSF_OK;
}

/* Forms are searched with b held and b is found for the form, by turns; the view, of forms that
 * add, is what b leaves. The first b is rough, so all forms are tried with the second one too. A
 * turn that gains less than ENOUGH of the deviance is the last. */
enum { TURNS = 8 };
static const double ENOUGH = 1e-3;
static wsf_status take_turns(wsf__fit *f, task *job, const choice *c, double count,
                             wsf__ets_fit *best, double *best_ic) {
  const int m = c->widest;
  double *y = job->view[0].y;
  double *own = wsf__arena_new(f->scratch, (size_t)m, (1 + WSF__ETS_LANES) * sizeof *own);
  double *pass = wsf__ets_regress_room(&job->columns, m, f->scratch);
  if (!own || !pass) return wsf__fail_memory(f->err);
  *best_ic = INFINITY;
  for (int turn = 0; turn < TURNS; ++turn) {
    const wsf__ets_form held = best->start.form;
    const bool all = turn < 2;
    wsf__ets_fit now = {.start.season = own};
    double ic;
    WSF__TRY(search(f, job, all ? c->form : &held, all ? c->n : 1, m, count, &now, &ic));
    if (!(ic < *best_ic)) break;
    double *season = best->start.season;
    memcpy(season, own, (size_t)now.start.m * sizeof *season);
    *best = now;
    best->start.season = season;
    *best_ic = ic;
    if (job->columns.n == 0) break;
    const double deviance = wsf__ets_regress(&job->columns, pass, y, job->s->n, &best->start);
    const double gain = best->deviance - deviance;
    if (!(gain > 0) || !isfinite(gain)) break;
    wsf__design_move(&job->columns, y, job->s->n);
    best->deviance -= gain;
    *best_ic -= gain;
    if (gain < ENOUGH) break;
  }
  return WSF_OK;
}

/* Errors of the smoothing parameters, in the order of `coefficients`, which begins with them. */
static wsf_status keep_errors(wsf__fit *f, task *job, wsf__fitted *out, const wsf__ets *e) {
  const wsf__ets_view *view = &job->view[multiplies(&e->form)];
  const bool there[4] = {true, e->form.trend, e->form.season || job->around, e->form.damped};
  double found[4];
  const int64_t n = 1 + there[1] + there[2] + there[3];
  double *errors = wsf__errors_set(f, out, job->s, n);
  wsf__ets_work *w = wsf__ets_work_new(f->scratch, view, job->s->n, e->m);
  if (!errors || !w || !wsf__ets_errors(found, w, &job->columns, e, &job->r->limits, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  for (int i = 0; i < 4; ++i) {
    if (there[i]) *errors++ = found[i];
  }
  return WSF_OK;
}

/* What the search sees. A simplex has one first edge for states and smoothing parameters, a tenth
 * of the level, and stops by the size of the deviance: so where it ends depends on the units, and
 * how far its states go on how high the values lie. Forms that multiply get values around LEVEL, at
 * which the edge is wide enough in every direction and most of what R's search was tried on lies.
 * Forms that only add know no zero: they get distances from one of the values, SPREAD in the mean
 * as such series have them at LEVEL, and the edge that they have there. */
static const double LEVEL = 1000, SPREAD = 200, EDGE = 100;
static wsf_status look(wsf__fit *f, task *job) {
  const wsf__series *s = job->s;
  const double count = (double)wsf__count_observed(s->y, s->n);
  double *room = wsf__arena_new(f->scratch, (size_t)s->n, 2 * sizeof *room), size = 0;
  if (!room) return wsf__fail_memory(f->err);
  const wsf__middle from = wsf__middle_of(s->y, s->n, room);
  for (int64_t t = 0; t < s->n; ++t) {
    if (!isnan(s->y[t])) size += fabs(s->y[t]) / count;
  }
  const bool level = !job->r->as_given && isnormal(size / LEVEL);
  const bool spread = !job->r->as_given && isnormal(from.spread / SPREAD);
  wsf__ets_view *adding = &job->view[0], *multiplying = &job->view[1];
  *multiplying = (wsf__ets_view){.unit = level ? size / LEVEL : 1, .size = size};
  *adding = *multiplying;
  if (spread) {
    *adding = (wsf__ets_view){
        .centre = from.at, .unit = from.spread / SPREAD, .size = from.spread, .edge = EDGE};
  }
  for (int i = 0; i <= 1; ++i) {
    wsf__ets_view *v = &job->view[i];
    v->size /= v->unit;
    v->y = room + i * s->n;
    for (int64_t t = 0; t < s->n; ++t) v->y[t] = (s->y[t] - v->centre) / v->unit;
  }
  return WSF_OK;
}

/* A fit to a view is one to the values themselves. */
static void to_values(wsf__ets *e, task *job) {
  const wsf__ets_view *v = &job->view[multiplies(&e->form)];
  e->level = v->centre + e->level * v->unit;
  if (e->form.trend != WSF__ETS_MUL) e->slope *= v->unit;
  for (int j = 0; e->form.season == WSF__ETS_ADD && j < e->m; ++j) e->season[j] *= v->unit;
  for (int j = 0; j < job->r->x.n; ++j) job->columns.b[j] *= v->unit;
}

static wsf_status fit_task(wsf__fit *f, task *job, wsf__fitted *out) {
  const request *r = job->r;
  const wsf__series *s = job->s;
  const wsf__extent extent = wsf__extent_of(s->y, s->n);
  const int64_t count = wsf__count_observed(s->y, s->n);
  int32_t reason = WSF__OK;
  WSF__TRY(look(f, job));
  double *y = job->view[0].y;
  if (r->x.n > 0) WSF__TRY(take_off(f, job, r->m, y, &reason));
  if (!wsf__slopes(job->past, y, s->n, r->m, f->scratch)) return wsf__fail_memory(f->err);
  for (int i = 0; i < WSF__SLOPES; ++i) job->past[i] *= job->view[0].unit;
  if (extent.least == extent.largest && count > 1) {
    return keep_level(f, job, out, 0.99999, wsf__extent_reason(extent));
  }
  if (count < SHORTEST) return keep_level(f, job, out, SHORT_ALPHA, WSF__REPLACED);
  if (reason != WSF__OK) {
    wsf__state_fail(out, s, reason);
    return WSF_OK;
  }
  const choice c = choose_forms(r, s, count, extent.least, job->columns.n);
  if (c.reason == WSF__NOT_POSITIVE) {
    wsf__state_fail(out, s, c.reason);
    return WSF_OK;
  }
  if (c.n == 0) return keep_level(f, job, out, SHORT_ALPHA, WSF__REPLACED);

  double *season = wsf__arena_new(f->scratch, (size_t)c.widest, sizeof *season);
  if (!season) return wsf__fail_memory(f->err);
  wsf__ets_fit best = {.start.season = season};
  double best_ic = INFINITY;
  if (c.widest > 1) WSF__TRY(take_turns(f, job, &c, (double)count, &best, &best_ic));
  if (!best.start.form.season) WSF__TRY(find_around(f, job));
  const choice around = forms_around(job, count);
  if (around.n == 0) {
    job->around = NULL;
    if (c.widest == 1) WSF__TRY(take_turns(f, job, &c, (double)count, &best, &best_ic));
  } else {
    const double logs = strip(job);
    const wsf__ets_view *view = &job->view[job->factors];
    WSF__TRY(take_turns(f, job, &around, (double)count, &best, &best_ic));
    best_ic += 2 * logs;
    if (!wsf__slopes(job->past, view->y, s->n, 1, f->scratch)) return wsf__fail_memory(f->err);
    for (int i = 0; i < WSF__SLOPES; ++i) job->past[i] *= view->unit;
  }
  if (!isfinite(best_ic)) {
    job->around = NULL;
    return keep_level(f, job, out, SHORT_ALPHA, WSF__REPLACED);
  }
  if (out->errors) WSF__TRY(keep_errors(f, job, out, &best.start));
  if (job->columns.n > 0) {
    double *pass = wsf__ets_regress_room(&job->columns, best.start.m, f->scratch);
    if (!pass) return wsf__fail_memory(f->err);
    (void)wsf__ets_regress(&job->columns, pass, y, s->n, &best.start);
    wsf__design_end(&job->columns);
  }
  const bool fewer = wsf__design_rank(&job->columns) < r->x.n;
  if (job->around) {
    best.start.form.season = job->factors ? WSF__ETS_MUL : WSF__ETS_ADD;
    best.start.m = (int)r->period;
    best.start.season = job->around;
    best.k += best.start.m - 1;
  }
  to_values(&best.start, job);
  const bool brief = job->around && s->n / 3 < r->period;
  const int32_t simpler = wsf__reason_or(c.reason, brief ? WSF__SHORT_SEASON : WSF__OK);
  const int32_t told = wsf__reason_or(simpler, fewer ? WSF__FEWER_COLUMNS : WSF__OK);
  return keep_fit(f, job, out, &best.start, best.k + job->columns.n, best_ic, told);
}

static wsf_status fit_one(wsf__fit *f, const wsf__series *s, request *r, wsf__fitted *out) {
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  task job = {.r = r, .s = s, .source = &r->x};
  wsf__series rest;
  int32_t reason = wsf__count_observed(s->y, s->n) ? WSF__OK : WSF__EMPTY;
  wsf_status status = WSF_OK;
  if (r->x.n > 0) status = read_columns(f, s, &job, &rest, &reason);
  if (status == WSF_OK && reason != WSF__OK) {
    wsf__state_fail(out, s, reason);
  } else if (status == WSF_OK) {
    status = fit_task(f, &job, out);
  }
  wsf__arena_reset(f->scratch, mark);
  return status;
}

static wsf_status fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out) {
  request r;
  WSF__TRY(read_request(out->node, f, &r));
  for (int64_t i = 0; i < b->n; ++i) WSF__TRY(fit_one(f, &b->series[i], &r, out));
  return WSF_OK;
}

static double variance_of(const double *v) {
  const double free = v[WSF__ETS_AT_N] - v[WSF__ETS_AT_K];
  return v[WSF__ETS_AT_SSE] / (free > 1 ? free : 1);
}

/* Add the regression to the means, and the uncertainty of its coefficients to sd. */
static wsf_status add_regression(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                                 double sigma2, double *sd, wsf__forecast *out) {
  const int64_t h = out->h;
  double *v = (double *)(uintptr_t)m->state[s->slot].v; /* read only */
  wsf__regressors r;
  WSF__TRY(wsf__regressors_find_for(
      &r, m->node, p->frame, wsf__ets_state_columns(v, m->state[s->slot].n), p->scratch, p->err));
  const int k = r.n;
  double *x = wsf__arena_new(p->scratch, (size_t)h + 1, (size_t)k * sizeof *x);
  double *path = wsf__arena_new(p->scratch, (size_t)h, sizeof *path);
  if (!x || !path) return wsf__fail_memory(p->err);
  const double *centre = wsf__ets_state_centre(v), *b = wsf__ets_state_b(v, k);
  const double *cover = wsf__ets_state_cover(v, k);
  for (int64_t i = 0; i < h; ++i) {
    double *now = x + i * k;
    bool whole;
    WSF__TRY(wsf__regressors_ahead(&r, s, i + 1, now, &whole));
    if (!whole) out->mean[i] = NAN; /* and so will its quantiles be */
    for (int j = 0; j < k; ++j) {
      wsf__explain_regressor(out, i, r.name[j], b[j] * now[j]);
      now[j] -= centre[j];
      out->mean[i] += b[j] * now[j];
    }
  }
  for (int j = 0; j < k; ++j) {
    const wsf__ets column = wsf__ets_state_column(v, k, j);
    wsf__ets_mean(&column, 0, h, path, p->scratch);
    for (int64_t i = 0; i < h; ++i) x[i * k + j] -= path[i];
  }
  for (int64_t i = 0; i < h; ++i) {
    double spread = 0;
    for (int row = 0; row < k; ++row) {
      double along = 0;
      for (int j = 0; j < k; ++j) along += cover[row * k + j] * x[i * k + j];
      spread += along * along;
    }
    sd[i] = sqrt(sd[i] * sd[i] + sigma2 * spread);
  }
  return WSF_OK;
}

/* How uncertain the trend makes each step; factor[h] is workspace. */
static void trend_uncertainty(const double *v, const wsf__ets *e, int64_t h, double *uncertainty,
                              double *factor) {
  wsf__ets_path(e, h, uncertainty, factor);
  for (int64_t i = 0; i < h; ++i) {
    uncertainty[i] =
        factor[i] * wsf__trend_uncertainty(v + WSF__ETS_AT_PAST, (double)(i + 1), uncertainty[i]);
  }
}

/* Quantiles by the formula for the variance, or from simulated paths. */
static wsf_status spread(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                         const wsf__ets *e, wsf__forecast *out) {
  const double *v = m->state[s->slot].v, sigma2 = variance_of(v);
  const bool adjusted = wsf__arg_is(m->node, "intervals", "adjusted");
  const double freedom = fmax(v[WSF__ETS_AT_N] - v[WSF__ETS_AT_K], 1);
  const size_t h = (size_t)out->h;
  double *sd = wsf__arena_new(p->scratch, h, 5 * sizeof *sd);
  double *reach = wsf__arena_new(p->scratch, (size_t)out->n_q, sizeof *reach);
  if (!sd || !reach) return wsf__fail_memory(p->err);
  double *uncertainty = sd + h, *factor = uncertainty + h, *work = factor + h;
  if (adjusted) trend_uncertainty(v, e, out->h, uncertainty, factor);
  if (!wsf__ets_has_variance(&e->form)) {
    for (int k = 0; k < out->n_q; ++k) reach[k] = wsf__student_unit_quantile(out->q[k], freedom);
    const uint64_t seed = p->env->seed ^ wsf__panel_seed(p->frame, s->id);
    const bool done = wsf__ets_quantiles(e, sigma2, out->h, out->n_q, out->q, out->quantile,
                                         wsf__arg_int(m->node, "paths"), seed,
                                         adjusted ? uncertainty : NULL, reach, p->scratch);
    return done ? WSF_OK : wsf__fail_memory(p->err);
  }
  wsf__ets_sd(e, sigma2, out->h, out->mean, sd, work, p->scratch);
  if (wsf__arg(m->node, "x")->n > 0) {
    WSF__TRY(add_regression(p, m, s, sigma2, sd, out));
  }
  if (!adjusted) {
    wsf__forecast_normal(out, sd);
    return WSF_OK;
  }
  for (size_t i = 0; i < h; ++i) sd[i] = wsf__hypot(sd[i], uncertainty[i]);
  wsf__forecast_student(out, sd, freedom);
  return WSF_OK;
}

/* Level, trend and season in this order: each is what it changes of those before. */
static wsf_status explain(wsf__predict *p, const wsf__ets *e, const wsf__forecast *out) {
  if (!out->components) return WSF_OK;
  double *path = wsf__arena_new(p->scratch, (size_t)out->h, 2 * sizeof *path);
  if (!path) return wsf__fail_memory(p->err);
  wsf__ets_path(e, out->h, path, path + out->h);
  for (int64_t i = 0; i < out->h; ++i) {
    const double season = e->form.season ? out->mean[i] - e->level - path[i] : 0;
    wsf__explain(out, i, WSF__TREND, path[i]);
    wsf__explain(out, i, WSF__SEASON, season);
  }
  return WSF_OK;
}

static wsf_status predict(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                          wsf__forecast *out) {
  const double *v = m->state[s->slot].v;
  const wsf__mark mark = wsf__arena_mark(p->scratch);
  double *season = wsf__arena_new(p->scratch, (size_t)v[WSF__ETS_AT_M], sizeof *season);
  if (!season) return wsf__fail_memory(p->err);
  const wsf__ets e = wsf__ets_state_read(v, season);
  wsf__ets_mean(&e, variance_of(v), out->h, out->mean, p->scratch);
  wsf_status status = explain(p, &e, out);
  if (status == WSF_OK && (out->n_q > 0 || wsf__arg(m->node, "x")->n > 0)) {
    status = spread(p, m, s, &e, out);
  }
  wsf__arena_reset(p->scratch, mark);
  return status;
}

static wsf_status response(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                           wsf__response *out) {
  const double *v = m->state[s->slot].v, sigma2 = variance_of(v);
  double *season = wsf__arena_new(p->scratch, (size_t)v[WSF__ETS_AT_M], sizeof *season);
  double *mean = wsf__arena_new(p->scratch, (size_t)out->h, 2 * sizeof *mean);
  if (!season || !mean) return wsf__fail_memory(p->err);
  const wsf__ets e = wsf__ets_state_read(v, season);
  wsf__ets_response(&e, out->h, out->error);
  for (int64_t i = 0; i < out->h; ++i) out->error[i] *= sqrt(fmax(sigma2, 0));
  if (!wsf__arg_is(m->node, "intervals", "adjusted")) return WSF_OK;
  trend_uncertainty(v, &e, out->h, out->shared, mean);
  if (e.form.error != WSF__ETS_MUL) return WSF_OK;
  wsf__ets_mean(&e, sigma2, out->h, mean, p->scratch); /* errors are relative to it */
  for (int64_t i = 0; i < out->h; ++i) {
    out->shared[i] = mean[i] != 0 ? out->shared[i] / fabs(mean[i]) : 0;
  }
  return WSF_OK;
}

static wsf_status update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                         wsf__fitted *out) {
  const wsf__state *state = &old->state[s->slot];
  const wsf__mark mark = wsf__arena_mark(f->scratch);
  double *season = wsf__arena_new(f->scratch, (size_t)state->v[WSF__ETS_AT_M], sizeof *season);
  wsf__regressors r;
  WSF__TRY(wsf__regressors_find_for(
      &r, old->node, f->panel, wsf__ets_state_columns(state->v, state->n), f->scratch, f->err));
  double *x = wsf__arena_new(f->scratch, (size_t)s->n, (size_t)r.n * sizeof *x);
  double *v = wsf__state_copy(f, old, s, out);
  if (!season || !x || !v) return wsf__fail_memory(f->err);
  for (int64_t t = 0; t < s->n; ++t) {
    bool whole; /* a gap moves the states alone */
    WSF__TRY(wsf__regressors_read(&r, s, t, x + t * r.n, &whole));
  }
  wsf__ets e = wsf__ets_state_read(v, season);
  wsf__ets_sums sums = {
      .n = v[WSF__ETS_AT_N], .sse = v[WSF__ETS_AT_SSE], .log_f = v[WSF__ETS_AT_LOG_F]};
  if (!wsf__ets_state_move(v, &e, &sums, s->y, x, s->n, r.n, f->scratch)) {
    return wsf__fail_memory(f->err);
  }
  if (wsf__ets_valid(&e) && isfinite(sums.sse)) {
    wsf__ets_state_write(v, &e, (int)v[WSF__ETS_AT_K], &sums, v[WSF__ETS_AT_IC]);
  } else {
    wsf__state_fail(out, s, WSF__NOT_FINITE);
  }
  wsf__arena_reset(f->scratch, mark);
  return WSF_OK;
}

static bool check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state) {
  (void)frame;
  if (!wsf__state_finite(state)) return false;
  const int k = wsf__ets_state_columns(state->v, state->n);
  return wsf__regressors_may_be(node, k) && wsf__ets_state_check(state->v, state->n, k);
}

static void summarise(const wsf__state *state, wsf__summary *out) {
  static const char *const letter[] = {"N", "A", "M"};
  const double *v = state->v;
  (void)snprintf(out->form, sizeof out->form, "ETS(%s,%s%s,%s)", letter[(int)v[WSF__ETS_AT_ERROR]],
                 letter[(int)v[WSF__ETS_AT_TREND]], v[WSF__ETS_AT_DAMPED] > 0 ? "d" : "",
                 letter[(int)v[WSF__ETS_AT_SEASON]]);
  if (v[WSF__ETS_AT_IC] != 0) out->criterion = v[WSF__ETS_AT_IC];
}

/* Parameters of the form, the states at the end of the history, and the regression, whose errors
 * are those of least squares given the parameters. */
static void coefficients(const wsf__fitted *m, const wsf__series *s, wsf__coefficients *out) {
  double *v = (double *)(uintptr_t)m->state[s->slot].v; /* read only */
  const int k = wsf__ets_state_columns(v, m->state[s->slot].n);
  const bool trend = v[WSF__ETS_AT_TREND] > 0, season = v[WSF__ETS_AT_SEASON] > 0;
  wsf__coefficient_add(out, "alpha", 0, v[WSF__ETS_AT_ALPHA], NAN);
  if (trend) wsf__coefficient_add(out, "beta", 0, v[WSF__ETS_AT_BETA], NAN);
  if (season) wsf__coefficient_add(out, "gamma", 0, v[WSF__ETS_AT_GAMMA], NAN);
  if (v[WSF__ETS_AT_DAMPED] > 0) wsf__coefficient_add(out, "phi", 0, v[WSF__ETS_AT_PHI], NAN);
  wsf__coefficient_add(out, "level", 0, v[WSF__ETS_AT_LEVEL], NAN);
  if (trend) wsf__coefficient_add(out, "slope", 0, v[WSF__ETS_AT_SLOPE], NAN);
  for (int j = 0; season && j < (int)v[WSF__ETS_AT_M]; ++j) {
    wsf__coefficient_add(out, "season", j + 1, v[WSF__ETS_AT_SEASONS + j], NAN);
  }
  wsf__coefficient_design(out, m->node, k, wsf__ets_state_b(v, k), wsf__ets_state_cover(v, k), 1,
                          variance_of(v));
  wsf__coefficient_add(out, "sigma2", 0, variance_of(v), NAN);
}

const wsf__model_class wsf__model_ets = {
    .spec = {"model", "local", "ets",
             "Exponential smoothing in state-space form, its error, trend and season chosen by an "
             "information criterion.",
             "Hyndman, Koehler, Ord and Snyder (2008), Forecasting with Exponential Smoothing; "
             "conventions of R's forecast::ets",
             "0.1.0", "ets(MAM, damped=false)", options, sizeof options / sizeof *options},
    .fit = fit,
    .predict_series = predict,
    .response = response,
    .update = update,
    .check = check,
    .promise = {.units = WSF__CONVERGING,
                .level = WSF__NOT,
                .update = WSF__NOT,
                .why = "a search ends somewhere; what multiplies has a zero; an update keeps the "
                       "parameters"},
    .coefficients = coefficients,
    .summarise = summarise,
    .regresses = wsf__regressors_any,
};
