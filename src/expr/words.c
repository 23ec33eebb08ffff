/* Words against lists of words: one of a choice, what an option takes, and the nearest of several.
 */
#include "expr/binder.h"

#include <string.h>

bool wsf__words_hold(const char *words, const char *word) {
  const size_t length = strlen(word);
  if (!words || !length) return false;
  for (const char *p = words;; ++p) {
    const char *end = strchr(p, '|');
    const size_t n = end ? (size_t)(end - p) : strlen(p);
    if (n == length && memcmp(p, word, n) == 0) return true;
    if (!end) return false;
    p = end;
  }
}

bool wsf__takes_word(const wsf__option *o, const char *word) {
  switch (o->kind) {
  case WSF__TEXT:
  case WSF__NAMES:
  case WSF__LISTS:
  case WSF__MIXED:
    return true;
  case WSF__FLAG:
    return wsf__words_hold(WSF__TRUTH_WORDS, word);
  case WSF__CALL:
  case WSF__CALLS:
    return false;
  default:
    return wsf__words_hold(o->words, word);
  }
}

const char *wsf__nearest(const char *word, const char *const *names, int n) {
  char lower[65];
  const size_t length = strlen(word);
  if (length >= sizeof lower) return NULL;
  for (size_t i = 0; i <= length; ++i) {
    lower[i] = word[i];
    if (word[i] >= 'A' && word[i] <= 'Z') lower[i] = (char)(word[i] - 'A' + 'a');
  }
  const char *best = NULL;
  int least = 0;
  for (int i = 0; i < n; ++i) {
    const int distance = wsf__edit_distance(lower, names[i]);
    if ((size_t)distance * 3 > strlen(names[i]) || (best && distance >= least)) continue;
    best = names[i];
    least = distance;
  }
  return best;
}
