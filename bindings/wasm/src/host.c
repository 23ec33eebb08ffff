/* What JavaScript needs beside the public functions: memory, the error of the last call field by
 * field, so that no layout is copied there, and progress as a call of the host's. And what
 * wasi-libc lacks. */
#include <stdlib.h>
#include <sys/types.h>
#include <wsf/wsf.h>

#define EXPORT(name) __attribute__((export_name(#name))) name

void *EXPORT(host_allocate)(size_t size) {
  return malloc(size > 0 ? size : 1);
}

void EXPORT(host_free)(void *p) {
  free(p);
}

static wsf_error last; /* of every call: there is one thread */

wsf_error *EXPORT(host_error)(void) {
  return &last;
}

enum { FIELD, FILE_NAME, MESSAGE };

const char *EXPORT(host_error_text)(int32_t which) {
  return which == FIELD ? last.field : which == FILE_NAME ? last.file : last.message;
}

enum { SERIES, ROW, BYTE };

double EXPORT(host_error_place)(int32_t which) {
  return (double)(which == SERIES ? last.series : which == ROW ? last.row : last.byte);
}

__attribute__((import_module("wsf"), import_name("progress"))) void told(const char *stage,
                                                                         double done, double total);

/* wsf_progress_fn */
static int32_t tell(const char *stage, int64_t done, int64_t total, void *user) {
  (void)user;
  told(stage, (double)done, (double)total);
  return 0;
}

void EXPORT(host_watch)(wsf_context *ctx) {
  wsf_context_set_progress(ctx, tell, NULL);
}

/* Bytes that the host has put into memory of host_allocate; they go with the source. */
wsf_status EXPORT(host_add_bytes)(wsf_context *ctx, const char *name, void *bytes, size_t size,
                                  wsf_error *err) {
  const wsf_status status = wsf_context_add_bytes(ctx, name, bytes, size, free, bytes, err);
  if (status != WSF_OK) free(bytes);
  return status;
}

int posix_madvise(void *at, size_t length, int advice);

/* Advice on how memory is used, which may be ignored. */
int posix_madvise(void *at, size_t length, int advice) {
  (void)at, (void)length, (void)advice;
  return 0;
}
