/* Arrow streams of every shape that a producer may give: types, nulls, offsets, empty batches,
 * dictionaries, arrays that are missing or too short. Buffers are as long as the layout says, for
 * their length is not part of the interface; what stands in them is the input's. What is given must
 * be released once, and what comes of it is a panel or a sentence. */
#include <wsf/wsf.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { COLUMNS = 5, BUFFERS = 4, BYTES = 1024, TEXT_BYTES = 256 };

static void expect(int truth) {
  if (!truth) abort();
}

typedef struct input {
  const uint8_t *data;
  size_t size, at;
  int alive; /* schemas and arrays not released yet */
  int batches;
  const char *format[COLUMNS], *words[COLUMNS];
} input;

static unsigned next(input *in) {
  return in->at < in->size ? in->data[in->at++] : 0;
}

/* ---- schemas ------------------------------------------------------------------------------ */

typedef struct schema_parts {
  input *in;
  struct ArrowSchema child[COLUMNS], dictionary[COLUMNS], *list[COLUMNS];
} schema_parts;

static void drop_schema(struct ArrowSchema *s) {
  schema_parts *parts = s->private_data;
  --parts->in->alive;
  s->release = NULL;
  free(parts);
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  static const char *const name[COLUMNS] = {"k", "t", "y", "a", "b"};
  input *in = stream->private_data;
  schema_parts *parts = calloc(1, sizeof *parts);
  expect(parts != NULL);
  parts->in = in;
  for (int c = 0; c < COLUMNS; ++c) {
    parts->child[c] = (struct ArrowSchema){.format = in->format[c], .name = name[c]};
    if (in->words[c]) {
      parts->dictionary[c].format = in->words[c];
      parts->child[c].dictionary = &parts->dictionary[c];
    }
    parts->list[c] = &parts->child[c];
  }
  const unsigned odd = next(in);
  *out = (struct ArrowSchema){.format = odd == 255   ? NULL
                                        : odd == 254 ? "l"
                                                     : "+s",
                              .n_children = odd == 253 ? -1 : COLUMNS,
                              .children = odd == 252 ? NULL : parts->list,
                              .release = drop_schema,
                              .private_data = parts};
  ++in->alive;
  if (odd != 251) return 0;
  drop_schema(out); /* of a call that fails it is nobody's */
  return 5;
}

/* ---- arrays ------------------------------------------------------------------------------- */

typedef struct batch_parts {
  input *in;
  struct ArrowArray child[COLUMNS], dictionary[COLUMNS], *list[COLUMNS];
  const void *buffer[COLUMNS][BUFFERS], *words[COLUMNS][BUFFERS], *own[1];
  uint8_t bytes[2 * COLUMNS * BUFFERS][BYTES];
} batch_parts;

static void drop_batch(struct ArrowArray *a) {
  batch_parts *parts = a->private_data;
  --parts->in->alive;
  a->release = NULL;
  free(parts);
}

/* Places in the text buffer, mostly rising, never outside of it. */
static void fill_offsets(uint8_t *to, input *in, bool large) {
  int64_t at = 0;
  for (size_t i = 0; i < BYTES / 8; ++i) {
    const unsigned b = next(in);
    at = b == 255 ? 7 : (at + b % 9) % TEXT_BYTES;
    const int32_t narrow = (int32_t)at;
    memcpy(to + i * (large ? 8 : 4), large ? (void *)&at : (void *)&narrow, large ? 8 : 4);
  }
}

/* Views: short ones inside, longer ones into the one buffer of texts. */
static void fill_views(uint8_t *to, input *in) {
  for (size_t i = 0; i < BYTES / 16; ++i) {
    const unsigned b = next(in);
    const int32_t length = (int32_t)(b % 20), buffer = (int32_t)(b / 128),
                  offset = (int32_t)(b % 100);
    memcpy(to + 16 * i, &length, 4);
    for (int k = 0; k < 12; ++k) to[16 * i + 4 + (size_t)k] = (uint8_t)('a' + k);
    if (length <= 12) continue;
    memcpy(to + 16 * i + 8, &buffer, 4);
    memcpy(to + 16 * i + 12, &offset, 4);
  }
}

