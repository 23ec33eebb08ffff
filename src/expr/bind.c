/* Syntax tree + tables -> checked nodes.
 *
 * A call is bound in two steps: `assign` gives every argument its option (keys first, then each
 * positional value to the first free option whose kind accepts it; a bare word counts as a call
 * exactly where a call is wanted and the catalogue knows the word), then `bind_value` checks the
 * value against the option's row. Pipes are folded before: `a | f(x)` puts a in front of f's
 * arguments; if a wrapper on the left still lacks its inner call, what follows goes there instead.
 * Presets are text in the same grammar and take the same road. */
#include "expr/syntax.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct binder {
  wsf__arena *arena;
  const wsf__catalog *catalog;
  wsf_error *err;
} binder;

/* Which option each argument of a call goes to. */
typedef struct assignment {
  int n_args;
  int *slot;           /* [n_args] option, or -1: `odd` */
  int *count;          /* [n_options] arguments of each option */
  const wsf__raw *odd; /* the first argument that fits nowhere, or NULL */
} assignment;

static wsf_status bind_expression(const binder *b, const wsf__node **out, const char *family,
                                  wsf__raw *raw, int depth);

static wsf_status fail_at(wsf_error *err, int64_t byte, wsf_status status) {
  wsf__error_at_byte(err, byte);
  return status;
}

static wsf_status fail_memory(const binder *b, int64_t byte) {
  return fail_at(b->err, byte, wsf__fail_memory(b->err));
}

static bool is_call_kind(wsf__kind kind) {
  return kind == WSF__CALL || kind == WSF__CALLS;
}

static bool is_whole(double x) {
  return x == floor(x) && fabs(x) <= 9007199254740992.0;
}

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

static const char truth_words[] = "true|yes|false|no";

static bool truth_of(const char *word) {
  return wsf__words_hold("true|yes", word);
}

static const wsf__spec *find_spec(const wsf__catalog *c, const char *family, const char *name) {
  const wsf__spec *s;
  for (int i = 0; (s = c->at(i)); ++i) {
    if (strcmp(s->family, family) == 0 && strcmp(s->name, name) == 0) return s;
  }
  return NULL;
}

/* ---- words for messages ---- */

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
  case WSF__CALL:
    what = "a ";
    break;
  case WSF__CALLS:
    what = "one or more of family ";
    break;
  }
  const bool numeric =
      o->kind == WSF__INT || o->kind == WSF__REAL || o->kind == WSF__INTS || o->kind == WSF__REALS;
  (void)snprintf(buffer, 256, "%s%s%s%s", what, numeric ? bounds : "",
                 numeric && o->words ? ", or " : "",
                 o->words && o->kind != WSF__NAMES ? o->words : "");
  return buffer;
}

