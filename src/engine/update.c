/* Append observations without a refit: parameters stay, states move on.
 *
 * The new forecaster keeps the old calendar, so that periods inside states keep their meaning, and
 * takes series and known-ahead columns from the new dataset, which may hold the whole history or
 * only what is new. What the dataset does not tell stays: known-ahead values of other periods, and
 * series that it lacks, to which the new periods are missing. Every call of the expression moves
 * its own state and asks the calls inside it (models/model.h), so each word must have a recursive
 * form. Pools stay as they are, and are shared with the old forecaster. Series that it has never
 * seen start from the pool of their like, if the model can do that; else they get the fallback
 * model, and "new" as their reason, until the next fit. Series whose new observations the model
 * cannot take (a zero under a logarithm) get the fallback and the model's reason. Both fallbacks
 * learn from what the new dataset holds. */
#include "engine/call_options.h"
#include "engine/drive.h"
#include "models/regressors.h"

#include <math.h>
#include <string.h>

static const wsf__option update_options[] = {
    {"absent", WSF__WORD, "keep", 0, 0, "keep|drop",
     "Series of the forecaster without an observation in the dataset: kept, or not in the new "
     "one."},
    {"ahead", WSF__INT, "auto", 0, 1e9, "auto",
     "Periods that observations may lie past all others before them; auto: fourteen days, or three "
     "periods if that is longer. Few that lie further are left out and told."},
    {"strict", WSF__FLAG, "false", 0, 0, NULL,
     "Fail if a series of the forecaster has no observation in the dataset, old or new, if one "
     "came late for a period already passed or lies too far ahead, or if a row is off the "
     "calendar."},
    {"target", WSF__WORD, "same", 0, 0, "same|any",
     "Whether the dataset's target must have the name of the forecaster's, unless a file gives it "
     "none; any: it holds the same under another name."},
    WSF__SECONDS_ROW,
};
const wsf__spec wsf__spec_update = {.family = "options",
                                    .group = "call",
                                    .name = "update",
                                    .summary = "Append observations without a refit.",
                                    .source = "",
                                    .since = "0.2.0",
                                    .example = "update(strict=true)",
                                    .options = update_options,
                                    .n_options = sizeof update_options / sizeof *update_options};

typedef struct run {
  wsf__env *env;
  const wsf__fitted_panel *old;
  wsf__fitted_panel *f;
  const wsf__panel *panel;
  const bool *absent;   /* series of panel that come from the old frame; NULL: none */
  const int64_t *given; /* series of panel -> series of the dataset, or -1; NULL: the same */
  const wsf__far *far;  /* [series of the dataset] left out as too far ahead; NULL: nothing */
  int64_t shift;        /* period of the old calendar = period of panel + shift */
  const int64_t *row;   /* series of panel -> series of old, or -1 */
  wsf__news *news;      /* [panel->n] */
  wsf__fitted *root, *fallback;
  wsf__fitted *old_root, *old_fallback; /* old states at the new slots */
  double *least, *largest;
  int64_t *silent;
  uint16_t *seen;
  wsf__lenders lenders; /* for series never seen */
} run;

static const wsf__node *without_update(const wsf__node *node) {
  for (int i = 0; i < node->n_inner; ++i) {
    const wsf__node *found = without_update(node->inner[i]);
    if (found) return found;
  }
  return wsf__class_of(node)->update ? NULL : node;
}

static bool any_fallback(const wsf__fitted_panel *f) {
  for (int64_t i = 0; i < f->fallback->n; ++i) {
    if (f->fallback->state[i].reason < WSF__NOT_FITTED) return true;
  }
  return false;
}

static wsf_status can_update(const wsf__fitted_panel *f, wsf_error *err) {
  const wsf__node *bad = without_update(f->root->node);
  if (!bad && any_fallback(f)) bad = without_update(f->fallback->node);
  if (!bad) return WSF_OK;
  return wsf__fail(err, WSF_E_UNSUPPORTED,
                   "'%s' cannot be moved over new observations: fit the model again",
                   bad->spec->name);
}

