/* Rows in any order -> panel, in two passes over the rows and time linear in them.
 *
 * The rows are grouped by series and ordered in time first (order.c). Pass 1 surveys each series:
 * first and last observation, last row, and what is wrong with it. From that follow the panel's
 * periods and the size of everything. Pass 2 writes the values. Both passes run over blocks of
 * series in parallel; what they count is added up in the order of the blocks.
 *
 * Both passes read a series through the same walk (walk.c). Covariates are written by columns.c. */
#include "panel/build.h"
#include "panel/far.h"
#include "panel/labels.h"
#include "panel/make.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* What the survey finds in one series; periods count from the calendar's origin. */
typedef struct extent {
  int64_t first, last; /* observed targets; without a target, rows */
  int64_t last_row;
  int64_t observed;
  int64_t off_calendar; /* rows */
} extent;

typedef struct builder {
  wsf__build b;
  const wsf__panel_rules *rules;
  extent *extent;         /* [order.n] */
  wsf__tally_rows *tally; /* [blocks] */
  int64_t blocks;
  /* pass 2 */
  wsf__panel *p;
  double *y;
} builder;

/* ---- pass 1 ------------------------------------------------------------------------------- */

/* Most series of most sources are plain: told apart by loops that compile to vector code. */
static bool survey_plain(extent *e, const wsf__build *b, int64_t series) {
  const wsf__stepper origin = wsf__build_stepper(b, series);
  const uint32_t start = b->order.start[series], n = b->order.count[series];
  const int64_t *time = b->rows->time + start;
  if (!b->rows->target || b->order.row || origin.step == 0) return false;
  const double *y = b->rows->target + start;
  if (n > 1 && wsf__even_step(time, n) != origin.step) return false;
  uint32_t good = 0;
  for (uint32_t i = 0; i < n; ++i) good += y[i] >= 0; /* neither missing nor negative */
  if (good != n || (time[0] - origin.value) % origin.step != 0) return false;
  const int64_t first = (time[0] - origin.value) / origin.step;
  *e = (extent){first, first + n - 1, first + n - 1, n, 0};
  return true;
}

static wsf_status survey_block(void *user, int64_t task, wsf__arena *scratch, wsf_error *err) {
  (void)scratch, (void)err;
  builder *x = user;
  wsf__tally_rows tally = {
      .off_line = INT64_MAX, .duplicate_line = INT64_MAX, .negative_line = INT64_MAX};
  const int64_t end = wsf__block_begin(task + 1, x->blocks, x->b.order.n);
  for (int64_t i = wsf__block_begin(task, x->blocks, x->b.order.n); i < end; ++i) {
    x->b.plain[i] = survey_plain(&x->extent[i], &x->b, i);
    if (x->b.plain[i]) continue;
    extent e = {0};
    const int64_t off = tally.off_calendar;
    wsf__walk walk = wsf__walk_series(&x->b, i, &tally);
    for (wsf__cell cell; wsf__walk_next(&walk, &cell);) {
      e.last_row = cell.period;
      if (isnan(cell.y) && x->b.rows->target) continue; /* without a target rows count */
      if (e.observed++ == 0) e.first = cell.period;
      e.last = cell.period;
    }
    e.off_calendar = tally.off_calendar - off;
    x->extent[i] = e;
  }
  x->tally[task] = tally;
  return WSF_OK;
}

static wsf_status survey(builder *x, wsf__env *env, wsf__tally_rows *sum, wsf_error *err) {
  WSF__TRY(wsf__parallel(env, NULL, x->blocks, survey_block, x, err));
  *sum = x->tally[0];
  for (int64_t i = 1; i < x->blocks; ++i) {
    const wsf__tally_rows *t = &x->tally[i];
    sum->off_calendar += t->off_calendar;
    sum->duplicates += t->duplicates;
    sum->negatives += t->negatives;
    if (t->negative_line < sum->negative_line) sum->negative_line = t->negative_line;
    if (t->off_line < sum->off_line) {
      sum->off_line = t->off_line;
      sum->off_row = t->off_row;
    }
    if (t->duplicate_line < sum->duplicate_line) {
      sum->duplicate_line = t->duplicate_line;
      sum->duplicate_row = t->duplicate_row;
      sum->duplicate_of = t->duplicate_of;
    }
  }
  return WSF_OK;
}

