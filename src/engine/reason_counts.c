/* How many series have which reason, as counts and as a line: "12 constant, 3 short". */
#include "engine/drive.h"

#include <inttypes.h>
#include <stdio.h>

static const int32_t reasons[] = {
#define REASON(name, value, word, text) value,
    WSF__REASONS(REASON)
#undef REASON
};
_Static_assert(sizeof reasons / sizeof *reasons == WSF__N_REASONS, "a count for every reason");

void wsf__reason_counts_one(wsf__reason_counts *c, int32_t reason) {
  for (int k = 0; k < WSF__N_REASONS; ++k) c->of[k] += reason == reasons[k];
}

void wsf__reason_counts_add(wsf__reason_counts *c, const wsf__fitted_panel *f) {
  for (int64_t i = 0; i < f->frame->n; ++i) wsf__reason_counts_one(c, f->root->state[i].reason);
}

void wsf__reason_counts_text(char *out, size_t capacity, const wsf__reason_counts *c, int32_t least,
                             int32_t end) {
  size_t used = 0;
  out[0] = '\0';
  for (int k = 0; k < WSF__N_REASONS; ++k) {
    if (reasons[k] < least || reasons[k] >= end || c->of[k] == 0 || used >= capacity) continue;
    used += (size_t)snprintf(out + used, capacity - used, "%s%" PRId64 " %s", used ? ", " : "",
                             c->of[k], wsf__reason_word(reasons[k]));
  }
}
