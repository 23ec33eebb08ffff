/* Named sources of a context and of its forks, and where paths lead. */
#include "support.h"

#include "wire/access.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int destroyed;

static void destroy(void *user) {
  destroyed += *(int *)user;
}

static wsf__access *fresh(wsf__access *parent) {
  wsf__access *x = wsf__access_create(&wsf__alloc_libc, parent);
  assert_non_null(x);
  return x;
}

static void add(wsf__access *x, const char *name, const char *text, int *worth) {
  const wsf__source source = {
      .bytes = text, .size = strlen(text), .destroy = worth ? destroy : NULL, .user = worth};
  assert_int_equal(wsf__access_add(x, name, &source, NULL), WSF_OK);
}

static void expect(wsf__access *x, const char *name, const char *text) {
  const wsf__source *found = wsf__access_find(x, name);
  if (text)
    assert_string_equal(found->bytes, text);
  else
    assert_null(found);
  wsf__source_release(found);
}

static void test_fork_sees_its_parent(void **state) {
  (void)state;
  int one = 1, ten = 10;
  destroyed = 0;
  wsf__access *parent = fresh(NULL);
  add(parent, "a", "parent's a", &one);
  wsf__access *fork = fresh(parent), *other = fresh(fork);
  expect(fork, "a", "parent's a");
  expect(other, "a", "parent's a");
  add(parent, "b", "later", NULL);
  expect(fork, "b", "later");
  add(fork, "a", "own a", &ten);
  expect(fork, "a", "own a");
  expect(other, "a", "own a");
  expect(parent, "a", "parent's a");
  wsf_error err;
  assert_int_equal(wsf__access_remove(fork, "b", &err), WSF_E_NAME); /* only the parent's */
  assert_int_equal(wsf__access_remove(fork, "a", &err), WSF_OK);
  assert_int_equal(destroyed, 10);
  expect(fork, "a", "parent's a");
  expect(fork, "c", NULL);
  expect(NULL, "a", NULL);
  /* the parent's sources live as long as its forks, and as long as they are read */
  const wsf__source *held = wsf__access_find(other, "a");
  wsf__access_release(parent);
  wsf__access_release(fork);
  expect(other, "b", "later");
  wsf__access_release(other);
  assert_int_equal(destroyed, 10);
  assert_string_equal(held->bytes, "parent's a");
  wsf__source_release(held);
  assert_int_equal(destroyed, 11);
  wsf__source_release(NULL);
  wsf__access_release(NULL);
}

static void test_fork_is_confined_too(void **state) {
  (void)state;
  char folder[] = "/tmp/wsf-access-XXXXXX", file[64];
  assert_non_null(mkdtemp(folder));
  (void)snprintf(file, sizeof file, "%s/in.csv", folder);
  const int made = open(file, O_WRONLY | O_CREAT, 0600);
  assert_true(made >= 0);
  (void)close(made);
  wsf__access *parent = fresh(NULL), *none = fresh(NULL);
  assert_int_equal(wsf__access_confine(parent, folder, NULL), WSF_OK);
  assert_int_equal(wsf__access_confine(none, "none", NULL), WSF_OK);
  wsf__access *fork = fresh(parent), *neither = fresh(none);
  const int parent_folder = open(folder, O_RDONLY | O_DIRECTORY);
  assert_true(parent_folder >= 0);
  wsf__access_release(parent); /* the folder stays open for the fork */
  wsf__place at;
  assert_int_equal(wsf__place_find(&at, fork, "./in.csv", NULL), WSF_OK);
  const int fd = wsf__place_open(&at, O_RDONLY, false);
  assert_true(fd >= 0);
  (void)close(fd);
  wsf__place_leave(&at);
  wsf_error refused;
  assert_int_equal(wsf__access_confine(fork, "any", &refused), WSF_E_VALUE);
  assert_int_equal(wsf__access_confine(fork, "/tmp", &refused), WSF_E_IO);
  assert_int_equal(wsf__access_confine(fork, "..", &refused), WSF_E_IO);
  assert_int_equal(wsf__access_confine(neither, folder, &refused), WSF_E_IO);
  assert_int_equal(mkdirat(parent_folder, "sub", 0700), 0);
  assert_int_equal(symlinkat("/tmp", parent_folder, "link"), 0);
  wsf__access *deeper = fresh(fork);
  assert_int_equal(wsf__access_confine(deeper, "link", &refused), WSF_E_IO);
  assert_int_equal(wsf__access_confine(deeper, "sub", NULL), WSF_OK);
  assert_int_equal(wsf__place_find(&at, deeper, "../in.csv", NULL), WSF_E_IO);
  assert_int_equal(wsf__access_confine(deeper, "none", NULL), WSF_OK);
  wsf__access_release(deeper);
  (void)unlinkat(parent_folder, "sub", AT_REMOVEDIR);
  (void)unlinkat(parent_folder, "link", 0);
  (void)close(parent_folder);
  static const char *const out[] = {"/etc/passwd", "../in.csv", "a/../../b", "", "in.csv/", "."};
  for (int i = 0; i < 5; ++i) {
    wsf_error err;
    if (wsf__place_find(&at, fork, out[i], &err) == WSF_OK) fail_msg("%s", out[i]);
    assert_int_equal(err.status, WSF_E_IO);
  }
  assert_int_equal(wsf__place_find(&at, neither, "in.csv", NULL), WSF_E_IO);
  assert_int_equal(wsf__place_find(&at, NULL, "/any/path", NULL), WSF_OK);
  assert_false(at.confined);
  wsf__access_release(none);
  wsf__access_release(neither);
  wsf__access_release(fork);
  (void)unlink(file);
  (void)rmdir(folder);
}

int test_wire_access(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fork_sees_its_parent),
      cmocka_unit_test(test_fork_is_confined_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
