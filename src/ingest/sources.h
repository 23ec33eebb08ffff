/* Every source and step of this folder: its row in the catalogue and the function that runs it. */
#ifndef WSF_INGEST_SOURCES_H
#define WSF_INGEST_SOURCES_H

#include "ingest/ingest.h"

#define WSF__SOURCE(name)                                                                          \
  extern const wsf__spec wsf__spec_##name;                                                         \
  wsf_status wsf__open_##name(wsf__panel **out, wsf__env *env, const wsf__node *node,              \
                              wsf_error *err)

WSF__SOURCE(csv);
WSF__SOURCE(walmart);
WSF__SOURCE(m5);
WSF__SOURCE(simulate);
WSF__SOURCE(join);
WSF__SOURCE(until);
WSF__SOURCE(keep);
WSF__SOURCE(select);
WSF__SOURCE(aggregate);
WSF__SOURCE(resample);
WSF__SOURCE(mask);

/* data_registry.c, in the order of wsf__data_specs */
typedef wsf_status wsf__open_fn(wsf__panel **out, wsf__env *env, const wsf__node *node,
                                wsf_error *err);
extern wsf__open_fn *const wsf__data_open[];

#endif
