/* Covariates of rows -> columns of the panel, each value stored once for all series that share it.
 *
 * A column that came with the rows may in truth belong to the period alone (a holiday flag), or to
 * one key (a store's temperature). The widest grouping that no row contradicts is taken: all
 * series, then the series of one label of each key in turn, then each series by itself. Besides the
 * memory this fills what gaps in single series would leave out. A missing value written in a row
 * counts as a value: it contradicts a number elsewhere. Rows that are added up have what they agree
 * on; where they do not, what sums of series have there (hierarchy.c). */
#include "panel/build.h"
#include "panel/make.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct grouping {
  int64_t n_groups;
  const int32_t *group; /* [n] */
} grouping;

static bool same(double a, double b) {
  return a == b || (isnan(a) && isnan(b));
}

/* What the rows of one period that are added up have together: what they agree on; else the mean of
 * numbers, a flag that one of them has, no word. *differ: they do not agree. */
static double blend(const wsf__build *b, const wsf__row_column *from, const wsf__cell *cell,
                    bool *differ) {
  double first = NAN, most = NAN, sum = 0;
  int64_t n = 0;
  *differ = false;
  if (b->duplicates != WSF__DUP_SUM || cell->end - cell->begin == 1) return from->value[cell->row];
  for (uint32_t at = cell->begin; at < cell->end; ++at) {
    const double v = from->value[wsf__order_row(&b->order, at)];
    if (isnan(v)) continue;
    if (n++ == 0) first = v;
    *differ |= v != first;
    most = fmax(most, v);
    sum += v;
  }
  return !*differ ? first : from->n_categories > 0 ? NAN : from->flag ? most : sum / (double)n;
}

/* Write values to cells that may have been written before; false if one contradicts. */
static bool write_cells(double *cell, uint8_t *seen, const double *from, uint32_t n) {
  bool agree = true;
  for (uint32_t j = 0; j < n; ++j) {
    agree = agree && (!seen[j] || same(cell[j], from[j]));
    cell[j] = from[j];
    seen[j] = 1;
  }
  return agree;
}

/* The same for the one cell of a STATIC column; without `seen` the first value that is not missing.
 */
static bool write_static(double *cell, uint8_t *seen, const double *from, uint32_t n) {
  if (!seen) {
    for (uint32_t j = 0; j < n && isnan(*cell); ++j) *cell = from[j];
    return true;
  }
  if (n > 0 && !*seen) *cell = from[0];
  *seen |= n > 0;
  for (uint32_t j = 0; j < n; ++j) {
    if (!same(*cell, from[j])) return false;
  }
  return true;
}

/* Where the rows that count of a period begin: all that are added up, else the last. */
static uint32_t rows_begin(const wsf__build *b, const wsf__cell *cell) {
  return b->duplicates == WSF__DUP_SUM ? cell->begin : cell->end - 1;
}

/* The same of rows one by one. */
static bool write_static_rows(double *cell, uint8_t *seen, const wsf__build *b,
                              const wsf__row_column *from, wsf__walk *walk) {
  for (wsf__cell rows; wsf__walk_next(walk, &rows);) {
    for (uint32_t at = rows_begin(b, &rows); at < rows.end; ++at) {
      const double v = from->value[wsf__order_row(&b->order, at)];
      if (!write_static(cell, seen, &v, 1)) return false;
    }
  }
  return true;
}

/* Write a column under a grouping. With `seen` (one byte per value, zeroed) contradictions end it:
 * false, as when the call was stopped. Without, series have their own values: for STATIC the first
 * that is not missing. */
