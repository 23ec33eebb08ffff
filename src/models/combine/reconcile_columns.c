/* How forecasts are made to agree, once it is known how their errors hang together: the weights of
 * series and sums, and columns of forecasts by the method asked for. */
#include "models/combine/reconcile.h"

enum { L = WSF__COLUMNS };

/* The variance of the errors of a series, in units of the largest; members: of a sum, else 1. */
static void weigh(wsf__reconciling *h, int64_t i, double members, double largest) {
  const wsf__reconcile_state *v = h->state[i];
  h->given[i] = !v;
  if (!v) return;
  h->share[i] = v->share;
  if (h->method == WSF__OLS || h->method == WSF__WLS_STRUCT) {
    h->noise[i] = h->method == WSF__OLS ? 1 : members;
    return;
  }
  const double size = largest > 0 ? v->size / largest : 0, variance = size * size;
  h->noise[i] = variance;
  if (h->method != WSF__MINT) return;
  const double seen = v->observed / (double)h->window;
  h->noise[i] = variance * (v->lambda + (1 - v->lambda) * fmax(1 - seen, 0));
  h->scale[i] = size * sqrt((1 - v->lambda) / (double)h->window);
  if (v->lambda < 1) h->projection.periods = h->window;
}

void wsf__reconcile_weigh(wsf__reconciling *h) {
  double largest = 0;
  for (int64_t i = 0; i < h->s.n; ++i) {
    if (h->state[i]) largest = fmax(largest, h->state[i]->size);
  }
  for (int64_t r = 0; r < h->s.n_sums; ++r) {
    weigh(h, h->s.sum[r], (double)(h->s.row[r + 1] - h->s.row[r]), largest);
  }
  for (int64_t j = 0; j < h->s.n_bottom; ++j) weigh(h, h->s.bottom[j], 1, largest);
  h->projection.s = &h->s;
  h->projection.noise = h->noise;
  h->projection.scale = h->scale;
  h->projection.x = h->x;
}

static bool hand_down(const wsf__reconciling *h, double *y, wsf__arena *scratch) {
  double *one = wsf__arena_new(scratch, (size_t)h->s.n, sizeof *one);
  double *work = wsf__arena_new(scratch, (size_t)h->s.n_sums, 2 * sizeof *work);
  if (!one || !work) return false;
  for (int c = 0; c < L; ++c) {
    for (int64_t i = 0; i < h->s.n; ++i) one[i] = y[i * L + c];
    wsf__hand_down(&h->s, &h->tree, h->shares ? h->share : NULL, h->given, one, work);
    for (int64_t i = 0; i < h->s.n; ++i) y[i * L + c] = one[i];
  }
  return true;
}

bool wsf__reconcile_columns(const wsf__reconciling *h, double *y, const bool *floored,
                            wsf__arena *scratch) {
  const wsf__mark mark = wsf__arena_mark(scratch);
  bool done = true;
  if (wsf__hands_down(h))
    done = hand_down(h, y, scratch);
  else if (h->method == WSF__BOTTOM_UP)
    wsf__add_up_columns(&h->s, y);
  else
    done = wsf__project(&h->projection, y, scratch);
  if (done && floored) done = wsf__project_nonnegative(&h->projection, floored, y, scratch);
  wsf__arena_reset(scratch, mark);
  return done;
}
