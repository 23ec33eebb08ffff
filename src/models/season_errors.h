/* Standard errors of a season that a state keeps behind everything else: one for each step of the
 * season, or none (analysis/plain_season.h says what they are). */
#ifndef WSF_MODELS_SEASON_ERRORS_H
#define WSF_MODELS_SEASON_ERRORS_H

#include "models/model.h"

/* Those of a state that has `size` numbers without them; [m], NULL: it has none. */
const double *wsf__season_errors(const wsf__state *state, int64_t size, double m);
/* That of step i after n periods; 0 where there are none. */
double wsf__season_error(const double *error, double m, double n, int64_t i);
/* For check: whether the state has this size, with or without them. */
bool wsf__season_errors_check(const wsf__state *state, int64_t size, double m);

#endif
