/* The zone database's files: Olson, Eggert and others, TZif, RFC 8536. The first of two blocks is
 * for readers of 32 bits and is skipped. Behind the second stands what holds after its last change,
 * in the words of POSIX (section 8.3, the TZ variable). */
#include "calendar/zone.h"

#include "calendar/calendar.h"
#include "calendar/cursor.h"

#include <string.h>

enum { HEADER = 44, HOUR = 3600, MOST_OFFSET = 26 * HOUR };

/* ---- names -------------------------------------------------------------------------------- */

static int pair(const char *c) {
  if (c[0] < '0' || c[0] > '9' || c[1] < '0' || c[1] > '9') return -1;
  return (c[0] - '0') * 10 + (c[1] - '0');
}

bool wsf__zone_fixed(wsf__zone *out, const char *name) {
  static const char *const utc[] = {"UTC", "GMT", "Z", "Etc/UTC", "Etc/GMT", "utc"};
  *out = (wsf__zone){0};
  for (size_t i = 0; i < sizeof utc / sizeof *utc; ++i) {
    if (strcmp(name, utc[i]) == 0) return true;
  }
  if (name[0] != '+' && name[0] != '-') return false;
  const int hours = pair(name + 1);
  if (hours < 0 || hours > 24) return false;
  const char *rest = name + 3;
  rest += *rest == ':';
  const int minutes = *rest ? pair(rest) : 0;
  if (minutes < 0 || minutes > 59 || (*rest && rest[2])) return false;
  const int32_t offset = hours * HOUR + minutes * 60;
  out->before = out->winter_offset = name[0] == '-' ? -offset : offset;
  return true;
}

/* ---- rules -------------------------------------------------------------------------------- */

typedef struct rule {
  wsf__cursor text;
  bool failed;
} rule;

static int32_t number(rule *r, int32_t least, int32_t most) {
  int x;
  if (wsf__take_digits(&r->text, 4, &x) == 0 || x < least || x > most) r->failed = true;
  return r->failed ? least : x;
}

/* [+-]h[h[h]][:mm[:ss]] */
static int32_t clock_of(rule *r) {
  const bool negative = wsf__take(&r->text, '-');
  if (!negative) (void)wsf__take(&r->text, '+');
  int32_t x = number(r, 0, 167) * HOUR;
  if (wsf__take(&r->text, ':')) x += number(r, 0, 59) * 60;
  if (wsf__take(&r->text, ':')) x += number(r, 0, 59);
  return negative ? -x : x;
}

/* Letters, or anything in angle brackets. */
static void skip_name(rule *r) {
  const char *from = r->text.at;
  if (wsf__take(&r->text, '<')) {
    while (r->text.at < r->text.end && *r->text.at != '>') ++r->text.at;
    if (!wsf__take(&r->text, '>')) r->failed = true;
    return;
  }
  while (r->text.at < r->text.end && ((*r->text.at | 32) >= 'a' && (*r->text.at | 32) <= 'z'))
    ++r->text.at;
  if (r->text.at == from) r->failed = true;
}

static wsf__zone_change change_of(rule *r) {
  wsf__zone_change x = {.kind = '0', .second = 2 * HOUR};
  if (!wsf__take(&r->text, ',')) r->failed = true;
  if (wsf__take(&r->text, 'M')) {
    x.kind = 'M';
    x.month = number(r, 1, 12);
    if (!wsf__take(&r->text, '.')) r->failed = true;
    x.week = number(r, 1, 5);
    if (!wsf__take(&r->text, '.')) r->failed = true;
    x.day = number(r, 0, 6);
  } else if (wsf__take(&r->text, 'J')) {
    x.kind = 'J';
    x.day = number(r, 1, 365);
  } else {
    x.day = number(r, 0, 365);
  }
  if (wsf__take(&r->text, '/')) x.second = clock_of(r);
  return x;
}

/* "CET-1CEST,M3.5.0,M10.5.0/3": west of Greenwich is positive. */
static bool parse_rule(wsf__zone *z, rule r) {
  skip_name(&r);
  z->winter_offset = -clock_of(&r);
  z->summer = r.text.at < r.text.end;
  if (z->summer) {
    skip_name(&r);
    const bool own = r.text.at < r.text.end && *r.text.at != ',';
    z->summer_offset = own ? -clock_of(&r) : z->winter_offset + HOUR;
    z->start = change_of(&r);
    z->end = change_of(&r);
  }
  return !r.failed && r.text.at == r.text.end;
}

/* Wall's time of a change in a year. */
static int64_t change_in(const wsf__zone_change *x, int64_t year) {
  int64_t day;
  if (x->kind == 'M') {
    const int64_t first = wsf__days_from_civil(year, x->month, 1);
    const int64_t next =
        wsf__days_from_civil(x->month == 12 ? year + 1 : year, x->month % 12 + 1, 1);
    const int sunday_first = (wsf__weekday(first) + 1) % 7;
    day = first + (x->day - sunday_first + 7) % 7 + (x->week - 1) * 7;
    while (day >= next) day -= 7;
  } else {
    const int64_t first = wsf__days_from_civil(year, 1, 1);
    const bool leap = wsf__days_from_civil(year + 1, 1, 1) - first == 366;
    const int ordinal = x->kind == 'J' ? x->day - 1 : x->day;
    day = first + ordinal + (x->kind == 'J' && leap && x->day >= 60);
  }
  return day * 86400 + x->second;
}

