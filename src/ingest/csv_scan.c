/* Records to typed columns, in one pass and without copying.
 *
 * Every field is first tried in the form that its column mostly has (digits and a point, an ISO
 * date, a short label): these readers stop at the first byte that does not fit and need no search
 * for the delimiter. What they decline (quotes, blanks, missing values, exponents, other date
 * forms) takes the general road: cut the field out, then interpret its text. Both roads give the
 * same value. A chunk ends with an end of line, so byte loops need no bound; loads of eight bytes
 * look at `limit`.
 *
 * Numbers: Clinger (1990), "How to read floating point numbers accurately": mantissa below 2^53 and
 * a power of ten up to 10^22 are exact, one division rounds once. */
#include "ingest/csv_scan.h"
#include "ingest/zones.h"

#include "base/text.h"
#include "calendar/calendar.h"
#include "wire/wire.h"

#include <math.h>

enum { LONG_TEXT = 65536 }; /* a quoted text so long is worth a word */
enum { DAY_SECONDS = 86400 };

static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                               1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                               1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

void wsf__scan_months_init(wsf__scan_months *m) {
  for (int i = 0; i <= WSF__SCAN_MONTHS; ++i) {
    m->day[i] = (int32_t)wsf__days_from_civil(WSF__SCAN_YEAR + i / 12, i % 12 + 1, 1);
  }
}

