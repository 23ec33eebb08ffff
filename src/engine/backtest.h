/* What a back-test collects (backtest.c) and its tables are written from (backtest_tables.c). */
#ifndef WSF_ENGINE_BACKTEST_H
#define WSF_ENGINE_BACKTEST_H

#include "engine/drive.h"
#include "evaluate/metrics.h"

/* One model at one origin. */
typedef struct wsf__backtest_fold {
  wsf__tally tally;
  int64_t scored;           /* series with something to measure */
  int64_t left_out;         /* series that did not exist before the origin */
  int64_t replaced;         /* series that the fallback forecast */
  int64_t observations;     /* measured */
  double seconds;           /* fit and forecast */
  const int64_t *kept;      /* series of the panel behind each forecast */
  wsf__forecasts forecasts; /* valid if keep_forecasts */
} wsf__backtest_fold;

/* One model on one series, all origins. */
typedef struct wsf__backtest_series {
  wsf__tally tally;
  int64_t observations;
} wsf__backtest_series;

typedef struct wsf__backtest {
  wsf__env *env;
  wsf__arena *arena;
  wsf__panel *panel; /* without the series that min_obs leaves out */
  int64_t n_models;
  const char *const *text; /* canonical */
  int64_t h, folds, step, min_obs;
  bool keep_forecasts, nonnegative, negative, sql_season;
  int n_metrics;
  int *metric;
  wsf__quantiles q;
  const bool *loss;             /* [q.n] counts for pinball and sql */
  int lo, hi;                   /* the widest interval in q, or -1 */
  wsf__backtest_fold *fold;     /* [n_models * folds] */
  wsf__backtest_series *series; /* [n_models * panel->n] */
  wsf__reason_counts *reasons;  /* [n_models] of all its forecasts */
  const char **failed;          /* [n_models] why it is out of the comparison, or NULL */
} wsf__backtest;

wsf_status wsf__backtest_tables(wsf_table *out[4], const wsf__backtest *b, wsf_error *err);

#endif
