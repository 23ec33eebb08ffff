/* Sums of series as series of the panel (Hyndman and Athanasopoulos 2021, "Forecasting: principles
 * and practice", 11.1): a level keeps some keys and sums over the others. A sum has no label (code
 * -1) in the keys that were summed over, so it stands before its series in the panel's order, and
 * everything that is done by series, key or label goes on as before.
 *
 * The rows of the new panel are the old series and the groups of every level, found by stable radix
 * sorts of the kept codes; one more sort brings them into the panel's order. Which series a sum
 * adds up stays in the panel (wsf__panel.member) as long as they are there. */
#include "panel/hierarchy.h"
#include "panel/make.h"
#include "panel/vintages.h"
#include "panel/radix.h"

#include <math.h>
#include <string.h>

/* A series of the new panel. */
typedef struct row {
  int64_t n;             /* series of the old panel that it adds up; 0: it is one of them */
  const int64_t *member; /* [n] rising; the one series if n = 0 */
  int level;
} row;

typedef struct summing {
  const wsf__panel *from;
  wsf__panel *to;
  const wsf__aggregate_rules *rules;
  wsf__arena arena;
  int64_t n;
  row *row; /* [n] */
  int64_t *first, *length, *offset;
  double *y;
  int64_t *missing; /* [to->n] */
} summing;

/* ---- rows ---------------------------------------------------------------------------------- */

static bool keeps(const wsf__level *level, int key) {
  for (int i = 0; i < level->n; ++i) {
    if (level->key[i] == key) return true;
  }
  return false;
}

static int32_t code_of(const summing *s, const row *r, int key) {
  const bool label = r->n == 0 || keeps(&s->rules->level[r->level], key);
  return label ? s->from->key[key].code[r->member[0]] : -1;
}

/* The series in the order of a level's codes; those of one group side by side, rising. false: the
 * call was stopped. */
static bool sort_level(const summing *s, const wsf__level *level, wsf__pair *pair,
                       wsf__pair *spare) {
  const size_t n = (size_t)s->from->n;
  for (size_t i = 0; i < n; ++i) pair[i] = (wsf__pair){0, (uint32_t)i};
  for (int l = level->n - 1; l >= 0; --l) {
    const int32_t *code = s->from->key[level->key[l]].code;
    for (size_t i = 0; i < n; ++i) pair[i].key = (uint64_t)code[pair[i].at];
    if (!wsf__radix_sort(pair, spare, n, &s->arena)) return false;
  }
  return true;
}

static bool same_group(const summing *s, const wsf__level *level, uint32_t a, uint32_t b) {
  for (int l = 0; l < level->n; ++l) {
    const int32_t *code = s->from->key[level->key[l]].code;
    if (code[a] != code[b]) return false;
  }
  return true;
}

/* The groups of one level become rows; false: out of memory, or the call was stopped. */
static bool add_level(summing *s, int level, wsf__pair *pair, wsf__pair *spare) {
  const wsf__level *l = &s->rules->level[level];
  const int64_t n = s->from->n;
  int64_t *member = wsf__arena_new(&s->arena, (size_t)n, sizeof *member);
  if (!member) return false;
  if (!sort_level(s, l, pair, spare)) return false;
  for (int64_t i = 0; i < n; ++i) {
    member[i] = pair[i].at;
    if (i == 0 || !same_group(s, l, pair[i - 1].at, pair[i].at)) {
      s->row[s->n++] = (row){.member = member + i, .level = level};
    }
    ++s->row[s->n - 1].n;
  }
  return true;
}

/* Rows in the order of the panel: by code, sums before series. false: out of memory, or the call
 * was stopped. */
