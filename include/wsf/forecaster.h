/**
 * @file forecaster.h
 * @brief The forecaster: a model fitted on a dataset; predict, update, save, load.
 *
 * Immutable and shareable between threads. Results are bit-identical for any thread count and any
 * order of the rows and, for local models, any partition of the series whose parts end where the
 * whole does (docs/threading.md). Since 0.1.0.
 */
#ifndef WSF_FORECASTER_H
#define WSF_FORECASTER_H

#include <wsf/dataset.h>
#include <wsf/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Opaque, reference-counted, immutable. */
typedef struct wsf_forecaster wsf_forecaster;

/**
 * @brief Fit a model on every series of a dataset. A series that cannot be fitted is a row of the
 * fit report and gets a simple forecast instead; the call fails only if all fail.
 * @param[out] out the forecaster; NULL on failure
 * @param model a model
 * @param ds a dataset, not kept
 * @param options `key=value` list in the expression grammar, or NULL for the presets:
 *   `seconds=60` (most that the call may take), `fitted=true` (keep the history and what was
 *   forecast of it, for the view `fitted`), `warm="old.wsf"` (a saved forecaster, file or source,
 *   whose networks it goes on from); wsf_catalog(.., "fit") has all with their bounds. Since 0.2.0.
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_FIT, WSF_E_DATA (no target), WSF_E_SYNTAX, WSF_E_NAME, WSF_E_VALUE,
 *   WSF_E_MEMORY, WSF_E_CANCELLED, WSF_E_LIMIT, WSF_E_ARGUMENT; of what an option reads also
 *   WSF_E_IO, WSF_E_FORMAT, WSF_E_VERSION
 * @note Thread-safe; runs on the dataset's context. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_fit(wsf_forecaster **out, const wsf_model *model,
                                        const wsf_dataset *ds, const char *options, wsf_error *err);

/**
 * @brief Gather what `auto` chooses by: of the series it would look at, what each candidate
 * forecasts of the end of their histories. Rows of parts of a panel, one behind the other in any
 * order, are the evidence of the whole: a fit with the option `evidence=` chooses by them to the
 * same bits as one that gathers its own (docs/auto.md).
 * @param[out] out a row per series looked at, window and step: the keys, the time, `kind` of
 * series, `window` (from 1, the newest), `step`, `horizon`, `panel` (which series calls that fit
 * series together saw), `actual` (null: missing), and a column for each candidate, named as it is
 *   written (null: it could not be fitted)
 * @param model a model whose outermost call is auto
 * @param ds a dataset, the whole panel or a part of it that ends when the whole does
 * @param options `key=value` list in the expression grammar, or NULL for the presets: `horizon=N`
 *   (that of the fit), `part=1, parts=1` (the share of the series to look at), `seconds=60`;
 *   wsf_catalog(.., "evidence") has all with their bounds
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_UNSUPPORTED (another model), WSF_E_SYNTAX, WSF_E_NAME, WSF_E_VALUE,
 *   WSF_E_DATA, WSF_E_MEMORY, WSF_E_CANCELLED, WSF_E_LIMIT, WSF_E_ARGUMENT
 * @note Thread-safe. Since 0.2.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_evidence(wsf_table **out, const wsf_model *model,
                                             const wsf_dataset *ds, const char *options,
                                             wsf_error *err);

/**
 * @brief Forecast every series.
 * @param[out] out one row per series and step: the key columns, the time column, `forecast`, then
 *   `lo-80`, `hi-80` per level and `q-0.1` per quantile. Finite, lower <= forecast <= upper,
 *   quantiles ordered, bounded as docs/errors.md says.
 * @param f a forecaster
 * @param ds nullable: fresh known-ahead covariates; by default those seen at fit time. Without a
 *   target it holds their future only. From its first period on the series that it holds have its
 *   values; the others keep what the fit saw
 * @param options `horizon=N`, `levels=[80,95]` (percent), `quantiles=[0.1,0.5]`,
 *   `nonnegative=false`; since 0.2.0: `series="1,1"` or a list: only these, each once, in this
 *   order, at the price of these alone, `reasons=true`: a column `reason` with the word of
 *   docs/errors.md, `paths=N`: sample paths, in columns `path-1` and on, `cumulative=true`:
 *   sums of the steps up to each row, with their intervals (docs/paths.md); wsf_catalog(..,
 *   "predict") has all with their bounds
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_SYNTAX, WSF_E_NAME, WSF_E_VALUE (also: a series asked for twice),
 *   WSF_E_DATA (the model needs a value that is missing, for every series asked for: the message
 *   names column, series and period of the first; if some have theirs, the others get the fallback
 *   and the reason `missing_regressor`), WSF_E_MEMORY, WSF_E_CANCELLED, WSF_E_LIMIT, WSF_E_ARGUMENT
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_predict(wsf_table **out, const wsf_forecaster *f,
                                            const wsf_dataset *ds, const char *options,
                                            wsf_error *err);

/**
 * @brief Append observations without a refit: parameters stay, states move on. The result is that
 * of filtering the longer series with the same parameters, bit for bit, however the observations
 * are cut into calls, and the time does not grow with the history. docs/update.md says what each
 * model does; the catalogue's column `update` which can.
 * @param[out] out a new forecaster; the old one is unchanged
 * @param f a forecaster
 * @param ds a dataset with series of f, all or some, the whole history or only what is new; periods
 *   that f has seen are ignored, series that ds lacks stay, series that are new get the fallback
 *   until the next fit, as do series with observations that the model cannot take. The view `news`
 *   of the new forecaster tells which are which
 * @param options `key=value` list in the expression grammar, or NULL for the presets:
 *   `absent=keep|drop` (series of f without an observation in ds: kept, or not in the new
 *   forecaster), `strict=false` (true: such a series is an error, and so is a row off the
 * calendar), `seconds=60` (most that the call may take); wsf_catalog(.., "update") has all with
 * their bounds. Since 0.2.0.
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_UNSUPPORTED (a word of the model has no recursive form; the message names
 *   it), WSF_E_DATA (other keys or calendar, no series in common; strict: a series is missing),
 *   WSF_E_SYNTAX, WSF_E_NAME, WSF_E_VALUE, WSF_E_MEMORY, WSF_E_CANCELLED, WSF_E_LIMIT,
 *   WSF_E_ARGUMENT
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_update(wsf_forecaster **out, const wsf_forecaster *f,
                                           const wsf_dataset *ds, const char *options,
                                           wsf_error *err);

/**
 * @brief Describe a forecaster as a table.
 * @param[out] out the table
 * @param f a forecaster
 * @param what a view, with its options in parentheses; the catalogue lists them as family `view`.
 *   `report` (reason codes counted, with what was used instead), `series` (one row per series:
 *   keys, first period, periods, reason, model chosen, the form it took such as ETS(M,Ad,N) or
 *   ARIMA(0,1,1)(0,1,1)[12] with the criterion that chose it), `summary`; since 0.2.0
 *   `components(horizon=12, series="1,1")`: a row per series and step with the keys, the time,
 *   `forecast` and the columns that add up to it (`base`, `trend`, `season`, `holiday`, `x:COLUMN`
 *   for each regressor, `remainder`; those that some series has), `coefficients(series="1,1")`: a
 *   row per series, call and coefficient with `estimate` and `std_error` (null: none), and
 *   `fitted(series="1,1")` of a forecaster fitted with `fitted=true`: a row per series and period
 *   with `target`, `fitted` and `residual`; `series=` may be a list, as of wsf_predict;
 *   docs/explain.md tells them. `weights`: a row per number of each network, with `layer`, `part`,
 *   `row`, `column` and `value` (docs/networks.md). `choice` and `explain`: what auto chose, in
 *   rows and in a paragraph (docs/auto.md). `calls`: the model as calls, a row for each, and for
 *   each item of its options, written or preset. `news` of a forecaster that wsf_update returned: a
 *   row per series with `status` (added, none, absent, new) and what was added, missing, seen
 *   before, restated, late, off the calendar and too far ahead; docs/update.md tells them
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_NAME, WSF_E_SYNTAX, WSF_E_VALUE, WSF_E_DATA (as wsf_predict),
 *   WSF_E_UNSUPPORTED (`fitted` of a forecaster that kept no history, `news` of one that comes from
 *   a fit or a file), WSF_E_MEMORY, WSF_E_CANCELLED, WSF_E_LIMIT, WSF_E_ARGUMENT
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_forecaster_describe(wsf_table **out, const wsf_forecaster *f,
                                                        const char *what, wsf_error *err);

/**
 * @brief The canonical text of the model inside.
 * @param f a forecaster
 * @return borrowed text; NULL for NULL
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API const char *wsf_forecaster_text(const wsf_forecaster *f);

/**
 * @brief Save to a file, atomically: killed at any point, the old file or the new is there, whole.
 * @param f a forecaster
 * @param path file name
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_IO, WSF_E_DATA (a text that a file cannot hold), WSF_E_MEMORY,
 *   WSF_E_CANCELLED, WSF_E_LIMIT, WSF_E_ARGUMENT
 * @note Thread-safe. Since 0.1.0. Format: docs/format.md.
 */
