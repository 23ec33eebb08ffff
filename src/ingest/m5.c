/* m5("DIR"): Walmart's daily unit sales of the M5 competition, prepared as
 *   sales.csv             store_id, dept_id, date, units       level=dept
 *   items_sales_wide.csv  one row per item and store, d_1 ..   level=item
 *   calendar.csv          date, wm_yr_wk, d, events, SNAP days by state
 *   prices.csv, items_prices.csv   by store, department or item, and Walmart's week wm_yr_wk
 * Events, SNAP days and prices are known ahead as far as the calendar reaches. A holiday is a day
 * with an event. SNAP days follow the state that a store's name begins with. */
#include "ingest/join.h"
#include "ingest/sources.h"

#include <math.h>
#include <stdio.h>

static const wsf__option options[] = {
    {"folder", WSF__TEXT, NULL, 0, 0, NULL, "folder of the files"},
    {"level", WSF__WORD, "dept", 0, 0, "dept|item",
     "series by store and department, or by store and item"},
    {"duplicates", WSF__WORD, "error", 0, 0, "error|sum|last",
     "rows with the same keys and time: refuse, add up, or keep the last (columns: as for csv)"},
    {"gaps", WSF__WORD, "missing", 0, 0, "missing|zero", "days without a row inside a series"},
    {"negatives", WSF__WORD, "keep", 0, 0, "keep|zero", "negative sales"},
};

const wsf__spec wsf__spec_m5 = {
    .family = "data",
    .group = "source",
    .name = "m5",
    .summary = "Walmart's daily unit sales of the M5 competition.",
    .source = "Makridakis, Spiliotis, Assimakopoulos (2022), M5 accuracy competition",
    .since = "0.1.0",
    .example = "m5(\"data/m5\", level=item)",
    .options = options,
    .n_options = sizeof options / sizeof *options,
};

enum { MOST_STATES = 16 };

typedef struct m5 {
  wsf__arena arena;
  const char *folder;
  bool items;
  wsf__csv calendar; /* read once: date, wm_yr_wk, d, event_name_1, snap_.. */
  int date, week, day, event;
  int n_states, state[MOST_STATES]; /* columns snap_XX */
  int64_t *period;                  /* [calendar.rows], or INT64_MIN off the calendar */
} m5;

static wsf_status read_calendar(m5 *m, wsf__env *env, wsf_error *err) {
  wsf__csv *c = &m->calendar;
  const char *path = wsf__load_path(&m->arena, m->folder, "calendar.csv");
  if (!path) return wsf__fail_memory(err);
  WSF__TRY(wsf__csv_open(c, env, path, (wsf__csv_format){0}, err));
  WSF__TRY(wsf__csv_find(c, "date", &m->date, err));
  WSF__TRY(wsf__csv_find(c, "wm_yr_wk", &m->week, err));
  WSF__TRY(wsf__csv_find(c, "d", &m->day, err));
  WSF__TRY(wsf__csv_find(c, "event_name_1", &m->event, err));
  c->column[m->date].want = WSF__CSV_TIME;
  c->column[m->week].want = c->column[m->day].want = WSF__CSV_KEY;
  c->column[m->event].want = WSF__CSV_CATEGORY;
  for (int k = 0; k < c->n_columns && m->n_states < MOST_STATES; ++k) {
    if (strncmp(c->column[k].name, "snap_", 5) != 0) continue;
    c->column[k].want = WSF__CSV_NUMBER;
    m->state[m->n_states++] = k;
  }
  WSF__TRY(wsf__csv_read(c, err));
  return wsf__load_check(c, err);
}

