/* The history beside what was forecast of it one step ahead, as a table. */
#include "engine/drive.h"

#include <math.h>
#include <string.h>

static wsf_status fill_table(wsf_table *t, const wsf__fitted_panel *f, const wsf__ask *ask,
                             int64_t rows, wsf__arena *arena, wsf_error *err) {
  const wsf__panel *p = f->frame;
  int64_t *series = wsf__arena_new(arena, (size_t)rows, sizeof *series), *time, row = 0;
  double *target, *fitted, *residual;
  if (!series) return wsf__fail_memory(err);
  for (int64_t j = 0; j < ask->n; ++j) {
    const int64_t i = wsf__asked(ask, j);
    for (int64_t k = 0; k < p->length[i]; ++k) series[row++] = i;
  }
  WSF__TRY(wsf__table_add_keys(t, p, series, rows, 1, err));
  WSF__TRY(wsf__table_add_time(t, p, p->time_name, &time, err));
  WSF__TRY(wsf__table_add_f64(t, "target", &target, err));
  WSF__TRY(wsf__table_add_f64(t, "fitted", &fitted, err));
  WSF__TRY(wsf__table_add_f64(t, "residual", &residual, err));
  row = 0;
  for (int64_t j = 0; j < ask->n; ++j) {
    const int64_t i = wsf__asked(ask, j);
    WSF__TRY(wsf__table_goes_on(t, err));
    for (int64_t k = 0; k < p->length[i]; ++k, ++row) {
      time[row] = wsf__calendar_value(&p->calendar, p->first[i] + k);
      target[row] = f->y[i][k];
      fitted[row] = f->one_step[i][k];
      residual[row] = target[row] - fitted[row]; /* NaN where either is */
    }
  }
  return WSF_OK;
}

wsf_status wsf__view_fitted(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                            const wsf__node *node, wsf__arena *arena, wsf_error *err) {
  wsf__ask ask = {0};
  int64_t rows = 0;
  if (!f->y) {
    return wsf__fail(err, WSF_E_UNSUPPORTED,
                     "the forecaster kept no history: fit the model with fitted=true (--fitted)");
  }
  WSF__TRY(wsf__ask_series(&ask, arena, f->frame, wsf__arg(node, "series"), err));
  for (int64_t j = 0; j < ask.n; ++j) rows += f->frame->length[wsf__asked(&ask, j)];
  WSF__TRY(wsf__table_begin(t, env, rows, err));
  return fill_table(*t, f, &ask, rows, arena, err);
}
