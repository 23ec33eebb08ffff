/* Times far ahead of all others: a stretch in which no series has an observation, and few behind
 * it. One mistyped year makes one, and moves the end of the whole panel. */
#include "panel/far.h"

#include <math.h>

/* Periods of so many days, at least the few that may always pass. */
static int64_t periods_of(const wsf__calendar *cal, int64_t days) {
  const int64_t periods = days * 86400 / wsf__calendar_seconds(cal);
  return periods > WSF__FAR_PERIODS ? periods : WSF__FAR_PERIODS;
}

int64_t wsf__far_most(const wsf__calendar *cal) {
  return cal->freq == WSF__INTEGER ? WSF__FAR_PERIODS : periods_of(cal, WSF__FAR_DAYS);
}

bool wsf__far_rule_of(wsf__far_rule *out, int64_t ahead, int64_t observations, int64_t series) {
  enum { LEAST = 12, SHARE = 100, TIMES = 2 };
  const int64_t share = observations / SHARE, most = share < series ? share : series;
  *out = (wsf__far_rule){.ahead = ahead, .times = TIMES, .most = most > 0 ? most : 1};
  return observations >= LEAST;
}

int64_t wsf__far_begin(const int64_t *time, const int64_t *count, int64_t n, int64_t last,
                       const wsf__far_rule *rule) {
  int64_t behind = 0, longest = 0;
  for (int64_t i = 0; i < n; ++i) behind += count[i];
  for (int64_t i = 0; i < n; ++i) {
    if (count[i] == 0) continue;
    const int64_t at = time ? time[i] : i, stretch = at - last;
    if (stretch > rule->ahead && stretch > rule->times * longest && behind <= rule->most) return i;
    if (stretch > longest) longest = stretch;
    behind -= count[i];
    last = at;
  }
  return n;
}

int64_t wsf__far_end(const int64_t *count, int64_t n, int64_t last, const wsf__far_rule *rule) {
  int64_t end = wsf__far_begin(NULL, count, n, last, rule);
  if (end == n) return n - 1;
  while (end > 0 && count[end - 1] == 0) --end;
  return end > 0 ? end - 1 : last;
}

/* Periods of a year: what begins with a few sales is no mistake, a year too early may be. */
static int64_t year_of(const wsf__calendar *cal) {
  return cal->freq == WSF__INTEGER ? INT64_MAX : periods_of(cal, 366);
}

static bool has_far(const int64_t *count, const wsf__panel *p, int64_t ahead, int64_t *end) {
  int64_t all = 0;
  wsf__far_rule rule;
  for (int64_t t = 0; t < p->T; ++t) all += count[t];
  if (!wsf__far_rule_of(&rule, ahead, all, p->n)) return false;
  *end = wsf__far_end(count, p->T, -1, &rule);
  return *end < p->T - 1;
}

wsf_status wsf__panel_far(bool *out, const wsf__panel *p, const wsf__env *env,
                          wsf__arena *temporary, wsf_error *err) {
  int64_t *count = wsf__arena_zero(temporary, (size_t)p->T, sizeof *count), end;
  if (!count) return wsf__fail_memory(err);
  for (int64_t i = 0, looked = 0; p->y && i < p->n; ++i) {
    for (int64_t t = 0; t < p->length[i]; ++t) {
      WSF__TRY(wsf__go_on(env, looked++, err));
      count[p->first[i] + t] += !isnan(p->y[p->offset[i] + t]);
    }
  }
  *out = has_far(count, p, wsf__far_most(&p->calendar), &end);
  return WSF_OK;
}

/* ---- a panel in the making ---------------------------------------------------------------- */

/* A series with an observation in every period leaves no stretch. */
static bool one_is_whole(const wsf__panel *p, const wsf__build *b) {
  for (int64_t i = 0; i < p->n; ++i) {
    const uint32_t series = b->kept[i];
    if (b->plain[series] && (int64_t)b->order.count[series] == p->T) return true;
  }
  return false;
}

static wsf_status count_periods(int64_t *count, const wsf__panel *p, const wsf__build *b,
                                const wsf__env *env, wsf_error *err) {
  int64_t looked = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    wsf__walk walk = wsf__walk_series(b, b->kept[i], NULL);
    for (wsf__cell cell; wsf__walk_next(&walk, &cell);) {
      WSF__TRY(wsf__go_on(env, looked++, err));
      if (!isnan(cell.y)) ++count[cell.period];
    }
  }
  return WSF_OK;
}

/* The observations in periods `from` to `to`, and of the one that comes first in its file the line
 * and the time. */
static int64_t tell(int64_t *line, char time[32], const wsf__panel *p, const wsf__build *b,
                    int64_t from, int64_t to) {
  int64_t n = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    if (p->first[i] > to || p->first[i] + p->length[i] <= from) continue;
    wsf__walk walk = wsf__walk_series(b, b->kept[i], NULL);
    for (wsf__cell cell; wsf__walk_next(&walk, &cell);) {
      if (cell.period < from || cell.period > to || isnan(cell.y)) continue;
      const int64_t at = wsf__row_line(b->rows, cell.row);
      if (n++ > 0 && at >= *line) continue;
      *line = at;
      wsf__timeline_text(b->rows, cell.row, time);
    }
  }
  return n;
}

static void reverse(int64_t *count, int64_t n) {
  for (int64_t lo = 0, hi = n - 1; lo < hi; ++lo, --hi) {
    const int64_t was = count[lo];
    count[lo] = count[hi];
    count[hi] = was;
  }
}

wsf_status wsf__build_far(const wsf__panel *p, const wsf__build *b, const wsf__env *env,
                          wsf__panel_counts *counts, wsf__arena *temporary, wsf_error *err) {
  const int64_t ahead = wsf__far_most(&p->calendar);
  if (p->T <= ahead || one_is_whole(p, b)) return WSF_OK;
  int64_t *count = wsf__arena_zero(temporary, (size_t)p->T, sizeof *count), end;
  if (!count) return wsf__fail_memory(err);
  WSF__TRY(count_periods(count, p, b, env, err));
  if (has_far(count, p, ahead, &end))
    counts->far = tell(&counts->first_far, counts->far_time, p, b, end + 1, p->T - 1);
  const int64_t year = year_of(&p->calendar);
  if (p->T <= year) return WSF_OK;
  reverse(count, p->T);
  if (has_far(count, p, year, &end))
    counts->early = tell(&counts->first_early, counts->early_time, p, b, 0, p->T - 2 - end);
  return WSF_OK;
}
