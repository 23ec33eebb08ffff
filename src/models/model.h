/* The one shape of every model. A model file holds, in this order: the opening comment (problem,
 * method, paper, limits), the option table, fit, predict, (update,) check, and the class record.
 *
 * A model never opens a file, never knows about threads and never calls another model by name: the
 * engine lends it fit_inner and predict_inner for the calls that stand inside its own.
 *
 * What a fit leaves behind is a *state*: one vector of doubles per series. It is all that predict
 * may use (beside the frame), it is what the model file stores, and `check` must refuse every
 * vector that predict could not read safely. What a batch of series has learnt in common, such as
 * trees or weights, is a *pool*: a record of the class's own, once for all of them. */
#ifndef WSF_MODELS_MODEL_H
#define WSF_MODELS_MODEL_H

#include "expr/expr.h"
#include "panel/panel.h"
#include "wire/wire.h"

#include <math.h>

/* Why a series was not fitted, or what is to be known about its fit. Values are stored in model
 * files: never renumber. Below 100: fitted. From 100: not fitted. X(name, value, word, sentence) */
#define WSF__REASONS(X)                                                                            \
  X(OK, 0, "ok", "fitted")                                                                         \
  X(CONSTANT, 1, "constant", "all observations are equal")                                         \
  X(ZERO, 2, "zero", "all observations are zero")                                                  \
  X(SHORT_SEASON, 3, "short_season", "too few seasons: fitted without or with a simpler season")   \
  X(NO_CONVERGENCE, 4, "no_convergence", "the optimiser stopped before it converged")              \
  X(REPLACED, 5, "replaced", "the model could not be fitted: a simpler one was used")              \
  X(SHORT_TREND, 6, "short_trend", "the history does not show a trend: fitted without one")        \
  X(LONG_SEASON, 7, "long_season",                                                                 \
    "the season is longer than this model takes: fitted without it, or with one that never moves") \
  X(NO_SEASON, 8, "no_season", "a season was asked for and the data has none: fitted without")     \
  X(FEWER_COLUMNS, 9, "fewer_columns",                                                             \
    "a regressor never varies, follows from others or is a wave longer than the history: it has "  \
    "no part in the fit")                                                                          \
  X(NO_BACKTEST, 10, "no_backtest",                                                                \
    "too short for a back-test: what one would choose is left as written")                         \
  X(NO_EFFECT, 11, "no_effect", "nothing in the data for this call to do: the model inside alone") \
  X(FEW, 12, "few",                                                                                \
    "too few observations for all that the call would use: fitted to what there is")               \
  X(CLOSED, 13, "closed",                                                                          \
    "a column tells when the series is closed: no observations then, and forecast as 0 as far "    \
    "ahead as it tells")                                                                           \
  X(NEAR_POLE, 14, "near_pole",                                                                    \
    "the power tells large values hardly apart: beyond its end the largest is forecast")           \
  X(BOUNDED, 15, "bounded", "the forecast leads far out of the history's range: held at a bound")  \
  X(GAPS, 16, "gaps",                                                                              \
    "a regressor has no value in some observed periods: fitted without them, or with its mean")    \
  X(UNTOLD, 17, "untold",                                                                          \
    "the column that tells when the series is closed has no value in some periods ahead: "         \
    "forecast "                                                                                    \
    "as open, but for weekdays on which it was always closed")                                     \
  X(STRAY, 18, "stray",                                                                            \
    "one observation lies ten times as far out as any other: it moves neither level nor trend")    \
  X(EXTRAPOLATED, 19, "extrapolated",                                                              \
    "a column ahead lies beyond its history by more than that is wide: what is forecast there "    \
    "was "                                                                                         \
    "never seen")                                                                                  \
  X(NO_ERROR, 20, "exact",                                                                         \
    "an interval has no width though the history varies: what the model goes by repeats without "  \
    "an error")                                                                                    \
  X(EMPTY, 100, "empty", "no observation")                                                         \
  X(SHORT, 101, "short", "too few observations for this model")                                    \
  X(NOT_POSITIVE, 102, "not_positive", "the model needs positive values")                          \
  X(NOT_FINITE, 103, "not_finite", "the fit gave a value that is not finite")                      \
  X(SINGULAR, 104, "singular", "the regressors are linearly dependent")                            \
  X(MISSING_REGRESSOR, 105, "missing_regressor", "a regressor has no value")                       \
  X(SKIPPED, 106, "skipped", "not chosen")                                                         \
  X(NEW, 107, "new", "met by an update: not fitted until the next fit")                            \
  X(NOT_COUNTS, 108, "not_counts", "the model needs counts: whole numbers, none below zero")       \
  X(BELOW_ZERO, 109, "below_zero", "the model takes no values below zero")
