/* The bytes of a frame (a panel without values, as a forecaster keeps it): sections FRAM and AHED
 * of docs/format.md. Reading believes nothing: counts are held against the bytes left before
 * anything is allocated, indices against what they index. */
#include "base/text.h"
#include "panel/frame_bytes.h"

#include <math.h>
#include <string.h>

enum { MOST_SEASON = 1000000, MOST_KEYS = 1000, MOST_COLUMNS = 100000, FREQ_BITS = 8 };
enum { SPARSE = 2 }; /* beside the flag of a column */
#define MOST_PERIODS (INT64_C(1) << 40)
#define MOST_ORIGIN  (INT64_C(1) << 36) /* minutes, hours, days, months or years */
#define MOST_INTEGER (INT64_C(1) << 60) /* whole-number times */

/* ---- write -------------------------------------------------------------------------------- */

void wsf__frame_write(wsf__writer *w, const wsf__panel *p) {
  const wsf__calendar *c = &p->calendar;
  wsf__write_i32(w, c->freq | (c->step == 1 ? 0 : c->step << FREQ_BITS));
  wsf__write_i32(w, c->form);
  wsf__write_i64(w, c->origin);
  wsf__write_i32(w, c->freq == WSF__WEEK ? p->moved : c->anchor);
  wsf__write_i32(w, c->month);
  wsf__write_i32(w, c->second);
  wsf__write_i32(w, p->season);
  wsf__write_i64(w, p->T);
  wsf__write_i64(w, p->ahead);
  wsf__write_i32(w, p->own_end);
  wsf__write_text(w, p->time_name);
  wsf__write_text(w, p->target_name);
  wsf__write_text(w, p->source);
  wsf__write_i64(w, p->n);
  wsf__write_i64s(w, p->first, p->n);
  wsf__write_i64s(w, p->length, p->n);
  wsf__write_i32(w, p->n_keys);
  for (int k = 0; k < p->n_keys; ++k) {
    const wsf__key *key = &p->key[k];
    wsf__write_text(w, key->name);
    wsf__write_i32(w, key->integer);
    wsf__write_i64(w, key->n_labels);
    for (int32_t l = 0; l < key->n_labels; ++l) wsf__write_text(w, key->label[l]);
    wsf__write_i32s(w, key->code, p->n);
  }
}

bool wsf__frame_has_sums(const wsf__panel *p) {
  for (int64_t i = 0; i < p->n; ++i) {
    if (wsf__panel_is_sum(p, i)) return true;
  }
  return false;
}

void wsf__frame_write_sums(wsf__writer *w, const wsf__panel *p) {
  const int64_t *start = p->members.start;
  for (int64_t i = 0; i < p->n; ++i) wsf__write_i64(w, start ? start[i + 1] - start[i] : 0);
  if (start) wsf__write_i32s(w, p->members.member, start[p->n]);
}

void wsf__frame_write_columns(wsf__writer *w, const wsf__panel *p) {
  wsf__write_i32(w, p->holiday);
  wsf__write_i32(w, p->weight);
  wsf__write_f64(w, p->holiday_weight);
  wsf__write_i32(w, p->n_columns);
  for (int c = 0; c < p->n_columns; ++c) {
    const wsf__column *column = &p->column[c];
    wsf__write_text(w, column->name);
    wsf__write_i32(w, column->kind);
    wsf__write_i32(w, column->flag + (column->sparse ? SPARSE : 0));
    wsf__write_i64(w, column->n_categories);
    for (int32_t i = 0; i < column->n_categories; ++i) wsf__write_text(w, column->category[i]);
    wsf__write_i64(w, column->n_groups);
    wsf__write_i64(w, column->periods);
    if (column->kind == WSF__PAST) wsf__write_i64(w, column->start);
    wsf__write_i32s(w, column->group, p->n);
    wsf__write_f64s(w, column->value, column->n_groups * column->periods);
  }
}

/* ---- read --------------------------------------------------------------------------------- */

