/* A column that is known in the past only, for a model to regress on: in the history its own value
 * of the period, after it what a model forecasts of it from its values up to there. So a model
 * learns from the weather that was, and goes by the weather that is forecast.
 *
 * Each series' forecast is made from what was known at the end of its history, whatever the panel
 * holds beyond: a back-test, within a fit too, sees no more than a forecast made then. It is taken
 * as it comes; how far it errs is in no interval of the model that regresses on it.
 *
 * A row of the history holds what its own period brings, which no table may tell of it: for models
 * alone. */
#include "features/feature_options.h"

#include "features/foresight.h"
#include "features/memo.h"

#include <string.h>

/* BLOCK: periods forecast at least, so that a horizon has the same bits however it is asked for;
 * WHOLE: of a column's past, more than any has. */
enum { BLOCK = 64 };
static const int64_t WHOLE = INT64_C(1) << 48;

static const wsf__option options[] = {
    {"column", WSF__TEXT, NULL, 0, 0, NULL, "column of numbers that is not known ahead"},
    {"model", WSF__CALL, "ets", 0, 0, "model",
     "model that forecasts it, of those that look at each series alone"}};

/* Forecasts of a series' column that a call has made already. */
typedef struct foretold {
  int64_t end, h; /* of the history, exclusive; periods after it */
  const double *mean;
  struct foretold *next;
} foretold;

static wsf_status check(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  const char *name = wsf__arg_text(node, "column");
  int at;
  WSF__TRY(wsf__feature_find(&at, node, "column", name, panel, err));
  const wsf__column *c = &panel->column[at];
  const char *trouble = c->kind == WSF__STATIC  ? "does not change with time"
                        : c->n_categories > 0   ? "holds texts, forecast expects numbers"
                        : c->kind == WSF__KNOWN ? "is known ahead and needs no forecast: its name "
                                                  "alone takes it"
                                                : NULL;
  if (!trouble) return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE, "column '%.64s' %s", name, trouble);
  return wsf__feature_refuse(node, "column", err);
}

static int width(const wsf__node *node, const wsf__panel *panel) {
  (void)node, (void)panel;
  return 1;
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  (void)c, (void)arena;
  const int at = wsf__panel_find_column(panel, wsf__arg_text(node, "column"));
  *out = (wsf__feature){.name = panel->column[at].name};
  return WSF_OK;
}

static int64_t reach(const wsf__node *node) {
  (void)node;
  return WHOLE;
}

/* A list of forecasts for each series, filled as they are made. */
static wsf_status share(const void **out, const wsf__node *node, const wsf__panel *panel,
                        wsf__arena *arena, wsf_error *err) {
  (void)node;
  *out = wsf__arena_zero(arena, (size_t)panel->n, sizeof(foretold *));
  return *out ? WSF_OK : wsf__fail_memory(err);
}

static foretold **list_of(const wsf__feature_view *v) {
  return (foretold **)(uintptr_t)v->shared + v->series;
}

/* The memo that holds the lists, and that this call may write to. */
static wsf__memo *memo_of(const wsf__feature_view *v) {
  wsf__memo *memo = v->scratch->work_of ? v->scratch->work_of->memo : NULL;
  return memo && memo->panel == v->panel ? memo : NULL;
}

static const double *find(wsf__memo *memo, const wsf__feature_view *v, int64_t h) {
  (void)wsf__lock_take(&memo->lock);
  const foretold *f = *list_of(v);
  while (f && (f->end != v->end || f->h < h)) f = f->next;
  wsf__lock_give(&memo->lock);
  return f ? f->mean : NULL;
}

static wsf_status keep(wsf__memo *memo, const wsf__feature_view *v, const double *mean, int64_t h) {
  (void)wsf__lock_take(&memo->lock);
  double *own = wsf__arena_new(&memo->arena, (size_t)h, sizeof *own);
  foretold *f = wsf__arena_new(&memo->arena, 1, sizeof *f);
  if (own && f) {
    memcpy(own, mean, (size_t)h * sizeof *own);
    *f = (foretold){v->end, h, own, *list_of(v)};
    *list_of(v) = f;
  }
  wsf__lock_give(&memo->lock);
  return own && f ? WSF_OK : wsf__fail_memory(v->err);
}

/* The column as it was known at the end of the history, from its first value on. */
static wsf_status read_history(wsf__foresight_history *out, const wsf__feature_view *v, int at) {
  const wsf__column *c = &v->panel->column[at];
  int64_t t = c->vintages ? 0 : c->start;
  while (t < v->end && isnan(wsf__panel_value_at(v->panel, at, v->series, t, v->end - 1))) ++t;
  *out = (wsf__foresight_history){v->panel, v->series, t, t < v->end ? v->end - t : 0, NULL};
  double *y = wsf__arena_new(v->scratch, (size_t)out->n, sizeof *y);
  if (!y) return wsf__fail_memory(v->err);
  for (int64_t i = 0; i < out->n; ++i)
    y[i] = wsf__panel_value_at(v->panel, at, v->series, t + i, v->end - 1);
  out->y = y;
  return WSF_OK;
}

/* h periods after the history or more; NULL: nobody forecasts here, or nothing is to forecast from.
 */
static wsf_status foretell(const double **out, const wsf__feature_view *v, const wsf__node *node,
                           int at, int64_t h) {
  wsf__memo *const lent = v->scratch->work_of ? v->scratch->work_of->memo : NULL;
  wsf__memo *const memo = memo_of(v);
  *out = memo ? find(memo, v, h) : NULL;
  if (*out || !lent || !lent->foresight) return WSF_OK;
  wsf__foresight_history history;
  WSF__TRY(read_history(&history, v, at));
  if (history.n == 0) return WSF_OK;
  int64_t room = BLOCK;
  while (room < h) room *= 2;
  double *mean = wsf__arena_new(v->scratch, (size_t)room, sizeof *mean);
  if (!mean) return wsf__fail_memory(v->err);
  WSF__TRY(lent->foresight->forecast(lent->env, wsf__arg(node, "model")->inner[0], &history, room,
                                     mean, v->scratch, v->err));
  *out = mean;
  return memo ? keep(memo, v, mean, room) : WSF_OK;
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  (void)stride;
  const int at = wsf__panel_find_column(v->panel, wsf__arg_text(node, "column"));
  int64_t r = 0;
  for (; r < rows && t + r < v->end; ++r)
    x[r] = wsf__feature_float(wsf__panel_value_at(v->panel, at, v->series, t + r, t + r));
  if (r == rows) return WSF_OK;
  const double *mean;
  WSF__TRY(foretell(&mean, v, node, at, t + rows - v->end));
  for (; r < rows; ++r) x[r] = mean ? wsf__feature_float(mean[t + r - v->end]) : NAN;
  return WSF_OK;
}

const wsf__feature_class wsf__feature_forecast = {
    .spec = {.family = "feature",
             .group = "columns",
             .name = "forecast",
             .summary = "a column that is not known ahead, forecast by a model of its own",
             .source = "",
             .since = "0.2.0",
             .example = "forecast(visitors, tslm)",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .check = check,
    .width = width,
    .column = column,
    .lag = wsf__feature_no_lag,
    .reach = reach,
    .share = share,
    .fill = fill,
    .foretells = true,
};
