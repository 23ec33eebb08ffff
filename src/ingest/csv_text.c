/* Encodings of text files: Latin-1, Windows-1252 (whose 0x80 .. 0x9f are those of the WHATWG
 * Encoding Standard), UTF-16. A file in none of them is UTF-8. Whether bytes are UTF-8 is asked of
 * the whole file: text above 127 in another encoding is as good as never well-formed UTF-8. */
#include "ingest/csv_text.h"

#include "wire/wire.h"

#include <string.h>

static const struct {
  const char *name;
  int32_t encoding;
} encodings[] = {{"auto", WSF__ENCODING_AUTO}, {"utf8", WSF__UTF_8},   {"latin1", WSF__LATIN_1},
                 {"cp1252", WSF__CP1252},      {"utf16", WSF__UTF_16}, {"utf16le", WSF__UTF_16LE},
                 {"utf16be", WSF__UTF_16BE}};

/* What others call them. */
static const struct {
  const char *name;
  int32_t encoding;
} also[] = {{"utf8sig", WSF__UTF_8},    {"utf8bom", WSF__UTF_8},      {"l1", WSF__LATIN_1},
            {"iso88591", WSF__LATIN_1}, {"windows1252", WSF__CP1252}, {"win1252", WSF__CP1252},
            {"1252", WSF__CP1252},      {"ansi", WSF__CP1252},        {"unicode", WSF__UTF_16LE}};

/* Whether a text is a name, whatever its letters and the marks between them: UTF-16LE, Latin_1. */
static bool spells(const char *text, const char *name) {
  for (; *text; ++text) {
    if (*text == '-' || *text == '_' || *text == ' ') continue;
    const char c = *text >= 'A' && *text <= 'Z' ? (char)(*text + 32) : *text;
    if (c != *name) return false;
    ++name;
  }
  return !*name;
}

bool wsf__encoding_parse(const char *word, int32_t *out) {
  for (size_t i = 0; i < sizeof encodings / sizeof *encodings; ++i) {
    if (!spells(word, encodings[i].name)) continue;
    *out = encodings[i].encoding;
    return true;
  }
  for (size_t i = 0; i < sizeof also / sizeof *also; ++i) {
    if (!spells(word, also[i].name)) continue;
    *out = also[i].encoding;
    return true;
  }
  return false;
}

const char *wsf__encoding_name(int32_t encoding) {
  size_t i = 0;
  while (encodings[i].encoding != encoding) ++i;
  return encodings[i].name;
}

/* ---- guess -------------------------------------------------------------------------------- */

/* Bytes below 128 at the beginning. */
static size_t plain_bytes(const char *p, size_t length) {
  typedef unsigned char lanes __attribute__((vector_size(16)));
  size_t i = 0;
  for (; length - i >= 64; i += 64) {
    lanes x[4];
    uint64_t half[2];
    memcpy(x, p + i, 64);
    x[0] |= x[1] | x[2] | x[3];
    memcpy(half, x, 16);
    if ((half[0] | half[1]) & UINT64_C(0x8080808080808080)) break;
  }
  while (i < length && (unsigned char)p[i] < 128) ++i;
  return i;
}

bool wsf__encoding_plain(const char *bytes, size_t length) {
  return plain_bytes(bytes, length) == length;
}

/* Bytes of the character at p; 0: it is not UTF-8. */
static size_t character(const char *p, size_t length) {
  for (size_t n = 2; n <= 4 && n <= length; ++n) {
    if (wsf__utf8_valid(p, n)) return n;
  }
  return 0;
}

int32_t wsf__encoding_guess(const char *bytes, size_t length, int64_t *line) {
  *line = 0;
  if (length >= 2 && memcmp(bytes, "\xff\xfe", 2) == 0) return WSF__UTF_16LE;
  if (length >= 2 && memcmp(bytes, "\xfe\xff", 2) == 0) return WSF__UTF_16BE;
  if (length >= 4 && bytes[0] && !bytes[1] && bytes[2] && !bytes[3]) return WSF__UTF_16LE;
  if (length >= 4 && !bytes[0] && bytes[1] && !bytes[2] && bytes[3]) return WSF__UTF_16BE;
  size_t bad = length;
  for (size_t i = plain_bytes(bytes, length); i < length;) {
    const size_t n = character(bytes + i, length - i);
    if (n) return WSF__UTF_8; /* what is none beside it is a fault of its row */
    if (bad == length) bad = i;
    ++i;
    i += plain_bytes(bytes + i, length - i);
  }
  if (bad == length) return WSF__UTF_8;
  *line = 1;
  for (size_t i = 0; i < bad; ++i) *line += bytes[i] == '\n';
  return WSF__CP1252;
}

/* ---- no text ------------------------------------------------------------------------------ */

