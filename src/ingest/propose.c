/* Parts of columns, guessed as a person would. The time is the column of dates, or the whole
 * numbers that are called so; the keys are the fewest columns of names that, with the time, tell
 * all rows apart, found greedily; what stays the same within a series is static; the target is the
 * number that is called like one, else the first. Where periods are most of the header the file is
 * wide; where dates stand beside three or more numbers that are called like nothing of the kind, or
 * beside numbered columns, each of these is a series. */
#include "ingest/propose.h"

#include "base/text.h"
#include "ingest/csv_text.h"

#include <math.h>

enum { MOST_ROWS = 2000000, MOST_CANDIDATES = 16 };

/* ---- names --------------------------------------------------------------------------------- */

static const char *const time_names[] = {"date", "time",    "day",    "week", "month", "year",
                                         "wk",   "quarter", "period", "ds",   "datum"};
static const char *const key_names[] = {
    "store", "shop", "item",   "product", "sku",    "id",      "dept",    "key",
    "code",  "nbr",  "family", "region",  "series", "filiale", "artikel", "customer"};
static const char *const target_names[] = {
    "sales",   "units",  "qty",    "quantity", "demand", "target",   "sold",  "volume",
    "revenue", "amount", "orders", "umsatz",   "menge",  "visitors", "value", "count"};

static const char *const covariate_names[] = {
    "price",    "promo",    "temp",     "rain", "snow",  "weather", "holiday",
    "event",    "discount", "markdown", "cpi",  "fuel",  "gdp",     "rate",
    "unemploy", "open",     "closed",   "snap", "cost",  "stock",   "index",
    "lag",      "total",    "trend",    "year", "month", "week",    "weekday"};

static bool called(const char *name, const char *const *list, size_t n) {
  char lower[64];
  size_t i = 0;
  for (; name[i] && i + 1 < sizeof lower; ++i) {
    lower[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] + 32) : name[i];
  }
  lower[i] = '\0';
  for (size_t k = 0; k < n; ++k) {
    if (strstr(lower, list[k])) return true;
  }
  return false;
}
#define CALLED(name, list) called(name, list, sizeof(list) / sizeof *(list))

/* ---- distinct rows -------------------------------------------------------------------------- */

typedef struct counter {
  const wsf__csv *csv;
  int64_t rows;
  uint64_t *slot; /* [mask + 1] hashes; 0 is free */
  size_t mask;
  int *part; /* [n_columns] those that take part */
} counter;

/* At step i of a loop over rows or words: whether to leave it. What it found is not looked at. */
static bool stopped(const wsf__csv *csv, int64_t i) {
  return i % 16384 == 0 && wsf__stopped(csv->env);
}

static uint64_t mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
  return hash ^ hash >> 29;
}

static uint64_t value_of(const wsf__csv_column *c, int64_t row) {
  if (c->code) return (uint64_t)c->code[row] + 1;
  uint64_t bits = 0;
  if (c->number && !isnan(c->number[row])) memcpy(&bits, &c->number[row], sizeof bits);
  return bits + 1;
}

/* Different rows over the columns that take part in `set`, and one more. Hashes of 64 bits stand
 * for the values: two that meet by chance cost a guess one row. */
static int64_t distinct(counter *n, const bool *set, int more) {
  int64_t count = 0;
  int parts = 0;
  for (int k = 0; k < n->csv->n_columns; ++k) {
    if (set[k] || k == more) n->part[parts++] = k;
  }
  memset(n->slot, 0, (n->mask + 1) * sizeof *n->slot);
  for (int64_t row = 0; row < n->rows && !stopped(n->csv, row); ++row) {
    uint64_t hash = 1;
    for (int i = 0; i < parts; ++i) {
      const int k = n->part[i];
      hash = mix(hash, value_of(&n->csv->column[k], row) + (uint64_t)k);
    }
    hash |= 1;
    size_t at = (size_t)(hash >> 20) & n->mask;
    while (n->slot[at] && n->slot[at] != hash) at = (at + 1) & n->mask;
    if (n->slot[at]) continue;
    n->slot[at] = hash;
    ++count;
  }
  return count;
}

/* ---- columns ------------------------------------------------------------------------------- */

static bool whole_numbers(const wsf__csv *csv, const wsf__csv_column *c) {
  for (int64_t i = 0; i < csv->rows && !stopped(csv, i); ++i) {
    if (!(fabs(c->number[i]) < 1e15) || c->number[i] != floor(c->number[i])) return false;
  }
  return csv->rows > 0;
}

