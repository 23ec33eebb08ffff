#!/usr/bin/env python3
"""`auto` beside statsforecast's AutoETS, AutoTheta, AutoCES, AutoARIMA and their median.

    auto_peers.py WSF [--data DIR] [--only SET] [--series 100] [--seed 1]

The same held-out periods for all, on a seeded sample of the series of each set: auto is fitted to the
whole set, as it would be, and the peers to each series of the sample. AutoARIMA and the median are left
out where the season is longer than 12. Needs statsforecast (bench/requirements.txt). Errors are means
over the series of the sample: MASE on the M3, RMSSE on the M5; on Walmart the WAPE of all of them.
"""
import argparse
import csv
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import warnings

from record import record

HERE = pathlib.Path(__file__).resolve().parent
M3 = [("yearly", "year", 1, 6), ("quarterly", "quarter", 4, 8), ("monthly", "month", 12, 18),
      ("other", "integer", 1, 8)]


def run(wsf, *arguments):
    done = subprocess.run([wsf, *arguments, "--quiet"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"auto_peers.py: {' '.join(arguments)}: {done.stderr}")


def read(path, keys, time, value):
    """{key: [(time, value)]}"""
    out = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            if row[value] != "":
                out.setdefault(tuple(row[k] for k in keys), []).append((row[time], float(row[value])))
    return out


def scale(y, lag, power):
    d = [abs(a - b) ** power for a, b in zip(y[lag:], y)]
    return sum(d) / len(d) if d and sum(d) > 0 else None


def error(metric, season, history, actual, forecast):
    """Of all series of `actual`."""
    if metric == "WAPE":
        pairs = [(a, f) for k in actual for a, f in zip(actual[k], forecast[k])]
        return sum(abs(a - f) for a, f in pairs) / sum(abs(a) for a, _ in pairs)
    each = []
    for k in actual:
        power = 2 if metric == "RMSSE" else 1
        by = scale(history[k], 1 if metric == "RMSSE" else season, power)
        if by:
            loss = sum(abs(a - f) ** power for a, f in zip(actual[k], forecast[k])) / len(actual[k])
            each.append((loss / by) ** (1 / power))
    return sum(each) / len(each)


def peers_of(history, season, horizon):
    """{name: {key: forecast}}; a model that fails on a series takes the last season."""
    import numpy as np
    from statsforecast import models as sf

    wanted = [sf.AutoETS(season_length=season), sf.AutoTheta(season_length=season),
              sf.AutoCES(season_length=season)]
    if season <= 12:
        wanted.append(sf.AutoARIMA(season_length=season))
    out = {}
    for model in wanted:
        name = type(model).__name__
        out[name] = {}
        for k, y in history.items():
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    mean = model.forecast(y=np.array(y), h=horizon)["mean"]
            except Exception:
                mean = np.full(horizon, np.nan)
            last = np.resize(np.array(y[-season:]), horizon)
            out[name][k] = list(np.where(np.isfinite(mean), mean, last))
    if season <= 12:
        out["their median"] = {k: list(np.median([out[n][k] for n in out], axis=0)) for k in history}
    return out


def compare(name, metric, season, horizon, history, actual, ours, options):
    keys = sorted(k for k in actual if len(actual[k]) == horizon and len(history.get(k, [])) >= 2 * season
                  and k in ours["auto"])
    keys = random.Random(options.seed).sample(keys, min(len(keys), options.series))
    history, actual = ({k: x[k] for k in keys} for x in (history, actual))
    found = {**ours, **peers_of(history, season, horizon)}
    figures = {n: error(metric, season, history, actual, f) for n, f in found.items()}
    for peer, value in figures.items():
        if peer != "auto":
            record(f"`auto`, {name}, {len(keys)} series", metric, [figures["auto"]], peer, [value])
    print(f"| {name} | {metric} | {len(keys)} | " + " | ".join(
        f"{figures[n]:.4g}" if n in figures else "" for n in
        ("auto", "snaive", "AutoETS", "AutoTheta", "AutoCES", "AutoARIMA", "their median")), "|", flush=True)


def values(series, keep=None):
    return {k: [v for _, v in sorted(s)] for k, s in series.items()}


def ours_of(wsf, data, keys, time, horizon, scratch):
    out = {}
    for model in ("auto", "snaive"):
        path = os.path.join(scratch, f"{model}.csv")
        run(wsf, "forecast", "--data", data, "--model", model, "--horizon", str(horizon), "--out", path)
        out[model] = values(read(path, keys, time, "forecast"))
    return out


def split(path, keys, time, value, origin):
    """History up to a date, and what comes after it."""
    series = read(path, keys, time, value)
    before = {k: [x for x in s if x[0] <= origin] for k, s in series.items()}
    after = {k: [x for x in s if x[0] > origin] for k, s in series.items()}
    return values(before), values(after)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("wsf")
    parser.add_argument("--data", default=os.environ.get("WSF_DATA") or
                        str(HERE.parents[1].parent / "shared" / "data"))
    parser.add_argument("--only", help="m3-yearly, .., walmart or m5")
    parser.add_argument("--series", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    wsf, folder = options.wsf, options.data
    print("| set | error | series | auto | snaive | AutoETS | AutoTheta | AutoCES | AutoARIMA | their median |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name, freq, season, horizon in M3:
            if options.only not in (None, f"m3-{name}"):
                continue
            train = f"{folder}/m3/{name}_train.csv"
            data = f'csv("{train}", keys=[unique_id], time=ds, target=y, freq={freq})'
            history = {k: [v for _, v in s] for k, s in read(train, ["unique_id"], "ds", "y").items()}
            actual = {k: [v for _, v in s] for k, s in
                      read(f"{folder}/m3/{name}_test.csv", ["unique_id"], "ds", "y").items()}
            ours = {}
            for model in ("auto", "snaive"):
                path = os.path.join(scratch, f"{model}.csv")
                run(wsf, "forecast", "--data", data, "--model", model, "--horizon", str(horizon), "--out", path)
                ours[model] = {k: [v for _, v in s] for k, s in
                               read(path, ["unique_id"], "ds", "forecast").items()}
            compare(f"M3 {name}", "MASE", season, horizon, history, actual, ours, options)
        if options.only in (None, "walmart"):
            keys, origin = ["Store", "Dept"], "2012-01-27"
            history, actual = split(f"{folder}/walmart/train.csv", keys, "Date", "Weekly_Sales", origin)
            whole = max(len(y) for y in history.values())  # the peers know no missing weeks
            history = {k: y for k, y in history.items() if len(y) == whole}
            actual = {k: y[:39] for k, y in actual.items()}
            ours = ours_of(wsf, f'walmart("{folder}/walmart") | until("{origin}")', keys, "Date", 39, scratch)
            compare("Walmart", "WAPE", 52, 39, history, actual, ours, options)
        if options.only in (None, "m5"):
            keys, origin = ["store_id", "dept_id"], "2016-04-24"
            history, actual = split(f"{folder}/m5/sales.csv", keys, "date", "units", origin)
            actual = {k: y[:28] for k, y in actual.items()}
            ours = ours_of(wsf, f'm5("{folder}/m5") | until("{origin}")', keys, "date", 28, scratch)
            compare("M5 store and department", "RMSSE", 7, 28, history, actual, ours, options)


if __name__ == "__main__":
    main()
