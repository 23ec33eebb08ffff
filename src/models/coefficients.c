/* Named numbers with their standard errors. */
#include "models/coefficients.h"
#include "models/regressors.h"

#include <math.h>
#include <string.h>

static bool make_room(wsf__coefficients *c) {
  if (c->n < c->room) return true;
  const int64_t room = c->room ? 2 * c->room : 16;
  wsf__coefficient *row = wsf__arena_new(c->arena, (size_t)room, sizeof *row);
  if (!row) return false;
  if (c->n > 0) memcpy(row, c->row, (size_t)c->n * sizeof *row);
  c->row = row;
  c->room = room;
  return true;
}

static void add(wsf__coefficients *out, wsf__coefficient one) {
  if (!make_room(out)) {
    out->failed = true;
    return;
  }
  if (out->n < out->errors.n) one.error = out->errors.v[out->n];
  out->row[out->n++] = one;
}

/* A state that is no fit's may have coefficients for other columns than x= makes. */
const char *const *wsf__coefficient_names(const wsf__coefficients *out, const wsf__node *node,
                                          int64_t n) {
  wsf__regressors r;
  wsf_error err;
  const wsf_status status = wsf__regressors_find_for(&r, node, out->frame, n, out->arena, &err);
  if (status == WSF_OK) return r.name;
  const char **name =
      status == WSF_E_MEMORY ? NULL : wsf__arena_new(out->arena, (size_t)n, sizeof *name);
  for (int64_t i = 0; name && i < n; ++i) name[i] = "?";
  return name;
}

void wsf__coefficient_add(wsf__coefficients *out, const char *name, int64_t index, double estimate,
                          double error) {
  add(out, (wsf__coefficient){.name = name, .index = index, .estimate = estimate, .error = error});
}

void wsf__coefficient_regressor(wsf__coefficients *out, const char *column, double estimate,
                                double error) {
  add(out, (wsf__coefficient){.name = column,
                              .regressor = true,
                              .left_out = isnan(error),
                              .estimate = estimate,
                              .error = error});
}

void wsf__coefficient_column(wsf__coefficients *out, const char *column, double estimate) {
  add(out,
      (wsf__coefficient){.name = column, .regressor = true, .estimate = estimate, .error = NAN});
}

void wsf__coefficient_design(wsf__coefficients *out, const wsf__node *node, int k, const double *b,
                             const double *cover, double unit, double variance) {
  const char *const *names = wsf__coefficient_names(out, node, k);
  if (!names) {
    out->failed = true;
    return;
  }
  for (int j = 0; j < k; ++j) {
    double sum = 0;
    for (int row = 0; row < k; ++row) sum += cover[row * k + j] * cover[row * k + j];
    wsf__coefficient_regressor(out, names[j], b[j] * unit, sum > 0 ? sqrt(variance * sum) : NAN);
  }
}
