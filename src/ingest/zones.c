#include "ingest/zones.h"

#include "calendar/calendar.h"
#include "calendar/zone.h"
#include "wire/input.h"

#include <stdio.h>
#include <string.h>

enum { MOST_NAME = 64, DAY_SECONDS = 86400 };

/* ---- the zone ----------------------------------------------------------------------------- */

/* Letters, digits and _+-/ only: nothing that leads out of the database. */
static bool is_name(const char *name) {
  const size_t n = strlen(name);
  if (n == 0 || n > MOST_NAME || name[0] == '/') return false;
  return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/") == n;
}

static wsf_status read_zone(wsf__zone *zone, wsf__arena *arena, wsf__env *env, const char *name,
                            wsf_error *err) {
  char path[MOST_NAME + 32];
  (void)snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
  const wsf__source *source = wsf__access_find(env->access, name);
  const bool named = source != NULL;
  wsf__source_release(source);
  wsf__input in;
  char *bytes = NULL;
  size_t length = 0;
  WSF__TRY(wsf__input_open(&in, env, named ? name : path, true, err));
  wsf_status status = wsf__input_read(&in, env, NULL, &bytes, &length, err);
  wsf__input_close(&in);
  if (status == WSF_OK) status = wsf__zone_parse(zone, arena, bytes, length, err);
  wsf__delete(&env->alloc, bytes);
  return status;
}

static wsf_status find_zone(wsf__zone *zone, wsf__arena *arena, wsf__env *env, const char *name,
                            wsf_error *err) {
  if (wsf__zone_fixed(zone, name)) return WSF_OK;
  wsf_error why;
  wsf__error_clear(&why);
  const bool sound = is_name(name);
  const wsf_status status = sound ? read_zone(zone, arena, env, name, &why) : WSF_E_VALUE;
  if (status == WSF_OK || status == WSF_E_MEMORY) return status;
  (void)wsf__fail(err, WSF_E_VALUE,
                  "the time zone \"%.64s\" is not to be had%s%.200s; expected UTC, an offset such "
                  "as +02:00, or a name of the zone database such as Europe/Berlin",
                  name, sound ? ": " : "", sound ? why.message : "");
  wsf__error_at_field(err, "timezone");
  return WSF_E_VALUE;
}

/* ---- times -------------------------------------------------------------------------------- */

const char *wsf__zone_outcome_text(int outcome) {
  return outcome == WSF__ZONE_LOCAL     ? "times as the clock shows them"
         : outcome == WSF__ZONE_UTC     ? "times in UTC"
         : outcome == WSF__ZONE_UNKNOWN ? "times in UTC, for want of the zone"
                                        : "";
}

static int64_t instant_of(const wsf__zoned *how, int64_t time) {
  return how->packed ? wsf__floor_div(time, 256) : time;
}

static int32_t ahead_of(const wsf__zone *zone, const wsf__zoned *how, int64_t time) {
  if (!how->packed) return wsf__zone_offset(zone, time);
  return (int32_t)(time - wsf__floor_div(time, 256) * 256 - 128) * 900;
}

/* What the clock showed. */
static int64_t wall_of(const wsf__zone *zone, const wsf__zoned *how, int64_t time) {
  if (how->packed) return instant_of(how, time) + ahead_of(zone, how, time);
  return how->instants ? time + wsf__zone_offset(zone, time) : time;
}

/* Whether the clock shows one time of day at all of them; *days: and on more than one day. */
static bool one_time_of_day(const int64_t *time, int64_t n, const wsf__zone *zone,
                            const wsf__zoned *how, bool *days) {
  const int64_t first = n > 0 ? wall_of(zone, how, time[0]) : 0;
  *days = false;
  for (int64_t i = 1; i < n; ++i) {
    const int64_t ahead = wall_of(zone, how, time[i]) - first;
    if (ahead % DAY_SECONDS != 0) return false;
    *days = *days || ahead != 0;
  }
  return true;
}

static bool same_series(const wsf__zoned *how, int64_t i, int64_t j) {
  for (int k = 0; k < how->n_keys; ++k) {
    if (how->code[k][i] != how->code[k][j]) return false;
  }
  return true;
}

static bool latest_first(const int64_t *time, int64_t n) {
  int64_t up = 0, down = 0;
  for (int64_t i = 1; i < n; ++i) {
    up += time[i] > time[i - 1];
    down += time[i] < time[i - 1];
  }
  return down > up;
}

/* What a clock shows twice is told apart by the order of the rows, from the earliest on: the second
 * time comes after a later one, or once more in the same series, or in the first of all series that
 * stand together at that time. */
