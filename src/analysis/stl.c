/* Seasonal-trend decomposition by loess.
 *
 * Method: Cleveland, Cleveland, McRae, Terpenning (1990), "STL: A seasonal-trend decomposition
 * procedure based on loess", J. Official Statistics 6, sections 2.3 (inner loop, steps 1 to 6),
 * 2.4 (outer loop) and 3.4 (choice of the trend window); defaults as R's stl(): season of degree
 * 0, trend and low-pass of degree 1, loess evaluated at every tenth of a window and joined by
 * lines. A periodic season is a degree-0 loess over a window far longer than the series, then
 * averaged per season. Limits: one season; missing values are filled first. */
#include "analysis/stl.h"

#include "math/stats.h"
#include "sync/env.h"

#include <math.h>
#include <string.h>

typedef struct smoother {
  int64_t window; /* q in the paper */
  int degree;     /* 0 or 1 */
  int64_t jump;
} smoother;

static int64_t least(int64_t a, int64_t b) {
  return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b) {
  return a > b ? a : b;
}

typedef struct workspace {
  double *detrended, *cycle /* n + 2m */, *pass_a, *pass_b /* n + 2m */;
  double *sub, *sub_rho, *sub_smooth; /* one cycle-subseries, smooth with one more at each end */
  double *w, *rho;
  const wsf__arena *scratch; /* asked whether to leave */
} workspace;

/* Loess value at x from the points left .. right (positions are 1-based as in the paper); tricube
 * weights times robustness rho (may be NULL). false: all weights vanish. */
static bool loess_at(const double *y, int64_t n, const smoother *s, double x, int64_t left,
                     int64_t right, const double *rho, double *w, double *out) {
  double h = fmax(x - (double)left, (double)right - x);
  const int64_t beyond = s->window > n ? (s->window - n) / 2 : 0;
  h += (double)beyond;
  const double far = 0.999 * h, near = 0.001 * h;
  double total = 0;
  for (int64_t j = left; j <= right; ++j) {
    const double r = fabs((double)j - x);
    double weight = 0;
    if (r <= far) {
      weight = 1;
      if (r > near) {
        const double u = r / h, v = 1 - u * u * u;
        weight = v * v * v;
      }
      if (rho) weight *= rho[j - 1];
    }
    w[j - left] = weight;
    total += weight;
  }
  if (!(total > 0)) return false;
  double centre = 0, value = 0;
  for (int64_t j = left; j <= right; ++j) {
    w[j - left] /= total;
    centre += w[j - left] * (double)j;
  }
  double slope = 0;
  if (h > 0 && s->degree > 0) {
    double spread = 0;
    for (int64_t j = left; j <= right; ++j) {
      const double d = (double)j - centre;
      spread += w[j - left] * (d * d);
    }
    /* A spread of nearly nothing cannot carry a slope (R's stl: 0.001 of the range). */
    if (sqrt(spread) > 0.001 * (double)(n - 1)) slope = (x - centre) / spread;
  }
  for (int64_t j = left; j <= right; ++j) {
    value += w[j - left] * (1 + slope * ((double)j - centre)) * y[j - 1];
  }
  *out = value;
  return true;
}

/* Loess of y at 1 .. n: at every jump-th point and the last, lines between. */
static void loess(const double *y, int64_t n, const smoother *s, const double *rho, workspace *ws,
                  double *out) {
  if (n < 2) {
    if (n == 1) out[0] = y[0];
    return;
  }
  const int64_t q = least(s->window, n), half = (q + 1) / 2, jump = least(s->jump, n - 1);
  int64_t previous = 0;
  for (int64_t i = 1;;) {
    const int64_t left = most(1, least(i - half + 1, n - q + 1));
    if (!loess_at(y, n, s, (double)i, left, left + q - 1, rho, ws->w, &out[i - 1]))
      out[i - 1] = y[i - 1];
    if (previous) {
      const double step = (out[i - 1] - out[previous - 1]) / (double)(i - previous);
      for (int64_t j = previous + 1; j < i; ++j) {
        out[j - 1] = out[previous - 1] + step * (double)(j - previous);
      }
    }
    if (i == n || wsf__cut_short(ws->scratch)) break;
    previous = i;
    i = least(i + jump, n);
  }
}

static void moving_average(const double *x, int64_t n, int64_t width, double *out) {
  double sum = 0;
  for (int64_t i = 0; i < width; ++i) sum += x[i];
  out[0] = sum / (double)width;
  for (int64_t i = width; i < n; ++i) {
    sum = sum - x[i - width] + x[i];
    out[i - width + 1] = sum / (double)width;
  }
}

/* Step 2: smooth each cycle-subseries and extend it by one value at each end. */
static void smooth_cycles(int64_t n, int64_t m, const smoother *s, bool weighted, workspace *ws) {
  for (int64_t j = 0; j < m; ++j) {
    const int64_t k = (n - j - 1) / m + 1;
    for (int64_t i = 0; i < k; ++i) {
      ws->sub[i] = ws->detrended[i * m + j];
      ws->sub_rho[i] = ws->rho[i * m + j];
    }
    const double *rho = weighted ? ws->sub_rho : NULL;
    double *c = ws->sub_smooth;
    loess(ws->sub, k, s, rho, ws, c + 1);
    const int64_t q = least(s->window, k);
    if (!loess_at(ws->sub, k, s, 0, 1, q, rho, ws->w, &c[0])) c[0] = c[1];
    if (!loess_at(ws->sub, k, s, (double)(k + 1), k - q + 1, k, rho, ws->w, &c[k + 1])) {
      c[k + 1] = c[k];
    }
    for (int64_t i = 0; i < k + 2; ++i) ws->cycle[i * m + j] = c[i];
  }
}

