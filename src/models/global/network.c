/* The network's weights, and the way through them and back. */
#include "models/global/network.h"

#include <math.h>
#include <string.h>

bool wsf__network_settle(wsf__network *net) {
  const int64_t most = (int64_t)1 << 28;
  int64_t at = 0;
  int dims = 0;
  for (int l = 0; l < net->layers; ++l) {
    net->layer_at[l] = at;
    at += wsf__layer_weights(&net->layer[l]);
    if (at > most) return false;
  }
  for (int k = 0; k < net->n_tables; ++k) {
    net->table[k].at = at;
    at += (int64_t)net->table[k].labels * net->table[k].dims;
    dims += net->table[k].dims;
    if (at > most) return false;
  }
  net->context = (wsf__dense){net->layer[net->layers - 1].hidden + dims, net->width};
  net->head = (wsf__dense){net->width, net->says};
  net->context_at = at;
  net->ahead_at = net->context_at + wsf__dense_weights(&net->context);
  net->head_at = net->ahead_at + (int64_t)net->ahead * net->width;
  net->n = net->head_at + wsf__dense_weights(&net->head);
  return net->n <= most;
}

static void uniform(wsf__rng *r, float *weight, int64_t n, double most) {
  for (int64_t i = 0; i < n; ++i) weight[i] = (float)((2 * wsf__rng_uniform(r) - 1) * most);
}

/* Cells begin as PyTorch's, but that they remember at first (Jozefowicz and others 2015); the head
 * begins by saying nothing beyond what was taken off. */
void wsf__network_begin(const wsf__network *net, wsf__rng *r, float *weight) {
  for (int l = 0; l < net->layers; ++l) {
    const wsf__layer *c = &net->layer[l];
    const int64_t n = wsf__layer_weights(c), hidden = c->hidden;
    float *w = weight + net->layer_at[l], *bias = w + n - 4 * hidden;
    uniform(r, w, n, 1 / sqrt((double)hidden));
    for (int64_t j = 0; j < hidden; ++j) bias[hidden + j] += 1;
  }
  for (int k = 0; k < net->n_tables; ++k) {
    const wsf__embedding *e = &net->table[k];
    uniform(r, weight + e->at, (int64_t)e->labels * e->dims, 0.1);
  }
  uniform(r, weight + net->context_at, wsf__dense_weights(&net->context),
          1 / sqrt((double)net->context.in));
  uniform(r, weight + net->ahead_at, (int64_t)net->ahead * net->width,
          1 / sqrt((double)net->ahead));
  memset(weight + net->head_at, 0, (size_t)wsf__dense_weights(&net->head) * sizeof *weight);
}

static float *room(wsf__arena *scratch, int64_t rows, int64_t width) {
  size_t n;
  if (!wsf__mul((size_t)rows, (size_t)width, &n)) return NULL;
  return wsf__arena_zero(scratch, n, sizeof(float));
}

bool wsf__samples_room(wsf__samples *s, const wsf__network *net, bool backward,
                       wsf__arena *scratch) {
  const int64_t rows = s->origins * s->n, far = rows * s->horizon, width = net->width;
  bool done = true;
  for (int l = 0; l < net->layers; ++l) {
    const int64_t hidden = net->layer[l].hidden, all = (s->steps + net->layer[l].dilation) * s->n;
    s->gate[l] = backward ? room(scratch, s->steps * s->n, 4 * hidden) : NULL;
    s->cell[l] = room(scratch, all, hidden);
    s->out[l] = room(scratch, all, hidden);
    s->d_out[l] = backward ? room(scratch, all, hidden) : NULL;
    s->d_cell[l] = backward ? room(scratch, all, hidden) : NULL;
    s->room[l] = room(scratch, wsf__layer_room(&net->layer[l]), 1);
    done = done && s->cell[l] && s->out[l] && s->room[l];
    done = done && (!backward || (s->gate[l] && s->d_out[l] && s->d_cell[l]));
  }
  s->x = room(scratch, s->steps * s->n, net->layer[0].in);
  s->code = wsf__arena_zero(scratch, (size_t)(s->n * net->n_tables), sizeof *s->code);
  s->ahead = room(scratch, far, net->ahead);
  s->raw = room(scratch, far, net->says);
  s->context = room(scratch, rows, net->context.in);
  s->mixed = room(scratch, rows, width);
  s->wide = room(scratch, far, width);
  s->d_context = backward ? room(scratch, rows, net->context.in) : NULL;
  s->d_mixed = backward ? room(scratch, rows, width) : NULL;
  s->d_wide = backward ? room(scratch, far, width) : NULL;
  done = done && s->x && s->code && s->ahead && s->raw && s->context && s->mixed && s->wide;
  return done && (!backward || (s->d_context && s->d_mixed && s->d_wide));
}

