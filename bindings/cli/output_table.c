/* Aligned tables through libsmartcols, which knows the widths of characters and terminals. Numbers
 * show 6 significant digits with their decimal points under each other. */
#include "cli.h"

#include <libsmartcols/libsmartcols.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* 6 significant digits without an exponent where that stays readable; whole parts stay whole. */
static void number_text(double x, char *out, size_t capacity) {
  const double size = fabs(x);
  if (isnan(x)) {
    out[0] = 0;
    return;
  }
  if (x != 0 && (size >= 1e15 || size < 1e-5)) {
    (void)snprintf(out, capacity, "%.6g", x);
    return;
  }
  const int whole = size >= 1  ? (int)floor(log10(size)) + 1
                    : size > 0 ? (int)floor(log10(size)) + 1
                               : 1;
  const int decimals = whole >= 6 ? 0 : 6 - whole;
  (void)snprintf(out, capacity, "%.*f", decimals > 11 ? 11 : decimals, x);
  if (!strchr(out, '.')) return;
  char *end = out + strlen(out) - 1;
  while (*end == '0') *end-- = 0;
  if (*end == '.') *end = 0;
}

static int tail_length(const char *number) {
  const char *point = strpbrk(number, ".e");
  return point ? (int)strlen(point) : 0;
}

/* The table row at a shown line; -1 for the line that stands for those left out. */
static int64_t shown_row(const cli_view *view, int64_t line, int64_t head, int64_t left_out) {
  if (left_out && line == head) return -1;
  const int64_t r = left_out && line > head ? line + left_out - 1 : line;
  return view->row ? view->row[r] : r;
}

/* `line_at` holds the lines: asking the table for its n-th one walks a list. */
static bool fill_column(struct libscols_line *const *line_at, const cli_view *view, int64_t c,
                        int64_t lines, int64_t head, int64_t left_out) {
  const wsf_table *t = view->table;
  const int64_t col = view->column ? view->column[c] : c;
  const double *f64 = wsf_table_f64(t, col);
  const float *f32 = wsf_table_f32(t, col);
  const bool real = f64 || f32;
  char text[96];
  int tail = 0;
  for (int pass = real ? 0 : 1; pass < 2; ++pass)
    for (int64_t line = 0; line < lines; ++line) {
      if (line % 1024 == 0 && cli_stopped()) return true;
      const int64_t row = shown_row(view, line, head, left_out);
      size_t length;
      const char *cell = text;
      if (row < 0)
        (void)snprintf(text, sizeof text, "...");
      else if (real)
        number_text(f64 ? f64[row] : (double)f32[row], text, 48);
      else
        cell = cli_cell(t, col, row, text, sizeof text, &length);
      const int mine = real && row >= 0 ? tail_length(cell) : 0;
      if (pass == 0) {
        if (mine > tail) tail = mine;
        continue;
      }
      if (real && row >= 0) {
        const size_t used = strlen(text);
        memset(text + used, ' ', (size_t)(tail - mine));
        text[used + (size_t)(tail - mine)] = 0;
      }
      if (scols_line_set_data(line_at[line], (size_t)c, cell) != 0) return false;
    }
  return true;
}

static struct libscols_column *add_column(struct libscols_table *table, const cli_view *view,
                                          int64_t c) {
  const int64_t col = view->column ? view->column[c] : c;
  const int32_t type = wsf_table_type(view->table, col);
  const bool number = type == WSF_TYPE_I64 || type == WSF_TYPE_F64 || type == WSF_TYPE_F32;
  return scols_table_new_column(table, wsf_table_name(view->table, col), 0,
                                number ? SCOLS_FL_RIGHT : 0);
}

/* Characters of UTF-8, near enough to columns for choosing where to break. */
static size_t width_of(const char *text) {
  size_t n = 0;
  for (; text && *text; ++text) n += ((unsigned char)*text & 0xc0) != 0x80;
  return n;
}

static const char *cell_text(struct libscols_line *line, size_t c) {
  return scols_cell_get_data(scols_line_get_cell(line, c));
}

