/* The binding of C++ without exceptions: every function has a twin that returns its error. */
#include "check.hpp"

#include <wsf/wsf.hpp>

namespace {

using wsf::context;
using wsf::dataset;
using wsf::expected;
using wsf::forecaster;
using wsf::model;
using wsf::table;

expected<table> forecast(const context &ctx, const std::string &data, const std::string &m,
                         const std::string &options) {
  expected<dataset> ds = dataset::try_open(ctx, data);
  if (!ds) return ds.error();
  return model::try_parse(ctx, m)
      .and_then([&](model &&parsed) { return wsf::try_fit(parsed, *ds); })
      .and_then([&](forecaster &&f) { return f.try_predict(options); });
}

} // namespace

int main() {
  expected<context> made = context::try_create("threads=2");
  check("a context is made", made.has_value());
  context ctx = std::move(made).value();
  check("bad options are an error", context::try_create("treads=2").error().status() == WSF_E_NAME);

  const char *data = "simulate(stores=2, depts=2, weeks=110, seed=1)";
  expected<table> t = forecast(ctx, data, "snaive", "horizon=3");
  check("a chain of calls", t && t->rows() == 12);
  check("a column or its error", t->try_column<double>("forecast") &&
                                     t->try_column<double>("forcast").error().field() == "forcast");
  check("the first error of a chain",
        forecast(ctx, data, "snaiv", "horizon=3").error().status() == WSF_E_NAME);
  check("the last error of a chain",
        forecast(ctx, data, "snaive", "horizon=0").error().status() == WSF_E_VALUE);
  check("a value in the place of an error",
        forecast(ctx, data, "snaiv", "horizon=3").value_or(*t).rows() == 12);

  check("what returns nothing returns an error", !ctx.try_remove_source("none") &&
                                                     ctx.try_add_bytes("some", "day,y\n") &&
                                                     ctx.try_remove_source("some"));
  ctx.try_add_stream("closed", [] { return std::unique_ptr<std::istream>(); }).value();
  check("a stream that does not open",
        dataset::try_open(ctx, "csv(\"closed\", time=day, target=y)").error().status() == WSF_E_IO);
  check("progress stops", ctx.try_on_progress([](std::string_view, std::int64_t, std::int64_t) {
    return false;
  }) && forecast(ctx, data, "ets", "horizon=3").error().status() == WSF_E_CANCELLED);
  return failures != 0;
}
