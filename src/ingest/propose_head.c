/* How a file begins that nobody has described: comments, a title above the header, a header of two
 * lines; and columns of months and codes that look like numbers, 01.2020, 007. Most of the first
 * lines have the same number of delimiters: what stands above the first of these, or begins with #
 * and has another, is none of the table, and neither is a line of one cell, as spreadsheets write
 * titles. A header has two lines if the first leaves cells empty, or repeats them, above names of
 * columns of numbers. */
#include "ingest/csv_scan.h"
#include "ingest/propose.h"

#include "calendar/time_parts.h"

#include <string.h>

enum { LINES = 40, DELIMITERS = 4, SAMPLE = 100, CELLS = 512 };
static const char delimiter[DELIMITERS] = {',', ';', '\t', '|'};

typedef struct record {
  const char *at, *end;
  int64_t line; /* of the file, from 0 */
  int count[DELIMITERS];
} record;

static int first_records(record *out, const wsf__csv *csv) {
  const char *p = csv->bytes, *end = p + csv->length;
  int64_t line = 0;
  int n = 0;
  if (csv->length >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) p += 3;
  while (p < end && n < LINES) {
    record r = {.at = p, .line = line};
    bool quoted = false;
    for (; p < end && (quoted || *p != csv->eol); ++p) {
      quoted ^= *p == '"';
      line += *p == csv->eol;
      for (int k = 0; k < DELIMITERS && !quoted; ++k) r.count[k] += *p == delimiter[k];
    }
    r.end = p;
    p += p < end;
    ++line;
    if (r.end > r.at && r.end[-1] == '\r') --r.end;
    if (r.end > r.at) out[n++] = r;
  }
  return n;
}

/* How often the delimiter stands in most of the records that are no remarks, and in how many. */
static int usual(const record *r, int n, int k, int *records) {
  int best = 0;
  *records = 0;
  for (int i = 0; i < n; ++i) {
    int alike = 0;
    for (int j = 0; j < n; ++j) alike += *r[j].at != '#' && r[j].count[k] == r[i].count[k];
    if (*r[i].at == '#' || r[i].count[k] == 0 || alike <= *records) continue;
    best = r[i].count[k];
    *records = alike;
  }
  return best;
}

/* A year that fills its field, as those that columns are named by. */
static bool fills_year(const char *p, const char *end, char mark) {
  enum { YEAR = 4 };
  if (end - p < YEAR || (memcmp(p, "19", 2) != 0 && memcmp(p, "20", 2) != 0)) return false;
  for (int i = 2; i < YEAR; ++i) {
    if (p[i] < '0' || p[i] > '9') return false;
  }
  return end - p == YEAR || p[YEAR] == mark || p[YEAR] == '"';
}

/* Whether some field begins with a digit, as values do; years do not count where they name columns.
 */
static bool has_digits(const record *r, char mark, bool names) {
  bool begins = true;
  for (const char *p = r->at; p < r->end; ++p) {
    const bool digit = begins && *p >= '0' && *p <= '9';
    if (digit && !(names && fills_year(p, r->end, mark))) return true;
    begins = *p == mark || (begins && (*p == '"' || *p == '-' || *p == ' '));
  }
  return false;
}

/* ---- two lines ---------------------------------------------------------------------------- */

typedef struct cell {
  const char *at;
  size_t length;
} cell;

/* The cells of a record, without quotes and blanks around them. */
static int cut(cell out[CELLS], const record *r, char mark) {
  int n = 0;
  bool quoted = false;
  const char *begin = r->at;
  for (const char *p = r->at;; ++p) {
    if (p < r->end && *p == '"') quoted = !quoted;
    if (p < r->end && (quoted || *p != mark)) continue;
    const char *end = p;
    while (begin < end && (*begin == ' ' || *begin == '"')) ++begin;
    while (end > begin && (end[-1] == ' ' || end[-1] == '"')) --end;
    if (n < CELLS) out[n++] = (cell){begin, (size_t)(end - begin)};
    begin = p + 1;
    if (p >= r->end) return n;
  }
}

