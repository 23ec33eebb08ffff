/* The columns that every table about series begins with. */
#ifndef WSF_PANEL_ROWS_OUT_H
#define WSF_PANEL_ROWS_OUT_H

#include "panel/panel.h"

/* Add the key columns of the panel: repeat[i] rows for series i (NULL: one). Integer keys are I64,
 * others TEXT. The table has as many rows as that makes. */
wsf_status wsf__panel_put_keys(wsf_table *t, const wsf__panel *p, const int64_t *repeat,
                               wsf_error *err);
/* Table type of the panel's times. */
int32_t wsf__panel_time_type(const wsf__panel *p);

#endif
