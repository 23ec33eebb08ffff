/* What an unknown CSV file may be: the kind and the part of each column, and the expression that
 * loads it so. */
#ifndef WSF_INGEST_PROPOSE_H
#define WSF_INGEST_PROPOSE_H

#include "base/text.h"
#include "ingest/load.h"

#include <string.h>

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
  int64_t blank;  /* missing in rows with a time, but for those of totals */
  uint8_t *total; /* wsf__total of each word, once it was asked for */
  int blank_sums; /* rows without it add up those with it: 1, or -1 for no; 0: nobody asked */
} wsf__proposed;

enum {
  WSF__PROPOSE_NA = 24,
  WSF__PROPOSE_NA_BYTES = 24,
  WSF__PROPOSE_SUFFIXES = 12,
  WSF__PROPOSE_SUFFIX_BYTES = 12,
  WSF__PROPOSE_DOUBTS = 24,
  WSF__PROPOSE_DOUBT_BYTES = 320
};
/* A label of a key; of columns that are series, behind all keys: n_columns. */
enum { WSF__PROPOSE_TOTALS = 32 };
typedef struct wsf__propose_sum {
  int column;
  const char *label;
} wsf__propose_sum;

/* What the words of a column are as times. */
enum {
  WSF__WORD_TIME = 1, /* by the style that all of them settle */
  WSF__WORD_LIKE = 2, /* by some style */
  WSF__WORD_TOTAL = 4
};
typedef struct wsf__propose_words {
  int32_t n;     /* looked at: all, unless it was clear sooner that they are none */
  uint8_t *is;   /* [n] bits of these; NULL: nobody asked yet, or no memory */
  int64_t *time; /* [n] seconds */
  int32_t form;  /* wsf__time_form; 0: they are no times */
  bool settled;  /* what is day and what month */
  wsf__time_style style;
} wsf__propose_words;

/* Years and their parts that no calendar has: n of them, the first is `start`. */
typedef struct wsf__propose_count {
  int year, part; /* columns */
  int n, start;   /* n 0: there are none */
} wsf__propose_count;

typedef struct wsf__proposal {
  wsf__csv csv;              /* all columns read by guess */
  wsf__propose_words *words; /* [csv.n_columns] as they were asked for, in the file's arena */
  wsf__proposed *column;     /* [csv.n_columns], in the file's arena */
  int32_t layout;            /* wsf__layout */
  bool unsettled;            /* no date tells day from month */
  bool years;                /* wide: lines and columns name a time together: a year, its months */
  bool measures;             /* columns measure one thing, and are no series of a pivot */
  int64_t blank_rows;        /* they hold nothing */
  bool turns;                /* no time occurs twice, but keys are named */
  bool summed;               /* several rows are of one period */
  const char *freq;          /* that they need; NULL: as the times say */
  const char *dateformat;    /* words that the times need; NULL: none */
  char start[24];            /* of months across that name no year; "": they do */
  const char *timezone;      /* whose clocks show an hour twice; NULL: none */
  const char *fiscal;        /* whose weeks these are; NULL: of ISO 8601, or none */
  int season;                /* rows of a unit of R's times; 0: none such */
  wsf__propose_count counted;
  const wsf__csv_column *ahead;    /* no target: the nearest; what is known ahead; or NULL */
  const wsf__csv_column *yearless; /* days of no year, where nothing tells the year; or NULL */
  int n_na; /* spellings of missing values beside the usual ones; 0: the usual */
  const char *na[WSF__PROPOSE_NA];
  char na_text[WSF__PROPOSE_NA][WSF__PROPOSE_NA_BYTES];
  int n_suffixes; /* texts behind numbers, which are left off */
  const char *suffix[WSF__PROPOSE_SUFFIXES];
  char suffix_text[WSF__PROPOSE_SUFFIXES][WSF__PROPOSE_SUFFIX_BYTES];
  char suffix_shown[WSF__PROPOSE_NA_BYTES * 2]; /* a number with one */
  bool *codes;                                  /* [csv.n_columns] words of digits */
  bool *nameless;                               /* [csv.n_columns] called by their place */
  bool *merged;                                 /* [csv.n_columns] filled from above */
  bool total_column;                            /* wide: one adds up the periods */
  int n_totals;
  wsf__propose_sum total[WSF__PROPOSE_TOTALS]; /* series that add up the others */
  bool *cells;      /* [csv.n_columns] numbers but for some words, which are left out one by one */
  int clock_doubts; /* of n_doubts those before a column of hours was looked for */
  int n_doubts;
  char doubt[WSF__PROPOSE_DOUBTS][WSF__PROPOSE_DOUBT_BYTES];
  wsf__csv_format format;
  int64_t twice; /* rows with the keys and time of another are left */
  wsf__text expression;
} wsf__proposal;

