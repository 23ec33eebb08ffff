/* Compressed files, known by their content. The bytes were made by gzip 1.12 and zstd 1.5.4 of
 * "t,y\n2019-01-01,1\n2019-01-02,2\n". */
#include "data_support.h"

#include "wire/unpack.h"

static wsf__env *env;

static const unsigned char gz[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03,
                                   0x2b, 0xd1, 0xa9, 0xe4, 0x32, 0x32, 0x30, 0xb4, 0xd4, 0x35,
                                   0x30, 0x04, 0x22, 0x1d, 0x43, 0x04, 0xc7, 0x48, 0xc7, 0x88,
                                   0x0b, 0x00, 0x7c, 0xfc, 0xe8, 0x3c, 0x1e, 0x00, 0x00, 0x00};
static const unsigned char zst[] = {0x28, 0xb5, 0x2f, 0xfd, 0x24, 0x1e, 0xd5, 0x00, 0x00, 0xa0,
                                    0x74, 0x2c, 0x79, 0x0a, 0x32, 0x30, 0x31, 0x39, 0x2d, 0x30,
                                    0x31, 0x2d, 0x30, 0x31, 0x2c, 0x31, 0x32, 0x2c, 0x32, 0x0a,
                                    0x01, 0x00, 0x60, 0x9b, 0x4b, 0x08, 0xf3, 0xbc, 0xae};
/* Three million times "1". */
static const unsigned char zst_bomb[] = {
    0x28, 0xb5, 0x2f, 0xfd, 0xa4, 0xc0, 0xc6, 0x2d, 0x00, 0x4c, 0x00, 0x00, 0x08, 0x31, 0x01,
    0x00, 0xfc, 0xff, 0x39, 0x10, 0x02, 0x02, 0x00, 0x10, 0x31, 0x02, 0x00, 0x10, 0x31, 0x02,
    0x00, 0x10, 0x31, 0x02, 0x00, 0x10, 0x31, 0x02, 0x00, 0x10, 0x31, 0x02, 0x00, 0x10, 0x31,
    0x02, 0x00, 0x10, 0x31, 0x02, 0x00, 0x10, 0x31, 0x02, 0x00, 0x10, 0x31, 0x02, 0x00, 0x10,
    0x31, 0x02, 0x00, 0x10, 0x31, 0x02, 0x00, 0x10, 0x31, 0x02, 0x00, 0x10, 0x31, 0x02, 0x00,
    0x10, 0x31, 0x02, 0x00, 0x10, 0x31, 0x02, 0x00, 0x10, 0x31, 0x02, 0x00, 0x10, 0x31, 0x02,
    0x00, 0x10, 0x31, 0x02, 0x00, 0x10, 0x31, 0x02, 0x00, 0x10, 0x31, 0x02, 0x00, 0x10, 0x31,
    0x03, 0x36, 0x0e, 0x31, 0x6a, 0x36, 0x92, 0x74};

static wsf_status open_packed(wsf__panel **p, const void *bytes, size_t length, wsf_error *err) {
  char *path = file_of(bytes, length), text[128];
  (void)snprintf(text, sizeof text, "csv(\"%s\", time=t, target=y)", path);
  const wsf_status status = open_data(p, env, text, err);
  (void)unlink(path);
  free(path);
  return status;
}

static void loads(const void *bytes, size_t length, double sum) {
  wsf__panel *p;
  wsf_error err;
  if (open_packed(&p, bytes, length, &err) != WSF_OK) fail_msg("%s", err.message);
  assert_true(panel_sum(p) == sum);
  wsf__panel_release(p);
}

