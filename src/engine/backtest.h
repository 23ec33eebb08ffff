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

enum { WSF__BY_LEVEL = -1 };

/* Series of one level, and of one label in it. */
typedef struct wsf__backtest_group {
  int key; /* whose label they share, or WSF__BY_LEVEL */
  const char *level;
  int64_t n;
  const int64_t *series; /* [n] rising */
} wsf__backtest_group;

typedef struct wsf__backtest_groups {
  int n_by;
  const int *by; /* [n_by] keys and WSF__BY_LEVEL, as asked for */
  int64_t n;
  wsf__backtest_group *group; /* [n] those of the first `by`, of the second, .. */
} wsf__backtest_groups;

typedef struct wsf__backtest {
  wsf__env *env;
  wsf__arena *arena;
  wsf__panel *panel; /* without the series that min_obs leaves out */
  int64_t n_models;
  const char *const *text; /* canonical */
  int64_t h, folds, step, min_obs;
  const wsf__value *by; /* the option */
  bool keep_forecasts, nonnegative, negative, sql_season;
  int n_metrics;
  int *metric;
  wsf__quantiles q;
  const bool *loss;             /* [q.n] counts for pinball and sql */
  int lo, hi;                   /* the widest interval in q, or -1 */
  wsf__backtest_fold *fold;     /* [n_models * folds] */
  wsf__backtest_series *series; /* [n_models * panel->n] */
  wsf__backtest_groups groups;  /* n_by 0: none were asked for */
  wsf__reason_counts *reasons;  /* [n_models] of all its forecasts */
  const char **failed;          /* [n_models] why it is out of the comparison, or NULL */
} wsf__backtest;

/* The groups of the option `by`. */
wsf_status wsf__backtest_by(wsf__backtest *b, const wsf__value *by, wsf_error *err);
wsf_status wsf__backtest_tables(wsf_table *out[4], const wsf__backtest *b, wsf_error *err);

#endif