/* A whole number in lo .. hi; lo after a failure. */
static int64_t in_range(wsf__reader *r, int64_t x, int64_t lo, int64_t hi, const char *sentence) {
  if (!r->failed && x >= lo && x <= hi) return x;
  wsf__read_fail(r, sentence);
  return lo;
}

static bool get_flag(wsf__reader *r) {
  return in_range(r, wsf__read_i32(r), 0, 1, "a flag is neither 0 nor 1") == 1;
}

static const char *const *load_texts(wsf__reader *r, wsf__arena *arena, int64_t n) {
  const char **text = wsf__read_room(r, arena, n, sizeof *text);
  for (int64_t i = 0; text && i < n; ++i) {
    text[i] = wsf__read_text(r, arena);
    if (!text[i]) return NULL;
  }
  return text;
}

/* A count of texts that codes of 32 bits can name. */
static int32_t get_text_count(wsf__reader *r) {
  return (int32_t)in_range(r, wsf__read_count(r, 4), 0, INT32_MAX,
                           "there are more labels than codes");
}

static void load_calendar(wsf__reader *r, wsf__panel *p) {
  wsf__calendar *c = &p->calendar;
  const int32_t pace = wsf__read_i32(r);
  c->freq = (int32_t)in_range(r, pace & ((1 << FREQ_BITS) - 1), WSF__HOUR, WSF__FISCAL,
                              "the frequency is unknown");
  c->form = (int32_t)in_range(r, wsf__read_i32(r), WSF__FORM_DATE, WSF__FORM_INTEGER,
                              "the form of times is unknown");
  const bool integer = c->form == WSF__FORM_INTEGER;
  c->step =
      (int32_t)in_range(r, pace >> FREQ_BITS, 0, integer ? WSF__MOST_STEP : WSF__MOST_DATED_STEP,
                        "the step of the frequency is out of range");
  if (c->step == 0) c->step = 1;
  const int64_t most = integer ? MOST_INTEGER : MOST_ORIGIN;
  c->origin = in_range(r, wsf__read_i64(r), -most, most, "the first time is out of range");
  const bool months = !integer && c->freq >= WSF__MONTH && c->freq <= WSF__YEAR;
  const bool fiscal = !integer && c->freq == WSF__FISCAL;
  const bool year = fiscal || (months && c->freq == WSF__YEAR);
  const bool week = c->form != WSF__FORM_INTEGER && c->freq == WSF__WEEK;
  c->anchor = (int32_t)in_range(r, wsf__read_i32(r), months || fiscal,
                                fiscal   ? WSF__FISCAL_CODES
                                : months ? WSF__LAST_ANCHOR
                                         : week,
                                "the day of the month or the fiscal year is out of range");
  if (week) {
    p->moved = c->anchor != 0;
    c->anchor = 0;
  }
  c->month =
      (int32_t)in_range(r, wsf__read_i32(r), year, year ? 12 : 0, "the month is out of range");
  c->second = (int32_t)in_range(r, wsf__read_i32(r), 0, c->form == WSF__FORM_TIME ? 86399 : 0,
                                "the second of the day is out of range");
  const bool timed = c->freq == WSF__HOUR || c->freq == WSF__MINUTE;
  if (!integer && (c->freq == WSF__INTEGER || (timed && c->form == WSF__FORM_DATE))) {
    wsf__read_fail(r, "the frequency does not fit the form of times");
  }
}

/* Labels stand in their order, each once: whole numbers by value, texts by bytes. */
static void check_labels(wsf__reader *r, const wsf__key *key) {
  int64_t before = 0;
  for (int32_t l = 0; l < key->n_labels; ++l) {
    int64_t value = 0;
    if (key->integer && !wsf__integer_parse(key->label[l], strlen(key->label[l]), &value)) {
      wsf__read_fail(r, "a label of a whole-number key is no whole number");
      return;
    }
    const bool rises =
        l == 0 || (key->integer ? before < value : strcmp(key->label[l - 1], key->label[l]) < 0);
    if (!rises) {
      wsf__read_fail(r, "the labels of a key are not in order");
      return;
    }
    before = value;
  }
}

