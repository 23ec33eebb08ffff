/* What the makers of panels (build, cut, select, frame) share. */
#ifndef WSF_PANEL_MAKE_H
#define WSF_PANEL_MAKE_H

#include "panel/panel.h"

/* An empty panel without series; the caller fills it and owns the one reference. */
wsf_status wsf__panel_create(wsf__panel **out, const wsf__alloc *a, wsf_error *err);

/* For a loop over what the panel is made of, whose arena works for somebody as long as it is made:
 * looks for a cancel once every so many numbers. */
static inline wsf_status wsf__panel_goes_on(const wsf__panel *p, wsf__watch *watch, int64_t numbers,
                                            wsf_error *err) {
  return wsf__watch_ends(watch, numbers) ? wsf__fail_stopped(p->arena.work_of, err) : WSF_OK;
}

/* A copy of the column's name and categories in place of those that it points to. */
wsf_status wsf__column_texts(wsf__column *c, wsf__arena *arena, wsf_error *err);

/* past.c: where a PAST column of a frame begins that keeps `tail` periods before the earliest end.
 */
int64_t wsf__frame_start(const wsf__panel *frame, const wsf__column *column, int64_t tail);
/* Calendar, season, ends and names of another panel. */
wsf_status wsf__panel_head(wsf__panel *p, const wsf__panel *from, wsf_error *err);
/* Keys of another panel for the p->n series of it that `series` lists (NULL: all, in order). */
wsf_status wsf__panel_keys(wsf__panel *p, const wsf__panel *from, const int64_t *series,
                           wsf_error *err);
/* Copy the members of another panel's sums; place[i] is where its series i stands in p, -1 if it
 * was taken away, which empties its sums, -2 if nothing of it was left, which leaves them whole.
 * NULL: every series stands where it stood. */
wsf_status wsf__panel_members(wsf__panel *p, const wsf__panel *from, const int32_t *place,
                              wsf_error *err);

/* A key of `p` with only the labels that its series use: label[code[i]] is the label of series i
 * among labels that are in order already; codes of -1 stay. Texts are copied in one block. code is
 * renumbered in place and becomes the key's. */
wsf_status wsf__panel_key(wsf__key *out, wsf__panel *p, const char *name, bool integer,
                          const char *const *label, int32_t n_labels, int32_t *code, int64_t n,
                          wsf_error *err);

#endif
