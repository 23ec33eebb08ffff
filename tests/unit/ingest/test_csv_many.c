/* Several files as one table. */
#include "data_support.h"

#include <sys/stat.h>

static wsf__env *env;
static char folder[] = "/tmp/wsf-many-XXXXXX";

static void put(const char *name, const char *text) {
  char path[128];
  (void)snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  assert_true(fputs(text, f) >= 0);
  assert_int_equal(fclose(f), 0);
}

/* `paths` holds %s for the folder, once or twice. */
static wsf_status open_many(wsf__panel **p, const char *paths, const char *options,
                            wsf_error *err) {
  char list[256], text[512];
  (void)snprintf(list, sizeof list, paths, folder, folder);
  (void)snprintf(text, sizeof text, "csv(%s, time=t, target=y%s)", list, options);
  return open_data(p, env, text, err);
}

static void test_files_in_a_row(void **state) {
  (void)state;
  static const char *const paths[] = {"\"%s/s_?.csv\"", "[\"%s/s_1.csv\",\"%s/s_2.csv\"]",
                                      "\"%s/*.csv\""};
  for (size_t i = 0; i < 3; ++i) {
    wsf__panel *p;
    wsf_error err;
    if (open_many(&p, paths[i], ", past=none", &err) != WSF_OK) fail_msg("%s", err.message);
    assert_int_equal(p->T, 31);
    assert_true(panel_sum(p) == 1 + 2 + 3.5);
    /* The last file tells how the first is to be read. */
    assert_int_equal(wsf__calendar_value(&p->calendar, 0), wsf__days_from_civil(2019, 1, 1));
    assert_int_equal(reported(p, "rows read"), 4);
    assert_int_equal(reported(p, "cells rejected: not a number"), 1);
    const wsf_table *t = p->report;
    int64_t files = 0, placed = 0;
    for (int64_t r = 0; r < wsf_table_rows(t); ++r) {
      const char *item = wsf_table_text(t, wsf_table_find(t, "item"), r, NULL);
      const char *file = wsf_table_text(t, wsf_table_find(t, "file"), r, NULL);
      files += strcmp(item, "file") == 0;
      if (strcmp(item, "cells rejected: not a number") != 0) continue;
      assert_non_null(strstr(file, "s_2.csv"));
      assert_int_equal(wsf_table_i64(t, wsf_table_find(t, "line"))[r], 5);
      ++placed;
    }
    assert_int_equal(files, 2);
    assert_int_equal(placed, 1);
    wsf__panel_release(p);
  }
}

static void test_what_goes_wrong_names_its_file(void **state) {
  (void)state;
  static const struct {
    const char *paths, *message, *file;
  } bad[] = {
      {"[\"%s/s_1.csv\",\"%s/order.txt\"]", "column 1 is \"y\"; \"t\" was expected, as in ",
       "order.txt"},
      {"[\"%s/s_1.csv\",\"%s/more.txt\"]", "column 3 is \"w\"; \"no more\" was expected, as in ",
       "more.txt"},
      {"[\"%s/s_1.csv\",\"%s/comma.txt\"]", "the file has other delimiters or ends of lines than ",
       "comma.txt"},
      {"[\"%s/s_1.csv\",\"%s/twice.txt\"]", "t 2019-01-01 stands here again after line 2 of ",
       "twice.txt"},
      {"[\"%s/s_1.csv\",\"%s/nothing.txt\"]", "the file could not be opened: no such file",
       "nothing.txt"},
      {"\"%s/q*.csv\"", "no file matches", "q*.csv"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
    wsf__panel *p;
    wsf_error err;
    assert_int_not_equal(open_many(&p, bad[i].paths, "", &err), WSF_OK);
    if (strncmp(err.message, bad[i].message, strlen(bad[i].message)) != 0) {
      fail_msg("%s, not %s", err.message, bad[i].message);
    }
    if (!strstr(err.file, bad[i].file)) fail_msg("%s, not %s", err.file, bad[i].file);
    if (strstr(err.message, "again")) assert_int_equal(err.row, 3);
  }
}

static void test_a_name_with_a_star_is_a_name(void **state) {
  (void)state;
  put("a*b", "t;y\n2019-01-01;7\n");
  wsf__panel *p;
  wsf_error err;
  if (open_many(&p, "\"%s/a*b\"", ", freq=day", &err) != WSF_OK) fail_msg("%s", err.message);
  assert_true(panel_sum(p) == 7);
  wsf__panel_release(p);
}

/* Each file is decoded by itself, and once. */
static void test_encodings(void **state) {
  (void)state;
  put("a*b", "t;y;k\n2019-01-01;7;J\xf6rg\n");
  put("order.txt", "t;y;k\n2019-01-02;8;J\xc3\xb6rg\n");
  static const char *const options[] = {", keys=k", ", keys=k, encoding=latin1",
                                        ", keys=k, encoding=ISO-8859-1"};
  for (int i = 0; i < 3; ++i) {
    wsf__panel *p;
    wsf_error err;
    const char *paths = i ? "[\"%s/a*b\",\"%s/a*b\"]" : "[\"%s/a*b\",\"%s/order.txt\"]";
    char all[64];
    (void)snprintf(all, sizeof all, "%s, duplicates=sum", options[i]);
    if (open_many(&p, paths, all, &err) != WSF_OK) fail_msg("%s", err.message);
    assert_int_equal(p->n, 1);
    assert_string_equal(wsf__panel_key_label(p, 0, 0), "J\xc3\xb6rg");
    wsf__panel_release(p);
  }
}

static void test_limits_count_all_files(void **state) {
  (void)state;
  wsf__panel *p;
  wsf_error err;
  env->limits.most[WSF__MOST_bytes] = 50;
  assert_int_equal(open_many(&p, "\"%s/s_?.csv\"", "", &err), WSF_E_LIMIT);
  env->limits.most[WSF__MOST_bytes] = 0;
}

static int setup(void **state) {
  const int failed = env_setup(state);
  env = *state;
  if (!mkdtemp(folder)) return -1;
  put("s_1.csv", "t;y\n01/01/2019;1\n02/01/2019;2\n");
  put("s_2.csv", "\n\nt;y\n31/01/2019;3,5\n03/01/2019;x\n");
  put("order.txt", "y;t\n1;2019-01-01\n");
  put("more.txt", "t;y;w\n01/01/2019;1;2\n");
  put("comma.txt", "t,y\n2019-01-01,1\n");
  put("twice.txt", "t;y\n31/01/2019;3\n01/01/2019;1\n");
  return failed;
}

static int teardown(void **state) {
  static const char *const name[] = {"s_1.csv",   "s_2.csv",   "order.txt", "more.txt",
                                     "comma.txt", "twice.txt", "a*b"};
  char path[128];
  for (size_t i = 0; i < sizeof name / sizeof *name; ++i) {
    (void)snprintf(path, sizeof path, "%s/%s", folder, name[i]);
    (void)unlink(path);
  }
  (void)rmdir(folder);
  return env_teardown(state);
}

int test_csv_many(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_files_in_a_row),
      cmocka_unit_test(test_what_goes_wrong_names_its_file),
      cmocka_unit_test(test_a_name_with_a_star_is_a_name),
      cmocka_unit_test(test_limits_count_all_files),
      cmocka_unit_test(test_encodings),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
