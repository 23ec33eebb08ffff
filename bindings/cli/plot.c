/* The fan chart of one series, drawn on cairo's SVG surface: 960 by 480, history, forecast line,
 * interval bands, light bars for holidays. */
#include "cli.h"
#include "plot_pen.h"

#include <math.h>

enum { WIDTH = 960, HEIGHT = 480, TOP = 92, BOTTOM = 40, RIGHT = 24 };

typedef struct canvas {
  cairo_t *cr;
  const cli_chart *chart;
  double left, t_lo, t_hi, y_lo,
      y_hi; /* plot area: left .. WIDTH - RIGHT, TOP .. HEIGHT - BOTTOM */
} canvas;

static double at_x(const canvas *k, double time) {
  return k->left + (time - k->t_lo) / (k->t_hi - k->t_lo) * (WIDTH - RIGHT - k->left);
}

static double at_y(const canvas *k, double value) {
  const double bottom = HEIGHT - BOTTOM;
  return bottom - (value - k->y_lo) / (k->y_hi - k->y_lo) * (bottom - TOP);
}

/* What is seen: all of history and forecast; of the bands as much as leaves those readable. */
static void set_ranges(canvas *k) {
  const cli_chart *c = k->chart;
  double lo = INFINITY, hi = -INFINITY;
  cli_pen_range(c->history, c->n_history, &lo, &hi);
  cli_pen_range(c->forecast, c->n_forecast, &lo, &hi);
  cli_pen_range(c->after, c->n_after, &lo, &hi);
  if (!(hi >= lo)) lo = hi = 0;
  const double spread = hi > lo ? hi - lo : fmax(fabs(hi), 1);
  double band_lo = lo, band_hi = hi;
  for (int b = 0; b < c->n_bands; ++b) {
    cli_pen_range(c->lo[b], c->n_forecast, &band_lo, &band_hi);
    cli_pen_range(c->hi[b], c->n_forecast, &band_lo, &band_hi);
  }
  lo = fmax(band_lo, lo - spread);
  hi = fmin(band_hi, hi + spread);
  if (lo > 0 && lo < 0.5 * hi) lo = 0; /* near enough to zero to show it */
  k->y_lo = lo;
  k->y_hi = hi > lo ? hi : lo + 1;
  double t_lo = INFINITY, t_hi = -INFINITY;
  cli_pen_range(c->history_time, c->n_history, &t_lo, &t_hi);
  cli_pen_range(c->forecast_time, c->n_forecast, &t_lo, &t_hi);
  const double margin = 0.5 * (double)c->step_width;
  k->t_lo = t_lo - margin;
  k->t_hi = t_hi + margin;
}

static void draw_axes(canvas *k) {
  cairo_t *cr = k->cr;
  cli_ticks y, t;
  cli_ticks_number(&y, k->y_lo, k->y_hi, 7);
  k->y_lo = y.at[0];
  k->y_hi = y.at[y.n - 1];
  cli_pen_font(cr, 11.5, false);
  double widest = 0;
  for (int i = 0; i < y.n; ++i) widest = fmax(widest, cli_pen_width(cr, y.label[i]));
  k->left = 20 + widest + 8;
  cairo_set_line_width(cr, 1);
  for (int i = 0; i < y.n; ++i) {
    const double at = floor(at_y(k, y.at[i])) + 0.5;
    cli_pen_colour(cr, y.at[i] == 0 ? cli_faint : cli_grid, 1);
    cairo_move_to(cr, k->left, at);
    cairo_line_to(cr, WIDTH - RIGHT, at);
    cairo_stroke(cr);
    cli_pen_colour(cr, cli_faint, 1);
    cairo_move_to(cr, k->left - 8 - cli_pen_width(cr, y.label[i]), at + 4);
    cairo_show_text(cr, y.label[i]);
  }
  cli_ticks_time(&t, k->chart->time_type, k->t_lo, k->t_hi, 10);
  const double base = HEIGHT - BOTTOM;
  for (int i = 0; i < t.n; ++i) {
    const double at = floor(at_x(k, t.at[i])) + 0.5, width = cli_pen_width(cr, t.label[i]);
    cli_pen_colour(cr, cli_faint, 1);
    cairo_move_to(cr, at, base);
    cairo_line_to(cr, at, base + 5);
    cairo_stroke(cr);
    if (at - width / 2 < 4 || at + width / 2 > WIDTH - 4) continue;
    cairo_move_to(cr, at - width / 2, base + 20);
    cairo_show_text(cr, t.label[i]);
  }
}

