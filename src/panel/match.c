/* The same series in two panels: by key names and labels, whatever the order, the origin of the
 * calendar or the codes. Labels are ordered in a panel (whole numbers by value, texts by bytes) and
 * series by their codes, so both lookups are binary searches. */
#include "base/text.h"
#include "panel/match.h"

#include <math.h>
#include <string.h>

static int compare_labels(const wsf__key *key, const char *a, const char *b) {
  int64_t x, y;
  if (key->integer && wsf__integer_parse(a, strlen(a), &x) &&
      wsf__integer_parse(b, strlen(b), &y)) {
    return (x > y) - (x < y);
  }
  return strcmp(a, b);
}

static int32_t find_label(const wsf__key *key, const char *label) {
  int64_t whole;
  if (key->integer && !wsf__integer_parse(label, strlen(label), &whole)) return -1;
  int32_t lo = 0, hi = key->n_labels;
  while (lo < hi) {
    const int32_t middle = lo + (hi - lo) / 2;
    if (compare_labels(key, key->label[middle], label) < 0)
      lo = middle + 1;
    else
      hi = middle;
  }
  return lo < key->n_labels && compare_labels(key, key->label[lo], label) == 0 ? lo : -1;
}

wsf_status wsf__matcher_init(wsf__matcher *m, wsf__arena *arena, const wsf__panel *panel,
                             wsf_error *err) {
  *m = (wsf__matcher){.panel = panel, .n_keys = panel->n_keys};
  m->want = wsf__arena_zero(arena, (size_t)panel->n_keys, sizeof *m->want);
  return m->want ? WSF_OK : wsf__fail_memory(err);
}

bool wsf__matcher_set(wsf__matcher *m, int k, const char *label) {
  m->want[k] = *label ? find_label(&m->panel->key[k], label) : -1;
  return m->want[k] >= 0 || !*label;
}

/* Order of series i and the codes wanted. */
static int compare_series(const wsf__matcher *m, int64_t i) {
  for (int k = 0; k < m->n_keys; ++k) {
    const int32_t code = m->panel->key[k].code[i];
    if (code != m->want[k]) return code < m->want[k] ? -1 : 1;
  }
  return 0;
}

int64_t wsf__matcher_find(const wsf__matcher *m) {
  int64_t lo = 0, hi = m->panel->n;
  while (lo < hi) {
    const int64_t middle = lo + (hi - lo) / 2;
    if (compare_series(m, middle) < 0)
      lo = middle + 1;
    else
      hi = middle;
  }
  return lo < m->panel->n && compare_series(m, lo) == 0 ? lo : -1;
}

wsf_status wsf__match_series(int64_t **row, const wsf__env *env, wsf__arena *arena,
                             const wsf__panel *of, const wsf__panel *in, wsf_error *err) {
  wsf__matcher m;
  WSF__TRY(wsf__matcher_init(&m, arena, in, err));
  int *from = wsf__arena_new(arena, (size_t)in->n_keys, sizeof *from);
  *row = wsf__arena_new(arena, (size_t)of->n, sizeof **row);
  if (!from || !*row) return wsf__fail_memory(err);
  if (in->n_keys != of->n_keys) {
    return wsf__fail(err, WSF_E_DATA, "the datasets have %d and %d keys, expected the same",
                     of->n_keys, in->n_keys);
  }
  for (int k = 0; k < in->n_keys; ++k) {
    from[k] = wsf__panel_find_key(of, in->key[k].name);
    if (from[k] < 0) {
      (void)wsf__fail(err, WSF_E_DATA, "key %s of one dataset is no key of the other",
                      in->key[k].name);
      wsf__error_at_field(err, in->key[k].name);
      return WSF_E_DATA;
    }
  }
  for (int64_t i = 0; i < of->n; ++i) {
    bool all = true;
    WSF__TRY(wsf__go_on(env, i, err));
    for (int k = 0; all && k < in->n_keys; ++k) {
      all = wsf__matcher_set(&m, k, wsf__panel_key_label(of, from[k], i));
    }
    (*row)[i] = all ? wsf__matcher_find(&m) : -1;
  }
  return WSF_OK;
}

bool wsf__target_unnamed(const wsf__panel *panel) {
  static const char *const word = "column";
  const char *name = panel->target_name;
  int64_t place;
  return strncmp(name, word, strlen(word)) == 0 &&
         wsf__integer_parse(name + strlen(word), strlen(name) - strlen(word), &place);
}

wsf_status wsf__match_target(const wsf__panel *base, const wsf__panel *other, const char *whose,
                             wsf_error *err) {
  if (strcmp(base->target_name, other->target_name) == 0) return WSF_OK;
  if (wsf__target_unnamed(base) != wsf__target_unnamed(other)) return WSF_OK;
  (void)wsf__fail(err, WSF_E_DATA,
                  "the target of the dataset is '%.100s', expected '%.100s' as %s has it "
                  "(target=any takes it for the same)",
                  other->target_name, base->target_name, whose);
  wsf__error_at_field(err, other->target_name);
  return WSF_E_DATA;
}

bool wsf__match_period(const wsf__panel *base, wsf__time time, int64_t *out) {
  return wsf__panel_period(base, time, out) || (wsf__calendar_has_months(&base->calendar) &&
                                                wsf__calendar_near(&base->calendar, time, out));
}

