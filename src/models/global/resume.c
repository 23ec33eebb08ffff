#include "models/global/resume.h"

#include <string.h>

/* What the earlier fit left of a series; NULL: nothing. */
static const wsf__state *state_of(const wsf__fitted *out, const wsf__series *s) {
  const int64_t row = out->warm ? out->warm->row[s->id] : -1;
  const wsf__state *state = row < 0 ? NULL : &out->warm->call->state[row];
  return state && state->pool > 0 ? state : NULL;
}

static wsf__standing standing_of(const wsf__fitted *out, const wsf__state *state) {
  return wsf__standing_of((double *)(uintptr_t)state->v, out->warm->call->node, out->warm->frame);
}

const wsf__sequence *wsf__resume_from(const wsf__fitted *out, const wsf__fellows *who) {
  for (int64_t j = 0; j < who->n; ++j) {
    const wsf__state *state = state_of(out, &who->b->series[who->at[j]]);
    if (state) return out->warm->call->pool[state->pool - 1];
  }
  return NULL;
}

wsf_status wsf__resume_check(const wsf__sequence *q, const wsf__sequence *old,
                             const wsf__node *node, wsf_error *err) {
  const wsf__network *a = &q->net, *b = &old->net;
  const char *what = NULL;
  if (q->head.kind != old->head.kind)
    what = "loss";
  else if (q->columns != old->columns || q->inputs != old->inputs)
    what = q->columns != old->columns ? "x" : "past";
  else if (a->layers != b->layers)
    what = "layers";
  for (int l = 0; !what && l < a->layers; ++l) {
    if (a->layer[l].hidden != b->layer[l].hidden) what = "hidden";
    if (a->layer[l].kind != b->layer[l].kind) what = "cell";
    if (a->layer[l].dilation != b->layer[l].dilation) what = "dilations";
  }
  if (!what) return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE,
                  "warm: the earlier network has another %s, expected the same loss, cell, hidden, "
                  "layers, dilations, x and past",
                  what);
  wsf__error_at_field(err, what);
  wsf__error_at_byte(err, node->byte);
  return WSF_E_VALUE;
}

/* A label's numbers are those of its series: codes of labels may have moved. */
static void resume_labels(wsf__sequence *q, const wsf__sequence *old, const wsf__fitted *out,
                          const wsf__panel *panel, const wsf__fellows *who) {
  for (int64_t j = 0; j < who->n; ++j) {
    const wsf__series *s = &who->b->series[who->at[j]];
    const wsf__state *state = state_of(out, s);
    if (!state) continue;
    const wsf__standing was = standing_of(out, state);
    for (int k = 0; k < q->net.n_tables && k < old->net.n_tables; ++k) {
      const wsf__embedding *to = &q->net.table[k], *from = &old->net.table[k];
      const int64_t code = panel->key[k].code[s->id], before = (int64_t)was.code[k];
      if (to->dims != from->dims || code < 0 || before < 0 || before >= from->labels) continue;
      memcpy(q->weight + to->at + code * to->dims, old->weight + from->at + before * from->dims,
             (size_t)to->dims * sizeof *q->weight);
    }
  }
}

void wsf__resume_weights(wsf__sequence *q, const wsf__sequence *old, const wsf__fitted *out,
                         const wsf__panel *panel, const wsf__fellows *who) {
  const wsf__network *net = &q->net;
  const int64_t cells =
      net->layer_at[net->layers - 1] + wsf__layer_weights(&net->layer[net->layers - 1]);
  memcpy(q->weight, old->weight, (size_t)cells * sizeof *q->weight);
  resume_labels(q, old, out, panel, who);
  memcpy(q->weight + net->context_at, old->weight + old->net.context_at,
         (size_t)(net->n - net->context_at) * sizeof *q->weight);
  memcpy(q->centre, old->centre, (size_t)q->inputs * sizeof *q->centre);
  memcpy(q->spread, old->spread, (size_t)q->inputs * sizeof *q->spread);
}

wsf__gains wsf__resume_gains(const wsf__fitted *out, const wsf__series *s, wsf__gains given) {
  const wsf__state *state = state_of(out, s);
  if (!state) return given;
  const wsf__standing was = standing_of(out, state);
  return (wsf__gains){was.gains[0], was.gains[1]};
}
