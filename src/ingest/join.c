/* Join: columns of another file, found by key columns, by the time, or by both.
 *
 * Rows of the file that share their key columns are a group; each series points at the group of its
 * labels, so values are stored once however many series share them. With the time column the joined
 * columns run along the calendar and, unless kind=past, are known ahead: rows past the history are
 * the future known at forecast time. Without it they are static. Of several rows for one place the
 * last counts. Limits: labels match as texts. */
#include "ingest/join.h"
#include "ingest/hint.h"
#include "ingest/sources.h"
#include "panel/vintages.h"

#include <math.h>

static const wsf__option options[] = {
    {"data", WSF__CALL, NULL, 0, 0, "data", "the data that gets the columns"},
    {"path", WSF__TEXT, NULL, 0, 0, NULL, "the CSV file"},
    {"on", WSF__NAMES, NULL, 0, 0, NULL, "key columns, the time column or its parts, or both"},
    {"columns", WSF__NAMES, "", 0, 0, NULL, "columns to take; absent: all"},
    {"kind", WSF__WORD, "known", 0, 0, "known|past",
     "whether columns joined by time are known ahead or only for the past"},
    {"known", WSF__NAMES, "", 0, 0, NULL, "the columns known ahead, if only some are"},
    {"known_at", WSF__TEXT, "", 0, 0, NULL,
     "column of when a row became known; of several rows for one place each origin sees the latest "
     "that it can know"},
    {"fill", WSF__WORD, "none", 0, 0, "none|forward",
     "leave missing values, or repeat the last value, also past the file's end; flags stay"},
    {"prefix", WSF__TEXT, "", 0, 0, NULL, "put before the names of the joined columns"},
    {"text", WSF__NAMES, "", 0, 0, NULL, "columns to read as words even if they look like numbers"},
    {"number", WSF__NAMES, "", 0, 0, NULL,
     "columns to read as numbers; rows with anything else are rejected"},
    {"na", WSF__NAMES, "", 0, 0, NULL,
     "spellings of a missing value beside the empty one; absent: as for csv"},
    {"delimiter", WSF__TEXT, "auto", 0, 0, NULL,
     "auto, comma, semicolon, tab, bar or the character"},
    {"holiday", WSF__TEXT, "", 0, 0, NULL, "joined flag column that marks holidays"},
    {"holiday_weight", WSF__REAL, "1", 0, 1e6, NULL, "weight of a holiday; other periods weigh 1"},
    WSF__FORMAT_OPTIONS,
};

const wsf__spec wsf__spec_join = {
    .family = "data",
    .group = "step",
    .name = "join",
    .summary = "Columns of another CSV file, found by key and time.",
    .source = "",
    .since = "0.1.0",
    .example = "csv(\"train.csv\", keys=[Store,Dept], time=Date, target=Weekly_Sales) | "
               "join(\"features.csv\", on=[Store,Date])",
    .options = options,
    .n_options = sizeof options / sizeof *options,
};

typedef struct joining {
  wsf__panel *p;
  const wsf__join *join;
  wsf__csv csv;
  wsf__arena arena;
  int *key;       /* columns of the file that are keys, in the order of on */
  int *panel_key; /* the same in the panel */
  int n_keys;
  int time;          /* column of the file, or -1 */
  wsf__names parts;  /* of the time, which stands in several columns; the first of them is time */
  const int64_t *at; /* [rows] the times, unless they are words */
  int32_t time_form;
  wsf__dict groups;   /* key codes as bytes -> group */
  int32_t *row_group; /* [rows] */
  int64_t n_groups;
  int32_t *group; /* [p->n], in the panel's arena */
  int64_t ahead;  /* past the history */
  int known_at;   /* column of the file, or -1 */
  int64_t *known; /* [rows] period at whose end a row was known; T: after the history */
  wsf__vintage_rows vintages;
  int64_t late, off_calendar, before, duplicates, unmatched, skipped;
} joining;

/* ---- which columns ------------------------------------------------------------------------ */

