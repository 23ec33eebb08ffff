/* The container of a model file; docs/format.md has the bytes.
 *
 *   header   magic, major, minor, whole length, number of sections, CRC-32C of these     32 bytes
 *   table    per section: type, CRC-32C, offset, length; then the table's CRC-32C and 0
 *   sections one after the other, each padded with zeros to a multiple of 8
 *   digest   CRC-64/XZ of every byte before it
 *
 * The header has a checksum of its own, so that a newer version is told apart from a damaged
 * version number, and the layout of the header stays when everything behind it changes. There is
 * one way to write given sections: gaps, overlaps and padding that is not zero are refused. */
#include "wire/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const uint8_t magic[8] = {0x89, 'W', 'S', 'F', '\r', '\n', 0x1a, '\n'};

enum {
  HEADER_CRC_AT = 28,
  HEADER_BYTES = 32,
  ENTRY_BYTES = 24,
  TABLE_END_BYTES = 8,
  DIGEST_BYTES = 8,
  MOST_SECTIONS = 1024
};

static size_t padded(size_t n) {
  return (n + 7) & ~(size_t)7;
}

/* ---- write -------------------------------------------------------------------------------- */

typedef struct measure {
  size_t length;
  uint32_t crc;
} measure;

static bool count(void *user, const void *bytes, size_t n) {
  measure *m = user;
  m->crc = wsf__crc32c(m->crc, bytes, n);
  return wsf__add(m->length, n, &m->length) && m->length <= PTRDIFF_MAX / 2;
}

static wsf_status written(const wsf__writer *w, wsf_error *err) {
  WSF__TRY(wsf__writer_status(w, err));
  if (!w->not_utf8) return WSF_OK;
  return wsf__fail(err, WSF_E_DATA, "the text '%.64s' is not valid UTF-8", w->not_utf8);
}

/* Length and checksum of every section, and bytes of the whole. */
static wsf_status measure_all(measure section[MOST_SECTIONS], size_t *whole, const wsf__alloc *a,
                              const wsf__env *env, const wsf__contents *c, wsf_error *err) {
  *whole = HEADER_BYTES + (size_t)c->n * ENTRY_BYTES + TABLE_END_BYTES + DIGEST_BYTES;
  for (int i = 0; i < c->n; ++i) {
    wsf__writer w;
    section[i] = (measure){0};
    wsf__writer_to(&w, a, count, &section[i]);
    w.env = env;
    c->write(&w, c->type[i], c->user);
    wsf__writer_flush(&w);
    const wsf_status status = written(&w, err);
    wsf__writer_free(&w);
    if (status != WSF_OK) return status;
    if (!wsf__add(*whole, padded(section[i].length), whole)) return wsf__fail_memory(err);
  }
  return WSF_OK;
}

wsf_status wsf__container_size(size_t *bytes, const wsf__alloc *a, const wsf__contents *c,
                               wsf_error *err) {
  measure section[MOST_SECTIONS];
  return measure_all(section, bytes, a, NULL, c, err);
}

/* Passes bytes on and keeps the digest of all. */
typedef struct digest {
  wsf__writer *to;
  uint64_t crc;
} digest;

static bool pass_on(void *user, const void *bytes, size_t n) {
  digest *d = user;
  d->crc = wsf__crc64(d->crc, bytes, n);
  wsf__write_bytes(d->to, bytes, n);
  return !d->to->failed;
}

/* Header and section table. */
static void write_head(wsf__writer *w, const measure *section, size_t whole,
                       const wsf__contents *c) {
  const size_t table_bytes = (size_t)c->n * ENTRY_BYTES;
  wsf__write_bytes(w, magic, sizeof magic);
  wsf__write_u32(w, WSF__FORMAT_MAJOR);
  wsf__write_u32(w, WSF__FORMAT_MINOR);
  wsf__write_i64(w, (int64_t)whole);
  wsf__write_u32(w, (uint32_t)c->n);
  if (w->failed) return;
  wsf__write_u32(w, wsf__crc32c(0, w->data, HEADER_CRC_AT));
  size_t at = HEADER_BYTES + table_bytes + TABLE_END_BYTES;
  for (int i = 0; i < c->n; ++i) {
    wsf__write_u32(w, c->type[i]);
    wsf__write_u32(w, section[i].crc);
    wsf__write_i64(w, (int64_t)at);
    wsf__write_i64(w, (int64_t)section[i].length);
    at += padded(section[i].length);
  }
  if (w->failed) return;
  wsf__write_u32(w, wsf__crc32c(0, w->data + HEADER_BYTES, table_bytes));
  wsf__write_u32(w, 0);
}

