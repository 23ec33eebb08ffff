#include "base/text.h"

#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void wsf__text_init(wsf__text *t, const wsf__alloc *a, size_t cap) {
  *t = (wsf__text){.alloc = a, .cap = cap};
}

void wsf__text_free(wsf__text *t) {
  wsf__delete(t->alloc, t->data);
  t->data = NULL;
  t->length = t->capacity = 0;
}

static bool reserve(wsf__text *t, size_t more) {
  size_t need;
  if (t->failed) return false;
  if (!wsf__add(t->length, more, &need) || !wsf__add(need, 1, &need) || need > t->cap) {
    t->failed = true;
    return false;
  }
  if (need <= t->capacity) return true;
  size_t capacity = t->capacity < 32 ? 64 : t->capacity + t->capacity / 2;
  if (capacity < need) capacity = need;
  if (capacity > t->cap) capacity = t->cap;
  char *grown = wsf__resize(t->alloc, t->data, capacity, 1);
  if (!grown) {
    t->failed = true;
    return false;
  }
  t->data = grown;
  t->capacity = capacity;
  return true;
}

void wsf__text_add(wsf__text *t, const char *bytes, size_t length) {
  if (!reserve(t, length)) return;
  if (length) memcpy(t->data + t->length, bytes, length);
  t->length += length;
  t->data[t->length] = '\0';
}

void wsf__text_addz(wsf__text *t, const char *text) {
  wsf__text_add(t, text, strlen(text));
}

void wsf__text_printf(wsf__text *t, const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  const int n = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (n < 0) t->failed = true;
  if (n >= 0 && reserve(t, (size_t)n)) {
    (void)vsnprintf(t->data + t->length, (size_t)n + 1, format, again);
    t->length += (size_t)n;
  }
  va_end(again);
}

void wsf__text_number(wsf__text *t, double x) {
  char buffer[32];
  const size_t n = wsf__number_format(x, buffer);
  wsf__text_add(t, buffer, n);
}

static double parse_any(const char *text) {
  return strtod(text, NULL);
}

/* printf and strtod follow the host's locale, which a library may not change: its decimal mark is
 * looked up, and put in or taken out. */
static char decimal_mark(void) {
  const struct lconv *l = localeconv();
  return l && l->decimal_point && l->decimal_point[0] && !l->decimal_point[1] ? l->decimal_point[0]
                                                                              : '.';
}

/* Powers of ten that a double holds exactly. */
static const double exact_power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* Digits of m with the decimal point so that the first digit stands for 10^exponent; no zeros at
 * the end. */
static size_t put_digits(uint64_t m, int exponent, bool negative, char *out) {
  char digit[20];
  int n = 0;
  while (m % 10 == 0) m /= 10;
  for (; m; m /= 10) digit[n++] = (char)('0' + m % 10);
  char *p = out;
  if (negative) *p++ = '-';
  if (exponent < 0) {
    *p++ = '0';
    *p++ = '.';
    for (int i = -1; i > exponent; --i) *p++ = '0';
  }
  for (int i = 0; i < n; ++i) {
    *p++ = digit[n - 1 - i];
    if (i == exponent && i + 1 < n) *p++ = '.';
  }
  *p = '\0';
  return (size_t)(p - out);
}

/* Fifteen or sixteen digits by arithmetic, where that reads back to x: integers below 2^53 and
 * powers of ten up to 10^22 are exact, so the one division or product back is the reader's own
 * rounding. 0: it cannot be done so; *untried is the first number of digits that is still open. */
static size_t format_exactly(double x, char *out, int *untried) {
  const double a = fabs(x);
  *untried = 15;
  if (!(a >= 1e-4 && a < 1e15)) return 0;
  int exponent = a < 1 ? -1 : 0;
  while (exponent < 0 && a * exact_power[-exponent] < 1) --exponent;
  while (exponent >= 0 && a >= exact_power[exponent + 1]) ++exponent;
  for (int digits = 15; digits <= 16; ++digits) {
    const int power = digits - 1 - exponent;
    double m = rint(power >= 0 ? a * exact_power[power] : a / exact_power[-power]);
    if (m + 1 > 0x1p53) return 0;
    *untried = digits + 1;
    /* The product was rounded: its neighbours are candidates too. */
    static const double step[4] = {0, -1, 2, 0};
    int tries = 0;
    do {
      m += step[tries];
    } while ((power >= 0 ? m / exact_power[power] : m * exact_power[-power]) != a && ++tries < 3);
    if (tries == 3) continue;
    const uint64_t whole = (uint64_t)m;
    /* Rounding may carry: take the exponent from the digits themselves. */
    int length = 0;
    for (uint64_t rest = whole; rest; rest /= 10) ++length;
    return put_digits(whole, length - 1 - power, x < 0, out);
  }
  return 0;
}

