/* A fitted panel as bytes and back; docs/format.md has the layout of each section.
 *
 *   MODL  canonical text of the model          FRAM  calendar, keys, where each series lies
 *   AHED  known-ahead and static columns       BNDS  least and largest observation of each series
 *   STAT  states of the model, call by call    SPAR  text and states of the fallback model
 *   meta  version of the library that wrote it (optional)
 *
 * Loading believes nothing: counts are held against the bytes left before anything is allocated,
 * indices against what they index, and every state is shown to its model's own check. What was
 * loaded is saved again to the same bytes. */
#include "engine/drive.h"
#include "panel/make.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
  MODL = WSF__SECTION('M', 'O', 'D', 'L'),
  FRAM = WSF__SECTION('F', 'R', 'A', 'M'),
  AHED = WSF__SECTION('A', 'H', 'E', 'D'),
  BNDS = WSF__SECTION('B', 'N', 'D', 'S'),
  STAT = WSF__SECTION('S', 'T', 'A', 'T'),
  SPAR = WSF__SECTION('S', 'P', 'A', 'R'),
  META = WSF__SECTION('m', 'e', 't', 'a'),
};
static const uint32_t sections[] = {MODL, FRAM, AHED, BNDS, STAT, SPAR, META};
enum { N_SECTIONS = sizeof sections / sizeof *sections };

enum {
  SLOT_BYTES = 12, /* of a state, without its values */
  MOST_SEASON = 1000000,
  MOST_KEYS = 1000,
  MOST_COLUMNS = 100000
};
#define MOST_PERIODS (INT64_C(1) << 40)
#define MOST_ORIGIN  (INT64_C(1) << 32) /* hours, days, months or years */
#define MOST_INTEGER (INT64_C(1) << 60) /* whole-number times */

static int64_t count_calls(const wsf__node *node) {
  int64_t n = 1;
  for (int i = 0; i < node->n_inner; ++i) n += count_calls(node->inner[i]);
  return n;
}

/* ---- save --------------------------------------------------------------------------------- */

typedef struct saver {
  wsf__writer w;
  const char *bad; /* first text that could not be read back */
} saver;

static void put_text(saver *s, const char *text) {
  if (!wsf__utf8_valid(text, strlen(text)) && !s->bad) s->bad = text;
  wsf__write_text(&s->w, text);
}

static void put_i32(saver *s, int32_t x) {
  wsf__write_u32(&s->w, (uint32_t)x);
}

static void save_frame(saver *s, const wsf__panel *p) {
  const wsf__calendar *c = &p->calendar;
  put_i32(s, c->freq);
  put_i32(s, c->form);
  wsf__write_i64(&s->w, c->origin);
  put_i32(s, c->anchor);
  put_i32(s, c->month);
  put_i32(s, c->second);
  put_i32(s, p->season);
  wsf__write_i64(&s->w, p->T);
  wsf__write_i64(&s->w, p->ahead);
  put_i32(s, p->own_end);
  put_text(s, p->time_name);
  put_text(s, p->target_name);
  put_text(s, p->source);
  wsf__write_i64(&s->w, p->n);
  wsf__write_i64s(&s->w, p->first, p->n);
  wsf__write_i64s(&s->w, p->length, p->n);
  put_i32(s, p->n_keys);
  for (int k = 0; k < p->n_keys; ++k) {
    const wsf__key *key = &p->key[k];
    put_text(s, key->name);
    put_i32(s, key->integer);
    wsf__write_i64(&s->w, key->n_labels);
    for (int32_t l = 0; l < key->n_labels; ++l) put_text(s, key->label[l]);
    wsf__write_i32s(&s->w, key->code, p->n);
  }
}

