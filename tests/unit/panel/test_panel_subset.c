#include "sample.h"

#include "panel/frame_bytes.h"
#include "panel/make.h"

typedef struct fixture {
  wsf__env env;
  sample s;
  wsf__panel *p;
} fixture;

/* Four series over ten periods: 1/x 0..9, 1/y 4..9, 2/x 0..9 with a hole, 3/z 8..9. */
static int setup(void **state) {
  fixture *f = malloc(sizeof *f);
  if (!f || !wsf__env_init(&f->env, &wsf__alloc_libc)) return -1;
  sample *s = &f->s;
  sample_init(s, 2);
  double *known = sample_column(s, "known", WSF__KNOWN);
  double *past = sample_column(s, "past", WSF__PAST);
  double *kind = sample_column(s, "kind", WSF__STATIC);
  double *holiday = sample_column(s, "holiday", WSF__KNOWN);
  static const char *const word[] = {"A", "B"};
  s->column[2].n_categories = 2;
  s->column[2].category = word;
  s->column[3].flag = true;
  const struct {
    const char *a, *b;
    int begin, hole;
  } series[] = {{"1", "x", 0, -1}, {"1", "y", 4, -1}, {"2", "x", 0, 6}, {"3", "z", 8, -1}};
  for (int i = 0; i < 4; ++i) {
    for (int t = series[i].begin; t < 12; ++t) {
      if (t == series[i].hole) continue;
      char time[32];
      (void)snprintf(time, sizeof time, "2012-03-%02d", t + 1);
      const int64_t r = sample_add(s, series[i].a, series[i].b, time, t < 10 ? 10 * i + t : NAN);
      known[r] = 100 * i + t;
      past[r] = t;
      kind[r] = i % 2;
      holiday[r] = t % 5 == 0;
    }
  }
  const wsf__panel_rules rules = {.own_end = -1, .freq = WSF__DAY};
  if (wsf__panel_build(&f->p, &f->env, &s->rows, &rules, NULL, NULL) != WSF_OK) return -1;
  f->p->holiday = wsf__panel_find_column(f->p, "holiday");
  f->p->holiday_weight = 3;
  *state = f;
  return 0;
}

static int teardown(void **state) {
  fixture *f = *state;
  wsf__panel_release(f->p);
  wsf__env_free(&f->env);
  free(f);
  return 0;
}

static void cut_forgets_what_came_later(void **state) {
  fixture *f = *state;
  wsf__panel *p;
  assert_int_equal(wsf__panel_cut(&p, NULL, f->p, 6, NULL), WSF_OK);
  assert_int_equal(p->T, 7);
  assert_int_equal(p->ahead, 5);
  assert_int_equal(p->n, 3);
  assert_int_equal(p->key[0].n_labels, 2);
  assert_int_equal(p->key[1].n_labels, 2);
  assert_values(p, 1, 3, (double[]){14, 15, 16});
  assert_values(p, 2, 7, (double[]){20, 21, 22, 23, 24, 25, NAN});
  const int known = wsf__panel_find_column(p, "known"), past = wsf__panel_find_column(p, "past");
  assert_true(wsf__panel_value(p, known, 2, 11) == 211);
  assert_true(wsf__panel_value(p, past, 2, 5) == 5);
  assert_true(isnan(wsf__panel_value(p, past, 0, 7)));
  assert_true(wsf__panel_weight(p, 0, 10) == 3);
  wsf__panel_release(p);
  assert_int_equal(wsf__panel_cut(&p, NULL, f->p, 99, NULL), WSF_OK);
  assert_same_panel(p, f->p);
  wsf__panel_release(p);
  wsf_error err;
  assert_int_equal(wsf__panel_cut(&p, NULL, f->p, -1, &err), WSF_E_DATA);
  assert_null(p);
}

/* A series with an end of its own ends with an observation, also after a cut. */
static void cut_ends_with_an_observation(void **state) {
  fixture *f = *state;
  f->p->own_end = true;
  wsf__panel *p;
  assert_int_equal(wsf__panel_cut(&p, NULL, f->p, 6, NULL), WSF_OK);
  assert_values(p, 2, 6, (double[]){20, 21, 22, 23, 24, 25});
  wsf__panel_release(p);
}