static bool reserved(const wsf__panel *p, const char *name) {
  return strcmp(name, p->time_name) == 0 || strcmp(name, p->target_name) == 0 ||
         wsf__panel_find_key(p, name) >= 0;
}

static wsf_status roles(joining *j, wsf_error *err) {
  wsf__csv *csv = &j->csv;
  const wsf__names *on = &j->join->on;
  const bool several = wsf__join_parts(&j->parts, on, j->p->time_name);
  j->key = wsf__arena_new(&j->arena, (size_t)on->n, sizeof *j->key);
  j->panel_key = wsf__arena_new(&j->arena, (size_t)on->n, sizeof *j->panel_key);
  if (!j->key || !j->panel_key) return wsf__fail_memory(err);
  j->time = -1;
  int k;
  for (int i = 0; i < on->n; ++i) {
    const char *name = on->name[i];
    const int panel_key = wsf__panel_find_key(j->p, name);
    const bool time = panel_key < 0 && strcmp(name, j->p->time_name) == 0;
    const bool part = several && wsf__names_have(&j->parts, name);
    if (panel_key < 0 && !time && !part) {
      char hint[WSF__HINT_BYTES];
      wsf__key_hint(hint, j->p, name);
      (void)wsf__fail(err, WSF_E_NAME,
                      "on names \"%.64s\", which is neither a key nor the time \"%.64s\"%s", name,
                      j->p->time_name, hint);
      wsf__error_at_field(err, "on");
      return WSF_E_NAME;
    }
    WSF__TRY(wsf__csv_find(csv, name, &k, err));
    if (csv->column[k].want != WSF__CSV_SKIP) {
      return wsf__fail(err, WSF_E_VALUE, "on names \"%s\" twice", name);
    }
    csv->column[k].want = time ? WSF__CSV_TIME : WSF__CSV_KEY;
    if (time || part) {
      if (j->time < 0) j->time = k;
    } else {
      j->key[j->n_keys] = k;
      j->panel_key[j->n_keys++] = panel_key;
    }
  }
  if (j->join->through) {
    WSF__TRY(wsf__csv_find(csv, j->join->through->column, &j->time, err));
    csv->column[j->time].want = WSF__CSV_KEY;
  }
  j->known_at = -1;
  if (j->join->known_at) {
    WSF__TRY(wsf__csv_find(csv, j->join->known_at, &j->known_at, err));
    if (csv->column[j->known_at].want != WSF__CSV_SKIP) {
      return wsf__fail(err, WSF_E_VALUE, "known_at names \"%s\", as on does", j->join->known_at);
    }
    csv->column[j->known_at].want = WSF__CSV_TIME;
  }
  const wsf__names *named[] = {&j->join->columns, &j->join->known, &j->join->text,
                               &j->join->number};
  for (size_t l = 0; l < sizeof named / sizeof *named; ++l) {
    for (int i = 0; i < named[l]->n; ++i) WSF__TRY(wsf__csv_find(csv, named[l]->name[i], &k, err));
  }
  if (j->join->holiday) WSF__TRY(wsf__csv_find(csv, j->join->holiday, &k, err));
  for (k = 0; k < csv->n_columns; ++k) {
    wsf__csv_column *c = &csv->column[k];
    if (c->want != WSF__CSV_SKIP || !c->name[0]) continue;
    if (j->join->columns.given && !wsf__names_have(&j->join->columns, c->name)) continue;
    if (!j->join->prefix && reserved(j->p, c->name)) {
      ++j->skipped;
      continue;
    }
    c->named = wsf__names_have(&j->join->columns, c->name) ||
               wsf__names_have(&j->join->known, c->name) ||
               (j->join->holiday && strcmp(j->join->holiday, c->name) == 0);
    c->want = wsf__names_have(&j->join->text, c->name)     ? WSF__CSV_CATEGORY
              : wsf__names_have(&j->join->number, c->name) ? WSF__CSV_NUMBER
                                                           : WSF__CSV_GUESS;
  }
  return WSF_OK;
}

