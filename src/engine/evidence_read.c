/* Evidence out of files or sources, written by wsf_evidence and merged by whoever likes: rows in
 * any order, in any number of files. Each is read by the names of its columns; what the fit does
 * not know, such as the time, is not looked at. */
#include "engine/evidence.h"

#include "ingest/load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One file or source. */
typedef struct sheet {
  wsf__csv csv;
  const wsf__csv_column **key; /* [panel->n_keys] */
  const wsf__csv_column *kind, *window, *step, *horizon, *panel, *actual;
  const wsf__csv_column **mean;   /* [calls] */
  const wsf__csv_column **spread; /* [calls] NULL: nothing is said of it */
} sheet;

/* A row, where it belongs. */
typedef struct place {
  uint64_t rank;
  int64_t window, step; /* from 1 */
  const sheet *sheet;
  int64_t row;
} place;

typedef struct reading {
  wsf__env *env;
  wsf__arena *arena;
  const wsf__panel *panel;
  wsf__evidence *out;
  int n;
  sheet *sheet; /* [n] */
  int64_t rows;
  place *place; /* [rows] */
} reading;

static wsf_status fail_row(const place *at, const char *field, const char *sentence,
                           wsf_error *err) {
  (void)wsf__fail(err, WSF_E_DATA, "evidence: %s", sentence);
  wsf__error_at_field(err, field);
  wsf__error_at_row(err, at->sheet->csv.line[at->row]);
  wsf__error_at_file(err, at->sheet->csv.file);
  return WSF_E_DATA;
}

/* ---- columns ------------------------------------------------------------------------------- */

static wsf_status want(const wsf__csv_column **out, wsf__csv *csv, const char *name, int32_t as,
                       wsf_error *err) {
  int k = 0;
  WSF__TRY(wsf__csv_find(csv, name, &k, err));
  csv->column[k].want = as;
  *out = &csv->column[k];
  return WSF_OK;
}

static wsf_status want_columns(const reading *r, sheet *s, wsf_error *err) {
  wsf__csv *csv = &s->csv;
  const wsf__evidence *e = r->out;
  s->key = wsf__arena_new(r->arena, (size_t)r->panel->n_keys, sizeof *s->key);
  s->mean = wsf__arena_new(r->arena, (size_t)e->calls, sizeof *s->mean);
  s->spread = wsf__arena_zero(r->arena, (size_t)e->calls, sizeof *s->spread);
  if (!s->key || !s->mean || !s->spread) return wsf__fail_memory(err);
  /* Sums over a key have no label there. */
  for (int k = 0; k < r->panel->n_keys; ++k) {
    WSF__TRY(want(&s->key[k], csv, r->panel->key[k].name, WSF__CSV_CATEGORY, err));
  }
  WSF__TRY(want(&s->kind, csv, WSF__EVIDENCE_KIND, WSF__CSV_CATEGORY, err));
  WSF__TRY(want(&s->window, csv, WSF__EVIDENCE_WINDOW, WSF__CSV_NUMBER, err));
  WSF__TRY(want(&s->step, csv, WSF__EVIDENCE_STEP, WSF__CSV_NUMBER, err));
  WSF__TRY(want(&s->horizon, csv, WSF__EVIDENCE_HORIZON, WSF__CSV_NUMBER, err));
  WSF__TRY(want(&s->panel, csv, WSF__EVIDENCE_PANEL, WSF__CSV_CATEGORY, err));
  WSF__TRY(want(&s->actual, csv, WSF__EVIDENCE_ACTUAL, WSF__CSV_NUMBER, err));
  for (int call = 0; call < e->calls; ++call) {
    const char *name = wsf__node_text(r->arena, e->node->inner[call]);
    if (!name) return wsf__fail_memory(err);
    WSF__TRY(want(&s->mean[call], csv, name, WSF__CSV_NUMBER, err));
    const char *spread = wsf__evidence_spread(r->arena, e->node->inner[call]);
    if (!spread) return wsf__fail_memory(err);
    if (wsf__csv_lookup(csv, spread) < 0) continue;
    WSF__TRY(want(&s->spread[call], csv, spread, WSF__CSV_NUMBER, err));
  }
  return WSF_OK;
}

/* As wsf_table_format writes: every other text is refused. */
static wsf__csv_format format_of(void) {
  static const char *const nothing[1] = {""};
  return (wsf__csv_format){.delimiter = ',',
                           .header = WSF__HEADER,
                           .na = nothing,
                           .number = {.decimal = '.', .thousands = WSF__NO_THOUSANDS}};
}

