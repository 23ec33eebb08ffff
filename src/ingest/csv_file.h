/* A CSV file as typed columns. Open reads the header; the caller then says what it wants of each
 * column; read parses everything, in parallel, to the same bits for any number of workers. */
#ifndef WSF_INGEST_CSV_FILE_H
#define WSF_INGEST_CSV_FILE_H

#include "calendar/time_read.h"
#include "ingest/csv_number.h"
#include "ingest/csv_quote.h"
#include "ingest/dict.h"
#include "panel/panel.h"
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
  WSF__CSV_BAD_CELL,  /* a number of a column of cells; its row stays */
  WSF__CSV_NO_PERIOD, /* a value in a period that the line's year has not; its row stays */
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

/* How something was read that could be read otherwise; the doubts come last. */
typedef enum wsf__csv_note_kind {
  WSF__NOTE_LEFT_OUT,
  WSF__NOTE_COMMA,
  WSF__NOTE_PERCENT,
  WSF__NOTE_MONEY,
  WSF__NOTE_SUFFIX,
  WSF__NOTE_DAY_FIRST,
  WSF__NOTE_SHORT_YEAR,
  WSF__NOTE_YEARS,
  WSF__NOTE_LOCAL,
  WSF__NOTE_UTC,
  WSF__NOTE_INTERVALS,
  WSF__NOTE_FILLED,
  WSF__NOTE_CURRENCIES,
  WSF__NOTE_LONG_TEXT,
  WSF__NOTE_ENCODING,
  WSF__NOTE_NO_HEADER,
  WSF__NOTE_COMMA_3,
  WSF__NOTE_POINT_3,
  WSF__NOTE_GROUPS_3,
  WSF__NOTE_ORDER,
  WSF__NOTE_MONTH_YEAR,
  WSF__NOTE_MONTHS,
  WSF__NOTE_DAYS,
  WSF__NOTE_SECONDS,
  WSF__NOTE_NO_MONTH,
  WSF__NOTE_SERIAL,
  WSF__NOTE_SHORT_WEEK,
  WSF__NOTE_NO_ZONE,
  WSF__CSV_NOTES
} wsf__csv_note_kind;
typedef struct wsf__csv_note {
  int64_t count; /* columns, or what was seen */
  int64_t line;  /* 0: none */
  int32_t column;
  char example[WSF__CSV_EXAMPLE_BYTES];
} wsf__csv_note;
const char *wsf__csv_note_text(int kind);
/* What is to be told of a column that showed these bits and was settled so; -1: nothing. */
int wsf__whole_note(uint32_t bits, const wsf__time_style *style);

typedef struct wsf__csv_column {
  const char *name;
  int32_t want;      /* wsf__csv_want: set by the caller between open and read */
  bool cells;        /* NUMBER: what is none is rejected alone, without its row */
  bool named;        /* GUESS: an option names it, so that it must not be left out */
  bool flag;         /* out: FLAG, or NUMBER with no values but 0 and 1 */
  int32_t time_form; /* out: wsf__time_form of a TIME column */
  int32_t grain;     /* out: wsf__grain of a TIME column */
  int zoned;         /* 1: times have their own distance from UTC; 0 or -1: none */
  const char *zone;  /* of the type of times, which are instants; or NULL */
  bool unsettled;    /* out: times that may be read month first or day first */
  wsf__time_style style;
  wsf__time_seen seen;
  uint32_t forms;  /* out: how NUMBERs are written, where that was looked at */
  int64_t bad;     /* out: cells rejected */
  double *number;  /* out: [rows] NUMBER, FLAG */
  int64_t *time;   /* out: [rows] TIME: wsf__time.value */
  int32_t *code;   /* out: [rows] KEY, WORDS: into the dictionary */
  wsf__dict words; /* out: KEY, WORDS: in order of first appearance */
} wsf__csv_column;

/* Spellings of missing values that begin with a byte; -999 is also a number. */
enum { WSF__NA_WORD = 1, WSF__NA_NUMBER = 2 };

typedef struct wsf__csv {
  wsf__env *env;
  wsf__arena arena; /* names, labels */
  const char *file; /* for messages: the path, or "source NAME" */
  int n_parts;      /* of several files read as one; 0: one file */
  const wsf__file_part *part;
  int n_columns;
  wsf__csv_column *column;
  int64_t rows;  /* out: kept rows */
  int64_t *line; /* out: [rows] line numbers, the header is line 1 */
  int64_t read;  /* out: records that are not blank, the header not counted */
  int64_t empty; /* out: rejected ones of them whose fields are all empty */
  wsf__csv_reject reject[WSF__CSV_REASONS];
  wsf__csv_note note[WSF__CSV_NOTES];
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
  char delimiter, eol, comment;
  int32_t encoding, header; /* as the format has them */
  int64_t skip;
  wsf__quote quote;
  wsf__number_style given_number, number; /* number: settled by read */
  wsf__time_style given_time;
  const char *timezone; /* NULL: that of the times, or none */
  int32_t freq;         /* of the rows, 0: not said */
  int n_na;
  const char *const *na; /* spellings of a missing value beside the empty one */
  uint8_t na_first[256]; /* first bytes of these: what may follow */
} wsf__csv;

