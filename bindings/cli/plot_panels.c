/* Pictures of tables of one series: bars for autocorrelations, with the limits of noise; a panel
 * below the other for the parts of a decomposition or of a forecast, all over the same time. */
#include "cli.h"
#include "plot_pen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 960, TOP = 64, BOTTOM = 36, RIGHT = 24, PANEL = 132, BARS = 340, GAP = 26 };
enum { MOST_PANELS = 12 };

typedef struct panel {
  const char *name;
  const double *value;
  bool bars;
  double limit; /* NAN: none */
  double top, bottom, lo, hi;
  cli_ticks ticks;
} panel;

typedef struct sheet {
  cairo_t *cr;
  const wsf_table *table;
  int64_t n, x_column;
  double *x, x_lo, x_hi, left;
  panel panel[MOST_PANELS];
  int panels;
} sheet;

static double across(const sheet *s, double x) {
  return s->left + (x - s->x_lo) / (s->x_hi - s->x_lo) * (WIDTH - RIGHT - s->left);
}

static double down(const panel *p, double y) {
  return p->bottom - (y - p->lo) / (p->hi - p->lo) * (p->bottom - p->top);
}

/* The keys of a row as "1, 1", or of a sum over the second as "1, (all)". */
static void label_of(const wsf_table *t, int64_t keys, int64_t row, char *out, size_t capacity) {
  size_t used = 0;
  out[0] = 0;
  for (int64_t c = 0; c < keys && used < capacity; ++c) {
    char cell[128];
    size_t length;
    const char *text = cli_cell(t, c, row, cell, sizeof cell, &length);
    const char *label = length ? text : "(all)"; /* a sum */
    const int n = snprintf(out + used, capacity - used, "%s%s", c ? ", " : "", label);
    used += n > 0 ? (size_t)n : 0;
  }
}

static void add_panel(sheet *s, int64_t column, bool bars) {
  double lo = bars ? 0 : INFINITY, hi = bars ? 0 : -INFINITY;
  const double *value = wsf_table_f64(s->table, column);
  const int64_t limit = wsf_table_find(s->table, "limit");
  panel *p = &s->panel[s->panels];
  *p = (panel){.name = wsf_table_name(s->table, column), .value = value, .bars = bars};
  p->limit = limit >= 0 ? wsf_table_f64(s->table, limit)[0] : NAN;
  if (isfinite(p->limit)) {
    hi = p->limit;
    lo = -p->limit;
  }
  cli_pen_range(value, s->n, &lo, &hi);
  if (!(hi >= lo) || s->panels == MOST_PANELS - 1) return; /* nothing there: no panel */
  if (hi - lo <= 1e-9 * fmax(fabs(lo), fabs(hi))) hi = lo; /* rounding is no movement */
  cli_ticks_number(&p->ticks, lo, hi > lo ? hi : lo + 1, isnan(p->limit) ? 4 : 7);
  p->lo = p->ticks.at[0];
  p->hi = p->ticks.at[p->ticks.n - 1];
  ++s->panels;
}

/* Which columns are drawn, and over what. The table: keys, lag or time, numbers. */
static int lay_out(sheet *s, char *series, size_t capacity) {
  const wsf_table *t = s->table;
  const bool lags = wsf_table_find(t, "lag") >= 0;
  if (!lags && wsf_table_find(t, "trend") < 0 && wsf_table_find(t, "base") < 0) {
    cli_say("--out: acf, pacf, decompose and mstl can be drawn, this table cannot");
    return CLI_INPUT;
  }
  s->n = wsf_table_rows(t);
  if (s->n == 0) {
    cli_say("--out: the table is empty, there is nothing to draw");
    return CLI_INPUT;
  }
  int64_t first = 0;
  while (wsf_table_type(t, first) != WSF_TYPE_F64) ++first;
  s->x_column = first - 1;
  char last[256];
  label_of(t, s->x_column, 0, series, capacity);
  label_of(t, s->x_column, s->n - 1, last, sizeof last);
  if (strncmp(series, last, capacity - 1) != 0) {
    cli_say("--out: a picture shows one series, --series says which");
    return CLI_INPUT;
  }
  s->x = calloc((size_t)s->n, sizeof *s->x);
  if (!s->x) return cli_fail_memory();
  for (int64_t i = 0; i < s->n; ++i) s->x[i] = (double)wsf_table_i64(t, s->x_column)[i];
  const double step = s->n > 1 ? (s->x[s->n - 1] - s->x[0]) / (double)(s->n - 1) : 1;
  s->x_lo = s->x[0] - 0.5 * step;
  s->x_hi = s->x[s->n - 1] + 0.5 * step;
  if (lags) {
    add_panel(s, first, true);
    return CLI_OK;
  }
  for (int64_t c = first; c < wsf_table_columns(t); ++c) {
    const char *name = wsf_table_name(t, c);
    if (strcmp(name, "adjusted") != 0) add_panel(s, c, strcmp(name, "remainder") == 0);
  }
  return CLI_OK;
}

static void line(cairo_t *cr, double x0, double y0, double x1, double y1) {
  cairo_move_to(cr, x0, y0);
  cairo_line_to(cr, x1, y1);
  cairo_stroke(cr);
}

