/* What stands before the rows of a CSV file: lines to skip, comments, Excel's "sep=;", and the
 * header that names the columns. A file without one is known by its first two records: whatever is
 * a number or a time in the second is one in the first as well, but years in a row are periods. */
#include "ingest/csv_file.h"

#include "base/text.h"
#include "calendar/time_read.h"
#include "ingest/csv_scan.h"
#include "wire/wire.h"

#include <stdio.h>

enum { DELIMITERS = 4, SAMPLE = 20, MOST_HEADER = 1 << 24, MOST_NAME = 1 << 16 };

/* ---- header ------------------------------------------------------------------------------- */

/* Behind the end of the line that i lies in. */
static size_t next_line(const char *p, size_t n, size_t i) {
  while (i < n && p[i] != '\n' && p[i] != '\r') ++i;
  if (i < n && p[i] == '\r') ++i;
  return i < n && p[i] == '\n' ? i + 1 : i;
}

/* "sep=;", with which Excel says what it was told to write; 0: the line is none. */
static char separator(const char *p, size_t n) {
  const bool quoted = n > 0 && *p == '"';
  const size_t least = quoted ? 7 : 5;
  if (n < least || memcmp(p + quoted, "sep=", 4) != 0) return 0;
  if (quoted && p[6] != '"') return 0;
  const bool whole = n == least || p[least] == '\n' || p[least] == '\r';
  return whole && p[4 + quoted] != '\n' && p[4 + quoted] != '\r' ? p[4 + quoted] : 0;
}

/* The delimiter that stands in every one of the first lines as often as in the header, else the one
 * that the header holds most of. */
static char find_delimiter(const wsf__csv *csv, size_t begin) {
  static const char candidate[DELIMITERS] = {'\t', ';', '|', ','};
  int64_t header[DELIMITERS] = {0}, count[DELIMITERS] = {0};
  bool alike[DELIMITERS] = {true, true, true, true}, quoted = false;
  const char *p = csv->bytes;
  int lines = 0;
  const size_t end = csv->length - begin < 2 * MOST_HEADER ? csv->length : begin + 2 * MOST_HEADER;
  for (size_t i = begin; i <= end && lines < SAMPLE; ++i) {
    const char c = i < end ? p[i] : csv->eol;
    if (c == '"') quoted = !quoted;
    for (int k = 0; k < DELIMITERS && !quoted; ++k) count[k] += c == candidate[k];
    if (quoted || c != csv->eol) continue;
    const size_t first = i > begin ? begin : i;
    const bool skipped = i == first || (i == first + 1 && p[first] == '\r') ||
                         (csv->comment && p[first] == csv->comment);
    for (int k = 0; k < DELIMITERS && !skipped; ++k) {
      if (lines == 0) header[k] = count[k];
      alike[k] &= count[k] == header[k];
    }
    lines += !skipped;
    memset(count, 0, sizeof count);
    begin = i + 1;
  }
  int best = DELIMITERS - 1;
  for (int k = 0; k < DELIMITERS - 1; ++k) {
    const bool more = alike[k] == alike[best] ? header[k] >= header[best] : alike[k];
    if (header[k] > 0 && (more || header[best] == 0)) best = k;
  }
  return candidate[best];
}

/* Where the header begins; its end-of-line form and delimiter. */
static wsf_status find_header(wsf__csv *csv, size_t *begin, wsf_error *err) {
  const char *p = csv->bytes;
  const size_t n = csv->length;
  size_t i = n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  csv->body_line = 1;
  int64_t skip = csv->skip;
  const char sep = separator(p + i, n - i);
  if (sep && !csv->delimiter) csv->delimiter = sep;
  if (sep && skip == 0) skip = 1;
  for (; skip > 0 && i < n; --skip, ++csv->body_line) i = next_line(p, n, i);
  for (; i < n;) {
    if (csv->comment && p[i] == csv->comment) {
      i = next_line(p, n, i);
      ++csv->body_line;
    } else if (p[i] == '\n' || p[i] == '\r' || p[i] == ' ') {
      csv->body_line += p[i] == '\n' || (p[i] == '\r' && (i + 1 == n || p[i + 1] != '\n'));
      ++i;
    } else {
      break;
    }
  }
  if (i == n) {
    return wsf__fail(err, WSF_E_DATA, "the file is empty; a header line was expected");
  }
  *begin = i;
  bool quoted = false;
  const size_t most = n - i < MOST_HEADER ? n : i + MOST_HEADER;
  for (; i < most && (quoted || (p[i] != '\n' && p[i] != '\r')); ++i) quoted ^= p[i] == '"';
  if (i == most && most < n) {
    return wsf__fail(err, WSF_E_DATA,
                     "the header does not end within %d bytes; a line of names was expected%s",
                     MOST_HEADER, quoted ? " (a quote in it does not close)" : "");
  }
  csv->eol = i < n && p[i] == '\r' && (i + 1 == n || p[i + 1] != '\n') ? '\r' : '\n';
  if (!csv->delimiter) csv->delimiter = find_delimiter(csv, *begin);
  return WSF_OK;
}

/* ---- no header ---------------------------------------------------------------------------- */

