/* ucm on classic series. At fixed variances, gaps included, likelihood and forecasts are those of
 * statsmodels 0.15 with its exact diffuse start. Estimated: the likelihood is at least
 * statsmodels', and at least what R 4.2's StructTS reaches, whose variances are put into our
 * likelihood. The Nile's variances are the published ones (Durbin and Koopman 2012, 2.10.3). The
 * numbers come from ucm_golden.py and ucm_golden.R. */
#include "golden/classic.h"
#include "unit/models/harness.h"

#include "models/local/ucm/ucm.h"

enum { MOST = 200, STEPS = 14 };

/* Changed by: l natural logarithm, g to base 10, k thousands. */
static int64_t read_series(const char *name, char change, double *y) {
  const int64_t n = classic_series(name, y, MOST);
  for (int64_t t = 0; t < n; ++t) {
    const double x = y[t];
    y[t] = change == 'l' ? log(x) : change == 'g' ? log10(x) : change == 'k' ? x / 1000 : x;
  }
  return n;
}

static void near(const char *what, double x, double expected, double relative) {
  if (!(fabs(x - expected) <= relative * fabs(expected))) {
    fail_msg("%s: %.12g, not %.12g", what, x, expected);
  }
}

/* A state after y at given variances, and its diffuse log likelihood. */
static double *fixed(wsf__ucm_filter *f, const wsf__ucm *head, const double *y, int64_t n,
                     double *log_likelihood, wsf__arena *arena) {
  double *v = wsf__arena_zero(arena, wsf__ucm_size(head), sizeof *v);
  assert_non_null(v);
  *(wsf__ucm *)v = *head;
  wsf__ucm_start start;
  assert_true(wsf__ucm_open(f, v, arena));
  assert_true(wsf__ucm_begin(&start, f, y, n, arena));
  memset(f->a, 0, (wsf__ucm_size(head) - WSF__UCM_HEAD) * sizeof *v);
  const wsf__ucm_sums s = wsf__ucm_run(f, y, n, &start);
  const double count = (double)(s.count + wsf__ucm_diffuse(head));
  *log_likelihood = -(count * log(6.283185307179586) + start.log_f + s.log_f + s.rss) / 2;
  return v;
}

static void fixed_variances_give_the_published_filter(void **state) {
  (void)state;
  static const int gap[] = {3, 4, 17, 40, 41, 42, 100, 143};
  static const struct {
    wsf__ucm head;
    double log_likelihood, mean[4], se[4];
  } table[] = {
      {{.slope = 1, .m = 12, .q = {2e-4, 5e-4, 1e-6, 6e-5}},
       199.0676974188,
       {6.143066536, 6.240943813, 6.316922769, 6.244028307},
       {0.04420252655, 0.06996589306, 0.09306414268, 0.1170390376}},
      {{.m = 12, .q = {2e-4, 5e-4, 0, 6e-5}},
       193.7191214237,
       {6.120853025, 6.185466824, 6.228314928, 6.120853025},
       {0.04242146959, 0.06185198615, 0.07598796025, 0.0889920282}},
      {{.slope = 1, .m = 12, .harmonics = 6, .q = {2e-4, 5e-4, 1e-6, 4e-6}},
       196.7590811434,
       {6.127200882, 6.245343314, 6.327565442, 6.228517653},
       {0.04944729886, 0.07438069013, 0.09536959193, 0.1206981631}},
  };
  double y[MOST];
  const int64_t n = read_series("AirPassengers", 'l', y);
  for (size_t i = 0; i < sizeof gap / sizeof *gap; ++i) y[gap[i]] = NAN;
  for (size_t i = 0; i < sizeof table / sizeof *table; ++i) {
    wsf__arena arena;
    wsf__arena_init(&arena, &wsf__alloc_libc);
    wsf__ucm_filter f;
    double log_likelihood;
    (void)fixed(&f, &table[i].head, y, n, &log_likelihood, &arena);
    near("likelihood", log_likelihood, table[i].log_likelihood, 1e-10);
    for (int step = 0; step < STEPS; ++step) {
      double mean, variance;
      wsf__ucm_ahead(&f, &mean, &variance);
      if (step % 4 != 0) continue;
      near("mean", mean, table[i].mean[step / 4], 1e-9);
      near("sd", sqrt(variance), table[i].se[step / 4], 1e-9);
    }
    wsf__arena_free(&arena);
  }
}

