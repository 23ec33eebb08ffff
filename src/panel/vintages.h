/* Values that became known later: looking them up, and what the makers of panels do with them. */
#ifndef WSF_PANEL_VINTAGES_H
#define WSF_PANEL_VINTAGES_H

#include "panel/panel.h"

/* The period at whose end a series' history ends. Without a history everything is known. */
static inline int64_t wsf__panel_end(const wsf__panel *p, int64_t series) {
  if (p->length[series] == 0) return INT64_MAX;
  return p->own_end ? p->first[series] + p->length[series] - 1 : p->T - 1;
}

/* What was known of a group's period at the end of period `origin`; NaN: nothing. */
double wsf__vintages_value(const wsf__vintages *v, int64_t group, int64_t period, int64_t origin);
/* The values of a group's periods from `start` on. */
void wsf__vintages_fill(double *value, const wsf__vintages *v, int64_t group, int64_t start,
                        int64_t periods, int64_t origin);
/* The pairs of the groups that have a place, in the order of the places, without those that became
 * known after the end of period `origin`. */
wsf_status wsf__vintages_copy(const wsf__vintages **out, wsf__arena *arena, const wsf__vintages *v,
                              int64_t n_groups, const int32_t *place, int64_t used, int64_t origin,
                              wsf_error *err);

/* Fails if a column has vintages: a step that makes new columns of old ones would lose them. */
wsf_status wsf__vintages_refuse(const wsf__panel *p, const char *step, wsf_error *err);

/* The first period at whose end a moment had passed; T if there is none. A day without a clock is
 * over with its last second; a period's end is its stamp, and of a day its last second. */
int64_t wsf__vintages_known(const wsf__panel *p, wsf__time moment);

/* Rows of a file as pairs, for all columns of the file at once. */
typedef struct wsf__vintage_rows {
  int64_t n;
  int64_t *start, *period, *known; /* of wsf__vintages */
  int64_t *row;                    /* [n] where the value stands */
} wsf__vintage_rows;
/* group, period, known and time (the moment that known stands for) of each of `rows` rows; a row
 * without a period (-1) is left out. start, period and known go to `keep`, the rest to `arena`. */
wsf_status wsf__vintages_order(wsf__vintage_rows *out, wsf__arena *keep, wsf__arena *arena,
                               int64_t rows, const int32_t *group, const int64_t *period,
                               const int64_t *known, const int64_t *time, int64_t n_groups,
                               int64_t n_periods, wsf_error *err);

#endif
