/**
 * @file source.h
 * @brief Sources: data that the host lends a context under a name.
 *
 * Expressions are text, but a host may hold its data as bytes, as a file that only it can read, or
 * as the rows of a query. Once a source is added, its name may stand wherever a path is read:
 * `csv("sales", ..)`, `.. | join("weather", ..)`, `walmart("kaggle")` (which reads
 * `kaggle/train.csv` and its neighbours), wsf_forecaster_load. A source wins over a file of the
 * same name. Bytes are read as the file would be; the columns of an Arrow stream are taken by their
 * names, with the same options.
 *
 * A source is read from its beginning every time, by any number of calls at once. Adding, replacing
 * and removing may happen at any time, from any thread: calls that read already go on with what
 * they have. A fork sees the sources of its parent behind its own. Since 0.2.0.
 */
#ifndef WSF_SOURCE_H
#define WSF_SOURCE_H

#include <wsf/arrow.h>
#include <wsf/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Begin to read a source.
 * @param[out] stream what read and close are given
 * @param user as it was added
 * @param[out] err never NULL: on failure its `message` may be filled and becomes part of the error
 * @return WSF_OK or anything else, which the caller of the library sees as WSF_E_IO
 */
typedef wsf_status (*wsf_source_open_fn)(void **stream, void *user, wsf_error *err);

/**
 * @brief Read on.
 * @param stream of wsf_source_open_fn
 * @param[out] buffer room for `capacity` bytes
 * @param capacity at least 1
 * @param[out] err as in wsf_source_open_fn
 * @return how many bytes were put into the buffer, 0 at the end, negative on failure
 */
typedef int64_t (*wsf_source_read_fn)(void *stream, void *buffer, int64_t capacity, wsf_error *err);

/** End of a reading that was begun; called once for each, whether it failed or not. */
typedef void (*wsf_source_close_fn)(void *stream);

/**
 * @brief Begin to read a source of columns.
 * @param[out] stream a fresh stream, which the library releases
 * @param user as it was added
 * @param[out] err as in wsf_source_open_fn
 * @return WSF_OK or anything else, which the caller of the library sees as WSF_E_IO
 */
typedef wsf_status (*wsf_source_stream_fn)(struct ArrowArrayStream *stream, void *user,
                                           wsf_error *err);

/** The source is gone and nobody reads it: give back what it was made of. Called from any thread.
 */
typedef void (*wsf_source_destroy_fn)(void *user);

/**
 * @brief Add bytes in memory, or replace the source of that name.
 * @param ctx a context
 * @param name UTF-8, not empty
 * @param bytes borrowed until `destroy` is called; may be NULL if size is 0
 * @param size their number
 * @param destroy called once, with `user`, when the source was removed or replaced or the last
 *   reference to the context is gone; NULL: the bytes outlive the context. Not called on failure
 * @param user passed to destroy
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_ARGUMENT, WSF_E_MEMORY
 * @note Thread-safe. Since 0.2.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_context_add_bytes(wsf_context *ctx, const char *name,
                                                      const void *bytes, size_t size,
                                                      wsf_source_destroy_fn destroy, void *user,
                                                      wsf_error *err);

/**
 * @brief Add a source of bytes that is read through functions, or replace the source of that name.
 * @param ctx a context
 * @param name UTF-8, not empty
 * @param open called for every reading; several readings may be under way at once
 * @param read called by one thread at a time for each reading
 * @param close ends a reading; may be NULL
 * @param destroy as in wsf_context_add_bytes
 * @param user passed to open and destroy
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_ARGUMENT, WSF_E_MEMORY
 * @note Thread-safe. Since 0.2.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_context_add_reader(
    wsf_context *ctx, const char *name, wsf_source_open_fn open, wsf_source_read_fn read,
    wsf_source_close_fn close, wsf_source_destroy_fn destroy, void *user, wsf_error *err);

/**
 * @brief Add a source of columns, or replace the source of that name.
 *   A table, and whatever else was made with this context, keeps it alive: a source made of one is
 * to be removed before the context is let go of.
 * @param ctx a context
 * @param name UTF-8, not empty
 * @param open makes a fresh Arrow stream for every reading; several may be under way at once
 * @param destroy as in wsf_context_add_bytes
 * @param user passed to open and destroy
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_ARGUMENT, WSF_E_MEMORY
 * @note Thread-safe. Since 0.2.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_context_add_arrow(wsf_context *ctx, const char *name,
                                                      wsf_source_stream_fn open,
                                                      wsf_source_destroy_fn destroy, void *user,
                                                      wsf_error *err);

/**
 * @brief Remove a source. What reads it now goes on; nobody begins anew.
 * @param ctx the context that it was added to
 * @param name of the source
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_ARGUMENT, WSF_E_NAME if this context has no such source of its own
 * @note Thread-safe. Since 0.2.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_context_remove_source(wsf_context *ctx, const char *name,
                                                          wsf_error *err);

#ifdef __cplusplus
}
#endif
#endif