/* The states of a tree, at other slots; what they point to stays where it is. */
static void view(wsf__fitted *out, const wsf__fitted *from, const int64_t *row) {
  for (int64_t j = 0; j < out->n; ++j) {
    if (row[j] < 0) continue;
    out->state[j] = from->state[row[j]];
    if (out->residuals) out->residuals[j] = from->residuals[row[j]];
  }
  out->n_pools = from->n_pools;
  out->pool = from->pool;
  for (int i = 0; i < out->node->n_inner; ++i) view(out->inner[i], from->inner[i], row);
}

/* The end of a series in the new dataset, on the old calendar. One that the dataset lacks, or has
 * too far ahead only, ends with the dataset, as it would had it been in there with a row of its
 * past, or where it ended. */
static int64_t new_end(const run *r, int64_t j) {
  const wsf__panel *p = r->panel;
  const bool padded = r->row[j] >= 0 && p->length[j] == 0 && !p->own_end;
  return (padded ? p->T : p->first[j] + p->length[j]) + r->shift;
}

static int64_t count_observed(const double *y, int64_t n) {
  int64_t count = 0;
  for (int64_t t = 0; t < n; ++t) count += !isnan(y[t]);
  return count;
}

/* Observations of the new dataset for periods that a series has behind it. */
typedef struct again {
  int64_t late, changed, early;    /* early: before its history */
  int64_t first_late, first_early; /* periods of the old calendar */
} again;

/* mark: those of the old forecaster, which become those of what is told. Where they do not reach, a
 * period is late that the series was moved over since its last observation. */
static again look_back(const run *r, int64_t j, uint16_t mark[WSF__SEEN]) {
  const wsf__panel *p = r->panel, *frame = r->old->frame;
  const int64_t i = r->row[j], seen = frame->first[i] + frame->length[i];
  const int64_t silent = r->old->silent ? r->old->silent[i] : 0;
  const int64_t reach = silent > WSF__SEEN ? silent : WSF__SEEN, start = p->first[j] + r->shift;
  int64_t from = seen - reach, end = start + p->length[j];
  again told = {0};
  for (int64_t t = start; frame->length[i] > 0 && t < end && t < frame->first[i]; ++t) {
    if (isnan(p->y[p->offset[j] + t - start])) continue;
    if (told.early++ == 0) told.first_early = t;
  }
  if (from < frame->first[i]) from = frame->first[i];
  if (from < start) from = start;
  if (end > seen) end = seen;
  for (int64_t t = from; t < end; ++t) {
    const double y = p->y[p->offset[j] + t - start];
    if (isnan(y)) continue;
    const wsf__again is = wsf__seen_again(mark, seen - 1 - t, y);
    told.changed += is == WSF__AGAIN_CHANGED;
    if (is != WSF__AGAIN_LATE && (is != WSF__AGAIN_UNKNOWN || t < seen - silent)) continue;
    if (told.late++ == 0) told.first_late = t;
  }
  return told;
}

static void marks_of(uint16_t mark[WSF__SEEN], const run *r, int64_t j) {
  for (int64_t k = 0; k < WSF__SEEN; ++k) {
    mark[k] = r->old->seen ? r->old->seen[r->row[j] * WSF__SEEN + k] : 0;
  }
}

/* What the new dataset holds of a series, from the first observation on the old calendar on. */
static wsf__series held(const run *r, int64_t j) {
  const wsf__panel *p = r->panel;
  const double *y = p->y + p->offset[j];
  const int64_t first = p->first[j] + r->shift, n = p->length[j];
  int64_t skipped = first < 0 ? (-first < n ? -first : n) : 0;
  while (skipped < n && isnan(y[skipped])) ++skipped;
  return (wsf__series){
      .y = y + skipped, .n = n - skipped, .t0 = first + skipped, .id = j, .slot = j};
}

/* Where neither the model nor the fallback is fitted, the fallback is, if anything is there; it
 * stands by for a new series, too. */
static wsf_status ensure_fallback(const run *r, wsf__job *job, int64_t j) {
  if (r->root->state[j].reason < WSF__NOT_FITTED && r->row[j] >= 0) return WSF_OK;
  if (r->fallback->state[j].reason < WSF__NOT_FITTED) return WSF_OK;
  const wsf__series s = held(r, j);
  if (s.n == 0) return WSF_OK;
  return wsf__fit_fallback(job, &(wsf__batch){.n = 1, .series = &s}, r->root, r->fallback);
}