static wsf_status to_instants(int64_t *time, int64_t n, const wsf__zone *zone,
                              const wsf__zoned *how, const wsf__env *env, wsf_error *err) {
  const bool reverse = latest_first(time, n);
  int64_t before = 0, first = 0; /* the row before, and the first of its time */
  bool later = false;
  for (int64_t j = 0; j < n; ++j) {
    WSF__TRY(wsf__go_on(env, j, err));
    const int64_t i = reverse ? n - 1 - j : j, last = reverse ? i + 1 : i - 1, wall = time[i];
    bool twice;
    (void)wsf__zone_instant(zone, wall, false, &twice);
    const bool same = j > 0 && wall == before;
    const bool again = (j > 0 && wall < before) ||
                       (same && (same_series(how, i, last) || same_series(how, i, first)));
    if (!same) first = i;
    later = twice && (later || again);
    time[i] = wsf__zone_instant(zone, wall, later, &twice);
    before = wall;
  }
  return WSF_OK;
}

/* Midnights of a zone with summer time that were written in UTC: 23:00Z in winter, 22:00Z in
 * summer, never both of one day. */
static bool midnights_elsewhere(const int64_t *time, int64_t n, const wsf__zone *zone,
                                const wsf__zoned *how) {
  enum { HOUR_SECONDS = 3600 };
  int64_t later = 0, earlier = 0;
  if (!how->packed || n < 3) return false;
  const int64_t first = instant_of(how, time[0]);
  for (int64_t i = 0; i < n; ++i) {
    const int64_t now = instant_of(how, time[i]);
    if (ahead_of(zone, how, time[i]) != 0) return false;
    const int64_t off = now - first - wsf__floor_div(now - first, DAY_SECONDS) * DAY_SECONDS;
    if (off != 0 && off != HOUR_SECONDS && off != DAY_SECONDS - HOUR_SECONDS) return false;
    later += off == HOUR_SECONDS;
    earlier += off == DAY_SECONDS - HOUR_SECONDS;
    const int64_t step = i > 0 ? now - instant_of(how, time[i - 1]) : 0;
    if (step == HOUR_SECONDS || step == -HOUR_SECONDS) return false;
  }
  return (later > 0) != (earlier > 0);
}

static wsf_status settle(int *outcome, int64_t *time, int64_t n, const wsf__zone *zone,
                         const wsf__zoned *how, const wsf__env *env, wsf_error *err) {
  bool days;
  const bool hours = how->freq == WSF__HOUR || how->freq == WSF__MINUTE;
  const bool same = one_time_of_day(time, n, zone, how, &days);
  const bool local = how->freq ? !hours : same;
  if (!hours && midnights_elsewhere(time, n, zone, how)) {
    (void)wsf__fail(err, WSF_E_DATA,
                    "times in UTC stand at two hours of the day, one apart, as the midnights of a "
                    "zone with summer time do; expected timezone= to name it, or freq=hour");
    wsf__error_at_field(err, how->column);
    return WSF_E_DATA;
  }
  if (local && how->freq == 0 && !days && n > 0 && ahead_of(zone, how, time[0]) != 0) {
    (void)wsf__fail(err, WSF_E_DATA,
                    "all rows have one time, which may be of a day where the clock shows it or of "
                    "an hour in UTC; expected freq= to say it");
    wsf__error_at_field(err, how->column);
    return WSF_E_DATA;
  }
  if (local) {
    for (int64_t i = 0; i < n; ++i) {
      WSF__TRY(wsf__go_on(env, i, err));
      time[i] = wall_of(zone, how, time[i]);
    }
  } else if (how->packed) {
    for (int64_t i = 0; i < n; ++i) time[i] = instant_of(how, time[i]);
  } else if (!how->instants) {
    WSF__TRY(to_instants(time, n, zone, how, env, err));
  }
  *outcome = local ? WSF__ZONE_LOCAL : WSF__ZONE_UTC;
  return WSF_OK;
}

wsf_status wsf__zone_check(wsf__env *env, const char *name, wsf_error *err) {
  wsf__zone zone = {0};
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  const wsf_status status = find_zone(&zone, &arena, env, name, err);
  wsf__arena_free(&arena);
  return status;
}

wsf_status wsf__zones_settle(int *outcome, int64_t *time, int64_t n, const wsf__zoned *how,
                             wsf__env *env, wsf_error *err) {
  *outcome = WSF__ZONE_NONE;
  if (!how->name && !how->packed) return WSF_OK;
  wsf__arena arena;
  wsf__zone zone = {0};
  wsf__zoned as = *how;
  if (!how->name) return settle(outcome, time, n, &zone, how, env, err);
  if (how->packed) { /* what another clock showed then */
    for (int64_t i = 0; i < n; ++i) time[i] = instant_of(how, time[i]);
    as.packed = false;
    as.instants = true;
  }
  wsf__arena_init(&arena, &env->alloc);
  wsf_status status = find_zone(&zone, &arena, env, how->name, how->asked ? err : NULL);
  if (status == WSF_OK) {
    status = settle(outcome, time, n, &zone, &as, env, err);
  } else if (status != WSF_E_MEMORY && !how->asked) {
    /* Nobody asked for more than what the data's own type says of them. */
    *outcome = WSF__ZONE_UNKNOWN;
    status = WSF_OK;
  }
  wsf__arena_free(&arena);
  return status;
}
