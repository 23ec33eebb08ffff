/* Syntax tree + tables -> checked nodes.
 *
 * A pipe is folded into nested calls, the arguments of a call are given their options (assign.c),
 * and each value is checked against its option's row here. Presets are text in the same grammar and
 * take the same road. What was written is given, also where it equals the preset: a call may do
 * more for who asks (backtest keeps levels that were named). It does not differ then, so that two
 * texts of one meaning have one canonical text. */
#include "expr/binder.h"

#include <string.h>

static wsf_status bind_expression(const wsf__binder *b, const wsf__node **out, const char *family,
                                  wsf__raw *raw, int depth);
static wsf_status bind_call(const wsf__binder *b, const wsf__node **out, const wsf__spec *spec,
                            wsf__raw *call, int depth);

static bool truth_of(const char *word) {
  return wsf__words_hold("true|yes", word);
}

static bool within(const wsf__option *o, double x) {
  return (o->lo == 0 && o->hi == 0) || (x >= o->lo && x <= o->hi);
}

static wsf_status bind_numbers(const wsf__binder *b, const wsf__option *o, const wsf__raw *raw,
                               wsf__value *out) {
  wsf__raw single = *raw;
  single.next = NULL;
  const wsf__raw *first = raw->kind == WSF__RAW_LIST ? raw->first : &single;
  size_t n = 0;
  for (const wsf__raw *e = first; e; e = e->next) {
    if (o->kind == WSF__INTS ? !wsf__raw_is_integer(e) : !wsf__raw_is_number(e))
      return wsf__complain_value(b, o, e);
    if (!within(o, e->lo) || !within(o, e->hi)) return wsf__complain_value(b, o, e);
    n += (size_t)(e->hi - e->lo) + 1;
  }
  double *x = wsf__arena_new(b->arena, n, sizeof *x);
  if (!x) return wsf__complain_memory(b, raw->byte);
  out->form = WSF__NUMBERS;
  out->numbers = x;
  out->n = (int)n;
  for (const wsf__raw *e = first; e; e = e->next) {
    for (double v = e->lo; v <= e->hi; ++v) *x++ = v;
  }
  return WSF_OK;
}

/* The texts of the n arguments of one option, each a name or a list of them. */
static wsf_status bind_names(const wsf__binder *b, const wsf__option *o, wsf__raw *const *arg,
                             int n, wsf__value *out) {
  size_t total = 0;
  for (int k = 0; k < n; ++k) {
    const bool list = arg[k]->kind == WSF__RAW_LIST;
    for (const wsf__raw *e = list ? arg[k]->first : arg[k]; e; e = list ? e->next : NULL) {
      if (!wsf__raw_is_name(e)) return wsf__complain_value(b, o, e);
      if (o->kind == WSF__WORDS && !wsf__words_hold(o->words, e->text)) {
        return wsf__complain_value(b, o, e);
      }
      ++total;
    }
  }
  const char **names = wsf__arena_new(b->arena, total, sizeof *names);
  if (!names) return wsf__complain_memory(b, arg[0]->byte);
  out->form = WSF__STRINGS;
  out->strings = names;
  out->n = (int)total;
  for (int k = 0; k < n; ++k) {
    const bool list = arg[k]->kind == WSF__RAW_LIST;
    for (const wsf__raw *e = list ? arg[k]->first : arg[k]; e; e = list ? e->next : NULL) {
      *names++ = e->text;
    }
  }
  return WSF_OK;
}

static wsf_status bind_lists(const wsf__binder *b, const wsf__option *o, wsf__raw *raw,
                             wsf__value *out) {
  const bool list = raw->kind == WSF__RAW_LIST;
  size_t n = 0;
  for (wsf__raw *e = list ? raw->first : raw; e; e = list ? e->next : NULL) ++n;
  wsf__value *lists = wsf__arena_zero(b->arena, n, sizeof *lists);
  if (!lists) return wsf__complain_memory(b, raw->byte);
  out->form = WSF__STRING_LISTS;
  out->lists = lists;
  out->n = (int)n;
  for (wsf__raw *e = list ? raw->first : raw; e; e = list ? e->next : NULL) {
    WSF__TRY(bind_names(b, o, &e, 1, lists++));
  }
  return WSF_OK;
}

