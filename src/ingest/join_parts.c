/* The time of a join that stands in several columns, on=[year,month], as time=[year,month] of the
 * data: which names of on= are its parts, and whether weeks by number are those of the panel. */
#include "ingest/join.h"

#include "calendar/time_parts.h"

#include <string.h>

bool wsf__join_parts(wsf__names *out, const wsf__names *on, const char *time_name) {
  for (int first = 0; first < on->n; ++first) {
    const char *rest = time_name;
    for (int i = first; i < on->n; ++i) {
      const size_t n = strlen(on->name[i]);
      if (strncmp(rest, on->name[i], n) != 0) break;
      rest += n;
      if (!*rest && i > first) {
        *out = (wsf__names){.n = i + 1 - first, .given = true, .name = on->name + first};
        return true;
      }
      if (*rest++ != '_') break;
    }
  }
  return false;
}

wsf_status wsf__join_check_weeks(const wsf__names *parts, const wsf__panel *p, wsf_error *err) {
  bool weeks = false;
  for (int i = 0; i < parts->n; ++i) {
    weeks |= wsf__time_unit_called(parts->name[i]) == WSF__UNIT_WEEK;
  }
  if (!weeks || p->calendar.freq != WSF__WEEK || wsf__weekday(p->calendar.origin) == 0) {
    return WSF_OK;
  }
  return wsf__fail(err, WSF_E_DATA,
                   "weeks by number are joined as those of ISO 8601, which begin on Mondays, and "
                   "the dataset's do not; a column of dates was expected");
}
