#include "wire/input.h"

#include "wire/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void name_input(const wsf__input *in, wsf_error *err) {
  char label[300];
  (void)snprintf(label, sizeof label, "%s%.280s", in->source ? "source " : "", in->path);
  wsf__error_at_file(err, in->source ? label : in->path);
}

static wsf_status fail_io(const wsf__input *in, const char *verb, wsf_error *err) {
  const char *why = errno == ENOENT    ? "no such file"
                    : errno == EACCES  ? "permission denied"
                    : errno == EISDIR  ? "it is a folder"
                    : errno == ELOOP   ? "it is a link"
                    : errno == ENOTSUP ? "it is not a plain file"
                                       : "input/output error";
  (void)wsf__fail(err, WSF_E_IO, "the file could not be %s: %s", verb, why);
  name_input(in, err);
  return WSF_E_IO;
}

wsf_status wsf__input_fail_host(const wsf__input *in, const wsf_error *said, wsf_error *err) {
  const size_t n = strnlen(said->message, sizeof said->message);
  if (n == 0) {
    (void)wsf__fail(err, WSF_E_IO, "the source could not be read");
  } else if (wsf__utf8_valid(said->message, n)) {
    (void)wsf__fail(err, WSF_E_IO, "the source could not be read: %.*s", (int)n, said->message);
  } else {
    (void)wsf__fail(err, WSF_E_IO, "the source could not be read; what it says is not UTF-8");
  }
  name_input(in, err);
  return WSF_E_IO;
}

static wsf_status check_size(const wsf__input *in, const wsf__env *env, size_t size,
                             wsf_error *err) {
  const wsf_status status = wsf__limit_check(&env->limits, WSF__MOST_bytes, (int64_t)size, err);
  if (status != WSF_OK) name_input(in, err);
  return status;
}

/* What is known of its size before it is read. */
static wsf_status check_opened(const wsf__input *in, const wsf__env *env, wsf_error *err) {
  struct stat info;
  if (in->source) return check_size(in, env, in->source->size, err);
  if (fstat(in->fd, &info) != 0 || !S_ISREG(info.st_mode)) return WSF_OK;
  return check_size(in, env, (size_t)info.st_size, err);
}

static wsf_status open_input(wsf__input *in, wsf__env *env, const char *path, bool plain,
                             wsf_error *err) {
  *in = (wsf__input){.path = path, .fd = -1, .source = wsf__access_find(env->access, path)};
  if (in->source) {
    if (!in->source->open) return WSF_OK;
    wsf_error said;
    wsf__error_clear(&said);
    if (in->source->open(&in->stream, in->source->user, &said) == WSF_OK) return WSF_OK;
    const wsf_status status = wsf__input_fail_host(in, &said, err);
    wsf__source_release(in->source);
    in->source = NULL;
    return status;
  }
  wsf__place at;
  WSF__TRY(wsf__place_find(&at, env->access, path, err));
  in->fd = wsf__place_open(&at, O_RDONLY, plain);
  wsf_status status = in->fd < 0 ? fail_io(in, "opened", err) : WSF_OK;
  wsf__place_leave(&at);
  return status;
}

wsf_status wsf__input_open(wsf__input *in, wsf__env *env, const char *path, bool plain,
                           wsf_error *err) {
  WSF__TRY(open_input(in, env, path, plain, err));
  const wsf_status status = check_opened(in, env, err);
  if (status != WSF_OK) wsf__input_close(in);
  return status;
}

void wsf__input_close(wsf__input *in) {
  if (in->source && in->source->open && in->source->close) in->source->close(in->stream);
  wsf__source_release(in->source);
  if (in->fd >= 0) (void)close(in->fd);
  *in = (wsf__input){.fd = -1};
}

/* At most `capacity` bytes; *got is 0 at the end. */
static wsf_status read_some(const wsf__input *in, char *to, size_t capacity, size_t *got,
                            wsf_error *err) {
  const int64_t most = (uint64_t)capacity < INT64_MAX ? (int64_t)capacity : INT64_MAX;
  int64_t n;
  if (in->source) {
    wsf_error said;
    wsf__error_clear(&said);
    n = in->source->read(in->stream, to, most, &said);
    if (n < 0) return wsf__input_fail_host(in, &said, err);
    if (n > most) {
      (void)wsf__fail(err, WSF_E_IO, "the source says that it put %lld bytes into room for %lld",
                      (long long)n, (long long)most);
      name_input(in, err);
      return WSF_E_IO;
    }
  } else {
    do {
      n = read(in->fd, to, capacity);
    } while (n < 0 && errno == EINTR);
    if (n < 0) return fail_io(in, "read", err);
  }
  *got = (size_t)n;
  return WSF_OK;
}

