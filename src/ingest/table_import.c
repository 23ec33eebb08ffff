/* An Arrow struct array -> table, copied: numbers, dates, times and texts as they are, codes into a
 * dictionary as the texts that they stand for. */
#include "ingest/arrow_column.h"
#include "ingest/ingest.h"

#include <math.h>
#include <string.h>

static wsf_status fail_column(const wsf__arrow_column *c, const char *sentence, wsf_error *err) {
  (void)wsf__fail(err, WSF_E_DATA, "column '%.160s' %s", c->name, sentence);
  wsf__error_at_field(err, c->name);
  return WSF_E_DATA;
}

static bool whole(const wsf__arrow_column *c, wsf__arrow_slice s, int64_t i, int64_t *out) {
  if (c->is == WSF__ARROW_DATE || c->is == WSF__ARROW_TIME) {
    if (!wsf__arrow_seconds(c, s, i, out)) return false;
    if (c->is == WSF__ARROW_DATE) *out = wsf__floor_div(*out, 86400);
    return true;
  }
  return wsf__arrow_integer(c, s, i, out);
}

static wsf_status add_whole(wsf_table *t, const wsf__arrow_column *c, wsf__arrow_slice s,
                            wsf_error *err) {
  const int32_t type = c->is == WSF__ARROW_DATE   ? WSF_TYPE_DATE
                       : c->is == WSF__ARROW_TIME ? WSF_TYPE_TIME
                                                  : WSF_TYPE_I64;
  int64_t *cell;
  WSF__TRY(wsf__table_add_i64(t, c->name, type, &cell, err));
  for (int64_t i = 0; i < s.n; ++i) {
    if (!wsf__arrow_valid(s, i))
      wsf__table_set_null(t, wsf_table_columns(t) - 1, i);
    else if (!whole(c, s, i, &cell[i]))
      return fail_column(c, "holds a value beyond 64 bits or the years 1 to 99999", err);
  }
  return WSF_OK;
}

static wsf_status add_real(wsf_table *t, const wsf__arrow_column *c, wsf__arrow_slice s,
                           wsf_error *err) {
  if (c->format[0] == 'f') {
    float *cell;
    WSF__TRY(wsf__table_add_f32(t, c->name, &cell, err));
    wsf__arrow_floats(s, cell);
  } else {
    double *cell;
    WSF__TRY(wsf__table_add_f64(t, c->name, &cell, err));
    wsf__arrow_numbers(c, s, cell);
  }
  return WSF_OK;
}

static wsf_status add_text(wsf_table *t, const wsf__arrow_column *c, wsf__arrow_slice s,
                           wsf_error *err) {
  const bool coded = c->is == WSF__ARROW_TEXT_CODE;
  const struct ArrowArray *dictionary = coded ? s.array->dictionary : NULL;
  const wsf__arrow_slice words = {dictionary, 0, dictionary ? dictionary->length : 0};
  int64_t column;
  WSF__TRY(wsf__table_add_text(t, c->name, &column, err));
  for (int64_t i = 0; i < s.n; ++i) {
    const char *text = NULL;
    size_t length = 0;
    int64_t code = 0;
    if (!wsf__arrow_valid(s, i)) {
      WSF__TRY(wsf__table_put(t, column, NULL, err));
      continue;
    }
    if (!coded) {
      text = wsf__arrow_text(c->format, s, i, &length);
    } else if (wsf__arrow_integer(c, s, i, &code) && code >= 0 && code < words.n &&
               wsf__arrow_valid(words, code)) {
      text = wsf__arrow_text(c->text_format, words, code, &length);
    }
    if (!text) return fail_column(c, "holds a text outside its buffers or dictionary", err);
    WSF__TRY(wsf__table_put_n(t, column, text, length, err));
  }
  return WSF_OK;
}

static wsf_status add_column(wsf_table *t, const struct ArrowSchema *schema,
                             const struct ArrowArray *array, int64_t first, wsf_error *err) {
  const wsf__arrow_column c = wsf__arrow_column_of(schema);
  const wsf__arrow_slice s = {array, first, wsf_table_rows(t)};
  if (c.is == WSF__ARROW_OTHER) {
    (void)wsf__fail(err, WSF_E_DATA,
                    "column '%.160s' has the Arrow type %.64s, numbers, texts, dates or times "
                    "expected",
                    c.name, c.format);
    wsf__error_at_field(err, c.name);
    return WSF_E_DATA;
  }
  if (!wsf__arrow_fits(&c, s)) return fail_column(&c, "is shorter than its batch", err);
  if (c.is == WSF__ARROW_REAL) return add_real(t, &c, s, err);
  const bool text = c.is == WSF__ARROW_TEXT || c.is == WSF__ARROW_TEXT_CODE;
  return text ? add_text(t, &c, s, err) : add_whole(t, &c, s, err);
}

wsf_status wsf__ingest_table(wsf_table **out, const wsf__alloc *a, const struct ArrowSchema *schema,
                             const struct ArrowArray *array, wsf_error *err) {
  *out = NULL;
  if (!schema->format || strcmp(schema->format, "+s") != 0 || schema->n_children < 0 ||
      schema->n_children != array->n_children || array->length < 0 || array->offset < 0) {
    return wsf__fail(err, WSF_E_DATA, "the array is not the struct of columns that was expected");
  }
  wsf_table *t = NULL;
  wsf_status status = wsf__table_create(&t, a, array->length, err);
  for (int64_t c = 0; status == WSF_OK && c < schema->n_children; ++c) {
    status = add_column(t, schema->children[c], array->children[c], array->offset, err);
  }
  if (status == WSF_OK)
    *out = t;
  else
    wsf_table_release(t);
  return status;
}
