/* Several files as one table: their rows one behind the other under the header of the first, so
 * that kinds of columns, decimal marks and orders of dates are settled by all rows together. Every
 * file is opened by itself, with its own encoding and compression, and must have the same columns
 * in the same order, between the same delimiters. */
#include "ingest/csv_file.h"

#include "ingest/csv_text.h"

#include <stdio.h>

typedef struct joined {
  wsf__csv *csv;
  size_t capacity;
  int64_t lines; /* of all files so far */
  wsf__file_part *part;
} joined;

static int64_t count_lines(const char *p, size_t length, char eol) {
  int64_t n = 0;
  for (const char *end = p + length; (p = memchr(p, eol, (size_t)(end - p))); ++p) ++n;
  return n;
}

static wsf_status add_bytes(joined *j, const char *bytes, size_t length, wsf_error *err) {
  wsf__csv *csv = j->csv;
  size_t need;
  if (!wsf__add(csv->length, length, &need) || !wsf__add(need, 1, &need)) {
    return wsf__fail_memory(err);
  }
  WSF__TRY(wsf__limit_check(&csv->env->limits, WSF__MOST_bytes, (int64_t)need - 1, err));
  if (need > j->capacity) {
    size_t capacity = j->capacity + j->capacity / 2;
    if (capacity < need) capacity = need;
    char *grown = wsf__resize(&csv->env->alloc, csv->owned, capacity, 1);
    if (!grown) return wsf__fail_memory(err);
    csv->bytes = csv->owned = grown;
    j->capacity = capacity;
  }
  if (length) memcpy(csv->owned + csv->length, bytes, length);
  csv->length += length;
  return WSF_OK;
}

/* The columns of a file against those of the first. */
static wsf_status check_alike(const wsf__csv *first, const wsf__csv *next, wsf_error *err) {
  for (int k = 0; k < first->n_columns || k < next->n_columns; ++k) {
    const char *a = k < first->n_columns ? first->column[k].name : "no more";
    const char *b = k < next->n_columns ? next->column[k].name : "no more";
    if (strcmp(a, b) == 0) continue;
    return wsf__fail(
        err, WSF_E_DATA,
        "column %d is \"%s\"; \"%s\" was expected, as in %s (one header for all files)", k + 1, b,
        a, first->part[0].file);
  }
  if (first->delimiter == next->delimiter && first->eol == next->eol) return WSF_OK;
  return wsf__fail(err, WSF_E_DATA, "the file has other delimiters or ends of lines than %s",
                   first->part[0].file);
}

/* What was told of one file, at its line among all. */
static void take_notes(joined *j, const wsf__csv *from, int64_t first, int64_t own) {
  for (int kind = 0; kind < WSF__CSV_NOTES; ++kind) {
    const wsf__csv_note *note = &from->note[kind];
    if (note->count == 0) continue;
    const int64_t line = note->line ? note->line - own + first : 0;
    wsf__csv_tell(j->csv, kind, note->column, line, note->example);
  }
}

/* A file that is open goes behind those that are there. */
static wsf_status append(joined *j, wsf__csv *next, int index, wsf_error *err) {
  wsf__csv *csv = j->csv;
  bool decoded;
  if (next->arrow) return wsf__fail(err, WSF_E_IO, "the source holds columns; bytes were expected");
  if (next->encoding == WSF__ENCODING_AUTO) WSF__TRY(wsf__csv_decode(next, &decoded, err));
  j->part[index].file = wsf__arena_text(&csv->arena, next->file, strlen(next->file));
  if (!j->part[index].file) return wsf__fail_memory(err);
  if (index == 0) {
    csv->delimiter = next->delimiter;
    csv->eol = next->eol;
    csv->header = next->header;
    csv->encoding = next->encoding;
    csv->body = next->body;
    csv->body_line = next->body_line;
    WSF__TRY(wsf__csv_take_columns(csv, next, err));
    WSF__TRY(add_bytes(j, next->bytes, next->body, err));
    j->lines = next->body_line;
  }
  WSF__TRY(check_alike(csv, next, err));
  j->part[index].first = j->lines;
  j->part[index].own = next->body_line;
  take_notes(j, next, j->lines, next->body_line);
  const size_t body = next->length - next->body;
  j->lines += count_lines(next->bytes + next->body, body, csv->eol);
  return add_bytes(j, next->bytes + next->body, body, err);
}

static wsf_status open_all(joined *j, const char *const *path, int n, wsf__csv_format format,
                           wsf_error *err) {
  wsf__csv *csv = j->csv;
  for (int i = 0; i < n; ++i) {
    wsf__csv next;
    WSF__TRY(wsf__csv_open(&next, csv->env, path[i], format, err));
    const wsf_status status = append(j, &next, i, err);
    if (status != WSF_OK) wsf__error_at_file(err, next.file);
    wsf__csv_close(&next);
    if (status != WSF_OK) return status;
    WSF__TRY(wsf__checkpoint(csv->env, NULL, i, n, err));
  }
  return WSF_OK;
}

static wsf_status find_all(wsf__env *env, wsf__arena *arena, const char *const *path, int n,
                           const char ***out, int *found, wsf_error *err) {
  const char *const **list = wsf__arena_new(arena, (size_t)n, sizeof *list);
  int *count = wsf__arena_new(arena, (size_t)n, sizeof *count);
  *found = 0;
  if (!list || !count) return wsf__fail_memory(err);
  for (int i = 0; i < n; ++i) {
    WSF__TRY(wsf__input_glob(env, path[i], arena, &list[i], &count[i], err));
    *found += count[i];
  }
  *out = wsf__arena_new(arena, (size_t)*found, sizeof **out);
  if (!*out) return wsf__fail_memory(err);
  const char **to = *out;
  for (int i = 0; i < n; ++i) {
    for (int k = 0; k < count[i]; ++k) *to++ = list[i][k];
  }
  return WSF_OK;
}

wsf_status wsf__csv_open_many(wsf__csv *csv, wsf__env *env, const char *const *path, int n,
                              wsf__csv_format format, wsf_error *err) {
  wsf__arena arena;
  const char **all = NULL;
  int found = 0;
  wsf__arena_init(&arena, &env->alloc);
  wsf_status status = find_all(env, &arena, path, n, &all, &found, err);
  if (status != WSF_OK || found == 1) {
    if (status == WSF_OK) status = wsf__csv_open(csv, env, all[0], format, err);
    wsf__arena_free(&arena);
    return status;
  }
  wsf__csv_start(csv, env, format);
  joined j = {.csv = csv};
  char label[300];
  (void)snprintf(label, sizeof label, "%.250s and %d more", all[0], found - 1);
  csv->file = wsf__arena_text(&csv->arena, label, strlen(label));
  csv->part = j.part = wsf__arena_zero(&csv->arena, (size_t)found, sizeof *j.part);
  csv->n_parts = found;
  if (!csv->file || !csv->part) status = wsf__fail_memory(err);
  if (status == WSF_OK) status = open_all(&j, all, found, format, err);
  wsf__arena_free(&arena);
  if (status != WSF_OK) wsf__csv_close(csv);
  return status;
}
