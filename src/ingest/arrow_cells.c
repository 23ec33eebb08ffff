/* Arrays may have an offset, the struct around them too, dictionaries may differ from batch to
 * batch; what a dictionary's text means is looked up once. */
#include "ingest/arrow_cells.h"

#include "ingest/gather.h"
#include "ingest/zones.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

wsf_status wsf__arrow_fail(const wsf__arrow_cells *c, int64_t cell, const char *sentence) {
  (void)wsf__fail(c->err, WSF_E_DATA, "column '%s' %s", c->column->name, sentence);
  wsf__error_at_field(c->err, c->column->name);
  if (cell >= 0) wsf__error_at_row(c->err, c->before + cell + 1);
  return WSF_E_DATA;
}

enum { PIECE = 8192 }; /* cells that are read at a time */

/* ---- batches ------------------------------------------------------------------------------ */

wsf_status wsf__arrow_columns(const struct ArrowSchema *s, wsf__arena *arena,
                              wsf__arrow_column **out, wsf_error *err) {
  if (!s->format || strcmp(s->format, "+s") != 0) {
    return wsf__fail(err, WSF_E_DATA, "the stream has the Arrow type %s, a struct was expected",
                     s->format ? s->format : "(none)");
  }
  if (s->n_children < 0 || s->n_children > INT32_MAX / 2 || (s->n_children > 0 && !s->children)) {
    return wsf__fail(err, WSF_E_DATA, "the stream's schema has no list of columns");
  }
  *out = wsf__arena_new(arena, (size_t)s->n_children, sizeof **out);
  if (!*out) return wsf__fail_memory(err);
  for (int64_t c = 0; c < s->n_children; ++c) (*out)[c] = wsf__arrow_column_of(s->children[c]);
  return WSF_OK;
}

wsf_status wsf__arrow_check_batch(const struct ArrowArray *batch, int n_columns, int64_t before,
                                  wsf_error *err) {
  if (batch->length < 0 || batch->offset < 0 || batch->n_children != n_columns ||
      !batch->children) {
    return wsf__fail(err, WSF_E_DATA, "a batch of the stream does not follow its schema");
  }
  const void *valid = batch->n_buffers > 0 && batch->buffers ? batch->buffers[0] : NULL;
  for (int64_t i = 0; valid && batch->null_count != 0 && i < batch->length; ++i) {
    if (wsf__arrow_valid((wsf__arrow_slice){batch, 0, batch->length}, i)) continue;
    (void)wsf__fail(err, WSF_E_DATA, "a row of the stream is null as a whole");
    wsf__error_at_row(err, before + i + 1);
    return WSF_E_DATA;
  }
  return WSF_OK;
}

wsf_status wsf__arrow_check_stream(struct ArrowArrayStream *stream, int code, wsf_status status,
                                   wsf_error *err) {
  if (code == 0) return WSF_OK;
  const char *why = stream->get_last_error ? stream->get_last_error(stream) : NULL;
  return wsf__fail(err, status, "the stream failed with error %d%s%.300s", code, why ? ": " : "",
                   why ? why : "");
}

wsf_status wsf__arrow_cells_of(wsf__arrow_cells *out, const wsf__env *env,
                               const wsf__arrow_column *column, const struct ArrowArray *array,
                               const struct ArrowArray *batch, int64_t before, wsf_error *err) {
  *out = (wsf__arrow_cells){env, column, {array, batch->offset, batch->length}, before, err};
  if (wsf__arrow_fits(column, out->slice)) return WSF_OK;
  return wsf__arrow_fail(out, -1, "is shorter than its batch or has no buffers");
}

/* ---- numbers ------------------------------------------------------------------------------ */

wsf_status wsf__arrow_read_numbers(const wsf__arrow_cells *c, double *out) {
  for (int64_t from = 0; from < c->slice.n; from += PIECE) {
    const int64_t left = c->slice.n - from, n = left < PIECE ? left : PIECE;
    WSF__TRY(wsf__go_on(c->env, from, c->err));
    wsf__arrow_numbers(c->column, (wsf__arrow_slice){c->slice.array, c->slice.first + from, n},
                       out + from);
    for (int64_t i = from; i < from + n; ++i) {
      if (isinf(out[i])) return wsf__arrow_fail(c, i, "is infinite");
    }
  }
  return WSF_OK;
}

/* ---- texts -------------------------------------------------------------------------------- */

static bool is_text(const wsf__arrow_cells *c) {
  return c->column->is == WSF__ARROW_TEXT || c->column->is == WSF__ARROW_TEXT_CODE;
}