static void make_array(struct ArrowArray *a, const void **buffer, uint8_t (*bytes)[BYTES],
                       const char *format, int64_t rows, input *in) {
  const unsigned how = next(in);
  const bool text = format[0] == 'u' || format[0] == 'U', view = strcmp(format, "vu") == 0;
  for (int b = 0; b < BUFFERS; ++b) {
    for (int i = 0; i < BYTES; ++i) bytes[b][i] = (uint8_t)next(in);
    buffer[b] = bytes[b];
  }
  if (text) fill_offsets(bytes[1], in, format[0] == 'U');
  if (view) fill_views(bytes[1], in);
  if (how & 1) buffer[0] = NULL;
  if ((how & 0xf0) == 0xf0) buffer[1] = NULL;
  if (view) {
    const int64_t sizes[1] = {TEXT_BYTES};
    memcpy(bytes[3], sizes, sizeof sizes);
  }
  *a = (struct ArrowArray){.length = rows - ((how & 0x0e) == 0x0e),
                           .null_count = how & 1 ? 0 : -1,
                           .offset = how >> 6,
                           .n_buffers = view                   ? 4
                                        : text                 ? 3
                                        : (how & 0x3c) == 0x3c ? 1
                                                               : 2,
                           .buffers = buffer};
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  input *in = stream->private_data;
  memset(out, 0, sizeof *out);
  if (in->batches-- <= 0) return 0;
  batch_parts *parts = calloc(1, sizeof *parts);
  expect(parts != NULL);
  parts->in = in;
  const unsigned how = next(in);
  const int64_t rows = next(in) % 14, offset = how % 3;
  for (int c = 0; c < COLUMNS; ++c) {
    struct ArrowArray *child = &parts->child[c];
    make_array(child, parts->buffer[c], &parts->bytes[c * BUFFERS], in->format[c], rows + offset,
               in);
    if (in->words[c]) {
      make_array(&parts->dictionary[c], parts->words[c], &parts->bytes[(COLUMNS + c) * BUFFERS],
                 in->words[c], 6, in);
      child->dictionary = &parts->dictionary[c];
    }
    parts->list[c] = child;
  }
  *out = (struct ArrowArray){.length = how == 255 ? -1 : rows,
                             .offset = offset,
                             .n_buffers = 1,
                             .n_children = how == 254 ? COLUMNS - 1 : COLUMNS,
                             .buffers = parts->own,
                             .children = how == 253 ? NULL : parts->list,
                             .release = drop_batch,
                             .private_data = parts};
  ++in->alive;
  return 0;
}

static const char *last_error(struct ArrowArrayStream *stream) {
  (void)stream;
  return "the producer failed";
}

static void drop_stream(struct ArrowArrayStream *stream) {
  stream->release = NULL;
}

/* ---- the target --------------------------------------------------------------------------- */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const formats[] = {"i", "l", "g",   "f",   "u",       "U",    "vu",    "b",
                                        "C", "L", "tdD", "tdm", "tsu:UTC", "tss:", "d:9,2", "z"};
  static const char *const options[] = {
      "keys=k, time=t, target=y, known=[a,b], duplicates=last",
      "time=t, target=y, static=a, past=b",
      "keys=[k,a], time=t, target=y, duplicates=sum, freq=day",
      "keys=k, time=t, target=y, text=a, known=a, duplicates=last"};
  input in = {.data = data, .size = size};
  wsf_context *ctx = NULL;
  wsf_dataset *ds = NULL;
  wsf_error err = {0};
  const unsigned form = next(&in);
  in.batches = (int)(form % 4);
  for (int c = 0; c < COLUMNS; ++c) {
    const unsigned f = next(&in);
    in.format[c] = formats[f % 16];
    if (f >= 192) in.format[c] = f & 16 ? "C" : "i", in.words[c] = formats[4 + f % 3];
  }
  struct ArrowArrayStream stream = {.get_schema = get_schema,
                                    .get_next = get_next,
                                    .get_last_error = last_error,
                                    .release = drop_stream,
                                    .private_data = &in};
  expect(wsf_context_create(&ctx, "max_values=1000000", NULL, NULL, NULL) == WSF_OK);
  const wsf_status status = wsf_dataset_from_arrow(&ds, ctx, &stream, options[form / 4 % 4], &err);
  expect((status == WSF_OK) == (ds != NULL) && stream.release == NULL);
  expect(status == WSF_OK || err.message[0] != 0);
  wsf_table *t = NULL;
  if (ds) expect(wsf_dataset_describe(&t, ds, "values", NULL) == WSF_OK);
  wsf_table_release(t);
  wsf_dataset_release(ds);
  wsf_context_release(ctx);
  return 0;
}