static int32_t rule_offset(const wsf__zone *z, int64_t instant) {
  if (!z->summer) return z->winter_offset;
  int64_t year;
  int month, day;
  wsf__civil_from_days(wsf__floor_div(instant + z->winter_offset, 86400), &year, &month, &day);
  const int64_t start = change_in(&z->start, year) - z->winter_offset;
  const int64_t end = change_in(&z->end, year) - z->summer_offset;
  const bool north = start < end;
  const bool between =
      north ? instant >= start && instant < end : instant >= end && instant < start;
  return between == north ? z->summer_offset : z->winter_offset;
}

/* ---- file --------------------------------------------------------------------------------- */

static int64_t big_endian(const char *bytes, int n) {
  uint64_t x = (n == 8 || (bytes[0] & 0x80) == 0) ? 0 : UINT64_MAX;
  for (int i = 0; i < n; ++i) x = x << 8 | (uint8_t)bytes[i];
  int64_t out;
  memcpy(&out, &x, sizeof out);
  return out;
}

typedef struct counts {
  int64_t utc, standard, leaps, times, types, letters;
} counts;

/* Counts of a header that stands at `at`; false if none does. */
static bool read_counts(counts *n, const char *bytes, size_t length, size_t at) {
  if (length < HEADER || at > length - HEADER || memcmp(bytes + at, "TZif", 4) != 0) return false;
  int64_t *const to[] = {&n->utc, &n->standard, &n->leaps, &n->times, &n->types, &n->letters};
  for (int k = 0; k < 6; ++k) {
    *to[k] = big_endian(bytes + at + 20 + 4 * (size_t)k, 4);
    if (*to[k] < 0 || (uint64_t)*to[k] > length) return false;
  }
  return n->types > 0;
}

static int64_t size_of(const counts *n, int time) {
  return n->times * (time + 1) + n->types * 6 + n->letters + n->leaps * (time + 4) + n->standard +
         n->utc;
}

static bool read_changes(wsf__zone *z, const counts *n, const char *block, int64_t *at,
                         int32_t *offset) {
  const char *type = block + n->times * 8, *types = type + n->times;
  for (int64_t i = 0; i < n->times; ++i) {
    const int which = (uint8_t)type[i];
    at[i] = big_endian(block + i * 8, 8);
    if (which >= n->types || (i > 0 && at[i] <= at[i - 1])) return false;
    offset[i] = (int32_t)big_endian(types + which * 6, 4);
    if (offset[i] > MOST_OFFSET || offset[i] < -MOST_OFFSET) return false;
  }
  z->before = (int32_t)big_endian(types, 4);
  z->n = n->times;
  z->at = at;
  z->offset = offset;
  return z->before <= MOST_OFFSET && z->before >= -MOST_OFFSET;
}

static wsf_status refuse(wsf_error *err) {
  return wsf__fail(err, WSF_E_DATA,
                   "the bytes are no time zone; a TZif file of version 2 or later was expected");
}

wsf_status wsf__zone_parse(wsf__zone *out, wsf__arena *arena, const char *bytes, size_t length,
                           wsf_error *err) {
  counts n;
  *out = (wsf__zone){0};
  if (!read_counts(&n, bytes, length, 0) || bytes[4] < '2') return refuse(err);
  const size_t second = HEADER + (size_t)size_of(&n, 4);
  if (!read_counts(&n, bytes, length, second)) return refuse(err);
  const size_t block = second + HEADER, size = (size_t)size_of(&n, 8);
  if (size > length - block) return refuse(err);
  int64_t *at = wsf__arena_new(arena, (size_t)n.times, sizeof *at);
  int32_t *offset = wsf__arena_new(arena, (size_t)n.times, sizeof *offset);
  if (!at || !offset) return wsf__fail_memory(err);
  if (!read_changes(out, &n, bytes + block, at, offset)) return refuse(err);
  wsf__cursor last = {bytes + block + size, bytes + length};
  if (!wsf__take(&last, '\n')) return refuse(err);
  while (last.end > last.at && last.end[-1] != '\n') --last.end;
  if (last.end > last.at) --last.end;
  if (last.at == last.end) { /* nothing is known of the future: it stays as it is */
    out->winter_offset = n.times > 0 ? offset[n.times - 1] : out->before;
    return WSF_OK;
  }
  return parse_rule(out, (rule){.text = last}) ? WSF_OK : refuse(err);
}

/* ---- clocks ------------------------------------------------------------------------------- */

int32_t wsf__zone_offset(const wsf__zone *z, int64_t instant) {
  if (z->n == 0 || instant >= z->at[z->n - 1]) return rule_offset(z, instant);
  int64_t low = -1, high = z->n - 1; /* at[low] <= instant < at[high] */
  while (high - low > 1) {
    const int64_t middle = low + (high - low) / 2;
    if (z->at[middle] <= instant)
      low = middle;
    else
      high = middle;
  }
  return low < 0 ? z->before : z->offset[low];
}

/* Clocks are changed at most once in two days, so that the offsets a day before and a day after are
 * all that may hold. */
int64_t wsf__zone_instant(const wsf__zone *z, int64_t wall, bool later, bool *twice) {
  const int32_t old = wsf__zone_offset(z, wall - 86400), new = wsf__zone_offset(z, wall + 86400);
  const bool as_old = wsf__zone_offset(z, wall - old) == old;
  const bool as_new = wsf__zone_offset(z, wall - new) == new;
  *twice = old != new &&as_old &&as_new;
  return as_new && (later || !as_old) ? wall - new : wall - old;
}
