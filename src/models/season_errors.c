/* Standard errors of a season at the end of a state. */
#include "models/season_errors.h"

#include <math.h>

const double *wsf__season_errors(const wsf__state *state, int64_t size, double m) {
  return m > 1 && state->n == size + (int64_t)m ? state->v + size : NULL;
}

double wsf__season_error(const double *error, double m, double n, int64_t i) {
  return error ? error[(int64_t)fmod(n + (double)i, m)] : 0;
}

bool wsf__season_errors_check(const wsf__state *state, int64_t size, double m) {
  const double *error = wsf__season_errors(state, size, m);
  if (!error) return state->n == size;
  for (int64_t i = 0; i < (int64_t)m; ++i) {
    if (error[i] < 0) return false;
  }
  return true;
}
