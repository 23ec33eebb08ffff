#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void wsf__error_clear(wsf_error *err) {
  if (!err) return;
  memset(err, 0, sizeof *err);
  err->series = err->row = err->byte = -1;
}

wsf_status wsf__fail(wsf_error *err, wsf_status status, const char *format, ...) {
  if (!err) return status;
  va_list args;
  wsf__error_clear(err);
  err->status = status;
  va_start(args, format);
  (void)vsnprintf(err->message, sizeof err->message, format, args);
  va_end(args);
  return status;
}

void wsf__error_at_byte(wsf_error *err, int64_t byte) {
  if (err && err->byte < 0) err->byte = byte;
}

void wsf__error_at_row(wsf_error *err, int64_t row) {
  if (err && err->row < 0) err->row = row;
}

void wsf__error_at_series(wsf_error *err, int64_t series) {
  if (err && err->series < 0) err->series = series;
}

void wsf__error_at_field(wsf_error *err, const char *field) {
  if (err && !err->field[0]) (void)snprintf(err->field, sizeof err->field, "%s", field);
}

void wsf__error_at_file(wsf_error *err, const char *file) {
  if (!err || err->file[0]) return;
  /* A long path keeps its end: the file's own name is what the reader needs. */
  const size_t length = strlen(file);
  const size_t keep = sizeof err->file - 1;
  if (length <= keep) {
    memcpy(err->file, file, length + 1);
  } else {
    (void)snprintf(err->file, sizeof err->file, "...%s", file + (length - keep + 3));
  }
}

#define WSF_STATUS_TEXT(name, value, text)                                                         \
  case value:                                                                                      \
    return text;
#define WSF_STATUS_NAME(name, value, text)                                                         \
  case value:                                                                                      \
    return #name;

const char *wsf_status_text(wsf_status status) {
  switch (status) {
    WSF_STATUS_TABLE(WSF_STATUS_TEXT)
  default:
    return "unknown status";
  }
}

const char *wsf_status_name(wsf_status status) {
  switch (status) {
    WSF_STATUS_TABLE(WSF_STATUS_NAME)
  default:
    return NULL;
  }
}

#define TEXT(x)   #x
#define NUMBER(x) TEXT(x)

const char *wsf_version(void) {
  return NUMBER(WSF_VERSION_MAJOR) "." NUMBER(WSF_VERSION_MINOR) "." NUMBER(WSF_VERSION_PATCH);
}

int32_t wsf_version_number(void) {
  return 10000 * WSF_VERSION_MAJOR + 100 * WSF_VERSION_MINOR + WSF_VERSION_PATCH;
}