static size_t column_width(struct libscols_table *table, struct libscols_line *const *line_at,
                           int64_t lines, size_t c) {
  struct libscols_column *column = scols_table_get_column(table, c);
  size_t widest = width_of(scols_cell_get_data(scols_column_get_header(column)));
  for (int64_t line = 0; line < lines; ++line) {
    const size_t width = width_of(cell_text(line_at[line], c));
    if (width > widest) widest = width;
  }
  return widest;
}

/* Replace blanks by line ends so that no part is wider than `most`, where words allow it. */
static bool break_words(struct libscols_line *line, size_t c, size_t most) {
  const char *given = cell_text(line, c);
  if (width_of(given) <= most) return true;
  char *text = strdup(given);
  if (!text) return false;
  char *blank = NULL;
  size_t width = 0;
  for (char *at = text; *at; ++at) {
    if (*at == ' ') blank = at;
    width += ((unsigned char)*at & 0xc0) != 0x80;
    if (width <= most || !blank) continue;
    *blank = '\n';
    width = (size_t)(at - blank);
    blank = NULL;
  }
  const int status = scols_line_set_data(line, c, text);
  free(text);
  return status == 0;
}

/* smartcols would break words, or cut columns, to fit a terminal. Instead the widest column is
 * broken between words, and what then still is too wide runs over the edge whole. */
static bool fit_terminal(struct libscols_table *table, struct libscols_line *const *line_at,
                         int64_t lines, size_t columns, FILE *to) {
  struct winsize size = {0};
  if (ioctl(fileno(to), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return true;
  size_t total = 2 * (columns - 1), widest = 0, at = 0;
  for (size_t c = 0; c < columns; ++c) {
    const size_t width = column_width(table, line_at, lines, c);
    total += width;
    if (width > widest) {
      widest = width;
      at = c;
    }
  }
  if (total <= size.ws_col || widest <= 24) return true;
  const size_t others = total - widest;
  const size_t most = size.ws_col > others + 24 ? size.ws_col - others : 24;
  struct libscols_column *column = scols_table_get_column(table, at);
  (void)scols_column_set_flags(column, SCOLS_FL_WRAP);
  (void)scols_column_set_safechars(column, "\n");
  (void)scols_column_set_wrapfunc(column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
  for (int64_t line = 0; line < lines; ++line)
    if (!break_words(line_at[line], at, most)) return false;
  return true;
}

bool cli_write_table(FILE *to, const cli_view *view, int64_t most) {
  if (view->columns == 0) return true;
  const bool terminal = isatty(fileno(to));
  const bool colour = terminal && !getenv("NO_COLOR");
  const int64_t left_out = most > 0 && view->rows > most + 10 ? view->rows - most : 0;
  const int64_t lines = left_out ? most + 1 : view->rows, head = most - most / 4;
  struct libscols_table *table = scols_new_table();
  if (!table) return false;
  struct libscols_line **line_at = NULL;
  bool good = false;
  (void)scols_table_set_stream(table, to);
  (void)scols_table_enable_colors(table, colour);
  (void)scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
  if (scols_table_set_column_separator(table, "  ") != 0) goto out;
  for (int64_t c = 0; c < view->columns; ++c) {
    struct libscols_column *column = add_column(table, view, c);
    if (!column) goto out;
    if (colour) (void)scols_cell_set_color(scols_column_get_header(column), "bold");
  }
  line_at = malloc(sizeof(*line_at) * (size_t)(lines + 1));
  if (!line_at) goto out;
  for (int64_t line = 0; line < lines; ++line)
    if (!(line_at[line] = scols_table_new_line(table, NULL))) goto out;
  for (int64_t c = 0; c < view->columns; ++c)
    if (!fill_column(line_at, view, c, lines, head, left_out)) goto out;
  if (terminal && !fit_terminal(table, line_at, lines, (size_t)view->columns, to)) goto out;
  if (cli_stopped()) {
    good = true;
    goto out;
  }
  good = scols_print_table(table) == 0;
  if (good && lines == 0) fputs("(no rows)\n", to);
  if (good && left_out)
    fprintf(to, "%lld rows, %lld not shown; --format table shows all, --out FILE keeps them\n",
            (long long)view->rows, (long long)left_out);
out:
  free(line_at);
  scols_unref_table(table);
  return good;
}
