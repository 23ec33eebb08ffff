/* A source that is an Arrow stream, behind the columns of csv_file.h: whoever reads files reads it.
 */
#ifndef WSF_INGEST_ARROW_TABLE_H
#define WSF_INGEST_ARROW_TABLE_H

#include "ingest/csv_file.h"

/* The columns by name; takes the input over. */
wsf_status wsf__arrow_table_open(wsf__csv *csv, wsf__input *in, wsf_error *err);
wsf_status wsf__arrow_table_read(wsf__csv *csv, wsf_error *err);
void wsf__arrow_table_close(wsf__csv *csv);

#endif
