/* A fitted panel as bytes and back; docs/format.md has the layout of each section.
 *
 *   MODL  canonical text of the model          FRAM  calendar, keys, where each series lies
 *   AHED  known-ahead and static columns       BNDS  least and largest observation of each series
 *   STAT  states of the model, call by call    SPAR  text and states of the fallback model
 *   SUMS  which series each sum adds up, if the data has sums
 *   POOL  what series of a call share, if any call has that
 *   resi  residuals that sample paths follow, if any call has them (optional)
 *   last  missing periods since the last observation of each series, if any has some (optional)
 *   seen  marks of the newest periods of each series (optional; absent in older files)
 *   hist  what fit(fitted=true) keeps (optional; absent without it)
 *   meta  version of the library that wrote it (optional)
 *
 * Loading believes nothing: counts are held against the bytes left before anything is allocated,
 * indices against what they index, and every state is shown to its model's own check. What was
 * loaded is saved again to the same bytes. */
#include "engine/drive.h"
#include "panel/frame_bytes.h"
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
  SUMS = WSF__SECTION('S', 'U', 'M', 'S'),
  POOL = WSF__SECTION('P', 'O', 'O', 'L'),
  RESI = WSF__SECTION('r', 'e', 's', 'i'),
  LAST = WSF__SECTION('l', 'a', 's', 't'),
  SEEN = WSF__SECTION('s', 'e', 'e', 'n'),
  HIST = WSF__SECTION('h', 'i', 's', 't'),
  META = WSF__SECTION('m', 'e', 't', 'a'),
};
static const uint32_t sections[] = {MODL, FRAM, AHED, BNDS, STAT, SPAR, SUMS,
                                    POOL, RESI, LAST, SEEN, HIST, META};
enum { N_SECTIONS = sizeof sections / sizeof *sections };

enum { SLOT_BYTES = 12 }; /* of a state, without its values */

static int64_t count_calls(const wsf__node *node) {
  int64_t n = 1;
  for (int i = 0; i < node->n_inner; ++i) n += count_calls(node->inner[i]);
  return n;
}

/* ---- save --------------------------------------------------------------------------------- */

static void save_tree(wsf__writer *w, const wsf__fitted *t) {
  for (int64_t i = 0; i < t->n; ++i) wsf__write_i32(w, t->state[i].reason);
  for (int64_t i = 0; i < t->n; ++i) wsf__write_i64(w, t->state[i].n);
  for (int64_t i = 0; i < t->n; ++i) wsf__write_f64s(w, t->state[i].v, t->state[i].n);
  for (int i = 0; i < t->node->n_inner; ++i) save_tree(w, t->inner[i]);
}

static void save_fallback(wsf__writer *w, const wsf__fitted *fallback) {
  wsf__text text;
  wsf__text_init(&text, w->alloc, WSF__EXPR_BYTES);
  wsf__expr_print(&text, fallback->node);
  if (text.failed)
    w->failed = true;
  else
    wsf__write_text(w, text.data);
  wsf__text_free(&text);
  save_tree(w, fallback);
}

static void save_bounds(wsf__writer *w, const wsf__fitted_panel *f) {
  wsf__write_f64s(w, f->least, f->frame->n);
  wsf__write_f64s(w, f->largest, f->frame->n);
}

static bool any_silent(const wsf__fitted_panel *f) {
  for (int64_t i = 0; f->silent && i < f->frame->n; ++i) {
    if (f->silent[i] > 0) return true;
  }
  return false;
}

/* wsf__section_fn */
static void save_section(wsf__writer *w, uint32_t type, const void *fitted) {
  const wsf__fitted_panel *f = fitted;
  switch (type) {
  case MODL:
    wsf__write_text(w, f->text);
    break;
  case FRAM:
    wsf__frame_write(w, f->frame);
    break;
  case AHED:
    wsf__frame_write_columns(w, f->frame);
    break;
  case BNDS:
    save_bounds(w, f);
    break;
  case STAT:
    save_tree(w, f->root);
    break;
  case SPAR:
    save_fallback(w, f->fallback);
    break;
  case SUMS:
    wsf__frame_write_sums(w, f->frame);
    break;
  case POOL:
    wsf__pools_save(w, f->root);
    wsf__pools_save(w, f->fallback);
    break;
  case RESI:
    wsf__residuals_save(w, f->root);
    wsf__residuals_save(w, f->fallback);
    break;
  case LAST:
    wsf__write_i64s(w, f->silent, f->frame->n);
    break;
  case SEEN:
    wsf__seen_save(w, f->seen, f->frame->n);
    break;
  case HIST:
    wsf__history_write(w, f);
    break;
  default:
    wsf__write_text(w, wsf_version());
    break;
  }
}