static bool sort_rows(summing *s, wsf__pair *pair, wsf__pair *spare) {
  row *sorted = wsf__arena_new(&s->arena, (size_t)s->n, sizeof *sorted);
  if (!sorted) return false;
  for (int64_t i = 0; i < s->n; ++i) pair[i] = (wsf__pair){0, (uint32_t)i};
  for (int k = s->from->n_keys - 1; k >= 0; --k) {
    for (int64_t i = 0; i < s->n; ++i) {
      pair[i].key = (uint64_t)((int64_t)code_of(s, &s->row[pair[i].at], k) + 1);
    }
    if (!wsf__radix_sort(pair, spare, (size_t)s->n, &s->arena)) return false;
  }
  for (int64_t i = 0; i < s->n; ++i) sorted[i] = s->row[pair[i].at];
  s->row = sorted;
  return true;
}

static wsf_status make_rows(summing *s, const wsf__env *env, wsf_error *err) {
  const wsf__panel *from = s->from;
  size_t most;
  if (!wsf__mul((size_t)from->n, (size_t)s->rules->n_levels + 1, &most) || most > INT32_MAX) {
    return wsf__fail(err, WSF_E_DATA, "%lld series at %d levels are more than a panel can hold",
                     (long long)from->n, s->rules->n_levels);
  }
  s->row = wsf__arena_new(&s->arena, most, sizeof *s->row);
  wsf__pair *pair = wsf__arena_new(&s->arena, most, sizeof *pair);
  wsf__pair *spare = wsf__arena_new(&s->arena, most, sizeof *spare);
  int64_t *self = wsf__arena_new(&s->arena, (size_t)from->n, sizeof *self);
  if (!s->row || !pair || !spare || !self) return wsf__fail_memory(err);
  for (int64_t i = 0; i < from->n; ++i) {
    self[i] = i;
    if (s->rules->base) s->row[s->n++] = (row){.member = self + i};
  }
  for (int l = 0; l < s->rules->n_levels; ++l) {
    if (!add_level(s, l, pair, spare)) return wsf__fail_memory(err);
  }
  WSF__TRY(wsf__limit_check(&env->limits, WSF__MOST_series, s->n, err));
  return sort_rows(s, pair, spare) ? WSF_OK : wsf__fail_memory(err);
}

/* ---- keys, members ------------------------------------------------------------------------- */

static wsf_status make_keys(summing *s, wsf_error *err) {
  const wsf__panel *from = s->from;
  wsf__panel *p = s->to;
  wsf__key *key = wsf__arena_new(&p->arena, (size_t)from->n_keys, sizeof *key);
  if (!key) return wsf__fail_memory(err);
  for (int k = 0; k < from->n_keys; ++k) {
    const wsf__key *old = &from->key[k];
    int32_t *code = wsf__arena_new(&p->arena, (size_t)p->n, sizeof *code);
    if (!code) return wsf__fail_memory(err);
    for (int64_t i = 0; i < p->n; ++i) code[i] = code_of(s, &s->row[i], k);
    WSF__TRY(wsf__panel_key(&key[k], p, old->name, old->integer, old->label, old->n_labels, code,
                            p->n, err));
  }
  p->key = key;
  p->n_keys = from->n_keys;
  return WSF_OK;
}

/* Which series each sum adds up, if they are in the panel. */
static wsf_status make_members(summing *s, wsf_error *err) {
  wsf__panel *p = s->to;
  if (!s->rules->base) return WSF_OK;
  int32_t *place = wsf__arena_new(&s->arena, (size_t)s->from->n, sizeof *place);
  int64_t *start = wsf__arena_new(&p->arena, (size_t)p->n + 1, sizeof *start);
  if (!place || !start) return wsf__fail_memory(err);
  start[0] = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    if (s->row[i].n == 0) place[s->row[i].member[0]] = (int32_t)i;
    start[i + 1] = start[i] + s->row[i].n;
  }
  int32_t *member = wsf__arena_new(&p->arena, (size_t)start[p->n], sizeof *member);
  if (!member) return wsf__fail_memory(err);
  for (int64_t i = 0; i < p->n; ++i) {
    for (int64_t m = 0; m < s->row[i].n; ++m) member[start[i] + m] = place[s->row[i].member[m]];
  }
  p->members = (wsf__members){start, member};
  return WSF_OK;
}

