/* Rows of features: keys, time, target, then the columns of a recipe.
 *
 * Rows go series by series, each from its first observation to its end and `horizon` periods
 * beyond. Memory is that of one batch, whatever the panel's size: features are computed a block of
 * periods at a time, small enough for the cache, and copied to the columns of the batch. Texts are
 * codes into dictionaries that all batches share. */
#include "features/feature_rows.h"
#include "panel/rows_out.h"

#include <string.h>

enum { BLOCK = 2048 }; /* periods of a series computed at once */

static const wsf__option features_options[] = {
    {"horizon", WSF__INT, "0", 0, 100000, NULL,
     "Periods after each series' end to add: their target is missing, and so is every feature that "
     "is not known yet."},
    {"rows", WSF__WORD, "all", 0, 0, "all|observed|complete",
     "Rows of the history to give: all, those with a target, or those where no feature is missing "
     "either. Rows after the end are all given."},
    {"dtype", WSF__WORD, "f32", 0, 0, "f32|f64",
     "Type of number columns. Features are computed in single precision: f64 is for readers "
     "without "
     "it."},
    {"batch", WSF__INT, "65536", 1, 16777216, NULL, "Most rows of a batch."},
};
const wsf__spec wsf__spec_features = {"options",
                                      "call",
                                      "features",
                                      "Features of every series, as rows.",
                                      "",
                                      "0.2.0",
                                      "features(horizon=39, rows=observed)",
                                      features_options,
                                      sizeof features_options / sizeof *features_options};

/* A table tells of each row what was known when the period before it had ended. */
static wsf_status check_calls(const wsf__value *calls, wsf_error *err) {
  for (int i = 0; i < calls->n; ++i) {
    const wsf__node *call = calls->inner[i];
    if (!wsf__feature_class_of(call)->foretells) continue;
    (void)wsf__fail(err, WSF_E_VALUE,
                    "%s has the column's own value in the history, which a row does not know: x= "
                    "of models takes it; lags(1, of=[..]) reads what is known",
                    call->spec->name);
    wsf__error_at_byte(err, call->byte);
    return WSF_E_VALUE;
  }
  return WSF_OK;
}

static wsf_status read_options(wsf__feature_rows *f, const wsf__catalog *catalog,
                               const char *recipe, const char *options, wsf_error *err) {
  const wsf__value *calls;
  const wsf__node *o;
  WSF__TRY(wsf__panel_need_target(f->panel, err));
  WSF__TRY(wsf__recipe_parse(&calls, &f->arena, catalog, recipe, err));
  WSF__TRY(check_calls(calls, err));
  WSF__TRY(wsf__expr_arguments(&o, &f->arena, catalog, &wsf__spec_features, options, err));
  f->horizon = wsf__arg_int(o, "horizon");
  for (int64_t i = 0; i < f->panel->n; ++i) f->total += f->panel->length[i] + f->horizon;
  WSF__TRY(wsf__limit_check(&f->env->limits, WSF__MOST_horizon, f->horizon, err));
  f->batch = wsf__arg_int(o, "batch");
  f->complete = wsf__arg_is(o, "rows", "complete");
  f->observed = f->complete || wsf__arg_is(o, "rows", "observed");
  f->wide = wsf__arg_is(o, "dtype", "f64");
  f->arena.work_of = f->env; /* while this call lasts */
  const wsf_status status = wsf__recipe_make(&f->recipe, &f->arena, calls, f->panel, err);
  f->arena.work_of = NULL;
  if (status != WSF_OK) return status;
  int64_t end = f->panel->T; /* of all series */
  for (int64_t i = 0; i < f->panel->n; ++i) {
    const int64_t own = f->panel->first[i] + f->panel->length[i];
    if (own > end) end = own;
  }
  WSF__TRY(wsf__recipe_tabulate(&f->recipe, &f->arena, 0, end + f->horizon, err));
  const int64_t rows = f->batch < f->total ? f->batch : f->total;
  return wsf__limit_product(&f->env->limits, WSF__MOST_results, rows, f->recipe.width, err);
}