WSF_API WSF_MUST_USE wsf_status wsf_forecaster_save(const wsf_forecaster *f, const char *path,
                                                    wsf_error *err);

/**
 * @brief Load from a file. Any byte string is safe to load.
 * @param[out] out the forecaster; NULL on failure
 * @param ctx context
 * @param path file name
 * @param[out] err nullable; `byte` is the position in the file
 * @return WSF_OK, WSF_E_IO, WSF_E_FORMAT, WSF_E_VERSION, WSF_E_MEMORY, WSF_E_LIMIT,
 * WSF_E_CANCELLED, WSF_E_ARGUMENT
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_forecaster_load(wsf_forecaster **out, wsf_context *ctx,
                                                    const char *path, wsf_error *err);

/**
 * @brief Save to memory.
 * @param f a forecaster
 * @param[out] buffer receives at most capacity bytes; nullable if capacity is 0
 * @param capacity bytes in buffer
 * @param[out] needed bytes of the whole image; the buffer is filled only if they fit
 * @param[out] err nullable
 * @return WSF_OK (also when it did not fit), WSF_E_DATA as save, WSF_E_MEMORY, WSF_E_CANCELLED,
 *   WSF_E_LIMIT, WSF_E_ARGUMENT
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_forecaster_write(const wsf_forecaster *f, void *buffer,
                                                     size_t capacity, size_t *needed,
                                                     wsf_error *err);

/** Takes the next `size` bytes of an image; anything but 0 stops the call. */
typedef int32_t (*wsf_sink_fn)(const void *bytes, size_t size, void *user);

