#include "base/alloc.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static void *libc_resize(void *user, void *ptr, size_t old_size, size_t new_size) {
  (void)user;
  (void)old_size;
  if (new_size == 0) {
    free(ptr);
    return NULL;
  }
  return realloc(ptr, new_size);
}

const wsf__alloc wsf__alloc_libc = {libc_resize, NULL};

/* The header before every block; 16 bytes keep the block aligned for any C type. */
typedef union header {
  size_t size; /* of the whole, header included */
  char pad[16];
} header;

void *wsf__new(const wsf__alloc *a, size_t count, size_t size) {
  return wsf__resize(a, NULL, count, size);
}

void *wsf__new_zero(const wsf__alloc *a, size_t count, size_t size) {
  void *p = wsf__new(a, count, size);
  if (p) memset(p, 0, count * size);
  return p;
}

void *wsf__resize(const wsf__alloc *a, void *ptr, size_t count, size_t size) {
  size_t bytes;
  if (!wsf__mul(count, size, &bytes) || !wsf__add(bytes, sizeof(header), &bytes)) return NULL;
  if (bytes > PTRDIFF_MAX) return NULL;
  header *old = ptr ? (header *)ptr - 1 : NULL;
  header *h = a->resize(a->user, old, old ? old->size : 0, bytes);
  if (!h) return NULL;
  h->size = bytes;
  return h + 1;
}

void wsf__delete(const wsf__alloc *a, void *ptr) {
  if (!ptr) return;
  header *h = (header *)ptr - 1;
  (void)a->resize(a->user, h, h->size, 0);
}

char *wsf__copy_text(const wsf__alloc *a, const char *text, size_t length) {
  if (length == SIZE_MAX) return NULL;
  char *copy = wsf__new(a, length + 1, 1);
  if (!copy) return NULL;
  if (length) memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

struct wsf__chunk {
  wsf__chunk *next;
  char *start; /* first aligned byte */
  size_t capacity;
};

enum { CHUNK_BYTES = 4096 - 128 };

struct wsf__parts {
  wsf__parts *next;
  size_t n;
  wsf__arena arena[];
};

static size_t align_up(size_t n) {
  return (n + (WSF__ALIGN - 1)) & ~(size_t)(WSF__ALIGN - 1);
}

void wsf__arena_init(wsf__arena *arena, const wsf__alloc *a) {
  arena->alloc = *a;
  arena->first = arena->current = NULL;
  arena->used = 0;
  arena->parts = NULL;
  arena->work_of = NULL;
}

void wsf__arena_free(wsf__arena *arena) {
  wsf__parts *p = arena->parts;
  while (p) {
    wsf__parts *next = p->next;
    for (size_t i = 0; i < p->n; ++i) wsf__arena_free(&p->arena[i]);
    wsf__delete(&arena->alloc, p);
    p = next;
  }
  wsf__chunk *c = arena->first;
  while (c) {
    wsf__chunk *next = c->next;
    wsf__delete(&arena->alloc, c);
    c = next;
  }
  wsf__arena_init(arena, &arena->alloc);
}

static wsf__chunk *chunk_new(const wsf__arena *arena, size_t bytes) {
  /* Chunks double, so an arena of n bytes makes O(log n) allocations. */
  size_t capacity = arena->current ? arena->current->capacity : CHUNK_BYTES / 2;
  if (!wsf__mul(capacity, 2, &capacity)) capacity = bytes;
  if (capacity > ((size_t)1 << 26)) capacity = (size_t)1 << 26;
  if (capacity < bytes) capacity = bytes;
  size_t whole;
  if (!wsf__add(capacity, sizeof(wsf__chunk) + WSF__ALIGN, &whole)) return NULL;
  wsf__chunk *c = wsf__new(&arena->alloc, whole, 1);
  if (!c) return NULL;
  c->next = NULL;
  c->start = (char *)align_up((size_t)(uintptr_t)(c + 1));
  c->capacity = capacity;
  return c;
}

void *wsf__arena_new(wsf__arena *arena, size_t count, size_t size) {
  size_t bytes;
  if (!wsf__mul(count, size, &bytes) || bytes > PTRDIFF_MAX - WSF__ALIGN) return NULL;
  bytes = align_up(bytes ? bytes : 1);
  if (!arena->current || arena->current->capacity - arena->used < bytes) {
    /* After a reset the following chunks are free again. */
    wsf__chunk *next = arena->current ? arena->current->next : arena->first;
    while (next && next->capacity < bytes) next = next->next;
    if (!next) {
      next = chunk_new(arena, bytes);
      if (!next) return NULL;
      wsf__chunk *last = arena->current;
      while (last && last->next) last = last->next;
      if (last)
        last->next = next;
      else
        arena->first = next;
    }
    arena->current = next;
    arena->used = 0;
  }
  void *p = arena->current->start + arena->used;
  arena->used += bytes;
  return p;
}

void *wsf__arena_zero(wsf__arena *arena, size_t count, size_t size) {
  void *p = wsf__arena_new(arena, count, size);
  if (p) memset(p, 0, count * size);
  return p;
}

char *wsf__arena_text(wsf__arena *arena, const char *text, size_t length) {
  if (length == SIZE_MAX) return NULL;
  char *copy = wsf__arena_new(arena, length + 1, 1);
  if (!copy) return NULL;
  if (length) memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

wsf__arena *wsf__arena_split(wsf__arena *arena, size_t n) {
  size_t bytes;
  if (!wsf__mul(n, sizeof(wsf__arena), &bytes) || !wsf__add(bytes, sizeof(wsf__parts), &bytes)) {
    return NULL;
  }
  wsf__parts *p = wsf__new(&arena->alloc, bytes, 1);
  if (!p) return NULL;
  p->n = n;
  for (size_t i = 0; i < n; ++i) wsf__arena_init(&p->arena[i], &arena->alloc);
  p->next = arena->parts;
  arena->parts = p;
  return p->arena;
}

wsf__mark wsf__arena_mark(const wsf__arena *arena) {
  return (wsf__mark){arena->current, arena->used};
}

void wsf__arena_reset(wsf__arena *arena, wsf__mark mark) {
  arena->current = mark.chunk ? mark.chunk : arena->first;
  arena->used = mark.used;
}

struct wsf__region {
  atomic_int owners;
  wsf__arena arena;
};

wsf__region *wsf__region_new(const wsf__alloc *a) {
  wsf__region *region = wsf__new(a, 1, sizeof *region);
  if (!region) return NULL;
  atomic_init(&region->owners, 1);
  wsf__arena_init(&region->arena, a);
  return region;
}

wsf__arena *wsf__region_arena(wsf__region *region) {
  return &region->arena;
}

wsf__region *wsf__region_retain(wsf__region *region) {
  atomic_fetch_add_explicit(&region->owners, 1, memory_order_relaxed);
  return region;
}

void wsf__region_release(wsf__region *region) {
  if (!region || atomic_fetch_sub_explicit(&region->owners, 1, memory_order_acq_rel) > 1) return;
  const wsf__alloc alloc = region->arena.alloc;
  wsf__arena_free(&region->arena);
  wsf__delete(&alloc, region);
}
