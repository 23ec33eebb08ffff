/* Loading a CSV file as a panel: what the `csv` word and the folder words share. */
#ifndef WSF_INGEST_LOAD_H
#define WSF_INGEST_LOAD_H

#include "expr/expr.h"
#include "ingest/csv_file.h"
#include "ingest/report.h"
#include "panel/panel.h"

/* A list of names; given tells an empty list, written none, from no list. */
typedef struct wsf__names {
  int n;
  bool given;
  const char *const *name;
} wsf__names;
wsf__names wsf__names_of(const wsf__node *node, const char *option);
bool wsf__names_have(const wsf__names *names, const char *name);

typedef enum wsf__layout {
  WSF__LAYOUT_LONG, /* a row per series and time */
  WSF__LAYOUT_WIDE, /* a row per series, a column per time */
  WSF__LAYOUT_PIVOT /* a row per time, a column per series */
} wsf__layout;

typedef struct wsf__load {
  const char *path;
  wsf__names paths; /* in its place, if there are any */
  wsf__csv_format format;
  wsf__names keys;
  const char *time, *target; /* time NULL: row numbers within each series */
  wsf__names time_parts;     /* columns that make the time, the first of which is `time`; n is 0 if
                              * it stands in one */
  int32_t layout;            /* wsf__layout */
  const char *start;         /* wide: time of the first period column, or NULL */
  wsf__panel_rules rules;
  wsf__names text, number;       /* columns read as words, as numbers */
  wsf__names known, past, fixed; /* roles; past not given: every other column */
  wsf__names columns;            /* to take; not given: all */
  wsf__names filldown;           /* whose empty cells have the value above them */
  const char *weight, *holiday;  /* or NULL */
  const char *mask;              /* or NULL */
  double holiday_weight;
} wsf__load;

/* Read the options that csv and the folder words have in common into load: duplicates, gaps,
 * negatives. */
void wsf__load_cleaning(wsf__load *load, const wsf__node *node);
/* How a file is written: the options that every word that reads one has, and what a node says. */
#define WSF__FORMAT_OPTIONS                                                                        \
  {"decimal",                                                                                      \
   WSF__WORD,                                                                                      \
   "auto",                                                                                         \
   0,                                                                                              \
   0,                                                                                              \
   "auto|point|comma",                                                                             \
   "decimal mark of numbers; auto: by all of the file's numbers"},                                 \
      {"thousands",                                                                                \
       WSF__WORD,                                                                                  \
       "auto",                                                                                     \
       0,                                                                                          \
       0,                                                                                          \
       "auto|none|point|comma|space|apostrophe",                                                   \
       "mark between groups of three digits; auto: any that is not the decimal mark"},             \
      {"suffixes",                                                                                 \
       WSF__NAMES,                                                                                 \
       "",                                                                                         \
       0,                                                                                          \
       0,                                                                                          \
       NULL,                                                                                       \
       "texts that may stand behind a number and are left off: flags such as p, units such as "    \
       "kg"},                                                                                      \
      {"dateformat",                                                                               \
       WSF__TEXT,                                                                                  \
       "",                                                                                         \
       0,                                                                                          \
       0,                                                                                          \
       NULL,                                                                                       \
       "how dates are written, in the words of strptime: \"%d.%m.%Y %H:%M\""},                     \
      {"dayfirst",                                                                                 \
       WSF__WORD,                                                                                  \
       "auto",                                                                                     \
       0,                                                                                          \
       0,                                                                                          \
       "auto|true|false",                                                                          \
       "whether 3/4/2024 is in April; auto: by all values of the column, an error if they do not " \
       "tell"},                                                                                    \
      {"timezone",                                                                                 \
       WSF__TEXT,                                                                                  \
       "",                                                                                         \
       0,                                                                                          \
       0,                                                                                          \
       NULL,                                                                                       \
       "zone of the times: UTC, +02:00 or such as Europe/Berlin; absent: none, or their own"},     \
      {"encoding",                                                                                 \
       WSF__TEXT,                                                                                  \
       "auto",                                                                                     \
       0,                                                                                          \
       0,                                                                                          \
       NULL,                                                                                       \
       "how characters are written: utf8, latin1, cp1252, utf16, utf16le, utf16be, or as others "  \
       "spell them (UTF-16LE, ISO-8859-1, windows-1252); auto: UTF-16 by its first bytes, else "   \
       "UTF-8, else cp1252"},                                                                      \
      {"skip", WSF__INT, "0", 0, 1e9, NULL, "lines before the header"},                            \
      {"header",                                                                                   \
       WSF__WORD,                                                                                  \
       "auto",                                                                                     \
       0,                                                                                          \
       0,                                                                                          \
       "auto|true|false|two",                                                                      \
       "whether the first line names the columns; else they are column1, column2, ..; auto: it "   \
       "does unless it looks like the second; two: two lines do, the first over the empty cells "  \
       "to the right of its names"},                                                               \
      {"quote",                                                                                    \
       WSF__WORD,                                                                                  \
       "double",                                                                                   \
       0,                                                                                          \
       0,                                                                                          \
       "double|single|backslash|line",                                                             \
       "the mark that fields stand between; backslash: double ones, inside written \\\"; line: "   \
       "each "                                                                                     \
       "line stands in quotes as a whole"},                                                        \
  {                                                                                                \
    "comment", WSF__TEXT, "", 0, 0, NULL, "lines that begin with this character are skipped"       \
  }
