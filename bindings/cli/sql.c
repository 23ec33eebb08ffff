/* Queries as data: sql("shop.db", "select ..", keys=.., time=.., target=..).
 *
 * The library reads files and sources, not databases. Here each query becomes a source of the
 * context, whose bytes are its rows as CSV, and the word sql becomes csv of that source; inside
 * join(..) it stands where the path would. A query runs when it is read, and again if it is read
 * again; nothing of the result is kept. */
#include "sql.h"

#include <ctype.h>
#include <stdlib.h>

typedef struct query {
  char *database, *text;
} query;

/* A reading: rows and what of them is not given out yet. */
typedef struct reading {
  cli_rows *rows;
  cli_text pending;
  size_t given;
  bool ended;
} reading;

/* ---- rows as CSV -------------------------------------------------------------------------- */

/* A missing cell is empty; an empty text is quoted, as is what would be read otherwise. */
static void add_cell(cli_text *out, const char *text) {
  if (!text) return;
  if (*text && !strpbrk(text, ",\"\r\n") && *text != ' ' && text[strlen(text) - 1] != ' ') {
    cli_add(out, "%s", text);
    return;
  }
  cli_add(out, "\"");
  for (const char *c = text; *c; ++c) cli_add(out, *c == '"' ? "\"\"" : "%c", *c);
  cli_add(out, "\"");
}

static wsf_status fail(wsf_error *err, const char *sentence) {
  (void)snprintf(err->message, sizeof err->message, "%s", sentence);
  return WSF_E_IO;
}

static bool is_postgres(const char *database) {
  return strncmp(database, "postgres://", 11) == 0 || strncmp(database, "postgresql://", 13) == 0 ||
         strstr(database, "dbname=") || strstr(database, "service=");
}

static void close_reading(void *stream) {
  reading *r = stream;
  if (r->rows) r->rows->close(r->rows);
  cli_text_free(&r->pending);
  free(r);
}

static wsf_status open_reading(void **stream, void *user, wsf_error *err) {
  const query *q = user;
  reading *r = calloc(1, sizeof *r);
  if (!r) return fail(err, "out of memory");
  r->rows = is_postgres(q->database) ? cli_postgres_rows(q->database, q->text, err)
                                     : cli_sqlite_rows(q->database, q->text, err);
  for (int k = 0; r->rows && k < r->rows->n_columns; ++k) {
    if (k > 0) cli_add(&r->pending, ",");
    add_cell(&r->pending, r->rows->name(r->rows, k));
  }
  cli_add(&r->pending, "\n");
  if (r->rows && !r->pending.failed) {
    *stream = r;
    return WSF_OK;
  }
  if (r->pending.failed) (void)fail(err, "out of memory");
  close_reading(r);
  return WSF_E_IO;
}

static int64_t read_rows(void *stream, void *buffer, int64_t capacity, wsf_error *err) {
  reading *r = stream;
  while (!r->ended && r->given == r->pending.length) {
    r->pending.length = r->given = 0;
    const int more = r->rows->next(r->rows, err);
    if (more < 0) return -1;
    r->ended = more == 0;
    for (int k = 0; !r->ended && k < r->rows->n_columns; ++k) {
      if (k > 0) cli_add(&r->pending, ",");
      add_cell(&r->pending, r->rows->cell(r->rows, k));
    }
    if (!r->ended) cli_add(&r->pending, "\n");
    if (r->pending.failed) {
      (void)fail(err, "out of memory");
      return -1;
    }
  }
  const size_t left = r->pending.length - r->given;
  const size_t n = left < (size_t)capacity ? left : (size_t)capacity;
  if (n > 0) memcpy(buffer, r->pending.data + r->given, n);
  r->given += n;
  return (int64_t)n;
}

static void drop_query(void *user) {
  query *q = user;
  if (!q) return;
  free(q->database);
  free(q->text);
  free(q);
}

/* ---- the word ----------------------------------------------------------------------------- */

static const char *skip_blanks(const char *c) {
  while (isspace((unsigned char)*c)) ++c;
  return c;
}

/* Behind a "text" that stands at c, with what it says in *out; NULL if none does. */
static const char *read_text(const char *c, char **out) {
  c = skip_blanks(c);
  if (*c != '"') return NULL;
  char *text = malloc(strlen(c)), *to = text;
  for (++c; text && *c && *c != '"'; ++c) {
    if (*c == '\\' && c[1]) ++c;
    *to++ = *c;
  }
  if (!text || *c != '"') {
    free(text);
    return NULL;
  }
  *to = '\0';
  *out = text;
  return c + 1;
}