static bool has_presets(const wsf__spec *spec) {
  for (int i = 0; i < spec->n_options; ++i) {
    if (!spec->options[i].preset) return false;
  }
  return true;
}

/* Names of columns and calls. A word is a name, and the call as well if there is one that needs no
 * arguments: only the data can tell. */
static wsf_status bind_mixed(const wsf__binder *b, const wsf__option *o, wsf__raw *raw, int depth,
                             wsf__value *out) {
  const bool list = raw->kind == WSF__RAW_LIST;
  size_t n = 0;
  for (const wsf__raw *e = list ? raw->first : raw; e; e = list ? e->next : NULL) ++n;
  const char **name = wsf__arena_zero(b->arena, n, sizeof *name);
  const wsf__node **inner = wsf__arena_zero(b->arena, n, sizeof *inner);
  if (!name || !inner) return wsf__complain_memory(b, raw->byte);
  out->form = WSF__NAMES_AND_CALLS;
  out->strings = name;
  out->inner = inner;
  out->n = (int)n;
  for (wsf__raw *e = list ? raw->first : raw; e; e = list ? e->next : NULL, ++name, ++inner) {
    if (e->kind == WSF__RAW_CALL) {
      WSF__TRY(bind_expression(b, inner, o->words, e, depth + 1));
      continue;
    }
    if (!wsf__raw_is_name(e)) return wsf__complain_value(b, o, e);
    *name = e->text;
    const wsf__spec *spec = wsf__find_spec(b->catalog, o->words, e->text);
    if (!spec || !has_presets(spec)) continue;
    wsf__raw call = {.kind = WSF__RAW_CALL, .byte = e->byte, .text = e->text};
    WSF__TRY(bind_call(b, inner, spec, &call, depth + 1));
  }
  return WSF_OK;
}

/* The inner calls among the n arguments of one option. */
static wsf_status bind_calls(const wsf__binder *b, const wsf__option *o, wsf__raw *const *arg,
                             int n, int depth, wsf__value *out) {
  size_t total = 0;
  for (int k = 0; k < n; ++k) {
    const wsf__raw *e = arg[k]->first;
    if (arg[k]->kind != WSF__RAW_LIST)
      ++total;
    else if (o->kind == WSF__CALL)
      return wsf__complain_value(b, o, arg[k]);
    else
      for (; e; e = e->next) ++total;
  }
  const wsf__node **inner = wsf__arena_new(b->arena, total, sizeof *inner);
  if (!inner) return wsf__complain_memory(b, arg[0]->byte);
  out->form = WSF__INNER;
  out->inner = inner;
  out->n = (int)total;
  for (int k = 0; k < n; ++k) {
    const bool list = arg[k]->kind == WSF__RAW_LIST;
    for (wsf__raw *e = list ? arg[k]->first : arg[k]; e; e = list ? e->next : NULL) {
      if (e->kind != WSF__RAW_WORD && e->kind != WSF__RAW_CALL && e->kind != WSF__RAW_PIPE) {
        return wsf__complain_value(b, o, e);
      }
      WSF__TRY(bind_expression(b, inner++, o->words, e, depth + 1));
    }
  }
  return WSF_OK;
}

static wsf_status bind_value(const wsf__binder *b, const wsf__option *o, wsf__raw *const *arg,
                             int n, int depth, wsf__value *out) {
  const wsf__raw *raw = arg[0];
  *out = (wsf__value){.form = WSF__ABSENT};
  if (wsf__is_call_kind(o->kind)) return bind_calls(b, o, arg, n, depth, out);
  if (o->kind == WSF__NAMES || o->kind == WSF__WORDS) return bind_names(b, o, arg, n, out);
  if (o->kind == WSF__MIXED) return bind_mixed(b, o, arg[0], depth, out);
  if (o->kind == WSF__LISTS) return bind_lists(b, o, arg[0], out);
  const bool word = wsf__raw_is_name(raw) && wsf__words_hold(o->words, raw->text);
  const bool text = o->kind == WSF__TEXT && (wsf__raw_is_name(raw) || raw->kind == WSF__RAW_NUMBER);
  if (word || text) {
    out->form = WSF__STRING;
    out->text = raw->text;
    return WSF_OK;
  }
  switch (o->kind) {
  case WSF__FLAG:
    if (raw->kind == WSF__RAW_NUMBER && (raw->lo == 0 || raw->lo == 1)) {
      out->number = raw->lo;
    } else if (raw->kind == WSF__RAW_WORD && wsf__words_hold(WSF__TRUTH_WORDS, raw->text)) {
      out->number = truth_of(raw->text);
    } else {
      return wsf__complain_value(b, o, raw);
    }
    out->form = WSF__TRUTH;
    return WSF_OK;
  case WSF__INT:
  case WSF__REAL:
    if (raw->kind != WSF__RAW_NUMBER || !within(o, raw->lo) ||
        (o->kind == WSF__INT && !wsf__is_whole(raw->lo))) {
      return wsf__complain_value(b, o, raw);
    }
    out->form = WSF__NUMBER;
    out->number = raw->lo;
    return WSF_OK;
  case WSF__INTS:
  case WSF__REALS:
    return bind_numbers(b, o, raw, out);
  default:
    return wsf__complain_value(b, o, raw);
  }
}

