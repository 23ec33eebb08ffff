/* Arrow's memory layout (https://arrow.apache.org/docs/format/Columnar.html), as far as rows of
 * sales need it. Buffers may be NULL where there is nothing in them; the validity bitmap may be
 * left out. Lengths of the buffers are not part of the interface: that offsets stay inside them is
 * the producer's promise. */
#include "ingest/arrow_column.h"

#include <math.h>
#include <string.h>

static bool is_text(const char *format) {
  return strcmp(format, "u") == 0 || strcmp(format, "U") == 0 || strcmp(format, "vu") == 0;
}

static bool is_integer(const char *format) {
  return format[0] && !format[1] && strchr("cCsSiIlL", format[0]);
}

/* A whole number of at most four digits, then the sign `end`; false if it is not there. */
static bool read_number(const char **at, int32_t *out, char end) {
  const char *c = *at;
  const bool negative = *c == '-';
  c += negative;
  int32_t x = 0, digits = 0;
  for (; *c >= '0' && *c <= '9' && digits < 4; ++c, ++digits) x = x * 10 + (*c - '0');
  if (digits == 0 || *c != end) return false;
  *out = negative ? -x : x;
  *at = end ? c + 1 : c;
  return true;
}

/* "d:19,4", of 128 bits, or "d:19,4,256". */
static void read_decimal(wsf__arrow_column *c) {
  int32_t precision, scale, width = 128;
  if (strncmp(c->format, "d:", 2) != 0) return;
  const char *at = c->format + 2;
  if (!read_number(&at, &precision, ',')) return;
  if (!read_number(&at, &scale, '\0') &&
      !(read_number(&at, &scale, ',') && read_number(&at, &width, '\0'))) {
    return;
  }
  if (width != 32 && width != 64 && width != 128 && width != 256) return;
  if (scale < -76 || scale > 76) return;
  c->is = scale == 0 ? WSF__ARROW_INTEGER : WSF__ARROW_REAL;
  c->width = width;
  c->scale = scale;
}

wsf__arrow_column wsf__arrow_column_of(const struct ArrowSchema *schema) {
  const char *f = schema->format ? schema->format : "";
  wsf__arrow_column c = {.name = schema->name ? schema->name : "", .format = f};
  if (schema->dictionary) {
    c.text_format = schema->dictionary->format ? schema->dictionary->format : "";
    if (is_integer(f) && is_text(c.text_format)) c.is = WSF__ARROW_TEXT_CODE;
  } else if (strcmp(f, "b") == 0) {
    c.is = WSF__ARROW_BOOL;
  } else if (is_integer(f)) {
    c.is = WSF__ARROW_INTEGER;
  } else if (strcmp(f, "f") == 0 || strcmp(f, "g") == 0) {
    c.is = WSF__ARROW_REAL;
  } else if (is_text(f)) {
    c.is = WSF__ARROW_TEXT;
  } else if (strcmp(f, "tdD") == 0 || strcmp(f, "tdm") == 0) {
    c.is = WSF__ARROW_DATE;
  } else if (strncmp(f, "ts", 2) == 0 && f[2] && strchr("smun", f[2]) && f[3] == ':') {
    c.is = WSF__ARROW_TIME;
  } else if (f[0] == 'd') {
    read_decimal(&c);
  }
  return c;
}

bool wsf__arrow_fits(const wsf__arrow_column *c, wsf__arrow_slice s) {
  const struct ArrowArray *a = s.array;
  if (!a || a->offset < 0 || a->length < 0 || s.first < 0 || s.n < 0 || s.first > a->length - s.n) {
    return false;
  }
  if (s.n == 0) return true;
  const bool text = c->is == WSF__ARROW_TEXT;
  /* A view has as many buffers as it likes; all texts may be short and lie in the views. */
  const int64_t least = text && c->format[0] != 'v' ? 3 : 2;
  if (a->n_buffers < least || !a->buffers || !a->buffers[1]) return false;
  return c->is != WSF__ARROW_TEXT_CODE || a->dictionary;
}

static int64_t place(wsf__arrow_slice s, int64_t i) {
  return s.array->offset + s.first + i;
}

static bool bit(const void *bits, int64_t at) {
  return (((const uint8_t *)bits)[at >> 3] >> (at & 7) & 1) != 0;
}

bool wsf__arrow_valid(wsf__arrow_slice s, int64_t i) {
  const void *bits = s.array->buffers[0];
  return s.array->null_count == 0 || !bits || bit(bits, place(s, i));
}

/* A whole number of `width` bits, the least significant first, to within a rounding or two. */
static double decimal_digits(const uint8_t *cell, int32_t width) {
  int32_t narrow;
  int64_t wide;
  if (width == 32) {
    memcpy(&narrow, cell, sizeof narrow);
    return narrow;
  }
  uint64_t part[4];
  memcpy(part, cell, (size_t)width / 8);
  const int n = width / 64;
  memcpy(&wide, &part[n - 1], sizeof wide);
  if (n == 1) return (double)wide;
  /* Parts above one that only repeat its sign add nothing and would only round. */
  const uint64_t sign = wide < 0 ? UINT64_MAX : 0;
  int top = n - 1;
  while (top > 0 && part[top] == sign && part[top - 1] >> 63 == (sign & 1)) --top;
  memcpy(&wide, &part[top], sizeof wide);
  double x = (double)wide;
  while (top-- > 0) x = x * 0x1p64 + (double)part[top];
  return x;
}

