/* A prophet of this library as a model of the Prophet package, in the JSON that its
 * model_from_json reads: parameters from the view of coefficients, the history from that of fitted
 * values or, with the columns that x= and bounds name, from the data. */
#include "prophet.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

static const struct {
  const char *name, *mean;
  double days;
} season[PROPHET_SEASONS] = {
    {"yearly", "yearly_mean", 365.25}, {"weekly", "weekly_mean", 7}, {"daily", "daily_mean", 1}};

static bool is_numbered(const char *name, const char *stem) {
  const size_t n = strlen(stem);
  return strncmp(name, stem, n) == 0 && name[n] &&
         strspn(name + n, "0123456789") == strlen(name + n);
}

static void keep(double *list, int *n, double x) {
  if (*n < PROPHET_MOST) list[(*n)++] = x;
}

/* Of a number behind a name, from 1 on: its place in a list. */
static int place_of(const char *digits) {
  const long at = strtol(digits, NULL, 10);
  return at >= 1 && at <= PROPHET_MOST ? (int)at - 1 : 0;
}

static void take(prophet *p, const char *name, double x) {
  if (strcmp(name, "k") == 0) p->k = x;
  if (strcmp(name, "m") == 0) p->m = x;
  if (strcmp(name, "sigma_obs") == 0) p->sigma = x;
  if (strcmp(name, "y_scale") == 0) p->scale = x;
  if (strcmp(name, "y_min") == 0) p->lowest = x;
  if (strcmp(name, "start") == 0) p->start = 86400 * x;
  if (strcmp(name, "t_scale") == 0) p->span = 86400 * x;
  if (is_numbered(name, "mu")) p->mu[place_of(name + 2)] = x;
  if (is_numbered(name, "std")) p->std[place_of(name + 3)] = x;
  if (strncmp(name, "x:", 2) == 0 && p->effects < PROPHET_MOST) {
    (void)snprintf(p->effect_name[p->effects], PROPHET_NAME, "%s", name + 2);
    p->std[p->effects] = 1;
    p->effect[p->effects++] = x;
  }
  if (is_numbered(name, "s")) keep(p->change, &p->changes, x);
  if (is_numbered(name, "delta")) keep(p->delta, &p->deltas, x);
  for (int i = 0; i < PROPHET_SEASONS; ++i) {
    if (strcmp(name, season[i].mean) == 0) p->level += x;
    if (!is_numbered(name, season[i].name)) continue;
    keep(p->beta, &p->betas, x);
    ++p->columns[i];
  }
}

/* Where y counts from a floor the package fits shares of what is above it, and forecasts shares of
 * all. */
static int check_shares(const prophet *p) {
  bool shares = prophet_is(p, "seasonality_mode", "multiplicative");
  for (int i = 0; i < p->terms; ++i) shares = shares || p->term[i].share;
  if (!shares || (p->lowest == 0 && !*p->floor)) return CLI_OK;
  return prophet_refuse(
      "effects that are shares of the trend, above a floor (floor=, scaling=minmax): "
      "the package would forecast them as shares of the floor, too");
}

