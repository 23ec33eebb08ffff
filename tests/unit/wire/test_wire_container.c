#include "support.h"

#include "wire/wire.h"

enum { ONE = WSF__SECTION('O', 'N', 'E', 'S'), TWO = WSF__SECTION('T', 'W', 'O', 'S') };
#define OPTIONAL WSF__SECTION('n', 'o', 't', 'e')
#define FUTURE   WSF__SECTION('N', 'E', 'W', 'S')

static const uint32_t known[] = {ONE, TWO};

static void write_section(wsf__writer *w, uint32_t type, const void *user) {
  static const uint8_t one[] = {1, 2, 3, 4, 5}, two[] = {9, 8, 7, 6, 5, 4, 3, 2};
  (void)user;
  if (type == TWO)
    wsf__write_bytes(w, two, sizeof two);
  else
    wsf__write_bytes(w, one, type == ONE ? sizeof one : 1);
}

/* Three sections: lengths that need padding, none and all of it. */
static wsf__writer sample(uint32_t third) {
  const uint32_t type[] = {ONE, third, TWO};
  const wsf__contents c = {.type = type, .n = 3, .write = write_section};
  wsf__writer w;
  wsf__writer_init(&w, &wsf__alloc_libc);
  assert_int_equal(wsf__container_write(&w, &c, NULL), WSF_OK);
  return w;
}

static wsf_status read_all(const void *bytes, size_t length, wsf_error *err) {
  wsf__section section[2];
  int n;
  wsf__error_clear(err);
  return wsf__container_read(section, 2, &n, bytes, length, known, 2, NULL, err);
}

static void test_container(void **state) {
  (void)state;
  wsf__writer w = sample(OPTIONAL);
  assert_int_equal(w.length % 8, 0);
  assert_memory_equal(w.data, "\x89WSF\r\n\x1a\n", 8);
  wsf__section section[2];
  int n;
  wsf_error err;
  assert_int_equal(wsf__container_read(section, 2, &n, w.data, w.length, known, 2, NULL, &err),
                   WSF_OK);
  assert_int_equal(n, 2);
  assert_int_equal(section[0].type, ONE);
  assert_int_equal(section[0].length, 5);
  assert_memory_equal(section[0].data, "\1\2\3\4\5", 5);
  assert_int_equal(section[1].type, TWO);
  assert_int_equal(section[1].length, 8);
  assert_ptr_equal(section[1].data, w.data + section[1].offset);
  wsf__writer_free(&w);
}

static void test_unknown_section(void **state) {
  (void)state;
  wsf_error err;
  wsf__writer w = sample(FUTURE);
  assert_int_equal(read_all(w.data, w.length, &err), WSF_E_VERSION);
  assert_non_null(strstr(err.message, "'NEWS'"));
  wsf__writer_free(&w);
  w = sample(ONE);
  assert_int_equal(read_all(w.data, w.length, &err), WSF_E_FORMAT);
  assert_non_null(strstr(err.message, "twice"));
  wsf__writer_free(&w);
}

/* Change the version and mend the checksums: what a newer library would write. */
static void set_version(wsf__writer *w, uint8_t major, uint8_t minor) {
  w->data[8] = major;
  w->data[12] = minor;
  const uint32_t crc = wsf__crc32c(0, w->data, 28);
  for (int i = 0; i < 4; ++i) w->data[28 + i] = (uint8_t)(crc >> (8 * i));
  const uint64_t digest = wsf__crc64(0, w->data, w->length - 8);
  for (int i = 0; i < 8; ++i) w->data[w->length - 8 + (size_t)i] = (uint8_t)(digest >> (8 * i));
}

