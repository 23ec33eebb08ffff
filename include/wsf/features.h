/**
 * @file features.h
 * @brief Features: the columns that learning models see, as rows for any other program.
 *
 * A recipe is a list of calls of the family "feature", such as `lags([1:4,52]), calendar(week,
 * month)`; docs/features.md tells what each gives, wsf_catalog lists them. Since 0.2.0.
 */
#ifndef WSF_FEATURES_H
#define WSF_FEATURES_H

#include <wsf/dataset.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Compute a recipe over a dataset, as an Arrow C stream of batches.
 *
 * The columns are the keys, the time, the target, then those of the recipe: numbers as float32 (NaN
 * is null), categories and text keys as dictionary(int32, utf8), whole-number keys as int64. Rows
 * go series by series, in the order of the dataset, each from its first observation to its end and
 * `horizon` periods beyond. No feature of a period looks at the target of that period or of a later
 * one, nor at a column that is not known ahead.
 *
 * A batch is computed when the consumer asks for it, so memory is that of one batch. Batches keep
 * what they need: they outlive the stream, the dataset's handle and the context's. `get_next` fails
 * with ENOMEM, with ECANCELED once the context is cancelled, and may be called again afterwards.
 * @param[out] out the stream, to be released by the consumer at any time; `release` is NULL on
 * failure
 * @param ds a dataset
 * @param recipe calls separated by commas, UTF-8
 * @param options `key=value` list or NULL: `horizon=0` periods after the end, with what is known
 *   then; `rows=all|observed|complete`, of the history: all, those with a target, those without any
 *   missing feature either; `dtype=f32|f64`; `batch=65536` most rows of a batch
 * @param[out] err nullable; `byte` is the position in recipe, or in options once recipe is right
 * @return WSF_OK, WSF_E_ARGUMENT, WSF_E_SYNTAX, WSF_E_NAME, WSF_E_VALUE (also a recipe that asks
 * for what the dataset does not have), WSF_E_DATA (a dataset without a target), WSF_E_MEMORY,
 * WSF_E_CANCELLED, WSF_E_LIMIT
 * @note Thread-safe; a stream belongs to one thread at a time. Since 0.2.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_features(struct ArrowArrayStream *out, const wsf_dataset *ds,
                                             const char *recipe, const char *options,
                                             wsf_error *err);

#ifdef __cplusplus
}
#endif
#endif
