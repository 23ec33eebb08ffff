/* Small panels for tests: rows written as text. */
#ifndef WSF_TESTS_SAMPLE_H
#define WSF_TESTS_SAMPLE_H

#include "support.h"

#include <math.h>

#include "panel/panel.h"

enum { SAMPLE_ROWS = 4096, SAMPLE_COLUMNS = 4 };

/* Rows with up to two keys a, b whose labels are given as text. */
typedef struct sample {
  wsf__rows rows;
  int32_t code[2][SAMPLE_ROWS];
  const char *label[2][SAMPLE_ROWS];
  int32_t n_labels[2];
  const int32_t *code_of[2];
  const char *const *label_of[2];
  const char *name_of[2];
  int64_t time[SAMPLE_ROWS];
  double target[SAMPLE_ROWS];
  double value[SAMPLE_COLUMNS][SAMPLE_ROWS];
  wsf__row_column column[SAMPLE_COLUMNS];
} sample;

static inline void sample_init(sample *s, int n_keys) {
  memset(s, 0, sizeof *s);
  s->rows = (wsf__rows){.n_keys = n_keys,
                        .key_name = s->name_of,
                        .key_code = s->code_of,
                        .key_label = s->label_of,
                        .n_labels = s->n_labels,
                        .time_name = "date",
                        .target_name = "sales",
                        .time = s->time,
                        .target = s->target,
                        .column = s->column};
  for (int k = 0; k < 2; ++k) {
    s->code_of[k] = s->code[k];
    s->label_of[k] = s->label[k];
    s->name_of[k] = k == 0 ? "a" : "b";
  }
}

static inline int32_t sample_code(sample *s, int key, const char *label) {
  for (int32_t i = 0; i < s->n_labels[key]; ++i) {
    if (strcmp(s->label[key][i], label) == 0) return i;
  }
  s->label[key][s->n_labels[key]] = label;
  return s->n_labels[key]++;
}

/* Returns the row's number. */
static inline int64_t sample_add(sample *s, const char *a, const char *b, const char *time,
                                 double y) {
  const int64_t r = s->rows.n++;
  assert_true(r < SAMPLE_ROWS);
  wsf__time t = {.form = 0, .value = 0};
  if (!wsf__time_parse(time, strlen(time), &t)) fail_msg("%s", time);
  s->rows.time_form = t.form;
  s->time[r] = t.value;
  s->target[r] = y;
  if (s->rows.n_keys > 0) s->code[0][r] = sample_code(s, 0, a);
  if (s->rows.n_keys > 1) s->code[1][r] = sample_code(s, 1, b);
  return r;
}

static inline double *sample_column(sample *s, const char *name, int32_t kind) {
  const int c = s->rows.n_columns++;
  s->column[c] = (wsf__row_column){.name = name, .kind = kind, .value = s->value[c]};
  return s->value[c];
}

static const wsf__panel_rules sample_rules = {.own_end = -1};

static inline void assert_values(const wsf__panel *p, int64_t series, int64_t n,
                                 const double *wanted) {
  assert_int_equal(p->length[series], n);
  for (int64_t t = 0; t < n; ++t) {
    const double y = p->y[p->offset[series] + t];
    if (!(y == wanted[t] || (isnan(y) && isnan(wanted[t])))) {
      fail_msg("series %d, value %d is %g, expected %g", (int)series, (int)t, y, wanted[t]);
    }
  }
}

static inline void assert_same_panel(const wsf__panel *p, const wsf__panel *q) {
  assert_int_equal(p->n, q->n);
  assert_int_equal(p->T, q->T);
  assert_int_equal(p->ahead, q->ahead);
  assert_int_equal(p->n_keys, q->n_keys);
  assert_memory_equal(&p->calendar, &q->calendar, sizeof p->calendar);
  int64_t cells = 0;
  for (int64_t i = 0; i < p->n; ++i) {
    assert_int_equal(p->first[i], q->first[i]);
    assert_int_equal(p->length[i], q->length[i]);
    assert_int_equal(p->offset[i], q->offset[i]);
    for (int k = 0; k < p->n_keys; ++k) {
      assert_string_equal(p->key[k].label[p->key[k].code[i]], q->key[k].label[q->key[k].code[i]]);
    }
    cells += p->length[i];
  }
  assert_int_equal(p->y != NULL, q->y != NULL);
  if (p->y) assert_memory_equal(p->y, q->y, (size_t)cells * sizeof *p->y);
  assert_int_equal(p->n_columns, q->n_columns);
  for (int c = 0; c < p->n_columns; ++c) {
    assert_string_equal(p->column[c].name, q->column[c].name);
    for (int64_t i = 0; i < p->n; ++i) {
      for (int64_t t = 0; t < p->T + p->ahead; ++t) {
        const double v = wsf__panel_value(p, c, i, t), w = wsf__panel_value(q, c, i, t);
        assert_true(v == w || (isnan(v) && isnan(w)));
      }
    }
  }
}

/* Memory that ends after `left` blocks; blocks counts those not given back. */
typedef struct failing {
  int64_t left, blocks;
} failing;

static inline void *failing_resize(void *user, void *ptr, size_t old_size, size_t new_size) {
  failing *a = user;
  (void)old_size;
  if (new_size == 0) {
    a->blocks -= ptr != NULL;
    free(ptr);
    return NULL;
  }
  if (a->left-- <= 0) return NULL;
  void *p = realloc(ptr, new_size);
  a->blocks += p && !ptr;
  return p;
}

#endif
