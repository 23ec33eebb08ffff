/* What names of columns say: words that times, keys, targets and covariates are called by, and
 * periods of wide files. */
#include "ingest/propose.h"

#include "calendar/time_parts.h"

#include <string.h>

static const char *const time_names[] = {"date",    "time",   "day", "week",  "month", "year", "wk",
                                         "quarter", "period", "ds",  "datum", "when",  "fecha"};
static const char *const season_names[] = {"season", "saison", "fiscal", "fy"};
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

static const char *const share_names[] = {"%",     "pct",    "percent", "prozent",
                                          "share", "anteil", "change",  "growth",
                                          "ratio", "margin", "delta",   "yoy"};

bool wsf__propose_called(const char *name, int32_t what) {
  static const struct {
    const char *const *word;
    size_t n;
  } list[] = {
#define LIST(names) {names, sizeof(names) / sizeof *(names)}
      [WSF__CALLED_TIME] = LIST(time_names),
      [WSF__CALLED_SEASON] = LIST(season_names),
      [WSF__CALLED_KEY] = LIST(key_names),
      [WSF__CALLED_TARGET] = LIST(target_names),
      [WSF__CALLED_COVARIATE] = LIST(covariate_names),
      [WSF__CALLED_SHARE] = LIST(share_names),
#undef LIST
  };
  char lower[64];
  size_t i = 0;
  for (; name[i] && i + 1 < sizeof lower; ++i) {
    lower[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] + 32) : name[i];
  }
  lower[i] = '\0';
  for (size_t k = 0; k < list[what].n; ++k) {
    if (strstr(lower, list[what].word[k])) return true;
  }
  return false;
}

static bool is_letter(char c) {
  return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* Words of store_nbr, StoreId and Store ID: humidity holds no id, and items are counts. */
bool wsf__propose_key_word(const char *name) {
  for (size_t at = 0, n; name[at]; at += n) {
    bool same = false;
    n = 1;
    if (!is_letter(name[at])) continue;
    while (is_letter(name[at + n]) && !(name[at + n] < 'a' && name[at + n - 1] >= 'a')) ++n;
    for (size_t k = 0; k < sizeof key_names / sizeof *key_names && !same; ++k) {
      same = strlen(key_names[k]) == n;
      for (size_t i = 0; i < n && same; ++i) same = (name[at + i] | 32) == key_names[k][i];
    }
    if (same) return true;
  }
  return false;
}

/* Bytes of a name before the digits that end it. */
size_t wsf__propose_stem(const char *name) {
  size_t n = strlen(name);
  while (n > 0 && name[n - 1] >= '0' && name[n - 1] <= '9') --n;
  return n;
}

/* d_1, Week 1, Jan and 1 number periods, 2023-01 dates one, 2023 may do either. */
wsf__propose_period wsf__propose_names(const char *name) {
  const wsf__time_style none = {0};
  wsf__time t;
  wsf__time_seen seen = {0};
  const size_t n = strlen(name), word = wsf__propose_stem(name);
  int32_t unit;
  int value;
  if (wsf__time_read(name, n, &none, &t, &seen)) {
    const bool year = (n == 4 || (n > 4 && name[4] == ' ')) && t.value >= 1900 && t.value <= 2100;
    return t.form != WSF__FORM_INTEGER ? WSF__NAMES_DATE
           : year                      ? WSF__NAMES_YEAR
                                       : WSF__NAMES_NUMBER;
  }
  if (seen.bits & (WSF__SEEN_DAY_FIRST | WSF__SEEN_MONTH_FIRST)) return WSF__NAMES_DATE;
  if (wsf__time_unit_read(name, n, &unit, &value) && unit) return WSF__NAMES_NUMBER;
  const bool counts = word < n && word > 0 &&
                      (name[word - 1] == '_' || wsf__propose_called(name, WSF__CALLED_TIME));
  return counts ? WSF__NAMES_NUMBER : WSF__NAMES_NOTHING;
}

const char *wsf__propose_layout(int32_t layout) {
  static const char *const name[] = {
      [WSF__LAYOUT_LONG] = "long", [WSF__LAYOUT_WIDE] = "wide", [WSF__LAYOUT_PIVOT] = "pivot"};
  return name[layout];
}

const char *wsf__propose_quote(wsf__quote quote) {
  static const char *const name[] = {[WSF__QUOTE_DOUBLE] = "double",
                                     [WSF__QUOTE_SINGLE] = "single",
                                     [WSF__QUOTE_BACKSLASH] = "backslash",
                                     [WSF__QUOTE_LINE] = "line"};
  return name[quote];
}
