/* A retailer that does not exist: weekly sales of the shape of Kaggle's Walmart set, for examples
 * and tests without the real files.
 *
 * log sales = store + department + both + trend + yearly season + shopping days + markdowns +
 * noise. Christmas shopping is spread over days, so a week's share of it moves with the weekday of
 * Christmas, as it does in truth. Some departments sell now and then, some series begin late, end
 * early, have gaps, take goods back (negative sales) or do not exist in small stores.
 *
 * The same on every machine: random numbers from one counter-based stream for each store,
 * department and pair, so that a store is the same in any size of the set; exponential and sine are
 * computed here, from + - * / alone, since mathematical libraries differ in the last bit. */
#include "calendar/holidays.h"
#include "ingest/report.h"
#include "ingest/sources.h"
#include "math/rng.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  AHEAD_WEEKS = 52,
  MARKDOWNS = 5,
  MARKDOWN_WEEKS = 51, /* the last ones of the history have markdowns, and all after it */
  UNKNOWN_WEEKS = 13   /* the last ones ahead have no economic figures yet */
};

static const wsf__option options[] = {
    {"stores", WSF__INT, "45", 1, 100000, NULL, "number of stores"},
    {"depts", WSF__INT, "81", 1, 100000, NULL, "departments of a store"},
    {"weeks", WSF__INT, "143", 2, 5000, NULL, "weeks of history, from the one ending 2010-02-05"},
    {"seed", WSF__INT, "1", 0, 9007199254740991.0, NULL, "another seed is another retailer"},
};

const wsf__spec wsf__spec_simulate = {
    .family = "data",
    .group = "source",
    .name = "simulate",
    .summary = "An invented retailer of the shape of the Walmart set, the same on every machine.",
    .source = "",
    .since = "0.1.0",
    .example = "simulate(stores=5, depts=10)",
    .options = options,
    .n_options = sizeof options / sizeof *options,
};

/* ---- numbers ------------------------------------------------------------------------------ */

/* e^x by its series on half a factor of two; relative error below 1e-15 for |x| < 700. */
static double exponential(double x) {
  const double k = floor(x * 1.4426950408889634 + 0.5);
  const double r = x - k * 0.693147180369123816490 - k * 1.90821492927058770002e-10;
  double sum = 1;
  for (int n = 13; n > 0; --n) sum = 1 + sum * r / n;
  return ldexp(sum, (int)k);
}

/* sin(2 pi x) by its series on a quarter turn. */
static double wave(double turns) {
  double x = turns - floor(turns + 0.5);
  if (x > 0.25) x = 0.5 - x;
  if (x < -0.25) x = -0.5 - x;
  x *= 6.283185307179586;
  double sum = 1;
  for (int n = 19; n > 1; n -= 2) sum = 1 - sum * x * x / (n * (n - 1));
  return x * sum;
}

static double cents(double x) {
  return floor(x * 100 + 0.5) / 100;
}

static bool chance(wsf__rng *r, double p) {
  return wsf__rng_uniform(r) < p;
}

static double between(wsf__rng *r, double lo, double hi) {
  return lo + (hi - lo) * wsf__rng_uniform(r);
}

/* ---- the world ---------------------------------------------------------------------------- */

/* What a week is to a shopper. */
typedef struct week {
  double year;         /* turns since the first week, for seasons */
  double thanksgiving; /* shares of the shopping that belongs to an event, by its days */
  double christmas, easter, school;
  bool super_bowl, holiday;
} week;

typedef struct store {
  int type;                          /* 0 A, 1 B, 2 C */
  double size, level, growth, reach; /* reach: share of the departments it has */
} store;

typedef struct dept {
  double level, growth, noise;
  double season[2], shift[2]; /* two harmonics of the year */
  double thanksgiving, christmas, easter, school, super_bowl, markdown;
  double frequency; /* chance of a sale in a week; 1: every week */
} dept;

