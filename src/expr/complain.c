/* What the binder says about wrong expressions: what was found, what was expected, and the nearest
 * name. Every failure carries its byte, those of an option its name too. */
#include "expr/binder.h"

#include <stdio.h>
#include <string.h>

wsf_status wsf__complain_memory(const wsf__binder *b, int64_t byte) {
  return wsf__fail_at(b->err, byte, wsf__fail_memory(b->err));
}

/* Cut a text to what a message can hold, between characters. */
static const char *shortened(const char *text, char buffer[48]) {
  size_t n = strlen(text);
  if (n > 40) {
    n = 40;
    while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80) --n;
  }
  memcpy(buffer, text, n);
  memcpy(buffer + n, text[n] ? "..." : "", text[n] ? 4 : 1);
  return buffer;
}

static const char *found_text(const wsf__raw *raw, char buffer[96]) {
  char part[48];
  switch (raw->kind) {
  case WSF__RAW_NUMBER:
    (void)snprintf(buffer, 96, "%s", shortened(raw->text, part));
    break;
  case WSF__RAW_RANGE:
    (void)snprintf(buffer, 96, "a range");
    break;
  case WSF__RAW_WORD:
  case WSF__RAW_TEXT:
    (void)snprintf(buffer, 96, "'%s'", shortened(raw->text, part));
    break;
  case WSF__RAW_LIST:
    (void)snprintf(buffer, 96, "a list");
    break;
  case WSF__RAW_CALL:
  case WSF__RAW_PIPE:
    (void)snprintf(buffer, 96, "%s(...)", shortened(raw->text, part));
    break;
  }
  return buffer;
}

static const char *expected_text(const wsf__option *o, char buffer[256]) {
  char lo[32], hi[32], bounds[96] = "";
  const bool bounded = o->lo != 0 || o->hi != 0;
  if (bounded) {
    (void)wsf__number_format(o->lo, lo);
    (void)wsf__number_format(o->hi, hi);
    (void)snprintf(bounds, sizeof bounds, " from %s to %s", lo, hi);
    if (isinf(o->hi)) (void)snprintf(bounds, sizeof bounds, " of at least %s", lo);
  }
  const char *what = "";
  switch (o->kind) {
  case WSF__INT:
    what = "a whole number";
    break;
  case WSF__REAL:
    what = "a number";
    break;
  case WSF__FLAG:
    what = "true or false";
    break;
  case WSF__WORD:
    what = "one of ";
    break;
  case WSF__TEXT:
    what = "a text";
    break;
  case WSF__INTS:
    what = "whole numbers";
    break;
  case WSF__REALS:
    what = "numbers";
    break;
  case WSF__NAMES:
    what = "a list of names";
    break;
  case WSF__MIXED:
    what = "a list of column names and ";
    break;
  case WSF__WORDS:
    what = "one or more of ";
    break;
  case WSF__LISTS:
    what = "a list of lists of names";
    break;
  case WSF__CALL:
    what = "a ";
    break;
  case WSF__CALLS:
    what = "one or more ";
    break;
  }
  const bool numeric =
      o->kind == WSF__INT || o->kind == WSF__REAL || o->kind == WSF__INTS || o->kind == WSF__REALS;
  (void)snprintf(buffer, 256, "%s%s%s%s%s", what, numeric ? bounds : "",
                 numeric && o->words ? ", or " : "",
                 o->words && o->kind != WSF__NAMES && o->kind != WSF__LISTS ? o->words : "",
                 o->kind == WSF__CALLS || o->kind == WSF__MIXED ? "s" : "");
  return buffer;
}

/* The word of "a|b|c" nearest to a wrong one, copied into the arena; NULL if none is near. */
static const char *nearest_word(const wsf__binder *b, const char *words, const char *wrong) {
  const char *best = NULL;
  while (words && *words) {
    const char *end = strchr(words, '|');
    const size_t n = end ? (size_t)(end - words) : strlen(words);
    const char *pair[2] = {best, wsf__arena_text(b->arena, words, n)};
    if (!pair[1]) return NULL;
    best = best ? wsf__nearest(wrong, pair, 2) : wsf__nearest(wrong, pair + 1, 1);
    words = end ? end + 1 : NULL;
  }
  return best;
}

wsf_status wsf__complain_value(const wsf__binder *b, const wsf__option *o, const wsf__raw *raw) {
  char found[96], expected[256];
  const bool word = raw->kind == WSF__RAW_WORD || raw->kind == WSF__RAW_TEXT;
  const char *near = word && !wsf__is_call_kind(o->kind) && o->kind != WSF__MIXED
                         ? nearest_word(b, o->words, raw->text)
                         : NULL;
  const wsf_status status =
      wsf__fail(b->err, WSF_E_VALUE, "%s is %s; expected %s%s%s%s", o->name, found_text(raw, found),
                expected_text(o, expected), near ? "; did you mean '" : "", near ? near : "",
                near ? "'?" : "");
  wsf__error_at_field(b->err, o->name);
  return wsf__fail_at(b->err, raw->byte, status);
}

