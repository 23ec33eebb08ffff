/* The columns of an Arrow stream as those of a file: what is wanted of a column decides how its
 * type is read, and a type that cannot give it is an error, as is a cell without a key or a time:
 * rows are never left out, columns only if nobody named them. Row numbers stand for lines. */
#include "ingest/arrow_table.h"

#include "calendar/calendar.h"
#include "ingest/arrow_cells.h"
#include "ingest/whole_times.h"

#include <math.h>
#include <stdio.h>

struct wsf__arrow_table {
  wsf__input in;
  struct ArrowArrayStream stream;
  struct ArrowSchema schema;
  wsf__arrow_column *column;
  int64_t capacity;
};

void wsf__arrow_table_close(wsf__csv *csv) {
  struct wsf__arrow_table *t = csv->arrow;
  if (!t) return;
  if (t->schema.release) t->schema.release(&t->schema);
  if (t->stream.release) t->stream.release(&t->stream);
  wsf__input_close(&t->in);
  csv->arrow = NULL;
}

static wsf_status open_columns(wsf__csv *csv, wsf_error *err) {
  struct wsf__arrow_table *t = csv->arrow;
  wsf_error said;
  wsf__error_clear(&said);
  if (t->in.source->stream(&t->stream, t->in.source->user, &said) != WSF_OK) {
    t->stream.release = NULL;
    return wsf__input_fail_host(&t->in, &said, err);
  }
  if (!t->stream.release) {
    return wsf__fail(err, WSF_E_IO, "the source gave a stream that has been released already");
  }
  const int code = t->stream.get_schema(&t->stream, &t->schema);
  if (code != 0) t->schema.release = NULL;
  WSF__TRY(wsf__arrow_check_stream(&t->stream, code, WSF_E_IO, err));
  WSF__TRY(wsf__arrow_columns(&t->schema, &csv->arena, &t->column, err));
  WSF__TRY(wsf__limit_check(&csv->env->limits, WSF__MOST_columns, t->schema.n_children, err));
  const int n = (int)t->schema.n_children;
  csv->column = wsf__new_zero(&csv->env->alloc, (size_t)n, sizeof *csv->column);
  if (!csv->column) return wsf__fail_memory(err);
  for (csv->n_columns = 0; csv->n_columns < n; ++csv->n_columns) {
    wsf__csv_column *c = &csv->column[csv->n_columns];
    c->name = t->column[csv->n_columns].name;
    c->zone = wsf__arrow_zone(&t->column[csv->n_columns]);
    c->zoned = -1;
    wsf__dict_init(&c->words, &csv->arena);
  }
  return WSF_OK;
}

wsf_status wsf__arrow_table_open(wsf__csv *csv, wsf__input *in, wsf_error *err) {
  struct wsf__arrow_table *t = wsf__arena_zero(&csv->arena, 1, sizeof *t);
  if (!t) return wsf__fail_memory(err);
  t->in = *in;
  *in = (wsf__input){.fd = -1};
  csv->arrow = t;
  return open_columns(csv, err);
}

/* ---- wants -------------------------------------------------------------------------------- */

static bool gives(wsf__arrow_class is, int32_t want) {
  const bool text = is == WSF__ARROW_TEXT || is == WSF__ARROW_TEXT_CODE;
  const bool whole = is == WSF__ARROW_INTEGER;
  switch (want) {
  case WSF__CSV_TIME:
    return text || whole || is == WSF__ARROW_DATE || is == WSF__ARROW_TIME;
  case WSF__CSV_NUMBER:
  case WSF__CSV_FLAG:
    return whole || is == WSF__ARROW_BOOL || is == WSF__ARROW_REAL;
  default: /* KEY, CATEGORY */
    return text || whole || is == WSF__ARROW_BOOL;
  }
}

static int32_t resolve(wsf__arrow_class is) {
  return is == WSF__ARROW_BOOL                               ? WSF__CSV_FLAG
         : is == WSF__ARROW_INTEGER || is == WSF__ARROW_REAL ? WSF__CSV_NUMBER
                                                             : WSF__CSV_CATEGORY;
}

static wsf_status check_want(wsf__csv *csv, int k, wsf_error *err) {
  wsf__csv_column *c = &csv->column[k];
  const wsf__arrow_column *from = &csv->arrow->column[k];
  const bool any = c->want == WSF__CSV_GUESS && !c->named;
  if (c->want == WSF__CSV_SKIP) return WSF_OK;
  if (c->want == WSF__CSV_GUESS) c->want = resolve(from->is);
  if (gives(from->is, c->want)) return WSF_OK;
  if (any) {
    char type[48];
    (void)snprintf(type, sizeof type, "Arrow type %.30s", from->format);
    c->want = WSF__CSV_SKIP;
    wsf__csv_tell(csv, WSF__NOTE_LEFT_OUT, k, 0, type);
    return WSF_OK;
  }
  (void)wsf__fail(err, WSF_E_DATA, "column '%s' has the Arrow type %s%s%s, %s expected", c->name,
                  from->format, from->text_format ? " with dictionary " : "",
                  from->text_format ? from->text_format : "",
                  c->want == WSF__CSV_TIME     ? "dates, times, whole numbers or texts"
                  : c->want == WSF__CSV_NUMBER ? "numbers"
                                               : "texts or whole numbers");
  wsf__error_at_field(err, c->name);
  return WSF_E_DATA;
}

/* ---- rows --------------------------------------------------------------------------------- */

