/* What the tests of the data words share: an environment, opening an expression, a file to read. */
#ifndef WSF_TESTS_DATA_SUPPORT_H
#define WSF_TESTS_DATA_SUPPORT_H

#include "support.h"

#include "ingest/ingest.h"
#include "ingest/load.h"

#include <math.h>
#include <unistd.h>

static inline const wsf__spec *data_spec(int i) {
  return i < wsf__n_data_specs ? wsf__data_specs[i] : NULL;
}

/* Open a data expression; the panel keeps nothing of the text. */
static inline wsf_status open_data(wsf__panel **out, wsf__env *env, const char *text,
                                   wsf_error *err) {
  const wsf__catalog catalog = {data_spec};
  const wsf__node *node;
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  *out = NULL;
  wsf_status status = wsf__expr_parse(&node, &arena, &catalog, "data", text, strlen(text), err);
  if (status == WSF_OK) status = wsf__ingest_open(out, env, node, err);
  wsf__arena_free(&arena);
  return status;
}

/* A file of this text, which the caller removes: free(path) after unlink. */
static inline char *file_of(const char *text, size_t length) {
  char *path = strdup("/tmp/wsf-test-XXXXXX");
  const int fd = mkstemp(path);
  assert_true(fd >= 0);
  assert_int_equal(write(fd, text, length), (ssize_t)length);
  assert_int_equal(close(fd), 0);
  return path;
}

/* Open `before` "path" `after` on a file of this text. */
static inline wsf_status open_text(wsf__panel **out, wsf__env *env, const char *text,
                                   const char *options, wsf_error *err) {
  char expression[1024];
  char *path = file_of(text, strlen(text));
  (void)snprintf(expression, sizeof expression, "csv(\"%s\", %s)", path, options);
  const wsf_status status = open_data(out, env, expression, err);
  (void)unlink(path);
  free(path);
  return status;
}

/* Count of the first report line of that name; -1 without. */
static inline int64_t reported(const wsf__panel *p, const char *item) {
  for (int64_t i = 0; i < wsf_table_rows(p->report); ++i) {
    const char *name = wsf_table_text(p->report, wsf_table_find(p->report, "item"), i, NULL);
    if (name && strcmp(name, item) == 0) {
      return wsf_table_i64(p->report, wsf_table_find(p->report, "count"))[i];
    }
  }
  return -1;
}

static inline double panel_sum(const wsf__panel *p) {
  double sum = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    for (int64_t t = 0; t < p->length[i]; ++t) {
      if (!isnan(p->y[p->offset[i] + t])) sum += p->y[p->offset[i] + t];
    }
  }
  return sum;
}

static inline int env_setup(void **state) {
  wsf__env *env = malloc(sizeof *env);
  if (!env || !wsf__env_init(env, &wsf__alloc_libc)) return -1;
  *state = env;
  return 0;
}

static inline int env_teardown(void **state) {
  wsf__env_free(*state);
  free(*state);
  return 0;
}

#endif