static wsf_status load_sales(m5 *m, wsf__panel **out, wsf__env *env, const wsf__node *node,
                             wsf_error *err) {
  static const char *const dept_keys[] = {"store_id", "dept_id"};
  static const char *const item_keys[] = {"store_id", "item_id"};
  char start[32] = "";
  wsf__load load = {
      .path = wsf__load_path(&m->arena, m->folder, m->items ? "items_sales_wide.csv" : "sales.csv"),
      .keys = {.n = 2, .given = true, .name = m->items ? item_keys : dept_keys},
      .time = "date",
      .target = "units",
      .layout = m->items ? WSF__LAYOUT_WIDE : WSF__LAYOUT_LONG,
      .rules = {.freq = WSF__DAY},
  };
  if (!load.path) return wsf__fail_memory(err);
  if (m->items) {
    const wsf__csv_column *day = &m->calendar.column[m->day];
    const int32_t first = wsf__dict_find(&day->words, "d_1", 3, wsf__dict_head("d_1", 3));
    for (int64_t i = 0; i < m->calendar.rows; ++i) {
      if (day->code[i] != first) continue;
      int64_t year;
      int month, d;
      wsf__civil_from_days(m->calendar.column[m->date].time[i] / 86400, &year, &month, &d);
      (void)snprintf(start, sizeof start, "%04d-%02d-%02d", (int)year, month, d);
    }
    if (!start[0]) {
      (void)wsf__fail(err, WSF_E_DATA, "the calendar has no day d_1");
      wsf__error_at_file(err, m->calendar.file);
      return WSF_E_DATA;
    }
    load.start = start;
  }
  wsf__load_cleaning(&load, node);
  return wsf__load_csv(out, env, &load, err);
}

/* Period of each day of the calendar file. */
static wsf_status place_days(m5 *m, const wsf__panel *p, int64_t *ahead, wsf_error *err) {
  const wsf__csv_column *date = &m->calendar.column[m->date];
  m->period = wsf__arena_new(&m->arena, (size_t)m->calendar.rows, sizeof *m->period);
  if (!m->period) return wsf__fail_memory(err);
  int64_t end = p->T;
  for (int64_t i = 0; i < m->calendar.rows; ++i) {
    const wsf__time t = {.form = date->time_form, .value = date->time[i]};
    if (!wsf__calendar_period(&p->calendar, t, &m->period[i]) || m->period[i] < 0) {
      m->period[i] = INT64_MIN;
    } else if (m->period[i] >= end) {
      end = m->period[i] + 1;
    }
  }
  if (end > p->T + 16 * m->calendar.rows + 4096) {
    (void)wsf__fail(err, WSF_E_DATA, "the calendar's last day lies %lld days past the sales",
                    (long long)(end - p->T));
    wsf__error_at_file(err, m->calendar.file);
    return WSF_E_DATA;
  }
  *ahead = end - p->T;
  return WSF_OK;
}

/* The state of each series, as an index of m->state, by the word before "_" in its store. */
static wsf_status find_states(const m5 *m, wsf__panel *p, int32_t **out, wsf_error *err) {
  const wsf__key *store = &p->key[wsf__panel_find_key(p, "store_id")];
  int32_t *state = wsf__arena_new(&p->arena, (size_t)p->n, sizeof *state);
  if (!state) return wsf__fail_memory(err);
  for (int64_t i = 0; i < p->n; ++i) {
    const char *label = store->label[store->code[i]];
    const size_t length = strcspn(label, "_");
    state[i] = -1;
    for (int s = 0; s < m->n_states; ++s) {
      const char *name = m->calendar.column[m->state[s]].name + strlen("snap_");
      if (strlen(name) == length && memcmp(name, label, length) == 0) state[i] = s;
    }
  }
  *out = state;
  return WSF_OK;
}

/* holiday: a day with an event; snap: a SNAP day of the store's state. */
static wsf_status add_flags(m5 *m, wsf__panel *p, int64_t ahead, wsf_error *err) {
  const int64_t periods = p->T + ahead, rows = m->calendar.rows;
  const size_t states = (size_t)m->n_states;
  double *holiday = wsf__arena_new(&p->arena, (size_t)periods, sizeof *holiday);
  double *snap = wsf__arena_new(&p->arena, states * (size_t)periods, sizeof *snap);
  int32_t *all = wsf__arena_zero(&p->arena, (size_t)p->n, sizeof *all), *state = NULL;
  if (!holiday || !snap || !all) return wsf__fail_memory(err);
  WSF__TRY(find_states(m, p, &state, err));
  for (int64_t t = 0; t < periods; ++t) holiday[t] = NAN;
  for (size_t i = 0; i < states * (size_t)periods; ++i) snap[i] = NAN;
  for (int64_t i = 0; i < rows; ++i) {
    const int64_t t = m->period[i];
    if (t < 0) continue;
    holiday[t] = m->calendar.column[m->event].code[i] >= 0;
    for (int s = 0; s < m->n_states; ++s) {
      snap[s * periods + t] = m->calendar.column[m->state[s]].number[i];
    }
  }
  bool binary = m->n_states > 0;
  for (int s = 0; s < m->n_states; ++s) binary &= m->calendar.column[m->state[s]].flag;
  const wsf__column column[] = {
      {.name = "holiday",
       .kind = WSF__KNOWN,
       .flag = true,
       .n_groups = 1,
       .periods = periods,
       .group = all,
       .value = holiday},
      {.name = "snap",
       .kind = WSF__KNOWN,
       .flag = binary,
       .n_groups = m->n_states,
       .periods = periods,
       .group = state,
       .value = snap},
  };
  WSF__TRY(wsf__attach(p, column, m->n_states ? 2 : 1, ahead, err));
  p->holiday = wsf__panel_find_column(p, "holiday");
  p->holiday_weight = 1.0;
  return WSF_OK;
}