/* At step i of a loop over rows or words: whether to leave it. What it found is not looked at. */
static inline bool wsf__propose_stopped(const wsf__csv *csv, int64_t i) {
  return i % 16384 == 0 && wsf__stopped(csv->env);
}

/* One more value of a row, by which rows are told apart. Hashes of 64 bits stand for the values:
 * two that meet by chance cost a guess one row. */
static inline uint64_t wsf__propose_mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
  return hash ^ hash >> 29;
}
static inline uint64_t wsf__propose_value(const wsf__csv_column *c, int64_t row) {
  if (c->code) return (uint64_t)c->code[row] + 1;
  uint64_t bits = 0;
  if (c->number && c->number[row] == c->number[row]) memcpy(&bits, &c->number[row], sizeof bits);
  return bits + 1;
}
/* A row's columns of one part, but for `except` (-1: none), as one value that is not 0. */
static inline uint64_t wsf__propose_hash(const wsf__proposal *p, int64_t row, wsf__part part,
                                         int except) {
  uint64_t hash = 1;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part != part || k == except) continue;
    hash = wsf__propose_mix(hash, wsf__propose_value(&p->csv.column[k], row) + (uint64_t)k);
  }
  return hash | 1;
}

/* What stands in the way of the table's first line, and whether its header has two, into the format
 * (propose_head.c). */
void wsf__propose_head(wsf__csv_format *format, const wsf__csv *csv);
/* A mark that none of the usual ones is and that cuts all first lines alike; 0: there is none. */
char wsf__propose_delimiter(const wsf__csv *csv);
/* Columns, among the first, that hold months as 01.2020, or codes, 007 or of more digits than
 * doubles hold, are words and no numbers. */
enum { WSF__PROPOSE_CODES = 64 };
void wsf__propose_codes(wsf__proposal *p);
/* Names for columns without one, once the file is open; what none of them may be, numbers before
 * the keys are known, all after; and that they are called so (propose_nameless.c). */
wsf_status wsf__propose_name_columns(wsf__proposal *p, wsf_error *err);
void wsf__propose_leave_nameless(wsf__proposal *p, bool numbers);
void wsf__propose_doubt_nameless(wsf__proposal *p);
/* The time, if there is any: one column, or several that make one (propose_times.c). */
void wsf__propose_time(wsf__proposal *p);
/* What a long file without a time is taken for, as a doubt, where it has words to doubt. */
void wsf__propose_untimed(wsf__proposal *p);

/* The words of a column, read once (propose_words.c). */
const wsf__propose_words *wsf__propose_words_of(wsf__proposal *p, int k);
/* Whether a text is called like what adds up others: nothing but such a word, Total, All, or one
 * beside others: East Total, All stores, Zwischensumme; rest: these others, in small letters, or
 * NULL (propose_names.c). */
typedef enum wsf__total { WSF__TOTAL_NONE, WSF__TOTAL_PART, WSF__TOTAL_WHOLE } wsf__total;
enum { WSF__TOTAL_BYTES = 48 };
wsf__total wsf__propose_total(const char *text, size_t length, char rest[WSF__TOTAL_BYTES]);
static inline wsf__total wsf__propose_total_name(const char *name) {
  return wsf__propose_total(name, strlen(name), NULL);
}
/* Whether its words begin with those of such a rest. */
bool wsf__propose_begins(const char *text, size_t length, const char *rest);
/* wsf__total of each word of a column, told once; NULL: no memory (propose_totals.c). */
const uint8_t *wsf__propose_totals_of(wsf__proposal *p, int k);
/* Whether a word among times is none of them: a total, or the mean of a year among its months. */
bool wsf__propose_no_part(const char *text, size_t length);
/* Whether so many good words of a column are nearly all, but for some last ones. */
bool wsf__propose_nearly_all(const wsf__csv *csv, const wsf__csv_column *c, int32_t good,
                             int32_t below);
