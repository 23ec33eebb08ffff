/* gzip (RFC 1952) by zlib, zstd (RFC 8878) by libzstd; both may be left out of a build. Nothing is
 * believed of what the bytes say about their size: the output grows as it comes, and each step is
 * held against the limit, so that a small file cannot ask for much more than it may have. Both
 * libraries take their memory from the context's allocator. */
#include "wire/unpack.h"

#include <string.h>
#if WSF_GZIP
#include <zlib.h>
#endif
#if WSF_ZSTD
#define ZSTD_STATIC_LINKING_ONLY /* for ZSTD_createDCtx_advanced */
#include <zstd.h>
#include <zstd_errors.h>
#endif

enum { FIRST_ROOM = 1 << 16, STEP = 1 << 20 };

wsf__packing wsf__packing_of(const char *bytes, size_t length) {
  if (length >= 3 && memcmp(bytes, "\x1f\x8b\x08", 3) == 0) return WSF__GZIP;
  if (length >= 4 && memcmp(bytes, "\x28\xb5\x2f\xfd", 4) == 0) return WSF__ZSTD;
  return WSF__PLAIN;
}

#if WSF_GZIP || WSF_ZSTD

/* What has come out so far. */
typedef struct output {
  wsf__env *env;
  char *bytes;
  size_t length, capacity;
} output;

/* Room for more behind what is there, at most STEP bytes and never none. */
static wsf_status make_room(output *o, size_t *room, wsf_error *err) {
  WSF__TRY(wsf__limit_check(&o->env->limits, WSF__MOST_bytes, (int64_t)o->length, err));
  WSF__TRY(wsf__checkpoint(o->env, NULL, 0, 1, err));
  if (o->capacity - o->length < 2) { /* one stays free */
    size_t capacity = o->capacity ? o->capacity : FIRST_ROOM / 2;
    char *grown = NULL;
    if (wsf__mul(capacity, 2, &capacity)) {
      grown = wsf__resize(&o->env->alloc, o->bytes, capacity, 1);
    }
    if (!grown) return wsf__fail_memory(err);
    o->bytes = grown;
    o->capacity = capacity;
  }
  *room = o->capacity - o->length - 1;
  if (*room > STEP) *room = STEP;
  return WSF_OK;
}

static void give_back(void *user, void *memory) {
  wsf__delete(user, memory);
}

static wsf_status broken(const char *form, wsf_error *err) {
  return wsf__fail(err, WSF_E_DATA, "the %s data is damaged or cut off", form);
}
#endif

#if WSF_GZIP
static void *take(void *user, unsigned items, unsigned size) {
  return wsf__new(user, items, size);
}

static wsf_status gunzip(output *o, const char *bytes, size_t length, wsf_error *err) {
  z_stream z = {.zalloc = take, .zfree = give_back, .opaque = &o->env->alloc};
  if (inflateInit2(&z, 15 + 16) != Z_OK) return wsf__fail_memory(err);
  wsf_status status = WSF_OK;
  size_t at = 0;
  int said = Z_OK;
  while (status == WSF_OK) {
    size_t room;
    if ((status = make_room(o, &room, err)) != WSF_OK) break;
    const size_t left = length - at < STEP ? length - at : STEP;
    z.next_in = (unsigned char *)(uintptr_t)(bytes + at);
    z.avail_in = (unsigned)left;
    z.next_out = (unsigned char *)o->bytes + o->length;
    z.avail_out = (unsigned)room;
    said = inflate(&z, Z_NO_FLUSH);
    at += left - z.avail_in;
    o->length += room - z.avail_out;
    if (said == Z_STREAM_END) {
      /* The next member; zeros behind the last one are padding. */
      while (at < length && bytes[at] == 0) ++at;
      if (at == length) break;
      if (inflateReset(&z) != Z_OK) status = broken("gzip", err);
    } else if (said == Z_MEM_ERROR) {
      status = wsf__fail_memory(err);
    } else if (said != Z_OK) {
      status = broken("gzip", err);
    }
  }
  (void)inflateEnd(&z);
  return status;
}
#endif

#if WSF_ZSTD
static void *zstd_take(void *user, size_t size) {
  return wsf__new(user, size, 1);
}

static wsf_status zstd_failure(ZSTD_ErrorCode code, int window, wsf_error *err) {
  if (code == ZSTD_error_memory_allocation) return wsf__fail_memory(err);
  if (code != ZSTD_error_frameParameter_windowTooLarge) return broken("zstd", err);
  return wsf__fail(err, WSF_E_LIMIT, "the zstd data wants a window of more than %lld bytes",
                   1LL << window);
}

static wsf_status unzstd(output *o, const char *bytes, size_t length, wsf_error *err) {
  const ZSTD_customMem memory = {zstd_take, give_back, &o->env->alloc};
  ZSTD_DCtx *z = ZSTD_createDCtx_advanced(memory);
  if (!z) return wsf__fail_memory(err);
  /* The window is memory that a frame's header asks for. */
  const int64_t most = o->env->limits.most[WSF__MOST_bytes];
  int window = 27;
  while (most > 0 && window > 10 && most <= INT64_C(1) << (window - 1)) --window;
  (void)ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, window);
  ZSTD_inBuffer in = {bytes, length, 0};
  wsf_status status = WSF_OK;
  size_t said = 1;
  while (status == WSF_OK && (in.pos < length || said != 0)) {
    size_t room;
    if ((status = make_room(o, &room, err)) != WSF_OK) break;
    ZSTD_outBuffer out = {o->bytes + o->length, room, 0};
    const size_t before = in.pos;
    said = ZSTD_decompressStream(z, &out, &in);
    o->length += out.pos;
    if (ZSTD_isError(said)) {
      status = zstd_failure(ZSTD_getErrorCode(said), window, err);
    } else if (said != 0 && in.pos == before && out.pos == 0) {
      status = broken("zstd", err); /* it waits for bytes that are not there */
    }
  }
  (void)ZSTD_freeDCtx(z);
  return status;
}
#endif

wsf_status wsf__unpack(wsf__packing packing, const char *bytes, size_t length, wsf__env *env,
                       char **out, size_t *out_length, wsf_error *err) {
  wsf_status status = WSF_E_UNSUPPORTED;
#if WSF_GZIP || WSF_ZSTD
  output o = {.env = env};
#if WSF_GZIP
  if (packing == WSF__GZIP) status = gunzip(&o, bytes, length, err);
#endif
#if WSF_ZSTD
  if (packing == WSF__ZSTD) status = unzstd(&o, bytes, length, err);
#endif
  *out = o.bytes;
  *out_length = o.length;
  if (status != WSF_OK) wsf__delete(&env->alloc, o.bytes);
#else
  (void)bytes, (void)length, (void)env, (void)out, (void)out_length;
#endif
  if (status == WSF_E_UNSUPPORTED) {
    (void)wsf__fail(err, status,
                    "the file is compressed by %s, which this build of the library does not read",
                    packing == WSF__GZIP ? "gzip" : "zstd");
  }
  return status;
}
