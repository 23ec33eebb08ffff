/* Which option each argument of a call goes to, and pipes as nested calls.
 *
 * Keys are served first, then each positional value goes to the first free option whose kind
 * accepts it; a bare word counts as a call exactly where a call is wanted and the catalogue knows
 * the word. `a | f(x)` puts a in front of f's arguments; if a wrapper on the left still lacks its
 * inner call, what follows goes there instead. */
#include "expr/binder.h"

#include <string.h>

const wsf__spec *wsf__find_spec(const wsf__catalog *c, const char *family, const char *name) {
  const wsf__spec *s;
  for (int i = 0; (s = c->at(i)); ++i) {
    if (strcmp(s->family, family) == 0 && strcmp(s->name, name) == 0) return s;
  }
  return NULL;
}

static bool is_names(const wsf__raw *r) {
  if (r->kind != WSF__RAW_LIST) return wsf__raw_is_name(r);
  for (const wsf__raw *e = r->first; e; e = e->next) {
    if (!wsf__raw_is_name(e)) return false;
  }
  return true;
}

static bool all_entries(const wsf__raw *list, bool (*is)(const wsf__raw *)) {
  for (const wsf__raw *e = list->first; e; e = e->next) {
    if (!is(e)) return false;
  }
  return true;
}

/* Calls name their family by their first word, pipes too. */
static bool is_call(const wsf__binder *b, const char *family, const wsf__raw *r) {
  return (r->kind == WSF__RAW_WORD || r->kind == WSF__RAW_CALL || r->kind == WSF__RAW_PIPE) &&
         wsf__find_spec(b->catalog, family, r->text);
}

/* Of names and calls. */
static bool is_mixed(const wsf__binder *b, const char *family, const wsf__raw *r) {
  if (r->kind == WSF__RAW_CALL) return wsf__find_spec(b->catalog, family, r->text);
  if (r->kind != WSF__RAW_LIST) return wsf__raw_is_name(r);
  for (const wsf__raw *e = r->first; e; e = e->next) {
    if (e->kind == WSF__RAW_LIST || !is_mixed(b, family, e)) return false;
  }
  return true;
}

