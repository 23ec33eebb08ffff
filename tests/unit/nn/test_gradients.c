/* Derivatives of every layer and of the loss against finite differences. */
#include "support.h"

#include "math/elementary.h"
#include "math/rng.h"
#include "nn/kernels.h"
#include "nn/lanes.h"
#include "nn/nn.h"

#include <math.h>

enum { MOST = 4096, ROOM = 8192 };

static void fill(float *x, int64_t n, uint64_t stream, double scale) {
  wsf__rng r;
  wsf__rng_init(&r, 11, stream);
  for (int64_t i = 0; i < n; ++i) x[i] = (float)(scale * wsf__rng_normal(&r));
}

/* A function of some numbers, and what backward says of its derivatives. */
typedef double value_fn(void *user);

static void assert_derivatives(value_fn *value, void *user, float *x, const float *d, int64_t n) {
  for (int64_t i = 0; i<n; i += n> 200 ? 7 : 1) {
    const float at = x[i], e = 1e-2f;
    x[i] = at + e;
    const double more = value(user);
    x[i] = at - e;
    const double less = value(user);
    x[i] = at;
    const double slope = (more - less) / (2 * (double)e);
    if (!(fabs(slope - (double)d[i]) < 2e-3 * (1 + fabs(slope)))) {
      fail_msg("number %d: %g, by differences %g", (int)i, (double)d[i], slope);
    }
  }
}

typedef struct recurrent {
  wsf__layer shape;
  int64_t steps, batch;
  float weight[MOST], x[MOST], gate[MOST], cell[MOST], out[MOST], wanted[MOST], room[ROOM];
} recurrent;

static wsf__layer_run run_of(recurrent *r) {
  return (wsf__layer_run){.steps = r->steps,
                          .batch = r->batch,
                          .x = r->x,
                          .gate = r->gate,
                          .cell = r->cell,
                          .out = r->out,
                          .room = r->room};
}

/* Weighted sum of all outputs and of the last cells. */
static double layer_value(void *user) {
  recurrent *r = user;
  const wsf__layer_run run = run_of(r);
  wsf__layer_forward(&r->shape, r->weight, &run);
  double sum = 0;
  const int64_t row = r->batch * r->shape.hidden, first = r->shape.dilation * row;
  for (int64_t i = first; i < first + r->steps * row; ++i) {
    sum += (double)r->out[i] * (double)r->wanted[i];
  }
  return sum;
}

static void of_recurrent_cells(void **state) {
  (void)state;
  static const wsf__layer shapes[] = {{3, 5, 1, WSF__CELL_LSTM},
                                      {2, 8, 1, WSF__CELL_LSTM},
                                      {4, 11, 3, WSF__CELL_LSTM},
                                      {3, 5, 1, WSF__CELL_GRU},
                                      {2, 8, 2, WSF__CELL_GRU}};
  for (size_t k = 0; k < sizeof shapes / sizeof *shapes; ++k) {
    static recurrent r;
    static float d_out[MOST], d_cell[MOST], d_weight[MOST], dx[MOST];
    r.shape = shapes[k];
    r.steps = 6;
    r.batch = 3;
    const int64_t weights = wsf__layer_weights(&r.shape), inputs = r.steps * r.batch * r.shape.in,
                  before = r.shape.dilation * r.batch * r.shape.hidden,
                  states = before + r.steps * r.batch * r.shape.hidden;
    assert_in_range(weights, 1, MOST);
    assert_in_range(wsf__layer_room(&r.shape), 1, ROOM);
    fill(r.weight, weights, 1, 0.4);
    fill(r.x, inputs, 2, 1);
    fill(r.cell, before, 3, 0.5);
    fill(r.out, before, 4, 0.5);
    fill(r.wanted, states, 5, 1);
    (void)layer_value(&r);
    const wsf__layer_run run = run_of(&r);
    memset(d_out, 0, sizeof d_out);
    memset(d_cell, 0, sizeof d_cell);
    memset(d_weight, 0, sizeof d_weight);
    memset(dx, 0, sizeof dx);
    memcpy(d_out + before, r.wanted + before, (size_t)(states - before) * sizeof *d_out);
    wsf__layer_backward(&r.shape, r.weight, &run, d_out, d_cell, d_weight, dx);
    assert_derivatives(layer_value, &r, r.weight, d_weight, weights);
    assert_derivatives(layer_value, &r, r.x, dx, inputs);
    assert_derivatives(layer_value, &r, r.cell, d_cell, before);
    assert_derivatives(layer_value, &r, r.out, d_out, before);
  }
}

typedef struct layer {
  wsf__dense shape;
  int64_t rows;
  float weight[MOST], x[MOST], y[MOST], wanted[MOST];
} layer;

