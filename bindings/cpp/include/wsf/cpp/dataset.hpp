/**
 * @file dataset.hpp
 * @brief Datasets in C++: opened from an expression, made of an Arrow stream or row by row;
 * described, analysed, turned into features. Since 0.2.0.
 */
#ifndef WSF_CPP_DATASET_HPP
#define WSF_CPP_DATASET_HPP

#include <wsf/cpp/context.hpp>
#include <wsf/dataset.h>
#include <wsf/features.h>

namespace wsf {
inline namespace WSF_CPP_MODE {

/** An immutable panel of series on one regular calendar. */
class dataset : public detail::handle<wsf_dataset, wsf_dataset_retain, wsf_dataset_release> {
public:
  using handle::handle;

  /** Of a data expression: `csv("sales.csv", keys=[store], time=day, target=revenue)`. */
  static dataset open(const context &ctx, const std::string &expression) {
    return try_open(ctx, expression).value();
  }
  static expected<dataset> try_open(const context &ctx, const std::string &expression) {
    return detail::make<dataset>([&](wsf_dataset **out, wsf_error *err) {
      return wsf_dataset_open(out, ctx.get(), expression.c_str(), err);
    });
  }

  /** Of the columns of an Arrow stream, with the options of family `rows`. */
  static dataset from_arrow(const context &ctx, arrow_stream rows, const std::string &options) {
    return try_from_arrow(ctx, std::move(rows), options).value();
  }
  static expected<dataset> try_from_arrow(const context &ctx, arrow_stream rows,
                                          const std::string &options) {
    return detail::make<dataset>([&](wsf_dataset **out, wsf_error *err) {
      return wsf_dataset_from_arrow(out, ctx.get(), rows.get(), options.c_str(), err);
    });
  }

  /** The same dataset for another client. */
  dataset with(const context &ctx) const { return try_with(ctx).value(); }
  expected<dataset> try_with(const context &ctx) const {
    return detail::make<dataset>([&](wsf_dataset **out, wsf_error *err) {
      return wsf_dataset_with(out, get(), ctx.get(), err);
    });
  }

  /** One of `summary`, `columns`, `series`, `report`, `levels`, `sums`, `values`, `ahead`,
   * `request`. */
  table describe(const std::string &what) const { return try_describe(what).value(); }
  expected<table> try_describe(const std::string &what) const {
    return detail::make<table>([&](wsf_table **out, wsf_error *err) {
      return wsf_dataset_describe(out, get(), what.c_str(), err);
    });
  }

  /** Options as of wsf_analyze: `what=seasons`. */
  table analyze(const std::string &options) const { return try_analyze(options).value(); }
  expected<table> try_analyze(const std::string &options) const {
    return detail::make<table>([&](wsf_table **out, wsf_error *err) {
      return wsf_analyze(out, get(), options.c_str(), err);
    });
  }

  /** A recipe over the dataset, batch by batch. */
  arrow_stream features(const std::string &recipe, const std::string &options = {}) const {
    return try_features(recipe, options).value();
  }
  expected<arrow_stream> try_features(const std::string &recipe,
                                      const std::string &options = {}) const {
    ArrowArrayStream out{};
    wsf_error err{};
    if (wsf_features(&out, get(), recipe.c_str(), options.c_str(), &err) != WSF_OK) {
      return error(err);
    }
    return arrow_stream(out);
  }
};

/** Collects rows for a dataset; of one thread. */
class builder {
public:
  /** Options of family `rows`; they fix how many keys and columns a row has, and their order. */
  builder(const context &ctx, const std::string &options)
      : builder(try_create(ctx, options).value()) {}
  static expected<builder> try_create(const context &ctx, const std::string &options) {
    wsf_builder *out = nullptr;
    wsf_error err{};
    if (wsf_builder_create(&out, ctx.get(), options.c_str(), &err) != WSF_OK) return error(err);
    return builder(out);
  }

  /** One row: a text for every key, the time as text, the target (NaN: missing), and a number for
   * every covariate. Fewer keys or columns than the options name are not noticed: the arrays are
   * read as long as the options say. */
  void add(span<const char *const> keys, const std::string &time, double target,
           span<const double> columns = {}) {
    try_add(keys, time, target, columns).value();
  }
  expected<void> try_add(span<const char *const> keys, const std::string &time, double target,
                         span<const double> columns = {}) {
    return detail::run([&](wsf_error *err) {
      return wsf_builder_add(b_.get(), keys.data(), time.c_str(), target, columns.data(), err);
    });
  }

  /** The dataset; the builder is empty afterwards. */
  dataset finish() { return try_finish().value(); }
  expected<dataset> try_finish() {
    return detail::make<dataset>(
        [&](wsf_dataset **out, wsf_error *err) { return wsf_builder_finish(out, b_.get(), err); });
  }

private:
  struct release {
    void operator()(wsf_builder *b) const noexcept { wsf_builder_release(b); }
  };
  explicit builder(wsf_builder *b) noexcept : b_(b) {}
  std::unique_ptr<wsf_builder, release> b_;
};

/** Looks at a CSV file that nobody has described: `file`, `columns`, or the `expression` to load
 * it. */
inline expected<table> try_propose(const context &ctx, const std::string &path,
                                   const std::string &what) {
  return detail::make<table>([&](wsf_table **out, wsf_error *err) {
    return wsf_dataset_propose(out, ctx.get(), path.c_str(), what.c_str(), err);
  });
}
inline table propose(const context &ctx, const std::string &path, const std::string &what) {
  return try_propose(ctx, path, what).value();
}

/** The next batch of a stream as a table (copied); none at its end. */
inline expected<std::optional<table>> try_next(const context &ctx, arrow_stream &stream) {
  ArrowArrayStream *s = stream.get();
  ArrowArray batch{};
  if (!s->release || s->get_next(s, &batch) != 0) {
    const char *why = s->release ? s->get_last_error(s) : "the stream was released";
    return error(WSF_E_IO, "", why ? why : "the stream failed");
  }
  if (!batch.release) return std::optional<table>();
  ArrowSchema schema{};
  if (s->get_schema(s, &schema) != 0) {
    batch.release(&batch);
    return error(WSF_E_IO, "", "the stream has no schema");
  }
  expected<table> made = detail::make<table>([&](wsf_table **out, wsf_error *err) {
    return wsf_table_import(out, ctx.get(), &schema, &batch, err);
  });
  schema.release(&schema);
  if (!made) return made.error();
  return std::optional<table>(std::move(*made));
}
inline std::optional<table> next(const context &ctx, arrow_stream &stream) {
  return try_next(ctx, stream).value();
}

} // namespace WSF_CPP_MODE
} // namespace wsf

#endif
