/* Named numbers with their standard errors. */
#include "models/coefficients.h"

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

void wsf__coefficient_add(wsf__coefficients *out, const char *name, int64_t index, double estimate,
                          double error) {
  add(out, (wsf__coefficient){name, index, false, estimate, error});
}

void wsf__coefficient_regressor(wsf__coefficients *out, const char *column, double estimate,
                                double error) {
  add(out, (wsf__coefficient){column, 0, true, estimate, error});
}
