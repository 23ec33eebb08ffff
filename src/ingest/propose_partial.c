/* The last period of rows that are added up, where it has far fewer of them than any other: a month
 * that is not over would be forecast from as if it were one of few sales. */
#include "ingest/propose_when.h"

#include <math.h>

enum { SLOTS = 1 << 14, DAY = 86400 };

typedef struct period {
  double time;
  int64_t rows; /* 0: free */
} period;

/* What is added up by day are all times of it. */
static double period_of(const wsf__proposal *p, const wsf__when *w, int64_t row) {
  const double time = wsf__when_time(w, row);
  return p->summed && w->words ? floor(time / DAY) * DAY : time;
}

/* The rows of each period; how many there are, 0: too many to look at. */
static int64_t count_rows(const wsf__proposal *p, const wsf__when *w, period *slot) {
  int64_t periods = 0;
  for (int64_t i = 0; i < p->csv.rows && !wsf__propose_stopped(&p->csv, i); ++i) {
    const double time = period_of(p, w, i);
    uint64_t bits;
    if (isnan(time)) continue;
    memcpy(&bits, &time, sizeof bits);
    size_t at = (size_t)(wsf__propose_mix(1, bits) >> 20) & (SLOTS - 1);
    while (slot[at].rows && slot[at].time != time) at = (at + 1) & (SLOTS - 1);
    if (slot[at].rows++) continue;
    slot[at].time = time;
    if (2 * ++periods > SLOTS) return 0;
  }
  return periods;
}

void wsf__propose_doubt_partial(wsf__proposal *p) {
  enum { LEAST = 4, FEWER = 2 };
  wsf__when w;
  if ((p->twice == 0 && !p->summed) || p->layout != WSF__LAYOUT_LONG || !wsf__when_find(&w, p))
    return;
  period *slot = wsf__new_zero(&p->csv.env->alloc, SLOTS, sizeof *slot);
  const int64_t periods = slot ? count_rows(p, &w, slot) : 0;
  period last = {-INFINITY, 0}, before = {-INFINITY, 0};
  int64_t least = INT64_MAX;
  for (size_t i = 0; i < SLOTS && periods >= LEAST; ++i) {
    if (slot[i].rows && slot[i].time > last.time) last = slot[i];
  }
  for (size_t i = 0; i < SLOTS && periods >= LEAST; ++i) {
    if (!slot[i].rows || slot[i].time == last.time) continue;
    if (slot[i].rows < least) least = slot[i].rows;
    if (slot[i].time > before.time) before = slot[i];
  }
  wsf__delete(&p->csv.env->alloc, slot);
  char text[32];
  if (periods < LEAST || FEWER * last.rows > least || !wsf__when_text(text, &w, before.time))
    return;
  wsf__propose_doubt(
      p,
      "the last period adds up %lld rows, all others %lld or more, as one that is not "
      "over (until(\"%s\") leaves it out)",
      (long long)last.rows, (long long)least, text);
}
