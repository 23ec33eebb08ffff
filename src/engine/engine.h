/* Drives models over a panel: catalogue, fit, predict, update, back-test, save, load. */
#ifndef WSF_ENGINE_ENGINE_H
#define WSF_ENGINE_ENGINE_H

#include "models/model.h"
#include "models/outside.h"
#include "wire/wire.h"

/* Models, data words and the options of calls in one catalogue (catalog.c). */
const wsf__catalog *wsf__engine_catalog(void);
wsf_status wsf__catalog_table(wsf_table **out, const wsf__alloc *a, const char *name,
                              wsf_error *err);

/* What an update brought to a series. */
typedef struct wsf__news {
  enum { WSF__NEWS_NONE, WSF__NEWS_ADDED, WSF__NEWS_ABSENT, WSF__NEWS_NEW } kind;
  int64_t added, missing; /* periods it moved over: observed, and not */
  int64_t seen;           /* observations of the dataset in periods that it had seen, the same, */
  int64_t changed;        /* others than those, */
  int64_t late;           /* and in those that it had passed as missing */
  int64_t early, first_early; /* and before its history, and the period of the first */
  int64_t off_calendar;       /* rows of the dataset that were left out */
  int64_t large,
      first_large;        /* observations far larger than any before, and the period of the first */
  double value;           /* that one */
  int64_t far, first_far; /* observations too far ahead to be taken, and the period of the first */
} wsf__news;

/* A fitted model over a panel: immutable once made, shared by reference count. */
typedef struct wsf__fitted_panel {
  atomic_int references;
  wsf__arena arena;        /* node, fitted tree, states */
  const wsf__node *node;   /* as the user wrote it */
  const char *text;        /* canonical */
  wsf__panel *frame;       /* keys, calendar, KNOWN columns */
  const wsf__fitted *root; /* the user's model */
  const wsf__fitted
      *fallback; /* what stands in for series that root could not fit (engine/fallback_model.c) */
  /* [series] history of each and what was forecast of it one step ahead, frame->length[i] values;
   * NULL unless fit(fitted=true) */
  const double *const *y, *const *one_step;
  /* bounds of the bounded-output contract, per series: least and largest observation */
  const double *least, *largest;
  const int64_t *silent; /* [series] missing periods at the end of its history; NULL: not known */
  const uint16_t *seen;  /* marks of the newest periods of each (engine/seen.c); NULL: not known */
  /* [series] of the update that made it; NULL: a fit did, or a file. Series that it dropped. */
  const wsf__news *news;
  int64_t dropped;
} wsf__fitted_panel;

wsf_status wsf__engine_fit(wsf__fitted_panel **out, wsf__env *env, const char *model_text,
                           const wsf__panel *dataset, const char *options, wsf_error *err);
/* What auto would choose by, as rows that others may merge and fit with (evidence_table.c). */
wsf_status wsf__engine_evidence(wsf_table **out, wsf__env *env, const char *model_text,
                                const wsf__panel *panel, const char *options, wsf_error *err);
wsf__fitted_panel *wsf__fitted_panel_retain(wsf__fitted_panel *f);
void wsf__fitted_panel_release(wsf__fitted_panel *f);
/* The model that stands in for a series the user's model could not fit (fallback_model.c). */
extern const char *const wsf__fallback_text;

/* Views of a forecaster, family "view" (describe.c). */
extern const int wsf__n_view_specs;
const wsf__spec *wsf__view_spec(int i); /* NULL from there on */

/* Options of the public calls, in the grammar: one table each, in the file that reads them. */
extern const wsf__spec wsf__spec_context, wsf__spec_fit, wsf__spec_predict, wsf__spec_update,
    wsf__spec_backtest, wsf__spec_evaluate, wsf__spec_evidence;
/* What the text says of an environment: threads, seed, paths, limits. */
wsf_status wsf__engine_context(wsf__env *env, const char *options, wsf_error *err);

