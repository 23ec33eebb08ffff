#include "features/groups.h"

#include "features/feature_options.h"

#include <string.h>

wsf_status wsf__groups_check(const wsf__node *node, const char *option, const wsf__panel *panel,
                             wsf_error *err) {
  const wsf__value *names = wsf__arg(node, option);
  for (int i = 0; i < names->n; ++i) {
    WSF__TRY(wsf__feature_check_ahead(node, option, names->strings[i], panel, err));
    if (!wsf__feature_named(panel, names->strings[i]).moves) continue;
    (void)wsf__fail(err, WSF_E_VALUE,
                    "column '%.64s' changes with time, %s expects keys and static columns",
                    names->strings[i], option);
    return wsf__feature_refuse(node, option, err);
  }
  return WSF_OK;
}

/* What one name says of a series; NaN: nothing. */
static double label_of(const wsf__panel *p, const wsf__named *from, int64_t series) {
  if (from->column >= 0) return wsf__panel_value(p, from->column, series, 0) + 0.0; /* no -0 */
  return p->key[from->key].code[series];
}

wsf_status wsf__groups_make(wsf__groups *out, wsf__arena *arena, const wsf__panel *panel,
                            const wsf__value *names, wsf_error *err) {
  size_t size = 16, cells;
  while (size < 2 * (size_t)panel->n) size *= 2;
  int64_t *slot = wsf__arena_zero(arena, size, sizeof *slot); /* the first series of a group + 1 */
  int32_t *of = wsf__arena_new(arena, (size_t)panel->n, sizeof *of);
  wsf__named *from = wsf__arena_new(arena, (size_t)names->n, sizeof *from);
  double *label = NULL; /* [series * names] */
  if (wsf__mul((size_t)panel->n, (size_t)names->n, &cells)) {
    label = wsf__arena_new(arena, cells, sizeof *label);
  }
  if (!slot || !of || !from || !label) return wsf__fail_memory(err);
  *out = (wsf__groups){.of = of};
  const size_t bytes = (size_t)names->n * sizeof *label;
  for (int k = 0; k < names->n; ++k) from[k] = wsf__feature_named(panel, names->strings[k]);
  for (int64_t i = 0; i < panel->n; ++i) {
    double *own = label + i * names->n;
    bool known = !wsf__panel_is_sum(panel, i);
    for (int k = 0; k < names->n; ++k) {
      own[k] = label_of(panel, &from[k], i);
      known = known && !isnan(own[k]);
    }
    of[i] = -1;
    if (!known) continue;
    size_t at = wsf__hash(WSF__HASH_SEED, own, bytes) & (size - 1);
    while (slot[at] && memcmp(label + (slot[at] - 1) * names->n, own, bytes) != 0) {
      at = (at + 1) & (size - 1);
    }
    if (!slot[at]) {
      slot[at] = i + 1;
      of[i] = (int32_t)out->n++;
    } else {
      of[i] = of[slot[at] - 1];
    }
  }
  return WSF_OK;
}

const char *wsf__groups_name(wsf__arena *arena, const char *prefix, const wsf__value *names) {
  const char *text = prefix;
  for (int i = 0; text && i < names->n; ++i) {
    text = wsf__feature_text(arena, text, "_");
    if (text) text = wsf__feature_text(arena, text, names->strings[i]);
  }
  return text;
}
