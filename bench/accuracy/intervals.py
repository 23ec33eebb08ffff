#!/usr/bin/env python3
"""Intervals on held-out values: how long they are and what they hold.

    intervals.py WSF [--data DIR] [--only SET] [--model EXPR ...]

Prints a Markdown table: a row for each set and model, in columns the scaled quantile loss over the levels
0.1 to 0.9, the mean scaled interval score of the 95 % interval (Gneiting and Raftery 2007, section 6.2;
both over the mean absolute seasonal difference of the history, as MASE), and the shares inside the 80 %
and the 95 % interval with their standard errors clustered by series (Cameron and Miller 2015, section
II), in per cent. DIR holds the folders walmart, m3 and m5; default WSF_DATA, else ../shared/data beside
the project. Sets: walmart-38, walmart-13, m3-yearly, m3-quarterly, m3-monthly, m5."""
import argparse
import csv
import io
import math
import os
import pathlib
import subprocess
import sys
import tempfile

import auto

LEVELS = [k / 10 for k in range(1, 10)]


def rows(wsf, data, horizon, model, what, *more):
    command = [wsf, "backtest", "--data", data, "--horizon", str(horizon), "--model", model, "--what", what,
               "--format", "csv", "--quiet", *more]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"intervals.py: {data}: {done.stderr}")
    return csv.DictReader(io.StringIO(done.stdout))


def scales(wsf, data, keys, horizon):
    """Mean absolute seasonal difference of each history, as the metrics have it."""
    return {tuple(row[k] for k in keys): float(row["mae"]) / float(row["mase"])
            for row in rows(wsf, data, horizon, "snaive", "series", "--metrics", "mae,mase")
            if row["mase"] and float(row["mase"]) > 0}


def loss(q, y, at):
    return 2 * max(q * (y - at), (q - 1) * (y - at))


def score(y, low, high, alpha):
    return high - low + 2 / alpha * (max(low - y, 0) + max(y - high, 0))


def measure(wsf, data, keys, horizon, model, scale):
    """By series: scaled losses, scaled scores, hits of both intervals, values."""
    series = {}
    for row in rows(wsf, data, horizon, model, "forecasts", "--metrics", "sql", "--levels", "80,95",
                    "--quantiles", ",".join(map(str, LEVELS))):
        key = tuple(row[k] for k in keys)
        if not row["actual"] or key not in scale:
            continue
        y, one = float(row["actual"]), series.setdefault(key, [0, 0, 0, 0, 0])
        one[0] += sum(loss(q, y, float(row[f"q-{q:g}"])) for q in LEVELS) / len(LEVELS) / scale[key]
        one[1] += score(y, float(row["lo-95"]), float(row["hi-95"]), 0.05) / scale[key]
        for k, percent in enumerate(("80", "95")):
            one[2 + k] += float(row["lo-" + percent]) <= y <= float(row["hi-" + percent])
        one[4] += 1
    return list(series.values())


def share(series, k):
    total, n = sum(s[4] for s in series), len(series)
    p = sum(s[k] for s in series) / total
    spread = sum((s[k] - p * s[4]) ** 2 for s in series)
    return f"{100 * p:.1f}±{100 * math.sqrt(spread * n / max(1, n - 1)) / total:.1f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wsf")
    parser.add_argument("--data", default=os.environ.get("WSF_DATA") or
                        str(pathlib.Path(__file__).resolve().parents[2].parent / "shared" / "data"))
    parser.add_argument("--only", action="append")
    parser.add_argument("--model", action="append")
    options = parser.parse_args()
    folder = options.data
    walmart = f'walmart("{folder}/walmart") | keep(min_obs=143)'
    with tempfile.TemporaryDirectory() as scratch:
        sets = {"walmart-38": (walmart, ["Store", "Dept"], 38), "walmart-13": (walmart, ["Store", "Dept"], 13)}
        for name, freq, horizon in auto.M3[:3]:
            path = auto.joined(folder, name, scratch)
            sets[f"m3-{name}"] = (f'csv("{path}", keys=[unique_id], time=ds, target=y, freq={freq})', ["unique_id"],
                                  horizon)
        sets["m5"] = (f'm5("{folder}/m5")', ["store_id", "dept_id"], 28)
        print("| set | model | SQL | MSIS 95 | 80 % | 95 % |\n|---|---|--:|--:|--:|--:|")
        for name, (data, keys, horizon) in sets.items():
            if options.only and name not in options.only:
                continue
            scale = scales(options.wsf, data, keys, horizon)
            for model in options.model or ["auto"]:
                found = measure(options.wsf, data, keys, horizon, model, scale)
                values = sum(s[4] for s in found)
                print(f"| {name} | `{model}` | {sum(s[0] for s in found) / values:.4f} | "
                      f"{sum(s[1] for s in found) / values:.3f} | {share(found, 2)} | {share(found, 3)} |", flush=True)


if __name__ == "__main__":
    main()
