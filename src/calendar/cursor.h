/* A place in a text, for those that read times. */
#ifndef WSF_CALENDAR_CURSOR_H
#define WSF_CALENDAR_CURSOR_H

#include <stdbool.h>

typedef struct wsf__cursor {
  const char *at, *end;
} wsf__cursor;

static inline bool wsf__take(wsf__cursor *c, char wanted) {
  if (c->at == c->end || *c->at != wanted) return false;
  ++c->at;
  return true;
}

/* A number of at most `most` digits, nine or fewer; returns how many there are. */
static inline int wsf__take_digits(wsf__cursor *c, int most, int *value) {
  int n = 0;
  for (*value = 0; n < most && c->at < c->end && *c->at >= '0' && *c->at <= '9'; ++n) {
    *value = *value * 10 + (*c->at++ - '0');
  }
  return n;
}

#endif
