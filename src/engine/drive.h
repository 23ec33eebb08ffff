/* Inside the engine: trees of fitted calls, batches, and pieces of tables. */
#ifndef WSF_ENGINE_DRIVE_H
#define WSF_ENGINE_DRIVE_H

#include "engine/engine.h"
#include "features/memo.h"
#include "panel/match.h"

#define WSF__HORIZON_MOST 100000 /* periods that can be forecast at once */

/* Of a call with pools: where a series that it has never seen finds its own. */
typedef struct wsf__lender {
  const wsf__fitted *call;
  const int32_t *code;   /* [series] of the scope's key; NULL: one pool for all */
  const int32_t *number; /* [label + 1] of the pool; 0: none */
} wsf__lender;
typedef struct wsf__lenders {
  int n;
  wsf__lender *of;
} wsf__lenders;

/* tree.c: one fit in progress on one thread. `fit` is what classes see. */
typedef struct wsf__trial wsf__trial;
typedef struct wsf__job {
  wsf__fit fit;      /* first member */
  wsf__arena *keep;  /* states of all trees but those of its own trials */
  wsf__trial *trial; /* the last one begun */
  wsf__arena *told;  /* where one-step forecasts lie that nobody keeps; NULL: with the states */
  bool piece;        /* side by side with others: runs its own loops one after the other */
  wsf__stage stage;  /* of its loops */
  const wsf__lenders *lenders; /* of a start */
  bool tried;                  /* somebody asked for a trial in it */
} wsf__job;
/* A tree with n slots for node and all its inner calls; every state starts as WSF__SKIPPED. NULL on
 * failure. */
wsf__fitted *wsf__tree_new(wsf__arena *arena, const wsf__node *node, int64_t n);
/* Let a fit of this tree keep standard errors, and one-step forecasts; false = out of memory. */
bool wsf__tree_keep_errors(wsf__fitted *t, wsf__arena *arena);
bool wsf__tree_keep_history(wsf__fitted *t, wsf__arena *arena);
void wsf__job_init(wsf__job *job, const wsf__panel *panel, wsf__env *env, wsf__arena *scratch,
                   wsf__arena *keep, wsf_error *err);
void wsf__job_free(wsf__job *job); /* ends the trials that an error left */
/* What features are lent (foresight.c). */
extern const wsf__foresight wsf__engine_foresight;
/* The furthest reach of the calls of a tree, and of the features that they regress on. */
int64_t wsf__tree_reach(const wsf__node *node);
/* Whether forecasts of all series of the panel belong together somewhere in the tree. */
bool wsf__tree_together(const wsf__node *node, const wsf__panel *panel);
wsf_status wsf__tree_fit(wsf__job *job, const wsf__batch *b, wsf__fitted *tree);
/* Move the states of one series from `old` into `tree`, over what s holds. */
wsf_status wsf__tree_update(wsf__job *job, const wsf__fitted *old, const wsf__series *s,
                            wsf__fitted *tree);
/* After a fit, an update or a start of a series by one class, what it may not leave behind is taken
 * away: a state that it could not read itself (a value is not finite), or values of a fit that
 * failed. */
void wsf__tree_tidy(const wsf__fit *f, const wsf__series *s, wsf__fitted *t);
/* Whether predict can read a fitted state, and has its pool. */
bool wsf__state_valid(const wsf__fitted *t, const wsf__panel *frame, const wsf__state *state);
/* Where a call chose one of its inner calls for this series (best, fallback), that one. */
const wsf__fitted *wsf__tree_chosen(const wsf__fitted *t, int64_t slot);
/* Forecast a batch: out[i] is of series i, NaN where the tree did not fit it, and in steps for
 * which it lacks a column. */
wsf_status wsf__tree_predict(wsf__predict *p, const wsf__fitted *tree, const wsf__batch *b,
                             wsf__forecast out[]);

