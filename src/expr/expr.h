/* Expressions: text -> checked node -> canonical text.
 *
 *   expression := call { "|" call }              a | f(x=1)  means  f(a, x=1)
 *   call       := name [ "(" [ arg { "," arg } ] ")" ]
 *   arg        := [ key "=" ] value
 *   value      := number | range 1:4 | word | "text" | [ value, ... ] | expression
 *
 * An empty list, [], stands only inside a list.
 *
 * Binding: `key=value` goes to that option; a positional value goes to the first free option whose
 * kind accepts it, so stl(52, ets), stl(ets, 52) and ets | stl(52) are one thing. A call on the
 * left of "|" whose own inner call is missing takes what follows instead: boxcox(0) | ets is
 * boxcox(ets, 0). In texts, \" and \\ stand for the characters. */
#ifndef WSF_EXPR_EXPR_H
#define WSF_EXPR_EXPR_H

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "expr/spec.h"

/* Limits on untrusted text. */
#define WSF__EXPR_BYTES 65536
#define WSF__EXPR_DEPTH 64
#define WSF__EXPR_LIST  65536

typedef struct wsf__node wsf__node;

/* The value of one option. Exactly one form holds. */
typedef enum wsf__form {
  WSF__ABSENT, /* optional and not given, preset "" */
  WSF__NUMBER,
  WSF__TRUTH,
  WSF__STRING,  /* word or text */
  WSF__NUMBERS, /* list; a word allowed beside numbers arrives as STRING */
  WSF__STRINGS,
  WSF__STRING_LISTS,
  WSF__NAMES_AND_CALLS, /* strings[i], inner[i], or both of a word that may be a name or a call */
  WSF__INNER            /* one or more calls */
} wsf__form;

typedef struct wsf__value wsf__value;
struct wsf__value {
  wsf__form form;
  bool given;    /* written in the expression, whatever its value */
  bool differs;  /* and not equal to the preset: it stands in the canonical text */
  double number; /* NUMBER; TRUTH as 0 or 1 */
  const char *text;
  int n;                         /* length of the list below */
  const double *numbers;         /* NUMBERS */
  const char *const *strings;    /* STRINGS; NAMES_AND_CALLS: NULL for what is a call alone */
  const wsf__value *lists;       /* STRING_LISTS: each of form STRINGS, n = 0 allowed */
  const wsf__node *const *inner; /* INNER; NAMES_AND_CALLS: NULL for what is a name alone */
};

struct wsf__node {
  const wsf__spec *spec;
  const wsf__value *arg; /* spec->n_options values, in the order of the table */
  int n_inner;           /* inner calls of the node's own family, in the order of the options; */
  const wsf__node *const *inner; /* others are reached by wsf__arg(node, "features")->inner */
  const wsf__node *outer;        /* the call that this one stands inside; NULL: none */
  int64_t byte;                  /* where the call begins in the text */
};

/* Parse and check an expression whose outermost call is of `family`. Nodes live in the arena.
 * err->byte is set on every failure; unknown names and options get a "did you mean". */
wsf_status wsf__expr_parse(const wsf__node **out, wsf__arena *arena, const wsf__catalog *catalog,
                           const char *family, const char *text, size_t length, wsf_error *err);
/* Parse the inside of a call's parentheses, e.g. "horizon=39, levels=[80,95]", against one spec.
 * text may be NULL: all presets. */
wsf_status wsf__expr_arguments(const wsf__node **out, wsf__arena *arena,
                               const wsf__catalog *catalog, const wsf__spec *spec, const char *text,
                               wsf_error *err);
/* Canonical text: options in table order, key=value, presets left out, inner calls first without
 * keys; parse(print(x)) = x. */
void wsf__expr_print(wsf__text *out, const wsf__node *node);
/* That text in the arena; NULL = out of memory. */
const char *wsf__node_text(wsf__arena *arena, const wsf__node *node);

/* Access by option name; the name must stand in the table (asserted). */
const wsf__value *wsf__arg(const wsf__node *node, const char *option);
double wsf__arg_number(const wsf__node *node, const char *option);
int64_t wsf__arg_int(const wsf__node *node, const char *option);
bool wsf__arg_flag(const wsf__node *node, const char *option);
const char *wsf__arg_text(const wsf__node *node, const char *option); /* NULL if not a STRING */
bool wsf__arg_is(const wsf__node *node, const char *option, const char *word);

/* The nearest name within a third of its length, or NULL: for "did you mean". */
const char *wsf__nearest(const char *word, const char *const *names, int n);

#endif