static double dense_value(void *user) {
  layer *l = user;
  wsf__dense_forward(&l->shape, l->weight, l->rows, l->x, l->y);
  wsf__tanh_forward(l->rows * l->shape.out, l->y);
  double sum = 0;
  for (int64_t i = 0; i < l->rows * l->shape.out; ++i) {
    sum += (double)l->y[i] * (double)l->wanted[i];
  }
  return sum;
}

static void of_dense_layers(void **state) {
  (void)state;
  static layer l = {.shape = {7, 5}, .rows = 9};
  static float dy[MOST], d_weight[MOST], dx[MOST];
  const int64_t weights = wsf__dense_weights(&l.shape);
  fill(l.weight, weights, 1, 0.4);
  fill(l.x, l.rows * l.shape.in, 2, 1);
  fill(l.wanted, l.rows * l.shape.out, 3, 1);
  (void)dense_value(&l);
  memcpy(dy, l.wanted, sizeof dy);
  wsf__tanh_backward(l.rows * l.shape.out, l.y, dy);
  wsf__dense_backward(&l.shape, l.weight, l.rows, l.x, dy, d_weight, dx);
  assert_derivatives(dense_value, &l, l.weight, d_weight, weights);
  assert_derivatives(dense_value, &l, l.x, dx, l.rows * l.shape.in);
}

enum { LEVELS = 5 };
static const float level[LEVELS] = {0.05f, 0.25f, 0.5f, 0.75f, 0.975f};

typedef struct heads {
  float raw[LEVELS], y;
} heads;

static double loss_value(void *user) {
  heads *h = user;
  float unused[LEVELS] = {0};
  return 3 * (double)wsf__quantile_loss(LEVELS, level, h->raw, h->y, 3, unused);
}

static void of_the_quantile_loss(void **state) {
  (void)state;
  for (int i = -8; i <= 8; ++i) {
    heads h = {.raw = {0.3f, -1.2f, 0.4f, 0.9f, -0.1f}, .y = (float)i * 0.5f + 0.11f};
    float d[LEVELS] = {0}, quantile[LEVELS];
    (void)wsf__quantile_loss(LEVELS, level, h.raw, h.y, 3, d);
    assert_derivatives(loss_value, &h, h.raw, d, LEVELS);
    wsf__quantile_heads(LEVELS, h.raw, quantile);
    for (int k = 1; k < LEVELS; ++k) assert_true(quantile[k] > quantile[k - 1]);
  }
}

/* Every other loss as a function of what is said and of y. */
typedef double loss_fn(const float *said, double y, float *d);

static double absolute(const float *said, double y, float *d) {
  return wsf__huber_loss(0, said, y, d);
}
static double huber(const float *said, double y, float *d) {
  return wsf__huber_loss(0.8, said, y, d);
}
static double negbinomial(const float *said, double y, float *d) {
  return wsf__negbinomial_loss(said, 1.5, 2.5, floor(4 + y), d);
}
static double tweedie(const float *said, double y, float *d) {
  return wsf__tweedie_loss(1.4, said, 0.7, fmax(0, y), d);
}

typedef struct judged {
  loss_fn *loss;
  float said[2];
  double y;
} judged;

static double judged_value(void *user) {
  judged *j = user;
  float unused[2] = {0};
  return j->loss(j->said, j->y, unused);
}

static void of_the_other_losses(void **state) {
  (void)state;
  static loss_fn *const losses[] = {absolute, huber, wsf__normal_loss, negbinomial, tweedie};
  for (size_t k = 0; k < sizeof losses / sizeof *losses; ++k) {
    for (int i = -8; i <= 8; ++i) {
      judged j = {.loss = losses[k], .said = {0.31f, -0.2f}, .y = i * 0.5};
      float d[2] = {0};
      (void)losses[k](j.said, j.y, d);
      assert_derivatives(judged_value, &j, j.said, d, 2);
    }
  }
}

/* Poisson's probability of 3 at a mean of 2.5; Tweedie's deviance at the mean is none. */
static void losses_are_what_they_are_called(void **state) {
  (void)state;
  float d[2] = {0}, narrow[2] = {2.0f, -1e6f};
  const double poisson = -(3 * wsf__ln(2.5) - 2.5 - wsf__ln(6.0));
  double mean, size;
  wsf__negbinomial_head(narrow, 0, 1, &mean, &size);
  const double said = wsf__negbinomial_loss(narrow, 0, 2.5 / mean, 3, d);
  assert_true(fabs(said - poisson) < 0.02);
  const float at[1] = {1.25f};
  assert_true(fabs(wsf__tweedie_loss(1.5, at, 0, wsf__tweedie_mean(at, 0), d)) < 1e-12);
  assert_true(fabs(wsf__huber_loss(1, at, 4.25, d) - 2.5) < 1e-7);
  assert_true(fabs(wsf__huber_loss(1, at, 1.75, d) - 0.125) < 1e-7);
}

