"""libwsf beside statsforecast (warm) and R's forecast package, on the same series.

    compare.py FIT_PANEL [--case WORD ...] [--rounds N] [--scale X] [--threads N] [--no-r]

Every round runs ours (a fresh process) and theirs (warm worker processes) one after the other, each
on the same threads; ratios are theirs over ours, least / median / most over the rounds. Seconds are
those of fitting and forecasting all series of the case, without reading. CPU milliseconds a series
are medians over rounds; MiB is the peak of the process, for theirs of one worker. R runs once, on one core, on at most a tenth of the series. WORD keeps the
cases whose line contains it; --scale multiplies the number of series of every case.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys

import pandas as pd

import panels
from fit_statsforecast import Warm
from record import record

ENSEMBLE = "mean(ets, ces, theta(method=dotm), arima)"
# model, ours, theirs, (R's, what it is here), series by data set: as many as theirs fits in some ten
# CPU seconds
MODELS = [
    ("ets", "ets", "AutoETS", ("ets", "ets"),
     {"M3 yearly": 300, "M3 quarterly": 100, "M3 monthly": 40, "Walmart": 60}),
    ("theta", "theta(method=auto)", "AutoTheta", ("thetaf", "theta"),
     {"M3 yearly": 645, "M3 quarterly": 378, "M3 monthly": 150, "Walmart": 60}),
    ("dotm", "theta(method=dotm)", "DynamicOptimizedTheta", None,
     {"M3 yearly": 645, "M3 quarterly": 756, "M3 monthly": 400, "Walmart": 200}),
    ("ces", "ces", "AutoCES", None,
     {"M3 yearly": 645, "M3 quarterly": 500, "M3 monthly": 400, "Walmart": 60}),
    ("arima", "arima", "AutoARIMA", ("auto.arima", "arima"),
     {"M3 yearly": 30, "M3 quarterly": 20, "M3 monthly": 8, "Walmart": 2}),
    ("ensemble", ENSEMBLE, "AutoETS+AutoCES+DynamicOptimizedTheta+AutoARIMA", None,
     {"M3 yearly": 30, "M3 quarterly": 20, "M3 monthly": 8}),
]
SEASONS = {"M3 yearly": 1, "M3 quarterly": 4, "M3 monthly": 12, "Walmart": 52}
# Neither libwsf nor R looks for an ets season above 24 by itself: theirs is spared that work too.
WITHOUT_SEASON = {("ets", "Walmart")}


def run_ours(program, path, season, horizon, model, threads):
    out = panels.WORK / "ours.tsv"
    line = subprocess.run([program, path, str(season), str(horizon), str(threads), model, out],
                          check=True, capture_output=True, text=True).stdout
    t = json.loads(line)
    return (panels.read_forecasts(out), t["fit"] + t["predict"], t["fit_cpu"] + t["predict_cpu"],
            t["memory"])


def run_r(model, train, season, horizon):
    path, out, fits = (panels.WORK / f"r_{name}.csv" for name in ("series", "forecasts", "fits"))
    train.to_csv(path, index=False)
    script = panels.ROOT / "bench" / "peers" / "fit_r.R"
    subprocess.run(["Rscript", script, model, path, str(season), str(horizon), out, fits], check=True,
                   stderr=subprocess.DEVNULL)
    return panels.read_forecasts(out), pd.read_csv(fits).cpu


def spread(values):
    values = sorted(values)
    return f"{values[0]:.1f} / {statistics.median(values):.1f} / {values[-1]:.1f}"


def line(case, who, n, wall="", cpu="", wall_ratio="", cpu_ratio="", memory="", score=()):
    smape, mase = (f"{x.mean():.3f}" for x in score) if score else ("", "")
    print(f"| {case} | {who} | {n} | {wall} | {cpu} | {wall_ratio} | {cpu_ratio} | {memory} | {smape} "
          f"| {mase} |", flush=True)


def run_case(options, model, data, count, use_r):
    name, ours, theirs, in_r = model[:4]
    train, test = panels.walmart() if data == "Walmart" else panels.m3(data.split()[1])
    train, test = panels.sample(train, test, max(2, round(count * options.scale)))
    season, horizon = SEASONS[data], int(test.groupby("unique_id").size().max())
    n = train.unique_id.nunique()
    path = panels.WORK / "series.csv"
    train.to_csv(path, index=False)
    peer = Warm(theirs, train, 1 if (name, data) in WITHOUT_SEASON else season, horizon, options.threads)
    mine, other = [], []
    for _ in range(options.rounds):
        mine.append(run_ours(options.program, path, season, horizon, ours, options.threads))
        other.append(peer.run())
    peer.close()
    case = f"{name}, {data}, m={season}"

    def summary(runs):
        return {"wall": f"{statistics.median(r[1] for r in runs):.3f}",
                "cpu": f"{1000 * statistics.median(r[2] for r in runs) / n:.3f}",
                "memory": f"{max(r[3] for r in runs):.0f}",
                "score": panels.scores(train, test, runs[-1][0], season)}

    line(case, f"wsf `{ours}`", n, **summary(mine))
    line(case, f"statsforecast {theirs}", n, **summary(other),
         wall_ratio=spread(t[1] / o[1] for t, o in zip(other, mine)),
         cpu_ratio=spread(t[2] / o[2] for t, o in zip(other, mine)))
    label = f"`{ours}`, {data}"
    record(label, "CPU ms a series", [1000 * r[2] / n for r in mine], theirs, [1000 * r[2] / n for r in other])
    record(label, "seconds", [r[1] for r in mine], theirs, [r[1] for r in other])
    record(label, "MiB", [r[3] for r in mine], theirs, [r[3] for r in other])
    a, b = (panels.scores(train, test, runs[-1][0], season) for runs in (mine, other))
    for measure, x, y in zip(("sMAPE", "MASE"), a, b):
        record(label, measure, [x.mean()], theirs, [y.mean()])
    if use_r and in_r:
        some, its_test = panels.sample(train, test, max(2, n // 10))
        n = some.unique_id.nunique()
        forecast, cpu = run_r(in_r[0], some, season, horizon)
        line(case, f"R {in_r[0]}", n, cpu=f"{1000 * cpu.mean():.3f}",
             score=panels.scores(some, its_test, forecast, season))
        some.to_csv(path, index=False)
        own = run_ours(options.program, path, season, horizon, in_r[1], options.threads)
        line(case, f"wsf `{in_r[1]}`, the series of R", n, cpu=f"{1000 * own[2] / n:.3f}",
             cpu_ratio=f"{cpu.sum() / own[2]:.1f}",
             score=panels.scores(some, its_test, own[0], season))
        record(f"`{in_r[1]}`, {data}", "CPU ms a series", [1000 * own[2] / n], f"R {in_r[0]}", [1000 * cpu.mean()])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("program", metavar="FIT_PANEL")
    parser.add_argument("--case", action="append", default=[])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-r", action="store_true")
    options = parser.parse_args()
    panels.WORK.mkdir(parents=True, exist_ok=True)
    use_r = not options.no_r and shutil.which("Rscript") is not None
    chosen = [(model, data, count) for model in MODELS for data, count in model[4].items()
              if all(word in f"{model[0]}, {data}, m={SEASONS[data]}" for word in options.case)]
    if not chosen:
        sys.exit("compare.py: no case has these words in its line")
    print("| case | program | series | seconds | CPU ms a series | ratio of seconds | ratio of CPU "
          "| MiB | sMAPE | MASE |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for model, data, count in chosen:
        run_case(options, model, data, count, use_r)


if __name__ == "__main__":
    main()
