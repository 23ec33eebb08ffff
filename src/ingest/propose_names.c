/* What names of columns say: words that times, keys, targets and covariates are called by, and
 * periods of wide files. */
#include "ingest/propose.h"

#include "calendar/time_parts.h"

#include <string.h>

static void lower_name(char lower[64], const char *name) {
  size_t i = 0;
  for (; name[i] && i + 1 < 64; ++i) {
    lower[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] + 32) : name[i];
  }
  lower[i] = '\0';
}

/* Whether a word may go on so: temperature, promotion, openings, pricelevel; no Stockholm. */
static bool goes_on(const char *tail, size_t length) {
  static const char *const tails[] = {
      "s",    "es",   "d",     "ed",    "y",      "ly",    "er",    "no",    "nr",    "mm",
      "cm",   "ing",  "ment",  "tion",  "eratur", "fall",  "flag",  "name",  "num",   "day",
      "week", "pct",  "level", "price", "cost",   "out",   "rate",  "type",  "count", "code",
      "hour", "time", "index", "year",  "month",  "units", "sales", "total", "value", "depth"};
  enum { WHOLE = 2 }; /* an ending of no more letters is all */
  if (length == 0) return true;
  for (size_t i = 0; i < sizeof tails / sizeof *tails; ++i) {
    const size_t n = strlen(tails[i]);
    if (length < n || (n <= WHOLE && length > n)) continue;
    if (memcmp(tail, tails[i], n) == 0) return true;
  }
  return false;
}

/* Whether a word begins or ends where the name's own words do: price in unitprice and SellPrice,
 * and neither rain in Trains nor ratio in Generation. lower: the name in small letters. */
static bool stands_in(const char *name, const char *lower, const char *word) {
  const size_t n = strlen(word);
  for (const char *at = strstr(lower, word); at; at = strstr(at + 1, word)) {
    const char *first = name + (at - lower), *end = first + n;
    const bool camel = first > name && *first <= 'Z' && first[-1] >= 'a';
    size_t more = 0;
    while (wsf__is_letter(end[more]) && !(end[more] <= 'Z' && end[more - 1] >= 'a')) ++more;
    const bool begins = first == name || camel || !wsf__is_letter(first[-1]);
    if (begins && goes_on(lower + (end - name), more)) return true;
    if (!wsf__is_letter(*end) || (*end <= 'Z' && end[-1] >= 'a')) return true;
  }
  return false;
}

static const char *const time_names[] = {
    "date",
    "time",
    "day",
    "week",
    "month",
    "year",
    "quarter",
    "period",
    "datum",
    "when",
    "fecha",
    "monat",
    "\352\270\260\352\260\204", /* Korean: period, date, year and month, month */
    "\353\202\240\354\247\234",
    "\354\235\274\354\236\220",
    "\354\227\260\354\233\224",
    "\353\205\204\354\233\224",
    "\346\227\245\344\273\230", /* Japanese and Chinese: day, year and month, period */
    "\346\227\245\346\234\237",
    "\345\271\264\346\234\210",
    "\346\234\210\344\273\275",
    "\346\227\266\351\227\264",
    "\346\234\237\351\226\223",
    "\320\264\320\260\321\202\320\260", /* Russian: date, month, period */
    "\320\224\320\260\321\202\320\260",
    "\320\274\320\265\321\201\321\217\321\206",
    "\320\234\320\265\321\201\321\217\321\206",
    "\320\237\320\265\321\200\320\270\320\276\320\264"};
/* Words that others hold, mes in times, and so are looked for as a whole. */
static const char *const whole_time_names[] = {"ds",           "a\303\261o",     "anio",
                                               "ano",          "anno",           "ann\303\251e",
                                               "annee",        "jaar",           "rok",
                                               "mes",          "m\303\252s",     "mese",
                                               "mois",         "maand",          "miesi\304\205c",
                                               "miesiac",      "semana",         "semaine",
                                               "settimana",    "tydzie\305\204", "tydzien",
                                               "trimestre",    "kwartaal",       "kwarta\305\202",
                                               "kwartal",      "jahr",           "dia",
                                               "d\303\255a",   "jour",           "giorno",
                                               "dzie\305\204", "dzien"};
static const char *const season_names[] = {"season", "saison", "fiscal", "fy"};
static const char *const key_names[] = {
    "store",   "shop",     "item",     "product",   "sku",          "id",        "dept",
    "key",     "code",     "nbr",      "family",    "region",       "series",    "filiale",
    "artikel", "customer", "account",  "konto",     "kostenstelle", "warehouse", "branch",
    "outlet",  "vendor",   "supplier", "lieferant", "barcode",      "postcode"};
