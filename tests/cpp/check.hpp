/* check(what, holds): a sentence that holds, or one on stderr. */
#ifndef WSF_TESTS_CHECK_HPP
#define WSF_TESTS_CHECK_HPP

#include <cstdio>

static int failures;

static inline void check(const char *what, bool holds) {
  if (holds) return;
  ++failures;
  (void)std::fprintf(stderr, "FAILED: %s\n", what);
}

#endif
