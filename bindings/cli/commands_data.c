/* load, describe, models, analyze: what there is to work with. */
#include "cli.h"

#include <string.h>
#include <sys/stat.h>

int cli_fail_view(const wsf_error *err, const char *what) {
  const bool named =
      err->status == WSF_E_NAME || err->status == WSF_E_SYNTAX || err->status == WSF_E_VALUE;
  return cli_fail(err, named ? "--what" : NULL, named ? what : NULL);
}

static int describe_data(const cli_session *s, const char *what, wsf_table **out) {
  wsf_error err;
  if (wsf_dataset_describe(out, s->data, what, &err) == WSF_OK) return CLI_OK;
  return cli_fail_view(&err, what);
}

static int write_whole(const cli_args *args, const wsf_table *table) {
  const cli_view view = cli_view_all(table);
  return cli_write(args, &view);
}

/* Of what could not be proposed: it may be what another command or word reads. */
static int fail_propose(const cli_session *s, const wsf_error *err, const char *path) {
  struct stat st;
  wsf_forecaster *f = NULL;
  if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
    cli_say("'%s' is a folder, expected a file or a pattern such as \"%s/*.csv\"; walmart(\"%s\") "
            "and m5(\"%s\") read folders of those contests",
            path, path, path, path);
    return CLI_INPUT;
  }
  if (wsf_forecaster_load(&f, s->ctx, path, NULL) != WSF_OK) return cli_fail(err, NULL, NULL);
  wsf_forecaster_release(f);
  cli_text word = {0};
  cli_add_shell(&word, path);
  cli_say("'%s' is a forecaster, expected a table; 'wsf describe --load %s' says what it is", path,
          word.failed ? "FILE" : word.data);
  cli_text_free(&word);
  return CLI_INPUT;
}

/* What a file may be, for someone who has not seen it: three views, the last one to copy; in any
 * other format than a table the columns alone. */
static int propose(const cli_args *args) {
  wsf_table *file = NULL, *columns = NULL, *expression = NULL;
  wsf_error err = {0};
  cli_session s;
  int code = cli_open(&s, args);
  cli_args shown = *args;
  if (!args->format && !args->out) shown.format = "table";
  const bool people = !args->out && cli_format(&shown) == CLI_TABLE;
  if (code == CLI_OK) {
    const wsf_status status =
        people ? wsf_dataset_propose_all(&file, &columns, &expression, s.ctx, args->name, &err)
               : wsf_dataset_propose(&columns, s.ctx, args->name, "columns", &err);
    if (file) code = write_whole(&shown, file);
    if (file && columns && code == CLI_OK) fputc('\n', stdout);
    if (columns && code == CLI_OK) code = write_whole(&shown, columns);
    if (expression && code == CLI_OK) {
      cli_text line = {0};
      cli_add_shell(&line, wsf_table_text(expression, 0, 0, NULL));
      if (line.failed)
        code = cli_fail_memory();
      else
        printf("\nwsf load --data %s\n", line.data);
      cli_text_free(&line);
    }
    if (status != WSF_OK && code == CLI_OK) code = fail_propose(&s, &err, args->name);
  }
  wsf_table_release(file);
  wsf_table_release(columns);
  wsf_table_release(expression);
  cli_close(&s);
  return code;
}

int cli_run_load(const cli_args *args) {
  if (args->name) return propose(args);
  cli_session s;
  wsf_table *report = NULL, *summary = NULL;
  int code = cli_open(&s, args);
  if (code == CLI_OK) code = cli_open_data(&s);
  if (code == CLI_OK) code = describe_data(&s, "report", &report);
  if (code == CLI_OK) code = describe_data(&s, "summary", &summary);
  /* Two tables are for people; a program gets one. */
  if (code == CLI_OK) code = write_whole(args, report);
  if (code == CLI_OK && !args->out && cli_format(args) == CLI_TABLE) {
    fputc('\n', stdout);
    code = write_whole(args, summary);
  }
  wsf_table_release(report);
  wsf_table_release(summary);
  cli_close(&s);
  return code;
}

/* Paragraphs for people, broken between words. */
static void print_paragraphs(const wsf_table *table) {
  enum { WIDTH = 100 };
  const int64_t column = wsf_table_find(table, "explanation");
  for (int64_t row = 0; row < wsf_table_rows(table); ++row) {
    const char *text = wsf_table_text(table, column, row, NULL);
    size_t used = 0;
    if (row > 0) fputc('\n', stdout);
    while (text && *text) {
      const size_t word = strcspn(text, " ");
      if (used > 0 && used + 1 + word > WIDTH) used = 0, fputc('\n', stdout);
      used += (size_t)printf("%s%.*s", used > 0 ? " " : "", (int)word, text);
      text += word + strspn(text + word, " ");
    }
    fputc('\n', stdout);
  }
}