static bool same(cell a, cell b) {
  return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

static int filled(const record *r, char mark) {
  cell c[CELLS];
  const int n = cut(c, r, mark);
  int count = 0;
  for (int k = 0; k < n; ++k) count += c[k].length > 0;
  return count;
}

/* Nothing but a title in the first of many cells. */
static bool is_title(const record *r, int n, char mark) {
  cell c[CELLS];
  int most = 0;
  (void)cut(c, r, mark);
  for (int i = 1; i < n && i < 5; ++i)
    most = filled(&r[i], mark) > most ? filled(&r[i], mark) : most;
  const int here = filled(r, mark);
  return most > 1 && (here == 0 || (here == 1 && c[0].length > 0));
}

static bool is_number(const wsf__csv *csv, cell c) {
  return wsf__scan_kind(csv, c.at, c.length) == WSF__CSV_NUMBER;
}

static bool is_year(cell c) {
  int32_t unit;
  int value;
  return wsf__time_unit_read(c.at, c.length, &unit, &value) && unit == WSF__UNIT_YEAR;
}

/* How many of the records r[0], r[1] name the columns of what follows: 1; 2; or -1, the second
 * alone, below a title that reaches over the columns. */
static int header_lines(const wsf__csv *csv, const record *r, int n, char mark) {
  cell top[CELLS], name[CELLS], data[2][CELLS];
  if (n < 3) return 1;
  const int columns = cut(top, &r[0], mark), below = cut(name, &r[1], mark);
  int rows[2] = {cut(data[0], &r[2], mark), 0};
  if (n > 3) rows[1] = cut(data[1], &r[3], mark);
  int over = 0, numbers = 0, tops = 0, words = 0, years = 0, over_years = 0;
  const cell *last = NULL;
  if (columns != below || columns < 3) return 1;
  for (int k = 0; k < columns; ++k) {
    bool number = false;
    for (int i = 0; i < 2; ++i) number |= k < rows[i] && is_number(csv, data[i][k]);
    const bool repeats = last && (top[k].length == 0 || same(*last, top[k]));
    if (top[k].length > 0 && name[k].length > 0 && number) {
      tops += !repeats;
      last = &top[k];
    }
    if (!number) continue;
    if (k > 0 && name[k].length == 0) return 1;
    ++numbers;
    over += repeats;
    words += !is_number(csv, name[k]);
    years += is_year(name[k]);
    over_years += last && is_year(*last);
  }
  const bool labelled =
      rows[0] > 0 && data[0][0].length > 0 && (name[0].length == 0 || !is_number(csv, name[0]));
  if (over == 0 || numbers < 2 || !labelled) return 1;
  /* Numbers are names where they are years, or count what is parts of years. */
  const bool counts = numbers == columns - 1 && (years == numbers || over_years == numbers);
  if (words < numbers && !counts) return 1;
  return tops > 1 || (last && is_year(*last)) ? 2 : -1;
}

/* How often a mark stands in a record; -1: twice in a row, or at its end, as no delimiter does. */
static int count_mark(const record *r, char mark) {
  int n = 0;
  for (const char *p = r->at; p < r->end; ++p) {
    if (*p != mark) continue;
    if (p + 1 == r->end || p[1] == mark || p == r->at) return -1;
    ++n;
  }
  return n;
}

char wsf__propose_delimiter(const wsf__csv *csv) {
  static const char marks[] = "^~!#@&*/: ";
  record r[LINES];
  const int n = first_records(r, csv);
  for (const char *mark = marks; *mark && n > 1; ++mark) {
    const int count = count_mark(&r[0], *mark);
    bool alike = count > 0;
    for (int i = 1; i < n && alike; ++i) alike = count_mark(&r[i], *mark) == count;
    if (alike) return *mark;
  }
  return 0;
}

static bool begins_with_year(const record *r, char mark) {
  const char *at = r->at + (*r->at == '"');
  return fills_year(at, r->end, mark) || fills_year(at, r->end, ' ') || fills_year(at, r->end, '-');
}

/* Lines of a name and what it is, Title, Unit, Release date, above lines that begin with times, as
 * statistical offices write them: how many there are. *names: the last of them names columns. */
static int count_remarks(const wsf__csv *csv, const record *r, int n, char mark, bool *names) {
  enum { LEAST = 3 };
  cell c[CELLS];
  int above = 0, numbers = 0;
  while (above < n && !begins_with_year(&r[above], mark)) ++above;
  if (above < LEAST || n - above < LEAST) return 0;
  for (int i = above; i < n; ++i) {
    if (!begins_with_year(&r[i], mark)) return 0;
  }
  for (int i = 0; i < above; ++i) {
    const int cells = cut(c, &r[i], mark);
    if (cells < 2 || c[0].length == 0 || is_number(csv, c[0])) return 0;
    numbers += is_number(csv, c[1]);
    *names = true;
    for (int k = 0; k < cells; ++k) *names &= c[k].length > 0 && !is_number(csv, c[k]);
  }
  return 2 * numbers <= above ? above : 0;
}

void wsf__propose_head(wsf__csv_format *format, const wsf__csv *csv) {
  record r[LINES];
  const int n = first_records(r, csv);
  int k = 0, most = 0, count = 0;
  for (int i = 0; i < DELIMITERS; ++i) {
    int records;
    const int times = usual(r, n, i, &records);
    if (records <= most) continue;
    k = i;
    most = records;
    count = times;
  }
  if (most < 2) return;
  bool names = false;
  const int above_times = count_remarks(csv, r, n, delimiter[k], &names);
  if (above_times > 0) {
    format->skip = r[above_times - names].line;
    format->header = names ? WSF__HEADER_AUTO : WSF__HEADER_NONE;
    return;
  }
  bool remarks = false, rows = false;
  int first = 0;
  while (first < n && (*r[first].at == '#' || r[first].count[k] != count)) ++first;
  for (int i = 0; i < n; ++i) {
    if (*r[i].at != '#') continue;
    remarks |= r[i].count[k] != count;
    rows |= r[i].count[k] == count;
  }
  if (remarks && !rows) format->comment = '#';
  bool bare = true; /* nothing above the header looks like fields */
  int above = 0;
  for (int i = 0; i < first; ++i) {
    if (format->comment && *r[i].at == '#') continue;
    ++above;
    bare &= r[i].count[k] == 0;
  }
  const bool header = first + 1 < n && !has_digits(&r[first], delimiter[k], true) &&
                      has_digits(&r[first + 1], delimiter[k], false);
  if (above > 0 && first < n && (bare || header)) format->skip = r[first].line;
  if (above > 0 && !format->skip) return;
  const int begin = first;
  while (first + 1 < n && is_title(&r[first], n - first, delimiter[k])) ++first;
  if (first > begin) format->skip = r[first].line;
  const int lines = header_lines(csv, &r[first], n - first, delimiter[k]);
  if (lines == 2) format->header = WSF__HEADER_TWO;
  if (lines < 0) format->skip = r[first + 1].line;
}

/* What a point parts from a year: the month of 01.2020, the quarter of 2020.1, the period of
 * 001.2020; 0: nothing. */
static int beside_year(const char *t, size_t n, bool *first, bool *padded) {
  enum { YEAR = 4 };
  const char *point = memchr(t, '.', n);
  if (!point) return 0;
  const size_t before = (size_t)(point - t), behind = n - before - 1;
  *first = before == YEAR;
  const char *year = *first ? t : point + 1, *part = *first ? point + 1 : t;
  const size_t digits = *first ? behind : before;
  int value = 0;
  if ((*first ? before : behind) != YEAR || digits < 1 || digits > 3) return 0;
  if (memcmp(year, "19", 2) != 0 && memcmp(year, "20", 2) != 0) return 0;
  if (digits == 3 && (*first || *t != '0')) return 0;
  for (size_t i = 0; i < n; ++i) {
    if (t + i != point && (t[i] < '0' || t[i] > '9')) return 0;
  }
  for (size_t i = 0; i < digits; ++i) value = value * 10 + (part[i] - '0');
  *padded = digits > 1 && *part == '0';
  return value;
}

/* 007, and numbers that doubles do not tell apart: digits that are a name. */
static bool is_code(const char *t, size_t n) {
  enum { DOUBLES = 15 };
  return n > DOUBLES || (n > 1 && t[0] == '0');
}

/* 1E2: digits and a letter, which as a number would be 100. */
static bool is_power(const char *t, size_t n) {
  size_t i = 0;
  while (i < n && wsf__is_digit(t[i])) ++i;
  if (i == 0 || i + 1 >= n || (t[i] | 32) != 'e') return false;
  while (++i < n && wsf__is_digit(t[i])) continue;
  return i == n;
}

static bool all_digits(const char *t, size_t n) {
  for (size_t i = 0; i < n; ++i) {
    if (t[i] < '0' || t[i] > '9') return false;
  }
  return true;
}

typedef struct sampled {
  int64_t points, codes, digits, others; /* points: 01.2020, 2020.1 */
  int64_t short_years;                   /* 01.24 */
  int64_t first, padded, single;         /* of them: 2020.1; with a 0 in front; with one digit */
  int64_t tens;                          /* 2020.10 */
  int most;                              /* beside a year */
} sampled;

/* 01.24, 12.23: a month and a year of two digits. */
static bool month_of_short_year(const char *t, size_t n) {
  enum { LENGTH = 5, MONTHS = 12 };
  for (size_t i = 0; i < n && n == LENGTH; ++i) {
    if (i == 2 ? t[i] != '.' : t[i] < '0' || t[i] > '9') return false;
  }
  const int month = n == LENGTH ? (t[0] - '0') * 10 + (t[1] - '0') : 0;
  return month >= 1 && month <= MONTHS;
}

static void see(sampled *s, const char *text, size_t length) {
  bool first = false, padded = false;
  if (length == 0) return;
  if (month_of_short_year(text, length)) {
    ++s->short_years;
    s->padded += *text == '0';
    return;
  }
  const int value = beside_year(text, length, &first, &padded);
  if (value > 0) {
    ++s->points;
    s->first += first;
    s->padded += padded;
    s->single += length == 6;
    s->tens += length == 7 && value % 10 == 0;
    s->most = value > s->most ? value : s->most;
  } else if (is_power(text, length)) {
    ++s->codes;
  } else if (!all_digits(text, length)) {
    ++s->others;
  } else {
    ++*(is_code(text, length) ? &s->codes : &s->digits);
  }
}

/* Whether a column holds parts of years: 01.2020 is a month, 52.2020 and 2020.1 are no numbers
 * where the column is called so. What has lost a 0, 2020.1 beside 2020.01 or without 2020.10, tells
 * no parts. */
static bool holds_parts(const sampled *s, const char *name) {
  enum { MONTHS = 12, WEEKS = 53 };
  static const int most[] = {
      [WSF__UNIT_QUARTER] = 4, [WSF__UNIT_MONTH] = MONTHS, [WSF__UNIT_WEEK] = WEEKS};
  const int32_t unit = wsf__propose_unit(name);
  const bool called = unit || wsf__propose_called(name, WSF__CALLED_TIME);
  if (s->codes + s->digits + s->others > 0) return false;
  if (s->short_years > 1 && s->points == 0) return called && s->padded;
  if (s->points < 2 || s->short_years > 0) return false;
  if (s->first == 0) return s->most <= MONTHS || (called && s->most <= WEEKS);
  if (s->first < s->points || (s->padded && s->single)) return false;
  if (s->single && s->single < s->points && !s->tens) return false;
  if (unit >= WSF__UNIT_QUARTER && unit <= WSF__UNIT_WEEK) return s->most <= most[unit];
  return called && s->padded && s->most <= MONTHS;
}

void wsf__propose_codes(wsf__proposal *p) {
  wsf__csv *csv = &p->csv;
  const char *at = csv->bytes + csv->body, *end = csv->bytes + csv->length;
  wsf__scan s = {.csv = csv, .end = end, .limit = end, .quotes = true};
  sampled seen[WSF__PROPOSE_CODES] = {{0}};
  const int columns = csv->n_columns < WSF__PROPOSE_CODES ? csv->n_columns : WSF__PROPOSE_CODES;
  wsf__arena_init(&s.arena, &csv->env->alloc);
  for (int row = 0; row < SAMPLE && at < end; ++row) {
    for (int k = 0; at < end; ++k) {
      const char *text;
      size_t length;
      if (!wsf__scan_field(&s, &at, end, &text, &length)) {
        at = end;
        break;
      }
      if (k < columns) see(&seen[k], text, length);
      if (*at++ == csv->eol) break;
    }
  }
  for (int k = 0; k < columns; ++k) {
    const sampled *c = &seen[k];
    const char *name = csv->column[k].name;
    const bool parts = holds_parts(c, name);
    p->codes[k] = c->codes > 0 && c->points + c->others == 0 && !p->cells[k] &&
                  !wsf__propose_called(name, WSF__CALLED_TIME) && !wsf__time_unit_called(name) &&
                  !wsf__propose_called(name, WSF__CALLED_TARGET);
    if (name[0] && (parts || p->codes[k])) csv->column[k].want = WSF__CSV_CATEGORY;
  }
  wsf__delete(&csv->env->alloc, s.unescaped);
  wsf__arena_free(&s.arena);
}
