/* The bytes of a frame: a panel without values, as a forecaster keeps it. */
#ifndef WSF_PANEL_FRAME_BYTES_H
#define WSF_PANEL_FRAME_BYTES_H

#include "panel/panel.h"
#include "wire/wire.h"

/* Calendar, keys, and where each series lies. */
void wsf__frame_write(wsf__writer *w, const wsf__panel *p);
/* Into an empty panel (panel/make.h); after r->failed it may only be released. */
void wsf__frame_read(wsf__reader *r, wsf__panel *p);

/* Its columns, once keys and series are there. */
void wsf__frame_write_columns(wsf__writer *w, const wsf__panel *p);
void wsf__frame_read_columns(wsf__reader *r, wsf__panel *p);

/* Which series each sum adds up, of a frame that has sums. */
bool wsf__frame_has_sums(const wsf__panel *p);
void wsf__frame_write_sums(wsf__writer *w, const wsf__panel *p);
void wsf__frame_read_sums(wsf__reader *r, wsf__panel *p);

#endif