static void elementary_functions_are_near(void **state) {
  (void)state;
  for (int i = -4000; i <= 4000; ++i) {
    const float x = (float)i / 45;
    wsf__lane e = (wsf__lane){0} + x, s = e, t = e;
    wsf__lane_exp(&e);
    wsf__lane_sigmoid(&s);
    wsf__lane_tanh(&t);
    const double exact = wsf__exp(fmax(-87, fmin(88, (double)x)));
    assert_true(fabs((double)e[0] - exact) <= 2.5e-7 * exact);
    assert_true(fabs((double)s[3] - 1 / (1 + wsf__exp(-(double)x))) <= 2e-7);
    assert_true(fabs((double)t[7] - wsf__tanh((double)x)) <= 2e-7);
  }
}

enum { HIDDEN = 19 /* whole vectors of either width, and a rest */ };

/* Steps of cells forth and back, and tanh. */
static void run_kernels(const wsf__kernels *kernels, wsf__cell_kind kind, float kept[], int cells) {
  const wsf__layer shape = {1, HIDDEN, 1, kind};
  float *gate = kept, *cell = gate + 4 * cells, *out = cell + 2 * cells;
  float *d_out = out + 2 * cells, *d_cell = d_out + 2 * cells, *c = d_cell + 2 * cells;
  float *sums = c + 4 * cells;
  const wsf__layer_run run = {
      .steps = 1, .batch = cells / HIDDEN, .gate = gate, .cell = cell, .out = out};
  const wsf__stretch all = {&shape, &run, 0, 0, cells / HIDDEN, sums};
  kernels->step[kind](&all);
  kernels->back[kind](&all, d_out, d_cell);
  kernels->tanh(cells - 1, c);
}

static void all_kernels_give_the_same_bits(void **state) {
  (void)state;
  enum { CELLS = 3 * HIDDEN };
  static float kept[WSF__MOST_KERNELS][20 * CELLS];
  const wsf__kernels *all[WSF__MOST_KERNELS];
  const int n = wsf__kernels_list(all);
  for (int kind = 0; kind < WSF__CELL_KINDS; ++kind) {
    for (int k = 0; k < n; ++k) {
      fill(kept[k], (int64_t)20 * CELLS, 3, 2);
      run_kernels(all[k], (wsf__cell_kind)kind, kept[k], CELLS);
      assert_memory_equal(kept[0], kept[k], sizeof kept[0]);
    }
  }
}

static void all_products_give_the_same_bits(void **state) {
  (void)state;
  enum { ROWS = 12 + 4 + 2 + 1, PANELS = 3, DEPTH = 7, WIDTH = PANELS * WSF__TILE_COLUMNS };
  static float a[ROWS * DEPTH], panels[DEPTH * WIDTH], from[WIDTH];
  static float c[WSF__MOST_KERNELS][ROWS * WIDTH];
  const wsf__kernels *all[WSF__MOST_KERNELS];
  fill(a, ROWS * DEPTH, 1, 1);
  fill(panels, DEPTH * WIDTH, 2, 1);
  fill(from, WIDTH, 3, 1);
  const int n = wsf__kernels_list(all);
  for (int k = 0; k < n; ++k) {
    const wsf__tile t = {DEPTH, a, DEPTH, 1, panels, from, 0, c[k], WIDTH};
    all[k]->product(ROWS, PANELS, &t);
    assert_memory_equal(c[0], c[k], sizeof c[0]);
  }
  assert_true(c[0][ROWS * WIDTH - 1] != 0);
}

/* The minimum of a bowl whose sides are unlike. */
static void adam_finds_a_minimum(void **state) {
  (void)state;
  float x[3] = {4, -3, 2}, gradient[3], mean[3], square[3];
  wsf__adam adam;
  wsf__adam_begin(&adam, 3, mean, square);
  adam.rate = 0.05;
  adam.clip = 10;
  for (int k = 0; k < 2000; ++k) {
    for (int i = 0; i < 3; ++i) gradient[i] = (float)(i + 1) * (x[i] - 1);
    wsf__adam_step(&adam, x, gradient);
  }
  for (int i = 0; i < 3; ++i) assert_float_equal(x[i], 1, 1e-3);
  gradient[1] = NAN;
  const float before = x[0];
  wsf__adam_step(&adam, x, gradient);
  assert_true(x[0] == before);
}

int test_gradients(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(of_recurrent_cells),
      cmocka_unit_test(of_dense_layers),
      cmocka_unit_test(of_the_quantile_loss),
      cmocka_unit_test(of_the_other_losses),
      cmocka_unit_test(losses_are_what_they_are_called),
      cmocka_unit_test(elementary_functions_are_near),
      cmocka_unit_test(adam_finds_a_minimum),
      cmocka_unit_test(all_kernels_give_the_same_bits),
      cmocka_unit_test(all_products_give_the_same_bits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
