/* A prophet of this library as a model of the Prophet package, in the JSON that its
 * model_from_json reads: parameters from the view of coefficients, the history from that of fitted
 * values. Not written: regressors and caps, whose columns are no part of a forecaster. */
#include "cli.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>

enum { SEASONS = 3, MOST = 4096 };
static const struct {
  const char *name, *mean;
  double days;
} season[SEASONS] = {
    {"yearly", "yearly_mean", 365.25}, {"weekly", "weekly_mean", 7}, {"daily", "daily_mean", 1}};

typedef struct prophet {
  const char *model;
  double k, m, sigma, scale, lowest, level;
  int changes, deltas, betas, columns[SEASONS];
  double change[MOST], delta[MOST], beta[MOST];
} prophet;

static int refuse(const char *why) {
  cli_say("%s", why);
  return CLI_INPUT;
}

static bool is_numbered(const char *name, const char *stem) {
  const size_t n = strlen(stem);
  return strncmp(name, stem, n) == 0 && name[n] &&
         strspn(name + n, "0123456789") == strlen(name + n);
}

static void keep(double *list, int *n, double x) {
  if (*n < MOST) list[(*n)++] = x;
}

static void take(prophet *p, const char *name, double x) {
  if (strcmp(name, "k") == 0) p->k = x;
  if (strcmp(name, "m") == 0) p->m = x;
  if (strcmp(name, "sigma_obs") == 0) p->sigma = x;
  if (strcmp(name, "y_scale") == 0) p->scale = x;
  if (strcmp(name, "y_min") == 0) p->lowest = x;
  if (is_numbered(name, "s")) keep(p->change, &p->changes, x);
  if (is_numbered(name, "delta")) keep(p->delta, &p->deltas, x);
  for (int i = 0; i < SEASONS; ++i) {
    if (strcmp(name, season[i].mean) == 0) p->level += x;
    if (!is_numbered(name, season[i].name)) continue;
    keep(p->beta, &p->betas, x);
    ++p->columns[i];
  }
}

static bool has(const prophet *p, const char *option) {
  return strstr(p->model, option) != NULL;
}

/* The package has no season that counts from its mean: the level of the trend takes it. */
static void settle(prophet *p) {
  if (!has(p, "seasonality_mode=multiplicative")) {
    p->m -= p->level;
    return;
  }
  const double share = 1 - p->level;
  p->k *= share;
  p->m *= share;
  for (int j = 0; j < p->deltas; ++j) p->delta[j] *= share;
  for (int c = 0; c < p->betas; ++c) p->beta[c] /= share;
}

static int check_model(prophet *p, const wsf_table *summary) {
  for (int64_t row = 0; row < wsf_table_rows(summary); ++row) {
    const char *name = wsf_table_text(summary, 0, row, NULL);
    if (name && strcmp(name, "model") == 0) p->model = wsf_table_text(summary, 1, row, NULL);
  }
  if (!p->model || strncmp(p->model, "prophet", 7) != 0 || strchr("(", p->model[7]) == NULL)
    return refuse("the forecaster is not a prophet alone");
  if (has(p, "x=[")) return refuse("a model with regressors (x=) cannot be written");
  if (has(p, "growth=logistic")) return refuse("a model with a cap cannot be written");
  return CLI_OK;
}

static int read_coefficients(prophet *p, const wsf_table *t) {
  const int64_t name = wsf_table_find(t, "coefficient");
  const double *estimate = wsf_table_f64(t, wsf_table_find(t, "estimate"));
  int series = 0;
  for (int64_t row = 0; row < wsf_table_rows(t); ++row) {
    const char *word = wsf_table_text(t, name, row, NULL);
    series += strcmp(word, "k") == 0;
    if (series == 1) take(p, word, estimate[row]);
  }
  if (series == 0) return refuse("nothing was estimated for this series");
  if (series > 1)
    return refuse("the forecaster has several series, expected --series KEY for one of them");
  settle(p);
  return CLI_OK;
}

static json_t *list(const double *x, int n) {
  json_t *out = json_array();
  for (int i = 0; i < n; ++i) json_array_append_new(out, json_real(x[i]));
  return out;
}

/* As the package keeps samples: a list of one draw. */
static json_t *draw(const double *x, int n) {
  json_t *out = json_array();
  json_array_append_new(out, list(x, n));
  return out;
}

/* What pandas writes is a text within the text. */
static json_t *text_of(json_t *value) {
  char *text = json_dumps(value, JSON_COMPACT);
  json_t *out = text ? json_string(text) : NULL;
  free(text);
  json_decref(value);
  return out;
}