/* The first word of a column that is no time; NULL: each is one. */
const wsf__dict_entry *wsf__propose_no_time(wsf__proposal *p, int k);
/* Which of the first rows have no time, once the columns that make it are known: lines of totals,
 * remarks. */
void wsf__propose_timeless(wsf__proposal *p, bool *untimed, int64_t rows);
/* Rows that stand below the table. */
int64_t wsf__propose_footers(wsf__proposal *p);

/* How sure a column of numbers is the time; 0: it is none; and what it needs to be read so
 * (propose_numbers.c). */
int wsf__propose_score_number(const wsf__proposal *p, int k);
void wsf__propose_settle_number(wsf__proposal *p, int k);
/* How whole numbers that name periods are to be read, first to last. */
void wsf__propose_period_numbers(wsf__proposal *p, const int64_t *value, int n);
/* All of a column of numbers are whole, and within bounds; missing ones are passed over. */
bool wsf__propose_whole(const wsf__csv *csv, const wsf__csv_column *c);
bool wsf__propose_within(const wsf__csv *csv, const wsf__csv_column *c, int64_t least,
                         int64_t most);

/* Several columns that are the time together; and their kinds alone: hours beside days, days of no
 * year; -1: there are none (propose_parts.c). */
bool wsf__propose_parts(wsf__proposal *p);
int wsf__propose_clock(wsf__proposal *p);
bool wsf__propose_counts(const wsf__proposal *p, int k, int32_t unit);
int wsf__propose_yearless(const wsf__proposal *p);
bool wsf__propose_may_be_part(const wsf__proposal *p, int k);
/* Whether a column holds the years of a table of months: its number, or -1. */
int wsf__propose_years(const wsf__proposal *p);
/* Lines that are months or weeks of the years across, columns that are hours of the days down: the
 * time of a wide file in two parts. */
void wsf__propose_across(wsf__proposal *p);
void wsf__propose_hours(wsf__proposal *p);

/* Days and months of a wide file that lie across each other (propose_days.c): beside a column of
 * years and n columns of a unit the days or months of lines; days of lines below months of the year
 * that the file is called by, into p->start; columns 1 to 31 beside months. Whether there are any.
 */
bool wsf__propose_day_parts(wsf__proposal *p, int32_t unit, int n);
bool wsf__propose_day_lines(wsf__proposal *p);
bool wsf__propose_days_across(wsf__proposal *p);

/* Years that are no calendar's with their parts, unless a column of dates, or -1, is none of the
 * two; and, once the keys are known, rows that count them (propose_periods.c). */
bool wsf__propose_periods(wsf__proposal *p, int date);
void wsf__propose_count_rows(wsf__proposal *p);
/* Numbers that begin anew with years that no column names: rows are numbered, or it is a doubt
 * (propose_rounds.c). */
void wsf__propose_rounds(wsf__proposal *p);
/* Years and months that go on as a fiscal year does, read as the calendar's, as a doubt. */
void wsf__propose_doubt_fiscal(wsf__proposal *p);
/* A last period of rows that are added up that has far fewer than the others, as a doubt
 * (propose_partial.c). */
void wsf__propose_doubt_partial(wsf__proposal *p);
/* Rows of forecasts behind those that were observed, as a doubt (propose_versions.c). */
void wsf__propose_doubt_versions(wsf__proposal *p);

/* Whole numbers whose digits are several things, 2022300 or 31122022, and what reads them: which of
 * the forms a column is, or -1; and that into the proposal (propose_packed.c). */
int wsf__propose_packed(const wsf__proposal *p, int k, bool dates);
void wsf__propose_settle_packed(wsf__proposal *p, int k, int form);
/* Whether they are digits down to the minute, which nothing but times has. */
bool wsf__propose_packed_clock(const wsf__proposal *p, int k);

/* Whose weeks these are (propose_weeks.c): numbers yyyyww, 1yyww (false: they are none); a column
 * of them beside one of years; periods of a wide file whose lines have years, and lines whose
 * periods are years. */
void wsf__propose_week_numbers(wsf__proposal *p, const double *value, const int64_t *number,
                               int64_t n);
bool wsf__propose_short_weeks(wsf__proposal *p, const wsf__csv_column *c);
void wsf__propose_year_weeks(wsf__proposal *p, int year, int week);
void wsf__propose_week_columns(wsf__proposal *p, int year);
void wsf__propose_week_lines(wsf__proposal *p, int week);
void wsf__propose_fiscal_weeks(wsf__proposal *p, int k, bool fiscal);
/* The last week that words such as FY23 W01 and 01.2023 name. */
int wsf__propose_last_week(const wsf__csv_column *c);
void wsf__propose_day_text(char out[32], int64_t days);

