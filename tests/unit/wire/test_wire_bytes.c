#include "support.h"

#include "wire/wire.h"

#include <float.h>
#include <math.h>

static wsf__reader reader(const wsf__writer *w, wsf_error *err) {
  return (wsf__reader){.data = w->data, .length = w->length, .base = 1000, .err = err};
}

static void test_round_trip(void **state) {
  (void)state;
  static const double f[] = {0.0, -0.0, 1.5, DBL_MAX, DBL_TRUE_MIN, INFINITY, -INFINITY, NAN};
  static const int64_t l[] = {INT64_MIN, -1, 0, INT64_MAX};
  static const int32_t i[] = {INT32_MIN, -1, 7};
  wsf__writer w;
  wsf__writer_init(&w, &wsf__alloc_libc);
  wsf__write_u32(&w, UINT32_C(0x89abcdef));
  wsf__write_i64(&w, -2);
  wsf__write_f64(&w, 0.1);
  wsf__write_f64s(&w, f, 8);
  wsf__write_i64s(&w, l, 4);
  wsf__write_i32s(&w, i, 3);
  wsf__write_text(&w, "Umsatz \xe2\x82\xac");
  wsf__write_text(&w, "");
  wsf__write_bytes(&w, NULL, 0);
  assert_false(w.failed);
  const uint8_t little[] = {0xef, 0xcd, 0xab, 0x89, 0xfe, 0xff};
  assert_memory_equal(w.data, little, sizeof little);

  wsf_error err;
  wsf__error_clear(&err);
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  wsf__reader r = reader(&w, &err);
  assert_true(wsf__read_u32(&r) == UINT32_C(0x89abcdef));
  assert_int_equal(wsf__read_i64(&r), -2);
  assert_true(wsf__read_f64(&r) == 0.1);
  assert_memory_equal(wsf__read_f64s(&r, &arena, 8), f, sizeof f);
  assert_memory_equal(wsf__read_i64s(&r, &arena, 4), l, sizeof l);
  assert_memory_equal(wsf__read_i32s(&r, &arena, 3), i, sizeof i);
  assert_string_equal(wsf__read_text(&r, &arena), "Umsatz \xe2\x82\xac");
  assert_string_equal(wsf__read_text(&r, &arena), "");
  assert_false(r.failed);
  assert_int_equal(r.at, r.length);
  assert_int_equal(wsf__read_i64(&r), 0);
  assert_true(r.failed);
  assert_int_equal(err.status, WSF_E_FORMAT);
  assert_int_equal(err.byte, 1000 + (int64_t)w.length);
  wsf__arena_free(&arena);
  wsf__writer_free(&w);
}

/* A cap on what the reader may ask for: untrusted counts must not reach the allocator. */
static void *small_only(void *user, void *ptr, size_t old_size, size_t new_size) {
  (void)user;
  assert_true(new_size < 100000);
  return wsf__alloc_libc.resize(NULL, ptr, old_size, new_size);
}

static void test_counts(void **state) {
  (void)state;
  const wsf__alloc a = {small_only, NULL};
  static const int64_t bad[] = {-1, INT64_MIN, 3, INT64_MAX, INT64_C(1) << 60, INT64_C(1) << 61};
  for (size_t k = 0; k < sizeof bad / sizeof *bad; ++k) {
    wsf__writer w;
    wsf__writer_init(&w, &a);
    wsf__write_i64(&w, bad[k]);
    wsf__write_i64(&w, 1);
    wsf__write_i64(&w, 2);
    wsf_error err;
    wsf__error_clear(&err);
    wsf__reader r = reader(&w, &err);
    assert_int_equal(wsf__read_count(&r, 8), 0);
    assert_true(r.failed);
    assert_int_equal(err.byte, 1000);
    wsf__reader again = reader(&w, &err);
    wsf__arena arena;
    wsf__arena_init(&arena, &a);
    assert_null(wsf__read_f64s(&again, &arena, bad[k] == 3 ? 4 : bad[k]));
    assert_true(again.failed);
    wsf__arena_free(&arena);
    wsf__writer_free(&w);
  }
  wsf__writer w;
  wsf__writer_init(&w, &a);
  wsf__write_i64(&w, 2);
  wsf__write_i64(&w, 1);
  wsf__write_i64(&w, 2);
  wsf__reader r = reader(&w, NULL);
  assert_int_equal(wsf__read_count(&r, 8), 2);
  assert_false(r.failed);
  wsf__writer_free(&w);
}

static void test_fail_is_sticky(void **state) {
  (void)state;
  const uint8_t bytes[16] = {1, 2, 3};
  wsf_error err;
  wsf__error_clear(&err);
  wsf__reader r = {.data = bytes, .length = sizeof bytes, .err = &err};
  (void)wsf__read_u32(&r);
  wsf__read_fail(&r, "a first sentence");
  wsf__read_fail(&r, "a second sentence");
  assert_string_equal(err.message, "a first sentence");
  assert_int_equal(err.byte, 4);
  assert_int_equal(wsf__read_u32(&r), 0);
  assert_int_equal(wsf__read_count(&r, 1), 0);
}

