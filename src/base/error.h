/* Errors: one sentence and a position, written once at the place that knows; callers pass it on. */
#ifndef WSF_BASE_ERROR_H
#define WSF_BASE_ERROR_H

#include <wsf/status.h>

#if defined(__GNUC__)
#define WSF__PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define WSF__PRINTF(fmt, args)
#endif

/* Return early when a status is not WSF_OK. For functions that own nothing yet. */
#define WSF__TRY(call)                                                                             \
  do {                                                                                             \
    const wsf_status wsf_try_status = (call);                                                      \
    if (wsf_try_status != WSF_OK) return wsf_try_status;                                           \
  } while (0)

/* Empty the record (positions -1). err may be NULL everywhere below. */
void wsf__error_clear(wsf_error *err);
/* Fill the record with no position and return status: `return wsf__fail(err, WSF_E_DATA, "..")`. */
wsf_status wsf__fail(wsf_error *err, wsf_status status, const char *format, ...) WSF__PRINTF(3, 4);
/* The status is in sight, so that compilers and analysers see that no call goes on from here. */
static inline wsf_status wsf__fail_memory(wsf_error *err) {
  (void)wsf__fail(err, WSF_E_MEMORY, "an allocation failed or a size limit was reached");
  return WSF_E_MEMORY;
}
/* Add a position to a record that has just been filled; each keeps what is already there. */
void wsf__error_at_byte(wsf_error *err, int64_t byte);
void wsf__error_at_row(wsf_error *err, int64_t row);
void wsf__error_at_series(wsf_error *err, int64_t series);
void wsf__error_at_field(wsf_error *err, const char *field);
void wsf__error_at_file(wsf_error *err, const char *file);

#endif
