/* What a fit, an update, a forecast and a load did, a line each, for the log of the host: nobody
 * should have to ask for a report to learn that some series got a simpler model than the one asked
 * for, or that their paths lack something. */
#include "engine/drive.h"
#include "models/regressors.h"

#include <inttypes.h>
#include <stdio.h>

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
}

static void warn_far(const wsf__env *env, const wsf__fitted_panel *f) {
  int64_t far = 0, j = -1;
  for (int64_t i = 0; i < f->frame->n; ++i) {
    if (f->news[i].far > 0 && j < 0) j = i;
    far += f->news[i].far;
  }
  if (far == 0) return;
  char label[128], time[32];
  wsf__panel_label(f->frame, j, label, sizeof label);
  wsf__calendar_text(&f->frame->calendar, f->news[j].first_far, time);
  wsf__log(env, WSF__LOG_WARNING,
           "update: %" PRId64 " observation%s too far ahead and left out, the first of series %s "
           "for %s (ahead= takes more)",
           far, far == 1 ? " is" : "s are", label, time);
}

void wsf__log_update(const wsf__env *env, const wsf__fitted_panel *f) {
  if (!env->log) return;
  int64_t count[WSF__NEWS_NEW + 1] = {0}, added = 0, late = 0, changed = 0;
  for (int64_t i = 0; i < f->frame->n; ++i) {
    ++count[f->news[i].kind];
    added += f->news[i].added;
    late += f->news[i].late;
    changed += f->news[i].changed;
  }
  char end[32], left[112] = "", other[96] = "";
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
  wsf__log(env, WSF__LOG_INFORMATION,
           "update: %" PRId64 " series moved on to %s, %" PRId64 " are new; %" PRId64
           " observations added, %" PRId64 " series without news, %" PRId64 " absent, %" PRId64
           " dropped%s%s",
           f->frame->n - count[WSF__NEWS_NEW], end, count[WSF__NEWS_NEW], added,
           count[WSF__NEWS_NONE], count[WSF__NEWS_ABSENT], f->dropped, left, other);
  warn_far(env, f);
  warn_replaced(env, "update", f);
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

void wsf__log_forecast(const wsf__env *env, const char *what, const wsf__forecasts *all) {
  if (all->lacking + all->partly == 0) return;
  wsf__log(env, WSF__LOG_WARNING,
           "%s: of %" PRId64 " series, %" PRId64
           " lack a column ahead and are forecast by %s, %" PRId64
           " by the rest of the model: %.300s",
           what, all->n, all->lacking, wsf__fallback_text, all->partly, all->first.message);
}

void wsf__log_image(const wsf__env *env, const char *what, const wsf__fitted_panel *f,
                    const char *where) {
  wsf__log(env, WSF__LOG_INFORMATION, "%s: %.200s on %" PRId64 " series, %.500s", what, f->text,
           f->frame->n, where);
}
