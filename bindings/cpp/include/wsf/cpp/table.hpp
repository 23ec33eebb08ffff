/**
 * @file table.hpp
 * @brief Tables in C++: columns and rows as ranges, spans without a copy, Arrow streams. Since
 * 0.2.0.
 *
 * A column or a selection of rows keeps its table alive; a span and a string_view are borrowed from
 * it. Tables are immutable and may be read by any number of threads.
 */
#ifndef WSF_CPP_TABLE_HPP
#define WSF_CPP_TABLE_HPP

#include <wsf/cpp/error.hpp>
#include <wsf/table.h>

#include <chrono>
#include <cstddef>
#include <iterator>
#include <tuple>
#include <vector>
#if __cplusplus > 201703L
#include <ranges>
#endif

namespace wsf {
inline namespace WSF_CPP_MODE {

/** A calendar date: what C++20 calls std::chrono::sys_days, but for its integer. */
using date = std::chrono::time_point<std::chrono::system_clock,
                                     std::chrono::duration<std::int64_t, std::ratio<86400>>>;
/** A time without a zone, to the second. */
using datetime =
    std::chrono::time_point<std::chrono::system_clock, std::chrono::duration<std::int64_t>>;

/** Elements that stand side by side, borrowed: a part of C++20's std::span. */
template <class T> class span {
public:
  using element_type = T;
  using value_type = std::remove_cv_t<T>;
  constexpr span() noexcept = default;
  constexpr span(T *data, std::size_t size) noexcept : data_(data), size_(size) {}
  /** Of a vector, an array, a string, a std::span. */
  template <class R, class = std::enable_if_t<
                         !std::is_same_v<std::decay_t<R>, span> &&
                         std::is_convertible_v<decltype(std::data(std::declval<R &>())), T *>>>
  constexpr span(R &&range) noexcept : data_(std::data(range)), size_(std::size(range)) {}

  constexpr T *data() const noexcept { return data_; }
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr T &operator[](std::size_t i) const noexcept { return data_[i]; }
  constexpr T *begin() const noexcept { return data_; }
  constexpr T *end() const noexcept { return data_ + size_; }

private:
  T *data_ = nullptr;
  std::size_t size_ = 0;
};

/** An Arrow C stream that is released when it goes. */
class arrow_stream {
public:
  arrow_stream() noexcept = default;
  /** Takes over a stream. */
  explicit arrow_stream(ArrowArrayStream stream) noexcept : c_(stream) {}
  arrow_stream(arrow_stream &&other) noexcept : c_(other.detach()) {}
  arrow_stream &operator=(arrow_stream &&other) noexcept {
    std::swap(c_, other.c_);
    return *this;
  }
  ~arrow_stream() {
    if (c_.release) c_.release(&c_);
  }
  /** The C stream, borrowed; a consumer that moves it out leaves `release` NULL. */
  ArrowArrayStream *get() noexcept { return &c_; }
  /** The C stream, which is now the caller's. */
  ArrowArrayStream detach() noexcept { return std::exchange(c_, ArrowArrayStream{}); }

private:
  ArrowArrayStream c_{};
};

class table;

namespace detail {

/** Iterates anything with operator[]. Values are made as they are read, so this is an input
 * iterator of C++17, and one of random access to the ranges of C++20. */
template <class View> class index_iterator {
public:
  using iterator_category = std::input_iterator_tag;
#if defined(__cpp_lib_ranges)
  using iterator_concept = std::random_access_iterator_tag;
#endif
  using value_type = typename View::value_type;
  using difference_type = std::ptrdiff_t;
  using reference = value_type;
  using pointer = void;

  index_iterator() noexcept = default;
  index_iterator(const View *view, std::size_t at) noexcept : view_(view), at_(at) {
  }
  value_type operator*() const {
    return (*view_)[at_];
  }
  value_type operator[](difference_type n) const {
    return *(*this + n);
  }
  index_iterator &operator+=(difference_type n) noexcept {
    at_ += static_cast<std::size_t>(n);
    return *this;
  }
  index_iterator &operator-=(difference_type n) noexcept {
    return *this += -n;
  }
  index_iterator &operator++() noexcept {
    return *this += 1;
  }
  index_iterator &operator--() noexcept {
    return *this -= 1;
  }
  index_iterator operator++(int) noexcept {
    index_iterator before = *this;
    ++*this;
    return before;
  }
  index_iterator operator--(int) noexcept {
    index_iterator before = *this;
    --*this;
    return before;
  }
  friend index_iterator operator+(index_iterator i, difference_type n) noexcept {
    return i += n;
  }
  friend index_iterator operator+(difference_type n, index_iterator i) noexcept {
    return i += n;
  }
  friend index_iterator operator-(index_iterator i, difference_type n) noexcept {
    return i -= n;
  }
  friend difference_type operator-(index_iterator a, index_iterator b) noexcept {
    return static_cast<difference_type>(a.at_) - static_cast<difference_type>(b.at_);
  }
  friend bool operator==(index_iterator a, index_iterator b) noexcept {
    return a.at_ == b.at_;
  }
  friend bool operator!=(index_iterator a, index_iterator b) noexcept {
    return a.at_ != b.at_;
  }
  friend bool operator<(index_iterator a, index_iterator b) noexcept {
    return a.at_ < b.at_;
  }
  friend bool operator>(index_iterator a, index_iterator b) noexcept {
    return b < a;
  }
  friend bool operator<=(index_iterator a, index_iterator b) noexcept {
    return !(b < a);
  }
  friend bool operator>=(index_iterator a, index_iterator b) noexcept {
    return !(a < b);
  }

private:
  const View *view_ = nullptr;
  std::size_t at_ = 0;
};

/** How the cells of a column are read as T: the column's type, its array, and a cell. */
template <class T> struct cells;
template <> struct cells<double> {
  static constexpr std::int32_t type = WSF_TYPE_F64;
  using raw = double;
  static const raw *array(const wsf_table *t, std::int64_t c) { return wsf_table_f64(t, c); }
  static double at(const raw *array, const wsf_table *, std::int64_t, std::size_t i) {
    return array[i];
  }
};
template <> struct cells<float> {
  static constexpr std::int32_t type = WSF_TYPE_F32;
  using raw = float;
  static const raw *array(const wsf_table *t, std::int64_t c) { return wsf_table_f32(t, c); }
  static float at(const raw *array, const wsf_table *, std::int64_t, std::size_t i) {
    return array[i];
  }
};
template <class T, std::int32_t Type> struct integer_cells {
  static constexpr std::int32_t type = Type;
  using raw = std::int64_t;
  static const raw *array(const wsf_table *t, std::int64_t c) { return wsf_table_i64(t, c); }
  static T at(const raw *array, const wsf_table *, std::int64_t, std::size_t i) {
    if constexpr (std::is_same_v<T, std::int64_t>)
      return array[i];
    else
      return T(typename T::duration(array[i]));
  }
};
template <> struct cells<std::int64_t> : integer_cells<std::int64_t, WSF_TYPE_I64> {};
template <> struct cells<date> : integer_cells<date, WSF_TYPE_DATE> {};
template <> struct cells<datetime> : integer_cells<datetime, WSF_TYPE_TIME> {};
template <> struct cells<std::string_view> {
  static constexpr std::int32_t type = WSF_TYPE_TEXT;
  using raw = void;
  static const raw *array(const wsf_table *, std::int64_t) { return nullptr; }
  static std::string_view at(const raw *, const wsf_table *t, std::int64_t c, std::size_t i) {
    std::size_t length = 0;
    const char *text = wsf_table_text(t, c, static_cast<std::int64_t>(i), &length);
    return text ? std::string_view(text, length) : std::string_view();
  }
};

} // namespace detail

/** A table: every result. */
class table : public detail::handle<wsf_table, wsf_table_retain, wsf_table_release> {
public:
  using handle::handle;

  template <class T> class column_of;
  template <class... T> class selection;

  std::int64_t rows() const noexcept { return wsf_table_rows(get()); }
  std::int64_t columns() const noexcept { return wsf_table_columns(get()); }
  /** Name of a column; "" if out of range. */
  std::string_view name(std::int64_t column) const noexcept {
    const char *text = wsf_table_name(get(), column);
    return text ? text : "";
  }
  /** WSF_TYPE_*, or 0 if out of range. */
  std::int32_t type(std::int64_t column) const noexcept { return wsf_table_type(get(), column); }
  /** The column of that name. */
  std::optional<std::int64_t> find(const std::string &name) const noexcept {
    std::int64_t column = wsf_table_find(get(), name.c_str());
    return column < 0 ? std::nullopt : std::optional<std::int64_t>(column);
  }
  bool is_null(std::int64_t column, std::int64_t row) const noexcept {
    return wsf_table_is_null(get(), column, row) != 0;
  }
  /** Any cell as text: "" for null, numbers in the shortest form that reads back to the same bits.
   */
  std::string format(std::int64_t column, std::int64_t row) const {
    std::string text;
    std::int64_t size = wsf_table_format(get(), column, row, nullptr, 0);
    if (size <= 0) return text;
    text.resize(static_cast<std::size_t>(size) + 1);
    (void)wsf_table_format(get(), column, row, text.data(), text.size());
    text.pop_back();
    return text;
  }

  /**
   * A column as a range of T: double, float, std::int64_t, wsf::date, wsf::datetime,
   * std::string_view, as its type is (f64, f32, i64, date, time, text). Null is NaN, 0 or "", and
   * is_null tells.
   */
  template <class T> column_of<T> column(const std::string &name) const {
    return try_column<T>(name).value();
  }
  template <class T> expected<column_of<T>> try_column(const std::string &name) const;

  /**
   * Rows as a range of tuples:
   * `for (auto [dept, day, sales] : t.select<std::string_view, wsf::date, double>("Dept", "Date",
   * "forecast"))`.
   */
  template <class... T, class... Name> selection<T...> select(const Name &...names) const {
    static_assert(sizeof...(T) == sizeof...(Name), "a type for each column");
    return selection<T...>(column<T>(names)...);
  }

  /** The table as an Arrow C stream of one batch, without a copy. */
  arrow_stream stream() const { return try_stream().value(); }
  expected<arrow_stream> try_stream() const {
    ArrowArrayStream out{};
    wsf_error err{};
    if (wsf_table_export_stream(get(), &out, &err) != WSF_OK) return error(err);
    return arrow_stream(out);
  }
};

/** A column of a table, which it keeps alive. */
template <class T> class table::column_of {
public:
  using value_type = T;
  using iterator = detail::index_iterator<column_of>;

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  T operator[](std::size_t i) const {
    return detail::cells<T>::at(array_, table_.get(), column_, i);
  }
  bool is_null(std::size_t i) const noexcept {
    return table_.is_null(column_, static_cast<std::int64_t>(i));
  }
  iterator begin() const noexcept { return {this, 0}; }
  iterator end() const noexcept { return {this, size_}; }

  /** The numbers where they stand, borrowed from the table; days and seconds for dates and times.
   */
  template <class U = T, class Raw = typename detail::cells<U>::raw>
  std::enable_if_t<!std::is_void_v<Raw>, span<const Raw>> values() const noexcept {
    return {array_, size_};
  }

private:
  friend class table;
  column_of(const table &t, std::int64_t column)
      : table_(t), column_(column), array_(detail::cells<T>::array(t.get(), column)),
        size_(static_cast<std::size_t>(t.rows())) {}
  table table_;
  std::int64_t column_;
  const typename detail::cells<T>::raw *array_;
  std::size_t size_;
};

/** Rows of some columns of a table, which it keeps alive. */
template <class... T> class table::selection {
public:
  using value_type = std::tuple<T...>;
  using iterator = detail::index_iterator<selection>;

  std::size_t size() const noexcept { return std::get<0>(columns_).size(); }
  bool empty() const noexcept { return size() == 0; }
  value_type operator[](std::size_t i) const {
    return std::apply([i](const auto &...column) { return value_type(column[i]...); }, columns_);
  }
  iterator begin() const noexcept { return {this, 0}; }
  iterator end() const noexcept { return {this, size()}; }

private:
  friend class table;
  static_assert(sizeof...(T) > 0, "at least one column");
  explicit selection(column_of<T>... columns) : columns_(std::move(columns)...) {}
  std::tuple<column_of<T>...> columns_;
};

template <class T> expected<table::column_of<T>> table::try_column(const std::string &name) const {
  std::optional<std::int64_t> at = find(name);
  if (!at) return error(WSF_E_NAME, name, "the table has no column '" + name + "'");
  if (type(*at) != detail::cells<T>::type) {
    return error(WSF_E_ARGUMENT, name,
                 "column '" + name + "' is " + wsf_type_name(type(*at)) + ", not " +
                     wsf_type_name(detail::cells<T>::type));
  }
  return column_of<T>(*this, *at);
}

} // namespace WSF_CPP_MODE
} // namespace wsf

#if defined(__cpp_lib_ranges)
template <class T> inline constexpr bool std::ranges::enable_borrowed_range<wsf::span<T>> = true;
template <class T> inline constexpr bool std::ranges::enable_view<wsf::span<T>> = true;
#endif
#endif