static void test_both_forms(void **state) {
  (void)state;
  loads(gz, sizeof gz, 3);
  loads(zst, sizeof zst, 3);
  /* Two members behind each other are one file: here the second one's header is a row too many. */
  unsigned char twice[2 * (sizeof gz + sizeof zst)];
  memcpy(twice, gz, sizeof gz);
  memcpy(twice + sizeof gz, gz, sizeof gz);
  memset(twice + 2 * sizeof gz, 0, 5);
  char *out;
  size_t n;
  wsf_error err;
  assert_int_equal(wsf__unpack(WSF__GZIP, (char *)twice, 2 * sizeof gz + 5, env, &out, &n, &err),
                   WSF_OK);
  assert_int_equal(n, 60);
  assert_memory_equal(out, out + 30, 30);
  wsf__delete(&env->alloc, out);
  memcpy(twice, zst, sizeof zst);
  memcpy(twice + sizeof zst, zst, sizeof zst);
  assert_int_equal(wsf__unpack(WSF__ZSTD, (char *)twice, 2 * sizeof zst, env, &out, &n, &err),
                   WSF_OK);
  assert_int_equal(n, 60);
  wsf__delete(&env->alloc, out);
}

/* Every byte changed and every length cut: an error, or what was there. */
static void test_damage(void **state) {
  (void)state;
  const struct {
    const unsigned char *bytes;
    size_t n;
    wsf__packing packing;
  } form[] = {{gz, sizeof gz, WSF__GZIP}, {zst, sizeof zst, WSF__ZSTD}};
  env->limits.most[WSF__MOST_bytes] = 1 << 20;
  for (size_t f = 0; f < 2; ++f) {
    unsigned char copy[128];
    char *out;
    size_t n;
    wsf_error err;
    for (size_t i = 0; i < form[f].n; ++i) {
      memcpy(copy, form[f].bytes, form[f].n);
      copy[i] ^= 0x41;
      if (wsf__unpack(form[f].packing, (char *)copy, form[f].n, env, &out, &n, &err) == WSF_OK)
        wsf__delete(&env->alloc, out);
      assert_int_not_equal(
          wsf__unpack(form[f].packing, (const char *)form[f].bytes, i, env, &out, &n, &err),
          WSF_OK);
    }
  }
  env->limits.most[WSF__MOST_bytes] = 0;
  wsf__panel *p;
  wsf_error err;
  assert_int_equal(open_packed(&p, gz, sizeof gz - 9, &err), WSF_E_DATA);
  assert_string_equal(err.message, "the gzip data is damaged or cut off");
}

static void test_what_comes_out_is_bounded(void **state) {
  (void)state;
  wsf__panel *p;
  wsf_error err;
  env->limits.most[WSF__MOST_bytes] = 1000000;
  assert_int_equal(open_packed(&p, zst_bomb, sizeof zst_bomb, &err), WSF_E_LIMIT);
  env->limits.most[WSF__MOST_bytes] = 0;
}

static int64_t until_failure;
static void *failing_resize(void *user, void *ptr, size_t old_size, size_t new_size) {
  if (new_size > 0 && --until_failure == 0) return NULL;
  return wsf__alloc_libc.resize(user, ptr, old_size, new_size);
}

static void test_every_allocation_may_fail(void **state) {
  (void)state;
  wsf__env poor = *env;
  poor.alloc.resize = failing_resize;
  for (int f = 0; f < 2; ++f) {
    wsf_status status = WSF_E_MEMORY;
    for (int64_t k = 1; status != WSF_OK; ++k) {
      char *out;
      size_t n;
      wsf_error err;
      until_failure = k;
      status = f ? wsf__unpack(WSF__ZSTD, (const char *)zst, sizeof zst, &poor, &out, &n, &err)
                 : wsf__unpack(WSF__GZIP, (const char *)gz, sizeof gz, &poor, &out, &n, &err);
      assert_true(k < 100);
      if (status == WSF_OK)
        wsf__delete(&poor.alloc, out);
      else
        assert_int_equal(status, WSF_E_MEMORY);
    }
  }
}

static int setup(void **state) {
  const int failed = env_setup(state);
  env = *state;
  return failed;
}

int test_csv_packed(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_both_forms),
      cmocka_unit_test(test_damage),
      cmocka_unit_test(test_what_comes_out_is_bounded),
      cmocka_unit_test(test_every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, setup, env_teardown);
}