/* Eight bytes, the first one lowest. */
static inline uint64_t load8(const char *p) {
  uint64_t x;
  memcpy(&x, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  x = __builtin_bswap64(x);
#endif
  return x;
}

/* High bit of each byte that equals c; exact up to and including the first one. */
static inline uint64_t match8(uint64_t x, char c) {
  const uint64_t ones = UINT64_C(0x0101010101010101);
  x ^= ones * (unsigned char)c;
  return (x - ones) & ~x & (ones << 7);
}

/* The delimiter or end of line at or after p; there is one. */
static inline const char *field_end(const wsf__scan *s, const char *p) {
  const char delimiter = s->csv->delimiter, eol = s->csv->eol;
  while (s->limit - p >= 8) {
    const uint64_t x = load8(p);
    const uint64_t hit = match8(x, delimiter) | match8(x, eol);
    if (hit) return p + (__builtin_ctzll(hit) >> 3);
    p += 8;
  }
  while (*p != delimiter && *p != eol) ++p;
  return p;
}

static inline bool ends_field(const wsf__csv *csv, const char *p) {
  return *p == csv->delimiter || *p == csv->eol || (*p == '\r' && p[1] == csv->eol);
}

static inline bool blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What a number with this first digit tells of how the column's numbers are written. */
static void tell_form(wsf__scan_column *c, char decimal, char lead, ptrdiff_t whole,
                      ptrdiff_t fraction, bool marked) {
  const bool comma = decimal == ',',
             either = fraction == 3 && whole > 0 && whole < 4 && lead != '0';
  if (whole > 3) c->forms |= WSF__NUMBER_LONG;
  if (marked) c->forms |= (either ? WSF__NUMBER_POINT_3 : WSF__NUMBER_POINT) << comma;
  const uint32_t all = WSF__NUMBER_LONG | WSF__NUMBER_POINT << comma;
  c->told = (c->forms & all) == all;
}

static inline bool fast_number(const wsf__scan *s, const char **at, double *out,
                               wsf__scan_column *c) {
  const wsf__csv *csv = s->csv;
  const char *p = *at, decimal = csv->number.decimal;
  const bool negative = *p == '-';
  p += negative;
  const char *first = p;
  uint64_t mantissa = 0;
  unsigned char digit;
  while ((digit = (unsigned char)(*p - '0')) < 10) {
    mantissa = mantissa * 10 + digit;
    ++p;
  }
  ptrdiff_t digits = p - first, fraction = 0;
  const bool marked = *p == decimal && !s->marks_field;
  if (marked) {
    first = ++p;
    while ((digit = (unsigned char)(*p - '0')) < 10) {
      mantissa = mantissa * 10 + digit;
      ++p;
    }
    fraction = p - first;
    digits += fraction;
  }
  if (digits == 0 || digits > 19 || mantissa > (UINT64_C(1) << 53) || !ends_field(csv, p)) {
    return false;
  }
  if (marked ? !c->told : digits > 3 && !(c->forms & WSF__NUMBER_LONG)) {
    tell_form(c, decimal, (*at)[negative], digits - fraction, fraction, marked);
  }
  const double x = (double)mantissa / power[fraction];
  *out = negative ? -x : x;
  *at = p;
  return true;
}

static inline bool fast_date(const wsf__scan *s, const wsf__scan_months *months, const char **at,
                             int64_t *out) {
  const char *p = *at;
  if (s->limit - p < 11) return false;
  /* "0000-00-" xor'ed away leaves digits 0 .. 9 and zeros for the hyphens. */
  const uint64_t x = load8(p) ^ UINT64_C(0x2d30302d30303030);
  const uint64_t over = (x + UINT64_C(0x7f76767f76767676)) | x;
  const unsigned d1 = (unsigned char)(p[8] - '0'), d2 = (unsigned char)(p[9] - '0');
  if ((over & UINT64_C(0x8080808080808080)) || d1 > 9 || d2 > 9 || !ends_field(s->csv, p + 10)) {
    return false;
  }
#define BYTE(i) ((int)(x >> (8 * (i)) & 0xff))
  const int year = BYTE(0) * 1000 + BYTE(1) * 100 + BYTE(2) * 10 + BYTE(3);
  const int month = BYTE(5) * 10 + BYTE(6), day = (int)(d1 * 10 + d2);
#undef BYTE
  const int i = (year - WSF__SCAN_YEAR) * 12 + month - 1;
  if (month < 1 || month > 12 || i < 0 || i >= WSF__SCAN_MONTHS || day < 1) return false;
  const int32_t days = months->day[i] + day - 1;
  if (days >= months->day[i + 1]) return false;
  *out = (int64_t)days * DAY_SECONDS;
  *at = p + 10;
  return true;
}

static inline bool fast_integer(const wsf__csv *csv, const char **at, int64_t *out) {
  const char *p = *at;
  const bool negative = *p == '-';
  p += negative;
  const char *first = p;
  int64_t value = 0;
  unsigned char digit;
  while ((digit = (unsigned char)(*p - '0')) < 10 && p - first < 18) {
    value = value * 10 + digit;
    ++p;
  }
  if (p == first || !ends_field(csv, p)) return false;
  *out = negative ? -value : value;
  *at = p;
  return true;
}

bool wsf__scan_missing(const wsf__csv *csv, const char *text, size_t length) {
  if (length == 0) return true;
  if (!csv->na_first[(unsigned char)text[0]]) return false;
  for (int i = 0; i < csv->n_na; ++i) {
    if (strlen(csv->na[i]) == length && memcmp(csv->na[i], text, length) == 0) return true;
  }
  return false;
}

/* true/false words: 1, 0; -1 if it is none. Comparisons of constant length are single words. */
static inline int flag_word(const char *t, size_t length) {
  switch (length) {
  case 1:
    return *t == 'T' ? 1 : *t == 'F' ? 0 : -1;
  case 4:
    return !memcmp(t, "TRUE", 4) || !memcmp(t, "true", 4) || !memcmp(t, "True", 4) ? 1 : -1;
  case 5:
    return !memcmp(t, "FALSE", 5) || !memcmp(t, "false", 5) || !memcmp(t, "False", 5) ? 0 : -1;
  default:
    return -1;
  }
}

int32_t wsf__scan_kind(const wsf__csv *csv, const char *text, size_t length) {
  wsf__number_style point = csv->given_number, comma = point;
  double x;
  uint32_t forms = 0;
  point.decimal = '.';
  comma.decimal = ',';
  point.thousands = comma.thousands = 0;
  if (wsf__scan_missing(csv, text, length)) return WSF__CSV_SKIP;
  if (wsf__number_read(text, length, point, &x, &forms)) return WSF__CSV_NUMBER;
  if (wsf__number_read(text, length, comma, &x, &forms)) return WSF__CSV_NUMBER;
  return flag_word(text, length) >= 0 ? WSF__CSV_FLAG : WSF__CSV_CATEGORY;
}

/* Content of a quoted field with "" for ": into the chunk's own buffer. */
static bool unescape(wsf__scan *s, const char **text, size_t *length) {
  if (s->unescaped_capacity < *length) {
    char *grown = wsf__resize(&s->arena.alloc, s->unescaped, *length, 1);
    if (!grown) {
      s->memory = true;
      return false;
    }
    s->unescaped = grown;
    s->unescaped_capacity = *length;
  }
  size_t n = 0;
  for (size_t i = 0; i < *length; ++i) {
    s->unescaped[n++] = (*text)[i];
    if ((*text)[i] == '"') ++i; /* the second of a pair */
  }
  *text = s->unescaped;
  *length = n;
  return true;
}

bool wsf__scan_field(wsf__scan *s, const char **at, const char *end, const char **text,
                     size_t *length) {
  const char delimiter = s->csv->delimiter, eol = s->csv->eol;
  const char *p = *at;
  while (*p != delimiter && *p != eol && blank(*p)) ++p;
  if (*p != '"') {
    const char *stop = field_end(s, p);
    *at = stop;
    if (s->quotes && memchr(p, '"', (size_t)(stop - p))) s->irregular = true;
    while (stop > p && blank(stop[-1])) --stop;
    *text = p;
    *length = (size_t)(stop - p);
    return true;
  }
  const char *q = ++p;
  bool escaped = false;
  for (;;) {
    q = q < end ? memchr(q, '"', (size_t)(end - q)) : NULL;
    if (!q) {
      s->irregular = true;
      return false;
    }
    if (q[1] != '"') break; /* an end of line follows every byte of a chunk but the last */
    escaped = true;
    q += 2;
  }
  *text = p;
  *length = (size_t)(q - p);
  if (*length > LONG_TEXT && !s->long_text) s->long_text = s->line;
  if (escaped && !unescape(s, text, length)) return false;
  ++q;
  while (*q != delimiter && *q != eol && blank(*q)) ++q;
  if (*q != delimiter && *q != eol) {
    s->irregular = true;
    return false;
  }
  *at = q;
  return true;
}

static void reject(wsf__scan *s, int reason, int column, const char *text, size_t length) {
  wsf__csv_reject *r = &s->reject[reason];
  if (r->count < WSF__CSV_EXAMPLES) {
    wsf__csv_example *e = &r->example[r->count];
    e->line = s->line;
    e->column = column;
    /* Cut at a character, and show what would break a table. */
    size_t n = length < sizeof e->text - 1 ? length : sizeof e->text - 1;
    while (n > 0 && n < length && ((unsigned char)text[n] & 0xc0) == 0x80) --n;
    const bool readable = wsf__utf8_valid(text, n);
    for (size_t i = 0; i < n; ++i) {
      const unsigned char c = (unsigned char)text[i];
      e->text[i] = c < 32 || c == 127 || (!readable && c >= 128) ? '?' : (char)c;
    }
    e->text[n] = '\0';
  }
  ++r->count;
}

/* As wsf__dict_head, but in one load where the bytes behind the text may be read. */
static inline uint64_t head8(const wsf__scan *s, const char *text, size_t length) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  if (length < 8 && text != s->unescaped && s->limit - text >= 8) {
    return load8(text) & ((UINT64_C(1) << (8 * length)) - 1);
  }
#endif
  return wsf__dict_head(text, length);
}

