/* What a fit was asked to keep, as bytes and back: the section `hist` of docs/format.md. The
 * history of every series, what was forecast of it, and standard errors call by call. Missing is
 * NaN. */
#include "engine/drive.h"

#include <math.h>

static void save_errors(wsf__writer *w, const wsf__fitted *t) {
  for (int64_t i = 0; i < t->n; ++i) wsf__write_i64(w, t->errors[i].n);
  for (int64_t i = 0; i < t->n; ++i) wsf__write_f64s(w, t->errors[i].v, t->errors[i].n);
  for (int i = 0; i < t->node->n_inner; ++i) save_errors(w, t->inner[i]);
}

void wsf__history_write(wsf__writer *w, const wsf__fitted_panel *f) {
  const wsf__panel *p = f->frame;
  for (int64_t i = 0; i < p->n; ++i) wsf__write_f64s(w, f->y[i], p->length[i]);
  for (int64_t i = 0; i < p->n; ++i) wsf__write_f64s(w, f->one_step[i], p->length[i]);
  save_errors(w, f->root);
}

static void read_values(wsf__reader *r, wsf__state *out, wsf__arena *arena, double least) {
  out->v = wsf__read_f64s(r, arena, out->n);
  for (int64_t k = 0; !r->failed && k < out->n; ++k) {
    const double x = out->v[k];
    if (!isnan(x) && !(isfinite(x) && x >= least)) {
      wsf__read_fail(r, "a kept value is neither missing nor one that it can be");
    }
  }
}

static const double *const *read_series(wsf__reader *r, wsf__fitted_panel *f) {
  const int64_t n = f->frame->n;
  const double **series = wsf__arena_new(&f->arena, (size_t)n, sizeof *series);
  if (!series) {
    r->failed = true;
    (void)wsf__fail_memory(r->err);
  }
  for (int64_t i = 0; !r->failed && i < n; ++i) {
    wsf__state one = {.n = f->frame->length[i]};
    read_values(r, &one, &f->arena, -INFINITY);
    series[i] = one.v;
  }
  return series;
}

static void read_errors(wsf__reader *r, wsf__fitted_panel *f, const wsf__fitted *t) {
  int64_t total = 0;
  for (int64_t i = 0; !r->failed && i < t->n; ++i) {
    t->errors[i].n = wsf__read_count(r, 8);
    total += t->errors[i].n;
    if ((uint64_t)total > r->length / 8) {
      wsf__read_fail(r, "the standard errors outgrow their section");
    }
  }
  for (int64_t i = 0; !r->failed && i < t->n; ++i) {
    read_values(r, &t->errors[i], &f->arena, 0);
  }
  for (int i = 0; !r->failed && i < t->node->n_inner; ++i) read_errors(r, f, t->inner[i]);
}

void wsf__history_read(wsf__reader *r, wsf__fitted_panel *f, wsf__fitted *root) {
  f->y = read_series(r, f);
  if (!r->failed) f->one_step = read_series(r, f);
  if (r->failed) return;
  if (!wsf__tree_keep_errors(root, &f->arena)) {
    r->failed = true;
    (void)wsf__fail_memory(r->err);
    return;
  }
  read_errors(r, f, root);
}
