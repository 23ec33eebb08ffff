/* Times of a column that belong to a time zone. */
#ifndef WSF_INGEST_ZONES_H
#define WSF_INGEST_ZONES_H

#include "calendar/calendar.h"
#include "sync/env.h"

typedef struct wsf__zoned {
  const char *name; /* of the zone; NULL: none */
  bool asked;       /* by an option, not by the data */
  bool instants;    /* times are instants; else what the zone's clock showed */
  bool packed;      /* each time was written with its own distance from UTC */
  const char *column;
  int32_t freq; /* of the rules, 0: to be inferred */
  int n_keys;   /* of the rows, to tell when a series' clock shows a time again */
  int32_t *const *code;
} wsf__zoned;

/* What was made of times. */
typedef enum wsf__zone_outcome {
  WSF__ZONE_NONE,   /* they had no zone and stay as they are */
  WSF__ZONE_LOCAL,  /* what the clock showed */
  WSF__ZONE_UTC,    /* instants */
  WSF__ZONE_UNKNOWN /* instants, though the data name a zone, which is not to be had */
} wsf__zone_outcome;
const char *wsf__zone_outcome_text(int outcome); /* for reports */

/* A time with its distance from UTC as one number, until all of the column are there. */
static inline int64_t wsf__zoned_pack(wsf__time t) {
  return (t.value - t.ahead * INT64_C(900)) * 256 + t.ahead + 128;
}

/* Make times that a calendar can count. Where all of them show one time of day, as those of days,
 * weeks and months do, they become what the zone's clock showed; else they become instants, in
 * UTC, so that no hour is lost or doubled when the clock is changed. The file of a zone comes from
 * a source of its name, or from the system's zone database. */
wsf_status wsf__zones_settle(int *outcome, int64_t *time, int64_t n, const wsf__zoned *how,
                             wsf__env *env, wsf_error *err);
/* Whether there is such a zone, for times of day or not. */
wsf_status wsf__zone_check(wsf__env *env, const char *name, wsf_error *err);

#endif
