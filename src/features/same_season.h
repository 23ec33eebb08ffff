/* Values of the target at the same place of earlier seasons, weekly ones with Easter and Christmas
 * lined up. */
#ifndef WSF_FEATURES_SAME_SEASON_H
#define WSF_FEATURES_SAME_SEASON_H

#include "features/feature.h"

/* Options of the classes that read them. */
#define WSF__SEASON_ROW                                                                            \
  { "season", WSF__INT, "0", 0, 100000, NULL, "periods in a season; 0: the data's" }
#define WSF__ALIGN_ROW                                                                             \
  {                                                                                                \
    "align", WSF__FLAG, "true", 0, 0, NULL,                                                        \
        "by the week, take the weeks of Easter from their own places and share out those before "  \
        "Christmas by its day"                                                                     \
  }
enum { WSF__SEASONS_MOST = 20 };

typedef struct wsf__same_season {
  int64_t season;
  bool weekly;       /* dated weeks and a season of a year */
  int64_t first_day; /* weekly: of period 0 */
} wsf__same_season;

wsf__same_season wsf__same_season_of(const wsf__node *node, const wsf__panel *panel);
/* The target of row t, `k` seasons before; NaN where it is not known. */
double wsf__same_season_value(const wsf__feature_view *v, const wsf__same_season *s, int64_t k,
                              int64_t t);
/* `lag` of a class that reads seasons `least` to `most` back. By the data's own season, which only
 * a panel tells, any period may be read. */
int64_t wsf__same_season_lag(const wsf__node *node, int64_t least, int64_t most, int64_t *furthest);

#endif
