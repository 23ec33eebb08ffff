/* Paths that a context may not open: every way out of its folder is planted and refused, and no
 * message shows what lies outside. */
#include "api_support.h"

#include <sys/stat.h>
#include <unistd.h>

#define SECRET "a_secret_column"
static char outside[64]; /* holds secret.csv and the folder `in`, which holds sales.csv */

static const char *path_of(const char *name) {
  static char path[2][256];
  static int turn;
  turn = !turn;
  (void)snprintf(path[turn], sizeof path[turn], "%s/%s", outside, name);
  return path[turn];
}

static void write_file(const char *name, const char *text) {
  FILE *f = fopen(path_of(name), "wb");
  assert_non_null(f);
  assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
  assert_int_equal(fclose(f), 0);
}

static int plant(void **state) {
  (void)state;
  (void)snprintf(outside, sizeof outside, "/tmp/wsf-paths-XXXXXX");
  if (!mkdtemp(outside)) return -1;
  (void)mkdir(path_of("in"), 0700);
  (void)mkdir(path_of("in/deep"), 0700);
  (void)mkdir(path_of("other"), 0700);
  write_file("secret.csv", SECRET ",t\n1,1\n2,2\n");
  write_file("other/secret.csv", SECRET ",t\n1,1\n2,2\n");
  write_file("in/sales.csv", "t,y\n1,1\n2,2\n3,3\n");
  write_file("in/deep/sales.csv", "t,y\n1,1\n2,2\n3,4\n");
  write_file("in/more.csv", "t,x\n1,1\n2,2\n3,3\n");
  int failed = symlink(path_of("secret.csv"), path_of("in/link.csv"));
  failed |= symlink("../secret.csv", path_of("in/near.csv"));
  failed |= symlink("nowhere.csv", path_of("in/broken.csv"));
  failed |= symlink("sales.csv", path_of("in/inside.csv"));
  failed |= symlink("../other", path_of("in/door"));
  failed |= mkfifo(path_of("in/pipe"), 0600);
  return failed;
}

static int clear(void **state) {
  (void)state;
  static const char *const file[] = {
      "in/pipe",     "in/door",      "in/inside.csv",     "in/broken.csv", "in/near.csv",
      "in/link.csv", "in/more.csv",  "in/deep/sales.csv", "in/sales.csv",  "other/secret.csv",
      "secret.csv",  "in/saved.wsf", "in/deep/saved.wsf"};
  for (size_t i = 0; i < sizeof file / sizeof *file; ++i) (void)unlink(path_of(file[i]));
  (void)rmdir(path_of("in/deep"));
  (void)rmdir(path_of("in"));
  (void)rmdir(path_of("other"));
  return rmdir(outside); /* fails if anything was written outside */
}

static wsf_context *confined(void) {
  char options[128];
  (void)snprintf(options, sizeof options, "paths=\"%s\"", path_of("in"));
  return new_context(options);
}

/* All that a refusal says. */
static void assert_silent(const wsf_error *err) {
  assert_int_equal(err->status, WSF_E_IO);
  assert_null(strstr(err->message, SECRET));
  assert_null(strstr(err->field, SECRET));
}

/* Ways to read what is outside, and things inside that are no plain files. */
static const char *const escapes[] = {
    "../secret.csv",
    "deep/../../secret.csv",
    "./../secret.csv",
    "deep/./../../secret.csv",
    "..//secret.csv",
    "link.csv",
    "near.csv",
    "broken.csv",
    "inside.csv",
    "door/secret.csv",
    "door/../secret.csv",
    "door/",
    "deep",
    "deep/",
    "..",
    ".",
    "/",
    "pipe",
    "/etc/passwd",
    "//etc/passwd",
};
enum { ESCAPES = sizeof escapes / sizeof *escapes };

