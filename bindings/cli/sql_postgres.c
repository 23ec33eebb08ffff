/* Rows of a PostgreSQL server, one at a time, in a transaction that may only read.
 *
 * libpq is loaded when a server is first asked for: with what it brings along (TLS, Kerberos, LDAP)
 * it would double the time that every command takes to start. */
#include "sql.h"

#include <dlfcn.h>
#include <libpq-fe.h>
#include <stdlib.h>

#define CALLS(X)                                                                                   \
  X(PQconnectdb)                                                                                   \
  X(PQstatus)                                                                                      \
  X(PQerrorMessage)                                                                                \
  X(PQsetClientEncoding)                                                                           \
  X(PQexec)                                                                                        \
  X(PQsendQueryParams)                                                                             \
  X(PQsetSingleRowMode)                                                                            \
  X(PQgetResult)                                                                                   \
  X(PQresultStatus)                                                                                \
  X(PQnfields)                                                                                     \
  X(PQfname)                                                                                       \
  X(PQftype)                                                                                       \
  X(PQgetisnull)                                                                                   \
  X(PQgetvalue)                                                                                    \
  X(PQclear)                                                                                       \
  X(PQfinish)
#define MEMBER(name) __typeof__(name) *(name);
static struct { CALLS(MEMBER) } pq;

static bool load_libpq(wsf_error *err) {
  void *library = pq.PQfinish ? NULL : dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  bool all = library || pq.PQfinish;
#define LOAD(name)                                                                                 \
  if (library && all) {                                                                            \
    void *found = dlsym(library, #name);                                                           \
    memcpy(&pq.name, &found, sizeof found);                                                        \
    all = found != NULL;                                                                           \
  }
  CALLS(LOAD)
  if (!all) {
    (void)snprintf(err->message, sizeof err->message,
                   "PostgreSQL's library libpq.so.5 is not to be had; install libpq5");
  }
  return all;
}

enum { BOOLEAN = 16 /* the type's number, fixed in every server (pg_type.dat) */ };

typedef struct postgres_rows {
  cli_rows rows;
  PGconn *server;
  PGresult *row; /* the one that stands next, or the end */
  bool fresh;    /* and has not been given yet */
} postgres_rows;

static const char *name_of(const cli_rows *rows, int column) {
  return pq.PQfname(((const postgres_rows *)rows)->row, column);
}

/* The server's own words, without the line ends. */
static void tell(const PGconn *server, wsf_error *err) {
  (void)snprintf(err->message, sizeof err->message, "%s", pq.PQerrorMessage(server));
  for (char *c = err->message; *c; ++c) {
    if (*c == '\n' || *c == '\t') *c = c[1] ? ' ' : '\0';
  }
}

static int next_row(cli_rows *rows, wsf_error *err) {
  postgres_rows *r = (postgres_rows *)rows;
  if (!r->fresh) {
    pq.PQclear(r->row);
    r->row = pq.PQgetResult(r->server);
  }
  r->fresh = false;
  const ExecStatusType status = r->row ? pq.PQresultStatus(r->row) : PGRES_TUPLES_OK;
  if (status == PGRES_SINGLE_TUPLE) return 1;
  if (status == PGRES_TUPLES_OK) return 0;
  tell(r->server, err);
  return -1;
}

static const char *cell_of(cli_rows *rows, int column) {
  const PGresult *row = ((postgres_rows *)rows)->row;
  if (pq.PQgetisnull(row, 0, column)) return NULL;
  const char *text = pq.PQgetvalue(row, 0, column);
  if (pq.PQftype(row, column) != BOOLEAN) return text;
  return *text == 't' ? "true" : "false";
}

static void close_rows(cli_rows *rows) {
  postgres_rows *r = (postgres_rows *)rows;
  pq.PQclear(r->row);
  pq.PQfinish(r->server);
  free(r);
}

static bool begin(postgres_rows *r, const char *query, wsf_error *err) {
  if (pq.PQstatus(r->server) != CONNECTION_OK || pq.PQsetClientEncoding(r->server, "UTF8") != 0) {
    tell(r->server, err);
    return false;
  }
  PGresult *set =
      pq.PQexec(r->server, "set default_transaction_read_only = on; set datestyle = iso");
  const bool ready = pq.PQresultStatus(set) == PGRES_COMMAND_OK;
  pq.PQclear(set);
  if (!ready || !pq.PQsendQueryParams(r->server, query, 0, NULL, NULL, NULL, NULL, 0)) {
    tell(r->server, err);
    return false;
  }
  (void)pq.PQsetSingleRowMode(r->server);
  r->row = pq.PQgetResult(r->server);
  r->fresh = true;
  r->rows.n_columns = pq.PQnfields(r->row);
  const ExecStatusType status = pq.PQresultStatus(r->row);
  if (status == PGRES_SINGLE_TUPLE || status == PGRES_TUPLES_OK) return true;
  if (status == PGRES_COMMAND_OK) {
    (void)snprintf(err->message, sizeof err->message,
                   "the statement gives no rows; a query was expected");
  } else {
    tell(r->server, err);
  }
  return false;
}

cli_rows *cli_postgres_rows(const char *connection, const char *query, wsf_error *err) {
  if (!load_libpq(err)) return NULL;
  postgres_rows *r = calloc(1, sizeof *r);
  if (!r) {
    (void)snprintf(err->message, sizeof err->message, "out of memory");
    return NULL;
  }
  r->rows = (cli_rows){0, name_of, next_row, cell_of, close_rows};
  r->server = pq.PQconnectdb(connection);
  if (begin(r, query, err)) return &r->rows;
  close_rows(&r->rows);
  return NULL;
}
