/* What every test file needs: cmocka with its includes in order, and where the real data is. A test
 * file test_NAME.c ends with
 *
 *   int test_NAME(void) {
 *     const struct CMUnitTest tests[] = {cmocka_unit_test(what_holds), ...};
 *     return cmocka_run_group_tests(tests, NULL, NULL);
 *   }
 *
 * and is found by its name: the program of its folder (runner.c) runs it. */
#ifndef WSF_TESTS_SUPPORT_H
#define WSF_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Folder of the real data (walmart/, m5/, m3/, classic/, reference/), or NULL. */
const char *data_folder(void);

/* First in a test that needs the data: skips it, counted; with CI=true it fails instead. */
const char *skip_without_data(void);

#endif
