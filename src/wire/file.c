/* Whole files. A save writes a new file beside the old one, forces it to the disk and renames it
 * over the old one: killed at any point, the old file or the new one is there whole (at worst with
 * a left-over .tmp file beside it). The folder is forced to the disk too, or a power cut could undo
 * the rename. */
#include "wire/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
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

/* Created with the caller's umask, which mkstemp would not follow. */
static int open_beside(char temporary[PATH_BYTES], const char *path, int *error) {
  for (int i = 0; i < TRIES; ++i) {
    const int n = snprintf(temporary, PATH_BYTES, "%s.%ld-%d.tmp", path, (long)getpid(), i);
    if (n < 0 || n >= PATH_BYTES) {
      *error = ENAMETOOLONG;
      return -1;
    }
    const int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0) return fd;
    *error = errno;
    if (errno != EEXIST) return -1;
  }
  return -1;
}

static int sync_folder(const char *path) {
  char folder[PATH_BYTES];
  const char *slash = strrchr(path, '/');
  const size_t n = !slash ? 1 : slash == path ? 1 : (size_t)(slash - path);
  if (n >= sizeof folder) return 0;
  memcpy(folder, slash ? path : ".", n);
  folder[n] = '\0';
  const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return 0; /* a folder may be writable and not readable */
  int error = fsync(fd) == 0 ? 0 : errno;
  if (error == EINVAL || error == ENOTSUP) error = 0; /* some file systems cannot */
  (void)close(fd);
  return error;
}

wsf_status wsf__file_save(const char *path, const void *bytes, size_t length, wsf_error *err) {
  char temporary[PATH_BYTES];
  struct stat old;
  if (stat(path, &old) == 0 && !S_ISREG(old.st_mode)) {
    /* rename would replace a device or a pipe */
    const wsf_status status = wsf__fail(err, WSF_E_IO, "the path names something not a plain file");
    wsf__error_at_file(err, path);
    return status;
  }
  int error = 0;
  const int fd = open_beside(temporary, path, &error);
  if (fd < 0) return io_fail(err, path, "created", error);
  error = write_all(fd, bytes, length);
  if (!error && fsync(fd) != 0) error = errno;
  if (close(fd) != 0 && !error) error = errno;
  if (!error && rename(temporary, path) != 0) error = errno;
  if (error) {
    (void)unlink(temporary);
    return io_fail(err, path, "written", error);
  }
  error = sync_folder(path);
  return error ? io_fail(err, path, "forced to the disk", error) : WSF_OK;
}

/* Read until the end or until n bytes are there. */
static int read_all(int fd, uint8_t *p, size_t n, size_t *length) {
  *length = 0;
  while (*length < n) {
    const ssize_t done = read(fd, p + *length, n - *length);
    if (done < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    if (done == 0) break;
    *length += (size_t)done;
  }
  return 0;
}

wsf_status wsf__file_load(uint8_t **out, size_t *length, const wsf__alloc *a, const char *path,
                          wsf_error *err) {
  wsf_status status = WSF_OK;
  uint8_t *bytes = NULL;
  struct stat s;
  *out = NULL;
  *length = 0;
  /* O_NONBLOCK: a pipe must not hold us up before it is refused. */
  const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return io_fail(err, path, "opened", errno);
  if (fstat(fd, &s) != 0) {
    status = io_fail(err, path, "read", errno);
    goto out;
  }
  if (!S_ISREG(s.st_mode)) {
    status = wsf__fail(err, WSF_E_IO, "the path names something not a plain file");
    wsf__error_at_file(err, path);
    goto out;
  }
  bytes = wsf__new(a, (size_t)s.st_size, 1);
  if (!bytes) {
    status = wsf__fail_memory(err);
    goto out;
  }
  const int error = read_all(fd, bytes, (size_t)s.st_size, length);
  if (error) {
    status = io_fail(err, path, "read", error);
    goto out;
  }
  *out = bytes;
  bytes = NULL;
out:
  wsf__delete(a, bytes);
  (void)close(fd);
  return status;
}