static int32_t other_code(wsf__scan *s, wsf__scan_column *c, const char *text, size_t length,
                          uint64_t head) {
  int32_t code = wsf__dict_find(&c->words, text, length, head);
  if (code < 0) {
    if (!wsf__utf8_valid(text, length)) return -1;
    code = wsf__dict_put(&c->words, text, length, head);
    if (code < 0) {
      s->memory = true;
      return -1;
    }
  }
  c->last_head = head;
  c->last_length = length;
  c->last_code = code;
  return code;
}

/* Code of a label in this chunk; -1 if it is not UTF-8 or memory ran out (s->memory). */
static inline int32_t category_code(wsf__scan *s, wsf__scan_column *c, const char *text,
                                    size_t length) {
  const uint64_t head = head8(s, text, length);
  if (length <= 8 && length == c->last_length && head == c->last_head) return c->last_code;
  return other_code(s, c, text, length, head);
}

/* Interpret the text of one field. Returns the reason to reject the row, or -1. */
static int put(wsf__scan *s, int k, int64_t row, const char *text, size_t length) {
  const wsf__csv_column *column = &s->csv->column[k];
  wsf__scan_column *c = &s->column[k];
  const bool missing = wsf__scan_missing(s->csv, text, length);
  switch (s->kind[k]) {
  case WSF__CSV_NUMBER:
  case WSF__CSV_FLAG: {
    double x = NAN;
    const int word = missing ? -1 : flag_word(text, length);
    if (!missing && wsf__number_read(text, length, s->csv->number, &x, &c->forms)) {
      c->saw_number = true;
      c->not_binary |= x != 0.0 && x != 1.0;
    } else if (word >= 0) {
      c->saw_flag = true;
    } else if (!missing) {
      c->saw_text = true;
      x = NAN;
    }
    if (s->kind[k] == WSF__CSV_FLAG && word >= 0) {
      x = word;
    } else if (word >= 0 || (!missing && isnan(x))) {
      if (!s->guessed[k] && !column->cells) return WSF__CSV_BAD_NUMBER;
      if (!s->guessed[k]) {
        reject(s, WSF__CSV_BAD_CELL, k, text, length);
        ++c->bad;
      }
      x = NAN;
    }
    column->number[row] = x;
    return -1;
  }
  case WSF__CSV_TIME: {
    wsf__time t;
    if (missing || !wsf__time_read(text, length, &column->style, &t, &c->seen)) {
      return WSF__CSV_BAD_TIME;
    }
    if ((t.form == WSF__FORM_INTEGER) != (column->time_form == WSF__FORM_INTEGER)) {
      return WSF__CSV_BAD_TIME;
    }
    if (t.zoned != (column->zoned == 1)) return WSF__CSV_BAD_TIME;
    c->saw_clock |= t.form == WSF__FORM_TIME;
    column->time[row] = t.zoned ? wsf__zoned_pack(t) : t.value;
    return -1;
  }
  case WSF__CSV_KEY:
    if (missing) return WSF__CSV_NO_KEY;
    column->code[row] = category_code(s, c, text, length);
    return column->code[row] < 0 && !s->memory ? WSF__CSV_BAD_TEXT : -1;
  case WSF__CSV_CATEGORY:
    column->code[row] = missing ? -1 : category_code(s, c, text, length);
    return !missing && column->code[row] < 0 && !s->memory ? WSF__CSV_BAD_TEXT : -1;
  default:
    return -1;
  }
}

