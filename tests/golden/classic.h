/* The classic series of the data folder, for tests that compare with other packages. */
#ifndef WSF_TESTS_CLASSIC_H
#define WSF_TESTS_CLASSIC_H

#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Values of classic/NAME.csv, at most `most`; returns their number. Skips without data. */
static inline int64_t classic_series(const char *name, double *y, int64_t most) {
  char path[4352], line[256];
  (void)snprintf(path, sizeof path, "%s/classic/%s.csv", skip_without_data(), name);
  FILE *f = fopen(path, "r");
  assert_non_null(f);
  assert_non_null(fgets(line, sizeof line, f));
  int64_t n = 0;
  while (n < most && fgets(line, sizeof line, f)) {
    const char *comma = strchr(line, ',');
    assert_non_null(comma);
    y[n++] = strtod(comma + 1, NULL);
  }
  (void)fclose(f);
  return n;
}

#endif
