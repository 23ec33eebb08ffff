/* Interactions: what a promotion does on a Saturday is not what it does on a Monday. Each factor is
 * a part of the calendar, a column known ahead or static, or a key. Factors that are all categories
 * make one category for each combination; a number among them makes a column for each combination
 * of the categories, which holds the product of the numbers where the combination holds and 0
 * elsewhere: what a linear model needs to give each combination a slope of its own. */
#include "features/calendar_parts.h"
#include "features/feature_options.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static const wsf__option options[] = {
    {"first", WSF__TEXT, NULL, 0, 0, NULL, "a column, a key or a part of calendar(..)"},
    {"second", WSF__TEXT, NULL, 0, 0, NULL, "another"},
    {"third", WSF__TEXT, "", 0, 0, NULL, "a third"}};

enum { FACTORS = 3, CATEGORIES = 65536 }; /* of one column, as of one recipe's columns */

typedef struct factor {
  const char *name;
  int part; /* of the calendar; -1: a column or key */
  wsf__named from;
  int32_t n_categories;
  const char *const *category;
} factor;

/* The factors of a call, all found; returns how many. */
static int find(const wsf__node *node, const wsf__panel *panel, factor out[FACTORS]) {
  int n = 0;
  for (; n < FACTORS; ++n) {
    const char *name = wsf__arg_text(node, options[n].name);
    if (!name) break;
    const int part = wsf__calendar_part(name);
    const bool data =
        wsf__panel_find_column(panel, name) >= 0 || wsf__panel_find_key(panel, name) >= 0;
    out[n] = (factor){.name = name, .part = data ? -1 : part};
    if (data) {
      out[n].from = wsf__feature_named(panel, name);
      out[n].n_categories = out[n].from.n_categories;
      out[n].category = out[n].from.category;
    } else {
      out[n].n_categories = wsf__calendar_part_column(part).n_categories;
      out[n].category = wsf__calendar_part_column(part).category;
    }
  }
  return n;
}

static wsf_status check_part(const wsf__node *node, const char *option, const char *name,
                             const wsf__panel *panel, wsf_error *err) {
  const int part = wsf__calendar_part(name);
  if (panel->calendar.form == WSF__FORM_INTEGER) {
    (void)wsf__fail(err, WSF_E_VALUE, "column '%.64s' holds whole numbers, %s expects dates",
                    panel->time_name, name);
    return wsf__feature_refuse(node, option, err);
  }
  if (wsf__calendar_part_tells(part, panel)) return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE,
                  "%s tells nothing of data by the %s, cross expects parts that change", name,
                  wsf__freq_name(panel->calendar.freq));
  return wsf__feature_refuse(node, option, err);
}

static wsf_status check(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  for (int i = 0; i < FACTORS; ++i) {
    const char *name = wsf__arg_text(node, options[i].name);
    if (!name) continue;
    const bool data =
        wsf__panel_find_column(panel, name) >= 0 || wsf__panel_find_key(panel, name) >= 0;
    if (!data && wsf__calendar_part(name) >= 0)
      WSF__TRY(check_part(node, options[i].name, name, panel, err));
    else
      WSF__TRY(wsf__feature_check_ahead(node, options[i].name, name, panel, err));
  }
  return WSF_OK;
}

/* Combinations of the categories, and whether there is a number. */
static int64_t combinations(const factor *f, int n, bool *number) {
  int64_t all = 1;
  *number = false;
  for (int i = 0; i < n; ++i) {
    if (f[i].n_categories == 0)
      *number = true;
    else if (__builtin_mul_overflow(all, f[i].n_categories, &all) || all > INT_MAX)
      return INT_MAX;
  }
  return all;
}

static int width(const wsf__node *node, const wsf__panel *panel) {
  factor f[FACTORS];
  bool number;
  const int n = find(node, panel, f);
  const int64_t all = combinations(f, n, &number);
  return number || all > CATEGORIES ? (int)all : 1;
}

/* "Monday_x_price" of the combination `code`, or of no combination "weekday_x_price". */
static const char *name_of(wsf__arena *arena, const factor *f, int n, int64_t code, bool labels) {
  size_t room = 1;
  const char *word[FACTORS] = {0};
  for (int i = n - 1; i >= 0; --i) {
    word[i] = f[i].name;
    if (labels && f[i].n_categories > 0) {
      word[i] = f[i].category[code % f[i].n_categories];
      code /= f[i].n_categories;
    }
    room += strlen(word[i]) + 3;
  }
  char *text = wsf__arena_new(arena, room, 1);
  size_t used = 0;
  for (int i = 0; text && i < n; ++i) {
    used += (size_t)snprintf(text + used, room - used, "%s%s", i ? "_x_" : "", word[i]);
  }
  return text;
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  factor f[FACTORS];
  bool number;
  const int n = find(node, panel, f);
  const int64_t all = combinations(f, n, &number);
  *out = (wsf__feature){.name = name_of(arena, f, n, c, number)};
  if (!out->name) return WSF_E_MEMORY;
  if (number) return WSF_OK;
  const char **category = wsf__arena_new(arena, (size_t)all, sizeof *category);
  if (!category) return WSF_E_MEMORY;
  for (int64_t k = 0; k < all; ++k) {
    category[k] = name_of(arena, f, n, k, true);
    if (!category[k]) return WSF_E_MEMORY;
  }
  out->n_categories = (int32_t)all;
  out->category = category;
  return WSF_OK;
}

/* A factor's value for a row; a text column's row without a text is -1. */
static double value_of(const wsf__feature_view *v, const factor *f, int64_t t) {
  if (f->part < 0) return wsf__feature_code(v, &f->from, t, t);
  static const double paydays[] = {15, 31};
  const wsf__calendar_date date = wsf__calendar_date_of(&v->panel->calendar, t);
  return (double)wsf__calendar_part_value(f->part, &date, paydays, 2);
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  factor f[FACTORS];
  bool number;
  const int n = find(node, v->panel, f);
  const int64_t all = combinations(f, n, &number);
  for (int64_t r = 0; r < rows; ++r) {
    int64_t code = 0;
    double product = 1;
    bool none = false; /* no combination holds */
    for (int i = 0; i < n; ++i) {
      const double value = value_of(v, &f[i], t + r);
      if (f[i].n_categories == 0 || isnan(value)) {
        product *= value;
      } else {
        none = none || value < 0;
        code = code * f[i].n_categories + (int64_t)(value < 0 ? 0 : value);
      }
    }
    if (!number) {
      x[r] = none || isnan(product) ? NAN : (float)code;
      continue;
    }
    for (int64_t k = 0; k < all; ++k) {
      const bool holds = !none && k == code;
      x[k * stride + r] = isnan(product) ? NAN : holds ? wsf__feature_float(product) : 0;
    }
  }
  return WSF_OK;
}

const wsf__feature_class wsf__feature_cross = {
    .spec = {.family = "feature",
             .group = "columns",
             .name = "cross",
             .summary = "interactions of columns and parts of the calendar",
             .source = "",
             .since = "0.2.0",
             .example = "cross(month, price)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .check = check,
    .width = width,
    .column = column,
    .lag = wsf__feature_no_lag,
    .fill = fill,
};