/* Try the column's usual form. */
static inline bool fast(wsf__scan *s, const wsf__scan_months *months, int k, int64_t row,
                        const char **p) {
  const wsf__csv *csv = s->csv;
  const wsf__csv_column *column = &csv->column[k];
  wsf__scan_column *c = &s->column[k];
  switch (s->kind[k]) {
  case WSF__CSV_NUMBER: {
    double x;
    if (csv->na_first[(unsigned char)**p] & WSF__NA_NUMBER) return false;
    if (!fast_number(s, p, &x, c)) return false;
    c->saw_number = true;
    c->not_binary |= x != 0.0 && x != 1.0;
    column->number[row] = x;
    return true;
  }
  case WSF__CSV_TIME:
    if (column->style.format || column->zoned == 1) return false;
    if (column->time_form != WSF__FORM_INTEGER) {
      if (column->style.grain > WSF__GRAIN_DAY || !fast_date(s, months, p, &column->time[row])) {
        return false;
      }
      ++c->seen.grains[WSF__GRAIN_DAY];
      return true;
    }
    if (!fast_integer(csv, p, &column->time[row])) return false;
    wsf__time_see_whole(column->time[row], &c->seen);
    return true;
  case WSF__CSV_FLAG:
  case WSF__CSV_KEY:
  case WSF__CSV_CATEGORY: {
    const char *end = field_end(s, *p);
    if (*end == csv->eol && end > *p && end[-1] == '\r') --end;
    const size_t length = (size_t)(end - *p);
    if (s->quotes || length == 0 || blank(**p) || blank(end[-1])) return false;
    if (s->kind[k] == WSF__CSV_FLAG) {
      const int yes = flag_word(*p, length);
      if (yes < 0) return false;
      c->saw_flag = true;
      column->number[row] = yes;
    } else {
      if (csv->na_first[(unsigned char)**p] && wsf__scan_missing(csv, *p, length)) return false;
      const int32_t code = category_code(s, c, *p, length);
      if (code < 0) return false;
      column->code[row] = code;
    }
    *p = end;
    return true;
  }
  default:
    return false;
  }
}

