/* The binding of C++ as it is used by default: objects, ranges, exceptions. */
#include "check.hpp"

#include <wsf/wsf.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace {

const char *const sales = "simulate(stores=2, depts=3, weeks=120, seed=1)";
using text = std::string_view;

template <class F> wsf_status status_of(F &&f) {
  try {
    f();
  } catch (const wsf::error &e) {
    return e.status();
  }
  return WSF_OK;
}

void errors() {
  wsf::context ctx;
  try {
    (void)wsf::model::parse(ctx, "mean(ets, arimaa)");
    check("an unknown model is an error", false);
  } catch (const std::exception &caught) {
    const auto &e = dynamic_cast<const wsf::error &>(caught);
    check("an error says what", std::strstr(e.what(), "arimaa") != nullptr);
    check("an error has the status of C and its name",
          e.status() == WSF_E_NAME && e.name() == "E_NAME");
    check("an error has the byte", e.byte() == 10);
    check("a position that does not apply is none", !e.series() && !e.row() && e.file().empty());
  }
  ctx.add_bytes("rows", "day,y\n2024-01-01,oops\n2024-01-02,oops\n");
  try {
    (void)wsf::dataset::open(ctx, "csv(\"rows\", time=day, target=y, freq=day)");
    check("a column without a number is an error", false);
  } catch (const wsf::error &e) {
    check("an error has row, field and file",
          e.row() == 2 && e.field() == "y" && e.file() == "source rows");
  }
  wsf::expected<wsf::model> none = wsf::model::try_parse(ctx, "ets(");
  check("the twin of a function returns", !none && none.error().status() == WSF_E_SYNTAX);
  check("value() of an error throws", status_of([&] { (void)none.value(); }) == WSF_E_SYNTAX);
  check("a context of nothing fails by the library's own check",
        status_of([&] {
          wsf::context gone = std::move(ctx);
          (void)wsf::model::parse(ctx, "ets");
        }) == WSF_E_ARGUMENT);
}

void handles() {
  wsf::context ctx("threads=2, seed=3");
  wsf::model a = wsf::model::parse(ctx, "snaive");
  wsf::model b = a;
  check("a copy is the same handle", a.get() == b.get());
  wsf::model c = std::move(b);
  check("what was moved from holds nothing", !b && c);
  b = c;
  a = wsf::model::parse(ctx, "ets");
  check("an assignment lets go of the old", a.text() == "ets" && b.text() == "snaive");
  b = *&b;
  check("assigning to itself changes nothing", b.text() == "snaive");
  wsf_model *raw = c.detach();
  check("detach gives the reference away", raw && !c);
  wsf_model_release(raw);
}