static void selection_keeps_the_periods(void **state) {
  fixture *f = *state;
  const uint8_t keep[] = {0, 1, 0, 1};
  wsf__panel *p;
  assert_int_equal(wsf__panel_select(&p, NULL, f->p, keep, NULL), WSF_OK);
  assert_int_equal(p->n, 2);
  assert_int_equal(p->T, 10);
  assert_memory_equal(&p->calendar, &f->p->calendar, sizeof p->calendar);
  char label[16];
  for (int i = 0; i < 2; ++i) {
    const int64_t old = 1 + 2 * i;
    assert_int_equal(p->first[i], f->p->first[old]);
    assert_true(wsf__panel_seed(p, i) == wsf__panel_seed(f->p, old));
    for (int c = 0; c < p->n_columns; ++c) {
      for (int64_t t = 0; t < 12; ++t) {
        const double v = wsf__panel_value(p, c, i, t), w = wsf__panel_value(f->p, c, old, t);
        assert_true(v == w || (isnan(v) && isnan(w)));
      }
    }
  }
  wsf__panel_label(p, 1, label, sizeof label);
  assert_string_equal(label, "3/z");
  const int known = wsf__panel_find_column(p, "known");
  assert_int_equal(p->column[known].n_groups, 2); /* only what the two series use */
  wsf__panel_release(p);
  const uint8_t none[4] = {0};
  assert_int_equal(wsf__panel_select(&p, NULL, f->p, none, NULL), WSF_E_DATA);
}

static void frame_has_no_values(void **state) {
  fixture *f = *state;
  wsf__panel *p, *again;
  assert_int_equal(wsf__panel_frame(&p, NULL, f->p, 0, NULL), WSF_OK);
  assert_null(p->y);
  assert_int_equal(p->n, 4);
  assert_int_equal(p->length[1], 6);
  assert_int_equal(wsf__panel_find_column(p, "past"), -1);
  assert_true(wsf__panel_value(p, wsf__panel_find_column(p, "known"), 3, 11) == 311);
  assert_string_equal(p->column[p->holiday].name, "holiday");
  assert_int_equal(wsf__panel_frame(&again, NULL, p, 0, NULL), WSF_OK);
  assert_same_panel(p, again);
  wsf__panel_release(again);
  wsf__panel_release(p);
}

/* The frame as bytes and back. */
static void assert_read_back(const wsf__panel *p) {
  wsf__writer w;
  wsf_error err;
  wsf__panel *q;
  wsf__writer_init(&w, &p->arena.alloc);
  wsf__frame_write(&w, p);
  wsf__frame_write_columns(&w, p);
  assert_false(w.failed);
  assert_int_equal(wsf__panel_create(&q, &p->arena.alloc, NULL), WSF_OK);
  wsf__reader r = {.data = w.data, .length = w.length, .err = &err};
  wsf__frame_read(&r, q);
  wsf__frame_read_columns(&r, q);
  if (r.failed) fail_msg("%s", err.message);
  assert_int_equal(r.at, w.length);
  assert_same_panel(p, q);
  wsf__panel_release(q);
  wsf__writer_free(&w);
}

/* A frame keeps the end of PAST columns, trims it, and joins it with what is new. */
static void frame_keeps_a_tail(void **state) {
  fixture *f = *state;
  wsf__panel *p, *again;
  assert_int_equal(wsf__panel_frame(&p, NULL, f->p, 3, NULL), WSF_OK);
  const int past = wsf__panel_find_column(p, "past"), whole = wsf__panel_find_column(f->p, "past");
  assert_true(past >= 0 && p->column[past].start > 0);
  assert_int_equal(p->column[past].n_groups, f->p->column[whole].n_groups);
  for (int pass = 0; pass < 2; ++pass) {
    const wsf__column *c = &p->column[past];
    for (int64_t i = 0; i < p->n; ++i) {
      for (int64_t t = -1; t < p->T + 2; ++t) {
        const double x = wsf__panel_value(p, past, i, t);
        const double y = t < c->start ? NAN : wsf__panel_value(f->p, whole, i, t);
        assert_true(x == y || (isnan(x) && isnan(y)));
      }
    }
    assert_int_equal(wsf__panel_frame(&again, NULL, p, 3, NULL), WSF_OK); /* a frame of a frame */
    assert_same_panel(p, again);
    wsf__panel_release(again);
    assert_read_back(p);
    const int64_t start = c->start;
    wsf__frame_trim(p, 1);
    assert_int_equal(c->start, pass == 0 ? start + 2 : start);
  }
  wsf__panel_release(p);
}

