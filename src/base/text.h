/* A growing byte string with a cap, and number text that no locale can change. */
#ifndef WSF_BASE_TEXT_H
#define WSF_BASE_TEXT_H

#include "base/alloc.h"
#include "base/error.h"

typedef struct wsf__text {
  const wsf__alloc *alloc;
  char *data; /* NUL-terminated once anything was added; NULL before */
  size_t length, capacity, cap;
  bool failed; /* an addition did not fit or memory ran out; checked once at the end */
} wsf__text;

void wsf__text_init(wsf__text *t, const wsf__alloc *a, size_t cap);
void wsf__text_free(wsf__text *t);
void wsf__text_add(wsf__text *t, const char *bytes, size_t length);
void wsf__text_addz(wsf__text *t, const char *text);
void wsf__text_printf(wsf__text *t, const char *format, ...) WSF__PRINTF(2, 3);
/* Shortest decimal that reads back to the same bits ("nan" and "inf" for what is not finite). */
void wsf__text_number(wsf__text *t, double x);

/* Buffer form of the above; returns the length. buffer holds at least 32 bytes. */
size_t wsf__number_format(double x, char buffer[32]);
/* Shortest decimal that reads back to the same float. */
size_t wsf__float_format(float x, char buffer[32]);
/* Read a decimal number that spans all of text, correctly rounded, without the locale and without
 * "inf", "nan" or hexadecimal. Whole-number and short-decimal forms take a fast exact path. */
bool wsf__number_parse(const char *text, size_t length, double *out);
bool wsf__integer_parse(const char *text, size_t length, int64_t *out);

/* Of ASCII, whatever the locale. */
static inline bool wsf__is_digit(char c) {
  return c >= '0' && c <= '9';
}
static inline bool wsf__is_letter(char c) {
  return (c | 32) >= 'a' && (c | 32) <= 'z';
}
/* A byte of a word of any language: a letter, or part of one that is not of ASCII. */
static inline bool wsf__is_word_byte(char c) {
  return wsf__is_letter(c) || (unsigned char)c >= 128;
}

/* Levenshtein distance, capped at 16-byte rows of at most 64 characters: for "did you mean". */
int wsf__edit_distance(const char *a, const char *b);
/* FNV-1a, 64 bits: seeds from series keys, hash tables. Start with hash = WSF__HASH_SEED. */
#define WSF__HASH_SEED UINT64_C(0xcbf29ce484222325)
uint64_t wsf__hash(uint64_t hash, const void *bytes, size_t length);

#endif