static void draw_frame(const sheet *s, const panel *p) {
  cairo_t *cr = s->cr;
  cairo_set_line_width(cr, 1);
  cli_pen_font(cr, 11.5, false);
  for (int i = 0; i < p->ticks.n; ++i) {
    const double at = floor(down(p, p->ticks.at[i])) + 0.5;
    cli_pen_colour(cr, p->ticks.at[i] == 0 ? cli_faint : cli_grid, 1);
    line(cr, s->left, at, WIDTH - RIGHT, at);
    cli_pen_colour(cr, cli_faint, 1);
    cairo_move_to(cr, s->left - 8 - cli_pen_width(cr, p->ticks.label[i]), at + 4);
    cairo_show_text(cr, p->ticks.label[i]);
  }
  if (isfinite(p->limit)) {
    const double dash[] = {4, 4};
    cairo_set_dash(cr, dash, 2, 0);
    cli_pen_colour(cr, cli_orange, 1);
    for (int side = -1; side <= 1; side += 2)
      line(cr, s->left, down(p, side * p->limit), WIDTH - RIGHT, down(p, side * p->limit));
    cairo_set_dash(cr, NULL, 0, 0);
  }
  cli_pen_colour(cr, cli_ink, 1);
  cli_pen_font(cr, 12, true);
  cli_pen_text(cr, s->left, p->top - 7, p->name, WIDTH - RIGHT - s->left);
}

static void draw_values(const sheet *s, const panel *p) {
  cairo_t *cr = s->cr;
  const double room = (WIDTH - RIGHT - s->left) / (double)s->n;
  cli_pen_colour(cr, p->bars ? cli_blue : cli_ink, 1);
  cairo_set_line_width(cr, p->bars ? fmin(fmax(0.6 * room, 0.8), 8) : 1.4);
  bool pen = false;
  for (int64_t i = 0; i < s->n; ++i) {
    if (!isfinite(p->value[i])) {
      pen = false;
      continue;
    }
    const double x = across(s, s->x[i]), y = down(p, p->value[i]);
    if (p->bars)
      line(cr, x, down(p, 0), x, y);
    else if (pen)
      cairo_line_to(cr, x, y);
    else
      cairo_move_to(cr, x, y);
    pen = true;
  }
  cairo_stroke(cr);
}

static void draw_axis(const sheet *s) {
  cairo_t *cr = s->cr;
  const double base = s->panel[s->panels - 1].bottom;
  cli_ticks ticks;
  cli_ticks_time(&ticks, wsf_table_type(s->table, s->x_column), s->x_lo, s->x_hi, 10);
  cli_pen_font(cr, 11.5, false);
  cli_pen_colour(cr, cli_faint, 1);
  cairo_set_line_width(cr, 1);
  for (int i = 0; i < ticks.n; ++i) {
    const double at = floor(across(s, ticks.at[i])) + 0.5;
    const double half = cli_pen_width(cr, ticks.label[i]) / 2;
    line(cr, at, base, at, base + 5);
    if (at - half < 4 || at + half > WIDTH - 4) continue;
    cairo_move_to(cr, at - half, base + 20);
    cairo_show_text(cr, ticks.label[i]);
  }
}

static int draw(FILE *to, const char *path, sheet *s, const char *title, const char *subtitle) {
  const double height = wsf_table_find(s->table, "lag") >= 0 ? BARS : PANEL;
  cairo_surface_t *surface;
  s->cr = cli_pen_open(&surface, to, path, WIDTH, TOP + s->panels * (height + GAP) + BOTTOM);
  cli_pen_font(s->cr, 11.5, false);
  double widest = 0;
  for (int k = 0; k < s->panels; ++k) {
    panel *p = &s->panel[k];
    p->top = TOP + k * (height + GAP) + GAP / 2.0;
    p->bottom = p->top + height;
    for (int i = 0; i < p->ticks.n; ++i)
      widest = fmax(widest, cli_pen_width(s->cr, p->ticks.label[i]));
  }
  s->left = 20 + widest + 8;
  cli_pen_colour(s->cr, cli_ink, 1);
  cli_pen_font(s->cr, 17, true);
  cli_pen_text(s->cr, 20, 32, title, WIDTH - 40);
  if (subtitle) {
    cli_pen_colour(s->cr, cli_faint, 1);
    cli_pen_font(s->cr, 12, false);
    cli_pen_text(s->cr, 20, 51, subtitle, WIDTH - 40);
  }
  for (int k = 0; k < s->panels; ++k) {
    draw_frame(s, &s->panel[k]);
    draw_values(s, &s->panel[k]);
  }
  draw_axis(s);
  return cli_pen_close(s->cr, surface, to);
}

int cli_draw_panels(const char *path, const wsf_table *table, const char *subtitle) {
  char series[256], title[320];
  sheet s = {.table = table};
  if (wsf_table_rows(table) == 0) {
    cli_say("--out: the table is empty, there is nothing to draw");
    return CLI_WORK;
  }
  int code = lay_out(&s, series, sizeof series);
  if (code == CLI_OK && s.panels == 0) {
    cli_say("--out: no value is known, there is nothing to draw");
    code = CLI_WORK;
  }
  if (code == CLI_OK) {
    cli_sink sink;
    (void)snprintf(title, sizeof title, "%s%s", *series ? "Series " : "One series", series);
    code = cli_sink_open(&sink, path);
    if (code == CLI_OK) {
      code = draw(sink.file, path, &s, title, subtitle);
      const int closed = cli_sink_close(&sink, code == CLI_OK);
      if (code == CLI_OK) code = closed;
    }
  }
  free(s.x);
  return code;
}
