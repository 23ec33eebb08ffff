/* A CSV file (RFC 4180 and what the world writes instead): its bytes, its header, its columns by
 * name, its rejected rows. The bytes are mapped, or read when they cannot be; either way one byte
 * behind them may be written, so that the last record always ends with an end of line and the
 * parsers need no bound. The rows are read by csv_read.c. */
#include "ingest/csv_file.h"

#include "expr/expr.h"
#include "ingest/arrow_table.h"
#include "ingest/csv_scan.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_COLUMNS = 65536 };

/* ---- bytes -------------------------------------------------------------------------------- */

/* A file is mapped privately, if it does not fill its last page and so leaves the room behind it.
 */
static void map_file(wsf__csv *csv, int fd) {
  struct stat info;
  const long page = sysconf(_SC_PAGESIZE);
  if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return;
  if (info.st_size <= 0 || page <= 0 || info.st_size % page == 0) return;
  const size_t length = (size_t)info.st_size;
  void *map = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  if (map == MAP_FAILED) return;
  (void)posix_madvise(map, length, POSIX_MADV_WILLNEED);
  csv->map = map;
  csv->bytes = map;
  csv->length = length;
}

/* Bytes with one more behind them that may be written, or a stream of columns. */
static wsf_status load(wsf__csv *csv, wsf__input *in, wsf_error *err) {
  if (in->source && in->source->stream) return wsf__arrow_table_open(csv, in, err);
  map_file(csv, in->fd);
  if (csv->map) return WSF_OK;
  WSF__TRY(wsf__input_read(in, csv->env, &csv->owned, &csv->length, err));
  csv->bytes = csv->owned;
  return WSF_OK;
}

/* ---- header ------------------------------------------------------------------------------- */

/* End of the first record that is not blank, its end-of-line form and its likely delimiter. */
static wsf_status find_header(wsf__csv *csv, size_t *begin, wsf_error *err) {
  static const char candidates[] = {',', ';', '\t', '|'};
  const char *p = csv->bytes;
  const size_t n = csv->length;
  size_t i = 0;
  if (n >= 2 && (!memcmp(p, "\xff\xfe", 2) || !memcmp(p, "\xfe\xff", 2))) {
    return wsf__fail(err, WSF_E_DATA, "the file is UTF-16; UTF-8 was expected");
  }
  if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) i = 3;
  csv->body_line = 1;
  for (; i < n && (p[i] == '\n' || p[i] == '\r' || p[i] == ' '); ++i) {
    csv->body_line += p[i] == '\n' || (p[i] == '\r' && (i + 1 == n || p[i + 1] != '\n'));
  }
  if (i == n) {
    return wsf__fail(err, WSF_E_DATA, "the file is empty; a header line was expected");
  }
  *begin = i;
  int64_t count[4] = {0};
  bool quoted = false;
  for (; i < n; ++i) {
    if (p[i] == '"') quoted = !quoted;
    if (quoted) continue;
    if (p[i] == '\n' || p[i] == '\r') break;
    for (int c = 0; c < 4; ++c) count[c] += p[i] == candidates[c];
  }
  csv->eol = i < n && p[i] == '\r' && (i + 1 == n || p[i + 1] != '\n') ? '\r' : '\n';
  if (!csv->delimiter) {
    int best = 0;
    for (int c = 1; c < 4; ++c) best = count[c] > count[best] ? c : best;
    csv->delimiter = candidates[best];
  }
  return WSF_OK;
}

static wsf_status read_header(wsf__csv *csv, wsf_error *err) {
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
  wsf_status status = WSF_OK;
  int capacity = 0;
  for (bool more = true; more && status == WSF_OK;) {
    const char *text;
    size_t length;
    if (csv->n_columns == MOST_COLUMNS) {
      status = wsf__fail(err, WSF_E_DATA, "the header has more than %d columns", MOST_COLUMNS);
      break;
    }
    if (!wsf__scan_field(&s, &p, end, &text, &length)) {
      status = s.memory ? wsf__fail_memory(err)
                        : wsf__fail(err, WSF_E_DATA, "a quote in the header does not close");
      break;
    }
    while (length && (text[0] == ' ' || text[0] == '\t')) ++text, --length;
    while (length && (text[length - 1] == ' ' || text[length - 1] == '\t')) --length;
    if (memchr(text, '\0', length)) {
      status = wsf__fail(err, WSF_E_DATA, "the header holds a zero byte; the file is not a CSV");
      break;
    }
    if (csv->n_columns == capacity) {
      capacity = capacity ? capacity * 2 : 16;
      wsf__csv_column *grown =
          wsf__resize(&csv->env->alloc, csv->column, (size_t)capacity, sizeof *grown);
      if (!grown) {
        status = wsf__fail_memory(err);
        break;
      }
      csv->column = grown;
    }
    const char *name = wsf__arena_text(&csv->arena, text, length);
    if (!name) {
      status = wsf__fail_memory(err);
      break;
    }
    csv->column[csv->n_columns] = (wsf__csv_column){.name = name, .want = WSF__CSV_SKIP};
    wsf__dict_init(&csv->column[csv->n_columns++].words, &csv->arena);
    more = *p++ != csv->eol;
  }
  for (const char *q = csv->bytes + begin; status == WSF_OK && q < p; ++q) {
    csv->body_line += *q == csv->eol;
  }
  csv->body = (size_t)(p - csv->bytes);
  wsf__delete(&csv->env->alloc, s.unescaped);
  wsf__arena_free(&s.arena);
  return status;
}

