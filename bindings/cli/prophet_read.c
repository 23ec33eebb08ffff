/* A model of the Prophet package from the JSON that its model_to_json wrote: its history as a file,
 * and the command that fits it here, with its options in our words. What the package was told is
 * read, and not where its search ended: the same posterior is searched to its end. */
#include "cli.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

typedef struct reading {
  const char *path;
  const json_t *model;
  json_t *history;     /* rows */
  const json_t *extra; /* regressors by name */
  cli_text known, call;
} reading;

static int refuse(const reading *r, const char *what) {
  cli_say("%s: %s", r->path, what);
  return CLI_INPUT;
}

static const char *word(const reading *r, const char *name) {
  const char *text = json_string_value(json_object_get(r->model, name));
  return text ? text : "";
}

static void add_option(reading *r, const char *name) {
  cli_add(&r->call, "%s%s=", r->call.length > 8 ? ", " : "", name);
}

static void add_number(reading *r, const char *name, const char *ours, double preset) {
  const json_t *value = json_object_get(r->model, name);
  char text[32];
  if (!json_is_number(value) || json_number_value(value) == preset) return;
  cli_number(text, json_number_value(value));
  add_option(r, ours);
  cli_add(&r->call, "%s", text);
}

static void add_word(reading *r, const char *name, const char *preset) {
  const char *text = word(r, name);
  if (!*text || strcmp(text, preset) == 0) return;
  add_option(r, name);
  cli_add(&r->call, "%s", text);
}

/* The seasons that it has: their waves, and one prior and mode for all. */
static int add_seasons(reading *r) {
  static const char *const ours[] = {"yearly", "weekly", "daily"};
  const json_t *all = json_array_get(json_object_get(r->model, "seasonalities"), 1);
  const char *name;
  json_t *one;
  double prior = NAN;
  for (int i = 0; i < 3; ++i) {
    const json_t *season = json_object_get(all, ours[i]);
    const json_int_t order = json_integer_value(json_object_get(season, "fourier_order"));
    char option[32];
    (void)snprintf(option, sizeof option, "%s_seasonality", ours[i]);
    add_option(r, option);
    cli_add(&r->call, season ? "%lld" : "false", (long long)order);
  }
  json_object_foreach((json_t *)(uintptr_t)all, name, one) {
    bool known = false;
    for (int i = 0; i < 3; ++i) known = known || strcmp(name, ours[i]) == 0;
    const double own = json_number_value(json_object_get(one, "prior_scale"));
    const char *mode = json_string_value(json_object_get(one, "mode"));
    if (!known)
      return refuse(r, "a season with a name of its own, expected yearly, weekly or daily");
    if (json_string_value(json_object_get(one, "condition_name")))
      return refuse(r, "a season under a condition has no place in the command");
    if ((!isnan(prior) && own != prior) || !mode || strcmp(mode, word(r, "seasonality_mode")) != 0)
      return refuse(r, "seasons with priors or modes of their own, expected one for all");
    prior = own;
  }
  if (!isnan(prior) && prior != 10) {
    char text[32];
    cli_number(text, prior);
    add_option(r, "seasonality_prior_scale");
    cli_add(&r->call, "%s", text);
  }
  return CLI_OK;
}

/* Of a time without its parts of a second, a date alone at midnight: what stands for it here. */
static int time_length(const char *ds) {
  return ds && strlen(ds) > 10 && strncmp(ds + 11, "00:00:00", 8) != 0 ? 19 : 10;
}

static int add_changes(reading *r) {
  if (!json_is_true(json_object_get(r->model, "specified_changepoints"))) {
    add_number(r, "n_changepoints", "n_changepoints", 25);
    add_number(r, "changepoint_range", "changepoint_range", 0.8);
    return CLI_OK;
  }
  json_t *series = json_loads(word(r, "changepoints"), 0, NULL);
  const json_t *data = json_object_get(series, "data");
  const size_t n = json_array_size(data);
  if (n == 0) {
    add_option(r, "n_changepoints");
    cli_add(&r->call, "0");
  }
  for (size_t i = 0; i < n; ++i) {
    const char *text = json_string_value(json_array_get(data, i));
    if (i == 0) add_option(r, "changepoints");
    cli_add(&r->call, "%s\"%.*s\"", i ? "," : "[", time_length(text), text ? text : "");
  }
  if (n > 0) cli_add(&r->call, "]");
  json_decref(series);
  return CLI_OK;
}

