/* Sines and cosines of seasons of any length, whole or not, several at once: smooth seasons for
 * models that are linear in their features (Young, Pedregal and Tych 1999; Hyndman and
 * Athanasopoulos 2021, 7.4). A season's length counts periods of the calendar: 7 and 365.25 by the
 * day, 52.18 by the week. Waves stand still against the calendar, wherever a panel begins: their
 * angle is 0 where the calendar counts from, 1970-01-01, year 0, or the whole number 0. A wave of
 * two periods has no sine: it would be 0 at every period. `calendar` stands for the week and the
 * year, those of them that are longer than the season of the data, which its models have already.
 * Under a condition, as of the Prophet package's seasons, waves are 0 where its column is. */
#include "features/feature_options.h"

#include "math/elementary.h"

#include <stdio.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

static const wsf__option options[] = {
    {"period", WSF__REALS, NULL, 2, 1e6, "calendar",
     "periods of the calendar in a season: [7,365.25]; calendar: those of a week and a year that "
     "are longer than the data's season"},
    {"K", WSF__INTS, "1", 1, 10000, NULL,
     "waves of each season, the longest first; one number stands for all"},
    {"condition_name", WSF__TEXT, "", 0, 0, NULL,
     "a column of 0 and 1, known ahead: the season is there where it is 1"}};

/* The lengths of the seasons. */
typedef struct seasons {
  int n;
  const double *length;
  double own[2]; /* of the calendar */
} seasons;

static void find_seasons(seasons *out, const wsf__node *node, const wsf__panel *panel) {
  static const double days[] = {7, 365.25};
  const wsf__value *period = wsf__arg(node, "period");
  *out = (seasons){period->n, period->numbers, {0}};
  if (period->form == WSF__NUMBERS) return;
  out->length = out->own;
  if (panel->calendar.form == WSF__FORM_INTEGER) return;
  for (int i = 0; i < 2; ++i) {
    const double length = days[i] * (double)wsf__freq_seconds(WSF__DAY) /
                          (double)wsf__calendar_seconds(&panel->calendar);
    if (length > 1.5 * panel->season && length >= 2 * wsf__arg(node, "K")->numbers[0])
      out->own[out->n++] = length;
  }
}

/* Waves of season i. */
static int waves(const wsf__node *node, int i) {
  const wsf__value *k = wsf__arg(node, "K");
  return (int)k->numbers[k->n == 1 ? 0 : i];
}

/* A flag, or a column that has no other values: the package takes no others either. */
static wsf_status check_condition(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  const char *name = wsf__arg_text(node, "condition_name");
  int at;
  if (!name) return WSF_OK;
  WSF__TRY(wsf__feature_find(&at, node, "condition_name", name, panel, err));
  WSF__TRY(wsf__feature_check_ahead(node, "condition_name", name, panel, err));
  const wsf__column *column = &panel->column[at];
  if (column->flag) return WSF_OK;
  if (column->n_categories > 0) {
    (void)wsf__fail(err, WSF_E_VALUE, "column '%.64s' holds texts, condition_name expects 0 and 1",
                    name);
    return wsf__feature_refuse(node, "condition_name", err);
  }
  for (int64_t i = 0; i < column->n_groups * column->periods; ++i) {
    const double x = column->value[i];
    if (isnan(x) || x == 0 || x == 1) continue;
    (void)wsf__fail(err, WSF_E_VALUE, "column '%.64s' holds %.15g, condition_name expects 0 and 1",
                    name, x);
    return wsf__feature_refuse(node, "condition_name", err);
  }
  return WSF_OK;
}

static wsf_status check(const wsf__node *node, const wsf__panel *panel, wsf_error *err) {
  WSF__TRY(check_condition(node, panel, err));
  const wsf__value *k = wsf__arg(node, "K");
  seasons s;
  find_seasons(&s, node, panel);
  if (k->n != 1 && k->n != s.n) {
    (void)wsf__fail(err, WSF_E_VALUE, "K has %d numbers for %d seasons, expected one for each",
                    k->n, s.n);
    return wsf__feature_refuse(node, "K", err);
  }
  for (int i = 0; i < s.n; ++i) {
    if (2 * waves(node, i) <= s.length[i]) continue;
    (void)wsf__fail(err, WSF_E_VALUE,
                    "K is %d for a season of %.15g periods, expected at most %d: two periods a "
                    "wave",
                    waves(node, i), s.length[i], (int)(s.length[i] / 2));
    return wsf__feature_refuse(node, "K", err);
  }
  return WSF_OK;
}

