/* Computes a recipe on a long CSV (unique_id, ds, y) as an Arrow stream through the public
 * interface. Prints one line of JSON: wall and CPU seconds of all batches, the peak memory of the
 * process in MiB, and with `check` the number and the sum of the values of each column that are
 * there. fill FILE RECIPE stream|keep|check [OPTIONS] stream: a batch is let go of when it was
 * read. keep: all of them stay, as a frame would. */
#include <wsf/wsf.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double read_clock(clockid_t id) {
  struct timespec t;
  (void)clock_gettime(id, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Peak memory of this program in MiB. Not ru_maxrss: that remembers the process that started it. */
static double peak_memory(void) {
  double peak = 0;
  char line[256];
  FILE *file = fopen("/proc/self/status", "r");
  while (file && fgets(line, sizeof line, file)) {
    if (strncmp(line, "VmHWM:", 6) == 0) peak = strtod(line + 6, NULL) / 1024;
  }
  if (file) (void)fclose(file);
  return peak;
}

enum { COLUMNS = 256 };

typedef struct totals {
  double count[COLUMNS], sum[COLUMNS];
} totals;

/* Numbers are floats, categories are codes. */
static void add_up(totals *t, const struct ArrowArray *batch, const struct ArrowSchema *schema) {
  for (int64_t c = 3; c < batch->n_children && c < COLUMNS; ++c) {
    const struct ArrowArray *column = batch->children[c];
    const unsigned char *valid = column->buffers[0];
    const bool number = schema->children[c]->format[0] == 'f';
    for (int64_t i = 0; i < column->length; ++i) {
      if (valid && !(valid[i / 8] >> (i % 8) & 1)) continue;
      const double x = number ? (double)((const float *)column->buffers[1])[i]
                              : (double)((const int32_t *)column->buffers[1])[i];
      if (isnan(x)) continue;
      t->count[c] += 1;
      t->sum[c] += x;
    }
  }
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  const bool keep = strcmp(argv[3], "keep") == 0, check = strcmp(argv[3], "check") == 0;
  static struct ArrowArray batch[65536];
  static totals t;
  char data[4096];
  wsf_error err;
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  struct ArrowArrayStream stream = {.release = NULL};
  struct ArrowSchema schema = {.release = NULL};
  (void)snprintf(data, sizeof data, "csv(\"%s\", keys=unique_id, time=ds, target=y)", argv[1]);
  wsf_status s = wsf_context_create(&ctx, NULL, NULL, NULL, &err);
  if (!s) s = wsf_dataset_open(&ds, ctx, data, &err);
  const double loaded = peak_memory(), wall = read_clock(CLOCK_MONOTONIC);
  const double cpu = read_clock(CLOCK_PROCESS_CPUTIME_ID);
  if (!s) s = wsf_features(&stream, ds, argv[2], argc > 4 ? argv[4] : NULL, &err);
  if (s || stream.get_schema(&stream, &schema) != 0) {
    (void)fprintf(stderr, "fill: %s\n", err.message);
    return 1;
  }
  int64_t rows = 0;
  int n = 0;
  for (; n < 65536; ++n) {
    if (stream.get_next(&stream, &batch[n]) != 0) {
      (void)fprintf(stderr, "fill: %s\n", stream.get_last_error(&stream));
      return 1;
    }
    if (!batch[n].release) break;
    rows += batch[n].length;
    if (check) add_up(&t, &batch[n], &schema);
    if (!keep) batch[n].release(&batch[n]);
  }
  (void)printf("{\"rows\": %lld, \"wall\": %.4f, \"cpu\": %.4f, \"loaded\": %.1f, \"memory\": %.1f",
               (long long)rows, read_clock(CLOCK_MONOTONIC) - wall,
               read_clock(CLOCK_PROCESS_CPUTIME_ID) - cpu, loaded, peak_memory());
  for (int64_t c = 3; check && c < schema.n_children && c < COLUMNS; ++c) {
    (void)printf(", \"%s\": [%.0f, %.17g]", schema.children[c]->name, t.count[c], t.sum[c]);
  }
  (void)printf("}\n");
  for (int k = 0; keep && k < n; ++k) batch[k].release(&batch[k]);
  schema.release(&schema);
  stream.release(&stream);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return 0;
}
