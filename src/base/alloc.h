/* Memory: every byte of the library comes from one allocator record through these functions.
 * Blocks carry their size, so freeing needs only the pointer. Size arithmetic is checked here:
 * callers pass a count and an element size, never a product. */
#ifndef WSF_BASE_ALLOC_H
#define WSF_BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The widest alignment that portable code may ask of a block. */
#define WSF__ALIGN 64

typedef struct wsf__alloc {
  void *(*resize)(void *user, void *ptr, size_t old_size, size_t new_size);
  void *user;
} wsf__alloc;

/* The C library's allocator. */
extern const wsf__alloc wsf__alloc_libc;

/* Uninitialised array of count elements; NULL if the allocation fails or the size overflows.
 * A count of 0 gives a valid pointer to nothing. 16-byte aligned. */
void *wsf__new(const wsf__alloc *a, size_t count, size_t size);
/* The same, zeroed. */
void *wsf__new_zero(const wsf__alloc *a, size_t count, size_t size);
/* Grow or shrink to count elements; on failure NULL and ptr stays valid. ptr may be NULL. */
void *wsf__resize(const wsf__alloc *a, void *ptr, size_t count, size_t size);
void wsf__delete(const wsf__alloc *a, void *ptr); /* NULL is a no-op */
/* Copy of length bytes plus a NUL. */
char *wsf__copy_text(const wsf__alloc *a, const char *text, size_t length);

/* A region that is given back as a whole. Blocks are 64-byte aligned (vector lanes). Used as
 *  - an arena: results that live together (states of a batch, nodes of an expression);
 *  - a scratch: one per worker, wsf__scratch_mark / _reset around a piece of work, so that after
 *    the first series a fit allocates nothing. */
typedef struct wsf__chunk wsf__chunk;
typedef struct wsf__parts wsf__parts;
typedef struct wsf__arena {
  wsf__alloc alloc; /* a copy: an arena outlives who made it */
  wsf__chunk *first, *current;
  size_t used;       /* bytes used in current */
  wsf__parts *parts; /* of wsf__arena_split */
  /* Of a scratch: whose work it is for, so that long loops can ask wsf__cut_short (sync/env.h) and
   * leave; NULL: nobody's. */
  const struct wsf__env *work_of;
} wsf__arena;
typedef struct wsf__mark {
  wsf__chunk *chunk;
  size_t used;
} wsf__mark;

void wsf__arena_init(wsf__arena *arena, const wsf__alloc *a);
void wsf__arena_free(wsf__arena *arena);
void *wsf__arena_new(wsf__arena *arena, size_t count, size_t size); /* NULL on failure */
void *wsf__arena_zero(wsf__arena *arena, size_t count, size_t size);
char *wsf__arena_text(wsf__arena *arena, const char *text, size_t length);
/* n empty arenas that are given back with this one, for as many threads to fill; a reset leaves
 * them alone. NULL on failure. */
wsf__arena *wsf__arena_split(wsf__arena *arena, size_t n);
wsf__mark wsf__arena_mark(const wsf__arena *arena);
/* Everything allocated since the mark is free for reuse; its memory is kept. */
void wsf__arena_reset(wsf__arena *arena, wsf__mark mark);

/* An arena with several owners, in any threads: the last one to let go of it gives it back. */
typedef struct wsf__region wsf__region;
wsf__region *wsf__region_new(const wsf__alloc *a); /* one owner; NULL on failure */
wsf__arena *wsf__region_arena(wsf__region *region);
wsf__region *wsf__region_retain(wsf__region *region);
void wsf__region_release(wsf__region *region); /* NULL is a no-op */

/* Checked size arithmetic: false on overflow. */
static inline bool wsf__mul(size_t a, size_t b, size_t *out) {
  return !__builtin_mul_overflow(a, b, out);
}
static inline bool wsf__add(size_t a, size_t b, size_t *out) {
  return !__builtin_add_overflow(a, b, out);
}

#endif