/* Behind a quoted text, which is copied as it is. */
static const char *copy_quoted(cli_text *out, const char *c) {
  const char *from = c;
  for (++c; *c && *c != '"'; ++c) {
    if (*c == '\\' && c[1]) ++c;
  }
  if (*c) ++c;
  cli_add(out, "%.*s", (int)(c - from), from);
  return c;
}

static bool in_word(char c) {
  return isalnum((unsigned char)c) || c == '_';
}

/* sql( of two texts at c becomes a source; *behind: after the second text. */
static int add_query(wsf_context *ctx, const char *c, int number, const char **behind) {
  wsf_error err;
  char name[32];
  query *q = calloc(1, sizeof *q);
  if (!q) return cli_fail_memory();
  const char *at = read_text(c, &q->database);
  at = at ? skip_blanks(at) : NULL;
  at = at && *at == ',' ? read_text(at + 1, &q->text) : NULL;
  if (!at) {
    drop_query(q);
    cli_say(
        "--data: sql needs a database and a query, each a text: sql(\"shop.db\", \"select ..\", "
        "keys=.., time=.., target=..)");
    return CLI_INPUT;
  }
  (void)snprintf(name, sizeof name, "sql %d", number);
  if (wsf_context_add_reader(ctx, name, open_reading, read_rows, close_reading, drop_query, q,
                             &err) != WSF_OK) {
    drop_query(q);
    return cli_fail(&err, "--data", NULL);
  }
  *behind = at;
  return CLI_OK;
}

/* Options of csv that the answer of a database leaves no choice of. */
static int refuse_text_options(const char *c) {
  static const char *const fixed[] = {"header", "delimiter", "decimal", "na"};
  int depth = 0;
  while (*c && !(*c == ')' && depth == 0)) {
    if (*c == '"') {
      for (++c; *c && *c != '"'; ++c) {
        if (*c == '\\' && c[1]) ++c;
      }
      if (*c) ++c;
    } else if (in_word(*c)) {
      const char *from = c;
      while (in_word(*c)) ++c;
      for (size_t i = 0; depth == 0 && i < sizeof fixed / sizeof *fixed; ++i) {
        if (strlen(fixed[i]) != (size_t)(c - from) || *skip_blanks(c) != '=') continue;
        if (strncmp(from, fixed[i], (size_t)(c - from)) != 0) continue;
        cli_say("--data: sql has no option %s: it says how a file is written, and a database "
                "answers in columns of its own",
                fixed[i]);
        return CLI_INPUT;
      }
    } else {
      depth += *c == '(' || *c == '[';
      depth -= *c == ')' || *c == ']';
      ++c;
    }
  }
  return CLI_OK;
}

int cli_add_queries(cli_text *out, wsf_context *ctx, const char *expression) {
  int number = 0;
  cli_add(out, "%s", ""); /* of an empty text too there is one */
  bool joined = false;    /* the last word was join, so that a path may stand here */
  for (const char *c = expression; *c;) {
    if (*c == '"') {
      c = copy_quoted(out, c);
      joined = false;
    } else if (in_word(*c)) {
      const char *from = c;
      while (in_word(*c)) ++c;
      const int length = (int)(c - from);
      const char *open = skip_blanks(c);
      if (length == 3 && strncmp(from, "sql", 3) == 0 && *open == '(') {
        const int code = add_query(ctx, open + 1, ++number, &c);
        if (code != CLI_OK) return code;
        if (joined) { /* a path; its own parenthesis goes */
          c = skip_blanks(c);
          if (*c == ')') ++c;
          cli_add(out, "\"sql %d\"", number);
        } else {
          if (refuse_text_options(c) != CLI_OK) return CLI_INPUT;
          cli_add(out, "csv(\"sql %d\", header=true, delimiter=comma, decimal=point, na=none",
                  number);
        }
        joined = false;
        continue;
      }
      cli_add(out, "%.*s", length, from);
      joined = length == 4 && strncmp(from, "join", 4) == 0;
    } else {
      if (*c != '(' && !isspace((unsigned char)*c)) joined = false;
      cli_add(out, "%c", *c++);
    }
  }
  return out->failed ? cli_fail_memory() : CLI_OK;
}
