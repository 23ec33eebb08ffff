/**
 * @file status.h
 * @brief Status codes and the error record. Every fallible function of libwsf returns a
 * `wsf_status` and takes a nullable `wsf_error *` last.
 *
 * Values are frozen: a code is never renumbered and never reused. Since 0.1.0.
 */
#ifndef WSF_STATUS_H
#define WSF_STATUS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Marks what the library promises: the only symbols the archive shows. */
#if defined(__GNUC__)
#define WSF_API __attribute__((visibility("default")))
#else
#define WSF_API
#endif
/** Marks a status that may not be dropped. */
#if defined(__GNUC__)
#define WSF_MUST_USE __attribute__((warn_unused_result))
#else
#define WSF_MUST_USE
#endif

/** One row per status: X(name, value, sentence). */
#define WSF_STATUS_TABLE(X)                                                                        \
  X(OK, 0, "success")                                                                              \
  X(E_MEMORY, 1, "an allocation failed or a size limit was reached")                               \
  X(E_ARGUMENT, 2, "an argument of the call is invalid")                                           \
  X(E_SYNTAX, 3, "an expression does not follow the grammar")                                      \
  X(E_NAME, 4, "an expression names something that does not exist")                                \
  X(E_VALUE, 5, "an option has a value of the wrong type or out of its bounds")                    \
  X(E_IO, 6, "a file could not be opened, read or written")                                        \
  X(E_DATA, 7, "the data does not have the form it was said to have")                              \
  X(E_FORMAT, 8, "a model file is damaged or not a model file")                                    \
  X(E_VERSION, 9, "a file was written by a newer version")                                         \
  X(E_CANCELLED, 10, "the call was stopped by its caller")                                         \
  X(E_FIT, 11, "no series could be fitted")                                                        \
  X(E_UNSUPPORTED, 12, "this model or dataset cannot do what was asked")                           \
  X(E_INTERNAL, 13, "a promise inside the library was broken")                                     \
  X(E_LIMIT, 14, "a limit of the context or of the call was reached")

/** A status code: one of the WSF_* constants below. */
typedef int32_t wsf_status;

/** Expands a row of the table into an enumerator. */
#define WSF_STATUS_ENUM(name, value, text) WSF_##name = (value),
/** The status constants as compile-time integers; the ABI only ever carries `wsf_status`.
 * WSF_E_LIMIT since 0.2.0. */
enum { WSF_STATUS_TABLE(WSF_STATUS_ENUM) };
#undef WSF_STATUS_ENUM

/**
 * @brief What went wrong and where. Caller-owned, filled on failure, untouched on success; frozen:
 * its layout never changes. A position that does not apply is -1, a text that does not is empty.
 */
typedef struct wsf_error {
  int32_t status;    /**< the returned status */
  int32_t reserved;  /**< zero */
  int64_t series;    /**< 0-based series in the dataset, or -1 */
  int64_t row;       /**< 1-based line of the file, or -1 */
  int64_t byte;      /**< 0-based byte of the expression or file, or -1 */
  char field[64];    /**< column or option, or "" */
  char file[256];    /**< file (shortened from the left if long), or "" */
  char message[512]; /**< one sentence: what was found and what was expected */
} wsf_error;

/**
 * @brief The sentence that belongs to a status.
 * @param status any value
 * @return borrowed static text, never NULL ("unknown status" for an unknown value)
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API const char *wsf_status_text(wsf_status status);

/**
 * @brief The name of a status, such as "E_DATA"; the function twin of the constants.
 * @param status any value
 * @return borrowed static text, or NULL for an unknown value
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API const char *wsf_status_name(wsf_status status);

/** Version of these headers: major. */
#define WSF_VERSION_MAJOR 0
/** Version of these headers: minor. */
#define WSF_VERSION_MINOR 2
/** Version of these headers: patch. */
#define WSF_VERSION_PATCH 0

/**
 * @brief Version of the linked library.
 * @return borrowed text "major.minor.patch"
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API const char *wsf_version(void);

/**
 * @brief Version of the linked library as 10000 * major + 100 * minor + patch.
 * @return the number
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API int32_t wsf_version_number(void);

#ifdef __cplusplus
}
#endif
#endif
