/* The panel: n series on one calendar, ragged, immutable once built, shared by reference count.
 * Observations of series i are y[offset[i] .. offset[i] + length[i]), its first at period first[i].
 * y is NaN where missing; the first observation of a series is never missing. Series are ordered by
 * their keys (numbers by value, texts by bytes), so nothing depends on the order of the input.
 * A panel without a target holds only what is known ahead: T is 0, every length is 0, y is NULL. */
#ifndef WSF_PANEL_PANEL_H
#define WSF_PANEL_PANEL_H

#include "calendar/calendar.h"
#include "sync/env.h"
#include "table/table.h"

#include <stdatomic.h>

typedef struct wsf__key {
  const char *name;
  bool integer; /* every label is a whole number: exported as I64 */
  int32_t n_labels;
  const char *const *label; /* distinct labels, ordered */
  const int32_t *code;      /* [n] label of each series; -1: the series sums over this key */
} wsf__key;

/* The series that each sum adds up, rising, if all of them are in the panel:
 * member[start[i]] .. member[start[i + 1] - 1] for series i. start NULL: none has any. */
typedef struct wsf__members {
  const int64_t *start; /* [n + 1] */
  const int32_t *member;
} wsf__members;

/* What was known of a column, and when: pairs of a value and the period at whose end it was known.
 * Those of a group follow each other, by the period that they speak of, then by when they became
 * known. Columns may share all but the values. */
typedef struct wsf__vintages {
  const int64_t *start; /* [n_groups + 1] pairs of a group */
  const int64_t *period, *known;
  const double *value;
  bool forward; /* a period of which nothing is known has the latest value before it */
} wsf__vintages;

/* A covariate. Values are stored once per group that shares them (all departments of a store share
 * its fuel price): value of series i at period t is value[group[i] * periods + t - start]. */
typedef enum wsf__column_kind { WSF__STATIC = 1, WSF__PAST = 2, WSF__KNOWN = 3 } wsf__column_kind;
typedef struct wsf__column {
  const char *name;
  int32_t kind;
  bool flag;            /* two-valued: written true/false or 0/1 */
  bool sparse;          /* in a fit and its frame: lacks many observed periods (sparse.c) */
  int32_t n_categories; /* a text column: values are codes into category[]; else 0 */
  const char *const *category;
  int64_t n_groups, periods;     /* periods: 1 (STATIC), T (PAST) or T + ahead (KNOWN) */
  int64_t start;                 /* period of the first value: 0, but in a frame, whose PAST columns
                                  * hold only what is still read; periods counts from it */
  const int32_t *group;          /* [n]; -1: no row for this series, every value missing */
  const double *value;           /* [n_groups * periods], NaN where missing */
  const wsf__vintages *vintages; /* NULL, or value[] is what was known at the end of the panel */
} wsf__column;

typedef struct wsf__panel {
  atomic_int references;
  wsf__arena arena; /* all arrays below */
  wsf__calendar calendar;
  int season;       /* steps in a year (or the data's season=) */
  int64_t T;        /* periods 0 .. T-1 hold history of at least one series */
  int64_t ahead;    /* KNOWN columns reach to T + ahead - 1 */
  int32_t grain;    /* wsf__grain of its times as they were written; 0: not known */
  bool inferred;    /* its frequency is told by how far apart its times are, by nothing else */
  bool season_told; /* by season= */
  bool moved;       /* weeks of some series were stamped on another weekday */
  bool own_end;     /* forecasts start after each series' own last observation, not after T-1 */
  const char *time_name, *target_name; /* target_name "": no target */
  int n_keys;
  const wsf__key *key;
  wsf__members members;
  int64_t n;
  const int64_t *first, *length, *offset;
  const double *y;
  const int64_t *off_calendar; /* [n] rows of each that are not on the calendar; NULL: none */
  int n_columns;
  const wsf__column *column;
  int holiday;           /* KNOWN flag column that marks holidays, or -1 */
  double holiday_weight; /* weight of a period with that flag (others 1); 1 without */
  int weight;            /* column that holds row weights, or -1; overrides holiday_weight */
  wsf_table *report;     /* load report, or NULL */
  wsf_table *request;    /* key columns and time of the rows that someone asks a forecast for
                          * (Kaggle's test.csv), or NULL */
  const char *source;    /* canonical data expression, or "" */
} wsf__panel;

wsf__panel *wsf__panel_retain(wsf__panel *p);
void wsf__panel_release(wsf__panel *p);
/* A view of p that is never released: all but the references, which others may count now. */
void wsf__panel_look(wsf__panel *view, const wsf__panel *p);

/* Period of a time; where series stamp their weeks on weekdays of their own, of the week with which
 * it shares most days. false if it does not fall on the calendar. */
bool wsf__panel_period(const wsf__panel *p, wsf__time time, int64_t *out);
/* Value of a column for a series at a period, as known at the end of the series' history; NaN
 * outside. */