/* A column of the data and a feature may not have one name. */
static wsf_status check_names(const wsf__feature_rows *f, wsf_error *err) {
  const wsf__panel *p = f->panel;
  for (int c = 0; c < f->recipe.width; ++c) {
    const char *name = f->recipe.column[c].name;
    bool taken = strcmp(name, p->time_name) == 0 || strcmp(name, p->target_name) == 0;
    for (int k = 0; k < p->n_keys; ++k) taken = taken || strcmp(name, p->key[k].name) == 0;
    if (!taken) continue;
    return wsf__fail(err, WSF_E_VALUE,
                     "the data has a column %.160s already, as the feature is called", name);
  }
  return WSF_OK;
}

static wsf_status make_dictionaries(wsf__feature_rows *f, wsf_error *err) {
  const wsf__panel *p = f->panel;
  const wsf__alloc *a = &f->env->alloc;
  f->of_key = wsf__arena_zero(&f->arena, (size_t)p->n_keys, sizeof(wsf__dictionary *));
  f->of_category = wsf__arena_zero(&f->arena, (size_t)f->recipe.width, sizeof(wsf__dictionary *));
  if (!f->of_key || !f->of_category) return wsf__fail_memory(err);
  for (int k = 0; k < p->n_keys; ++k) {
    if (p->key[k].integer) continue;
    WSF__TRY(wsf__dictionary_create(&f->of_key[k], a, p->key[k].label, p->key[k].n_labels, err));
  }
  for (int c = 0; c < f->recipe.width; ++c) {
    const wsf__feature *column = &f->recipe.column[c];
    if (column->n_categories == 0) continue;
    WSF__TRY(
        wsf__dictionary_create(&f->of_category[c], a, column->category, column->n_categories, err));
  }
  return WSF_OK;
}

wsf_status wsf__feature_rows_open(wsf__feature_rows *out, wsf__env *env, const wsf__panel *panel,
                                  const wsf__catalog *catalog, const char *recipe,
                                  const char *options, wsf_error *err) {
  *out = (wsf__feature_rows){.env = env, .panel = panel};
  wsf__arena_init(&out->arena, &env->alloc);
  wsf_status status = read_options(out, catalog, recipe, options, err);
  if (status == WSF_OK) status = check_names(out, err);
  if (status == WSF_OK) status = make_dictionaries(out, err);
  if (status != WSF_OK) wsf__feature_rows_close(out);
  return status;
}

void wsf__feature_rows_close(wsf__feature_rows *f) {
  for (int k = 0; f->of_key && k < f->panel->n_keys; ++k) wsf__dictionary_release(f->of_key[k]);
  for (int c = 0; f->of_category && c < f->recipe.width; ++c) {
    wsf__dictionary_release(f->of_category[c]);
  }
  wsf__arena_free(&f->arena);
}

/* The cells of a batch, in the order of its columns. One of each pair is set. */
typedef struct cells {
  int64_t **whole;
  int32_t **code; /* [n_keys] */
  int64_t *time;
  double *target;
  float **f32;
  double **f64;
  int32_t **category; /* [width] */
  float *block;       /* [width * BLOCK] */
} cells;

static bool make_cells(cells *out, wsf__arena *scratch, const wsf__feature_rows *f) {
  const size_t keys = (size_t)f->panel->n_keys, width = (size_t)f->recipe.width;
  *out = (cells){.whole = wsf__arena_zero(scratch, keys, sizeof(int64_t *)),
                 .code = wsf__arena_zero(scratch, keys, sizeof(int32_t *)),
                 .f32 = wsf__arena_zero(scratch, width, sizeof(float *)),
                 .f64 = wsf__arena_zero(scratch, width, sizeof(double *)),
                 .category = wsf__arena_zero(scratch, width, sizeof(int32_t *)),
                 .block = wsf__arena_new(scratch, width, BLOCK * sizeof(float))};
  return out->whole && out->code && out->f32 && out->f64 && out->category && out->block;
}