static void frame_joins(void **state) {
  (void)state;
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  /* before: periods 2 to 5, one group; now: 5 to 8, series by themselves, and one that is new */
  static const int32_t one[] = {0, 0}, each[] = {0, -1, 1};
  static const double then_value[] = {12, 13, NAN, 15},
                      now_value[] = {NAN, 106, 107, NAN, 205, NAN, 207, 208};
  const wsf__column then = {.name = "x",
                            .kind = WSF__PAST,
                            .n_groups = 1,
                            .start = 2,
                            .periods = 4,
                            .group = one,
                            .value = then_value};
  const wsf__column now = {.name = "x",
                           .kind = WSF__PAST,
                           .n_groups = 2,
                           .start = 5,
                           .periods = 4,
                           .group = each,
                           .value = now_value};
  static const int64_t row[] = {0, 1, -1};
  wsf__column c;
  int64_t room = 100;
  assert_int_equal(wsf__frame_join(&c, &arena, &arena, &now, &then, row, 3, 0, &room, NULL),
                   WSF_OK);
  assert_int_equal(c.start, 2);
  assert_int_equal(c.periods, 7);
  assert_int_equal(c.n_groups, 3);
  static const double wanted[3][7] = {{12, 13, NAN, 15, 106, 107, NAN},
                                      {12, 13, NAN, 15, NAN, NAN, NAN},
                                      {NAN, NAN, NAN, 205, NAN, 207, 208}};
  for (int i = 0; i < 3; ++i) {
    for (int t = 0; t < 7; ++t) {
      const double x = c.value[c.group[i] * 7 + t], y = wanted[i][t];
      assert_true(x == y || (isnan(x) && isnan(y)));
    }
  }
  wsf__arena_free(&arena);
}

static wsf_table *view(const fixture *f, const char *what) {
  wsf_table *t;
  wsf_error err;
  wsf__error_clear(&err);
  if (wsf__panel_describe(&t, &f->env, f->p, what, &err) != WSF_OK) fail_msg("%s", err.message);
  return t;
}

static void assert_cell(const wsf_table *t, int64_t row, const char *column, const char *wanted) {
  char text[64];
  assert_true(wsf_table_format(t, wsf_table_find(t, column), row, text, sizeof text) >= 0);
  assert_string_equal(text, wanted);
}

static void views_tell_the_panel(void **state) {
  fixture *f = *state;
  enum { CELLS = 8 };
  static const struct {
    const char *what;
    int64_t rows;
    struct {
      int64_t row;
      const char *column, *wanted;
    } cell[CELLS];
  } views[] = {
      {"series",
       4,
       {{2, "observations", "9"},
        {2, "missing", "1"},
        {0, "zeros", "1"},
        {1, "first", "2012-03-05"},
        {1, "last", "2012-03-10"},
        {1, "mean", "16.5"},
        {3, "max", "39"}}},
      {"levels",
       4,
       {{0, "level", "total"}, {3, "level", "a/b"}, {1, "groups", "3"}, {3, "groups", "4"}}},
      {"columns",
       4,
       {{2, "type", "text"}, {3, "type", "flag"}, {3, "groups", "1"}, {1, "kind", "past"}}},
      {"values",
       28,
       {{22, "sales", ""},
        {22, "date", "2012-03-07"},
        {22, "weight", "1"},
        {10, "kind", "B"},
        {11, "holiday", "1"},
        {11, "weight", "3"}}},
      {"request", 0, {{0}}},
      {"report", 0, {{0}}},
  };
  for (size_t v = 0; v < sizeof views / sizeof *views; ++v) {
    wsf_table *t = view(f, views[v].what);
    assert_int_equal(wsf_table_rows(t), views[v].rows);
    for (int c = 0; c < CELLS && views[v].cell[c].column; ++c) {
      assert_cell(t, views[v].cell[c].row, views[v].cell[c].column, views[v].cell[c].wanted);
    }
    wsf_table_release(t);
  }
  wsf_table *t = view(f, "series");
  assert_int_equal(wsf_table_type(t, 0), WSF_TYPE_I64);
  assert_int_equal(wsf_table_type(t, 1), WSF_TYPE_TEXT);
  wsf_table_release(t);
  t = view(f, "request");
  assert_int_equal(wsf_table_columns(t), 3);
  wsf_table_release(t);
  wsf_error err;
  assert_int_equal(wsf__panel_describe(&t, &f->env, f->p, "weather", &err), WSF_E_NAME);
  assert_null(t);
}