static void refuse(wsf_context *ctx, const char *path) {
  char expr[512], folder[300];
  wsf_error err;
  wsf_dataset *ds = NULL;
  wsf_forecaster *f = NULL;
  (void)snprintf(expr, sizeof expr, "csv(\"%s\", target=y)", path);
  if (wsf_dataset_open(&ds, ctx, expr, &err) == WSF_OK) fail_msg("%s was opened", path);
  assert_silent(&err);
  (void)snprintf(expr, sizeof expr, "simulate(stores=1, depts=1) | join(\"%s\", on=[Store])", path);
  if (wsf_dataset_open(&ds, ctx, expr, &err) == WSF_OK) fail_msg("%s was joined", path);
  assert_silent(&err);
  (void)snprintf(folder, sizeof folder, "walmart(\"%s\")", path);
  assert_int_equal(wsf_dataset_open(&ds, ctx, folder, &err), WSF_E_IO);
  assert_silent(&err);
  if (wsf_forecaster_load(&f, ctx, path, &err) == WSF_OK) fail_msg("%s was loaded", path);
  assert_silent(&err);
}

static void test_reading_stays_inside(void **state) {
  (void)state;
  wsf_context *ctx = confined();
  wsf_dataset *ds = NULL;
  static const char *const good[] = {
      "csv(\"sales.csv\", target=y, time=t)", "csv(\"deep/sales.csv\", target=y, time=t)",
      "csv(\"./deep//sales.csv\", target=y, time=t)",
      "csv(\"sales.csv\", target=y, time=t) | join(\"more.csv\", on=[t])"};
  for (size_t i = 0; i < sizeof good / sizeof *good; ++i) {
    CALL(wsf_dataset_open(&ds, ctx, good[i], &err));
    wsf_dataset_release(ds);
  }
  for (int i = 0; i < ESCAPES; ++i) refuse(ctx, escapes[i]);
  refuse(ctx, path_of("secret.csv"));
  refuse(ctx, path_of("in/sales.csv")); /* absolute, though it leads inside */
  char longer[2000];
  memset(longer, 'a', sizeof longer);
  longer[300] = '\0';
  wsf_error err;
  wsf_forecaster *f = NULL;
  assert_int_equal(wsf_forecaster_load(&f, ctx, longer, &err), WSF_E_IO);
  /* whether something is there outside is not told either */
  wsf_error there, not_there;
  assert_int_equal(wsf_forecaster_load(&f, ctx, "../secret.csv", &there), WSF_E_IO);
  assert_int_equal(wsf_forecaster_load(&f, ctx, "../nothing.csv", &not_there), WSF_E_IO);
  assert_string_equal(there.message, not_there.message);
  assert_int_equal(wsf_forecaster_load(&f, ctx, "link.csv", &there), WSF_E_IO);
  assert_int_equal(wsf_forecaster_load(&f, ctx, "broken.csv", &not_there), WSF_E_IO);
  assert_string_equal(there.message, not_there.message);
  wsf_context_release(ctx);
}

