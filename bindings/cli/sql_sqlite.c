/* Rows of a file of SQLite, which is opened for reading only. */
#include "sql.h"

#include <sqlite3.h>
#include <stdlib.h>

typedef struct sqlite_rows {
  cli_rows rows;
  sqlite3 *file;
  sqlite3_stmt *query;
} sqlite_rows;

static const char *name_of(const cli_rows *rows, int column) {
  return sqlite3_column_name(((const sqlite_rows *)rows)->query, column);
}

static int next_row(cli_rows *rows, wsf_error *err) {
  const sqlite_rows *r = (const sqlite_rows *)rows;
  const int code = sqlite3_step(r->query);
  if (code == SQLITE_ROW || code == SQLITE_DONE) return code == SQLITE_ROW;
  (void)snprintf(err->message, sizeof err->message, "%s", sqlite3_errmsg(r->file));
  return -1;
}

static const char *cell_of(cli_rows *rows, int column) {
  return (const char *)sqlite3_column_text(((sqlite_rows *)rows)->query, column);
}

static void close_rows(cli_rows *rows) {
  sqlite_rows *r = (sqlite_rows *)rows;
  (void)sqlite3_finalize(r->query);
  (void)sqlite3_close(r->file);
  free(r);
}

cli_rows *cli_sqlite_rows(const char *file, const char *query, wsf_error *err) {
  sqlite_rows *r = calloc(1, sizeof *r);
  if (!r) {
    (void)snprintf(err->message, sizeof err->message, "out of memory");
    return NULL;
  }
  r->rows = (cli_rows){0, name_of, next_row, cell_of, close_rows};
  const char *rest = "";
  int code = sqlite3_open_v2(file, &r->file, SQLITE_OPEN_READONLY, NULL);
  if (code == SQLITE_OK) code = sqlite3_prepare_v2(r->file, query, -1, &r->query, &rest);
  r->rows.n_columns = r->query ? sqlite3_column_count(r->query) : 0;
  while (*rest == ' ' || *rest == '\n' || *rest == '\t' || *rest == ';') ++rest;
  if (code == SQLITE_OK && r->rows.n_columns > 0 && !*rest) return &r->rows;
  (void)snprintf(err->message, sizeof err->message, "%s",
                 code != SQLITE_OK ? sqlite3_errmsg(r->file)
                 : *rest           ? "there are several statements; one query was expected"
                                   : "the statement gives no rows; a query was expected");
  close_rows(&r->rows);
  return NULL;
}