/* Added observations y[n], of periods from `seen` on, that are more than LARGE times what the
 * series ever was: they are taken, and told. */
static void tell_large(const run *r, int64_t j, const double *y, int64_t n, int64_t seen) {
  static const double LARGE = 100;
  const int64_t i = r->row[j];
  const double before = fmax(fabs(r->old->least[i]), fabs(r->old->largest[i]));
  if (r->old->frame->length[i] == 0 || !(before > 0)) return;
  for (int64_t t = 0; t < n; ++t) {
    if (!(fabs(y[t]) / LARGE > before)) continue;
    if (r->news[j].large++ > 0) continue;
    r->news[j].first_large = seen + t;
    r->news[j].value = y[t];
  }
}

static wsf_status update_known(const run *r, wsf__job *job, int64_t j) {
  const wsf__panel *p = r->panel, *frame = r->old->frame;
  const int64_t i = r->row[j];
  const int64_t seen = frame->first[i] + frame->length[i];
  const int64_t end = r->f->frame->first[j] + r->f->frame->length[j];
  const int64_t first = p->first[j] + r->shift;
  double *y = wsf__arena_new(job->fit.scratch, (size_t)(end - seen), sizeof *y);
  if (!y) return wsf__fail_memory(job->fit.err);
  for (int64_t t = seen; t < end; ++t) {
    y[t - seen] = t < first || t - first >= p->length[j] ? NAN : p->y[p->offset[j] + t - first];
  }
  /* a series without a history has no bounds yet */
  r->least[j] = frame->length[i] > 0 ? r->old->least[i] : INFINITY;
  r->largest[j] = frame->length[i] > 0 ? r->old->largest[i] : -INFINITY;
  for (int64_t t = 0; t < end - seen; ++t) {
    r->least[j] = fmin(r->least[j], y[t]); /* of a number and NaN: the number */
    r->largest[j] = fmax(r->largest[j], y[t]);
  }
  if (!(r->least[j] <= r->largest[j])) r->least[j] = r->largest[j] = 0;
  const int64_t added = count_observed(y, end - seen);
  const int64_t held = count_observed(p->y + p->offset[j], p->length[j]);
  int64_t silent = 0;
  uint16_t mark[WSF__SEEN];
  marks_of(mark, r, j);
  const again told = look_back(r, j, mark);
  wsf__seen_move(r->seen + j * WSF__SEEN, mark, y, end - seen);
  while (silent < end - seen && isnan(y[end - seen - 1 - silent])) ++silent;
  const int64_t before = r->old->silent ? r->old->silent[i] : 0;
  r->silent[j] = added > 0 || frame->length[i] == 0 ? silent : silent + before;
  r->news[j] = (wsf__news){.kind = r->absent && r->absent[j] ? WSF__NEWS_ABSENT
                                   : added > 0               ? WSF__NEWS_ADDED
                                                             : WSF__NEWS_NONE,
                           .added = added,
                           .missing = end - seen - added,
                           .seen = held - added - told.late - told.changed - told.early,
                           .changed = told.changed,
                           .early = told.early,
                           .first_early = told.first_early,
                           .late = told.late};
  tell_large(r, j, y, end - seen, seen);
  const wsf__series s = {.y = y, .n = end - seen, .t0 = seen, .id = j, .slot = j};
  WSF__TRY(wsf__tree_update(job, r->old_root, &s, r->root));
  WSF__TRY(wsf__tree_update(job, r->old_fallback, &s, r->fallback));
  return ensure_fallback(r, job, j);
}

static void tell_far(const run *r, int64_t j) {
  const int64_t given = r->given ? r->given[j] : j;
  if (!r->far || given < 0) return;
  r->news[j].far = r->far[given].n;
  r->news[j].first_far = r->far[given].first + r->shift;
}

