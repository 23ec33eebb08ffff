/* What to say when a column or key that was asked for is not there. */
#ifndef WSF_INGEST_HINT_H
#define WSF_INGEST_HINT_H

#include "panel/panel.h"

enum { WSF__HINT_BYTES = 200 };
/* "; did you mean 'IsHoliday'?", else "; the data has Price, Promo", or "; the data has none". */
void wsf__column_hint(char out[WSF__HINT_BYTES], const wsf__panel *p, const char *name);
/* The same of keys: "; the keys are Store, Dept", or "; the data has no keys". */
void wsf__key_hint(char out[WSF__HINT_BYTES], const wsf__panel *p, const char *name);

#endif
