/* The expression that a proposal comes to, and what its load tells: what is proposed was loaded. */
#include "ingest/ingest.h"
#include "ingest/propose.h"

#include "base/text.h"
#include "panel/far.h"

#include <string.h>

static const wsf__spec *data_spec(int i) {
  return i < wsf__n_data_specs ? wsf__data_specs[i] : NULL;
}

/* ---- expression ---------------------------------------------------------------------------- */

static void add_quoted(wsf__text *t, const char *text) {
  wsf__text_add(t, "\"", 1);
  for (; *text; ++text) {
    if (*text == '"' || *text == '\\') wsf__text_add(t, "\\", 1);
    wsf__text_add(t, text, 1);
  }
  wsf__text_add(t, "\"", 1);
}

static void add_name(wsf__text *t, const char *name) {
  static const char *const taken[] = {"none", "auto", "true", "false", "yes", "no"};
  bool bare = (*name | 32) >= 'a' && (*name | 32) <= 'z';
  for (const char *p = name; *p && bare; ++p) {
    bare = ((*p | 32) >= 'a' && (*p | 32) <= 'z') || (*p >= '0' && *p <= '9') || *p == '_';
  }
  for (size_t i = 0; i < sizeof taken / sizeof *taken; ++i) bare &= strcmp(name, taken[i]) != 0;
  if (bare)
    wsf__text_addz(t, name);
  else
    add_quoted(t, name);
}

/* ", keys=[a,b]" of the columns with this part; one stands without brackets. */
static void add_list(wsf__text *t, const wsf__proposal *p, const char *option, wsf__part part) {
  int n = 0, total = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) total += p->column[k].part == part;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part != part) continue;
    if (n == 0) wsf__text_printf(t, ", %s=%s", option, total > 1 ? "[" : "");
    if (n++ > 0) wsf__text_add(t, ",", 1);
    add_name(t, p->csv.column[k].name);
  }
  if (total > 1) wsf__text_add(t, "]", 1);
}

/* Whether a column with a name has this part. */
static bool left_out(const wsf__proposal *p, wsf__part part) {
  bool found = false;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    found |= p->column[k].part == part && p->csv.column[k].name[0];
  }
  return found;
}

/* What alone goes with the series of a wide file: totals of a line change from year to year. */
static void add_statics(wsf__text *t, const wsf__proposal *p) {
  if (left_out(p, WSF__PART_STATIC))
    add_list(t, p, "columns", WSF__PART_STATIC);
  else
    wsf__text_addz(t, ", columns=none");
}

/* Series that add up the others are left out, by the labels of their keys. */
static void add_totals(wsf__text *t, const wsf__proposal *p) {
  for (int i = 0; i < p->n_totals; ++i) {
    wsf__text_addz(t, i == 0 ? " | select(without=[\"" : ",\"");
    for (int k = 0; k < p->total[i].column; ++k) {
      if (p->column[k].part == WSF__PART_KEY) wsf__text_addz(t, "*/");
    }
    wsf__text_printf(t, "%s\"", p->total[i].label);
  }
  if (p->n_totals) wsf__text_addz(t, "])");
}

static void add_merged(wsf__text *t, const wsf__proposal *p) {
  int n = 0, total = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) total += p->merged[k];
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (!p->merged[k]) continue;
    wsf__text_addz(t, n++ > 0 ? "," : total > 1 ? ", filldown=[" : ", filldown=");
    add_name(t, p->csv.column[k].name);
  }
  if (total > 1) wsf__text_addz(t, "]");
}

