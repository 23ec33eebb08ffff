"""libwsf beside mlforecast: the same features of the same panel, in turns in one run.

    compare.py FILL [--series N] [--days N] [--rounds N]

The panel is made up in the shape of M5's items: counts by the day, many zeros, launches spread over
the first half. Ours is a fresh process a round that reads a CSV and streams Arrow batches (stream:
each of 16,384 rows is let go of; keep: all stay, as in a data frame; the third the same with huge pages,
which the C library gives to who asks by GLIBC_TUNABLES); theirs is a fresh process that reads the same
rows from Parquet and calls MLForecast.preprocess, on one thread as ours. Seconds are those of
computing the features, without reading; memory is the peak of the process. First both are checked:
each column has as many values and the same sum.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from record import record

WORK = Path("build/bench/features")
RECIPE = ("lags([1,7,14,28]), rolling([mean,std], 7, least=7), rolling([mean,std], 28, least=28), "
          "rolling(mean, 28, lag=28, least=28), rolling([min,max], 7, least=7), expanding(mean), "
          "ewm(0.3), calendar(weekday, day, yearday, month, quarter, year)")
# ours, theirs, what theirs counts from
PAIRS = [(f"lag_{k}", f"lag{k}", 0) for k in (1, 7, 14, 28)] + [
    ("rolling_mean_7", "rolling_mean_lag1_window_size7", 0),
    ("rolling_std_7", "rolling_std_lag1_window_size7", 0),
    ("rolling_mean_28", "rolling_mean_lag1_window_size28", 0),
    ("rolling_std_28", "rolling_std_lag1_window_size28", 0),
    ("rolling_mean_28_lag_28", "rolling_mean_lag28_window_size28", 0),
    ("rolling_min_7", "rolling_min_lag1_window_size7", 0),
    ("rolling_max_7", "rolling_max_lag1_window_size7", 0),
    ("expanding_mean", "expanding_mean_lag1", 0),
    ("ewm_0.3", "exponentially_weighted_mean_lag1_alpha0.3", 0),
    ("calendar_weekday", "dayofweek", 0), ("calendar_day", "day", 0),
    ("calendar_yearday", "dayofyear", 0), ("calendar_month", "month", 1),
    ("calendar_quarter", "quarter", 1), ("calendar_year", "year", 0)]


def make_panel(series, days):
    import numpy as np
    import pandas as pd
    csv, parquet = WORK / f"{series}x{days}.csv", WORK / f"{series}x{days}.parquet"
    if csv.exists() and parquet.exists():
        return csv, parquet
    WORK.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(1)
    dates = pd.date_range("2011-01-29", periods=days)
    week = np.array([1.0, 0.9, 0.9, 0.95, 1.1, 1.4, 1.3])[dates.day_of_week]
    parts = []
    for i in range(series):
        first = int(rng.integers(0, days // 2)) if rng.random() < 0.4 else 0
        level = rng.lognormal(-0.3, 1.0)
        y = rng.poisson(level * week[first:])
        parts.append(pd.DataFrame({"unique_id": f"item_{i:05d}", "ds": dates[first:],
                                   "y": y.astype("float32")}))
    frame = pd.concat(parts, ignore_index=True)
    frame["unique_id"] = frame["unique_id"].astype("category")
    frame.to_parquet(parquet)
    frame["y"] = frame["y"].astype("int32")
    frame.to_csv(csv, index=False)
    return csv, parquet


def peak_memory():
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def theirs(parquet, check):
    """In a process of its own: one line of JSON, as fill.c prints it."""
    import pandas as pd
    from mlforecast import MLForecast
    from mlforecast.lag_transforms import (ExpandingMean, ExponentiallyWeightedMean, RollingMax,
                                           RollingMean, RollingMin, RollingStd)
    frame = pd.read_parquet(parquet)
    if check:  # theirs computes in the target's precision: single is off by 1e-5 after a while
        frame["y"] = frame["y"].astype("float64")
    model = MLForecast(
        models=[], freq="D", lags=[1, 7, 14, 28],
        lag_transforms={1: [RollingMean(7), RollingStd(7), RollingMean(28), RollingStd(28),
                            RollingMin(7), RollingMax(7), ExpandingMean(),
                            ExponentiallyWeightedMean(0.3)],
                        28: [RollingMean(28)]},
        date_features=["dayofweek", "day", "dayofyear", "month", "quarter", "year"], num_threads=1)
    loaded = peak_memory()
    wall, cpu = time.perf_counter(), time.process_time()
    out = model.preprocess(frame, dropna=False)
    row = {"rows": len(out), "wall": time.perf_counter() - wall,
           "cpu": time.process_time() - cpu, "loaded": loaded, "memory": peak_memory()}
    if check:
        for _, name, _ in PAIRS:
            values = out[name].to_numpy(dtype="float64")
            values = values[values == values]
            row[name] = [len(values), float(values.sum())]
    print(json.dumps(row))


def run(command, **environment):
    return json.loads(subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True,
                                     env={**os.environ, **environment}).stdout)


def compare_values(ours, other):
    assert ours["rows"] == other["rows"], (ours["rows"], other["rows"])
    for mine, name, base in PAIRS:
        (n, total), (m, reference) = ours[mine], other[name]
        assert n == m, f"{mine}: {n} values, theirs has {m}"
        total += base * n
        assert abs(total - reference) <= 1e-5 * max(1, abs(reference)), (mine, total, reference)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("fill")
    parser.add_argument("--series", type=int, default=300)
    parser.add_argument("--days", type=int, default=1941)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--theirs")
    parser.add_argument("--check", action="store_true")
    a = parser.parse_args()
    if a.theirs:
        return theirs(a.theirs, a.check)
    os.environ["OMP_NUM_THREADS"] = "1"
    csv, parquet = make_panel(a.series, a.days)
    peer = [sys.executable, __file__, a.fill, "--theirs", parquet]
    compare_values(run([a.fill, csv, RECIPE, "check"]), run(peer + ["--check"]))
    keep = [a.fill, csv, RECIPE, "keep"]
    huge = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
    stream = [a.fill, csv, RECIPE, "stream", "batch=16384"]
    rounds = [(run(stream), run(keep), run(keep, **huge), run(peer), run(peer, **huge)) for _ in range(a.rounds)]
    print(f"{rounds[0][0]['rows']} rows of {a.series} series, {len(PAIRS)} features; the values agree")
    names = ["libwsf, stream", "libwsf, keep", "libwsf, keep, huge", "mlforecast", "mlforecast, huge"]
    for k, name in enumerate(names):
        mine = [r[k] for r in rounds]
        def middle(what):
            return statistics.median(m[what] for m in mine)
        if k < 2:
            how = f"19 features of {a.series} series, {name.removeprefix('libwsf, ')}"
            record(how, "CPU s", [m["cpu"] for m in mine], "mlforecast", [r[3]["cpu"] for r in rounds])
            record(how, "MiB", [m["memory"] for m in mine], "mlforecast", [r[3]["memory"] for r in rounds])
        ratios = sorted(r[3]["cpu"] / r[k]["cpu"] for r in rounds)
        print(f"{name:18} {middle('cpu'):8.3f} s CPU {middle('wall'):8.3f} s {middle('memory'):8.0f} "
              f"MiB, {middle('memory') - middle('loaded'):8.0f} over reading; theirs over it "
              f"{ratios[0]:.1f} / {statistics.median(ratios):.1f} / {ratios[-1]:.1f} in CPU, "
              f"{statistics.median(r[3]['memory'] for r in rounds) / middle('memory'):.1f} in memory")


main()
