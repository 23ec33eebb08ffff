/* Fields between single quotes, which are none of RFC 4180: the bytes are written anew with double
 * ones, so that whoever reads them knows one quote. A quote opens a field where it stands at its
 * beginning, and closes it where its end follows; elsewhere it is an apostrophe, and so are two
 * inside. */
#include "ingest/csv_quote.h"

#include <string.h>

static bool ends_field(char c, char delimiter) {
  if (c == '\n' || c == '\r') return true;
  return delimiter ? c == delimiter : c == ',' || c == ';' || c == '\t' || c == '|';
}

wsf_status wsf__single_quotes(const char *bytes, size_t length, char delimiter, const wsf__alloc *a,
                              char **out, size_t *out_length, wsf_error *err) {
  size_t more = 1, room, n = 0; /* one byte behind stays free */
  for (size_t i = 0; i < length; ++i) more += bytes[i] == '"';
  if (!wsf__add(length, more, &room) || !(*out = wsf__new(a, room, 1))) {
    return wsf__fail_memory(err);
  }
  char *to = *out;
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
  *out_length = n;
  return WSF_OK;
}

bool wsf__single_quoted(const char *bytes, size_t length, char delimiter) {
  enum { LOOK = 16384, LEAST = 3 };
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
