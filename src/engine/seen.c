/* What the newest periods of each series looked like when the forecaster saw them: a mark of 16
 * bits for each, so that an update can tell a value that comes again from one that was restated and
 * one that comes late. States have no history to ask; two values share a mark once in 65,534 times,
 * and a restated value that does passes for the old one. Periods before the history, before those
 * that are remembered, and of files without the section `seen` are not known. */
#include "engine/drive.h"

#include <math.h>
#include <string.h>

enum { UNKNOWN, MISSING, FIRST };

static uint16_t mark_of(double y) {
  if (isnan(y)) return MISSING;
  y += 0.0; /* of zeros there is one */
  uint64_t bits;
  memcpy(&bits, &y, sizeof bits);
  bits *= UINT64_C(0x9e3779b97f4a7c15);
  return (uint16_t)(FIRST + (bits >> 32) % (UINT16_MAX + 1 - FIRST));
}

void wsf__seen_move(uint16_t *to, const uint16_t *from, const double *y, int64_t n) {
  for (int64_t k = 0; k < WSF__SEEN; ++k) {
    const int64_t at = n - WSF__SEEN + k;
    to[k] = at >= 0 ? mark_of(y[at]) : from ? from[k + n] : UNKNOWN;
  }
}

uint16_t *wsf__seen_room(wsf__arena *arena, int64_t n) {
  size_t marks;
  return wsf__mul((size_t)n, WSF__SEEN, &marks) ? wsf__arena_zero(arena, marks, sizeof(uint16_t))
                                                : NULL;
}

wsf__again wsf__seen_again(uint16_t *mark, int64_t back, double y) {
  if (back >= WSF__SEEN || mark[WSF__SEEN - 1 - back] == UNKNOWN) return WSF__AGAIN_UNKNOWN;
  uint16_t *was = &mark[WSF__SEEN - 1 - back];
  const uint16_t now = mark_of(y), before = *was;
  *was = now;
  if (now == before) return WSF__AGAIN_SAME;
  return before == MISSING ? WSF__AGAIN_LATE : WSF__AGAIN_CHANGED;
}

void wsf__seen_save(wsf__writer *w, const uint16_t *mark, int64_t n) {
  for (int64_t k = 0; k < n * WSF__SEEN; k += 2) {
    wsf__write_u32(w, mark[k] | (uint32_t)mark[k + 1] << 16);
  }
}

const uint16_t *wsf__seen_load(wsf__reader *r, wsf__arena *arena, int64_t n) {
  if ((r->length - r->at) / (2 * WSF__SEEN) < (uint64_t)n) {
    wsf__read_fail(r, "the section is too short for the marks of all series");
    return NULL;
  }
  uint16_t *mark = wsf__read_room(r, arena, n * WSF__SEEN, sizeof *mark);
  for (int64_t k = 0; mark && k < n * WSF__SEEN; k += 2) {
    const uint32_t two = wsf__read_u32(r);
    mark[k] = (uint16_t)(two & UINT16_MAX);
    mark[k + 1] = (uint16_t)(two >> 16);
  }
  return mark;
}