static wsf_status update_block(wsf__fit *fit, int64_t block, void *user) {
  run *r = user;
  const wsf__panel *p = r->panel;
  wsf__job *job = (wsf__job *)fit;
  const int64_t end = (block + 1) * WSF__BATCH < p->n ? (block + 1) * WSF__BATCH : p->n;
  for (int64_t j = block * WSF__BATCH; j < end; ++j) {
    const wsf__mark mark = wsf__arena_mark(fit->scratch);
    if (wsf__stopped(fit->env)) return wsf__fail_stopped(fit->env, fit->err);
    if (r->row[j] >= 0) {
      WSF__TRY(update_known(r, job, j));
    } else if (r->f->frame->length[j] > 0) {
      const wsf__series s = held(r, j);
      wsf__bounds_of(s.y, s.n, &r->least[j], &r->largest[j]);
      const int64_t added = count_observed(s.y, s.n);
      r->news[j] = (wsf__news){.kind = WSF__NEWS_NEW, .added = added, .missing = s.n - added};
      wsf__seen_move(r->seen + j * WSF__SEEN, NULL, s.y, s.n);
      while (r->silent[j] < s.n && isnan(s.y[s.n - 1 - r->silent[j]])) ++r->silent[j];
      if (s.n > 0) WSF__TRY(wsf__tree_start(job, &r->lenders, &s, r->root));
      WSF__TRY(ensure_fallback(r, job, j));
      if (r->root->state[j].reason == WSF__SKIPPED) r->root->state[j].reason = WSF__NEW;
    } else {
      r->news[j].kind = WSF__NEWS_NEW;
      r->root->state[j].reason = r->fallback->state[j].reason = WSF__EMPTY;
    }
    r->news[j].off_calendar = p->off_calendar ? p->off_calendar[j] : 0;
    tell_far(r, j);
    wsf__arena_reset(fit->scratch, mark);
  }
  return WSF_OK;
}

static wsf_status update_trees(run *r, wsf__arena *scratch, wsf_error *err) {
  wsf__job job;
  wsf__memo memo;
  WSF__TRY(wsf__memo_open(&memo, r->env, r->f->frame, &wsf__engine_foresight, err));
  wsf__job_init(&job, r->f->frame, r->env, scratch, &r->f->arena, err);
  job.stage.name = "update";
  const int64_t blocks = (r->panel->n + WSF__BATCH - 1) / WSF__BATCH;
  wsf_status status = job.fit.parallel(&job.fit, blocks, update_block, r);
  if (status == WSF_OK) status = wsf__pools_settle(r->root, scratch, err);
  if (status == WSF_OK) status = wsf__pools_settle(r->fallback, scratch, err);
  wsf__job_free(&job);
  wsf__memo_close(&memo, r->env);
  if (status != WSF_OK && !wsf__says_cut(err)) {
    wsf__say_cut(err, r->env, job.stage.name, job.stage.done, blocks, "steps");
  }
  if (status != WSF_OK) return status;
  return wsf__checkpoint(r->env, job.stage.name, job.stage.done, job.stage.done, err);
}

/* Periods that the new data adds to the series that gains most. */
static int64_t most_added(const run *r) {
  const wsf__panel *old = r->old->frame;
  int64_t most = 0;
  for (int64_t j = 0; j < r->panel->n; ++j) {
    const int64_t i = r->row[j], end = new_end(r, j);
    if (i >= 0 && end - old->first[i] - old->length[i] > most) {
      most = end - old->first[i] - old->length[i];
    }
  }
  return most;
}

/* A column known ahead of which the dataset says nothing. */
static wsf_status untold(wsf__column *out, const wsf__column *like, int64_t n, wsf__arena *arena,
                         wsf_error *err) {
  int32_t *group = wsf__arena_new(arena, (size_t)n, sizeof *group);
  if (!group) return wsf__fail_memory(err);
  for (int64_t j = 0; j < n; ++j) group[j] = -1;
  *out = *like;
  out->n_groups = out->periods = 0;
  out->group = group;
  out->value = NULL;
  out->vintages = NULL;
  return WSF_OK;
}

/* The frame's columns in the old periods: what the dataset does not tell, of series that it has or
 * of those it lacks, stays as it was, and so do columns known ahead that it lacks. Of those it may
 * hold the past alone. */
