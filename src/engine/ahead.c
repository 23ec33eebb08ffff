/* Observations of new data that lie too far ahead of the rest of it: one mistyped date among last
 * night's sales would move a whole panel on to it, and what comes the next night would be late for
 * every series.
 *
 * New are the periods after the forecaster's last. Where they have a stretch without an observation
 * of any series that is longer than `ahead`, and at most half of the new observations lie behind
 * it, those are left out and told. Where more do, the panel was silent and has come back: they are
 * taken. A strict update refuses either. Nothing is left out that a period of the data itself comes
 * near, so series that end apart, as those of a competition, are not held against each other. */
#include "engine/drive.h"

#include "panel/far.h"

#include <math.h>

/* Observations of each period from `start` on. */
static wsf_status count_periods(int64_t *count, const wsf__env *env, const wsf__panel *p,
                                int64_t start, wsf_error *err) {
  for (int64_t j = 0, looked = 0; j < p->n; ++j) {
    const int64_t from = p->first[j] > start ? p->first[j] : start;
    for (int64_t t = from; t < p->first[j] + p->length[j]; ++t) {
      WSF__TRY(wsf__go_on(env, looked++, err));
      count[t - start] += !isnan(p->y[p->offset[j] + t - p->first[j]]);
    }
  }
  return WSF_OK;
}

static wsf_status refuse(const wsf__panel *p, int64_t end, int64_t ahead, wsf_error *err) {
  int64_t j = 0, t = 0;
  for (; j < p->n; ++j) {
    t = p->first[j] > end ? p->first[j] : end + 1;
    while (t < p->first[j] + p->length[j] && isnan(p->y[p->offset[j] + t - p->first[j]])) ++t;
    if (t < p->first[j] + p->length[j]) break;
  }
  char label[128], time[32], last[32];
  wsf__panel_label(p, j, label, sizeof label);
  wsf__calendar_text(&p->calendar, t, time);
  wsf__calendar_text(&p->calendar, end, last);
  (void)wsf__fail(
      err, WSF_E_DATA,
      "the observation of series %s for %s lies %lld periods past %s, the last before "
      "it that forecaster or dataset have, expected at most %lld (strict; ahead= allows "
      "more)",
      label, time, (long long)(t - end), last, (long long)ahead);
  wsf__error_at_series(err, j);
  return WSF_E_DATA;
}

/* p up to period `end`; a series with nothing up to there has no history. */
static wsf_status cut(wsf__panel *out, wsf__far *far, wsf__arena *arena, const wsf__panel *p,
                      int64_t end, wsf_error *err) {
  int64_t *first = wsf__arena_new(arena, (size_t)p->n, sizeof *first);
  int64_t *length = wsf__arena_new(arena, (size_t)p->n, sizeof *length);
  if (!first || !length) return wsf__fail_memory(err);
  for (int64_t j = 0; j < p->n; ++j) {
    const double *y = p->y + p->offset[j];
    const int64_t whole = p->length[j];
    first[j] = p->first[j] <= end ? p->first[j] : end;
    length[j] = p->first[j] > end ? 0 : p->first[j] + whole > end ? end + 1 - p->first[j] : whole;
    for (int64_t t = whole - 1; t >= length[j]; --t) {
      if (isnan(y[t])) continue;
      ++far[j].n;
      far[j].first = p->first[j] + t;
    }
    while (p->own_end && length[j] > 1 && isnan(y[length[j] - 1])) --length[j];
  }
  wsf__panel_look(out, p);
  out->first = first;
  out->length = length;
  out->ahead += p->T - (end + 1);
  out->T = end + 1;
  return WSF_OK;
}

wsf_status wsf__ahead_cut(const wsf__panel **out, const wsf__far **far, const wsf__env *env,
                          wsf__arena *arena, const wsf__panel *p, int64_t seen, const wsf__node *o,
                          wsf_error *err) {
  *out = p;
  *far = NULL;
  const int64_t ahead =
      wsf__arg_is(o, "ahead", "auto") ? wsf__far_most(&p->calendar) : wsf__arg_int(o, "ahead");
  const bool strict = wsf__arg_flag(o, "strict");
  const int64_t start = seen > 0 ? seen : 0, n = p->T - start;
  if (n <= 0 || p->T - seen <= ahead) return WSF_OK;
  int64_t *count = wsf__arena_zero(arena, (size_t)n, sizeof *count);
  if (!count) return wsf__fail_memory(err);
  WSF__TRY(count_periods(count, env, p, start, err));
  int64_t all = 0;
  for (int64_t t = 0; t < n; ++t) all += count[t];
  const wsf__far_rule rule = {.ahead = ahead, .most = strict ? all : all / 2};
  const int64_t end = start + wsf__far_end(count, n, seen - 1 - start, &rule);
  if (end == p->T - 1) return WSF_OK;
  if (strict) return refuse(p, end, ahead, err);
  wsf__far *left = wsf__arena_zero(arena, (size_t)p->n, sizeof *left);
  wsf__panel *near = wsf__arena_new(arena, 1, sizeof *near);
  if (!left || !near) return wsf__fail_memory(err);
  WSF__TRY(cut(near, left, arena, p, end, err));
  *out = near;
  *far = left;
  return WSF_OK;
}