static bool write_column(double *value, uint8_t *seen, const wsf__panel *p, const wsf__build *b,
                         const wsf__row_column *from, const grouping *g, int64_t periods) {
  wsf__watch seen_rows = {.scratch = b->scratch};
  for (int64_t k = 0; k < g->n_groups; ++k) {
    if (wsf__watch_ends(&seen_rows, periods)) return false;
    for (int64_t t = 0; t < periods; ++t) value[k * periods + t] = NAN;
  }
  for (int64_t i = 0; i < p->n; ++i) {
    const uint32_t series = b->kept[i];
    if (wsf__watch_ends(&seen_rows, b->order.count[series])) return false;
    if (b->plain[series] && from->kind == WSF__STATIC) {
      const int64_t at = g->group[i] * periods;
      if (!write_static(value + at, seen ? seen + at : NULL, from->value + b->order.start[series],
                        b->order.count[series])) {
        return false;
      }
      continue;
    }
    if (seen && b->plain[series]) {
      const int64_t at = g->group[i] * periods + p->first[i];
      if (!write_cells(value + at, seen + at, from->value + b->order.start[series],
                       b->order.count[series])) {
        return false;
      }
      continue;
    }
    wsf__walk walk = wsf__walk_series(b, series, NULL);
    if (from->kind == WSF__STATIC) {
      const int64_t at = g->group[i] * periods;
      if (!write_static_rows(value + at, seen ? seen + at : NULL, b, from, &walk)) return false;
      continue;
    }
    for (wsf__cell cell; wsf__walk_next(&walk, &cell);) {
      const int64_t t = cell.period;
      if (t < 0) continue;
      if (t >= periods) break;
      const int64_t at = g->group[i] * periods + t;
      bool differ;
      const double v = blend(b, from, &cell, &differ);
      if (!seen) {
        value[at] = v;
      } else if (!seen[at]) {
        seen[at] = 1;
        value[at] = v;
      } else if (!same(value[at], v)) {
        return false;
      }
    }
  }
  return true;
}

/* The values of a column, if the panel has room for them. */
static bool count_cells(size_t *cells, const wsf__build *b, int64_t groups, int64_t periods) {
  return wsf__mul((size_t)groups, (size_t)periods, cells) && (int64_t)*cells <= b->room;
}

/* Try groupings from the widest on; at the latest each series by itself fits. */
static wsf_status group_column(wsf__column *out, wsf__panel *p, wsf__build *b,
                               const wsf__row_column *from, const grouping *all, int64_t periods,
                               const grouping *single, wsf_error *err) {
  for (int k = -1; k < p->n_keys; ++k) {
    const grouping g = k < 0 ? *all : (grouping){p->key[k].n_labels, p->key[k].code};
    if (2 * g.n_groups > p->n && k >= 0) continue;
    WSF__TRY(wsf__go_on(b->scratch->work_of, 0, err));
    size_t cells;
    if (!count_cells(&cells, b, g.n_groups, periods))
      return wsf__timeline_fail_stray(b->rows, &p->calendar, p->T + p->ahead, err);
    uint8_t *seen = wsf__new_zero(&p->arena.alloc, cells, 1);
    double *value = wsf__new(&p->arena.alloc, cells, sizeof *value);
    bool fits = seen && value && write_column(value, seen, p, b, from, &g, periods);
    double *kept = fits ? wsf__arena_new(&p->arena, cells, sizeof *kept) : NULL;
    if (kept) memcpy(kept, value, cells * sizeof *kept);
    const bool memory = seen && value && (kept || !fits);
    wsf__delete(&p->arena.alloc, value);
    wsf__delete(&p->arena.alloc, seen);
    if (!memory) return wsf__fail_memory(err);
    if (!fits) continue;
    out->n_groups = g.n_groups;
    out->group = g.group;
    out->value = kept;
    b->room -= (int64_t)cells;
    return WSF_OK;
  }
  size_t cells;
  if (!count_cells(&cells, b, p->n, periods))
    return wsf__timeline_fail_stray(b->rows, &p->calendar, p->T + p->ahead, err);
  double *value = wsf__arena_new(&p->arena, cells, sizeof *value);
  if (!value) return wsf__fail_memory(err);
  (void)write_column(value, NULL, p, b, from, single, periods);
  out->n_groups = single->n_groups;
  out->group = single->group;
  out->value = value;
  b->room -= (int64_t)cells;
  return WSF_OK;
}

/* Series in which a STATIC column of each series by itself has another value than the one taken. */
static void count_varying(wsf__panel_counts *counts, const wsf__column *column, const wsf__panel *p,
                          const wsf__build *b, const wsf__row_column *from) {
  for (int64_t i = 0; i < p->n && !wsf__cut_short(b->scratch); ++i) {
    wsf__walk walk = wsf__walk_series(b, b->kept[i], NULL);
    bool varies = false;
    for (wsf__cell cell; !varies && wsf__walk_next(&walk, &cell);) {
      for (uint32_t at = rows_begin(b, &cell); at < cell.end && !varies; ++at) {
        const uint32_t row = wsf__order_row(&b->order, at);
        varies = !isnan(from->value[row]) && from->value[row] != column->value[i];
        if (!varies || counts->varying++ > 0) continue;
        counts->varying_column = column->name;
        counts->first_varying = wsf__row_line(b->rows, row);
      }
    }
  }
}