/* AT_ONCE: bytes after which a cancel is looked for. */
enum { BEGINNING = 4096, FIRST_ROOM = 1 << 16, AT_ONCE = 1 << 23 };

/* Room for twice as much, or for all of a plain file. */
static wsf_status make_room(const wsf__env *env, char **bytes, size_t *capacity, int64_t size,
                            wsf_error *err) {
  const size_t all = size >= 0 ? (size_t)size + 2 : 0; /* and what is read behind its end */
  size_t wanted;
  if (!wsf__mul(*capacity, 2, &wanted)) return wsf__fail_memory(err);
  if (all > wanted) wanted = all;
  char *grown = wsf__resize(&env->alloc, *bytes, wanted, 1);
  if (!grown) return wsf__fail_memory(err);
  *bytes = grown;
  *capacity = wanted;
  return WSF_OK;
}

static int64_t size_of(const wsf__input *in) {
  struct stat info;
  const bool plain = in->fd >= 0 && fstat(in->fd, &info) == 0 && S_ISREG(info.st_mode);
  return plain ? (int64_t)info.st_size : -1;
}

static wsf_status read_stream(const wsf__input *in, wsf__env *env, wsf__judge_fn judge,
                              char **bytes, size_t *length, wsf_error *err) {
  const int64_t size = size_of(in);
  size_t capacity = FIRST_ROOM, got = 1;
  *bytes = wsf__new(&env->alloc, capacity, 1);
  if (!*bytes) return wsf__fail_memory(err);
  while (got > 0) {
    if (capacity - *length < 2) { /* one stays free */
      WSF__TRY(make_room(env, bytes, &capacity, size, err));
    }
    const size_t room = capacity - *length - 1;
    WSF__TRY(read_some(in, *bytes + *length, room < AT_ONCE ? room : AT_ONCE, &got, err));
    *length += got;
    WSF__TRY(check_size(in, env, *length, err));
    WSF__TRY(wsf__checkpoint(env, NULL, 0, 1, err));
    if (judge && (*length >= BEGINNING || got == 0)) {
      WSF__TRY(judge(*bytes, *length, size, err));
      judge = NULL;
    }
  }
  return WSF_OK;
}

wsf_status wsf__input_read(const wsf__input *in, wsf__env *env, wsf__judge_fn judge, char **bytes,
                           size_t *length, wsf_error *err) {
  *bytes = NULL;
  *length = 0;
  wsf_status status = WSF_OK;
  size_t room;
  if (in->source && in->source->stream) {
    status = wsf__fail(err, WSF_E_IO, "the source holds columns; bytes were expected");
    name_input(in, err);
  } else if (!in->source || in->source->open) {
    status = read_stream(in, env, judge, bytes, length, err);
  } else {
    *bytes = wsf__add(in->source->size, 1, &room) ? wsf__new(&env->alloc, room, 1) : NULL;
    if (!*bytes) return wsf__fail_memory(err);
    *length = in->source->size;
    if (*length) memcpy(*bytes, in->source->bytes, *length);
  }
  if (status == WSF_OK) return WSF_OK;
  wsf__delete(&env->alloc, *bytes);
  *bytes = NULL;
  return status;
}

bool wsf__input_there(const wsf__env *env, const char *path) {
  const wsf__source *source = wsf__access_find(env->access, path);
  wsf__source_release(source);
  wsf__place at;
  if (source) return true;
  if (wsf__place_find(&at, env->access, path, NULL) != WSF_OK) return false;
  struct stat s;
  const bool there = at.confined ? fstatat(at.folder, at.name, &s, AT_SYMLINK_NOFOLLOW) == 0
                                 : faccessat(at.folder, at.name, R_OK, 0) == 0;
  wsf__place_leave(&at);
  return there;
}

const char *wsf__input_label(const wsf__input *in, wsf__arena *arena) {
  const size_t n = strlen(in->path);
  if (!in->source) return wsf__arena_text(arena, in->path, n);
  const size_t room = sizeof "source " + n;
  char *label = wsf__arena_new(arena, room, 1);
  if (label) (void)snprintf(label, room, "source %s", in->path);
  return label;
}
