/* The fan chart of one series, drawn on cairo's SVG surface: 960 by 480, history, forecast line,
 * interval bands, light bars for holidays. Colours are from Okabe and Ito's palette, which people
 * with any colour vision can tell apart; text becomes outlines, so it looks the same everywhere. */
#include "cli.h"

#include <cairo-svg.h>
#include <cairo.h>
#include <math.h>
#include <string.h>

enum { WIDTH = 960, HEIGHT = 480, TOP = 92, BOTTOM = 40, RIGHT = 24 };

typedef struct rgb {
  double r, g, b;
} rgb;
static const rgb ink = {0.13, 0.15, 0.18}, faint = {0.42, 0.45, 0.49}, grid = {0.90, 0.91, 0.92},
                 blue = {0, 0.447, 0.698}, orange = {0.902, 0.624, 0}, red = {0.835, 0.369, 0};

typedef struct canvas {
  cairo_t *cr;
  const cli_chart *chart;
  double left, t_lo, t_hi, y_lo,
      y_hi; /* plot area: left .. WIDTH - RIGHT, TOP .. HEIGHT - BOTTOM */
} canvas;

static void colour(cairo_t *cr, rgb c, double alpha) {
  cairo_set_source_rgba(cr, c.r, c.g, c.b, alpha);
}

static double at_x(const canvas *k, double time) {
  return k->left + (time - k->t_lo) / (k->t_hi - k->t_lo) * (WIDTH - RIGHT - k->left);
}

static double at_y(const canvas *k, double value) {
  const double bottom = HEIGHT - BOTTOM;
  return bottom - (value - k->y_lo) / (k->y_hi - k->y_lo) * (bottom - TOP);
}

static void font(cairo_t *cr, double size, bool bold) {
  cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cr, size);
}

static double text_width(cairo_t *cr, const char *text) {
  cairo_text_extents_t box;
  cairo_text_extents(cr, text, &box);
  return box.x_advance;
}

/* Bytes that are not UTF-8 would put cairo in its error state: they become "?". */
static void clean(char *text) {
  for (unsigned char *c = (unsigned char *)text; *c;) {
    const int more = *c < 0x80                 ? 0
                     : *c >= 0xc2 && *c < 0xe0 ? 1
                     : (*c & 0xf0) == 0xe0     ? 2
                     : *c >= 0xf0 && *c < 0xf5 ? 3
                                               : -1;
    int good = 0;
    while (good < more && (c[1 + good] & 0xc0) == 0x80) ++good;
    if (more < 0 || good < more) *c = '?';
    if (*c < ' ') *c = ' ';
    c += *c == '?' ? 1 : 1 + more;
  }
}

/* Draw at most `room` pixels of a text; what does not fit ends in three dots. */
static void text_fit(cairo_t *cr, double x, double y, const char *given, double room) {
  char text[512];
  (void)snprintf(text, sizeof text - 4, "%s", given);
  clean(text);
  size_t n = strlen(text);
  const bool fits = text_width(cr, text) <= room;
  while (!fits && n > 0) {
    do --n;
    while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80);
    memcpy(text + n, "...", 4);
    if (text_width(cr, text) <= room) break;
  }
  cairo_move_to(cr, x, y);
  cairo_show_text(cr, text);
}

static void widen(const double *v, int64_t n, double *lo, double *hi) {
  for (int64_t i = 0; i < n; ++i) {
    if (!isfinite(v[i])) continue;
    if (v[i] < *lo) *lo = v[i];
    if (v[i] > *hi) *hi = v[i];
  }
}