int cli_run_describe(const cli_args *args) {
  cli_session s;
  wsf_table *table = NULL;
  const char *what = args->what ? args->what : "summary";
  int code = cli_open(&s, args);
  if (code == CLI_OK && args->data) {
    code = cli_open_data(&s);
    if (code == CLI_OK) code = describe_data(&s, what, &table);
  } else if (code == CLI_OK) {
    code = cli_load(&s);
    wsf_error err;
    if (code == CLI_OK && wsf_forecaster_describe(&table, s.forecaster, what, &err) != WSF_OK)
      code = cli_fail_view(&err, what);
    const bool choices = strcmp(what, "choice") == 0 || strcmp(what, "explain") == 0;
    if (code == CLI_OK && choices && wsf_table_rows(table) == 0)
      cli_say("nothing was chosen: of this model every call forecasts; --what components and "
              "--what coefficients say how");
  }
  if (code == CLI_OK && !args->out && cli_format(args) == CLI_TABLE &&
      wsf_table_find(table, "explanation") >= 0)
    print_paragraphs(table);
  else if (code == CLI_OK)
    code = write_whole(args, table);
  wsf_table_release(table);
  cli_close(&s);
  return code;
}

/* On a terminal: the columns a reader needs to choose; the rest is in CSV and JSON. */
static int write_catalogue(const cli_args *args, const wsf_table *all) {
  enum { SHOWN = 6 };
  static const char *const shown[SHOWN] = {"family", "group", "name", "update", "pools", "summary"};
  int64_t column[SHOWN];
  cli_view view = cli_view_all(all);
  if (cli_format(args) == CLI_TABLE) {
    int64_t n = 0;
    for (int i = 0; i < SHOWN; ++i)
      if ((column[n] = wsf_table_find(all, shown[i])) >= 0) ++n;
    view.column = column;
    view.columns = n;
  }
  return cli_write(args, &view);
}

static void head_line(const wsf_table *all, int64_t row, const char *column, const char *label) {
  size_t length;
  const char *text = wsf_table_text(all, wsf_table_find(all, column), row, &length);
  if (text && length) printf("%s%s\n", label, text);
}

/* Before the options of one name: what it is, where it comes from, how it is written. */
static void print_head(const wsf_table *all, const char *name) {
  const int64_t col = wsf_table_find(all, "name");
  for (int64_t row = 0; row < wsf_table_rows(all); ++row) {
    const char *text = wsf_table_text(all, col, row, NULL);
    if (!text || strcmp(text, name) != 0) continue;
    printf("%s: ", name);
    head_line(all, row, "summary", "");
    head_line(all, row, "source", "source:  ");
    head_line(all, row, "example", "example: ");
    fputc('\n', stdout);
    return;
  }
}

int cli_run_models(const cli_args *args) {
  cli_session s;
  wsf_table *all = NULL, *one = NULL;
  wsf_error err;
  int code = cli_open(&s, args);
  if (code != CLI_OK) goto out;
  if (wsf_catalog(&all, s.ctx, NULL, &err) != WSF_OK) {
    code = cli_fail(&err, NULL, NULL);
    goto out;
  }
  if (!args->name) {
    code = write_catalogue(args, all);
    goto out;
  }
  if (wsf_catalog(&one, s.ctx, args->name, &err) != WSF_OK) {
    const size_t used = strlen(err.message);
    if (err.status == WSF_E_NAME && !strchr(err.message, '?'))
      (void)snprintf(err.message + used, sizeof err.message - used,
                     "; 'wsf models' lists all there is");
    code = cli_fail(&err, NULL, NULL);
    goto out;
  }
  if (!args->out && cli_format(args) == CLI_TABLE) print_head(all, args->name);
  code = write_whole(args, one);
out:
  wsf_table_release(all);
  wsf_table_release(one);
  cli_close(&s);
  return code;
}

int cli_run_analyze(const cli_args *args) {
  cli_session s;
  wsf_table *table = NULL;
  cli_text options = {0};
  int code = cli_open(&s, args);
  if (code == CLI_OK) code = cli_open_data(&s);
  if (code != CLI_OK) goto out;
  cli_add_options(&options, args, "analyze");
  if (args->options) cli_add(&options, "%s%s", options.length ? ", " : "", args->options);
  if (options.failed) {
    code = cli_fail_memory();
    goto out;
  }
  wsf_error err;
  if (wsf_analyze(&table, s.data, options.data, &err) != WSF_OK) {
    code = args->options && !cli_given_text(args, err.field) ? cli_fail(&err, NULL, options.data)
                                                             : cli_fail_call(&err, args);
    goto out;
  }
  cli_progress_end();
  code = cli_is_picture(args->out) ? cli_draw_panels(args->out, table, NULL)
                                   : write_whole(args, table);
out:
  cli_text_free(&options);
  wsf_table_release(table);
  cli_close(&s);
  return code;
}