static wsf_status fail_at_row(const wsf__rows *rows, int64_t row, wsf_error *err) {
  const char *file = rows->file;
  const int64_t line = wsf__row_line(rows, (uint32_t)row);
  wsf__error_at_row(err, wsf__line_of(rows->part, rows->n_parts, line, &file));
  wsf__error_at_field(err, rows->time_name);
  if (file) wsf__error_at_file(err, file);
  return WSF_E_DATA;
}

static wsf_status fail_off_calendar(const builder *x, const wsf__tally_rows *sum, wsf_error *err) {
  char found[32], first[32], name[32];
  wsf__timeline_text(x->b.rows, sum->off_row, found);
  wsf__calendar_text(&x->b.calendar, 0, first);
  wsf__calendar_name(&x->b.calendar, name);
  (void)wsf__fail(err, WSF_E_DATA,
                  "%s is no whole %s after %s, as are the times of %" PRId64 " of %" PRId64
                  " rows; expected one time every %s (shorter periods become a %s by resample)",
                  found, wsf__freq_name(x->b.calendar.freq), first, sum->off_calendar, x->b.rows->n,
                  name, wsf__freq_name(x->b.calendar.freq));
  return fail_at_row(x->b.rows, sum->off_row, err);
}

static wsf_status fail_duplicate(const wsf__rows *rows, const wsf__tally_rows *sum,
                                 wsf_error *err) {
  char time[32], keys[256] = "";
  size_t used = 0;
  wsf__timeline_text(rows, sum->duplicate_row, time);
  for (int k = 0; k < rows->n_keys && used < sizeof keys; ++k) {
    const char *label = rows->key_label[k][rows->key_code[k][sum->duplicate_row]];
    used += (size_t)snprintf(keys + used, sizeof keys - used, "%s %s, ", rows->key_name[k], label);
  }
  const char *file = NULL;
  const int64_t before = wsf__row_line(rows, (uint32_t)sum->duplicate_of);
  const int64_t line = wsf__line_of(rows->part, rows->n_parts, before, &file);
  (void)wsf__fail(err, WSF_E_DATA,
                  "%s%s %s stands here again after line %" PRId64
                  "%s%s; expected one row per series and time (or duplicates=sum or last)",
                  keys, rows->time_name, time, line, file ? " of " : "", file ? file : "");
  return fail_at_row(rows, sum->duplicate_row, err);
}

/* The fiscal year that the rules say, or the one that all times fit, or the retailers'. */
static wsf_status given_year(wsf__pace *pace, wsf__env *env, const builder *x, wsf_error *err) {
  pace->year = x->rules->fiscal_given ? x->rules->fiscal : wsf__fiscal_nrf;
  if (!x->rules->fiscal_given) {
    WSF__TRY(wsf__timeline_fiscal(&pace->year, &pace->years, env, x->b.rows, err));
    if (pace->years > 0) return WSF_OK;
  }
  wsf__timeline_stamps(&pace->year, x->b.rows);
  return WSF_OK;
}

/* Find the calendar and the extents of all series, by the times as they are. The first row's
 * calendar is tried; where rows miss it, the one of the majority; weeks of a series may have a
 * weekday of their own, and months may be named by any day. */
static wsf_status survey_times(builder *x, wsf__env *env, wsf__tally_rows *sum,
                               wsf__panel_counts *counts, wsf__arena *temporary, wsf_error *err) {
  const wsf__rows *rows = x->b.rows;
  wsf__pace pace = {.freq = x->rules->freq, .step = x->rules->step > 0 ? x->rules->step : 1};
  if (pace.freq == 0) {
    WSF__TRY(wsf__timeline_infer(&pace, env, rows, &x->b.order, err));
    if (x->rules->step > 0) pace.step = x->rules->step;
  } else if (pace.freq == WSF__FISCAL && rows->time_form != WSF__FORM_INTEGER) {
    WSF__TRY(given_year(&pace, env, x, err));
  }
  counts->fiscal_years = pace.years;
  WSF__TRY(wsf__timeline_first(&x->b.calendar, rows, pace, err));
  WSF__TRY(survey(x, env, sum, err));
  if (sum->off_calendar > 0) {
    WSF__TRY(wsf__timeline_majority(&x->b.calendar, rows, pace, err));
    if (pace.freq == WSF__WEEK && pace.step == 1 && rows->time_form != WSF__FORM_INTEGER) {
      WSF__TRY(wsf__build_weekdays(&x->b, counts, temporary, err));
    } else if (wsf__calendar_has_months(&x->b.calendar)) {
      WSF__TRY(wsf__build_months(&x->b, env, counts, temporary, err));
    }
    WSF__TRY(survey(x, env, sum, err));
  }
  return WSF_OK;
}

