/* Columns of an unknown file without a name before others that have one, as of years and months in
 * a table that names its values alone, or the index that R and pandas write; one at the end is what
 * a last delimiter leaves. They are called by their place, column1, which a load takes as well. */
#include "ingest/propose.h"

#include <stdio.h>

wsf_status wsf__propose_name_columns(wsf__proposal *p, wsf_error *err) {
  wsf__csv *csv = &p->csv;
  bool named = false;
  for (int k = csv->n_columns; k-- > 0;) {
    char name[32];
    if (csv->column[k].name[0]) named = true;
    if (csv->column[k].name[0] || !named) continue;
    const int n = snprintf(name, sizeof name, "column%d", k + 1);
    if (wsf__csv_lookup(csv, name) >= 0) continue;
    p->nameless[k] = true;
    csv->column[k].name = wsf__arena_text(&csv->arena, name, (size_t)n);
    if (!csv->column[k].name) return wsf__fail_memory(err);
  }
  return WSF_OK;
}

/* Of columns without a name only those are something that are times or keys of words: numbers of
 * rows are none. */
void wsf__propose_leave_nameless(wsf__proposal *p, bool numbers) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const bool past = p->column[k].part == WSF__PART_PAST || p->column[k].part == WSF__PART_STATIC;
    if (!p->nameless[k] || !past || (numbers && p->csv.column[k].code)) continue;
    p->column[k].part = WSF__PART_NONE;
  }
}

/* That columns are called by their place, once any of them is something. */
void wsf__propose_doubt_nameless(wsf__proposal *p) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (!p->nameless[k] || p->column[k].part == WSF__PART_NONE) continue;
    wsf__propose_doubt(p,
                       "columns without a name are called by their place, the first that is "
                       "read %.40s",
                       p->csv.column[k].name);
    return;
  }
}