/* ---- which rows ---------------------------------------------------------------------------- */

static wsf_status find_groups(joining *j, wsf_error *err) {
  const wsf__panel *p = j->p;
  const size_t n_keys = (size_t)j->n_keys, bytes = n_keys * sizeof(int32_t);
  int32_t *tuple = wsf__arena_zero(&j->arena, n_keys + 1, sizeof *tuple);
  const int32_t **match = wsf__arena_new(&j->arena, n_keys, sizeof *match);
  j->row_group = wsf__arena_new(&j->arena, (size_t)j->csv.rows, sizeof *j->row_group);
  j->group = wsf__arena_new(&j->p->arena, (size_t)p->n, sizeof *j->group);
  if (!tuple || !match || !j->row_group || !j->group) return wsf__fail_memory(err);
  const char *text = (const char *)tuple;
  for (int64_t i = 0; i < j->csv.rows; ++i) {
    WSF__TRY(wsf__go_on(j->csv.env, i, err));
    for (size_t k = 0; k < n_keys; ++k) tuple[k] = j->csv.column[j->key[k]].code[i];
    j->row_group[i] = wsf__dict_put(&j->groups, text, bytes, wsf__dict_head(text, bytes));
    if (j->row_group[i] < 0) return wsf__fail_memory(err);
  }
  j->n_groups = j->groups.n;
  for (size_t k = 0; k < n_keys; ++k) {
    const wsf__key *key = &p->key[j->panel_key[k]];
    const wsf__dict *words = &j->csv.column[j->key[k]].words;
    int32_t *code = wsf__arena_new(&j->arena, (size_t)key->n_labels, sizeof *code);
    if (!code) return wsf__fail_memory(err);
    for (int32_t l = 0; l < key->n_labels; ++l) {
      const size_t length = strlen(key->label[l]);
      code[l] = wsf__dict_find(words, key->label[l], length, wsf__dict_head(key->label[l], length));
    }
    match[k] = code;
  }
  for (int64_t i = 0; i < p->n; ++i) {
    WSF__TRY(wsf__go_on(j->csv.env, i, err));
    for (size_t k = 0; k < n_keys; ++k) {
      const int32_t label = p->key[j->panel_key[k]].code[i];
      tuple[k] = label < 0 ? -1 : match[k][label]; /* no row has a sum's place */
    }
    j->group[i] = wsf__dict_find(&j->groups, text, bytes, wsf__dict_head(text, bytes));
    j->unmatched += j->group[i] < 0;
  }
  return WSF_OK;
}

/* The periods of each row: row i has period[start[i]] .. period[start[i + 1] - 1]. */
typedef struct row_periods {
  int64_t *start, *period; /* NULL: the file has no times */
} row_periods;

/* Where weeks of series have weekdays of their own, so have those of a joined file. */
static bool period_of(const joining *j, int64_t row, int64_t *t) {
  const wsf__time at = {.form = j->time_form, .value = j->at[row]};
  return wsf__panel_period(j->p, at, t);
}

static wsf_status check_form(const joining *j, const wsf__csv_column *time, int32_t form,
                             wsf_error *err) {
  const bool whole = form == WSF__FORM_INTEGER;
  if (whole == (j->p->calendar.form == WSF__FORM_INTEGER)) return WSF_OK;
  (void)wsf__fail(err, WSF_E_DATA, "the column \"%s\" holds %s; %s were expected", time->name,
                  whole ? "whole numbers" : "dates", whole ? "dates" : "whole numbers");
  wsf__error_at_field(err, time->name);
  return WSF_E_DATA;
}

