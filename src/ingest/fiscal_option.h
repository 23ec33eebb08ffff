/* The option `fiscal` of whatever has a `freq`. */
#ifndef WSF_INGEST_FISCAL_OPTION_H
#define WSF_INGEST_FISCAL_OPTION_H

#include "expr/expr.h"
#include "panel/panel.h"

/* clang-format off */
#define WSF__FISCAL_OPTION                                                                         \
  {"fiscal", WSF__TEXT, "", 0, 0, NULL,                                                            \
   "the year of freq=fiscal_month: nrf, or how it differs from that, as in \"445 last sunday "     \
   "december\" (weeks of a quarter's months, last or nearest to the month's end, its last day); "    \
   "and of weeks by number (dateformat=\"%G%V\" or [year, week]), which else are of ISO 8601"}
/* clang-format on */

/* The year into the rules, whose freq is set; freq=auto with a year is freq=fiscal_month, or where
 * times are numbers of its weeks, freq=week. */
wsf_status wsf__fiscal_option(wsf__panel_rules *rules, const wsf__node *node, bool weeks,
                              wsf_error *err);

#endif
