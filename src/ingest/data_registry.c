/* Every data word and what opens it. */
#include "ingest/sources.h"

const wsf__spec *const wsf__data_specs[] = {
    &wsf__spec_csv,       &wsf__spec_walmart,  &wsf__spec_m5,   &wsf__spec_simulate,
    &wsf__spec_join,      &wsf__spec_until,    &wsf__spec_keep, &wsf__spec_select,
    &wsf__spec_aggregate, &wsf__spec_resample, &wsf__spec_mask,
};
const int wsf__n_data_specs = sizeof wsf__data_specs / sizeof *wsf__data_specs;

/* In the order of the specs. */
wsf__open_fn *const wsf__data_open[] = {
    wsf__open_csv,       wsf__open_walmart,  wsf__open_m5,   wsf__open_simulate,
    wsf__open_join,      wsf__open_until,    wsf__open_keep, wsf__open_select,
    wsf__open_aggregate, wsf__open_resample, wsf__open_mask,
};
_Static_assert(sizeof wsf__data_open / sizeof *wsf__data_open ==
                   sizeof wsf__data_specs / sizeof *wsf__data_specs,
               "every data word has a function");