/* Whether nearly all words are times, and of which form. */
static int32_t words_are_times(wsf__proposal *p, const wsf__csv_column *c, bool *settled) {
  wsf__time_style style = {0};
  wsf__time_seen seen = {0};
  wsf__time t;
  int32_t good = 0, form = 0;
  for (int32_t i = 0; i < c->words.n && !stopped(&p->csv, i); ++i) {
    const wsf__dict_entry *e = &c->words.entry[i];
    (void)wsf__time_read(e->text, (size_t)e->length, &style, &t, &seen);
  }
  *settled = wsf__time_settle(&style, &p->csv.given_time, &seen);
  for (int32_t i = 0; i < c->words.n && !stopped(&p->csv, i); ++i) {
    const wsf__dict_entry *e = &c->words.entry[i];
    if (!wsf__time_read(e->text, (size_t)e->length, &style, &t, &seen)) continue;
    ++good;
    if (form != WSF__FORM_TIME) form = t.form;
  }
  return good > 0 && good >= c->words.n - c->words.n / 20 && form != WSF__FORM_INTEGER ? form : 0;
}

/* Whole numbers and twelfths that a column of times would read as dates. */
static bool numbers_are_dates(const wsf__csv *csv, const wsf__csv_column *c) {
  const wsf__time_style none = {0};
  wsf__time_style style;
  wsf__time_seen seen = {0};
  wsf__time t;
  for (int64_t i = 0; i < csv->rows && !stopped(csv, i); ++i) {
    char text[32];
    const size_t n = wsf__number_format(c->number[i], text);
    if (!wsf__time_read(text, n, &none, &t, &seen) && !(seen.bits & WSF__SEEN_YEAR)) return false;
  }
  (void)wsf__time_settle(&style, &none, &seen);
  return style.whole != WSF__WHOLE_NUMBERS || style.years;
}

/* Bytes of a name before the digits that end it. */
static size_t stem(const char *name) {
  size_t n = strlen(name);
  while (n > 0 && name[n - 1] >= '0' && name[n - 1] <= '9') --n;
  return n;
}

typedef enum period { NO_PERIOD, NUMBERED, YEAR, DATED } period;

/* d_1, Week 1 and 1 number periods, 2023-01 dates one, 2023 may do either. */
static period names_period(const char *name) {
  const wsf__time_style none = {0};
  wsf__time t;
  wsf__time_seen seen = {0};
  const size_t n = strlen(name), word = stem(name);
  if (wsf__time_read(name, n, &none, &t, &seen)) {
    const bool year = n == 4 && t.value >= 1900 && t.value <= 2100;
    return t.form != WSF__FORM_INTEGER ? DATED : year ? YEAR : NUMBERED;
  }
  if (seen.bits & (WSF__SEEN_DAY_FIRST | WSF__SEEN_MONTH_FIRST)) return DATED;
  const bool counts = word < n && word > 0 && (name[word - 1] == '_' || CALLED(name, time_names));
  return counts ? NUMBERED : NO_PERIOD;
}

static void see_columns(wsf__proposal *p) {
  const wsf__csv *csv = &p->csv;
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    wsf__proposed *to = &p->column[k];
    to->part = WSF__PART_PAST;
    for (int64_t i = 0; i < csv->rows && !stopped(csv, i); ++i) {
      to->missing += c->code ? c->code[i] < 0 : !c->number || isnan(c->number[i]);
    }
    to->type = c->flag ? "flag" : c->number ? "number" : "words";
    if (to->missing == csv->rows) to->type = "empty";
    if (!c->name[0] || to->missing == csv->rows) to->part = WSF__PART_NONE;
    to->distinct = c->code ? c->words.n : 0;
  }
}

/* ---- parts --------------------------------------------------------------------------------- */

static void find_time(wsf__proposal *p) {
  const wsf__csv *csv = &p->csv;
  int best = -1, score = 0;
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    wsf__proposed *to = &p->column[k];
    const bool hint = CALLED(c->name, time_names);
    bool settled = true;
    int value = 0;
    if (to->part != WSF__PART_PAST || to->missing * 20 > csv->rows) continue;
    if (c->number && names_period(c->name)) continue; /* a column of values */
    const int32_t form = c->code ? words_are_times(p, c, &settled) : 0;
    if (form) {
      to->type = form == WSF__FORM_TIME ? "time" : "date";
      value = hint ? 6 : 5;
    } else if (c->number && !c->flag && numbers_are_dates(csv, c)) {
      value = hint ? 4 : 2;
    } else if (c->number) {
      const bool counts = !c->flag && hint && whole_numbers(csv, c);
      value = counts || strcmp(c->name, "t") == 0 || strcmp(c->name, "T") == 0;
    }
    if (value <= score) continue;
    best = k;
    score = value;
    p->unsettled = !settled;
  }
  if (best < 0) return;
  p->column[best].part = WSF__PART_TIME;
  if (csv->column[best].number) p->column[best].type = score > 1 ? "date" : "integer";
}