/* When each row became known. A panel without a history may know everything. */
static wsf_status find_known(joining *j, wsf_error *err) {
  const wsf__csv_column *at = &j->csv.column[j->known_at];
  WSF__TRY(check_form(j, at, at->time_form, err));
  j->known = wsf__arena_zero(&j->arena, (size_t)j->csv.rows, sizeof *j->known);
  if (!j->known) return wsf__fail_memory(err);
  for (int64_t i = 0; i < j->csv.rows && j->p->T > 0; ++i) {
    WSF__TRY(wsf__go_on(j->csv.env, i, err));
    j->known[i] =
        wsf__vintages_known(j->p, (wsf__time){.form = at->time_form, .value = at->time[i]});
    j->late += j->known[i] == j->p->T;
  }
  return WSF_OK;
}

/* Whether a row became known only after the history: no origin of this panel sees it. */
static bool is_late(const joining *j, int64_t row) {
  return j->known && j->p->T > 0 && j->known[row] == j->p->T;
}

static wsf_status find_periods(joining *j, row_periods *out, wsf_error *err) {
  const wsf__csv_column *time = &j->csv.column[j->time];
  const wsf__join_times *through = j->join->through;
  const int64_t rows = j->csv.rows, T = j->p->T;
  const bool future = !j->join->past || j->join->known.given;
  const int64_t *word_start = NULL;
  int32_t *word = NULL;
  size_t most = (size_t)rows;
  if (through) {
    word = wsf__arena_new(&j->arena, (size_t)time->words.n, sizeof *word);
    if (!word) return wsf__fail_memory(err);
    for (int32_t w = 0; w < time->words.n; ++w) {
      const wsf__dict_entry *e = &time->words.entry[w];
      word[w] = wsf__dict_find(through->word, e->text, (size_t)e->length, e->head);
    }
    word_start = through->start;
    most = 0;
    for (int64_t i = 0; i < rows; ++i) {
      const int32_t w = word[time->code[i]];
      if (w >= 0) most += (size_t)(word_start[w + 1] - word_start[w]);
    }
  } else {
    WSF__TRY(check_form(j, time, j->time_form, err));
  }
  out->start = wsf__arena_new(&j->arena, (size_t)rows + 1, sizeof *out->start);
  out->period = wsf__arena_new(&j->arena, most, sizeof *out->period);
  if (!out->start || !out->period) return wsf__fail_memory(err);
  int64_t n = 0;
  for (int64_t i = 0; i < rows; ++i) {
    WSF__TRY(wsf__go_on(j->csv.env, i, err));
    out->start[i] = n;
    int64_t t = 0;
    const int32_t w = through ? word[time->code[i]] : 0;
    if (is_late(j, i)) continue;
    if (w < 0 || (!through && !period_of(j, i, &t))) {
      ++j->off_calendar;
      continue;
    }
    const int64_t from = through ? word_start[w] : 0, to = through ? word_start[w + 1] : 1;
    for (int64_t k = from; k < to; ++k) {
      if (through) t = through->period[k];
      if (t < 0) {
        ++j->before;
        continue;
      }
      if (t >= T && !future) continue;
      out->period[n++] = t;
      if (t >= T + j->ahead) j->ahead = t - T + 1;
    }
  }
  out->start[rows] = n;
  /* One mistyped year must not cost gigabytes. */
  const int64_t bound = 16 * (n + T * j->n_groups) + (1 << 22);
  if ((double)j->n_groups * (double)(T + j->ahead) > (double)bound) {
    return wsf__fail(err, WSF_E_DATA,
                     "the file reaches %lld periods past the history, with rows for few of them",
                     (long long)j->ahead);
  }
  return WSF_OK;
}

/* The rows in the order of vintages, for all columns at once. */
static wsf_status order_vintages(joining *j, const row_periods *at, wsf_error *err) {
  const int64_t rows = j->csv.rows;
  int64_t *period = wsf__arena_new(&j->arena, (size_t)rows, sizeof *period);
  if (!period) return wsf__fail_memory(err);
  for (int64_t i = 0; i < rows; ++i) {
    WSF__TRY(wsf__go_on(j->csv.env, i, err));
    const bool there = at->start ? at->start[i] < at->start[i + 1] : !is_late(j, i);
    period[i] = !there ? -1 : at->start ? at->period[at->start[i]] : 0;
  }
  return wsf__vintages_order(&j->vintages, &j->p->arena, &j->arena, rows, j->row_group, period,
                             j->known, j->csv.column[j->known_at].time, j->n_groups,
                             at->start ? j->p->T + j->ahead : 1, err);
}

