/* Keys of an unknown file: the fewest columns of names that, with the time, tell all rows apart,
 * found greedily. Numbers of orders tell them apart and are none. Whole numbers that are called
 * like no key are, where the others leave rows together and they part nearly all of these: what is
 * bought, by whom and how often it is, leaves some. What stays the same within a series is static.
 */
#include "ingest/propose_rows.h"

#include "calendar/time_parts.h"

#include <math.h>

enum { MOST_CANDIDATES = 16, LEAST_REPEATS = 4 };

/* Rows without it, which would be left out: few enough to cost the others no key, or their sums. */
static bool has_few_blanks(wsf__proposal *p, const wsf__propose_rows *n, int k) {
  enum { NAMED = 3, OTHER = 20 };
  const wsf__csv_column *c = &p->csv.column[k];
  const int share = wsf__propose_key_word(c->name) ? NAMED : OTHER;
  return p->column[k].blank <= (p->csv.rows - p->column[k].missing) / share ||
         (c->code && wsf__propose_blank_sums(p, n, k));
}

static bool may_be_key(wsf__proposal *p, const wsf__propose_rows *n, int k, bool any_number) {
  const wsf__csv_column *c = &p->csv.column[k];
  const wsf__proposed *is = &p->column[k];
  const bool many = n->times != 1 && is->distinct * 2 > p->csv.rows + 8;
  const bool named = c->code || wsf__propose_key_number(c->name);
  if (is->part != WSF__PART_PAST || !has_few_blanks(p, n, k) || c == p->yearless) return false;
  const bool wide = p->layout == WSF__LAYOUT_WIDE; /* geo\time names the columns too */
  if (!wide && c->code && wsf__propose_called(c->name, WSF__CALLED_TIME)) return false;
  if (many && (p->layout != WSF__LAYOUT_WIDE || (!named && k > 0))) return false;
  if (c->code) return strcmp(is->type, "words") == 0;
  if (c->flag || !wsf__propose_whole(&p->csv, c)) return false;
  return any_number || named;
}

/* A number that no name says is a key: no quantity, no price, and it stands in each row. */
static bool may_be_any(wsf__proposal *p, const wsf__propose_rows *n, int k) {
  const char *name = p->csv.column[k].name;
  const bool value = wsf__propose_called(name, WSF__CALLED_TARGET) ||
                     wsf__propose_called(name, WSF__CALLED_COVARIATE);
  return may_be_key(p, n, k, true) && p->column[k].blank == 0 &&
         (!value || wsf__time_unit_called(name));
}

/* Keys as they were found. */
typedef struct keys {
  bool *set;        /* [n_columns] with the time */
  const bool *time; /* [n_columns] */
  bool *order;      /* [n_columns] numbers of orders */
  int added[MOST_CANDIDATES], n;
  int64_t apart; /* rows that they tell apart */
} keys;

/* One more key as long as it tells more rows apart. */
static void add_keys(keys *to, wsf__proposal *p, wsf__propose_rows *n, bool any_number) {
  while (to->apart < n->timed && to->n < MOST_CANDIDATES) {
    int best = -1;
    int64_t most = to->apart;
    for (int k = 0; k < p->csv.n_columns; ++k) {
      if (to->set[k] || to->order[k]) continue;
      if (any_number ? !may_be_any(p, n, k) : !may_be_key(p, n, k, false)) continue;
      const int64_t found = wsf__propose_distinct(n, to->set, k);
      const bool nicer = best >= 0 && found == most &&
                         wsf__propose_called(p->csv.column[k].name, WSF__CALLED_KEY) &&
                         !wsf__propose_called(p->csv.column[best].name, WSF__CALLED_KEY);
      if (found <= most && !nicer) continue;
      best = k;
      most = found;
    }
    if (best < 0) return;
    to->order[best] = wsf__propose_is_order(p, n, to->time, best);
    if (to->order[best]) continue;
    to->set[best] = true;
    to->added[to->n++] = best;
    const bool fewer = wsf__propose_leave_blank(n, &p->csv.column[best]);
    to->apart = fewer ? wsf__propose_distinct(n, to->set, -1) : most;
  }
}

/* Rows that no keys tell apart, more of them than slips of the pen. */
static bool leaves_many(const keys *to, const wsf__propose_rows *n) {
  enum { SLIPS = 100 };
  return SLIPS * (n->timed - to->apart) > n->timed;
}

static void drop_last(keys *to, wsf__propose_rows *n) {
  to->set[to->added[--to->n]] = false;
  to->apart = wsf__propose_distinct(n, to->set, -1);
}

/* Those that became keys, as the others do without the rest. */
static void keep_keys(keys *to, const wsf__proposal *p) {
  int n = 0;
  for (int i = 0; i < to->n; ++i) {
    if (p->column[to->added[i]].part == WSF__PART_KEY) to->added[n++] = to->added[i];
  }
  to->n = n;
}

enum { FEW = 3 };

/* Different series by the keys alone, or no fewer where that is few enough. */
static int64_t count_series(const keys *to, wsf__proposal *p, wsf__propose_rows *n) {
  bool *alone = wsf__arena_zero(&p->csv.arena, (size_t)p->csv.n_columns, sizeof *alone);
  double most = 1;
  for (int i = 0; alone && i < to->n; ++i) {
    alone[to->added[i]] = true;
    most *= (double)p->column[to->added[i]].distinct;
  }
  if (FEW * most <= (double)to->apart) return (int64_t)most;
  return alone ? wsf__propose_distinct(n, alone, -1) : 1;
}

/* Whether series of so many times would hold less than three observations each. */
static bool hold_few(const keys *to, int64_t series, int64_t times) {
  enum { SERIES = 8, MANY = 12 };
  return times >= MANY && series >= SERIES && to->apart < FEW * series;
}

