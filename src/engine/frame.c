/* What forecasts read beside the states: the frame, or of it only the series asked for, with the
 * known columns of a fresh dataset in the place of its own.
 *
 * From the fresh dataset's first period on a series that it holds has its values, also where they
 * are missing: what was known at the fit may be a plan that no longer stands. Earlier periods, and
 * the series that it lacks, keep what the frame has. Whether a missing value matters is for the
 * model to say, which alone knows what it reads. */
#include "engine/drive.h"
#include "panel/match.h"

#include <math.h>
#include <stdlib.h>

/* A pair of groups, of the frame's column and the fresh one's, that some series has. */
typedef struct pair {
  int32_t own, fresh; /* -1: none */
  int64_t series;
} pair;

static int compare(const void *a, const void *b) {
  const pair *x = a, *y = b;
  if (x->own != y->own) return x->own < y->own ? -1 : 1;
  if (x->fresh != y->fresh) return x->fresh < y->fresh ? -1 : 1;
  return (x->series > y->series) - (x->series < y->series);
}

/* fresh: the column as wsf__match_column gives it, its first period is `start`. */
static wsf_status lay_over(wsf__column *out, wsf__arena *arena, const wsf__column *own,
                           const wsf__column *fresh, int64_t start, int64_t n, int64_t *room,
                           wsf_error *err) {
  pair *pairs = wsf__arena_new(arena, (size_t)n, sizeof *pairs);
  int32_t *group = wsf__arena_new(arena, (size_t)n, sizeof *group);
  if (!pairs || !group) return wsf__fail_memory(err);
  for (int64_t i = 0; i < n; ++i) pairs[i] = (pair){own->group[i], fresh->group[i], i};
  qsort(pairs, (size_t)n, sizeof *pairs, compare);
  int32_t groups = 0;
  for (int64_t j = 0; j < n; ++j) {
    const bool new = j == 0 || pairs[j].own != pairs[groups - 1].own ||
                     pairs[j].fresh != pairs[groups - 1].fresh;
    group[pairs[j].series] = new ? groups : groups - 1;
    if (new) pairs[groups++] = pairs[j];
  }
  const int64_t periods = own->periods > fresh->periods ? own->periods : fresh->periods;
  WSF__TRY(wsf__take_room(room, groups, periods, own->name, err));
  double *value = wsf__arena_new(arena, (size_t)groups * (size_t)periods, sizeof *value);
  if (!value) return wsf__fail_memory(err);
  wsf__watch watch = {.scratch = arena};
  for (int64_t g = 0; g < groups; ++g) {
    for (int64_t t = 0; t < periods; ++t) {
      if (wsf__watch_ends(&watch, 1)) return wsf__fail_stopped(arena->work_of, err);
      const wsf__column *from = pairs[g].fresh >= 0 && t >= start ? fresh : own;
      const int64_t at = from == fresh ? pairs[g].fresh : pairs[g].own;
      value[g * periods + t] =
          at >= 0 && t < from->periods ? from->value[at * from->periods + t] : NAN;
    }
  }
  *out = *own;
  out->vintages = NULL; /* of values as of now, and of other groups */
  out->n_groups = groups;
  out->periods = periods;
  out->group = group;
  out->value = value;
  return WSF_OK;
}

static wsf_status refresh(wsf__panel *frame, wsf__env *env, wsf__arena *arena,
                          const wsf__panel *fresh, wsf_error *err) {
  int64_t shift, *row;
  WSF__TRY(wsf__match_calendar(&shift, frame, fresh, err));
  WSF__TRY(wsf__match_series(&row, env, arena, frame, fresh, err));
  wsf__column *column = wsf__arena_new(arena, (size_t)frame->n_columns, sizeof *column);
  if (!column) return wsf__fail_memory(err);
  int64_t room = wsf__match_room(&env->limits, fresh) + wsf__match_room(&env->limits, frame);
  for (int c = 0; c < frame->n_columns; ++c) {
    column[c] = frame->column[c];
    const int k = wsf__panel_find_column(fresh, column[c].name);
    if (column[c].kind != WSF__KNOWN || k < 0 || fresh->column[k].kind != WSF__KNOWN) continue;
    wsf__column as_own;
    WSF__TRY(wsf__match_column(&as_own, arena, &column[c], &fresh->column[k], row, frame->n, shift,
                               &room, err));
    WSF__TRY(lay_over(&column[c], arena, &frame->column[c], &as_own, shift, frame->n, &room, err));
  }
  frame->column = column;
  if (fresh->T + fresh->ahead + shift > frame->T + frame->ahead) {
    frame->ahead = fresh->T + fresh->ahead + shift - frame->T;
  }
  return WSF_OK;
}

wsf_status wsf__frame_make(wsf__panel *out, wsf__env *env, wsf__arena *arena,
                           const wsf__panel *frame, const wsf__panel *fresh, const int64_t *series,
                           int64_t n, wsf_error *err) {
  wsf__panel_look(out, frame);
  if (series) WSF__TRY(wsf__panel_view(out, arena, frame, series, n, err));
  if (!fresh) return WSF_OK;
  wsf__panel *recast;
  WSF__TRY(wsf__match_pace(&recast, frame, fresh, err));
  if (recast) wsf__log_recast(env, frame, fresh);
  const wsf_status status = refresh(out, env, arena, recast ? recast : fresh, err);
  wsf__panel_release(recast);
  return status;
}
