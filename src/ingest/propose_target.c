/* What is forecast of a long file: the number that is called so, else the first with a fraction,
 * else the last. Prices and the like come behind these, shares and changes behind them. What is
 * called like a time or a key, or counts rows, is none: where nothing else is left, the file holds
 * what is known of periods ahead. */
#include "ingest/propose_rows.h"

#include <math.h>
#include <stdio.h>

/* Sales of 0 and 1, as of one item or the lines of a till, by their name: discount, is_sold and
 * stockout_count are none. */
static bool flag_may_be_target(const char *name) {
  const bool says = strncmp(name, "is", 2) == 0 || strncmp(name, "has", 3) == 0 ||
                    strstr(name, "flag") || strstr(name, "Flag") || strstr(name, "out");
  return !says && (wsf__propose_called(name, WSF__CALLED_TARGET) || strcmp(name, "y") == 0) &&
         !wsf__propose_called(name, WSF__CALLED_COVARIATE);
}

static bool whole_numbers(const wsf__csv *csv, const wsf__csv_column *c) {
  for (int64_t i = 0; i < csv->rows && !wsf__propose_stopped(csv, i); ++i) {
    if (!(fabs(c->number[i]) < 1e15) || c->number[i] != floor(c->number[i])) return false;
  }
  return csv->rows > 0;
}

/* Numbers of rows. */
static bool counts_rows(const wsf__csv *csv, const wsf__csv_column *c) {
  enum { LEAST = 8 };
  return csv->rows >= LEAST && whole_numbers(csv, c) && wsf__propose_rises(csv, c->number);
}

/* What was before, or is to be: sales of last year, PY, Vorjahr, budgets. What is forecast stands
 * beside it. */
static bool is_other_years(const char *name) {
  static const char *const word[] = {"ly",       "py",       "vj",        "vorjahr", "prev",
                                     "prior",    "previous", "lastyear",  "yago",    "ago",
                                     "forecast", "fcst",     "plan",      "planned", "budget",
                                     "budgeted", "expected", "predicted", "prognose"};
  static const char *const last = "last", *const of[] = {"year", "yr"};
  return wsf__propose_holds_word(name, word, sizeof word / sizeof *word) ||
         (wsf__propose_holds_word(name, &last, 1) && wsf__propose_holds_word(name, of, 2));
}

/* From best to worst. */
enum {
  NOT,
  CUMULATIVE,
  OTHER,
  COUNTS,
  SHARE,
  WHOLE_COVARIATE,
  COVARIATE,
  WHOLE,
  FRACTION,
  LEADING,
  NAMED_FLAG,
  NAMED,
  LEADING_ALL
};

static int score(const wsf__proposal *p, const wsf__csv_column *c) {
  const wsf__csv *csv = &p->csv;
  const char *name = c->name;
  if (c->flag && !flag_may_be_target(name)) return NOT;
  const bool named = wsf__propose_called(name, WSF__CALLED_TARGET) || strcmp(name, "y") == 0;
  const bool rate = wsf__propose_rate(name);
  if (wsf__propose_cumulative(csv, c)) return CUMULATIVE;
  const wsf__lead lead = wsf__propose_leads(csv, name);
  if (lead == WSF__LEAD_ALL) return LEADING_ALL;
  if (wsf__propose_called(name, WSF__CALLED_SHARE)) return SHARE;
  if (is_other_years(name)) return whole_numbers(csv, c) ? WHOLE_COVARIATE : COVARIATE;
  if (named && !rate) return c->flag ? NAMED_FLAG : NAMED;
  if (!rate && lead && !wsf__propose_called(name, WSF__CALLED_COVARIATE)) return LEADING;
  if (wsf__propose_called(name, WSF__CALLED_TIME) || wsf__propose_key_word(name)) return OTHER;
  const bool whole = whole_numbers(csv, c);
  const bool covariate =
      wsf__propose_called(name, WSF__CALLED_COVARIATE) && !wsf__propose_total_name(name);
  if (rate || covariate) return whole ? WHOLE_COVARIATE : COVARIATE;
  return whole ? WHOLE : FRACTION;
}

/* Numbers of orders and of rows never fall, or none comes at two times though several rows have it.
 * Times of one row each tell nothing, unless they are times of day, as those of receipts. told:
 * whether time and keys tell all rows apart, as orders do not. */
static bool counts(wsf__propose_rows *n, const bool *time, int k, bool told) {
  bool clock = false;
  for (int i = 0; i < n->csv->n_columns; ++i) {
    clock |= time[i] && strcmp(n->column[i].type, "time") == 0;
  }
  if (!clock && 4 * n->times > 3 * n->timed) return false;
  return counts_rows(n->csv, &n->csv->column[k]) ||
         (!told && 2 * n->column[k].distinct <= n->timed && wsf__propose_stands_once(n, time, k));
}

