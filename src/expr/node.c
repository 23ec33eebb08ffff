/* What the rest of the library does with a checked node: read its options, print it.
 *
 * The canonical text is one text per meaning: options in table order as key=value, those that equal
 * their preset left out, inner calls first and without keys where position alone finds them. Runs
 * of whole numbers print as ranges, so that a list is never much longer than it was written. */
#include "expr/syntax.h"

#include <assert.h>
#include <math.h>
#include <string.h>

const wsf__value *wsf__arg(const wsf__node *node, const char *option) {
  static const wsf__value absent = {.form = WSF__ABSENT};
  for (int i = 0; i < node->spec->n_options; ++i) {
    if (strcmp(node->spec->options[i].name, option) == 0) return &node->arg[i];
  }
  assert(!"the option stands in the table");
  return &absent;
}

double wsf__arg_number(const wsf__node *node, const char *option) {
  return wsf__arg(node, option)->number;
}

int64_t wsf__arg_int(const wsf__node *node, const char *option) {
  return (int64_t)wsf__arg(node, option)->number;
}

bool wsf__arg_flag(const wsf__node *node, const char *option) {
  return wsf__arg(node, option)->number != 0;
}

const char *wsf__arg_text(const wsf__node *node, const char *option) {
  const wsf__value *v = wsf__arg(node, option);
  return v->form == WSF__STRING ? v->text : NULL;
}

bool wsf__arg_is(const wsf__node *node, const char *option, const char *word) {
  const char *text = wsf__arg_text(node, option);
  return text && strcmp(text, word) == 0;
}

static void print_text(wsf__text *out, const char *text) {
  if (wsf__plain_word(text)) {
    wsf__text_addz(out, text);
    return;
  }
  wsf__text_add(out, "\"", 1);
  for (const char *p = text; *p; ++p) {
    if (*p == '"' || *p == '\\') wsf__text_add(out, "\\", 1);
    wsf__text_add(out, p, 1);
  }
  wsf__text_add(out, "\"", 1);
}

static void print_numbers(wsf__text *out, const wsf__value *v) {
  if (v->n != 1) wsf__text_add(out, "[", 1);
  for (int i = 0; i < v->n;) {
    int end = i + 1;
    while (end < v->n && v->numbers[i] == floor(v->numbers[i]) &&
           fabs(v->numbers[i]) < 9007199254740992.0 - WSF__EXPR_LIST &&
           v->numbers[end] == v->numbers[end - 1] + 1) {
      ++end;
    }
    if (i > 0) wsf__text_add(out, ",", 1);
    wsf__text_number(out, v->numbers[i]);
    if (end - i >= 3) {
      wsf__text_add(out, ":", 1);
      wsf__text_number(out, v->numbers[end - 1]);
      i = end;
    } else {
      ++i;
    }
  }
  if (v->n != 1) wsf__text_add(out, "]", 1);
}

static void print_names(wsf__text *out, const wsf__value *v, bool brackets) {
  if (brackets) wsf__text_add(out, "[", 1);
  for (int i = 0; i < v->n; ++i) {
    if (i > 0) wsf__text_add(out, ",", 1);
    print_text(out, v->strings[i]);
  }
  if (brackets) wsf__text_add(out, "]", 1);
}

static bool has_arguments(const wsf__node *node) {
  for (int i = 0; i < node->spec->n_options; ++i) {
    if (node->arg[i].differs) return true;
  }
  return false;
}

static void print_value(wsf__text *out, const wsf__value *v) {
  switch (v->form) {
  case WSF__ABSENT:
    break;
  case WSF__NUMBER:
    wsf__text_number(out, v->number);
    break;
  case WSF__TRUTH:
    wsf__text_addz(out, v->number != 0 ? "true" : "false");
    break;
  case WSF__STRING:
    print_text(out, v->text);
    break;
  case WSF__NUMBERS:
    print_numbers(out, v);
    break;
  case WSF__STRINGS:
    print_names(out, v, v->n != 1);
    break;
  case WSF__STRING_LISTS:
    wsf__text_add(out, "[", 1);
    for (int i = 0; i < v->n; ++i) {
      if (i > 0) wsf__text_add(out, ",", 1);
      print_names(out, &v->lists[i], true);
    }
    wsf__text_add(out, "]", 1);
    break;
  case WSF__NAMES_AND_CALLS:
    if (v->n != 1) wsf__text_add(out, "[", 1);
    for (int i = 0; i < v->n; ++i) {
      if (i > 0) wsf__text_add(out, ",", 1);
      if (v->strings[i]) {
        print_text(out, v->strings[i]);
        continue;
      }
      wsf__expr_print(out, v->inner[i]);
      if (!has_arguments(v->inner[i])) wsf__text_add(out, "()", 2);
    }
    if (v->n != 1) wsf__text_add(out, "]", 1);
    break;
  case WSF__INNER:
    if (v->n != 1) wsf__text_add(out, "[", 1);
    for (int i = 0; i < v->n; ++i) {
      if (i > 0) wsf__text_add(out, ",", 1);
      wsf__expr_print(out, v->inner[i]);
    }
    if (v->n != 1) wsf__text_add(out, "]", 1);
    break;
  }
}

/* Whether the calls of option i, written without a key behind those of the options before it, come
 * back to option i. */
static bool by_position(const wsf__node *node, int i) {
  const wsf__option *o = node->spec->options;
  for (int k = 0; k < i; ++k) {
    if (o[k].kind == WSF__CALLS || (o[k].kind == WSF__CALL && !node->arg[k].differs)) return false;
  }
  return true;
}

/* Whether an earlier option would take the name for a plain word. */
static bool mistaken(const wsf__node *node, int i, const char *name) {
  for (int k = 0; k < i; ++k) {
    if (!node->arg[k].differs && wsf__takes_word(&node->spec->options[k], name)) return true;
  }
  return false;
}

void wsf__expr_print(wsf__text *out, const wsf__node *node) {
  const wsf__spec *spec = node->spec;
  wsf__text_addz(out, spec->name);
  if (!has_arguments(node)) return;
  const char *before = "(";
  for (int i = 0; i < spec->n_options; ++i) {
    const wsf__value *v = &node->arg[i];
    if (!v->differs || v->form != WSF__INNER || !by_position(node, i)) continue;
    for (int k = 0; k < v->n; ++k) {
      wsf__text_addz(out, before);
      before = ",";
      wsf__expr_print(out, v->inner[k]);
      const wsf__node *inner = v->inner[k];
      if (!has_arguments(inner) && mistaken(node, i, inner->spec->name)) {
        wsf__text_addz(out, "()");
      }
    }
  }
  for (int i = 0; i < spec->n_options; ++i) {
    const wsf__value *v = &node->arg[i];
    if (!v->differs || (v->form == WSF__INNER && by_position(node, i))) continue;
    wsf__text_addz(out, before);
    before = ",";
    wsf__text_addz(out, spec->options[i].name);
    wsf__text_add(out, "=", 1);
    print_value(out, v);
  }
  wsf__text_add(out, ")", 1);
}

const char *wsf__node_text(wsf__arena *arena, const wsf__node *node) {
  wsf__text text;
  wsf__text_init(&text, &arena->alloc, (size_t)WSF__EXPR_BYTES * 2);
  wsf__expr_print(&text, node);
  const char *copy = text.failed ? NULL : wsf__arena_text(arena, text.data, text.length);
  wsf__text_free(&text);
  return copy;
}
