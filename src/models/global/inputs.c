#include "models/global/inputs.h"

#include "ingest/hint.h"

int wsf__inputs_past(const wsf__node *node) {
  return wsf__arg(node, "past")->n;
}

int64_t wsf__inputs_reach(const wsf__node *node) {
  return wsf__inputs_past(node) > 0;
}

static wsf_status find_past(int *out, const wsf__node *node, const wsf__panel *panel,
                            const char *name, wsf_error *err) {
  const char *trouble = NULL, *hint = ": past= takes numbers that change with time";
  char near[WSF__HINT_BYTES];
  *out = wsf__panel_find_column(panel, name);
  if (*out < 0) {
    wsf__column_hint(near, panel, name);
    trouble = "does not exist";
    hint = near;
  } else if (panel->column[*out].n_categories > 0) {
    trouble = "holds texts, not numbers";
  } else if (panel->column[*out].kind == WSF__STATIC) {
    trouble = "does not change with time";
  }
  if (!trouble) return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE, "column '%.100s' %s%s", name, trouble, hint);
  wsf__error_at_field(err, "past");
  wsf__error_at_byte(err, node->byte);
  return WSF_E_VALUE;
}

static wsf_status add_past(wsf__inputs *out, const wsf__node *node, wsf__arena *scratch,
                           wsf_error *err) {
  const wsf__value *names = wsf__arg(node, "past");
  out->panel = out->regressors.panel;
  out->n_past = names->n;
  out->n = (int64_t)out->regressors.n + names->n;
  out->past = wsf__arena_new(scratch, (size_t)names->n, sizeof *out->past);
  if (!out->past) return wsf__fail_memory(err);
  for (int i = 0; i < names->n; ++i) {
    WSF__TRY(find_past(&out->past[i], node, out->panel, names->strings[i], err));
  }
  return WSF_OK;
}

wsf_status wsf__inputs_find(wsf__inputs *out, const wsf__node *node, const wsf__panel *panel,
                            wsf__arena *scratch, wsf_error *err) {
  WSF__TRY(wsf__regressors_find(&out->regressors, node, panel, scratch, err));
  return add_past(out, node, scratch, err);
}

wsf_status wsf__inputs_find_for(wsf__inputs *out, const wsf__node *node, const wsf__panel *panel,
                                int64_t n, wsf__arena *scratch, wsf_error *err) {
  WSF__TRY(wsf__regressors_find_for(&out->regressors, node, panel, n, scratch, err));
  return add_past(out, node, scratch, err);
}

wsf_status wsf__inputs_read(wsf__inputs *in, const wsf__series *s, int64_t t, double *x) {
  bool whole;
  WSF__TRY(wsf__regressors_read(&in->regressors, s, t, x, &whole));
  x += in->regressors.n;
  for (int i = 0; i < in->n_past; ++i) {
    x[i] = wsf__panel_value_at(in->panel, in->past[i], s->id, s->t0 + t, s->t0 + s->n - 1);
  }
  return WSF_OK;
}
