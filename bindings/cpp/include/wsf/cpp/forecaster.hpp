/**
 * @file forecaster.hpp
 * @brief Models and forecasters in C++: fit, predict, update, explain, save; back-tests and
 * metrics. Since 0.2.0.
 *
 * Options are the text of the C functions, "" for the presets.
 */
#ifndef WSF_CPP_FORECASTER_HPP
#define WSF_CPP_FORECASTER_HPP

#include <wsf/cpp/dataset.hpp>
#include <wsf/evaluate.h>
#include <wsf/forecaster.h>
#include <wsf/model.h>

#include <array>
#include <ostream>

namespace wsf {
inline namespace WSF_CPP_MODE {

/** A parsed, checked model expression. */
class model : public detail::handle<wsf_model, wsf_model_retain, wsf_model_release> {
public:
  using handle::handle;
  static model parse(const context &ctx, const std::string &expression) {
    return try_parse(ctx, expression).value();
  }
  static expected<model> try_parse(const context &ctx, const std::string &expression) {
    return detail::make<model>([&](wsf_model **out, wsf_error *err) {
      return wsf_model_parse(out, ctx.get(), expression.c_str(), err);
    });
  }
  /** The canonical text. */
  std::string_view text() const noexcept { return wsf_model_text(get()); }
};

/** A model fitted on a dataset. */
class forecaster
    : public detail::handle<wsf_forecaster, wsf_forecaster_retain, wsf_forecaster_release> {
public:
  using handle::handle;

  /** One row per series and step: `horizon=39, levels=[80,95]`. */
  table predict(const std::string &options) const { return try_predict(options).value(); }
  expected<table> try_predict(const std::string &options) const {
    return predict_on(nullptr, options);
  }
  /** The same with fresh columns that are known ahead. */
  table predict(const dataset &ahead, const std::string &options) const {
    return try_predict(ahead, options).value();
  }
  expected<table> try_predict(const dataset &ahead, const std::string &options) const {
    return predict_on(ahead.get(), options);
  }

  /** A new forecaster with these observations too; parameters stay. */
  forecaster update(const dataset &ds, const std::string &options = {}) const {
    return try_update(ds, options).value();
  }
  expected<forecaster> try_update(const dataset &ds, const std::string &options = {}) const {
    return detail::make<forecaster>([&](wsf_forecaster **out, wsf_error *err) {
      return wsf_update(out, get(), ds.get(), options.c_str(), err);
    });
  }

  /** A view: `report`, `series`, `summary`, `components(horizon=12)`, `coefficients`, `weights`,
   * `fitted`, `choice`, `explain`, `calls`, `news`. */
  table describe(const std::string &what) const { return try_describe(what).value(); }
  expected<table> try_describe(const std::string &what) const {
    return detail::make<table>([&](wsf_table **out, wsf_error *err) {
      return wsf_forecaster_describe(out, get(), what.c_str(), err);
    });
  }

  /** The canonical text of the model inside. */
  std::string_view text() const noexcept { return wsf_forecaster_text(get()); }

  /** Saves to a file, atomically. */
  void save(const std::string &path) const { try_save(path).value(); }
  expected<void> try_save(const std::string &path) const {
    return detail::run(
        [&](wsf_error *err) { return wsf_forecaster_save(get(), path.c_str(), err); });
  }
  /** Saves into a stream, piece by piece. */
  void write(std::ostream &out) const { try_write(out).value(); }
  expected<void> try_write(std::ostream &out) const {
    return detail::run([&](wsf_error *err) {
      return wsf_forecaster_write_to(
          get(),
          [](const void *bytes, std::size_t size, void *user) -> std::int32_t {
            return detail::guarded(
                [&] {
                  auto &to = *static_cast<std::ostream *>(user);
                  to.write(static_cast<const char *>(bytes), static_cast<std::streamsize>(size));
                  return to ? 0 : 1;
                },
                [](const char *) { return 1; });
          },
          &out, err);
    });
  }
  static forecaster load(const context &ctx, const std::string &path) {
    return try_load(ctx, path).value();
  }
  static expected<forecaster> try_load(const context &ctx, const std::string &path) {
    return detail::make<forecaster>([&](wsf_forecaster **out, wsf_error *err) {
      return wsf_forecaster_load(out, ctx.get(), path.c_str(), err);
    });
  }
  /** Of an image in memory; any bytes are safe. */
  static forecaster read(const context &ctx, span<const char> image) {
    return try_read(ctx, image).value();
  }
  static expected<forecaster> try_read(const context &ctx, span<const char> image) {
    return detail::make<forecaster>([&](wsf_forecaster **out, wsf_error *err) {
      return wsf_forecaster_read(out, ctx.get(), image.data(), image.size(), err);
    });
  }

  /** The same forecaster for another client. */
  forecaster with(const context &ctx) const { return try_with(ctx).value(); }
  expected<forecaster> try_with(const context &ctx) const {
    return detail::make<forecaster>([&](wsf_forecaster **out, wsf_error *err) {
      return wsf_forecaster_with(out, get(), ctx.get(), err);
    });
  }

private:
  expected<table> predict_on(const wsf_dataset *ahead, const std::string &options) const {
    return detail::make<table>([&](wsf_table **out, wsf_error *err) {
      return wsf_predict(out, get(), ahead, options.c_str(), err);
    });
  }
};

/** Fits a model on every series of a dataset, on the dataset's context. */
inline expected<forecaster> try_fit(const model &m, const dataset &ds,
                                    const std::string &options = {}) {
  return detail::make<forecaster>([&](wsf_forecaster **out, wsf_error *err) {
    return wsf_fit(out, m.get(), ds.get(), options.c_str(), err);
  });
}
inline forecaster fit(const model &m, const dataset &ds, const std::string &options = {}) {
  return try_fit(m, ds, options).value();
}

/** What `auto` chooses by, of a part of a panel. */
inline expected<table> try_evidence(const model &m, const dataset &ds,
                                    const std::string &options = {}) {
  return detail::make<table>([&](wsf_table **out, wsf_error *err) {
    return wsf_evidence(out, m.get(), ds.get(), options.c_str(), err);
  });
}
inline table evidence(const model &m, const dataset &ds, const std::string &options = {}) {
  return try_evidence(m, ds, options).value();
}

/** The tables of a back-test. */
struct backtest_tables {
  table summary;   /**< a row per model */
  table folds;     /**< a row per model and origin */
  table series;    /**< a row per model and series */
  table forecasts; /**< a row per model, origin, series and step, with `forecasts=true` */
};

/** Rolling-origin back-test of several models on the same folds: `horizon=13, windows=3`. */
inline expected<backtest_tables> try_backtest(const std::vector<model> &models, const dataset &ds,
                                              const std::string &options) {
  std::vector<const wsf_model *> borrowed;
  borrowed.reserve(models.size());
  for (const model &m : models) borrowed.push_back(m.get());
  std::array<wsf_table *, WSF_BACKTEST_TABLES> out{};
  wsf_error err{};
  if (wsf_backtest(out.data(), borrowed.data(), static_cast<std::int64_t>(borrowed.size()),
                   ds.get(), options.c_str(), &err) != WSF_OK) {
    return error(err);
  }
  return backtest_tables{table(out[WSF_BACKTEST_SUMMARY]), table(out[WSF_BACKTEST_FOLDS]),
                         table(out[WSF_BACKTEST_SERIES]), table(out[WSF_BACKTEST_FORECASTS])};
}
inline backtest_tables backtest(const std::vector<model> &models, const dataset &ds,
                                const std::string &options) {
  return try_backtest(models, ds, options).value();
}

/** Metrics of forecasts against the actuals: a row per metric. */
inline expected<table> try_evaluate(const table &forecasts, const dataset &history,
                                    const dataset &actual, const std::string &options = {}) {
  return detail::make<table>([&](wsf_table **out, wsf_error *err) {
    return wsf_evaluate(out, forecasts.get(), history.get(), actual.get(), options.c_str(), err);
  });
}
inline table evaluate(const table &forecasts, const dataset &history, const dataset &actual,
                      const std::string &options = {}) {
  return try_evaluate(forecasts, history, actual, options).value();
}

/** Everything that can stand in an expression; with a name, its options. */
inline expected<table> try_catalog(const context &ctx, const std::string &name = {}) {
  return detail::make<table>([&](wsf_table **out, wsf_error *err) {
    return wsf_catalog(out, ctx.get(), name.empty() ? nullptr : name.c_str(), err);
  });
}
inline table catalog(const context &ctx, const std::string &name = {}) {
  return try_catalog(ctx, name).value();
}

} // namespace WSF_CPP_MODE
} // namespace wsf

#endif
