/* Quotes that are none of RFC 4180: the bytes are written anew with those that are, so that whoever
 * reads them knows one kind. A single quote opens a field where it stands at its beginning, and
 * closes it where its end follows; elsewhere it is an apostrophe, and so are two inside. A
 * backslash stands before a quote inside a field, and before a backslash. Where each line stands in
 * quotes as a whole, as a field of one more export, these go, and of each pair of quotes inside
 * one. */
#include "ingest/csv_quote.h"

#include <string.h>

static bool ends_field(char c, char delimiter) {
  if (c == '\n' || c == '\r') return true;
  return delimiter ? c == delimiter : c == ',' || c == ';' || c == '\t' || c == '|';
}

static size_t from_single(char *to, const char *bytes, size_t length, char delimiter) {
  size_t n = 0;
  bool begins = true, quoted = false;
  for (size_t i = 0; i < length; ++i) {
    const char c = bytes[i], next = i + 1 < length ? bytes[i + 1] : '\n';
    if (quoted && c == '\'' && next == '\'' && i + 1 < length) {
      to[n++] = '\'';
      ++i;
    } else if (c == '\'' && (quoted ? ends_field(next, delimiter) : begins)) {
      to[n++] = '"';
      quoted = !quoted;
    } else {
      if (quoted && c == '"') to[n++] = '"';
      to[n++] = c;
    }
    const bool mark = i < 3 && (unsigned char)c >= 0x80; /* of the byte order */
    begins = (begins && mark) || (!quoted && ends_field(c, delimiter));
  }
  return n;
}

static size_t from_backslash(char *to, const char *bytes, size_t length) {
  size_t n = 0;
  bool quoted = false;
  for (size_t i = 0; i < length; ++i) {
    const char c = bytes[i], next = i + 1 < length ? bytes[i + 1] : '\n';
    if (c == '\\' && (next == '"' || (quoted && next == '\\'))) {
      if (next == '"' && quoted) to[n++] = '"';
      to[n++] = next;
      ++i;
      continue;
    }
    quoted ^= c == '"';
    to[n++] = c;
  }
  return n;
}

/* The end of the line that begins at i: where its mark stands, or the length. */
static size_t line_end(const char *bytes, size_t length, size_t i) {
  while (i < length && bytes[i] != '\n' && bytes[i] != '\r') ++i;
  return i;
}

static size_t from_lines(char *to, const char *bytes, size_t length) {
  size_t n = 0;
  for (size_t i = 0; i < length;) {
    const size_t end = line_end(bytes, length, i);
    const bool whole = end > i + 1 && bytes[i] == '"' && bytes[end - 1] == '"';
    const size_t last = whole ? end - 1 : end;
    for (i += whole; i < last; ++i) {
      to[n++] = bytes[i];
      if (whole && bytes[i] == '"' && i + 1 < last && bytes[i + 1] == '"') ++i;
    }
    if (end < length) to[n++] = bytes[end];
    i = end + 1;
  }
  return n;
}

wsf_status wsf__quotes_usual(const char *bytes, size_t length, wsf__quote quote, char delimiter,
                             const wsf__alloc *a, char **out, size_t *out_length, wsf_error *err) {
  size_t more = 1, room; /* one byte behind stays free */
  for (size_t i = 0; i < length; ++i) more += bytes[i] == '"';
  if (!wsf__add(length, more, &room) || !(*out = wsf__new(a, room, 1))) {
    return wsf__fail_memory(err);
  }
  *out_length = quote == WSF__QUOTE_SINGLE      ? from_single(*out, bytes, length, delimiter)
                : quote == WSF__QUOTE_BACKSLASH ? from_backslash(*out, bytes, length)
                                                : from_lines(*out, bytes, length);
  return WSF_OK;
}

enum { LOOK = 16384 };

static bool are_single(const char *bytes, size_t length, char delimiter) {
  enum { LEAST = 3 };
  const size_t end = length < LOOK ? length : LOOK;
  int fields = 0, other = 0;
  bool begins = true;
  for (size_t i = 0; i < end; ++i) {
    if (bytes[i] == '"') return false;
    if (begins && bytes[i] == '\'') {
      size_t k = i + 1;
      while (k < end &&
             !(bytes[k] == '\'' && (k + 1 == end || ends_field(bytes[k + 1], delimiter)))) {
        if (bytes[k] == '\n') k = end;
        ++k;
      }
      fields += k < end;
      other += k >= end;
      i = k < end ? k : i;
    }
    begins = ends_field(bytes[i], delimiter);
  }
  return fields >= LEAST && other == 0;
}

/* A quote behind a backslash that no end of a field follows, as that of a path "C:\" does. */
static bool are_escaped(const char *bytes, size_t length, char delimiter) {
  const size_t end = length < LOOK ? length : LOOK;
  for (size_t i = 1; i + 1 < end; ++i) {
    if (bytes[i] != '"' || bytes[i - 1] != '\\') continue;
    if (bytes[i + 1] != '"' && !ends_field(bytes[i + 1], delimiter)) return true;
  }
  return false;
}

/* Each line is one field in quotes, with marks inside that would cut it. */
static bool are_lines(const char *bytes, size_t length) {
  const size_t look = length < LOOK ? length : LOOK;
  int lines = 0;
  for (size_t i = 0; i < look;) {
    const size_t end = line_end(bytes, length, i);
    bool cut = false;
    for (size_t k = i; k < end; ++k) cut |= ends_field(bytes[k], 0);
    if (end > i && (end < i + 2 || bytes[i] != '"' || bytes[end - 1] != '"' || !cut)) return false;
    lines += end > i;
    i = end + 1;
  }
  return lines > 1;
}

wsf__quote wsf__quotes_of(const char *bytes, size_t length, char delimiter, int columns) {
  if (columns == 1 && are_lines(bytes, length)) return WSF__QUOTE_LINE;
  if (are_single(bytes, length, delimiter)) return WSF__QUOTE_SINGLE;
  return are_escaped(bytes, length, delimiter) ? WSF__QUOTE_BACKSLASH : WSF__QUOTE_DOUBLE;
}
