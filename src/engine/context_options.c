/* The options of a context. */
#include "engine/engine.h"

#include <math.h>
#include <unistd.h>

enum { MOST_THREADS = 1024 };
#define MOST 9007199254740992.0 /* whole numbers that a double holds */

/* What is absent is as in the context that is forked; a new one has one thread, the seed 1 and no
 * limit. */
static const wsf__option options[] = {
    {"threads", WSF__INT, "", 0, MOST_THREADS, NULL,
     "Threads to work with, the caller's included; 0: one per core; absent: 1."},
    {"seed", WSF__INT, "", 0, MOST, NULL, "Seed of every random number; 1 if absent."},
    {"paths", WSF__TEXT, "any", 0, 0, NULL,
     "Paths that may be opened: any, none, or those in the folder of this name, taken from there; "
     "absolute paths, .. and links are refused then. Sources may always be read."},
    {"max_bytes", WSF__INT, "", 1, MOST, NULL, "Most bytes of a file, source or image."},
    {"max_rows", WSF__INT, "", 1, MOST, NULL, "Most rows of a source, blank lines included."},
    {"max_series", WSF__INT, "", 1, MOST, NULL, "Most series of a dataset or forecaster."},
    {"max_columns", WSF__INT, "", 1, MOST, NULL, "Most columns of a source; 65,536 if absent."},
    {"max_values", WSF__INT, "", 1, MOST, NULL,
     "Most values of a dataset's target, and of a table of forecasts."},
    {"max_state", WSF__INT, "", 1, MOST, NULL,
     "Most values that a call of a model keeps of all series; 2^28 if absent."},
    {"max_results", WSF__INT, "", 1, MOST, NULL,
     "Most values of a table of results; 2^26 if absent."},
    {"max_horizon", WSF__INT, "", 1, MOST, NULL, "Most periods to forecast."},
    {"max_seconds", WSF__REAL, "", 0.001, 1e9, NULL, "Most seconds that a call may take."},
};
const wsf__spec wsf__spec_context = {
    .family = "options",
    .group = "call",
    .name = "context",
    .summary = "What a context works with.",
    .source = "",
    .since = "0.1.0",
    .example = "context(threads=4, seed=1)",
    .options = options,
    .n_options = sizeof options / sizeof *options,
};

static int threads_of(int64_t asked) {
  if (asked > 0) return (int)asked;
  const long cores = sysconf(_SC_NPROCESSORS_ONLN);
  return cores < 1 ? 1 : cores > MOST_THREADS ? MOST_THREADS : (int)cores;
}

static void take_limits(wsf__limits *limits, const wsf__node *o) {
  for (int k = 0; k < WSF__N_LIMITS; ++k) {
    const wsf__value *most = wsf__arg(o, wsf__limit_option((wsf__limit)k));
    if (most->form == WSF__NUMBER) limits->most[k] = (int64_t)most->number;
  }
  const wsf__value *seconds = wsf__arg(o, "max_seconds");
  if (seconds->form == WSF__NUMBER) limits->milliseconds = (int64_t)ceil(1000 * seconds->number);
}

wsf_status wsf__engine_context(wsf__env *env, const char *text, wsf_error *err) {
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  const wsf__node *o;
  wsf_status status =
      wsf__expr_arguments(&o, &arena, wsf__engine_catalog(), &wsf__spec_context, text, err);
  if (status == WSF_OK && wsf__arg(o, "paths")->differs) {
    status = wsf__access_confine(env->access, wsf__arg_text(o, "paths"), err);
  }
  if (status == WSF_OK) {
    const wsf__value *threads = wsf__arg(o, "threads"), *seed = wsf__arg(o, "seed");
    if (threads->form == WSF__NUMBER) env->threads = threads_of((int64_t)threads->number);
    if (seed->form == WSF__NUMBER) env->seed = (uint64_t)seed->number;
    take_limits(&env->limits, o);
  }
  wsf__arena_free(&arena);
  return status;
}
