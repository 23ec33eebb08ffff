/* Key labels in their order: by value if every label is a whole number in plain form, else by
 * bytes. */
#ifndef WSF_PANEL_LABELS_H
#define WSF_PANEL_LABELS_H

#include "base/alloc.h"

/* order[r] is the label of rank r. "007" and "+7" are texts: their form would be lost as numbers.
 * false: out of memory, or the call was stopped. */
bool wsf__labels_sort(const char *const *label, uint32_t n, uint32_t *order, bool *integer,
                      wsf__arena *scratch);

#endif