/* Words that others hold, ean in mean, and so are looked for as a whole. */
static const char *const whole_key_names[] = {
    "acct",    "gl",       "upc",     "ean",      "gtin",     "plu",      "zip",
    "plz",     "isbn",     "asin",    "cuenta",   "conto",    "compte",   "tienda",
    "loja",    "magasin",  "negozio", "winkel",   "sklep",    "sucursal", "producto",
    "produit", "prodotto", "produto", "articulo", "articolo", "artigo",   "cliente"};
static const char *const target_names[] = {
    "sales",
    "units",
    "qty",
    "quantity",
    "demand",
    "target",
    "sold",
    "volume",
    "revenue",
    "amount",
    "orders",
    "umsatz",
    "menge",
    "visitors",
    "value",
    "ventas",
    "vendas",
    "ventes",
    "vendite",
    "omzet",
    "afzet",
    "verkoop",
    "absatz",
    "sprzeda",
    "cantidad",
    "\345\243\262\344\270\212", /* Japanese, Korean, Chinese, Russian: sales, quantity */
    "\346\225\260\351\207\217",
    "\353\247\244\354\266\234",
    "\354\210\230\353\237\211",
    "\351\224\200\345\224\256",
    "\351\224\200\351\207\217",
    "\320\237\321\200\320\276\320\264\320\260\320\266\320\270",
    "\320\277\321\200\320\276\320\264\320\260\320\266\320\270"};

static const char *const covariate_names[] = {
    "price",    "promo",    "temp",     "rain", "snow",  "weather", "holiday",
    "event",    "discount", "markdown", "cpi",  "fuel",  "gdp",     "rate",
    "unemploy", "open",     "closed",   "snap", "cost",  "stock",   "index",
    "lag",      "total",    "trend",    "year", "month", "week",    "weekday"};

static const char *const share_names[] = {"%",     "pct",    "percent", "prozent",
                                          "share", "anteil", "change",  "growth",
                                          "ratio", "margin", "delta",   "yoy"};

static const char *const order_names[] = {
    "transaction", "invoice",  "receipt", "ticket",   "booking",  "basket",  "beleg",
    "order_id",    "order id", "orderid", "order_no", "order no", "rechnung"};

/* A count of something: item_count and Headcounts, no account, discount, country. */
static bool says_count(const char *lower) {
  static const char *const word = "count", *const before[] = {"ac", "dis", "vis"};
  const size_t n = strlen(word);
  for (const char *at = strstr(lower, word); at; at = strstr(at + 1, word)) {
    const char *end = at + n + (at[n] == 's');
    bool other = wsf__is_letter(*end);
    for (size_t i = 0; i < sizeof before / sizeof *before; ++i) {
      const size_t m = strlen(before[i]);
      other |= (size_t)(at - lower) >= m && memcmp(at - m, before[i], m) == 0;
    }
    if (!other) return true;
  }
  return false;
}

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
      [WSF__CALLED_ORDER] = LIST(order_names),
#undef LIST
  };
  char lower[64];
  lower_name(lower, name);
  if (what == WSF__CALLED_TIME &&
      (wsf__propose_holds_word(name, whole_time_names,
                               sizeof whole_time_names / sizeof *whole_time_names) ||
       stands_in(name, lower, "wk"))) /* no Hawkes */
    return true;
  if (what == WSF__CALLED_TARGET && says_count(lower)) return true;
  enum { SHORT = 3 }; /* gdp, and lag, which Lager only begins with */
  const bool whole = what == WSF__CALLED_COVARIATE || what == WSF__CALLED_SHARE;
  for (size_t k = 0; k < list[what].n; ++k) {
    const char *word = list[what].word[k];
    if (what == WSF__CALLED_COVARIATE && strlen(word) <= SHORT) {
      if (wsf__propose_holds_word(name, &word, 1)) return true;
      continue;
    }
    if (whole ? stands_in(name, lower, word) : strstr(lower, word) != NULL) return true;
  }
  return false;
}

/* The byte at i of a name in small letters, those of Latin-1 among them. */
static char small_at(const char *name, size_t i) {
  const bool accent = i > 0 && (unsigned char)name[i - 1] == 0xc3;
  return (unsigned char)name[i] < 128 || accent ? (char)(name[i] | 32) : name[i];
}

