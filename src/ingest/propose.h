/* What an unknown CSV file may be: the kind and the part of each column, and the expression that
 * loads it so. */
#ifndef WSF_INGEST_PROPOSE_H
#define WSF_INGEST_PROPOSE_H

#include "ingest/load.h"

typedef enum wsf__part {
  WSF__PART_PAST,
  WSF__PART_KEY,
  WSF__PART_TIME,
  WSF__PART_TARGET,
  WSF__PART_STATIC,
  WSF__PART_PERIOD, /* of a wide file */
  WSF__PART_SERIES, /* of a pivot file */
  WSF__PART_NONE    /* no name or no value */
} wsf__part;

typedef struct wsf__proposed {
  wsf__part part;
  const char *type; /* number, flag, words, date, time, integer, empty */
  int64_t distinct, missing;
  int64_t blank; /* missing in rows with a time */
} wsf__proposed;

enum {
  WSF__PROPOSE_NA = 24,
  WSF__PROPOSE_NA_BYTES = 12,
  WSF__PROPOSE_DOUBTS = 6,
  WSF__PROPOSE_DOUBT_BYTES = 224
};
typedef struct wsf__proposal {
  wsf__csv csv;           /* all columns read by guess */
  wsf__proposed *column;  /* [csv.n_columns], in the file's arena */
  int32_t layout;         /* wsf__layout */
  bool unsettled;         /* no date tells day from month */
  bool years;             /* wide: the time is a column of years, columns are their months */
  bool turns;             /* no time occurs twice, but keys are named */
  bool daily;             /* their days are the periods */
  const char *dateformat; /* words that the times need; NULL: none */
  const char *fiscal;     /* whose weeks these are; NULL: of ISO 8601, or none */
  int season;             /* rows of a unit of R's times; 0: none such */
  const wsf__csv_column *yearless; /* days of no year, where nothing tells the year; or NULL */
  int n_na; /* spellings of missing values beside the usual ones; 0: the usual */
  const char *na[WSF__PROPOSE_NA];
  char na_text[WSF__PROPOSE_NA][WSF__PROPOSE_NA_BYTES];
  bool *cells; /* [csv.n_columns] numbers but for some words, which are left out one by one */
  int n_doubts;
  char doubt[WSF__PROPOSE_DOUBTS][WSF__PROPOSE_DOUBT_BYTES];
  wsf__csv_format format;
  int64_t twice; /* rows with the keys and time of another are left */
} wsf__proposal;

/* What stands in the way of the table's first line, and whether its header has two, into the format
 * (propose_head.c). */
void wsf__propose_head(wsf__csv_format *format, const wsf__csv *csv);
/* Columns, among the first, that hold months as 01.2020 are words and no numbers. */
enum { WSF__PROPOSE_MONTHS = 64 };
void wsf__propose_months(wsf__csv *csv);
/* The parts of time, if there are any: one column, or several that make one (propose_times.c). */
void wsf__propose_time(wsf__proposal *p);
/* Which of the first rows have no time, once the columns that make it are known: lines of totals,
 * remarks. */
void wsf__propose_timeless(wsf__proposal *p, bool *untimed, int64_t rows);
/* That the rows of a wide file are months or weeks of the years across, as a doubt. */
void wsf__propose_across(wsf__proposal *p);
/* What a long file without a time is taken for, as a doubt, where it has words to doubt. */
void wsf__propose_untimed(wsf__proposal *p);
/* Rows that stand below the table. */
int64_t wsf__propose_footers(wsf__proposal *p);
/* How whole numbers that name periods are to be read, first to last. */
void wsf__propose_period_numbers(wsf__proposal *p, const int64_t *value, int n);
/* Whether a column holds the years of a table of months: its number, or -1; which weeks the periods
 * of such a table are. */
int wsf__propose_years(const wsf__proposal *p);
void wsf__propose_week_columns(wsf__proposal *p, int year);
/* By its name (propose_names.c): what a column is called like; its bytes before the digits that end
 * it; what it may be as a period of a wide file. */
enum { WSF__CALLED_TIME, WSF__CALLED_KEY, WSF__CALLED_TARGET, WSF__CALLED_COVARIATE };
bool wsf__propose_called(const char *name, int32_t what);
/* Whether a word of it, not a part of one, is one that keys are called by. */
bool wsf__propose_key_word(const char *name);
size_t wsf__propose_stem(const char *name);
typedef enum wsf__propose_period {
  WSF__NAMES_NOTHING,
  WSF__NAMES_NUMBER, /* d_1, Week 1, Jan, 1 */
  WSF__NAMES_YEAR,   /* 2023 */
  WSF__NAMES_DATE    /* 2023-01 */
} wsf__propose_period;
wsf__propose_period wsf__propose_names(const char *name);
void wsf__propose_doubt(wsf__proposal *p, const char *format, ...) WSF__PRINTF(2, 3);
/* Spellings of missing values that keep columns from being numbers, and columns that are numbers
 * but for some words, into the proposal; true: there are new ones, and the file is to be read again
 * (propose_missing.c). */
bool wsf__propose_missing(wsf__proposal *p);
/* That no column holds numbers, with the one that comes nearest and what keeps it from it. */
void wsf__propose_nearest(const wsf__proposal *p, wsf_error *err);
/* Rows and cells that will be left out, as doubts. */
void wsf__propose_left_out(wsf__proposal *p);
/* Rows whose time is far ahead of all others, as a doubt (propose_far.c). */
void wsf__propose_far(wsf__proposal *p);
/* Always followed by free. */
wsf_status wsf__propose_read(wsf__proposal *p, wsf__env *env, const char *path, wsf_error *err);
void wsf__propose_free(wsf__proposal *p, const wsf__env *env);

#endif
