#include "support.h"

#include "wire/wire.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char folder[256];
static wsf__env env;

static int make_folder(void **state) {
  (void)state;
  const char *base = getenv("TMPDIR");
  (void)snprintf(folder, sizeof folder, "%s/wsf-file-XXXXXX", base && *base ? base : "/tmp");
  return mkdtemp(folder) && wsf__env_init(&env, &wsf__alloc_libc) ? 0 : -1;
}

static const char *path_of(const char *name) {
  static char path[512];
  (void)snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

/* Files in the folder; removes them if asked. */
static int count_files(int remove_them) {
  int n = 0;
  DIR *d = opendir(folder);
  assert_non_null(d);
  for (struct dirent *e; (e = readdir(d));) {
    if (e->d_name[0] == '.') continue;
    ++n;
    if (remove_them) (void)remove(path_of(e->d_name));
  }
  (void)closedir(d);
  return n;
}

static int drop_folder(void **state) {
  (void)state;
  (void)count_files(1);
  wsf__env_free(&env);
  return rmdir(folder);
}

typedef struct piece {
  const void *bytes;
  size_t n;
} piece;

static wsf_status fill(wsf__writer *w, const void *user, wsf_error *err) {
  const piece *p = user;
  (void)err;
  wsf__write_bytes(w, p->bytes, p->n);
  return WSF_OK;
}

static wsf_status save(const char *path, const void *bytes, size_t n, wsf_error *err) {
  const piece p = {bytes, n};
  return wsf__file_save(&env, path, fill, &p, err);
}

static void expect_file(const char *name, const void *bytes, size_t n) {
  uint8_t *loaded;
  size_t length;
  assert_int_equal(wsf__file_load(&loaded, &length, &env, path_of(name), NULL, NULL), WSF_OK);
  assert_int_equal(length, n);
  assert_memory_equal(loaded, bytes, n);
  wsf__delete(&wsf__alloc_libc, loaded);
}

static void test_save_and_load(void **state) {
  (void)state;
  assert_int_equal(save(path_of("a"), "first", 5, NULL), WSF_OK);
  expect_file("a", "first", 5);
  assert_int_equal(save(path_of("a"), "second!", 7, NULL), WSF_OK);
  expect_file("a", "second!", 7);
  assert_int_equal(save(path_of("empty"), "", 0, NULL), WSF_OK);
  expect_file("empty", "", 0);
  assert_int_equal(count_files(1), 2);
}

static void test_umask_is_followed(void **state) {
  (void)state;
  const mode_t old = umask(027);
  assert_int_equal(save(path_of("a"), "x", 1, NULL), WSF_OK);
  (void)umask(old);
  struct stat s;
  assert_int_equal(stat(path_of("a"), &s), 0);
  assert_int_equal(s.st_mode & 0777, 0640);
  (void)count_files(1);
}

static void test_errors(void **state) {
  (void)state;
  wsf_error err;
  uint8_t *bytes;
  size_t length;
  assert_int_equal(wsf__file_load(&bytes, &length, &env, path_of("none"), NULL, &err), WSF_E_IO);
  assert_non_null(strstr(err.file, "none"));
  assert_null(bytes);
  assert_int_equal(wsf__file_load(&bytes, &length, &env, folder, NULL, &err), WSF_E_IO);
  assert_int_equal(wsf__file_load(&bytes, &length, &env, "/dev/zero", NULL, &err), WSF_E_IO);
  assert_int_equal(save(path_of("no/such/folder"), "x", 1, &err), WSF_E_IO);
  assert_int_equal(save(folder, "x", 1, &err), WSF_E_IO);
  assert_int_equal(save("/dev/null", "x", 1, &err), WSF_E_IO);
  char *longer = malloc(6000);
  memset(longer, 'a', 5999);
  longer[5999] = '\0';
  assert_int_equal(save(longer, "x", 1, &err), WSF_E_IO);
  free(longer);
  assert_int_equal(count_files(0), 0);
}

/* Every name that a file may have: 255 bytes, letters of several bytes among them. */
static void test_long_names(void **state) {
  (void)state;
  char name[256] = "";
  for (int i = 0; i < 255; ++i) name[i] = (char)('a' + i % 26);
  assert_int_equal(save(path_of(name), "long", 4, NULL), WSF_OK);
  expect_file(name, "long", 4);
  for (int i = 0; i < 252; i += 3) memcpy(name + i, "\xe2\x82\xac", 3);
  assert_int_equal(save(path_of(name), "euro", 4, NULL), WSF_OK);
  expect_file(name, "euro", 4);
  assert_int_equal(count_files(1), 2);
}

/* What a process of the same number left behind is in nobody's way. */
static void test_left_over_files(void **state) {
  (void)state;
  for (int i = 0; i < 100; ++i) {
    char name[64];
    (void)snprintf(name, sizeof name, "a.%ld-%d.tmp", (long)getpid(), i);
    FILE *left = fopen(path_of(name), "wb");
    assert_non_null(left);
    (void)fclose(left);
  }
  assert_int_equal(save(path_of("a"), "x", 1, NULL), WSF_OK);
  assert_int_equal(count_files(1), 101);
}

/* A file-size limit stands for the full disk: the write stops half-way, the old file stays whole
 * and nothing is left behind. */
static void test_disk_full(void **state) {
  (void)state;
  assert_int_equal(save(path_of("a"), "old", 3, NULL), WSF_OK);
  uint8_t *big = calloc(1, 100000);
  struct rlimit before, small;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  small = before;
  small.rlim_cur = 4096;
  void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  wsf_error err;
  const wsf_status status = save(path_of("a"), big, 100000, &err);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  (void)signal(SIGXFSZ, handler);
  free(big);
  assert_int_equal(status, WSF_E_IO);
  expect_file("a", "old", 3);
  assert_int_equal(count_files(1), 1);
}

/* A child saves over and over and is killed; whatever the moment, one whole file is there. */
static void test_killed(void **state) {
  (void)state;
  enum { BYTES = 200000 };
  uint8_t *big = malloc(BYTES);
  memset(big, 'o', BYTES);
  assert_int_equal(save(path_of("a"), big, BYTES, NULL), WSF_OK);
  for (int round = 0; round < 20; ++round) {
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
      for (int i = 0;; ++i) {
        memset(big, 'a' + i % 26, BYTES);
        if (save(path_of("a"), big, BYTES, NULL) != WSF_OK) _exit(1);
      }
    }
    const struct timespec nap = {0, 1000000 + 777000 * round};
    (void)nanosleep(&nap, NULL);
    (void)kill(child, SIGKILL);
    (void)waitpid(child, NULL, 0);
    uint8_t *loaded;
    size_t length;
    assert_int_equal(wsf__file_load(&loaded, &length, &env, path_of("a"), NULL, NULL), WSF_OK);
    assert_int_equal(length, BYTES);
    for (size_t i = 1; i < length; ++i) assert_true(loaded[i] == loaded[0]);
    wsf__delete(&wsf__alloc_libc, loaded);
  }
  free(big);
  (void)count_files(1);
}

int test_wire_file(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_save_and_load), cmocka_unit_test(test_umask_is_followed),
      cmocka_unit_test(test_errors),        cmocka_unit_test(test_disk_full),
      cmocka_unit_test(test_long_names),    cmocka_unit_test(test_left_over_files),
      cmocka_unit_test(test_killed),
  };
  return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
