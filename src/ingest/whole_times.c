#include "ingest/whole_times.h"

wsf_status wsf__settle_whole(int64_t *time, int64_t n, int32_t *form, wsf__time_style *style,
                             wsf__time_seen *seen, const wsf__env *env, wsf_error *err) {
  const wsf__time_style given = *style;
  *seen = (wsf__time_seen){0};
  if (*form != WSF__FORM_INTEGER || n == 0) return WSF_OK;
  for (int64_t i = 0; i < n; ++i) {
    WSF__TRY(wsf__go_on(env, i, err));
    wsf__time_see_whole(time[i], seen);
  }
  (void)wsf__time_settle(style, &given, seen);
  for (int64_t i = 0; i < n; ++i) {
    wsf__time t;
    WSF__TRY(wsf__go_on(env, i, err));
    (void)wsf__time_of_whole(time[i], style, &t);
    time[i] = t.value;
    *form = t.form;
  }
  return WSF_OK;
}