static void test_saving_stays_inside(void **state) {
  (void)state;
  wsf_context *ctx = confined();
  wsf_dataset *ds = sample(ctx);
  wsf_forecaster *f = fitted(ctx, "naive", ds), *again = NULL;
  CALL(wsf_forecaster_save(f, "saved.wsf", &err));
  CALL(wsf_forecaster_save(f, "saved.wsf", &err)); /* over the old one */
  CALL(wsf_forecaster_save(f, "deep/saved.wsf", &err));
  CALL(wsf_forecaster_load(&again, ctx, "deep/saved.wsf", &err));
  wsf_forecaster_release(again);
  assert_int_equal(access(path_of("in/saved.wsf"), F_OK), 0);
  static const char *const out[] = {
      "../saved.wsf",
      "deep/../../saved.wsf",
      "link.csv",
      "near.csv",
      "inside.csv",
      "broken.csv",
      "door/saved.wsf",
      "door",
      "deep",
      "deep/",
      ".",
      "..",
      "",
      "pipe",
      "no/folder.wsf",
  };
  for (size_t i = 0; i < sizeof out / sizeof *out; ++i) {
    wsf_error err;
    if (wsf_forecaster_save(f, out[i], &err) == WSF_OK) fail_msg("%s was written", out[i]);
    assert_silent(&err);
  }
  FAILS(WSF_E_IO, wsf_forecaster_save(f, path_of("saved.wsf"), err));
  FAILS(WSF_E_IO, wsf_forecaster_save(f, path_of("in/saved.wsf"), err));
  /* what lay outside is as it was */
  struct stat s;
  assert_int_equal(stat(path_of("secret.csv"), &s), 0);
  assert_int_equal(s.st_size, strlen(SECRET ",t\n1,1\n2,2\n"));
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

/* The folder is held from the first moment: another in its place is not the one. */
static void test_folder_is_held(void **state) {
  (void)state;
  wsf_context *ctx = confined();
  wsf_dataset *ds = NULL;
  assert_int_equal(rename(path_of("in"), path_of("moved")), 0);
  assert_int_equal(symlink("other", path_of("in")), 0);
  CALL(wsf_dataset_open(&ds, ctx, "csv(\"sales.csv\", target=y, time=t)", &err));
  wsf_dataset_release(ds);
  refuse(ctx, "secret.csv");
  assert_int_equal(unlink(path_of("in")), 0);
  assert_int_equal(rename(path_of("moved"), path_of("in")), 0);
  wsf_context_release(ctx);
}

static void test_no_paths_at_all(void **state) {
  (void)state;
  wsf_context *ctx = new_context("paths=none");
  for (int i = 0; i < ESCAPES; ++i) refuse(ctx, escapes[i]);
  refuse(ctx, path_of("secret.csv"));
  refuse(ctx, path_of("nothing.csv"));
  wsf_error there, not_there;
  wsf_forecaster *none = NULL;
  assert_int_equal(wsf_forecaster_load(&none, ctx, path_of("secret.csv"), &there), WSF_E_IO);
  assert_int_equal(wsf_forecaster_load(&none, ctx, path_of("nothing.csv"), &not_there), WSF_E_IO);
  assert_string_equal(there.message, not_there.message);
  /* sources are read, models written to memory */
  static const char *const rows = "t,y\n1,1\n2,2\n3,3\n";
  wsf_dataset *ds = NULL;
  CALL(wsf_context_add_bytes(ctx, "sales", rows, strlen(rows), NULL, NULL, &err));
  CALL(wsf_dataset_open(&ds, ctx, "csv(\"sales\", target=y, time=t)", &err));
  wsf_forecaster *f = fitted(ctx, "naive", ds);
  FAILS(WSF_E_IO, wsf_forecaster_save(f, path_of("saved.wsf"), err));
  size_t size;
  CALL(wsf_forecaster_write(f, NULL, 0, &size, &err));
  wsf_forecaster_release(f);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
}

static void test_option(void **state) {
  (void)state;
  wsf_context *ctx = NULL;
  char options[128];
  FAILS(WSF_E_IO, wsf_context_create(&ctx, "paths=\"/no/such/folder\"", NULL, NULL, err));
  (void)snprintf(options, sizeof options, "paths=\"%s\"", path_of("in/sales.csv"));
  FAILS(WSF_E_IO, wsf_context_create(&ctx, options, NULL, NULL, err));
  assert_null(ctx);
  ctx = new_context("paths=any");
  wsf_dataset *ds = NULL;
  char expr[256];
  (void)snprintf(expr, sizeof expr, "csv(\"%s\", target=y, time=t)", path_of("in/inside.csv"));
  CALL(wsf_dataset_open(&ds, ctx, expr, &err)); /* links are followed where any path is allowed */
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  /* any path of a confined context is whatever that may open */
  wsf_context *fork = NULL;
  ctx = new_context("paths=none");
  CALL(wsf_context_fork(&fork, ctx, "paths=any", &err));
  FAILS(WSF_E_IO, wsf_dataset_open(&ds, fork, expr, err));
  wsf_context_release(fork);
  wsf_context_release(ctx);
}

int test_api_paths(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_reading_stays_inside),
      cmocka_unit_test(test_saving_stays_inside),
      cmocka_unit_test(test_folder_is_held),
      cmocka_unit_test(test_no_paths_at_all),
      cmocka_unit_test(test_option),
  };
  return cmocka_run_group_tests(tests, plant, clear);
}
