/* Any bytes as a model expression through the public door, and as a data or feature expression and
 * an argument list through the grammar alone, which opens no file. What parses must print to a text
 * that parses to the same text; what fails must say at which byte. */
#include "engine/engine.h"
#include "ingest/ingest.h"
#include <wsf/wsf.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds) {
  if (!holds) abort();
}

static void check_error(wsf_status status, const wsf_error *err, size_t size) {
  check(status >= WSF_E_SYNTAX && status <= WSF_E_VALUE && err->status == status);
  check(err->byte >= 0 && err->byte <= (int64_t)size && err->message[0]);
  check(memchr(err->message, 0, sizeof err->message) != NULL);
}

/* size may hold NUL bytes, which the public functions would take for the end. */
static void parse_family(const char *family, const char *text, size_t size) {
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  const wsf__node *node;
  wsf_error err;
  wsf_status status =
      wsf__expr_parse(&node, &arena, wsf__engine_catalog(), family, text, size, &err);
  if (status == WSF_OK) {
    wsf__text first, second;
    wsf__text_init(&first, &wsf__alloc_libc, (size_t)64 * WSF__EXPR_BYTES);
    wsf__text_init(&second, &wsf__alloc_libc, (size_t)64 * WSF__EXPR_BYTES);
    wsf__expr_print(&first, node);
    check(!first.failed);
    if (first.length <= WSF__EXPR_BYTES) {
      status = wsf__expr_parse(&node, &arena, wsf__engine_catalog(), family, first.data,
                               first.length, &err);
      check(status == WSF_OK);
      wsf__expr_print(&second, node);
      check(first.length == second.length && memcmp(first.data, second.data, first.length) == 0);
    }
    wsf__text_free(&second);
    wsf__text_free(&first);
  } else {
    check_error(status, &err, size);
  }
  wsf__arena_free(&arena);
}

static void parse_arguments(const char *text, size_t size) {
  wsf__arena arena;
  wsf__arena_init(&arena, &wsf__alloc_libc);
  const wsf__node *node;
  wsf_error err;
  const wsf_status status =
      wsf__expr_arguments(&node, &arena, wsf__engine_catalog(), &wsf__spec_backtest, text, &err);
  if (status != WSF_OK) check_error(status, &err, size);
  wsf__arena_free(&arena);
}

static void parse_model(const char *text, size_t size) {
  wsf_context *ctx;
  wsf_model *model, *again;
  wsf_error err;
  if (wsf_context_create(&ctx, NULL, NULL, NULL, NULL) != WSF_OK) abort();
  const wsf_status status = wsf_model_parse(&model, ctx, text, &err);
  if (status == WSF_OK) {
    check(wsf_model_parse(&again, ctx, wsf_model_text(model), &err) == WSF_OK);
    check(strcmp(wsf_model_text(model), wsf_model_text(again)) == 0);
    wsf_model_release(again);
  } else {
    check(model == NULL);
    check_error(status, &err, size);
  }
  wsf_model_release(model);
  wsf_context_release(ctx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  parse_family("data", (const char *)data, size);
  parse_family("feature", (const char *)data, size);
  char *text = malloc(size + 1);
  if (!text) abort();
  if (size) memcpy(text, data, size);
  text[size] = '\0';
  parse_arguments(text, size);
  parse_model(text, size);
  free(text);
  return 0;
}
