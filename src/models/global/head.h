/* What a network says of a step ahead, and how that is judged: quantiles, a point, or a
 * distribution. All is counted beside what the tracking says of the step, in units of the series'
 * scale. */
#ifndef WSF_MODELS_GLOBAL_HEAD_H
#define WSF_MODELS_GLOBAL_HEAD_H

#include "models/model.h"

typedef enum wsf__head_kind {
  WSF__HEAD_QUANTILE,
  WSF__HEAD_MAE,
  WSF__HEAD_HUBER,
  WSF__HEAD_GAUSSIAN,
  WSF__HEAD_NEGBINOMIAL,
  WSF__HEAD_TWEEDIE
} wsf__head_kind;

enum { WSF__LEVELS = 7, WSF__MOST_SAID = WSF__LEVELS };

typedef struct wsf__head {
  wsf__head_kind kind;
  int numbers;  /* that are said of a step, at most WSF__MOST_SAID */
  int middle;   /* the one that moves with what the tracking says */
  bool widens;  /* how wide it is off is measured for each step, not said */
  double delta; /* of huber */
  double power; /* of tweedie */
} wsf__head;

/* An observation, and what the tracking says of it. */
typedef struct wsf__aim {
  float beside;    /* observed less tracked, over the scale */
  double tracked;  /* over the scale */
  double y, scale; /* y in its own units */
} wsf__aim;

wsf__head wsf__head_of(const wsf__node *node);
/* Why a loss cannot learn from these values; WSF__OK: it can. */
int32_t wsf__head_reason(const wsf__head *head, const double *y, int64_t n);
/* Adds the derivative of the loss to d[numbers]. */
double wsf__head_loss(const wsf__head *head, const float *said, const wsf__aim *aim, float *d);
/* Whose mean over what it has not seen is the width of a step. */
double wsf__head_off(const wsf__head *head, const float *said, const wsf__aim *aim);
/* The forecast, where the tracking says `base`; scale 0: that. */
double wsf__head_point(const wsf__head *head, const float *said, double base, double scale);
/* Quantiles of step `step` of out; width: of the step, where the head widens. */
void wsf__head_quantiles(const wsf__head *head, const float *said, double base, double scale,
                         double width, wsf__forecast *out, int64_t step);

#define WSF__HEAD_OPTIONS                                                                          \
  {"loss",                                                                                         \
   WSF__WORD,                                                                                      \
   "quantile",                                                                                     \
   0,                                                                                              \
   0,                                                                                              \
   "quantile|mae|huber|gaussian|negbinomial|tweedie",                                              \
   "what is learnt: seven quantiles; a median or Huber's point, with the width of past errors; a " \
   "normal, negative binomial (counts) or Tweedie distribution (none below zero)"},                \
      {"delta",                                                                                    \
       WSF__REAL,                                                                                  \
       "1",                                                                                        \
       1e-6,                                                                                       \
       1e6,                                                                                        \
       NULL,                                                                                       \
       "of loss=huber: errors beyond count by their size, in sizes of an error of the tracking"},  \
  {                                                                                                \
    "power", WSF__REAL, "1.5", 1.01, 1.99, NULL,                                                   \
        "of loss=tweedie: the variance grows with this power of the mean"                          \
  }

#endif
