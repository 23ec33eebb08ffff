/**
 * @file error.hpp
 * @brief Errors in C++: thrown by default; returned by the twin of a function whose name begins
 * with `try_`. Since 0.2.0.
 *
 * Without exceptions (-fno-exceptions) the plain functions end the process where they would throw.
 * What is compiled so is kept apart from the rest of a program by an inline namespace.
 */
#ifndef WSF_CPP_ERROR_HPP
#define WSF_CPP_ERROR_HPP

#include <wsf/status.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#if defined(__cpp_exceptions)
#define WSF_CPP_MODE throwing
#else
#define WSF_CPP_MODE returning
#endif

namespace wsf {
inline namespace WSF_CPP_MODE {

/** What went wrong and where: the record of the C call. Copying it cannot fail. */
class error : public std::exception {
public:
  explicit error(const wsf_error &record) noexcept : record_(record) {}

  /** An error of this binding's own, such as a column that a table does not have. */
  error(wsf_status status, const std::string &field, const std::string &message) noexcept {
    record_.status = status;
    record_.series = record_.row = record_.byte = -1;
    (void)std::snprintf(record_.field, sizeof record_.field, "%s", field.c_str());
    (void)std::snprintf(record_.message, sizeof record_.message, "%s", message.c_str());
  }

  /** One sentence: what was found and what was expected. */
  const char *what() const noexcept override { return record_.message; }
  /** One of the constants WSF_E_*. */
  wsf_status status() const noexcept { return record_.status; }
  /** The name of the status, such as "E_DATA". */
  std::string_view name() const noexcept {
    const char *text = wsf_status_name(record_.status);
    return text ? text : "";
  }
  /** 0-based series in the dataset. */
  std::optional<std::int64_t> series() const noexcept { return position(record_.series); }
  /** 1-based line of the file. */
  std::optional<std::int64_t> row() const noexcept { return position(record_.row); }
  /** 0-based byte of the expression or file. */
  std::optional<std::int64_t> byte() const noexcept { return position(record_.byte); }
  /** Column or option, or "". */
  std::string_view field() const noexcept { return record_.field; }
  /** File, or "". */
  std::string_view file() const noexcept { return record_.file; }
  /** The record itself. */
  const wsf_error &record() const noexcept { return record_; }

private:
  static std::optional<std::int64_t> position(std::int64_t at) noexcept {
    return at < 0 ? std::nullopt : std::optional<std::int64_t>(at);
  }
  wsf_error record_{};
};

namespace detail {
[[noreturn]] inline void raise(const error &e) {
#if defined(__cpp_exceptions)
  throw e;
#else
  (void)e;
  std::abort();
#endif
}
} // namespace detail

/** A value or the error that stands in its place: a part of C++23's std::expected, the same in
 * every standard from C++17 on. */
template <class T> class [[nodiscard]] expected {
public:
  using value_type = T;
  expected(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  expected(const wsf::error &e) : state_(std::in_place_index<1>, e) {}

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  /** The value; throws the error where there is none. */
  T &value() & { return held(), *std::get_if<0>(&state_); }
  const T &value() const & { return held(), *std::get_if<0>(&state_); }
  T &&value() && { return held(), std::move(*std::get_if<0>(&state_)); }

  /** The value, where has_value() holds. */
  T &operator*() &noexcept { return *std::get_if<0>(&state_); }
  const T &operator*() const &noexcept { return *std::get_if<0>(&state_); }
  T &&operator*() &&noexcept { return std::move(*std::get_if<0>(&state_)); }
  T *operator->() noexcept { return std::get_if<0>(&state_); }
  const T *operator->() const noexcept { return std::get_if<0>(&state_); }

  /** The error, where has_value() does not hold. */
  const wsf::error &error() const noexcept { return *std::get_if<1>(&state_); }

  template <class U> T value_or(U &&other) && {
    return has_value() ? std::move(**this) : static_cast<T>(std::forward<U>(other));
  }

  /** What f, which returns an expected, makes of the value; the error otherwise. */
  template <class F> auto and_then(F &&f) && -> std::invoke_result_t<F, T &&> {
    if (has_value()) return std::forward<F>(f)(std::move(**this));
    return error();
  }

private:
  void held() const {
    if (!has_value()) detail::raise(error());
  }
  std::variant<T, wsf::error> state_;
};

/** Success or an error. */
template <> class [[nodiscard]] expected<void> {
public:
  using value_type = void;
  expected() noexcept = default;
  expected(const wsf::error &e) : error_(e) {}

  bool has_value() const noexcept { return !error_; }
  explicit operator bool() const noexcept { return has_value(); }
  void value() const {
    if (error_) detail::raise(*error_);
  }
  const wsf::error &error() const noexcept { return *error_; }

private:
  std::optional<wsf::error> error_;
};

namespace detail {

/** One reference of a counted C handle, NULL where it was moved from; copies add a reference. */
template <class C, C *(*Retain)(C *), void (*Release)(C *)> class handle {
public:
  using c_type = C;
  /** Takes over a reference that a C call gave. */
  explicit handle(C *owned) noexcept : c_(owned) {}
  handle(const handle &other) noexcept : c_(other.c_ ? Retain(other.c_) : nullptr) {}
  handle(handle &&other) noexcept : c_(std::exchange(other.c_, nullptr)) {}
  handle &operator=(handle other) noexcept {
    std::swap(c_, other.c_);
    return *this;
  }
  ~handle() { Release(c_); }

  /** The C handle, borrowed: for calls that this binding does not have. */
  C *get() const noexcept { return c_; }
  /** The C handle; its reference is the caller's. */
  C *detach() noexcept { return std::exchange(c_, nullptr); }
  explicit operator bool() const noexcept { return c_ != nullptr; }

private:
  C *c_;
};

/** The handle T that call(&out, &err) makes. */
template <class T, class Call> expected<T> make(Call &&call) {
  typename T::c_type *out = nullptr;
  wsf_error err{};
  if (call(&out, &err) != WSF_OK) return error(err);
  return T(out);
}

/** What call(&err) says. */
template <class Call> expected<void> run(Call &&call) {
  wsf_error err{};
  if (call(&err) != WSF_OK) return error(err);
  return {};
}

} // namespace detail
} // namespace WSF_CPP_MODE
} // namespace wsf

#endif