wsf_status wsf__match_calendar(int64_t *shift, const wsf__panel *base, const wsf__panel *other,
                               wsf_error *err) {
  const wsf__calendar *a = &base->calendar, *b = &other->calendar;
  /* Months of a quarterly or yearly calendar, weekdays of a weekly one: where period 0 of one is
   * looked up on the other, a calendar of another phase shows. */
  const int64_t scale = a->form == WSF__FORM_DATE ? 86400 : 1;
  const wsf__time start = {.form = b->form, .value = wsf__calendar_value(b, 0) * scale};
  if (a->freq != b->freq || a->step != b->step || a->form != b->form ||
      !wsf__match_period(base, start, shift)) {
    char name[2][32], first[2][32];
    wsf__calendar_name(a, name[0]);
    wsf__calendar_name(b, name[1]);
    wsf__calendar_text(a, 0, first[0]);
    wsf__calendar_text(b, 0, first[1]);
    return wsf__fail(err, WSF_E_DATA,
                     "the datasets follow different calendars (%s from %s and %s from %s), "
                     "expected the same%s%s%s",
                     name[0], first[0], name[1], first[1], other->inferred ? " (freq=" : "",
                     other->inferred ? wsf__freq_name(a->freq) : "",
                     other->inferred ? " says of the second what its times do not)" : "");
  }
  return WSF_OK;
}

static int32_t category_code(const wsf__column *like, const char *category) {
  for (int32_t w = 0; w < like->n_categories; ++w) {
    if (strcmp(like->category[w], category) == 0) return w;
  }
  return -1;
}

int64_t wsf__match_room(const wsf__limits *limits, const wsf__panel *from) {
  int64_t values = 0;
  for (int64_t i = 0; from->y && i < from->n; ++i) values += from->length[i];
  for (int c = 0; c < from->n_columns; ++c) {
    values += from->column[c].n_groups * from->column[c].periods;
  }
  return wsf__limit_spread(limits, values);
}

wsf_status wsf__take_room(int64_t *room, int64_t groups, int64_t periods, const char *column,
                          wsf_error *err) {
  int64_t cells;
  if (!__builtin_mul_overflow(groups, periods, &cells) && cells <= *room) {
    *room -= cells;
    return WSF_OK;
  }
  (void)wsf__fail(
      err, WSF_E_DATA,
      "%s would have %lld values in each of %lld groups, as the times of the data lie far "
      "from those of the forecaster; expected data nearby (max_values allows more)",
      column, (long long)periods, (long long)groups);
  wsf__error_at_field(err, column);
  return WSF_E_DATA;
}

/* Groups stay groups: a column costs as much as it did in the dataset it comes from, less the
 * groups that no row names. */
wsf_status wsf__match_column(wsf__column *out, wsf__arena *arena, const wsf__column *like,
                             const wsf__column *from, const int64_t *row, int64_t n, int64_t shift,
                             int64_t *room, wsf_error *err) {
  const bool timed = from->kind != WSF__STATIC;
  int64_t start = from->kind == WSF__PAST ? from->start + shift : 0;
  if (start < 0) start = 0;
  int64_t periods = timed ? from->start + from->periods + shift - start : 1;
  if (periods < 0) periods = 0;
  int32_t *group = wsf__arena_new(arena, (size_t)n, sizeof *group);
  int32_t *place = wsf__arena_new(arena, (size_t)from->n_groups, sizeof *place);
  double *recode = wsf__arena_new(arena, (size_t)from->n_categories, sizeof *recode);
  if (!group || !place || !recode) return wsf__fail_memory(err);
  for (int64_t g = 0; g < from->n_groups; ++g) place[g] = -1;
  for (int64_t i = 0; i < n; ++i) {
    if (row[i] >= 0 && from->group[row[i]] >= 0) place[from->group[row[i]]] = 0;
  }
  int32_t used = 0;
  for (int64_t g = 0; g < from->n_groups; ++g) {
    if (place[g] == 0) place[g] = used++;
  }
  for (int64_t i = 0; i < n; ++i) {
    const int32_t g = row[i] < 0 ? -1 : from->group[row[i]];
    group[i] = g < 0 ? -1 : place[g];
  }
  WSF__TRY(wsf__take_room(room, used, periods, from->name, err));
  double *value = wsf__arena_new(arena, (size_t)(used * periods), sizeof *value);
  if (!value) return wsf__fail_memory(err);
  const bool categories = like->n_categories > 0 && from->n_categories > 0;
  for (int32_t w = 0; categories && w < from->n_categories; ++w) {
    const int32_t code = category_code(like, from->category[w]);
    recode[w] = code < 0 ? NAN : code;
  }
  wsf__watch watch = {.scratch = arena};
  for (int64_t g = 0; g < from->n_groups; ++g) {
    if (place[g] < 0) continue;
    for (int64_t t = 0; t < periods; ++t) {
      if (wsf__watch_ends(&watch, 1)) return wsf__fail_stopped(arena->work_of, err);
      const int64_t source = timed ? start + t - shift - from->start : 0;
      double x = source < 0 ? NAN : from->value[g * from->periods + source];
      if (categories && x >= 0 && x < from->n_categories) x = recode[(int32_t)x];
      value[place[g] * periods + t] = x;
    }
  }
  *out = *like;
  out->n_groups = used;
  out->start = start;
  out->periods = periods;
  out->group = group;
  out->value = value;
  return WSF_OK;
}