/* "; it has a, b, c and 7 more", as far as there is room, without the one that was asked about. */
static void list_names(const char *const *names, int n, const char *near, const char *begin,
                       char *out, size_t size) {
  size_t used = 0;
  int left = n - (near != NULL);
  *out = '\0';
  for (int i = 0; i < n; ++i) {
    if (names[i] == near) continue;
    if (used + strlen(names[i]) + 24 > size) {
      (void)snprintf(out + used, size - used, " and %d more", left);
      return;
    }
    used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : begin, names[i]);
    --left;
  }
}

wsf_status wsf__complain_unknown(const wsf__binder *b, const char *family, const wsf__raw *raw) {
  char part[48];
  const char *near = NULL;
  const wsf__spec *s;
  int n = 0, all = 0;
  for (; (s = b->catalog->at(all)); ++all) {
    if (strcmp(s->name, raw->text) != 0) continue;
    return wsf__fail_at(b->err, raw->byte,
                        wsf__fail(b->err, WSF_E_NAME, "'%s' is of family %s; expected a %s",
                                  shortened(raw->text, part), s->family, family));
  }
  const char **names = wsf__arena_new(b->arena, (size_t)all, sizeof *names);
  if (!names) return wsf__complain_memory(b, raw->byte);
  for (int i = 0; i < all; ++i) {
    s = b->catalog->at(i);
    if (strcmp(s->family, family) == 0) names[n++] = s->name;
  }
  near = wsf__nearest(raw->text, names, n);
  char list[400] = "";
  if (!near) list_names(names, n, NULL, "; expected ", list, sizeof list);
  return wsf__fail_at(b->err, raw->byte,
                      wsf__fail(b->err, WSF_E_NAME, "no %s is named '%s'%s%s%s%s", family,
                                shortened(raw->text, part), near ? "; did you mean '" : "",
                                near ? near : "", near ? "'?" : "", list));
}

wsf_status wsf__complain_key(const wsf__binder *b, const wsf__spec *spec, const wsf__raw *arg) {
  char part[48], list[320];
  const char **names = wsf__arena_new(b->arena, (size_t)spec->n_options, sizeof *names);
  if (!names) return wsf__complain_memory(b, arg->key_byte);
  for (int i = 0; i < spec->n_options; ++i) names[i] = spec->options[i].name;
  const char *near = wsf__nearest(arg->key, names, spec->n_options);
  list_names(names, spec->n_options, near, near ? " it also has " : "; it has ", list, sizeof list);
  return wsf__fail_at(b->err, arg->key_byte,
                      wsf__fail(b->err, WSF_E_NAME, "%s has no option '%s'%s%s%s%s", spec->name,
                                shortened(arg->key, part), near ? "; did you mean '" : "",
                                near ? near : "", near ? "'?" : "",
                                spec->n_options ? list : "; it has none"));
}

wsf_status wsf__complain_odd(const wsf__binder *b, const wsf__spec *spec,
                             const wsf__assignment *a) {
  const wsf__raw *odd = a->odd;
  const wsf__option *alone = NULL; /* the one free option of the value's nature */
  int n_free = 0;
  for (int i = 0; i < spec->n_options; ++i) {
    const wsf__option *o = &spec->options[i];
    if (!wsf__is_free(a, spec, i)) continue;
    const bool like_call =
        odd->kind == WSF__RAW_CALL || odd->kind == WSF__RAW_PIPE || odd->kind == WSF__RAW_WORD;
    if (wsf__is_call_kind(o->kind) && like_call) return wsf__complain_unknown(b, o->words, odd);
    const bool numeric = o->kind == WSF__INT || o->kind == WSF__REAL || o->kind == WSF__INTS ||
                         o->kind == WSF__REALS;
    if (wsf__raw_is_name(odd) ? o->words != NULL : numeric) {
      ++n_free;
      alone = o;
    }
  }
  if (n_free == 1) return wsf__complain_value(b, alone, odd);
  char found[96];
  return wsf__fail_at(b->err, odd->byte,
                      wsf__fail(b->err, WSF_E_VALUE, "%s has no option left that takes %s",
                                spec->name, found_text(odd, found)));
}

wsf_status wsf__complain_missing(const wsf__binder *b, const wsf__spec *spec, const wsf__option *o,
                                 const wsf__raw *call) {
  char expected[256];
  const wsf_status status = wsf__fail(b->err, WSF_E_VALUE, "%s needs %s: %s", spec->name, o->name,
                                      expected_text(o, expected));
  wsf__error_at_field(b->err, o->name);
  return wsf__fail_at(b->err, call->byte, status);
}