static void save_columns(saver *s, const wsf__panel *p) {
  put_i32(s, p->holiday);
  put_i32(s, p->weight);
  wsf__write_f64(&s->w, p->holiday_weight);
  put_i32(s, p->n_columns);
  for (int c = 0; c < p->n_columns; ++c) {
    const wsf__column *column = &p->column[c];
    put_text(s, column->name);
    put_i32(s, column->kind);
    put_i32(s, column->flag);
    wsf__write_i64(&s->w, column->n_categories);
    for (int32_t i = 0; i < column->n_categories; ++i) put_text(s, column->category[i]);
    wsf__write_i64(&s->w, column->n_groups);
    wsf__write_i64(&s->w, column->periods);
    wsf__write_i32s(&s->w, column->group, p->n);
    wsf__write_f64s(&s->w, column->value, column->n_groups * column->periods);
  }
}

static void save_tree(saver *s, const wsf__fitted *t) {
  for (int64_t i = 0; i < t->n; ++i) put_i32(s, t->state[i].reason);
  for (int64_t i = 0; i < t->n; ++i) wsf__write_i64(&s->w, t->state[i].n);
  for (int64_t i = 0; i < t->n; ++i) wsf__write_f64s(&s->w, t->state[i].v, t->state[i].n);
  for (int i = 0; i < t->node->n_inner; ++i) save_tree(s, t->inner[i]);
}

static void save_fallback(saver *s, const wsf__fitted *fallback) {
  wsf__text text;
  wsf__text_init(&text, s->w.alloc, WSF__EXPR_BYTES);
  wsf__expr_print(&text, fallback->node);
  if (text.failed)
    s->w.failed = true;
  else
    put_text(s, text.data);
  wsf__text_free(&text);
  save_tree(s, fallback);
}

static void save_bounds(saver *s, const wsf__fitted_panel *f) {
  wsf__write_f64s(&s->w, f->least, f->frame->n);
  wsf__write_f64s(&s->w, f->largest, f->frame->n);
}

static void save_section(saver *s, uint32_t type, const wsf__fitted_panel *f) {
  switch (type) {
  case MODL:
    put_text(s, f->text);
    break;
  case FRAM:
    save_frame(s, f->frame);
    break;
  case AHED:
    save_columns(s, f->frame);
    break;
  case BNDS:
    save_bounds(s, f);
    break;
  case STAT:
    save_tree(s, f->root);
    break;
  case SPAR:
    save_fallback(s, f->fallback);
    break;
  default:
    put_text(s, wsf_version());
    break;
  }
}

wsf_status wsf__engine_save(wsf__writer *w, const wsf__fitted_panel *f, wsf_error *err) {
  wsf__section section[N_SECTIONS];
  size_t end[N_SECTIONS];
  saver s = {.bad = NULL};
  wsf__writer_init(&s.w, w->alloc);
  for (int i = 0; i < N_SECTIONS; ++i) {
    save_section(&s, sections[i], f);
    end[i] = s.w.length;
  }
  wsf_status status = WSF_OK;
  if (s.w.failed) {
    status = wsf__fail_memory(err);
  } else if (s.bad) {
    status = wsf__fail(err, WSF_E_DATA, "the text '%.64s' is not valid UTF-8", s.bad);
  } else if (strlen(f->text) > WSF__EXPR_BYTES) {
    status = wsf__fail(err, WSF_E_DATA, "the model's text has %zu bytes, a file can hold %d",
                       strlen(f->text), WSF__EXPR_BYTES);
  }
  if (status == WSF_OK) {
    for (int i = 0; i < N_SECTIONS; ++i) {
      const size_t start = i > 0 ? end[i - 1] : 0;
      section[i] =
          (wsf__section){.type = sections[i], .data = s.w.data + start, .length = end[i] - start};
    }
    status = wsf__container_write(w, section, N_SECTIONS, err);
  }
  wsf__writer_free(&s.w);
  return status;
}

/* ---- load --------------------------------------------------------------------------------- */

static int32_t get_i32(wsf__reader *r) {
  return (int32_t)wsf__read_u32(r);
}

/* A whole number in lo .. hi; lo after a failure. */
static int64_t in_range(wsf__reader *r, int64_t x, int64_t lo, int64_t hi, const char *sentence) {
  if (!r->failed && x >= lo && x <= hi) return x;
  wsf__read_fail(r, sentence);
  return lo;
}

static bool get_flag(wsf__reader *r) {
  return in_range(r, get_i32(r), 0, 1, "a flag is neither 0 nor 1") == 1;
}

