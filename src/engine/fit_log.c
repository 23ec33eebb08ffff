/* What a fit, an update and a load did, and what paths lack, a line each, for the log of the host:
 * nobody should have to ask for a report to learn that some series got a simpler model than the one
 * asked for. */
#include "engine/drive.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { REASONS_BYTES = 400 };

/* "12 constant, 3 short", of the series with a fit or of those without; "" if there are none. */
static void list_reasons(char out[REASONS_BYTES], const wsf__fitted_panel *f, bool fitted) {
  static const int32_t reason[] = {
#define REASON(name, value, word, text) value,
      WSF__REASONS(REASON)
#undef REASON
  };
  size_t used = 0;
  out[0] = '\0';
  for (size_t k = 0; k < sizeof reason / sizeof *reason; ++k) {
    if ((reason[k] < WSF__NOT_FITTED) != fitted) continue;
    int64_t count = 0;
    for (int64_t i = 0; i < f->frame->n; ++i) count += f->root->state[i].reason == reason[k];
    if (count == 0 || used >= REASONS_BYTES) continue;
    used += (size_t)snprintf(out + used, REASONS_BYTES - used, "%s%" PRId64 " %s", used ? ", " : "",
                             count, wsf__reason_word(reason[k]));
  }
}

static void warn_replaced(const wsf__env *env, const char *what, const wsf__fitted_panel *f) {
  int64_t replaced = 0;
  for (int64_t i = 0; i < f->frame->n; ++i) {
    replaced += f->root->state[i].reason >= WSF__NOT_FITTED;
  }
  if (replaced == 0) return;
  char reasons[REASONS_BYTES];
  list_reasons(reasons, f, false);
  wsf__log(env, WSF__LOG_WARNING,
           "%s: %" PRId64 " of %" PRId64 " series have no fit by %.200s and are forecast by %s: %s",
           what, replaced, f->frame->n, f->text, wsf__fallback_text, reasons);
}

void wsf__log_fit(const wsf__env *env, const wsf__fitted_panel *f, int64_t started) {
  if (!env->log) return;
  char reasons[REASONS_BYTES];
  const int64_t ms = (wsf__nanoseconds() - started) / 1000000;
  list_reasons(reasons, f, true);
  wsf__log(env, WSF__LOG_INFORMATION,
           "fit: %.200s on %" PRId64 " series in %" PRId64 ".%03d seconds: %s", f->text,
           f->frame->n, ms / 1000, (int)(ms % 1000), reasons);
  warn_replaced(env, "fit", f);
}

void wsf__log_update(const wsf__env *env, const wsf__fitted_panel *f) {
  if (!env->log) return;
  int64_t count[WSF__NEWS_NEW + 1] = {0}, added = 0;
  for (int64_t i = 0; i < f->frame->n; ++i) {
    ++count[f->news[i].kind];
    added += f->news[i].added;
  }
  char end[32];
  wsf__calendar_text(&f->frame->calendar, f->frame->T - 1, end);
  wsf__log(env, WSF__LOG_INFORMATION,
           "update: %" PRId64 " series moved on to %s, %" PRId64 " are new; %" PRId64
           " observations added, %" PRId64 " series without news, %" PRId64 " absent, %" PRId64
           " dropped",
           f->frame->n - count[WSF__NEWS_NEW], end, count[WSF__NEWS_NEW], added,
           count[WSF__NEWS_NONE], count[WSF__NEWS_ABSENT], f->dropped);
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

void wsf__log_image(const wsf__env *env, const char *what, const wsf__fitted_panel *f,
                    const char *where) {
  wsf__log(env, WSF__LOG_INFORMATION, "%s: %.200s on %" PRId64 " series, %.500s", what, f->text,
           f->frame->n, where);
}
