/* The record parser under csv_file.c: one chunk of whole records into slices of the columns. */
#ifndef WSF_INGEST_CSV_SCAN_H
#define WSF_INGEST_CSV_SCAN_H

#include "ingest/csv_file.h"

/* What a chunk learnt about one column. */
typedef struct wsf__scan_column {
  wsf__dict words;    /* KEY, WORDS: codes of this chunk */
  uint64_t last_head; /* of the value before: rows come grouped by key */
  size_t last_length;
  int32_t last_code;
  bool saw_number, saw_flag, saw_text; /* kinds of value in a GUESS column */
  bool not_binary;                     /* a number beside 0 and 1 */
  bool saw_clock;                      /* TIME: a value with a time of day */
  uint32_t forms;                      /* NUMBER: how they are written */
  bool told;                           /* NUMBER: a certain decimal mark and a long number: no other
                                        * number tells more */
  int64_t bad;                         /* cells rejected */
  wsf__time_seen seen;                 /* TIME */
} wsf__scan_column;

typedef struct wsf__scan {
  const wsf__csv *csv;
  const char *begin, *end; /* whole records, end[-1] is an end of line */
  const char *limit;       /* bytes may be read, not interpreted, up to here */
  int64_t line;            /* of the first record */
  bool quotes;             /* the file holds quotes */
  bool marks_field;        /* the mark of decimals ends fields in this record */
  bool strict;             /* other chunks rely on quotes being regular: stop when they are not */
  const int32_t *kind;     /* [n_columns] what to parse as: wsf__csv_want without GUESS */
  const bool *guessed;     /* [n_columns] kind is only a guess */
  int64_t slot, capacity;  /* rows slot .. slot + capacity - 1 of the columns are this chunk's:
                            * always one more than the records before the current one */
  wsf__arena arena;        /* labels, unescaped texts */
  wsf__scan_column *column;
  /* out */
  int64_t rows, read, empty;
  bool irregular, memory;
  wsf__csv_reject reject[WSF__CSV_REASONS];
  int64_t long_text; /* line of the first quoted text so long that its quote may be a stray one */
  char *unescaped;
  size_t unescaped_capacity;
} wsf__scan;

/* Months from year 1900 on, as days since 1970: a date costs one look-up. */
enum { WSF__SCAN_YEAR = 1900, WSF__SCAN_MONTHS = 256 * 12 };
typedef struct wsf__scan_months {
  int32_t day[WSF__SCAN_MONTHS + 1];
} wsf__scan_months;
void wsf__scan_months_init(wsf__scan_months *m);

/* Free the arrays of read rows. */
void wsf__csv_free_values(wsf__csv *csv);
void wsf__scan_run(wsf__scan *s, const wsf__scan_months *months);
/* Which kind a value looks like: WSF__CSV_NUMBER, _FLAG, _WORDS, or _SKIP if it is missing. */
int32_t wsf__scan_kind(const wsf__csv *csv, const char *text, size_t length);
bool wsf__scan_missing(const wsf__csv *csv, const char *text, size_t length);
/* One field at *p of a record that ends before end: its text without quotes and blanks. Moves *p
 * to the delimiter or end of line. false: the quote does not close. */
bool wsf__scan_field(wsf__scan *s, const char **p, const char *end, const char **text,
                     size_t *length);

#endif
