/* Runs a fuzz target over files and folders given on the command line, one input per file, so that
 * the corpus is replayed by ctest and by any debugger without libFuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path) {
  FILE *f = fopen(path, "rb");
  if (!f) {
    (void)fprintf(stderr, "%s: cannot be opened\n", path);
    return -1;
  }
  uint8_t *data = NULL;
  size_t size = 0, room = 0;
  for (;;) {
    if (size == room) {
      room = room ? 2 * room : 4096;
      uint8_t *grown = realloc(data, room);
      if (!grown) abort();
      data = grown;
    }
    const size_t n = fread(data + size, 1, room - size, f);
    if (n == 0) break;
    size += n;
  }
  (void)fclose(f);
  /* A block of exactly this size lets a sanitizer see a read past the end. */
  uint8_t *exact = malloc(size ? size : 1);
  if (!exact) abort();
  memcpy(exact, data, size);
  free(data);
  (void)LLVMFuzzerTestOneInput(exact, size);
  free(exact);
  return 1;
}

/* Inputs run, or -1. */
static long run_path(const char *path) {
  struct stat about;
  if (stat(path, &about) != 0) {
    (void)fprintf(stderr, "%s: not found\n", path);
    return -1;
  }
  if (!S_ISDIR(about.st_mode)) return run_file(path);
  DIR *folder = opendir(path);
  if (!folder) return -1;
  long total = 0;
  const struct dirent *entry;
  while (total >= 0 && (entry = readdir(folder))) {
    char inner[4096];
    if (entry->d_name[0] == '.') continue;
    (void)snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
    const long n = run_path(inner);
    total = n < 0 ? -1 : total + n;
  }
  (void)closedir(folder);
  return total;
}

int main(int argc, char **argv) {
  long total = 0;
  for (int i = 1; i < argc; ++i) {
    const long n = run_path(argv[i]);
    if (n < 0) return 1;
    total += n;
  }
  (void)printf("%ld inputs\n", total);
  return total > 0 ? 0 : 1;
}