wsf_status wsf__container_write(wsf__writer *w, const wsf__contents *c, wsf_error *err) {
  static const uint8_t zeros[8];
  measure section[MOST_SECTIONS];
  size_t whole;
  WSF__TRY(measure_all(section, &whole, w->alloc, w->env, c, err));
  digest d = {.to = w};
  wsf__writer head, out;
  wsf__writer_init(&head, w->alloc);
  wsf__writer_to(&out, w->alloc, pass_on, &d);
  write_head(&head, section, whole, c);
  wsf__write_bytes(&out, head.data, head.length);
  for (int i = 0; i < c->n; ++i) {
    c->write(&out, c->type[i], c->user);
    wsf__write_bytes(&out, zeros, padded(section[i].length) - section[i].length);
  }
  wsf__writer_flush(&out);
  wsf__write_i64(w, (int64_t)d.crc);
  w->failed = w->failed || head.failed || out.failed;
  wsf__writer_free(&head);
  wsf__writer_free(&out);
  return wsf__writer_status(w, err);
}

/* ---- read --------------------------------------------------------------------------------- */

static wsf_status damaged(wsf_error *err, int64_t byte, const char *sentence) {
  (void)wsf__fail(err, WSF_E_FORMAT, "%s", sentence);
  wsf__error_at_byte(err, byte);
  return WSF_E_FORMAT;
}

/* "'MODL'", or the number of something that is not four letters. */
static void type_name(uint32_t type, char name[16]) {
  for (int i = 0; i < 4; ++i) {
    const int c = (int)(type >> (8 * i) & 0xff) | 0x20;
    if (c < 'a' || c > 'z') {
      (void)snprintf(name, 16, "0x%08" PRIx32, type);
      return;
    }
  }
  (void)snprintf(name, 16, "'%c%c%c%c'", (int)(type & 0xff), (int)(type >> 8 & 0xff),
                 (int)(type >> 16 & 0xff), (int)(type >> 24));
}

static wsf_status magic_read(const void *bytes, size_t length, wsf_error *err) {
  const size_t known = length < sizeof magic ? length : sizeof magic;
  if (known > 0 && memcmp(bytes, magic, known) == 0) return WSF_OK;
  return damaged(err, 0, "the bytes do not begin as a model file does");
}

static wsf_status header_read(wsf__reader *r, uint32_t *sections, wsf_error *err) {
  WSF__TRY(magic_read(r->data, r->length, err));
  if (r->length < HEADER_BYTES) {
    const wsf_status status =
        wsf__fail(err, WSF_E_FORMAT, "the file ends after %zu bytes, inside its header", r->length);
    wsf__error_at_byte(err, (int64_t)r->length);
    return status;
  }
  r->at = sizeof magic;
  const uint32_t major = wsf__read_u32(r), minor = wsf__read_u32(r);
  const int64_t whole = wsf__read_i64(r);
  *sections = wsf__read_u32(r);
  if (wsf__read_u32(r) != wsf__crc32c(0, r->data, HEADER_CRC_AT)) {
    return damaged(err, sizeof magic, "the header does not match its checksum");
  }
  if (major > WSF__FORMAT_MAJOR || (major == WSF__FORMAT_MAJOR && minor > WSF__FORMAT_MINOR)) {
    const wsf_status status =
        wsf__fail(err, WSF_E_VERSION,
                  "the file has format %" PRIu32 ".%" PRIu32 ", this library reads up to %d.%d",
                  major, minor, WSF__FORMAT_MAJOR, WSF__FORMAT_MINOR);
    wsf__error_at_byte(err, sizeof magic);
    return status;
  }
  if (major < WSF__FORMAT_MAJOR) return damaged(err, sizeof magic, "the format's version is 0");
  if (whole < 0 || (uint64_t)whole != r->length) {
    const wsf_status status = wsf__fail(
        err, WSF_E_FORMAT, "the file has %zu bytes, but its header says %" PRId64 ": it is %s",
        r->length, whole, whole < 0 || (uint64_t)whole > r->length ? "truncated" : "too long");
    wsf__error_at_byte(err, (int64_t)r->length);
    return status;
  }
  return WSF_OK;
}

wsf_status wsf__container_begin(const void *bytes, size_t length, int64_t size, wsf_error *err) {
  if (size < 0 || length < HEADER_BYTES) return magic_read(bytes, length, err);
  wsf__reader r = {.data = bytes, .length = (size_t)size, .err = err};
  uint32_t sections;
  return header_read(&r, &sections, err);
}

static bool is_known(uint32_t type, const uint32_t *known, int n_known) {
  for (int i = 0; i < n_known; ++i) {
    if (known[i] == type) return true;
  }
  return false;
}

static bool all_zero(const uint8_t *p, size_t n) {
  for (size_t i = 0; i < n; ++i) {
    if (p[i]) return false;
  }
  return true;
}

enum { CHECKED_AT_ONCE = 1 << 22 }; /* bytes, some milliseconds */

static bool stopped(const wsf__env *env) {
  return env && wsf__stopped(env);
}