/* The package has no season that counts from its mean: the level of the trend takes it. */
static int settle(prophet *p) {
  const bool shares = prophet_is(p, "seasonality_mode", "multiplicative");
  for (int i = 0; i < p->terms && p->level != 0; ++i) {
    if (!shares && p->term[i].share)
      return prophet_refuse(
          "a season with a stretch never observed is added, and '%s' a share of the "
          "trend: the package has no such model",
          p->term[i].name);
  }
  if (!shares) {
    p->m -= p->level;
    return CLI_OK;
  }
  const double share = 1 - p->level;
  p->k *= share;
  p->m *= share;
  for (int j = 0; j < p->deltas; ++j) p->delta[j] *= share;
  for (int c = 0; c < p->betas; ++c) p->beta[c] /= share;
  for (int i = 0; i < p->terms; ++i) {
    const prophet_term *term = &p->term[i];
    for (int c = 0; term->share && c < term->columns; ++c) p->effect[term->first + c] /= share;
  }
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
  if (series == 0) return prophet_refuse("nothing was estimated for this series");
  if (series > 1)
    return prophet_refuse(
        "the forecaster has several series, expected --series KEY for one of them");
  int code = prophet_read_terms(p);
  if (code == CLI_OK) code = check_shares(p);
  return code == CLI_OK ? settle(p) : code;
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

static json_t *history(const prophet *p, const prophet_history *h) {
  static const char *const field[] = {"ds", "y", "floor", "t", "y_scaled"};
  json_t *fields = json_array(), *data = json_array();
  for (int i = 0; i < 5; ++i) {
    json_array_append_new(
        fields, json_pack("{s:s, s:s}", "name", field[i], "type", i == 0 ? "datetime" : "number"));
  }
  prophet_add_fields(fields, p, h);
  for (int64_t i = 0; i < h->n; ++i) {
    const double floor = *p->floor ? prophet_bound(p->floor, h, i) : p->lowest;
    json_t *row = json_pack("{s:o, s:f, s:f, s:f, s:f}", "ds", stamp(h->seconds[i]), "y", h->y[i],
                            "floor", floor, "t", (h->seconds[i] - p->start) / p->span, "y_scaled",
                            (h->y[i] - floor) / p->scale);
    prophet_add_row(row, p, h, i);
    json_array_append_new(data, row);
  }
  return text_of(json_pack("{s:{s:o, s:s}, s:o}", "schema", "fields", fields, "pandas_version",
                           "1.4.0", "data", data));
}

/* The seasons, and what else has a mode: each under its own, as the package sums them up. */
static void add_components(json_t *to, const prophet *p, const char *mode, double days) {
  json_t *names = json_array(), *all = json_object(), *of = json_object();
  json_t *parts[2] = {json_array(), json_array()}; /* additive, and shares of the trend */
  const bool shares = strcmp(mode, "multiplicative") == 0;
  for (int i = 0; i < PROPHET_SEASONS; ++i) {
    const int order = p->columns[i] / 2;
    char option[32];
    (void)snprintf(option, sizeof option, "%s_seasonality", season[i].name);
    json_object_set_new(to, option, p->columns[i] ? json_integer(order) : json_false());
    if (p->columns[i] == 0) continue;
    json_array_append_new(names, json_string(season[i].name));
    json_array_append_new(parts[shares], json_string(season[i].name));
    json_object_set_new(all, season[i].name,
                        json_pack("{s:f, s:i, s:f, s:s, s:n}", "period", season[i].days,
                                  "fourier_order", order, "prior_scale", 10.0, "mode", mode,
                                  "condition_name"));
  }
  prophet_add_waves(p, names, all, parts, days);
  prophet_add_regressors(to, p, parts);
  static const char *const modes[] = {"additive", "multiplicative"};
  for (int k = 0; k < 2; ++k) {
    char terms[48], extra[48];
    (void)snprintf(terms, sizeof terms, "%s_terms", modes[k]);
    (void)snprintf(extra, sizeof extra, "extra_regressors_%s", modes[k]);
    json_array_append_new(parts[k], json_string(terms));
    json_array_append_new(parts[k], json_string(extra));
    if (k == shares) json_array_append_new(parts[k], json_string("holidays"));
    json_object_set_new(of, modes[k], parts[k]);
  }
  json_object_set_new(to, "seasonalities", json_pack("[o, o]", names, all));
  json_object_set_new(to, "component_modes", of);
}

static void add_parameters(json_t *to, const prophet *p, double days, double phase) {
  static double beta[3 * PROPHET_MOST];
  const int betas = prophet_betas(p, beta, days, phase);
  static const double none = 0;
  json_t *params = json_object();
  json_object_set_new(params, "k", draw(&p->k, 1));
  json_object_set_new(params, "m", draw(&p->m, 1));
  json_object_set_new(params, "sigma_obs", draw(&p->sigma, 1));
  /* the package has a change and a column at least, of 0 */
  json_object_set_new(params, "delta", p->deltas ? draw(p->delta, p->deltas) : draw(&none, 1));
  json_object_set_new(params, "beta", betas ? draw(beta, betas) : draw(&none, 1));
  json_object_set_new(to, "params", params);
  json_object_set_new(to, "changepoints_t",
                      p->changes ? list(p->change, p->changes) : list(&none, 1));
}

static const char *growth_of(const prophet *p) {
  if (prophet_is(p, "growth", "flat")) return "flat";
  return prophet_is(p, "growth", "logistic") ? "logistic" : "linear";
}

/* The day on which our waves begin, of those before the history the last. Before 1970 too. */
static double phase_of(double start, double days) {
  const double phase = fmod(start, 86400 * days);
  return (phase < 0 ? phase + 86400 * days : phase) / 86400;
}

static json_t *model_of(const prophet *p, const prophet_history *h, double days) {
  const char *mode =
      prophet_is(p, "seasonality_mode", "multiplicative") ? "multiplicative" : "additive";
  double at[PROPHET_MOST];
  for (int j = 0; j < p->changes; ++j) at[j] = p->start + p->change[j] * p->span;
  const bool minmax = p->lowest != 0 || prophet_is(p, "scaling", "minmax");
  json_t *to = json_pack(
      "{s:s, s:i, s:b, s:f, s:s, s:f, s:f, s:f, s:i, s:f, s:i, s:f, s:f, s:s, s:b, s:n, s:s, s:n, "
      "s:n, s:n, s:f, s:f, s:{}, s:s}",
      "growth", growth_of(p), "n_changepoints", p->changes, "specified_changepoints", 1,
      "changepoint_range", 0.8, "seasonality_mode", mode, "seasonality_prior_scale", 10.0,
      "changepoint_prior_scale", 0.05, "holidays_prior_scale", 10.0, "mcmc_samples", 0,
      "interval_width", 0.8, "uncertainty_samples", 1000, "y_scale", p->scale, "y_min", p->lowest,
      "scaling", minmax ? "minmax" : "absmax", "logistic_floor", *p->floor != 0, "country_holidays",
      "holidays_mode", mode, "train_holiday_names", "holidays", "train_component_cols", "start",
      p->start, "t_scale", p->span, "fit_kwargs", "__prophet_version", "1.5.0");
  if (!to) return NULL;
  json_object_set_new(to, "changepoints", times(at, p->changes));
  json_object_set_new(to, "history_dates", times(h->seconds, h->n));
  json_object_set_new(to, "history", history(p, h));
  add_components(to, p, mode, days);
  add_parameters(to, p, days, phase_of(p->start, days));
  return to;
}

/* ---- the history --------------------------------------------------------------------------- */

static bool is_dated(const wsf_table *t, int64_t column) {
  const int32_t type = wsf_table_type(t, column);
  return type == WSF_TYPE_DATE || type == WSF_TYPE_TIME;
}

static double seconds_of(const wsf_table *t, int64_t column, int64_t row) {
  return (double)wsf_table_i64(t, column)[row] *
         (wsf_table_type(t, column) == WSF_TYPE_DATE ? 86400 : 1);
}

static double number_of(const wsf_table *t, int64_t column, int64_t row) {
  if (wsf_table_is_null(t, column, row)) return NAN;
  return wsf_table_type(t, column) == WSF_TYPE_I64 ? (double)wsf_table_i64(t, column)[row]
                                                   : wsf_table_f64(t, column)[row];
}

static int find_columns(const prophet_history *h, const wsf_table *t, int64_t at[]) {
  for (int c = 0; c < h->columns; ++c) {
    at[c] = wsf_table_find(t, h->name[c]);
    const int32_t type = at[c] < 0 ? 0 : wsf_table_type(t, at[c]);
    if (type != WSF_TYPE_I64 && type != WSF_TYPE_F64)
      return prophet_refuse("the data has no column of numbers '%s', expected that of the fit",
                            h->name[c]);
  }
  return CLI_OK;
}

/* The rows in which everything is there, of a view with its target at a column, the time before it.
 */
static int take_rows(const prophet *p, prophet_history *h, const cli_view *view, int64_t target) {
  const wsf_table *t = view->table;
  int64_t at[PROPHET_TERMS + 2] = {0};
  const int code = find_columns(h, t, at);
  if (code != CLI_OK) return code;
  if (!is_dated(t, target - 1))
    return prophet_refuse("times are whole numbers, expected dates: the package knows no others");
  const size_t rows = (size_t)view->rows;
  h->seconds = malloc(rows * sizeof *h->seconds + 1);
  h->y = malloc(rows * sizeof *h->y + 1);
  h->value = malloc(rows * sizeof *h->value * (size_t)(h->columns + 1) + 1);
  if (!h->seconds || !h->y || !h->value) return cli_fail_memory();
  h->n = 0;
  for (int64_t i = 0; i < view->rows; ++i) {
    const int64_t row = view->row ? view->row[i] : i;
    const double seconds = seconds_of(t, target - 1, row), y = number_of(t, target, row);
    double *value = h->value + h->n * h->columns;
    bool whole = isfinite(y) && seconds <= p->start + p->span;
    for (int c = 0; c < h->columns; ++c) {
      value[c] = number_of(t, at[c], row);
      whole = whole && isfinite(value[c]);
    }
    h->seconds[h->n] = seconds;
    h->y[h->n] = y;
    h->n += whole;
  }
  if (h->n < 2) return prophet_refuse("fewer than two observations, expected a history");
  if (h->seconds[0] != p->start || h->seconds[h->n - 1] != p->start + p->span)
    return prophet_refuse("the data does not begin and end as that of the fit did");
  return CLI_OK;
}

/* Days in a period, for waves, which count periods here and days there; 0: they are not alike. */
static double days_of(const prophet_history *h) {
  double least = INFINITY;
  for (int64_t i = 1; i < h->n; ++i) least = fmin(least, h->seconds[i] - h->seconds[i - 1]);
  for (int64_t i = 1; i < h->n; ++i) {
    if (fmod(h->seconds[i] - h->seconds[i - 1], least) != 0) return 0;
  }
  return least / 86400;
}

static int describe(wsf_table **out, const cli_session *s, const char *view) {
  cli_text what = {0};
  wsf_error err;
  cli_add(&what, "%s", view);
  if (s->args->series && strcmp(view, "calls") != 0) {
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

/* From --data, else as the fit kept it. */
static int read_history(cli_session *s, const prophet *p, prophet_history *h) {
  wsf_table *t = NULL, *series = NULL;
  wsf_error err;
  int code = CLI_OK;
  const int columns = prophet_name_columns(p, h);
  if (!s->args->data) {
    if (columns > 0)
      return prophet_refuse("'%s' is no part of the forecaster, expected --data with what it was "
                            "fitted to",
                            h->name[0]);
    code = describe(&t, s, "fitted");
  } else if ((code = cli_open_data(s)) == CLI_OK &&
             (wsf_dataset_describe(&t, s->data, "values", &err) != WSF_OK ||
              wsf_dataset_describe(&series, s->data, "series", &err) != WSF_OK)) {
    code = cli_fail(&err, NULL, NULL);
  }
  if (code == CLI_OK) {
    cli_view view = cli_view_all(t);
    int64_t target = wsf_table_find(t, "target");
    if (s->args->data) {
      const int64_t keys = wsf_table_find(series, "first");
      target = keys + 1;
      if (s->args->series) code = cli_view_series(&view, keys, s->args->series);
    }
    if (code == CLI_OK) code = take_rows(p, h, &view, target);
    if (view.row) free((void *)(uintptr_t)view.row);
  }
  wsf_table_release(series);
  wsf_table_release(t);
  return code;
}

int cli_write_prophet(cli_session *s) {
  static prophet p;
  static prophet_history h;
  wsf_table *calls = NULL, *coefficients = NULL;
  json_t *model = NULL;
  cli_sink sink = {0};
  int code = cli_load(s);
  if (code == CLI_OK) code = describe(&calls, s, "calls");
  p.calls = calls;
  if (code == CLI_OK && strcmp(prophet_word(&p, PROPHET_CALL), "prophet") != 0)
    code = prophet_refuse("the forecaster is not a prophet alone");
  if (code == CLI_OK) code = describe(&coefficients, s, "coefficients");
  if (code == CLI_OK) code = read_coefficients(&p, coefficients);
  if (code == CLI_OK) code = read_history(s, &p, &h);
  const double days = code == CLI_OK ? days_of(&h) : 0;
  for (int i = 0; code == CLI_OK && i < p.terms; ++i) {
    if (p.term[i].wave && days == 0)
      code =
          prophet_refuse("fourier(..) of periods that are not alike has no place in the package");
  }
  if (code == CLI_OK && !(model = model_of(&p, &h, days > 0 ? days : 1))) code = cli_fail_memory();
  if (code == CLI_OK) code = cli_sink_open(&sink, s->args->out);
  if (code == CLI_OK) {
    const bool good =
        json_dumpf(model, sink.file, JSON_COMPACT) == 0 && fputc('\n', sink.file) != EOF;
    code = cli_sink_close(&sink, good);
  }
  json_decref(model);
  free(h.seconds);
  free(h.y);
  free(h.value);
  wsf_table_release(calls);
  wsf_table_release(coefficients);
  return code;
}