wsf_status wsf__load_format(wsf__csv_format *out, const wsf__node *node, wsf_error *err);

wsf_status wsf__load_csv(wsf__panel **out, wsf__env *env, const wsf__load *load, wsf_error *err);
/* The same from bytes in memory: load->path is only a name. For tests and fuzzing. */
wsf_status wsf__load_memory(wsf__panel **out, wsf__env *env, const wsf__load *load,
                            const char *bytes, size_t length, wsf_error *err);

/* "folder/name" in the arena; NULL if memory ran out. */
const char *wsf__load_path(wsf__arena *arena, const char *folder, const char *name);
/* The keys and times that a file asks forecasts for become the panel's request. */
wsf_status wsf__load_request(wsf__panel *p, wsf__env *env, const char *path, wsf__names keys,
                             const char *time, wsf_error *err);

/* Fails if no row was kept, or fewer than half of those read. */
wsf_status wsf__load_check(const wsf__csv *csv, wsf_error *err);
/* The key columns, a code per line of the file. */
wsf_status wsf__load_keys(wsf__rows *rows, wsf__arena *arena, const wsf__csv *csv,
                          const wsf__load *load, wsf_error *err);
/* WSF__STATIC, PAST or KNOWN; 0: the column is left out. */
int32_t wsf__load_role(const wsf__load *load, const char *name);
/* Whether an option gives the column its role; or that, or takes it. */
bool wsf__load_has_role(const wsf__load *load, const char *name);
bool wsf__load_names(const wsf__load *load, const char *name);
/* One column cannot be two things. */
wsf_status wsf__load_check_roles(const wsf__load *load, const char *name, wsf_error *err);
/* Columns without a name that the load asks for by their place, as column1, are called so from here
 * on, by the load's own texts. */
void wsf__load_name_columns(wsf__csv *csv, const wsf__load *load);
/* Every column that the load names must be there. */
wsf_status wsf__load_check_names(const wsf__csv *csv, const wsf__load *load, wsf_error *err);
/* Whether a column is the time or a part of it. */
bool wsf__load_is_time(const wsf__load *load, const char *name);
/* load_times.c: what the time is called, "Year_Month" of two columns; the times of all rows, and
 * only those rows stay whose columns make one. */
const char *wsf__load_time_name(wsf__arena *arena, const wsf__load *load);
wsf_status wsf__load_check_parts(const wsf__load *load, wsf_error *err);
wsf_status wsf__load_times(const int64_t **time, int32_t *form, wsf__arena *arena, wsf__csv *csv,
                           const wsf__load *load, wsf_error *err);
/* wsf__grain of the times of one column. */
int32_t wsf__load_grain(const wsf__csv *csv, const wsf__load *load);
/* Row numbers within each series, for files without times. */
wsf_status wsf__load_number_rows(wsf__rows *rows, wsf__arena *arena, const wsf__env *env,
                                 wsf_error *err);
/* Rows of a wide file that has been opened: period columns are found, read and turned into rows.
 * Everything in *rows lives in the arena or the file. */
wsf_status wsf__load_wide(wsf__rows *rows, wsf__arena *arena, wsf__csv *csv, const wsf__load *load,
                          wsf_error *err);
/* The same of a pivot file: each column of numbers without another role becomes a series. */
wsf_status wsf__load_pivot(wsf__rows *rows, wsf__arena *arena, wsf__csv *csv, const wsf__load *load,
                           wsf_error *err);
/* A column of categories as doubles: codes into them in byte order, NaN where missing. */
wsf_status wsf__load_categories(const wsf__csv *csv, int column, wsf__arena *arena, double **value,
                                const char *const **category, int32_t *n_categories,
                                wsf_error *err);

#endif
