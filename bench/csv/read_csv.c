/* Opens a dataset once for every line on standard input and says how long that took: wall seconds,
 * CPU seconds, observations, total. Driven by compare.py: all readers take turns in one run. */
#include <wsf/wsf.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(clockid_t clock) {
  struct timespec t;
  (void)clock_gettime(clock, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static const char *summary(const wsf_table *t, const char *name) {
  for (int64_t i = 0; i < wsf_table_rows(t); ++i) {
    if (strcmp(wsf_table_text(t, 0, i, NULL), name) == 0) return wsf_table_text(t, 1, i, NULL);
  }
  return "";
}

int main(int argc, char **argv) {
  wsf_context *ctx = NULL;
  wsf_error err;
  char options[32], expr[4096], line[16];
  if (argc != 3) return 2;
  (void)snprintf(options, sizeof options, "threads=%s", argv[2]);
  (void)snprintf(expr, sizeof expr,
                 "csv(\"%s\", keys=[Store,Dept], time=Date, target=Weekly_Sales, freq=week)",
                 argv[1]);
  if (wsf_context_create(&ctx, options, NULL, NULL, &err) != WSF_OK) return 1;
  while (fgets(line, sizeof line, stdin)) {
    wsf_dataset *ds = NULL;
    wsf_table *t = NULL;
    const double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    if (wsf_dataset_open(&ds, ctx, expr, &err) != WSF_OK) {
      (void)fprintf(stderr, "%s\n", err.message);
      return 1;
    }
    const double took = seconds(CLOCK_MONOTONIC) - wall;
    const double used = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    if (wsf_dataset_describe(&t, ds, "summary", &err) != WSF_OK) return 1;
    (void)printf("%.9f %.9f %s %s\n", took, used, summary(t, "observations"), summary(t, "total"));
    (void)fflush(stdout);
    wsf_table_release(t);
    wsf_dataset_release(ds);
  }
  wsf_context_release(ctx);
  return 0;
}