static wsf_status move_columns(const run *r, wsf__panel *frame, wsf__arena *arena, wsf_error *err) {
  const wsf__panel *old = r->old->frame;
  int64_t room = wsf__match_room(&r->env->limits, r->panel) + wsf__match_room(&r->env->limits, old);
  int64_t *same = wsf__arena_new(arena, (size_t)frame->n, sizeof *same);
  const size_t most = (size_t)frame->n_columns + (size_t)old->n_columns;
  wsf__column *column = wsf__arena_new(&frame->arena, most, sizeof *column);
  const wsf__column **from_of = wsf__arena_new(arena, most, sizeof *from_of);
  if (!same || !column || !from_of) return wsf__fail_memory(err);
  for (int64_t j = 0; j < frame->n; ++j) same[j] = j;
  for (int c = 0; c < frame->n_columns; ++c) from_of[c] = &frame->column[c];
  int n = frame->n_columns;
  for (int k = 0; k < old->n_columns; ++k) {
    const wsf__column *then = &old->column[k];
    const int c = wsf__panel_find_column(frame, then->name);
    if (then->kind != WSF__KNOWN) continue;
    if (c >= 0 && frame->column[c].kind == WSF__PAST) {
      from_of[c] = &r->panel->column[wsf__panel_find_column(r->panel, then->name)];
    } else if (c < 0) {
      wsf__column *none = wsf__arena_new(arena, 1, sizeof *none);
      if (!none) return wsf__fail_memory(err);
      WSF__TRY(untold(none, then, frame->n, arena, err));
      from_of[n++] = none;
    }
  }
  frame->n_columns = n;
  for (int c = 0; c < frame->n_columns; ++c) {
    const wsf__column *from = from_of[c];
    const int k = wsf__panel_find_column(old, from->name);
    const bool known = k >= 0 && old->column[k].kind == WSF__KNOWN && from->kind == WSF__PAST;
    if (k >= 0 && (old->column[k].kind == from->kind || known)) {
      WSF__TRY(wsf__frame_join(&column[c], &frame->arena, arena, from, &old->column[k], r->row,
                               frame->n, r->shift, &room, err));
    } else {
      WSF__TRY(wsf__match_column(&column[c], &frame->arena, from, from, same, frame->n, r->shift,
                                 &room, err));
    }
    if (column[c].kind == WSF__KNOWN && column[c].periods > frame->T + frame->ahead + r->shift) {
      frame->ahead = column[c].periods - frame->T - r->shift;
    }
  }
  frame->column = column;
  return WSF_OK;
}

/* Every period between what was seen and what is new is walked over: too many mean a stray time. */
static wsf_status check_gap(const run *r, const int64_t *first, const int64_t *length, int64_t n,
                            wsf_error *err) {
  const wsf__panel *old = r->old->frame;
  int64_t left = wsf__match_room(&r->env->limits, r->panel);
  for (int64_t j = 0; j < n; ++j) {
    const int64_t i = r->row[j], seen = i < 0 ? first[j] : old->first[i] + old->length[i];
    left -= first[j] + length[j] - seen;
    if (left >= 0) continue;
    char label[128], end[32], next[32];
    wsf__panel_label(r->panel, j, label, sizeof label);
    wsf__calendar_text(&old->calendar, seen - 1, end);
    wsf__calendar_text(&old->calendar, first[j] + length[j] - 1, next);
    (void)wsf__fail(err, WSF_E_DATA,
                    "series %s ends at %s and the dataset reaches to %s, too far for its "
                    "observations; expected a stray time removed (max_values allows more)",
                    label, end, next);
    wsf__error_at_series(err, j);
    return WSF_E_DATA;
  }
  return WSF_OK;
}

/* What the fit found of columns holds, whatever the new data looks like. */
static void keep_sparse(wsf__panel *frame, const wsf__panel *old) {
  for (int c = 0; c < frame->n_columns; ++c) {
    wsf__column *column = (wsf__column *)(uintptr_t)&frame->column[c]; /* nobody has seen it yet */
    const int k = wsf__panel_find_column(old, column->name);
    column->sparse = k >= 0 && old->column[k].sparse;
  }
}