const char *wsf__binary_kind(const char *bytes, size_t length) {
  enum { LOOK = 512, MANY = 16, FEW = 8 };
  static const struct {
    const char *mark, *kind;
    size_t length;
  } known[] = {
      {"PK\3\4", "a ZIP archive, as spreadsheets are (.xlsx, .ods)", 4},
      {"\xd0\xcf\x11\xe0", "a spreadsheet or text of Microsoft Office (.xls)", 4},
      {"PAR1\x15", "Parquet", 5},
      {"ARROW1\0", "Arrow", 7},
      {"SQLite format 3", "a SQLite database (sql(..) reads one)", 15},
      {"%PDF-", "PDF", 5},
      {"\x89PNG", "a picture", 4},
      {"\xff\xd8\xff", "a picture", 3},
      {"\x89HDF", "HDF5", 4},
      {"\x7f"
       "ELF",
       "a program", 4},
      {"\xfd"
       "7zXZ",
       "compressed by xz (gzip and zstd are read)", 5},
  };
  int64_t line;
  for (size_t i = 0; i < sizeof known / sizeof *known; ++i) {
    if (length < known[i].length || memcmp(bytes, known[i].mark, known[i].length) != 0) continue;
    return known[i].kind;
  }
  const size_t n = length < LOOK ? length : LOOK;
  size_t odd = 0;
  if (wsf__encoding_guess(bytes, n, &line) >= WSF__UTF_16) return NULL;
  for (size_t i = 0; i < n; ++i) {
    const unsigned char c = (unsigned char)bytes[i];
    odd += c < 32 && c != '\t' && c != '\n' && c != '\r' && c != '\f';
  }
  return odd > FEW && odd * MANY > n ? "no text" : NULL;
}

/* ---- decode ------------------------------------------------------------------------------- */

static size_t put(char *to, uint32_t c) {
  unsigned char *p = (unsigned char *)to;
  if (c < 0x80) {
    p[0] = (unsigned char)c;
    return 1;
  }
  if (c < 0x800) {
    p[0] = (unsigned char)(0xc0 | c >> 6);
    p[1] = (unsigned char)(0x80 | (c & 63));
    return 2;
  }
  if (c < 0x10000) {
    p[0] = (unsigned char)(0xe0 | c >> 12);
    p[1] = (unsigned char)(0x80 | (c >> 6 & 63));
    p[2] = (unsigned char)(0x80 | (c & 63));
    return 3;
  }
  p[0] = (unsigned char)(0xf0 | c >> 18);
  p[1] = (unsigned char)(0x80 | (c >> 12 & 63));
  p[2] = (unsigned char)(0x80 | (c >> 6 & 63));
  p[3] = (unsigned char)(0x80 | (c & 63));
  return 4;
}

static uint32_t byte_character(unsigned char byte, bool windows) {
  static const uint16_t upper[32] = {0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021,
                                     0x2c6,  0x2030, 0x160,  0x2039, 0x152,  0x8d,   0x17d,  0x8f,
                                     0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                     0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};
  return windows && byte >= 0x80 && byte < 0xa0 ? upper[byte - 0x80] : byte;
}

static uint32_t unit(const unsigned char *p, bool big) {
  return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static size_t decode_16(const unsigned char *p, size_t length, bool big, char *to) {
  size_t n = 0;
  for (size_t i = 0; i < length; i += 2) {
    uint32_t c = length - i >= 2 ? unit(p + i, big) : 0xfffd;
    if (c >= 0xd800 && c < 0xdc00 && length - i >= 4) {
      const uint32_t low = unit(p + i + 2, big);
      if (low >= 0xdc00 && low < 0xe000) {
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        i += 2;
      }
    }
    n += put(to + n, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
  }
  return n;
}

wsf_status wsf__encoding_decode(int32_t encoding, const char *bytes, size_t length,
                                const wsf__alloc *a, char **out, size_t *out_length,
                                wsf_error *err) {
  const unsigned char *p = (const unsigned char *)bytes;
  const bool wide = encoding >= WSF__UTF_16;
  bool big = encoding == WSF__UTF_16BE;
  if (wide && length >= 2 && (!memcmp(p, "\xff\xfe", 2) || !memcmp(p, "\xfe\xff", 2))) {
    if (encoding == WSF__UTF_16) big = p[0] == 0xfe;
    p += 2;
    length -= 2;
  }
  /* Two bytes become three at most; of one byte those above 127 become two or three. */
  size_t more = wide ? length / 2 + 3 : 1, room;
  for (size_t i = 0; !wide && i < length; ++i) more += p[i] >= 0x80 ? 2 : 0;
  if (!wsf__add(length, more, &room) || !(*out = wsf__new(a, room, 1))) {
    return wsf__fail_memory(err);
  }
  size_t n = 0;
  if (wide) {
    n = decode_16(p, length, big, *out);
  } else {
    for (size_t i = 0; i < length; ++i) {
      n += put(*out + n, byte_character(p[i], encoding == WSF__CP1252));
    }
  }
  *out_length = n;
  return WSF_OK;
}
