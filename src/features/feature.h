/* The one shape of every feature. A feature file holds, in this order: the opening comment (what a
 * model sees, limits), the option table, check, column, lag, (reach,) fill, and the class record.
 *
 * A feature answers for one series at a time and for any stretch of periods, of the history or
 * after it, from the same view: so training and forecasting run the same code, on the panel and on
 * the frame that a forecaster keeps. What period t sees ends before t: nothing of the target at t
 * or later, nothing of a PAST column at t or later (tests/unit/features holds every class to it).
 */
#ifndef WSF_FEATURES_FEATURE_H
#define WSF_FEATURES_FEATURE_H

#include "expr/expr.h"
#include "panel/panel.h"

#include <float.h>
#include <math.h>

/* `furthest` of a class that reads the target from its beginning on. */
#define WSF__FEATURE_WHOLE INT64_MAX

/* One column that a feature makes. */
typedef struct wsf__feature {
  const char *name;
  int32_t n_categories; /* values are whole numbers 0 .. n_categories - 1; 0: a number */
  const char *const *category;
  double cycle; /* periods after which it begins again; 0: it has none */
} wsf__feature;

/* What is known of one series when its features are computed. */
typedef struct wsf__feature_view {
  const wsf__panel *panel; /* or frame: calendar, keys, columns; its y is not looked at */
  int64_t series;          /* row in the panel */
  const double *y;         /* [n] target from period t0 on, NaN = missing: the history or as much of
                            * its end as the recipe reads, then forecasts so far, if any */
  int64_t t0, n;
  int64_t end;        /* the history's, exclusive: PAST columns are unknown from here on */
  const void *shared; /* of the feature that is filled: what its class's `share` made */
  wsf__arena *scratch;
  wsf_error *err;
} wsf__feature_view;

typedef struct wsf__feature_class {
  wsf__spec spec; /* first member: node->spec is this class */
  /* Whether the panel has what the call asks for, in one sentence if not. NULL: it always has. */
  wsf_status (*check)(const wsf__node *node, const wsf__panel *panel, wsf_error *err);
  /* Columns that it makes. This and all that follows only after check. */
  int (*width)(const wsf__node *node, const wsf__panel *panel);
  /* Column c. Texts come from the panel or the arena; WSF_E_MEMORY is all that can go wrong. */
  wsf_status (*column)(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                       wsf__feature *out);
  /* The nearest period before t whose target is read for t (at least 1), and the furthest, which
   * may be WSF__FEATURE_WHOLE; 0 if none is. Steps 1 .. nearest can be forecast directly. */
  int64_t (*lag)(const wsf__node *node, int64_t *furthest);
  /* Periods of PAST columns before the end of a history that are read after it. NULL: none. */
  int64_t (*reach)(const wsf__node *node);
  /* What all series of a panel or frame share, once for a recipe, in its arena: v->shared of fill.
   * NULL: nothing. */
  wsf_status (*share)(const void **out, const wsf__node *node, const wsf__panel *panel,
                      wsf__arena *arena, wsf_error *err);
  /* Periods t .. t + rows - 1: column c of row r goes to x[c * stride + r], NaN where unknown. */
  wsf_status (*fill)(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                     float *x, int64_t stride);
  /* Whether columns depend on the period alone, so that all series have the same. NULL: no. */
  bool (*of_period)(const wsf__node *node);
  bool others;    /* it reads the target of other series, which a frame does not keep */
  bool foretells; /* of columns it reads the row's own period, and forecasts what is not known: for
                   * models, which see no row before its period has ended */
} wsf__feature_class;

/* In the order of listings; only add (registry.c). */
extern const wsf__feature_class *const wsf__feature_classes[];
extern const int wsf__n_feature_classes;

static inline const wsf__feature_class *wsf__feature_class_of(const wsf__node *node) {
  return (const wsf__feature_class *)node->spec;
}

/* `lag` of a class that reads nothing of the target. */
static inline int64_t wsf__feature_no_lag(const wsf__node *node, int64_t *furthest) {
  (void)node;
  *furthest = 0;
  return 0;
}

/* `of_period` of a class whose columns always do. */
static inline bool wsf__feature_always(const wsf__node *node) {
  (void)node;
  return true;
}

/* The target at a period; NaN where it is not known. */
static inline double wsf__feature_target(const wsf__feature_view *v, int64_t t) {
  return t < v->t0 || t - v->t0 >= v->n ? NAN : v->y[t - v->t0];
}
/* The same of n periods from t on. */
static inline void wsf__feature_targets(const wsf__feature_view *v, int64_t t, int64_t n,
                                        double *y) {
  const int64_t skip = t < v->t0 ? v->t0 - t : 0, last = v->t0 + v->n - t; /* of y, exclusive */
  for (int64_t i = 0; i < n && i < skip; ++i) y[i] = NAN;
  for (int64_t i = skip; i < n && i < last; ++i) y[i] = v->y[t + i - v->t0];
  for (int64_t i = last > skip ? last : skip; i < n; ++i) y[i] = NAN;
}
/* A column at a period, as it was known for row t: when t - 1, or the history, had just ended. */
static inline double wsf__feature_column(const wsf__feature_view *v, int column, int64_t period,
                                         int64_t t) {
  const int64_t origin = (t < v->end ? t : v->end) - 1;
  return wsf__panel_value_at(v->panel, column, v->series, period, origin);
}
/* A value as features hold it: what a float cannot hold becomes the nearest that it can. */
static inline float wsf__feature_float(double x) {
  return x > FLT_MAX ? FLT_MAX : x < -FLT_MAX ? -FLT_MAX : (float)x;
}

#endif
