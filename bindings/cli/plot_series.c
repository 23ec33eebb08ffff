/* wsf plot: picks one series out of the dataset's and the forecast's tables and hands it to the
 * drawing. */
#include "cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Everything a chart points at, freed together. */
typedef struct holder {
  cli_chart chart;
  double *block;
} holder;

static double *take(double **free_space, int64_t n) {
  double *out = *free_space;
  *free_space += n;
  return out;
}

static double number_at(const wsf_table *t, int64_t col, int64_t row) {
  if (col < 0 || wsf_table_is_null(t, col, row)) return NAN;
  const double *real = wsf_table_f64(t, col);
  if (real) return real[row];
  const int64_t *whole = wsf_table_i64(t, col);
  if (whole) return (double)whole[row];
  const char *text = wsf_table_text(t, col, row, NULL);
  return text && (strcmp(text, "true") == 0 || strcmp(text, "1") == 0) ? 1 : 0;
}

/* What the dataset's summary says of it: the season, and the column that marks holidays. */
static int64_t read_summary(const wsf_dataset *data, const wsf_table *values, int64_t *holiday) {
  wsf_table *t = NULL;
  *holiday = -1;
  if (wsf_dataset_describe(&t, data, "summary", NULL) != WSF_OK) return 1;
  const int64_t season = cli_summary_number(t, "season");
  for (int64_t row = 0; row < wsf_table_rows(t); ++row) {
    const char *name = wsf_table_text(t, 0, row, NULL), *value = wsf_table_text(t, 1, row, NULL);
    if (name && value && strcmp(name, "holiday") == 0) *holiday = wsf_table_find(values, value);
  }
  wsf_table_release(t);
  return season > 0 ? season : 1;
}

static int64_t row_of(const cli_view *v, int64_t i) {
  return v->row ? v->row[i] : i;
}

static void name_bands(cli_chart *chart, const wsf_table *forecasts, int64_t *lo, int64_t *hi) {
  for (int64_t c = 0; c < wsf_table_columns(forecasts) && chart->n_bands < CLI_MAX_BANDS; ++c) {
    const char *name = wsf_table_name(forecasts, c);
    if (strncmp(name, "lo-", 3) != 0) continue;
    char other[32];
    (void)snprintf(other, sizeof other, "hi-%.20s", name + 3);
    /* Widest first, so that narrower ones are drawn over it. */
    const double level = strtod(name + 3, NULL);
    int b = chart->n_bands++;
    for (; b > 0 && strtod(chart->band_name[b - 1], NULL) < level; --b) {
      memcpy(chart->band_name[b], chart->band_name[b - 1], sizeof chart->band_name[b]);
      lo[b] = lo[b - 1];
      hi[b] = hi[b - 1];
    }
    (void)snprintf(chart->band_name[b], sizeof chart->band_name[b], "%.8s %%", name + 3);
    lo[b] = c;
    hi[b] = wsf_table_find(forecasts, other);
  }
}

static void fill_title(cli_chart *chart, const cli_session *s, const cli_view *values,
                       const cli_view *forecasts, int64_t n_keys) {
  cli_text title = {0};
  cli_add(&title, "%s", wsf_table_name(values->table, n_keys + 1));
  for (int64_t k = 0; k < n_keys; ++k) {
    char buffer[64];
    size_t length;
    const char *key = cli_cell(values->table, k, row_of(values, 0), buffer, sizeof buffer, &length);
    const char *label = length ? key : "(all)"; /* a sum */
    cli_add(&title, ", %s %.*s", wsf_table_name(values->table, k), length ? (int)length : 5, label);
  }
  if (!title.failed) (void)snprintf(chart->title, sizeof chart->title, "%s", title.data);
  cli_text_free(&title);
  char from[64];
  size_t length;
  const char *start =
      cli_cell(forecasts->table, n_keys, row_of(forecasts, 0), from, sizeof from, &length);
  const char *model = wsf_forecaster_text(s->forecaster);
  (void)snprintf(chart->subtitle, sizeof chart->subtitle, "%lld periods from %.*s with %.400s",
                 (long long)forecasts->rows, (int)length, start, model ? model : "");
}

/* Copy the shown part of the series out of the tables. `values` holds the rows of the series, with
 * the actuals after --until if that is known. */