void tables() {
  wsf::context ctx;
  wsf::dataset data = wsf::dataset::open(ctx, sales);
  wsf::forecaster f = wsf::fit(wsf::model::parse(ctx, "snaive"), data);
  wsf::table t = f.predict("horizon=4, levels=[80]");
  check("a row per series and step", t.rows() == 24 && t.columns() == 6);
  check("columns have names and types",
        t.name(2) == "Date" && t.type(2) == WSF_TYPE_DATE && t.name(99).empty() && t.type(99) == 0);
  check("columns are found", t.find("forecast") == 3 && !t.find("nothing"));

  auto forecast = t.column<double>("forecast");
  check("a column is a range",
        forecast.size() == 24 && std::distance(forecast.begin(), forecast.end()) == 24);
  check("its span is the memory of the table",
        forecast.values().data() == wsf_table_f64(t.get(), 3) && forecast.values().size() == 24);
  double sum = 0;
  for (double y : forecast) sum += y;
  check("range and span have the same values",
        sum == std::accumulate(forecast.values().begin(), forecast.values().end(), 0.0) && sum > 0);
  check("cells can be written as text", std::stod(t.format(3, 5)) == forecast[5]);

  std::size_t row = 0;
  bool same = true;
  for (auto [store, day, y, low] :
       t.select<std::int64_t, wsf::date, double, double>("Store", "Date", "forecast", "lo-80")) {
    same = same && store == t.column<std::int64_t>("Store")[row] && y == forecast[row] && low <= y;
    same = same && day.time_since_epoch().count() == wsf_table_i64(t.get(), 2)[row];
    ++row;
  }
  check("rows are a range of tuples", same && row == 24);
  auto dates = t.column<wsf::date>("Date");
  check("days are days of the calendar", dates[1] - dates[0] == std::chrono::hours(24 * 7));
  check("algorithms take the range",
        std::count_if(forecast.begin(), forecast.end(), [](double y) { return y > 0; }) > 0);

  double first = 0;
  for (double y : f.predict("horizon=4").column<double>("forecast")) {
    first = y;
    break;
  }
  check("a column keeps its table alive", first == forecast[0]);

  check("a column that is not there is named",
        status_of([&] { (void)t.column<double>("forcast"); }) == WSF_E_NAME);
  check("a column is read as what it is",
        status_of([&] { (void)t.column<double>("Date"); }) == WSF_E_ARGUMENT);

  wsf::table names = wsf::catalog(ctx);
  auto updates = names.column<text>("update");
  auto words = names.column<text>("name");
  bool null = false, ets = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    null = null || (updates.is_null(i) && updates[i].empty());
    ets = ets || (words[i] == "ets" && updates[i] == "yes");
  }
  check("texts are views, null is empty and told", null && ets);
}

void arrow() {
  wsf::context ctx;
  wsf::dataset data = wsf::dataset::open(ctx, sales);
  wsf::table values = data.describe("values");
  wsf::arrow_stream stream = values.stream();
  std::optional<wsf::table> batch = wsf::next(ctx, stream);
  check("a table goes through a stream and comes back",
        batch && batch->rows() == values.rows() && batch->columns() == values.columns());
  check("a stream ends", !wsf::next(ctx, stream));

  const char *options = "keys=[Store,Dept], time=Date, target=Weekly_Sales, freq=week";
  wsf::dataset again = wsf::dataset::from_arrow(ctx, values.stream(), options);
  check("a dataset is made of a stream", again.describe("series").rows() == 6);
  check("what a stream lacks is told",
        status_of([&] {
          (void)wsf::dataset::from_arrow(ctx, values.stream(), "time=Dat, target=Weekly_Sales");
        }) != WSF_OK);

  wsf::arrow_stream features = data.features("lags(1), calendar(week)", "horizon=2, batch=100");
  std::int64_t rows = 0;
  while (std::optional<wsf::table> t = wsf::next(ctx, features)) {
    check("a batch has the columns of the recipe", t->columns() == 6);
    rows += t->rows();
  }
  check("features come batch by batch", rows == values.rows() + 6 * 2);
}

void sources() {
  std::string csv = "shop,day,y\n";
  for (int d = 1; d <= 28; ++d) {
    csv += "a,2024-02-" + std::string(d < 10 ? "0" : "") + std::to_string(d) + "," +
           std::to_string(10 + d % 7) + "\n";
  }
  const std::string rows = ", keys=[shop], time=day, target=y, freq=day)";
  wsf::context ctx;
  ctx.add_bytes("bytes", csv);
  ctx.add_view("view", csv);
  ctx.add_stream("stream", [&] { return std::make_unique<std::istringstream>(csv); });
  wsf::table values = wsf::dataset::open(ctx, "csv(\"bytes\"" + rows).describe("values");
  {
    wsf::context other;
    other.add_arrow("arrow", [&] { return values.stream(); });
    check("a source of columns",
          wsf::dataset::open(other, "csv(\"arrow\"" + rows).describe("values").rows() == 28);
    other.remove_source("arrow");
  }
  for (const char *name : {"view", "stream"}) {
    wsf::table t =
        wsf::dataset::open(ctx, "csv(\"" + std::string(name) + "\"" + rows).describe("values");
    check("every source gives the same rows", t.rows() == 28 && t.column<double>("y")[3] == 14);
  }
  ctx.add_stream("broken", []() -> std::unique_ptr<std::istream> {
    throw std::runtime_error("the safe is closed");
  });
  try {
    (void)wsf::dataset::open(ctx, "csv(\"broken\"" + rows);
    check("a source that throws is an error", false);
  } catch (const wsf::error &e) {
    check("it says what was thrown",
          e.status() == WSF_E_IO && std::strstr(e.what(), "the safe is closed"));
  }
  ctx.remove_source("view");
  check("a source that is gone", status_of([&] { ctx.remove_source("view"); }) == WSF_E_NAME);
}

