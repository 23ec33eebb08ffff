/* How large networks and what they keep of a series are, by the options of a call; what is a
 * network at all. */
#include "models/global/sequence.h"

#include "models/scope.h"

int64_t wsf__sequence_keys(const wsf__panel *panel) {
  return panel->n_keys < WSF__MOST_TABLES ? panel->n_keys : WSF__MOST_TABLES;
}

static int dilation_of(const wsf__node *node, int layer) {
  const wsf__value *dilations = wsf__arg(node, "dilations");
  return (int)dilations->numbers[layer < dilations->n ? layer : dilations->n - 1];
}

static int64_t cells_of(const wsf__node *node) {
  int64_t rows = 0;
  for (int l = 0; l < wsf__arg_int(node, "layers"); ++l) rows += dilation_of(node, l);
  return 2 * rows * wsf__arg_int(node, "hidden");
}

int64_t wsf__standing_size(const wsf__node *node, const wsf__panel *panel, bool seasonal) {
  return 6 + wsf__sequence_keys(panel) + (seasonal ? wsf__season_of(node, panel) : 1) +
         cells_of(node);
}

wsf__standing wsf__standing_of(double *v, const wsf__node *node, const wsf__panel *panel) {
  wsf__standing s = {
      .scale = v, .level = v + 1, .seasonal = v + 2, .phase = v + 3, .gains = v + 4, .code = v + 6};
  s.keys = wsf__sequence_keys(panel);
  s.m = v[2] != 0 ? wsf__season_of(node, panel) : 1;
  s.season = s.code + s.keys;
  s.cells = s.season + s.m;
  return s;
}

bool wsf__sequence_shape(wsf__network *net, const wsf__node *node, int64_t columns) {
  const int hidden = (int)wsf__arg_int(node, "hidden");
  const wsf__cell_kind kind = wsf__arg_is(node, "cell", "gru") ? WSF__CELL_GRU : WSF__CELL_LSTM;
  net->layers = (int)wsf__arg_int(node, "layers");
  for (int l = 0; l < net->layers; ++l) {
    net->layer[l] =
        (wsf__layer){l > 0 ? hidden : WSF__READ_NUMBERS + (int)columns + wsf__inputs_past(node),
                     hidden, dilation_of(node, l), kind};
  }
  net->ahead = WSF__AHEAD_NUMBERS + (int)columns;
  net->width = hidden;
  net->says = wsf__head_of(node).numbers;
  return wsf__network_settle(net);
}

bool wsf__sequence_sound(const wsf__sequence *q) {
  for (int64_t h = 0; q->head.widens && h < q->horizon; ++h) {
    if (!(q->width[h] >= 0 && q->width[h] <= 1e300)) return false;
  }
  for (int64_t i = 0; i < q->net.n; ++i) {
    if (!(fabsf(q->weight[i]) <= 1e6f)) return false;
  }
  return true;
}