/* Behind the record that has a field at p. */
static const char *skip_record(wsf__scan *s, const char *p) {
  const char *text;
  size_t length;
  for (;;) {
    if (!wsf__scan_field(s, &p, s->end, &text, &length)) {
      /* Quotes cannot be trusted here: the record ends with its line. */
      return (const char *)memchr(p, s->csv->eol, (size_t)(s->end - p)) + 1;
    }
    if (*p == s->csv->eol) return p + 1;
    ++p;
  }
}

/* Whether the mark of decimals ends fields in the record at p, as where it is a comma and numbers
 * that hold one stand in quotes: the fields are then no more than the header's. */
static bool marks_field(const wsf__csv *csv, const char *p) {
  const char *end = csv->bytes + csv->length;
  int fields = 1;
  bool quoted = false, begins = true;
  if (csv->number.decimal != csv->delimiter) return false;
  if (end - p > LONG_TEXT) end = p + LONG_TEXT; /* a quote that nothing closes */
  for (; p < end && (quoted || *p != csv->eol) && fields <= csv->n_columns; ++p) {
    const bool cuts = !quoted && *p == csv->delimiter;
    if (*p == '"' && (quoted || begins)) quoted = !quoted;
    fields += cuts;
    begins = cuts;
  }
  return fields <= csv->n_columns;
}

/* One record into row `row`; *kept says whether it stays. Returns what follows it. */
static const char *record(wsf__scan *s, const wsf__scan_months *months, const char *p, int64_t row,
                          bool *kept) {
  const wsf__csv *csv = s->csv;
  const char *begin = p;
  *kept = false;
  s->marks_field = marks_field(csv, p);
  for (int k = 0; k < csv->n_columns; ++k) {
    if (fast(s, months, k, row, &p)) {
      if (*p == '\r' && csv->eol != '\r') ++p;
    } else {
      const char *field = p, *text;
      size_t length;
      if (!wsf__scan_field(s, &p, s->end, &text, &length)) {
        const char *eol = memchr(p, csv->eol, (size_t)(s->end - p));
        reject(s, WSF__CSV_QUOTE, k, p, (size_t)(eol - p));
        return eol + 1;
      }
      const int reason = put(s, k, row, text, length);
      if (reason >= 0) {
        reject(s, reason, k, text, length);
        return skip_record(s, field);
      }
    }
    const bool last = k + 1 == csv->n_columns;
    if ((*p == csv->eol) != last) {
      const char *eol = memchr(begin, csv->eol, (size_t)(s->end - begin));
      reject(s, WSF__CSV_FIELDS, -1, begin, (size_t)(eol - begin));
      return *p == csv->eol ? p + 1 : skip_record(s, p + 1);
    }
    ++p;
  }
  *kept = true;
  return p;
}

static int64_t count_byte(const char *p, const char *end, char c) {
  int64_t n = 0;
  while ((p = memchr(p, c, (size_t)(end - p)))) {
    ++n;
    ++p;
  }
  return n;
}

/* Whether a record has nothing in its fields, as rows below a table of a spreadsheet. */
static bool is_empty(const wsf__csv *csv, const char *p, const char *end) {
  while (p < end &&
         (*p == csv->delimiter || *p == csv->eol || *p == '\r' || *p == '"' || blank(*p)))
    ++p;
  return p == end;
}

enum { LOOK = 4096 }; /* records after which a cancel is looked for */

void wsf__scan_run(wsf__scan *s, const wsf__scan_months *months) {
  const char eol = s->csv->eol;
  const char comment = s->csv->comment;
  int64_t *line = s->csv->line;
  const char *p = s->begin;
  while (p < s->end && !s->memory && !(s->strict && s->irregular)) {
    const char *begin = p;
    while (*p != eol && blank(*p) && *p != s->csv->delimiter) ++p;
    if (*p == eol) { /* nothing but blanks */
      ++s->line;
      ++p;
      continue;
    }
    if (comment && *begin == comment) {
      p = (const char *)memchr(begin, eol, (size_t)(s->end - begin)) + 1;
      ++s->line;
      continue;
    }
    const int64_t row = s->slot + s->rows;
    bool kept;
    if (s->read % LOOK == 0 && wsf__stopped(s->csv->env)) return;
    p = record(s, months, begin, row, &kept);
    ++s->read;
    if (kept) {
      line[row] = s->line;
      ++s->rows;
    } else {
      s->empty += is_empty(s->csv, begin, p);
    }
    s->line += s->quotes ? count_byte(begin, p, eol) : 1;
  }
}
