/* A CSV file (RFC 4180 and what the world writes instead): its bytes, its columns by name. The
 * bytes are mapped, or read when they cannot be, or decoded; either way one byte behind them may be
 * written, so that the last record always ends with an end of line and the parsers need no bound.
 * The header is read by csv_header.c, the rows by csv_read.c. */
#include "ingest/csv_file.h"

#include "expr/expr.h"
#include "ingest/arrow_table.h"
#include "ingest/csv_quote.h"
#include "ingest/csv_scan.h"
#include "ingest/csv_text.h"
#include "wire/unpack.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOOK = 65536 }; /* bytes that an encoding is guessed from at first */

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

void wsf__csv_replace(wsf__csv *csv, char *bytes, size_t length) {
  if (csv->map) (void)munmap(csv->map, csv->length);
  wsf__delete(&csv->env->alloc, csv->owned);
  csv->map = NULL;
  csv->bytes = csv->owned = bytes;
  csv->length = length;
}

static wsf_status unpack(wsf__csv *csv, wsf_error *err) {
  const wsf__packing packing = wsf__packing_of(csv->bytes, csv->length);
  char *bytes;
  size_t length;
  if (packing == WSF__PLAIN) return WSF_OK;
  WSF__TRY(wsf__unpack(packing, csv->bytes, csv->length, csv->env, &bytes, &length, err));
  wsf__csv_replace(csv, bytes, length);
  return WSF_OK;
}

wsf_status wsf__csv_decode(wsf__csv *csv, bool *decoded, wsf_error *err) {
  int64_t line;
  char *text;
  size_t length;
  *decoded = false;
  if (csv->encoding == WSF__ENCODING_AUTO) {
    csv->encoding = wsf__encoding_guess(csv->bytes, csv->length, &line);
    if (csv->encoding == WSF__CP1252) {
      wsf__csv_tell(csv, WSF__NOTE_ENCODING, -1, line, wsf__encoding_name(csv->encoding));
    }
  }
  if (csv->encoding == WSF__UTF_8) return WSF_OK;
  WSF__TRY(wsf__encoding_decode(csv->encoding, csv->bytes, csv->length, &csv->env->alloc, &text,
                                &length, err));
  wsf__csv_replace(csv, text, length);
  *decoded = true;
  return WSF_OK;
}

/* Everything behind this reads UTF-8. A long file that begins with plain ASCII is not read through
 * for this: what stands behind is looked at with the rows. */
static wsf_status decode(wsf__csv *csv, wsf_error *err) {
  const size_t length = csv->length < LOOK ? csv->length : LOOK;
  int64_t line;
  bool decoded;
  const int32_t guess = wsf__encoding_guess(csv->bytes, length, &line);
  if (csv->encoding == WSF__UTF_8) {
    if (guess < WSF__UTF_16) return WSF_OK;
    return wsf__fail(err, WSF_E_DATA, "the file is UTF-16; UTF-8 was expected");
  }
  if (csv->encoding == WSF__ENCODING_AUTO && length < csv->length && guess == WSF__UTF_8 &&
      wsf__encoding_plain(csv->bytes, length)) {
    return WSF_OK;
  }
  return wsf__csv_decode(csv, &decoded, err);
}

/* A file that is no text is told by its first bytes, before the others are read. */
static wsf_status judge(const void *bytes, size_t length, int64_t size, wsf_error *err) {
  (void)size;
  if (wsf__packing_of(bytes, length) != WSF__PLAIN) return WSF_OK;
  const char *kind = wsf__binary_kind(bytes, length);
  if (!kind) return WSF_OK;
  return wsf__fail(err, WSF_E_DATA, "the file is %s; a CSV was expected", kind);
}

/* Bytes with one more behind them that may be written, or a stream of columns. */
static wsf_status load(wsf__csv *csv, wsf__input *in, wsf_error *err) {
  if (in->source && in->source->stream) return wsf__arrow_table_open(csv, in, err);
  map_file(csv, in->fd);
  if (!csv->map) {
    WSF__TRY(wsf__input_read(in, csv->env, judge, &csv->owned, &csv->length, err));
    csv->bytes = csv->owned;
  }
  WSF__TRY(judge(csv->bytes, csv->length, 0, err));
  WSF__TRY(unpack(csv, err));
  WSF__TRY(decode(csv, err));
  if (csv->quote == WSF__QUOTE_DOUBLE) return WSF_OK;
  char *text;
  size_t length;
  WSF__TRY(wsf__quotes_usual(csv->bytes, csv->length, csv->quote, csv->delimiter, &csv->env->alloc,
                             &text, &length, err));
  wsf__csv_replace(csv, text, length);
  return WSF_OK;
}

