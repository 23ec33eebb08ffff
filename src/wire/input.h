/* Bytes from outside: a file, or a source that the host has named. */
#ifndef WSF_WIRE_INPUT_H
#define WSF_WIRE_INPUT_H

#include "sync/env.h"
#include "wire/access.h"
#include "wire/wire.h"

typedef struct wsf__input {
  const char *path;          /* or the name of the source */
  int fd;                    /* -1: a source */
  const wsf__source *source; /* NULL: a file */
  void *stream;              /* of a reader */
} wsf__input;

/* A source of that name, else the file of that path; plain: a pipe or a device will not do. */
wsf_status wsf__input_open(wsf__input *in, wsf__env *env, const char *path, bool plain,
                           wsf_error *err);
/* Everything up to the end, with room for one byte more behind it. Not for an Arrow stream. judge,
 * which may be NULL, sees the beginning before the rest is read. */
wsf_status wsf__input_read(const wsf__input *in, wsf__env *env, wsf__judge_fn judge, char **bytes,
                           size_t *length, wsf_error *err);
void wsf__input_close(wsf__input *in);
/* Whether there is something to open. */
bool wsf__input_there(const wsf__env *env, const char *path);

/* The paths for which a pattern stands, in byte order: * and ? behind its last slash. A source or
 * file of the very name is itself. They live in the arena (glob.c). */
wsf_status wsf__input_glob(wsf__env *env, const char *pattern, wsf__arena *arena,
                           const char *const **out, int *n, wsf_error *err);

/* What messages call it: the path, or "source NAME"; in the arena, NULL if memory ran out. */
const char *wsf__input_label(const wsf__input *in, wsf__arena *arena);
/* WSF_E_IO with what a function of the host says went wrong. */
wsf_status wsf__input_fail_host(const wsf__input *in, const wsf_error *said, wsf_error *err);

#endif