bool wsf__samples_ask(wsf__samples *s, const wsf__network *net, wsf__arena *scratch) {
  s->d_x = room(scratch, s->steps * s->n, net->layer[0].in);
  s->d_ahead = room(scratch, s->origins * s->n * s->horizon, net->ahead);
  return s->d_x && s->d_ahead;
}

bool wsf__samples_drop(wsf__samples *s, const wsf__network *net, double share, wsf__rng *r,
                       wsf__arena *scratch) {
  const uint32_t least = (uint32_t)(share * 4294967296.0);
  const float weight = (float)(1 / (1 - share));
  for (int l = 0; l < net->layers; ++l) {
    const bool top = l == net->layers - 1;
    const int64_t rows = (top ? s->origins : s->steps) * s->n, hidden = net->layer[l].hidden;
    s->stays[l] = room(scratch, rows, hidden);
    s->read[l] = top ? NULL : room(scratch, rows, hidden);
    if (!s->stays[l] || (!top && !s->read[l])) return false;
    for (int64_t j = 0; j < rows * hidden; ++j) {
      if (wsf__rng_u32(r) >= least) s->stays[l][j] = weight;
    }
  }
  return true;
}

/* y = x stays; of what is left out nothing becomes. */
static void leave_out(int64_t n, const float *x, const float *stays, float *y) {
  for (int64_t j = 0; j < n; ++j) y[j] = x[j] * stays[j];
}

static wsf__layer_run run_of(const wsf__network *net, const wsf__samples *s, int l) {
  const wsf__layer *below = l > 0 ? &net->layer[l - 1] : NULL;
  const float *x = below ? s->out[l - 1] + below->dilation * s->n * below->hidden : s->x;
  if (below && s->stays[l - 1]) x = s->read[l - 1];
  return (wsf__layer_run){.steps = s->steps,
                          .batch = s->n,
                          .x = x,
                          .gate = s->gate[l],
                          .cell = s->cell[l],
                          .out = s->out[l],
                          .room = s->room[l]};
}

/* What a layer says, or what became of it, at the first origin. */
static float *origin_of(const wsf__network *net, const wsf__samples *s, float *const out[]) {
  const int l = net->layers - 1;
  const wsf__layer *top = &net->layer[l];
  return out[l] + (top->dilation + s->steps - s->origins) * s->n * top->hidden;
}

void wsf__network_read(const wsf__network *net, const float *weight, wsf__samples *s) {
  for (int l = 0; l < net->layers; ++l) {
    const wsf__layer_run run = run_of(net, s, l);
    wsf__layer_forward(&net->layer[l], weight + net->layer_at[l], &run);
    if (!s->stays[l] || l == net->layers - 1) continue;
    const int64_t row = s->n * net->layer[l].hidden;
    leave_out(s->steps * row, s->out[l] + net->layer[l].dilation * row, s->stays[l], s->read[l]);
  }
}

/* The numbers of a sample's label in a table, or NULL. */
static int64_t label_at(const wsf__network *net, const wsf__samples *s, int64_t i, int k) {
  const wsf__embedding *e = &net->table[k];
  const int32_t code = s->code[i * net->n_tables + k];
  return code >= 0 && code < e->labels ? e->at + (int64_t)code * e->dims : -1;
}