/* reason.c: `reason` of a forecast (model.h). */
int32_t wsf__tree_reason(const wsf__predict *p, const wsf__fitted *t, const wsf__series *s,
                         int64_t h);
/* Where a call of the tree forecasts on without the value of a column; of several the one that
 * lacks most. */
wsf__untold wsf__tree_untold(const wsf__predict *p, const wsf__fitted *t, const wsf__series *s,
                             int64_t h);
/* The first column behind an x= of the calls that forecast a series that lies far out of its
 * history (models/outside.h). */
wsf_status wsf__tree_outside(wsf__outside *out, const wsf__fitted *t, const wsf__panel *frame,
                             const wsf__series *s, int64_t h, wsf__arena *scratch, wsf_error *err);
/* Whether a series is forecast only if columns have values ahead, or not at all. */
bool wsf__tree_depends(const wsf__fitted *t, int64_t slot);
/* The status that tells what a series lacks; WSF_OK: nothing. */
wsf_status wsf__tree_lacking(wsf_error *err, const wsf__fitted *t, const wsf__panel *frame,
                             const wsf__series *s, int64_t h, wsf__arena *scratch);

/* ahead.c: of an update, whose data may hold a mistyped time. `out`: the dataset without the
 * observations too far ahead of the rest of it, p itself if there are none; `far` tells them series
 * by series, NULL: none. seen: the first period that is new, on the calendar of p. */
typedef struct wsf__far {
  int64_t n, first; /* how many, and the period of the earliest */
} wsf__far;
wsf_status wsf__ahead_cut(const wsf__panel **out, const wsf__far **far, const wsf__env *env,
                          wsf__arena *arena, const wsf__panel *p, int64_t seen, const wsf__node *o,
                          wsf_error *err);

/* seen.c: marks of the newest periods that a forecaster saw, WSF__SEEN a series, the latest last.
 * Room for those of n series; NULL = out of memory. */
enum { WSF__SEEN = 32 };
uint16_t *wsf__seen_room(wsf__arena *arena, int64_t n);
/* The marks of a series after n more periods; from NULL: it had none before. */
void wsf__seen_move(uint16_t *to, const uint16_t *from, const double *y, int64_t n);
/* What a value is that comes `back` periods before the latest: the one that was seen, another, one
 * for a missing period. Its mark becomes that of the value, so that it is told once. */
typedef enum wsf__again {
  WSF__AGAIN_UNKNOWN,
  WSF__AGAIN_SAME,
  WSF__AGAIN_CHANGED,
  WSF__AGAIN_LATE
} wsf__again;
wsf__again wsf__seen_again(uint16_t *mark, int64_t back, double y);
void wsf__seen_save(wsf__writer *w, const uint16_t *mark, int64_t n);
const uint16_t *wsf__seen_load(wsf__reader *r, wsf__arena *arena, int64_t n);

/* start.c: the states of a series that the old forecaster has never seen, as far as the calls of
 * the tree can start. `old`: the states so far at the slots of `tree`, whose pools are the same. */
wsf_status wsf__lenders_find(wsf__lenders *out, wsf__arena *arena, const wsf__panel *frame,
                             const wsf__fitted *tree, const wsf__fitted *old, wsf_error *err);
wsf_status wsf__tree_start(wsf__job *job, const wsf__lenders *lenders, const wsf__series *s,
                           wsf__fitted *tree);

/* pools.c: what series share. Room for the pools of one call, for tree.c; false = out of memory. */
bool wsf__pools_room(wsf__fitted *t, wsf__arena *arena);
wsf__arena *wsf__pool_new(wsf__fit *f, wsf__fitted *out, const wsf__series *s, int32_t *number);
/* `to` has no pools yet; the arena is its own. false = out of memory. */
bool wsf__pools_share(wsf__fitted *to, const wsf__fitted *from, wsf__arena *arena);
void wsf__pools_release(const wsf__fitted *t); /* NULL is a no-op */
/* Numbers by first use; pools that nobody uses go. */
wsf_status wsf__pools_settle(wsf__fitted *t, wsf__arena *scratch, wsf_error *err);
bool wsf__pools_any(const wsf__fitted *t);
void wsf__pools_save(wsf__writer *w, const wsf__fitted *t);
void wsf__pools_load(wsf__reader *r, const wsf__alloc *a, const wsf__panel *frame, wsf__fitted *t);