static void test_versions(void **state) {
  (void)state;
  wsf_error err;
  wsf__writer w = sample(OPTIONAL);
  set_version(&w, WSF__FORMAT_MAJOR, WSF__FORMAT_MINOR + 1);
  assert_int_equal(read_all(w.data, w.length, &err), WSF_E_VERSION);
  assert_non_null(strstr(err.message, "1.1"));
  assert_non_null(strstr(err.message, "1.0"));
  assert_int_equal(err.byte, 8);
  set_version(&w, WSF__FORMAT_MAJOR + 1, 0);
  assert_int_equal(read_all(w.data, w.length, &err), WSF_E_VERSION);
  set_version(&w, 0, 7);
  assert_int_equal(read_all(w.data, w.length, &err), WSF_E_FORMAT);
  set_version(&w, WSF__FORMAT_MAJOR, WSF__FORMAT_MINOR);
  assert_int_equal(read_all(w.data, w.length, &err), WSF_OK);
  wsf__writer_free(&w);
}

static void test_every_bit(void **state) {
  (void)state;
  wsf__writer w = sample(OPTIONAL);
  for (size_t bit = 0; bit < 8 * w.length; ++bit) {
    wsf_error err;
    w.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    assert_int_equal(read_all(w.data, w.length, &err), WSF_E_FORMAT);
    assert_true(err.message[0] && err.byte >= 0 && err.byte <= (int64_t)w.length);
    w.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
  }
  wsf__writer_free(&w);
}

static void test_every_length(void **state) {
  (void)state;
  wsf__writer w = sample(OPTIONAL);
  const uint8_t more[9] = {0};
  for (size_t n = 0; n < w.length; ++n) {
    wsf_error err;
    /* a block of its own, so that ASan sees a step too far */
    uint8_t *cut = malloc(n ? n : 1);
    memcpy(cut, w.data, n);
    assert_int_equal(read_all(cut, n, &err), WSF_E_FORMAT);
    assert_true(err.message[0]);
    free(cut);
  }
  const size_t whole = w.length;
  wsf__write_bytes(&w, more, sizeof more);
  wsf_error err;
  for (size_t n = whole + 1; n <= w.length; ++n) {
    assert_int_equal(read_all(w.data, n, &err), WSF_E_FORMAT);
  }
  wsf__writer_free(&w);
}

/* Damage behind checksums that fit: the table's own rules must hold. */
static void mend(wsf__writer *w, size_t n_sections) {
  const size_t end = 32 + 24 * n_sections;
  const uint32_t crc = wsf__crc32c(0, w->data + 32, 24 * n_sections);
  for (int i = 0; i < 4; ++i) w->data[end + (size_t)i] = (uint8_t)(crc >> (8 * i));
  set_version(w, WSF__FORMAT_MAJOR, WSF__FORMAT_MINOR);
}

static void test_mended_damage(void **state) {
  (void)state;
  static const struct {
    size_t at;
    uint8_t value;
  } damage[] = {
      {24, 2},              /* fewer sections than there are */
      {24, 4},              /* more */
      {27, 0xff},           /* absurdly many */
      {32, 0},              /* a type that is not letters */
      {40, 0},              /* an offset into the header */
      {47, 0x80},           /* a negative offset */
      {48, 6},              /* one byte longer: another checksum */
      {48, 13},             /* longer than its room */
      {55, 0x7f},           /* absurdly long */
      {55, 0xff},           /* negative */
      {32 + 72 + 4, 1},     /* the zero behind the table's checksum */
      {32 + 72 + 8 + 7, 1}, /* padding */
      {16, 0},              /* whole length */
      {23, 0xff},           /* negative whole length */
  };
  for (size_t i = 0; i < sizeof damage / sizeof *damage; ++i) {
    wsf__writer w = sample(OPTIONAL);
    w.data[damage[i].at] = damage[i].value;
    mend(&w, 3);
    wsf_error err;
    assert_int_equal(read_all(w.data, w.length, &err), WSF_E_FORMAT);
    wsf__writer_free(&w);
  }
}

static void test_random_bytes(void **state) {
  (void)state;
  uint8_t bytes[200];
  uint32_t x = 1;
  for (int round = 0; round < 2000; ++round) {
    for (size_t i = 0; i < sizeof bytes; ++i)
      bytes[i] = (uint8_t)((x = x * 1664525 + 1013904223) >> 24);
    if (round & 1) memcpy(bytes, "\x89WSF\r\n\x1a\n", 8);
    wsf_error err;
    assert_int_equal(read_all(bytes, sizeof bytes, &err), WSF_E_FORMAT);
  }
}