/* Forecasts are called as they were, whatever the new dataset calls its columns. */
static wsf_status keep_names(wsf__panel *frame, const wsf__panel *old, wsf_error *err) {
  frame->source = wsf__arena_text(&frame->arena, old->source, strlen(old->source));
  frame->time_name = wsf__arena_text(&frame->arena, old->time_name, strlen(old->time_name));
  frame->target_name = wsf__arena_text(&frame->arena, old->target_name, strlen(old->target_name));
  return frame->source && frame->time_name && frame->target_name ? WSF_OK : wsf__fail_memory(err);
}

/* Frame of the new forecaster: the new dataset's, on the old calendar and of the source of the fit;
 * a known series begins where it began and ends no earlier than it did. */
static wsf_status make_frame(run *r, wsf__arena *arena, wsf_error *err) {
  const wsf__panel *old = r->old->frame;
  const int64_t reach = wsf__tree_reach(r->f->node);
  const int64_t tail = reach > 0 ? reach + most_added(r) : 0;
  WSF__TRY(wsf__panel_frame(&r->f->frame, r->env, r->panel, tail, err));
  wsf__panel *frame = r->f->frame;
  int64_t *first = wsf__arena_new(&frame->arena, (size_t)frame->n, sizeof *first);
  int64_t *length = wsf__arena_new(&frame->arena, (size_t)frame->n, sizeof *length);
  if (!first || !length) return wsf__fail_memory(err);
  int64_t T = 0;
  for (int64_t j = 0; j < frame->n; ++j) {
    const int64_t i = r->row[j];
    first[j] = r->panel->first[j] + r->shift;
    int64_t end = new_end(r, j);
    if (i >= 0) {
      first[j] = old->first[i];
      if (end < old->first[i] + old->length[i]) end = old->first[i] + old->length[i];
    } else {
      first[j] = held(r, j).t0;
    }
    length[j] = end - first[j];
    if (end > T) T = end;
  }
  WSF__TRY(wsf__go_on(r->env, 0, err));
  WSF__TRY(check_gap(r, first, length, frame->n, err));
  frame->arena.work_of = r->env;
  const wsf_status status = move_columns(r, frame, arena, err);
  frame->arena.work_of = NULL;
  WSF__TRY(status);
  keep_sparse(frame, old);
  WSF__TRY(keep_names(frame, old, err));
  frame->calendar = old->calendar;
  frame->season = old->season;
  frame->moved = frame->moved || old->moved;
  frame->first = first;
  frame->length = length;
  frame->ahead = frame->T + frame->ahead + r->shift - T;
  if (frame->ahead < 0) frame->ahead = 0;
  frame->T = T;
  return WSF_OK;
}

/* Rows that the dataset left out as they are not on its calendar, of all its files. */
static int64_t rows_off_calendar(const wsf__panel *p) {
  const int64_t item = wsf_table_find(p->report, "item"),
                count = wsf_table_find(p->report, "count");
  int64_t rows = 0;
  for (int64_t i = 0; i < wsf_table_rows(p->report); ++i) {
    const char *text = wsf_table_text(p->report, item, i, NULL);
    const bool off = text && strcmp(text, "dates off the calendar") == 0;
    if (off && !wsf_table_is_null(p->report, count, i)) {
      rows += wsf_table_i64(p->report, count)[i];
    }
  }
  return rows;
}

/* The dataset, and beside its series those that it lacks. */
static wsf_status keep_absent(run *r, wsf__arena *arena, wsf_error *err) {
  const wsf__panel *p = r->panel;
  wsf__panel *wide = wsf__arena_new(arena, 1, sizeof *wide);
  if (!wide) return wsf__fail_memory(err);
  WSF__TRY(wsf__panel_widen(wide, r->env, arena, p, r->old->frame, err));
  WSF__TRY(wsf__limit_check(&r->env->limits, WSF__MOST_series, wide->n, err));
  int64_t *row, *there;
  WSF__TRY(wsf__match_series(&row, r->env, arena, wide, r->old->frame, err));
  WSF__TRY(wsf__match_series(&there, r->env, arena, wide, p, err));
  WSF__TRY(wsf__go_on(r->env, 0, err));
  bool *absent = wsf__arena_new(arena, (size_t)wide->n, sizeof *absent);
  if (!absent) return wsf__fail_memory(err);
  for (int64_t j = 0; j < wide->n; ++j) absent[j] = there[j] < 0;
  r->panel = wide;
  r->row = row;
  r->given = there;
  r->absent = absent;
  return WSF_OK;
}