/* A grown array in place of *array; false if memory ran out and it stays. */
static bool grow(const wsf__csv *csv, void *array, size_t size) {
  void **at = array;
  void *grown = wsf__resize(&csv->env->alloc, *at, (size_t)csv->arrow->capacity, size);
  if (grown) *at = grown;
  return grown != NULL;
}

static wsf_status reserve(wsf__csv *csv, int64_t rows, wsf_error *err) {
  struct wsf__arrow_table *t = csv->arrow;
  int64_t need;
  if (__builtin_add_overflow(csv->rows, rows, &need) || need > INT64_MAX / 64) {
    return wsf__fail_memory(err);
  }
  WSF__TRY(wsf__limit_check(&csv->env->limits, WSF__MOST_rows, need, err));
  if (need <= t->capacity && csv->line) return WSF_OK;
  t->capacity += t->capacity / 2 + 64;
  if (t->capacity < need) t->capacity = need;
  bool all = grow(csv, &csv->line, sizeof *csv->line);
  for (int k = 0; all && k < csv->n_columns; ++k) {
    wsf__csv_column *c = &csv->column[k];
    if (c->want == WSF__CSV_TIME) all = grow(csv, &c->time, sizeof *c->time);
    if (c->want == WSF__CSV_NUMBER || c->want == WSF__CSV_FLAG) {
      all = grow(csv, &c->number, sizeof *c->number);
    }
    if (c->want == WSF__CSV_KEY || c->want == WSF__CSV_CATEGORY) {
      all = grow(csv, &c->code, sizeof *c->code);
    }
  }
  return all ? WSF_OK : wsf__fail_memory(err);
}

static wsf_status read_column(wsf__csv *csv, int k, const struct ArrowArray *batch,
                              wsf_error *err) {
  wsf__csv_column *c = &csv->column[k];
  wsf__arrow_cells cells;
  if (c->want == WSF__CSV_SKIP) return WSF_OK;
  WSF__TRY(wsf__arrow_cells_of(&cells, csv->env, &csv->arrow->column[k], batch->children[k], batch,
                               csv->rows, err));
  if (c->time) {
    return wsf__arrow_read_times(&cells, c->time + csv->rows, &c->time_form, &c->zoned, &c->grain,
                                 &csv->given_time);
  }
  if (c->number) return wsf__arrow_read_numbers(&cells, c->number + csv->rows);
  int32_t *code = c->code + csv->rows;
  WSF__TRY(wsf__arrow_read_labels(&cells, &c->words, code));
  for (int64_t i = 0; i < batch->length; ++i) {
    if (code[i] >= 0 && c->words.entry[code[i]].length > 0) continue;
    if (c->want == WSF__CSV_KEY) {
      return wsf__arrow_fail(&cells, i, "has no value, a key was expected");
    }
    code[i] = -1; /* as in a file, an empty text is a missing one */
  }
  return WSF_OK;
}

static wsf_status read_batch(wsf__csv *csv, const struct ArrowArray *batch, wsf_error *err) {
  WSF__TRY(wsf__arrow_check_batch(batch, csv->n_columns, csv->rows, err));
  if (batch->length == 0) return WSF_OK;
  WSF__TRY(reserve(csv, batch->length, err));
  for (int k = 0; k < csv->n_columns; ++k) WSF__TRY(read_column(csv, k, batch, err));
  for (int64_t i = 0; i < batch->length; ++i) csv->line[csv->rows + i] = csv->rows + i + 1;
  csv->rows += batch->length;
  return WSF_OK;
}

static bool two_valued(const double *x, int64_t n) {
  bool any = false;
  for (int64_t i = 0; i < n; ++i) {
    if (isnan(x[i])) continue;
    if (x[i] != 0 && x[i] != 1) return false;
    any = true;
  }
  return any;
}

static wsf_status read_rows(wsf__csv *csv, wsf_error *err) {
  struct ArrowArrayStream *stream = &csv->arrow->stream;
  for (int k = 0; k < csv->n_columns; ++k) {
    WSF__TRY(check_want(csv, k, err));
  }
  WSF__TRY(reserve(csv, 0, err));
  for (;;) {
    WSF__TRY(wsf__checkpoint(csv->env, "read", csv->rows, -1, err));
    struct ArrowArray batch = {0};
    WSF__TRY(wsf__arrow_check_stream(stream, stream->get_next(stream, &batch), WSF_E_IO, err));
    if (!batch.release) break;
    const wsf_status status = read_batch(csv, &batch, err);
    batch.release(&batch);
    if (status != WSF_OK) return status;
  }
  csv->read = csv->rows;
  for (int k = 0; k < csv->n_columns; ++k) {
    wsf__csv_column *c = &csv->column[k];
    c->flag = c->want == WSF__CSV_FLAG || (c->number && two_valued(c->number, csv->rows));
    if (!c->time) continue;
    if (c->time_form == 0) c->time_form = WSF__FORM_DATE; /* no rows */
    c->style = csv->given_time;
    WSF__TRY(
        wsf__settle_whole(c->time, csv->rows, &c->time_form, &c->style, &c->seen, csv->env, err));
    if (c->style.grain > c->grain) c->grain = c->style.grain;
  }
  return WSF_OK;
}

wsf_status wsf__arrow_table_read(wsf__csv *csv, wsf_error *err) {
  const wsf_status status = read_rows(csv, err);
  if (status != WSF_OK) wsf__error_at_file(err, csv->file);
  return status;
}