void wsf__network_say(const wsf__network *net, const float *weight, wsf__samples *s) {
  const int64_t rows = s->origins * s->n, hidden = net->layer[net->layers - 1].hidden;
  const float *top = origin_of(net, s, s->out), *stays = s->stays[net->layers - 1];
  for (int64_t r = 0; r < rows; ++r) {
    float *to = s->context + r * net->context.in;
    memcpy(to, top + r * hidden, (size_t)hidden * sizeof *to);
    if (stays) leave_out(hidden, to, stays + r * hidden, to);
    to += hidden;
    for (int k = 0; k < net->n_tables; ++k) {
      const int64_t at = label_at(net, s, r % s->n, k);
      for (int d = 0; d < net->table[k].dims; ++d) *to++ = at < 0 ? 0 : weight[at + d];
    }
  }
  wsf__dense_forward(&net->context, weight + net->context_at, rows, s->context, s->mixed);
  for (int64_t r = 0; r < rows * s->horizon; ++r) {
    memcpy(s->wide + r * net->width, s->mixed + r / s->horizon * net->width,
           (size_t)net->width * sizeof *s->wide);
  }
  wsf__gemm(rows * s->horizon, net->width, net->ahead, s->ahead, net->ahead, 1,
            weight + net->ahead_at, net->width, 1, s->wide, net->width);
  wsf__tanh_forward(rows * s->horizon * net->width, s->wide);
  wsf__dense_forward(&net->head, weight + net->head_at, rows * s->horizon, s->wide, s->raw);
}

void wsf__network_learn(const wsf__network *net, const float *weight, wsf__samples *s,
                        float *gradient) {
  const int64_t rows = s->origins * s->n, far = rows * s->horizon, width = net->width;
  const int64_t hidden = net->layer[net->layers - 1].hidden;
  wsf__dense_backward(&net->head, weight + net->head_at, far, s->wide, s->raw,
                      gradient + net->head_at, s->d_wide);
  wsf__tanh_backward(far * width, s->wide, s->d_wide);
  wsf__gemm(net->ahead, width, far, s->ahead, 1, net->ahead, s->d_wide, width, 1,
            gradient + net->ahead_at, width);
  if (s->d_ahead) {
    wsf__gemm(far, net->ahead, width, s->d_wide, width, 1, weight + net->ahead_at, 1, width,
              s->d_ahead, net->ahead);
  }
  for (int64_t r = 0; r < far; ++r) {
    float *to = s->d_mixed + r / s->horizon * width;
    for (int64_t j = 0; j < width; ++j) to[j] += s->d_wide[r * width + j];
  }
  wsf__dense_backward(&net->context, weight + net->context_at, rows, s->context, s->d_mixed,
                      gradient + net->context_at, s->d_context);
  float *top = origin_of(net, s, s->d_out);
  const float *stays = s->stays[net->layers - 1];
  for (int64_t r = 0; r < rows; ++r) {
    const float *from = s->d_context + r * net->context.in;
    memcpy(top + r * hidden, from, (size_t)hidden * sizeof *top);
    if (stays) leave_out(hidden, top + r * hidden, stays + r * hidden, top + r * hidden);
    from += hidden;
    for (int k = 0; k < net->n_tables; ++k) {
      const int64_t at = label_at(net, s, r % s->n, k);
      for (int d = 0; d < net->table[k].dims; ++d, ++from) {
        if (at >= 0) gradient[at + d] += *from;
      }
    }
  }
  for (int l = net->layers - 1; l >= 0; --l) {
    const wsf__layer_run run = run_of(net, s, l);
    const wsf__layer *below = l > 0 ? &net->layer[l - 1] : NULL;
    float *dx = below ? s->d_out[l - 1] + below->dilation * s->n * below->hidden : s->d_x;
    wsf__layer_backward(&net->layer[l], weight + net->layer_at[l], &run, s->d_out[l], s->d_cell[l],
                        gradient + net->layer_at[l], dx);
    if (below && s->stays[l - 1]) {
      leave_out(s->steps * s->n * below->hidden, dx, s->stays[l - 1], dx);
    }
  }
}