static bool may_be_key(const wsf__proposal *p, int k, bool any_number) {
  const wsf__csv_column *c = &p->csv.column[k];
  const wsf__proposed *is = &p->column[k];
  const bool many = is->distinct * 2 > p->csv.rows + 8;
  const bool named = c->code || CALLED(c->name, key_names);
  if (is->part != WSF__PART_PAST || is->missing > 0) return false;
  if (many && (p->layout != WSF__LAYOUT_WIDE || (!named && k > 0))) return false;
  if (c->code) return strcmp(is->type, "words") == 0;
  if (c->flag || !whole_numbers(&p->csv, c)) return false;
  return any_number || named;
}

/* One more key as long as it tells more rows apart. */
static int64_t add_keys(wsf__proposal *p, counter *n, bool *set, int64_t apart, bool any_number) {
  for (int keys = 0; apart < n->rows && keys < MOST_CANDIDATES; ++keys) {
    int best = -1;
    int64_t most = apart;
    for (int k = 0; k < p->csv.n_columns; ++k) {
      if (set[k] || !may_be_key(p, k, any_number)) continue;
      const int64_t found = distinct(n, set, k);
      const bool nicer = best >= 0 && found == most && CALLED(p->csv.column[k].name, key_names) &&
                         !CALLED(p->csv.column[best].name, key_names);
      if (found <= most && !nicer) continue;
      best = k;
      most = found;
    }
    if (best < 0) break;
    set[best] = true;
    apart = most;
  }
  return apart;
}

/* The number that is called like one, else the first with a fraction, else the last. */
static void find_target(wsf__proposal *p, const bool *set) {
  int best = -1, most = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (p->column[k].part != WSF__PART_PAST || !c->number || c->flag || set[k]) continue;
    const bool named = CALLED(c->name, target_names) || strcmp(c->name, "y") == 0;
    const int score = named ? 3 : whole_numbers(&p->csv, c) ? 1 : 2;
    if (score < most || (score == most && score > 1)) continue;
    best = k;
    most = score;
  }
  if (best >= 0) p->column[best].part = WSF__PART_TARGET;
}

static void find_keys(wsf__proposal *p, counter *n, bool *set) {
  const int columns = p->csv.n_columns;
  for (int k = 0; k < columns; ++k) set[k] = p->column[k].part == WSF__PART_TIME;
  int64_t apart = distinct(n, set, -1);
  apart = add_keys(p, n, set, apart, false);
  if (p->layout == WSF__LAYOUT_LONG) find_target(p, set);
  if (apart < n->rows) apart = add_keys(p, n, set, apart, true);
  bool timed = p->layout != WSF__LAYOUT_LONG;
  for (int k = 0; k < columns; ++k) timed |= p->column[k].part == WSF__PART_TIME;
  p->twice = timed ? n->rows - apart : 0;
  for (int k = 0; k < columns; ++k) {
    if (!set[k] || p->column[k].part == WSF__PART_TIME) continue;
    set[k] = false;
    if (distinct(n, set, -1) == apart) continue; /* the others do without it */
    set[k] = true;
    p->column[k].part = WSF__PART_KEY;
  }
}

/* What stays the same within a series, once there are several. */
static void find_static(wsf__proposal *p, counter *n, bool *set) {
  bool keys = false;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    set[k] = p->column[k].part == WSF__PART_KEY;
    keys |= set[k];
  }
  const int64_t series = keys ? distinct(n, set, -1) : 0;
  if (p->layout == WSF__LAYOUT_PIVOT) return; /* what is no series goes with the time */
  if (p->layout != WSF__LAYOUT_WIDE && series * 2 > n->rows)
    return; /* too few rows of each to tell */
  for (int k = 0; k < p->csv.n_columns && series > 1; ++k) {
    if (p->column[k].part != WSF__PART_PAST) continue;
    if (distinct(n, set, k) == series) p->column[k].part = WSF__PART_STATIC;
  }
}

/* Whether the names of most columns are periods: such ones, or more certain. */
static void find_periods(wsf__proposal *p, period least) {
  int periods = 0, certain = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const period is = p->csv.column[k].number ? names_period(p->csv.column[k].name) : NO_PERIOD;
    periods += is >= least;
    certain += is >= YEAR;
  }
  if (periods < (certain == periods ? 3 : 4) || 2 * periods <= p->csv.n_columns) return;
  wsf__time_style style, none = {0};
  wsf__time_seen seen = {0};
  wsf__time t;
  p->layout = WSF__LAYOUT_WIDE;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const char *name = p->csv.column[k].name;
    wsf__proposed *to = &p->column[k];
    if (to->part == WSF__PART_TIME) to->part = WSF__PART_PAST;
    if (!p->csv.column[k].number || names_period(name) < least) continue;
    to->part = WSF__PART_PERIOD;
    (void)wsf__time_read(name, strlen(name), &none, &t, &seen);
  }
  p->unsettled = !wsf__time_settle(&style, &none, &seen);
}