void wsf__csv_start(wsf__csv *csv, wsf__env *env, wsf__csv_format format) {
  static const char *const usual[] = {"NA",  "N/A",  "n/a",  "#N/A", "NaN",
                                      "nan", "null", "NULL", "None", "\\N"};
  *csv = (wsf__csv){.env = env,
                    .delimiter = format.delimiter,
                    .encoding = format.encoding,
                    .header = format.header,
                    .skip = format.skip,
                    .comment = format.comment,
                    .quote = format.quote,
                    .given_number = format.number,
                    .given_time = format.time,
                    .timezone = format.timezone,
                    .freq = format.freq};
  wsf__arena_init(&csv->arena, &env->alloc);
  csv->na = format.na ? format.na : usual;
  csv->n_na = format.na ? format.n_na : (int)(sizeof usual / sizeof *usual);
  for (int i = 0; i < csv->n_na; ++i) {
    const char *na = csv->na[i];
    const bool number = na[strcspn(na, "0123456789")] != '\0';
    csv->na_first[(unsigned char)*na] |= (uint8_t)(WSF__NA_WORD | (number ? WSF__NA_NUMBER : 0));
  }
}

static void drop_columns(wsf__csv *csv) {
  for (int k = 0; k < csv->n_columns; ++k) wsf__dict_free(&csv->column[k].words);
  wsf__delete(&csv->env->alloc, csv->column);
  csv->column = NULL;
  csv->n_columns = 0;
}

wsf_status wsf__csv_take_columns(wsf__csv *csv, const wsf__csv *from, wsf_error *err) {
  csv->column = wsf__new_zero(&csv->env->alloc, (size_t)from->n_columns, sizeof *csv->column);
  if (!csv->column) return wsf__fail_memory(err);
  for (int k = 0; k < from->n_columns; ++k) {
    const char *name = from->column[k].name;
    csv->column[k].name = wsf__arena_text(&csv->arena, name, strlen(name));
    if (!csv->column[k].name) return wsf__fail_memory(err);
    wsf__dict_init(&csv->column[csv->n_columns++].words, &csv->arena);
  }
  return WSF_OK;
}

static wsf_status read_header(wsf__csv *csv, wsf_error *err) {
  WSF__TRY(wsf__csv_read_header(csv, err));
  if (csv->encoding != WSF__ENCODING_AUTO || csv->body <= LOOK) return WSF_OK;
  bool decoded;
  WSF__TRY(wsf__csv_decode(csv, &decoded, err));
  if (!decoded) return WSF_OK;
  drop_columns(csv);
  return wsf__csv_read_header(csv, err);
}

static wsf_status finish_open(wsf__csv *csv, wsf_status status, wsf_error *err) {
  if (status == WSF_OK && !csv->arrow) status = read_header(csv, err);
  if (status == WSF_OK) status = wsf__csv_check_names(csv, err);
  if (status != WSF_OK) {
    if (csv->file) wsf__error_at_file(err, csv->file);
    wsf__csv_close(csv);
  }
  return status;
}

wsf_status wsf__csv_open(wsf__csv *csv, wsf__env *env, const char *path, wsf__csv_format format,
                         wsf_error *err) {
  wsf__input in;
  wsf__csv_start(csv, env, format);
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
  wsf__csv_start(csv, env, format);
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
  drop_columns(csv);
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

/* "It has a, b, c and 7 more", as far as there is room. */
static void list_columns(const wsf__csv *csv, char *out, size_t size) {
  size_t used = (size_t)snprintf(out, size,
                                 csv->note[WSF__NOTE_NO_HEADER].count
                                     ? "The file seems to have no header; its columns are"
                                     : "It has");
  for (int k = 0; k < csv->n_columns; ++k) {
    const char *name = csv->column[k].name[0] ? csv->column[k].name : "one without a name";
    if (used + strlen(name) + 24 > size) {
      (void)snprintf(out + used, size - used, " and %d more", csv->n_columns - k);
      return;
    }
    used += (size_t)snprintf(out + used, size - used, "%s %s", k ? "," : "", name);
  }
}

wsf_status wsf__csv_find(const wsf__csv *csv, const char *name, int *out, wsf_error *err) {
  *out = name[0] ? wsf__csv_lookup(csv, name) : -1; /* what has no name plays no part */
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
  if (lower && name[0]) near = wsf__nearest(name, lower, csv->n_columns);
  for (int k = 0; k < csv->n_columns && near; ++k) {
    if (lower[k] == near) {
      near = csv->column[k].name;
      break;
    }
  }
  char list[320];
  list_columns(csv, list, sizeof list);
  const wsf_status status =
      near ? wsf__fail(err, WSF_E_DATA, "the header has no column \"%s\"; did you mean \"%s\"? %s",
                       name, near, list)
           : wsf__fail(err, WSF_E_DATA, "the header has no column \"%s\". %s", name, list);
  wsf__error_at_field(err, name);
  wsf__error_at_file(err, csv->file);
  wsf__arena_free(&scratch);
  return status;
}
