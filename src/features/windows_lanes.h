/* Sliding statistics of values without gaps, WSF__WINDOWS_LANES blocks at a time. */
#ifndef WSF_FEATURES_WINDOWS_LANES_H
#define WSF_FEATURES_WINDOWS_LANES_H

#include "features/windows.h"

enum { WSF__WINDOWS_LANES = 8 };

/* Border j of blocks is z[j * width], j < WSF__WINDOWS_LANES: x[j * width - i] is the window that
 * begins i places before it, i < width. z[-width + 1 .. WSF__WINDOWS_LANES * width) has no NaN; s
 * is no order statistic. room: two rows of WSF__WINDOWS_LANES doubles for each place of a window,
 * aligned as the allocator aligns. inverse[i] = 1 / i, up to width. */
void wsf__windows_lanes(const double *z, int64_t width, wsf__statistic s, void *room,
                        const double *inverse, float *x);

#endif
