/* aggregate: sums of series over some of the keys become series of the panel. */
#include "ingest/hint.h"
#include "ingest/report.h"
#include "ingest/sources.h"
#include "panel/hierarchy.h"

#include <string.h>

static const wsf__option options[] = {
    {"data", WSF__CALL, NULL, 0, 0, "data", "the data that gets the sums"},
    {"levels", WSF__LISTS, NULL, 0, 0, NULL,
     "the keys that each level keeps, summed over the others: [] is the total, [Store] a sum for "
     "each store"},
    {"base", WSF__FLAG, "true", 0, 0, NULL, "keep the series themselves beside their sums"},
    {"missing", WSF__WORD, "missing", 0, 0, "missing|skip",
     "a sum in a period in which one of its series is missing: missing too, or of what is there"},
};

const wsf__spec wsf__spec_aggregate = {
    .family = "data",
    .group = "step",
    .name = "aggregate",
    .summary = "Sums of series, at the levels of a hierarchy, as series of their own.",
    .source = "Hyndman, Athanasopoulos (2021), Forecasting: principles and practice, 11.1",
    .since = "0.2.0",
    .example = "walmart(\"data/walmart\") | aggregate(levels=[[],[Store],[Dept]], missing=skip)",
    .options = options,
    .n_options = sizeof options / sizeof *options,
};

static wsf_status fail_levels(const wsf__node *node, wsf_status status, wsf_error *err) {
  wsf__error_at_field(err, "levels");
  wsf__error_at_byte(err, node->byte);
  return status;
}

/* The keys that one level keeps, rising. */
static wsf_status read_level(wsf__level *out, const wsf__panel *p, const wsf__node *node,
                             const wsf__value *names, wsf__arena *arena, wsf_error *err) {
  int *key = wsf__arena_new(arena, (size_t)names->n, sizeof *key);
  if (!key) return wsf__fail_memory(err);
  for (int i = 0; i < names->n; ++i) {
    const int found = wsf__panel_find_key(p, names->strings[i]);
    if (found < 0) {
      char hint[WSF__HINT_BYTES];
      wsf__key_hint(hint, p, names->strings[i]);
      (void)wsf__fail(err, WSF_E_NAME, "levels names \"%.64s\", which is no key of the data%s",
                      names->strings[i], hint);
      return fail_levels(node, WSF_E_NAME, err);
    }
    int at = i;
    for (; at > 0 && key[at - 1] >= found; --at) key[at] = key[at - 1];
    if (at < i && key[at + 1] == found) {
      (void)wsf__fail(err, WSF_E_VALUE, "a level names \"%.64s\" twice", names->strings[i]);
      return fail_levels(node, WSF_E_VALUE, err);
    }
    key[at] = found;
  }
  if (names->n == p->n_keys) {
    (void)wsf__fail(err, WSF_E_VALUE,
                    "a level names every key, which leaves nothing to sum; base=true keeps the "
                    "series themselves");
    return fail_levels(node, WSF_E_VALUE, err);
  }
  *out = (wsf__level){names->n, key};
  return WSF_OK;
}

static bool same_level(const wsf__level *a, const wsf__level *b) {
  return a->n == b->n && memcmp(a->key, b->key, (size_t)a->n * sizeof *a->key) == 0;
}

static wsf_status read_levels(wsf__aggregate_rules *rules, const wsf__panel *p,
                              const wsf__node *node, wsf__arena *arena, wsf_error *err) {
  const wsf__value *lists = wsf__arg(node, "levels");
  wsf__level *level = wsf__arena_new(arena, (size_t)lists->n, sizeof *level);
  if (!level) return wsf__fail_memory(err);
  for (int64_t i = 0; i < p->n; ++i) {
    if (!wsf__panel_is_sum(p, i)) continue;
    (void)wsf__fail(err, WSF_E_VALUE,
                    "the data holds sums already; expected one aggregate with all levels");
    return fail_levels(node, WSF_E_VALUE, err);
  }
  for (int l = 0; l < lists->n; ++l) {
    WSF__TRY(read_level(&level[l], p, node, &lists->lists[l], arena, err));
    for (int other = 0; other < l; ++other) {
      if (!same_level(&level[l], &level[other])) continue;
      (void)wsf__fail(err, WSF_E_VALUE, "levels %d and %d keep the same keys", other + 1, l + 1);
      return fail_levels(node, WSF_E_VALUE, err);
    }
  }
  rules->n_levels = lists->n;
  rules->level = level;
  return WSF_OK;
}

/* By which rule a sum got a value where its series do not agree. */
static void report_columns(wsf__report *report, const wsf__panel *p) {
  for (int c = 0; c < p->n_columns; ++c) {
    const wsf__column *column = &p->column[c];
    const char *item = column->n_categories ? "sums: a text where all agree, else missing"
                       : column->flag       ? "sums: a flag where one has it"
                                            : "sums: the mean of a number";
    wsf__report_add(report, (wsf__report_row){.item = item, .count = -1, .column = column->name});
  }
}

static wsf_status report_sums(wsf__panel *p, const wsf__aggregate_counts *counts, wsf_error *err) {
  wsf__report report;
  wsf__report_init(&report, &p->arena.alloc);
  wsf__report_add(&report, (wsf__report_row){.item = "sums", .count = counts->sums});
  wsf__report_add(&report, (wsf__report_row){.item = "sums: periods missing, as a series is",
                                             .count = counts->missing});
  report_columns(&report, p);
  const wsf_status status = wsf__report_attach(&report, p, err);
  wsf__report_free(&report);
  return status;
}

wsf_status wsf__open_aggregate(wsf__panel **out, wsf__env *env, const wsf__node *node,
                               wsf_error *err) {
  WSF__TRY(wsf__ingest_open(out, env, wsf__arg(node, "data")->inner[0], err));
  wsf__panel *p = *out, *made = NULL;
  wsf__aggregate_rules rules = {.base = wsf__arg_flag(node, "base"),
                                .skip_missing = wsf__arg_is(node, "missing", "skip")};
  wsf__aggregate_counts counts;
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  wsf_status status = wsf__panel_need_target(p, err);
  if (status == WSF_OK) status = read_levels(&rules, p, node, &arena, err);
  if (status == WSF_OK) status = wsf__panel_aggregate(&made, env, p, &rules, &counts, err);
  if (status == WSF_OK) status = report_sums(made, &counts, err);
  wsf__arena_free(&arena);
  wsf__panel_release(p);
  if (status != WSF_OK) {
    wsf__panel_release(made);
    made = NULL;
  }
  *out = made;
  return status;
}