static wsf_status write_expression(wsf__text *t, const wsf__proposal *p, const char *path,
                                   wsf_error *err) {
  wsf__text_addz(t, "csv(");
  add_quoted(t, path);
  if (p->layout != WSF__LAYOUT_LONG)
    wsf__text_printf(t, ", layout=%s", wsf__propose_layout(p->layout));
  add_list(t, p, "keys", WSF__PART_KEY);
  add_list(t, p, "time", WSF__PART_TIME);
  add_list(t, p, "target", WSF__PART_TARGET);
  if (p->layout == WSF__LAYOUT_LONG) add_list(t, p, "static", WSF__PART_STATIC);
  if (p->layout == WSF__LAYOUT_PIVOT) add_list(t, p, "past", WSF__PART_PAST);
  if (p->layout == WSF__LAYOUT_PIVOT && left_out(p, WSF__PART_NONE)) {
    add_list(t, p, "columns", WSF__PART_SERIES);
  }
  if ((p->years && left_out(p, WSF__PART_PAST)) || p->total_column) add_statics(t, p);
  if (p->start[0]) wsf__text_printf(t, ", start=\"%s\"", p->start);
  if (p->season) wsf__text_printf(t, ", season=%d", p->season);
  if (p->unsettled) wsf__text_addz(t, ", dayfirst=false");
  if (p->dateformat) wsf__text_printf(t, ", dateformat=\"%s\"", p->dateformat);
  if (p->timezone) wsf__text_printf(t, ", timezone=\"%s\"", p->timezone);
  if (p->freq) wsf__text_printf(t, ", freq=%s", p->freq);
  if (p->fiscal && p->years) wsf__text_addz(t, ", freq=week");
  if (p->fiscal) wsf__text_addz(t, ", fiscal=");
  if (p->fiscal) add_name(t, p->fiscal);
  if (p->format.header == WSF__HEADER_TWO) wsf__text_addz(t, ", header=two");
  if (p->format.header == WSF__HEADER_NONE) wsf__text_addz(t, ", header=false");
  if (p->format.quote) wsf__text_printf(t, ", quote=%s", wsf__propose_quote(p->format.quote));
  if (p->format.delimiter) {
    const char mark[] = {p->format.delimiter, '\0'};
    wsf__text_printf(t, ", delimiter=\"%s\"", mark);
  }
  if (p->format.skip) wsf__text_printf(t, ", skip=%lld", (long long)p->format.skip);
  if (p->format.comment) wsf__text_addz(t, ", comment=\"#\"");
  for (int i = 0; i < p->n_na; ++i) {
    wsf__text_addz(t, i == 0 ? ", na=[" : ",");
    add_quoted(t, p->na[i]);
  }
  if (p->n_na) wsf__text_addz(t, "]");
  for (int i = 0; i < p->n_suffixes; ++i) {
    wsf__text_addz(t, i == 0 ? ", suffixes=[" : ",");
    add_name(t, p->suffix[i]);
  }
  if (p->n_suffixes) wsf__text_addz(t, "]");
  add_merged(t, p);
  if (p->twice || p->summed) wsf__text_addz(t, ", duplicates=sum");
  wsf__text_addz(t, ")");
  add_totals(t, p);
  return t->failed ? wsf__fail_memory(err) : WSF_OK;
}

/* What is proposed loads, and holds an observation; how many it holds, and what it tells. */
static wsf_status check(const wsf__proposal *p, const char *expression, wsf__panel **out,
                        int64_t *observations, wsf_error *err) {
  static const wsf__catalog catalog = {data_spec};
  const wsf__node *node;
  wsf__arena arena;
  wsf__panel *panel = NULL;
  bool target = p->layout != WSF__LAYOUT_LONG;
  *observations = 0;
  WSF__TRY(wsf__load_check(&p->csv, err));
  for (int k = 0; k < p->csv.n_columns; ++k) target |= p->column[k].part == WSF__PART_TARGET;
  if (!target && !p->ahead) {
    wsf__propose_nearest(p, err);
    return WSF_E_DATA;
  }
  wsf__arena_init(&arena, &p->csv.env->alloc);
  wsf_status status =
      wsf__expr_parse(&node, &arena, &catalog, "data", expression, strlen(expression), err);
  if (status == WSF_OK) status = wsf__ingest_open(&panel, p->csv.env, node, err);
  for (int64_t i = 0; panel && i < panel->n; ++i) {
    const double *y = panel->y + panel->offset[i];
    for (int64_t t = 0; t < panel->length[i]; ++t) *observations += y[t] == y[t];
  }
  if (status == WSF_OK && target && *observations == 0) {
    status = wsf__fail(err, WSF_E_DATA, "no row holds a time and a value that could be forecast");
    wsf__error_at_file(err, p->csv.file);
  }
  wsf__arena_free(&arena);
  *out = panel;
  return status;
}

typedef struct attempt {
  wsf_status status;
  wsf_error err;
  int64_t found; /* observations */
  wsf__panel *panel;
} attempt;

/* Write and load it; what another attempt left is given back. */
static void attempt_it(attempt *a, wsf__proposal *p, const char *path) {
  wsf__panel_release(a->panel);
  wsf__text_free(&p->expression);
  *a = (attempt){0};
  wsf__text_init(&p->expression, &p->csv.env->alloc, WSF__EXPR_BYTES);
  a->status = write_expression(&p->expression, p, path, &a->err);
  if (a->status == WSF_OK) {
    a->status = check(p, p->expression.data, &a->panel, &a->found, &a->err);
  }
}

