/* What a fit, an update, a forecast and a load did, a line each, for the log of the host: nobody
 * should have to ask for a report to learn that some series got a simpler model than the one asked
 * for, or that their paths lack something. */
#include "engine/drive.h"
#include "ingest/hint.h"
#include "models/regressors.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ", the first of series 1/72", or nothing where there is one series without a name. */
enum { FIRST_OF = 160 };
static const char *first_of(char out[FIRST_OF], const wsf__panel *frame, int64_t series) {
  char label[128];
  out[0] = '\0';
  if (frame->n_keys == 0) return out;
  wsf__panel_label(frame, series, label, sizeof label);
  (void)snprintf(out, FIRST_OF, ", the first of series %s", label);
  return out;
}

static void warn_replaced(const wsf__env *env, const char *what, const wsf__fitted_panel *f) {
  int64_t replaced = 0;
  for (int64_t i = 0; i < f->frame->n; ++i) {
    replaced += f->root->state[i].reason >= WSF__NOT_FITTED;
  }
  if (replaced == 0) return;
  char reasons[WSF__REASONS_TEXT];
  wsf__reason_counts counts = {{0}};
  wsf__reason_counts_add(&counts, f);
  wsf__reason_counts_text(reasons, sizeof reasons, &counts, WSF__NOT_FITTED, INT32_MAX);
  wsf__log(env, WSF__LOG_WARNING,
           "%s: %" PRId64 " of %" PRId64 " series have no fit by %.200s and are forecast by %s: %s",
           what, replaced, f->frame->n, f->text, wsf__fallback_text, reasons);
}

static void warn_sparse(const wsf__env *env, const wsf__fitted_panel *f) {
  char names[400];
  if (!*wsf__panel_sparse_text(names, sizeof names, f->frame) || !wsf__regressors_know(f->node)) {
    return;
  }
  wsf__log(env, WSF__LOG_WARNING,
           "fit: known leaves out %s, without a value in more than one of 20 observed periods",
           names);
}

void wsf__log_fit(const wsf__env *env, const wsf__fitted_panel *f, int64_t started) {
  if (!env->log) return;
  char reasons[WSF__REASONS_TEXT];
  wsf__reason_counts counts = {{0}};
  const int64_t ms = (wsf__nanoseconds() - started) / 1000000;
  wsf__reason_counts_add(&counts, f);
  wsf__reason_counts_text(reasons, sizeof reasons, &counts, WSF__OK, WSF__NOT_FITTED);
  wsf__log(env, WSF__LOG_INFORMATION,
           "fit: %.200s on %" PRId64 " series in %" PRId64 ".%03d seconds: %s", f->text,
           f->frame->n, ms / 1000, (int)(ms % 1000), reasons);
  warn_replaced(env, "fit", f);
  warn_sparse(env, f);
  wsf__log_gaps(env, "fit", f->root, f->frame);
}

/* A few times apart by what others call a period may be totals of such, which nothing shows. */
void wsf__log_recast(const wsf__env *env, const wsf__panel *frame, const wsf__panel *given) {
  const wsf__calendar *as = &frame->calendar, *from = &given->calendar;
  if (given->T + given->ahead == 1 || from->freq == as->freq || from->freq == WSF__BUSINESS ||
      wsf__calendar_seconds(from) <= wsf__calendar_seconds(as)) {
    return;
  }
  const char *name[2] = {wsf__freq_name(from->freq), wsf__freq_name(as->freq)};
  wsf__log(env, WSF__LOG_WARNING,
           "data: the few times lie apart as those of freq=%s and are taken as freq=%s, the "
           "forecaster's (freq=%s says that they are totals, which it does not take)",
           name[0], name[1], name[0]);
}

void wsf__log_target(const wsf__env *env, const wsf__panel *frame, const wsf__panel *given) {
  if (strcmp(frame->target_name, given->target_name) == 0) return;
  wsf__log(env, WSF__LOG_WARNING,
           "update: the dataset has the target '%.100s', taken for the forecaster's '%.100s'",
           given->target_name, frame->target_name);
}

static void warn_far(const wsf__env *env, const wsf__fitted_panel *f) {
  int64_t far = 0, j = -1;
  for (int64_t i = 0; i < f->frame->n; ++i) {
    if (f->news[i].far > 0 && j < 0) j = i;
    far += f->news[i].far;
  }
  if (far == 0) return;
  char first[FIRST_OF], time[32];
  wsf__calendar_text(&f->frame->calendar, f->news[j].first_far, time);
  wsf__log(env, WSF__LOG_WARNING,
           "update: %" PRId64 " observation%s too far ahead and left out%s for %s (ahead= takes "
           "more)",
           far, far == 1 ? " is" : "s are", first_of(first, f->frame, j), time);
}

