#include "models/regressors.h"
#include "math/elementary.h"

#include "ingest/hint.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

wsf_status wsf__regressors_find(wsf__regressors *out, const wsf__node *node,
                                const wsf__panel *panel, wsf__arena *scratch, wsf_error *err) {
  const wsf__value *x = wsf__arg(node, "x");
  out->n = x->n;
  out->column = wsf__arena_new(scratch, (size_t)x->n, sizeof *out->column);
  if (!out->column) return wsf__fail_memory(err);
  for (int i = 0; i < x->n; ++i) {
    const int at = out->column[i] = wsf__panel_find_column(panel, x->strings[i]);
    const char *trouble = NULL;
    if (at < 0)
      trouble = "does not exist";
    else if (panel->column[at].kind == WSF__PAST)
      trouble = "is not known ahead";
    else if (panel->column[at].n_categories > 0)
      trouble = "holds texts, not numbers";
    else if (panel->column[at].kind == WSF__STATIC)
      trouble = "does not change with time";
    if (!trouble) continue;
    char hint[WSF__HINT_BYTES] = ": x= takes numbers known ahead";
    if (at < 0) wsf__column_hint(hint, panel, x->strings[i]);
    (void)wsf__fail(err, WSF_E_VALUE, "column '%.100s' %s%s", x->strings[i], trouble, hint);
    wsf__error_at_field(err, "x");
    wsf__error_at_byte(err, node->byte);
    return WSF_E_VALUE;
  }
  return WSF_OK;
}

bool wsf__regressors_read(const wsf__regressors *r, const wsf__panel *panel, const wsf__series *s,
                          int64_t t, double *x) {
  bool whole = true;
  for (int i = 0; i < r->n; ++i) {
    x[i] = wsf__panel_value_at(panel, r->column[i], s->id, s->t0 + t, s->t0 + s->n - 1);
    whole = whole && isfinite(x[i]);
  }
  return whole;
}

bool wsf__regressors_ahead(const wsf__regressors *r, const wsf__panel *frame, const wsf__series *s,
                           int64_t step, double *x) {
  return wsf__regressors_read(r, frame, s, s->n + step - 1, x);
}

/* The first step of h without a value, and its column; 0: there is none. */
static int64_t find_gap(const wsf__node *node, const wsf__panel *panel, const wsf__series *s,
                        int64_t h, const char **name) {
  const wsf__value *x = wsf__arg(node, "x");
  const int64_t end = s->t0 + s->n;
  int64_t first = 0;
  for (int i = 0; i < x->n; ++i) {
    const int column = wsf__panel_find_column(panel, x->strings[i]);
    if (column < 0) continue; /* wsf__regressors_find says so */
    for (int64_t step = 1; step <= (first ? first - 1 : h); ++step) {
      if (isfinite(wsf__panel_value_at(panel, column, s->id, end + step - 1, end - 1))) continue;
      first = step;
      *name = x->strings[i];
    }
  }
  return first;
}

bool wsf__regressors_reach(const wsf__node *node, const wsf__panel *panel, const wsf__series *s,
                           int64_t h) {
  const char *name;
  return find_gap(node, panel, s, h, &name) == 0;
}

wsf_status wsf__regressors_fail(wsf_error *err, const wsf__node *node, const wsf__panel *panel,
                                const wsf__series *s, int64_t h) {
  const char *name = "";
  char series[128], time[32];
  const int64_t step = find_gap(node, panel, s, h, &name);
  wsf__panel_label(panel, s->id, series, sizeof series);
  wsf__calendar_text(&panel->calendar, s->t0 + s->n + step - 1, time);
  (void)wsf__fail(err, WSF_E_DATA,
                  "column '%s' has no value%s%s at %s, expected one for every period of the "
                  "forecast",
                  name, *series ? " for series " : "", series, time);
  wsf__error_at_series(err, s->id);
  wsf__error_at_field(err, name);
  return WSF_E_DATA;
}

bool wsf__regressors_any(const wsf__node *node, const wsf__state *state) {
  (void)state;
  return wsf__arg(node, "x")->n > 0;
}

bool wsf__regressors_used(const wsf__node *node) {
  if (wsf__class_of(node)->regresses && wsf__arg(node, "x")->n > 0) return true;
  for (int i = 0; i < node->n_inner; ++i) {
    if (wsf__regressors_used(node->inner[i])) return true;
  }
  return false;
}

bool wsf__regressors_lack(const wsf__node *node, const wsf__panel *panel, const wsf__series *s,
                          int64_t h) {
  if (wsf__class_of(node)->regresses && !wsf__regressors_reach(node, panel, s, h)) return true;
  for (int i = 0; i < node->n_inner; ++i) {
    if (wsf__regressors_lack(node->inner[i], panel, s, h)) return true;
  }
  return false;
}

void wsf__fourier(int pairs, int64_t season, int64_t t, double *out) {
  for (int j = 1; j <= pairs; ++j) {
    const double angle = 2 * pi * (double)(j * t % season) / (double)season;
    *out++ = wsf__sin(angle);
    *out++ = wsf__cos(angle);
  }
}

int wsf__fourier_seen(int pairs, int64_t season, const int64_t *t, int64_t n, wsf__arena *scratch) {
  if (pairs == 0) return 0;
  bool *seen = wsf__arena_zero(scratch, (size_t)season, sizeof *seen);
  if (!seen) return -1;
  for (int64_t i = 0; i < n; ++i) seen[t[i] % season] = true;
  int64_t run = 0, widest = 0; /* twice round, for the stretch across the end */
  for (int64_t j = 0; j < 2 * season; ++j) {
    run = seen[j % season] ? 0 : run + 1;
    if (run > widest) widest = run;
  }
  const int64_t most = season / (2 * (widest + 1));
  return most < pairs ? (int)most : pairs;
}