/* residuals.c: of classes whose paths follow blocks of them. Room for those of one call, for
 * tree.c; false = out of memory, as below. */
bool wsf__residuals_room(wsf__fitted *t, wsf__arena *arena);
/* Around a fit or an update of one series; before: what an update goes on from. */
bool wsf__residuals_begin(wsf__fit *f, const wsf__series *s, wsf__fitted *t);
bool wsf__residuals_end(wsf__fit *f, const wsf__residuals *before, const wsf__series *s,
                        wsf__fitted *t);
bool wsf__residuals_any(const wsf__fitted *t);
/* Whether a call of this series should have some and has none. */
bool wsf__residuals_lack(const wsf__fitted *t, int64_t slot);
void wsf__residuals_save(wsf__writer *w, const wsf__fitted *t);
void wsf__residuals_load(wsf__reader *r, wsf__arena *arena, const wsf__fitted *t);

/* gaps.c: periods without a value of a column. Room for those of one call, for tree.c; false = out
 * of memory. */
bool wsf__gaps_room(wsf__fitted *t, wsf__arena *arena);
/* After a fit or an update of a series: what it met; and, of a fit, as its reason. */
wsf_status wsf__gaps_count(wsf__fit *f, const wsf__series *s, const wsf__fitted *t);
void wsf__gaps_tell(const wsf__series *s, const wsf__fitted *t);
/* A line for the log of the host for each call that met some. */
void wsf__log_gaps(const wsf__env *env, const char *what, const wsf__fitted *t,
                   const wsf__panel *frame);

/* group.c: batches. Who is together with whom depends on the model and the panel alone, so results
 * cannot depend on the threads. */
enum { WSF__BATCH = 64 };
typedef struct wsf__batches {
  int64_t n;
  wsf__batch *batch;
} wsf__batches;
/* Every series that has a history. */
wsf_status wsf__batch_whole(wsf__batch *out, wsf__arena *arena, const wsf__panel *panel,
                            wsf_error *err);
/* The parts of a batch that a scope narrower than the panel leaves together. */
wsf_status wsf__batches_cut(wsf__batches *out, wsf__arena *arena, wsf__scope scope,
                            const wsf__panel *panel, const wsf__batch *b, wsf_error *err);

/* reason_counts.c: how many series have which reason. */
enum {
#define WSF__REASON_PLACE(name, value, word, text) WSF__PLACE_##name,
  WSF__REASONS(WSF__REASON_PLACE) WSF__N_REASONS
#undef WSF__REASON_PLACE
};
typedef struct wsf__reason_counts {
  int64_t of[WSF__N_REASONS];
} wsf__reason_counts;
enum { WSF__REASONS_TEXT = 400 };
void wsf__reason_counts_one(wsf__reason_counts *c, int32_t reason);
void wsf__reason_counts_add(wsf__reason_counts *c, const wsf__fitted_panel *f);
/* "12 short_season, 3 short" of the reasons from `least` to `end` - 1; "" if there are none. */
void wsf__reason_counts_text(char *out, size_t capacity, const wsf__reason_counts *c, int32_t least,
                             int32_t end);

/* fit_log.c: lines for the log of the host. */
void wsf__log_fit(const wsf__env *env, const wsf__fitted_panel *f, int64_t started);
void wsf__log_update(const wsf__env *env, const wsf__fitted_panel *f);
/* That a dataset was laid on the frame's calendar though its times look like longer periods. */
void wsf__log_recast(const wsf__env *env, const wsf__panel *frame, const wsf__panel *given);
/* That a dataset's target is taken for the frame's though it has another name. */
void wsf__log_target(const wsf__env *env, const wsf__panel *frame, const wsf__panel *given);
/* Of columns known ahead that newer data do not bring; `what` is in progress, "predict" takes only
 * what is known ahead there, too. */