/* The same; events are of the periods that they lie in: of days wherever they are at several times,
 * else where most are off the calendar. */
static wsf_status survey_rows(builder *x, wsf__env *env, wsf__tally_rows *sum,
                              wsf__panel_counts *counts, wsf__arena *temporary, wsf_error *err) {
  bool moved = false;
  WSF__TRY(survey_times(x, env, sum, counts, temporary, err));
  const bool days = x->rules->freq == WSF__DAY || x->rules->freq == WSF__BUSINESS;
  const int64_t n = x->b.rows->n;
  if (sum->off_calendar > 0 && (days || 2 * sum->off_calendar >= n)) {
    WSF__TRY(wsf__build_clock(&x->b, x->rules, counts, temporary, &moved, err));
    if (moved) WSF__TRY(survey_times(x, env, sum, counts, temporary, err));
    if (2 * sum->off_calendar >= n) return fail_off_calendar(x, sum, err);
  }
  const wsf__rows *rows = x->b.rows;
  if (sum->duplicates > 0 && x->rules->duplicates == WSF__DUP_ERROR) {
    return fail_duplicate(rows, sum, err);
  }
  return WSF_OK;
}

/* ---- layout ------------------------------------------------------------------------------- */

static wsf_status lay_out(builder *x, const wsf__limits *limits, wsf__panel_counts *counts,
                          wsf_error *err) {
  wsf__build *b = &x->b;
  wsf__panel *p = x->p;
  const int64_t series = b->order.n;
  int64_t n = 0, first = INT64_MAX, last = INT64_MIN, last_row = INT64_MIN;
  for (int64_t i = 0; i < series; ++i) {
    const extent *e = &x->extent[i];
    counts->short_series += e->observed == 0 || e->observed < x->rules->min_obs;
    if (e->observed == 0) continue;
    b->kept[n++] = (uint32_t)i;
    if (e->first < first) first = e->first;
    if (e->last > last) last = e->last;
    if (e->last_row > last_row) last_row = e->last_row;
  }
  if (n == 0) {
    (void)wsf__fail(err, WSF_E_DATA, "none of %" PRId64 " rows has a value in %s, expected some",
                    b->rows->n, b->rows->target_name);
    wsf__error_at_field(err, b->rows->target_name);
    if (b->rows->file) wsf__error_at_file(err, b->rows->file);
    return WSF_E_DATA;
  }
  wsf__calendar_move(&b->calendar, first);
  p->calendar = b->calendar;
  p->n = n;
  p->T = b->rows->target ? last - first + 1 : 0;
  p->ahead = last_row - first + 1 - p->T;
  p->own_end =
      x->rules->own_end < 0 ? b->rows->time_form == WSF__FORM_INTEGER : x->rules->own_end != 0;
  p->season = x->rules->season > 0 ? x->rules->season : wsf__calendar_season(&p->calendar);
  p->season_told = x->rules->season > 0;
  p->grain = b->rows->grain;
  p->inferred = x->rules->freq == 0;
  p->moved = counts->moved > 0;

  int64_t *starts = wsf__arena_new(&p->arena, (size_t)n, sizeof *starts);
  int64_t *lengths = wsf__arena_new(&p->arena, (size_t)n, sizeof *lengths);
  int64_t *offsets = wsf__arena_new(&p->arena, (size_t)n, sizeof *offsets);
  int64_t *off = wsf__arena_new(&p->arena, counts->off_calendar ? (size_t)n : 0, sizeof *off);
  if (!starts || !lengths || !offsets || !off) return wsf__fail_memory(err);
  int64_t cells = 0;
  const int64_t most = wsf__limit_spread(limits, b->rows->n * (1 + b->rows->n_columns));
  bool stray = p->T + p->ahead > most;
  for (int64_t i = 0; i < n && !stray; ++i) {
    const extent *e = &x->extent[b->kept[i]];
    starts[i] = e->first - first;
    lengths[i] = b->rows->target ? (p->own_end ? e->last : last) - e->first + 1 : 0;
    offsets[i] = cells;
    if (counts->off_calendar) off[i] = e->off_calendar;
    cells += lengths[i];
    stray = cells > most;
  }
  if (stray) return wsf__timeline_fail_stray(b->rows, &p->calendar, p->T + p->ahead, err);
  b->room = most - cells;
  WSF__TRY(wsf__limit_check(limits, WSF__MOST_values, cells, err));
  p->first = starts;
  p->length = lengths;
  p->offset = offsets;
  if (counts->off_calendar) p->off_calendar = off;
  if (!b->rows->target) return WSF_OK;
  x->y = wsf__arena_new(&p->arena, (size_t)cells, sizeof *x->y);
  if (!x->y) return wsf__fail_memory(err);
  p->y = x->y;
  return WSF_OK;
}

