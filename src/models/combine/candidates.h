/* What `auto` may try, and how much of it. For files of models/combine/ only. */
#ifndef WSF_MODELS_CANDIDATES_H
#define WSF_MODELS_CANDIDATES_H

#include "models/model.h"

/* The preset of its option `models`; $country is the word of its option of that name. */
extern const char wsf__candidates[];

typedef struct wsf__effort {
  int calls;      /* of the preset candidates */
  int64_t series; /* looked at, of each kind */
  int64_t windows;
  int64_t pooled;  /* values of a panel whose series are fitted together */
  int64_t columns; /* of a regression */
} wsf__effort;

/* That of the word of the option `effort`. */
wsf__effort wsf__effort_of(const wsf__node *node);
/* The preset candidate that forecasts last season's values; -1: somebody wrote others. */
int wsf__candidates_plain(const wsf__node *node);
/* Whether a call forecasts last season's values, as they were or corrected. */
bool wsf__candidates_repeat(const wsf__node *call);
/* tried[n_inner]: of the preset candidates those that the effort and the data allow; all of those
 * that somebody wrote. */
wsf_status wsf__candidates_try(bool *tried, const wsf__node *node, wsf__fit *f,
                               const wsf__batch *b);

#endif