static wsf_status fail_absent(const run *r, int64_t i, const char *expected, wsf_error *err) {
  char label[128];
  wsf__panel_label(r->old->frame, i, label, sizeof label);
  (void)wsf__fail(err, WSF_E_DATA,
                  "series %s of the forecaster has no observation in the dataset, expected %s",
                  label, expected);
  wsf__error_at_series(err, i);
  return WSF_E_DATA;
}

/* Which series of the forecaster the dataset has: all of them if it is to be strict, and one at
 * least, or its keys are others. */
static wsf_status find_absent(run *r, const wsf__node *o, wsf__arena *arena, wsf_error *err) {
  const wsf__panel *old = r->old->frame;
  uint8_t *found = wsf__arena_zero(arena, (size_t)old->n, sizeof *found);
  if (!found) return wsf__fail_memory(err);
  int64_t there = 0, first = -1;
  for (int64_t j = 0; j < r->panel->n; ++j) {
    if (r->row[j] >= 0) found[r->row[j]] = 1;
  }
  for (int64_t i = 0; i < old->n; ++i) {
    there += found[i];
    if (!found[i] && first < 0) first = i;
  }
  const bool strict = wsf__arg_flag(o, "strict");
  if (strict && first >= 0) return fail_absent(r, first, "one of every series (strict)", err);
  if (there == 0 && first >= 0) return fail_absent(r, first, "one of some of its series", err);
  const int64_t off = strict ? rows_off_calendar(r->panel) : 0;
  if (off > 0) {
    return wsf__fail(err, WSF_E_DATA,
                     "%lld row%s of the dataset %s not on its calendar, expected none (strict)",
                     (long long)off, off == 1 ? "" : "s", off == 1 ? "is" : "are");
  }
  if (wsf__arg_is(o, "absent", "drop"))
    r->f->dropped = old->n - there;
  else if (first >= 0)
    WSF__TRY(keep_absent(r, arena, err));
  return WSF_OK;
}

static wsf_status check_late(const run *r, wsf_error *err) {
  for (int64_t j = 0; j < r->panel->n; ++j) {
    uint16_t mark[WSF__SEEN];
    if (r->row[j] < 0) continue;
    marks_of(mark, r, j);
    const again told = look_back(r, j, mark);
    if (told.late == 0) continue;
    char label[128], late[32], end[32];
    const wsf__panel *old = r->old->frame;
    const int64_t i = r->row[j];
    wsf__panel_label(old, i, label, sizeof label);
    wsf__calendar_text(&old->calendar, told.first_late, late);
    wsf__calendar_text(&old->calendar, old->first[i] + old->length[i] - 1, end);
    (void)wsf__fail(err, WSF_E_DATA,
                    "the observation of series %s for %s came late: the forecaster has passed it "
                    "as missing and stands at %s, expected none (strict; with end=own a series "
                    "waits for its next row)",
                    label, late, end);
    wsf__error_at_series(err, i);
    return WSF_E_DATA;
  }
  return WSF_OK;
}

