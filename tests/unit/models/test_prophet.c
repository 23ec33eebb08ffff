/* prophet: no parameters near its own are more probable, what it is told it finds, its intervals
 * are those of sampled futures, and its parts add up. */
#include "regress_data.h"

#include "math/rng.h"
#include "math/stats.h"
#include "models/components.h"
#include "models/local/prophet/prophet.h"

enum { DAYS = 800, STEPS = 60 };

/* Daily sales: growth that changes twice, a week, a year. */
static void make_days(double *y, int n, double noise) {
  wsf__rng r;
  wsf__rng_init(&r, 5, 1);
  for (int t = 0; t < n; ++t) {
    const double growth = 200 + 0.1 * t + 0.3 * fmax(0, t - 250) - 0.5 * fmax(0, t - 500);
    const double week = t % 7 == 5 ? 1.3 : t % 7 == 6 ? 1.2 : 0.9;
    y[t] = growth * (week + 0.2 * sin(2 * 3.14159265358979 * t / 365.25)) +
           noise * wsf__rng_normal(&r);
  }
}

static wsf_status open_days(harness *h, const char *model, const double *y, int64_t n) {
  const wsf_status status = harness_begin(h, model, 7, 1, &n, y);
  if (status != WSF_OK) return status;
  h->panel.calendar = (wsf__calendar){.freq = WSF__DAY,
                                      .step = 1,
                                      .form = WSF__FORM_DATE,
                                      .origin = wsf__days_from_civil(2017, 1, 2)};
  return harness_fit(h);
}

/* The posterior of a state's parameters, with the trend and the seasons written anew. */
typedef struct mode {
  const harness *h;
  const double *y;
  int64_t n;
  const wsf__prophet *state;
  wsf__prophet_parts z;
  double tau, cap, waves[DAYS][64];
} mode;

static double trend_at(const mode *m, const double *theta, double t) {
  double k = theta[0], offset = theta[1];
  if (m->z.growth == WSF__FLAT) return offset;
  for (int j = 0; j < m->z.changes && m->z.change[j] <= t; ++j) {
    const double s = m->z.change[j], after = k + theta[2 + j];
    offset += m->z.growth == WSF__LINEAR ? -s * theta[2 + j] : (s - offset) * (1 - k / after);
    k = after;
  }
  if (m->z.growth == WSF__LINEAR) return k * t + offset;
  return m->cap / m->state->scale / (1 + exp(-k * (t - offset)));
}

static double posterior(const mode *m, const double *theta, double sigma) {
  const int first = 2 + m->z.changes;
  double squares = 0, against = (theta[0] * theta[0] + theta[1] * theta[1]) / 50;
  for (int64_t i = 0; i < m->n; ++i) {
    const double day = (double)(m->h->panel.calendar.origin + i);
    double effect = 0;
    for (int c = 0; c < m->z.waves; ++c) effect += theta[first + c] * m->waves[i][c];
    const double g = trend_at(m, theta, (day - m->state->start) / m->state->span);
    const double e = m->y[i] / m->state->scale - (m->z.multiplies ? g * (1 + effect) : g + effect);
    squares += e * e;
  }
  for (int j = 0; j < m->z.changes; ++j) against += fabs(theta[2 + j]) / m->tau;
  for (int c = 0; c < m->z.waves; ++c) against += theta[first + c] * theta[first + c] / 200;
  return -(double)m->n * log(sigma) - squares / (2 * sigma * sigma) - 2 * sigma * sigma - against;
}