/* Number and flag, time, text; 0: missing. */
static int class_of(const wsf__csv *csv, const char *text, size_t length) {
  static const wsf__time_style any = {0};
  wsf__time t;
  wsf__time_seen seen = {0};
  const int32_t kind = wsf__scan_kind(csv, text, length);
  if (kind == WSF__CSV_SKIP) return 0;
  if (kind != WSF__CSV_CATEGORY) return 1;
  return wsf__time_read(text, length, &any, &t, &seen) || seen.bits ? 2 : 3;
}

/* 2015, 2016, 2017; or 202311, 202312, 202401, days as numbers, 1 to 6 and on: names of periods,
 * whatever stands below. */
static bool name_periods(const wsf__csv *csv) {
  enum { LEAST_YEAR = 1900, MOST_YEAR = 2100, LEAST_MONTH = LEAST_YEAR * 100 };
  int64_t before = 0, number;
  int run = 0;
  bool years = true, counts = true;
  wsf__time_seen seen = {0};
  for (int k = 0; k < csv->n_columns; ++k) {
    const char *name = csv->column[k].name;
    if (!wsf__integer_parse(name, strlen(name), &number)) continue;
    /* a year among its months adds them up */
    if (before > LEAST_MONTH && number >= LEAST_YEAR && number <= MOST_YEAR) continue;
    if (run > 0 && number <= before) return false;
    const bool next = run == 0 || number == before + 1;
    years &= next && number >= LEAST_YEAR && number <= MOST_YEAR;
    counts &= next && (run > 0 || number <= 1);
    wsf__time_see_whole(number, &seen);
    before = number;
    ++run;
  }
  const uint32_t none[] = {WSF__SEEN_NO_MONTH, WSF__SEEN_NO_WEEK, WSF__SEEN_NO_DAY,
                           WSF__SEEN_NO_SERIAL};
  bool dates = false;
  for (size_t i = 0; i < sizeof none / sizeof *none; ++i) dates |= !(seen.bits & none[i]);
  return run > 2 && (years || dates || (counts && run > 5));
}

/* Whether the names are as much data as the record at p. */
static bool no_header(wsf__csv *csv, wsf__scan *s, const char *p) {
  bool data = false;
  if (name_periods(csv)) return false;
  while (p < s->end && (*p == csv->eol || *p == '\r')) ++p;
  for (int k = 0; k < csv->n_columns; ++k) {
    const char *name = csv->column[k].name, *text;
    size_t length;
    if (p >= s->end || !wsf__scan_field(s, &p, s->end, &text, &length)) return false;
    const int is = class_of(csv, name, strlen(name)), next = class_of(csv, text, length);
    if (is == 0 || (next != 0 && next != is)) return false;
    data |= is < 3 && next == is;
    if ((*p++ == csv->eol) != (k + 1 == csv->n_columns)) return false;
  }
  return data;
}

static wsf_status number_columns(wsf__csv *csv, wsf_error *err) {
  for (int k = 0; k < csv->n_columns; ++k) {
    char name[32];
    const int n = snprintf(name, sizeof name, "column%d", k + 1);
    csv->column[k].name = wsf__arena_text(&csv->arena, name, (size_t)n);
    if (!csv->column[k].name) return wsf__fail_memory(err);
  }
  return WSF_OK;
}

/* ---- names -------------------------------------------------------------------------------- */

static bool looks_like_json(const wsf__csv *csv) {
  const char *p = csv->bytes;
  const size_t n = csv->length;
  size_t i = n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  while (i < n && (p[i] == ' ' || p[i] == '\t' || p[i] == '\n' || p[i] == '\r')) ++i;
  return i < n && (p[i] == '{' || p[i] == '[');
}

/* The next name of a line of the header; *p moves behind it. */
static wsf_status next_name(const char **out, wsf__csv *csv, wsf__scan *s, const char **p, int k,
                            wsf_error *err) {
  const char *text;
  size_t length;
  *out = "";
  if (!wsf__scan_field(s, p, s->end, &text, &length)) {
    return s->memory
               ? wsf__fail_memory(err)
               : wsf__fail(err, WSF_E_DATA, "a quote in the header does not close%s",
                           looks_like_json(csv) ? "; this looks like JSON, expected a CSV" : "");
  }
  while (length && (text[0] == ' ' || text[0] == '\t')) ++text, --length;
  while (length && (text[length - 1] == ' ' || text[length - 1] == '\t')) --length;
  if (memchr(text, '\0', length)) {
    return wsf__fail(err, WSF_E_DATA, "the header holds a zero byte; the file is not a CSV");
  }
  if (length > MOST_NAME) {
    return wsf__fail(err, WSF_E_DATA,
                     "the name of column %d has %zu bytes; %d at most were expected", k + 1, length,
                     MOST_NAME);
  }
  *out = wsf__arena_text(&csv->arena, text, length);
  return *out ? WSF_OK : wsf__fail_memory(err);
}

