/* Reading bytes that nobody vouches for. A reader never leaves its section, never allocates for a
 * count that the bytes left could not hold, and after the first failure gives zeros, so that a
 * caller may read on and look at `failed` where it suits. */
#include "wire/wire.h"

#include <inttypes.h>
#include <string.h>

void wsf__read_fail(wsf__reader *r, const char *sentence) {
  if (r->failed) return;
  r->failed = true;
  (void)wsf__fail(r->err, WSF_E_FORMAT, "%s", sentence);
  wsf__error_at_byte(r->err, r->base + (int64_t)r->at);
}

static void fail_memory(wsf__reader *r) {
  r->failed = true;
  (void)wsf__fail_memory(r->err);
}

enum { LOOK = 1 << 16 }; /* items of a list after which a cancel is looked for */

static bool stopped(wsf__reader *r) {
  if (!r->env || !wsf__stopped(r->env)) return false;
  r->failed = true;
  (void)wsf__fail_stopped(r->env, r->err);
  return true;
}

/* The next count * size bytes, or NULL. */
static const uint8_t *take(wsf__reader *r, int64_t count, size_t size) {
  if (r->failed || (++r->taken % 4096 == 0 && stopped(r))) return NULL;
  if (count < 0 || (uint64_t)count > (r->length - r->at) / size) {
    r->failed = true;
    (void)wsf__fail(r->err, WSF_E_FORMAT,
                    "the section ends %zu bytes from here, but %" PRId64 " items of %zu bytes "
                    "were expected",
                    r->length - r->at, count, size);
    wsf__error_at_byte(r->err, r->base + (int64_t)r->at);
    return NULL;
  }
  const uint8_t *at = r->data + r->at;
  r->at += (size_t)count * size;
  return at;
}

static uint32_t get32(const uint8_t *at) {
  uint32_t x = 0;
  for (int i = 0; i < 4; ++i) x |= (uint32_t)at[i] << (8 * i);
  return x;
}

static uint64_t get64(const uint8_t *at) {
  uint64_t x = 0;
  for (int i = 0; i < 8; ++i) x |= (uint64_t)at[i] << (8 * i);
  return x;
}

static double get_double(const uint8_t *at) {
  const uint64_t bits = get64(at);
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

uint32_t wsf__read_u32(wsf__reader *r) {
  const uint8_t *at = take(r, 1, 4);
  return at ? get32(at) : 0;
}

int64_t wsf__read_i64(wsf__reader *r) {
  const uint8_t *at = take(r, 1, 8);
  return at ? (int64_t)get64(at) : 0;
}

double wsf__read_f64(wsf__reader *r) {
  const uint8_t *at = take(r, 1, 8);
  return at ? get_double(at) : 0;
}

int64_t wsf__read_count(wsf__reader *r, size_t each) {
  const size_t start = r->at;
  const int64_t n = wsf__read_i64(r);
  if (r->failed) return 0;
  if (n >= 0 && (uint64_t)n <= (r->length - r->at) / (each ? each : 1)) return n;
  r->failed = true;
  (void)wsf__fail(r->err, WSF_E_FORMAT,
                  "a count of %" PRId64 " was found where the %zu bytes left hold fewer items", n,
                  r->length - r->at);
  wsf__error_at_byte(r->err, r->base + (int64_t)start);
  return 0;
}

double *wsf__read_f64s(wsf__reader *r, wsf__arena *arena, int64_t n) {
  const uint8_t *at = take(r, n, 8);
  if (!at) return NULL;
  double *x = wsf__arena_new(arena, (size_t)n, sizeof *x);
  if (!x) fail_memory(r);
  for (int64_t i = 0; x && i < n && !(i % LOOK == 0 && stopped(r)); ++i)
    x[i] = get_double(at + 8 * i);
  return x;
}

int64_t *wsf__read_i64s(wsf__reader *r, wsf__arena *arena, int64_t n) {
  const uint8_t *at = take(r, n, 8);
  if (!at) return NULL;
  int64_t *x = wsf__arena_new(arena, (size_t)n, sizeof *x);
  if (!x) fail_memory(r);
  for (int64_t i = 0; x && i < n && !(i % LOOK == 0 && stopped(r)); ++i)
    x[i] = (int64_t)get64(at + 8 * i);
  return x;
}

int32_t *wsf__read_i32s(wsf__reader *r, wsf__arena *arena, int64_t n) {
  const uint8_t *at = take(r, n, 4);
  if (!at) return NULL;
  int32_t *x = wsf__arena_new(arena, (size_t)n, sizeof *x);
  if (!x) fail_memory(r);
  for (int64_t i = 0; x && i < n && !(i % LOOK == 0 && stopped(r)); ++i)
    x[i] = (int32_t)get32(at + 4 * i);
  return x;
}

/* RFC 3629: shortest forms only, no surrogates, at most U+10FFFF; and no NUL. */
bool wsf__utf8_valid(const char *text, size_t length) {
  const uint8_t *p = (const uint8_t *)text, *end = p + length;
  while (p < end) {
    const uint8_t c = *p++;
    if (c < 0x80) {
      if (c == 0) return false;
      continue;
    }
    int more;
    uint8_t lo = 0x80, hi = 0xbf; /* bounds of the second byte */
    if (c >= 0xc2 && c <= 0xdf) {
      more = 1;
    } else if (c >= 0xe0 && c <= 0xef) {
      more = 2;
      if (c == 0xe0) lo = 0xa0;
      if (c == 0xed) hi = 0x9f;
    } else if (c >= 0xf0 && c <= 0xf4) {
      more = 3;
      if (c == 0xf0) lo = 0x90;
      if (c == 0xf4) hi = 0x8f;
    } else {
      return false;
    }
    if (end - p < more || p[0] < lo || p[0] > hi) return false;
    for (int i = 1; i < more; ++i) {
      if ((p[i] & 0xc0) != 0x80) return false;
    }
    p += more;
  }
  return true;
}

char *wsf__read_text(wsf__reader *r, wsf__arena *arena) {
  const uint32_t n = wsf__read_u32(r);
  const size_t start = r->at;
  const uint8_t *at = take(r, n, 1);
  if (!at) return NULL;
  if (!wsf__utf8_valid((const char *)at, n)) {
    r->at = start;
    wsf__read_fail(r, "a text was found that is not valid UTF-8 or holds a NUL");
    return NULL;
  }
  char *text = wsf__arena_text(arena, (const char *)at, n);
  if (!text) fail_memory(r);
  return text;
}

void *wsf__read_room(wsf__reader *r, wsf__arena *arena, int64_t n, size_t size) {
  if (r->failed) return NULL;
  void *p = wsf__arena_zero(arena, (size_t)n, size);
  if (!p) fail_memory(r);
  return p;
}

wsf__reader wsf__read_part(wsf__reader *r, int64_t n) {
  wsf__reader part = {.base = r->base + (int64_t)r->at, .failed = true, .err = r->err};
  const uint8_t *at = take(r, n, 1);
  if (!at) return part;
  part.data = at;
  part.length = (size_t)n;
  part.failed = false;
  return part;
}
