/* Problem: prophet's growth may change after the history as it did within it: changes come at the
 * rate of the change points and are Laplace distributed with their mean absolute size (Taylor and
 * Letham 2018, 3.1.4). Prophet draws a thousand futures of it; the sum has a closed form.
 *
 * Method: until h units ahead a change at x units before then moves the trend by x delta, so what
 * all do is compound Poisson with the characteristic function exp(S int_0^h (1 / (1 + (b u x)^2) -
 * 1) dx) = exp(S h (atan(b u h) / (b u h) - 1)). Times that of a normal error it is inverted by the
 * Fourier series of the distribution function on an interval far wider than the quantiles (Abate
 * and Whitt 1992, "The Fourier-series method for inverting transforms of probability
 * distributions", 5), and quantiles are found by Newton's method from those of the step before. */
#include "models/local/prophet/prophet.h"

#include "math/elementary.h"
#include "math/normal.h"

enum { TERMS = 2000 };
static const double pi = 3.14159265358979323846;

void wsf__prophet_future_of(const wsf__prophet_parts *z, wsf__prophet_future *out) {
  double sum = 0;
  for (int j = 0; j < z->changes; ++j) sum += fabs(z->delta[j]);
  *out = (wsf__prophet_future){.rate = z->changes, .scale = z->changes > 0 ? sum / z->changes : 0};
}

double wsf__prophet_trend_variance(const wsf__prophet_future *f, double ahead) {
  return 2 * f->rate * f->scale * f->scale * ahead * ahead * ahead / 3;
}

/* atan(x) / x - 1 */
static double atan_less(double x) {
  if (x < 1e-4) return -x * x / 3;
  return wsf__asin(x / wsf__hypot(1, x)) / x - 1;
}

typedef struct series {
  int n;
  double step;          /* of the argument, pi / half the interval */
  double weight[TERMS]; /* of the characteristic function at (k + 1) steps */
} series;

/* Of a distribution with variance 1, of which `noise` is the normal part's deviation and `jump`
 * that of a change right after the history. */
static void expand(series *s, double noise, double jump, double changes) {
  const double half = 10 + 12 * jump;
  noise = fmax(noise, 0.03); /* what has no density gets one, narrower than anyone can see */
  s->step = pi / half;
  for (s->n = 0; s->n < TERMS; ++s->n) {
    const double u = (s->n + 1) * s->step;
    const double power = -noise * noise * u * u / 2 + changes * atan_less(jump * u);
    if (power < -30) return;
    s->weight[s->n] = wsf__exp(power);
  }
}

/* Its distribution function and density. sin and cos of k x by the recurrence of their kind. */
static double distribution(const series *s, double x, double *density) {
  const double turn = wsf__cos(s->step * x), sine = wsf__sin(s->step * x);
  double c = 1, sn = 0, sum = 0, slope = 0;
  for (int k = 0; k < s->n; ++k) {
    const double next = c * turn - sn * sine;
    sn = sn * turn + c * sine;
    c = next;
    sum += sn * s->weight[k] / (k + 1);
    slope += c * s->weight[k];
  }
  *density = s->step / pi * (0.5 + slope);
  return 0.5 + s->step * x / (2 * pi) + sum / pi;
}

static double quantile(const series *s, double p, double x) {
  double low = -pi / s->step, high = -low;
  for (int i = 0; i < 60; ++i) {
    double density;
    const double beyond = distribution(s, x, &density) - p;
    if (beyond > 0)
      high = x;
    else
      low = x;
    double next = x - beyond / density;
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (fabs(next - x) < 1e-7) return next;
    x = next;
  }
  return x;
}

void wsf__prophet_quantiles(wsf__prophet_future *f, double sigma, double ahead, double times, int n,
                            const double *q, double *value) {
  enum { KEPT = sizeof f->last / sizeof *f->last };
  const double trend = times * times * wsf__prophet_trend_variance(f, ahead);
  const double sd = sqrt(sigma * sigma + trend);
  if (!(trend > 1e-8 * sigma * sigma)) {
    for (int k = 0; k < n; ++k) value[k] = sigma * wsf__normal_quantile(q[k]);
    return;
  }
  series s;
  expand(&s, sigma / sd, fabs(times) * f->scale * ahead / sd, f->rate * ahead);
  for (int k = 0; k < n; ++k) {
    const double near = k < KEPT && f->last[k] != 0 ? f->last[k] : wsf__normal_quantile(q[k]);
    const double x = quantile(&s, q[k], near);
    if (k < KEPT) f->last[k] = x;
    value[k] = sd * x;
  }
}