static void draw_holidays(const canvas *k) {
  const cli_chart *c = k->chart;
  cli_pen_colour(k->cr, cli_orange, 0.20);
  for (int64_t i = 0; i < c->n_holidays; ++i) {
    const double half = 0.5 * (double)c->step_width;
    const double from = at_x(k, c->holiday[i] - half), to = at_x(k, c->holiday[i] + half);
    const double width = fmax(to - from, 3);
    cairo_rectangle(k->cr, 0.5 * (from + to - width), TOP, width, HEIGHT - BOTTOM - TOP);
    cairo_fill(k->cr);
  }
}

/* The last observation: bands and forecast open from it. False without one. */
static bool last_seen(const cli_chart *c, double *time, double *value) {
  int64_t i = c->n_history - 1;
  if (i < 0 || !isfinite(c->history[i])) return false;
  *time = c->history_time[i];
  *value = c->history[i];
  return true;
}

static void draw_bands(const canvas *k) {
  const cli_chart *c = k->chart;
  double time, value;
  const bool joined = last_seen(c, &time, &value);
  for (int b = 0; b < c->n_bands; ++b) {
    cli_pen_colour(k->cr, cli_blue, 0.18);
    if (joined) cairo_move_to(k->cr, at_x(k, time), at_y(k, value));
    for (int64_t i = 0; i < c->n_forecast; ++i)
      cairo_line_to(k->cr, at_x(k, c->forecast_time[i]), at_y(k, c->hi[b][i]));
    for (int64_t i = c->n_forecast - 1; i >= 0; --i)
      cairo_line_to(k->cr, at_x(k, c->forecast_time[i]), at_y(k, c->lo[b][i]));
    cairo_close_path(k->cr);
    cairo_fill(k->cr);
  }
}

/* A line that breaks where values are missing; a value alone between gaps is a dot. */
static void draw_line(const canvas *k, const double *time, const double *value, int64_t n,
                      bool dots) {
  cairo_t *cr = k->cr;
  bool pen = false;
  for (int64_t i = 0; i < n; ++i) {
    if (!isfinite(value[i])) {
      pen = false;
      continue;
    }
    const double x = at_x(k, time[i]), y = at_y(k, value[i]);
    if (pen)
      cairo_line_to(cr, x, y);
    else
      cairo_move_to(cr, x, y);
    pen = true;
  }
  cairo_stroke(cr);
  for (int64_t i = 0; i < n; ++i) {
    const bool alone =
        (i == 0 || !isfinite(value[i - 1])) && (i + 1 == n || !isfinite(value[i + 1]));
    if (!isfinite(value[i]) || !(dots || alone)) continue;
    cairo_arc(cr, at_x(k, time[i]), at_y(k, value[i]), 2.2, 0, 6.283185307179586);
    cairo_fill(cr);
  }
}

static void draw_lines(const canvas *k) {
  const cli_chart *c = k->chart;
  cairo_t *cr = k->cr;
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  cli_pen_colour(cr, cli_ink, 1);
  cairo_set_line_width(cr, 1.5);
  draw_line(k, c->history_time, c->history, c->n_history, c->n_history <= 40);
  double time, value;
  cli_pen_colour(cr, cli_blue, 1);
  if (last_seen(c, &time, &value) && c->n_forecast > 0) {
    cairo_set_line_width(cr, 1);
    cairo_move_to(cr, at_x(k, time), at_y(k, value));
    cairo_line_to(cr, at_x(k, c->forecast_time[0]), at_y(k, c->forecast[0]));
    cairo_stroke(cr);
  }
  cairo_set_line_width(cr, 2.2);
  draw_line(k, c->forecast_time, c->forecast, c->n_forecast, c->n_forecast <= 12);
  cli_pen_colour(cr, cli_red, 1);
  cairo_set_line_width(cr, 1.3);
  draw_line(k, c->after_time, c->after, c->n_after, c->n_after <= 40);
}

