/* Texts to dense codes, in order of first appearance: key labels, words of text columns. */
#ifndef WSF_INGEST_DICT_H
#define WSF_INGEST_DICT_H

#include "base/alloc.h"

#include <string.h>

typedef struct wsf__dict_entry {
  uint64_t head; /* first eight bytes, zero-padded, as loaded from memory */
  const char *text;
  int32_t length;
} wsf__dict_entry;

typedef struct wsf__dict {
  wsf__arena *arena; /* owns the texts */
  int32_t n;
  int32_t capacity;
  wsf__dict_entry *entry; /* [n] by code */
  uint32_t mask;          /* slots - 1 */
  int32_t *slot;          /* code + 1; 0 = empty */
} wsf__dict;

void wsf__dict_init(wsf__dict *d, wsf__arena *arena);
void wsf__dict_free(wsf__dict *d); /* not the texts */
/* Code of a text, added if new; -1 if memory ran out or the text is longer than 2^31 - 2. */
int32_t wsf__dict_put(wsf__dict *d, const char *text, size_t length, uint64_t head);
int32_t wsf__dict_find(const wsf__dict *d, const char *text, size_t length, uint64_t head);
/* The texts by code, in the arena; NULL if memory ran out. */
const char *const *wsf__dict_labels(const wsf__dict *d, wsf__arena *arena);

/* First eight bytes of a text, zero-padded. */
static inline uint64_t wsf__dict_head(const char *text, size_t length) {
  uint64_t head = 0;
  memcpy(&head, text, length < 8 ? length : 8);
  return head;
}

#endif
