#include "ingest/fiscal_option.h"

wsf_status wsf__fiscal_option(wsf__panel_rules *rules, const wsf__node *node, bool weeks,
                              wsf_error *err) {
  const char *text = wsf__arg_text(node, "fiscal");
  if (!text) return WSF_OK;
  rules->fiscal_given = wsf__fiscal_parse(text, &rules->fiscal);
  if (rules->freq == 0) rules->freq = weeks ? WSF__WEEK : WSF__FISCAL;
  if (!rules->fiscal_given) {
    (void)wsf__fail(
        err, WSF_E_VALUE,
        "fiscal is \"%.64s\"; nrf or a pattern (445, 454, 544), last or nearest, a weekday "
        "and a month were expected, as in \"445 last sunday december\"",
        text);
  } else if (rules->freq != WSF__FISCAL && !(weeks && rules->freq == WSF__WEEK)) {
    (void)wsf__fail(err, WSF_E_VALUE,
                    "fiscal is given with freq=%s; freq=fiscal_month was expected%s",
                    wsf__freq_name(rules->freq),
                    rules->freq == WSF__WEEK ? ", or times that are numbers of weeks" : "");
  } else {
    return WSF_OK;
  }
  wsf__error_at_field(err, "fiscal");
  wsf__error_at_byte(err, node->byte);
  return WSF_E_VALUE;
}
