/* The columns that the tables of wsf_analyze share. */
#include "analysis/analysis_tables.h"

#include "panel/rows_out.h"

wsf_status wsf__analysis_begin(wsf_table **out, wsf__analysis *a, wsf__env *env, wsf_error *err) {
  a->n_rows = 0;
  for (int64_t i = 0; i < a->p->n; ++i) {
    a->at[i] = a->n_rows;
    a->n_rows += a->rows[i];
  }
  WSF__TRY(wsf__table_begin(out, env, a->n_rows, err));
  return wsf__panel_put_keys(*out, a->p, a->rows, err);
}

wsf_status wsf__analysis_add_reals(wsf_table *t, wsf__analysis *a, const char *const *name, int n,
                                   wsf_error *err) {
  for (int c = 0; c < n; ++c) WSF__TRY(wsf__table_add_f64(t, name[c], &a->real[c], err));
  return WSF_OK;
}

wsf_status wsf__analysis_add_time(wsf_table *t, wsf__analysis *a, wsf_error *err) {
  return wsf__table_add_i64(t, a->p->time_name, wsf__panel_time_type(a->p), &a->whole[0], err);
}
