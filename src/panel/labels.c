#include "panel/labels.h"
#include "base/text.h"
#include "panel/radix.h"

#include <string.h>

/* Whole number as a program would print it. */
static bool plain_integer(const char *text, int64_t *out) {
  const size_t length = strlen(text);
  const char *digits = text + (text[0] == '-');
  if (text[0] == '+' || (digits[0] == '0' && (digits[1] != '\0' || digits != text))) return false;
  return wsf__integer_parse(text, length, out);
}

/* Bytes depth .. depth+7 of a text, the first in the highest place. `depth` is within the text. */
static uint64_t eight_bytes(const char *text, size_t depth) {
  uint64_t key = 0;
  for (int i = 0; i < 8; ++i) {
    const unsigned char c = (unsigned char)text[depth];
    key = key << 8 | c;
    depth += c != '\0';
  }
  return key;
}

/* Sort by eight bytes, then each group of equals by the next eight. A key whose last byte is NUL
 * holds the whole rest of its text, so its group is of equals. A common beginning of all is passed
 * over in the loop: the recursion is only as deep as groups can shrink. false: the call was
 * stopped.
 */
static bool sort_bytes(const char *const *label, wsf__pair *pair, wsf__pair *spare, size_t n,
                       size_t depth, const wsf__arena *scratch) {
  for (;; depth += 8) {
    for (size_t i = 0; i < n; ++i) pair[i].key = eight_bytes(label[pair[i].at], depth);
    if (!wsf__radix_sort(pair, spare, n, scratch)) return false;
    if (pair[0].key != pair[n - 1].key || (pair[0].key & 0xff) == 0) break;
  }
  for (size_t i = 0; i < n;) {
    size_t j = i + 1;
    while (j < n && pair[j].key == pair[i].key) ++j;
    if (j - i > 1 && (pair[i].key & 0xff) != 0 &&
        !sort_bytes(label, pair + i, spare + i, j - i, depth + 8, scratch)) {
      return false;
    }
    i = j;
  }
  return true;
}

bool wsf__labels_sort(const char *const *label, uint32_t n, uint32_t *order, bool *integer,
                      wsf__arena *scratch) {
  wsf__pair *pair = wsf__arena_new(scratch, n, sizeof *pair);
  wsf__pair *spare = wsf__arena_new(scratch, n, sizeof *spare);
  if (!pair || !spare) return false;
  *integer = true;
  for (uint32_t i = 0; i < n; ++i) {
    int64_t value = 0;
    *integer = *integer && plain_integer(label[i], &value);
    pair[i] = (wsf__pair){wsf__radix_key(value), i};
  }
  const bool sorted = *integer ? wsf__radix_sort(pair, spare, n, scratch)
                               : n < 2 || sort_bytes(label, pair, spare, n, 0, scratch);
  if (!sorted) return false;
  for (uint32_t i = 0; i < n; ++i) order[i] = pair[i].at;
  return true;
}