/* ---- values -------------------------------------------------------------------------------- */

static wsf_status repeat_last(double *value, int64_t groups, int64_t periods, const wsf__env *env,
                              wsf_error *err) {
  for (int64_t g = 0; g < groups; ++g) {
    WSF__TRY(wsf__go_on(env, 0, err));
    double last = NAN;
    for (int64_t t = 0; t < periods; ++t) {
      double *x = &value[g * periods + t];
      if (isnan(*x))
        *x = last;
      else
        last = *x;
    }
  }
  return WSF_OK;
}

/* The values of a column of the file, by row: numbers, or codes of categories copied to the panel.
 */
static wsf_status row_values(joining *j, int k, const double **value, wsf__column *c,
                             wsf_error *err) {
  const wsf__csv_column *from = &j->csv.column[k];
  *value = from->number;
  if (from->want != WSF__CSV_CATEGORY) return WSF_OK;
  double *code;
  const char *const *category;
  WSF__TRY(wsf__load_categories(&j->csv, k, &j->arena, &code, &category, &c->n_categories, err));
  const char **copy = wsf__arena_new(&j->p->arena, (size_t)c->n_categories, sizeof *copy);
  if (!copy) return wsf__fail_memory(err);
  for (int32_t w = 0; w < c->n_categories; ++w) {
    copy[w] = wsf__arena_text(&j->p->arena, category[w], strlen(category[w]));
    if (!copy[w]) return wsf__fail_memory(err);
  }
  c->category = copy;
  *value = code;
  return WSF_OK;
}

/* The pairs of a column, and in value[] what the end of the history knows of them. */
static wsf_status take_vintages(joining *j, wsf__column *c, const double *row, double *value,
                                bool forward, wsf_error *err) {
  const wsf__vintage_rows *rows = &j->vintages;
  wsf__vintages *v = wsf__arena_new(&j->p->arena, 1, sizeof *v);
  double *each = wsf__arena_new(&j->p->arena, (size_t)rows->n, sizeof *each);
  if (!v || !each) return wsf__fail_memory(err);
  for (int64_t i = 0; i < rows->n; ++i) each[i] = row[rows->row[i]];
  *v = (wsf__vintages){rows->start, rows->period, rows->known, each, forward};
  for (int64_t g = 0; g < c->n_groups; ++g) {
    WSF__TRY(wsf__go_on(j->csv.env, 0, err));
    wsf__vintages_fill(value + g * c->periods, v, g, 0, c->periods, INT64_MAX);
  }
  c->vintages = v;
  return WSF_OK;
}