/* Periods in which the rows that are added up do not agree on a column. */
static void count_blended(wsf__panel_counts *counts, const char *name, const wsf__panel *p,
                          const wsf__build *b, const wsf__row_column *from) {
  int64_t periods = 0;
  for (int64_t i = 0; i < p->n && !wsf__cut_short(b->scratch); ++i) {
    wsf__walk walk = wsf__walk_series(b, b->kept[i], NULL);
    for (wsf__cell cell; !b->plain[b->kept[i]] && wsf__walk_next(&walk, &cell);) {
      bool differ;
      (void)blend(b, from, &cell, &differ);
      if (!differ) continue;
      if (periods++ == 0 && counts->blended == 0) {
        counts->first_blended = wsf__row_line(b->rows, wsf__order_row(&b->order, cell.begin));
      }
    }
  }
  if (periods == 0) return;
  char *text = counts->blended_columns;
  const size_t size = sizeof counts->blended_columns, used = strlen(text);
  if (counts->blended_in++ == 0) counts->blended_column = name;
  if (counts->blended_in <= WSF__BLENDED_NAMED)
    (void)snprintf(text + used, size - used, "%s%.24s", used ? ", " : "", name);
  else if (counts->blended_in == WSF__BLENDED_NAMED + 1)
    (void)snprintf(text + used, size - used, ", ..");
  counts->blended += periods;
}

static wsf_status copy_categories(wsf__column *out, wsf__panel *p, const wsf__row_column *from,
                                  wsf_error *err) {
  out->name = wsf__arena_text(&p->arena, from->name, strlen(from->name));
  out->kind = from->kind;
  out->flag = from->flag;
  out->n_categories = from->n_categories;
  if (!out->name) return wsf__fail_memory(err);
  if (from->n_categories == 0) return WSF_OK;
  const char **category = wsf__arena_new(&p->arena, (size_t)from->n_categories, sizeof *category);
  for (int32_t w = 0; category && w < from->n_categories; ++w) {
    category[w] = wsf__arena_text(&p->arena, from->category[w], strlen(from->category[w]));
    if (!category[w]) category = NULL;
  }
  out->category = category;
  return category ? WSF_OK : wsf__fail_memory(err);
}

wsf_status wsf__build_columns(wsf__panel *p, wsf__build *b, wsf__env *env,
                              wsf__panel_counts *counts, wsf_error *err) {
  const int n_columns = b->rows->n_columns;
  if (n_columns == 0) return WSF_OK;
  wsf__column *column = wsf__arena_zero(&p->arena, (size_t)n_columns, sizeof *column);
  int32_t *one = wsf__arena_zero(&p->arena, (size_t)p->n, sizeof *one);
  int32_t *each = wsf__arena_new(&p->arena, (size_t)p->n, sizeof *each);
  if (!column || !one || !each) return wsf__fail_memory(err);
  for (int64_t i = 0; i < p->n; ++i) each[i] = (int32_t)i;
  const grouping all = {1, one}, single = {p->n, each};
  for (int c = 0; c < n_columns; ++c) {
    const wsf__row_column *from = &b->rows->column[c];
    const int64_t periods = from->kind == WSF__STATIC ? 1
                            : from->kind == WSF__PAST ? p->T
                                                      : p->T + p->ahead;
    WSF__TRY(wsf__checkpoint(env, NULL, c, n_columns, err));
    WSF__TRY(copy_categories(&column[c], p, from, err));
    column[c].periods = periods;
    WSF__TRY(group_column(&column[c], p, b, from, &all, periods, &single, err));
    if (from->kind == WSF__STATIC && column[c].group == each) {
      count_varying(counts, &column[c], p, b, from);
    } else if (from->kind != WSF__STATIC && b->duplicates == WSF__DUP_SUM && counts->duplicates) {
      count_blended(counts, column[c].name, p, b, from);
    }
  }
  p->column = column;
  p->n_columns = n_columns;
  return WSF_OK;
}