/* Whether a positional value may go to this option. */
static bool accepts(const wsf__binder *b, const wsf__option *o, const wsf__raw *r) {
  const wsf__kind kind = o->kind;
  if (wsf__is_call_kind(kind)) {
    if (kind == WSF__CALL || r->kind != WSF__RAW_LIST) return is_call(b, o->words, r);
    for (const wsf__raw *e = r->first; e; e = e->next) {
      if (!is_call(b, o->words, e)) return false;
    }
    return true;
  }
  if (kind == WSF__MIXED) return is_mixed(b, o->words, r);
  switch (r->kind) {
  case WSF__RAW_NUMBER:
    return kind == WSF__REAL || kind == WSF__REALS ||
           ((kind == WSF__INT || kind == WSF__INTS) && wsf__raw_is_integer(r));
  case WSF__RAW_RANGE:
    return kind == WSF__INTS || kind == WSF__REALS;
  case WSF__RAW_WORD:
    return wsf__takes_word(o, r->text);
  case WSF__RAW_TEXT:
    return kind == WSF__TEXT || kind == WSF__NAMES || kind == WSF__LISTS ||
           ((kind == WSF__WORD || kind == WSF__WORDS) && wsf__words_hold(o->words, r->text));
  case WSF__RAW_LIST:
    if (kind == WSF__INTS) return all_entries(r, wsf__raw_is_integer);
    if (kind == WSF__REALS) return all_entries(r, wsf__raw_is_number);
    if (kind == WSF__LISTS) return all_entries(r, is_names);
    return (kind == WSF__NAMES || kind == WSF__WORDS) && all_entries(r, wsf__raw_is_name);
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

static int first_accepting(const wsf__binder *b, const wsf__spec *spec, const wsf__assignment *a,
                           const wsf__raw *arg) {
  for (int i = 0; i < spec->n_options; ++i) {
    if (wsf__is_free(a, spec, i) && accepts(b, &spec->options[i], arg)) return i;
  }
  /* A number where only a text is wanted is that text: until(143). */
  for (int i = 0; i < spec->n_options && arg->kind == WSF__RAW_NUMBER; ++i) {
    if (a->count[i] == 0 && spec->options[i].kind == WSF__TEXT) return i;
  }
  return -1;
}

wsf_status wsf__assign(const wsf__binder *b, const wsf__spec *spec, const wsf__raw *call,
                       wsf__assignment *out) {
  int n = 0;
  for (const wsf__raw *arg = call->first; arg; arg = arg->next) ++n;
  *out = (wsf__assignment){.n_args = n};
  out->slot = wsf__arena_new(b->arena, (size_t)n, sizeof *out->slot);
  out->count = wsf__arena_zero(b->arena, (size_t)spec->n_options, sizeof *out->count);
  if (!out->slot || !out->count) return wsf__complain_memory(b, call->byte);
  int k = 0;
  for (const wsf__raw *arg = call->first; arg; arg = arg->next, ++k) {
    if (!arg->key) continue;
    const int i = find_option(spec, arg->key);
    if (i < 0) return wsf__complain_key(b, spec, arg);
    if (out->count[i] != 0) {
      const wsf_status status =
          wsf__fail(b->err, WSF_E_VALUE, "%s is given twice", spec->options[i].name);
      wsf__error_at_field(b->err, spec->options[i].name);
      return wsf__fail_at(b->err, arg->key_byte, status);
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

/* An option for calls of the pipe's family that none was given for. */
static int missing_call(const wsf__spec *spec, const wsf__assignment *a, bool optional) {
  for (int i = 0; i < spec->n_options; ++i) {
    const wsf__option *o = &spec->options[i];
    if (wsf__is_call_kind(o->kind) && strcmp(o->words, spec->family) == 0 && a->count[i] == 0 &&
        (optional || !o->preset)) {
      return i;
    }
  }
  return -1;
}

/* Nest the calls of a pipe. The stages are copied: an argument's key and neighbours change. */
wsf_status wsf__fold(const wsf__binder *b, const char *family, wsf__raw **out,
                     const wsf__raw *pipe) {
  wsf__raw *outer = NULL;
  /* The call whose missing inner call the next stage may become, and the option it is for. */
  wsf__raw *open = NULL;
  int open_option = -1;
  bool open_required = false;
  const wsf__spec *open_spec = NULL;
  for (const wsf__raw *stage = pipe->first; stage; stage = stage->next) {
    const wsf__spec *spec = wsf__find_spec(b->catalog, family, stage->text);
    if (!spec) return wsf__complain_unknown(b, family, stage);
    wsf__raw *call = wsf__arena_new(b->arena, 1, sizeof *call);
    if (!call) return wsf__complain_memory(b, stage->byte);
    *call = *stage;
    call->kind = WSF__RAW_CALL;
    call->next = NULL;
    call->key = NULL;
    wsf__assignment a;
    bool filled = false;
    if (outer && !open_required) {
      outer->next = call->first;
      call->first = outer;
      WSF__TRY(wsf__assign(b, spec, call, &a));
      if (!a.odd) {
        outer = call;
      } else if (open) {
        call->first = outer->next;
        outer->next = NULL;
        filled = true;
      } else if (a.odd == outer) {
        return wsf__fail_at(b->err, stage->byte,
                            wsf__fail(b->err, WSF_E_VALUE, "%s cannot follow '|': it takes no %s",
                                      spec->name, family));
      } else {
        return wsf__complain_odd(b, spec, &a);
      }
    } else if (outer) {
      filled = true;
    } else {
      outer = call;
      WSF__TRY(wsf__assign(b, spec, call, &a));
    }
    if (filled) {
      WSF__TRY(wsf__assign(b, spec, call, &a));
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