/* Series that take turns every few days have the days in common only, which freq= tells where the
 * calendar of the first would leave out the others. */
static void attempt_days(attempt *a, wsf__proposal *p, const char *path) {
  const int64_t found = a->found;
  p->freq = "day";
  attempt_it(a, p, path);
  if (a->status == WSF_OK && a->found > found) return;
  p->freq = NULL;
  attempt_it(a, p, path);
}

static bool has_clock(const wsf__proposal *p) {
  bool clock = false;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__proposed *c = &p->column[k];
    clock |= c->part == WSF__PART_TIME && strcmp(c->type, "time") == 0;
  }
  return clock;
}

/* Periods with an observation of any series; -1: no memory to say. *periods: all, but for stretches
 * without that last longer than `pause`. */
static int64_t count_filled(const wsf__panel *p, const wsf__alloc *alloc, int64_t pause,
                            int64_t *periods) {
  bool *filled = wsf__new_zero(alloc, (size_t)p->T, sizeof *filled);
  int64_t n = 0, last = -1;
  *periods = 0;
  if (!filled) return -1;
  for (int64_t i = 0; i < p->n; ++i) {
    const double *y = p->y + p->offset[i];
    for (int64_t t = 0; t < p->length[i]; ++t) filled[p->first[i] + t] |= y[t] == y[t];
  }
  for (int64_t t = 0; t < p->T; ++t) {
    if (!filled[t]) continue;
    ++n;
    *periods += t - last <= pause ? t - last : 1;
    last = t;
  }
  wsf__delete(alloc, filled);
  return n;
}

/* Whether few periods have an observation, stretches left aside that are long enough to be those
 * before a mistyped time, or a pause. */
static bool is_sparse(const wsf__panel *p, const wsf__alloc *alloc) {
  enum { SPARSE = 10 };
  const wsf__calendar *c = &p->calendar;
  const int64_t pause = INT64_C(86400) * WSF__FAR_DAYS / (wsf__freq_seconds(c->freq) * c->step);
  int64_t periods;
  const int64_t filled = count_filled(p, alloc, pause, &periods);
  return filled >= 0 && filled * SPARSE < periods;
}

/* Times that leave most periods empty are of a longer step, of none, or read as what they are not:
 * dates a day off, two days a month, numbers that are days. */
static bool doubt_gaps(wsf__proposal *p, const wsf__panel *panel) {
  enum { LEAST = 36 };
  int64_t periods;
  const int64_t filled = count_filled(panel, &p->csv.env->alloc, INT64_MAX, &periods);
  if (filled < 0 || periods < LEAST || 2 * filled >= periods) return false;
  const bool numbers = panel->calendar.freq == WSF__INTEGER;
  wsf__propose_doubt(
      p,
      "%lld of %lld periods of one %s hold no observation (freq= says how long a period "
      "is, dateformat= how times are written, gaps=zero that nothing was sold then)",
      (long long)(periods - filled), (long long)periods,
      numbers ? "number" : wsf__freq_name(panel->calendar.freq));
  return true;
}

/* Series of one row a sale, some of which have no row in many periods; where rows are added up the
 * load tells it. */
static void doubt_unsold(wsf__proposal *p, const wsf__panel *panel) {
  enum { MANY = 5 }; /* one in so many */
  const int64_t gaps = wsf__report_total(panel->report, "gaps");
  const int64_t all = gaps + wsf__report_total(panel->report, "observations");
  if (p->twice || p->summed || gaps == 0 || MANY * gaps < all) return;
  wsf__propose_doubt(
      p,
      "%lld of %lld periods within the series have no row, and are missing (gaps=zero "
      "if nothing was sold then)",
      (long long)gaps, (long long)all);
}

/* Times of day are those of events, not of a series, if the periods that they have in common, or
 * nothing, hold rows in fewer than one in ten. They are added up by day, or by hour where they last
 * a few days only. */
static void attempt_events(attempt *a, wsf__proposal *p, const char *path) {
  enum { LEAST_DAYS = 7 };
  if (a->status == WSF_OK && !is_sparse(a->panel, &p->csv.env->alloc)) return;
  p->summed = true;
  p->freq = "day";
  attempt_it(a, p, path);
  if (a->status == WSF_OK && a->panel->T < LEAST_DAYS) {
    p->freq = "hour";
    attempt_it(a, p, path);
  }
  if (a->status == WSF_OK) {
    wsf__propose_doubt(p,
                       "rows stand at times of day that follow no step, as events do; they are "
                       "added up by %s (freq= says by what, such as %s or minute)",
                       p->freq, p->freq[0] == 'd' ? "hour" : "day");
    return;
  }
  p->summed = false;
  p->freq = NULL;
  attempt_it(a, p, path);
}

