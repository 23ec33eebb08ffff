/* Columns of a table that measure one thing in several ways: Open, High, Low, Close; clicks and
 * impressions; a meter's reading beside what it counted. They are no series of a pivot file, and
 * not each of them is worth a forecast. */
#include "ingest/propose.h"

#include <stdio.h>
#include <string.h>

/* What is counted, or where a day ends: of several measures these are asked for. */
static const char *const leading[] = {
    "close",        "clicks",   "calls",      "bookings",   "footfall",   "sessions",
    "visits",       "offered",  "cases",      "cnt",        "tickets",    "arrivals",
    "transactions", "admitted", "operations", "admissions", "attendance", "attendances",
    "actual",       "actuals",  "passengers", "trips",      "rides",      "trains",
    "flights",      "patients"};
static const char *const measure[] = {
    "open",       "high",          "low",      "price",     "cost",     "impressions", "impr",
    "ctr",        "cpc",           "cpm",      "rate",      "position", "conversions", "users",
    "bounces",    "temperature",   "temp",     "humidity",  "hum",      "wind",        "windspeed",
    "pressure",   "cancellations", "answered", "abandoned", "aht",      "deaths",      "population",
    "atv",        "upt",           "gdp",      "realgdp",   "cpi",      "unemp",       "infl",
    "inflation",  "debit",         "credit",   "balance",   "soll",     "haben",       "saldo",
    "registered", "casual",        "margin",   "profit",    "returns",  "shows"};

enum { LEADING = sizeof leading / sizeof *leading, MEASURES = sizeof measure / sizeof *measure };
enum { SHOWN = 3 };

bool wsf__propose_is_measure(const char *name) {
  return wsf__propose_holds_word(name, leading, LEADING) ||
         wsf__propose_holds_word(name, measure, MEASURES);
}

static bool has_number(const wsf__csv *csv, const char *word) {
  for (int k = 0; k < csv->n_columns; ++k) {
    if (csv->column[k].number && wsf__propose_holds_word(csv->column[k].name, &word, 1))
      return true;
  }
  return false;
}

wsf__lead wsf__propose_leads(const wsf__csv *csv, const char *name) {
  static const char *const close = "close", *const price = "price";
  if (has_number(csv, "high") && has_number(csv, "low")) {
    const char *const last = has_number(csv, close) ? close : price;
    if (wsf__propose_holds_word(name, &last, 1)) return WSF__LEAD_ALL;
  }
  return wsf__propose_holds_word(name, leading, LEADING) ? WSF__LEAD : WSF__LEAD_NONE;
}

bool wsf__propose_are_measures(const wsf__csv *csv, const bool *own) {
  enum { LEAST = 2 };
  int series = 0, measures = 0;
  for (int k = 0; k < csv->n_columns; ++k) {
    series += own[k];
    measures += own[k] && wsf__propose_is_measure(csv->column[k].name);
  }
  return measures >= LEAST && 2 * measures >= series;
}

/* "Open", "High" and 3 others, or nothing. */
static int name_columns(const wsf__proposal *p, wsf__part part, char *out, size_t size) {
  int n = 0, length = 0;
  out[0] = '\0';
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part != part || !p->csv.column[k].number || !p->csv.column[k].name[0])
      continue;
    if (n++ >= SHOWN) continue;
    length += snprintf(out + length, size - (size_t)length, "%s%.20s", n > 1 ? ", " : "",
                       p->csv.column[k].name);
  }
  if (n > SHOWN) (void)snprintf(out + length, size - (size_t)length, ", ..");
  return n;
}

/* Shop A, Store N1: a word of no more than two letters ends the name. */
static bool ends_short(const char *name) {
  enum { SHORT = 2 };
  size_t n = strlen(name), letters = 0;
  while (n > 0 && name[n - 1] != ' ' && name[n - 1] != '_' && name[n - 1] != '-') --n, ++letters;
  return n > 0 && letters <= SHORT;
}

/* Names that nothing but series have: numbers, codes, words that keys are called by. */
static bool named_as_series(const wsf__proposal *p) {
  int series = 0, named = 0;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const char *name = p->csv.column[k].name;
    if (p->column[k].part != WSF__PART_SERIES) continue;
    ++series;
    named += name[wsf__propose_stem(name)] || wsf__propose_total_name(name) ||
             (wsf__propose_key_word(name) && ends_short(name));
  }
  return 2 * named >= series;
}

void wsf__propose_doubt_columns(wsf__proposal *p) {
  char text[96];
  const bool pivot = p->layout == WSF__LAYOUT_PIVOT;
  if (pivot && (p->format.header == WSF__HEADER_TWO || named_as_series(p))) return;
  if (pivot && name_columns(p, WSF__PART_SERIES, text, sizeof text) > 0) {
    wsf__propose_doubt(p,
                       "each of the columns %s is read as a series of its own, as of shops or "
                       "products (if they measure one thing, layout=long with target= names the "
                       "one to forecast)",
                       text);
  }
  const bool headless = wsf__propose_headless(p);
  if (pivot || !(p->measures || headless) ||
      name_columns(p, WSF__PART_PAST, text, sizeof text) == 0)
    return;
  for (int k = 0; k < p->csv.n_columns; ++k) {
    if (p->column[k].part != WSF__PART_TARGET) continue;
    wsf__propose_doubt(p,
                       "of several columns that %s, %.40s is forecast; beside it as past= %s "
                       "(target= names another%s)",
                       headless ? "no header names" : "measure one thing", p->csv.column[k].name,
                       text, headless ? "; layout=pivot, header=false make each a series" : "");
    return;
  }
}