/* ---- target -------------------------------------------------------------------------------- */

/* Where a row begins at the earliest and ends, both in periods. */
static void extent_of(const summing *s, const row *r, int64_t *first, int64_t *end) {
  const wsf__panel *p = s->from;
  *first = INT64_MAX;
  *end = 0;
  for (int64_t m = 0; m < (r->n ? r->n : 1); ++m) {
    const int64_t i = r->member[m];
    if (p->first[i] < *first) *first = p->first[i];
    if (p->first[i] + p->length[i] > *end) *end = p->first[i] + p->length[i];
  }
}

/* Add one series to a sum that begins in period `first` and lasts `length`; seen[t]: something was
 * observed there. A missing value is there to stay: NaN and a number make NaN. */
static void add_series(const summing *s, int64_t series, double *y, uint8_t *seen, int64_t first,
                       int64_t length) {
  const wsf__panel *p = s->from;
  const double *x = p->y + p->offset[series];
  const int64_t begin = p->first[series] - first, end = begin + p->length[series];
  const bool strict = !s->rules->skip_missing;
  for (int64_t t = begin; t < end; ++t) {
    if (!isnan(x[t - begin])) {
      y[t] += x[t - begin];
      seen[t] = 1;
    } else if (strict) {
      y[t] = NAN;
    }
  }
  /* With ends of their own, series that go on are not the whole. */
  for (int64_t t = end; strict && t < length; ++t) y[t] = NAN;
}

static wsf_status sum_row(void *user, int64_t task, wsf__arena *scratch, wsf_error *err) {
  summing *s = user;
  const row *r = &s->row[task];
  const wsf__panel *from = s->from;
  double *y = s->y + s->offset[task];
  const int64_t length = s->length[task];
  if (r->n == 0) {
    memcpy(y, from->y + from->offset[r->member[0]], (size_t)length * sizeof *y);
    return WSF_OK;
  }
  uint8_t *seen = wsf__arena_zero(scratch, (size_t)length, 1);
  if (!seen) return wsf__fail_memory(err);
  for (int64_t t = 0; t < length; ++t) y[t] = 0;
  for (int64_t m = 0; m < r->n; ++m) {
    add_series(s, r->member[m], y, seen, s->first[task], length);
  }
  int64_t skipped = -1, last = 0;
  for (int64_t t = 0; t < length; ++t) {
    if (!seen[t]) y[t] = NAN;
    s->missing[task] += isnan(y[t]);
    if (isnan(y[t])) continue;
    if (skipped < 0) skipped = t;
    last = t;
  }
  if (skipped < 0) {
    char label[128];
    wsf__panel_label(s->to, task, label, sizeof label);
    (void)wsf__fail(err, WSF_E_DATA,
                    "the sum \"%s\" has no period in which all of its %lld series are observed; "
                    "missing=skip adds what is there",
                    label, (long long)r->n);
    wsf__error_at_series(err, task);
    return WSF_E_DATA;
  }
  /* A series begins with an observation; with an end of its own it ends with one. */
  if (from->own_end) s->length[task] = last + 1;
  s->first[task] += skipped;
  s->offset[task] += skipped;
  s->length[task] -= skipped;
  return WSF_OK;
}

