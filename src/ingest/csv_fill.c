/* Merged cells of a spreadsheet: in the file the first line of them has the value, those below are
 * empty. Empty fields of the columns asked for get what stands above them, as text, before anything
 * is read; lines without a value in any field stay as they are, and no value reaches over the end
 * of one of several files. */
#include "ingest/csv_scan.h"

#include "base/text.h"

#include <string.h>

typedef struct field {
  const char *at;
  size_t length;
} field;

typedef struct filling {
  const wsf__csv *csv;
  const bool *fill; /* [n_columns] */
  wsf__scan scan;   /* cuts fields */
  field *now;       /* [n_columns] of a record, as it is written */
  bool *empty;      /* [n_columns] */
  field *above;     /* [n_columns] */
  int64_t line;
  int part;
  char *out; /* NULL: only its length is asked for */
  size_t length;
  int64_t filled;
} filling;

static void add(filling *f, const char *bytes, size_t n) {
  if (f->out && n > 0) memcpy(f->out + f->length, bytes, n);
  if (!wsf__add(f->length, n, &f->length)) f->scan.memory = true;
}

static const char *behind_line(const filling *f, const char *p) {
  return (const char *)memchr(p, f->csv->eol, (size_t)(f->scan.end - p)) + 1;
}

/* Cut a record into fields; returns what follows it. *row: there are as many as columns. */
static const char *cut(filling *f, const char *p, bool *row) {
  const wsf__csv *csv = f->csv;
  int n = 0;
  *row = false;
  for (;; ++n) {
    const char *text, *begin = p;
    size_t length;
    if (!wsf__scan_field(&f->scan, &p, f->scan.end, &text, &length)) return behind_line(f, p);
    if (n < csv->n_columns) {
      f->now[n] = (field){begin, (size_t)(p - begin)};
      f->empty[n] = length == 0;
    }
    if (*p++ == csv->eol) break;
  }
  *row = n + 1 == csv->n_columns;
  return p;
}

/* One record with what stands above its empty fields; returns what follows it. */
static const char *fill_record(filling *f, const char *p) {
  const wsf__csv *csv = f->csv;
  const bool remark = csv->comment && *p == csv->comment;
  bool row = false, any = false;
  const char *end = remark ? behind_line(f, p) : cut(f, p, &row);
  for (int k = 0; row && k < csv->n_columns; ++k) any |= !f->empty[k];
  if (!any) {
    add(f, p, (size_t)(end - p));
    return end;
  }
  const char *from = p;
  for (int k = 0; k < csv->n_columns; ++k) {
    const field *now = &f->now[k];
    if (!f->fill[k]) continue;
    if (!f->empty[k]) {
      f->above[k] = *now;
      continue;
    }
    add(f, from, (size_t)(now->at - from));
    add(f, f->above[k].at, f->above[k].length);
    from = now->at + now->length;
    if (from[0] == csv->eol && now->length > 0 && from[-1] == '\r') --from;
    f->filled += f->above[k].length > 0;
  }
  add(f, from, (size_t)(end - from));
  return end;
}

static void fill_all(filling *f) {
  const wsf__csv *csv = f->csv;
  const char *p = csv->bytes + csv->body;
  f->length = 0;
  f->filled = 0;
  f->line = csv->body_line;
  f->part = 0;
  memset(f->above, 0, (size_t)csv->n_columns * sizeof *f->above);
  add(f, csv->bytes, csv->body);
  while (p < f->scan.end && !f->scan.memory && !wsf__stopped(csv->env)) {
    while (f->part + 1 < csv->n_parts && f->line >= csv->part[f->part + 1].first) {
      memset(f->above, 0, (size_t)csv->n_columns * sizeof *f->above);
      ++f->part;
    }
    const char *begin = p;
    p = fill_record(f, p);
    for (const char *q = begin; (q = memchr(q, csv->eol, (size_t)(p - q))); ++q) ++f->line;
  }
}

wsf_status wsf__csv_fill_down(wsf__csv *csv, const bool *fill, int64_t *filled, wsf_error *err) {
  const size_t columns = (size_t)csv->n_columns;
  filling f = {.csv = csv, .fill = fill};
  const char *end = csv->bytes + csv->length;
  f.scan = (wsf__scan){.csv = csv, .end = end, .limit = end, .quotes = true};
  wsf__arena_init(&f.scan.arena, &csv->env->alloc);
  f.now = wsf__arena_zero(&f.scan.arena, columns, sizeof *f.now);
  f.above = wsf__arena_zero(&f.scan.arena, columns, sizeof *f.above);
  f.empty = wsf__arena_zero(&f.scan.arena, columns, sizeof *f.empty);
  wsf_status status = f.now && f.above && f.empty ? WSF_OK : wsf__fail_memory(err);
  if (status == WSF_OK) {
    fill_all(&f);
    if (!f.scan.memory) f.out = wsf__new(&csv->env->alloc, f.length + 1, 1);
    if (!f.out) status = wsf__fail_memory(err);
  }
  if (status == WSF_OK) {
    fill_all(&f);
    status = wsf__checkpoint(csv->env, NULL, 1, 1, err);
  }
  *filled = f.filled;
  wsf__delete(&csv->env->alloc, f.scan.unescaped);
  wsf__arena_free(&f.scan.arena);
  if (status == WSF_OK)
    wsf__csv_replace(csv, f.out, f.length);
  else
    wsf__delete(&csv->env->alloc, f.out);
  return status;
}
