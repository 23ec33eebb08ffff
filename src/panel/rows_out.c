#include "panel/rows_out.h"
#include "base/text.h"

#include <string.h>

int32_t wsf__panel_time_type(const wsf__panel *p) {
  return p->calendar.form == WSF__FORM_DATE   ? WSF_TYPE_DATE
         : p->calendar.form == WSF__FORM_TIME ? WSF_TYPE_TIME
                                              : WSF_TYPE_I64;
}

static wsf_status put_integers(wsf_table *t, const wsf__panel *p, const wsf__key *key,
                               const int64_t *repeat, wsf_error *err) {
  int64_t *cell;
  WSF__TRY(wsf__table_add_i64(t, key->name, WSF_TYPE_I64, &cell, err));
  const int64_t column = wsf_table_columns(t) - 1;
  int64_t row = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    const int32_t code = key->code[i];
    int64_t value = 0;
    WSF__TRY(wsf__table_goes_on(t, err));
    if (code >= 0) (void)wsf__integer_parse(key->label[code], strlen(key->label[code]), &value);
    for (int64_t r = repeat ? repeat[i] : 1; r > 0; --r, ++row) {
      cell[row] = value;
      if (code < 0) wsf__table_set_null(t, column, row);
    }
  }
  return WSF_OK;
}

static wsf_status put_texts(wsf_table *t, const wsf__panel *p, const wsf__key *key,
                            const int64_t *repeat, wsf_error *err) {
  int64_t column;
  WSF__TRY(wsf__table_add_text(t, key->name, &column, err));
  for (int64_t i = 0; i < p->n; ++i) {
    WSF__TRY(wsf__table_goes_on(t, err));
    const char *label = key->code[i] < 0 ? NULL : key->label[key->code[i]];
    const size_t length = label ? strlen(label) : 0;
    for (int64_t r = repeat ? repeat[i] : 1; r > 0; --r) {
      WSF__TRY(wsf__table_put_n(t, column, label, length, err));
    }
  }
  return WSF_OK;
}

wsf_status wsf__panel_put_keys(wsf_table *t, const wsf__panel *p, const int64_t *repeat,
                               wsf_error *err) {
  for (int k = 0; k < p->n_keys; ++k) {
    const wsf__key *key = &p->key[k];
    WSF__TRY(key->integer ? put_integers(t, p, key, repeat, err)
                          : put_texts(t, p, key, repeat, err));
  }
  return WSF_OK;
}