/* Texts of a slice, one after the other; those of a dictionary are looked at once. */
typedef struct texts {
  const wsf__arrow_cells *c;
  wsf__arrow_slice dictionary; /* TEXT_CODE */
  int64_t *seen;               /* [dictionary.n] what a caller made of it, -1 before */
} texts;

static wsf_status texts_open(texts *t, const wsf__arrow_cells *c) {
  *t = (texts){.c = c};
  if (c->column->is != WSF__ARROW_TEXT_CODE || c->slice.n == 0) return WSF_OK;
  const struct ArrowArray *d = c->slice.array->dictionary;
  const wsf__arrow_column as_text = {.format = c->column->text_format, .is = WSF__ARROW_TEXT};
  t->dictionary = (wsf__arrow_slice){d, 0, d->length};
  if (!wsf__arrow_fits(&as_text, t->dictionary)) {
    return wsf__arrow_fail(c, -1, "has a dictionary without its buffers");
  }
  t->seen = wsf__new(&c->env->alloc, (size_t)d->length, sizeof *t->seen);
  if (!t->seen) return wsf__fail_memory(c->err);
  for (int64_t i = 0; i < d->length; ++i) t->seen[i] = -1;
  return WSF_OK;
}

/* Text of cell i, NULL if missing, and where its meaning may be kept (NULL: nowhere). */
static wsf_status texts_get(texts *t, int64_t i, const char **text, size_t *length,
                            int64_t **seen) {
  wsf__arrow_slice s = t->c->slice;
  const char *format = t->c->column->format;
  int64_t at = i;
  WSF__TRY(wsf__go_on(t->c->env, i, t->c->err));
  *text = NULL;
  *seen = NULL;
  if (!wsf__arrow_valid(s, i)) return WSF_OK;
  if (t->seen) {
    if (!wsf__arrow_integer(t->c->column, s, i, &at) || at < 0 || at >= t->dictionary.n) {
      return wsf__arrow_fail(t->c, i, "has a code that its dictionary does not have");
    }
    s = t->dictionary;
    format = t->c->column->text_format;
    *seen = &t->seen[at];
    if (!wsf__arrow_valid(s, at)) return WSF_OK;
  }
  *text = wsf__arrow_text(format, s, at, length);
  if (!*text) return wsf__arrow_fail(t->c, i, "has text offsets that are not in order");
  return WSF_OK;
}

/* ---- labels ------------------------------------------------------------------------------- */

static wsf_status label_of(texts *t, wsf__dict *d, int64_t i, int32_t *code) {
  const char *text;
  size_t length;
  int64_t *seen;
  WSF__TRY(texts_get(t, i, &text, &length, &seen));
  *code = -1;
  if (!text) return WSF_OK;
  if (seen && *seen >= 0) {
    *code = (int32_t)*seen;
    return WSF_OK;
  }
  const wsf_status status = wsf__gather_label(code, d, text, length, t->c->err);
  if (status == WSF_E_DATA) {
    return wsf__arrow_fail(t->c, i, "has a text that is not valid UTF-8 or holds a NUL");
  }
  if (seen) *seen = *code;
  return status;
}

static wsf_status read_texts(const wsf__arrow_cells *c, wsf__dict *d, int32_t *code) {
  texts t;
  wsf_status status = texts_open(&t, c);
  for (int64_t i = 0; i < c->slice.n && status == WSF_OK; ++i) {
    status = label_of(&t, d, i, &code[i]);
  }
  wsf__delete(&c->env->alloc, t.seen);
  return status;
}

wsf_status wsf__arrow_read_labels(const wsf__arrow_cells *c, wsf__dict *d, int32_t *code) {
  if (is_text(c)) return read_texts(c, d, code);
  const wsf__arrow_slice s = c->slice;
  int64_t before = 0, x = 0, last = -1; /* of the labels so far */
  for (int64_t i = 0; i < s.n; ++i) {
    WSF__TRY(wsf__go_on(c->env, i, c->err));
    code[i] = -1;
    if (!wsf__arrow_valid(s, i)) continue;
    if (c->column->is == WSF__ARROW_BOOL) {
      double truth;
      wsf__arrow_numbers(c->column, (wsf__arrow_slice){s.array, s.first + i, 1}, &truth);
      x = (int64_t)truth;
    } else if (!wsf__arrow_integer(c->column, s, i, &x)) {
      return wsf__arrow_fail(c, i, "has a whole number beyond 63 bits");
    }
    /* rows mostly come series by series */
    if (last >= 0 && x == before) {
      code[i] = code[last];
    } else {
      char text[24];
      const int length = snprintf(text, sizeof text, "%" PRId64, x);
      WSF__TRY(wsf__gather_label(&code[i], d, text, (size_t)length, c->err));
    }
    before = x;
    last = i;
  }
  return WSF_OK;
}

