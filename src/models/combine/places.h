/* How much more or less than elsewhere series move at each place of the season, by groups of
 * series: what back-test errors are divided by before series and periods share them (lines.h). For
 * files of models/combine/ only. */
#ifndef WSF_MODELS_PLACES_H
#define WSF_MODELS_PLACES_H

#include "models/scope.h"

typedef struct wsf__places {
  int64_t m;
  const double *
      *factor; /* [batch] of a series, [m] by panel period modulo m; NULL: nothing is known */
} wsf__places;

/* From the seasonal differences of the histories, shrunk towards 1; in scratch. Its groups are
 * those of wsf__groups_find. */
wsf_status wsf__places_find(wsf__places *out, wsf__fit *f, const wsf__batch *b,
                            const wsf__groups *groups, int64_t season);
int64_t wsf__place_of(int64_t period, int64_t m);
/* Of series i of the batch at a panel period; 1 where nothing is known. */
double wsf__places_factor(const wsf__places *p, int64_t i, int64_t period);

/* The part of a series' state that says what its forecast is multiplied by: place in the season of
 * the first step, then what each place multiplies; or nothing. */
int64_t wsf__places_numbers(const wsf__places *p, int64_t i);
void wsf__places_keep(double *v, const wsf__places *p, int64_t i, const wsf__series *s);
/* At a step, from 0, out of n such numbers. */
double wsf__places_at(const double *v, int64_t n, int64_t step);
void wsf__places_move(double *v, int64_t n, int64_t periods);
bool wsf__places_check(const double *v, int64_t n, int64_t season);

#endif