static wsf_status add_column(wsf__csv *csv, const char *name, int *capacity, wsf_error *err) {
  WSF__TRY(wsf__limit_check(&csv->env->limits, WSF__MOST_columns, csv->n_columns + 1, err));
  if (csv->n_columns == *capacity) {
    *capacity = *capacity ? *capacity * 2 : 16;
    wsf__csv_column *grown =
        wsf__resize(&csv->env->alloc, csv->column, (size_t)*capacity, sizeof *grown);
    if (!grown) return wsf__fail_memory(err);
    csv->column = grown;
  }
  csv->column[csv->n_columns] = (wsf__csv_column){.name = name, .want = WSF__CSV_SKIP};
  wsf__dict_init(&csv->column[csv->n_columns++].words, &csv->arena);
  return WSF_OK;
}

static wsf_status read_names(wsf__csv *csv, wsf__scan *s, const char **p, wsf_error *err) {
  int capacity = 0;
  do {
    const char *name;
    WSF__TRY(next_name(&name, csv, s, p, csv->n_columns, err));
    WSF__TRY(add_column(csv, name, &capacity, err));
  } while (*(*p)++ != csv->eol);
  return WSF_OK;
}

/* The second line of a header of two: names below those of the first, which reach over the empty
 * cells to their right, as cells that a spreadsheet merged. */
static wsf_status read_second(wsf__csv *csv, wsf__scan *s, const char **p, wsf_error *err) {
  const char *over = "", *name;
  int k = 0;
  for (bool more = *p < s->end; more; ++k) {
    WSF__TRY(next_name(&name, csv, s, p, k, err));
    more = *(*p)++ != csv->eol;
    if (k >= csv->n_columns) continue;
    wsf__csv_column *c = &csv->column[k];
    if (*c->name) over = *name ? c->name : "";
    const char *top = *c->name ? c->name : *name ? over : "";
    const size_t length = strlen(top), below = strlen(name);
    char *both = wsf__arena_new(&csv->arena, length + below + 2, 1);
    if (!both) return wsf__fail_memory(err);
    (void)snprintf(both, length + below + 2, "%s%s%s", top, length && below ? " " : "", name);
    c->name = both;
  }
  if (k == csv->n_columns) return WSF_OK;
  return wsf__fail(
      err, WSF_E_DATA,
      "the lines of the header have %d and %d names; as many were expected (header=two)",
      csv->n_columns, k);
}

wsf_status wsf__csv_read_header(wsf__csv *csv, wsf_error *err) {
  size_t begin = 0;
  WSF__TRY(find_header(csv, &begin, err));
  /* Room for this byte was made when the bytes were loaded. */
  if (csv->bytes[csv->length - 1] != csv->eol) {
    char *behind = csv->owned ? csv->owned + csv->length : (char *)csv->map + csv->length;
    *behind = csv->eol;
    ++csv->length;
  }
  const char *end = csv->bytes + csv->length, *p = csv->bytes + begin;
  wsf__scan s = {.csv = csv, .end = end, .limit = end, .quotes = true};
  wsf__arena_init(&s.arena, &csv->env->alloc);
  wsf_status status = read_names(csv, &s, &p, err);
  if (status == WSF_OK && csv->header == WSF__HEADER_TWO) status = read_second(csv, &s, &p, err);
  const bool without =
      csv->header == WSF__HEADER_NONE ||
      (csv->header == WSF__HEADER_AUTO && status == WSF_OK && no_header(csv, &s, p));
  if (status == WSF_OK && without) {
    if (csv->header == WSF__HEADER_AUTO) {
      wsf__csv_tell(csv, WSF__NOTE_NO_HEADER, -1, csv->body_line, csv->column[0].name);
    }
    status = number_columns(csv, err);
    p = csv->bytes + begin;
  }
  for (const char *q = csv->bytes + begin; status == WSF_OK && q < p; ++q) {
    csv->body_line += *q == csv->eol;
  }
  csv->body = (size_t)(p - csv->bytes);
  wsf__delete(&csv->env->alloc, s.unescaped);
  wsf__arena_free(&s.arena);
  return status;
}

wsf_status wsf__csv_check_names(wsf__csv *csv, wsf_error *err) {
  wsf_status status = WSF_OK;
  wsf__dict seen;
  wsf__dict_init(&seen, &csv->arena);
  for (int k = 0; k < csv->n_columns && status == WSF_OK; ++k) {
    const char *name = csv->column[k].name;
    const size_t length = strlen(name);
    const int32_t before = seen.n;
    if (!wsf__utf8_valid(name, length)) {
      status = wsf__fail(err, WSF_E_DATA,
                         "the name of column %d is not UTF-8; encoding=cp1252 or latin1 reads it",
                         k + 1);
      break;
    }
    if (length == 0) continue; /* row names of R, a trailing delimiter */
    if (wsf__dict_put(&seen, name, length, wsf__dict_head(name, length)) < 0) {
      status = wsf__fail_memory(err);
    } else if (seen.n == before) {
      status =
          wsf__fail(err, WSF_E_DATA,
                    "the header names the column \"%s\" twice; names that differ were expected "
                    "(header=false, skip=1 numbers the columns, of which columns= may take "
                    "some; header=two joins two lines of names)",
                    name);
    }
  }
  wsf__dict_free(&seen);
  return status;
}
