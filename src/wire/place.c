/* Where a path leads, and no further than a context allows.
 *
 * A context that is confined to a folder holds the folder open from its first moment. A path is
 * taken from there and walked name by name with openat and O_NOFOLLOW: absolute paths and ".." are
 * refused as text, a link at any step is refused by the system. So no check can be outrun by
 * someone who moves things about meanwhile, as one by realpath could, and nothing beyond POSIX is
 * needed, as openat2 would be. The price: links that stay inside are refused too. Hard links and
 * mounts are the host's affair: whoever can make those in the folder may read what they show.
 *
 * A refusal tells what the path says, never whether anything is there. */
#include "wire/access.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_BYTES = 256 };

static wsf_status refuse(wsf_error *err, const char *path, const char *sentence) {
  (void)wsf__fail(err, WSF_E_IO, "%s", sentence);
  wsf__error_at_file(err, path);
  return WSF_E_IO;
}

/* The next name of the path, copied: its length, 0 at the end, -1 if no name is as long. */
static int next_name(const char **path, char name[NAME_BYTES]) {
  while (**path == '/') ++*path;
  const size_t n = strcspn(*path, "/");
  if (n >= NAME_BYTES) return -1;
  memcpy(name, *path, n);
  name[n] = '\0';
  *path += n;
  return (int)n;
}

static wsf_status walk(wsf__place *out, const char *path, wsf_error *err) {
  char name[NAME_BYTES];
  const char *at = path;
  for (;;) {
    const char *start = at + strspn(at, "/");
    const int n = next_name(&at, name);
    if (n < 0) return refuse(err, path, "the path holds a name that no file can have");
    if (n == 0) return refuse(err, path, "the path names no file");
    if (strcmp(name, "..") == 0) {
      return refuse(err, path, "the path leads out of the folder that the context is confined to");
    }
    out->name = start;
    if (!strchr(at, '/')) return WSF_OK; /* the last one */
    if (strcmp(name, ".") == 0) continue;
    const int next = openat(out->folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (next < 0) {
      return refuse(err, path, "the path goes through something that is not a folder");
    }
    wsf__place_leave(out);
    *out = (wsf__place){.folder = next, .confined = true, .owned = true, .name = start};
  }
}

wsf_status wsf__place_find(wsf__place *out, const wsf__access *x, const char *path,
                           wsf_error *err) {
  *out = (wsf__place){.folder = AT_FDCWD, .name = path};
  if (!x || x->paths == WSF__PATHS_ANY) return WSF_OK;
  if (x->paths == WSF__PATHS_NONE) {
    return refuse(err, path, "the context opens no paths; the name of a source was expected");
  }
  if (*path == '/') {
    return refuse(err, path, "the path is absolute; one inside the context's folder was expected");
  }
  *out = (wsf__place){.folder = x->folder, .confined = true, .name = path};
  const wsf_status status = walk(out, path, err);
  if (status != WSF_OK) wsf__place_leave(out);
  return status;
}

static wsf_status refuse_paths(wsf_error *err, wsf_status status, const char *paths,
                               const char *sentence) {
  (void)wsf__fail(err, status, "%s", sentence);
  wsf__error_at_field(err, "paths");
  wsf__error_at_file(err, paths);
  return status;
}

/* A fork of a confined context opens no more than that one: its folder lies inside. */
wsf_status wsf__access_confine(wsf__access *x, const char *paths, wsf_error *err) {
  if (strcmp(paths, "none") == 0) {
    x->paths = WSF__PATHS_NONE;
    return WSF_OK;
  }
  const bool free = x->paths == WSF__PATHS_ANY;
  if (strcmp(paths, "any") == 0) {
    if (free) return WSF_OK;
    return refuse_paths(err, WSF_E_VALUE, paths, "a fork of a confined context is confined too");
  }
  wsf__place at;
  WSF__TRY(wsf__place_find(&at, x, paths, err));
  const int folder =
      openat(at.folder, at.name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (free ? 0 : O_NOFOLLOW));
  wsf__place_leave(&at);
  if (folder < 0) {
    return refuse_paths(err, WSF_E_IO, paths, "paths names no folder that can be opened");
  }
  x->folder = folder;
  x->paths = WSF__PATHS_FOLDER;
  return WSF_OK;
}

int wsf__place_open(const wsf__place *at, int flags, bool plain) {
  plain = plain || at->confined;
  /* O_NONBLOCK: a pipe must not hold us up before it is refused. */
  flags |= O_CLOEXEC | (plain ? O_NONBLOCK : 0) | (at->confined ? O_NOFOLLOW : 0);
  const int fd = openat(at->folder, at->name, flags, 0666);
  struct stat s;
  if (fd < 0 || !plain || (fstat(fd, &s) == 0 && S_ISREG(s.st_mode))) return fd;
  (void)close(fd);
  errno = ENOTSUP;
  return -1;
}

void wsf__place_leave(wsf__place *at) {
  if (at->owned) (void)close(at->folder);
  at->owned = false;
}
