/* What a network and its series have learnt, for people and other programs. */
#include "models/coefficients.h"
#include "models/global/sequence.h"
#include "models/weights.h"

static const char *const cells[WSF__MOST_LAYERS] = {"cells1", "cells2", "cells3", "cells4",
                                                    "cells5", "cells6", "cells7", "cells8"};

static void tell_cells(wsf__weights *out, const wsf__sequence *q, int l) {
  const wsf__layer *c = &q->net.layer[l];
  const int64_t wide = (c->kind == WSF__CELL_LSTM ? 4 : 3) * (int64_t)c->hidden;
  const float *w = q->weight + q->net.layer_at[l];
  wsf__weights_add(out, (wsf__weight_block){cells[l], "input", c->in, wide, w, NULL});
  w += c->in * wide;
  wsf__weights_add(out, (wsf__weight_block){cells[l], "state", c->hidden, wide, w, NULL});
  w += c->hidden * wide;
  wsf__weights_add(out, (wsf__weight_block){cells[l], "bias", 1, 4 * (int64_t)c->hidden, w, NULL});
}

static void tell_dense(wsf__weights *out, const char *layer, const wsf__dense *d, const float *w) {
  wsf__weights_add(out, (wsf__weight_block){layer, "input", d->in, d->out, w, NULL});
  w += (int64_t)d->in * d->out;
  wsf__weights_add(out, (wsf__weight_block){layer, "bias", 1, d->out, w, NULL});
}

void wsf__sequence_weights(const wsf__node *node, const wsf__panel *frame, const void *pool,
                           wsf__weights *out) {
  (void)node;
  const wsf__sequence *q = pool;
  const wsf__network *net = &q->net;
  wsf__weights_add(out, (wsf__weight_block){"columns", "mean", 1, q->inputs, NULL, q->centre});
  wsf__weights_add(out, (wsf__weight_block){"columns", "spread", 1, q->inputs, NULL, q->spread});
  for (int l = 0; l < net->layers; ++l) tell_cells(out, q, l);
  for (int k = 0; k < net->n_tables; ++k) {
    const wsf__embedding *e = &net->table[k];
    const char *key = k < frame->n_keys ? frame->key[k].name : "?";
    wsf__weights_add(
        out, (wsf__weight_block){"labels", key, e->labels, e->dims, q->weight + e->at, NULL});
  }
  tell_dense(out, "context", &net->context, q->weight + net->context_at);
  wsf__weights_add(out, (wsf__weight_block){"ahead", "input", net->ahead, net->width,
                                            q->weight + net->ahead_at, NULL});
  tell_dense(out, "head", &net->head, q->weight + net->head_at);
  if (q->head.widens) {
    wsf__weights_add(out, (wsf__weight_block){"head", "width", q->horizon, 1, NULL, q->width});
  }
}

void wsf__sequence_coefficients(const wsf__fitted *m, const wsf__series *s,
                                wsf__coefficients *out) {
  const wsf__state *state = &m->state[s->slot];
  const wsf__standing at = wsf__standing_of((double *)(uintptr_t)state->v, m->node, out->frame);
  wsf__coefficient_add(out, "network", 0, state->pool, NAN);
  wsf__coefficient_add(out, "scale", 0, *at.scale, NAN);
  wsf__coefficient_add(out, "level", 0, *at.level, NAN);
  wsf__coefficient_add(out, "gain_level", 0, at.gains[0], NAN);
  wsf__coefficient_add(out, "gain_season", 0, at.gains[1], NAN);
}