#define WSF__REASON_ENUM(name, value, word, text) WSF__##name = (value),
typedef enum wsf__reason { WSF__REASONS(WSF__REASON_ENUM) } wsf__reason;
#undef WSF__REASON_ENUM
#define WSF__NOT_FITTED 100
/* The first of two that has something to say. */
static inline int32_t wsf__reason_or(int32_t reason, int32_t other) {
  return reason == WSF__OK ? other : reason;
}
const char *wsf__reason_word(int32_t reason); /* "unknown" for an unknown value */
const char *wsf__reason_text(int32_t reason);

/* One series as a model sees it. */
typedef struct wsf__series {
  const double *y; /* n values, NaN = missing; y[0] is observed. NULL in predict */
  int64_t n;       /* length of the history (in predict too) */
  int64_t t0;      /* panel period of y[0]; the forecast's step 1 is period t0 + n */
  int64_t id;      /* row of the series in the panel or frame: columns, keys */
  int64_t slot;    /* index of its states in wsf__fitted */
  /* Inside a transform of the values an interval scale (Stevens 1946): differences of y count, and
   * where its zero lies means nothing. */
  bool interval;
  double shift; /* of such a scale: what brings y to the values that an option may be given in */
} wsf__series;

typedef struct wsf__batch {
  int64_t n;
  const wsf__series *series;
} wsf__batch;

/* Which series a call must see together: nobody but each itself, those that share a label of a
 * key, or the whole panel. */
typedef struct wsf__scope {
  enum { WSF__ALONE, WSF__BY_KEY, WSF__PANEL } of;
  int key; /* of BY_KEY */
} wsf__scope;

typedef struct wsf__state {
  const double *v;
  int64_t n;
  int32_t reason; /* wsf__reason */
  int32_t pool;   /* number of the pool that the series shares, from 1; 0: none */
} wsf__state;

/* One-step forecasts of what a call was fitted on; NaN: none. */
typedef struct wsf__history {
  double *v; /* [n] */
  int64_t n;
  const double *y; /* [n] what it saw; gone after the fit of the call around it */
} wsf__history;

/* The newest one-step errors of a series, oldest first and finite: what it saw less what it
 * forecast of it, the missing left out. */
enum { WSF__RESIDUALS = 128 }; /* are kept at most */
typedef struct wsf__residuals {
  const double *v; /* [n] */
  int64_t n;
  double *fitted; /* while it is fitted or moved: its one-step forecasts */
} wsf__residuals;

/* Of a call that regresses on columns: what it was given of a series, and how much of that lacks
 * the value of a column. */
typedef struct wsf__column_gaps {
  int64_t observed, lacking; /* periods */
  uint64_t entries;          /* of x=, bit i: entry i lacks some; the last bit: and all after it */
} wsf__column_gaps;

/* What the same call of an earlier forecaster has learnt, for a fit to go on from. */
typedef struct wsf__warm {
  const struct wsf__fitted *call;
  const wsf__panel *frame;
  const int64_t *row; /* [panel->n] of a series in that frame, whose slot it is; -1: not there */
} wsf__warm;

