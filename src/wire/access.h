/* What a context may open: the sources that its host names, and the files that its paths allow. */
#ifndef WSF_WIRE_ACCESS_H
#define WSF_WIRE_ACCESS_H

#include "base/alloc.h"
#include "base/error.h"
#include "sync/lock.h"
#include <wsf/source.h>

/* A source as it was added: bytes, or one of the two ways to open. */
typedef struct wsf__source {
  const void *bytes;
  size_t size;
  wsf_source_open_fn open; /* with read, close: a reader */
  wsf_source_read_fn read;
  wsf_source_close_fn close;
  wsf_source_stream_fn stream; /* an Arrow stream */
  wsf_source_destroy_fn destroy;
  void *user;
} wsf__source;

typedef enum wsf__paths { WSF__PATHS_ANY, WSF__PATHS_FOLDER, WSF__PATHS_NONE } wsf__paths;
typedef struct wsf__access wsf__access;
struct wsf__access {
  atomic_int references;
  wsf__alloc alloc;
  wsf__access *parent;
  wsf__lock lock; /* the list */
  struct wsf__named_source *first;
  int paths;  /* wsf__paths */
  int folder; /* FOLDER: a descriptor */
};
/* Any path, no sources but those of the parent, whose paths are taken over (NULL: none to have).
 * NULL if memory ran out. */
wsf__access *wsf__access_create(const wsf__alloc *a, wsf__access *parent);
void wsf__access_release(wsf__access *x); /* NULL is a no-op */

/* Confine paths: any, none, or the folder that is named; a fork never to more than its parent's.
 * Not for one that is in use. */
wsf_status wsf__access_confine(wsf__access *x, const char *paths, wsf_error *err);

/* Add or replace. */
wsf_status wsf__access_add(wsf__access *x, const char *name, const wsf__source *source,
                           wsf_error *err);
wsf_status wsf__access_remove(wsf__access *x, const char *name, wsf_error *err);
/* The source of that name, the nearest first, kept until it is let go; NULL: there is none. */
const wsf__source *wsf__access_find(wsf__access *x, const char *name);
void wsf__source_release(const wsf__source *source); /* NULL is a no-op */

/* Where a path leads: `name` in `folder`, for openat and its kin. Never past what is allowed. */
typedef struct wsf__place {
  int folder;           /* AT_FDCWD where any path is allowed */
  bool confined, owned; /* owned: folder is to be closed */
  const char *name;     /* inside the path */
} wsf__place;
wsf_status wsf__place_find(wsf__place *out, const wsf__access *x, const char *path, wsf_error *err);
/* openat; -1 and errno on failure. plain, and always where paths are confined: what is not a plain
 * file is ENOTSUP. */
int wsf__place_open(const wsf__place *at, int flags, bool plain);
void wsf__place_leave(wsf__place *at);

#endif
