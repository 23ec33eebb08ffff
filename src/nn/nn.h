/* What networks are made of: layers with their derivatives, a loss, and steps that make it less.
 *
 * Floats in arrays by rows, lent by the caller. Nothing here knows threads or takes memory. A value
 * of a row depends on that row and the weights alone, by sums in one order: so a batch may be cut
 * anywhere, and gradients of its parts, added in their order, are the same bits for any number of
 * workers. */
#ifndef WSF_NN_NN_H
#define WSF_NN_NN_H

#include <stddef.h>
#include <stdint.h>

/* c += a b for a of m x k, b of k x n and c of m x n. Element (i, p) of a stands at a[i * ai + p *
 * ap], element (p, j) of b at b[p * bp + j * bj], so either may be transposed; c by rows that lie
 * ldc apart. */
void wsf__gemm(int64_t m, int64_t n, int64_t k, const float *a, int64_t ai, int64_t ap,
               const float *b, int64_t bp, int64_t bj, float *c, int64_t ldc);
/* The same for a b that many products share: its columns sixteen at a time, zeros behind the last.
 * Rows of c, ldc apart, are those of `from`, ldf apart, and a b; `from` may be c. */
enum { WSF__TILE_COLUMNS = 16 };
int64_t wsf__packed_size(int64_t n, int64_t k); /* floats */
void wsf__pack(int64_t n, int64_t k, const float *b, int64_t bp, int64_t bj, float *packed);
void wsf__gemm_packed(int64_t m, int64_t n, int64_t k, const float *a, int64_t ai, int64_t ap,
                      const float *packed, const float *from, int64_t ldf, float *c, int64_t ldc);
/* Rows x of y = x w + bias; w of in x out by rows, the bias behind it. */
typedef struct wsf__dense {
  int in, out;
} wsf__dense;
int64_t wsf__dense_weights(const wsf__dense *d); /* how many */
void wsf__dense_forward(const wsf__dense *d, const float *weights, int64_t rows, const float *x,
                        float *y);
/* dy: of what became of y. Adds to d_weights and, unless it is NULL, to dx. */
void wsf__dense_backward(const wsf__dense *d, const float *weights, int64_t rows, const float *x,
                         const float *dy, float *d_weights, float *dx);
/* y = tanh(x) in place, and from y and dy to dx in place of dy. */
void wsf__tanh_forward(int64_t n, float *x);
void wsf__tanh_backward(int64_t n, const float *y, float *dy);

/* A layer of cells that remember what was `dilation` steps ago (Chang and others 2017): of LSTM
 * cells (Hochreiter and Schmidhuber 1997, with forget gates) or gated recurrent units (Cho and
 * others 2014, reset after the product as in cuDNN and PyTorch). Weights of g hidden columns, g 4
 * or 3: [in][g hidden], [hidden][g hidden], bias[4 hidden], in the order input, forget, cell,
 * output; or reset, update, candidate, whose bias from the state stands behind. */
typedef enum wsf__cell_kind { WSF__CELL_LSTM, WSF__CELL_GRU, WSF__CELL_KINDS } wsf__cell_kind;
typedef struct wsf__layer {
  int in, hidden, dilation;
  wsf__cell_kind kind;
} wsf__layer;
typedef struct wsf__layer_run {
  int64_t steps, batch;
  const float *x; /* [steps][batch][in] */
  float *gate; /* [steps][batch][4 hidden]: what forward leaves for backward; NULL: none follows */
  /* [dilation + steps][batch][hidden]: the first `dilation` are what was before, for the caller to
   * fill; then those of each step. Gated units have outputs alone. */
  float *cell, *out;
  float *room; /* [wsf__layer_room] */
} wsf__layer_run;
int64_t wsf__layer_weights(const wsf__layer *l);
int64_t wsf__layer_room(const wsf__layer *l); /* floats */
void wsf__layer_forward(const wsf__layer *l, const float *weights, const wsf__layer_run *r);
/* d_out and d_cell are as out and cell: on entry what became of them, on return what the states
 * before the first step did. Adds to d_weights and, unless it is NULL, to dx. gate is used up. */
void wsf__layer_backward(const wsf__layer *l, const float *weights, const wsf__layer_run *r,
                         float *d_out, float *d_cell, float *d_weights, float *dx);

enum { WSF__MOST_QUANTILES = 16 };
/* n quantiles that do not cross, from numbers that may: the middle one is raw, each further out is
 * away from its neighbour by squareplus(raw) = (raw + sqrt(raw^2 + 4)) / 2 (Barron 2021). n at most
 * WSF__MOST_QUANTILES. */
void wsf__quantile_heads(int n, const float *raw, float *quantile);
/* The mean of the quantile losses (Koenker and Bassett 1978) of these at their levels, for an
 * observation y; adds `weight` times its derivative to d_raw. */
float wsf__quantile_loss(int n, const float *level, const float *raw, float y, float weight,
                         float *d_raw);

/* Losses of one observation by what a head says of it; each adds its derivative to d_raw. In
 * doubles, for their functions are. */

/* |y - raw|, and half its square within delta (Huber 1964); delta 0: the first alone. Both as one:
 * delta |y - raw| - delta^2 / 2 beyond delta. */
double wsf__huber_loss(double delta, const float *raw, double y, float *d_raw);
/* raw[2] as mean and standard deviation, and minus the logarithm of the density of y, but for its
 * constant. */
void wsf__normal_head(const float *raw, double *mean, double *deviation);
double wsf__normal_loss(const float *raw, double y, float *d_raw);
/* raw[2] as mean and size of a negative binomial distribution of counts (Salinas and others 2020):
 * the mean is counted from `base`, both in units of `unit`. Minus the logarithm of y's probability.
 */
void wsf__negbinomial_head(const float *raw, double base, double unit, double *mean, double *size);
double wsf__negbinomial_loss(const float *raw, double base, double unit, double y, float *d_raw);
/* raw[1] as a mean above 0, counted from base; half the deviance of y >= 0 by Tweedie's
 * distribution of a power between 1 and 2. */
double wsf__tweedie_mean(const float *raw, double base);
double wsf__tweedie_loss(double power, const float *raw, double base, double y, float *d_raw);

/* Adam (Kingma and Ba 2015) with weight decay beside it (Loshchilov and Hutter 2019), after the
 * gradient was brought to at most `clip` in length. */
typedef struct wsf__adam {
  double rate, beta1, beta2, epsilon, decay, clip;
  double power1, power2; /* of beta1 and beta2, one for each step so far: 1 at first */
  int64_t n;
  float *mean, *square; /* [n], zeros at first */
} wsf__adam;
/* With the usual betas and epsilon, no decay, no clip and rate 0; mean and square become zeros. */
void wsf__adam_begin(wsf__adam *a, int64_t n, float *mean, float *square);
/* A gradient that is not finite is no step. */
void wsf__adam_step(wsf__adam *a, float *weight, const float *gradient);

#endif
