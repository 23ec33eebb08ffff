/* Whole files. A save writes a new file beside the old one, forces it to the disk and renames it
 * over the old one: killed at any point, the old file or the new one is there whole (at worst with
 * a left-over .tmp file beside it). The folder is forced to the disk too, or a power cut could undo
 * the rename. */
#include "wire/input.h"
#include "wire/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, TRIES = 100 };

static wsf_status io_fail(wsf_error *err, const char *path, const char *what, int error) {
  char reason[128];
  if (strerror_r(error, reason, sizeof reason) != 0) {
    (void)snprintf(reason, sizeof reason, "error %d", error);
  }
  const wsf_status status = wsf__fail(err, WSF_E_IO, "the file could not be %s: %s", what, reason);
  wsf__error_at_file(err, path);
  return status;
}

static int write_all(int fd, const uint8_t *p, size_t n) {
  while (n > 0) {
    const ssize_t done = write(fd, p, n);
    if (done < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    p += done;
    n -= (size_t)done;
  }
  return 0;
}

/* Bytes of the path that a name beside it begins with: its folder, and of its name so much that
 * what comes behind still fits a name of 255 bytes. */
static int kept_of(const char *name) {
  enum { KEPT = 200 };
  const char *slash = strrchr(name, '/');
  const size_t folder = slash ? (size_t)(slash - name) + 1 : 0;
  size_t n = strlen(name + folder);
  if (n > KEPT) n = KEPT;
  while (n > 0 && ((unsigned char)name[folder + n] & 0xc0) == 0x80) --n; /* whole letters */
  return (int)(folder + n);
}

/* Created with the caller's umask, which mkstemp would not follow. The time is in the name: process
 * 1 of a container finds what others of that number left behind. */
static int open_beside(char temporary[PATH_BYTES], const wsf__place *at, int *error) {
  for (int i = 0; i < TRIES; ++i) {
    const int n = snprintf(temporary, PATH_BYTES, "%.*s.%lx-%llx.tmp", kept_of(at->name), at->name,
                           (long)wsf__process_self(), (unsigned long long)wsf__nanoseconds());
    if (n < 0 || n >= PATH_BYTES) {
      *error = ENAMETOOLONG;
      return -1;
    }
    const wsf__place beside = {.folder = at->folder, .confined = at->confined, .name = temporary};
    const int fd = wsf__place_open(&beside, O_WRONLY | O_CREAT | O_EXCL, true);
    if (fd >= 0) return fd;
    *error = errno;
    if (errno != EEXIST) return -1;
  }
  return -1;
}

static int sync_folder(const wsf__place *at) {
  char folder[PATH_BYTES];
  const char *slash = strrchr(at->name, '/');
  const size_t n = !slash ? 1 : slash == at->name ? 1 : (size_t)(slash - at->name);
  if (n >= sizeof folder) return 0;
  memcpy(folder, slash ? at->name : ".", n);
  folder[n] = '\0';
  const int fd = openat(at->folder, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return 0; /* a folder may be writable and not readable */
  int error = fsync(fd) == 0 ? 0 : errno;
  if (error == EINVAL || error == ENOTSUP) error = 0; /* some file systems cannot */
  (void)close(fd);
  return error;
}

typedef struct output {
  int fd, error;
} output;

/* wsf__sink_fn */
static bool put(void *user, const void *bytes, size_t n) {
  output *out = user;
  out->error = write_all(out->fd, bytes, n);
  return out->error == 0;
}

/* What `fill` writes; *error is that of the file, if it was the reason. */
static wsf_status fill_file(int fd, const wsf__env *env, wsf__fill_fn fill, const void *user,
                            int *error, wsf_error *err) {
  output out = {.fd = fd};
  wsf__writer w;
  wsf__writer_to(&w, &env->alloc, put, &out);
  w.env = env;
  wsf_status status = fill(&w, user, err);
  wsf__writer_flush(&w);
  if (status == WSF_OK) status = wsf__writer_status(&w, err);
  wsf__writer_free(&w);
  *error = out.error;
  return status;
}

static wsf_status save(const wsf__place *at, const wsf__env *env, const char *path,
                       wsf__fill_fn fill, const void *user, wsf_error *err) {
  char temporary[PATH_BYTES];
  struct stat old;
  if (fstatat(at->folder, at->name, &old, at->confined ? AT_SYMLINK_NOFOLLOW : 0) == 0 &&
      !S_ISREG(old.st_mode)) {
    /* rename would replace a device, a pipe or, where paths are confined, a link */
    const wsf_status status = wsf__fail(err, WSF_E_IO, "the path names something not a plain file");
    wsf__error_at_file(err, path);
    return status;
  }
  int error = 0;
  const int fd = open_beside(temporary, at, &error);
  if (fd < 0) return io_fail(err, path, "created", error);
  const wsf_status status = fill_file(fd, env, fill, user, &error, err);
  if (status == WSF_OK && fsync(fd) != 0) error = errno;
  if (close(fd) != 0 && !error) error = errno;
  if (status != WSF_OK && !error) {
    (void)unlinkat(at->folder, temporary, 0);
    return status;
  }
  if (!error && renameat(at->folder, temporary, at->folder, at->name) != 0) error = errno;
  if (error) {
    (void)unlinkat(at->folder, temporary, 0);
    return io_fail(err, path, "written", error);
  }
  error = sync_folder(at);
  return error ? io_fail(err, path, "forced to the disk", error) : WSF_OK;
}

wsf_status wsf__file_save(const wsf__env *env, const char *path, wsf__fill_fn fill,
                          const void *user, wsf_error *err) {
  wsf__place at;
  WSF__TRY(wsf__place_find(&at, env->access, path, err));
  const wsf_status status = save(&at, env, path, fill, user, err);
  wsf__place_leave(&at);
  return status;
}

wsf_status wsf__file_load(uint8_t **out, size_t *length, wsf__env *env, const char *path,
                          wsf__judge_fn judge, wsf_error *err) {
  wsf__input in;
  char *bytes = NULL;
  *out = NULL;
  *length = 0;
  WSF__TRY(wsf__input_open(&in, env, path, true, err));
  const wsf_status status = wsf__input_read(&in, env, judge, &bytes, length, err);
  wsf__input_close(&in);
  *out = (uint8_t *)bytes;
  return status;
}