typedef struct golden {
  const char *series;
  char change;
  const char *model;
  int season;
  double log_likelihood, mean[4]; /* statsmodels, steps 1, 4, 8, 12 */
  double r[4];                    /* StructTS: irregular, level, slope, seasonal; -1 = not there */
} golden;

static const golden table[] = {
    {"Nile",
     0,
     "ucm(model=level)",
     1,
     -633.46456364,
     {798.367354, 798.367354, 798.367354, 798.367354},
     {15098.577154, 1469.146619, 0, 0}},
    {"LakeHuron", 0, "ucm(model=level)", 1, NAN, {0}, {0, 0.5553090989, 0, 0}},
    {"LakeHuron",
     0,
     "ucm(model=trend)",
     1,
     -112.60408199,
     {579.955671, 579.942677, NAN, NAN},
     {0, 0.5552912463, 0, 0}},
    {"UKgas",
     'g',
     "ucm(model=bsm)",
     4,
     165.09798932,
     {3.11237526, 2.93989472, 2.98272769, 3.02556066},
     {3.677977676e-04, 0, 1.733002995e-05, 7.136943468e-04}},
    {"AirPassengers",
     'l',
     "ucm(model=bsm)",
     12,
     217.42040186,
     {6.12526562, 6.21593522, 6.47522691, 6.18318495},
     {0, 0.0007718511047, 0, 0.0013969061521}},
    {"USAccDeaths",
     'k',
     "ucm(model=bsm)",
     12,
     -35.08830090,
     {8.29868426, 8.63620592, 10.1274045, 9.32234835},
     {0, 0.01925760221, 0.12017327404, 0.02308126494}},
    {"AirPassengers",
     'l',
     "ucm(model=bsm, form=trigonometric)",
     12,
     216.21385189,
     {6.11868073, 6.21573522, 6.51387640, 6.18799530},
     {-1}},
    {"USAccDeaths",
     'k',
     "ucm(model=bsm, form=trigonometric)",
     12,
     -44.20143835,
     {8.33567988, 8.63603321, 10.1430675, 9.36156136},
     {-1}},
};

static void estimates_are_no_less_likely_than_the_peers(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof table / sizeof *table; ++i) {
    const golden *g = &table[i];
    double y[MOST], mean[12], quantile[12];
    const double middle = 0.5;
    const int64_t n = read_series(g->series, g->change, y);
    harness h;
    harness_open(&h, g->model, g->season, 1, &n, y);
    assert_int_equal(harness_reason(&h, 0), WSF__OK);
    const wsf__ucm *u = (const wsf__ucm *)h.fitted->state[0].v;
    if (!(u->log_likelihood >= g->log_likelihood - 1e-7 * fabs(g->log_likelihood)) &&
        !isnan(g->log_likelihood)) {
      fail_msg("%s %s: %.8f", g->series, g->model, u->log_likelihood);
    }
    harness_forecast(&h, 0, 12, &middle, 1, mean, quantile);
    static const int at[4] = {0, 3, 7, 11};
    for (int k = 0; k < 4 && !isnan(g->log_likelihood); ++k) {
      if (!isnan(g->mean[k])) near(g->series, mean[at[k]], g->mean[k], 1e-4);
    }
    if (g->r[0] >= 0) {
      wsf__ucm head = {.slope = u->slope, .m = u->m};
      memcpy(head.q, g->r, sizeof head.q);
      wsf__ucm_filter f;
      double theirs;
      (void)fixed(&f, &head, y, n, &theirs, &h.arena);
      if (!(u->log_likelihood >= theirs - 1e-9 * fabs(theirs)))
        fail_msg("%s: %g", g->series, theirs);
    }
    harness_close(&h);
  }
}

static void the_variances_of_the_nile(void **state) {
  (void)state;
  double y[MOST];
  const int64_t n = read_series("Nile", 0, y);
  harness h;
  harness_open(&h, "ucm(model=level)", 1, 1, &n, y);
  const wsf__ucm *u = (const wsf__ucm *)h.fitted->state[0].v;
  const double unit = u->sigma2 * u->scale * u->scale;
  near("irregular", unit * u->q[WSF__UCM_IRREGULAR], 15099, 5e-4);
  near("level", unit * u->q[WSF__UCM_LEVEL], 1469.1, 5e-4);
  harness_close(&h);
}

int test_ucm_golden(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fixed_variances_give_the_published_filter),
      cmocka_unit_test(estimates_are_no_less_likely_than_the_peers),
      cmocka_unit_test(the_variances_of_the_nile),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
