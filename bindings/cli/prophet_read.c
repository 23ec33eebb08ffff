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
  json_t *history;                   /* rows */
  const json_t *extra;               /* regressors by name */
  json_t *columns;                   /* names of what stands beside y in the history */
  double days;                       /* in a period; 0: they are not alike */
  cli_text known, call;              /* of the data, of the model */
  cli_text x, prior, mode, standard; /* entries of x=, and of the lists that go with it */
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

/* ---- what becomes an entry of x= ------------------------------------------------------------ */

/* A column of the history, known ahead. */
static void add_column(reading *r, const char *name) {
  cli_add(&r->known, "%s", r->known.length ? "," : "");
  cli_add_quoted(&r->known, name);
  json_array_append_new(r->columns, json_string(name));
}

static void add_entry(reading *r, const char *text, double prior, const char *mode,
                      const char *standard) {
  const char *comma = r->x.length ? "," : "";
  char number[32];
  cli_number(number, prior);
  cli_add(&r->x, "%s%s", comma, text);
  cli_add(&r->prior, "%s%s", comma, number);
  cli_add(&r->mode, "%s%s", comma, mode ? mode : "additive");
  cli_add(&r->standard, "%s%s", comma, standard);
}

/* A season with a name, a condition, a prior or a mode of its own: waves of periods, which stand
 * against the calendar where the package's do, or turned by as much for all of them. */
static int add_waves(reading *r, const char *name, const json_t *season) {
  const json_t *condition = json_object_get(season, "condition_name");
  const double order = json_number_value(json_object_get(season, "fourier_order"));
  const double period = json_number_value(json_object_get(season, "period")) / r->days;
  char length[32], count[32];
  if (r->days == 0)
    return refuse(r,
                  "a season with a name, prior, mode or condition of its own counts days, and the "
                  "history's periods are not alike");
  if (!(period >= 2 * order && order >= 1)) {
    cli_say("%s: season '%.100s' has waves shorter than two periods, expected longer ones", r->path,
            name);
    return CLI_INPUT;
  }
  cli_text call = {0};
  cli_number(length, period);
  cli_number(count, order);
  cli_add(&call, "fourier(%s, %s", length, count);
  if (json_is_string(condition)) {
    bool there = false;
    size_t i;
    json_t *column;
    json_array_foreach(r->columns, i, column) there = there || json_equal(column, condition);
    if (!there) add_column(r, json_string_value(condition));
    cli_add(&call, ", condition_name=");
    cli_add_quoted(&call, json_string_value(condition));
  }
  cli_add(&call, ")");
  const int code = call.failed ? cli_fail_memory() : CLI_OK;
  if (code == CLI_OK) {
    add_entry(r, call.data, json_number_value(json_object_get(season, "prior_scale")),
              json_string_value(json_object_get(season, "mode")), "auto");
  }
  cli_text_free(&call);
  return code;
}

/* Whether a season is one of ours, under the prior and the mode of all. */
static bool is_usual(const reading *r, const json_t *season, double days, double prior) {
  const char *mode = json_string_value(json_object_get(season, "mode"));
  return json_number_value(json_object_get(season, "period")) == days &&
         !json_is_string(json_object_get(season, "condition_name")) &&
         json_number_value(json_object_get(season, "prior_scale")) == prior && mode &&
         strcmp(mode, word(r, "seasonality_mode")) == 0;
}