/* Whether a column may be a series of a pivot file. */
static bool may_be_series(const wsf__proposal *p, int k) {
  return p->column[k].part == WSF__PART_PAST && p->csv.column[k].number;
}

/* Numbers beside dates, most of them of one word and a number: store_1, store_2; or 1001, 1002. */
static bool numbered_alike(const wsf__proposal *p) {
  int numbers = 0, alike = 0;
  const char *like = NULL;
  for (int k = p->csv.n_columns; k-- > 0;) {
    const char *name = p->csv.column[k].name;
    if (!may_be_series(p, k)) continue;
    ++numbers;
    if (!name[stem(name)]) continue;
    if (!like) like = name;
    alike += stem(name) == stem(like) && memcmp(name, like, stem(like)) == 0;
  }
  return alike >= 2 && 2 * alike > numbers;
}

static void find_series(wsf__proposal *p) {
  const bool numbered = numbered_alike(p);
  bool dated = false, named = false;
  int series = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__proposed *c = &p->column[k];
    dated |= c->part == WSF__PART_TIME && strcmp(c->type, "integer") != 0;
    if (!may_be_series(p, k)) continue;
    const char *name = p->csv.column[k].name;
    named |= CALLED(name, target_names) || strcmp(name, "y") == 0;
    series += !CALLED(name, covariate_names) && !CALLED(name, key_names);
  }
  if (!dated || (!numbered && (named || series < 3))) return;
  p->layout = WSF__LAYOUT_PIVOT;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const char *name = p->csv.column[k].name;
    const bool other = CALLED(name, covariate_names) || CALLED(name, key_names);
    if (may_be_series(p, k) && (numbered ? name[stem(name)] != 0 : !other)) {
      p->column[k].part = WSF__PART_SERIES;
    }
  }
}

static void find_parts(wsf__proposal *p, counter *n, bool *set) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->csv.column[k].number) p->column[k].distinct = distinct(n, set, k);
  }
  find_periods(p, DATED);
  if (p->layout == WSF__LAYOUT_LONG) {
    find_time(p);
    find_series(p);
  }
  if (p->layout == WSF__LAYOUT_LONG) find_periods(p, NUMBERED);
  find_keys(p, n, set);
  find_static(p, n, set);
}

wsf_status wsf__propose_read(wsf__proposal *p, wsf__env *env, const char *path, wsf_error *err) {
  *p = (wsf__proposal){.format = {.header = WSF__HEADER_AUTO, .encoding = WSF__ENCODING_AUTO}};
  WSF__TRY(wsf__csv_open_many(&p->csv, env, &path, 1, p->format, err));
  const bool plain = !p->csv.arrow && p->csv.n_parts == 0;
  if (plain) wsf__propose_head(&p->format, &p->csv);
  bool again = p->format.skip || p->format.comment;
  do {
    p->format.na = p->n_na ? p->na : NULL;
    p->format.n_na = p->n_na;
    if (again) {
      wsf__csv_close(&p->csv);
      WSF__TRY(wsf__csv_open_many(&p->csv, env, &path, 1, p->format, err));
    }
    for (int k = 0; k < p->csv.n_columns; ++k) {
      if (p->csv.column[k].name[0]) p->csv.column[k].want = WSF__CSV_GUESS;
    }
    if (plain) wsf__propose_months(&p->csv);
    WSF__TRY(wsf__csv_read(&p->csv, err));
    again = !p->csv.arrow && wsf__propose_missing(p);
  } while (again);
  counter n = {.csv = &p->csv, .rows = p->csv.rows < MOST_ROWS ? p->csv.rows : MOST_ROWS};
  size_t slots = 16;
  while (slots < 2 * (size_t)n.rows) slots *= 2;
  n.mask = slots - 1;
  const size_t columns = (size_t)p->csv.n_columns;
  p->column = wsf__arena_zero(&p->csv.arena, columns, sizeof *p->column);
  bool *set = wsf__new_zero(&env->alloc, columns, sizeof *set);
  n.slot = wsf__new(&env->alloc, slots, sizeof *n.slot);
  n.part = wsf__arena_new(&p->csv.arena, columns, sizeof *n.part);
  wsf_status status = p->column && set && n.slot && n.part ? WSF_OK : wsf__fail_memory(err);
  if (status == WSF_OK) {
    see_columns(p);
    find_parts(p, &n, set);
    status = wsf__checkpoint(env, NULL, 1, 1, err);
  }
  wsf__delete(&env->alloc, set);
  wsf__delete(&env->alloc, n.slot);
  return status;
}