static wsf_status add_columns(wsf_table *t, const wsf__feature_rows *f, cells *to, wsf_error *err) {
  const wsf__panel *p = f->panel;
  wsf__table_unfilled(t);
  for (int k = 0; k < p->n_keys; ++k) {
    const char *name = p->key[k].name;
    WSF__TRY(f->of_key[k] ? wsf__table_add_codes(t, name, f->of_key[k], &to->code[k], err)
                          : wsf__table_add_i64(t, name, WSF_TYPE_I64, &to->whole[k], err));
  }
  WSF__TRY(wsf__table_add_i64(t, p->time_name, wsf__panel_time_type(p), &to->time, err));
  WSF__TRY(wsf__table_add_f64(t, p->target_name, &to->target, err));
  for (int c = 0; c < f->recipe.width; ++c) {
    const char *name = f->recipe.column[c].name;
    WSF__TRY(f->of_category[c]
                 ? wsf__table_add_codes(t, name, f->of_category[c], &to->category[c], err)
             : f->wide ? wsf__table_add_f64(t, name, &to->f64[c], err)
                       : wsf__table_add_f32(t, name, &to->f32[c], err));
  }
  return WSF_OK;
}

/* Rows of the block that are given, as offsets from its first period. */
static int64_t choose(const wsf__feature_rows *f, const wsf__feature_view *v, int64_t t,
                      int64_t rows, const float *block, int32_t *chosen) {
  int64_t n = 0;
  for (int64_t r = 0; r < rows; ++r) {
    bool given = true;
    if (t + r < v->end) {
      given = !f->observed || !isnan(wsf__feature_target(v, t + r));
      for (int c = 0; f->complete && given && c < f->recipe.width; ++c) {
        given = !isnan(block[c * BLOCK + r]);
      }
    }
    if (given) chosen[n++] = (int32_t)r;
  }
  return n;
}

/* Codes are whole numbers. Where none is missing, vectors run the loop. */
static void put_codes(int32_t *out, wsf_table *table, int64_t at, int64_t row, const float *x,
                      int64_t n) {
  int64_t missing = 0;
  for (int64_t i = 0; i < n; ++i) missing += isnan(x[i]) ? 1 : 0;
  if (missing == 0) {
    for (int64_t i = 0; i < n; ++i) out[i] = (int32_t)x[i];
    return;
  }
  for (int64_t i = 0; i < n; ++i) {
    if (isnan(x[i])) wsf__table_set_null(table, at, row + i);
    out[i] = isnan(x[i]) ? 0 : (int32_t)x[i];
  }
}

/* x[n]: the chosen rows of a column. */
static void put_feature(const cells *to, wsf_table *table, int64_t at, int c, int64_t row,
                        const float *x, int64_t n) {
  if (to->category[c]) {
    put_codes(to->category[c] + row, table, at, row, x, n);
  } else if (to->f64[c]) {
    for (int64_t i = 0; i < n; ++i) to->f64[c][row + i] = (double)x[i];
  } else if (to->f32[c]) {
    memcpy(to->f32[c] + row, x, (size_t)n * sizeof *x);
  }
}

/* Null where the series sums over the key. */
static void put_key(const cells *to, wsf_table *table, int k, const wsf__key *key, int64_t series,
                    int64_t row, int64_t n) {
  const int32_t code = key->code[series];
  int64_t whole = 0;
  if (to->whole[k] && code >= 0) {
    (void)wsf__integer_parse(key->label[code], strlen(key->label[code]), &whole);
  }
  for (int64_t i = 0; i < n; ++i) {
    if (code < 0) wsf__table_set_null(table, k, row + i);
    if (to->whole[k])
      to->whole[k][row + i] = whole;
    else
      to->code[k][row + i] = code < 0 ? 0 : code;
  }
}

/* The chosen rows of a block, from `row` on. */
static void put_block(const wsf__feature_rows *f, const cells *to, wsf_table *table,
                      const wsf__feature_view *v, int64_t t, int64_t row, const int32_t *chosen,
                      int64_t n) {
  const wsf__panel *p = f->panel;
  for (int k = 0; k < p->n_keys; ++k) put_key(to, table, k, &p->key[k], v->series, row, n);
  for (int64_t i = 0; i < n; ++i) {
    to->time[row + i] = wsf__calendar_value(&p->calendar, t + chosen[i]);
  }
  for (int64_t i = 0; i < n; ++i) to->target[row + i] = wsf__feature_target(v, t + chosen[i]);
  const bool stretch = n > 0 && chosen[n - 1] - chosen[0] == n - 1;
  for (int c = 0; c < f->recipe.width; ++c) {
    float *x = to->block + (int64_t)c * BLOCK;
    for (int64_t i = 0; !stretch && i < n; ++i) x[i] = x[chosen[i]]; /* chosen[i] >= i */
    put_feature(to, table, p->n_keys + 2 + c, c, row, stretch ? x + chosen[0] : x, n);
  }
}

