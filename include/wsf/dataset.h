/**
 * @file dataset.h
 * @brief The dataset: an immutable panel of series on one regular calendar.
 *
 * Keys, target, covariates (known ahead, known only in the past, static), hierarchy and row
 * weights. Shareable between threads. Since 0.1.0.
 */
#ifndef WSF_DATASET_H
#define WSF_DATASET_H

#include <wsf/context.h>
#include <wsf/table.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Opaque, reference-counted, immutable. */
typedef struct wsf_dataset wsf_dataset;
/** Opaque: collects rows for a dataset. Owned by one thread. */
typedef struct wsf_builder wsf_builder;

/**
 * @brief Load a dataset from a data expression such as
 * `csv("train.csv", keys=[Store,Dept], time=Date, target=Weekly_Sales, freq=week)`,
 * `walmart("DIR")`, `m5("DIR")`, `simulate()`, with `| join(...)` and `| until("2012-02-03")`.
 * @param[out] out the dataset; NULL on failure
 * @param ctx context, kept alive by the dataset
 * @param expr data expression, UTF-8
 * @param[out] err nullable; names the file, line and column, or the byte of the expression
 * @return WSF_OK, WSF_E_SYNTAX, WSF_E_NAME, WSF_E_VALUE, WSF_E_IO, WSF_E_UNSUPPORTED (a step over
 * vintages), WSF_E_DATA, WSF_E_MEMORY, WSF_E_CANCELLED, WSF_E_LIMIT, WSF_E_ARGUMENT
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_dataset_open(wsf_dataset **out, wsf_context *ctx,
                                                 const char *expr, wsf_error *err);

/**
 * @brief A dataset from an Arrow C stream: the columns of long-format data.
 * @param[out] out the dataset; NULL on failure
 * @param ctx context
 * @param stream consumed and released in every case
 * @param options the options of `csv` that are not about text: `keys=[..], time=.., target=..,
 *   known=[..], past=[..], static=[..], columns=[..], freq=.., season=.., duplicates=.., gaps=..,
 * negatives=.., weight=.., holiday=.., holiday_weight=.., mask=.., end=..`. Without `target` the
 * dataset holds the future of columns known ahead and serves wsf_predict alone. wsf_catalog(..,
 * "rows") has all
 * @param[out] err nullable
 * @return as wsf_dataset_open
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_dataset_from_arrow(wsf_dataset **out, wsf_context *ctx,
                                                       struct ArrowArrayStream *stream,
                                                       const char *options, wsf_error *err);

/**
 * @brief The same dataset for another client: fits, back-tests and analyses of it run on `ctx`,
 * with its cancel, progress, log and limits. Nothing is copied, and neither handle needs the other.
 * @param[out] out the handle; NULL on failure
 * @param ds a dataset
 * @param ctx the context that ds was made with, a fork of it, or one with the same allocator
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_MEMORY, WSF_E_ARGUMENT
 * @note Thread-safe. Since 0.2.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_dataset_with(wsf_dataset **out, const wsf_dataset *ds,
                                                 wsf_context *ctx, wsf_error *err);

/**
 * @brief One more reference.
 * @param ds a dataset
 * @return ds
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API wsf_dataset *wsf_dataset_retain(wsf_dataset *ds);

/**
 * @brief Give back a reference. NULL is a no-op.
 * @param ds a dataset or NULL
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API void wsf_dataset_release(wsf_dataset *ds);

/**
 * @brief Describe a dataset as a table.
 * @param[out] out the table
 * @param ds a dataset
 * @param what `summary` (name and value), `columns`, `series` (one row per series), `report` (the
 *   load report: rows read, kept, rejected with first examples, duplicates, gaps, negatives, short
 *   series), `levels` (the hierarchy of the keys), `sums` (a row for each series that a sum of
 *   `aggregate` adds up; since 0.2.0), `values` (the panel in long form), `ahead` (the
 *   columns known ahead, in the periods after the history of each series; since 0.2.0), `request`
 * (the keys and times that the source asks forecasts for, such as Kaggle's test.csv). A key that a
 * series sums over is null
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_ARGUMENT, WSF_E_NAME, WSF_E_MEMORY, WSF_E_CANCELLED
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_dataset_describe(wsf_table **out, const wsf_dataset *ds,
                                                     const char *what, wsf_error *err);

/**
 * @brief Look at a CSV file that nobody has described: how it is written, what its columns may be,
 * and the expression that loads it so. A proposal, to be read before it is used; an expression is
 * loaded once, and WSF_E_DATA says why there is none.
 * @param[out] out the table
 * @param ctx a context
 * @param path a file, the name of a source, or a pattern of several files, as `csv` takes it
 * @param what `file` (name and value: rows, layout, delimiter, decimal, encoding, doubts),
 * `columns` (column, type, part, distinct, missing, example), or `expression` (one text)
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_ARGUMENT, WSF_E_NAME, WSF_E_IO, WSF_E_DATA, WSF_E_MEMORY, WSF_E_CANCELLED,
 *   WSF_E_LIMIT, WSF_E_UNSUPPORTED
 * @note Thread-safe. Since 0.2.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_dataset_propose(wsf_table **out, wsf_context *ctx,
                                                    const char *path, const char *what,
                                                    wsf_error *err);

/**
 * @brief The three views of ::wsf_dataset_propose from one reading of the file.
 * @param[out] file the view `file`
 * @param[out] columns the view `columns`
 * @param[out] expression the view `expression`. Where nothing would load it is NULL and the error
 * says why; the other two may be there all the same, and are to be released whatever is returned
 * @param ctx a context
 * @param path a file, the name of a source, or a pattern of several files
 * @param[out] err nullable
 * @return as ::wsf_dataset_propose
 * @note Thread-safe. Since 0.2.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_dataset_propose_all(wsf_table **file, wsf_table **columns,
                                                        wsf_table **expression, wsf_context *ctx,
                                                        const char *path, wsf_error *err);

/**
 * @brief Analyse the series of a dataset. Every table begins with the key columns; values after a
 *   series' last observation are not looked at; NULL stands where a series cannot answer.
 *
 * - `summary`: a row per series: observations, missing, zeros, mean, cv, interval, cv2,
 *   trend_strength, season_strength, acf1, pattern
 * - `acf`, `pacf`: a row per lag: lag, acf or pacf, limit (95 % of noise)
 * - `decompose`: a row per period: time, target, trend, seasonal, remainder, adjusted (no season)
 * - `mstl`: the same with seasonal_M for each season M
 * - `seasons`: a row per season found: rank, period, strength, acf, p
 * - `tests`: a row per unit root test: test, around, statistic, p, critical (at 5 %), lags, says
 *   (difference or keep), differences (how often, by this test)
 * - `changes`: a row per change: time (first of the new), mean_before, sd_before, mean_after,
 *   sd_after, gain (in twice the log-likelihood)
 * - `outliers`: a row per outlier: time, target, expected, limit
 *
 * docs/analysis.md tells how each is computed, and from which paper.
 * @param[out] out the table
 * @param ds a dataset
 * @param options `what=..` of the table above; `series="1,2"` (or all); `season=..`, `lags=..`;
 *   `seasons=[..]`, `robust=..` (mstl); `change=mean|variance`, `penalty=mbic|bic|..`, `least=..`
 *   (changes)
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_ARGUMENT, WSF_E_SYNTAX, WSF_E_NAME, WSF_E_DATA (no target), WSF_E_VALUE,
 * WSF_E_MEMORY, WSF_E_CANCELLED, WSF_E_LIMIT
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_analyze(wsf_table **out, const wsf_dataset *ds,
                                            const char *options, wsf_error *err);

/**
 * @brief Start collecting rows.
 * @param[out] out the builder, owned by the caller
 * @param ctx context
 * @param options as wsf_dataset_from_arrow; the names in `keys` and those in `known`, `past`,
 *   `static` and `columns`, in this order (numeric covariates), fix the order of the values in
 *   wsf_builder_add
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_SYNTAX, WSF_E_NAME, WSF_E_VALUE, WSF_E_MEMORY, WSF_E_CANCELLED,
 * WSF_E_ARGUMENT
 * @note The builder belongs to one thread. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_builder_create(wsf_builder **out, wsf_context *ctx,
                                                   const char *options, wsf_error *err);

/**
 * @brief Add one row.
 * @param b a builder
 * @param keys as many NUL-terminated texts as there are keys (NULL if none)
 * @param time the time as text: ISO date, date and time, or an integer
 * @param target the value; NaN = missing; ignored without an option `target`
 * @param columns as many doubles as there are covariate columns (NULL if none); NaN = missing
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_DATA, WSF_E_MEMORY, WSF_E_LIMIT, WSF_E_CANCELLED, WSF_E_ARGUMENT
 * @note Not thread-safe. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_builder_add(wsf_builder *b, const char *const *keys,
                                                const char *time, double target,
                                                const double *columns, wsf_error *err);

/**
 * @brief Build the dataset. The builder is empty afterwards and may be used again or released.
 * @param[out] out the dataset
 * @param b a builder
 * @param[out] err nullable
 * @return as wsf_dataset_open
 * @note Not thread-safe. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_builder_finish(wsf_dataset **out, wsf_builder *b,
                                                   wsf_error *err);

/**
 * @brief Free a builder. NULL is a no-op.
 * @param b a builder or NULL
 * @note Not thread-safe. Since 0.1.0.
 */
WSF_API void wsf_builder_release(wsf_builder *b);

#ifdef __cplusplus
}
#endif
#endif
