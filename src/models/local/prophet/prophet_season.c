/* The seasons of prophet: sums of sines and cosines (Taylor and Letham 2018, equation 5), how many
 * a history asks for, and which parts of them it never saw.
 *
 * Waves shorter than a stretch of the season without an observation may take any value there: with
 * the package's priors a month or a weekday that was never observed is forecast at many times the
 * largest value, as the prior of the level draws to zero what the season can make good elsewhere.
 * So a season with such stretches counts from its mean where it was observed, and has the penalty
 * of a periodic smoothing spline, k^4 of wave k (Wahba 1990, "Spline models for observational
 * data", 2.1), at first a wave of the range of the data: the smoothest season that fits is taken.
 * Within a stretch the intervals count what the season is elsewhere, its mean square.
 */
#include "models/local/prophet/prophet.h"

#include "models/components.h"

#include "math/elementary.h"
#include "math/stats.h"

#include <string.h>

static const double pi = 3.14159265358979323846;

const char *const wsf__prophet_season_name[] = {[WSF__YEARLY] = WSF__SEASON_YEARLY,
                                                [WSF__WEEKLY] = WSF__SEASON_WEEKLY,
                                                [WSF__DAILY] = WSF__SEASON_DAILY,
                                                [WSF__OWN] = WSF__SEASON};

/* Pairs of Fourier terms that a season has unless it is told. */
static const int usual_order[WSF__PROPHET_SEASONS] = {
    [WSF__YEARLY] = 10, [WSF__WEEKLY] = 3, [WSF__DAILY] = 4, [WSF__OWN] = 10};

double wsf__prophet_period(const wsf__node *node, const wsf__panel *panel, int season) {
  static const double days[] = {[WSF__YEARLY] = 365.25, [WSF__WEEKLY] = 7, [WSF__DAILY] = 1};
  return season == WSF__OWN ? (double)wsf__season_of(node, panel) : days[season];
}

/* Enough places, and enough of the history, for a season to be asked of the data: as Prophet's
 * "auto" (two seasons, periods shorter than it). */
static int auto_order(const wsf__node *node, const wsf__panel *panel, int season, double span,
                      double apart, bool *shorter) {
  const double days = wsf__prophet_period(node, panel, season);
  const double least = season == WSF__YEARLY ? 730 : 2 * days;
  if (apart >= days) return 0;
  if (span < least) {
    *shorter = true;
    return 0;
  }
  const int order = usual_order[season];
  return season == WSF__OWN ? (int)fmin(order, floor(days / 2)) : order;
}

void wsf__prophet_choose_orders(wsf__prophet *state, const wsf__node *node, const wsf__panel *panel,
                                double apart, bool *shorter) {
  static const char *const option[] = {"yearly_seasonality", "weekly_seasonality",
                                       "daily_seasonality"};
  const bool dated = panel->calendar.freq != WSF__INTEGER;
  *shorter = false;
  for (int i = 0; i < WSF__OWN && dated; ++i) {
    const char *word = wsf__arg_text(node, option[i]);
    if (!word)
      state->order[i] = (double)wsf__arg_int(node, option[i]);
    else if (!strcmp(word, "auto"))
      state->order[i] = auto_order(node, panel, i, state->span, apart, shorter);
    else
      state->order[i] = !strcmp(word, "true") ? usual_order[i] : 0;
  }
  if (!dated && wsf__prophet_period(node, panel, WSF__OWN) > 1) {
    state->order[WSF__OWN] = auto_order(node, panel, WSF__OWN, state->span + 1, apart, shorter);
  }
}

void wsf__prophet_waves(const wsf__prophet *state, const wsf__node *node, const wsf__panel *panel,
                        double day, double *out) {
  for (int i = 0; i < WSF__PROPHET_SEASONS; ++i) {
    if (state->order[i] == 0) continue;
    const double period = wsf__prophet_period(node, panel, i);
    const double angle = 2 * pi * (fmod(day, period) / period);
    const double sine = wsf__sin(angle), cosine = wsf__cos(angle);
    double s = sine, c = cosine; /* of k times the angle, by the sums of their arguments */
    for (int k = 1; k <= (int)state->order[i]; ++k) {
      *out++ = s;
      *out++ = c;
      const double next = s * cosine + c * sine;
      c = c * cosine - s * sine;
      s = next;
    }
  }
}

static double phase_of(double day, double period) {
  const double phase = fmod(day, period);
  return phase < 0 ? phase + period : phase;
}

/* The longest way from one period of the calendar to the next. */
static double stride(const wsf__panel *panel, const wsf__series *s) {
  enum { LOOKED_AT = 16 }; /* a year of months, four of quarters */
  double longest = 0;
  for (int64_t t = s->t0; t < s->t0 + LOOKED_AT; ++t) {
    const double day = wsf__prophet_day(&panel->calendar, t);
    longest = fmax(longest, wsf__prophet_day(&panel->calendar, t + 1) - day);
  }
  return longest;
}

/* Stretches of one season wider than half its shortest wave, and than what lies between periods. */
static int64_t find_in(wsf__prophet_arc *out, int season, double period, double widest,
                       double *phase, int64_t n) {
  int64_t arcs = 0;
  wsf__sort(phase, n);
  for (int64_t i = 0; i < n; ++i) {
    const double next = i + 1 < n ? phase[i + 1] : phase[0] + period;
    if (!(next - phase[i] > widest)) continue;
    if (out) out[arcs] = (wsf__prophet_arc){season, phase[i], next - phase[i]};
    ++arcs;
  }
  return arcs;
}

int64_t wsf__prophet_arcs(wsf__prophet_arc *out, const wsf__prophet *state, const wsf__node *node,
                          const wsf__panel *panel, const wsf__series *s, const double *day,
                          int64_t n, double *phase) {
  int64_t arcs = 0;
  const double apart = stride(panel, s);
  for (int i = 0; i < WSF__PROPHET_SEASONS; ++i) {
    const double period = wsf__prophet_period(node, panel, i);
    if (state->order[i] == 0 || (n == s->n && state->span >= period)) continue;
    const double widest = fmax(period / (2 * state->order[i]), 1.5 * apart);
    for (int64_t j = 0; j < n; ++j) phase[j] = phase_of(day[j], period);
    arcs += find_in(out ? out + arcs : NULL, i, period, widest, phase, n);
  }
  return arcs;
}

double wsf__prophet_unseen(const wsf__prophet_parts *z, const wsf__node *node,
                           const wsf__panel *panel, double day) {
  double variance = 0;
  for (int64_t i = 0; i < z->arcs; ++i) {
    const wsf__prophet_arc *arc = &z->arc[i];
    const double period = wsf__prophet_period(node, panel, (int)arc->season);
    const double in = phase_of(day - arc->begin, period), close = 1e-6 * period;
    if (in > close && in < arc->length - close) variance += z->tail->spread[(int)arc->season];
  }
  return variance;
}

void wsf__prophet_effects(const wsf__prophet *state, const wsf__prophet_parts *z,
                          const double *waves, double effect[WSF__PROPHET_SEASONS]) {
  const double *beta = z->beta;
  for (int i = 0; i < WSF__PROPHET_SEASONS; ++i) {
    effect[i] = -z->tail->level[i];
    for (int c = 0; c < 2 * (int)state->order[i]; ++c) effect[i] += *beta++ * *waves++;
  }
}
