/* Handles as objects, and the memory that hangs on them.
 *
 * A forecaster of a hundred megabytes is a small object to the garbage collector, which would leave
 * it for later. So the library's allocator is one that counts, and the count is told after each
 * call: objects are collected when they should be, and process.memoryUsage().external shows what
 * they hold.
 *
 * The counter outlives its environment as long as anything is held: it begins at one, which is the
 * environment's own, and whoever brings it to nothing frees it. */
#include "native.h"

#include <stdio.h>
#include <stdlib.h>

static void count(atomic_llong *bytes, long long more) {
  if (atomic_fetch_add(bytes, more) + more == 0) free(bytes);
}

void *native_resize(void *user, void *ptr, size_t old_size, size_t new_size) {
  void *out = NULL;
  if (new_size == 0)
    free(ptr);
  else if (!(out = realloc(ptr, new_size)))
    return NULL;
  count(user, (long long)new_size - (long long)old_size);
  return out;
}

void native_let_go(atomic_llong *bytes) {
  count(bytes, -1);
}

void native_tell(napi_env env) {
  native_state *state = native_state_of(env);
  if (!state) return;
  int64_t now = (int64_t)atomic_load(state->bytes), ignored;
  if (napi_adjust_external_memory(env, now - state->told, &ignored) == napi_ok) state->told = now;
}

#define KIND(noun, first)                                                                          \
  static void drop_##noun(void *handle) {                                                          \
    wsf_##noun##_release(handle);                                                                  \
  }                                                                                                \
  const native_kind native_##noun = {#noun, {first, 0x7773665f6e6f6465}, drop_##noun};
KIND(context, 1)
KIND(dataset, 2)
KIND(model, 3)
KIND(forecaster, 4)
KIND(table, 5)

static void drop_batches(void *handle) {
  native_batches_release(handle);
}
const native_kind native_batches_kind = {"batches", {6, 0x7773665f6e6f6465}, drop_batches};

static void finalize(napi_env env, void *handle, void *kind) {
  (void)env;
  ((const native_kind *)kind)->release(handle);
}

napi_value native_wrap(napi_env env, const native_kind *kind, void *handle) {
  napi_value object = NULL;
  if (!handle) {
    napi_get_undefined(env, &object);
    return object;
  }
  if (napi_create_object(env, &object) != napi_ok ||
      napi_type_tag_object(env, object, &kind->tag) != napi_ok ||
      napi_wrap(env, object, handle, finalize, (void *)kind, NULL) != napi_ok) {
    kind->release(handle);
    return NULL;
  }
  return object;
}

void *native_unwrap(napi_env env, napi_value object, const native_kind *kind) {
  bool is = false;
  void *handle = NULL;
  if (napi_check_object_type_tag(env, object, &kind->tag, &is) == napi_ok && is &&
      napi_unwrap(env, object, &handle) == napi_ok)
    return handle;
  char sentence[64];
  (void)snprintf(sentence, sizeof sentence, "not a %s of this thread", kind->name);
  napi_value ignored;
  bool pending = false;
  if (napi_is_exception_pending(env, &pending) == napi_ok && pending)
    napi_get_and_clear_last_exception(env, &ignored);
  native_refuse(env, sentence);
  return NULL;
}