static void nothing_near_is_more_probable(void **state) {
  (void)state;
  static const char *const models[] = {
      "prophet", "prophet(growth=flat)", "prophet(seasonality_mode=multiplicative)",
      "prophet(growth=logistic, cap=\"700\")", "prophet(n_changepoints=60, yearly_seasonality=4)"};
  static double y[DAYS];
  make_days(y, DAYS, 12);
  for (size_t i = 0; i < sizeof models / sizeof *models; ++i) {
    harness h;
    if (open_days(&h, models[i], y, DAYS) != WSF_OK) fail_msg("%s", h.err.message);
    assert_int_equal(harness_reason(&h, 0), WSF__OK);
    static mode m;
    m = (mode){&h, y, DAYS, (const wsf__prophet *)h.fitted->state[0].v, .tau = 0.05, .cap = 700};
    m.z = wsf__prophet_parts_of(h.root, m.state);
    for (int t = 0; t < DAYS; ++t) {
      const double day = (double)(h.panel.calendar.origin + t);
      wsf__prophet_waves(m.state, h.root, &h.panel, day, m.waves[t]);
    }
    double theta[200], moved[200];
    const int p = 2 + m.z.changes + m.z.waves;
    theta[0] = m.state->k;
    theta[1] = m.state->m;
    memcpy(theta + 2, m.z.delta, (size_t)(p - 2) * sizeof *theta);
    const double best = posterior(&m, theta, m.state->sigma);
    wsf__rng r;
    wsf__rng_init(&r, 3, i);
    for (int trial = 0; trial < 300; ++trial) {
      const double size = pow(10, -1 - trial % 5);
      for (int c = 0; c < p; ++c) {
        const bool moves = trial % 2 == 0 || c == trial / 2 % p;
        moved[c] = theta[c] + (moves ? size * wsf__rng_normal(&r) : 0);
      }
      const double sigma = m.state->sigma * exp(trial % 3 == 0 ? size * wsf__rng_normal(&r) : 0);
      const double other = posterior(&m, moved, sigma);
      if (other > best + 1e-6) fail_msg("%s: %.9g, near it %.9g", models[i], best, other);
    }
    assert_true(harness_check(&h));
    harness_close(&h);
  }
}

static void what_is_there_is_found(void **state) {
  (void)state;
  static double y[DAYS + STEPS];
  double mean[STEPS], quantile[2 * STEPS];
  static const double ends[2] = {0.1, 0.9};
  make_days(y, DAYS + STEPS, 0);
  harness h;
  assert_int_equal(open_days(&h, "prophet(seasonality_mode=multiplicative)", y, DAYS), WSF_OK);
  harness_forecast(&h, 0, STEPS, ends, 2, mean, quantile);
  double off = 0;
  for (int i = 0; i < STEPS; ++i) {
    off += fabs(mean[i] / y[DAYS + i] - 1) / STEPS;
    assert_true(quantile[i] < mean[i] && mean[i] < quantile[STEPS + i]);
  }
  if (!(off < 0.02)) fail_msg("off by %g", off);
  harness_close(&h);
}

/* Quantiles in closed form against a hundred thousand futures. */
static void intervals_are_those_of_sampled_futures(void **state) {
  (void)state;
  enum { FUTURES = 100000 };
  static double x[FUTURES];
  static const double q[] = {0.01, 0.1, 0.3, 0.5, 0.8, 0.975};
  static const double cases[][4] = {
      {0.05, 0.02, 25, 0.1}, {0.01, 0.3, 25, 0.2}, {0.001, 0.5, 2, 0.3}, {0.02, 0.05, 25, 2}};
  for (size_t c = 0; c < sizeof cases / sizeof *cases; ++c) {
    const double sigma = cases[c][0], size = cases[c][1], ahead = cases[c][3];
    wsf__prophet_future f = {.rate = cases[c][2], .scale = size};
    wsf__rng r;
    wsf__rng_init(&r, 9, c);
    for (int i = 0; i < FUTURES; ++i) {
      x[i] = sigma * wsf__rng_normal(&r);
      for (double at = -log(wsf__rng_uniform(&r)) / f.rate; at < ahead;
           at -= log(wsf__rng_uniform(&r)) / f.rate) {
        const double delta = -size * log(wsf__rng_uniform(&r));
        x[i] += (wsf__rng_uniform(&r) < 0.5 ? -delta : delta) * (ahead - at);
      }
    }
    wsf__sort(x, FUTURES);
    double value[6];
    const double sd = sqrt(sigma * sigma + wsf__prophet_trend_variance(&f, ahead));
    wsf__prophet_quantiles(&f, sigma, ahead, 1, 6, q, value);
    for (int k = 0; k < 6; ++k) {
      near(value[k], wsf__quantile_sorted(x, FUTURES, q[k]), (k == 0 || k == 5 ? 0.06 : 0.02) * sd);
    }
  }
}

static double width_of(const char *model, const double *y, int step) {
  static const double ends[2] = {0.1, 0.9};
  double mean[STEPS], quantile[2 * STEPS];
  harness h;
  assert_int_equal(open_days(&h, model, y, DAYS), WSF_OK);
  harness_forecast(&h, 0, STEPS, ends, 2, mean, quantile);
  harness_close(&h);
  return quantile[STEPS + step] - quantile[step];
}