/* A call of the expression, fitted: one state per slot, and the same for its inner calls. */
typedef struct wsf__fitted wsf__fitted;
struct wsf__fitted {
  const wsf__node *node;
  int64_t n;
  wsf__state *state;         /* [n], SKIPPED before the fit */
  wsf__fitted *const *inner; /* [node->n_inner] */
  int32_t n_pools;           /* room for pools; 0: the class has none */
  const void **pool;         /* [n_pools] records of the class, immutable once the fit has ended */
  wsf__region **region;      /* [n_pools] where they lie: shared by forecasters */
  wsf__residuals *residuals; /* [n] of a class whose paths follow blocks of them, else NULL */
  wsf__column_gaps
      *gaps; /* [n] of the fit or update that made it; NULL: no columns, or it was loaded */
  const wsf__warm *warm; /* while it is fitted; NULL: it begins anew */
  /* Kept beside the states by a fit that was asked to, else NULL. */
  wsf__history *history; /* [n] */
  wsf__state *errors;    /* [n] standard errors in the order of `coefficients` that need data */
};

typedef struct wsf__components wsf__components;
typedef struct wsf__forecast {
  int64_t h;
  double *mean;                /* [h] */
  int n_q;                     /* quantiles asked for, may be 0 */
  const double *q;             /* [n_q] levels, ascending, in (0, 1) */
  double *quantile;            /* [n_q * h]: level k, step i at quantile[k * h + i] */
  int64_t n_paths;             /* sample paths asked for, may be 0 */
  double *path;                /* [n_paths * h]: path k, step i at path[k * h + i] */
  wsf__components *components; /* what the mean is made of (components.h); NULL: nobody asks */
  const wsf__arena *scratch;   /* loops over rows ask it whether to leave; NULL: nobody says so */
} wsf__forecast;

/* How the errors of a model's forecast hang together, for its sample paths. The unit is the same
 * for both, else free, and may be each step's own (the factor of its season). */
typedef struct wsf__response {
  int64_t h;
  double *error; /* [h] how far an error moves its own step, the next, ..; preset: 1, 0, 0 .. */
  /* [n_shared * h] standard deviation of what is uncertain about all steps alike (a trend, a mean),
   * a row for each cause of its own; preset: one row of 0 */
  double *shared;
  int64_t n_shared;
  /* [h] the same of what only steps of one season share (its level), and periods in a season;
   * preset: NULL */
  double *level;
  int64_t season;
} wsf__response;

/* What calls forecast of the end of histories (combine/evidence.h), and the share of the series
 * that one process looks at: those of part 0 .. parts - 1. */
typedef struct wsf__evidence wsf__evidence;
typedef struct wsf__share {
  int64_t part, parts;
} wsf__share;

