/* The tables behind the grammar: every name that can stand in an expression is one `wsf__spec`
 * with one row per option. The parser's checks, the error messages, the catalogue, the command
 * line's help and docs/reference.md all come from these rows. */
#ifndef WSF_EXPR_SPEC_H
#define WSF_EXPR_SPEC_H

#include <stdbool.h>
#include <stdint.h>

typedef enum wsf__kind {
  WSF__INT,   /* whole number in [lo, hi] */
  WSF__REAL,  /* number in [lo, hi] */
  WSF__FLAG,  /* true or false; also yes/no, 1/0 */
  WSF__WORD,  /* one of `words` ("a|b|c") */
  WSF__TEXT,  /* "text" or a bare word */
  WSF__INTS,  /* list of whole numbers; 1:4 stands for 1,2,3,4; one number is a list of one */
  WSF__REALS, /* list of numbers */
  WSF__NAMES, /* list of texts or bare words, e.g. column names; one is a list of one */
  WSF__LISTS, /* list of such lists, which may be empty: [[],[Store],[Store,Dept]] */
  WSF__WORDS, /* list of some of `words`; takes every free positional word of them */
  WSF__MIXED, /* list of column names and calls of the family `words`; a bare word may be either,
               * one entry is a list of one */
  WSF__CALL,  /* one inner call of the family `words` ("model", "data") */
  WSF__CALLS  /* one or more inner calls of that family; takes every free positional call */
} wsf__kind;

typedef struct wsf__option {
  const char *name;
  wsf__kind kind;
  const char *preset; /* default, written in the grammar; NULL = must be given; "" = absent */
  double lo, hi;      /* bounds of a number, and of each entry of a list; both 0 = unbounded */
  const char *words;  /* WORD, WORDS: the choice. INT/REAL/NAMES..: words allowed beside numbers
                       * ("auto").  CALL/CALLS/MIXED: the family. Else NULL */
  const char *doc;    /* one sentence */
} wsf__option;

typedef struct wsf__spec {
  const char *family;  /* "model", "feature", "data", "options" (argument list of a public call) */
  const char *group;   /* "local", "combine", "global", "source", "step"; for listings */
  const char *name;    /* the word in an expression */
  const char *summary; /* one sentence */
  const char *source;  /* paper or book, or "" */
  const char *since;   /* "0.1.0" */
  const char *example; /* an expression that parses */
  const wsf__option *options;
  int n_options;
} wsf__spec;

/* All specs that an expression may name: at(0), at(1), .. until NULL. A function, because the list
 * is joined from several tables above (engine/catalog.c), and nothing is written to join them. */
typedef struct wsf__catalog {
  const wsf__spec *(*at)(int i);
} wsf__catalog;

#endif
