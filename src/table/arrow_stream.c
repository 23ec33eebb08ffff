/* Tables as an Arrow C stream (https://arrow.apache.org/docs/format/CStreamInterface.html): one
 * batch each, made when the consumer asks for it and kept by what it was handed, so that streams
 * may end at any time and batches outlive them. */
#include "table/layout.h"

#include <errno.h>
#include <string.h>

typedef struct exported_stream {
  wsf__alloc alloc;
  wsf__table_source source;
  wsf_table *pending; /* made but not yet handed over: memory ran out on the way */
  wsf_error error;
} exported_stream;

static int code_of(wsf_status status) {
  return status == WSF_OK            ? 0
         : status == WSF_E_MEMORY    ? ENOMEM
         : status == WSF_E_CANCELLED ? ECANCELED
                                     : EINVAL;
}

static int stream_schema(struct ArrowArrayStream *s, struct ArrowSchema *out) {
  exported_stream *own = s->private_data;
  wsf_table *t;
  memset(out, 0, sizeof *out);
  wsf_status status = own->source.columns(own->source.self, &t, &own->error);
  if (status == WSF_OK && !wsf__table_schema(t, out)) status = wsf__fail_memory(&own->error);
  wsf_table_release(t);
  return code_of(status);
}

static int stream_next(struct ArrowArrayStream *s, struct ArrowArray *out) {
  exported_stream *own = s->private_data;
  wsf_status status = WSF_OK;
  memset(out, 0, sizeof *out);
  if (!own->pending) status = own->source.next(own->source.self, &own->pending, &own->error);
  if (status != WSF_OK || !own->pending) return code_of(status);
  status = wsf__table_array(own->pending, out, &own->error);
  if (status != WSF_OK) return code_of(status);
  wsf_table_release(own->pending);
  own->pending = NULL;
  return 0;
}

static const char *stream_error(struct ArrowArrayStream *s) {
  const exported_stream *own = s->private_data;
  return own->error.message[0] ? own->error.message : NULL;
}

static void stream_release(struct ArrowArrayStream *s) {
  exported_stream *own = s->private_data;
  const wsf__alloc a = own->alloc;
  const wsf__table_source source = own->source;
  wsf_table_release(own->pending);
  wsf__delete(&a, own);
  s->release = NULL;
  source.drop(source.self); /* it may be what keeps the allocator alive */
}

wsf_status wsf__table_stream(struct ArrowArrayStream *out, const wsf__alloc *a,
                             const wsf__table_source *source, wsf_error *err) {
  exported_stream *own = wsf__new_zero(a, 1, sizeof *own);
  if (!own) return wsf__fail_memory(err);
  own->alloc = *a;
  own->source = *source;
  wsf__error_clear(&own->error);
  *out = (struct ArrowArrayStream){.get_schema = stream_schema,
                                   .get_next = stream_next,
                                   .get_last_error = stream_error,
                                   .release = stream_release,
                                   .private_data = own};
  return WSF_OK;
}

/* ---- a table that is there already, in one batch ------------------------------------------- */

typedef struct single {
  wsf_table *table;
  bool delivered;
} single;

static wsf_status single_columns(void *self, wsf_table **out, wsf_error *err) {
  (void)err;
  *out = wsf_table_retain(((single *)self)->table);
  return WSF_OK;
}

static wsf_status single_next(void *self, wsf_table **out, wsf_error *err) {
  (void)err;
  single *one = self;
  *out = one->delivered ? NULL : wsf_table_retain(one->table);
  one->delivered = true;
  return WSF_OK;
}

static void single_drop(void *self) {
  single *one = self;
  wsf_table *table = one->table;
  const wsf__alloc a = table->alloc;
  wsf__delete(&a, one);
  wsf_table_release(table);
}

wsf_status wsf_table_export_stream(wsf_table *t, struct ArrowArrayStream *out, wsf_error *err) {
  if (out) memset(out, 0, sizeof *out);
  if (!t || !out) return wsf__fail(err, WSF_E_ARGUMENT, "the table and stream must not be NULL");
  single *one = wsf__new_zero(&t->alloc, 1, sizeof *one);
  if (!one) return wsf__fail_memory(err);
  one->table = wsf_table_retain(t);
  const wsf__table_source source = {single_columns, single_next, single_drop, one};
  const wsf_status status = wsf__table_stream(out, &t->alloc, &source, err);
  if (status != WSF_OK) single_drop(one);
  return status;
}
