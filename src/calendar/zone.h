/* Time zones: what a clock on the wall shows at an instant, and when it shows a time. All times are
 * seconds; a wall's are those since 1970-01-01 on a clock that was never changed. */
#ifndef WSF_CALENDAR_ZONE_H
#define WSF_CALENDAR_ZONE_H

#include "base/alloc.h"
#include "base/error.h"

#include <stdbool.h>

/* A day of every year on which the clock is changed, and the wall's time of that day. */
typedef struct wsf__zone_change {
  char kind; /* 'M': weekday `day` (0 = Sunday) of week `week` (5: the last) of the month;
              * 'J': day 1 to 365 without February 29; '0': day 0 to 365 with it */
  int month, week, day;
  int32_t second; /* of the day, may lie outside it */
} wsf__zone_change;

typedef struct wsf__zone {
  int64_t n;
  const int64_t *at;     /* [n] instants from which an offset holds, rising */
  const int32_t *offset; /* [n] wall minus UTC */
  int32_t before;        /* before the first of them */
  bool summer;           /* after the last: winter's offset, and summer's from start to end */
  int32_t winter_offset, summer_offset;
  wsf__zone_change start, end;
} wsf__zone;

/* UTC, GMT, Z, +02, -0530, +05:30; false for any other name. */
bool wsf__zone_fixed(wsf__zone *out, const char *name);
/* The bytes of a file of the zone database (RFC 8536, versions 2 to 4), in arena. WSF_E_DATA. */
wsf_status wsf__zone_parse(wsf__zone *out, wsf__arena *arena, const char *bytes, size_t length,
                           wsf_error *err);
/* Wall minus UTC at an instant. */
int32_t wsf__zone_offset(const wsf__zone *zone, int64_t instant);
/* Instant at which the wall shows a time. When the clock is set back it shows some times twice:
 * *twice, and `later` takes the second. A time that it skips is read as if it had not been set. */
int64_t wsf__zone_instant(const wsf__zone *zone, int64_t wall, bool later, bool *twice);

#endif
