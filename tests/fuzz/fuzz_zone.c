/* Any bytes as a file of the zone database. What is read must answer for every instant, forth and
 * back, with offsets of a week at most. */
#include "calendar/zone.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds) {
  if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  wsf__zone zone;
  wsf_error err;
  const wsf_status status = wsf__zone_parse(&zone, &arena, (const char *)data, size, &err);
  check(status == WSF_OK || (status == WSF_E_DATA && err.message[0]));
  for (int64_t year = -60; year <= 400 && status == WSF_OK; year += 5) {
    const int64_t instant = year * INT64_C(31556952) + year % 24 * 3600;
    const int32_t offset = wsf__zone_offset(&zone, instant);
    check(offset <= 169 * 3600 && offset >= -169 * 3600);
    bool twice;
    (void)wsf__zone_instant(&zone, instant + offset, false, &twice);
    (void)wsf__zone_instant(&zone, instant + offset, true, &twice);
  }
  wsf__arena_free(&arena);
  return 0;
}