/* Where no time occurs twice, series may still take turns: shops on days of their own. Columns that
 * are named like keys, of few values that come again and again, tell them apart; other words are
 * a doubt. Whether there are any. */
static bool add_turns(wsf__proposal *p, wsf__propose_rows *n, bool *set) {
  const wsf__csv_column *other = NULL;
  bool *own = wsf__arena_zero(&p->csv.arena, (size_t)p->csv.n_columns, sizeof *own);
  int64_t series = 1;
  for (int k = 0; own && k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    if (set[k] || !may_be_key(p, n, k, true)) continue;
    if (wsf__propose_called(c->name, WSF__CALLED_COVARIATE)) continue;
    const int64_t found = wsf__propose_distinct(n, own, k);
    if (found <= series || LEAST_REPEATS * found > n->timed) continue;
    const bool value = !c->code && wsf__propose_called(c->name, WSF__CALLED_TARGET);
    if (!value && wsf__propose_key_word(c->name)) {
      own[k] = set[k] = true;
      series = found;
    } else if (c->code && !other) {
      other = c;
    }
  }
  if (series == 1 && other) {
    wsf__propose_doubt(p,
                       "no time occurs twice, so all rows are one series; if %.40s names several "
                       "that take turns, keys= says so",
                       other->name);
  }
  return series > 1;
}

/* A column that tells rows apart as the number of an order does. */
static void doubt_order(wsf__proposal *p, wsf__propose_rows *n, const keys *found) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    const wsf__proposed *is = &p->column[k];
    bool order = found->order[k];
    if (!order && is->part == WSF__PART_PAST && is->distinct * 2 > n->rows + 8) {
      const bool named = c->code || (!c->flag && wsf__propose_key_word(c->name));
      order = named && is->distinct < n->rows && (c->code || wsf__propose_whole(&p->csv, c)) &&
              wsf__propose_is_order(p, n, found->time, k);
    }
    if (!order) continue;
    wsf__propose_doubt(p,
                       "%.40s is taken for the number of an order or the like, and no key: its "
                       "%lld values stand at one time each, or at very few (keys= takes it all the "
                       "same)",
                       c->name, (long long)is->distinct);
    return;
  }
}

void wsf__propose_keys(wsf__proposal *p, wsf__propose_rows *n, bool *set) {
  const int columns = p->csv.n_columns;
  const bool table = p->layout == WSF__LAYOUT_LONG;
  bool *time = wsf__arena_zero(&p->csv.arena, (size_t)columns, 2 * sizeof *time), timed = false;
  keys found = {.set = set, .time = time, .order = time + columns};
  if (!time) return;
  for (int k = 0; k < columns; ++k) {
    timed |= time[k] = set[k] = p->column[k].part == WSF__PART_TIME;
  }
  const int64_t times = found.apart = wsf__propose_distinct(n, set, -1);
  n->times = timed ? times : 0;
  const bool once = table && timed && times == n->timed;
  p->turns = once && add_turns(p, n, set);
  add_keys(&found, p, n, false);
  if (table) wsf__propose_target(p, n, set);
  const int named = found.n;
  if (found.apart < n->timed) add_keys(&found, p, n, true);
  while (table && found.n > named && leaves_many(&found, n)) drop_last(&found, n);
  while (table && timed && found.n > 0 && leaves_many(&found, n) &&
         hold_few(&found, count_series(&found, p, n), times)) {
    drop_last(&found, n);
  }
  /* Without a time, keys that tell all rows apart leave a row to each series: they name rows. */
  const bool names = table && !timed && found.apart == n->timed;
  for (int k = 0; k < columns && names; ++k) set[k] = false;
  p->twice = timed || !table ? n->timed - found.apart : 0;
  for (int k = 0; k < columns; ++k) {
    if (!set[k] || time[k]) continue;
    set[k] = false;
    /* The others do without it. */
    if (!p->turns && wsf__propose_distinct(n, set, -1) == found.apart) continue;
    set[k] = true;
    p->column[k].part = WSF__PART_KEY;
  }
  if (p->twice > 0) doubt_order(p, n, &found);
  if (p->twice > 0) p->ahead = NULL; /* each row is one of something */
  if (p->ahead) {
    wsf__propose_doubt(p,
                       "no column is left to forecast (%.40s %s): without target= the rows tell "
                       "what is known of periods ahead, for predict --data",
                       p->ahead->name, p->ahead->flag ? "is a flag" : "counts days or rows");
  }
  keep_keys(&found, p);
  const int64_t series = table && timed && found.n > 0 ? count_series(&found, p, n) : 1;
  if (hold_few(&found, series, times)) {
    wsf__propose_doubt(p,
                       "the %lld series hold %.1f observations each, of %lld times (fewer keys= "
                       "with duplicates=sum add them up)",
                       (long long)series, (double)found.apart / (double)series, (long long)times);
  }
}

/* What stays the same within a series, once there are several. */
void wsf__propose_static(wsf__proposal *p, wsf__propose_rows *n, bool *set) {
  bool keyed = false;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    set[k] = p->column[k].part == WSF__PART_KEY;
    keyed |= set[k];
  }
  const int64_t series = keyed ? wsf__propose_distinct(n, set, -1) : 0;
  if (p->layout == WSF__LAYOUT_PIVOT) return; /* what is no series goes with the time */
  if (p->layout != WSF__LAYOUT_WIDE && series * 2 > n->timed)
    return; /* too few rows of each to tell */
  for (int k = 0; k < p->csv.n_columns && series > 1; ++k) {
    if (p->column[k].part != WSF__PART_PAST) continue;
    if (wsf__propose_distinct(n, set, k) == series) p->column[k].part = WSF__PART_STATIC;
  }
}