static int add_seasons(reading *r) {
  static const struct {
    const char *name;
    double days;
  } ours[] = {{"yearly", 365.25}, {"weekly", 7}, {"daily", 1}};
  const json_t *all = json_array_get(json_object_get(r->model, "seasonalities"), 1);
  const json_t *names = json_array_get(json_object_get(r->model, "seasonalities"), 0);
  double prior = NAN;
  int code = CLI_OK;
  for (int i = 0; i < 3; ++i) {
    const json_t *season = json_object_get(all, ours[i].name);
    char option[32];
    if (isnan(prior) && season) prior = json_number_value(json_object_get(season, "prior_scale"));
    (void)snprintf(option, sizeof option, "%s_seasonality", ours[i].name);
    add_option(r, option);
    if (season && is_usual(r, season, ours[i].days, prior)) {
      cli_add(&r->call, "%lld",
              (long long)json_integer_value(json_object_get(season, "fourier_order")));
    } else {
      cli_add(&r->call, "false");
    }
  }
  for (size_t k = 0; code == CLI_OK && k < json_array_size(names); ++k) {
    const char *name = json_string_value(json_array_get(names, k));
    const json_t *season = json_object_get(all, name ? name : "");
    bool usual = false;
    for (int i = 0; name && i < 3; ++i) {
      usual =
          usual || (strcmp(name, ours[i].name) == 0 && is_usual(r, season, ours[i].days, prior));
    }
    if (!usual) code = add_waves(r, name ? name : "", season);
  }
  if (!isnan(prior) && prior != 10) {
    char text[32];
    cli_number(text, prior);
    add_option(r, "seasonality_prior_scale");
    cli_add(&r->call, "%s", text);
  }
  return code;
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

/* Regressors and holidays of a country. */
static void add_regressors(reading *r) {
  const json_t *names = json_array_get(json_object_get(r->model, "extra_regressors"), 0);
  const char *country = json_string_value(json_object_get(r->model, "country_holidays"));
  for (size_t i = 0; i < json_array_size(names); ++i) {
    const char *name = json_string_value(json_array_get(names, i));
    const json_t *of = json_object_get(r->extra, name ? name : "");
    const json_t *how = json_object_get(of, "standardize");
    cli_text quoted = {0};
    if (json_is_object(json_object_get(of, "predictor_spec")))
      cli_say(
          "regressor '%.100s' has a predictor, which is left behind: its values ahead are to be "
          "given, or forecast(..) of it stands in its place",
          name ? name : "");
    add_column(r, name ? name : "");
    cli_add_quoted(&quoted, name ? name : "");
    r->x.failed = r->x.failed || quoted.failed;
    add_entry(r, quoted.data ? quoted.data : "",
              json_number_value(json_object_get(of, "prior_scale")),
              json_string_value(json_object_get(of, "mode")),
              json_is_true(how)    ? "true"
              : json_is_false(how) ? "false"
                                   : "auto");
    cli_text_free(&quoted);
  }
  if (!country) return;
  char call[64];
  (void)snprintf(call, sizeof call, "holidays(%.40s)", country);
  for (char *c = call; *c; ++c) *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
  add_entry(r, call, json_number_value(json_object_get(r->model, "holidays_prior_scale")),
            word(r, "holidays_mode"), "auto");
}

static void add_lists(reading *r) {
  if (!r->x.length) return;
  add_option(r, "x");
  cli_add(&r->call, "[%s], x_prior_scale=[%s], x_mode=[%s], x_standardize=[%s]", r->x.data,
          r->prior.data, r->mode.data, r->standard.data);
  r->call.failed =
      r->call.failed || r->x.failed || r->prior.failed || r->mode.failed || r->standard.failed;
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
    add_column(r, "cap");
    if (json_is_true(json_object_get(r->model, "logistic_floor"))) {
      cli_add(&r->call, ", floor=floor");
      add_column(r, "floor");
    }
  }
  if (json_is_string(json_object_get(r->model, "holidays")))
    return refuse(r, "holidays by a table of their own, expected those of a country: give them as "
                     "columns");
  add_regressors(r);
  add_lists(r);
  cli_add(&r->call, ")");
  return code;
}

/* ---- what fields hold ---------------------------------------------------------------------- */

typedef struct field {
  const char *name, *what;
  bool (*holds)(const json_t *value);
} field;

static bool is_text(const json_t *v) {
  return json_is_string(v);
}
static bool is_number(const json_t *v) {
  return json_is_number(v);
}
static bool is_flag(const json_t *v) {
  return json_is_boolean(v);
}
static bool is_pair(const json_t *v) {
  return json_is_array(v) && json_array_size(v) == 2 && json_is_array(json_array_get(v, 0)) &&
         json_is_object(json_array_get(v, 1));
}
static bool is_flag_or_text(const json_t *v) {
  return json_is_boolean(v) || json_is_string(v);
}

/* A field of another kind would be passed over as if it were not there. */
static int check_fields(const reading *r, const json_t *in, const field *list, size_t n) {
  for (size_t i = 0; i < n; ++i) {
    const json_t *value = json_object_get(in, list[i].name);
    if (!value || json_is_null(value) || list[i].holds(value)) continue;
    cli_say("%s: the field \"%s\" holds something else than %s, which was expected", r->path,
            list[i].name, list[i].what);
    return CLI_INPUT;
  }
  return CLI_OK;
}
#define CHECK_FIELDS(r, in, list) check_fields(r, in, list, sizeof(list) / sizeof *(list))

static int check_model(const reading *r) {
  static const field of_model[] = {
      {"growth", "a text", is_text},
      {"n_changepoints", "a number", is_number},
      {"changepoint_range", "a number", is_number},
      {"changepoint_prior_scale", "a number", is_number},
      {"specified_changepoints", "true or false", is_flag},
      {"changepoints", "a text", is_text},
      {"seasonality_mode", "a text", is_text},
      {"seasonality_prior_scale", "a number", is_number},
      {"holidays_prior_scale", "a number", is_number},
      {"holidays_mode", "a text", is_text},
      {"scaling", "a text", is_text},
      {"logistic_floor", "true or false", is_flag},
      {"country_holidays", "a text", is_text},
      {"holidays", "a text", is_text},
      {"history", "a text", is_text},
      {"seasonalities", "a list of names and of seasons", is_pair},
      {"extra_regressors", "a list of names and of regressors", is_pair}};
  static const field of_season[] = {{"fourier_order", "a number", is_number},
                                    {"prior_scale", "a number", is_number},
                                    {"mode", "a text", is_text},
                                    {"condition_name", "a text", is_text}};
  static const field of_regressor[] = {{"prior_scale", "a number", is_number},
                                       {"mu", "a number", is_number},
                                       {"std", "a number", is_number},
                                       {"mode", "a text", is_text},
                                       {"standardize", "true, false or auto", is_flag_or_text}};
  const char *name;
  json_t *one;
  if (!json_is_object(r->model)) return refuse(r, "a JSON object was expected");
  int code = CHECK_FIELDS(r, r->model, of_model);
  json_t *seasons = json_array_get(json_object_get(r->model, "seasonalities"), 1);
  if (code == CLI_OK) {
    json_object_foreach(seasons, name, one) {
      if (code == CLI_OK) code = CHECK_FIELDS(r, one, of_season);
    }
    json_object_foreach((json_t *)(uintptr_t)r->extra, name, one) {
      if (code == CLI_OK) code = CHECK_FIELDS(r, one, of_regressor);
    }
  }
  return code;
}

