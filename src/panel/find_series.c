/* A series by what a person writes: its key labels in order, with commas or slashes between them.
 * Series are ordered by their keys, so each key's labels are passed over in runs, and the cost is
 * that of the labels, not of the series. */
#include "panel/panel.h"

#include <stdio.h>
#include <string.h>

/* The end of the run of series from lo on that share their label of this key. */
static int64_t end_of_run(const wsf__key *key, int64_t lo, int64_t hi) {
  const int32_t code = key->code[lo];
  int64_t last = lo; /* is of the run, hi is not */
  while (hi - last > 1) {
    const int64_t middle = last + (hi - last) / 2;
    if (key->code[middle] == code)
      last = middle;
    else
      hi = middle;
  }
  return hi;
}

/* What follows the label of key k in the text; NULL if it does not begin with it. */
static const char *after(const char *text, const char *label, int k) {
  if (k > 0) {
    if (*text != ',' && *text != '/') return NULL;
    do ++text;
    while (*text == ' ');
  }
  const size_t length = strlen(label);
  return strncmp(text, label, length) == 0 ? text + length : NULL;
}

/* Among series lo .. hi - 1, whose labels of the keys before k are found. */
static int64_t find(const wsf__panel *p, int k, int64_t lo, int64_t hi, const char *text) {
  if (k == p->n_keys) return *text == '\0' ? lo : -1;
  const wsf__key *key = &p->key[k];
  while (lo < hi) {
    const int64_t end = end_of_run(key, lo, hi);
    const char *rest = after(text, wsf__panel_key_label(p, k, lo), k);
    const int64_t found = rest ? find(p, k + 1, lo, end, rest) : -1;
    if (found >= 0) return found;
    lo = end;
  }
  return -1;
}

/* The series that share the most labels with the text: *lo .. *hi - 1. */
static void like(const wsf__panel *p, const char *text, int64_t *lo, int64_t *hi) {
  for (int k = 0; k < p->n_keys; ++k) {
    bool found = false;
    for (int64_t i = *lo; i < *hi && !found;) {
      const int64_t end = end_of_run(&p->key[k], i, *hi);
      const char *rest = after(text, wsf__panel_key_label(p, k, i), k);
      found = rest && (*rest == ',' || *rest == '/' || *rest == '\0');
      if (found) {
        text = rest;
        *lo = i;
        *hi = end;
      }
      i = end;
    }
    if (!found) return;
  }
}

enum { SHOWN = 4 };

wsf_status wsf__panel_find_series(int64_t *out, const wsf__panel *p, const char *text,
                                  wsf_error *err) {
  *out = p->n > 0 ? find(p, 0, 0, p->n, text) : -1;
  if (*out >= 0) return WSF_OK;
  char list[240] = "";
  int64_t lo = 0, hi = p->n;
  like(p, text, &lo, &hi);
  size_t used = 0;
  for (int64_t k = 0; k < SHOWN && k < hi - lo && used < sizeof list; ++k) {
    const bool last = k == SHOWN - 1 && hi - lo > SHOWN;
    char label[128];
    wsf__panel_label(p, last ? hi - 1 : lo + k, label, sizeof label);
    used += (size_t)snprintf(list + used, sizeof list - used, "%s'%.50s'",
                             k == 0 ? ""
                             : last ? " .. "
                                    : ", ",
                             label);
  }
  (void)wsf__fail(err, WSF_E_VALUE,
                  "no series is called '%.100s', expected %d key label%s as in %s", text, p->n_keys,
                  p->n_keys == 1 ? "" : "s", list);
  wsf__error_at_field(err, "series");
  return WSF_E_VALUE;
}
