/* A small catalogue of every kind of option, for the tests of the grammar. */
#ifndef WSF_TESTS_TOY_CATALOG_H
#define WSF_TESTS_TOY_CATALOG_H

#include "expr/expr.h"

#include <math.h>

static const wsf__option toy_arima_options[] = {
    {"max_p", WSF__INT, "5", 0, 20, NULL, "largest order"},
    {"season", WSF__INT, "auto", 1, 1000, "auto|none", "steps in a season"},
    {"drift", WSF__FLAG, "true", 0, 0, NULL, "allow a drift"},
    {"ic", WSF__WORD, "aicc", 0, 0, "aic|aicc|bic", "criterion"},
    {"tol", WSF__REAL, "1e-8", 0, 1, NULL, "tolerance"},
    {"start", WSF__REALS, "", -10, 10, NULL, "start values"},
    {"label", WSF__TEXT, "", 0, 0, NULL, "a name"},
};
static const wsf__option toy_stl_options[] = {
    {"season", WSF__INTS, "auto", 2, 1000, "auto", "seasons"},
    {"inner", WSF__CALL, NULL, 0, 0, "model", "model of the remainder"},
    {"robust", WSF__FLAG, "false", 0, 0, NULL, "robust weights"},
};
static const wsf__option toy_boxcox_options[] = {
    {"lambda", WSF__REAL, "auto", -2, 2, "auto", "power"},
    {"inner", WSF__CALL, NULL, 0, 0, "model", "model of the transformed series"},
};
static const wsf__option toy_shift_options[] = {
    {"days", WSF__REAL, NULL, -7, 7, NULL, "days"},
    {"inner", WSF__CALL, "ets", 0, 0, "model", "model"},
};
static const wsf__option toy_mean_options[] = {
    {"models", WSF__CALLS, NULL, 0, 0, "model", "what is averaged"},
    {"by", WSF__WORD, "equal", 0, 0, "equal|mase|wape", "weights"},
};
static const wsf__option toy_list_options[] = {
    {"by", WSF__WORD, "equal", 0, 0, "equal|mase|wape", "weights"},
    {"models", WSF__CALLS, "[ets,stl(mean(ets, by=\"$by\")),theta]", 0, 0, "model", "a list"},
};
static const wsf__option toy_named_options[] = {
    {"label", WSF__TEXT, "", 0, 0, NULL, "a name"},
    {"columns", WSF__NAMES, "", 0, 0, NULL, "columns"},
    {"first", WSF__CALL, "", 0, 0, "model", "a model"},
    {"second", WSF__CALL, "", 0, 0, "model", "another"},
    {"rest", WSF__CALLS, "", 0, 0, "model", "more"},
    {"last", WSF__CALL, "", 0, 0, "model", "by key only"},
};
static const wsf__option toy_gbdt_options[] = {
    {"trees", WSF__INT, "100", 1, 10000, NULL, "trees"},
    {"features", WSF__CALLS, "lags(1)", 0, 0, "feature", "what it sees"},
    {"quantiles", WSF__REALS, "[0.1,0.9]", 0, 1, NULL, "levels"},
};
static const wsf__option toy_regress_options[] = {
    {"season", WSF__INT, "0", 0, 400, NULL, "season"},
    {"x", WSF__MIXED, "", 0, 0, "feature", "columns and features"},
};
static const wsf__option toy_both_options[] = {
    {"inner", WSF__CALL, "", 0, 0, "model", "model of what is left"},
    {"features", WSF__CALLS, NULL, 0, 0, "feature", "what it sees"},
    {"spare", WSF__CALL, "", 0, 0, "model", "another model"},
};
static const wsf__option toy_lags_options[] = {
    {"lags", WSF__INTS, NULL, 1, 100000, NULL, "distances"},
};
static const wsf__option toy_calendar_options[] = {
    {"parts", WSF__WORDS, "", 0, 0, "week|month|year", "parts"},
    {"shift", WSF__INT, "0", -7, 7, NULL, "days"},
};
static const wsf__option toy_csv_options[] = {
    {"path", WSF__TEXT, NULL, 0, 0, NULL, "file"},
    {"keys", WSF__NAMES, "", 0, 0, NULL, "key columns"},
    {"freq", WSF__WORD, "week", 0, 0, "day|week|month", "frequency"},
};
static const wsf__option toy_join_options[] = {
    {"data", WSF__CALL, NULL, 0, 0, "data", "left side"},
    {"path", WSF__TEXT, NULL, 0, 0, NULL, "file"},
    {"on", WSF__NAMES, NULL, 0, 0, NULL, "columns"},
};
static const wsf__option toy_sums_options[] = {
    {"data", WSF__CALL, NULL, 0, 0, "data", "what is summed"},
    {"levels", WSF__LISTS, NULL, 0, 0, NULL, "keys of each level"},
    {"also", WSF__LISTS, "[[a],[]]", 0, 0, NULL, "more of them"},
};
static const wsf__option toy_until_options[] = {
    {"data", WSF__CALL, NULL, 0, 0, "data", "what is cut"},
    {"time", WSF__TEXT, NULL, 0, 0, NULL, "last time"},
};

#define TOY_N(a) ((int)(sizeof(a) / sizeof(a)[0]))
#define TOY(family, name, options)                                                                 \
  { family, "local", name, "A toy.", "", "0.1.0", name, options, TOY_N(options) }
static const wsf__spec toy_specs[] = {
    {"model", "local", "ets", "A toy.", "", "0.1.0", "ets", NULL, 0},
    {"model", "local", "theta", "A toy.", "", "0.1.0", "theta", NULL, 0},
    TOY("model", "arima", toy_arima_options),
    TOY("model", "stl", toy_stl_options),
    TOY("model", "boxcox", toy_boxcox_options),
    TOY("model", "holiday_shift", toy_shift_options),
    TOY("model", "mean", toy_mean_options),
    TOY("model", "list", toy_list_options),
    TOY("model", "named", toy_named_options),
    TOY("model", "gbdt", toy_gbdt_options),
    TOY("model", "regress", toy_regress_options),
    TOY("model", "both", toy_both_options),
    TOY("feature", "lags", toy_lags_options),
    TOY("feature", "calendar", toy_calendar_options),
    TOY("data", "csv", toy_csv_options),
    TOY("data", "join", toy_join_options),
    TOY("data", "until", toy_until_options),
    TOY("data", "sums", toy_sums_options),
};
enum { TOY_SPECS = TOY_N(toy_specs) };

static inline const wsf__spec *toy_at(int i) {
  return i < TOY_SPECS ? &toy_specs[i] : NULL;
}

static inline const wsf__catalog *toy_catalog(void) {
  static const wsf__catalog catalog = {toy_at};
  return &catalog;
}

#endif
