/* Texts stored once for all columns that hold their codes, in the layout of a TEXT column. Shared
 * by reference count: every batch of a stream names the same labels. */
#include "table/layout.h"

#include <string.h>

wsf_status wsf__dictionary_create(wsf__dictionary **out, const wsf__alloc *a,
                                  const char *const *text, int32_t n, wsf_error *err) {
  *out = NULL;
  size_t bytes = 0;
  for (int32_t i = 0; i < n; ++i) bytes += strlen(text[i]);
  wsf__dictionary *d = wsf__new_zero(a, 1, sizeof *d);
  if (!d) return wsf__fail_memory(err);
  atomic_init(&d->references, 1);
  d->alloc = *a;
  d->n = n;
  d->offset = wsf__new_zero(a, (size_t)n + 1, sizeof *d->offset);
  d->bytes = bytes <= INT32_MAX ? wsf__new(a, bytes, 1) : NULL;
  d->terminated = wsf__new(a, bytes + (size_t)n, 1);
  if (!d->offset || !d->bytes || !d->terminated) {
    wsf__dictionary_release(d);
    return wsf__fail_memory(err);
  }
  for (int32_t i = 0; i < n; ++i) {
    const size_t length = strlen(text[i]), at = (size_t)d->offset[i];
    if (length) memcpy(d->bytes + at, text[i], length);
    memcpy(d->terminated + at + i, text[i], length + 1);
    d->offset[i + 1] = (int32_t)(at + length);
  }
  *out = d;
  return WSF_OK;
}

wsf__dictionary *wsf__dictionary_retain(wsf__dictionary *d) {
  atomic_fetch_add_explicit(&d->references, 1, memory_order_relaxed);
  return d;
}

void wsf__dictionary_release(wsf__dictionary *d) {
  if (!d) return;
  if (atomic_fetch_sub_explicit(&d->references, 1, memory_order_acq_rel) != 1) return;
  const wsf__alloc a = d->alloc;
  wsf__delete(&a, d->offset);
  wsf__delete(&a, d->bytes);
  wsf__delete(&a, d->terminated);
  wsf__delete(&a, d);
}