/* intervals=trend: the errors are no part of them, in closed form and in sampled futures. */
static void intervals_of_the_trend_hold_no_errors(void **state) {
  (void)state;
  static double y[DAYS];
  make_days(y, DAYS, 10);
  const double all = width_of("prophet(intervals=model)", y, STEPS - 1);
  const double early = width_of("prophet(intervals=trend)", y, 0);
  const double late = width_of("prophet(intervals=trend)", y, STEPS - 1);
  if (!(0 < early && 20 * early < late && late < 0.8 * all))
    fail_msg("%g at first, %g at last, %g with errors", early, late, all);
  near(width_of("prophet(intervals=trend, n_changepoints=0)", y, STEPS - 1), 0, 1e-9);
  const double capped =
      width_of("prophet(growth=logistic, cap=\"900\", intervals=trend)", y, STEPS - 1);
  const double whole =
      width_of("prophet(growth=logistic, cap=\"900\", intervals=model)", y, STEPS - 1);
  if (!(0 < capped && capped < 0.8 * whole)) fail_msg("%g of %g under a cap", capped, whole);
}

static void futures_under_a_cap_stay_below_it(void **state) {
  (void)state;
  static double y[DAYS];
  double mean[STEPS], quantile[2 * STEPS];
  static const double ends[2] = {0.025, 0.975};
  for (int t = 0; t < DAYS; ++t) y[t] = 500 / (1 + exp(-(t - 300) / 100.0)) + t % 3;
  harness h;
  assert_int_equal(open_days(&h, "prophet(growth=logistic, cap=\"500\")", y, DAYS), WSF_OK);
  harness_forecast(&h, 0, STEPS, ends, 2, mean, quantile);
  for (int i = 0; i < STEPS; ++i) {
    near(mean[i], 500, 10);
    assert_true(quantile[i] < mean[i] && mean[i] <= quantile[STEPS + i] + 1e-9);
    assert_true(quantile[STEPS + i] < 520);
  }
  harness_close(&h);
  assert_int_equal(open_days(&h, "prophet(growth=logistic)", y, DAYS), WSF_E_VALUE);
  assert_non_null(strstr(h.err.message, "cap"));
  harness_close(&h);
  assert_int_equal(open_days(&h, "prophet(growth=logistic, cap=Nowhere)", y, DAYS), WSF_E_VALUE);
  harness_close(&h);
}

static void regressors_are_found_and_dependent_ones_share(void **state) {
  (void)state;
  data d;
  make(&d, 0, 0);
  for (int t = 0; t < N; ++t) d.y[t] = 50 + 7 * d.value[t] - 0.5 * d.value[ALL + t];
  for (int t = 3; t < N; t += 17) d.y[t] = NAN;
  double mean[H];
  harness h;
  assert_int_equal(open_with(&h, &d, "prophet(x=[x1,x2,none,twice])", 1, N), WSF_OK);
  harness_forecast(&h, 0, H, NULL, 0, mean, NULL);
  for (int i = 0; i < H; ++i) {
    near(mean[i], 50 + 7 * d.value[N + i] - 0.5 * d.value[ALL + N + i], 0.01);
  }
  assert_true(harness_check(&h));
  harness_close(&h);
}

static void parts_add_up(void **state) {
  (void)state;
  static double y[DAYS];
  make_days(y, DAYS, 5);
  double mean[STEPS];
  harness h;
  assert_int_equal(open_days(&h, "prophet(seasonality_mode=multiplicative)", y, DAYS), WSF_OK);
  wsf__components *parts = wsf__components_new(&h.arena, STEPS);
  assert_non_null(parts);
  wsf__predict p = {.frame = &h.panel,
                    .env = &h.env,
                    .scratch = &h.scratch,
                    .err = &h.err,
                    .predict_inner = wsf__tree_predict,
                    .reason = wsf__tree_reason};
  wsf__forecast out = {.h = STEPS, .mean = mean, .components = parts};
  assert_int_equal(wsf__tree_predict(&p, h.fitted, &(wsf__batch){1, h.series}, &out), WSF_OK);
  for (int i = 0; i < STEPS; ++i) {
    double sum = 0;
    for (int r = 0; r < parts->n; ++r) sum += parts->row[r].value[i];
    near(sum, mean[i], 1e-9 * mean[i]);
  }
  harness_close(&h);
}