/* Bisquare weights of the remainder (section 2.4). spare: n doubles. */
static void robustness(const double *y, const double *seasonal, const double *trend, int64_t n,
                       double *rho, double *spare, const wsf__arena *scratch) {
  for (int64_t i = 0; i < n; ++i) spare[i] = rho[i] = fabs(y[i] - (trend[i] + seasonal[i]));
  if (wsf__cut_short(scratch)) return;
  const double h = 6 * wsf__median_inplace(spare, n);
  if (wsf__cut_short(scratch)) return;
  for (int64_t i = 0; i < n; ++i) {
    const double u = rho[i] / h;
    rho[i] = rho[i] <= 0.001 * h ? 1 : rho[i] <= 0.999 * h ? (1 - u * u) * (1 - u * u) : 0;
  }
}

void wsf__fill_missing(const double *y, int64_t n, int64_t m, double *out) {
  int64_t last = -1;
  for (int64_t i = 0; i < n; ++i) {
    out[i] = y[i];
    if (isnan(y[i])) continue;
    /* The gap before i: a line, plus what the same season deviated from its own line a cycle ago.
     */
    for (int64_t j = last + 1; j < i; ++j) {
      if (last < 0) {
        out[j] = y[i];
        continue;
      }
      const double share = (double)(j - last) / (double)(i - last);
      out[j] = out[last] + share * (out[i] - out[last]);
      if (last - m < 0) continue;
      const double line = out[last - m] + share * (out[i - m] - out[last - m]);
      /* i - m may itself lie in this gap; then the cycle before says nothing. */
      if (i - m <= last) out[j] += out[j - m] - line;
    }
    last = i;
  }
  for (int64_t j = last + 1; j < n; ++j) out[j] = last < 0 ? 0 : j >= m ? out[j - m] : out[last];
}

static int64_t next_odd(double x) {
  const int64_t k = (int64_t)ceil(x);
  return k % 2 ? k : k + 1;
}

bool wsf__stl(const double *y, int64_t n, int64_t m, const wsf__stl_options *options,
              double *seasonal, double *trend, wsf__arena *scratch) {
  const bool periodic = options->season_window == 0;
  const int64_t season_window = periodic ? 10 * n + 1 : options->season_window;
  const int64_t trend_window = options->trend_window
                                   ? options->trend_window
                                   : next_odd(1.5 * (double)m / (1 - 1.5 / (double)season_window));
  const int64_t low_window = next_odd((double)m);
  const smoother season = {season_window, 0, (season_window + 9) / 10};
  const smoother slow = {trend_window, 1, (trend_window + 9) / 10};
  const smoother low = {low_window, 1, (low_window + 9) / 10};
  const int outer = options->robust ? 15 : 0, inner = options->robust ? 1 : 2;

  const int64_t wide = n + 2 * m;
  double *block = wsf__arena_new(scratch, (size_t)(7 * n + 3 * wide + 2), sizeof *block);
  if (!block) return false;
  double *filled = block;
  workspace ws = {.detrended = filled + n,
                  .w = filled + 2 * n,
                  .rho = filled + 3 * n,
                  .sub = filled + 4 * n,
                  .sub_rho = filled + 5 * n,
                  .sub_smooth = filled + 6 * n,
                  .scratch = scratch};
  ws.cycle = ws.sub_smooth + n + 2;
  ws.pass_a = ws.cycle + wide;
  ws.pass_b = ws.pass_a + wide;
  wsf__fill_missing(y, n, m, filled);
  if (wsf__cut_short(scratch)) return false;
  for (int64_t i = 0; i < n; ++i) ws.rho[i] = 1;
  memset(trend, 0, (size_t)n * sizeof *trend);

  for (int round = 0; round <= outer && !wsf__cut_short(scratch); ++round) {
    for (int pass = 0; pass < inner; ++pass) {
      for (int64_t i = 0; i < n; ++i) ws.detrended[i] = filled[i] - trend[i];
      if (wsf__cut_short(scratch)) return false;
      smooth_cycles(n, m, &season, round > 0, &ws);
      /* Step 3: low-pass filter of the smoothed cycles; step 4: what is left is the season. */
      moving_average(ws.cycle, wide, m, ws.pass_a);
      moving_average(ws.pass_a, wide - m + 1, m, ws.pass_b);
      if (wsf__cut_short(scratch)) return false;
      moving_average(ws.pass_b, wide - 2 * m + 2, 3, ws.pass_a);
      if (wsf__cut_short(scratch)) return false;
      loess(ws.pass_a, n, &low, NULL, &ws, ws.pass_b);
      for (int64_t i = 0; i < n; ++i) {
        seasonal[i] = ws.cycle[m + i] - ws.pass_b[i];
        ws.detrended[i] = filled[i] - seasonal[i];
      }
      if (wsf__cut_short(scratch)) return false;
      loess(ws.detrended, n, &slow, round > 0 ? ws.rho : NULL, &ws, trend);
    }
    if (wsf__cut_short(scratch)) return false;
    if (round < outer) robustness(filled, seasonal, trend, n, ws.rho, ws.detrended, scratch);
  }
  for (int64_t j = 0; periodic && j < m; ++j) {
    double sum = 0;
    int64_t count = 0;
    for (int64_t i = j; i < n; i += m, ++count) sum += seasonal[i];
    for (int64_t i = j; i < n; i += m) seasonal[i] = sum / (double)count;
  }
  return true;
}