static wsf_status prepare(run *r, const wsf__node *o, wsf__arena *arena, wsf_error *err) {
  const wsf__panel *p = r->panel;
  wsf__fitted_panel *f = r->f;
  const wsf__node *fallback_node;
  int64_t *row;
  WSF__TRY(can_update(r->old, err));
  WSF__TRY(wsf__match_calendar(&r->shift, r->old->frame, p, err));
  const int64_t seen = r->old->frame->T - r->shift;
  WSF__TRY(wsf__ahead_cut(&r->panel, &r->far, r->env, arena, p, seen, o, err));
  p = r->panel;
  WSF__TRY(wsf__match_series(&row, r->env, arena, p, r->old->frame, err));
  r->row = row;
  if (wsf__arg_is(o, "target", "same")) {
    WSF__TRY(wsf__match_target(r->old->frame, p, "the forecaster", err));
  }
  if (wsf__arg_flag(o, "strict")) WSF__TRY(check_late(r, err));
  WSF__TRY(find_absent(r, o, arena, err));
  p = r->panel;
  WSF__TRY(wsf__fitted_panel_parse(f, &fallback_node, r->old->text, err));
  /* A loaded forecaster may come with another fallback than today's. */
  const char *fallback_text = wsf__node_text(arena, r->old->fallback->node);
  if (!fallback_text) return wsf__fail_memory(err);
  WSF__TRY(wsf__expr_parse(&fallback_node, &f->arena, wsf__engine_catalog(), "model", fallback_text,
                           strlen(fallback_text), err));
  WSF__TRY(wsf__fitted_panel_room(f, fallback_node, p->n, &r->root, &r->fallback, err));
  WSF__TRY(wsf__go_on(r->env, 0, err));
  r->old_root = wsf__tree_new(arena, f->node, p->n);
  r->old_fallback = wsf__tree_new(arena, fallback_node, p->n);
  r->least = wsf__arena_zero(&f->arena, (size_t)p->n, sizeof *r->least);
  r->largest = wsf__arena_zero(&f->arena, (size_t)p->n, sizeof *r->largest);
  r->silent = wsf__arena_zero(&f->arena, (size_t)p->n, sizeof *r->silent);
  r->seen = wsf__seen_room(&f->arena, p->n);
  r->news = wsf__arena_zero(&f->arena, (size_t)p->n, sizeof *r->news);
  if (!r->old_root || !r->old_fallback || !r->least || !r->largest || !r->silent || !r->seen ||
      !r->news) {
    return wsf__fail_memory(err);
  }
  WSF__TRY(wsf__go_on(r->env, 0, err));
  view(r->old_root, r->old->root, r->row);
  view(r->old_fallback, r->old->fallback, r->row);
  if (!wsf__pools_share(r->root, r->old->root, &f->arena) ||
      !wsf__pools_share(r->fallback, r->old->fallback, &f->arena)) {
    return wsf__fail_memory(err);
  }
  f->least = r->least;
  f->largest = r->largest;
  f->silent = r->silent;
  f->seen = r->seen;
  f->news = r->news;
  WSF__TRY(wsf__go_on(r->env, 0, err));
  WSF__TRY(make_frame(r, arena, err));
  return wsf__lenders_find(&r->lenders, arena, f->frame, r->root, r->old_root, err);
}

wsf_status wsf__engine_update(wsf__fitted_panel **out, wsf__env *env, const wsf__fitted_panel *old,
                              const wsf__panel *panel, const char *options, wsf_error *err) {
  *out = NULL;
  WSF__TRY(wsf__panel_need_target(panel, err));
  wsf__fitted_panel *f = wsf__fitted_panel_new(&env->alloc);
  if (!f) return wsf__fail_memory(err);
  wsf__arena arena;
  wsf__arena_init(&arena, &env->alloc);
  const wsf__node *o;
  wsf__env own = *env;
  arena.work_of = &own;
  run r = {.env = &own, .old = old, .f = f, .panel = panel};
  wsf__panel *recast = NULL;
  wsf_status status =
      wsf__expr_arguments(&o, &arena, wsf__engine_catalog(), &wsf__spec_update, options, err);
  if (status == WSF_OK) status = wsf__match_pace(&recast, old->frame, panel, err);
  if (recast) {
    r.panel = recast;
    wsf__log_recast(env, old->frame, panel);
  }
  if (status == WSF_OK) {
    wsf__env_hurry(&own, wsf__arg_number(o, "seconds"));
    status = prepare(&r, o, &arena, err);
  }
  if (status == WSF_OK) status = update_trees(&r, &arena, err);
  if (status == WSF_OK) wsf__frame_trim(f->frame, wsf__tree_reach(f->node));
  wsf__arena_free(&arena);
  wsf__panel_release(recast);
  if (status != WSF_OK) {
    wsf__fitted_panel_release(f);
    return status;
  }
  wsf__log_target(env, old->frame, panel);
  if (wsf__regressors_used(f->node)) wsf__log_columns(env, "update", old->frame, panel);
  wsf__log_update(env, f);
  *out = f;
  return WSF_OK;
}