/* What is seen: all of history and forecast; of the bands as much as leaves those readable. */
static void set_ranges(canvas *k) {
  const cli_chart *c = k->chart;
  double lo = INFINITY, hi = -INFINITY;
  widen(c->history, c->n_history, &lo, &hi);
  widen(c->forecast, c->n_forecast, &lo, &hi);
  widen(c->after, c->n_after, &lo, &hi);
  if (!(hi >= lo)) lo = hi = 0;
  const double spread = hi > lo ? hi - lo : fmax(fabs(hi), 1);
  double band_lo = lo, band_hi = hi;
  for (int b = 0; b < c->n_bands; ++b) {
    widen(c->lo[b], c->n_forecast, &band_lo, &band_hi);
    widen(c->hi[b], c->n_forecast, &band_lo, &band_hi);
  }
  lo = fmax(band_lo, lo - spread);
  hi = fmin(band_hi, hi + spread);
  if (lo > 0 && lo < 0.5 * hi) lo = 0; /* near enough to zero to show it */
  k->y_lo = lo;
  k->y_hi = hi > lo ? hi : lo + 1;
  double t_lo = INFINITY, t_hi = -INFINITY;
  widen(c->history_time, c->n_history, &t_lo, &t_hi);
  widen(c->forecast_time, c->n_forecast, &t_lo, &t_hi);
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
  font(cr, 11.5, false);
  double widest = 0;
  for (int i = 0; i < y.n; ++i) widest = fmax(widest, text_width(cr, y.label[i]));
  k->left = 20 + widest + 8;
  cairo_set_line_width(cr, 1);
  for (int i = 0; i < y.n; ++i) {
    const double at = floor(at_y(k, y.at[i])) + 0.5;
    colour(cr, y.at[i] == 0 ? faint : grid, 1);
    cairo_move_to(cr, k->left, at);
    cairo_line_to(cr, WIDTH - RIGHT, at);
    cairo_stroke(cr);
    colour(cr, faint, 1);
    cairo_move_to(cr, k->left - 8 - text_width(cr, y.label[i]), at + 4);
    cairo_show_text(cr, y.label[i]);
  }
  cli_ticks_time(&t, k->chart->time_type, k->t_lo, k->t_hi, 10);
  const double base = HEIGHT - BOTTOM;
  for (int i = 0; i < t.n; ++i) {
    const double at = floor(at_x(k, t.at[i])) + 0.5, width = text_width(cr, t.label[i]);
    colour(cr, faint, 1);
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
  colour(k->cr, orange, 0.20);
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
    colour(k->cr, blue, 0.18);
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
  colour(cr, ink, 1);
  cairo_set_line_width(cr, 1.5);
  draw_line(k, c->history_time, c->history, c->n_history, c->n_history <= 40);
  double time, value;
  colour(cr, blue, 1);
  if (last_seen(c, &time, &value) && c->n_forecast > 0) {
    cairo_set_line_width(cr, 1);
    cairo_move_to(cr, at_x(k, time), at_y(k, value));
    cairo_line_to(cr, at_x(k, c->forecast_time[0]), at_y(k, c->forecast[0]));
    cairo_stroke(cr);
  }
  cairo_set_line_width(cr, 2.2);
  draw_line(k, c->forecast_time, c->forecast, c->n_forecast, c->n_forecast <= 12);
  colour(cr, red, 1);
  cairo_set_line_width(cr, 1.3);
  draw_line(k, c->after_time, c->after, c->n_after, c->n_after <= 40);
}

static void draw_start(const canvas *k) {
  const cli_chart *c = k->chart;
  if (c->n_forecast == 0) return;
  const double at = at_x(k, c->forecast_time[0] - 0.5 * (double)c->step_width);
  const double dash[] = {3, 3};
  colour(k->cr, faint, 0.8);
  cairo_set_line_width(k->cr, 1);
  cairo_set_dash(k->cr, dash, 2, 0);
  cairo_move_to(k->cr, floor(at) + 0.5, TOP);
  cairo_line_to(k->cr, floor(at) + 0.5, HEIGHT - BOTTOM);
  cairo_stroke(k->cr);
  cairo_set_dash(k->cr, NULL, 0, 0);
}

/* One entry: a sample of width 22, then its name. Returns where the next one begins. */
static double legend_entry(const canvas *k, double x, const char *name, rgb c, double alpha,
                           double line) {
  const double y = 72;
  colour(k->cr, c, alpha);
  if (line > 0) {
    cairo_set_line_width(k->cr, line);
    cairo_move_to(k->cr, x + 1, y - 4);
    cairo_line_to(k->cr, x + 21, y - 4);
    cairo_stroke(k->cr);
  } else {
    cairo_rectangle(k->cr, x, y - 10, 22, 12);
    cairo_fill(k->cr);
  }
  colour(k->cr, ink, 1);
  cairo_move_to(k->cr, x + 28, y);
  cairo_show_text(k->cr, name);
  return x + 28 + text_width(k->cr, name) + 22;
}

static void draw_words(const canvas *k) {
  const cli_chart *c = k->chart;
  cairo_t *cr = k->cr;
  colour(cr, ink, 1);
  font(cr, 17, true);
  text_fit(cr, 20, 28, c->title, WIDTH - 40);
  colour(cr, faint, 1);
  font(cr, 12, false);
  text_fit(cr, 20, 47, c->subtitle, WIDTH - 40);
  double x = legend_entry(k, 20, "history", ink, 1, 1.5);
  x = legend_entry(k, x, "forecast", blue, 1, 2.2);
  for (int b = c->n_bands - 1; b >= 0; --b) /* each band lies over all wider ones */
    x = legend_entry(k, x, c->band_name[b], blue, 1 - pow(1 - 0.18, b + 1), 0);
  if (c->n_after > 0) x = legend_entry(k, x, "what came", red, 1, 1.3);
  if (c->n_holidays > 0) (void)legend_entry(k, x, "holiday", orange, 0.30, 0);
}

static cairo_status_t write_bytes(void *to, const unsigned char *bytes, unsigned length) {
  return fwrite(bytes, 1, length, to) == length ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

int cli_draw(FILE *to, const cli_chart *chart) {
  cairo_surface_t *surface = cairo_svg_surface_create_for_stream(write_bytes, to, WIDTH, HEIGHT);
  cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
  cairo_t *cr = cairo_create(surface);
  canvas k = {.cr = cr, .chart = chart};
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_paint(cr);
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
  cairo_surface_finish(surface);
  const cairo_status_t drawn = cairo_status(cr), written = cairo_surface_status(surface);
  cairo_destroy(cr);
  cairo_surface_destroy(surface);
  if (drawn == CAIRO_STATUS_NO_MEMORY || written == CAIRO_STATUS_NO_MEMORY)
    return cli_fail_memory();
  if (drawn == CAIRO_STATUS_SUCCESS && written == CAIRO_STATUS_SUCCESS) return CLI_OK;
  cli_say("the picture cannot be drawn: %s", cairo_status_to_string(drawn ? drawn : written));
  return written == CAIRO_STATUS_WRITE_ERROR ? CLI_WORK : CLI_INSIDE;
}