static int columns_of(const wsf__node *node, const seasons *s, int i) {
  const int k = waves(node, i);
  return 2 * k - (2 * k == s->length[i]);
}

static int width(const wsf__node *node, const wsf__panel *panel) {
  seasons s;
  find_seasons(&s, node, panel);
  int n = 0;
  for (int i = 0; i < s.n; ++i) n += columns_of(node, &s, i);
  return n;
}

static wsf_status column(const wsf__node *node, const wsf__panel *panel, int c, wsf__arena *arena,
                         wsf__feature *out) {
  enum { ROOM = 64 };
  const char *condition = wsf__arg_text(node, "condition_name");
  const size_t room = ROOM + (condition ? strlen(condition) : 0);
  char *text = wsf__arena_new(arena, room, 1);
  if (!text) return WSF_E_MEMORY;
  seasons s;
  find_seasons(&s, node, panel);
  int i = 0;
  for (; c >= columns_of(node, &s, i); ++i) c -= columns_of(node, &s, i);
  const double period = s.length[i];
  const bool cosine = c % 2 == 1 || c + 2 == period; /* the last wave of all has no sine */
  (void)snprintf(text, room, "fourier_%.15g_%s_%d%s%s", period, cosine ? "cos" : "sin", c / 2 + 1,
                 condition ? "_" : "", condition ? condition : "");
  *out = (wsf__feature){.name = text, .cycle = period};
  return WSF_OK;
}

/* Where a period stands in a season, in [0, length). fmod is exact. */
static double phase(const wsf__calendar *cal, int64_t t, double length) {
  const bool weeks = cal->freq == WSF__WEEK && cal->form != WSF__FORM_INTEGER;
  const bool quarters = cal->freq == WSF__QUARTER && cal->form != WSF__FORM_INTEGER;
  const int64_t unit = (int64_t)cal->step * (weeks ? 7 : quarters ? 3 : 1);
  const double at = fmod((double)(wsf__floor_div(cal->origin, unit) + t), length);
  return at < 0 ? at + length : at;
}

/* Nothing but the condition's 0 and 1 lets a wave be. */
static void apply_condition(const wsf__feature_view *v, const wsf__node *node, int64_t t,
                            int64_t rows, float *x, int64_t stride) {
  const char *name = wsf__arg_text(node, "condition_name");
  const int at = name ? wsf__panel_find_column(v->panel, name) : -1;
  const int columns = width(node, v->panel);
  for (int64_t r = 0; at >= 0 && r < rows; ++r) {
    const double holds = wsf__feature_column(v, at, t + r, t + r);
    for (int c = 0; c < columns && holds != 1; ++c) x[c * stride + r] = holds == 0 ? 0 : NAN;
  }
}

static wsf_status fill(const wsf__feature_view *v, const wsf__node *node, int64_t t, int64_t rows,
                       float *x, int64_t stride) {
  float *const first = x;
  seasons s;
  find_seasons(&s, node, v->panel);
  for (int i = 0; i < s.n; ++i) {
    const double length = s.length[i];
    const int columns = columns_of(node, &s, i);
    for (int64_t r = 0; r < rows; ++r) {
      const double at = phase(&v->panel->calendar, t + r, length);
      for (int c = 0; c < columns; ++c) {
        const int harmonic = c / 2 + 1;
        const double angle = 2 * pi * fmod(harmonic * at, length) / length;
        const bool cosine = c % 2 == 1 || c + 2 == length;
        x[c * stride + r] = (float)(cosine ? wsf__cos(angle) : wsf__sin(angle));
      }
    }
    x += columns * stride;
  }
  apply_condition(v, node, t, rows, first, stride);
  return WSF_OK;
}

static bool of_period(const wsf__node *node) {
  return !wsf__arg_text(node, "condition_name");
}

const wsf__feature_class wsf__feature_fourier = {
    .spec = {.family = "feature",
             .group = "calendar",
             .name = "fourier",
             .summary = "sines and cosines of seasons of any length",
             .source = "Hyndman and Athanasopoulos (2021), 7.4",
             .since = "0.2.0",
             .example = "fourier([7,30.4375], [3,2])",
             .options = options,
             .n_options = sizeof options / sizeof *options},
    .check = check,
    .width = width,
    .column = column,
    .lag = wsf__feature_no_lag,
    .fill = fill,
    .of_period = of_period,
};