static void short_and_flat_histories(void **state) {
  (void)state;
  static double y[DAYS];
  make_days(y, DAYS, 5);
  double mean[1];
  harness h;
  for (int64_t n = 1; n < 40; ++n) {
    assert_int_equal(open_days(&h, "prophet", y, n), WSF_OK);
    assert_int_equal(harness_reason(&h, 0), n < 2    ? WSF__SHORT
                                            : n == 2 ? WSF__SHORT_TREND
                                                     : WSF__SHORT_SEASON);
    if (n > 1) {
      assert_true(harness_check(&h));
      double quantile[2];
      harness_forecast(&h, 0, 1, (double[]){0.1, 0.9}, 2, mean, quantile);
      assert_true(isfinite(mean[0]));
      assert_true(quantile[1] - quantile[0] > 1); /* on two days too, where a line has no error */
    }
    harness_close(&h);
  }
  for (int t = 0; t < DAYS; ++t) y[t] = 17.3;
  assert_int_equal(open_days(&h, "prophet", y, DAYS), WSF_OK);
  assert_int_equal(harness_reason(&h, 0), WSF__CONSTANT);
  harness_forecast(&h, 0, 1, NULL, 0, mean, NULL);
  near(mean[0], 17.3, 0);
  harness_close(&h);
}

/* Where the level is far away priors on its scale would say nothing: y counts from its least value,
 * and intervals are as wide at every level. As the package, scaling=absmax changes with it. */
static void a_far_level_moves_forecasts_alone(void **state) {
  (void)state;
  static const double ends[2] = {0.1, 0.9}, levels[] = {2e3, 1e5, 1e9, 1e12};
  static double y[DAYS], moved[DAYS];
  double mean[STEPS], quantile[2 * STEPS], other[STEPS], others[2 * STEPS];
  make_days(y, DAYS, 12);
  harness h;
  assert_int_equal(open_days(&h, "prophet(scaling=minmax)", y, DAYS), WSF_OK);
  harness_forecast(&h, 0, STEPS, ends, 2, mean, quantile);
  harness_close(&h);
  for (size_t i = 0; i < sizeof levels / sizeof *levels; ++i) {
    const double c = levels[i];
    for (int t = 0; t < DAYS; ++t) moved[t] = y[t] * (c == 2e3 ? 0.1 : 1) + c;
    assert_int_equal(open_days(&h, "prophet", moved, DAYS), WSF_OK);
    assert_int_equal(harness_reason(&h, 0), WSF__OK);
    assert_true(harness_check(&h));
    harness_forecast(&h, 0, STEPS, ends, 2, other, others);
    for (int k = 0; k < STEPS; ++k) {
      const double unit = c == 2e3 ? 10 : 1, close = 1e-3 + 1e-12 * c;
      near(unit * (other[k] - c), mean[k], close);
      near(unit * (others[STEPS + k] - others[k]), quantile[STEPS + k] - quantile[k], close);
    }
    harness_close(&h);
  }
  assert_int_equal(open_days(&h, "prophet(scaling=absmax)", moved, DAYS), WSF_OK);
  harness_forecast(&h, 0, STEPS, ends, 2, other, others);
  assert_true(others[STEPS] - others[0] < 3 * (quantile[STEPS] - quantile[0]));
  harness_close(&h);
}

/* A weekday, a month, half of each year that were never observed: near what is around them, and
 * intervals that know no better. */
