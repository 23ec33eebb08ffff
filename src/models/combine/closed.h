/* Periods in which series are closed, as a column known ahead tells: what is not sold then says
 * nothing of demand, and none is to be forecast. For files of models/combine/ only. */
#ifndef WSF_MODELS_CLOSED_H
#define WSF_MODELS_CLOSED_H

#include "models/model.h"

typedef struct wsf__closed {
  int column;  /* of the panel, of two values; -1: nothing tells */
  double when; /* its value in closed periods */
  /* Bit d: of a series that it is closed on weekday d (0 = Monday), for where the column has no
   * value ahead. */
  unsigned weekdays;
} wsf__closed;

/* The column of a panel that tells most, for a batch: where it has one value nothing at all was
 * sold, where it has the other nearly always something. */
wsf__closed wsf__closed_find(const wsf__panel *panel, const wsf__batch *b,
                             const wsf__arena *scratch);
/* The weekdays on which a series was always closed, as the column told in the newest year of its
 * history: four times at least, and open once in twenty at most. None on a calendar of longer
 * periods than days. */
unsigned wsf__closed_weekdays(const wsf__closed *c, const wsf__panel *panel, const wsf__series *s);
/* Those of c->weekdays on which the column does not say that the series was open. */
unsigned wsf__closed_weekdays_kept(const wsf__closed *c, const wsf__panel *panel,
                                   const wsf__series *s);
/* Whether a series is closed at a period, as the column tells. */
bool wsf__closed_at(const wsf__closed *c, const wsf__panel *panel, const wsf__series *s,
                    int64_t period);
/* Take the observations of closed periods away from a copy of a series, whose values may be
 * written. */
void wsf__closed_mask(const wsf__closed *c, const wsf__panel *panel, wsf__series *s);
/* In how many of h periods ahead the column has no value. */
int64_t wsf__closed_untold(const wsf__closed *c, const wsf__panel *frame, const wsf__series *s,
                           int64_t h);
/* Closed periods sell nothing; where the column has no value the weekday tells. */
void wsf__closed_forecast(const wsf__closed *c, const wsf__panel *frame, const wsf__series *s,
                          wsf__forecast *out);

#endif
