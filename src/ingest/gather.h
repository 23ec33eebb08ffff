/* Rows that arrive one by one or batch by batch, kept by column until they become a panel: what the
 * builder and the Arrow stream share. */
#ifndef WSF_INGEST_GATHER_H
#define WSF_INGEST_GATHER_H

#include "calendar/time_read.h"
#include "ingest/dict.h"
#include "ingest/ingest.h"
#include "ingest/load.h"
#include "ingest/report.h"

/* A covariate in the making. Texts are codes into words. */
typedef struct wsf__gather_column {
  const char *name;
  int32_t kind; /* wsf__column_kind */
  bool text;
  double *value; /* [capacity] */
  wsf__dict words;
} wsf__gather_column;

typedef struct wsf__gather {
  wsf__env *env;
  wsf__arena names, labels; /* labels go with the rows */
  const char *time_name, *target_name, *weight_name, *holiday_name, *mask_name;
  double holiday_weight;
  wsf__panel_rules rules;
  int n_keys;
  const char *const *key_name;
  wsf__dict *key;
  int32_t **code;                /* [n_keys][capacity] */
  wsf__names known, past, fixed; /* roles of columns, as csv has them */
  wsf__names columns;            /* to take; not given: all */
  int n_columns;
  wsf__gather_column *column; /* added by the caller, before the first row */
  int64_t n, capacity;
  int64_t *time;         /* wsf__time.value */
  int32_t form;          /* wsf__time_form, 0 before the first time */
  const char *zone_name; /* as option or as the type of the times says, or NULL */
  int32_t grain;         /* wsf__grain of the longest time; 0: not known */
  wsf__time_style style; /* of times that are texts or whole numbers */
  bool zone_asked, instants;
  int zoned; /* whether times have their own distance from UTC; -1 before the first */
  double *target;
  wsf__report report;
} wsf__gather;

/* From the options of wsf__spec_rows, which need not outlive the call. Always followed by free. */
wsf_status wsf__gather_init(wsf__gather *g, wsf__env *env, const wsf__node *options,
                            wsf_error *err);
void wsf__gather_free(wsf__gather *g);
/* WSF__STATIC, PAST or KNOWN by the options; 0: the column is left out. */
int32_t wsf__gather_role(const wsf__gather *g, const char *name);
/* Room for `columns` covariates, then one after the other. */
wsf_status wsf__gather_columns(wsf__gather *g, int columns, wsf_error *err);
void wsf__gather_add_column(wsf__gather *g, const char *name, int32_t kind, bool text);
/* The report will tell that a column cannot be read, having an Arrow type of this format. */
void wsf__gather_left_out(wsf__gather *g, const char *name, const char *format);
/* Room for `rows` more rows in every array; the caller fills them and moves n on. */
wsf_status wsf__gather_reserve(wsf__gather *g, int64_t rows, wsf_error *err);
/* Code of a key label or a word, which must be valid UTF-8. */
wsf_status wsf__gather_label(int32_t *code, wsf__dict *d, const char *text, size_t length,
                             wsf_error *err);
/* Agree on one form for all times, 0 before the first: dates may join times of day, whole numbers
 * only each other. */
wsf_status wsf__form_agree(int32_t *form, int32_t next, const char *time_name, wsf_error *err);
/* Agree on times that all have their own distance from UTC or none of them; -1 before the first. */
wsf_status wsf__zoned_agree(int *zoned, bool next, const char *time_name, wsf_error *err);
/* Build the panel and drop the rows, whether it worked or not. */
wsf_status wsf__gather_finish(wsf__panel **out, wsf__gather *g, wsf_error *err);

#endif
