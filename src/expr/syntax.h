/* The tree between parser and binder: what was written, before any table was asked. Private to
 * expr/. Children are chained, so building it needs no growing array. */
#ifndef WSF_EXPR_SYNTAX_H
#define WSF_EXPR_SYNTAX_H

#include "expr/expr.h"

typedef enum wsf__raw_kind {
  WSF__RAW_NUMBER, /* lo; text is the spelling */
  WSF__RAW_RANGE,  /* lo:hi, whole numbers, lo <= hi */
  WSF__RAW_WORD,   /* text: a word, or a call without parentheses */
  WSF__RAW_TEXT,   /* text: unquoted */
  WSF__RAW_LIST,   /* children: entries */
  WSF__RAW_CALL,   /* text: name; children: arguments */
  WSF__RAW_PIPE    /* children: words and calls, at least two */
} wsf__raw_kind;

typedef struct wsf__raw wsf__raw;
struct wsf__raw {
  wsf__raw_kind kind;
  int64_t byte;    /* where it begins */
  const char *key; /* of an argument `key=value`, else NULL */
  int64_t key_byte;
  const char *text;
  double lo, hi;
  wsf__raw *first, *next; /* children; next sibling */
};

/* A whole text as one expression or, with `arguments`, as the inside of a call's parentheses (a
 * CALL named ""). `presets` says that the text is a single value of any kind. */
typedef enum wsf__raw_goal {
  WSF__GOAL_EXPRESSION,
  WSF__GOAL_ARGUMENTS,
  WSF__GOAL_VALUE
} wsf__raw_goal;
wsf_status wsf__raw_parse(wsf__raw **out, wsf__arena *arena, wsf__raw_goal goal, const char *text,
                          size_t length, wsf_error *err);

/* "a|b|c" holds word. */
bool wsf__words_hold(const char *words, const char *word);
/* Letters, digits, _ and '.', first a letter or _. */
bool wsf__plain_word(const char *text);
/* Whether the bare word could be taken for a value of this option, which is no call. */
bool wsf__takes_word(const wsf__option *option, const char *word);

#endif
