/* What a handle is inside. Every handle holds a reference to its context, whose allocator it lives
 * in; the reference goes last, so that handles may be released in any order.
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
  wsf__env env;
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
  wsf__collector *collector;
};

/* A dataset is a panel whose owner is its context. */
static inline wsf__panel *wsf__panel_of(const wsf_dataset *ds) {
  return (wsf__panel *)(uintptr_t)ds;
}
static inline wsf_context *wsf__context_of(const wsf_dataset *ds) {
  return wsf__panel_of(ds)->owner;
}

static inline void wsf__retain(atomic_int *references) {
  atomic_fetch_add_explicit(references, 1, memory_order_relaxed);
}
/* Whether this was the last reference. */
static inline bool wsf__release(atomic_int *references) {
  return atomic_fetch_sub_explicit(references, 1, memory_order_acq_rel) == 1;
}

/* The end of every fallible call: hand `found` over on failure, return status. */
wsf_status wsf__answer(wsf_error *err, wsf_status status, const wsf_error *found);
/* An argument that may not be NULL, and what it is called in a message. */
typedef struct wsf__argument {
  const void *pointer;
  const char *name;
} wsf__argument;
/* WSF_E_ARGUMENT for the first of the list that is NULL; the list ends with a NULL name. */
wsf_status wsf__check(const wsf__argument *argument, wsf_error *err);
#define WSF__CHECK(err, ...)                                                                       \
  WSF__TRY(wsf__check((const wsf__argument[]){__VA_ARGS__, {NULL, NULL}}, err))
/* WSF_E_CANCELLED if the context has been cancelled. */
wsf_status wsf__start(const wsf_context *ctx, wsf_error *err);
/* drop_owner of panels and tables. */
void wsf__drop_context(void *ctx);
/* Hand a finished table to the caller, with a reference to the context. NULL is passed on. */
void wsf__give_table(wsf_table **out, wsf_table *table, wsf_context *ctx);
void wsf__give_dataset(wsf_dataset **out, wsf__panel *panel, wsf_context *ctx);

#endif
