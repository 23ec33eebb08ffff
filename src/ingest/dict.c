/* Open addressing with linear probing over 32-bit codes. Labels of retail keys are short, so an
 * entry keeps its first eight bytes beside the length: most look-ups end with one comparison of
 * two words and never touch the text. */
#include "ingest/dict.h"

enum { FIRST_SLOTS = 64, FIRST_ENTRIES = 32 };

void wsf__dict_init(wsf__dict *d, wsf__arena *arena) {
  *d = (wsf__dict){.arena = arena};
}

void wsf__dict_free(wsf__dict *d) {
  wsf__delete(&d->arena->alloc, d->entry);
  wsf__delete(&d->arena->alloc, d->slot);
  *d = (wsf__dict){.arena = d->arena};
}

static uint64_t mix(const char *text, size_t length, uint64_t head) {
  uint64_t h = (head ^ length) * UINT64_C(0x9e3779b97f4a7c15);
  for (size_t i = 8; i < length; i += 8) {
    h = (h ^ (h >> 29) ^ wsf__dict_head(text + i, length - i)) * UINT64_C(0xbf58476d1ce4e5b9);
  }
  return h ^ (h >> 32);
}

static bool same(const wsf__dict_entry *e, const char *text, size_t length, uint64_t head) {
  return e->head == head && (size_t)e->length == length &&
         (length <= 8 || memcmp(e->text, text, length) == 0);
}

static uint32_t probe(const wsf__dict *d, const char *text, size_t length, uint64_t head) {
  uint32_t at = (uint32_t)mix(text, length, head) & d->mask;
  while (d->slot[at] && !same(&d->entry[d->slot[at] - 1], text, length, head)) {
    at = (at + 1) & d->mask;
  }
  return at;
}

static bool grow(wsf__dict *d) {
  const wsf__alloc *a = &d->arena->alloc;
  if (d->n == d->capacity) {
    const int32_t capacity = d->capacity ? d->capacity * 2 : FIRST_ENTRIES;
    wsf__dict_entry *entry = wsf__resize(a, d->entry, (size_t)capacity, sizeof *entry);
    if (!entry) return false;
    d->entry = entry;
    d->capacity = capacity;
  }
  const uint32_t slots = d->slot ? d->mask + 1 : 0;
  if (d->slot && (uint32_t)d->n * 2 < slots) return true;
  const uint32_t wider = slots ? slots * 2 : FIRST_SLOTS;
  int32_t *slot = wsf__new_zero(a, wider, sizeof *slot);
  if (!slot) return false;
  wsf__delete(a, d->slot);
  d->slot = slot;
  d->mask = wider - 1;
  for (int32_t i = 0; i < d->n; ++i) {
    const wsf__dict_entry *e = &d->entry[i];
    d->slot[probe(d, e->text, (size_t)e->length, e->head)] = i + 1;
  }
  return true;
}

int32_t wsf__dict_put(wsf__dict *d, const char *text, size_t length, uint64_t head) {
  if (d->slot) {
    const int32_t found = d->slot[probe(d, text, length, head)];
    if (found) return found - 1;
  }
  if (length > INT32_MAX - 1 || d->n >= INT32_MAX / 4 || !grow(d)) return -1;
  char *copy = wsf__arena_text(d->arena, text, length);
  if (!copy) return -1;
  const uint32_t at = probe(d, text, length, head);
  d->entry[d->n] = (wsf__dict_entry){head, copy, (int32_t)length};
  d->slot[at] = ++d->n;
  return d->n - 1;
}

int32_t wsf__dict_find(const wsf__dict *d, const char *text, size_t length, uint64_t head) {
  return d->slot ? d->slot[probe(d, text, length, head)] - 1 : -1;
}

const char *const *wsf__dict_labels(const wsf__dict *d, wsf__arena *arena) {
  const char **label = wsf__arena_new(arena, (size_t)d->n, sizeof *label);
  for (int32_t i = 0; label && i < d->n; ++i) label[i] = d->entry[i].text;
  return label;
}
