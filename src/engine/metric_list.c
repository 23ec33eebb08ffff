/* The `metrics` option: names to numbers. */
#include "engine/drive.h"

#include "evaluate/metrics.h"

wsf_status wsf__metric_list(int **metric, int *n, wsf__arena *arena, const wsf__value *names,
                            wsf_error *err) {
  const char *known[WSF__N_METRICS];
  for (int m = 0; m < WSF__N_METRICS; ++m) known[m] = wsf__metric_name(m);
  *n = 0;
  *metric = wsf__arena_new(arena, (size_t)names->n, sizeof **metric);
  if (!*metric) return wsf__fail_memory(err);
  for (int i = 0; i < names->n; ++i) {
    const char *name = names->strings[i];
    const int m = wsf__metric_find(name);
    if (m < 0) {
      const char *near = wsf__nearest(name, known, WSF__N_METRICS);
      (void)wsf__fail(err, WSF_E_NAME, "there is no metric '%.64s'%s%s%s", name,
                      near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
      wsf__error_at_field(err, "metrics");
      return WSF_E_NAME;
    }
    bool twice = false;
    for (int k = 0; k < *n; ++k) twice = twice || (*metric)[k] == m;
    if (!twice) (*metric)[(*n)++] = m;
  }
  if (*n > 0) return WSF_OK;
  (void)wsf__fail(err, WSF_E_VALUE, "the list of metrics is empty, expected at least one");
  wsf__error_at_field(err, "metrics");
  return WSF_E_VALUE;
}