typedef struct world {
  int64_t stores, depts, weeks;
  uint64_t seed;
  const week *week; /* [weeks + AHEAD_WEEKS] */
  const store *store;
  const dept *dept;
  double *covariate[4 + MARKDOWNS]; /* [stores * (weeks + AHEAD_WEEKS)] */
  int64_t *time;
  double *target;
  int32_t *store_of, *dept_of;
  int64_t *kept; /* [stores] rows of each */
} world;

static const char *const covariate_name[4 + MARKDOWNS] = {
    "Temperature", "Fuel_Price", "MarkDown1", "MarkDown2",   "MarkDown3",
    "MarkDown4",   "MarkDown5",  "CPI",       "Unemployment"};
enum { TEMPERATURE, FUEL, MARKDOWN, CPI = MARKDOWN + MARKDOWNS, UNEMPLOYMENT };

/* Streams: stores count from 1 and departments from 1; 0 stands for "all". */
static wsf__rng stream(const world *w, int64_t store_number, int64_t dept_number) {
  wsf__rng r;
  wsf__rng_init(&r, w->seed, (uint64_t)store_number << 32 | (uint64_t)dept_number);
  return r;
}

static week make_week(int64_t friday, int64_t t) {
  week w = {.year = (double)t * 7 / 365.2425};
  int64_t year;
  int month, day;
  wsf__civil_from_days(friday, &year, &month, &day);
  for (int64_t d = friday - 6; d <= friday; ++d) {
    int64_t y;
    wsf__civil_from_days(d, &y, &month, &day);
    const int64_t thanksgiving = wsf__thanksgiving(y), christmas = wsf__christmas(y);
    const int64_t easter = wsf__easter(y), labor = wsf__labor_day(y);
    if (d >= thanksgiving - 2 && d <= thanksgiving + 1) w.thanksgiving += 0.25;
    /* Shopping grows towards Christmas: day 24 before it has a 24th of the last day's share. */
    const int64_t left = christmas - d;
    if (left > 0 && left <= 24) w.christmas += (double)(25 - left) / 300;
    if (left < 0 && left >= -6) w.christmas -= 1.0 / 24; /* and is spent after */
    if (d < easter && d >= easter - 8) w.easter += 0.125;
    if (d < labor && d >= labor - 28) w.school += 1.0 / 28;
    w.super_bowl = w.super_bowl || d == wsf__super_bowl(y);
    w.holiday = w.holiday || d == thanksgiving || d == christmas || d == labor;
  }
  w.holiday = w.holiday || w.super_bowl;
  return w;
}

static store make_store(const world *w, int64_t number) {
  wsf__rng r = stream(w, number, 0);
  const double u = wsf__rng_uniform(&r);
  store s = {.type = u < 0.49 ? 0 : u < 0.87 ? 1 : 2};
  static const double least[] = {150000, 70000, 38000}, most[] = {220000, 140000, 43000};
  s.size = floor(between(&r, least[s.type], most[s.type]));
  s.level = 0.25 * wsf__rng_normal(&r) + (s.size - 130000) / 160000;
  s.growth = 0.02 * wsf__rng_normal(&r);
  s.reach = s.type == 2 ? 0.75 : 0.96;
  return s;
}