void callbacks() {
  auto calls = std::make_shared<int>(0);
  auto lines = std::make_shared<std::vector<std::string>>();
  {
    std::optional<wsf::dataset> data;
    {
      wsf::context ctx("threads=2");
      ctx.on_progress([calls](text, std::int64_t done, std::int64_t total) {
        ++*calls;
        return done <= total;
      });
      ctx.on_log([lines](std::int32_t, text line) { lines->emplace_back(line); });
      data = wsf::dataset::open(ctx, sales);
    }
    wsf::forecaster f = wsf::fit(wsf::model::parse(wsf::context(), "mean(ets, snaive)"), *data);
    check("callbacks outlive the object they were given to",
          f && *calls > 0 && lines->size() >= 2 && calls.use_count() == 2);
  }
  check("and go with the last handle", calls.use_count() == 1 && lines.use_count() == 1);

  wsf::context ctx;
  wsf::dataset data = wsf::dataset::open(ctx, sales);
  wsf::model m = wsf::model::parse(ctx, "best(ets, snaive)");
  ctx.on_progress([](text, std::int64_t, std::int64_t) { return false; });
  check("progress may stop a call", status_of([&] { (void)wsf::fit(m, data); }) == WSF_E_CANCELLED);
  ctx.resume();
  ctx.on_progress([](text, std::int64_t, std::int64_t) -> bool { throw 1; });
  check("what it throws stops, too",
        status_of([&] { (void)wsf::fit(m, data); }) == WSF_E_CANCELLED);
  ctx.resume();
  ctx.on_progress(nullptr);
  check("no progress, no stop", status_of([&] { (void)wsf::fit(m, data); }) == WSF_OK);
  ctx.on_log([](std::int32_t, text) { throw 1; });
  check("a log that throws is none", status_of([&] { (void)wsf::fit(m, data); }) == WSF_OK);

  wsf::context client = ctx.fork("max_horizon=9");
  wsf::dataset shared = data.with(client);
  client.cancel();
  check("a fork is cancelled alone",
        status_of([&] { (void)wsf::fit(m, shared); }) == WSF_E_CANCELLED &&
            status_of([&] { (void)wsf::fit(m, data); }) == WSF_OK);
  client.resume();
  wsf::forecaster f = wsf::fit(m, data).with(client);
  check("and has limits of its own",
        status_of([&] { (void)f.predict("horizon=10"); }) == WSF_E_LIMIT);
}

bool equal(const wsf::table &a, const wsf::table &b) {
  if (a.rows() != b.rows() || a.columns() != b.columns()) return false;
  for (std::int64_t c = 0; c < a.columns(); ++c) {
    for (std::int64_t r = 0; r < a.rows(); ++r) {
      if (a.format(c, r) != b.format(c, r)) return false;
    }
  }
  return true;
}

