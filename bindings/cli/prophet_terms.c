/* What stands behind x=, cap= and floor= of a prophet, for the package: columns are its extra
 * regressors, fourier(..) its seasons with a name. Other features are columns that the package
 * could only have from us: refused. */
#include "prophet.h"

#include <ctype.h>
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

/* ---- the text of the model ----------------------------------------------------------------- */

/* Behind one argument, or one entry of a list: the comma or the bracket that ends it. */
static const char *skip_item(const char *t) {
  int depth = 0;
  for (bool quoted = false; *t; ++t) {
    if (quoted) {
      if (*t == '\\' && t[1])
        ++t;
      else if (*t == '"')
        quoted = false;
    } else if (*t == '"') {
      quoted = true;
    } else if (*t == '(' || *t == '[') {
      ++depth;
    } else if (*t == ')' || *t == ']') {
      if (depth-- == 0) return t;
    } else if (*t == ',' && depth == 0) {
      return t;
    }
  }
  return t;
}

/* The value of an option of a call, "name(..."; NULL: not given. */
static const char *option_of(const char *call, const char *name) {
  const size_t n = strlen(name);
  const char *t = strchr(call, '(');
  while (t && (*t == '(' || *t == ',')) {
    if (strncmp(++t, name, n) == 0 && t[n] == '=') return t + n + 1;
    t = skip_item(t);
  }
  return NULL;
}

/* Entry i of a list; what is no list stands for all of them. NULL: there are not as many. */
static const char *item_of(const char *list, int i) {
  if (!list || *list != '[') return list;
  const char *t = list + 1;
  for (; i > 0; --i) {
    t = skip_item(t);
    if (*t != ',') return NULL;
    ++t;
  }
  return *t == ']' ? NULL : t;
}

/* A word or a quoted text; false: it is longer than a name may be. */
static bool read_word(char out[PROPHET_NAME], const char *t) {
  const bool quoted = *t == '"';
  const char *const end = skip_item(t);
  size_t n = 0;
  for (t += quoted; t < end && !(quoted && *t == '"'); ++t) {
    if (quoted && *t == '\\' && t + 1 < end) ++t;
    if (n + 1 >= PROPHET_NAME) return false;
    out[n++] = *t;
  }
  out[n] = 0;
  return true;
}

static bool is_word(const char *t, const char *word) {
  const size_t n = strlen(word);
  return t && strncmp(t, word, n) == 0 && !isalnum((unsigned char)t[n]) && t[n] != '_';
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
  const char *prior = item_of(option_of(p->model, "x_prior_scale"), entry);
  const char *mode = item_of(option_of(p->model, "x_mode"), entry);
  const char *how = item_of(option_of(p->model, "x_standardize"), entry);
  if (p->terms == PROPHET_TERMS) return NULL;
  if (!prior) prior = option_of(p->model, "holidays_prior_scale");
  if (!mode) mode = option_of(p->model, "seasonality_mode");
  prophet_term *term = &p->term[p->terms++];
  *term = (prophet_term){.prior = prior ? strtod(prior, NULL) : 10,
                         .share = is_word(mode, "multiplicative")};
  (void)snprintf(term->standardize, sizeof term->standardize, "%s",
                 is_word(how, "true")    ? "true"
                 : is_word(how, "false") ? "false"
                                         : "auto");
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

static int read_entry(prophet *p, const char *entry, int i, int *at) {
  const char *condition;
  double period;
  if (strncmp(entry, "fourier(", 8) == 0) {
    const char *lengths = option_of(entry, "period");
    if (is_word(lengths, "calendar") || !lengths)
      return prophet_refuse("fourier(calendar) has no place in the package, expected a length");
    for (int k = 0; item_of(lengths, k) && (k == 0 || *lengths == '['); ++k) {
      prophet_term *term = *at < p->effects ? add_term(p, i) : NULL;
      if (!term || !read_wave(p->effect_name[*at], &period, &condition))
        return prophet_refuse("'%.100s' makes more than can be written", entry);
      take_waves(p, term, at);
    }
    return CLI_OK;
  }
  char name[PROPHET_NAME];
  prophet_term *term = *at < p->effects ? add_term(p, i) : NULL;
  if (!term || !read_word(name, entry) || strcmp(name, p->effect_name[*at]) != 0) {
    const int length = (int)(skip_item(entry) - entry);
    return prophet_refuse("x=[%.*s] has no place in the package, expected columns and fourier(..)",
                          length < 100 ? length : 100, entry);
  }
  (void)snprintf(term->name, sizeof term->name, "%s", name);
  term->first = (*at)++;
  term->columns = 1;
  return CLI_OK;
}

int prophet_read_terms(prophet *p) {
  const char *x = option_of(p->model, "x"), *cap = option_of(p->model, "cap");
  const char *floor = option_of(p->model, "floor");
  int at = 0, code = CLI_OK;
  if (cap && !read_word(p->cap, cap)) return prophet_refuse("the name of the cap is too long");
  if (floor && !read_word(p->floor, floor))
    return prophet_refuse("the name of the floor is too long");
  const char *entry;
  for (int i = 0; code == CLI_OK && x && (entry = item_of(x, i)) && (i == 0 || *x == '['); ++i)
    code = read_entry(p, entry, i, &at);
  for (int i = 0; code == CLI_OK && i < p->terms; ++i) {
    for (int k = 0; k < p->terms; ++k) {
      if (!p->term[i].wave || p->term[k].wave || strcmp(p->term[i].condition, p->term[k].name) != 0)
        continue;
      return prophet_refuse("'%s' is a condition and a regressor, which the package cannot have",
                            p->term[k].name);
    }
  }
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