static wsf_status column_of(joining *j, int k, const row_periods *at, wsf__column *c,
                            wsf_error *err) {
  const wsf__csv_column *from = &j->csv.column[k];
  const wsf__join *join = j->join;
  const bool known = join->known.given ? wsf__names_have(&join->known, from->name) : !join->past;
  *c = (wsf__column){.flag = from->flag, .n_groups = j->n_groups, .group = j->group};
  c->kind = j->time < 0 ? WSF__STATIC : known ? WSF__KNOWN : WSF__PAST;
  c->periods = c->kind == WSF__STATIC ? 1 : c->kind == WSF__PAST ? j->p->T : j->p->T + j->ahead;
  const double *row;
  WSF__TRY(row_values(j, k, &row, c, err));
  size_t cells;
  if (!wsf__mul((size_t)c->n_groups, (size_t)c->periods, &cells)) return wsf__fail_memory(err);
  double *value = wsf__arena_new(&j->p->arena, cells, sizeof *value);
  if (!value) return wsf__fail_memory(err);
  const bool forward =
      wsf__names_have(&join->forward_columns, from->name) || (join->forward && !c->flag);
  if (j->known_at >= 0) WSF__TRY(take_vintages(j, c, row, value, forward, err));
  for (size_t i = 0; i < cells && !c->vintages; ++i) {
    WSF__TRY(wsf__go_on(j->csv.env, (int64_t)i, err));
    value[i] = NAN;
  }
  for (int64_t i = 0; i < j->csv.rows && !c->vintages; ++i) {
    WSF__TRY(wsf__go_on(j->csv.env, i, err));
    double *to = value + (int64_t)j->row_group[i] * c->periods;
    if (!at->start) {
      *to = row[i];
      continue;
    }
    for (int64_t n = at->start[i]; n < at->start[i + 1]; ++n) {
      if (at->period[n] < c->periods) to[at->period[n]] = row[i];
    }
  }
  if (forward && !c->vintages) {
    WSF__TRY(repeat_last(value, c->n_groups, c->periods, j->csv.env, err));
  }
  c->value = value;
  const size_t length = strlen(from->name), before = join->prefix ? strlen(join->prefix) : 0;
  char *name = wsf__arena_new(&j->p->arena, before + length + 1, 1);
  if (!name) return wsf__fail_memory(err);
  if (before) memcpy(name, join->prefix, before);
  memcpy(name + before, from->name, length + 1);
  c->name = name;
  return WSF_OK;
}

/* A column that the panel knows ahead already (the holidays of the sales file itself) takes the
 * file's values where it has none. */
static wsf_status complete(joining *j, int existing, const wsf__column *more, wsf_error *err) {
  wsf__panel *p = j->p;
  const int64_t periods = p->T + p->ahead;
  double *value = wsf__arena_new(&p->arena, (size_t)p->n * (size_t)periods, sizeof *value);
  int32_t *group = wsf__arena_new(&p->arena, (size_t)p->n, sizeof *group);
  wsf__column *all = wsf__arena_new(&p->arena, (size_t)p->n_columns, sizeof *all);
  if (!value || !group || !all) return wsf__fail_memory(err);
  memcpy(all, p->column, (size_t)p->n_columns * sizeof *all);
  for (int64_t i = 0; i < p->n; ++i) {
    group[i] = (int32_t)i;
    WSF__TRY(wsf__go_on(j->csv.env, 0, err));
    const int32_t g = more->group[i];
    for (int64_t t = 0; t < periods; ++t) {
      double x = wsf__panel_value(p, existing, i, t);
      if (isnan(x) && g >= 0 && t < more->periods) x = more->value[g * more->periods + t];
      value[i * periods + t] = x;
    }
  }
  all[existing].flag = all[existing].flag && more->flag;
  all[existing].n_groups = p->n;
  all[existing].periods = periods;
  all[existing].group = group;
  all[existing].value = value;
  p->column = all;
  return WSF_OK;
}

static wsf_status count_duplicates(joining *j, const row_periods *at, wsf_error *err) {
  const int64_t periods = j->time < 0 ? 1 : j->p->T + j->ahead;
  uint8_t *seen = wsf__arena_zero(&j->arena, (size_t)j->n_groups * (size_t)periods, 1);
  if (!seen) return wsf__fail_memory(err);
  for (int64_t i = 0; i < j->csv.rows; ++i) {
    WSF__TRY(wsf__go_on(j->csv.env, i, err));
    uint8_t *mine = seen + (int64_t)j->row_group[i] * periods;
    if (!at->start) {
      j->duplicates += mine[0];
      mine[0] = 1;
      continue;
    }
    for (int64_t n = at->start[i]; n < at->start[i + 1]; ++n) {
      j->duplicates += mine[at->period[n]];
      mine[at->period[n]] = 1;
    }
  }
  return WSF_OK;
}

static bool is_taken(const joining *j, int k) {
  const wsf__csv_column *c = &j->csv.column[k];
  return k != j->time && (c->number || (c->code && c->want == WSF__CSV_CATEGORY));
}

