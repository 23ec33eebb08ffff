/* Times of a column that belong to a time zone. */
#ifndef WSF_INGEST_ZONES_H
#define WSF_INGEST_ZONES_H

#include "ingest/report.h"

typedef struct wsf__zoned {
  const char *name; /* of the zone; NULL: none */
  bool asked;       /* by an option, not by the data */
  bool instants;    /* times are instants; else what the zone's clock showed */
  const char *column;
  int32_t freq; /* of the rules, 0: to be inferred */
  int n_keys;   /* of the rows, to tell when a series' clock shows a time again */
  int32_t *const *code;
} wsf__zoned;

/* Make times that a calendar can count. Where all of them show one time of day, as those of days,
 * weeks and months do, they become what the zone's clock showed; else they become instants, in
 * UTC, so that no hour is lost or doubled when the clock is changed. The report tells which. The
 * file of a zone comes from a source of its name, or from the system's zone database. */
wsf_status wsf__zones_settle(int64_t *time, int64_t n, const wsf__zoned *how, wsf__env *env,
                             wsf__report *report, wsf_error *err);

#endif
