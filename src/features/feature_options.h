/* What several features read alike from their options: columns and keys by name, offsets,
 * statistics of windows, lags. */
#ifndef WSF_FEATURES_FEATURE_OPTIONS_H
#define WSF_FEATURES_FEATURE_OPTIONS_H

#include "features/feature.h"
#include "features/windows.h"

/* Marks an error that was just written with the option and the call; returns WSF_E_VALUE. */
wsf_status wsf__feature_refuse(const wsf__node *node, const char *option, wsf_error *err);
/* The column of a name in an option; a status with the reason if the panel has none. */
wsf_status wsf__feature_find(int *out, const wsf__node *node, const char *option, const char *name,
                             const wsf__panel *panel, wsf_error *err);
/* Each name of an option must be a column that changes with time. */
wsf_status wsf__feature_check_moving(const wsf__node *node, const char *option,
                                     const wsf__panel *panel, wsf_error *err);

/* A column, or a key, whose labels are categories that do not change with time. */
typedef struct wsf__named {
  const char *name;
  int column, key; /* the other is -1 */
  bool moves;      /* it changes with time */
  int32_t n_categories;
  const char *const *category;
} wsf__named;

/* That of a name, which must be there: a column before a key. */
wsf__named wsf__feature_named(const wsf__panel *panel, const char *name);
/* A name must be a key or a column whose value at a period is known ahead. */
wsf_status wsf__feature_check_ahead(const wsf__node *node, const char *option, const char *name,
                                    const wsf__panel *panel, wsf_error *err);
/* Each name of an option must be one; and hold texts. */
wsf_status wsf__feature_check_names(const wsf__node *node, const char *option,
                                    const wsf__panel *panel, wsf_error *err);
wsf_status wsf__feature_check_texts(const wsf__node *node, const char *option,
                                    const wsf__panel *panel, wsf_error *err);
/* The value at a period, as it was known for row t. */
double wsf__feature_named_value(const wsf__feature_view *v, const wsf__named *from, int64_t period,
                                int64_t t);

/* The same; -1 where a text column has a row without a text, NaN where nothing is known. */
double wsf__feature_code(const wsf__feature_view *v, const wsf__named *from, int64_t period,
                         int64_t t);

/* Offsets from the first to the last number of the option `window`. */
typedef struct wsf__offsets {
  int64_t first, n;
} wsf__offsets;

wsf_status wsf__feature_offsets_check(const wsf__node *node, wsf_error *err);
/* Those of a column: 0 alone of one that does not change with time. */
wsf__offsets wsf__feature_offsets(const wsf__node *node, const wsf__named *from);
#define WSF__OFFSETS_ROW                                                                           \
  {                                                                                                \
    "window", WSF__INTS, "[0,0]", -1000, 1000, NULL,                                               \
        "periods around it, from the first to the last, a column for each: [-1,1]"                 \
  }
/* Columns that the option `names` makes, one for each name and offset of the window, or with texts
 * one for each text of those: how many in all, and that of column *c, which becomes the place among
 * its own. */
int wsf__feature_names_width(const wsf__node *node, const wsf__panel *panel, bool texts);
wsf__named wsf__feature_names_at(const wsf__node *node, const wsf__panel *panel, bool texts,
                                 int *c);
/* "name", "name_before_1" where the offset is -1, "name_after_1" where it is 1; NULL: no memory. */
const char *wsf__feature_offset_name(wsf__arena *arena, const char *name, int64_t offset);

/* One text after the other; NULL: no memory. */
const char *wsf__feature_text(wsf__arena *arena, const char *a, const char *b);

/* The statistics of the option `stats`; quantile stands for each number of `q`. */
#define WSF__STATISTICS_ROW                                                                        \
  {                                                                                                \
    "stats", WSF__WORDS, "mean", 0, 0, WSF__STATISTIC_WORDS,                                       \
        "what to tell of a window: mean, sum, std (of a sample), min, max, zeros (their share), "  \
        "median, "                                                                                 \
        "quantile"                                                                                 \
  }
#define WSF__QUANTILES_ROW                                                                         \
  { "q", WSF__REALS, "0.5", 0, 1, NULL, "quantiles to tell: [0.1,0.9]" }
#define WSF__LAG_ROW                                                                               \
  { "lag", WSF__INTS, "1", 1, 100000, NULL, "periods back that a window ends, one or several" }

int wsf__feature_statistics(const wsf__node *node);
wsf__statistic wsf__feature_statistic(const wsf__node *node, int i, double *q);
/* "mean", "q0.9" */
void wsf__feature_statistic_name(const wsf__node *node, int i, char out[40]);
/* `lag` of a class that reads the whole history up to `lag` periods back. */
int64_t wsf__feature_whole_lag(const wsf__node *node, int64_t *furthest);
/* The least and the largest number of an option. */
int64_t wsf__feature_least(const wsf__node *node, const char *option);
int64_t wsf__feature_most(const wsf__node *node, const char *option);
/* "text", or "text_lag_7" where the lag is not 1; NULL: no memory. */
const char *wsf__feature_lag_name(wsf__arena *arena, const char *text, int64_t lag);

#endif
