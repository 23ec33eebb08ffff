/**
 * @file table.h
 * @brief The table: named, typed columns of equal length; the result of nearly every call.
 *
 * Immutable and shareable between threads. Column memory is owned by the table; returned pointers
 * are borrowed until the last reference is released. Since 0.1.0.
 */
#ifndef WSF_TABLE_H
#define WSF_TABLE_H

#include <wsf/arrow.h>
#include <wsf/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Opaque, reference-counted, immutable. */
typedef struct wsf_table wsf_table;

/** Column type: 64-bit integers. */
#define WSF_TYPE_I64 1
/** Column type: doubles. */
#define WSF_TYPE_F64 2
/** Column type: UTF-8 text. */
#define WSF_TYPE_TEXT 3
/** Column type: calendar dates, days since 1970-01-01, read as 64-bit integers. */
#define WSF_TYPE_DATE 4
/** Column type: times, seconds since 1970-01-01 without a zone, read as 64-bit integers. */
#define WSF_TYPE_TIME 5
/** Column type: floats. Since 0.2.0. */
#define WSF_TYPE_F32 6

/**
 * @brief The name of a column type in lower case, such as "f64": the function twin of WSF_TYPE_*,
 * for hosts that cannot read C macros. Types are numbered from 1 without a gap.
 * @param type any value
 * @return borrowed static text, or NULL for an unknown value
 * @note Thread-safe. Since 0.2.0.
 */
WSF_API const char *wsf_type_name(int32_t type);

/**
 * @brief One more reference.
 * @param t a table
 * @return t
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API wsf_table *wsf_table_retain(wsf_table *t);

/**
 * @brief Give back a reference. NULL is a no-op.
 * @param t a table or NULL
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API void wsf_table_release(wsf_table *t);

/**
 * @brief Number of rows.
 * @param t a table
 * @return rows, 0 for NULL
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API int64_t wsf_table_rows(const wsf_table *t);

/**
 * @brief Number of columns.
 * @param t a table
 * @return columns, 0 for NULL
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API int64_t wsf_table_columns(const wsf_table *t);

/**
 * @brief Name of a column.
 * @param t a table
 * @param col 0-based column
 * @return borrowed text; NULL if out of range
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API const char *wsf_table_name(const wsf_table *t, int64_t col);

/**
 * @brief Find a column by name.
 * @param t a table
 * @param name exact name
 * @return 0-based column, or -1
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API int64_t wsf_table_find(const wsf_table *t, const char *name);

/**
 * @brief Type of a column.
 * @param t a table
 * @param col 0-based column
 * @return WSF_TYPE_*, or 0 if out of range
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API int32_t wsf_table_type(const wsf_table *t, int64_t col);

/**
 * @brief Whether a cell holds no value.
 * @param t a table
 * @param col 0-based column
 * @param row 0-based row
 * @return 1 if null or out of range, else 0
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API int32_t wsf_table_is_null(const wsf_table *t, int64_t col, int64_t row);

/**
 * @brief The doubles of an F64 column; null cells hold NaN.
 * @param t a table
 * @param col 0-based column
 * @return borrowed array of rows doubles; NULL if the column is of another type
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API const double *wsf_table_f64(const wsf_table *t, int64_t col);

/**
 * @brief The floats of an F32 column; null cells hold NaN.
 * @param t a table
 * @param col 0-based column
 * @return borrowed array of rows floats; NULL if the column is of another type
 * @note Thread-safe. Since 0.2.0.
 */
WSF_API const float *wsf_table_f32(const wsf_table *t, int64_t col);

/**
 * @brief The integers of an I64, DATE or TIME column; null cells hold 0.
 * @param t a table
 * @param col 0-based column
 * @return borrowed array of rows integers; NULL if the column is of another type
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API const int64_t *wsf_table_i64(const wsf_table *t, int64_t col);

/**
 * @brief One cell of a TEXT column.
 * @param t a table
 * @param col 0-based column
 * @param row 0-based row
 * @param[out] length bytes without the terminating NUL; nullable
 * @return borrowed NUL-terminated UTF-8; NULL if null, out of range or of another type
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API const char *wsf_table_text(const wsf_table *t, int64_t col, int64_t row, size_t *length);

/**
 * @brief The codes of a dictionary-encoded TEXT column: cell i is category number codes[i]. Such a
 * column reads as any other TEXT column does; the codes spare a program the comparison of texts.
 * @param t a table
 * @param col 0-based column
 * @return borrowed array of rows codes from 0, 0 where null; NULL if the column is not encoded
 * @note Thread-safe. Since 0.2.0.
 */
