/* What every test file needs: cmocka with its includes in order, and where the real data is. */
#ifndef WSF_TESTS_SUPPORT_H
#define WSF_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Folder of the real data (walmart/, m5/, m3/, classic/, reference/), or NULL. With CI=true missing
 * data is a failure, elsewhere a skip: call skip_without_data() first in a test that needs it. */
static inline const char *data_folder(void) {
  static char folder[4096];
  const char *given = getenv("WSF_DATA");
  const char *candidates[] = {given, WSF_SOURCE_DIR "/../shared/data"};
  for (int i = 0; i < 2; ++i) {
    if (!candidates[i] || !*candidates[i]) continue;
    char probe[4352];
    (void)snprintf(probe, sizeof probe, "%s/walmart/train.csv", candidates[i]);
    FILE *f = fopen(probe, "rb");
    if (!f) continue;
    (void)fclose(f);
    (void)snprintf(folder, sizeof folder, "%s", candidates[i]);
    return folder;
  }
  return NULL;
}

static inline const char *skip_without_data(void) {
  const char *folder = data_folder();
  if (folder) return folder;
  const char *ci = getenv("CI");
  if (ci && strcmp(ci, "true") == 0)
    fail_msg("CI=true, but the real data was not found (WSF_DATA)");
  print_message("skipped: real data not found; set WSF_DATA\n");
  skip();
  return NULL;
}

#endif
