/* The demand pattern of a series: how often it sells and how much its sales differ. */
#ifndef WSF_ANALYSIS_DEMAND_H
#define WSF_ANALYSIS_DEMAND_H

#include <stdint.h>

/* Syntetos, Boylan and Croston (2005), "On the categorization of demand patterns". */
typedef struct wsf__demand {
  double interval;     /* observed periods for each one with a sale (ADI); NaN without a sale */
  double cv2;          /* squared coefficient of variation of the sales; NaN for fewer than two */
  const char *pattern; /* smooth, erratic, intermittent, lumpy, or zero */
} wsf__demand;

wsf__demand wsf__demand_of(const double *y, int64_t n);

#endif