/* What is to be forecast. */
typedef struct wsf__ask {
  int64_t h;
  int n_q;
  const double *q;            /* [n_q] ascending */
  bool nonnegative, negative; /* see wsf__floored */
  bool cumulative;            /* sums of the steps so far; their quantiles need paths */
  int64_t n_paths;            /* sample paths to make, may be 0 */
  bool keep_paths;            /* and to hand over */
  bool components;            /* what each mean is the sum of; not of sums */
  const wsf__panel *known;    /* fresh values of known columns, or NULL */
  int64_t n;
  const int64_t *series; /* [n] rows of the frame; NULL: all */
  /* Takes the forecast of place i of those asked for as soon as it is made, side by side; the
   * arrays of wsf__forecasts are not made then. NULL: they are. */
  void (*put)(void *user, int64_t i, const wsf__forecast *made);
  void *user;
} wsf__ask;
/* The row of the frame behind place i of those asked for. */
static inline int64_t wsf__asked(const wsf__ask *ask, int64_t i) {
  return ask->series ? ask->series[i] : i;
}

/* Dense forecasts of n series: mean[i * h + step], quantile[(i * n_q + k) * h + step],
 * path[(i * n_paths + k) * h + step]; or none of them (`put` of wsf__ask). */
typedef struct wsf__forecasts {
  int64_t n, h;
  int n_q;
  const double *q;
  int64_t n_paths; /* kept */
  double *mean, *quantile, *path;
  int32_t *reason; /* [n] how the model forecasts a series; from 100 on the fallback does */
  /* Series that lack a column ahead, forecast by the fallback or by the rest of the model; what the
   * first of them lacks. */
  int64_t lacking, partly;
  wsf_error first;
  bool *held;                   /* [n] held at a bound, whatever else is to be said of the series */
  bool *outside;                /* [n] a column ahead lies far out of its history */
  int64_t first_outside;        /* of these; -1: there is none */
  wsf__outside far;             /* and what lies out there */
  wsf__untold *untold;          /* [n] periods that it was forecast for without a column */
  wsf__components **components; /* [n] if asked for */
  const wsf__panel *frame; /* whose series are these, in this order; lives as the forecaster does */
} wsf__forecasts;
/* Bounded-output contract (docs/errors.md): finite; quantiles ordered, median-consistent with the
 * mean lying inside the outer ones; within [least - 10 range, largest + 10 range]; >= 0 if asked.
 */
/* Whether the context allows forecasts of that size. */
wsf_status wsf__engine_allows(const wsf__env *env, int64_t n, int64_t h, int n_q, wsf_error *err);
/* WSF_E_DATA if all series asked for lack a column. */
wsf_status wsf__engine_forecast(wsf__forecasts *out, wsf__env *env, wsf__arena *arena,
                                const wsf__fitted_panel *f, const wsf__ask *ask, wsf_error *err);
wsf_status wsf__engine_predict(wsf_table **out, wsf__env *env, const wsf__fitted_panel *f,
                               const wsf__panel *covariates, const char *options, wsf_error *err);
wsf_status wsf__engine_update(wsf__fitted_panel **out, wsf__env *env, const wsf__fitted_panel *f,
                              const wsf__panel *panel, const char *options, wsf_error *err);
wsf_status wsf__engine_describe(wsf_table **out, wsf__env *env, const wsf__fitted_panel *f,
                                const char *what, wsf_error *err);
wsf_status wsf__engine_backtest(wsf_table *out[4], wsf__env *env, const char *const *model_text,
                                int64_t n_models, wsf__panel *panel, const char *options,
                                wsf_error *err);
wsf_status wsf__engine_evaluate(wsf_table **out, wsf__env *env, const wsf_table *forecasts,
                                const wsf__panel *history, const wsf__panel *actual,
                                const char *options, wsf_error *err);
/* The image piece by piece: with a sink, in memory that does not grow with it. */
wsf_status wsf__engine_save(wsf__writer *w, const wsf__fitted_panel *f, wsf_error *err);
wsf_status wsf__engine_image_size(size_t *bytes, const wsf__alloc *a, const wsf__fitted_panel *f,
                                  wsf_error *err);
/* A line for the log of the host: what was saved or loaded, and the path, or "memory". */
void wsf__log_image(const wsf__env *env, const char *what, const wsf__fitted_panel *f,
                    const char *where);
wsf_status wsf__engine_load(wsf__fitted_panel **out, wsf__env *env, const void *bytes,
                            size_t length, wsf_error *err);

#endif