void wsf__log_columns(const wsf__env *env, const char *what, const wsf__panel *frame,
                      const wsf__panel *fresh);
void wsf__log_paths(const wsf__env *env, const wsf__fitted_panel *f);
/* Of series that are held at a bound; nothing if there are none. */
void wsf__log_held(const wsf__env *env, const wsf__forecasts *all);
/* Of series with a column ahead that lies far out of its history; nothing if there are none. */
void wsf__log_outside(const wsf__env *env, const char *what, const wsf__forecasts *all);
/* Of series that are forecast on without a column ahead; nothing if there are none. */
void wsf__log_untold(const wsf__env *env, const char *what, const wsf__forecasts *all);
/* Of series that lack a column ahead; nothing if there are none. */
void wsf__log_forecast(const wsf__env *env, const char *what, const wsf__forecasts *all);

/* fitted_panel.c: an empty record with its frame not yet set; NULL = out of memory. */
wsf__fitted_panel *wsf__fitted_panel_new(const wsf__alloc *a);
/* Parse the user's model and the fallback and print the canonical text. */
wsf_status wsf__fitted_panel_parse(wsf__fitted_panel *f, const wsf__node **fallback_node,
                                   const char *model_text, wsf_error *err);
/* The two trees for n series. */
wsf_status wsf__fitted_panel_room(wsf__fitted_panel *f, const wsf__node *fallback_node, int64_t n,
                                  wsf__fitted **root, wsf__fitted **fallback, wsf_error *err);
/* season.c: the season of a view of the data whose times tell none, where the model wants one. */
wsf_status wsf__fit_season(wsf__panel *view, const wsf__node *node, const wsf__env *env,
                           wsf__arena *scratch, wsf_error *err);
/* Fit the fallback for the series of a batch that depend on more than a fit of the root. */
wsf_status wsf__fit_fallback(wsf__job *job, const wsf__batch *b, const wsf__fitted *root,
                             wsf__fitted *fallback);
/* Least and largest finite value; both 0 if there is none. */
void wsf__bounds_of(const double *y, int64_t n, double *least, double *largest);

/* Whether forecasts of a series end at zero: one whose history has nothing below it sells none, as
 * long as nobody asks for what the model says. */
static inline bool wsf__floored(const wsf__ask *ask, double least) {
  return ask->nonnegative || (!ask->negative && least >= 0);
}
/* sample.c: give the paths that a tree made for a batch, as many for each series, the tree's own
 * marginals within the bounded-output contract. */
wsf_status wsf__sample_couple(wsf__predict *p, const wsf__fitted_panel *f, const wsf__fitted *tree,
                              const wsf__batch *b, wsf__forecast out[], const wsf__ask *ask);
/* Mean, paths and quantiles become those of the sum of steps 1 .. i; quantiles are read from the
 * paths. false = out of memory. */
bool wsf__sample_add_up(wsf__forecast *out, wsf__arena *scratch);

/* forecast.c: whether paths of n series are few enough. */
wsf_status wsf__paths_allowed(int64_t n, const wsf__ask *ask, wsf_error *err);

/* predict.c: what the options nonnegative= and negative= say, of which both are refused. */
wsf_status wsf__ask_floor(wsf__ask *ask, const wsf__node *o, wsf_error *err);
/* predict.c: the series behind an option series=. */
wsf_status wsf__ask_series(wsf__ask *ask, wsf__arena *arena, const wsf__panel *frame,
                           const wsf__value *names, wsf_error *err);

/* frame.c: the frame for a forecast of the n series listed (NULL: all), with the known columns of a
 * fresh dataset (NULL: none) over its own. It shares what it can with `frame`. */
