/* The bytes of a file as UTF-8. */
#ifndef WSF_INGEST_CSV_TEXT_H
#define WSF_INGEST_CSV_TEXT_H

#include "base/alloc.h"
#include "base/error.h"

typedef enum wsf__encoding {
  WSF__UTF_8, /* also the preset of whoever asks for nothing */
  WSF__ENCODING_AUTO,
  WSF__LATIN_1,
  WSF__CP1252,
  WSF__UTF_16, /* by its byte order mark; without one little-endian */
  WSF__UTF_16LE,
  WSF__UTF_16BE
} wsf__encoding;

/* What the bytes are: UTF-16 by its mark or its zeros, UTF-8, or cp1252 where a byte above 127 is
 * no UTF-8 and none is. *line: of the first of these. */
int32_t wsf__encoding_guess(const char *bytes, size_t length, int64_t *line);
/* What the file is if its first bytes are not those of a text; NULL: they are. */
const char *wsf__binary_kind(const char *bytes, size_t length);
bool wsf__encoding_plain(const char *bytes, size_t length); /* nothing above 127 */
/* The bytes as UTF-8 with room for one more behind them; what is no character becomes U+FFFD. */
wsf_status wsf__encoding_decode(int32_t encoding, const char *bytes, size_t length,
                                const wsf__alloc *a, char **out, size_t *out_length,
                                wsf_error *err);
bool wsf__encoding_parse(const char *word, int32_t *out);
const char *wsf__encoding_name(int32_t encoding);

#endif