double wsf__panel_value(const wsf__panel *p, int column, int64_t series, int64_t period);
/* The same as known at the end of period `origin`: what fits and trials look at. Of a PAST column
 * nothing is known after that. */
double wsf__panel_value_at(const wsf__panel *p, int column, int64_t series, int64_t period,
                           int64_t origin);
/* Weight of an observation (1 without weights). */
double wsf__panel_weight(const wsf__panel *p, int64_t series, int64_t period);
int wsf__panel_find_column(const wsf__panel *p, const char *name); /* -1 */
int wsf__panel_find_key(const wsf__panel *p, const char *name);    /* -1 */
/* A status with the reason where there is no target to learn from or to measure by. */
wsf_status wsf__panel_need_target(const wsf__panel *p, wsf_error *err);
/* Hash of a series' key labels: seeds its random numbers, whatever panel it stands in. */
uint64_t wsf__panel_seed(const wsf__panel *p, int64_t series);
/* Label of a series in one key; "" if the series sums over the key. No label is empty. */
const char *wsf__panel_key_label(const wsf__panel *p, int key, int64_t series);
/* Whether a series is a sum over some key. */
bool wsf__panel_is_sum(const wsf__panel *p, int64_t series);
/* The series of these key labels, in order and with a comma or slash between them: "1,1". A status
 * with the reason if there is none. */
wsf_status wsf__panel_find_series(int64_t *out, const wsf__panel *p, const char *text,
                                  wsf_error *err);
/* Key labels joined by "/" (for messages and series lists). */
void wsf__panel_label(const wsf__panel *p, int64_t series, char *out, size_t capacity);

/* A panel without values that a forecaster keeps: keys, calendar, ends, columns as known at the end
 * of each series' history; y empty. Of PAST columns the last `tail` periods before the earliest end
 * of a series; 0: none. */
wsf_status wsf__panel_frame(wsf__panel **out, const wsf__env *env, const wsf__panel *p,
                            int64_t tail, wsf_error *err);
/* Let go of what a frame's PAST columns hold beyond that. Only while nobody else has seen it. */
void wsf__frame_trim(wsf__panel *frame, int64_t tail);
/* A column of a moved frame, in the old one's periods and categories, which takes of `room`
 * (match.h): the values of `from` (a group or -1 for each of the n series of the new frame; its
 * periods lie `shift` before those of the old one), and what it does not tell of `then`, the old
 * frame's column of that name and kind; row[i] is the old series of new series i, or -1. In arena.
 */
wsf_status wsf__frame_join(wsf__column *out, wsf__arena *arena, wsf__arena *scratch,
                           const wsf__column *from, const wsf__column *then, const int64_t *row,
                           int64_t n, int64_t shift, int64_t *room, wsf_error *err);
/* The n series listed, as a panel that shares everything with p but what is kept per series, which
 * is in the arena: for reading, never retained. Series j of it is series[j] of p. */
wsf_status wsf__panel_view(wsf__panel *out, wsf__arena *arena, const wsf__panel *p,
                           const int64_t *series, int64_t n, wsf_error *err);
/* env, of these and those below: whose cancel they heed, or NULL.
 * Cut: target and PAST columns end with period `last` (absolute period of p); KNOWN columns stay.
 * Series without an observation left are dropped. Shares nothing with p. */
wsf_status wsf__panel_cut(wsf__panel **out, const wsf__env *env, const wsf__panel *p, int64_t last,
                          wsf_error *err);
/* The panel as it was known before the last `back` periods (of each series, if the panel
 * has own ends). kept[j] = row in p of series j of out. WSF_E_DATA if nothing is left. */
wsf_status wsf__panel_origin(wsf__panel **out, int64_t **kept, const wsf__env *env,
                             wsf__arena *arena, const wsf__panel *p, int64_t back, wsf_error *err);
/* Keep the series for which keep[i] != 0. */
wsf_status wsf__panel_select(wsf__panel **out, const wsf__env *env, const wsf__panel *p,
                             const uint8_t *keep, wsf_error *err);
/* A panel without the observations of the periods where the column is neither 0 nor missing:
 * whatever stood there leaves no trace. *masked counts the periods of series that it masks, also on
 * failure. */
wsf_status wsf__panel_mask(wsf__panel **out, const wsf__env *env, const wsf__panel *p, int column,
                           int64_t *masked, wsf_error *err);
/* The panel as a fit looks at it: with columns in the arena that say which of them are sparse. It
 * shares all else, holds no reference and is not to be released. */
wsf_status wsf__panel_note_sparse(wsf__panel *view, const wsf__panel *p, const wsf__env *env,
                                  wsf__arena *arena, wsf_error *err);
