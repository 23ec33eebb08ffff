/* The function twins of the public constants agree with them: every constant of tests/abi/api.txt
 * (which the test `api` holds against the headers) has its name, and no other number has one. */
#include "support.h"

#include <wsf/wsf.h>

#include <strings.h>

typedef const char *(*name_fn)(int32_t value);

/* The constants that begin with `prefix`, but for `except`, have the name that follows their first
 * `strip` letters; returns how many there are. */
static int agree(const char *prefix, const char *except, size_t strip, name_fn name_of) {
  FILE *f = fopen(WSF_SOURCE_DIR "/tests/abi/api.txt", "r");
  assert_non_null(f);
  char line[8192], constant[128];
  int value, n = 0;
  while (fgets(line, sizeof line, f)) {
    if (sscanf(line, "constant %127s %*s %d", constant, &value) != 2) continue;
    if (strncmp(constant, prefix, strlen(prefix)) != 0) continue;
    if (except && strcmp(constant, except) == 0) continue;
    const char *name = name_of(value);
    if (!name || strcasecmp(name, constant + strip) != 0)
      fail_msg("%s is %d, whose twin says %s", constant, value, name ? name : "nothing");
    ++n;
  }
  (void)fclose(f);
  return n;
}

/* Numbers that have a name. */
static int named(name_fn name_of) {
  int n = 0;
  for (int32_t value = -100; value <= 1000; ++value) n += name_of(value) != NULL;
  assert_null(name_of(INT32_MIN));
  assert_null(name_of(INT32_MAX));
  return n;
}

static void types_have_their_names(void **state) {
  (void)state;
  assert_int_equal(agree("WSF_TYPE_", NULL, 9, wsf_type_name), named(wsf_type_name));
  assert_string_equal(wsf_type_name(WSF_TYPE_F64), "f64");
}

static void backtest_tables_have_their_names(void **state) {
  (void)state;
  const int n = agree("WSF_BACKTEST_", "WSF_BACKTEST_TABLES", 13, wsf_backtest_name);
  assert_int_equal(n, named(wsf_backtest_name));
  assert_int_equal(n, WSF_BACKTEST_TABLES);
}

static void statuses_have_their_names(void **state) {
  (void)state;
  const int n =
      agree("WSF_E_", NULL, 4, wsf_status_name) + agree("WSF_OK", NULL, 4, wsf_status_name);
  assert_int_equal(n, named(wsf_status_name));
}

int test_api_constants(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(types_have_their_names),
      cmocka_unit_test(backtest_tables_have_their_names),
      cmocka_unit_test(statuses_have_their_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
