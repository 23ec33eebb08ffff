/* Intervals from errors that series share: how far from its mean a forecast falls, in units of the
 * spread that its model gives it, learnt by blocks of steps ahead (lines.c). For files of
 * models/combine/ only. */
#ifndef WSF_MODELS_LINES_H
#define WSF_MODELS_LINES_H

#include "models/model.h"

enum { WSF__MOST_BLOCKS = 17 }; /* the longest horizon has so many */

typedef struct wsf__lines {
  int64_t n;           /* blocks of steps; 0: nothing was learnt */
  const double *score; /* [n] lines, ascending */
} wsf__lines;

/* The levels that a model is asked for its spread by: standard deviation at a step of a forecast of
 * them; 0: it says that it cannot err, or nothing. */
enum { WSF__SPREAD_LEVELS = 2 };
extern const double wsf__spread_levels[WSF__SPREAD_LEVELS];
double wsf__spread_at(const wsf__forecast *own, int64_t step);

/* Scores of windows of series, in the making. */
typedef struct wsf__scored {
  int64_t n;
  double *score;
  int8_t *block;
  int64_t *window;                   /* which of those told a score stands in, from 0 */
  int last;                          /* block of the window that is being told */
  bool same;                         /* and whether its model is the one that will forecast */
  int64_t told;                      /* windows with a score */
  int64_t windows[WSF__MOST_BLOCKS]; /* windows of a series that have scores in a block */
  int64_t strange[WSF__MOST_BLOCKS]; /* windows in which the model was another */
  int64_t count[WSF__MOST_BLOCKS];
} wsf__scored;
bool wsf__scored_room(wsf__scored *out, size_t values, wsf__arena *scratch);
void wsf__scored_window(wsf__scored *all, bool same);
/* At a step of it, from 1: an error, observed less forecast, over how far it was said to go. */
void wsf__scored_add(wsf__scored *all, int64_t step, double error, double spread);

/* Lines in `keep`; by few windows they are near to those of `towards`, or where that is NULL to
 * what the models say. */
wsf_status wsf__lines_draw(wsf__lines *out, wsf__fit *f, wsf__arena *keep, const wsf__scored *all,
                           const wsf__lines *towards);
/* How much wider than the model's own the interval from 10 to 90 % is at a step, from 1. */
double wsf__lines_stretch(const wsf__lines *l, int64_t step);

/* The quantiles asked for of `out`, and its paths, which hold those of the model, around its mean.
 * place[n_place] is what steps are multiplied by (places.h), `own` has the levels of the spread. */
wsf_status wsf__lines_forecast(wsf__predict *p, const wsf__lines *l, const double *place,
                               int64_t n_place, const wsf__series *s, const wsf__forecast *own,
                               wsf__forecast *out);
/* As `out`, for a call to be asked for its spread: it shares the mean, the paths and the
 * components. false = out of memory. */
bool wsf__lines_ask(wsf__forecast *own, const wsf__forecast *out, wsf__arena *scratch);

void wsf__lines_write(wsf__writer *w, const wsf__lines *l);
/* false: the bytes are no lines, or memory ran out. */
bool wsf__lines_read(wsf__lines *out, wsf__reader *r, wsf__arena *keep);

#endif
