/* filldown=: empty cells of merged ones have what stands above them. */
#include "data_support.h"

static wsf__env *env;

static const char *const FILLED = "read as: empty cells with the value above them";

static void check(const char *text, const char *options, int64_t series, double sum,
                  int64_t filled) {
  wsf__panel *p;
  wsf_error err = {0};
  if (open_text(&p, env, text, options, &err) != WSF_OK) fail_msg("%s: %s", text, err.message);
  if (p->n != series) fail_msg("%s: %lld series", text, (long long)p->n);
  if (panel_sum(p) != sum) fail_msg("%s: sums to %g", text, panel_sum(p));
  if (reported(p, FILLED) != filled) fail_msg("%s: %lld", text, (long long)reported(p, FILLED));
  wsf__panel_release(p);
}

static void test_files(void **state) {
  (void)state;
  check("k,t,y\na,1,5\n,2,6\nb,1,7\n,2,8\n", "keys=k, time=t, target=y, filldown=k", 2, 26, 2);
  /* Times, quoted texts with the delimiter and a line's end, CRLF; the last column */
  check("t,k,y\r\n2023-01-01,\"a, \"\"b\"\"\nc\",5\r\n,d,6\r\n2023-01-02,d,7\r\n",
        "keys=k, time=t, target=y, filldown=t", 2, 18, 1);
  check("t,y,k\r\n1,5,\"a\nb\"\r\n2,6,\r\n3,7,\r\n", "keys=k, time=t, target=y, filldown=k", 1, 18,
        2);
  check("t,y,k\n1,5,a\n2,6,\n3,7", "keys=k, time=t, target=y, filldown=k", 1, 11, 1);
  /* Blank rows, lines of other lengths and remarks stay; two columns */
  check("r,k,t,y\nn,a,1,5\n,,2,6\n,,,\n# x,,,\n,b,1,7\ns,c,1,8\n,,2,9\n",
        "keys=[r,k], time=t, target=y, filldown=[r,k], comment=\"#\"", 3, 35, 5);
  /* Nothing stands above the first line: its row has no key */
  check("k,t,y\n,1,5\na,1,6\n,2,7\n", "keys=k, time=t, target=y, filldown=k", 1, 13, 1);
  check("k,t,y\na,1,5\na,2,6\n", "keys=k, time=t, target=y, filldown=k", 1, 11, -1);
  check("k;2023-01;2023-02\na;1,5;2\n;3;4\n", "layout=wide, keys=k, filldown=k, duplicates=sum", 1,
        10.5, 1);
}

static void test_of_several_files(void **state) {
  (void)state;
  static const char *const text[] = {"k,t,y\na,1,5\n,2,6\n", "k,t,y\n,3,7\nb,1,8\n,2,9\n"};
  char *path[2], expression[256];
  wsf_error err = {0};
  wsf__panel *p;
  for (int i = 0; i < 2; ++i) path[i] = file_of(text[i], strlen(text[i]));
  (void)snprintf(expression, sizeof expression,
                 "csv([\"%s\",\"%s\"], keys=k, time=t, target=y, filldown=k)", path[0], path[1]);
  if (open_data(&p, env, expression, &err) != WSF_OK) fail_msg("%s", err.message);
  assert_int_equal(p->n, 2);
  assert_true(panel_sum(p) == 28); /* 7 is of no key: nothing stands above it in its file */
  wsf__panel_release(p);
  for (int i = 0; i < 2; ++i) {
    (void)unlink(path[i]);
    free(path[i]);
  }
}

static int64_t until_failure;
static void *failing_resize(void *user, void *ptr, size_t old_size, size_t new_size) {
  if (new_size > 0 && --until_failure == 0) return NULL;
  return wsf__alloc_libc.resize(user, ptr, old_size, new_size);
}

static void test_every_allocation_may_fail(void **state) {
  (void)state;
  wsf__env poor = *env;
  wsf_status status = WSF_E_MEMORY;
  poor.alloc.resize = failing_resize;
  for (int64_t k = 1; status != WSF_OK; ++k) {
    wsf__panel *p;
    wsf_error err;
    until_failure = k;
    status = open_text(&p, &poor, "k,Year,Day,Jan,Feb\na,2023,1,5,6\n,,2,\"7\",8\n",
                       "layout=wide, keys=k, time=[Year,Day], filldown=[k,Year]", &err);
    if (status == WSF_OK)
      wsf__panel_release(p);
    else
      assert_int_equal(status, WSF_E_MEMORY);
  }
}

static void test_refused(void **state) {
  (void)state;
  wsf_error err = {0};
  wsf__panel *p;
  assert_int_equal(
      open_text(&p, env, "k,t,y\na,1,5\n", "keys=k, time=t, target=y, filldown=kk", &err),
      WSF_E_DATA);
  assert_string_equal(err.field, "kk");
}

static int setup(void **state) {
  const int failed = env_setup(state);
  env = *state;
  return failed;
}

int test_csv_fill(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_files),
      cmocka_unit_test(test_of_several_files),
      cmocka_unit_test(test_every_allocation_may_fail),
      cmocka_unit_test(test_refused),
  };
  return cmocka_run_group_tests(tests, setup, env_teardown);
}
