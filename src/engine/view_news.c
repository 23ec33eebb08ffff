/* What an update brought, series by series. It is told of the forecaster that the update returned
 * and is not saved with it: a file says what a forecaster knows, not how it came to know it. */
#include "engine/drive.h"

static const char *word_of(const wsf__news *news) {
  switch (news->kind) {
  case WSF__NEWS_ADDED:
    return "added";
  case WSF__NEWS_ABSENT:
    return "absent";
  case WSF__NEWS_NEW:
    return "new";
  default:
    return "none";
  }
}

/* Observations left out for where they lie, or told for their size: their number, and the time of
 * the first. */
typedef struct places {
  int64_t *count, *first, column;
} places;

static wsf_status add_places(wsf_table *t, const wsf__panel *p, const char *count,
                             const char *first, places *out, wsf_error *err) {
  WSF__TRY(wsf__table_add_i64(t, count, WSF_TYPE_I64, &out->count, err));
  out->column = wsf_table_columns(t);
  return wsf__table_add_time(t, p, first, &out->first, err);
}

static void put_places(wsf_table *t, const wsf__panel *p, const places *to, int64_t row,
                       int64_t count, int64_t first) {
  to->count[row] = count;
  if (count > 0)
    to->first[row] = wsf__calendar_value(&p->calendar, first);
  else
    wsf__table_set_null(t, to->column, row);
}

wsf_status wsf__view_news(wsf_table **t, wsf__env *env, const wsf__fitted_panel *f,
                          const wsf__node *node, wsf__arena *arena, wsf_error *err) {
  (void)env;
  (void)node;
  (void)arena;
  enum { COUNTS = 6 };
  static const char *const name[COUNTS] = {"added",   "missing", "seen",
                                           "changed", "late",    "off_calendar"};
  const wsf__panel *p = f->frame;
  int64_t word, reason, *last, *count[COUNTS];
  places far, early, large;
  if (!f->news) {
    return wsf__fail(err, WSF_E_UNSUPPORTED,
                     "the forecaster comes from a fit or a file; what came in is told of one that "
                     "wsf_update just made, and is not saved with it");
  }
  WSF__TRY(wsf__table_begin(t, env, p->n, err));
  WSF__TRY(wsf__table_add_keys(*t, p, NULL, p->n, 1, err));
  WSF__TRY(wsf__table_add_text(*t, "status", &word, err));
  for (int c = 0; c < COUNTS; ++c) {
    WSF__TRY(wsf__table_add_i64(*t, name[c], WSF_TYPE_I64, &count[c], err));
  }
  WSF__TRY(add_places(*t, p, "far", "first_far", &far, err));
  WSF__TRY(add_places(*t, p, "early", "first_early", &early, err));
  WSF__TRY(add_places(*t, p, "large", "first_large", &large, err));
  WSF__TRY(wsf__table_add_time(*t, p, "last", &last, err));
  WSF__TRY(wsf__table_add_text(*t, "reason", &reason, err));
  for (int64_t i = 0; i < p->n; ++i) {
    const wsf__news *n = &f->news[i];
    WSF__TRY(wsf__table_put(*t, word, word_of(n), err));
    count[0][i] = n->added;
    count[1][i] = n->missing;
    count[2][i] = n->seen;
    count[3][i] = n->changed;
    count[4][i] = n->late;
    count[5][i] = n->off_calendar;
    put_places(*t, p, &far, i, n->far, n->first_far);
    put_places(*t, p, &early, i, n->early, n->first_early);
    put_places(*t, p, &large, i, n->large, n->first_large);
    last[i] = wsf__calendar_value(&p->calendar, p->first[i] + p->length[i] - 1);
    WSF__TRY(wsf__table_put(*t, reason, wsf__reason_word(f->root->state[i].reason), err));
  }
  return WSF_OK;
}
