/**
 * @file model.h
 * @brief The model: a parsed, checked model expression, not fitted; and the catalogue of all names.
 *
 * Immutable and shareable between threads. Since 0.1.0.
 */
#ifndef WSF_MODEL_H
#define WSF_MODEL_H

#include <wsf/context.h>
#include <wsf/table.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Opaque, reference-counted, immutable. */
typedef struct wsf_model wsf_model;

/**
 * @brief Parse a model expression such as `ets`, `mean(ets, snaive)`, `stl(52, ets) | lowrank(12)`.
 * @param[out] out the model; NULL on failure
 * @param ctx context
 * @param expr expression, UTF-8, at most 64 KiB and 64 levels deep
 * @param[out] err nullable; `byte` is the position in expr
 * @return WSF_OK, WSF_E_SYNTAX, WSF_E_NAME, WSF_E_VALUE, WSF_E_MEMORY, WSF_E_CANCELLED,
 * WSF_E_ARGUMENT
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_model_parse(wsf_model **out, wsf_context *ctx, const char *expr,
                                                wsf_error *err);

/**
 * @brief One more reference.
 * @param m a model
 * @return m
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API wsf_model *wsf_model_retain(wsf_model *m);

/**
 * @brief Give back a reference. NULL is a no-op.
 * @param m a model or NULL
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API void wsf_model_release(wsf_model *m);

/**
 * @brief The canonical text: parsing it again gives the same model and the same text.
 * @param m a model
 * @return borrowed text; NULL for NULL
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API const char *wsf_model_text(const wsf_model *m);

/**
 * @brief Everything that can stand in an expression, and the calls that take options as text
 * (family `options`: context, rows, fit, predict, update, backtest, evaluate, analyze), from the
 * tables in the source.
 * @param[out] out with name NULL: one row per name (family, group, name, summary, example, source,
 *   since, update, pools); with a name: one row per option (option, type, default, least, most,
 *   words, meaning). `update` is yes for models that wsf_update can move, `pools` for models that
 *   can look at several series at once; both are null for all else
 * @param ctx context
 * @param name a name of the catalogue, or NULL
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_NAME, WSF_E_MEMORY, WSF_E_CANCELLED, WSF_E_ARGUMENT
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_catalog(wsf_table **out, wsf_context *ctx, const char *name,
                                            wsf_error *err);

#ifdef __cplusplus
}
#endif
#endif
