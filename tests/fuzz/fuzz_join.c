/* Any bytes as a source that is joined to a small panel. The first byte chooses how; the rest is
 * the file. Columns keep their promises, and what vintages tell at the end of the history is what
 * the column says; a cut knows no more than the panel knew there. */
#include "ingest/join.h"
#include "panel/vintages.h"
#include "wire/access.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(int truth) {
  if (!truth) abort();
}

static const char sales[] = "k,t,y\na,2024-01-01,1\na,2024-01-02,2\na,2024-01-03,3\na,2024-01-04,\n"
                            "a,2024-01-05,5\nb,2024-01-02,1\nb,2024-01-03,2\nb,2024-01-05,4\n";

static wsf__panel *sales_panel(wsf__env *env) {
  static const char *const keys[] = {"k"};
  const wsf__load load = {
      .path = "sales",
      .keys = {.n = 1, .given = true, .name = keys},
      .time = "t",
      .target = "y",
      .rules = {.freq = WSF__DAY, .own_end = -1},
      .holiday_weight = 1.0,
  };
  wsf__panel *p = NULL;
  expect(wsf__load_csv(&p, env, &load, NULL) == WSF_OK);
  return p;
}

static bool same(double a, double b) {
  return a == b || (isnan(a) && isnan(b));
}

static void check_column(const wsf__panel *p, int c) {
  const wsf__column *column = &p->column[c];
  const int64_t periods = column->kind == WSF__STATIC ? 1
                          : column->kind == WSF__PAST ? p->T
                                                      : p->T + p->ahead;
  expect(column->periods == periods);
  for (int64_t i = 0; i < p->n; ++i) {
    expect(column->group[i] >= -1 && column->group[i] < column->n_groups);
    for (int64_t t = 0; t < periods; ++t) {
      const double x = wsf__panel_value(p, c, i, t);
      expect(!isinf(x));
      if (column->n_categories) expect(isnan(x) || (x >= 0 && x < column->n_categories));
      if (column->group[i] < 0) continue;
      expect(same(x, column->value[column->group[i] * periods + t]));
      expect(same(x, wsf__panel_value_at(p, c, i, t, p->T - 1)));
    }
  }
}

static void check_cut(const wsf__panel *p) {
  wsf__panel *cut = NULL;
  expect(wsf__panel_cut(&cut, NULL, p, 2, NULL) == WSF_OK);
  expect(cut->n_columns == p->n_columns);
  for (int c = 0; c < p->n_columns; ++c) {
    check_column(cut, c);
    for (int64_t i = 0; i < cut->n; ++i) {
      for (int64_t t = 0; t < cut->column[c].periods; ++t) {
        expect(same(wsf__panel_value(cut, c, i, t), wsf__panel_value_at(p, c, i, t, 2)));
      }
    }
  }
  wsf__panel_release(cut);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const both[] = {"k", "t"};
  wsf__env env;
  if (size == 0 || !wsf__env_init(&env, &wsf__alloc_libc)) return 0;
  const unsigned form = data[0];
  env.access = wsf__access_create(&env.alloc, NULL);
  expect(env.access != NULL);
  const wsf__source base = {.bytes = sales, .size = sizeof sales - 1};
  const wsf__source more = {.bytes = data + 1, .size = size - 1};
  expect(wsf__access_add(env.access, "sales", &base, NULL) == WSF_OK);
  expect(wsf__access_add(env.access, "more", &more, NULL) == WSF_OK);
  expect(wsf__access_confine(env.access, "none", NULL) == WSF_OK);
  wsf__panel *p = sales_panel(&env);
  const int from = form & 1, n = from || form & 2 ? 1 : 2;
  const wsf__join join = {
      .path = "more",
      .on = {.n = n, .given = true, .name = both + from},
      .known_at = form & 4 ? "known" : NULL,
      .past = (form & 8) != 0,
      .forward = (form & 16) != 0,
      .prefix = form & 32 ? "x_" : NULL,
      .holiday_weight = 1.0,
  };
  wsf_error err;
  if (wsf__join_csv(p, &env, &join, &err) == WSF_OK) {
    for (int c = 0; c < p->n_columns; ++c) check_column(p, c);
    check_cut(p);
  } else {
    expect(err.message[0] != 0);
  }
  wsf__panel_release(p);
  wsf__access_release(env.access);
  wsf__env_free(&env);
  return 0;
}