static void what_was_never_seen_stays_sane(void **state) {
  (void)state;
  static const char *const models[] = {"prophet", "prophet(seasonality_mode=multiplicative)",
                                       "prophet(yearly_seasonality=20, weekly_seasonality=3)",
                                       "prophet(growth=logistic, cap=\"900\")"};
  static const double ends[2] = {0.1, 0.9};
  static double y[DAYS];
  for (int kind = 0; kind < 3; ++kind) {
    double least = INFINITY, largest = -INFINITY;
    make_days(y, DAYS, 12);
    for (int t = 0; t < DAYS; ++t) {
      const int days = t % 365;
      if (kind == 0 ? t % 7 == 6 : kind == 1 ? days > 60 && days < 95 : days > 60 && days < 240) {
        y[t] = NAN;
        continue;
      }
      least = fmin(least, y[t]);
      largest = fmax(largest, y[t]);
    }
    for (size_t i = 0; i < sizeof models / sizeof *models; ++i) {
      enum { YEAR = 365 };
      static double mean[YEAR], quantile[2 * YEAR];
      harness h;
      assert_int_equal(open_days(&h, models[i], y, DAYS), WSF_OK);
      assert_int_equal(harness_reason(&h, 0), WSF__FEW);
      assert_true(harness_check(&h));
      harness_forecast(&h, 0, YEAR, ends, 2, mean, quantile);
      for (int t = 0; t < YEAR; ++t) {
        const int at = DAYS + t, days = at % 365;
        const bool unseen = kind == 0   ? at % 7 == 6
                            : kind == 1 ? days > 60 && days < 95
                                        : days > 60 && days < 240;
        const double width = quantile[YEAR + t] - quantile[t];
        if (!(mean[t] > least - 150 && mean[t] < largest + 150)) {
          fail_msg("%s, kind %d, step %d: %g outside %g .. %g", models[i], kind, t, mean[t], least,
                   largest);
        }
        if (unseen) assert_true(width > 60);
      }
      harness_close(&h);
    }
  }
}

static void changes_are_where_they_are_given(void **state) {
  (void)state;
  static double y[DAYS];
  double mean[STEPS], other[STEPS];
  make_days(y, DAYS, 12);
  harness h;
  assert_int_equal(open_days(&h, "prophet(n_changepoints=1)", y, DAYS), WSF_OK);
  harness_forecast(&h, 0, STEPS, NULL, 0, mean, NULL);
  harness_close(&h);
  /* day 639 of 800 is where it falls; the others are in no history */
  assert_int_equal(open_days(&h,
                             "prophet(changepoints=[\"2018-10-03\",\"2030-01-01\",\"2001-01-01\"])",
                             y, DAYS),
                   WSF_OK);
  assert_int_equal(harness_reason(&h, 0), WSF__FEW);
  assert_true(harness_check(&h));
  harness_forecast(&h, 0, STEPS, NULL, 0, other, NULL);
  assert_memory_equal(mean, other, sizeof mean);
  harness_close(&h);
  assert_int_equal(open_days(&h,
                             "prophet(changepoints=[\"2018-10-03\",\"2018-10-03\",\"2017-09-01\"])",
                             y, DAYS),
                   WSF_OK);
  const wsf__prophet *v = (const wsf__prophet *)h.fitted->state[0].v;
  assert_int_equal((int)v->changes, 2);
  assert_true(v->rest[0] < v->rest[1]);
  harness_close(&h);
  assert_int_equal(open_days(&h, "prophet(changepoints=[soon])", y, DAYS), WSF_E_VALUE);
  assert_non_null(strstr(h.err.message, "soon"));
  harness_close(&h);
}

static void entries_have_priors_and_modes_of_their_own(void **state) {
  (void)state;
  data d;
  make(&d, 0, 0);
  const double *x1 = d.value, *x2 = d.value + ALL;
  for (int t = 0; t < N; ++t) d.y[t] = (50 + 0.2 * t) * (1 + 0.3 * x1[t]) - 0.5 * x2[t];
  double mean[H];
  harness h;
  assert_int_equal(
      open_with(&h, &d, "prophet(x=[x1,x2], x_mode=[multiplicative,additive], x_standardize=false)",
                1, N),
      WSF_OK);
  harness_forecast(&h, 0, H, NULL, 0, mean, NULL);
  for (int i = 0; i < H; ++i) {
    const int t = N + i;
    near(mean[i], (50 + 0.2 * t) * (1 + 0.3 * x1[t]) - 0.5 * x2[t], 0.05);
  }
  assert_true(harness_check(&h));
  harness_close(&h);
  /* a prior that allows nothing leaves the other entry alone, and units mean what they say */
  assert_int_equal(
      open_with(&h, &d, "prophet(x=[x1,x2], x_prior_scale=[1e-6,10], x_standardize=[auto,false])",
                1, N),
      WSF_OK);
  const wsf__prophet_parts z =
      wsf__prophet_parts_of(h.root, (const wsf__prophet *)h.fitted->state[0].v);
  near(z.beta[0], 0, 1e-4);
  assert_true(z.beta[1] < -1e-3);
  near(z.width[1], 1, 0);
  harness_close(&h);
  static const char *const wrong[] = {"prophet(x=[x1,x2,none], x_mode=[additive,additive])",
                                      "prophet(x=[x1], x_prior_scale=[1,2])",
                                      "prophet(x_standardize=[true,false])"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
    assert_int_equal(open_with(&h, &d, wrong[i], 1, N), WSF_E_VALUE);
    assert_non_null(strstr(h.err.message, "entries"));
    harness_close(&h);
  }
}