/**
 * @brief Save piece by piece: into a socket, a blob, a database. The pieces in their order are the
 * image of wsf_forecaster_write, which is never held as a whole: memory does not grow with it. The
 * lengths and checksums that stand at its beginning cost a second pass over the forecaster.
 * @param f a forecaster
 * @param sink gets pieces of at most 64 KiB, on the calling thread; bytes it was given before a
 *   failure are no image
 * @param user passed to `sink`
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_IO (the sink refused), WSF_E_DATA as save, WSF_E_MEMORY, WSF_E_CANCELLED,
 *   WSF_E_LIMIT, WSF_E_ARGUMENT
 * @note Thread-safe. Since 0.2.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_forecaster_write_to(const wsf_forecaster *f, wsf_sink_fn sink,
                                                        void *user, wsf_error *err);

/**
 * @brief Load from memory. Any byte string is safe to load.
 * @param[out] out the forecaster; NULL on failure
 * @param ctx context
 * @param bytes the image
 * @param size its bytes
 * @param[out] err nullable
 * @return as wsf_forecaster_load
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_forecaster_read(wsf_forecaster **out, wsf_context *ctx,
                                                    const void *bytes, size_t size, wsf_error *err);

/**
 * @brief The same forecaster for another client: predict, update and save run on `ctx`, with its
 * cancel, progress, log and limits. Nothing is copied, and neither handle needs the other.
 * @param[out] out the handle; NULL on failure
 * @param f a forecaster
 * @param ctx the context that f was made with, a fork of it, or one with the same allocator
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_MEMORY, WSF_E_ARGUMENT
 * @note Thread-safe. Since 0.2.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_forecaster_with(wsf_forecaster **out, const wsf_forecaster *f,
                                                    wsf_context *ctx, wsf_error *err);

/**
 * @brief One more reference.
 * @param f a forecaster
 * @return f
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API wsf_forecaster *wsf_forecaster_retain(wsf_forecaster *f);

/**
 * @brief Give back a reference. NULL is a no-op.
 * @param f a forecaster or NULL
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API void wsf_forecaster_release(wsf_forecaster *f);

#ifdef __cplusplus
}
#endif
#endif
