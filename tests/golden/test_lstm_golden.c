/* Against PyTorch's nn.LSTM and nn.GRU with the same weights and data (lstm_golden.py prints the
 * figures): one forward pass, and the losses along twenty steps of Adam, clipped and decayed. */
#include "support.h"

#include "nn/nn.h"

#include <math.h>

enum { IN = 3, HIDDEN = 5, STEPS = 7, BATCH = 4, LEVELS = 3, ROWS = STEPS * BATCH };
static const float level[LEVELS] = {0.1f, 0.5f, 0.9f};
static const wsf__layer first = {IN, HIDDEN, 1, WSF__CELL_LSTM},
                        second = {HIDDEN, HIDDEN, 1, WSF__CELL_LSTM};
static const wsf__dense head = {HIDDEN, LEVELS};
enum {
  FIRST = 4 * HIDDEN * (IN + HIDDEN + 1),
  SECOND = 4 * HIDDEN * (2 * HIDDEN + 1),
  WEIGHTS = FIRST + SECOND + (HIDDEN + 1) * LEVELS,
  STATES = (STEPS + 1) * BATCH * HIDDEN,
  ROOM = 16384
};

static void numbers(float *out, int n, int seed, float scale) {
  for (int i = 0; i < n; ++i) out[i] = (float)((i * 37 + seed * 11) % 101 - 50) / 125 * scale;
}

typedef struct network {
  float weight[WEIGHTS], x[ROWS * IN], y[ROWS], gate[2][ROWS * 4 * HIDDEN], cell[2][STATES],
      out[2][STATES], raw[ROWS * LEVELS];
} network;

static wsf__layer_run run_of(network *n, int layer) {
  static float room[ROOM];
  assert_in_range(wsf__layer_room(layer ? &second : &first), 1, ROOM);
  return (wsf__layer_run){.steps = STEPS,
                          .batch = BATCH,
                          .x = layer ? n->out[0] + BATCH * HIDDEN : n->x,
                          .gate = n->gate[layer],
                          .cell = n->cell[layer],
                          .out = n->out[layer],
                          .room = room};
}

static void forward(network *n) {
  const wsf__layer_run one = run_of(n, 0), two = run_of(n, 1);
  wsf__layer_forward(&first, n->weight, &one);
  wsf__layer_forward(&second, n->weight + FIRST, &two);
  wsf__dense_forward(&head, n->weight + FIRST + SECOND, ROWS, n->out[1] + BATCH * HIDDEN, n->raw);
}

static double backward(network *n, float *gradient) {
  static float d_raw[ROWS * LEVELS], d_out[2][STATES], d_cell[2][STATES];
  memset(gradient, 0, WEIGHTS * sizeof *gradient);
  memset(d_raw, 0, sizeof d_raw);
  memset(d_out, 0, sizeof d_out);
  memset(d_cell, 0, sizeof d_cell);
  double loss = 0;
  for (int i = 0; i < ROWS; ++i) {
    loss += (double)wsf__quantile_loss(LEVELS, level, n->raw + i * LEVELS, n->y[i], 1.0f / ROWS,
                                       d_raw + i * LEVELS) /
            ROWS;
  }
  const wsf__layer_run one = run_of(n, 0), two = run_of(n, 1);
  wsf__dense_backward(&head, n->weight + FIRST + SECOND, ROWS, n->out[1] + BATCH * HIDDEN, d_raw,
                      gradient + FIRST + SECOND, d_out[1] + BATCH * HIDDEN);
  wsf__layer_backward(&second, n->weight + FIRST, &two, d_out[1], d_cell[1], gradient + FIRST,
                      d_out[0] + BATCH * HIDDEN);
  wsf__layer_backward(&first, n->weight, &one, d_out[0], d_cell[0], gradient, NULL);
  return loss;
}

static void begin(network *n) {
  memset(n, 0, sizeof *n);
  numbers(n->weight, FIRST, 1, 1);
  numbers(n->weight + FIRST, SECOND, 2, 1);
  numbers(n->weight + FIRST + SECOND, (HIDDEN + 1) * LEVELS, 3, 1);
  numbers(n->x, ROWS * IN, 4, 3);
  numbers(n->y, ROWS, 5, 5);
}

static void forward_is_that_of_pytorch(void **state) {
  (void)state;
  static const float last[BATCH * LEVELS] = {0.2952658f,  -0.2985873f, 0.1053108f,  0.2950474f,
                                             -0.2922317f, 0.0994733f,  0.2999853f,  -0.3089331f,
                                             0.1072058f,  0.2983582f,  -0.2963957f, 0.0988995f};
  static network n;
  begin(&n);
  forward(&n);
  for (int i = 0; i < BATCH * LEVELS; ++i) {
    assert_float_equal(n.raw[(ROWS - BATCH) * LEVELS + i], last[i], 2e-6f);
  }
}

static void training_is_that_of_pytorch(void **state) {
  (void)state;
  static const double losses[20] = {0.3191588, 0.3147424, 0.3120277, 0.3093991, 0.3066599,
                                    0.3039212, 0.3017235, 0.3000861, 0.2981520, 0.2960448,
                                    0.2934229, 0.2909393, 0.2883046, 0.2864923, 0.2861480,
                                    0.2858748, 0.2852265, 0.2845078, 0.2835844, 0.2824581};
  static network n;
  static float gradient[WEIGHTS], mean[WEIGHTS], square[WEIGHTS];
  begin(&n);
  wsf__adam adam;
  wsf__adam_begin(&adam, WEIGHTS, mean, square);
  adam.rate = 0.02;
  adam.decay = 0.1;
  adam.clip = 0.3;
  for (int k = 0; k < 20; ++k) {
    forward(&n);
    const double loss = backward(&n, gradient);
    if (!(fabs(loss - losses[k]) < 1e-5)) fail_msg("step %d: %.7f, %.7f", k, loss, losses[k]);
    wsf__adam_step(&adam, n.weight, gradient);
  }
}

static void gated_units_are_those_of_pytorch(void **state) {
  (void)state;
  static const wsf__layer units = {IN, HIDDEN, 1, WSF__CELL_GRU};
  static const float last[BATCH * HIDDEN] = {
      0.2030152f,  -0.3337396f, -0.2384345f, 0.4653413f,  -0.5628366f, 0.2353251f,  -0.4197556f,
      -0.2563127f, 0.5555002f,  -0.5973201f, 0.1721828f,  -0.1201615f, -0.2883962f, 0.2663961f,
      -0.4181786f, 0.2160334f,  -0.2368078f, -0.1701955f, 0.3678231f,  -0.5101714f};
  static float weight[FIRST], x[ROWS * IN], cell[STATES], out[STATES], room[ROOM];
  assert_in_range(wsf__layer_weights(&units), 1, FIRST);
  assert_in_range(wsf__layer_room(&units), 1, ROOM);
  numbers(weight, (int)wsf__layer_weights(&units), 1, 1);
  numbers(x, ROWS * IN, 4, 3);
  const wsf__layer_run run = {
      .steps = STEPS, .batch = BATCH, .x = x, .cell = cell, .out = out, .room = room};
  wsf__layer_forward(&units, weight, &run);
  for (int i = 0; i < BATCH * HIDDEN; ++i) {
    assert_float_equal(out[STATES - BATCH * HIDDEN + i], last[i], 2e-6f);
  }
}

int test_lstm_golden(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(forward_is_that_of_pytorch),
      cmocka_unit_test(training_is_that_of_pytorch),
      cmocka_unit_test(gated_units_are_those_of_pytorch),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