static int fill(holder *h, const cli_session *s, const cli_view *values, const cli_view *ahead,
                const cli_view *forecasts, int64_t n_keys) {
  cli_chart *c = &h->chart;
  const wsf_table *v = values->table, *f = forecasts->table;
  int64_t lo[CLI_MAX_BANDS] = {0}, hi[CLI_MAX_BANDS] = {0};
  name_bands(c, f, lo, hi);
  const int64_t n = values->rows, m = forecasts->rows;
  int64_t holiday;
  const int64_t season = read_summary(s->data, v, &holiday);
  h->block = malloc(sizeof(double) * (size_t)(5 * n + ahead->rows + (2 + 2 * c->n_bands) * m + 1));
  if (!h->block) return cli_fail_memory();
  double *space = h->block;
  c->time_type = wsf_table_type(v, n_keys);
  c->n_forecast = m;
  c->forecast_time = take(&space, m);
  c->forecast = take(&space, m);
  for (int b = 0; b < c->n_bands; ++b) {
    c->lo[b] = take(&space, m);
    c->hi[b] = take(&space, m);
  }
  for (int64_t i = 0; i < m; ++i) {
    const int64_t row = row_of(forecasts, i);
    c->forecast_time[i] = number_at(f, n_keys, row);
    c->forecast[i] = number_at(f, n_keys + 1, row);
    for (int b = 0; b < c->n_bands; ++b) {
      c->lo[b][i] = number_at(f, lo[b], row);
      c->hi[b][i] = number_at(f, hi[b], row);
    }
  }
  const double start = m > 0 ? c->forecast_time[0] : INFINITY;
  const double end = m > 0 ? c->forecast_time[m - 1] : -INFINITY;
  int64_t before = 0;
  while (before < n && number_at(v, n_keys, row_of(values, before)) < start) ++before;
  int64_t shown = s->args->history > 0 ? s->args->history : 3 * season > 40 ? 3 * season : 40;
  if (shown > before) shown = before;
  c->history_time = take(&space, shown);
  c->history = take(&space, shown);
  c->after_time = take(&space, n - before);
  c->after = take(&space, n - before);
  c->holiday = take(&space, n + ahead->rows);
  c->step_width = INT64_MAX;
  double previous = NAN;
  for (int64_t i = before - shown; i < n; ++i) {
    const int64_t row = row_of(values, i);
    const double time = number_at(v, n_keys, row), value = number_at(v, n_keys + 1, row);
    if (time > end && i >= before) break;
    if (time - previous < (double)c->step_width) c->step_width = (int64_t)(time - previous);
    previous = time;
    if (number_at(v, holiday, row) > 0) c->holiday[c->n_holidays++] = time;
    if (i < before) {
      c->history_time[c->n_history] = time;
      c->history[c->n_history++] = value;
    } else if (isfinite(value)) {
      c->after_time[c->n_after] = time;
      c->after[c->n_after++] = value;
    }
  }
  const int64_t later = holiday < 0 ? -1 : wsf_table_find(ahead->table, wsf_table_name(v, holiday));
  for (int64_t i = 0; i < ahead->rows && later >= 0; ++i) {
    const double time = number_at(ahead->table, n_keys, row_of(ahead, i));
    if (time <= end && number_at(ahead->table, later, row_of(ahead, i)) > 0)
      c->holiday[c->n_holidays++] = time;
  }
  for (int64_t i = 1; i < m; ++i) {
    const double step = c->forecast_time[i] - c->forecast_time[i - 1];
    if (step < (double)c->step_width) c->step_width = (int64_t)step;
  }
  if (c->step_width == INT64_MAX || c->step_width < 1) c->step_width = 1;
  return CLI_OK;
}

static int draw(const cli_session *s, const cli_chart *chart) {
  cli_sink sink;
  cli_progress_end();
  int code = cli_sink_open(&sink, s->args->out);
  if (code != CLI_OK) return code;
  code = cli_draw(sink.file, s->args->out, chart);
  const int closed = cli_sink_close(&sink, code == CLI_OK && !cli_stopped());
  if (cli_stopped()) return CLI_STOPPED;
  return code == CLI_OK ? closed : code;
}

/* True when every model named in the expression treats each series by itself, so that fitting one
 * series alone gives the same forecast as fitting all. */
static bool all_local(const cli_session *s) {
  wsf_table *names = NULL;
  if (wsf_catalog(&names, s->ctx, NULL, NULL) != WSF_OK) return false;
  const int64_t family = wsf_table_find(names, "family"), group = wsf_table_find(names, "group"),
                name = wsf_table_find(names, "name");
  bool local = true;
  for (const char *at = wsf_model_text(s->model[0]); *at && local;) {
    const size_t word =
        strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    for (int64_t row = 0; word && row < wsf_table_rows(names); ++row) {
      const char *known = wsf_table_text(names, name, row, NULL);
      if (strlen(known) != word || strncmp(known, at, word) != 0) continue;
      if (strcmp(wsf_table_text(names, family, row, NULL), "model") != 0) continue;
      local = local && strcmp(wsf_table_text(names, group, row, NULL), "local") == 0;
    }
    at += word ? word : 1;
  }
  wsf_table_release(names);
  return local;
}

/* Rows of the series in the panel's values, and in what is known after them; with --until, of the
 * panel before it was cut. */