static void load_key(wsf__reader *r, wsf__arena *arena, wsf__key *key, int64_t n) {
  key->name = wsf__read_text(r, arena);
  key->integer = get_flag(r);
  key->n_labels = get_text_count(r);
  key->label = load_texts(r, arena, key->n_labels);
  if (!r->failed) check_labels(r, key);
  key->code = wsf__read_i32s(r, arena, n);
  for (int64_t i = 0; !r->failed && i < n; ++i) {
    if (key->code[i] < -1 || key->code[i] >= key->n_labels) {
      wsf__read_fail(r, "a series has a label that its key does not have");
    }
  }
}

/* -1, 0, 1: series a before, at, behind series b. */
static int compare_series(const wsf__panel *p, int64_t a, int64_t b) {
  for (int k = 0; k < p->n_keys; ++k) {
    const int32_t *code = p->key[k].code;
    if (code[a] != code[b]) return code[a] < code[b] ? -1 : 1;
  }
  return 0;
}

void wsf__frame_read(wsf__reader *r, wsf__panel *p) {
  wsf__arena *arena = &p->arena;
  load_calendar(r, p);
  p->season = (int)in_range(r, wsf__read_i32(r), 1, MOST_SEASON, "the season is out of range");
  const int64_t most = MOST_PERIODS / p->calendar.step;
  p->T = in_range(r, wsf__read_i64(r), 0, most, "the number of periods is out of range");
  p->ahead = in_range(r, wsf__read_i64(r), 0, most, "the periods ahead are out of range");
  p->own_end = get_flag(r);
  p->time_name = wsf__read_text(r, arena);
  p->target_name = wsf__read_text(r, arena);
  p->source = wsf__read_text(r, arena);
  p->n = wsf__read_count(r, 16);
  if (!r->failed && p->n == 0) wsf__read_fail(r, "there are no series");
  p->first = wsf__read_i64s(r, arena, p->n);
  p->length = wsf__read_i64s(r, arena, p->n);
  p->offset = wsf__read_room(r, arena, p->n, sizeof *p->offset);
  for (int64_t i = 0; !r->failed && i < p->n; ++i) {
    if (p->first[i] < -most || p->first[i] > p->T || p->length[i] < 0 ||
        p->length[i] > p->T - p->first[i]) {
      wsf__read_fail(r, "a series lies outside the periods of the panel");
    }
  }
  p->n_keys =
      (int)in_range(r, wsf__read_i32(r), 0, MOST_KEYS, "the number of keys is out of range");
  wsf__key *key = wsf__read_room(r, arena, p->n_keys, sizeof *key);
  for (int k = 0; !r->failed && k < p->n_keys; ++k) load_key(r, arena, &key[k], p->n);
  p->key = key;
  for (int64_t i = 1; !r->failed && i < p->n; ++i) {
    if (compare_series(p, i - 1, i) >= 0) wsf__read_fail(r, "the series are not in order");
  }
}

/* Whether `series` is one of those that `sum` adds up: a series with the labels that the sum has.
 */
static bool adds_up(const wsf__panel *p, int64_t sum, int32_t series) {
  if (series < 0 || series >= p->n || wsf__panel_is_sum(p, series)) return false;
  for (int k = 0; k < p->n_keys; ++k) {
    const int32_t code = p->key[k].code[sum];
    if (code >= 0 && code != p->key[k].code[series]) return false;
  }
  return true;
}