/* Sections that files without sums, pools, residuals, silent series, marks and kept history do not
 * have. */
static bool left_out(uint32_t type, const wsf__fitted_panel *f) {
  if (type == SUMS) return !wsf__frame_has_sums(f->frame);
  if (type == HIST) return !f->y;
  if (type == LAST) return !any_silent(f);
  if (type == SEEN) return !f->seen;
  if (type == RESI) return !wsf__residuals_any(f->root) && !wsf__residuals_any(f->fallback);
  return type == POOL && !wsf__pools_any(f->root) && !wsf__pools_any(f->fallback);
}

/* The sections that it has. */
static wsf__contents contents(uint32_t type[N_SECTIONS], const wsf__fitted_panel *f) {
  int n = 0;
  for (int i = 0; i < N_SECTIONS; ++i) {
    if (!left_out(sections[i], f)) type[n++] = sections[i];
  }
  return (wsf__contents){.type = type, .n = n, .write = save_section, .user = f};
}

static wsf_status check_text(const wsf__fitted_panel *f, wsf_error *err) {
  if (strlen(f->text) <= WSF__EXPR_BYTES) return WSF_OK;
  return wsf__fail(err, WSF_E_DATA, "the model's text has %zu bytes, a file can hold %d",
                   strlen(f->text), WSF__EXPR_BYTES);
}

wsf_status wsf__engine_image_size(size_t *bytes, const wsf__alloc *a, const wsf__fitted_panel *f,
                                  wsf_error *err) {
  uint32_t type[N_SECTIONS];
  const wsf__contents c = contents(type, f);
  WSF__TRY(check_text(f, err));
  return wsf__container_size(bytes, a, &c, err);
}

wsf_status wsf__engine_save(wsf__writer *w, const wsf__fitted_panel *f, wsf_error *err) {
  uint32_t type[N_SECTIONS];
  const wsf__contents c = contents(type, f);
  WSF__TRY(check_text(f, err));
  return wsf__container_write(w, &c, err);
}

/* ---- load --------------------------------------------------------------------------------- */

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

static bool state_fits(const wsf__fitted *t, const wsf__panel *frame, const wsf__state *s) {
  if (!known_reason(s->reason)) return false;
  if (s->reason >= WSF__NOT_FITTED) return s->n == 0 && s->pool == 0;
  return wsf__state_valid(t, frame, s);
}

static void load_tree(wsf__reader *r, const wsf__env *env, wsf__fitted_panel *f,
                      const wsf__fitted *t) {
  int64_t total = 0;
  wsf__state *state = t->state;
  for (int64_t i = 0; i < t->n; ++i) state[i].reason = wsf__read_i32(r);
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
    if (!state_fits(t, f->frame, &state[i])) refuse_state(r, t->node, i, start + 8 * at);
    if (wsf__stopped(env)) {
      r->failed = true;
      (void)wsf__fail_stopped(env, r->err);
    }
  }
  for (int i = 0; !r->failed && i < t->node->n_inner; ++i) load_tree(r, env, f, t->inner[i]);
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
  const wsf__env *env;
} loader;

static bool has_section(const loader *l, uint32_t type) {
  for (int i = 0; i < l->n; ++i) {
    if (l->section[i].type == type) return true;
  }
  return false;
}

