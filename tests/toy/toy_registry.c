/* The models of the programs that test pools: a few of the shipped ones, and the toy. This table
 * comes before the one of the library, which therefore stays in the archive. */
#include "models/model.h"

#define MODELS(X)                                                                                  \
  X(naive)                                                                                         \
  X(snaive)                                                                                        \
  X(drift)                                                                                         \
  X(average)                                                                                       \
  X(ets)                                                                                           \
  X(log)                                                                                           \
  X(lowrank)                                                                                       \
  X(rebase)                                                                                        \
  X(mean)                                                                                          \
  X(best)                                                                                          \
  X(fallback)                                                                                      \
  X(conformal)                                                                                     \
  X(toy)

#define DECLARE(name) extern const wsf__model_class wsf__model_##name;
MODELS(DECLARE)

#define ROW(name) &wsf__model_##name,
const wsf__model_class *const wsf__model_classes[] = {MODELS(ROW)};
const int wsf__n_model_classes = sizeof wsf__model_classes / sizeof *wsf__model_classes;
