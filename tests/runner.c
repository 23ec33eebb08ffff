/* The program of a folder of tests: runs every test file, or those named on the command line. Ends
 * with 1 if a test failed, with 77 if none failed but some were skipped for want of data. */
#include "support.h"

#define TEST_FILE(name) int name(void);
#include "test_files.h"
#undef TEST_FILE

typedef struct test_file {
  const char *name;
  int (*run)(void); /* number of tests that failed */
} test_file;

static const test_file files[] = {
#define TEST_FILE(name) {#name, name},
#include "test_files.h"
};
enum { FILES = sizeof files / sizeof *files };

static int skipped;

const char *data_folder(void) {
  static char folder[4096];
  const char *candidates[] = {getenv("WSF_DATA"), WSF_SOURCE_DIR "/../shared/data"};
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

const char *skip_without_data(void) {
  const char *folder = data_folder();
  if (folder) return folder;
  const char *ci = getenv("CI");
  if (ci && strcmp(ci, "true") == 0)
    fail_msg("CI=true, but the real data was not found (WSF_DATA)");
  ++skipped;
  print_message("skipped: no data; WSF_DATA names its folder\n");
  skip();
  return NULL;
}

static bool wanted(const char *name, int argc, char **argv) {
  for (int i = 1; i < argc; ++i) {
    if (strcmp(argv[i], name) == 0) return true;
  }
  return argc == 1;
}

int main(int argc, char **argv) {
  int ran = 0, failed = 0;
  for (int i = 0; i < FILES; ++i) {
    if (!wanted(files[i].name, argc, argv)) continue;
    ++ran;
    if (files[i].run() == 0) continue;
    ++failed;
    print_message("%s failed\n", files[i].name);
  }
  if (ran < argc - 1) {
    print_message("%d of the files asked for are not here\n", argc - 1 - ran);
    return 2;
  }
  if (skipped > 0) print_message("%d skipped: no data\n", skipped);
  return failed > 0 ? 1 : skipped > 0 ? 77 : 0;
}