/* What the engine lends a fit. */
typedef struct wsf__fit wsf__fit;
/* One piece of a fit's work, with a loan of its own; it writes what is its own and nothing else. */
typedef wsf_status wsf__piece_fn(wsf__fit *f, int64_t piece, void *user);
struct wsf__fit {
  const wsf__panel *panel; /* calendar, season, keys, columns, weights */
  wsf__env *env;           /* cancel, seed; never for threads */
  wsf__arena *scratch;     /* mark and reset around each series */
  wsf__arena *keep;        /* states live here */
  wsf_error *err;
  int64_t horizon; /* periods that will be forecast, as far as the caller has said; 0: unknown */
  int64_t refused; /* values of a state that is larger than the context allows; 0: none was */
  /* For the call that it stands for: what was gathered before the fit. NULL: nothing was. */
  wsf__evidence *evidence;
  /* Fit an inner call on a batch. States go to inner->state[series.slot]. */
  wsf_status (*fit_inner)(wsf__fit *f, const wsf__batch *b, wsf__fitted *inner);
  /* The same, and tell how far off its one-step forecasts were in the newest `window` periods of
   * the batch: error[slot * window + k] is of the k-th of them, observed less forecast, NaN where
   * there is none; of the trial's or the forecaster's slots, which are inner->n. */
  wsf_status (*fit_errors)(wsf__fit *f, const wsf__batch *b, wsf__fitted *inner, int64_t window,
                           double *error);
  /* Forecast a batch with a fitted inner call (for back-tests inside a fit): out[i] is of series
   * i. A step for which a column has no value is NaN. */
  wsf_status (*predict_inner)(wsf__fit *f, const wsf__fitted *inner, const wsf__batch *b,
                              wsf__forecast out[]);
  /* A throw-away wsf__fitted for node with n slots: NULL = out of memory. Slots of the batch given
   * to fit_inner then are 0 .. n-1. Trials end in the opposite order. */
  wsf__fitted *(*trial)(wsf__fit *f, const wsf__node *node, int64_t n);
  void (*trial_end)(wsf__fit *f, wsf__fitted *trial);
  /* A new pool for some series of a batch: the arena to build its record in, and its number, for
   * the record to go to out->pool[number - 1] and the number to the states. It takes the place of
   * what the series s began before. NULL = out of memory. */
  wsf__arena *(*pool_new)(wsf__fit *f, wsf__fitted *out, const wsf__series *s, int32_t *number);
  /* Move an inner call over appended observations, as they look from inside (s as in update). A
   * call that did not fit this series stays as it is. */
  wsf_status (*update_inner)(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                             wsf__fitted *inner);
  /* Run fn for piece 0 .. pieces-1, side by side where workers are free. How many there are follows
   * from the batch and the options alone, so that results do not depend on the workers. */
  wsf_status (*parallel)(wsf__fit *f, int64_t pieces, wsf__piece_fn *fn, void *user);
};

/* Errors that happen together: what the newest periods say of which series' errors go with which.
 * Paths of all series take theirs from the same of these periods (paths.c). */
typedef struct wsf__shocks {
  int64_t n;                  /* periods */
  const int32_t *const *rank; /* [frame->n][n] of a series' error among its own, from 0; -1: none.
                               * NULL: nothing is known of the series */
  const int32_t *n_ranks;     /* [frame->n] */
} wsf__shocks;

typedef struct wsf__predict wsf__predict;
/* One piece of a forecast's work, with a loan of its own. */
typedef wsf_status wsf__predict_fn(wsf__predict *p, int64_t piece, void *user);
struct wsf__predict {
  const wsf__panel *frame; /* as panel, without y; KNOWN columns for the future */
  wsf__env *env;
  wsf__arena *scratch;
  wsf_error *err;
  /* Forecast a batch with an inner call: out[i] is of series i, NaN where the call did not fit. */
  wsf_status (*predict_inner)(wsf__predict *p, const wsf__fitted *inner, const wsf__batch *b,
                              wsf__forecast out[]);
  /* How an inner call can forecast a series h periods ahead; from 100 on it cannot, though it may
   * have been fitted: a column that it regresses on has no value there. */
  int32_t (*reason)(const wsf__predict *p, const wsf__fitted *inner, const wsf__series *s,
                    int64_t h);
  /* `parallel` of a fit; NULL: one after the other (wsf__predict_pieces). */
  wsf_status (*parallel)(wsf__predict *p, int64_t pieces, wsf__predict_fn *fn, void *user);
  bool nonnegative, negative; /* nothing below zero is wanted; or all that a model says is */
  /* [slot] bounds of the contract for forecasts (bounded.h); NULL: inside a fit */
  const double *least, *largest;
  /* Of a class whose forecasts belong together: [frame->n] what stands in for a series that is not
   * in the batch, for it to change; mean NULL: nothing does. NULL: inside a fit. */
  wsf__forecast *others;
  const wsf__shocks *shocks; /* of the paths below; NULL: each series has its own */
};