static json_t *stamp(double seconds) {
  char text[40];
  struct tm at;
  const time_t whole = (time_t)floor(seconds);
  if (!gmtime_r(&whole, &at) || !strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.000", &at))
    return NULL;
  return json_string(text);
}

/* A series of times, named ds. */
static json_t *times(const double *seconds, int64_t n) {
  json_t *index = json_array(), *data = json_array();
  for (int64_t i = 0; i < n; ++i) {
    json_array_append_new(index, json_integer(i));
    json_array_append_new(data, stamp(seconds[i]));
  }
  return text_of(json_pack("{s:s, s:o, s:o}", "name", "ds", "index", index, "data", data));
}

static json_t *history(const prophet *p, const double *seconds, const double *y, int64_t n) {
  static const char *const field[] = {"ds", "y", "floor", "t", "y_scaled"};
  json_t *fields = json_array(), *data = json_array();
  for (int i = 0; i < 5; ++i) {
    json_array_append_new(
        fields, json_pack("{s:s, s:s}", "name", field[i], "type", i == 0 ? "datetime" : "number"));
  }
  for (int64_t i = 0; i < n; ++i) {
    json_array_append_new(data, json_pack("{s:o, s:f, s:f, s:f, s:f}", "ds", stamp(seconds[i]), "y",
                                          y[i], "floor", p->lowest, "t",
                                          (seconds[i] - seconds[0]) / (seconds[n - 1] - seconds[0]),
                                          "y_scaled", (y[i] - p->lowest) / p->scale));
  }
  return text_of(json_pack("{s:{s:o, s:s}, s:o}", "schema", "fields", fields, "pandas_version",
                           "1.4.0", "data", data));
}

static void add_seasons(json_t *to, const prophet *p, const char *mode) {
  json_t *names = json_array(), *all = json_object(), *of = json_object();
  json_t *parts[2] = {json_array(), json_array()}; /* of the mode of seasons, and of the other */
  for (int i = 0; i < SEASONS; ++i) {
    const int order = p->columns[i] / 2;
    char option[32];
    (void)snprintf(option, sizeof option, "%s_seasonality", season[i].name);
    json_object_set_new(to, option, p->columns[i] ? json_integer(order) : json_false());
    if (p->columns[i] == 0) continue;
    json_array_append_new(names, json_string(season[i].name));
    json_array_append_new(parts[0], json_string(season[i].name));
    json_object_set_new(all, season[i].name,
                        json_pack("{s:f, s:i, s:f, s:s, s:n}", "period", season[i].days,
                                  "fourier_order", order, "prior_scale", 10.0, "mode", mode,
                                  "condition_name"));
  }
  const bool shares = strcmp(mode, "multiplicative") == 0;
  static const char *const modes[] = {"additive", "multiplicative"};
  for (int k = 0; k < 2; ++k) {
    char terms[48], extra[48];
    const char *name = modes[shares ? 1 - k : k];
    (void)snprintf(terms, sizeof terms, "%s_terms", name);
    (void)snprintf(extra, sizeof extra, "extra_regressors_%s", name);
    json_array_append_new(parts[k], json_string(terms));
    json_array_append_new(parts[k], json_string(extra));
    if (k == 0) json_array_append_new(parts[k], json_string("holidays"));
    json_object_set_new(of, name, parts[k]);
  }
  json_object_set_new(to, "seasonalities", json_pack("[o, o]", names, all));
  json_object_set_new(to, "component_modes", of);
}

static void add_parameters(json_t *to, const prophet *p) {
  static const double none = 0;
  json_t *params = json_object();
  json_object_set_new(params, "k", draw(&p->k, 1));
  json_object_set_new(params, "m", draw(&p->m, 1));
  json_object_set_new(params, "sigma_obs", draw(&p->sigma, 1));
  /* the package has a change and a column at least, of 0 */
  json_object_set_new(params, "delta", p->deltas ? draw(p->delta, p->deltas) : draw(&none, 1));
  json_object_set_new(params, "beta", p->betas ? draw(p->beta, p->betas) : draw(&none, 1));
  json_object_set_new(to, "params", params);
  json_object_set_new(to, "changepoints_t",
                      p->changes ? list(p->change, p->changes) : list(&none, 1));
}

static json_t *model_of(const prophet *p, const double *seconds, const double *y, int64_t n) {
  const char *mode = has(p, "seasonality_mode=multiplicative") ? "multiplicative" : "additive";
  const double span = seconds[n - 1] - seconds[0];
  double at[MOST];
  for (int j = 0; j < p->changes; ++j) at[j] = seconds[0] + p->change[j] * span;
  json_t *to = json_pack(
      "{s:s, s:i, s:b, s:f, s:s, s:f, s:f, s:f, s:i, s:f, s:i, s:f, s:f, s:s, s:b, s:n, s:s, s:n, "
      "s:n, "
      "s:n, s:f, s:f, s:[[], {}], s:{}, s:s}",
      "growth", has(p, "growth=flat") ? "flat" : "linear", "n_changepoints", p->changes,
      "specified_changepoints", 1, "changepoint_range", 0.8, "seasonality_mode", mode,
      "seasonality_prior_scale", 10.0, "changepoint_prior_scale", 0.05, "holidays_prior_scale",
      10.0, "mcmc_samples", 0, "interval_width", 0.8, "uncertainty_samples", 1000, "y_scale",
      p->scale, "y_min", p->lowest, "scaling", p->lowest != 0 ? "minmax" : "absmax",
      "logistic_floor", 0, "country_holidays", "holidays_mode", mode, "train_holiday_names",
      "holidays", "train_component_cols", "start", seconds[0], "t_scale", span, "extra_regressors",
      "fit_kwargs", "__prophet_version", "1.5.0");
  if (!to) return NULL;
  json_object_set_new(to, "changepoints", times(at, p->changes));
  json_object_set_new(to, "history_dates", times(seconds, n));
  json_object_set_new(to, "history", history(p, seconds, y, n));
  add_seasons(to, p, mode);
  add_parameters(to, p);
  return to;
}

/* The observations of the view of fitted values: seconds[n] and y[n] for the caller to free. */
static int read_history(const wsf_table *t, double **seconds, double **y, int64_t *n) {
  const int64_t target = wsf_table_find(t, "target"), rows = wsf_table_rows(t);
  const int32_t type = wsf_table_type(t, target - 1);
  const int64_t *time = wsf_table_i64(t, target - 1);
  const double *value = wsf_table_f64(t, target);
  if (type != WSF_TYPE_DATE && type != WSF_TYPE_TIME)
    return refuse("times are whole numbers, expected dates: the package knows no others");
  *seconds = malloc((size_t)rows * sizeof **seconds + 1);
  *y = malloc((size_t)rows * sizeof **y + 1);
  if (!*seconds || !*y) return cli_fail_memory();
  for (int64_t row = 0; row < rows; ++row) {
    if (isnan(value[row])) continue;
    (*seconds)[*n] = (double)time[row] * (type == WSF_TYPE_DATE ? 86400 : 1);
    (*y)[(*n)++] = value[row];
  }
  return *n >= 2 ? CLI_OK : refuse("fewer than two observations, expected a history");
}

static int describe(wsf_table **out, const cli_session *s, const char *view) {
  cli_text what = {0};
  wsf_error err;
  cli_add(&what, "%s", view);
  if (s->args->series && strcmp(view, "summary") != 0) {
    cli_add(&what, "(series=");
    cli_add_quoted(&what, s->args->series);
    cli_add(&what, ")");
  }
  int code = what.failed ? cli_fail_memory() : CLI_OK;
  if (code == CLI_OK && wsf_forecaster_describe(out, s->forecaster, what.data, &err) != WSF_OK)
    code = cli_fail(&err, strcmp(err.field, "series") == 0 ? "--series" : NULL, NULL);
  cli_text_free(&what);
  return code;
}

int cli_write_prophet(cli_session *s) {
  static prophet p;
  wsf_table *summary = NULL, *coefficients = NULL, *fitted = NULL;
  double *seconds = NULL, *y = NULL;
  int64_t n = 0;
  json_t *model = NULL;
  cli_sink sink = {0};
  int code = cli_load(s);
  if (code == CLI_OK) code = describe(&summary, s, "summary");
  if (code == CLI_OK) code = check_model(&p, summary);
  if (code == CLI_OK) code = describe(&coefficients, s, "coefficients");
  if (code == CLI_OK) code = read_coefficients(&p, coefficients);
  if (code == CLI_OK) code = describe(&fitted, s, "fitted");
  if (code == CLI_OK) code = read_history(fitted, &seconds, &y, &n);
  if (code == CLI_OK && !(model = model_of(&p, seconds, y, n))) code = cli_fail_memory();
  if (code == CLI_OK) code = cli_sink_open(&sink, s->args->out);
  if (code == CLI_OK) {
    const bool good =
        json_dumpf(model, sink.file, JSON_COMPACT) == 0 && fputc('\n', sink.file) != EOF;
    code = cli_sink_close(&sink, good);
  }
  json_decref(model);
  free(seconds);
  free(y);
  wsf_table_release(summary);
  wsf_table_release(coefficients);
  wsf_table_release(fitted);
  return code;
}