/* ---- pass 2 ------------------------------------------------------------------------------- */

static wsf_status fill_block(void *user, int64_t task, wsf__arena *scratch, wsf_error *err) {
  (void)scratch, (void)err;
  builder *x = user;
  const wsf__panel *p = x->p;
  int64_t gaps = 0, missing = 0;
  const int64_t end = wsf__block_begin(task + 1, x->blocks, p->n);
  for (int64_t i = wsf__block_begin(task, x->blocks, p->n); i < end; ++i) {
    double *y = x->y + p->offset[i];
    const int64_t length = p->length[i];
    int64_t next = 0; /* first cell not written yet */
    const uint32_t series = x->b.kept[i];
    wsf__walk walk = wsf__walk_series(&x->b, series, NULL);
    if (x->b.plain[series]) {
      next = x->b.order.count[series];
      memcpy(y, x->b.rows->target + x->b.order.start[series], (size_t)next * sizeof *y);
      walk.at = walk.end;
    }
    for (wsf__cell cell; wsf__walk_next(&walk, &cell);) {
      const int64_t t = cell.period - p->first[i];
      if (t < 0) {
        ++missing;
        continue;
      }
      if (t >= length) break;
      gaps += t - next;
      for (; next < t; ++next) y[next] = x->rules->gaps_zero ? 0 : NAN;
      y[next++] = cell.y;
      missing += isnan(cell.y);
    }
    for (; next < length; ++next) y[next] = NAN;
  }
  x->tally[task] = (wsf__tally_rows){.gaps = gaps, .missing = missing};
  return WSF_OK;
}

static wsf_status take_keys(builder *x, const uint32_t *const *label_order, const bool *integer,
                            wsf__arena *temporary, wsf_error *err) {
  const wsf__rows *rows = x->b.rows;
  wsf__panel *p = x->p;
  wsf__key *key = wsf__arena_new(&p->arena, (size_t)rows->n_keys, sizeof *key);
  if (!key) return wsf__fail_memory(err);
  for (int k = 0; k < rows->n_keys; ++k) {
    const char **ordered = wsf__arena_new(temporary, (size_t)rows->n_labels[k], sizeof *ordered);
    int32_t *code = wsf__arena_new(&p->arena, (size_t)p->n, sizeof *code);
    if (!ordered || !code) return wsf__fail_memory(err);
    for (int32_t l = 0; l < rows->n_labels[k]; ++l) {
      ordered[l] = rows->key_label[k][label_order[k][l]];
    }
    for (int64_t i = 0; i < p->n; ++i) code[i] = x->b.order.code[k][x->b.kept[i]];
    WSF__TRY(wsf__panel_key(&key[k], p, rows->key_name[k], integer[k], ordered, rows->n_labels[k],
                            code, p->n, err));
  }
  p->key = key;
  p->n_keys = rows->n_keys;
  p->time_name = wsf__arena_text(&p->arena, rows->time_name, strlen(rows->time_name));
  const char *target = rows->target ? rows->target_name : "";
  p->target_name = wsf__arena_text(&p->arena, target, strlen(target));
  return p->time_name && p->target_name ? WSF_OK : wsf__fail_memory(err);
}

