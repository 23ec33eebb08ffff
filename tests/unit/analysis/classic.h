/* The series of R that come with the test data. */
#ifndef WSF_TEST_CLASSIC_H
#define WSF_TEST_CLASSIC_H

#include "support.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Values of one series; skips the test if there is no data. */
static inline int64_t read_classic(const char *name, double *y, int64_t most) {
  char path[4400], line[256];
  (void)snprintf(path, sizeof path, "%s/classic/%s.csv", skip_without_data(), name);
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  assert_non_null(fgets(line, sizeof line, file));
  int64_t n = 0;
  while (n < most && fgets(line, sizeof line, file)) {
    const char *comma = strchr(line, ',');
    assert_non_null(comma);
    y[n++] = strtod(comma + 1, NULL);
  }
  (void)fclose(file);
  return n;
}

/* Within `relative` of the size of the expected value. */
static inline bool near_to(double found, double expected, double relative) {
  return fabs(found - expected) <= relative * fabs(expected);
}

#endif