/* Whether a column of words has a format that dateformat= has to say, which the proposal then does
 * (propose_formats.c). */
bool wsf__propose_formatted(wsf__proposal *p, int k);
/* Whether it holds days of two digits each with the year first, which the proposal then says, or a
 * doubt that it may (propose_year_first.c). */
bool wsf__propose_year_first(wsf__proposal *p, int k);
/* Whether it holds periods of several lengths, of which the proposal then says how the shortest are
 * read (propose_shortest.c). */
bool wsf__propose_shortest(wsf__proposal *p, int k);

/* By its name (propose_names.c): what a column is called like; its bytes before the digits that end
 * it; what it may be as a period of a wide file. */
enum {
  WSF__CALLED_TIME,
  WSF__CALLED_SEASON, /* that may have years of its own */
  WSF__CALLED_KEY,
  WSF__CALLED_TARGET,
  WSF__CALLED_COVARIATE,
  WSF__CALLED_SHARE,
  WSF__CALLED_ORDER
};
bool wsf__propose_called(const char *name, int32_t what);
/* Whether a whole word of a name, in whatever letters, is one of these: id is one of store_id,
 * StoreId and Store ID, and none of humidity. */
bool wsf__propose_holds_word(const char *name, const char *const *word, size_t words);
/* Whether a word of it, not a part of one, is one that keys are called by. */
bool wsf__propose_key_word(const char *name);
/* Such a word also as the beginning or the end of another: storenr, and neither Madrid nor Code. */
bool wsf__propose_key_like(const char *name);
/* Whether a column of numbers is called like a key, and not like the quantity of one: store_id and
 * no item_count. */
bool wsf__propose_key_number(const char *name);
/* Whether a name says what one of something costs, or holds on average: avg_price, sales per m2. */
bool wsf__propose_rate(const char *name);
size_t wsf__propose_stem(const char *name);
/* Its unit of a year (wsf__time_unit), also where that is a part of a word. */
int32_t wsf__propose_unit(const char *name);
typedef enum wsf__propose_period {
  WSF__NAMES_NOTHING,
  WSF__NAMES_NUMBER, /* d_1, Week 1, Jan, 1 */
  WSF__NAMES_YEAR,   /* 2023 */
  WSF__NAMES_DATE    /* 2023-01 */
} wsf__propose_period;
wsf__propose_period wsf__propose_names(const char *name);
/* What is to be told (propose_doubt.c); lines and cells that the file's reading leaves out; rows
 * that what is proposed loses, and all that its load doubts, by the report of that. */
void wsf__propose_doubt(wsf__proposal *p, const char *format, ...) WSF__PRINTF(2, 3);
void wsf__propose_left_out(wsf__proposal *p);
void wsf__propose_lost(wsf__proposal *p, const wsf_table *report);
void wsf__propose_carry(wsf__proposal *p, const wsf_table *report);
/* Spellings of missing values that keep columns from being numbers, and columns that are numbers
 * but for some words, into the proposal; true: there are new ones, and the file is to be read again
 * (propose_missing.c). */
bool wsf__propose_missing(wsf__proposal *p);
/* Columns whose empty cells have the value above them, as merged ones do, into the proposal; *any:
 * there are some, and the file is to be read again; and that they are read so (propose_merged.c).
 */
wsf_status wsf__propose_merged(wsf__proposal *p, bool *any, wsf_error *err);
void wsf__propose_doubt_merged(wsf__proposal *p);
/* Flags and units behind the numbers of words, into the proposal; true: there are new ones, and the
 * file is to be read again (propose_suffix.c). */
bool wsf__propose_suffixes(wsf__proposal *p);
/* What stands behind a number: its bytes from there on; NULL: it is one, or begins as none does. */
const char *wsf__propose_suffix(const wsf__csv *csv, const char *text, size_t length);
/* That no column holds numbers, with the one that comes nearest and what keeps it from it
 * (propose_nearest.c). */
void wsf__propose_nearest(const wsf__proposal *p, wsf_error *err);
/* Labels that are called like sums of others: left out where they are (propose_totals.c). */
void wsf__propose_totals(wsf__proposal *p);
/* Labels and columns that no name tells, but that are the sums of all others at each time, as a
 * doubt (propose_sums.c). */