/* The names of its sparse columns, the first few; "": there are none. */
const char *wsf__panel_sparse_text(char *out, size_t room, const wsf__panel *p);
/* The tables of wsf_dataset_describe: summary, columns, series, report, levels, sums, values,
 * request. */
wsf_status wsf__panel_describe(wsf_table **out, const wsf__env *env, const wsf__panel *p,
                               const char *what, wsf_error *err);

/* Rows in any order -> panel. Used by every source (CSV, Arrow, builder, simulator). */
typedef enum wsf__duplicates { WSF__DUP_ERROR, WSF__DUP_SUM, WSF__DUP_LAST } wsf__duplicates;
typedef struct wsf__panel_rules {
  int32_t freq;      /* 0: infer from the most common step */
  int32_t step;      /* units of freq between times; 0: 1, or inferred as freq is */
  bool fiscal_given; /* freq FISCAL: the year is this one, else the first that all times fit */
  wsf__fiscal fiscal;
  int season;          /* 0: from the frequency */
  int duplicates;      /* wsf__duplicates */
  bool gaps_zero;      /* gaps inside a series become 0, not missing */
  bool negatives_zero; /* negative targets become 0 */
  int own_end;         /* -1: auto (integer times: own; dates: panel), 0, 1 */
  int64_t min_obs;     /* series with fewer observations are counted in the report, not dropped */
} wsf__panel_rules;

typedef struct wsf__row_column {
  const char *name;
  int32_t kind; /* wsf__column_kind */
  bool flag;
  int32_t n_categories;
  const char *const *category;
  const double *value; /* [rows] */
} wsf__row_column;

/* Several files read as one: from the line `first` on, up to the next part, lines are those of
 * `file`, and `first` is its line `own`. */
typedef struct wsf__file_part {
  int64_t first, own;
  const char *file;
} wsf__file_part;
/* The line's number in its file, which *file becomes; with no parts both stay as they are. */
static inline int64_t wsf__line_of(const wsf__file_part *part, int n, int64_t line,
                                   const char **file) {
  while (n > 1 && line < part[n - 1].first) --n;
  if (n < 1) return line;
  *file = part[n - 1].file;
  return line - part[n - 1].first + part[n - 1].own;
}

typedef struct wsf__rows {
  int64_t n;
  int n_keys;
  const char *const *key_name;
  const int32_t *const *key_code;      /* [n_keys][n] into the labels below */
  const char *const *const *key_label; /* [n_keys][..] distinct, any order */
  const int32_t *n_labels;
  const char *time_name, *target_name;
  const int64_t *time;  /* [n] wsf__time.value */
  int32_t time_form;    /* wsf__time_form, the same for all rows */
  int32_t grain;        /* wsf__grain of the times; 0: not known */
  const double *target; /* [n], NaN missing; NULL: no target */
  const int64_t *line;  /* [n] line numbers for messages, or NULL: row + 1 */
  int n_columns;
  const wsf__row_column *column; /* become PAST, KNOWN or STATIC columns with a group per series */
  const char *file;              /* for messages, or NULL */
  int n_parts;
  const wsf__file_part *part; /* [n_parts] */
} wsf__rows;

enum { WSF__BLENDED_NAMED = 4 }; /* columns that a list of some names */
/* What happened on the way; ingest turns it into the load report. */
typedef struct wsf__panel_counts {
  int64_t rows, duplicates, gaps, negatives, missing, short_series, off_calendar;
  int64_t first_duplicate, first_off_calendar, first_negative; /* line numbers, or 0 */
  char off_calendar_time[32];                                  /* of the first such row */
  int64_t far, first_far;     /* observations far ahead of all others (far.h); line number, or 0 */
  char far_time[32];          /* of the first such row */
  int64_t early, first_early; /* the same long before all others */
  char early_time[32];
  int fiscal_years;            /* that a calendar of FISCAL was chosen from; 0: none was chosen */
  int64_t moved;               /* series whose weeks have another weekday */
  int64_t within;              /* rows at times within their period, which are of its beginning */
  int64_t named;               /* rows that name their month by another day than most do */
  int moved_least, moved_most; /* days that their stamps lie behind (below 0) or ahead */
  int64_t varying;             /* series in which a STATIC column changes, summed over columns, */
  const char *varying_column;  /* and the first such column, in the panel */
  int64_t first_varying;       /* line number of the first change, or 0 */
  int64_t unfilled;            /* gaps that stay, where rows are added up */
  int64_t blended; /* periods in which rows that are added up differ, summed over columns, */
  int blended_in;  /* in so many, */
  const char *blended_column; /* the first of them, in the panel, and a list of some */
  char blended_columns[112];
  int64_t first_blended; /* line number, or 0 */
} wsf__panel_counts;

wsf_status wsf__panel_build(wsf__panel **out, wsf__env *env, const wsf__rows *rows,
                            const wsf__panel_rules *rules, wsf__panel_counts *counts,
                            wsf_error *err);

#endif
