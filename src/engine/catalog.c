/* One catalogue of every name: the models, features and data words that can stand in an expression,
 * the views of a forecaster, then the calls that take options as text. Also as tables, for
 * wsf_catalog and all listings made from it. */
#include "analysis/analysis.h"
#include "engine/engine.h"
#include "features/feature_rows.h"
#include "ingest/ingest.h"

#include <math.h>
#include <string.h>

/* Family "options": what the public calls read from their options text. */
static const wsf__spec *const calls[] = {
    &wsf__spec_context,  &wsf__spec_rows,     &wsf__spec_fit,      &wsf__spec_predict,
    &wsf__spec_update,   &wsf__spec_backtest, &wsf__spec_evaluate, &wsf__spec_analyze,
    &wsf__spec_features, &wsf__spec_evidence,
};
enum { N_CALLS = sizeof calls / sizeof *calls };

static const wsf__spec *spec_at(int i) {
  if (i < wsf__n_model_classes) return &wsf__model_classes[i]->spec;
  i -= wsf__n_model_classes;
  if (i < wsf__n_feature_classes) return &wsf__feature_classes[i]->spec;
  i -= wsf__n_feature_classes;
  if (i < wsf__n_data_specs) return wsf__data_specs[i];
  i -= wsf__n_data_specs;
  if (i < wsf__n_view_specs) return wsf__view_spec(i);
  i -= wsf__n_view_specs;
  return i < N_CALLS ? calls[i] : NULL;
}

const wsf__catalog *wsf__engine_catalog(void) {
  static const wsf__catalog catalog = {spec_at};
  return &catalog;
}

static wsf_status put(wsf_table *t, const int64_t *column, const char *const *text, int n,
                      wsf_error *err) {
  for (int c = 0; c < n; ++c) WSF__TRY(wsf__table_put(t, column[c], text[c], err));
  return WSF_OK;
}

static wsf_status add_columns(wsf_table *t, const char *const *name, int64_t *column, int n,
                              wsf_error *err) {
  for (int c = 0; c < n; ++c) WSF__TRY(wsf__table_add_text(t, name[c], &column[c], err));
  return WSF_OK;
}

/* Whether a model can be moved over new observations, and whether it can look at several series at
 * once; nothing for other names. */
static const char *yes_or_no(int i, bool of_model) {
  return i >= wsf__n_model_classes ? NULL : of_model ? "yes" : "no";
}

static const char *updates(int i) {
  return yes_or_no(i, i < wsf__n_model_classes && wsf__model_classes[i]->update);
}

static const char *pools(int i) {
  return yes_or_no(i, i < wsf__n_model_classes && wsf__model_classes[i]->scope);
}

/* One row per name. */
static wsf_status names_table(wsf_table **t, const wsf__alloc *a, wsf_error *err) {
  enum { COLUMNS = 9 };
  static const char *const name[COLUMNS] = {"family", "group", "name",   "summary", "example",
                                            "source", "since", "update", "pools"};
  int64_t column[COLUMNS], rows = 0;
  while (spec_at((int)rows)) ++rows;
  WSF__TRY(wsf__table_create(t, a, rows, err));
  WSF__TRY(add_columns(*t, name, column, COLUMNS, err));
  for (int i = 0; i < rows; ++i) {
    const wsf__spec *s = spec_at(i);
    const char *const cell[COLUMNS] = {s->family, s->group, s->name,    s->summary, s->example,
                                       s->source, s->since, updates(i), pools(i)};
    WSF__TRY(put(*t, column, cell, COLUMNS, err));
  }
  return WSF_OK;
}

static const char *kind_text(wsf__kind kind) {
  switch (kind) {
  case WSF__INT:
    return "integer";
  case WSF__REAL:
    return "number";
  case WSF__FLAG:
    return "flag";
  case WSF__WORD:
    return "word";
  case WSF__TEXT:
    return "text";
  case WSF__INTS:
    return "integers";
  case WSF__REALS:
    return "numbers";
  case WSF__NAMES:
    return "names";
  case WSF__MIXED:
    return "columns";
  case WSF__LISTS:
    return "lists of names";
  case WSF__WORDS:
    return "words";
  case WSF__CALL:
    return "call";
  case WSF__CALLS:
    return "calls";
  }
  return "";
}

/* One row per option of one name. An option that must be given has no default (null). */
static wsf_status options_table(wsf_table **t, const wsf__alloc *a, const wsf__spec *s,
                                wsf_error *err) {
  enum { BEFORE = 3, AFTER = 2 };
  static const char *const before[BEFORE] = {"option", "type", "default"};
  static const char *const after[AFTER] = {"words", "meaning"};
  int64_t text[BEFORE + AFTER];
  double *least, *most;
  WSF__TRY(wsf__table_create(t, a, s->n_options, err));
  WSF__TRY(add_columns(*t, before, text, BEFORE, err));
  WSF__TRY(wsf__table_add_f64(*t, "least", &least, err));
  WSF__TRY(wsf__table_add_f64(*t, "most", &most, err));
  WSF__TRY(add_columns(*t, after, text + BEFORE, AFTER, err));
  for (int i = 0; i < s->n_options; ++i) {
    const wsf__option *o = &s->options[i];
    const bool bounded = o->lo != 0 || o->hi != 0;
    const char *const cell[] = {o->name, kind_text(o->kind), o->preset, o->words, o->doc};
    WSF__TRY(put(*t, text, cell, BEFORE + AFTER, err));
    least[i] = bounded ? o->lo : NAN;
    most[i] = bounded ? o->hi : NAN;
  }
  return WSF_OK;
}

static wsf_status fail_unknown(const wsf__alloc *a, const char *name, wsf_error *err) {
  int n = 0;
  while (spec_at(n)) ++n;
  const char **names = wsf__new(a, (size_t)n, sizeof *names);
  if (!names) return wsf__fail_memory(err);
  for (int i = 0; i < n; ++i) names[i] = spec_at(i)->name;
  const char *near = wsf__nearest(name, names, n);
  wsf__delete(a, names);
  return wsf__fail(err, WSF_E_NAME, "nothing in the catalogue is named '%.64s'%s%s%s", name,
                   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

wsf_status wsf__catalog_table(wsf_table **out, const wsf__alloc *a, const char *name,
                              wsf_error *err) {
  wsf_table *t = NULL;
  wsf_status status;
  *out = NULL;
  if (!name) {
    status = names_table(&t, a, err);
  } else {
    int i = 0;
    const wsf__spec *s;
    while ((s = spec_at(i)) && strcmp(s->name, name) != 0) ++i;
    if (!s) return fail_unknown(a, name, err);
    status = options_table(&t, a, s, err);
  }
  if (status == WSF_OK)
    *out = t;
  else
    wsf_table_release(t);
  return status;
}
