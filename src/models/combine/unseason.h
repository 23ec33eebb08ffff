/* Take seasons off, any model for the rest, put them back on: what stl, mstl and deseason share. */
#ifndef WSF_MODELS_UNSEASON_H
#define WSF_MODELS_UNSEASON_H

#include "models/model.h"

enum { WSF__MOST_SEASONS = 8 };
typedef struct wsf__seasons {
  int n;
  int64_t m[WSF__MOST_SEASONS]; /* periods in each, ascending, at least 2 */
} wsf__seasons;

/* The noise that a season holds, for intervals=adjusted. */
typedef struct wsf__season_error {
  double kept; /* share of the noise's variance that the rest still has; preset: 1 */
  double *sd;  /* standard error of each value of the cycles; preset: 0 */
} wsf__season_error;

typedef struct wsf__unseason {
  /* Seasons that the call asks for; none: the inner model sees the series as it is. */
  wsf__seasons (*seasons)(const wsf__node *node, const wsf__panel *panel);
  /* Take the seasons (no cycle longer than half of the series) off the values of s, which vary, in
   * place; cycle receives what they are for the first m[0], m[1], .. periods after the end. */
  wsf_status (*take)(wsf__fit *f, const wsf__node *node, const wsf__seasons *seasons,
                     wsf__series *s, double *cycle, wsf__season_error *error);
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

/* How the seasons of a take were estimated, as far as their error depends on it. */
typedef struct wsf__season_fit {
  int64_t window[WSF__MOST_SEASONS]; /* cycles that shape each, odd; 0: all */
  int64_t trend;                     /* periods that shape the trend */
  int64_t first, end;                /* the season is learnt from these periods only */
} wsf__season_fit;
/* Fill `error` from the remainder: what trend and seasons leave of y[n], NaN where y is. Both may
 * be of logarithms or relative to the trend; the errors then are relative to the season. */
wsf_status wsf__unseason_error(wsf__fit *f, const double *remainder, int64_t n,
                               const wsf__seasons *seasons, const wsf__season_fit *how,
                               wsf__season_error *error);

/* The option of all three, the last row of their tables. */
#define WSF__UNSEASON_INTERVALS                                                                    \
  {                                                                                                \
    "intervals", WSF__WORD, "adjusted", 0, 0, "adjusted|model",                                    \
        "adjusted: count that the season is an estimate; model: as the inner model's, moved"       \
  }

/* seasons() of a call with one season, its option `season`. */
wsf__seasons wsf__unseason_one(const wsf__node *node, const wsf__panel *panel);

#endif