/* ---- times -------------------------------------------------------------------------------- */

/* As in text: whole numbers of at most 15 digits. */
#define MOST_INTEGER INT64_C(1000000000000000)

static wsf_status refuse_time(const wsf__arrow_cells *c, int64_t cell, wsf_status status) {
  wsf__error_at_field(c->err, c->column->name);
  wsf__error_at_row(c->err, c->before + cell + 1);
  return status;
}

static wsf_status read_text_time(wsf__time *out, const wsf__arrow_cells *c, int64_t cell,
                                 const char *text, size_t length, const wsf__time_style *given) {
  const wsf_status status = wsf__time_read_given(out, text, length, given, WSF_E_DATA, c->err);
  return status == WSF_OK ? status : refuse_time(c, cell, status);
}

static wsf_status read_number_times(const wsf__arrow_cells *c, int64_t *time, int32_t *form) {
  const wsf__arrow_slice s = c->slice;
  const bool integer = c->column->is == WSF__ARROW_INTEGER;
  for (int64_t i = 0; i < s.n; ++i) {
    WSF__TRY(wsf__go_on(c->env, i, c->err));
    if (!wsf__arrow_valid(s, i)) return wsf__arrow_fail(c, i, "has no value, a time was expected");
    const bool ok = integer ? wsf__arrow_integer(c->column, s, i, &time[i]) &&
                                  time[i] <= MOST_INTEGER && time[i] >= -MOST_INTEGER
                            : wsf__arrow_seconds(c->column, s, i, &time[i]);
    if (!ok) {
      return wsf__arrow_fail(c, i,
                             integer ? "has a whole number of more than 15 digits"
                                     : "has a time outside the years 1 to 99999");
    }
  }
  return wsf__form_agree(form,
                         integer                            ? WSF__FORM_INTEGER
                         : c->column->is == WSF__ARROW_DATE ? WSF__FORM_DATE
                                                            : WSF__FORM_TIME,
                         c->column->name, c->err);
}

/* Whole numbers that dateformat= says how to read. */
static wsf_status read_coded_times(const wsf__arrow_cells *c, int64_t *time, int32_t *form,
                                   int32_t *grain, const wsf__time_style *given) {
  int32_t whole = 0;
  WSF__TRY(read_number_times(c, time, &whole));
  for (int64_t i = 0; i < c->slice.n; ++i) {
    char text[24];
    wsf__time t;
    WSF__TRY(wsf__go_on(c->env, i, c->err));
    const int length = snprintf(text, sizeof text, "%" PRId64, time[i]);
    WSF__TRY(read_text_time(&t, c, i, text, (size_t)length, given));
    time[i] = t.value;
    if (t.grain > *grain) *grain = t.grain;
    WSF__TRY(wsf__form_agree(form, t.form, c->column->name, c->err));
  }
  return WSF_OK;
}

static wsf_status read_text_times(const wsf__arrow_cells *c, int64_t *time, int32_t *form,
                                  int *zoned, int32_t *grain, const wsf__time_style *given) {
  texts t;
  wsf_status status = texts_open(&t, c);
  for (int64_t i = 0; i < c->slice.n && status == WSF_OK; ++i) {
    const char *text;
    size_t length;
    int64_t *seen; /* a code that was parsed before: any row that had it */
    status = texts_get(&t, i, &text, &length, &seen);
    if (status != WSF_OK) break;
    if (text && seen && *seen >= 0) {
      time[i] = time[*seen];
      continue;
    }
    wsf__time parsed;
    if (!text) {
      status = wsf__arrow_fail(c, i, "has no value, a time was expected");
      break;
    }
    status = read_text_time(&parsed, c, i, text, length, given);
    if (status != WSF_OK) break;
    time[i] = parsed.zoned ? wsf__zoned_pack(parsed) : parsed.value;
    if (seen) *seen = i;
    if (parsed.grain > *grain) *grain = parsed.grain;
    status = wsf__zoned_agree(zoned, parsed.zoned, c->column->name, c->err);
    if (status == WSF_OK) status = wsf__form_agree(form, parsed.form, c->column->name, c->err);
    if (status != WSF_OK) (void)refuse_time(c, i, status);
  }
  wsf__delete(&c->env->alloc, t.seen);
  return status;
}

wsf_status wsf__arrow_read_times(const wsf__arrow_cells *c, int64_t *time, int32_t *form,
                                 int *zoned, int32_t *grain, const wsf__time_style *given) {
  if (is_text(c)) return read_text_times(c, time, form, zoned, grain, given);
  return given->format && c->column->is == WSF__ARROW_INTEGER
             ? read_coded_times(c, time, form, grain, given)
             : read_number_times(c, time, form);
}
