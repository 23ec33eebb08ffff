#include "panel/make.h"

#include <string.h>

wsf_status wsf__panel_key(wsf__key *out, wsf__panel *p, const char *name, bool integer,
                          const char *const *label, int32_t n_labels, int32_t *code, int64_t n,
                          wsf_error *err) {
  int32_t *place = wsf__new(&p->arena.alloc, (size_t)n_labels, sizeof *place);
  if (!place) return wsf__fail_memory(err);
  for (int32_t l = 0; l < n_labels; ++l) place[l] = -1;
  for (int64_t i = 0; i < n; ++i) {
    if (code[i] >= 0) place[code[i]] = 0;
  }
  int32_t used = 0;
  size_t bytes = 0;
  wsf__watch watch = {.scratch = &p->arena};
  wsf_status status = WSF_OK;
  for (int32_t l = 0; l < n_labels && status == WSF_OK; ++l) {
    if (place[l] < 0) continue;
    status = wsf__panel_goes_on(p, &watch, 16, err);
    place[l] = used++;
    bytes += strlen(label[l]) + 1;
  }
  for (int64_t i = 0; i < n; ++i) {
    if (code[i] >= 0) code[i] = place[code[i]];
  }
  const char **kept = wsf__arena_new(&p->arena, (size_t)used, sizeof *kept);
  char *text = wsf__arena_new(&p->arena, bytes, 1);
  char *own_name = wsf__arena_text(&p->arena, name, strlen(name));
  for (int32_t l = 0; kept && text && l < n_labels && status == WSF_OK; ++l) {
    if (place[l] < 0) continue;
    status = wsf__panel_goes_on(p, &watch, 16, err);
    const size_t length = strlen(label[l]) + 1;
    kept[place[l]] = memcpy(text, label[l], length);
    text += length;
  }
  wsf__delete(&p->arena.alloc, place);
  if (status != WSF_OK) return status;
  if (!kept || !text || !own_name) return wsf__fail_memory(err);
  *out = (wsf__key){own_name, integer, used, kept, code};
  return WSF_OK;
}