/* What would be ignored is refused. */
static void options_come_with_those_they_need(void **state) {
  (void)state;
  static const struct {
    const char *model, *sentence;
  } wrong[] = {
      {"prophet(cap=\"500\")", "cap= is of logistic growth"},
      {"prophet(growth=flat, floor=\"5\")", "floor= is of logistic growth"},
      {"prophet(x_mode=multiplicative)", "x_mode= is for the entries of x="},
      {"prophet(n_changepoints=25, changepoints=[\"2012-06-01\"])",
       "n_changepoints= is not looked at beside changepoints="},
      {"prophet(changepoint_range=0.5, changepoints=[\"2012-06-01\"])",
       "changepoint_range= is not looked at beside changepoints="},
      {"prophet(x_prior_scale=1)", "x_prior_scale= is for the entries of x="},
  };
  data d;
  make(&d, 0, 0);
  for (int t = 0; t < N; ++t) d.y[t] = 50 + 0.2 * t;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
    harness h;
    assert_int_equal(open_with(&h, &d, wrong[i].model, 1, N), WSF_E_VALUE);
    assert_non_null(strstr(h.err.message, wrong[i].sentence));
    harness_close(&h);
  }
}

/* Share of the week after short noisy histories that lies inside 80 % intervals. */
static double share_inside(const char *model) {
  enum { SERIES = 300, SEEN = 60, WEEK = 7 };
  static const double ends[2] = {0.1, 0.9};
  double y[SEEN + WEEK], mean[WEEK], quantile[2 * WEEK];
  int inside = 0;
  for (uint64_t i = 0; i < SERIES; ++i) {
    harness h;
    wsf__rng r;
    wsf__rng_init(&r, 31, i);
    for (int t = 0; t < SEEN + WEEK; ++t) y[t] = 100 + 10 * wsf__rng_normal(&r);
    assert_int_equal(open_days(&h, model, y, SEEN), WSF_OK);
    assert_true(harness_check(&h));
    harness_forecast(&h, 0, WEEK, ends, 2, mean, quantile);
    for (int t = 0; t < WEEK; ++t) {
      inside += quantile[t] <= y[SEEN + t] && y[SEEN + t] <= quantile[WEEK + t];
    }
    harness_close(&h);
  }
  return inside / (double)(SERIES * WEEK);
}

static void intervals_count_the_parameters(void **state) {
  (void)state;
  const double adjusted = share_inside("prophet"), model = share_inside("prophet(intervals=model)");
  near(adjusted, 0.8, 0.03);
  if (!(model < adjusted - 0.03)) fail_msg("%g as the package, %g adjusted", model, adjusted);
  /* three numbers, of which a prior leaves half of one and holds another at 0 */
  static const double h[9] = {4, 1, 0, 1, 4, 0, 0, 0, 2}, weight[3] = {0, 1, 0},
                      theta[3] = {1, 0, 1}, precision[3] = {0, 0, 1};
  harness any;
  double y[10] = {1, 2, 1, 3, 1, 2, 4, 1, 2, 1};
  assert_int_equal(open_days(&any, "prophet", y, 10), WSF_OK);
  near(wsf__prophet_freedom(3, h, precision, weight, theta, 2, &any.scratch), 1.5, 1e-12);
  harness_close(&any);
}

/* Days of which few were observed, and counts that are mostly 0: the package forecasts the first at
 * 18 times the largest value. Two observations, long ago, are no growth. */
