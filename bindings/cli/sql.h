/* Rows of a database query, row by row. For sql*.c only. */
#ifndef WSF_CLI_SQL_H
#define WSF_CLI_SQL_H

#include "cli.h"

typedef struct cli_rows cli_rows;
struct cli_rows {
  int n_columns;
  const char *(*name)(const cli_rows *rows, int column);
  /* 1: there is a next row; 0: that was all; -1: failed, with a message */
  int (*next)(cli_rows *rows, wsf_error *err);
  /* Of the row; NULL: it is missing. Texts are UTF-8 and end with a NUL. */
  const char *(*cell)(cli_rows *rows, int column);
  void (*close)(cli_rows *rows);
};

/* Connect and begin the query, which may only read; NULL with a message that never holds a
 * password. sql_sqlite.c: a file. sql_postgres.c: postgresql://... or key=value words. */
cli_rows *cli_sqlite_rows(const char *file, const char *query, wsf_error *err);
cli_rows *cli_postgres_rows(const char *connection, const char *query, wsf_error *err);

#endif
