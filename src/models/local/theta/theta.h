/* The theta method, shared by the theta*.c files. Notation of Fiorucci, Pellegrini, Louzada,
 * Petropoulos and Koehler (2016), "Models for optimising the theta method and their relationship to
 * state space models", equations 4 to 8, with w = 1 - 1 / theta and q = 1 - alpha: the forecast of
 * period t + 1 is
 *
 *   mu = level + w (q^t A + B (1 - q^(t+1)) / alpha),    level' = level + alpha (y - level)
 *
 * where A + B t is the line through the history: through all of it in the standard models, through
 * what was seen so far in the dynamic ones. */
#ifndef WSF_MODELS_LOCAL_THETA_H
#define WSF_MODELS_LOCAL_THETA_H

#include "analysis/plain_season.h"
#include "sync/env.h"

#include <stdbool.h>
#include <stdint.h>

enum { WSF__THETA_STM, WSF__THETA_OTM, WSF__THETA_DSTM, WSF__THETA_DOTM, WSF__THETA_AUTO };
enum { WSF__THETA_PLAIN, WSF__THETA_TIMES, WSF__THETA_PLUS }; /* how the season enters */

/* The state of a fitted series; the m seasonal indices follow, the one of the first period first,
 * and, where they are those of a plain season (analysis/plain_season.h), their standard errors.
 * All but alpha .. fade is in units of `scale` and counted from `base`. */
typedef struct wsf__theta {
  double method; /* not AUTO */
  double kind;   /* of season */
  double m;
  double scale; /* a power of two */
  double base;
  double alpha, weight; /* weight = 1 - 1 / theta */
  double n;             /* periods so far */
  double fade;          /* (1 - alpha)^n */
  double level;
  double middle, line, slope; /* mean, A and B of the line */
  double count, sse;          /* of one-step errors */
  double k;                   /* estimated parameters */
  double past[3];             /* slopes of the thirds of the history */
} wsf__theta;
enum { WSF__THETA_HEAD = sizeof(wsf__theta) / sizeof(double) };

/* The line through the observations so far, after period i - 1; a missing value is taken as a point
 * on it, which moves its middle alone (Fiorucci et al., equations 9 and 10). */
typedef struct wsf__theta_line {
  double middle, line, slope;
} wsf__theta_line;
static inline void wsf__theta_line_move(wsf__theta_line *l, double x, double i) {
  const double off = (x == x ? x : l->line + l->slope * (i + 1)) - l->middle;
  const double slope = ((i - 1) * l->slope + 6 * off / (i + 1)) / (i + 2);
  l->middle += off / (i + 1);
  if (x != x) return;
  l->slope = slope;
  l->line = l->middle - slope * (i + 2) / 2;
}

/* theta_season.c: writes the index of each of the m seasons (that of y[0] first) and says how it
 * enters. y: n values of order 1, NaN = missing. */
typedef enum wsf__theta_how {
  WSF__THETA_TESTED, /* ratios or differences to a moving average, if the season is significant */
  WSF__THETA_TESTED_DIFFERENCES,
  WSF__THETA_RATIOS, /* these, untested */
  WSF__THETA_DIFFERENCES,
  WSF__THETA_LOESS, /* STL */
  WSF__THETA_NEVER
} wsf__theta_how;
/* *kind: WSF__THETA_PLAIN .. PLUS. index stays 0 for PLAIN. *plain: of a plain season, else nothing
 * is found. false: no memory. */
bool wsf__theta_season(double *index, wsf__plain *plain, int *kind, const double *y, int64_t n,
                       int64_t m, wsf__theta_how how, wsf__arena *scratch);

/* theta_fit.c: alpha, weight, line, first states and k of e->method by least squares, for x[n]
 * counted from base (NaN = missing, x[0] is observed). e: as before the first period. *sse receives
 * what was minimised. false: no memory. */
bool wsf__theta_fit(wsf__theta *e, const double *x, int64_t n, double *sse, wsf__arena *scratch);
/* Standard errors of alpha and theta at that fit; NaN where one is given, at a bound, or the
 * likelihood has no maximum. false: no memory. */
bool wsf__theta_errors(double out[2], const wsf__theta *fit, const double *x, int64_t n,
                       wsf__arena *scratch);

#endif