/* What is known of a series. A dataset without values is all future. */
static wsf__feature_view view_of(const wsf__feature_rows *f, int64_t series, wsf__arena *scratch,
                                 wsf_error *err) {
  const wsf__panel *p = f->panel;
  wsf__feature_view v =
      wsf__recipe_view(&f->recipe, series, p->y ? p->y + p->offset[series] : NULL, p->first[series],
                       p->y ? p->length[series] : 0, scratch, err);
  v.end = p->first[series] + p->length[series];
  return v;
}

/* Fill at most `most` rows; *given of them are. */
static wsf_status fill(wsf__feature_rows *f, wsf_table *table, const cells *to, int64_t most,
                       wsf__arena *scratch, int64_t *given, wsf_error *err) {
  const wsf__panel *p = f->panel;
  int32_t chosen[BLOCK];
  while (f->series < p->n && *given < most) {
    const int64_t left = p->length[f->series] + f->horizon - f->t;
    if (left == 0) {
      ++f->series;
      f->t = 0;
      continue;
    }
    if (wsf__stopped(f->env)) return wsf__fail_stopped(f->env, err);
    int64_t rows = left < BLOCK ? left : BLOCK;
    if (rows > most - *given) rows = most - *given;
    const wsf__mark mark = wsf__arena_mark(scratch);
    const wsf__feature_view v = view_of(f, f->series, scratch, err);
    const int64_t t = p->first[f->series] + f->t;
    WSF__TRY(wsf__recipe_fill(&f->recipe, &v, t, rows, to->block, BLOCK));
    const int64_t n = choose(f, &v, t, rows, to->block, chosen);
    put_block(f, to, table, &v, t, *given, chosen, n);
    wsf__arena_reset(scratch, mark);
    *given += n;
    f->t += rows;
    f->done += rows;
  }
  return WSF_OK;
}

/* A table of the next rows, at most `most`; where that fails, the next call begins here again. */
static wsf_status make_batch(wsf__feature_rows *f, wsf_table **out, int64_t most, wsf_error *err) {
  const int64_t series = f->series, t = f->t, done = f->done;
  wsf__arena scratch;
  wsf__arena_init(&scratch, &f->env->alloc);
  cells to;
  int64_t given = 0;
  wsf_status status = make_cells(&to, &scratch, f) ? WSF_OK : wsf__fail_memory(err);
  if (status == WSF_OK) status = wsf__table_begin(out, f->env, most, err);
  if (status == WSF_OK) status = add_columns(*out, f, &to, err);
  if (status == WSF_OK) status = fill(f, *out, &to, most, &scratch, &given, err);
  wsf__arena_free(&scratch);
  if (status == WSF_OK) {
    wsf__table_truncate(*out, given);
    return WSF_OK;
  }
  f->series = series;
  f->t = t;
  f->done = done;
  wsf_table_release(*out);
  *out = NULL;
  return status;
}

wsf_status wsf__feature_rows_next(wsf__feature_rows *f, wsf_table **out, wsf_error *err) {
  *out = NULL;
  WSF__TRY(wsf__checkpoint(f->env, "features", f->done, f->total, err));
  const int64_t left = f->total - f->done;
  if (left == 0) return WSF_OK;
  WSF__TRY(make_batch(f, out, left < f->batch ? left : f->batch, err));
  if (wsf_table_rows(*out) > 0) return WSF_OK;
  wsf_table_release(*out); /* no row that was left was asked for */
  *out = NULL;
  return WSF_OK;
}

wsf_status wsf__feature_rows_none(wsf__feature_rows *f, wsf_table **out, wsf_error *err) {
  *out = NULL;
  return make_batch(f, out, 0, err);
}
