/* A panel on a calendar of longer periods. */
#ifndef WSF_PANEL_RESAMPLE_H
#define WSF_PANEL_RESAMPLE_H

#include "panel/panel.h"

typedef enum wsf__how { WSF__SUM, WSF__MEAN, WSF__LAST, WSF__ANY } wsf__how;

typedef struct wsf__resample_rules {
  int32_t freq;           /* wsf__freq, longer than the panel's */
  int last;               /* as in wsf__calendar_over */
  wsf__fiscal year;       /* of FISCAL */
  int season;             /* 0: from the frequency */
  wsf__how how;           /* SUM, MEAN or LAST of the target */
  bool keep_partial;      /* periods that the panel covers in part */
  bool skip_missing;      /* what is observed counts, where something is missing */
  const wsf__how *column; /* [n_columns] */
} wsf__resample_rules;

typedef struct wsf__resample_counts {
  int64_t periods;  /* of the new history */
  int64_t partial;  /* periods at its ends that were covered in part */
  char example[32]; /* time of the first of them */
  int64_t split;    /* old periods shared between two new ones */
  int64_t missing;  /* new periods of series that miss an old one */
  int64_t empty;    /* series without a period left */
} wsf__resample_counts;

/* A period that lies in two longer ones is shared by days. A longer period of a series is missing
 * where one of its periods is (skip_missing: where all are); what lies before a series' first
 * observation counts as nothing. Columns pass over missing values. */
wsf_status wsf__panel_resample(wsf__panel **out, wsf__env *env, const wsf__panel *p,
                               const wsf__resample_rules *rules, wsf__resample_counts *counts,
                               wsf_error *err);

#endif