/* Powers of ten to 10^22 are exact, so that up to 15 digits are rounded once. */
static double decimal(const uint8_t *cell, const wsf__arrow_column *c) {
  double x = decimal_digits(cell, c->width);
  for (int32_t left = c->scale < 0 ? -c->scale : c->scale; left > 0;) {
    double power = 1;
    for (int k = 0; k < 22 && left > 0; ++k, --left) power *= 10;
    x = c->scale < 0 ? x * power : x / power;
  }
  return x;
}

#define COPY(type)                                                                                 \
  for (int64_t i = 0; i < s.n; ++i) out[i] = (double)((const type *)data)[i + at];                 \
  break

void wsf__arrow_numbers(const wsf__arrow_column *c, wsf__arrow_slice s, double *out) {
  if (s.n == 0) return;
  const void *data = s.array->buffers[1];
  const int64_t at = place(s, 0);
  switch (c->format[0]) {
  case 'b':
    for (int64_t i = 0; i < s.n; ++i) out[i] = bit(data, at + i);
    break;
  case 'c':
    COPY(int8_t);
  case 'C':
    COPY(uint8_t);
  case 's':
    COPY(int16_t);
  case 'S':
    COPY(uint16_t);
  case 'i':
    COPY(int32_t);
  case 'I':
    COPY(uint32_t);
  case 'l':
    COPY(int64_t);
  case 'L':
    COPY(uint64_t);
  case 'd':
    for (int64_t i = 0; i < s.n; ++i) {
      out[i] = decimal((const uint8_t *)data + (at + i) * (c->width / 8), c);
    }
    break;
  case 'f':
    COPY(float);
  default:
    COPY(double);
  }
  for (int64_t i = 0; i < s.n; ++i) {
    if (!wsf__arrow_valid(s, i)) out[i] = NAN;
  }
}

void wsf__arrow_floats(wsf__arrow_slice s, float *out) {
  for (int64_t i = 0; i < s.n; ++i) {
    out[i] = wsf__arrow_valid(s, i) ? ((const float *)s.array->buffers[1])[place(s, i)] : NAN;
  }
}

bool wsf__arrow_integer(const wsf__arrow_column *c, wsf__arrow_slice s, int64_t i, int64_t *out) {
  const void *data = s.array->buffers[1];
  const int64_t at = place(s, i);
  switch (c->format[0]) {
  case 'b':
    *out = bit(data, at);
    break;
  case 'c':
    *out = ((const int8_t *)data)[at];
    break;
  case 'C':
    *out = ((const uint8_t *)data)[at];
    break;
  case 's':
    *out = ((const int16_t *)data)[at];
    break;
  case 'S':
    *out = ((const uint16_t *)data)[at];
    break;
  case 'i':
    *out = ((const int32_t *)data)[at];
    break;
  case 'I':
    *out = ((const uint32_t *)data)[at];
    break;
  case 'l':
    *out = ((const int64_t *)data)[at];
    break;
  case 'd': {
    const double x = decimal((const uint8_t *)data + at * (c->width / 8), c);
    if (fabs(x) > 0x1p53) return false;
    *out = (int64_t)x;
    break;
  }
  default: {
    const uint64_t x = ((const uint64_t *)data)[at];
    if (x > INT64_MAX) return false;
    *out = (int64_t)x;
  }
  }
  return true;
}

bool wsf__arrow_seconds(const wsf__arrow_column *c, wsf__arrow_slice s, int64_t i, int64_t *out) {
  const void *data = s.array->buffers[1];
  const int64_t at = place(s, i);
  const char unit = c->format[2];
  if (unit == 'D') {
    *out = ((const int32_t *)data)[at] * INT64_C(86400);
  } else {
    const int64_t per_second = unit == 's'   ? 1
                               : unit == 'm' ? 1000
                               : unit == 'u' ? 1000000
                                             : 1000000000;
    const int64_t x = ((const int64_t *)data)[at];
    *out = x / per_second - (x % per_second < 0);
  }
  return *out >= INT64_C(-62135596800) && *out <= INT64_C(3093527980799);
}

const char *wsf__arrow_zone(const wsf__arrow_column *c) {
  return c->is == WSF__ARROW_TIME && c->format[4] ? c->format + 4 : NULL;
}

/* A view: 32-bit length, then the text itself up to 12 bytes, or four bytes of it, the number of a
 * buffer and the offset there. */
static const char *view_text(wsf__arrow_slice s, int64_t i, size_t *length) {
  const char *view = (const char *)s.array->buffers[1] + 16 * place(s, i);
  int32_t n, buffer, offset;
  memcpy(&n, view, 4);
  if (n < 0) return NULL;
  *length = (size_t)n;
  if (n <= 12) return view + 4;
  memcpy(&buffer, view + 8, 4);
  memcpy(&offset, view + 12, 4);
  if (buffer < 0 || offset < 0 || buffer >= s.array->n_buffers - 2) return NULL;
  const char *data = s.array->buffers[2 + buffer];
  return data ? data + offset : NULL;
}

const char *wsf__arrow_text(const char *format, wsf__arrow_slice s, int64_t i, size_t *length) {
  if (format[0] == 'v') return view_text(s, i, length);
  const int64_t at = place(s, i);
  int64_t from, to;
  if (format[0] == 'u') {
    const int32_t *offset = s.array->buffers[1];
    from = offset[at];
    to = offset[at + 1];
  } else {
    const int64_t *offset = s.array->buffers[1];
    from = offset[at];
    to = offset[at + 1];
  }
  if (from < 0 || to < from) return NULL;
  *length = (size_t)(to - from);
  const char *data = s.array->buffers[2];
  if (!data) return to == from ? "" : NULL;
  return data + from;
}