/* The word of "a|b|c" nearest to a wrong one, copied into the arena; NULL if none is near. */
static const char *nearest_word(const binder *b, const char *words, const char *wrong) {
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

static wsf_status fail_value(const binder *b, const wsf__option *o, const wsf__raw *raw) {
  char found[96], expected[256];
  const bool word = raw->kind == WSF__RAW_WORD || raw->kind == WSF__RAW_TEXT;
  const char *near = word && !is_call_kind(o->kind) ? nearest_word(b, o->words, raw->text) : NULL;
  const wsf_status status =
      wsf__fail(b->err, WSF_E_VALUE, "%s is %s; expected %s%s%s%s", o->name, found_text(raw, found),
                expected_text(o, expected), near ? "; did you mean '" : "", near ? near : "",
                near ? "'?" : "");
  wsf__error_at_field(b->err, o->name);
  return fail_at(b->err, raw->byte, status);
}

static wsf_status fail_unknown(const binder *b, const char *family, const wsf__raw *raw) {
  char part[48];
  const char *near = NULL;
  const wsf__spec *s;
  int n = 0, all = 0;
  for (; (s = b->catalog->at(all)); ++all) {
    if (strcmp(s->name, raw->text) != 0) continue;
    return fail_at(b->err, raw->byte,
                   wsf__fail(b->err, WSF_E_NAME, "'%s' is of family %s; expected a %s",
                             shortened(raw->text, part), s->family, family));
  }
  const char **names = wsf__arena_new(b->arena, (size_t)all, sizeof *names);
  if (!names) return fail_memory(b, raw->byte);
  for (int i = 0; i < all; ++i) {
    s = b->catalog->at(i);
    if (strcmp(s->family, family) == 0) names[n++] = s->name;
  }
  near = wsf__nearest(raw->text, names, n);
  return fail_at(b->err, raw->byte,
                 wsf__fail(b->err, WSF_E_NAME, "no %s is named '%s'%s%s%s", family,
                           shortened(raw->text, part), near ? "; did you mean '" : "",
                           near ? near : "", near ? "'?" : ""));
}

static wsf_status fail_key(const binder *b, const wsf__spec *spec, const wsf__raw *arg) {
  char part[48];
  const char **names = wsf__arena_new(b->arena, (size_t)spec->n_options, sizeof *names);
  if (!names) return fail_memory(b, arg->key_byte);
  for (int i = 0; i < spec->n_options; ++i) names[i] = spec->options[i].name;
  const char *near = wsf__nearest(arg->key, names, spec->n_options);
  return fail_at(b->err, arg->key_byte,
                 wsf__fail(b->err, WSF_E_NAME, "%s has no option '%s'%s%s%s", spec->name,
                           shortened(arg->key, part), near ? "; did you mean '" : "",
                           near ? near : "", near ? "'?" : ""));
}

/* ---- which option an argument goes to ---- */

static bool all_entries(const wsf__raw *list, bool (*is)(const wsf__raw *)) {
  for (const wsf__raw *e = list->first; e; e = e->next) {
    if (!is(e)) return false;
  }
  return true;
}

static bool is_number(const wsf__raw *r) {
  return r->kind == WSF__RAW_NUMBER || r->kind == WSF__RAW_RANGE;
}

static bool is_integer(const wsf__raw *r) {
  return is_number(r) && is_whole(r->lo);
}

static bool is_name(const wsf__raw *r) {
  return r->kind == WSF__RAW_WORD || r->kind == WSF__RAW_TEXT;
}

/* Calls name their family by their first word, pipes too. */
static bool is_call(const binder *b, const char *family, const wsf__raw *r) {
  return (r->kind == WSF__RAW_WORD || r->kind == WSF__RAW_CALL || r->kind == WSF__RAW_PIPE) &&
         find_spec(b->catalog, family, r->text);
}

bool wsf__takes_word(const wsf__option *o, const char *word) {
  switch (o->kind) {
  case WSF__TEXT:
  case WSF__NAMES:
    return true;
  case WSF__FLAG:
    return wsf__words_hold(truth_words, word);
  case WSF__CALL:
  case WSF__CALLS:
    return false;
  default:
    return wsf__words_hold(o->words, word);
  }
}

/* Whether a positional value may go to this option. */
static bool accepts(const binder *b, const wsf__option *o, const wsf__raw *r) {
  const wsf__kind kind = o->kind;
  if (is_call_kind(kind)) {
    if (kind == WSF__CALL || r->kind != WSF__RAW_LIST) return is_call(b, o->words, r);
    for (const wsf__raw *e = r->first; e; e = e->next) {
      if (!is_call(b, o->words, e)) return false;
    }
    return true;
  }
  switch (r->kind) {
  case WSF__RAW_NUMBER:
    return kind == WSF__REAL || kind == WSF__REALS ||
           ((kind == WSF__INT || kind == WSF__INTS) && is_integer(r));
  case WSF__RAW_RANGE:
    return kind == WSF__INTS || kind == WSF__REALS;
  case WSF__RAW_WORD:
    return wsf__takes_word(o, r->text);
  case WSF__RAW_TEXT:
    return kind == WSF__TEXT || kind == WSF__NAMES ||
           (kind == WSF__WORD && wsf__words_hold(o->words, r->text));
  case WSF__RAW_LIST:
    if (kind == WSF__INTS) return all_entries(r, is_integer);
    if (kind == WSF__REALS) return all_entries(r, is_number);
    return kind == WSF__NAMES && all_entries(r, is_name);
  default:
    return false;
  }
}

static int find_option(const wsf__spec *spec, const char *name) {
  for (int i = 0; i < spec->n_options; ++i) {
    if (strcmp(spec->options[i].name, name) == 0) return i;
  }
  return -1;
}

static int first_accepting(const binder *b, const wsf__spec *spec, const assignment *a,
                           const wsf__raw *arg) {
  /* CALLS stays free for further positional calls, unless its list was given by key. */
  for (int i = 0; i < spec->n_options; ++i) {
    const wsf__option *o = &spec->options[i];
    const bool taken = a->count[i] != 0 && (o->kind != WSF__CALLS || a->count[i] < 0);
    if (!taken && accepts(b, o, arg)) return i;
  }
  /* A number where only a text is wanted is that text: until(143). */
  for (int i = 0; i < spec->n_options && arg->kind == WSF__RAW_NUMBER; ++i) {
    if (a->count[i] == 0 && spec->options[i].kind == WSF__TEXT) return i;
  }
  return -1;
}

static wsf_status assign(const binder *b, const wsf__spec *spec, const wsf__raw *call,
                         assignment *out) {
  int n = 0;
  for (const wsf__raw *arg = call->first; arg; arg = arg->next) ++n;
  *out = (assignment){.n_args = n};
  out->slot = wsf__arena_new(b->arena, (size_t)n, sizeof *out->slot);
  out->count = wsf__arena_zero(b->arena, (size_t)spec->n_options, sizeof *out->count);
  if (!out->slot || !out->count) return fail_memory(b, call->byte);
  int k = 0;
  for (const wsf__raw *arg = call->first; arg; arg = arg->next, ++k) {
    if (!arg->key) continue;
    const int i = find_option(spec, arg->key);
    if (i < 0) return fail_key(b, spec, arg);
    if (out->count[i] != 0) {
      const wsf_status status =
          wsf__fail(b->err, WSF_E_VALUE, "%s is given twice", spec->options[i].name);
      wsf__error_at_field(b->err, spec->options[i].name);
      return fail_at(b->err, arg->key_byte, status);
    }
    out->slot[k] = i;
    out->count[i] = -1; /* by key */
  }
  k = 0;
  for (const wsf__raw *arg = call->first; arg; arg = arg->next, ++k) {
    if (arg->key) continue;
    const int i = first_accepting(b, spec, out, arg);
    out->slot[k] = i;
    if (i >= 0)
      ++out->count[i];
    else if (!out->odd)
      out->odd = arg;
  }
  return WSF_OK;
}

/* A positional value that no free option accepts. */
static wsf_status fail_odd(const binder *b, const wsf__spec *spec, const assignment *a) {
  const wsf__raw *odd = a->odd;
  const wsf__option *alone = NULL; /* the one free option of the value's nature */
  int n_free = 0;
  for (int i = 0; i < spec->n_options; ++i) {
    const wsf__option *o = &spec->options[i];
    if (a->count[i] != 0 && (o->kind != WSF__CALLS || a->count[i] < 0)) continue;
    const bool like_call =
        odd->kind == WSF__RAW_CALL || odd->kind == WSF__RAW_PIPE || odd->kind == WSF__RAW_WORD;
    if (is_call_kind(o->kind) && like_call) return fail_unknown(b, o->words, odd);
    const bool numeric = o->kind == WSF__INT || o->kind == WSF__REAL || o->kind == WSF__INTS ||
                         o->kind == WSF__REALS;
    if (is_name(odd) ? o->words != NULL : numeric) {
      ++n_free;
      alone = o;
    }
  }
  if (n_free == 1) return fail_value(b, alone, odd);
  char found[96];
  return fail_at(b->err, odd->byte,
                 wsf__fail(b->err, WSF_E_VALUE, "%s has no option left that takes %s", spec->name,
                           found_text(odd, found)));
}

/* ---- pipes ---- */

static int missing_call(const wsf__spec *spec, const assignment *a, bool optional) {
  for (int i = 0; i < spec->n_options; ++i) {
    const wsf__option *o = &spec->options[i];
    if (is_call_kind(o->kind) && a->count[i] == 0 && (optional || !o->preset)) return i;
  }
  return -1;
}

/* Nest the calls of a pipe. The stages are copied: an argument's key and neighbours change. */
static wsf_status fold(const binder *b, const char *family, wsf__raw **out, const wsf__raw *pipe) {
  wsf__raw *outer = NULL;
  /* The call whose missing inner call the next stage may become, and the option it is for. */
  wsf__raw *open = NULL;
  int open_option = -1;
  bool open_required = false;
  const wsf__spec *open_spec = NULL;
  for (const wsf__raw *stage = pipe->first; stage; stage = stage->next) {
    const wsf__spec *spec = find_spec(b->catalog, family, stage->text);
    if (!spec) return fail_unknown(b, family, stage);
    wsf__raw *call = wsf__arena_new(b->arena, 1, sizeof *call);
    if (!call) return fail_memory(b, stage->byte);
    *call = *stage;
    call->kind = WSF__RAW_CALL;
    call->next = NULL;
    call->key = NULL;
    assignment a;
    bool filled = false;
    if (outer && !open_required) {
      outer->next = call->first;
      call->first = outer;
      WSF__TRY(assign(b, spec, call, &a));
      if (!a.odd) {
        outer = call;
      } else if (open) {
        call->first = outer->next;
        outer->next = NULL;
        filled = true;
      } else if (a.odd == outer) {
        return fail_at(b->err, stage->byte,
                       wsf__fail(b->err, WSF_E_VALUE, "%s cannot follow '|': it takes no %s",
                                 spec->name, family));
      } else {
        return fail_odd(b, spec, &a);
      }
    } else if (outer) {
      filled = true;
    } else {
      outer = call;
      WSF__TRY(assign(b, spec, call, &a));
    }
    if (filled) {
      WSF__TRY(assign(b, spec, call, &a));
      call->key = open_spec->options[open_option].name;
      call->key_byte = call->byte;
      call->next = open->first;
      open->first = call;
    }
    open_option = missing_call(spec, &a, false);
    open_required = open_option >= 0;
    if (!open_required) open_option = missing_call(spec, &a, true);
    open = open_option >= 0 ? call : NULL;
    open_spec = spec;
  }
  *out = outer;
  return WSF_OK;
}

/* ---- values ---- */

static bool within(const wsf__option *o, double x) {
  return (o->lo == 0 && o->hi == 0) || (x >= o->lo && x <= o->hi);
}

static wsf_status bind_numbers(const binder *b, const wsf__option *o, const wsf__raw *raw,
                               wsf__value *out) {
  wsf__raw single = *raw;
  single.next = NULL;
  const wsf__raw *first = raw->kind == WSF__RAW_LIST ? raw->first : &single;
  size_t n = 0;
  for (const wsf__raw *e = first; e; e = e->next) {
    if (o->kind == WSF__INTS ? !is_integer(e) : !is_number(e)) return fail_value(b, o, e);
    if (!within(o, e->lo) || !within(o, e->hi)) return fail_value(b, o, e);
    n += (size_t)(e->hi - e->lo) + 1;
  }
  double *x = wsf__arena_new(b->arena, n, sizeof *x);
  if (!x) return fail_memory(b, raw->byte);
  out->form = WSF__NUMBERS;
  out->numbers = x;
  out->n = (int)n;
  for (const wsf__raw *e = first; e; e = e->next) {
    for (double v = e->lo; v <= e->hi; ++v) *x++ = v;
  }
  return WSF_OK;
}

static wsf_status bind_names(const binder *b, const wsf__option *o, const wsf__raw *raw,
                             wsf__value *out) {
  wsf__raw single = *raw;
  single.next = NULL;
  const wsf__raw *first = raw->kind == WSF__RAW_LIST ? raw->first : &single;
  size_t n = 0;
  for (const wsf__raw *e = first; e; e = e->next, ++n) {
    if (!is_name(e)) return fail_value(b, o, e);
  }
  const char **names = wsf__arena_new(b->arena, n, sizeof *names);
  if (!names) return fail_memory(b, raw->byte);
  out->form = WSF__STRINGS;
  out->strings = names;
  out->n = (int)n;
  for (const wsf__raw *e = first; e; e = e->next) *names++ = e->text;
  return WSF_OK;
}

/* The inner calls among the n arguments of one option. */
static wsf_status bind_calls(const binder *b, const wsf__option *o, wsf__raw *const *arg, int n,
                             int depth, wsf__value *out) {
  size_t total = 0;
  for (int k = 0; k < n; ++k) {
    const wsf__raw *e = arg[k]->first;
    if (arg[k]->kind != WSF__RAW_LIST)
      ++total;
    else if (o->kind == WSF__CALL)
      return fail_value(b, o, arg[k]);
    else
      for (; e; e = e->next) ++total;
  }
  const wsf__node **inner = wsf__arena_new(b->arena, total, sizeof *inner);
  if (!inner) return fail_memory(b, arg[0]->byte);
  out->form = WSF__INNER;
  out->inner = inner;
  out->n = (int)total;
  for (int k = 0; k < n; ++k) {
    const bool list = arg[k]->kind == WSF__RAW_LIST;
    for (wsf__raw *e = list ? arg[k]->first : arg[k]; e; e = list ? e->next : NULL) {
      if (e->kind != WSF__RAW_WORD && e->kind != WSF__RAW_CALL && e->kind != WSF__RAW_PIPE) {
        return fail_value(b, o, e);
      }
      WSF__TRY(bind_expression(b, inner++, o->words, e, depth + 1));
    }
  }
  return WSF_OK;
}

static wsf_status bind_value(const binder *b, const wsf__option *o, wsf__raw *const *arg, int n,
                             int depth, wsf__value *out) {
  const wsf__raw *raw = arg[0];
  *out = (wsf__value){.form = WSF__ABSENT};
  if (is_call_kind(o->kind)) return bind_calls(b, o, arg, n, depth, out);
  if (o->kind == WSF__NAMES) return bind_names(b, o, raw, out);
  const bool word = is_name(raw) && wsf__words_hold(o->words, raw->text);
  const bool text = o->kind == WSF__TEXT && (is_name(raw) || raw->kind == WSF__RAW_NUMBER);
  if (word || text) {
    out->form = WSF__STRING;
    out->text = raw->text;
    return WSF_OK;
  }
  switch (o->kind) {
  case WSF__FLAG:
    if (raw->kind == WSF__RAW_NUMBER && (raw->lo == 0 || raw->lo == 1)) {
      out->number = raw->lo;
    } else if (raw->kind == WSF__RAW_WORD && wsf__words_hold(truth_words, raw->text)) {
      out->number = truth_of(raw->text);
    } else {
      return fail_value(b, o, raw);
    }
    out->form = WSF__TRUTH;
    return WSF_OK;
  case WSF__INT:
  case WSF__REAL:
    if (raw->kind != WSF__RAW_NUMBER || !within(o, raw->lo) ||
        (o->kind == WSF__INT && !is_whole(raw->lo))) {
      return fail_value(b, o, raw);
    }
    out->form = WSF__NUMBER;
    out->number = raw->lo;
    return WSF_OK;
  case WSF__INTS:
  case WSF__REALS:
    return bind_numbers(b, o, raw, out);
  default:
    return fail_value(b, o, raw);
  }
}

/* The preset of an option; byte and depth are those of the call it belongs to. */
static wsf_status bind_preset(const binder *b, const wsf__option *o, int64_t byte, int depth,
                              wsf__value *out) {
  *out = (wsf__value){.form = WSF__ABSENT};
  if (!o->preset[0]) return WSF_OK;
  wsf__raw *raw;
  wsf_status status =
      wsf__raw_parse(&raw, b->arena, WSF__GOAL_VALUE, o->preset, strlen(o->preset), b->err);
  if (status == WSF_OK) status = bind_value(b, o, &raw, 1, depth, out);
  if (status == WSF_OK) return WSF_OK;
  if (status == WSF_E_MEMORY || depth >= WSF__EXPR_DEPTH) {
    if (b->err) b->err->byte = byte;
    return status;
  }
  return fail_at(
      b->err, byte,
      wsf__fail(b->err, WSF_E_INTERNAL, "the preset of option '%s' does not parse", o->name));
}

static bool same_value(const wsf__value *a, const wsf__value *b);

static bool same_node(const wsf__node *a, const wsf__node *b) {
  if (a->spec != b->spec) return false;
  for (int i = 0; i < a->spec->n_options; ++i) {
    if (!same_value(&a->arg[i], &b->arg[i])) return false;
  }
  return true;
}

static bool same_value(const wsf__value *a, const wsf__value *b) {
  if (a->form != b->form || a->n != b->n || a->number != b->number) return false;
  if (a->form == WSF__STRING) return strcmp(a->text, b->text) == 0;
  for (int i = 0; i < a->n; ++i) {
    if (a->form == WSF__NUMBERS && a->numbers[i] != b->numbers[i]) return false;
    if (a->form == WSF__STRINGS && strcmp(a->strings[i], b->strings[i]) != 0) return false;
    if (a->form == WSF__INNER && !same_node(a->inner[i], b->inner[i])) return false;
  }
  return true;
}

/* ---- calls ---- */

static wsf_status fail_missing(const binder *b, const wsf__spec *spec, const wsf__option *o,
                               const wsf__raw *call) {
  char expected[256];
  const wsf_status status = wsf__fail(b->err, WSF_E_VALUE, "%s needs %s: %s", spec->name, o->name,
                                      expected_text(o, expected));
  wsf__error_at_field(b->err, o->name);
  return fail_at(b->err, call->byte, status);
}

static wsf_status collect_inner(const binder *b, wsf__node *node) {
  int n = 0;
  for (int i = 0; i < node->spec->n_options; ++i) {
    if (node->arg[i].form == WSF__INNER) n += node->arg[i].n;
  }
  const wsf__node **inner = wsf__arena_new(b->arena, (size_t)n, sizeof *inner);
  if (!inner) return fail_memory(b, node->byte);
  node->inner = inner;
  node->n_inner = n;
  for (int i = 0; i < node->spec->n_options; ++i) {
    const wsf__value *v = &node->arg[i];
    for (int k = 0; v->form == WSF__INNER && k < v->n; ++k) *inner++ = v->inner[k];
  }
  return WSF_OK;
}

static wsf_status bind_call(const binder *b, const wsf__node **out, const wsf__spec *spec,
                            wsf__raw *call, int depth) {
  if (depth > WSF__EXPR_DEPTH) {
    return fail_at(
        b->err, call->byte,
        wsf__fail(b->err, WSF_E_SYNTAX, "nested deeper than %d levels", WSF__EXPR_DEPTH));
  }
  assignment a;
  WSF__TRY(assign(b, spec, call, &a));
  if (a.odd) return fail_odd(b, spec, &a);
  wsf__node *node = wsf__arena_zero(b->arena, 1, sizeof *node);
  wsf__value *value = wsf__arena_zero(b->arena, (size_t)spec->n_options, sizeof *value);
  wsf__raw **arg = wsf__arena_new(b->arena, (size_t)a.n_args, sizeof(wsf__raw *));
  if (!node || !value || !arg) return fail_memory(b, call->byte);
  *node = (wsf__node){.spec = spec, .arg = value, .byte = call->byte};
  for (int i = 0; i < spec->n_options; ++i) {
    const wsf__option *o = &spec->options[i];
    int n = 0, k = 0;
    for (wsf__raw *r = call->first; r; r = r->next, ++k) {
      if (a.slot[k] == i) arg[n++] = r;
    }
    if (n == 0 && !o->preset) return fail_missing(b, spec, o, call);
    if (n == 0) {
      WSF__TRY(bind_preset(b, o, call->byte, depth, &value[i]));
      continue;
    }
    WSF__TRY(bind_value(b, o, arg, n, depth, &value[i]));
    value[i].given = true;
    if (o->preset) {
      wsf__value preset;
      WSF__TRY(bind_preset(b, o, call->byte, depth, &preset));
      value[i].given = !same_value(&value[i], &preset);
    }
  }
  WSF__TRY(collect_inner(b, node));
  *out = node;
  return WSF_OK;
}

static wsf_status bind_expression(const binder *b, const wsf__node **out, const char *family,
                                  wsf__raw *raw, int depth) {
  if (raw->kind == WSF__RAW_PIPE) WSF__TRY(fold(b, family, &raw, raw));
  const wsf__spec *spec = find_spec(b->catalog, family, raw->text);
  return spec ? bind_call(b, out, spec, raw, depth) : fail_unknown(b, family, raw);
}

wsf_status wsf__expr_parse(const wsf__node **out, wsf__arena *arena, const wsf__catalog *catalog,
                           const char *family, const char *text, size_t length, wsf_error *err) {
  const binder b = {arena, catalog, err};
  wsf__raw *raw;
  *out = NULL;
  WSF__TRY(wsf__raw_parse(&raw, arena, WSF__GOAL_EXPRESSION, text, length, err));
  return bind_expression(&b, out, family, raw, 1);
}

wsf_status wsf__expr_arguments(const wsf__node **out, wsf__arena *arena,
                               const wsf__catalog *catalog, const wsf__spec *spec, const char *text,
                               wsf_error *err) {
  const binder b = {arena, catalog, err};
  wsf__raw *raw;
  *out = NULL;
  if (!text) text = "";
  WSF__TRY(wsf__raw_parse(&raw, arena, WSF__GOAL_ARGUMENTS, text, strlen(text), err));
  return bind_call(&b, out, spec, raw, 1);
}
