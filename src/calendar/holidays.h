/* Dates of the holidays that move against a calendar of whole weeks. */
#ifndef WSF_CALENDAR_HOLIDAYS_H
#define WSF_CALENDAR_HOLIDAYS_H

#include <stdint.h>

/* Easter Sunday of a Gregorian year, days since 1970-01-01 (Meeus 1991, "Astronomical algorithms",
 * chapter 8; valid for every year after 1582). */
int64_t wsf__easter(int64_t year);

#endif