static void test_utf8(void **state) {
  (void)state;
  static const char *const good[] = {"",
                                     "a",
                                     "\xc2\x80",
                                     "\xdf\xbf",
                                     "\xe0\xa0\x80",
                                     "\xed\x9f\xbf",
                                     "\xef\xbf\xbf",
                                     "\xf0\x90\x80\x80",
                                     "\xf4\x8f\xbf\xbf"};
  static const char *const bad[] = {
      "\x80",         "\xc0\x80",         "\xc1\xbf", "\xe0\x9f\xbf",
      "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf5\x80", "\xf4\x90\x80\x80",
      "\xc2",         "\xe2\x82",         "a\xff",    "\xe2\x28\xa1"};
  for (size_t i = 0; i < sizeof good / sizeof *good; ++i) {
    assert_true(wsf__utf8_valid(good[i], strlen(good[i])));
  }
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    assert_false(wsf__utf8_valid(bad[i], strlen(bad[i])));
    wsf__writer w;
    wsf__writer_init(&w, &wsf__alloc_libc);
    wsf__write_text(&w, bad[i]);
    wsf_error err;
    wsf__reader r = reader(&w, &err);
    wsf__arena arena;
    wsf__arena_init(&arena, &wsf__alloc_libc);
    assert_null(wsf__read_text(&r, &arena));
    assert_int_equal(err.status, WSF_E_FORMAT);
    assert_int_equal(err.byte, 1004);
    wsf__arena_free(&arena);
    wsf__writer_free(&w);
  }
  assert_false(wsf__utf8_valid("a\0b", 3));
}

static void test_checksums(void **state) {
  (void)state;
  assert_true(wsf__crc32c(0, "123456789", 9) == UINT32_C(0xe3069283));
  assert_true(wsf__crc32c_portable(0, "123456789", 9) == UINT32_C(0xe3069283));
  assert_true(wsf__crc64(0, "123456789", 9) == UINT64_C(0x995dc9bbdf1939fa));
  assert_true(wsf__crc64(0, "", 0) == 0);
  /* RFC 3720 B.4: 32 bytes of zeros, of ones, counting up */
  uint8_t block[32];
  memset(block, 0, sizeof block);
  assert_true(wsf__crc32c(0, block, 32) == UINT32_C(0x8a9136aa));
  memset(block, 0xff, sizeof block);
  assert_true(wsf__crc32c(0, block, 32) == UINT32_C(0x62a8ab43));
  for (int i = 0; i < 32; ++i) block[i] = (uint8_t)i;
  assert_true(wsf__crc32c(0, block, 32) == UINT32_C(0x46dd794e));
}

/* Any length, any alignment, any split: one answer from the instruction, the slices and the bits.
 */
static void test_checksum_paths(void **state) {
  (void)state;
  uint8_t bytes[1200];
  for (size_t i = 0; i < sizeof bytes; ++i) bytes[i] = (uint8_t)(i * 167 + i / 7);
  for (size_t n = 0; n <= 1100; n += n < 300 ? 1 : 37) {
    for (size_t at = 0; at < 3; ++at) {
      const uint32_t c = wsf__crc32c(0, bytes + at, n);
      assert_true(c == wsf__crc32c_portable(0, bytes + at, n));
      assert_true(c ==
                  wsf__crc32c(wsf__crc32c(0, bytes + at, n / 3), bytes + at + n / 3, n - n / 3));
      uint64_t slow = 0;
      for (size_t i = 0; i < n; ++i) slow = wsf__crc64(slow, bytes + at + i, 1);
      assert_true(wsf__crc64(0, bytes + at, n) == slow);
    }
  }
}

static void *refuse(void *user, void *ptr, size_t old_size, size_t new_size) {
  int *left = user;
  if (new_size > 0 && (*left)-- <= 0) return NULL;
  return wsf__alloc_libc.resize(NULL, ptr, old_size, new_size);
}

static void test_out_of_memory(void **state) {
  (void)state;
  for (int k = 0; k < 4; ++k) {
    int left = k;
    const wsf__alloc a = {refuse, &left};
    wsf__writer w;
    wsf__writer_init(&w, &a);
    for (int i = 0; i < 1000; ++i) wsf__write_i64(&w, i);
    assert_true(w.failed);
    wsf__writer_free(&w);
  }
  static const uint8_t bytes[64] = {3, 0, 0, 0, 'a', 'b', 'c'};
  int none = 0;
  const wsf__alloc a = {refuse, &none};
  wsf__arena arena;
  wsf__arena_init(&arena, &a);
  wsf_error err;
  wsf__reader r = {.data = bytes, .length = sizeof bytes, .err = &err};
  assert_null(wsf__read_text(&r, &arena));
  assert_int_equal(err.status, WSF_E_MEMORY);
  r = (wsf__reader){.data = bytes, .length = sizeof bytes, .err = &err};
  assert_null(wsf__read_i32s(&r, &arena, 4));
  assert_int_equal(err.status, WSF_E_MEMORY);
  wsf__arena_free(&arena);
}

int test_wire_bytes(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_round_trip),     cmocka_unit_test(test_counts),
      cmocka_unit_test(test_fail_is_sticky), cmocka_unit_test(test_utf8),
      cmocka_unit_test(test_checksums),      cmocka_unit_test(test_checksum_paths),
      cmocka_unit_test(test_out_of_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
