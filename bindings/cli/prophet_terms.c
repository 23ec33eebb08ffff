/* What stands behind x=, cap= and floor= of a prophet, for the package: columns are its extra
 * regressors, fourier(..) its seasons with a name. Other features are columns that the package
 * could only have from us: refused. */
#include "prophet.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

int prophet_refuse(const char *format, ...) {
  char text[512];
  va_list list;
  va_start(list, format);
  (void)vsnprintf(text, sizeof text, format, list);
  va_end(list);
  cli_say("%s", text);
  return CLI_INPUT;
}

/* ---- options, as the view of calls tells them ---------------------------------------------- */

int64_t prophet_option(const prophet *p, int64_t call, const char *option, int item) {
  const int64_t *const calls = wsf_table_i64(p->calls, wsf_table_find(p->calls, "call"));
  const int64_t *const items = wsf_table_i64(p->calls, wsf_table_find(p->calls, "item"));
  const int64_t name = wsf_table_find(p->calls, "option");
  for (int64_t row = 0; row < wsf_table_rows(p->calls); ++row) {
    const char *at = wsf_table_text(p->calls, name, row, NULL);
    if (at && calls[row] == call && items[row] == item + 1 && strcmp(at, option) == 0) return row;
  }
  return -1;
}

const char *prophet_text(const prophet *p, int64_t row) {
  return row < 0 ? NULL : wsf_table_text(p->calls, wsf_table_find(p->calls, "text"), row, NULL);
}

static double number_of(const prophet *p, int64_t row) {
  return row < 0 ? NAN : wsf_table_f64(p->calls, wsf_table_find(p->calls, "number"))[row];
}

const char *prophet_word(const prophet *p, int64_t call) {
  const int64_t *const calls = wsf_table_i64(p->calls, wsf_table_find(p->calls, "call"));
  int64_t row = 0;
  while (calls[row] != call) ++row;
  return wsf_table_text(p->calls, wsf_table_find(p->calls, "name"), row, NULL);
}

bool prophet_is(const prophet *p, const char *option, const char *word) {
  const char *text = prophet_text(p, prophet_option(p, PROPHET_CALL, option, 0));
  return text && strcmp(text, word) == 0;
}

/* That of an entry of x=, from a list with one for each, or one for all; else what another option
 * says. */
static int64_t of_entry(const prophet *p, const char *option, int entry, const char *otherwise) {
  int64_t row = prophet_option(p, PROPHET_CALL, option, entry);
  if (row < 0) row = prophet_option(p, PROPHET_CALL, option, 0);
  return row < 0 && otherwise ? prophet_option(p, PROPHET_CALL, otherwise, 0) : row;
}

/* false: it is longer than a name may be. */
static bool take_name(char out[PROPHET_NAME], const char *name) {
  return snprintf(out, PROPHET_NAME, "%s", name ? name : "") < PROPHET_NAME;
}

/* ---- terms --------------------------------------------------------------------------------- */

/* "fourier_7_sin_1_summer": the season's length, and where the condition begins. */
static bool read_wave(const char *name, double *period, const char **condition) {
  char *end;
  if (strncmp(name, "fourier_", 8) != 0) return false;
  *period = strtod(name + 8, &end);
  if (strncmp(end, "_sin_", 5) != 0 && strncmp(end, "_cos_", 5) != 0) return false;
  end += 5 + strspn(end + 5, "0123456789");
  *condition = *end == '_' ? end + 1 : end;
  return true;
}

static bool of_one_season(const char *a, const char *b) {
  double p = 0, q = 0;
  const char *c = "", *d = "";
  return read_wave(a, &p, &c) && read_wave(b, &q, &d) && p == q && strcmp(c, d) == 0;
}

static prophet_term *add_term(prophet *p, int entry) {
  if (p->terms == PROPHET_TERMS) return NULL;
  const char *mode = prophet_text(p, of_entry(p, "x_mode", entry, "seasonality_mode"));
  const char *how = prophet_text(p, of_entry(p, "x_standardize", entry, NULL));
  prophet_term *term = &p->term[p->terms++];
  *term = (prophet_term){
      .prior = number_of(p, of_entry(p, "x_prior_scale", entry, "holidays_prior_scale")),
      .share = mode && strcmp(mode, "multiplicative") == 0};
  (void)snprintf(term->standardize, sizeof term->standardize, "%s", how ? how : "auto");
  return term;
}

/* The next season of an entry: its waves follow each other. */
static void take_waves(prophet *p, prophet_term *term, int *at) {
  const char *condition = "", *first = p->effect_name[*at];
  term->wave = true;
  term->first = *at;
  (void)read_wave(first, &term->period, &condition);
  (void)snprintf(term->condition, sizeof term->condition, "%s", condition);
  (void)snprintf(term->name, sizeof term->name, "season_%.15g%s%.200s", term->period,
                 *condition ? "_" : "", condition);
  while (*at < p->effects && of_one_season(first, p->effect_name[*at])) ++*at, ++term->columns;
}