static void few_days_and_zeros_stay_near(void **state) {
  (void)state;
  enum { MORE = 300, COUNTS = 3 };
  static const int kept[] = {2, 12, 30, DAYS};
  static const double ends[2] = {0.1, 0.9};
  static double y[DAYS], mean[MORE], quantile[2 * MORE];
  for (int i = 0; i < 4; ++i) {
    wsf__rng r;
    wsf__rng_init(&r, 9, (uint64_t)i);
    double largest = 0;
    make_days(y, DAYS, 12);
    for (int t = 0; t < DAYS; ++t) {
      const bool observed = i == 0 ? t < kept[0] : wsf__rng_uniform(&r) < kept[i] / (double)DAYS;
      if (i == COUNTS) y[t] = wsf__rng_uniform(&r) < 0.05 ? ceil(5 * wsf__rng_uniform(&r)) : 0;
      if (!observed && t > 0) y[t] = NAN;
      if (observed) largest = fmax(largest, y[t]);
    }
    harness h;
    assert_int_equal(open_days(&h, "prophet", y, DAYS), WSF_OK);
    const int32_t reasons[] = {WSF__SHORT_TREND, WSF__FEW, WSF__FEW, WSF__OK};
    assert_int_equal(harness_reason(&h, 0), reasons[i]);
    harness_forecast(&h, 0, MORE, ends, 2, mean, quantile);
    for (int t = 0; t < MORE; ++t) {
      assert_in_range((int64_t)(100 + 100 * quantile[t] / largest), 0, 300);
      assert_in_range((int64_t)(100 + 100 * quantile[MORE + t] / largest), 0, 300);
      if (i == 0) near(mean[t], (y[0] + y[1]) / 2, 1e-3 * largest);
    }
    harness_close(&h);
  }
}

/* The longer history has a year that the shorter one was too short for, change points elsewhere, a
 * larger scale; of some a weekday was never observed. */
static void an_update_is_a_fit_of_the_whole(void **state) {
  (void)state;
  static const char *const models[] = {"prophet", "prophet(seasonality_mode=multiplicative)",
                                       "prophet(growth=flat, scaling=minmax)",
                                       "prophet(growth=logistic, cap=\"900\", floor=\"20\")",
                                       "prophet(changepoints=[\"2017-06-01\",\"2019-01-01\"])"};
  static const double ends[2] = {0.1, 0.9};
  static double y[DAYS];
  for (size_t i = 0; i < sizeof models / sizeof *models; ++i) {
    make_days(y, DAYS, 12);
    for (int t = 6; i % 2 == 1 && t < DAYS; t += 7) y[t] = NAN;
    for (int before = 300; before < DAYS; before += 470) {
      double mean[2][STEPS], quantile[2][2 * STEPS];
      harness h[2];
      for (int k = 0; k < 2; ++k) {
        assert_int_equal(open_days(&h[k], models[i], y, k == 0 ? DAYS : before), WSF_OK);
        if (k == 1) assert_int_equal(harness_update(&h[k], 0, y + before, DAYS - before), WSF_OK);
        assert_true(harness_check(&h[k]));
        harness_forecast(&h[k], 0, STEPS, ends, 2, mean[k], quantile[k]);
      }
      assert_int_equal(harness_reason(&h[1], 0), harness_reason(&h[0], 0));
      for (int t = 0; t < STEPS; ++t) near(mean[1][t] / mean[0][t], 1, 1e-5);
      for (int t = 0; t < 2 * STEPS; ++t) near(quantile[1][t] / quantile[0][t], 1, 1e-5);
      harness_close(&h[0]);
      harness_close(&h[1]);
    }
  }
}

int test_prophet(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_near_is_more_probable),
      cmocka_unit_test(what_is_there_is_found),
      cmocka_unit_test(intervals_are_those_of_sampled_futures),
      cmocka_unit_test(intervals_of_the_trend_hold_no_errors),
      cmocka_unit_test(futures_under_a_cap_stay_below_it),
      cmocka_unit_test(regressors_are_found_and_dependent_ones_share),
      cmocka_unit_test(parts_add_up),
      cmocka_unit_test(short_and_flat_histories),
      cmocka_unit_test(intervals_count_the_parameters),
      cmocka_unit_test(changes_are_where_they_are_given),
      cmocka_unit_test(entries_have_priors_and_modes_of_their_own),
      cmocka_unit_test(options_come_with_those_they_need),
      cmocka_unit_test(a_far_level_moves_forecasts_alone),
      cmocka_unit_test(what_was_never_seen_stays_sane),
      cmocka_unit_test(few_days_and_zeros_stay_near),
      cmocka_unit_test(an_update_is_a_fit_of_the_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