/* Memory that the bytes read so far have paid for. */
static void *room(wsf__reader *r, wsf__arena *arena, int64_t n, size_t size) {
  if (r->failed) return NULL;
  void *p = wsf__arena_zero(arena, (size_t)n, size);
  if (!p) {
    r->failed = true;
    (void)wsf__fail_memory(r->err);
  }
  return p;
}

static const char *const *load_texts(wsf__reader *r, wsf__arena *arena, int64_t n) {
  const char **text = room(r, arena, n, sizeof *text);
  for (int64_t i = 0; text && i < n; ++i) {
    text[i] = wsf__read_text(r, arena);
    if (!text[i]) return NULL;
  }
  return text;
}

/* A count of texts that codes of 32 bits can name. */
static int32_t get_text_count(wsf__reader *r) {
  return (int32_t)in_range(r, wsf__read_count(r, 4), 0, INT32_MAX,
                           "there are more labels than codes");
}

static void load_calendar(wsf__reader *r, wsf__calendar *c) {
  c->freq = (int32_t)in_range(r, get_i32(r), WSF__HOUR, WSF__INTEGER, "the frequency is unknown");
  c->form = (int32_t)in_range(r, get_i32(r), WSF__FORM_DATE, WSF__FORM_INTEGER,
                              "the form of times is unknown");
  const bool integer = c->form == WSF__FORM_INTEGER;
  const int64_t most = integer ? MOST_INTEGER : MOST_ORIGIN;
  c->origin = in_range(r, wsf__read_i64(r), -most, most, "the first time is out of range");
  const bool months = !integer && c->freq >= WSF__MONTH && c->freq <= WSF__YEAR;
  const bool year = months && c->freq == WSF__YEAR;
  c->anchor = (int32_t)in_range(r, get_i32(r), months, months ? 31 : 0,
                                "the day of the month is out of range");
  c->month = (int32_t)in_range(r, get_i32(r), year, year ? 12 : 0, "the month is out of range");
  c->second = (int32_t)in_range(r, get_i32(r), 0, c->form == WSF__FORM_TIME ? 86399 : 0,
                                "the second of the day is out of range");
  if (!integer &&
      (c->freq == WSF__INTEGER || (c->freq == WSF__HOUR && c->form == WSF__FORM_DATE))) {
    wsf__read_fail(r, "the frequency does not fit the form of times");
  }
}

/* Labels stand in their order, each once: whole numbers by value, texts by bytes. */
static void check_labels(wsf__reader *r, const wsf__key *key) {
  int64_t before = 0;
  for (int32_t l = 0; l < key->n_labels; ++l) {
    int64_t value = 0;
    if (key->integer && !wsf__integer_parse(key->label[l], strlen(key->label[l]), &value)) {
      wsf__read_fail(r, "a label of a whole-number key is no whole number");
      return;
    }
    const bool rises =
        l == 0 || (key->integer ? before < value : strcmp(key->label[l - 1], key->label[l]) < 0);
    if (!rises) {
      wsf__read_fail(r, "the labels of a key are not in order");
      return;
    }
    before = value;
  }
}

static void load_key(wsf__reader *r, wsf__arena *arena, wsf__key *key, int64_t n) {
  key->name = wsf__read_text(r, arena);
  key->integer = get_flag(r);
  key->n_labels = get_text_count(r);
  key->label = load_texts(r, arena, key->n_labels);
  if (!r->failed) check_labels(r, key);
  key->code = wsf__read_i32s(r, arena, n);
  for (int64_t i = 0; !r->failed && i < n; ++i) {
    if (key->code[i] < 0 || key->code[i] >= key->n_labels) {
      wsf__read_fail(r, "a series has a label that its key does not have");
    }
  }
}

/* -1, 0, 1: series a before, at, behind series b. */
static int compare_series(const wsf__panel *p, int64_t a, int64_t b) {
  for (int k = 0; k < p->n_keys; ++k) {
    const int32_t *code = p->key[k].code;
    if (code[a] != code[b]) return code[a] < code[b] ? -1 : 1;
  }
  return 0;
}

