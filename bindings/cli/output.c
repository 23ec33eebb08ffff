/* Where a result goes and in which form. A file is written beside its final name and renamed when
 * it is whole, so that a reader finds the old result or the new one and never a part. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool ends_with(const char *text, const char *end) {
  const size_t n = strlen(text), m = strlen(end);
  return n >= m && strcmp(text + n - m, end) == 0;
}

static bool to_stdout(const char *path) {
  return !path || strcmp(path, "-") == 0;
}

int cli_format(const cli_args *args) {
  static const char *const names[] = {"table", "csv", "json", "kaggle"};
  const bool kaggle = cli_is(args->command, "predict") || cli_is(args->command, "forecast");
  const int n = kaggle ? 4 : 3;
  if (!args->format) {
    if (!to_stdout(args->out)) return ends_with(args->out, ".json") ? CLI_JSON : CLI_CSV;
    return isatty(STDOUT_FILENO) ? CLI_TABLE : CLI_CSV;
  }
  for (int i = 0; i < n; ++i)
    if (strcmp(args->format, names[i]) == 0) return i + CLI_TABLE;
  const char *near = cli_nearest(args->format, names, n);
  cli_say("--format: '%s' is none of table, csv, json%s%s%s%s", args->format,
          kaggle ? ", kaggle" : "", near ? "; did you mean " : "", near ? near : "",
          near ? "?" : "");
  return 0;
}

/* Links are followed, so that the file they point at is replaced and the link stays. */
static char *final_name(const char *path) {
  char *real = realpath(path, NULL);
  return real ? real : strdup(path);
}

static bool is_special(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && !S_ISREG(st.st_mode); /* a pipe, a terminal, /dev/null */
}

/* A table under the name of something else would be found out by whoever opens it. */
int cli_check_table(const char *path) {
  static const char *const other[] = {".xlsx",    ".xls", ".ods", ".parquet", ".arrow",
                                      ".feather", ".gz",  ".zst", ".zip",     ".wsf"};
  if (cli_is_picture(path)) {
    cli_say("--out: '%s': a table is no picture, 'wsf plot' draws one; .csv or .json was expected",
            path);
    return CLI_INPUT;
  }
  for (size_t i = 0; i < sizeof other / sizeof *other; ++i) {
    if (!ends_with(path, other[i])) continue;
    cli_say("--out: '%s': tables are written as text, not as %s; .csv or .json was expected", path,
            other[i]);
    return CLI_INPUT;
  }
  return CLI_OK;
}

int cli_check_path(const char *option, const char *path) {
  if (to_stdout(path)) return CLI_OK;
  if (!*path) {
    cli_say("%s: the name of a file was expected", option);
    return CLI_INPUT;
  }
  struct stat st;
  if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
    cli_say("%s: '%s' is a folder, not a file", option, path);
    return CLI_INPUT;
  }
  if (is_special(path)) return CLI_OK;
  char *name = final_name(path);
  if (!name) return cli_fail_memory();
  char *slash = strrchr(name, '/');
  if (slash) slash[slash == name] = 0;
  const char *folder = slash ? name : ".";
  int code = CLI_OK;
  if (access(folder, W_OK | X_OK) != 0) {
    cli_say("%s: '%s' cannot be written: folder '%s': %s", option, path, folder, strerror(errno));
    code = CLI_INPUT;
  }
  free(name);
  return code;
}

static int cannot_write(const char *path, int reason) {
  cli_say("'%s' cannot be written: %s", path ? path : "standard output", strerror(reason));
  return CLI_WORK;
}

int cli_sink_open(cli_sink *sink, const char *path) {
  *sink = (cli_sink){.file = stdout};
  if (to_stdout(path)) return CLI_OK;
  sink->path = path;
  if (is_special(path)) {
    sink->file = fopen(path, "wb");
    return sink->file ? CLI_OK : cannot_write(path, errno);
  }
  char *name = final_name(path);
  const size_t length = name ? strlen(name) : 0;
  sink->temp = name ? malloc(length + 12) : NULL;
  if (!sink->temp) {
    free(name);
    return cli_fail_memory();
  }
  (void)snprintf(sink->temp, length + 12, "%s.tmpXXXXXX", name);
  free(name);
  const int fd = mkstemp(sink->temp);
  sink->file = fd >= 0 ? fdopen(fd, "wb") : NULL;
  if (!sink->file) {
    const int reason = errno;
    if (fd >= 0) {
      (void)close(fd);
      (void)unlink(sink->temp);
    }
    free(sink->temp);
    sink->temp = NULL;
    return cannot_write(path, reason);
  }
  /* mkstemp makes the file private: give it the mode of the file it replaces, else the usual one.
   */
  struct stat st;
  const mode_t mask = umask(0);
  (void)umask(mask);
  (void)fchmod(fd, stat(path, &st) == 0 ? st.st_mode & 0777 : 0666 & ~mask);
  return CLI_OK;
}

int cli_sink_close(cli_sink *sink, bool good) {
  if (!sink->file) return CLI_WORK;
  bool written = !ferror(sink->file) && fflush(sink->file) == 0;
  int reason = errno;
  if (!sink->path) return written || !good ? CLI_OK : cannot_write(NULL, reason);
  if (sink->temp && good && written && fsync(fileno(sink->file)) != 0) {
    reason = errno;
    written = false;
  }
  if (fclose(sink->file) != 0 && written) {
    reason = errno;
    written = false;
  }
  sink->file = NULL;
  if (sink->temp) {
    /* temp is the final name and ".tmpXXXXXX" */
    char *name = strdup(sink->temp);
    if (name) name[strlen(name) - 10] = 0;
    if (good && written && name && rename(sink->temp, name) != 0) {
      reason = errno;
      written = false;
    }
    if (!good || !written || !name) (void)unlink(sink->temp);
    if (!name) written = false;
    free(name);
    free(sink->temp);
    sink->temp = NULL;
  }
  return written || !good ? CLI_OK : cannot_write(sink->path, reason);
}

int cli_write(const cli_args *args, const cli_view *view) {
  const int format = cli_format(args);
  if (!format) return CLI_INPUT;
  cli_progress_end();
  if (cli_stopped()) return CLI_STOPPED;
  cli_sink sink;
  const int code = cli_sink_open(&sink, args->out);
  if (code != CLI_OK) return code;
  /* Someone who looks at a terminal wants the shape of a long table, not all of it. */
  const bool glance = !args->format && !sink.path && isatty(STDOUT_FILENO);
  const bool whole = format == CLI_JSON    ? cli_write_json(sink.file, view)
                     : format == CLI_TABLE ? cli_write_table(sink.file, view, glance ? 40 : 0)
                                           : cli_write_csv(sink.file, view);
  const int closed = cli_sink_close(&sink, whole && !cli_stopped());
  if (cli_stopped()) return CLI_STOPPED;
  return whole ? closed : cli_fail_memory();
}
