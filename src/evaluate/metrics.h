/* Accuracy measures, named and defined as in Hyndman and Athanasopoulos (2021), "Forecasting:
 * principles and practice", 5.8-5.9; WMAE as the Kaggle competition, SQL as fev-bench, RMSSE as the
 * M5 guide. A metric is a sum over observations of a numerator, divided by a denominator; what is
 * pooled (all rows) and what is averaged over series is in the table below. */
#ifndef WSF_EVALUATE_METRICS_H
#define WSF_EVALUATE_METRICS_H

#include "base/alloc.h"
#include "base/error.h"

/* X(name, pooled, sentence): pooled = 1: one ratio over all rows; 0: mean over series of the
 * series' own value. */
#define WSF__METRICS(X)                                                                            \
  X(wmae, 1, "weighted mean absolute error: sum w|e| / sum w")                                     \
  X(mae, 1, "mean absolute error")                                                                 \
  X(rmse, 1, "root mean squared error")                                                            \
  X(mape, 1, "mean of |e| / |y|, in percent, over y != 0")                                         \
  X(smape, 0, "mean of 200|e| / (|y| + |f|), in percent")                                          \
  X(mase, 0, "mean |e| over the in-sample mean |y[t] - y[t-season]|")                              \
  X(rmsse, 0, "root of mean e^2 over the in-sample mean (y[t] - y[t-1])^2")                        \
  X(wape, 1, "sum |e| / sum |y|")                                                                  \
  X(bias, 1, "sum (f - y) / sum |y|")                                                              \
  X(pinball, 1, "mean quantile loss over the quantiles asked for (2 x pinball)")                   \
  X(sql, 1,                                                                                        \
    "scaled quantile loss: 2 x pinball over the series' in-sample mean |y[t] - y[t-1]| "           \
    "(or t-season), mean over quantiles, steps and series")                                        \
  X(coverage, 1, "share of observations inside the interval of the highest level")                 \
  X(winkler, 1, "mean Winkler (interval) score of the highest level")

enum {
#define WSF__METRIC_ENUM(name, pooled, text) WSF__METRIC_##name,
  WSF__METRICS(WSF__METRIC_ENUM)
#undef WSF__METRIC_ENUM
      WSF__N_METRICS
};
/* Their names as the words of an option: "wmae|mae|..". */
#define WSF__METRIC_WORD(name, pooled, text) "|" #name
#define WSF__METRIC_WORDS                    (&WSF__METRICS(WSF__METRIC_WORD)[1])
const char *wsf__metric_name(int metric);
const char *wsf__metric_text(int metric);
int wsf__metric_find(const char *name); /* -1 */
bool wsf__metric_pooled(int metric);

/* One series of one fold. */
typedef struct wsf__scored {
  int64_t h;
  const double *actual;   /* [h], NaN = not there: the step is left out */
  const double *forecast; /* [h] */
  const double *weight;   /* [h] or NULL */
  int n_q;
  const double *q;        /* [n_q] ascending */
  const bool *loss;       /* [n_q] levels that count for pinball and sql; NULL: all */
  const double *quantile; /* [n_q * h] */
  double scale_season;    /* in-sample mean |y[t] - y[t-season]|; NaN or 0: not in mase */
  double scale_sql;       /* in-sample mean |y[t] - y[t-1 or season]| for sql */
  double scale_rmsse;     /* in-sample mean (y[t] - y[t-1])^2 */
} wsf__scored;

/* Sums that can be added up over series and folds in any fixed order. */
typedef struct wsf__tally {
  double top[WSF__N_METRICS], bottom[WSF__N_METRICS];
  double large; /* of rmse: squares of errors beyond 2^500, times 2^-1200 */
} wsf__tally;
/* The series' own sums into out. lo/hi: indexes in q of the interval for coverage and winkler, or
 * -1. */
void wsf__tally_series(wsf__tally *out, const wsf__scored *s, int lo, int hi);
/* Add a series' sums to a group's: pooled metrics add, averaged ones add (value, 1). */
void wsf__tally_add(wsf__tally *group, const wsf__tally *series);
/* Value of a metric; NaN if there is nothing to measure, or no double holds it. */
double wsf__tally_value(const wsf__tally *t, int metric);

/* Paired comparison of two models' losses per series: mean difference and two-sided p-value of a
 * paired t-test (Diebold and Mariano 1995 with series as the units). n pairs, NaN pairs skipped. */
void wsf__paired_test(const double *loss_a, const double *loss_b, int64_t n, double *difference,
                      double *p_value);

#endif
