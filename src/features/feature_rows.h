/* A recipe over a panel as tables, one batch of rows after the other: what wsf_features streams. */
#ifndef WSF_FEATURES_FEATURE_ROWS_H
#define WSF_FEATURES_FEATURE_ROWS_H

#include "features/recipe.h"

/* Options of wsf_features. */
extern const wsf__spec wsf__spec_features;

typedef struct wsf__feature_rows {
  wsf__env *env;
  const wsf__panel *panel; /* not owned */
  wsf__arena arena;        /* nodes, recipe, what follows */
  wsf__recipe recipe;
  wsf__dictionary **of_key;      /* [n_keys] labels of a text key; NULL: whole numbers */
  wsf__dictionary **of_category; /* [width] NULL: numbers */
  bool observed, complete, wide; /* options: rows=, dtype= */
  int64_t horizon, batch;
  int64_t series, t;   /* the next row; t counts from the first observation */
  int64_t done, total; /* rows looked at, rows in all */
} wsf__feature_rows;

wsf_status wsf__feature_rows_open(wsf__feature_rows *out, wsf__env *env, const wsf__panel *panel,
                                  const wsf__catalog *catalog, const char *recipe,
                                  const char *options, wsf_error *err);
void wsf__feature_rows_close(wsf__feature_rows *f);
/* The next batch; NULL at the end. */
wsf_status wsf__feature_rows_next(wsf__feature_rows *f, wsf_table **out, wsf_error *err);
/* The same columns without a row. */
wsf_status wsf__feature_rows_none(wsf__feature_rows *f, wsf_table **out, wsf_error *err);

#endif