static dept make_dept(const world *w, int64_t number) {
  wsf__rng r = stream(w, 0, number);
  dept d = {.level = 8.7 + 1.15 * wsf__rng_normal(&r), .frequency = 1};
  d.growth = 0.05 * wsf__rng_normal(&r);
  d.noise = between(&r, 0.04, 0.16);
  const bool seasonal = chance(&r, 0.2), gifts = chance(&r, 0.3);
  for (int k = 0; k < 2; ++k) {
    d.season[k] = (seasonal ? 0.8 : 0.12) * wsf__rng_uniform(&r) / (k + 1);
    d.shift[k] = wsf__rng_uniform(&r);
  }
  d.thanksgiving = gifts ? between(&r, 0.5, 1.4) : between(&r, -0.05, 0.25);
  d.christmas = gifts ? between(&r, 1.2, 3.2) : between(&r, 0, 0.6);
  d.easter = chance(&r, 0.2) ? between(&r, 0.2, 0.8) : 0;
  d.school = chance(&r, 0.15) ? between(&r, 0.5, 2) : 0;
  d.super_bowl = chance(&r, 0.3) ? between(&r, 0.03, 0.2) : 0;
  d.markdown = between(&r, 0, 0.06);
  /* The first department is never rare, so that the first week always has a sale. */
  if (number > 1 && chance(&r, 0.15)) {
    d.frequency = between(&r, 0.1, 0.7);
    d.level -= 3;
  }
  return d;
}

/* The store's weather, prices and promotions, week by week. */
static void make_covariates(const world *w, int64_t s) {
  const int64_t n = w->weeks + AHEAD_WEEKS;
  wsf__rng r = stream(w, s + 1, UINT32_MAX);
  const double climate = between(&r, 45, 75), swing = between(&r, 10, 25);
  double fuel = 2.7, cpi = chance(&r, 0.5) ? between(&r, 126, 140) : between(&r, 190, 215);
  double unemployment = between(&r, 6, 11);
  for (int64_t t = 0; t < n; ++t) {
    double *value[4 + MARKDOWNS];
    for (int c = 0; c < 4 + MARKDOWNS; ++c) value[c] = &w->covariate[c][s * n + t];
    *value[TEMPERATURE] =
        cents(climate + swing * wave(w->week[t].year - 0.16) + 4 * wsf__rng_normal(&r));
    fuel += 0.04 * wsf__rng_normal(&r) + 0.01 * (3.4 - fuel);
    *value[FUEL] = cents(fuel * 10) / 10;
    for (int m = 0; m < MARKDOWNS; ++m) {
      const double u = wsf__rng_uniform(&r), z = wsf__rng_normal(&r);
      const bool there = t >= w->weeks - MARKDOWN_WEEKS && u < (m == 1 || m == 2 ? 0.65 : 0.95);
      *value[MARKDOWN + m] = there ? cents(exponential(7.8 - 0.4 * m + 1.1 * z)) : NAN;
    }
    cpi += 0.00035 * cpi;
    if (t % 13 == 12) unemployment += 0.25 * wsf__rng_normal(&r) - 0.1;
    unemployment = fmin(fmax(unemployment, 3.5), 15);
    *value[CPI] = t < n - UNKNOWN_WEEKS ? floor(cpi * 1e6) / 1e6 : NAN;
    *value[UNEMPLOYMENT] = t < n - UNKNOWN_WEEKS ? floor(unemployment * 1000) / 1000 : NAN;
  }
}

/* ---- sales -------------------------------------------------------------------------------- */

/* Where a series begins, ends, and whether it is there at all. */
typedef struct life {
  int64_t begin, end;
  double gaps, returns; /* chance a week */
  bool exists;
} life;

static life make_life(const world *w, const store *s, const dept *d, int64_t number, wsf__rng *r) {
  const double u = wsf__rng_uniform(r), late = wsf__rng_uniform(r), early = wsf__rng_uniform(r);
  const bool holes = chance(r, 0.12);
  life l = {.end = w->weeks, .exists = true, .returns = d->frequency < 1 ? 0.04 : 0.001};
  if (number == 1) return l;
  const double span = (double)w->weeks;
  l.exists = u < s->reach;
  if (late < 0.05) l.begin = (int64_t)(span * late / 0.055);
  if (early < 0.02) l.end = w->weeks - (int64_t)((span - (double)l.begin) * early / 0.025);
  l.gaps = holes ? 0.08 : 0;
  return l;
}