/* The days of each Walmart week, for the prices. */
static wsf_status week_days(m5 *m, wsf__join_times *out, wsf_error *err) {
  const wsf__csv_column *week = &m->calendar.column[m->week];
  const int64_t rows = m->calendar.rows;
  int64_t *start = wsf__arena_zero(&m->arena, (size_t)week->words.n + 2, sizeof *start);
  int64_t *period = wsf__arena_new(&m->arena, (size_t)rows, sizeof *period);
  if (!start || !period) return wsf__fail_memory(err);
  /* Counting sort: counts two places up become starts one place up, and those the final starts. */
  for (int64_t i = 0; i < rows; ++i) start[week->code[i] + 2] += m->period[i] >= 0;
  for (int32_t w = 0; w < week->words.n; ++w) start[w + 2] += start[w + 1];
  for (int64_t i = 0; i < rows; ++i) {
    if (m->period[i] >= 0) period[start[week->code[i] + 1]++] = m->period[i];
  }
  *out = (wsf__join_times){
      .column = "wm_yr_wk", .word = &week->words, .start = start, .period = period};
  return WSF_OK;
}

static wsf_status add_files(m5 *m, wsf__panel *p, wsf__env *env, wsf_error *err) {
  static const char *const events[] = {"event_name_1", "event_type_1", "event_name_2",
                                       "event_type_2"};
  static const char *const by_date[] = {"date"};
  const char *by_keys[] = {p->key[0].name, p->key[1].name};
  int64_t ahead = 0;
  wsf__join_times weeks;
  WSF__TRY(place_days(m, p, &ahead, err));
  WSF__TRY(add_flags(m, p, ahead, err));
  WSF__TRY(week_days(m, &weeks, err));
  const wsf__join calendar = {
      .path = wsf__load_path(&m->arena, m->folder, "calendar.csv"),
      .on = {.n = 1, .given = true, .name = by_date},
      .columns = {.n = 4, .given = true, .name = events},
      .text = {.n = 4, .given = true, .name = events},
  };
  const wsf__join prices = {
      .path = wsf__load_path(&m->arena, m->folder, m->items ? "items_prices.csv" : "prices.csv"),
      .on = {.n = 2, .given = true, .name = by_keys},
      .through = &weeks,
  };
  if (!calendar.path || !prices.path) return wsf__fail_memory(err);
  WSF__TRY(wsf__join_csv(p, env, &calendar, err));
  return wsf__join_csv(p, env, &prices, err);
}

wsf_status wsf__open_m5(wsf__panel **out, wsf__env *env, const wsf__node *node, wsf_error *err) {
  m5 m = {.folder = wsf__arg_text(node, "folder"), .items = wsf__arg_is(node, "level", "item")};
  wsf__arena_init(&m.arena, &env->alloc);
  *out = NULL;
  wsf_status status = read_calendar(&m, env, err);
  if (status == WSF_OK) status = load_sales(&m, out, env, node, err);
  if (status == WSF_OK) status = add_files(&m, *out, env, err);
  if (status != WSF_OK) {
    wsf__panel_release(*out);
    *out = NULL;
  }
  wsf__csv_close(&m.calendar);
  wsf__arena_free(&m.arena);
  return status;
}
