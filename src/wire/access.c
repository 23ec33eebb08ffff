/* The named sources of a context. Each has a count of its own, so that a source may be replaced or
 * removed while a call reads it; its `destroy` runs outside the lock, for it is the host's code. A
 * fork looks into its own list first and then into its parent's, as they are at that moment. */
#include "wire/access.h"

#include "wire/wire.h"

#include <string.h>
#include <unistd.h>

typedef struct wsf__named_source entry;
struct wsf__named_source {
  wsf__source source; /* first member */
  atomic_int references;
  wsf__alloc alloc;
  entry *next;
  char name[]; /* ends with a NUL */
};

void wsf__source_release(const wsf__source *source) {
  entry *e = (entry *)(uintptr_t)source;
  if (!e || atomic_fetch_sub_explicit(&e->references, 1, memory_order_acq_rel) != 1) return;
  if (e->source.destroy) e->source.destroy(e->source.user);
  const wsf__alloc a = e->alloc;
  wsf__delete(&a, e);
}

wsf__access *wsf__access_create(const wsf__alloc *a, wsf__access *parent) {
  wsf__access *x = wsf__new_zero(a, 1, sizeof *x);
  if (!x) return NULL;
  if (!wsf__lock_init(&x->lock)) {
    wsf__delete(a, x);
    return NULL;
  }
  atomic_init(&x->references, 1);
  x->alloc = *a;
  x->folder = -1;
  if (parent) {
    atomic_fetch_add_explicit(&parent->references, 1, memory_order_relaxed);
    x->parent = parent;
    x->paths = parent->paths;
    x->folder = parent->folder;
  }
  return x;
}

void wsf__access_release(wsf__access *x) {
  if (!x || atomic_fetch_sub_explicit(&x->references, 1, memory_order_acq_rel) != 1) return;
  for (entry *e = x->first; e;) {
    entry *next = e->next;
    wsf__source_release(&e->source);
    e = next;
  }
  wsf__access *parent = x->parent;
  if (x->folder >= 0 && !(parent && parent->folder == x->folder)) (void)close(x->folder);
  wsf__lock_free(&x->lock);
  const wsf__alloc a = x->alloc;
  wsf__delete(&a, x);
  wsf__access_release(parent);
}

/* Where the list points to the entry of that name, or to its end. */
static entry **find(wsf__access *x, const char *name) {
  entry **at = &x->first;
  while (*at && strcmp((*at)->name, name) != 0) at = &(*at)->next;
  return at;
}

/* Take the entry of that name out of the list. */
static entry *take(wsf__access *x, const char *name) {
  entry **at = find(x, name), *e = *at;
  if (e) *at = e->next;
  return e;
}

wsf_status wsf__access_add(wsf__access *x, const char *name, const wsf__source *source,
                           wsf_error *err) {
  const size_t length = strlen(name);
  if (length == 0 || !wsf__utf8_valid(name, length)) {
    return wsf__fail(err, WSF_E_ARGUMENT, "the name of a source is empty or not valid UTF-8");
  }
  size_t bytes;
  entry *e = wsf__add(sizeof *e + 1, length, &bytes) ? wsf__new(&x->alloc, bytes, 1) : NULL;
  if (!e) return wsf__fail_memory(err);
  e->source = *source;
  e->alloc = x->alloc;
  atomic_init(&e->references, 1);
  memcpy(e->name, name, length + 1);
  (void)wsf__lock_take(&x->lock);
  entry *old = take(x, name);
  e->next = x->first;
  x->first = e;
  wsf__lock_give(&x->lock);
  if (old) wsf__source_release(&old->source);
  return WSF_OK;
}

wsf_status wsf__access_remove(wsf__access *x, const char *name, wsf_error *err) {
  (void)wsf__lock_take(&x->lock);
  entry *old = take(x, name);
  wsf__lock_give(&x->lock);
  if (!old) return wsf__fail(err, WSF_E_NAME, "the context has no source called \"%s\"", name);
  wsf__source_release(&old->source);
  return WSF_OK;
}

const wsf__source *wsf__access_find(wsf__access *x, const char *name) {
  for (; x; x = x->parent) {
    (void)wsf__lock_take(&x->lock);
    entry *e = *find(x, name);
    if (e) atomic_fetch_add_explicit(&e->references, 1, memory_order_relaxed);
    wsf__lock_give(&x->lock);
    if (e) return &e->source;
  }
  return NULL;
}
