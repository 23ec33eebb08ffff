/* What each forecast is the sum of, as a table: predict again, and this time ask for components. */
#include "engine/drive.h"
#include "models/components.h"

#include <stdio.h>
#include <string.h>

/* Every component that some series has, in their order; a regressor is called x:COLUMN, so that no
 * column of the data can take another one's name. */
static wsf_status add_columns(wsf_table *t, const wsf__forecasts *r, const wsf__components **names,
                              double ***cells, wsf__arena *arena, wsf_error *err) {
  wsf__components *all = wsf__components_new(arena, 1);
  if (!all) return wsf__fail_memory(err);
  const wsf__forecast collect = {.h = 1, .components = all};
  for (int64_t j = 0; j < r->n; ++j) {
    const wsf__components *c = r->components[j];
    for (int k = 0; k < c->n; ++k) {
      if (c->row[k].regressor)
        wsf__explain_regressor(&collect, 0, c->row[k].name, 1);
      else
        wsf__explain(&collect, 0, c->row[k].name, 1);
    }
  }
  *names = all;
  *cells = wsf__arena_new(arena, (size_t)all->n, sizeof **cells);
  if (all->failed || !*cells) return wsf__fail_memory(err);
  for (int k = 0; k < all->n; ++k) {
    const wsf__component *row = &all->row[k];
    const size_t size = strlen(row->name) + sizeof "x:";
    char *name = wsf__arena_new(arena, size, 1);
    if (!name) return wsf__fail_memory(err);
    (void)snprintf(name, size, "%s%s", row->regressor ? "x:" : "", row->name);
    WSF__TRY(wsf__table_add_f64(t, name, &(*cells)[k], err));
  }
  return WSF_OK;
}

/* The row of a component; NULL: this series has none. */
static const double *find(const wsf__components *c, const wsf__component *like) {
  for (int k = 0; k < c->n; ++k) {
    const wsf__component *row = &c->row[k];
    if (row->regressor == like->regressor && strcmp(row->name, like->name) == 0) return row->value;
  }
  return NULL;
}

static wsf_status fill_table(wsf_table *t, const wsf__forecasts *r, wsf__arena *arena,
                             wsf_error *err) {
  const wsf__panel *p = r->frame;
  const wsf__components *names;
  double *mean, **cells;
  int64_t *time;
  WSF__TRY(wsf__table_add_keys(t, p, NULL, r->n, r->h, err));
  WSF__TRY(wsf__table_add_time(t, p, p->time_name, &time, err));
  WSF__TRY(wsf__table_add_f64(t, "forecast", &mean, err));
  WSF__TRY(add_columns(t, r, &names, &cells, arena, err));
  const size_t bytes = (size_t)r->h * sizeof *mean;
  for (int64_t j = 0; j < r->n; ++j) {
    const int64_t start = p->first[j] + p->length[j], row = j * r->h;
    WSF__TRY(wsf__table_goes_on(t, err));
    for (int64_t step = 0; step < r->h; ++step) {
      time[row + step] = wsf__calendar_value(&p->calendar, start + step);
    }
    memcpy(mean + row, r->mean + row, bytes);
    for (int k = 0; k < names->n; ++k) {
      const double *value = find(r->components[j], &names->row[k]);
      if (value) memcpy(cells[k] + row, value, bytes);
    }
  }
  return WSF_OK;
}

wsf_status wsf__view_components(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                                const wsf__node *node, wsf__arena *arena, wsf_error *err) {
  wsf__ask ask = {.h = wsf__arg_int(node, "horizon"), .components = true};
  wsf__forecasts all;
  WSF__TRY(wsf__ask_floor(&ask, node, err));
  WSF__TRY(wsf__env_ready(env, err));
  WSF__TRY(wsf__ask_series(&ask, arena, f->frame, wsf__arg(node, "series"), err));
  WSF__TRY(wsf__engine_forecast(&all, env, arena, f, &ask, err));
  WSF__TRY(wsf__table_begin(t, env, all.n * all.h, err));
  return fill_table(*t, &all, arena, err);
}