typedef struct wsf__coefficients wsf__coefficients;
typedef struct wsf__weights wsf__weights;
typedef struct wsf__choice wsf__choice;
/* What a fit chose for a series, for people to read. */
typedef struct wsf__summary {
  char form[80];    /* such as ARIMA(0,1,1)(0,1,1)[12] */
  double criterion; /* by which it was chosen, less is better; NAN: none */
} wsf__summary;

/* How near a forecast is to the same forecast asked for in another way, relative to its size: what
 * a host may count on, and what tests/unit/models/test_model_contract.c asks of every class. A call
 * around others promises what it adds to theirs. */
#define WSF__EXACT      0.0      /* the same bits */
#define WSF__ROUNDING   1e-14    /* a rounding or two */
#define WSF__EPSILON    1e-9     /* roundings that add up */
#define WSF__CONVERGING 1e-5     /* where a search ends */
#define WSF__NOT        INFINITY /* not promised */
/* What a level of c may cost beside that, in roundings of c: 1000 DBL_EPSILON c / spread. */
#define WSF__CANCELLING 1000.0
typedef struct wsf__promise {
  double constant;                   /* a constant series is forecast as itself */
  double binary;                     /* y * c, c a power of two: forecasts * c */
  double units;                      /* with any c, from 1e-12 to 1e12 */
  double level;                      /* y + c: forecasts + c */
  double update;                     /* moved over the rest of a history: as fitted on all of it */
  bool needs_length, needs_positive; /* which histories with an observation it may refuse */
  const char *why;                   /* it holds no better */
} wsf__promise;

/* Periods ahead in which a column has no value that a forecast would have gone by. */
typedef struct wsf__untold {
  int64_t periods;
  int column; /* of the frame; if periods > 0 */
} wsf__untold;

