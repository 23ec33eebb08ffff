/* Rows handed over one by one, by wsf_builder_add. The values of a row are the columns that known,
 * past, static and columns name, in this order. */
#include "calendar/time_read.h"
#include "ingest/gather.h"
#include "ingest/zones.h"

#include "wire/wire.h"

#include <math.h>

struct wsf__collector {
  wsf__gather rows;
};

/* Whether the name is a key, the time, the target or a column already. */
static bool has_place(const wsf__gather *g, const char *name) {
  for (int k = 0; k < g->n_keys; ++k) {
    if (strcmp(g->key_name[k], name) == 0) return true;
  }
  for (int k = 0; k < g->n_columns; ++k) {
    if (strcmp(g->column[k].name, name) == 0) return true;
  }
  return strcmp(g->time_name, name) == 0 || (g->target_name && strcmp(g->target_name, name) == 0);
}

wsf_status wsf__collector_create(wsf__collector **out, wsf__env *env, const wsf__node *options,
                                 wsf_error *err) {
  *out = NULL;
  wsf__collector *c = wsf__new_zero(&env->alloc, 1, sizeof *c);
  if (!c) return wsf__fail_memory(err);
  wsf__gather *g = &c->rows;
  wsf_status status = wsf__gather_init(g, env, options, err);
  const wsf__names *const list[] = {&g->known, &g->past, &g->fixed, &g->columns};
  if (status == WSF_OK) {
    status = wsf__gather_columns(g, g->known.n + g->past.n + g->fixed.n + g->columns.n, err);
  }
  if (status != WSF_OK) {
    wsf__collector_free(c);
    return status;
  }
  for (size_t l = 0; l < sizeof list / sizeof *list; ++l) {
    for (int i = 0; i < list[l]->n; ++i) {
      const char *name = list[l]->name[i];
      const int32_t role = wsf__gather_role(g, name);
      if (list[l] == &g->columns && (role == 0 || has_place(g, name))) continue;
      wsf__gather_add_column(g, name, role, false);
    }
  }
  *out = c;
  return WSF_OK;
}

void wsf__collector_free(wsf__collector *c) {
  if (!c) return;
  const wsf__alloc a = c->rows.env->alloc;
  wsf__gather_free(&c->rows);
  wsf__delete(&a, c);
}

static wsf_status bad_cell(wsf_error *err, const char *field, const char *sentence) {
  const wsf_status status = wsf__fail(err, WSF_E_DATA, "%s", sentence);
  wsf__error_at_field(err, field);
  return status;
}

static wsf_status check_row(const wsf__gather *g, const char *const *keys, double target,
                            const double *columns, wsf_error *err) {
  if (g->n_keys > 0 && !keys) {
    return wsf__fail(err, WSF_E_ARGUMENT, "keys is NULL where %d texts were expected", g->n_keys);
  }
  if (g->n_columns > 0 && !columns) {
    return wsf__fail(err, WSF_E_ARGUMENT, "columns is NULL where %d numbers were expected",
                     g->n_columns);
  }
  for (int k = 0; k < g->n_keys; ++k) {
    const char *key = keys[k];
    if (!key || !*key) return bad_cell(err, g->key_name[k], "a key has no value");
    if (!wsf__utf8_valid(key, strlen(key))) {
      return bad_cell(err, g->key_name[k], "a key was found that is not valid UTF-8");
    }
  }
  if (isinf(target)) return bad_cell(err, g->target_name, "the target is infinite");
  for (int k = 0; k < g->n_columns; ++k) {
    if (isinf(columns[k])) return bad_cell(err, g->column[k].name, "a covariate is infinite");
  }
  return WSF_OK;
}

/* Everything is checked before a label is stored: a refused row leaves no trace. */
static wsf_status add_row(wsf__gather *g, const char *const *keys, const char *time, double target,
                          const double *columns, wsf_error *err) {
  wsf__time t;
  WSF__TRY(check_row(g, keys, target, columns, err));
  if (!time) time = "";
  const wsf_status status =
      wsf__time_read_given(&t, time, strlen(time), &g->style, WSF_E_DATA, err);
  if (status != WSF_OK) {
    wsf__error_at_field(err, g->time_name);
    return status;
  }
  WSF__TRY(wsf__gather_reserve(g, 1, err));
  WSF__TRY(wsf__zoned_agree(&g->zoned, t.zoned, g->time_name, err));
  WSF__TRY(wsf__form_agree(&g->form, t.form, g->time_name, err));
  for (int k = 0; k < g->n_keys; ++k) {
    WSF__TRY(wsf__gather_label(&g->code[k][g->n], &g->key[k], keys[k], strlen(keys[k]), err));
  }
  for (int k = 0; k < g->n_columns; ++k) g->column[k].value[g->n] = columns[k];
  g->time[g->n] = t.zoned ? wsf__zoned_pack(t) : t.value;
  g->target[g->n] = target;
  if (t.grain > g->grain) g->grain = t.grain;
  ++g->n;
  return WSF_OK;
}

wsf_status wsf__collector_add(wsf__collector *c, const char *const *keys, const char *time,
                              double target, const double *columns, wsf_error *err) {
  const wsf_status status = add_row(&c->rows, keys, time, target, columns, err);
  if (status == WSF_E_DATA) wsf__error_at_row(err, c->rows.n + 1);
  return status;
}

wsf_status wsf__collector_finish(wsf__panel **out, wsf__collector *c, wsf_error *err) {
  return wsf__gather_finish(out, &c->rows, err);
}
