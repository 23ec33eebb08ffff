/* features: a recipe over the data, written batch by batch as it comes, so that the result may be
 * larger than memory. */
#include "cli.h"

#include <errno.h>
#include <string.h>

/* What a stream said when it failed. */
static int fail_stream(struct ArrowArrayStream *stream, int code) {
  const char *text = stream->get_last_error(stream);
  wsf_error err = {.status = code == ENOMEM      ? WSF_E_MEMORY
                             : code == ECANCELED ? WSF_E_CANCELLED
                                                 : WSF_E_DATA,
                   .byte = -1,
                   .row = -1,
                   .series = -1};
  (void)snprintf(err.message, sizeof err.message, "%s", text ? text : "");
  return cli_fail(&err, NULL, NULL);
}

/* The next batch as a table; NULL at the end. */
static int next_batch(const cli_session *s, struct ArrowArrayStream *stream,
                      const struct ArrowSchema *schema, wsf_table **out) {
  struct ArrowArray array;
  wsf_error err;
  *out = NULL;
  const int code = stream->get_next(stream, &array);
  if (code != 0) return fail_stream(stream, code);
  if (!array.release) return CLI_OK;
  return wsf_table_import(out, s->ctx, schema, &array, &err) == WSF_OK ? CLI_OK
                                                                       : cli_fail(&err, NULL, NULL);
}

static bool write_part(const cli_view *view, int format, FILE *to) {
  return format == CLI_JSON ? cli_write_json(to, view) : cli_write_csv(to, view);
}

/* No row at all: only the names. */
static void write_names(const struct ArrowSchema *schema, int format, FILE *to) {
  if (format == CLI_JSON) {
    fputs("[\n]\n", to);
    return;
  }
  for (int64_t c = 0; c < schema->n_children; ++c) {
    if (c > 0) fputc(',', to);
    cli_write_csv_text(to, schema->children[c]->name, strlen(schema->children[c]->name));
  }
  fputc('\n', to);
}

static int write_batches(const cli_session *s, struct ArrowArrayStream *stream,
                         const struct ArrowSchema *schema, int format, FILE *to) {
  wsf_table *now = NULL;
  int64_t before = 0;
  int code = next_batch(s, stream, schema, &now);
  if (code == CLI_OK && !now) write_names(schema, format, to);
  while (code == CLI_OK && now) {
    wsf_table *then = NULL;
    code = next_batch(s, stream, schema, &then);
    cli_view view = cli_view_all(now);
    view.before = before;
    view.more = then != NULL;
    if (code == CLI_OK && !write_part(&view, format, to)) code = cli_fail_memory();
    if (cli_stopped()) code = CLI_STOPPED;
    before += view.rows;
    wsf_table_release(now);
    now = then;
  }
  wsf_table_release(now);
  return code;
}

static int write_stream(const cli_session *s, struct ArrowArrayStream *stream, int format) {
  struct ArrowSchema schema;
  const int failed = stream->get_schema(stream, &schema);
  if (failed != 0) return fail_stream(stream, failed);
  cli_sink sink;
  int code = cli_sink_open(&sink, s->args->out);
  if (code == CLI_OK) {
    code = write_batches(s, stream, &schema, format, sink.file);
    const int closed = cli_sink_close(&sink, code == CLI_OK);
    if (code == CLI_OK) code = closed;
  }
  schema.release(&schema);
  return code;
}

int cli_run_features(const cli_args *args) {
  cli_session s;
  cli_text options = {0};
  struct ArrowArrayStream stream;
  wsf_error err;
  int code = cli_open(&s, args);
  if (code == CLI_OK && args->format && strcmp(args->format, "table") == 0) {
    cli_say("--format: features are written as they come, as csv or json");
    code = CLI_INPUT;
  }
  const int format = code == CLI_OK && cli_format(args) == CLI_JSON ? CLI_JSON : CLI_CSV;
  if (code == CLI_OK) code = cli_open_data(&s);
  if (code != CLI_OK) goto out;
  cli_add_options(&options, args, "features");
  if (options.failed) {
    code = cli_fail_memory();
  } else if (wsf_features(&stream, s.data, args->recipe, options.data, &err) != WSF_OK) {
    code = cli_given_text(args, err.field) ? cli_fail_call(&err, args)
           : err.status == WSF_E_DATA      ? cli_fail(&err, "--data", NULL)
                                           : cli_fail(&err, "--recipe", args->recipe);
  } else {
    code = write_stream(&s, &stream, format);
    stream.release(&stream);
  }
out:
  cli_text_free(&options);
  cli_close(&s);
  return code;
}
