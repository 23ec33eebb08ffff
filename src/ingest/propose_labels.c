/* Labels of a key that differ in great and small letters or in blanks alone, Leeds, LEEDS and
 * "leeds ": one thing that is several series, as nobody but the reader knows. */
#include "ingest/propose.h"

#include "base/text.h"

#include <string.h>

enum { MOST = 1 << 20 };

/* Letters of ASCII and of Latin-1 small; blanks at the ends left off, others as one. */
static uint64_t hash_of(const wsf__dict_entry *e) {
  const unsigned char *t = (const unsigned char *)e->text;
  size_t n = (size_t)e->length, i = 0;
  uint64_t hash = 1;
  while (n > 0 && t[n - 1] == ' ') --n;
  while (i < n && t[i] == ' ') ++i;
  for (; i < n; ++i) {
    if (t[i] == ' ' && t[i - 1] == ' ') continue;
    const bool accent = i > 0 && t[i - 1] == 0xc3 && t[i] >= 0x80 && t[i] < 0x9f;
    const bool great = t[i] >= 'A' && t[i] <= 'Z';
    hash = wsf__propose_mix(hash, (uint64_t)(t[i] + (accent || great ? 32 : 0)) + 1);
  }
  return hash | 1;
}

/* How many labels are another but for that, and the first such pair. */
static int64_t count_alike(const wsf__proposal *p, const wsf__dict *words,
                           const wsf__dict_entry *pair[2]) {
  typedef struct slot {
    uint64_t hash; /* 0: free */
    int32_t entry;
  } slot;
  size_t mask = 15;
  int64_t alike = 0;
  while (mask + 1 < 2 * (size_t)words->n) mask = 2 * mask + 1;
  slot *table = wsf__new_zero(&p->csv.env->alloc, mask + 1, sizeof *table);
  for (int32_t i = 0; table && i < words->n && !wsf__propose_stopped(&p->csv, i); ++i) {
    const uint64_t hash = hash_of(&words->entry[i]);
    size_t at = (size_t)(hash >> 20) & mask;
    while (table[at].hash && table[at].hash != hash) at = (at + 1) & mask;
    if (!table[at].hash) {
      table[at] = (slot){hash, i};
    } else if (alike++ == 0) {
      pair[0] = &words->entry[table[at].entry];
      pair[1] = &words->entry[i];
    }
  }
  wsf__delete(&p->csv.env->alloc, table);
  return alike;
}

void wsf__propose_doubt_labels(wsf__proposal *p) {
  for (int k = 0; k < p->csv.n_columns; ++k) {
    const wsf__csv_column *c = &p->csv.column[k];
    const wsf__dict_entry *pair[2];
    if (p->column[k].part != WSF__PART_KEY || !c->code || c->words.n > MOST) continue;
    const int64_t alike = count_alike(p, &c->words, pair);
    if (alike == 0) continue;
    wsf__propose_doubt(p,
                       "\"%.32s\" and \"%.32s\" of %.40s differ in great and small letters or in "
                       "blanks alone, and are series of their own; %lld labels are so (written "
                       "alike in the file they are one)",
                       pair[0]->text, pair[1]->text, c->name, (long long)alike);
  }
}