static wsf_status check_names(wsf__csv *csv, wsf_error *err) {
  wsf_status status = WSF_OK;
  wsf__dict seen;
  wsf__dict_init(&seen, &csv->arena);
  for (int k = 0; k < csv->n_columns && status == WSF_OK; ++k) {
    const char *name = csv->column[k].name;
    const size_t length = strlen(name);
    const int32_t before = seen.n;
    if (length == 0) continue; /* row names of R, a trailing delimiter: never wanted */
    if (wsf__dict_put(&seen, name, length, wsf__dict_head(name, length)) < 0) {
      status = wsf__fail_memory(err);
    } else if (seen.n == before) {
      status = wsf__fail(err, WSF_E_DATA, "the header names the column \"%s\" twice", name);
    }
  }
  wsf__dict_free(&seen);
  return status;
}

static void start(wsf__csv *csv, wsf__env *env, wsf__csv_format format) {
  static const char *const usual[] = {"NA",  "N/A",  "n/a",  "#N/A", "NaN",
                                      "nan", "null", "NULL", "None"};
  *csv = (wsf__csv){.env = env, .delimiter = format.delimiter};
  wsf__arena_init(&csv->arena, &env->alloc);
  csv->na = format.na ? format.na : usual;
  csv->n_na = format.na ? format.n_na : (int)(sizeof usual / sizeof *usual);
  for (int i = 0; i < csv->n_na; ++i) csv->na_first[(unsigned char)csv->na[i][0]] = 1;
}

static wsf_status finish_open(wsf__csv *csv, wsf_status status, wsf_error *err) {
  if (status == WSF_OK && !csv->arrow) status = read_header(csv, err);
  if (status == WSF_OK) status = check_names(csv, err);
  if (status != WSF_OK) {
    if (csv->file) wsf__error_at_file(err, csv->file);
    wsf__csv_close(csv);
  }
  return status;
}

wsf_status wsf__csv_open(wsf__csv *csv, wsf__env *env, const char *path, wsf__csv_format format,
                         wsf_error *err) {
  wsf__input in;
  start(csv, env, format);
  wsf_status status = wsf__input_open(&in, env, path, false, err);
  if (status == WSF_OK) {
    csv->file = wsf__input_label(&in, &csv->arena);
    status = csv->file ? load(csv, &in, err) : wsf__fail_memory(err);
    wsf__input_close(&in);
  }
  return finish_open(csv, status, err);
}

wsf_status wsf__csv_from_memory(wsf__csv *csv, wsf__env *env, const char *bytes, size_t length,
                                wsf__csv_format format, wsf_error *err) {
  const wsf__source source = {.bytes = bytes, .size = length};
  wsf__input in = {.path = "memory", .fd = -1, .source = &source};
  start(csv, env, format);
  csv->file = in.path;
  return finish_open(csv, load(csv, &in, err), err);
}

void wsf__csv_free_values(wsf__csv *csv) {
  const wsf__alloc *a = &csv->env->alloc;
  for (int k = 0; k < csv->n_columns; ++k) {
    wsf__csv_column *c = &csv->column[k];
    wsf__delete(a, c->number);
    wsf__delete(a, c->time);
    wsf__delete(a, c->code);
    c->number = NULL;
    c->time = NULL;
    c->code = NULL;
  }
  wsf__delete(a, csv->line);
  csv->line = NULL;
}

void wsf__csv_close(wsf__csv *csv) {
  if (!csv->env) return;
  wsf__csv_free_values(csv);
  for (int k = 0; k < csv->n_columns; ++k) wsf__dict_free(&csv->column[k].words);
  wsf__delete(&csv->env->alloc, csv->column);
  wsf__delete(&csv->env->alloc, csv->owned);
  if (csv->map) (void)munmap(csv->map, csv->length);
  wsf__arrow_table_close(csv);
  wsf__arena_free(&csv->arena);
  *csv = (wsf__csv){0};
}

int wsf__csv_lookup(const wsf__csv *csv, const char *name) {
  for (int k = 0; k < csv->n_columns; ++k) {
    if (strcmp(csv->column[k].name, name) == 0) return k;
  }
  return -1;
}

wsf_status wsf__csv_find(const wsf__csv *csv, const char *name, int *out, wsf_error *err) {
  *out = wsf__csv_lookup(csv, name);
  if (*out >= 0) return WSF_OK;
  /* Names are compared in lower case, which the suggestion then is not. */
  wsf__arena scratch;
  wsf__arena_init(&scratch, &csv->env->alloc);
  const char **lower = wsf__arena_new(&scratch, (size_t)csv->n_columns, sizeof *lower);
  const char *near = NULL;
  for (int k = 0; k < csv->n_columns && lower; ++k) {
    const char *from = csv->column[k].name;
    char *to = wsf__arena_text(&scratch, from, strlen(from));
    for (char *p = to; p && *p; ++p) *p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
    lower[k] = to ? to : "";
  }
  if (lower) near = wsf__nearest(name, lower, csv->n_columns);
  for (int k = 0; k < csv->n_columns && near; ++k) {
    if (lower[k] == near) {
      near = csv->column[k].name;
      break;
    }
  }
  const wsf_status status =
      near ? wsf__fail(err, WSF_E_DATA, "the header has no column \"%s\"; did you mean \"%s\"?",
                       name, near)
           : wsf__fail(err, WSF_E_DATA, "the header has no column \"%s\"", name);
  wsf__error_at_field(err, name);
  wsf__error_at_file(err, csv->file);
  wsf__arena_free(&scratch);
  return status;
}