static void warn_large(const wsf__env *env, const wsf__fitted_panel *f) {
  int64_t series = 0, j = -1;
  for (int64_t i = 0; i < f->frame->n; ++i) {
    if (f->news[i].large == 0) continue;
    if (j < 0) j = i;
    ++series;
  }
  if (series == 0) return;
  char first[FIRST_OF], time[32];
  wsf__calendar_text(&f->frame->calendar, f->news[j].first_large, time);
  wsf__log(env, WSF__LOG_WARNING,
           "update: %" PRId64
           " series got a value more than a hundred times as large as any before: %.6g at %s%s",
           series, f->news[j].value, time, first_of(first, f->frame, j));
}

void wsf__log_update(const wsf__env *env, const wsf__fitted_panel *f) {
  if (!env->log) return;
  int64_t count[WSF__NEWS_NEW + 1] = {0}, added = 0, late = 0, changed = 0, early = 0, j = -1;
  for (int64_t i = 0; i < f->frame->n; ++i) {
    ++count[f->news[i].kind];
    added += f->news[i].added;
    late += f->news[i].late;
    changed += f->news[i].changed;
    if (f->news[i].early > 0 && j < 0) j = i;
    early += f->news[i].early;
  }
  char end[32], left[112] = "", other[96] = "", before[96] = "", first[FIRST_OF] = "",
                time[48] = "";
  wsf__calendar_text(&f->frame->calendar, f->frame->T - 1, end);
  if (late > 0) {
    (void)snprintf(left, sizeof left,
                   "; %" PRId64
                   " observation%s came late for periods already passed and %s left out",
                   late, late == 1 ? "" : "s", late == 1 ? "is" : "are");
  }
  if (changed > 0) {
    (void)snprintf(other, sizeof other,
                   "; %" PRId64 " observation%s from what was seen and %s left out", changed,
                   changed == 1 ? " differs" : "s differ", changed == 1 ? "is" : "are");
  }
  if (early > 0) {
    char text[32];
    wsf__calendar_text(&f->frame->calendar, f->news[j].first_early, text);
    (void)first_of(first, f->frame, j);
    (void)snprintf(time, sizeof time, " for %s", text);
    (void)snprintf(before, sizeof before,
                   "; %" PRId64 " observation%s before the history of %s series and %s left out",
                   early, early == 1 ? " lies" : "s lie", early == 1 ? "its" : "their",
                   early == 1 ? "is" : "are");
  }
  wsf__log(env, WSF__LOG_INFORMATION,
           "update: %" PRId64 " series moved on to %s, %" PRId64 " are new; %" PRId64
           " observations added, %" PRId64 " series without news, %" PRId64 " absent, %" PRId64
           " dropped%s%s%s%s%s",
           f->frame->n - count[WSF__NEWS_NEW], end, count[WSF__NEWS_NEW], added,
           count[WSF__NEWS_NONE], count[WSF__NEWS_ABSENT], f->dropped, left, other, before, first,
           time);
  warn_far(env, f);
  warn_large(env, f);
  wsf__log_gaps(env, "update", f->root, f->frame);
  warn_replaced(env, "update", f);
}

/* Fresh data that speak of other columns than the fit did: what the fit saw is used. */
void wsf__log_columns(const wsf__env *env, const char *what, const wsf__panel *frame,
                      const wsf__panel *fresh) {
  const bool later = strcmp(what, "predict") == 0;
  for (int c = 0; env->log && c < frame->n_columns; ++c) {
    const wsf__column *own = &frame->column[c];
    const int k = wsf__panel_find_column(fresh, own->name);
    const bool past = k >= 0 && fresh->column[k].kind == WSF__PAST;
    if (own->kind != WSF__KNOWN || (k >= 0 && fresh->column[k].kind == WSF__KNOWN)) continue;
    if (past && !later) continue;
    const char *near = NULL;
    char has[WSF__HINT_BYTES] = "";
    for (int i = 0; i < fresh->n_columns && !near; ++i) {
      const bool used = wsf__panel_find_column(frame, fresh->column[i].name) >= 0;
      if (!used) near = wsf__nearest(own->name, &fresh->column[i].name, 1);
    }
    if (near)
      (void)snprintf(has, sizeof has, "; is '%.100s' meant?", near);
    else if (past)
      (void)snprintf(has, sizeof has, "; known= tells of its '%.100s' that it is", own->name);
    else
      wsf__column_hint(has, fresh, own->name);
    wsf__log(env, WSF__LOG_WARNING,
             "%s: the dataset has no column '%.100s' known ahead, the fit's values are used%s",
             what, own->name, has);
  }
}

