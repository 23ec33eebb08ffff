/* All models: adding one is a file and a row. Listings keep this order. */
#include "models/model.h"

#define MODELS(X)                                                                                  \
  X(naive)                                                                                         \
  X(snaive)                                                                                        \
  X(drift)                                                                                         \
  X(average)                                                                                       \
  X(window)                                                                                        \
  X(swindow)                                                                                       \
  X(tslm)                                                                                          \
  X(ets)                                                                                           \
  X(arima)                                                                                         \
  X(theta)                                                                                         \
  X(ces)                                                                                           \
  X(ucm)                                                                                           \
  X(tbats)                                                                                         \
  X(prophet)                                                                                       \
  X(croston)                                                                                       \
  X(tsb)                                                                                           \
  X(adida)                                                                                         \
  X(imapa)                                                                                         \
  X(lstm)                                                                                          \
  X(esrnn)                                                                                         \
  X(stl)                                                                                           \
  X(mstl)                                                                                          \
  X(deseason)                                                                                      \
  X(outlier_clean)                                                                                 \
  X(log)                                                                                           \
  X(boxcox)                                                                                        \
  X(difference)                                                                                    \
  X(lowrank)                                                                                       \
  X(pool)                                                                                          \
  X(holiday_shift)                                                                                 \
  X(rebase)                                                                                        \
  X(mean)                                                                                          \
  X(median)                                                                                        \
  X(weighted)                                                                                      \
  X(best)                                                                                          \
  X(auto)                                                                                          \
  X(fallback)                                                                                      \
  X(product)                                                                                       \
  X(clamp)                                                                                         \
  X(conformal)                                                                                     \
  X(empirical)                                                                                     \
  X(reconcile)

#define DECLARE(name) extern const wsf__model_class wsf__model_##name;
MODELS(DECLARE)

#define ROW(name) &wsf__model_##name,
const wsf__model_class *const wsf__model_classes[] = {MODELS(ROW)};
const int wsf__n_model_classes = sizeof wsf__model_classes / sizeof *wsf__model_classes;