/* The call as it will be fitted, by the library that will fit it. */
static int check_call(const reading *r, wsf_context *ctx) {
  wsf_model *model = NULL;
  wsf_error err;
  if (wsf_model_parse(&model, ctx, r->call.data, &err) != WSF_OK) {
    return cli_fail(&err, r->path, r->call.data);
  }
  wsf_model_release(model);
  return CLI_OK;
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
  fputs("ds,y", to);
  for (size_t i = 0; i < json_array_size(r->columns); ++i) {
    const char *name = json_string_value(json_array_get(r->columns, i));
    fputc(',', to);
    cli_write_csv_text(to, name, strlen(name));
  }
  fputc('\n', to);
  for (size_t k = 0; k < json_array_size(r->history) && !cli_stopped(); ++k) {
    const json_t *row = json_array_get(r->history, k);
    const char *ds = json_string_value(json_object_get(row, "ds"));
    fprintf(to, "%.*s", time_length(ds), ds ? ds : "");
    write_number(to, r, row, "y");
    for (size_t i = 0; i < json_array_size(r->columns); ++i)
      write_number(to, r, row, json_string_value(json_array_get(r->columns, i)));
    fputc('\n', to);
  }
  return !cli_stopped();
}

/* The day and second of "2015-01-02T10:00:00.000". */
static double seconds_of(const char *ds) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!ds || sscanf(ds, "%d-%d-%dT%d:%d:%d", &year, &month, &day, &hour, &minute, &second) < 3)
    return NAN;
  const int shifted = year - (month <= 2), before = (month + 9) % 12; /* months from March on */
  const int until = (153 * before + 2) / 5; /* days of the months before, whole by rounding down */
  const double days = 365.0 * shifted + floor(shifted / 4.0) - floor(shifted / 100.0) +
                      floor(shifted / 400.0) + until + day - 1;
  return 86400 * days + 3600.0 * hour + 60.0 * minute + second;
}

static double days_of(const reading *r) {
  double least = INFINITY;
  for (int pass = 0; pass < 2; ++pass) {
    double before = NAN;
    for (size_t k = 0; k < json_array_size(r->history); ++k) {
      const json_t *row = json_array_get(r->history, k);
      const double now = seconds_of(json_string_value(json_object_get(row, "ds")));
      const double apart = now - before;
      if (pass == 0 && apart > 0) least = fmin(least, apart);
      if (pass == 1 && fmod(apart, least) != 0 && !isnan(apart)) return 0;
      before = now;
    }
  }
  return isfinite(least) ? least / 86400 : 0;
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

/* Its history to --out, and the command that fits it anew. */
static int read_prophet(const cli_session *s) {
  const cli_args *args = s->args;
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
  r.columns = json_array();
  r.days = days_of(&r);
  code = check_model(&r);
  if (code == CLI_OK && json_array_size(r.history) == 0) {
    code = refuse(&r, "no history, expected a model that Prophet's model_to_json wrote");
  }
  if (code == CLI_OK) code = make_call(&r);
  if (code == CLI_OK && (r.call.failed || r.known.failed)) code = cli_fail_memory();
  if (code == CLI_OK) code = check_call(&r, s->ctx);
  if (code == CLI_OK) code = cli_sink_open(&sink, args->out);
  if (code == CLI_OK) code = cli_sink_close(&sink, write_history(sink.file, &r));
  if (code == CLI_OK && strcmp(args->out, "-") != 0) code = print_command(&r, args->out);
  cli_text *const texts[] = {&r.call, &r.known, &r.x, &r.prior, &r.mode, &r.standard};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i) cli_text_free(texts[i]);
  json_decref(r.columns);
  json_decref(table);
  json_decref(model);
  return code;
}

int cli_run_prophet(const cli_args *args) {
  cli_session s;
  int code = cli_open(&s, args);
  if (code == CLI_OK) code = args->load ? cli_write_prophet(&s) : read_prophet(&s);
  cli_close(&s);
  return code;
}
