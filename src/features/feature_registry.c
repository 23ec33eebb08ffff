/* All features: adding one is a file and a row. Listings keep this order. */
#include "features/feature.h"

#define FEATURES(X)                                                                                \
  X(lags)                                                                                          \
  X(rolling)                                                                                       \
  X(expanding)                                                                                     \
  X(ewm)                                                                                           \
  X(differences)                                                                                   \
  X(seasonal)                                                                                      \
  X(seasonal_rolling)                                                                              \
  X(since_sale)                                                                                    \
  X(age)                                                                                           \
  X(group)                                                                                         \
  X(calendar)                                                                                      \
  X(fourier)                                                                                       \
  X(holidays)                                                                                      \
  X(columns)                                                                                       \
  X(onehot)                                                                                        \
  X(ordinal)                                                                                       \
  X(target_encoding)                                                                               \
  X(relative)                                                                                      \
  X(cross)                                                                                         \
  X(closing)                                                                                       \
  X(fiscal)                                                                                        \
  X(known)                                                                                         \
  X(forecast)

#define DECLARE(name) extern const wsf__feature_class wsf__feature_##name;
FEATURES(DECLARE)

#define ROW(name) &wsf__feature_##name,
const wsf__feature_class *const wsf__feature_classes[] = {FEATURES(ROW)};
const int wsf__n_feature_classes = sizeof wsf__feature_classes / sizeof *wsf__feature_classes;
