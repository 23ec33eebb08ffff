/* Standard input as the source "-", wherever an expression reads a path: csv("-"). It can be read
 * once. */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static wsf_status open_input(void **stream, void *user, wsf_error *err) {
  bool *read_before = user;
  *stream = user;
  if (!*read_before) {
    *read_before = true;
    return WSF_OK;
  }
  (void)snprintf(err->message, sizeof err->message, "standard input has been read already");
  return WSF_E_IO;
}

static int64_t read_input(void *stream, void *buffer, int64_t capacity, wsf_error *err) {
  ssize_t n;
  (void)stream;
  do {
    n = read(STDIN_FILENO, buffer, (size_t)capacity);
  } while (n < 0 && errno == EINTR);
  if (n < 0) (void)snprintf(err->message, sizeof err->message, "%s", strerror(errno));
  return n;
}

wsf_status cli_add_standard_input(wsf_context *ctx, wsf_error *err) {
  static bool read_before;
  return wsf_context_add_reader(ctx, "-", open_input, read_input, NULL, NULL, &read_before, err);
}