static wsf_status build(builder *x, wsf__env *env, wsf__panel_counts *counts, wsf__arena *temporary,
                        wsf_error *err) {
  const wsf__rows *rows = x->b.rows;
  const size_t n_keys = (size_t)rows->n_keys;
  const uint32_t **label_order = wsf__arena_new(temporary, n_keys, sizeof *label_order);
  const int32_t **rank = wsf__arena_new(temporary, n_keys, sizeof *rank);
  bool *integer = wsf__arena_new(temporary, n_keys, sizeof *integer);
  if (!label_order || !rank || !integer) return wsf__fail_memory(err);
  for (int k = 0; k < rows->n_keys; ++k) {
    const uint32_t n = (uint32_t)rows->n_labels[k];
    uint32_t *order = wsf__arena_new(temporary, n, sizeof *order);
    int32_t *place = wsf__arena_new(temporary, n, sizeof *place);
    if (!order || !place) return wsf__fail_memory(err);
    const wsf__mark mark = wsf__arena_mark(temporary);
    if (!wsf__labels_sort(rows->key_label[k], n, order, &integer[k], temporary)) {
      return wsf__fail_memory(err);
    }
    wsf__arena_reset(temporary, mark);
    for (uint32_t r = 0; r < n; ++r) place[order[r]] = (int32_t)r;
    label_order[k] = order;
    rank[k] = place;
  }
  WSF__TRY(wsf__order_rows(&x->b.order, env, rows, rank, temporary, err));

  WSF__TRY(wsf__limit_check(&env->limits, WSF__MOST_series, x->b.order.n, err));
  const size_t series = (size_t)x->b.order.n;
  x->blocks = wsf__order_blocks(rows->n, x->b.order.n);
  x->extent = wsf__arena_new(temporary, series, sizeof *x->extent);
  x->b.kept = wsf__arena_new(temporary, series, sizeof *x->b.kept);
  x->b.plain = wsf__arena_new(temporary, series, sizeof *x->b.plain);
  x->tally = wsf__arena_new(temporary, (size_t)x->blocks, sizeof *x->tally);
  if (!x->extent || !x->b.kept || !x->b.plain || !x->tally) return wsf__fail_memory(err);
  wsf__tally_rows sum;
  WSF__TRY(survey_rows(x, env, &sum, counts, temporary, err));
  counts->off_calendar = sum.off_calendar;
  counts->duplicates = sum.duplicates;
  counts->negatives = sum.negatives;
  if (sum.off_calendar) {
    counts->first_off_calendar = sum.off_line;
    wsf__timeline_text(rows, sum.off_row, counts->off_calendar_time);
  }
  if (sum.duplicates) counts->first_duplicate = sum.duplicate_line;
  if (sum.negatives) counts->first_negative = sum.negative_line;

  WSF__TRY(lay_out(x, &env->limits, counts, err));
  WSF__TRY(take_keys(x, label_order, integer, temporary, err));
  x->blocks = wsf__order_blocks(rows->n, x->p->n);
  if (rows->target) WSF__TRY(wsf__parallel(env, NULL, x->blocks, fill_block, x, err));
  for (int64_t i = 0; i < x->blocks && rows->target; ++i) {
    counts->gaps += x->tally[i].gaps;
    counts->missing += x->tally[i].missing;
  }
  const bool unfilled = x->rules->duplicates == WSF__DUP_SUM && !x->rules->gaps_zero;
  counts->unfilled = unfilled ? counts->gaps : 0;
  if (rows->target) WSF__TRY(wsf__build_far(x->p, &x->b, env, counts, temporary, err));
  return wsf__build_columns(x->p, &x->b, env, counts, err);
}

wsf_status wsf__panel_build(wsf__panel **out, wsf__env *env, const wsf__rows *rows,
                            const wsf__panel_rules *rules, wsf__panel_counts *counts,
                            wsf_error *err) {
  wsf__panel_counts ignored;
  if (!counts) counts = &ignored;
  *counts = (wsf__panel_counts){.rows = rows->n};
  *out = NULL;
  if (rows->n <= 0 || rows->n > WSF__ROWS_MOST) {
    (void)wsf__fail(err, WSF_E_DATA, "the data has %" PRId64 " rows, expected 1 to %" PRId64,
                    rows->n, WSF__ROWS_MOST);
    if (rows->file) wsf__error_at_file(err, rows->file);
    return WSF_E_DATA;
  }
  wsf__arena temporary;
  wsf__arena_init(&temporary, &env->alloc);
  temporary.work_of = env;
  builder x = {.b = {.rows = rows,
                     .scratch = &temporary,
                     .duplicates = rules->duplicates,
                     .negatives_zero = rules->negatives_zero},
               .rules = rules};
  wsf_status status = wsf__panel_create(&x.p, &env->alloc, err);
  if (status == WSF_OK) status = build(&x, env, counts, &temporary, err);
  wsf__arena_free(&temporary);
  if (status != WSF_OK) {
    wsf__panel_release(x.p);
    return wsf__stopped(env) ? wsf__fail_stopped(env, err) : status;
  }
  *out = x.p;
  return WSF_OK;
}
