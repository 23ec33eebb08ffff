/* Files by pattern. Only the last part of a path may hold * and ?, so that one folder is read, the
 * one that a path of this form would be opened in: a confined context sees nothing else. */
#include "wire/input.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_FILES = 100000 };

/* The classic matcher: on a mismatch the last star takes one more byte. */
static bool matches(const char *pattern, const char *name) {
  const char *star = NULL, *again = NULL;
  while (*name) {
    if (*pattern == '*') {
      star = pattern++;
      again = name;
    } else if (*pattern == '?' || *pattern == *name) {
      ++pattern;
      ++name;
    } else if (star) {
      pattern = star + 1;
      name = ++again;
    } else {
      return false;
    }
  }
  while (*pattern == '*') ++pattern;
  return *pattern == 0;
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

typedef struct names {
  const char **name;
  int n, capacity;
} names;

static wsf_status add(names *all, const wsf__alloc *a, wsf__arena *arena, const char *pattern,
                      size_t folder, const char *name, wsf_error *err) {
  const size_t length = strlen(name);
  char *path = wsf__arena_new(arena, folder + length + 1, 1);
  if (all->n == all->capacity) {
    const int capacity = all->capacity ? all->capacity * 2 : 16;
    const char **grown = wsf__resize(a, all->name, (size_t)capacity, sizeof *grown);
    if (!grown) return wsf__fail_memory(err);
    all->name = grown;
    all->capacity = capacity;
  }
  if (!path) return wsf__fail_memory(err);
  memcpy(path, pattern, folder);
  memcpy(path + folder, name, length + 1);
  all->name[all->n++] = path;
  return WSF_OK;
}

/* The folder that a path with this beginning leads to, which is closed with it; NULL: none. */
static DIR *open_folder(const wsf__place *at, const char *pattern, size_t folder,
                        wsf__arena *arena) {
  const char *path = ".";
  if (!at->confined && folder > 0) path = wsf__arena_text(arena, pattern, folder);
  if (!path) return NULL;
  const int fd = openat(at->folder, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = fd < 0 ? NULL : fdopendir(fd);
  if (!dir && fd >= 0) (void)close(fd);
  return dir;
}

static wsf_status list(names *all, wsf__env *env, const char *pattern, wsf__arena *arena,
                       wsf_error *err) {
  const char *slash = strrchr(pattern, '/');
  const size_t folder = slash ? (size_t)(slash - pattern) + 1 : 0;
  wsf__place at;
  WSF__TRY(wsf__place_find(&at, env->access, pattern, err));
  wsf_status status = WSF_OK;
  DIR *dir = open_folder(&at, pattern, folder, arena);
  for (struct dirent *e; dir && status == WSF_OK && (e = readdir(dir));) {
    const bool hidden = e->d_name[0] == '.' && pattern[folder] != '.';
    if (hidden || !matches(pattern + folder, e->d_name)) continue;
    status = all->n < MOST_FILES
                 ? add(all, &env->alloc, arena, pattern, folder, e->d_name, err)
                 : wsf__fail(err, WSF_E_LIMIT, "more than %d files match", MOST_FILES);
  }
  if (dir) (void)closedir(dir);
  wsf__place_leave(&at);
  if (status == WSF_OK && all->n == 0) status = wsf__fail(err, WSF_E_IO, "no file matches");
  if (status != WSF_OK) wsf__error_at_file(err, pattern);
  return status;
}

wsf_status wsf__input_glob(wsf__env *env, const char *pattern, wsf__arena *arena,
                           const char *const **out, int *n, wsf_error *err) {
  names all = {0};
  const bool wild = strpbrk(pattern, "*?") != NULL && !wsf__input_there(env, pattern);
  wsf_status status = wild ? list(&all, env, pattern, arena, err)
                           : add(&all, &env->alloc, arena, pattern, 0, pattern, err);
  const char **kept = NULL;
  if (status == WSF_OK && all.name) {
    qsort(all.name, (size_t)all.n, sizeof *all.name, by_name);
    kept = wsf__arena_new(arena, (size_t)all.n, sizeof *kept);
    if (kept)
      memcpy(kept, all.name, (size_t)all.n * sizeof *kept);
    else
      status = wsf__fail_memory(err);
  }
  wsf__delete(&env->alloc, all.name);
  *out = kept;
  *n = status == WSF_OK ? all.n : 0;
  return status;
}