WSF_API const int32_t *wsf_table_codes(const wsf_table *t, int64_t col);

/**
 * @brief Number of categories of a dictionary-encoded TEXT column; not all need to occur.
 * @param t a table
 * @param col 0-based column
 * @return categories, 0 if the column is not encoded
 * @note Thread-safe. Since 0.2.0.
 */
WSF_API int64_t wsf_table_categories(const wsf_table *t, int64_t col);

/**
 * @brief One category of a dictionary-encoded TEXT column.
 * @param t a table
 * @param col 0-based column
 * @param code 0-based category
 * @param[out] length bytes without the terminating NUL; nullable
 * @return borrowed NUL-terminated UTF-8; NULL if out of range or not encoded
 * @note Thread-safe. Since 0.2.0.
 */
WSF_API const char *wsf_table_category(const wsf_table *t, int64_t col, int64_t code,
                                       size_t *length);

/**
 * @brief Any cell as text: numbers in the shortest form that reads back to the same bits, dates as
 * YYYY-MM-DD, times as YYYY-MM-DDTHH:MM:SS (years from 10000 on have more digits), null as nothing.
 * Independent of the locale.
 * @param t a table
 * @param col 0-based column
 * @param row 0-based row
 * @param[out] buffer receives at most capacity bytes including the NUL; nullable if capacity is 0
 * @param capacity bytes in buffer
 * @return bytes needed without the NUL; -1 if out of range
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API int64_t wsf_table_format(const wsf_table *t, int64_t col, int64_t row, char *buffer,
                                 size_t capacity);

/**
 * @brief Export through the Arrow C data interface, without copying, as one struct array. Each
 * exported structure keeps the table alive until its `release` is called. I64 is int64, F64 float64
 * and F32 float32 (NaN is null), TEXT utf8, or where encoded dictionary(int32, utf8), TIME
 * timestamp[s]; DATE is date32, whose days are made at export.
 * @param t a table
 * @param[out] schema struct type with one child per column
 * @param[out] array its data
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_ARGUMENT (also a date beyond 32 bits), WSF_E_MEMORY
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_table_export(wsf_table *t, struct ArrowSchema *schema,
                                                 struct ArrowArray *array, wsf_error *err);

/**
 * @brief A table from Arrow's memory, copied: a batch of a stream, or forecasts of another maker to
 * evaluate. Booleans and integers become I64, float32 F32, float64 F64, texts and codes into a
 * dictionary of texts TEXT, date32 and date64 DATE, timestamps TIME (whole seconds, zone left out).
 * @param[out] out the table; NULL on failure
 * @param ctx context, kept alive by the table
 * @param schema struct type with one child per column; stays the caller's
 * @param array its data, released in every case
 * @param[out] err nullable; names the column in `field`
 * @return WSF_OK, WSF_E_ARGUMENT, WSF_E_DATA (a type that a table does not have), WSF_E_MEMORY
 * @note Thread-safe. Since 0.2.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_table_import(wsf_table **out, wsf_context *ctx,
                                                 const struct ArrowSchema *schema,
                                                 struct ArrowArray *array, wsf_error *err);

/**
 * @brief Export as an Arrow C stream of one batch.
 * @param t a table
 * @param[out] out the stream, to be released by the consumer
 * @param[out] err nullable
 * @return WSF_OK, WSF_E_ARGUMENT, WSF_E_MEMORY
 * @note Thread-safe. Since 0.1.0.
 */
WSF_API WSF_MUST_USE wsf_status wsf_table_export_stream(wsf_table *t, struct ArrowArrayStream *out,
                                                        wsf_error *err);

#ifdef __cplusplus
}
#endif
#endif
