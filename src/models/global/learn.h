/* How a network learns from the series of a panel, and what it is shown of them. */
#ifndef WSF_MODELS_GLOBAL_LEARN_H
#define WSF_MODELS_GLOBAL_LEARN_H

#include "models/global/head.h"
#include "models/global/network.h"
#include "models/global/track.h"

enum {
  WSF__READ_NUMBERS = 3,  /* of a period that is read: error, whether it was observed, season */
  WSF__AHEAD_NUMBERS = 9, /* of a step ahead, beside the columns: see wsf__tell_ahead */
  WSF__ORIGINS = 8,       /* periods in a row that a sample forecasts from */
  WSF__PIECE = 32         /* samples that one piece of work takes */
};

/* A series as the network is shown it. */
typedef struct wsf__pupil {
  wsf__track track;
  wsf__gains gains;    /* of the track */
  const double *y;     /* [n] as observed */
  double scale;        /* of the track */
  int64_t phase;       /* season of its first period, 0 .. m-1 */
  const float *x;      /* [n][inputs] */
  const int32_t *code; /* [tables] */
} wsf__pupil;

/* What all of it is shown by. */
typedef struct wsf__lesson {
  const wsf__network *net;
  const wsf__head *head;
  const float *waves; /* [m][4]: sine and cosine of one and two turns a season */
  int64_t m, horizon;
  int64_t columns, inputs; /* that are seen ahead, and with others when they are read */
  int64_t steps;           /* read before and with the last origin of a sample */
  bool gains;              /* each series learns its own */
  int64_t n;
  wsf__pupil *pupil;
} wsf__lesson;

typedef struct wsf__course {
  const char *name; /* of what is trained */
  int64_t epochs, batch, patience;
  double rate, decay;
  double dropout; /* share of what cells say that is left out */
  uint64_t seed;
} wsf__course;

/* Numbers of a period that is read. */
void wsf__tell_read(float *to, double error, bool observed, double season, const float *x,
                    int64_t columns);
/* Numbers of step h ahead: its season, by how much those beside it differ, how far ahead it is, the
 * waves of its place in the season, the columns. */
void wsf__tell_ahead(float *to, const wsf__lesson *l, float before, float season, float after,
                     int64_t h, int64_t phase, const float *x);
/* Fill what sample i reads up to period `end`. */
void wsf__show_history(const wsf__lesson *l, const wsf__pupil *pupil, int64_t end, wsf__samples *s,
                       int64_t i);
/* Fill sample i with the window of a series whose last origin is `end`. */
void wsf__show(const wsf__lesson *l, int64_t series, int64_t end, wsf__samples *s, int64_t i);
const float *wsf__waves(int64_t m, wsf__arena *arena); /* NULL: no memory */

/* Learn weights[net->n], which have begun, and the width[horizon] of a head that widens. Uses f's
 * workers; leaves nothing behind. */
wsf_status wsf__learn(wsf__fit *f, const wsf__lesson *l, const wsf__course *c, float *weight,
                      double *width);

#endif
