/* What stands in for a series that the user's model could not fit: the last season again, or, for
 * a history shorter than a season, its average. Both fit anything that has one observation. */
#include "engine/engine.h"

const char *const wsf__spare_text = "fallback(snaive, average)";