/* All columns together, those that the panel has and reach as far ahead included, stay within what
 * as many values may be spread over. */
static wsf_status check_room(const joining *j, wsf_error *err) {
  const wsf__panel *p = j->p;
  const double periods =
      j->time < 0 ? 1 : (double)(p->T + (j->ahead > p->ahead ? j->ahead : p->ahead));
  double cells = 0, before = 0, taken = 0;
  for (int k = 0; k < j->csv.n_columns; ++k) taken += is_taken(j, k);
  for (int c = 0; c < p->n_columns; ++c) {
    before += (double)p->column[c].n_groups * (double)p->column[c].periods;
    if (p->column[c].kind == WSF__KNOWN) cells += (double)p->column[c].n_groups * periods;
  }
  cells += taken * (double)j->n_groups * periods;
  const double rows = before + taken * (double)j->csv.rows;
  const int64_t most =
      wsf__limit_spread(&j->csv.env->limits, rows < 1e15 ? (int64_t)rows : INT64_MAX);
  if (cells <= (double)most) return WSF_OK;
  return wsf__fail(
      err, WSF_E_DATA,
      "%.0f columns that reach %lld periods past the history have %.0f values for %lld "
      "rows, expected a stray time removed (max_values allows more)",
      taken, (long long)j->ahead, cells, (long long)j->csv.rows);
}

static wsf_status take_columns(joining *j, const row_periods *at, wsf_error *err) {
  wsf__csv *csv = &j->csv;
  WSF__TRY(check_room(j, err));
  wsf__column *taken = wsf__arena_new(&j->arena, (size_t)csv->n_columns, sizeof *taken);
  wsf__column *completing = wsf__arena_new(&j->arena, (size_t)csv->n_columns, sizeof *completing);
  int *existing = wsf__arena_new(&j->arena, (size_t)csv->n_columns, sizeof *existing);
  if (!taken || !completing || !existing) return wsf__fail_memory(err);
  int n = 0, n_completing = 0;
  for (int k = 0; k < csv->n_columns; ++k) {
    if (!is_taken(j, k)) continue;
    WSF__TRY(column_of(j, k, at, &taken[n], err));
    const int there = wsf__panel_find_column(j->p, taken[n].name);
    if (there < 0) {
      ++n;
      continue;
    }
    const wsf__column *old = &j->p->column[there];
    if (old->kind == WSF__KNOWN && taken[n].kind == WSF__KNOWN && !old->vintages &&
        !taken[n].vintages && !old->n_categories && !taken[n].n_categories) {
      completing[n_completing] = taken[n];
      existing[n_completing++] = there;
    } else {
      ++j->skipped;
    }
  }
  WSF__TRY(wsf__attach(j->p, taken, n, j->ahead, err));
  for (int i = 0; i < n_completing; ++i) {
    WSF__TRY(complete(j, existing[i], &completing[i], err));
  }
  return WSF_OK;
}

static wsf_status mark_holidays(joining *j, wsf_error *err) {
  const wsf__join *join = j->join;
  const int k = wsf__panel_find_column(j->p, join->holiday);
  if (k < 0 || !j->p->column[k].flag || j->p->column[k].kind != WSF__KNOWN) {
    (void)wsf__fail(err, WSF_E_DATA, "the holiday column \"%s\" is not a flag known ahead",
                    join->holiday);
    wsf__error_at_field(err, join->holiday);
    return WSF_E_DATA;
  }
  j->p->holiday = k;
  j->p->holiday_weight = join->holiday_weight;
  return WSF_OK;
}