static wsf_status read_sheet(const reading *r, sheet *s, const char *path, wsf_error *err) {
  WSF__TRY(wsf__csv_open(&s->csv, r->env, path, format_of(), err));
  for (int k = 0; k < s->csv.n_columns; ++k) s->csv.column[k].want = WSF__CSV_SKIP;
  WSF__TRY(want_columns(r, s, err));
  WSF__TRY(wsf__csv_read(&s->csv, err));
  for (int i = 0; i < WSF__CSV_REASONS; ++i) {
    if (s->csv.reject[i].count > 0) {
      return wsf__csv_fail_rejected(&s->csv, "evidence: rows cannot be read", err);
    }
  }
  return WSF_OK;
}

static wsf_status read_sheets(reading *r, const wsf__value *paths, wsf_error *err) {
  for (int i = 0; i < paths->n; ++i) {
    sheet *s = &r->sheet[i];
    ++r->n;
    const wsf_status status = read_sheet(r, s, paths->strings[i], err);
    if (status != WSF_OK) {
      wsf__error_at_file(err, paths->strings[i]);
      return status;
    }
    r->rows += s->csv.rows;
  }
  return WSF_OK;
}

/* ---- rows ---------------------------------------------------------------------------------- */

/* As wsf__panel_seed has it. */
static uint64_t rank_of(const reading *r, const sheet *s, int64_t row) {
  uint64_t hash = WSF__HASH_SEED;
  for (int k = 0; k < r->panel->n_keys; ++k) {
    const int32_t code = s->key[k]->code[row];
    if (code >= 0) {
      const wsf__dict_entry *label = &s->key[k]->words.entry[code];
      hash = wsf__hash(hash, label->text, (size_t)label->length);
    }
    hash = wsf__hash(hash, "", 1);
  }
  return wsf__evidence_rank(hash);
}

/* -1: no whole number from least to 2^53. */
static int64_t whole(double x, double least) {
  return x >= least && x <= 9007199254740992.0 && x == floor(x) ? (int64_t)x : -1;
}

static int by_place(const void *a, const void *b) {
  const place *x = a, *y = b;
  if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
  if (x->window != y->window) return x->window < y->window ? -1 : 1;
  return (x->step > y->step) - (x->step < y->step);
}

static wsf_status place_rows(reading *r, wsf_error *err) {
  place *to = r->place = wsf__arena_new(r->arena, (size_t)r->rows, sizeof *to);
  if (!to) return wsf__fail_memory(err);
  r->out->horizon = -1;
  for (int i = 0; i < r->n; ++i) {
    const sheet *s = &r->sheet[i];
    for (int64_t row = 0; row < s->csv.rows; ++row, ++to) {
      *to = (place){rank_of(r, s, row), whole(s->window->number[row], 1),
                    whole(s->step->number[row], 1), s, row};
      const int64_t horizon = whole(s->horizon->number[row], 0);
      if (to->window < 1) return fail_row(to, "window", "no number of a window", err);
      if (to->step < 1) return fail_row(to, "step", "no number of a step", err);
      if (horizon < 0) return fail_row(to, "horizon", "no horizon", err);
      if (r->out->horizon >= 0 && horizon != r->out->horizon) {
        return fail_row(to, "horizon", "another horizon than in the first row", err);
      }
      r->out->horizon = horizon;
    }
  }
  if (r->rows > 0) qsort(r->place, (size_t)r->rows, sizeof *r->place, by_place);
  return WSF_OK;
}

/* ---- cells --------------------------------------------------------------------------------- */

static const wsf__dict_entry *word(const wsf__csv_column *c, int64_t row) {
  const int32_t code = c->code[row];
  return code < 0 ? NULL : &c->words.entry[code];
}

static wsf__kin kin_of(const place *at) {
  char name[32] = "";
  const wsf__dict_entry *text = word(at->sheet->kind, at->row);
  if (text && text->length < (int32_t)sizeof name) memcpy(name, text->text, (size_t)text->length);
  return wsf__kin_find(name);
}

static bool panel_of(uint64_t *out, const place *at) {
  const wsf__dict_entry *text = word(at->sheet->panel, at->row);
  if (!text || text->length != 16) return false;
  *out = 0;
  for (int i = 0; i < 16; ++i) {
    static const char digits[] = "0123456789abcdef";
    const char *digit = memchr(digits, text->text[i], 16);
    if (!digit) return false;
    *out = *out * 16 + (uint64_t)(digit - digits);
  }
  return true;
}

static double finite(double x) {
  return isfinite(x) ? x : NAN;
}

