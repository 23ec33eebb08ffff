/* Bytes that outlive the process: bounded little-endian reader and writer, CRC32C, CRC-64, and the
 * section container of docs/format.md. Any byte string is safe to read. */
#ifndef WSF_WIRE_WIRE_H
#define WSF_WIRE_WIRE_H

#include "base/alloc.h"
#include "base/error.h"
#include "sync/env.h"
#include "wire/access.h"

/* Where bytes go, piece by piece; false: they were not taken. */
typedef bool (*wsf__sink_fn)(void *user, const void *bytes, size_t n);
typedef struct wsf__writer {
  const wsf__alloc *alloc;
  uint8_t *data; /* everything so far; with a sink, what it has not been given yet */
  size_t length, capacity;
  wsf__sink_fn sink; /* or NULL */
  void *user;
  const wsf__env *env;  /* with a sink: whose stop is heeded; NULL: nobody's */
  bool failed;          /* checked once at the end */
  const char *not_utf8; /* first text that wsf__read_text would refuse, or NULL */
} wsf__writer;
void wsf__writer_init(wsf__writer *w, const wsf__alloc *a);
/* Passes on what is written and keeps no more than a small buffer of it. */
void wsf__writer_to(wsf__writer *w, const wsf__alloc *a, wsf__sink_fn sink, void *user);
void wsf__writer_flush(wsf__writer *w); /* gives the sink the rest */
/* Why it failed, if not by its sink: stopped, or out of memory. */
wsf_status wsf__writer_status(const wsf__writer *w, wsf_error *err);
void wsf__writer_free(wsf__writer *w);
void wsf__write_u32(wsf__writer *w, uint32_t x);
static inline void wsf__write_i32(wsf__writer *w, int32_t x) {
  wsf__write_u32(w, (uint32_t)x);
}
void wsf__write_i64(wsf__writer *w, int64_t x);
void wsf__write_f64(wsf__writer *w, double x);
void wsf__write_f64s(wsf__writer *w, const double *x, int64_t n); /* no count */
void wsf__write_i64s(wsf__writer *w, const int64_t *x, int64_t n);
void wsf__write_i32s(wsf__writer *w, const int32_t *x, int64_t n);
void wsf__write_text(wsf__writer *w, const char *text); /* u32 length, bytes */
void wsf__write_bytes(wsf__writer *w, const void *bytes, size_t n);
/* What `write` writes, the same bytes every time, behind their number: written once more to be
 * counted. */
typedef void (*wsf__part_fn)(wsf__writer *w, const void *user);
void wsf__write_part(wsf__writer *w, wsf__part_fn write, const void *user);

typedef struct wsf__reader {
  const uint8_t *data;
  size_t length, at;
  int64_t base;        /* offset of data in the file, for messages */
  bool failed;         /* ran past the end or a count was impossible; reads give 0 from then on */
  wsf_error *err;      /* filled at the first failure with E_FORMAT and the byte */
  const wsf__env *env; /* asked whether to leave; NULL: nobody */
  uint32_t taken;      /* items so far */
} wsf__reader;
uint32_t wsf__read_u32(wsf__reader *r);
static inline int32_t wsf__read_i32(wsf__reader *r) {
  return (int32_t)wsf__read_u32(r);
}
int64_t wsf__read_i64(wsf__reader *r);
double wsf__read_f64(wsf__reader *r);
/* A count that is followed by at least `each` bytes per item: refused before anything is allocated
 * if the rest of the section cannot hold it. */
int64_t wsf__read_count(wsf__reader *r, size_t each);
/* Arrays into the arena; NULL on failure (r->failed). n must come from wsf__read_count. */
double *wsf__read_f64s(wsf__reader *r, wsf__arena *arena, int64_t n);
int64_t *wsf__read_i64s(wsf__reader *r, wsf__arena *arena, int64_t n);
int32_t *wsf__read_i32s(wsf__reader *r, wsf__arena *arena, int64_t n);
char *wsf__read_text(wsf__reader *r, wsf__arena *arena); /* valid UTF-8 without NUL, or failure */
bool wsf__utf8_valid(const char *text, size_t length);   /* and without NUL */
/* n zeroed elements in the arena that the bytes read so far have paid for; NULL on failure. */
void *wsf__read_room(wsf__reader *r, wsf__arena *arena, int64_t n, size_t size);
/* The next n bytes as an input of their own, which reads on behind them; nothing is copied. */
wsf__reader wsf__read_part(wsf__reader *r, int64_t n);
/* Mark the input bad: "what was found, what was expected". */
void wsf__read_fail(wsf__reader *r, const char *sentence);

/* Checksums; start with 0. CRC-32C takes the processor's instruction where there is one. */
uint32_t wsf__crc32c(uint32_t crc, const void *bytes, size_t n);
uint32_t wsf__crc32c_portable(uint32_t crc, const void *bytes, size_t n); /* the same, anywhere */
uint64_t wsf__crc64(uint64_t crc, const void *bytes, size_t n);           /* CRC-64/XZ */

/* The container. Section types are four ASCII letters; a lower-case first letter means optional:
 * a reader that does not know it skips it. */
typedef struct wsf__section {
  uint32_t type;
  const uint8_t *data;
  size_t length;
  int64_t offset; /* in the file */
} wsf__section;
#define WSF__SECTION(a, b, c, d)                                                                   \
  ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)
#define WSF__FORMAT_MAJOR 1
#define WSF__FORMAT_MINOR 0

/* Writes what a section holds, the same bytes every time. */
typedef void (*wsf__section_fn)(wsf__writer *w, uint32_t type, const void *user);
/* Sections to be written, which exist only while they are on their way. */
typedef struct wsf__contents {
  const uint32_t *type;
  int n;
  wsf__section_fn write;
  const void *user;
} wsf__contents;
/* Bytes of the whole file. */
wsf_status wsf__container_size(size_t *bytes, const wsf__alloc *a, const wsf__contents *c,
                               wsf_error *err);
/* Write header, section table, sections, digest into w. The table stands before the sections and
 * holds their lengths and checksums, so each is written twice: once to be measured. */
wsf_status wsf__container_write(wsf__writer *w, const wsf__contents *c, wsf_error *err);
/* Whether a file of `size` bytes (-1: not known yet) may be one, by its first bytes. */
wsf_status wsf__container_begin(const void *bytes, size_t length, int64_t size, wsf_error *err);
/* Check everything (magic, version, whole length, table, CRC of each section, digest) and list the
 * known sections (at most `most`). Sections point into bytes. env, whose stop is heeded, may be
 * NULL. `known` lists the types the caller understands: an unknown required one is WSF_E_VERSION,
 * an unknown optional one is left out. */
wsf_status wsf__container_read(wsf__section *section, int most, int *n, const void *bytes,
                               size_t length, const uint32_t *known, int n_known,
                               const wsf__env *env, wsf_error *err);

/* Whether what begins like this is worth reading to its end; NULL in its place: it is. */
typedef wsf_status (*wsf__judge_fn)(const void *bytes, size_t length, int64_t size, wsf_error *err);

/* Whole files, where the context's paths allow. Save: temporary file in the same folder, fsync,
 * rename, fsync of the folder. Load: a plain file, or a source of that name. */
typedef wsf_status (*wsf__fill_fn)(wsf__writer *w, const void *user, wsf_error *err);
wsf_status wsf__file_save(const wsf__env *env, const char *path, wsf__fill_fn fill,
                          const void *user, wsf_error *err);
wsf_status wsf__file_load(uint8_t **out, size_t *length, wsf__env *env, const char *path,
                          wsf__judge_fn judge, wsf_error *err);

#endif