static void load_frame(wsf__reader *r, wsf__panel *p) {
  wsf__arena *arena = &p->arena;
  load_calendar(r, &p->calendar);
  p->season = (int)in_range(r, get_i32(r), 1, MOST_SEASON, "the season is out of range");
  p->T = in_range(r, wsf__read_i64(r), 0, MOST_PERIODS, "the number of periods is out of range");
  p->ahead = in_range(r, wsf__read_i64(r), 0, MOST_PERIODS, "the periods ahead are out of range");
  p->own_end = get_flag(r);
  p->time_name = wsf__read_text(r, arena);
  p->target_name = wsf__read_text(r, arena);
  p->source = wsf__read_text(r, arena);
  p->n = wsf__read_count(r, 16);
  if (!r->failed && p->n == 0) wsf__read_fail(r, "there are no series");
  p->first = wsf__read_i64s(r, arena, p->n);
  p->length = wsf__read_i64s(r, arena, p->n);
  p->offset = room(r, arena, p->n, sizeof *p->offset);
  for (int64_t i = 0; !r->failed && i < p->n; ++i) {
    if (p->first[i] < -MOST_PERIODS || p->first[i] > p->T || p->length[i] < 0 ||
        p->length[i] > p->T - p->first[i]) {
      wsf__read_fail(r, "a series lies outside the periods of the panel");
    }
  }
  p->n_keys = (int)in_range(r, get_i32(r), 0, MOST_KEYS, "the number of keys is out of range");
  wsf__key *key = room(r, arena, p->n_keys, sizeof *key);
  for (int k = 0; !r->failed && k < p->n_keys; ++k) load_key(r, arena, &key[k], p->n);
  p->key = key;
  for (int64_t i = 1; !r->failed && i < p->n; ++i) {
    if (compare_series(p, i - 1, i) >= 0) wsf__read_fail(r, "the series are not in order");
  }
}

static bool value_fits(const wsf__column *c, double x) {
  if (isnan(x)) return true;
  if (c->n_categories == 0) return isfinite(x);
  return x >= 0 && x < c->n_categories && x == floor(x);
}

static void load_column(wsf__reader *r, wsf__arena *arena, wsf__column *c, int64_t n) {
  c->name = wsf__read_text(r, arena);
  c->kind = get_i32(r);
  if (c->kind != WSF__STATIC && c->kind != WSF__KNOWN) {
    wsf__read_fail(r, "a column is neither static nor known ahead");
  }
  c->flag = get_flag(r);
  c->n_categories = get_text_count(r);
  c->category = load_texts(r, arena, c->n_categories);
  c->n_groups = in_range(r, wsf__read_i64(r), 0, n, "a column has more groups than series");
  const bool fixed = c->kind == WSF__STATIC;
  c->periods = in_range(r, wsf__read_i64(r), fixed, fixed ? 1 : 2 * MOST_PERIODS,
                        "the periods of a column are out of range");
  c->group = wsf__read_i32s(r, arena, n);
  for (int64_t i = 0; !r->failed && i < n; ++i) {
    if (c->group[i] < -1 || c->group[i] >= c->n_groups) {
      wsf__read_fail(r, "a series belongs to a group that its column does not have");
    }
  }
  int64_t cells = 0;
  if (__builtin_mul_overflow(c->n_groups, c->periods, &cells)) {
    wsf__read_fail(r, "a column has more values than a file can hold");
  }
  c->value = wsf__read_f64s(r, arena, cells);
  for (int64_t i = 0; !r->failed && i < cells; ++i) {
    if (!value_fits(c, c->value[i])) wsf__read_fail(r, "a column has a value it cannot have");
  }
}