/* Rows of the hour that clocks show twice keep both values by the zone, if it is to be had. */
static void attempt_zone(attempt *a, wsf__proposal *p, const char *path) {
  const int64_t twice = p->twice;
  int64_t line;
  const char *column;
  if (!wsf__propose_zone(p, &line, &column)) return;
  p->twice = 0;
  attempt_it(a, p, path);
  if (a->status == WSF_OK) {
    wsf__propose_doubt(
        p,
        "times such as that of line %lld stand twice, as clocks show an hour that "
        "they are put back by: they are read in timezone=\"%s\"%s%.40s (another says "
        "other clocks), and are in UTC from here on",
        (long long)line, p->timezone, column ? ", by the column " : "", column ? column : "");
    return;
  }
  wsf__propose_doubt(
      p,
      "times such as that of line %lld stand twice, as clocks show an hour that they "
      "are put back by (timezone= keeps both values)",
      (long long)line);
  p->timezone = NULL;
  p->twice = twice;
  attempt_it(a, p, path);
}

/* A time so far ahead that nothing loads, 9999-12-31, stands for none. */
static void attempt_far(attempt *a, wsf__proposal *p, const char *path) {
  const char *word = wsf__propose_far_word(p);
  const int before = p->n_na;
  if (!word || !wsf__propose_add_missing(p, word)) return;
  attempt_it(a, p, path);
  if (a->status == WSF_OK) return;
  p->n_na = before;
  attempt_it(a, p, path);
}

/* A long file that could be a pivot one, with the expression that reads it so. */
static void doubt_alike(wsf__proposal *p, const char *path) {
  const size_t columns = (size_t)p->csv.n_columns;
  bool *own = wsf__arena_zero(&p->csv.arena, columns, sizeof *own);
  wsf__part *part = wsf__arena_new(&p->csv.arena, columns, sizeof *part);
  if (!own || !part || wsf__propose_alike(p, own) == 0) return;
  const char *name[2] = {NULL, NULL};
  for (size_t k = 0; k < columns; ++k) {
    wsf__proposed *c = &p->column[k];
    part[k] = c->part;
    if (own[k]) {
      name[name[0] != NULL] = p->csv.column[k].name;
      c->part = WSF__PART_SERIES;
    } else if (c->part == WSF__PART_TARGET) {
      c->part = WSF__PART_PAST;
    }
  }
  wsf__text other;
  wsf__text_init(&other, &p->csv.env->alloc, WSF__EXPR_BYTES);
  p->layout = WSF__LAYOUT_PIVOT;
  const wsf_status status = write_expression(&other, p, path, NULL);
  p->layout = WSF__LAYOUT_LONG;
  for (size_t k = 0; k < columns; ++k) p->column[k].part = part[k];
  const bool fits = status == WSF_OK && strlen(other.data) < WSF__PROPOSE_DOUBT_BYTES / 2;
  wsf__propose_doubt(
      p, "%.32s and %.32s could each be a series, as of a shop or a product: %s reads them so",
      name[0], name[1], fits ? other.data : "layout=pivot");
  wsf__text_free(&other);
}

wsf_status wsf__propose_settle(wsf__proposal *p, const char *path, wsf_error *err) {
  attempt a = {0};
  attempt_it(&a, p, path);
  if (a.status == WSF_E_DATA && p->layout == WSF__LAYOUT_LONG) attempt_far(&a, p, path);
  const bool data = a.status == WSF_OK || a.status == WSF_E_DATA;
  if (a.status == WSF_OK && has_clock(p)) attempt_zone(&a, p, path);
  if (data && has_clock(p)) attempt_events(&a, p, path);
  if (data && p->turns && !p->freq) attempt_days(&a, p, path);
  if (p->layout == WSF__LAYOUT_LONG) wsf__propose_far(p);
  if (a.status == WSF_OK && a.panel->report) wsf__propose_lost(p, a.panel->report);
  if (a.status == WSF_OK) doubt_alike(p, path);
  if (a.status == WSF_OK) wsf__propose_doubt_partial(p);
  if (a.status == WSF_OK && !doubt_gaps(p, a.panel)) doubt_unsold(p, a.panel);
  if (a.status == WSF_OK && a.panel->report) wsf__propose_carry(p, a.panel->report);
  wsf__panel_release(a.panel);
  if (a.status != WSF_OK && err) *err = a.err;
  return a.status;
}
