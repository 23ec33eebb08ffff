/* What the tables of wsf_analyze share: the request, the rows of each series, and the columns. */
#ifndef WSF_ANALYSIS_ANALYSIS_TABLES_H
#define WSF_ANALYSIS_ANALYSIS_TABLES_H

#include "analysis/changes.h"
#include "analysis/demand.h"
#include "analysis/seasons.h"
#include "expr/expr.h"
#include "panel/panel.h"

enum { WSF__SEASONS_ASKED = 8 };

typedef struct wsf__analysis {
  const wsf__panel *p;
  int64_t season, lags;
  bool partial, robust;
  int64_t seasons[WSF__SEASONS_ASKED]; /* mstl: ascending */
  int n_seasons;
  wsf__change_rule change;
  const uint8_t *chosen; /* [n] */
  int64_t *length;       /* [n] up to the last observation */
  int64_t *rows, *at;    /* [n] rows of each series and where they begin */
  int64_t n_rows;
  wsf__demand *demand;
  double *expected, *spread; /* outliers: [cells], [n] */
  wsf__season *found;        /* seasons: [n][WSF__MOST_SEASONS] */
  /* columns */
  int64_t *whole[4];
  double *real[WSF__SEASONS_ASKED + 4];
} wsf__analysis;

static inline const double *wsf__analysis_values(const wsf__analysis *a, int64_t i) {
  return a->p->y + a->p->offset[i];
}

/* Key columns for the rows that were counted. */
wsf_status wsf__analysis_begin(wsf_table **out, wsf__analysis *a, wsf__env *env, wsf_error *err);
/* Columns real[0 .. n - 1], and the time as whole[0]. */
wsf_status wsf__analysis_add_reals(wsf_table *t, wsf__analysis *a, const char *const *name, int n,
                                   wsf_error *err);
wsf_status wsf__analysis_add_time(wsf_table *t, wsf__analysis *a, wsf_error *err);

/* The tables of their own files. */
wsf_status wsf__analysis_tests(wsf_table **out, wsf__analysis *a, wsf__env *env, wsf_error *err);
wsf_status wsf__analysis_seasons(wsf_table **out, wsf__analysis *a, wsf__env *env, wsf_error *err);
wsf_status wsf__analysis_mstl(wsf_table **out, wsf__analysis *a, wsf__env *env, wsf_error *err);
wsf_status wsf__analysis_changes(wsf_table **out, wsf__analysis *a, wsf__env *env, wsf_error *err);

#endif