/* Sales of one store and department into rows from `row` on; returns the next free row. */
static int64_t sell(const world *w, int64_t s, int64_t number, int64_t row) {
  const store *at = &w->store[s];
  const dept *d = &w->dept[number - 1];
  const int64_t n = w->weeks + AHEAD_WEEKS;
  wsf__rng r = stream(w, s + 1, number);
  const life l = make_life(w, at, d, number, &r);
  if (!l.exists) return row;
  const double level = at->level + d->level + 0.3 * wsf__rng_normal(&r);
  const double taste = between(&r, 0.6, 1.4), growth = at->growth + d->growth;
  double drift = 0;
  for (int64_t t = 0; t < w->weeks; ++t) {
    /* The same numbers are drawn in every week, whatever becomes of them. */
    const double z = wsf__rng_normal(&r), sale = wsf__rng_uniform(&r);
    const double gap = wsf__rng_uniform(&r), returned = wsf__rng_uniform(&r);
    const week *k = &w->week[t];
    drift = 0.5 * drift + d->noise * z;
    double season = 0;
    for (int h = 0; h < 2; ++h) season += d->season[h] * wave((h + 1) * k->year + d->shift[h]);
    const double promoted = w->covariate[MARKDOWN][s * n + t];
    double x = level + growth * k->year + drift + taste * season;
    x += taste * (d->thanksgiving * k->thanksgiving + d->christmas * k->christmas +
                  d->easter * k->easter + d->school * k->school);
    if (k->super_bowl) x += d->super_bowl;
    if (!isnan(promoted)) x += d->markdown * promoted / (promoted + 5000);
    if (t < l.begin || t >= l.end || gap < l.gaps) continue;
    const bool sold = sale < d->frequency;
    if (!sold && sale < 0.85) continue; /* no sale mostly leaves no row, sometimes a zero */
    double y = sold ? exponential(x) : 0;
    if (returned < l.returns) y = -0.2 * y;
    w->time[row] = INT64_C(86400) * (wsf__days_from_civil(2010, 2, 5) + 7 * t);
    w->target[row] = cents(y);
    w->store_of[row] = (int32_t)s;
    w->dept_of[row] = (int32_t)(number - 1);
    ++row;
  }
  return row;
}

static wsf_status make_store_rows(void *user, int64_t s, wsf__arena *scratch, wsf_error *err) {
  (void)scratch, (void)err;
  const world *w = user;
  const int64_t begin = s * w->depts * w->weeks;
  int64_t row = begin;
  make_covariates(w, s);
  for (int64_t number = 1; number <= w->depts; ++number) row = sell(w, s, number, row);
  w->kept[s] = row - begin;
  return WSF_OK;
}

/* ---- the panel ---------------------------------------------------------------------------- */

static wsf_status make_world(world *w, wsf__arena *arena, wsf_error *err) {
  const size_t weeks = (size_t)(w->weeks + AHEAD_WEEKS), stores = (size_t)w->stores;
  const size_t rows = stores * (size_t)w->depts * (size_t)w->weeks;
  week *k = wsf__arena_new(arena, weeks, sizeof *k);
  store *s = wsf__arena_new(arena, stores, sizeof *s);
  dept *d = wsf__arena_new(arena, (size_t)w->depts, sizeof *d);
  w->time = wsf__arena_new(arena, rows, sizeof *w->time);
  w->target = wsf__arena_new(arena, rows, sizeof *w->target);
  w->store_of = wsf__arena_new(arena, rows, sizeof *w->store_of);
  w->dept_of = wsf__arena_new(arena, rows, sizeof *w->dept_of);
  w->kept = wsf__arena_new(arena, stores, sizeof *w->kept);
  bool whole = k && s && d && w->time && w->target && w->store_of && w->dept_of && w->kept;
  for (int c = 0; c < 4 + MARKDOWNS; ++c) {
    w->covariate[c] = wsf__arena_new(arena, stores * weeks, sizeof *w->covariate[c]);
    whole = whole && w->covariate[c];
  }
  if (!whole) return wsf__fail_memory(err);
  const int64_t first = wsf__days_from_civil(2010, 2, 5);
  for (size_t t = 0; t < weeks; ++t) k[t] = make_week(first + 7 * (int64_t)t, (int64_t)t);
  for (size_t i = 0; i < stores; ++i) s[i] = make_store(w, (int64_t)i + 1);
  for (int64_t i = 0; i < w->depts; ++i) d[i] = make_dept(w, i + 1);
  w->week = k;
  w->store = s;
  w->dept = d;
  return WSF_OK;
}

