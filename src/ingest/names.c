/* Names of columns, as an option lists them. */
#include "ingest/load.h"

#include <string.h>

wsf__names wsf__names_of(const wsf__node *node, const char *option) {
  const wsf__value *v = wsf__arg(node, option);
  const bool none = v->form == WSF__STRINGS && v->n == 1 && strcmp(v->strings[0], "none") == 0;
  if (none || v->form != WSF__STRINGS) return (wsf__names){.given = v->given};
  return (wsf__names){.n = v->n, .given = v->given, .name = v->strings};
}

bool wsf__names_have(const wsf__names *names, const char *name) {
  for (int i = 0; i < names->n; ++i) {
    if (strcmp(names->name[i], name) == 0) return true;
  }
  return false;
}
