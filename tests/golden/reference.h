/* Blocks of reference/r_forecast_8.20.txt in the data folder: what R's package forecast said of the
 * classic series. */
#ifndef WSF_TESTS_REFERENCE_H
#define WSF_TESTS_REFERENCE_H

#include "golden/classic.h"

#include <stdbool.h>

enum { R_STEPS = 12 };

typedef struct r_forecast {
  char method[64]; /* as "ETS(M,N,N)"; empty if the block has none */
  double sigma2, log_likelihood, aicc;
  int n;
  double mean[R_STEPS], lower[R_STEPS], upper[R_STEPS]; /* of 95 % */
} r_forecast;

static inline int r_numbers(const char *text, double *x) {
  int n = 0;
  const char *at = strchr(text, ':') + 1;
  for (char *end; n < R_STEPS; at = end + (*end == ',')) {
    x[n] = strtod(at, &end);
    if (end == at) break;
    ++n;
  }
  return n;
}

static inline double r_number_after(const char *line, const char *label) {
  const char *at = strstr(line, label);
  assert_non_null(at);
  return strtod(at + strlen(label), NULL);
}

/* The first block "### `block` ..". Skips without data. */
static inline r_forecast r_forecast_of(const char *block) {
  char path[4352], line[4096], head[128];
  (void)snprintf(path, sizeof path, "%s/reference/r_forecast_8.20.txt", skip_without_data());
  (void)snprintf(head, sizeof head, "### %s ", block);
  FILE *f = fopen(path, "r");
  assert_non_null(f);
  r_forecast r = {.n = 0};
  bool found = false;
  while (fgets(line, sizeof line, f)) {
    if (strncmp(line, "###", 3) == 0) {
      if (found) break;
      found = strncmp(line, head, strlen(head)) == 0;
      if (found) (void)sscanf(line + strlen(head), "| method: %63s", r.method);
    } else if (found && strstr(line, "loglik: ")) {
      r.sigma2 = r_number_after(line, "sigma2: ");
      r.log_likelihood = r_number_after(line, "loglik: ");
      r.aicc = r_number_after(line, "aicc: ");
    } else if (found && strncmp(line, " mean:", 6) == 0) {
      r.n = r_numbers(line, r.mean);
    } else if (found && strncmp(line, " lo95:", 6) == 0) {
      assert_int_equal(r_numbers(line, r.lower), r.n);
    } else if (found && strncmp(line, " hi95:", 6) == 0) {
      assert_int_equal(r_numbers(line, r.upper), r.n);
    }
  }
  (void)fclose(f);
  if (r.n == 0) fail_msg("the reference has no block '%s'", block);
  return r;
}

#endif