/* Close the holes between the stores' rows; returns how many rows there are, or, when the call was
 * stopped, how many came so far. */
static int64_t close_up(world *w, const wsf__env *env) {
  int64_t rows = 0;
  for (int64_t s = 0; s < w->stores && !wsf__stopped(env); ++s) {
    const int64_t from = s * w->depts * w->weeks;
    const size_t n = (size_t)w->kept[s];
    memmove(w->time + rows, w->time + from, n * sizeof *w->time);
    memmove(w->target + rows, w->target + from, n * sizeof *w->target);
    memmove(w->store_of + rows, w->store_of + from, n * sizeof *w->store_of);
    memmove(w->dept_of + rows, w->dept_of + from, n * sizeof *w->dept_of);
    rows += w->kept[s];
  }
  return rows;
}

/* Labels "1" .. "n". */
static const char *const *numbers(wsf__arena *arena, int64_t n) {
  enum { ROOM = 24 };
  const char **label = wsf__arena_new(arena, (size_t)n, sizeof *label);
  char *text = wsf__arena_new(arena, (size_t)n, ROOM);
  if (!label || !text) return NULL;
  for (int64_t i = 0; i < n; ++i, text += ROOM) {
    (void)snprintf(text, ROOM, "%lld", (long long)i + 1);
    label[i] = text;
  }
  return label;
}

/* The covariates stand beside the rows: by store, and the flag by week alone. */
static wsf_status add_columns(wsf__panel *p, const world *w, wsf_error *err) {
  enum { COLUMNS = 1 + 4 + MARKDOWNS + 2 };
  static const char *const types[] = {"A", "B", "C"};
  wsf__column *column = wsf__arena_zero(&p->arena, COLUMNS, sizeof *column);
  int32_t *all = wsf__arena_zero(&p->arena, (size_t)p->n, sizeof *all);
  const size_t weeks = (size_t)(w->weeks + AHEAD_WEEKS), stores = (size_t)w->stores;
  double *flag = wsf__arena_new(&p->arena, weeks, sizeof *flag);
  double *type = wsf__arena_new(&p->arena, stores, sizeof *type);
  double *size = wsf__arena_new(&p->arena, stores, sizeof *size);
  if (!column || !all || !flag || !type || !size) return wsf__fail_memory(err);
  for (size_t t = 0; t < weeks; ++t) flag[t] = w->week[t].holiday;
  for (size_t s = 0; s < stores; ++s) {
    type[s] = w->store[s].type;
    size[s] = w->store[s].size;
  }
  /* Every store sells in its first department: labels and stores are numbered alike. */
  const int32_t *by_store = p->key[0].code;
  int n = 0;
  column[n++] = (wsf__column){.name = "IsHoliday",
                              .kind = WSF__KNOWN,
                              .flag = true,
                              .n_groups = 1,
                              .periods = (int64_t)weeks,
                              .group = all,
                              .value = flag};
  for (int c = 0; c < 4 + MARKDOWNS; ++c) {
    double *value = wsf__arena_new(&p->arena, stores * weeks, sizeof *value);
    if (!value) return wsf__fail_memory(err);
    memcpy(value, w->covariate[c], stores * weeks * sizeof *value);
    column[n++] = (wsf__column){.name = covariate_name[c],
                                .kind = WSF__KNOWN,
                                .n_groups = w->stores,
                                .periods = (int64_t)weeks,
                                .group = by_store,
                                .value = value};
  }
  const wsf__column of_store = {
      .kind = WSF__STATIC, .n_groups = w->stores, .periods = 1, .group = by_store};
  column[n] = of_store;
  column[n].name = "Type";
  column[n].n_categories = 3;
  column[n].category = types;
  column[n++].value = type;
  column[n] = of_store;
  column[n].name = "Size";
  column[n++].value = size;
  p->column = column;
  p->n_columns = n;
  p->ahead = (int64_t)weeks - p->T;
  p->holiday = 0;
  p->holiday_weight = 5;
  return WSF_OK;
}

