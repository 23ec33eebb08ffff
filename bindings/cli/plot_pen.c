/* Pictures on cairo: SVG and PDF, where text becomes outlines and looks the same everywhere, and
 * PNG. */
#include "plot_pen.h"
#include "cli.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <string.h>

const cli_rgb cli_ink = {0.13, 0.15, 0.18}, cli_faint = {0.42, 0.45, 0.49},
              cli_grid = {0.90, 0.91, 0.92}, cli_blue = {0, 0.447, 0.698},
              cli_orange = {0.902, 0.624, 0}, cli_red = {0.835, 0.369, 0};

void cli_pen_colour(cairo_t *cr, cli_rgb c, double alpha) {
  cairo_set_source_rgba(cr, c.r, c.g, c.b, alpha);
}

void cli_pen_font(cairo_t *cr, double size, bool bold) {
  cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cr, size);
}

double cli_pen_width(cairo_t *cr, const char *text) {
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

void cli_pen_text(cairo_t *cr, double x, double y, const char *given, double room) {
  char text[512];
  (void)snprintf(text, sizeof text - 4, "%s", given);
  clean(text);
  size_t n = strlen(text);
  const bool fits = cli_pen_width(cr, text) <= room;
  while (!fits && n > 0) {
    do --n;
    while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80);
    memcpy(text + n, "...", 4);
    if (cli_pen_width(cr, text) <= room) break;
  }
  cairo_move_to(cr, x, y);
  cairo_show_text(cr, text);
}

void cli_pen_range(const double *v, int64_t n, double *lo, double *hi) {
  for (int64_t i = 0; i < n; ++i) {
    if (!isfinite(v[i])) continue;
    if (v[i] < *lo) *lo = v[i];
    if (v[i] > *hi) *hi = v[i];
  }
}

static cairo_status_t write_bytes(void *to, const unsigned char *bytes, unsigned length) {
  return fwrite(bytes, 1, length, to) == length ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static const char *suffix_of(const char *path) {
  const char *slash = path ? strrchr(path, '/') : NULL;
  const char *dot = path ? strrchr(slash ? slash : path, '.') : NULL;
  return dot ? dot : "";
}

bool cli_is_picture(const char *path) {
  static const char *const known[] = {".svg", ".png", ".pdf"};
  for (size_t i = 0; i < sizeof known / sizeof *known; ++i)
    if (strcmp(suffix_of(path), known[i]) == 0) return true;
  return false;
}

int cli_check_picture(const char *path) {
  if (!*suffix_of(path) || cli_is_picture(path)) return CLI_OK;
  cli_say("--out: '%s': a picture is .svg, .png or .pdf", path);
  return CLI_INPUT;
}

enum { DOTS = 2 }; /* of a PNG for each unit of length */

cairo_t *cli_pen_open(cairo_surface_t **surface, FILE *to, const char *path, double width,
                      double height) {
  if (strcmp(suffix_of(path), ".png") == 0) {
    *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(DOTS * width),
                                          (int)ceil(DOTS * height));
    cairo_surface_set_device_scale(*surface, DOTS, DOTS);
  } else if (strcmp(suffix_of(path), ".pdf") == 0) {
    *surface = cairo_pdf_surface_create_for_stream(write_bytes, to, width, height);
  } else {
    *surface = cairo_svg_surface_create_for_stream(write_bytes, to, width, height);
    cairo_svg_surface_set_document_unit(*surface, CAIRO_SVG_UNIT_PX);
  }
  cairo_t *cr = cairo_create(*surface);
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_paint(cr);
  return cr;
}

int cli_pen_close(cairo_t *cr, cairo_surface_t *surface, FILE *to) {
  const cairo_status_t drawn = cairo_status(cr);
  cairo_status_t written = CAIRO_STATUS_SUCCESS;
  cairo_destroy(cr);
  if (cairo_surface_get_type(surface) == CAIRO_SURFACE_TYPE_IMAGE)
    written = cairo_surface_write_to_png_stream(surface, write_bytes, to);
  cairo_surface_finish(surface);
  if (written == CAIRO_STATUS_SUCCESS) written = cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  if (drawn == CAIRO_STATUS_NO_MEMORY || written == CAIRO_STATUS_NO_MEMORY)
    return cli_fail_memory();
  if (drawn == CAIRO_STATUS_SUCCESS && written == CAIRO_STATUS_SUCCESS) return CLI_OK;
  cli_say("the picture cannot be drawn: %s", cairo_status_to_string(drawn ? drawn : written));
  return written == CAIRO_STATUS_WRITE_ERROR ? CLI_WORK : CLI_INSIDE;
}
