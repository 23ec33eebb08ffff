/* Between the parts of the binder: assign.c decides which option each argument goes to, bind.c
 * checks the values, complain.c says what is wrong. Private to expr/. */
#ifndef WSF_EXPR_BINDER_H
#define WSF_EXPR_BINDER_H

#include "expr/syntax.h"

#include <math.h>

typedef struct wsf__binder {
  wsf__arena *arena;
  const wsf__catalog *catalog;
  wsf_error *err;
} wsf__binder;

/* Which option each argument of a call goes to. */
typedef struct wsf__assignment {
  int n_args;
  int *slot;           /* [n_args] option, or -1: `odd` */
  int *count;          /* [n_options] positional arguments of each option; -1 = given by key */
  const wsf__raw *odd; /* the first argument that fits nowhere, or NULL */
} wsf__assignment;

const wsf__spec *wsf__find_spec(const wsf__catalog *c, const char *family, const char *name);
/* Keys first, then each positional value to the first free option whose kind accepts it. */
wsf_status wsf__assign(const wsf__binder *b, const wsf__spec *spec, const wsf__raw *call,
                       wsf__assignment *out);
/* Whether an option takes one more positional value: CALLS and WORDS gather all of theirs, unless
 * their list was given by key. */
static inline bool wsf__is_free(const wsf__assignment *a, const wsf__spec *spec, int option) {
  const wsf__kind kind = spec->options[option].kind;
  const bool gathers = kind == WSF__CALLS || kind == WSF__WORDS;
  return a->count[option] == 0 || (gathers && a->count[option] > 0);
}
/* Nest the calls of a pipe. */
wsf_status wsf__fold(const wsf__binder *b, const char *family, wsf__raw **out,
                     const wsf__raw *pipe);

wsf_status wsf__complain_memory(const wsf__binder *b, int64_t byte);
/* A value that its option does not take. */
wsf_status wsf__complain_value(const wsf__binder *b, const wsf__option *o, const wsf__raw *raw);
/* A call that the family does not know. */
wsf_status wsf__complain_unknown(const wsf__binder *b, const char *family, const wsf__raw *raw);
/* An argument whose key the call does not know. */
wsf_status wsf__complain_key(const wsf__binder *b, const wsf__spec *spec, const wsf__raw *arg);
/* A positional value that no free option accepts. */
wsf_status wsf__complain_odd(const wsf__binder *b, const wsf__spec *spec, const wsf__assignment *a);
/* An option that must be given and is not. */
wsf_status wsf__complain_missing(const wsf__binder *b, const wsf__spec *spec, const wsf__option *o,
                                 const wsf__raw *call);

#define WSF__TRUTH_WORDS "true|yes|false|no"

static inline wsf_status wsf__fail_at(wsf_error *err, int64_t byte, wsf_status status) {
  wsf__error_at_byte(err, byte);
  return status;
}
static inline bool wsf__is_call_kind(wsf__kind kind) {
  return kind == WSF__CALL || kind == WSF__CALLS;
}
static inline bool wsf__is_whole(double x) {
  return x == floor(x) && fabs(x) <= 9007199254740992.0;
}
static inline bool wsf__raw_is_number(const wsf__raw *r) {
  return r->kind == WSF__RAW_NUMBER || r->kind == WSF__RAW_RANGE;
}
static inline bool wsf__raw_is_integer(const wsf__raw *r) {
  return wsf__raw_is_number(r) && wsf__is_whole(r->lo);
}
static inline bool wsf__raw_is_name(const wsf__raw *r) {
  return r->kind == WSF__RAW_WORD || r->kind == WSF__RAW_TEXT;
}

#endif