/* The host's decimal mark as a point; returns the length. */
static size_t put_point(char *text) {
  const char mark = decimal_mark();
  char *p = mark == '.' ? NULL : strchr(text, mark);
  if (p) *p = '.';
  return strlen(text);
}

size_t wsf__number_format(double x, char buffer[32]) {
  if (isnan(x)) return (size_t)snprintf(buffer, 32, "nan");
  if (isinf(x)) return (size_t)snprintf(buffer, 32, x < 0 ? "-inf" : "inf");
  if (x == floor(x) && fabs(x) < 1e15) {
    /* -0 prints as 0: a sign nobody asked for is noise in a report. */
    return (size_t)snprintf(buffer, 32, "%" PRId64, (int64_t)x);
  }
  int untried;
  const size_t length = format_exactly(x, buffer, &untried);
  if (length) return length;
  for (int digits = untried; digits <= 17; ++digits) {
    (void)snprintf(buffer, 32, "%.*g", digits, x);
    if (digits == 17 || parse_any(buffer) == x) break;
  }
  return put_point(buffer);
}

size_t wsf__float_format(float x, char buffer[32]) {
  if (!isfinite(x) || x == floorf(x)) return wsf__number_format((double)x, buffer);
  for (int digits = 6; digits <= 9; ++digits) {
    (void)snprintf(buffer, 32, "%.*g", digits, (double)x);
    if (digits == 9 || strtof(buffer, NULL) == x) break;
  }
  return put_point(buffer);
}

bool wsf__number_parse(const char *text, size_t length, double *out) {
  size_t i = 0;
  bool negative = false;
  if (i < length && (text[i] == '-' || text[i] == '+')) negative = text[i++] == '-';
  uint64_t mantissa = 0;
  int digits = 0, significant = 0, fraction = 0;
  bool point = false;
  for (; i < length; ++i) {
    const char c = text[i];
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      ++digits;
      if (significant > 0 || c != '0') ++significant;
      if (significant <= 19) mantissa = mantissa * 10 + (uint64_t)(c - '0');
      if (point) ++fraction;
    } else {
      break;
    }
  }
  if (digits == 0) return false;
  int exponent = 0;
  if (i < length && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    bool down = false;
    if (i < length && (text[i] == '-' || text[i] == '+')) down = text[i++] == '-';
    if (i >= length) return false;
    for (; i < length; ++i) {
      if (text[i] < '0' || text[i] > '9') return false;
      if (exponent < 100000) exponent = exponent * 10 + (text[i] - '0');
    }
    if (down) exponent = -exponent;
  }
  if (i != length) return false;
  /* Clinger (1990), fast path: mantissa and power are both exact, one rounding. */
  const int power = exponent - fraction;
  if (significant <= 19 && mantissa <= (UINT64_C(1) << 53) && power >= -22 && power <= 22) {
    const double m = (double)mantissa;
    const double x = power < 0 ? m / exact_power[-power] : m * exact_power[power];
    *out = negative ? -x : x;
    return true;
  }
  char copy[512];
  if (length >= sizeof copy) return false;
  memcpy(copy, text, length);
  copy[length] = '\0';
  const char mark = decimal_mark();
  if (mark != '.') {
    char *p = strchr(copy, '.');
    if (p) *p = mark;
  }
  *out = parse_any(copy);
  return isfinite(*out);
}

bool wsf__integer_parse(const char *text, size_t length, int64_t *out) {
  size_t i = 0;
  bool negative = false;
  if (i < length && (text[i] == '-' || text[i] == '+')) negative = text[i++] == '-';
  if (i == length) return false;
  int64_t value = 0;
  for (; i < length; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    const int digit = text[i] - '0';
    if (__builtin_mul_overflow(value, 10, &value) ||
        __builtin_sub_overflow(value, (int64_t)digit, &value)) {
      return false;
    }
  }
  if (!negative && value == INT64_MIN) return false;
  *out = negative ? value : -value;
  return true;
}

int wsf__edit_distance(const char *a, const char *b) {
  enum { MOST = 64 };
  const size_t na = strlen(a), nb = strlen(b);
  if (na > MOST || nb > MOST) return MOST;
  int row[MOST + 1];
  for (size_t j = 0; j <= nb; ++j) row[j] = (int)j;
  for (size_t i = 1; i <= na; ++i) {
    int diagonal = row[0];
    row[0] = (int)i;
    for (size_t j = 1; j <= nb; ++j) {
      const int change = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      int best = row[j] + 1 < row[j - 1] + 1 ? row[j] + 1 : row[j - 1] + 1;
      if (change < best) best = change;
      row[j] = best;
    }
  }
  return row[nb];
}

uint64_t wsf__hash(uint64_t hash, const void *bytes, size_t length) {
  const unsigned char *p = bytes;
  for (size_t i = 0; i < length; ++i) {
    hash ^= p[i];
    hash *= UINT64_C(0x100000001b3);
  }
  return hash;
}
