/* A growing byte string, or a stream of bytes to a sink; little-endian whatever the machine.
 * Failure is remembered, not returned: the caller writes everything and looks at `failed` once. */
#include "wire/wire.h"

#include <string.h>

void wsf__writer_init(wsf__writer *w, const wsf__alloc *a) {
  *w = (wsf__writer){.alloc = a};
}

enum { BUFFER = 1 << 16 }; /* bytes kept back from a sink */

void wsf__writer_to(wsf__writer *w, const wsf__alloc *a, wsf__sink_fn sink, void *user) {
  *w = (wsf__writer){.alloc = a, .sink = sink, .user = user};
}

void wsf__writer_flush(wsf__writer *w) {
  if (!w->sink || w->length == 0) return;
  if (w->env && wsf__stopped(w->env)) w->failed = true;
  if (!w->failed && !w->sink(w->user, w->data, w->length)) w->failed = true;
  w->length = 0;
}

wsf_status wsf__writer_status(const wsf__writer *w, wsf_error *err) {
  if (!w->failed) return WSF_OK;
  return w->env && wsf__stopped(w->env) ? wsf__fail_stopped(w->env, err) : wsf__fail_memory(err);
}

void wsf__writer_free(wsf__writer *w) {
  wsf__delete(w->alloc, w->data);
  w->data = NULL;
  w->length = w->capacity = 0;
}

/* How many of n items to write at once: a sink's buffer holds them. */
static int64_t piece(const wsf__writer *w, int64_t n, int64_t size) {
  return w->sink && n > BUFFER / size ? BUFFER / size : n;
}

/* Room for n more bytes; NULL when there is none. */
static uint8_t *extend(wsf__writer *w, size_t count, size_t size) {
  size_t n, need;
  if (w->failed) return NULL;
  if (!wsf__mul(count, size, &n) || !wsf__add(w->length, n, &need)) {
    w->failed = true;
    return NULL;
  }
  if (w->sink && need > BUFFER) {
    wsf__writer_flush(w);
    if (w->failed) return NULL;
    need = n;
  }
  if (need > w->capacity) {
    size_t capacity = w->capacity < 256 ? 512 : w->capacity + w->capacity / 2;
    if (w->sink) capacity = BUFFER;
    if (capacity < need) capacity = need;
    uint8_t *grown = wsf__resize(w->alloc, w->data, capacity, 1);
    if (!grown) {
      w->failed = true;
      return NULL;
    }
    w->data = grown;
    w->capacity = capacity;
  }
  uint8_t *at = w->data + w->length;
  w->length = need;
  return at;
}

static void put32(uint8_t *at, uint32_t x) {
  for (int i = 0; i < 4; ++i) at[i] = (uint8_t)(x >> (8 * i));
}

static void put64(uint8_t *at, uint64_t x) {
  for (int i = 0; i < 8; ++i) at[i] = (uint8_t)(x >> (8 * i));
}

void wsf__write_u32(wsf__writer *w, uint32_t x) {
  uint8_t *at = extend(w, 1, 4);
  if (at) put32(at, x);
}

void wsf__write_i64(wsf__writer *w, int64_t x) {
  wsf__write_i64s(w, &x, 1);
}

void wsf__write_f64(wsf__writer *w, double x) {
  wsf__write_f64s(w, &x, 1);
}

void wsf__write_f64s(wsf__writer *w, const double *x, int64_t n) {
  for (int64_t k; n > 0; n -= k, x += k) {
    k = piece(w, n, 8);
    uint8_t *at = extend(w, (size_t)k, 8);
    if (!at) return;
    for (int64_t i = 0; i < k; ++i, at += 8) {
      uint64_t bits;
      memcpy(&bits, &x[i], sizeof bits);
      put64(at, bits);
    }
  }
}

void wsf__write_i64s(wsf__writer *w, const int64_t *x, int64_t n) {
  for (int64_t k; n > 0; n -= k, x += k) {
    k = piece(w, n, 8);
    uint8_t *at = extend(w, (size_t)k, 8);
    if (!at) return;
    for (int64_t i = 0; i < k; ++i, at += 8) put64(at, (uint64_t)x[i]);
  }
}

void wsf__write_i32s(wsf__writer *w, const int32_t *x, int64_t n) {
  for (int64_t k; n > 0; n -= k, x += k) {
    k = piece(w, n, 4);
    uint8_t *at = extend(w, (size_t)k, 4);
    if (!at) return;
    for (int64_t i = 0; i < k; ++i, at += 4) put32(at, (uint32_t)x[i]);
  }
}

void wsf__write_text(wsf__writer *w, const char *text) {
  const size_t n = strlen(text);
  if (n > UINT32_MAX) {
    w->failed = true;
    return;
  }
  if (!w->not_utf8 && !wsf__utf8_valid(text, n)) w->not_utf8 = text;
  wsf__write_u32(w, (uint32_t)n);
  wsf__write_bytes(w, text, n);
}

void wsf__write_bytes(wsf__writer *w, const void *bytes, size_t n) {
  const uint8_t *from = bytes;
  for (size_t k; n > 0; n -= k, from += k) {
    k = w->sink && n > BUFFER ? BUFFER : n;
    uint8_t *at = extend(w, k, 1);
    if (!at) return;
    memcpy(at, from, k);
  }
}

static bool count(void *user, const void *bytes, size_t n) {
  (void)bytes;
  *(size_t *)user += n;
  return true;
}

void wsf__write_part(wsf__writer *w, wsf__part_fn write, const void *user) {
  size_t length = 0;
  wsf__writer measure;
  wsf__writer_to(&measure, w->alloc, count, &length);
  measure.env = w->env;
  write(&measure, user);
  wsf__writer_flush(&measure);
  w->failed |= measure.failed;
  wsf__writer_free(&measure);
  wsf__write_i64(w, (int64_t)length);
  write(w, user);
}
