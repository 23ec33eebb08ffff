/* Options of wsf__spec_rows from text, for the tests of the builder and the Arrow stream. */
#ifndef WSF_TESTS_ROWS_OPTIONS_H
#define WSF_TESTS_ROWS_OPTIONS_H

#include "support.h"

#include "ingest/ingest.h"

static inline const wsf__spec *no_names(int i) {
  (void)i;
  return NULL;
}

static inline const wsf__node *rows_options(wsf__arena *arena, const char *text) {
  static const wsf__catalog nothing = {no_names};
  const wsf__node *node = NULL;
  wsf_error err;
  wsf__error_clear(&err);
  if (wsf__expr_arguments(&node, arena, &nothing, &wsf__spec_rows, text, &err) != WSF_OK) {
    fail_msg("%s: %s", text, err.message);
  }
  return node;
}

#endif