bool wsf__propose_holds_word(const char *name, const char *const *word, size_t words) {
  for (size_t at = 0, n; name[at]; at += n) {
    n = 1;
    if (!wsf__is_word_byte(name[at])) continue;
    while (wsf__is_word_byte(name[at + n]) &&
           !(name[at + n] >= 'A' && name[at + n] < 'a' && name[at + n - 1] >= 'a'))
      ++n;
    for (size_t k = 0; k < words; ++k) {
      bool same = strlen(word[k]) == n;
      for (size_t i = 0; i < n && same; ++i) same = small_at(name, at + i) == word[k][i];
      if (same) return true;
    }
  }
  return false;
}

static bool whole_key_word(const char *name) {
  return wsf__propose_holds_word(name, whole_key_names,
                                 sizeof whole_key_names / sizeof *whole_key_names);
}

bool wsf__propose_key_word(const char *name) {
  return wsf__propose_holds_word(name, key_names, sizeof key_names / sizeof *key_names) ||
         whole_key_word(name);
}

bool wsf__propose_key_like(const char *name) {
  static const char *const alone[] = {"id", "key", "code"}; /* ends of other words too */
  char lower[64];
  if (wsf__propose_key_word(name)) return true;
  lower_name(lower, name);
  for (size_t i = 0; i < sizeof key_names / sizeof *key_names; ++i) {
    bool whole = false;
    for (size_t k = 0; k < sizeof alone / sizeof *alone; ++k)
      whole |= strcmp(key_names[i], alone[k]) == 0;
    if (!whole && stands_in(name, lower, key_names[i])) return true;
  }
  return false;
}

bool wsf__propose_key_number(const char *name) {
  static const char *const several[] = {
      "stores",     "shops",    "items",    "products", "skus",      "depts",
      "regions",    "families", "articles", "codes",    "customers", "accounts",
      "warehouses", "branches", "outlets",  "vendors",  "suppliers"};
  if (!wsf__propose_called(name, WSF__CALLED_KEY) && !whole_key_word(name)) return false;
  if (wsf__propose_holds_word(name, several, sizeof several / sizeof *several)) return false;
  if (!wsf__propose_called(name, WSF__CALLED_TARGET)) return true;
  size_t last = strlen(name);
  while (last > 0 && !wsf__is_letter(name[last - 1])) --last;
  for (size_t n = last; last > 0 && wsf__is_letter(name[last - 1]); --last) {
    const bool camel = last < n && name[last] <= 'Z' && name[last - 1] >= 'a';
    if (camel) break;
  }
  return wsf__propose_key_word(name + last);
}

bool wsf__propose_rate(const char *name) {
  static const char *const word[] = {"avg", "mean", "per", "rate", "ratio", "cost", "prix"};
  static const char *const within[] = {"average",      "median",     "price",      "preis",
                                       "durchschnitt", "mittelwert", "moyenne",    "promedio",
                                       "prezzo",       "precio",     "gemiddelde", "percent"};
  char lower[64];
  if (wsf__propose_holds_word(name, word, sizeof word / sizeof *word)) return true;
  if (strstr(name, "\303\230")) return true; /* as Germans write a mean */
  lower_name(lower, name);
  for (size_t i = 0; i < sizeof within / sizeof *within; ++i) {
    if (stands_in(name, lower, within[i])) return true;
  }
  return false;
}

/* A text as it is compared: small letters of ASCII, one blank for what stands between words. */
static size_t plain_words(char *out, size_t size, const char *text, size_t length) {
  size_t n = 0;
  for (size_t i = 0; i < length && n + 1 < size; ++i) {
    const unsigned char c = (unsigned char)text[i];
    const bool word = wsf__is_letter(text[i]) || c >= 128 || (c >= '0' && c <= '9');
    if (!word && (n == 0 || out[n - 1] == ' ')) continue;
    out[n++] = !word ? ' ' : c >= 'A' && c <= 'Z' ? (char)(c + 32) : (char)c;
  }
  while (n > 0 && out[n - 1] == ' ') --n;
  out[n] = '\0';
  return n;
}

