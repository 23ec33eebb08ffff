/* Numbers as people write them: 1.234,50  1 234.5  1'234  $12.50  12,50 EUR  15 %  (120.00)  12-
 * A number is taken apart into sign, whole digits in groups, fraction and exponent; put together
 * again with a point it is read by the one reader of base/. Groups are strict: three digits after
 * the first one to three, one mark. What a text says about the marks does not depend on the style,
 * so that a file can be judged by all its values: 1,5 and 1.234,5 and 1.234.567 tell a decimal
 * comma, 1.5 and 1,234,567 a point, 1,183 neither. */
#include "ingest/csv_number.h"

#include "base/text.h"

#include <string.h>

enum { MOST = 64 };

typedef struct span {
  const char *at, *end;
} span;

static bool starts(span *s, const char *with) {
  const size_t n = strlen(with);
  if ((size_t)(s->end - s->at) < n || memcmp(s->at, with, n) != 0) return false;
  s->at += n;
  return true;
}

static bool ends(span *s, const char *with) {
  const size_t n = strlen(with);
  if ((size_t)(s->end - s->at) < n || memcmp(s->end - n, with, n) != 0) return false;
  s->end -= n;
  return true;
}

static const char *const spaces[] = {" ", "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x89"};
static const char *const apostrophes[] = {"'", "\xe2\x80\x99"};
static const char *const minus[] = {"-", "\xe2\x88\x92"};

static bool any(span *s, bool (*has)(span *, const char *), const char *const *list, size_t n) {
  for (size_t i = 0; i < n; ++i) {
    if (has(s, list[i])) return true;
  }
  return false;
}
#define ANY(s, has, list) any(s, has, list, sizeof(list) / sizeof *(list))

static void trim(span *s) {
  while (ANY(s, starts, spaces) || ANY(s, ends, spaces)) continue;
}

/* Signs and codes of one currency stand together; the first is what it is called. */
static const struct {
  const char *text;
  int which;
} currency[] = {
    {"$", 0},    {"USD", 0},        {"\xe2\x82\xac", 1}, {"EUR", 1},          {"\xc2\xa3", 2},
    {"GBP", 2},  {"\xc2\xa5", 3},   {"JPY", 3},          {"\xe2\x82\xb9", 4}, {"INR", 4},
    {"R$", 5},   {"BRL", 5},        {"kr", 6},           {"CHF", 7},          {"CAD", 8},
    {"AUD", 9},  {"z\xc5\x82", 10}, {"PLN", 10},         {"SEK", 11},         {"NOK", 12},
    {"DKK", 13}, {"K\xc4\x8d", 14}, {"Kc", 14},          {"CZK", 14}};

/* The bit of the currency that stands before or behind, taken away; 0: none does. */
static uint32_t take_currency(span *s) {
  for (size_t i = 0; i < sizeof currency / sizeof *currency; ++i) {
    if (!starts(s, currency[i].text) && !ends(s, currency[i].text)) continue;
    return UINT32_C(1) << (WSF__NUMBER_CURRENCY + currency[i].which);
  }
  return 0;
}

int wsf__number_currencies(uint32_t seen, const char *name[2]) {
  int n = 0;
  for (size_t i = 0; i < sizeof currency / sizeof *currency; ++i) {
    if (i > 0 && currency[i].which == currency[i - 1].which) continue;
    if (!(seen >> (WSF__NUMBER_CURRENCY + currency[i].which) & 1)) continue;
    if (n < 2) name[n] = currency[i].text;
    ++n;
  }
  return n;
}

/* Sign, currency and percent, before and behind, each once. */
static bool undress(span *s, bool *negative, bool *percent, uint32_t *money) {
  bool sign = false;
  *negative = *percent = false;
  *money = 0;
  for (bool more = true; more;) {
    more = false;
    trim(s);
    if (!sign && s->end - s->at > 2 && *s->at == '(' && s->end[-1] == ')') {
      ++s->at;
      --s->end;
      *negative = sign = more = true;
    }
    if (!sign && (ANY(s, starts, minus) || ANY(s, ends, minus))) *negative = sign = more = true;
    if (!sign && starts(s, "+")) sign = more = true;
    if (!*money && (*money = take_currency(s))) more = true;
    if (!*percent && ends(s, "%")) *percent = more = true;
  }
  return s->at < s->end;
}

typedef struct figure {
  char plain[MOST + 1]; /* whole digits, point, fraction, exponent */
  size_t length;
  size_t first; /* digits before the first mark */
  int groups;   /* marks of thousands */
  char grouped; /* which: '.' ',' ' ' '\''; 0: none */
  char point;   /* the decimal mark: '.' ','; 0: none */
  bool either;  /* one mark, which may be of thousands or of decimals; counted as decimal */
  bool lengthy; /* four whole digits or more without a mark */
} figure;

static void add(figure *f, char c) {
  if (f->length < MOST) f->plain[f->length] = c;
  ++f->length;
}

static int copy_digits(figure *f, span *s) {
  int n = 0;
  for (; s->at < s->end && *s->at >= '0' && *s->at <= '9'; ++n) add(f, *s->at++);
  return n;
}

static char mark_at(span *s) {
  if (ANY(s, starts, spaces)) return ' ';
  if (ANY(s, starts, apostrophes)) return '\'';
  if (s->at < s->end && (*s->at == '.' || *s->at == ',')) return *s->at++;
  return 0;
}