/* Each value stands once at each time, as accounts that no name tells do. */
static bool is_grid(wsf__propose_rows *n, const bool *time, int k) {
  enum { LEAST = 3 };
  const int64_t values = n->column[k].distinct;
  return n->times >= LEAST && values > 1 && values * n->times == n->timed &&
         wsf__propose_distinct(n, time, k) == n->timed;
}

/* What a column is beside its times: numbers of orders or rows by their name too, and days of the
 * week, which all rows of a time share, are nothing to forecast. */
static int settle(wsf__propose_rows *n, const bool *time, int k, int is, bool told) {
  if (n->times == 0 || is == NOT || is >= NAMED_FLAG) return is;
  if (is == OTHER && 4 * n->times <= 3 * n->timed &&
      wsf__propose_distinct(n, time, k) == n->times) {
    return NOT;
  }
  if (is == WHOLE && !told && is_grid(n, time, k)) return COUNTS;
  if ((is != OTHER && is != WHOLE) || !counts(n, time, k, told)) return is;
  return is == OTHER || wsf__propose_called(n->csv->column[k].name, WSF__CALLED_ORDER) ? NOT
                                                                                       : COUNTS;
}

/* InvoiceNo, ticket_id: what numbers orders is none, though orders are counted. */
static bool numbers_orders(const char *name) {
  static const char *const word[] = {"no", "nr", "nbr", "num", "number", "nummer", "id", "code"};
  return wsf__propose_holds_word(name, word, sizeof word / sizeof *word);
}

/* Whether a column could be what is forecast as well as the one that is, by its name and its
 * numbers alone. */
static bool may_be_target(const wsf__proposal *p, int k, int target) {
  const wsf__csv_column *c = &p->csv.column[k];
  if (!c->number || c->flag || !c->name[0] || numbers_orders(c->name)) return false;
  const int best = score(p, &p->csv.column[target]);
  const bool rates = best < WHOLE || (best < NAMED_FLAG && wsf__propose_rate(c->name));
  return score(p, c) >= (rates ? WHOLE_COVARIATE : WHOLE) || is_other_years(c->name);
}

void wsf__propose_doubt_target(wsf__proposal *p) {
  enum { SHOWN = 3 };
  char text[112] = "";
  size_t used = 0;
  int target = -1, n = 0;
  if (p->layout != WSF__LAYOUT_LONG || p->measures || wsf__propose_headless(p)) return;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part == WSF__PART_TARGET) target = k;
  }
  for (int k = 0; k < p->csv.n_columns && target >= 0; ++k) {
    const char *name = p->csv.column[k].name;
    if (p->column[k].part != WSF__PART_PAST || !may_be_target(p, k, target)) continue;
    const char *mark = name[strcspn(name, " ,()[]|=\"")] ? "\"" : "";
    if (n++ >= SHOWN) continue;
    used += (size_t)snprintf(text + used, sizeof text - used, "%starget=%s%.24s%s",
                             n > 1 ? " or " : "", mark, name, mark);
  }
  if (n == 0) return;
  wsf__propose_doubt(p,
                     "%.40s is forecast, as its name or its place says; %s%s could be it as well",
                     p->csv.column[target].name, text, n > SHOWN ? " or others" : "");
}

void wsf__propose_target(wsf__proposal *p, wsf__propose_rows *n, const bool *set) {
  const wsf__csv *csv = &p->csv;
  bool *time = wsf__arena_zero(&p->csv.arena, (size_t)csv->n_columns, sizeof *time);
  int best = -1, most = NOT, other = -1;
  if (!time) return;
  for (int k = 0; k < csv->n_columns; ++k) time[k] = p->column[k].part == WSF__PART_TIME;
  const bool told = wsf__propose_distinct(n, set, -1) == n->timed;
  for (int k = 0; k < csv->n_columns; ++k) {
    const wsf__csv_column *c = &csv->column[k];
    if (p->column[k].part != WSF__PART_PAST || !c->number || set[k]) continue;
    const int is = settle(n, time, k, score(p, c), told);
    if (is == NOT) {
      if (other < 0 || csv->column[other].flag) other = k;
      continue;
    }
    if (most >= WHOLE && wsf__propose_headless(p)) continue; /* units stand before prices */
    if (is < most || (is == most && (is >= FRACTION || is == COVARIATE))) continue;
    best = k;
    most = is;
  }
  if (best >= 0) {
    const char *name = csv->column[best].name;
    p->column[best].part = WSF__PART_TARGET;
    static const char *const called[] = {
        [CUMULATIVE] = "adds up what others hold, or is called so",
        [OTHER] = "is called like a time or a key",
        [COUNTS] = "never falls, or has each value at one time, as numbers of orders do",
        [SHARE] = "is called like a share or a change"};
    if (most > SHARE) return;
    wsf__propose_doubt(p,
                       "no other column is left to forecast than %.40s, which %s (target= names "
                       "another, time= and dateformat= make one a time)",
                       name, called[most]);
  } else if (other >= 0 && n->times > 0 && n->timed > 0) {
    p->ahead = &csv->column[other];
  }
}
