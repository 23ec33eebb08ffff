/* What a handle is inside. Every handle holds a reference to its context, whose allocator it lives
 * in; the reference goes last, so that handles may be released in any order. What is immutable
 * stands behind the handle with a count of its own: handles of several contexts share it.
 *
 * A public function fills a record of its own and hands it over only on failure: inside, a failure
 * may be tried and swallowed, outside the caller's record stays untouched on success. */
#ifndef WSF_API_HANDLE_H
#define WSF_API_HANDLE_H

#include "engine/engine.h"
#include "ingest/ingest.h"
#include <wsf/wsf.h>

struct wsf_context {
  atomic_int references;
  wsf__env env; /* each call runs on a copy */
};

struct wsf_dataset {
  atomic_int references;
  wsf_context *ctx;
  wsf__panel *panel;
};

struct wsf_model {
  atomic_int references;
  wsf_context *ctx;
  char *text; /* canonical */
};

struct wsf_forecaster {
  atomic_int references;
  wsf_context *ctx;
  wsf__fitted_panel *fitted;
};

struct wsf_builder {
  wsf_context *ctx;
  wsf__env env; /* of its latest call */
  wsf__collector *collector;
};

static inline void wsf__retain(atomic_int *references) {
  atomic_fetch_add_explicit(references, 1, memory_order_relaxed);
}
/* Whether this was the last reference. */
static inline bool wsf__release(atomic_int *references) {
  return atomic_fetch_sub_explicit(references, 1, memory_order_acq_rel) == 1;
}

/* The end of every fallible call: hand `found` over on failure and tell the log of ctx (NULL: of
 * nobody), return status. */
wsf_status wsf__answer(const wsf_context *ctx, wsf_error *err, wsf_status status,
                       const wsf_error *found);
/* An argument that may not be NULL, and what it is called in a message. */
typedef struct wsf__argument {
  const void *pointer;
  const char *name;
} wsf__argument;
/* WSF_E_ARGUMENT for the first of the list that is NULL; the list ends with a NULL name. */
wsf_status wsf__check(const wsf__argument *argument, wsf_error *err);
#define WSF__CHECK(err, ...)                                                                       \
  WSF__TRY(wsf__check((const wsf__argument[]){__VA_ARGS__, {NULL, NULL}}, err))
/* The environment of a call that begins now, and whether it may: WSF_E_CANCELLED after a cancel,
 * WSF_E_ARGUMENT inside a callback of the same context, which would wait for itself. */
wsf_status wsf__start(wsf__env *env, const wsf_context *ctx, wsf_error *err);
/* WSF_E_ARGUMENT if the contexts do not share one allocator. */
wsf_status wsf__same_allocator(const wsf_context *a, const wsf_context *b, wsf_error *err);
/* Hand a finished table to the caller, with a reference to the context. NULL is passed on. */
void wsf__give_table(wsf_table **out, wsf_table *table, wsf_context *ctx);
/* Takes `panel` over, also on failure. */
wsf_status wsf__give_dataset(wsf_dataset **out, wsf__panel *panel, wsf_context *ctx,
                             wsf_error *err);

#endif