static void draw_start(const canvas *k) {
  const cli_chart *c = k->chart;
  if (c->n_forecast == 0) return;
  const double at = at_x(k, c->forecast_time[0] - 0.5 * (double)c->step_width);
  const double dash[] = {3, 3};
  cli_pen_colour(k->cr, cli_faint, 0.8);
  cairo_set_line_width(k->cr, 1);
  cairo_set_dash(k->cr, dash, 2, 0);
  cairo_move_to(k->cr, floor(at) + 0.5, TOP);
  cairo_line_to(k->cr, floor(at) + 0.5, HEIGHT - BOTTOM);
  cairo_stroke(k->cr);
  cairo_set_dash(k->cr, NULL, 0, 0);
}

/* One entry: a sample of width 22, then its name. Returns where the next one begins. */
static double legend_entry(const canvas *k, double x, const char *name, cli_rgb c, double alpha,
                           double line) {
  const double y = 72;
  cli_pen_colour(k->cr, c, alpha);
  if (line > 0) {
    cairo_set_line_width(k->cr, line);
    cairo_move_to(k->cr, x + 1, y - 4);
    cairo_line_to(k->cr, x + 21, y - 4);
    cairo_stroke(k->cr);
  } else {
    cairo_rectangle(k->cr, x, y - 10, 22, 12);
    cairo_fill(k->cr);
  }
  cli_pen_colour(k->cr, cli_ink, 1);
  cairo_move_to(k->cr, x + 28, y);
  cairo_show_text(k->cr, name);
  return x + 28 + cli_pen_width(k->cr, name) + 22;
}

static void draw_words(const canvas *k) {
  const cli_chart *c = k->chart;
  cairo_t *cr = k->cr;
  cli_pen_colour(cr, cli_ink, 1);
  cli_pen_font(cr, 17, true);
  cli_pen_text(cr, 20, 28, c->title, WIDTH - 40);
  cli_pen_colour(cr, cli_faint, 1);
  cli_pen_font(cr, 12, false);
  cli_pen_text(cr, 20, 47, c->subtitle, WIDTH - 40);
  double x = legend_entry(k, 20, "history", cli_ink, 1, 1.5);
  x = legend_entry(k, x, "forecast", cli_blue, 1, 2.2);
  for (int b = c->n_bands - 1; b >= 0; --b) /* each band lies over all wider ones */
    x = legend_entry(k, x, c->band_name[b], cli_blue, 1 - pow(1 - 0.18, b + 1), 0);
  if (c->n_after > 0) x = legend_entry(k, x, "actual", cli_red, 1, 1.3);
  if (c->n_holidays > 0) (void)legend_entry(k, x, "holiday", cli_orange, 0.30, 0);
}

int cli_draw(FILE *to, const char *path, const cli_chart *chart) {
  cairo_surface_t *surface;
  cairo_t *cr = cli_pen_open(&surface, to, path, WIDTH, HEIGHT);
  canvas k = {.cr = cr, .chart = chart};
  set_ranges(&k);
  draw_axes(&k);
  cairo_save(cr);
  cairo_rectangle(cr, k.left, TOP - 2, WIDTH - RIGHT - k.left, HEIGHT - BOTTOM - TOP + 4);
  cairo_clip(cr);
  draw_holidays(&k);
  draw_bands(&k);
  draw_start(&k);
  draw_lines(&k);
  cairo_restore(cr);
  draw_words(&k);
  return cli_pen_close(cr, surface, to);
}
