/**
 * @file evaluate.h
 * @brief Measurement: rolling-origin back-tests of several models, and metrics of forecasts.
 *
 * Since 0.1.0. Metrics: wmae mae rmse mape smape mase rmsse wape bias pinball sql coverage winkler.
 */
#ifndef WSF_EVALUATE_H
#define WSF_EVALUATE_H

#include <wsf/forecaster.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The four tables of a back-test, for wsf_backtest: one row per model, and with the option `by`
 * one per group of series and model behind them. */
#define WSF_BACKTEST_SUMMARY 0
/** One row per model and fold (forecast origin), numbered from 1, the oldest first. */
#define WSF_BACKTEST_FOLDS 1
/** One row per model and series. */
#define WSF_BACKTEST_SERIES 2
/** One row per model, fold, series and step: forecast beside the actual. */
#define WSF_BACKTEST_FORECASTS 3
/** Number of back-test tables. */
#define WSF_BACKTEST_TABLES 4

/**
 * @brief The name of a back-test table in lower case, such as "folds": the function twin of
 * WSF_BACKTEST_*, for hosts that cannot read C macros.
 * @param table any value
 * @return borrowed static text, or NULL for an unknown value
 * @note Thread-safe. Since 0.2.0.
 */
WSF_API const char *wsf_backtest_name(int32_t table);

/**
 * @brief Rolling-origin back-test. Of K folds, numbered from 1, fold k has its origin
 * `horizon + (K - k) * step` periods before the end; each model is fitted on what lies before the
 * origin and measured on the next `horizon` periods. Every model sees the same folds and the same
 * series.
 * @param[out] out array of WSF_BACKTEST_TABLES table pointers, each owned by the caller
 * @param models array of n_models models
 * @param n_models 1 .. 1000
 * @param ds a dataset
 * @param options `horizon=N`, `windows=1`, `step=horizon`, `metrics=[wmae,wape,..]`,
 *   `levels=[80,95]`, `quantiles=[0.1,..,0.9]`, `min_obs=0` (series with fewer observations in the
 *   whole history are left out), `forecasts=false` (fill the fourth table), `by=[level,Store]`
 *   (measure groups of series, too: those of a level of a hierarchy, and those of a label of a key,
 *   level by level; columns `level` and those of the keys in the summary; since 0.2.0),
 *   `seconds=60` (most that the call may take; since 0.2.0); wsf_catalog(.., "backtest") has all
 *   with their bounds
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_SYNTAX, WSF_E_NAME, WSF_E_VALUE, WSF_E_DATA (history too short), WSF_E_FIT,
 *   WSF_E_MEMORY, WSF_E_CANCELLED, WSF_E_LIMIT, WSF_E_ARGUMENT
 * @note Thread-safe. Since 0.1.0. The summary's `p_value` compares each model's loss per series
 *   with the best model's by a paired test (docs/measurement.md). A model that fits no series at
 *   an origin, or lacks a column ahead for all of them (since 0.2.0), has a reason in the summary's
 *   `failed` and no figures; WSF_E_FIT or WSF_E_DATA if all do. Series that the fallback forecast
 *   are counted in `replaced` of the folds (since 0.2.0).
 */
WSF_API WSF_MUST_USE wsf_status wsf_backtest(wsf_table **out, const wsf_model *const *models,
                                             int64_t n_models, const wsf_dataset *ds,
                                             const char *options, wsf_error *err);

/**
 * @brief Metrics of a forecast table against the actuals.
 * @param[out] out one row per metric
 * @param forecasts a table as wsf_predict returns it
 * @param history the dataset the forecast was made from: scales of mase, rmsse and sql
 * @param actual a dataset that covers the forecast periods
 * @param options `metrics=[..]`; wsf_catalog(.., "evaluate") has all
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_SYNTAX, WSF_E_NAME, WSF_E_VALUE, WSF_E_DATA, WSF_E_MEMORY, WSF_E_CANCELLED,
 * WSF_E_LIMIT, WSF_E_ARGUMENT
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_evaluate(wsf_table **out, const wsf_table *forecasts,
                                             const wsf_dataset *history, const wsf_dataset *actual,
                                             const char *options, wsf_error *err);

#ifdef __cplusplus
}
#endif
#endif