void wsf__frame_read_sums(wsf__reader *r, wsf__panel *p) {
  if (!wsf__frame_has_sums(p)) wsf__read_fail(r, "there are no sums");
  int64_t *start = wsf__read_room(r, &p->arena, p->n + 1, sizeof *start);
  for (int64_t i = 0; !r->failed && i < p->n; ++i) {
    start[i + 1] = start[i] + wsf__read_count(r, 4);
    if ((uint64_t)start[i + 1] > r->length / 4) wsf__read_fail(r, "the sums outgrow their section");
  }
  if (r->failed) return;
  const int32_t *member = wsf__read_i32s(r, &p->arena, start[p->n]);
  for (int64_t i = 0; !r->failed && i < p->n; ++i) {
    const bool sum = wsf__panel_is_sum(p, i);
    for (int64_t m = start[i]; !r->failed && m < start[i + 1]; ++m) {
      const bool rises = m == start[i] || member[m] > member[m - 1];
      if (!sum || !rises || !adds_up(p, i, member[m])) {
        wsf__read_fail(r, "a sum adds up a series that is none of its own");
      }
    }
  }
  if (!r->failed && start[p->n] > 0) p->members = (wsf__members){start, member};
}

static bool value_fits(const wsf__column *c, double x) {
  if (isnan(x)) return true;
  if (c->n_categories == 0) return isfinite(x);
  return x >= 0 && x < c->n_categories && x == floor(x);
}

static void load_column(wsf__reader *r, wsf__arena *arena, wsf__column *c, int64_t n) {
  c->name = wsf__read_text(r, arena);
  c->kind = wsf__read_i32(r);
  if (c->kind < WSF__STATIC || c->kind > WSF__KNOWN) {
    wsf__read_fail(r, "a column is neither static nor past nor known ahead");
  }
  const int64_t traits =
      in_range(r, wsf__read_i32(r), 0, 1 + SPARSE, "a column has traits that there are not");
  c->flag = traits % SPARSE == 1;
  c->sparse = traits >= SPARSE;
  c->n_categories = get_text_count(r);
  c->category = load_texts(r, arena, c->n_categories);
  c->n_groups = in_range(r, wsf__read_i64(r), 0, n, "a column has more groups than series");
  const bool fixed = c->kind == WSF__STATIC;
  c->periods = in_range(r, wsf__read_i64(r), fixed, fixed ? 1 : 2 * MOST_PERIODS,
                        "the periods of a column are out of range");
  if (c->kind == WSF__PAST) {
    c->start = in_range(r, wsf__read_i64(r), 0, MOST_PERIODS, "a past column starts out of range");
  }
  c->group = wsf__read_i32s(r, arena, n);
  for (int64_t i = 0; !r->failed && i < n; ++i) {
    if (c->group[i] < -1 || c->group[i] >= c->n_groups) {
      wsf__read_fail(r, "a series belongs to a group that its column does not have");
    }
  }
  int64_t cells = 0;
  if (__builtin_mul_overflow(c->n_groups, c->periods, &cells)) {
    wsf__read_fail(r, "a column has more values than a file can hold");
  }
  c->value = wsf__read_f64s(r, arena, cells);
  for (int64_t i = 0; !r->failed && i < cells; ++i) {
    if (!value_fits(c, c->value[i])) wsf__read_fail(r, "a column has a value it cannot have");
  }
}

void wsf__frame_read_columns(wsf__reader *r, wsf__panel *p) {
  p->holiday = wsf__read_i32(r);
  p->weight = wsf__read_i32(r);
  p->holiday_weight = wsf__read_f64(r);
  p->n_columns =
      (int)in_range(r, wsf__read_i32(r), 0, MOST_COLUMNS, "the number of columns is out of range");
  if (p->holiday < -1 || p->holiday >= p->n_columns || p->weight < -1 ||
      p->weight >= p->n_columns) {
    wsf__read_fail(r, "the holiday or weight column does not exist");
  }
  if (!isfinite(p->holiday_weight)) wsf__read_fail(r, "the weight of a holiday is not finite");
  /* Each column takes at least its 40 bytes. */
  if (!r->failed && (size_t)p->n_columns > (r->length - r->at) / 40) {
    wsf__read_fail(r, "there are more columns than the section can hold");
  }
  wsf__column *column = wsf__read_room(r, &p->arena, p->n_columns, sizeof *column);
  for (int c = 0; !r->failed && c < p->n_columns; ++c) {
    load_column(r, &p->arena, &column[c], p->n);
  }
  p->column = column;
}