void forecasters() {
  wsf::context ctx;
  wsf::dataset data = wsf::dataset::open(ctx, sales);
  wsf::dataset before = wsf::dataset::open(ctx, std::string(sales) + " | until(\"2012-03-23\")");
  wsf::forecaster f = wsf::fit(wsf::model::parse(ctx, "ets"), before, "fitted=true");
  check("a forecaster has its model's text", f.text() == "ets");
  check("views are tables",
        f.describe("series").rows() == 6 && f.describe("components(horizon=2)").rows() == 12);

  std::ostringstream image;
  f.write(image);
  const std::string bytes = image.str();
  check("an image gives the same forecasts",
        equal(wsf::forecaster::read(ctx, bytes).predict("horizon=3"), f.predict("horizon=3")));
  check("half an image is refused",
        status_of([&] {
          (void)wsf::forecaster::read(ctx, {bytes.data(), bytes.size() / 2});
        }) == WSF_E_FORMAT);
  std::ostringstream full;
  full.setstate(std::ios::badbit);
  check("a stream that refuses is an error", status_of([&] { f.write(full); }) == WSF_E_IO);
  check("a file that is not there",
        status_of([&] { (void)wsf::forecaster::load(ctx, "/no/such.wsf"); }) == WSF_E_IO);

  wsf::forecaster moved = f.update(data);
  check("an update gives a new forecaster",
        moved.describe("news").rows() == 6 &&
            !equal(moved.predict("horizon=3"), f.predict("horizon=3")));
  wsf::table metrics = wsf::evaluate(f.predict("horizon=8"), before, data, "metrics=[wape, mase]");
  check("metrics of a forecast", metrics.rows() == 2);

  std::vector<wsf::model> models = {wsf::model::parse(ctx, "ets"), wsf::model::parse(ctx, "naive")};
  wsf::backtest_tables b = wsf::backtest(models, data, "horizon=4, windows=2, forecasts=true");
  check("a back-test has four tables", b.summary.rows() == 2 && b.folds.rows() == 4 &&
                                           b.series.rows() == 12 && b.forecasts.rows() == 96);
  b = wsf::backtest(models, data, "horizon=4, by=[level]");
  check("a back-test by level has rows for each", b.summary.rows() == 4);
  check("a back-test of nothing is an error",
        status_of([&] { (void)wsf::backtest({}, data, "horizon=4"); }) == WSF_E_ARGUMENT);
  check("evidence of auto",
        wsf::evidence(wsf::model::parse(ctx, "auto(naive, snaive)"), data, "horizon=4").rows() > 0);
  check("analyses are tables", data.analyze("what=summary").rows() == 6);

  bool same = true;
  std::vector<std::thread> threads;
  const wsf::table want = f.predict("horizon=5");
  std::array<bool, 4> ok{};
  for (bool &one : ok) {
    threads.emplace_back([&] { one = equal(f.predict("horizon=5"), want); });
  }
  for (std::thread &t : threads) t.join();
  for (bool one : ok) same = same && one;
  check("handles are shared by threads", same);
}

void building() {
  wsf::context ctx;
  wsf::builder b(ctx, "keys=[shop], time=day, target=y, freq=day, known=[promo]");
  for (int d = 1; d <= 20; ++d) {
    const std::string day = "2024-03-" + std::string(d < 10 ? "0" : "") + std::to_string(d);
    const std::array<const char *, 1> keys = {"a"};
    const std::array<double, 1> promo = {d % 5 == 0 ? 1.0 : 0.0};
    b.add(keys, day, d == 7 ? std::nan("") : d, promo);
  }
  check("a dataset is built row by row", b.finish().describe("values").rows() == 20);
  ctx.add_bytes("raw", "day;sold\n01.02.2024;3\n02.02.2024;4\n03.02.2024;5\n04.02.2024;5\n");
  wsf::table expression = wsf::propose(ctx, "raw", "expression");
  const std::string load(expression.column<text>(std::string(expression.name(0)))[0]);
  check("a file is proposed and loaded",
        wsf::dataset::open(ctx, load).describe("values").rows() == 4);
}

} // namespace

int main() {
  errors();
  handles();
  tables();
  arrow();
  sources();
  callbacks();
  forecasters();
  building();
  return failures != 0;
}