static wsf_status sum_targets(summing *s, wsf__env *env, int64_t *missing, wsf_error *err) {
  wsf__panel *p = s->to;
  const size_t n = (size_t)p->n;
  s->first = wsf__arena_new(&p->arena, n, sizeof *s->first);
  s->length = wsf__arena_new(&p->arena, n, sizeof *s->length);
  s->offset = wsf__arena_new(&p->arena, n, sizeof *s->offset);
  s->missing = wsf__arena_zero(&s->arena, n, sizeof *s->missing);
  if (!s->first || !s->length || !s->offset || !s->missing) return wsf__fail_memory(err);
  int64_t cells = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    int64_t end;
    extent_of(s, &s->row[i], &s->first[i], &end);
    s->length[i] = end - s->first[i];
    s->offset[i] = cells;
    if (__builtin_add_overflow(cells, s->length[i], &cells)) return wsf__fail_memory(err);
  }
  WSF__TRY(wsf__limit_check(&env->limits, WSF__MOST_values, cells, err));
  s->y = wsf__arena_new(&p->arena, (size_t)cells, sizeof *s->y);
  if (!s->y) return wsf__fail_memory(err);
  p->first = s->first;
  p->length = s->length;
  p->offset = s->offset;
  p->y = s->y;
  WSF__TRY(wsf__parallel(env, "aggregate", p->n, sum_row, s, err));
  for (int64_t i = 0; i < p->n; ++i) *missing += s->missing[i];
  return WSF_OK;
}

/* ---- columns ------------------------------------------------------------------------------- */

/* The group that all members share, or -1 if they have several. */
static int32_t shared_group(const wsf__column *c, const row *r) {
  const int32_t group = c->group[r->member[0]];
  for (int64_t m = 1; m < r->n; ++m) {
    if (c->group[r->member[m]] != group) return -1;
  }
  return group;
}

/* What the series of a sum have in one period of a column. */
typedef struct blend {
  double first, most, sum, n;
  bool same;
} blend;

/* One value for all series of a row in each period. count: zeros, one per group, and again at the
 * end; series that share a group are looked at once. */
static void blend_column(const wsf__column *c, const row *r, double *out, blend *in,
                         int64_t *count) {
  for (int64_t t = 0; t < c->periods; ++t) in[t] = (blend){NAN, NAN, 0, 0, true};
  for (int64_t m = 0; m < r->n; ++m) {
    if (c->group[r->member[m]] >= 0) ++count[c->group[r->member[m]]];
  }
  for (int64_t m = 0; m < r->n; ++m) {
    const int32_t group = c->group[r->member[m]];
    if (group < 0 || count[group] == 0) continue;
    const double *x = c->value + group * c->periods, n = (double)count[group];
    for (int64_t t = 0; t < c->periods; ++t) {
      if (isnan(x[t])) continue;
      if (in[t].n == 0) in[t].first = x[t];
      in[t].same = in[t].same && x[t] == in[t].first;
      in[t].most = fmax(in[t].most, x[t]);
      in[t].sum += n * x[t];
      in[t].n += n;
    }
    count[group] = 0;
  }
  for (int64_t t = 0; t < c->periods; ++t) {
    out[t] = in[t].same            ? in[t].first
             : c->n_categories > 0 ? NAN
             : c->flag             ? in[t].most
                                   : in[t].sum / in[t].n;
  }
}

