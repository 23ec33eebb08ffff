/* For tests that see the public headers only: small datasets, an allocator that counts, short forms
 * that fail the test with the library's own sentence. */
#ifndef WSF_TESTS_API_SUPPORT_H
#define WSF_TESTS_API_SUPPORT_H

#include "support.h"

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <wsf/wsf.h>

/* Records start in this state, so that a test can see them untouched. */
static inline wsf_error marked(void) {
  wsf_error err;
  memset(&err, 0x5a, sizeof err);
  return err;
}

static inline void assert_untouched(const wsf_error *err) {
  const wsf_error mark = marked();
  assert_memory_equal(err, &mark, sizeof mark);
}

#define CALL(call)                                                                                 \
  do {                                                                                             \
    wsf_error err = marked();                                                                      \
    const wsf_status call_status = (call);                                                         \
    if (call_status != WSF_OK) {                                                                   \
      fail_msg("%s: %s: %.512s", #call, wsf_status_name(call_status), err.message);                \
    }                                                                                              \
    assert_untouched(&err);                                                                        \
  } while (0)

/* The call fails with this status, says so in the record, and works without a record. */
#define FAILS(expected, call)                                                                      \
  do {                                                                                             \
    wsf_error err_record = marked(), *err = &err_record;                                           \
    assert_int_equal((call), (expected));                                                          \
    assert_int_equal(err_record.status, (expected));                                               \
    assert_int_equal(err_record.reserved, 0);                                                      \
    assert_true(err_record.message[0] != '\0');                                                    \
    assert_non_null(memchr(err_record.message, 0, sizeof err_record.message));                     \
    err = NULL;                                                                                    \
    assert_int_equal((call), (expected));                                                          \
  } while (0)

/* An allocator that counts blocks and bytes and checks the sizes it is told. */
typedef struct counter {
  atomic_llong blocks, bytes, peak, calls; /* peak: since it was last set */
  atomic_int wrong;
} counter;

static inline void *counting_resize(void *user, void *ptr, size_t old_size, size_t new_size) {
  enum { HEAD = 64 };
  counter *c = user;
  atomic_fetch_add(&c->calls, 1);
  unsigned char *block = ptr ? (unsigned char *)ptr - HEAD : NULL;
  if (block) {
    size_t was;
    memcpy(&was, block, sizeof was);
    if (was != old_size) atomic_fetch_add(&c->wrong, 1);
  } else if (old_size != 0) {
    atomic_fetch_add(&c->wrong, 1);
  }
  if (new_size == 0) {
    if (block) {
      atomic_fetch_sub(&c->blocks, 1);
      atomic_fetch_sub(&c->bytes, (long long)old_size);
    }
    free(block);
    return NULL;
  }
  unsigned char *grown = realloc(block, new_size + HEAD);
  if (!grown) return NULL;
  if (!block) atomic_fetch_add(&c->blocks, 1);
  const long long grew = (long long)new_size - (long long)old_size;
  const long long now = atomic_fetch_add(&c->bytes, grew) + grew;
  long long peak = atomic_load(&c->peak);
  while (now > peak && !atomic_compare_exchange_weak(&c->peak, &peak, now)) continue;
  memcpy(grown, &new_size, sizeof new_size);
  return grown + HEAD;
}

static inline void assert_balanced(const counter *c) {
  assert_true(atomic_load(&c->calls) > 0);
  assert_int_equal(atomic_load(&c->blocks), 0);
  assert_int_equal(atomic_load(&c->bytes), 0);
  assert_int_equal(atomic_load(&c->wrong), 0);
}

static inline wsf_context *new_context(const char *options) {
  wsf_context *ctx = NULL;
  CALL(wsf_context_create(&ctx, options, NULL, NULL, &err));
  return ctx;
}

/* Value of series i in month t: trend, season and a little noise that is no function of time. */
static inline double sample_value(int i, int t) {
  const unsigned noise = (unsigned)(i * 7919 + t * 104729) * 2654435761u;
  return 100 + 10 * i + t + 12 * sin(6.283185307179586 * t / 12) + (noise >> 20) / 1024.0;
}

enum { SAMPLE_SERIES = 3, SAMPLE_MONTHS = 60 };

/* `months` months from 2015-01 of SAMPLE_SERIES series with a covariate that is known a year
 * further. The builder and its dataset are the caller's. */
static inline wsf_status add_sample(wsf_builder *b, int months, wsf_error *err) {
  static const char *const shop[SAMPLE_SERIES] = {"north", "south", "west"};
  for (int i = 0; i < SAMPLE_SERIES; ++i) {
    for (int t = 0; t < months + 12; ++t) {
      char date[16];
      (void)snprintf(date, sizeof date, "%d-%02d-01", 2015 + t / 12, 1 + t % 12);
      const char *const keys[] = {shop[i]};
      const double promo = t % 5 == 0;
      const double y = t < months ? sample_value(i, t) : NAN;
      const wsf_status status = wsf_builder_add(b, keys, date, y, &promo, err);
      if (status != WSF_OK) return status;
    }
  }
  return WSF_OK;
}

#define SAMPLE_OPTIONS "keys=[shop], time=month, target=units, known=[promo], freq=month"

static inline wsf_dataset *sample_months(wsf_context *ctx, int months) {
  wsf_builder *b = NULL;
  wsf_dataset *ds = NULL;
  CALL(wsf_builder_create(&b, ctx, SAMPLE_OPTIONS, &err));
  CALL(add_sample(b, months, &err));
  CALL(wsf_builder_finish(&ds, b, &err));
  wsf_builder_release(b);
  return ds;
}

static inline wsf_dataset *sample(wsf_context *ctx) {
  return sample_months(ctx, SAMPLE_MONTHS);
}

static inline wsf_dataset *simulated(wsf_context *ctx) {
  wsf_dataset *ds = NULL;
  CALL(wsf_dataset_open(&ds, ctx, "simulate(stores=2, depts=3, weeks=110, seed=3)", &err));
  return ds;
}

static inline wsf_model *new_model(wsf_context *ctx, const char *expr) {
  wsf_model *m = NULL;
  CALL(wsf_model_parse(&m, ctx, expr, &err));
  return m;
}

static inline wsf_forecaster *fitted(wsf_context *ctx, const char *expr, const wsf_dataset *ds) {
  wsf_model *m = new_model(ctx, expr);
  wsf_forecaster *f = NULL;
  CALL(wsf_fit(&f, m, ds, NULL, &err));
  wsf_model_release(m);
  return f;
}

static inline wsf_table *forecast(const wsf_forecaster *f, const char *options) {
  wsf_table *t = NULL;
  CALL(wsf_predict(&t, f, NULL, options, &err));
  return t;
}

static inline const double *numbers(const wsf_table *t, const char *name) {
  const double *x = wsf_table_f64(t, wsf_table_find(t, name));
  if (!x) fail_msg("no column of numbers is called %s", name);
  return x;
}

/* Every cell of two tables is the same, doubles to the bit. */
static inline void assert_same_table(const wsf_table *a, const wsf_table *b) {
  assert_int_equal(wsf_table_rows(a), wsf_table_rows(b));
  assert_int_equal(wsf_table_columns(a), wsf_table_columns(b));
  for (int64_t c = 0; c < wsf_table_columns(a); ++c) {
    assert_string_equal(wsf_table_name(a, c), wsf_table_name(b, c));
    assert_int_equal(wsf_table_type(a, c), wsf_table_type(b, c));
    const double *x = wsf_table_f64(a, c), *y = wsf_table_f64(b, c);
    if (x) {
      assert_memory_equal(x, y, (size_t)wsf_table_rows(a) * sizeof *x);
      continue;
    }
    for (int64_t r = 0; r < wsf_table_rows(a); ++r) {
      char left[256], right[256];
      assert_int_equal(wsf_table_format(a, c, r, left, sizeof left),
                       wsf_table_format(b, c, r, right, sizeof right));
      assert_string_equal(left, right);
    }
  }
}

#endif