void wsf__log_paths(const wsf__env *env, const wsf__fitted_panel *f) {
  int64_t lack = 0;
  for (int64_t i = 0; env->log && i < f->frame->n; ++i) {
    const bool fitted = f->root->state[i].reason < WSF__NOT_FITTED;
    lack += wsf__residuals_lack(fitted ? f->root : f->fallback, i);
  }
  if (lack == 0) return;
  wsf__log(env, WSF__LOG_WARNING,
           "predict: %" PRId64 " of %" PRId64
           " series hold no residuals, so errors of the steps of their paths are independent",
           lack, f->frame->n);
}

void wsf__log_held(const wsf__env *env, const wsf__forecasts *all) {
  int64_t held = 0, j = -1;
  for (int64_t i = 0; env->log && i < all->n; ++i) {
    if (all->held[i] && j < 0) j = i;
    held += all->held[i];
  }
  if (held == 0) return;
  char first[FIRST_OF];
  wsf__log(env, WSF__LOG_WARNING,
           "predict: forecasts or intervals of %" PRId64 " of %" PRId64
           " series lead far out of the history's range and are held at a bound%s",
           held, all->n, first_of(first, all->frame, j));
}

void wsf__log_forecast(const wsf__env *env, const char *what, const wsf__forecasts *all) {
  const int64_t lack = all->lacking + all->partly;
  char by[160];
  if (lack == 0) return;
  if (all->partly == 0)
    (void)snprintf(by, sizeof by, "%s", wsf__fallback_text);
  else if (all->lacking == 0)
    (void)snprintf(by, sizeof by, "the rest of the model");
  else
    (void)snprintf(by, sizeof by, "%s (%" PRId64 ") or the rest of the model (%" PRId64 ")",
                   wsf__fallback_text, all->lacking, all->partly);
  const bool later = strcmp(what, "predict") == 0;
  wsf__log(env, WSF__LOG_WARNING,
           "%s: %" PRId64 " of %" PRId64 " series lack%s a column ahead and %s forecast by %s: "
           "%.300s%s",
           what, lack, all->n, lack == 1 ? "s" : "", lack == 1 ? "is" : "are", by,
           all->first.message, later ? " (predict with a dataset, --data, brings it)" : "");
}

void wsf__log_untold(const wsf__env *env, const char *what, const wsf__forecasts *all) {
  int64_t series = 0, j = -1;
  for (int64_t i = 0; env->log && i < all->n; ++i) {
    if (all->untold[i].periods == 0) continue;
    if (j < 0) j = i;
    ++series;
  }
  if (series == 0) return;
  char first[FIRST_OF];
  const bool later = strcmp(what, "predict") == 0;
  const wsf__untold *lack = &all->untold[j];
  wsf__log(env, WSF__LOG_WARNING,
           "%s: '%.100s', which tells when series are closed, has no value for %" PRId64
           " of %" PRId64 " periods ahead of %" PRId64 " of %" PRId64
           " series%s: forecast as open there, but for weekdays on which they were always "
           "closed%s",
           what, all->frame->column[lack->column].name, lack->periods, all->h, series, all->n,
           first_of(first, all->frame, j),
           later ? " (predict with a dataset, --data, brings it)" : "");
}

void wsf__log_outside(const wsf__env *env, const char *what, const wsf__forecasts *all) {
  const wsf__outside *far = &all->far;
  const int64_t j = all->first_outside;
  int64_t series = 0;
  if (j < 0) return;
  for (int64_t i = 0; i < all->n; ++i) series += all->outside[i];
  char first[FIRST_OF], time[32];
  const wsf__panel *frame = all->frame;
  wsf__calendar_text(&frame->calendar, frame->first[j] + frame->length[j] + far->step - 1, time);
  wsf__log(env, WSF__LOG_WARNING,
           "%s: column %.100s at %s is %.6g, its history lies in %.6g .. %.6g; %" PRId64
           " of %" PRId64 " series are forecast far beyond what was seen of a column%s",
           what, far->name, time, far->value, far->least, far->largest, series, all->n,
           first_of(first, frame, j));
}

void wsf__log_image(const wsf__env *env, const char *what, const wsf__fitted_panel *f,
                    const char *where) {
  wsf__log(env, WSF__LOG_INFORMATION, "%s: %.200s on %" PRId64 " series, %.500s", what, f->text,
           f->frame->n, where);
}