static int open_values(const cli_session *s, const char *step, int64_t n_keys, wsf_table **values,
                       cli_view *view, wsf_table **ahead, cli_view *of_ahead) {
  wsf_dataset *whole = NULL;
  wsf_error err;
  int code = CLI_OK;
  if (s->args->until) code = cli_open_dataset(&whole, s, false, step);
  if (code == CLI_OK &&
      wsf_dataset_describe(values, whole ? whole : s->data, "values", &err) != WSF_OK)
    code = cli_fail(&err, NULL, NULL);
  if (code == CLI_OK &&
      wsf_dataset_describe(ahead, whole ? whole : s->data, "ahead", &err) != WSF_OK)
    code = cli_fail(&err, NULL, NULL);
  wsf_dataset_release(whole);
  if (code != CLI_OK) return code;
  *of_ahead = cli_view_all(*ahead);
  if (s->args->series && of_ahead->rows > 0) {
    code = cli_view_series(of_ahead, n_keys, s->args->series);
    if (code != CLI_OK) return code;
  }
  *view = cli_view_all(*values);
  return s->args->series ? cli_view_series(view, n_keys, s->args->series) : CLI_OK;
}

/* Without --series the data must have one. */
static int need_series(const cli_session *s) {
  wsf_table *series = NULL;
  wsf_error err;
  if (s->args->series) return CLI_OK;
  if (wsf_dataset_describe(&series, s->data, "series", &err) != WSF_OK)
    return cli_fail(&err, NULL, NULL);
  const int64_t n = wsf_table_rows(series);
  if (n > 1) cli_say("'plot' needs --series KEY: the data has %lld series", (long long)n);
  wsf_table_release(series);
  return n > 1 ? CLI_INPUT : CLI_OK;
}

/* The forecast and what it is the sum of, one panel below the other. */
static int plot_components(const cli_session *s) {
  const char *horizon = cli_given_text(s->args, "horizon");
  const char *nonnegative = cli_given_text(s->args, "nonnegative");
  const char *negative = cli_given_text(s->args, "negative");
  cli_text what = {0};
  wsf_table *table = NULL;
  wsf_error err;
  int code = CLI_OK;
  cli_add(&what, "components(horizon=%s, nonnegative=%s, negative=%s", horizon,
          nonnegative ? nonnegative : "false", negative ? negative : "false");
  if (s->args->series) {
    cli_add(&what, ", series=");
    cli_add_quoted(&what, s->args->series);
  }
  cli_add(&what, ")");
  if (what.failed)
    code = cli_fail_memory();
  else if (wsf_forecaster_describe(&table, s->forecaster, what.data, &err) != WSF_OK)
    code = cli_fail_call(&err, s->args);
  cli_progress_end();
  if (code == CLI_OK) code = cli_draw_panels(s->args->out, table, wsf_model_text(s->model[0]));
  cli_text_free(&what);
  wsf_table_release(table);
  return code;
}

int cli_run_plot(const cli_args *args) {
  cli_session s;
  wsf_table *forecasts = NULL, *values = NULL, *ahead = NULL;
  cli_view of_values = {0}, of_forecasts = {0}, of_ahead = {0};
  holder h = {0};
  cli_text step = {0};
  int code = cli_open(&s, args);
  if (code == CLI_OK) code = cli_check_picture(args->out);
  if (code == CLI_OK) code = cli_open_models(&s);
  if (code != CLI_OK) goto out;
  if (args->series && (args->alone || all_local(&s))) {
    char label[256];
    (void)snprintf(label, sizeof label, "%s", args->series);
    for (char *c = strchr(label, '/') ? NULL : strchr(label, ','); c; c = strchr(c, ',')) *c = '/';
    cli_add(&step, "select(");
    cli_add_quoted(&step, label);
    cli_add(&step, ")");
    if (step.failed) {
      code = cli_fail_memory();
      goto out;
    }
  }
  code = cli_open_dataset(&s.data, &s, true, step.data);
  if (code == CLI_OK) code = need_series(&s);
  if (code == CLI_OK) code = cli_fit(&s);
  if (code == CLI_OK && args->components) {
    code = plot_components(&s);
    if (code == CLI_OK) cli_warn_fit(&s);
    goto out;
  }
  if (code == CLI_OK) code = cli_predict(&s, &forecasts);
  if (code != CLI_OK) goto out;
  const int64_t n_keys = wsf_table_find(forecasts, "forecast") - 1;
  of_forecasts = cli_view_all(forecasts);
  code = open_values(&s, step.data, n_keys, &values, &of_values, &ahead, &of_ahead);
  if (code == CLI_OK) code = fill(&h, &s, &of_values, &of_ahead, &of_forecasts, n_keys);
  if (code != CLI_OK) goto out;
  fill_title(&h.chart, &s, &of_values, &of_forecasts, n_keys);
  code = draw(&s, &h.chart);
  if (code == CLI_OK) cli_warn_fit(&s);
out:
  cli_text_free(&step);
  free(h.block);
  free((void *)of_values.row);
  free((void *)of_ahead.row);
  wsf_table_release(values);
  wsf_table_release(ahead);
  wsf_table_release(forecasts);
  cli_close(&s);
  return code;
}
