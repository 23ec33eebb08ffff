/* Properties of the grammar: random nodes survive printing and parsing bit for bit, and no damage
 * to a text does more than a clean error with its byte. */
#include "support.h"

#include "toy_catalog.h"

typedef struct dice {
  uint64_t state;
} dice;

static uint64_t roll(dice *d) { /* splitmix64 */
  uint64_t z = (d->state += UINT64_C(0x9e3779b97f4a7c15));
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static int below(dice *d, int n) {
  return (int)(roll(d) % (uint64_t)n);
}

static double uniform(dice *d) {
  return (double)(roll(d) >> 11) * 0x1p-53;
}

static double random_number(dice *d, const wsf__option *o, bool whole) {
  double lo = o->lo, hi = o->hi;
  if (lo == 0 && hi == 0) {
    lo = -1e15;
    hi = 1e15;
  }
  double x = lo + uniform(d) * (hi - lo);
  if (below(d, 4) == 0) x = below(d, 2) ? lo : hi;
  if (!whole && below(d, 4) == 0) { /* many magnitudes */
    const double small = x * pow(10, -below(d, 300));
    if (small >= lo && small <= hi) x = small;
  }
  if (whole) x = floor(x) < lo ? ceil(x) : floor(x);
  return x == 0 ? 0 : x;
}

static const char *random_text(dice *d, wsf__arena *a) {
  static const char *const piece[] = {"a", "ets", "_",        ".",  "7", " ",    "\"", "\\",
                                      "(", ",",   "\xc3\xa9", "\n", "|", "true", "=",  "Store"};
  wsf__text t;
  wsf__text_init(&t, &a->alloc, 1000);
  wsf__text_add(&t, "", 0);
  for (int n = below(d, 6); n >= 0; --n) wsf__text_addz(&t, piece[below(d, 16)]);
  const char *copy = wsf__arena_text(a, t.data, t.length);
  wsf__text_free(&t);
  return copy;
}

static const char *random_word(dice *d, wsf__arena *a, const char *words) {
  int n = 1;
  for (const char *p = words; *p; ++p) n += *p == '|';
  int skip = below(d, n);
  const char *p = words;
  while (skip > 0) skip -= *p++ == '|';
  return wsf__arena_text(a, p, strcspn(p, "|"));
}

static wsf__node *random_node(dice *d, wsf__arena *a, const char *family, int depth);

static wsf__value random_value(dice *d, wsf__arena *a, const wsf__option *o, int depth) {
  wsf__value v = {.differs = true, .n = 1};
  const bool number_kind =
      o->kind == WSF__INT || o->kind == WSF__REAL || o->kind == WSF__INTS || o->kind == WSF__REALS;
  if (o->kind == WSF__WORD || (number_kind && o->words && below(d, 3) == 0)) {
    return (wsf__value){.form = WSF__STRING, .differs = true, .text = random_word(d, a, o->words)};
  }
  switch (o->kind) {
  case WSF__INT:
  case WSF__REAL:
    return (wsf__value){
        .form = WSF__NUMBER, .differs = true, .number = random_number(d, o, o->kind == WSF__INT)};
  case WSF__FLAG:
    return (wsf__value){.form = WSF__TRUTH, .differs = true, .number = below(d, 2)};
  case WSF__TEXT:
    return (wsf__value){.form = WSF__STRING, .differs = true, .text = random_text(d, a)};
  case WSF__INTS:
  case WSF__REALS: {
    v.form = WSF__NUMBERS;
    v.n = 1 + below(d, 12);
    double *x = wsf__arena_new(a, (size_t)v.n, sizeof *x);
    for (int i = 0; i < v.n; ++i) {
      const bool step = i > 0 && below(d, 2);
      x[i] = step ? x[i - 1] + 1 : random_number(d, o, o->kind == WSF__INTS);
      if ((o->lo != 0 || o->hi != 0) && x[i] > o->hi) x[i] = o->lo == 0 ? 0 : o->lo;
    }
    v.numbers = x;
    return v;
  }
  case WSF__NAMES: {
    v.form = WSF__STRINGS;
    v.n = 1 + below(d, 4);
    const char **s = wsf__arena_new(a, (size_t)v.n, sizeof *s);
    for (int i = 0; i < v.n; ++i) s[i] = random_text(d, a);
    v.strings = s;
    return v;
  }
  case WSF__MIXED: {
    v.form = WSF__NAMES_AND_CALLS;
    v.n = 1 + below(d, 4);
    const char **s = wsf__arena_zero(a, (size_t)v.n, sizeof *s);
    const wsf__node **inner = wsf__arena_zero(a, (size_t)v.n, sizeof *inner);
    for (int i = 0; i < v.n; ++i) {
      if (below(d, 2))
        s[i] = random_text(d, a);
      else
        inner[i] = random_node(d, a, o->words, depth + 1);
    }
    v.strings = s;
    v.inner = inner;
    return v;
  }
  case WSF__LISTS: {
    v.form = WSF__STRING_LISTS;
    v.n = 1 + below(d, 4);
    wsf__value *lists = wsf__arena_zero(a, (size_t)v.n, sizeof *lists);
    for (int i = 0; i < v.n; ++i) {
      lists[i] = (wsf__value){.form = WSF__STRINGS, .n = below(d, 4)};
      const char **s = wsf__arena_new(a, (size_t)lists[i].n, sizeof *s);
      for (int k = 0; k < lists[i].n; ++k) s[k] = random_text(d, a);
      lists[i].strings = s;
    }
    v.lists = lists;
    return v;
  }
  case WSF__WORDS: {
    v.form = WSF__STRINGS;
    v.n = 1 + below(d, 4);
    const char **s = wsf__arena_new(a, (size_t)v.n, sizeof *s);
    for (int i = 0; i < v.n; ++i) s[i] = random_word(d, a, o->words);
    v.strings = s;
    return v;
  }
  default: {
    v.form = WSF__INNER;
    v.n = o->kind == WSF__CALL ? 1 : 1 + below(d, 3);
    const wsf__node **inner = wsf__arena_new(a, (size_t)v.n, sizeof *inner);
    for (int i = 0; i < v.n; ++i) inner[i] = random_node(d, a, o->words, depth + 1);
    v.inner = inner;
    return v;
  }
  }
}

static wsf__node *random_node(dice *d, wsf__arena *a, const char *family, int depth) {
  const wsf__spec *spec;
  bool deep;
  do {
    spec = &toy_specs[below(d, TOY_SPECS)];
    deep = false;
    for (int i = 0; i < spec->n_options; ++i) deep |= spec->options[i].kind >= WSF__CALL;
    /* Nothing of the data family ends with fewer than two calls; let it be long. */
  } while (strcmp(spec->family, family) != 0 || (depth > 5 && deep));
  wsf__node *node = wsf__arena_zero(a, 1, sizeof *node);
  wsf__value *v = wsf__arena_zero(a, (size_t)spec->n_options, sizeof *v);
  *node = (wsf__node){.spec = spec, .arg = v};
  for (int i = 0; i < spec->n_options; ++i) {
    const wsf__option *o = &spec->options[i];
    if (!o->preset || below(d, 2)) v[i] = random_value(d, a, o, depth);
  }
  return node;
}

static uint64_t bits_of(double x) {
  uint64_t u;
  memcpy(&u, &x, sizeof u);
  return u;
}

/* Whether b holds what differs in a. */
static void assert_node(const wsf__node *a, const wsf__node *b) {
  assert_ptr_equal(a->spec, b->spec);
  for (int i = 0; i < a->spec->n_options; ++i) {
    const wsf__value *x = &a->arg[i], *y = &b->arg[i];
    if (!x->differs) {
      assert_false(y->differs);
      continue;
    }
    assert_int_equal(x->form, y->form);
    if (x->form == WSF__NUMBER || x->form == WSF__TRUTH) {
      assert_true(bits_of(x->number) == bits_of(y->number));
    }
    if (x->form == WSF__STRING) assert_string_equal(x->text, y->text);
    if (x->form < WSF__NUMBERS) continue;
    assert_int_equal(x->n, y->n);
    for (int k = 0; k < x->n; ++k) {
      if (x->form == WSF__NUMBERS) assert_true(bits_of(x->numbers[k]) == bits_of(y->numbers[k]));
      if (x->form == WSF__STRINGS) assert_string_equal(x->strings[k], y->strings[k]);
      if (x->form == WSF__NAMES_AND_CALLS && x->strings[k]) {
        assert_string_equal(x->strings[k], y->strings[k]);
      } else if (x->form == WSF__NAMES_AND_CALLS) {
        assert_null(y->strings[k]);
        assert_node(x->inner[k], y->inner[k]);
      }
      if (x->form == WSF__INNER) assert_node(x->inner[k], y->inner[k]);
    }
  }
}

static void print(wsf__text *out, const wsf__node *node) {
  wsf__text_init(out, &wsf__alloc_libc, 1 << 22);
  wsf__expr_print(out, node);
  assert_false(out->failed);
}

static const wsf__node *parse(wsf__arena *a, const char *family, const wsf__text *text) {
  const wsf__node *node = NULL;
  wsf_error err;
  if (wsf__expr_parse(&node, a, toy_catalog(), family, text->data, text->length, &err) != WSF_OK) {
    fail_msg("%s: %s (byte %d)", text->data, err.message, (int)err.byte);
  }
  return node;
}

static void test_random_nodes(void **state) {
  (void)state;
  dice d = {20260101};
  static const char *const families[] = {"model", "data", "feature"};
  for (int i = 0; i < 6000; ++i) {
    wsf__arena a;
    wsf__arena_init(&a, &wsf__alloc_libc);
    const char *family = families[below(&d, 3)];
    /* a data expression ends in csv: cut the search for one short */
    wsf__node *node = random_node(&d, &a, family, below(&d, 5));
    wsf__text first, second;
    print(&first, node);
    if (first.length <= WSF__EXPR_BYTES) {
      const wsf__node *again = parse(&a, family, &first);
      assert_node(node, again);
      print(&second, again);
      const wsf__node *third = parse(&a, family, &second);
      assert_node(again, third);
      assert_node(third, again);
      wsf__text last;
      print(&last, third);
      assert_string_equal(second.data, last.data);
      wsf__text_free(&last);
      wsf__text_free(&second);
    }
    wsf__text_free(&first);
    wsf__arena_free(&a);
  }
}

/* Parse damaged text: it works and round-trips, or fails with a byte inside the text. */
static void survive(const char *family, const char *text, size_t length) {
  wsf__arena a;
  wsf__arena_init(&a, &wsf__alloc_libc);
  /* A copy of its own size lets a sanitizer see any read past the end. */
  char *copy = malloc(length ? length : 1);
  memcpy(copy, text, length);
  const wsf__node *node = NULL;
  wsf_error err;
  wsf__error_clear(&err);
  const wsf_status status = wsf__expr_parse(&node, &a, toy_catalog(), family, copy, length, &err);
  if (status == WSF_OK) {
    wsf__text out, same;
    print(&out, node);
    print(&same, parse(&a, family, &out));
    assert_string_equal(out.data, same.data);
    wsf__text_free(&out);
    wsf__text_free(&same);
  } else {
    assert_in_range(status, WSF_E_SYNTAX, WSF_E_VALUE);
    assert_int_equal(err.status, status);
    assert_in_range(err.byte, 0, length);
    assert_true(err.message[0] != '\0');
  }
  free(copy);
  wsf__arena_free(&a);
}

static const struct {
  const char *family, *text;
} samples[] = {
    {"model", "boxcox(auto) | stl([7,52], mean(ets, arima(max_p=3, tol=1e-3), by=mase))"},
    {"model", "gbdt(trees=50, features=[lags([1:4,52]), calendar()], quantiles=0.5)"},
    {"model", "named(\"a \\\"\\\\ b\", [x, \"y\"], rest=[ets, theta]) | holiday_shift(-2.5)"},
    {"data", "csv(\"\xc3\xa9.csv\", keys=[Store,Dept], freq=day) | until(\"2012-02-03\")"},
};
enum { N_SAMPLES = sizeof samples / sizeof samples[0] };

static void test_truncations(void **state) {
  (void)state;
  for (int s = 0; s < N_SAMPLES; ++s) {
    const size_t length = strlen(samples[s].text);
    for (size_t n = 0; n <= length; ++n) survive(samples[s].family, samples[s].text, n);
  }
}

static void test_mutations(void **state) {
  (void)state;
  for (int s = 0; s < N_SAMPLES; ++s) {
    char text[256];
    const size_t length = strlen(samples[s].text);
    for (size_t at = 0; at < length; ++at) {
      memcpy(text, samples[s].text, length);
      for (int c = 0; c < 256; ++c) {
        text[at] = (char)c;
        survive(samples[s].family, text, length);
      }
      memcpy(text, samples[s].text, at);
      memcpy(text + at, samples[s].text + at + 1, length - at - 1);
      survive(samples[s].family, text, length - 1);
    }
  }
}

static void test_random_splices(void **state) {
  (void)state;
  dice d = {7};
  char text[512];
  for (int i = 0; i < 20000; ++i) {
    size_t n = 0;
    for (int k = 2 + below(&d, 3); k > 0; --k) {
      const char *from = samples[below(&d, N_SAMPLES)].text;
      const size_t length = strlen(from);
      const size_t start = (size_t)below(&d, (int)length);
      const size_t take = 1 + (size_t)below(&d, (int)(length - start));
      memcpy(text + n, from + start, take);
      n += take;
    }
    survive("model", text, n);
  }
}

int test_expr_roundtrip(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_random_nodes),
      cmocka_unit_test(test_truncations),
      cmocka_unit_test(test_mutations),
      cmocka_unit_test(test_random_splices),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