static void *refuse(void *user, void *ptr, size_t old_size, size_t new_size) {
  int *left = user;
  if (new_size > 0 && (*left)-- <= 0) return NULL;
  return wsf__alloc_libc.resize(NULL, ptr, old_size, new_size);
}

static void test_write_out_of_memory(void **state) {
  (void)state;
  const uint32_t type[] = {ONE, TWO};
  const wsf__contents c = {.type = type, .n = 2, .write = write_section};
  wsf_status status = WSF_E_MEMORY;
  int k = 0;
  for (; status != WSF_OK; ++k) {
    int left = k;
    const wsf__alloc a = {refuse, &left};
    wsf__writer w;
    wsf__writer_init(&w, &a);
    status = wsf__container_write(&w, &c, NULL);
    assert_true(status == WSF_OK || status == WSF_E_MEMORY);
    wsf__writer_free(&w);
    assert_true(k < 20);
  }
  assert_in_range(k, 4, 20);
}

/* A section of every size around a sink's buffer. */
static void write_long(wsf__writer *w, uint32_t type, const void *user) {
  const int64_t n = *(const int64_t *)user;
  double *x = calloc((size_t)n, sizeof *x);
  assert_non_null(x);
  (void)type;
  for (int64_t i = 0; i < n; ++i) x[i] = (double)i;
  wsf__write_f64s(w, x, n);
  wsf__write_bytes(w, x, (size_t)n);
  free(x);
}

typedef struct heap {
  wsf__writer w;
  size_t refuse_after;
} heap;

static bool pile_up(void *user, const void *bytes, size_t n) {
  heap *h = user;
  assert_in_range(n, 1, 65536);
  if (h->w.length + n > h->refuse_after) return false;
  wsf__write_bytes(&h->w, bytes, n);
  return true;
}

/* Through a sink come the bytes that a writer would hold; one that refuses fails the write. */
static void test_sink(void **state) {
  (void)state;
  static const int64_t length[] = {1, 8191, 8192, 8193, 30000};
  for (size_t i = 0; i < sizeof length / sizeof *length; ++i) {
    const uint32_t type[] = {ONE};
    const wsf__contents c = {.type = type, .n = 1, .write = write_long, .user = &length[i]};
    wsf__writer whole, out;
    heap h = {.refuse_after = SIZE_MAX};
    size_t size = 0;
    wsf__writer_init(&whole, &wsf__alloc_libc);
    wsf__writer_init(&h.w, &wsf__alloc_libc);
    assert_int_equal(wsf__container_write(&whole, &c, NULL), WSF_OK);
    assert_int_equal(wsf__container_size(&size, &wsf__alloc_libc, &c, NULL), WSF_OK);
    assert_int_equal(size, whole.length);
    wsf__writer_to(&out, &wsf__alloc_libc, pile_up, &h);
    assert_int_equal(wsf__container_write(&out, &c, NULL), WSF_OK);
    wsf__writer_flush(&out);
    assert_int_equal(h.w.length, size);
    assert_memory_equal(h.w.data, whole.data, size);
    wsf__writer_free(&out);
    h.refuse_after = h.w.length; /* full */
    wsf__writer_to(&out, &wsf__alloc_libc, pile_up, &h);
    const wsf_status status = wsf__container_write(&out, &c, NULL);
    wsf__writer_flush(&out);
    assert_true(status == WSF_E_MEMORY || out.failed);
    wsf__writer_free(&out);
    wsf__writer_free(&h.w);
    wsf__writer_free(&whole);
  }
}

int test_wire_container(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_container),    cmocka_unit_test(test_unknown_section),
      cmocka_unit_test(test_versions),     cmocka_unit_test(test_every_bit),
      cmocka_unit_test(test_every_length), cmocka_unit_test(test_mended_damage),
      cmocka_unit_test(test_random_bytes), cmocka_unit_test(test_write_out_of_memory),
      cmocka_unit_test(test_sink),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