static wsf_status fill_cell(const reading *r, wsf__cell *cell, const place *at, int64_t h,
                            wsf_error *err) {
  const int calls = r->out->calls;
  size_t values;
  if (!wsf__mul((size_t)h, (size_t)calls, &values)) return wsf__fail_memory(err);
  *cell = (wsf__cell){
      .rank = at->rank, .id = -1, .at = -1, .kin = kin_of(at), .window = at->window - 1, .h = h};
  cell->y = wsf__arena_new(r->arena, (size_t)h, sizeof *cell->y);
  cell->mean = wsf__arena_new(r->arena, values, sizeof *cell->mean);
  cell->spread = wsf__arena_zero(r->arena, values, sizeof *cell->spread);
  cell->lost = wsf__arena_new(r->arena, (size_t)calls, sizeof *cell->lost);
  if (!cell->y || !cell->mean || !cell->spread || !cell->lost) return wsf__fail_memory(err);
  for (int call = 0; call < calls; ++call) cell->lost[call] = true;
  for (int64_t k = 0; k < h; ++k) {
    const place *of = &at[k];
    uint64_t panel;
    if (of->step != k + 1) {
      return fail_row(of, "step", "a step of a window stands twice, or one before it is absent",
                      err);
    }
    if (kin_of(of) >= WSF__NEWLY) return fail_row(of, "kind", "no kind of series", err);
    if (kin_of(of) != cell->kin) return fail_row(of, "kind", "a series of two kinds", err);
    if (!panel_of(&panel, of)) return fail_row(of, "panel", "no 16 hexadecimal digits", err);
    if (k > 0 && panel != cell->panel) return fail_row(of, "panel", "a series of two panels", err);
    cell->panel = panel;
    cell->y[k] = finite(of->sheet->actual->number[of->row]);
    for (int call = 0; call < calls; ++call) {
      const double mean = finite(of->sheet->mean[call]->number[of->row]);
      cell->mean[call * h + k] = mean;
      if (!isnan(mean)) cell->lost[call] = false;
      const wsf__csv_column *said = of->sheet->spread[call];
      const double spread = said ? finite(said->number[of->row]) : NAN;
      if (!isnan(mean) && spread > 0) cell->spread[call * h + k] = spread;
    }
  }
  return WSF_OK;
}

static wsf_status make_cells(const reading *r, wsf_error *err) {
  wsf__evidence *e = r->out;
  e->cell = wsf__arena_new(r->arena, (size_t)r->rows, sizeof *e->cell);
  if (!e->cell) return wsf__fail_memory(err);
  for (int64_t from = 0, end; from < r->rows; from = end) {
    const place *at = &r->place[from];
    for (end = from + 1; end < r->rows; ++end) {
      if (r->place[end].rank != at->rank || r->place[end].window != at->window) break;
    }
    if (wsf__stopped(r->env)) return wsf__fail_stopped(r->env, err);
    wsf__cell *cell = &e->cell[e->cells];
    WSF__TRY(fill_cell(r, cell, at, end - from, err));
    const wsf__cell *before = e->cells > 0 ? cell - 1 : NULL;
    if (before && before->rank == cell->rank && before->kin != cell->kin) {
      return fail_row(at, "kind", "a series of two kinds", err);
    }
    ++e->cells;
  }
  return WSF_OK;
}

wsf_status wsf__evidence_read(wsf__evidence **out, wsf__env *env, wsf__arena *arena,
                              const wsf__panel *panel, const wsf__node *node,
                              const wsf__value *paths, wsf_error *err) {
  WSF__TRY(wsf__evidence_wanted(node, err));
  reading r = {.env = env, .arena = arena, .panel = panel};
  r.out = wsf__arena_zero(arena, 1, sizeof *r.out);
  r.sheet = wsf__arena_zero(arena, (size_t)paths->n, sizeof *r.sheet);
  if (!r.out || !r.sheet) return wsf__fail_memory(err);
  r.out->node = node;
  r.out->calls = node->n_inner;
  wsf_status status = read_sheets(&r, paths, err);
  if (status == WSF_OK && r.rows == 0) {
    status = wsf__fail(err, WSF_E_DATA, "evidence: no rows");
    wsf__error_at_file(err, r.sheet[0].csv.file);
  }
  if (status == WSF_OK) status = place_rows(&r, err);
  if (status == WSF_OK) status = make_cells(&r, err);
  for (int i = 0; i < r.n; ++i) wsf__csv_close(&r.sheet[i].csv);
  if (status == WSF_OK) *out = r.out;
  return status;
}