static int read_waves(prophet *p, int64_t call, int i, int *at) {
  const char *condition;
  double period;
  for (int k = 0; prophet_option(p, call, "period", k) >= 0; ++k) {
    if (prophet_text(p, prophet_option(p, call, "period", k)))
      return prophet_refuse("fourier(calendar) has no place in the package, expected a length");
    prophet_term *term = *at < p->effects ? add_term(p, i) : NULL;
    if (!term || !read_wave(p->effect_name[*at], &period, &condition))
      return prophet_refuse("entry %d of x= makes more than can be written", i + 1);
    take_waves(p, term, at);
  }
  return CLI_OK;
}

/* row: that of entry i of x=. */
static int read_entry(prophet *p, int64_t row, int i, int *at) {
  const int64_t inner = wsf_table_i64(p->calls, wsf_table_find(p->calls, "inner"))[row];
  const char *name = prophet_text(p, row);
  if (inner > 0) {
    const char *word = prophet_word(p, inner);
    if (strcmp(word, "fourier") == 0) return read_waves(p, inner, i, at);
    return prophet_refuse(
        "x=[%s(..)] has no place in the package, expected columns and fourier(..)", word);
  }
  prophet_term *term = *at < p->effects ? add_term(p, i) : NULL;
  if (!term || !take_name(term->name, name) || strcmp(name, p->effect_name[*at]) != 0)
    return prophet_refuse("column '%.100s' of x= makes more than can be written", name);
  term->first = (*at)++;
  term->columns = 1;
  return CLI_OK;
}

/* Of a bound: a number or a column; "": none is given. */
static int read_bound(const prophet *p, char out[PROPHET_NAME], const char *option) {
  const char *bound = prophet_text(p, prophet_option(p, PROPHET_CALL, option, 0));
  return take_name(out, bound) ? CLI_OK : prophet_refuse("the name of the %s is too long", option);
}

static int check_conditions(const prophet *p) {
  for (int i = 0; i < p->terms; ++i) {
    for (int k = 0; k < p->terms; ++k) {
      if (!p->term[i].wave || p->term[k].wave || strcmp(p->term[i].condition, p->term[k].name) != 0)
        continue;
      return prophet_refuse("'%s' is a condition and a regressor, which the package cannot have",
                            p->term[k].name);
    }
  }
  return CLI_OK;
}

int prophet_read_terms(prophet *p) {
  int at = 0;
  int64_t row;
  int code = read_bound(p, p->cap, "cap");
  if (code == CLI_OK) code = read_bound(p, p->floor, "floor");
  for (int i = 0; code == CLI_OK && (row = prophet_option(p, PROPHET_CALL, "x", i)) >= 0; ++i)
    code = read_entry(p, row, i, &at);
  if (code == CLI_OK) code = check_conditions(p);
  if (code == CLI_OK && at != p->effects)
    return prophet_refuse("x= makes more than can be written");
  return code;
}

/* ---- columns of a history ------------------------------------------------------------------ */

static int column_of(const prophet_history *h, const char *name) {
  for (int c = 0; c < h->columns; ++c) {
    if (strcmp(h->name[c], name) == 0) return c;
  }
  return -1;
}

static bool is_number(const char *text) {
  char *end;
  (void)strtod(text, &end);
  return end != text && !*end;
}

static void want(prophet_history *h, const char *name) {
  if (*name && column_of(h, name) < 0)
    (void)snprintf(h->name[h->columns++], PROPHET_NAME, "%s", name);
}

int prophet_name_columns(const prophet *p, prophet_history *h) {
  for (int i = 0; i < p->terms; ++i)
    want(h, p->term[i].wave ? p->term[i].condition : p->term[i].name);
  if (!is_number(p->cap)) want(h, p->cap);
  if (!is_number(p->floor)) want(h, p->floor);
  return h->columns;
}

double prophet_bound(const char *bound, const prophet_history *h, int64_t row) {
  if (!*bound) return 0;
  const int c = column_of(h, bound);
  return c < 0 ? strtod(bound, NULL) : h->value[row * h->columns + c];
}

static double value_of(const prophet_history *h, const char *name, int64_t row) {
  return h->value[row * h->columns + column_of(h, name)];
}

/* ---- into the package's model -------------------------------------------------------------- */

static const char *mode_of(const prophet_term *term) {
  return term->share ? "multiplicative" : "additive";
}

static int order_of(const prophet_term *term) {
  return (term->columns + 1) / 2; /* a wave of two periods has no sine */
}