static wsf_status make_column(summing *s, wsf__column *out, const wsf__column *old,
                              wsf_error *err) {
  wsf__panel *p = s->to;
  int32_t *place = wsf__arena_new(&s->arena, (size_t)old->n_groups, sizeof *place);
  int32_t *group = wsf__arena_new(&p->arena, (size_t)p->n, sizeof *group);
  int64_t *count = wsf__arena_zero(&s->arena, (size_t)old->n_groups, sizeof *count);
  blend *in = wsf__arena_new(&s->arena, (size_t)old->periods, sizeof *in);
  if (!place || !group || !count || !in) return wsf__fail_memory(err);
  *out = *old;
  WSF__TRY(wsf__column_texts(out, &p->arena, err));
  /* Groups that rows share keep their values; a sum over several groups gets one of its own. */
  int64_t groups = 0;
  for (int64_t g = 0; g < old->n_groups; ++g) place[g] = -1;
  for (int64_t i = 0; i < p->n; ++i) {
    const row *r = &s->row[i];
    const int32_t g = shared_group(old, r);
    const bool none = g < 0 && (r->n <= 1 || old->n_groups == 0);
    if (none)
      group[i] = -1;
    else if (g < 0)
      group[i] = (int32_t)groups++;
    else
      group[i] = place[g] < 0 ? place[g] = (int32_t)groups++ : place[g];
  }
  size_t cells;
  double *value = NULL;
  if (wsf__mul((size_t)groups, (size_t)old->periods, &cells)) {
    value = wsf__arena_new(&p->arena, cells, sizeof *value);
  }
  if (!value) return wsf__fail_memory(err);
  for (int64_t g = 0; g < old->n_groups; ++g) {
    if (place[g] < 0) continue;
    memcpy(value + place[g] * old->periods, old->value + g * old->periods,
           (size_t)old->periods * sizeof *value);
  }
  for (int64_t i = 0; i < p->n; ++i) {
    if (group[i] < 0 || shared_group(old, &s->row[i]) >= 0) continue;
    blend_column(old, &s->row[i], value + group[i] * old->periods, in, count);
  }
  out->n_groups = groups;
  out->group = group;
  out->value = value;
  return WSF_OK;
}

static wsf_status make_columns(summing *s, wsf__env *env, wsf_error *err) {
  const wsf__panel *from = s->from;
  wsf__panel *p = s->to;
  wsf__column *column = wsf__arena_new(&p->arena, (size_t)from->n_columns, sizeof *column);
  if (!column) return wsf__fail_memory(err);
  for (int c = 0; c < from->n_columns; ++c) {
    const wsf__mark mark = wsf__arena_mark(&s->arena);
    WSF__TRY(wsf__checkpoint(env, "aggregate", c, from->n_columns, err));
    WSF__TRY(make_column(s, &column[c], &from->column[c], err));
    wsf__arena_reset(&s->arena, mark);
  }
  p->column = column;
  p->n_columns = from->n_columns;
  return WSF_OK;
}

/* ---- the panel ----------------------------------------------------------------------------- */

static wsf_status sum_panel(summing *s, wsf__env *env, wsf__aggregate_counts *counts,
                            wsf_error *err) {
  const wsf__panel *from = s->from;
  wsf__panel *p = s->to;
  WSF__TRY(make_rows(s, env, err));
  WSF__TRY(wsf__limit_check(&env->limits, WSF__MOST_series, s->n, err));
  p->n = s->n;
  p->T = from->T;
  p->ahead = from->ahead;
  p->holiday = from->holiday;
  p->weight = from->weight;
  WSF__TRY(wsf__panel_head(p, from, err));
  p->report = wsf_table_retain(from->report);
  p->request = wsf_table_retain(from->request);
  WSF__TRY(make_keys(s, err));
  WSF__TRY(make_members(s, err));
  WSF__TRY(sum_targets(s, env, &counts->missing, err));
  for (int64_t i = 0; i < p->n; ++i) counts->sums += s->row[i].n > 0;
  return make_columns(s, env, err);
}

wsf_status wsf__panel_aggregate(wsf__panel **out, wsf__env *env, const wsf__panel *p,
                                const wsf__aggregate_rules *rules, wsf__aggregate_counts *counts,
                                wsf_error *err) {
  summing s = {.from = p, .rules = rules};
  *out = NULL;
  *counts = (wsf__aggregate_counts){0};
  WSF__TRY(wsf__vintages_refuse(p, "aggregate", err));
  wsf__arena_init(&s.arena, &env->alloc);
  s.arena.work_of = env;
  wsf_status status = wsf__panel_create(&s.to, &env->alloc, err);
  if (status == WSF_OK) status = sum_panel(&s, env, counts, err);
  wsf__arena_free(&s.arena);
  if (status == WSF_OK)
    *out = s.to;
  else
    wsf__panel_release(s.to);
  return status != WSF_OK && wsf__stopped(env) ? wsf__fail_stopped(env, err) : status;
}
