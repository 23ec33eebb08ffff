/**
 * @file context.hpp
 * @brief The context in C++: threads, limits, progress, log, cancel, and sources of the host's
 * data. Since 0.2.0.
 *
 * Functions given to a context live as long as the last handle made with it. They should not throw:
 * what they throw ends the call as a failure (progress, sources) or is dropped (log).
 */
#ifndef WSF_CPP_CONTEXT_HPP
#define WSF_CPP_CONTEXT_HPP

#include <wsf/context.h>
#include <wsf/cpp/table.hpp>
#include <wsf/source.h>

#include <functional>
#include <istream>
#include <memory>

namespace wsf {
inline namespace WSF_CPP_MODE {

namespace detail {

/** f(), or what `failed` makes of the exception's text: nothing is thrown through C. */
template <class F, class Failed> auto guarded(F &&f, Failed &&failed) noexcept {
#if defined(__cpp_exceptions)
  try {
    return f();
  } catch (const std::exception &e) {
    return failed(e.what());
  } catch (...) {
    return failed("an exception");
  }
#else
  (void)failed;
  return f();
#endif
}

/** `failed` of a source: the text becomes part of the library's own error. */
inline auto told(wsf_error *err) noexcept {
  return [err](const char *what) {
    (void)std::snprintf(err->message, sizeof err->message, "%s", what);
    return static_cast<wsf_status>(WSF_E_IO);
  };
}

} // namespace detail

/** Allocator, threads, seed, limits, callbacks; every other handle is made with one. */
class context : public detail::handle<wsf_context, wsf_context_retain, wsf_context_release> {
public:
  /** Stage, work done and all work known of; false stops the call, as cancel() does. */
  using progress =
      std::function<bool(std::string_view stage, std::int64_t done, std::int64_t total)>;
  /** 0: failed, 1: left out or replaced, 2: what was done. */
  using log = std::function<void(std::int32_t level, std::string_view line)>;

  using handle::handle;
  /** Options as of wsf_context_create: `threads=2, seed=1, max_seconds=60`. */
  explicit context(const std::string &options = {}) : context(try_create(options).value()) {}
  static expected<context> try_create(const std::string &options = {}) {
    return detail::make<context>([&](wsf_context **out, wsf_error *err) {
      return wsf_context_create(out, options.c_str(), nullptr, nullptr, err);
    });
  }

  /** Another client of the same workers, with its own cancel, progress, log and limits. */
  context fork(const std::string &options = {}) const { return try_fork(options).value(); }
  expected<context> try_fork(const std::string &options = {}) const {
    return detail::make<context>([&](wsf_context **out, wsf_error *err) {
      return wsf_context_fork(out, get(), options.c_str(), err);
    });
  }

  /** Stops running and future calls; from any thread and from a signal handler. */
  void cancel() const noexcept { wsf_context_cancel(get()); }
  /** Allows calls again. */
  void resume() const noexcept { wsf_context_resume(get()); }

  /** Watches and stops long calls; set while no call runs. */
  void on_progress(progress f) { try_on_progress(std::move(f)).value(); }
  expected<void> try_on_progress(progress f) {
    wsf_context_set_progress(get(), nullptr, nullptr);
    return keep("wsf.hpp: progress", std::move(f), [this](progress *kept) {
      wsf_context_set_progress(
          get(),
          [](const char *stage, std::int64_t done, std::int64_t total, void *user) -> std::int32_t {
            return detail::guarded(
                [&] { return (*static_cast<progress *>(user))(stage, done, total) ? 0 : 1; },
                [](const char *) { return 1; });
          },
          kept);
    });
  }

  /** Receives lines of log; set while no call runs. */
  void on_log(log f) { try_on_log(std::move(f)).value(); }
  expected<void> try_on_log(log f) {
    wsf_context_set_log(get(), nullptr, nullptr);
    return keep("wsf.hpp: log", std::move(f), [this](log *kept) {
      wsf_context_set_log(
          get(),
          [](std::int32_t level, const char *line, void *user) {
            detail::guarded([&] { (*static_cast<log *>(user))(level, line); }, [](const char *) {});
          },
          kept);
    });
  }

  /** A source of bytes, which the context keeps: its name stands where a path may. */
  void add_bytes(const std::string &name, std::string bytes) {
    try_add_bytes(name, std::move(bytes)).value();
  }
  expected<void> try_add_bytes(const std::string &name, std::string bytes) {
    auto kept = std::make_unique<std::string>(std::move(bytes));
    return owned(kept, [&](wsf_source_destroy_fn destroy, wsf_error *err) {
      return wsf_context_add_bytes(get(), name.c_str(), kept->data(), kept->size(), destroy,
                                   kept.get(), err);
    });
  }

  /** A source of bytes that are borrowed: they outlive the context. */
  void add_view(const std::string &name, span<const char> bytes) {
    try_add_view(name, bytes).value();
  }
  expected<void> try_add_view(const std::string &name, span<const char> bytes) {
    return detail::run([&](wsf_error *err) {
      return wsf_context_add_bytes(get(), name.c_str(), bytes.data(), bytes.size(), nullptr,
                                   nullptr, err);
    });
  }

  /** A source that is read through a stream, a fresh one from `open` for every reading. */
  using stream_opener = std::function<std::unique_ptr<std::istream>()>;
  void add_stream(const std::string &name, stream_opener open) {
    try_add_stream(name, std::move(open)).value();
  }
  expected<void> try_add_stream(const std::string &name, stream_opener open) {
    auto kept = std::make_unique<stream_opener>(std::move(open));
    return owned(kept, [&](wsf_source_destroy_fn destroy, wsf_error *err) {
      return wsf_context_add_reader(get(), name.c_str(), open_stream, read_stream, close_stream,
                                    destroy, kept.get(), err);
    });
  }

  /** A source of columns, a fresh Arrow stream from `open` for every reading. */
  using arrow_opener = std::function<arrow_stream()>;
  void add_arrow(const std::string &name, arrow_opener open) {
    try_add_arrow(name, std::move(open)).value();
  }
  expected<void> try_add_arrow(const std::string &name, arrow_opener open) {
    auto kept = std::make_unique<arrow_opener>(std::move(open));
    return owned(kept, [&](wsf_source_destroy_fn destroy, wsf_error *err) {
      return wsf_context_add_arrow(get(), name.c_str(), open_arrow, destroy, kept.get(), err);
    });
  }

  void remove_source(const std::string &name) { try_remove_source(name).value(); }
  expected<void> try_remove_source(const std::string &name) {
    return detail::run(
        [&](wsf_error *err) { return wsf_context_remove_source(get(), name.c_str(), err); });
  }

private:
  /** Runs `add`, which hands `kept` to the context unless it fails. */
  template <class F, class Add> static expected<void> owned(std::unique_ptr<F> &kept, Add &&add) {
    expected<void> added = detail::run([&](wsf_error *err) {
      return add([](void *user) { delete static_cast<F *>(user); }, err);
    });
    if (added) (void)kept.release();
    return added;
  }

  /** Keeps f for as long as the context is there, and sets it. A context ends with the last handle
   * made with it, which no object of C++ sees; a source is told, so an empty one holds f. */
  template <class F, class Set> expected<void> keep(const char *name, F f, Set &&set) {
    if (!f) {
      const wsf_status gone = wsf_context_remove_source(get(), name, nullptr);
      (void)gone; // there may have been none
      return {};
    }
    auto kept = std::make_unique<F>(std::move(f));
    F *user = kept.get();
    expected<void> added = owned(kept, [&](wsf_source_destroy_fn destroy, wsf_error *err) {
      return wsf_context_add_bytes(get(), name, nullptr, 0, destroy, user, err);
    });
    if (added) set(user);
    return added;
  }

  static wsf_status open_stream(void **stream, void *user, wsf_error *err) {
    return detail::guarded(
        [&] {
          std::unique_ptr<std::istream> opened = (*static_cast<stream_opener *>(user))();
          if (!opened || !*opened) return detail::told(err)("the stream could not be opened");
          *stream = opened.release();
          return static_cast<wsf_status>(WSF_OK);
        },
        detail::told(err));
  }
  static std::int64_t read_stream(void *stream, void *buffer, std::int64_t capacity,
                                  wsf_error *err) {
    return detail::guarded(
        [&]() -> std::int64_t {
          auto &in = *static_cast<std::istream *>(stream);
          in.read(static_cast<char *>(buffer), static_cast<std::streamsize>(capacity));
          if (!in.bad()) return static_cast<std::int64_t>(in.gcount());
          (void)detail::told(err)("the stream could not be read");
          return -1;
        },
        [&](const char *what) -> std::int64_t {
          (void)detail::told(err)(what);
          return -1;
        });
  }
  static void close_stream(void *stream) { delete static_cast<std::istream *>(stream); }
  static wsf_status open_arrow(ArrowArrayStream *stream, void *user, wsf_error *err) {
    return detail::guarded(
        [&] {
          *stream = (*static_cast<arrow_opener *>(user))().detach();
          return static_cast<wsf_status>(WSF_OK);
        },
        detail::told(err));
  }
};

} // namespace WSF_CPP_MODE
} // namespace wsf

#endif