wsf_status wsf__frame_make(wsf__panel *out, wsf__env *env, wsf__arena *arena,
                           const wsf__panel *frame, const wsf__panel *fresh, const int64_t *series,
                           int64_t n, wsf_error *err);

/* table_columns.c: key columns (integers as I64) for rows of `repeat` per entry of series (NULL:
 * all in order; -1: null), and a time column to fill with wsf__calendar_value. */
wsf_status wsf__table_add_key(wsf_table *t, const wsf__key *key, const int64_t *series, int64_t n,
                              int64_t repeat, wsf_error *err);
wsf_status wsf__table_add_keys(wsf_table *t, const wsf__panel *p, const int64_t *series, int64_t n,
                               int64_t repeat, wsf_error *err);
wsf_status wsf__table_add_time(wsf_table *t, const wsf__panel *p, const char *name, int64_t **cells,
                               wsf_error *err);
/* Keys and the time stand among the first columns of a table: WSF_E_DATA if one has the name of a
 * later column, which could not be found then. */
wsf_status wsf__table_distinct(const wsf_table *t, const wsf__panel *p, wsf_error *err);
/* The quantile levels that intervals and quantiles need, ascending and distinct. */
typedef struct wsf__quantiles {
  int n;
  const double *q;
  int n_levels;
  const double *level;      /* ascending */
  const int *lower, *upper; /* [n_levels] into q */
  int n_asked;
  const double *asked; /* ascending */
  const int *at;       /* [n_asked] into q */
} wsf__quantiles;
wsf_status wsf__quantiles_make(wsf__quantiles *out, wsf__arena *arena, const wsf__value *levels,
                               const wsf__value *quantiles, wsf_error *err);
/* Columns lo-80, hi-80 .. q-0.1 ..: interval bounds before quantiles; cells in that order. */
wsf_status wsf__table_add_quantiles(wsf_table *t, const wsf__quantiles *q, double **cells,
                                    wsf_error *err);
/* Columns path-1 .. path-n. */
wsf_status wsf__table_add_paths(wsf_table *t, int64_t n, double **cells, wsf_error *err);
/* Fill one row of the columns of quantiles; quantile k stands at quantile[k * stride]. */
void wsf__quantiles_put(const wsf__quantiles *q, double *const *cells, int64_t row, double mean,
                        const double *quantile, int64_t stride);

/* persist_history.c: what fit(fitted=true) keeps. */
void wsf__history_write(wsf__writer *w, const wsf__fitted_panel *f);
void wsf__history_read(wsf__reader *r, wsf__fitted_panel *f, wsf__fitted *root);

/* view_calls.c, view_components.c, view_coefficients.c, view_weights.c, view_fitted.c, view_news.c:
 * views of a forecaster. */
wsf_status wsf__view_calls(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                           const wsf__node *node, wsf__arena *arena, wsf_error *err);
wsf_status wsf__view_components(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                                const wsf__node *node, wsf__arena *arena, wsf_error *err);
wsf_status wsf__view_coefficients(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                                  const wsf__node *node, wsf__arena *arena, wsf_error *err);
wsf_status wsf__view_weights(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                             const wsf__node *node, wsf__arena *arena, wsf_error *err);
wsf_status wsf__view_choice(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                            const wsf__node *node, wsf__arena *arena, wsf_error *err);
wsf_status wsf__view_explain(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                             const wsf__node *node, wsf__arena *arena, wsf_error *err);
wsf_status wsf__view_fitted(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                            const wsf__node *node, wsf__arena *arena, wsf_error *err);
wsf_status wsf__view_news(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                          const wsf__node *node, wsf__arena *arena, wsf_error *err);

/* metric_list.c: names to metrics, with "did you mean". */
wsf_status wsf__metric_list(int **metric, int *n, wsf__arena *arena, const wsf__value *names,
                            wsf_error *err);

#endif