typedef struct wsf__model_class {
  wsf__spec spec; /* first member: node->spec is this class */
  /* Fit a batch: for each series set out->state[slot] by wsf__state_set or wsf__state_fail.
   * A status other than WSF_OK is for memory, cancel and broken options only: a series that cannot
   * be fitted is a reason. Leaves with no use for the batch give fit_series instead. */
  wsf_status (*fit)(wsf__fit *f, const wsf__batch *b, wsf__fitted *out);
  wsf_status (*fit_series)(wsf__fit *f, const wsf__series *s, wsf__fitted *out);
  /* Fill mean and every quantile asked for of out[i], for each series i of a batch, all with a
   * state's reason < 100. Horizons may differ, the quantiles asked for do not. Combinators look at
   * p->reason before they ask one of several inner calls, ask for all series at once, and leave a
   * step NaN that is NaN inside; they fill the paths asked for from those of the inner calls, path
   * by path. Leaves fill no paths, and with no use for the batch give predict_series instead. */
  wsf_status (*predict)(wsf__predict *p, const wsf__fitted *m, const wsf__batch *b,
                        wsf__forecast out[]);
  wsf_status (*predict_series)(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                               wsf__forecast *out);
  /* Of a leaf, for its paths (paths.c). NULL: steps are independent. */
  wsf_status (*response)(wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                         wsf__response *out);
  /* Move the state over appended observations: s->y holds only those (y[0] may be missing), s->t0
   * the first one's period, s->n their number; `old` is the state so far, of a series that it
   * fitted; write out->state[slot], and ask update_inner for every call inside. Parameters stay,
   * so one piece or many give the same bits, in time that does not grow with the history; but a
   * class that `refits` keeps the history in its state, and finds them anew.
   * NULL: the method has no such form. */
  wsf_status (*update)(wsf__fit *f, const wsf__fitted *old, const wsf__series *s, wsf__fitted *out);
  /* Of a call that chooses by what its inner calls forecast of the end of histories: that, for a
   * share of the series of a batch, as fit would look at them. In scratch. NULL: it does not. */
  wsf_status (*gather)(wsf__fit *f, const wsf__batch *b, const wsf__fitted *m, wsf__share share,
                       wsf__evidence *out);
  /* A series never seen, in an update: its state from what the new data hold of it and from the
   * pool of its like (of its label of the scope's key, or of all). NULL: of a leaf, the series is
   * left to others, and to the fallback, until the next fit; a call around others is fitted to it
   * with fits inside that start, and trials that fit nothing (engine/start.c). */
  wsf_status (*start)(wsf__fit *f, const void *pool, const wsf__series *s, wsf__fitted *out);
  /* For a class with pools, each fitted state has one. save_pool writes a record as bytes;
   * load_pool builds it from bytes that nobody vouches for, all in `keep`: NULL for any that
   * predict could not use safely; a failed reader if memory ran out. A class without pools: both
   * NULL. */
  void (*save_pool)(wsf__writer *w, const wsf__node *node, const void *pool);
  const void *(*load_pool)(wsf__reader *r, wsf__arena *keep, const wsf__node *node,
                           const wsf__panel *frame);
  /* Whether predict can read this state safely: the only gate, so what may not be NaN is for it to
   * say. */
  bool (*check)(const wsf__node *node, const wsf__panel *frame, const wsf__state *state);
  /* Fill `out` from a fitted state. NULL: the model has nothing to choose. */
  void (*summarise)(const wsf__state *state, wsf__summary *out);
  /* Of a call around others: fill wsf__history_of(out, s) from the history of its inner calls, for
   * each series of a fit that keeps it. NULL: that of the inner call that it chose, or the first.
   */
  wsf_status (*history)(wsf__fit *f, const wsf__fitted *out, const wsf__series *s);
  /* Tell what was estimated for a fitted series, in the method's own order (coefficients.h). NULL:
   * nothing is. */
  void (*coefficients)(const wsf__fitted *m, const wsf__series *s, wsf__coefficients *out);
  /* Tell the numbers of a pool (weights.h), whose series are of the frame. NULL: nothing is told.
   */
  void (*weights)(const wsf__node *node, const wsf__panel *frame, const void *pool,
                  wsf__weights *out);
  /* Of a call that mixes what stands inside it: how the series of a slot is, and why (choice.h).
   * NULL: it mixes all alike, or by numbers of its own. */
  const wsf__choice *(*choice)(const wsf__fitted *m, int64_t slot);
  /* Which series a fit must see together (lowrank by=Dept); WSF_E_NAME or WSF_E_VALUE for a key
   * that the panel does not have. NULL: each alone. A call is given at least what the widest call
   * of its tree needs, and the batch may hold more. */
  wsf_status (*scope)(wsf__scope *out, const wsf__node *node, const wsf__panel *panel,
                      wsf_error *err);
  /* Periods of PAST columns before the end of the history that predict reads: the frame keeps as
   * many as the furthest-reaching call of a tree. NULL: none. */
  int64_t (*reach)(const wsf__node *node);
  /* Whether a forecast from this state needs values of the columns of the option x
   * (regressors.h): a step without one is NaN. NULL: of no state. */
  bool (*regresses)(const wsf__node *node, const wsf__state *state);
  /* Of a call that forecasts on where a column has no value: where, in h periods. NULL: it does
   * not. */
  wsf__untold (*untold)(const wsf__predict *p, const wsf__fitted *m, const wsf__series *s,
                        int64_t h);
  wsf__promise promise;
  bool blocks;       /* a leaf: errors hang together as its residuals do (blocks.c) */
  bool bridges;      /* of a period without the value of a column the rest counts: else none does */
  bool takes_season; /* what stands inside sees series without a season */
  bool resumes;      /* a fit goes on from what an earlier one has learnt (wsf__warm) */
  bool refits;       /* an update fits the whole history, which the state keeps */
  bool chooses;      /* the state's first number is the inner call that forecasts */
  bool together;     /* forecasts of the series of its scope belong together: predict sees all of
                      * them, and what it makes of them goes out as it is */
  bool blends;       /* forecasts with those of the calls inside that can, else the first must */
} wsf__model_class;