static void load_columns(wsf__reader *r, wsf__panel *p) {
  p->holiday = get_i32(r);
  p->weight = get_i32(r);
  p->holiday_weight = wsf__read_f64(r);
  p->n_columns =
      (int)in_range(r, get_i32(r), 0, MOST_COLUMNS, "the number of columns is out of range");
  if (p->holiday < -1 || p->holiday >= p->n_columns || p->weight < -1 ||
      p->weight >= p->n_columns) {
    wsf__read_fail(r, "the holiday or weight column does not exist");
  }
  if (!isfinite(p->holiday_weight)) wsf__read_fail(r, "the weight of a holiday is not finite");
  /* Each column takes at least its 40 bytes. */
  if (!r->failed && (size_t)p->n_columns > (r->length - r->at) / 40) {
    wsf__read_fail(r, "there are more columns than the section can hold");
  }
  wsf__column *column = room(r, &p->arena, p->n_columns, sizeof *column);
  for (int c = 0; !r->failed && c < p->n_columns; ++c) {
    load_column(r, &p->arena, &column[c], p->n);
  }
  p->column = column;
}

static void load_bounds(wsf__reader *r, wsf__fitted_panel *f) {
  const int64_t n = f->frame->n;
  f->least = wsf__read_f64s(r, &f->arena, n);
  f->largest = wsf__read_f64s(r, &f->arena, n);
  for (int64_t i = 0; !r->failed && i < n; ++i) {
    if (!isfinite(f->least[i]) || !isfinite(f->largest[i]) || f->least[i] > f->largest[i]) {
      wsf__read_fail(r, "the bounds of a series are not two rising finite numbers");
    }
  }
}

static bool known_reason(int32_t reason) {
  switch (reason) {
#define CASE(name, value, word, text) case value:
    WSF__REASONS(CASE)
#undef CASE
    return true;
  default:
    return false;
  }
}

static void refuse_state(wsf__reader *r, const wsf__node *node, int64_t slot, int64_t byte) {
  r->failed = true;
  (void)wsf__fail(r->err, WSF_E_FORMAT,
                  "the state of '%s' for series %" PRId64 " is not one that this model can have",
                  node->spec->name, slot);
  wsf__error_at_byte(r->err, byte);
  wsf__error_at_series(r->err, slot);
}

static bool state_fits(const wsf__node *node, const wsf__panel *frame, const wsf__state *s) {
  if (!known_reason(s->reason)) return false;
  if (s->reason >= WSF__NOT_FITTED) return s->n == 0;
  return wsf__state_finite(s) && wsf__class_of(node)->check(node, frame, s);
}

static void load_tree(wsf__reader *r, wsf__fitted_panel *f, const wsf__fitted *t) {
  int64_t total = 0;
  wsf__state *state = t->state;
  for (int64_t i = 0; i < t->n; ++i) state[i].reason = get_i32(r);
  for (int64_t i = 0; i < t->n; ++i) {
    state[i].n = wsf__read_count(r, 8);
    total += state[i].n;
    if ((uint64_t)total > r->length / 8) wsf__read_fail(r, "the states outgrow their section");
    if (r->failed) return;
  }
  const int64_t start = r->base + (int64_t)r->at;
  const double *v = wsf__read_f64s(r, &f->arena, total);
  for (int64_t i = 0, at = 0; !r->failed && i < t->n; at += state[i].n, ++i) {
    if (state[i].reason < WSF__NOT_FITTED) state[i].v = v + at;
    if (!state_fits(t->node, f->frame, &state[i])) refuse_state(r, t->node, i, start + 8 * at);
  }
  for (int i = 0; !r->failed && i < t->node->n_inner; ++i) load_tree(r, f, t->inner[i]);
}

/* The bytes for the states of every call must be there before room for them is made. */
static void expect_states(wsf__reader *r, const wsf__node *node, int64_t n) {
  int64_t slots;
  if (r->failed) return;
  if (__builtin_mul_overflow(count_calls(node), n, &slots) ||
      (uint64_t)slots > (r->length - r->at) / SLOT_BYTES) {
    wsf__read_fail(r, "the section is too short for the states of all series");
  }
}

/* What is wrong with an expression inside a file is wrong with the file. */
static void refuse_text(wsf__reader *r, wsf_status status, const wsf_error *why) {
  if (status == WSF_OK || r->failed) return;
  r->failed = true;
  if (status == WSF_E_MEMORY) {
    (void)wsf__fail_memory(r->err);
    return;
  }
  (void)wsf__fail(r->err, WSF_E_FORMAT, "the file's model cannot be read: %.400s", why->message);
  wsf__error_at_byte(r->err, r->base);
}

