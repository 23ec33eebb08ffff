/* What stands in for a series that the user's model could not fit: the last season again (or the
 * last value, if there is no season yet), else the average. Both fit a single observation. */
#include "engine/engine.h"

const char *const wsf__fallback_text = "fallback(snaive, average)";