static wsf_status section_open(wsf__reader *r, loader *l, uint32_t type) {
  for (int i = 0; i < l->n; ++i) {
    const wsf__section *s = &l->section[i];
    if (s->type != type) continue;
    *r = (wsf__reader){
        .data = s->data, .length = s->length, .base = s->offset, .err = l->err, .env = l->env};
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

static wsf_status load_pools(loader *l, wsf__fitted_panel *f, wsf__fitted *root,
                             wsf__fitted *fallback) {
  wsf__reader r;
  if (!has_section(l, POOL)) return WSF_OK;
  WSF__TRY(section_open(&r, l, POOL));
  wsf__pools_load(&r, &f->arena.alloc, f->frame, root);
  if (!r.failed) wsf__pools_load(&r, &f->arena.alloc, f->frame, fallback);
  if (!r.failed && !wsf__pools_any(root) && !wsf__pools_any(fallback)) {
    wsf__read_fail(&r, "the section holds no pool");
  }
  return section_close(&r);
}

static wsf_status load_residuals(loader *l, wsf__fitted_panel *f, wsf__fitted *root,
                                 wsf__fitted *fallback) {
  wsf__reader r;
  if (!has_section(l, RESI)) return WSF_OK;
  WSF__TRY(section_open(&r, l, RESI));
  wsf__residuals_load(&r, &f->arena, root);
  if (!r.failed) wsf__residuals_load(&r, &f->arena, fallback);
  if (!r.failed && !wsf__residuals_any(root) && !wsf__residuals_any(fallback)) {
    wsf__read_fail(&r, "the section holds no residual");
  }
  return section_close(&r);
}

static wsf_status load_silent(loader *l, wsf__fitted_panel *f) {
  wsf__reader r;
  const wsf__panel *p = f->frame;
  if (!has_section(l, LAST)) return WSF_OK;
  int64_t *silent = wsf__arena_new(&f->arena, (size_t)p->n, sizeof *silent);
  if (!silent) return wsf__fail_memory(l->err);
  WSF__TRY(section_open(&r, l, LAST));
  for (int64_t i = 0; !r.failed && i < p->n; ++i) {
    silent[i] = wsf__read_i64(&r);
    if (!r.failed && (silent[i] < 0 || silent[i] > p->length[i])) {
      wsf__read_fail(&r, "a series misses more periods than its history has");
    }
  }
  f->silent = silent;
  if (!r.failed && !any_silent(f)) wsf__read_fail(&r, "the section holds no missing period");
  return section_close(&r);
}

static wsf_status load_seen(loader *l, wsf__fitted_panel *f) {
  wsf__reader r;
  if (!has_section(l, SEEN)) return WSF_OK;
  WSF__TRY(section_open(&r, l, SEEN));
  f->seen = wsf__seen_load(&r, &f->arena, f->frame->n);
  return section_close(&r);
}

/* A call without pools of its own in the file has none. */
static wsf_status settle_pools(wsf__fitted_panel *f, wsf__fitted *root, wsf__fitted *fallback,
                               wsf_error *err) {
  wsf__arena scratch;
  wsf__arena_init(&scratch, &f->arena.alloc);
  wsf_status status = wsf__pools_settle(root, &scratch, err);
  if (status == WSF_OK) status = wsf__pools_settle(fallback, &scratch, err);
  wsf__arena_free(&scratch);
  return status;
}

static wsf_status load(wsf__fitted_panel *f, const wsf__env *env, loader *l) {
  wsf__reader r, fallback_reader;
  const wsf__node *fallback_node = NULL;
  WSF__TRY(section_open(&r, l, MODL));
  load_model(&r, f, &fallback_node);
  WSF__TRY(section_close(&r));

  WSF__TRY(wsf__panel_create(&f->frame, &f->arena.alloc, l->err));
  WSF__TRY(section_open(&r, l, FRAM));
  wsf__frame_read(&r, f->frame);
  WSF__TRY(section_close(&r));
  WSF__TRY(wsf__limit_check(&env->limits, WSF__MOST_series, f->frame->n, l->err));
  WSF__TRY(section_open(&r, l, AHED));
  wsf__frame_read_columns(&r, f->frame);
  WSF__TRY(section_close(&r));
  if (wsf__frame_has_sums(f->frame) || has_section(l, SUMS)) {
    WSF__TRY(section_open(&r, l, SUMS));
    wsf__frame_read_sums(&r, f->frame);
    WSF__TRY(section_close(&r));
  }
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
  WSF__TRY(load_pools(l, f, root, fallback));
  load_tree(&r, env, f, root);
  WSF__TRY(section_close(&r));
  load_tree(&fallback_reader, env, f, fallback);
  WSF__TRY(section_close(&fallback_reader));
  WSF__TRY(settle_pools(f, root, fallback, l->err));
  WSF__TRY(load_residuals(l, f, root, fallback));
  WSF__TRY(load_silent(l, f));
  WSF__TRY(load_seen(l, f));
  if (!has_section(l, HIST)) return WSF_OK;
  WSF__TRY(section_open(&r, l, HIST));
  wsf__history_read(&r, f, root);
  return section_close(&r);
}

wsf_status wsf__engine_load(wsf__fitted_panel **out, wsf__env *env, const void *bytes,
                            size_t length, wsf_error *err) {
  loader l;
  *out = NULL;
  l.env = env;
  l.err = err ? err : &l.own; /* readers keep their status there */
  WSF__TRY(wsf__limit_check(&env->limits, WSF__MOST_bytes, (int64_t)length, err));
  WSF__TRY(wsf__container_read(l.section, N_SECTIONS, &l.n, bytes, length, sections, N_SECTIONS,
                               env, l.err));
  wsf__fitted_panel *f = wsf__fitted_panel_new(&env->alloc);
  if (!f) return wsf__fail_memory(err);
  const wsf_status status = load(f, env, &l);
  if (status != WSF_OK) {
    wsf__fitted_panel_release(f);
    return status;
  }
  *out = f;
  return WSF_OK;
}
