/* A recipe: the features that a model, or a table, is made from. The same record serves training,
 * on a panel, and forecasting, on the frame that a forecaster keeps. */
#ifndef WSF_FEATURES_RECIPE_H
#define WSF_FEATURES_RECIPE_H

#include "features/feature.h"

/* Limit on the columns of one recipe. */
#define WSF__RECIPE_MOST 65536

typedef struct wsf__recipe {
  const wsf__panel *panel; /* or frame; not owned */
  int n_nodes;
  const wsf__node *const *node; /* not owned */
  const int *first;             /* [n_nodes] first column of each */
  int width;
  const wsf__feature *column; /* [width] */
  const void *const *shared;  /* [n_nodes] what the series share: see wsf__feature_class.share */
  const float *const *table;  /* [n_nodes] by period: a memo's, or of wsf__recipe_tabulate */
  int64_t from, periods;      /* that it holds */
  int64_t nearest, furthest;  /* of the target: see wsf__feature_class.lag */
} wsf__recipe;

/* A recipe as the arguments of a call, and its calls from such a text:
 * "lags([1:4,52]), calendar(week, month)". */
extern const wsf__spec wsf__spec_recipe;
wsf_status wsf__recipe_parse(const wsf__value **out, wsf__arena *arena, const wsf__catalog *catalog,
                             const char *text, wsf_error *err);

/* From the calls of an option of family "feature", for one panel or frame. All that the recipe
 * points to is in the arena, the nodes and the panel. What all series share is computed here,
 * unless a memo of the call has it (features/memo.h), which has what depends on the period alone,
 * too. WSF_E_VALUE with the byte of the call if the panel does not have what it asks for, if two
 * columns have one name, or if they are too many.
 */
wsf_status wsf__recipe_make(wsf__recipe *out, wsf__arena *arena, const wsf__value *features,
                            const wsf__panel *panel, wsf_error *err);
/* Compute what depends on the period alone once, for periods from .. from + periods - 1, for
 * whoever fills them for many series; in the arena, and not if it were large. */
wsf_status wsf__recipe_tabulate(wsf__recipe *recipe, wsf__arena *arena, int64_t from,
                                int64_t periods, wsf_error *err);
/* Periods of PAST columns that the frame must keep for these calls: for a model's `reach`. */
int64_t wsf__recipe_reach(const wsf__value *features);
/* Periods t .. t + rows - 1 of one series: column c of row r goes to x[c * stride + r]. */
wsf_status wsf__recipe_fill(const wsf__recipe *recipe, const wsf__feature_view *v, int64_t t,
                            int64_t rows, float *x, int64_t stride);

/* The view of a series whose history is y[0 .. n), from period t0 on. For forecasts beyond it,
 * follow the history (or its last `furthest` values, with t0 moved) with the values forecast so
 * far and raise n; `end` stays. */
wsf__feature_view wsf__recipe_view(const wsf__recipe *recipe, int64_t series, const double *y,
                                   int64_t t0, int64_t n, wsf__arena *scratch, wsf_error *err);

#endif