/* Those of spreadsheets' own tables in their languages, and what people write. */
static bool is_total(const char *words) {
  static const char *const total[] = {
      "total",
      "grand total",
      "totals",
      "grand totals",
      "all",
      "sum",
      "overall",
      "subtotal",
      "sub total",
      "gesamt",
      "summe",
      "gesamtsumme",
      "insgesamt",
      "gesamtergebnis",
      "totale",
      "totale complessivo",
      "totaal",
      "eindtotaal",
      "totaux",
      "total g\303\251n\303\251ral",
      "total general",
      "total geral",
      "suma ko\305\204cowa",
      "suma",
      "razem",
      "totalsumma",
      "hovedtotal",
      "totalsum",
      "celkov\303\275 sou\304\215et",
      "genel toplam",
      "toplam",
      "yhteens\303\244",
      "v\303\251g\303\266sszeg",
      "celkem",
      "spolu",
      "summa",
      "totalt",
      "i alt",
      "og\303\263\305\202em",
      "\303\266sszesen",
      "ukupno",
      "\320\222\321\201\320\265\320\263\320\276", /* Vsego */
      "\320\230\321\202\320\276\320\263\320\276", /* Itogo, of Russian; itogo */
      "\320\270\321\202\320\276\320\263\320\276",
      "\320\236\320\261\321\211\320\270\320\271 \320\270\321\202\320\276\320\263",
      "\345\220\210\350\250\210", /* Japanese and Chinese, of the whole and of all */
      "\347\267\217\350\250\210",
      "\345\220\210\350\256\241",
      "\346\200\273\350\256\241",
      "\347\270\275\350\250\210",
      "\354\264\235\355\225\251\352\263\204"};
  for (size_t i = 0; i < sizeof total / sizeof *total; ++i) {
    if (*words == *total[i] && strcmp(words, total[i]) == 0) return true;
  }
  return false;
}

/* What stands beside totals, below a table or behind its last month. */
static bool is_average(const char *word) {
  static const char *const average[] = {
      "average", "avg",        "mean",    "mittel",       "mittelwert", "moyenne", "promedio",
      "media",   "gemiddelde", "schnitt", "durchschnitt", "ytd",        "fy"};
  for (size_t i = 0; i < sizeof average / sizeof *average; ++i) {
    if (strcmp(word, average[i]) == 0) return true;
  }
  return false;
}

/* Subtotal, Zwischensumme, all: no Summer, no Allspice. */
static bool is_total_part(const char *word) {
  static const char *const alone[] = {"all", "alle", "tous", "toutes", "todos", "todas", "tutti"};
  const size_t n = strlen(word), summe = strlen("summe");
  for (size_t i = 0; i < sizeof alone / sizeof *alone; ++i) {
    if (strcmp(word, alone[i]) == 0) return true;
  }
  return is_average(word) || strstr(word, "total") || strstr(word, "gesamt") || is_total(word) ||
         (n > summe && strcmp(word + n - summe, "summe") == 0);
}

/* Digits and marks are called by no word. */
static bool has_letter(const char *text, size_t length) {
  for (size_t i = 0; i < length; ++i) {
    if (wsf__is_word_byte(text[i])) return true;
  }
  return false;
}

wsf__total wsf__propose_total(const char *text, size_t length, char rest[WSF__TOTAL_BYTES]) {
  char words[WSF__TOTAL_BYTES];
  bool any = false;
  if (rest) rest[0] = '\0';
  if (!has_letter(text, length)) return WSF__TOTAL_NONE;
  const size_t n = plain_words(words, sizeof words, text, length);
  if (is_total(words)) return WSF__TOTAL_WHOLE;
  for (size_t at = 0, left = 0; at < n; ++at) {
    char *word = words + at;
    const size_t end = strcspn(word, " ");
    word[end] = '\0';
    at += end;
    if (is_total_part(word)) {
      any = true;
    } else if (rest) {
      if (left > 0) rest[left++] = ' ';
      memcpy(rest + left, word, end + 1);
      left += end;
    }
  }
  return any ? WSF__TOTAL_PART : WSF__TOTAL_NONE;
}

bool wsf__propose_begins(const char *text, size_t length, const char *rest) {
  char words[WSF__TOTAL_BYTES];
  (void)plain_words(words, sizeof words, text, length);
  return *rest && strncmp(words, rest, strlen(rest)) == 0;
}

/* The unit of years that a column is called by: the first of its name, or a week, month or quarter
 * anywhere in it, as in Kalenderwoche and Year Week. */
int32_t wsf__propose_unit(const char *name) {
  static const struct {
    const char *word;
    int32_t unit;
  } list[] = {{"week", WSF__UNIT_WEEK},      {"woche", WSF__UNIT_WEEK},
              {"wk", WSF__UNIT_WEEK},        {"month", WSF__UNIT_MONTH},
              {"monat", WSF__UNIT_MONTH},    {"quarter", WSF__UNIT_QUARTER},
              {"quartal", WSF__UNIT_QUARTER}};
  char lower[64];
  lower_name(lower, name);
  for (size_t i = 0; i < sizeof list / sizeof *list; ++i) {
    if (strstr(lower, list[i].word)) return list[i].unit;
  }
  return wsf__time_unit_called(name);
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
