/* The rows that someone asks forecasts for (Kaggle's test.csv), as a table beside the panel. */
#include "ingest/load.h"

#include "base/text.h"

static wsf_status put_key(wsf_table *t, const wsf__csv *csv, const wsf__csv_column *c, bool integer,
                          wsf_error *err) {
  int64_t *label = NULL, column;
  for (int32_t i = 0; i < c->words.n && integer; ++i) {
    int64_t x;
    integer = wsf__integer_parse(c->words.entry[i].text, (size_t)c->words.entry[i].length, &x);
  }
  if (!integer) {
    WSF__TRY(wsf__table_add_text(t, c->name, &column, err));
    for (int64_t i = 0; i < csv->rows; ++i) {
      const wsf__dict_entry *e = &c->words.entry[c->code[i]];
      WSF__TRY(wsf__table_put_n(t, column, e->text, (size_t)e->length, err));
    }
    return WSF_OK;
  }
  WSF__TRY(wsf__table_add_i64(t, c->name, WSF_TYPE_I64, &label, err));
  for (int64_t i = 0; i < csv->rows; ++i) {
    const wsf__dict_entry *e = &c->words.entry[c->code[i]];
    (void)wsf__integer_parse(e->text, (size_t)e->length, &label[i]);
  }
  return WSF_OK;
}

static wsf_status fill(wsf_table *t, const wsf__panel *p, const wsf__csv *csv, wsf__names keys,
                       const char *time, wsf_error *err) {
  for (int k = 0; k < keys.n; ++k) {
    const int key = wsf__panel_find_key(p, keys.name[k]);
    const bool integer = key >= 0 && p->key[key].integer;
    WSF__TRY(put_key(t, csv, &csv->column[wsf__csv_lookup(csv, keys.name[k])], integer, err));
  }
  const wsf__csv_column *c = &csv->column[wsf__csv_lookup(csv, time)];
  const int32_t type = c->time_form == WSF__FORM_DATE   ? WSF_TYPE_DATE
                       : c->time_form == WSF__FORM_TIME ? WSF_TYPE_TIME
                                                        : WSF_TYPE_I64;
  int64_t *cell = NULL;
  WSF__TRY(wsf__table_add_i64(t, c->name, type, &cell, err));
  for (int64_t i = 0; i < csv->rows; ++i) {
    cell[i] = type == WSF_TYPE_DATE ? c->time[i] / 86400 : c->time[i];
  }
  return WSF_OK;
}

wsf_status wsf__load_request(wsf__panel *p, wsf__env *env, const char *path, wsf__names keys,
                             const char *time, wsf_error *err) {
  wsf__csv csv;
  wsf_table *t = NULL;
  int k = 0;
  WSF__TRY(wsf__csv_open(&csv, env, path, (wsf__csv_format){0}, err));
  wsf_status status = WSF_OK;
  for (int i = 0; i < keys.n && status == WSF_OK; ++i) {
    status = wsf__csv_find(&csv, keys.name[i], &k, err);
    if (status == WSF_OK) csv.column[k].want = WSF__CSV_KEY;
  }
  if (status == WSF_OK) status = wsf__csv_find(&csv, time, &k, err);
  if (status == WSF_OK) {
    csv.column[k].want = WSF__CSV_TIME;
    status = wsf__csv_read(&csv, err);
  }
  if (status == WSF_OK) status = wsf__load_check(&csv, err);
  if (status == WSF_OK) status = wsf__table_create(&t, &p->arena.alloc, csv.rows, err);
  if (status == WSF_OK) status = fill(t, p, &csv, keys, time, err);
  if (status == WSF_OK) {
    wsf__report report;
    wsf__report_init(&report, &p->arena.alloc);
    wsf__report_csv(&report, &csv);
    status = wsf__report_attach(&report, p, err);
    wsf__report_free(&report);
  }
  if (status == WSF_OK) {
    wsf_table_release(p->request);
    p->request = t;
  } else {
    wsf_table_release(t);
    wsf__error_at_file(err, csv.file);
  }
  wsf__csv_close(&csv);
  return status;
}
