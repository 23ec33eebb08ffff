/* Take seasons off, any model for the rest, put them back on: what stl, mstl and deseason share. */
#ifndef WSF_MODELS_UNSEASON_H
#define WSF_MODELS_UNSEASON_H

#include "models/model.h"

enum { WSF__MOST_SEASONS = 8 };
typedef struct wsf__seasons {
  int n;
  int64_t m[WSF__MOST_SEASONS]; /* periods in each, ascending, at least 2 */
} wsf__seasons;

typedef struct wsf__unseason {
  /* Seasons that the call asks for; none: the inner model sees the series as it is. */
  wsf__seasons (*seasons)(const wsf__node *node, const wsf__panel *panel);
  /* Take the seasons (no cycle longer than half of the series) off the values of s, which vary, in
   * place; cycle receives what they are for the first m[0], m[1], .. periods after the end. */
  wsf_status (*take)(wsf__fit *f, const wsf__node *node, const wsf__seasons *seasons,
                     wsf__series *s, double *cycle);
  /* Whether the season is a factor (then values must be positive) and not a summand; NULL: no. */
  bool (*multiplies)(const wsf__node *node);
} wsf__unseason;

wsf_status wsf__unseason_fit(wsf__fit *f, const wsf__batch *b, wsf__fitted *out,
                             const wsf__unseason *how);
wsf_status wsf__unseason_update(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                                wsf__fitted *out, const wsf__unseason *how);
wsf_status wsf__unseason_predict(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                                 wsf__forecast out[], const wsf__unseason *how);
bool wsf__unseason_check(const wsf__node *node, const wsf__panel *frame, const wsf__state *state,
                         const wsf__unseason *how);

/* One-step forecasts of y from those of the rest. */
void wsf__unseason_history(const wsf__fitted *out, const wsf__series *s, bool factors);

/* seasons() of a call with one season, its option `season`. */
wsf__seasons wsf__unseason_one(const wsf__node *node, const wsf__panel *panel);

#endif