static void load_model(wsf__reader *r, wsf__fitted_panel *f, const wsf__node **fallback_node) {
  wsf_error why;
  const char *text = wsf__read_text(r, &f->arena);
  if (!text) return;
  refuse_text(r, wsf__fitted_panel_parse(f, fallback_node, text, &why), &why);
}

/* The fallback is the one the file was written with, whatever today's would be. */
static void load_fallback_text(wsf__reader *r, wsf__fitted_panel *f,
                               const wsf__node **fallback_node) {
  wsf_error why;
  const char *text = wsf__read_text(r, &f->arena);
  if (!text) return;
  refuse_text(r,
              wsf__expr_parse(fallback_node, &f->arena, wsf__engine_catalog(), "model", text,
                              strlen(text), &why),
              &why);
}

typedef struct loader {
  wsf__section section[N_SECTIONS];
  int n;
  wsf_error *err, own;
} loader;

static wsf_status section_open(wsf__reader *r, loader *l, uint32_t type) {
  for (int i = 0; i < l->n; ++i) {
    const wsf__section *s = &l->section[i];
    if (s->type != type) continue;
    *r = (wsf__reader){.data = s->data, .length = s->length, .base = s->offset, .err = l->err};
    return WSF_OK;
  }
  return wsf__fail(l->err, WSF_E_FORMAT, "the file has no section '%c%c%c%c'", (int)(type & 0xff),
                   (int)(type >> 8 & 0xff), (int)(type >> 16 & 0xff), (int)(type >> 24));
}

static wsf_status section_close(wsf__reader *r) {
  if (!r->failed && r->at < r->length) {
    wsf__read_fail(r, "the section goes on where its end was expected");
  }
  return r->failed ? r->err->status : WSF_OK;
}

static wsf_status load(wsf__fitted_panel *f, loader *l) {
  wsf__reader r, fallback_reader;
  const wsf__node *fallback_node = NULL;
  WSF__TRY(section_open(&r, l, MODL));
  load_model(&r, f, &fallback_node);
  WSF__TRY(section_close(&r));

  WSF__TRY(wsf__panel_create(&f->frame, f->env, l->err));
  WSF__TRY(section_open(&r, l, FRAM));
  load_frame(&r, f->frame);
  WSF__TRY(section_close(&r));
  WSF__TRY(section_open(&r, l, AHED));
  load_columns(&r, f->frame);
  WSF__TRY(section_close(&r));
  WSF__TRY(section_open(&r, l, BNDS));
  load_bounds(&r, f);
  WSF__TRY(section_close(&r));

  wsf__fitted *root, *fallback;
  const int64_t n = f->frame->n;
  WSF__TRY(section_open(&r, l, STAT));
  WSF__TRY(section_open(&fallback_reader, l, SPAR));
  load_fallback_text(&fallback_reader, f, &fallback_node);
  expect_states(&fallback_reader, fallback_node, n);
  expect_states(&r, f->node, n);
  if (r.failed || fallback_reader.failed) return l->err->status;
  WSF__TRY(wsf__fitted_panel_room(f, fallback_node, n, &root, &fallback, l->err));
  load_tree(&r, f, root);
  WSF__TRY(section_close(&r));
  load_tree(&fallback_reader, f, fallback);
  return section_close(&fallback_reader);
}

wsf_status wsf__engine_load(wsf__fitted_panel **out, wsf__env *env, const void *bytes,
                            size_t length, wsf_error *err) {
  loader l;
  *out = NULL;
  l.err = err ? err : &l.own; /* readers keep their status there */
  WSF__TRY(
      wsf__container_read(l.section, N_SECTIONS, &l.n, bytes, length, sections, N_SECTIONS, l.err));
  wsf__fitted_panel *f = wsf__fitted_panel_new(env);
  if (!f) return wsf__fail_memory(err);
  const wsf_status status = load(f, &l);
  if (status != WSF_OK) {
    wsf__fitted_panel_free(f);
    return status;
  }
  *out = f;
  return WSF_OK;
}
