/* The series of R that come with the test data. */
#ifndef WSF_TEST_CLASSIC_H
#define WSF_TEST_CLASSIC_H

#include "golden/classic.h"

#include <math.h>
#include <stdbool.h>

static inline int64_t read_classic(const char *name, double *y, int64_t most) {
  return classic_series(name, y, most);
}

/* Within `relative` of the size of the expected value. */
static inline bool near_to(double found, double expected, double relative) {
  return fabs(found - expected) <= relative * fabs(expected);
}

#endif