typedef enum wsf__csv_header {
  WSF__HEADER,
  WSF__HEADER_TWO, /* lines, whose names are joined */
  WSF__HEADER_NONE,
  WSF__HEADER_AUTO
} wsf__csv_header;
typedef struct wsf__csv_format {
  char delimiter;   /* 0: the one of , ; tab | that cuts the first lines alike */
  char comment;     /* lines that begin with it are skipped; 0: none */
  int32_t header;   /* wsf__csv_header */
  int32_t encoding; /* wsf__encoding */
  int64_t skip;     /* lines before the header */
  wsf__quote quote;
  const char *const *na; /* spellings of a missing value; NULL: NA N/A NaN nan null NULL None */
  int n_na;
  wsf__number_style number;
  wsf__time_style time;
  const char *timezone; /* of times that name none, or to look at theirs; NULL: none */
  int32_t freq;         /* of the rows, 0: not said */
} wsf__csv_format;

/* The file of that path, or the source of that name. */
wsf_status wsf__csv_open(wsf__csv *csv, wsf__env *env, const char *path, wsf__csv_format format,
                         wsf_error *err);
/* The files of these paths as one table, header by header alike; * and ? in the last part of a path
 * stand for what is there, in the order of names (csv_many.c). */
wsf_status wsf__csv_open_many(wsf__csv *csv, wsf__env *env, const char *const *path, int n,
                              wsf__csv_format format, wsf_error *err);
/* The same from memory, which must outlive csv. */
wsf_status wsf__csv_from_memory(wsf__csv *csv, wsf__env *env, const char *bytes, size_t length,
                                wsf__csv_format format, wsf_error *err);
wsf_status wsf__csv_read(wsf__csv *csv, wsf_error *err);
/* For times made after that of several parts, the first of which is column k: what reading does to
 * times of one column where they have a zone. Of each row, or n of cells. */
wsf_status wsf__csv_settle_rows(wsf__csv *csv, int k, int64_t *time, wsf_error *err);
wsf_status wsf__csv_settle_cells(wsf__csv *csv, int k, int64_t *time, int64_t n, wsf_error *err);
void wsf__csv_close(wsf__csv *csv); /* a zeroed record is fine */

/* Parts of open (csv_file.c, csv_header.c). A record without bytes; the names of the columns, each
 * different, read or taken from another file. */
void wsf__csv_start(wsf__csv *csv, wsf__env *env, wsf__csv_format format);
wsf_status wsf__csv_take_columns(wsf__csv *csv, const wsf__csv *from, wsf_error *err);
wsf_status wsf__csv_read_header(wsf__csv *csv, wsf_error *err);
wsf_status wsf__csv_check_names(wsf__csv *csv, wsf_error *err);
/* Find out the encoding, if that is open, and turn all bytes into UTF-8. The plain ones at the
 * beginning stay where they are. */
wsf_status wsf__csv_decode(wsf__csv *csv, bool *decoded, wsf_error *err);
/* Bytes of ours in the place of those that were there. */
void wsf__csv_replace(wsf__csv *csv, char *bytes, size_t length);
/* Empty fields of the columns of a file that is open, behind its header, get what stands above them
 * (csv_fill.c); *filled: how many. */
wsf_status wsf__csv_fill_down(wsf__csv *csv, const bool *fill, int64_t *filled, wsf_error *err);
/* Note how something was read; the first of a kind is shown (csv_notes.c). */
void wsf__csv_tell(wsf__csv *csv, int kind, int column, int64_t line, const char *example);
/* What is to be told once the rows are there. */
void wsf__csv_tell_columns(wsf__csv *csv);
/* Refuse times of which nobody can say what is day and what is month. */
wsf_status wsf__csv_check_times(const wsf__csv *csv, wsf_error *err);

/* Column by name; -1 and an error that suggests the nearest name if there is none. */
wsf_status wsf__csv_find(const wsf__csv *csv, const char *name, int *out, wsf_error *err);
int wsf__csv_lookup(const wsf__csv *csv, const char *name); /* -1 */
/* Count a row, or its cell of a column, as rejected; the texts that it holds are its example. */
void wsf__csv_reject_row(wsf__csv *csv, int reason, int column, int64_t row,
                         const char *const *text, int n);
/* Only the rows that stay; the caller has told of the others. */
void wsf__csv_keep(wsf__csv *csv, const bool *stays);
/* The first rejected row as an error. */
wsf_status wsf__csv_fail_rejected(const wsf__csv *csv, const char *what, wsf_error *err);

#endif
