/* A CSV file as typed columns. Open reads the header; the caller then says what it wants of each
 * column; read parses everything, in parallel, to the same bits for any number of workers. */
#ifndef WSF_INGEST_CSV_FILE_H
#define WSF_INGEST_CSV_FILE_H

#include "ingest/dict.h"
#include "wire/input.h"

typedef enum wsf__csv_want {
  WSF__CSV_SKIP,
  WSF__CSV_KEY,      /* text that must be there: code */
  WSF__CSV_TIME,     /* must be there: time */
  WSF__CSV_NUMBER,   /* a number or missing: number */
  WSF__CSV_CATEGORY, /* text or missing: code, -1 where missing */
  WSF__CSV_FLAG,     /* true/false words or missing: number 0, 1, NaN */
  WSF__CSV_GUESS     /* NUMBER, FLAG or WORDS, by what stands in it; resolved by read */
} wsf__csv_want;

/* Why a row was rejected. */
typedef enum wsf__csv_reason {
  WSF__CSV_FIELDS,
  WSF__CSV_QUOTE,
  WSF__CSV_NO_KEY,
  WSF__CSV_BAD_TIME,
  WSF__CSV_BAD_NUMBER,
  WSF__CSV_BAD_TEXT,
  WSF__CSV_REASONS
} wsf__csv_reason;
const char *wsf__csv_reason_text(int reason);

enum { WSF__CSV_EXAMPLES = 3, WSF__CSV_EXAMPLE_BYTES = 48 };
typedef struct wsf__csv_example {
  int64_t line;
  int32_t column; /* -1: the row as a whole */
  char text[WSF__CSV_EXAMPLE_BYTES];
} wsf__csv_example;
typedef struct wsf__csv_reject {
  int64_t count;
  wsf__csv_example example[WSF__CSV_EXAMPLES]; /* the first min(count, 3), in file order */
} wsf__csv_reject;

typedef struct wsf__csv_column {
  const char *name;
  int32_t want;      /* wsf__csv_want: set by the caller between open and read */
  bool flag;         /* out: FLAG, or NUMBER with no values but 0 and 1 */
  int32_t time_form; /* out: wsf__time_form of a TIME column */
  double *number;    /* out: [rows] NUMBER, FLAG */
  int64_t *time;     /* out: [rows] TIME: wsf__time.value */
  int32_t *code;     /* out: [rows] KEY, WORDS: into the dictionary */
  wsf__dict words;   /* out: KEY, WORDS: in order of first appearance */
} wsf__csv_column;

typedef struct wsf__csv {
  wsf__env *env;
  wsf__arena arena; /* names, labels */
  const char *file; /* for messages: the path, or "source NAME" */
  int n_columns;
  wsf__csv_column *column;
  int64_t rows;  /* out: kept rows */
  int64_t *line; /* out: [rows] line numbers, the header is line 1 */
  int64_t read;  /* out: records that are not blank, the header not counted */
  wsf__csv_reject reject[WSF__CSV_REASONS];
  struct wsf__arrow_table
      *arrow; /* NULL, or the stream that the columns come from (arrow_table.c) */
  /* the bytes, if there is no stream */
  const char *bytes;
  size_t length;
  void *map;   /* to unmap, or NULL */
  char *owned; /* to free, or NULL */
  size_t body; /* offset behind the header */
  int64_t body_line;
  size_t block; /* bytes of a chunk; 0: by the length of the file. For tests */
  char delimiter, eol;
  int n_na;
  const char *const *na; /* spellings of a missing value beside the empty one */
  uint8_t na_first[256]; /* first bytes of these */
} wsf__csv;

typedef struct wsf__csv_format {
  char delimiter;        /* 0: the one of , ; tab | that the header holds most of */
  const char *const *na; /* spellings of a missing value; NULL: NA N/A NaN nan null NULL None */
  int n_na;
} wsf__csv_format;

/* The file of that path, or the source of that name. */
wsf_status wsf__csv_open(wsf__csv *csv, wsf__env *env, const char *path, wsf__csv_format format,
                         wsf_error *err);
/* The same from memory, which must outlive csv. */
wsf_status wsf__csv_from_memory(wsf__csv *csv, wsf__env *env, const char *bytes, size_t length,
                                wsf__csv_format format, wsf_error *err);
wsf_status wsf__csv_read(wsf__csv *csv, wsf_error *err);
void wsf__csv_close(wsf__csv *csv); /* a zeroed record is fine */

/* Column by name; -1 and an error that suggests the nearest name if there is none. */
wsf_status wsf__csv_find(const wsf__csv *csv, const char *name, int *out, wsf_error *err);
int wsf__csv_lookup(const wsf__csv *csv, const char *name); /* -1 */
/* The first rejected row as an error. */
wsf_status wsf__csv_fail_rejected(const wsf__csv *csv, const char *what, wsf_error *err);

#endif