/* Take a bare number apart. */
static bool take_apart(span s, figure *f) {
  *f = (figure){0};
  const bool zero = *s.at == '0';
  int run = copy_digits(f, &s), first = run, whole = run;
  const bool groupable = run >= 1 && run <= 3 && !zero;
  int pairs = 0;
  bool thousands = false;
  while (s.at < s.end && !f->point) {
    const span before = s;
    const char mark = mark_at(&s);
    if (!mark) break;
    const size_t length = f->length;
    run = copy_digits(f, &s);
    const bool last = mark == '.' || mark == ',';
    const bool pair = mark == ',' && run == 2 && s.at < s.end && *s.at == ',';
    if (groupable && first < 3 && pair && f->groups == pairs && !thousands) {
      f->grouped = mark; /* 1,50,000 of India */
      ++f->groups;
      ++pairs;
      whole += 2;
      continue;
    }
    if (groupable && run == 3 && !thousands && (f->groups == 0 || mark == f->grouped)) {
      thousands = pairs > 0; /* they end the pairs */
      f->grouped = mark;
      ++f->groups;
      whole += 3;
      continue;
    }
    if (!last || mark == f->grouped || (pairs && !thousands)) return false; /* 1 23, 1.234.5 */
    f->length = length;
    s = before;
    f->point = *s.at++;
    add(f, '.');
    (void)copy_digits(f, &s);
  }
  if (!f->point && f->groups == 1 && (f->grouped == '.' || f->grouped == ',')) f->either = true;
  f->lengthy = f->groups == 0 && first > 3;
  f->first = (size_t)first;
  if (s.at < s.end && (*s.at == 'e' || *s.at == 'E') && f->length > 0) {
    while (s.at < s.end) add(f, *s.at++);
  }
  return s.at == s.end && f->length > 0 && f->length < MOST && (whole > 0 || f->length > 1);
}

static uint32_t told(const figure *f) {
  const uint32_t mark[2] = {WSF__NUMBER_POINT, WSF__NUMBER_COMMA};
  const uint32_t three[2] = {WSF__NUMBER_POINT_3, WSF__NUMBER_COMMA_3};
  uint32_t seen = f->lengthy ? WSF__NUMBER_LONG : 0;
  if (f->either) return seen | three[f->grouped == ','];
  if (f->point) seen |= mark[f->point == ','];
  if (f->groups && f->grouped == '.') seen |= WSF__NUMBER_COMMA;
  if (f->groups && f->grouped == ',') seen |= WSF__NUMBER_POINT;
  return seen;
}

/* Whether its marks are those of the style; one mark that may be either becomes what it is. */
static bool suits(figure *f, wsf__number_style style) {
  if (f->either && f->grouped == style.decimal) {
    memmove(f->plain + f->first + 1, f->plain + f->first, f->length - f->first);
    f->plain[f->first] = '.';
    ++f->length;
    return true;
  }
  if (f->point && f->point != style.decimal) return false;
  if (!f->groups) return true;
  return style.thousands ? f->grouped == style.thousands : f->grouped != style.decimal;
}

/* Digits alone, the most frequent number. */
static bool read_digits(const char *text, size_t length, double *out, uint32_t *seen) {
  int64_t value = 0;
  if (length == 0 || length > 15) return false;
  for (size_t i = 0; i < length; ++i) {
    const int digit = text[i] - '0';
    if (digit < 0 || digit > 9) return false;
    value = value * 10 + digit;
  }
  *out = (double)value;
  if (length > 3) *seen |= WSF__NUMBER_LONG;
  return true;
}

/* The longest suffix that ends the text, taken away. */
static bool take_suffix(span *s, wsf__number_style style) {
  size_t most = 0;
  for (int i = 0; i < style.n_suffixes; ++i) {
    span cut = *s;
    const size_t n = strlen(style.suffix[i]);
    if (n > most && ends(&cut, style.suffix[i])) most = n;
  }
  s->end -= most;
  return most > 0;
}

bool wsf__number_read(const char *text, size_t length, wsf__number_style style, double *out,
                      uint32_t *seen) {
  if (read_digits(text, length, out, seen)) return true;
  span s = {text, text + length};
  if (style.n_suffixes > 0 && take_suffix(&s, style)) {
    trim(&s);
    *seen |= WSF__NUMBER_SUFFIX;
    text = s.at;
    length = (size_t)(s.end - s.at);
  }
  bool negative, percent;
  uint32_t money;
  figure f;
  if (length == 0 || length >= MOST || !undress(&s, &negative, &percent, &money) ||
      !take_apart(s, &f)) {
    /* Very long digits and whatever else the plain reader takes. */
    if (style.decimal == '.' && wsf__number_parse(text, length, out)) return true;
    *seen |= WSF__NUMBER_NONE;
    return false;
  }
  *seen |= told(&f) | (percent ? WSF__NUMBER_PERCENT : 0) | (money ? money | WSF__NUMBER_MONEY : 0);
  if (!suits(&f, style) || !wsf__number_parse(f.plain, f.length, out)) return false;
  if (negative) *out = -*out;
  if (percent) *out /= 100.0;
  return true;
}

wsf__number_style wsf__number_settle(wsf__number_style given, char delimiter, uint32_t seen) {
  wsf__number_style style = given;
  if (style.decimal) return style;
  style.decimal = '.';
  if (given.thousands == '.') style.decimal = ',';
  if (given.thousands == '.' || given.thousands == ',') return style;
  if (seen & WSF__NUMBER_POINT) return style;
  if (seen & WSF__NUMBER_COMMA) style.decimal = ',';
  /* 1,183 and nothing that says more: thousands, unless 1183 stands there too or semicolons are
   * what sets fields apart. */
  const bool threes = (seen & WSF__NUMBER_COMMA_3) && !(seen & WSF__NUMBER_POINT_3);
  if (threes && ((seen & WSF__NUMBER_LONG) || delimiter == ';')) style.decimal = ',';
  return style;
}