void wsf__propose_sums(wsf__proposal *p);
/* Labels that differ in the case of their letters or in blanks alone, as a doubt
 * (propose_labels.c). */
void wsf__propose_doubt_labels(wsf__proposal *p);
/* A line in the midst that names the columns again in another order, as a doubt
 * (propose_again.c). */
void wsf__propose_doubt_again(wsf__proposal *p);
/* The column that a word names, as such a line does; -1: none. */
int wsf__propose_column_of(const wsf__csv *csv, const wsf__dict_entry *e);
/* Whether a column is the sum of others, row by row. */
bool wsf__propose_sums_columns(const wsf__proposal *p, int k, const bool *others);
/* Rows whose time is far ahead of all others or far before them, as a doubt; and the one word of
 * those ahead, or NULL: there are none, or several (propose_far.c). */
void wsf__propose_far(wsf__proposal *p);
const char *wsf__propose_far_word(wsf__proposal *p);
/* One more spelling of a missing value; false: there is no room. */
bool wsf__propose_add_missing(wsf__proposal *p, const char *word);
/* The zone whose clocks show all rows' times twice that are there twice, into the proposal; what
 * says so: a line, and a column or NULL (propose_zone.c). */
bool wsf__propose_zone(wsf__proposal *p, int64_t *line, const char **column);
/* A wide file whose columns are called by a time and a word, which dateformat= reads
 * (propose_affix.c). */
void wsf__propose_affix(wsf__proposal *p);
/* Columns that measure one thing (propose_measures.c): whether most of those in `own` do; whether
 * one is asked for before others, or before all; and what they are taken for, as a doubt. */
typedef enum wsf__lead { WSF__LEAD_NONE, WSF__LEAD, WSF__LEAD_ALL } wsf__lead;
bool wsf__propose_are_measures(const wsf__csv *csv, const bool *own);
wsf__lead wsf__propose_leads(const wsf__csv *csv, const char *name);
void wsf__propose_doubt_columns(wsf__proposal *p);
bool wsf__propose_is_measure(const char *name);
/* Columns of numbers that are called alike, by a word for keys and a label of their own, Shop A,
 * Shop B, into labelled[n_columns]; and of a long file those that could be series, by their names
 * or as their numbers are of the target's kind and size. How many; 0: fewer than two
 * (propose_alike.c). */
int wsf__propose_labelled(const wsf__proposal *p, bool *labelled);
int wsf__propose_alike(const wsf__proposal *p, bool *own);
/* Other columns that could be what is forecast as well, as a doubt with their options
 * (propose_target.c). */
void wsf__propose_doubt_target(wsf__proposal *p);
/* What the shape of a table tells, as doubts; whether texts that could be months of years, Jan 01,
 * Jan 02, are days one after the other (propose_shapes.c). */
void wsf__propose_doubt_shape(wsf__proposal *p);
bool wsf__propose_days_of_month(const wsf__csv_column *c);
/* Numbers that never fall from row to row, and do not stay; whether a column of them adds up
 * another, or is called so (propose_cumulative.c). */
bool wsf__propose_rises(const wsf__csv *csv, const double *x);
bool wsf__propose_cumulative(const wsf__csv *csv, const wsf__csv_column *c);
/* A target that never falls, as sums to date do, as a doubt. */
void wsf__propose_doubt_cumulative(wsf__proposal *p);
/* Whether the columns have numbers for names, as the file has none. */
static inline bool wsf__propose_headless(const wsf__proposal *p) {
  return p->csv.note[WSF__NOTE_NO_HEADER].count > 0;
}
/* Numbers that may stand for no value, as a doubt (propose_nines.c). */
void wsf__propose_nines(wsf__proposal *p);
/* "long", "wide", "pivot" of wsf__layout (propose_names.c). */
const char *wsf__propose_layout(int32_t layout);
/* "single", "backslash", "line" of wsf__quote. */
const char *wsf__propose_quote(wsf__quote quote);
/* What was read into an expression, which was loaded; what that tells are doubts
 * (propose_expression.c). */
wsf_status wsf__propose_settle(wsf__proposal *p, const char *path, wsf_error *err);
/* Always followed by free. */
wsf_status wsf__propose_read(wsf__proposal *p, wsf__env *env, const char *path, wsf_error *err);
void wsf__propose_free(wsf__proposal *p, const wsf__env *env);

#endif
