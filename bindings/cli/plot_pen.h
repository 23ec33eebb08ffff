/* What all pictures are drawn with: palette, letters, and the file they end up in. */
#ifndef WSF_CLI_PLOT_PEN_H
#define WSF_CLI_PLOT_PEN_H

#include <cairo.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct cli_rgb {
  double r, g, b;
} cli_rgb;
/* Okabe and Ito's palette, which people with any colour vision can tell apart. */
extern const cli_rgb cli_ink, cli_faint, cli_grid, cli_blue, cli_orange, cli_red;

void cli_pen_colour(cairo_t *cr, cli_rgb c, double alpha);
void cli_pen_font(cairo_t *cr, double size, bool bold);
double cli_pen_width(cairo_t *cr, const char *text);
/* Draw at most `room` pixels of a text; what does not fit ends in three dots. */
void cli_pen_text(cairo_t *cr, double x, double y, const char *text, double room);
/* Widen [lo, hi] to the finite ones of v[n]. */
void cli_pen_range(const double *v, int64_t n, double *lo, double *hi);
/* A white sheet in the form that the suffix of the path says (SVG without one), and its end: exit
 * code, after saying what is wrong. */
cairo_t *cli_pen_open(cairo_surface_t **surface, FILE *to, const char *path, double width,
                      double height);
int cli_pen_close(cairo_t *cr, cairo_surface_t *surface, FILE *to);

#endif