/* What came with the panel is copied: each caller may own his table. */
static void given_tables_are_copied(void **state) {
  fixture *f = *state;
  int64_t *cell, text;
  double *real;
  wsf_table *given;
  assert_int_equal(wsf__table_create(&given, &wsf__alloc_libc, 2, NULL), WSF_OK);
  assert_int_equal(wsf__table_add_i64(given, "line", WSF_TYPE_I64, &cell, NULL), WSF_OK);
  cell[0] = 7;
  wsf__table_set_null(given, 0, 1);
  assert_int_equal(wsf__table_add_text(given, "why", &text, NULL), WSF_OK);
  assert_int_equal(wsf__table_put(given, text, NULL, NULL), WSF_OK);
  assert_int_equal(wsf__table_put(given, text, "bad date", NULL), WSF_OK);
  assert_int_equal(wsf__table_add_f64(given, "x", &real, NULL), WSF_OK);
  real[0] = 0.5;
  real[1] = NAN;
  f->p->report = given;
  wsf_table *t = view(f, "report");
  assert_ptr_not_equal(t, given);
  assert_cell(t, 0, "line", "7");
  assert_cell(t, 1, "line", "");
  assert_true(wsf_table_is_null(t, 1, 0));
  assert_cell(t, 1, "why", "bad date");
  assert_cell(t, 0, "x", "0.5");
  wsf_table_release(t);
}

/* A copy of many numbers is left when somebody cancels, and holds on to nobody afterwards. */
static void a_cancel_ends_the_copy(void **state) {
  fixture *f = *state;
  enum { LENGTH = 300000 };
  const int64_t first = 0, length = LENGTH, offset = 0;
  double *y = calloc(LENGTH, sizeof *y);
  assert_non_null(y);
  wsf__panel p = *f->p, *cut;
  p.n = 1;
  p.T = LENGTH;
  p.first = &first;
  p.length = &length;
  p.offset = &offset;
  p.y = y;
  p.n_keys = p.n_columns = 0;
  wsf_error err;
  atomic_store(&f->env.client->cancelled, 1);
  assert_int_equal(wsf__panel_cut(&cut, &f->env, &p, LENGTH - 2, &err), WSF_E_CANCELLED);
  assert_null(cut);
  assert_int_equal(wsf__panel_cut(&cut, NULL, &p, LENGTH - 2, &err), WSF_OK);
  assert_int_equal(cut->length[0], LENGTH - 1);
  wsf__panel_release(cut);
  atomic_store(&f->env.client->cancelled, 0);
  assert_int_equal(wsf__panel_cut(&cut, &f->env, &p, LENGTH - 2, &err), WSF_OK);
  assert_null(cut->arena.work_of);
  wsf__panel_release(cut);
  free(y);
}

int test_panel_subset(void) {
#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
  const struct CMUnitTest tests[] = {
      WITH(cut_forgets_what_came_later), WITH(cut_ends_with_an_observation),
      WITH(selection_keeps_the_periods), WITH(frame_has_no_values),
      WITH(frame_keeps_a_tail),          cmocka_unit_test(frame_joins),
      WITH(views_tell_the_panel),        WITH(given_tables_are_copied),
      WITH(a_cancel_ends_the_copy),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
