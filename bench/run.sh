#!/bin/sh
# Speed and accuracy beside other packages. ./dev bench NAME [ARGUMENT ...] builds, installs the
# peers under build/peers and runs one of
#   all [--quick] [--only BENCH]   what is promised beside a peer, and docs/benchmarks.md of it; --quick: five minutes
#   peers [--case WORD] [--rounds N] [--scale X]   every model beside statsforecast (warm) and R
#   interface                      wsf.statsforecast beside statsforecast: the same program on both
#   peak                           share of the machine's peak that the inner recursions reach
#   million [SERIES [THREADS]]     nine simple models, seven windows, a million short series
#   start [--runs N]               a fresh process to its first forecast
#   regress [--old WSF] [--series N]   models on 20 columns beside the same on none
#   growth [--most X]              time against number and length of series, with a picture
#   orders [--count N]             the orders of R's auto.arima and ours on a sample of the M3
#   m3 [EXPRESSION ...]            sMAPE and MASE on the M3 beside the peers
#   choose                         the M3 ensemble chosen on windows of the training part
#   csv [THREADS [ROUNDS]]         reading train.csv beside polars and DuckDB
#   features [--series N]          the same features of the same panel beside mlforecast
#   prophet [--rounds N]           prophet beside the Prophet package: posterior, forecasts, time
#   prophet_update [--rounds N]    an update of prophet beside a fit of the same history
#   prophet_kinds                  both on series that make trouble: missing, sparse, zeros, caps
#   prophet_coverage [--series N]  shares of values inside the intervals of both
#   exchange                       models from here to the Prophet package and back, as JSON
#   dropin                         wsf.prophet beside the Prophet package: the same program on both
#   pmdarima                       wsf.pmdarima beside pmdarima: the same program on both
#   networks [--threads N]         LSTM layers beside PyTorch (pip install torch into build/peers first)
#   forecasters [--only SET] [--series N] [--steps N]   lstm and esrnn beside neuralforecast (into a venv
#                                  build/neuralforecast first: pip install neuralforecast)
#   reconcile [--only WORD]        reconcile beside hierarchicalforecast: values, time, memory, every method
#   holidays                       the rules of every country beside the Python package holidays
#   accuracy                       the committed table of all simple models
#   auto [--only SET]              auto beside the expressions of bench/accuracy/known, and snaive
#   auto_peers [--only SET] [--series N]   auto beside statsforecast's automatic models and their median
#   coverage [--series N]          shares of values inside the intervals of every model
# Without a name: all. WSF_DATA names the folder of the real data.
set -eu
cd "$(dirname "$0")/.."
build=${WSF_BUILD:-build/release}
wsf=$build/bindings/cli/wsf
python=build/peers/bin/python
export PYTHONPATH=bench:bench/peers PYTHONDONTWRITEBYTECODE=1
name=${1:-all}
[ $# -eq 0 ] || shift
driver() { bench/build.sh "$@"; }
case $name in
all) exec $python bench/report.py "$@" ;;
peers) exec $python bench/peers/compare.py "$(driver bench/peers/fit_panel.c)" "$@" ;;
interface) exec bench/peers/dropin.sh bench/peers/interface.py ;;
peak) exec "$(driver bench/micro/peak.c)" ;;
million) exec "$(driver bench/million/million.c)" "$@" ;;
start)
  exec $python bench/start/run.py "$wsf" "$(driver bench/start/start.c)" \
    "$(driver bench/start/start.c linked-in)" "$@"
  ;;
regress) exec python3 bench/regress/regress.py "$wsf" "$@" ;;
growth) exec $python bench/growth/growth.py "$(driver bench/growth/grow.c)" "$@" ;;
orders) exec $python bench/accuracy/orders.py "$(driver bench/peers/fit_panel.c)" "$@" ;;
m3) exec $python bench/accuracy/m3_peers.py "$(driver bench/peers/fit_panel.c)" "$@" ;;
choose) exec $python bench/accuracy/choose.py "$(driver bench/peers/fit_panel.c)" "$@" ;;
csv) exec bench/csv/run.sh "$@" ;;
features) exec $python bench/features/compare.py "$(driver bench/features/fill.c)" "$@" ;;
prophet) exec $python bench/prophet/compare.py "$wsf" "$@" ;;
prophet_update) exec $python bench/prophet/update.py "$wsf" "$@" ;;
prophet_kinds) exec $python bench/prophet/kinds.py "$wsf" ;;
prophet_coverage) exec $python bench/prophet/coverage.py "$wsf" "$@" ;;
exchange) exec $python bench/prophet/exchange.py "$wsf" ;;
dropin) exec bench/peers/dropin.sh bench/prophet/dropin.py ;;
pmdarima) exec bench/peers/dropin.sh bench/peers/pmdarima_dropin.py ;;
forecasters)
  peers=build/neuralforecast/bin/python
  exec $peers bench/networks/forecasters.py "$wsf" $peers "$@"
  ;;
networks) exec $python bench/networks/compare.py "$(driver bench/micro/layers.c)" "$@" ;;
reconcile) exec $python -W ignore bench/hierarchy/peers.py "$wsf" "${WSF_DATA:-../shared/data}" "$@" ;;
holidays) exec $python bench/holidays/check.py "$wsf" ;;
accuracy) exec bench/accuracy/run.sh "$wsf" "$@" ;;
auto) exec python3 bench/accuracy/auto.py "$wsf" "$@" ;;
auto_peers) exec $python bench/accuracy/auto_peers.py "$wsf" "$@" ;;
coverage) exec python3 bench/accuracy/coverage.py "$wsf" "$@" ;;
-h | --help | help) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" ;;
*)
  echo "bench: no bench called $name; bench/run.sh help lists them" >&2
  exit 2
  ;;
esac
