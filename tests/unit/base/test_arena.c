/* Arenas that threads fill side by side, and regions with several owners: all comes back. */
#include "support.h"

#include "base/alloc.h"

#include <pthread.h>

typedef struct counter {
  pthread_mutex_t lock;
  size_t live;
} counter;

static void *counted(void *user, void *ptr, size_t old_size, size_t new_size) {
  counter *c = user;
  pthread_mutex_lock(&c->lock);
  c->live += new_size - old_size;
  pthread_mutex_unlock(&c->lock);
  if (new_size > 0) return realloc(ptr, new_size);
  free(ptr);
  return NULL;
}

static void *fill(void *arena) {
  for (int i = 0; i < 100; ++i) {
    char *p = wsf__arena_new(arena, 1000, 1);
    if (!p) return NULL;
    memset(p, i, 1000);
  }
  return arena;
}

static void parts_go_with_the_whole(void **state) {
  (void)state;
  counter c = {PTHREAD_MUTEX_INITIALIZER, 0};
  const wsf__alloc alloc = {counted, &c};
  wsf__arena whole;
  wsf__arena_init(&whole, &alloc);
  for (int round = 0; round < 2; ++round) {
    pthread_t thread[4];
    wsf__arena *part = wsf__arena_split(&whole, 4);
    assert_non_null(part);
    for (int i = 0; i < 4; ++i)
      assert_int_equal(pthread_create(&thread[i], NULL, fill, &part[i]), 0);
    for (int i = 0; i < 4; ++i) {
      void *filled = NULL;
      (void)pthread_join(thread[i], &filled);
      assert_ptr_equal(filled, &part[i]);
    }
    assert_non_null(wsf__arena_split(&part[0], 2)); /* parts of parts */
  }
  assert_true(c.live > 800000);
  wsf__arena_free(&whole);
  assert_int_equal(c.live, 0);
  wsf__arena_free(&whole);
}

static void a_region_outlives_its_first_owner(void **state) {
  (void)state;
  counter c = {PTHREAD_MUTEX_INITIALIZER, 0};
  wsf__alloc *alloc = malloc(sizeof *alloc);
  assert_non_null(alloc);
  *alloc = (wsf__alloc){counted, &c};
  wsf__region *region = wsf__region_new(alloc);
  free(alloc);
  assert_non_null(region);
  char *p = wsf__arena_new(wsf__region_arena(region), 100, 1);
  assert_non_null(p);
  p[99] = 7;
  assert_ptr_equal(wsf__region_retain(region), region);
  wsf__region_release(region);
  assert_int_equal(p[99], 7);
  wsf__region_release(region);
  wsf__region_release(NULL);
  assert_int_equal(c.live, 0);
}

int test_arena(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(parts_go_with_the_whole),
      cmocka_unit_test(a_region_outlives_its_first_owner),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
