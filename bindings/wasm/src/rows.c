/* Rows that the host hands over as Arrow's buffers, batch by batch: a source of columns, which
 * every reading sees from its beginning. The host puts buffers into memory of host_allocate; they
 * go with the source. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wsf/wsf.h>

#define EXPORT(name) __attribute__((export_name(#name))) name

enum { MOST_BUFFERS = 3 };

typedef struct part {
  int64_t length, nulls, buffers;
  const void *buffer[MOST_BUFFERS];
} part;

typedef struct column {
  char *name, *format, *words; /* words: the format of the texts that codes stand for, or NULL */
} column;

typedef struct batch {
  struct batch *next;
  int64_t length;
  part *values, *words; /* of each column */
} batch;

typedef struct rows {
  int64_t columns;
  column *column;
  batch *first, *last;
} rows;

/* ---- collecting ----------------------------------------------------------------------------- */

static void free_parts(part *p, int64_t columns) {
  for (int64_t c = 0; p && c < columns; ++c)
    for (int b = 0; b < MOST_BUFFERS; ++b) free((void *)p[c].buffer[b]);
  free(p);
}

void EXPORT(host_rows_free)(void *user) {
  rows *r = user;
  if (!r) return;
  for (batch *b = r->first, *next; b; b = next) {
    next = b->next;
    free_parts(b->values, r->columns);
    free_parts(b->words, r->columns);
    free(b);
  }
  for (int64_t c = 0; r->column && c < r->columns; ++c) {
    free(r->column[c].name);
    free(r->column[c].format);
    free(r->column[c].words);
  }
  free(r->column);
  free(r);
}

/* NULL: no memory. */
rows *EXPORT(host_rows)(int32_t columns) {
  rows *r = calloc(1, sizeof *r);
  if (!r) return NULL;
  r->columns = columns;
  r->column = calloc((size_t)columns + 1, sizeof *r->column);
  if (r->column) return r;
  host_rows_free(r);
  return NULL;
}

int32_t EXPORT(host_rows_column)(rows *r, int32_t c, const char *name, const char *format,
                                 const char *words) {
  column *to = &r->column[c];
  to->name = strdup(name);
  to->format = strdup(format);
  to->words = words ? strdup(words) : NULL;
  return to->name && to->format && (to->words || !words);
}

int32_t EXPORT(host_rows_batch)(rows *r, double length) {
  batch *b = calloc(1, sizeof *b);
  if (!b) return 0;
  b->length = (int64_t)length;
  b->values = calloc((size_t)r->columns + 1, sizeof *b->values);
  b->words = calloc((size_t)r->columns + 1, sizeof *b->words);
  if (r->last)
    r->last->next = b;
  else
    r->first = b;
  r->last = b;
  return b->values && b->words;
}

/* The buffers of a column, or of the texts its codes stand for, in the batch that was begun last.
 */
void EXPORT(host_rows_part)(rows *r, int32_t c, int32_t words, double length, double nulls,
                            int32_t buffers, const void *first, const void *second,
                            const void *third) {
  part *p = words ? &r->last->words[c] : &r->last->values[c];
  *p = (part){(int64_t)length, (int64_t)nulls, buffers, {first, second, third}};
}

typedef struct reading {
  rows *rows;
  batch *next;
} reading;

/* ---- Arrow's C interface -------------------------------------------------------------------- */

static void release_schema(struct ArrowSchema *s) {
  for (int64_t c = 0; s->children && c < s->n_children; ++c) {
    if (s->children[c]) free(s->children[c]->dictionary);
    free(s->children[c]);
  }
  free(s->children);
  s->release = NULL;
}

static void release_part(struct ArrowSchema *s) {
  s->release = NULL;
}

static struct ArrowSchema *schema_of(const char *name, const char *format) {
  struct ArrowSchema *s = calloc(1, sizeof *s);
  if (s) *s = (struct ArrowSchema){.format = format, .name = name, .release = release_part};
  if (s) s->flags = ARROW_FLAG_NULLABLE;
  return s;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  const rows *r = ((reading *)stream->private_data)->rows;
  *out = (struct ArrowSchema){.format = "+s", .name = "", .release = release_schema};
  out->n_children = r->columns;
  out->children = calloc((size_t)r->columns + 1, sizeof(struct ArrowSchema *));
  bool made = out->children != NULL;
  for (int64_t c = 0; made && c < r->columns; ++c) {
    const column *from = &r->column[c];
    struct ArrowSchema *s = out->children[c] = schema_of(from->name, from->format);
    if (s && from->words) s->dictionary = schema_of("", from->words);
    made = s && (s->dictionary || !from->words);
  }
  if (!made) release_schema(out);
  return made ? 0 : ENOMEM;
}

static void release_array(struct ArrowArray *a) {
  for (int64_t c = 0; a->children && c < a->n_children; ++c) {
    if (a->children[c]) free(a->children[c]->dictionary);
    free(a->children[c]);
  }
  free(a->children);
  free(a->buffers);
  a->release = NULL;
}

static void release_child(struct ArrowArray *a) {
  a->release = NULL;
}

static struct ArrowArray *array_of(part *p) {
  struct ArrowArray *a = calloc(1, sizeof *a);
  if (!a) return NULL;
  *a = (struct ArrowArray){.length = p->length, .null_count = p->nulls, .release = release_child};
  a->n_buffers = p->buffers;
  a->buffers = p->buffer;
  return a;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  reading *at = stream->private_data;
  batch *b = at->next;
  *out = (struct ArrowArray){0};
  if (!b) return 0;
  at->next = b->next;
  const int64_t columns = at->rows->columns;
  *out = (struct ArrowArray){.length = b->length, .n_buffers = 1, .release = release_array};
  out->n_children = columns;
  out->buffers = calloc(1, sizeof *out->buffers);
  out->children = calloc((size_t)columns + 1, sizeof(struct ArrowArray *));
  bool made = out->buffers && out->children;
  for (int64_t c = 0; made && c < columns; ++c) {
    struct ArrowArray *a = out->children[c] = array_of(&b->values[c]);
    const bool coded = at->rows->column[c].words != NULL;
    if (a && coded) a->dictionary = array_of(&b->words[c]);
    made = a && (a->dictionary || !coded);
  }
  if (!made) release_array(out);
  return made ? 0 : ENOMEM;
}

static const char *no_words(struct ArrowArrayStream *stream) {
  (void)stream;
  return NULL;
}

static void release_stream(struct ArrowArrayStream *stream) {
  free(stream->private_data);
  stream->release = NULL;
}

/* wsf_source_stream_fn */
static wsf_status begin(struct ArrowArrayStream *stream, void *user, wsf_error *err) {
  (void)err;
  rows *r = user;
  reading *at = malloc(sizeof *at);
  if (!at) return WSF_E_MEMORY;
  *at = (reading){r, r->first};
  *stream = (struct ArrowArrayStream){get_schema, get_next, no_words, release_stream, at};
  return WSF_OK;
}

/* The rows are the source's from now on, or gone. */
wsf_status EXPORT(host_add_rows)(wsf_context *ctx, const char *name, rows *r, wsf_error *err) {
  const wsf_status status = wsf_context_add_arrow(ctx, name, begin, host_rows_free, r, err);
  if (status != WSF_OK) host_rows_free(r);
  return status;
}
