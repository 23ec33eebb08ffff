/* The models of the programs that test pools: a few of the shipped ones, every call around others
 * that can be updated, and the toy. This table
 * comes before the one of the library, which therefore stays in the archive. */
#include "models/model.h"

#define MODELS(X)                                                                                  \
  X(naive)                                                                                         \
  X(snaive)                                                                                        \
  X(drift)                                                                                         \
  X(average)                                                                                       \
  X(ets)                                                                                           \
  X(log)                                                                                           \
  X(boxcox)                                                                                        \
  X(difference)                                                                                    \
  X(deseason)                                                                                      \
  X(stl)                                                                                           \
  X(mstl)                                                                                          \
  X(lowrank)                                                                                       \
  X(rebase)                                                                                        \
  X(mean)                                                                                          \
  X(median)                                                                                        \
  X(weighted)                                                                                      \
  X(best)                                                                                          \
  X(fallback)                                                                                      \
  X(product)                                                                                       \
  X(clamp)                                                                                         \
  X(conformal)                                                                                     \
  X(empirical)                                                                                     \
  X(toy)

#define DECLARE(name) extern const wsf__model_class wsf__model_##name;
MODELS(DECLARE)

#define ROW(name) &wsf__model_##name,
const wsf__model_class *const wsf__model_classes[] = {MODELS(ROW)};
const int wsf__n_model_classes = sizeof wsf__model_classes / sizeof *wsf__model_classes;