static wsf_status attach_report(wsf__panel *p, const wsf__panel_counts *counts, wsf_error *err) {
  wsf__report report;
  wsf__report_init(&report, &p->arena.alloc);
  wsf__report_add(&report, (wsf__report_row){.item = "rows made", .count = counts->rows});
  wsf__report_counts(&report, counts, p, NULL);
  const wsf_status status = wsf__report_attach(&report, p, err);
  wsf__report_free(&report);
  return status;
}

static wsf_status simulate(wsf__panel **out, wsf__env *env, world *w, wsf__arena *arena,
                           wsf_error *err) {
  WSF__TRY(make_world(w, arena, err));
  WSF__TRY(wsf__parallel(env, "simulate", w->stores, make_store_rows, w, err));
  static const char *const key_name[] = {"Store", "Dept"};
  const char *const *const label[] = {numbers(arena, w->stores), numbers(arena, w->depts)};
  if (!label[0] || !label[1]) return wsf__fail_memory(err);
  const int32_t n_labels[] = {(int32_t)w->stores, (int32_t)w->depts};
  const int32_t *const code[] = {w->store_of, w->dept_of};
  const wsf__rows rows = {.n = close_up(w, env),
                          .n_keys = 2,
                          .key_name = key_name,
                          .key_code = code,
                          .key_label = label,
                          .n_labels = n_labels,
                          .time_name = "Date",
                          .target_name = "Weekly_Sales",
                          .time = w->time,
                          .time_form = WSF__FORM_DATE,
                          .target = w->target};
  WSF__TRY(wsf__go_on(env, 0, err));
  const wsf__panel_rules rules = {.freq = WSF__WEEK};
  wsf__panel_counts counts;
  wsf__panel *p;
  WSF__TRY(wsf__panel_build(&p, env, &rows, &rules, &counts, err));
  wsf_status status = add_columns(p, w, err);
  if (status == WSF_OK) status = attach_report(p, &counts, err);
  if (status != WSF_OK) {
    wsf__panel_release(p);
    return status;
  }
  *out = p;
  return WSF_OK;
}

wsf_status wsf__open_simulate(wsf__panel **out, wsf__env *env, const wsf__node *node,
                              wsf_error *err) {
  *out = NULL;
  world w = {.stores = wsf__arg_int(node, "stores"),
             .depts = wsf__arg_int(node, "depts"),
             .weeks = wsf__arg_int(node, "weeks"),
             .seed = (uint64_t)wsf__arg_int(node, "seed")};
  if (w.stores * w.depts > INT32_MAX / w.weeks) {
    (void)wsf__fail(err, WSF_E_VALUE,
                    "%lld stores of %lld departments over %lld weeks are more than 2^31 rows",
                    (long long)w.stores, (long long)w.depts, (long long)w.weeks);
    wsf__error_at_byte(err, node->byte);
    return WSF_E_VALUE;
  }
  const int64_t series = w.stores * w.depts;
  WSF__TRY(wsf__limit_check(&env->limits, WSF__MOST_series, series, err));
  WSF__TRY(wsf__limit_check(&env->limits, WSF__MOST_rows, series * w.weeks, err));
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  const wsf_status status = simulate(out, env, &w, &arena, err);
  wsf__arena_free(&arena);
  return status;
}