static uint32_t crc_of_section(const uint8_t *p, size_t n, const wsf__env *env) {
  uint32_t crc = 0;
  for (size_t k; n > 0 && !stopped(env); n -= k, p += k) {
    k = n < CHECKED_AT_ONCE ? n : CHECKED_AT_ONCE;
    crc = wsf__crc32c(crc, p, k);
  }
  return crc;
}

static uint64_t digest_of(const uint8_t *p, size_t n, const wsf__env *env) {
  uint64_t crc = 0;
  for (size_t k; n > 0 && !stopped(env); n -= k, p += k) {
    k = n < CHECKED_AT_ONCE ? n : CHECKED_AT_ONCE;
    crc = wsf__crc64(crc, p, k);
  }
  return crc;
}

/* One entry of the table, which must begin where the section before it ended. */
static wsf_status entry_read(wsf__reader *r, wsf__section *out, size_t expected, size_t end,
                             const wsf__env *env, wsf_error *err) {
  const int64_t entry_at = (int64_t)r->at;
  out->type = wsf__read_u32(r);
  const uint32_t crc = wsf__read_u32(r);
  const int64_t offset = wsf__read_i64(r), length = wsf__read_i64(r);
  char name[16];
  type_name(out->type, name);
  if (name[0] != '\'') return damaged(err, entry_at, "a section's type is not four letters");
  if (offset < 0 || (uint64_t)offset != expected || length < 0 ||
      (uint64_t)length > end - expected || padded((size_t)length) > end - expected) {
    return damaged(err, entry_at, "a section does not lie where the one before it ends");
  }
  out->offset = offset;
  out->length = (size_t)length;
  out->data = r->data + offset;
  const uint32_t found = crc_of_section(out->data, out->length, env);
  if (stopped(env)) return wsf__fail_stopped(env, err);
  if (found != crc) {
    const wsf_status status =
        wsf__fail(err, WSF_E_FORMAT, "section %s does not match its checksum", name);
    wsf__error_at_byte(err, offset);
    return status;
  }
  if (!all_zero(out->data + out->length, padded(out->length) - out->length)) {
    return damaged(err, offset + length, "the padding behind a section is not zero");
  }
  return WSF_OK;
}

wsf_status wsf__container_read(wsf__section *section, int most, int *n, const void *bytes,
                               size_t length, const uint32_t *known, int n_known,
                               const wsf__env *env, wsf_error *err) {
  wsf__reader r = {.data = bytes, .length = length, .err = err};
  uint32_t count = 0;
  *n = 0;
  WSF__TRY(header_read(&r, &count, err));
  const size_t fixed = HEADER_BYTES + TABLE_END_BYTES + DIGEST_BYTES;
  if (count > MOST_SECTIONS || length < fixed || count > (length - fixed) / ENTRY_BYTES) {
    return damaged(err, HEADER_CRC_AT - 4, "the file is too short for its number of sections");
  }
  const size_t table_bytes = count * (size_t)ENTRY_BYTES, end = length - DIGEST_BYTES;
  r.at = HEADER_BYTES + table_bytes;
  const uint32_t table_crc = wsf__read_u32(&r), zero = wsf__read_u32(&r);
  if (table_crc != wsf__crc32c(0, r.data + HEADER_BYTES, table_bytes) || zero != 0) {
    return damaged(err, HEADER_BYTES, "the section table does not match its checksum");
  }
  size_t at = HEADER_BYTES + table_bytes + TABLE_END_BYTES;
  r.at = HEADER_BYTES;
  for (uint32_t i = 0; i < count; ++i) {
    const int64_t entry_at = (int64_t)r.at;
    wsf__section s;
    WSF__TRY(entry_read(&r, &s, at, end, env, err));
    at += padded(s.length);
    if (!is_known(s.type, known, n_known)) {
      if (s.type & 0x20) continue; /* lower case: optional */
      char name[16];
      type_name(s.type, name);
      const wsf_status status = wsf__fail(
          err, WSF_E_VERSION, "the file needs section %s, which this library does not know", name);
      wsf__error_at_byte(err, entry_at);
      return status;
    }
    for (int k = 0; k < *n; ++k) {
      if (section[k].type == s.type) return damaged(err, entry_at, "a section stands there twice");
    }
    if (*n == most) return damaged(err, entry_at, "there are more sections than a file can have");
    section[(*n)++] = s;
  }
  if (at != end) return damaged(err, (int64_t)at, "there are bytes behind the last section");
  r.at = end;
  const uint64_t found = digest_of(r.data, end, env);
  if (stopped(env)) return wsf__fail_stopped(env, err);
  if ((uint64_t)wsf__read_i64(&r) != found) {
    return damaged(err, (int64_t)end, "the file does not match its digest");
  }
  return WSF_OK;
}