static wsf_status report_join(const joining *j, wsf_error *err) {
  wsf__report report;
  wsf__report_init(&report, &j->p->arena.alloc);
  const char *file = j->csv.file;
  wsf__report_csv(&report, &j->csv);
  const wsf__report_row row[] = {
      {.item = "series without a match", .count = j->unmatched, .file = file},
      {.item = "duplicate rows", .count = j->duplicates, .file = file},
      {.item = "dates off the calendar", .count = j->off_calendar, .file = file},
      {.item = "dates before the history", .count = j->before, .file = file},
      {.item = "rows known only after the history", .count = j->late, .file = file},
      {.item = "columns that were there already", .count = j->skipped, .file = file},
  };
  for (size_t i = 0; i < sizeof row / sizeof *row; ++i) wsf__report_add(&report, row[i]);
  const wsf_status status = wsf__report_attach(&report, j->p, err);
  wsf__report_free(&report);
  return status;
}

static wsf_status find_times(joining *j, wsf_error *err) {
  const wsf__load load = {.time = j->csv.column[j->time].name, .time_parts = j->parts};
  WSF__TRY(wsf__load_check_parts(&load, err));
  WSF__TRY(wsf__join_check_weeks(&j->parts, j->p, err));
  return wsf__load_times(&j->at, &j->time_form, &j->arena, &j->csv, &load, err);
}

static wsf_status run(joining *j, wsf_error *err) {
  row_periods at = {0};
  WSF__TRY(roles(j, err));
  WSF__TRY(wsf__csv_read(&j->csv, err));
  WSF__TRY(wsf__load_check(&j->csv, err));
  if (j->time >= 0 && !j->join->through) WSF__TRY(find_times(j, err));
  WSF__TRY(find_groups(j, err));
  if (j->unmatched == j->p->n) {
    return wsf__fail(err, WSF_E_DATA, "no series has a row in the file");
  }
  if (j->known_at >= 0) WSF__TRY(find_known(j, err));
  if (j->time >= 0) WSF__TRY(find_periods(j, &at, err));
  WSF__TRY(j->known_at >= 0 ? order_vintages(j, &at, err) : count_duplicates(j, &at, err));
  WSF__TRY(take_columns(j, &at, err));
  if (j->join->holiday) WSF__TRY(mark_holidays(j, err));
  return report_join(j, err);
}

wsf_status wsf__join_csv(wsf__panel *p, wsf__env *env, const wsf__join *join, wsf_error *err) {
  joining j = {.p = p, .join = join};
  wsf__csv_format format = join->format;
  format.freq = p->calendar.freq;
  if (p->calendar.form == WSF__FORM_INTEGER) format.time.whole = WSF__WHOLE_NUMBERS;
  WSF__TRY(wsf__csv_open(&j.csv, env, join->path, format, err));
  wsf__arena_init(&j.arena, &env->alloc);
  wsf__dict_init(&j.groups, &j.arena);
  const wsf_status status = run(&j, err);
  if (status != WSF_OK) wsf__error_at_file(err, j.csv.file);
  wsf__dict_free(&j.groups);
  wsf__arena_free(&j.arena);
  wsf__csv_close(&j.csv);
  return status;
}

wsf_status wsf__open_join(wsf__panel **out, wsf__env *env, const wsf__node *node, wsf_error *err) {
  wsf__join join = {
      .path = wsf__arg_text(node, "path"),
      .on = wsf__names_of(node, "on"),
      .columns = wsf__names_of(node, "columns"),
      .known = wsf__names_of(node, "known"),
      .known_at = wsf__arg_text(node, "known_at"),
      .past = wsf__arg_is(node, "kind", "past"),
      .forward = wsf__arg_is(node, "fill", "forward"),
      .prefix = wsf__arg_text(node, "prefix"),
      .text = wsf__names_of(node, "text"),
      .number = wsf__names_of(node, "number"),
      .holiday = wsf__arg_text(node, "holiday"),
      .holiday_weight = wsf__arg_number(node, "holiday_weight"),
  };
  WSF__TRY(wsf__load_format(&join.format, node, err));
  WSF__TRY(wsf__ingest_open(out, env, wsf__arg(node, "data")->inner[0], err));
  const wsf_status status = wsf__join_csv(*out, env, &join, err);
  if (status != WSF_OK) {
    wsf__panel_release(*out);
    *out = NULL;
  }
  return status;
}
