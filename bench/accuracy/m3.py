#!/usr/bin/env python3
"""M3: fit on the training files, measure on the held-out test files, as the competition did.

    m3.py WSF [--data DIR] [--threads N] [--inside] [EXPRESSION ...]

Prints one Markdown table per measure: sMAPE (mean of 200|e| / (|y| + |f|) over the steps of a
series, then over series; Makridakis and Hibon 2000) and MASE (scale: in-sample mean
|y[t] - y[t-m]|; series whose scale is zero are left out), and the share of held-out values inside
the 80 % and 95 % intervals, per frequency and over all 3,003 series. --inside measures on the last
steps of the training files and leaves the test files alone: that is where to choose between methods.
DIR holds the m3 folder; default WSF_DATA, else ../shared/data beside the project. Uses the wsf
program for the forecasts and nothing of the library for the measures.
"""
import argparse
import csv
import os
import pathlib
import subprocess
import sys
import tempfile
import time

# name, word of freq=, season, horizon of the competition
GROUPS = [
    ("yearly", "year", 1, 6),
    ("quarterly", "quarter", 4, 8),
    ("monthly", "month", 12, 18),
    ("other", "integer", 1, 8),
]
DEFAULT = [
    "naive",
    "snaive",
    "drift",
    "ets",
    "fallback(stl(ets), ets)",
    "mean(ets, fallback(stl(drift), drift))",
    "median(ets, drift, fallback(stl(ets), ets), fallback(stl(drift), drift))",
]


def read_series(path):
    """Values by series, ordered by time: {id: [(time, value), ...]}."""
    series = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            series.setdefault(row["unique_id"], []).append((int(row["ds"]), float(row["y"])))
    for values in series.values():
        values.sort()
    return series


def write_series(path, series):
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["unique_id", "ds", "y"])
        for name, values in series.items():
            out.writerows((name, at, repr(y)) for at, y in values)


def forecast(wsf, path, freq, horizon, model, threads, folder):
    """(forecast, lo-80, hi-80, lo-95, hi-95) by series and time."""
    out = os.path.join(folder, "forecast.csv")
    data = f'csv("{path}", keys=[unique_id], time=ds, target=y, freq={freq})'
    command = [wsf, "forecast", "--data", data, "--model", model, "--horizon", str(horizon)]
    subprocess.run(command + ["--threads", str(threads), "--quiet", "--levels", "80,95", "--out", out],
                   check=True)
    answer = {}
    with open(out, newline="") as file:
        for row in csv.DictReader(file):
            answer[row["unique_id"], int(row["ds"])] = tuple(
                float(row[c]) for c in ("forecast", "lo-80", "hi-80", "lo-95", "hi-95"))
    return answer


def measure(train, test, answer, season):
    """sMAPE and MASE of each series (no MASE where the scale is zero); hits of both intervals."""
    smape, mase, inside = [], [], ([], [])
    for name, actual in test.items():
        y = [value for _, value in train[name]]
        errors = [(value, answer[name, at][0]) for at, value in actual]
        for k in range(2):
            inside[k].extend(answer[name, at][1 + 2 * k] <= value <= answer[name, at][2 + 2 * k]
                             for at, value in actual)
        smape.append(sum(200 * abs(f - a) / (abs(a) + abs(f)) if f != a else 0.0
                         for a, f in errors) / len(errors))
        changes = [abs(y[t] - y[t - season]) for t in range(season, len(y))]
        scale = sum(changes) / len(changes) if changes else 0
        if scale > 0:
            mase.append(sum(abs(f - a) for a, f in errors) / len(errors) / scale)
    return smape, mase, *inside


def mean(values):
    return sum(values) / len(values)


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("wsf")
    parser.add_argument("expressions", nargs="*", default=DEFAULT)
    parser.add_argument("--data", default=os.environ.get("WSF_DATA") or
                        str(here.parents[1].parent / "shared" / "data"))
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--inside", action="store_true", help="hold out the end of the training part")
    options = parser.parse_intermixed_args()
    folder = os.path.join(options.data, "m3")
    if not os.path.isdir(folder):
        sys.exit(f"m3.py: no folder {folder}; set WSF_DATA or --data")

    measures = {"sMAPE": 2, "MASE": 3, "80 %": 3, "95 %": 3}  # and their digits
    table = {name: [] for name in measures}
    for model in options.expressions:
        cells, everything = [[] for _ in measures], [[] for _ in measures]
        start = time.perf_counter()
        for name, freq, season, horizon in GROUPS:
            train = read_series(os.path.join(folder, f"{name}_train.csv"))
            if options.inside:
                test = {key: values[-horizon:] for key, values in train.items()}
                train = {key: values[:-horizon] for key, values in train.items()}
            else:
                test = read_series(os.path.join(folder, f"{name}_test.csv"))
            with tempfile.TemporaryDirectory() as scratch:
                path = os.path.join(scratch, "train.csv")
                write_series(path, train)
                answer = forecast(options.wsf, path, freq, horizon, model, options.threads, scratch)
            for k, values in enumerate(measure(train, test, answer, season)):
                cells[k].append(mean(values))
                everything[k] += values
        seconds = time.perf_counter() - start
        for k, measure_name in enumerate(measures):
            table[measure_name].append((model, cells[k] + [mean(everything[k])], seconds))
    for measure_name, digits in measures.items():
        print(f"| {measure_name} | " + " | ".join(name for name, *_ in GROUPS) + " | all | seconds |")
        print("|---|" + "--:|" * (len(GROUPS) + 2))
        for model, cells, seconds in table[measure_name]:
            print(f"| `{model}` | " + " | ".join(f"{c:.{digits}f}" for c in cells) + f" | {seconds:.1f} |")
        print()


if __name__ == "__main__":
    main()