/* Regressors, holidays of a country, and the lists that go with them. */
static void add_regressors(reading *r) {
  const json_t *names = json_array_get(json_object_get(r->model, "extra_regressors"), 0);
  const char *country = json_string_value(json_object_get(r->model, "country_holidays"));
  const size_t n = json_array_size(names);
  cli_text priors = {0}, modes = {0}, standard = {0};
  if (n + (country != NULL) > 0) add_option(r, "x");
  for (size_t i = 0; i < n; ++i) {
    const char *name = json_string_value(json_array_get(names, i)), *comma = i ? "," : "";
    const json_t *of = json_object_get(r->extra, name ? name : "");
    const json_t *how = json_object_get(of, "standardize");
    char prior[32];
    cli_number(prior, json_number_value(json_object_get(of, "prior_scale")));
    cli_add(&r->call, "%s", i ? "," : "[");
    cli_add_quoted(&r->call, name ? name : "");
    cli_add(&r->known, "%s", r->known.length ? "," : "");
    cli_add_quoted(&r->known, name ? name : "");
    const char *mode = json_string_value(json_object_get(of, "mode"));
    cli_add(&priors, "%s%s", comma, prior);
    cli_add(&modes, "%s%s", comma, mode ? mode : "additive");
    cli_add(&standard, "%s%s", comma,
            json_is_true(how)    ? "true"
            : json_is_false(how) ? "false"
                                 : "auto");
  }
  if (country) {
    char prior[32];
    cli_number(prior, json_number_value(json_object_get(r->model, "holidays_prior_scale")));
    cli_add(&r->call, "%sholidays(", n ? "," : "[");
    for (const char *c = country; *c; ++c)
      cli_add(&r->call, "%c", *c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    cli_add(&r->call, ")");
    cli_add(&priors, "%s%s", n ? "," : "", prior);
    cli_add(&modes, "%s%s", n ? "," : "", word(r, "holidays_mode"));
    cli_add(&standard, "%sauto", n ? "," : "");
  }
  if (n + (country != NULL) > 0) {
    cli_add(&r->call, "], x_prior_scale=[%s], x_mode=[%s], x_standardize=[%s]", priors.data,
            modes.data, standard.data);
  }
  r->call.failed = r->call.failed || priors.failed || modes.failed || standard.failed;
  cli_text_free(&priors);
  cli_text_free(&modes);
  cli_text_free(&standard);
}

static int make_call(reading *r) {
  cli_add(&r->call, "prophet(");
  add_word(r, "growth", "linear");
  int code = add_changes(r);
  add_number(r, "changepoint_prior_scale", "changepoint_prior_scale", 0.05);
  if (code == CLI_OK) code = add_seasons(r);
  add_word(r, "seasonality_mode", "additive");
  add_option(r, "scaling");
  cli_add(&r->call, "%s", *word(r, "scaling") ? word(r, "scaling") : "absmax");
  if (strcmp(word(r, "growth"), "logistic") == 0) {
    add_option(r, "cap");
    cli_add(&r->call, "cap");
    cli_add(&r->known, "cap");
    if (json_is_true(json_object_get(r->model, "logistic_floor"))) {
      cli_add(&r->call, ", floor=floor");
      cli_add(&r->known, ",floor");
    }
  }
  if (json_is_string(json_object_get(r->model, "holidays")))
    return refuse(r, "holidays by a table of their own, expected those of a country: give them as "
                     "columns");
  add_regressors(r);
  cli_add(&r->call, ")");
  return code;
}

/* A regressor as it was given: the package keeps mean 0 and deviation 1. */
static void write_number(FILE *to, const reading *r, const json_t *row, const char *name) {
  const json_t *of = json_object_get(r->extra, name), *value = json_object_get(row, name);
  double x = json_is_true(value) ? 1 : json_number_value(value);
  if (of) {
    x = x * json_number_value(json_object_get(of, "std")) +
        json_number_value(json_object_get(of, "mu"));
  }
  fprintf(to, json_is_null(value) || !value ? "," : ",%.17g", x);
}

static bool write_history(FILE *to, const reading *r) {
  static const char *const of_cap[] = {"cap", "floor"};
  const int bounds = strcmp(word(r, "growth"), "logistic") != 0                  ? 0
                     : json_is_true(json_object_get(r->model, "logistic_floor")) ? 2
                                                                                 : 1;
  const json_t *names = json_array_get(json_object_get(r->model, "extra_regressors"), 0);
  fputs("ds,y", to);
  for (int i = 0; i < bounds; ++i) fprintf(to, ",%s", of_cap[i]);
  for (size_t i = 0; i < json_array_size(names); ++i) {
    const char *name = json_string_value(json_array_get(names, i));
    fputc(',', to);
    cli_write_csv_text(to, name ? name : "", strlen(name ? name : ""));
  }
  fputc('\n', to);
  for (size_t k = 0; k < json_array_size(r->history) && !cli_stopped(); ++k) {
    const json_t *row = json_array_get(r->history, k);
    const char *ds = json_string_value(json_object_get(row, "ds"));
    fprintf(to, "%.*s", time_length(ds), ds ? ds : "");
    write_number(to, r, row, "y");
    for (int i = 0; i < bounds; ++i) write_number(to, r, row, of_cap[i]);
    for (size_t i = 0; i < json_array_size(names); ++i) {
      const char *name = json_string_value(json_array_get(names, i));
      write_number(to, r, row, name ? name : "");
    }
    fputc('\n', to);
  }
  return !cli_stopped();
}

static int print_command(const reading *r, const char *history) {
  cli_text data = {0}, line = {0};
  cli_add(&data, "csv(");
  cli_add_quoted(&data, history);
  cli_add(&data, ", time=ds, target=y");
  if (r->known.length) cli_add(&data, ", known=[%s]", r->known.data);
  cli_add(&data, ")");
  cli_add(&line, "wsf fit --data ");
  if (!data.failed) cli_add_shell(&line, data.data);
  cli_add(&line, " \\\n    --model ");
  cli_add_shell(&line, r->call.data);
  cli_add(&line, " --save FILE\n");
  const int code = data.failed || line.failed ? cli_fail_memory() : CLI_OK;
  if (code == CLI_OK) fputs(line.data, stdout);
  cli_text_free(&data);
  cli_text_free(&line);
  return code;
}

int cli_read_prophet(const cli_args *args) {
  json_error_t fault;
  json_t *model = json_load_file(args->name, JSON_REJECT_DUPLICATES, &fault), *table = NULL;
  reading r = {.path = args->name, .model = model};
  cli_sink sink = {0};
  int code = CLI_OK;
  if (!model) {
    cli_say(
        "%s, line %d: %s; expected the JSON of a Prophet model (model_to_json), or a forecaster "
        "with --load",
        args->name, fault.line, fault.text);
    return CLI_INPUT;
  }
  table = json_loads(word(&r, "history"), 0, NULL);
  r.history = json_object_get(table, "data");
  r.extra = json_array_get(json_object_get(model, "extra_regressors"), 1);
  if (json_array_size(r.history) == 0) {
    code = refuse(&r, "no history, expected a model that Prophet's model_to_json wrote");
  }
  if (code == CLI_OK) code = make_call(&r);
  if (code == CLI_OK && (r.call.failed || r.known.failed)) code = cli_fail_memory();
  if (code == CLI_OK) code = cli_sink_open(&sink, args->out);
  if (code == CLI_OK) code = cli_sink_close(&sink, write_history(sink.file, &r));
  if (code == CLI_OK && strcmp(args->out, "-") != 0) code = print_command(&r, args->out);
  cli_text_free(&r.call);
  cli_text_free(&r.known);
  json_decref(table);
  json_decref(model);
  return code;
}

int cli_run_prophet(const cli_args *args) {
  cli_session s;
  int code = cli_open(&s, args);
  if (code == CLI_OK) code = args->load ? cli_write_prophet(&s) : cli_read_prophet(args);
  cli_close(&s);
  return code;
}
