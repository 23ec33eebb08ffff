/* The same series, calendar and columns in two panels. */
#ifndef WSF_PANEL_MATCH_H
#define WSF_PANEL_MATCH_H

#include "panel/panel.h"

/* The series of `panel` whose key labels are those of another panel's series; keys are
 * found by name. */
typedef struct wsf__matcher {
  const wsf__panel *panel;
  int n_keys;
  int32_t *want; /* [n_keys] codes looked for */
} wsf__matcher;
wsf_status wsf__matcher_init(wsf__matcher *m, wsf__arena *arena, const wsf__panel *panel,
                             wsf_error *err);
/* Set the label of key k, "" for series that sum over it; false if no series has it. */
bool wsf__matcher_set(wsf__matcher *m, int k, const char *label);
int64_t wsf__matcher_find(const wsf__matcher *m); /* -1: none */
/* For every series of `of`, its row in `in`, or -1. WSF_E_DATA if the keys differ. */
wsf_status wsf__match_series(int64_t **row, const wsf__env *env, wsf__arena *arena,
                             const wsf__panel *of, const wsf__panel *in, wsf_error *err);
/* Period of a time of new data, of which a month may be named by any of its days. */
bool wsf__match_period(const wsf__panel *base, wsf__time time, int64_t *out);
/* `other` on base's calendar, where it has another step of the same frequency or holds so few
 * periods that they do not tell theirs; NULL: it needs none, is of another frequency, or has an
 * observation that falls on no period of base. The caller releases it. */
wsf_status wsf__match_pace(wsf__panel **out, const wsf__panel *base, const wsf__panel *other,
                           wsf_error *err);
/* Whether a target is called by its place in a table (column3), as no header names it. */
bool wsf__target_unnamed(const wsf__panel *panel);
/* WSF_E_DATA if a dataset has another target than the one it is to go with: its name differs, and
 * each has one. */
wsf_status wsf__match_target(const wsf__panel *base, const wsf__panel *other, const char *whose,
                             wsf_error *err);
/* Periods of `other` are periods of `base` minus the shift; WSF_E_DATA if the calendars differ. */
wsf_status wsf__match_calendar(int64_t *shift, const wsf__panel *base, const wsf__panel *other,
                               wsf_error *err);
/* The column `name` of `from`, in base's periods and with base's category codes, for the series
 * that `row` names; in arena, whose work it is. */
wsf_status wsf__match_column(wsf__column *out, wsf__arena *arena, const wsf__column *like,
                             const wsf__column *from, const int64_t *row, int64_t n, int64_t shift,
                             int64_t *room, wsf_error *err);
/* The values that columns of one calendar laid on another may have: `from` holds them there.
 * wsf__take_room takes some of it: WSF_E_DATA if there is no more, for then the two lie too far
 * apart. */
int64_t wsf__match_room(const wsf__limits *limits, const wsf__panel *from);
wsf_status wsf__take_room(int64_t *room, int64_t groups, int64_t periods, const char *column,
                          wsf_error *err);

/* The series of `more` that p lacks, beside its own and in the order of their keys, as a panel that
 * shares what it can with both, in arena: for reading, never retained. What comes from `more`
 * begins at period 0 and has no length, no values of columns. WSF_E_DATA if the keys differ. */
wsf_status wsf__panel_widen(wsf__panel *out, const wsf__env *env, wsf__arena *arena,
                            const wsf__panel *p, const wsf__panel *more, wsf_error *err);

#endif
