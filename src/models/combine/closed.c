#include "models/combine/closed.h"

#include <math.h>

enum {
  LEAST_CLOSED = 3, /* periods that a column must have told of */
  MOST_EMPTY = 100  /* one open period of so many may sell nothing */
};

/* What was seen where a column has one of its two values. */
typedef struct seen {
  int64_t observed, empty;
} seen;

static void look(seen at[2], const wsf__panel *panel, int column, const wsf__batch *b,
                 wsf__watch *watch) {
  for (int64_t i = 0; i < b->n; ++i) {
    const wsf__series *s = &b->series[i];
    if (wsf__watch_ends(watch, 4 * (1 + s->n))) return;
    for (int64_t t = 0; t < s->n; ++t) {
      const double v = wsf__panel_value_at(panel, column, s->id, s->t0 + t, s->t0 + s->n - 1);
      if (isnan(s->y[t]) || isnan(v)) continue;
      ++at[v != 0].observed;
      at[v != 0].empty += s->y[t] == 0;
    }
  }
}

static bool tells(const seen *closed, const seen *open) {
  return closed->observed >= LEAST_CLOSED && closed->empty == closed->observed &&
         open->observed > 0 && open->empty <= open->observed / MOST_EMPTY;
}

wsf__closed wsf__closed_find(const wsf__panel *panel, const wsf__batch *b,
                             const wsf__arena *scratch) {
  wsf__watch watch = {.scratch = scratch};
  wsf__closed out = {-1, 0};
  int64_t most = 0;
  for (int c = 0; c < panel->n_columns; ++c) {
    const wsf__column *column = &panel->column[c];
    if (column->kind != WSF__KNOWN || !column->flag || column->n_categories > 0) continue;
    seen at[2] = {{0}};
    look(at, panel, c, b, &watch);
    for (int when = 0; when < 2; ++when) {
      if (!tells(&at[when], &at[!when]) || at[when].observed <= most) continue;
      most = at[when].observed;
      out = (wsf__closed){c, when};
    }
  }
  return out;
}

bool wsf__closed_at(const wsf__closed *c, const wsf__panel *panel, const wsf__series *s,
                    int64_t period) {
  if (c->column < 0) return false;
  const double v = wsf__panel_value_at(panel, c->column, s->id, period, s->t0 + s->n - 1);
  return !isnan(v) && (v != 0) == (c->when != 0);
}

void wsf__closed_mask(const wsf__closed *c, const wsf__panel *panel, wsf__series *s) {
  double *y = wsf__series_values(s);
  for (int64_t t = 0; t < s->n; ++t) {
    if (wsf__closed_at(c, panel, s, s->t0 + t)) y[t] = NAN;
  }
}

void wsf__closed_forecast(const wsf__closed *c, const wsf__panel *frame, const wsf__series *s,
                          wsf__forecast *out) {
  for (int64_t k = 0; k < out->h; ++k) {
    if (!wsf__closed_at(c, frame, s, s->t0 + s->n + k)) continue;
    for (int64_t r = 0; r < wsf__forecast_rows(out); ++r) wsf__forecast_row(out, r)[k] = 0;
  }
}