static inline const wsf__model_class *wsf__class_of(const wsf__node *node) {
  return (const wsf__model_class *)node->spec;
}

/* State of n doubles in f->keep, for the caller to fill; NULL on failure (return
 * wsf__fail_memory(f->err)). */
double *wsf__state_set(wsf__fit *f, wsf__fitted *out, const wsf__series *s, int64_t n,
                       int32_t reason);
/* One-step forecasts of s, NaN so far, for a fit to fill, and for an update of a class that follows
 * blocks; s may be the end of the series that is fitted. NULL: nobody asked. */
double *wsf__history_of(const wsf__fitted *out, const wsf__series *s);
/* n standard errors for a fit that is asked for them (out->errors) to fill; NULL on failure. */
double *wsf__errors_set(wsf__fit *f, wsf__fitted *out, const wsf__series *s, int64_t n);
/* For update: the state so far, copied to where it may be moved on; NULL on failure. */
double *wsf__state_copy(wsf__fit *f, const wsf__fitted *old, const wsf__series *s,
                        wsf__fitted *out);
void wsf__state_fail(wsf__fitted *out, const wsf__series *s, int32_t reason);
/* The pool that a fitted series shares. */
static inline const void *wsf__pool_of(const wsf__fitted *m, const wsf__series *s) {
  return m->pool[m->state[s->slot].pool - 1];
}
/* The season of a call: its own `season` option if given, else the panel's; but 1 for a call
 * without inner calls that stands inside one that takes the season off. At least 1. */
int64_t wsf__season_of(const wsf__node *node, const wsf__panel *panel);
/* Nothing can be said of a step: NaN. */
void wsf__forecast_unknown(wsf__forecast *out, int64_t step);
/* quantile[k,i] = mean[i] + sd[i] * normal quantile(q[k]); sd < 0 or NaN counts as 0. */
void wsf__forecast_normal(wsf__forecast *out, const double *sd);
/* The rows of h values that a forecast is made of: the mean, its quantiles, its paths. */
static inline int64_t wsf__forecast_rows(const wsf__forecast *f) {
  return 1 + f->n_q + f->n_paths;
}
static inline double *wsf__forecast_row(const wsf__forecast *f, int64_t row) {
  if (row == 0) return f->mean;
  return row <= f->n_q ? f->quantile + (row - 1) * f->h : f->path + (row - 1 - f->n_q) * f->h;
}
/* For loops over rows: whether the call was stopped. A row is at most a horizon long. */
static inline bool wsf__forecast_stopped(const wsf__forecast *f) {
  return f->scratch && wsf__cut_short(f->scratch);
}
bool wsf__forecast_finite(const wsf__forecast *f); /* every row */
/* Room for a forecast of the same horizon, quantiles and paths, in scratch, and for components if
 * `like` is asked for them; false = out of memory. */
bool wsf__forecast_like(wsf__forecast *out, wsf__arena *scratch, const wsf__forecast *like);
/* Copy of a batch whose series point to new values: y in scratch, one array per series. NULL: no
 * memory, or the call was stopped. */
wsf__series *wsf__batch_copy(wsf__fit *f, const wsf__batch *b);
/* The values of a series of wsf__batch_copy, for the one who made the copy to write. */
static inline double *wsf__series_values(wsf__series *s) {
  return (double *)(uintptr_t)s->y;
}
bool wsf__state_finite(const wsf__state *state); /* for check: every entry finite */
/* Run fn for piece 0 .. pieces-1 with p->parallel. */
wsf_status wsf__predict_pieces(wsf__predict *p, int64_t pieces, wsf__predict_fn *fn, void *user);

/* The list of all classes: one row per model (registry.c). */
extern const wsf__model_class *const wsf__model_classes[];
extern const int wsf__n_model_classes;

#endif