/* days: in a period. parts: names of what is additive, and multiplicative. */
void prophet_add_waves(const prophet *p, json_t *names, json_t *all, json_t *parts[2],
                       double days) {
  for (int i = 0; i < p->terms; ++i) {
    const prophet_term *term = &p->term[i];
    if (!term->wave) continue;
    json_array_append_new(names, json_string(term->name));
    json_array_append_new(parts[term->share], json_string(term->name));
    json_object_set_new(all, term->name,
                        json_pack("{s:f, s:i, s:f, s:s, s:s?}", "period", term->period * days,
                                  "fourier_order", order_of(term), "prior_scale", term->prior,
                                  "mode", mode_of(term), "condition_name",
                                  *term->condition ? term->condition : NULL));
  }
}

void prophet_add_regressors(json_t *to, const prophet *p, json_t *parts[2]) {
  json_t *names = json_array(), *all = json_object();
  for (int i = 0; i < p->terms; ++i) {
    const prophet_term *term = &p->term[i];
    if (term->wave) continue;
    json_t *how = strcmp(term->standardize, "auto") == 0
                      ? json_string("auto")
                      : json_boolean(strcmp(term->standardize, "true") == 0);
    json_array_append_new(names, json_string(term->name));
    json_array_append_new(parts[term->share], json_string(term->name));
    json_object_set_new(all, term->name,
                        json_pack("{s:f, s:o, s:f, s:f, s:s, s:n, s:n}", "prior_scale", term->prior,
                                  "standardize", how, "mu", p->mu[term->first], "std",
                                  p->std[term->first], "mode", mode_of(term), "predictor_spec",
                                  "predictor"));
  }
  json_object_set_new(to, "extra_regressors", json_pack("[o, o]", names, all));
}

static void add_field(json_t *fields, const char *name, const char *type) {
  json_array_append_new(fields, json_pack("{s:s, s:s}", "name", name, "type", type));
}

void prophet_add_fields(json_t *fields, const prophet *p, const prophet_history *h) {
  for (int c = 0; c < h->columns; ++c) {
    bool condition = false;
    for (int i = 0; i < p->terms; ++i)
      condition = condition || (p->term[i].wave && strcmp(p->term[i].condition, h->name[c]) == 0);
    if (strcmp(h->name[c], p->cap) != 0 && strcmp(h->name[c], p->floor) != 0)
      add_field(fields, h->name[c], condition ? "boolean" : "number");
  }
  if (*p->cap) add_field(fields, "cap", "number");
  if (*p->cap) add_field(fields, "cap_scaled", "number");
}

void prophet_add_row(json_t *row, const prophet *p, const prophet_history *h, int64_t i) {
  for (int k = 0; k < p->terms; ++k) {
    const prophet_term *term = &p->term[k];
    if (term->wave && *term->condition) {
      json_object_set_new(row, term->condition, json_boolean(value_of(h, term->condition, i) == 1));
    } else if (!term->wave) {
      const double x = (value_of(h, term->name, i) - p->mu[term->first]) / p->std[term->first];
      json_object_set_new(row, term->name, json_real(x));
    }
  }
  if (!*p->cap) return;
  const double cap = prophet_bound(p->cap, h, i);
  const double floor = *p->floor ? prophet_bound(p->floor, h, i) : p->lowest;
  json_object_set_new(row, "cap", json_real(cap));
  json_object_set_new(row, "cap_scaled", json_real((cap - floor) / p->scale));
}

/* Our waves count periods, the package's days: at the day `phase` ours are at 0. */
static int turn_waves(const prophet *p, const prophet_term *term, double *beta, double days,
                      double phase) {
  for (int k = 1; k <= order_of(term); ++k) {
    const bool alone = 2 * k > term->columns;
    const double sine = alone ? 0 : p->effect[term->first + 2 * k - 2];
    const double cosine = p->effect[term->first + 2 * k - 1 - alone];
    const double turn = 2 * 3.14159265358979323846 * k * phase / (term->period * days);
    *beta++ = sine * cos(turn) + cosine * sin(turn);
    *beta++ = cosine * cos(turn) - sine * sin(turn);
  }
  return 2 * order_of(term);
}

int prophet_betas(const prophet *p, double *beta, double days, double phase) {
  int n = p->betas;
  memcpy(beta, p->beta, (size_t)n * sizeof *beta);
  for (int i = 0; i < p->terms; ++i) {
    if (p->term[i].wave) n += turn_waves(p, &p->term[i], beta + n, days, phase);
  }
  for (int i = 0; i < p->terms; ++i) {
    if (!p->term[i].wave) beta[n++] = p->effect[p->term[i].first];
  }
  return n;
}