/* Among the calls of an option "$country" stands for the word of the option `country`, a row
 * further up. */
static void put_words(wsf__raw *raw, const wsf__node *call) {
  for (int i = 0; raw->kind == WSF__RAW_TEXT && raw->text[0] == '$' && i < call->spec->n_options;
       ++i) {
    const wsf__option *o = &call->spec->options[i];
    const bool meant = o->kind == WSF__WORD && strcmp(o->name, raw->text + 1) == 0;
    if (meant && call->arg[i].form == WSF__STRING) raw->text = call->arg[i].text;
  }
  for (wsf__raw *r = raw->first; r; r = r->next) put_words(r, call);
}

/* The preset of an option of a call. */
static wsf_status bind_preset(const wsf__binder *b, const wsf__option *o, const wsf__node *call,
                              int depth, wsf__value *out) {
  *out = (wsf__value){.form = WSF__ABSENT};
  if (!o->preset[0]) return WSF_OK;
  wsf__raw *raw;
  wsf_status status =
      wsf__raw_parse(&raw, b->arena, WSF__GOAL_VALUE, o->preset, strlen(o->preset), b->err);
  if (status == WSF_OK && wsf__is_call_kind(o->kind)) put_words(raw, call);
  if (status == WSF_OK) status = bind_value(b, o, &raw, 1, depth, out);
  if (status == WSF_OK) return WSF_OK;
  if (status == WSF_E_MEMORY || depth >= WSF__EXPR_DEPTH) {
    if (b->err) b->err->byte = call->byte;
    return status;
  }
  return wsf__fail_at(
      b->err, call->byte,
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

/* Of names and calls; a word is no call with presets: the data may hold a column of that name. */
static bool same_entry(const wsf__value *a, const wsf__value *b, int i) {
  if (!a->strings[i] != !b->strings[i]) return false;
  if (a->strings[i]) return strcmp(a->strings[i], b->strings[i]) == 0;
  return same_node(a->inner[i], b->inner[i]);
}

static bool same_value(const wsf__value *a, const wsf__value *b) {
  if (a->form != b->form || a->n != b->n || a->number != b->number) return false;
  if (a->form == WSF__STRING) return strcmp(a->text, b->text) == 0;
  for (int i = 0; i < a->n; ++i) {
    if (a->form == WSF__NUMBERS && a->numbers[i] != b->numbers[i]) return false;
    if (a->form == WSF__STRINGS && strcmp(a->strings[i], b->strings[i]) != 0) return false;
    if (a->form == WSF__STRING_LISTS && !same_value(&a->lists[i], &b->lists[i])) return false;
    if (a->form == WSF__INNER && !same_node(a->inner[i], b->inner[i])) return false;
    if (a->form == WSF__NAMES_AND_CALLS && !same_entry(a, b, i)) return false;
  }
  return true;
}

/* The calls of the node's own family are its inner calls, whatever options they stand in; those of
 * other families (the features of a model) are reached by their option. */
static bool own_family(const wsf__node *node, int option) {
  return node->arg[option].form == WSF__INNER &&
         strcmp(node->spec->options[option].words, node->spec->family) == 0;
}

static wsf_status collect_inner(const wsf__binder *b, wsf__node *node) {
  int n = 0;
  for (int i = 0; i < node->spec->n_options; ++i) {
    if (own_family(node, i)) n += node->arg[i].n;
  }
  const wsf__node **inner = wsf__arena_new(b->arena, (size_t)n, sizeof *inner);
  if (!inner) return wsf__complain_memory(b, node->byte);
  node->inner = inner;
  node->n_inner = n;
  for (int i = 0; i < node->spec->n_options; ++i) {
    const wsf__value *v = &node->arg[i];
    for (int k = 0; v->inner && k < v->n; ++k) {
      if (!v->inner[k]) continue;
      ((wsf__node *)(uintptr_t)v->inner[k])->outer = node; /* made by this binder */
      if (own_family(node, i)) *inner++ = v->inner[k];
    }
  }
  return WSF_OK;
}

static wsf_status bind_call(const wsf__binder *b, const wsf__node **out, const wsf__spec *spec,
                            wsf__raw *call, int depth) {
  if (depth > WSF__EXPR_DEPTH) {
    return wsf__fail_at(
        b->err, call->byte,
        wsf__fail(b->err, WSF_E_SYNTAX, "nested deeper than %d levels", WSF__EXPR_DEPTH));
  }
  wsf__assignment a;
  WSF__TRY(wsf__assign(b, spec, call, &a));
  if (a.odd) return wsf__complain_odd(b, spec, &a);
  wsf__node *node = wsf__arena_zero(b->arena, 1, sizeof *node);
  wsf__value *value = wsf__arena_zero(b->arena, (size_t)spec->n_options, sizeof *value);
  wsf__raw **arg = wsf__arena_new(b->arena, (size_t)a.n_args, sizeof(wsf__raw *));
  if (!node || !value || !arg) return wsf__complain_memory(b, call->byte);
  *node = (wsf__node){.spec = spec, .arg = value, .byte = call->byte};
  for (int i = 0; i < spec->n_options; ++i) {
    const wsf__option *o = &spec->options[i];
    int n = 0, k = 0;
    for (wsf__raw *r = call->first; r; r = r->next, ++k) {
      if (a.slot[k] == i) arg[n++] = r;
    }
    if (n == 0 && !o->preset) return wsf__complain_missing(b, spec, o, call);
    if (n == 0) {
      WSF__TRY(bind_preset(b, o, node, depth, &value[i]));
      continue;
    }
    for (k = 0; k < n && wsf__is_call_kind(o->kind); ++k) put_words(arg[k], node);
    WSF__TRY(bind_value(b, o, arg, n, depth, &value[i]));
    value[i].given = value[i].differs = true;
    if (o->preset) {
      wsf__value preset;
      WSF__TRY(bind_preset(b, o, node, depth, &preset));
      value[i].differs = !same_value(&value[i], &preset);
    }
  }
  WSF__TRY(collect_inner(b, node));
  *out = node;
  return WSF_OK;
}

static wsf_status bind_expression(const wsf__binder *b, const wsf__node **out, const char *family,
                                  wsf__raw *raw, int depth) {
  if (raw->kind == WSF__RAW_PIPE) WSF__TRY(wsf__fold(b, family, &raw, raw));
  const wsf__spec *spec = wsf__find_spec(b->catalog, family, raw->text);
  return spec ? bind_call(b, out, spec, raw, depth) : wsf__complain_unknown(b, family, raw);
}

wsf_status wsf__expr_parse(const wsf__node **out, wsf__arena *arena, const wsf__catalog *catalog,
                           const char *family, const char *text, size_t length, wsf_error *err) {
  const wsf__binder b = {arena, catalog, err};
  wsf__raw *raw;
  *out = NULL;
  WSF__TRY(wsf__raw_parse(&raw, arena, WSF__GOAL_EXPRESSION, text, length, err));
  return bind_expression(&b, out, family, raw, 1);
}

wsf_status wsf__expr_arguments(const wsf__node **out, wsf__arena *arena,
                               const wsf__catalog *catalog, const wsf__spec *spec, const char *text,
                               wsf_error *err) {
  const wsf__binder b = {arena, catalog, err};
  wsf__raw *raw;
  *out = NULL;
  if (!text) text = "";
  WSF__TRY(wsf__raw_parse(&raw, arena, WSF__GOAL_ARGUMENTS, text, strlen(text), err));
  return bind_call(&b, out, spec, raw, 1);
}
