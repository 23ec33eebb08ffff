/* What the user wrote is given, whatever its value: every option of every name in the catalogue,
 * written with its own preset. The canonical text does not show it, so that one meaning has one
 * text. */
#include "support.h"

#include "engine/engine.h"

#include <math.h>

/* A value that an option of this kind takes, for those that must be given. */
static void add_needed(wsf__text *t, const wsf__option *o) {
  char number[64];
  switch (o->kind) {
  case WSF__INT:
  case WSF__REAL:
  case WSF__INTS:
  case WSF__REALS:
    (void)snprintf(number, sizeof number, "%.17g", ceil(o->lo));
    wsf__text_addz(t, number);
    break;
  case WSF__FLAG:
    wsf__text_addz(t, "true");
    break;
  case WSF__WORD:
  case WSF__WORDS:
    wsf__text_add(t, o->words, strcspn(o->words, "|"));
    break;
  case WSF__LISTS:
    wsf__text_addz(t, "[[a],[]]");
    break;
  case WSF__TEXT:
  case WSF__NAMES:
  case WSF__MIXED:
    wsf__text_addz(t, "a");
    break;
  case WSF__CALL:
  case WSF__CALLS:
    wsf__text_addz(t, strcmp(o->words, "model") == 0     ? "naive"
                      : strcmp(o->words, "feature") == 0 ? "calendar"
                                                         : "simulate");
    break;
  }
}

/* The list of arguments that a spec must have, and option `written` by its preset (-1: none). */
static void arguments(wsf__text *t, const wsf__spec *spec, int written) {
  wsf__text_init(t, &wsf__alloc_libc, WSF__EXPR_BYTES);
  wsf__text_add(t, "", 0);
  for (int i = 0; i < spec->n_options; ++i) {
    const wsf__option *o = &spec->options[i];
    if (o->preset && i != written) continue;
    if (t->length) wsf__text_addz(t, ", ");
    wsf__text_addz(t, o->name);
    wsf__text_add(t, "=", 1);
    if (o->preset)
      wsf__text_addz(t, o->preset);
    else
      add_needed(t, o);
  }
  assert_false(t->failed);
}

static const wsf__node *parsed(wsf__arena *arena, const wsf__spec *spec, const char *text) {
  const wsf__node *node = NULL;
  wsf_error err;
  if (wsf__expr_arguments(&node, arena, wsf__engine_catalog(), spec, text, &err) != WSF_OK) {
    fail_msg("%s(%s): %s", spec->name, text, err.message);
  }
  return node;
}

static void presets_that_are_written_are_given(void **state) {
  (void)state;
  int options = 0;
  const wsf__spec *spec;
  for (int k = 0; (spec = wsf__engine_catalog()->at(k)); ++k) {
    for (int i = 0; i < spec->n_options; ++i) {
      const wsf__option *o = &spec->options[i];
      if (!o->preset || !*o->preset) continue;
      ++options;
      wsf__arena arena;
      wsf__arena_init(&arena, &wsf__alloc_libc);
      wsf__text with, without;
      arguments(&with, spec, i);
      arguments(&without, spec, -1);
      const wsf__node *a = parsed(&arena, spec, with.data), *b = parsed(&arena, spec, without.data);
      if (!a->arg[i].given) fail_msg("%s: %s is written and not given", spec->name, o->name);
      assert_false(a->arg[i].differs);
      assert_false(b->arg[i].given);
      assert_string_equal(wsf__node_text(&arena, a), wsf__node_text(&arena, b));
      wsf__text_free(&with);
      wsf__text_free(&without);
      wsf__arena_free(&arena);
    }
  }
  assert_true(options > 100);
}

int test_given(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(presets_that_are_written_are_given)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
