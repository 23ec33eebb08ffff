/* More columns for a panel that nobody else holds yet. */
#ifndef WSF_INGEST_JOIN_H
#define WSF_INGEST_JOIN_H

#include "ingest/load.h"

/* Times that a file names by a word of their own (a fiscal week): word w of the dictionary stands
 * for period[start[w]] .. period[start[w + 1] - 1]. */
typedef struct wsf__join_times {
  const char *column; /* of the joined file */
  const wsf__dict *word;
  const int64_t *start; /* [word->n + 1] */
  const int64_t *period;
} wsf__join_times;

typedef struct wsf__join {
  const char *path;
  wsf__csv_format format;
  wsf__names on;                  /* key columns, the time column, or both */
  const wsf__join_times *through; /* or NULL */
  wsf__names columns;             /* to take; not given: all */
  wsf__names known;               /* not given: as kind says */
  bool past;                      /* kind=past */
  bool forward;                   /* fill=forward: every column that is not a flag */
  wsf__names forward_columns;     /* these in any case */
  const char *known_at;           /* column of when a row became known, or NULL */
  const char *prefix;             /* NULL: none */
  wsf__names text, number;
  const char *holiday; /* joined flag column that becomes the panel's holidays, or NULL */
  double holiday_weight;
} wsf__join;

wsf_status wsf__join_csv(wsf__panel *p, wsf__env *env, const wsf__join *join, wsf_error *err);

/* Neighbours in on= whose names make that of the time, year and month of year_month (join_parts.c).
 */
bool wsf__join_parts(wsf__names *out, const wsf__names *on, const char *time_name);
/* Numbers of weeks are those of ISO 8601 here; refused where the panel's weeks are others. */
wsf_status wsf__join_check_weeks(const wsf__names *parts, const wsf__panel *p, wsf_error *err);

/* Append columns whose arrays live in the panel's arena; KNOWN columns reach T + ahead periods, and
 * those the panel has already are made as long. */
wsf_status wsf__attach(wsf__panel *p, const wsf__column *column, int n, int64_t ahead,
                       wsf_error *err);

#endif
