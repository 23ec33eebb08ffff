/* The parameters of a prophet in the units of another of the same call, whose history is longer:
 * what was a change of growth is one at the nearest place where growth may change now. A search
 * begins there: waves that are new begin at 0, and nobody asks where the mean of a regressor has
 * gone, as m is free to follow. */
#include "models/local/prophet/prophet.h"

#include <string.h>

/* The change that is nearest to a time. */
static int nearest(const wsf__prophet_parts *z, double t) {
  int best = 0;
  for (int j = 1; j < z->changes; ++j) {
    if (fabs(z->change[j] - t) < fabs(z->change[best] - t)) best = j;
  }
  return best;
}

void wsf__prophet_carry(double *theta, const wsf__node *node, const wsf__prophet *to,
                        const wsf__prophet_parts *z, const bool *share, const wsf__state *from) {
  const wsf__prophet *of = (const wsf__prophet *)from->v;
  const wsf__prophet_parts a = wsf__prophet_parts_in(node, from->v, from->n);
  const bool logistic = z->growth == WSF__LOGISTIC;
  const double size = of->scale / to->scale, pace = to->span / of->span;
  const double begins = (to->start - of->start) / of->span, speed = logistic ? pace : pace * size;
  memset(theta, 0, (size_t)(2 + z->changes + z->waves + z->covariates) * sizeof *theta);
  theta[0] = of->k * speed;
  if (logistic)
    theta[1] = (of->m - begins) / pace;
  else
    theta[1] = (of->m + of->k * begins) * size + (a.tail->lowest - z->tail->lowest) / to->scale;
  for (int j = 0; z->changes > 0 && j < a.changes; ++j) {
    theta[2 + nearest(z, (a.change[j] - begins) / pace)] += a.delta[j] * speed;
  }
  double *beta = theta + 2 + z->changes;
  const double *before = a.beta;
  for (int i = 0; i < WSF__PROPHET_SEASONS; ++i) {
    const int columns = 2 * (int)to->order[i], had = 2 * (int)of->order[i];
    for (int c = 0; c < columns && c < had; ++c) beta[c] = before[c] * (z->multiplies ? 1 : size);
    beta += columns;
    before += had;
  }
  for (int c = 0; c < z->covariates && c < a.covariates; ++c) {
    beta[c] = before[c] * z->width[c] / a.width[c] * (share[c] ? 1 : size);
  }
}
