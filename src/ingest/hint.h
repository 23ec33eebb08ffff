/* What to say when a column or key that was asked for is not there. */
#ifndef WSF_INGEST_HINT_H
#define WSF_INGEST_HINT_H

#include "panel/panel.h"

enum { WSF__HINT_BYTES = 200 };
/* `lead` and the n names that name_of tells of something, parted by commas; ".." for the last that
 * `room` does not hold. */
typedef const char *wsf__name_fn(const void *of, int i);
void wsf__list_names(char *out, size_t room, const char *lead, wsf__name_fn *name_of,
                     const void *of, int n);
/* "; did you mean 'IsHoliday'?", else "; the data has Price, Promo", or "; the data has none". */
void wsf__column_hint(char out[WSF__HINT_BYTES], const wsf__panel *p, const char *name);
/* The same of keys: "; the keys are Store, Dept", or "; the data has no keys". */
void wsf__key_hint(char out[WSF__HINT_BYTES], const wsf__panel *p, const char *name);

#endif
