#include <iostream>
#include <wsf/wsf.hpp>

int main() {
  wsf::context ctx;
  wsf::dataset data = wsf::dataset::open(ctx, "simulate(stores=2, depts=3)");
  wsf::table t = wsf::fit(wsf::model::parse(ctx, "snaive"), data).predict("horizon=4");
  std::cout << "libwsf " << wsf_version() << ": " << t.rows() << " rows of forecasts\n";
  return wsf_version_number() ==
                 10000 * WSF_VERSION_MAJOR + 100 * WSF_VERSION_MINOR + WSF_VERSION_PATCH
             ? 0
             : 1;
}
